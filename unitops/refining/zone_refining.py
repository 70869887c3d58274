"""Zone refining of antimony bars: passes of molten zones along finite bars."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow
from flowsheet.core.parameters import (
    Count,
    Diffusivity,
    Fraction,
    Length,
    PerSpecies,
    PositiveRatio,
    Power,
    Time,
    Velocity,
    default,
)
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, UnitOp
from unitops.refining.distribution_coefficient import check_coefficients, coefficient_column
from unitops.refining.zone_report import zone_figures, zone_warnings
from unitops.refining.zone_shares import check_crops, check_zones
from unitops.refining.zone_target import division, not_reached

SHORTEST_ZONE = 0.01
TAKEN_OUT = 298.15  # K


class ZoneRefining(UnitOp):
    """Send molten zones along bars several times and cut off the impure ends.

    The freezing solid holds k times the concentration of the zone. With S the impurity in the zone
    of length l, and C_in the concentration of the solid that melts in front of it,

        dS/dx = C_in(x + l) - C(x),    C(x) = k * S / l                             (1)

    until the zone reaches the end of the bar, L. The last zone freezes normally; with z the length
    still molten:

        C = k * S(L - l) / l * (z / l)^(k - 1)                                      (2)

    At the speed v of the zone, with a boundary layer delta and diffusivity D in the melt, the
    effective coefficient follows from the one at equilibrium, k0:

        k = k0 / (k0 + (1 - k0) * exp(-v * delta / D))                              (3)

    (1) and (2) Pfann, Trans. AIME 194 (1952) 747, in ``zone_profile.py``; (3) Burton, Prim and
    Slichter, J. Chem. Phys. 21 (1953) 1987, in ``distribution_coefficient.py``, with the table of
    k0. No number of passes goes below the ultimate distribution, see ``zone_limit.py``.

    Instead of ``passes``, give ``target_purity`` or ``impurity_limit``: the passes follow. They are
    counted as if part of the bars got one pass more than the others, so that the ingots together
    just meet the target. A target that no number of passes reaches is refused once the plant is
    solved. Then the unit is not linear; with given passes it is, since what stays in the ingot
    depends on k, passes, zones and crops only.

    Several ``zones`` go along a bar behind each other. Where they start before the bar and leave it
    over its end one after another, n zones are exactly n passes: each melts what the one in front
    froze. A pass takes longer only by the distance of the rear zone. Where they start along the
    bar, the pass is as short as with one zone, but each zone refines only what is in front of its
    start: the head sees the rear zone alone.

    Assumptions: dilute impurities that do not influence each other, equal densities of solid and
    liquid, a bar of uniform section and composition, well mixed zones, constant k; solid stays
    between zones. Antimony, and species without a coefficient (a warning names them), are shared
    by length, as with k = 1. Bars leave cold.
    Not modelled: evaporation from the zone, reaction with boat or gas, constitutional supercooling,
    return of metal along the bar by the change of volume.
    Limits: k = 1 changes nothing; no crop, all goes to the ingot; a zone as long as the bar is
    normal freezing. Impurities with k above 1 gather at the head.
    Arsenic forms solid solutions with antimony in all proportions: it is hardly removed here.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.refining.zone_refining import ZoneRefining
    >>> from unitops.streams.feed import Feed
    >>> plant = Flowsheet(
    ...     species=["Sb", "As", "Pb", "Cu", "Bi"],
    ...     units={
    ...         "metal": Feed(
    ...             outlet="metal",
    ...             flow="10 t/yr",
    ...             composition={"As": "2 ppm", "Pb": "30 ppm", "Cu": "20 ppm", "Bi": "5 ppm"},
    ...             remainder="Sb",
    ...         ),
    ...         "zones": ZoneRefining(
    ...             feed="metal", ingot="ingot", crop="crop", target_purity="99.9997 %"
    ...         ),
    ...     },
    ... )
    >>> solution = solve(plant)
    >>> passes = next(f for f in solution.figures("zones") if f.label == "passes")
    >>> print(passes)
    passes 5.986
    >>> print(solution["ingot"].grade_of().grade)
    5N
    """

    feed: Inlet
    ingot: Outlet
    crop: Outlet

    passes: Count | None = None
    """Number of passes, n; 5 to 15 in practice (quoted from memory). Or give a target."""
    target_purity: Fraction | None = None
    """Antimony in the ingot instead, on the basis of all that the flowsheet carries."""
    impurity_limit: PerSpecies[Fraction] | None = None
    """Of each impurity in the ingot at most, instead or besides; ``others`` is each other one."""
    most_passes: Count = 50
    """Passes a target may take. Assumed, range 15 to 100."""

    zone_to_bar: Fraction = 0.1
    """Length of the zone over that of the bar, l/L; 0.05 to 0.15 in practice (from memory)."""
    zones: Count = 1
    """Zones that follow each other along a bar in one pass; 1 to 6 in practice (from memory)."""
    zones_start: Literal["before_the_bar", "along_the_bar"] = "before_the_bar"
    """Where the zones of one pass begin: at the head one after another, or all at once."""
    zone_pitch: PositiveRatio = 2.5
    """Distance of following zones over the length of one, above 1. Assumed, range 2 to 4."""
    crop_fraction: Fraction = default("20 %")
    """Part of the bar's length cut off at the tail; 10 to 20 % in practice (from memory)."""
    head_crop_fraction: Fraction = default("0 %")
    """The same at the head, for impurities with k above 1; it leaves with the other crop."""

    distribution_coefficient: PerSpecies[PositiveRatio] = default({})
    """Coefficient at equilibrium, k0; species not named take the table's. Not for Sb."""
    zone_speed: Velocity = default("1 mm/min")
    """Speed of the zone, v; 0.5 to 2 mm/min in practice (from memory). Zero: k = k0."""
    diffusion_layer: Length = default("0.3 mm")
    """Boundary layer in the melt, delta. Assumed, range 0.1 (stirred) to 1 mm."""
    diffusivity: Diffusivity = default("5e-9 m^2/s")
    """Of impurities in molten antimony, D. Assumed, range 3e-9 to 5e-9 m^2/s."""

    bar_length: Length = default("600 mm")
    """Length of a bar, L. Assumed, range 0.25 to 1.2 m."""
    bar_diameter: Length = default("30 mm")
    """Diameter of a round bar of the same section. Assumed, range 15 to 60 mm."""
    bars_per_furnace: Count = 4
    """Tubes of one furnace, a bar in each. Assumed, range 1 to 12."""
    time_between_passes: Time = default("10 min")
    """From the end of a pass to the start of the next, to bring the heaters back. Assumed."""
    loading_time: Time = default("8 h")
    """To load, purge, cool and unload a bar. Assumed, range 3 to 24 h."""
    availability: Fraction = default("90 %")
    """Of the time that furnaces run. Assumed, range 80 to 95 %."""
    heater_power: Power = default("1 kW")
    """Drawn per zone of one bar, mostly lost as heat. Assumed, range 0.3 to 3 kW."""

    def check(self) -> None:
        """Refuse passes with a target or neither, and zones and crops that cannot be."""
        targets = (self.target_purity, self.impurity_limit)
        if (self.passes is None) == (targets == (None, None)):
            raise InputError("give either passes, or target_purity and impurity_limit or one of it")
        if self.target_purity == 1.0:
            raise InputError("target_purity of 100 % is reached by nothing; give e.g. 99.999 %")
        _check_limits(self.impurity_limit)
        if self.zone_to_bar < SHORTEST_ZONE:
            raise InputError(
                f"zone_to_bar of {self.zone_to_bar:g} is too short; give {SHORTEST_ZONE} to 1"
            )
        if self.zone_to_bar == 1.0 and self.passes != 1.0:
            raise InputError(
                "zone_to_bar of 1 melts the whole bar, and more than one pass mixes it again; "
                "give 1 pass or a shorter zone"
            )
        if self.availability == 0.0:
            raise InputError("availability of 0 runs no furnace; give e.g. 90 %")
        check_zones(self.zones_start, self.zones, self.zone_pitch, self.zone_to_bar)
        check_crops(self.crop_fraction, self.head_crop_fraction)
        check_coefficients(self.distribution_coefficient)

    def required_species(self) -> Iterable[str]:
        """Antimony."""
        return ("Sb",)

    def resolve(self, slate: Slate) -> Parameters:
        """As for every unit, with coefficients of the table for species that are not named."""
        columns: dict[str, Any] = {}
        try:
            name = "distribution_coefficient"
            columns[name] = coefficient_column(self.distribution_coefficient, slate)
            name = "impurity_limit"
            if self.impurity_limit is not None:
                columns[name] = _limit_column(self.impurity_limit, slate)
        except InputError as error:
            raise InputError(f"{name}: {error}") from error
        plain = self.model_copy(update=dict.fromkeys(columns, 1.0))
        return UnitOp.resolve(plain, slate).replaced(columns)

    def is_linear(self) -> bool:
        """With given passes; those that a target takes depend on the feed."""
        return self.passes is not None

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Share every species between ingot and crop."""
        found = division(feed, p)
        return {"ingot": feed * found.ingot, "crop": feed * found.crop}

    def refusals(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Per scenario, the impurity that keeps the target from being reached."""
        return not_reached(flows, p)

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:  # noqa: ARG002
        """Bars are taken out cold."""
        return {"ingot": TAKEN_OUT, "crop": TAKEN_OUT}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Yield, purity, passes, and what the furnaces take."""
        return zone_figures(flows, p)

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Impurities that this unit cannot remove, and settings beyond its assumptions."""
        return zone_warnings(flows, p, self.distribution_coefficient)


def _check_limits(given: Any) -> None:
    """Refuse limits of antimony, and those of nothing at all."""
    if given is None:
        return
    if "Sb" in given.by_name:
        raise InputError("impurity_limit.Sb limits the metal itself; give target_purity")
    if not given.by_name and given.others is None:
        raise InputError('impurity_limit names no species; give e.g. {"As": "1 ppm"}')
    for name, limit in {**given.by_name, "others": given.others}.items():
        if limit == 0.0:
            raise InputError(
                f"impurity_limit of 0 for {name}: no pass removes all of it; give e.g. 1 ppm"
            )


def _limit_column(given: Any, slate: Slate) -> Any:
    """Limit of each species, endless where none is given, (constituents, 1)."""
    column = np.full((slate.count, 1), np.inf if given.others is None else given.others)
    column[slate.row("Sb")] = np.inf
    for name, limit in given.by_name.items():
        column[slate.row(name)] = limit
    return column
