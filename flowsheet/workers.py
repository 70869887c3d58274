"""Where chunks of scenarios are solved: in this process, or by the workers of a cluster."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from flowsheet.model import Flowsheet
from flowsheet.solver.batch import Batch, Plant, Task, solve_task
from flowsheet.solver.spec import Spec

RETRIES = 3


def here(plant: Plant, tasks: Iterable[Task]) -> Iterator[tuple[Task, Batch]]:
    """Solve chunks one after the other in this process."""
    for task in tasks:
        yield task, solve_task(plant, task)


def on_cluster(
    client: Any, flowsheet: Flowsheet, specs: Sequence[Spec], tasks: Iterable[Task]
) -> Iterator[tuple[Task, Batch]]:
    """Solve chunks on the workers of a dask ``distributed.Client``, in the order they finish.

    Every worker solves the nominal plant for itself. The chunks are those of one process, so the
    numbers are the same; what a worker that dies had in hand is done again by another.
    """
    from distributed import as_completed

    finished: Callable[[Any], Iterable[Any]] = as_completed

    plant = client.submit(Plant, flowsheet, tuple(specs), pure=False)
    futures = {
        client.submit(solve_task, plant, task, pure=False, retries=RETRIES): task for task in tasks
    }
    try:
        for future in finished(futures):
            yield futures[future], future.result()
    finally:
        client.cancel(list(futures))
