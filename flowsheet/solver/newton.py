"""Newton's method on the equations of a steady state, and when to say that there is none.

See docs/solver.md for what convergence means.
"""

from typing import NamedTuple

import numpy as np

from flowsheet.core.errors import FlowsheetError, SolveError
from flowsheet.solver.derivative import NEARLY_NONE
from flowsheet.solver.equations import Booleans, Equations, Floats, Linear, Point

TOLERANCE = 1e-10
"""Mismatch of each constituent over its feed at which Newton's method has converged."""
FINE = 1e-11
"""Mismatch over the flow itself below which units close as exactly as they are calculated."""
FINE_FEED = 1e-13
"""Mismatch over the feed below which one more correction would change nothing but roundings."""
POLISHING = 6
"""Corrections after convergence, at the most."""
ROUNDING = 8.0 * float(np.finfo(float).eps)
"""Mismatch over the flow itself that no method can tell from zero."""
TRACE = 1e-6
"""Share of the feed against which a flow is judged that is less."""
MAX_ITERATIONS = 60
MAX_LOG_STEP = 1.5
KEPT = 0.25
"""A matrix is used again while a correction is below this share of the one before."""


class ConvergenceError(SolveError):
    """Newton's method did not converge: where it began and where it stood; the message is plain."""

    def __init__(self, message: str, first: Point, last: Point) -> None:
        super().__init__(message)
        self.first = first
        self.last = last


class Converged(NamedTuple):
    """A point at which the equations hold, and how it was reached."""

    point: Point
    iterations: int
    at_bound: Booleans
    """Specifications whose parameter would have to leave its bounds; their target is missed."""


def newton(equations: Equations, first: Point) -> Converged:
    """Newton's method with halved steps; raises ConvergenceError when it does not converge.

    While steps are full and corrections shrink fast, the matrix is kept and secants of the last
    steps improve it.
    """
    point = first
    free = np.zeros(len(first.logs), dtype=bool)
    if not equations.specs and error_of(equations, point) == 0.0:
        return Converged(point, 0, free)
    linear: Linear | None = None
    steps = Steps()
    for iteration in range(1, MAX_ITERATIONS + 1):
        if linear is None:
            equations.active = equations.active | (point.residual[:, 0] != 0.0)
            linear = equations.linearised(point)
            steps = Steps()
        held, correction = _within_bounds(equations, linear, point)
        if correction is None:
            break
        if error_of(equations, point, held) < TOLERANCE:
            return Converged(_polished(equations, linear, point, held, steps), iteration, held)
        correction = steps.improved(correction)
        measure = np.maximum(np.abs(point.flows), equations.scale(point.streams))
        tried = _line_search(equations, point, linear, correction, held, measure)
        point = tried.point
        if not np.isfinite(point.residual).all():
            break
        if tried.share == 1.0 and tried.contraction < KEPT:
            steps.add(correction, measure)
        else:
            linear = None
    raise ConvergenceError("Newton's method did not converge", first, point)


class Steps:
    """Full steps made with one matrix, from which its next correction is improved.

    Broyden's good update, kept as steps instead of a matrix (algorithm QNERR of Deuflhard, Newton
    Methods for Nonlinear Problems, 2004, section 2.1.4).
    """

    def __init__(self) -> None:
        self._steps: list[tuple[Floats, Floats]] = []
        self._measured: list[Floats] = []
        self._measure: Floats | None = None

    def add(self, step: tuple[Floats, Floats], measure: Floats) -> None:
        """Remember a full step; ``measure`` is what flows are compared with."""
        if self._measure is None:
            self._measure = measure
        self._steps.append(step)
        self._measured.append(self._vector(step))

    def _vector(self, step: tuple[Floats, Floats]) -> Floats:
        return np.concatenate([step[0][:, 0] / self._measure[:, 0], step[1][:, 0]])  # type: ignore[index]

    def improved(self, correction: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
        """The correction that the matrix would give if it agreed with the steps made."""
        if not self._steps:
            return correction
        flows, logs = correction
        for place, step in enumerate(self._measured):
            # Summed by numpy itself: the threads of a BLAS cost more than they bring here.
            share = np.sum(self._vector((flows, logs)) * step) / np.sum(step * step)
            if place < len(self._steps) - 1:
                following = self._steps[place + 1]
                flows, logs = flows + share * following[0], logs + share * following[1]
            elif share < 0.9:
                flows, logs = flows / (1.0 - share), logs / (1.0 - share)
        return flows, logs


def error_of(equations: Equations, point: Point, held: Booleans | None = None) -> float:
    """Largest mismatch of any equation, each against its own measure."""
    scale = equations.scale(point.streams)
    rounding = ROUNDING / TOLERANCE * np.abs(point.flows)
    error = float(np.max(np.abs(point.residual) / (scale + rounding), initial=0.0))
    misses = np.abs(point.misses[:, 0]) if held is None else np.abs(point.misses[~held, 0])
    error = max(error, float(np.max(misses, initial=0.0)))
    return error if np.isfinite(error) else np.inf


def _within_bounds(
    equations: Equations, linear: Linear, point: Point
) -> tuple[Booleans, tuple[Floats, Floats] | None]:
    """The correction; parameters that stand at a bound and would pass it are held there."""
    held = np.zeros(len(point.logs), dtype=bool)
    correction = linear.correction(point.residual, point.misses, held)
    if not equations.specs or correction is None:
        return held, correction
    low, high = equations.log_bounds
    outward = ((point.logs <= low) & (correction[1] < 0.0)) | (
        (point.logs >= high) & (correction[1] > 0.0)
    )
    if not outward.any():
        return held, correction
    held = outward[:, 0]
    return held, linear.correction(point.residual, point.misses, held)


def not_negative(before: Floats, after: Floats) -> Floats:
    """Flows after a step; what would turn negative falls to a tenth, and nearly none is none."""
    flows = np.where(after < 0.0, 0.1 * before, after)
    flows[flows < NEARLY_NONE] = 0.0
    return flows


def _stepped(
    equations: Equations, point: Point, correction: tuple[Floats, Floats], share: float
) -> tuple[Floats, Floats]:
    """Apply a share of a correction; a flow that would turn negative falls to a tenth instead."""
    flows = not_negative(point.flows, point.flows + share * correction[0])
    if not equations.specs:
        return flows, point.logs
    return flows, np.clip(point.logs + share * correction[1], *equations.log_bounds)


def is_fine(equations: Equations, point: Point, held: Booleans | None = None) -> bool:
    """Whether every unit closes to roundings: also one that gets little of what is fed."""
    if error_of(equations, point, held) >= FINE_FEED:
        return False
    trace = TRACE * equations.scale(point.streams)
    mismatch = np.abs(point.residual) / np.maximum(np.abs(point.flows), trace)
    return bool(np.max(mismatch, initial=0.0) < FINE)


def _polished(
    equations: Equations, linear: Linear, point: Point, held: Booleans, steps: Steps
) -> Point:
    """Correct a converged point until it is fine, as long as that helps."""
    size = np.inf
    for _ in range(POLISHING):
        if is_fine(equations, point, held):
            break
        correction = linear.correction(point.residual, point.misses, held)
        if correction is None:
            break
        correction = steps.improved(correction)
        measure = np.maximum(np.abs(point.flows), TRACE * equations.scale(point.streams))
        before, size = size, _size(correction, measure)
        if size >= before:
            break
        point = equations.evaluate(*_stepped(equations, point, correction, 1.0))
        steps.add(correction, measure)
    return point


class Tried(NamedTuple):
    """A step that was taken."""

    point: Point
    share: float
    """Of the correction."""
    contraction: float
    """Size of the next correction by the same matrix over that of this one."""


def _line_search(  # noqa: PLR0913, PLR0917 - all that a step depends on
    equations: Equations,
    point: Point,
    linear: Linear,
    correction: tuple[Floats, Floats],
    held: Booleans,
    measure: Floats,
) -> Tried:
    """Take the largest halved step after which Newton would correct less; else one plain pass.

    Steps are judged by the correction that the same matrix would make next (the natural level
    function of Deuflhard, 2004): it does not depend on how equations are scaled, which a recycle of
    many times its feed would spoil.
    """
    size = _size(correction, measure)
    largest = float(np.max(np.abs(correction[1]), initial=0.0))
    share = min(1.0, MAX_LOG_STEP / largest) if largest > 0.0 else 1.0
    for _ in range(8):
        try:
            tried = equations.evaluate(*_stepped(equations, point, correction, share))
        except FlowsheetError:
            # With targets a trial may be what a unit refuses, or where a target has no value.
            if not equations.specs:
                raise
            share *= 0.5
            continue
        following = linear.correction(tried.residual, tried.misses, held)
        if following is not None:
            contraction = _size(following, measure) / size if size > 0.0 else 0.0
            if contraction < 1.0 - share / 4.0:
                return Tried(tried, share, contraction)
        share *= 0.5
    return Tried(equations.evaluate(point.flows + point.residual, point.logs), 0.0, 1.0)


def _size(correction: tuple[Floats, Floats], measure: Floats) -> float:
    flows, logs = correction
    return float(np.sqrt(np.sum((flows / measure) ** 2) + np.sum(logs**2)))
