import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from flowsheet.core.flow import flow_of
from flowsheet.core.slate import Slate
from tests.unitops.properties import (
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
)
from unitops.gas_cleaning.condenser import Condenser

SPECIES = [
    *("Sb2O3", "As2O3", "SiO2", "Sb2S3", "H2O", "As(aq)"),
    *("N2", "O2", "SO2", "H2O(g)", "Sb4O6(g)", "As4O6(g)"),
]
NORMAL = 44.615  # mol/Nm3


def condenser(**given_parameters):
    return Condenser(
        **{"gas": "hot", "cooled": "cooled", "temperature": "400 degC", **given_parameters}
    )


def cool(unit, masses, slate=None):
    slate = slate or Slate(SPECIES)
    gas = flow_of(slate, masses)
    return {"gas": gas, **unit.run(gas=gas, p=unit.resolve(slate))}


def nitrogen(cubic_metres):
    """kg of N2 in that many Nm3."""
    return cubic_metres * NORMAL * 28.014e-3


def vapour_left(flows, symbol, cubic_metres):
    """mg/Nm3."""
    name = {"Sb": "Sb4O6(g)", "As": "As4O6(g)"}[symbol]
    return 1e6 * flows["cooled"].only(name).element(symbol)[0] / cubic_metres


@given(
    mass=random_masses(len(SPECIES), 3),
    celsius=st.floats(0.0, 655.0),
    mixed=st.floats(0.0, 1.0),
    pressure=st.floats(5e4, 2e5),
)
def test_any_gas_closes(mass, celsius, mixed, pressure):
    unit = condenser(
        temperature=f"{celsius} degC",
        arsenic_in_mixed_crystals=mixed,
        pressure=f"{pressure} Pa",
    )
    check_unit(unit, SPECIES, {"gas": mass})


def test_vapour_without_gas_closes():
    mass = np.zeros((len(SPECIES), 1))
    mass[-2:] = 1.0
    check_unit(condenser(temperature="650 degC"), SPECIES, {"gas": mass})


def test_zero_feed_gives_zero():
    check_zero_feed(condenser(), SPECIES)


@pytest.mark.parametrize("celsius", [60, 120, 400, 600])
def test_derivative(celsius):
    mass = np.linspace(1.0, 2.0, len(SPECIES))[:, None]
    check_derivative(condenser(temperature=f"{celsius} degC"), SPECIES, {"gas": mass})


@pytest.mark.parametrize(
    ("symbol", "celsius", "milligrams"),
    [
        ("Sb", 400, 18.0),
        ("Sb", 350, 1.0),
        ("As", 200, 9000.0),
        ("As", 150, 480.0),
        ("As", 120, 57.0),
        ("As", 100, 11.0),
        ("As", 80, 2.0),
    ],
)
def test_vapour_left_at_saturation(symbol, celsius, milligrams):
    unit = condenser(temperature=f"{celsius} degC")
    flows = cool(unit, {"N2": nitrogen(1000.0), "Sb4O6(g)": 50.0, "As4O6(g)": 50.0})
    assert vapour_left(flows, symbol, 1000.0) == pytest.approx(milligrams, rel=0.15)


def test_below_300_degrees_no_antimony_is_left():
    flows = cool(condenser(temperature="300 degC"), {"N2": nitrogen(1.0), "Sb4O6(g)": 0.1})
    assert vapour_left(flows, "Sb", 1.0) < 0.04
    told = condenser().figures(flows, None)
    assert [figure.label for figure in told][:2] == [
        "antimony vapour condensed",
        "antimony left as vapour in dry gas",
    ]
    assert told[0].value[0] == pytest.approx(1.0, abs=1e-6)
    assert told[1].unit == "mg/Nm3"
    assert told[1].value[0] * 1e6 * NORMAL == pytest.approx(vapour_left(flows, "Sb", 1.0), rel=1e-3)


def test_unsaturated_vapour_stays():
    masses = {"N2": nitrogen(1000.0), "Sb4O6(g)": 0.001, "As4O6(g)": 0.1}
    flows = cool(condenser(temperature="450 degC"), masses)
    np.testing.assert_allclose(flows["cooled"].mass, flows["gas"].mass)


def test_hot_collector_takes_antimony_and_a_fifth_of_the_arsenic():
    flows = cool(condenser(), {"N2": nitrogen(1000.0), "Sb4O6(g)": 50.0, "As4O6(g)": 5.0})
    assert flows["cooled"].of("Sb2O3")[0] == pytest.approx(50.0, rel=1e-3)
    assert flows["cooled"].of("As2O3")[0] == pytest.approx(1.0)
    assert flows["cooled"].of("As4O6(g)")[0] == pytest.approx(4.0)


def test_arsenic_condenses_with_antimony_only_mole_for_mole():
    scarce = cool(condenser(), {"N2": nitrogen(100.0), "Sb4O6(g)": 0.1, "As4O6(g)": 5.0})
    antimony = scarce["cooled"].moles("Sb2O3")[0]
    assert scarce["cooled"].moles("As2O3")[0] == pytest.approx(antimony)
    none = cool(condenser(), {"N2": nitrogen(100.0), "As4O6(g)": 5.0})
    assert none["cooled"].of("As2O3")[0] == 0.0


def test_cold_collector_takes_the_rest_of_the_arsenic():
    unit = condenser(temperature="90 degC", arsenic_in_mixed_crystals=0.0)
    flows = cool(unit, {"N2": nitrogen(1000.0), "As4O6(g)": 5.0, "H2O(g)": 1.0, "Sb2S3": 2.0})
    assert flows["cooled"].of("As2O3")[0] == pytest.approx(5.0, rel=2e-3)
    assert flows["cooled"].of("H2O(g)")[0] == 1.0
    assert flows["cooled"].of("Sb2S3")[0] == 2.0


def test_more_gas_holds_more_vapour():
    masses = {"Sb4O6(g)": 10.0, "As4O6(g)": 10.0}
    unit = condenser(temperature="150 degC", arsenic_in_mixed_crystals=0.0)
    little = cool(unit, {**masses, "N2": nitrogen(100.0)})["cooled"].of("As4O6(g)")[0]
    much = cool(unit, {**masses, "N2": nitrogen(300.0)})["cooled"].of("As4O6(g)")[0]
    assert much == pytest.approx(3.0 * little)


def test_vacuum_above_the_boiling_point_condenses_nothing():
    flows = cool(
        condenser(temperature="650 degC", pressure="500 Pa"),
        {"N2": nitrogen(1.0), "Sb4O6(g)": 1.0, "As4O6(g)": 1.0},
    )
    np.testing.assert_allclose(flows["cooled"].mass, flows["gas"].mass)


def test_a_slate_without_vapours_passes():
    slate = Slate(["N2", "SO2", "SiO2"])
    flows = cool(condenser(), {"N2": 1.0, "SiO2": 2.0}, slate)
    np.testing.assert_array_equal(flows["cooled"].mass, flows["gas"].mass)
    with pytest.raises(InputError, match="needs species 'Sb2O3'; add it"):
        cool(condenser(), {"N2": 1.0, "Sb4O6(g)": 2.0}, Slate(["N2", "Sb4O6(g)"]))


def test_warnings():
    masses = {"N2": nitrogen(100.0), "Sb4O6(g)": 5.0, "As4O6(g)": 5.0}

    def told(**given_parameters):
        unit = condenser(**given_parameters)
        flows = cool(unit, masses)
        return unit.warnings(flows, unit.resolve(flows["gas"].slate))

    assert told() == []
    assert "uncertain by a factor of 3" in told(temperature="100 degC")[0]
    assert "arsenic_in_mixed_crystals of 0.6 is outside" in told(arsenic_in_mixed_crystals=0.6)[0]


@pytest.mark.parametrize("celsius", [-5, 700])
def test_temperatures_refused(celsius):
    with pytest.raises(InputError, match=f"temperature of {celsius} degC is outside 0 to 655 degC"):
        condenser(temperature=f"{celsius} degC")
