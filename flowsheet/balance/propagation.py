"""Errors of assays carried to what is worked out of them, to first order.

    s_y^2 = sum_k (dy/dx_k s_k)^2                                                   (1)

for independent errors s_k of the assays x_k. The derivatives are exact: each assay in turn gets an
imaginary part (complex step), all of them in one batch.

(1) Wills and Finch (2016), Wills' Mineral Processing Technology, 8th ed., ch. 3, for the recovery
of two products (quoted from memory). Complex step: Squire and Trapp (1998), SIAM Review 40,
110-112.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Array = NDArray[Any]

_STEP = 1e-30


def propagated(
    figures: Callable[[Array], Array], values: Floats, deviations: Floats
) -> tuple[Floats, Floats]:
    """Return the figures of the values, (figures,), and the effects of one standard deviation.

    ``figures`` takes (streams, elements, scenarios), complex, and gives (figures, scenarios).
    Effects are (figures, assays), the assays in the order in which the values are ravelled.
    """
    steps = np.eye(values.size).reshape(*values.shape, values.size)
    found = figures(values[:, :, None] + 1j * _STEP * steps)
    return found.real[:, 0].copy(), found.imag / _STEP * deviations.ravel()
