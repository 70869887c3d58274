"""Solve the same problems with this program, with BioSTEAM and with numpy written by hand.

Run from the checkout: ``python -m tests.benchmarks.compare --help``. See docs/performance.md.
"""

import argparse
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.biosteam_environment import (
    SINGLE_THREAD,
    default_folder,
    make_environment,
    python_in,
)

if TYPE_CHECKING:
    from tests.benchmarks.comparison import Row

PROBLEMS = ("A", "B", "C", "import", "memory")
PEERS = ("numpy", "biosteam")
DESCRIPTION = """\
Solves the same problems with this program and with its peers, in turn in one run, and prints
medians, errors and ratios: time of the peer / time of this program, above 1 this program is faster.

problems:
  A        rougher, scavenger and cleaner with both returns; one solve from empty recycles
  B        10, 50 and 200 such circuits in series, 5 % of the last tailings back to the first
  C        1,000 and 10,000 scenarios of A with all nine recoveries moved by up to 5 %; and
           "C nonlinear": three flotation banks with a volume, 40 constituents
  import   importing what a solve needs, less an empty process
  memory   most memory of a process that solves A, and C

peers:
  numpy      the equations of just this circuit, written by hand
  biosteam   in an environment of its own: as it comes (stops at 1 % of a recycle flow), and the
             fastest of its settings whose products are right to 1e-10
JSON is a list of {problem, n, ours_s, peer, peer_setting, peer_s, peer_error, ratio}, with a note
where there is something to say; times in seconds, but MB for memory.
"""
EXAMPLES = """\
examples:
  python -m tests.benchmarks.compare --peers numpy
  python -m tests.benchmarks.compare --make-environment
  python -m tests.benchmarks.compare --problems A,B --circuits 10,50 --format json
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, compare, print."""
    options = _parser().parse_args(arguments)
    if options.make_environment:
        base = options.base_python
        sys.stdout.write(f"{make_environment(options.environment, base)}\n")
        return
    # Before numpy is imported; processes started from here inherit it.
    os.environ.update(SINGLE_THREAD)
    rows = _rows(options)
    if options.format == "json":
        sys.stdout.write(json.dumps([row.to_dict() for row in rows], indent=1) + "\n")
    else:
        sys.stdout.write(table(rows))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.compare",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--problems", type=_names(PROBLEMS), default=PROBLEMS, help="some of A,B,C,import,memory")
    add("--peers", type=_names(PEERS), help="default: numpy, and biosteam if it is installed")
    add("--circuits", type=_counts, default=(10, 50, 200), help="of B; default 10,50,200")
    add("--scenarios", type=_counts, default=(1000, 10_000), help="of C; default 1000,10000")
    add("--repeat", type=_rounds, default=9, help="rounds; three if they take over 30 s")
    add("--format", choices=("table", "json"), default="table")
    group = parser.add_argument_group("BioSTEAM's environment")
    add = group.add_argument
    add("--environment", type=Path, default=default_folder(), help="default: %(default)s")
    add("--make-environment", action="store_true", help="make it there with venv and pip, and stop")
    add(
        "--base-python",
        default=sys.executable,
        help="Python to make it with; from 3.12 on the newest BioSTEAM, else one for 3.11",
    )
    add("--biosteam-python", type=Path, help="Python of an environment that has BioSTEAM already")
    return parser


def _names(known: Sequence[str]) -> Callable[[str], tuple[str, ...]]:
    def read(text: str) -> tuple[str, ...]:
        names = tuple(text.split(","))
        for name in names:
            if name not in known:
                allowed = ", ".join(known)
                raise argparse.ArgumentTypeError(f"'{name}' is none of {allowed}")
        return names

    return read


def _rounds(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"needs a whole number above 0, got '{text}'")
    return int(text)


def _counts(text: str) -> tuple[int, ...]:
    counts = tuple(_rounds(number) for number in text.split(","))
    if min(counts) < 2:
        raise argparse.ArgumentTypeError(f"needs numbers above 1, got '{text}'")
    return counts


def _biosteam_python(options: argparse.Namespace) -> Path | None:
    if options.peers is not None and "biosteam" not in options.peers:
        return None
    python: Path = options.biosteam_python or python_in(options.environment)
    if shutil.which(python) is not None:
        return python
    if options.peers is None and options.biosteam_python is None:
        return None
    raise SystemExit(
        f"compare: there is no Python at {python}; make BioSTEAM's environment with "
        "--make-environment, name one with --biosteam-python, or leave it out with --peers numpy"
    )


def _rows(options: argparse.Namespace) -> "list[Row]":
    from tests.benchmarks.contests import Contests

    by_hand = options.peers is None or "numpy" in options.peers
    contests = Contests(by_hand, _biosteam_python(options), options.repeat)
    asked: list[tuple[str, Iterator[Row]]] = []
    if "A" in options.problems:
        asked.append(("A", contests.series("A", 1)))
    if "B" in options.problems:
        asked += [(f"B {count}", contests.series("B", count)) for count in options.circuits]
    if "C" in options.problems:
        asked += [(f"C {count}", contests.scenarios(count)) for count in options.scenarios]
        asked += [(f"C nonlinear {n}", contests.flotation(n)) for n in options.scenarios]
    if "import" in options.problems:
        asked.append(("import", contests.imports()))
    if "memory" in options.problems:
        asked.append(("memory", contests.memory((1, max(options.scenarios)))))
    rows: list[Row] = []
    try:
        for name, found in asked:
            sys.stderr.write(f"{name} ...\n")
            rows += found
    finally:
        contests.close()
    return rows


def table(rows: "Sequence[Row]") -> str:
    """Rows as text, notes below them."""
    heads = ("problem", "n", "this program", "peer", "setting", "its time", "its error", "ratio")
    lines = [heads]
    notes = []
    for row in rows:
        in_mb = row.problem.startswith("memory")
        if row.note and not in_mb:
            notes.append(f"{row.problem}, n = {row.n}, {row.peer}, {row.peer_setting}: {row.note}")
        error = "" if row.peer_error is None else f"{row.peer_error:.0e}"
        ratio = "" if row.ratio is None else f"{row.ratio:.3g}"
        ours, peer = (_amount(value, in_mb) for value in (row.ours_s, row.peer_s))
        line = (row.problem, f"{row.n:,}", ours, row.peer, row.peer_setting, peer, error, ratio)
        lines.append(line)
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    right = (1, 2, 5, 6, 7)
    text = "\n".join(
        "  ".join(
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
    return "\n".join([text, "", *notes, _left_out(rows)]).rstrip() + "\n"


def _amount(value: float | None, in_mb: bool) -> str:
    if value is None:
        return "none"
    return f"{value:.0f} MB" if in_mb else f"{1000.0 * value:.3g} ms"


def _left_out(rows: "Sequence[Row]") -> str:
    from tests.benchmarks.contests import BIOSTEAM_SCENARIOS

    asked = max((row.n for row in rows if row.problem.startswith("C")), default=0)
    if asked <= BIOSTEAM_SCENARIOS or all(row.peer != "biosteam" for row in rows):
        return ""
    return (
        f"BioSTEAM was asked for {BIOSTEAM_SCENARIOS:,} scenarios at most; no more are estimated."
    )


if __name__ == "__main__":
    main()
