"""Heat that a furnace takes, and the coal that brings it."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import ratio
from flowsheet.core.flow import Array
from flowsheet.core.heat import enthalpy, without_data, without_formation
from flowsheet.core.thermochemistry import STANDARD_TEMPERATURE
from flowsheet.core.unit import Figure, Flows, UnitOp

STANDARD_COAL = 29.3e6
"""Heating value of standard coal, J/kg: 7000 kcal/kg."""


def heat_taken(unit: UnitOp, flows: Flows, temperatures: Mapping[str, Any]) -> Array | None:
    """Heat to be supplied, W, (scenarios,), from what a unit says of its temperatures.

    Ports that it does not name count at 25 degC. None where a species that flows has no data.
    """
    if any(without_data(flow) or without_formation(flow) for flow in flows.values()):
        return None
    taken: Array = np.zeros(1)
    for port, kind in unit.ports().items():
        warmth = enthalpy(flows[port], temperatures.get(port, STANDARD_TEMPERATURE))
        taken = taken + warmth if kind == "outlet" else taken - warmth
    return taken


def heat_figures(
    unit: UnitOp, flows: Flows, temperatures: Mapping[str, Any], efficiency: Any, port: str
) -> Sequence[Figure]:
    """Heat per tonne of what flows at a port, and the standard coal for it at an efficiency.

    A surplus is shown as heat given off; where scenarios have either, both figures are shown. The
    coal stands for fuel that nobody gave: left out where the port ``fuel`` flows or heat is spare.
    """
    taken = heat_taken(unit, flows, temperatures)
    if taken is None:
        return ()
    given_off = np.real(taken) < 0.0
    fuelled = np.real(flows["fuel"].total()) > 0.0 if "fuel" in flows else np.zeros(1, bool)
    by_coal = ~given_off & ~fuelled
    per = flows[port].total()
    share = f"{100.0 * float(np.ravel(efficiency)[0]):.0f} %"
    figures = []
    if not np.all(given_off):
        supplied = ratio(np.where(given_off, 0.0, taken), per)
        figures.append(Figure(supplied, "kWh/t", f"heat to be supplied per {port}"))
    if np.any(given_off):
        surplus = ratio(np.where(given_off, -taken, 0.0), per)
        figures.append(Figure(surplus, "kWh/t", f"heat given off per {port}"))
    if np.any(by_coal & (np.real(taken) > 0.0)):
        coal = np.where(by_coal, taken, 0.0) / (STANDARD_COAL * efficiency)
        label = f"standard coal per {port} at {share} efficiency"
        figures.append(Figure(ratio(coal, per), "kg/t", label))
    return figures
