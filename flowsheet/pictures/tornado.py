"""A tornado: how far a figure swings with each uncertain number, the widest on top."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flowsheet.pictures.style import BLACK, BLUE, ORANGE, SMALL, separate_thousands
from flowsheet.routes.tornado import Swing

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw_tornado(
    axes: "Axes", swings: Sequence[Swing], as_written: float, heading: str, top: int = 12
) -> None:
    """Draw the ``top`` widest swings around the value as written; no swing, no row."""
    shown = widest(swings, top)
    for place, row in enumerate(shown):
        ends = [((row.low or 0.0) - as_written, BLUE), ((row.high or 0.0) - as_written, ORANGE)]
        # The longer one first, so that both are seen where they lie on the same side.
        for length, colour in sorted(ends, key=lambda end: -abs(end[0])):
            axes.barh(place, length, left=as_written, height=0.66, color=colour)
    axes.set_yticks(range(len(shown)), [swing_label(row) for row in shown], fontsize=SMALL)
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.axvline(as_written, color=BLACK, linewidth=1.0)
    axes.set_xlabel(heading)
    axes.grid(visible=True, axis="x")
    separate_thousands(axes, x=True)
    axes.locator_params(axis="x", nbins=6)
    _add_legend(axes)
    if not shown:
        axes.text(0.5, 0.5, "no number moves it", transform=axes.transAxes, ha="center")


def widest(swings: Sequence[Swing], top: int) -> list[Swing]:
    """Return the swings that are drawn: those that are one, at most ``top``."""
    return [row for row in swings if row.swing][:top]


def _add_legend(axes: "Axes") -> None:
    from matplotlib.patches import Patch

    handles = [
        Patch(color=BLUE, label="number at its P10"),
        Patch(color=ORANGE, label="number at its P90"),
    ]
    axes.legend(handles=handles, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)


def swing_label(row: Swing) -> str:
    """The number, how many go with it, and P10 and P90 of the first on a second line."""
    return f"{row.label}\n{row.range_text}"
