"""Cooling of a furnace gas through walls until oxide vapours condense to dust."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from flowsheet.core.arithmetic import ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow
from flowsheet.core.heat import enthalpy, without_data
from flowsheet.core.parameters import (
    Fraction,
    HeatTransferCoefficient,
    Pressure,
    Temperature,
    default,
)
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters
from unitops.gas_cleaning.condensation import (
    FREEZING,
    check_final_temperature,
    check_warmer,
    condensation_figures,
    condense,
    cooling_warnings,
)
from unitops.gas_cleaning.dust import gas_volume
from unitops.gas_cleaning.fan import DrawnByFan, fan_figure


class Condenser(DrawnByFan):
    """Cool a gas to a temperature T; oxide vapours beyond saturation become dust in the gas.

    U-tube and radiation coolers, waste-heat boilers, long flues and chambers. Each vapour i is left
    at most at its saturation in the carrier (all gas but the two oxide vapours):

        n_i <= n_carrier * p_i(T) / (P - p_i(T))                                    (1)
        Sb4O6(g) -> 2 Sb2O3,    As4O6(g) -> 2 As2O3                                 (2)

    Antimony oxide takes arsenic oxide into mixed crystals before the gas is saturated with it; with
    the share m of the arsenic vapour, but no more moles than antimony condenses:

        n_As(mixed) = min(m * n_As, n_Sb(condensed))                                (3)

    Vapour pressures: ``flowsheet.core.vapour_pressure``. They give 18 mg Sb/Nm3 at 400 degC, and
    480, 57 and 11 mg As/Nm3 at 150, 120 and 100 degC: hot collectors (350-400 degC) take the
    antimony, cold ones the arsenic. Where the temperature T0 of the gas is given, the surface that
    gives its heat Q to a coolant of one temperature Tc is

        A = Q / (U * dT),    dT = (T0 - T) / ln((T0 - Tc) / (T - Tc))               (4)

    Assumptions: equilibrium, dilute vapours, all condensate is dust carried by the gas: collect it
    downstream, or in the cooler itself with a CondensationChamber. The limit of one to one in (3)
    is assumed. Water stays vapour: a warning tells where it, or sulphuric acid, would condense.
    Solids, liquids and other gases pass unchanged.
    Not modelled: leakage of air (use a DilutionCooler), growth and sintering of particles, crusts
    on the walls other than through U, formation of SO3 and of sulphates.
    Limits: at and above its boiling point nothing of an oxide condenses; in the cold all does.

    Gas of a volatilising roast, about 8,000 Nm3/h, cooled from 900 degC:

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.gas_cleaning.condenser import Condenser
    >>> from unitops.streams.feed import Feed
    >>> made_of = {"N2": 0.84, "SO2": 0.12, "Sb4O6(g)": 0.036, "As4O6(g)": 0.004}
    >>> plant = Flowsheet(
    ...     species=[*made_of, "Sb2O3", "As2O3"],
    ...     units={
    ...         "roaster": Feed(outlet="hot_gas", flow="12 t/h", composition=made_of),
    ...         "cooler": Condenser(
    ...             gas="hot_gas", cooled="cold_gas", temperature="370 degC",
    ...             gas_temperature="900 degC",
    ...         ),
    ...     },
    ... )
    >>> for figure in solve(plant).figures("cooler"):
    ...     print(figure)
    antimony vapour condensed 99.99 %
    antimony left as vapour in dry gas 3.529 mg/Nm3
    arsenic vapour condensed 20 %
    arsenic left as vapour in dry gas 3394 mg/Nm3
    cooling surface 230.9 m^2
    power of the fan 4.672 kW
    """

    only_cools: ClassVar[bool] = True

    gas: Inlet
    cooled: Outlet

    temperature: Temperature
    """Temperature of the cooled gas, T: 350 to 400 degC before a hot collector, 70 to 110 degC
    before a bag filter."""
    gas_temperature: Temperature | None = None
    """Temperature of the gas that comes, T0, on which the cooling surface counts. Without it no
    surface and no fan are told; the heat balance follows the gas itself."""
    arsenic_in_mixed_crystals: Fraction = 0.2
    """Share of the arsenic vapour that condenses with the antimony oxide, m. Default assumed,
    range 0.1 to 0.3 for collectors at 200 to 400 degC; 0 where no antimony condenses."""
    heat_transfer_coefficient: HeatTransferCoefficient = default("15 W/m^2/K")
    """Overall heat transfer coefficient of the dusty surface, U. Default assumed, range 10 to 30:
    the lower end for U-tubes cooled by air outside, the upper for boiler tubes kept clean."""
    coolant_temperature: Temperature = default("30 degC")
    """Temperature of the other side of the wall, Tc. Default assumed for open air around the tubes,
    range 10 to 50 degC; boiling water of 10 to 40 bar has 180 to 250 degC."""
    pressure: Pressure = default("101325 Pa")
    """Total pressure, P."""

    def check(self) -> None:
        """Refuse temperatures at which this is no collector of solid oxide, or no cooler."""
        check_final_temperature(self.temperature)
        if self.gas_temperature is None:
            return
        check_warmer(self.gas_temperature, self.temperature)
        if self.coolant_temperature >= self.temperature:
            raise InputError(
                f"coolant_temperature of {self.coolant_temperature - FREEZING:.0f} degC cannot "
                f"cool a gas to {self.temperature - FREEZING:.0f} degC; give a colder coolant or "
                f"raise temperature"
            )

    def run(self, gas: Flow, p: Parameters) -> Outlets:
        """Condense what the cooled gas cannot hold."""
        return {"cooled": condense(gas, p.temperature, p)}

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:  # noqa: ARG002
        """Cooled gas, and the gas that the surface counts on."""
        counted = {} if p.gas_temperature is None else {"gas": p.gas_temperature}
        return {"cooled": p.temperature, **counted}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """What condensed, what the gas still carries as vapour, and the cooling surface."""
        cooled = _leaving(flows)
        figures = condensation_figures(flows["gas"], cooled)
        if p is None or p.gas_temperature is None or without_data(cooled + flows["gas"]):
            return figures
        fan = fan_figure(gas_volume(cooled, p.temperature, p.pressure), p.pressure_drop, p)
        if not _gives_heat(p):
            return [*figures, fan]
        heat = enthalpy(flows["gas"], p.gas_temperature) - enthalpy(cooled, p.temperature)
        area = heat / (p.heat_transfer_coefficient * _mean_difference(p))  # (4)
        return [*figures, Figure(area, "m^2", "cooling surface", "equipment"), fan]

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """What is uncertain, does not condense, or condenses that should not."""
        cooled = _leaving(flows)
        lines = cooling_warnings(flows["gas"], cooled, p.temperature, p)
        lacking = without_data(cooled + flows["gas"])
        if p.gas_temperature is not None and lacking:
            lines.append(
                f"the cooling surface is not known: no thermochemical data of {', '.join(lacking)}"
            )
        return lines


def _leaving(flows: Flows) -> Flow:
    """All that leaves, dust that settled in the cooler too."""
    return flows["cooled"] + flows["dust"] if "dust" in flows else flows["cooled"]


def _gives_heat(p: Parameters) -> bool:
    """Whether the gas comes warmer than it leaves, and leaves warmer than the coolant."""
    cooler = np.real(p.gas_temperature) > np.real(p.temperature)
    return bool(np.all(cooler & (np.real(p.temperature) > np.real(p.coolant_temperature))))


def _mean_difference(p: Parameters) -> Any:
    """Logarithmic mean of the temperature differences at the two ends, K."""
    hot, cold = p.gas_temperature - p.coolant_temperature, p.temperature - p.coolant_temperature
    return ratio(hot - cold, np.log(hot / cold))
