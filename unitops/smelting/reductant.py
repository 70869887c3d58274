"""Reductants of antimony oxide: whether they reduce it, and the gas that carbon makes.

    C + CO2 -> 2 CO,    K = x^2 P / (1 - x),    x = CO / (CO + CO2) by volume       (1)
    Sb2O3 + 3 CO -> 2 Sb + 3 CO2,    CO/CO2 >= K^(-1/3)                             (2)

(1) is the equilibrium of gas with carbon (Boudouard) at P = 1 bar of CO and CO2 together, (2) the
least CO that still reduces; both from the Gibbs energies of ``flowsheet.core.thermochemistry``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal

import numpy as np

from flowsheet.core.constants import GAS_CONSTANT
from flowsheet.core.flow import Array
from flowsheet.core.reaction import Reaction
from flowsheet.core.reaction_energy import check_feasible
from flowsheet.core.thermochemistry import thermochemistry

ReductantKind = Literal["coke", "coal", "charcoal", "iron", "copper"]


@dataclass(frozen=True)
class Fuel:
    """A carbon as bought, dry: fixed carbon and volatile matter; the rest is ash."""

    fixed_carbon: float
    volatile_matter: float
    source: str


FUELS: Mapping[str, Fuel] = MappingProxyType(
    {
        "coke": Fuel(0.85, 0.02, "GB 51445-2021 asks for more than 80 % fixed C; usual 82 to 88 %"),
        "coal": Fuel(0.81, 0.07, "anthracite; above 80 % fixed C (GB 51445-2021), rest assumed"),
        "charcoal": Fuel(0.80, 0.17, "from memory: 70 to 90 % fixed C, ash 1 to 5 %"),
    }
)
_BY_CARBON = Reaction("Sb2O3 + 3 C -> 2 Sb + 3 CO")
_BY_MONOXIDE = Reaction("Sb2O3 + 3 CO -> 2 Sb + 3 CO2")
_BOUDOUARD = Reaction("C + CO2 -> 2 CO")
_OXIDE_WITH = {
    **dict.fromkeys(FUELS, _BY_CARBON),
    "iron": Reaction("Sb2O3 + 3 Fe -> 2 Sb + 3 FeO"),
    "copper": Reaction("Sb2O3 + 6 Cu -> 2 Sb + 3 Cu2O"),
}
_INSTEAD = {
    **dict.fromkeys(FUELS, "carbon reduces it above about 705 K (432 degC); raise the temperature"),
    "iron": "use carbon",
    "copper": "use carbon, or iron on the sulphide",
}


def is_carbon(kind: str) -> bool:
    """Whether a reductant is carbon, which leaves as CO and CO2."""
    return kind in FUELS


@lru_cache(maxsize=1024)  # each of many scenarios asks for the same
def check_reduces(kind: str, temperature: float) -> None:
    """Refuse a reductant that cannot reduce Sb2O3 at this temperature in K, by its energy."""
    check_feasible(_OXIDE_WITH[kind], temperature, _INSTEAD[kind])


def equilibrium_monoxide(temperature: Any) -> Array:
    """CO / (CO + CO2) of gas in equilibrium with carbon at 1 bar, x of (1); temperature in K."""
    constant = np.exp(_logarithm(_BOUDOUARD, temperature))
    # Written so that nothing cancels where K is large, nor overflows where it is small.
    share: Array = 2.0 / (1.0 + np.sqrt(1.0 + 4.0 / constant))
    return share


def least_monoxide_ratio(temperature: Any) -> Array:
    """CO / CO2 below which a gas no longer reduces Sb2O3, (2); temperature in K."""
    ratio: Array = np.exp(-_logarithm(_BY_MONOXIDE, temperature) / 3.0)
    return ratio


def _logarithm(reaction: Reaction, temperature: Any) -> Array:
    """Natural logarithm of the equilibrium constant; also of complex temperatures."""
    at = np.atleast_1d(temperature)
    gibbs = sum(
        count * thermochemistry(name).gibbs_energy(at)
        for name, count in reaction.coefficients.items()
    )
    logarithm: Array = -gibbs / (GAS_CONSTANT * at)
    return logarithm
