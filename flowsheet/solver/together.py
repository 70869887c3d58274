"""Scenarios corrected together, one pass through the units per correction for all of them.

All are corrected with the inverse of the nominal Newton matrix, and accelerated per scenario by
Anderson's method (J. ACM 12 (1965) 547-560) over the last corrections. Those that are done leave;
the others go on among fewer.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from flowsheet.core.unit import Parameters
from flowsheet.measure import Reading
from flowsheet.solver.circuit import Circuit, Streams
from flowsheet.solver.equations import Booleans, Floats, Point
from flowsheet.solver.newton import not_negative
from flowsheet.solver.spec import Spec
from flowsheet.solver.torn import Torn

MAX_CORRECTIONS = 60
TOLERANCE = 1e-11
"""Mismatch over the feed of each constituent; the last correction is less exact than Newton's."""
REMEMBERED = 5
"""Corrections that Anderson's method looks back on."""
FARTHEST = 30.0
"""Logarithm of a varied parameter over its start beyond which a scenario is solved alone."""
LEAVE_IN_GROUPS = 64
"""Scenarios that are done before it is worth going on without them."""
_ROUNDING = float(np.finfo(float).eps)


class ScenarioEquations(Torn):
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
        """Value of every target, (specs, scenarios)."""

    def misses(self, streams: Streams, parameters: Mapping[str, Parameters]) -> Floats:
        """How far each specification is from its target in each scenario."""
        count = self.wanted.shape[1]
        if not self.specs:
            return np.zeros((0, count))
        reading = Reading(self.circuit.flowsheet, streams, parameters)
        misses = [spec.miss(reading, w) for spec, w in zip(self.specs, self.wanted, strict=True)]
        return np.stack([np.broadcast_to(miss, (count,)) for miss in misses])

    def some(self, columns: Booleans) -> "ScenarioEquations":
        """The equations of some of these scenarios."""
        count = len(columns)
        written = self.circuit.parameters
        parameters = {
            name: p
            if p is written[name]
            else Parameters({n: _columns(v, columns, count) for n, v in vars(p).items()})
            for name, p in self.given.items()
        }
        return ScenarioEquations(self.circuit, self.specs, parameters, self.wanted[:, columns])


def _columns(value: Any, some: Booleans, count: int) -> Any:
    """Some scenarios of a parameter; one that is the same in all stays."""
    if isinstance(value, dict):
        return {name: _columns(entry, some, count) for name, entry in value.items()}
    if isinstance(value, np.ndarray) and value.ndim and value.shape[-1] == count > 1:
        return value[..., some]
    return value


class Nominal(NamedTuple):
    """The plant at its nominal parameters, from where all scenarios start."""

    flows: Floats
    """At the torn inlets, (unknowns, 1)."""
    logs: Floats
    active: Booleans
    """Unknowns that flow."""
    fed: Booleans
    """Constituents that enter, (constituents, 1)."""
    inverse: Floats | None
    """Of the Newton matrix; None where the plant is too large for a dense one."""


def corrected(nominal: Nominal, equations: ScenarioEquations) -> tuple[Floats, Floats, Booleans]:
    """Correct scenarios; return flows, logs and which have to be solved alone.

    Raises what a unit raises.
    """
    count = equations.wanted.shape[1]
    flows = np.repeat(nominal.flows, count, axis=1)
    logs = np.repeat(nominal.logs, count, axis=1)
    alone = np.ones(count, dtype=bool)
    here = np.arange(count)
    work = _Work(nominal, equations, flows, logs)
    for turn in range(MAX_CORRECTIONS):
        done = work.correct()
        few = np.count_nonzero(done) < max(LEAVE_IN_GROUPS, 0.3 * here.size)
        if few and not done.all() and turn < MAX_CORRECTIONS - 1:
            continue
        out = here[done]
        flows[:, out], logs[:, out], alone[out] = work.result(done)
        here = here[~done]
        if not here.size:
            break
        work.keep(~done)
    return flows, logs, alone


class _Work:
    """Scenarios on their way; every array has one column for each of them."""

    def __init__(
        self, nominal: Nominal, equations: ScenarioEquations, flows: Floats, logs: Floats
    ) -> None:
        self.nominal = nominal
        self.equations = equations
        self.flows, self.logs = flows.copy(), logs.copy()
        self.finished = np.zeros(flows.shape[1], dtype=bool)
        self.hopeless = np.zeros(flows.shape[1], dtype=bool)
        self.scale: Floats | None = None
        self.last: tuple[Floats, Floats] | None = None
        self.history: list[tuple[Floats, Floats]] = []
        self.ends = tuple(np.clip(end, -FARTHEST, FARTHEST) for end in equations.log_bounds)

    def correct(self) -> Booleans:
        """Correct all once; return which are done, (scenarios,)."""
        nominal, equations = self.nominal, self.equations
        count = self.flows.shape[1]
        point = equations.evaluate(self.flows, self.logs)
        if self.scale is None:
            # More constituents make another system: such scenarios are solved alone.
            fed = equations.fed(point.streams, count) > 0.0
            self.hopeless |= (fed & ~nominal.fed).any(axis=0) | ~fed.any(axis=0)
        if self.scale is None or equations.specs:
            self.scale = equations.scale(point.streams, count)
        converged, hidden = _converged(point, self.scale)
        self.hopeless |= hidden
        unknowns = np.concatenate([point.flows[nominal.active], self.logs])
        assert nominal.inverse is not None
        step = nominal.inverse @ np.concatenate([point.residual[nominal.active], -point.misses])
        if self.last is not None:
            before, step_before = self.last
            pair = unknowns - before, step - step_before
            self.history = [*self.history[1 - REMEMBERED :], pair]
        self.last = unknowns, step
        measure = np.concatenate([self.scale[nominal.active], np.ones_like(self.logs)])
        moved = np.where(converged, step, step - _anderson(self.history, step, measure))
        # One correction after convergence, and none after that: no scenario waits for another.
        moved[:, self.finished] = 0.0
        known = len(unknowns) - len(self.logs)
        before = self.flows[nominal.active]
        self.flows = self.flows.copy()
        self.flows[nominal.active] = not_negative(before, before + moved[:known])
        self._follow_others(point)
        self.logs = np.clip(self.logs + moved[known:], *self.ends)
        self.finished |= converged
        done: Booleans = self.finished | self.hopeless
        return done

    def _follow_others(self, point: Point) -> None:
        """Take unknowns that do not flow at the nominal parameters as a pass finds them."""
        others = ~self.nominal.active & (point.residual != 0.0).any(axis=1)
        if others.any():
            found = point.flows[others] + point.residual[others]
            here = np.where(self.finished, point.flows[others], np.maximum(found, 0.0))
            self.flows[others] = here

    def result(self, some: Booleans) -> tuple[Floats, Floats, Booleans]:
        """Flows and logs of some scenarios, and which of them have to be solved alone."""
        low, high = self.ends
        logs = self.logs[:, some]
        outside = ((logs <= low) | (logs >= high)).any(axis=0)
        return self.flows[:, some], logs, self.hopeless[some] | ~self.finished[some] | outside

    def keep(self, some: Booleans) -> None:
        """Go on with some scenarios only."""
        assert self.last is not None
        assert self.scale is not None
        self.equations = self.equations.some(some)
        self.flows, self.logs = self.flows[:, some], self.logs[:, some]
        self.finished, self.hopeless = self.finished[some], self.hopeless[some]
        self.scale = self.scale[:, some]
        self.last = self.last[0][:, some], self.last[1][:, some]
        self.history = [(moved[:, some], change[:, some]) for moved, change in self.history]


def _converged(point: Point, scale: Floats) -> tuple[Booleans, Booleans]:
    """Which scenarios fulfil their equations, and where roundings hide whether they do."""
    mismatch = np.max(np.abs(point.residual) / scale, axis=0, initial=0.0)
    mismatch = np.maximum(mismatch, np.max(np.abs(point.misses), axis=0, initial=0.0))
    hidden = np.max(np.abs(point.flows) / scale, axis=0, initial=0.0) * _ROUNDING
    return mismatch < TOLERANCE, hidden >= TOLERANCE


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
