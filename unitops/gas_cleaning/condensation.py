"""Condensation of antimony and arsenic oxide from a gas that is cooled.

Each vapour i is left at most at its saturation in the carrier (all gas but the two vapours):

    n_i <= n_carrier * p_i(T) / (P - p_i(T))                                        (1)
    Sb4O6(g) -> 2 Sb2O3,    As4O6(g) -> 2 As2O3                                     (2)

Antimony oxide takes arsenic oxide into mixed crystals before the gas is saturated with it; with the
share m of the arsenic vapour, but no more moles than antimony condenses:

    n_As(mixed) = min(m * n_As, n_Sb(condensed))                                    (3)
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.reaction import Reaction, react
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, Parameters
from flowsheet.core.vapour_pressure import (
    antimony_trioxide_vapour_pressure,
    arsenic_trioxide_vapour_pressure,
    vapour_held,
)
from unitops.gas_cleaning.dew_point import (
    acid_dew_point,
    condensation_warnings,
    water_dew_point,
)
from unitops.gas_cleaning.dust import gas_moles, vapour_loading

FREEZING = 273.15
ANTIMONY = Reaction("Sb4O6(g) -> 2 Sb2O3")
ARSENIC = Reaction("As4O6(g) -> 2 As2O3")
_HOTTEST = 929.0  # senarmontite and valentinite melt here
_WELL_MEASURED = 450.0
_MIXED_CRYSTALS = 0.3  # the upper end of what is known
_LEAST_LOADING = 1e-6 * 22.414e-9  # 1e-6 mg/Nm3 in kg/mol
_TRIOXIDE = 0.01  # share of the SO2 of a furnace that is SO3 before its gas is cold, assumed


def check_final_temperature(temperature: float) -> None:
    """Raise InputError for temperatures at which no solid oxide condenses."""
    celsius = temperature - FREEZING
    if celsius < 0.0 or temperature > _HOTTEST:
        raise InputError(
            f"temperature of {celsius:.0f} degC is outside 0 to 655 degC, where antimony "
            f"oxide condenses as a solid; use 350 to 400 degC before a hot collector, below "
            f"110 degC before a bag filter"
        )


def check_warmer(gas_temperature: float, temperature: float) -> None:
    """Raise InputError for a gas that is to leave a cooler no colder than it comes."""
    if gas_temperature <= temperature:
        raise InputError(
            f"gas_temperature of {gas_temperature - FREEZING:.0f} degC is not above temperature, "
            f"{temperature - FREEZING:.0f} degC; a cooler needs a warmer gas, or leave it out"
        )


def condense(gas: Flow, temperature: Any, p: Parameters) -> Flow:
    """The gas with what it cannot hold at a temperature as dust.

    Of the parameters it takes ``arsenic_in_mixed_crystals`` and ``pressure``.
    """
    saturation = saturation_pressures(temperature)
    antimony, arsenic = gas.moles(ANTIMONY.key), gas.moles(ARSENIC.key)
    held = vapour_held(carrier(gas), saturation, p.pressure)
    amounts = condensed(antimony, arsenic, held, p.arsenic_in_mixed_crystals)
    reactions = (ANTIMONY, ARSENIC)
    present = [place for place, reaction in enumerate(reactions) if reaction.key in gas.slate]
    return react(gas, [reactions[i] for i in present], [amounts[i] for i in present])  # (2)


def condensation_figures(gas: Flow, cooled: Flow) -> list[Figure]:
    """What condensed where vapour comes, and what the gas still carries of it.

    Loads below 1e-6 mg/Nm3, far less than anybody measures, are left out.
    """
    figures = []
    for symbol, name, reaction in (("Sb", "antimony", ANTIMONY), ("As", "arsenic", ARSENIC)):
        came, left = gas.moles(reaction.key), cooled.moles(reaction.key)
        if np.any(came.real > 0.0):
            figures.append(Figure(ratio(came - left, came), "%", f"{name} vapour condensed"))
        loading = vapour_loading(cooled, symbol)
        if np.any(loading.real >= _LEAST_LOADING):
            figures.append(Figure(loading, "mg/Nm3", f"{name} left as vapour in dry gas"))
    return figures


def cooling_warnings(gas: Flow, cooled: Flow, temperature: Any, p: Parameters) -> list[str]:
    """What is uncertain, what does not condense or condenses unwanted; of the first scenario."""
    kelvin = first(temperature)
    return [
        *_oxide_warnings(gas, cooled, kelvin, first(p.arsenic_in_mixed_crystals)),
        *_mixed_crystal_warnings(gas, first(p.arsenic_in_mixed_crystals)),
        *condensation_warnings(cooled, kelvin, first(p.pressure)),
        *_possible_acid_warnings(cooled, kelvin, first(p.pressure)),
    ]


def condensed(antimony: Any, arsenic: Any, held: Array, mixed: Any) -> tuple[Array, Array]:
    """Sb4O6 and As4O6 that condense where the carrier can hold (2, scenarios) of them, mol/s."""
    antimony_held, arsenic_held = held
    antimony_condensed = antimony - np.minimum(antimony, antimony_held)  # (1)
    in_crystals = np.minimum(mixed * arsenic, antimony_condensed)  # (3)
    return antimony_condensed, arsenic - np.minimum(arsenic - in_crystals, arsenic_held)  # (1)


def saturation_pressures(temperature: Any) -> Array:
    """Vapour pressures of the oxides of antimony and arsenic in Pa, (2, scenarios or 1)."""
    varies = isinstance(temperature, np.ndarray)
    found: Array = (_saturation if varies else _saturation_at_one_temperature)(temperature)
    return found


def carrier(flow: Flow) -> Array:
    """All gas but the two oxide vapours, mol/s, (scenarios,)."""
    return flow.moles(*_carrier_gases(flow.slate))


def _saturation(temperature: Any) -> Array:
    antimony = antimony_trioxide_vapour_pressure(temperature)
    return np.stack(np.atleast_1d(antimony, arsenic_trioxide_vapour_pressure(temperature)))


_saturation_at_one_temperature = lru_cache(maxsize=256)(_saturation)


@lru_cache(maxsize=64)
def _carrier_gases(slate: Slate) -> tuple[str, ...]:
    vapours = (ANTIMONY.key, ARSENIC.key)
    return tuple(e.name for e in slate.species if e.phase == "gas" and e.name not in vapours)


def _oxide_warnings(gas: Flow, cooled: Flow, kelvin: float, mixed: float) -> list[str]:
    lines = []
    celsius = kelvin - FREEZING
    came = {key: first(gas.moles(key)) for key in (ANTIMONY.key, ARSENIC.key)}
    left = {key: first(cooled.moles(key)) for key in came}
    antimony, arsenic = (came[key] - left[key] for key in came)
    if came[ARSENIC.key] > 0.0 and kelvin < _WELL_MEASURED:
        lines.append(
            f"arsenic left at {celsius:.0f} degC is uncertain by a factor of 3: its vapour "
            f"pressure is extrapolated below {_WELL_MEASURED - FREEZING:.0f} degC"
        )
    if left[ANTIMONY.key] > 0.05 * came[ANTIMONY.key]:
        lines.append(
            f"{left[ANTIMONY.key] / came[ANTIMONY.key]:.0%} of the antimony vapour is left at "
            f"{celsius:.0f} degC; cool to 350 to 400 degC"
        )
    if arsenic > (mixed + 0.2) * came[ARSENIC.key] and antimony > 0.1 * arsenic:
        lines.append(
            f"{arsenic / came[ARSENIC.key]:.0%} of the arsenic vapour condenses together with "
            f"the antimony at {celsius:.0f} degC; collect the antimony at 350 to 400 degC first"
        )
    return lines


def _mixed_crystal_warnings(gas: Flow, share: float) -> Sequence[str]:
    if first(gas.moles(ARSENIC.key)) > 0.0 and share > _MIXED_CRYSTALS:
        return [f"arsenic_in_mixed_crystals of {share:.2g} is outside the known range 0.1 to 0.3"]
    return []


def _possible_acid_warnings(cooled: Flow, kelvin: float, pressure: float) -> Sequence[str]:
    """One line where a gas without SO3, as the furnaces here give it, may still drop acid."""
    amounts = (cooled.moles(name) for name in ("H2O(g)", "SO2", "SO3"))
    water, dioxide, trioxide = (
        pressure * first(ratio(amount, gas_moles(cooled))) for amount in amounts
    )
    if trioxide > 0.0 or water <= 0.0 or dioxide <= 0.0:
        return []
    dew_point = acid_dew_point(water, _TRIOXIDE * dioxide)
    if not water_dew_point(water) <= kelvin < dew_point:
        return []
    return [
        f"no SO3 is modelled; were {_TRIOXIDE:.0%} of the SO2 SO3, sulphuric acid would condense "
        f"below {dew_point - FREEZING:.0f} degC, and this gas has {kelvin - FREEZING:.0f} degC; "
        f"protect steel and bags (lime, dust cake, acid-proof cloth)"
    ]
