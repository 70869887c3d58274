"""The figures on docs/gap.md are those that the routes give today."""

import json
import re
from pathlib import Path

import pytest

from flowsheet.load import load_route

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "gap.md").read_text(encoding="utf-8")
KNOWN = json.loads((ROOT / "tests/known/routes_throughput.json").read_text(encoding="utf-8"))
LINE = re.compile(r"^\| `(\w+)` \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \| ([\d,]*) \|", re.MULTILINE)
ROWS = {name: figures for name, *figures in LINE.findall(PAGE)}


def number(text):
    return float(text.replace(",", "")) if text else None


def test_every_route_of_the_reference_stands_on_the_page():
    assert list(ROWS) == list(KNOWN["routes"])


@pytest.mark.parametrize("name", ROWS)
def test_a_row_is_the_route_beside_its_reference(name):
    antimony, reference, so2, so2_reference = map(number, ROWS[name])
    metrics, known = load_route(name).solve().metrics, KNOWN["routes"][name]
    assert antimony == pytest.approx(metrics.antimony_to_refinery_t_yr, rel=1e-3, abs=1.0)
    assert so2 == pytest.approx(metrics.so2_generated_t_yr, rel=1e-3, abs=1.0)
    assert reference == known["antimony_to_refinery"]["mid"]
    assert so2_reference == (known["sulphur_dioxide"] or {"mid": None})["mid"]
