"""One problem, every program, in turn: who takes how long, and how wrong each is."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np

from tests.benchmarks.problems import ACCURACY, Floats, largest_error, wrong
from tests.benchmarks.timing import in_turn, seconds_of


class Taken(NamedTuple):
    """One run of one program."""

    seconds: float | None
    products: Floats | None
    """Product flows, t/h; none where it failed."""
    failed: str = ""


Run = Callable[[], Taken]


@dataclass(frozen=True)
class Candidate:
    """A program with one of its settings."""

    peer: str
    setting: str
    run: Run


@dataclass(frozen=True)
class Row:
    """This program beside one setting of one peer; seconds, but for memory MB."""

    problem: str
    n: int
    ours_s: float | None
    peer: str
    peer_setting: str
    peer_s: float | None
    peer_error: float | None
    """Largest relative error of a product flow; none without a result."""
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times longer the peer takes."""
        if self.ours_s is None or self.peer_s is None:
            return None
        return self.peer_s / self.ours_s

    def to_dict(self) -> dict[str, Any]:
        """Plain data; a note only where there is one."""
        plain = {**asdict(self), "ratio": self.ratio}
        note = plain.pop("note")
        return {**plain, "note": note} if note else plain


@dataclass(frozen=True)
class Problem:
    """What is solved, and the answer."""

    name: str
    n: int
    exact: Floats
    feed: Floats

    def error(self, taken: Taken) -> float | None:
        """Largest relative error of a run, if it has a result."""
        if taken.products is None:
            return None
        return largest_error(taken.products, self.exact[: len(taken.products)], self.feed)


def here(call: Callable[[], Any], read: Callable[[Any], Floats] = np.asarray) -> Run:
    """A run in this process; reading the result is not timed."""

    def run() -> Taken:
        seconds, found = seconds_of(call)
        return Taken(seconds, read(found))

    return run


def named(default: Candidate, best: Candidate | None) -> list[Candidate]:
    """The default and the best setting of a peer, once where they are the same."""
    if best is None:
        return [Candidate(default.peer, f"default: {default.setting}", default.run)]
    if best.setting == default.setting:
        return [Candidate(default.peer, f"default and best: {default.setting}", default.run)]
    return [
        Candidate(default.peer, f"default: {default.setting}", default.run),
        Candidate(best.peer, f"best: {best.setting}", best.run),
    ]


def fastest(problem: Problem, candidates: Sequence[Candidate]) -> Candidate | None:
    """The fastest candidate that is accurate, by two runs each; none where no one is."""
    found: list[tuple[float, Candidate]] = []
    for candidate in candidates:
        runs = [candidate.run() for _ in range(2)]
        error = problem.error(runs[-1])
        if error is not None and error <= ACCURACY:
            found.append((min(run.seconds or np.inf for run in runs), candidate))
    return min(found, key=lambda pair: pair[0])[1] if found else None


def compared(problem: Problem, ours: Run, peers: Sequence[Candidate], rounds: int) -> list[Row]:
    """Run once to see who has an answer, then in turn; this program must be accurate itself."""
    first, note = _first(problem, ours)
    tried = [candidate.run() for candidate in peers]
    calls = {} if first.seconds is None else {"": _clock(ours)}
    for place, (candidate, taken) in enumerate(zip(peers, tried, strict=True)):
        if taken.seconds is not None:
            calls[str(place)] = _clock(candidate.run)
    medians = in_turn(calls, rounds)
    rows = []
    for place, (candidate, taken) in enumerate(zip(peers, tried, strict=True)):
        rows.append(
            Row(
                problem=problem.name,
                n=problem.n,
                ours_s=medians.get(""),
                peer=candidate.peer,
                peer_setting=candidate.setting,
                peer_s=medians.get(str(place)),
                peer_error=problem.error(taken),
                note="; ".join(
                    filter(None, [note, taken.failed, _scenarios_wrong(problem, taken)])
                ),
            )
        )
    return rows


def _first(problem: Problem, ours: Run) -> tuple[Taken, str]:
    try:
        taken = ours()
    except Exception as error:  # noqa: BLE001 - a failure here is shown beside the peers
        return Taken(None, None), f"this program failed: {error}"
    wrong_by = problem.error(taken)
    if wrong_by is None or wrong_by > ACCURACY:
        return Taken(None, None), f"this program is wrong by {wrong_by:.1e}"
    return taken, ""


def _clock(run: Run) -> Callable[[], float]:
    def clock() -> float:
        seconds = run().seconds
        return float("nan") if seconds is None else seconds

    return clock


def _scenarios_wrong(problem: Problem, taken: Taken) -> str:
    if taken.products is None or not problem.name.startswith("C"):
        return ""
    bad = wrong(taken.products, problem.exact, 1e-6)
    return f"{bad} of {problem.n} scenarios wrong by more than 1e-6" if bad else ""
