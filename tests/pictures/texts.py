"""Where the texts of a figure stand once it is drawn."""

from itertools import combinations
from xml.etree import ElementTree

_SVG = "{http://www.w3.org/2000/svg}"


def texts(figure):
    """Every visible text that is not empty, with its box in dots."""
    from matplotlib.text import Text

    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    found = []
    for text in figure.findobj(Text):
        if text.get_visible() and text.get_text().strip():
            box = text.get_window_extent(renderer)
            if box.width > 0.0 and _is_drawn(text, figure):
                found.append((text.get_text(), box))
    return found


def svg_texts(path):
    """The texts of an .svg, line by line; letters drawn as outlines are none."""
    root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
    return {"".join(each.itertext()).strip() for each in root.iter(f"{_SVG}text")}


def _is_drawn(text, figure):
    """Whether it belongs to what is shown: an axis keeps labels of ticks beyond its ends."""
    from matplotlib.axis import Axis

    for axis in figure.findobj(Axis):
        for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
            if text in (tick.label1, tick.label2):
                low, high = sorted(axis.get_view_interval())
                slack = 1e-9 * (high - low)
                return axis.get_visible() and low - slack <= tick.get_loc() <= high + slack
    return True


def overlapping(found):
    """Pairs of texts that cover each other."""
    return [
        (one, other)
        for (one, first), (other, second) in combinations(found, 2)
        if first.shrunk(0.98, 0.9).overlaps(second.shrunk(0.98, 0.9))
    ]


def cut_off(found, figure):
    """Texts that reach beyond the edge of the figure."""
    width, height = figure.canvas.get_width_height()
    return [
        text
        for text, box in found
        if box.x0 < -1.0 or box.y0 < -1.0 or box.x1 > width + 1.0 or box.y1 > height + 1.0
    ]
