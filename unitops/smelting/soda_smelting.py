"""Soda smelting: antimony sulphide to metal in one step, its sulphur held by soda or iron oxide."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow, flow_of, per_species
from flowsheet.core.parameters import Fraction, Ratio, Temperature, default
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.reaction import after_change, change_by_share
from flowsheet.core.reaction_energy import check_feasible
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, UnitOp
from unitops.smelting.furnace_heat import heat_figures
from unitops.smelting.reduction_bath import monoxide_fraction
from unitops.smelting.reduction_report import grade
from unitops.smelting.smelting_reactions import (
    COLLECTED,
    SULPHIDES,
    TO_LOWER_OXIDE,
    TO_METAL,
    Reduction,
    oxides_of,
    reduced_by_carbon,
)
from unitops.smelting.soda_smelting_reactions import (
    BESIDE_BY_IRON_OXIDE,
    BESIDE_BY_SODA,
    BY_IRON_OXIDE,
    BY_SODA,
    OVERALL,
    WHOLLY,
    soda_decomposed,
)

_OXIDES = oxides_of(TO_METAL)
_IRON = tuple(step for step in TO_METAL if step[0] == "FeO")
_MATTE = tuple(name for name in SULPHIDES if name not in ("Na2S", "Sb2S3"))


class SodaSmelting(UnitOp):
    """Smelt sulphide concentrate with soda and carbon, without a roast.

        Sb2S3 + 3 Na2CO3 + 6 C -> 2 Sb + 3 Na2S + 9 CO                              (1)
        Sb2S3 + 3 Na2CO3 + 3/2 C -> 2 Sb + 3 Na2S + 9/2 CO2                         (2)
        Sb2S3 + 3/2 Fe2O3 + 9/2 C -> 2 Sb + 3 FeS + 9/2 CO     (iron oxide holds S) (3)
        carbon drawn = (1 + e) (9 / (2 - x) - 3) per Sb2S3 by soda, x = CO/(CO+CO2) (4)
        soda, iron oxide drawn = (1 + excess) * what complete conversion takes      (5)

    (1) to (5) stoichiometry; between (1) and (2) the gas, that from the soda with it, has the CO
    given or that of equilibrium with carbon. The share ``sulphur_to_iron`` of every sulphide goes
    by (3). Berthierite, jamesonite, kermesite and antimony oxide react like Sb2S3, to
    ``conversion``; sulphides of lead and arsenic, FeS2 and sulphur wholly; FeAsS gives FeS and As.
    The Gibbs energies of (1) and (3) are computed at the temperature: soda needs more than about
    725 degC, iron oxide more than about 430 degC.

    Practice: old soda and Glauber slags held about 15 % Sb, resmelted with iron (Wang, Antimony,
    1919, p. 107). Sulphur fixed by Fe2O3 in a sodium salt at 850 degC: 91.48 % of the antimony as
    metal of 96.00 % Sb, 95.31 % of the sulphur as FeS (Metals 2016, abstract): sulphur_to_iron of
    95.3 %, conversion near 93 %.

    Where things go: Sb2S3 that does not react and Na2S stay in the slag with gangue, spare soda
    and ash; FeS and other sulphides in ``matte`` but for what the slag holds of them; Sb2S3 that
    evaporates, and arsenic, leave with the gas as solids.
    Assumptions: conversion does not depend on the excesses. Spare soda is written as Na2O.
    Not modelled: sulphate (Glauber salt) as the source of Na2S, thio-salts as species, Cu and Zn
    sulphides reacting, fuel, burning of CO and fume.
    Limits: no sulphide, no soda; conversion 0 makes no antimony.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.streams.feed import Feed
    >>> species = ["Sb2S3", "SiO2", "Sb", "Na2CO3", "Na2O", "Na2S", "C", "CO", "CO2"]
    >>> species += ["Fe2O3", "FeO", "FeS", "Fe"]
    >>> plant = Flowsheet(
    ...     species=species,
    ...     units={
    ...         "feed": Feed(outlet="concentrate", flow="1 t/h", remainder="SiO2",
    ...                      composition={"Sb2S3": "85 %"}),
    ...         "smelting": SodaSmelting(feed="concentrate", soda="soda", iron_oxide="iron_ore",
    ...                                  reductant="coke", metal="crude", matte="matte",
    ...                                  slag="slag", gas="gas"),
    ...     },
    ... )
    >>> f"{solve(plant)['slag'].grade('Sb').magnitude:.1f} % Sb in the slag"
    '5.5 % Sb in the slag'
    """

    feed: Inlet
    soda: Supply
    iron_oxide: Supply
    reductant: Supply
    metal: Outlet
    matte: Outlet
    slag: Outlet
    gas: Outlet

    temperature: Temperature = default("1000 degC")
    """Of the bath. Assumed, range 900 to 1100 degC; 850 degC published with iron oxide."""
    feed_temperature: Temperature = default("25 degC")
    """Of the charge, for the heat in the figures."""
    sulphur_to_iron: Fraction = default("0 %")
    """Of every sulphide, what iron oxide smelts by (3) instead of soda. 95.31 % published."""
    soda_excess: Ratio = 0.1
    """Soda beyond (1). Assumed, range 0 to 0.5."""
    iron_oxide_excess: Ratio = 0.1
    """Iron oxide beyond (3); it ends as FeO in the slag. Assumed, range 0 to 0.3."""
    flux_soda_ratio: Ratio = 0.0
    """Na2CO3 per dry solids beside (5), for a slag that melts where iron holds the sulphur.
    Assumed, range 0.05 to 0.3 with iron oxide."""
    gas_composition: Literal["given", "equilibrium"] = "given"
    """Whether CO / (CO + CO2) is given, or that of equilibrium with carbon."""
    carbon_monoxide_fraction: Fraction = default("80 %")
    """CO / (CO + CO2) of all gas made, x. Assumed, range 0.5 to 1: carbon lies in the charge."""
    carbon_excess: Ratio = 0.1
    """Fixed carbon beyond (4), which stays in the slag. Assumed, range 0 to 0.5."""
    reductant_fixed_carbon: Fraction = default("85 %")
    """Fixed carbon of the reductant; the rest is ash, as SiO2."""

    conversion: Fraction = default("93 %")
    """Of the antimony minerals that do not evaporate, what reacts. Assumed, range 85 to 96 %:
    91.48 % published as metal with iron oxide."""
    antimony_to_fume: Fraction = default("3 %")
    """Of Sb2S3 in the feed, what evaporates. Assumed, range 1 to 8 %."""
    antimony_to_slag: Fraction = default("1 %")
    """Of the antimony made, what the slag holds as metal. Assumed, range 0.5 to 5 %."""
    sulphide_to_matte: Fraction = default("95 %")
    """Of FeS and other heavy sulphides, what separates as matte; the rest is in the slag. Assumed,
    range 50 to 98 %: soda slag dissolves FeS."""
    arsenic_to_metal: Fraction = default("50 %")
    """Of the arsenic set free, what the metal takes up. Assumed, range 30 to 80 %."""
    arsenic_to_fume: Fraction = default("15 %")
    """Of the arsenic set free, what evaporates; the rest joins the matte as speiss. Assumed."""
    iron_to_metal: Fraction = default("1 %")
    """Of iron oxide drawn in excess or fed, what ends in the metal. Assumed, range 0 to 5 %."""
    other_metals_to_metal: Fraction = default("90 %")
    """Of Cu, Bi, Ni, Sn, Ag, Au present as metal, what the metal collects; the rest joins the
    matte. Assumed, range 80 to 98 %."""
    thermal_efficiency: Fraction = default("25 %")
    """Of the heat of coal, what reaches the bath, for the coal in the figures. Assumed."""

    def check(self) -> None:
        """Refuse shares above the whole, and a temperature at which nothing goes."""
        arsenic = self.arsenic_to_metal + self.arsenic_to_fume
        if arsenic > 1.0 + 1e-12:
            raise InputError(
                f"arsenic_to_metal + arsenic_to_fume is {arsenic:.3g}; they share at most 1"
            )
        if self.reductant_fixed_carbon == 0.0:
            raise InputError("reductant_fixed_carbon of 0 leaves no reductant; give e.g. 85 %")
        if self.thermal_efficiency == 0.0:
            raise InputError("thermal_efficiency of 0 heats nothing; give e.g. 25 %")
        if self.sulphur_to_iron < 1.0:
            check_feasible(OVERALL["soda"], self.temperature, "smelt hotter, at about 1000 degC")
        if self.sulphur_to_iron > 0.0:
            check_feasible(OVERALL["iron oxide"], self.temperature, "smelt hotter, from 850 degC")

    def required_species(self) -> Iterable[str]:
        """What holds the sulphur, the reductant, and what they make."""
        names = ["Sb2S3", "Sb", "C", "CO", "CO2"]
        if self.sulphur_to_iron < 1.0 or self.flux_soda_ratio > 0.0:
            names += ["Na2CO3", "Na2O", "Na2S"]
        if self.sulphur_to_iron > 0.0:
            names += ["Fe2O3", "FeO", "FeS", "Fe"]
        return [*names, *(["SiO2"] if self.reductant_fixed_carbon < 1.0 else [])]

    def is_linear(self) -> bool:
        """Always: everything reacts in given fractions, and the reagents follow."""
        return True

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Evaporate, draw what holds the sulphur, smelt, and share out what there is then."""
        evaporated = feed.only("Sb2S3") * p.antimony_to_fume
        fed = (feed - evaporated).without("C")
        soda, iron_oxide, unused_flux = _drawn(feed, fed, p)
        smelted, reductant, unused = _smelted(fed, soda + iron_oxide, unused_flux, p)
        shares, gas = _metal_shares(p), smelted.gas
        kept = {name: share for name, (share, _) in shares.items()}
        left = {name: share for name, (_, share) in shares.items()}
        heavy = smelted.only(*_MATTE)
        slag = (smelted - gas).without(*_MATTE, *shares) + heavy * (1.0 - p.sulphide_to_matte)
        return {
            "soda": soda,
            "iron_oxide": iron_oxide,
            "reductant": reductant,
            "metal": smelted * per_species(feed.slate, kept),
            "matte": smelted * per_species(feed.slate, left) + heavy * p.sulphide_to_matte,
            "slag": slag + smelted.only("Sb") * p.antimony_to_slag + unused + feed.only("C"),
            "gas": gas + evaporated + smelted.only("As") * p.arsenic_to_fume,
        }

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:  # noqa: ARG002
        """Everything leaves as warm as the bath."""
        warm = dict.fromkeys(("metal", "matte", "slag", "gas"), p.temperature)
        return {**warm, "feed": p.feed_temperature}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Recovery, losses, grades, what holds the sulphur, and reagents per tonne of metal."""
        feed, metal, slag, matte = (flows[port] for port in ("feed", "metal", "slag", "matte"))
        antimony, sulphur, made = feed.element("Sb"), feed.element("S"), metal.total()
        as_iron = (slag.only("FeS") + matte.only("FeS")).element("S")
        return (
            Figure(ratio(metal.element("Sb"), antimony), "%", "antimony to metal"),
            Figure(ratio(slag.element("Sb"), antimony), "%", "antimony to slag"),
            Figure(ratio(flows["gas"].element("Sb"), antimony), "%", "antimony to fume"),
            Figure(grade(metal, "Sb"), "%", "Sb in crude metal"),
            Figure(grade(slag, "Sb"), "%", "Sb in slag"),
            Figure(ratio(slag.only("Na2S").element("S"), sulphur), "%", "sulphur as Na2S"),
            Figure(ratio(as_iron, sulphur), "%", "sulphur as FeS"),
            Figure(ratio(flows["soda"].total(), made), "kg/t", "soda per metal"),
            Figure(ratio(flows["iron_oxide"].total(), made), "kg/t", "iron oxide per metal"),
            Figure(ratio(flows["reductant"].total(), made), "kg/t", "reductant per metal"),
            Figure(ratio(slag.total(), made), "kg/t", "slag per metal"),
            *heat_figures(self, flows, self.temperatures(flows, p), p.thermal_efficiency, "metal"),
        )

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Settings and products outside practice."""
        if first(flows["feed"].element("Sb")) == 0.0:
            return ()
        celsius, left = first(p.temperature) - 273.15, first(grade(flows["slag"], "Sb"))
        coolest = 849.5 if first(p.sulphur_to_iron) > 0.5 else 899.5
        crude = first(grade(flows["metal"], "Sb"))
        found = (
            (
                not coolest <= celsius <= 1100.5,
                f"bath of {celsius:.0f} degC; 900 to 1100 degC is usual, 850 with iron oxide",
            ),
            (left > 0.2, f"slag holds {left:.0%} Sb; about 15 % is known of soda slag"),
            (crude < 0.8, f"crude metal holds {crude:.1%} Sb; 80 to 97 % is usual"),
            (
                crude > 0.995,
                f"crude metal holds {crude:.2%} Sb; 80 to 97 % is usual: the charge carries fewer "
                f"impurities than real ones do",
            ),
        )
        return [text for holds, text in found if holds]


def _drawn(feed: Flow, fed: Flow, p: Parameters) -> tuple[Flow, Flow, Flow]:
    """Soda and iron oxide that complete conversion takes, with the excess of each, by (5).

    Third is what of them nothing takes up, as Na2O and FeO: told apart here, since the difference
    of what is drawn and used would be lost among roundings of both.
    """
    slate, iron = feed.slate, p.sulphur_to_iron
    soda = iron_oxide = unused = feed * 0.0
    if "Na2CO3" in slate:
        oxide, spare = _flux(fed, (BY_SODA, BESIDE_BY_SODA), "Na2O", 1.0 - iron, p.conversion)
        excess = oxide * p.soda_excess
        per_oxide = slate.molar_mass[slate.row("Na2CO3")] / slate.molar_mass[slate.row("Na2O")]
        beside = p.flux_soda_ratio * feed.solids.total()
        mass = (oxide + excess).of("Na2O") * per_oxide + beside
        soda = flow_of(slate, {"Na2CO3": mass})
        unused = spare + excess + flow_of(slate, {"Na2O": beside / per_oxide})
    if "Fe2O3" in slate:
        oxide, spare = _flux(fed, (BY_IRON_OXIDE, BESIDE_BY_IRON_OXIDE), "FeO", iron, p.conversion)
        excess = oxide * p.iron_oxide_excess
        per_oxide = slate.molar_mass[slate.row("Fe2O3")] / slate.molar_mass[slate.row("FeO")] / 2
        iron_oxide = flow_of(slate, {"Fe2O3": (oxide + excess).of("FeO") * per_oxide})
        unused = unused + spare + excess
    return soda, iron_oxide, unused


def _flux(
    fed: Flow,
    sulphides: tuple[tuple[Reduction, ...], tuple[Reduction, ...]],
    oxide: str,
    share: Any,
    conversion: Any,
) -> tuple[Flow, Flow]:
    """Oxide that complete conversion takes, and what of it unconverted antimony leaves.

    ``sulphides`` are those of antimony, then those beside them.
    """
    by_antimony, by_others = (
        -reduced_by_carbon(fed, steps, share, 0.0).only(oxide) for steps in sulphides
    )
    return by_antimony + by_others, by_antimony * (1.0 - conversion)


def _smelted(fed: Flow, fluxes: Flow, unused_flux: Flow, p: Parameters) -> tuple[Flow, Flow, Flow]:
    """The charge after all reactions, the reductant drawn, and what of that nothing takes up."""
    monoxide, iron = monoxide_fraction(p), p.sulphur_to_iron
    step_of_fed, step_of_fluxes = _first_step(fed, monoxide), _first_step(fluxes, monoxide)
    ready = after_change(fed, step_of_fed.without("C"))
    gas_of_fluxes = after_change(fluxes, step_of_fluxes.without("C")).without("Na2O", "FeO")
    oxides = per_species(
        fed.slate,
        {**dict.fromkeys(_OXIDES, 1.0), "Sb2O3": p.conversion, "FeO": 0.0},
    )
    second_step = (
        reduced_by_carbon(ready, BY_SODA, p.conversion * (1.0 - iron), monoxide)
        + reduced_by_carbon(ready, BY_IRON_OXIDE, p.conversion * iron, monoxide)
        + reduced_by_carbon(ready, BESIDE_BY_SODA, 1.0 - iron, monoxide)
        + reduced_by_carbon(ready, BESIDE_BY_IRON_OXIDE, iron, monoxide)
        + reduced_by_carbon(ready, TO_METAL, oxides, monoxide)
    )
    made = second_step.without("C", "Na2O", "FeO")
    reacted = after_change(ready + gas_of_fluxes, made) + unused_flux
    third_step = reduced_by_carbon(reacted, _IRON, p.iron_to_metal, monoxide)
    smelted = after_change(reacted, third_step.without("C"))
    consumed = -(step_of_fed + step_of_fluxes + second_step + third_step).only("C")
    carbon = consumed * (1.0 + p.carbon_excess)
    ash = 1.0 / p.reductant_fixed_carbon - 1.0
    if not np.count_nonzero(np.real(ash)):
        return smelted, carbon, carbon - consumed
    drawn = carbon + flow_of(fed.slate, {"SiO2": carbon.of("C") * ash})
    return smelted, drawn, drawn - consumed


def _first_step(charge: Flow, monoxide: Any) -> Flow:
    """What decomposes and what loses oxygen easily, before sulphides react."""
    return (
        change_by_share(charge, WHOLLY)
        + soda_decomposed(charge, monoxide)
        + reduced_by_carbon(charge, TO_LOWER_OXIDE, 1.0, monoxide)
    )


def _metal_shares(p: Parameters) -> dict[str, tuple[Any, Any]]:
    """Metal -> shares that go to the metal and to the matte; antimony leaves some in the slag."""
    arsenic_left = np.maximum(0.0, 1.0 - (p.arsenic_to_metal + p.arsenic_to_fume))
    others = (p.other_metals_to_metal, 1.0 - p.other_metals_to_metal)
    return {
        "Sb": (1.0 - p.antimony_to_slag, 0.0),
        "As": (p.arsenic_to_metal, arsenic_left),
        **dict.fromkeys(("Pb", "Fe"), (1.0, 0.0)),
        **dict.fromkeys(COLLECTED, others),
    }
