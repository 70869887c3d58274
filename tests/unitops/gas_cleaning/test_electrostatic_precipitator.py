import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet import Flowsheet, scenarios
from flowsheet.core.errors import InputError
from flowsheet.core.flow import flow_of
from flowsheet.core.slate import Slate
from tests.unitops.properties import (
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
)
from unitops.gas_cleaning.electrostatic_precipitator import ElectrostaticPrecipitator
from unitops.streams.feed import Feed

SPECIES = ["Sb2O3", "As2O3", "SiO2", "H2O", "N2", "SO2", "SO3", "H2O(g)", "As4O6(g)"]
NORMAL = 44.615  # mol/Nm3
NITROGEN = {"N2": 100.0 * NORMAL * 28.014e-3}  # 100 Nm3/s
HOT = 623.15 / 273.15
BY_AREA = {
    "migration_velocity": "5 cm/s",
    "specific_collecting_area": "100 s/m",
    "temperature": "350 degC",
}


def precipitator(**given_parameters):
    known = {"collection_efficiency", "migration_velocity"} & set(given_parameters)
    return ElectrostaticPrecipitator(
        **{
            "gas": "gas",
            "dust": "dust",
            "cleaned": "cleaned",
            **({} if known else {"collection_efficiency": 0.99}),
            **given_parameters,
        }
    )


def by_area(**changed):
    return precipitator(**{**BY_AREA, **changed})


def standing(square_metres, **changed):
    return by_area(specific_collecting_area=None, collecting_area=f"{square_metres} m^2", **changed)


def catch(unit, masses):
    slate = Slate(SPECIES)
    gas = flow_of(slate, masses)
    return {"gas": gas, **unit.run(gas=gas, p=unit.resolve(slate))}


def caught(unit, name="SiO2", gas=1.0):
    flows = catch(unit, {"N2": gas * NITROGEN["N2"], name: 0.3})
    return flows["dust"].of(name)[0] / 0.3


def told(unit, masses):
    flows = catch(unit, masses)
    found = unit.figures(flows, unit.resolve(flows["gas"].slate))
    return {figure.label: str(figure).removeprefix(figure.label).strip() for figure in found}


def warnings(unit, masses):
    flows = catch(unit, masses)
    return unit.warnings(flows, unit.resolve(flows["gas"].slate))


@given(mass=random_masses(len(SPECIES)), efficiency=st.floats(0.0, 1.0))
def test_any_gas_closes_with_given_efficiencies(mass, efficiency):
    unit = precipitator(collection_efficiency={"Sb2O3": efficiency, "others": 0.8})
    assert unit.is_linear()
    check_unit(unit, SPECIES, {"gas": mass})


@given(
    mass=random_masses(len(SPECIES)),
    velocity=st.one_of(st.just(0.0), st.floats(0.1, 50.0)),
    area=st.one_of(st.just(0.0), st.floats(1.0, 1e5)),
    stands=st.booleans(),
    exponent=st.floats(0.3, 1.0),
    celsius=st.floats(0.0, 500.0),
)
def test_any_gas_closes_by_area(*, mass, velocity, area, stands, exponent, celsius):
    areas = {"collecting_area": f"{area} m^2", "specific_collecting_area": None}
    unit = by_area(
        migration_velocity={"Sb2O3": f"{velocity} cm/s", "others": "7 cm/s"},
        exponent=exponent,
        temperature=f"{celsius} degC",
        **(areas if stands else {"specific_collecting_area": f"{area} s/m"}),
    )
    assert unit.is_linear() is not stands
    check_unit(unit, SPECIES, {"gas": mass})


@pytest.mark.parametrize("unit", [precipitator(), by_area(), standing(900.0)])
def test_zero_feed_gives_zero_and_figures(unit):
    check_zero_feed(unit, SPECIES)
    assert told(unit, {})["dust collected"] == "0 %"
    assert warnings(unit, {}) == []


@pytest.mark.parametrize("exponent", [0.5, 1.0])
@pytest.mark.parametrize("make", [by_area, lambda **k: standing(900.0, **k)])
def test_derivative(make, exponent):
    mass = np.linspace(1.0, 2.0, len(SPECIES))[:, None]
    unit = make(exponent=exponent, migration_velocity={"SiO2": "0 cm/s", "others": "2 cm/s"})
    check_derivative(unit, SPECIES, {"gas": mass})


@pytest.mark.parametrize(
    ("way", "efficiency"), [(2.303, 0.90), (3.912, 0.98), (4.605, 0.99), (5.298, 0.995)]
)
@pytest.mark.parametrize("exponent", [0.5, 1.0])
def test_tabulated_logarithms(way, efficiency, exponent):
    """Numbers of transfer units for 90 to 99.5 %, whatever they are raised from."""
    unit = by_area(
        specific_collecting_area=f"{way ** (1 / exponent) / 0.05} s/m", exponent=exponent
    )
    assert caught(unit) == pytest.approx(efficiency, abs=5e-5)


def test_area_for_99_percent():
    """6 cm/s and 99 %: 76.75 m2 per m3/s, as hand calculations give."""
    unit = by_area(migration_velocity="6 cm/s", specific_collecting_area="76.75 s/m")
    assert caught(unit) == pytest.approx(0.99, abs=1e-5)


def test_twice_the_length_squares_what_passes():
    once = caught(by_area())
    twice = caught(by_area(specific_collecting_area="200 s/m"))
    assert 1.0 - twice == pytest.approx((1.0 - once) ** 2, rel=1e-9)
    first = catch(by_area(), {**NITROGEN, "SiO2": 0.3})["cleaned"]
    unit = by_area()
    second = unit.run(gas=first, p=unit.resolve(Slate(SPECIES)))["cleaned"]
    assert second.of("SiO2")[0] / 0.3 == pytest.approx(1.0 - twice, rel=1e-9)


def test_a_lower_exponent_makes_the_last_percent_hard():
    ways = [caught(by_area(specific_collecting_area=f"{s} s/m", exponent=0.5)) for s in (100, 400)]
    assert 1.0 - ways[1] == pytest.approx((1.0 - ways[0]) ** 2, rel=1e-9)


def test_standing_area_meets_the_gas_at_its_temperature():
    """100 Nm3/s at 350 degC fill 228.1 m3/s."""
    assert caught(standing(22814.0)) == pytest.approx(caught(by_area()), rel=1e-4)
    assert caught(standing(22814.0), gas=2.0) == pytest.approx(1.0 - np.exp(-2.5), rel=1e-3)
    thin_air = standing(22814.0, pressure="50662.5 Pa")
    assert caught(thin_air) == pytest.approx(1.0 - np.exp(-2.5), rel=1e-3)


def test_limits():
    assert caught(standing(0.0)) == 0.0
    assert caught(by_area(migration_velocity="0 cm/s")) == 0.0
    assert caught(standing(10.0), gas=0.0) == 1.0
    assert caught(by_area(specific_collecting_area="1e5 s/m")) == 1.0
    assert caught(standing(10.0, migration_velocity="0 cm/s"), gas=0.0) == 0.0


def test_derivative_by_the_exponent_where_nothing_moves():
    unit = by_area(migration_velocity={"SiO2": "5 cm/s", "others": "0 cm/s"})
    p = unit.resolve(Slate(SPECIES)).replaced({"exponent": 0.8 + 1e-30j})
    gas = flow_of(Slate(SPECIES), {**NITROGEN, "SiO2": 1.0, "Sb2O3": 1.0})
    dust = unit.run(gas=gas, p=p)["dust"]
    slope = np.exp(-(5.0**0.8)) * 5.0**0.8 * np.log(5.0)
    assert dust.of("SiO2")[0].imag / 1e-30 == pytest.approx(slope, rel=1e-6)
    assert dust.of("Sb2O3")[0] == 0.0


def test_gases_and_vapours_pass():
    flows = catch(precipitator(collection_efficiency=1.0), {**NITROGEN, "As4O6(g)": 1.0, "SO2": 2})
    assert flows["dust"].total()[0] == 0.0


def test_figures_of_area_power_and_a_dead_field():
    masses = {**NITROGEN, "SiO2": 1.0}  # 10 g/Nm3
    figures = told(by_area(fields=2), masses)
    assert figures["specific collecting area"] == "100 s/m"
    assert float(figures["collecting area"].split()[0]) == pytest.approx(22814.0, rel=1e-3)
    # 0.25 mA/m2 at 50 kV are 12.5 W/m2
    assert float(figures["corona power"].split()[0]) == pytest.approx(285.2, rel=1e-3)
    energy = figures["corona energy, per dry gas"].split()
    assert (float(energy[0]), energy[1]) == (pytest.approx(285.2 / 360000.0, rel=1e-3), "kWh/Nm3")
    after = float(figures["dust after, in the dry gas"].split()[0])
    dead = float(figures["dust after, with one field dead"].split()[0])
    assert after == pytest.approx(1e4 * np.exp(-5.0), rel=1e-3)
    assert dead == pytest.approx(1e4 * np.exp(-2.5), rel=1e-3)
    of_three = told(by_area(), masses)["dust after, with one field dead"].split()
    assert float(of_three[0]) == pytest.approx(1e4 * np.exp(-10.0 / 3.0), rel=1e-3)
    only_one = told(by_area(fields=1), masses)
    assert only_one["dust after, with one field dead"] == "1e+04 mg/Nm3"
    assert told(standing(5000.0), masses)["collecting area"] == "5000 m^2"
    assert "collecting area" not in told(precipitator(), masses)


def test_what_leaves_is_as_warm_as_the_precipitator():
    slate = Slate(SPECIES)
    assert by_area().temperatures({}, by_area().resolve(slate)) == {
        "dust": pytest.approx(623.15),
        "cleaned": pytest.approx(623.15),
    }
    assert precipitator().temperatures({}, precipitator().resolve(slate)) == {}


DUST = {**NITROGEN, "SiO2": 1.0}


@pytest.mark.parametrize(
    ("unit", "masses", "message"),
    [
        (
            precipitator(collection_efficiency=0.9999),
            DUST,
            r"99.99% of the dust is caught, .* catch 98% to 99.5%; check the efficiency",
        ),
        (
            by_area(migration_velocity="3 cm/s"),
            DUST,
            r"95.02% of the dust is caught, .* check the velocity and the area",
        ),
        (precipitator(), {**DUST, "H2O": 1.0}, "carries liquid, which shorts dry plates"),
        (
            precipitator(temperature="500 degC"),
            DUST,
            r"500 degC is hotter than dry precipitators bear \(450 degC\); cool the gas first",
        ),
        (
            precipitator(temperature="30 degC"),
            {**DUST, "H2O(g)": 20.0},
            "at 30 degC water condenses from the gas",
        ),
        (
            precipitator(temperature="110 degC"),
            {**DUST, "H2O(g)": 6.0, "SO3": 0.1},
            "at 110 degC sulphuric acid condenses from the gas",
        ),
        (
            by_area(specific_collecting_area="10 s/m", migration_velocity="45 cm/s"),
            DUST,
            "specific collecting area of 10 s/m is outside the 20 to 150 of precipitators in use",
        ),
        (
            standing(45628.0, migration_velocity="2.2 cm/s"),
            DUST,
            "specific collecting area of 200 s/m is outside the 20 to 150",
        ),
    ],
)
def test_warnings(unit, masses, message):
    lines = warnings(unit, masses)
    assert len(lines) == 1, lines
    assert re.search(message, lines[0]), lines


@pytest.mark.parametrize("unit", [precipitator(), by_area(), precipitator(temperature="400 degC")])
def test_no_warning(unit):
    assert warnings(unit, DUST) == []
    assert warnings(unit, NITROGEN) == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"collection_efficiency": None}, "give collection_efficiency or migration_velocity"),
        ({**BY_AREA, "collection_efficiency": 0.9}, "give collection_efficiency or migration_"),
        (
            {"specific_collecting_area": "60 s/m"},
            "a collecting area does nothing to a given collection_efficiency; leave it out",
        ),
        (
            {"collecting_area": "60 m^2"},
            "a collecting area does nothing to a given collection_efficiency; leave it out",
        ),
        (
            {**BY_AREA, "collecting_area": "60 m^2"},
            "migration_velocity needs one of specific_collecting_area and collecting_area",
        ),
        (
            {**BY_AREA, "specific_collecting_area": None},
            "migration_velocity needs one of specific_collecting_area and collecting_area",
        ),
        ({**BY_AREA, "temperature": None}, "migration_velocity needs the temperature of the gas"),
        ({"exponent": 1.4}, "exponent of 1.4 is above 1; give 1 .* or 0.4 to 0.6"),
        ({"pressure": "0 Pa"}, "pressure of 0 leaves no gas"),
    ],
)
def test_refused(changed, message):
    with pytest.raises(InputError, match=message):
        precipitator(**changed)


def test_parameters_may_differ_by_scenario():
    plant = Flowsheet(
        species=["SiO2", "N2"],
        units={
            "cooler": Feed(
                outlet="gas", flow="10 t/h", composition={"SiO2": "2 %"}, remainder="N2"
            ),
            "precipitator": by_area(migration_velocity={"SiO2": "5 cm/s", "others": "0 cm/s"}),
        },
    )
    many = scenarios(
        plant,
        {
            "precipitator.specific_collecting_area": ["50 s/m", "100 s/m", "100 s/m"],
            "precipitator.migration_velocity.SiO2": ["5 cm/s", "5 cm/s", "4 cm/s"],
            "precipitator.exponent": [1.0, 1.0, 0.5],
        },
    )
    row = plant.slate.row("SiO2")
    passing = many.flows["cleaned"][row] / many.flows["gas"][row]
    np.testing.assert_allclose(passing, np.exp([-2.5, -5.0, -2.0]), rtol=1e-9)
