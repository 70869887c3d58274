"""``flowsheet sweep`` on the small case, whose recovery is r c / (1 - r (1 - c))."""

import csv
import io
import json

import pytest

from tests.command_line import failed, succeeded
from tests.pictures.texts import svg_texts
from tests.small_case import CASE, write

ROUGHER = "rougher.fraction.Sb2S3"
SPAN = f"{ROUGHER}=80 %:100 %:3"
RECOVERY = "antimony_recovery_percent"


@pytest.fixture
def mine(tmp_path):
    return write(tmp_path, CASE)


def recovered(percent, cleaner=0.9):
    share = percent / 100.0
    return 100.0 * share * cleaner / (1.0 - share * (1.0 - cleaner))


def test_a_sweep_as_json(flowsheet, mine):
    out = succeeded(flowsheet("sweep", mine, "--vary", SPAN, "--format", "json"))
    plain = json.loads(out)
    assert plain["route"] == "mine"
    assert [point[ROUGHER] for point in plain["points"]] == [80.0, 90.0, 100.0]
    for point in plain["points"]:
        assert point["status"] == "solved"
        assert point["antimony_to_refinery_t_yr"] == pytest.approx(5000.0, rel=1e-9)
        assert point[RECOVERY] == pytest.approx(recovered(point[ROUGHER]), rel=1e-9)


def test_a_sweep_of_two_numbers_as_csv(flowsheet, mine):
    vary = ["--vary", SPAN, "--vary", "target.flow=4 kt/yr:6 kt/yr:2"]
    asked = ["--watch", "feed_t_yr", "--watch", "concentrate.Sb.recovery", "--format", "csv"]
    out = succeeded(flowsheet("sweep", mine, *vary, *asked))
    rows = list(csv.DictReader(io.StringIO(out)))
    assert list(rows[0]) == [
        ROUGHER, "target.flow", "status", "feed_t_yr", "concentrate.Sb.recovery",
    ]  # fmt: skip
    assert [row["target.flow"] for row in rows] == ["4.0", "6.0"] * 3
    assert float(rows[1]["feed_t_yr"]) == pytest.approx(1.5 * float(rows[0]["feed_t_yr"]), rel=1e-9)
    assert float(rows[-1]["concentrate.Sb.recovery"]) == pytest.approx(recovered(100.0), rel=1e-9)


def test_a_sweep_as_a_table(flowsheet, mine):
    out = succeeded(flowsheet("sweep", mine, "--vary", SPAN, "--watch", RECOVERY))
    lines = [line.split() for line in out.splitlines()]
    assert ["80", "solved", "78.3"] in lines
    assert ["100", "solved", "100"] in lines


def test_a_sweep_as_markdown(flowsheet, mine):
    asked = ["--vary", SPAN, "--watch", RECOVERY, "--format", "markdown"]
    heading, _, *rows = succeeded(flowsheet("sweep", mine, *asked)).splitlines()
    assert heading == f"| {ROUGHER}, % | status | Sb recovery, % |"
    assert rows[0] == "| 80 | solved | 78.3 |"
    assert len(rows) == 3


def test_a_point_that_does_not_solve_keeps_its_row(flowsheet, mine):
    asked = ["sweep", mine, "--vary", SPAN, "--no-target", "--set", "cleaner.fraction.Sb2S3=0"]
    out = succeeded(flowsheet(*asked, "--watch", RECOVERY))
    (row,) = [line.split() for line in out.splitlines() if line.strip().startswith("100")]
    assert row == ["100", "not", "solved", "-"]
    assert "1 of 3 points not solved: " in out
    points = json.loads(succeeded(flowsheet(*asked, "--format", "json")))["points"]
    assert points[2]["status"].startswith("not solved: ")
    assert points[2][RECOVERY] is None


def test_a_picture_of_it(flowsheet, mine, tmp_path):
    picture = tmp_path / "sweep.svg"
    succeeded(flowsheet("sweep", mine, "--vary", SPAN, "--watch", RECOVERY, "--plot", picture))
    assert {f"{ROUGHER}, %", "Sb recovery, %", "mine"} <= svg_texts(picture)


def test_help_teaches_by_examples(flowsheet):
    out = succeeded(flowsheet("sweep", "--help"))
    assert 'flowsheet sweep stibnite_idaho --vary "target.flow=3000 t/yr:8000 t/yr:6"' in out
    assert "antimony_metal.As.recovery" in out


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ([], "Missing option '--vary'."),
        (["--vary", ROUGHER], f"--vary {ROUGHER}: needs PATH=FIRST:LAST:COUNT, e.g. rougher.cells"),
        (["--vary", SPAN, "--vary", SPAN], f"--vary {SPAN}: {ROUGHER} is swept already; give each"),
        (["--vary", f"{ROUGHER}=1:2"], f"{ROUGHER}=1:2: needs first:last:count with units, e.g. "),
        (["--vary", SPAN, "--watch", "feed"], "watch feed: there is no metric 'feed' (of a"),
        (["--vary", SPAN, "--plot", "a.gif"], "a.gif: cannot be written, '.gif' is no kind of pic"),
        (["--vary", SPAN, "--plot", "no/a.png"], "no/a.png: cannot be written, there is no folder"),
        (["--vary", "ore.flow=1 t/h:2 t/h:3"], "ore.flow: is varied to meet the target of 5000"),
    ],
)
def test_what_cannot_be_swept_is_one_line(flowsheet, mine, arguments, line):
    assert failed(flowsheet("sweep", mine, *arguments), status=2).startswith(line)


def test_three_numbers_are_too_many(flowsheet, mine):
    spans = [SPAN, "rougher.fraction.SiO2=1 %:2 %:2", "cleaner.fraction.SiO2=1 %:2 %:2"]
    vary = [word for span in spans for word in ("--vary", span)]
    line = "vary: one or two numbers can be swept at once, got 3"
    assert failed(flowsheet("sweep", mine, *vary), status=2) == line
