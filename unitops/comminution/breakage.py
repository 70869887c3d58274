"""What broken particles become: their fragments, class by class, and what those set free.

Shapes: fragments are (classes made, classes broken, scenarios), particles (kinds, classes,
scenarios). Classes go from coarse to fine; minerals come before composites.
"""

from functools import lru_cache
from typing import Any

import numpy as np

from flowsheet.core.flow import Array
from flowsheet.core.liberation import liberated_by_breakage
from flowsheet.core.particles import LockedMinerals
from flowsheet.core.slate import Slate


def two_slopes(relative: Array, fines_share: Any, fines_slope: Any, coarse_slope: Any) -> Array:
    """Return the share of fragments finer than a size, over that of what broke.

        B(r) = phi r^gamma + (1 - phi) r^beta                                           (1)

    Austin, Klimpel and Luckie (1984), Process Engineering of Size Reduction: Ball Milling.
    """
    fines = fines_share * relative**fines_slope
    coarse = (1.0 - fines_share) * relative**coarse_slope
    return np.asarray(fines + coarse)


def broadbent_callcott(relative: Array) -> Array:
    """Return the share of fragments finer than a size, over that of what broke.

        B(r) = (1 - exp(-r)) / (1 - exp(-1))                                            (2)

    Broadbent and Callcott (1956), Philosophical Transactions of the Royal Society A 249, 99-123.
    """
    return np.asarray(np.expm1(-relative) / np.expm1(-1.0))


def relative_sizes(apertures: Array) -> Array:
    """Upper sieve of the class made over lower sieve of the class broken, at most 1, (n, n, 1).

    A particle counts as broken once it has left its class, so all of its fragments pass the sieve
    that held it.
    """
    lower = np.concatenate([apertures[1:], apertures[-1:]])
    return np.asarray(np.minimum(apertures[:, None] / lower, 1.0)[:, :, None])


def fragments(finer: Array) -> Array:
    """Return the share of fragments in each class from B at ``relative_sizes``.

    The shares made of each class sum to 1.
    """
    return np.asarray(finer - np.concatenate([finer[1:], np.zeros_like(finer[:1])]))


def broken_down(slate: Slate, fed: Array, unbroken: Array, made: Array) -> Array:
    """Return what leaves a machine that breaks part of every class that it holds.

        held_i = fed_i + sum over j < i of made_ij (1 - unbroken_j) held_j              (3)
        product_i = unbroken_i held_i                                                   (4)

    which is (I - C)(I - B C)^-1 with C = 1 - ``unbroken``. Solved from coarse to fine, as fragments
    only go down. Fragments of composites are in part free minerals, which then break as such.
    ``unbroken`` is (kinds or 1, classes, scenarios), and 1 for the last class.
    """
    shape = np.broadcast_shapes(fed.shape, unbroken.shape, made.shape[1:])
    held = np.broadcast_to(fed, shape).astype(np.result_type(fed, unbroken, made))
    broken = 1.0 - unbroken
    for coarse in range(slate.classes - 1):
        lost = (held[:, coarse] * broken[:, coarse])[:, None, :]
        finer = slice(coarse + 1, None)
        held[:, finer] += liberated_fragments(slate, made[finer, coarse] * lost, coarse)
    return np.asarray(held * unbroken)


def liberated_fragments(slate: Slate, broken: Array, coarse: int) -> Array:
    """Fragments of one class with what they set free as minerals, (kinds, finer classes, ...)."""
    proportions = proportions_of_composites(slate)
    minerals, composites = proportions.shape
    if not composites:
        return broken
    free = liberated_by_breakage(slate)[:, coarse + 1 :, coarse, None]
    freed = broken[minerals:] * free
    return np.concatenate(
        [broken[:minerals] + shared_out(proportions, freed), broken[minerals:] * (1.0 - free)]
    )


def shared_out(proportions: Array, freed: Array) -> Array:
    """Minerals of freed composites, (minerals, ...)."""
    parts = proportions @ freed.reshape(len(freed), -1)
    return np.asarray(parts.reshape(len(proportions), *freed.shape[1:]))


@lru_cache(maxsize=64)
def proportions_of_composites(slate: Slate) -> Array:
    """Mass of each sized mineral per mass of each composite, (minerals, composites)."""
    free = [kind.name for kind in slate.sized if not isinstance(kind, LockedMinerals)]
    rows = [slate.row(name) for name in free]
    return np.ascontiguousarray(slate.minerals_of_sized[rows, len(free) :])
