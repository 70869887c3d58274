"""``flowsheet uncertainty`` on the plant of ``tests.two_feeds``, where swings are sums."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from tests.command_line import failed, succeeded
from tests.pictures.texts import svg_texts
from tests.small_case import CASE, write
from tests.two_feeds import HEADER, PLANT, TO_ANTIMONY, UNITS, load

THROUGHPUT = "antimony_to_refinery_t_yr"


@pytest.fixture
def feeds(tmp_path):
    load(tmp_path)
    return tmp_path / "feeds.toml"


def test_as_json(flowsheet, feeds):
    asked = ["--draws", 64, "--seed", 7, "--format", "json"]
    plain = json.loads(succeeded(flowsheet("uncertainty", feeds, *asked)))
    assert (plain["route"], plain["draws"], plain["seed"]) == ("feeds", 64, 7)
    assert (plain["solved"], plain["failed"], plain["reasons"]) == (64, 0, {})
    swings = {row["number"]: row["swing"] for row in plain["tornado"][THROUGHPUT]}
    assert swings["two.flow"] == pytest.approx(8.0 * TO_ANTIMONY, rel=1e-8)
    assert swings["one.flow"] == pytest.approx(6.0 * TO_ANTIMONY, rel=1e-8)
    (row,) = [row for row in plain["summary"] if row["metric"] == THROUGHPUT]
    assert row["as_written"] == pytest.approx(70.0 * TO_ANTIMONY, rel=1e-9)
    assert row["p50"] == pytest.approx(70.0 * TO_ANTIMONY, rel=0.01)
    # Two normal numbers of P90 - P50 = 3 and 4 add up to one of 5.
    assert row["p90"] - row["p10"] == pytest.approx(10.0 * TO_ANTIMONY, rel=0.15)
    again = json.loads(succeeded(flowsheet("uncertainty", feeds, *asked)))
    assert again == plain
    other = json.loads(succeeded(flowsheet("uncertainty", feeds, *asked, "--seed", 8)))
    (drawn,) = [each for each in other["summary"] if each["metric"] == THROUGHPUT]
    assert drawn["as_written"] == row["as_written"]
    assert drawn["p50"] != row["p50"]


def test_as_csv_with_a_measure_of_a_stream(flowsheet, feeds):
    asked = ["--draws", 16, "--watch", "one.Sb2S3.t_yr", "--format", "csv"]
    out = succeeded(flowsheet("uncertainty", feeds, *asked))
    rows = {row["metric"]: row for row in csv.DictReader(io.StringIO(out))}
    assert float(rows["one.Sb2S3.t_yr"]["as_written"]) == pytest.approx(30.0 * 8766.0, rel=1e-9)
    assert rows["one.Sb2S3.t_yr"]["solved"] == "16"
    assert THROUGHPUT in rows


def test_as_markdown(flowsheet, feeds):
    out = succeeded(flowsheet("uncertainty", feeds, "--draws", 16, "--format", "markdown"))
    heading, _, *rows = out.splitlines()
    words = "metric | as written | P10 | P50 | P90 | mean | solved | failed | no value"
    assert heading == f"| {words} |"
    (row,) = [row for row in rows if row.startswith(f"| {THROUGHPUT} |")]
    assert row.endswith("| 16 | 0 | 0 |")


def test_as_a_table(flowsheet, feeds):
    out = succeeded(flowsheet("uncertainty", feeds, "--draws", 16, "--top", 1))
    assert "feeds: 16 draws of 3 uncertain numbers, seed 1; 16 solved, 0 failed" in out
    assert "Swings of Sb into the refinery, t/yr: 2 of 3 numbers or groups move it" in out
    assert "The 1 widest are shown; --top 2 shows all." in out
    assert ["two.flow", "36", "to", "44", "t/h"] in [line.split()[:5] for line in out.splitlines()]
    assert "one.flow" not in out


def test_failed_draws_are_counted_with_their_reason(flowsheet, tmp_path):
    """Above 96 % sulphur there is no room for 4 % stibnite: 4 of 40 parts of the range."""
    sulphur = '{ value = 0.9, low = 0.6, high = 1.0, distribution = "uniform" }'
    text = CASE.replace("composition.Sb2S3", f"composition.S = {sulphur}\ncomposition.Sb2S3")
    from tests.small_case import PLANT as CIRCUIT_PLANT

    plant = CIRCUIT_PLANT.replace('"SiO2"]', '"SiO2", "S"]')
    path = write(tmp_path, text.replace("fraction.SiO2", "fraction.S = 0.1\nfraction.SiO2"), plant)
    asked = ["uncertainty", path, "--draws", 64, "--watch", "concentrate.Sb"]
    plain = json.loads(succeeded(flowsheet(*asked, "--format", "json")))
    assert plain["failed"] == pytest.approx(6.4, abs=1.0)
    assert sum(plain["reasons"].values()) == plain["failed"]
    (grade,) = [row for row in plain["summary"] if row["metric"] == "concentrate.Sb"]
    assert (grade["failed"], grade["no_value"]) == (plain["failed"], 0)
    assert grade["p10"] < grade["p50"] < grade["p90"]
    out = succeeded(flowsheet(*asked))
    assert f"{plain['failed']} of 64 draws failed: ore: " in out


def test_a_grade_of_nothing_has_no_value_in_any_draw(flowsheet, feeds):
    """All antimony goes to the concentrate, and so nothing to the tailings."""
    asked = ["--draws", 16, "--watch", "tailings.Sb", "--set", "split.fraction.Sb2S3=1"]
    plain = json.loads(succeeded(flowsheet("uncertainty", feeds, *asked, "--format", "json")))
    (grade,) = [row for row in plain["summary"] if row["metric"] == "tailings.Sb"]
    assert (grade["solved"], grade["failed"], grade["no_value"]) == (16, 0, 16)
    assert grade["as_written"] is grade["p10"] is grade["p90"] is None
    assert {row["reason"] for row in plain["tornado"]["tailings.Sb"]} == {"at P10: no value"}
    told = succeeded(flowsheet("uncertainty", feeds, *asked))
    assert "no value" in told
    assert "one.flow: no swing, at P10: no value" in told


def test_one_picture(flowsheet, feeds, tmp_path):
    picture = tmp_path / "spread.svg"
    succeeded(flowsheet("uncertainty", feeds, "--draws", 32, "--plot", picture))
    words = {"two.flow", "36 to 44 t/h", "Sb into the refinery, t/yr", "draws, of 32"}
    assert words <= svg_texts(picture)


def test_a_picture_for_each_figure(flowsheet, feeds, tmp_path):
    watch = ["--watch", "feed_t_yr", "--watch", "concentrate.Sb.t_yr"]
    succeeded(
        flowsheet("uncertainty", feeds, "--draws", 16, *watch, "--plot", tmp_path / "spread.png")
    )
    assert {path.name for path in tmp_path.glob("*.png")} == {
        "spread_feed_t_yr.png",
        "spread_concentrate_Sb_t_yr.png",
    }


def test_what_is_set_is_known(flowsheet, feeds):
    asked = ["--draws", 16, "--set", "two.flow=40 t/h", "--format", "json"]
    plain = json.loads(succeeded(flowsheet("uncertainty", feeds, *asked)))
    assert [row["number"] for row in plain["tornado"][THROUGHPUT]] == [
        "one.flow",
        "split.fraction.SiO2",
    ]


def test_help_teaches_by_examples(flowsheet):
    out = succeeded(flowsheet("uncertainty", "--help"))
    assert "flowsheet uncertainty stibnite_idaho" in out
    assert "rank correlation" in out


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--draws", "0"], "Invalid value for '--draws': 0 is not in the range x>=1."),
        (["--draws", "many"], "Invalid value for '--draws': 'many' is not a valid integer range."),
        (["--seed", "-1"], "Invalid value for '--seed': -1 is not in the range x>=0."),
        (["--top", "0"], "Invalid value for '--top': 0 is not in the range x>=1."),
        (["--watch", "so2"], "watch so2: there is no metric 'so2' (of a stream write "),
        (["--plot", "spread.gif"], "spread.gif: cannot be written, '.gif' is no kind of picture"),
    ],
)
def test_what_makes_no_sense_is_one_line(flowsheet, feeds, arguments, line):
    assert failed(flowsheet("uncertainty", feeds, *arguments), status=2).startswith(line)


def test_a_route_without_ranges(flowsheet, tmp_path):
    fixed = re.sub(r", low =[^}]*", " ", UNITS)
    path = write(tmp_path, HEADER + fixed, PLANT, "known")
    line = failed(flowsheet("uncertainty", path), status=2)
    assert line.startswith("known: no number of the case has a range")
    assert not list(Path(tmp_path).glob("*.png"))
