"""Cooling of a furnace gas until antimony and arsenic oxide vapours condense to dust."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.parameters import Fraction, Pressure, Temperature, default
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.reaction import Reaction, react
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, UnitOp
from flowsheet.core.vapour_pressure import (
    antimony_trioxide_vapour_pressure,
    arsenic_trioxide_vapour_pressure,
    vapour_held,
)

_ANTIMONY = Reaction("Sb4O6(g) -> 2 Sb2O3")
_ARSENIC = Reaction("As4O6(g) -> 2 As2O3")
_HOTTEST = 929.0
_WELL_MEASURED = 450.0


class Condenser(UnitOp):
    """Cool a gas to a temperature T; oxide vapours beyond saturation become dust in the gas.

    Each vapour i is left at most at its saturation in the permanent gas (all gas but the two
    oxide vapours):

        n_i <= n_gas * p_i(T) / (P - p_i(T))                                        (1)
        Sb4O6(g) -> 2 Sb2O3,    As4O6(g) -> 2 As2O3                                 (2)

    Antimony oxide takes arsenic oxide into mixed crystals before the gas is saturated with it; with
    the share m of the arsenic vapour, but no more moles than antimony condenses:

        n_As(mixed) = min(m * n_As, n_Sb(condensed))                                (3)

    Vapour pressures: ``flowsheet.core.vapour_pressure``. They give 18 mg Sb/Nm3 at 400 degC, and
    480, 57 and 11 mg As/Nm3 at 150, 120 and 100 degC: hot collectors (350-400 degC) take the
    antimony, cold ones the arsenic.

    Assumptions: equilibrium, dilute vapours, all condensate is dust carried by the gas (collect it
    downstream), the limit of one to one in (3) is assumed. Water stays vapour: the gas train is
    dry. Solids, liquids and other gases pass unchanged.
    Not modelled: heat removed, air drawn in, growth of particles, SO3 and its dew point.
    Limits: at and above its boiling point nothing of an oxide condenses; in the cold all does.
    """

    gas: Inlet
    cooled: Outlet

    temperature: Temperature
    """Temperature of the cooled gas, T."""
    arsenic_in_mixed_crystals: Fraction = 0.2
    """Share of the arsenic vapour that condenses with the antimony oxide, m. Default assumed,
    range 0.1 to 0.3 for collectors at 200 to 400 degC; 0 where no antimony condenses."""
    pressure: Pressure = default("101325 Pa")
    """Total pressure, P."""

    def check(self) -> None:
        """Refuse temperatures at which this is no collector of solid oxide."""
        celsius = self.temperature - 273.15
        if celsius < 0.0 or self.temperature > _HOTTEST:
            raise InputError(
                f"temperature of {celsius:.0f} degC is outside 0 to 655 degC, where antimony "
                f"oxide condenses as a solid; use 350 to 400 degC for a hot collector, below "
                f"110 degC before a bag filter"
            )

    def run(self, gas: Flow, p: Parameters) -> Outlets:
        """Condense what the cooled gas cannot hold."""
        antimony, arsenic = gas.moles(_ANTIMONY.key), gas.moles(_ARSENIC.key)
        permanent = gas.moles(*_permanent_gases(gas.slate))
        varies = isinstance(p.temperature, np.ndarray)
        saturation = (_saturation if varies else _saturation_at_one_temperature)(p.temperature)
        antimony_held, arsenic_held = vapour_held(permanent, saturation, p.pressure)
        antimony_condensed = antimony - np.minimum(antimony, antimony_held)  # (1)
        mixed = np.minimum(p.arsenic_in_mixed_crystals * arsenic, antimony_condensed)  # (3)
        arsenic_condensed = arsenic - np.minimum(arsenic - mixed, arsenic_held)  # (1)
        condensed = {_ANTIMONY: antimony_condensed, _ARSENIC: arsenic_condensed}
        present = [reaction for reaction in condensed if reaction.key in gas.slate]
        return {"cooled": react(gas, present, [condensed[each] for each in present])}  # (2)

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:  # noqa: ARG002
        """What condensed, and what the gas still carries as vapour."""
        gas, cooled = flows["gas"], flows["cooled"]
        figures = []
        for symbol, name, vapour in (
            ("Sb", "antimony", "Sb4O6(g)"),
            ("As", "arsenic", "As4O6(g)"),
        ):
            left = cooled.only(vapour).element(symbol)
            came = gas.only(vapour).element(symbol)
            dry = cooled.moles(*_permanent_gases(cooled.slate)) - cooled.moles("H2O(g)")
            figures.append(Figure(ratio(came - left, came), "%", f"{name} vapour condensed"))
            figures.append(Figure(ratio(left, dry), "mg/Nm3", f"{name} left as vapour in dry gas"))
        return figures

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Arsenic figures beyond the measured range, and more mixed crystals than known."""
        lines = []
        kelvin = first(p.temperature)
        arsenic = first(flows["gas"].of("As4O6(g)"))
        if arsenic > 0.0 and kelvin < _WELL_MEASURED:
            lines.append(
                f"arsenic left at {kelvin - 273.15:.0f} degC is uncertain by a factor of 3: its "
                f"vapour pressure is extrapolated below {_WELL_MEASURED - 273.15:.0f} degC"
            )
        if arsenic > 0.0 and first(p.arsenic_in_mixed_crystals) > 0.3:
            lines.append(
                f"arsenic_in_mixed_crystals of {first(p.arsenic_in_mixed_crystals):.2g} is "
                f"outside the known range 0.1 to 0.3"
            )
        return lines


def _saturation(temperature: Any) -> Array:
    """Vapour pressures of the oxides of antimony and arsenic in Pa, (2, scenarios or 1)."""
    antimony = antimony_trioxide_vapour_pressure(temperature)
    return np.stack(np.atleast_1d(antimony, arsenic_trioxide_vapour_pressure(temperature)))


_saturation_at_one_temperature = lru_cache(maxsize=256)(_saturation)


@lru_cache(maxsize=64)
def _permanent_gases(slate: Slate) -> tuple[str, ...]:
    vapours = (_ANTIMONY.key, _ARSENIC.key)
    return tuple(e.name for e in slate.species if e.phase == "gas" and e.name not in vapours)
