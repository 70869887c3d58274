"""Successive passes through a plant, accelerated: for plants of many constituents in few recycles.

Where solids come in size classes, the torn inlets hold hundreds of unknowns and a Newton matrix
costs more than all the passes together. Anderson's method (J. ACM 12 (1965) 547-560, in the form of
Walker and Ni, SIAM J. Numer. Anal. 49 (2011) 1715-1735) needs no derivative: of the last passes it
takes the combination whose mismatch would be least, and goes on from there. On linear equations
it is as fast as GMRES.

It is believed only where it has become exact: the mismatch is down to roundings, and so is the last
step, which a loop that returns nearly everything would still make large.
"""

import numpy as np

from flowsheet.solver.equations import Booleans, Equations, Floats, Point
from flowsheet.solver.newton import FINE_FEED, TRACE, Converged, error_of, is_fine, not_negative

MAX_PASSES = 120
REMEMBERED = 20
"""Passes that are looked back on."""
HOPELESS = 1e-3
"""Mismatch after a third of all passes that is too large for the rest of them."""
ROUGH = 1e-3
"""Mismatch of a start for another solution."""
STEP = 1e-9
"""Last step over the flow itself, or a millionth of its feed, that is taken to be none."""
NO_SMALLER = 0.5
"""A mismatch at its roundings does not fall to this share in one more pass."""


def accelerated(equations: Equations, point: Point, *, roughly: bool = False) -> Converged | None:
    """Solve by accelerated passes; None where they do not become exact, which says nothing.

    ``roughly`` stops when all equations hold to 1e-3.

    A parameter that is varied goes on as if its target were proportional to it, until the passes
    before show better.
    """
    free = np.zeros(len(point.logs), dtype=bool)
    history = _History()
    before, step_before = np.inf, np.inf
    for count in range(1, MAX_PASSES + 1):
        error = error_of(equations, point)
        if not np.isfinite(error) or (count > MAX_PASSES // 3 and error > HOPELESS):
            return None
        equations.active = equations.active | (point.residual[:, 0] != 0.0)
        if roughly and error < ROUGH:
            return Converged(point, count, free)
        settled = is_fine(equations, point) or FINE_FEED > error > NO_SMALLER * before
        if settled and step_before < STEP:
            low, high = equations.log_bounds
            at_bound = ((point.logs <= low) | (point.logs >= high)).any()
            return None if at_bound else Converged(point, count, free)
        size, scale = np.abs(point.flows), equations.scale(point.streams)
        step = history.step(point, equations.active, np.maximum(size, scale))
        flows = not_negative(point.flows, point.flows + step[: len(size)])
        logs = np.clip(point.logs + step[len(size) :], *equations.log_bounds)
        moved = np.abs(flows - point.flows) / np.maximum(size, TRACE * scale)
        step_before = float(max(np.max(moved), np.max(np.abs(logs - point.logs), initial=0.0)))
        before, point = error, equations.evaluate(flows, logs)
    return None


class _History:
    """The last passes, from which the next step is improved."""

    def __init__(self) -> None:
        self.moved: list[Floats] = []
        self.changed: list[Floats] = []
        self.last: tuple[Floats, Floats] | None = None

    def step(self, point: Point, active: Booleans, measure: Floats) -> Floats:
        """The step of flows and logs: what the pass found less what those before take off it.

        ``measure`` is what mismatches are compared with.
        """
        here = np.concatenate([point.flows, point.logs])
        found = np.concatenate([point.residual, -point.misses])
        if self.last is not None:
            self.moved = [*self.moved[1 - REMEMBERED :], here - self.last[0]]
            self.changed = [*self.changed[1 - REMEMBERED :], found - self.last[1]]
        self.last = here, found
        if not self.moved:
            return found
        moved, changed = np.hstack(self.moved), np.hstack(self.changed)
        counts = np.concatenate([active, np.ones(len(point.logs), dtype=bool)])
        weight = 1.0 / np.concatenate([measure, np.ones_like(point.logs)])[counts]
        weights = np.linalg.lstsq(weight * changed[counts], weight * found[counts], rcond=1e-13)[0]
        return np.asarray(found - (moved + changed) @ weights)
