"""The steady state: Newton on the torn inlets, specifications as extra unknowns.

Unknowns are the flows of every constituent that reaches a torn inlet, and the logarithm of every
varied parameter. Equations are ``found(assumed) = assumed`` and ``log(value / target) = 0``.
See docs/solver.md for why, and for what convergence means.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from flowsheet.core.errors import SolveError
from flowsheet.core.flow import Array
from flowsheet.core.unit import Parameters
from flowsheet.model import Flowsheet, split_path
from flowsheet.solver.circuit import Circuit, Streams
from flowsheet.solver.derivative import IMAGINARY_STEP, Derivatives
from flowsheet.solver.diagnosis import growth, negative_flow, no_way_out
from flowsheet.solver.spec import Spec

Floats = NDArray[np.float64]

TOLERANCE = 1e-10
MAX_ITERATIONS = 60
MAX_FIRST_PASSES = 200
MAX_LOG_STEP = 1.5


@dataclass(frozen=True)
class SteadyState:
    """Flows of every stream in kg/s, (constituents, scenarios), and how they were found."""

    streams: Streams
    parameters: Mapping[str, Parameters]
    varied: Mapping[str, float]
    iterations: int
    mismatch: float
    """Largest difference left at a torn inlet, relative to the feed of that constituent."""


class _Point(NamedTuple):
    """Unknowns and what one pass makes of them."""

    flows: Floats
    logs: Floats
    streams: Streams
    residual: Floats
    """Found minus assumed at the torn inlets, kg/s."""
    misses: Floats
    """Logarithm of value over target, per specification."""


class _System:
    """The equations of one circuit as a vector function with a Jacobian."""

    def __init__(self, circuit: Circuit, specs: Sequence[Spec]) -> None:
        self.circuit = circuit
        self.specs = specs
        self.derivatives = Derivatives(circuit)
        self.rows = len(circuit.slate.names)
        self.active = np.zeros(len(circuit.torn) * self.rows, dtype=bool)
        self.start_values = {
            spec.path: float(getattr(circuit.flowsheet.units[unit], parameter))
            for spec in specs
            for unit, parameter, _ in [split_path(spec.path, circuit.flowsheet.units)]
        }

    def tears(self, flows: Floats) -> list[Array]:
        return [
            flows[i * self.rows : (i + 1) * self.rows, None] for i in range(len(flows) // self.rows)
        ]

    def parameters(self, logs: Any) -> dict[str, Parameters]:
        """Parameters with the varied ones replaced; ``logs`` is (specs,) or (specs, directions)."""
        parameters = dict(self.circuit.parameters)
        for spec, log in zip(self.specs, logs, strict=True):
            unit, name, _ = split_path(spec.path, self.circuit.flowsheet.units)
            value = self.start_values[spec.path] * np.exp(log)
            parameters[unit] = parameters[unit].replaced({name: value})
        return parameters

    def evaluate(self, flows: Floats, logs: Floats) -> tuple[Streams, Floats, Floats]:
        """One pass: streams, found minus assumed at the tears, misses of the specifications."""
        streams = self.circuit.run(self.tears(flows), self.parameters(logs))
        return streams, self.found(streams) - flows, self.misses(streams)

    def found(self, streams: Streams) -> Floats:
        found = self.circuit.found(streams)
        return np.concatenate([mass[:, 0] for mass in found]) if found else np.zeros(0)

    def misses(self, streams: Streams) -> Floats:
        misses = [spec.miss(self.circuit.slate, streams)[0] for spec in self.specs]
        return np.array(misses, dtype=float)

    def jacobian(self, flows: Floats, logs: Floats) -> tuple[Floats, Floats]:
        """Derivatives of found and of misses by the active flows and the logs."""
        unknowns = np.flatnonzero(self.active)
        columns = len(unknowns) + len(self.specs)
        directions = np.zeros((len(flows), columns))
        directions[unknowns, np.arange(len(unknowns))] = 1.0
        log_directions = np.zeros((len(self.specs), columns))
        log_directions[np.arange(len(self.specs)), len(unknowns) + np.arange(len(self.specs))] = 1.0
        parameters = self.parameters(logs[:, None] + 1j * IMAGINARY_STEP * log_directions)
        each = [
            directions[i * self.rows : (i + 1) * self.rows] for i in range(len(self.circuit.torn))
        ]
        streams = self.derivatives.run(self.tears(flows), each, parameters)
        found = self.circuit.found(streams)
        by_flows = np.zeros((len(flows), columns))
        for i, mass in enumerate(found):
            by_flows[i * self.rows : (i + 1) * self.rows] = np.imag(mass) / IMAGINARY_STEP
        by_misses = np.zeros((len(self.specs), columns))
        for i, spec in enumerate(self.specs):
            by_misses[i] = np.imag(spec.miss(self.circuit.slate, streams)) / IMAGINARY_STEP
        return by_flows[unknowns], by_misses

    def scale(self, streams: Streams) -> Floats:
        """What a mismatch is compared with: the feed of that constituent, see docs/solver.md."""
        fed = np.zeros(self.rows)
        for name in self.circuit.flowsheet.entering:
            fed = fed + streams[name].real[:, 0]
        largest = float(fed.max()) or 1.0
        return np.tile(np.maximum(fed, 1e-3 * largest), len(self.circuit.torn))


def steady_state(flowsheet: Flowsheet, specs: Sequence[Spec] = ()) -> SteadyState:
    """Solve a flowsheet, with specifications met; raise SolveError with a diagnosis."""
    for spec in specs:
        spec.check(flowsheet)
    circuit = Circuit(flowsheet)
    plain = _System(circuit, ())
    flows, passes = _first_passes(plain)
    flows, none, iterations = _newton(plain, flows, np.zeros(0))
    system = plain
    logs = none
    if specs:
        system = _System(circuit, specs)
        system.active, system.derivatives = plain.active, plain.derivatives
        flows, logs = _scaled_start(system, flows)
        flows, logs, more = _newton(system, flows, logs)
        iterations += more
    streams, residual, _ = system.evaluate(flows, logs)
    mismatch = np.max(np.abs(residual) / system.scale(streams)) if residual.size else 0.0
    varied = {
        spec.path: system.start_values[spec.path] * float(np.exp(log))
        for spec, log in zip(specs, logs, strict=True)
    }
    negative_flow(circuit, streams)
    return SteadyState(
        streams, system.parameters(logs), varied, passes + iterations, float(mismatch)
    )


def _first_passes(system: _System) -> tuple[Floats, int]:
    """Pass from empty recycles until no new constituent turns up; mark those that flow.

    A constituent that no feed reaches stays out of the equations: its flow is zero, and a lossless
    loop would make the matrix singular although zero is the answer.
    """
    flows = np.zeros(system.active.size)
    logs = np.zeros(len(system.specs))
    for count in range(1, MAX_FIRST_PASSES + 1):
        _, change, _ = system.evaluate(flows, logs)
        flows = flows + change
        reached = flows != 0.0
        if np.array_equal(reached, system.active):
            return flows, count
        system.active = reached | system.active
    raise SolveError("new species keep turning up in the recycles; no steady state was tried")


def _scaled_start(system: _System, flows: Floats) -> tuple[Floats, Floats]:
    """Start a specification from scaling the whole plant, if that comes closer."""
    logs = np.zeros(len(system.specs))
    _, _, misses = system.evaluate(flows, logs)
    factor = float(np.exp(-misses[0]))
    scaled_logs = logs - misses[0]
    try:
        _, residual, scaled_misses = system.evaluate(flows * factor, scaled_logs)
    except SolveError:
        return flows, logs
    closer = np.max(np.abs(scaled_misses)) < np.max(np.abs(misses))
    steady = residual.size == 0 or np.max(np.abs(residual)) <= 1e-3 * np.max(flows * factor)
    return (flows * factor, scaled_logs) if closer and steady else (flows, logs)


def _newton(system: _System, flows: Floats, logs: Floats) -> tuple[Floats, Floats, int]:
    """Newton's method with halved steps; one more correction after convergence."""
    point = _Point(flows, logs, *system.evaluate(flows, logs))
    if not system.active.any() and not system.specs:
        return flows, logs, 0
    matrix = None
    for iteration in range(1, MAX_ITERATIONS + 1):
        error = _error(point, system.scale(point.streams))
        if matrix is None or error >= TOLERANCE:
            by_flows, by_misses = system.jacobian(point.flows, point.logs)
            matrix = np.vstack([np.eye(*by_flows.shape) - by_flows, by_misses])
        if iteration == 1 and not system.specs:
            _check_ways_out(system, point, by_flows)
        correction = _correction(system, matrix, point)
        if correction is None:
            break
        if error < TOLERANCE:
            return *_stepped(system, point, correction, 1.0), iteration
        point = _line_search(system, point, matrix, correction)
    tears, parameters = system.tears(point.flows), system.parameters(point.logs)
    raise SolveError(growth(system.circuit, tears, parameters))


def _check_ways_out(system: _System, point: _Point, by_flows: Floats) -> None:
    """Refuse a loop that keeps all it is given, if it does so with little and with much in it.

    A unit that is full, or saturated with something else, passes on nothing more just there.
    """
    for factor in (1e-3, 3.0):
        try:
            no_way_out(system.circuit, system.active, by_flows)
        except SolveError:
            by_flows, _ = system.jacobian(factor * point.flows, point.logs)
        else:
            return
    no_way_out(system.circuit, system.active, by_flows)


def _error(point: _Point, scale: Floats) -> float:
    """Largest mismatch of any equation, each against its own measure."""
    parts = np.concatenate([np.abs(point.residual) / scale, np.abs(point.misses), np.zeros(1)])
    error = float(np.max(parts))
    return error if np.isfinite(error) else np.inf


def _correction(system: _System, matrix: Floats, point: _Point) -> Floats | None:
    """Solve (I - dG/dx) dx = G - x, with the rows of the specifications below.

    Returns None where the matrix is singular: more of something can neither leave nor be used.
    """
    right = np.concatenate([point.residual[system.active], -point.misses])
    try:
        correction: Floats = np.linalg.solve(matrix, right)
    except np.linalg.LinAlgError:
        for spec, row in zip(reversed(system.specs), matrix[::-1], strict=False):
            if not row.any():
                raise SolveError(
                    f"{spec.path} does not influence {spec.target.flow}; vary another parameter"
                ) from None
        return None
    return correction


def _stepped(
    system: _System, point: _Point, correction: Floats, share: float
) -> tuple[Floats, Floats]:
    """Apply a share of a correction; a flow that would turn negative falls to a tenth instead."""
    count = len(correction) - len(point.logs)
    flows = point.flows.copy()
    moved = flows[system.active] + share * correction[:count]
    flows[system.active] = np.where(moved < 0.0, 0.1 * flows[system.active], moved)
    return flows, point.logs + share * correction[count:]


def _line_search(system: _System, point: _Point, matrix: Floats, correction: Floats) -> _Point:
    """Take the largest halved step after which Newton would correct less; else one plain pass.

    Steps are judged by the correction that the same matrix would make next (the natural level
    function of Deuflhard, Newton Methods for Nonlinear Problems, 2004): it does not depend on
    how equations are scaled, which a recycle of many times its feed would spoil.
    """
    count = len(correction) - len(point.logs)
    measure = np.maximum(np.abs(point.flows), system.scale(point.streams))[system.active]
    weights = np.concatenate([measure, np.ones(len(point.logs))])
    size = float(np.linalg.norm(correction / weights))
    largest = float(np.max(np.abs(correction[count:]), initial=0.0))
    share = min(1.0, MAX_LOG_STEP / largest) if largest > 0.0 else 1.0
    for _ in range(8):
        flows, logs = _stepped(system, point, correction, share)
        tried = _Point(flows, logs, *system.evaluate(flows, logs))
        following = _correction(system, matrix, tried)
        if following is not None and np.linalg.norm(following / weights) < (1 - share / 4) * size:
            return tried
        share *= 0.5
    passed = point.flows + point.residual
    return _Point(passed, point.logs, *system.evaluate(passed, point.logs))
