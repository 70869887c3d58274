"""Efficiency curves of classifiers: which share of a size reports to the coarse product.

All are functions of x = d / d50c, the size over the corrected cut size, which splits in half when
nothing short-circuits. The corrected efficiency E_c is the share of what is classified at all:

    rosin_rammler    E_c = 1 - exp(-ln 2 * x^m)                                     (1)
    lynch_rao        E_c = (e^(a x) - 1) / (e^(a x) + e^a - 2)                      (2)
    whiten_beta      E_c = 1 - (1 + b b* x) (e^a - 1) / (e^(a b* x) + e^a - 2)      (3)

with b* such that (3) is one half at x = 1. A bypass R_f goes to the coarse product unsorted:

    E = R_f + (1 - R_f) E_c                                                         (4)

(1) Reid (1971), Canadian Metallurgical Quarterly 10, 253-254, and Plitt (1976), CIM Bulletin 69,
114-123. (2) Lynch and Rao (1975), 11th International Mineral Processing Congress, Cagliari. (3)
Whiten, in Napier-Munn, Morrell, Morrison and Kojovic (1996), Mineral Comminution Circuits, JKMRC:
with b above zero the finest particles report to the coarse product more than those
somewhat coarser, the fish-hook, and E_c falls below zero there. (4) Kelsall (1953), Chemical
Engineering Science 2, 254-272. All quoted from memory.

Arguments are floats or arrays that broadcast, real or complex; whatever their size, nothing
overflows. Each returns the share to either product, as a small one is lost in 1 - (the other).
"""

from typing import Any, NamedTuple

import numpy as np

from flowsheet.core.flow import Array

NEGLIGIBLE = 50.0
"""A share below e^-50 = 2e-22 to either product counts as none."""
SMALLEST = 1e-300
"""Relative size that stands for zero, which has no logarithm."""
NEWTON_STEPS = 12
"""Ten reach the last digit of b* for a from 1e-4 to 1e3 and b from 0 to 1e3."""


class Split(NamedTuple):
    """Share of a size to the coarse and to the fine product; they add up to 1."""

    coarse: Array
    fine: Array


def rosin_rammler(relative_size: Any, sharpness: Any) -> Split:
    """Return E_c and 1 - E_c by (1); ``sharpness`` is m, for cyclones 1.5 to 3.5."""
    logarithm = sharpness * np.log(np.maximum(relative_size, SMALLEST))
    none = np.real(logarithm) < -NEGLIGIBLE
    power = np.where(none, 0.0, np.exp(_at_most(logarithm)))  # x^m
    exponent = -np.log(2.0) * power
    left = np.where(np.real(exponent) > -NEGLIGIBLE, np.exp(exponent), 0.0)
    return Split(np.asarray(-np.expm1(exponent)), left)


def lynch_rao(relative_size: Any, sharpness: Any) -> Split:
    """Return E_c and 1 - E_c by (2); ``sharpness`` is alpha, for cyclones 2 to 5."""
    return _risen(relative_size, sharpness, 0.0)


def whiten_beta(relative_size: Any, sharpness: Any, fish_hook: Any) -> Split:
    """Return E_c and 1 - E_c by (3); ``sharpness`` is alpha, ``fish_hook`` is beta."""
    return _risen(relative_size * stretch(sharpness, fish_hook), sharpness, fish_hook)


def _risen(stretched: Any, sharpness: Any, fish_hook: Any) -> Split:
    """(3) over u = b* x, divided by e^(a u) above and below so that large sizes do not overflow."""
    exponent = sharpness * (1.0 - stretched)
    rising = -np.expm1(-sharpness * stretched)  # 1 - e^(-a u)
    rising = np.where(np.real(exponent) < NEGLIGIBLE, rising, 0.0)
    falling = -np.expm1(-sharpness) * np.exp(_at_most(exponent))  # e^(-a u) (e^a - 1)
    falling = np.where(np.real(exponent) > -NEGLIGIBLE, falling, 0.0)
    returned = fish_hook * stretched * falling
    both = rising + falling
    return Split(np.asarray((rising - returned) / both), np.asarray((falling + returned) / both))


def stretch(sharpness: Any, fish_hook: Any) -> Array:
    """Return b* of (3), one or more.

    (3) is one half at x = 1 where b* = 1 + ln(1 + 2 b b* (1 - e^-a)) / a. Its right side grows ever
    slower, so Newton's method descends to the one root from any start where the left side grows at
    least twice as fast; 1 + 2 / a is one.
    """
    slope = 2.0 * fish_hook * -np.expm1(-sharpness)
    found = 1.0 + 2.0 / sharpness + 0.0 * slope
    for _ in range(NEWTON_STEPS):
        miss = found - 1.0 - np.log1p(slope * found) / sharpness
        found = found - miss / (1.0 - slope / (sharpness * (1.0 + slope * found)))
    return np.asarray(found)


def with_bypass(corrected: Split, bypass: Any) -> Split:
    """Return the actual efficiency E, and 1 - E, by (4)."""
    sorted_out = 1.0 - bypass
    coarse, fine = bypass + sorted_out * corrected.coarse, sorted_out * corrected.fine
    return Split(np.asarray(coarse), np.asarray(fine))


def _at_most(exponent: Any) -> Array:
    """The exponent, or its limit where it is above that."""
    return np.asarray(np.where(np.real(exponent) < NEGLIGIBLE, exponent, NEGLIGIBLE))
