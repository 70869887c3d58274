"""Plitt's model of the hydrocyclone: cut size, pressure, split and sharpness from its dimensions.

With D_c, D_i, D_o, D_u the diameters of cyclone, inlet, vortex finder and apex and h the free
vortex height in cm, Q the pulp per cyclone in L/min, phi the solids in it in vol-%, densities in
g/cm^3:

    d50c = 39.9 D_c^0.46 D_i^0.6 D_o^1.21 e^(0.063 phi)
           / (D_u^0.71 h^0.38 Q^0.45 ((rho_s - rho_l) / 1.6)^k)           um        (1)
    P = 1.88 Q^1.78 e^(0.0055 phi) / (D_c^0.37 D_i^0.94 h^0.28 (D_u^2 + D_o^2)^0.87)  kPa   (2)
    S = 1.9 (D_u / D_o)^3.31 h^0.54 (D_u^2 + D_o^2)^0.36 e^(0.0054 phi)
        / (H^0.24 D_c^1.11)                      underflow over overflow, by volume     (3)
    m = 1.94 e^(-1.58 S / (1 + S)) (D_c^2 h / Q)^0.15                                (4)

H is the pressure as metres of pulp. For k = 0.5 the constant of (1) is the 50.5 of Plitt (1976),
CIM Bulletin 69, 114-123; k in place of 0.5 is from Flintoff, Plitt and Turak (1987), CIM Bulletin
80, 39-50. Equations quoted from memory; (3) compared with one public implementation.

The constant of (3) is printed in several ways. 1.9 belongs to cm and metres of pulp, 2.9 to inches
and feet of pulp: the same equation, as 2.9 * 2.54^-0.15 * 3.281^-0.24 = 1.90. With P in kPa it is
1.9 * 9.81^0.24 = 3.29; the 18.62 of some handbooks is 1.9 * 9.8, the exponent forgotten.

Arguments are SI floats or arrays that broadcast, real or complex, above zero.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from flowsheet.core.flow import Array

CUT_SIZE = 50.5e-6 / 1.6**0.5
"""Constant of (1), for a cut size in m."""
PER_CM = 100.0
L_PER_MIN = 60e3
GRAVITY = 9.81


@dataclass(frozen=True)
class CycloneBody:
    """Dimensions of one cyclone in m; where they vary, (scenarios,)."""

    diameter: Any
    inlet: Any
    vortex_finder: Any
    apex: Any
    free_vortex_height: Any


def plitt_cut_size(
    body: CycloneBody, flow: Any, solids: Any, excess_density: Any, exponent: Any
) -> Array:
    """Return d50c in m by (1), for a volume flow per cyclone in m^3/s.

    ``solids`` is their volume fraction, ``excess_density`` that of the particles above the liquid,
    ``exponent`` is k.
    """
    widths = (
        (body.diameter * PER_CM) ** 0.46
        * (body.inlet * PER_CM) ** 0.6
        * (body.vortex_finder * PER_CM) ** 1.21
    )
    heights = (body.apex * PER_CM) ** 0.71 * (body.free_vortex_height * PER_CM) ** 0.38
    crowded = np.exp(6.3 * solids) / (flow * L_PER_MIN) ** 0.45
    return np.asarray(CUT_SIZE * widths / heights * crowded / (excess_density / 1600.0) ** exponent)


def plitt_pressure(body: CycloneBody, flow: Any, solids: Any) -> Array:
    """Return the pressure drop in Pa by (2)."""
    dimensions = (
        (body.diameter * PER_CM) ** 0.37
        * (body.inlet * PER_CM) ** 0.94
        * (body.free_vortex_height * PER_CM) ** 0.28
        * _outlets(body) ** 0.87
    )
    return np.asarray(1880.0 * (flow * L_PER_MIN) ** 1.78 * np.exp(0.55 * solids) / dimensions)


def plitt_split(body: CycloneBody, pressure: Any, solids: Any, pulp_density: Any) -> Array:
    """Return S, the pulp to the underflow over that to the overflow, by (3)."""
    head = pressure / (GRAVITY * pulp_density)
    dimensions = (
        (body.apex / body.vortex_finder) ** 3.31
        * (body.free_vortex_height * PER_CM) ** 0.54
        * _outlets(body) ** 0.36
        / (body.diameter * PER_CM) ** 1.11
    )
    return np.asarray(1.9 * dimensions * np.exp(0.54 * solids) / head**0.24)


def plitt_sharpness(body: CycloneBody, flow: Any, split: Any) -> Array:
    """Return m of the Rosin-Rammler efficiency curve by (4)."""
    volume = (body.diameter * PER_CM) ** 2 * body.free_vortex_height * PER_CM
    slowness = (volume / (flow * L_PER_MIN)) ** 0.15
    return np.asarray(1.94 * np.exp(-1.58 * split / (1.0 + split)) * slowness)


def _outlets(body: CycloneBody) -> Array:
    """D_u^2 + D_o^2 in cm^2."""
    return np.asarray((body.apex * PER_CM) ** 2 + (body.vortex_finder * PER_CM) ** 2)
