"""Rows as the user wants them: a table, json, csv or markdown."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from flowsheet.tables import Column

Rows = Sequence[Mapping[str, Any]]


def counted(number: int, noun: str) -> str:
    """Return ``1 note`` or ``1,200 notes``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def write_rows(
    form: str,
    rows: Rows,
    columns: "Sequence[Column]",
    table: Callable[[], None] | None = None,
    content: Any = None,
) -> None:
    """Print rows in a form; ``table`` prints more than the rows, ``content`` is the whole json."""
    from flowsheet.tables import as_csv, as_json, as_markdown, print_table

    if form == "json":
        click.echo(as_json(rows if content is None else content))
    elif form == "csv":
        click.echo(as_csv(rows, columns))
    elif form == "markdown":
        click.echo(as_markdown(rows, columns))
    elif table is None:
        print_table(rows, columns)
    else:
        table()
