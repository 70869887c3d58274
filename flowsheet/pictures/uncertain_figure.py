"""One figure with uncertain numbers: its tornado on the left, its distribution on the right."""

from typing import TYPE_CHECKING

from flowsheet.core.errors import SolveError
from flowsheet.pictures.distribution import draw_distribution
from flowsheet.pictures.style import house_style, new_figure
from flowsheet.pictures.tornado import draw_tornado, widest
from flowsheet.routes.tornado import Tornado, drawn_values
from flowsheet.routes.watch import watched

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def uncertainty_picture(found: Tornado, name: str, top: int = 12) -> "Figure":
    """Draw the ``top`` widest swings of a metric, or of what is watched, and its draws.

    Raises InputError for a figure that there is not, SolveError when it has no value as written, or
    in no draw.
    """
    (here,) = watched([name], found.scenarios.flowsheet, found.metrics)
    written = found.as_written(name)
    if written is None:
        raise SolveError(f"{name}: has no value as written, so there is nothing to swing around")
    swings = found.of(name)
    draws = drawn_values(found.drawn, here)
    with house_style():
        figure = new_figure(11.0, max(4.2, 1.6 + 0.42 * len(widest(swings, top))))
        left, right = figure.subplots(1, 2, width_ratios=(1.25, 1.0))
        draw_tornado(left, swings, written, here.heading, top)
        draw_distribution(right, draws, written, here)
        figure.suptitle(f"{found.route}: {here.words}", x=0.01, ha="left")
    return figure
