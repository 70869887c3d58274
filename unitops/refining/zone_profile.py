"""Concentrations along a bar after passes of a molten zone, by exact integration over cells.

The freezing solid holds k times the concentration of the zone. With S the impurity in the zone of
length l, and C_in the concentration of the solid that melts in front of it,

    dS/dx = C_in(x + l) - C(x),    C(x) = k * S / l                                 (1)

until the zone reaches the end of the bar, L. The last zone freezes normally; with z the length
still molten:

    C = k * S(L - l) / l * (z / l)^(k - 1)                                          (2)

(1) and (2) Pfann, Trans. AIME 194 (1952) 747. The concentration in a cell is the parabola through
both edge values and the mean; (1) is integrated exactly over it, and (2) in closed form. What
freezes is formed of differences of S, so impurity is conserved to rounding. All k at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from flowsheet.core.flow import Array

CELLS = 1000
_TERMS = 40
_LARGEST_POWER = 200.0  # of e in the running sums: far from overflow
# Gauss-Legendre places and weights on 0 to 1.
GAUSS = tuple(
    ((1.0 + x) / 2.0, weight / 2.0)
    for x, weight in zip(*np.polynomial.legendre.leggauss(6), strict=True)
)


@dataclass(frozen=True)
class BarProfile:
    """Concentrations along a bar relative to the feed, one column per coefficient k."""

    k: Array
    cells_per_zone: int
    left: Array
    """At the left edge of each cell, (cells, k)."""
    right: Array
    """At the right edge; in the last cell, where it has no end for k below 1, the mean."""
    content: Array
    """Impurity in each cell over that of a zone length of the feed, (cells, k)."""
    rest: Array | None
    """Impurity in the last zone, which froze normally; nothing before the first pass."""

    @property
    def edges(self) -> Array:
        """Edges of the cells as fractions of the bar's length, (cells + 1,)."""
        return np.arange(len(self.content) + 1) / len(self.content)

    @property
    def at_edges(self) -> Array:
        """Concentrations at the edges, right of a jump, (cells + 1, k)."""
        return np.concatenate([self.left, self.right[-1:]])

    @property
    def means(self) -> Array:
        """Mean concentrations of the cells, (cells, k)."""
        return self.content * self.cells_per_zone

    def around(self, column: Array, tail: Array) -> tuple[Array, Array]:
        """Impurity of each column before and after a cut at ``tail`` from the end."""
        cells, molten_cells = len(self.content), self.cells_per_zone
        nothing = np.zeros_like(self.content[:1])
        before = np.concatenate([nothing, np.cumsum(self.content, axis=0)])
        after = np.concatenate([np.cumsum(self.content[::-1], axis=0)[::-1], nothing])
        cut = (1.0 - tail) * cells
        cell = np.minimum(np.floor(cut.real).astype(int), cells - 1)
        left, right = parabola(self.left, self.right, self.means)
        shape = within_parabola(cut - cell)
        part = (
            left[cell, column] * shape[0]
            + right[cell, column] * shape[1]
            + self.means[cell, column] * shape[2]
        ) / molten_cells
        head, end = before[cell, column] + part, after[cell, column] - part
        # Inside the last zone by (2): what is still molten holds (z / l)^k of its impurity.
        last = cells - molten_cells
        molten = tail * cells / molten_cells
        some = tail.real > 0.0
        power = self.k[column] * np.log(np.where(some, molten, 1.0))
        in_zone = np.where(some, np.exp(power), 0.0) * after[last, column]
        frozen = np.where(some, -np.expm1(power), 1.0) * after[last, column]
        normal = molten.real <= 1.0
        return (
            np.where(normal, before[last, column] + frozen, head),
            np.where(normal, in_zone, end),
        )

    def divided(self, column: Array, tail: Array, head: Array) -> tuple[Array, Array]:
        """Parts of the impurity of each column between two crops, and in both; together 1."""
        before_tail, in_tail = self.around(column, tail)
        in_head, after_head = self.around(column, 1.0 - head)
        # From the side that holds less, so that a trace is not the difference of large numbers.
        between = np.where(
            before_tail.real <= after_head.real, before_tail - in_head, after_head - in_tail
        )
        cropped = in_head + in_tail
        return between / (between + cropped), cropped / (between + cropped)


def after_each_pass(
    k: Any, zone_to_bar: float, starts: Sequence[float] = (0.0,), cells: int = CELLS
) -> Iterator[BarProfile]:
    """Yield the profile of a bar of uniform feed after one pass, two passes, and so on.

    ``starts`` are where the zones of one pass begin, as fractions of the bar, the front one first.
    Uses the number of cells, from ``cells`` to twice that, which best makes the zone a whole
    number of them; starts are rounded to cells.
    """
    bar = Bar(1.0 * np.atleast_1d(k), *whole_cells(zone_to_bar, cells))
    places = [min(round(start * bar.cells), bar.cells - bar.per_zone) for start in starts]
    profile = bar.uniform()
    while True:
        for place in places:
            profile = bar.after_a_zone(profile, place)
        yield profile


def profile(
    k: Any,
    passes: int,
    zone_to_bar: float,
    cells: int = CELLS,
    starts: Sequence[float] = (0.0,),
) -> BarProfile:
    """Concentrations along a bar of uniform feed after some passes, for an array of k."""
    every = after_each_pass(k, zone_to_bar, starts, cells)
    return next(islice(every, passes - 1, None))


def whole_cells(zone_to_bar: float, cells: int) -> tuple[int, int]:
    """Cells of the bar and of a zone whose ratio is nearest to that asked for."""
    counts = np.arange(cells, 2 * cells)
    whole = np.maximum(np.rint(counts * zone_to_bar), 1.0)
    best = int(np.argmin(np.abs(whole / counts - zone_to_bar)))
    return int(counts[best]), int(whole[best])


class Bar:
    """A bar in cells; lengths in zone lengths, concentrations relative to the feed."""

    def __init__(self, k: Array, cells: int, per_zone: int) -> None:
        self.k, self.cells, self.per_zone = k, cells, per_zone
        self.size = 1.0 / per_zone
        self.weights = self._weights()
        z = np.arange(per_zone, 0, -1)[:, None] * self.size
        self.last_edges = k * z ** (k - 1.0)  # (2)
        self.last_content = z**k
        self.last_content[:-1] *= -np.expm1(k * np.log1p(-self.size / z[:-1]))
        self.last_kept = self._kept_of_last_zone(z)
        # Of cells whose running sum stays far from overflow, and all of them if possible.
        steps = int(_LARGEST_POWER / (np.max(k.real) * self.size))
        self.growth = np.exp(k * self.size * np.arange(max(1, min(steps, cells)) + 1)[:, None])

    def _kept_of_last_zone(self, z: Array) -> Array:
        """What a zone keeps of a cell that froze normally, when it has passed by one cell."""
        k, size = self.k, self.size
        kept = np.zeros_like(self.last_content)
        for place, weight in GAUSS:
            density = k * (z - size * place) ** (k - 1.0)
            kept += size * weight * density * np.exp(-k * size * (1.0 - place))
        # The last cell, where (2) is singular: the confluent hypergeometric series.
        term = series = np.ones_like(k)
        for n in range(1, _TERMS):
            term = term * k * size / (k + n)
            series = series + term
        kept[-1] = self.last_content[-1] * np.exp(-k * size) * series
        return kept

    def _weights(self) -> tuple[Array, Array, Array]:
        """Share that a zone keeps of the left, right and mean value of a parabola, each (k,)."""
        of_left, of_right, of_mean = (0.0 * self.k for _ in range(3))
        for x, weight in GAUSS:
            stays = weight * self.size * np.exp(-self.k * self.size * (1.0 - x))
            of_left += stays * (1.0 - x) * (1.0 - 3.0 * x)
            of_right += stays * x * (3.0 * x - 2.0)
            of_mean += stays * 6.0 * x * (1.0 - x)
        return of_left, of_right, of_mean

    def uniform(self) -> BarProfile:
        """The bar before the first pass."""
        ones = np.ones((self.cells, len(self.k)), self.k.dtype)
        return BarProfile(self.k, self.per_zone, ones, ones, ones * self.size, None)

    def after_a_zone(self, bar: BarProfile, start: int) -> BarProfile:
        """The bar after one zone has gone from a cell to the end."""
        k, m, content, rest = self.k, self.per_zone, bar.content, bar.rest
        kept = self._kept(bar)[start + m :]
        if rest is not None and len(kept):
            kept[-m:] = (rest * self.last_kept)[-len(kept) :]
        zone = self._passed(content[start : start + m].sum(axis=0), kept)
        rest = zone[-1]
        at_edges = k * zone
        content = np.concatenate(
            [
                content[:start],
                zone[:-1] + content[start + m :] - zone[1:],
                rest * self.last_content,
            ]
        )
        last = rest * self.last_edges
        return BarProfile(
            k,
            m,
            np.concatenate([bar.left[:start], at_edges[:-1], last]),
            np.concatenate([bar.right[:start], at_edges[1:], last[1:], content[-1:] / self.size]),
            content,
            rest,
        )

    def _kept(self, bar: BarProfile) -> Array:
        """What a zone keeps of the cell it melts, when it has passed by one cell."""
        means = bar.content / self.size
        left, right = parabola(bar.left, bar.right, means)
        of_left, of_right, of_mean = self.weights
        kept: Array = of_left * left + of_right * right + of_mean * means
        return kept

    def _passed(self, first: Array, kept: Array) -> Array:
        """Impurity in the zone by (1): the first, and after each cell, (cells passed + 1, k).

        Running sums of what is kept, times the factor by which the zone would have lost it since,
        restarted before that factor overflows.
        """
        found = np.empty((len(kept) + 1, len(self.k)), self.k.dtype)
        found[0] = first
        steps = len(self.growth) - 1
        for start in range(0, len(kept), steps):
            part = kept[start : start + steps]
            growth = self.growth[1 : len(part) + 1]
            sums = np.cumsum(part * growth, axis=0)
            found[start + 1 : start + 1 + len(part)] = (found[start] + sums) / growth
        return found


def parabola(left: Array, right: Array, means: Array) -> tuple[Array, Array]:
    """Edge values of the parabola in each cell; the mean where it would fall below zero."""
    low, high = left.real, right.real
    uniform = 3.0 * means.real < low + high - np.sqrt(low * high)
    uniform[-1] = True
    return np.where(uniform, means, left), np.where(uniform, means, right)


def within_parabola(x: Any) -> tuple[Any, Any, Any]:
    """Integral from the left edge to x of parts of a cell, by left, right and mean value."""
    return x * (1.0 - x) ** 2, -(x**2) * (1.0 - x), x**2 * (3.0 - 2.0 * x)
