"""Lead out of molten antimony with phosphate and air or nitrate."""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow
from flowsheet.core.parameters import Fraction, Ratio, default
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.reaction import (
    Reaction,
    after_change,
    change_by_extent,
    change_by_share,
)
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters
from unitops.refining.molten_antimony import (
    BATH,
    BlownAntimony,
    air_blown,
    bath_warnings,
    charge_of,
    metal_figures,
    refuse_without,
    said,
)

PHOSPHATE = {"sodium": "NaPO3", "ammonium": "NH4H2PO4"}
PHOSPHATING = {
    "sodium": (Reaction("6 Pb + 3 O2 + 6 NaPO3 -> 2 Pb3(PO4)2 + 2 Na3PO4"),),
    "ammonium": (Reaction("6 Pb + 3 O2 + 4 NH4H2PO4 -> 2 Pb3(PO4)2 + 4 NH3 + 6 H2O(g)"),),
}
LOSS = (Reaction("4 Sb + 3 O2 -> 2 Sb2O3"),)
NITRATE = (Reaction("4 NaNO3 -> 2 Na2O + 2 N2 + 5 O2"),)
DECOMPOSITION = (Reaction("2 NH4H2PO4 -> P2O5 + 2 NH3 + 3 H2O(g)"),)
VAPOURS = ("NH3", "H2O(g)")


class LeadStep(BlownAntimony):
    """Settings of the step that takes out lead; without ``lead_removal`` there is none."""

    lead_removal: Fraction | None = None
    """Of the lead, what phosphate takes out. 98.85 % in the laboratory (Ye et al. 2015, abstract);
    assumed in plants, range 80 to 99 %."""
    phosphate_kind: Literal["sodium", "ammonium"] = "sodium"
    """NaPO3, or NH4H2PO4, whose ammonia leaves with the gas."""
    phosphate_excess: Ratio = 2.0
    """Phosphate beyond (1) or (2), e. Range 1 to 3: 2 to 4 times theory in practice (quoted from
    memory)."""
    oxidant: Literal["air", "nitrate"] = "air"
    """Air, or NaNO3 charged with the phosphate."""
    antimony_to_phosphate_slag: Fraction = default("5 %")
    """Of the antimony, what burns by (3) into the phosphate slag. Assumed, range 1 to 13 %: the
    published 4.02 % Pb before and 0.0534 % after 98.85 % removal hold together with 9.4 %."""

    def check(self) -> None:
        """Refuse settings of a step that is left out, and what explodes."""
        super().check()
        refuse_without(
            self,
            "lead_removal",
            *("phosphate_kind", "phosphate_excess", "oxidant", "antimony_to_phosphate_slag"),
        )
        if (self.phosphate_kind, self.oxidant) == ("ammonium", "nitrate"):
            raise InputError(
                "phosphate_kind 'ammonium' with oxidant 'nitrate' heats ammonium nitrate, which "
                "explodes; use air, or 'sodium'"
            )


def lead_species(unit: LeadStep) -> Iterable[str]:
    """What the step draws and makes."""
    if unit.lead_removal is None:
        return ()
    by_kind = {"sodium": ("Na3PO4",), "ammonium": (*VAPOURS, "P2O5")}
    by_oxidant = {"air": (), "nitrate": ("NaNO3", "Na2O")}
    return (
        *("Sb", "Pb", "O2", "N2", "Sb2O3", "Pb3(PO4)2", PHOSPHATE[unit.phosphate_kind]),
        *by_kind[unit.phosphate_kind],
        *by_oxidant[unit.oxidant],
    )


class LeadTaken(NamedTuple):
    """What the step leaves, draws and makes."""

    bath: Flow
    phosphate: Flow
    air: Flow
    slag: Flow
    gas: Flow


def take_out_lead(bath: Flow, p: Parameters) -> LeadTaken:
    """Take lead into a phosphate slag, by equations (1) to (5) of `LeadRemoval`."""
    nothing = bath * 0.0
    if p.lead_removal is None:
        return LeadTaken(bath, nothing, nothing, nothing, nothing)
    reagent = PHOSPHATE[p.phosphate_kind]
    change = change_by_share(bath, PHOSPHATING[p.phosphate_kind], p.lead_removal)  # (1), (2)
    change = change + change_by_share(bath, LOSS, p.antimony_to_phosphate_slag)  # (3)
    consumed, oxygen = -change.only(reagent), -change.only("O2")
    unused = consumed * p.phosphate_excess  # (5)
    left = unused
    if p.phosphate_kind == "ammonium":  # nothing of it outlives the heat
        left = unused + change_by_share(unused, DECOMPOSITION)
        left = left.without(reagent)
    drawn, spent = _oxidant(oxygen, p)
    slag = change.only("Pb3(PO4)2", "Na3PO4", "Sb2O3") + left.solids + spent.solids
    return LeadTaken(
        bath=after_change(bath, change.only(*BATH)),
        phosphate=consumed + unused + drawn.solids,
        air=drawn.gas,
        slag=slag,
        gas=change.only(*VAPOURS) + left.gas + spent.gas,
    )


def _oxidant(used: Flow, p: Parameters) -> tuple[Flow, Flow]:
    """Air or nitrate that offers the oxygen used, and what of it is left; (4)."""
    if p.oxidant == "air":
        return air_blown(used, p)
    offered = used * (1.0 / p.oxygen_utilisation)
    change = change_by_extent(used.slate, NITRATE, [offered.moles("O2") / 5.0])
    surplus = used * (1.0 / p.oxygen_utilisation - 1.0)
    return -change.only("NaNO3"), change.only("Na2O", "N2") + surplus


class LeadRemoval(LeadStep):
    """Take lead out of molten antimony into a phosphate slag, from 590 degC upwards.

    Oxygen alone burns antimony before lead; phosphate makes lead the more easily oxidised one:

        6 Pb + 3 O2 + 6 NaPO3 -> 2 Pb3(PO4)2 + 2 Na3PO4             0.492 kg per kg Pb  (1)
        6 Pb + 3 O2 + 4 NH4H2PO4 -> 2 Pb3(PO4)2 + 4 NH3 + 6 H2O     0.370 kg per kg Pb  (2)
        4 Sb + 3 O2 -> 2 Sb2O3                                      loss to the slag    (3)
        4 NaNO3 -> 2 Na2O + 2 N2 + 5 O2                             in place of air     (4)
        phosphate drawn = (1 + e) * (phosphate of (1) or (2))                           (5)

    Ye et al. 2015 (abstract): with NaPO3 and NaNO3 98.85 % of the lead is removed, to 0.0534 %; PbO
    and NaPO3 react from 590 degC, to NaPb4(PO4)3 below 850 degC and NaPbPO4 above. (1) is written
    with Pb3(PO4)2 and Na3PO4, which together are 3 NaPbPO4, so that assays are the same.

    Where things go: lead and sodium phosphate, unused phosphate (of NH4H2PO4, P2O5), Sb2O3, Na2O of
    the nitrate and whatever in the crude is no metal to ``slag``; ammonia, steam, nitrogen and
    oxygen that is left to ``gas``. Nitrate is drawn with the phosphate.
    Assumptions: lead leaves in the given share whatever its content.
    Not modelled: arsenic, tin and iron, which phosphate and oxygen take in part as well; nitrogen
    oxides of the nitrate (N2 stands for them); burning of ammonia; volatile Sb2O3.
    Limits: no lead, no phosphate; antimony still burns, as long as the slag is blown.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.streams.feed import Feed
    >>> plant = Flowsheet(
    ...     species=["Sb", "Pb", "NaPO3", "Pb3(PO4)2", "Na3PO4", "Sb2O3", "O2", "N2"],
    ...     units={
    ...         "crude": Feed(
    ...             outlet="crude", flow="10 t/h", composition={"Pb": "4 %", "Sb": "96 %"}
    ...         ),
    ...         "furnace": LeadRemoval(
    ...             crude="crude", phosphate="phosphate", air="air",
    ...             metal="metal", slag="slag", gas="gas", lead_removal="98.85 %",
    ...         ),
    ...     },
    ... )
    >>> print(solve(plant).figures("furnace")[3])
    Pb in refined metal 0.05041 %
    """

    crude: Inlet
    phosphate: Supply
    air: Supply
    metal: Outlet
    slag: Outlet
    gas: Outlet

    lead_removal: Fraction = default("95 %")
    """Of the lead, what phosphate takes out. 98.85 % in the laboratory (Ye et al. 2015, abstract);
    assumed in plants, range 80 to 99 %."""

    def is_linear(self) -> bool:
        """Always: lead and antimony leave in given shares, and the reagents follow."""
        return True

    def required_species(self) -> Iterable[str]:
        """What the step draws and makes."""
        return lead_species(self)

    def run(self, crude: Flow, p: Parameters) -> Outlets:
        """Take out lead; what the crude carries beside metal is skimmed."""
        charge = charge_of(crude)
        taken = take_out_lead(charge.bath, p)
        return {
            "phosphate": taken.phosphate,
            "air": taken.air,
            "metal": taken.bath,
            "slag": taken.slag + charge.skimmings,
            "gas": taken.gas + charge.vapours,
        }

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Recovery, lead left, reagents and the slag."""
        air = Figure(flows["air"].moles("O2", "N2"), "Nm3/h", "air demand")
        return (*metal_figures(flows, "Pb"), *lead_figures(flows, flows["slag"], p), air)

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Phosphate and removal outside practice."""
        if first(flows["metal"].total()) == 0.0:
            return ()
        return (*bath_warnings(flows, p), *lead_warnings(flows, p))


def lead_figures(flows: Flows, slag: Flow, p: Parameters) -> list[Figure]:
    """Phosphate, ammonia, and the phosphate slag."""
    if p.lead_removal is None:
        return []
    metal = flows["metal"]
    reagent = flows["phosphate"].of(PHOSPHATE[p.phosphate_kind])
    removed = flows["crude"].of("Pb") - metal.of("Pb")
    return [
        Figure(reagent, "t/h", "phosphate demand"),
        Figure(ratio(reagent, metal.total()), "kg/t", "phosphate per refined metal"),
        Figure(ratio(reagent, removed), "", "phosphate per lead removed, kg/kg"),
        Figure(flows["phosphate"].of("NaNO3"), "t/h", "nitrate demand"),
        Figure(flows["gas"].of("NH3"), "t/h", "ammonia in the gas"),
        Figure(ratio(slag.total(), metal.total()), "%", "phosphate slag of refined metal"),
        Figure(ratio(slag.element("Pb"), slag.total()), "%", "Pb in phosphate slag"),
        Figure(ratio(slag.element("Sb"), slag.total()), "%", "Sb in phosphate slag"),
    ]


def lead_warnings(flows: Flows, p: Parameters) -> list[str]:
    """Lead that stays, and a step outside practice."""
    lead = first(flows["metal"].element("Pb") / flows["metal"].total())
    if p.lead_removal is None:
        return said(
            (
                lead > 0.003,
                f"{lead:.2%} Pb stays in the metal, more than grade Sb99.65 allows: alkali does "
                f"not remove lead; give lead_removal",
            )
        )
    removal, excess = first(p.lead_removal), first(p.phosphate_excess)
    charged = first(flows["crude"].of("Pb")) > 0.0
    return said(
        (
            removal > 0.9885,
            f"lead_removal is {removal:.2%}; 98.85 % is the best that is published",
        ),
        (
            charged and not 1.0 <= excess <= 3.0,
            f"phosphate is {1.0 + excess:.2g} times theory; 2 to 4 times is usual",
        ),
        (
            first(flows["gas"].of("NH3")) > 0.0,
            f"{3.6 * first(flows['gas'].of('NH3')):.3g} t/h ammonia leaves with the gas; the dust "
            f"collector does not hold it, a scrubber does",
        ),
    )
