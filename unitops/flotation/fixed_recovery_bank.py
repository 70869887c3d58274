"""Flotation with given recoveries: a bank whose kinetics are not asked about."""

from collections.abc import Sequence
from typing import ClassVar

from flowsheet.core.flow import Flow
from flowsheet.core.parameters import Fraction, PerSize, PerSpecies
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, ParticleUse, UnitOp
from unitops.flotation.bank_settings import check_sizes
from unitops.flotation.concentrate_water import (
    check_water,
    separation_figures,
    water_share,
    water_warnings,
)
from unitops.flotation.rate_by_size import value_by_size


class FixedRecoveryBank(UnitOp):
    """Send a given fraction of every mineral to the concentrate, and water as asked for.

    With R_i the recovery of mineral i, s(d) that of its size relative to it, S the solids of the
    concentrate, c its percent solids and L the liquid (water and what it dissolves) of the feed:

        mineral i to concentrate = R_i * s(d) * feed_i                              (1)
        liquid to concentrate = R_w * L                                             (2)
        or                    = min(S * (1 - c) / c, L)                             (3)

    The level to begin with: recoveries from a plant survey, a locked-cycle test or a
    specification. These are definitions, not laws.

    Assumptions: recoveries do not depend on the feed; dissolved species follow the water; gas
    leaves with the tailings. A composite is named like a mineral.
    Not modelled: kinetics, capacity, entrainment: recoveries stand for all that is recovered.
    Limits: R = 0 and R = 1 send everything one way; a feed with too little water for (3) loses all
    of it to the concentrate, and a warning says so.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.flotation.fixed_recovery_bank import FixedRecoveryBank
    >>> from unitops.streams.feed import Feed
    >>> plant = Flowsheet(
    ...     species=["Sb2S3", "SiO2", "H2O"],
    ...     units={
    ...         "pulp": Feed(
    ...             outlet="pulp",
    ...             flow="100 t/h",
    ...             composition={"Sb2S3": "4 %"},
    ...             remainder="SiO2",
    ...             percent_solids="33 %",
    ...         ),
    ...         "rougher": FixedRecoveryBank(
    ...             feed="pulp",
    ...             concentrate="concentrate",
    ...             tailings="tailings",
    ...             recovery={"Sb2S3": "90 %", "others": "3 %"},
    ...             concentrate_percent_solids="25 %",
    ...         ),
    ...     },
    ... )
    >>> concentrate = solve(plant)["concentrate"]
    >>> print(f"{concentrate.grade('Sb'):.2f~P}, {concentrate.percent_solids():.1f~P}")
    39.83 %, 25.0 %
    """

    particles: ClassVar[ParticleUse] = "kept"

    feed: Inlet
    concentrate: Outlet
    tailings: Outlet

    recovery: PerSpecies[Fraction]
    """Share of each solid that reports to the concentrate, R."""
    relative_recovery: PerSize[Fraction] | None = None
    """Recovery of a size relative to ``recovery``, s(d); straight in log size between the sizes
    given, the ends hold beyond. Needs size classes."""
    water_recovery: Fraction | None = None
    """Share of the liquid that reports to the concentrate, R_w; or give the percent solids."""
    concentrate_percent_solids: Fraction | None = None
    """Solids of the concentrate by mass, c; 15 to 40 % is usual. Or give ``water_recovery``."""

    def check(self) -> None:
        """Refuse water that is given twice or not at all."""
        check_water(self)

    def resolve(self, slate: Slate) -> Parameters:
        """Refuse recoveries by size where there are no size classes."""
        check_sizes(self, slate, ("relative_recovery",))
        return super().resolve(slate)

    def is_linear(self) -> bool:
        """Everything is split in a fixed proportion, but for water that the solids take along."""
        return self.water_recovery is not None

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Split the pulp; see the class for the equations."""
        recovery = p.recovery
        if p.relative_recovery is not None:
            recovery = recovery * value_by_size(feed.slate, p.relative_recovery)
        solids = feed.solids * recovery  # (1)
        concentrate = solids + feed.liquid * water_share(feed, solids.total(), p)  # (2), (3)
        return {"concentrate": concentrate, "tailings": feed - concentrate}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:  # noqa: ARG002
        """Mass pull, and solids in the concentrate or the water recovery."""
        return separation_figures(flows)

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """A feed with too little water."""
        return water_warnings(flows, p)
