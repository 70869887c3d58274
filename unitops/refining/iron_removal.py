"""Iron out of crude antimony with stibnite."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow, flow_of
from flowsheet.core.formula import parse_formula
from flowsheet.core.parameters import Fraction, Ratio, default
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.reaction import Reaction, react
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters
from unitops.refining.molten_antimony import (
    MoltenAntimony,
    bath_warnings,
    charge_of,
    metal_figures,
    refuse_without,
    said,
)

SULPHUR_IN_STIBNITE = parse_formula("Sb2S3").mass_fractions()["S"]
SULPHUR_PER_IRON = parse_formula("S").molar_mass / parse_formula("Fe").molar_mass
PRECIPITATION = (Reaction("Sb2S3 + 3 Fe -> 2 Sb + 3 FeS"),)


class IronStep(MoltenAntimony):
    """Settings of the step that takes out iron; without ``iron_removal`` there is none."""

    iron_removal: Fraction | None = None
    """Of the iron, what stibnite takes out. Assumed, range 80 to 98 %."""
    sulphur_per_iron: Ratio = 1.2
    """Sulphur of the stibnite per iron of the crude, kg/kg. 1.0 to 1.4 (explanatory notes of the
    Chinese design code GB 51445-2021, 6.2); 0.574 is theory."""
    excess_sulphide_dissolved: Fraction = default("30 %")
    """Of the stibnite in excess, what dissolves in the metal; the rest goes to the dross.
    Assumed, range 0 to 100 %: liquid antimony takes up some sulphide, and soda has to
    remove sulphur after this step (GB 51445-2021)."""

    def check(self) -> None:
        """Refuse stibnite that cannot do it, and settings of a step that is left out."""
        super().check()
        refuse_without(self, "iron_removal", "sulphur_per_iron", "excess_sulphide_dissolved")
        if self.iron_removal is None:
            return
        need = SULPHUR_PER_IRON * self.iron_removal
        if self.sulphur_per_iron < need:
            raise InputError(
                f"sulphur_per_iron of {self.sulphur_per_iron:g} cannot remove "
                f"{self.iron_removal:.0%} of the iron; that takes {need:.3f} or more"
            )


class IronTaken(NamedTuple):
    """What the step leaves, draws and skims."""

    bath: Flow
    sulphide: Flow
    dross: Flow


def take_out_iron(bath: Flow, p: Parameters) -> IronTaken:
    """Precipitate iron as FeS, by equations (1) to (3) of `IronRemoval`."""
    nothing = bath * 0.0
    if p.iron_removal is None or "Fe" not in bath.slate:
        return IronTaken(bath, nothing, nothing)
    stibnite = p.sulphur_per_iron * bath.of("Fe") / SULPHUR_IN_STIBNITE  # (2)
    sulphide = flow_of(bath.slate, {"Sb2S3": stibnite})
    extent = np.minimum(p.iron_removal * bath.moles("Fe") / 3.0, sulphide.moles("Sb2S3"))
    after = react(bath.only("Fe") + sulphide, PRECIPITATION, [extent])  # (1)
    excess = after.only("Sb2S3")
    dissolved = excess * p.excess_sulphide_dissolved  # (3)
    return IronTaken(
        bath=bath.without("Fe") + after.only("Fe", "Sb") + dissolved,
        sulphide=sulphide,
        dross=after.only("FeS") + (excess - dissolved),
    )


class IronRemoval(IronStep):
    """Precipitate iron from molten antimony with stibnite, and skim the sulphide.

        Sb2S3 + 3 Fe -> 2 Sb + 3 FeS                     0.574 kg S per kg Fe       (1)
        stibnite drawn = s * Fe in crude / 0.283                                    (2)
        of the stibnite in excess, a share dissolves, the rest is skimmed           (3)

    Stoichiometry; practice (s of 1.0 to 1.4) from the explanatory notes of the Chinese design code
    GB 51445-2021, 6.2.

    Where things go: FeS, stibnite in excess and whatever in the crude is no metal to ``dross``;
    gas and moisture of the crude to ``gas``; all other metals, and the sulphur, stay in ``metal``.
    Assumptions: iron leaves in the given share whatever its content; the stibnite is pure.
    Not modelled: the equilibrium of iron between metal and matte; sulphides of Cu, Ni and Zn, which
    stibnite takes in part as well; loss of antimony as droplets and vapour.
    Limits: no iron, no stibnite.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.streams.feed import Feed
    >>> crude = Feed(outlet="crude", flow="10 t/h", composition={"Sb": "97 %", "Fe": "3 %"})
    >>> plant = Flowsheet(
    ...     species=["Sb", "Fe", "Sb2S3", "FeS"],
    ...     units={
    ...         "crude": crude,
    ...         "furnace": IronRemoval(
    ...             crude="crude", sulphide="stibnite", metal="metal", dross="dross", gas="gas"
    ...         ),
    ...     },
    ... )
    >>> for figure in solve(plant).figures("furnace")[-3:-1]:
    ...     print(figure)
    stibnite demand 1.271 t/h
    stibnite per refined metal 123 kg/t
    """

    crude: Inlet
    sulphide: Supply
    metal: Outlet
    dross: Outlet
    gas: Outlet

    iron_removal: Fraction = default("90 %")
    """Of the iron, what stibnite takes out. Assumed, range 80 to 98 %."""

    def is_linear(self) -> bool:
        """Always: shares and a ratio to the iron of the crude."""
        return True

    def required_species(self) -> Iterable[str]:
        """What the step is about."""
        return ("Sb", "Fe", "Sb2S3", "FeS")

    def run(self, crude: Flow, p: Parameters) -> Outlets:
        """Take out iron; what the crude carries beside metal is skimmed."""
        charge = charge_of(crude)
        taken = take_out_iron(charge.bath, p)
        return {
            "sulphide": taken.sulphide,
            "metal": taken.bath,
            "dross": taken.dross + charge.skimmings,
            "gas": charge.vapours,
        }

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:  # noqa: ARG002
        """Recovery, iron and sulphur left, stibnite and dross."""
        return (*metal_figures(flows, "Fe", "S"), *iron_figures(flows))

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Stibnite outside practice."""
        if first(flows["metal"].total()) == 0.0:
            return ()
        return (*bath_warnings(flows, p), *iron_warnings(flows, p))


def iron_figures(flows: Flows) -> list[Figure]:
    """Stibnite and dross."""
    sulphide = flows["sulphide"].total()
    return [
        Figure(sulphide, "t/h", "stibnite demand"),
        Figure(ratio(sulphide, flows["metal"].total()), "kg/t", "stibnite per refined metal"),
        Figure(flows["dross"].total(), "t/h", "dross"),
    ]


def iron_warnings(flows: Flows, p: Parameters) -> list[str]:
    """Stibnite outside practice, and iron that stays."""
    metal = flows["metal"]
    iron, sulphur = first(metal.element("Fe") / metal.total()), first(p.sulphur_per_iron)
    removal = 0.0 if p.iron_removal is None else first(p.iron_removal)
    used = first(flows["sulphide"].total()) > 0.0
    return said(
        (
            used and not 1.0 <= sulphur <= 1.4,
            f"stibnite brings {sulphur:.2f} kg S per kg Fe; practice is 1.0 to 1.4",
        ),
        (
            used and removal > 0.98,
            f"iron_removal is {removal:.1%}; 80 to 98 % is thought to be usual",
        ),
        (
            p.iron_removal is None and iron > 0.001,
            f"{iron:.2%} Fe stays in the metal; give iron_removal",
        ),
    )
