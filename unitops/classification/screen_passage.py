"""Share of each size class that stays on a screen and that passes, for each way to know it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.particles import Particles, aperture_text
from flowsheet.core.unit import Parameters
from unitops.classification.class_shares import mean_over_class, share_below, sizes_within
from unitops.classification.efficiency import Split, rosin_rammler, with_bypass
from unitops.classification.karra import (
    SHARPNESS,
    basic_capacity,
    half_size_factor,
    karra_cut_size,
    near_size_factor,
    oversize_factor,
    throughfall_aperture,
    wet_factor,
)

FINEST_THROUGHFALL = 1e-3
"""m: the capacities behind Karra's model begin near 1 mm, and (2) falls to zero at 0.6 mm."""
MATERIAL = 1602.0
"""Bulk density of the material behind the basic capacity, kg/m^3."""


@dataclass(frozen=True)
class Deck:
    """What Karra's model finds for a feed, (scenarios,)."""

    throughfall: Array
    """Throughfall aperture, m."""
    undersize: Array
    """Feed finer than that, kg/s."""
    capacity: Array
    """Undersize that the deck can pass, kg/s."""
    near: Array
    """Share of the feed from 0.75 to 1.25 throughfall apertures."""
    cut_size: Array
    """d50, m."""


def partition(feed: Flow, p: Parameters) -> Split:
    """Share of each class that stays and that passes, (classes, 1 or scenarios)."""
    assert feed.slate.particles is not None
    particles = feed.slate.particles
    if p.cut_size is not None:
        split = _mean(rosin_rammler(sizes_within(particles) / p.cut_size, p.sharpness))
        return with_bypass(split, p.carryover)
    could_pass = share_below(particles, p.aperture)
    if p.efficiency is not None:
        passes = np.asarray(p.efficiency * could_pass)
        return Split(1.0 - passes, passes)
    sizes = sizes_within(particles, p.aperture)
    if p.trials is not None:
        split = _mean(after_trials(sizes, p.aperture, p.wire_diameter, p.trials))
    else:
        split = _mean(rosin_rammler(sizes / deck_of(feed, p).cut_size, SHARPNESS))
    below = Split(1.0 - could_pass + could_pass * split.coarse, could_pass * split.fine)
    return with_bypass(below, p.carryover)


def _mean(split: Split) -> Split:
    return Split(mean_over_class(split.coarse), mean_over_class(split.fine))


def after_trials(size: Any, aperture: Any, wire: Any, trials: Any) -> Split:
    """Share of a size that stays and that passes in N trials on random places of the screen.

    (1 - ((h - d) / (h + w))^2)^N stays for d < h, else all.
    """
    gap = aperture - size
    chance = (np.where(np.real(gap) > 0.0, gap, 0.0) / (aperture + wire)) ** 2
    exponent = trials * np.log1p(-chance)
    return Split(np.asarray(np.exp(exponent)), np.asarray(-np.expm1(exponent)))


def deck_of(feed: Flow, p: Parameters) -> Deck:
    """Return what Karra's model finds."""
    assert feed.slate.particles is not None
    particles = feed.slate.particles
    throughfall = np.atleast_1d(throughfall_aperture(p.aperture, p.wire_diameter, p.inclination))
    if (throughfall.real < FINEST_THROUGHFALL).any():
        raise InputError(
            f"the throughfall aperture is {throughfall.real.min() * 1e3:.3g} mm; the capacity of a "
            "screen is known from 1 mm up, so give cut_size and sharpness in place of area"
        )
    by_class = feed.sized.sum(axis=0)
    solids = by_class.sum(axis=0)

    def finer(size: Array) -> Array:
        return np.asarray((by_class * share_below(particles, size)).sum(axis=0))

    undersize = finer(throughfall)
    coarser = ratio(solids - undersize, solids)
    half = ratio(finer(0.5 * throughfall), solids)
    near = ratio(finer(1.25 * throughfall) - finer(0.75 * throughfall), solids)
    wet = wet_factor(throughfall) if p.mode == "wet" else 1.0
    per_area = (
        basic_capacity(throughfall)
        * oversize_factor(coarser)
        * half_size_factor(half)
        * (1.1 - 0.1 * p.deck)
        * wet
        * (p.bulk_density / MATERIAL)
        * near_size_factor(near)
    )
    capacity = per_area * p.area
    cut = p.cut_size_factor * karra_cut_size(throughfall, capacity, undersize)
    return Deck(throughfall, undersize, capacity, near, cut)


def finer_than_aperture(feed: Flow, aperture: Any) -> Array:
    """Particles in a feed that could pass the opening, kg/s, (scenarios,)."""
    assert feed.slate.particles is not None
    below = share_below(feed.slate.particles, aperture)
    return np.asarray((feed.sized.sum(axis=0) * below).sum(axis=0))


def outside_sieves(particles: Particles, size: float) -> str | None:
    """Say where a size lies that the sieve series does not resolve, or nothing."""
    coarsest, finest = particles.apertures[0], particles.apertures[-1]
    if size >= coarsest:
        return f"{aperture_text(size)} is not finer than the top sieve, {aperture_text(coarsest)}"
    if size < finest:
        return f"{aperture_text(size)} is finer than the finest sieve, {aperture_text(finest)}"
    return None
