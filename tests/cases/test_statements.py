"""The statements of the starting documents as data: complete, and of one mind with the page."""

import csv
import re
from importlib.resources import files
from pathlib import Path

import pytest

from flowsheet.core.quantities import registry

ROOT = Path(__file__).parents[2]
VERDICTS = {
    "right",
    "wrong",
    "doubtful",
    "no evidence",
    "out of date",
    "two different quantities",
}
DOCUMENTS = {"overview", "Alaska", "Pakistan", "Tajikistan", "newsletter"}
PLAIN_UNITS = {
    *("US$/t", "million US$", "thousand million US$", "million A$"),
    *("claims", "munition types", "sources"),
}
"""Units of statements that measure nothing physical."""
STATEMENTS = list(
    csv.DictReader(
        files("cases").joinpath("market/statements.csv").read_text(encoding="utf-8").splitlines()
    )
)
SEEDS = (ROOT / "docs" / "seeds.md").read_text(encoding="utf-8")


def seeds_rows():
    """Number of a statement on the page -> its cells."""
    rows = {}
    for line in SEEDS.splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if cells and cells[0].isdigit():
            rows[int(cells[0])] = cells
    return rows


PAGE = seeds_rows()


def name_of(row):
    return f"{row['document']}: {row['statement'][:40]}"


def test_there_are_statements_of_all_documents():
    assert {row["document"] for row in STATEMENTS} == DOCUMENTS
    assert len(STATEMENTS) >= 65
    listed = [(row["document"], row["statement"]) for row in STATEMENTS]
    assert len(set(listed)) == len(listed)


@pytest.mark.parametrize("row", STATEMENTS, ids=name_of)
def test_a_statement_is_complete(row):
    for column in ("document", "statement", "unit", "verdict", "used_in", "why"):
        assert row[column].strip(), column
    assert row["verdict"] in VERDICTS
    assert row["low"].strip() or row["high"].strip()
    assert bool(row["value_used"].strip()) == (row["used_in"] != "not used")


@pytest.mark.parametrize("row", STATEMENTS, ids=name_of)
def test_numbers_of_a_statement_are_numbers_of_a_known_unit(row):
    written = [row[end] for end in ("low", "high") if row[end]]
    if row["unit"] == "date":
        assert all(re.fullmatch(r"(19|20)\d\d(-(0[1-9]|1[0-2]))?", each) for each in written)
        assert written == sorted(written)
        return
    ends = [float(each) for each in written]
    assert ends == sorted(ends)
    if row["unit"] not in PLAIN_UNITS:
        registry().Unit(row["unit"].replace("%", "percent"))


@pytest.mark.parametrize("row", STATEMENTS, ids=name_of)
def test_a_statement_has_the_verdict_of_the_page(row):
    if row["seeds"]:
        cells = PAGE[int(row["seeds"])]
        assert row["verdict"] == cells[2]
        if int(row["seeds"]) >= 26:  # section 1 of the page is of the overview alone
            assert row["document"] in cells[1]


@pytest.mark.parametrize("row", STATEMENTS, ids=name_of)
def test_what_a_statement_is_used_in_exists(row):
    for name in filter(None, (each.strip() for each in row["used_in"].split(";"))):
        if name == "not used":
            continue
        place = "market/allied_2030" if name == "allied_2030" else name
        assert files("cases").joinpath(f"{place}.toml").is_file(), name


def test_the_page_numbers_its_statements_one_by_one():
    assert list(PAGE) == list(range(1, len(PAGE) + 1))
    assert {cells[2] for cells in PAGE.values()} == VERDICTS
