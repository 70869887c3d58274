"""Sobol indices: which uncertain number the spread of a result comes from.

Points: A and B, two independent sets of N draws, and for each factor i the set A_B^i, which is A
with what belongs to i taken from B; N (factors + 2) scenarios. With f the result of a scenario,

    V = variance of f over A and B                                     (1)
    S_i  = mean( f(B) (f(A_B^i) - f(A)) ) / V                          (2)
    ST_i = mean( (f(A) - f(A_B^i))^2 ) / (2 V)                         (3)

(2) and (3) are (b) and (f) in table 2 of Saltelli et al., Computer Physics Communications 181
(2010) 259. S_i (first order) is the share of the variance that goes if factor i becomes known; ST_i
(total) is the share that stays if all others become known. What both differ by comes from i
together with others. Numbers of one correlated group are one factor: apart from each other they
have no share.

Values of f are taken relative to their mean first, as Sobol and Levitan (1999) do for (2).
Intervals are percentiles over draws of N rows with replacement (bootstrap), for rows drawn at
random; points of a Sobol sequence are more even than that, so the intervals are on the wide side.
Indices are estimates: some come out slightly below zero or above one, and are left so.

A row is one draw of A with those of B and of all A_B that belong to it. A failed scenario of A or B
leaves its row out; one of A_B^i leaves it out for factor i alone, else one failure in a hundred
would cost most rows of a plant with a hundred factors. All of (1) to (3) are taken over the rows
of the factor.

Not ``scipy.stats.sobol_indices``: it takes no number of rows but powers of two, so no row could be
left out, its bootstrap takes no seed, and holds all resamples of all results at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flowsheet.core.errors import InputError, SolveError
from flowsheet.uncertainty.correlation import Correlated, correlated, factors
from flowsheet.uncertainty.sampling import unit_cube

Floats = NDArray[np.float64]

_CONSTANT = 1e-9
"""Relative; what varies less is rounding, for balances close to this."""
_RESAMPLES = 1000
_RESAMPLES_AT_ONCE = 100


@dataclass(frozen=True)
class Index:
    """One index and its confidence interval, as shares of the variance."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Indices:
    """The indices of one result, by factor."""

    first: Mapping[str, Index]
    total: Mapping[str, Index]
    rows: Mapping[str, int]
    """Factor -> rows of the design that are counted: A, B and A_B of the factor have a value."""
    left_out: Mapping[str, int]
    """Factor -> the other rows."""
    constant: bool
    """The result does not vary: all indices are zero because there is nothing to explain."""


@dataclass(frozen=True)
class Design:
    """The points whose results give the indices."""

    points: Floats
    """Points in the unit cube, (count * (factors + 2), numbers): A, B, then A_B of each factor."""
    factors: tuple[str, ...]
    count: int
    """Rows of A."""


def design(count: int, names: Sequence[str], groups: Sequence[Correlated], seed: int) -> Design:
    """Return the points to calculate, with groups correlated already: one column per name.

    A correlated group is one factor: all its columns are taken from B together. Counts that are
    powers of two are the best use of the Sobol sequence the points are from. Raises InputError
    as ``unit_cube`` and ``correlated`` do.
    """
    varying = factors(names, groups)
    both = unit_cube(_row_count(count), 2 * len(names), method="sobol", seed=seed)
    a, b = both[:, : len(names)], both[:, len(names) :]
    sets = [a, b]
    for columns in varying.values():
        exchanged = a.copy()
        exchanged[:, columns] = b[:, columns]
        sets.append(exchanged)
    return Design(correlated(np.concatenate(sets), names, groups), tuple(varying), count)


def indices(
    results: Mapping[str, Floats],
    design: Design,
    *,
    confidence: float = 0.95,
    seed: int = 0,
) -> dict[str, Indices]:
    """Return the indices of every result, from its values at the points of a design.

    ``results`` maps the name of a result to one value per point, (points,); not-a-number marks a
    scenario that failed, see above. Raises InputError for values that are not one per point, or
    infinite; SolveError when more than half of the rows of a factor are left out.
    """
    if not 0.0 < confidence < 1.0:
        raise InputError(f"confidence: must lie between 0 and 1, got {confidence}")
    return {
        name: _of_result(name, np.asarray(values, dtype=float), design, confidence, seed)
        for name, values in results.items()
    }


def _row_count(count: int) -> int:
    if count < 2:
        raise InputError(f"draws: indices need 2 or more, got {count}")
    return count


def _of_result(name: str, values: Floats, design: Design, confidence: float, seed: int) -> Indices:
    if values.shape != (len(design.points),):
        raise InputError(
            f"{name}: needs one value for each of {len(design.points)} points of the design, got "
            f"the shape {values.shape}"
        )
    if np.isinf(values).any():
        raise InputError(f"{name}: {np.isinf(values).sum()} of {values.size} are infinite")
    rows = values.reshape(-1, design.count)
    counted = ~np.isnan(rows[2:]) & ~np.isnan(rows[:2]).any(axis=0)
    numbers = dict(zip(design.factors, counted.sum(axis=1).tolist(), strict=True))
    _check_counts(name, numbers, design.count)
    both = rows[:2, counted.any(axis=0)]
    constant = bool(np.ptp(both) <= _CONSTANT * np.abs(both).max())
    if constant:
        estimates = np.zeros((3, 2, len(design.factors)))
    else:
        estimates = _estimates(_Rows(rows, counted), confidence, seed)
    first, total = (
        {
            factor: Index(*(float(number) for number in estimates[:, order, place]))
            for place, factor in enumerate(design.factors)
        }
        for order in (0, 1)
    )
    left_out = {factor: design.count - number for factor, number in numbers.items()}
    return Indices(first, total, numbers, left_out, constant)


def _check_counts(name: str, numbers: Mapping[str, int], count: int) -> None:
    factor = min(numbers, key=lambda each: numbers[each])
    left_out = count - numbers[factor]
    if 2 * left_out > count or numbers[factor] < 2:
        raise SolveError(
            f"{name}, {factor}: {left_out} of {count} rows hold a scenario without a value, "
            f"indices need at least half of them; narrow the ranges in which scenarios fail"
        )


class _Rows:
    """What (1) to (3) take means of, each (factors, rows) and zero in rows that are left out."""

    def __init__(self, rows: Floats, counted: NDArray[np.bool_]) -> None:
        relative = rows - rows[:2, counted.any(axis=0)].mean()
        relative /= np.nanmax(np.abs(relative))  # so that no square underflows
        a, b, exchanged = relative[0], relative[1], relative[2:]
        self.counted = counted.astype(float)
        number = self.counted.sum(axis=1, keepdims=True)
        middle = np.where(counted, a + b, 0.0).sum(axis=1, keepdims=True) / (2.0 * number)
        self.sums = np.where(counted, a + b - 2.0 * middle, 0.0)
        self.squares = np.where(counted, (a - middle) ** 2 + (b - middle) ** 2, 0.0)
        self.products = np.where(counted, (b - middle) * (exchanged - a), 0.0)
        self.changes = np.where(counted, (a - exchanged) ** 2, 0.0)


def _estimates(rows: _Rows, confidence: float, seed: int) -> Floats:
    """Value, low and high of first and total indices, (3, 2, factors)."""
    count = rows.counted.shape[1]
    generator = np.random.default_rng(seed)
    resampled = np.concatenate(
        [
            _weighted(rows, generator.multinomial(count, _even(count), _RESAMPLES_AT_ONCE))
            for _ in range(_RESAMPLES // _RESAMPLES_AT_ONCE)
        ]
    )
    outside = (1.0 - confidence) / 2.0
    low, high = np.quantile(resampled, (outside, 1.0 - outside), axis=0)
    return np.stack([_weighted(rows, np.ones((1, count)))[0], low, high])


def _even(count: int) -> Floats:
    return np.full(count, 1.0 / count)


def _weighted(rows: _Rows, times: NDArray[Any]) -> Floats:
    """First and total indices, (samples, 2, factors), with each row taken so many ``times``.

    ``times`` is (samples, rows). Zero for a sample in which the result does not vary.
    """
    number = np.maximum(times @ rows.counted.T, 1.0)

    def mean(of_rows: Floats) -> Floats:
        return np.asarray(times @ of_rows.T / number)

    variance = mean(rows.squares) / 2.0 - (mean(rows.sums) / 2.0) ** 2  # (1)
    varies = variance > _CONSTANT**2
    divisor = np.where(varies, variance, 1.0)
    first = np.where(varies, mean(rows.products) / divisor, 0.0)  # (2)
    total = np.where(varies, mean(rows.changes) / (2.0 * divisor), 0.0)  # (3)
    return np.stack([first, total], axis=1)
