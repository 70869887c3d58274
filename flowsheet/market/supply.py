"""Routes with what they can be counted on for: solved, in the order of certainty, added up."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, get_args

from flowsheet.case.header import Status, SupplyEntry
from flowsheet.core.errors import FlowsheetError
from flowsheet.core.quantities import from_base
from flowsheet.market.low_mid_high import NOTHING, LowMidHigh, alike
from flowsheet.market.refinery import Refinery, refinery
from flowsheet.routes.route import Route

CERTAINTY: tuple[str, ...] = get_args(Status)
"""What a supply can be, the most certain first."""
BLOC = "bloc"
"""Who controls what the bloc can count on."""


@dataclass(frozen=True)
class RouteSupply:
    """One route in the order of certainty; figures are None where it did not solve."""

    route: str
    status: str
    control: str
    kind: str
    solved: str
    """``solved``, or why it was not."""
    antimony_to_refinery_kt: LowMidHigh
    antimony_yield: float | None
    metal_kt: LowMidHigh | None
    """Antimony in its products: what goes in times its own yield."""
    counted_kt: LowMidHigh
    """Of that, what the market file counts as existing."""
    adds_kt: LowMidHigh
    """What it adds to existing supply; nothing where it only converts."""
    adds_at_hand_kt: LowMidHigh
    """Of that, what it adds with the refining at hand, if none is built."""
    cumulative_kt: LowMidHigh
    """What it and all before it add."""
    left_kt: LowMidHigh
    """What is left of the gap (columns of the gap); below zero more than it."""
    capacity_installed_kt: float | None
    """Refining capacity at hand, as antimony into the refinery."""
    capacity_missing_kt: LowMidHigh | None
    """What its antimony to the refinery needs beyond that."""
    missing: str
    evidence: str

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


class SolvedSupply:
    """A route with [supply], solved or not."""

    def __init__(self, route: Route) -> None:
        self.route = route
        self.refinery: Refinery | None = None
        self.installed: float | None = None
        self.solved = "solved"
        try:
            result = route.solve()
            self.refinery = refinery(route, result)
        except FlowsheetError as error:
            self.solved = f"not solved: {error}"
        else:
            self.installed = result.metrics.capacity_installed_t_yr / 1000.0
            if self.refinery is None:
                self.solved = "solved, but no antimony reaches its refinery"

    @property
    def supply(self) -> SupplyEntry:
        """Its [supply]."""
        supply = self.route.data.supply
        assert supply is not None  # routes without are left out
        return supply

    @property
    def antimony(self) -> LowMidHigh:
        """Antimony into its refinery, kt/yr."""
        return kilotonnes(self.supply.antimony_to_refinery)

    @property
    def metal(self) -> LowMidHigh | None:
        """Antimony in its products, kt/yr."""
        if self.refinery is None:
            return None
        return self.antimony * alike(self.refinery.antimony_yield)

    @property
    def adds(self) -> LowMidHigh:
        """What it adds to existing supply, kt/yr."""
        return self._beyond_counted(self.antimony)

    @property
    def adds_at_hand(self) -> LowMidHigh:
        """What it adds if no refinery is built: its antimony up to what is installed, kt/yr."""
        return self._beyond_counted(self.antimony.at_most(alike(self.installed or 0.0)))

    def _beyond_counted(self, fed: LowMidHigh) -> LowMidHigh:
        """Products of antimony into the refinery beyond those that count as existing."""
        if self.refinery is None or self.supply.kind == "conversion":
            return NOTHING
        more = fed * alike(self.refinery.antimony_yield) - kilotonnes(self.supply.counted)
        return LowMidHigh(*(max(each, 0.0) for each in more))

    @property
    def is_sulphide_smelter(self) -> bool:
        """Whether its yield is one of turning sulphide feed into metal."""
        if self.refinery is None or self.supply.kind == "conversion":
            return False
        return self.refinery.takes_sulphide and self.refinery.makes_metal


def kilotonnes(figures: Any) -> LowMidHigh:
    """Figures of a case file in kg/s as kt/yr."""
    return LowMidHigh(
        *(from_base(each, "kt/yr") for each in (figures.low, figures.mid, figures.high))
    )


def in_order(found: Sequence[SolvedSupply], missing: LowMidHigh) -> list[RouteSupply]:
    """The bloc's own before what others may sell elsewhere; in each the most certain first.

    Of equal certainty, what adds more comes first.
    """
    ordered = sorted(
        found,
        key=lambda each: (
            each.supply.control != BLOC,
            CERTAINTY.index(each.supply.status),
            -each.adds.mid,
            each.route.name,
        ),
    )
    rows, before = [], NOTHING
    for each in ordered:
        before += each.adds
        rows.append(_row(each, before, missing - before.turned))
    return rows


def _row(each: SolvedSupply, cumulative: LowMidHigh, left: LowMidHigh) -> RouteSupply:
    supply, installed = each.supply, each.installed
    lacking = None
    if installed is not None:
        lacking = LowMidHigh(*(max(one - installed, 0.0) for one in each.antimony))
    return RouteSupply(
        each.route.name,
        supply.status,
        supply.control,
        supply.kind,
        each.solved,
        each.antimony,
        each.refinery.antimony_yield if each.refinery else None,
        each.metal,
        kilotonnes(supply.counted),
        each.adds,
        each.adds_at_hand,
        cumulative,
        left,
        installed,
        lacking,
        supply.missing,
        supply.evidence,
    )
