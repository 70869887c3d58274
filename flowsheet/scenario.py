"""Many scenarios of one flowsheet: named parameters vary, everything else stays."""

import math
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product as combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flowsheet.core.errors import InputError, nearest
from flowsheet.core.flow import Flow
from flowsheet.core.quantities import array_in
from flowsheet.measure import Grade, Measure, Reading, Recovery, StreamFlow
from flowsheet.model import Flowsheet
from flowsheet.place import place_of
from flowsheet.progress import Bar, Report
from flowsheet.solver.batch import Plant, Values, pick
from flowsheet.solver.circuit import Streams
from flowsheet.solver.spec import Spec
from flowsheet.solver.steady import check_specs
from flowsheet.uncertainty.correlation import Correlated
from flowsheet.uncertainty.percentiles import Spread, percentiles
from flowsheet.uncertainty.sampling import Method
from flowsheet.varying import Draws, check_apart, drawn, listed, refused
from flowsheet.workers import here, memory, on_cluster

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Scenarios:
    """The steady states of many scenarios; those that failed are not-a-number everywhere."""

    flowsheet: Flowsheet
    flows: Streams
    """Stream -> mass flows in kg/s, (constituents, scenarios)."""
    failed: Mapping[int, str]
    """Scenario -> why it has no steady state."""
    count: int
    inputs: Mapping[str, Floats] = field(default_factory=dict)
    """Path -> what was varied, in SI, (scenarios,)."""
    varied: Mapping[str, Floats] = field(default_factory=dict)
    """Path -> value in SI that met a specification, (scenarios,)."""

    def __repr__(self) -> str:
        varied = ", ".join([*self.inputs, *self.varied][:4])
        return f"<Scenarios: {self.count}, of which {len(self.failed)} failed; varied {varied}>"

    def __len__(self) -> int:
        return self.count

    @property
    def solved(self) -> int:
        """How many scenarios have a steady state."""
        return self.count - len(self.failed)

    @cached_property
    def reading(self) -> Reading:
        """All scenarios, as measures read them."""
        units = self.flowsheet.units.items()
        parameters = {name: unit.resolve(self.flowsheet.slate) for name, unit in units}
        for path, values in {**self.inputs, **self.varied}.items():
            place_of(path, self.flowsheet).put(parameters, values)
        return Reading(self.flowsheet, self.flows, parameters)

    def values(self, measure: Measure, unit: str | None = None) -> Floats:
        """Value of a measure in every scenario, (scenarios,), in ``unit``.

        Without ``unit`` in the one in which people read it: t/yr, percent.
        """
        if not isinstance(measure, Measure):
            raise InputError(
                f"values: needs a measure such as recovery('Sb', to='concentrate'), got {measure!r}"
            )
        measure.check(self.flowsheet)
        found = np.broadcast_to(measure.value(self.reading), (self.count,))
        found = np.where(np.isin(np.arange(self.count), list(self.failed)), np.nan, found)
        return array_in(found, measure.display if unit is None else unit, measure.unit)

    def percentiles(self, measure: Measure, unit: str | None = None) -> Spread:
        """P10, P50, P90 and mean of a measure over the scenarios that solved, and the counts."""
        return percentiles(self.values(measure, unit), str(measure))

    def flow(self, stream: str) -> Flow:
        """Return all scenarios of one stream; raise InputError with the nearest name."""
        if stream not in self.flows:
            raise InputError(f"there is no stream '{stream}'{nearest(stream, self.flows)}")
        return Flow(self.flowsheet.slate, self.flows[stream])

    def element_flow(self, element: str, stream: str, unit: str = "t/yr") -> Floats:
        """Mass flow of an element in a stream, (scenarios,)."""
        Grade(stream, element).check(self.flowsheet)
        return self.values(StreamFlow(stream, element), unit)

    def grade(self, element: str, stream: str) -> Floats:
        """Percent of an element in the dry solids of a stream, (scenarios,).

        Not-a-number where a stream holds no solids.
        """
        return self.values(Grade(stream, element))

    def recovery(self, element: str, *, to: str) -> Floats:
        """Percent of all of an element that enters that leaves by one stream, (scenarios,).

        Not-a-number where none enters.
        """
        return self.values(Recovery(element, to))


def scenarios(  # noqa: PLR0913 - options by name
    flowsheet: Flowsheet,
    vary: Mapping[str, Any],
    *,
    draws: int | None = None,
    seed: int = 1,
    method: Method = "sobol",
    correlated: Correlated | Sequence[Correlated] = (),
    specs: Spec | Sequence[Spec] = (),
    progress: Report | None = None,
    client: Any = None,
) -> Scenarios:
    """Solve many scenarios, all at once.

    ``vary`` maps a path (``"rougher.cell_volume"``, ``"rougher.rate_constant.Sb2S3"``) to one
    value per scenario, each as a case would write it, or to an array of plain numbers, or of
    quantities; all have the same length. With ``draws``, a path may also map to a distribution,
    which is drawn that often (``method``, ``seed``; ``correlated`` groups go up and down together).
    Each of ``specs`` is met in every scenario.

    A scenario that has no steady state does not stop the others: see ``Scenarios.failed``. Every
    other one is audited. Work of more than a second shows a bar on a terminal, or calls
    ``progress(done, total)``. The workers of ``client``, a dask ``distributed.Client``, do the work
    if one is given.

    Raises InputError for a path or a value that makes no sense, SolveError when the flowsheet as
    written has no steady state.
    """
    _check(flowsheet, vary, "scenarios")
    groups = (correlated,) if isinstance(correlated, Correlated) else correlated
    if not isinstance(groups, list | tuple) or not all(isinstance(g, Correlated) for g in groups):
        raise InputError(f"correlated: needs Correlated([path, path], 0.8), got {correlated!r}")
    if progress is not None and not callable(progress):
        raise InputError(f"progress: needs a function of (done, total), got {progress!r}")
    if draws is None:
        if groups:
            raise InputError("correlated: only what is drawn can be correlated; give draws=")
        values, count = listed(flowsheet, vary)
    else:
        values, count = drawn(vary, flowsheet, Draws(draws, seed, method, groups)), draws
    return solve_scenarios(flowsheet, values, count, specs=specs, progress=progress, client=client)


def sweep(
    flowsheet: Flowsheet,
    vary: Mapping[str, Sequence[Any]],
    *,
    specs: Spec | Sequence[Spec] = (),
    progress: Report | None = None,
    client: Any = None,
) -> Scenarios:
    """Solve every combination of the values listed, the last path varying fastest.

    As ``scenarios``; with n and m values there are n * m scenarios, whose values stand in
    ``inputs``.
    """
    _check(flowsheet, vary, "sweep")
    for path, values in vary.items():
        listed(flowsheet, {path: values})
    points = math.prod(len(values) for values in vary.values())
    _check_memory(flowsheet, points)
    grid = list(combinations(*(list(values) for values in vary.values())))
    columns = {path: [point[i] for point in grid] for i, path in enumerate(vary)}
    return scenarios(flowsheet, columns, specs=specs, progress=progress, client=client)


def _check(flowsheet: Flowsheet, vary: Any, what: str) -> None:
    if not isinstance(flowsheet, Flowsheet):
        raise InputError(f"{what}: needs a Flowsheet, got {flowsheet!r}; see load_route for a case")
    if not isinstance(vary, Mapping) or not vary:
        got = "none" if isinstance(vary, Mapping) else repr(vary)
        raise InputError(f"vary: needs at least one list, all of one length, got {got}")


def _check_memory(flowsheet: Flowsheet, count: int) -> None:
    """Refuse more scenarios than this machine could hold the flows of."""
    streams = len(flowsheet.made_by) + len(flowsheet.supplied_to)
    needed = 8 * count * streams * flowsheet.slate.count
    if needed > memory():
        raise InputError(
            f"{count:,} scenarios of this plant need {needed / 1e9:,.0f} GB, more than the "
            f"{memory() / 1e9:.0f} GB of this machine; solve fewer at once"
        )


def solve_scenarios(  # noqa: PLR0913 - options by name
    flowsheet: Flowsheet,
    values: Values,
    count: int,
    *,
    specs: Spec | Sequence[Spec] = (),
    targets: Sequence[Floats] = (),
    progress: Report | None = None,
    client: Any = None,
) -> Scenarios:
    """Solve scenarios whose numbers are in SI already; ``targets`` replace those of the specs."""
    listed_specs = (specs,) if isinstance(specs, Spec) else specs
    check_specs(flowsheet, listed_specs)
    check_apart(values, [place_of(spec.path, flowsheet) for spec in listed_specs])
    wanted = np.array(
        [np.broadcast_to(spec.target.value, (count,)) for spec in listed_specs], dtype=float
    ).reshape(len(listed_specs), count)
    for row, target in enumerate(targets):
        wanted[row] = target
    failed = refused(flowsheet, values)
    tried = np.array([place for place in range(count) if place not in failed], dtype=int)
    _check_memory(flowsheet, count)
    rows = flowsheet.slate.count
    names = [*flowsheet.made_by, *flowsheet.supplied_to]
    flows = {name: np.full((rows, count), np.nan) for name in names}
    varied = np.full(wanted.shape, np.nan)
    plant = Plant(flowsheet, listed_specs)
    tasks = plant.tasks(pick(values, tried), wanted[:, tried], tried.size)
    solved = here(plant, tasks) if client is None else on_cluster(client, plant, tasks)
    done = 0
    with closing(solved), Bar(tried.size) as bar:
        report = progress or bar
        for task, batch in solved:
            columns = tried[task.first : task.first + task.count]
            failed |= {int(columns[column]): why for column, why in batch.failed.items()}
            where: Any = columns
            if tried.size == count:  # a slice is filled faster
                where = slice(task.first, task.first + task.count)
            for name, mass in batch.streams.items():
                flows[name][:, where] = mass
            varied[:, where] = batch.varied
            done += task.count
            report(done, tried.size)
    return Scenarios(
        flowsheet,
        flows,
        dict(sorted(failed.items())),
        count,
        {place.path: numbers for place, numbers in values.items()},
        {spec.path: line for spec, line in zip(listed_specs, varied, strict=True)},
    )
