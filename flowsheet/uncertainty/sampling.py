"""Points in the unit cube: one row per draw, one column per uncertain number."""

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from flowsheet.core.errors import InputError, nearest

Floats = NDArray[np.float64]
Method = Literal["sobol", "latin hypercube", "random"]

_MOST = 4_000_000_000
"""Values of one sample that fit a large machine."""
_EDGE = 2.0**-31
"""Half the spacing of Sobol points in double precision: no point lies on a face of the cube,
where a distribution without ends has no value."""


def unit_cube(count: int, dimensions: int, *, method: Method = "sobol", seed: int) -> Floats:
    """Return points in the unit cube, (count, dimensions), each column even between 0 and 1.

    ``sobol``: a Sobol sequence with the scrambling of Matousek (1998), which fills the cube most
    evenly. It is balanced at powers of two: the next power of two is drawn and the first ``count``
    points are kept, so counts of 1024, 2048 ... are the best use of it.
    ``latin hypercube`` (McKay, Beckman and Conover, 1979): in each column one point in each of
    ``count`` stretches of equal width. ``random``: independent points.

    The same seed gives the same points on every run. Raises InputError for a count, a number of
    dimensions, a method or a seed that makes no sense.
    """
    for name, value, least in (
        ("draws", count, 1),
        ("uncertain numbers", dimensions, 1),
        ("seed", seed, 0),
    ):
        if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < least:
            raise InputError(f"{name}: needs a whole number, {least} or more, got {value!r}")
    if count * dimensions > _MOST:
        raise InputError(f"draws: {count:,} of {dimensions} numbers are too many to hold at once")
    if method not in get_args(Method):
        raise InputError(
            f"method: there is no way of sampling '{method}'{nearest(method, get_args(Method))}"
        )
    return np.clip(_points(count, dimensions, method, seed), _EDGE, 1.0 - _EDGE)


def _points(count: int, dimensions: int, method: Method, seed: int) -> Floats:
    generator = np.random.default_rng(seed)
    if method == "random":
        return generator.random((count, dimensions))
    from scipy.stats import qmc

    if method == "latin hypercube":
        return np.asarray(qmc.LatinHypercube(dimensions, rng=generator).random(count))
    power = (int(count) - 1).bit_length()
    return np.asarray(qmc.Sobol(dimensions, rng=generator).random_base2(power))[:count]
