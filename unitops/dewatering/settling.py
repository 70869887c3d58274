"""Settling area of a thickener per mass flow of solids: from settling tests, or from a law.

The solids must pass every concentration between feed and underflow. A layer of concentration C
settles at v(C) while the underflow drags it down, and passes the flux

    G = v / (1 / C - 1 / C_u)                                                   (1)

The layer that passes the least needs the largest unit area 1 / G. With the dilutions D (mass of
liquor per mass of solids) in place of concentrations, no density of the solids is needed:

    unit area = max over the tests of (D - D_u) / (v * rho_liquor)              (2)

Coe and Clevenger (1916), Transactions AIME 55, 356-384; as in Coulson and Richardson, Chemical
Engineering, volume 2, chapter 5.

Where no test is at hand, v follows the law of hindered settling, with phi the volume fraction of
the solids, y = k * phi that of the settling aggregates, and v_0 the speed of one aggregate alone:

    v = v_0 * (1 - y)^n                                                         (3)

Then (1) has its maximum of 1 / G at the feed, or where its derivative is zero:

    n y^2 - (n + 1) y_u y + y_u = 0                                             (4)

of which the larger root is a maximum; none exists for y_u < 4 n / (n + 1)^2.

(3) Richardson and Zaki (1954), Transactions of the Institution of Chemical Engineers 32, 35-53;
with k Michaels and Bolger (1962), Industrial and Engineering Chemistry Fundamentals 1, 24-33.
(4) follows from (1) and (3).
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import numpy as np

from flowsheet.core.arithmetic import ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array
from flowsheet.core.parameters import Fraction, Parameter, Velocity
from flowsheet.core.quantities import Dimension
from flowsheet.core.record import Record
from unitops.dewatering.retained_liquor import check_percent_solids

UnitArea = Annotated[
    float,
    Parameter(Dimension("area per mass flow", "m^2*s/kg", "0.2 m^2/(t/d)", "m^2/(t/d)", above=0.0)),
]
"""Settling area per mass flow of solids."""


class SettlingTest(Record):
    """Initial speed of the mud line in a cylinder filled with pulp of one concentration."""

    percent_solids: Fraction
    """Solids of the pulp by mass."""
    velocity: Velocity
    """Speed at which the mud line falls, before the bed compresses."""

    def check(self) -> None:
        """Refuse water, dry solids and a pulp that does not settle."""
        check_percent_solids("percent_solids", self.percent_solids)
        if self.velocity == 0.0:
            raise InputError("velocity of 0 settles never; give a test that settles")


def as_settling_tests(value: Any) -> Any:
    """Turn pairs ``["15 %", "0.4 m/h"]`` into settling tests."""
    if isinstance(value, str | Mapping) or not isinstance(value, Sequence):
        raise InputError(f'needs pairs, got {value!r}; write e.g. [["15 %", "0.4 m/h"]]')
    return tuple(_settling_test(entry) for entry in value)


def _settling_test(entry: Any) -> SettlingTest:
    if isinstance(entry, SettlingTest):
        return entry
    if isinstance(entry, str) or not isinstance(entry, Sequence) or len(entry) != 2:
        raise InputError(
            f'needs percent solids and velocity, got {entry!r}; write e.g. ["15 %", "0.4 m/h"]'
        )
    return SettlingTest(percent_solids=entry[0], velocity=entry[1])


def tested_unit_area(
    tests: Sequence[SettlingTest], underflow_percent_solids: Any, liquor_density: Any
) -> Array:
    """Unit area by (2) in m^2 s/kg; tests thicker than the underflow say nothing."""
    needed = [
        (_dilution(test.percent_solids) - _dilution(underflow_percent_solids))
        / (test.velocity * liquor_density)
        for test in tests
    ]
    return np.asarray(np.maximum(np.max(needed, axis=0), 0.0))  # (2)


def _dilution(percent_solids: Any) -> Any:
    return (1.0 - percent_solids) / percent_solids


def hindered_unit_area(
    feed: Array, underflow: Array, velocity: Any, exponent: Any, solids_per_volume: Array
) -> Array:
    """Unit area by (1), (3) and (4) in m^2 s/kg.

    ``feed`` and ``underflow`` are volume fractions y of aggregates, ``solids_per_volume`` the mass
    of solids in a volume of aggregates. Infinite for an underflow of nothing but aggregates, zero
    for one that is no thicker than the feed.
    """
    square = (exponent + 1.0) ** 2 * underflow**2 - 4.0 * exponent * underflow
    root = ((exponent + 1.0) * underflow + np.sqrt(np.maximum(square, 0.0))) / (2.0 * exponent)
    limiting = np.where(square > 0.0, np.clip(root, feed, underflow), feed)  # (4)
    needed = np.maximum(
        _needed_at(feed, underflow, exponent), _needed_at(limiting, underflow, exponent)
    )
    unit_area = np.maximum(needed, 0.0) / (velocity * solids_per_volume)
    return np.where((underflow >= 1.0) & (feed < underflow), np.inf, unit_area)


def _needed_at(y: Array, underflow: Array, exponent: Any) -> Array:
    """1 / (G / v_0) by (1) and (3), zero without solids."""
    settles = np.maximum(1.0 - y, 0.0) ** exponent
    return ratio(ratio(1.0, y) - ratio(1.0, underflow), settles)
