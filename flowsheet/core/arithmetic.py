"""Division that has an answer when nothing flows, sums that no batch changes, and the first."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def first(value: Any) -> float:
    """Return the first scenario of a parameter or a total, for warnings."""
    return float(np.ravel(value)[0])


def ratio(numerator: Any, denominator: Any, empty: Any = 0.0) -> NDArray[Any]:
    """Return numerator / denominator, and ``empty`` where the denominator is exactly zero."""
    nothing = denominator == 0.0
    if not np.count_nonzero(nothing):
        return np.asarray(numerator / denominator)
    return np.asarray(np.where(nothing, empty, numerator / np.where(nothing, 1.0, denominator)))


def column_sums(rows: NDArray[Any]) -> NDArray[Any]:
    """Sum of (rows, columns) over the rows, each column to the last bit as it would be alone.

    ``sum`` adds one column in another order than several, and a decision that hangs on the last
    bit, such as whether a step of an integration is accepted, then depends on the batch.
    """
    return np.asarray(np.cumsum(rows, axis=0)[-1])
