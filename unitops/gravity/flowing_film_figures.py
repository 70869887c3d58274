"""What is told of concentration in a flowing film: pulls, machines, feeds that do not suit it."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.flow import Array, Flow
from flowsheet.core.particles import aperture_text
from flowsheet.core.unit import Figure, Flows, Parameters
from unitops.gravity.concentration_criterion import criterion_of, criterion_warnings
from unitops.gravity.partition import WATER

MUCH_TOO_FINE = 0.2
"""Share of the solids below the fine limit from which it is worth a warning; assumed."""
MUCH_TOO_COARSE = 0.1
"""Share of the solids above the coarse limit from which it is worth a warning; assumed."""
MUCH_UNSIZED = 0.01
"""Share of the solids without a size from which it is worth a warning; assumed."""
ROUNDING = 1e-9
"""How far a number of machines may exceed a whole one."""
T_PER_H = 1000.0 / 3600.0
"""kg/s."""


def percent_solids(flow: Flow) -> Array:
    """Solids over solids and liquid, zero of nothing, (scenarios,)."""
    solids = flow.solids.total()
    return ratio(solids, solids + flow.liquid.total())


def machines(solids: Any, capacity: Any) -> Array:
    """Machines that it takes, a whole number; zero for no solids."""
    return np.asarray(np.ceil(ratio(solids, capacity) * (1.0 - ROUNDING)))


def product_figures(flows: Flows, products: Sequence[str]) -> Sequence[Figure]:
    """Solids that each product takes, and how thick the concentrate is."""
    solids = flows["feed"].solids.total()
    pulls = [
        Figure(ratio(flows[name].solids.total(), solids), "%", f"solids to {name}")
        for name in products
    ]
    return [*pulls, Figure(percent_solids(flows["concentrate"]), "%", "solids in concentrate")]


def pair_figures(feed: Flow, p: Parameters) -> Sequence[Figure]:
    """The concentration criterion of the two minerals that are named, if they are."""
    if p.heavy is None:
        return ()
    criterion = criterion_of(feed.slate, p.heavy, p.light, WATER)
    return (Figure(criterion, "", f"concentration criterion {p.heavy} / {p.light}"),)


def pair_warnings(feed: Flow, p: Parameters) -> Sequence[str]:
    """Warn of a heavy and a light mineral that gravity cannot part, if they are named."""
    return () if p.heavy is None else criterion_warnings(feed, p.heavy, p.light, WATER)


def range_warnings(
    device: str, p: Parameters, cuts: tuple[float, float], sharpness: tuple[float, float]
) -> Sequence[str]:
    """Warn of settings that the device does not reach."""
    told, cut, spread = [], first(p.cut_density), first(p.ecart_probable)
    if not cuts[0] <= cut <= cuts[1]:
        told.append(
            f"cut_density of {cut:.0f} kg/m^3; {device} cut at {cuts[0]:.0f} to {cuts[1]:.0f}"
        )
    if not sharpness[0] <= spread <= sharpness[1]:
        told.append(
            f"ecart_probable of {spread:.3g} kg/m^3; {device} reach {sharpness[0]:.0f} to "
            f"{sharpness[1]:.0f}"
        )
    return told


def pulp_warnings(
    device: str, flows: Flows, usual: tuple[float, float], thickest: float
) -> Sequence[str]:
    """Warn of a feed too thin or too thick, and of a concentrate too thick to flow."""
    told = []
    fed, made = (first(percent_solids(flows[name]).real) for name in ("feed", "concentrate"))
    if fed > 0.0 and not usual[0] <= fed <= usual[1]:
        told.append(
            f"the feed holds {fed:.0%} solids; {device} work at {usual[0]:.0%} to {usual[1]:.0%}"
        )
    if made > thickest:
        told.append(
            f"the concentrate holds {made:.0%} solids and does not flow above about "
            f"{thickest:.0%}; raise water_to_concentrate"
        )
    return told


def size_warnings(feed: Flow, p: Parameters) -> Sequence[str]:
    """Warn of a feed that is in good part too fine, too coarse, or of no size."""
    slate, told = feed.slate, []
    assert slate.particles is not None
    by_class, solids = feed.sized.sum(axis=0)[:, 0].real, first(feed.solids.total().real)
    sizes = slate.particles.mean_sizes
    fine_limit, coarse_limit = first(p.fine_limit), first(p.coarse_limit)
    fine = float(ratio(by_class[sizes < fine_limit].sum(), solids))
    coarse = float(ratio(by_class[sizes > coarse_limit].sum(), solids))
    unsized = 1.0 - float(ratio(by_class.sum(), solids, empty=1.0))
    if fine > MUCH_TOO_FINE:
        told.append(
            f"{fine:.0%} of the solids fed are finer than {aperture_text(fine_limit)} and mostly "
            "follow the water; deslime the feed"
        )
    if coarse > MUCH_TOO_COARSE:
        told.append(
            f"{coarse:.0%} of the solids fed are coarser than {aperture_text(coarse_limit)}, whose "
            "heavies are washed out; screen or grind the feed"
        )
    if unsized > MUCH_UNSIZED:
        told.append(
            f"{unsized:.0%} of the solids fed have no size and are sorted by density alone; list "
            "their minerals among the particles"
        )
    return told
