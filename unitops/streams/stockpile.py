"""A yard, bin or slag pit where hot material lies until it is cold."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flowsheet.core.flow import Flow
from flowsheet.core.parameters import Temperature, default
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.unit import Flows, Outlets, Parameters, ParticleUse, UnitOp


class Stockpile(UnitOp):
    """Pass material on unchanged, at a temperature of its own.

    Equation, per species i:

        product_i = feed_i                                                          (1)

    Slag, matte, dross and dust are tipped and handled cold before they are charged again; without a
    stockpile a stream keeps the temperature of the furnace it comes from.

    Assumptions: steady state, nothing is taken from stock, nothing reacts with the air.
    Not modelled: the time it takes, moisture picked up.
    Limits: nothing in gives nothing out.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.streams.feed import Feed
    >>> from unitops.streams.stockpile import Stockpile
    >>> slag = Feed(
    ...     outlet="slag", flow="1 t/h", composition={"SiO2": 1.0}, temperature="1150 degC"
    ... )
    >>> yard = Stockpile(feed="slag", product="cold_slag")
    >>> solution = solve(Flowsheet(species=["SiO2"], units={"slag": slag, "yard": yard}))
    >>> print(f"{solution['cold_slag'].temperature():.0f~P}, {solution.heat('yard'):.0f~P}")
    25 °C, -348 kW
    """

    particles: ClassVar[ParticleUse] = "kept"
    only_cools: ClassVar[bool] = True

    feed: Inlet
    product: Outlet

    temperature: Temperature = default("25 degC")
    """Temperature at which it is taken away again."""

    def is_linear(self) -> bool:
        """It changes no flow."""
        return True

    def run(self, feed: Flow, p: Parameters) -> Outlets:  # noqa: ARG002 - it changes no flow
        """Pass on what comes."""
        return {"product": feed}  # (1)

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:  # noqa: ARG002
        """As given."""
        return {"product": p.temperature}
