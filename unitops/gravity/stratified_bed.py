"""The bed of a jig at equilibrium: which share of each kind of particle lies below a height.

The volume fraction C_j of kind j changes with relative height h (0 to 1) as

    dC_j/dh = -alpha_j * C_j * (rho_j - rho_bed(h)),  sum of C_j over j = 1         (1)

A kind in its own surroundings is a Boltzmann distribution in the potential of the bed:

    C_j(h) = f_j * exp(alpha_j * (L(h) - rho_j * h)) / Z_j,  L(h) = integral of rho_bed     (2)

where Z_j makes the integral of C_j over the bed its share f_j of the feed by volume. So every
kind is conserved whatever L is; L is found such that the fractions fill every layer:

    sum over j of f_j * exp(alpha_j * (L - rho_j * h)) / Z_j = 1                    (3)

Where all alpha_j are the same, rho_bed is the mean density of the layer by volume; else each kind
counts by alpha_j as well, without which the fractions of (1) would not sum to one.

(1) King (1987), "A quantitative model for gravity separation unit operations that rely on
stratification", APCOM 87; Tavares and King (1995), Coal Preparation 15; King (2001), Modeling and
Simulation of Mineral Processing Systems, chapter 7; tested by Woollacott, Bwalya and Mabokela
(2015), Journal of the Southern African Institute of Mining and Metallurgy 115 (2). Quoted from
memory; (2) and (3) follow from (1).

(3) is solved at Gauss points, apart below and above the cut, where an interface is seen sharpest.
It is the zero of a gradient of a concave function of L, and Newton's steps, shortened as for such
sums of exponentials, reach it from anywhere. All arrays inside have scenarios first.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import ratio
from flowsheet.core.errors import SolveError
from flowsheet.core.flow import Array

POINTS = 32
"""Gauss points below and above the cut. Recoveries are good to 1e-12, and to 1e-7 where an
interface of a hundredth of the bed lies at the cut, 1e-5 where it is four times sharper."""
FILLED = 1e-12
"""Volume out of place, of all layers together, at which the bed is settled."""
NEARLY_FILLED = 1e-3
"""The same while the bed is still softer than it should be."""
SOFT = 100.0
"""Largest alpha times span of densities that is solved at once; stiffer beds in steps."""
STIFFER = 4.0
"""Factor of these steps."""
GROUP_BYTES = 300_000
"""Size of an array (scenarios, kinds, layers) that stays in the cache; more go in turn."""
STEPS = 2000
"""Newton steps after which the bed is given up. Beds of jigs take 10 to 60; random beds of gold and
quartz in all sizes at a constant of 1 m^3/kg took 620 at most."""


@dataclass(frozen=True)
class Bed:
    """A settled bed, cut at a height."""

    below: Array
    """Share of each kind below the cut, (scenarios, kinds)."""
    above: Array
    """Share of each kind above it, which is not told by the other where that is almost one."""
    density_at_cut: Array
    """Mean density of the particles at the cut, kg/m^3, (scenarios,)."""


@dataclass(frozen=True)
class _Layers:
    """Kinds of particles and the layers they are to fill, (scenarios, kinds) or (, layers)."""

    volumes: Array
    densities: Array
    constants: Array
    heights: Array
    widths: Array

    def only(self, scenarios: Any) -> "_Layers":
        """The same for some of the scenarios."""
        kept = (self.volumes, self.densities, self.constants, self.heights, self.widths)
        return _Layers(*(part[scenarios] for part in kept))

    def in_groups(self) -> "list[_Layers]":
        """The same, some scenarios at a time."""
        size = max(GROUP_BYTES // (8 * self.volumes.shape[1] * self.heights.shape[1]), 1)
        groups = range(0, len(self.volumes), size)
        return [self.only(slice(first, first + size)) for first in groups]

    def real(self) -> "_Layers":
        """The same without derivatives."""
        kept = (self.volumes, self.densities, self.constants, self.heights, self.widths)
        return _Layers(*(np.ascontiguousarray(part.real) for part in kept))


def settled_bed(volumes: Array, densities: Array, constants: Array, cut: Array) -> Bed:
    """Return the bed of kinds that fill shares of a volume, cut at a relative height.

    ``volumes`` (scenarios, kinds); ``densities`` (1, kinds); ``constants`` alpha_j (1 or scenarios,
    kinds); ``cut`` (1 or scenarios,) between 0 and 1. All but densities may be complex. An empty
    feed is taken as equal parts.
    """
    layers = _layers(volumes, densities, constants, cut)
    known = layers.real()
    if _all_alike(known):  # as when derivatives in many directions are taken at one point
        known = known.only(np.array([0]))
        return _bed(layers, known, _potential(known))
    beds = [_bed(some, some.real(), _potential(some.real())) for some in layers.in_groups()]
    return Bed(
        np.concatenate([bed.below for bed in beds]),
        np.concatenate([bed.above for bed in beds]),
        np.concatenate([bed.density_at_cut for bed in beds]),
    )


def _bed(layers: _Layers, known: _Layers, potential: Array) -> Bed:
    """The bed of a potential; ``known`` is the same without derivatives, or once for all."""
    shares = _shares(known, potential)
    here = shares[:, :, POINTS - 1 : POINTS + 1].sum(axis=2) * known.volumes
    density = ratio((here * known.densities).sum(axis=1), here.sum(axis=1))
    below, above = _parts(layers, known, potential, shares)
    return Bed(below, above, density_at_cut=np.broadcast_to(density, len(layers.volumes)))


def _parts(layers: _Layers, known: _Layers, potential: Array, shares: Array) -> tuple[Array, Array]:
    """Shares of each kind below and above the cut with their derivatives, (scenarios, kinds).

    Where the volumes, constants or cut of ``layers`` carry derivatives (as imaginary parts, too
    small to matter in the real ones), L moves such that (3) stays true.
    """
    volumes, others = layers.volumes, (layers.constants, layers.heights)
    moved = any(np.iscomplexobj(part) for part in others)
    if not moved and not np.iscomplexobj(volumes):
        return _halves(shares)
    curvature = _curvature(known, shares)
    if moved:
        shares = _shares(layers, potential)
    rise = np.linalg.solve(curvature, _unfilled(layers, shares).imag[:, :, None])
    below, above = _halves(shares)
    rise_below = np.matmul(shares[:, :, :POINTS], rise[:, :POINTS])[:, :, 0]
    rise_above = np.matmul(shares[:, :, POINTS:], rise[:, POINTS:])[:, :, 0]
    gained = 1j * layers.constants * (rise_below * above - below * rise_above)
    return below + gained, above - gained


def _halves(shares: Array) -> tuple[Array, Array]:
    below, above = shares[:, :, :POINTS].sum(axis=2), shares[:, :, POINTS:].sum(axis=2)
    return below / (below + above), above / (below + above)


@cache
def _gauss() -> tuple[Array, Array]:
    """Points and weights on 0 to 1."""
    points, weights = np.polynomial.legendre.leggauss(POINTS)
    return (points + 1.0) / 2.0, weights / 2.0


def _layers(volumes: Array, densities: Array, constants: Array, cut: Array) -> _Layers:
    points, weights = _gauss()
    scenarios = np.broadcast(volumes[:, 0], constants[:, 0], cut).size
    shape = (scenarios, volumes.shape[1])
    shares = ratio(volumes, volumes.sum(axis=1, keepdims=True), empty=1.0 / shape[1])
    below = np.broadcast_to(cut, scenarios)[:, None]
    above = 1.0 - below
    return _Layers(
        volumes=np.broadcast_to(shares, shape),
        densities=np.broadcast_to(densities, shape),
        constants=np.broadcast_to(constants, shape),
        heights=np.concatenate([below * points, below + above * points], axis=1),
        widths=np.concatenate([below * weights, above * weights], axis=1),
    )


def _all_alike(bed: _Layers) -> bool:
    parts = (bed.volumes, bed.constants, bed.widths)
    return len(bed.volumes) > 1 and all(bool((part == part[:1]).all()) for part in parts)


def _shares(bed: _Layers, potential: Array) -> Array:
    """Share of each kind in each layer by (2), (scenarios, kinds, layers)."""
    weight = bed.densities[:, :, None] * bed.heights[:, None, :]
    weight = potential[:, None, :] - weight
    weight = bed.constants[:, :, None] * weight
    weight += np.log(bed.widths)[:, None, :]
    weight -= weight.real.max(axis=2, keepdims=True)
    np.exp(weight, out=weight)
    weight /= weight.sum(axis=2, keepdims=True)
    return np.asarray(weight)


def _unfilled(bed: _Layers, shares: Array) -> Array:
    """Volume by which each layer misses (3), (scenarios, layers)."""
    return np.asarray(bed.widths - np.matmul(bed.volumes[:, None, :], shares)[:, 0])


def _curvature(bed: _Layers, shares: Array) -> Array:
    """Volume gained by each layer per potential of each, (scenarios, layers, layers).

    A potential that is the same everywhere moves nothing, and layers between which nothing can
    move hardly know of each other: the first is pinned, the second given a trace of a hold.
    """
    weighted = (bed.volumes * bed.constants)[:, :, None] * shares
    curvature = -np.matmul(shares.transpose(0, 2, 1), weighted)
    own = weighted.sum(axis=1)
    scale = own.mean(axis=1)[:, None]
    place = np.arange(own.shape[1])
    curvature[:, place, place] += own + 1e-15 * scale
    return np.asarray(curvature + scale[:, :, None] / own.shape[1])


def _potential(bed: _Layers) -> Array:
    """L at the layers by (3), (scenarios, layers), from soft beds to the bed itself."""
    potential = _of_perfect_layers(bed)
    there = bed.volumes > 0.0
    densest = np.where(there, bed.densities, -np.inf).max(axis=1)
    span = densest - np.where(there, bed.densities, np.inf).min(axis=1)
    stiffness = bed.constants.max(axis=1) * span
    softened = np.minimum(1.0, SOFT / np.maximum(stiffness, SOFT))
    while np.any(softened < 1.0):
        softer = _Layers(
            bed.volumes,
            bed.densities,
            bed.constants * softened[:, None],
            bed.heights,
            bed.widths,
        )
        potential = _newton(softer, potential, np.where(softened < 1.0, NEARLY_FILLED, np.inf))
        softened = np.minimum(1.0, softened * STIFFER)
    return _newton(bed, potential, np.full(len(potential), FILLED))


def _of_perfect_layers(bed: _Layers) -> Array:
    """L of kinds that lie one upon the other, the densest at the bottom."""
    order = np.argsort(-bed.densities[0], kind="stable")
    volumes, densities = (np.take(part, order, axis=1) for part in (bed.volumes, bed.densities))
    tops = np.cumsum(volumes, axis=1)
    bottoms = tops - volumes
    depths = np.clip(bed.heights[:, None, :] - bottoms[:, :, None], 0.0, None)
    inside = np.minimum(depths, (tops - bottoms)[:, :, None])
    return np.asarray((densities[:, :, None] * inside).sum(axis=1))


def _newton(bed: _Layers, potential: Array, tolerance: Array) -> Array:
    """Improve L until layers are filled; each scenario on its own, whatever its neighbours do."""
    potential = potential.copy()
    going = np.arange(len(potential))
    for _ in range(STEPS):
        left = bed.only(going)
        shares = _shares(left, potential[going])
        unfilled = _unfilled(left, shares)
        open_ = np.abs(unfilled).sum(axis=1) > tolerance[going]
        if not open_.any():
            return potential
        going, left = going[open_], left.only(open_)
        curvature = _curvature(left, shares[open_])
        step = np.linalg.solve(curvature, unfilled[open_][:, :, None])[:, :, 0]
        # In a sum of exponentials a step of so many exponents may be trusted by its logarithm.
        length = left.constants.max(axis=1) * (step.max(axis=1) - step.min(axis=1))
        trusted = ratio(np.log1p(length), length, empty=1.0)
        potential[going] += trusted[:, None] * step
    raise SolveError(
        f"the bed of a jig did not settle in {STEPS} steps; lower stratification_constant"
    )
