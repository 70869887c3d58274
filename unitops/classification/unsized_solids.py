"""Solids without a size, where a classifier meets them."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.slate import Slate

NOTHING = 1e-9
"""Share of the solids below which what has lost its size is a rounding, and follows the water."""


@lru_cache(maxsize=64)
def _minerals(slate: Slate) -> NDArray[np.intp]:
    """Rows of no size of the minerals that come as particles."""
    names = [kind.name for kind in slate.sized if kind.name in slate.names]
    return np.array([slate.row(name) for name in names], dtype=np.intp)


def check_sizes(feed: Flow) -> None:
    """Refuse minerals of the particles that arrive without a size: nobody knows where they go."""
    rows = _minerals(feed.slate)
    unsized = feed.mass[rows].real
    if not unsized.any():
        return
    lost = (unsized > NOTHING * feed.solids.total().real).any(axis=1)
    if lost.any():
        names = ", ".join(feed.slate.names[row] for row in rows[lost])
        raise InputError(
            f"{names} arrives without a size, so a classifier cannot tell where it goes; feed it "
            "with SizedFeed, or put a unit that keeps sizes in place of the one that merged them"
        )


@lru_cache(maxsize=64)
def with_the_water(slate: Slate) -> Array:
    """One for what a classifier splits like water: liquids, and solids too fine to have a size."""
    return slate.in_phase("liquid") + slate.in_phase("solid")
