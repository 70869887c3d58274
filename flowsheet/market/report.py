"""A gap in words and rows: the balance, the demand, the routes, and why yields differ."""

from collections.abc import Mapping, Sequence
from typing import Any

from flowsheet.market.data import Market
from flowsheet.market.gap import Gap, Needed
from flowsheet.market.low_mid_high import LowMidHigh, alike
from flowsheet.tables import Column, print_table

_FIRST_COLUMNS = (
    Column("route", "route", text=True),
    Column("status", "status of the source", text=True),
    Column("control", "control", text=True),
    Column("kind", "kind", text=True),
    Column("antimony_to_refinery_kt_low", "Sb to refinery low"),
    Column("antimony_to_refinery_kt_mid", "mid"),
    Column("antimony_to_refinery_kt_high", "high"),
    Column("yield_percent", "yield %"),
)
_COUNTED_COLUMNS = (
    Column("counted_kt_low", "counted already low"),
    Column("counted_kt_mid", "mid"),
    Column("counted_kt_high", "high"),
    Column("adds_kt_low", "adds low"),
    Column("adds_kt_mid", "mid"),
    Column("adds_kt_high", "high"),
    Column("left_kt_low", "left low"),
    Column("left_kt_mid", "mid"),
    Column("left_kt_high", "high"),
    Column("capacity_installed_kt", "refining at hand"),
    Column("capacity_missing_kt_mid", "refining missing"),
)
_AT_HAND_COLUMN = Column("adds_at_hand_kt_mid", "adds, none built")
ROUTE_COLUMNS = (
    *_FIRST_COLUMNS,
    Column("metal_kt_low", "Sb in products low"),
    Column("metal_kt_mid", "mid"),
    Column("metal_kt_high", "high"),
    *_COUNTED_COLUMNS,
    Column("adds_at_hand_kt_low", "adds, none built low"),
    Column("adds_at_hand_kt_mid", "mid"),
    Column("adds_at_hand_kt_high", "high"),
    Column("solved", "solved", text=True),
    Column("missing", "missing", text=True),
    Column("evidence", "evidence of the status", text=True),
)
"""All that is known of a route."""
_TABLE_COLUMNS = (*_FIRST_COLUMNS, *_COUNTED_COLUMNS, _AT_HAND_COLUMN)
_BALANCE_COLUMNS = (
    Column("figure", "kt/yr of Sb unless said", text=True),
    Column("low", "low gap"),
    Column("mid", "mid"),
    Column("high", "high gap"),
    Column("reference_low", "reference low gap"),
    Column("reference_mid", "mid"),
    Column("reference_high", "high gap"),
)
_DEMAND_COLUMNS = (
    Column("what", "demand, kt/yr of Sb", text=True),
    Column("product", "main product", text=True),
    Column("low", "low"),
    Column("mid", "mid"),
    Column("high", "high"),
)
_READING = (
    "The status is that of the mine or other source; whether a refinery stands behind it is "
    "another matter, told under refining at hand. A route adds its antimony to the refinery times "
    "its yield, less what existing supply counts of the same plant already, column by column: "
    "where more is counted in the high column than in the middle one, it may add less there. If "
    "no refinery is built, its antimony is taken up to the refining at hand."
)
_LEAST_LOSS = 0.0005
"""Share of the antimony fed below which a loss is not worth a word."""
_MOST_NAMED = 5
"""Routes or losses that are named one by one."""


def print_gap(found: Gap, market: Market, *, details: bool = False) -> None:
    """Print balance, demand and routes with the reasons in words, the answer last.

    ``details`` says of every route what it lacks, and where its status is from.
    """
    import click

    scrap = "; all lead alloys from scrap" if found.lead_from_scrap else ""
    print_table(balance_rows(found, market), _BALANCE_COLUMNS, f"{found.title}{scrap}")
    click.echo(f"{click.wrap_text(explanation(found, market), 100)}\n")
    print_table(_demand_rows(found, market), _DEMAND_COLUMNS)
    title = "Who closes it: the bloc's own, then others, the most certain first; kt/yr of Sb"
    print_table(route_rows(found), _TABLE_COLUMNS, title)
    more = "" if details else " What each route lacks: --details."
    click.echo(f"{click.wrap_text(f'{_READING}{more}', 100)}\n")
    listed = [
        f"{route.route}. Missing: {route.missing}. Status by: {route.evidence}"
        for route in found.routes
        if details
    ]
    for lines in (listed, found.notes):
        for line in lines:
            click.echo(click.wrap_text(line, 100, subsequent_indent="    "))
        if lines:
            click.echo("")
    click.echo(click.wrap_text(closing(found), 100))


def balance_rows(found: Gap, market: Market) -> list[dict[str, Any]]:
    """Demand down to the gap, then what it takes to refine it, beside the reference."""
    percent = alike(100.0)
    grade = market.refining.concentrate_grade.value
    rows = [
        _row("demand", found.demand_kt),
        _row("less secondary", found.secondary_kt),
        _row("less existing refined", found.existing_kt),
        _row("gap, refined", found.gap_kt),
    ]
    own, other = found.needed, found.reference
    return [
        *rows,
        _row("yield, % of Sb fed", own.antimony_yield * percent, other.antimony_yield * percent),
        _row("refining throughput, fed", own.refining_throughput_kt, other.refining_throughput_kt),
        _row("nameplate, in products", own.nameplate_kt, other.nameplate_kt),
        _row(f"concentrate of {grade:.0%} Sb, dry", own.concentrate_kt, other.concentrate_kt),
        _row(
            f"concentrate of the routes' own {found.feed_grade:.0%} Sb, dry",
            own.refining_throughput_kt / alike(found.feed_grade),
        ),
        _row("SO2 made", own.so2_kt, other.so2_kt),
    ]


def _row(name: str, figures: LowMidHigh, reference: LowMidHigh | None = None) -> dict[str, Any]:
    beside = reference.to_dict() if reference else dict.fromkeys(("low", "mid", "high"))
    prefixed = {f"reference_{column}": value for column, value in beside.items()}
    return {"figure": name, **figures.to_dict(), **prefixed}


def _demand_rows(found: Gap, market: Market) -> list[dict[str, Any]]:
    """By sector, then by product; both add up to the demand."""
    sectors = [
        {
            "what": market.demand[name].title,
            "product": _words(market.demand[name].product),
            **figures.to_dict(),
        }
        for name, figures in found.demand_by_sector_kt.items()
    ]
    products = [
        {"what": f"of it {_words(name)}", **figures.to_dict()}
        for name, figures in found.demand_by_product_kt.items()
    ]
    return [*sectors, {"what": "all sectors", **found.demand_kt.to_dict()}, *products]


def route_rows(found: Gap) -> list[dict[str, Any]]:
    """One flat row per route; a figure of three is three entries."""
    rows = []
    for route in found.routes:
        plain = route.to_dict()
        percent = None if route.antimony_yield is None else 100.0 * route.antimony_yield
        row: dict[str, Any] = {"yield_percent": percent}
        for name, value in plain.items():
            if isinstance(value, Mapping):
                row |= {f"{name}_{column}": figure for column, figure in value.items()}
            else:
                row[name] = value
        rows.append(row)
    return rows


def explanation(found: Gap, market: Market) -> str:
    """Say where and why the flowsheets differ from single steps multiplied."""
    steps = market.step_yield
    product = " x ".join(
        f"{100.0 * step.value:g}" for step in (steps.fuming, steps.reduction, steps.refining)
    )
    named = [smelter.route for smelter in found.smelters]
    plants = _joined(named) if len(named) <= _MOST_NAMED else f"{len(named)} routes"
    return (
        f"Middle yield {_percent(found.needed)} here, {_percent(found.reference)} in the "
        f"reference. The reference multiplies single steps that are assumed ({product} %), as if "
        f"all that leaves a step beside its product were lost. In the flowsheets of "
        f"{plants} slag, dross, dust and solution return: "
        f"{found.returned:.0%} of the antimony fed goes back to an earlier step. What is lost "
        f"leaves with {_lost(found)}. SO2 is {found.so2_per_antimony:.2f} t per t of antimony fed, "
        f"from all sulphides of the feed{_leaching(found)}; the reference counts stibnite alone, "
        f"{market.sulphur_dioxide.per_antimony.value:g}."
    )


def _lost(found: Gap) -> str:
    """The largest losses, each with its share of the antimony fed, and the sum of the others."""
    large = [each for each in found.losses.items() if each[1] >= _LEAST_LOSS][:_MOST_NAMED]
    others = sum(found.losses.values()) - sum(share for _, share in large)
    shown = [f"{_words(stream)} {share:.1%}" for stream, share in large]
    if others >= _LEAST_LOSS:
        shown.append(f"others {others:.1%}")
    return _joined(shown) or "no stream worth a word"


def _leaching(found: Gap) -> str:
    """That some of the routes leach, and burn no sulphur."""
    share = sum(s.weight for s in found.smelters if s.refinery.so2_per_antimony == 0.0)
    return f", and none where it is leached ({share:.0%} of the antimony)" if share else ""


def closing(found: Gap) -> str:
    """Say what is left when the bloc's own routes deliver, and when all do."""
    return (
        f"Of the gap of {_three(found.gap_kt)} kt/yr the bloc's own routes leave "
        f"{_three(found.left_to_bloc_kt)}, all routes together {_three(found.left_kt)} (low, mid, "
        f"high gap; below zero is more than the gap). What is of a third country closes it only if "
        f"it is sold to the bloc. Of the antimony that the bloc's own bring, "
        f"{_three(found.refining_missing_kt)} kt/yr (low, mid, high of the routes) have no "
        f"refinery. {_at_hand(found)}"
    )


def _at_hand(found: Gap) -> str:
    """What the refineries at hand close, and what they leave, in the columns of the gap."""
    closed = found.closed_at_hand_kt.turned
    all_of_it = found.gap_kt - found.left_to_bloc_kt
    only = "only " if closed.mid < all_of_it.mid else ""
    return (
        f"With the refineries at hand, and none built, they close {only}{_three(closed, 1)} kt/yr "
        f"of the gap, and {_three(found.left_at_hand_kt)} are left (low, mid, high gap)."
    )


def _percent(needed: Needed) -> str:
    return f"{needed.antimony_yield.mid:.1%}"


def _three(figures: LowMidHigh, decimals: int = 0) -> str:
    return " / ".join(f"{each:.{decimals}f}" for each in figures)


def _joined(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _words(name: str) -> str:
    return name.replace("_", " ")
