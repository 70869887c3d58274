"""Flotation by its assays: a concentrate of given grade and recovery, or grade and tailings."""

from collections.abc import Sequence
from typing import ClassVar

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError, nearest
from flowsheet.core.flow import Array, Flow
from flowsheet.core.parameters import Fraction, PerSpecies, Ratio
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, ParticleUse, UnitOp
from unitops.flotation.concentrate_water import (
    check_water,
    separation_figures,
    water_share,
    water_warnings,
)
from unitops.flotation.recoveries_from_assays import carriers_and_gangue, recoveries_from_assays


class TwoProductSeparator(UnitOp):
    """Make the concentrate that two assays of one element ask for.

    With f, c and t the grades of the element in the dry solids of feed, concentrate and tailings,
    F the solids fed and M = f F the element in them, either the recovery R is given or follows:

        R = c (f - t) / (f (c - t))                    with a tailings grade         (1)
        C = R M / c                                    concentrate                   (2)

    The carriers, minerals that hold the element, are recovered so that the element is; the rest,
    the gangue, so that the concentrate has its mass:

        R_i = R * r_i * M / sum over carriers of (r_j * e_j * feed_j)               (3)
        R_i = r_i * (C - carriers in C) / sum over gangue of (r_j * feed_j)         (4)

    with e the mass fraction of the element, and r_i the relative recovery, 1 unless given: pyrite
    with r = 5 is recovered five times as well as gangue with r = 1.

    (1), (2) two-product formula: Wills and Finch (2016), Wills' Mineral Processing Technology, 8th
    ed., chapter 3 (from memory); (3), (4) are a definition that conserves every element.

    Assumptions: grades are those of the separator's own feed and products, recycles included.
    Dissolved species follow the water; gas leaves with the tailings.
    Not modelled: why it separates so. Assays that no split of this feed can have are refused.
    Limits: a feed without the element gives no concentrate.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.flotation.two_product_separator import TwoProductSeparator
    >>> from unitops.streams.feed import Feed
    >>> plant = Flowsheet(
    ...     species=["Sb2S3", "FeS2", "SiO2", "H2O"],
    ...     units={
    ...         "pulp": Feed(
    ...             outlet="pulp",
    ...             flow="100 t/h",
    ...             composition={"Sb2S3": "4 %", "FeS2": "3 %"},
    ...             remainder="SiO2",
    ...             percent_solids="33 %",
    ...         ),
    ...         "flotation": TwoProductSeparator(
    ...             feed="pulp",
    ...             concentrate="concentrate",
    ...             tailings="tailings",
    ...             element="Sb",
    ...             concentrate_grade="58 %",
    ...             recovery="90 %",
    ...             relative_recovery={"FeS2": 20, "others": 1},
    ...             water_recovery="2 %",
    ...         ),
    ...     },
    ... )
    >>> solution = solve(plant)
    >>> concentrate = solution["concentrate"]
    >>> print(f"{concentrate.mass_flow():.3f~P}, {concentrate.grade('Fe'):.2f~P}")
    8.510 t/h, 3.49 %
    """

    particles: ClassVar[ParticleUse] = "kept"

    feed: Inlet
    concentrate: Outlet
    tailings: Outlet

    element: str
    """Symbol of the element that is assayed, e.g. ``"Sb"``."""
    concentrate_grade: Fraction
    """Mass fraction of the element in the dry solids of the concentrate, c."""
    recovery: Fraction | None = None
    """Share of the element that reports to the concentrate, R. Or give ``tailings_grade``."""
    tailings_grade: Fraction | None = None
    """Mass fraction of the element in the dry solids of the tailings, t. Or give ``recovery``."""
    relative_recovery: PerSpecies[Ratio] = 1.0
    """Recovery of a carrier over that of other carriers, of gangue over other gangue, r."""
    water_recovery: Fraction | None = None
    """Share of the liquid that reports to the concentrate; or give the percent solids."""
    concentrate_percent_solids: Fraction | None = None
    """Solids of the concentrate by mass; 15 to 40 % is usual. Or give ``water_recovery``."""

    def check(self) -> None:
        """Refuse assays that are given twice, or contradict each other."""
        if (self.recovery is None) == (self.tailings_grade is None):
            raise InputError("give either recovery or tailings_grade, and not both")
        if self.concentrate_grade == 0.0:
            raise InputError("concentrate_grade of 0 % is no concentrate; give more")
        if self.tailings_grade is not None and self.tailings_grade >= self.concentrate_grade:
            raise InputError(
                f"tailings_grade of {self.tailings_grade:.2%} is not below the concentrate_grade "
                f"of {self.concentrate_grade:.2%}; check the assays"
            )
        check_water(self)

    def resolve(self, slate: Slate) -> Parameters:
        """Refuse an element that no species holds."""
        if self.element not in slate.elements:
            raise InputError(
                f"element: no species contains '{self.element}'"
                f"{nearest(self.element, slate.elements)}"
            )
        return super().resolve(slate)

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Split the pulp; see the class for the equations."""
        solids = feed.solids * recoveries_from_assays(feed, p)
        concentrate = solids + feed.liquid * water_share(feed, solids.total(), p)
        return {"concentrate": concentrate, "tailings": feed - concentrate}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Mass pull, recovery of the element, grades, water, and how much gangue follows."""
        feed, concentrate, tailings = (flows[n].solids for n in ("feed", "concentrate", "tailings"))
        recovery = ratio(concentrate.element(p.element), feed.element(p.element))
        found = separation_figures(flows)
        found.append(Figure(recovery, "%", f"{p.element} recovery"))
        for name, flow in (("feed", feed), ("tailings", tailings)):
            grade = ratio(flow.element(p.element), flow.total())
            found.append(Figure(grade, "%", f"{p.element} in the {name}"))
        found.append(Figure(_gangue_recovery(flows, p), "%", "gangue recovery"))
        return found

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """No element to recover, gangue that floats better, too little water."""
        told = water_warnings(flows, p)
        feed = flows["feed"].solids
        if first(feed.total()) > 0.0 and first(feed.element(p.element)) == 0.0:
            told.append(f"the feed holds no {p.element}; all of it leaves with the tailings")
            return told
        recovery = first(
            ratio(flows["concentrate"].solids.element(p.element), feed.element(p.element))
        )
        gangue = first(_gangue_recovery(flows, p))
        if gangue > recovery:
            told.append(
                f"{gangue:.1%} of the gangue but {recovery:.1%} of the {p.element} reach the "
                f"concentrate, which is poorer than the feed; check the assays"
            )
        return told


def _gangue_recovery(flows: Flows, p: Parameters) -> Array:
    _, is_gangue = carriers_and_gangue(flows["feed"].slate, p.element)
    return ratio((flows["concentrate"] * is_gangue).total(), (flows["feed"] * is_gangue).total())
