"""Ore or concentrate to antimony metal: flotation by its assays, then the smelter.

The mill is known by its concentrate, see ``assayed_mill``. The concentrate is roasted to fume, the
oxide reduced and refined; see ``smelter``.

Options: ``mill = false`` begins with a bought or hand-sorted ``concentrate``; ``trioxide`` fumes
part of the crude oxide again and sells it; ``high_purity`` refines the metal on to 5N; ``mercury``
takes the mercury of cinnabar out of the gas (name HgS among the minerals of the feed).
"""

from cases.plants import assayed_mill, purification, smelter
from flowsheet.case.data import CaseData
from flowsheet.model import Flowsheet

MINERALS = ("Sb2S3", "FeAsS", "FeS2", "PbS", "Au", "SiO2", "H2O", "Na2SO3(aq)")
PHOSPHATES = ("NaPO3", "Na3PO4", "Pb3(PO4)2")
"""Where fire refining takes lead out: give it ``phosphate_kind``."""


def build(
    data: CaseData,
    *,
    mill: bool = True,
    trioxide: bool = False,
    high_purity: bool = False,
    mercury: bool = False,
) -> Flowsheet:
    """Return the flowsheet with the numbers of a case file."""
    concentrate, mined = assayed_mill.concentrate(data, mill=mill)
    offgas = ["refuming_offgas"] if trioxide else []
    oxide = ["oxide_to_reduction", "refuming_returns"] if trioxide else ["crude_oxide"]
    units = {
        **mined,
        **smelter.roasting(data, feed=[concentrate], other_gas=offgas, mercury=mercury),
        **(smelter.refuming(data) if trioxide else {}),
        **purification.refining(data, "antimony_metal", oxide, high_purity=high_purity),
    }
    further = (
        *(smelter.MERCURY if mercury else ()),
        *(purification.SPECIES if high_purity else ()),
    )
    return Flowsheet(
        species=smelter.together(MINERALS, smelter.SPECIES, PHOSPHATES, further),
        units=units,
        products=["antimony_metal", *(["antimony_trioxide"] if trioxide else [])],
        emissions=smelter.EMISSIONS,
    )
