"""A source of particles: a feed whose minerals have a size distribution and may be locked."""

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

import numpy as np

from flowsheet.core.errors import InputError, nearest
from flowsheet.core.flow import Array, Flow
from flowsheet.core.parameters import (
    Fraction,
    ParticleSize,
    PerSize,
    PerSpecies,
    PositiveRatio,
)
from flowsheet.core.particles import LockedMinerals, aperture_text
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
from unitops.streams.locking import locked_by_grain_size, with_composites
from unitops.streams.sieve_analysis import check_analysis, passing_at_sieves

TOO_COARSE = 0.05
"""Share of a size law coarser than the top sieve that is refused; less goes to the top class."""
STEEPEST = 50.0
"""Size modulus that is refused beyond: even what lies between two sieves is less uniform."""


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

    p80: PerSpecies[ParticleSize] | None = None
    """Size that 80 % passes, P80: of the whole, or of each mineral. Or give ``passing``."""
    size_modulus: PositiveRatio = 1.0
    """Steepness n of the size law; 0.7 to 1.2 is usual for crushed and ground ore, assumed 1."""
    size_law: Literal["rosin_rammler", "gates_gaudin_schuhmann"] = "rosin_rammler"
    """Form of the size distribution, used with ``p80``."""
    passing: PerSize[Fraction] | None = None
    """Sieve analysis: share that passes each sieve of the series, e.g. ``{"75 um": "62 %"}``."""
    locked: PerSpecies[Fraction] | None = None
    """Share of a composite's first mineral that it holds, by composite, in all sizes.

    Composites that are not named hold what (3) says, so where two hold one mineral name both.
    """

    def check(self) -> None:
        """Refuse a feed without sizes, or with two statements of them."""
        super().check()
        if (self.p80 is None) == (self.passing is None):
            raise InputError("give either p80 or passing (a sieve analysis), and not both")
        if self.size_modulus > STEEPEST:
            raise InputError(
                f"size_modulus of {self.size_modulus:g} is steeper than any ore; it must be at "
                f"most {STEEPEST:g}, and 0.7 to 1.2 is usual"
            )
        if self.passing is None:
            return
        if not self.model_fields_set.isdisjoint({"size_modulus", "size_law"}):
            raise InputError("size_modulus and size_law belong to p80; leave them out")
        passing: Any = self.passing
        check_analysis(passing.by_name)

    def resolve(self, slate: Slate) -> Parameters:
        """Ask minerals of the particles for a size; work out by (3) what locking is not given.

        Species without size need none, and need not be named.
        """
        p = Feed.resolve(self.model_copy(update=self._completed(slate)), slate)
        held = np.zeros((slate.count, 1)) if p.locked is None else p.locked
        given: Any = self.locked
        for kind in slate.composites:
            if given is None or (given.others is None and kind.name not in given.by_name):
                held[list(slate.rows_of(kind.name))] = locked_by_grain_size(slate, kind)
        return p.replaced({"locked": held})

    def _completed(self, slate: Slate) -> dict[str, Any]:
        """Sizes and locking with a value for what has none, once the others have been checked."""
        assert slate.particles is not None  # or the flowsheet has been refused
        minerals = slate.particles.minerals
        composites = [kind.name for kind in slate.composites]
        p80: Any = self.p80
        locked: Any = self.locked
        completed = {}
        if p80 is not None:
            _check_named("p80", p80, minerals, "mineral")
            lacking = [name for name in minerals if name not in p80.by_name]
            if lacking and p80.others is None:
                raise InputError(
                    f"p80: no value for {', '.join(lacking)}; name them or give 'others' a value"
                )
            completed["p80"] = type(p80)(p80.others or 0.0, p80.by_name)
        if locked is not None:
            if not composites:
                raise InputError("locked: the particles have no composites; add them, or drop it")
            _check_named("locked", locked, composites, "composite")
            completed["locked"] = type(locked)(locked.others or 0.0, locked.by_name)
        return completed

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
        return {"outlet": Flow(slate, mass).with_sized(with_composites(slate, minerals, p.locked))}

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
        for kind in slate.composites:
            first, fraction = kind.parts[0]
            fed = merged.of(first.name)
            if fed.all():
                held = outlet.of(kind.name) * fraction / fed
                found.append(Figure(held, "%", f"{first.name} locked in {kind.name}"))
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


def _shares_by_class(slate: Slate, p: Parameters, rows: list[int]) -> Array:
    """Share of each mineral in each class, (minerals, classes, scenarios)."""
    assert slate.particles is not None
    if p.passing is not None:
        return np.asarray(shares(passing_at_sieves(slate.particles, p.passing))[None])
    law = rosin_rammler if p.size_law == "rosin_rammler" else gates_gaudin_schuhmann
    passed = [law(slate.particles.apertures, p.p80[row], p.size_modulus) for row in rows]
    for row, passing in zip(rows, passed, strict=True):
        _check_top(slate, p.p80[row], row, passing[0].real)
    return np.stack(np.broadcast_arrays(*[shares(passing) for passing in passed]))


def _check_top(slate: Slate, p80: Array, row: int, passing: Array) -> None:
    """Refuse a size law that has much above the top sieve; ``passing`` is what passes it."""
    worst = int(passing.argmin())
    if 1.0 - passing[worst] > TOO_COARSE and slate.particles is not None:
        size = np.broadcast_to(p80.real, passing.shape)[worst]
        raise InputError(
            f"p80 of {aperture_text(size)} leaves {1.0 - passing[worst]:.0%} of {slate.names[row]} "
            f"coarser than the top sieve, {aperture_text(slate.particles.sieves[0])}; grind finer, "
            "or add coarser sieves to the particles"
        )


def _check_named(parameter: str, keyed: Any, known: Sequence[str], what: str) -> None:
    """Refuse values for what can have none."""
    for name in keyed.by_name:
        if name not in known:
            raise InputError(
                f"{parameter}: '{name}' is no {what} of the particles{nearest(name, known)}"
            )
