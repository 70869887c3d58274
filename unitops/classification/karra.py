"""Karra's model of a vibrating screen: how coarse it cuts under the load it is given.

A square opening h between wires of diameter w, on a deck inclined by the angle t, lets through what
passes its projection

    h_T = (h + w) cos t - w                                                         (1)

The screen can pass A B C D E F G tonnes of undersize per hour and m2, factors of h_T in mm, of the
share Q of the feed coarser than h_T, R finer than h_T / 2, X between 0.75 and 1.25 h_T, of the deck
S from the top and the bulk density:

    A = 12.13 h_T^0.3162 - 10.30, from 50.8 mm 0.3388 h_T + 14.41      basic capacity    (2)
    B = 1.6 - 1.2 Q, from Q = 0.87 4.275 - 4.25 Q                      oversize          (3)
    C = 0.7 + 1.2 R, 0.1528 (100 R)^0.564, 0.0061 (100 R)^1.37, 5 R - 1.5
        up to R = 0.30, 0.55, 0.80 and above                           half size         (4)
    D = 1.1 - 0.1 S                                                    deck              (5)
    E = 1 dry; wet 1 below h_T 0.8 mm, 2.5 about 4 mm, 1.15 above 25   wet screening     (6)
    F = bulk density / 1602 kg/m3                                      material          (7)
    G = 0.844 (1 - X)^3.453                                            near size         (8)

With K the undersize in the feed over this capacity, the screen cuts at

    d50 = h_T K^-0.148                                                              (9)

and particles of size d stay on it by E_c = 1 - exp(-ln 2 (d / d50)^5.846), of which what is coarser
than the opening h stays whatever (9) says.

Karra (1979), CIM Bulletin 72, 167-171, as in King (2001), Modeling and Simulation of Mineral
Processing Systems, chapter 4; quoted from memory. That the capacity includes G was confirmed by a
public description of the model. (3) and (4) jump by up to 4 % where their pieces meet; here the
smaller of the two pieces of (3) and the largest of the four of (4) count, which differs from the
original by less than that (0.6 % in d50) and does not jump.

Arguments are SI floats or arrays that broadcast, real or complex; fractions are from 0 to 1.
"""

from itertools import pairwise
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import ratio
from flowsheet.core.flow import Array

SHARPNESS = 5.846
"""Exponent of the efficiency curve."""
LEAST_OTHER = 1e-3
"""Share of the feed that is not near size, at least: nothing else would have no capacity at all."""
WET = (
    (1.0, 1.0),
    (2.0, 2.0),
    (4.0, 2.5),
    (6.0, 2.5),
    (10.0, 2.0),
    (12.0, 1.5),
    (16.0, 1.3),
    (24.0, 1.2),
    (32.0, 1.15),
)
"""Corners of E over 1.26 h_T in mm, straight between."""


def throughfall_aperture(aperture: Any, wire: Any, inclination: Any) -> Array:
    """Return h_T in m by (1); the inclination in radians."""
    return np.asarray((aperture + wire) * np.cos(inclination) - wire)


def basic_capacity(throughfall: Any) -> Array:
    """Return A in kg/s per m2 by (2)."""
    size = throughfall * 1e3
    fine, coarse = 12.1286 * size**0.3162 - 10.2991, 0.3388 * size + 14.4122
    return np.asarray(np.where(np.real(size) < 50.8, fine, coarse) / 3.6)


def oversize_factor(coarser: Any) -> Array:
    """Return B by (3)."""
    return np.asarray(np.minimum(1.6 - 1.2 * coarser, 4.275 - 4.25 * coarser))


def half_size_factor(finer: Any) -> Array:
    """Return C by (4)."""
    percent = 100.0 * finer
    pieces = (0.7 + 1.2 * finer, 0.1528 * percent**0.564, 0.0061 * percent**1.37, 5.0 * finer - 1.5)
    largest = pieces[0]
    for piece in pieces[1:]:
        largest = np.where(np.real(piece) > np.real(largest), piece, largest)
    return np.asarray(largest)


def wet_factor(throughfall: Any) -> Array:
    """Return E by (6) for a screen with spray water."""
    size = 1260.0 * throughfall
    factor: Any = WET[0][1] + 0.0 * size
    for (left, low), (right, high) in pairwise(WET):
        along = (size - left) / (right - left)
        along = np.where(np.real(along) < 1.0, along, 1.0)
        factor = factor + (high - low) * np.where(np.real(along) > 0.0, along, 0.0)
    return np.asarray(factor)


def near_size_factor(near: Any) -> Array:
    """Return G by (8)."""
    other = 1.0 - near
    return np.asarray(0.844 * np.where(np.real(other) > LEAST_OTHER, other, LEAST_OTHER) ** 3.453)


def karra_cut_size(throughfall: Any, capacity: Any, undersize: Any) -> Array:
    """Return d50 in m by (9), from capacity and undersize in the feed, both in kg/s."""
    return np.asarray(throughfall * ratio(capacity, undersize, empty=1.0) ** 0.148)
