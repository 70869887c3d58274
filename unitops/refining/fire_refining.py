"""Fire refining of crude antimony: iron out with stibnite, arsenic out with alkali and air."""

from collections.abc import Iterable, Sequence
from typing import Literal

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow, flow_of
from flowsheet.core.formula import parse_formula
from flowsheet.core.parameters import Count, Fraction, Ratio, default
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.reaction import (
    Reaction,
    after_change,
    change_by_extent,
    change_by_share,
    react,
)
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, UnitOp

METALS = ("Sb", "As", "Pb", "Fe", "Cu", "Bi", "Ni", "Sn", "Zn", "Ag", "Au", "Se", "Te")
DISSOLVED_SULPHUR = ("Sb2S3", "S")
SULPHUR_IN_STIBNITE = parse_formula("Sb2S3").mass_fractions()["S"]
SULPHUR_PER_IRON = parse_formula("S").molar_mass / parse_formula("Fe").molar_mass
DEIRONING = (Reaction("Sb2S3 + 3 Fe -> 2 Sb + 3 FeS"),)
BURNING = (Reaction("4 Sb + 3 O2 -> 2 Sb2O3"),)
ALKALI = {"soda": "Na2CO3", "caustic": "NaOH"}
SLAGGING = {
    "soda": {
        "Sb": (Reaction("4 Sb + 5 O2 + 6 Na2CO3 -> 4 Na3SbO4 + 6 CO2"),),
        "As": (Reaction("4 As + 5 O2 + 6 Na2CO3 -> 4 Na3AsO4 + 6 CO2"),),
    },
    "caustic": {
        "Sb": (Reaction("4 Sb + 5 O2 + 12 NaOH -> 4 Na3SbO4 + 6 H2O(g)"),),
        "As": (Reaction("4 As + 5 O2 + 12 NaOH -> 4 Na3AsO4 + 6 H2O(g)"),),
    },
}
THEORY_PER_ARSENIC = {"soda": 2.122, "caustic": 1.602}  # kg alkali per kg As, equation (2)
OXYGEN_IN_AIR = 0.2095  # mole fraction; the rest is counted as nitrogen
NITROGEN_PER_OXYGEN = (  # kg/kg
    (1.0 / OXYGEN_IN_AIR - 1.0) * parse_formula("N2").molar_mass / parse_formula("O2").molar_mass
)


class FireRefining(UnitOp):
    """Refine crude antimony in a reverberatory or kettle furnace, at 700 to 850 degC.

    First iron is precipitated with stibnite, then arsenic is blown into an alkali slag:

        Sb2S3 + 3 Fe -> 2 Sb + 3 FeS                       0.574 kg S per kg Fe     (1)
        4 As + 5 O2 + 6 Na2CO3 -> 4 Na3AsO4 + 6 CO2        2.122 kg soda per kg As  (2)
        4 As + 5 O2 + 12 NaOH -> 4 Na3AsO4 + 6 H2O         1.602 kg NaOH per kg As  (2)
        4 Sb + 5 O2 + 6 Na2CO3 -> 4 Na3SbO4 + 6 CO2        1.306 kg soda per kg Sb  (3)
        4 Sb + 3 O2 -> 2 Sb2O3                             secondary oxide          (4)
        As left = As * (1 - r)^N     or     As left = w * refined metal             (5)
        alkali drawn = (1 + e) * (alkali of (2) and (3))                            (6)

    (1), (2) and practice: explanatory notes of the Chinese design code GB 51445-2021 (1.0 to
    1.4 kg S per kg Fe; arsenic-alkali slag 5.0 to 7.5 % of the refined antimony with 3 to 30 % Sb;
    direct recovery 70 to 78 %, above 98 % with the returns); (3) the same for antimony; (5)
    first-order removal in N renewals of the slag.

    Where things go: FeS and stibnite in excess to ``dross``; arsenate, antimonate, unused alkali
    and whatever in the crude is no metal to ``slag``; Sb2S3 and S dissolved in the crude are
    taken up by the soda as such, to ``sulphur_removal``; secondary oxide, carbon dioxide or steam
    and spent air leave in ``gas``, to be caught in a dust collector and returned.
    Assumptions: the target holds in the refined metal, and crude that is better than it keeps
    its arsenic. Alkali spent on sulphur is part of the excess. Air is 20.95 % O2, rest N2.
    Not modelled: fuel; lead, copper, bismuth, nickel, tin and zinc (they stay: PbO oxidises
    antimony, so lead needs phosphate); iron taken up by the alkali; arsenic that evaporates.
    Limits: no metal, no supplies; r = 1 takes out all arsenic, r = 0 none.
    """

    crude: Inlet
    alkali: Supply
    air: Supply
    sulphide: Supply
    metal: Outlet
    slag: Outlet
    dross: Outlet
    gas: Outlet

    alkali_kind: Literal["soda", "caustic"] = "soda"
    """Na2CO3 or NaOH."""
    stages: Count | None = None
    """Number of times the slag is renewed, N. Give it with ``arsenic_removal_per_stage``."""
    arsenic_removal_per_stage: Fraction | None = None
    """Fraction of the arsenic that one slag takes out, r; 0.8 to 0.9 is assumed to be usual."""
    arsenic_target: Fraction | None = None
    """Mass fraction of arsenic in the refined metal, w, instead of the two above."""
    alkali_excess: Ratio = 0.2
    """Alkali beyond (2) and (3), e. Assumed, range 0 to 1.5, so that in all 1.5 to 3
    times what (2) takes is drawn; GB 51445-2021 says only that practice takes more than theory."""
    antimony_oxidised: Fraction = default("1 %")
    """Of the antimony, what the alkali slag takes up by (3). Assumed, range 0.2 to 3 %: slag of
    5.0 to 7.5 % with 3 to 30 % Sb (GB 51445-2021) holds 0.2 to 2.3 %."""
    secondary_oxide: Fraction = default("5 %")
    """Of the antimony, what burns by (4) and leaves with the gas. Assumed, range 2 to 20 %."""
    oxygen_utilisation: Fraction = default("30 %")
    """Of the oxygen blown, what reacts. Assumed, range 10 to 60 %."""
    sulphur_removal: Fraction = default("95 %")
    """Of the sulphur dissolved in the crude, what the alkali takes. Assumed, range 90 to 99 %."""
    iron_removal: Fraction | None = None
    """Of the iron, what (1) takes out; without it there is no such step. 0.8 to 0.98 is assumed
    to be usual."""
    sulphur_per_iron: Ratio = 1.2
    """Sulphur of the stibnite per iron of the crude, kg/kg. 1.0 to 1.4 (GB 51445-2021)."""

    def check(self) -> None:
        """Refuse no or two ways to know the arsenic, and steps that lack what they need."""
        by_stages = (self.stages is not None, self.arsenic_removal_per_stage is not None)
        if any(by_stages) == (self.arsenic_target is not None) or any(by_stages) != all(by_stages):
            raise InputError(
                "give either stages with arsenic_removal_per_stage, or arsenic_target, not both"
            )
        if self.arsenic_target == 1.0:
            raise InputError("arsenic_target of 1 is no antimony; give e.g. 500 ppm")
        oxidised = self.antimony_oxidised + self.secondary_oxide
        if oxidised > 1.0 + 1e-12:
            raise InputError(
                f"antimony_oxidised + secondary_oxide is {oxidised:.3g}; they share at most 1"
            )
        if self.oxygen_utilisation == 0.0:
            raise InputError("oxygen_utilisation of 0 takes endless air; give e.g. 30 %")
        if self.iron_removal is not None:
            need = SULPHUR_PER_IRON * self.iron_removal
            if self.sulphur_per_iron < need:
                raise InputError(
                    f"sulphur_per_iron of {self.sulphur_per_iron:g} cannot remove "
                    f"{self.iron_removal:.0%} of the iron; that takes {need:.3f} or more"
                )

    def required_species(self) -> Iterable[str]:
        """What the blow makes; arsenic and iron on the slate need Na3AsO4, and FeS and Sb2S3."""
        made = "CO2" if self.alkali_kind == "soda" else "H2O(g)"
        return ("Sb", ALKALI[self.alkali_kind], "O2", "N2", made, "Na3SbO4", "Sb2O3")

    def is_linear(self) -> bool:
        """With a given number of stages; crude that is better than a target keeps its arsenic."""
        return self.arsenic_target is None

    def run(self, crude: Flow, p: Parameters) -> Outlets:
        """Take out iron, then arsenic; what the crude carries beside metal is skimmed."""
        sulphide, bath, dross = _deironed(crude.only(*METALS), p)
        dissolved = crude.only(*DISSOLVED_SULPHUR)
        kept = dissolved * (1.0 - p.sulphur_removal)

        change = _blow(bath, kept.total(), p)
        alkali = -change.only(ALKALI[p.alkali_kind]) * (1.0 + p.alkali_excess)  # (6)
        oxygen = -change.only("O2") * (1.0 / p.oxygen_utilisation)
        air = oxygen + flow_of(crude.slate, {"N2": oxygen.of("O2") * NITROGEN_PER_OXYGEN})
        after = after_change(bath + alkali + air, change)

        metal = after.only(*METALS)
        gas = after.gas + after.only("Sb2O3")
        skimmed = crude.solids.without(*METALS, *DISSOLVED_SULPHUR)
        slag = after - metal - gas + (dissolved - kept) + skimmed.without("FeS")
        return {
            "alkali": alkali,
            "air": air,
            "sulphide": sulphide,
            "metal": metal + kept,
            "slag": slag,
            "dross": dross + skimmed.only("FeS"),
            "gas": gas + crude.liquid + crude.gas,
        }

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:  # noqa: ARG002
        """Recovery, what is taken out, reagents per tonne, and the alkali slag."""
        crude, metal, slag = flows["crude"], flows["metal"], flows["slag"]
        made, alkali = metal.total(), flows["alkali"].total()
        arsenic = crude.element("As")
        removed = arsenic - metal.element("As")
        return (
            Figure(_direct_recovery(flows), "%", "direct antimony recovery"),
            Figure(ratio(removed, arsenic), "%", "arsenic removal"),
            Figure(ratio(metal.element("As"), made), "%", "As in refined metal"),
            Figure(ratio(alkali, made), "kg/t", "alkali per refined metal"),
            Figure(ratio(alkali, removed), "", "alkali per arsenic removed, kg/kg"),
            Figure(flows["air"].moles("O2", "N2"), "Nm3/h", "air demand"),
            Figure(flows["sulphide"].total(), "t/h", "stibnite demand"),
            Figure(ratio(slag.total(), made), "%", "alkali slag of refined metal"),
            Figure(ratio(slag.element("Sb"), slag.total()), "%", "Sb in alkali slag"),
        )

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Reagents, slag and recovery outside practice, and what stays in the metal."""
        crude, metal, slag = flows["crude"], flows["metal"], flows["slag"]
        if first(metal.total()) == 0.0:
            return ()
        arsenic = crude.element("As")
        theory = THEORY_PER_ARSENIC[p.alkali_kind]
        alkali = first(ratio(flows["alkali"].total(), arsenic - metal.element("As")))
        share = first(slag.total() / metal.total())
        antimony = first(ratio(slag.element("Sb"), slag.total()))
        direct = first(_direct_recovery(flows))
        lead, iron, grade = (first(metal.element(of) / metal.total()) for of in ("Pb", "Fe", "As"))
        target = 1.0 if p.arsenic_target is None else first(p.arsenic_target)
        sulphur = first(p.sulphur_per_iron)
        used = p.iron_removal is not None and first(flows["sulphide"].total()) > 0.0
        found = (
            (
                alkali > 0.0 and not 1.5 * theory <= alkali <= 3.0 * theory,
                f"alkali is {alkali:.2f} kg per kg As removed; "
                f"{1.5 * theory:.1f} to {3.0 * theory:.1f} (1.5 to 3 times theory) is usual",
            ),
            (share > 0.075, f"alkali slag is {share:.1%} of the metal; 5.0 to 7.5 % is usual"),
            (antimony > 0.3, f"alkali slag holds {antimony:.0%} Sb; 3 to 30 % is usual"),
            (direct < 0.7, f"direct antimony recovery is {direct:.0%}; 70 % or more is usual"),
            (
                used and not 1.0 <= sulphur <= 1.4,
                f"stibnite brings {sulphur:.2f} kg S per kg Fe; practice is 1.0 to 1.4",
            ),
            (
                p.iron_removal is None and iron > 0.001,
                f"{iron:.2%} Fe stays in the metal; give iron_removal",
            ),
            (
                lead > 0.003,
                f"{lead:.2%} Pb stays in the metal: alkali does not remove lead, phosphate does",
            ),
            (
                0.0 < grade < target * (1.0 - 1e-9) < 1.0 - 1e-9,
                f"As is {grade:.4%}, below arsenic_target of {target:.4%}: none is removed",
            ),
        )
        return [text for holds, text in found if holds]


def _deironed(metals: Flow, p: Parameters) -> tuple[Flow, Flow, Flow]:
    """Stibnite drawn, bath and dross after equation (1)."""
    nothing = metals * 0.0
    if p.iron_removal is None or "Fe" not in metals.slate:
        return nothing, metals, nothing
    stibnite = p.sulphur_per_iron * metals.of("Fe") / SULPHUR_IN_STIBNITE
    sulphide = flow_of(metals.slate, {"Sb2S3": stibnite})
    extent = np.minimum(p.iron_removal * metals.moles("Fe") / 3.0, sulphide.moles("Sb2S3"))
    after = react(metals + sulphide, DEIRONING, [extent])
    bath = after.only(*METALS)
    return sulphide, bath, after - bath


def _blow(bath: Flow, sulphide: Array, p: Parameters) -> Flow:
    """What (2) to (4) make and use up; ``sulphide`` stays dissolved in the metal."""
    slagging = SLAGGING[p.alkali_kind]
    change = change_by_share(bath, slagging["Sb"], p.antimony_oxidised)
    change = change + change_by_share(bath, BURNING, p.secondary_oxide)
    if "As" not in bath.slate:
        return change
    # A rounding below zero of what both take is nothing.
    share = np.maximum(0.0, 1.0 - (p.antimony_oxidised + p.secondary_oxide))
    others = bath.without("As", "Sb").total() + bath.of("Sb") * share + sulphide
    extent = _arsenic_removed(bath, others, p) / 4.0
    return change + change_by_extent(bath.slate, slagging["As"], [extent])


def _arsenic_removed(bath: Flow, others: Array, p: Parameters) -> Array:
    """Moles of arsenic to the slag by equation (5), beside ``others`` of refined metal, kg/s."""
    arsenic = bath.of("As")
    if p.arsenic_target is None:
        left = arsenic * (1.0 - p.arsenic_removal_per_stage) ** p.stages
    else:
        left = np.minimum(arsenic, others * p.arsenic_target / (1.0 - p.arsenic_target))
    removed: Array = (arsenic - left) / bath.slate.molar_mass[bath.slate.row("As")]
    return removed


def _direct_recovery(flows: Flows) -> Array:
    charged = flows["crude"].element("Sb") + flows["sulphide"].element("Sb")
    return ratio(flows["metal"].element("Sb"), charged)
