"""Routes given to processes of their own, those that take longest first.

A process computes a route as this one would, from the same bytes; what it says of its progress
goes through memory that both share. A route that cannot be sent, such as one with units of a
script, is left to the caller.
"""

import os
import pickle
import signal
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import active_children, get_context, parent_process
from threading import Thread
from typing import Any, TypeVar

from flowsheet.progress import Report
from flowsheet.routes.route import Route

Result = TypeVar("Result")
Work = Callable[[Route, Report], Result]

LOOK = 0.1
"""Seconds between two looks at how far the processes are."""
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""What linear algebra asks for the number of its threads, when it is imported."""


def side_by_side(
    routes: Mapping[int, Route],
    work: Work[Result],
    processes: int,
    progress: Callable[[Mapping[int, int]], None],
) -> dict[int, Result | str]:
    """Do ``work(route, report)`` for each route; return the results, or why there is none.

    ``work`` must be known to a process by its name. ``progress`` is told how much of each is done.
    Routes that cannot be sent to another process are not in the result.
    """
    sent = dict(sorted(_written(routes).items(), key=lambda each: -size_of(routes[each[0]])))
    if not sent:
        return {}
    context = get_context("spawn")
    done = context.RawArray("q", max(sent) + 1)
    before = set(active_children())
    count = min(processes, len(sent))
    pool = ProcessPoolExecutor(count, context, initializer=_begin, initargs=(done,))
    try:
        with _of_one_thread(), _uninterrupted():
            futures = {pool.submit(_do, place, sent[place], work): place for place in sent}
        return _collected(futures, lambda: progress({place: done[place] for place in sent}))
    except BaseException:
        for child in set(active_children()) - before:
            child.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def size_of(route: Route) -> int:
    """A measure of the time that a route takes: constituents in all streams."""
    flowsheet = route.flowsheet
    return flowsheet.slate.count * (len(flowsheet.made_by) + len(flowsheet.supplied_to))


def _collected(
    futures: Mapping["Future[Result]", int], look: Callable[[], None]
) -> dict[int, Result | str]:
    found: dict[int, Result | str] = {}
    left = set(futures)
    while left:
        ready, left = wait(left, LOOK, return_when=FIRST_COMPLETED)
        for future in ready:
            error = future.exception()
            if isinstance(error, BrokenProcessPool):
                found[futures[future]] = "a process ended before it was done, perhaps for memory"
            elif error is not None:
                found[futures[future]] = f"{type(error).__name__}: {error}"
            else:
                found[futures[future]] = future.result()
        look()
    return found


def _written(routes: Mapping[int, Route]) -> dict[int, bytes]:
    """Routes as bytes, without those that have no name elsewhere."""
    written = {}
    for place, route in routes.items():
        try:
            written[place] = pickle.dumps(route)
        except Exception:  # noqa: BLE001 - whatever a class of the user's raises
            continue
    return written


_shared: Any = None
"""Of a process: what is done of each route."""


def _begin(done: Any) -> None:
    """Make a process ready: it ends with the one that began it."""
    global _shared  # noqa: PLW0603 - a process has no other place for it
    _shared = done

    def follow() -> None:
        parent = parent_process()
        if parent is not None:
            parent.join()
        os._exit(1)

    Thread(target=follow, daemon=True).start()


def _do(place: int, written: bytes, work: Work[Result]) -> Result:
    def report(done: int, total: int) -> None:  # noqa: ARG001 - the caller knows the total
        _shared[place] = done

    return work(pickle.loads(written), report)


@contextmanager
def _of_one_thread() -> Iterator[None]:
    """Processes that begin here leave the other processors to each other."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Processes that begin here leave Ctrl-C to this one, which ends them."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
