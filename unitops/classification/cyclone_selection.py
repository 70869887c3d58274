"""Which cyclones for which overflow: the selection of Krebs, as a first size before a model.

For solids of density rho in water, V the solids in the feed by volume in %, P the pressure in kPa
and D the diameter of a cyclone of usual shape in cm:

    d50c = 2.84 D^0.66 ((53 - V) / 53)^-1.43 3.27 P^-0.28 (1.65 / (rho / rho_l - 1))^0.5   um  (1)
    d50c = factor * (size that so much of the overflow passes)                             (2)
    Q = 0.0095 D^2 P^0.5                                        m3/h per cyclone           (3)

with the factor of (2) from a table. (1) and (2) Arterburn (1982), in Mular and Jergensen (editors),
Design and Installation of Comminution Circuits, 592-607; (3) Mular and Jull (1980), Mineral
Processing Plant Design, 2nd edition, 376-403. Quoted from memory; (3) compared with one public
implementation, which prints 0.0095 where some books have 0.0094.

Sizes and fractions are given as in a case, ``"74 um"``, ``"60 %"``, and returned as quantities.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from flowsheet.core.errors import InputError
from flowsheet.core.parameters import (
    Density,
    Fraction,
    Length,
    Pressure,
    VolumeFlow,
    parameter_of,
)
from flowsheet.core.quantities import quantity

if TYPE_CHECKING:
    from pint import Quantity

FACTORS = {
    0.500: 2.78,
    0.600: 2.08,
    0.700: 1.67,
    0.800: 1.25,
    0.900: 0.91,
    0.950: 0.73,
    0.988: 0.54,
}
"""Share of the overflow that passes a size -> cut size over that size."""
DENSEST = 0.53
"""Solids by volume at which (1) says that nothing is cut any more."""


def cut_size_for_overflow(size: Any, passing: Any) -> "Quantity[float]":
    """Return the d50c in um with which so much of the overflow passes a size, by (2).

    The factor is straight between the entries of the table. Raises InputError outside it.

    >>> print(f"{cut_size_for_overflow('74 um', '60 %'):.1f~P}")
    153.9 µm
    """
    share = parameter_of(Fraction).convert(passing)
    shares = list(FACTORS)
    if not shares[0] <= share <= shares[-1]:
        raise InputError(
            f"passing: {share:.1%} of the overflow is outside the table, 50 to 98.8 %; say how "
            "much passes another size"
        )
    factor = float(np.interp(share, shares, list(FACTORS.values())))
    return quantity(factor * parameter_of(Length).convert(size), "um", "m")


def cut_size_of_cyclone(
    diameter: Any,
    *,
    solids_by_volume: Any,
    pressure: Any,
    density: Any,
    liquor_density: Any = "1000 kg/m^3",
) -> "Quantity[float]":
    """Return the d50c in um of a cyclone of a diameter, by (1).

    >>> cut = cut_size_of_cyclone(
    ...     "25 cm", solids_by_volume="30 %", pressure="50 kPa", density="4800 kg/m^3"
    ... )
    >>> print(f"{cut:.1f~P}")
    56.5 µm
    """
    width = parameter_of(Length).convert(diameter) * 100.0
    crowded = _corrections(solids_by_volume, pressure, density, liquor_density)
    return quantity(2.84e-6 * width**0.66 * crowded, "um", "m")


def cyclone_diameter(
    cut_size: Any,
    *,
    solids_by_volume: Any,
    pressure: Any,
    density: Any,
    liquor_density: Any = "1000 kg/m^3",
) -> "Quantity[float]":
    """Return the diameter in cm of a cyclone that cuts at a d50c, by (1).

    >>> needed = cut_size_for_overflow("74 um", "60 %")
    >>> diameter = cyclone_diameter(
    ...     needed, solids_by_volume="30 %", pressure="50 kPa", density="2900 kg/m^3"
    ... )
    >>> print(f"{diameter:.1f~P}")
    67.5 cm
    """
    needed = parameter_of(Length).convert(cut_size)
    crowded = _corrections(solids_by_volume, pressure, density, liquor_density)
    return quantity(float((needed / (2.84e-6 * crowded)) ** (1.0 / 0.66)) / 100.0, "cm", "m")


def pulp_per_cyclone(diameter: Any, pressure: Any) -> "Quantity[float]":
    """Return the pulp in m3/h that a cyclone takes at a pressure, by (3).

    >>> print(f"{pulp_per_cyclone('50 cm', '100 kPa'):.0f~P}")
    238 m³/h
    """
    width = parameter_of(Length).convert(diameter) * 100.0
    kilopascal = parameter_of(Pressure).convert(pressure) / 1e3
    return quantity(0.0095 * width**2 * kilopascal**0.5 / 3600.0, "m^3/h", "m^3/s")


def cyclones_needed(pulp: Any, diameter: Any, pressure: Any) -> int:
    """Return how many cyclones take a flow of pulp, by (3), rounded up.

    >>> cyclones_needed("900 m^3/h", "50 cm", "100 kPa")
    4
    """
    flow = parameter_of(VolumeFlow).convert(pulp)
    each = pulp_per_cyclone(diameter, pressure).to("m^3/s").magnitude
    if each == 0.0:
        raise InputError('pressure of 0 drives nothing through; give e.g. "100 kPa"')
    return int(np.ceil(flow / each * (1.0 - 1e-12)))


def usual_diameter(cut_size: Any, solids: Any, pressure: Any, relative_density: Any) -> Any:
    """Return the diameter in m by (1), all in SI, (scenarios,); no number where none is cut."""
    thin = np.where(solids < DENSEST, solids, np.nan)
    crowded = ((DENSEST - thin) / DENSEST) ** -1.43 * 3.27 * (pressure / 1e3) ** -0.28
    settled = (1.65 / (relative_density - 1.0)) ** 0.5
    return (cut_size / (2.84e-6 * crowded * settled)) ** (1.0 / 0.66) / 100.0


def usual_flow(diameter: Any, pressure: Any) -> Any:
    """Return the pulp in m3/s that one cyclone takes by (3), all in SI."""
    return 0.0095 * (100.0 * diameter) ** 2 * (pressure / 1e3) ** 0.5 / 3600.0


def _corrections(solids_by_volume: Any, pressure: Any, density: Any, liquor_density: Any) -> float:
    """d50c of (1) over that of the standard conditions."""
    solids = parameter_of(Fraction).convert(solids_by_volume)
    kilopascal = parameter_of(Pressure).convert(pressure) / 1e3
    relative = parameter_of(Density).convert(density) / parameter_of(Density).convert(
        liquor_density
    )
    if solids >= DENSEST:
        raise InputError(
            f"solids_by_volume of {solids:.1%}; a feed of 53 % by volume or more is not cut, add "
            "water"
        )
    if kilopascal == 0.0:
        raise InputError('pressure of 0 drives nothing through; give e.g. "100 kPa"')
    if relative <= 1.0:
        raise InputError(
            f"density of the solids is {relative:.3g} of that of the liquor; particles must sink"
        )
    settled = float((1.65 / (relative - 1.0)) ** 0.5)
    return float(((DENSEST - solids) / DENSEST) ** -1.43 * 3.27 * kilopascal**-0.28) * settled
