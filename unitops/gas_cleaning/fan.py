"""The fan that draws a gas through a machine: electric power from volume and pressure drop.

    P = Q * dp / eta                                                                (1)

with Q the gas as it flows and eta that of fan, drive and motor together. The rise of pressure is
small against that of the air, so that the gas counts as incompressible (below some 5 kPa).
"""

from typing import Any

import numpy as np

from flowsheet.core.parameters import Fraction, Pressure, default
from flowsheet.core.unit import Figure, Parameters, UnitOp


class WithFan(UnitOp):
    """A machine whose pressure drop is known."""

    fan_efficiency: Fraction = default("60 %")
    """Of fan, drive and motor together. Assumed, range 45 to 75 %."""


class DrawnByFan(WithFan):
    """A machine whose pressure drop is given; counted where the gas's temperature is known."""

    pressure_drop: Pressure = default("500 Pa")
    """Of the gas in this machine and its ducts, for the fan alone. Assumed, range 200 to 1500."""


def fan_figure(volume: Any, drop: Any, p: Parameters) -> Figure:
    """Electric power of the fan for a volume of gas in m3/s and a pressure drop in Pa, by (1)."""
    efficiency = np.where(np.real(p.fan_efficiency) > 0.0, p.fan_efficiency, np.inf)
    return Figure(volume * drop / efficiency, "kW", "power of the fan", "power")
