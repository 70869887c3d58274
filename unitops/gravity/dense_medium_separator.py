"""Dense medium separation: drums and cyclones that cut by density, with a curve for every size."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Literal

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.parameters import Density, Fraction, ParticleSize, Ratio, default
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, ParticleUse, UnitOp
from unitops.gravity.concentration_criterion import criterion_of, criterion_warnings, density_of
from unitops.gravity.dense_medium_devices import setting_warnings, size_law, size_warnings
from unitops.gravity.particle_density import (
    check_densities,
    densities,
    relative_sizes,
    share_of_solids,
)
from unitops.gravity.partition import (
    WATER,
    imperfection,
    of_size,
    pivot_cut_density,
    whiten_through_pivot,
    with_short_circuits,
)

NEAR = 100.0
"""How near the cut a particle is near-gravity material, kg/m^3: Bird's 0.1 g/cm^3."""
FORMIDABLE = 0.25
"""Share of near-gravity material that Bird calls formidable."""
NOT_SHARP = 40.0
"""Ecart probable above which more than 6 % of what lies 0.1 g/cm^3 off the cut goes astray."""


class DenseMediumSeparator(UnitOp):
    """Split particles by density into sinks (heavies) and floats (lights).

    Fraction of particles of density rho and size d that reports to the sinks:

        Y = 1 / (1 + (1 / Y_p - 1) * exp(ln 3 * (rho_p - rho) / Ep(d)))             (1)
        Y_total = a_s + (1 - a_s - a_f) * Y                                         (2)
        Ep(d) = Ep * (d / d_ref)^-n                                                 (3)
        rho_p = rho_50 - Ep * ln(1 / Y_p - 1) / ln 3                                (4)

    Without sizes, or with n = 0, (1) is Whiten's curve of cut rho_50 and sharpness Ep. With sizes
    these belong to the size d_ref; the curves of all sizes cross in the pivot (rho_p, Y_p). At
    Y_p = 50 % all sizes keep the cut rho_50 and only the sharpness varies. Below it, fine particles
    need to be denser to sink, and the finest go with the medium, of which Y_p leaves with the
    sinks. Reported besides: the concentration criterion of a heavy and a light mineral (5), and
    the leanest particle of the two that is dense enough to sink (6), by mass of the heavy:

        (rho_heavy - rho_fluid) / (rho_light - rho_fluid)                           (5)
        w = (1 / rho_light - 1 / rho_50) / (1 / rho_light - 1 / rho_heavy)          (6)

    (1), (2) Napier-Munn (1991), Minerals Engineering 4, 329-346; Scott and Napier-Munn (1992),
    Transactions of the Institution of Mining and Metallurgy 101, C61-C76 (quoted from memory).
    (5) Taggart (1945), Handbook of Mineral Dressing; see ``concentration_criterion``. Near-gravity
    material within 0.1 g/cm3 of the cut: Bird (1931), who calls more than 25 % formidable.

    ``device`` sets n and d_ref where they are not given, and what the warnings compare with; usual
    settings of drums and cyclones stand in ``dense_medium_devices``.

    Assumptions: a particle is one species, or a composite with the density of its minerals. Solids
    without a size behave as those of d_ref. Water and what it dissolves go to the sinks by
    ``water_to_sinks``; gas leaves with the floats. The medium is recovered and is no stream.
    Not modelled: capacity, viscosity of the medium, its differential in a cyclone.
    Limits: Ep towards zero is a perfect cut (at rho_50 half); a large Ep sends Y_p to the sinks.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.gravity.dense_medium_separator import DenseMediumSeparator
    >>> from unitops.streams.feed import Feed
    >>> plant = Flowsheet(
    ...     species=["Sb2S3", "SiO2"],
    ...     units={
    ...         "ore": Feed(
    ...             outlet="ore", flow="50 t/h", composition={"Sb2S3": "8 %"}, remainder="SiO2"
    ...         ),
    ...         "dense_medium": DenseMediumSeparator(
    ...             feed="ore",
    ...             sinks="concentrate",
    ...             floats="rejects",
    ...             device="cyclone",
    ...             cut_density="2.75 t/m^3",
    ...             ecart_probable="0.04 t/m^3",
    ...             water_to_sinks="10 %",
    ...         ),
    ...     },
    ... )
    >>> print(f"{solve(plant)['concentrate'].grade('Sb'):.1f~P}")
    42.3 %
    """

    particles: ClassVar[ParticleUse] = "kept"

    feed: Inlet
    sinks: Outlet
    floats: Outlet

    device: Literal["any", "drum", "cyclone"] = "any"
    """Sets the law of sizes, if not given, and what the warnings compare with."""
    cut_density: Density
    """Density of particles that split in half, rho_50."""
    ecart_probable: Density
    """Half the density span between 25 % and 75 % to sinks, Ep; small is sharp."""
    size_exponent: Ratio | None = None
    """How fast Ep grows for smaller particles, n; 0.25 for a drum, 0.5 for a cyclone."""
    reference_size: ParticleSize | None = None
    """Size to which rho_50 and Ep belong, d_ref; 25 mm for a drum, 2 mm for a cyclone."""
    pivot_partition: Fraction = 0.5
    """Share to the sinks at which curves of all sizes cross, Y_p. Default: all have the same cut.
    In a cyclone about the share of medium that leaves with the sinks, 20 to 40 % (assumed)."""
    short_circuit_to_sinks: Fraction = 0.0
    """Share of all solids that reach the sinks unsorted, a_s; 0 to 0.05 is usual."""
    short_circuit_to_floats: Fraction = 0.0
    """Share of all solids that reach the floats unsorted, a_f; 0 to 0.05 is usual."""
    water_to_sinks: Fraction
    """Share of the water, and of what it dissolves, that leaves with the sinks."""
    medium_density: Density = default("1000 kg/m^3")
    """Density of the fluid in (5), water by default; it does not move the cut."""
    medium_loss: Ratio | None = None
    """Ferrosilicon or magnetite lost per solids fed, e.g. "300 g/t", for the report; usual are 100
    g/t for coarse dense ore to 2.5 kg/t for fine porous ore (Wills, quoted from memory)."""
    heavy: str | None = None
    """Mineral to be won, for (5) and (6); give it together with ``light``."""
    light: str | None = None
    """Mineral to be rejected, for (5) and (6)."""

    def check(self) -> None:
        """Refuse impossible pivots and short circuits, and half a pair of minerals."""
        if self.short_circuit_to_sinks + self.short_circuit_to_floats > 1.0:
            raise InputError(
                "short_circuit_to_sinks and short_circuit_to_floats are more than 100 % together; "
                "give less, 0 to 5 % each is usual"
            )
        if self.pivot_partition in {0.0, 1.0}:
            raise InputError(
                f"pivot_partition of {self.pivot_partition:.0%} is on no partition curve; give a "
                "share between, 50 % for one cut at all sizes, 20 to 40 % for a cyclone"
            )
        if (self.heavy is None) != (self.light is None):
            raise InputError(
                "heavy and light are compared with each other; give both or neither of them"
            )

    def required_species(self) -> Iterable[str]:
        """The two minerals compared by the concentration criterion."""
        return tuple(name for name in (self.heavy, self.light) if name is not None)

    def is_linear(self) -> bool:
        """Every particle is split in a fixed proportion."""
        return True

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Split the feed between sinks and floats."""
        check_densities(feed)
        solid, liquid = feed.slate.in_phase("solid"), feed.slate.in_phase("liquid")
        sinks = feed * (solid * _to_sinks(feed.slate, p) + liquid * p.water_to_sinks)
        return {"sinks": sinks, "floats": feed - sinks}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Yield, difficulty, sharpness by size, criterion, leanest sinking particle, medium."""
        feed, slate = flows["feed"], flows["feed"].slate
        solids = feed.solids.total()
        found = [
            Figure(ratio(flows["sinks"].solids.total(), solids), "%", "solids to sinks"),
            Figure(_near_gravity(feed, p), "%", "near-gravity material"),
        ]
        if np.all(p.cut_density > WATER):
            of_cut = imperfection(p.cut_density, p.ecart_probable)
            found.append(Figure(np.atleast_1d(of_cut), "", "imperfection"))
        found += _figures_by_size(slate, p)
        if p.heavy is not None:
            criterion = criterion_of(slate, p.heavy, p.light, p.medium_density)
            label = f"concentration criterion {p.heavy} / {p.light}"
            found += [Figure(criterion, "", label), *_leanest(slate, p)]
        if p.medium_loss is not None:
            found.append(Figure(p.medium_loss * solids, "kg/h", "dense medium lost", "reagent"))
        return found

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Settings no device reaches, sizes it does not take, and minerals too alike."""
        told = [*setting_warnings(p), *size_warnings(flows["feed"], p)]
        near, sharpness = first(_near_gravity(flows["feed"], p)), first(p.ecart_probable)
        if near > FORMIDABLE and sharpness > NOT_SHARP:
            told.append(
                f"{near:.0%} of the solids lie within {NEAR:.0f} kg/m^3 of the cut (near-gravity "
                f"material; above 25 % is formidable), and an ecart probable of {sharpness:.0f} "
                "kg/m^3 sorts them poorly; move the cut, or use a sharper device"
            )
        if p.heavy is not None:
            told.extend(criterion_warnings(flows["feed"], p.heavy, p.light, p.medium_density))
        return told


def _sharpness(slate: Slate, p: Parameters) -> Array:
    """Ep of every row by (3), (constituents, 1 or scenarios)."""
    exponent, reference = size_law(p)
    return of_size(relative_sizes(slate, reference), p.ecart_probable, 1.0, exponent)  # (3)


def _pivot_density(p: Parameters) -> Any:
    shift = pivot_cut_density(0.0, p.pivot_partition, p.ecart_probable)
    return p.cut_density - shift  # (4)


def _to_sinks(slate: Slate, p: Parameters) -> Array:
    """Fraction of each row to the sinks, (constituents, 1 or scenarios)."""
    sorted_to_sinks = whiten_through_pivot(
        densities(slate), _pivot_density(p), p.pivot_partition, _sharpness(slate, p)
    )  # (1)
    return with_short_circuits(
        sorted_to_sinks, p.short_circuit_to_sinks, p.short_circuit_to_floats
    )  # (2)


def _near_gravity(feed: Flow, p: Parameters) -> Array:
    """Share of the solids whose density is near the cut, (scenarios,)."""
    off = densities(feed.slate) - p.cut_density
    return share_of_solids(feed, (off > -NEAR) & (off < NEAR))


def _figures_by_size(slate: Slate, p: Parameters) -> Sequence[Figure]:
    """Sharpness and cut of the coarsest and the finest class, where they depend on size."""
    if slate.particles is None or not np.any(size_law(p)[0]):
        return ()
    found, sharpness = [], _sharpness(slate, p)
    for place in dict.fromkeys((0, slate.classes - 1)):
        size, of_class = slate.particles.class_names[place], sharpness[len(slate.species) + place]
        cut = pivot_cut_density(_pivot_density(p), p.pivot_partition, of_class)
        found += [
            Figure(of_class, "t/m^3", f"ecart probable {size}"),
            Figure(np.atleast_1d(cut), "t/m^3", f"cut density {size}"),
        ]
    return found


def _leanest(slate: Slate, p: Parameters) -> Sequence[Figure]:
    """Share of the heavy mineral in a particle of the cut density, where there is one, (6)."""
    heavy, light = density_of(slate, p.heavy), density_of(slate, p.light)
    cut = np.atleast_1d(p.cut_density)
    if not np.all((light < cut) & (cut < heavy)):
        return ()
    share = (1.0 / light - 1.0 / cut) / (1.0 / light - 1.0 / heavy)  # (6)
    return (Figure(share, "%", f"{p.heavy} in {p.light} at the cut"),)
