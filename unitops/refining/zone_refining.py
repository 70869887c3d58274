"""Zone refining of antimony bars: passes of a molten zone along a finite bar."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.parameters import (
    Count,
    Diffusivity,
    Fraction,
    Length,
    PerSpecies,
    PositiveRatio,
    Velocity,
    default,
)
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, UnitOp

CELLS = 1000
SHORTEST_ZONE = 0.01
FASTEST_IN_PRACTICE = 2e-3 / 60.0  # m/s
SMALLEST, LARGEST = 1e-5, 10.0  # of k
DILUTE = 0.01  # mass fraction of all impurities up to which k is taken as constant
_TOGETHER = 256  # profiles computed at once: fits in the cache
_TERMS = 40
# Gauss-Legendre places and weights on 0 to 1.
_GAUSS = tuple(
    ((1.0 + x) / 2.0, weight / 2.0)
    for x, weight in zip(*np.polynomial.legendre.leggauss(6), strict=True)
)


class ZoneRefining(UnitOp):
    """Send a molten zone along a bar several times and cut off the impure tail.

    The freezing solid holds k times the concentration of the zone. With S the impurity in the zone
    of length l, and C_in the concentration of the solid that melts in front of it,

        dS/dx = C_in(x + l) - C(x),    C(x) = k * S / l                             (1)

    until the zone reaches the end of the bar, L. The last zone freezes normally; with z the length
    still molten:

        C = k * S(L - l) / l * (z / l)^(k - 1)                                      (2)

    At the speed v of the zone, with a boundary layer delta and diffusivity D in the melt, the
    effective coefficient follows from the one at equilibrium, k0:

        k = k0 / (k0 + (1 - k0) * exp(-v * delta / D))                              (3)

    (1) and (2) Pfann, Trans. AIME 194 (1952) 747; (3) Burton, Prim and Slichter, J. Chem. Phys. 21
    (1953) 1987. Coefficients k0 that are not given come from ``distribution_coefficients.csv``
    beside this file, which names its sources and ranges.

    (1) is integrated exactly over cells in which the concentration is a parabola through the values
    at both edges and the mean, (2) in closed form; compare ``profile``. The part of an impurity
    that stays in the ingot depends on k, passes, zone and crop only, so the unit is linear in its
    feed. One zone is in the bar at a time.

    Assumptions: dilute impurities that do not influence each other, equal densities of solid and
    liquid, a bar of uniform section and composition, a well mixed zone, constant k. Antimony, and
    species without a coefficient (a warning names them), are shared by length, as with k = 1.
    Not modelled: evaporation from the zone, reaction with boat or gas, constitutional supercooling.
    Limits: k = 1 changes nothing; no crop, all goes to the ingot; a zone as long as the bar is
    normal freezing. Impurities with k above 1 gather at the head and so stay in the ingot.
    Arsenic forms solid solutions with antimony in all proportions: it is hardly removed here.
    """

    feed: Inlet
    ingot: Outlet
    crop: Outlet

    passes: Count
    """Number of passes of the zone, n; 5 to 15 in practice (quoted from memory)."""
    zone_to_bar: Fraction = 0.1
    """Length of the zone over that of the bar, l/L; 0.05 to 0.15 in practice (from memory)."""
    crop_fraction: Fraction = default("20 %")
    """Part of the bar's length cut off at the tail; 10 to 20 % in practice (from memory)."""
    distribution_coefficient: PerSpecies[PositiveRatio] = default({})
    """Coefficient at equilibrium, k0; species not named take the table's. Not for Sb."""
    zone_speed: Velocity = default("1 mm/min")
    """Speed of the zone, v; 0.5 to 2 mm/min in practice (from memory). Zero: k = k0."""
    diffusion_layer: Length = default("0.3 mm")
    """Boundary layer in the melt, delta. Assumed, range 0.1 to 1 mm."""
    diffusivity: Diffusivity = default("5e-9 m^2/s")
    """Of impurities in molten antimony, D. Assumed, range 3e-9 to 5e-9 m^2/s."""

    def check(self) -> None:
        """Refuse zones that are too short to compute or mix the whole bar again and again."""
        if self.zone_to_bar < SHORTEST_ZONE:
            raise InputError(
                f"zone_to_bar of {self.zone_to_bar:g} is too short; give {SHORTEST_ZONE} to 1"
            )
        if self.zone_to_bar == 1.0 and self.passes > 1.0:
            raise InputError(
                "zone_to_bar of 1 melts the whole bar, and more than one pass mixes it again; "
                "give 1 pass or a shorter zone"
            )
        given: Any = self.distribution_coefficient
        if "Sb" in given.by_name:
            raise InputError("distribution_coefficient.Sb is 1 by definition; leave it out")
        for name, k in {**given.by_name, "others": given.others or 1.0}.items():
            if not SMALLEST <= k <= LARGEST:
                raise InputError(
                    f"distribution_coefficient of {name} must lie between {SMALLEST:g} and "
                    f"{LARGEST:g}, got {k:g}"
                )

    def required_species(self) -> Iterable[str]:
        """Antimony."""
        return ("Sb",)

    def resolve(self, slate: Slate) -> Parameters:
        """As for every unit, with coefficients of the table for species that are not named."""
        given: Any = self.distribution_coefficient
        column = np.ones((slate.count, 1))
        known = {} if given.others is not None else distribution_coefficients()
        for name in (name for name in slate.names if name != "Sb"):
            column[slate.row(name)] = given.others or known.get(name, 1.0)
        try:
            for name, number in given.by_name.items():
                column[slate.row(name)] = number
        except InputError as error:
            raise InputError(f"distribution_coefficient: {error}") from error
        plain = self.model_copy(update={"distribution_coefficient": 1.0})
        return UnitOp.resolve(plain, slate).replaced({"distribution_coefficient": column})

    def is_linear(self) -> bool:
        """The part that stays in the ingot does not depend on the feed."""
        return True

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Share every species between ingot and crop."""
        head, tail = _shares(p)
        return {"ingot": feed * head, "crop": feed * tail}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:  # noqa: ARG002
        """Yield and purity of the ingot, on the basis of all that is not antimony."""
        feed, ingot = flows["feed"], flows["ingot"]
        purity = ratio(ingot.of("Sb"), ingot.total())
        arsenic = ratio(ingot.of("As"), ingot.total())
        return (
            Figure(ratio(ingot.of("Sb"), feed.of("Sb")), "%", "antimony to the ingot"),
            Figure(_impurity(feed), "ppm", "impurities in the feed"),
            Figure(_impurity(ingot), "ppm", "impurities in the ingot"),
            Figure(arsenic, "ppm", "arsenic in the ingot"),
            Figure(purity, "%", "purity of the ingot"),
        )

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Impurities that this unit cannot remove, and settings beyond its assumptions."""
        slate, feed, ingot = flows["feed"].slate, flows["feed"], flows["ingot"]
        k = {name: _effective(p)[slate.row(name), 0] for name in slate.names}
        flowing = [name for name in slate.names if feed.of(name)[0] > 0.0 and name != "Sb"]
        given: Any = self.distribution_coefficient
        known = {*distribution_coefficients(), *given.by_name}
        unknown = [name for name in flowing if name not in known and given.others is None]
        gathered = [f"{name} ({k[name]:.3g})" for name in flowing if k[name] > 1.0]
        arsenic, impurity = ingot.of("As")[0], (ingot - ingot.only("Sb")).total()[0]
        speed, dirt = first(p.zone_speed), _impurity(feed)[0]
        found = []
        if unknown:
            found.append(f"{', '.join(unknown)}: no distribution coefficient, taken as 1")
        if gathered:
            found.append(f"{', '.join(gathered)}: k above 1 gathers at the head, in the ingot")
        if arsenic > 0.5 * impurity:
            found.append(
                f"arsenic is {100.0 * arsenic / impurity:.3g} % of the impurities left: with an "
                f"effective k of {k['As']:.3g} it is hardly removed; distil it off or treat the "
                f"metal with soda first"
            )
        if dirt > DILUTE:
            found.append(
                f"the feed holds {100.0 * dirt:.3g} % impurities; coefficients are those of dilute "
                f"impurities, up to about {100.0 * DILUTE:.0f} %"
            )
        if speed > FASTEST_IN_PRACTICE * 1.001:
            found.append(
                f"zone_speed of {speed * 6e4:.3g} mm/min is above the 2 mm/min of practice; "
                f"little is separated"
            )
        return found


@dataclass(frozen=True)
class BarProfile:
    """Concentrations along a bar relative to the feed, one column per coefficient k.

    At its very end the bar has no finite concentration for k below 1: the last entry of
    ``at_edges`` is the mean of the last cell instead.
    """

    k: Array
    cells_per_zone: int
    edges: Array
    """Edges of the cells as fractions of the bar's length, (cells + 1,)."""
    at_edges: Array
    """(cells + 1, k)."""
    means: Array
    """Means of the cells, (cells, k)."""

    def divided(self, column: Array, crop: Array) -> tuple[Array, Array]:
        """Parts of the impurity of each column before and in each crop; together 1."""
        cells = len(self.means)
        nothing = np.zeros_like(self.means[:1])
        before = np.concatenate([nothing, np.cumsum(self.means, axis=0)])
        after = np.concatenate([np.cumsum(self.means[::-1], axis=0)[::-1], nothing])
        cut = (1.0 - crop) * cells
        cell = np.minimum(np.floor(cut.real).astype(int), cells - 1)
        x = cut - cell
        left, right = _parabola(self.at_edges, self.means)
        part = (
            left[cell, column] * x * (1.0 - x) ** 2
            - right[cell, column] * x**2 * (1.0 - x)
            + self.means[cell, column] * x**2 * (3.0 - 2.0 * x)
        )
        head, tail = before[cell, column] + part, after[cell, column] - part
        # Inside the last zone by (2): what is still molten holds (z / l)^k of its impurity.
        last = cells - self.cells_per_zone
        molten = crop * cells / self.cells_per_zone
        power = self.k[column] * np.log(np.where(crop.real > 0.0, molten, 1.0))
        in_zone = np.where(crop.real > 0.0, np.exp(power), 0.0) * after[last, column]
        frozen = np.where(crop.real > 0.0, -np.expm1(power), 1.0) * after[last, column]
        normal = molten.real <= 1.0
        head = np.where(normal, before[last, column] + frozen, head)
        tail = np.where(normal, in_zone, tail)
        return head / (head + tail), tail / (head + tail)


def profile(k: Any, passes: int, zone_to_bar: float, cells: int = CELLS) -> BarProfile:
    """Concentrations along a bar of uniform feed after some passes, for an array of k.

    Uses the number of cells, from ``cells`` to twice that, which best makes the zone a whole
    number of them. Impurity is conserved to rounding.
    """
    k = np.atleast_1d(k)
    counts = np.arange(cells, 2 * cells)
    whole = np.maximum(np.rint(counts * zone_to_bar), 1.0)
    best = int(np.argmin(np.abs(whole / counts - zone_to_bar)))
    bar = _Bar(k, int(counts[best]), int(whole[best]))
    at_edges, content, rest = bar.uniform()
    for _ in range(passes):
        at_edges, content, rest = bar.after_a_pass(at_edges, content, rest)
    edges = np.arange(bar.cells + 1) / bar.cells
    return BarProfile(k, bar.per_zone, edges, at_edges, content / bar.size)


class _Bar:
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

    def _kept_of_last_zone(self, z: Array) -> Array:
        """What a zone keeps of a cell that froze normally, when it has passed by one cell."""
        k, size = self.k, self.size
        kept = np.zeros_like(self.last_content)
        for place, weight in _GAUSS:
            density = k * (z - size * place) ** (k - 1.0)
            kept += size * weight * density * np.exp(-k * size * (1.0 - place))
        # The last cell, where (2) is singular: the confluent hypergeometric series.
        term = series = np.ones_like(k)
        for n in range(1, _TERMS):
            term = term * k * size / (k + n)
            series = series + term
        kept[-1] = self.last_content[-1] * np.exp(-k * size) * series
        return kept

    def uniform(self) -> tuple[Array, Array, Array | None]:
        """The bar before the first pass."""
        row = np.ones_like(self.k)
        return np.tile(row, (self.cells + 1, 1)), np.tile(row * self.size, (self.cells, 1)), None

    def after_a_pass(
        self, at_edges: Array, content: Array, rest: Array | None
    ) -> tuple[Array, Array, Array]:
        """Concentrations at edges, impurity in cells, and impurity in the last zone."""
        k, m = self.k, self.per_zone
        kept = self._kept(at_edges, content)[m:]
        if rest is not None and len(kept):
            kept[-m:] = (rest * self.last_kept)[-len(kept) :]
        zone = np.concatenate([content[:m].sum(axis=0)[None], kept])
        zone = self._passed(zone)
        rest = zone[-1]
        frozen = zone[:-1] + content[m:] - zone[1:]
        content = np.concatenate([frozen, rest * self.last_content])
        at_edges = np.concatenate([k * zone[:-1], rest * self.last_edges, content[-1:] / self.size])
        return at_edges, content, rest

    def _kept(self, at_edges: Array, content: Array) -> Array:
        """What a zone keeps of the cell it melts, when it has passed by one cell."""
        means = content / self.size
        left, right = _parabola(at_edges, means)
        of_left, of_right, of_mean = self.weights
        kept: Array = of_left * left + of_right * right + of_mean * means
        return kept

    def _weights(self) -> tuple[Array, Array, Array]:
        """Share that a zone keeps of the left, right and mean value of a parabola, each (k,)."""
        of_left, of_right, of_mean = (0.0 * self.k for _ in range(3))
        for x, weight in _GAUSS:
            stays = weight * self.size * np.exp(-self.k * self.size * (1.0 - x))
            of_left += stays * (1.0 - x) * (1.0 - 3.0 * x)
            of_right += stays * x * (3.0 * x - 2.0)
            of_mean += stays * 6.0 * x * (1.0 - x)
        return of_left, of_right, of_mean

    def _passed(self, zone: Array) -> Array:
        """Impurity in the zone by (1) over one cell after the other.

        ``zone`` holds the content at the start, then what is kept of each cell. After n rounds
        every entry holds what it has kept of the last 2^n cells, so that few rounds will do.
        """
        passed = zone.copy()
        step = 1
        while step < len(passed):
            passed[step:] += passed[:-step] * np.exp(-self.k * self.size * step)
            step *= 2
        return passed


def _parabola(at_edges: Array, means: Array) -> tuple[Array, Array]:
    """Edge values of the parabola in each cell; the mean where it would fall below zero."""
    left, right = at_edges[:-1], at_edges[1:]
    low, high = left.real, right.real
    uniform = 3.0 * means.real < low + high - np.sqrt(low * high)
    uniform[-1] = True
    return np.where(uniform, means, left), np.where(uniform, means, right)


def _shares(p: Parameters) -> tuple[Array, Array]:
    """Parts of each constituent in ingot and crop, (constituents, scenarios or 1)."""
    for name, value in {"passes": p.passes, "zone_to_bar": p.zone_to_bar}.items():
        if np.iscomplexobj(value) and np.any(value.imag != 0.0):
            raise InputError(f"{name} cannot be varied to meet a target; compare a few values")
    if np.count_nonzero(p.passes.real % 1.0):
        raise InputError("passes must be a whole number")
    k, crop = _effective(p), np.asarray(p.crop_fraction)
    if not isinstance(p.passes, np.ndarray) and not isinstance(p.zone_to_bar, np.ndarray):
        return _divided(_exact(k), _exact(crop), p.passes, p.zone_to_bar)
    k, crop, passes, zone = np.broadcast_arrays(k, crop, p.passes.real, p.zone_to_bar.real)
    head, tail = np.empty((2, *k.shape), np.result_type(k, crop))
    for count, length in dict.fromkeys(zip(passes[0], zone[0], strict=True)):
        here = (passes[0] == count) & (zone[0] == length)
        head[:, here], tail[:, here] = _divided(
            _exact(k[:, here]), _exact(crop[:, here]), count, length
        )
    return head, tail


_Exact = tuple[bytes, str, tuple[int, ...]]
"""An array as what can be remembered: the same only if every bit is."""


def _exact(array: Array) -> _Exact:
    return array.tobytes(), array.dtype.char, array.shape


@lru_cache(maxsize=1024)
def _divided(k: _Exact, crop: _Exact, passes: float, zone_to_bar: float) -> tuple[Array, Array]:
    """Parts of impurities with these k before and in these crops; profiles a few k at a time."""
    each_k, crops = np.broadcast_arrays(
        *(np.frombuffer(bits, kind).reshape(shape) for bits, kind, shape in (k, crop))
    )
    different, column = np.unique(each_k.ravel(), return_inverse=True)
    crops = crops.ravel()
    head, tail = np.empty((2, crops.size), np.result_type(different, crops))
    for start in range(0, len(different), _TOGETHER):
        here = (column >= start) & (column < start + _TOGETHER)
        bar = profile(different[start : start + _TOGETHER], int(passes), float(zone_to_bar))
        head[here], tail[here] = bar.divided(column[here] - start, crops[here])
    return head.reshape(each_k.shape), tail.reshape(each_k.shape)


def _effective(p: Parameters) -> Array:
    """Coefficient at the speed of the zone, (constituents, scenarios or 1)."""
    layer = np.exp(-np.asarray(p.zone_speed) * p.diffusion_layer / p.diffusivity)
    k = p.distribution_coefficient
    return np.asarray(k / (k + (1.0 - k) * layer))  # (3)


def _impurity(flow: Flow) -> Array:
    return ratio((flow - flow.only("Sb")).total(), flow.total())


@lru_cache(maxsize=1)
def distribution_coefficients() -> Mapping[str, float]:
    """Element -> equilibrium distribution coefficient in antimony, from the table."""
    text = (
        files("unitops.refining")
        .joinpath("distribution_coefficients.csv")
        .read_text(encoding="utf-8")
    )
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {row["element"]: float(row["distribution_coefficient"]) for row in rows}
