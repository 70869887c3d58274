"""The picture of a sweep: a panel for each watched figure, curves or a map."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from flowsheet.core.errors import SolveError
from flowsheet.pictures.style import (
    COLOURS,
    GREY,
    LARGE,
    LINES,
    SMALL,
    broken,
    house_style,
    new_figure,
    separate_thousands,
)
from flowsheet.routes.sweep import Axis, RouteSweep
from flowsheet.routes.watch import Watched
from flowsheet.tables import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis as PlotAxis
    from matplotlib.figure import Figure

_MOST_CURVES = len(COLOURS)
_MARKED = 30
"""Points up to which each is marked on its curve."""
_MISSING = "no value"


def sweep_picture(sweep: RouteSweep) -> "Figure":
    """Draw what was watched over the first number; one curve for each value of the second.

    With more than seven values of the second number each panel is a map of both. Points without a
    value are left out of a curve and marked by a cross on the axis. Raises SolveError when no point
    has a value.
    """
    if all(np.isnan(sweep.values(each.name)).all() for each in sweep.watched):
        raise SolveError(f"sweep of {sweep.route}: no point has a value, so there is no picture")
    as_map = len(sweep.axes) == 2 and sweep.axes[1].base.size > _MOST_CURVES
    panels = len(sweep.watched)
    with house_style():
        figure = new_figure(7.2, 1.0 + (3.1 if panels == 1 else 2.4) * panels)
        every = figure.subplots(panels, 1, sharex=True, squeeze=False)[:, 0]
        for axes, watched in zip(every, sweep.watched, strict=True):
            if as_map:
                _draw_map(axes, sweep, watched)
            else:
                _draw_curves(axes, sweep, watched)
        every[0].set_title(sweep.route, loc="left", fontsize=LARGE, pad=10)
        every[-1].set_xlabel(sweep.axes[0].heading)
        _set_ticks(every[-1].xaxis, sweep.axes[0])
        separate_thousands(every[-1], x=True)
        handles = {
            label: handle
            for axes in every
            for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)
        }
        if handles:
            title = sweep.axes[1].heading if len(sweep.axes) == 2 else None
            figure.legend(handles.values(), handles, title=title, loc="outside right upper")
    return figure


def _draw_curves(axes: "Axes", sweep: RouteSweep, watched: Watched) -> None:
    first = sweep.axes[0]
    second = sweep.axes[1] if len(sweep.axes) == 2 else None
    table = sweep.values(watched.name).reshape(first.base.size, -1)
    marker = "o" if first.base.size <= _MARKED else ""
    for place, column in enumerate(table.T):
        axes.plot(
            first.values,
            column,
            color=COLOURS[place],
            linestyle=LINES[place],
            marker=marker,
            markersize=3.5,
            label=number(float(second.values[place])) if second else None,
        )
    missing = np.isnan(table).any(axis=1)
    if missing.any():
        # In parts of the axes upwards, in data to the right: on the axis itself.
        axes.plot(
            first.values[missing],
            np.full(missing.sum(), 0.04),
            "x",
            color=GREY,
            transform=axes.get_xaxis_transform(),
            label=_MISSING,
        )
    axes.set_ylabel(broken(watched.heading))
    axes.grid(visible=True)
    axes.margins(y=0.12)
    _keep_flat_lines_flat(axes, table)
    separate_thousands(axes, y=True)


def _keep_flat_lines_flat(axes: "Axes", table: "NDArray[np.float64]") -> None:
    """Rounding of a figure that does not change must not fill the axis."""
    low, high = np.nanmin(table, initial=np.inf), np.nanmax(table, initial=-np.inf)
    if np.isfinite(low) and high - low <= 1e-6 * abs(high):
        half = 0.05 * abs(high) or 1.0
        axes.set_ylim(low - half, high + half)


def _draw_map(axes: "Axes", sweep: RouteSweep, watched: Watched) -> None:
    first, second = sweep.axes
    table = sweep.values(watched.name).reshape(first.base.size, second.base.size)
    drawn = axes.pcolormesh(
        first.values,
        second.values,
        np.ma.masked_invalid(table.T),
        shading="nearest",
        cmap="cividis",
    )
    axes.set_facecolor("0.9")  # where there is no value
    axes.set_ylabel(broken(second.heading))
    _set_ticks(axes.yaxis, second)
    separate_thousands(axes, y=True)
    figure = axes.get_figure()
    assert figure is not None, "axes are made on one"
    bar = figure.colorbar(drawn, ax=axes)
    bar.set_label(broken(watched.heading), fontsize=SMALL)
    separate_thousands(bar.ax, y=True)


def _set_ticks(axis: "PlotAxis", swept: Axis) -> None:
    """Keep counts from being marked at halves."""
    if swept.dimension.whole:
        from matplotlib.ticker import MaxNLocator

        axis.set_major_locator(MaxNLocator(integer=True))
