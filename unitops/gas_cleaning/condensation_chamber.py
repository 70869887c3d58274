"""A cooler in which part of the dust settles: U-tubes over hoppers, chambers, long flues."""

from collections.abc import Mapping, Sequence
from typing import Any

from flowsheet.core.flow import Flow
from flowsheet.core.parameters import Fraction
from flowsheet.core.ports import Outlet
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters
from unitops.gas_cleaning.condenser import Condenser
from unitops.gas_cleaning.dust import overall_efficiency, parted


class CondensationChamber(Condenser):
    """Cool a gas as a Condenser does, and keep the share eta of its dust in the cooler.

        dust = eta * (dust that comes + condensed oxide)                            (5)

    Assumptions: those of Condenser; fume and carried-over dust settle alike, at the temperature of
    the cooled gas.
    Not modelled: size: carried-over dust, which is coarser, settles better than a fume.
    Limits: share 0 leaves all dust in the gas, as a Condenser; 1 takes all.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.gas_cleaning.condensation_chamber import CondensationChamber
    >>> from unitops.streams.feed import Feed
    >>> made_of = {"N2": 0.96, "Sb4O6(g)": 0.04}
    >>> plant = Flowsheet(
    ...     species=[*made_of, "Sb2O3"],
    ...     units={
    ...         "roaster": Feed(outlet="hot_gas", flow="12 t/h", composition=made_of),
    ...         "chambers": CondensationChamber(
    ...             gas="hot_gas", cooled="cold_gas", dust="oxide", temperature="300 degC",
    ...         ),
    ...     },
    ... )
    >>> print(solve(plant).figures("chambers")[-1])
    dust settled 30 %
    """

    dust: Outlet

    share_settled: Fraction = 0.3
    """Share of the dust that stays in the cooler, eta. Default assumed, range 0.1 to 0.6: U-tubes
    0.1 to 0.3, settling chambers and long flues 0.3 to 0.6."""

    def run(self, gas: Flow, p: Parameters) -> Outlets:
        """Condense, and settle part of the dust."""
        parts = parted(super().run(gas, p)["cooled"], p.share_settled)  # (5)
        return {"cooled": parts["cleaned"], "dust": parts["dust"]}

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:
        """Dust as warm as the gas."""
        return {**super().temperatures(flows, p), "dust": p.temperature}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Those of a Condenser, and the share of dust that settled."""
        leaving = {"gas": flows["cooled"] + flows["dust"], "dust": flows["dust"]}
        settled = Figure(overall_efficiency(leaving), "%", "dust settled")
        return [*super().figures(flows, p), settled]
