"""The concentrator that routes share: closed grinding, flotation with three cleanings of water.

Ore is ground in a ball mill closed by cyclones, conditioned and floated in rougher, scavenger,
cleaner and recleaner. Concentrate and tailings are thickened and the concentrate filtered; the
water that they give back dilutes mill feed, cyclone feed and cleaner feed in turn, and fresh water
is drawn only for what is missing.
"""

from flowsheet.case import CaseData
from flowsheet.core.unit import UnitOp
from unitops.classification.hydrocyclone import Hydrocyclone
from unitops.comminution.ball_mill import BallMill
from unitops.dewatering.filter import Filter
from unitops.dewatering.thickener import Thickener
from unitops.flotation.conditioner import Conditioner
from unitops.flotation.flotation_bank import FlotationBank
from unitops.streams.process_water_addition import ProcessWaterAddition


def grinding(data: CaseData, feed: str) -> dict[str, UnitOp]:
    """Grind to what the cyclones let over; takes ``returned_water`` for mill and sump."""
    return {
        "mill_feed": ProcessWaterAddition(
            feed=[feed, "cyclone_underflow"],
            process_water="returned_water",
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
            surplus="water_after_sump",
            **data.unit("sump"),
        ),
        "cyclones": Hydrocyclone(
            feed="cyclone_feed",
            underflow="cyclone_underflow",
            overflow="cyclone_overflow",
            **data.unit("cyclones"),
        ),
    }
