"""Liberation: how much of a locked mineral breakage sets free, from its grain size."""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flowsheet.core.arithmetic import ratio
from flowsheet.core.slate import Slate

Floats = NDArray[np.float64]


def liberated(size: Any, grain_size: float) -> Floats:
    """Return the share of a mineral that is free in particles of a size, after breakage.

        L(d) = (1 - d / g)^3 for d < g, else 0                                          (1)

    Cubic grains of size g in a lattice, cut into cubes of size d: A. M. Gaudin (1939), Principles
    of Mineral Dressing, chapter 4, quoted from memory. ``size`` in m, any shape.
    """
    inside = np.maximum(1.0 - np.asarray(size) / grain_size, 0.0)
    return np.asarray(inside**3)


@lru_cache(maxsize=64)
def liberated_by_breakage(slate: Slate) -> Floats:
    """Share of what is still locked that a breakage into a class sets free.

    (composites, classes made, classes broken). A locked particle of class j has escaped liberation
    so far, so of its fragments in class i the share

        (L_i - L_j) / (1 - L_j)                                                         (2)

    is free: however many steps lead there, (1) holds for what began all locked. Zero for composites
    without a grain size. Liberation keeps the proportions of a composite's minerals.
    """
    made = np.zeros((len(slate.composites), slate.classes, slate.classes))
    for place, composite in enumerate(slate.composites):
        if composite.grain_size is not None and slate.particles is not None:
            free = liberated(slate.particles.mean_sizes, composite.grain_size)
            more = ratio(free[:, None] - free[None, :], 1.0 - free[None, :])
            made[place] = np.maximum(more, 0.0)
    return made
