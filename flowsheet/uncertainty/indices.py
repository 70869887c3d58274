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

Not ``scipy.stats.sobol_indices``: it takes no number of rows but powers of two, so no row could be
left out, its bootstrap takes no seed, and holds all resamples of all results at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
    rows: int
    """Rows of the design that are counted; a row is one scenario of each of A, B and all A_B."""
    left_out: int
    """Rows that hold a scenario without a value."""
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
    scenario that failed, and leaves out its whole row. Raises InputError for values that are not
    one per point, or infinite; SolveError when more than half of the rows are left out.
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
    rows = rows[:, ~np.isnan(rows).any(axis=0)]
    left_out = design.count - rows.shape[1]
    if 2 * left_out > design.count or rows.shape[1] < 2:
        raise SolveError(
            f"{name}: {left_out} of {design.count} rows hold a scenario without a value, indices "
            f"need at least half of them; narrow the ranges in which scenarios fail"
        )
    constant = bool(np.ptp(rows[:2]) <= _CONSTANT * np.abs(rows[:2]).max())
    if constant:
        estimates = np.zeros((3, 2, len(design.factors)))
    else:
        estimates = _estimates(rows, confidence, seed)
    first, total = (
        {
            factor: Index(*(float(number) for number in estimates[:, order, place]))
            for place, factor in enumerate(design.factors)
        }
        for order in (0, 1)
    )
    return Indices(first, total, rows.shape[1], left_out, constant)


def _estimates(rows: Floats, confidence: float, seed: int) -> Floats:
    """Value, low and high of first and total indices, (3, 2, factors)."""
    count = rows.shape[1]
    relative = rows - rows[:2].mean()
    relative /= np.abs(relative).max()  # so that no square underflows
    generator = np.random.default_rng(seed)
    resampled = np.concatenate(
        [
            _weighted(relative, generator.multinomial(count, _even(count), _RESAMPLES_AT_ONCE))
            for _ in range(_RESAMPLES // _RESAMPLES_AT_ONCE)
        ]
    )
    outside = (1.0 - confidence) / 2.0
    low, high = np.quantile(resampled, (outside, 1.0 - outside), axis=0)
    return np.stack([_weighted(relative, np.ones((1, count)))[0], low, high])


def _even(count: int) -> Floats:
    return np.full(count, 1.0 / count)


def _weighted(rows: Floats, times: NDArray[np.generic]) -> Floats:
    """First and total indices, (samples, 2, factors), with each row taken so many ``times``.

    ``times`` is (samples, rows). Zero for a sample in which the result does not vary.
    """
    share = times / times.sum(axis=1, keepdims=True)
    a, b, exchanged = rows[0], rows[1], rows[2:]
    mean = share @ (a + b) / 2.0
    variance = share @ (a**2 + b**2) / 2.0 - mean**2  # (1)
    first = share @ (b * (exchanged - a)).T  # (2)
    total = share @ ((a - exchanged) ** 2).T / 2.0  # (3)
    shares = np.stack([first, total], axis=1)
    varies = variance > _CONSTANT**2
    shares[varies] /= variance[varies, np.newaxis, np.newaxis]
    shares[~varies] = 0.0
    return shares
