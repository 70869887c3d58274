"""Hand sorting and sensor sorting: rich lumps are picked out of what is coarse enough to handle."""

from collections.abc import Sequence
from functools import lru_cache
from typing import ClassVar, Literal

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.parameters import Fraction, MassFlow, ParticleSize, PerSpecies, default
from flowsheet.core.particles import aperture_text
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, ParticleUse, UnitOp
from unitops.gravity.flowing_film_figures import machines
from unitops.gravity.partition import whiten, with_short_circuits

_LEAST_SIZE = {"hand": 40e-3, "sensor": 15e-3}
USUAL_LEAST = {"hand": 25e-3, "sensor": 8e-3}
"""Lumps below which picking costs more than it is worth, m; assumed."""
MOST_FINES = 0.7
"""Share of the solids that bypasses the sorting from which it is worth a warning; assumed."""


class HandSorting(UnitOp):
    """Screen off the fines of an ore, and pick rich lumps out of the rest by what they hold.

    Of a size class between the sieves a (lower) and b (upper), the share of lumps, coarser than the
    minimum size d_min, with the mass of a class spread evenly over its sizes:

        lumps = (b - d_min) / (b - a), within 0 and 1                               (1)

    What is not lumps leaves as fines. Of the lumps of a mineral or composite of content c of an
    element, the share that is picked, either a given ``recovery``, or by content:

        Y = 1 / (1 + exp(ln 3 * (c_50 - c) / E))                                    (2)
        picked = mispicked + (1 - missed - mispicked) * Y                           (3)

    (2) and (3) are Whiten's partition curve and its short circuits (Napier-Munn (1991), Minerals
    Engineering 4, 329-346), in content instead of density. Without locked particles there is little
    to sort: carry massive ore, disseminated ore and waste rock as minerals and ``composites``.

    Usual, assumed: by hand lumps above 40 to 75 mm, 1 to 5 t picked per person and shift; by sensor
    (X-ray, colour, induction) 10 to 100 mm, 20 to 150 t/h per sorter.

    Assumptions: every lump is one mineral or composite and is seen on its own. Solids without a
    size are lumps, but for the share ``unsized_fines``. Water and what it dissolves, and gas, leave
    with the fines (lumps are washed before they are sorted).
    Not modelled: effect of belt load and of the size of lumps on what is seen.
    Limits: d_min above the top sieve leaves only fines; E to 0 picks all lumps above c_50.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.streams.feed import Feed
    >>> plant = Flowsheet(
    ...     species=["Sb2S3", "SiO2"],
    ...     units={
    ...         "mine": Feed(
    ...             outlet="ore", flow="40 t/h", composition={"Sb2S3": "3.8 %"}, remainder="SiO2"
    ...         ),
    ...         "sorting": HandSorting(
    ...             feed="ore",
    ...             sorted="lump_ore",
    ...             rejects="waste_rock",
    ...             fines="fines",
    ...             unsized_fines="60 %",
    ...             recovery={"Sb2S3": "80 %", "SiO2": "25 %"},
    ...         ),
    ...     },
    ... )
    >>> solution = solve(plant)
    >>> print(f"{solution['lump_ore'].grade('Sb'):.1f~P}, {solution['fines'].grade('Sb'):.1f~P}")
    8.0 %, 2.7 %
    """

    particles: ClassVar[ParticleUse] = "kept"

    feed: Inlet
    sorted: Outlet
    rejects: Outlet
    fines: Outlet

    method: Literal["hand", "sensor"] = "hand"
    """Who picks; decides defaults, and whether persons or sorters are reported."""
    minimum_size: ParticleSize | None = None
    """Smallest lump that is sorted, d_min. Default 40 mm by hand, 15 mm by sensor, assumed."""
    unsized_fines: PerSpecies[Fraction] = 0.0
    """Share finer than that, of solids that have no size: all, in a flowsheet without particles."""
    recovery: PerSpecies[Fraction] | None = None
    """Share of the lumps of each mineral or composite that is picked. Give this or
    ``cut_content``."""
    element: str | None = None
    """Element whose content decides, with ``cut_content``."""
    cut_content: Fraction | None = None
    """Content of lumps of which half is picked, c_50."""
    content_spread: Fraction = default("1 %")
    """Half the span of content between 25 % and 75 % picked, E; small is sharp. Default assumed,
    range 0.3 to 3 % Sb."""
    mispicked: Fraction = 0.0
    """Share of all lumps that is picked whatever it holds, with ``cut_content``; assumed 0 to
    0.1."""
    missed: Fraction = 0.0
    """Share of all lumps that is not picked whatever it holds, with ``cut_content``; assumed 0.05
    to 0.3 by hand."""
    picked_per_person: MassFlow = default("0.25 t/h")
    """What one person picks; default 2 t in a shift of 8 h, assumed, range 1 to 5 t."""
    capacity_per_sorter: MassFlow = default("60 t/h")
    """Lumps that pass one sensor sorter. Default assumed, range 20 to 150 t/h."""

    def check(self) -> None:
        """Refuse sorting that picks in no way or in two, or nobody who picks."""
        if (self.recovery is None) == (self.cut_content is None):
            raise InputError("give either recovery or cut_content (with element), and not both")
        if (self.element is None) != (self.cut_content is None):
            raise InputError("element and cut_content go together; give both or neither of them")
        if self.recovery is not None and self.mispicked + self.missed > 0.0:
            raise InputError(
                "mispicked and missed belong to cut_content; leave them out, recovery says it all"
            )
        if self.content_spread == 0.0:
            raise InputError('content_spread of 0 is no spread; give a small one, e.g. "0.01 %"')
        if self.mispicked + self.missed > 1.0:
            raise InputError("mispicked and missed are more than 100 % together; give less")
        for name in ("picked_per_person", "capacity_per_sorter"):
            if getattr(self, name) == 0.0:
                raise InputError(f"{name} of 0 sorts nothing; give more")

    def is_linear(self) -> bool:
        """Every constituent is split in a fixed proportion."""
        return True

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Screen and sort; see the class for the equations."""
        lumps = feed * _lumps(feed.slate, p)
        picked = lumps * _picked(feed.slate, p)
        return {"sorted": picked, "rejects": lumps - picked, "fines": feed - lumps}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """What bypasses, what is picked, and the persons or sorters that it takes."""
        solids = flows["feed"].solids.total()
        picked = flows["sorted"].solids.total()
        lumps = picked + flows["rejects"].solids.total()
        if p.method == "hand":
            work = Figure(
                picked / p.picked_per_person, "", "persons picking at a time", "equipment"
            )
        else:
            work = Figure(machines(lumps, p.capacity_per_sorter), "", "sorters needed", "equipment")
        return (
            Figure(ratio(lumps, solids), "%", "lumps in the feed"),
            Figure(ratio(picked, lumps), "%", "lumps picked"),
            work,
        )

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Lumps too small to pick, and an ore that is mostly fines."""
        told, least = [], first(_least_size(p))
        fed = first(flows["feed"].solids.total().real)
        fines = first(flows["fines"].solids.total().real)
        if least < USUAL_LEAST[p.method]:
            told.append(
                f"minimum_size of {aperture_text(least)}; sorting by {p.method} takes lumps above "
                f"about {aperture_text(USUAL_LEAST[p.method])}"
            )
        if fines > MOST_FINES * fed:
            told.append(
                f"{fines / fed:.0%} of the solids are fines, which bypass the sorting; sort before "
                "crushing, or lower minimum_size"
            )
        return told


def _least_size(p: Parameters) -> float:
    return _LEAST_SIZE[p.method] if p.minimum_size is None else p.minimum_size


@lru_cache(maxsize=64)
def _bounds(slate: Slate) -> tuple[Array, Array]:
    """Lower and upper sieve of every class, in m, (classes, 1)."""
    assert slate.particles is not None
    upper = slate.particles.apertures[:, None]
    return np.concatenate([upper[1:], np.zeros((1, 1))]), upper


def _lumps(slate: Slate, p: Parameters) -> Array:
    """Share of every constituent that is lumps, (constituents, 1 or scenarios)."""
    shares = slate.in_phase("solid") * (1.0 - p.unsized_fines)
    if slate.particles is None:
        return np.asarray(shares)
    lower, upper = _bounds(slate)
    lumps = (upper - _least_size(p)) / (upper - lower)  # (1)
    lumps = np.where(lumps.real < 0.0, 0.0, np.where(lumps.real > 1.0, 1.0, lumps))
    lumps = np.tile(lumps, (len(slate.sized), 1))
    unsized = shares[: len(slate.species)]
    columns = max(unsized.shape[1], lumps.shape[1])
    parts = [np.broadcast_to(part, (len(part), columns)) for part in (unsized, lumps)]
    return np.concatenate(parts)


def _picked(slate: Slate, p: Parameters) -> Array:
    """Share of the lumps of every constituent that is picked, (constituents, 1 or scenarios)."""
    if p.recovery is not None:
        return np.asarray(p.recovery)
    if p.element not in slate.elements:
        raise InputError(
            f"element: there is no '{p.element}' in this flowsheet; name one of "
            f"{', '.join(slate.elements)}"
        )
    content = slate.element_fractions[slate.elements.index(p.element)][:, None]
    by_content = whiten(content, p.cut_content, p.content_spread)  # (2)
    return with_short_circuits(by_content, p.mispicked, p.missed)  # (3)
