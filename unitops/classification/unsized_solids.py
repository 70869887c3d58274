"""Solids without a size, where a classifier meets them: they follow the water."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from flowsheet.core.arithmetic import first
from flowsheet.core.flow import Array, Flow
from flowsheet.core.slate import Slate

NOTHING = 1e-9
"""Share of the solids below which what has lost its size is a rounding."""


@lru_cache(maxsize=64)
def with_the_water(slate: Slate) -> Array:
    """One for what a classifier splits like water: liquids, and solids that have no size."""
    return slate.in_phase("liquid") + slate.in_phase("solid")


@lru_cache(maxsize=64)
def _minerals(slate: Slate) -> NDArray[np.intp]:
    """Rows of no size of the minerals that come as particles."""
    names = [kind.name for kind in slate.sized if kind.name in slate.names]
    return np.array([slate.row(name) for name in names], dtype=np.intp)


def lost_sizes(feed: Flow) -> Sequence[str]:
    """Warn of minerals of the particles that arrive without a size.

    Not an error, as a unit that is linear must take any feed: the solver tries it on such.
    """
    solids = first(feed.solids.total())
    rows = _minerals(feed.slate)
    lost = rows[feed.mass[rows, 0].real > NOTHING * solids]
    return [
        f"{feed.slate.names[row]} arrives without a size ({feed.mass[row, 0].real / solids:.2%} of "
        "the solids) and is taken to follow the water; feed it with SizedFeed, or look for the "
        "unit that merged its sizes"
        for row in lost
    ]
