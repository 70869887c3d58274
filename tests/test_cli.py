"""The command line: what it prints where, in which format, and with which exit status."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from flowsheet.cli import cli
from flowsheet.load import route_names
from flowsheet.version import __version__
from tests.command_line import Outcome, failed, succeeded
from tests.sieved_case import RECOVERY, SIEVED_CASE, SIEVED_PLANT
from tests.small_case import (
    CASE,
    CIRCUIT,
    HEADER,
    LOSSLESS,
    ORE,
    PLANT,
    TARGET,
    changed,
    write,
)

ROOT = Path(__file__).parents[1]
METRICS = [
    "product",
    "product_t_yr",
    "product_grade_percent",
    "antimony_in_products_t_yr",
    "antimony_recovery_percent",
    "feed_t_yr",
    "antimony_to_refinery_t_yr",
    "refinery_yield_percent",
    "capacity_installed_t_yr",
    "capacity_missing_t_yr",
    "reserve_life_yr",
    "so2_generated_t_yr",
    "so2_captured_t_yr",
    "so2_emitted_t_yr",
    "arsenic_to_product_t_yr",
    "arsenic_to_residue_t_yr",
    "arsenic_emitted_t_yr",
    "closure_max_relative",
]


PROGRAM = "from flowsheet.cli import main; main()"


def in_a_process(*arguments, cwd, program=PROGRAM, stdout=subprocess.PIPE):
    """Run the program as a shell would, from another folder."""
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "7"},
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=60,
    )
    return Outcome(run.returncode, run.stdout, run.stderr)


@pytest.fixture
def mine(tmp_path):
    return write(tmp_path)


@pytest.fixture
def loop(tmp_path):
    return write(tmp_path, HEADER + TARGET + ORE + LOSSLESS, name="loop")


def table_rows(text):
    """Cells of a Markdown table, header first; every row must have as many."""
    lines = [line for line in text.splitlines() if line]
    assert all(line.startswith("| ") and line.endswith(" |") for line in (lines[0], *lines[2:]))
    assert set(lines[1]) <= set("|-:")
    cells = [[cell.strip() for cell in line[1:-1].split("|")] for line in (lines[0], *lines[2:])]
    assert {len(row) for row in cells} == {lines[1].count("|") - 1}
    return cells


# In a process of its own: what only a process can show.


def test_help_mentions_every_command_and_imports_nothing_heavy(tmp_path):
    program = """
import sys
from flowsheet.cli import main
try:
    main()
finally:
    heavy = {"numpy", "pint", "scipy", "pydantic", "rich", "periodictable", "matplotlib"}
    print("imported:", *sorted(heavy & set(sys.modules)), file=sys.stderr)
"""
    outcome = in_a_process("--help", cwd=tmp_path, program=program)
    assert outcome.status == 0
    assert outcome.err == "imported:\n"
    for name in cli.commands:
        assert f"\n  {name} " in outcome.out
    assert {"check", "compare", "list", "run", "show", "sources"} <= set(cli.commands)


def test_a_case_is_run_from_the_folder_it_lies_in(mine):
    plain = json.loads(
        succeeded(in_a_process("run", "mine.toml", "--format", "json", cwd=mine.parent))
    )
    assert plain["metrics"]["antimony_to_refinery_t_yr"] == pytest.approx(5000.0)


def test_the_built_in_routes_side_by_side_are_the_same_in_every_process(flowsheet, tmp_path):
    out = succeeded(in_a_process("compare", "--format", "json", cwd=tmp_path))
    assert out == succeeded(flowsheet("compare", "--format", "json"))
    rows = json.loads(out)
    assert [row["route"] for row in rows] == [n for n in route_names() if n != "gravity_plant"]
    assert {row["status"] for row in rows} == {"solved"}
    assert all(list(row) == ["route", "status", *METRICS] for row in rows)


def test_a_plant_without_a_way_out_ends_with_status_1(loop, tmp_path):
    message = failed(in_a_process("run", loop.name, cwd=tmp_path), 1)
    assert message.startswith("no way out for Sb2S3, SiO2")


def test_a_mistake_in_the_input_ends_with_status_2(mine, tmp_path):
    outcome = in_a_process("run", mine.name, "--set", "roughr.fraction=0.5", cwd=tmp_path)
    assert failed(outcome, 2) == (
        "roughr.fraction: there is no unit 'roughr'; did you mean 'rougher'?"
    )


def test_a_reader_that_has_seen_enough_is_no_failure(mine):
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as nobody_reads:
        outcome = in_a_process("run", mine.name, cwd=mine.parent, stdout=nobody_reads)
    assert (outcome.status, outcome.err) == (0, "")


def test_a_standard_output_that_is_closed_is_no_failure(mine):
    # As the shell starts it for `flowsheet run mine.toml >&-`.
    command = [sys.executable, "-c", PROGRAM, "run", mine.name]
    program = f"import os, sys; os.close(1); os.execv(sys.executable, {command})"
    outcome = in_a_process(cwd=mine.parent, program=program)
    assert (outcome.status, outcome.out, outcome.err) == (0, "", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_a_full_disk_ends_with_status_1(mine):
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        outcome = in_a_process("run", mine.name, cwd=mine.parent, stdout=full)
    assert outcome.status == 1
    assert outcome.err == "flowsheet: cannot write the output: No space left on device\n"


def test_a_comparison_keeps_the_row_of_a_route_that_does_not_solve(mine, loop, tmp_path):
    outcome = in_a_process("compare", mine.name, loop.name, "--format", "json", cwd=tmp_path)
    assert outcome.status == 1
    assert outcome.err == ""
    solved, unsolved = json.loads(outcome.out)
    assert (solved["route"], solved["status"]) == ("mine", "solved")
    assert unsolved["route"] == "loop"
    assert unsolved["status"].startswith("not solved: no way out for Sb2S3, SiO2")
    assert list(unsolved) == list(solved)
    assert {unsolved[name] for name in METRICS} == {None}


# In this process: everything else.


def test_without_a_command_it_says_which_there_are(flowsheet):
    out = succeeded(flowsheet())
    assert out == succeeded(flowsheet("--help"))
    for name in cli.commands:
        assert f"\n  {name} " in out


def test_the_version(flowsheet):
    assert succeeded(flowsheet("--version")) == f"flowsheet, version {__version__}\n"


def test_a_comparison_in_every_format(flowsheet, mine):
    (plain,) = json.loads(succeeded(flowsheet("compare", mine, "--format", "json")))
    assert list(plain) == ["route", "status", *METRICS]
    (row,) = csv.DictReader(io.StringIO(succeeded(flowsheet("compare", mine, "--format", "csv"))))
    assert list(row) == list(plain)
    assert plain["reserve_life_yr"] is None  # no deposit is stated
    for name, value in plain.items():
        text = "" if value is None else repr(value)
        assert row[name] == (value if isinstance(value, str) else text)
    heading, cells = table_rows(succeeded(flowsheet("compare", mine, "--format", "markdown")))
    assert len(heading) == len(plain)
    assert cells[:3] == ["mine", "solved", "concentrate"]
    assert "5,000" in cells
    table = succeeded(flowsheet("compare", mine))
    assert "mine" in table
    assert "5,000" in table


def test_a_route_that_does_not_solve_in_every_format(flowsheet, loop):
    outcomes = {form: flowsheet("compare", loop, "--format", form) for form in FORMATS}
    for outcome in outcomes.values():
        assert outcome.status == 1
        assert outcome.err == ""
        assert "no way out for Sb2S3, SiO2" in outcome.out
    (row,) = csv.DictReader(io.StringIO(outcomes["csv"].out))
    assert {row[name] for name in METRICS} == {""}
    _, cells = table_rows(outcomes["markdown"].out)
    assert cells[2:] == ["-"] * len(METRICS)


FORMATS = ("table", "json", "csv", "markdown")


def test_a_run_as_json(flowsheet, mine):
    plain = json.loads(succeeded(flowsheet("run", mine, "--format", "json")))
    assert set(plain) >= {"route", "status", "metrics", "closure", "streams", "units"}
    assert (plain["route"], plain["status"]) == ("mine", "solved")
    assert list(plain["metrics"]) == METRICS
    assert set(plain["closure"]) == {"O", "S", "Sb", "Si"}
    assert max(plain["closure"].values()) < 1e-9
    assert set(plain["streams"]) == {
        "ore", "rougher_concentrate", "tailings", "concentrate", "cleaner_tailings",
    }  # fmt: skip
    concentrate = plain["streams"]["concentrate"]
    assert set(concentrate) == {
        "from", "to", "mass_t_yr", "temperature_c", "species_t_yr", "elements_t_yr",
        "grade_percent", "solids_percent",
    }  # fmt: skip
    assert concentrate["elements_t_yr"]["Sb"] == pytest.approx(5000.0, rel=1e-9)
    assert concentrate["mass_t_yr"] == pytest.approx(sum(concentrate["species_t_yr"].values()))


def test_a_run_as_csv_and_markdown_has_one_row_per_stream(flowsheet, mine):
    rows = list(csv.DictReader(io.StringIO(succeeded(flowsheet("run", mine, "--format", "csv")))))
    by_name = {row["stream"]: row for row in rows}
    assert len(rows) == len(by_name) == 5
    assert float(by_name["concentrate"]["Sb_t_yr"]) == pytest.approx(5000.0, rel=1e-9)
    assert by_name["tailings"]["to"] == "outside"
    _, *lines = table_rows(succeeded(flowsheet("run", mine, "--format", "markdown")))
    assert [line[0] for line in lines] == [row["stream"] for row in rows]


def test_a_run_as_tables(flowsheet, mine):
    out = succeeded(flowsheet("run", mine))
    for text in ("mine: solved", "5,000", "rougher_concentrate", "Closure over the plant"):
        assert text in out


def test_parameters_are_set(flowsheet, mine):
    def metrics(*arguments):
        out = succeeded(flowsheet("run", mine, "--format", "json", *arguments))
        return json.loads(out)["metrics"]

    assert metrics("--set", "target.flow=2500 t/yr")["antimony_to_refinery_t_yr"] == pytest.approx(
        2500.0
    )
    sharper = ("--set", "rougher.fraction.Sb2S3 = 100 %", "--set", "cleaner.fraction.Sb2S3=1")
    assert metrics(*sharper)["antimony_recovery_percent"] == pytest.approx(100.0)
    fixed = metrics("--no-target", "--set", "ore.flow=50 t/h")
    assert fixed["feed_t_yr"] == pytest.approx(50 * 8766)


def test_the_list_of_routes(flowsheet):
    out = succeeded(flowsheet("list"))
    for name in route_names():
        assert f"\n {name} " in out


def test_a_route_is_shown_with_units_streams_and_parameters(flowsheet, mine):
    out = succeeded(flowsheet("show", mine, "--set", "rougher.fraction.SiO2=0.07"))
    for text in (
        "mine: Rougher and cleaner",
        "5000 t/yr Sb in concentrate, by varying ore.flow",
        "rougher  (Splitter)",
        "ore, cleaner_tailings -> product: rougher_concentrate, remainder: tailings",
        "flow = 100 t/h",
        "SiO2 0.07",
    ):
        assert text in out


def test_sources_in_every_format(flowsheet, mine):
    rows = json.loads(succeeded(flowsheet("sources", mine, "--format", "json")))
    assert rows[1] == {
        "number": "ore.flow",
        "value": "100 t/h",
        "low": "80 t/h",
        "high": "120 t/h",
        "distribution": "pert",
        "basis": "design",
        "source": "a test",
    }
    as_csv = csv.DictReader(io.StringIO(succeeded(flowsheet("sources", mine, "--format", "csv"))))
    assert list(as_csv) == rows
    _, *lines = table_rows(succeeded(flowsheet("sources", mine, "--format", "markdown")))
    assert lines == [list(row.values()) for row in rows]
    table = succeeded(flowsheet("sources", mine))
    assert all(row["number"] in table for row in rows)


def test_sources_of_a_built_in_route_name_all_of_them(flowsheet):
    rows = json.loads(succeeded(flowsheet("sources", "stibnite_idaho", "--format", "json")))
    assert len(rows) > 50
    assert all(row["basis"] and row["source"] for row in rows)


def test_a_check_says_what_lacks_a_source(flowsheet, mine):
    out = succeeded(flowsheet("check", mine))
    assert "mine: 3 units, 5 streams, 2 species" in out
    assert "solved; worst closure" in out
    assert "cleaner.fraction.SiO2 = 0.1 has no source" in out
    assert "ore.flow" not in out


@pytest.mark.parametrize("command", ["run", "check"])
def test_what_does_not_solve_prints_nothing_but_the_reason(flowsheet, loop, command):
    assert failed(flowsheet(command, loop), 1) == (
        "no way out for Sb2S3, SiO2 (in rougher, cleaner): all of it comes back; add a bleed, a "
        "purge or a loss"
    )


TALKER = """\
class Talker(Splitter):
    def {}(self, flows, p):
        return [1 / 0]


def build(data):"""


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("warnings", ["check"]),
        ("warnings", ["run"]),
        ("warnings", ["run", "--format", "json"]),
        ("figures", ["run"]),
    ],
)
def test_a_unit_whose_figures_or_warnings_fail(flowsheet, tmp_path, method, arguments):
    plant = changed(PLANT, "def build(data):", TALKER.format(method))
    path = write(tmp_path, plant=changed(plant, '"cleaner": Splitter(', '"cleaner": Talker('))
    assert failed(flowsheet(*arguments, path), 1) == (
        f"cleaner: Talker.{method} failed with ZeroDivisionError: division by zero"
    )


def test_an_interruption_ends_with_status_130(flowsheet, tmp_path):
    path = write(tmp_path, plant=PLANT + "\nraise KeyboardInterrupt\n")
    assert failed(flowsheet("run", path), 130) == "interrupted"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["run", "stibnite_idho"], "there is no route 'stibnite_idho'; did you mean 'stibnite_id"),
        (["run", "nowhere.toml"], "nowhere.toml: there is no such file"),
        (["run"], "Missing argument 'ROUTE'"),
        (["rnu", "mine.toml"], "No such command 'rnu'"),
        (["run", "mine.toml", "--format", "xml"], "'xml' is not one of"),
        (["run", "mine.toml", "--fromat", "csv"], "No such option"),
        (["run", "mine.toml", "--set", "rougher.cells"], "--set rougher.cells: needs PATH=VALUE"),
        (["run", "mine.toml", "--set", "=3"], "--set =3: needs PATH=VALUE"),
        (["run", "mine.toml", "--set", "ore.flow="], "--set ore.flow=: needs PATH=VALUE"),
        (["run", "mine.toml", "--set", "ore.remainder=none"], "ore: composition sums to 4.000000%"),
        (["run", "mine.toml", "--set", "ore.flow=3 t/h"], "ore.flow: is varied to meet the target"),
        (["run", "mine.toml", "--set", "rougher.fraction=1.5"], "must lie between 0 and 1, got"),
        (["run", "mine.toml", "--no-target", "--set", "target.flow=8 t/yr"],
         "target.flow: this route is solved without a target"),
        (["show", "stibnite_idho"], "there is no route 'stibnite_idho'"),
        (["sources", "stibnite_idho"], "there is no route 'stibnite_idho'"),
        (["check", "stibnite_idho"], "there is no route 'stibnite_idho'"),
        (["compare", "mine.toml", "nowhere.py"], "nowhere.py: there is no such file"),
        (["list", "mine.toml"], "Got unexpected extra argument (mine.toml)"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_line_and_status_2(flowsheet, mine, monkeypatch, arguments, complaint):
    monkeypatch.chdir(mine.parent)
    assert complaint in failed(flowsheet(*arguments), 2)


BROKEN = {
    "mine.toml: is not valid TOML": (changed(CASE, "title =", "title = ="), PLANT),
    "mine.toml: route: needs a section [route], got 3": ("route = 3\n", PLANT),
    "mine.py line 27: SystemExit: 3": (CASE, PLANT + "\nraise SystemExit(3)\n"),
    "mine.py line 10: AttributeError": (CASE, changed(PLANT, 'unit("ore")', 'unti("ore")')),
    "mine.toml: needs a section [units.rougher]": (HEADER + TARGET + ORE, PLANT),
    "mine.toml: needs a section [units.ore]": (HEADER + TARGET + CIRCUIT, PLANT),
    "[units.pond] belongs to no unit": (CASE + "\n[units.pond]\nfraction = 1\n", PLANT),
}


@pytest.mark.parametrize("complaint", BROKEN)
@pytest.mark.parametrize("command", ["run", "check", "show", "sources", "compare"])
def test_a_broken_case_is_one_line_for_every_command(flowsheet, tmp_path, command, complaint):
    path = write(tmp_path, *BROKEN[complaint])
    assert complaint in failed(flowsheet(command, path), 2)


def test_an_error_of_several_lines_becomes_one(flowsheet, tmp_path):
    raising = changed(PLANT, "def build(data):", "raise ValueError('one\\ntwo')\n\n\ndef build(_):")
    outcome = flowsheet("run", write(tmp_path, plant=raising))
    assert "ValueError: one two" in failed(outcome, 2)


# --- particles ---


@pytest.fixture
def sieved(tmp_path):
    return write(tmp_path, SIEVED_CASE, SIEVED_PLANT)


def test_streams_of_particles_have_a_p80(flowsheet, sieved):
    out = succeeded(flowsheet("run", sieved))
    assert "P80" in out
    rows = list(csv.DictReader(io.StringIO(succeeded(flowsheet("run", sieved, "--format", "csv")))))
    found = {row["stream"]: float(row["P80_um"]) for row in rows}
    # Straight in log-log from 60 % at 75 um to 90 % at 150 um.
    assert found["ore"] == pytest.approx(122.64, abs=0.01)
    assert found["concentrate"] == pytest.approx(122.64, abs=0.01), "sizes are split alike"
    plain = json.loads(succeeded(flowsheet("run", sieved, "--format", "json")))
    stream = plain["streams"]["concentrate"]
    assert stream["passing_percent"] == pytest.approx({"300 um": 100, "150 um": 90, "75 um": 60})
    free = 0.7 * 0.81 / 0.91 / RECOVERY
    assert stream["liberation_percent"]["Sb2S3"] == pytest.approx(100 * free)
    assert plain["metrics"]["antimony_recovery_percent"] == pytest.approx(100 * RECOVERY)


def test_a_p80_that_the_sieves_do_not_say_is_left_open(flowsheet, sieved):
    out = succeeded(
        flowsheet("run", sieved, "--set", "ore.passing.75 um=85 %", "--format", "markdown")
    )
    header, *rows = table_rows(out)
    place = header.index("P80 um")
    assert {row[place] for row in rows} == {"-"}


def test_a_plant_without_particles_has_no_column_for_them(flowsheet, mine):
    assert "P80" not in succeeded(flowsheet("run", mine))
    assert "P80_um" not in succeeded(flowsheet("run", mine, "--format", "csv"))
    assert "Particles" not in succeeded(flowsheet("show", mine))


def test_show_says_what_the_particles_are(flowsheet, sieved):
    out = succeeded(flowsheet("show", sieved))
    assert "\nParticles: Sb2S3, SiO2 on sieves of 300 um, 150 um, 75 um\n" in out
    assert "\nComposite middlings: Sb2S3 20 %, SiO2 80 %, grain size 80 um\n" in out
    assert "    passing = 150 um 0.9, 75 um 0.6\n" in out
    assert "    p80 = others 90 um\n" in succeeded(
        flowsheet("show", write(sieved.parent, changed(
            SIEVED_CASE.replace('passing."150 um" = "90 %"\n', ""),
            'passing."75 um" = { value = "60 %", low = "50 %", high = "65 %" }',
            'p80 = "90 um"',
        ), SIEVED_PLANT, "law"))
    )  # fmt: skip


def test_sources_of_particles(flowsheet, sieved):
    rows = json.loads(succeeded(flowsheet("sources", sieved, "--format", "json")))
    numbers = {row["number"]: row for row in rows}
    assert numbers["particles.sieves"]["value"] == "300 um, 150 um, 75 um"
    assert numbers["particles.composites.middlings.grain_size"]["source"] == "a microscope"
    assert "particles.composites.middlings.minerals.SiO2" in numbers
    assert numbers["ore.passing.75 um"]["low"] == "50 %"
    assert "particles.minerals" not in numbers


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('"300 um", "150 um"', '"150 um", "300 um"', "mine.toml: particles: sieves must go from "
         "coarse to fine, got 300 um after 150 um; sort them and name each once"),
        ('minerals.SiO2 = "80 %"', 'minerals.FeS2 = "80 %"', "composite 'middlings' holds FeS2, "
         "which is not one of the minerals of the particles; add it there"),
        ('["Sb2S3", "SiO2"]', '["Sb2S3", "SiO3"]', "particles name SiO3, which this flowsheet does "
         "not carry; add it to the species; did you mean 'SiO2'?"),
        ('passing."150 um" = "90 %"', 'passing."106 um" = "90 %"', "ore: passing: 106 um is no "
         "sieve of the particles, which are 300 um, 150 um, 75 um; give what passes these"),
        ('passing."150 um" = "90 %"\n', "", "ore: passing: says nothing of 150 um, a sieve of the "
         "particles; name all of them"),
        ('passing."150 um" = "90 %"', 'passing."150 um" = "55 %"', "mine.toml: ore: passing: "
         "60.0000% passes 75 um and only 55.0000% the coarser 150 um; passing is cumulative, and "
         "grows with the aperture"),
        ('passing."150 um" = "90 %"', 'passing."150 um" = "90"', "mine.toml: ore.passing.150 um: "
         'must lie between 0 and 1, got "90"; a bare number is a fraction, write "90 %"'),
        ('passing."150 um" = "90 %"', 'passing."150 um" = "90 %"\np80 = "90 um"', "mine.toml: ore: "
         "give either p80 or passing (a sieve analysis), and not both"),
        ("locked.middlings", "locked.midlings", "ore.locked: 'midlings' is no composite of the "
         "particles; did you mean 'middlings'?"),
        ("fraction.middlings = 0.4\n", "fraction.midlings = 0.4\n", "cleaner.fraction: no species "
         "'midlings' in this flowsheet; did you mean 'middlings'?"),
        ("fraction.middlings = 0.4\n", "", "cleaner.fraction: no value for middlings; name them or "
         "give 'others' a value"),
        ('high = "65 %"', 'high = "55 %"', "mine.toml: ore.passing.75 um: value 60 % lies outside "
         "its own range, low 50 %, high 55 %"),
    ],
)  # fmt: skip
def test_a_mistake_about_particles_is_one_line(flowsheet, tmp_path, old, new, complaint):
    case = write(tmp_path, changed(SIEVED_CASE, old, new), SIEVED_PLANT)
    assert failed(flowsheet("run", case), 2) == complaint


def test_particles_of_the_file_that_the_plant_does_not_take(flowsheet, tmp_path):
    unaware = changed(SIEVED_PLANT, "        particles=data.particles(),\n", "")
    assert failed(flowsheet("run", write(tmp_path, SIEVED_CASE, unaware)), 2) == (
        "ore: a SizedFeed works on size classes, and this flowsheet has none; give it "
        'particles=Particles(sieves=["300 um", ...], minerals=[...])'
    )


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ("ore.passing.74 um=50 %", "ore: passing: 74 um is no sieve of the particles, which are "
         "300 um, 150 um, 75 um; give what passes these"),
        ("ore.passing.75=50 %", 'ore.passing: 75: needs a unit of length, got "75"; write e.g. '
         '"75 um"'),
        ("ore.passing.75 um=500 %", 'ore.passing.75 um: must lie between 0 and 1, got "500 %"'),
        ("particles.sieves=75 um", "particles.sieves: sieves and composites belong to the whole "
         "flowsheet, not to a unit; change them in the case file, or build the flowsheet with "
         "other particles"),
        ("ore.p80=90 um", "ore: give either p80 or passing (a sieve analysis), and not both"),
    ],
)  # fmt: skip
def test_a_change_of_particles_that_makes_no_sense(flowsheet, sieved, change, complaint):
    assert failed(flowsheet("run", sieved, "--set", change), 2) == complaint
