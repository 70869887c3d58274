"""Options that commands share."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])
FORMATS = click.Choice(["table", "json", "csv", "markdown"])

changes_option = click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="PATH=VALUE",
    help="Change a parameter, e.g. rougher.cells=8 or target.flow='5000 t/yr', or choose an option "
    "of the plant, e.g. options.high_purity=true. May be repeated.",
)
target_option = click.option(
    "--no-target",
    is_flag=True,
    help="Solve at the feed as written instead of scaling it to meet the route's target.",
)
format_option = click.option(
    "--format", "form", type=FORMATS, default="table", show_default=True, help="How to print it."
)
seed_option = click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    metavar="S",
    help="The same seed draws the same numbers again.",
)


def plot_option(what: str) -> Callable[[F], F]:
    """Option ``--plot FILE``; ``what`` says what is drawn."""
    help_text = f"{what}, to a .png, .svg or .pdf."
    return click.option("--plot", metavar="FILE", help=help_text)
