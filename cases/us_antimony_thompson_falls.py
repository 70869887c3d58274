"""US Antimony at Thompson Falls: Alaska ore, sorted, to antimony metal and trioxide.

Rich lumps are picked by hand where the ore is mined, and a jig takes what is heavy out of the
rest. Part of the crude oxide is fumed a second time and sold as trioxide, the rest is reduced and
refined.

Option: ``high_purity`` refines the metal on to 5N.
"""

from cases.plants import purification, smelter
from flowsheet.case.data import CaseData
from flowsheet.core.unit import UnitOp
from flowsheet.model import Flowsheet
from unitops.dewatering.filter import Filter
from unitops.gravity.hand_sorting import HandSorting
from unitops.gravity.jig import Jig
from unitops.streams.sized_feed import SizedFeed
from unitops.streams.water_addition import WaterAddition

MINERALS = ("Sb2S3", "FeAsS", "FeS2", "PbS", "SiO2", "H2O", "Na2SO3(aq)")


def build(data: CaseData, *, high_purity: bool = False) -> Flowsheet:
    """Return the flowsheet with the numbers of a case file."""
    further = purification.SPECIES if high_purity else ()
    return Flowsheet(
        species=smelter.together(MINERALS, smelter.SPECIES, further),
        particles=data.particles(),
        units={
            "alaska_ore": SizedFeed(outlet="alaska_ore", **data.unit("alaska_ore")),
            **_sorting(data),
            **smelter.roasting(
                data, feed=["sorted_lumps", "jig_cake"], other_gas=["refuming_offgas"]
            ),
            **smelter.refuming(data),
            **purification.refining(
                data,
                "antimony_metal",
                ["oxide_to_reduction", "refuming_returns"],
                high_purity=high_purity,
            ),
        },
        products=["antimony_metal", "antimony_trioxide"],
        emissions=smelter.EMISSIONS,
    )


def _sorting(data: CaseData) -> dict[str, UnitOp]:
    """Pick lumps, jig what is finer, drain the jig's concentrate; its water goes round."""
    return {
        "hand_sorting": HandSorting(
            feed="alaska_ore",
            sorted="sorted_lumps",
            rejects="sorting_rejects",
            fines="sorting_fines",
            **data.unit("hand_sorting"),
        ),
        "jig_water": WaterAddition(
            feed=["sorting_fines", "drain_water"],
            water="fresh_jig_water",
            product="jig_feed",
            **data.unit("jig_water"),
        ),
        "jig": Jig(
            feed="jig_feed",
            concentrate="jig_concentrate",
            tailings="jig_tailings",
            **data.unit("jig"),
        ),
        "jig_drain": Filter(
            feed="jig_concentrate",
            wash_water="drain_wash_water",
            cake="jig_cake",
            filtrate="drain_water",
            **data.unit("jig_drain"),
        ),
    }
