"""Size classes seen from inside: what of a class lies below a size, and sizes that stand for it.

Within a class particles are taken as evenly spread over the logarithm of size. The finest class
reaches down to a quarter of its sieve, so that its mean is half of it as everywhere else.
"""

from functools import lru_cache
from typing import Any

import numpy as np

from flowsheet.core.flow import Array
from flowsheet.core.particles import PAN, Particles

POINTS = 16
"""Sizes that stand for a class: a sharp curve averaged over them is right to about 1 %."""


@lru_cache(maxsize=64)
def sizes_within(particles: Particles) -> Array:
    """Sizes evenly spread over the logarithm inside each class, in m, (classes, points, 1)."""
    lower, upper = _limits(particles)
    place = (np.arange(POINTS) + 0.5) / POINTS
    return np.asarray(lower[:, None] * (upper / lower)[:, None] ** place)[:, :, None]


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
