import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from flowsheet.core.slate import Slate
from flowsheet.core.vapour_pressure import vapour_pressure
from unitops.refining.melt_activity import (
    activity_coefficient,
    dissolved,
    dissolved_elements,
    in_concentrated_melt,
    logarithms,
)
from unitops.refining.separation import (
    ConcentratedMelt,
    ideal_coefficient,
    molecular_coefficient,
    molecular_coefficients,
    through_melt,
    with_droplets,
)


@pytest.mark.parametrize(
    ("element", "cold", "hot", "within"),
    [("Pb", 0.0086, 0.026, 0.03), ("Bi", 0.010, 0.034, 0.07), ("Zn", 131.0, 113.0, 0.03)],
)
def test_ratio_of_vapour_pressures(element, cold, hot, within):
    # At 923 and 1073 K, by hand from the same constants and without activity coefficients.
    for kelvin, expected in ((923.0, cold), (1073.0, hot)):
        ideal = ideal_coefficient(element, kelvin) / activity_coefficient(element, kelvin)
        assert ideal == pytest.approx(expected, rel=within)


@pytest.mark.parametrize(
    ("element", "beta"), [("Cd", 850.0), ("Na", 258.0), ("Mg", 12.6), ("Ag", 2e-6), ("Sn", 1e-8)]
)
def test_ratio_of_vapour_pressures_at_650_degrees(element, beta):
    found = ideal_coefficient(element, 923.0) / activity_coefficient(element, 923.0)
    assert found == pytest.approx(beta, rel=0.5 if element == "Sn" else 0.15)


def test_molecular_coefficient_counts_atoms_and_speeds():
    # At 650 degC nearly all antimony is Sb4: lead has 0.9 p_Pb / p_Sb sqrt(487 / 207) / 4.
    expected = 0.9 * vapour_pressure("Pb", 923.0) / vapour_pressure("Sb", 923.0)
    expected *= np.sqrt(487.04 / 207.2) / 4.0
    assert molecular_coefficient("Pb", 923.0) == pytest.approx(expected, rel=0.01)
    assert molecular_coefficient("Pb", 923.0) < 0.5 * ideal_coefficient("Pb", 923.0)


def test_what_stays_and_what_leaves():
    for element in ("Cu", "Fe", "Ag", "Sn", "Au", "Ni", "Al", "In"):
        assert molecular_coefficient(element, 923.0) < 1e-3
    assert 1e-3 < molecular_coefficient("Bi", 923.0) < 0.02
    assert molecular_coefficient("Zn", 923.0) > 20.0
    assert 9.0 <= molecular_coefficient("As", 923.0) <= 15.0
    assert molecular_coefficient("Sb", 923.0) == 1.0
    assert molecular_coefficient("Pb", np.array([923.0, 1073.0])).shape == (2,)


def test_arsenic_in_mixed_tetramers():
    # Fourth root of the ratio of pressures: 9 at 650 degC before any activity coefficient.
    root = (vapour_pressure("As", 923.0) / vapour_pressure("Sb", 923.0)) ** 0.25
    assert root == pytest.approx(9.0, rel=0.05)
    # Tetramers mixed at random: atoms of arsenic over those of antimony, at any content x.
    for x in (1e-6, 0.01, 0.3):
        arsenic, antimony = root * x, 1.0 - x
        leaving = np.array(
            [
                [n, 4 - n] * np.array(count * arsenic**n * antimony ** (4 - n))
                for n, count in enumerate((1, 4, 6, 4, 1))
            ]
        ).sum(axis=0)
        assert leaving[0] / leaving[1] / (x / (1.0 - x)) == pytest.approx(root, rel=1e-9)


def test_coefficients_of_a_slate_are_those_of_its_elements():
    slate = Slate(["SiO2", "Pb", "Sb", "As"])
    found = molecular_coefficients(slate, 923.0)[:, 0]
    assert found[0] == 0.0
    assert found[1] == pytest.approx(float(molecular_coefficient("Pb", 923.0)))
    np.testing.assert_allclose(found[2:], [1.0, 13.0])


def test_activity_coefficients_by_temperature():
    assert activity_coefficient("Zn", 923.0) == pytest.approx(0.36)
    assert activity_coefficient("Zn", 1073.0) == pytest.approx(0.28)
    # A regular solution becomes ideal as it gets hotter.
    assert activity_coefficient("Ni", 923.0) == pytest.approx(0.003)
    assert activity_coefficient("Ni", 1846.0) == pytest.approx(0.003**0.5)
    assert activity_coefficient("Sb", 1000.0) == 1.0
    assert all(row.source for row in dissolved_elements().values())
    with pytest.raises(InputError, match="no behaviour in molten antimony of 'Zr'"):
        dissolved("Zr")


@given(shares=st.lists(st.floats(0.01, 1.0), min_size=4, max_size=4))
def test_concentrated_melts_obey_gibbs_and_duhem(shares):
    names = ["Sb", "Pb", "Sn", "Zn"]
    dilute = logarithms(names, 923.0)
    x = np.array(shares)[:, None] / np.sum(shares)
    direction = np.array([[1.0], [-0.5], [0.3], [-0.8]])
    change = in_concentrated_melt(dilute, x + 1e-30j * direction, 0).imag / 1e-30
    assert (x * change).sum() == pytest.approx(0.0, abs=1e-12)


def test_concentrated_melt_becomes_dilute():
    names = ["Sb", "Pb", "Sn"]
    dilute = logarithms(names, 923.0)
    found = in_concentrated_melt(dilute, np.array([[1.0], [0.0], [0.0]]), 0)
    np.testing.assert_allclose(found, dilute)


def test_lead_overtakes_antimony_that_becomes_dilute():
    melt = ConcentratedMelt(Slate(["Sb", "Pb"]), 923.0)
    dilute = melt.coefficients(np.array([[1.0], [1e-12]]))[1, 0]
    assert dilute == pytest.approx(float(molecular_coefficient("Pb", 923.0)), rel=1e-6)
    half = melt.coefficients(np.array([[1.0], [1.0]]))[1, 0]
    # With the cube of its share, less for Sb2, 7.6 in an ideal melt; antimony is held back by the
    # attraction of lead, and lead less than at high dilution.
    assert half / dilute == pytest.approx(7.63 * 1.11 * 1.08, rel=0.02)
    poor, poorer = (melt.coefficients(np.array([[x], [1.0]]))[1, 0] for x in (1e-3, 1e-6))
    assert poor == pytest.approx(poorer, rel=1e-2)  # documented: frozen below 1 mol-%
    assert melt.rate(np.array([[1.0], [0.0]]))[0] == pytest.approx(1.0)


def test_what_rides_with_antimony_keeps_its_coefficient():
    melt = ConcentratedMelt(Slate(["Sb", "As", "Te", "Pb"]), 923.0)
    for antimony in (1.0, 0.3, 0.01):
        moles = np.array([[antimony], [0.3], [0.1], [0.5]])
        np.testing.assert_allclose(melt.coefficients(moles)[:3, 0], [1.0, 13.0, 2.0])


@given(beta=st.floats(1e-6, 1e3), ratio=st.floats(1e-3, 50.0))
def test_transport_through_the_melt_pulls_a_coefficient_towards_one(beta, ratio):
    found = through_melt(beta, ratio, 1.0)
    low, high = sorted((beta, 1.0))
    assert low * (1 - 1e-12) <= found <= high * (1 + 1e-12)
    assert through_melt(beta, 1e-9, 1.0) == pytest.approx(beta, rel=1e-5)
    assert through_melt(beta, 700.0, 1.0) == pytest.approx(1.0, rel=1e-6)
    assert through_melt(0.0, ratio, 1.0) == 0.0


def test_boundary_layer_by_hand():
    # Film with convection: the surface holds c_s with v c_s beta leaving; c = c_s (beta + (1 -
    # beta) exp(v / k * y)) from the surface (y = 0 ... ) to the bulk at the far side.
    beta, pull = 13.0, 0.085
    surface = 1.0 / (beta + (1.0 - beta) * np.exp(-pull))
    assert through_melt(beta, pull, 1.0) == pytest.approx(beta * surface)
    assert through_melt(beta, pull, 1.0) == pytest.approx(6.6, abs=0.1)


def test_droplets():
    assert with_droplets(0.0, 0.01) == pytest.approx(0.01 / 1.01)
    assert with_droplets(1.0, 0.3) == 1.0
    assert with_droplets(50.0, 0.0) == 50.0
