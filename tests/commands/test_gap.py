"""``flowsheet gap``: the forms it prints in, its options, and what it refuses."""

import csv
import io
import json

import pytest

from tests.command_line import failed, succeeded
from tests.small_case import changed
from tests.smelter_case import CASE, SUPPLY, write_market, write_route

COLUMNS = {"low", "mid", "high"}


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A smelter and a market of one's own, in the working folder."""
    monkeypatch.chdir(tmp_path)
    write_route(tmp_path)
    write_market(tmp_path)
    return tmp_path


@pytest.fixture
def gap(flowsheet, files):
    def run(*options, route="smelter.toml", market="somewhere.toml"):
        chosen = ["--market", market] if market else []
        return flowsheet("gap", route, *chosen, "--draws", 0, *options)

    return run


def test_json_has_the_figures_of_the_gap_and_its_routes(gap):
    told = json.loads(succeeded(gap("--format", "json", market=None)))
    for name in (
        *("demand_kt", "gap_kt", "refining_throughput_kt", "nameplate_kt", "so2_kt"),
        *("concentrate_kt", "secondary_kt", "existing_kt"),
    ):
        assert set(told[name]) == COLUMNS, name
        assert told[name]["low"] <= told[name]["mid"] <= told[name]["high"] or name in (
            "secondary_kt",
            "existing_kt",
        )
    assert [round(told["gap_kt"][column]) for column in ("low", "mid", "high")] == [19, 39, 63]
    assert round(told["reference"]["refining_throughput_kt"]["mid"]) == 45
    assert told["refining_throughput_kt"]["mid"] == pytest.approx(39.4 / 0.9)
    (route,) = told["routes"]
    assert route["route"] == "smelter"
    assert route["adds_kt"]["mid"] == pytest.approx(9.0)
    assert told["year"] == 2030


def test_the_table_shows_both_yields_and_says_why(gap):
    told = succeeded(gap())
    for words in (
        "Somewhere in 2040",
        "Plastics",
        "refining throughput, fed",
        "What is lost leaves with slag 10.0%.",
        "the bloc's own routes leave 8 / 36 / 66",
    ):
        assert words in told
    assert "Missing:" not in told
    assert told.rstrip().endswith("are left (low, mid, high gap).")
    (whole,) = [line for line in told.splitlines() if line.startswith(" all sectors ")]
    assert whole.split()[-3:] == ["40", "60", "80"]
    row = next(line for line in told.splitlines() if line.startswith(" refining throughput"))
    assert row.split()[-6:] == ["23.3", "50", "77.8", "21", "112", "700"]


def test_csv_and_markdown_have_a_row_for_each_route(gap):
    rows = list(csv.DictReader(io.StringIO(succeeded(gap("--format", "csv")))))
    assert [row["route"] for row in rows] == ["smelter"]
    assert float(rows[0]["left_kt_mid"]) == pytest.approx(36.0)
    assert float(rows[0]["adds_at_hand_kt_high"]) == 0.0
    assert (rows[0]["missing"], rows[0]["evidence"]) == ("a smelter", "a test")
    lines = succeeded(gap("--format", "markdown")).splitlines()
    assert lines[0].startswith("| route | status of the source | control |")
    assert len(lines) == 3


def test_details_stand_before_the_answer(gap):
    told = succeeded(gap("--details"))
    assert "\nsmelter. Missing: a smelter. Status by: a test\n" in told
    assert told.index("smelter. Missing") < told.index("Of the gap of 21 / 45 / 70")
    assert "--details" not in told


def test_a_route_named_twice(flowsheet, files):
    line = failed(flowsheet("gap", "smelter.toml", "smelter.toml", "--draws", 0), 2)
    assert line.startswith("routes: 'smelter' is given 2 times, ")


def test_counted_is_shown_with_its_range(flowsheet, files):
    counted = 'value = "2 kt/yr", low = "1 kt/yr", high = "7.25 kt/yr"'
    counted = f'counted = {{ {counted}, basis = "assumed", source = "a test" }}\n'
    write_route(files, "grown", CASE + SUPPLY + counted)
    told = succeeded(flowsheet("gap", "grown.toml", "--market", "somewhere.toml", "--draws", 0))
    row = next(line for line in told.splitlines() if line.startswith(" grown "))
    assert row.split()[8:14] == ["1", "2", "7.25", "3.5", "7", "6.25"]


def test_lead_from_scrap(gap):
    plain = json.loads(succeeded(gap("--format", "json")))
    scrap = json.loads(succeeded(gap("--format", "json", "--lead-from-scrap")))
    assert plain["gap_kt"]["mid"] - scrap["gap_kt"]["mid"] == pytest.approx(20.0 - 8.0)
    assert "all lead alloys from scrap" in succeeded(gap("--lead-from-scrap"))


def test_draws_widen_the_yield(flowsheet, files):
    arguments = ["gap", "smelter.toml", "--market", "somewhere.toml", "--format", "json"]
    told = json.loads(succeeded(flowsheet(*arguments, "--draws", 64)))
    assert told["draws"] == 64
    assert told["antimony_yield"]["low"] > 0.9 > told["antimony_yield"]["high"]
    again = json.loads(succeeded(flowsheet(*arguments, "--draws", 64, "--seed", 2)))
    assert again["antimony_yield"]["low"] != told["antimony_yield"]["low"]


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_a_picture(gap, files, ending):
    path = files / f"gap.{ending}"
    succeeded(gap("--plot", path))
    assert path.stat().st_size > 5000


def test_a_picture_of_no_kind_is_refused_before_anything_is_solved(gap, files):
    line = failed(gap("--plot", "gap.doc"), 2)
    assert line.startswith("gap.doc: cannot be written, '.doc' is no kind of picture known here")


def test_a_year_that_the_market_file_does_not_have(gap):
    assert succeeded(gap("--year", 2040))
    assert failed(gap("--year", 2030), 2) == (
        "--year 2030: the market file somewhere.toml has the year 2040; ask for that, or give a "
        "file of your own with --market"
    )
    assert failed(gap("--year", 2035, market=None), 2) == (
        "--year 2035: the market file allied_2030.toml has the year 2030; ask for that, or give a "
        "file of your own with --market"
    )


def test_a_market_file_that_is_not_there(gap):
    assert failed(gap(market="nowhere.toml"), 2) == "nowhere.toml: there is no such file"


def test_a_route_without_supply_gives_no_yield(gap, files):
    write_route(files, "bare", CASE)
    line = failed(gap(route="bare.toml"), 2)
    assert line.startswith("gap: no route here turns sulphide feed into metal")


def test_a_route_that_is_not_known(gap):
    assert failed(gap(route="stibnite_idahu"), 2).startswith(
        "there is no route 'stibnite_idahu'; did you mean 'stibnite_idaho'?"
    )


def test_draws_below_zero(gap):
    assert "-1 is not in the range x>=0" in failed(gap("--draws", -1), 2)


def test_a_route_that_does_not_solve_keeps_its_row_and_ends_with_status_1(flowsheet, files):
    lossy = changed(CASE, "value = 0.9, low = 0.8", "value = 0.0, low = 0.0")
    target = '\n[target]\nvary = "concentrate.flow"\nflow = "5 kt/yr"\n'
    write_route(files, "lossy", lossy + target + SUPPLY)
    arguments = ["--market", "somewhere.toml", "--draws", "0"]
    outcome = flowsheet("gap", "smelter.toml", "lossy.toml", *arguments)
    assert outcome.status == 1
    assert outcome.err == ""
    row = next(line for line in outcome.out.splitlines() if line.strip().startswith("lossy "))
    assert " - " in row
    assert "lossy: not solved: " in outcome.out
