"""What an engineer asks of a hydrocyclone at work: its figures, and what looks wrong."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.flow import Array, Flow
from flowsheet.core.particles import aperture_text
from flowsheet.core.size_distribution import cumulative_passing, size_passing
from flowsheet.core.unit import Figure, Flows, Parameters
from unitops.classification.cyclone_operation import Hydraulics, Operation
from unitops.classification.cyclone_selection import usual_diameter, usual_flow

ROPING = 0.50
"""Solids by volume at which an underflow ropes: Mular and Jull (1980), Mineral Processing Plant
Design, 2nd edition, 376-403, quoted from memory; 0.45 to 0.55 with the coarseness of the solids."""
CROWDED = 0.35
"""Solids by volume in the feed above which Plitt's tests are few; assumed."""
PRESSURES = (20e3, 250e3)
"""Pa: below, no steady vortex; above, wear, and a pump that few plants have; assumed."""
WETTEST = 0.60
"""Water to the underflow above which a cyclone classifies little; 10 to 50 % is usual."""


def operation_figures(feed: Flow, operation: Operation) -> list[Figure]:
    """Cut of each kind, sharpness, and what Plitt's model finds beside them."""
    found = [
        Figure(cut, "um", f"d50c of {kind.name}")
        for kind, cut in zip(feed.slate.sized, operation.cut_sizes, strict=True)
    ]
    found += [
        Figure(np.atleast_1d(operation.sharpness), "", "sharpness"),
        Figure(1.0 - operation.water_to_overflow, "%", "water to the underflow"),
    ]
    if operation.hydraulics is not None:
        hydraulics = operation.hydraulics
        found += [
            Figure(hydraulics.to_underflow, "%", "pulp to the underflow, by volume"),
            Figure(hydraulics.pressure, "kPa", "pressure drop"),
            Figure(hydraulics.flow, "m^3/h", "pulp per cyclone"),
            Figure(hydraulics.solids, "%", "solids in the feed, by volume"),
        ]
    return found


def product_figures(flows: Flows, p: Parameters) -> list[Figure]:
    """Where the solids go, how thick the products are, and the size of the overflow."""
    underflow, overflow = flows["underflow"], flows["overflow"]
    coarse, fine = underflow.solids.total(), overflow.solids.total()
    found = [Figure(ratio(coarse, coarse + fine), "%", "solids to the underflow")]
    if (fine > 0.0).all():
        found.append(Figure(coarse / fine, "%", "circulating load, underflow over overflow"))
    found += [
        Figure(_by_mass(underflow), "%", "solids in the underflow"),
        Figure(_by_mass(overflow), "%", "solids in the overflow"),
    ]
    thickness = _by_volume(underflow, p)
    if thickness is not None:
        found.append(Figure(thickness, "%", "solids in the underflow, by volume"))
    assert overflow.slate.particles is not None
    passing = cumulative_passing(overflow.sized.sum(axis=0))
    size = size_passing(overflow.slate.particles.apertures, passing)
    if not np.isnan(size).any():
        found.append(Figure(size, "um", "P80 of the overflow"))
    return found


def battery_figures(feed: Flow, operation: Operation, p: Parameters) -> list[Figure]:
    """Number and diameter of the cyclones, and what their pump draws.

    Where only the cut is given, cyclones are those of the selection of Krebs at
    ``feed_pressure``; none where the cut or a density is not known or the pulp is too thick.
    """
    pulp = feed.solids + feed.liquid
    if not pulp.has_volume():
        return []
    flow = pulp.volumetric_flow()
    if operation.hydraulics is not None:
        number, diameter = p.cyclones + 0.0 * flow, p.cyclone_diameter + 0.0 * flow
        pressure = operation.hydraulics.pressure
    else:
        solids = ratio(feed.solids.volumetric_flow(), flow)
        pressure = p.feed_pressure + 0.0 * flow
        diameter = usual_diameter(
            p.cut_size, solids, pressure, p.reference_density / p.liquor_density
        )
        if not np.all(np.isfinite(diameter)):
            return []
        number = np.ceil(flow / usual_flow(diameter, pressure) * (1.0 - 1e-12))
    power = flow * pressure / np.where(np.real(p.pump_efficiency) > 0.0, p.pump_efficiency, np.inf)
    return [
        Figure(number, "", "cyclones", "equipment"),
        Figure(diameter, "cm", "diameter of a cyclone", "equipment"),
        Figure(power, "kW", "power of the feed pump, pressure drop alone", "power"),
    ]


def operation_warnings(feed: Flow, operation: Operation) -> Sequence[str]:
    """Cuts that the sieves do not see, a fish-hook too large, and what Plitt's model warns of."""
    assert feed.slate.particles is not None
    apertures = feed.slate.particles.apertures
    told = []
    for kind, cut in zip(feed.slate.sized, operation.cut_sizes[:, 0], strict=True):
        if cut < apertures[-1] and first(feed.of(kind.name)) > 0.0:
            told.append(
                f"{kind.name} is cut at {aperture_text(cut)}, finer than the finest sieve, "
                f"{aperture_text(apertures[-1])}; add finer sieves to the particles"
            )
        if cut > apertures[0] and first(feed.of(kind.name)) > 0.0:
            told.append(
                f"{kind.name} is cut at {aperture_text(cut)}, coarser than the top sieve, "
                f"{aperture_text(apertures[0])}; nearly all of it overflows"
            )
    if operation.held()[..., 0].any():
        told.append(
            "the fish-hook would recover less than nothing of some sizes to the underflow, which "
            "is held at 0; take a smaller fish_hook"
        )
    if operation.hydraulics is not None:
        told += _hydraulic_warnings(operation.hydraulics)
    return told


def _hydraulic_warnings(found: Hydraulics) -> Sequence[str]:
    told = []
    if first(found.coarse) > first(found.to_underflow):
        told.append(
            f"the apex lets {first(found.to_underflow):.0%} of the pulp out, and the coarse solids "
            f"alone are {first(found.coarse):.0%} of it; the underflow is taken dry, so take a "
            "larger apex, or calibrate split_factor"
        )
    if first(found.solids) > CROWDED:
        told.append(
            f"the feed holds {first(found.solids):.0%} solids by volume; Plitt's model is not "
            "known above about 35 %, add water"
        )
    pressure, flow = first(found.pressure), first(found.flow) * 3600.0
    if not PRESSURES[0] <= pressure <= PRESSURES[1]:
        change = "fewer" if pressure < PRESSURES[0] else "more"
        told.append(
            f"{flow:.3g} m^3/h per cyclone takes {pressure / 1e3:.3g} kPa; cyclones work at 20 to "
            f"250 kPa, take {change} of them"
        )
    return told


def product_warnings(flows: Flows, p: Parameters, bypass: Any) -> Sequence[str]:
    """Roping, and a cyclone that has no water or sends most of it down."""
    told = []
    thickness = _by_volume(flows["underflow"], p)
    if thickness is not None and first(thickness) > ROPING:
        told.append(
            f"the underflow holds {first(thickness):.0%} solids by volume; above about 50 % it "
            "leaves as a rope, and coarse particles go over; let more water to the underflow"
        )
    if first(flows["feed"].liquid.total()) == 0.0:
        told.append("the feed brings no water; a cyclone works on pulp")
    if first(bypass) > WETTEST:
        told.append(
            f"{first(bypass):.0%} of the water goes to the underflow, and as much of the finest "
            "particles with it; 10 to 50 % is usual"
        )
    return told


def _by_mass(flow: Flow) -> Array:
    solids = flow.solids.total()
    return ratio(solids, solids + flow.liquid.total())


def _by_volume(flow: Flow, p: Parameters) -> Array | None:
    """Solids in a pulp by volume; None where a density is not known."""
    if not flow.solids.has_volume():
        return None
    solids = flow.solids.volumetric_flow()
    return ratio(solids, solids + flow.liquid.total() / p.liquor_density)
