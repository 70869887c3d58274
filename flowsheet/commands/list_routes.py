"""``flowsheet list``."""

import click


@click.command("list")
def list_routes() -> None:
    """List the routes that come with the program."""
    from flowsheet.load import load_route, route_names
    from flowsheet.tables import Column, print_table

    rows = [{"route": n, "title": load_route(n).data.header.title} for n in route_names()]
    columns = [Column("route", "route", text=True), Column("title", "what it is", text=True)]
    print_table(rows, columns)
