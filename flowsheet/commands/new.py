"""``flowsheet new``."""

import click

_EPILOG = """\b
Examples:
  flowsheet new my_deposit                       an ore of your own for the program's plant
  flowsheet new my_mine --like stibnite_idaho    a built-in route, to be changed line by line
"""


@click.command(epilog=_EPILOG)
@click.argument("name")
@click.option(
    "--like", metavar="ROUTE", help="Begin with a built-in route in place of the template."
)
def new(name: str, like: str | None) -> None:
    """Write NAME.toml: a commented case of your own that solves as it stands.

    The numbers that it does not give are taken from the plant it names. A file that is there
    already is not touched.
    """
    from flowsheet.new_case import new_case

    path = new_case(name, like)
    click.echo(f"wrote {path}; what to do next:")
    for command, what in (
        ("check", "read, build and solve it; which numbers lack a source"),
        ("run", "every stream, metrics, closure"),
        ("sources", "where every number comes from, those of the plant among them"),
        ("size", "throughput and equipment of every step"),
        ("uncertainty", "how sure that is, and what it hangs on"),
    ):
        click.echo(f"  flowsheet {command} {path}".ljust(44) + what)
