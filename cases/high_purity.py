"""High purity: crude antimony to 5N by fire refining, electrolysis, two vacuum cuts and zones."""

from cases.plants.purification import SPECIES, purification
from flowsheet.case import CaseData
from flowsheet.model import Flowsheet
from unitops.streams.feed import Feed


def build(data: CaseData, *, electrolysis: bool = True, vacuum: bool = True) -> Flowsheet:
    """Return the flowsheet with the numbers of a case file, all steps or some left out."""
    return Flowsheet(
        species=SPECIES,
        units={
            "crude_antimony": Feed(outlet="crude_antimony", **data.unit("crude_antimony")),
            **purification(
                data,
                "high_purity_antimony",
                other_crude=["crude_antimony"],
                electrolysis=electrolysis,
                vacuum=vacuum,
            ),
        },
        products=["high_purity_antimony"],
        emissions=["furnace_gas"],
    )
