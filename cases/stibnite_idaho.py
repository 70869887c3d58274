"""Stibnite, Idaho: ore of the high-antimony zone to antimony metal of 99.65 %.

The ore enters as the product of the semi-autogenous mill. The silicate gangue is carried as SiO2;
gold and silver have the density of the minerals that hold them; mercury is cinnabar. The mine plans
to sell concentrate; the smelter behind it is the missing part that this route sizes. The tailings
would go on to the flotation of gold-bearing pyrite, which is left out.

Options: ``trisulphide`` liquates part of the concentrate, briquetted, to trisulphide for primers;
what does not melt out joins the charge of the roaster, and the fume the gas behind the hot
collector. ``high_purity`` refines the metal on to 5N.
"""

from cases.plants import concentrator, purification, smelter
from flowsheet.case.data import CaseData
from flowsheet.core.species import Species
from flowsheet.core.unit import UnitOp
from flowsheet.model import Flowsheet
from unitops.smelting.stibnite_liquation import StibniteLiquation
from unitops.streams.sized_feed import SizedFeed
from unitops.streams.splitter import Splitter

GOLD = Species("Au", density="5010 kg/m^3", source="that of pyrite, in which the gold is held")
SILVER = Species(
    "Ag", density="4630 kg/m^3", source="that of stibnite; silver minerals with it are like it"
)
MINERALS = ("Sb2S3", "FeAsS", "FeS2", "PbS", "HgS", GOLD, SILVER, "SiO2", "H2O")


def build(data: CaseData, *, trisulphide: bool = False, high_purity: bool = False) -> Flowsheet:
    """Return the flowsheet with the numbers of a case file."""
    further = purification.SPECIES if high_purity else ()
    charge = ["concentrate_to_roaster", "liquation_residue"]
    return Flowsheet(
        species=smelter.together(MINERALS, smelter.SPECIES, smelter.MERCURY, further),
        particles=data.particles(),
        units={
            "ore": SizedFeed(outlet="ore", **data.unit("ore")),
            **concentrator.grinding(data, feed="ore"),
            **concentrator.flotation(data),
            **concentrator.dewatering(data, concentrate="antimony_concentrate"),
            **(_liquation(data) if trisulphide else {}),
            **smelter.roasting(
                data,
                feed=charge if trisulphide else ["antimony_concentrate"],
                other_gas=["liquation_gas"] if trisulphide else [],
                mercury=True,
            ),
            **purification.refining(
                data, "antimony_metal", ["crude_oxide"], high_purity=high_purity
            ),
        },
        products=["antimony_metal", *(["antimony_trisulphide"] if trisulphide else [])],
        emissions=smelter.EMISSIONS,
    )


def _liquation(data: CaseData) -> dict[str, UnitOp]:
    """Part the concentrate, and melt trisulphide out of one part."""
    return {
        "concentrate_splitter": Splitter(
            feed="antimony_concentrate",
            product="concentrate_to_liquation",
            remainder="concentrate_to_roaster",
            **data.unit("concentrate_splitter"),
        ),
        "liquation": StibniteLiquation(
            feed="concentrate_to_liquation",
            trisulphide="antimony_trisulphide",
            residue="liquation_residue",
            gas="liquation_gas",
            **data.unit("liquation"),
        ),
    }
