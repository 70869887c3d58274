"""Jig: a pulsed bed of particles that stratifies by density, and is cut at a height."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.parameters import (
    Density,
    Fraction,
    MassFlux,
    ParticleSize,
    PositiveRatio,
    VolumePerMass,
    default,
)
from flowsheet.core.particles import aperture_text
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, ParticleUse, UnitOp
from unitops.gravity.concentration_criterion import criterion_of, criterion_warnings
from unitops.gravity.particle_density import check_densities, densities, share_of_sizes, sizes
from unitops.gravity.partition import WATER, ecart_probable_of, whiten
from unitops.gravity.stratified_bed import Bed, settled_bed

COARSEST = 25e-3
"""Size to which mineral jigs are usually fed, m."""
MUCH_TOO_FINE, TOO_COARSE = 0.2, 0.05
"""Shares of the solids from which a size is worth a warning; assumed."""
CUTS = (1400.0, 4000.0)
"""Cut densities in use, from coal jigs to mineral jigs, kg/m^3."""
IMPERFECTIONS = (0.1, 0.3)
"""Imperfections of jigs in use; 0.16 to 0.20 is good work."""
CONSTANTS = (0.005, 0.2)
"""Stratification constants of jigs in use, m^3/kg; assumed."""
HIGHEST_CONSTANT = 1.0
"""Stratification constant above which a bed has no reason to be called a jig, m^3/kg."""


class Jig(UnitOp):
    """Stratify a bed of particles, and draw its lower part as concentrate.

    Give ``volume_yield`` for the bed. The volume fraction C_j of every kind of particle (a density
    in a size) changes with relative height h, from 0 at the screen to 1 at the top, as

        dC_j/dh = -alpha(d) * C_j * (rho_j - rho_bed(h)),  sum of C_j over j = 1    (1)
        integral of C_j over the bed = its share of the feed by volume              (2)

    and the concentrate is what lies below h = ``volume_yield``. Give ``cut_density`` instead for a
    partition curve, known from the imperfection I of the jig:

        R = F * w + (1 - F) / (1 + exp(ln 3 * (rho_50 - rho) / Ep))                 (3)
        Ep = I * (rho_50 - 1000 kg/m3)                                              (4)

    Particles much finer than the limit d_f hang in the water instead of settling in the bed, half
    of them at d_f. They go with the share w of the water in (3), and hardly stratify in (1):

        F = 1 / (1 + (d / d_f)^n)                                                   (5)
        alpha(d) = alpha * (1 - F)                                                  (6)

    (1) King (1987) and Tavares and King (1995); see ``stratified_bed`` for sources and solution.
    That alpha grows with size was proposed by Venkoba Rao (2007), International Journal of Mineral
    Processing; the form (5), (6) and its numbers are assumed. (3) Whiten's curve and (4), as in
    Wills' Mineral Processing Technology: mineral jigs cut 1-25 mm at 2.8-3.5 t/m3 with an Ep of
    0.10-0.30 t/m3; I is 0.16-0.20 (all quoted from memory, not re-read).

    alpha and Ep are two words for one thing: where the density of the bed falls by G over its
    height, a particle that belongs at one level strays so that Ep = 0.6745 * (G / alpha)^0.5. An
    Ep of 0.15-0.30 t/m3 in a bed from 4.6 to 2.65 t/m3 means an alpha of 0.01-0.04 m3/kg.

    Assumptions: the bed settles before it is cut; a particle is one species, or a composite with
    the density of its minerals; solids without a size are coarse. Water and what it dissolves go to
    the concentrate by ``water_to_concentrate``; gas leaves with the tailings. Bring hutch water to
    the feed as a stream of its own. Not modelled: speed of stratification, stroke, area, shape.
    Limits: alpha towards zero gives a concentrate like the feed; a large alpha gives layers in the
    order of density. One density alone is split as the volume, or by (3).

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.gravity.jig import Jig
    >>> from unitops.streams.feed import Feed
    >>> plant = Flowsheet(
    ...     species=["Sb2S3", "SiO2"],
    ...     units={
    ...         "ore": Feed(
    ...             outlet="ore", flow="20 t/h", composition={"Sb2S3": "8 %"}, remainder="SiO2"
    ...         ),
    ...         "jig": Jig(
    ...             feed="ore",
    ...             concentrate="jig_concentrate",
    ...             tailings="jig_tailings",
    ...             volume_yield="6 %",
    ...             water_to_concentrate="10 %",
    ...         ),
    ...     },
    ... )
    >>> print(f"{solve(plant).recovery('Sb', to='jig_concentrate'):.1f~P}")
    86.9 %
    """

    particles: ClassVar[ParticleUse] = "kept"

    feed: Inlet
    concentrate: Outlet
    tailings: Outlet

    volume_yield: Fraction | None = None
    """Share of the solids drawn as concentrate, by volume: height of the cut over height of the
    bed. Give this or ``cut_density``."""
    stratification_constant: VolumePerMass = default("0.03 m^3/kg")
    """How strongly the bed stratifies for its relative height, alpha; assumed, 0.01 to 0.1."""
    cut_density: Density | None = None
    """Density of coarse particles that split in half, rho_50. Give this or ``volume_yield``."""
    imperfection: PositiveRatio = 0.18
    """Ecart probable over rho_50 - 1 in t/m3, I; 0.16 to 0.20 (Wills, quoted from memory)."""
    fine_limit: ParticleSize = default("0.3 mm")
    """Size of which half hangs in the water, d_f; assumed, 0.1 to 1 mm."""
    fine_sharpness: PositiveRatio = 2.0
    """How suddenly that sets in with falling size, n; assumed, 1 to 3."""
    water_to_concentrate: Fraction
    """Share of the water, and of what it dissolves, that leaves with the concentrate, w."""
    bed_load: MassFlux = default("10 t/m^2/h")
    """Solids per area of the screen. Assumed, range 3 (fine feed) to 25 t/m^2/h (coarse)."""
    heavy: str | None = None
    """Mineral to be won, for the concentration criterion; give it together with ``light``."""
    light: str | None = None
    """Mineral to be rejected, for the concentration criterion."""

    def check(self) -> None:
        """Refuse a jig with no cut or two, and beds that are no beds."""
        if (self.volume_yield is None) == (self.cut_density is None):
            raise InputError("give either volume_yield or cut_density, and not both")
        if self.volume_yield in {0.0, 1.0}:
            raise InputError(
                f"volume_yield of {self.volume_yield:.0%} cuts nothing; give a share between, e.g. "
                "10 %, or leave out the jig"
            )
        if self.cut_density is not None and self.cut_density <= WATER:
            raise InputError(
                f"cut_density of {self.cut_density:.0f} kg/m^3 is no more than that of water, in "
                "which a jig works; give more"
            )
        if not 0.0 < self.stratification_constant <= HIGHEST_CONSTANT:
            raise InputError(
                f"stratification_constant of {self.stratification_constant:g} m^3/kg is no jig's; "
                "give more than 0 and 1 m^3/kg at most, 0.01 to 0.1 is usual"
            )
        if (self.heavy is None) != (self.light is None):
            raise InputError(
                "heavy and light are compared with each other; give both or neither of them"
            )

    def required_species(self) -> Iterable[str]:
        """The two minerals compared by the concentration criterion."""
        return tuple(name for name in (self.heavy, self.light) if name is not None)

    def is_linear(self) -> bool:
        """A partition curve is; in a bed every particle counts for the place of the others."""
        return self.cut_density is not None

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Split the feed; see the class for the equations."""
        check_densities(feed)
        solid, liquid = feed.slate.in_phase("solid"), feed.slate.in_phase("liquid")
        if p.cut_density is None:
            bed, kind = _bed(feed, p), _kinds(feed.slate)[2]
            lower, upper = bed.below.T[kind], bed.above.T[kind]  # (1), (2)
        else:
            lower = _partition(feed.slate, p)
            upper = 1.0 - lower
        water = p.water_to_concentrate
        concentrate = feed * (solid * lower + liquid * water)
        tailings = feed * (solid * upper + liquid * (1.0 - water)) + feed.gas
        return {"concentrate": concentrate, "tailings": tailings}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Mass pull, the density at the cut or the sharpness, and the concentration criterion."""
        feed = flows["feed"]
        pull = ratio(flows["concentrate"].solids.total(), feed.solids.total())
        found = [Figure(pull, "%", "mass pull")]
        if p.cut_density is None:
            density = _bed(feed, p).density_at_cut
            found.append(Figure(density, "t/m^3", "density of the bed at the cut"))
        else:
            sharpness = np.atleast_1d(ecart_probable_of(p.imperfection, p.cut_density))
            found.append(Figure(sharpness, "t/m^3", "ecart probable"))
        if np.all(np.real(p.bed_load) > 0.0):
            area = feed.solids.total() / p.bed_load
            found.append(Figure(area, "m^2", "area of the jigs", "equipment"))
        if p.heavy is not None:
            criterion = criterion_of(feed.slate, p.heavy, p.light, WATER)
            label = f"concentration criterion {p.heavy} / {p.light}"
            found.append(Figure(criterion, "", label))
        return found

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Feeds of the wrong size, settings no jig reaches, and minerals too alike."""
        feed = flows["feed"]
        told = [*_setting_warnings(p), *_size_warnings(feed, p)]
        if p.heavy is not None:
            told.extend(criterion_warnings(feed, p.heavy, p.light, WATER))
        return told


def _hanging(size: Array, limit: Any, sharpness: Any) -> Array:
    """Share of particles of a size that hang in the water, none of what has no size, (5)."""
    coarse = np.where(np.isnan(size), 1.0, size)
    hanging = 1.0 / (1.0 + (coarse / limit) ** sharpness)  # (5)
    return np.asarray(np.where(np.isnan(size), 0.0, hanging))


def _partition(slate: Slate, p: Parameters) -> Array:
    """Share of every row to the concentrate by (3), (constituents, 1 or scenarios)."""
    sharpness = ecart_probable_of(p.imperfection, p.cut_density)  # (4)
    hanging = _hanging(sizes(slate), p.fine_limit, p.fine_sharpness)
    by_density = whiten(densities(slate), p.cut_density, sharpness)
    return np.asarray(hanging * p.water_to_concentrate + (1.0 - hanging) * by_density)  # (3)


@lru_cache(maxsize=64)
def _kinds(slate: Slate) -> tuple[Array, Array, Array, Array]:
    """What behaves alike in a bed, being of one density and size.

    Its densities and sizes, (1, kinds); the kind of each row, (constituents,); the volume that each
    row brings to each kind per mass, m^3/kg, none for what is no solid, (constituents, kinds).
    """
    density = np.where(np.isnan(slate.density), WATER, slate.density)
    size = np.nan_to_num(sizes(slate)[:, 0], nan=0.0)
    alike, place = np.unique(np.column_stack([density, size]), axis=0, return_inverse=True)
    of_row = place.ravel()
    volumes = np.zeros((slate.count, len(alike)))
    volumes[np.arange(slate.count), of_row] = slate.in_phase("solid")[:, 0] / density
    densities, found = alike.T[:, None]
    return densities, np.where(found > 0.0, found, np.nan), of_row, volumes


def _bed(feed: Flow, p: Parameters) -> Bed:
    density, size, _, volumes = _kinds(feed.slate)
    limit, sharpness = (np.reshape(part, (-1, 1)) for part in (p.fine_limit, p.fine_sharpness))
    constant = np.reshape(p.stratification_constant, (-1, 1))
    constants = constant * (1.0 - _hanging(size, limit, sharpness))  # (6)
    # One by one, so that a scenario does not feel how many are computed with it.
    of_kinds = np.matmul(np.ascontiguousarray(feed.mass.T)[:, None, :], volumes)[:, 0]
    return settled_bed(of_kinds, density, constants, np.atleast_1d(p.volume_yield))


def _setting_warnings(p: Parameters) -> Sequence[str]:
    if p.cut_density is None:
        constant = first(p.stratification_constant)
        if CONSTANTS[0] <= constant <= CONSTANTS[1]:
            return ()
        return (f"stratification_constant of {constant:.3g} m^3/kg; jigs in use have 0.005 to 0.2",)
    told = []
    cut, imperfection = first(p.cut_density), first(p.imperfection)
    if not CUTS[0] <= cut <= CUTS[1]:
        told.append(f"cut density {cut:.0f} kg/m^3; jigs in use cut from 1400 to 4000")
    if not IMPERFECTIONS[0] <= imperfection <= IMPERFECTIONS[1]:
        told.append(f"imperfection of {imperfection:.2g}; jigs in use have 0.1 to 0.3")
    return told


def _size_warnings(feed: Flow, p: Parameters) -> Sequence[str]:
    told, limit = [], first(p.fine_limit)
    fine = first(share_of_sizes(feed, 0.0, limit))
    coarse = first(share_of_sizes(feed, COARSEST, np.inf))
    if fine > MUCH_TOO_FINE:
        told.append(
            f"{fine:.0%} of the solids fed are finer than {aperture_text(limit)} and hardly "
            "stratify; deslime the feed, or use spirals or tables for its fines"
        )
    if coarse > TOO_COARSE:
        told.append(
            f"{coarse:.0%} of the solids fed are coarser than {aperture_text(COARSEST)}, about the "
            "most that mineral jigs take; crush or screen the feed"
        )
    return told
