"""Concentration in a flowing film of water: spirals and shaking tables.

Share of particles of density rho and size d that reports to a product, of which a share w of all
water goes the same way:

    R = F * w + (1 - F) * C * Y                                                     (1)
    F = 1 / (1 + (d / d_f)^n)                                                       (2)
    C = 1 / (1 + (d / d_c)^m)                                                       (3)

Y is Whiten's partition curve (``partition``). F is the share of particles so fine that they hang in
the water and go where it goes, half of them at the fine limit d_f; it tends to 1 for slimes, which
then split as the water does. C is what is left of coarse particles, which stand up into the fast
water of the film and are washed out, half of them at the coarse limit d_c.

The surface has the trends on which the literature of these devices agrees (Wills' Mineral
Processing Technology; Burt (1984), Gravity Concentration Technology; for spirals Holland-Batt
(1989), Transactions of the Institution of Mining and Metallurgy C 98, of which only the trends are
used: recovery grows with density, is best between, and falls for slimes and for coarse heavies).
The form of (2) and (3) and the numbers in it are assumed, not measured: fit them to test work.

R grows with density at any size, is w at zero size, and 0 at infinite size.
"""

from typing import Any

import numpy as np

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Parameters
from unitops.gravity.particle_density import check_densities, densities, sizes
from unitops.gravity.partition import logistic, whiten

ROUNDED_SUM = 1e-9
"""How far shares may exceed 100 %."""


def following_water(size: Any, fine_limit: Any, sharpness: Any) -> Array:
    """Return F, the share of particles that goes where the water goes, by (2)."""
    return logistic(sharpness * np.log(size / fine_limit))


def staying(size: Any, coarse_limit: Any, sharpness: Any) -> Array:
    """Return C, the share of particles that is not washed out for its size, by (3)."""
    return logistic(sharpness * np.log(size / coarse_limit))


def share(feed: Flow, p: Parameters, cut_density: Any, recovery: Any, water: Any) -> Array:
    """Share of every constituent to a product, (constituents, 1 or scenarios).

    By ``recovery`` of each solid if that is given, else by the partition surface above a cut
    density; liquids go with the water.
    """
    water = np.minimum(water, 1.0)  # shares of two products may round to more
    if recovery is not None:
        slate = feed.slate
        solids = slate.in_phase("solid") * np.minimum(recovery, 1.0)
        return np.asarray(solids + slate.in_phase("liquid") * water)
    check_densities(feed)
    return _by_surface(feed.slate, p, cut_density, water)


def _by_surface(slate: Slate, p: Parameters, cut_density: Any, water: Any) -> Array:
    """Share by (1); solids of no size are sorted by their density alone."""
    if slate.particles is None:
        raise InputError(
            "cut_density needs the sizes of particles; give the flowsheet "
            "particles=Particles(...), or give this unit a recovery instead"
        )
    by_density = whiten(densities(slate), cut_density, p.ecart_probable)
    unsized = np.isnan(sizes(slate))
    size = np.where(unsized, 1.0, sizes(slate))
    fines = following_water(size, p.fine_limit, p.fine_sharpness)
    stays = staying(size, p.coarse_limit, p.coarse_sharpness)
    particles = fines * water + (1.0 - fines) * stays * by_density  # (1)
    solids = slate.in_phase("solid") * np.where(unsized, by_density, particles)
    return np.asarray(solids + slate.in_phase("liquid") * water)


def check_surface(unit: Any) -> None:
    """Refuse a unit that sorts in no way or in two, and half a pair of minerals."""
    if (unit.recovery is None) == (unit.cut_density is None):
        raise InputError(
            "give either cut_density (with particles in size classes) or recovery, and not both"
        )
    if (unit.heavy is None) != (unit.light is None):
        raise InputError(
            "heavy and light are compared with each other; give both or neither of them"
        )


def check_middlings(unit: Any) -> None:
    """Refuse middlings cut out above the concentrate, or more products than feed."""
    if (unit.cut_density is None) != (unit.middlings_cut_density is None):
        raise InputError(
            "cut_density and middlings_cut_density go together; give both, or recovery and "
            "recovery_to_middlings"
        )
    if unit.cut_density is not None and unit.middlings_cut_density > unit.cut_density:
        raise InputError(
            f"middlings_cut_density of {unit.middlings_cut_density:.0f} kg/m^3 is above the "
            f"cut_density of {unit.cut_density:.0f}; middlings are lighter, give less"
        )
    if unit.water_to_concentrate + unit.water_to_middlings > 1.0 + ROUNDED_SUM:
        raise InputError(
            f"water_to_concentrate and water_to_middlings are "
            f"{unit.water_to_concentrate + unit.water_to_middlings:.1%} together; give 100 % or "
            "less"
        )
    if unit.recovery is not None:
        _check_recoveries(unit.recovery, unit.recovery_to_middlings)


def _check_recoveries(to_concentrate: Any, to_middlings: Any) -> None:
    """Refuse recoveries of more than everything, by species."""
    for name in ("others", *to_concentrate.by_name, *to_middlings.by_name):
        both = sum(
            each.by_name.get(name, each.others or 0.0) for each in (to_concentrate, to_middlings)
        )
        if both > 1.0 + ROUNDED_SUM:
            raise InputError(
                f"recovery and recovery_to_middlings of {name} are {both:.1%} together; give "
                "100 % or less"
            )
