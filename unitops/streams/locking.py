"""What composites hold of the minerals of a feed."""

import numpy as np

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array
from flowsheet.core.liberation import liberated
from flowsheet.core.particles import LockedMinerals
from flowsheet.core.slate import Slate

ROUNDING = 1e-12
"""Share of a class that composites may hold beyond what there is; more is no rounding."""


def locked_by_grain_size(slate: Slate, kind: LockedMinerals) -> Array:
    """Share of a composite's first mineral that it holds in each size, (classes, 1).

    None of it where the composite has no grain size.
    """
    if kind.grain_size is None or slate.particles is None:
        return np.zeros((slate.classes, 1))
    return np.asarray(1.0 - liberated(slate.particles.mean_sizes, kind.grain_size))[:, None]


def with_composites(slate: Slate, minerals: Array, locked: Array) -> Array:
    """Free minerals and composites, (kinds, classes, scenarios), from all there is of minerals.

    ``minerals`` is (minerals, classes, scenarios). ``locked`` holds, in the rows of a composite,
    the share of its first mineral; the others follow in its proportions. Raises InputError where
    composites would hold more than there is.
    """
    place = {kind.name: number for number, kind in enumerate(slate.sized)}
    free, composites = list(minerals), []
    for kind in slate.composites:
        first, fraction = kind.parts[0]
        held = locked[list(slate.rows_of(kind.name))] * minerals[place[first.name]]
        for species, share in kind.parts:
            free[place[species.name]] = free[place[species.name]] - held * (share / fraction)
        composites.append(held / fraction)
    for number, whole in enumerate(minerals):
        _check_enough(slate, number, free[number], whole)
    left = [np.where(each.real < 0.0, 0.0, each) for each in free]  # roundings only
    return np.stack(np.broadcast_arrays(*left, *composites))


def _check_enough(slate: Slate, mineral: int, free: Array, whole: Array) -> None:
    """Refuse composites that hold more of a mineral than the feed brings."""
    short = free.real < -ROUNDING * whole.real
    if short.any() and slate.particles is not None:
        size = slate.particles.class_names[int(short.any(axis=1).argmax())]
        raise InputError(
            f"composites hold more {slate.sized[mineral].name} than the feed brings in the class "
            f"{size}; give smaller shares in 'locked', or make composites richer in their first "
            "mineral"
        )
