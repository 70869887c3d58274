"""The slate: which constituents a flowsheet carries, in which order, and their fixed properties."""

from collections.abc import Iterable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from flowsheet.core.errors import InputError, closest, nearest
from flowsheet.core.formula import parse_formula
from flowsheet.core.particles import LockedMinerals, Particles, locked_minerals
from flowsheet.core.species import Phase, Species, find_species, standard_species

Floats = NDArray[np.float64]


class Slate:
    """Constituents of a flowsheet, one row each in every flow array.

    First one row per species, of no particular size. With ``particles``, one row follows for every
    mineral and composite of the particles in every size class: those of one kind together, from
    coarse to fine, so that they are read as (kinds, classes). Code of units asks for rows by name
    and never counts on one row per species.
    """

    def __init__(
        self, species: Iterable[Species | str], particles: Particles | None = None
    ) -> None:
        listed = [species] if isinstance(species, str) else species
        self.species = tuple(
            entry if isinstance(entry, Species) else find_species(entry) for entry in listed
        )
        self.names = tuple(entry.name for entry in self.species)
        """Of the species; their rows come first, in this order."""
        self._row = {name: row for row, name in enumerate(self.names)}
        repeated = sorted({name for name in self.names if self.names.count(name) > 1})
        if repeated:
            raise InputError(f"species '{repeated[0]}' is listed twice; keep one")
        if not self.species:
            raise InputError("a flowsheet needs at least one species")
        if particles is not None and not isinstance(particles, Particles):
            raise InputError(
                f"particles: needs Particles(sieves=..., minerals=...), got {particles!r}"
            )
        self.particles = particles
        self.sized: tuple[Species | LockedMinerals, ...] = (
            () if particles is None else self._sized(particles)
        )
        """Minerals and composites that come in size classes."""
        self.composites = tuple(kind for kind in self.sized if isinstance(kind, LockedMinerals))
        """The composites among them, which come last."""
        self.classes = 0 if particles is None else len(particles.sieves)
        """How many size classes there are."""
        self.constituents = (
            *self.species,
            *(kind for kind in self.sized for _ in range(self.classes)),
        )
        """What each row is made of."""
        self.count = len(self.constituents)
        """How many rows there are."""
        self._rows = self._rows_by_name()

    def _sized(self, particles: Particles) -> tuple[Species | LockedMinerals, ...]:
        minerals = []
        for name in particles.minerals:
            if name not in self._row:
                raise InputError(
                    f"particles name {name}, which this flowsheet does not carry; add it to the "
                    f"species{closest(name, self.names)}"
                )
            species = self.species[self.row(name)]
            if species.phase != "solid":
                raise InputError(
                    f"particles name {name}, a {species.phase}; only solids have sizes, leave it "
                    "out"
                )
            minerals.append(species)
        composites = [locked_minerals(composite, minerals) for composite in particles.composites]
        for composite in composites:
            if composite.name in self._row:
                raise InputError(
                    f"composite '{composite.name}' has the name of a species; give it another"
                )
        return (*minerals, *composites)

    def _rows_by_name(self) -> dict[str, tuple[int, ...]]:
        rows: dict[str, tuple[int, ...]] = {name: (row,) for name, row in self._row.items()}
        for place, kind in enumerate(self.sized):
            first = len(self.species) + place * self.classes
            rows[kind.name] = (*rows.get(kind.name, ()), *range(first, first + self.classes))
        return rows

    @cached_property
    def unsized(self) -> "Slate":
        """The slate of the same species in the same rows, without particles."""
        return Slate(self.species) if self.sized else self

    def __contains__(self, name: str) -> bool:
        return name in self._rows

    @property
    def kinds(self) -> tuple[str, ...]:
        """Names of species and composites."""
        return tuple(self._rows)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """What each row is called in a message: a species, or a kind and its size class."""
        classes = () if self.particles is None else self.particles.class_names
        return (*self.names, *(f"{kind.name} {size}" for kind in self.sized for size in classes))

    def row(self, name: str) -> int:
        """Row of a species of no particular size; raise InputError with the nearest name."""
        try:
            return self._row[name]
        except KeyError:
            raise self._unknown(name) from None

    def rows_of(self, name: str) -> tuple[int, ...]:
        """Rows of a species or composite in all sizes; raise InputError with the nearest name."""
        try:
            return self._rows[name]
        except KeyError:
            raise self._unknown(name) from None

    def rows(self, *names: str) -> list[int]:
        """Rows of several species in all sizes; those not on the slate do not flow, left out."""
        return [row for name in names for row in self._rows.get(name, ())]

    def _unknown(self, name: str) -> InputError:
        for kind in self.composites:
            if kind.name == name:
                minerals = ", ".join(species.name for species, _ in kind.parts)
                return InputError(f"'{name}' is a composite and no species; name {minerals}")
        add = "; add it to its species, or leave it out"
        hint = add if name in standard_species() else nearest(name, self.kinds)
        return InputError(f"no species '{name}' in this flowsheet{hint}")

    @cached_property
    def molar_mass(self) -> Floats:
        """kg/mol, (constituents,); infinite for composites, which count no moles."""
        return np.array([entry.molar_mass for entry in self.constituents])

    @cached_property
    def elements(self) -> tuple[str, ...]:
        """Symbols of every element on the slate, sorted."""
        found = {symbol for entry in self.species for symbol, _ in entry.composition.atoms}
        return tuple(sorted(found))

    @cached_property
    def element_fractions(self) -> Floats:
        """Mass of element per mass of constituent, (elements, constituents)."""
        matrix = np.zeros((len(self.elements), self.count))
        for column, entry in enumerate(self.constituents):
            for symbol, fraction in entry.mass_fractions().items():
                matrix[self.elements.index(symbol), column] = fraction
        return matrix

    @cached_property
    def minerals_of_sized(self) -> Floats:
        """Mass of species per mass of each sized kind, (species, kinds)."""
        matrix = np.zeros((len(self.species), len(self.sized)))
        for column, kind in enumerate(self.sized):
            parts = kind.parts if isinstance(kind, LockedMinerals) else ((kind, 1.0),)
            for species, share in parts:
                matrix[self.row(species.name), column] = share
        return matrix

    @cached_property
    def density(self) -> Floats:
        """kg/m^3, (constituents,); not-a-number where no density is known."""
        return np.array([np.nan if c.density is None else c.density for c in self.constituents])

    @cached_property
    def volume_per_mass(self) -> Floats:
        """m^3/kg of solids and liquids, zero for gases and where no density is known."""
        volume = np.zeros(self.count)
        rows = self.condensed_rows
        volume[rows] = np.nan_to_num(1.0 / self.density[rows])
        return volume

    @cached_property
    def of_unknown_density(self) -> NDArray[np.intp]:
        """Rows of solids and liquids without a density."""
        rows = self.condensed_rows
        return rows[np.isnan(self.density[rows])]

    def in_phase(self, phase: Phase) -> Floats:
        """One for constituents of that phase, zero for others, (constituents, 1)."""
        return self._phases[phase]

    @cached_property
    def _phases(self) -> dict[Phase, Floats]:
        kinds: tuple[Phase, ...] = ("solid", "liquid", "gas")
        return {
            kind: np.array([[float(entry.phase == kind)] for entry in self.constituents])
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
