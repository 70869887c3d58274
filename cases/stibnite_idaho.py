"""Stibnite, Idaho: ore of the high-antimony zone to antimony metal of 99.65 %.

The ore enters as the product of the semi-autogenous mill. The silicate gangue is carried as SiO2;
gold and silver have the density of the minerals that hold them. The mine plans to sell concentrate;
the smelter behind it is the missing part that this route sizes. The tailings would go on to the
flotation of gold-bearing pyrite, which is left out.
"""

from cases.plants import concentrator, smelter
from flowsheet.case import CaseData
from flowsheet.core.species import Species
from flowsheet.model import Flowsheet
from unitops.streams.sized_feed import SizedFeed

GOLD = Species("Au", density="5010 kg/m^3", source="that of pyrite, in which the gold is held")
SILVER = Species(
    "Ag", density="4630 kg/m^3", source="that of stibnite; silver minerals with it are like it"
)
MINERALS = ("Sb2S3", "FeAsS", "FeS2", "PbS", GOLD, SILVER, "SiO2", "H2O")


def build(data: CaseData) -> Flowsheet:
    """Return the flowsheet with the numbers of a case file."""
    return Flowsheet(
        species=(*MINERALS, *smelter.SPECIES),
        particles=data.particles(),
        units={
            "ore": SizedFeed(outlet="ore", **data.unit("ore")),
            **concentrator.grinding(data, feed="ore"),
            **concentrator.flotation(data),
            **concentrator.dewatering(data, concentrate="antimony_concentrate"),
            **smelter.roasting(data, feed=["antimony_concentrate"]),
            **smelter.refining(data, oxide=["crude_oxide"], metal="antimony_metal"),
        },
        products=["antimony_metal"],
        emissions=smelter.EMISSIONS,
    )
