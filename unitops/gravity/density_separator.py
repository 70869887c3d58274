"""Gravity separation by density: dense medium, jigs, spirals and tables by a partition curve."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import ClassVar

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.parameters import Density, Fraction, default
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, ParticleUse, UnitOp

WATER = 1000.0
"""Density of water, kg/m^3, to which an imperfection refers."""
CUTS = (1300.0, 4000.0)
"""Cut densities of devices in use, from coal baths to mineral spirals and tables, kg/m^3."""
SHARPNESS = (20.0, 600.0)
"""Ecart probable of devices in use, from dense-medium baths to mineral spirals, kg/m^3."""
INSEPARABLE = 1.25
"""Concentration criterion below which Taggart calls gravity separation in water not possible."""
EXPONENT_OF_NOTHING = 500.0
"""Exponent in (1) above which nothing reaches the sinks, not even 1e-217; exp(710) overflows."""


class GravitySeparator(UnitOp):
    """Split particles by density into sinks (heavies) and floats (lights).

    Fraction of species i, of density rho_i, that reports to the sinks:

        Y_i = 1 / (1 + exp(ln 3 * (rho_50 - rho_i) / Ep))                           (1)
        Y_total,i = a_s + (1 - a_s - a_f) * Y_i                                     (2)

    and the concentration criterion of a heavy and a light mineral in a fluid:

        (rho_heavy - rho_fluid) / (rho_light - rho_fluid)                           (3)

    (1) Whiten's partition curve and (2) its short circuits, as in Napier-Munn (1991), Minerals
    Engineering 4, 329-346; Ep is half of rho_75 - rho_25. (3) Taggart (1945), Handbook of Mineral
    Dressing: above 2.5 works down to fines, 1.75 to about 0.1 mm, 1.5 to about 1 mm, 1.25 to
    gravel of about 6 mm, below that not at all.

    Typical settings in t/m^3, as Wills' Mineral Processing Technology has them (quoted from
    memory, not re-read; take test work where there is any):

        device                  particles, mm   rho_50        Ep
        dense-medium bath       6-100           2.6-3.2       0.02-0.05
        dense-medium cyclone    0.5-40          2.6-3.2       0.02-0.08 (fines: high)
        jig                     1-25            2.8-3.5       0.10-0.30
        spiral                  0.075-1         2.9-3.5       0.3-0.6
        shaking table           0.04-2          2.8-3.6       0.15-0.40
        coal bath or cyclone    0.5-100         1.3-1.8       0.02-0.10

    Assumptions: every particle is one species and has its density; give locked particles as
    species of their own (stibnite with quartz at a cut of 2.70-2.75 t/m^3 is only 4-8 % stibnite).
    Water and what it dissolves go to the sinks by ``water_to_sinks``; gas leaves with the floats.
    Not modelled: particle size, capacity, loss and recovery of the dense medium.
    Limits: Ep towards zero is a perfect cut at rho_50 (a species exactly at rho_50 splits in
    half); a very large Ep splits every species in half.
    """

    particles: ClassVar[ParticleUse] = "kept"

    feed: Inlet
    sinks: Outlet
    floats: Outlet

    cut_density: Density
    """Density of particles that split in half, rho_50."""
    ecart_probable: Density
    """Half the density span between 25 % and 75 % to sinks, Ep; small is sharp."""
    short_circuit_to_sinks: Fraction = 0.0
    """Share of all solids that reach the sinks unsorted, a_s; 0 to 0.05 is usual."""
    short_circuit_to_floats: Fraction = 0.0
    """Share of all solids that reach the floats unsorted, a_f; 0 to 0.05 is usual."""
    water_to_sinks: Fraction
    """Share of the water, and of what it dissolves, that leaves with the sinks."""
    medium_density: Density = default("1000 kg/m^3")
    """Density of the fluid in (3), water by default; it does not move the cut."""
    heavy: str | None = None
    """Species to be won, for the concentration criterion; give it together with ``light``."""
    light: str | None = None
    """Species to be rejected, for the concentration criterion."""

    def check(self) -> None:
        """Refuse short circuits of more than everything, and half a pair of minerals."""
        if self.short_circuit_to_sinks + self.short_circuit_to_floats > 1.0:
            raise InputError(
                "short_circuit_to_sinks and short_circuit_to_floats are more than 100 % together; "
                "give less, 0 to 5 % each is usual"
            )
        if (self.heavy is None) != (self.light is None):
            raise InputError(
                "heavy and light are compared with each other; give both or neither of them"
            )

    def required_species(self) -> Iterable[str]:
        """The two minerals compared by the concentration criterion."""
        return tuple(name for name in (self.heavy, self.light) if name is not None)

    def is_linear(self) -> bool:
        """Every species is split in a fixed proportion."""
        return True

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Split the feed between sinks and floats."""
        _check_densities(feed)
        solid, liquid = feed.slate.in_phase("solid"), feed.slate.in_phase("liquid")
        sinks = feed * (solid * _partition(feed.slate, p) + liquid * p.water_to_sinks)
        return {"sinks": sinks, "floats": feed - sinks}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Mass pull, imperfection, and the concentration criterion if two minerals are named."""
        pull = ratio(flows["sinks"].solids.total(), flows["feed"].solids.total())
        found = [Figure(pull, "%", "solids to sinks")]
        if np.all(p.cut_density > WATER):
            imperfection = p.ecart_probable / (p.cut_density - WATER)
            found.append(Figure(np.atleast_1d(imperfection), "", "imperfection"))
        if p.heavy is not None:
            criterion = _criterion(flows["feed"].slate, p)
            found.append(Figure(criterion, "", f"concentration criterion {p.heavy} / {p.light}"))
        return found

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Settings no device reaches, and minerals too alike in density."""
        told = []
        cut, spread = first(p.cut_density), first(p.ecart_probable)
        if not CUTS[0] <= cut <= CUTS[1]:
            told.append(f"cut density {cut:.0f} kg/m^3; devices in use cut from 1300 to 4000")
        if spread < SHARPNESS[0]:
            told.append(
                f"ecart probable {spread:.3g} kg/m^3 is sharper than devices in use (20 or more)"
            )
        if spread > SHARPNESS[1]:
            told.append(f"ecart probable {spread:.0f} kg/m^3; even spirals stay below 600")
        if p.heavy is not None:
            told.extend(_criterion_warnings(flows["feed"].slate, p))
        return told


@lru_cache(maxsize=64)
def _densities(slate: Slate) -> tuple[Array, Array]:
    """Densities, zero where unknown, (constituents, 1); rows of solids whose density is unknown."""
    unknown = np.isnan(slate.density)
    known = np.where(unknown, 0.0, slate.density)[:, None]
    return known, np.flatnonzero(unknown & (slate.in_phase("solid")[:, 0] > 0.0))


def _check_densities(feed: Flow) -> None:
    _, unknown = _densities(feed.slate)
    flows = feed.mass[unknown].real > 0.0
    if flows.any():
        missing = [feed.slate.labels[row] for row in unknown[flows.any(axis=1)]]
        raise InputError(
            f"a separation by density needs a density of {', '.join(missing)}; "
            f"define Species('{missing[0]}', density=...) in the flowsheet"
        )


def _partition(slate: Slate, p: Parameters) -> Array:
    """Fraction of each species to the sinks, (constituents, 1 or scenarios)."""
    known, _ = _densities(slate)
    exponent = np.log(3.0) * (p.cut_density - known) / p.ecart_probable
    sinks = exponent.real < EXPONENT_OF_NOTHING
    sorted_to_sinks = sinks / (1.0 + np.exp(np.where(sinks, exponent, 0.0)))  # (1)
    unsorted = p.short_circuit_to_sinks + p.short_circuit_to_floats
    return np.asarray(p.short_circuit_to_sinks + (1.0 - unsorted) * sorted_to_sinks)  # (2)


def _criterion(slate: Slate, p: Parameters) -> Array:
    """Concentration criterion (3), infinite where the light mineral does not sink."""
    heavy, light = _density(slate, p.heavy), _density(slate, p.light)
    return np.atleast_1d(
        np.where(
            light > p.medium_density,
            ratio(heavy - p.medium_density, light - p.medium_density),
            np.inf,
        )
    )


def _density(slate: Slate, name: str) -> float:
    density = float(slate.density[slate.row(name)])
    if np.isnan(density):
        raise InputError(
            f"the concentration criterion needs a density of {name}; "
            f"define Species('{name}', density=...) in the flowsheet, or leave out heavy and light"
        )
    return density


def _criterion_warnings(slate: Slate, p: Parameters) -> Sequence[str]:
    criterion = float(_criterion(slate, p)[0])
    if criterion >= INSEPARABLE:
        return ()
    return (
        f"concentration criterion {criterion:.2f} for {p.heavy} and {p.light}; below 1.25 they do "
        "not separate by gravity in this fluid",
    )
