"""Cooling of a furnace gas by water that is sprayed into it and evaporates."""

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
from unitops.gas_cleaning.adiabatic_saturation import saturation_temperature, water_vapour_pressure
from unitops.gas_cleaning.condensation import (
    FREEZING,
    check_final_temperature,
    check_warmer,
    condensation_figures,
    condense,
    cooling_warnings,
)
from unitops.gas_cleaning.dew_point import water_dew_point
from unitops.gas_cleaning.drawn_coolant import Drawing, drawn_to_cool
from unitops.gas_cleaning.dust import gas_moles

_MARGIN = 25.0  # K that a gas is kept above its dew point before bags
_HOTTEST_WATER = 373.15


class SprayCooler(UnitOp):
    """Spray water into a gas until it has the temperature T; oxide vapours condense to dust.

    An evaporative cooler or quench in which every drop evaporates. The water n follows from the
    heat balance, with the enthalpies of ``flowsheet.core.heat``:

        n * (h_steam(T) - h_water(Tw)) = (1 - w) * (H(T0) - H(T) + heat of condensation)    (1)

    and condensation from the vapour pressures, with mixed crystals, as in ``Condenser``. The steam
    holds vapour too, but the gas is diluted far less than by air: some 0.3 kg of water cool one
    Nm3 from 900 to 300 degC.

    Assumptions: those of Condenser; liquid that comes with the gas passes. A gas that comes colder
    than T draws nothing and passes at its own temperature.
    Not modelled: size and life of the drops, salts of the water, wet walls, SO2 taken up by drops.
    Limits: a gas can be cooled no further than to where it is saturated with water (60 to 80 degC
    for furnace gas): ``refusals`` says so of a settled steady state beyond. The heat that the
    engine tells of the unit is zero, or the heat lost.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.gas_cleaning.spray_cooler import SprayCooler
    >>> from unitops.streams.feed import Feed
    >>> made_of = {"N2": 0.84, "SO2": 0.12, "H2O(g)": 0.04}
    >>> plant = Flowsheet(
    ...     species=[*made_of, "H2O"],
    ...     units={
    ...         "roaster": Feed(
    ...             outlet="hot_gas", flow="12 t/h", composition=made_of, temperature="600 degC"
    ...         ),
    ...         "quench": SprayCooler(
    ...             gas="hot_gas", water="spray", cooled="cold_gas", temperature="200 degC",
    ...             gas_temperature="600 degC",
    ...         ),
    ...     },
    ... )
    >>> for figure in solve(plant).figures("quench")[:3]:
    ...     print(figure)
    water drawn 1.898 t/h
    moisture before, by volume 6.515 %
    moisture after, by volume 25.67 %
    """

    gas: Inlet
    water: Supply
    cooled: Outlet

    temperature: Temperature
    """Temperature of the cooled gas, T; practice 200 to 400 degC before a precipitator or a second
    cooler, 20 to 30 K above the dew point before bags."""
    gas_temperature: Temperature
    """Temperature of the gas that comes, T0, on which the heat balance counts."""
    water_temperature: Temperature = default("25 degC")
    """Temperature of the water drawn, Tw."""
    heat_loss: Fraction = 0.0
    """Share of the heat given up by the gas that is lost through walls, w. Default: none; 0.02 to
    0.1 for a lined tower (assumed)."""
    arsenic_in_mixed_crystals: Fraction = 0.2
    """Share of the arsenic vapour that condenses with the antimony oxide. Default assumed, range
    0.1 to 0.3 for collectors at 200 to 400 degC; 0 where no antimony condenses."""
    pressure: Pressure = default("101325 Pa")
    """Total pressure."""

    def check(self) -> None:
        """Refuse temperatures at which nothing solid condenses, or nothing cools."""
        check_final_temperature(self.temperature)
        check_warmer(self.gas_temperature, self.temperature)
        if not FREEZING <= self.water_temperature <= _HOTTEST_WATER:
            raise InputError(
                f"water_temperature of {self.water_temperature - FREEZING:.0f} degC is outside 0 "
                f"to 100 degC, where water is sprayed; give e.g. 25 degC"
            )

    def required_species(self) -> Iterable[str]:
        """Water and steam."""
        return ("H2O", "H2O(g)")

    def run(self, gas: Flow, p: Parameters) -> Outlets:
        """Draw the water that the heat balance asks for, evaporate it, and condense oxide."""
        final = _final(p)
        water, steam = (_one_mole(gas.slate, name) for name in ("H2O", "H2O(g)"))
        heat = Drawing(p.gas_temperature, final, p.water_temperature, p.heat_loss)
        amount = drawn_to_cool(gas, water, steam, heat, p)  # (1)
        return {"water": water * amount, "cooled": condense(gas + steam * amount, final, p)}

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:  # noqa: ARG002
        """What the heat balance counts on, and the cooled gas."""
        return {"gas": p.gas_temperature, "water": p.water_temperature, "cooled": _final(p)}

    def refusals(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Per scenario, why the gas could not take up the water; an empty text where it could."""
        final = _final(p)
        columns = np.broadcast_arrays(
            final,
            flows["water"].total(),
            water_vapour_pressure(final) / p.pressure,
            _moisture(flows["cooled"]),
            saturation_temperature(flows["gas"], p.gas_temperature),
        )
        return [
            f"temperature of {kelvin - FREEZING:.0f} degC cannot be reached by evaporation: the "
            f"gas would hold {moisture:.0%} water by volume and can hold {held:.0%}; this gas is "
            f"saturated near {saturated - FREEZING:.0f} degC, stay above that or use a WetScrubber"
            if drawn > 0.0 and moisture > held
            else ""
            for kelvin, drawn, held, moisture, saturated in zip(*columns, strict=True)
        ]

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:  # noqa: ARG002
        """Water drawn, moisture and gas strength before and after, and what condensed."""
        gas, water, cooled = flows["gas"], flows["water"].of("H2O"), flows["cooled"]
        return [
            Figure(water, "t/h", "water drawn"),
            Figure(_moisture(gas), "%", "moisture before, by volume"),
            Figure(_moisture(cooled), "%", "moisture after, by volume"),
            Figure(_strength(gas), "%", "SO2 before, by volume of wet gas"),
            Figure(_strength(cooled), "%", "SO2 after, by volume of wet gas"),
            *condensation_figures(gas, cooled),
        ]

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """A gas near its dew point, and what a Condenser tells."""
        cooled, final = flows["cooled"], first(_final(p))
        lines = cooling_warnings(flows["gas"], cooled, final, p)
        steam = first(_moisture(cooled) * p.pressure)
        if steam > 0.0 and 0.0 <= final - water_dew_point(steam) < _MARGIN:
            dew_point = water_dew_point(steam)
            lines.append(
                f"{final - FREEZING:.0f} degC is only {final - dew_point:.0f} K above the dew "
                f"point of water in this gas, {dew_point - FREEZING:.0f} degC; keep {_MARGIN:.0f} "
                f"K before bags"
            )
        return lines


def _final(p: Parameters) -> Any:
    """Temperature of the cooled gas; that of the gas where it comes colder."""
    return np.minimum(p.temperature, p.gas_temperature)


def _moisture(flow: Flow) -> Array:
    return ratio(flow.moles("H2O(g)"), gas_moles(flow))


def _strength(flow: Flow) -> Array:
    return ratio(flow.moles("SO2"), gas_moles(flow))


@lru_cache(maxsize=64)
def _one_mole(slate: Slate, name: str) -> Flow:
    return flow_of(slate, {name: slate.molar_mass[slate.row(name)]})
