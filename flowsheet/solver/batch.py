"""Many scenarios at once through the same units.

Every array is (constituents, scenarios). One solve at the nominal parameters gives the inverse of
its Newton matrix, with which all scenarios are corrected together. A scenario that does not
converge so is solved by Newton alone; one that cannot be solved becomes not-a-number, with its
reason.

Scenarios are worked through in chunks, which are plain values: they can be sent to another machine.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flowsheet.audit import audit
from flowsheet.core.errors import FlowsheetError
from flowsheet.core.flow import Array
from flowsheet.core.unit import Parameters
from flowsheet.model import Flowsheet
from flowsheet.place import Place
from flowsheet.solver.alone import check_scenarios
from flowsheet.solver.circuit import Circuit, Streams, circuit_of
from flowsheet.solver.diagnosis import check_flows
from flowsheet.solver.equations import Booleans, Floats
from flowsheet.solver.gain import refuse_unsure
from flowsheet.solver.newton import newton
from flowsheet.solver.refusal import refusals
from flowsheet.solver.spec import Spec
from flowsheet.solver.steady import converged, nominal
from flowsheet.solver.together import Nominal, ScenarioEquations, corrected
from flowsheet.solver.torn import Torn

CHUNK_BYTES = 60_000
"""Size of one flow array that stays in the cache of a processor."""
DENSE_UP_TO = 1000
"""Unknowns at torn inlets up to which scenarios are corrected with one dense inverse."""
SMALLEST_CHUNK = 1000
"""Scenarios below which what Python costs outweighs what the cache saves: above all of those that
take many more corrections than the others, and go on among few."""
CHUNK_OF_LARGE = 300
"""The same in plants of so many streams that those of a chunk would fill ``MOST_BYTES``."""
MOST_BYTES = 400_000_000

Values = Mapping[Place, Floats]
"""Where a number stands -> its value in every scenario, (scenarios,)."""


@dataclass(frozen=True)
class Batch:
    """Flows of every stream, (constituents, scenarios), and why scenarios have none."""

    streams: Mapping[str, Floats]
    varied: Floats
    """Value of every varied parameter, (specs, scenarios)."""
    failed: Mapping[int, str]


@dataclass(frozen=True)
class Task:
    """One chunk of scenarios."""

    first: int
    count: int
    values: Values
    wanted: Floats
    """Value of every target, (specs, scenarios)."""


def _keep_memory() -> None:
    """Have the C library keep what arrays of a chunk free for the next ones.

    glibc returns freed memory to the system beyond a threshold of 128 kB, and every page fetched
    anew costs more than the arithmetic on it; freeing one large array raises that threshold.
    Elsewhere this does nothing. Measured on a route: three times faster.
    """
    np.empty(8_000_000, dtype=np.uint8)


class Plant:
    """A flowsheet solved at its nominal parameters, from where all scenarios start."""

    def __init__(self, flowsheet: Flowsheet, specs: Sequence[Spec]) -> None:
        _keep_memory()
        self.circuit = circuit_of(flowsheet)
        self.specs = tuple(specs)
        equations, solved = nominal(self.circuit, self.specs)
        torn = Torn(self.circuit, self.specs)
        self.streams = solved.point.streams
        flows, logs = torn.found(self.streams, 1), solved.point.logs
        torn.active = flows[:, 0] != 0.0
        inverse = None  # where the plant is too large for a dense matrix
        if int(torn.active.sum()) <= DENSE_UP_TO:
            inverse = np.linalg.inv(torn.linearised(torn.evaluate(flows, logs)).matrix)
        fed = equations.fed(self.streams) > 0.0
        self.nominal = Nominal(flows, logs, torn.active, fed, inverse)

    def tasks(self, values: Values, wanted: Floats, count: int) -> Iterator[Task]:
        """Cut scenarios into chunks, always the same ones."""
        rows = self.circuit.slate.count
        flowsheet = self.circuit.flowsheet
        streams = len(flowsheet.made_by) + len(flowsheet.supplied_to)
        size = max(SMALLEST_CHUNK, CHUNK_BYTES // (8 * rows))
        size = min(size, max(CHUNK_OF_LARGE, MOST_BYTES // (8 * rows * streams)))
        for first in range(0, count, size):
            some = np.arange(first, min(first + size, count))
            yield Task(first, some.size, pick(values, some), wanted[:, some])

    def solve(self, task: Task) -> Batch:
        """Solve a chunk; failed scenarios are not-a-number with their reason."""
        count = task.count
        flows = np.repeat(self.nominal.flows, count, axis=1)
        logs = np.repeat(self.nominal.logs, count, axis=1)
        left = np.ones(count, dtype=bool)
        if self.nominal.inverse is not None:
            left = _corrected_where_possible(self, task, np.arange(count), flows, logs)
        failed = self._each_alone(task, np.flatnonzero(left), flows, logs)
        batch = _checked(self, task, flows, logs, failed)
        # What was corrected together and does not close may close if solved to the last digit.
        again = [column for column in batch.failed if column not in failed and not left[column]]
        if again:
            failed |= self._each_alone(task, np.array(again), flows, logs)
            batch = _checked(self, task, flows, logs, failed)
        return batch

    def _each_alone(
        self, task: Task, columns: NDArray[np.intp], flows: Floats, logs: Floats
    ) -> dict[int, str]:
        """Solve scenarios one by one into their columns; return why some have no solution."""
        failed: dict[int, str] = {}
        for column in columns:
            alone = np.array([column])
            try:
                flows[:, alone], logs[:, alone] = _alone(self, task, alone)
            except FlowsheetError as error:
                failed[int(column)] = str(error)
        return failed

    def parameters(self, task: Task, some: NDArray[np.intp]) -> dict[str, Parameters]:
        """Parameters of some scenarios of a chunk."""
        parameters = dict(self.circuit.parameters)
        for place, values in task.values.items():
            place.put(parameters, values[some])
        return parameters


def pick(values: Values, columns: NDArray[np.intp]) -> Values:
    """Return the values of some scenarios."""
    return {place: all_values[columns] for place, all_values in values.items()}


def _with_targets(specs: Sequence[Spec], wanted: Floats) -> list[Spec]:
    """Specifications of one scenario."""
    return [spec.with_value(float(value[0])) for spec, value in zip(specs, wanted, strict=True)]


def _system(plant: Plant, task: Task, some: NDArray[np.intp]) -> ScenarioEquations:
    return ScenarioEquations(
        plant.circuit, plant.specs, plant.parameters(task, some), task.wanted[:, some]
    )


def _corrected_where_possible(
    plant: Plant, task: Task, some: NDArray[np.intp], flows: Floats, logs: Floats
) -> Booleans:
    """Correct scenarios together and say which are left: those that a unit refuses, among others.

    Most are refused for their own numbers, in the first pass: they are found by passes alone.
    Halves are corrected where one is refused later.
    """
    left = np.zeros(task.count, dtype=bool)
    try:
        equations = _system(plant, task, some)
        flows[:, some], logs[:, some], left[some] = corrected(plant.nominal, equations)
    except FlowsheetError:
        if some.size == 1:
            left[some] = True
            return left
        refused = _refused_at_once(plant, task, some)
        left[some[refused]] = True
        others = some[~refused]
        for part in [others] if refused.any() else np.array_split(others, 2):
            if part.size:
                left |= _corrected_where_possible(plant, task, part, flows, logs)
    return left


def _refused_at_once(plant: Plant, task: Task, some: NDArray[np.intp]) -> Booleans:
    """Which scenarios a unit refuses at the nominal flows, (some,)."""
    flows, logs = (np.repeat(part, some.size, axis=1) for part in plant.nominal[:2])
    try:
        _system(plant, task, some).evaluate(flows, logs)
    except FlowsheetError:
        if some.size == 1:
            return np.ones(1, dtype=bool)
        halves = np.array_split(some, 2)
        return np.concatenate([_refused_at_once(plant, task, half) for half in halves])
    return np.zeros(some.size, dtype=bool)


def _alone(plant: Plant, task: Task, column: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Solve one scenario by Newton, from the nominal flows, else as if it were the only one."""
    parameters = plant.parameters(task, column)
    specs = _with_targets(plant.specs, task.wanted[:, column])
    circuit = plant.circuit.with_parameters(parameters)
    near = Torn(circuit, specs)
    if plant.nominal.inverse is not None:
        near.start()
    if plant.nominal.inverse is not None and np.array_equal(near.active, plant.nominal.active):
        try:
            solved = newton(near, near.evaluate(plant.nominal.flows, plant.nominal.logs))
            refuse_unsure(near, solved.point)
            if not solved.at_bound.any():
                return solved.point.flows, solved.point.logs
        except FlowsheetError:
            pass  # said again below if it fails from there too
    _, cold = converged(circuit, specs, thorough=False)
    return near.found(cold.point.streams, 1), cold.point.logs


def _checked(
    plant: Plant, task: Task, flows: Floats, logs: Floats, failed: Mapping[int, str]
) -> Batch:
    """Streams of a chunk; what cannot be or does not close has failed."""
    circuit = plant.circuit
    shape = (circuit.slate.count, task.count)
    names = [*circuit.flowsheet.made_by, *circuit.flowsheet.supplied_to]
    nothing = np.full(shape, np.nan)
    solved = np.delete(np.arange(task.count), list(failed))
    if not solved.size:
        return Batch(dict.fromkeys(names, nothing), np.full(logs.shape, np.nan), failed)
    equations = _system(plant, task, solved)
    found = equations.evaluate(flows[:, solved], logs[:, solved]).streams
    varied = equations.starts * np.exp(logs[:, solved])
    numbers = {place: values[solved] for place, values in task.values.items()}
    numbers |= dict(zip(equations.places, varied, strict=True))
    check_scenarios(circuit, found, numbers, _looked_at(task, solved.size))
    refused = refusals(circuit, found, equations.parameters(logs[:, solved]))
    wrong = refused | _wrong(circuit, found, solved.size)
    if solved.size == task.count and not wrong:
        whole = {name: np.broadcast_to(mass, shape) for name, mass in found.items()}
        return Batch(whole, varied, {})
    right = np.delete(np.arange(solved.size), list(wrong))
    streams = {name: nothing.copy() for name in names}
    for name, mass in _columns(found, right).items():
        streams[name][:, solved[right]] = mass
    values = np.full(logs.shape, np.nan)
    values[:, solved[right]] = varied[:, right]
    reasons = {int(solved[column]): reason for column, reason in wrong.items()}
    return Batch(streams, values, {**failed, **reasons})


def _looked_at(task: Task, count: int) -> list[int]:
    """Scenarios of a chunk that are solved once more alone; two of the first, never the first."""
    if count < 2:
        return []
    return [count - 1, count // 2] if task.first == 0 else [count - 1]


def _wrong(circuit: Circuit, found: Streams, count: int) -> dict[int, str]:
    """Scenarios with a flow that cannot be, or that do not close, with the reason."""
    bad = np.zeros(count, dtype=bool)
    for mass in found.values():
        if not (mass.min(initial=0.0) >= 0.0 and mass.max(initial=0.0) < np.inf):
            bad |= ~((mass >= 0.0) & (mass < np.inf)).all(axis=0)
    good = np.flatnonzero(~bad)
    if good.size:
        some: Mapping[str, Array] = found if good.size == count else _columns(found, good)
        bad[good] = audit(circuit.flowsheet, some).broken
    reasons = {}
    for column in np.flatnonzero(bad):
        alone = _columns(found, np.array([column]))
        try:
            check_flows(circuit, alone)
            audit(circuit.flowsheet, alone).check()
        except FlowsheetError as error:
            reasons[int(column)] = str(error)
    return reasons


def _columns(streams: Streams, some: NDArray[np.intp]) -> dict[str, Array]:
    return {
        name: mass[:, some] if mass.shape[1] > 1 else np.repeat(mass, some.size, axis=1)
        for name, mass in streams.items()
    }
