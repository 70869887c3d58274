"""Dilute a pulp with process water that is sent back, and with fresh water for what that lacks."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.flow import Flow, flow_of
from flowsheet.core.parameters import Fraction
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, ParticleUse, UnitOp
from unitops.streams.percent_solids import (
    check_percent_solids,
    liquor_held,
    too_dilute,
)


class ProcessWaterAddition(UnitOp):
    """Dilute a pulp to a given percent solids: with process water first, then with fresh water.

    With S solids and L liquor (water and what it dissolves) of the feed, S_p and L_p those of the
    process water, s the percent solids asked for and r = (1 - s) / s, the liquor that is missing
    and the liquor that the process water can give to others than its own solids are

        missing = max(S r - L, 0)                                                   (1)
        spare = max(L_p - S_p r, 0)                                                 (2)

    A share of the process water is taken, with all that it holds, and fresh water is drawn for the
    rest; what is not taken is passed on:

        share taken = min(missing, spare) / spare                                   (3)
        fresh water = missing - min(missing, spare)                                 (4)

    This is one demand on the process-water tank of a plant. Several are set in a row, the most
    important first: the ``surplus`` of one is the ``process_water`` of the next, and the surplus
    of the last is what the plant must bleed. Together they draw fresh water for the deficit of the
    whole plant and nothing more.

    Assumptions: the tank is well mixed and its level steady; gas leaves with the product.
    Not modelled: storage, evaporation, rain, treatment of the water.
    Limits: without process water this is a ``WaterAddition``; a feed more dilute than asked for
    takes no water, process water thicker than that is passed on untouched, and warnings say so.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.dewatering.thickener import Thickener
    >>> from unitops.streams.feed import Feed
    >>> from unitops.streams.process_water_addition import ProcessWaterAddition
    >>> plant = Flowsheet(
    ...     species=["SiO2", "H2O"],
    ...     units={
    ...         "ore": Feed(outlet="ore", flow="60 t/h", composition={"SiO2": "100 %"}),
    ...         "dilution": ProcessWaterAddition(
    ...             feed="ore",
    ...             process_water="returned_water",
    ...             water="fresh_water",
    ...             product="pulp",
    ...             surplus="bleed",
    ...             percent_solids="30 %",
    ...         ),
    ...         "tailings": Thickener(
    ...             feed="pulp",
    ...             underflow="thickened_tailings",
    ...             overflow="returned_water",
    ...             underflow_percent_solids="60 %",
    ...         ),
    ...     },
    ... )
    >>> solution = solve(plant)
    >>> print(f"{solution['fresh_water'].mass_flow():.1f~P}")
    40.0 t/h
    """

    particles: ClassVar[ParticleUse] = "kept"

    feed: Inlet
    process_water: Inlet
    water: Supply
    product: Outlet
    surplus: Outlet

    percent_solids: Fraction
    """Solids in the product by mass, s."""

    def check(self) -> None:
        """Refuse a pulp that would be all water or no water."""
        check_percent_solids(self.percent_solids)

    def required_species(self) -> Iterable[str]:
        """Water."""
        return ("H2O",)

    def run(self, feed: Flow, process_water: Flow, p: Parameters) -> Outlets:
        """Take process water, then fresh water; see the class for the equations."""
        held = liquor_held(feed, p.percent_solids)
        missing = np.maximum(held - feed.liquid.total(), 0.0)  # (1)
        bound = liquor_held(process_water, p.percent_solids)
        spare = np.maximum(process_water.liquid.total() - bound, 0.0)  # (2)
        given = np.minimum(missing, spare)
        taken = process_water * ratio(given, spare)  # (3)
        water = flow_of(feed.slate, {"H2O": missing - given})  # (4)
        return {
            "water": water,
            "product": feed + taken + water,
            "surplus": process_water - taken,
        }

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:  # noqa: ARG002
        """Percent solids, water added and how much of it is fresh, surplus."""
        returned, surplus = flows["process_water"].liquid.total(), flows["surplus"].liquid.total()
        fresh = flows["water"].total()
        return (
            Figure(flows["product"].percent_solids(), "%", "solids in the product"),
            Figure(returned - surplus, "t/h", "process water used"),
            Figure(fresh, "t/h", "fresh water"),
            Figure(ratio(fresh, returned - surplus + fresh), "%", "fresh of the water added"),
            Figure(surplus, "t/h", "process water passed on"),
        )

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Feeds that need no water, and process water that is none."""
        told, asked = [*too_dilute(flows["feed"], p.percent_solids)], first(p.percent_solids)
        solids = first(flows["process_water"].percent_solids())
        if solids >= asked:
            told.append(
                f"the process water holds {solids:.1%} solids, no less than the {asked:.1%} asked "
                "for: it cannot dilute the feed and is passed on"
            )
        return told
