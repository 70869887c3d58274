"""Bars, furnaces, time, energy and metal in process that zone refining takes.

    time of a pass = (L + (zones - 1) * pitch) / v + time between passes              (1)
    time of a bar = passes * time of a pass + time to load, melt in and unload        (2)
    metal in process = feed * time of a bar                                           (3)

L is the length of the bar and v the speed of the zone. Zones that start along the bar are all led
over its end when the rear one has gone its length: then (1) has L alone.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import ratio
from flowsheet.core.flow import Array, Flow
from flowsheet.core.unit import Figure, FigureKind, Parameters

BAR_DENSITY = 6690.0
"""kg/m^3, solid antimony (Handbook of Mineralogy, quoted from memory)."""


@dataclass(frozen=True)
class ZoneFurnaces:
    """What a feed needs at some passes; (scenarios,) or one."""

    bar_mass: Any
    """kg of one bar."""
    heated: Any
    """s that the zones of one bar are hot."""
    bar_time: Any
    """s from one loading of a tube to the next."""
    bars: Any
    """Bars in the furnaces at once, while they run."""
    furnaces: Any
    in_process: Any
    """kg of metal in the furnaces."""
    energy: Any
    """J per kg of bar."""


def zone_furnaces(feed: Flow, passes: Any, p: Parameters) -> ZoneFurnaces:
    """Size the furnaces for a feed of metal."""
    total = feed.total()
    bar_mass = BAR_DENSITY * math.pi / 4.0 * p.bar_diameter**2 * p.bar_length
    behind = (p.zones - 1.0) * p.zone_pitch * p.zone_to_bar
    travel = p.bar_length * (1.0 + (behind if p.zones_start == "before_the_bar" else 0.0))
    heated = passes * travel / p.zone_speed  # (1)
    bar_time = heated + passes * p.time_between_passes + p.loading_time  # (2)
    bars = total / p.availability / bar_mass * bar_time
    return ZoneFurnaces(
        bar_mass=bar_mass,
        heated=heated,
        bar_time=bar_time,
        bars=bars,
        furnaces=bars / p.bars_per_furnace,
        in_process=total * bar_time / p.availability,  # (3)
        energy=p.heater_power * p.zones * heated / bar_mass,
    )


def furnace_figures(feed: Flow, ingot: Flow, passes: Any, p: Parameters) -> tuple[Figure, ...]:
    """Figures of the furnaces; none where the zone stands still."""
    if not np.all(np.real(p.zone_speed) > 0.0):
        return ()
    needed = zone_furnaces(feed, passes, p)
    kept = ratio(ingot.total(), feed.total())

    def figure(value: Any, unit: str, label: str, kind: FigureKind = "") -> Figure:
        shape: Array = value + 0.0 * feed.total()
        return Figure(shape, unit, label, kind)

    return (
        figure(needed.bar_mass, "kg", "mass of a bar"),
        figure(needed.bar_time, "h", "time of a bar in the furnace"),
        figure(ratio(needed.bar_time, kept * needed.bar_mass), "h/kg", "furnace time per ingot"),
        figure(needed.bars, "", "bars in furnaces at once", "equipment"),
        figure(needed.furnaces, "", "furnaces", "equipment"),
        figure(needed.in_process, "kg", "metal in process"),
        figure(ratio(needed.energy, kept), "kWh/kg", "energy per ingot, heaters"),
        figure(needed.energy * feed.total(), "kW", "power of the heaters, mean", "power"),
    )
