"""``flowsheet sources``."""

import click

from flowsheet.commands.asked_route import asked_route
from flowsheet.commands.options import format_option
from flowsheet.commands.output import write_rows


@click.command()
@click.argument("route")
@format_option
def sources(route: str, form: str) -> None:
    """Print where every number of ROUTE comes from.

    With its range and its basis: measured, design, published, estimated or assumed.
    """
    from flowsheet.commands.describe import SOURCE_COLUMNS, source_rows

    write_rows(form, source_rows(asked_route(route)), SOURCE_COLUMNS)
