"""What zone refining cannot pass: the ultimate distribution, and the passes on the way there.

In a long bar the distribution that no further pass changes is (Pfann, Zone Melting, 1958)

    C / C0 = A * exp(B * x),   k = B l / (exp(B l) - 1),   A = B L / (exp(B L) - 1)  (1)

A bar that ends, and whose last zone freezes normally, has another one, found here exactly: every
zone leaves behind what it takes up, so that

    C(x) = k / l * integral of C from x to x + l         up to L - l                 (2)
    C = k * S(L - l) / l * (z / l)^(k - 1)               in the last zone            (3)

(2) is integrated from the tail to the head. Both have the slope B far from the tail, but not the
same height: normal freezing holds more in the last few millimetres than exp(B x) does, so the
finite bar is cleaner at the head, by a factor that ``limit_profile`` gives.

>>> from unitops.refining.zone_limit import passes_needed, ultimate_slope
>>> print(f"{ultimate_slope(0.1):.3f}")
3.615
>>> print(passes_needed(0.1, zone_to_bar=0.1, crop=0.2, wanted=1e-3))
7
"""

from itertools import islice
from typing import Any

import numpy as np

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array
from unitops.refining.zone_profile import (
    CELLS,
    GAUSS,
    Bar,
    BarProfile,
    after_each_pass,
    parabola,
    whole_cells,
    within_parabola,
)

_NEWTON = 60
_MOST_PASSES = 1000


def ultimate_slope(k: Any) -> Any:
    """B l of the ultimate distribution of a long bar, (1); zero for k = 1, negative above."""
    z = -2.0 * np.log(k)  # exact to second order about k = 1
    for _ in range(_NEWTON):
        small = np.abs(z) < 1e-5
        safe = np.where(small, 1.0, z)
        grown = np.expm1(safe)
        value = np.where(small, 1.0 - z / 2.0, safe / grown)
        slope = np.where(small, -0.5, (1.0 - value - safe) / grown)
        z = z - (np.log(value) - np.log(k)) * value / slope
    return z[()]


def ultimate_height(k: Any, zone_to_bar: float) -> Any:
    """A of the ultimate distribution of a long bar, (1)."""
    whole = ultimate_slope(k) / zone_to_bar
    flat = np.abs(whole) < 1e-9
    return np.where(flat, 1.0, whole / np.expm1(np.where(flat, 1.0, whole)))[()]


def limit_profile(k: Any, zone_to_bar: float, cells: int = CELLS) -> BarProfile:
    """The distribution in a finite bar that no further pass changes, (2) and (3)."""
    bar = Bar(1.0 * np.atleast_1d(k), *whole_cells(zone_to_bar, cells))
    m = bar.per_zone
    content, left = [bar.last_content], [bar.last_edges]
    right = [np.concatenate([bar.last_edges[1:], bar.last_content[-1:] / bar.size])]
    remaining = bar.cells - m
    while remaining > 0:
        ahead = _ahead(bar, left[0], right[0], content[0], is_last=remaining == bar.cells - m)
        edges, held = _zone_before(bar, content[0], ahead)
        cells_here = min(m, remaining)
        left.insert(0, edges[:-1][-cells_here:])
        right.insert(0, edges[1:][-cells_here:])
        content.insert(0, held[-cells_here:])
        remaining -= cells_here
    whole = np.concatenate(content)
    scale = bar.cells * bar.size / whole.sum(axis=0)
    return BarProfile(
        bar.k,
        m,
        np.concatenate(left) * scale,
        np.concatenate(right) * scale,
        whole * scale,
        scale * np.ones_like(bar.k),
    )


def _ahead(bar: Bar, left: Array, right: Array, content: Array, *, is_last: bool) -> list[Array]:
    """Impurity from the start of a zone length to the Gauss places of its cells."""
    before = np.concatenate([np.zeros_like(content[:1]), np.cumsum(content, axis=0)[:-1]])
    means = content / bar.size
    start, end = parabola(left, right, means)
    z = np.arange(bar.per_zone, 0, -1)[:, None] * bar.size
    found = []
    for place, _ in GAUSS:
        if is_last:  # by (3)
            found.append(-np.expm1(bar.k * np.log(z - bar.size * place)))
        else:
            of_left, of_right, of_mean = within_parabola(place)
            part = of_left * start + of_right * end + of_mean * means
            found.append(before + bar.size * part)
    return found


def _zone_before(bar: Bar, content: Array, ahead: list[Array]) -> tuple[Array, Array]:
    """Concentrations at edges and contents of the zone length before one that is known.

    With u the impurity from x to the end of this zone length, and P that from there to x + l,
    (2) is -du/dx = k (u + P), all in zone lengths; solved from the end, where u is zero.
    """
    k, size, m = bar.k, bar.size, bar.per_zone
    gained = sum(
        weight * size * k * np.exp(k * size * place) * amount
        for (place, weight), amount in zip(GAUSS, ahead, strict=True)
    ) + np.zeros_like(content)
    step = np.exp(k * size)
    u = np.zeros((m + 1, len(k)), k.dtype)
    for cell in range(m - 1, -1, -1):
        u[cell] = step * u[cell + 1] + gained[cell]
    beyond = np.concatenate([np.zeros_like(content[:1]), np.cumsum(content, axis=0)])
    return k * (u + beyond), u[:-1] - u[1:]


def passes_needed(k: float, *, zone_to_bar: float, crop: float, wanted: float) -> int:
    """Whole passes until the mean of what is not cropped falls to ``wanted`` times the feed.

    Raises InputError where no number of passes gets there.
    """
    column, tail, none = np.array([0]), np.array([crop]), np.array([0.0])

    def left(bar: BarProfile) -> float:
        return float(bar.divided(column, tail, none)[0][0] / (1.0 - crop))

    every = islice(after_each_pass(k, zone_to_bar), _MOST_PASSES)
    limit = left(limit_profile(k, zone_to_bar))
    for count, bar in enumerate(every, 1):
        reached = left(bar)
        if reached <= wanted:
            return count
        if limit > wanted and reached < 1.001 * limit:
            break
    raise InputError(
        f"no number of passes takes an impurity with k = {k:g} to {wanted:g} of the feed; the "
        f"limit is {limit:.3g} with a zone of {zone_to_bar:g} and a crop of {crop:g} of the bar"
    )
