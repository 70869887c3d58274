"""Time the routes, their draws, large plants and the start of the command line.

Run ``python -m tests.benchmarks.solve``; prints medians of interleaved runs. ``compare`` sets this
program beside others.
"""

import argparse
import sys
from collections.abc import Callable
from functools import partial

from flowsheet import solve
from flowsheet.load import load_route, route_names
from flowsheet.routes.route import Route
from tests.benchmarks.large import plant
from tests.benchmarks.timing import in_turn, process_seconds, seconds_of

HELP = "import sys; sys.argv = ['flowsheet', '--help']; from flowsheet.cli import main; main()"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.solve", description=__doc__)
    parser.add_argument("--repeat", type=int, default=9, help="rounds; default %(default)s")
    rounds = parser.parse_args().repeat

    calls = {
        f"route {name}, built: target met, audited": partial(_route_seconds, load_route(name))
        for name in route_names()
    }
    for name in ("stibnite_idaho", "us_antimony_thompson_falls"):
        draws = partial(load_route(name).scenarios, draws=10_000)
        calls[f"route {name}: 10,000 draws of all ranges"] = partial(_seconds, draws)
    for units in (250, 500, 1000, 2000):
        large = partial(solve, plant(units))
        calls[f"{units} units, a tenth nonlinear, 20 constituents"] = partial(_seconds, large)
    calls["flowsheet --help, whole process"] = partial(process_seconds, sys.executable, "-c", HELP)
    calls["python, nothing"] = partial(process_seconds, sys.executable, "-c", "pass")
    for call in calls.values():
        call()
    width = max(map(len, calls))
    for name, seconds in in_turn(calls, rounds).items():
        sys.stdout.write(f"{name:{width}s} {1000.0 * seconds:10.1f} ms\n")


def _seconds(call: Callable[[], object]) -> float:
    return seconds_of(call)[0]


def _route_seconds(route: Route) -> float:
    return seconds_of(route.solve)[0]


if __name__ == "__main__":
    main()
