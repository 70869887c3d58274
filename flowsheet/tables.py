"""Rows as a table for a terminal, as CSV, as Markdown or as JSON."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Format = Literal["table", "json", "csv", "markdown"]
FORMATS: tuple[Format, ...] = ("table", "json", "csv", "markdown")
_WIDTH_IN_A_PIPE = 250


@dataclass(frozen=True)
class Column:
    """One column: the key in a row, the heading people read, and the smallest width it needs."""

    key: str
    heading: str
    percent: bool = False
    text: bool = False


def number(value: Any, *, percent: bool = False) -> str:
    """Write a number as an engineer would: separators when large, three digits when small."""
    if value is None:
        return "-"
    if isinstance(value, str):
        return value
    if percent and value > 99.0:
        return _purity(value)
    if value == 0:
        return "0"
    if abs(value) >= 100.0:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _purity(percent: float) -> str:
    """Write a percentage near 100 with as many nines as it has, and two digits more."""
    missing = 100.0 - percent
    if missing <= 0.0:
        return "100"
    digits = 2
    while missing * 10**digits < 10.0 and digits < 9:
        digits += 1
    return f"{percent:.{digits}f}"


def as_json(content: Any) -> str:
    """Write plain values as JSON; a value that is not a number is an error, never NaN."""
    return json.dumps(content, indent=2, allow_nan=False, ensure_ascii=False)


def as_csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[Column]) -> str:
    """Write rows as CSV with full precision, headed by the keys."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.key for column in columns])
    writer.writerows([[row.get(column.key) for column in columns] for row in rows])
    return text.getvalue().rstrip("\n")


def as_markdown(rows: Sequence[Mapping[str, Any]], columns: Sequence[Column]) -> str:
    """Write rows as a Markdown table."""
    lines = [
        "| " + " | ".join(column.heading for column in columns) + " |",
        "|" + "|".join("---" if column.text else "---:" for column in columns) + "|",
    ]
    for row in rows:
        cells = [number(row.get(c.key), percent=c.percent).replace("|", "\\|") for c in columns]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def print_table(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[Column], title: str = ""
) -> None:
    """Print rows as a table: in colour on a terminal, plain in a pipe.

    A table too wide for the terminal is turned: headings down the side, one column per row.
    """
    from rich.console import Console

    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDTH_IN_A_PIPE, color_system=None)
    upright = _upright(rows, columns, title)
    if console.measure(upright).minimum > console.width and len(columns) > len(rows) + 1:
        upright = _turned(rows, columns, title)
    console.print(upright)


def _upright(rows: Sequence[Mapping[str, Any]], columns: Sequence[Column], title: str) -> Any:
    table = _empty_table(title)
    for column in columns:
        table.add_column(
            column.heading,
            justify="left" if column.text else "right",
            no_wrap=not column.text,
            overflow="fold",
            style="bold" if column is columns[0] else None,
            min_width=max((len(word) for word in column.heading.split()), default=1),
        )
    for row in rows:
        table.add_row(*(number(row.get(c.key), percent=c.percent) for c in columns))
    return table


def _turned(rows: Sequence[Mapping[str, Any]], columns: Sequence[Column], title: str) -> Any:
    table = _empty_table(title)
    first, *others = columns
    table.add_column(first.heading, style="bold")
    for row in rows:
        table.add_column(str(row.get(first.key)), justify="right", overflow="fold")
    for column in others:
        cells = (number(row.get(column.key), percent=column.percent) for row in rows)
        table.add_row(column.heading, *cells)
    return table


def _empty_table(title: str) -> Any:
    from rich import box
    from rich.table import Table

    return Table(
        title=title or None,
        title_justify="left",
        title_style="bold",
        header_style="cyan",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
