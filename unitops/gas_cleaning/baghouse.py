"""Bag filter: dust left in the gas, cloth for it, what the cloth bears, vapour that passes."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.parameters import (
    Area,
    Fraction,
    GasLoading,
    PerSpecies,
    PerTime,
    Pressure,
    Temperature,
    Time,
    Velocity,
    default,
)
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.quantities import from_base
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters
from flowsheet.core.vapour_pressure import arsenic_trioxide_vapour_pressure, vapour_held
from unitops.gas_cleaning.dew_point import condensation_warnings
from unitops.gas_cleaning.dust import (
    carried,
    collection_figures,
    droplet_warnings,
    gas_moles,
    gas_volume,
    parted,
    vapour_loading,
)
from unitops.gas_cleaning.fan import WithFan, fan_figure

HOTTEST = {"polyester": 130.0, "aramid": 200.0, "PTFE": 250.0, "glass": 260.0}
"""What each cloth bears for long, degC."""
USUAL_RATIO = (0.3 / 60.0, 2.0 / 60.0)
"""Air-to-cloth ratio of filters in use, m/s."""
GREATEST_DROP = 3000.0
"""Pressure drop in Pa above which bags wear out and fans give way."""
LEAST_LEFT = 0.5
"""mg/Nm3 below which a result is doubted."""
MOST_LEFT = 20.0
"""mg/Nm3 above which bags are torn."""
_ARSENIC_IN_VAPOUR = 4 * 74.921595e-3


class Baghouse(WithFan):
    """Filter the dust out of a gas with bags; vapours and gases pass.

    Each species i that is solid or a droplet is caught with a given efficiency, or so that the dry
    gas still carries a given load L of all dust together:

        dust_i = eta_i * gas_i                                                      (1)
        eta = 1 - min(1, L * n_dry / dust in the gas)                               (2)

    The cloth takes the gas at the temperature of the bags, volume Q, at the velocity v; the cake
    of dust grows until the bags are cleaned after the time t (filter drag, EPA Air Pollution
    Control Cost Manual, quoted from memory):

        A = Q / v                                                                   (3)
        pressure drop = residual + K2 * v * (dust / A) * t                          (4)

    The dry gas holds arsenic as vapour up to saturation, with p(T) of As4O6 over As2O3
    (``flowsheet.core.vapour_pressure``) and n_p the gas without oxide vapours:

        n(As4O6) = n_p * p(T) / (P - p(T))                                          (5)

    Usual: 99 to 99.9 % of a fume, 1 to 10 mg/Nm3 left (EPA and European reference documents on
    non-ferrous metals, quoted from memory). Hottest for long: polyester 130, aramid 200, PTFE 250,
    glass 260 degC (makers' tables, quoted from memory).

    Assumptions: nothing condenses in the bags: put a Condenser in front, at this temperature; a
    warning says where vapour is above saturation. With (2) every dust passes alike.
    Not modelled: false air, compartments off for cleaning, blinding, torn bags, growth of K2 as a
    cake is pressed together.
    Limits: L of 0 or an efficiency of 1 leaves no dust; a gas with less dust than L passes as it
    is.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.gas_cleaning.baghouse import Baghouse
    >>> from unitops.streams.feed import Feed
    >>> plant = Flowsheet(
    ...     species=["Sb2O3", "N2"],
    ...     units={
    ...         "cooler": Feed(
    ...             outlet="fume", flow="10 t/h", composition={"Sb2O3": "3 %"}, remainder="N2"
    ...         ),
    ...         "bags": Baghouse(
    ...             gas="fume",
    ...             dust="crude_oxide",
    ...             cleaned="clean_gas",
    ...             outlet_loading="5 mg/Nm3",
    ...             cloth="polyester",
    ...             temperature="105 degC",
    ...         ),
    ...     },
    ... )
    >>> for figure in solve(plant).figures("bags")[-5:]:
    ...     print(figure)
    gas at the bags 1.074e+04 m^3/h
    cloth area 199 m^2
    air-to-cloth ratio 0.9 m/min
    pressure drop before cleaning 2131 Pa
    gas power, pressure drop times volume 6.359 kW
    """

    gas: Inlet
    dust: Outlet
    cleaned: Outlet

    collection_efficiency: PerSpecies[Fraction] | None = None
    """Share of each solid or droplet that is caught, eta. Usual 0.99 to 0.999 of a fume. Give this
    or ``outlet_loading``."""
    outlet_loading: GasLoading | None = None
    """Dust left in the dry gas, L, as makers guarantee it; usual 1 to 10 mg/Nm3."""

    cloth: Literal["polyester", "aramid", "PTFE", "glass"]
    """What the bags are made of."""
    temperature: Temperature
    """Temperature of the bags, T, at which dust and gas leave. Arsenic is kept below 90 to 110
    degC."""
    air_to_cloth_ratio: Velocity | None = None
    """Gas per cloth at the temperature of the bags, v, in m3/m2 min. Default 0.9 m/min (assumed,
    0.5 to 0.8 of shaken bags, 0.8 to 1.5 of pulsed ones, on fume). Give this or ``cloth_area``."""
    cloth_area: Area | None = None
    """Area of the bags in use, A."""
    residual_pressure_drop: Pressure = default("1000 Pa")
    """Pressure drop of freshly cleaned bags and their housing. Default assumed, 500 to 1500 Pa."""
    cake_resistance: PerTime = default("2e5 1/s")
    """Pressure drop of the cake per velocity and dust on the cloth, K2. Default assumed for fume,
    5e4 (coarse dust) to 5e5 1/s (finest fume)."""
    cleaning_interval: Time = default("15 min")
    """Time from one cleaning of a bag to the next, t. Default assumed, 2 min to 2 h."""
    pressure: Pressure = default("101325 Pa")
    """Pressure of the gas, P."""

    def check(self) -> None:
        """Refuse two ways or none to state a thing, and bags that burn."""
        if (self.collection_efficiency is None) == (self.outlet_loading is None):
            raise InputError("give collection_efficiency or outlet_loading, and not both")
        if self.air_to_cloth_ratio is not None and self.cloth_area is not None:
            raise InputError("give air_to_cloth_ratio or cloth_area, and not both")
        for name in ("air_to_cloth_ratio", "cloth_area", "pressure"):
            if getattr(self, name) == 0.0:
                raise InputError(f"{name} of 0 lets no gas through; give more")
        celsius = self.temperature - 273.15
        if celsius > HOTTEST[self.cloth] + 1e-6:
            raise InputError(
                f"temperature of {celsius:.0f} degC burns {self.cloth} bags, which bear "
                f"{HOTTEST[self.cloth]:.0f} degC; {_remedy(celsius)}"
            )

    def is_linear(self) -> bool:
        """With given efficiencies; a load left does not depend on the dust that comes."""
        return self.collection_efficiency is not None

    def run(self, gas: Flow, p: Parameters) -> Outlets:
        """Part the dust from the gas."""
        if p.outlet_loading is None:
            return parted(gas, p.collection_efficiency)  # (1)
        came, left = carried(gas), p.outlet_loading * gas.dry_gas()
        cleaner = came.real <= left.real
        passing = np.where(cleaner, 1.0, left / np.where(cleaner, 1.0, came))
        return parted(gas, 1.0 - passing)  # (2)

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:  # noqa: ARG002
        """Dust and gas leave as warm as the bags."""
        return {"dust": p.temperature, "cleaned": p.temperature}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """What is caught and what passes, saturation, cloth, cake and pressure drop."""
        gas, found = flows["gas"], collection_figures(flows)
        if "As4O6(g)" in gas.slate:
            found.append(Figure(_arsenic_held(gas, p), "mg/Nm3", "As as vapour at saturation"))
        volume = gas_volume(gas, p.temperature, p.pressure)
        drop = _pressure_drop(flows, p)
        return [
            *found,
            fan_figure(volume, drop, p),
            Figure(volume, "m^3/h", "gas at the bags"),
            Figure(_area(gas, p), "m^2", "cloth area", "equipment"),
            Figure(_velocity(gas, p), "m/min", "air-to-cloth ratio"),
            Figure(drop, "Pa", "pressure drop before cleaning"),
            Figure(volume * drop, "kW", "gas power, pressure drop times volume"),
        ]

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Heat, cold, cloth, dust and arsenic beyond what bags bear, take, leave and hold."""
        gas, kelvin = flows["gas"], first(p.temperature)
        lines = droplet_warnings(flows, "blinds bags")
        lines += condensation_warnings(gas, kelvin, first(p.pressure))
        if kelvin - 273.15 > HOTTEST[p.cloth] + 1e-6:
            lines.append(
                f"{kelvin - 273.15:.0f} degC burns {p.cloth} bags, which bear "
                f"{HOTTEST[p.cloth]:.0f} degC; {_remedy(kelvin - 273.15)}"
            )
        return [*lines, *_dust_left(flows, p), *_arsenic(flows, p), *_cloth(flows, p)]


def _remedy(celsius: float) -> str:
    """What to do with a gas that is too hot for its cloth."""
    others = [f"{cloth} ({limit:.0f})" for cloth, limit in HOTTEST.items() if limit >= celsius]
    return f"cool the gas{', or take ' + ' or '.join(others) if others else ''}"


def _velocity(gas: Flow, p: Parameters) -> Array:
    """Air-to-cloth ratio, m/s, (scenarios,)."""
    if p.cloth_area is not None:
        found: Array = gas_volume(gas, p.temperature, p.pressure) / p.cloth_area  # (3)
        return found
    given = 0.9 / 60.0 if p.air_to_cloth_ratio is None else p.air_to_cloth_ratio
    return np.atleast_1d(given)


def _area(gas: Flow, p: Parameters) -> Array:
    if p.cloth_area is not None:
        return np.atleast_1d(p.cloth_area)
    area: Array = gas_volume(gas, p.temperature, p.pressure) / _velocity(gas, p)  # (3)
    return area


def _pressure_drop(flows: Flows, p: Parameters) -> Array:
    gas = flows["gas"]
    on_the_cloth = ratio(carried(flows["dust"]) * p.cleaning_interval, _area(gas, p))
    cake = p.cake_resistance * _velocity(gas, p) * on_the_cloth
    drop: Array = p.residual_pressure_drop + cake  # (4)
    return drop


def _arsenic_held(gas: Flow, p: Parameters) -> Array:
    """Arsenic as vapour in saturated dry gas, kg/mol, (scenarios,)."""
    permanent = gas_moles(gas) - gas.moles("As4O6(g)", "Sb4O6(g)")
    saturation = arsenic_trioxide_vapour_pressure(p.temperature)
    held = vapour_held(permanent, saturation, p.pressure)  # (5)
    return ratio(held * _ARSENIC_IN_VAPOUR, gas.dry_gas())


def _milligrams(loading: Any) -> float:
    """The first scenario in mg/Nm3."""
    return from_base(first(loading), "mg/Nm3")


def _dust_left(flows: Flows, p: Parameters) -> list[str]:
    """Cleaner than bags make it, or dirtier than whole bags leave it."""
    gas, cleaned = flows["gas"], flows["cleaned"]
    dry = cleaned.dry_gas()
    came, left = _milligrams(ratio(carried(gas), dry)), _milligrams(ratio(carried(cleaned), dry))
    if p.outlet_loading is not None and 0.0 < came <= _milligrams(p.outlet_loading):
        return [
            f"nothing is collected: the gas carries {came:.3g} mg/Nm3 dust, not more than the "
            f"{_milligrams(p.outlet_loading):.3g} of outlet_loading; give what the filter leaves"
        ]
    if came > LEAST_LEFT > left:
        return [
            f"{left:.2g} mg/Nm3 dust left is less than bags leave (1 to 10); check the "
            f"{'collection_efficiency' if p.outlet_loading is None else 'outlet_loading'}"
        ]
    if left > MOST_LEFT:
        return [
            f"{left:,.0f} mg/Nm3 dust left is more than whole bags leave (1 to 10); raise the "
            f"efficiency, give outlet_loading, or look for torn bags"
        ]
    return []


def _arsenic(flows: Flows, p: Parameters) -> list[str]:
    """Arsenic that should have condensed, or that passes as vapour."""
    gas = flows["gas"]
    celsius = first(p.temperature) - 273.15
    passing, held = _milligrams(vapour_loading(gas, "As")), _milligrams(_arsenic_held(gas, p))
    if passing > 1.01 * held:
        return [
            f"the gas carries {passing:,.3g} mg As/Nm3 as vapour and holds {held:,.3g} at "
            f"{celsius:.0f} degC; the rest condenses: put a Condenser of this temperature in front"
        ]
    if passing > 1.0:
        return [
            f"{passing:,.3g} mg As/Nm3 passes the bags as vapour, of which the gas holds "
            f"{held:,.3g} at {celsius:.0f} degC; filter colder, or scrub behind"
        ]
    return []


def _cloth(flows: Flows, p: Parameters) -> list[str]:
    """Too much or too little cloth, and too much cake on it."""
    velocity, (low, high) = first(_velocity(flows["gas"], p)), USUAL_RATIO
    lines = []
    if velocity > 0.0 and not low <= velocity <= high:
        lines.append(
            f"air-to-cloth ratio of {velocity * 60.0:.2g} m/min is outside the {low * 60.0:g} to "
            f"{high * 60.0:g} of bags; {'add' if velocity > high else 'take away'} cloth"
        )
    drop = first(_pressure_drop(flows, p))
    if drop > GREATEST_DROP:
        lines.append(
            f"pressure drop of {drop:,.0f} Pa is above the {GREATEST_DROP:,.0f} that bags and fans "
            "bear; clean more often, or add cloth"
        )
    return lines
