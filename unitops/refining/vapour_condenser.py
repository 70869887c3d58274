"""One stage of a condenser for antimony vapour: what condenses at its temperature."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.parameters import PerSpecies, Pressure, Ratio, Temperature, default
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, UnitOp
from flowsheet.core.vapour_pressure import vapour_pressure
from unitops.refining.antimony_vapour import boiling_temperature
from unitops.refining.rayleigh import NOTHING_LEFT
from unitops.refining.separation import molecular_coefficients
from unitops.refining.vacuum_report import impurities, purity
from unitops.refining.vacuum_still import melting, or_given, with_missing_coefficients


class VapourCondenser(UnitOp):
    """Condense antimony vapour at one temperature; what is more volatile passes on.

    Put it on the distillate of a still, and several of them, hot to cold, in series: hot stages
    take antimony, lead and bismuth, the coldest arsenic, zinc and sodium. At the temperature T of
    the stage the antimony that stays vapour is what it has as vapour pressure,

        s = min(1, p_Sb(T) / P)                                                     (1)

    with P the pressure of the vapour. Every bit that condenses is in equilibrium with the vapour
    over it: distillation backwards, so that Rayleigh's law holds with the inverse coefficients,

        left as vapour_i = s^(1 / beta_i(T))                                        (2)

    with the molecular coefficients of ``separation.py``, or given ones. What does not evaporate
    (beta = 0: droplets, oxides) stays on the first surface it strikes; gases and water pass.

    Assumptions: condensate that is not mixed afterwards nor re-evaporated; solid condensate
    behaves like the melt, as far as beta goes. Real condensers catch some of every vapour on
    every surface, so that they separate less well.
    Not modelled: surface of the condenser, fog, drawing off by the pump.
    Limits: above the dew point of antimony only droplets stay; far below everything condenses.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.streams.feed import Feed
    >>> plant = Flowsheet(
    ...     species=["Sb", "As"],
    ...     units={
    ...         "still": Feed(
    ...             outlet="vapour", flow="1 t/d", remainder="Sb", composition={"As": "1 %"}
    ...         ),
    ...         "hot": VapourCondenser(
    ...             vapour="vapour", condensate="antimony", uncondensed="to_cold_stage",
    ...             temperature="520 degC",
    ...         ),
    ...     },
    ... )
    >>> for figure in solve(plant).figures("hot")[:2]:
    ...     print(figure)
    antimony condensed 80.06 %
    purity of the condensate 99.85 %
    """

    vapour: Inlet
    condensate: Outlet
    uncondensed: Outlet

    temperature: Temperature
    """Of the condensing surface, T: 500 to 560 degC for antimony, 200 to 400 for arsenic."""
    pressure: Pressure = default("10 Pa")
    """Of the vapour, P: that over the melt at most. Assumed, range 5 to 50 Pa."""
    separation_coefficient: PerSpecies[Ratio] = default({})
    """Separation coefficient beta at the temperature of the stage, in place of the molecular one;
    not for Sb."""

    def check(self) -> None:
        """Refuse a condenser without pressure, and a coefficient of antimony."""
        if self.pressure == 0.0:
            raise InputError("pressure of 0 holds no vapour; give more than 0, e.g. 10 Pa")
        if not 273.15 <= self.temperature <= 1773.15:
            raise InputError(
                f"temperature of {self.temperature - 273.15:.0f} degC is none of a condenser of "
                f"antimony; give 0 to 1500 degC, usually 200 to 560 degC"
            )
        given: Any = self.separation_coefficient
        if "Sb" in given.by_name:
            raise InputError("separation_coefficient.Sb is 1 by definition; leave it out")

    def required_species(self) -> Iterable[str]:
        """Antimony."""
        return ("Sb",)

    def resolve(self, slate: Slate) -> Parameters:
        """As for every unit; a coefficient that is not given is not-a-number."""
        return with_missing_coefficients(self, slate)

    def is_linear(self) -> bool:
        """Every species is split in a fixed proportion."""
        return True

    def run(self, vapour: Flow, p: Parameters) -> Outlets:
        """Split every species by (2)."""
        melts = melting(vapour.slate)
        exponent = _logarithm_left(vapour.slate, p)
        return {
            "condensate": vapour * (-melts * np.expm1(exponent)),
            "uncondensed": vapour * (1.0 - melts + melts * np.exp(exponent)),
        }

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:  # noqa: ARG002
        """Both leave at the temperature of the stage."""
        return {"condensate": p.temperature, "uncondensed": p.temperature}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:  # noqa: ARG002
        """Yield and purity, and the share of every impurity that condenses."""
        vapour, condensate = flows["vapour"], flows["condensate"]
        shares = [
            Figure(ratio(condensate.of(name), vapour.of(name)), "%", f"{name} condensed")
            for name in impurities(vapour.slate)
        ]
        return [
            Figure(ratio(condensate.of("Sb"), vapour.of("Sb")), "%", "antimony condensed"),
            Figure(purity(condensate), "%", "purity of the condensate"),
            *shares,
        ]

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:  # noqa: ARG002
        """A stage above the dew point."""
        temperature, pressure = first(p.temperature), first(p.pressure)
        if vapour_pressure("Sb", temperature) < pressure:
            return ()
        return (
            f"temperature of {temperature - 273.15:.0f} degC is above the "
            f"{boiling_temperature(pressure) - 273.15:.0f} degC at which antimony condenses at "
            f"{pressure:.3g} Pa: only droplets stay",
        )


def _logarithm_left(slate: Slate, p: Parameters) -> Array:
    """Logarithm of the share that stays vapour by (2), (constituents, scenarios or 1)."""
    share = np.minimum(1.0, vapour_pressure("Sb", p.temperature) / p.pressure)  # (1)
    beta = or_given(molecular_coefficients(slate, p.temperature), p)
    beta[slate.rows("Sb")] = 1.0
    evaporates = beta.real > 0.0
    left = np.log(share) / np.where(evaporates, beta, 1.0)  # (2)
    return np.where(evaporates, left, NOTHING_LEFT)
