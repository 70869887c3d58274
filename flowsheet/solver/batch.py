"""Many scenarios at once through the same units.

Every array is (constituents, scenarios). One solve at the nominal parameters gives the inverse of
its Newton matrix; all scenarios are then corrected with that inverse, which needs one pass through
the units per correction whatever their number, and accelerated per scenario by Anderson's method
(J. ACM 12 (1965) 547-560) over the last corrections. A scenario that does not converge so is
solved by Newton alone; one that cannot be solved becomes not-a-number, with its reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from flowsheet.core.errors import FlowsheetError
from flowsheet.core.unit import Parameters
from flowsheet.solver.circuit import Circuit, Streams
from flowsheet.solver.diagnosis import check_flows
from flowsheet.solver.newton import newton
from flowsheet.solver.system import Floats, System

MAX_CORRECTIONS = 40
_ROUNDING = float(np.finfo(float).eps)
BATCH_TOLERANCE = 1e-11
"""Mismatch over the feed of each constituent; the last correction is less exact than Newton's."""
REMEMBERED = 3
"""Corrections that Anderson's method looks back on."""
CHUNK_BYTES = 80_000
"""Size of one flow array that stays in the cache of a processor."""

Varied = Mapping[str, Mapping[str, Floats]]
"""Unit -> parameter -> values, (scenarios,) or (constituents, scenarios)."""


@dataclass(frozen=True)
class Batch:
    """Flows of every stream, (constituents, scenarios), and why scenarios have none."""

    streams: Streams
    failed: Mapping[int, str]


def solve_batch(circuit: Circuit, varied: Varied, count: int) -> Batch:
    """Solve ``count`` scenarios of a circuit; failed ones are not-a-number with their reason."""
    nominal = System(circuit, ())
    flows, _ = nominal.first_passes()
    flows, _, _ = newton(nominal, flows, np.zeros(0))
    by_flows, _ = nominal.jacobian(flows, np.zeros(0))
    inverse = np.asarray(np.linalg.inv(np.eye(len(by_flows)) - by_flows), dtype=float)
    fed = nominal.fed(nominal.evaluate(flows, np.zeros(0))[0]) > 0.0
    rows = len(circuit.slate.names)
    size = max(1, CHUNK_BYTES // (8 * rows))
    chunks = [range(start, min(start + size, count)) for start in range(0, count, size)]
    streams: Streams = {}
    failed: dict[int, str] = {}
    for chunk in chunks:
        some = pick(varied, np.array(chunk))
        found, reasons = _solve_chunk(nominal, _Start(flows, inverse, fed), some, len(chunk))
        failed |= {chunk[column]: reason for column, reason in reasons.items()}
        for name, mass in found.items():
            whole = streams.setdefault(name, np.full((rows, count), np.nan))
            whole[:, chunk.start : chunk.stop] = mass
    return Batch(streams, failed)


def _with(circuit: Circuit, varied: Varied) -> dict[str, Parameters]:
    parameters = dict(circuit.parameters)
    for unit, values in varied.items():
        parameters[unit] = parameters[unit].replaced(values)
    return parameters


class _Start(NamedTuple):
    """The nominal solution, from which all scenarios start."""

    flows: Floats
    inverse: Floats
    """Of the Newton matrix."""
    fed: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
    """Which constituents enter, (constituents, 1)."""


def _solve_chunk(
    nominal: System, start: _Start, varied: Varied, count: int
) -> tuple[Streams, dict[int, str]]:
    circuit = nominal.circuit
    try:
        flows, left = _corrected(nominal, start, _with(circuit, varied), count)
    except FlowsheetError:  # a unit refuses one of them: find out which by solving each alone
        flows, left = np.repeat(start.flows[:, None], count, axis=1), np.ones(count, dtype=bool)
    failed: dict[int, str] = {}
    for column in np.flatnonzero(left):
        try:
            flows[:, column] = _alone(nominal, start.flows, pick(varied, np.array([column])))
        except FlowsheetError as error:
            failed[int(column)] = str(error)
    solved = np.array([column for column in range(count) if column not in failed], dtype=int)
    shape = (len(circuit.slate.names), count)
    streams = {name: np.full(shape, np.nan) for name in _stream_names(circuit)}
    if solved.size:
        kept = _with(circuit, pick(varied, solved))
        found = circuit.run(_tears(nominal, flows[:, solved]), kept)
        for name, mass in found.items():
            streams[name][:, solved] = mass
        for column in solved[_that_cannot_be(found, solved.size)]:
            failed[int(column)] = _reason(circuit, streams, int(column))
            for mass in streams.values():
                mass[:, column] = np.nan
    return streams, failed


def _that_cannot_be(streams: Streams, count: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Scenarios with a flow that is negative or not a number."""
    bad = np.zeros(count, dtype=bool)
    for mass in streams.values():
        bad |= (~np.isfinite(mass) | (mass < 0.0)).any(axis=0)
    return bad


def _reason(circuit: Circuit, streams: Streams, column: int) -> str:
    try:
        check_flows(circuit, {name: mass[:, [column]] for name, mass in streams.items()})
    except FlowsheetError as error:
        return str(error)
    return "a flow cannot be"


def _corrected(
    system: System, start: _Start, parameters: Mapping[str, Parameters], count: int
) -> tuple[Floats, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Correct all scenarios together; return their flows and which have not converged."""
    active = system.active
    flows = np.repeat(start.flows[:, None], count, axis=1)
    history: list[tuple[Floats, Floats]] = []
    last: tuple[Floats, Floats] | None = None
    finished = np.zeros(count, dtype=bool)
    other = np.zeros(count, dtype=bool)
    for _ in range(MAX_CORRECTIONS):
        streams = system.circuit.run(_tears(system, flows), parameters)
        if last is None:
            # Another set of constituents makes another system: such scenarios are solved alone.
            other = ((system.fed(streams, count) > 0.0) != start.fed).any(axis=0)
        residual = _found(system, streams, count) - flows
        scale = _scale(system, streams, count)
        mismatch = np.max(np.abs(residual) / scale, axis=0, initial=0.0)
        # Where a recycle holds so much that rounding hides the mismatch, nothing is known.
        hidden = np.max(np.abs(flows) / scale, axis=0, initial=0.0) * _ROUNDING
        converged = (mismatch < BATCH_TOLERANCE) & (hidden < BATCH_TOLERANCE)
        step = start.inverse @ residual[active]
        if last is not None:
            history = [*history[1 - REMEMBERED :], (flows[active] - last[0], step - last[1])]
        last = flows[active].copy(), step
        moved = np.where(converged, step, step - _anderson(history, step, scale[active]))
        # One correction after convergence, and none after that: no scenario waits for another.
        flows[active] = _positive(flows[active], np.where(finished, 0.0, moved))
        finished |= converged
        if (finished | other).all():
            break
    return flows, ~finished | other


def _anderson(history: list[tuple[Floats, Floats]], step: Floats, scale: Floats) -> Floats:
    """What the differences of the last corrections take off this one, per scenario."""
    if not history:
        return np.zeros_like(step)
    changes = np.stack([change / scale for _, change in history])  # (remembered, n, scenarios)
    gram = np.einsum("ins,jns->sij", changes, changes)
    right = np.einsum("ins,ns->si", changes, step / scale)
    ridge = 1e-14 * np.trace(gram, axis1=1, axis2=2)[:, None, None] + 1e-300
    weights = np.linalg.solve(gram + ridge * np.eye(len(history)), right[..., None])[..., 0]
    taken = np.zeros_like(step)
    for place, (moved, change) in enumerate(history):
        taken += weights[:, place] * (moved + change)
    return taken


def _positive(flows: Floats, step: Floats) -> Floats:
    moved = flows + step
    return np.where(moved < 0.0, 0.1 * flows, moved)


def _alone(nominal: System, start: Floats, varied: Varied) -> Floats:
    """Solve one scenario by Newton, from the nominal flows, else from empty recycles."""
    circuit = nominal.circuit.with_parameters(_with(nominal.circuit, varied))
    system = System(circuit, ())
    cold, _ = system.first_passes()
    if np.array_equal(system.active, nominal.active):
        try:
            return newton(system, start, np.zeros(0))[0]
        except FlowsheetError:
            pass  # said again below if it fails from there too
    return newton(system, cold, np.zeros(0))[0]


def pick(varied: Varied, columns: np.ndarray[tuple[int], np.dtype[np.int_]]) -> Varied:
    """Return the values of some scenarios."""
    return {
        unit: {name: values[..., columns] for name, values in parameters.items()}
        for unit, parameters in varied.items()
    }


def _tears(system: System, flows: Floats) -> list[Floats]:
    rows = system.rows
    return [flows[i * rows : (i + 1) * rows] for i in range(len(system.circuit.torn))]


def _found(system: System, streams: Streams, count: int) -> Floats:
    found = [np.broadcast_to(m, (system.rows, count)) for m in system.circuit.found(streams)]
    return np.concatenate(found) if found else np.zeros((0, count))


def _scale(system: System, streams: Streams, count: int) -> Floats:
    fed = system.fed(streams, count)
    largest = fed.max(axis=0)
    made_inside = 1e-3 * np.where(largest > 0.0, largest, 1.0)
    return np.tile(np.where(fed > 0.0, fed, made_inside), (len(system.circuit.torn), 1))


def _stream_names(circuit: Circuit) -> list[str]:
    return [*circuit.flowsheet.made_by, *circuit.flowsheet.supplied_to]
