"""Timing calls in turn, so that whatever else the machine does falls on all of them alike."""

import statistics
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]


def seconds_of(call: Callable[[], object], spend: float = 0.05) -> tuple[float, object]:
    """Seconds of a call, median of as many as fit into ``spend``, and what the last returned."""
    taken: list[float] = []
    found: object = None
    while sum(taken) < spend:
        start = time.perf_counter()
        found = call()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken), found


def in_turn(
    calls: Mapping[str, Callable[[], float]], rounds: int, seconds: float = 30.0
) -> dict[str, float]:
    """Median of what each call says it took; rounds end after ``seconds`` but not before three."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    start = time.perf_counter()
    for done in range(rounds):
        if done >= 3 and time.perf_counter() - start > seconds:
            break
        for name, call in calls.items():
            taken[name].append(call())
    return {name: statistics.median(times) for name, times in taken.items() if times}


def process_seconds(*words: str) -> float:
    """Seconds of a whole process, run in the checkout."""
    start = time.perf_counter()
    process_output(*words)
    return time.perf_counter() - start


def process_output(*words: str) -> str:
    """What a process prints that is run in the checkout."""
    found = subprocess.run(words, check=True, capture_output=True, cwd=CHECKOUT, text=True)
    return found.stdout
