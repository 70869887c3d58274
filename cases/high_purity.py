"""High purity: crude antimony to 5N by fire refining, electrolysis, two vacuum cuts and zones."""

from cases.plants import smelter
from cases.plants.purification import FIRE_REFINED, SPECIES, back_to_fire, purification
from flowsheet.case.data import CaseData
from flowsheet.model import Flowsheet
from unitops.streams.feed import Feed


def build(data: CaseData, *, electrolysis: bool = True, vacuum: bool = True) -> Flowsheet:
    """Return the flowsheet with the numbers of a case file, all steps or some left out."""
    returned = back_to_fire(vacuum=vacuum)
    return Flowsheet(
        species=SPECIES,
        units={
            "crude_antimony": Feed(outlet="crude_antimony", **data.unit("crude_antimony")),
            **smelter.refining(data, FIRE_REFINED, other_crude=["crude_antimony", *returned]),
            **purification(data, "high_purity_antimony", electrolysis=electrolysis, vacuum=vacuum),
        },
        products=["high_purity_antimony"],
        emissions=["furnace_gas"],
    )
