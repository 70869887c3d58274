from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import exp1
from scipy.stats import gamma

from unitops.flotation.kinetics import (
    first_order_bank,
    first_order_batch,
    first_order_rate_constant,
    gamma_bank,
    gamma_batch,
    gamma_rate_constant,
    kelsall_bank,
    kelsall_batch,
    kelsall_rate_constant,
    klimpel_bank,
    klimpel_batch,
    klimpel_rate_constant,
)

BATCHES = {
    "first_order": first_order_batch,
    "klimpel": klimpel_batch,
    "kelsall": lambda k, t: kelsall_batch(k, 0.1 * k, 0.2, t),
    "gamma": lambda k, t: gamma_batch(k, 1.5, t),
}
BANKS = {
    "first_order": first_order_bank,
    "klimpel": klimpel_bank,
    "kelsall": lambda k, tau, n: kelsall_bank(k, 0.1 * k, 0.2, tau, n),
    "gamma": lambda k, tau, n: gamma_bank(k, 1.5, tau, n),
}
each_batch = pytest.mark.parametrize("recovery", BATCHES.values(), ids=BATCHES)
each_bank = pytest.mark.parametrize("recovery", BANKS.values(), ids=BANKS)


def test_first_order_in_a_batch():
    assert first_order_batch(0.8, 6.0) == pytest.approx(0.99177025295098, rel=1e-10)
    assert 0.92 * first_order_batch(0.8, 5.0) == pytest.approx(0.903150, abs=5e-7)


def test_even_distribution_in_a_batch():
    times = np.array([0.5, 1.0, 2.0, 4.0, 8.0, 16.0])
    expected = [
        0.272769638028978,
        0.44351983155770364,
        0.6286013676328116,
        0.7670467420004222,
        0.8433338043896138,
        0.8816666666681139,
    ]
    np.testing.assert_allclose(0.92 * klimpel_batch(1.5, times), expected, rtol=1e-9)
    assert 0.92 * klimpel_batch(1.6, 5.0) == pytest.approx(0.805039, abs=5e-7)


def test_even_distribution_in_four_mixers():
    assert 0.92 * klimpel_bank(1.6, 2.0, 4) == pytest.approx(0.825460, abs=5e-7)


def test_even_distribution_in_one_mixer_is_a_logarithm():
    # the logarithm of 4.2 over 3.2 is left
    assert klimpel_bank(1.6, 2.0, 1) == pytest.approx(0.551536085847087, rel=1e-12)


@pytest.mark.parametrize("cells", [1, 2, 7])
@pytest.mark.parametrize("demand", [1e-7, 9e-5, 1.1e-4, 0.3, 40.0])
def test_even_distribution_is_the_mean_of_its_rate_constants(demand, cells):
    mean, _ = quad(lambda k: first_order_bank(k, demand, cells), 0.0, 1.0, epsabs=1e-14)
    assert klimpel_bank(1.0, demand, cells) == pytest.approx(mean, rel=1e-7, abs=1e-15)


def test_fast_and_slow_fraction():
    times = np.array([1.0, 3.0, 6.0, 12.0])
    expected = [0.5743751651815253, 0.8395431112451873, 0.8877209540658265, 0.917676681574878]
    np.testing.assert_allclose(kelsall_batch(1.1, 0.05, 0.15, times), expected, rtol=1e-10)
    assert kelsall_bank(1.1, 0.05, 0.15, 2.0, 5) == pytest.approx(0.9043286041381726, rel=1e-10)


def test_gamma_distribution_in_a_batch():
    # shape 2, scale 0.4 1/min
    assert 0.92 * gamma_batch(0.8, 2.0, 5.0) == pytest.approx(0.817778, abs=5e-7)


@pytest.mark.parametrize(
    ("shape", "error"), [(0.5, 1e-8), (1.0, 1e-11), (2.0, 1e-13), (30.0, 1e-13)]
)
@pytest.mark.parametrize("cells", [1, 3, 15])
@pytest.mark.parametrize("demand", [0.01, 1.0, 30.0])
def test_gamma_distribution_is_the_mean_of_its_rate_constants(shape, error, cells, demand):
    distribution = gamma(shape, scale=demand / shape)

    def weighted(logarithm):
        k = np.exp(logarithm)
        return k * distribution.pdf(k) * first_order_bank(k, 1.0, cells)

    parts = np.linspace(np.log(demand) - 60.0 / shape, np.log(demand) + 6.0, 40)
    mean = sum(
        quad(weighted, low, high, epsabs=1e-16, epsrel=1e-13)[0] for low, high in pairwise(parts)
    )
    assert gamma_bank(demand, shape, 1.0, cells) == pytest.approx(mean, abs=error)


@pytest.mark.parametrize("demand", [0.05, 1.0, 20.0])
def test_exponential_distribution_in_one_mixer(demand):
    # mean of 1 / (1 + k tau) over exp(-k): e^(1/x) E1(1/x) / x with x = tau
    expected = 1.0 - np.exp(1.0 / demand) * exp1(1.0 / demand) / demand
    assert gamma_bank(demand, 1.0, 1.0, 1) == pytest.approx(expected, abs=1e-11)


@pytest.mark.parametrize("cells", [1, 6])
def test_a_narrow_gamma_distribution_is_one_rate_constant(cells):
    near = gamma_bank(0.7, 1e8, 2.0, cells)
    assert near == pytest.approx(first_order_bank(0.7, 2.0, cells), abs=1e-7)


@each_bank
def test_very_many_cells_float_like_a_batch(recovery):
    batch = next(BATCHES[name] for name, bank in BANKS.items() if bank is recovery)
    assert recovery(0.8, 6e-6, 1_000_000) == pytest.approx(batch(0.8, 6.0), abs=1e-5)


@each_bank
@given(
    rate=st.floats(0.0, 1e3),
    time=st.floats(0.0, 1e3),
    cells=st.integers(1, 40),
    more=st.floats(1.0, 10.0),
)
def test_recovery_rises_with_rate_time_and_cells(recovery, rate, time, cells, more):
    here = recovery(rate, time, cells)
    assert 0.0 <= here <= 1.0
    assert recovery(rate * more, time, cells) >= here - 1e-15
    assert recovery(rate, time * more, cells) >= here - 1e-15
    assert recovery(rate, time, cells + 1) >= here - 1e-15


@each_bank
@given(rate=st.floats(1e-3, 10.0), time=st.floats(1e-3, 10.0), cells=st.integers(2, 20))
def test_more_cells_of_the_same_total_time_recover_more(recovery, rate, time, cells):
    assert recovery(rate, time / cells, cells) > recovery(rate, time, 1)


@each_bank
def test_neither_zero_nor_endless_time_fails(recovery):
    times = np.array([0.0, 1e-300, 1e-12, 1e12, 1e200])
    with np.errstate(all="raise", under="ignore"):
        found = recovery(0.5, times, 4)
    np.testing.assert_allclose(found, [0.0, 0.0, 0.0, 1.0, 1.0], atol=1e-5)


@each_batch
def test_a_batch_begins_at_zero_and_floats_all(recovery):
    with np.errstate(all="raise", under="ignore"):
        found = recovery(0.5, np.array([0.0, 1e-12, 1e6, 1e12]))
    np.testing.assert_allclose(found, [0.0, 0.0, 1.0, 1.0], atol=1e-5)


@each_bank
@pytest.mark.parametrize("cells", [1, 2, 9])
@pytest.mark.parametrize("rate", [0.0, 1e-6, 0.4, 50.0])
def test_the_imaginary_part_is_the_derivative(recovery, rate, cells):
    exact = recovery(rate + 1e-40j, 1.3, cells).imag / 1e-40
    low, high = 0.999 * rate, 1.001 * rate + 1e-6 * (rate == 0.0)
    slope = (recovery(high, 1.3, cells) - recovery(low, 1.3, cells)) / (high - low)
    assert exact == pytest.approx(slope, rel=2e-5, abs=1e-9)


@pytest.mark.parametrize("name", BANKS)
def test_slow_start_is_the_mean_rate_constant(name):
    means = {"first_order": 1.0, "klimpel": 0.5, "kelsall": 0.82, "gamma": 1.0}
    for start in (BATCHES[name](1.0, 1e-9), BANKS[name](1.0, 1e-9, 1)):
        assert start * 1e9 == pytest.approx(means[name], rel=1e-6)


def test_arrays_broadcast():
    rates, times = np.array([[0.1], [0.5], [2.0]]), np.array([1.0, 2.0])
    for recovery in BANKS.values():
        found = recovery(rates, times, np.array([3.0, 5.0]))
        assert found.shape == (3, 2)
        assert found[1, 1] == pytest.approx(float(recovery(0.5, 2.0, 5)), rel=1e-14)


def test_even_distribution_inverted():
    assert klimpel_rate_constant(0.7 / 0.92, 3.0) == pytest.approx(1.371146480526454, rel=1e-9)


@given(recovery=st.floats(0.001, 0.999), time=st.floats(0.1, 100.0), shape=st.floats(0.3, 20.0))
def test_rate_constants_from_a_batch_give_its_recovery_back(recovery, time, shape):
    found = [
        first_order_batch(first_order_rate_constant(recovery, time), time),
        klimpel_batch(klimpel_rate_constant(recovery, time), time),
        gamma_batch(gamma_rate_constant(recovery, shape, time), shape, time),
    ]
    np.testing.assert_allclose(found, recovery, rtol=1e-11)


def test_the_fast_rate_constant_from_a_batch():
    recovered, times = np.array([0.8395431112451873, 0.8877209540658265]), np.array([3.0, 6.0])
    found = kelsall_rate_constant(recovered, 0.05, 0.15, times)
    np.testing.assert_allclose(found, 1.1, rtol=1e-9)


def test_no_fast_rate_constant_explains_what_the_slow_fraction_alone_does_not_leave():
    assert np.isnan(kelsall_rate_constant(np.array([0.99, 0.01]), 0.05, 0.15, 3.0)).all()


def test_nothing_floated_needs_no_rate_constant():
    with np.errstate(all="raise"):
        assert klimpel_rate_constant(0.0, 3.0) == 0.0
        assert first_order_rate_constant(0.0, 3.0) == 0.0
        assert gamma_rate_constant(0.0, 2.0, 3.0) == 0.0


def test_a_small_recovery_needs_twice_its_share():
    found = klimpel_rate_constant(np.array([1e-9, 1e-6, 1e-5]), 1.0)
    np.testing.assert_allclose(found, [2e-9, 2e-6, 2e-5], rtol=1e-4)


def test_not_more_than_all_floats():
    shapes = np.geomspace(0.2, 1e4, 2000)
    assert np.all(gamma_bank(1e200, shapes, 1.0, 3) <= 1.0)


def test_the_inversion_keeps_derivatives():
    exact = klimpel_rate_constant(0.6 + 1e-40j, 3.0).imag / 1e-40
    slope = (klimpel_rate_constant(0.600001, 3.0) - klimpel_rate_constant(0.599999, 3.0)) / 2e-6
    assert exact == pytest.approx(slope, rel=1e-8)
