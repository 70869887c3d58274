"""Hearth of a roaster and number of furnaces, from the load of its type of furnace.

    A = dry charge / load,    furnaces = A / largest usual hearth, rounded up       (1)

Loads and largest hearths stand in ``furnace_types.toml`` with their ranges, all assumed. The hearth
of a kiln is the inside of its shell. Where no furnace is named, a volatilising roast is sized as
rotary kilns and a dead one as multiple hearths.
"""

from collections.abc import Iterator

import numpy as np

from flowsheet.core.arithmetic import first
from flowsheet.core.parameters import Area, MassFlux
from flowsheet.core.unit import Figure, Flows, Parameters, UnitOp
from unitops.smelting.furnace_types import furnace_type

_UNNAMED = {"volatilising": "rotary_kiln", "dead": "multiple_hearth"}
_TONNE_PER_DAY = 1000.0 / 86400.0


class RoasterHearth(UnitOp):
    """What the size of a roaster follows from; it changes no flow."""

    hearth_load: MassFlux | None = None
    """Dry charge per area of hearth. Default of the furnace, in ``furnace_types.toml``."""
    largest_hearth: Area | None = None
    """Largest usual hearth of one furnace. Default of the furnace."""


def hearth_figures(flows: Flows, p: Parameters) -> Iterator[Figure]:
    """Area of the hearths, all together, and number of furnaces, by (1)."""
    kind = furnace_type(p.furnace or _UNNAMED[p.mode])
    usual = {name: kind.settings[name].value or 0.0 for name in ("hearth_load", "largest_hearth")}
    load = usual["hearth_load"] * _TONNE_PER_DAY if p.hearth_load is None else p.hearth_load
    largest = usual["largest_hearth"] if p.largest_hearth is None else p.largest_hearth
    if np.any(np.real(load) <= 0.0) or np.any(np.real(largest) <= 0.0):
        return
    area = flows["feed"].solids.total() / load
    per_day = first(load) / _TONNE_PER_DAY
    yield Figure(area, "m^2", f"hearth of {kind.title}, {per_day:.3g} t/(m2 d)", "equipment")
    number = np.ceil(np.real(area / largest) * (1.0 - 1e-12))
    yield Figure(number, "", f"furnaces of at most {first(largest):.3g} m2", "equipment")
