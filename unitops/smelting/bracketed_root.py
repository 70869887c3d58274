"""Where a function of one number per scenario is zero, found between bounds, with derivatives.

Chandrupatla's method (Adv. Eng. Softw. 28 (1997) 145): inverse quadratic interpolation where it is
safe, halving where it is not. Every scenario goes its own way and does not feel the others. A last
step of Newton's method, with the slope from a complex step, carries the derivative of what the
function depends on over to the root.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from flowsheet.core.flow import Array

_PASSES = 100
_TINY = 1e-20
_SMALL = 1e-13  # of the values at the bounds: the step of Newton's method does the rest


def bracketed_root(
    function: Callable[[Array], Array], low: Array, high: Array, ends: tuple[Array, Array]
) -> Array:
    """A zero of a real function between bounds, (scenarios,).

    ``ends`` are the values at the bounds, of different sign; where they have one sign, the bound
    whose value is nearer to zero is returned.
    """
    a, b = np.array(high, dtype=float), np.array(low, dtype=float)
    at_b, at_a = ends
    c, at_c = a.copy(), at_a.copy()
    nearest = np.where(np.abs(at_a) < np.abs(at_b), a, b)
    done = at_a * at_b >= 0.0
    rise = at_a - at_b
    t = np.where(done, 0.5, at_a / np.where(rise == 0.0, 1.0, rise))
    small = _SMALL * np.abs(rise)
    for _ in range(_PASSES):
        x = np.where(done, nearest, a + t * (b - a))
        at_x = function(x)
        same = np.sign(at_x) == np.sign(at_a)
        c, at_c = np.where(same, a, b), np.where(same, at_a, at_b)
        b, at_b = np.where(same, b, a), np.where(same, at_b, at_a)
        a, at_a = x, at_x
        best = np.where(np.abs(at_a) < np.abs(at_b), a, b)
        nearest = np.where(done, nearest, best)
        tolerance = 1e-13 * np.abs(nearest) + 1e-300
        width = np.abs(b - a)
        done = done | (np.abs(at_x) <= small) | (width <= tolerance)
        if np.all(done):
            break
        least = tolerance / np.where(width > 0.0, width, 1.0)
        t = _step((a, b, c), (at_a, at_b, at_c), least)
    return nearest


def newton_root(
    function: Callable[[Any], Array], low: Array, high: Array, ends: tuple[Array, Array]
) -> tuple[Array, Array]:
    """A zero of a real function between bounds and the slope there, both (scenarios,).

    For a function that is nearly straight and takes complex numbers: Newton's method from where the
    line between the ends crosses zero, with slopes from complex steps, and halving where it leaves
    the bounds or is slow. ``ends`` are as for ``bracketed_root``.
    """
    below, above = np.array(low, dtype=float), np.array(high, dtype=float)
    at_low, at_high = ends
    rise = at_high - at_low
    small = _SMALL * np.abs(rise)
    done = at_low * at_high >= 0.0
    outside = np.where(np.abs(at_low) < np.abs(at_high), below, above)
    x = np.where(done, outside, below - at_low / np.where(done, 1.0, rise) * (above - below))
    sign = np.where(rise < 0.0, -1.0, 1.0)
    before = np.abs(rise)
    for _ in range(_PASSES):
        found = function(x + 1j * _TINY)
        value, slope = found.real, found.imag / _TINY
        step = -value / np.where(slope == 0.0, 1.0, slope)
        width = above - below
        done = done | (np.abs(value) <= small) | (np.abs(step) <= 1e-14 * np.abs(x))
        done |= width <= 1e-13 * np.abs(x) + 1e-300
        if np.all(done):
            break
        under = value * sign < 0.0
        below, above = np.where(under, x, below), np.where(under, above, x)
        inside = (x + step > below) & (x + step < above) & (np.abs(value) < 0.5 * before)
        following = np.where(inside & (slope != 0.0), x + step, 0.5 * (below + above))
        before = np.abs(value)
        x = np.where(done, x, following)
    return x, slope


def with_derivative(
    function: Callable[[Any], Array], still: Callable[[Any], Array], root: Array
) -> Array:
    """The root of a function, moved by one step of Newton's method; complex where that is.

    ``still`` is the same function without the directions of derivatives.
    """
    return with_slope(function, root, still(root + 1j * _TINY).imag / _TINY)


def with_slope(function: Callable[[Any], Array], root: Array, slope: Array) -> Array:
    """The same where the slope of the function at its root is known."""
    flat = slope == 0.0
    moved: Array = root - np.where(flat, 0.0, function(root) / np.where(flat, 1.0, slope))
    return moved


def _step(at: tuple[Array, Array, Array], of: tuple[Array, Array, Array], least: Array) -> Array:
    """Where between a (0) and b (1) to look next, from points a, b, c and their values."""
    (a, b, c), (fa, fb, fc) = at, of
    spread, rise = np.where(c == b, 1.0, c - b), np.where(fc == fb, 1.0, fc - fb)
    xi, phi = (a - b) / spread, (fa - fb) / rise
    safe = (phi**2 < xi) & ((1.0 - phi) ** 2 < 1.0 - xi)
    safe &= (fb != fa) & (fc != fa) & (fc != fb) & (b != a)

    def over(above: Array, below: Array) -> Array:
        quotient: Array = above / np.where(safe, below, 1.0)
        return quotient

    t = over(fa, fb - fa) * over(fc, fb - fc)
    t = t + over(c - a, b - a) * over(fa, fc - fa) * over(fb, fc - fb)
    least = np.minimum(least, 0.5)
    return np.clip(np.where(safe, t, 0.5), least, 1.0 - least)
