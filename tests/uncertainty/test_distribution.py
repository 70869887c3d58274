"""Distributions: known quantiles and moments, ends in units, whole numbers, and every refusal."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import beta, norm, truncnorm

from flowsheet import InputError
from flowsheet.core.parameters import (
    Count,
    Fraction,
    MassFlow,
    Ratio,
    Temperature,
    Time,
    parameter_of,
)
from flowsheet.uncertainty.distribution import LogNormal, Normal, Pert, Triangular, Uniform

P90 = 1.2815515655446004
"""Of the standard normal distribution, from tables."""


def sampled(distribution, kind=Ratio, where="here"):
    return distribution.in_base_units(parameter_of(kind), where)


def refused(complaint):
    return pytest.raises(InputError, match=complaint)


def moments(number):
    """Mean and variance by integrating over shares."""
    mean = quad(number.quantile, 0, 1)[0]
    return mean, quad(lambda share: (number.quantile(share) - mean) ** 2, 0, 1)[0]


def test_uniform():
    assert sampled(Uniform(2, 6)).quantile([0.0, 0.25, 0.5, 1.0]) == pytest.approx([2, 3, 4, 6])


def test_triangular():
    # 4 of 10 below the mode: 2 + 10 sqrt(0.4 u) below it, 12 - 10 sqrt(0.6 (1 - u)) above.
    found = sampled(Triangular(2, 6, 12)).quantile([0.0, 0.1, 0.4, 0.85, 1.0])
    assert found == pytest.approx([2.0, 4.0, 6.0, 9.0, 12.0])


def test_triangular_with_the_mode_at_an_end():
    # The larger and the smaller of two even draws between 0 and 1.
    assert sampled(Triangular(0, 1, 1)).quantile(0.25) == pytest.approx(0.5)
    assert sampled(Triangular(0, 0, 1)).quantile(0.75) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("low", "mode", "high", "mean", "variance"),
    [
        (0, 5, 10, 5.0, 25 / 7),
        (2, 3, 10, 4.0, 12 / 7),  # (4 - 2) (10 - 4) / 7
        (0, 0, 6, 1.0, 5 / 7),
        (0, 6, 6, 5.0, 5 / 7),
    ],
)
def test_pert(low, mode, high, mean, variance):
    number = sampled(Pert(low, mode, high))
    assert moments(number) == pytest.approx((mean, variance), rel=1e-6)
    assert number.quantile([0.0, 1.0]) == pytest.approx([low, high])


@pytest.mark.parametrize("mode", [0.0, 0.3, 5.0, 9.9, 10.0])
def test_many_draws_of_a_pert_are_those_of_the_beta_distribution(mode):
    shares = np.concatenate([[0.0, 1e-12, 1.0 - 1e-12, 1.0], np.linspace(1e-9, 1 - 1e-9, 20_000)])
    found = sampled(Pert(0, mode, 10)).quantile(shares)
    exact = beta(1 + 0.4 * mode, 5 - 0.4 * mode).ppf(shares)
    assert np.max(np.abs(found / 10 - exact)) < 1e-9
    assert np.all(np.diff(found[4:]) >= 0.0)


def test_pert_puts_more_weight_near_the_mode_than_a_triangle():
    pert, triangle = sampled(Pert(0, 4, 10)), sampled(Triangular(0, 4, 10))
    assert np.ptp(pert.quantile([0.1, 0.9])) < 0.95 * np.ptp(triangle.quantile([0.1, 0.9]))


def test_normal_far_from_any_bound():
    found = sampled(Normal(100, 90, 110)).quantile([0.1, 0.5, 0.9, 0.841344746])
    assert found == pytest.approx([90.0, 100.0, 110.0, 100.0 + 10.0 / P90], rel=1e-7)


def test_lognormal_far_from_any_bound():
    found = sampled(LogNormal(4, 2, 8)).quantile([0.1, 0.5, 0.9, 0.841344746])
    assert found == pytest.approx([2.0, 4.0, 8.0, 4.0 * 2 ** (1 / P90)], rel=1e-7)


def test_a_normal_fraction_is_cut_at_0_and_1():
    number = sampled(Normal("90 %", "80 %", "100 %"), Fraction)
    shares = np.linspace(0.0, 1.0, 21)
    spread = 0.1 / P90
    known = truncnorm(-0.9 / spread, 0.1 / spread, loc=0.9, scale=spread)
    assert number.quantile(shares) == pytest.approx(known.ppf(shares), rel=1e-9)
    assert number.bounds() == (0.0, 1.0)
    # A tenth of the whole bell lies above 1: what was P(0.9 * u) is P(u), and nothing piles up.
    assert number.quantile(0.5 / 0.9) == pytest.approx(0.9, rel=1e-7)
    assert (number.quantile(shares) == 1.0).sum() == 1


def test_a_lognormal_fraction_is_cut_at_1():
    number = sampled(LogNormal("50 %", "25 %", "100 %"), Fraction)
    # P10 of the whole bell, of which nine tenths are left.
    assert number.quantile([0.1 / 0.9, 0.5 / 0.9]) == pytest.approx([0.25, 0.5])
    assert number.quantile([0.0, 1.0]) == pytest.approx([0.0, 1.0])


def test_a_normal_flow_is_cut_at_0():
    number = sampled(Normal("1 kg/s", "0 kg/s", "2 kg/s"), MassFlow)
    below = 0.1
    assert number.bounds() == (0.0, 1e9)
    assert number.quantile(0.0) == pytest.approx(0.0, abs=1e-12)
    assert number.quantile((0.5 - below) / (1 - below)) == pytest.approx(1.0)


def test_ends_are_read_with_their_units():
    number = sampled(Triangular("2 min", "180 s", "0.1 h"), Time)
    assert number.bounds() == (120.0, 360.0)
    assert number.quantile(0.25) == pytest.approx(180.0)  # a quarter lies below the mode
    assert sampled(Uniform("3 %", 0.05), Fraction).quantile(0.5) == pytest.approx(0.04)
    assert sampled(Uniform("0 degC", "100 degC"), Temperature).quantile(0.5) == 323.15


@pytest.mark.parametrize(
    "distribution",
    [
        Uniform("85 %", 0.85),
        Triangular(0.85, "85 %", 0.85),
        Pert("850 g/kg", 0.85, "85 %"),
        Normal(0.85, 0.85, 0.85),
        LogNormal("85 %", 0.85, "850 g/kg"),
    ],
)
def test_equal_ends_make_a_constant(distribution):
    number = sampled(distribution, Fraction)
    assert number.quantile([0.0, 0.3, 1.0]) == pytest.approx([0.85] * 3)
    assert number.low == number.high


def test_zero_may_be_a_constant():
    assert sampled(LogNormal(0, 0, 0)).quantile(0.3) == 0.0


def test_a_mode_at_an_end_in_another_unit_is_no_mistake():
    hours = f"{31 / 60!r} h"  # one rounding more than 31 min
    number = sampled(Triangular("1 min", hours, "31 min"), Time)
    assert number.quantile([0.0, 1.0]) == pytest.approx([60.0, 1860.0])
    ends = ("31 min", hours)
    for constant in (Triangular(ends[0], hours, ends[0]), Uniform(*ends), Uniform(*ends[::-1])):
        low, high = sampled(constant, Time).bounds()
        assert low == high == pytest.approx(1860.0)


EVEN = (np.arange(30000) + 0.5) / 30000


def test_a_uniform_count_takes_every_number_equally_often():
    values, times = np.unique(sampled(Uniform(3, 8), Count).quantile(EVEN), return_counts=True)
    assert values.tolist() == [3, 4, 5, 6, 7, 8]
    assert times == pytest.approx([5000] * 6, abs=1)


def test_a_triangular_count():
    values, times = np.unique(
        sampled(Triangular(1, 2, 3), Count).quantile(EVEN), return_counts=True
    )
    # Of a triangle from 0.5 to 3.5: 2/9 below 1.5.
    assert values.tolist() == [1, 2, 3]
    assert times / len(EVEN) == pytest.approx([2 / 9, 5 / 9, 2 / 9], abs=1e-3)


def test_a_count_with_its_mode_at_an_end():
    number = sampled(Triangular(1, 1, 2), Count)
    values, times = np.unique(number.quantile(EVEN), return_counts=True)
    # Of a triangle from 0.5 over 1 to 2.5 two thirds lie below 1.5: 1 - 1 / (1.5 * 2).
    assert values.tolist() == [1, 2]
    assert times[0] / len(EVEN) == pytest.approx(2 / 3, abs=1e-3)


@pytest.mark.parametrize("distribution", [Normal(2, 1, 3), LogNormal(2, 1, 4)])
def test_a_count_without_ends_is_whole_and_at_least_one(distribution):
    values = sampled(distribution, Count).quantile(EVEN)
    assert (values == np.round(values)).all()
    assert values.min() == 1.0
    assert values.max() > 4.0
    # The middle of what is left above 0.5, not shifted by rounding up or down only.
    assert np.median(values) == 2.0


def test_a_normal_count_is_cut_half_below_one():
    values = sampled(Normal(2, 1, 3), Count).quantile(EVEN)
    below = norm.cdf([0.5, 1.5], loc=2.0, scale=1.0 / P90)
    assert (values == 1.0).mean() == pytest.approx((below[1] - below[0]) / (1 - below[0]), abs=1e-3)


@pytest.mark.parametrize("distribution", [Uniform(0, 1), Normal(5, 4, 6)])
@pytest.mark.parametrize("share", [-0.01, 1.01, math.nan])
def test_a_share_is_between_0_and_1(distribution, share):
    with refused(rf"^quantile: a share must lie between 0 and 1, got {share:g}$"):
        sampled(distribution).quantile([0.5, share])


@pytest.mark.parametrize("distribution", [Normal(5, 4, 6), LogNormal(5, 4, 6.25)])
def test_what_has_no_upper_end_has_no_largest_value(distribution):
    with refused(r"^quantile: no value is above all draws; ask for a share below 1$"):
        sampled(distribution).quantile(1.0)


@pytest.mark.parametrize(
    ("distribution", "kind", "complaint"),
    [
        (Uniform(5, 2), Ratio, r"here: uniform needs low <= high, got low 5, high 2$"),
        (Triangular(3, 2, 5), Ratio, r"here: triangular needs low <= mode <= high, got low 3, mode "
                                     r"2, high 5$"),
        (Triangular(1, 6, 5), Ratio, r"here: triangular needs low <= mode <= high, got low 1, mode "
                                     r"6, high 5$"),
        (Pert("9 min", "8 min", "9 min"), Time, r"here: pert needs low <= mode <= high, got low "
                                                r"9 min, mode 8 min, high 9 min$"),
        (Normal(7, 4, 6), Ratio, r"here: normal needs low <= mean <= high, got mean 7, low 4, high "
                                 r"6$"),
        (LogNormal(3, 4, 6), Ratio, r"here: lognormal needs low <= median <= high, got median 3, "
                                    r"low 4, high 6$"),
        (Normal(5, 4, 7), Ratio, r"here: normal needs its mean midway between low \(P10\) and high "
                                 r"\(P90\), got mean 5, low 4, high 7; move an end, or use "
                                 r"lognormal, pert or triangular$"),
        (LogNormal(5, 4, 7), Ratio, r"here: lognormal needs high / median = median / low \(P90 and "
                                    r"P10\), got median 5, low 4, high 7; move an end, or use pert "
                                    r"or triangular$"),
        (LogNormal(5, 0, 7), Ratio, r"here: lognormal needs values above zero, got low 0; raise "
                                    r"it, or use pert or triangular$"),
        (Uniform(0, math.inf), Ratio, r"here\.high: needs a finite number, got inf$"),
        (Uniform(math.nan, 1), Ratio, r"here\.low: needs a finite number, got nan$"),
        (Uniform(-1, 1), Ratio, r"here\.low: must be 0 or more, got -1$"),
        (Uniform(0.5, "110 %"), Fraction, r'here\.high: must lie between 0 and 1, got "110 %"$'),
        (Triangular("2 min", "3 kg", "4 min"), Time,
         r'here\.mode: needs a unit of time, got "3 kg"; write e\.g\. "8 min"$'),
        (Normal(2, 1, 3), Time, r'here\.mean: needs a unit of time, got 2; write e\.g\. "8 min"$'),
        (LogNormal("x", 1, 3), Ratio, r'here\.median: needs a number and a unit, got "x"'),
        (Uniform(1, 2.5), Count, r"here\.high: needs a whole number, got 2\.5"),
    ],
)  # fmt: skip
def test_a_distribution_that_makes_no_sense(distribution, kind, complaint):
    with refused(f"^{complaint}"):
        sampled(distribution, kind)


def test_figures_of_a_symmetrical_distribution_may_be_rounded():
    assert sampled(Normal(10, 8.1, 12)).quantile(0.5) == pytest.approx(10.0)
    assert sampled(LogNormal(2.5, 1, 6.3)).quantile(0.5) == pytest.approx(2.5)


numbers = st.floats(0.01, 0.99)
inside = st.floats(2.0**-31, 1.0 - 2.0**-31)
shares = st.lists(inside | st.sampled_from([0.0, 1.0]), min_size=2, max_size=20).map(sorted)


@st.composite
def distributions(draw):
    low, mode, high = sorted(draw(st.tuples(numbers, numbers, numbers)))
    return draw(
        st.sampled_from(
            [
                Uniform(low, high),
                Triangular(low, mode, high),
                Pert(low, mode, high),
                Normal((low + high) / 2, low, high),
                LogNormal(math.sqrt(low * high), low, high),
            ]
        )
    )


@given(distributions(), shares)
def test_quantiles_rise_and_stay_within_the_bounds(distribution, shares):
    number = sampled(distribution, Fraction)
    values = number.quantile(shares)
    low, high = number.bounds()
    assert values.shape == (len(shares),)
    assert ((low <= values) & (values <= high)).all()
    assert (np.diff(values) >= -1e-12).all()


counts = st.integers(1, 40)


@given(st.tuples(counts, counts, counts).map(sorted), shares, st.sampled_from([Triangular, Pert]))
def test_counts_are_whole_and_reach_both_ends(ends, shares, kind):
    number = sampled(kind(*ends), Count)
    values = number.quantile(shares)
    assert (values == np.round(values)).all()
    assert ((ends[0] <= values) & (values <= ends[2])).all()
    assert number.quantile([0.0, 1.0]).tolist() == [ends[0], ends[2]]
