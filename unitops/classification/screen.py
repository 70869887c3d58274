"""Screen: one deck that splits particles by size, from a given efficiency to its predicted cut."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow
from flowsheet.core.parameters import (
    Area,
    Count,
    Density,
    Fraction,
    Parameter,
    ParticleSize,
    PositiveRatio,
    default,
)
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.quantities import Dimension
from flowsheet.core.size_distribution import cumulative_passing, size_passing
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, ParticleUse, UnitOp
from unitops.classification.screen_passage import (
    Deck,
    deck_of,
    finer_than_aperture,
    outside_sieves,
    partition,
)
from unitops.classification.unsized_solids import lost_sizes, with_the_water

Inclination = Annotated[
    float, Parameter(Dimension("angle", "rad", "18 deg", "deg", low=0.0, high=np.pi / 4.0))
]
"""Slope of a deck."""
WAYS: dict[str, tuple[str, ...]] = {
    "efficiency": ("aperture",),
    "cut_size": ("sharpness",),
    "trials": ("aperture", "wire_diameter"),
    "area": ("aperture", "wire_diameter"),
}
"""The ways to describe a screen, and what each needs beside it."""
NEAR_SIZE = 0.40
"""Share of near-size particles above which a screen blinds; assumed."""


class Screen(UnitOp):
    """Split particles by size on one deck: oversize stays on it, undersize passes.

    Of size d the share that passes is (1 - c)(1 - E_c(d)), with c the carryover that stays for no
    reason of size. There are four ways to know E_c; give one of these parameters:

        efficiency   1 - E_c = efficiency below the aperture h, 0 above             (1)
        cut_size     E_c = 1 - exp(-ln 2 (d / d50)^m)                               (2)
        trials       E_c = (1 - ((h - d) / (h + w))^2)^N below h, 1 above           (3)
        area         (2) with m = 5.846 and d50 from the load, by Karra's model     (4)

    (1) to (3) do not change with the feed. (3) is N trials of a round particle on a random place of
    a square mesh with wires w; N grows with the length of the deck and falls with the depth of the
    bed. (4) takes the capacity of the deck from its area, mesh, slope and position and from the
    feed, with the equations in ``unitops/classification/karra.py``: overloaded, it cuts finer.

    (2) Reid (1971); Plitt (1976). (3) chance of one trial Gaudin (1939), Principles of Mineral
    Dressing; many trials Whiten and White (1977), 12th International Mineral Processing Congress,
    and King (2001), chapter 4. (4) Karra (1979). All quoted from memory.

    Assumptions: within a class particles are spread evenly over the logarithm of size, so a class
    that the aperture cuts through is divided. All minerals are screened alike. Dissolved species
    and solids without a size follow the water; so do minerals that lost their size, and a warning
    names them. Gas leaves with the undersize.
    Not modelled: shape of particles, blinding, depth of the bed, moisture that makes fines stick
    (use carryover). Several decks are several screens, one after the other.
    Limits: efficiency 1, or very many trials, is a perfect screen at the aperture; so is a very
    large area. An aperture above the top sieve lets everything pass.

    >>> from flowsheet import Flowsheet, Particles, sieve_series, solve
    >>> from unitops.classification.screen import Screen
    >>> from unitops.streams.sized_feed import SizedFeed
    >>> plant = Flowsheet(
    ...     species=["Sb2S3", "SiO2", "H2O"],
    ...     particles=Particles(sieves=sieve_series("64 mm", 12), minerals=["Sb2S3", "SiO2"]),
    ...     units={
    ...         "crusher": SizedFeed(
    ...             outlet="crushed",
    ...             flow="150 t/h",
    ...             composition={"Sb2S3": "4 %"},
    ...             remainder="SiO2",
    ...             p80="20 mm",
    ...         ),
    ...         "screen": Screen(
    ...             feed="crushed",
    ...             oversize="to_crusher",
    ...             undersize="to_mill",
    ...             aperture="16 mm",
    ...             efficiency="90 %",
    ...             water_to_oversize="50 %",
    ...         ),
    ...     },
    ... )
    >>> print(f"{solve(plant)['to_mill'].dry_flow():.1f~P}")
    97.7 t/h
    """

    particles: ClassVar[ParticleUse] = "needed"

    feed: Inlet
    oversize: Outlet
    undersize: Outlet

    water_to_oversize: Fraction
    """Share of the water that stays with the oversize: 2 to 10 % on a wet screen; on a dry one
    about the share of the fines that stick (assumed)."""
    aperture: ParticleSize | None = None
    """Side of the square openings, h."""
    wire_diameter: ParticleSize | None = None
    """Diameter of the wires, or width of the bars between openings, w."""
    efficiency: Fraction | None = None
    """Share of what is finer than the aperture that passes; 0.85 to 0.95 is usual."""
    cut_size: ParticleSize | None = None
    """Size that splits in half, d50; give it with ``sharpness``, as for a fine screen tested."""
    sharpness: PositiveRatio | None = None
    """Sharpness of the curve about ``cut_size``, m; 3 to 8 for screens (assumed)."""
    trials: PositiveRatio | None = None
    """Times that a particle tries the openings, N; about 50 to 500 (assumed; fit it to a test)."""
    area: Area | None = None
    """Screening area of the deck, of all screens in parallel."""
    inclination: Inclination = default("15 deg")
    """Slope of the deck against the horizontal, with ``area``; 0 to 25 deg is usual."""
    deck: Count = 1
    """Place of the deck on its screen, the top one is 1; used with ``area``."""
    mode: Literal["dry", "wet"] = "dry"
    """Whether water is sprayed on the deck; used with ``area``."""
    bulk_density: Density = default("1600 kg/m^3")
    """Of the feed as it lies, about 0.6 of that of its particles; used with ``area``."""
    cut_size_factor: PositiveRatio = 1.0
    """Calibration of the d50 that the area gives; 1 uncalibrated."""
    carryover: Fraction = 0.0
    """Share of all sizes that stays with the oversize unsorted, c: fines that stick, a bed too
    deep; 0.02 to 0.2 is usual (assumed). Part of ``efficiency`` where that is given."""

    def check(self) -> None:
        """Refuse none or several ways to describe the screen, and one without what it needs."""
        given = [name for name in WAYS if getattr(self, name) is not None]
        if len(given) != 1:
            raise InputError(
                f"give one of efficiency, cut_size, trials and area, got {', '.join(given) or None}"
            )
        way, needs = given[0], WAYS[given[0]]
        for name in ("aperture", "wire_diameter", "sharpness"):
            if name in needs and getattr(self, name) is None:
                raise InputError(f"{way} needs {name} beside it; give both")
            if name not in needs and getattr(self, name) is not None:
                raise InputError(f"{name} is not used with {way}; leave it out")
        if way == "efficiency" and self.carryover > 0.0:
            raise InputError(
                f"carryover of {self.carryover:g} is part of the efficiency; leave it out"
            )
        if self.area == 0.0:
            raise InputError('area of 0 screens nothing; give e.g. "12 m^2"')
        if self.deck > 10.0:
            raise InputError(f"deck {self.deck:g} has no capacity left; count from the top, 1 to 4")

    def is_linear(self) -> bool:
        """Unless the area is given, whose load moves the cut."""
        return self.area is None

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Split the feed; see the class for the equations."""
        slate, split = feed.slate, partition(feed, p)
        passes = with_the_water(slate) * (1.0 - p.water_to_oversize) + slate.in_phase("gas")
        unsized = feed * passes
        return {
            "oversize": (feed - unsized).with_sized(feed.sized * split.coarse),
            "undersize": unsized.with_sized(feed.sized * split.fine),
        }

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Efficiency, split, size of the undersize and, from the area, cut, load and capacity."""
        feed, undersize = flows["feed"], flows["undersize"]
        solids = ratio(undersize.solids.total(), feed.solids.total())
        found = [Figure(solids, "%", "solids to the undersize")]
        if p.aperture is not None:
            finer = finer_than_aperture(feed, p.aperture)
            passed = undersize.sized.sum(axis=(0, 1))
            found.append(Figure(ratio(passed, finer), "%", "undersize efficiency"))
        assert feed.slate.particles is not None
        size = size_passing(
            feed.slate.particles.apertures, cumulative_passing(undersize.sized.sum(axis=0))
        )
        if not np.isnan(size).any():
            found.append(Figure(size, "mm", "P80 of the undersize"))
        if p.area is None:
            return found
        area = Figure(p.area + 0.0 * solids, "m^2", "area of the screens", "equipment")
        return [*found, area, *_deck_figures(deck_of(feed, p))]

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Openings that the sieves do not resolve, an overloaded deck, and near-size feeds."""
        feed, told = flows["feed"], list(lost_sizes(flows["feed"]))
        if first(feed.solids.total()) == 0.0:
            return told
        assert feed.slate.particles is not None
        size = first(p.cut_size if p.aperture is None else p.aperture)
        outside = outside_sieves(feed.slate.particles, size)
        if outside is not None:
            name = "cut_size" if p.aperture is None else "aperture"
            told.append(f"{name} of {outside}; choose sieves of the particles on both sides of it")
        if p.area is not None:
            told += _deck_warnings(deck_of(feed, p), first(p.area))
            if p.mode == "wet" and first(feed.liquid.total()) == 0.0:
                told.append("mode is wet and the feed brings no water; add spray water to the feed")
        return told


def _deck_figures(found: Deck) -> Sequence[Figure]:
    return (
        Figure(found.cut_size, "mm", "d50"),
        Figure(found.capacity, "t/h", "undersize that the deck can pass"),
        Figure(ratio(found.undersize, found.capacity), "%", "load of the deck"),
        Figure(found.near, "%", "near-size particles in the feed"),
    )


def _deck_warnings(found: Deck, area: float) -> Sequence[str]:
    told = []
    load = first(found.undersize) / first(found.capacity)
    if load > 1.0:
        told.append(
            f"the feed brings {first(found.undersize) * 3.6:.4g} t/h of undersize, and the deck "
            f"passes {first(found.capacity) * 3.6:.4g}; fines stay with the oversize, take "
            f"{load * area:.3g} m^2 or a wider mesh"
        )
    if first(found.near) > NEAR_SIZE:
        told.append(
            f"{first(found.near):.0%} of the feed is near the size of the openings; above about "
            "40 % they clog, and the model is not known"
        )
    return told
