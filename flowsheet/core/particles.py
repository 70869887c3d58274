"""Particles: the sieve series of a flowsheet, which solids come in size classes, and middlings."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator

from flowsheet.core.errors import InputError, closest
from flowsheet.core.parameters import BaseUnits, Fraction, ParticleSize, PerSpecies, parameter_of
from flowsheet.core.record import Record
from flowsheet.core.species import Phase, Species

Floats = NDArray[np.float64]
ROUNDED_SUM = 1e-9
"""How far the minerals of a composite may miss 100 %."""
PAN = 0.5
"""Mean size of what passes the finest sieve, over that sieve: a convention."""


def _sieves(value: Any) -> tuple[float, ...]:
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        raise InputError(f'needs a list of apertures, got {value!r}; e.g. ["300 um", "75 um"]')
    aperture = parameter_of(ParticleSize)
    return tuple(aperture.convert(entry) for entry in value)


def _names(value: Any) -> tuple[str, ...]:
    listed = (value,) if isinstance(value, str) else value
    if not hasattr(listed, "__iter__") or not all(isinstance(name, str) for name in listed):
        raise InputError(f'needs names of minerals, got {value!r}; write e.g. ["Sb2S3", "SiO2"]')
    return tuple(listed)


def _composites(value: Any) -> tuple[Any, ...]:
    listed = (value,) if isinstance(value, Composite) else value
    if isinstance(listed, list | tuple) and all(isinstance(each, Composite) for each in listed):
        return tuple(listed)
    raise InputError(
        f'needs a list of composites, got {value!r}; write e.g. [Composite(name="middlings", '
        'minerals={"Sb2S3": "20 %", "SiO2": "80 %"})]'
    )


class Composite(Record):
    """A locked particle: minerals grown together in fixed proportions, such as middlings.

    ``Composite(name="middlings", minerals={"Sb2S3": "20 %", "SiO2": "80 %"}, grain_size="80 um")``.
    Its density follows from its minerals; a mill breaks it, and liberates what it is made of.
    """

    name: str
    minerals: PerSpecies[Fraction]
    """Mass fraction of each mineral; the first named is the one whose locking is counted."""
    grain_size: ParticleSize | None = None
    """Grain size of the first mineral, below which breakage liberates; never if not given."""

    def check(self) -> None:
        """Refuse fewer than two minerals, or fractions that are not all of the particle."""
        minerals: Any = self.minerals
        named = minerals.by_name
        if not self.name.strip() or self.name == "others":
            raise InputError(f"a composite cannot be named '{self.name}'; write e.g. 'middlings'")
        if minerals.others is not None or len(named) < 2:
            raise InputError(
                f"composite '{self.name}' needs two minerals or more, each with its fraction, "
                f'e.g. {{"Sb2S3": "20 %", "SiO2": "80 %"}}'
            )
        for mineral, fraction in named.items():
            if fraction == 0.0:
                raise InputError(f"composite '{self.name}' holds 0 % {mineral}; leave it out")
        total = sum(named.values())
        if abs(total - 1.0) > ROUNDED_SUM:
            raise InputError(
                f"minerals of composite '{self.name}' sum to {total:.4%}; "
                "give fractions that sum to 100 %"
            )


class Particles(Record):
    """The size classes of a flowsheet, given once for all of it.

    Class 1 passes the first sieve and stays on the second; the last is what passes the finest. The
    first sieve is therefore the size that everything passes.
    """

    sieves: Annotated[tuple[float, ...], BeforeValidator(_sieves)]
    """Apertures from coarse to fine, e.g. ``["300 um", "212 um", "150 um"]``."""
    minerals: Annotated[tuple[str, ...], BeforeValidator(_names)]
    """Species that come as particles; solids that are not named have no size."""
    composites: Annotated[tuple[Composite, ...], BeforeValidator(_composites)] = ()
    """Locked particles, each in the same size classes."""

    def check(self) -> None:
        """Refuse sieves out of order and names that stand twice."""
        if not self.sieves:
            raise InputError('sieves names no aperture; write e.g. ["300 um", "150 um", "75 um"]')
        for coarse, fine in pairwise(self.sieves):
            if fine >= coarse:
                raise InputError(
                    f"sieves must go from coarse to fine, got {aperture_text(fine)} after "
                    f"{aperture_text(coarse)}; sort them and name each once"
                )
        names = [*self.minerals, *(composite.name for composite in self.composites)]
        if not self.minerals:
            raise InputError('minerals names no species; write e.g. ["Sb2S3", "SiO2"]')
        for name in names:
            if names.count(name) > 1:
                raise InputError(f"particles name '{name}' twice; keep one")

    def __eq__(self, other: object) -> bool:
        """Whether all fields are the same; what is cached beside them does not count."""
        return isinstance(other, Particles) and self._fields == other._fields

    def __hash__(self) -> int:
        return hash(self._fields)

    @property
    def _fields(self) -> tuple[Any, ...]:
        return self.sieves, self.minerals, self.composites

    @cached_property
    def apertures(self) -> Floats:
        """Upper limit of each class in m, (classes,)."""
        return np.array(self.sieves)

    @cached_property
    def mean_sizes(self) -> Floats:
        """Geometric mean size of each class in m; for the last half its sieve, (classes,)."""
        lower = [*self.sieves[1:], PAN**2 * self.sieves[-1]]
        means: Floats = np.sqrt(self.apertures * np.array(lower))
        return means

    @cached_property
    def class_names(self) -> tuple[str, ...]:
        """Such as ``75 um to 106 um`` and ``below 38 um``."""
        between = pairwise(self.sieves)
        names = [f"{aperture_text(fine)} to {aperture_text(coarse)}" for coarse, fine in between]
        return (*names, f"below {aperture_text(self.sieves[-1])}")


def sieve_series(top: Any, classes: int, ratio: float = 2.0**0.5) -> tuple[float, ...]:
    """Return apertures in m, each smaller than the one before by ``ratio``.

    ``top`` is the coarsest, e.g. ``"300 um"``. Raises InputError for a ratio of 1 or less.
    """
    if not isinstance(classes, int) or not isinstance(ratio, float | int):
        raise InputError(
            f"a sieve series needs a whole number of classes and a ratio, got {classes!r} and "
            f"{ratio!r}"
        )
    if not ratio > 1.0 or classes < 1:
        raise InputError(
            f"a sieve series needs a ratio above 1 and one class or more, got {ratio:g} and "
            f"{classes}; the usual ratio is 1.414"
        )
    try:
        coarsest = parameter_of(ParticleSize).convert(top)
    except InputError as error:
        raise InputError(f"sieve_series: {error}") from error
    return tuple(BaseUnits(coarsest / ratio**step) for step in range(classes))


def aperture_text(metres: float) -> str:
    """A size as it is said: ``75 um``, ``12 mm``."""
    return f"{metres * 1e3:.4g} mm" if metres >= 1e-3 else f"{metres * 1e6:.4g} um"


@dataclass(frozen=True)
class LockedMinerals:
    """A composite whose minerals have been found among the species of a flowsheet."""

    name: str
    parts: tuple[tuple[Species, float], ...]
    """Minerals and their mass fractions, the first one first."""
    grain_size: float | None

    phase: Phase = "solid"
    molar_mass: float = float("inf")
    """In kg/mol: a mixture counts no moles."""

    @property
    def density(self) -> float | None:
        """kg/m^3, as the volumes of the minerals add up; None where one is unknown."""
        if any(species.density is None for species, _ in self.parts):
            return None
        return 1.0 / sum(share / (species.density or 1.0) for species, share in self.parts)

    def mass_fractions(self) -> dict[str, float]:
        """Element -> mass fraction."""
        found: dict[str, float] = {}
        for species, share in self.parts:
            for symbol, fraction in species.mass_fractions().items():
                found[symbol] = found.get(symbol, 0.0) + share * fraction
        return found


def without_density(kind: Species | LockedMinerals) -> tuple[str, ...]:
    """Names of the species for whose sake a constituent has no density."""
    parts = [species for species, _ in kind.parts] if isinstance(kind, LockedMinerals) else [kind]
    return tuple(species.name for species in parts if species.density is None)


def locked_minerals(composite: Composite, species: Sequence[Species]) -> LockedMinerals:
    """Find the minerals of a composite; raise InputError for one that is not carried."""
    known = {entry.name: entry for entry in species}
    minerals: Any = composite.minerals
    total = sum(minerals.by_name.values())
    for name in minerals.by_name:
        if name not in known:
            raise InputError(
                f"composite '{composite.name}' holds {name}, which is not one of the minerals of "
                f"the particles; add it there{closest(name, known)}"
            )
    parts = tuple((known[name], share / total) for name, share in minerals.by_name.items())
    return LockedMinerals(composite.name, parts, composite.grain_size)
