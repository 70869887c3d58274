"""Percentiles over draws: known values, failed draws counted, and every refusal."""

import math

import numpy as np
import pytest

from flowsheet import InputError, SolveError
from flowsheet.uncertainty.percentiles import Spread, percentiles

NAN = math.nan


def test_percentiles_of_0_to_100():
    values = np.random.default_rng(1).permutation(101)
    assert percentiles(values) == Spread(10.0, 50.0, 90.0, 50.0, 101, 0)


def test_failed_draws_are_counted_and_do_not_count():
    assert percentiles([NAN, 2.0, 4.0, NAN, NAN]) == Spread(2.2, 3.0, 3.8, 3.0, 2, 3)


def test_one_draw():
    assert percentiles([7]) == Spread(7.0, 7.0, 7.0, 7.0, 1, 0)


def test_all_failed():
    complaint = r"^SO2 emitted: no value in any of 3 draws, so no percentile$"
    with pytest.raises(SolveError, match=complaint):
        percentiles([NAN] * 3, "SO2 emitted")


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ([], r"values: needs one value per draw, got the shape \(0,\)$"),
        ([[1.0, 2.0]], r"values: needs one value per draw, got the shape \(1, 2\)$"),
        ([1.0, math.inf, NAN], r"values: 1 of 3 are infinite$"),
    ],
)
def test_values_that_make_no_sense(values, complaint):
    with pytest.raises(InputError, match=f"^{complaint}"):
        percentiles(values)
