"""Dilute a pulp with make-up water to a percent solids asked for."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

import numpy as np

from flowsheet.core.arithmetic import ratio
from flowsheet.core.flow import Flow, flow_of
from flowsheet.core.parameters import Fraction
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, ParticleUse, UnitOp
from unitops.streams.percent_solids import (
    check_percent_solids,
    liquor_held,
    too_dilute,
)


class WaterAddition(UnitOp):
    """Draw as much water as makes a pulp of given percent solids.

    With S solids, L liquor (water and what it dissolves) and s the percent solids asked for:

        water = max(S * (1 - s) / s - L, 0)                                         (1)

    Water that is sent back counts as feed: name it among the streams of ``feed``, and fresh water
    is drawn only for what it lacks. Where returned water may be too much, ``ProcessWaterAddition``
    takes what is needed of it and passes on the rest.

    Assumptions: water mixes at once, nothing reacts; gas leaves with the product.
    Not modelled: water hardness, temperature.
    Limits: a feed more dilute than asked for gets no water and leaves as it is, and a warning says
    so; no solids, no water.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.streams.feed import Feed
    >>> from unitops.streams.water_addition import WaterAddition
    >>> plant = Flowsheet(
    ...     species=["SiO2", "H2O"],
    ...     units={
    ...         "ore": Feed(outlet="ore", flow="65 t/h", composition={"SiO2": "100 %"}),
    ...         "mill_feed": WaterAddition(
    ...             feed="ore", water="mill_water", product="pulp", percent_solids="65 %"
    ...         ),
    ...     },
    ... )
    >>> print(f"{solve(plant)['mill_water'].mass_flow():.1f~P}")
    35.0 t/h
    """

    particles: ClassVar[ParticleUse] = "kept"

    feed: Inlet
    water: Supply
    product: Outlet

    percent_solids: Fraction
    """Solids in the product by mass, s."""

    def check(self) -> None:
        """Refuse a pulp that would be all water or no water."""
        check_percent_solids(self.percent_solids)

    def required_species(self) -> Iterable[str]:
        """Water."""
        return ("H2O",)

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Add the water that is missing."""
        missing = np.maximum(liquor_held(feed, p.percent_solids) - feed.liquid.total(), 0.0)  # (1)
        water = flow_of(feed.slate, {"H2O": missing})
        return {"water": water, "product": feed + water}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:  # noqa: ARG002
        """Percent solids of feed and product, and water per solids."""
        water = ratio(flows["water"].total(), flows["product"].solids.total())
        return (
            Figure(flows["feed"].percent_solids(), "%", "solids in the feed"),
            Figure(flows["product"].percent_solids(), "%", "solids in the product"),
            Figure(water, "", "t water added per t solids"),
        )

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Say by how much the feed is more dilute than asked for."""
        return too_dilute(flows["feed"], p.percent_solids)
