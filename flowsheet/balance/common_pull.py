"""The mass pull that fits the assays of several elements best.

With f, c, t the assays of feed, concentrate and tailings and s their standard deviations, the true
assays of every element obey f = Y c + (1 - Y) t with one mass pull Y. What the measured ones miss,

    r = f - Y c - (1 - Y) t,    v = s_f^2 + Y^2 s_c^2 + (1 - Y)^2 s_t^2               (1)

is shared out among them in proportion to their variances; Y makes the squares of all changes, each
over its variance, smallest:

    S = sum over elements of r^2 / v -> min                                         (2)
    f' = f - s_f^2 r / v,   c' = c + Y s_c^2 r / v,   t' = t + (1 - Y) s_t^2 r / v    (3)

With one element r = 0 and nothing is changed. (1) and (2): Wills and Finch (2016), Wills' Mineral
Processing Technology, 8th ed., ch. 3, weighted least squares of the closures (quoted from memory);
there v is held while Y is improved, here S is at its smallest with v as it is at Y.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Array = NDArray[Any]

_TRIALS = 401
"""Mass pulls that are tried first, for S may have several dips."""
_HALVINGS, _LAST_STEPS = 50, 3
_END = 1e-9


class Closure(NamedTuple):
    """What the assays miss at a mass pull, its variance, and their slopes by it."""

    miss: Array
    variance: Array
    miss_slope: Array
    variance_slope: Array
    variance_bend: Array

    @property
    def squares(self) -> Array:
        """S of (2)."""
        return np.asarray((self.miss**2 / self.variance).sum(axis=0))

    @property
    def slope(self) -> Array:
        """Half of dS/dY."""
        share = self.miss / self.variance
        return np.asarray(
            (share * self.miss_slope - share**2 * self.variance_slope / 2.0).sum(axis=0)
        )

    @property
    def bend(self) -> Array:
        """Slope of ``slope``."""
        share = self.miss / self.variance
        of_share = self.miss_slope - share * self.variance_slope
        return np.asarray(
            (
                (of_share**2 - share**2 * self.variance * self.variance_bend / 2.0) / self.variance
            ).sum(axis=0)
        )


def closure(assays: Array, deviations: Floats, pull: Array) -> Closure:
    """(1) for assays (streams, elements, scenarios) and mass pulls (scenarios,)."""
    feed, concentrate, tailings = assays
    of_feed, of_concentrate, of_tailings = deviations[:, :, None] ** 2
    rest = 1.0 - pull
    return Closure(
        feed - pull * concentrate - rest * tailings,
        of_feed + pull**2 * of_concentrate + rest**2 * of_tailings,
        tailings - concentrate,
        2.0 * (pull * of_concentrate - rest * of_tailings),
        2.0 * (of_concentrate + of_tailings),
    )


def common_pull(assays: Array, deviations: Floats) -> Array:
    """The mass pull of (2), (scenarios,), found for the first scenario and moved for the others.

    The others differ from the first by imaginary parts: their derivatives come with the last steps.
    """
    pull: Array = np.full(assays.shape[2], _first_pull(assays[:, :, :1].real, deviations))
    pull = pull.astype(assays.dtype)
    for _ in range(_LAST_STEPS):
        at = closure(assays, deviations, pull)
        pull = pull - at.slope / at.bend
    return pull


def _first_pull(assays: Floats, deviations: Floats) -> float:
    feed, concentrate, tailings = assays[:, :, 0]
    own = np.clip((feed - tailings) / (concentrate - tailings), _END, 1.0 - _END)
    if own.size == 1:
        return float(own[0])
    tried = np.linspace(own.min(), own.max(), _TRIALS)
    best = int(closure(assays, deviations, tried).squares.argmin())
    low, high = tried[max(best - 1, 0)], tried[min(best + 1, _TRIALS - 1)]
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        if closure(assays, deviations, middle).slope[0] > 0.0:
            high = middle
        else:
            low = middle
    return float((low + high) / 2.0)


def adjusted(assays: Array, deviations: Floats, pull: Array) -> Array:
    """(3): assays that balance at that mass pull."""
    at = closure(assays, deviations, pull)
    of_feed, of_concentrate, of_tailings = deviations[:, :, None] ** 2
    share = at.miss / at.variance
    moved = np.broadcast_arrays(-of_feed, pull * of_concentrate, (1.0 - pull) * of_tailings)
    return np.asarray(assays + share * np.stack(moved))
