"""What broken particles become: their fragments, class by class, and what those set free.

Shapes: B is (classes made, classes broken, scenarios), particles (kinds, classes, scenarios).
Classes go from coarse to fine; minerals come before composites.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array
from flowsheet.core.liberation import liberated_by_breakage
from flowsheet.core.particles import LockedMinerals
from flowsheet.core.slate import Slate

FEW = 64
"""Kinds times scenarios up to which small matrices are sooner than one class after the other."""


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


def breakdown(
    slate: Slate, unbroken: Array, finer: Array, columns: int
) -> Callable[[Array], Array]:
    """Return what turns a feed into the product of a machine that breaks part of every class.

        held_i = fed_i + sum over j <= i of b_ij (1 - unbroken_j) held_j                (3)
        product_i = unbroken_i held_i                                                   (4)
        b_ij = B_ij - B_i+1,j                                                           (5)

    which is (I - C)(I - B C)^-1 with C = 1 - ``unbroken``. Fragments only go down; those that stay
    in their class meet its fate again. Fragments of composites are in part free minerals, which
    then break as such. ``unbroken`` is (kinds or 1, classes, scenarios), and 1 for the last class;
    ``finer`` is B at ``relative_sizes``; ``columns`` says how many scenarios the feed has.
    """
    _check_fragments_leave(finer)
    shape = (len(slate.sized), slate.classes, unbroken.shape[2])
    unbroken = np.broadcast_to(unbroken, shape)
    made = finer - np.concatenate([finer[1:], np.zeros_like(finer[:1])])  # (5)
    # What leaves a class once it is held; rather than 1 - b C, inaccurate where that is little.
    below = finer[np.arange(1, slate.classes), np.arange(slate.classes - 1)]
    leaves = unbroken.astype(np.result_type(unbroken, finer))
    if below.shape[1] > leaves.shape[2]:
        leaves = np.repeat(leaves, below.shape[1], axis=2)
    leaves[:, :-1] += (1.0 - unbroken[:, :-1]) * below
    again = (1.0 - unbroken) / leaves
    few = shape[0] * max(columns, again.shape[2]) <= FEW
    come_to_be_held = _at_once(slate, again, made) if few else _class_by_class(slate, again, made)
    return lambda fed: np.asarray(come_to_be_held(fed) / leaves * unbroken)


def _class_by_class(slate: Slate, again: Array, made: Array) -> Callable[[Array], Array]:
    """What comes to be held in each class: (3) from coarse to fine, for all kinds together."""

    def come_to_be_held(fed: Array) -> Array:
        shape = np.broadcast_shapes(fed.shape, again.shape, made.shape[1:])
        come = np.broadcast_to(fed, shape).astype(np.result_type(fed, again, made))
        for coarse in range(slate.classes - 1):
            lost = (come[:, coarse] * again[:, coarse])[:, None, :]
            below = slice(coarse + 1, None)
            come[:, below] += liberated_fragments(slate, made[below, coarse] * lost, coarse)
        return come

    return come_to_be_held


def _at_once(slate: Slate, again: Array, made: Array) -> Callable[[Array], Array]:
    """The same with small matrices, which is sooner where kinds and scenarios are few."""
    proportions = proportions_of_composites(slate)
    minerals, composites = proportions.shape
    falls = made * np.tri(slate.classes, k=-1)[:, :, None] * again[:, None]
    minerals_fall = _falling(falls[:minerals])
    if not composites:
        return minerals_fall
    free = liberated_by_breakage(slate)[..., None]
    locked_fall = _falling(falls[minerals:] * (1.0 - free))
    freed_shares = falls[minerals:] * free

    def come_to_be_held(fed: Array) -> Array:
        locked = locked_fall(fed[minerals:])
        freed = shared_out(proportions, (freed_shares * locked[:, None]).sum(axis=2))
        return np.concatenate([minerals_fall(fed[:minerals] + freed), locked])

    return come_to_be_held


def _falling(falls: Array) -> Callable[[Array], Array]:
    """Return what multiplies a feed by (I - L)^-1, L being shares that fall from class to class.

    With L below the diagonal that is (I + L)(I + L^2)(I + L^4) ..., of positive terms only. Shares
    are (kinds, classes made, classes broken, scenarios), a feed (kinds, classes, scenarios).
    """
    powers = [np.ascontiguousarray(np.moveaxis(falls, -1, 1))]
    while 2 ** len(powers) < falls.shape[1]:
        powers.append(powers[-1] @ powers[-1])

    def fallen(fed: Array) -> Array:
        come = np.moveaxis(fed, -1, 1)[..., None]
        for power in powers:
            come = come + power @ come
        return np.moveaxis(come[..., 0], 1, -1)

    return fallen


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
