"""Which particles are broken: rates of a ball mill, and the classification inside a crusher.

Apertures are those of the sieve series from coarse to fine, in m. The last class, what passes the
finest sieve, is never broken: nothing finer could be seen.
"""

from typing import Any

import numpy as np

from flowsheet.core.flow import Array

_ONE_MM = 1e-3


def austin(
    apertures: Array, exponent: Any, critical_size: Any | None, critical_exponent: Any
) -> Array:
    """Return the selection function over its value at 1 mm, (classes, scenarios).

        S(x) / a = (x / 1 mm)^alpha / (1 + (x / mu)^Lambda)                             (1)

    x is the upper sieve of a class; without ``critical_size`` mu there is no denominator. Austin,
    Klimpel and Luckie (1984), Process Engineering of Size Reduction: Ball Milling.
    """
    size = apertures[:, None]
    relative: Array = (size / _ONE_MM) ** np.atleast_1d(exponent)
    if critical_size is not None:
        relative = relative / (1.0 + (size / critical_size) ** critical_exponent)
    return np.asarray(relative * _breakable(apertures))


def fastest_size(exponent: Any, critical_size: Any, critical_exponent: Any) -> Array:
    """Return the size in m at which (1) is highest; the critical exponent is above alpha."""
    steepness = exponent / (critical_exponent - exponent)
    return np.asarray(critical_size * steepness ** (1.0 / critical_exponent))


def whiten(apertures: Array, smallest: Any, largest: Any, exponent: Any) -> Array:
    """Return the share of each class that a crusher lets pass unbroken, (classes, scenarios).

        1 - C(x) = 1                                x < K1
        1 - C(x) = ((K2 - x) / (K2 - K1))^K3        K1 < x < K2                         (2)
        1 - C(x) = 0                                x > K2

    averaged over the sizes of a class, which are taken to be spread evenly between its sieves.
    Whiten (1972), Journal of the South African Institute of Mining and Metallurgy 72, 257-264.
    """
    sums = _unbroken_up_to(apertures[:, None], smallest, largest, np.atleast_1d(exponent))
    averages = (sums[:-1] - sums[1:]) / (apertures[:-1] - apertures[1:])[:, None]
    # Near K1 and K2 the differences miss 1 and 0 by a rounding.
    averages = np.minimum(np.maximum(averages, 0.0), 1.0)
    return np.concatenate([averages, np.ones_like(sums[:1])])


def _unbroken_up_to(size: Array, smallest: Any, largest: Any, exponent: Any) -> Array:
    """Integral of (2) from zero to a size."""
    width = largest - smallest
    inside = np.minimum(np.maximum(size, smallest), largest)
    partly = (1.0 - ((largest - inside) / width) ** (exponent + 1.0)) * width / (exponent + 1.0)
    return np.asarray(np.minimum(size, smallest) + partly)


def _breakable(apertures: Array) -> Array:
    """One for classes that are broken, zero for the last, (classes, 1)."""
    return np.concatenate([np.ones((len(apertures) - 1, 1)), np.zeros((1, 1))])
