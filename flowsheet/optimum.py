"""The best values of some numbers of a plant, within bounds and with limits of measures kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from flowsheet.aim import FreeNumber, aim_of
from flowsheet.core.errors import InputError, SolveError
from flowsheet.core.quantities import from_base
from flowsheet.measure import Limit, Measure
from flowsheet.model import Flowsheet
from flowsheet.search import AGAIN, CLOSE, MET, METHODS, STEEP, Search, Trial, run
from flowsheet.solution import Solution
from flowsheet.solver.equations import Floats
from flowsheet.solver.spec import Spec
from flowsheet.solver.total import size_of_unit

OPTIMAL = "optimal"


@dataclass(frozen=True)
class Chosen:
    """A number that was chosen, in SI."""

    path: str
    value: float
    low: float
    high: float
    display: str
    """Unit in which people read it."""
    at: str
    """``low`` or ``high`` where it stands at a bound, else empty."""
    price: float
    """Change of the objective per change of that bound, both in SI; 0 between the bounds."""

    @property
    def shown(self) -> str:
        """The value as people read it."""
        return f"{from_base(self.value, self.display):.6g} {self.display}".strip()


@dataclass(frozen=True)
class Kept:
    """A limit, and how it was kept."""

    limit: Limit
    value: float
    """Of its measure, in SI."""
    active: bool
    """Whether the optimum stands at it."""
    price: float
    """Change of the objective per change of the limit, both in SI; 0 where it is not active."""


@dataclass(frozen=True)
class Optimum:
    """The best point found: a solution like any other, and what keeps it from being better."""

    solution: Solution
    measure: Measure
    objective: float
    """In SI."""
    numbers: tuple[Chosen, ...]
    limits: tuple[Kept, ...]
    iterations: int
    trials: int
    """Points that were solved."""
    status: str
    """``optimal``, or why the search ended where the slopes do not prove an optimum."""

    def __repr__(self) -> str:
        chosen = ", ".join(f"{path} {text}" for path, text in self.shown.items())
        return f"<Optimum: {self.measure} {self.shown_objective} at {chosen}; {self.status}>"

    @property
    def values(self) -> dict[str, float]:
        """Path -> the value chosen, in SI."""
        return {number.path: number.value for number in self.numbers}

    @property
    def shown(self) -> dict[str, str]:
        """Path -> the value chosen, as people read it."""
        return {number.path: number.shown for number in self.numbers}

    @property
    def bounds(self) -> tuple[Chosen, ...]:
        """The numbers that stand at a bound."""
        return tuple(number for number in self.numbers if number.at)

    @property
    def shown_objective(self) -> str:
        """The objective as people read it."""
        return self.measure.shown(self.objective)

    def shown_price(self, kept: Kept) -> str:
        """The price of a limit in the units in which people read it and the objective."""
        measure = kept.limit.measure
        price = kept.price * size_of_unit(measure.display) / size_of_unit(self.measure.display)
        return f"{price:.4g} {self.measure.display or 1} per {measure.display or 1}"


def optimise(  # noqa: PLR0913 - options by name
    flowsheet: Flowsheet,
    vary: Mapping[str, Any],
    *,
    maximise: Measure | None = None,
    minimise: Measure | None = None,
    subject_to: Limit | Sequence[Limit] = (),
    specs: Spec | Sequence[Spec] = (),
    method: str = "SLSQP",
) -> Optimum:
    """Find the values of some numbers that make a measure as large, or as small, as possible.

    ``vary`` maps paths to bounds ``(low, high)`` as a case would write them; the search starts from
    the flowsheet as written, which must lie within. ``subject_to`` are limits such as
    ``recovery("Sb", to="concentrate") >= "85 %"``; ``specs`` are met at every point. ``method`` is
    SLSQP (Kraft 1988) or trust-constr of ``scipy.optimize``; both get exact gradients.

    The optimum is a local one: where several are possible, start from other values. Raises
    InputError for a wrong description, SolveError if the flowsheet as written has no steady state,
    if nothing varied influences the objective or a limit, or if the limits cannot be met.
    """
    if not isinstance(flowsheet, Flowsheet):
        raise InputError(f"optimise: needs a Flowsheet, got {flowsheet!r}; see load_route")
    if method not in METHODS:
        raise InputError(f"method: must be one of {', '.join(METHODS)}, got {method!r}")
    search = Search(
        aim_of(
            flowsheet,
            vary=vary,
            maximise=maximise,
            minimise=minimise,
            subject_to=subject_to,
            specs=specs,
        )
    )
    trial = _searched(search, search.start, method)
    if search.miss(trial) > MET:
        _searched(search, _feasible(search, trial), method)
        trial = search.best()
    return _optimum(search, trial)


def _searched(search: Search, start: Trial, method: str) -> Trial:
    """Run the method, and again from where it ended as long as that is no optimum."""
    end = start
    for _ in range(AGAIN):
        before = end.shares
        end = search.trial(run(search, search.scaled, before, method))
        if _multipliers(search, end)[1] <= STEEP:
            return end
        if np.array_equal(before, end.shares):
            break
    return search.best()


def _feasible(search: Search, trial: Trial) -> Trial:
    """A point that meets the limits; raise SolveError for the one that is missed most."""
    start = np.append(trial.shares, search.miss(trial))
    shares = run(search, search.nearest_to_limits, start, "SLSQP")
    nearest = search.trial(shares[:-1])
    if search.miss(nearest) > MET:
        raise SolveError(_unmet(search, nearest))
    return nearest


def _unmet(search: Search, trial: Trial) -> str:
    """Which limit is missed most, what comes nearest, and which others stand against it."""
    margins, _ = search.margins(trial)
    worst = int(np.argmin(margins))
    limit = search.aim.limits[worst]
    against = [
        str(other)
        for place, other in enumerate(search.aim.limits)
        if place != worst and margins[place] < margins[worst] + MET
    ]
    beside = f", missing {' and '.join(against)} by as much" if against else ""
    paths = ", ".join(number.place.path for number in search.aim.numbers)
    return (
        f"{limit}: cannot be met within the bounds of {paths}; the nearest found is "
        f"{limit.measure.shown(trial.values[1 + worst])}{beside}; widen the bounds or move a limit"
    )


def _multipliers(search: Search, trial: Trial) -> tuple[Floats, float]:
    """Multipliers of limits and bounds, and the slope that they leave, in scaled terms.

    At an optimum the slope of the objective is a sum, with factors of zero or more, of the slopes
    of what is active (Karush-Kuhn-Tucker). The factors are (limits + numbers,).
    """
    from scipy.optimize import nnls

    scaled = search.scaled(trial.shares)
    at_low, at_high = trial.shares <= CLOSE, trial.shares >= 1.0 - CLOSE
    directions = np.diag(np.where(at_low, 1.0, np.where(at_high, -1.0, 0.0)))
    active = np.where(scaled.margins <= CLOSE, 1.0, 0.0)
    columns = np.vstack([active[:, None] * scaled.margin_slopes, directions]).T
    factors, left = nnls(columns, scaled.slope)
    return factors, float(left)


def _status(search: Search, left: float) -> str:
    if left <= STEEP:
        return OPTIMAL
    why = (
        f"next to where the plant cannot be solved: {search.failure}"
        if search.failure
        else "perhaps where a unit reaches a limit of its own"
    )
    return f"ended with {left:.2g} of the slope at the start left, {why}"


def _optimum(search: Search, trial: Trial) -> Optimum:
    aim = search.aim
    factors, left = _multipliers(search, trial)
    by_objective = -aim.sense * search.steepest
    of_limits, of_bounds = np.split(factors, [len(aim.limits)])
    margins, _ = search.margins(trial)
    limits = tuple(
        Kept(
            limit,
            float(trial.values[1 + row]),
            bool(margins[row] <= CLOSE),
            float(by_objective * of_limits[row] * limit.sign / search.limit_scales[row]),
        )
        for row, limit in enumerate(aim.limits)
    )
    numbers = tuple(
        _chosen(number, float(share), by_objective * float(factor))
        for number, share, factor in zip(aim.numbers, trial.shares, of_bounds, strict=True)
    )
    return Optimum(
        trial.solution,
        aim.objective,
        float(trial.values[0]),
        numbers,
        limits,
        search.iterations,
        len(search.trials),
        _status(search, left),
    )


def _chosen(number: FreeNumber, share: float, price: float) -> Chosen:
    """``price`` is that of moving the bound inwards by the whole range."""
    value = number.value(share)
    at = "low" if share <= CLOSE else "high" if share >= 1.0 - CLOSE else ""
    inwards = -1.0 if at == "high" else 1.0
    display = number.place.parameter.dimension.display
    per_unit = inwards * price / number.slope(value) if at else 0.0
    return Chosen(number.place.path, value, number.low, number.high, display, at, per_unit)
