"""Antimony leached with sodium sulphide and won in cells: no roaster, no sulphur dioxide.

Concentrate is leached hot, the residue filtered and washed, and the solution electrolysed. The
spent solution goes back to the leach but for a bleed, which other cells strip before it leaves: it
takes out what stibnite brings of sulphur, and what the anodes make of it. Cathodes are washed,
melted and refined with alkali; the oxide that evaporates then is leached again. Gold, iron, copper
and lead stay in the residue.

Options: ``mill`` begins with ``ore`` and makes the concentrate by its assays; ``high_purity``
refines the metal on to 5N.
"""

from collections.abc import Sequence

from cases.plants import assayed_mill, purification, smelter
from flowsheet.case.data import CaseData
from flowsheet.core.unit import UnitOp
from flowsheet.model import Flowsheet
from unitops.dewatering.filter import Filter
from unitops.gas_cleaning.condenser import Condenser
from unitops.gas_cleaning.dust_collector import DustCollector
from unitops.leaching.sulphide_leach import SulphideLeach
from unitops.refining.alkaline_electrowinning import AlkalineElectrowinning
from unitops.refining.fire_refining import FireRefining
from unitops.streams.splitter import Splitter

MINERALS = (
    *("Sb2S3", "Sb2O3", "Cu12Sb4S13", "As2S3", "FeAsS", "FeS2", "PbS", "ZnS", "CuFeS2"),
    *("Cu2S", "CuS", "Ag", "Au", "SiO2"),
)
"""What ores and concentrates bring, and what tetrahedrite leaves."""
SOLUTION = (
    *("H2O", "Na3SbS3(aq)", "Na3SbS4(aq)", "Na3AsS3(aq)", "Na2S(aq)", "Na2S2(aq)", "NaOH(aq)"),
    *("Na2S2O3(aq)", "Na2SO4(aq)", "Au(aq)"),
)
METAL = (
    *("Sb", "As", "Pb", "Fe", "S", "Sb2O3", "As2O3", "FeS", "PbO", "Na2CO3", "Na3AsO4", "Na3SbO4"),
    *("Na2SO4", "O2", "N2", "H2", "CO2"),
)
SPECIES = (*MINERALS, *SOLUTION, *METAL)
"""What a plant of this kind needs on the slate."""
EMISSIONS = ("cell_gas", "stripping_gas", "furnace_gas")


def build(data: CaseData, *, mill: bool = False, high_purity: bool = False) -> Flowsheet:
    """Return the flowsheet with the numbers of a case file."""
    concentrate, mined = assayed_mill.concentrate(data, mill=mill)
    return Flowsheet(
        species=smelter.together(SPECIES, purification.SPECIES if high_purity else ()),
        units={
            **mined,
            **leaching(data, [concentrate]),
            **refining(data, "antimony_metal", high_purity=high_purity),
        },
        products=["antimony_metal"],
        emissions=EMISSIONS,
    )


def leaching(data: CaseData, feed: Sequence[str]) -> dict[str, UnitOp]:
    """Leach to ``leach_residue`` and ``effluent``, win ``washed_cathodes``."""
    return {
        "leach": SulphideLeach(
            feed=[*feed, "secondary_oxide", "returned_electrolyte", "cathode_washings"],
            sulphide="sodium_sulphide",
            caustic="caustic_soda",
            water="leach_water",
            pulp="leach_pulp",
            **data.unit("leach"),
        ),
        "residue_filter": Filter(
            feed="leach_pulp",
            wash_water="residue_wash_water",
            cake="leach_residue",
            filtrate="pregnant_solution",
            **data.unit("residue_filter"),
        ),
        "cells": AlkalineElectrowinning(
            electrolyte="pregnant_solution",
            cathode="cathodes",
            spent_electrolyte="spent_electrolyte",
            gas="cell_gas",
            **data.unit("cells"),
        ),
        "bleeding": Splitter(
            feed="spent_electrolyte",
            product="bleed",
            remainder="returned_electrolyte",
            **data.unit("bleeding"),
        ),
        "stripping": AlkalineElectrowinning(
            electrolyte="bleed",
            cathode="stripped_cathodes",
            spent_electrolyte="effluent",
            gas="stripping_gas",
            **data.unit("stripping"),
        ),
        "cathode_washing": Splitter(
            feed=["cathodes", "stripped_cathodes"],
            product="washed_cathodes",
            remainder="cathode_washings",
            **data.unit("cathode_washing"),
        ),
    }


def refining(data: CaseData, metal: str, *, high_purity: bool) -> dict[str, UnitOp]:
    """Melt and refine ``washed_cathodes``; its fume, ``secondary_oxide``, goes to the leach."""
    further = purification.purification(data, metal) if high_purity else {}
    returned = purification.back_to_fire() if high_purity else []
    return {
        **further,
        "fire_refining": FireRefining(
            crude=["washed_cathodes", *returned],
            alkali="refining_soda",
            air="refining_air",
            sulphide="refining_stibnite",
            phosphate="refining_phosphate",
            metal=purification.FIRE_REFINED if high_purity else metal,
            slag="alkali_slag",
            dross="refining_dross",
            phosphate_slag="phosphate_slag",
            gas="refining_gas",
            **data.unit("fire_refining"),
        ),
        "furnace_cooler": Condenser(
            gas="refining_gas", cooled="cooled_furnace_gas", **data.unit("furnace_cooler")
        ),
        "furnace_filter": DustCollector(
            gas="cooled_furnace_gas",
            dust="secondary_oxide",
            cleaned="furnace_gas",
            **data.unit("furnace_filter"),
        ),
    }
