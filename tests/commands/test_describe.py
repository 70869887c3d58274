"""What ``show``, ``run``, ``check`` and ``sources`` say of a route, piece by piece."""

import csv
import io
import json

import pytest

from tests.command_line import succeeded
from tests.sizing import test_full_rate as warm
from tests.sizing.test_size import DEWATERING, DEWATERING_PLANT
from tests.small_case import CAPACITY, CASE, PLANT, changed, write

SHORT_RESERVE = '\n[deposit]\nantimony = "40 kt"\nplan = "10 years"\n'
NOTE = "Note: the reserve of 40,000 t Sb lasts 7.1 years at this throughput, and 10 years "


def test_show_says_what_is_installed_and_sums_the_route_up(flowsheet, tmp_path):
    plain = succeeded(flowsheet("show", write(tmp_path)))
    assert "Installed" not in plain
    case = changed(CASE, "[route]\n", '[route]\nsummary = "Two stages of flotation."\n')
    out = succeeded(flowsheet("show", write(tmp_path, case + CAPACITY)))
    assert out.splitlines()[:4] == [
        "mine: Rougher and cleaner",
        "Two stages of flotation.",
        "Target: 5000 t/yr Sb in concentrate, by varying ore.flow",
        "Installed: 2000 t/yr Sb, as refinery feed",
    ]


def test_show_says_what_is_drawn_as_needed(flowsheet):
    out = succeeded(flowsheet("show", "us_antimony_thompson_falls"))
    (air,) = [line for line in out.splitlines() if "roaster_air" in line]
    assert "roaster_air (as needed)" in air
    assert air.index("roaster_air") < air.index("->")


@pytest.mark.parametrize("command", ["run", "check"])
def test_notes_are_printed(flowsheet, tmp_path, command):
    out = succeeded(flowsheet(command, write(tmp_path, CASE + SHORT_RESERVE)))
    (line,) = [line for line in out.splitlines() if line.startswith("Note: the reserve")]
    assert line.startswith(NOTE)


def test_gold_is_in_grams_per_tonne(flowsheet, tmp_path):
    """10 grams per tonne of ore, and all of it in the concentrate."""
    case = changed(CASE, 'remainder = "SiO2"', 'composition.Au = 1e-5\nremainder = "SiO2"')
    case = case.replace("fraction.SiO2", "fraction.Au = 1.0\nfraction.SiO2")
    path = write(tmp_path, case, changed(PLANT, '"SiO2"]', '"SiO2", "Au"]'))
    out = succeeded(flowsheet("run", path, "--format", "csv"))
    rows = {row["stream"]: row for row in csv.DictReader(io.StringIO(out))}
    assert float(rows["ore"]["Au_g_t"]) == pytest.approx(10.0, rel=1e-9)
    pulled = float(rows["ore"]["mass_t_yr"]) / float(rows["concentrate"]["mass_t_yr"])
    assert float(rows["concentrate"]["Au_g_t"]) == pytest.approx(10.0 * pulled, rel=1e-9)
    assert "Ag_g_t" not in rows["ore"]
    assert float(rows["ore"]["Sb_percent"]) == pytest.approx(4 * 0.71684, rel=1e-4)


def test_figures_of_units_are_printed_with_their_units(flowsheet, tmp_path):
    """10,000 t/yr of stibnite through a filter of 400 kg per m2 and hour: 2.85 m2."""
    out = succeeded(flowsheet("run", write(tmp_path, DEWATERING, DEWATERING_PLANT)))
    (line,) = [line for line in out.splitlines() if "filter area" in line]
    assert line.split() == ["filter", "filter", "area", "2.85", "m^2"]
    assert "Figures of the units" not in succeeded(flowsheet("run", write(tmp_path)))


def test_temperatures_are_printed_where_anything_is_warm(flowsheet, tmp_path):
    out = succeeded(flowsheet("run", write(tmp_path, warm.case(), warm.PLANT), "--format", "csv"))
    rows = {row["stream"]: row for row in csv.DictReader(io.StringIO(out))}
    assert float(rows["two"]["temperature_c"]) == pytest.approx(526.85)
    assert float(rows["out"]["temperature_c"]) == pytest.approx(358.4, abs=2.0)
    cold = changed(warm.case(), "526.85 degC", "25 degC")
    out = succeeded(flowsheet("run", write(tmp_path, cold, warm.PLANT), "--format", "csv"))
    assert "temperature_c" not in out.splitlines()[0]


HEATER = changed(
    changed(warm.PLANT, '        return {"out": gas}\n', '        return {"out": gas}\n\n    def '
            'temperatures(self, flows, p):\n        return {"out": p.warmest}\n'),
    "if p.gas_temperature is None:", "if True:",
)  # fmt: skip


@pytest.mark.parametrize(
    ("warmest", "label", "kilowatts"),
    # JANAF tables: from 25 degC N2 takes 317.5 kJ/kg to 600 K; steam at 800 K brings 999.3, and
    # keeps 582.9 of it at 600 K. Of each 1000/3600 kg/s.
    [("600 K", "heat given off, losses included", 27.5), ("700 K", "heat to be supplied", 59.6)],
)
def test_heat_is_supplied_or_given_off(flowsheet, tmp_path, warmest, label, kilowatts):
    case = warm.case() + f'warmest = "{warmest}"\n'
    out = succeeded(flowsheet("run", write(tmp_path, case, HEATER)))
    (line,) = [line for line in out.splitlines() if line.split()[:2] == ["tower", "heat"]]
    assert label in line
    assert float(line.split()[-2]) == pytest.approx(kilowatts, abs=1.0)
    assert line.split()[-1] == "kW"


def test_heat_that_is_not_known_is_said(flowsheet, tmp_path):
    case = warm.case(second="SbCl3(aq)") + 'warmest = "600 K"\n'
    out = succeeded(flowsheet("run", write(tmp_path, case, HEATER)))
    (line,) = [line for line in out.splitlines() if line.split()[:2] == ["tower", "heat"]]
    assert "not known: " in line
    assert "SbCl3(aq)" in line


def test_sources_list_numbers_and_what_states_a_source(flowsheet, tmp_path):
    """The remainder is a name: it is listed where it says why it is chosen."""

    def listed(case):
        out = succeeded(flowsheet("sources", write(tmp_path, case), "--format", "json"))
        return {row["number"]: row["source"] for row in json.loads(out)}

    assert "ore.remainder" not in listed(CASE)
    said = changed(CASE, 'remainder = "SiO2"', 'remainder = { value = "SiO2", source = "a log" }')
    assert listed(said)["ore.remainder"] == "a log"


@pytest.mark.parametrize(("text", "pure"), [("TRUE", True), ("True", True), ("False", False)])
def test_an_option_is_true_in_capitals_too(flowsheet, text, pure):
    shown = flowsheet("show", "costerfield", "--set", f"options.high_purity={text}")
    assert ("zone_refining" in succeeded(shown)) is pure
