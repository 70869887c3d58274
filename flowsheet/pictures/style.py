"""What all pictures share: colours, sizes of letters, and how they are written to a file.

Nothing of this touches the state of pyplot: figures are made and written on their own.
"""

import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowsheet.core.errors import InputError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

BLACK, GREY = "#000000", "#8C8C8C"
ORANGE, SKY_BLUE, GREEN, YELLOW = "#E69F00", "#56B4E9", "#009E73", "#F0E442"
BLUE, VERMILION, PURPLE = "#0072B2", "#D55E00", "#CC79A7"
COLOURS = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY_BLUE, BLACK)
"""Told apart by colour-blind eyes: Okabe and Ito, Color Universal Design (2008)."""
LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2)), (0, (1, 2)))
"""One beside each colour, so that a print in grey can be read as well."""
SMALL, NORMAL, LARGE = 8.5, 10.0, 12.0
"""Letters, in points."""

_SUFFIXES = (".png", ".svg", ".pdf")
_DOTS_PER_INCH = 150
_LONGEST_LINE = 24
_HOUSE: Any = {
    "font.size": NORMAL,
    "axes.labelsize": NORMAL,
    "axes.titlesize": NORMAL,
    "figure.titlesize": LARGE,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "legend.fontsize": SMALL,
    "legend.frameon": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "0.3",
    "axes.axisbelow": True,
    "grid.color": "0.88",
    "grid.linewidth": 0.6,
    "text.parse_math": False,
}


@contextmanager
def house_style() -> Iterator[None]:
    """Build figures inside with the sizes and lines of the house."""
    import matplotlib as mpl

    with mpl.rc_context(_HOUSE):
        yield


def new_figure(width: float, height: float) -> "Figure":
    """Return an empty figure of a size in inches, whose parts make room for each other."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def separate_thousands(axes: "Axes", *, x: bool = False, y: bool = False) -> None:
    """Write numbers of an axis as tables do, with as many decimals as its steps need: 12,000."""
    from matplotlib.ticker import FuncFormatter

    for axis, wanted in ((axes.xaxis, x), (axes.yaxis, y)):
        if wanted:
            axis.set_major_formatter(FuncFormatter(partial(_tick, axis)))


def _tick(axis: "Axis", value: float, _: int | None = None) -> str:
    steps = sorted({round(float(each), 12) for each in axis.get_majorticklocs()})
    decimals = 0
    if len(steps) > 1:
        while decimals < 9 and any(abs(s - round(s, decimals)) > 1e-11 for s in steps):
            decimals += 1
    text = f"{0.0 if value == 0.0 else value:,.{decimals}f}"  # minus zero is zero
    return text.replace("-", "\N{MINUS SIGN}")


def broken(heading: str) -> str:
    """Return a heading with its unit on a line of its own where it is long."""
    words, comma, unit = heading.rpartition(", ")
    return f"{words},\n{unit}" if comma and len(heading) > _LONGEST_LINE else heading


def check_picture_file(path: str | Path) -> Path:
    """Raise InputError for a file that no picture can be written to, before anything is drawn."""
    path = Path(path)
    allowed = "give .png, .svg or .pdf, e.g. picture.png"
    if path.suffix.lower() not in _SUFFIXES:
        ending = f"'{path.suffix}' is no kind of picture" if path.suffix else "it has no suffix"
        raise InputError(f"{path}: cannot be written, {ending} known here; {allowed}")
    if path.is_dir():
        raise InputError(f"{path}: cannot be written, it is a folder; {allowed}")
    if not path.parent.is_dir():
        raise InputError(f"{path}: cannot be written, there is no folder '{path.parent}'; make it")
    if not os.access(path.parent, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise InputError(f"{path}: cannot be written, it is protected; choose another folder")
    return path


def save(figure: "Figure", path: str | Path) -> Path:
    """Write a figure as .png (150 dots per inch), .svg or .pdf, by the suffix; return the path.

    A figure built anew gives the same file. Letters of an .svg stay text. Raises InputError for
    another suffix and for a place that cannot be written to; then nothing is left behind.
    """
    import matplotlib as mpl

    path = check_picture_file(path)
    kind = path.suffix.lower().removeprefix(".")
    undated: dict[str, Any] = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
    drawn = io.BytesIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "flowsheet"}):
        figure.savefig(drawn, format=kind, dpi=_DOTS_PER_INCH, metadata=undated.get(kind))
    try:
        _write_whole(path, drawn.getvalue())
    except OSError as error:
        raise InputError(f"{path}: cannot be written, {error.strerror}") from None
    return path


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file beside the one that is meant and exchange them: it is whole or not there."""
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}", suffix=path.suffix)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(beside).chmod(0o666 & ~_mask())
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _mask() -> int:
    """What this user keeps others from doing with new files."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
