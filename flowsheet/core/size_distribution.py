"""Size distributions: laws for a feed, shares of size classes, and sizes that a share passes.

Apertures are those of the sieve series, from coarse to fine, (classes,); cumulative passing and
shares are (classes, scenarios).
"""

from typing import Any

import numpy as np

from flowsheet.core.flow import Array

_AT = 0.8
"""Share that passes the size by which both laws are given, P80."""
_SAME = 1e-9
"""Two sizes are the same up to this rounding, relative."""


def rosin_rammler(apertures: Array, p80: Any, modulus: Any) -> Array:
    """Return the share that passes each aperture, (classes, scenarios).

        F(x) = 1 - 0.2^((x / P80)^n)

    Rosin and Rammler (1933), Journal of the Institute of Fuel 7, 29-36, written with the 80 %
    passing size instead of the one at 63.2 %.
    """
    relative = apertures[:, None] / np.atleast_1d(p80)
    return np.asarray(1.0 - np.exp(np.log(1.0 - _AT) * relative**modulus))


def gates_gaudin_schuhmann(apertures: Array, p80: Any, modulus: Any) -> Array:
    """Return the share that passes each aperture, (classes, scenarios).

        F(x) = 0.8 (x / P80)^m, at most 1

    Schuhmann (1940), AIME Technical Publication 1189.
    """
    relative = apertures[:, None] / np.atleast_1d(p80)
    passing = _AT * relative**modulus
    return np.asarray(np.where(passing.real < 1.0, passing, 1.0))


def shares(passing: Array) -> Array:
    """Return the share in each class, (classes, scenarios), from what passes its aperture.

    The first class takes everything above the second aperture, the last what passes the finest.
    """
    upper = np.concatenate([np.ones_like(passing[:1]), passing[1:]])
    lower = np.concatenate([passing[1:], np.zeros_like(passing[:1])])
    return np.asarray(upper - lower)


def cumulative_passing(masses: Array) -> Array:
    """Return the share that passes each aperture, (classes, scenarios), from masses by class.

    Zero where there are no particles.
    """
    finer = np.cumsum(masses[::-1], axis=0)[::-1]
    total = finer[:1]
    some = total.real > 0.0
    return np.asarray(np.where(some, finer / np.where(some, total, 1.0), 0.0))


def size_passing(apertures: Array, passing: Array, share: float = _AT) -> Array:
    """Return the size that a share passes, (scenarios,), straight in log-log between sieves.

    Exact for a Gates-Gaudin-Schuhmann distribution, up to the finest sieve that all of it passes.
    Not-a-number where the finest sieve passes more than the share already, or where there are no
    particles: the series does not say.
    """
    # The finest sieve that still passes the share, and the next finer one, bracket the size.
    above = (passing.real >= share).sum(axis=0) - 1
    known = (above >= 0) & (above < len(apertures) - 1)
    place = np.where(known, above, 0)
    columns = np.arange(passing.shape[1])
    below = np.minimum(place + 1, len(apertures) - 1)
    upper, lower = passing[place, columns], passing[below, columns]
    with np.errstate(divide="ignore", invalid="ignore"):
        step = np.log(share / upper) / np.log(lower / upper)
        size = apertures[place] * (apertures[below] / apertures[place]) ** step
    # Where nothing passes the finer sieve there is no logarithm: straight instead.
    straight = apertures[below] + (apertures[place] - apertures[below]) * share / np.where(
        upper.real > 0.0, upper, 1.0
    )
    size = np.where(lower.real > 0.0, size, straight)
    finest = np.abs(passing[-1].real - share) < _SAME * share
    return np.asarray(np.where(known, size, np.where(finest, apertures[-1], np.nan)))


def share_passing(apertures: Array, passing: Array, size: float) -> Array:
    """Return the share that passes a size, (scenarios,): the inverse of ``size_passing``.

    Not-a-number for a size below the finest sieve.
    """
    is_sieve = np.abs(apertures / size - 1.0) < _SAME
    if is_sieve.any():
        return np.asarray(passing[int(is_sieve.argmax())])
    coarser = int((apertures > size).sum()) - 1
    if coarser < 0:
        return np.asarray(passing[0])
    if coarser == len(apertures) - 1:
        return np.full(passing.shape[1], np.nan)
    above, below = apertures[coarser], apertures[coarser + 1]
    upper, lower = passing[coarser], passing[coarser + 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = upper * (lower / upper) ** (np.log(size / above) / np.log(below / above))
    return np.asarray(np.where(lower.real > 0.0, share, upper * (size - below) / (above - below)))
