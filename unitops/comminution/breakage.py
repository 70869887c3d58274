"""What broken particles become: their fragments, class by class, and what those set free.

Shapes: B is (classes made, classes broken, scenarios), particles (kinds, classes, scenarios).
Classes go from coarse to fine; minerals come before composites.
"""

from functools import lru_cache
from typing import Any

import numpy as np

from flowsheet.core.errors import InputError
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


def relative_sizes(apertures: Array, parents: Array) -> Array:
    """Upper sieve of the class made over the size of what broke, at most 1, (n, n, 1)."""
    return np.asarray(np.minimum(apertures[:, None] / parents, 1.0)[:, :, None])


def broken_down(slate: Slate, fed: Array, unbroken: Array, finer: Array) -> Array:
    """Return what leaves a machine that breaks part of every class that it holds.

        held_i = fed_i + sum over j <= i of b_ij (1 - unbroken_j) held_j                (3)
        product_i = unbroken_i held_i                                                   (4)
        b_ij = B_ij - B_i+1,j                                                           (5)

    which is (I - C)(I - B C)^-1 with C = 1 - ``unbroken``. Solved from coarse to fine, as fragments
    only go down; those that stay in their class meet its fate again. Fragments of composites are
    in part free minerals, which then break as such. ``unbroken`` is (kinds or 1, classes,
    scenarios), and 1 for the last class; ``finer`` is B at ``relative_sizes``.
    """
    shape = np.broadcast_shapes(fed.shape, unbroken.shape, finer.shape[1:])
    held = np.broadcast_to(fed, shape).astype(np.result_type(fed, unbroken, finer))
    broken = 1.0 - unbroken
    _check_fragments_leave(finer)
    made = finer - np.concatenate([finer[1:], np.zeros_like(finer[:1])])  # (5)
    for coarse in range(slate.classes - 1):
        # Rather than 1 - b C, which is inaccurate where little leaves the class.
        leaves = unbroken[:, coarse] + broken[:, coarse] * finer[coarse + 1, coarse]
        held[:, coarse] /= leaves
        lost = (held[:, coarse] * broken[:, coarse])[:, None, :]
        below = slice(coarse + 1, None)
        held[:, below] += liberated_fragments(slate, made[below, coarse] * lost, coarse)
    return np.asarray(held * unbroken)


def _check_fragments_leave(finer: Array) -> None:
    """Refuse fragments that are all as large as what broke: it would be broken for ever."""
    if np.any(finer[1:, :-1].diagonal() == 0.0):
        raise InputError(
            "fines_slope and coarse_slope are so steep that no fragment leaves its size class; "
            "usual are 0.5 to 1.5 and 2 to 6"
        )


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
