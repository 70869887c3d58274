"""Which grains a cyclone for gas catches: Lapple's cut and curve, over grains of all sizes.

Gas of viscosity mu enters at velocity v through an inlet of width W and turns N times. Half of the
grains of density rho and of the cut diameter are caught, and of other diameters d the share E:

    d50^2 = 9 mu W / (2 pi N v rho)                                                 (1)
    E(d) = 1 / (1 + (d50 / d)^2)                                                    (2)

Diameters of one dust are log-normal by mass, with median m and geometric standard deviation s:

    eta = integral of E(m * s^z) * exp(-z^2 / 2) / sqrt(2 pi) dz                    (3)

so that eta is one half where m is the cut, whatever s. (1) and the curve that (2) fits are those of
Lapple, Processes for dust collection, Chem. Eng. 58 (May 1951) 144; (2) is the fit of Theodore and
De Paola (1980), J. Air Pollut. Control Assoc. 30, 1132. All quoted from memory. The density of the
gas is neglected beside that of the grains.

Viscosity of air after Sutherland, 1.716e-5 Pa s at 0 degC, constant 110.4 K (White, Viscous Fluid
Flow, quoted from memory); SO2 and CO2 in furnace gas lower it by up to 10 %.
"""

import math
from typing import Any

import numpy as np

from flowsheet.core.flow import Array

_DEVIATES = np.linspace(-6.0, 6.0, 31)[:, None, None]
_WEIGHTS = np.exp(-0.5 * _DEVIATES**2)


def air_viscosity(temperature: Any) -> Any:
    """Viscosity of air in Pa s; temperature in K."""
    return 1.716e-5 * (temperature / 273.15) ** 1.5 * (273.15 + 110.4) / (temperature + 110.4)


def cut_per_diameter(*, turns: Any, velocity: Any, density: Any, viscosity: Any, width: Any) -> Any:
    """(d / d50)^2 over d^2, in 1/m2, from (1): zero where no gas flows, and no division by it."""
    return 2.0 * math.pi * turns * velocity * density / (9.0 * viscosity * width)


def share_caught(median_to_cut: Any, spread: Any) -> Array:
    """Share of a dust that is caught, from the square of its median over the cut; (3).

    Arrays are (constituents, scenarios) or broadcast to it. The sum over 31 sizes is good to 1e-6
    for a spread up to 5.
    """
    squared = median_to_cut * np.exp(2.0 * _DEVIATES * np.log(spread))
    caught = (_WEIGHTS * (squared / (1.0 + squared))).sum(axis=0)
    passing = (_WEIGHTS / (1.0 + squared)).sum(axis=0)
    share: Array = caught / (caught + passing)  # neither below 0 nor above 1 by a rounding
    return share
