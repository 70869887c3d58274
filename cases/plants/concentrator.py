"""The concentrator that routes share: ground in closed circuit, floated, thickened and filtered.

Ore is ground in a ball mill closed by cyclones, conditioned and floated in rougher, scavenger,
cleaner and recleaner. Concentrate and tailings are thickened and the concentrate filtered; the
water that they give back goes to mill and sump in turn, and fresh water is drawn only for what is
missing.
"""

from flowsheet.case.data import CaseData
from flowsheet.core.unit import UnitOp
from unitops.classification.hydrocyclone import Hydrocyclone
from unitops.comminution.ball_mill import BallMill
from unitops.dewatering.filter import Filter
from unitops.dewatering.thickener import Thickener
from unitops.flotation.conditioner import Conditioner
from unitops.flotation.flotation_bank import FlotationBank
from unitops.streams.mixer import Mixer
from unitops.streams.process_water_addition import ProcessWaterAddition


def grinding(data: CaseData, feed: str) -> dict[str, UnitOp]:
    """Grind to ``cyclone_overflow``; takes ``process_water``, passes on ``water_bleed``."""
    return {
        "mill_feed": ProcessWaterAddition(
            feed=[feed, "cyclone_underflow"],
            process_water="process_water",
            water="fresh_mill_water",
            product="mill_feed",
            surplus="water_after_mill",
            **data.unit("mill_feed"),
        ),
        "mill": BallMill(feed="mill_feed", product="mill_discharge", **data.unit("mill")),
        "sump": ProcessWaterAddition(
            feed="mill_discharge",
            process_water="water_after_mill",
            water="fresh_sump_water",
            product="cyclone_feed",
            surplus="water_bleed",
            **data.unit("sump"),
        ),
        "cyclones": Hydrocyclone(
            feed="cyclone_feed",
            underflow="cyclone_underflow",
            overflow="cyclone_overflow",
            **data.unit("cyclones"),
        ),
    }


def flotation(data: CaseData) -> dict[str, UnitOp]:
    """Float ``cyclone_overflow`` to ``recleaner_concentrate`` and ``flotation_tailings``."""
    return {
        "conditioner": Conditioner(
            feed="cyclone_overflow",
            solution_water="reagent_water",
            conditioned="conditioned_pulp",
            **data.unit("conditioner"),
        ),
        "rougher": FlotationBank(
            feed=["conditioned_pulp", "scavenger_concentrate", "cleaner_tailings"],
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
    }


def dewatering(data: CaseData, concentrate: str) -> dict[str, UnitOp]:
    """Thicken both products and filter the concentrate; makes ``process_water``."""
    return {
        "concentrate_thickener": Thickener(
            feed="recleaner_concentrate",
            underflow="thickened_concentrate",
            overflow="concentrate_water",
            **data.unit("concentrate_thickener"),
        ),
        "concentrate_filter": Filter(
            feed="thickened_concentrate",
            wash_water="filter_wash_water",
            cake=concentrate,
            filtrate="filtrate",
            **data.unit("concentrate_filter"),
        ),
        "tailings_thickener": Thickener(
            feed="flotation_tailings",
            underflow="thickened_tailings",
            overflow="tailings_water",
            **data.unit("tailings_thickener"),
        ),
        "process_water_tank": Mixer(
            feed=["concentrate_water", "filtrate", "tailings_water"], product="process_water"
        ),
    }
