"""Rows as a table for a terminal, as CSV, as Markdown or as JSON."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_LONGEST_TEXT = 60
_BETWEEN = 3  # blanks that a column adds to its width


@dataclass(frozen=True)
class Column:
    """One column: the key in a row and the heading people read."""

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
    shown = f"{percent:.{digits}f}"
    return "100" if float(shown) == 100.0 else shown


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
    """Print rows as a table: in colour on a terminal, plain and as wide as needed in a pipe.

    A table too wide for the terminal is turned, headings down the side, if it has few rows; else
    its columns are printed in parts.
    """
    import click
    from rich.console import Console

    cells = [[number(row.get(c.key), percent=c.percent) for c in columns] for row in rows]
    widths = [
        max(_longest_word(column), *(len(line[place]) for line in cells), 1)
        for place, column in enumerate(columns)
    ]
    between = _BETWEEN * len(columns) + 2
    console = Console()
    if not console.is_terminal:
        # Written by click, since rich ends the program itself when a pipe breaks.
        plain = Console(
            width=max(sum(widths) + between, 80), color_system=None, file=io.StringIO(), record=True
        )
        plain.print(_upright(cells, columns, widths, title))
        lines = plain.export_text(styles=False).splitlines()
        click.echo("\n".join(line.rstrip() for line in lines))
        return
    widths = [min(width, _LONGEST_TEXT) for width in widths]
    if sum(widths) + between > console.width and len(columns) > len(rows) + 1:
        console.print(_turned(cells, columns, title))
        return
    for part in _parts(widths, console.width):
        console.print(
            _upright(
                [[line[place] for place in part] for line in cells],
                [columns[place] for place in part],
                [widths[place] for place in part],
                title,
            )
        )
        title = f"{title}, continued" if title and not title.endswith("continued") else title


def _parts(widths: Sequence[int], available: int) -> list[list[int]]:
    """Columns that fit beside each other; each part begins with the first column."""
    parts = [[0]]
    used = widths[0] + _BETWEEN
    for place, width in enumerate(widths[1:], start=1):
        if used + width + _BETWEEN > available and len(parts[-1]) > 1:
            parts.append([0])
            used = widths[0] + _BETWEEN
        parts[-1].append(place)
        used += width + _BETWEEN
    return parts


def _longest_word(column: Column) -> int:
    return max(len(word) for word in column.heading.split())


def _upright(
    cells: Sequence[Sequence[str]], columns: Sequence[Column], widths: Sequence[int], title: str
) -> Any:
    table = _empty_table(title)
    for column, width in zip(columns, widths, strict=True):
        justify: Any = "left" if column.text else "right"
        style = "bold" if column is columns[0] else ""
        table.add_column(column.heading, justify=justify, width=width, overflow="fold", style=style)
    for line in cells:
        table.add_row(*line)
    return table


def _turned(cells: Sequence[Sequence[str]], columns: Sequence[Column], title: str) -> Any:
    table = _empty_table(title)
    table.add_column(columns[0].heading, style="bold")
    for line in cells:
        table.add_column(line[0], justify="right", overflow="fold")
    for place, column in enumerate(columns[1:], start=1):
        table.add_row(column.heading, *(line[place] for line in cells))
    return table


def _empty_table(title: str) -> Any:
    from rich import box
    from rich.table import Table

    return Table(
        title=title or None,
        min_width=len(title) or None,
        title_justify="left",
        title_style="bold",
        header_style="cyan",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
