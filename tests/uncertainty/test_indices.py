"""Sobol indices: functions with known answers, groups, failed scenarios, and every refusal."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import sobol_indices

from flowsheet import InputError, SolveError
from flowsheet.uncertainty.correlation import Correlated
from flowsheet.uncertainty.indices import Index, design, indices

NAN = math.nan


def values_of(found):
    first = [index.value for index in found.first.values()]
    return first, [index.value for index in found.total.values()]


def ishigami(points):
    """Ishigami and Homma (1990), a = 7, b = 0.1."""
    x = math.pi * (2.0 * points.T - 1.0)
    return np.sin(x[0]) + 7.0 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])


def test_ishigami():
    plan = design(16384, ["x1", "x2", "x3"], [], seed=1)
    found = indices({"y": ishigami(plan.points)}, plan)["y"]
    first, total = values_of(found)
    assert first == pytest.approx([0.3139, 0.4424, 0.0], abs=0.003)
    assert total == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.003)
    assert list(found.first) == list(found.total) == ["x1", "x2", "x3"]
    assert found.rows == dict.fromkeys(found.first, 16384)
    assert found.left_out == dict.fromkeys(found.first, 0)
    assert not found.constant


def test_sobol_g_function():
    # Known for a = 0, 1, 4.5, 9, 99, 99, 99, 99 (Saltelli et al., The Primer, 2008).
    a = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])
    plan = design(8192, [f"x{place}" for place in range(8)], [], seed=1)
    result = np.prod((np.abs(4 * plan.points - 2) + a) / (1 + a), axis=1)
    first, total = values_of(indices({"g": result}, plan)["g"])
    assert first == pytest.approx([0.7165, 0.1791, 0.0237, 0.0072, *[0.0001] * 4], abs=0.01)
    assert total == pytest.approx([0.7871, 0.2422, 0.0343, 0.0105, *[0.0001] * 4], abs=0.01)


def test_the_same_as_scipy():
    plan = design(256, ["x1", "x2", "x3"], [], seed=4)
    rows = np.stack([ishigami(plan.points), plan.points @ [1.0, 2.0, 3.0]]).reshape(2, 5, 256)
    f_ab = np.moveaxis(rows[:, 2:], 1, 0)
    known = sobol_indices(func={"f_A": rows[:, 0], "f_B": rows[:, 1], "f_AB": f_ab}, n=256)
    found = indices({"y": rows[0].ravel(), "z": rows[1].ravel()}, plan)
    for place, name in enumerate("yz"):
        first, total = values_of(found[name])
        assert first == pytest.approx(known.first_order[place], abs=1e-12)
        assert total == pytest.approx(known.total_order[place], abs=1e-12)


def test_intervals_are_close_to_those_of_scipy():
    plan = design(256, ["x1", "x2", "x3"], [], seed=4)
    rows = ishigami(plan.points).reshape(5, 1, 256)
    known = sobol_indices(func={"f_A": rows[0], "f_B": rows[1], "f_AB": rows[2:]}, n=256)
    # scipy has no seed here, and another way from resamples to an interval.
    bands = known.bootstrap().first_order.confidence_interval
    found = indices({"y": rows.ravel()}, plan)["y"].first.values()
    for index, low, high in zip(found, bands.low, bands.high, strict=True):
        assert index.high - index.low == pytest.approx(high - low, rel=0.25)
        assert index.low < index.value < index.high


def test_more_confidence_makes_wider_intervals():
    plan = design(256, ["x1", "x2", "x3"], [], seed=4)
    result = {"y": ishigami(plan.points)}
    narrow, wide = (indices(result, plan, confidence=c)["y"].total["x1"] for c in (0.5, 0.99))
    assert wide.low < narrow.low < narrow.value == wide.value < narrow.high < wide.high


def test_intervals_hold_the_answer_about_as_often_as_they_say():
    # With rows drawn at random, as the bootstrap assumes: for each seed a new set of A and B.
    inside = 0
    for seed in range(100):
        plan = design(128, ["x1", "x2", "x3"], [], seed=1)
        ab = np.random.default_rng(seed).random((2, 128, 3))
        rows = np.stack([ab[0], ab[1], *([ab[0]] * 3)])
        for factor in range(3):
            rows[2 + factor, :, factor] = ab[1, :, factor]
        result = rows.reshape(-1, 3) @ [1.0, 2.0, 3.0]
        index = indices({"y": result}, plan, confidence=0.8)["y"].total["x3"]
        inside += index.low <= 9 / 14 <= index.high
    assert 68 <= inside <= 92


def test_the_same_seed_gives_the_same_intervals():
    plan = design(64, ["x1", "x2", "x3"], [], seed=4)
    assert (design(64, ["x1", "x2", "x3"], [], seed=4).points == plan.points).all()
    result = {"y": ishigami(plan.points)}
    assert indices(result, plan, seed=3) == indices(result, plan, seed=3)
    assert indices(result, plan, seed=3) != indices(result, plan, seed=5)


GROUP = Correlated(("a", "c"), 0.5, "together")


def test_a_correlated_group_is_one_factor():
    plan = design(4096, ["a", "b", "c"], [GROUP], seed=1)
    assert plan.factors == ("together", "b")
    assert plan.points.shape == (4 * 4096, 3)
    # Of standard normal numbers: variance of a + c is 2 + 2 * 0.5 = 3, of 2 b it is 4.
    found = indices({"y": ndtri(plan.points) @ [1.0, 2.0, 1.0]}, plan)["y"]
    first, total = values_of(found)
    assert first == pytest.approx([3 / 7, 4 / 7], abs=0.01)
    assert total == pytest.approx([3 / 7, 4 / 7], abs=0.01)


def test_the_design_is_a_then_b_then_a_with_each_factor_from_b():
    plan = design(8, ["a", "b", "c"], [GROUP], seed=1)
    a, b, together, alone = plan.points.reshape(4, 8, 3)
    assert (together[:, [0, 2]] == b[:, [0, 2]]).all()
    assert (together[:, 1] == a[:, 1]).all()
    assert (alone[:, [0, 2]] == a[:, [0, 2]]).all()
    assert (alone[:, 1] == b[:, 1]).all()
    assert (a != b).all()


def test_a_result_that_does_not_vary():
    plan = design(16, ["a", "b"], [], seed=1)
    flat = 0.1 + 1e-15 * plan.points[:, 0]
    found = indices({"flat": flat, "zero": 0.0 * flat, "not": plan.points[:, 0]}, plan)
    for name in ("flat", "zero"):
        assert found[name].constant
        assert set(found[name].first.values()) == {Index(0.0, 0.0, 0.0)}
        assert set(found[name].total.values()) == {Index(0.0, 0.0, 0.0)}
    assert not found["not"].constant


def test_a_result_that_varies_in_one_row_only():
    plan = design(16, ["a", "b"], [], seed=1)
    result = np.zeros(len(plan.points))
    result[3] = 1.0  # in one row of A: one in three resamples does not vary at all
    found = indices({"y": result}, plan)["y"]
    assert np.isfinite([found.first["a"].low, found.total["b"].high]).all()


def test_a_result_that_does_not_vary_in_a_and_b_has_no_variance_to_share_out():
    plan = design(16, ["a", "b"], [], seed=1)
    result = np.zeros(len(plan.points))
    result[2 * 16 + 3] = 1.0
    assert indices({"y": result}, plan)["y"].constant


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_the_unit_of_a_result_does_not_matter(scale):
    plan = design(64, ["x1", "x2", "x3"], [], seed=4)
    result = ishigami(plan.points)
    found = indices({"y": result, "scaled": result * scale}, plan)
    assert values_of(found["scaled"])[0] == pytest.approx(values_of(found["y"])[0], rel=1e-9)


def test_a_failed_scenario_leaves_out_its_row():
    plan = design(1024, ["x1", "x2", "x3"], [], seed=1)
    result = ishigami(plan.points)
    failed = result.copy()
    for point in (3, 1024 + 7, 2 * 1024 + 7, 4 * 1024 + 9):  # of A, B, and A_B of x1 and of x3
        failed[point] = NAN
    found = indices({"whole": result, "failed": failed}, plan)
    assert found["failed"].rows == {"x1": 1022, "x2": 1022, "x3": 1021}
    assert found["failed"].left_out == {"x1": 2, "x2": 2, "x3": 3}
    assert set(found["whole"].left_out.values()) == {0}
    for factor, rows in (("x1", [3, 7]), ("x2", [3, 7]), ("x3", [3, 7, 9])):
        kept = np.delete(result.reshape(5, 1024), rows, axis=1)
        count = kept.shape[1]
        smaller = replace(plan, points=plan.points[: 5 * count], count=count)
        known = indices({"y": kept.ravel()}, smaller)["y"]
        for order in ("first", "total"):
            index, same = (getattr(each, order)[factor] for each in (found["failed"], known))
            assert index.value == pytest.approx(same.value, abs=1e-12)
            assert index.high - index.low == pytest.approx(same.high - same.low, rel=0.2)


def test_few_failures_among_many_factors_cost_few_rows():
    names = [f"x{place}" for place in range(100)]
    plan = design(512, names, [], seed=1)
    result = plan.points @ np.linspace(1.0, 0.0, 100)
    result[np.random.default_rng(3).random(len(result)) < 0.01] = NAN
    found = indices({"y": result}, plan)["y"]
    # One in a hundred of A, of B and of A_B of the factor; whole rows would be 64 % of all.
    assert max(found.left_out.values()) < 0.06 * 512
    assert found.total["x0"].value == pytest.approx(1 / 33.5, abs=0.01)  # of sum((i / 99)**2)


def test_more_than_half_of_the_rows_failed():
    plan = design(8, ["a", "b"], [], seed=1)
    result = plan.points[:, 0].copy()
    result[:4] = NAN
    assert indices({"SO2": result}, plan)["SO2"].left_out == {"a": 4, "b": 4}
    result[3 * 8 + 4] = NAN
    complaint = (
        r"^SO2, b: 5 of 8 rows hold a scenario without a value, indices need at least half of "
        r"them; narrow the ranges in which scenarios fail$"
    )
    with pytest.raises(SolveError, match=complaint):
        indices({"SO2": result}, plan)


@pytest.mark.parametrize(
    ("result", "complaint"),
    [
        (np.zeros(31), r"y: needs one value for each of 32 points of the design, got the shape "
                       r"\(31,\)$"),
        (np.zeros((4, 8)), r"y: needs one value for each of 32 points"),
        (np.where(np.arange(32) < 3, np.inf, 0.0), r"y: 3 of 32 are infinite$"),
    ],
)  # fmt: skip
def test_results_that_make_no_sense(result, complaint):
    with pytest.raises(InputError, match=f"^{complaint}"):
        indices({"y": result}, design(8, ["a", "b"], [], seed=1))


@pytest.mark.parametrize("confidence", [0.0, 1.0, 95])
def test_a_confidence_is_between_0_and_1(confidence):
    with pytest.raises(
        InputError, match=rf"^confidence: must lie between 0 and 1, got {confidence}$"
    ):
        indices({}, design(8, ["a", "b"], [], seed=1), confidence=confidence)


@pytest.mark.parametrize(
    ("count", "names", "groups", "complaint"),
    [
        (1, ["a"], [], r"draws: indices need 2 or more, got 1$"),
        (2.5, ["a"], [], r"draws: needs a whole number, 1 or more, got 2\.5$"),
        (8, [], [], r"uncertain numbers: needs a whole number, 1 or more, got 0$"),
        (
            8,
            ["a", "b"],
            [GROUP],
            r"correlation 'together': 'c' is not uncertain; known here: a, b$",
        ),
    ],
)
def test_a_design_that_makes_no_sense(count, names, groups, complaint):
    with pytest.raises(InputError, match=f"^{complaint}"):
        design(count, names, groups, seed=1)
