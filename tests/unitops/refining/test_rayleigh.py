import numpy as np
import pytest
from scipy.integrate import solve_ivp

from flowsheet.core.errors import SolveError
from unitops.refining import rayleigh
from unitops.refining.rayleigh import follow


def lead_like(moles):
    """Antimony, and an impurity that overtakes it as antimony becomes dilute."""
    x = moles[0] / moles.sum(axis=0)
    return np.array([np.ones(x.shape), 0.02 / x**3])


def exact(moles, antimony_left):
    """The same by an independent method, in moles and by the amount of antimony."""

    def slope(u, state):
        antimony = moles[0] * np.exp(u)
        impurity = moles[1] * np.exp(state[0])
        return [0.02 / (antimony / (antimony + impurity)) ** 3]

    end = np.log(antimony_left)
    found = solve_ivp(slope, (0.0, end), [0.0], method="DOP853", rtol=1e-12, atol=1e-13)
    return found.y[0, -1]


@pytest.mark.parametrize("left", [0.9, 0.5, 0.1, 0.01])
@pytest.mark.parametrize("impurity", [1e-6, 0.05, 0.5, 3.0])
def test_against_an_independent_integration(left, impurity):
    moles = np.array([[1.0], [impurity]])
    found = follow(moles, lead_like, 0, np.log(np.array(left)), by_moles=False)
    assert found.logarithm[0, 0] == pytest.approx(np.log(left), rel=1e-12)
    difference = found.logarithm[1, 0] - exact([1.0, impurity], left)
    assert abs(difference) < 1e-7
    # The error that it states is not smaller than the error that it makes.
    assert abs(difference) <= 10.0 * found.error[0] + 1e-10
    assert found.error[0] < 1e-7


def test_the_stated_error_is_that_of_coarser_steps(monkeypatch):
    moles = np.array([[1.0], [0.5]])
    errors = []
    for tolerance in (1e-4, 1e-6, 1e-8):
        monkeypatch.setattr(rayleigh, "TOLERANCE", tolerance)
        found = follow(moles, lead_like, 0, np.log(np.array(0.05)), by_moles=False)
        made = abs(found.logarithm[1, 0] - exact([1.0, 0.5], 0.05))
        # The result is one order better than the halves whose error is stated.
        assert made <= 0.3 * found.error[0]
        errors.append(found.error[0])
    assert errors[0] > errors[1] > errors[2]


def test_a_first_step_that_is_too_long_is_taken_again(monkeypatch):
    monkeypatch.setattr(rayleigh, "_FIRST_STEP", 2.0)
    found = follow(np.array([[1.0], [3.0]]), lead_like, 0, np.log(np.array(0.01)), by_moles=False)
    assert abs(found.logarithm[1, 0] - exact([1.0, 3.0], 0.01)) < 1e-7
    assert found.error[0] < 1e-7


def test_constant_coefficients_give_the_closed_form():
    moles = np.array([[1.0, 1.0], [0.1, 0.2], [0.01, 0.5]])
    beta = np.array([[1.0], [13.0], [0.05]])
    found = follow(
        moles, lambda m: beta + 0.0 * m, 0, np.log(np.array([0.4, 0.03])), by_moles=False
    )
    np.testing.assert_allclose(np.exp(found.logarithm), np.array([0.4, 0.03]) ** beta, rtol=1e-9)


def test_moles_evaporated():
    moles = np.array([[1.0], [0.4]])
    found = follow(moles, lead_like, 0, np.log(np.array(0.3)), by_moles=True)
    assert (moles * np.exp(found.logarithm)).sum() == pytest.approx(0.3 * 1.4, rel=1e-9)


def test_scenarios_do_not_see_each_other():
    moles = np.array([[1.0, 1.0, 1e-6], [0.5, 1e-6, 1.0]])
    target = np.log(np.array([0.1, 0.5, 0.2]))
    together = follow(moles, lead_like, 0, target, by_moles=False).logarithm
    for column in range(3):
        alone = follow(moles[:, [column]], lead_like, 0, target[column], by_moles=False)
        np.testing.assert_allclose(together[:, [column]], alone.logarithm, rtol=1e-12)


def test_an_end_that_is_never_reached_is_said(monkeypatch):
    monkeypatch.setattr(rayleigh, "_MOST_STEPS_OF_INTEGRATION", 3)
    with pytest.raises(SolveError, match="does not reach its end in 3 steps; evaporate less"):
        follow(np.ones((2, 1)), lead_like, 0, np.log(np.array(0.01)), by_moles=False)
