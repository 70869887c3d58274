"""``flowsheet compare``: order, draws, columns and picture; formats are in tests/test_cli.py."""

import csv
import io
import json

import pytest

from tests.command_line import failed, succeeded
from tests.pictures.texts import svg_texts
from tests.small_case import CASE, HEADER, LOSSLESS, ORE, TARGET, changed, write
from tests.two_feeds import TO_ANTIMONY, load


@pytest.fixture
def routes(tmp_path):
    """One with ranges, one of 5000 t/yr without any that count, one that does not solve."""
    load(tmp_path)
    small = write(tmp_path, CASE, name="small")
    loop = write(tmp_path, HEADER + TARGET + ORE + LOSSLESS, name="loop")
    return [small, loop, tmp_path / "feeds.toml"]


def order(outcome):
    return [row["route"] for row in json.loads(outcome.out)]


def test_sorted_by_a_metric_the_largest_first(flowsheet, routes):
    asked = ["compare", *routes, "--format", "json", "--sort", "antimony_to_refinery_t_yr"]
    assert order(flowsheet(*asked)) == ["feeds", "small", "loop"]  # 220,000 and 5,000 t/yr
    assert order(flowsheet(*asked, "--reverse")) == ["small", "feeds", "loop"]


def test_sorted_by_route(flowsheet, routes):
    asked = ["compare", *routes, "--format", "json"]
    assert order(flowsheet(*asked)) == ["small", "loop", "feeds"]
    assert order(flowsheet(*asked, "--reverse")) == ["feeds", "loop", "small"]
    assert order(flowsheet(*asked, "--sort", "route")) == ["feeds", "loop", "small"]
    assert order(flowsheet(*asked, "--sort", "route", "--reverse")) == ["small", "loop", "feeds"]


def test_draws_as_json(flowsheet, routes):
    outcome = flowsheet("compare", *routes, "--draws", 64, "--format", "json")
    assert outcome.status == 1  # loop does not solve
    small, loop, feeds = json.loads(outcome.out)
    assert (feeds["draws"]["asked"], feeds["draws"]["solved"]) == (64, 64)
    spread = feeds["draws"]["metrics"]["antimony_to_refinery_t_yr"]
    assert spread["p50"] == pytest.approx(70.0 * TO_ANTIMONY, rel=0.01)
    assert spread["p90"] - spread["p10"] == pytest.approx(10.0 * TO_ANTIMONY, rel=0.15)
    nothing = {"asked": 64, "solved": 0, "metrics": {}}
    reason = "no number has a range, so nothing was drawn"
    assert small["draws"] == {**nothing, "reasons": {reason: 64}}
    assert loop["draws"] == {**nothing, "reasons": {loop["status"]: 64}}
    assert loop["antimony_to_refinery_t_yr"] is None


def test_draws_as_csv(flowsheet, routes):
    out = flowsheet("compare", *routes, "--draws", 16, "--format", "csv").out
    small, loop, feeds = csv.DictReader(io.StringIO(out))
    key = "antimony_to_refinery_t_yr"
    assert float(feeds[f"{key}_p10"]) < float(feeds[f"{key}_p50"]) < float(feeds[f"{key}_p90"])
    assert small[f"{key}_p50"] == loop[f"{key}_p50"] == ""
    assert set(small) == set(feeds)


def test_draws_as_a_table(flowsheet, routes):
    out = flowsheet("compare", *routes, "--draws", 16).out
    assert "As written, and P10, P50 and P90 of 16 draws" in out
    assert "small: no number has a range, so nothing was drawn" in out
    assert "loop: not solved: no way out for Sb2S3, SiO2" in out
    (row,) = [line for line in out.splitlines() if line.startswith(" loop")]
    assert set(row.split()[1:]) == {"-"}
    assert "nan" not in out.lower()


def test_the_main_columns_and_all_of_them(flowsheet, routes):
    narrow = succeeded(flowsheet("compare", routes[0]))
    assert max(map(len, narrow.splitlines())) < 130
    assert "capacity" in narrow
    assert "arsenic" not in narrow
    assert "As to" not in narrow
    everything = succeeded(flowsheet("compare", routes[0], "--all-columns"))
    assert "As to" in everything
    assert "worst" in everything


def test_a_reserve_and_none(flowsheet, tmp_path):
    """5000 t/yr in the product at 89.01 % recovery live off 56.17 kt for ten years."""
    deposit = '\n[deposit]\nantimony = "56.173 kt"\n'
    mined = write(tmp_path, CASE + deposit, name="mined")
    other = write(tmp_path, changed(CASE, "5000 t/yr", "500 t/yr"), name="other")
    out = succeeded(flowsheet("compare", mined, other))
    rows = {line.split()[0]: line.split() for line in out.splitlines() if line.startswith(" ")}
    assert rows["mined"][-2] == "10"
    assert rows["other"][-2] == "-"


def test_it_says_where_the_notes_of_a_route_are(flowsheet, routes):
    out = succeeded(flowsheet("compare", routes[0]))
    assert out.endswith("What to look out for in each: flowsheet run ROUTE\n")


def test_a_picture(flowsheet, routes, tmp_path):
    picture = tmp_path / "routes.svg"
    flowsheet("compare", *routes, "--draws", 16, "--plot", picture)
    words = {"feeds", "loop", "not solved", "P10 to P90 of 16 draws", "Sb into the refinery, t/yr"}
    assert words <= svg_texts(picture)


def test_no_picture_where_nothing_solved(flowsheet, routes, tmp_path):
    outcome = flowsheet("compare", routes[1], "--plot", tmp_path / "routes.png")
    assert outcome.status == 1
    line = "flowsheet: no route solved, so there is no picture of the comparison\n"
    assert outcome.err == line
    assert not list(tmp_path.glob("*.png"))


def test_help_teaches_by_examples(flowsheet):
    assert "flowsheet compare --sort antimony_to_refinery_t_yr" in succeeded(
        flowsheet("compare", "--help")
    )


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--sort", "grade"], "there is no metric 'grade' to sort by; known here: antimony_in_pr"),
        (
            ["--sort", "feed_t_y"],
            "there is no metric 'feed_t_y' to sort by; did you mean 'feed_t_yr",
        ),
        (["--draws", "0"], "Invalid value for '--draws': 0 is not in the range x>=1."),
        (["--plot", "routes"], "routes: cannot be written, it has no suffix known here; give .png"),
    ],
)
def test_what_makes_no_sense_is_one_line(flowsheet, routes, arguments, line):
    assert failed(flowsheet("compare", routes[0], *arguments), status=2).startswith(line)
