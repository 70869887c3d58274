import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unitops.flotation.entrainment import (
    degree_of_entrainment,
    entrained_in_cells,
    entrained_over_bank,
    water_recovery_of_bank,
    water_recovery_of_cell,
)
from unitops.flotation.kinetics import first_order_bank

SIZES = np.array([5.0, 10.0, 20.0, 38.0, 75.0]) * 1e-6


def test_degree_of_entrainment_by_size():
    found = degree_of_entrainment(SIZES, 20e-6, 1.5)
    np.testing.assert_allclose(found, [0.9353, 0.6647, 0.2001, 0.0216, 0.0003], atol=5e-5)


@given(size=st.floats(1e-6, 1e-3), drainage=st.floats(0.5, 5.0))
def test_a_fifth_is_entrained_at_the_entrainment_size(size, drainage):
    assert degree_of_entrainment(size, size, drainage) == pytest.approx(0.2, abs=2e-4)


@given(drainage=st.floats(0.5, 5.0), entrainment_size=st.floats(1e-6, 1e-3))
def test_fines_follow_the_water_and_rocks_do_not(drainage, entrainment_size):
    sizes = np.geomspace(1e-9, 1.0, 200)
    with np.errstate(all="raise", under="ignore"):
        found = degree_of_entrainment(sizes, entrainment_size, drainage)
    assert np.all(np.diff(found) <= 1e-15)
    assert found[-1] == 0.0
    assert 0.9 < found[0] <= 1.0


def test_degree_of_entrainment_keeps_derivatives():
    exact = degree_of_entrainment(SIZES, 20e-6 + 1e-40j, 1.5).imag / 1e-40
    up, down = (degree_of_entrainment(SIZES, size, 1.5) for size in (20.001e-6, 19.999e-6))
    np.testing.assert_allclose(exact, (up - down) / 2e-9, rtol=1e-6)


def test_entrainment_after_flotation():
    assert entrained_over_bank(0.72, 0.4, 0.15) == pytest.approx(0.7368, rel=1e-12)


def cells(rate, time, number, entrainment, water):
    return entrained_in_cells(
        lambda share: first_order_bank(rate, time * share, number), entrainment, water, number
    )


def test_a_cell_that_floats_and_entrains_at_once():
    # k 0.5 1/min times a froth recovery of 60 %, 2 min, 5 % of the water, ENT 0.6
    assert cells(0.3, 2.0, 1, 0.6, 0.05) == pytest.approx(0.387097, abs=5e-7)


def test_cells_in_series_each_take_the_same_share():
    one = cells(0.3, 2.0, 1, 0.6, 0.05)
    assert cells(0.3, 2.0, 4, 0.6, 0.05) == pytest.approx(1.0 - (1.0 - one) ** 4, rel=1e-13)


def test_what_does_not_float_and_follows_the_water_leaves_with_the_water():
    water = water_recovery_of_bank(0.05, 6)
    assert water == pytest.approx(0.264908109375, rel=1e-12)
    assert cells(0.0, 2.0, 6, 1.0, 0.05) == pytest.approx(water, rel=1e-12)


def test_without_entrainment_only_flotation_is_left():
    assert cells(0.3, 2.0, 6, 0.0, 0.2) == pytest.approx(1.0 - 1.6**-6, rel=1e-13)


@given(
    rate=st.floats(0.0, 10.0),
    entrainment=st.floats(0.0, 1.0),
    water=st.floats(0.0, 0.3),
    number=st.integers(1, 15),
)
def test_both_forms_add_to_flotation_and_stay_a_share(rate, entrainment, water, number):
    floated = first_order_bank(rate, 2.0, number)
    over_bank = entrained_over_bank(floated, entrainment, water_recovery_of_bank(water, number))
    for found in (over_bank, cells(rate, 2.0, number, entrainment, water)):
        assert floated - 1e-15 <= found <= 1.0


def test_both_forms_agree_for_gangue_and_little_water():
    water = 1e-6
    over_bank = entrained_over_bank(0.0, 0.4, water_recovery_of_bank(water, 6))
    assert cells(0.0, 2.0, 6, 0.4, water) == pytest.approx(over_bank, rel=1e-5)


@given(water=st.floats(0.0, 0.999), number=st.integers(1, 20))
def test_water_of_a_bank_and_of_its_cells(water, number):
    per_cell = water_recovery_of_cell(water, number)
    assert water_recovery_of_bank(per_cell, number) == pytest.approx(water, abs=1e-13)
    assert per_cell <= water + 1e-15
