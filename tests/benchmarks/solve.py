"""Time solves side by side with the numpy lines one would write by hand.

Run ``python -m tests.benchmarks.solve``; prints medians of interleaved runs and their ratio.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

from flowsheet import Flowsheet, scenarios, solve
from flowsheet.load import load_route, route_names
from unitops.feed import Feed
from unitops.splitter import Splitter

SPECIES = ("Sb2S3", "FeAsS", "SiO2")
FEED = np.array([2.0, 1.0, 97.0])
RECOVERY = {
    "rougher": np.array([0.80, 0.60, 0.05]),
    "scavenger": np.array([0.60, 0.50, 0.05]),
    "cleaner": np.array([0.85, 0.50, 0.10]),
}


def circuit() -> Flowsheet:
    """Rougher, scavenger and cleaner with both returns to the rougher."""

    def split(feed: object, product: str, remainder: str, name: str) -> Splitter:
        fraction = dict(zip(SPECIES, RECOVERY[name], strict=True))
        return Splitter(feed=feed, product=product, remainder=remainder, fraction=fraction)

    composition = dict(zip(SPECIES, FEED / 100.0, strict=True))
    return Flowsheet(
        species=SPECIES,
        units={
            "ore": Feed(outlet="ore", flow="100 t/h", composition=composition),
            "rougher": split(
                ["ore", "scavenged", "middlings"], "rougher_c", "rougher_t", "rougher"
            ),
            "scavenger": split("rougher_t", "scavenged", "tailings", "scavenger"),
            "cleaner": split("rougher_c", "concentrate", "middlings", "cleaner"),
        },
        products=["concentrate"],
    )


def by_hand() -> np.ndarray:
    """The same circuit as three linear equations per species."""
    r, s, c = RECOVERY["rougher"], RECOVERY["scavenger"], RECOVERY["cleaner"]
    matrix = np.zeros((3, 3, 3))
    matrix[:, 0, 0] = matrix[:, 1, 1] = matrix[:, 2, 2] = 1.0
    matrix[:, 0, 1], matrix[:, 0, 2] = -s, -(1.0 - c)
    matrix[:, 1, 0], matrix[:, 2, 0] = -(1.0 - r), -r
    right = np.zeros((3, 3, 1))
    right[:, 0, 0] = FEED
    return np.linalg.solve(matrix, right)[:, 2, 0] * c


def median_of(calls: dict[str, Callable[[], object]], runs: int) -> dict[str, float]:
    """Median seconds of each call, taken in turn."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(runs):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            taken[name].append(time.perf_counter() - start)
    return {name: statistics.median(times) for name, times in taken.items()}


def process(*words: str) -> Callable[[], object]:
    """A call that runs a whole process."""
    return lambda: subprocess.run([sys.executable, *words], check=True, capture_output=True)


def main() -> None:
    """Print the table."""
    flowsheet = circuit()
    found = solve(flowsheet)["concentrate"]
    flows = [found.species(name).magnitude for name in SPECIES]
    np.testing.assert_allclose(flows, by_hand(), rtol=1e-12)

    solves = median_of({"this program": lambda: solve(flowsheet), "numpy by hand": by_hand}, 300)
    routes = {name: load_route(name) for name in route_names()}
    solves |= median_of({f"route {n}": route.solve for n, route in routes.items()}, 30)
    vary = {"rougher.fraction.SiO2": [f"{0.04 + 1e-6 * n}" for n in range(10_000)]}
    solves |= median_of({"10,000 scenarios": lambda: scenarios(flowsheet, vary)}, 5)
    help_text = (
        "import sys; sys.argv = ['flowsheet', '--help']; from flowsheet.cli import main; main()"
    )
    starts = median_of(
        {"flowsheet --help": process("-c", help_text), "python, nothing": process("-c", "pass")}, 9
    )
    for name, seconds in {**solves, **starts}.items():
        sys.stdout.write(f"{name:35s} {1000.0 * seconds:10.3f} ms\n")
    ratio = solves["this program"] / solves["numpy by hand"]
    sys.stdout.write(f"{'this program / numpy by hand':35s} {ratio:10.1f}\n")


if __name__ == "__main__":
    main()
