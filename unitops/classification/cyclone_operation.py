"""How a hydrocyclone cuts a feed: as given, or as Plitt's model finds from its dimensions."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flowsheet.core.arithmetic import ratio
from flowsheet.core.flow import Array, Flow
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Parameters
from unitops.classification.efficiency import (
    Split,
    lynch_rao,
    rosin_rammler,
    whiten_beta,
)
from unitops.classification.excess_density import excess_density, sized_densities
from unitops.classification.plitt import (
    CycloneBody,
    plitt_cut_size,
    plitt_pressure,
    plitt_sharpness,
    plitt_split,
)

SOME_FLOW = 1.0
"""m^3/s in place of no flow at all: what is then split is nothing."""


@dataclass(frozen=True)
class Hydraulics:
    """What Plitt's model finds beside the cut, (scenarios,)."""

    flow: Array
    """Pulp per cyclone, m^3/s."""
    solids: Array
    """Their volume fraction in the feed."""
    pressure: Array
    """Pa."""
    to_underflow: Array
    """Share of the pulp, by volume."""
    coarse: Array
    """Share of the pulp that is solids caught by their size, by volume: the apex must take more."""


@dataclass(frozen=True)
class Operation:
    """How a feed is cut."""

    cut_sizes: Array
    """d50c of each sized kind in m, (kinds, 1 or scenarios)."""
    sharpness: Any
    corrected: Split
    """E_c to the underflow and the rest to the overflow, (kinds, classes, 1 or scenarios)."""
    water_to_overflow: Array
    """1 - R_f, (1 or scenarios,)."""
    hydraulics: Hydraulics | None = None

    def actual(self) -> Split:
        """E to the underflow and the rest, with what would be less than nothing held at 0."""
        split, held = self._unheld(), self.held()
        return Split(np.where(held, 0.0, split.coarse), np.where(held, 1.0, split.fine))

    def held(self) -> Any:
        """Where a fish-hook would recover less than nothing to the underflow."""
        split = self._unheld()
        return (split.coarse.real < 0.0) | (split.fine.real > 1.0)

    def _unheld(self) -> Split:
        wet = self.water_to_overflow  # kept as it is: 1 - (1 - it) would lose a small one
        return Split(1.0 - wet + wet * self.corrected.coarse, wet * self.corrected.fine)


def as_given(slate: Slate, p: Parameters) -> Operation:
    """Return the operation at a given cut size, which no feed changes."""
    excess = excess_density(slate, p.liquor_density)
    reference = p.reference_density - p.liquor_density
    cuts = np.asarray(p.cut_size * (reference / excess) ** p.density_exponent)
    corrected = _corrected(slate, cuts, p.sharpness, p)
    return Operation(cuts, p.sharpness, corrected, np.atleast_1d(1.0 - p.water_to_underflow))


def from_dimensions(feed: Flow, p: Parameters) -> Operation:
    """Return the operation that Plitt's model finds for a feed."""
    slate = feed.slate
    body = CycloneBody(
        p.cyclone_diameter,
        p.inlet_diameter,
        p.vortex_finder_diameter,
        p.apex_diameter,
        p.free_vortex_height,
    )
    volumes = feed.sized / sized_densities(slate)[:, None, None]
    loose = _unsized_volume(feed)
    liquor = feed.liquid.total() / p.liquor_density
    solids = volumes.sum(axis=(0, 1)) + loose
    volume = solids + liquor
    flow = np.where(volume.real > 0.0, volume, SOME_FLOW) / p.cyclones
    fraction = ratio(solids, volume)
    pulp_density = ratio(feed.solids.total() + feed.liquid.total(), volume, empty=1000.0)
    excess = excess_density(slate, p.liquor_density)
    cuts = p.cut_size_factor * plitt_cut_size(body, flow, fraction, excess, p.density_exponent)
    pressure = p.pressure_factor * plitt_pressure(body, flow, fraction)
    split = p.split_factor * plitt_split(body, pressure, fraction, pulp_density)
    sharpness = p.sharpness
    if sharpness is None:
        sharpness = p.sharpness_factor * plitt_sharpness(body, flow, split)
    corrected = _corrected(slate, cuts, sharpness, p)
    # (3) of Hydrocyclone as 1 - R_f: pulp that overflows, over all that its size does not catch.
    room = volume / (1.0 + split)
    uncaught = liquor + loose + (volumes * corrected.fine).sum(axis=(0, 1))
    wet = room.real < uncaught.real
    water_to_overflow = np.where(wet, room, 1.0) / np.where(wet, uncaught, 1.0)
    at_work = np.where(volume.real > 0.0, 1.0, 0.0)
    hydraulics = Hydraulics(
        flow * at_work,
        fraction,
        pressure * at_work,
        at_work * split / (1.0 + split),
        ratio(volume - uncaught, volume),
    )
    return Operation(cuts, sharpness, corrected, water_to_overflow, hydraulics)


def _unsized_volume(feed: Flow) -> Array:
    """Volume flow of solids without a size, m^3/s, (scenarios,)."""
    known, unknown = _unsized_rows(feed.slate)
    if (feed.mass[unknown].real > 0.0).any():
        feed.solids.volumetric_flow()  # says which density is missing
    volume: Array = (feed.mass[known] / feed.slate.density[known, None]).sum(axis=0)
    return volume


@lru_cache(maxsize=64)
def _unsized_rows(slate: Slate) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows of solids without a size, with a known density and without."""
    rows = np.flatnonzero(slate.in_phase("solid")[: len(slate.species), 0])
    unknown = np.isnan(slate.density[rows])
    return rows[~unknown], rows[unknown]


def _corrected(slate: Slate, cuts: Array, sharpness: Any, p: Parameters) -> Split:
    """E_c and 1 - E_c, (kinds, classes, 1 or scenarios)."""
    assert slate.particles is not None
    relative = slate.particles.mean_sizes[:, None] / cuts[:, None, :]
    if p.curve == "rosin_rammler":
        return rosin_rammler(relative, sharpness)
    if p.curve == "lynch_rao":
        return lynch_rao(relative, sharpness)
    return whiten_beta(relative, sharpness, p.fish_hook)
