"""Reduction smelting of antimony oxide to crude metal with carbon (or iron) and soda."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BeforeValidator

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow, flow_of
from flowsheet.core.parameters import Fraction, Ratio, default
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.reaction import Reaction, react
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, UnitOp

SETTLING = ("Sb", "As", "Pb", "Fe")
COLLECTED = ("Cu", "Bi", "Ni", "Sn", "Ag", "Au")
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


@lru_cache(maxsize=64)
def _reactions(step: Reduction, kind: str) -> tuple[Reaction, ...]:
    oxide, products, n = step
    if kind == "iron":
        return (Reaction(f"{oxide} + {n} Fe -> {products} + {n} FeO"),)  # (4)
    return (  # (1)
        Reaction(f"{oxide} + {n} C -> {products} + {n} CO"),
        Reaction(f"{oxide} + {n / 2} C -> {products} + {n / 2} CO2"),
    )


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

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Reduce the charge and share it out between metal, slag and gas."""
        slate = feed.slate
        soda = flow_of(slate, {"Na2CO3": p.soda_ratio * feed.solids.total()})
        lost = feed.only(*COLLECTED) * (1.0 - p.other_metals_to_metal)
        unburnt = feed.only("C")
        charge = feed + soda - lost - unburnt
        present = [reaction for reaction in DECOMPOSITIONS if reaction.key in slate]
        charge = react(charge, present, [charge.moles(reaction.key) for reaction in present])  # (5)
        charge, consumed = self._reduce(charge, p)
        reductant, unused = self._drawn(consumed, p)

        metal = charge.only(*SETTLING, *COLLECTED) + charge.only("Sb2S3") * p.sulphide_to_metal
        unused_iron = unused.only("Fe")
        rest = charge - metal
        arsenic_to_slag = _remainder(p.arsenic_to_metal, p.arsenic_to_fume)
        antimony_gone = ratio(p.antimony_to_fume, p.antimony_to_fume + p.antimony_to_slag)
        arsenic_gone = ratio(p.arsenic_to_fume, p.arsenic_to_fume + arsenic_to_slag)
        fume = rest.only("Sb2O3") * antimony_gone + rest.only("As2O3") * arsenic_gone
        slag = rest - rest.gas - fume + lost + unburnt + (unused - unused_iron)
        return {
            "reductant": reductant,
            "soda": soda,
            "metal": metal + unused_iron,
            "slag": slag,
            "gas": rest.gas + fume,
        }

    @staticmethod
    def _reduce(charge: Flow, p: Parameters) -> tuple[Flow, Flow]:
        """The charge after every reduction on the slate, and the reductant they consumed."""
        shares = {
            "Sb2O3": _remainder(p.antimony_to_fume, p.antimony_to_slag),
            "As2O3": p.arsenic_to_metal,
            "PbO": p.lead_to_metal,
            "FeO": p.iron_to_metal,
        }
        consumed = charge * 0.0
        for step in (*TO_LOWER_OXIDE, *TO_METAL):
            oxide = step[0]
            iron_by_iron = oxide == "FeO" and p.reductant_kind == "iron"
            if oxide in charge.slate and not iron_by_iron:
                whole = 1.0 if step in TO_LOWER_OXIDE else p.other_metals_to_metal
                extent = shares.get(oxide, whole) * charge.moles(oxide)
                charge, used = _reduced(charge, step, extent, p)
                consumed = consumed + used
        return charge, consumed

    @staticmethod
    def _drawn(consumed: Flow, p: Parameters) -> tuple[Flow, Flow]:
        """What is drawn from outside, and what of it no oxide consumes."""
        if p.reductant_kind == "iron":
            iron = consumed * (1.0 / (1.0 - p.iron_to_metal))
            return iron, iron - consumed
        carbon = consumed * (1.0 + p.carbon_excess)  # (3)
        if not np.any(np.real(p.reductant_fixed_carbon) < 1.0):
            return carbon, carbon - consumed
        ash = carbon.of("C") * (1.0 / p.reductant_fixed_carbon - 1.0)
        reductant = carbon + flow_of(consumed.slate, {"SiO2": ash})
        return reductant, reductant - consumed

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


def _reduced(charge: Flow, step: Reduction, extent: Array, p: Parameters) -> tuple[Flow, Flow]:
    """The charge after one reduction, and the reductant it consumed."""
    reactions = _reactions(step, p.reductant_kind)
    name, extents = "Fe", [extent]
    if p.reductant_kind == "carbon":
        oxygen_as_monoxide = p.carbon_monoxide_fraction / (2.0 - p.carbon_monoxide_fraction)  # (2)
        name, extents = "C", [extent * oxygen_as_monoxide, extent * (1.0 - oxygen_as_monoxide)]
    moles = sum(
        reaction.reactants[name] * amount
        for reaction, amount in zip(reactions, extents, strict=True)
    )
    slate = charge.slate
    used = flow_of(slate, {name: moles * slate.molar_mass[slate.row(name)]})
    return react(charge + used, reactions, extents), used


def _remainder(*shares: Any) -> Array:
    """What given shares leave of the whole; a rounding below zero is nothing."""
    return np.maximum(0.0, 1.0 - np.asarray(sum(shares)))
