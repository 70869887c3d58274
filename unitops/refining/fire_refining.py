"""Fire refining of crude antimony: iron, sulphur, arsenic and lead out in one furnace."""

from collections.abc import Iterable, Sequence

from flowsheet.core.arithmetic import first
from flowsheet.core.flow import Flow
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters
from unitops.refining.alkali_slag import AlkaliStep, alkali_species, blow
from unitops.refining.arsenic_removal import alkali_figures, alkali_warnings
from unitops.refining.furnace_size import BatchFurnaces, furnace_figures
from unitops.refining.iron_removal import IronStep, iron_figures, iron_warnings, take_out_iron
from unitops.refining.lead_removal import (
    LeadStep,
    lead_figures,
    lead_species,
    lead_warnings,
    take_out_lead,
)
from unitops.refining.molten_antimony import bath_warnings, charge_of, metal_figures


class FireRefining(IronStep, AlkaliStep, LeadStep, BatchFurnaces):
    """Refine crude antimony in one reverberatory or kettle furnace, at 700 to 850 degC.

    The steps of the practice, one after the other on the same bath, each with the equations,
    settings and sources of its own unit:

        iron with stibnite                       `IronRemoval`, if ``iron_removal`` is given  (1)
        sulphur, then arsenic with alkali        `ArsenicRemoval`                             (2)
        lead with phosphate                      `LeadRemoval`, if ``lead_removal`` is given  (3)

    Practice: explanatory notes of the Chinese design code GB 51445-2021, 6.2 (direct recovery 70 to
    78 % of the antimony; 22 to 30 % returns as secondary oxide and slag; above 98 % with the
    returns).

    Where things go: FeS, stibnite in excess and FeS of the crude to ``dross``; alkali slags and
    whatever in the crude is no metal to ``slag``; the lead slag to ``phosphate_slag``; secondary
    oxide, off-gas and spent air to ``gas``. All other metals (Cu, Bi, Ni, Sn, Zn, Ag, Au) stay.
    Assumptions: those of the steps. Lead is computed before arsenic, so that ``arsenic_target``
    holds in the metal that leaves: ``antimony_to_phosphate_slag`` is of the antimony after the
    iron, ``antimony_oxidised`` and ``secondary_oxide`` are of what is left then.
    Not modelled: fuel and its gas, dust of the reagents, and what the steps leave out.
    Limits: no metal, no supplies.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.streams.feed import Feed
    >>> feed = {"As": "0.8 %", "Fe": "0.3 %", "Sb": "98.9 %"}
    >>> plant = Flowsheet(
    ...     species=[
    ...         *("Sb", "As", "Fe", "Sb2S3", "FeS", "Na2CO3", "Na3AsO4", "Na3SbO4", "Na2SO4"),
    ...         *("Sb2O3", "O2", "N2", "CO2"),
    ...     ],
    ...     units={
    ...         "crude": Feed(outlet="crude", flow="10 t/h", composition=feed),
    ...         "furnace": FireRefining(
    ...             crude="crude", alkali="soda", air="air", sulphide="stibnite",
    ...             phosphate="phosphate", metal="metal", slag="alkali_slag", dross="dross",
    ...             phosphate_slag="phosphate_slag", gas="off_gas",
    ...             iron_removal="90 %", arsenic_target="500 ppm",
    ...         ),
    ...     },
    ... )
    >>> for figure in solve(plant).figures("furnace")[:4]:
    ...     print(figure)
    direct antimony recovery 78.75 %
    antimony in returns (oxide, slag, dross) 21.25 %
    Sb in refined metal 99.91 %
    As in refined metal 0.05 %
    """

    crude: Inlet
    alkali: Supply
    air: Supply
    sulphide: Supply
    phosphate: Supply
    metal: Outlet
    slag: Outlet
    dross: Outlet
    phosphate_slag: Outlet
    gas: Outlet

    def required_species(self) -> Iterable[str]:
        """What the steps make; elements on the slate need their products there too."""
        return (*alkali_species(self), *lead_species(self))

    def is_linear(self) -> bool:
        """With a given number of stages; crude that is better than a target keeps its arsenic."""
        return self.arsenic_target is None

    def run(self, crude: Flow, p: Parameters) -> Outlets:
        """Take out iron, lead and arsenic; what the crude carries beside metal is skimmed."""
        charge = charge_of(crude)
        iron = take_out_iron(charge.bath, p)  # (1)
        lead = take_out_lead(iron.bath, p)  # (3)
        blown = blow(lead.bath, p)  # (2)
        return {
            "alkali": blown.alkali,
            "air": lead.air + blown.air,
            "sulphide": iron.sulphide,
            "phosphate": lead.phosphate,
            "metal": blown.bath,
            "slag": blown.slag + charge.skimmings.without("FeS"),
            "dross": iron.dross + charge.skimmings.only("FeS"),
            "phosphate_slag": lead.slag,
            "gas": lead.gas + blown.gas + charge.vapours,
        }

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Recovery and purity, reagents and slags step by step, and the furnaces."""
        return (
            *metal_figures(flows, "As", "Pb", "S"),
            *iron_figures(flows),
            *alkali_figures(flows, p),
            *lead_figures(flows, flows["phosphate_slag"], p),
            *furnace_figures(flows["crude"], p),
        )

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """What is outside practice in any step, and what stays in the metal."""
        if first(flows["metal"].total()) == 0.0:
            return ()
        return (
            *bath_warnings(flows, p),
            *iron_warnings(flows, p),
            *alkali_warnings(flows, p),
            *lead_warnings(flows, p),
        )
