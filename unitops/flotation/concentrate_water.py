"""Water in a concentrate: a share of the feed water, or what its percent solids take."""

from typing import Any

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.unit import Figure, Flows, Parameters

ROUNDING = 1.0 + 1e-9


def check_water(unit: Any) -> None:
    """Refuse water that is given twice, not at all, or without any solids in it."""
    if (unit.water_recovery is None) == (unit.concentrate_percent_solids is None):
        raise InputError("give either water_recovery or concentrate_percent_solids, and not both")
    if unit.concentrate_percent_solids == 0.0:
        raise InputError("concentrate_percent_solids of 0 would be all water; give more")


def water_share(feed: Flow, solids: Array, p: Parameters) -> Array:
    """Share of the liquid that follows these solids, kg/s, into the concentrate; at most all."""
    if p.water_recovery is not None:
        return np.asarray(p.water_recovery)
    wanted = solids * (1.0 / p.concentrate_percent_solids - 1.0)
    return ratio(wanted, np.maximum(wanted, feed.liquid.total()))


def water_warnings(flows: Flows, p: Parameters) -> list[str]:
    """Say so where the feed brings too little water for the percent solids asked for."""
    if p.concentrate_percent_solids is None:
        return []
    asked, made = first(p.concentrate_percent_solids), first(flows["concentrate"].percent_solids())
    if made <= asked * ROUNDING:
        return []
    return [
        f"the concentrate takes all of the water and holds {made:.1%} solids, where {asked:.1%} is "
        "asked for; feed a thinner pulp"
    ]


def separation_figures(flows: Flows) -> list[Figure]:
    """Mass pull; and where there is water, its recovery and the solids in the concentrate."""
    feed, concentrate = flows["feed"], flows["concentrate"]
    found = [Figure(_share(concentrate.solids, feed.solids), "%", "mass pull")]
    if np.any(feed.liquid.total() > 0.0):
        found.append(Figure(_share(concentrate.liquid, feed.liquid), "%", "water recovery"))
        found.append(Figure(concentrate.percent_solids(), "%", "solids in the concentrate"))
    return found


def _share(part: Flow, whole: Flow) -> Array:
    return ratio(part.total(), whole.total())
