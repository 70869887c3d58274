"""The contests of ``compare``: who takes part in which problem, with which settings."""

import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from flowsheet import solve
from tests.benchmarks import peer_numpy, problems, this_program
from tests.benchmarks.biosteam_environment import BioSteam
from tests.benchmarks.comparison import (
    Candidate,
    Problem,
    Row,
    Run,
    Taken,
    compared,
    fastest,
    here,
    named,
)
from tests.benchmarks.problems import FEED, MOLAR_MASS, RECOVERY, RETURNED
from tests.benchmarks.timing import in_turn, process_output, process_seconds

BIOSTEAM_SCENARIOS = 1_000
"""More are not asked of BioSTEAM, which solves one after the other."""
_TRIED = 50
"""Scenarios by which the fastest setting is found."""
_PATIENCE = 60.0
"""Seconds after which a solve by BioSTEAM is given up."""


class Contests:
    """The peers that take part, and how often everything is repeated."""

    def __init__(self, by_hand: bool, biosteam_python: Path | None, rounds: int) -> None:
        self._by_hand = by_hand
        self._python = biosteam_python
        self._rounds = rounds
        self._process: BioSteam | None = None

    def series(self, name: str, circuits: int) -> Iterator[Row]:
        """Problems A (one circuit) and B: one solve of a built plant from empty recycles."""
        problem = Problem(name, circuits, problems.exact_series(circuits), FEED)
        flowsheet = this_program.series(circuits)
        ours = here(lambda: solve(flowsheet), lambda found: this_program.products(found, circuits))
        if circuits == 1:
            hand = {"batched np.linalg.solve": here(peer_numpy.one_circuit)}
        else:
            hand = {
                "spsolve per species": here(lambda: peer_numpy.series_by_species(circuits)),
                "splu of all species": here(lambda: peer_numpy.series_stacked(circuits)),
            }
            if circuits <= 100:
                hand["dense np.linalg.solve"] = here(lambda: peer_numpy.series_dense(circuits))
        figures = {**_series_figures(), "circuits": circuits}
        yield from self._contest(problem, ours, hand, figures, {"do": "solve"})

    def scenarios(self, count: int) -> Iterator[Row]:
        """Problem C: all nine recoveries of one circuit move."""
        recovery = problems.moved(count)
        problem = Problem("C", count, problems.exact_scenarios(recovery), FEED)
        flowsheet = this_program.series(1)
        ours = here(lambda: this_program.solve_scenarios(flowsheet, recovery))
        hand = {"batched np.linalg.solve": here(lambda: peer_numpy.scenarios(recovery))}
        figures = {**_series_figures(), "circuits": 1, "recoveries": recovery.tolist()}
        yield from self._contest(problem, ours, hand, figures, {"do": "scenarios", "count": count})

    def flotation(self, count: int) -> Iterator[Row]:
        """Problem C, nonlinear: 40 constituents through banks with a volume."""
        banks = problems.banks(count)
        exact = peer_numpy.flotation(banks, tolerance=1e-14)
        problem = Problem("C nonlinear", count, exact, banks.feed)
        flowsheet = this_program.flotation(banks)
        ours = here(lambda: this_program.solve_flotation(flowsheet, banks))
        hand = {
            "fixed point, all at once": here(lambda: peer_numpy.flotation(banks)),
            "fixed point, 250 at a time": here(lambda: peer_numpy.flotation(banks, 250)),
        }
        figures = {
            name: value.tolist() if isinstance(value, np.ndarray) else value
            for name, value in vars(banks).items()
        }
        figures |= {"problem": "flotation", "molar_mass": [60.0] * len(banks.feed)}
        yield from self._contest(problem, ours, hand, figures, {"do": "scenarios", "count": count})

    def imports(self) -> Iterator[Row]:
        """Whole processes that import what a solve needs, less an empty one."""
        needs = (
            "from flowsheet import Flowsheet, solve; from unitops.streams.splitter import Splitter"
        )
        calls = {"": (sys.executable, needs)}
        if self._by_hand:
            calls["numpy"] = (sys.executable, "import numpy")
        if self._python is not None:
            calls["biosteam"] = (str(self._python), "import biosteam")
        empty = {python: (python, "pass") for python, _ in calls.values()}
        for python, code in [*calls.values(), *empty.values()]:
            process_seconds(python, "-c", code)
        medians = in_turn(
            {
                name: partial(process_seconds, python, "-c", code)
                for name, (python, code) in (calls | empty).items()
            },
            self._rounds,
        )
        taken = {name: medians[name] - medians[python] for name, (python, _) in calls.items()}
        ours = taken.pop("")
        for peer, seconds in taken.items():
            yield Row("import", 1, ours, peer, "default", seconds, None)

    def memory(self, counts: tuple[int, ...]) -> Iterator[Row]:
        """Most memory of a process that imports and solves A, and C with so many scenarios."""
        for count in counts:
            name = "memory A" if count == 1 else "memory C"
            words = (sys.executable, "-m", "tests.benchmarks.memory")
            ours = float(process_output(*words, "this_program", str(count)))
            if self._by_hand:
                hand = float(process_output(*words, "numpy", str(count)))
                yield Row(name, count, ours, "numpy", "default", hand, None, "MB")
            if self._python is not None and count == 1:
                yield Row(name, count, ours, "biosteam", "default", self._memory(), None, "MB")

    def close(self) -> None:
        """End what was started."""
        if self._process is not None:
            self._process.close()

    def _contest(
        self,
        problem: Problem,
        ours: Run,
        hand: dict[str, Run],
        figures: dict[str, Any],
        request: dict[str, Any],
    ) -> list[Row]:
        peers: list[Candidate] = []
        if self._by_hand:
            ways = [Candidate("numpy", way, run) for way, run in hand.items()]
            peers += named(ways[0], fastest(problem, ways))
        if self._python is not None and request.get("count", 1) <= BIOSTEAM_SCENARIOS:
            peers += self._settings(problem, figures, request)
        return compared(problem, ours, peers, self._rounds)

    def _settings(
        self, problem: Problem, figures: dict[str, Any], request: dict[str, Any]
    ) -> list[Candidate]:
        """BioSTEAM as it comes, and the fastest of its settings that is accurate."""
        biosteam = self._biosteam()
        biosteam.ask("forget")
        some = request
        if "count" in request:
            some = request | {"count": min(_TRIED, request["count"])}
        best: Candidate | None = None
        limit = _PATIENCE
        shortest = np.inf
        for setting in biosteam.settings:
            biosteam.ask("build", setting=setting, **figures)
            biosteam.ask("limit", setting=setting, seconds=limit)
            if setting == "default":
                continue
            trial = Candidate("biosteam", setting, _asking(biosteam, setting, some))
            if fastest(problem, [trial]) is None:
                continue
            seconds = trial.run().seconds or np.inf
            if seconds < shortest:
                shortest = seconds
                best = Candidate("biosteam", setting, _asking(biosteam, setting, request))
                # What takes much longer than the best so far need not be waited for.
                limit = min(_PATIENCE, max(1.0, 5.0 * seconds))
        if best is not None:
            biosteam.ask("limit", setting=best.setting, seconds=_PATIENCE)
        as_it_comes = _asking(biosteam, "default", request)
        found = named(Candidate("biosteam", "aitken, tolerance 1 %", as_it_comes), best)
        if "count" in request:
            # From warm starts this may stop before anything has changed: shown, whatever it finds.
            strict = _asking(biosteam, "aitken 1e-10, converge", request)
            found.insert(1, Candidate("biosteam", "default method, tolerance 1e-10", strict))
        return found

    def _biosteam(self) -> BioSteam:
        if self._process is None:
            assert self._python is not None
            self._process = BioSteam(self._python)
        return self._process

    def _memory(self) -> float:
        assert self._python is not None
        alone = BioSteam(self._python)
        alone.ask("build", setting="default", **_series_figures(), circuits=1)
        alone.ask("solve", setting="default")
        memory = float(alone.ask("memory")["memory"])
        alone.close()
        return memory


def _series_figures() -> dict[str, Any]:
    return {
        "problem": "series",
        "molar_mass": list(MOLAR_MASS),
        "feed": FEED.tolist(),
        "recovery": RECOVERY.tolist(),
        "returned": RETURNED,
    }


def _asking(biosteam: BioSteam, setting: str, request: dict[str, Any]) -> Run:
    def run() -> Taken:
        answer = biosteam.ask(**request, setting=setting)
        if "failed" in answer:
            return Taken(None, None, answer["failed"])
        return Taken(answer["seconds"], np.array(answer["products"]))

    return run
