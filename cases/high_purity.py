"""High purity: crude antimony to 5N metal by all three means of purification.

Fire refining takes most of the arsenic, electrolysis lead and the noble metals, a first vacuum cut
the rest of the arsenic, a second one what does not evaporate, and zone refining what is left. The
side streams go back to where their impurity leaves: the light cut to fire refining, the still
residue and anode scrap to casting, the ends of the ingots to the first still.
"""

from cases import smelter
from flowsheet.case import CaseData
from flowsheet.model import Flowsheet
from unitops.refining.electrolytic_refining import ElectrolyticRefining
from unitops.refining.vacuum_distillation import VacuumDistillation
from unitops.refining.zone_refining import ZoneRefining
from unitops.streams.feed import Feed

METALS = ("Sb", "As", "Pb", "Fe", "Cu", "Bi", "Ni", "Ag", "S")
ELECTROLYTE = ("SbF3(aq)", "HF(aq)", "H2SO4", "H2O")
DISSOLVED = ("H3AsO3(aq)", "PbSO4(aq)", "FeSO4(aq)", "NiSO4(aq)")
SALTS = (
    "Sb2S3",
    "FeS",
    "Sb2O3",
    "As2O3",
    "PbO",
    "Na2CO3",
    "Na2O",
    "Na3AsO4",
    "Na3SbO4",
    "Na2SO4",
    "FeO",
)
OTHERS = ("SiO2", "C", "Cu2O", "CO", "CO2", "O2", "N2", "H2O(g)", "Sb4O6(g)", "As4O6(g)")


def build(data: CaseData) -> Flowsheet:
    """Return the flowsheet with the numbers of a case file."""
    return Flowsheet(
        species=(*METALS, *ELECTROLYTE, *DISSOLVED, *SALTS, *OTHERS),
        units={
            "crude_antimony": Feed(outlet="crude_antimony", **data.unit("crude_antimony")),
            **smelter.refining(
                data, metal="anode_metal", other_crude=["crude_antimony", "light_cut"]
            ),
            "electrolysis": ElectrolyticRefining(
                anodes=["anode_metal", "anode_scrap", "still_residue"],
                reagents="electrolyte_reagents",
                air="electrolyte_air",
                cathode="cathode_metal",
                slimes="anode_slimes",
                bleed="electrolyte_bleed",
                anode_scrap="anode_scrap",
                **data.unit("electrolysis"),
            ),
            "light_still": VacuumDistillation(
                feed=["cathode_metal", "ingot_ends"],
                distillate="light_cut",
                residue="stripped_metal",
                **data.unit("light_still"),
            ),
            "heart_still": VacuumDistillation(
                feed="stripped_metal",
                distillate="distilled_metal",
                residue="still_residue",
                **data.unit("heart_still"),
            ),
            "zone_refining": ZoneRefining(
                feed="distilled_metal",
                ingot="high_purity_antimony",
                crop="ingot_ends",
                **data.unit("zone_refining"),
            ),
        },
        products=["high_purity_antimony"],
        emissions=["furnace_gas"],
    )
