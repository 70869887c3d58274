"""Shaking table: concentrate, middlings and tailings of sand or slimes, with wash water."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Literal

from flowsheet.core.arithmetic import first
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow, flow_of
from flowsheet.core.parameters import (
    Density,
    Fraction,
    MassFlow,
    ParticleSize,
    PerSpecies,
    PositiveRatio,
    VolumePerMass,
    default,
)
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, ParticleUse, UnitOp
from unitops.gravity.flowing_film import check_middlings, check_surface, share
from unitops.gravity.flowing_film_figures import (
    machines,
    pair_figures,
    pair_warnings,
    product_figures,
    pulp_warnings,
    range_warnings,
    size_warnings,
)
from unitops.gravity.partition import WATER

USUAL_CUTS = (2800.0, 3600.0)
"""Cut densities of shaking tables, kg/m^3."""
USUAL_SHARPNESS = (150.0, 400.0)
"""Ecart probable of shaking tables, kg/m^3."""
USUAL_SOLIDS = (0.15, 0.35)
"""Solids in the feed by mass, without wash water."""
LEAST_WASH = 0.5e-3
"""Wash water below which a deck does not separate, m^3/kg; assumed."""
THICKEST = 0.75
"""Solids in a concentrate above which it does not run off the deck; assumed."""

_OF_DECK = {
    "sand": {"fine_limit": 40e-6, "coarse_limit": 2e-3, "capacity_per_deck": 1000.0 / 3600.0},
    "slimes": {"fine_limit": 20e-6, "coarse_limit": 0.3e-3, "capacity_per_deck": 300.0 / 3600.0},
}


class ShakingTable(UnitOp):
    """Split sand or slimes along the edge of a shaking deck, by two cuts in density.

    Share of particles of density rho and size d that lies beyond a cut rho_50 on the deck, together
    with a share w of all water, wash water included:

        R(rho_50, w) = F * w + (1 - F) * C * Y                                      (1)
        F = 1 / (1 + (d / d_f)^n),  C = 1 / (1 + (d / d_c)^m)                       (2)
        Y = 1 / (1 + exp(ln 3 * (rho_50 - rho) / Ep))                               (3)
        concentrate = R(rho_50, w)                                                  (4)
        concentrate + middlings = R(rho_50,m, w + w_m)                              (5)
        wash water = wash ratio * solids fed                                        (6)

    Slimes (F) follow the water, coarse grains (C) roll over the riffles, and Y sorts the rest.
    Equations and sources are explained in ``unitops.gravity.flowing_film``; the form of (2) is
    assumed. Where ``recovery`` of each species is given, that is taken instead of (4) and (5); no
    sizes are then needed.

    Usual, quoted from memory (Wills' Mineral Processing Technology; Burt 1984) and not re-read:
    0.04 to 2 mm, rho_50 2.8 to 3.6 and Ep 0.15 to 0.40 t/m3; up to 2 t/h of coarse sand per deck,
    0.5 t/h or less of 0.1 mm. Old practice 5 to 20 short tons a day (Liddell (1922), Handbook of
    Chemical Engineering). Manser, Barley and Wills (1991), Minerals Engineering 4, 369-381: feed
    below 35 % solids, and a minimum of wash water without which nothing separates (abstract).

    Assumptions: solids without a size are sorted by density alone; liquids split by w and w_m; gas
    leaves with the tailings. Not modelled: slope, stroke and speed of the deck, and the effect of
    load and water on the cuts.
    Limits: Ep to 0 gives perfect cuts; far below the fine limit minerals split as the water.

    >>> from flowsheet import Flowsheet, Particles, sieve_series, solve
    >>> from unitops.streams.sized_feed import SizedFeed
    >>> plant = Flowsheet(
    ...     species=["Sb2O4", "SiO2", "H2O"],
    ...     particles=Particles(sieves=sieve_series("1 mm", 12), minerals=["Sb2O4", "SiO2"]),
    ...     units={
    ...         "sand": SizedFeed(
    ...             outlet="sand",
    ...             flow="4 t/h",
    ...             composition={"Sb2O4": "5 %"},
    ...             remainder="SiO2",
    ...             p80="300 um",
    ...             percent_solids="25 %",
    ...         ),
    ...         "table": ShakingTable(
    ...             feed="sand",
    ...             wash_water="wash_water",
    ...             concentrate="concentrate",
    ...             middlings="middlings",
    ...             tailings="tailings",
    ...             cut_density="3.5 t/m^3",
    ...             middlings_cut_density="2.9 t/m^3",
    ...         ),
    ...     },
    ... )
    >>> solution = solve(plant)
    >>> for stream in ("concentrate", "middlings"):
    ...     grade, recovery = solution[stream].grade("Sb"), solution.recovery("Sb", to=stream)
    ...     print(f"{grade:.1f~P}, {recovery:.1f~P}")
    46.6 %, 79.1 %
    0.6 %, 3.3 %
    """

    particles: ClassVar[ParticleUse] = "kept"

    feed: Inlet
    wash_water: Supply
    concentrate: Outlet
    middlings: Outlet
    tailings: Outlet

    deck: Literal["sand", "slimes"] = "sand"
    """Kind of deck: riffled for sand, or nearly smooth for slimes."""
    cut_density: Density | None = None
    """Density that splits in half between concentrate and middlings, rho_50; usual 2.8 to 3.6 t/m3.
    Give this with ``middlings_cut_density``, or ``recovery``."""
    middlings_cut_density: Density | None = None
    """Density that splits in half between middlings and tailings, rho_50,m; below rho_50."""
    ecart_probable: Density = default("250 kg/m^3")
    """Half the density span from 25 % to 75 %, Ep. Default assumed, range 0.15 to 0.40 t/m3."""
    fine_limit: ParticleSize | None = None
    """Size of which half follows the water, d_f. Default 40 um on sand decks, 20 um on slimes
    decks, assumed; range 15 to 60 um."""
    fine_sharpness: PositiveRatio = 3.0
    """Exponent n of the fine limit. Default assumed, range 2 to 4."""
    coarse_limit: ParticleSize | None = None
    """Size of which half rolls over the riffles, d_c. Default 2 mm on sand decks, 0.3 mm on slimes
    decks, assumed."""
    coarse_sharpness: PositiveRatio = 4.0
    """Exponent m of the coarse limit. Default assumed, range 3 to 6."""
    recovery: PerSpecies[Fraction] | None = None
    """Recovery of each solid to the concentrate. Give this or ``cut_density``."""
    recovery_to_middlings: PerSpecies[Fraction] = 0.0
    """Recovery of each solid to the middlings, used with ``recovery``."""
    wash_ratio: VolumePerMass = default("1.5 m^3/t")
    """Wash water per dry solids fed. Default assumed, range 1 to 3 m3/t."""
    water_to_concentrate: Fraction = default("5 %")
    """Share w of feed and wash water. Default assumed, range 2 to 10 %."""
    water_to_middlings: Fraction = default("15 %")
    """Share w_m of feed and wash water. Default assumed, range 5 to 25 %."""
    capacity_per_deck: MassFlow | None = None
    """Solids that one deck treats. Default 1 t/h of sand (range 0.5 to 2) or 0.3 t/h of slimes
    (range 0.1 to 0.5)."""
    heavy: str | None = None
    """Mineral to be won, for the concentration criterion; give it together with ``light``."""
    light: str | None = None
    """Mineral to be rejected, for the concentration criterion."""

    def check(self) -> None:
        """Refuse a table that sorts in no way or in two, or that treats nothing."""
        check_surface(self)
        check_middlings(self)
        if self.capacity_per_deck == 0.0:
            raise InputError('capacity_per_deck of 0 treats nothing; give e.g. "1 t/h"')

    def required_species(self) -> Iterable[str]:
        """Water, and the two minerals compared by the concentration criterion."""
        return ("H2O", *(name for name in (self.heavy, self.light) if name is not None))

    def is_linear(self) -> bool:
        """Water is drawn, and every constituent split, in a fixed proportion."""
        return True

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Wash and split the feed; see the class for the equations."""
        p = _of_deck(p)
        wash = flow_of(feed.slate, {"H2O": feed.solids.total() * p.wash_ratio * WATER})  # (6)
        both_recovered = None if p.recovery is None else p.recovery + p.recovery_to_middlings
        both_water = p.water_to_concentrate + p.water_to_middlings
        pulp = feed + wash
        first = share(feed, p, p.cut_density, p.recovery, p.water_to_concentrate)  # (4)
        both = share(feed, p, p.middlings_cut_density, both_recovered, both_water)  # (5)
        return {
            "wash_water": wash,
            "concentrate": pulp * first,
            # Shares are parted before flows, which would leave roundings of the whole in a part.
            "middlings": pulp * (both - first),
            "tailings": pulp * (1.0 - both),
        }

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Mass pulls, thickness of the concentrate, decks, wash water, concentration criterion."""
        feed, wash = flows["feed"], flows["wash_water"].total() / WATER
        return (
            *product_figures(flows, ("concentrate", "middlings")),
            Figure(
                machines(feed.solids.total(), _of_deck(p).capacity_per_deck),
                "",
                "decks needed",
                "equipment",
            ),
            Figure(wash, "m^3/h", "wash water"),
            *pair_figures(feed, p),
        )

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Settings and feeds that no table works well with."""
        feed = flows["feed"]
        told: list[str] = []
        if p.cut_density is not None:
            told.extend(range_warnings("tables", p, USUAL_CUTS, USUAL_SHARPNESS))
            told.extend(size_warnings(feed, _of_deck(p)))
        told.extend(pair_warnings(feed, p))
        told.extend(pulp_warnings("tables", flows, USUAL_SOLIDS, THICKEST))
        if first(p.wash_ratio) < LEAST_WASH:
            told.append(
                f"wash_ratio of {first(p.wash_ratio) * 1e3:.3g} m^3/t; below about 0.5 a deck "
                "does not clean its concentrate"
            )
        return told


def _of_deck(p: Parameters) -> Parameters:
    """Parameters with what the kind of deck decides, where it is not given."""
    usual: dict[str, Any] = _OF_DECK[p.deck]
    return p.replaced({name: value for name, value in usual.items() if getattr(p, name) is None})
