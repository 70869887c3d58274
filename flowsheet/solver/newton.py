"""Newton's method on the equations of a steady state, and when to say that there is none.

See docs/solver.md for what convergence means.
"""

import numpy as np

from flowsheet.core.errors import SolveError
from flowsheet.solver.diagnosis import growth, no_way_out, unmet
from flowsheet.solver.system import Floats, Point, System

TOLERANCE = 1e-10
MAX_ITERATIONS = 60
MAX_LOG_STEP = 1.5
NO_INFLUENCE = 1e-10
"""A relative change of the target per relative change of the parameter that counts as none."""


def newton(system: System, flows: Floats, logs: Floats) -> tuple[Floats, Floats, int]:
    """Newton's method with halved steps; one more correction after convergence."""
    if system.specs:
        flows, logs = _influential(system, flows, logs)
    point = Point(flows, logs, *system.evaluate(flows, logs))
    if not system.active.any() and not system.specs:
        return flows, logs, 0
    matrix = None
    for iteration in range(1, MAX_ITERATIONS + 1):
        error = _error(point, system.scale(point.streams))
        if matrix is None or error >= TOLERANCE:
            by_flows, by_misses = system.jacobian(point.flows, point.logs)
            matrix = _matrix(by_flows, by_misses)
        if iteration == 1 and not system.specs:
            _check_ways_out(system, point, by_flows)
        correction = _correction(system, matrix, point)
        if correction is None:
            break
        if error < TOLERANCE:
            return *_stepped(system, point, correction, 1.0), iteration
        point = _line_search(system, point, matrix, correction)
    if system.specs:
        raise SolveError(unmet(system.circuit, system.specs, point.logs, point.streams))
    tears, parameters = system.tears(point.flows), system.parameters(point.logs)
    raise SolveError(growth(system.circuit, tears, parameters))


def _check_ways_out(system: System, point: Point, by_flows: Floats) -> None:
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


def _error(point: Point, scale: Floats) -> float:
    """Largest mismatch of any equation, each against its own measure."""
    parts = np.concatenate([np.abs(point.residual) / scale, np.abs(point.misses), np.zeros(1)])
    error = float(np.max(parts))
    return error if np.isfinite(error) else np.inf


def _matrix(by_flows: Floats, by_misses: Floats) -> Floats:
    return np.vstack([np.eye(*by_flows.shape) - by_flows, by_misses])


def _influential(system: System, flows: Floats, logs: Floats) -> tuple[Floats, Floats]:
    """Return a start at which every varied parameter moves a target, by way of the recycles too.

    A full or saturated unit may hide the influence at the first point: less and more are tried.
    """
    silent: list[int] = []
    for shift in (0.0, -2.0, 2.0):
        try:
            at = flows if shift == 0.0 else _plain_at(system, flows * np.exp(shift), logs + shift)
            silent = _without_influence(system, _matrix(*system.jacobian(at, logs + shift)))
        except SolveError:
            continue
        if not silent:
            return at, logs + shift
    if silent:
        spec = system.specs[silent[0]]
        raise SolveError(
            f"{spec.path} does not influence {spec.target.flow}; vary another parameter"
        )
    return flows, logs


def _plain_at(system: System, flows: Floats, logs: Floats) -> Floats:
    """Solve with the varied parameters held where they are."""
    held = System(system.circuit.with_parameters(system.parameters(logs)), ())
    held.active, held.derivatives = system.active, system.derivatives
    return newton(held, flows, np.zeros(0))[0]


def _without_influence(system: System, matrix: Floats) -> list[int]:
    """Specifications whose parameter moves no target."""
    count = int(system.active.sum())
    try:
        returned = np.linalg.solve(matrix[:count, :count], matrix[:count, count:])
    except np.linalg.LinAlgError:
        return []  # the recycles themselves have no unique solution here; Newton says so
    influence = matrix[count:, count:] - matrix[count:, :count] @ returned
    return [i for i in range(len(system.specs)) if np.max(np.abs(influence[:, i])) < NO_INFLUENCE]


def _correction(system: System, matrix: Floats, point: Point) -> Floats | None:
    """Solve (I - dG/dx) dx = G - x, with the rows of the specifications below.

    Returns None where the matrix is singular: more of something can neither leave nor be used.
    """
    right = np.concatenate([point.residual[system.active], -point.misses])
    try:
        correction: Floats = np.linalg.solve(matrix, right)
    except np.linalg.LinAlgError:
        return None
    return correction


def _stepped(
    system: System, point: Point, correction: Floats, share: float
) -> tuple[Floats, Floats]:
    """Apply a share of a correction; a flow that would turn negative falls to a tenth instead."""
    count = len(correction) - len(point.logs)
    flows = point.flows.copy()
    moved = flows[system.active] + share * correction[:count]
    flows[system.active] = np.where(moved < 0.0, 0.1 * flows[system.active], moved)
    return flows, point.logs + share * correction[count:]


def _line_search(system: System, point: Point, matrix: Floats, correction: Floats) -> Point:
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
        tried = Point(flows, logs, *system.evaluate(flows, logs))
        following = _correction(system, matrix, tried)
        if following is not None and np.linalg.norm(following / weights) < (1 - share / 4) * size:
            return tried
        share *= 0.5
    passed = point.flows + point.residual
    return Point(passed, point.logs, *system.evaluate(passed, point.logs))
