"""``flowsheet uncertainty``."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flowsheet.commands.asked_route import asked_route
from flowsheet.commands.options import (
    changes_option,
    format_option,
    plot_option,
    seed_option,
    target_option,
)
from flowsheet.commands.output import counted, write_rows
from flowsheet.commands.status import NOT_SOLVED

if TYPE_CHECKING:
    from flowsheet.routes.tornado import Swing
    from flowsheet.routes.uncertain import UncertaintyReport
    from flowsheet.routes.watch import Watched
    from flowsheet.tables import Column

_EPILOG = """\b
Examples:
  flowsheet uncertainty stibnite_idaho
  flowsheet uncertainty stibnite_idaho --draws 4096 --watch so2_emitted_t_yr --plot so2.png
  flowsheet uncertainty high_purity --watch high_purity_antimony.As --format json

\b
The first table says how metrics spread over all draws: P10 is what 10 % of them lie below. The
second says which numbers matter: each goes from its own P10 to its P90 with the others as written,
the widest swing on top, and beside it the rank correlation of number and metric over the draws.
--watch takes metrics and measures of streams, see 'flowsheet sweep --help'. Several give several
pictures, FILE_METRIC.png.
"""


@click.command(epilog=_EPILOG)
@click.argument("route")
@click.option(
    "--draws",
    type=click.IntRange(min=1),
    default=1000,
    show_default=True,
    metavar="N",
    help="How often to draw; 1024, 2048 ... are best.",
)
@seed_option
@click.option(
    "--watch",
    multiple=True,
    metavar="METRIC",
    help="Whose swings to show; may be repeated.  [default: antimony_to_refinery_t_yr]",
)
@click.option(
    "--top",
    type=click.IntRange(min=1),
    default=12,
    show_default=True,
    metavar="N",
    help="How many of the widest swings to show.",
)
@plot_option("Draw swings and spread of what is watched")
@changes_option
@target_option
@format_option
def uncertainty(  # noqa: PLR0913, PLR0917 - options of a command
    route: str,
    draws: int,
    seed: int,
    watch: tuple[str, ...],
    top: int,
    plot: str | None,
    changes: tuple[str, ...],
    no_target: bool,
    form: str,
) -> None:
    """Draw the uncertain numbers of ROUTE: how metrics spread, and which numbers matter.

    The target is met in every draw. A draw that does not solve is in no figure and counted, with
    the reason. csv and markdown hold the first table, json both with all numbers.
    """
    from flowsheet.pictures.style import check_picture_file, save
    from flowsheet.routes.uncertain import THROUGHPUT, uncertainty_report, watched_of

    asked = asked_route(route, changes, no_target=no_target)
    names = [each.name for each in watched_of(asked, watch or (THROUGHPUT,))]
    files = {name: check_picture_file(file) for name, file in _files(plot, names).items()}
    report = uncertainty_report(asked, names, draws, seed)
    rows = [row.to_dict() for row in report.summary]
    content = report.to_dict() if form == "json" else None
    write_rows(form, rows, _summary_columns(), lambda: _print(report, top), content)
    if not report.drawn.scenarios.solved:
        sys.exit(NOT_SOLVED)
    for name, file in files.items():
        from flowsheet.pictures.uncertain_figure import uncertainty_picture

        save(uncertainty_picture(report.tornado, name, top), file)


def _files(plot: str | None, names: Sequence[str]) -> dict[str, Path]:
    """What is watched -> the file of its picture."""
    if plot is None:
        return {}
    path = Path(plot)
    if len(names) == 1:
        return {names[0]: path}
    return {
        name: path.with_name(f"{path.stem}_{name.replace('.', '_')}{path.suffix}") for name in names
    }


def _summary_columns() -> "list[Column]":
    from flowsheet.tables import Column

    return [
        Column("metric", "metric", text=True),
        Column("as_written", "as written"),
        Column("p10", "P10"),
        Column("p50", "P50"),
        Column("p90", "P90"),
        Column("mean", "mean"),
        Column("solved", "solved"),
        Column("failed", "failed"),
        Column("no_value", "no value"),
    ]


def _print(report: "UncertaintyReport", top: int) -> None:
    """Print how metrics spread, then the swings of what is watched."""
    from flowsheet.tables import print_table

    drawn = report.drawn
    units = {each.name: each.unit for each in report.watched if "." in each.name}
    shown = [_in_words(row.to_dict(), units.get(row.metric, "")) for row in report.summary]
    columns = [c for c in _summary_columns() if c.key not in ("solved", "failed")]
    if not any(row["no_value"] for row in shown):
        columns = columns[:-1]
    count = len(drawn.scenarios)
    click.echo(
        f"{drawn.route}: {counted(count, 'draw')} of "
        f"{counted(len(drawn.inputs), 'uncertain number')}, seed "
        f"{report.seed}; {drawn.scenarios.solved:,} solved, {len(drawn.failed):,} failed\n"
    )
    for reason, failed in drawn.reasons.items():
        click.echo(f"{failed:,} of {counted(count, 'draw')} failed: {reason}")
    print_table(shown, columns, "Metrics over the draws")
    for each in report.watched:
        _print_swings(report.tornado.of(each.name), each, top)


def _in_words(row: dict[str, Any], unit: str) -> dict[str, Any]:
    """A row of the first table with its numbers as text: percentages as such, units of streams."""
    from flowsheet.tables import number

    percent = unit == "%" or row["metric"].endswith("_percent")
    figures = ("as_written", "p10", "p50", "p90", "mean")
    texts = {key: number(row[key], percent=percent) for key in figures}
    return {**row, **texts, "metric": f"{row['metric']} {unit}".strip()}


def _print_swings(swings: "Sequence[Swing]", watched: "Watched", top: int) -> None:
    from flowsheet.tables import Column, print_table

    known = [row for row in swings if row.swing]
    rows = [
        {
            **row.to_dict(),
            "number": row.label,
            "range": row.range_text,
        }
        for row in known[:top]
    ]
    percent = watched.unit == "%"
    columns = [
        Column("number", "number", text=True),
        Column("range", "P10 to P90 of it", text=True),
        Column("low", "at its P10", percent=percent),
        Column("high", "at its P90", percent=percent),
        Column("swing", "swing"),
        Column("rank_correlation", "rank correlation"),
    ]
    title = f"Swings of {watched.heading}: {len(known)} of {len(swings)} numbers or groups move it"
    print_table(rows, columns, title)
    if len(known) > top:
        click.echo(f"The {top} widest are shown; --top {len(known)} shows all.")
    for row in swings:
        if row.swing is None:
            click.echo(f"{row.number}: no swing, {row.reason}")
