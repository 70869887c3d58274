"""How a figure is spread over many draws: histogram, cumulative share, P10, P50 and P90."""

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from flowsheet.pictures.style import BLACK, BLUE, SKY_BLUE, SMALL, VERMILION, separate_thousands
from flowsheet.routes.watch import Watched
from flowsheet.tables import number
from flowsheet.uncertainty.percentiles import percentiles

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw_distribution(
    axes: "Axes", values: NDArray[np.float64], as_written: float | None, watched: Watched
) -> None:
    """Draw the draws with a value, (draws,); raise SolveError when there is none."""
    spread = percentiles(values, watched.name)
    known = np.sort(values[~np.isnan(values)])
    flat = np.ptp(known) <= 1e-9 * np.abs(known).max()
    bins = 1 if flat else min(max(int(np.sqrt(known.size)), 8), 40)
    axes.hist(known, bins=bins, color=SKY_BLUE, edgecolor="white", linewidth=0.5)
    axes.set_ylabel(f"draws, of {known.size:,}")
    axes.set_xlabel(watched.heading)
    if flat:
        half = 0.05 * abs(known[0]) or 1.0
        axes.set_xlim(known[0] - half, known[0] + half)
    separate_thousands(axes, x=True, y=True)
    axes.locator_params(axis="x", nbins=6)
    share = axes.twinx()
    share.plot(known, 100.0 * (np.arange(known.size) + 0.5) / known.size, color=BLUE)
    share.set_ylim(0.0, 105.0)
    share.set_ylabel("draws below, %", color=BLUE)
    share.tick_params(axis="y", colors=BLUE)
    share.spines["right"].set_visible(True)
    share.spines["right"].set_color(BLUE)
    shown = partial(number, percent=watched.unit == "%")
    lines = [
        axes.axvline(value, color=BLACK, linestyle=style, linewidth=1.2, label=label)
        for value, style, label in (
            (spread.p10, ":", f"P10  {shown(spread.p10)}"),
            (spread.p50, "-", f"P50  {shown(spread.p50)}"),
            (spread.p90, "--", f"P90  {shown(spread.p90)}"),
        )
    ]
    if as_written is not None:
        label = f"as written  {shown(as_written)}"
        lines.append(axes.axvline(as_written, color=VERMILION, linewidth=1.6, label=label))
    # Above the axes, where it can hide neither bars nor curve.
    axes.legend(
        handles=lines, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, fontsize=SMALL
    )
