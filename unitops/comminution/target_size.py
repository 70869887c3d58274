"""Grinding to a given size distribution: which mass of which class goes where."""

import numpy as np

from flowsheet.core.flow import Array
from flowsheet.core.liberation import liberated_by_breakage
from flowsheet.core.slate import Slate
from unitops.comminution.breakage import proportions_of_composites, shared_out


def ground_to(slate: Slate, fed: Array, target: Array) -> Array:
    """Return particles ground to a target, never coarser than they came, (kinds, classes, ...).

    Of each kind, mineral or composite, the mass that passes a sieve becomes

        passing' = max(passing, target * total)                                         (1)

    with ``target`` the share that is to pass each sieve, (classes, scenarios). The particles keep
    their order: the coarsest of the feed become the coarsest of the product. Each stretch of this
    order comes from one class of the feed and goes to one of the product, which says how much of
    a composite is broken from where to where, and so how much of it is set free.
    """
    passing = _passing(fed)
    reached = np.maximum(passing, target * passing[:, :1])  # (1)
    proportions = proportions_of_composites(slate)
    minerals, composites = proportions.shape
    ground = reached[:minerals] - _next(reached[:minerals])
    if not composites:
        return np.asarray(ground)
    moved = _moved(passing[minerals:], reached[minerals:])
    free = liberated_by_breakage(slate)[..., None]
    freed = (moved * free).sum(axis=2)
    locked = (moved * (1.0 - free)).sum(axis=2)
    return np.concatenate([ground + shared_out(proportions, freed), locked])


def _passing(masses: Array) -> Array:
    """Mass that passes the upper sieve of each class."""
    return np.asarray(np.cumsum(masses[:, ::-1], axis=1)[:, ::-1])


def _next(passing: Array) -> Array:
    """Mass that passes the lower sieve of each class; nothing is finer than the last."""
    return np.concatenate([passing[:, 1:], np.zeros_like(passing[:, :1])], axis=1)


def _moved(passing: Array, reached: Array) -> Array:
    """Mass by class made and class broken, (kinds, made, broken, scenarios)."""
    upper = np.minimum(reached[:, :, None], passing[:, None])
    lower = np.maximum(_next(reached)[:, :, None], _next(passing)[:, None])
    return np.asarray(np.maximum(upper - lower, 0.0))
