"""Centrifugal concentrator (Knelson, Falcon): fine heavies, gold first, into a small mass."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Literal

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow, flow_of
from flowsheet.core.parameters import (
    Density,
    Fraction,
    MassFlow,
    ParticleSize,
    PerSize,
    PerSpecies,
    Ratio,
    Time,
    VolumePerMass,
    default,
)
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, ParticleUse, UnitOp
from unitops.gravity.centrifugal_bowl import to_concentrate
from unitops.gravity.centrifugal_figures import (
    heavy_figures,
    heavy_warnings,
    size_warnings,
    yield_warnings,
)
from unitops.gravity.flowing_film_figures import machines, pair_figures, product_figures
from unitops.gravity.partition import WATER

_OF_MODE = {
    "batch": {"mass_yield": 5e-4, "water_to_concentrate": 5e-4},
    "continuous": {"mass_yield": 0.1, "water_to_concentrate": 0.04},
}


class CentrifugalConcentrator(UnitOp):
    """Catch fine heavy particles in a spinning bowl, in batches or continuously.

    Share of a particle of density rho and size d that the bowl would catch:

        c = g * E * S(d) * Y(rho)                                                   (1)
        S(d) = (1 + (d_s / d)^2)^(-b / 2)                                           (2)
        Y = 1 / (1 + exp(ln 3 * (rho_50 - rho) / Ep))                               (3)

    with g the gravity-recoverable share of the mineral (liberated grains that a small machine run
    with care does catch, Laplante's test), E the stage efficiency of the machine in the plant, and
    S, which falls as d^b below the size d_s. The concentrate takes the share y of all solids M, no
    more and no less; what is caught competes for that room, and bed material fills what is left:

        phi = min(1, y M / sum(c m))                                                (4)
        f = (y M - phi sum(c m)) / (M - phi sum(c m))                               (5)
        R = phi c + (1 - phi c) f                                                   (6)
        fluidisation water = water ratio * M                                        (7)

    In batches y is the concentrate of one cycle over what is fed in one cycle. Where ``recovery``
    of each species is given, that is taken instead of (1) to (6); no sizes are then needed.

    Gravity-recoverable gold: 38 ores have 63 % on average, from 25 % (most below 25 um) to 94 %
    (most above 300 um): Laplante, A standardized test to determine gravity recoverable gold
    (abstract). Quoted from memory: plant machines take 20 to 60 % of it out of what they treat, and
    recovery falls as d^0.3 to d^0.6 below 75 um. The forms of (2) and (4) to (6) are assumed.

    Assumptions: bed material is a sample of what is not caught; solids without a size are caught as
    coarse ones; liquids split by the share of water; gas leaves with the tailings.
    Not modelled: loss of recovery within a cycle, flaky gold, speed of the bowl.
    Limits: y = 1 takes all; without anything heavy the concentrate is a sample of the feed.

    >>> from flowsheet import Flowsheet, Particles, Species, sieve_series, solve
    >>> from unitops.streams.sized_feed import SizedFeed
    >>> plant = Flowsheet(
    ...     species=["Au", "Sb2S3", "SiO2", "H2O"],
    ...     particles=Particles(sieves=sieve_series("1 mm", 12), minerals=["Au", "Sb2S3", "SiO2"]),
    ...     units={
    ...         "pulp": SizedFeed(
    ...             outlet="pulp",
    ...             flow="100 t/h",
    ...             composition={"Au": "5 g/t", "Sb2S3": "4 %"},
    ...             remainder="SiO2",
    ...             p80="200 um",
    ...             percent_solids="50 %",
    ...         ),
    ...         "knelson": CentrifugalConcentrator(
    ...             feed="pulp",
    ...             fluidisation_water="fluidisation_water",
    ...             concentrate="concentrate",
    ...             tailings="tailings",
    ...             cut_density="8 t/m^3",
    ...             gravity_recoverable={"Au": "63 %"},
    ...         ),
    ...     },
    ... )
    >>> solution = solve(plant)
    >>> print(f"{solution.recovery('Au', to='concentrate'):.1f~P}")
    20.2 %
    >>> print(f"{solution['concentrate'].grade('Au').to('g/t'):.0f~P}")
    2018 g/t
    """

    particles: ClassVar[ParticleUse] = "kept"

    feed: Inlet
    fluidisation_water: Supply
    concentrate: Outlet
    tailings: Outlet

    mode: Literal["batch", "continuous"] = "batch"
    """Whether the bowl is emptied from time to time or bleeds its concentrate all the time."""
    cut_density: Density | None = None
    """Density of which half is caught of what is recoverable, rho_50; assumed 6 to 10 t/m3 for gold
    in batches, 3 to 4.5 for heavy minerals. Give this or ``recovery``."""
    ecart_probable: Density = default("500 kg/m^3")
    """Half the density span from 25 % to 75 %, Ep. Default assumed, range 0.3 to 0.8 t/m3."""
    stage_efficiency: Fraction = default("40 %")
    """Share E of what is recoverable that the machine takes out of its feed. Default assumed, the
    middle of 20 to 60 %."""
    gravity_recoverable: PerSpecies[Fraction] = 1.0
    """Gravity-recoverable share g of each mineral; default all of what is liberated."""
    recoverable_by_size: PerSize[Fraction] | None = None
    """Gravity-recoverable share g of ``heavy`` in every size class, by the sieve that the class
    passes; instead of its entry in ``gravity_recoverable``."""
    fine_limit: ParticleSize = default("75 um")
    """Size d_s below which recovery falls. Default assumed, range 50 to 100 um."""
    fine_exponent: Ratio = 0.45
    """Exponent b of the fall. Default assumed, range 0.3 to 0.6."""
    mass_yield: Fraction | None = None
    """Share y of the solids that the concentrate takes, used with ``cut_density``. Default 0.05 %
    in batches (range 0.01 to 0.5 %), 10 % continuously (range 1 to 40 %), assumed."""
    recovery: PerSpecies[Fraction] | None = None
    """Recovery of each solid to the concentrate. Give this or ``cut_density``."""
    water_ratio: VolumePerMass = default("0.3 m^3/t")
    """Fluidisation water per dry solids fed. Default assumed, range 0.1 to 1 m3/t."""
    water_to_concentrate: Fraction | None = None
    """Share of feed and fluidisation water. Default 0.05 % in batches, 4 % continuously
    (assumed)."""
    capacity_per_machine: MassFlow | None = None
    """Solids that one machine treats; the machines needed are reported if it is given."""
    cycle_time: Time | None = None
    """Time between two flushes; the concentrate of one cycle is reported if it is given."""
    heavy: str | None = None
    """Mineral to be won, whose recoverable share and recovery are reported."""
    light: str | None = None
    """Mineral to be rejected, for the concentration criterion of ``heavy``."""

    def check(self) -> None:
        """Refuse a machine that catches in no way or in two, and half a statement."""
        if (self.recovery is None) == (self.cut_density is None):
            raise InputError(
                "give either cut_density (with particles in size classes) or recovery, and not both"
            )
        if self.recovery is not None and self.mass_yield is not None:
            raise InputError("mass_yield follows from recovery; give one of them")
        for name in ("light", "recoverable_by_size"):
            if self.heavy is None and getattr(self, name) is not None:
                raise InputError(f"{name} says something of the heavy mineral; give heavy as well")
        if self.mode == "continuous" and self.cycle_time is not None:
            raise InputError("cycle_time belongs to a batch machine; leave it out")
        if self.capacity_per_machine == 0.0:
            raise InputError('capacity_per_machine of 0 treats nothing; give e.g. "60 t/h"')

    def required_species(self) -> Iterable[str]:
        """Water, and the minerals that are named."""
        return ("H2O", *(name for name in (self.heavy, self.light) if name is not None))

    def is_linear(self) -> bool:
        """Only with given recoveries: else minerals compete for the room in the bowl."""
        return self.recovery is not None

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Catch heavies; see the class for the equations."""
        p, slate = _of_mode(p), feed.slate
        water = flow_of(slate, {"H2O": feed.solids.total() * p.water_ratio * WATER})  # (7)
        solids = p.recovery if p.recovery is not None else to_concentrate(feed, p)
        share = slate.in_phase("solid") * solids + slate.in_phase("liquid") * p.water_to_concentrate
        pulp = feed + water
        concentrate = pulp * share
        return {
            "fluidisation_water": water,
            "concentrate": concentrate,
            "tailings": pulp - concentrate,
        }

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Mass yield, what is recoverable and recovered of it, machines, water, criterion."""
        feed, p = flows["feed"], _of_mode(p)
        solids = feed.solids.total()
        found = [
            *product_figures(flows, ("concentrate",)),
            Figure(flows["fluidisation_water"].total() / WATER, "m^3/h", "fluidisation water"),
        ]
        if p.capacity_per_machine is not None:
            needed = machines(solids, p.capacity_per_machine)
            found.append(Figure(needed, "", "machines needed", "equipment"))
        if p.cycle_time is not None:
            flushed = flows["concentrate"].solids.total() * p.cycle_time
            found.append(Figure(flushed, "kg", "concentrate of one cycle, all machines"))
        if p.heavy is not None:
            found.extend(heavy_figures(flows, p))
        return found if p.light is None else [*found, *pair_figures(feed, p)]

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """A bowl that is overloaded, and settings and feeds that no machine works well with."""
        feed, p = flows["feed"], _of_mode(p)
        told = [] if p.cut_density is None else [*yield_warnings(feed, p), *size_warnings(feed)]
        return told if p.heavy is None else [*told, *heavy_warnings(flows, p)]


def _of_mode(p: Parameters) -> Parameters:
    """Parameters with what the mode decides, where it is not given."""
    usual: dict[str, Any] = _OF_MODE[p.mode]
    return p.replaced({name: value for name, value in usual.items() if getattr(p, name) is None})
