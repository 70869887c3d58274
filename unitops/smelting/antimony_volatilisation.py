"""What becomes of antimony trioxide in a roaster: vapour, Sb2O4, or the trioxide it is.

Of N mol Sb2O3, fed or formed, the gas above could hold at saturation

    N_max = min(N, 2 n p / (P - p))                                                 (1)

with p the vapour pressure of Sb4O6 over Sb2O3 (Hincke 1930, ``flowsheet.core.vapour_pressure``) and
n all other gas. Of that the share f evaporates, and the share t of what stays takes up oxygen:

    Sb2O3 -> 0.5 Sb4O6(g)           V = f N_max                                     (2)
    Sb2O3 + 0.5 O2 -> Sb2O4         t (N - V)                                       (3)

The air of (3) is part of n, so that n = n_0 + n_1 (N - V) and, where the gas is the limit,

    V = 2 f s (n_0 + n_1 N) / (1 + 2 f s n_1),  s = p / (P - p)                     (4)

In batches with free oxygen (Padilla 2010, abstract) about 20 % was volatilised at 700 and 60 % at
900 degC, which a straight line joins here:

    f = 0.2 + 0.4 (t/degC - 700) / 200, from 0 up to 0.97                           (5)

because Sb2O4 hardly evaporates. It forms wherever oxygen is above the pressure at which Sb2O3 and
Sb2O4 are in equilibrium:

    Sb2O3 + 0.5 O2 = Sb2O4,  p_eq = exp(2 dG / (R T)) bar                           (6)

A unit that reached the share f_0 at a temperature T_0 with x_0 of oxygen in the gas of its bed is
taken to evaporate at a rate r times that one, and so in the same time

    f = 1 - (1 - f_0)^r                                                             (7)
    r = k(T) / k(T_0) * (1 + y_0 / h) / (1 + y / h),  y = max(x - p_eq(T) / P, 0)   (8)
    k ~ exp(-E / (R T)), E = 193.0 kJ/mol below 929 K, 73.9 above                   (9)

with h the free oxygen that halves the rate: more than 10 % O2 inhibits (Zhong 2017). E: Aracena
2016 (abstract), solid at 550 to 615 degC and melt at 660 to 1100 degC, in nitrogen. The form of (7)
and (8) is assumed.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import ratio
from flowsheet.core.constants import GAS_CONSTANT
from flowsheet.core.flow import Array
from flowsheet.core.reaction import Reaction
from flowsheet.core.reaction_energy import range_of, reaction_energy
from flowsheet.core.unit import Parameters
from flowsheet.core.vapour_pressure import antimony_trioxide_vapour_pressure

VAPORISATION = Reaction("Sb2O3 -> 0.5 Sb4O6(g)")
TETROXIDE = Reaction("Sb2O3 + 0.5 O2 -> Sb2O4")
OXYGEN_OF_TETROXIDE = 0.5
_BAR = 1e5
_MELTING = 929.0  # K, of Sb2O3
_SOLID, _MELT = 193.0e3 / GAS_CONSTANT, 73.9e3 / GAS_CONSTANT  # K, of (9)


@dataclass(frozen=True)
class TrioxideExtents:
    """Moles of Sb2O3 per second that go each way."""

    volatilised: Any
    to_tetroxide: Any
    left: Any
    """What stays Sb2O3."""


@dataclass(frozen=True)
class Volatilisation:
    """What temperature and settings decide of (1) to (9), whatever the charge and its gas are."""

    boils: Any
    """Whether the vapour pressure is above that of the gas: then all could evaporate."""
    held: Any
    """mol Sb2O3 that a mol of other gas holds as vapour, 2 s."""
    added: Any
    """mol gas per mol Sb2O3 that stays, by the air of (3), n_1."""
    to_tetroxide: Any
    factor_given: Any
    """f, where it does not depend on the gas; else None."""
    rate: Any = None
    """k(T) / k(T_0) * (h + y_0) of (8)."""
    half: Any = None
    oxygen_at_equilibrium: Any = None
    """p_eq(T) / P of (8)."""
    log_left: Any = None
    """Logarithm of 1 - f_0; 0 where all evaporated."""
    all_evaporates: Any = False

    def real(self) -> "Volatilisation":
        """The same without the directions of derivatives."""
        return replace(self, **{n: v.real for n, v in vars(self).items() if np.iscomplexobj(v)})

    def factor(self, oxygen: Any) -> Any:
        """Share f of what the gas could hold that evaporates, at a volume fraction of oxygen."""
        if self.factor_given is not None:
            return self.factor_given
        free = np.maximum(oxygen - self.oxygen_at_equilibrium, 0.0)
        remains = np.exp(self.rate / (self.half + free) * self.log_left)  # (8)
        return 1.0 - np.where(self.all_evaporates, 0.0, remains)  # (7)

    def extents(
        self, trioxide: Array, vapour_fed: Array, carrier: Array, oxygen: Any
    ) -> TrioxideExtents:
        """Extents of (2) and (3) in mol/s, from the trioxide and the vapour there before them.

        ``carrier`` is the gas without the air of (3), mol/s, ``oxygen`` its volume fraction of O2.
        """
        factor = self.factor(oxygen)
        most = self.held * (carrier + self.added * trioxide) - 2.0 * vapour_fed
        limited = factor * np.maximum(most, 0.0) / (1.0 + factor * self.held * self.added)  # (4)
        unlimited = factor * trioxide
        least = np.minimum(unlimited, limited)
        volatilised = np.where(self.boils, unlimited, least)  # (1), (2)
        stays = trioxide - volatilised
        oxidised = stays * self.to_tetroxide  # (3)
        return TrioxideExtents(volatilised, oxidised, stays - oxidised)

    def ceiling(self, trioxide: Array, vapour_fed: Array, carrier: Array, stays: Array) -> Array:
        """Share of the trioxide that the gas could hold, N_max / N; 1 where there is none."""
        most = self.held * (carrier + self.added * stays) - 2.0 * vapour_fed
        return np.where(self.boils, 1.0, np.minimum(ratio(most, trioxide, empty=1.0), 1.0))


def volatilisation(temperature: Any, p: Parameters) -> Volatilisation:
    """What a temperature in K and the parameters of a roaster decide."""
    vapour_pressure = antimony_trioxide_vapour_pressure(temperature)
    room = np.asarray(p.pressure - vapour_pressure)
    boils = room.real <= 0.0
    found = Volatilisation(
        boils=boils,
        held=2.0 * vapour_pressure / np.where(boils, 1.0, room),
        added=p.antimony_to_tetroxide * OXYGEN_OF_TETROXIDE * gas_per_oxygen(p),
        to_tetroxide=p.antimony_to_tetroxide,
        factor_given=None,
    )
    if p.volatilisation == "batch":
        return replace(found, factor_given=_factor_of_batches(temperature))
    if p.volatilisation == "given":
        return replace(found, factor_given=p.antimony_volatilised)
    there = _oxygen_at_equilibrium(p.volatilised_at, p)
    there = np.maximum(p.volatilised_in_oxygen - there, 0.0)
    rate = np.exp(_exponent(temperature) - _exponent(p.volatilised_at))
    left = 1.0 - np.asarray(p.antimony_volatilised)
    none_left = left.real <= 0.0
    return replace(
        found,
        rate=rate * (p.oxygen_of_half_rate + there),
        half=p.oxygen_of_half_rate,
        oxygen_at_equilibrium=_oxygen_at_equilibrium(temperature, p),
        log_left=np.log(np.where(none_left, 1.0, left)),
        all_evaporates=none_left,
    )


def gas_per_oxygen(p: Parameters) -> Any:
    """Mol of spare oxygen and nitrogen in the gas per mol of oxygen that reactions draw."""
    return p.excess_air + (1.0 + p.excess_air) * (1.0 / p.oxygen_in_air - 1.0)


def _factor_of_batches(temperature: Any) -> Any:
    """Share volatilised in batches with free oxygen, by (5); temperature in K."""
    line = 0.2 + 0.4 * (temperature - 973.15) / 200.0
    return np.minimum(np.maximum(line, 0.0), 0.97)


def _exponent(temperature: Any) -> Any:
    """Logarithm of k over that at the melting point, by (9)."""
    over = 1.0 / temperature - 1.0 / _MELTING
    return np.minimum(-_SOLID * over, -_MELT * over)


def _oxygen_at_equilibrium(temperature: Any, p: Parameters) -> Any:
    """What Sb2O3 and Sb2O4 hold in equilibrium, as a volume fraction."""
    return oxygen_over_tetroxide(temperature) / p.pressure


def oxygen_over_tetroxide(temperature: Any) -> Array:
    """Oxygen pressure in Pa above which condensed antimony is Sb2O4, by (6); temperature in K.

    Beyond the range of the data it stays what it is at their end.
    """
    real = np.asarray(np.real(temperature), dtype=float)
    logarithm, slope = _constant_of_tetroxide(real.tobytes())
    # A first-order term in what is imaginary lets derivatives through.
    exponent = -2.0 * (logarithm + slope * (temperature - real))
    pressure: Array = _BAR * 10.0**exponent  # (6)
    return pressure


@lru_cache(maxsize=256)
def _constant_of_tetroxide(temperatures: bytes) -> tuple[Array, Array]:
    """log10 of the constant of (6) and its slope in T; kept, for a search asks again and again."""
    low, high = range_of(TETROXIDE)
    at = np.clip(np.frombuffer(temperatures), low, high)
    energy = reaction_energy(TETROXIDE, at)
    return energy.log10_constant, energy.enthalpy / (GAS_CONSTANT * at**2 * np.log(10.0))
