import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from unitops.refining.zone_limit import (
    limit_profile,
    passes_needed,
    ultimate_height,
    ultimate_slope,
)
from unitops.refining.zone_profile import profile

# Root of k = z / (exp(z) - 1), and A of a bar of ten zones; computed independently.
SLOPES = {
    0.01: 6.475,
    0.05: 4.514,
    0.1: 3.615,
    0.2: 2.660,
    0.3: 2.065,
    0.5: 1.256,
    0.64: 0.8348,
    0.7: 0.6755,
    0.8: 0.4308,
    0.9: 0.2071,
}
HEIGHTS = {
    0.1: 7.2e-15,
    0.2: 7.4e-11,
    0.3: 2.2e-8,
    0.5: 4.39e-5,
    0.64: 1.98e-3,
    0.7: 7.9e-3,
    0.8: 5.9e-2,
    0.9: 0.299,
}


def ingot_of(bar, crop=0.2):
    return bar.divided(np.arange(len(bar.k)), np.array([crop]), np.array([0.0]))[0]


@pytest.mark.parametrize("k", SLOPES)
def test_slope_of_a_long_bar(k):
    assert ultimate_slope(k) == pytest.approx(SLOPES[k], abs=5e-4)


@pytest.mark.parametrize("k", HEIGHTS)
def test_height_of_a_long_bar(k):
    assert ultimate_height(k, 0.1) == pytest.approx(HEIGHTS[k], rel=0.02)


@given(k=st.floats(1e-5, 10.0))
def test_the_slope_solves_its_equation_for_any_k(k):
    z = ultimate_slope(k)
    assert np.sign(z) == np.sign(1.0 - k)
    if abs(z) > 1e-4:
        assert z / np.expm1(z) == pytest.approx(k, rel=1e-9)


def test_a_coefficient_of_one_stays_flat():
    assert ultimate_slope(1.0) == 0.0
    assert ultimate_height(1.0, 0.1) == 1.0
    np.testing.assert_allclose(limit_profile(1.0, 0.1).means, 1.0, rtol=1e-12)


@pytest.mark.parametrize("k", [0.05, 0.2, 0.64, 0.9, 1.5, 3.0])
@pytest.mark.parametrize("zone", [0.1, 0.25, 0.37, 0.6])
def test_one_more_pass_changes_nothing_at_the_limit(k, zone):
    limit = limit_profile(k, zone)
    passed = profile(k, 1000 if zone < 0.2 else 300, zone)
    half = len(limit.means) // 2
    np.testing.assert_allclose(passed.left[:half], limit.left[:half], rtol=3e-4)
    assert ingot_of(limit)[0] == pytest.approx(ingot_of(passed)[0], rel=3e-4)
    assert limit.means.mean() == pytest.approx(1.0, rel=1e-12)


@pytest.mark.parametrize("k", [0.1, 0.2, 0.3, 0.5, 0.64])
def test_the_finite_bar_has_the_slope_of_the_long_one_but_is_cleaner(k):
    bar = limit_profile(k, 0.1)
    slope = np.log(bar.at_edges[250, 0] / bar.at_edges[150, 0])
    assert slope == pytest.approx(SLOPES[k], rel=1e-3)
    long = ultimate_height(k, 0.1) * np.exp(10.0 * bar.edges[:600] * ultimate_slope(k))
    assert np.all(bar.at_edges[:600, 0] < long)


@pytest.mark.parametrize(("k", "exponent"), [(0.1, 3.615), (0.2, 2.660), (0.3, 2.065)])
def test_many_passes_come_to_the_slope_far_from_the_tail(k, exponent):
    bar = profile([k], 150, 0.1)
    slope = np.log(bar.at_edges[250, 0] / bar.at_edges[150, 0])
    assert slope == pytest.approx(exponent, rel=2e-3)


def test_a_zone_as_long_as_the_bar_is_at_its_limit_at_once():
    limit, once = limit_profile([0.1, 0.64], 1.0), profile([0.1, 0.64], 1, 1.0)
    np.testing.assert_allclose(limit.content, once.content, rtol=1e-12)


def test_a_limit_of_traces_keeps_its_digits():
    """At k = 0.01 the head holds 1e-27 of the feed: nothing of it may drown in rounding."""
    bar = limit_profile(0.01, 0.1)
    slopes = np.diff(np.log(bar.left[:500:100, 0]))
    np.testing.assert_allclose(slopes, SLOPES[0.01], rtol=2e-2)
    assert 1e-28 < bar.left[0, 0] < 1e-26


@pytest.mark.parametrize("k", [0.05, 0.1, 0.2, 0.3, 0.5])
def test_passes_needed_are_the_first_that_reach_what_is_wanted(k):
    count = passes_needed(k, zone_to_bar=0.1, crop=0.2, wanted=0.11)
    assert ingot_of(profile(k, count, 0.1))[0] <= 0.11 * 0.8
    if count > 1:
        assert ingot_of(profile(k, count - 1, 0.1))[0] > 0.11 * 0.8


def test_passes_needed_by_the_table():
    """Means of the first 80 %: k 0.3 gives 0.0266 after 10 passes, k 0.2 0.045 after 5."""
    assert passes_needed(0.3, zone_to_bar=0.1, crop=0.2, wanted=0.0266) in (10, 11)
    assert passes_needed(0.2, zone_to_bar=0.1, crop=0.2, wanted=0.0452) in (5, 6)
    assert passes_needed(0.64, zone_to_bar=0.1, crop=0.2, wanted=0.95) == 1


def test_what_no_number_of_passes_reaches_is_refused():
    with pytest.raises(InputError, match=r"no number of passes takes an impurity with k = 0.9 to"):
        passes_needed(0.9, zone_to_bar=0.1, crop=0.2, wanted=0.1)


def test_passes_are_counted_up_to_the_limit():
    least = ingot_of(limit_profile(0.3, 0.1))[0] / 0.8
    assert 20 < passes_needed(0.3, zone_to_bar=0.1, crop=0.2, wanted=1.0005 * least) < 200
