"""``flowsheet compare``."""

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from flowsheet.commands.options import format_option, plot_option, seed_option
from flowsheet.commands.output import counted, write_rows
from flowsheet.commands.status import NOT_SOLVED

if TYPE_CHECKING:
    from flowsheet.routes.compare import Row

_EPILOG = """\b
Examples:
  flowsheet compare
  flowsheet compare stibnite_idaho my_case.toml --all-columns
  flowsheet compare --sort antimony_to_refinery_t_yr --plot routes.png
  flowsheet compare --draws 512 --sort capacity_missing_t_yr --format csv > routes.csv

\b
--sort takes any metric that 'flowsheet run ROUTE --format json' prints, the largest first, or
route, from A to Z; --reverse turns it round. Routes without a value come last.
"""


@click.command(epilog=_EPILOG)
@click.argument("routes", nargs=-1, metavar="[ROUTE]...")
@click.option(
    "--draws",
    type=click.IntRange(min=1),
    metavar="N",
    help="Draw the uncertain numbers of every route N times; show P10, P50 and P90.",
)
@seed_option
@click.option("--sort", "key", metavar="KEY", help="Sort by a metric, or by route.")
@click.option("--reverse", is_flag=True, help="Sort the other way round.")
@click.option("--all-columns", is_flag=True, help="Show every metric, not the main ones alone.")
@plot_option("Draw Sb into the refinery by route")
@format_option
def compare(  # noqa: PLR0913, PLR0917 - options of a command
    routes: tuple[str, ...],
    draws: int | None,
    seed: int,
    key: str | None,
    reverse: bool,
    all_columns: bool,
    plot: str | None,
    form: str,
) -> None:
    """Solve ROUTEs and print one row each.

    All built-in routes when none is named, but for teaching cases. Flows are t/yr. A route that
    does not solve keeps its row, with the reason. json, csv and markdown hold every metric.
    """
    from flowsheet.commands.compare_columns import COMPARE_COLUMNS, drawn_columns
    from flowsheet.load import load_route, route_names
    from flowsheet.pictures.style import check_picture_file, save
    from flowsheet.routes.compare import check_sort_key, sort_rows
    from flowsheet.routes.compare import compare as compare_routes

    if key:
        check_sort_key(key)
    if plot:
        check_picture_file(plot)
    loaded = [load_route(name) for name in routes or route_names(teaching=False)]
    rows = compare_routes(loaded, draws, seed, processes=processors(draws))
    if key:
        rows = sort_rows(rows, key, reverse=reverse)
    elif reverse:
        rows = rows[::-1]
    plain = [row.to_dict() for row in rows]
    columns = list(COMPARE_COLUMNS)
    if draws is not None and form == "json":
        for line, row in zip(plain, rows, strict=True):
            line["draws"] = row.draws_dict(draws)
    elif draws is not None:
        plain = [{**line, **row.drawn()} for line, row in zip(plain, rows, strict=True)]
        columns += drawn_columns()
    write_rows(form, plain, columns, table=lambda: _print(rows, draws, all_columns=all_columns))
    if plot:
        from flowsheet.pictures.routes import routes_picture

        save(routes_picture(rows), plot)
    if any(row.metrics is None for row in rows):
        sys.exit(NOT_SOLVED)


FEW_DRAWS = 200
"""Draws that are done before another process has begun."""


def processors(draws: int | None) -> int:
    """Processes for the work: as many as this one has processors, or itself alone for little."""
    if draws is None or draws < FEW_DRAWS:
        return 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _print(rows: "Sequence[Row]", draws: int | None, *, all_columns: bool) -> None:
    """Print routes side by side, one row each, and say why any was not solved or drawn."""
    from flowsheet.commands.compare_columns import COMPARE_COLUMNS, MAIN_COLUMNS, drawn_table
    from flowsheet.tables import print_table

    if draws is None:
        shown = [{**row.to_dict(), "status": row.status.partition(":")[0]} for row in rows]
        print_table(shown, COMPARE_COLUMNS if all_columns else MAIN_COLUMNS)
    else:
        title = f"As written, and P10, P50 and P90 of {counted(draws, 'draw')}"
        print_table(*drawn_table(rows, everything=all_columns), title)
    for row in rows:
        if row.metrics is None:
            click.echo(f"{row.route}: {row.status}")
        if row.undrawn:
            click.echo(f"{row.route}: {row.undrawn}")
        if row.draws:
            for reason, count in row.draws.reasons.items():
                click.echo(
                    f"{row.route}: {count:,} of {counted(row.draws.asked, 'draw')} failed: {reason}"
                )
    if any(row.metrics for row in rows):
        click.echo("What to look out for in each: flowsheet run ROUTE")
