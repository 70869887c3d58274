"""Teaching case: a vein ore by jig and shaking table, and what they leave by flotation.

As in the old mills of Hunan: ore is crushed in closed circuit and screened; the coarse part is
jigged, the fine part goes over tables, and their tailings are ground and floated. Gravity wins
coarse free stibnite early and the oxide that no collector floats; flotation wins what only fine
grinding sets free. The numbers stand for no mine.
"""

from cases.plants import concentrator
from flowsheet.case.data import CaseData
from flowsheet.core.unit import UnitOp
from flowsheet.model import Flowsheet
from unitops.classification.screen import Screen
from unitops.comminution.crusher import Crusher
from unitops.dewatering.filter import Filter
from unitops.dewatering.thickener import Thickener
from unitops.gravity.jig import Jig
from unitops.gravity.shaking_table import ShakingTable
from unitops.streams.mixer import Mixer
from unitops.streams.process_water_addition import ProcessWaterAddition
from unitops.streams.sized_feed import SizedFeed


def build(data: CaseData) -> Flowsheet:
    """Return the flowsheet with the numbers of a case file."""
    return Flowsheet(
        species=("Sb2S3", "Sb2O3", "FeS2", "FeAsS", "SiO2", "H2O"),
        particles=data.particles(),
        units={
            "ore": SizedFeed(outlet="ore", **data.unit("ore")),
            **_crushing(data),
            **_gravity(data),
            **concentrator.grinding(data, feed="gravity_tailings"),
            **concentrator.flotation(data),
            **concentrator.dewatering(data, concentrate="flotation_concentrate"),
            "concentrate_store": Mixer(
                feed=["drained_concentrate", "flotation_concentrate"],
                product="antimony_concentrate",
            ),
        },
        products=["antimony_concentrate"],
    )


def _crushing(data: CaseData) -> dict[str, UnitOp]:
    """Crush until all passes the screen."""
    return {
        "crusher": Crusher(
            feed=["ore", "screen_oversize"], product="crushed_ore", **data.unit("crusher")
        ),
        "crusher_screen": Screen(
            feed="crushed_ore",
            oversize="screen_oversize",
            undersize="screened_ore",
            **data.unit("crusher_screen"),
        ),
    }


def _gravity(data: CaseData) -> dict[str, UnitOp]:
    """Jig the coarse and table the fine part; thicken what is left for the mill."""
    return {
        "wetting": ProcessWaterAddition(
            feed="screened_ore",
            process_water=["gravity_water", "drain_water", "water_bleed"],
            water="fresh_gravity_water",
            product="wet_ore",
            surplus="plant_bleed",
            **data.unit("wetting"),
        ),
        "fine_screen": Screen(
            feed="wet_ore", oversize="jig_feed", undersize="table_feed", **data.unit("fine_screen")
        ),
        "jig": Jig(
            feed="jig_feed",
            concentrate="jig_concentrate",
            tailings="jig_tailings",
            **data.unit("jig"),
        ),
        "table": ShakingTable(
            feed="table_feed",
            wash_water="table_water",
            concentrate="table_concentrate",
            middlings="table_middlings",
            tailings="table_tailings",
            **data.unit("table"),
        ),
        "drain": Filter(
            feed=["jig_concentrate", "table_concentrate"],
            wash_water="drain_wash_water",
            cake="drained_concentrate",
            filtrate="drain_water",
            **data.unit("drain"),
        ),
        "gravity_thickener": Thickener(
            feed=["jig_tailings", "table_middlings", "table_tailings"],
            underflow="gravity_tailings",
            overflow="gravity_water",
            **data.unit("gravity_thickener"),
        ),
    }
