"""Antimony of lead smelters: softening slag or residue, leached and electrowon.

Lead bullion is softened with air; its slag of antimony and lead oxides is leached and the antimony
won in cells, see ``sulphide_leach_plant``. The softened lead goes on to the lead refinery, and the
leach residue, lead sulphide, back to the lead smelter; both are outside of this plant.

Options: ``feed = "residue"`` begins with oxide residues and anode slimes instead of bullion;
``high_purity`` refines the metal on to 5N.
"""

from typing import Literal

from cases.plants import purification, smelter, sulphide_leach_plant
from flowsheet.case.data import CaseData
from flowsheet.core.unit import UnitOp
from flowsheet.model import Flowsheet
from unitops.refining.lead_softening import LeadSoftening
from unitops.streams.feed import Feed

METALS = ("Pb", "Sb", "As", "Sn", "Ag", "Bi", "Cu")
OXIDES = ("PbO", "Sb2O3", "As2O3", "SnO2", "PbSO4", "Cu2O", "ZnO")


def build(
    data: CaseData, *, feed: Literal["bullion", "residue"] = "bullion", high_purity: bool = False
) -> Flowsheet:
    """Return the flowsheet with the numbers of a case file."""
    further = (*purification.SPECIES, "SnSO4(aq)") if high_purity else ()
    softened = feed == "bullion"
    return Flowsheet(
        species=smelter.together(METALS, OXIDES, sulphide_leach_plant.SPECIES, further),
        units={
            **(softening(data, "bullion") if softened else _residue(data)),
            **sulphide_leach_plant.leaching(data, ["softening_slag" if softened else "residue"]),
            **sulphide_leach_plant.refining(data, "antimony_metal", high_purity=high_purity),
        },
        products=["antimony_metal"],
        emissions=(
            *sulphide_leach_plant.EMISSIONS,
            *(["softening_gas"] if softened else []),
        ),
    )


def softening(data: CaseData, bullion: str) -> dict[str, UnitOp]:
    """Soften a bullion to ``softened_lead`` and ``softening_slag``."""
    return {
        bullion: Feed(outlet=bullion, **data.unit(bullion)),
        "softening": LeadSoftening(
            bullion=bullion,
            air="softening_air",
            lead="softened_lead",
            slag="softening_slag",
            gas="softening_gas",
            **data.unit("softening"),
        ),
    }


def _residue(data: CaseData) -> dict[str, UnitOp]:
    return {"residue": Feed(outlet="residue", **data.unit("residue"))}
