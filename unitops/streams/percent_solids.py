"""Percent solids of a pulp: solids over solids and liquor, by mass. Shared within this room.

Liquor is water and what it dissolves; gas does not count.
"""

from typing import Any

import numpy as np

from flowsheet.core.arithmetic import first
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow

ROUNDING = 1.0 + 1e-9


def liquor_held(flow: Flow, percent_solids: Any) -> Array:
    """Liquor that the solids of a flow hold at a given percent solids, kg/s, (scenarios,)."""
    return np.asarray(flow.solids.total() * ((1.0 - percent_solids) / percent_solids))


def check_percent_solids(value: float) -> None:
    """Refuse a pulp that would be all water or no water."""
    if value == 0.0:
        raise InputError('percent_solids of 0 % would be all water; give more, e.g. "35 %"')
    if value == 1.0:
        raise InputError('percent_solids of 100 % takes no water; give less, e.g. "35 %"')


def too_dilute(feed: Flow, percent_solids: Any) -> tuple[str, ...]:
    """Say by how much the feed is more dilute than asked for, if it is."""
    asked = first(percent_solids)
    excess = first(feed.liquid.total()) - first(liquor_held(feed, asked)) * ROUNDING
    if excess <= 0.0:
        return ()
    return (
        f"the feed holds {first(feed.percent_solids()):.1%} solids, less than the {asked:.1%} "
        f"asked for: no water is added, {excess * 3.6:.4g} t/h of water are too much",
    )
