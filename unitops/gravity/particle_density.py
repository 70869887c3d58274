"""Density and size of every row of a slate, for the separators of this room."""

from functools import lru_cache
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.slate import Slate


@lru_cache(maxsize=64)
def densities(slate: Slate) -> Array:
    """Densities in kg/m^3, zero where unknown, (constituents, 1)."""
    return np.where(np.isnan(slate.density), 0.0, slate.density)[:, None]


@lru_cache(maxsize=64)
def _solids_without(slate: Slate) -> Array:
    """Rows of solids whose density is unknown."""
    return np.flatnonzero(np.isnan(slate.density) & (slate.in_phase("solid")[:, 0] > 0.0))


def check_densities(feed: Flow) -> None:
    """Raise InputError where a solid flows whose density is unknown."""
    unknown = _solids_without(feed.slate)
    flows = feed.mass[unknown].real > 0.0
    if flows.any():
        found = [feed.slate.constituents[row].name for row in unknown[flows.any(axis=1)]]
        missing = list(dict.fromkeys(found))
        raise InputError(
            f"a separation by density needs a density of {', '.join(missing)}; "
            f"define Species('{missing[0]}', density=...) in the flowsheet"
        )


@lru_cache(maxsize=64)
def sizes(slate: Slate) -> Array:
    """Mean sizes in m, not-a-number for what has no size, (constituents, 1)."""
    found = np.full((slate.count, 1), np.nan)
    if slate.particles is not None:
        found[len(slate.species) :, 0] = np.tile(slate.particles.mean_sizes, len(slate.sized))
    return found


def relative_sizes(slate: Slate, reference_size: Any) -> Array:
    """Sizes over a reference, one for what has no size, (constituents, 1 or scenarios)."""
    of_rows = sizes(slate)
    return np.asarray(np.where(np.isnan(of_rows), 1.0, of_rows / reference_size))


def share_of_solids(feed: Flow, rows: Array) -> Array:
    """Share of the solids that is in some of the rows, zero of nothing, (scenarios,).

    ``rows`` is true or false for each, (constituents,) or (constituents, scenarios).
    """
    solids = feed.solids.mass.real
    chosen = rows.reshape(len(solids), -1)
    return ratio((solids * chosen).sum(axis=0), solids.sum(axis=0))


def share_of_sizes(feed: Flow, least: float, largest: float) -> Array:
    """Share of the solids in classes whose mean size is between two sizes, (scenarios,)."""
    of_rows = sizes(feed.slate)[:, 0]
    return share_of_solids(feed, (of_rows >= least) & (of_rows <= largest))
