"""Species: a formula, a phase, a density where known, and where that number comes from."""

import csv
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any, Literal

from pydantic import Field

from flowsheet.core.errors import InputError, nearest
from flowsheet.core.formula import Formula, parse_formula
from flowsheet.core.parameters import Density
from flowsheet.core.record import Record

Phase = Literal["solid", "liquid", "gas"]


class Species(Record):
    """One constituent of the streams.

    The phase says which flow a constituent goes with, not its temperature: ``solid`` is everything
    condensed that is not water or dissolved in it (minerals, dust, metal, slag), ``liquid`` is
    water and what it dissolves, ``gas`` is what a filter lets through.
    """

    name: str
    formula: str
    phase: Phase = "solid"
    density: Density | None = Field(default=None)
    """Needed only where a volumetric flow is asked for."""
    source: str = ""
    thermochemistry: str = ""
    """Name of the dataset of its thermochemical data, where there are several; else the first."""

    def __init__(self, name: str, **data: Any) -> None:
        data.setdefault("formula", name)
        super().__init__(name=name, **data)
        parse_formula(self.formula)

    @cached_property
    def composition(self) -> Formula:
        """The parsed formula."""
        return parse_formula(self.formula)

    def mass_fractions(self) -> dict[str, float]:
        """Element -> mass fraction."""
        return self.composition.mass_fractions()

    @property
    def molar_mass(self) -> float:
        """Molar mass in kg/mol, from the one table of atomic weights."""
        return self.composition.molar_mass


@lru_cache(maxsize=1)
def standard_species() -> dict[str, Species]:
    """Return the species that come with the program, by name (``species.csv`` beside this file).

    A name is the formula, with ``(g)`` for vapours of what is else solid or liquid, and ``(aq)``
    for what is dissolved.
    """
    text = files("flowsheet.core").joinpath("species.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {
        row["name"]: Species(
            row["name"],
            formula=row["name"],
            phase=row["phase"],
            density=f"{row['density_kg_m3']} kg/m^3" if row["density_kg_m3"] else None,
            source=row["density_source"],
        )
        for row in rows
    }


def find_species(name: str) -> Species:
    """Return a standard species by name; raise InputError with the nearest name."""
    try:
        return standard_species()[name]
    except KeyError:
        raise InputError(
            f"species '{name}' is not one of the standard species"
            f"{nearest(name, standard_species())} Define your own with "
            f"Species('{name}', formula=..., phase=...)"
        ) from None
