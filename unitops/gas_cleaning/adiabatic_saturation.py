"""Water that a hot gas evaporates, and how warm both are when the gas can hold no more.

Heat that the gas gives off by cooling from T0 to T evaporates water that came at 25 degC:

    n_w (L + c_v (T - 298.15)) = (sum n_i c_i) (T0 - T)                             (1)

    c = 29.5 J/(mol K), 41 for CO2, SO2 and SO3, c_v = 34 for steam; L = 44.0 kJ/mol

and at saturation, with ideal gases at the pressure P,

    (n_v + n_w) / (n + n_w) = p(T) / P,  log10 p(mmHg) = 8.07131 - 1730.63/(233.426 + t/degC)   (2)

where n is all gas and n_v the steam in it as it comes. (2) is the Antoine equation of water, 1 to
100 degC (Gmehling and Onken, quoted from memory; 0.1 to 0.8 % below steam tables); heat capacities
are rounded means of 25 to 400 degC. Heat of dust, of absorption and through walls is left out.
"""

from typing import Any

import numpy as np

from flowsheet.core.arithmetic import ratio
from flowsheet.core.flow import Flow

ATMOSPHERE = 101_325.0
_STANDARD = 298.15
_BOILING = 373.15
_PASCAL_PER_MMHG = 133.322
_STEAM = 34.0
_TRIATOMIC = 41.0
_DIATOMIC = 29.5
_EVAPORATION = 44.0e3
_MOLAR_MASS = 18.015e-3
_PASSES = 14  # Newton's method comes from the warm side, where it cannot overshoot


def water_vapour_pressure(temperature: Any) -> Any:
    """Vapour pressure of water in Pa; temperature in K."""
    return _PASCAL_PER_MMHG * 10.0 ** (8.07131 - 1730.63 / (temperature - 39.724))  # (2)


def saturation_temperature(gas: Flow, temperature: Any) -> Any:
    """Temperature in K at which the gas is saturated by (1) and (2), (scenarios,).

    A gas that is saturated as it comes stays as warm as it is. Where no gas flows it is the
    temperature of the water.
    """
    all_gas, steam, capacity = _per_mole(gas)
    warmest = np.minimum(temperature, _BOILING)
    found = warmest + 0.0 * all_gas
    for _ in range(_PASSES):
        pressure = water_vapour_pressure(found)
        slope = pressure * np.log(10.0) * 1730.63 / (found - 39.724) ** 2
        heat = _heat_per_mole(found)
        water = capacity * (temperature - found) / heat
        change = -(capacity + water * _STEAM) / heat
        lack = ATMOSPHERE * (steam + water) - pressure * (all_gas + water)
        of_lack = (ATMOSPHERE - pressure) * change - slope * (all_gas + water)
        before, found = found, np.minimum(found - ratio(lack, of_lack), warmest)
        if np.array_equal(before, found):  # all further passes would find the same
            break
    return np.where(_all_gas(gas) == 0.0, _STANDARD, found)


def mixed_temperature(gas: Flow, temperature: Any, mixture: Flow) -> Any:
    """Temperature in K of a mixture of a gas with other gas of 25 degC, (scenarios,).

    A mixture that holds less heat per kelvin than the gas is as warm as the gas.
    """
    share = np.minimum(ratio(_capacity(gas), _capacity(mixture), empty=1.0), 1.0)
    return _STANDARD + share * (temperature - _STANDARD)


def water_evaporated(gas: Flow, temperature: Any, final_temperature: Any) -> Any:
    """Water evaporated as the gas cools, kg/s, (scenarios,), by (1); both temperatures in K."""
    heat = _capacity(gas) * (temperature - final_temperature)
    return _MOLAR_MASS * heat / _heat_per_mole(final_temperature)


def _heat_per_mole(temperature: Any) -> Any:
    return _EVAPORATION + _STEAM * (temperature - _STANDARD)


def _capacity(gas: Flow) -> Any:
    """Heat capacity of the gas, W/K."""
    others = _all_gas(gas) - gas.moles("H2O(g)", "CO2", "SO2", "SO3")
    return (
        _DIATOMIC * others
        + _TRIATOMIC * gas.moles("CO2", "SO2", "SO3")
        + _STEAM * gas.moles("H2O(g)")
    )


def _all_gas(gas: Flow) -> Any:
    return gas.moles(*(entry.name for entry in gas.slate.species if entry.phase == "gas"))


def _per_mole(gas: Flow) -> tuple[Any, Any, Any]:
    """Gas, steam and heat capacity per mole of gas; 1, 0 and 1 J/(mol K) where none flows."""
    total = _all_gas(gas)
    flows = ratio(total, total)
    return (
        flows + (flows == 0.0),
        ratio(gas.moles("H2O(g)"), total),
        ratio(_capacity(gas), total, empty=1.0),
    )
