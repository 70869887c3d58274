import numpy as np
import pytest

from unitops.classification.karra import (
    basic_capacity,
    half_size_factor,
    karra_cut_size,
    near_size_factor,
    oversize_factor,
    throughfall_aperture,
    wet_factor,
)


def test_a_level_screen_shows_its_full_opening():
    assert throughfall_aperture(0.010, 0.003, 0.0) == pytest.approx(0.010, rel=1e-15)
    # 13 mm from wire to wire, seen at 60 degrees from above: 6.5 mm less a wire.
    assert throughfall_aperture(0.010, 0.003, np.pi / 3.0) == pytest.approx(0.0035, rel=1e-12)


@pytest.mark.parametrize(
    ("size", "capacity"), [(0.001, 1.83), (0.010, 14.8), (0.025, 23.3), (0.050, 31.5), (0.1, 48.3)]
)
def test_basic_capacity_in_tonnes_per_hour_and_square_metre(size, capacity):
    # Read from the two pieces of the correlation by hand.
    assert basic_capacity(size) * 3.6 == pytest.approx(capacity, abs=0.06)


def test_basic_capacity_has_no_jump_to_speak_of():
    below, above = basic_capacity(0.0508 * (1.0 - 1e-9)), basic_capacity(0.0508 * (1.0 + 1e-9))
    assert above == pytest.approx(below, rel=5e-3)


@pytest.mark.parametrize(
    ("coarser", "factor"), [(0.0, 1.6), (0.25, 1.3), (0.5, 1.0), (0.8, 0.64), (0.95, 0.2375)]
)
def test_oversize_factor(coarser, factor):
    assert oversize_factor(coarser) == pytest.approx(factor, rel=1e-12)


@pytest.mark.parametrize(
    ("finer", "factor"),
    [(0.0, 0.7), (0.25, 1.0), (0.4, 1.224), (0.6, 1.665), (0.9, 3.0), (1.0, 3.5)],
)
def test_half_size_factor(finer, factor):
    assert half_size_factor(finer) == pytest.approx(factor, rel=2e-3)


def test_half_size_factor_keeps_to_the_tabulated_pieces():
    percent = np.linspace(0.0, 100.0, 2001)
    pieces = np.where(
        percent <= 30.0,
        0.012 * percent + 0.7,
        np.where(
            percent <= 55.0,
            0.1528 * percent**0.564,
            np.where(percent <= 80.0, 0.0061 * percent**1.37, 0.05 * percent - 1.5),
        ),
    )
    ours = half_size_factor(percent / 100.0)
    np.testing.assert_allclose(ours, pieces, rtol=0.02)
    assert np.all(np.diff(ours) > 0.0)
    assert np.diff(ours).max() < 3.0 * np.diff(ours).min() + 0.002  # no jumps


@pytest.mark.parametrize(
    ("millimetres", "factor"),
    [
        (0.5, 1.0),
        (1.5 / 1.26, 1.5),
        (4.0, 2.5),
        (9.0 / 1.26, 2.125),
        (20.0 / 1.26, 1.25),
        (40, 1.15),
    ],
)
def test_wet_factor(millimetres, factor):
    assert wet_factor(millimetres * 1e-3) == pytest.approx(factor, rel=1e-12)


def test_near_size_factor():
    assert near_size_factor(0.0) == pytest.approx(0.844)
    assert near_size_factor(0.2) == pytest.approx(0.3906, abs=1e-4)
    assert near_size_factor(1.0) > 0.0


def test_a_deck_loaded_as_it_is_rated_cuts_at_the_throughfall_aperture():
    assert karra_cut_size(0.009, 20.0, 20.0) == pytest.approx(0.009, rel=1e-15)
    # Ten times the load: 10^-0.148 = 0.711
    assert karra_cut_size(0.009, 20.0, 200.0) == pytest.approx(0.0064, rel=1e-3)
    assert karra_cut_size(0.009, 20.0, 0.0) == 0.009
