"""Cloth or plates of a dust collector whose efficiency is given, and the power that it takes.

    bags       A = Q / v                                                            (1)
    plates     A = -Q ln(1 - eta) / w                                               (2)
    corona     P = j U A                                                            (3)

Q is the gas at its temperature, v the air-to-cloth ratio, eta the share of all dust that is caught
and w its migration velocity: Deutsch and Anderson, as in `ElectrostaticPrecipitator`, with that
unit's usual current density j and voltage U. Bags bear 260 degC at most (glass, `Baghouse`): a gas
that is warmer is taken to a precipitator unless the collector is named.
"""

from typing import Any, Literal

import numpy as np

from flowsheet.core.arithmetic import first
from flowsheet.core.flow import Array
from flowsheet.core.parameters import Pressure, Temperature, Velocity, default
from flowsheet.core.unit import Figure, Flows, Parameters
from unitops.gas_cleaning.dust import gas_volume, overall_efficiency
from unitops.gas_cleaning.fan import DrawnByFan, fan_figure

HOTTEST_BAGS = 260.0 + 273.15
ATMOSPHERE = 101_325.0
_CORONA = 0.25e-3 * 50e3  # W/m2
_MOST_CAUGHT = 1.0 - 1e-6  # plates that catch all dust would be endless


class CollectorSize(DrawnByFan):
    """What the size of a collector follows from; it changes no flow."""

    collector: Literal["bag_filter", "electrostatic_precipitator"] | None = None
    """What it is, for its size. Default: bags up to 260 degC, plates above."""
    gas_temperature: Temperature | None = None
    """Of the gas that comes, for the size alone, which is told where this is known."""
    air_to_cloth_ratio: Velocity = default("0.9 m/min")
    """Gas per cloth, v. Assumed, 0.5 to 0.8 of shaken bags, 0.8 to 1.5 m/min of pulsed ones."""
    migration_velocity: Velocity = default("4 cm/s")
    """Of dust to the plates, w. Assumed for oxide fume, range 2 to 8 cm/s."""
    pressure_drop: Pressure | None = None  # type: ignore[assignment]
    """For the fan. Default 1500 Pa through bags (assumed, 1000 to 2500), 300 Pa between plates
    (assumed, 100 to 500)."""


def size_figures(flows: Flows, p: Parameters) -> list[Figure]:
    """Area and power of the collector; none where its temperature is not known."""
    if p.gas_temperature is None:
        return []
    volume = gas_volume(flows["gas"], p.gas_temperature, ATMOSPHERE)
    bags = first(p.gas_temperature) <= HOTTEST_BAGS
    if p.collector is not None:
        bags = p.collector == "bag_filter"
    if bags:
        area = _per(volume, p.air_to_cloth_ratio)  # (1)
        found = [Figure(area, "m^2", "cloth area", "equipment")]
    else:
        caught = np.minimum(np.real(overall_efficiency(flows)), _MOST_CAUGHT)
        area = _per(-volume * np.log1p(-caught), p.migration_velocity)  # (2)
        found = [
            Figure(area, "m^2", "collecting area", "equipment"),
            Figure(area * _CORONA, "kW", "corona power", "power"),  # (3)
        ]
    usual = 1500.0 if bags else 300.0
    drop = usual if p.pressure_drop is None else p.pressure_drop
    return [*found, fan_figure(volume, drop, p)]


def _per(volume: Any, velocity: Any) -> Array:
    """Area for a volume at a velocity; zero where that is zero, which says nothing."""
    moving = np.where(np.real(velocity) > 0.0, velocity, np.inf)
    return np.asarray(volume / moving)
