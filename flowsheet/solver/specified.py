"""Newton's method where targets are to be met: from which start, and what is wrong if they are not.

The varied parameters are unknowns beside the flows, in the same matrix.
"""

import numpy as np

from flowsheet.core.errors import FlowsheetError, SolveError
from flowsheet.solver.diagnosis import at_bound, check_ways_out, explained, unmet
from flowsheet.solver.equations import Equations, Floats, Point
from flowsheet.solver.newton import Converged, ConvergenceError, newton
from flowsheet.solver.transient import newton_or_transient

NO_INFLUENCE = 1e-10
"""A relative change of the target per relative change of the parameter that counts as none."""


def newton_with_specs(equations: Equations, flows: Floats) -> Converged:
    """Meet the targets from a first guess of the flows, else from the steady state as written."""
    try:
        logs = np.zeros((len(equations.specs), 1))
        solved = newton(equations, scaled_start(equations, flows, logs))
    except FlowsheetError:
        solved = None
    if solved is None or solved.at_bound.any():
        solved = _from_plain(equations, flows)
    check_ways_out(equations, solved.point)
    return solved


def _from_plain(equations: Equations, flows: Floats) -> Converged:
    """Solve the plant as written first; say what is wrong if the targets are not met from there."""
    logs = np.zeros((len(equations.specs), 1))
    try:
        plain = _plain_at(equations, flows, logs)
    except ConvergenceError as failure:
        raise explained(_held(equations, logs), failure) from failure
    flows, logs = _influential(equations, plain)
    start = equations.evaluate(flows, logs)
    if not logs.any():
        start = scaled_start(equations, flows, logs)
    try:
        solved = newton(equations, start)
    except ConvergenceError as failure:
        raise SolveError(unmet(equations, failure.last)) from failure
    if solved.at_bound.any():
        raise SolveError(at_bound(equations, solved))
    return solved


def _held(equations: Equations, logs: Floats) -> Equations:
    """The equations with the varied parameters held where they are."""
    held: Equations = type(equations)(  # type: ignore[call-arg]
        equations.circuit, feed_share=equations.feed_share
    )
    held.given = equations.parameters(logs)
    held.active = equations.active
    held.thorough = equations.thorough
    return held


def _plain_at(equations: Equations, flows: Floats, logs: Floats) -> Floats:
    """Solve with the varied parameters held where they are."""
    return newton_or_transient(_held(equations, logs), flows).point.flows


def _influential(equations: Equations, flows: Floats) -> tuple[Floats, Floats]:
    """Return a start at which every varied parameter moves a target, by way of the recycles too.

    A full or saturated unit may hide the influence at the first point: less and more are tried.
    """
    silent: list[int] = []
    none = np.zeros((len(equations.specs), 1))
    for shift in (0.0, -2.0, 2.0):
        logs = np.clip(none + shift, *equations.log_bounds)
        try:
            at = flows if shift == 0.0 else _plain_at(equations, flows * np.exp(shift), logs)
            influence = equations.linearised(equations.evaluate(at, logs)).influence()
        except FlowsheetError:
            continue
        if influence is None:
            return at, logs  # the recycles have no unique solution here; Newton says so
        silent = [int(i) for i in np.flatnonzero(np.max(np.abs(influence), axis=0) < NO_INFLUENCE)]
        if not silent:
            return at, logs
    if silent:
        spec = equations.specs[silent[0]]
        raise SolveError(
            f"{spec.path} does not influence {spec.target.measure}; vary another parameter"
        )
    return flows, none


def scaled_start(equations: Equations, flows: Floats, logs: Floats) -> Point:
    """Start from scaling the whole plant by the first target, if that comes closer."""
    here = equations.evaluate(flows, logs)
    size = float(-here.misses[0, 0])
    try:
        shift = np.clip(logs + size, *equations.log_bounds)
        there = equations.evaluate(flows * np.exp(size), shift)
    except FlowsheetError:
        return here
    closer = np.max(np.abs(there.misses)) < np.max(np.abs(here.misses))
    before = np.max(np.abs(here.residual), initial=0.0)
    steady = np.max(np.abs(there.residual), initial=0.0) <= 2.0 * before * np.exp(size) + 1e-300
    return there if closer and steady else here
