"""How much the recycles of a solution return, and how far it may be from the truth.

With dG/dx what comes back at the torn inlets per unit of what they are given, the loop gain is the
spectral radius of dG/dx: the share of a disturbance that is left after one pass. A mismatch r is
an error (I - dG/dx)^-1 r of the flows; what remains of r in floating-point numbers is a few
roundings of the flows themselves.
"""

from typing import NamedTuple

import numpy as np

from flowsheet.core.errors import SolveError
from flowsheet.solver.equations import Equations, Floats, Point
from flowsheet.solver.torn import Dense, Torn

HIGH_GAIN = 0.999
"""Above this a result depends on a thousandfold of what its parameters leave open."""
_ROUNDING = 2.0 * float(np.finfo(float).eps)


class Gain(NamedTuple):
    """Loop gain, true error, and where each is."""

    loop: float
    """Spectral radius of dG/dx; 0 without recycles."""
    species: str
    unit: str
    """Constituent and torn inlet in which a disturbance stays longest."""
    error: float
    """Estimate of the largest relative error of any recycled flow."""


NO_RECYCLE = Gain(0.0, "", "", 0.0)


def gain(equations: Equations, point: Point) -> Gain:
    """Loop gain and true error at a solution.

    Raises SolveError where a unit cannot be differentiated there.
    """
    torn = Torn(equations.circuit, (), equations.feed_share)
    torn.given = equations.parameters(point.logs)
    flows = torn.found(point.streams, 1)
    torn.active = flows[:, 0] != 0.0
    if not torn.active.any():
        return NO_RECYCLE
    here = torn.evaluate(flows, np.zeros((0, 1)))
    linear = torn.linearised(here)
    returned, unknowns = linear.returned()
    values, vectors = np.linalg.eig(returned)
    largest = int(np.argmax(np.abs(values)))
    place = int(unknowns[np.argmax(np.abs(vectors[:, largest]))])
    return Gain(
        float(np.abs(values[largest])),
        torn.circuit.slate.names[place % torn.rows],
        torn.inlets[place // torn.rows].unit,
        _true_error(linear, here),
    )


def _true_error(linear: Dense, point: Point) -> float:
    """Largest relative error of a recycled flow, from its mismatch and its roundings."""
    flows = np.abs(point.flows[linear.unknowns, 0])
    mismatch = np.abs(point.residual[linear.unknowns, 0]) + _ROUNDING * flows
    size = len(linear.unknowns)
    try:
        spread: Floats = np.abs(np.linalg.inv(linear.matrix[:size, :size]))
    except np.linalg.LinAlgError as error:
        raise SolveError("the recycles have no unique solution at this point") from error
    return float(np.max((spread @ mismatch) / flows))
