"""The columns in which routes are compared, and the metrics in words."""

from collections.abc import Sequence
from typing import Any

from flowsheet.routes.compare import METRIC_NAMES, PERCENTILES, Row
from flowsheet.tables import Column, number

COMPARE_COLUMNS = (
    Column("route", "route", text=True),
    Column("status", "status", text=True),
    Column("product", "product", text=True),
    Column("product_t_yr", "product t/yr dry"),
    Column("product_grade_percent", "grade % Sb", percent=True),
    Column("antimony_in_products_t_yr", "Sb in products t/yr"),
    Column("antimony_recovery_percent", "Sb recovery %"),
    Column("feed_t_yr", "feed t/yr dry"),
    Column("antimony_to_refinery_t_yr", "Sb to refinery t/yr"),
    Column("refinery_yield_percent", "Sb yield of refinery %"),
    Column("capacity_installed_t_yr", "capacity installed t/yr"),
    Column("capacity_missing_t_yr", "capacity missing t/yr"),
    Column("reserve_life_yr", "reserve years"),
    Column("so2_generated_t_yr", "SO2 made t/yr"),
    Column("so2_captured_t_yr", "SO2 captured t/yr"),
    Column("so2_emitted_t_yr", "SO2 emitted t/yr"),
    Column("arsenic_to_product_t_yr", "As to product t/yr"),
    Column("arsenic_to_residue_t_yr", "As to residue t/yr"),
    Column("arsenic_emitted_t_yr", "As to air t/yr"),
    Column("closure_max_relative", "worst closure"),
)
"""All of a comparison, in the order of ``Metrics``."""
_MAIN = (
    "route",
    "status",
    "product_t_yr",
    "product_grade_percent",
    "antimony_in_products_t_yr",
    "antimony_recovery_percent",
    "antimony_to_refinery_t_yr",
    "capacity_installed_t_yr",
    "capacity_missing_t_yr",
    "reserve_life_yr",
    "so2_emitted_t_yr",
)
MAIN_COLUMNS = tuple(column for column in COMPARE_COLUMNS if column.key in _MAIN)
"""Those that a table of many routes has room for."""
_DRAWN = (
    "antimony_to_refinery_t_yr",
    "capacity_missing_t_yr",
    "antimony_recovery_percent",
    "product_grade_percent",
    "so2_emitted_t_yr",
)


def column_of(key: str) -> Column:
    """Return the column of a metric; one that has none gets its name as heading."""
    found = {column.key: column for column in COMPARE_COLUMNS}
    return found.get(key, Column(key, key.replace("_", " ")))


def drawn_table(rows: Sequence[Row], *, everything: bool) -> tuple[list[Any], list[Column]]:
    """Rows and columns of a table with P10, P50 and P90 beside what is as written."""
    named = [name for name in METRIC_NAMES if column_of(name) in COMPARE_COLUMNS]
    keys = [key for key in named if key != "product"] if everything else _DRAWN
    columns = [Column("route", "route", text=True)]
    for key in keys:
        own = column_of(key)
        columns.append(own)
        if key != "closure_max_relative":  # the proof of a solution is not spread
            columns.append(Column(f"{key}_spread", f"{own.heading}: P10 P50 P90"))
    return [_drawn_row(row, columns) for row in rows], columns


def drawn_columns() -> list[Column]:
    """Columns for P10, P50 and P90 of every metric, for files."""
    keys = [name for name in METRIC_NAMES if name not in ("product", "closure_max_relative")]
    return [
        Column(f"{key}_{each}", f"{column_of(key).heading} {each.upper()}")
        for key in keys
        for each in PERCENTILES
    ]


def _drawn_row(row: Row, columns: Sequence[Column]) -> dict[str, Any]:
    cells: dict[str, Any] = row.to_dict()
    for column in columns:
        key = column.key.removesuffix("_spread")
        summary = row.draws.summary.get(key) if row.draws else None
        if key != column.key and summary is not None and summary.p50 is not None:
            percent = column_of(key).percent
            ends = (getattr(summary, each) for each in PERCENTILES)
            cells[column.key] = "  ".join(number(end, percent=percent) for end in ends)
    return cells
