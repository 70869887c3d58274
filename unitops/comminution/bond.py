"""Bond's third theory: energy, product size and the work index of the grindability test.

        W = 10 Wi (1 / sqrt(P80) - 1 / sqrt(F80))                                       (1)

W and the work index Wi per mass of ore, P80 and F80 in um: the energy that takes ore whose 80 %
passes F80 to one whose 80 % passes P80. Bond (1952), Transactions AIME 193, 484-494; Bond (1961),
British Chemical Engineering 6, 378-385 and 543-548. Sizes below are in m; energies are in the unit
in which the work index is given.

>>> print(f"{energy(14.0, feed_p80=2000e-6, product_p80=75e-6):.3f} kWh/t")
13.035 kWh/t
>>> print(f"{1e6 * product_p80(14.0, feed_p80=2000e-6, spent=13.035):.1f} um")
75.0 um
"""

from typing import Any

import numpy as np

from flowsheet.core.flow import Array

_REFERENCE = 100e-6
"""Size in m to which the work index grinds from endless size: 10 / sqrt(P80) is 1 there."""
_SHORT_TON = 907.18474
_KWH = 3.6e6


def energy(work_index: Any, feed_p80: Any, product_p80: Any) -> Array:
    """Return the energy per mass by (1), in the unit of the work index; sizes in m."""
    return np.asarray(work_index * (_reach(product_p80) - _reach(feed_p80)))


def product_p80(work_index: Any, feed_p80: Any, spent: Any) -> Array:
    """Return the P80 in m that an energy per mass reaches: (1), solved for P80."""
    return np.asarray(_REFERENCE / (spent / work_index + _reach(feed_p80)) ** 2)


def operating_work_index(spent: Any, feed_p80: Any, product_p80: Any) -> Array:
    """Return the work index a machine shows: (1) for the energy it spends; sizes in m."""
    return np.asarray(spent / (_reach(product_p80) - _reach(feed_p80)))


def work_index_from_test(
    closing_sieve: Any, grams_per_revolution: Any, feed_p80: Any, product_p80: Any
) -> Array:
    """Return the work index in J/kg of Bond's grindability test in a ball mill; sizes in m.

        Wi = 44.5 / (P1^0.23 * Gbp^0.82 * (10 / sqrt(P80) - 10 / sqrt(F80)))  kWh/short ton   (2)

    P1 is the closing sieve in um, Gbp the new undersize per revolution in g. Bond (1961), British
    Chemical Engineering 6, 543-548.

    >>> tested = work_index_from_test(74e-6, 1.0, feed_p80=2200e-6, product_p80=50e-6)
    >>> print(f"{tested / 3.6e3:.1f} kWh/t")
    15.2 kWh/t
    """
    sieve = (closing_sieve / 1e-6) ** 0.23
    reached = _reach(product_p80) - _reach(feed_p80)
    short_tons = 44.5 / (sieve * grams_per_revolution**0.82 * reached)
    return np.asarray(short_tons * _KWH / _SHORT_TON)


def _reach(size: Any) -> Array:
    """10 / sqrt(size in um): work indices spent to grind to this size from endless size."""
    return np.asarray(np.sqrt(_REFERENCE / size))
