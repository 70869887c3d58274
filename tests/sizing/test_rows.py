"""A sized route as a long list: every figure under its own name, by hand."""

import pytest

from flowsheet.load import load_route
from flowsheet.sizing.rows import sized_rows
from flowsheet.sizing.size import size
from tests.sizing.test_size import DEWATERING, DEWATERING_PLANT
from tests.small_case import CAPACITY, CASE, write


def rows(route, **asked):
    """Section, unit and item -> value and unit; none is there twice."""
    listed = sized_rows(size(route, **asked))
    named = {
        (row["section"], row["unit"], row["item"], row["in_unit"]): row["value"] for row in listed
    }
    assert len(named) == len(listed)
    return named


@pytest.fixture
def circuit(tmp_path):
    return rows(load_route(str(write(tmp_path, CASE + CAPACITY))), availability="80 %")


def test_the_route_and_its_capacity(circuit):
    assert circuit["route", "", "availability", "%"] == pytest.approx(80.0)
    assert circuit["route", "", "Sb in products", "t/yr"] == pytest.approx(5000.0)
    assert circuit["route", "", "feed, dry", "t/yr"] == pytest.approx(
        5000.0 / (0.81 / 0.91) / (0.04 * 0.716855), rel=1e-4
    )
    capacity = {item: value for (section, _, item, _), value in circuit.items()
                if section == "capacity"}  # fmt: skip
    assert capacity == pytest.approx(
        {
            "Sb to refinery": 5000.0,
            "nameplate": 6250.0,
            "installed": 2000.0,
            "missing": 3000.0,
            "utilisation of what is installed": 250.0,
        }
    )


def test_a_step_and_what_returns_to_it(circuit):
    assert circuit["step", "rougher", "entering, Sb", "t/yr"] == pytest.approx(5000.0 / 0.81)
    yearly = circuit["step", "rougher", "entering, wet", "t/yr"]
    assert yearly == circuit["step", "rougher", "entering, dry solids", "t/yr"]
    hourly = circuit["step", "rougher", "entering, wet, while it runs", "t/h"]
    assert hourly == pytest.approx(yearly / 8766.0 / 0.8, rel=1e-9)
    back = "cleaner_tailings, Sb to rougher"
    assert circuit["return", "cleaner", back, "t/yr"] == pytest.approx(5000.0 / 9.0)
    assert circuit["return", "cleaner", f"{back}, of Sb fed", "%"] == pytest.approx(900.0 / 91.0)


def test_a_reagent_per_year_and_per_tonne(tmp_path):
    """20 g of flocculant per tonne of 10,000 t/yr, with 7168.5 t/yr Sb."""
    found = rows(load_route(str(write(tmp_path, DEWATERING, DEWATERING_PLANT))))
    assert found["reagent", "thickener", "flocculant", "t/yr"] == pytest.approx(0.2, rel=1e-3)
    per_tonne = found["reagent", "thickener", "flocculant, per t Sb in products", "kg/t"]
    assert per_tonne == pytest.approx(200.0 / 7168.5, rel=1e-3)
    assert found["step", "thickener", "entering, wet", "t/yr"] == pytest.approx(40e3, rel=1e-3)
    assert found["step", "thickener", "entering, dry solids", "t/yr"] == pytest.approx(
        10e3, rel=1e-3
    )


def test_gas_and_power_of_a_smelter():
    found = rows(load_route("us_antimony_thompson_falls"))
    made, captured, emitted = (
        found["SO2", "", what, "t/yr"] for what in ("made", "captured", "emitted")
    )
    assert made == pytest.approx(captured + emitted, rel=1e-6)
    assert captured != pytest.approx(emitted)
    whole = [found["power", "", "all that is counted", unit] for unit in ("kW", "MWh/yr")]
    assert whole[1] == pytest.approx(whole[0] * 8766.0 * 0.85 / 1e3, rel=1e-9)
    per_tonne = found["power", "", "all that is counted, per t Sb in products", "kWh/t"]
    sold = found["route", "", "Sb in products", "t/yr"]
    assert per_tonne == pytest.approx(1e3 * whole[1] / sold, rel=1e-9)
    arsenic = sum(v for (section, *_), v in found.items() if section == "arsenic")
    assert arsenic > 0.0
