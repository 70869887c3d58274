"""The slate: which constituents a flowsheet carries, in which order, and their fixed properties."""

from collections.abc import Iterable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from flowsheet.core.errors import InputError, nearest
from flowsheet.core.formula import parse_formula
from flowsheet.core.species import Phase, Species, find_species, standard_species

Floats = NDArray[np.float64]


class Slate:
    """Constituents of a flowsheet, one row each in every flow array.

    Code of units asks for rows by species name and never counts on one row per species, so that
    a species may later be split into size classes.
    """

    def __init__(self, species: Iterable[Species | str]) -> None:
        listed = [species] if isinstance(species, str) else species
        self.species = tuple(
            entry if isinstance(entry, Species) else find_species(entry) for entry in listed
        )
        self.names = tuple(entry.name for entry in self.species)
        self._row = {name: row for row, name in enumerate(self.names)}
        repeated = sorted({name for name in self.names if self.names.count(name) > 1})
        if repeated:
            raise InputError(f"species '{repeated[0]}' is listed twice; keep one")
        if not self.species:
            raise InputError("a flowsheet needs at least one species")

    def __contains__(self, name: str) -> bool:
        return name in self._row

    def row(self, name: str) -> int:
        """Row of one species; raise InputError with the nearest name if it is not on the slate."""
        try:
            return self._row[name]
        except KeyError:
            add = "; add it to its species, or leave it out"
            hint = add if name in standard_species() else nearest(name, self.names)
            raise InputError(f"no species '{name}' in this flowsheet{hint}") from None

    def rows(self, *names: str) -> list[int]:
        """Rows of several species; those not on the slate do not flow and are left out."""
        return [self._row[name] for name in names if name in self._row]

    @cached_property
    def molar_mass(self) -> Floats:
        """kg/mol, (constituents,)."""
        return np.array([entry.molar_mass for entry in self.species])

    @cached_property
    def elements(self) -> tuple[str, ...]:
        """Symbols of every element on the slate, sorted."""
        found = {symbol for entry in self.species for symbol, _ in entry.composition.atoms}
        return tuple(sorted(found))

    @cached_property
    def element_fractions(self) -> Floats:
        """Mass of element per mass of constituent, (elements, constituents)."""
        matrix = np.zeros((len(self.elements), len(self.species)))
        for column, entry in enumerate(self.species):
            for symbol, fraction in entry.composition.mass_fractions().items():
                matrix[self.elements.index(symbol), column] = fraction
        return matrix

    @cached_property
    def density(self) -> Floats:
        """kg/m^3, (constituents,); not-a-number where no density is known."""
        return np.array([np.nan if s.density is None else s.density for s in self.species])

    def in_phase(self, phase: Phase) -> Floats:
        """One for constituents of that phase, zero for others, (constituents, 1)."""
        return self._phases[phase]

    @cached_property
    def _phases(self) -> dict[Phase, Floats]:
        kinds: tuple[Phase, ...] = ("solid", "liquid", "gas")
        return {
            kind: np.array([[float(entry.phase == kind)] for entry in self.species])
            for kind in kinds
        }

    @cached_property
    def dry_gases(self) -> tuple[str, ...]:
        """Gases that stay gases: all but water and vapours, whose formula or name ends in (g)."""
        water = dict(parse_formula("H2O").atoms)
        return tuple(
            entry.name
            for entry in self.species
            if entry.phase == "gas"
            and not entry.name.endswith("(g)")
            and not entry.formula.endswith("(g)")
            and dict(entry.composition.atoms) != water
        )

    @cached_property
    def condensed_rows(self) -> NDArray[np.intp]:
        """Rows of solids and liquids."""
        return np.flatnonzero(self.in_phase("gas")[:, 0] == 0.0)
