"""What a flotation bank recovers of solids and of water: floated and entrained together."""

from typing import Any

import numpy as np

from flowsheet.core.flow import Array, Flow
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Parameters
from unitops.flotation.entrainment import (
    degree_of_entrainment,
    entrained_in_cells,
    entrained_over_bank,
    water_recovery_of_bank,
    water_recovery_of_cell,
)
from unitops.flotation.flotation_rate import floated
from unitops.flotation.rate_by_size import sizes_of_rows

NEARLY_NO_PULP = 1e-200
"""m3/s added to the pulp, so that an empty bank holds it very long and not for 0 / 0."""


def residence_time(feed: Flow, p: Parameters) -> Any:
    """Residence time of the pulp in one cell, tau, s; very long in a bank without a feed."""
    if p.residence_time is not None:
        return p.residence_time
    pulp = feed.volumetric_flow() + NEARLY_NO_PULP
    return p.cell_volume * (1.0 - p.gas_holdup) / pulp


def water_recovery(p: Parameters) -> Any:
    """Share of the water that the bank recovers, R_w."""
    if p.water_recovery_per_cell is None:
        return p.water_recovery
    return water_recovery_of_bank(p.water_recovery_per_cell, p.cells)


def total_recovery(feed: Flow, p: Parameters) -> Array:
    """Share of every solid that is floated or entrained, (constituents, 1 or scenarios)."""
    slate, time = feed.slate, residence_time(feed, p)
    entrainment = _entrainment(slate, p)
    if p.entrainment_form == "over_bank":
        recovery = p.recovery_max * floated(slate, p, time)
        return entrained_over_bank(recovery, entrainment, water_recovery(p))
    per_cell = p.water_recovery_per_cell
    if per_cell is None:
        per_cell = water_recovery_of_cell(p.water_recovery, p.cells)

    def floated_in(share: Array) -> Array:
        return np.asarray(p.recovery_max * floated(slate, p, time * share))

    return entrained_in_cells(floated_in, entrainment, per_cell, p.cells)


def _entrainment(slate: Slate, p: Parameters) -> Any:
    """Degree of entrainment of every row, by its size where that is known."""
    if p.entrainment_size is None:
        return p.entrainment
    sized, sizes = sizes_of_rows(slate)
    by_size = degree_of_entrainment(sizes, p.entrainment_size, p.entrainment_drainage)
    return np.where(sized, by_size, p.entrainment)
