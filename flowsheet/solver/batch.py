"""Many scenarios at once through the same units.

Every array is (constituents, scenarios). One solve at the nominal parameters gives the inverse of
its Newton matrix; all scenarios are then corrected with that inverse, which needs one pass through
the units per correction whatever their number, and accelerated per scenario by Anderson's method
(J. ACM 12 (1965) 547-560) over the last corrections. A scenario that does not converge so is
solved by Newton alone; one that cannot be solved becomes not-a-number, with its reason.

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
from flowsheet.measure import Reading
from flowsheet.model import Flowsheet
from flowsheet.solver.circuit import Circuit, Streams, circuit_of
from flowsheet.solver.diagnosis import check_flows
from flowsheet.solver.equations import Booleans, Equations, Floats, Point
from flowsheet.solver.newton import newton, not_negative
from flowsheet.solver.place import Place
from flowsheet.solver.spec import Spec
from flowsheet.solver.steady import STILL_DENSE, converged
from flowsheet.solver.torn import Torn

MAX_CORRECTIONS = 40
BATCH_TOLERANCE = 1e-11
"""Mismatch over the feed of each constituent; the last correction is less exact than Newton's."""
REMEMBERED = 3
"""Corrections that Anderson's method looks back on."""
FARTHEST = 30.0
"""Logarithm of a varied parameter over its start beyond which a scenario is solved alone."""
CHUNK_BYTES = 60_000
"""Size of one flow array that stays in the cache of a processor."""
SMALLEST_CHUNK = 300
"""Scenarios below which what Python costs outweighs what the cache saves."""
_ROUNDING = float(np.finfo(float).eps)

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
        equations, solved = converged(self.circuit, self.specs)
        self.torn = Torn(self.circuit, self.specs)
        self.streams = solved.point.streams
        self.logs = solved.point.logs
        self.flows = self.torn.found(solved.point.streams, 1)
        self.torn.active = self.flows[:, 0] != 0.0
        self.fed = equations.fed(solved.point.streams) > 0.0
        self.inverse: Floats | None = None
        """Of the Newton matrix; None where the plant is too large for a dense one."""
        if int(self.torn.active.sum()) <= STILL_DENSE:
            linear = self.torn.linearised(self.torn.evaluate(self.flows, self.logs))
            self.inverse = np.linalg.inv(linear.matrix)

    def tasks(self, values: Values, wanted: Floats, count: int) -> Iterator[Task]:
        """Cut scenarios into chunks, always the same ones."""
        rows = len(self.circuit.slate.names)
        size = max(SMALLEST_CHUNK, CHUNK_BYTES // (8 * rows))
        for first in range(0, count, size):
            some = np.arange(first, min(first + size, count))
            yield Task(first, some.size, pick(values, some), wanted[:, some])

    def solve(self, task: Task) -> Batch:
        """Solve a chunk; failed scenarios are not-a-number with their reason."""
        count = task.count
        flows = np.repeat(self.flows, count, axis=1)
        logs = np.repeat(self.logs, count, axis=1)
        left = np.ones(count, dtype=bool)
        if self.inverse is not None:
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


def _system(plant: Plant, task: Task, some: NDArray[np.intp]) -> "_Scenarios":
    return _Scenarios(
        plant.circuit, plant.specs, plant.parameters(task, some), task.wanted[:, some]
    )


class _Scenarios(Torn):
    """The equations of several scenarios, each with its own parameters and targets."""

    def __init__(
        self,
        circuit: Circuit,
        specs: Sequence[Spec],
        parameters: Mapping[str, Parameters],
        wanted: Floats,
    ) -> None:
        super().__init__(circuit, specs)
        self.given = parameters
        self.wanted = wanted

    def misses(self, streams: Streams, parameters: Mapping[str, Parameters]) -> Floats:
        """How far each specification is from its target in each scenario."""
        count = self.wanted.shape[1]
        if not self.specs:
            return np.zeros((0, count))
        reading = Reading(self.circuit.flowsheet, streams, parameters)
        misses = [spec.miss(reading, w) for spec, w in zip(self.specs, self.wanted, strict=True)]
        return np.stack([np.broadcast_to(miss, (count,)) for miss in misses])


def _corrected_where_possible(
    plant: Plant, task: Task, some: NDArray[np.intp], flows: Floats, logs: Floats
) -> Booleans:
    """Correct scenarios together and say which are left; halve where a unit refuses one."""
    left = np.zeros(task.count, dtype=bool)
    try:
        flows[:, some], logs[:, some], left[some] = _corrected(plant, _system(plant, task, some))
    except FlowsheetError:
        if some.size == 1:
            left[some] = True
            return left
        for half in np.array_split(some, 2):
            left |= _corrected_where_possible(plant, task, half, flows, logs)
    return left


def _corrected(plant: Plant, equations: _Scenarios) -> tuple[Floats, Floats, Booleans]:
    """Correct all scenarios together; return flows, logs and which have not converged."""
    count = equations.wanted.shape[1]
    active, inverse = plant.torn.active, plant.inverse
    assert inverse is not None
    known = int(active.sum())
    flows = np.repeat(plant.flows, count, axis=1)
    logs = np.repeat(plant.logs, count, axis=1)
    history: list[tuple[Floats, Floats]] = []
    last: tuple[Floats, Floats] | None = None
    finished = np.zeros(count, dtype=bool)
    other = np.zeros(count, dtype=bool)
    low, high = (np.clip(end, -FARTHEST, FARTHEST) for end in equations.log_bounds)
    for _ in range(MAX_CORRECTIONS):
        point = equations.evaluate(flows, logs)
        if last is None:
            # Another set of constituents makes another system: such scenarios are solved alone.
            other = ((equations.fed(point.streams, count) > 0.0) != plant.fed).any(axis=0)
            scale = equations.scale(point.streams, count)
        elif plant.specs:
            scale = equations.scale(point.streams, count)
        converged_now, hidden = _converged(point, scale)
        other |= hidden
        unknowns = np.concatenate([point.flows[active], logs])
        step = inverse @ np.concatenate([point.residual[active], -point.misses])
        if last is not None:
            history = [*history[1 - REMEMBERED :], (unknowns - last[0], step - last[1])]
        last = unknowns, step
        measure = np.concatenate([scale[active], np.ones_like(logs)])
        moved = np.where(converged_now, step, step - _anderson(history, step, measure))
        # One correction after convergence, and none after that: no scenario waits for another.
        moved[:, finished] = 0.0
        flows = flows.copy()
        flows[active] = not_negative(flows[active], flows[active] + moved[:known])
        logs = np.clip(logs + moved[known:], low, high)
        finished |= converged_now
        if (finished | other).all():
            break
    other |= ((logs <= low) | (logs >= high)).any(axis=0)
    return flows, logs, ~finished | other


def _converged(point: Point, scale: Floats) -> tuple[Booleans, Booleans]:
    """Which scenarios fulfil their equations, and where roundings hide whether they do."""
    mismatch = np.max(np.abs(point.residual) / scale, axis=0, initial=0.0)
    mismatch = np.maximum(mismatch, np.max(np.abs(point.misses), axis=0, initial=0.0))
    hidden = np.max(np.abs(point.flows) / scale, axis=0, initial=0.0) * _ROUNDING
    return mismatch < BATCH_TOLERANCE, hidden >= BATCH_TOLERANCE


def _anderson(history: list[tuple[Floats, Floats]], step: Floats, scale: Floats) -> Floats:
    """What the differences of the last corrections take off this one, per scenario."""
    if not history:
        return np.zeros_like(step)
    changes = [change / scale for _, change in history]
    scaled = step / scale
    count = len(changes)
    gram = np.empty((count, count, step.shape[1]))
    right = np.empty((count, step.shape[1]))
    for i, one in enumerate(changes):
        right[i] = np.einsum("ns,ns->s", one, scaled)
        for j in range(i + 1):
            gram[i, j] = gram[j, i] = np.einsum("ns,ns->s", one, changes[j])
    ridge = 1e-14 * np.trace(gram) + 1e-300
    for i in range(count):
        gram[i, i] += ridge
    weights = _solved_small(gram, right)
    taken = np.zeros_like(step)
    for weight, (moved, change) in zip(weights, history, strict=True):
        taken += weight * (moved + change)
    return taken


def _solved_small(matrix: Floats, right: Floats) -> Floats:
    """Solve a few positive definite equations per scenario: (n, n, scenarios), (n, scenarios)."""
    count = len(right)
    for i in range(count):
        for j in range(i + 1, count):
            factor = matrix[j, i] / matrix[i, i]
            matrix[j, i:] -= factor * matrix[i, i:]
            right[j] -= factor * right[i]
    for i in reversed(range(count)):
        for j in range(i + 1, count):
            right[i] -= matrix[i, j] * right[j]
        right[i] /= matrix[i, i]
    return right


def _alone(plant: Plant, task: Task, column: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Solve one scenario by Newton, from the nominal flows, else as if it were the only one."""
    parameters = plant.parameters(task, column)
    specs = _with_targets(plant.specs, task.wanted[:, column])
    circuit = plant.circuit.with_parameters(parameters)
    near: Equations = Torn(circuit, specs)
    near.start()
    if np.array_equal(near.active, plant.torn.active):
        try:
            solved = newton(near, near.evaluate(plant.flows, plant.logs))
            if not solved.at_bound.any():
                return solved.point.flows, solved.point.logs
        except FlowsheetError:
            pass  # said again below if it fails from there too
    _, cold = converged(circuit, specs, thorough=False)
    return plant.torn.found(cold.point.streams, 1), cold.point.logs


def _checked(
    plant: Plant, task: Task, flows: Floats, logs: Floats, failed: Mapping[int, str]
) -> Batch:
    """Streams of a chunk; what cannot be or does not close has failed."""
    circuit = plant.circuit
    shape = (len(circuit.slate.names), task.count)
    names = [*circuit.flowsheet.made_by, *circuit.flowsheet.supplied_to]
    streams = {name: np.full(shape, np.nan) for name in names}
    values, failed = np.full(logs.shape, np.nan), dict(failed)
    solved = np.delete(np.arange(task.count), list(failed))
    if solved.size:
        equations = _system(plant, task, solved)
        found = equations.evaluate(flows[:, solved], logs[:, solved]).streams
        values[:, solved] = equations.starts * np.exp(logs[:, solved])
        for name, mass in found.items():
            streams[name][:, solved] = mass
        wrong = {int(solved[c]): why for c, why in _wrong(circuit, found, solved.size).items()}
        failed |= wrong
        if wrong:
            for array in (*streams.values(), values):
                array[:, list(wrong)] = np.nan
    return Batch(streams, values, failed)


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
