"""US Antimony at Thompson Falls: Alaska ore, sorted by density, to antimony metal and trioxide.

Sorting stands for what hand sorting and gravity do to the ore before it is charged. Part of the
crude oxide is fumed a second time and sold as trioxide, the rest is reduced and refined.
"""

from cases import smelter
from flowsheet.case import CaseData
from flowsheet.model import Flowsheet
from unitops.gas_cleaning.condenser import Condenser
from unitops.gas_cleaning.dust_collector import DustCollector
from unitops.gravity.density_separator import GravitySeparator
from unitops.smelting.roaster import Roaster
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter

MINERALS = ("Sb2S3", "FeAsS", "FeS2", "PbS", "SiO2", "H2O", "Na2SO3(aq)")


def build(data: CaseData) -> Flowsheet:
    """Return the flowsheet with the numbers of a case file."""
    return Flowsheet(
        species=(*MINERALS, *smelter.SPECIES),
        units={
            "alaska_ore": Feed(outlet="alaska_ore", **data.unit("alaska_ore")),
            "sorting": GravitySeparator(
                feed="alaska_ore",
                sinks="sorted_ore",
                floats="sorting_rejects",
                **data.unit("sorting"),
            ),
            **smelter.roasting(data, feed=["sorted_ore"], other_gas=["refuming_offgas"]),
            "oxide_splitter": Splitter(
                feed="crude_oxide",
                product="oxide_to_refuming",
                remainder="oxide_to_reduction",
                **data.unit("oxide_splitter"),
            ),
            "refuming": Roaster(
                feed="oxide_to_refuming",
                air="refuming_air",
                fuel="refuming_fuel",
                calcine="refuming_residue",
                gas="refuming_gas",
                **data.unit("refuming"),
            ),
            "refuming_condenser": Condenser(
                gas="refuming_gas",
                cooled="cooled_refuming_gas",
                **data.unit("refuming_condenser"),
            ),
            "refuming_collector": DustCollector(
                gas="cooled_refuming_gas",
                dust="antimony_trioxide",
                cleaned="refuming_offgas",
                **data.unit("refuming_collector"),
            ),
            **smelter.refining(
                data, oxide=["oxide_to_reduction", "refuming_residue"], metal="antimony_metal"
            ),
        },
        products=["antimony_metal", "antimony_trioxide"],
        emissions=smelter.EMISSIONS,
    )
