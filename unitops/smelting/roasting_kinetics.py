"""How far stibnite is oxidised in a given time: shrinking core, reaction at its surface.

    1 - (1 - X)^(1/3) = k t                                                         (1)
    k = k_ref exp(-Ea/R (1/T - 1/T_ref)) (p/p_ref)^0.6 d_ref/d                      (2)

Ea = 90.3 kJ/mol and the order 0.6 in oxygen are those of Padilla, Aracena and Ruiz (oxidation of
stibnite in oxygen and nitrogen, J. Min. Metall. B; abstract only), measured at 350 to 500 degC and
1.01 to 21.3 kPa O2. Their k_ref is not in the abstract and has to be given, or fitted.

(1) is for solids that all stay the same time. In a well-mixed bed of mean time t they do not
(Levenspiel, Chemical Reaction Engineering, quoted from memory), with y = k t:

    X = 3 y - 6 y^2 + 6 y^3 (1 - exp(-1/y))                                         (3)
"""

from typing import Any

import numpy as np

from flowsheet.core.constants import GAS_CONSTANT

ACTIVATION_ENERGY = 90.3e3
OXYGEN_ORDER = 0.6
REFERENCE_TEMPERATURE = 723.15
REFERENCE_OXYGEN = 21.3e3
REFERENCE_SIZE = 75e-6
MEASURED_CELSIUS = (350.0, 500.0)
MEASURED_OXYGEN = (1.01e3, 21.3e3)
_BEGUN, _LATE = 1e-3, 20.0


def rate_of_core(reference: Any, temperature: Any, oxygen: Any, size: Any) -> Any:
    """Rate k of (2) in 1/s; temperature in K, oxygen in Pa, size in m."""
    warmth = (1.0 / temperature - 1.0 / REFERENCE_TEMPERATURE) / GAS_CONSTANT
    there = np.real(oxygen) > 0.0
    pressure = np.where(there, oxygen / REFERENCE_OXYGEN, 1.0) ** OXYGEN_ORDER * there
    speed = reference * np.exp(-ACTIVATION_ENERGY * warmth)
    return speed * pressure * (REFERENCE_SIZE / size)  # (2)


def conversion_after(reacted: Any, mixed: bool) -> Any:
    """Share oxidised, X, after k t = ``reacted``, by (1), or by (3) where solids are mixed."""
    reacted = np.asarray(reacted)
    if not mixed:
        left = np.where(reacted.real < 1.0, 1.0 - reacted, 0.0)
        return 1.0 - left**3  # (1)
    # 1/y is taken where it neither overflows nor makes (3) a difference of large numbers.
    begun, late = reacted.real <= _BEGUN, reacted.real >= _LATE
    u = 1.0 / np.where(begun, 1.0, reacted)
    faded = np.where(begun, 0.0, np.exp(-u))
    y = np.where(late, 1.0, reacted)
    exact = 3.0 * y - 6.0 * y**2 + 6.0 * y**3 * (1.0 - faded)  # (3)
    series = 1.0 - u / 4.0 + u**2 / 20.0 - u**3 / 120.0 + u**4 / 840.0 - u**5 / 6720.0
    return np.where(late, series, exact)
