"""Entrainment: solids that follow the water into the froth, attached to no bubble.

Entrained per water, relative to the pulp, is the degree of entrainment ENT, from 0 to 1; fines
follow the water and coarse grains drain back. By size d, with xi the size at which ENT is 20 % and
delta a drainage parameter:

    ENT = 2 / (exp(2.292 (d / xi)^m) + exp(-2.292 (d / xi)^m))                  (1)
    m = 1 + ln(delta) / exp(d / xi)                                             (2)

With R the recovery of true flotation and R_w that of the water, over a bank as a whole

    R_total = R + (1 - R) ENT R_w                                               (3)

or in every one of N cells, where flotation and entrainment empty the pulp side by side and R_w is
the water recovery of one cell:

    R_cell = (k tau (1 - R_w) + ENT R_w) / ((1 + k tau)(1 - R_w) + ENT R_w)     (4)

With e = ENT R_w / (1 - R_w), (4) leaves 1 / (1 + e + k tau) of a cell's feed. So N cells leave

    1 - R_total = (1 + e)^-N (1 - R(k, tau / (1 + e), N))                       (5)

for any distribution of k.

(1), (2): Savassi, Alexander, Franzidis and Manlapig (1998), Minerals Engineering 11, 243-256, as
in Wills' Mineral Processing Technology, chapter 12; the form is quoted from memory. (3): Johnson
(1972) and Warren (1985), as there. (4): Savassi (2005), Minerals Engineering 18, 167-176, from
memory; (5) follows from (4).
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from flowsheet.core.flow import Array

FASTER_THAN_EXP = 700.0
"""exp(-700) is 1e-304: larger exponents entrain nothing, and would overflow."""


def degree_of_entrainment(size: Any, entrainment_size: Any, drainage: Any) -> Array:
    """Return ENT by (1) and (2) for sizes in m, any shapes that broadcast."""
    relative = np.asarray(size / entrainment_size)
    power = 1.0 + np.log(drainage) * np.exp(-relative)  # (2)
    exponent = 2.292 * relative**power
    some = exponent.real < FASTER_THAN_EXP
    decay = np.exp(-np.where(some, exponent, FASTER_THAN_EXP))
    return np.asarray(np.where(some, 2.0 * decay / (1.0 + decay**2), 0.0))  # (1)


def water_recovery_of_cell(water_recovery: Any, cells: Any) -> Array:
    """Return the water recovery of each of N equal cells that have one together."""
    return np.asarray(1.0 - (1.0 - np.asarray(water_recovery)) ** (1.0 / np.asarray(cells)))


def water_recovery_of_bank(water_recovery_per_cell: Any, cells: Any) -> Array:
    """Return the water recovery that N equal cells have together."""
    return np.asarray(1.0 - (1.0 - np.asarray(water_recovery_per_cell)) ** cells)


def entrained_over_bank(floated: Any, entrainment: Any, water_recovery: Any) -> Array:
    """Return the total recovery by (3)."""
    return np.asarray(floated + (1.0 - floated) * entrainment * water_recovery)


def entrained_in_cells(
    floated_in: Callable[[Array], Array], entrainment: Any, water_recovery_per_cell: Any, cells: Any
) -> Array:
    """Return the total recovery by (5).

    ``floated_in`` gives the recovery of true flotation for a share of the residence time.
    """
    washed = 1.0 + entrainment * (water_recovery_per_cell / (1.0 - water_recovery_per_cell))
    share = 1.0 / washed
    return np.asarray(1.0 - share**cells * (1.0 - floated_in(share)))
