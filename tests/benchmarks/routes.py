"""Time every route: solved once to its target, and for many draws of all its ranges.

Run ``python -m tests.benchmarks.routes [ROUTE ...] [--draws N] [--repeat N]``; prints the least of
some rounds in milliseconds, what is first needed imported, and the sum over the routes.
"""

import argparse
import sys
from functools import partial

from flowsheet.core.errors import FlowsheetError
from flowsheet.load import load_route, route_names
from tests.benchmarks.timing import process_seconds, seconds_of

_HEAD = ("route", "load", "solve", "draws", "a draw", "failed")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.routes", description=__doc__)
    parser.add_argument("routes", nargs="*", help="names or paths; default all that are built in")
    parser.add_argument("--draws", type=int, default=2000, help="0 for none; default %(default)s")
    parser.add_argument("--repeat", type=int, default=3, help="rounds; default %(default)s")
    given = parser.parse_args()
    names = given.routes or route_names()

    sys.stdout.write(_line(*_HEAD))
    sums = [0.0, 0.0, 0.0]
    for name in names:
        try:
            load, solve, draws, failed = _least(name, given.draws, given.repeat)
        except FlowsheetError as error:
            sys.stdout.write(f"{name}: {error}\n")
            continue
        sums = [total + part for total, part in zip(sums, (load, solve, draws), strict=True)]
        each = draws / given.draws if given.draws else 0.0
        sys.stdout.write(
            _line(name, *map(_shown, (load, solve, draws)), f"{1e3 * each:.2f}", failed)
        )
    sys.stdout.write(_line("all", *map(_shown, sums), "", ""))
    if not given.routes:
        whole = partial(process_seconds, sys.executable, "-m", "flowsheet", "compare")
        seconds = min(whole() for _ in range(given.repeat))
        sys.stdout.write(f"flowsheet compare, whole process: {_shown(seconds)} ms\n")


def _least(name: str, draws: int, rounds: int) -> tuple[float, float, float, int]:
    """Least seconds to load, solve and draw a route, and draws without a steady state."""
    route = load_route(name)
    route.solve()
    call = partial(route.scenarios, draws=draws)
    failed = len(route.scenarios(draws=draws).failed) if draws else 0
    return (
        min(seconds_of(partial(load_route, name))[0] for _ in range(rounds)),
        min(seconds_of(route.solve)[0] for _ in range(rounds)),
        min(seconds_of(call)[0] for _ in range(rounds)) if draws else 0.0,
        failed,
    )


def _shown(seconds: float) -> str:
    return f"{1000.0 * seconds:.1f}"


def _line(name: object, *cells: object) -> str:
    return f"{name!s:32s}" + "".join(f"{cell!s:>10s}" for cell in cells) + "\n"


if __name__ == "__main__":
    main()
