"""The picture of a comparison: routes as bars of refining throughput, installed and missing."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flowsheet.core.errors import SolveError
from flowsheet.pictures.style import (
    BLACK,
    BLUE,
    ORANGE,
    SMALL,
    house_style,
    new_figure,
    separate_thousands,
)
from flowsheet.routes.compare import Row
from flowsheet.tables import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_THROUGHPUT = "antimony_to_refinery_t_yr"


def routes_picture(rows: Sequence[Row]) -> "Figure":
    """Draw one bar per route in the order given, with P10 to P90 where there are draws.

    A route that did not solve keeps its line, which says so. Raises SolveError when none solved.
    """
    if all(row.metrics is None for row in rows):
        raise SolveError("no route solved, so there is no picture of the comparison")
    with house_style():
        figure = new_figure(9.0, 1.6 + 0.34 * len(rows))
        axes = figure.add_subplot()
        ends = [_draw_row(axes, place, row) for place, row in enumerate(rows)]
        for place, (row, end) in enumerate(zip(rows, ends, strict=True)):
            axes.annotate(
                _text(row),
                (end, place),
                (5, 0),
                textcoords="offset points",
                va="center",
                size=SMALL,
            )
        axes.margins(y=0.01)
        axes.set_yticks(range(len(rows)), [row.route for row in rows])
        axes.invert_yaxis()
        axes.tick_params(axis="y", length=0)
        room = 1.25 if any(row.draws for row in rows) else 1.1  # for what stands beside the bars
        axes.set_xlim(0.0, room * max(ends) or 1.0)
        axes.set_xlabel("Sb into the refinery, t/yr")
        axes.grid(visible=True, axis="x")
        separate_thousands(axes, x=True)
        _add_legend(axes, rows)
    return figure


def _draw_row(axes: "Axes", place: int, row: Row) -> float:
    """Draw the bar of one route; return where it ends, with its range."""
    if row.metrics is None:
        return 0.0
    needed, missing = row.metrics.antimony_to_refinery_t_yr, row.metrics.capacity_missing_t_yr
    installed = needed - missing
    axes.barh(place, installed, height=0.66, color=BLUE)
    axes.barh(place, missing, left=installed, height=0.66, color=ORANGE)
    ends = _range(row)
    if ends is None:
        return needed
    axes.plot(ends, (place, place), color=BLACK, linewidth=1.1, marker="|", markersize=8)
    return max(needed, *ends)


def _range(row: Row) -> tuple[float, float] | None:
    """P10 and P90 of the throughput; None without draws that have a value."""
    spread = row.draws.summary.get(_THROUGHPUT) if row.draws else None
    if spread is None or spread.p10 is None or spread.p90 is None:
        return None
    return spread.p10, spread.p90


def _text(row: Row) -> str:
    """Throughput as written, and its range."""
    if row.metrics is None:
        return "not solved"
    ends = _range(row)
    beside = f" ({number(ends[0])} to {number(ends[1])})" if ends else ""
    return number(row.metrics.antimony_to_refinery_t_yr) + beside


def _add_legend(axes: "Axes", rows: Sequence[Row]) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Line2D | Patch] = [
        Patch(color=BLUE, label="within installed capacity"),
        Patch(color=ORANGE, label="capacity missing"),
    ]
    drawn = [row.draws.asked for row in rows if row.draws]
    if drawn:
        label = f"P10 to P90 of {drawn[0]:,} draws"
        handles.append(Line2D([], [], color=BLACK, marker="|", markersize=8, label=label))
    axes.legend(handles=handles, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
