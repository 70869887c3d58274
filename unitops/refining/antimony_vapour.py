"""The vapour over molten antimony: Sb4 and Sb2, their shares and the heat of evaporation.

Both molecules are in equilibrium with the melt (Gibbs energies of flowsheet.core):

    p_Sb4 = exp(-(G_Sb4 - 4 G_Sb) / RT) bar,   p_Sb2 = exp(-(G_Sb2 - 2 G_Sb) / RT)  (1)

Only their shares are taken from (1): 98 % of the vapour is Sb4 at 650 degC, 92 % at 800 and 73 % at
1000. The sum is the measured vapour pressure, which (1) meets within 1 % at 650 degC; it is 22 %
lower at 800 and 37 % at 1000. Over a melt in which the activity of antimony is a,

    p_Sb4 = p_Sb4,pure a^4,                    p_Sb2 = p_Sb2,pure a^2               (2)
"""

from functools import lru_cache
from typing import Any

import numpy as np

from flowsheet.core.constants import GAS_CONSTANT
from flowsheet.core.flow import Array
from flowsheet.core.formula import parse_formula
from flowsheet.core.thermochemistry import thermochemistry
from flowsheet.core.vapour_pressure import vapour_pressure

MELTING_POINT = 903.8  # K, of antimony
_ATOM = parse_formula("Sb").molar_mass
TETRAMER, DIMER = 4.0 * _ATOM, 2.0 * _ATOM
"""Molar masses of Sb4 and Sb2, kg/mol."""


def tetramer_share(temperature: Any) -> Array:
    """Share of Sb4 in the pressure of the vapour over pure antimony by (1); temperature in K."""
    at = np.ravel(temperature)
    melt = _gibbs("Sb", at)
    # The difference of the two exponents keeps its digits where both pressures vanish.
    more = (_gibbs("Sb4(g)", at) - _gibbs("Sb2(g)", at) - 2.0 * melt) / (GAS_CONSTANT * at)
    return np.asarray(1.0 / (1.0 + np.exp(more))).reshape(np.shape(temperature))


def partial_pressures(temperature: Any) -> tuple[Array, Array]:
    """Pressures of Sb4 and Sb2 over pure antimony, Pa; temperature in K."""
    total, share = vapour_pressure("Sb", temperature), tetramer_share(temperature)
    return total * share, total * (1.0 - share)


def atoms_evaporating(temperature: Any) -> tuple[Array, Array]:
    """Proportional to the atoms that leave pure antimony as Sb4 and as Sb2: nu p / sqrt(M)."""
    tetramer, dimer = partial_pressures(temperature)
    return 4.0 * tetramer / TETRAMER**0.5, 2.0 * dimer / DIMER**0.5


def evaporation_enthalpy(temperature: Any) -> Array:
    """Heat that evaporates one kilogram of molten antimony, J/kg; temperature in K.

    >>> print(f"{evaporation_enthalpy(923.15) / 3600:.1f} kWh/t")
    65.0 kWh/t
    """
    at = np.ravel(temperature)
    melt = thermochemistry("Sb").enthalpy(at)
    as_tetramer, as_dimer = atoms_evaporating(at)
    per_atom = (
        as_tetramer * (thermochemistry("Sb4(g)").enthalpy(at) / 4.0 - melt)
        + as_dimer * (thermochemistry("Sb2(g)").enthalpy(at) / 2.0 - melt)
    ) / (as_tetramer + as_dimer)
    return np.asarray(per_atom / _ATOM).reshape(np.shape(temperature))


def boiling_temperature(pressure: float) -> float:
    """Temperature in K at which the vapour pressure of antimony is ``pressure`` in Pa.

    >>> print(f"{boiling_temperature(101325.0):.0f} K")
    1863 K
    """
    low, high = 250.0, 4000.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        if vapour_pressure("Sb", middle) < pressure:
            low = middle
        else:
            high = middle
    return high


@lru_cache(maxsize=512)
def _gibbs_once(species: str, temperature: Any) -> Array:
    return thermochemistry(species).gibbs_energy(np.array([temperature]))


def _gibbs(species: str, temperature: Array) -> Array:
    """Gibbs energy, remembered where a unit asks for one temperature again and again."""
    if temperature.size == 1:
        return _gibbs_once(species, temperature[0])
    return thermochemistry(species).gibbs_energy(temperature)
