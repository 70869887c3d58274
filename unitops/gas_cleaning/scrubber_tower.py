"""Towers of a wet scrubber, and the power of their pumps and of the fan.

    A = Q / v,    D = (4 A / pi)^0.5                                                (1)
    P = rho g H L / eta                                                             (2)

Q is the saturated gas as it leaves, v its velocity in the empty tower, L the liquid circulated in
all stages and H the head of the pumps, with what the nozzles take. (1) is continuity; 3 m/s is
usual in spray towers, 2 to 4 (EPA and EPRI, quoted from memory).
"""

from typing import Any

import numpy as np

from flowsheet.core.parameters import Density, Fraction, Length, Pressure, Velocity, default
from flowsheet.core.unit import Figure, Parameters
from unitops.gas_cleaning.fan import DrawnByFan, fan_figure

GRAVITY = 9.80665


class ScrubberTower(DrawnByFan):
    """What the size of the towers follows from; it changes no flow."""

    gas_velocity: Velocity = default("3 m/s")
    """Of the gas in the empty tower, v. Assumed, range 2 to 4 m/s; packed beds 1 to 2."""
    pump_head: Length = default("20 m")
    """Height and pressure of the nozzles that the pumps overcome, H. Assumed, range 12 to 30 m."""
    slurry_density: Density = default("1100 kg/m^3")
    """Of what is circulated, rho. Assumed, range 1000 to 1150 kg/m^3."""
    pump_efficiency: Fraction = default("65 %")
    """Of pumps and motors together. Assumed, range 55 to 75 %."""
    pressure_drop: Pressure = default("1000 Pa")
    """Of the gas in each stage, for the fan. Assumed, 500 Pa (spray tower) to 5000 (venturi)."""


def tower_figures(volume: Any, circulation: Any, p: Parameters) -> list[Figure]:
    """Towers, their diameter, pumps and fan, for gas and liquid in m3/s."""
    moving = np.where(np.real(p.gas_velocity) > 0.0, p.gas_velocity, np.inf)
    diameter = np.sqrt(4.0 / np.pi * volume / moving)  # (1)
    efficiency = np.where(np.real(p.pump_efficiency) > 0.0, p.pump_efficiency, np.inf)
    pumps = p.slurry_density * GRAVITY * p.pump_head * circulation / efficiency  # (2)
    return [
        Figure(p.stages + 0.0 * volume, "", "towers, one per stage", "equipment"),
        Figure(diameter, "m", "diameter of a tower", "equipment"),
        Figure(pumps, "kW", "power of the circulation pumps", "power"),
        fan_figure(volume, p.pressure_drop * p.stages, p),
    ]
