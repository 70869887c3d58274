"""Differential evaporation of a melt: closed form, and integration with a checked error.

With n the moles in the melt, subscript 0 for the feed, every element obeys

    d ln n_i = beta_i d ln n_Sb                                                     (1)

Where the coefficients do not change, n_i / n_i,0 = (n_Sb / n_Sb,0)^beta_i (Rayleigh). Where they
depend on the composition, (1) is integrated along s = -ln(N / N_0), N the moles of all that
evaporates, in which no element changes abruptly:

    d ln n_i / ds = -beta_i N / sum of n_j beta_j                                   (2)

by the fourth-order method of Runge and Kutta, each step once whole and once in two halves. The
difference of the two is the error of the halves, which decides whether the step stands and how
long the next one is, and corrects them to the fifth order. Each scenario has steps of its own.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from flowsheet.core.arithmetic import column_sums, ratio
from flowsheet.core.errors import SolveError
from flowsheet.core.flow import Array

NOTHING_LEFT = -1e15
"""Logarithm that stands for nothing left."""
TOLERANCE = 1e-10
"""Error of ln n allowed in one step, over 1 + its size."""
_MOST_STEPS = 100
_MOST_STEPS_OF_INTEGRATION = 5000
_FIRST_STEP = 0.02

Coefficients = Callable[[Array], Array]


class Followed(NamedTuple):
    """What an integration found."""

    logarithm: Array
    """ln(n / n_0), (elements, scenarios)."""
    error: Array
    """Of those logarithms, at most, (scenarios,)."""


def logarithm_left(evaporated: Array) -> Array:
    """ln(1 - evaporated), and a very low number where all has evaporated."""
    some = evaporated.real < 1.0
    return np.where(some, np.log1p(-np.where(some, evaporated, 0.0)), NOTHING_LEFT)


def antimony_left(moles: Array, beta: Array, evaporated: Array) -> Array:
    """ln(n_Sb / n_Sb,0) at which the share ``evaporated`` of all moles has left; beta constant.

    Newton on the logarithm of the moles left, which increases with u and is convex, so that Newton
    from u = 0 cannot overshoot. One step after convergence makes derivatives (imaginary parts)
    exact as well.
    """
    start = column_sums(moles)
    shares = ratio(moles, start, empty=1.0 / len(moles))
    some = (start.real > 0.0) & (evaporated.real < 1.0)
    wanted = np.where(some, logarithm_left(evaporated), 0.0)
    u = np.zeros(wanted.shape)
    for _ in range(_MOST_STEPS):
        change = _newton_step(u, shares.real, beta.real, wanted.real)
        u = u - change
        if (np.abs(change) <= 1e-13 * np.abs(u)).all():
            break
    u = u - _newton_step(u, shares, beta, wanted)
    return np.where(evaporated.real < 1.0, u, NOTHING_LEFT)


def _newton_step(u: Array, shares: Array, beta: Array, wanted: Array) -> Array:
    exponent = beta * u
    parts = shares * np.exp(exponent)
    left = column_sums(parts)
    gone = column_sums(shares * np.expm1(exponent))
    logarithm = np.where(gone.real < -0.5, np.log(left), np.log1p(np.maximum(gone, -0.5)))
    return np.asarray((logarithm - wanted) * left / column_sums(parts * beta))


def follow(
    moles: Array, coefficients: Coefficients, antimony: int, target: Array, *, by_moles: bool
) -> Followed:
    """Integrate (2) until ``target``: ln of all moles left, or ln of the antimony left.

    ``coefficients`` gives beta from moles, both (elements, scenarios); an element with a beta of
    zero at the start counts as never evaporating.
    """
    start = column_sums(moles)
    shares = ratio(moles, start, empty=1.0 / len(moles))
    volatile = coefficients(shares).real > 0.0
    counted = np.where(volatile, shares, 0.0)
    present = counted.real > 0.0
    # Of a melt without any volatile matter, antimony is still what sets the pace.
    pace = np.zeros(shares.shape)
    pace[antimony] = ~present.any(axis=0)

    def slope(logarithm: Array) -> Array:
        highest = np.where(present, logarithm.real, -np.inf).max(axis=0)
        # Where nothing volatile is present there is no highest, and any amount will do.
        left = np.exp(np.minimum(logarithm - highest, 700.0))
        beta = coefficients(np.maximum(shares * left, 1e-300))
        weight = counted * left + pace
        return np.asarray(-beta * column_sums(weight) / column_sums(weight * beta))

    aim = np.broadcast_to(-target, start.shape)
    logarithm = np.zeros(shares.shape)
    travelled, error = np.zeros(start.shape), np.zeros(start.shape)
    size = np.full(start.shape, _FIRST_STEP)
    for _ in range(_MOST_STEPS_OF_INTEGRATION):
        gradient = slope(logarithm)
        done = travelled if by_moles else -logarithm[antimony]
        to_go = (aim - done) / (1.0 if by_moles else -gradient[antimony])
        settled = np.abs((aim - done).real) <= 1e-14 * (1.0 + aim.real)
        if settled.all():
            return Followed(logarithm + gradient * to_go, error)
        step = np.where(settled, 0.0, np.minimum(size, to_go.real))
        whole = _runge_kutta(slope, logarithm, gradient, step)
        half = _runge_kutta(slope, logarithm, gradient, 0.5 * step)
        halves = _runge_kutta(slope, half, slope(half), 0.5 * step)
        difference = (halves - whole) / 15.0
        found = np.max(np.abs(difference.real) / (1.0 + np.abs(halves.real)), axis=0)
        accepted = found <= TOLERANCE
        logarithm = np.where(accepted, halves + difference, logarithm)
        travelled = np.where(accepted, travelled + step, travelled)
        error = np.where(accepted, error + found, error)
        change = np.clip(0.9 * (TOLERANCE / np.maximum(found, 1e-30)) ** 0.2, 0.2, 4.0)
        size = np.where(settled | (accepted & (step < size)), size, np.abs(step) * change)
    raise SolveError(
        f"evaporation by composition does not reach its end in {_MOST_STEPS_OF_INTEGRATION} steps; "
        f"evaporate less, or take constant coefficients"
    )


def _runge_kutta(
    slope: Callable[[Array], Array], start: Array, gradient: Array, step: Array
) -> Array:
    second = slope(start + 0.5 * step * gradient)
    third = slope(start + 0.5 * step * second)
    fourth = slope(start + step * third)
    return np.asarray(start + step / 6.0 * (gradient + 2.0 * second + 2.0 * third + fourth))
