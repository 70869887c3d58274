"""``flowsheet check``."""

import click

from flowsheet.commands.asked_route import asked_route


@click.command()
@click.argument("file")
def check(file: str) -> None:
    """Check a case of your own: read, build and solve FILE.

    FILE is a .toml or .py; the other one of the same name beside it belongs to it.
    """
    from flowsheet.commands.describe import print_check

    print_check(asked_route(file))
