"""How much the recycles of a solution return, and how far it may be from the truth.

With dG/dx what comes back at the torn inlets per unit of what they are given, the loop gain is the
spectral radius of dG/dx: the share of a disturbance that is left after one pass. A mismatch r is
an error (I - dG/dx)^-1 r of the flows; what remains of r in floating-point numbers is a few
roundings of the flows themselves.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from flowsheet.core.errors import SolveError
from flowsheet.solver.diagnosis import SUSPECT
from flowsheet.solver.equations import Equations, Floats, Point
from flowsheet.solver.network import Network
from flowsheet.solver.newton import TRACE
from flowsheet.solver.torn import FEW_UNITS, Torn

HIGH_GAIN = 0.999
"""Above this a result depends on a thousandfold of what its parameters leave open."""
WORTHLESS = 1e-3
"""True error above which what was found is no solution."""
DENSE_UP_TO = 300
"""Unknowns at torn inlets up to which all eigenvalues are calculated."""
KRYLOV = 80
"""Passes from which eigenvalues of more unknowns are sought."""
EXACT = 1e-8
"""Share of an eigenvalue that is taken for none."""
STILL_DENSE = 1000
"""Unknowns at torn inlets up to which their matrix is dense, in plants of few units."""
_ROUNDING = 2.0 * float(np.finfo(float).eps)


class Gain(NamedTuple):
    """Loop gain, true error, and where each is."""

    loop: float
    """Spectral radius of dG/dx; 0 without recycles."""
    species: str
    unit: str
    """Constituent and torn inlet in which a disturbance stays longest."""
    error: float
    """Estimate of the largest relative error of any recycled flow above a millionth of its feed."""


NO_RECYCLE = Gain(0.0, "", "", 0.0)


def refuse_unsure(equations: Equations, point: Point) -> None:
    """Raise SolveError for a solution whose loops hold so much that it says nothing.

    A loop that is overloaded by little fills until a rounding of what goes round is as much as what
    is too much: numbers that fulfil the equations, and no steady state.
    """
    flows = np.abs(point.flows)
    if not (flows > SUSPECT * equations.scale(point.streams)).any():
        return
    found = gain(equations, point)
    if found.error > WORTHLESS:
        held = float(np.max(flows)) * 3.6
        raise SolveError(
            f"no steady state: {found.species} builds up at '{found.unit}', past {held:.2g} t/h "
            f"without an end; more comes back than leaves: add a bleed or relieve the loop"
        )


def gain(equations: Equations, point: Point) -> Gain:
    """Loop gain and true error at a solution.

    Raises SolveError where a unit cannot be differentiated there, or the recycles have no unique
    solution.
    """
    circuit = equations.circuit
    torn = Torn(circuit, (), equations.feed_share)
    torn.given = equations.parameters(point.logs)
    flows = torn.found(point.streams, 1)
    torn.active = flows[:, 0] != 0.0
    if not torn.active.any():
        return NO_RECYCLE
    if int(torn.active.sum()) > STILL_DENSE or len(circuit.steps) > FEW_UNITS:
        network = Network(circuit, (), equations.feed_share)
        network.given = torn.given
        return _of_network(network, point)
    here = torn.evaluate(flows, np.zeros((0, 1)))
    linear = torn.linearised(here)
    returned, unknowns = linear.returned()
    radius, strongest = _spectral_radius(lambda disturbance: returned @ disturbance, len(unknowns))
    place = int(unknowns[strongest])
    held, mismatch = _held(torn, here, unknowns)
    size = len(unknowns)
    try:
        spread = np.abs(np.linalg.inv(linear.matrix[:size, :size])) @ mismatch
    except np.linalg.LinAlgError as error:
        raise SolveError("the recycles have no unique solution at this point") from error
    return _named(torn, place, radius, float(np.max(spread / held)))


def _of_network(network: Network, point: Point) -> Gain:
    """The same for a large plant, whose torn inlets are too many for a dense matrix.

    What comes back at torn inlets t by way of all others n is J_tt + J_tn (I - J_nn)^-1 J_nt. What
    returns is not negative, so neither is (I - J)^-1, and its product with the mismatch needs no
    absolute values.
    """
    from scipy.sparse.csgraph import connected_components

    streams = point.streams
    flows = np.concatenate([network.circuit.inlet(n, streams) for n in network.layout.entering_of])
    network.active = flows[:, 0] != 0.0
    here = network.evaluate(flows, np.zeros((0, 1)))
    linear = network.linearised(here)
    returned, unknowns = linear.returned()
    torn = set(network.circuit.torn)
    is_torn = np.array([network.inlets[each // network.rows] in torn for each in unknowns])
    if not is_torn.any():
        return NO_RECYCLE
    # Loop by loop: of many alike in a row no method finds the eigenvalues together.
    _, loop_of = connected_components(returned, connection="strong")
    loops = [loop for loop in _alike(loop_of) if is_torn[loop].any()]
    found = [_strongest(returned, loop[is_torn[loop]], loop[~is_torn[loop]]) for loop in loops]
    largest, inlet = max(found)
    place = int(unknowns[inlet])
    held, mismatch = _held(network, here, unknowns)
    right = np.zeros(len(flows))
    right[unknowns] = mismatch
    spread = np.abs(linear.solve(right)[unknowns])
    return _named(network, place, largest, float(np.max(spread / held)))


def _alike(labels: NDArray[np.int32]) -> list[NDArray[np.intp]]:
    """Places that carry the same label."""
    order = np.argsort(labels, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)


def _strongest(returned: Any, t: NDArray[np.intp], n: NDArray[np.intp]) -> tuple[float, int]:
    """Spectral radius of what comes back at the torn unknowns of one loop, and the place of it."""
    from scipy.sparse import csc_array, eye_array
    from scipy.sparse.linalg import splu

    tt, tn, nt = returned[t][:, t], returned[t][:, n], returned[n][:, t]
    through = splu(csc_array(eye_array(n.size) - returned[n][:, n])) if n.size else None

    def passed(disturbance: Floats) -> Floats:
        back: Floats = tt @ disturbance
        return back + tn @ through.solve(nt @ disturbance) if through else back

    radius, place = _spectral_radius(passed, t.size)
    return radius, int(t[place])


def _spectral_radius(passed: Callable[[Floats], Floats], size: int) -> tuple[float, int]:
    """Spectral radius of a linear map, and where its vector is largest."""
    values = None
    if size > DENSE_UP_TO:
        found = _by_arnoldi(passed, size)
        if found is not None:
            return found
        from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigs

        operator = LinearOperator((size, size), matvec=passed, dtype=float)
        try:
            values, vectors = eigs(operator, k=1, v0=np.ones(size), tol=1e-8)
        except ArpackNoConvergence:
            values = None
    if values is None:
        values, vectors = np.linalg.eig(passed(np.eye(size)))
    largest = int(np.argmax(np.abs(values)))
    return float(np.abs(values[largest])), int(np.argmax(np.abs(vectors[:, largest])))


def _by_arnoldi(passed: Callable[[Floats], Floats], size: int) -> tuple[float, int] | None:
    """The same from one Krylov space; None where that is too small to tell.

    W. E. Arnoldi, Quart. Appl. Math. 9 (1951) 17-29. Most plants need no more, and scipy, which
    goes on from there, takes longer to import than a plant to solve.
    """
    basis = np.zeros((KRYLOV + 1, size))
    basis[0] = 1.0 / np.sqrt(size)
    inside = np.zeros((KRYLOV + 1, KRYLOV))
    for count in range(1, KRYLOV + 1):
        new = passed(basis[count - 1])
        length = np.linalg.norm(new)
        for _ in range(2):  # once more takes off what roundings left
            shares = basis[:count] @ new
            inside[:count, count - 1] += shares
            new = new - shares @ basis[:count]
        rest = inside[count, count - 1] = np.linalg.norm(new)
        if rest <= EXACT * length:
            break
        basis[count] = new / rest
    values, vectors = np.linalg.eig(inside[:count, :count])
    largest = int(np.argmax(np.abs(values)))
    radius = float(np.abs(values[largest]))
    if rest * np.abs(vectors[-1, largest]) > EXACT * radius:
        return None
    return radius, int(np.argmax(np.abs(vectors[:, largest] @ basis[:count])))


def _held(equations: Equations, point: Point, unknowns: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """What flows are compared with, and their mismatch with what roundings may hide.

    Compared with the flow itself, or a millionth of what is fed if that is more.
    """
    flows = np.abs(point.flows[unknowns, 0])
    held = np.maximum(flows, TRACE * equations.scale(point.streams)[unknowns, 0])
    return held, np.abs(point.residual[unknowns, 0]) + _ROUNDING * flows


def _named(equations: Equations, place: int, loop: float, error: float) -> Gain:
    species = equations.circuit.slate.labels[place % equations.rows]
    return Gain(loop, species, equations.inlets[place // equations.rows].unit, error)
