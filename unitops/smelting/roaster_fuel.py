"""The carbon with which a roaster holds its temperature, where conversions are given.

At a given temperature the surplus of ``roaster_heat`` (3) is linear in what reacts, and all that
burns but antimony trioxide is linear in the carbon C. So one roast without fuel is enough:

    surplus(C) = S_0 + s_C C + s_V V(C) + s_T W(C)                                  (1)

with S_0 the surplus of the charge without fuel and without evaporation, V and W the extents of
``antimony_volatilisation`` (2) and (3), and s the heat left over per kg of carbon with its air and
ash, and per mol of either reaction. V and W follow from the gas, whose amount and oxygen are linear
in C. (1) is a few numbers per scenario, and its zero is found by Newton's method between bounds.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from flowsheet.core.arithmetic import ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.heat import enthalpy, molar_enthalpy, sensible_heat
from flowsheet.core.slate import Slate
from flowsheet.core.thermochemistry import STANDARD_TEMPERATURE
from flowsheet.core.unit import Parameters
from unitops.smelting.antimony_volatilisation import (
    OXYGEN_OF_TETROXIDE,
    Volatilisation,
    gas_per_oxygen,
    volatilisation,
)
from unitops.smelting.bracketed_root import newton_root, with_slope
from unitops.smelting.roasted_charge import (
    RoastedCharge,
    carrier_of,
    fuel_of,
    volatilised,
)
from unitops.smelting.roasting_reactions import Burnt, burnt

_MOST_RAISES = 60
"""Times that the upper bound of the carbon is raised by half."""


_SETTINGS = (
    *("temperature", "air_temperature", "heat_loss", "excess_air", "oxygen_in_air", "fuel_ash"),
    *("pressure", "volatilisation", "antimony_volatilised", "volatilised_at"),
    *("volatilised_in_oxygen", "oxygen_of_half_rate", "antimony_to_tetroxide"),
)
"""Parameters that decide the two, whatever is fed."""


class MolarHeats(NamedTuple):
    """Heat left over, with the loss taken off: J per kg of carbon, J per mol of the others."""

    of_oxygen: Any
    """That reactions draw: the air it comes with enters and leaves warm."""
    of_carbon: Any
    of_vaporisation: Any
    of_tetroxide: Any


def molar_heats(slate: Slate, p: Parameters) -> MolarHeats:
    """What carbon, drawn oxygen and the reactions of trioxide add to the surplus."""
    kept = 1.0 - p.heat_loss
    nitrogen = (1.0 + p.excess_air) * (1.0 / p.oxygen_in_air - 1.0)

    def formed(name: str) -> Any:
        return molar_enthalpy(slate, name, STANDARD_TEMPERATURE)

    def rise(name: str, temperature: Any) -> Any:
        return molar_enthalpy(slate, name, temperature) - formed(name)

    def surplus_of(made: dict[str, float]) -> Any:
        """Of a reaction at the temperature of the bed, without the oxygen it draws."""
        return sum(
            -moles * (kept * formed(name) + rise(name, p.temperature))
            for name, moles in made.items()
            if name in slate
        )

    brought = (1.0 + p.excess_air) * rise("O2", p.air_temperature)
    brought = brought + nitrogen * rise("N2", p.air_temperature)
    taken = p.excess_air * rise("O2", p.temperature) + nitrogen * rise("N2", p.temperature)
    of_oxygen = kept * formed("O2") + brought - taken
    burning = kept * formed("C") + surplus_of({"CO2": 1.0}) + of_oxygen
    of_carbon = burning / slate.molar_mass[slate.row("C")]
    if np.count_nonzero(p.fuel_ash):
        ash = p.fuel_ash / (1.0 - p.fuel_ash) * rise("SiO2", p.temperature)
        of_carbon = of_carbon - ash / slate.molar_mass[slate.row("SiO2")]
    return MolarHeats(
        of_oxygen,
        of_carbon,
        surplus_of({"Sb2O3": -1.0, "Sb4O6(g)": 0.5}),
        surplus_of({"Sb2O3": -1.0, "Sb2O4": 1.0}) + OXYGEN_OF_TETROXIDE * of_oxygen,
    )


def check_brings_heat(of_carbon: Any) -> None:
    """Refuse settings at which carbon does not even warm its own air."""
    if np.any(of_carbon <= 0.0):
        raise InputError(
            "carbon brings no heat to spare at this temperature, excess air and heat loss; use "
            "less excess_air, richer or warmer air, or a lower temperature"
        )


def roasted_with_fuel(feed: Flow, p: Parameters) -> RoastedCharge:
    """Roast a feed with the carbon that the heat balance needs, none where it needs none."""
    heats, settled = _settled(feed.slate, p)
    check_brings_heat(heats.of_carbon.real)
    without = burnt(feed, p.sulphide_conversion, p)
    balance = _balance(feed, without, settled, heats, p)
    carbon = _needed(balance)
    fuel = fuel_of(feed, carbon, p)
    fired = _with_fuel(without, carbon, p) if np.count_nonzero(carbon) else without
    return volatilised(feed, fuel, fired, p.temperature, p, settled=settled)


def _settled(slate: Slate, p: Parameters) -> tuple[MolarHeats, Volatilisation]:
    """What settings alone decide; kept where they do not vary, since every pass asks for it."""
    values = tuple(getattr(p, name) for name in _SETTINGS)
    if any(isinstance(value, np.ndarray) for value in values):
        return _found(slate, values)
    return _kept(slate, values)


def _found(slate: Slate, values: tuple[Any, ...]) -> tuple[MolarHeats, Volatilisation]:
    p = Parameters(dict(zip(_SETTINGS, values, strict=True)))
    return molar_heats(slate, p), volatilisation(p.temperature, p)


_kept = lru_cache(maxsize=64)(_found)


def _with_fuel(without: Burnt, carbon: Array, p: Parameters) -> Burnt:
    """What burns with so much carbon beside it."""
    molar_mass, row = without.after.slate.molar_mass, without.after.slate.row
    moles = carbon / molar_mass[row("C")]
    made = {"CO2": moles * molar_mass[row("CO2")]}
    if np.count_nonzero(p.fuel_ash):
        made["SiO2"] = carbon * p.fuel_ash / (1.0 - p.fuel_ash)
    return Burnt(without.after.plus(made), without.oxygen + moles)


@dataclass(frozen=True)
class _Balance:
    """Equation (1): every entry a number or (scenarios,)."""

    settled: Volatilisation
    heats: MolarHeats
    unfired: Array
    """S_0, W."""
    trioxide: Array
    vapour: Array
    carrier: Array
    """Gas without fuel, mol/s; more of it per kg of carbon."""
    carrier_per_carbon: Any
    oxygen: Array
    """Free oxygen in that gas, mol/s; more of it per kg of carbon."""
    oxygen_per_carbon: Any

    def real(self) -> "_Balance":
        """The same without the directions of derivatives."""
        numbers = {n: v.real for n, v in vars(self).items() if np.iscomplexobj(v)}
        heats = MolarHeats(*(np.real(heat) for heat in self.heats))
        return replace(self, settled=self.settled.real(), heats=heats, **numbers)

    def surplus(self, carbon: Any) -> Array:
        """Heat left over with so much carbon, W."""
        carrier = self.carrier + carbon * self.carrier_per_carbon
        oxygen = ratio(self.oxygen + carbon * self.oxygen_per_carbon, carrier)
        amounts = self.settled.extents(self.trioxide, self.vapour, carrier, oxygen)
        left: Array = self.unfired + carbon * self.heats.of_carbon
        left = left + amounts.volatilised * self.heats.of_vaporisation
        of_tetroxide: Array = amounts.to_tetroxide * self.heats.of_tetroxide
        return left + of_tetroxide


def _balance(
    feed: Flow, without: Burnt, settled: Volatilisation, heats: MolarHeats, p: Parameters
) -> _Balance:
    after, slate = without.after, feed.slate
    released = enthalpy(feed - after, STANDARD_TEMPERATURE)
    unfired = released * (1.0 - p.heat_loss) + without.oxygen * heats.of_oxygen
    unfired = unfired - sensible_heat(after, p.temperature)
    if np.any(p.feed_temperature != STANDARD_TEMPERATURE):
        unfired = unfired + sensible_heat(feed, p.feed_temperature)
    moles = 1.0 / slate.molar_mass[slate.row("C")]
    return _Balance(
        settled=settled,
        heats=heats,
        unfired=unfired,
        trioxide=after.moles("Sb2O3"),
        vapour=after.moles("Sb4O6(g)"),
        carrier=carrier_of(without, p),
        carrier_per_carbon=moles * (1.0 + gas_per_oxygen(p)),
        oxygen=after.moles("O2") + without.oxygen * p.excess_air,
        oxygen_per_carbon=moles * p.excess_air,
    )


def _needed(balance: _Balance) -> Array:
    """Carbon in kg/s that closes the balance, zero where the charge needs none; complex as it."""
    still = balance.real()
    none = still.surplus(0.0)
    needed = none < 0.0
    if not np.any(needed):
        return np.zeros(none.shape)
    most = np.where(needed, -none / still.heats.of_carbon, 0.0)
    reached = still.surplus(most)
    for _ in range(_MOST_RAISES):  # evaporating antimony may take up what the first carbon brings
        short = needed & (reached < 0.0)
        if not np.any(short):
            break
        most = np.where(short, 1.5 * most, most)
        reached = still.surplus(most)
    root, slope = newton_root(still.surplus, np.zeros_like(most), most, (none, reached))
    return np.where(needed, with_slope(balance.surplus, root, slope), 0.0)
