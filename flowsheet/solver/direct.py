"""Plants of linear units: one set of linear equations, whatever flows, and one solution.

The coefficients belong to the plant as its parameters do, and are found once. Each solve runs every
unit on the flows found, and counts as solved only if they are what enters again.
"""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from flowsheet.solver.circuit import Circuit
from flowsheet.solver.diagnosis import SUSPECT, check_ways_out
from flowsheet.solver.equations import Floats, Point
from flowsheet.solver.gain import refuse_unsure
from flowsheet.solver.network import Network
from flowsheet.solver.newton import FINE, FINE_FEED, ROUNDING, TRACE, Converged

_NONE = np.zeros((0, 1))
_FREE = np.zeros(0, dtype=bool)


class Coefficients(NamedTuple):
    """The equations of a plant of linear units."""

    network: Network
    fed: Floats
    """What the feeds bring to each inlet, (unknowns, 1)."""
    matrix: Any
    """I - dG/dx, dense or compressed by columns."""
    feed_limit: Floats
    """Mismatch that does not count, as far as it is a share of the feed."""
    trace: Floats
    """Flow against which less is judged."""
    suspect: Floats
    """Flow that is asked whether anything leaves its loop."""


def solved_directly(circuit: Circuit) -> tuple[Network, Converged] | None:
    """Solve a plant of linear units; None where this does not give what is fine."""
    known = _coefficients(circuit)
    for _ in range(2):
        flows = _solution(known)
        if flows is not None:
            point = known.network.evaluate(np.maximum(flows, 0.0), _NONE)
            if _is_fine(known, point):
                if (point.flows > known.suspect).any():
                    check_ways_out(known.network, point)
                    refuse_unsure(known.network, point)
                return known.network, Converged(point, 1, _FREE)
        # Perhaps only something that no feed reaches goes round without an end.
        known.network.only_reached()
        known = known._replace(matrix=_matrix(known.network, known.fed))
    return None


@lru_cache(maxsize=16)
def _coefficients(circuit: Circuit) -> Coefficients:
    network = Network(circuit)
    start = network.start()
    fed = network.fed_inlets()
    point = network.evaluate(start, _NONE)
    scale = network.scale(point.streams)
    return Coefficients(
        network, fed, _matrix(network, fed), FINE_FEED * scale, TRACE * scale, SUSPECT * scale
    )


def _matrix(network: Network, fed: Floats) -> Any:
    first = Point(np.zeros_like(fed), _NONE, {}, fed, _NONE)
    return network.linearised(first).matrix


def _solution(known: Coefficients) -> Floats | None:
    if isinstance(known.matrix, np.ndarray):
        try:
            return np.asarray(np.linalg.solve(known.matrix, known.fed), dtype=float)
        except np.linalg.LinAlgError:
            return None
    from scipy.sparse.linalg import splu

    try:
        return np.asarray(splu(known.matrix).solve(known.fed))
    except RuntimeError:
        return None


def _is_fine(known: Coefficients, point: Point) -> bool:
    """Whether every unit closes to roundings: the plainest form of ``newton.is_fine``."""
    mismatch = np.abs(point.residual)
    if (mismatch <= ROUNDING * point.flows).all():
        return True
    within = mismatch <= FINE * np.maximum(point.flows, known.trace)
    return bool((within & (mismatch <= known.feed_limit + ROUNDING * point.flows)).all())
