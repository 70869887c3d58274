"""Partition curves: the share of particles of a density and size that reports to the sinks.

With rho the density of a particle, rho_50 the density that splits in half and Ep (ecart probable)
half the density span from 25 % to 75 %, so small is sharp:

    Y = 1 / (1 + exp(ln 3 * (rho_50 - rho) / Ep))                                   (1)
    Y_total = a_s + (1 - a_s - a_f) * Y                                             (2)
    Y = 1 / (1 + (1 / Y_p - 1) * exp(ln 3 * (rho_p - rho) / Ep))                    (3)
    Ep(d) = Ep_ref * (d / d_ref)^-n                                                 (4)
    Ep(d) = Ep_inf + (Ep_ref - Ep_inf) * (d / d_ref)^-n                             (5)
    rho_50(d) = rho_50,inf + (rho_50,ref - rho_50,inf) * (d / d_ref)^-n             (6)
    Y = 1 - exp(-ln 2 * (x / x_50)^m)                                               (7)
    I = Ep / (rho_50 - rho_fluid)                                                   (8)

(1) Whiten's curve and (2) its short circuits as in Napier-Munn (1991), Minerals Engineering 4,
329-346. (3) The curves of all sizes pass through one pivot, of density rho_p and share Y_p: Scott
and Napier-Munn (1992), Transactions of the Institution of Mining and Metallurgy 101, C61-C76,
quoted from memory. A particle so fine that Ep grows without bound takes the share Y_p whatever its
density: it goes with the fluid. (4) goes with (3); (5) and (6) are the general forms, in which a
curve keeps a sharpness or a cut of its own for coarse particles. (7) Rosin and Rammler, for a
size or for a density above the fluid's. (8) Imperfection of separators in water, which carries a
sharpness to another cut: Terra (1938), as in Wills' Mineral Processing Technology.

Arguments are numbers or arrays that broadcast, complex ones as well, in any consistent unit.
"""

from typing import Any

import numpy as np

from flowsheet.core.flow import Array

WATER = 1000.0
"""Density of water, kg/m^3."""
LN_3 = float(np.log(3.0))
LN_2 = float(np.log(2.0))
EXPONENT_OF_NOTHING = 500.0
"""Exponent in (1) above which nothing reaches the sinks, not even 1e-217; exp(710) overflows."""


def logistic(exponent: Any) -> Array:
    """Return 1 / (1 + exp(exponent)), zero where the exponential would overflow."""
    exponent = np.asarray(exponent)
    some = exponent.real < EXPONENT_OF_NOTHING
    return np.asarray(some / (1.0 + np.exp(np.where(some, exponent, 0.0))))


def whiten(density: Any, cut_density: Any, ecart_probable: Any) -> Array:
    """Return the share to sinks by (1)."""
    return logistic(LN_3 * (cut_density - density) / ecart_probable)


def with_short_circuits(sinks: Any, to_sinks: Any, to_floats: Any) -> Array:
    """Return the share to sinks by (2), of a curve with a_s and a_f that bypass the sorting."""
    return np.asarray(to_sinks + (1.0 - to_sinks - to_floats) * sinks)


def pivot_cut_density(pivot_density: Any, pivot_partition: Any, ecart_probable: Any) -> Array:
    """Return rho_50 of the curve (3), which is (1) with rho_50 = rho_p + Ep ln(1/Y_p - 1) / ln 3.

    Below Y_p = 50 % the cut of fine particles, whose Ep is large, is higher than that of coarse.
    """
    return np.asarray(pivot_density + ecart_probable * np.log(1.0 / pivot_partition - 1.0) / LN_3)


def whiten_through_pivot(
    density: Any, pivot_density: Any, pivot_partition: Any, ecart_probable: Any
) -> Array:
    """Return the share to sinks by (3)."""
    shift = np.log(1.0 / pivot_partition - 1.0)
    return logistic(shift + LN_3 * (pivot_density - density) / ecart_probable)


def of_size(size: Any, at_reference: Any, reference_size: Any, exponent: Any) -> Array:
    """Return a value that falls with size as a power, (4): an Ep, or a rate of sorting."""
    return np.asarray(at_reference * (size / reference_size) ** -exponent)


def of_size_with_limit(
    size: Any, limit: Any, at_reference: Any, reference_size: Any, exponent: Any
) -> Array:
    """Return a value that tends to a limit for coarse particles: Ep by (5), rho_50 by (6)."""
    return np.asarray(limit + of_size(size, at_reference - limit, reference_size, exponent))


def weibull(value: Any, middle: Any, sharpness: Any) -> Array:
    """Return the share by (7): 50 % at ``middle``, none at zero; m is the ``sharpness``."""
    return np.asarray(1.0 - np.exp(-LN_2 * (value / middle) ** sharpness))


def imperfection(cut_density: Any, ecart_probable: Any, fluid_density: Any = WATER) -> Array:
    """Return I by (8)."""
    return np.asarray(ecart_probable / (cut_density - fluid_density))


def ecart_probable_of(imperfection: Any, cut_density: Any, fluid_density: Any = WATER) -> Array:
    """Return the Ep that an imperfection (8) means at a cut density."""
    return np.asarray(imperfection * (cut_density - fluid_density))
