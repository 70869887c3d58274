"""Correlated groups: rank correlation, what stays as it was, factors, and every refusal."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm, spearmanr

from flowsheet import InputError
from flowsheet.uncertainty.correlation import Correlated, correlated, factors
from flowsheet.uncertainty.sampling import unit_cube

NAMES = ["a", "b", "c", "d"]


def refused(complaint):
    return pytest.raises(InputError, match=complaint)


@pytest.mark.parametrize("coefficient", [-0.4, 0.3, 0.8, 0.99])
def test_ranks_are_correlated_as_a_gaussian_copula_says(coefficient):
    cube = unit_cube(8192, 4, seed=1)
    points = correlated(cube, NAMES, [Correlated(("a", "b", "d"), coefficient)])
    ranks = spearmanr(points).statistic
    known = 6.0 / math.pi * math.asin(coefficient / 2.0)
    assert [ranks[0, 1], ranks[0, 3], ranks[1, 3]] == pytest.approx([known] * 3, abs=0.01)
    assert np.abs(ranks[2, [0, 1, 3]]).max() < 0.01
    scores = np.corrcoef(norm.ppf(points[:, [0, 1, 3]]).T)
    assert scores[np.triu_indices(3, 1)] == pytest.approx([coefficient] * 3, abs=0.01)


@pytest.mark.parametrize("coefficient", [-0.45, 0.5, 1.0])
def test_each_number_keeps_its_own_distribution(coefficient):
    points = correlated(
        unit_cube(4096, 3, seed=2), NAMES[:3], [Correlated(("a", "b", "c"), coefficient)]
    )
    deciles = np.percentile(points, np.arange(10, 100, 10), axis=0)
    assert deciles == pytest.approx(np.tile(np.arange(0.1, 1.0, 0.1), (3, 1)).T, abs=0.01)


def test_a_coefficient_of_1_is_one_common_quantile():
    cube = unit_cube(64, 4, seed=3)
    points = correlated(cube, NAMES, [Correlated(("d", "b"), 1.0)])
    assert (points[:, 1] == points[:, 3]).all()
    assert (points[:, [0, 2]] == cube[:, [0, 2]]).all()
    # As evenly drawn as any column of the cube.
    assert sorted(np.floor(64 * points[:, 1])) == list(range(64))


def test_a_coefficient_of_0_changes_nothing():
    cube = unit_cube(50, 4, seed=3)
    assert correlated(cube, NAMES, [Correlated(("a", "c"), 0.0)]) == pytest.approx(cube, abs=1e-12)


def test_the_points_given_are_left_alone():
    cube = unit_cube(50, 4, seed=3)
    before = cube.copy()
    correlated(cube, NAMES, [Correlated(("a", "c"), 0.7)])
    assert (cube == before).all()


def test_two_groups():
    cube = unit_cube(4096, 4, seed=1)
    points = correlated(cube, NAMES, [Correlated(("a", "c"), 0.9), Correlated(("b", "d"), -0.9)])
    ranks = spearmanr(points).statistic
    known = 6.0 / math.pi * math.asin(0.45)
    assert [ranks[0, 2], ranks[1, 3], ranks[0, 1]] == pytest.approx([known, -known, 0], abs=0.02)


@given(st.integers(2, 4), st.floats(0.0, 1.0), st.integers(0, 99))
def test_points_stay_inside_the_cube(members, place, seed):
    least = -1.0 / (members - 1)
    coefficient = max(least + place * (1.0 - least), least + 1e-6)
    points = correlated(
        unit_cube(16, 4, seed=seed), NAMES, [Correlated(tuple(NAMES[:members]), coefficient)]
    )
    assert ((points >= 0.0) & (points <= 1.0)).all()


@pytest.mark.parametrize(
    ("groups", "complaint"),
    [
        ([Correlated(("a", "x"), 0.5)], r"correlation 'a \+ x': 'x' is not uncertain; known here: "
                                        r"a, b, c, d$"),
        ([Correlated(("a", "b"), 0.5, "lab"), Correlated(("b", "c"), 0.5, "mill")],
         r"correlation 'mill': 'b' belongs to correlation 'lab' already; a number is in one group, "
         r"once$"),
        ([Correlated(("a", "a"), 0.5, "lab")], r"correlation 'lab': 'a' belongs to itself already"),
        ([Correlated(("a",), 0.5, "lab")], r"correlation 'lab': needs two members or more, got 1$"),
        ([Correlated((), 0.5, "lab")], r"correlation 'lab': needs two members or more, got 0$"),
        ([Correlated(("a", "b", "c"), -0.5, "lab")],
         r"correlation 'lab': coefficient of 3 members must lie above -0\.5 and be at most 1, got "
         r"-0\.5$"),
        ([Correlated(("a", "b"), 1.01, "lab")], r"correlation 'lab': coefficient of 2 members must "
                                                r"lie above -1 and be at most 1, got 1\.01$"),
        ([Correlated(("a", "b"), math.nan, "lab")], r"correlation 'lab': coefficient of 2 members"),
    ],
)  # fmt: skip
def test_a_group_that_makes_no_sense(groups, complaint):
    for check in (lambda: correlated(unit_cube(8, 4, seed=1), NAMES, groups),
                  lambda: factors(NAMES, groups)):  # fmt: skip
        with refused(f"^{complaint}"):
            check()


def test_one_column_for_each_name():
    with refused(r"^cube: needs one column for each of 4 names, got \(8, 3\)$"):
        correlated(unit_cube(8, 3, seed=1), NAMES, [])


def test_a_group_is_one_factor():
    groups = [Correlated(("d", "b"), 0.5, "lab"), Correlated(("a", "c"), 0.5)]
    assert dict(factors(NAMES, [])) == {"a": (0,), "b": (1,), "c": (2,), "d": (3,)}
    assert list(factors(NAMES, groups).items()) == [("a + c", (0, 2)), ("lab", (1, 3))]


@pytest.mark.parametrize(
    ("names", "groups"),
    [
        (["a", "a"], []),
        (["a", "b", "c"], [Correlated(("b", "c"), 0.5, "a")]),
        (["b", "c", "a"], [Correlated(("b", "c"), 0.5, "a")]),
        (
            ["b", "c", "d", "e"],
            [Correlated(("b", "c"), 0.5, "a"), Correlated(("d", "e"), 0.5, "a")],
        ),
    ],
)
def test_factors_of_one_name(names, groups):
    with refused(r"^two factors are named 'a'; give one of them another name$"):
        factors(names, groups)
