import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unitops.gravity.partition import (
    ecart_probable_of,
    imperfection,
    logistic,
    of_size,
    of_size_with_limit,
    pivot_cut_density,
    weibull,
    whiten,
    whiten_through_pivot,
    with_short_circuits,
)


def test_whitens_curve_of_a_dense_medium_cyclone():
    """Known answers to nine digits at a cut of 2.75 and an Ep of 0.03 t/m3."""
    density = [2.5, 2.65, 2.7, 2.74, 2.75, 2.76, 2.8, 2.9, 3.2]
    expected = [
        0.00010566803966224588,
        0.02503709345650352,
        0.1381167497096086,
        0.40945856318612583,
        0.5,
        0.5905414368138742,
        0.8618832502903914,
        0.9959016393442622,
        0.9999999303082856,
    ]
    np.testing.assert_allclose(whiten(np.array(density), 2.75, 0.03), expected, rtol=1e-8)


def test_ecart_probable_is_half_the_span_of_the_middle_half():
    curve = whiten(np.array([2.72, 2.75, 2.78]), 2.75, 0.03)
    np.testing.assert_allclose(curve, [0.25, 0.5, 0.75], rtol=1e-12)


@pytest.mark.parametrize("cast", [float, complex])
@pytest.mark.parametrize(
    ("exponent", "expected"), [(1e9, 0.0), (1e3, 0.0), (0.0, 0.5), (-1e3, 1.0), (-1e9, 1.0)]
)
def test_no_exponent_overflows(cast, exponent, expected):
    assert logistic(cast(exponent)) == expected


def test_derivative_of_whitens_curve():
    """At the cut the slope is ln 3 / (4 Ep)."""
    slope = whiten(2.75 + 1e-30j, 2.75, 0.03).imag / 1e-30
    assert slope == pytest.approx(np.log(3.0) / 0.12, rel=1e-12)


def test_short_circuits_bound_a_curve():
    made = with_short_circuits(np.array([0.0, 0.5, 1.0]), 0.05, 0.02)
    np.testing.assert_allclose(made, [0.05, 0.515, 0.98], rtol=1e-12)


@given(pivot=st.floats(0.05, 0.95), spread=st.floats(1.0, 500.0))
def test_a_curve_through_a_pivot_is_whitens_of_another_cut(pivot, spread):
    density = np.linspace(2400.0, 3400.0, 7)
    through = whiten_through_pivot(density, 2700.0, pivot, spread)
    cut = pivot_cut_density(2700.0, pivot, spread)
    np.testing.assert_allclose(through, whiten(density, cut, spread), rtol=1e-9)
    assert whiten_through_pivot(2700.0, 2700.0, pivot, spread) == pytest.approx(pivot)
    assert whiten(cut, cut, spread) == 0.5


def test_a_particle_of_no_size_goes_with_the_medium():
    np.testing.assert_allclose(
        whiten_through_pivot(np.array([1.0, 2700.0, 19300.0]), 2700.0, 0.3, 1e12), 0.3, rtol=1e-6
    )


def test_laws_of_sizes():
    """A value of 8 at the reference, of power 1: doubled at half of it; with 2 left at the end."""
    sizes = np.array([1e9, 2.0, 1.0])
    np.testing.assert_allclose(of_size(sizes, 8.0, 2.0, 1.0), [0.0, 8.0, 16.0], atol=1e-7)
    np.testing.assert_allclose(
        of_size_with_limit(sizes, 2.0, 8.0, 2.0, 1.0), [2.0, 8.0, 14.0], rtol=1e-7
    )


@pytest.mark.parametrize(
    ("sharpness", "expected"),
    [
        (1.5, [0.08299595679532878, 0.21734597264431976, 0.5, 0.8592142836718255]),
        (2.5, [0.02142793791229991, 0.11532264222730315, 0.5, 0.9801793820779628]),
        (3.5, [0.0054005765163668285, 0.05942711192981065, 0.5, 0.9996071431051886]),
    ],
)
def test_rosin_rammlers_curve(sharpness, expected):
    made = weibull(np.array([0.5, 1.0, 2.0, 4.0]), 2.0, sharpness)
    np.testing.assert_allclose(made, expected, rtol=1e-10)


def test_imperfection_there_and_back():
    assert imperfection(2750.0, 30.0) == pytest.approx(0.017142857142857144, rel=1e-12)
    assert ecart_probable_of(0.2, 3000.0) == pytest.approx(400.0)
    assert imperfection(3000.0, 40.0, fluid_density=2000.0) == pytest.approx(0.04)
