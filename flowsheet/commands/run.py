"""``flowsheet run``."""

import click

from flowsheet.commands.asked_route import asked_route
from flowsheet.commands.options import changes_option, format_option, target_option
from flowsheet.commands.output import write_rows


@click.command()
@click.argument("route")
@changes_option
@target_option
@format_option
def run(route: str, changes: tuple[str, ...], no_target: bool, form: str) -> None:
    """Solve ROUTE and print metrics, streams and closure.

    csv and markdown print the streams, one row each; json prints everything.
    """
    from flowsheet.commands.describe import print_result, stream_columns, stream_rows

    result = asked_route(route, changes, no_target=no_target).solve()
    if form == "table":
        print_result(result)
        return
    content = result.to_dict() if form == "json" else None
    write_rows(form, stream_rows(result), stream_columns(result), content=content)
