"""Burning of carbon monoxide, carbon dust, sulphur and hydrogen in a furnace gas."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow, flow_of
from flowsheet.core.heat import enthalpy, temperature_at, without_data
from flowsheet.core.parameters import Fraction, PerSpecies, Ratio, Temperature, default
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.reaction import Reaction, after_change, change_by_share
from flowsheet.core.slate import Slate
from flowsheet.core.thermochemistry import STANDARD_TEMPERATURE
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, UnitOp

_FREEZING = 273.15
_BURNING = tuple(
    Reaction(text)
    for text in (
        "CO + 0.5 O2 -> CO2",
        "C + O2 -> CO2",
        "S2(g) + 2 O2 -> 2 SO2",
        "S + O2 -> SO2",
        "H2 + 0.5 O2 -> H2O(g)",
    )
)
_FUELS = tuple(reaction.key for reaction in _BURNING)
_IGNITION = 650.0
_USUAL_HOTTEST = 1300.0


class AfterBurner(UnitOp):
    """Burn what is left to burn in a gas, with air drawn in.

    Of each species i the share b_i burns:

        CO + 0.5 O2 -> CO2,    C + O2 -> CO2,    H2 + 0.5 O2 -> H2O(g)              (1)
        S2(g) + 2 O2 -> 2 SO2,    S + O2 -> SO2                                     (2)

    Air is drawn until the oxygen, with what the gas brings, is that of (1) and (2) and an excess:

        n(O2) = (1 + excess) * sum of the oxygen used, or what the gas brings if more   (3)

    The gas leaves at a given temperature (its walls are cooled, or heated), or as warm as its heat
    makes it, less the share w of the heat of (1) and (2) that is lost:

        H_out(T) = H_gas(T0) + H_air(Ta) - w * heat of combustion                   (4)

    Assumptions: vapours of antimony and arsenic oxide and all other dust go through, also As2O3
    that came as dust. The shares are given, not calculated.
    Not modelled: rates and mixing, equilibrium (CO left at high temperature), NOx, SO3, oxidation
    of the fume to Sb2O4, burning of sulphide dust (roast it in a Roaster).
    Limits: nothing to burn draws no air; share 0 burns nothing.

    Gas of a reduction furnace, 10 % CO by volume:

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.gas_cleaning.afterburner import AfterBurner
    >>> from unitops.streams.feed import Feed
    >>> plant = Flowsheet(
    ...     species=["N2", "O2", "CO", "CO2"],
    ...     units={
    ...         "furnace": Feed(
    ...             outlet="furnace_gas", flow="1 t/h", temperature="800 degC",
    ...             composition={"N2": 0.75, "CO2": 0.15, "CO": 0.1},
    ...         ),
    ...         "chamber": AfterBurner(
    ...             gas="furnace_gas", air="air", burnt="burnt_gas", gas_temperature="800 degC",
    ...         ),
    ...     },
    ... )
    >>> print(f"{solve(plant)['burnt_gas'].temperature():.0f~P}")
    1239 °C
    """

    gas: Inlet
    air: Supply
    burnt: Outlet

    share_burnt: PerSpecies[Fraction] = 0.95
    """Share of each of CO, C, S2(g), S and H2 that burns, b. Default assumed; range for gases 0.95
    to 0.999 above 850 degC with a second of time, for carbon dust 0.7 to 0.95."""
    excess_air: Ratio = 0.3
    """Oxygen beyond what burns, over that, counting what the gas brings. Default assumed, range 0.1
    to 1."""
    temperature: Temperature | None = None
    """Temperature at which the gas leaves, T; by (4) if not given."""
    gas_temperature: Temperature | None = None
    """Temperature of the gas that comes, T0, on which (4) counts."""
    air_temperature: Temperature = default("25 degC")
    """Temperature of the air drawn, Ta."""
    heat_loss: Fraction = 0.0
    """Share of the heat of combustion that is lost, w, where (4) finds the temperature. Default:
    none, adiabatic; 0.05 to 0.2 for a lined chamber (assumed)."""
    oxygen_in_air: Fraction = 0.21
    """Volume fraction of O2 in the dry air; the rest is N2."""

    def check(self) -> None:
        """Refuse air without oxygen, and no way or two ways to know the temperature."""
        if self.oxygen_in_air == 0.0:
            raise InputError("oxygen_in_air of 0 burns nothing; air has 0.21")
        if self.temperature is None and self.gas_temperature is None:
            raise InputError(
                "neither temperature nor gas_temperature is given; give the temperature at which "
                "the gas leaves, or the one at which it comes to find it"
            )
        if self.temperature is not None and self.heat_loss > 0.0:
            raise InputError(
                f"heat_loss of {self.heat_loss:g} does not count where temperature is given; "
                f"leave one of them out"
            )

    def required_species(self) -> Iterable[str]:
        """Air; products are asked for as their fuels are present."""
        return ("O2", "N2")

    def run(self, gas: Flow, p: Parameters) -> Outlets:
        """Draw the air that is lacking, and burn."""
        change = change_by_share(gas, _BURNING, p.share_burnt)  # (1), (2)
        wanted = (1.0 + p.excess_air) * -change.moles("O2")
        lacking = wanted - gas.moles("O2")
        oxygen = np.where(lacking.real > 0.0, lacking, 0.0)  # (3)
        nitrogen = oxygen * ((1.0 - p.oxygen_in_air) / p.oxygen_in_air)
        air = _one_mole(gas.slate, "O2") * oxygen + _one_mole(gas.slate, "N2") * nitrogen
        return {"air": air, "burnt": after_change(gas + air, change)}

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:
        """What the heat balance counts on, and the burnt gas, given or by (4)."""
        counted = {} if p.gas_temperature is None else {"gas": p.gas_temperature}
        return {**counted, "air": p.air_temperature, "burnt": _temperature(flows, p)}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:  # noqa: ARG002
        """Air drawn, heat of combustion, oxygen left and CO left."""
        burnt = flows["burnt"]
        dry = burnt.dry_gas()
        figures = [
            Figure(flows["air"].dry_gas(), "Nm3/h", "air drawn"),
            Figure(ratio(burnt.moles("O2"), dry), "%", "O2 left, by volume of dry gas"),
            Figure(ratio(burnt.of("CO"), dry), "mg/Nm3", "CO left in dry gas"),
        ]
        if without_data(burnt + flows["gas"]):
            return figures
        return [*figures, Figure(_heat_of_combustion(flows), "kW", "heat of combustion")]

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """A chamber too cold to burn or too hot to last, and one without work."""
        if first(flows["gas"].total()) == 0.0:
            return []
        if first(flows["gas"].of(*_FUELS)) == 0.0:
            return [f"nothing to burn: the gas holds none of {', '.join(_FUELS)}; leave this out"]
        celsius = first(_temperature(flows, p)) - _FREEZING
        if celsius < _IGNITION:
            return [
                f"at {celsius:.0f} degC CO and carbon do not burn dependably (above about "
                f"{_IGNITION:.0f} degC); draw less air, preheat, or burn fuel as well"
            ]
        if celsius > _USUAL_HOTTEST:
            return [
                f"{celsius:.0f} degC is more than a chamber stands (up to about "
                f"{_USUAL_HOTTEST:.0f} degC); draw more air or cool its walls"
            ]
        return []


def _temperature(flows: Flows, p: Parameters) -> Any:
    """Temperature of the burnt gas in K."""
    if p.temperature is not None:
        return p.temperature
    brought = enthalpy(flows["gas"], p.gas_temperature) + enthalpy(flows["air"], p.air_temperature)
    lost = p.heat_loss * _heat_of_combustion(flows)
    return temperature_at(flows["burnt"], brought - lost)  # (4)


def _heat_of_combustion(flows: Flows) -> Array:
    """W at 25 degC."""
    before = flows["gas"] + flows["air"]
    heat: Array = enthalpy(before, STANDARD_TEMPERATURE) - enthalpy(
        flows["burnt"], STANDARD_TEMPERATURE
    )
    return heat


@lru_cache(maxsize=64)
def _one_mole(slate: Slate, name: str) -> Flow:
    return flow_of(slate, {name: slate.molar_mass[slate.row(name)]})
