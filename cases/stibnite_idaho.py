"""Stibnite, Idaho: ore of the high-antimony zone to antimony metal of 99.65 %.

Grinding is left out: the ore enters as ground pulp. The silicate gangue is carried as SiO2, and
gold as a species of its own that floats like the pyrite and arsenopyrite that hold it. The mine
plans to sell concentrate; the smelter behind it is the missing part that this route sizes.
"""

from cases import smelter
from flowsheet.case import CaseData
from flowsheet.model import Flowsheet
from unitops.flotation.flotation_bank import FlotationBank
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter

MINERALS = ("Sb2S3", "FeAsS", "FeS2", "PbS", "Au", "SiO2", "H2O")


def build(data: CaseData) -> Flowsheet:
    """Return the flowsheet with the numbers of a case file."""
    return Flowsheet(
        species=(*MINERALS, *smelter.SPECIES),
        units={
            "ore": Feed(outlet="ore", **data.unit("ore")),
            "rougher": FlotationBank(
                feed=["ore", "cleaner_tailings", "scavenger_concentrate", "filtrate"],
                concentrate="rougher_concentrate",
                tailings="rougher_tailings",
                **data.unit("rougher"),
            ),
            "scavenger": FlotationBank(
                feed="rougher_tailings",
                concentrate="scavenger_concentrate",
                tailings="flotation_tailings",
                **data.unit("scavenger"),
            ),
            "cleaner": FlotationBank(
                feed=["rougher_concentrate", "recleaner_tailings"],
                concentrate="cleaner_concentrate",
                tailings="cleaner_tailings",
                **data.unit("cleaner"),
            ),
            "recleaner": FlotationBank(
                feed="cleaner_concentrate",
                concentrate="recleaner_concentrate",
                tailings="recleaner_tailings",
                **data.unit("recleaner"),
            ),
            "concentrate_filter": Splitter(
                feed="recleaner_concentrate",
                product="antimony_concentrate",
                remainder="filtrate",
                **data.unit("concentrate_filter"),
            ),
            **smelter.roasting(data, feed=["antimony_concentrate"]),
            **smelter.refining(data, oxide=["crude_oxide"], metal="antimony_metal"),
        },
        products=["antimony_metal"],
        emissions=smelter.EMISSIONS,
    )
