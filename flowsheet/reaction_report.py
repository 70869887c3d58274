"""What can be said of one reaction: balance, heat, Gibbs energy, equilibrium, and the data used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from flowsheet.core.errors import InputError
from flowsheet.core.quantities import from_base
from flowsheet.core.reaction import Reaction
from flowsheet.core.reaction_energy import ReactionEnergy, reaction_energy
from flowsheet.core.thermochemistry import datasets
from flowsheet.tables import Column

POINT_COLUMNS = (
    Column("temperature_k", "K"),
    Column("temperature_c", "degC"),
    Column("delta_h_kj", "delta H kJ"),
    Column("delta_s_j_k", "delta S J/K"),
    Column("delta_g_kj", "delta G kJ"),
    Column("log10_k", "log10 K"),
    Column("goes", "goes", text=True),
)
SPECIES_COLUMNS = (
    Column("species", "species", text=True),
    Column("phase", "phase", text=True),
    Column("dataset", "dataset", text=True),
    Column("others", "other datasets", text=True),
    Column("to_k", "data to K"),
    Column("trust", "trust", text=True),
    Column("source", "source", text=True),
)
OTHER_COLUMNS = (
    Column("instead", "with", text=True),
    Column("delta_h_kj", "delta H kJ"),
    Column("delta_g_kj", "delta G kJ"),
    Column("log10_k", "log10 K"),
)


@dataclass(frozen=True)
class ReactionReport:
    """A balanced reaction at some temperatures, with one dataset chosen for each species."""

    reaction: Reaction
    energy: ReactionEnergy
    chosen: Mapping[str, str]

    @property
    def verdict(self) -> str:
        """One line on whether it goes at the first temperature."""
        warm, gibbs = float(self.energy.temperature[0]), float(self.energy.gibbs_energy[0])
        goes = "goes" if gibbs < 0.0 else "does not go"
        return (
            f"At {warm:.0f} K it {goes}, with gases at 1 bar each: Gibbs energy "
            f"{gibbs / 1e3:+.1f} kJ, log10 K {float(self.energy.log10_constant[0]):.2f}"
        )

    @cached_property
    def points(self) -> list[dict[str, Any]]:
        """One row per temperature."""
        energy = self.energy
        return [
            {
                "temperature_k": float(warm),
                "temperature_c": from_base(float(warm), "degC"),
                "delta_h_kj": float(energy.enthalpy[place]) / 1e3,
                "delta_s_j_k": float(energy.entropy[place]),
                "delta_g_kj": float(energy.gibbs_energy[place]) / 1e3,
                "log10_k": float(energy.log10_constant[place]),
                "goes": "yes" if energy.gibbs_energy[place] < 0.0 else "no",
            }
            for place, warm in enumerate(energy.temperature)
        ]

    def species(self) -> list[dict[str, Any]]:
        """One row per species: phase at the first temperature, and where its data come from."""
        return [
            {
                "species": name,
                "phase": chain.phase(float(self.energy.temperature[0])),
                "dataset": chain.dataset,
                "others": ", ".join(d for d in datasets(name) if d != chain.dataset),
                "to_k": chain.range[1],
                "trust": chain.trust,
                "source": chain.source,
            }
            for name, chain in self.energy.chains.items()
        ]

    def others(self) -> list[dict[str, Any]]:
        """The first temperature again, with every other dataset in place of the chosen, in turn."""
        warm = self.energy.temperature[:1]
        rows = []
        for row in self.species():
            for other in filter(None, row["others"].split(", ")):
                changed = {**self.chosen, row["species"]: other}
                try:
                    energy = reaction_energy(self.reaction, warm, changed)
                except InputError:  # that dataset does not reach this temperature, or holds no G
                    continue
                rows.append(
                    {
                        "instead": f"{row['species']}={other}",
                        "delta_h_kj": float(energy.enthalpy[0]) / 1e3,
                        "delta_g_kj": float(energy.gibbs_energy[0]) / 1e3,
                        "log10_k": float(energy.log10_constant[0]),
                    }
                )
        return rows

    def to_dict(self) -> dict[str, Any]:
        """As ``flowsheet reaction --format json`` prints it; the first temperature on top."""
        first = {k: v for k, v in self.points[0].items() if k != "goes"}
        return {
            "reaction": self.reaction.text,
            "balanced": True,
            **first,
            "feasible": self.points[0]["goes"] == "yes",
            "points": self.points,
            "species": self.species(),
            "other_datasets": self.others(),
        }


def reaction_report(
    text: str, temperatures: Sequence[float], chosen: Mapping[str, str]
) -> ReactionReport:
    """Balance a reaction and calculate it at temperatures in K.

    Raises InputError where it does not balance, a species is not known, or out of range.
    """
    reaction = Reaction(text)
    energy = reaction_energy(reaction, np.array(temperatures), chosen)
    return ReactionReport(reaction, energy, chosen)
