"""Enthalpy, Gibbs energy and equilibrium constant of a reaction written as text.

    delta H = sum of nu_i H_i(T)                                                    (1)
    delta G = sum of nu_i (H_i(T) - T S_i(T))                                       (2)
    log10 K = -delta G / (R T ln 10)                                                (3)

with nu_i negative for what is consumed, pure solids and liquids in their stable phase, and gases
each at 1 bar.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from flowsheet.core.constants import GAS_CONSTANT
from flowsheet.core.errors import InputError, nearest
from flowsheet.core.flow import Array
from flowsheet.core.reaction import Reaction
from flowsheet.core.thermochemistry import Thermochemistry, thermochemistry


@dataclass(frozen=True)
class ReactionEnergy:
    """What a reaction gives or takes, per mole of it as written."""

    reaction: Reaction
    temperature: Array
    """K, (temperatures,)."""
    chains: Mapping[str, Thermochemistry]
    """Species -> the data that were used."""
    enthalpy: Array
    """J/mol; negative where the reaction gives heat off, (temperatures,)."""
    entropy: Array
    """J/(mol K), (temperatures,)."""

    @cached_property
    def gibbs_energy(self) -> Array:
        """J/mol, (temperatures,); negative where the reaction can go at these pressures."""
        energy: Array = self.enthalpy - self.temperature * self.entropy
        return energy

    @cached_property
    def log10_constant(self) -> Array:
        """Decimal logarithm of the equilibrium constant, (temperatures,)."""
        scale = GAS_CONSTANT * self.temperature * math.log(10.0)
        logarithm: Array = -self.gibbs_energy / scale
        return logarithm


def reaction_energy(
    reaction: Reaction | str, temperature: Any, datasets: Mapping[str, str] | None = None
) -> ReactionEnergy:
    """Enthalpy, entropy and Gibbs energy of a reaction; temperature in K, a number or an array.

    ``datasets`` picks for a species one of several sources: ``{"Sb2S3": "NBS82"}``. Raises
    InputError where a species has no data, and out of their range, with the range.
    """
    if isinstance(reaction, str):
        reaction = Reaction(reaction)
    chosen = dict(datasets or {})
    for name in chosen:
        if name not in reaction.coefficients:
            raise InputError(
                f"a dataset is chosen for '{name}', which the reaction does not hold"
                f"{nearest(name, reaction.coefficients)}"
            )
    chains = {name: thermochemistry(name, chosen.get(name, "")) for name in reaction.coefficients}
    at = np.atleast_1d(np.asarray(temperature, dtype=float))
    enthalpy, entropy = np.zeros_like(at), np.zeros_like(at)
    for name, count in reaction.coefficients.items():
        enthalpy = enthalpy + count * chains[name].enthalpy(at)
        entropy = entropy + count * chains[name].entropy(at)
    return ReactionEnergy(reaction, at, chains, enthalpy, entropy)


def range_of(reaction: Reaction, datasets: Mapping[str, str] | None = None) -> tuple[float, float]:
    """Lowest and highest temperature in K at which all species of a reaction have data."""
    chosen = datasets or {}
    ranges = [thermochemistry(n, chosen.get(n, "")).range for n in reaction.coefficients]
    return max(low for low, _ in ranges), min(high for _, high in ranges)


def check_feasible(reaction: Reaction, temperature: float, instead: str) -> None:
    """Refuse a reaction whose Gibbs energy is positive; ``instead`` says what to do about it."""
    energy = reaction_energy(reaction, temperature)
    gibbs, logarithm = float(energy.gibbs_energy[0]), float(energy.log10_constant[0])
    if gibbs > 0.0:
        power = math.floor(logarithm)
        raise InputError(
            f"{reaction.text} does not go at {temperature:.0f} K: its Gibbs energy is "
            f"{gibbs / 1e3:+.0f} kJ (equilibrium constant {10.0 ** (logarithm - power):.1f}e"
            f"{power:d}); {instead}"
        )
