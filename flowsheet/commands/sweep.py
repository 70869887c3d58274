"""``flowsheet sweep``."""

import sys
from typing import TYPE_CHECKING

import click

from flowsheet.commands.asked_route import asked_route
from flowsheet.commands.options import changes_option, format_option, plot_option, target_option
from flowsheet.commands.output import write_rows
from flowsheet.commands.status import NOT_SOLVED
from flowsheet.core.errors import InputError

if TYPE_CHECKING:
    from flowsheet.routes.sweep import RouteSweep
    from flowsheet.tables import Column

_EPILOG = """\b
Examples:
  flowsheet sweep stibnite_idaho --vary "target.flow=3000 t/yr:8000 t/yr:6"
  flowsheet sweep stibnite_idaho --vary rougher.cells=4:12:5 --watch antimony_recovery_percent
  flowsheet sweep stibnite_idaho --vary "roaster.temperature=900 degC:1000 degC:5" \\
      --watch antimony_recovery_percent --plot recovery.png

\b
--vary PATH=FIRST:LAST:COUNT, with the unit at both ends; PATH is a number of a unit, as
'flowsheet show ROUTE' prints it, or target.flow, capacity.installed, deposit.ore and the like.
Given twice, every combination is solved: the picture has a curve for each value of the second
number, or a map where it has more than seven.

\b
--watch takes
  so2_emitted_t_yr            a metric, as 'flowsheet run ROUTE --format json' prints them
  antimony_metal.As           grade: percent of an element in the dry solids of a stream
  antimony_metal.As.t_yr      flow of an element or a species in a stream
  antimony_metal.As.recovery  percent of all of an element that enters, in a stream
"""


@click.command(epilog=_EPILOG)
@click.argument("route")
@click.option(
    "--vary",
    multiple=True,
    required=True,
    metavar="PATH=A:B:N",
    help="Sweep a number from A to B in N values. May be given twice.",
)
@click.option(
    "--watch",
    multiple=True,
    metavar="METRIC",
    help="What to show; may be repeated. Sb to the refinery, grade and recovery if not given.",
)
@plot_option("Draw what is watched over the numbers swept")
@changes_option
@target_option
@format_option
def sweep(  # noqa: PLR0913, PLR0917 - options of a command
    route: str,
    vary: tuple[str, ...],
    watch: tuple[str, ...],
    plot: str | None,
    changes: tuple[str, ...],
    no_target: bool,
    form: str,
) -> None:
    """Solve ROUTE at several values of one or two numbers.

    The target is met at every point. A point that does not solve keeps its row, with the reason.
    """
    from flowsheet.pictures.style import check_picture_file, save
    from flowsheet.routes.sweep import sweep_route
    from flowsheet.routes.watch import DEFAULT_WATCH
    from flowsheet.tables import Column

    if plot:
        check_picture_file(plot)
    spans = _spans(vary)
    asked = asked_route(route, changes, no_target=no_target)
    found = sweep_route(asked, spans, watch or DEFAULT_WATCH)
    columns = [
        *(Column(axis.path, axis.heading) for axis in found.axes),
        Column("status", "status", text=True),
        *(Column(w.name, w.heading, percent=w.unit == "%") for w in found.watched),
    ]
    content = found.to_dict() if form == "json" else None
    write_rows(form, found.rows(), columns, lambda: _print(found, columns), content)
    if plot:
        from flowsheet.pictures.curves import sweep_picture

        save(sweep_picture(found), plot)
    if len(found.failed) == len(found.scenarios):
        sys.exit(NOT_SOLVED)


def _spans(vary: tuple[str, ...]) -> dict[str, str]:
    """Path -> span; refuse what is not PATH=FIRST:LAST:COUNT."""
    spans: dict[str, str] = {}
    for text in vary:
        path, equals, span = (part.strip() for part in text.partition("="))
        if not equals or not path or not span:
            raise InputError(
                f"--vary {text}: needs PATH=FIRST:LAST:COUNT, e.g. rougher.cells=4:12:5"
            )
        if path in spans:
            raise InputError(f"--vary {text}: {path} is swept already; give each number once")
        spans[path] = span
    return spans


def _print(found: "RouteSweep", columns: "list[Column]") -> None:
    """Print one row per point, and each reason for which points failed once."""
    from flowsheet.routes.scenarios import reasons
    from flowsheet.tables import print_table

    rows = [{**row, "status": row["status"].partition(":")[0]} for row in found.rows()]
    print_table(rows, columns)
    for reason, count in reasons(found.failed).items():
        click.echo(f"{count:,} of {len(found.scenarios):,} points not solved: {reason}")
