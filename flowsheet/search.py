"""The search behind ``optimise``: trials, their exact gradients, and when to step back.

Everything the method of ``scipy.optimize`` sees is scaled: each free number runs from 0 at its low
to 1 at its high (by its logarithm where high is more than a hundred times low), limits are relative
to their value, and the objective is divided by its steepest slope at the start.

A trial that cannot be solved ends the run of the method. The next run starts from the best trial so
far and stays within half the distance to the one that failed; the box grows again once a run has
ended at its edge. No value is made up for a trial that failed.
"""

import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from flowsheet.aim import Aim
from flowsheet.core.errors import FlowsheetError, SolveError
from flowsheet.core.parameters import BaseUnits
from flowsheet.measure import Reading
from flowsheet.solution import Solution, solve
from flowsheet.solver.equations import Floats
from flowsheet.solver.total import Number, derivatives, size_of_unit

METHODS = {
    "SLSQP": {"ftol": 1e-12, "maxiter": 200},
    "trust-constr": {"gtol": 1e-14, "xtol": 1e-10, "barrier_tol": 1e-10, "maxiter": 1000},
}
"""Methods of scipy.optimize that take exact gradients, bounds and limits, with their options."""
MET = 1e-6
"""Relative miss of a limit that counts as met."""
CLOSE = 1e-5
"""Relative distance to a limit, and share of a range to a bound, at which it may be active."""
STEEP = 1e-4
"""Slope left, relative to the steepest at the start, above which a point is no optimum."""
NO_INFLUENCE = 1e-10
"""Relative change of a measure over the whole range of a number that counts as none."""
INSIDE = 1e-3
"""Share of a range by which an interior method starts off a bound."""
SMALLEST_BOX = 1e-6
"""Shares of the ranges below which a search at the edge of what can be solved ends."""
MOST_RUNS = 60
"""Runs of the method with a box that shrinks and grows."""
AGAIN = 4
"""Runs of the method from where the last one ended, while the slope left is too steep."""


class Trial(NamedTuple):
    """A solved point: values of the objective and then the limits in SI, and their slopes."""

    shares: Floats
    solution: Solution
    values: Floats
    slopes: Floats
    """Change of values per change of shares, (1 + limits, numbers)."""


class TrialFailedError(Exception):
    """A point that cannot be solved."""

    def __init__(self, shares: Floats, reason: str) -> None:
        super().__init__(reason)
        self.shares = shares


class Scaled(NamedTuple):
    """A function to minimise and what must not fall below zero, with their slopes."""

    value: float
    slope: Floats
    margins: Floats
    margin_slopes: Floats


Problem = Callable[[Floats], Scaled]


@dataclass
class Search:
    """Trials of one aim, and the scales that were fixed at its start."""

    aim: Aim
    start: Trial = field(init=False)
    steepest: float = field(init=False)
    limit_scales: Floats = field(init=False)
    trials: dict[bytes, Trial] = field(init=False, default_factory=dict)
    iterations: int = 0
    failure: str = ""
    """Why the last trial that failed did."""

    def __post_init__(self) -> None:
        numbers = self.aim.numbers
        values = [number.place.start(self.aim.flowsheet) for number in numbers]
        shares = [number.share(value) for number, value in zip(numbers, values, strict=True)]
        self.start = self.solved(np.clip(shares, 0.0, 1.0))
        self._check_influence()
        here = self.start
        self.steepest = max(float(np.max(np.abs(here.slopes[0]))), 1e-6 * abs(here.values[0]))
        self.limit_scales = np.array(
            [
                abs(limit.value) or abs(value) or size_of_unit(limit.measure.display)
                for limit, value in zip(self.aim.limits, here.values[1:], strict=True)
            ]
        )

    def solved(self, shares: Floats) -> Trial:
        """Solve a point and differentiate it; raise FlowsheetError where it cannot be."""
        aim = self.aim
        values = [n.value(share) for n, share in zip(aim.numbers, shares, strict=True)]
        paths = [number.place.path for number in aim.numbers]
        changes = {path: BaseUnits(value) for path, value in zip(paths, values, strict=True)}
        solution = solve(aim.flowsheet, set=changes, specs=aim.specs)
        numbers = [
            Number(n.place.path, value, n.place.parameter.dimension.display, place=n.place)
            for n, value in zip(aim.numbers, values, strict=True)
        ]
        measures = [aim.objective, *(limit.measure for limit in aim.limits)]
        reading = Reading(solution.flowsheet, solution.flows, solution.parameters)
        found, by = derivatives(solution.equations, solution.point, reading, measures, numbers)
        slopes = [n.slope(value) for n, value in zip(aim.numbers, values, strict=True)]
        trial = Trial(np.array(shares), solution, found, by * np.array(slopes))
        self.trials[trial.shares.tobytes()] = trial
        return trial

    def trial(self, shares: Floats) -> Trial:
        """The trial at a point, solved once; raise TrialFailedError where it cannot be."""
        shares = np.clip(shares, 0.0, 1.0)  # methods may miss a bound by a rounding
        known = self.trials.get(shares.tobytes())
        if known is not None:
            return known
        try:
            return self.solved(shares)
        except FlowsheetError as error:
            raise TrialFailedError(shares, str(error)) from error

    def scaled(self, shares: Floats) -> Scaled:
        """The aim itself, as the method sees it."""
        trial = self.trial(shares)
        return Scaled(
            -self.aim.sense * trial.values[0] / self.steepest,
            -self.aim.sense * trial.slopes[0] / self.steepest,
            *self.margins(trial),
        )

    def margins(self, trial: Trial) -> tuple[Floats, Floats]:
        """How far each limit is kept, relative to its scale, and the slopes of that."""
        wanted = np.array([limit.value for limit in self.aim.limits])
        signs = np.array([limit.sign for limit in self.aim.limits]) / self.limit_scales
        return signs * (trial.values[1:] - wanted), signs[:, None] * trial.slopes[1:]

    def miss(self, trial: Trial) -> float:
        """The largest relative miss of any limit; 0 where all are met."""
        return float(np.max(-self.margins(trial)[0], initial=0.0))

    def nearest_to_limits(self, shares: Floats) -> Scaled:
        """The largest miss as one more unknown, to be made as small as possible."""
        margins, slopes = self.margins(self.trial(shares[:-1]))
        each = np.zeros(len(shares))
        each[-1] = 1.0
        by_miss = np.ones((len(margins), 1))
        return Scaled(shares[-1], each, margins + shares[-1], np.hstack([slopes, by_miss]))

    def best(self) -> Trial:
        """Of all trials the one that misses the limits least, and then is best."""

        def rank(trial: Trial) -> tuple[float, float]:
            return max(self.miss(trial), MET), -self.aim.sense * trial.values[0]

        return min(self.trials.values(), key=rank)

    def _check_influence(self) -> None:
        """Raise SolveError for a measure that no number moves, here and midway."""
        silent = _silent(self.start)
        if not silent.any():
            return
        with suppress(TrialFailedError):
            silent &= _silent(self.trial(np.full(len(self.aim.numbers), 0.5)))
        if silent.any():
            row = int(np.flatnonzero(silent)[0])
            measure = self.aim.limits[row - 1].measure if row else self.aim.objective
            paths = ", ".join(number.place.path for number in self.aim.numbers)
            what = f"the limit {self.aim.limits[row - 1]}" if row else "the objective"
            raise SolveError(
                f"{measure}: is not influenced by {paths}; vary another number, or change {what}"
            )


def _silent(trial: Trial) -> Any:
    """Which measures no number moves."""
    return np.max(np.abs(trial.slopes), axis=1) <= NO_INFLUENCE * np.abs(trial.values)


def run(search: Search, problem: Problem, start: Floats, method: str) -> Floats:
    """Minimise a problem from a start, stepping back from what cannot be solved; return the end.

    The first entries of a point are the shares of the numbers.
    """
    count = len(search.aim.numbers)
    point, radius = np.array(start), 1.0
    for _ in range(MOST_RUNS):
        low = np.maximum(0.0, point[:count] - radius)
        high = np.minimum(1.0, point[:count] + radius)
        try:
            point = _minimised(search, problem, point, (low, high), method)
            search.trial(point[:count])
        except TrialFailedError as failed:
            point[:count] = search.best().shares
            radius = 0.5 * float(np.max(np.abs(failed.shares - point[:count])))
            search.failure = str(failed)
            if radius < SMALLEST_BOX:
                break
            continue
        inside = point[:count]
        at_edge = ((inside <= low) & (low > 0.0)) | ((inside >= high) & (high < 1.0))
        if not at_edge.any():
            break
        radius *= 2.0
    return point


def _minimised(
    search: Search, problem: Problem, start: Floats, box: tuple[Floats, Floats], method: str
) -> Floats:
    """One run of the method within a box of shares; further unknowns are zero or more."""
    from scipy.optimize import Bounds, minimize

    more = len(start) - len(box[0])
    low = np.concatenate([box[0], np.zeros(more)])
    high = np.concatenate([box[1], np.full(more, np.inf)])
    limits: Any = ()
    if search.aim.limits:
        limits = {
            "type": "ineq",
            "fun": lambda x: problem(x).margins,
            "jac": lambda x: problem(x).margin_slopes,
        }
    if method == "trust-constr":  # an interior method must start inside
        inwards = INSIDE * np.minimum(high - low, 1.0)
        start = np.clip(start, low + inwards, high - inwards)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on how a method approximates curvature
        end: Any = minimize(  # type: ignore[call-overload]
            lambda x: problem(x).value,
            start,
            jac=lambda x: problem(x).slope,
            bounds=Bounds(low, high, keep_feasible=True),
            constraints=limits,
            method=method,
            options=METHODS[method],
        )
    search.iterations += int(end.nit)
    point: Floats = np.clip(end.x, low, high)
    return point
