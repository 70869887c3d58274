"""Spiral concentrator: heavy sand from light sand in a film of water, with or without middlings."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from flowsheet.core.arithmetic import first
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow
from flowsheet.core.parameters import (
    Count,
    Density,
    Fraction,
    MassFlow,
    ParticleSize,
    PerSpecies,
    PositiveRatio,
    default,
)
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, ParticleUse, UnitOp
from unitops.gravity.flowing_film import check_surface, share
from unitops.gravity.flowing_film_figures import (
    T_PER_H,
    machines,
    pair_figures,
    pair_warnings,
    product_figures,
    pulp_warnings,
    range_warnings,
    size_warnings,
)

USUAL_CUTS = (2900.0, 3500.0)
"""Cut densities of mineral spirals, kg/m^3."""
USUAL_SHARPNESS = (300.0, 600.0)
"""Ecart probable of mineral spirals, kg/m^3."""
USUAL_SOLIDS = (0.20, 0.40)
"""Solids in the feed by mass."""
USUAL_LOAD = (1.0, 2.0)
"""Solids per start, t/h."""
THICKEST = 0.75
"""Solids in a concentrate above which it does not run off the trough; assumed."""


class Spiral(UnitOp):
    """Split sand between an inner stream of heavies and an outer one of lights and slimes.

    Share of particles of density rho and size d that reports to the concentrate:

        R = F * w + (1 - F) * C * Y                                                 (1)
        F = 1 / (1 + (d / d_f)^n),  C = 1 / (1 + (d / d_c)^m)                       (2)
        Y = 1 / (1 + exp(ln 3 * (rho_50 - rho) / Ep))                               (3)

    with w the share of the water that goes with the concentrate. Slimes (F) follow the water,
    coarse heavies (C) are thrown to the outer stream, and Y sorts the rest by density. Equations
    and sources are explained in ``unitops.gravity.flowing_film``; the form of (2) is assumed.

    Where ``recovery`` of each species is given, that is taken instead; no sizes are then needed.

    Usual, quoted from memory (Wills' Mineral Processing Technology; Burt 1984) and not re-read:
    particles of 0.075 to 1 mm, best 0.1 to 0.5 mm; rho_50 2.9 to 3.5 and Ep 0.3 to 0.6 t/m3;
    20 to 40 % solids; 1 to 2 t/h per start (1 to 3, high-capacity troughs above 7: Ramsaywok,
    Vermaak and Viljoen, Journal of the Southern African Institute of Mining and Metallurgy, 2010).

    Assumptions: solids without a size are sorted by density alone; liquids split by w; gas leaves
    with the tailings. Not modelled: the effect of load, percent solids and splitter on the cut.
    Limits: Ep to 0 is a perfect cut; far below the fine limit all minerals split as the water,
    far above the coarse limit all go to the tailings.

    >>> from flowsheet import Flowsheet, Particles, sieve_series, solve
    >>> from unitops.streams.sized_feed import SizedFeed
    >>> plant = Flowsheet(
    ...     species=["Sb2O4", "SiO2", "H2O"],
    ...     particles=Particles(sieves=sieve_series("1 mm", 10), minerals=["Sb2O4", "SiO2"]),
    ...     units={
    ...         "sand": SizedFeed(
    ...             outlet="sand",
    ...             flow="20 t/h",
    ...             composition={"Sb2O4": "3 %"},
    ...             remainder="SiO2",
    ...             p80="300 um",
    ...             percent_solids="30 %",
    ...         ),
    ...         "spiral": Spiral(
    ...             feed="sand",
    ...             concentrate="concentrate",
    ...             tailings="tailings",
    ...             cut_density="3.2 t/m^3",
    ...             ecart_probable="0.4 t/m^3",
    ...         ),
    ...     },
    ... )
    >>> solution = solve(plant)
    >>> print(f"{solution.recovery('Sb', to='concentrate'):.1f~P}")
    69.3 %
    >>> print(f"{solution['concentrate'].grade('Sb'):.1f~P}")
    9.9 %
    """

    particles: ClassVar[ParticleUse] = "kept"

    feed: Inlet
    concentrate: Outlet
    tailings: Outlet

    cut_density: Density | None = None
    """Density that splits in half at the best size, rho_50; usual 2.9 to 3.5 t/m3, higher with a
    narrower splitter. Give this or ``recovery``."""
    ecart_probable: Density = default("400 kg/m^3")
    """Half the density span from 25 % to 75 %, Ep. Default assumed, range 0.3 to 0.6 t/m3."""
    fine_limit: ParticleSize = default("60 um")
    """Size of which half follows the water, d_f. Default assumed, range 45 to 75 um."""
    fine_sharpness: PositiveRatio = 3.0
    """Exponent n of the fine limit. Default assumed, range 2 to 4."""
    coarse_limit: ParticleSize = default("0.8 mm")
    """Size of which half is thrown to the outer stream, d_c. Default assumed, range 0.6 to 1 mm."""
    coarse_sharpness: PositiveRatio = 4.0
    """Exponent m of the coarse limit. Default assumed, range 3 to 6."""
    recovery: PerSpecies[Fraction] | None = None
    """Recovery of each solid to the concentrate. Give this or ``cut_density``."""
    water_to_concentrate: Fraction = default("10 %")
    """Share w of the water, and of what it dissolves. Default assumed, range 3 to 20 %."""
    capacity_per_start: MassFlow = default("1.5 t/h")
    """Solids that one start treats. Default the middle of 1 to 2 t/h."""
    starts: Count | None = None
    """Starts installed; what each is fed is reported then, and the starts needed if not given."""
    heavy: str | None = None
    """Mineral to be won, for the concentration criterion; give it together with ``light``."""
    light: str | None = None
    """Mineral to be rejected, for the concentration criterion."""

    def check(self) -> None:
        """Refuse a spiral that sorts in no way or in two, or that treats nothing."""
        check_surface(self)
        if self.capacity_per_start == 0.0:
            raise InputError('capacity_per_start of 0 treats nothing; give e.g. "1.5 t/h"')

    def required_species(self) -> Iterable[str]:
        """The two minerals compared by the concentration criterion."""
        return tuple(name for name in (self.heavy, self.light) if name is not None)

    def is_linear(self) -> bool:
        """Every constituent is split in a fixed proportion."""
        return True

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Split the feed; see the class for the equations."""
        concentrate = feed * share(feed, p, p.cut_density, p.recovery, p.water_to_concentrate)
        return {"concentrate": concentrate, "tailings": feed - concentrate}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Mass pull, thickness of the concentrate, starts needed or their load, criterion."""
        feed = flows["feed"]
        solids = feed.solids.total()
        if p.starts is None:
            needed = machines(solids, p.capacity_per_start)
            starts = [Figure(needed, "", "starts needed", "equipment")]
        else:
            given = p.starts + 0.0 * solids
            starts = [
                Figure(solids / p.starts, "t/h", "solids per start"),
                Figure(given, "", "starts", "equipment"),
            ]
        products = [name for name in ("concentrate", "middlings") if name in flows]
        return (*product_figures(flows, products), *starts, *pair_figures(feed, p))

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Settings and feeds that no spiral works well with."""
        feed = flows["feed"]
        told: list[str] = []
        if p.cut_density is not None:
            told.extend(range_warnings("spirals", p, USUAL_CUTS, USUAL_SHARPNESS))
            told.extend(size_warnings(feed, p))
        told.extend(pair_warnings(feed, p))
        told.extend(pulp_warnings("spirals", flows, USUAL_SOLIDS, THICKEST))
        if p.starts is not None:
            load = first(feed.solids.total().real / p.starts) / T_PER_H
            if load > USUAL_LOAD[1]:
                told.append(f"{load:.3g} t/h per start; spirals take 1 to 2, add starts")
        return told
