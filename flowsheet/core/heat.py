"""Enthalpy of a flow at a temperature, and the temperature that a flow has at an enthalpy.

    H = sum over species of n_i H_i(T)              W, formation included           (1)

The zero is that of the stable elements at 298.15 K, so that what a unit takes up or gives off as
heat is the enthalpy of what leaves it less that of what enters, heats of reaction included.
"""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.slate import Slate
from flowsheet.core.species import Species
from flowsheet.core.thermochemistry import (
    LOWEST_TEMPERATURE,
    STANDARD_TEMPERATURE,
    Curves,
    Thermochemistry,
    known_species,
    thermochemistry,
)

_HIGHEST = 4000.0  # where a search for a temperature stops
_PASSES = 80


class _SlateHeat:
    """The curves of the species of a slate, and which of them have none."""

    def __init__(self, slate: Slate) -> None:
        self.chains = [chain_of(species) for species in slate.species]
        self.curves = Curves(self.chains)
        self.moles_per_mass = 1.0 / slate.molar_mass[: len(slate.species), None]
        self.unknown = np.array([chain is None for chain in self.chains])
        self.unknown_rows = np.flatnonzero(self.unknown)
        self.unformed = np.array([not (chain and chain.has_formation) for chain in self.chains])


@lru_cache(maxsize=64)
def _of(slate: Slate) -> _SlateHeat:
    return _SlateHeat(slate)


def chain_of(species: Species) -> Thermochemistry | None:
    """The data of a species: of its name, else of its formula; None where there are none.

    Raises InputError where its ``thermochemistry`` names a dataset that does not exist.
    """
    for name in (species.name, species.formula):
        if name in known_species():
            return thermochemistry(name, species.thermochemistry)
    return None


def enthalpy(flow: Flow, temperature: Any) -> Array:
    """Enthalpy of a flow, W, formation included, (scenarios,); temperature in K.

    Raises InputError when a species that flows has no data.
    """
    total: Array = (_known_mass(flow) * _per_mass(flow.slate, temperature)).sum(axis=0)
    return total


def molar_enthalpy(slate: Slate, species: str, temperature: Any) -> Array:
    """Enthalpy of one species of a slate in J/mol, formation included, (1 or scenarios,).

    Zero for a species without data; raises InputError for one that is not on the slate.
    """
    row = slate.row(species)
    per_mole: Array = slate.molar_mass[row] * _per_mass(slate, temperature)[row]
    return per_mole


def heat_capacity(flow: Flow, temperature: Any) -> Array:
    """Heat capacity of a flow, W/K, (scenarios,), spread enthalpies of transition included."""
    mass, heat = _known_mass(flow), _of(flow.slate)
    per_mass = heat.moles_per_mass * heat.curves.heat_capacity(temperature)
    total: Array = (mass * per_mass).sum(axis=0)
    return total


def sensible_heat(flow: Flow, temperature: Any) -> Array:
    """Enthalpy of a flow over what it has at 25 degC, W, (scenarios,)."""
    over: Array = enthalpy(flow, temperature) - enthalpy(flow, STANDARD_TEMPERATURE)
    return over


def temperature_at(flow: Flow, total: Array) -> Array:
    """Temperature in K at which a flow has an enthalpy in W, (scenarios,); 298.15 for no flow.

    Newton's method between bounds that close in: enthalpy always rises with temperature. Carries
    derivatives (complex numbers). Raises InputError where no temperature up to 4,000 K has it.
    """
    columns = np.broadcast(flow.mass[0], total).shape[0]
    low, high = np.full(columns, LOWEST_TEMPERATURE), np.full(columns, _HIGHEST)
    still = Flow(flow.slate, flow.mass.real)
    aim = np.broadcast_to(np.real(total), (columns,))
    empty = np.broadcast_to(heat_capacity(still, STANDARD_TEMPERATURE) == 0.0, (columns,))
    at = np.full(columns, 600.0)
    for _ in range(_PASSES):
        short = aim - enthalpy(still, at)
        low, high = np.where(short >= 0.0, at, low), np.where(short >= 0.0, high, at)
        step = at + short / np.where(empty, 1.0, heat_capacity(still, at))
        inside = (step > low) & (step < high)
        new = np.where(inside, step, 0.5 * (low + high))
        settled = np.all(empty | (np.abs(new - at) <= 1e-12 * at) | (high - low <= 1e-11 * at))
        at = new
        if settled:
            break
    outside = ~empty & ((at >= _HIGHEST - 1.0) | (at <= LOWEST_TEMPERATURE + 1e-3))
    if np.any(outside):
        raise InputError(
            f"no temperature between {LOWEST_TEMPERATURE:.0f} and {_HIGHEST:.0f} K closes the heat "
            f"balance; the heat added or taken away is too much for the flow"
        )
    at = np.where(empty, STANDARD_TEMPERATURE, at)
    # One more step of Newton's method turns the derivative of the enthalpy into that of T.
    capacity = np.where(empty, 1.0, heat_capacity(still, at))
    found: Array = at + np.where(empty, 0.0, (total - enthalpy(flow, at)) / capacity)
    return found


def _per_mass(slate: Slate, temperature: Any) -> Array:
    """Enthalpies of the species of a slate in J/kg, (species, 1 or scenarios)."""
    if np.iscomplexobj(temperature):
        heat = _of(slate)
        found: Array = heat.moles_per_mass * heat.curves.enthalpy(temperature)
        return found
    return _kept(slate, np.asarray(temperature, dtype=float).tobytes())


@lru_cache(maxsize=32)
def _kept(slate: Slate, temperatures: bytes) -> Array:
    """The same for real temperatures; kept, since a search asks for a few of them many times."""
    heat = _of(slate)
    found: Array = heat.moles_per_mass * heat.curves.enthalpy(np.frombuffer(temperatures))
    found.setflags(write=False)
    return found


def without_data(flow: Flow) -> tuple[str, ...]:
    """Species that flow and have no heat capacity."""
    return _named(flow, _of(flow.slate).unknown)


def without_formation(flow: Flow) -> tuple[str, ...]:
    """Species that flow and have no enthalpy of formation: their reactions cannot be counted."""
    return _named(flow, _of(flow.slate).unformed)


def highest_temperature(flow: Flow) -> tuple[float, str]:
    """Temperature in K up to which all that flows has data, and the species that sets it."""
    flowing = np.flatnonzero(_species_mass(flow).real.max(axis=1) > 0.0)
    chains = [chain for row in flowing if (chain := _of(flow.slate).chains[row])]
    limits = [(chain.range[1], chain.species) for chain in chains]
    return min(limits, default=(_HIGHEST, ""))


def _species_mass(flow: Flow) -> Array:
    mass: Array = flow.merged().mass[: len(flow.slate.species)]
    return mass


def _known_mass(flow: Flow) -> Array:
    """kg/s of every species, (species, scenarios); raise InputError without data of one."""
    mass, unknown = _species_mass(flow), _of(flow.slate).unknown_rows
    if unknown.size and np.max(mass[unknown].real, initial=0.0) > 0.0:
        missing = ", ".join(without_data(flow))
        raise InputError(
            f"a heat balance needs thermochemical data of {missing}, which the program does not "
            f"have"
        )
    return mass


def _named(flow: Flow, lacking: NDArray[np.bool_]) -> tuple[str, ...]:
    rows = np.flatnonzero(lacking)
    if not rows.size:
        return ()
    flowing = _species_mass(flow)[rows].real.max(axis=1) > 0.0
    return tuple(flow.slate.names[row] for row in rows[flowing])
