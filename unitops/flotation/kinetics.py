"""Kinetics of true flotation: what share of a floatable mineral floats, in a batch and in a bank.

A mineral floats at first order, but its particles do not all float equally fast. With k t, or k tau
for one of N equal, perfectly mixed cells, the share that is left is averaged over the distribution
of k. What is left of one rate constant is exp(-k t) in a batch and (1 + k tau)^-N in a bank.

    first order     R = 1 - exp(-k t)                                           batch     (1)
                    R = 1 - (1 + k tau)^-N                                      bank      (2)
    Klimpel         R = 1 - (1 - exp(-k t)) / (k t)                                       (3)
                    R = 1 - (1 - (1 + k tau)^(1 - N)) / ((N - 1) k tau)                   (4)
                    R = 1 - ln(1 + k tau) / (k tau)                             N = 1     (5)
    Kelsall         R = s R(k_slow) + (1 - s) R(k), each by (1) or (2)                    (6)
    gamma           R = 1 - (1 + k t / a)^-a                                              (7)
                    R = 1 - mean of (1 + k tau)^-N over the gamma distribution            (8)

k is the rate constant of all particles (first order), the largest of a distribution that is even
between 0 and k (Klimpel), that of the fast fraction (Kelsall), or the mean of a gamma distribution
of shape a. A large shape is first order; shape 1 is the exponential distribution.

(1) Garcia-Zuniga (1935); (2) Yianatos (2008); (3) Klimpel (1980), in Mineral Processing Plant
Design, 2nd ed.; (6) Kelsall (1961), Transactions of the Institution of Mining and Metallurgy 70,
191-204; (7) Imaizumi and Inoue (1965): all quoted from memory, as the textbooks have them. (4),
(5) and (8) follow from (2) and the distribution.

Everything is a share of what can float: multiply by the recovery at infinite time, and divide by it
before a rate constant is sought. Rate constants and times are in any units that cancel, numbers or
arrays that broadcast; complex ones keep their derivatives.
"""

from typing import Any

import numpy as np

from flowsheet.core.flow import Array

NODES = 96
"""Of the average (8), for k tau up to 1000: within 1e-8 for shapes from 0.5, 1e-6 from 0.2."""
SERIES_BELOW = 1e-4
"""Where a quotient that tends to 0 / 0 is taken from its series instead."""
NEGLIGIBLE = 37.5
"""Logarithm of 2e16: the tails of a distribution left out of (8) weigh less than a rounding."""
NEWTON_STEPS = 60
"""From far left Newton's steps double, so these reach a share left of 1e-12."""


def first_order_batch(rate_constant: Any, time: Any) -> Array:
    """Return the recovery by (1)."""
    return np.asarray(-np.expm1(-rate_constant * time))


def first_order_bank(rate_constant: Any, time_per_cell: Any, cells: Any) -> Array:
    """Return the recovery by (2)."""
    return np.asarray(1.0 - (1.0 / (1.0 + rate_constant * time_per_cell)) ** cells)


def klimpel_batch(largest_rate_constant: Any, time: Any) -> Array:
    """Return the recovery by (3)."""
    return np.asarray(1.0 - _mean_of_decay(largest_rate_constant * time))


def klimpel_bank(largest_rate_constant: Any, time_per_cell: Any, cells: Any) -> Array:
    """Return the recovery by (4), which for one cell is (5)."""
    demand = largest_rate_constant * time_per_cell
    # With L = ln(1 + k tau), (4) is (L / (k tau)) (1 - exp(-(N - 1) L)) / ((N - 1) L).
    left = _log_over(demand) * _mean_of_decay((cells - 1.0) * np.log1p(demand))
    return np.asarray(1.0 - left)


def kelsall_batch(fast: Any, slow: Any, slow_fraction: Any, time: Any) -> Array:
    """Return the recovery by (6) and (1)."""
    quick, lazy = first_order_batch(fast, time), first_order_batch(slow, time)
    return np.asarray(slow_fraction * lazy + (1.0 - slow_fraction) * quick)


def kelsall_bank(fast: Any, slow: Any, slow_fraction: Any, time_per_cell: Any, cells: Any) -> Array:
    """Return the recovery by (6) and (2)."""
    quick = first_order_bank(fast, time_per_cell, cells)
    lazy = first_order_bank(slow, time_per_cell, cells)
    return np.asarray(slow_fraction * lazy + (1.0 - slow_fraction) * quick)


def gamma_batch(mean_rate_constant: Any, shape: Any, time: Any) -> Array:
    """Return the recovery by (7)."""
    return np.asarray(-np.expm1(-shape * np.log1p(mean_rate_constant * time / shape)))


def gamma_bank(mean_rate_constant: Any, shape: Any, time_per_cell: Any, cells: Any) -> Array:
    """Return the recovery by (8), averaged over rate constants that stand for the distribution.

    So it rises with time, with cells and with the rate constant, and stays between 0 and 1, as
    exactly as (2) does.
    """
    demand = np.asarray(mean_rate_constant * time_per_cell)
    relative, weights = _gamma_nodes(np.asarray(shape))
    recovery: Any = 0.0
    for place in range(NODES):  # one after the other: all together would not fit into the cache
        floats = first_order_bank(demand, relative[place], cells)
        recovery = recovery + weights[place] * floats
    return np.asarray(recovery)


def first_order_rate_constant(recovery: Any, time: Any) -> Array:
    """Return the rate constant that (1) needs for a recovery in a batch, below 1."""
    return np.asarray(-np.log1p(-np.asarray(recovery)) / time)


def klimpel_rate_constant(recovery: Any, time: Any) -> Array:
    """Return the rate constant that (3) needs for a recovery in a batch, from 0 to below 1."""
    left = 1.0 - np.asarray(recovery)
    # (3) is convex: from the left, where more would be left than should be, Newton never overshoots
    demand = 2.0 * np.asarray(recovery)
    for _ in range(NEWTON_STEPS):
        demand = demand - (_mean_of_decay(demand) - left) / _slope_of_mean(demand)
    return np.asarray(demand / time)


def kelsall_rate_constant(recovery: Any, slow: Any, slow_fraction: Any, time: Any) -> Array:
    """Return the fast rate constant that (6) needs for a recovery in a batch.

    Not-a-number where the slow fraction alone explains more, or leaves more, than that.
    """
    left = 1.0 - np.asarray(recovery) - slow_fraction * np.exp(-slow * time)
    share = left / (1.0 - np.asarray(slow_fraction))
    possible = (share.real > 0.0) & (share.real <= 1.0)
    return np.asarray(np.where(possible, -np.log(np.where(possible, share, 1.0)), np.nan) / time)


def gamma_rate_constant(recovery: Any, shape: Any, time: Any) -> Array:
    """Return the mean rate constant that (7) needs for a recovery in a batch, below 1."""
    return np.asarray(shape * np.expm1(-np.log1p(-np.asarray(recovery)) / shape) / time)


def _mean_of_decay(z: Any) -> Array:
    """(1 - exp(-z)) / z, which is 1 at z = 0."""
    z = np.asarray(z)
    small = np.abs(z) < SERIES_BELOW
    far = np.where(small, 1.0, z)
    near = np.where(small, z, 0.0)
    series = 1.0 - near * (1.0 / 2.0 - near * (1.0 / 6.0 - near / 24.0))
    return np.asarray(np.where(small, series, -np.expm1(-far) / far))


def _slope_of_mean(z: Any) -> Array:
    """Derivative of (1 - exp(-z)) / z, which is -1/2 at z = 0."""
    z = np.asarray(z)
    small = np.abs(z) < SERIES_BELOW
    far = np.where(small, 1.0, z)
    near = np.where(small, z, 0.0)
    series = -1.0 / 2.0 + near * (1.0 / 3.0 - near / 8.0)
    return np.asarray(np.where(small, series, (np.expm1(-far) / far + np.exp(-far)) / far))


def _log_over(z: Any) -> Array:
    """ln(1 + z) / z, which is 1 at z = 0."""
    z = np.asarray(z)
    small = np.abs(z) < SERIES_BELOW
    far = np.where(small, 1.0, z)
    near = np.where(small, z, 0.0)
    series = 1.0 - near * (1.0 / 2.0 - near * (1.0 / 3.0 - near / 4.0))
    return np.asarray(np.where(small, series, np.log1p(far) / far))


def _gamma_nodes(shape: Array) -> tuple[Array, Array]:
    """Rate constants over their mean, and the weight of each, (nodes, ...) for a shape (...).

    The trapezoidal rule in x with ln(k / scale) = x - exp(-x), which lets the weight fade at both
    ends doubly exponentially: Takahasi and Mori (1974), Publications of RIMS 9, 721-741.
    """
    a = np.real(shape)
    drop = NEGLIGIBLE / a
    # Where the distribution has fallen by 2e16 from its peak; both bounds of the left end hold.
    left_end = np.maximum(np.exp(-1.0 - drop), 1.0 - np.sqrt(2.0 * drop))
    right_end = 1.0 + np.sqrt(2.0 * drop) + drop
    first = _transformed(np.log(a) + np.log(left_end))
    last = _transformed(np.log(a * right_end))
    steps = np.linspace(0.0, 1.0, NODES).reshape(NODES, *(1,) * a.ndim)
    x = first + steps * (last - first)
    logarithm = x - np.exp(-x)
    weights = np.log1p(np.exp(-x)) + shape * (logarithm - np.log(a)) - np.exp(logarithm)
    weights = np.exp(weights + a)
    # Rounded down, so that no recovery adds up to more than 1.
    weights = weights / (weights.sum(axis=0) * (1.0 + 1e-15))
    return np.exp(logarithm) / shape, weights


def _transformed(logarithm: Array) -> Array:
    """The x for which x - exp(-x) is a logarithm."""
    x = np.where(logarithm > 0.0, logarithm, -np.log1p(np.maximum(-logarithm, 0.0)))
    for _ in range(8):
        x = x - (x - np.exp(-x) - logarithm) / (1.0 + np.exp(-x))
    return np.asarray(x)
