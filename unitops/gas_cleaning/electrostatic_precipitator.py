"""Electrostatic precipitator: given efficiencies, or Deutsch's law over the collecting area."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow
from flowsheet.core.parameters import (
    Area,
    AreaPerVolumeFlow,
    Count,
    CurrentDensity,
    Fraction,
    PerSpecies,
    PositiveRatio,
    Pressure,
    Temperature,
    Velocity,
    Voltage,
    default,
)
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, UnitOp
from unitops.gas_cleaning.dew_point import condensation_warnings
from unitops.gas_cleaning.dust import (
    carried,
    collection_figures,
    droplet_warnings,
    gas_volume,
    overall_efficiency,
    parted,
)

USUAL_EFFICIENCY = (0.98, 0.995)
"""Share of the dust that hot precipitators behind furnaces catch."""
USUAL_AREA = (20.0, 150.0)
"""Specific collecting area of precipitators in use, s/m."""
HOTTEST = 450.0
"""degC above which steel electrodes warp and creep."""
_EMPTY = 1e12


class ElectrostaticPrecipitator(UnitOp):
    """Charge the dust of a gas and draw it to plates; vapours and gases pass.

    Each species i that is solid or a droplet is caught with a given efficiency, or with that of
    Deutsch and Anderson, in the form of Matts and Ohnfeldt:

        dust_i = eta_i * gas_i                                                      (1)
        eta_i = 1 - exp(-(w_i * A / Q)^k)                                           (2)

    w is the migration velocity, A the collecting area, Q the gas at its temperature; A/Q is the
    specific collecting area. k of 1 is Deutsch (1922), Ann. Phys. 68, 335: one migration velocity
    for all grains. With k of 0.4 to 0.6, Matts and Ohnfeldt (1964), Flakt Review 6/7: the longer
    the precipitator, the finer and slower what is left; w is then larger for the same dust. The
    same dust, with one of f equal fields dead, is caught by

        eta = 1 - exp(-(w * A / Q * (f - 1) / f)^k)                                 (3)
        power = current density * voltage * A                                       (4)

    Publications quoted from memory. Usual: hot precipitators behind furnaces 98 to 99.5 %
    (European reference document on non-ferrous metals, quoted from memory).

    Migration velocities for k of 1, cm/s (White, Industrial Electrostatic Precipitation, 1963,
    quoted from memory): flash roaster 7.6, multiple hearth roaster 7.9, blast furnace 6 to 14,
    cupola 3, zinc oxide fume about 2. For antimony fume none is known here: assume 2 to 5.

    Assumptions: gas evenly over all fields; the resistivity of the dust is in w. Nothing condenses.
    Not modelled: charging, resistivity and back corona, rapping losses, false air, pressure drop
    (100 to 300 Pa).
    Limits: no area, nothing caught; without gas all is.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.gas_cleaning.electrostatic_precipitator import ElectrostaticPrecipitator
    >>> from unitops.streams.feed import Feed
    >>> plant = Flowsheet(
    ...     species=["Sb2O3", "SiO2", "N2"],
    ...     units={
    ...         "cooler": Feed(
    ...             outlet="fume",
    ...             flow="10 t/h",
    ...             composition={"Sb2O3": "3 %", "SiO2": "1 %"},
    ...             remainder="N2",
    ...         ),
    ...         "hot_precipitator": ElectrostaticPrecipitator(
    ...             gas="fume",
    ...             dust="oxide",
    ...             cleaned="clean_gas",
    ...             migration_velocity={"Sb2O3": "4 cm/s", "others": "8 cm/s"},
    ...             specific_collecting_area="110 s/m",
    ...             temperature="350 degC",
    ...         ),
    ...     },
    ... )
    >>> solution = solve(plant)
    >>> print(f"{solution.recovery('Sb', to='oxide'):.2f~P}")
    98.77 %
    """

    gas: Inlet
    dust: Outlet
    cleaned: Outlet

    collection_efficiency: PerSpecies[Fraction] | None = None
    """Share of each solid or droplet that is caught, eta; does not apply to gases. Usual 0.98 to
    0.995. Give this or ``migration_velocity``."""
    migration_velocity: PerSpecies[Velocity] | None = None
    """Effective velocity of the dust towards the plates, w; see above. Fit it to a known plant."""

    specific_collecting_area: AreaPerVolumeFlow | None = None
    """Collecting area per gas at its temperature, A/Q, in m2/(m3/s) = s/m. Usual 40 to 120. Give
    this, to size a precipitator, or ``collecting_area``."""
    collecting_area: Area | None = None
    """Area of all plates, both sides, A, of a precipitator that stands."""
    exponent: PositiveRatio = 1.0
    """Exponent k: 1 Deutsch and Anderson, 0.4 to 0.6 Matts and Ohnfeldt."""
    fields: Count = 3
    """Equal fields one behind the other, f, for what is caught with one of them dead."""
    current_density: CurrentDensity = default("0.25 mA/m^2")
    """Corona current per collecting area. Default assumed, 0.1 to 0.5 mA/m2."""
    voltage: Voltage = default("50 kV")
    """Mean voltage between wire and plate. Default assumed, 35 to 70 kV."""
    temperature: Temperature | None = None
    """Temperature of the gas, needed with ``migration_velocity``. If given, dust and gas leave at
    it."""
    pressure: Pressure = default("101325 Pa")
    """Pressure of the gas."""

    def check(self) -> None:
        """Refuse two ways or none to state the efficiency, and half of one."""
        if (self.collection_efficiency is None) == (self.migration_velocity is None):
            raise InputError("give collection_efficiency or migration_velocity, and not both")
        areas = (self.specific_collecting_area, self.collecting_area)
        if self.migration_velocity is None:
            if areas != (None, None):
                raise InputError(
                    "a collecting area does nothing to a given collection_efficiency; leave it "
                    "out, or give migration_velocity instead of the efficiency"
                )
        elif sum(area is not None for area in areas) != 1:
            raise InputError(
                "migration_velocity needs one of specific_collecting_area and collecting_area"
            )
        elif self.temperature is None:
            raise InputError("migration_velocity needs the temperature of the gas; give it")
        if self.exponent > 1.0:
            raise InputError(
                f"exponent of {self.exponent:g} is above 1; give 1 (Deutsch and Anderson) or 0.4 "
                "to 0.6 (Matts and Ohnfeldt)"
            )
        if self.pressure == 0.0:
            raise InputError('pressure of 0 leaves no gas; give e.g. "101325 Pa"')

    def is_linear(self) -> bool:
        """Unless plates of a given area see more or less gas."""
        return self.collecting_area is None

    def run(self, gas: Flow, p: Parameters) -> Outlets:
        """Part what is caught from the gas."""
        return parted(gas, _share(gas, p))  # (1)

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:  # noqa: ARG002
        """Dust and gas leave as warm as the precipitator, if that is known."""
        return {} if p.temperature is None else dict.fromkeys(("dust", "cleaned"), p.temperature)

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """What is caught, also with a field dead, and area and power where areas are known."""
        gas, found = flows["gas"], collection_figures(flows)
        if p.migration_velocity is None:
            return found
        volume = gas_volume(gas, p.temperature, p.pressure)
        specific = np.atleast_1d(_specific_area(gas, p))
        area = volume * specific if p.collecting_area is None else np.atleast_1d(p.collecting_area)
        power = p.current_density * p.voltage * area  # (4)
        dead = parted(gas, _share(gas, p, 1.0 - 1.0 / p.fields))["cleaned"]  # (3)
        return [
            *found,
            Figure(
                ratio(carried(dead), gas.dry_gas()), "mg/Nm3", "dust after, with one field dead"
            ),
            Figure(specific, "s/m", "specific collecting area"),
            Figure(area, "m^2", "collecting area", "equipment"),
            Figure(power, "kW", "corona power", "power"),
            Figure(ratio(power, gas.dry_gas()), "kWh/Nm3", "corona energy, per dry gas"),
        ]

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Results and conditions outside those of precipitators in use."""
        gas, lines = flows["gas"], droplet_warnings(flows, "shorts dry plates")
        efficiency, (low, high) = first(overall_efficiency(flows)), USUAL_EFFICIENCY
        if first(carried(gas)) > 0.0 and not low - 1e-9 <= efficiency <= high + 1e-9:
            lines.append(
                f"{efficiency:.2%} of the dust is caught, and hot precipitators behind furnaces "
                f"catch {low:.0%} to {high:.1%}; check the "
                f"{'efficiency' if p.migration_velocity is None else 'velocity and the area'}"
            )
        if p.temperature is not None:
            kelvin = first(p.temperature)
            lines += condensation_warnings(gas, kelvin, first(p.pressure))
            if kelvin - 273.15 > HOTTEST:
                lines.append(
                    f"{kelvin - 273.15:.0f} degC is hotter than dry precipitators bear "
                    f"({HOTTEST:.0f} degC); cool the gas first"
                )
        if p.migration_velocity is not None and first(gas_volume(gas, 1.0, 1.0)) > 0.0:
            area, (small, large) = first(_specific_area(gas, p)), USUAL_AREA
            if not small <= area <= large:
                lines.append(
                    f"specific collecting area of {area:.3g} s/m is outside the {small:g} to "
                    f"{large:g} of precipitators in use"
                )
        return lines


def _specific_area(gas: Flow, p: Parameters) -> Any:
    """A/Q in s/m; without gas there is all the time that the dust may need."""
    if p.collecting_area is None:
        return p.specific_collecting_area
    volume = gas_volume(gas, p.temperature, p.pressure)
    return ratio(p.collecting_area, volume, empty=_EMPTY)


def _share(gas: Flow, p: Parameters, area_in_use: Any = 1.0) -> Any:
    """Share that is caught, a number, (constituents, 1) or (constituents, scenarios)."""
    if p.migration_velocity is None:
        return p.collection_efficiency
    way = p.migration_velocity * _specific_area(gas, p) * area_in_use
    moving = way.real > 0.0  # zero to a complex power is not a number
    return 1.0 - np.exp(-np.where(moving, np.where(moving, way, 1.0) ** p.exponent, 0.0))  # (2)
