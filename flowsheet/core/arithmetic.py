"""Division that has an answer when nothing flows, and the first of a batch."""

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
