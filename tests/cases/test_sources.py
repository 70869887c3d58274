"""No number in cases/ stands without where it is from, whether a route takes it or not."""

import re
import tomllib
from pathlib import Path

import pytest

from flowsheet.case.numbers import Basis, is_table

CASES = Path(__file__).parents[2] / "cases"
FILES = sorted(path for path in CASES.rglob("*.toml") if path.parent.name != "templates")
A_NUMBER = re.compile(r"\s*[-+]?\d")
NAMED = {"year"}
"""Of the market file: a date, no quantity."""


def entries(table, path=""):
    for name, entry in table.items():
        place = f"{path}.{name}"
        if is_table(entry):
            yield from entries(entry, place)
        else:
            yield place, entry


def is_number(value):
    if isinstance(value, list):
        return any(is_number(each) for each in value)
    if isinstance(value, bool):
        return False
    return isinstance(value, int | float) or bool(A_NUMBER.match(str(value)))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_number_has_its_source(path):
    found = 0
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    content.pop("route", None)
    for place, entry in entries(content):
        value = entry["value"] if isinstance(entry, dict) else entry
        if not is_number(value) or place.rpartition(".")[2] in NAMED or is_text(place):
            continue
        found += 1
        assert isinstance(entry, dict), f"{place} = {entry!r} is bare"
        assert len(entry.get("source", "").strip()) > 10, place
        assert entry.get("basis") in Basis.__args__, place
    assert found > 1


def is_text(place):
    """Titles and evidence may begin with a figure."""
    return place.rpartition(".")[2] in {"title", "evidence", "missing"} or ".products." in place
