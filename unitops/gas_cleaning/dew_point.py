"""Where water and sulphuric acid condense from a gas: it wets bags and eats steel.

Water, the form of Magnus with the constants of Sonntag (1990), p in Pa and t in degC:

    ln(p / 611.2) = 17.62 * t / (243.12 + t)                                        (1)

Sulphuric acid, Verhoff and Banchero (1974), Chem. Eng. Progress 70 (8), 71, p in mmHg and T in K:

    1000 / T = 2.276 - 0.0294 ln p(H2O) - 0.0858 ln p(SO3) + 0.0062 ln p(H2O) ln p(SO3)     (2)

Both are quoted from memory. (1) is 1 K off at 100 degC; (2) gives 137 degC for 10 % water and 10
ppm SO3, assumed good to 10 K. It needs SO3 itself: 1 to 5 % of the SO2 of a furnace become it
(assumed).
"""

import math

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.flow import Flow
from unitops.gas_cleaning.dust import gas_moles

_MMHG = 133.322
_FREEZING = 273.15


def water_dew_point(water: float) -> float:
    """Temperature in K at which water condenses, from its partial pressure in Pa (above 0)."""
    logarithm = math.log(water / 611.2)
    return _FREEZING + 243.12 * logarithm / (17.62 - logarithm)  # (1)


def acid_dew_point(water: float, trioxide: float) -> float:
    """Temperature in K at which sulphuric acid condenses, from partial pressures in Pa."""
    w, s = math.log(water / _MMHG), math.log(trioxide / _MMHG)
    return 1000.0 / (2.276 - 0.0294 * w - 0.0858 * s + 0.0062 * w * s)  # (2)


def condensation_warnings(gas: Flow, temperature: float, pressure: float) -> list[str]:
    """One line where the gas is below a dew point of its own; of the first scenario."""
    all_gas = gas_moles(gas)
    water, trioxide = (
        pressure * first(ratio(gas.moles(name), all_gas)) for name in ("H2O(g)", "SO3")
    )
    celsius = temperature - _FREEZING
    if water > 0.0 and temperature < water_dew_point(water):
        return [
            f"at {celsius:.0f} degC water condenses from the gas, whose dew point is "
            f"{water_dew_point(water) - _FREEZING:.0f} degC; keep it 20 to 30 degC above that"
        ]
    if water > 0.0 and trioxide > 0.0 and temperature < acid_dew_point(water, trioxide):
        return [
            f"at {celsius:.0f} degC sulphuric acid condenses from the gas, whose acid dew point is "
            f"{acid_dew_point(water, trioxide) - _FREEZING:.0f} degC; keep it warmer, add lime, or "
            "protect steel and bags"
        ]
    return []
