"""Precipitation smelting: antimony sulphide reduced to crude metal by scrap iron."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow, flow_of, per_species
from flowsheet.core.parameters import Fraction, Ratio, Temperature, default
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.reaction import Reaction, after_change, change_by_share
from flowsheet.core.reaction_energy import check_feasible
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, UnitOp
from unitops.smelting.furnace_heat import heat_figures

COLLECTED = ("Cu", "Bi", "Ni", "Sn", "Ag", "Au")
MATTE = (
    *("Sb2S3", "FeSb2S4", "FeSbS", "Pb4FeSb6S14", "Cu12Sb4S13", "Sb2S2O"),
    *("FeS", "PbS", "ZnS", "CuFeS2"),
)
TO_ANTIMONY = (
    Reaction("Sb2S3 + 3 Fe -> 2 Sb + 3 FeS"),
    Reaction("FeSb2S4 + 3 Fe -> 2 Sb + 4 FeS"),
    Reaction("Pb4FeSb6S14 + 13 Fe -> 6 Sb + 4 Pb + 14 FeS"),
    Reaction("FeSbS -> Sb + FeS"),
    Reaction("Sb2S2O + 3 Fe -> 2 Sb + 2 FeS + FeO"),
    Reaction("Sb2O3 + 3 Fe -> 2 Sb + 3 FeO"),
    Reaction("Sb2O4 + 4 Fe -> 2 Sb + 4 FeO"),
)
TO_LEAD = (Reaction("PbS + Fe -> Pb + FeS"), Reaction("PbO + Fe -> Pb + FeO"))
WHOLLY = (
    Reaction("As2S3 + 3 Fe -> 2 As + 3 FeS"),
    Reaction("AsS + Fe -> As + FeS"),
    Reaction("As2O3 + 3 Fe -> 2 As + 3 FeO"),
    Reaction("FeS2 + Fe -> 2 FeS"),
    Reaction("S + Fe -> FeS"),
    Reaction("FeAsS -> FeS + As"),
    Reaction("H2O -> H2O(g)"),
)


class IronPrecipitation(UnitOp):
    """Displace antimony from its sulphide with scrap iron, at 1000 to 1100 degC.

        Sb2S3 + 3 Fe -> 2 Sb + 3 FeS            (0.493 kg Fe per kg Sb2S3)          (1)
        iron drawn = (1 + e) * iron for complete conversion of all that takes iron  (2)

    Berthierite, jamesonite, gudmundite, kermesite and antimony oxide react like (1); PbS and PbO to
    ``lead_to_metal``, arsenic sulphides and oxide, FeS2 and sulphur wholly: all count in (2).
    FeAsS decomposes to FeS and As. Iron without a partner (the excess, and what unconverted
    antimony leaves) dissolves in metal and matte.

    (1) goes to the end, -184 kJ per mole at 1200 K; its Gibbs energy is computed at the furnace's
    temperature and (1) refused where it is positive. Practice: 100 to 110 % of the iron (Wang,
    Antimony, 1919, p. 113); crude metal of 80 to 95 % Sb with 3 to 15 % Fe (Chinese handbook as
    quoted by steel-grades.com); 8 to 15 % of the antimony lost in matte and fume (from memory,
    assumed). More iron pulls iron, lead and arsenic into the metal.

    Where things go: Sb2S3 that evaporates before it reacts and arsenic vapour leave with the gas
    as condensed solids (Sb2S3 and As); arsenic that metal and fume leave joins the matte, where
    it takes up iron as a speiss; unconverted sulphides join the matte; gangue, oxides and the
    dirt of the scrap make the slag; water and gases leave with the gas.
    Assumptions: scrap is iron and dirt (as SiO2); conversion does not depend on the excess: ``e``
    pays for it and is not checked against equilibrium.
    Heat: what leaves is as warm as the bath; the reaction itself gives heat off.
    Not modelled: fuel, soda and salt fluxes, burning of the fume (it keeps its sulphur), copper
    and zinc sulphides and tetrahedrite reacting (they stay in the matte).
    Limits: no feed, no scrap; conversion 0 makes no antimony and loses all the iron.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.streams.feed import Feed
    >>> plant = Flowsheet(
    ...     species=["Sb2S3", "Fe", "Sb", "FeS", "SiO2"],
    ...     units={
    ...         "feed": Feed(outlet="concentrate", flow="1 t/h", remainder="SiO2",
    ...                      composition={"Sb2S3": "85 %"}),
    ...         "furnace": IronPrecipitation(feed="concentrate", scrap="scrap", metal="crude",
    ...                                      matte="matte", slag="slag", gas="gas"),
    ...     },
    ... )
    >>> solution = solve(plant)
    >>> f"{solution['crude'].grade('Sb').magnitude:.1f} % Sb, {solution.heat('furnace'):.0f}"
    '95.2 % Sb, 173 kilowatt'
    """

    feed: Inlet
    scrap: Supply
    metal: Outlet
    matte: Outlet
    slag: Outlet
    gas: Outlet

    iron_excess: Ratio = 0.05
    """Iron drawn beyond what complete conversion takes, e. Practice 0 to 0.10 (Wang 1919)."""
    scrap_iron: Fraction = default("95 %")
    """Metallic iron in the scrap, the rest is dirt. Assumed, range 85 to 99 %."""
    conversion: Fraction = default("97 %")
    """Of the antimony minerals that do not evaporate, what (1) converts. Assumed, 90 to 99 %."""
    antimony_to_fume: Fraction = default("5 %")
    """Of Sb2S3 in the feed, what evaporates. Assumed, range 2 to 10 %."""
    antimony_to_matte: Fraction = default("4 %")
    """Of the antimony made, what the matte holds as metal. Assumed, range 1 to 8 %."""
    excess_iron_to_metal: Fraction = default("50 %")
    """Of the iron without a partner, what dissolves in the metal; the rest goes to the matte.
    Assumed, range 30 to 80 %."""
    arsenic_to_metal: Fraction = default("60 %")
    """Of the arsenic set free, what the metal takes up. Assumed, range 40 to 80 %."""
    arsenic_to_fume: Fraction = default("20 %")
    """Of the arsenic set free, what evaporates; the rest goes to the matte (as a speiss).
    Assumed, range 10 to 40 %."""
    lead_to_metal: Fraction = default("70 %")
    """Of PbS and PbO, what iron converts to lead in the metal. Assumed, range 50 to 90 %."""
    other_metals_to_metal: Fraction = default("95 %")
    """Of Cu, Bi, Ni, Sn, Ag, Au present as metal, what the metal collects; the rest goes to
    the matte. Assumed, range 85 to 99 %."""

    temperature: Temperature = default("1050 degC")
    """Of the bath; metal, matte, slag and gas leave with it. Practice 1000 to 1100 degC."""
    feed_temperature: Temperature = default("25 degC")
    """Of the charge, for the heat in the figures."""
    thermal_efficiency: Fraction = default("25 %")
    """Of the heat of coal, what reaches the bath, for the coal in the figures. Assumed, 15 to
    35 % in coal-fired reverberatories."""

    def check(self) -> None:
        """Refuse more arsenic than there is, scrap without iron, and what does not go."""
        arsenic = self.arsenic_to_metal + self.arsenic_to_fume
        if arsenic > 1.0 + 1e-12:
            raise InputError(
                f"arsenic_to_metal + arsenic_to_fume is {arsenic:.3g}; they share at most 1"
            )
        if self.scrap_iron == 0.0:
            raise InputError("scrap_iron of 0 brings no iron; give e.g. 95 %")
        if self.thermal_efficiency == 0.0:
            raise InputError("thermal_efficiency of 0 heats nothing; give e.g. 25 %")
        check_feasible(TO_ANTIMONY[0], self.temperature, "use another reductant")

    def required_species(self) -> Iterable[str]:
        """What equation (1) needs, and the dirt of the scrap."""
        dirt = ("SiO2",) if self.scrap_iron < 1.0 else ()
        return ("Sb2S3", "Fe", "Sb", "FeS", *dirt)

    def is_linear(self) -> bool:
        """Always: everything reacts and settles in given fractions, and the scrap follows."""
        return True

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Evaporate, react with iron, and share out what there is then."""
        evaporated = feed.only("Sb2S3") * p.antimony_to_fume
        drawn, dirt = _scrap(feed, p)
        change = change_by_share(feed - evaporated, TO_ANTIMONY, p.conversion) + _beside(feed, p)
        # The draw covers every reaction, so none needs to be limited by iron.
        charge = after_change(feed - evaporated + drawn, change)

        shares = _metal_shares(p)
        kept = {name: share for name, (share, _) in shares.items()}
        left = {name: share for name, (_, share) in shares.items()}
        gas = charge.gas
        return {
            "scrap": drawn + dirt,
            "metal": charge * per_species(feed.slate, kept),
            "matte": charge.only(*MATTE) + charge * per_species(feed.slate, left),
            "slag": charge.without(*MATTE, *shares) - gas + dirt,
            "gas": gas + evaporated + charge.only("As") * p.arsenic_to_fume,
        }

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:  # noqa: ARG002
        """Everything leaves as warm as the bath."""
        warm = dict.fromkeys(("metal", "matte", "slag", "gas"), p.temperature)
        return {**warm, "feed": p.feed_temperature}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Recovery, losses, grade and scrap per tonne of metal."""
        metal, antimony = flows["metal"], flows["feed"].element("Sb")
        return (
            Figure(ratio(metal.element("Sb"), antimony), "%", "antimony to metal"),
            Figure(ratio(flows["matte"].element("Sb"), antimony), "%", "antimony to matte"),
            Figure(ratio(flows["gas"].element("Sb"), antimony), "%", "antimony to fume"),
            Figure(ratio(metal.element("Sb"), metal.total()), "%", "Sb in crude metal"),
            Figure(ratio(metal.element("Fe"), metal.total()), "%", "Fe in crude metal"),
            Figure(flows["scrap"].total(), "t/h", "scrap demand"),
            Figure(ratio(flows["scrap"].total(), metal.total()), "kg/t", "scrap per metal"),
            Figure(ratio(flows["matte"].total(), metal.total()), "kg/t", "matte per metal"),
            *heat_figures(self, flows, self.temperatures(flows, p), p.thermal_efficiency, "metal"),
        )

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Settings and products outside practice."""
        feed, metal = flows["feed"], flows["metal"]
        if first(feed.element("Sb")) == 0.0:
            return ()
        excess, celsius = first(p.iron_excess), first(p.temperature) - 273.15
        iron = first(ratio(metal.element("Fe"), metal.total()))
        lost = 1.0 - first(metal.element("Sb") / feed.element("Sb"))
        found = (
            (
                not 999.5 <= celsius <= 1100.5,
                f"bath of {celsius:.0f} degC; 1000 to 1100 degC is usual",
            ),
            (
                excess > 0.1,
                f"iron excess is {excess:.0%}; practice is 0 to 10 %, more pulls iron, "
                f"lead and arsenic into the metal",
            ),
            (iron > 0.15, f"crude metal holds {iron:.1%} Fe; 3 to 15 % is usual"),
            (lost > 0.15, f"{lost:.0%} of the antimony misses the metal; 8 to 15 % is usual"),
        )
        return [text for holds, text in found if holds]


def _beside(feed: Flow, p: Parameters) -> Flow:
    """What the reactions other than those to antimony make and use up."""
    return change_by_share(feed, TO_LEAD, p.lead_to_metal) + change_by_share(feed, WHOLLY)


def _scrap(feed: Flow, p: Parameters) -> tuple[Flow, Flow]:
    """Iron for complete conversion of all that takes iron, with the excess, and its dirt."""
    complete = change_by_share(feed, TO_ANTIMONY) + _beside(feed, p)
    iron = -complete.only("Fe") * (1.0 + p.iron_excess)  # (2)
    dirt_per_iron = 1.0 / p.scrap_iron - 1.0
    if not np.count_nonzero(np.real(dirt_per_iron)):
        return iron, iron * 0.0
    return iron, flow_of(feed.slate, {"SiO2": iron.of("Fe") * dirt_per_iron})


def _metal_shares(p: Parameters) -> dict[str, tuple[Any, Any]]:
    """Metal -> shares that go to the metal and to the matte."""
    # A rounding below zero of what metal and fume leave of the arsenic is nothing.
    arsenic_left = np.maximum(0.0, 1.0 - (p.arsenic_to_metal + p.arsenic_to_fume))
    kept = {
        "Sb": 1.0 - p.antimony_to_matte,
        "Pb": 1.0,
        "Fe": p.excess_iron_to_metal,
        **dict.fromkeys(COLLECTED, p.other_metals_to_metal),
    }
    shares = {name: (share, 1.0 - share) for name, share in kept.items()}
    return {**shares, "As": (p.arsenic_to_metal, arsenic_left)}
