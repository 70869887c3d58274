"""``flowsheet reaction``: what it says of a reaction, and what it refuses."""

import csv
import io
import json

import pytest

from tests.command_line import failed, succeeded

COPPER = "Sb2O3 + 6 Cu -> 2 Sb + 3 Cu2O"
ROAST = "Sb2S3 + 4.5 O2 -> Sb2O3 + 3 SO2"


def as_json(flowsheet, *arguments):
    return json.loads(succeeded(flowsheet("reaction", *arguments, "--format", "json")))


def test_copper_cannot_reduce_antimony_oxide(flowsheet):
    told = as_json(flowsheet, COPPER, "--at", "1200 K")
    assert told["balanced"] is True
    assert told["feasible"] is False
    assert told["temperature_k"] == 1200.0
    assert told["delta_g_kj"] == pytest.approx(153.0, abs=3.0)
    assert told["log10_k"] == pytest.approx(-6.7, abs=0.1)
    assert told["delta_h_kj"] == pytest.approx(192.0, abs=6.0)


def test_every_temperature_has_its_row(flowsheet):
    told = as_json(flowsheet, ROAST, "--at", "25 degC", "--at", "1000 K", "--over", "300 K:500 K:3")
    assert [p["temperature_k"] for p in told["points"]] == [298.15, 1000.0, 300.0, 400.0, 500.0]
    assert told["delta_h_kj"] == told["points"][0]["delta_h_kj"] == pytest.approx(-1459, abs=2)


def test_the_data_are_named_and_another_source_can_be_taken(flowsheet):
    usual = as_json(flowsheet, ROAST)
    older = as_json(flowsheet, ROAST, "--data", "Sb2S3=NBS82")
    stibnite = {row["species"]: row for row in older["species"]}["Sb2S3"]
    assert (stibnite["dataset"], stibnite["phase"]) == ("NBS82", "stibnite")
    assert "RH95" in stibnite["others"]
    assert older["delta_h_kj"] - usual["delta_h_kj"] == pytest.approx(174.9 - 151.4)
    instead = {row["instead"]: row["delta_g_kj"] for row in usual["other_datasets"]}
    assert instead["Sb2S3=NBS82"] == pytest.approx(older["delta_g_kj"])


def test_the_table_says_whether_it_goes(flowsheet):
    told = succeeded(flowsheet("reaction", COPPER, "--at", "1200 K"))
    assert told.startswith(
        f"{COPPER}: balanced\nAt 1200 K it does not go, with gases at 1 bar each"
    )
    for word in ("Cu2O", "Rao85", "log10", "high", "Rao 1985"):
        assert word in told
    assert "At 298 K it goes, with" in succeeded(flowsheet("reaction", ROAST))
    assert "Sb2S3=NBS82" in succeeded(flowsheet("reaction", ROAST))


def test_csv_and_markdown(flowsheet):
    told = succeeded(flowsheet("reaction", ROAST, "--over", "300 K:1500 K", "--format", "csv"))
    rows = list(csv.DictReader(io.StringIO(told)))
    assert len(rows) == 13
    assert float(rows[-1]["temperature_k"]) == 1500.0
    assert succeeded(flowsheet("reaction", ROAST, "--format", "markdown")).startswith("| K |")


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_a_picture(flowsheet, tmp_path, ending):
    path = tmp_path / f"roast.{ending}"
    succeeded(flowsheet("reaction", ROAST, "--plot", path, "--over", "300 K:1200 K"))
    assert path.stat().st_size > 5000


def test_without_a_span_all_that_the_data_reach_is_drawn(flowsheet, tmp_path):
    path = tmp_path / "copper.svg"
    succeeded(flowsheet("reaction", COPPER, "--plot", path))
    assert "1600" in path.read_text(encoding="utf-8")


def test_a_reaction_that_does_not_balance(flowsheet):
    line = (
        "reaction 'Sb2S3 + O2 -> Sb2O3 + SO2': does not balance, left minus right is S +2, O -3; "
        "'Sb2S3 + 4.5 O2 -> Sb2O3 + 3 SO2' would"
    )
    wrong = "Sb2S3 + O2 -> Sb2O3 + SO2"
    assert failed(flowsheet("reaction", wrong), status=2) == line
    outcome = flowsheet("reaction", wrong, "--format", "json")
    assert outcome.status == 2
    assert outcome.err == f"flowsheet: {line}\n"
    told = json.loads(outcome.out)
    assert told["balanced"] is False
    assert told["imbalance"] == {"S": 2.0, "O": -3.0}
    assert told["balances_as"] == ROAST
    assert told["delta_g_kj"] is told["log10_k"] is told["delta_h_kj"] is None
    hopeless = failed(flowsheet("reaction", "Sb2S3 -> Sb2O3"), status=2)
    assert hopeless.endswith("left minus right is S +3, O -3")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["Sb2S3"], "reaction 'Sb2S3': needs reactants -> products, e.g. "),
        (["C + CO2 -> 2 CO", "--at", "1000"], '--at 1000: needs a unit of temperature, got "1000"'),
        (["C + CO2 -> 2 CO", "--at", "9000 K"], "C: thermochemical data "),
        (["C + CO2 -> 2 CO", "--over", "300 K"], "--over 300 K: needs LOW:HIGH or LOW:HIGH:N"),
        (["C + CO2 -> 2 CO", "--over", "300 K:900 K:x"], "--over 300 K:900 K:x: N must be a whole"),
        (["C + CO2 -> 2 CO", "--over", "300 K:900 K:1"], "--over 300 K:900 K:1: N must be a whole"),
        (["C + CO2 -> 2 CO", "--data", "CO"], "--data CO: needs SPECIES=DATASET"),
        (["C + CO2 -> 2 CO", "--data", "CO=x"], "CO: no thermochemical dataset 'x'; there is"),
        (["C + CO2 -> 2 CO", "--data", "SO=x"], "a dataset is chosen for 'SO', which the reaction"),
        (["Sb2Te3 -> 2 Sb + 3 Te"], "no thermochemical data of 'Sb2Te3'; did you mean 'Sb2"),
        (
            ["C + CO2 -> 2 CO", "--plot", "no/where.png"],
            "no/where.png: cannot be written, there is no folder 'no'",
        ),
        (
            ["C + CO2 -> 2 CO", "--plot", "where.docx"],
            "where.docx: cannot be written, '.docx' is no kind of picture",
        ),
    ],
)
def test_what_cannot_be_read_is_one_line(flowsheet, arguments, line):
    assert failed(flowsheet("reaction", *arguments), status=2).startswith(line)
