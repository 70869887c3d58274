"""The heat balance of a roaster, and the fuel or the temperature that closes it.

    heat of reaction = H(feed, air, fuel; 25 degC) - H(all that leaves; 25 degC)    (1)
    loss = share * heat of reaction                                                 (2)
    surplus = H(feed, T_feed) + H(air, T_air) + H(fuel, 25 degC)
              - H(all that leaves the bed, T) - loss                                (3)

H holds the enthalpies of formation, so that evaporation of water and of antimony oxide and the
decomposition of carbonates count in (1) as heat that is used. Where no heat is missing the surplus
is zero: (3) is solved for the carbon, or for T. Air that leaks in behind the bed is mixed with the
gas and takes no part.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from flowsheet.core.flow import Array, Flow
from flowsheet.core.heat import enthalpy, temperature_at, without_data
from flowsheet.core.thermochemistry import STANDARD_TEMPERATURE
from flowsheet.core.unit import Parameters
from unitops.smelting.bracketed_root import bracketed_root, with_derivative
from unitops.smelting.furnace_types import with_defaults
from unitops.smelting.roasted_charge import RoastedCharge, roasted
from unitops.smelting.roaster_fuel import check_brings_heat, molar_heats, roasted_with_fuel

COLDEST, HOTTEST = 250.0, 10_000.0
"""K between which a temperature is sought; results a furnace cannot have are told by a warning."""
_LADDER = (*range(2200, 1300, -200), *range(1300, 300, -50))


def roast(feed: Flow, given: Parameters) -> RoastedCharge:
    """Roast a feed as the heat balance of the parameters asks."""
    p = with_defaults(given)
    if p.heat_balance == "solved_fuel":
        if p.conversion == "predicted":
            return roasted(feed, _carbon(feed, p), p.temperature, p)
        return roasted_with_fuel(feed, p)
    solids = feed.solids.total()
    carbon = p.fuel_ratio * solids if np.count_nonzero(p.fuel_ratio) else 0.0
    if p.heat_balance == "solved_temperature":
        return roasted(feed, carbon, _temperature(feed, p), p)
    return roasted(feed, carbon, p.temperature, p)


def heat_of_reaction(charge: RoastedCharge) -> Array:
    """Heat that the reactions and the fuel give at 25 degC, W, by (1)."""
    entering = charge.feed + charge.air + charge.fuel
    released: Array = enthalpy(entering - charge.bed, STANDARD_TEMPERATURE)
    return released


def surplus(charge: RoastedCharge, p: Parameters) -> Array:
    """Heat that is left over with the loss taken off, W, by (3); below zero what is missing."""
    released = heat_of_reaction(charge)
    brought = _over_standard(charge.feed, p.feed_temperature)
    brought = brought + _over_standard(charge.air, p.air_temperature)
    kept: Array = released * (1.0 - p.heat_loss) + brought
    left: Array = kept - _over_standard(charge.bed, charge.temperature)
    return left


def port_temperatures(charge: RoastedCharge, gas: Flow, p: Parameters) -> dict[str, Any]:
    """Temperature in K of feed, air, calcine and ``gas``, which leakage at 25 degC has cooled."""
    found = {
        "feed": p.feed_temperature,
        "air": p.air_temperature,
        "calcine": charge.temperature,
        "gas": charge.temperature,
    }
    if not np.count_nonzero(p.leakage_air) or without_data(gas):
        return found
    air, leakage = charge.air, charge.leakage
    cold = enthalpy(leakage, STANDARD_TEMPERATURE)
    found["air"] = temperature_at(air + leakage, enthalpy(air, p.air_temperature) + cold)
    found["gas"] = temperature_at(gas, enthalpy(gas - leakage, charge.temperature) + cold)
    return found


def _over_standard(flow: Flow, temperature: Any) -> Any:
    if np.all(temperature == STANDARD_TEMPERATURE):
        return 0.0
    over: Array = enthalpy(flow, temperature) - enthalpy(flow, STANDARD_TEMPERATURE)
    return over


def _carbon(feed: Flow, p: Parameters) -> Array:
    """Carbon in kg/s with which the charge holds its temperature, zero where it needs none.

    For a conversion that depends on the gas, and so on the carbon itself.
    """
    per_carbon = molar_heats(feed.slate, p).of_carbon.real
    check_brings_heat(per_carbon)

    def of(there: Flow, settings: Parameters) -> Callable[[Any], Array]:
        return lambda carbon: surplus(
            roasted(there, carbon, settings.temperature, settings), settings
        )

    still = of(_still(feed), _real(p))
    none = still(0.0)
    needed = none < 0.0
    most = np.where(needed, -none / per_carbon, 0.0)
    if not np.any(needed):
        return most
    reached = still(most)
    for _ in range(60):  # evaporating antimony may take up what the first carbon brings
        short = needed & (reached < 0.0)
        if not np.any(short):
            break
        most = np.where(short, 1.5 * most, most)
        reached = still(most)
    root = bracketed_root(still, np.zeros_like(most), most, (none, reached))
    return np.where(needed, with_derivative(of(feed, p), still, root), 0.0)


def _temperature(feed: Flow, p: Parameters) -> Array:
    """Temperature in K at which the charge makes up for what it takes and loses.

    The highest there is: with predicted conversions a charge may also lie there and not burn.
    """

    def of(there: Flow, settings: Parameters) -> Callable[[Any], Array]:
        carbon = settings.fuel_ratio * there.solids.total()
        if not np.count_nonzero(carbon):
            carbon = 0.0
        return lambda at: surplus(roasted(there, carbon, at, settings), settings)

    still = of(_still(feed), _real(p))
    columns = np.shape(still(np.array([STANDARD_TEMPERATURE])))
    low, high = np.full(columns, COLDEST), np.full(columns, HOTTEST)
    if p.conversion == "predicted":
        low, high = _highest_bracket(still, low, high)
    root = bracketed_root(still, low, high, (still(low), still(high)))
    burning = (root > COLDEST) & (root < HOTTEST)
    moved = with_derivative(of(feed, p), still, root)
    empty = feed.mass.real.sum(axis=0) == 0.0
    return np.where(empty, STANDARD_TEMPERATURE, np.where(burning, moved, root))


def _highest_bracket(
    function: Callable[[Any], Array], low: Array, high: Array
) -> tuple[Array, Array]:
    """The first bounds, from the hot end, between which heat turns from missing to left over."""
    found = np.zeros(low.shape, dtype=bool)
    above = high
    for rung in _LADDER:
        at = np.full(low.shape, float(rung))
        burns = ~found & (function(at) > 0.0)
        low, high = np.where(burns, at, low), np.where(burns, above, high)
        found, above = found | burns, at
        if np.all(found):
            return low, high
    return low, np.where(found, high, above)


def _still(feed: Flow) -> Flow:
    """The feed without directions of derivatives; one column where all are then the same."""
    mass = feed.mass.real
    alike = bool(np.all(mass == mass[:, :1]))
    return Flow(feed.slate, mass[:, :1] if alike else mass)


def _real(p: Parameters) -> Parameters:
    """The parameters without the directions of derivatives."""
    return p.replaced(
        {name: value.real for name, value in vars(p).items() if np.iscomplexobj(value)}
    )
