"""Enthalpy, entropy, heat capacity and Gibbs energy of species, from one table with its sources.

``thermochemistry.csv`` beside this file holds, for each species and dataset, a chain of phases:
enthalpy of formation and entropy at 298.15 K, then at every change of phase its enthalpy, and for
each phase the heat capacity

    Cp = a + b T + c / T^2 + d / sqrt(T)        J/(mol K)                           (1)
    H(T) = H(298.15 K) + integral of Cp dT + enthalpies of transition               (2)
    S(T) = S(298.15 K) + integral of Cp / T dT + those over their temperature       (3)
    G(T) = H(T) - T S(T)                                                            (4)

The zero of enthalpy is that of the stable elements at 298.15 K and 1 bar, so that heats of reaction
are differences of enthalpies. A change of phase is spread over the kelvin below its temperature:
enthalpy then has one value at every temperature, and a temperature can be found from it. Below
298.15 K, down to 250 K, a heat capacity stays what it is there; above its range a species is
refused here, while ``Curves``, which streams and searches for a temperature use, go on with the
last one.
"""

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flowsheet.core.errors import InputError, nearest
from flowsheet.core.flow import Array

STANDARD_TEMPERATURE = 298.15
LOWEST_TEMPERATURE = 250.0
"""Down to here the heat capacities at 298.15 K are taken to hold."""
_SPREAD = 1.0  # kelvin below a change of phase over which its enthalpy is taken up


@dataclass(frozen=True)
class Phase:
    """One row of the table: a phase, its range in K, and its heat capacity."""

    name: str
    start: float
    end: float
    enthalpy: float
    """Of formation for the first phase, else of the transition to this one, J/mol."""
    entropy: float
    """Of the first phase at 298.15 K, J/(mol K); zero for the others, see (3)."""
    heat_capacity: tuple[float, float, float, float]
    """a, b, c and d of (1)."""
    trust: str
    source: str


@dataclass(frozen=True, eq=False)
class Thermochemistry:
    """What is known of one species in one dataset."""

    species: str
    dataset: str
    phases: tuple[Phase, ...]
    has_formation: bool
    """Whether enthalpy of formation and entropy are known, or only the heat capacity."""

    @property
    def range(self) -> tuple[float, float]:
        """Lowest and highest temperature in K."""
        return LOWEST_TEMPERATURE, self.phases[-1].end

    @property
    def trust(self) -> str:
        """How far to trust the first phase: high, medium, low or estimated."""
        return self.phases[0].trust

    @property
    def source(self) -> str:
        """Where enthalpy of formation, entropy and first heat capacity come from."""
        return self.phases[0].source

    def phase(self, temperature: float) -> str:
        """Name of the phase that is stable at a temperature."""
        self.check_range(temperature)
        reached = [phase for phase in self.phases if temperature >= phase.start]
        return (reached or [self.phases[0]])[-1].name

    def enthalpy(self, temperature: Any) -> Array:
        """Enthalpy in J/mol over the elements at 298.15 K; raise InputError out of range."""
        self.check_range(temperature)
        found: Array = self._curves.enthalpy(temperature)[0]
        return found

    def entropy(self, temperature: Any) -> Array:
        """Entropy in J/(mol K); raise InputError out of range, or if it is not known."""
        self.check_range(temperature)
        self.check_formation()
        found: Array = self._curves.entropy(temperature)[0]
        return found

    def heat_capacity(self, temperature: Any) -> Array:
        """Heat capacity in J/(mol K), with the spread enthalpy of transitions."""
        self.check_range(temperature)
        found: Array = self._curves.heat_capacity(temperature)[0]
        return found

    def gibbs_energy(self, temperature: Any) -> Array:
        """Gibbs energy in J/mol over the enthalpy of the elements at 298.15 K, by (4)."""
        energy: Array = self.enthalpy(temperature) - temperature * self.entropy(temperature)
        return energy

    def check_range(self, temperature: Any) -> None:
        """Raise InputError for temperatures that the data do not reach."""
        low, high = self.range
        asked = np.ravel(np.real(temperature))
        outside = asked[~((asked >= low) & (asked <= high + 1e-6))]
        if outside.size:
            raise InputError(
                f"{self.species}: thermochemical data ({self.dataset}) reach from {low:.0f} to "
                f"{high:.0f} K, got {outside[0]:.0f} K"
            )

    def check_formation(self) -> None:
        """Raise InputError where only the heat capacity is known."""
        if not self.has_formation:
            raise InputError(
                f"{self.species}: its enthalpy of formation and entropy are not known, so no "
                f"reaction of it can be calculated"
            )

    @cached_property
    def _curves(self) -> "Curves":
        return Curves([self])


class Curves:
    """Enthalpy, entropy and heat capacity of several species at once, by (1) to (3).

    Results are (species, temperatures). Temperatures may be complex, as derivatives need.
    """

    def __init__(self, chains: Sequence[Thermochemistry | None]) -> None:
        pieces = [_pieces(chain) if chain else [(-np.inf, 0.0, 0.0, 0.0, 0.0)] for chain in chains]
        longest = max(map(len, pieces))
        table = np.array(
            [(*each, *([(np.inf, 0, 0, 0, 0)] * (longest - len(each)))) for each in pieces]
        )
        self._rows: NDArray[np.intp] = np.arange(len(pieces))[:, None]
        self._starts = np.ascontiguousarray(table[:, :, 0].T)
        """K at which each piece starts, (pieces, species)."""
        self._terms = np.ascontiguousarray(np.moveaxis(table[:, :, 1:], 2, 0))
        """a, b, c and d of (1), (terms, species, pieces)."""
        self._enthalpy_constant, self._entropy_constant = self._constants(chains)

    def enthalpy(self, temperature: Any) -> Array:
        """J/mol, zero for species without data."""
        at = np.ravel(temperature)
        row, piece = self._rows, self._piece(at)
        return self._sum(row, piece, _enthalpy_terms(at)) + self._enthalpy_constant[row, piece]

    def entropy(self, temperature: Any) -> Array:
        """J/(mol K), zero for species without data."""
        at = np.ravel(temperature)
        row, piece = self._rows, self._piece(at)
        return self._sum(row, piece, _entropy_terms(at)) + self._entropy_constant[row, piece]

    def heat_capacity(self, temperature: Any) -> Array:
        """J/(mol K), zero for species without data."""
        at = np.ravel(temperature)
        return self._sum(self._rows, self._piece(at), (at**0, at, at**-2.0, at**-0.5))

    def _piece(self, at: Array) -> NDArray[np.intp]:
        """Which piece of each species' curves a temperature is in, (species, temperatures)."""
        reached = at.real >= self._starts[1:, :, None]  # all are past the start of the first
        piece: NDArray[np.intp] = np.count_nonzero(reached, axis=0)
        return piece

    def _sum(
        self, row: NDArray[np.intp], piece: NDArray[np.intp], powers: tuple[Array, ...]
    ) -> Array:
        total: Array = self._terms[0][row, piece] * powers[0]
        for term, power in zip(self._terms[1:], powers[1:], strict=True):
            total += term[row, piece] * power
        return total

    def _constants(
        self, chains: Sequence[Thermochemistry | None]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What makes enthalpy and entropy right at 298.15 K and go on without a step."""
        longest, count = self._starts.shape
        enthalpy, entropy = np.zeros((count, longest)), np.zeros((count, longest))
        for row, chain in enumerate(chains):
            if chain is None:
                continue
            last = int(
                np.isfinite(self._starts[:, row]).sum()
            )  # the first piece starts at -infinity
            base = np.array([STANDARD_TEMPERATURE])
            first = chain.phases[0]
            # Piece 1 begins at 298.15 K; piece 0 is what lies below.
            for constants, terms, value in (
                (enthalpy, _enthalpy_terms, first.enthalpy),
                (entropy, _entropy_terms, first.entropy),
            ):
                constants[row, 1] = value - self._at(row, 1, terms(base))
                constants[row, 0] = value - self._at(row, 0, terms(base))
                for piece in range(2, last + 1):
                    step = terms(self._starts[[piece], row])
                    before = self._at(row, piece - 1, step) + constants[row, piece - 1]
                    constants[row, piece] = before - self._at(row, piece, step)
        return enthalpy, entropy

    def _at(self, row: int, piece: int, powers: tuple[Array, ...]) -> float:
        return float(sum(t * p[0] for t, p in zip(self._terms[:, row, piece], powers, strict=True)))


def _enthalpy_terms(at: Array) -> tuple[Array, ...]:
    """Integrals of the terms of (1)."""
    return at, 0.5 * at**2, -1.0 / at, 2.0 * at**0.5


def _entropy_terms(at: Array) -> tuple[Array, ...]:
    """Integrals of the terms of (1) over temperature."""
    return np.log(at), at, -0.5 / at**2, -2.0 * at**-0.5


def _pieces(chain: Thermochemistry) -> list[tuple[float, float, float, float, float]]:
    """Start and (a, b, c, d) of every stretch of the heat capacity, spread transitions included."""
    first, last = chain.phases[0], chain.phases[-1]
    pieces: list[tuple[float, float, float, float, float]] = [
        (-np.inf, _capacity_at(first, first.start), 0.0, 0.0, 0.0)
    ]
    for before, phase in zip((None, *chain.phases), chain.phases, strict=False):
        if before and phase.enthalpy:
            a, b, c, d = before.heat_capacity
            pieces.append((phase.start - _SPREAD, a + phase.enthalpy / _SPREAD, b, c, d))
        pieces.append((phase.start, *phase.heat_capacity))
    return [*pieces, (last.end, _capacity_at(last, last.end), 0.0, 0.0, 0.0)]


def _capacity_at(phase: Phase, temperature: float) -> float:
    a, b, c, d = phase.heat_capacity
    return a + b * temperature + c / temperature**2 + d / math.sqrt(temperature)


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Mapping[str, Thermochemistry]]:
    """Species -> dataset -> what is known; the first dataset of a species is its default."""
    text = files("flowsheet.core").joinpath("thermochemistry.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    chains: dict[str, dict[str, list[dict[str, str]]]] = {}
    for row in rows:
        chains.setdefault(row["species"], {}).setdefault(row["dataset"], []).append(row)
    return {
        species: {dataset: _chain(species, dataset, found) for dataset, found in each.items()}
        for species, each in chains.items()
    }


def _chain(species: str, dataset: str, rows: Sequence[Mapping[str, str]]) -> Thermochemistry:
    phases = tuple(
        Phase(
            row["phase"],
            float(row["from_K"]),
            float(row["to_K"]),
            1e3 * float(row["enthalpy_kJ_mol"] or 0.0),
            float(row["entropy_J_mol_K"] or 0.0),
            tuple(float(row[term] or 0.0) for term in "abcd"),  # type: ignore[arg-type]
            row["trust"],
            row["source"],
        )
        for row in rows
    )
    known = bool(rows[0]["enthalpy_kJ_mol"] and rows[0]["entropy_J_mol_K"])
    return Thermochemistry(species, dataset, phases, known)


def known_species() -> tuple[str, ...]:
    """Every species of the table."""
    return tuple(_table())


def datasets(species: str) -> tuple[str, ...]:
    """Names of the datasets of a species, its default first; raise InputError if it is unknown."""
    return tuple(_table()[_listed(species)])


def thermochemistry(species: str, dataset: str = "") -> Thermochemistry:
    """What is known of a species; ``dataset`` picks one of several sources that disagree.

    A species is in its stable phase at every temperature, so that a state such as ``(l)`` is
    refused; ``(g)`` may be added to the name of a gas. Raises InputError with the nearest name.
    """
    known = _table()[_listed(species)]
    if not dataset:
        return next(iter(known.values()))
    if dataset not in known:
        raise InputError(
            f"{species}: no thermochemical dataset '{dataset}'; there is {', '.join(known)}"
        )
    return known[dataset]


def _listed(species: str) -> str:
    """The name under which the table has a species."""
    if species in _table():
        return species
    gases, plain = f"{species}(g)", species.removesuffix("(g)")
    if plain in _table() and _table_is_gas(plain):
        return plain
    for state in ("(s)", "(l)", "(cr)"):
        plain = species.removesuffix(state)
        if plain != species and plain in _table():
            raise InputError(
                f"'{species}': a species is taken in the phase that is stable at each temperature; "
                f"write {plain}"
            )
    hint = f"; did you mean '{gases}'?" if gases in _table() else nearest(species, _table())
    raise InputError(f"no thermochemical data of '{species}'{hint}")


def _table_is_gas(species: str) -> bool:
    first = next(iter(_table()[species].values()))
    return all(phase.name == "gas" for phase in first.phases)
