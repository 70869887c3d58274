"""Voltage of an electrolytic cell from its parts, and the size of a tank house."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from flowsheet.core.constants import GAS_CONSTANT
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array
from flowsheet.core.parameters import (
    Area,
    CurrentDensity,
    Fraction,
    Length,
    Temperature,
    Voltage,
    default,
)
from flowsheet.core.unit import Figure, Flows, Parameters, UnitOp
from unitops.refining.faraday import FARADAY, Conductivity


class Cells(UnitOp):
    """What every tank house has: cells of a voltage, a current density and a temperature.

    The voltage is given, or the sum of its parts, with J the current density, T the temperature,
    L the gap between the electrodes and k the conductivity of the electrolyte:

        U = E + overpotential(J, J_anode) + overpotential(J, J_cathode) + J L / k + U_bus   (V1)
        overpotential(J, J0) = 2 R T / F * asinh(J / (2 J0))                                (V2)

    (V2) is the equation of Butler and Volmer for a step of one electron with a transfer coefficient
    of one half (Bard and Faulkner, Electrochemical Methods, 2001).
    """

    current_efficiency: Fraction = default("97.6 %")
    """Charge that deposits antimony over charge passed, CE."""
    cell_voltage: Voltage | None = None
    """Voltage of a cell, U. Not given: the sum of its parts (V1)."""
    current_density: CurrentDensity = default("110 A/m^2")
    """Current per area of cathode, J."""
    electrolyte_temperature: Temperature = default("35 degC")
    """Of the electrolyte, T, and of all that leaves the cells."""
    equilibrium_difference: Voltage = default("0 V")
    """Difference of the equilibrium potentials of anode and cathode, E."""
    anode_exchange_current_density: CurrentDensity = default("10 A/m^2")
    """Of the anode reaction, J_anode: the larger, the smaller the overpotential."""
    cathode_exchange_current_density: CurrentDensity = default("10 A/m^2")
    """Of the cathode reaction, J_cathode."""
    electrode_spacing: Length = default("75 mm")
    """Gap that the current crosses, L."""
    conductivity: Conductivity = default("30 S/m")
    """Of the electrolyte, k."""
    busbar_voltage: Voltage = default("0.05 V")
    """Drop in busbars, contacts and electrodes, U_bus, and in a diaphragm where there is one."""
    cathode_area_per_cell: Area = default("30 m^2")
    """Both faces of all cathodes of a cell together. Assumed, range 10 to 60 m^2."""

    def check(self) -> None:
        """Refuse cells that deposit nothing, are frozen or boil."""
        if self.current_efficiency == 0.0:
            raise InputError("current_efficiency of 0 deposits nothing; give more, e.g. 97 %")
        if self.cathode_area_per_cell == 0.0:
            raise InputError("cathode_area_per_cell of 0 m^2 takes endless cells; give e.g. 30 m^2")
        if not 273.15 <= self.electrolyte_temperature <= 373.15:
            raise InputError(
                f"electrolyte_temperature of {self.electrolyte_temperature - 273.15:.4g} degC "
                f"freezes or boils an aqueous bath; give 20 to 70 degC"
            )

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:  # noqa: ARG002
        """Everything leaves as warm as the electrolyte; what is drawn is cold."""
        return {
            port: p.electrolyte_temperature
            for port, kind in self.ports().items()
            if kind == "outlet"
        }


class VoltageParts(NamedTuple):
    """Parts of the voltage of a cell, V."""

    equilibrium: Any
    anode: Any
    cathode: Any
    ohmic: Any
    busbar: Any

    def total(self) -> Any:
        """All of them together (V1)."""
        return self.equilibrium + self.anode + self.cathode + self.ohmic + self.busbar


def voltage_parts(p: Parameters) -> VoltageParts:
    """Parts of the voltage as they follow from the parameters, also where the sum is given."""
    return VoltageParts(
        equilibrium=p.equilibrium_difference,
        anode=_overpotential(p, p.anode_exchange_current_density),
        cathode=_overpotential(p, p.cathode_exchange_current_density),
        ohmic=p.current_density * p.electrode_spacing / p.conductivity,
        busbar=p.busbar_voltage,
    )


def voltage(p: Parameters) -> Any:
    """Voltage of a cell: given, or the sum of its parts."""
    return voltage_parts(p).total() if p.cell_voltage is None else p.cell_voltage


def _overpotential(p: Parameters, exchange: Any) -> Any:
    thermal = 2.0 * GAS_CONSTANT * p.electrolyte_temperature / FARADAY
    return thermal * np.arcsinh(p.current_density / (2.0 * exchange))  # (V2)


def cells_needed(current: Array, p: Parameters) -> Array:
    """Cells in series that the current, A through all cells together, needs; not rounded."""
    return np.asarray(current / (p.current_density * p.cathode_area_per_cell))


def voltage_figures(p: Parameters) -> list[Figure]:
    """The voltage, and its parts where it is their sum."""
    figures = [Figure(np.asarray(voltage(p)), "V", "cell voltage")]
    if p.cell_voltage is None:
        parts = voltage_parts(p)
        figures += [
            Figure(np.asarray(parts.equilibrium), "V", "of it equilibrium difference"),
            Figure(np.asarray(parts.anode), "V", "of it overpotential of the anode"),
            Figure(np.asarray(parts.cathode), "V", "of it overpotential of the cathode"),
            Figure(np.asarray(parts.ohmic), "V", "of it ohmic drop of the electrolyte"),
            Figure(np.asarray(parts.busbar), "V", "of it busbars and contacts"),
        ]
    return figures


def cell_figures(current: Array, p: Parameters) -> Sequence[Figure]:
    """Power, current, cathode area and number of cells."""
    cells = cells_needed(current, p)
    return (
        Figure(current * voltage(p), "kW", "power of the cells", "power"),
        Figure(current, "kA", "current through all cells together"),
        Figure(np.asarray(p.current_density * p.cathode_area_per_cell), "kA", "current of a cell"),
        Figure(np.asarray(current / p.current_density), "m^2", "cathode area", "equipment"),
        Figure(np.ceil(cells * (1.0 - 1e-12)), "", "cells", "equipment"),
    )
