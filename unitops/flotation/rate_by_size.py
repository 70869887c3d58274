"""Size and floatability: how the rate constant of a mineral depends on the size of its particles.

Fines meet few bubbles, coarse particles fall off them; in between there is an optimum size d_m.
Relative to the rate constant there:

    s(d) = ((d / d_m) exp(1 - d / d_m))^n                                       (1)

which is 1 at d_m, rises as d^n below, and falls exponentially above. A power of d times an
exponential is the kind of form of King (2001), Modeling and Simulation of Mineral Processing
Systems, chapter 9, from memory; his exponents differ. Or a table of relative rate constants by
size: straight in the logarithm of size between the sizes given, the ends hold beyond.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from flowsheet.core.flow import Array
from flowsheet.core.slate import Slate


@lru_cache(maxsize=64)
def sizes_of_rows(slate: Slate) -> tuple[Array, Array]:
    """Which rows have a size, and their mean size in m (1 where they have none), (rows, 1)."""
    sized = np.zeros((slate.count, 1), dtype=bool)
    sizes = np.ones((slate.count, 1))
    if slate.particles is not None:
        sized[len(slate.species) :] = True
        sizes[len(slate.species) :, 0] = np.tile(slate.particles.mean_sizes, len(slate.sized))
    return sized, sizes


def relative_rate(slate: Slate, optimum_size: Any, exponent: Any) -> Array:
    """Return (1) for every row, and 1 for what has no size, (rows, 1 or scenarios)."""
    sized, sizes = sizes_of_rows(slate)
    relative = np.where(sized, sizes / optimum_size, 1.0)
    return np.asarray(np.exp(exponent * (np.log(relative) + 1.0 - relative)))


def value_by_size(slate: Slate, table: Mapping[float, Any]) -> Array:
    """Return a table read at the size of every row, and 1 for what has no size."""
    sized, _ = sizes_of_rows(slate)
    shares = _shares_of_table(slate, tuple(table))
    read = sum(share[:, None] * value for share, value in zip(shares, table.values(), strict=True))
    return np.asarray(np.where(sized, read, 1.0))


@lru_cache(maxsize=256)
def _shares_of_table(slate: Slate, given: tuple[float, ...]) -> Array:
    """How much each given size counts at each row, (sizes, rows)."""
    _, sizes = sizes_of_rows(slate)
    order = np.argsort(given)
    known, wanted = np.log(np.asarray(given)[order]), np.log(sizes[:, 0])
    shares = [np.interp(wanted, known, each) for each in np.eye(len(given))[:, order]]
    return np.array(shares)
