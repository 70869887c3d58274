"""Warnings where a model of comminution leaves its range, each a list of at most one line."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import first
from flowsheet.core.flow import Flow
from flowsheet.core.particles import aperture_text
from unitops.comminution.reduction import p80, particles

COARSE_STEP = 1.6
"""Between sieves, above which a population balance makes its product too coarse."""
UNSEEN = 0.8
"""Share of the product in the last class above which the sieves show too little of it."""
WORTH_TELLING = 1e-3
"""Share of solids without a size, of all solids fed, that is not worth a word below."""
LONG = 3600.0
"""Residence time in s that is long for one mill."""


def unseen_product(product: Flow) -> Sequence[str]:
    """A product that mostly passes the finest sieve."""
    assert product.slate.particles is not None
    finest = product.slate.particles.sieves[-1]
    below = first(product.sized[:, -1].sum(axis=0) / particles(product))
    if below <= UNSEEN:
        return ()
    return [
        f"{below:.0%} of the product passes the finest sieve, {aperture_text(finest)}, "
        "below which nothing is broken further; add finer sieves to the particles"
    ]


def coarse_steps(feed: Flow) -> Sequence[str]:
    """Sieves too far apart for a population balance."""
    assert feed.slate.particles is not None
    apertures = feed.slate.particles.apertures
    steps = apertures[:-1] / apertures[1:]
    if not np.any(steps > COARSE_STEP):
        return ()
    return [
        f"sieves are up to {np.max(steps):.3g} times apart, which makes the product too coarse; "
        "rates of breakage belong to steps of 1.41, see sieve_series"
    ]


def coarse_feed(feed: Flow, fastest: float) -> Sequence[str]:
    """A feed whose coarse end lies above the size that breaks fastest, in m."""
    fed = first(p80(feed))
    if not fed > fastest:
        return ()
    return [
        f"feed P80 of {aperture_text(fed)} is coarser than the {aperture_text(fastest)} that "
        "breaks fastest: much of it is too large for the balls; crush finer, or take larger balls"
    ]


def long_residence(time: float) -> Sequence[str]:
    """A residence time, in s, that no single mill gives."""
    if time <= LONG:
        return ()
    return [f"residence time of {time / 60.0:.3g} min; pulp stays 2 to 15 min in a ball mill"]


def solids_without_size(feed: Flow) -> Sequence[str]:
    """Solids that are not broken, as nothing says how large they are."""
    slate, solids = feed.slate, first(feed.solids.total())
    unsized = (feed.solids.mass[: len(slate.species), 0]).real
    told = []
    for row in np.flatnonzero(unsized > WORTH_TELLING * solids):
        told.append(
            f"{slate.names[row]} without a size, {unsized[row] / solids:.1%} of the solids, passes "
            "unbroken and takes no energy; bring it with SizedFeed and name it among the minerals "
            "of the particles"
        )
    return told


def lacking_power(spent: Any, feed: Flow, installed: Any) -> Sequence[str]:
    """More power needed than there is; J/kg and W."""
    power, there = first(spent * particles(feed)), first(installed)
    if power <= there:
        return ()
    return [
        f"needs {power / 1e3:.4g} kW, and {there / 1e3:.4g} kW are installed; take a coarser "
        "product, feed less, or install more"
    ]
