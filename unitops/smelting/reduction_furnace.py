"""Reduction smelting of antimony oxide to crude metal with carbon (or iron) and soda."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BeforeValidator

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow, flow_of, per_species
from flowsheet.core.parameters import Fraction, Ratio, default
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.reaction import Reaction, after_change, change_by_share
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, UnitOp

COLLECTED = ("Cu", "Bi", "Ni", "Sn", "Ag", "Au")
METALS = ("Sb", "As", "Pb", "Fe", *COLLECTED)
HEARTH_LOAD = 1.25e3 / 86400.0  # kg/(m^2 s): 1.0 to 1.5 t/(m^2 d), GB 51445-2021
DECOMPOSITIONS = (
    Reaction("H2O -> H2O(g)"),
    Reaction("Na2CO3 -> Na2O + CO2"),
    Reaction("CaCO3 -> CaO + CO2"),
)


# One mole of an oxide, what it becomes, and the oxygen atoms it gives up.
Reduction = tuple[str, str, float]
TO_LOWER_OXIDE: tuple[Reduction, ...] = (
    ("Sb2O4", "Sb2O3", 1),
    ("Sb2O5", "Sb2O3", 2),
    ("Sb3O6(OH)", "1.5 Sb2O3 + 0.5 H2O(g)", 2),
    ("NaSbO3", "0.5 Sb2O3 + 0.5 Na2O", 1),
    ("Na3SbO4", "0.5 Sb2O3 + 1.5 Na2O", 1),
    ("Na3AsO4", "0.5 As2O3 + 1.5 Na2O", 1),
    ("FeAsO4", "0.5 As2O3 + FeO", 1.5),
    ("Fe2O3", "2 FeO", 1),
    ("Fe3O4", "3 FeO", 1),
)
TO_METAL: tuple[Reduction, ...] = (
    ("Sb2O3", "2 Sb", 3),
    ("As2O3", "2 As", 3),
    ("PbO", "Pb", 1),
    ("FeO", "Fe", 1),
    ("Cu2O", "2 Cu", 1),
    ("Bi2O3", "2 Bi", 3),
    ("SnO2", "Sn", 2),
)


def _reactions(
    steps: tuple[Reduction, ...], reductant: str, becomes: str, atoms: float
) -> tuple[Reaction, ...]:
    """Reduction of oxides other than ``becomes``, in which the reductant takes up oxygen atoms."""
    return tuple(
        Reaction(f"{oxide} + {n / atoms} {reductant} -> {products} + {n / atoms} {becomes}")
        for oxide, products, n in steps
        if oxide != becomes
    )


def _by_reductant(steps: tuple[Reduction, ...]) -> dict[str, tuple[Reaction, ...]]:
    return {
        "monoxide": _reactions(steps, "C", "CO", 1.0),  # (1)
        "dioxide": _reactions(steps, "C", "CO2", 2.0),  # (1)
        "iron": _reactions(steps, "Fe", "FeO", 1.0),  # (4)
    }


LOWERING, SMELTING = _by_reductant(TO_LOWER_OXIDE), _by_reductant(TO_METAL)


def _refuse_copper(value: Any) -> Any:
    if value == "copper":
        raise InputError(
            "copper cannot reduce Sb2O3: Gibbs energy of Sb2O3 + 6 Cu -> 2 Sb + 3 Cu2O is "
            "+153 kJ at 1200 K (equilibrium constant about 2e-7); use carbon, or iron on the "
            "sulphide"
        )
    return value


ReductantKind = Annotated[Literal["carbon", "iron"], BeforeValidator(_refuse_copper)]


class ReductionFurnace(UnitOp):
    """Reduce antimony oxide to crude metal under a soda slag, at 1000 to 1200 degC.

    Antimony above Sb(III), arsenate and Fe(III) first become Sb2O3, As2O3 and FeO. Of the oxides,
    given fractions are then reduced to metal; every oxygen atom removed leaves with carbon:

        MO_n + n C -> M + n CO    and    MO_n + n/2 C -> M + n/2 CO2                (1)
        n_C = n_O / (2 - x),      x = CO / (CO + CO2) by volume                     (2)
        fixed carbon drawn = (1 + e) * n_C                                          (3)
        MO_n + n Fe -> M + n FeO                      (iron as the reductant)       (4)
        Na2CO3 -> Na2O + CO2                                                        (5)

    (1), (2), (5) stoichiometry. Practice: Chinese design code GB 51445-2021, 5.11 (reverberatory:
    1100 to 1200 degC, oxide above 75 % Sb and below 5 % As, crude above 95 % Sb, secondary oxide
    below 20 % of the charged oxide). (4) is possible (-156 kJ per mole Sb2O3 at 1200 K) but
    practised on the sulphide; copper is refused (+153 kJ).

    Where things go: Sb2O3 and As2O3 that evaporate leave in ``gas``, to be caught in a dust
    collector and returned. Metals charged as metal settle into ``metal``. Of Sb2S3 a fraction
    dissolves in the metal. Water evaporates, CaCO3 gives CaO. All other solids and salts, and
    carbon that is in the feed or in excess, go to the slag unchanged (stibnite and FeS as a matte
    in it). Soda is reported as Na2O bound in the slag.

    Assumptions: reductant is fixed carbon and ash (as SiO2), or pure iron. Iron is drawn so that,
    beyond (4), ``iron_to_metal`` of it dissolves in the metal.
    Not modelled: fuel and the air that burns it, volatile matter, dust carried over, evaporation
    of lead and zinc, burning of excess carbon, slag-metal equilibrium, decomposition of dolomite.
    Limits: no oxide, no reductant; ``antimony_to_fume`` + ``antimony_to_slag`` = 1 makes no
    antimony. Every oxide on the slate needs its products there too.
    """

    feed: Inlet
    reductant: Supply
    soda: Supply
    metal: Outlet
    slag: Outlet
    gas: Outlet

    reductant_kind: ReductantKind = "carbon"
    """``carbon``, or ``iron``; see equations (1) and (4)."""
    carbon_monoxide_fraction: Fraction = default("50 %")
    """CO / (CO + CO2) of the gas made, x. Assumed, range 0.2 to 1: with fixed carbon of 85 % it
    gives 9.7 % reductant on Sb2O3, inside the 8 to 12 % usual in reverberatories (from memory)."""
    carbon_excess: Ratio = 0.0
    """Fixed carbon beyond (2), e; it goes to the slag unburnt. Assumed, range 0 to 0.5."""
    reductant_fixed_carbon: Fraction = default("85 %")
    """Fixed carbon in the reductant, the rest is ash. GB 51445-2021 asks for more than 80 %."""
    soda_ratio: Ratio = 0.06
    """Na2CO3 per dry solids of the feed, kg/kg. Assumed, range 0.04 to 0.08;
    historic briquettes had 6 to 7 % (Wang, Antimony, 1919, p. 112)."""
    antimony_to_fume: Fraction = default("8 %")
    """Of the antimony charged as oxide, what evaporates as Sb2O3. Assumed, range 3 to 20 %."""
    antimony_to_slag: Fraction = default("1 %")
    """Of the antimony charged as oxide, what the slag keeps as Sb2O3. Assumed, range 0.2 to 5 %:
    slags hold 3 to 10 % Sb (from memory), about 15 % in old soda smelting (Wang 1919, p. 107)."""
    arsenic_to_metal: Fraction = default("60 %")
    """Of the arsenic charged as oxide, what is reduced to metal. Assumed, range 40 to 80 %."""
    arsenic_to_fume: Fraction = default("30 %")
    """Of the arsenic charged as oxide, what evaporates as As2O3; the rest stays in the slag.
    Assumed, range 10 to 50 %."""
    lead_to_metal: Fraction = default("95 %")
    """Of PbO, what is reduced into the metal; the rest stays in the slag. Assumed, 90 to 99 %."""
    iron_to_metal: Fraction = default("3 %")
    """Of iron charged as oxide (with iron as reductant: of the iron drawn), what ends in the metal.
    Assumed, range 0.5 to 10 %."""
    other_metals_to_metal: Fraction = default("97 %")
    """Of Cu, Bi, Sn oxide and of Cu, Bi, Ni, Sn, Ag, Au metal, what the metal collects; the rest
    stays in the slag. Assumed, range 95 to 99.5 %."""
    sulphide_to_metal: Fraction = default("30 %")
    """Of Sb2S3 in the feed, what dissolves in the metal. Assumed, range 0 to 60 %; crude metal
    from oxide carries 0.1 to 1 % S."""

    def check(self) -> None:
        """Refuse partitions above the whole and a reductant that holds none."""
        for pair in (
            ("antimony_to_fume", "antimony_to_slag"),
            ("arsenic_to_metal", "arsenic_to_fume"),
        ):
            total = sum(getattr(self, name) for name in pair)
            if total > 1.0 + 1e-12:
                raise InputError(f"{' + '.join(pair)} is {total:.3g}; they share at most 1")
        if self.reductant_fixed_carbon == 0.0:
            raise InputError("reductant_fixed_carbon of 0 leaves no reductant; give e.g. 85 %")
        if self.reductant_kind == "iron" and self.carbon_excess > 0.0:
            raise InputError("carbon_excess means nothing with iron; leave it out")
        if self.reductant_kind == "iron" and self.iron_to_metal == 1.0:
            raise InputError("iron_to_metal of 1 leaves no iron to reduce with; give less")

    def required_species(self) -> Iterable[str]:
        """What is always made or drawn; the oxides of other metals need their metals too."""
        always = ("Sb2O3", "Sb", "Na2CO3", "Na2O", "CO2")
        if self.reductant_kind == "iron":
            return (*always, "Fe", "FeO")
        ash = ("SiO2",) if self.reductant_fixed_carbon < 1.0 else ()
        return (*always, "C", "CO", *ash)

    def is_linear(self) -> bool:
        """Always: every oxide is shared out in given fractions, and the reductant follows."""
        return True

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Reduce the charge and share it out between metal, slag and gas."""
        soda = flow_of(feed.slate, {"Na2CO3": p.soda_ratio * feed.solids.total()})
        lost = feed.only(*COLLECTED) * (1.0 - p.other_metals_to_metal)
        charge = feed.without("C") + soda - lost
        charge, consumed = _reduced(charge, p)
        reductant, unused = _drawn(consumed, p)

        metal = charge.only(*METALS) + charge.only("Sb2S3") * p.sulphide_to_metal
        rest = charge - metal
        arsenic_to_slag = _remainder(p.arsenic_to_metal, p.arsenic_to_fume)
        antimony_gone = ratio(p.antimony_to_fume, p.antimony_to_fume + p.antimony_to_slag)
        arsenic_gone = ratio(p.arsenic_to_fume, p.arsenic_to_fume + arsenic_to_slag)
        fume = rest.only("Sb2O3") * antimony_gone + rest.only("As2O3") * arsenic_gone
        gas = rest.gas + fume
        return {
            "reductant": reductant,
            "soda": soda,
            "metal": metal + unused.only("Fe"),
            "slag": rest - gas + lost + feed.only("C") + unused.without("Fe"),
            "gas": gas,
        }

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:  # noqa: ARG002
        """Recovery, grades, reagents per tonne of metal and the hearth this takes."""
        feed, metal, slag = flows["feed"], flows["metal"], flows["slag"]
        made, charged = metal.total(), feed.solids.total()
        return (
            Figure(ratio(metal.element("Sb"), feed.element("Sb")), "%", "antimony to metal"),
            Figure(ratio(flows["gas"].element("Sb"), feed.element("Sb")), "%", "antimony to fume"),
            Figure(ratio(metal.element("Sb"), made), "%", "Sb in crude metal"),
            Figure(ratio(slag.element("Sb"), slag.total()), "%", "Sb in slag"),
            Figure(ratio(slag.total(), charged), "%", "slag of dry feed"),
            Figure(flows["reductant"].total(), "t/h", "reductant demand"),
            Figure(ratio(flows["reductant"].total(), made), "kg/t", "reductant per metal"),
            Figure(ratio(flows["soda"].total(), made), "kg/t", "soda per metal"),
            Figure(charged / HEARTH_LOAD, "m^2", "hearth at 1.25 t/(m2 d)"),
        )

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Charge, settings and products outside what the design code and practice cover."""
        feed, metal = flows["feed"].solids, flows["metal"]
        if first(feed.total()) == 0.0:
            return ()
        antimony, arsenic = (first(feed.element(of) / feed.total()) for of in ("Sb", "As"))
        grade = first(ratio(metal.element("Sb"), metal.total()))
        fume = first(ratio(flows["gas"].element("Sb"), feed.element("Sb")))
        soda, carbon = first(p.soda_ratio), first(p.reductant_fixed_carbon)
        by_carbon = p.reductant_kind == "carbon"
        found = (
            (antimony < 0.75, f"charge holds {antimony:.1%} Sb; designed for more than 75 %"),
            (arsenic > 0.05, f"charge holds {arsenic:.1%} As; designed for less than 5 %"),
            (fume > 0.2, f"{fume:.0%} of the antimony leaves as fume; practice is below 20 %"),
            (not 0.04 <= soda <= 0.08, f"soda is {soda:.1%} of the feed; 4 to 8 % is usual"),
            (by_carbon and carbon < 0.8, f"reductant holds {carbon:.0%} fixed C; use above 80 %"),
            (grade < 0.9, f"crude metal holds {grade:.1%} Sb; 90 to 98 % is usual from oxide"),
        )
        return [text for holds, text in found if holds]


def _reduced(charge: Flow, p: Parameters) -> tuple[Flow, Flow]:
    """The charge after every reaction on the slate, and the reductant they consumed."""
    reductant = "Fe" if p.reductant_kind == "iron" else "C"
    first = change_by_share(charge, DECOMPOSITIONS) + _reduction(charge, LOWERING, 1.0, p)
    lowered = after_change(charge, first.without(reductant))
    second = _reduction(lowered, SMELTING, _to_metal(charge.slate, p), p)
    smelted = after_change(lowered, second.without(reductant))
    return smelted, -(first + second).only(reductant)


def _reduction(
    charge: Flow, reactions: Mapping[str, tuple[Reaction, ...]], share: Any, p: Parameters
) -> Flow:
    """What reducing a share of every oxide makes and uses up."""
    if p.reductant_kind == "iron":
        return change_by_share(charge, reactions["iron"], share)
    oxygen_as_monoxide = p.carbon_monoxide_fraction / (2.0 - p.carbon_monoxide_fraction)  # (2)
    to_monoxide, to_dioxide = share * oxygen_as_monoxide, share * (1.0 - oxygen_as_monoxide)
    by_monoxide = change_by_share(charge, reactions["monoxide"], to_monoxide)
    return by_monoxide + change_by_share(charge, reactions["dioxide"], to_dioxide)


def _to_metal(slate: Slate, p: Parameters) -> Array:
    """Share of every oxide that becomes metal, (constituents, scenarios)."""
    return per_species(
        slate,
        {
            "Sb2O3": _remainder(p.antimony_to_fume, p.antimony_to_slag),
            "As2O3": p.arsenic_to_metal,
            "PbO": p.lead_to_metal,
            "FeO": p.iron_to_metal,
            **dict.fromkeys(("Cu2O", "Bi2O3", "SnO2"), p.other_metals_to_metal),
        },
    )


def _drawn(consumed: Flow, p: Parameters) -> tuple[Flow, Flow]:
    """What is drawn from outside, and what of it no oxide consumes."""
    if p.reductant_kind == "iron":
        iron = consumed * (1.0 / (1.0 - p.iron_to_metal))
        return iron, iron - consumed
    carbon = consumed * (1.0 + p.carbon_excess)  # (3)
    ash_per_carbon = 1.0 / p.reductant_fixed_carbon - 1.0
    if not np.count_nonzero(np.real(ash_per_carbon)):
        return carbon, carbon - consumed
    reductant = carbon + flow_of(consumed.slate, {"SiO2": carbon.of("C") * ash_per_carbon})
    return reductant, reductant - consumed


def _remainder(*shares: Any) -> Array:
    """What given shares leave of the whole; a rounding below zero is nothing."""
    left: Array = np.maximum(0.0, 1.0 - sum(shares))
    return left
