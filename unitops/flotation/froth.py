"""Froth recovery: share of what bubbles bring into the froth that is not dropped back to the pulp.

    R_f = exp(-beta tau_f)                                                      (1)
    tau_f = H_f / J_g                                                           (2)

with beta the rate of dropping back, tau_f the time gas stays in the froth, H_f the depth of the
froth and J_g the superficial gas velocity. A cell floats at R_f times the rate constant of its
pulp. Gorain, Harris, Franzidis and Manlapig (1998), Minerals Engineering 11, 615-626; beta of 0.5
to 2 1/min, from memory.
"""

from typing import Any

import numpy as np

from flowsheet.core.flow import Array


def froth_recovery(loss_rate: Any, retention_time: Any) -> Array:
    """Return R_f by (1)."""
    return np.asarray(np.exp(-loss_rate * retention_time))


def froth_retention_time(froth_depth: Any, superficial_gas_velocity: Any) -> Array:
    """Return tau_f by (2)."""
    return np.asarray(froth_depth / superficial_gas_velocity)
