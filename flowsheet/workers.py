"""Where chunks of scenarios are solved: in this process, or by the workers of a cluster.

Only this module knows dask. A cluster solves the chunks of one process, several at a time, so the
numbers are the same. What is sent are plain values: the flowsheet once, as bytes that only workers
open, and chunks, which go out as others come back, so that neither they nor their results pile up.
"""

import io
import math
import os
import pickle
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import numpy as np

from flowsheet.core.errors import FlowsheetError, InputError, SolveError
from flowsheet.solver.batch import Batch, Plant, Task
from flowsheet.solver.circuit import Streams

AHEAD = 3
"""Bundles under way per thread of the cluster, so that no worker waits for this process."""
MOST_CHUNKS = 8
"""Chunks in a bundle: enough to make sending cheap, few enough for what comes back."""
PATIENCE = 30.0
"""Seconds without any worker after which the work is given up."""
SAME = 1e-6
"""Relative difference of nominal flows beyond which a worker runs another program."""

LOST = "client: was closed or lost its scheduler before all was done"

Solved = Generator[tuple[Task, Batch], None, None]
"""Chunks and their results; closing it gives up what is left."""


def memory() -> float:
    """Bytes of memory of this machine; where it does not say, without a limit."""
    try:
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, OSError, ValueError):  # Windows has no such call
        return math.inf


def here(plant: Plant, tasks: Iterable[Task]) -> Solved:
    """Solve chunks one after the other in this process."""
    for task in tasks:
        yield task, plant.solve(task)


def on_cluster(client: Any, plant: Plant, tasks: Iterable[Task]) -> Solved:
    """Solve chunks on the workers of a dask ``distributed.Client``, in the order they finish.

    What a worker that dies had in hand is done again by another. What is under way is cancelled
    when the generator is closed.

    Raises InputError for what is no open client and for units that workers cannot import,
    SolveError when no worker comes or none survives.
    """
    check_client(client)
    chunks = list(tasks)
    if not chunks:
        return
    with _said_plainly():
        size = min(max(len(chunks) // (AHEAD * _threads(client)), 1), MOST_CHUNKS)
        waiting = deque(chunks[first : first + size] for first in range(0, len(chunks), size))
        _check_program(client)
        run = uuid4().hex
        sent = client.submit(bytes, _written(plant), pure=False)
        under_way: dict[Any, Sequence[Task]] = {}
        try:
            while waiting or under_way:
                while waiting and len(under_way) < AHEAD * _threads(client):
                    bundle = waiting.popleft()
                    under_way[client.submit(solve_bundle, run, sent, bundle, pure=False)] = bundle
                for future, batches in _finished(client, under_way):
                    yield from zip(under_way.pop(future), batches, strict=True)
        finally:
            if client.status == "running":
                client.cancel([sent, *under_way])


def check_client(client: Any) -> None:
    """Raise InputError unless this is an open dask ``distributed.Client``."""
    wrong = f"client: needs a dask distributed.Client, got {client!r}"
    try:
        from distributed import Client
    except ImportError as error:
        raise InputError(f"{wrong}; install with pip install 'flowsheet[cluster]'") from error
    if not isinstance(client, Client):
        raise InputError(f"{wrong}; make one with distributed.Client(address)")
    if client.asynchronous:
        raise InputError("client: is asynchronous; make one with asynchronous=False")
    if client.status != "running":
        raise InputError(f"client: is {client.status}; make a new one")


def solve_bundle(run: str, sent: bytes, bundle: Sequence[Task]) -> list[Batch]:
    """Solve some chunks on a worker; ``run`` tells one use of the cluster from the next."""
    # A thread has a plant of its own: units need not be safe to run in two threads at once.
    if getattr(_at_hand, "run", None) != run:
        _at_hand.plant = _read(sent)
        _at_hand.run = run
    return [_at_hand.plant.solve(task) for task in bundle]


_at_hand = threading.local()


def _written(plant: Plant) -> bytes:
    """What a worker needs to solve the nominal plant for itself, and to see that it did.

    Classes of a script or a notebook are written out, all others by their name.
    """
    import cloudpickle

    try:
        written = cloudpickle.dumps((plant.circuit.flowsheet, plant.specs, dict(plant.streams)))
    except Exception as error:
        raise InputError(
            f"client: the flowsheet cannot be sent to workers, {type(error).__name__}: {error}; "
            "keep open files, locks and the like out of its units"
        ) from error
    return bytes(written)


def _read(sent: bytes) -> Plant:
    try:
        flowsheet, specs, streams = _Reader(io.BytesIO(sent)).load()
    except FlowsheetError:
        raise
    except Exception as error:
        raise InputError(
            f"client: a worker cannot read the flowsheet, {type(error).__name__}: {error}; "
            "its Python, its libraries and its modules must be those of this process"
        ) from error
    plant = Plant(flowsheet, specs)
    _check_same(plant.streams, streams)
    return plant


class _Reader(pickle.Unpickler):
    """Says which class a worker does not have, and what to do about it."""

    def find_class(self, module: str, name: str, /) -> Any:
        try:
            return super().find_class(module, name)
        except (ImportError, AttributeError) as error:
            raise InputError(
                f"client: a worker cannot import '{name}' from '{module}' ({error}); put its "
                "folder on the PYTHONPATH of the workers, or send the file by client.upload_file"
            ) from error


def _check_same(found: Streams, expected: Streams) -> None:
    """Raise InputError where a worker finds other nominal flows: it has another version."""
    largest = max(float(np.max(mass)) for mass in expected.values())
    for name, mass in expected.items():
        if not np.allclose(found[name], mass, rtol=SAME, atol=1e-3 * SAME * largest):
            raise InputError(
                f"client: a worker finds other flows for '{name}' than this process, so it has "
                "another version of a unit or of flowsheet; restart the workers with this one"
            )


def _threads(client: Any) -> int:
    """Threads of all workers; waits for the first worker, but not for ever."""
    if client.status != "running":
        raise SolveError(LOST)
    if not client.nthreads():
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError as error:
            raise SolveError(
                f"client: no worker within {PATIENCE:g} s at {client.scheduler.address}; start "
                "some, or call client.wait_for_workers(1) first if they take longer"
            ) from error
    return int(max(sum(client.nthreads().values()), 1))


def _check_program(client: Any) -> None:
    """Raise InputError unless the scheduler and all workers there are now have this program."""
    program = f"import {__name__}"
    answers = client.run(exec, program, on_error="return")
    try:
        client.run_on_scheduler(exec, program)
    except ImportError as error:
        answers["the scheduler"] = error
    for where, answer in answers.items():
        if isinstance(answer, ImportError):
            raise InputError(
                f"client: {where} cannot import flowsheet ({answer}); "
                "the scheduler and all workers need the version of this process"
            )


def _finished(
    client: Any, under_way: dict[Any, Sequence[Task]]
) -> Iterator[tuple[Any, list[Batch]]]:
    """Wait until some are done; return them with their results."""
    import distributed

    wait: Callable[..., Any] = distributed.wait
    try:
        for future in wait(list(under_way), PATIENCE, return_when="FIRST_COMPLETED").done:
            yield future, future.result(PATIENCE)
    except TimeoutError:
        _threads(client)  # slow is right, nobody left is not


@contextmanager
def _said_plainly() -> Iterator[None]:
    """Say in one line what dask raises."""
    from distributed import CancelledError
    from distributed.scheduler import KilledWorker

    try:
        yield
    except FlowsheetError:
        raise
    except KilledWorker as error:
        raise SolveError(
            "client: worker after worker died over the same scenarios, most often for want of "
            "memory; give them more, or fewer threads each"
        ) from error
    except (CancelledError, OSError) as error:
        raise SolveError(LOST) from error
    except Exception as error:
        shown = " ".join(str(error).split())
        raise SolveError(f"client: {type(error).__name__} on the cluster: {shown}") from error
