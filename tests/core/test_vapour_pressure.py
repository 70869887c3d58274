import numpy as np
import pytest

from flowsheet.core.vapour_pressure import (
    antimony_trioxide_vapour_pressure,
    arsenic_trioxide_vapour_pressure,
    vapour_held,
)

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
