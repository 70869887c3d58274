import numpy as np
import pytest

from flowsheet.core.errors import InputError
from flowsheet.core.formula import parse_formula
from flowsheet.core.vapour_pressure import (
    antimony_trioxide_vapour_pressure,
    arsenic_trioxide_vapour_pressure,
    vapour_curves,
    vapour_held,
    vapour_molecule,
    vapour_pressure,
    vapour_pressures,
    vapour_range,
    vapour_substances,
)

ATMOSPHERE = 101325.0
MMHG = 133.322


@pytest.mark.parametrize(
    ("celsius", "mmhg"),
    [(500, 0.06), (550, 0.41), (600, 2.0), (650, 7.8), (700, 13.5), (900, 65.0), (1100, 198.0)],
)
def test_antimony_trioxide_at_round_temperatures(celsius, mmhg):
    pressure = antimony_trioxide_vapour_pressure(celsius + 273.15)
    assert pressure / MMHG == pytest.approx(mmhg, rel=0.06)


def test_antimony_trioxide_boils_at_1456_degrees():
    assert antimony_trioxide_vapour_pressure(1456 + 273.15) == pytest.approx(101325.0, rel=0.01)


def test_antimony_trioxide_melts_at_656_degrees():
    """The curve changes from that of valentinite (193 kJ/mol) to that of the melt (74 kJ/mol)."""

    def enthalpy(celsius):
        kelvin = celsius + 273.15 + np.array([-1.0, 1.0])
        slope = np.diff(np.log(antimony_trioxide_vapour_pressure(kelvin))) / np.diff(1.0 / kelvin)
        return -8.314e-3 * slope[0]

    assert enthalpy(645.0) == pytest.approx(193.0, rel=0.06)  # Aracena et al. 2016, activation
    assert enthalpy(665.0) == pytest.approx(73.9, rel=0.02)


@pytest.mark.parametrize(("celsius", "mmhg"), [(212.5, 1.0), (299.2, 40.0)])
def test_arsenic_trioxide_solid(celsius, mmhg):
    pressure = arsenic_trioxide_vapour_pressure(celsius + 273.15)
    assert pressure / MMHG == pytest.approx(mmhg, rel=0.02)


@pytest.mark.parametrize("kelvin", [650.0, 700.0, 740.0])
def test_arsenic_trioxide_liquid_against_an_independent_measurement(kelvin):
    """ln p(atm) = 6.869 - 5098/T, 650 to 740 K, J. Phase Equilibria, doi 10.1007/BF02646358."""
    measured = 101325.0 * np.exp(6.869 - 5098.3 / kelvin)
    assert arsenic_trioxide_vapour_pressure(kelvin) == pytest.approx(measured, rel=0.3)


@pytest.mark.parametrize(
    ("celsius", "milligrams"), [(200, 9000), (150, 480), (120, 57), (100, 11), (80, 2)]
)
def test_arsenic_held_by_a_cubic_metre(celsius, milligrams):
    moles = vapour_held(44.615, arsenic_trioxide_vapour_pressure(celsius + 273.15), 101325.0)
    assert moles * 4 * 74.92 * 1000 == pytest.approx(milligrams, rel=0.15)


def test_pressures_rise_with_temperature_without_jumps():
    kelvin = np.linspace(300.0, 1700.0, 20001)
    for curve in (antimony_trioxide_vapour_pressure, arsenic_trioxide_vapour_pressure):
        steps = np.diff(np.log(curve(kelvin)))
        assert np.all(steps > 0.0)
        assert steps.max() < 0.03


def test_at_the_boiling_point_any_amount_is_held():
    held = vapour_held(2.0, np.array([101325.0 / 3.0, 101325.0, 2e5]), 101325.0)
    np.testing.assert_allclose(held, [1.0, np.inf, np.inf])


def test_complex_step():
    step = antimony_trioxide_vapour_pressure(1100.0 + 1e-30j).imag / 1e-30
    p = antimony_trioxide_vapour_pressure
    assert step == pytest.approx((p(1100.01) - p(1099.99)) / 0.02, rel=1e-6)


@pytest.mark.parametrize(
    ("element", "boiling"),
    [
        ("Pb", 2022.0),
        ("Zn", 1180.0),
        ("Cd", 1040.0),
        ("Na", 1156.0),
        ("Mg", 1363.0),
        ("Te", 1261.0),
        ("Se", 958.0),
        ("S", 717.8),
        ("Tl", 1746.0),
        ("Ag", 2435.0),
        ("Cu", 2835.0),
        ("Sn", 2875.0),
        ("Ni", 3186.0),
        ("In", 2345.0),
    ],
)
def test_elements_boil_where_handbooks_say(element, boiling):
    assert vapour_pressure(element, boiling) == pytest.approx(ATMOSPHERE, rel=0.2)


@pytest.mark.parametrize(
    ("element", "boiling", "factor"),
    [("Bi", 1837.0, 2.5), ("Au", 3130.0, 2.0), ("Al", 2793.0, 1.6), ("Mn", 2335.0, 2.2)],
)
def test_elements_of_little_trust_boil_within_a_factor(element, boiling, factor):
    found = vapour_pressure(element, boiling) / ATMOSPHERE
    assert 1.0 / factor < found < factor


def test_antimony_and_arsenic_at_published_points():
    # Handbook: antimony 1, 10 and 100 mmHg at 731, 960 and 1289 degC; arsenic sublimes at 888 K.
    assert vapour_pressure("Sb", 731 + 273.15) / MMHG == pytest.approx(1.0, rel=0.3)
    assert vapour_pressure("Sb", 960 + 273.15) / MMHG == pytest.approx(10.0, rel=0.3)
    assert vapour_pressure("Sb", 1289 + 273.15) / MMHG == pytest.approx(100.0, rel=0.7)
    assert vapour_pressure("Sb", 1860.0) == pytest.approx(ATMOSPHERE, rel=0.03)
    assert vapour_pressure("As", 888.0) == pytest.approx(ATMOSPHERE, rel=0.05)


@pytest.mark.parametrize(
    ("element", "kelvin", "pascal"),
    # ln p(Pa) = A + B/T + C ln T of Alcock, Itkin and Horrigan 1984, inside its range.
    [
        ("Pb", 973.0, np.exp(31.17174446 - 23239.9913436 / 973.0 - 1.075 * np.log(973.0))),
        ("Pb", 1200.0, np.exp(31.17174446 - 23239.9913436 / 1200.0 - 1.075 * np.log(1200.0))),
        ("Cu", 1600.0, np.exp(37.33576476 - 40127.1504156 / 1600.0 - 1.4742 * np.log(1600.0))),
        ("Na", 650.0, np.exp(30.86780323 - 12972.7644139 / 650.0 - 1.1748 * np.log(650.0))),
    ],
)
def test_metals_against_an_independent_assessment(element, kelvin, pascal):
    assert vapour_pressure(element, kelvin) == pytest.approx(pascal, rel=0.25)


@pytest.mark.parametrize("substance", vapour_substances())
def test_every_curve_rises_over_its_range_and_boils_at_its_end_at_the_latest(substance):
    low, high = vapour_range(substance)
    pressures = vapour_pressure(substance, np.linspace(low, high, 500))
    assert np.all(np.diff(pressures) > 0.0)
    assert 0.0 < pressures[-1] < 2.2 * ATMOSPHERE
    for curve in vapour_curves(substance):
        assert curve.low < curve.high
        assert curve.trust in {"high", "medium", "low"}
        assert curve.source


def test_curves_of_a_substance_follow_each_other_and_the_stable_phase_counts():
    for substance in ("Sb2O3", "As2O3"):
        curves = vapour_curves(substance)
        assert [c.high for c in curves[:-1]] == [c.low for c in curves[1:]]
        for curve in curves:
            middle = 0.5 * (curve.low + curve.high)
            own = 10.0 ** curve.exponent(np.array(middle)) * MMHG
            assert vapour_pressure(substance, middle) == pytest.approx(own, rel=1e-5)
    assert [c.phase for c in vapour_curves("Sb2O3")] == ["senarmontite", "valentinite", "liquid"]


def test_range_and_molecule():
    assert vapour_range("Sb2O3") == (742.0, 1729.0)
    assert vapour_range("Pb") == (600.0, 2022.0)
    assert vapour_molecule("Sb2O3") == "Sb4O6"
    assert vapour_molecule("As2O3") == "As4O6"
    assert vapour_molecule("Sb") == "Sb4"
    assert vapour_molecule("Te") == "Te2"
    assert vapour_molecule("Pb") == "Pb"


@pytest.mark.parametrize("substance", vapour_substances())
def test_a_molecule_holds_the_elements_of_its_substance_in_the_same_proportion(substance):
    condensed = dict(parse_formula(substance).atoms)
    vapour = dict(parse_formula(vapour_molecule(substance)).atoms)
    assert len({vapour[element] / condensed[element] for element in vapour}) == 1
    assert vapour.keys() == condensed.keys()


def test_outside_the_range_the_curve_goes_on():
    low, high = vapour_range("Pb")
    inside = np.log(vapour_pressure("Pb", np.array([low, high])))
    outside = np.log(vapour_pressure("Pb", np.array([low - 1.0, high + 1.0])))
    assert np.all(outside * [1, -1] < inside * [1, -1])
    np.testing.assert_allclose(outside, inside, atol=0.1)


def test_several_substances_at_several_temperatures():
    kelvin = np.array([900.0, 1000.0, 1100.0])
    found = vapour_pressures(["Sb", "Pb"], kelvin)
    assert found.shape == (2, 3)
    np.testing.assert_array_equal(found[1], vapour_pressure("Pb", kelvin))
    assert vapour_pressures(["Sb", "Pb"], 900.0).shape == (2, 1)
    assert vapour_pressures([], kelvin).shape == (0, 3)


def test_an_unknown_substance_is_refused_with_the_nearest():
    with pytest.raises(InputError, match=r"no vapour pressure of 'Sb2O4'; did you mean 'Sb2O3'\?"):
        vapour_pressure("Sb2O4", 900.0)
    with pytest.raises(InputError, match="no vapour pressure of 'W'; known here: Ag, Al"):
        vapour_range("W")
    with pytest.raises(InputError, match="no vapour pressure of 'W'"):
        vapour_molecule("W")


def test_complex_step_of_an_element():
    step = vapour_pressure("Zn", 900.0 + 1e-30j).imag / 1e-30
    difference = (vapour_pressure("Zn", 900.01) - vapour_pressure("Zn", 899.99)) / 0.02
    assert step == pytest.approx(difference, rel=1e-6)
