"""Size laws against their textbook forms, and sizes read off a sieve analysis."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet.core.parameters import ParticleSize, parameter_of
from flowsheet.core.size_distribution import (
    cumulative_passing,
    gates_gaudin_schuhmann,
    rosin_rammler,
    share_passing,
    shares,
    size_passing,
)
from tests.random_particles import analyses, sieves

SERIES = np.array([1200.0, 850.0, 600.0, 300.0, 150.0, 75.0, 38.0])
"""In um: none of these functions asks for metres."""


def column(values):
    return np.array(values, dtype=float)[:, None]


def metres(series):
    return np.array([parameter_of(ParticleSize).convert(sieve) for sieve in series])


@st.composite
def analysed(draw):
    """Apertures in m, and the share that passes each, (classes, 1)."""
    series = draw(sieves())
    return metres(series), column(list(draw(analyses(series)).values()))


@pytest.mark.parametrize("modulus", [0.5, 0.7, 1.0, 1.4])
def test_gates_gaudin_schuhmann_is_a_straight_line_in_log_log(modulus):
    # F = (x / k)^m: all passes k, 2^-m of it half of k, 10^-m a tenth.
    k = 1000.0
    p80 = k * 0.8 ** (1.0 / modulus)
    passing = gates_gaudin_schuhmann(np.array([2000.0, k, k / 2, k / 10]), p80, modulus)
    expected = column([1.0, 1.0, 2.0**-modulus, 10.0**-modulus])
    np.testing.assert_allclose(passing, expected, rtol=1e-14)


@pytest.mark.parametrize("modulus", [0.5, 0.8, 1.0, 1.2, 2.0])
def test_rosin_rammler_passes_63_2_percent_at_its_characteristic_size(modulus):
    # F = 1 - exp(-(x / x')^n), so P80 = x' (ln 5)^(1/n).
    characteristic = 100.0
    p80 = characteristic * np.log(5.0) ** (1.0 / modulus)
    passing = rosin_rammler(np.array([p80, characteristic]), p80, modulus)
    np.testing.assert_allclose(passing, column([0.8, 1.0 - np.exp(-1.0)]), rtol=1e-14)


def test_rosin_rammler_of_modulus_one_halves_in_equal_steps():
    # exp(-x / x') keeps back a half at x' ln 2, a quarter at twice that, an eighth at three times.
    half = 100.0 * np.log(2.0)
    passing = rosin_rammler(half * np.array([3.0, 2.0, 1.0]), 100.0 * np.log(5.0), 1.0)
    np.testing.assert_allclose(1.0 - passing, column([0.125, 0.25, 0.5]), rtol=1e-14)


@pytest.mark.parametrize("law", [rosin_rammler, gates_gaudin_schuhmann])
def test_many_sizes_and_moduli_at_once(law):
    p80, modulus = np.array([100.0, 200.0, 300.0]), np.array([0.7, 1.0, 1.3])
    together = law(SERIES, p80, modulus)
    apart = [law(SERIES, one, n) for one, n in zip(p80, modulus, strict=True)]
    np.testing.assert_array_equal(together, np.hstack(apart))


@pytest.mark.parametrize("law", [rosin_rammler, gates_gaudin_schuhmann])
@pytest.mark.parametrize("asked", ["p80", "modulus"])
def test_laws_carry_directions(law, asked):
    def passing(step):
        p80, modulus = (100.0 + step, 0.9) if asked == "p80" else (100.0, 0.9 + step)
        return law(SERIES, p80, modulus)

    exact = passing(1e-40j).imag / 1e-40
    difference = (passing(1e-6) - passing(-1e-6)) / 2e-6
    np.testing.assert_allclose(exact, difference, rtol=1e-6, atol=1e-9)


SIEVED = column([0.02, 1.32, 4.23, 9.44, 13.10, 11.56, 4.87])
"""A laboratory sieve test, g retained on 250, 180, 125, 90, 63, 45 um and in the pan: Wills'
Mineral Processing Technology, chapter 4, quoted from memory."""


def test_a_sieve_test_of_the_textbook():
    undersize = cumulative_passing(SIEVED)[:, 0]
    # What the book prints in its table: nominal aperture against cumulative % undersize.
    printed = [100.0, 99.9, 97.0, 87.5, 66.3, 36.9, 10.9]
    np.testing.assert_allclose(100.0 * undersize, printed, atol=0.06)
    sizes = np.array([355.0, 250.0, 180.0, 125.0, 90.0, 63.0, 45.0])
    p80 = size_passing(sizes, column(undersize))[0]
    assert 90.0 < p80 < 125.0
    assert share_passing(sizes, column(undersize), p80)[0] == pytest.approx(0.8)


def test_shares_of_classes():
    passing = column([1.0, 0.9, 0.6, 0.25])
    np.testing.assert_allclose(shares(passing), column([0.1, 0.3, 0.35, 0.25]))
    assert shares(column([1.0])) == 1.0


@given(analysed())
def test_shares_and_passing_undo_each_other(sieved):
    _, passing = sieved
    by_class = shares(passing)
    assert (by_class >= 0.0).all()
    assert by_class.sum() == pytest.approx(1.0, abs=1e-14)
    np.testing.assert_allclose(cumulative_passing(7.0 * by_class), passing, atol=1e-14)


def test_what_the_top_sieve_of_a_law_keeps_back_goes_to_the_top_class():
    by_class = shares(rosin_rammler(SERIES, 700.0, 1.0))
    assert by_class.sum() == pytest.approx(1.0)
    # exp(-1.609 * 850 / 700) is 14.2 %: all that stays on the second sieve.
    assert by_class[0, 0] == pytest.approx(0.1417, abs=1e-4)


@pytest.mark.parametrize("modulus", [0.5, 0.8, 1.1])
@pytest.mark.parametrize("p80", [70.0, 140.0, 280.0])
def test_p80_of_gates_gaudin_schuhmann_is_read_off_exactly(p80, modulus):
    # As long as the sieve above it still keeps something back: 0.8^(-1/1.1) is 1.22.
    passing = cumulative_passing(shares(gates_gaudin_schuhmann(SERIES, p80, modulus)))
    assert size_passing(SERIES, passing)[0] == pytest.approx(p80, rel=1e-12)


def test_p80_of_rosin_rammler_is_read_off_the_better_the_closer_the_sieves():
    errors = []
    for classes in (10, 40, 160):
        series = np.geomspace(1000.0, 10.0, classes)
        passing = cumulative_passing(shares(rosin_rammler(series, 123.0, 0.9)))
        errors.append(abs(size_passing(series, passing)[0] / 123.0 - 1.0))
    assert errors[0] > errors[1] > errors[2]
    assert errors[2] < 1e-3


def test_any_share_in_many_scenarios():
    passing = gates_gaudin_schuhmann(SERIES, np.array([200.0, 400.0]), 1.0)
    # Half of the mass passes 5/8 of the P80.
    np.testing.assert_allclose(size_passing(SERIES, passing, 0.5), [125.0, 250.0], rtol=1e-12)


def test_a_size_that_the_series_does_not_say():
    fine, none = column([1.0] * 6 + [0.9]), column([0.0] * 7)
    assert np.isnan(size_passing(SERIES, fine)).all()
    assert np.isnan(size_passing(SERIES, none)).all()
    assert np.isnan(share_passing(SERIES, fine, 37.0)).all()
    assert np.isnan(size_passing(SERIES, fine, 0.0)).all()
    assert size_passing(SERIES, fine, 0.9)[0] == 38.0
    assert share_passing(SERIES, fine, 38.0)[0] == 0.9
    assert share_passing(SERIES, fine, 5000.0)[0] == 1.0


def test_straight_where_nothing_passes_the_finer_sieve():
    # All between 75 and 150 um: there is no logarithm of nothing.
    passing = column([1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0])
    assert size_passing(SERIES, passing)[0] == pytest.approx(75.0 + 0.8 * 75.0)
    assert share_passing(SERIES, passing, 75.0 + 0.8 * 75.0)[0] == pytest.approx(0.8)
    assert share_passing(SERIES, passing, 50.0)[0] == 0.0


@given(sieved=analysed(), share=st.floats(0.01, 0.99))
def test_what_passes_a_size_and_the_size_that_it_passes(sieved, share):
    apertures, passing = sieved
    size = size_passing(apertures, passing, share)[0]
    if np.isnan(size):
        assert passing[-1, 0] >= share
        return
    assert apertures[-1] * (1.0 - 1e-12) <= size <= apertures[0] * (1.0 + 1e-12)
    # Where many grains lie between two sieves that are close, a size says little of the share.
    found = share_passing(apertures, passing, size)[0]
    nearby = [share_passing(apertures, passing, size * off)[0] for off in (1 - 1e-8, 1 + 1e-8)]
    assert np.nanmin([*nearby, found]) - 1e-6 <= share <= np.nanmax([*nearby, found]) + 1e-6


@given(analysed())
def test_finer_sieves_pass_less(sieved):
    apertures, passing = sieved
    sizes = np.geomspace(apertures[-1], apertures[0], 40)
    read = np.array([share_passing(apertures, passing, size)[0] for size in sizes])
    assert (np.diff(read) >= -1e-12).all()


def test_no_particles_pass_nothing():
    np.testing.assert_array_equal(cumulative_passing(np.zeros((3, 2))), np.zeros((3, 2)))


def test_directions_pass_through_p80():
    """A unit may work with the P80 of what it is fed, also where nothing flows but a direction."""
    masses = np.array([[10.0, 0.0], [30.0, 0.0], [60.0, 0.0], [50.0, 0.0]])
    apertures = np.array([400.0, 200.0, 100.0, 50.0])

    def p80(step):
        return size_passing(apertures, cumulative_passing(masses + step * np.arange(4.0)[:, None]))

    exact = p80(1e-40j)
    assert exact[0].imag / 1e-40 == pytest.approx((p80(1e-6)[0] - p80(-1e-6)[0]) / 2e-6, rel=1e-5)
    assert np.isnan(exact[1])
