"""Element-to-mineral conversion: the minerals that explain an assay of elements best.

The fractions x_i of the minerals are found by least squares over the elements, with no mineral
below zero and the remainder r (usually the gangue), if there is one, filling up to 1:

    minimise sum_e w_e ((c_e - sum_i a_ei x_i) / c_e)^2,  x_i >= 0              (1)
    x_r = 1 - sum_i x_i                                                         (2)

with c_e the assay, w_e its weight, and a_ei the mass fraction of element e in species i (the
remainder included: what it brings of an assayed element is counted). Misfits are relative to the
assay, so that 5 g/t of gold are met as well as 28 % of antimony; assays below 1 g/t count as 1 g/t.

(1) Whiten (2007), Mineral Processing and Extractive Metallurgy Review 29, 83-97, with the
non-negative least squares of Lawson and Hanson (1974), Solving Least Squares Problems.

All are mass fractions, (entries, 1 or scenarios); complex values keep their derivatives.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from flowsheet.core.errors import InputError
from flowsheet.core.slate import Slate

Array = NDArray[Any]

ROUNDED_SUM = 1e-6
"""How far a composition may miss 1: the rounding of a table of percentages is not this large."""
TRACE = 1e-6
"""Assays below 1 g/t weigh in the fit as if they were 1 g/t."""
NEGLIGIBLE, ROUNDING = 1e-12, 1e-14
"""Relative to an assay: minerals below zero that count as zero, and gains that are none."""
MOST_MOVES = 1000
"""Of minerals in and out of the fit; a few are usual, so many only where rounding decides."""


class Assay(NamedTuple):
    """What the fit depends on; a fit to numbers is remembered, to arrays (scenarios,) it is not."""

    slate: Slate
    minerals: tuple[str, ...]
    remainder: str | None
    elements: tuple[str, ...]
    contents: tuple[Any, ...]
    weights: tuple[Any, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The minerals, and the remainder after them."""
        return self.minerals if self.remainder is None else (*self.minerals, self.remainder)


def mineral_fractions(assay: Assay) -> Array:
    """Fractions of ``assay.names`` that fit the assay best, (names, 1 or scenarios).

    Raises InputError where an element has no carrier, where the elements cannot tell the minerals
    apart, and where what fits is more than everything.
    """
    given = assay.contents + assay.weights
    varies = any(isinstance(value, np.ndarray) for value in given)
    return _fit(assay) if varies else _fit_of_numbers(assay)


def explained(assay: Assay) -> tuple[Array, Array]:
    """What is assayed and what the minerals bring of it, (elements, 1 or scenarios) each."""
    brings = element_contents(assay.slate, assay.elements, assay.names) @ mineral_fractions(assay)
    assayed, brought = np.broadcast_arrays(_per_scenario(assay.contents), brings)
    return assayed, brought


def element_contents(slate: Slate, elements: Sequence[str], minerals: Sequence[str]) -> Array:
    """Mass of element per mass of mineral, (elements, minerals)."""
    rows = [slate.elements.index(symbol) for symbol in elements]
    return slate.element_fractions[np.ix_(rows, [slate.row(name) for name in minerals])]


def check_sum(what: str, total: Array, remainder: str | None) -> None:
    """Refuse fractions above 1, or below 1 where nothing takes the rest; any scenario counts."""
    _check_not_above(what, total)
    if remainder is None and total.real.min() < 1.0 - ROUNDED_SUM:
        raise InputError(
            f"{what} sums to {total.real.min():.6%}; "
            "name a 'remainder' that takes the rest up to 100 %"
        )


def _check_not_above(what: str, total: Array) -> None:
    highest = total.real.max()
    if highest > 1.0 + ROUNDED_SUM:
        raise InputError(f"{what} sums to {highest:.6%}; at most 100 % is possible, give less")


def _per_scenario(values: Iterable[Any]) -> Array:
    """Stack numbers and (scenarios,) arrays to (entries, 1 or scenarios)."""
    return np.stack(np.broadcast_arrays(*[np.atleast_1d(value) for value in values]))


def _fit(assay: Assay) -> Array:
    """Fit (1) with (2), which leaves the minerals as the only unknowns."""
    contents, weights = _per_scenario(assay.contents), _per_scenario(assay.weights)
    _check_not_above("assay", contents.sum(axis=0))
    of_names = element_contents(assay.slate, assay.elements, assay.names)
    brought = of_names[:, : len(assay.minerals)]
    gangue = of_names[:, len(assay.minerals) :].sum(axis=1, keepdims=True)
    for fitted in dict.fromkeys(map(tuple, (weights.real > 0.0).T)):
        _check_minerals(assay, brought, gangue, np.array(fitted))
    scale = (np.sqrt(weights) / np.where(contents.real > TRACE, contents, TRACE)).T
    matrix = scale[:, :, None] * (brought - gangue)
    length = np.sqrt((matrix * matrix).sum(axis=1, keepdims=True))
    try:
        shares = _non_negative_least_squares(matrix / length, scale * (contents - gangue).T)
    except np.linalg.LinAlgError:
        raise _not_told_apart(assay.minerals, assay.elements) from None
    fractions: Array = (shares / length[:, 0]).T
    total = fractions.sum(axis=0)
    if total.real.max() > 1.0 + ROUNDED_SUM:
        raise _more_than_everything(assay.minerals, fractions[:, int(total.real.argmax())].real)
    if assay.remainder is None:
        return fractions
    # Above 1 the minerals are only by rounding.
    return np.concatenate((fractions, np.maximum(1.0 - total, 0.0)[None]))  # (2)


_fit_of_numbers = lru_cache(maxsize=256)(_fit)
"""The same, remembered: a feed is asked for its minerals in every pass."""


def _check_minerals(assay: Assay, brought: Array, gangue: Array, fitted: Array) -> None:
    """Refuse an element that nothing can carry, and minerals that the assay cannot tell apart."""
    carried = (brought > 0.0).any(axis=1) | (gangue[:, 0] > 0.0)
    for symbol, without in zip(assay.elements, fitted & ~carried, strict=True):
        if without:
            raise InputError(
                f"assay: none of the minerals contains {symbol}; "
                f"add one that does, or set assay_weight.{symbol} = 0"
            )
    if np.linalg.matrix_rank((brought - gangue)[fitted]) < len(assay.minerals):
        known = [symbol for symbol, fits in zip(assay.elements, fitted, strict=True) if fits]
        raise _not_told_apart(assay.minerals, known)


def _not_told_apart(minerals: Sequence[str], elements: Sequence[str]) -> InputError:
    return InputError(
        f"minerals: {', '.join(minerals)} cannot be told apart by fitting "
        f"{', '.join(elements) or 'nothing'}; assay more elements, or name fewer minerals"
    )


def _more_than_everything(minerals: Sequence[str], fractions: Array) -> InputError:
    parts = zip(minerals, fractions, strict=True)
    return InputError(
        f"minerals: what fits the assay sums to {fractions.sum():.4%} "
        f"({', '.join(f'{name} {fraction:.4%}' for name, fraction in parts)}); "
        "check the assay, or name minerals that hold more of its elements"
    )


def _non_negative_least_squares(matrix: Array, target: Array) -> Array:
    """Solve min |matrix x - target|, x >= 0, for (scenarios, rows, columns): (scenarios, columns).

    Starts with all unknowns above zero and moves, in each scenario, the first that is on the wrong
    side: it is negative, or would lessen the misfit.

    Murty (1974), Mathematical Programming 7, 44-53: no set of unknowns comes twice. The columns of
    the matrix have the length 1. Raises LinAlgError where they are too alike.
    """
    turned = matrix.swapaxes(1, 2)
    normal, wanted = turned @ matrix, turned @ target[:, :, None]
    present = np.ones(wanted.shape, dtype=bool)
    alone = np.eye(matrix.shape[2])
    for _ in range(MOST_MOVES):
        among = np.where(present & present.swapaxes(1, 2), normal, alone)
        x = np.linalg.solve(among, np.where(present, wanted, 0.0))
        gain = wanted - normal @ x
        wrong = np.where(present, x.real < -NEGLIGIBLE, gain.real > ROUNDING)
        if not wrong.any():
            return np.where(x.real > 0.0, x, 0.0)[:, :, 0]
        present ^= wrong & (np.cumsum(wrong, axis=1) == 1)
    raise np.linalg.LinAlgError("columns too alike")
