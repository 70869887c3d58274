"""Vapour pressures of the oxides that roasters drive off and gas coolers condense.

Both oxides vaporise as double molecules, Sb4O6 and As4O6. Every curve is

    log10 p(mmHg) = A - B / T                                                       (1)

and the stable condensed phase at a temperature is the one with the lowest vapour pressure, so that
the lowest curve counts and the result has no jumps.

Sb4O6: Hincke, J. Am. Chem. Soc. 52 (1930) 3869: senarmontite 742-842 K, valentinite 842-929 K,
liquid 929-1729 K (boiling point 1456 degC); constants quoted from memory, not re-read. Below 742 K
the curve of senarmontite is extrapolated.
As4O6, solid: through the points 212.5 degC, 1 mmHg and 299.2 degC, 40 mmHg of Stull, Ind. Eng.
Chem. 39 (1947) 540; extrapolated below 450 K, where published figures differ by a factor of 3.
As4O6, liquid: Rushton and Daniels, J. Am. Chem. Soc. 48 (1926) 384; constants quoted from memory,
measurements differ by 25 %.
"""

from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

PASCAL_PER_MMHG = 133.322
_ANTIMONY_TRIOXIDE = ((12.195, 10357.0), (11.318, 9625.0), (5.137, 3900.0))
_ARSENIC_TRIOXIDE = ((10.576, 5136.0), (6.513, 2722.0))


def antimony_trioxide_vapour_pressure(temperature: Any) -> NDArray[Any]:
    """Vapour pressure of Sb4O6 over Sb2O3 in Pa; temperature in K, a number or an array."""
    return _lowest(_ANTIMONY_TRIOXIDE, temperature)


def arsenic_trioxide_vapour_pressure(temperature: Any) -> NDArray[Any]:
    """Vapour pressure of As4O6 over As2O3 in Pa; temperature in K, a number or an array."""
    return _lowest(_ARSENIC_TRIOXIDE, temperature)


def vapour_held(carrier: Any, vapour_pressure: Any, pressure: Any) -> NDArray[Any]:
    """Moles of vapour that ``carrier`` moles of other gas hold at saturation.

    With ideal gases

        n_vapour = n_carrier * p / (P - p)                                          (2)

    and any amount (infinity) at and above the boiling point.
    """
    room = np.asarray(pressure - vapour_pressure)
    boils = room.real <= 0.0
    held = carrier * vapour_pressure / np.where(boils, 1.0, room)  # (2)
    return np.where(boils, np.inf, held)


def _lowest(curves: tuple[tuple[float, float], ...], temperature: Any) -> NDArray[Any]:
    exponent = reduce(np.minimum, (a - b / temperature for a, b in curves))  # (1)
    return np.asarray(PASCAL_PER_MMHG * 10.0**exponent)
