"""How a hydrocyclone cuts a feed: as given, or as Plitt's model finds from its dimensions."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import ratio
from flowsheet.core.flow import Array, Flow
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Parameters
from unitops.classification.efficiency import lynch_rao, rosin_rammler, whiten_beta
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
    """Share of the pulp that the coarse solids take, by volume: the split must leave more."""


@dataclass(frozen=True)
class Operation:
    """How a feed is cut."""

    cut_sizes: Array
    """d50c of each sized kind in m, (kinds, 1 or scenarios)."""
    sharpness: Any
    corrected_to_overflow: Array
    """1 - E_c, (kinds, classes, 1 or scenarios)."""
    bypass: Array
    """Share of the water to the underflow, R_f, (1 or scenarios,)."""
    hydraulics: Hydraulics | None = None

    def to_overflow(self) -> Array:
        """Share of each kind and class to the overflow before it is held at 1."""
        return (1.0 - self.bypass) * self.corrected_to_overflow


def as_given(slate: Slate, p: Parameters) -> Operation:
    """Return the operation at a given cut size, which no feed changes."""
    excess = excess_density(slate, p.liquor_density)
    reference = p.reference_density - p.liquor_density
    cuts = np.asarray(p.cut_size * (reference / excess) ** p.density_exponent)
    to_overflow = _corrected_to_overflow(slate, cuts, p.sharpness, p)
    return Operation(cuts, p.sharpness, to_overflow, np.atleast_1d(p.water_to_underflow))


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
    volume, solids = pulp_volumes(feed, p)
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
    to_overflow = _corrected_to_overflow(slate, cuts, sharpness, p)
    to_underflow = split / (1.0 + split)
    volumes = feed.sized / sized_densities(slate)[:, None, None]
    coarse = ratio((volumes * (1.0 - to_overflow)).sum(axis=(0, 1)), volume)
    enough = to_underflow.real > coarse.real
    bypass = np.where(enough, to_underflow - coarse, 0.0) / np.where(enough, 1.0 - coarse, 1.0)
    at_work = np.where(volume.real > 0.0, 1.0, 0.0)
    hydraulics = Hydraulics(
        flow * at_work, fraction, pressure * at_work, to_underflow * at_work, coarse
    )
    return Operation(cuts, sharpness, to_overflow, bypass, hydraulics)


def pulp_volumes(flow: Flow, p: Parameters) -> tuple[Array, Array]:
    """Volume flow of pulp and of the solids in it, m^3/s, (scenarios,)."""
    solids = flow.solids.volumetric_flow()
    return solids + flow.liquid.total() / p.liquor_density, solids


def _corrected_to_overflow(slate: Slate, cuts: Array, sharpness: Any, p: Parameters) -> Array:
    """1 - E_c, (kinds, classes, 1 or scenarios)."""
    assert slate.particles is not None
    relative = slate.particles.mean_sizes[:, None] / cuts[:, None, :]
    if p.curve == "rosin_rammler":
        return np.asarray(1.0 - rosin_rammler(relative, sharpness))
    if p.curve == "lynch_rao":
        return np.asarray(1.0 - lynch_rao(relative, sharpness))
    return np.asarray(1.0 - whiten_beta(relative, sharpness, p.fish_hook))
