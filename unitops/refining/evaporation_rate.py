"""Rate of evaporation from a melt: molecular, and slowed by residual gas.

A free surface in a perfect vacuum loses (Hertz, Knudsen, Langmuir), with accommodation alpha,

    J_max = alpha p sqrt(M / (2 pi R T))            kg/(m2 s)                       (1)

summed over the molecules of the vapour. Residual gas at the pressure P lets vapour build up to the
pressure y over the surface, which sends part of it back; it leaves by diffusion over the length L
to the condenser (Stefan, one gas at rest):

    J = J_max (1 - y / p)                                                           (2)
    J = K ln(P / (P - y)),    K = M D P / (R T L)                                   (3)

D P does not depend on pressure. Limits: without gas J = J_max. Below the vapour pressure the vapour
drives the gas before it, J = J_max (1 - P / p) where K is small: the rate hardly depends on gas far
below p. Far above it J = K p / P, limited by diffusion. The passage lies at P = p; measurements
on Zn, Cd, Pb and Sb also find a constant rate below a critical pressure and a steep fall above it
(Dai and Yang's school, abstract of cqvip 5058330).
"""

from typing import Any

import numpy as np

from flowsheet.core.constants import GAS_CONSTANT
from flowsheet.core.flow import Array
from unitops.refining.antimony_vapour import DIMER, TETRAMER, partial_pressures

DIFFUSIVITY = 5e-6
"""Of Sb4 in nitrogen at 273.15 K and 1 atm, m2/s: kinetic theory of gases, uncertain by 30 %."""
_EXPONENT = 1.75  # of the temperature, usual for gases
_ATMOSPHERE = 101325.0
_MOST_STEPS = 200


def molecular_rate(
    pressure: Any, molar_mass: Any, temperature: Any, accommodation: Any = 1.0
) -> Array:
    """Evaporation into a perfect vacuum by (1), kg/(m2 s); Pa, kg/mol and K."""
    speed = np.sqrt(molar_mass / (2.0 * np.pi * GAS_CONSTANT * np.asarray(temperature)))
    return np.asarray(accommodation * pressure * speed)


def antimony_rate(temperature: Any, activity: Any = 1.0, accommodation: Any = 1.0) -> Array:
    """Antimony into a perfect vacuum by (1) as Sb4 and Sb2, kg/(m2 s), from a melt of an activity.

    >>> print(f"{3600 * antimony_rate(923.0):.0f} kg/m2/h")
    322 kg/m2/h
    """
    tetramer, dimer = partial_pressures(temperature)
    return molecular_rate(
        tetramer * activity**4, TETRAMER, temperature, accommodation
    ) + molecular_rate(dimer * activity**2, DIMER, temperature, accommodation)


def diffusion_rate(temperature: Any, length: Any) -> Array:
    """K of (3) for antimony vapour, kg/(m2 s); temperature in K, length in m."""
    absolute = np.asarray(temperature)
    product = DIFFUSIVITY * (absolute / 273.15) ** _EXPONENT * _ATMOSPHERE
    return np.asarray(TETRAMER * product / (GAS_CONSTANT * absolute * length))


def rate_in_gas(largest: Any, pressure: Any, gas: Any, diffusion: Any) -> Array:
    """J of (2) and (3) from J_max, vapour pressure, pressure of the residual gas, and K.

    Newton on the rate over K: the equation is concave and starts below its root, so that no step
    overshoots. One step after it has settled carries derivatives (imaginary parts).
    """
    ceiling = np.asarray(largest / diffusion)
    returned = ceiling * (gas / pressure)

    def step(z: Array, ceiling: Array, returned: Array) -> Array:
        kept = np.exp(-z)
        return np.asarray((z - ceiling + returned * (1.0 - kept)) / (1.0 + returned * kept))

    z = np.zeros(np.broadcast(ceiling, returned).shape)
    for _ in range(_MOST_STEPS):
        change = step(z, ceiling.real, returned.real)
        z = z - change
        if (np.abs(change) <= 1e-14 * np.abs(z)).all():
            break
    return np.asarray((z - step(z, ceiling, returned)) * diffusion)
