"""Points in the unit cube: even, the same on every run, and every refusal."""

import numpy as np
import pytest
from scipy.stats import qmc

from flowsheet import InputError
from flowsheet.uncertainty.sampling import unit_cube

METHODS = ("sobol", "latin hypercube", "random")


def refused(complaint):
    return pytest.raises(InputError, match=complaint)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("count", "dimensions"), [(1, 1), (2, 3), (100, 7), (128, 2)])
def test_points_lie_inside_the_cube(method, count, dimensions):
    points = unit_cube(count, dimensions, method=method, seed=1)
    assert points.shape == (count, dimensions)
    assert ((points > 0.0) & (points < 1.0)).all()


@pytest.mark.parametrize("method", METHODS)
def test_the_same_seed_gives_the_same_points(method):
    first = unit_cube(100, 3, method=method, seed=5)
    assert (unit_cube(100, 3, method=method, seed=5) == first).all()
    assert (unit_cube(100, 3, method=method, seed=6) != first).all()


def test_sobol_is_the_default_and_keeps_the_first_points_of_the_next_power_of_two():
    whole = unit_cube(128, 4, method="sobol", seed=2)
    assert (unit_cube(100, 4, seed=2) == whole[:100]).all()


@pytest.mark.parametrize("method", ["sobol", "latin hypercube"])
def test_each_column_has_one_point_in_each_stretch(method):
    points = unit_cube(64, 5, method=method, seed=3)
    for column in np.floor(points * 64).T:
        assert sorted(column) == list(range(64))


def test_a_latin_hypercube_is_stratified_at_any_count():
    column = unit_cube(37, 1, method="latin hypercube", seed=3)[:, 0]
    assert sorted(np.floor(column * 37)) == list(range(37))


def test_random_points_are_not_stratified():
    points = unit_cube(64, 5, method="random", seed=3)
    assert all(len(set(column)) < 64 for column in np.floor(points * 64).T)


def test_sobol_fills_the_cube_most_evenly():
    sobol, latin, random = (
        qmc.discrepancy(unit_cube(256, 4, method=method, seed=1)) for method in METHODS
    )
    assert sobol < 0.5 * latin < 0.5 * random


@pytest.mark.parametrize(
    ("count", "dimensions", "options", "complaint"),
    [
        (0, 2, {}, r"draws: needs a whole number, 1 or more, got 0$"),
        (2.5, 2, {}, r"draws: needs a whole number, 1 or more, got 2\.5$"),
        (True, 2, {}, r"draws: needs a whole number, 1 or more, got True$"),
        (8, 0, {}, r"uncertain numbers: needs a whole number, 1 or more, got 0$"),
        (8, 2, {"seed": -1}, r"seed: needs a whole number, 0 or more, got -1$"),
        (8, 2, {"seed": None}, r"seed: needs a whole number, 0 or more, got None$"),
        (8, 2, {"method": "soboll"}, r"method: there is no way of sampling 'soboll'; did you mean "
                                     r"'sobol'\?$"),
        (8, 2, {"method": "grid"}, r"method: there is no way of sampling 'grid'; known here: latin "
                                   r"hypercube, random, sobol$"),
    ],
)  # fmt: skip
def test_a_request_that_makes_no_sense(count, dimensions, options, complaint):
    with refused(f"^{complaint}"):
        unit_cube(count, dimensions, **{"seed": 1, **options})
