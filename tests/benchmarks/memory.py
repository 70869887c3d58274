"""The most memory that a process holds which imports a program and solves one problem.

Run by ``compare`` as ``python -m tests.benchmarks.memory this_program|numpy SCENARIOS``; one
scenario is problem A, more are problem C. Prints MB.
"""

import resource
import sys
from pathlib import Path


def _solve_here(scenarios: int) -> None:
    from flowsheet import solve
    from tests.benchmarks import this_program
    from tests.benchmarks.problems import moved

    flowsheet = this_program.series(1)
    if scenarios == 1:
        solve(flowsheet)
    else:
        this_program.solve_scenarios(flowsheet, moved(scenarios))


def _solve_by_hand(scenarios: int) -> None:
    from tests.benchmarks import peer_numpy
    from tests.benchmarks.problems import moved

    if scenarios == 1:
        peer_numpy.one_circuit()
    else:
        peer_numpy.scenarios(moved(scenarios))


def peak() -> float:
    """MB that this process has held at most.

    Linux also counts in getrusage what the process was forked from; its own figure is in /proc.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="ascii").splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0**2


if __name__ == "__main__":
    {"this_program": _solve_here, "numpy": _solve_by_hand}[sys.argv[1]](int(sys.argv[2]))
    sys.stdout.write(f"{peak()}\n")
