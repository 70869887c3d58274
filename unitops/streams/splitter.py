"""Split a stream in two by given fractions."""

from typing import ClassVar

from flowsheet.core.flow import Flow
from flowsheet.core.parameters import Fraction, PerSpecies
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.unit import Outlets, Parameters, ParticleUse, UnitOp


class Splitter(UnitOp):
    """Send a given fraction of every species to ``product`` and the rest to ``remainder``.

    Equation, per species i:

        product_i = fraction_i * feed_i                                             (1)

    With one number for all species this is a stream splitter (a bleed, a purge, a pulp
    distributor); with one per species it stands for any separation whose recoveries are known.

    Assumptions: fractions do not depend on the feed. Nothing reacts.
    Limits: fraction 0 sends everything to ``remainder``, fraction 1 to ``product``.
    """

    particles: ClassVar[ParticleUse] = "kept"

    feed: Inlet
    product: Outlet
    remainder: Outlet

    fraction: PerSpecies[Fraction]
    """Fraction of each species that goes to ``product``."""

    def is_linear(self) -> bool:
        """Every species is split in a fixed proportion."""
        return True

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Split the feed; see the class for the equation."""
        product = feed * p.fraction  # (1)
        return {"product": product, "remainder": feed - product}
