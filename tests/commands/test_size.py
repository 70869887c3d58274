"""``flowsheet size``: what it prints where, and its exit status."""

import csv
import io
import json

import pytest

from tests.command_line import failed, succeeded
from tests.sizing.test_size import DEWATERING, DEWATERING_PLANT, METAL, METAL_PLANT
from tests.small_case import CAPACITY, CASE, CIRCUIT, HEADER, LOSSLESS, ORE, TARGET, write


@pytest.fixture
def circuit(tmp_path):
    return write(tmp_path, CASE + CAPACITY)


@pytest.fixture
def dewatering(tmp_path):
    return write(tmp_path, DEWATERING, DEWATERING_PLANT)


@pytest.fixture
def metal(tmp_path):
    return write(tmp_path, METAL, METAL_PLANT, name="metal")


def test_table(flowsheet, circuit):
    out = succeeded(flowsheet("size", circuit))
    first = "5,000 t/yr Sb in products, running 85 % of the year"
    assert out.splitlines()[0].endswith(first)
    for title in ("What enters every step", "Antimony that goes round", "Refining capacity"):
        assert title in out
    assert "cleaner_tailings" in out
    assert "No power stated: rougher, cleaner" in out
    assert "Power of the 0 of 2 steps that state one, not of the whole plant: 0 kW" in out
    assert "No equipment stated: rougher, cleaner" in out


def test_tables_of_a_built_in_route_fit_100_columns(flowsheet):
    out = succeeded(flowsheet("size", "stibnite_idaho"))
    tables = out[: out.index("SO2: ")]
    assert max(map(len, tables.splitlines())) <= 100
    for heading in ("Equipment", "Reagents, air and water", "Electric power", "arsenic leaves"):
        assert heading in tables


def test_json(flowsheet, dewatering):
    content = json.loads(succeeded(flowsheet("size", dewatering, "--format", "json")))
    assert content["availability_percent"] == pytest.approx(85.0)
    assert [step["unit"] for step in content["steps"]] == ["thickener", "filter"]
    assert {row["figure"] for row in content["equipment"] if row["unit"] == "filter"} == {
        "filter area"
    }
    assert content["grade"] is None


def test_product_availability_and_set(flowsheet, dewatering):
    def area(*options):
        out = succeeded(flowsheet("size", dewatering, "--format", "json", *options))
        rows = json.loads(out)["equipment"]
        return next(row["value"] for row in rows if row["figure"] == "filter area")

    once = area()
    assert area("--product", "14337 t/yr") == pytest.approx(2.0 * once, rel=1e-9)
    assert area("--availability", "42.5 %") == pytest.approx(2.0 * once, rel=1e-9)
    assert area("--availability", "0.425") == pytest.approx(2.0 * once, rel=1e-9)
    faster = ("--set", "filter.filtration_rate=800 kg/(m^2*h)")
    assert area(*faster) == pytest.approx(0.5 * once, rel=1e-9)


def test_csv_has_one_figure_per_row(flowsheet, dewatering):
    out = succeeded(flowsheet("size", dewatering, "--format", "csv"))
    rows = list(csv.DictReader(io.StringIO(out)))
    assert list(rows[0]) == ["section", "unit", "item", "value", "in_unit"]
    (area,) = [row for row in rows if row["item"] == "filter area"]
    assert float(area["value"]) == pytest.approx(10_000.0 / 8766.0 / 0.85 / 0.4, rel=1e-3)
    assert area["in_unit"] == "m^2"


def test_markdown(flowsheet, dewatering):
    out = succeeded(flowsheet("size", dewatering, "--format", "markdown"))
    assert out.startswith("| section | unit | item | value | in |")
    assert "| equipment | filter | filter area |" in out


def test_a_grade_that_is_met(flowsheet, metal):
    out = succeeded(flowsheet("size", metal, "--grade", "Sb99.70"))
    missing = "Fe, S, Cu, Se, Bi, Cd are not carried here and so not judged"
    assert f"Grade: antimony_metal meets Sb99.70; {missing}\n" in out


def test_a_grade_that_is_not_met_ends_with_status_1(flowsheet, metal):
    outcome = flowsheet("size", metal, "--grade", "Sb99.90")
    assert outcome.status == 1
    assert outcome.err == (
        "flowsheet: metal: antimony_metal does not meet Sb99.90: As 0.05 % is above 0.01 %\n"
    )
    assert "What enters every step" in outcome.out


def test_mistakes(flowsheet, circuit, metal):
    told = failed(flowsheet("size", circuit, "--grade", "Sb99.99"), 2)
    assert told.startswith("grade: there is no grade 'Sb99.99'; did you mean 'Sb99.90'?; known: ")
    told = failed(flowsheet("size", circuit, "--availability", "110 %"), 2)
    assert told == 'availability: must lie between 0 and 1, got "110 %"'
    told = failed(flowsheet("size", circuit, "--availability", "0.0001 %"), 2)
    assert told == (
        "availability: must lie between 1 and 100 %, got 0.0001 %; give the share of the year that "
        'the plant runs, such as "85 %"'
    )
    told = failed(flowsheet("size", circuit, "--product", "5000"), 2)
    assert told == ('product: needs a unit of mass per time, got "5000"; write e.g. "5000 t/yr"')
    told = failed(flowsheet("size", circuit, "--product", "much"), 2)
    assert told.startswith("product: ")


def test_not_solved(flowsheet, tmp_path):
    loop = write(tmp_path, HEADER + TARGET + ORE + LOSSLESS, name="loop")
    failed(flowsheet("size", loop), 1)


def test_help_teaches(flowsheet):
    out = succeeded(flowsheet("size", "--help"))
    for option in ("--product", "--availability", "--grade", "--set", "--format"):
        assert option in out
    assert "Examples:" in out
    assert "Exit status:" in out


def test_a_route_without_a_target_is_sized_for_its_feed(flowsheet, tmp_path):
    """100 t/h all year are 876,600 t/yr."""
    out = succeeded(flowsheet("size", write(tmp_path, HEADER + ORE + CIRCUIT)))
    assert out.startswith("mine: 876,600 t/yr dry feed to ")


def test_notes_are_counted_and_where_they_stand_is_said(flowsheet, tmp_path):
    deposit = '\n[deposit]\nantimony = "40 kt"\nplan = "10 years"\n'
    out = succeeded(flowsheet("size", write(tmp_path, CASE + deposit)))
    assert out.endswith("\n1 note, see flowsheet run mine\n")
