"""A source of particles: a feed whose minerals have a size distribution and may be locked."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, ClassVar, Literal

import numpy as np

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.liberation import liberated
from flowsheet.core.parameters import Fraction, Length, PerSize, PerSpecies, PositiveRatio
from flowsheet.core.particles import LockedMinerals, Particles, aperture_text
from flowsheet.core.size_distribution import (
    cumulative_passing,
    gates_gaudin_schuhmann,
    rosin_rammler,
    shares,
    size_passing,
)
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, ParticleUse
from unitops.streams.feed import Feed

TOO_COARSE = 0.05
"""Share of a size law coarser than the top sieve that is refused; less goes to the top class."""
NEGATIVE = -1e-9
"""Share of a class below which more is locked than there is, and not a rounding."""


class SizedFeed(Feed):
    """Bring ore as particles: the minerals of a ``Feed``, sieved, and in part locked.

    Minerals that the flowsheet lists among its particles are spread over the size classes, each by
    its own 80 % passing size if several are given, or by the sieve analysis of the whole:

        rosin_rammler            F(x) = 1 - 0.2^((x / P80)^n)                        (1)
        gates_gaudin_schuhmann   F(x) = 0.8 (x / P80)^n, at most 1                   (2)

    Of the first mineral v of each composite c, the share ``locked`` is held in that composite in
    every size; where it is not given, the composite's grain size g decides by size d:

        locked_v(d) = 1 - (1 - d / g)^3 for d < g, else 1                            (3)

    which takes along the other minerals in the composite's proportions.

    (1) Rosin and Rammler (1933), Journal of the Institute of Fuel 7, 29-36. (2) Schuhmann (1940),
    AIME Technical Publication 1189. (3) Gaudin (1939), Principles of Mineral Dressing.

    Assumptions: liquids, gases and solids that are not among the particles have no size. Not
    modelled: locking that varies with the mineral's own size distribution.
    Limits: a composite without grain size and without ``locked`` does not occur; what a law has
    above the top sieve goes to the top class, and is refused above 5 %.

    >>> from flowsheet import Flowsheet, Particles, solve
    >>> from unitops.streams.sized_feed import SizedFeed
    >>> plant = Flowsheet(
    ...     species=["Sb2S3", "SiO2"],
    ...     particles=Particles(sieves=["1 mm", "300 um", "75 um"], minerals=["Sb2S3", "SiO2"]),
    ...     units={
    ...         "ore": SizedFeed(
    ...             outlet="ore",
    ...             flow="100 t/h",
    ...             composition={"Sb2S3": "4 %"},
    ...             remainder="SiO2",
    ...             p80="300 um",
    ...             size_modulus=0.9,
    ...         )
    ...     },
    ... )
    >>> print(f"{solve(plant)['ore'].passing('75 um'):.1f~P}")
    37.0 %
    """

    particles: ClassVar[ParticleUse] = "needed"

    p80: PerSpecies[Length] | None = None
    """Size that 80 % passes, P80: of the whole, or of each mineral. Or give ``passing``."""
    size_modulus: PositiveRatio = 1.0
    """Steepness n of the size law; 0.7 to 1.2 is usual for crushed and ground ore, assumed 1."""
    size_law: Literal["rosin_rammler", "gates_gaudin_schuhmann"] = "rosin_rammler"
    """Form of the size distribution, used with ``p80``."""
    passing: PerSize[Fraction] | None = None
    """Sieve analysis: share that passes each sieve of the series, e.g. ``{"75 um": "62 %"}``."""
    locked: PerSpecies[Fraction] | None = None
    """Share of a composite's first mineral that it holds, by composite, in all sizes."""

    def check(self) -> None:
        """Refuse a feed without sizes, or with two statements of them."""
        super().check()
        if (self.p80 is None) == (self.passing is None):
            raise InputError("give either p80 or passing (a sieve analysis), and not both")
        if self.passing is not None:
            _check_analysis(self.passing)

    def run(self, slate: Slate, p: Parameters) -> Outlets:
        """Make the stream of particles."""
        bulk = _bulk(slate, p)
        made = super().run(slate, bulk)["outlet"]
        rows = [slate.row(kind.name) for kind in slate.sized if kind.name in slate.names]
        by_class = _shares_by_class(slate, p, rows)  # (minerals, classes, scenarios)
        minerals = made.mass[rows][:, None, :] * by_class
        mass = np.zeros((slate.count, minerals.shape[2]), dtype=minerals.dtype)
        mass[: len(slate.species)] = made.mass[: len(slate.species)]
        mass[rows] = 0.0
        sized = _locked(slate, p, minerals)
        return {"outlet": Flow(slate, mass).with_sized(sized)}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """What a Feed tells, P80 of the particles, and the share of each mineral that is locked."""
        slate, outlet = flows["outlet"].slate, flows["outlet"]
        found = list(super().figures(flows, _bulk(slate, p)))
        assert slate.particles is not None
        passing = cumulative_passing(outlet.sized.sum(axis=0))
        size = size_passing(slate.particles.apertures, passing)
        if not np.isnan(size).any():
            found.append(Figure(size, "um", "P80"))
        merged = outlet.merged()
        for kind in slate.sized:
            if isinstance(kind, LockedMinerals):
                first = kind.parts[0]
                held = outlet.of(kind.name) * first[1] / merged.of(first[0].name)
                found.append(Figure(held, "%", f"{first[0].name} locked in {kind.name}"))
        return found

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """What a Feed warns of."""
        return super().warnings(flows, _bulk(flows["outlet"].slate, p))


def _bulk(slate: Slate, p: Parameters) -> Parameters:
    """Parameters of the plain feed: what is named by species is of no size yet."""
    if p.composition is None:
        return p
    composition = p.composition.copy()
    unsized = len(slate.species)
    for place, kind in enumerate(slate.sized):
        row = unsized + place * slate.classes
        if isinstance(kind, LockedMinerals) and np.any(composition[row] != 0.0):
            raise InputError(
                f"composition names the composite '{kind.name}'; name its minerals, and say with "
                f"locked.{kind.name} how much of {kind.parts[0][0].name} it holds"
            )
    composition[unsized:] = 0.0
    return p.replaced({"composition": composition})


def _check_analysis(passing: Any) -> None:
    """Refuse a sieve analysis that falls from fine to coarse."""
    sizes = sorted(passing.by_name)
    for fine, coarse in pairwise(sizes):
        if passing.by_name[fine] > passing.by_name[coarse]:
            raise InputError(
                f"passing: {passing.by_name[fine]:.4%} passes {aperture_text(fine)} and only "
                f"{passing.by_name[coarse]:.4%} the coarser {aperture_text(coarse)}; passing is "
                "cumulative, and grows with the aperture"
            )


def _shares_by_class(slate: Slate, p: Parameters, rows: list[int]) -> Array:
    """Share of each mineral in each class, (minerals, classes, scenarios)."""
    assert slate.particles is not None
    if p.passing is not None:
        passing = _analysis(slate.particles, p.passing)
        return np.asarray(shares(passing)[None])
    law = rosin_rammler if p.size_law == "rosin_rammler" else gates_gaudin_schuhmann
    passed = [law(slate.particles.apertures, p.p80[row], p.size_modulus) for row in rows]
    for row, passing in zip(rows, passed, strict=True):
        coarser = float(1.0 - passing[0].real.min())
        if coarser > TOO_COARSE:
            raise InputError(
                f"{coarser:.0%} of {slate.names[row]} is coarser than the top sieve, "
                f"{aperture_text(slate.particles.sieves[0])}, at this p80; add coarser sieves to "
                "the particles"
            )
    return np.stack(np.broadcast_arrays(*[shares(passing) for passing in passed]))


def _analysis(particles: Particles, given: dict[float, Any]) -> Array:
    """The sieve analysis at the sieves of the series, (classes, scenarios)."""
    known = dict(given)
    passing: list[Any] = [known.pop(_nearest(sieve, known), None) for sieve in particles.sieves]
    if passing[0] is None:
        passing[0] = 1.0
    for sieve, share in zip(particles.sieves, passing, strict=True):
        if share is None:
            raise InputError(
                f"passing: says nothing of {aperture_text(sieve)}, a sieve of the series; name "
                "every sieve of the particles"
            )
    if known:
        raise InputError(
            f"passing: {aperture_text(next(iter(known)))} is no sieve of the series, which are "
            f"{', '.join(map(aperture_text, particles.sieves))}"
        )
    top = np.min(np.real(passing[0]))
    if top < 1.0 - 1e-6:
        raise InputError(
            f"passing: only {top:.4%} passes the top sieve {aperture_text(particles.sieves[0])}, "
            "and the rest would have no size; add a coarser sieve that all of it passes"
        )
    return np.stack(np.broadcast_arrays(*[np.atleast_1d(share) for share in passing]))


def _nearest(sieve: float, known: dict[float, Any]) -> float:
    """The given size that is this sieve but for rounding, or the sieve itself."""
    return next((size for size in known if abs(size / sieve - 1.0) < 1e-6), sieve)


def _locked(slate: Slate, p: Parameters, minerals: Array) -> Array:
    """Minerals and what is locked of them, (kinds, classes, scenarios)."""
    assert slate.particles is not None
    place = {kind.name: number for number, kind in enumerate(slate.sized)}
    free, composites = minerals.copy(), []
    for kind in slate.sized[len(minerals) :]:
        assert isinstance(kind, LockedMinerals)
        first, fraction = kind.parts[0]
        held = _locked_share(kind, slate, p) * minerals[place[first.name]]
        for species, share in kind.parts:
            free[place[species.name]] -= held * (share / fraction)
        composites.append(held / fraction)
    for name, row in place.items():
        if row < len(free):
            _check_enough(name, slate.particles, free[row], minerals[row])
    free[free.real < 0.0] = 0.0  # only roundings are left below zero
    return np.concatenate([free, composites]) if composites else free


def _locked_share(kind: LockedMinerals, slate: Slate, p: Parameters) -> Array:
    """Share of a composite's first mineral that it holds, (classes or 1, scenarios)."""
    assert slate.particles is not None
    if p.locked is not None:
        return np.asarray(p.locked[slate.rows_of(kind.name)[0]][None])
    if kind.grain_size is None:
        return np.zeros((1, 1))
    return np.asarray(1.0 - liberated(slate.particles.mean_sizes, kind.grain_size))[:, None]


def _check_enough(name: str, particles: Particles, free: Array, fed: Array) -> None:
    """Refuse composites that hold more of a mineral than the feed brings."""
    short = free.real < NEGATIVE * fed.real
    if short.any():
        worst = int(short.any(axis=1).argmax())
        raise InputError(
            f"composites hold more {name} than the feed brings in the class "
            f"{particles.class_names[worst]}; lock less, or make composites richer in their first "
            "mineral"
        )
