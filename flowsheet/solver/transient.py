"""Following the plant in time: the way to a steady state that Newton's method cannot leap to.

Where flows saturate and nearly everything comes back, a Newton step taken from an empty plant leads
astray; the plant itself does not. The recycles follow dx/dt = G(x) - x, one pass through the plant
being the unit of time, by linearised implicit Euler steps

    ((1 + 1/step) I - dG/dx) dx = G(x) - x

whose length grows while flows change little and shrinks when they change much (pseudo-transient
continuation: Kelley and Keyes, SIAM J. Numer. Anal. 35 (1998) 508-523). Long steps are Newton's.
"""

import numpy as np

from flowsheet.core.errors import SolveError
from flowsheet.solver.equations import Equations, Floats
from flowsheet.solver.newton import (
    TOLERANCE,
    Converged,
    ConvergenceError,
    error_of,
    newton,
    not_negative,
)

FIRST_STEP = 1.0
LONGEST_STEP = 1e12
SHORTEST_STEP = 1e-3
MUCH = 2.0
"""Change of a flow over the flow, or its feed if that is more, above which steps shrink."""
MAX_STEPS = 120
WITHOUT_END = 1e12
"""Times its feed that a loop may hold before it is taken to fill for ever."""


def newton_or_transient(equations: Equations, flows: Floats) -> Converged:
    """Newton's method; where it fails, from where the plant comes to rest.

    Raises the failure of the first attempt.
    """
    none = np.zeros((0, 1))
    try:
        return newton(equations, equations.evaluate(flows, none))
    except ConvergenceError as failure:
        try:
            rest = _at_rest(equations, flows)
            if rest is not None:
                return newton(equations, equations.evaluate(rest, none))
        except SolveError:
            pass  # the plant cannot be followed either
        raise failure from None


def _at_rest(equations: Equations, flows: Floats) -> Floats | None:
    """Follow the plant from some flows until it stands still; None if it does not."""
    none, free = np.zeros((0, 1)), np.zeros(0, dtype=bool)
    step = FIRST_STEP
    for _ in range(MAX_STEPS):
        point = equations.evaluate(flows, none)
        error = error_of(equations, point)
        if error < TOLERANCE:
            return flows
        if not np.isfinite(error):
            return None
        equations.active = equations.active | (point.residual[:, 0] != 0.0)
        correction = equations.linearised(point, 1.0 / step).correction(point.residual, none, free)
        if correction is None:
            return None
        moved = flows + correction[0]
        after = not_negative(flows, moved)
        if (moved < 0.0).any() and step > SHORTEST_STEP:
            step *= 0.3
        scale = equations.scale(point.streams)
        if (after > WITHOUT_END * scale).any():
            return None
        measure = np.maximum(flows, scale)
        change = float(np.max(np.abs(after - flows) / measure))
        much = change > MUCH and step > 10.0 * SHORTEST_STEP
        step = 0.5 * step if much else min(3.0 * step, LONGEST_STEP)
        flows = after
    return None
