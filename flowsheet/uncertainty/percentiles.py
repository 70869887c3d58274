"""What many draws of one figure say: percentiles and mean, and how many draws failed."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from flowsheet.core.errors import InputError, SolveError


@dataclass(frozen=True)
class Spread:
    """Where the values of one figure lie, over the draws that solved, in the unit of the values."""

    p10: float
    """10 % of the values that solved lie below."""
    p50: float
    """The median."""
    p90: float
    """90 % of the values that solved lie below."""
    mean: float
    solved: int
    """Draws that are counted."""
    failed: int
    """Draws without a value, in none of the figures above."""


def percentiles(values: Any, where: str = "values") -> Spread:
    """Return the percentiles of one value per draw, (draws,); not-a-number marks a failed draw.

    P10 is the low end and P90 the high one, whether high is good or bad; between two draws it is
    interpolated. ``where`` names the figure in errors. Raises InputError for values that are not
    one per draw or are infinite, SolveError when all draws failed.
    """
    numbers = np.asarray(values, dtype=float)
    if numbers.ndim != 1 or not numbers.size:
        raise InputError(f"{where}: needs one value per draw, got the shape {numbers.shape}")
    if np.isinf(numbers).any():
        raise InputError(f"{where}: {np.isinf(numbers).sum()} of {numbers.size} are infinite")
    solved = numbers[~np.isnan(numbers)]
    if not solved.size:
        raise SolveError(f"{where}: no value in any of {numbers.size} draws, so no percentile")
    p10, p50, p90 = (float(value) for value in np.percentile(solved, (10.0, 50.0, 90.0)))
    return Spread(p10, p50, p90, float(solved.mean()), solved.size, numbers.size - solved.size)
