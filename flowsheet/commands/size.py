"""``flowsheet size``."""

import sys
from typing import TYPE_CHECKING

import click

from flowsheet.commands.asked_route import asked_route
from flowsheet.commands.options import changes_option, format_option
from flowsheet.commands.output import counted, write_rows
from flowsheet.commands.status import NOT_SOLVED

if TYPE_CHECKING:
    from flowsheet.sizing.sized_route import Sizing

_EPILOG = """\b
Examples:
  flowsheet size stibnite_idaho
  flowsheet size stibnite_idaho --product "5000 t/yr" --availability "80 %"
  flowsheet size stibnite_idaho --grade Sb99.65
  flowsheet size high_purity --set zone_refining.bars_per_furnace=8
  flowsheet size stibnite_idaho --format csv > sizes.csv

\b
Flows are means of the year; t/h, equipment and kW are those while the plant runs.
Exit status: 0 sized, 1 not solved or the grade not met, 2 something in the input is wrong.
"""


@click.command(epilog=_EPILOG)
@click.argument("route")
@click.option(
    "--product",
    metavar="FLOW",
    help="Flow of the target's element in the product, e.g. '5000 t/yr', instead of the case's.",
)
@click.option(
    "--availability",
    default="85 %",
    show_default=True,
    metavar="SHARE",
    help="Share of the year that the plant runs; equipment is sized for the flow over it.",
)
@click.option(
    "--grade",
    metavar="NAME",
    help="Hold the product against a grade, e.g. Sb99.65, 5N or 99.80 (trioxide).",
)
@changes_option
@format_option
def size(  # noqa: PLR0913, PLR0917 - options of a command
    route: str,
    product: str | None,
    availability: str,
    grade: str | None,
    changes: tuple[str, ...],
    form: str,
) -> None:
    """Size ROUTE: what enters every step, equipment, reagents, power, SO2, As, returns, capacity.

    csv and markdown hold one figure per row; json holds everything.
    """
    from flowsheet.sizing.rows import sized_rows
    from flowsheet.sizing.size import size as size_route
    from flowsheet.tables import Column

    sized = size_route(asked_route(route, changes), product, availability, grade)
    columns = [Column(key, key, text=True) for key in ("section", "unit", "item")]
    columns += [Column("value", "value"), Column("in_unit", "in", text=True)]
    content = sized.to_dict() if form == "json" else None
    rows = [] if form in {"json", "table"} else sized_rows(sized)
    write_rows(form, rows, columns, table=lambda: _print(sized), content=content)
    if sized.grade is not None and not sized.grade.met:
        click.echo(f"flowsheet: {sized.route}: {sized.grade}", err=True)
        sys.exit(NOT_SOLVED)


def _print(sized: "Sizing") -> None:
    """Print the parts one under another, each as a table."""
    from flowsheet.commands.size_tables import print_tables
    from flowsheet.tables import number

    metrics = sized.metrics
    click.echo(
        f"{sized.route}: {number(metrics.feed_t_yr)} t/yr dry feed to "
        f"{number(sized.product_antimony_t_yr)} t/yr Sb in products, running "
        f"{100.0 * sized.availability:.4g} % of the year\n"
    )
    print_tables(sized)
    click.echo(
        f"SO2: {number(metrics.so2_generated_t_yr)} t/yr made, "
        f"{number(metrics.so2_captured_t_yr)} captured, {number(metrics.so2_emitted_t_yr)} emitted"
    )
    click.echo(
        f"Power of the {len(sized.power)} of {counted(len(sized.steps), 'step')} that state one, "
        f"not of the whole plant: {number(sized.power_kw)} kW while it runs, "
        f"{number(sized.mwh_yr)} MWh/yr, {number(sized.kwh_per_t)} kWh per t Sb in products"
    )
    click.echo(f"No power stated: {', '.join(sized.without_power) or 'none'}")
    click.echo(f"No equipment stated: {', '.join(sized.without_equipment) or 'none'}")
    if sized.grade is not None and sized.grade.met:
        click.echo(f"Grade: {sized.grade}")
    if sized.warnings:
        click.echo(f"{counted(len(sized.warnings), 'note')}, see flowsheet run {sized.route}")
