"""The concentration criterion: which pairs of minerals gravity can separate, and how fine.

    (rho_heavy - rho_fluid) / (rho_light - rho_fluid)                               (1)

Taggart (1945), Handbook of Mineral Dressing, as it stands in Wills' Mineral Processing Technology
and in Burt (1984), Gravity Concentration Technology, quoted from memory:

    criterion       gravity separation in the fluid
    above 2.5       works down to fines of about 75 um
    1.75 to 2.5     works down to about 0.1 mm
    1.5 to 1.75     works down to about 1 mm
    1.25 to 1.5     works for gravel of about 6 mm and coarser
    below 1.25      does not work

It is a rule of thumb for jigs, spirals and tables. Devices with a centrifugal field reach finer.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.particles import aperture_text
from flowsheet.core.slate import Slate

WORKS_DOWN_TO = ((2.5, 75e-6), (1.75, 0.1e-3), (1.5, 1e-3), (1.25, 6e-3))
"""Least criterion, and the size in m that it works down to."""
INSEPARABLE = 1.25
"""Criterion below which gravity does not separate in the fluid."""
MUCH_TOO_FINE = 0.2
"""Share of the heavy mineral that is too fine from which it is worth a warning; assumed."""


def concentration_criterion(heavy: Any, light: Any, fluid: Any) -> Array:
    """Return (1) from three densities, infinite where the light mineral does not sink."""
    sinks = np.asarray(light > fluid)
    return np.asarray(np.where(sinks, ratio(heavy - fluid, light - fluid), np.inf))


def smallest_size(criterion: float) -> float | None:
    """Return the size in m down to which gravity works; None where it does not work at all."""
    return next((size for least, size in WORKS_DOWN_TO if criterion >= least), None)


def criterion_of(slate: Slate, heavy: str, light: str, fluid: Any) -> Array:
    """Return (1) of two species or composites of a flowsheet, (1 or scenarios,)."""
    densities = density_of(slate, heavy), density_of(slate, light)
    return np.atleast_1d(concentration_criterion(*densities, np.asarray(fluid)))


def density_of(slate: Slate, name: str) -> float:
    """Return the density of a species or composite; raise InputError where it is unknown."""
    density = float(slate.density[slate.rows_of(name)[0]])
    if np.isnan(density):
        raise InputError(
            f"the concentration criterion needs a density of {name}; "
            f"define Species('{name}', density=...) in the flowsheet, or leave out heavy and light"
        )
    return density


def too_fine(feed: Flow, name: str, limit: float) -> Array:
    """Return the share of a mineral, locked or free, in size classes below a size, (scenarios,).

    A class counts by its mean size; what has no size does not count at all.
    """
    slate = feed.slate
    assert slate.particles is not None
    by_class = _by_class(feed, name)
    fine = slate.particles.mean_sizes < limit
    return ratio(by_class[fine].sum(axis=0), by_class.sum(axis=0))


def _by_class(feed: Flow, name: str) -> Array:
    """Mass flow of a mineral or of a composite in each class, (classes, scenarios)."""
    slate = feed.slate
    if name in slate.names:
        held = slate.minerals_of_sized[slate.row(name)]
    else:
        held = np.array([float(kind.name == name) for kind in slate.sized])
    return np.asarray(np.tensordot(held, feed.sized, axes=1))


def criterion_warnings(feed: Flow, heavy: str, light: str, fluid: Any) -> Sequence[str]:
    """Warn of two minerals too alike, or of a heavy mineral finer than gravity can catch."""
    densities = density_of(feed.slate, heavy), density_of(feed.slate, light)
    if densities[0] <= densities[1]:
        return (
            f"{heavy} is named heavy at {densities[0]:.0f} kg/m^3 and {light} light at "
            f"{densities[1]:.0f}; exchange them, or name two minerals that differ",
        )
    if densities[0] <= first(fluid):
        return (f"{heavy}, named heavy, does not sink in a fluid of {first(fluid):.0f} kg/m^3",)
    criterion = first(criterion_of(feed.slate, heavy, light, fluid))
    limit = smallest_size(criterion)
    said = f"concentration criterion {criterion:.2f} for {heavy} and {light}"
    if limit is None:
        return (f"{said}; below {INSEPARABLE} they do not separate by gravity in this fluid",)
    if feed.slate.particles is None:
        return ()
    share = first(too_fine(feed, heavy, limit))
    if share < MUCH_TOO_FINE:
        return ()
    return (
        f"{said} works down to about {aperture_text(limit)}; {share:.0%} of the {heavy} fed is "
        "finer; coarser grinding, flotation or a centrifugal concentrator would win more of it",
    )
