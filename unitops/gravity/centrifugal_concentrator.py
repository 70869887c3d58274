"""Centrifugal concentrator (Knelson, Falcon): fine heavies, gold first, into a small mass."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Literal

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow, flow_of
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
from unitops.gravity.concentration_criterion import INSEPARABLE, criterion_of
from unitops.gravity.flowing_film_figures import machines, pair_figures, product_figures
from unitops.gravity.gravity_recoverable import recoverable
from unitops.gravity.particle_density import check_densities, densities, share_of_sizes, sizes
from unitops.gravity.partition import WATER, whiten

_OF_MODE = {
    "batch": {"mass_yield": 5e-4, "water_to_concentrate": 5e-4},
    "continuous": {"mass_yield": 0.1, "water_to_concentrate": 0.04},
}
USUAL_YIELD = {"batch": (1e-4, 5e-3), "continuous": (0.01, 0.4)}
"""Solids to the concentrate of machines in use; assumed."""
USUAL_RECOVERY = 0.6
"""Most of the gravity-recoverable gold that one machine in a plant takes out of its feed."""
COARSEST = 2e-3
"""Size to which the feed is screened, m."""
MUCH_TOO_COARSE = 0.1
"""Share of the solids coarser than that from which it is worth a warning; assumed."""


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
    >>> print(f"{solution['concentrate'].grade('Au').to('g/t'):.0f~P}")
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
    """Share of feed and fluidisation water. Default 0.05 % in batches, 4 % continuously, assumed."""
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
        """Water."""
        return ("H2O",)

    def is_linear(self) -> bool:
        """Only with given recoveries: else minerals compete for the room in the bowl."""
        return self.recovery is not None

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Catch heavies; see the class for the equations."""
        p, slate = _of_mode(p), feed.slate
        water = flow_of(slate, {"H2O": feed.solids.total() * p.water_ratio * WATER})  # (7)
        solids = p.recovery if p.recovery is not None else _caught(feed, p)
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
            found.append(Figure(needed, "", "machines needed"))
        if p.cycle_time is not None:
            flushed = flows["concentrate"].solids.total() * p.cycle_time
            found.append(Figure(flushed, "kg", "concentrate of one cycle, all machines"))
        if p.heavy is not None:
            found.extend(_heavy_figures(flows, p))
        return found if p.light is None else [*found, *pair_figures(feed, p)]

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """A bowl that is overloaded, and settings and feeds that no machine works well with."""
        feed, p = flows["feed"], _of_mode(p)
        told: list[str] = []
        if p.cut_density is not None:
            told.extend(_yield_warnings(feed, p))
            coarse = first(share_of_sizes(feed, COARSEST, np.inf).real)
            if coarse > MUCH_TOO_COARSE:
                told.append(
                    f"{coarse:.0%} of the solids fed are coarser than 2 mm; screen them off"
                )
        if p.heavy is not None:
            told.extend(_heavy_warnings(flows, p))
        return told


def _of_mode(p: Parameters) -> Parameters:
    """Parameters with what the mode decides, where it is not given."""
    usual: dict[str, Any] = _OF_MODE[p.mode]
    return p.replaced({name: value for name, value in usual.items() if getattr(p, name) is None})


def _catch(feed: Flow, p: Parameters) -> Array:
    """Share of every solid that the bowl would catch if it had room, (constituents, scenarios)."""
    slate = feed.slate
    size = sizes(slate)
    falls = np.where(np.isnan(size), 0.0, p.fine_limit / np.where(np.isnan(size), 1.0, size))
    by_size = (1.0 + falls**2) ** (-0.5 * p.fine_exponent)  # (2)
    by_density = whiten(densities(slate), p.cut_density, p.ecart_probable)  # (3)
    return np.asarray(_recoverable(feed, p) * p.stage_efficiency * by_size * by_density)  # (1)


def _recoverable(feed: Flow, p: Parameters) -> Array:
    return recoverable(feed.slate, p.gravity_recoverable, p.heavy, p.recoverable_by_size)


def _caught(feed: Flow, p: Parameters) -> Array:
    """Recovery of every solid to the concentrate, (constituents, scenarios)."""
    if feed.slate.particles is None:
        raise InputError(
            "cut_density needs the sizes of particles; give the flowsheet "
            "particles=Particles(...), or give this unit a recovery instead"
        )
    check_densities(feed)
    catch, solids = _catch(feed, p), feed.solids
    caught, room = (solids * catch).total(), p.mass_yield * solids.total()
    overloaded = caught.real > room.real
    catch = catch * np.where(overloaded, ratio(room, caught, empty=1.0), 1.0)  # (4)
    filling = np.where(overloaded, 0.0, ratio(room - caught, solids.total() - caught))  # (5)
    return np.asarray(catch + (1.0 - catch) * filling)  # (6)


def _heavy_figures(flows: Flows, p: Parameters) -> Sequence[Figure]:
    """What is recoverable of the heavy mineral, and what share of that is recovered."""
    fed, recoverable_flow, won = _heavy_flows(flows, p)
    return (
        Figure(ratio(recoverable_flow, fed), "%", f"gravity-recoverable {p.heavy} in the feed"),
        Figure(ratio(won, recoverable_flow), "%", f"gravity-recoverable {p.heavy} recovered"),
    )


def _heavy_flows(flows: Flows, p: Parameters) -> tuple[Array, Array, Array]:
    """The heavy mineral fed, recoverable and won, kg/s, (scenarios,)."""
    feed = flows["feed"]
    return (
        feed.of(p.heavy),
        (feed * _recoverable(feed, p)).of(p.heavy),
        flows["concentrate"].of(p.heavy),
    )


def _yield_warnings(feed: Flow, p: Parameters) -> Sequence[str]:
    """Warn of a yield that is not usual, and of more heavies than there is room for."""
    told, taken = [], first(p.mass_yield)
    low, high = USUAL_YIELD[p.mode]
    if not low <= taken <= high:
        told.append(
            f"mass_yield of {taken:.3%}; {p.mode} machines take {low:.2%} to {high:.1%} of the feed"
        )
    wanted = first(ratio((feed.solids * _catch(feed, p)).total(), feed.solids.total()).real)
    if wanted > taken:
        told.append(
            f"heavies of {wanted:.3%} of the feed compete for a mass_yield of {taken:.3%}; flush "
            "more often or raise the cut_density"
        )
    return told


def _heavy_warnings(flows: Flows, p: Parameters) -> Sequence[str]:
    """Warn of more recovery than plants have, and of minerals too alike."""
    told = []
    _, recoverable_flow, won = _heavy_flows(flows, p)
    recovered = first(ratio(won, recoverable_flow).real)
    if recovered > USUAL_RECOVERY:
        told.append(
            f"{recovered:.0%} of the gravity-recoverable {p.heavy} is recovered; machines in "
            "plants take 20 to 60 % out of their feed"
        )
    if p.light is not None:
        criterion = first(criterion_of(flows["feed"].slate, p.heavy, p.light, WATER))
        if criterion < INSEPARABLE:
            told.append(
                f"concentration criterion {criterion:.2f} for {p.heavy} and {p.light}; below "
                f"{INSEPARABLE} they do not separate by gravity, spinning or not"
            )
    return told
