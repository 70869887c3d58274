"""Cooling of a furnace gas by drawing cold air into it."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow, flow_of
from flowsheet.core.parameters import Fraction, Pressure, Temperature, default
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, UnitOp
from unitops.gas_cleaning.condensation import (
    FREEZING,
    check_final_temperature,
    check_warmer,
    condensation_figures,
    condense,
    cooling_warnings,
)
from unitops.gas_cleaning.drawn_coolant import Drawing, drawn_to_cool

_ACID_PLANT = 0.03  # vol-% SO2 that single contact needs
_IGNITION = 880.0  # CO in air burns dependably above some 610 degC
_COMBUSTIBLE = 0.005


class DilutionCooler(UnitOp):
    """Draw cold air into a gas until it has the temperature T; oxide vapours condense to dust.

    The air n follows from the heat balance, with the enthalpies of ``flowsheet.core.heat``:

        n * (h_air(T) - h_air(Ta)) = (1 - w) * (H(T0) - H(T) + heat of condensation)    (1)

    and condensation from the vapour pressures, with mixed crystals, as in ``Condenser``. Air holds
    more vapour, so that less condenses than in a cooler with walls, and the gas becomes weak: a gas
    of 900 degC needs 1.7 times its volume of air to come to 400 degC, and 10 times to 120.

    Assumptions: those of Condenser; the air is dry. A gas that comes colder than T draws nothing
    and passes at its own temperature.
    Not modelled: moisture of the air, burning of CO or sulphur with it (use an AfterBurner before),
    oxidation of the fume to Sb2O4, change of the air drawn with the draught.
    Limits: all heat lost (w = 1) draws nothing: a cooler with walls. The heat that the engine tells
    of the unit is zero, or the heat lost.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.gas_cleaning.dilution_cooler import DilutionCooler
    >>> from unitops.streams.feed import Feed
    >>> made_of = {"N2": 0.84, "SO2": 0.12, "Sb4O6(g)": 0.036, "As4O6(g)": 0.004}
    >>> plant = Flowsheet(
    ...     species=[*made_of, "O2", "Sb2O3", "As2O3"],
    ...     units={
    ...         "roaster": Feed(
    ...             outlet="hot_gas", flow="12 t/h", composition=made_of, temperature="900 degC"
    ...         ),
    ...         "mixing": DilutionCooler(
    ...             gas="hot_gas", air="cold_air", cooled="cold_gas", temperature="370 degC",
    ...             gas_temperature="900 degC",
    ...         ),
    ...     },
    ... )
    >>> for figure in solve(plant).figures("mixing")[:3]:
    ...     print(figure)
    air drawn 1.533e+04 Nm3/h
    SO2 before, by volume of dry gas 5.88 %
    SO2 after, by volume of dry gas 2.108 %
    """

    gas: Inlet
    air: Supply
    cooled: Outlet

    temperature: Temperature
    """Temperature of the cooled gas, T."""
    gas_temperature: Temperature
    """Temperature of the gas that comes, T0, on which the heat balance counts."""
    air_temperature: Temperature = default("25 degC")
    """Temperature of the air drawn, Ta."""
    heat_loss: Fraction = 0.0
    """Share of the heat given up by the gas that is lost through walls, w. Default: none; 0.05 to
    0.2 for uninsulated flues (assumed)."""
    arsenic_in_mixed_crystals: Fraction = 0.2
    """Share of the arsenic vapour that condenses with the antimony oxide. Default assumed, range
    0.1 to 0.3 for collectors at 200 to 400 degC; 0 where no antimony condenses."""
    oxygen_in_air: Fraction = 0.21
    """Volume fraction of O2 in the dry air; the rest is N2."""
    pressure: Pressure = default("101325 Pa")
    """Total pressure."""

    def check(self) -> None:
        """Refuse temperatures at which nothing solid condenses, or nothing cools."""
        check_final_temperature(self.temperature)
        check_warmer(self.gas_temperature, self.temperature)
        if self.air_temperature >= self.temperature:
            raise InputError(
                f"air_temperature of {self.air_temperature - FREEZING:.0f} degC cannot cool a gas "
                f"to {self.temperature - FREEZING:.0f} degC; give colder air or raise temperature"
            )

    def required_species(self) -> Iterable[str]:
        """Air."""
        return ("O2", "N2")

    def run(self, gas: Flow, p: Parameters) -> Outlets:
        """Draw the air that the heat balance asks for, and condense."""
        final = _final(p)
        one = _air(gas.slate, p)
        heat = Drawing(p.gas_temperature, final, p.air_temperature, p.heat_loss)
        air = one * drawn_to_cool(gas, one, one, heat, p)  # (1)
        return {"air": air, "cooled": condense(gas + air, final, p)}

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:  # noqa: ARG002
        """What the heat balance counts on, and the cooled gas."""
        return {"gas": p.gas_temperature, "air": p.air_temperature, "cooled": _final(p)}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:  # noqa: ARG002
        """Air drawn, gas strength before and after, and what condensed."""
        gas, air, cooled = flows["gas"], flows["air"].dry_gas(), flows["cooled"]
        return [
            Figure(air, "Nm3/h", "air drawn"),
            Figure(_strength(gas), "%", "SO2 before, by volume of dry gas"),
            Figure(_strength(cooled), "%", "SO2 after, by volume of dry gas"),
            Figure(ratio(air, gas.dry_gas()), "", "air drawn per dry gas, by volume"),
            *condensation_figures(gas, cooled),
        ]

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Gas made too weak, gas that would burn with the air, and what a Condenser tells."""
        gas, cooled = flows["gas"], flows["cooled"]
        lines = cooling_warnings(gas, cooled, _final(p), p)
        before, after = first(_strength(gas)), first(_strength(cooled))
        if after < _ACID_PLANT <= before:
            lines.append(
                f"dilution takes the SO2 from {before:.1%} to {after:.1%} by volume, below the "
                f"{_ACID_PLANT:.0%} of an acid plant; cool through walls or spray water"
            )
        combustible = first(ratio(gas.moles("CO", "H2", "S2(g)"), gas.dry_gas()))
        if combustible > _COMBUSTIBLE and first(p.gas_temperature) > _IGNITION:
            lines.append(
                f"{combustible:.1%} CO, hydrogen and sulphur in the gas would burn with the air "
                f"and heat it; put an AfterBurner before"
            )
        return lines


def _final(p: Parameters) -> Any:
    """Temperature of the cooled gas; that of the gas where it comes colder."""
    return np.minimum(p.temperature, p.gas_temperature)


def _strength(flow: Flow) -> Array:
    return ratio(flow.moles("SO2"), flow.dry_gas())


def _air(slate: Slate, p: Parameters) -> Flow:
    """One mol/s of air."""
    oxygen, nitrogen = _one_mole(slate, "O2"), _one_mole(slate, "N2")
    air: Flow = oxygen * p.oxygen_in_air + nitrogen * (1.0 - p.oxygen_in_air)
    return air


@lru_cache(maxsize=64)
def _one_mole(slate: Slate, name: str) -> Flow:
    return flow_of(slate, {name: slate.molar_mass[slate.row(name)]})
