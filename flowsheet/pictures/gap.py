"""The gap as a waterfall: demand, what meets it today, and the routes in order of certainty."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flowsheet.market.gap import Gap
from flowsheet.market.low_mid_high import LowMidHigh
from flowsheet.market.supply import BLOC, RouteSupply
from flowsheet.pictures.style import (
    BLACK,
    BLUE,
    GREEN,
    ORANGE,
    PURPLE,
    SKY_BLUE,
    VERMILION,
    YELLOW,
    house_style,
    new_figure,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLOUR = {
    "operating": GREEN,
    "commissioning": BLUE,
    "construction": SKY_BLUE,
    "planned": ORANGE,
    "idle": PURPLE,
    "prospect": YELLOW,
}
_THIRD_COUNTRY = "////"
_NO_REFINERY = "....."
_DEMAND, _SUPPLIED = "0.60", "0.80"
"""Greys, light enough for a whisker to be seen on them."""


@dataclass(frozen=True)
class _Bar:
    """One bar, lying: from ``start`` to ``end``, which is uncertain between two figures."""

    label: str
    start: float
    end: float
    ends: tuple[float, float]
    colour: str
    hatch: str = ""
    text: str = ""
    without: float = 0.0
    """Its last part, that no refinery at hand can take."""


def draw_gap(found: Gap) -> "Figure":
    """Return the picture: one bar for demand, one for each that takes off it, one for what is left.

    Bars are the middle figures, whiskers where a bar could end between its low and high one. What
    no refinery at hand can take of the bloc's own antimony is dotted.
    """
    with house_style():
        bars = _bars(found)
        figure = new_figure(9.5, 1.8 + 0.30 * len(bars))
        axes = figure.add_subplot()
        for place, bar in enumerate(bars):
            _draw(axes, place, bar)
        for place, bar in enumerate(bars):
            _mark_without_refinery(axes, place, bar)
        axes.set_yticks(range(len(bars)), [bar.label for bar in bars])
        axes.set_ylim(len(bars) - 0.4, -0.6)
        axes.axvline(0.0, color=BLACK, linewidth=0.8)
        axes.set_xlabel("contained antimony, kt/yr")
        axes.grid(axis="x")
        axes.margins(x=0.08)
        scrap = ", all lead alloys from scrap" if found.lead_from_scrap else ""
        axes.set_title(f"{found.title}{scrap}: demand, supply, and what is left")
        _legend(axes, found)
    return figure


def _bars(found: Gap) -> list[_Bar]:
    demand, secondary, existing = found.demand_kt, found.secondary_kt, found.existing_kt
    bars = [_Bar("demand", 0.0, demand.mid, (demand.low, demand.high), _DEMAND)]
    after = demand.mid
    for label, taken in (("secondary (scrap)", secondary), ("existing refined", existing)):
        bars.append(_step(label, after, taken, _SUPPLIED))
        after -= taken.mid
    bars.append(_whole("gap", found.gap_kt))
    last_of_bloc = next((r for r in reversed(found.routes) if r.control == BLOC), None)
    for route in found.routes:
        bar = _step(route.route, after, route.adds_kt, _COLOUR[route.status])
        own = route.control == BLOC
        hatch = "" if own else _THIRD_COUNTRY
        without = route.adds_kt.mid - route.adds_at_hand_kt.mid if own else 0.0
        bars.append(replace(bar, hatch=hatch, text=_remark(route), without=without))
        after = bar.end
        if route is last_of_bloc:
            bars.append(_whole("left by the bloc's own", found.left_to_bloc_kt))
            bars.append(_whole("left if no refinery is built", found.left_at_hand_kt))
    return [*bars, _whole("left by all", found.left_kt)]


def _whole(label: str, amount: LowMidHigh) -> _Bar:
    """A bar from zero, for what is missing."""
    return _Bar(label, 0.0, amount.mid, (amount.low, amount.high), VERMILION)


def _remark(route: RouteSupply) -> str:
    """Why a route adds nothing, or less than it makes."""
    if route.antimony_yield is None:
        return "not solved"
    if route.kind == "conversion":
        return f"{route.antimony_to_refinery_kt.mid:.2g} of bought antimony"
    if route.counted_kt.mid > 0.0:
        return f"and {route.counted_kt.mid:.2g} counted as existing"
    return ""


def _step(label: str, start: float, taken: LowMidHigh, colour: str) -> _Bar:
    """A bar that takes so much off what was left before."""
    ends = (start - max(taken), start - min(taken))
    return _Bar(label, start, start - taken.mid, ends, colour)


def _draw(axes: "Axes", place: int, bar: _Bar) -> None:
    axes.barh(
        place,
        bar.end - bar.start,
        left=bar.start,
        height=0.68,
        color=bar.colour,
        edgecolor="white" if bar.hatch else bar.colour,
        hatch=bar.hatch,
        linewidth=0.8,
    )
    low, high = bar.ends
    axes.errorbar(
        bar.end,
        place,
        xerr=[[max(bar.end - low, 0.0)], [max(high - bar.end, 0.0)]],
        color=BLACK,
        ecolor=BLACK,
        elinewidth=1.0,
        capsize=2.5,
    )
    whole = bar.start == 0.0  # what is missing has a sign, what is taken off has none
    shown = f"{bar.end if whole else bar.start - bar.end:.3g}"
    words = f"{shown}  {bar.text}".strip()
    axes.annotate(
        words,
        (max(bar.start, bar.end, high), place),
        xytext=(5, 0),
        textcoords="offset points",
        va="center",
        fontsize=8.0,
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.5},
    )


def _mark_without_refinery(axes: "Axes", place: int, bar: _Bar) -> None:
    if bar.without > 0.0:
        axes.barh(
            place,
            bar.without,
            left=bar.end,
            height=0.68,
            color="none",
            edgecolor="white",
            hatch=_NO_REFINERY,
            linewidth=0.0,
        )


def _legend(axes: "Axes", found: Gap) -> None:
    from matplotlib.patches import Patch

    seen = [status for status in _COLOUR if any(r.status == status for r in found.routes)]
    patches = [Patch(color=_COLOUR[status], label=status) for status in seen]
    if any(route.control != BLOC for route in found.routes):
        patches.append(
            Patch(facecolor="0.6", edgecolor="white", hatch=_THIRD_COUNTRY, label="third country")
        )
    if any(r.control == BLOC and r.adds_at_hand_kt.mid < r.adds_kt.mid for r in found.routes):
        patches.append(
            Patch(facecolor="0.6", edgecolor="white", hatch=_NO_REFINERY, label="no refinery yet")
        )
    if patches:
        axes.legend(handles=patches, loc="lower right")
