import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unitops.classification import efficiency
from unitops.classification.efficiency import Split, stretch


def to_coarse(curve):
    """The share to the coarse product; that to the fine one must be the rest."""

    def coarse(*arguments):
        split = curve(*arguments)
        np.testing.assert_allclose(split.fine, 1.0 - split.coarse, rtol=1e-12, atol=1e-12)
        return split.coarse

    return coarse


rosin_rammler = to_coarse(efficiency.rosin_rammler)
lynch_rao = to_coarse(efficiency.lynch_rao)
whiten_beta = to_coarse(efficiency.whiten_beta)


def with_bypass(caught, bypass):
    return to_coarse(efficiency.with_bypass)(Split(caught, 1.0 - caught), bypass)


SIZES = np.array([0.25, 0.5, 1.0, 1.5, 2.0])
POSITIVE = st.floats(1e-3, 1e3)


@pytest.mark.parametrize(
    ("sharpness", "expected"),
    [
        (1.5, [0.08299595679532878, 0.21734597264431976, 0.5, 0.8592142836718255]),
        (2.5, [0.02142793791229991, 0.11532264222730315, 0.5, 0.9801793820779628]),
        (3.5, [0.0054005765163668285, 0.05942711192981065, 0.5, 0.9996071431051886]),
    ],
)
def test_rosin_rammler_hand_values(sharpness, expected):
    sizes = np.array([0.25, 0.5, 1.0, 2.0])
    np.testing.assert_allclose(rosin_rammler(sizes, sharpness), expected, rtol=1e-10)


def test_bypass_hand_values():
    sizes = np.array([0.25, 0.5, 1.0, 2.0])
    expected = [0.21714235032983994, 0.2922581137818425, 0.6, 0.9841435056623704]
    np.testing.assert_allclose(with_bypass(rosin_rammler(sizes, 2.5), 0.2), expected, rtol=1e-10)


def test_lynch_rao_hand_values():
    expected = [0.0311, 0.1065, 0.5, 0.8825, 0.9823]
    np.testing.assert_allclose(lynch_rao(SIZES, 4.0), expected, atol=5e-5)
    expected = [0.0214, 0.1153, 0.5, 0.8519, 0.9802]
    np.testing.assert_allclose(rosin_rammler(SIZES, 2.5), expected, atol=5e-5)


def test_a_small_share_to_either_product_is_exact():
    # exp(-ln 2 * 6^2) = 2^-36 and 1 - exp(-ln 2 * 1e-20) = ln 2 * 1e-20
    assert efficiency.rosin_rammler(6.0, 2.0).fine == pytest.approx(2.0**-36, rel=1e-12)
    assert efficiency.rosin_rammler(1e-10, 2.0).coarse == pytest.approx(np.log(2.0) * 1e-20)
    # For a x of 40 and a of 4 the fine share is (e^4 - 1) e^-40.
    assert efficiency.lynch_rao(10.0, 4.0).fine == pytest.approx(53.598150 * np.exp(-40.0))


def test_less_than_anyone_could_find_is_nothing():
    assert efficiency.rosin_rammler(20.0, 3.0) == (1.0, 0.0)
    assert efficiency.lynch_rao(20.0, 4.0) == (1.0, 0.0)
    assert efficiency.rosin_rammler(1e-9, 3.0) == (0.0, 1.0)
    assert efficiency.lynch_rao(0.5, 200.0) == (0.0, 1.0)


def test_a_bypass_of_everything_and_of_nothing():
    corrected = rosin_rammler(SIZES, 2.0)
    np.testing.assert_allclose(with_bypass(corrected, 1.0), 1.0, rtol=1e-15)
    np.testing.assert_allclose(with_bypass(corrected, 0.0), corrected, rtol=1e-15)


@given(sharpness=POSITIVE, fish_hook=st.one_of(st.just(0.0), POSITIVE))
def test_the_cut_size_splits_in_half(sharpness, fish_hook):
    assert rosin_rammler(1.0, sharpness) == pytest.approx(0.5, rel=1e-12)
    assert lynch_rao(1.0, sharpness) == pytest.approx(0.5, rel=1e-12)
    # One half stays of a difference of large numbers where the fish-hook is large.
    assert whiten_beta(1.0, sharpness, fish_hook) == pytest.approx(0.5, abs=1e-9)
    assert stretch(sharpness, fish_hook) >= 1.0 - 1e-12


@given(
    sizes=st.tuples(st.floats(0.0, 1e6), st.floats(0.0, 1e6)),
    sharpness=st.floats(1e-2, 1e4),
)
def test_coarser_particles_are_caught_no_less(sizes, sharpness):
    fine, coarse = sorted(sizes)
    for curve in (rosin_rammler, lynch_rao):
        low, high = curve(fine, sharpness), curve(coarse, sharpness)
        assert 0.0 <= low <= high + 1e-15
        assert high <= 1.0


@given(sharpness=st.floats(1e-2, 1e4), fish_hook=st.floats(0.0, 1e3))
def test_nothing_overflows(sharpness, fish_hook):
    sizes = np.array([1e-9, 1e-3, 0.5, 0.999, 1.0, 1.001, 2.0, 1e3, 1e9])
    caught = whiten_beta(sizes, sharpness, fish_hook)
    assert np.isfinite(caught).all()
    assert caught.max() <= 1.0
    np.testing.assert_allclose(caught[-1], 1.0, rtol=1e-12)


def test_without_a_fish_hook_whiten_is_lynch_rao():
    np.testing.assert_allclose(whiten_beta(SIZES, 3.0, 0.0), lynch_rao(SIZES, 3.0), rtol=1e-14)
    assert stretch(3.0, 0.0) == pytest.approx(1.0, rel=1e-15)


def test_a_fish_hook_dips_and_comes_back():
    sizes = np.array([1e-6, 0.3, 0.6, 1.0, 3.0])
    caught = with_bypass(whiten_beta(sizes, 3.0, 1.0), 0.3)
    assert caught[0] == pytest.approx(0.3, abs=1e-5)
    assert caught[1] < 0.25
    assert np.all(np.diff(caught[1:]) > 0.0)


def test_a_sharper_curve_is_a_better_cut():
    for curve in (rosin_rammler, lynch_rao):
        assert curve(0.5, 4.0) < curve(0.5, 2.0)
        assert curve(1.5, 4.0) > curve(1.5, 2.0)


@pytest.mark.parametrize("curve", [rosin_rammler, lynch_rao])
def test_derivative_by_size_and_sharpness(curve):
    step, sizes = 1e-6, np.array([0.2, 0.9, 1.3])
    by_size = (curve(sizes + step, 2.5) - curve(sizes - step, 2.5)) / (2.0 * step)
    np.testing.assert_allclose(curve(sizes + 1e-30j, 2.5).imag / 1e-30, by_size, rtol=1e-6)
    by_sharpness = (curve(sizes, 2.5 + step) - curve(sizes, 2.5 - step)) / (2.0 * step)
    np.testing.assert_allclose(curve(sizes, 2.5 + 1e-30j).imag / 1e-30, by_sharpness, rtol=1e-6)


def test_derivative_of_the_fish_hook():
    step, here = 1e-6, (np.array([0.05, 0.4, 1.3]), 3.0, 0.5)

    def by(*change):
        up = whiten_beta(*(value + step * c for value, c in zip(here, change, strict=True)))
        down = whiten_beta(*(value - step * c for value, c in zip(here, change, strict=True)))
        exact = whiten_beta(*(value + 1e-30j * c for value, c in zip(here, change, strict=True)))
        np.testing.assert_allclose(exact.imag / 1e-30, (up - down) / (2.0 * step), rtol=1e-5)

    by(1.0, 0.0, 0.0)
    by(0.0, 1.0, 0.0)
    by(0.0, 0.0, 1.0)


def test_every_scenario_has_its_own_curve():
    sizes = np.array([[0.5], [1.5]])
    sharpness, hooks = np.array([2.0, 3.0, 4.0]), np.array([0.0, 0.2, 0.4])
    together = whiten_beta(sizes, sharpness, hooks)
    for place in range(3):
        alone = whiten_beta(sizes[:, 0], sharpness[place], hooks[place])
        np.testing.assert_allclose(together[:, place], alone, rtol=1e-13)
