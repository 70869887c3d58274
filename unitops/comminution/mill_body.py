"""Diameter, length and power of the shell that a ball mill's charge takes, by Bond's equation.

Power at the mill shaft per mass of balls, D in m, J the filling and C the share of the critical
speed, for wet mills that overflow:

    P / balls = 4.879 D^0.3 (3.2 - 3 J) C (1 - 0.1 / 2^(9 - 10 C))       kW/t       (1)
    balls = rho J V,    V = pi/4 (L/D) D^3                                          (2)
    pulp = e J V                                                                    (3)

with rho the density of the bed of balls and e its voids, which the pulp just fills. (1) Bond
(1961), British Chemical Engineering 6, 543-548, in feet and short tons 3.1 instead of 4.879, quoted
from memory; 4650 kg/m3 and 40 % voids are usual of steel balls. Not modelled: slumping in mills
above some 3.3 m, grate discharge (16 % more power), liners, losses of drive and motor.

>>> body = body_of_volume(1.0, filling=0.4, speed=0.9, shape=4.0 / math.pi)
>>> print(f"{body.diameter:.3f} m, {body.power / 1e3:.2f} kW")
1.000 m, 14.70 kW
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from flowsheet.core.parameters import Count, Fraction, PositiveRatio, default
from flowsheet.core.unit import Figure, Parameters, UnitOp

BALL_BED = 4650.0
"""kg/m3 of a bed of steel balls."""
VOIDS = 0.4
_POWER_PER_BALLS = 4.879  # W/kg at D^0.3 in m


class MillBody(UnitOp):
    """What the size of a ball mill follows from, beside the pulp it holds or the power it draws."""

    mills: Count = 1.0
    """Equal mills side by side, for the size of each."""
    ball_filling: Fraction = default("35 %")
    """Bed of balls over the inside of the mill, J. Assumed, 30 to 45 % is usual."""
    speed: Fraction = default("72 %")
    """Share of the critical speed, C. Assumed, 65 to 78 % is usual."""
    length_to_diameter: PositiveRatio = 1.4
    """Inside length over inside diameter. Assumed, 1 to 2 is usual."""


@dataclass(frozen=True)
class Body:
    """One mill; in m, m3 and W, (scenarios,) or one."""

    diameter: Any
    length: Any
    volume: Any
    power: Any


def body_of_volume(volume: Any, *, filling: Any, speed: Any, shape: Any) -> Body:
    """Mill of an inside volume in m3 and of a length over diameter: (1) and (2)."""
    diameter = (volume / (math.pi / 4.0 * shape)) ** (1.0 / 3.0)
    power = _per_volume(filling, speed) * diameter**0.3 * volume
    return Body(diameter, shape * diameter, volume, power)


def body_of_power(power: Any, *, filling: Any, speed: Any, shape: Any) -> Body:
    """Mill that draws a power in W at its shaft: (1) and (2), solved for the diameter."""
    solid = math.pi / 4.0 * shape
    diameter = (power / (_per_volume(filling, speed) * solid)) ** (1.0 / 3.3)
    return Body(diameter, shape * diameter, solid * diameter**3, power)


def body_figures(p: Parameters, *, pulp: Any = None, power: Any = None) -> list[Figure]:
    """Number and size of the mills that hold a pulp in m3 or draw a power in W, all together.

    None where there is nothing to hold or to grind.
    """
    if np.any(np.real(pulp if power is None else power) <= 0.0):
        return []
    charge = {"filling": p.ball_filling, "speed": p.speed, "shape": p.length_to_diameter}
    if power is None:
        of_balls = np.where(np.real(p.ball_filling) > 0.0, p.ball_filling, np.inf)
        body = body_of_volume(pulp / (VOIDS * of_balls) / p.mills, **charge)  # (3)
        drawn = [Figure(np.atleast_1d(body.power * p.mills), "kW", "power at the shaft", "power")]
    else:
        body, drawn = body_of_power(power / p.mills, **charge), []
    mills = p.mills + 0.0 * body.volume
    return [
        Figure(np.atleast_1d(mills), "", "mills", "equipment"),
        Figure(np.atleast_1d(body.diameter), "m", "inside diameter of a mill", "equipment"),
        Figure(np.atleast_1d(body.length), "m", "inside length of a mill", "equipment"),
        *drawn,
    ]


def _per_volume(filling: Any, speed: Any) -> Any:
    """W per m3 of mill and m^0.3 of diameter, by (1)."""
    of_speed = speed * (1.0 - 0.1 / 2.0 ** (9.0 - 10.0 * speed))
    return _POWER_PER_BALLS * (3.2 - 3.0 * filling) * of_speed * BALL_BED * filling
