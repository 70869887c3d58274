"""Hand-sorted ore of many small workings, part sulphide and part oxide, to antimony metal.

The lumps go straight to the smelter that routes share. What is bought so comes with lead, which
alkali does not take out of the metal: fire refining ends with phosphate.

Option: ``high_purity`` refines the metal on to 5N.
"""

from cases.plants import purification, smelter
from flowsheet.case import CaseData
from flowsheet.model import Flowsheet
from unitops.streams.feed import Feed

MINERALS = ("Sb2S3", "Sb2O3", "Sb2O4", "FeAsS", "FeS2", "PbS", "SiO2", "H2O")
PHOSPHATES = ("NaPO3", "Na3PO4", "Pb3(PO4)2")


def build(data: CaseData, *, high_purity: bool = False) -> Flowsheet:
    """Return the flowsheet with the numbers of a case file."""
    further = purification.SPECIES if high_purity else ()
    return Flowsheet(
        species=tuple(dict.fromkeys((*MINERALS, *smelter.SPECIES, *PHOSPHATES, *further))),
        units={
            "sorted_ore": Feed(outlet="sorted_ore", **data.unit("sorted_ore")),
            **smelter.roasting(data, feed=["sorted_ore"]),
            **purification.refining(
                data, "antimony_metal", oxide=["crude_oxide"], high_purity=high_purity
            ),
        },
        products=["antimony_metal"],
        emissions=smelter.EMISSIONS,
    )
