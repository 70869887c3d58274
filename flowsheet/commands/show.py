"""``flowsheet show``."""

import click

from flowsheet.commands.asked_route import asked_route
from flowsheet.commands.options import changes_option


@click.command()
@click.argument("route")
@changes_option
def show(route: str, changes: tuple[str, ...]) -> None:
    """Show the units of ROUTE, their streams and parameters."""
    from flowsheet.commands.describe import print_route

    print_route(asked_route(route, changes))
