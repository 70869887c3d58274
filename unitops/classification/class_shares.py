"""Size classes seen from inside: what of a class lies below a size, and sizes that stand for it.

Within a class particles are taken as evenly spread over the logarithm of size. The finest class
reaches down to a quarter of its sieve, so that its mean is half of it as everywhere else.
"""

from functools import lru_cache
from typing import Any

import numpy as np

from flowsheet.core.flow import Array
from flowsheet.core.particles import PAN, Particles

POINTS, WEIGHTS = (0.5 * values for values in np.polynomial.legendre.leggauss(8))
"""Gauss's points, between -0.5 and 0.5, and weights for the mean of a curve over a class."""


def sizes_within(particles: Particles, limit: Any = np.inf) -> Array:
    """Sizes at Gauss's points of each class, up to a limit in m, (classes, points, scenarios)."""
    lower, upper = (edge[:, None, None] for edge in _limits(particles))
    upper = np.where(np.real(limit) < upper, limit, upper)
    span = np.where(np.real(upper) > lower, upper / lower, 1.0)
    return np.asarray(lower * span ** (0.5 + POINTS[:, None]))


def mean_over_class(values: Array) -> Array:
    """Mean of values at Gauss's points, (classes, points, scenarios), over each class."""
    return np.asarray((values * WEIGHTS[:, None]).sum(axis=1))


def share_below(particles: Particles, size: Any) -> Array:
    """Share of each class that is finer than a size in m, (classes, 1 or scenarios)."""
    lower, upper = (limit[:, None] for limit in _limits(particles))
    share = np.log(size / lower) / np.log(upper / lower)
    share = np.where(np.real(share) < 1.0, share, 1.0)
    return np.asarray(np.where(np.real(share) > 0.0, share, 0.0))


@lru_cache(maxsize=64)
def _limits(particles: Particles) -> tuple[Array, Array]:
    """Lower and upper limit of each class in m, (classes,)."""
    upper = particles.apertures
    return np.append(upper[1:], PAN**2 * upper[-1]), upper
