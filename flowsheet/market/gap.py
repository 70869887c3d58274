"""Demand less secondary less existing antimony, the plants that the rest needs, and who fills it.

A figure of three is low, mid and high *of the gap*: the low gap is low demand with high supply,
and with the best yields and utilisation; the high gap the other way round. What is said of one
route alone (its antimony, its metal) is low, mid and high of that route.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from flowsheet.core.errors import InputError
from flowsheet.market.data import Market
from flowsheet.market.low_mid_high import NOTHING, LowMidHigh, alike, total
from flowsheet.market.route_notes import route_notes
from flowsheet.market.smelters import Smelter, best_to_worst, mean, smelters_of
from flowsheet.market.supply import BLOC, RouteSupply, SolvedSupply, in_order
from flowsheet.routes.route import Route


@dataclass(frozen=True)
class Needed:
    """What it takes to refine the gap, all in kt/yr; the columns are those of the gap."""

    antimony_yield: LowMidHigh
    """Antimony in products over antimony in the refinery feed: best, middle, worst."""
    refining_throughput_kt: LowMidHigh
    """Antimony in the feed of refineries."""
    nameplate_kt: LowMidHigh
    """Capacity to build, as antimony in products."""
    concentrate_kt: LowMidHigh
    """Dry concentrate of the grade that the market file gives."""
    so2_kt: LowMidHigh
    """SO2 made, before any is captured."""


@dataclass(frozen=True)
class Gap:
    """Demand, what meets it, and what is missing; kt/yr of contained antimony."""

    market: str
    title: str
    year: int
    lead_from_scrap: bool
    draws: int
    demand_kt: LowMidHigh
    secondary_kt: LowMidHigh
    existing_kt: LowMidHigh
    gap_kt: LowMidHigh
    demand_by_sector_kt: Mapping[str, LowMidHigh]
    demand_by_product_kt: Mapping[str, LowMidHigh]
    needed: Needed
    """With the yields of the flowsheets."""
    reference: Needed
    """With single-step yields of a desk study, multiplied."""
    smelters: Sequence[Smelter]
    routes: Sequence[RouteSupply]
    notes: Sequence[str] = ()

    def __repr__(self) -> str:
        figures = " / ".join(f"{each:.0f}" for each in self.gap_kt)
        return f"<Gap {self.year}: {figures} kt Sb, {len(self.routes)} routes>"

    @property
    def left_to_bloc_kt(self) -> LowMidHigh:
        """What is left of the gap by the bloc's own routes; they come first."""
        own = [route.left_kt for route in self.routes if route.control == BLOC]
        return own[-1] if own else self.gap_kt

    @property
    def left_kt(self) -> LowMidHigh:
        """What is left of the gap by all routes together; below zero more than the gap."""
        return self.routes[-1].left_kt if self.routes else self.gap_kt

    @property
    def closed_at_hand_kt(self) -> LowMidHigh:
        """What the bloc's own routes add if no refinery is built, in their own figures.

        What one route has at hand is not lent to another.
        """
        return total(route.adds_at_hand_kt for route in self.routes if route.control == BLOC)

    @property
    def left_at_hand_kt(self) -> LowMidHigh:
        """What is then left of the gap by the bloc's own routes."""
        return self.gap_kt - self.closed_at_hand_kt.turned

    @property
    def refining_missing_kt(self) -> LowMidHigh:
        """Antimony that the bloc's own routes bring and have no refinery for, in their own figures.

        Without those that only convert; what one route has at hand is not lent to another.
        """
        own = [r for r in self.routes if r.control == BLOC and r.kind != "conversion"]
        return total(route.capacity_missing_kt or NOTHING for route in own)

    @property
    def losses(self) -> dict[str, float]:
        """Stream -> antimony lost with it over that fed, mean of the smelters, largest first."""
        found: dict[str, float] = {}
        for smelter in self.smelters:
            for stream, share in smelter.refinery.losses.items():
                found[stream] = found.get(stream, 0.0) + smelter.weight * share
        return dict(sorted(found.items(), key=lambda each: -each[1]))

    @property
    def returned(self) -> float:
        """Antimony that returns inside the smelters over that fed, their mean."""
        return mean(self.smelters, lambda each: each.refinery.returned)

    @property
    def feed_grade(self) -> float:
        """Antimony in the dry feed of all smelters together."""
        return 1.0 / mean(self.smelters, lambda each: 1.0 / each.refinery.feed_grade)

    @property
    def so2_per_antimony(self) -> float:
        """SO2 made per antimony fed, mean of the smelters."""
        return mean(self.smelters, lambda each: each.refinery.so2_per_antimony)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, as ``flowsheet gap --format json`` prints them."""
        plain = asdict(self)
        needed, routes = plain.pop("needed"), plain.pop("routes")
        return {
            **plain,
            **needed,
            "left_to_bloc_kt": self.left_to_bloc_kt.to_dict(),
            "left_kt": self.left_kt.to_dict(),
            "closed_at_hand_kt": self.closed_at_hand_kt.to_dict(),
            "left_at_hand_kt": self.left_at_hand_kt.to_dict(),
            "refining_missing_kt": self.refining_missing_kt.to_dict(),
            "feed_grade": self.feed_grade,
            "so2_per_antimony": self.so2_per_antimony,
            "losses": self.losses,
            "returned": self.returned,
            "routes": routes,
        }


def gap(
    market: Market,
    routes: Sequence[Route],
    *,
    draws: int = 200,
    seed: int = 1,
    lead_from_scrap: bool = False,
) -> Gap:
    """Return the gap of a market, what it takes to refine it, and which routes close it.

    Routes without [supply] are left out; one that does not solve keeps its row, with the reason.
    The yield in the middle is that of the routes that turn sulphide feed into metal, weighted by
    their antimony; best and worst are P90 and P10 over ``draws`` of each route's ranges, weighted
    likewise, or with ``draws=0`` the best and the worst route as written. ``lead_from_scrap`` lets
    secondary antimony meet all demand for its product.

    Raises InputError when no route turns sulphide feed into metal, or when two have one name.
    """
    _refuse_twice([route.name for route in routes])
    if draws < 0 or draws != int(draws):
        raise InputError(f"draws: must be a whole number from 0 up, got {draws}")
    demand = total(sector.antimony.kilotonnes() for sector in market.demand.values())
    secondary = _secondary(market, lead_from_scrap=lead_from_scrap)
    existing = total(plant.antimony.kilotonnes() for plant in market.existing.values()).turned
    missing = demand - secondary - existing
    found = [SolvedSupply(route) for route in routes if route.data.supply is not None]
    smelters = smelters_of(found, draws, seed)
    range_of_yields = best_to_worst(smelters, draws)
    grade = market.refining.concentrate_grade.value
    so2 = mean(smelters, lambda each: each.refinery.so2_per_antimony)
    return Gap(
        market.name,
        market.heading.title,
        market.heading.year,
        lead_from_scrap,
        draws,
        demand,
        secondary,
        existing,
        missing,
        {name: sector.antimony.kilotonnes() for name, sector in market.demand.items()},
        market.demand_by_product(),
        _needed(market, missing, range_of_yields, grade, so2),
        _needed(
            market,
            missing,
            market.step_yield.multiplied().turned,
            grade,
            market.sulphur_dioxide.per_antimony.value,
        ),
        smelters,
        in_order(found, missing),
        route_notes(found, smelters, draws=draws, lead_from_scrap=lead_from_scrap),
    )


def _refuse_twice(names: Sequence[str]) -> None:
    """Refuse a route that is given more than once."""
    for name in names:
        if names.count(name) > 1:
            raise InputError(
                f"routes: '{name}' is given {names.count(name)} times, and its antimony would "
                f"count as often; name each route once"
            )


def _secondary(market: Market, *, lead_from_scrap: bool) -> LowMidHigh:
    """Scrap that goes back into its own product, at most what is asked for of that."""
    asked = market.demand_by_product()
    by_product: dict[str, LowMidHigh] = {}
    for plant in market.secondary.values():
        before = by_product.get(plant.product, NOTHING)
        by_product[plant.product] = before + plant.antimony.kilotonnes().turned
    return total(
        asked[product] if lead_from_scrap else amount.at_most(asked[product])
        for product, amount in by_product.items()
    )


def _needed(
    market: Market, missing: LowMidHigh, antimony_yield: LowMidHigh, grade: float, so2: float
) -> Needed:
    """Refineries for what is missing; none where nothing is."""
    wanted = LowMidHigh(*(max(each, 0.0) for each in missing))
    fed = wanted / antimony_yield
    return Needed(
        antimony_yield,
        fed,
        wanted / market.refining.utilisation.ends().turned,
        fed / alike(grade),
        fed * alike(so2),
    )
