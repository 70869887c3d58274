"""Bubble surface area flux: bubble surface that rises through a cell, per cross-section and time.

From the bubbles themselves, with J_g the superficial gas velocity and d_32 their Sauter mean
diameter:

    S_b = 6 J_g / d_32                                                          (1)

or from the impeller, with N_s its tip speed in m/s, J_g in cm/s, A_s its aspect ratio (width over
height) and P_80 the 80 % passing size of the pulp in um:

    S_b = 123 N_s^0.44 J_g^0.75 A_s^-0.10 P_80^-0.42                            (2)

(1) Finch and Dobby (1990), Column Flotation. (2) Gorain, Franzidis and Manlapig (1999), Minerals
Engineering 12, 475-484, fitted to cells of 0.05 to 150 m3; as the pages of the flowsheet program of
Metallurgical Systems print it, and not re-read in the paper.
"""

from typing import Any

import numpy as np

from flowsheet.core.flow import Array

CENTIMETRES = 100.0
MICROMETRES = 1e6


def flux_of_bubbles(superficial_gas_velocity: Any, bubble_diameter: Any) -> Array:
    """Return S_b by (1) in 1/s, from m/s and m."""
    return np.asarray(6.0 * superficial_gas_velocity / bubble_diameter)


def flux_of_impeller(
    superficial_gas_velocity: Any, tip_speed: Any, aspect_ratio: Any, pulp_p80: Any
) -> Array:
    """Return S_b by (2) in 1/s, from m/s, m/s, a ratio and m."""
    gas = (superficial_gas_velocity * CENTIMETRES) ** 0.75
    size = (pulp_p80 * MICROMETRES) ** -0.42
    return np.asarray(123.0 * tip_speed**0.44 * gas * aspect_ratio**-0.10 * size)
