"""Bring several streams together in a sump, a bin or a blending point."""

from collections.abc import Sequence
from typing import ClassVar

from flowsheet.core.arithmetic import ratio
from flowsheet.core.flow import Flow
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, ParticleUse, UnitOp


class Mixer(UnitOp):
    """Add up the streams that enter: a pump sump, a conditioner without reaction, a blending point.

    Equation, per species i over the streams named in ``feed``:

        product_i = sum of feed_i                                                   (1)

    Every inlet of every unit adds up the streams it names, so a mixer is needed only where the
    mixture itself is of interest: its percent solids, its density, its volume.

    Assumptions: steady state, nothing reacts, volumes of solids and liquid add up.
    Not modelled: hold-up, settling, mixing time, temperature.
    Limits: one stream in leaves unchanged; nothing in gives nothing out.
    """

    particles: ClassVar[ParticleUse] = "kept"

    feed: Inlet
    product: Outlet

    def is_linear(self) -> bool:
        """A sum is linear."""
        return True

    def run(self, feed: Flow, p: Parameters) -> Outlets:  # noqa: ARG002 - it has no parameters
        """Pass on the sum of what enters."""
        return {"product": feed}  # (1), the streams of one inlet arrive summed

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:  # noqa: ARG002
        """Percent solids; volume and density of the pulp where all that flows has a density."""
        product = flows["product"]
        pulp = product.solids.total() + product.liquid.total()
        solids = Figure(product.percent_solids(), "%", "solids in the pulp")
        if not product.has_volume():
            return (solids,)
        volume = product.volumetric_flow()
        return (
            solids,
            Figure(volume, "m^3/h", "pulp volume flow"),
            Figure(ratio(pulp, volume), "t/m^3", "pulp density"),
        )
