"""``flowsheet compare``."""

import sys

import click

from flowsheet.commands.options import format_option
from flowsheet.commands.output import write_rows
from flowsheet.commands.status import NOT_SOLVED


@click.command()
@click.argument("routes", nargs=-1, metavar="[ROUTE]...")
@format_option
def compare(routes: tuple[str, ...], form: str) -> None:
    """Solve ROUTEs and print one row each.

    All built-in routes when none is named. Flows are t/yr. A route that does not solve keeps its
    row, with the reason.
    """
    from flowsheet.compare import compare as compare_routes
    from flowsheet.describe import COMPARE_COLUMNS, print_comparison
    from flowsheet.load import load_route, route_names

    rows = compare_routes([load_route(name) for name in routes or route_names()])
    plain = [row.to_dict() for row in rows]
    write_rows(form, plain, COMPARE_COLUMNS, table=lambda: print_comparison(rows))
    if any(row.metrics is None for row in rows):
        sys.exit(NOT_SOLVED)
