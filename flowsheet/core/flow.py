"""What a unit operation sees of a stream: mass flows as one array, and views of it.

Shapes: ``mass`` is (constituents, scenarios) in kg/s; whatever sums over constituents is
(scenarios,). Values may be complex while the solver takes derivatives (see docs/solver.md), so the
code of a unit avoids ``abs``, ``sign`` and casts to float.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flowsheet.core.arithmetic import ratio
from flowsheet.core.errors import InputError
from flowsheet.core.particles import without_density
from flowsheet.core.slate import Slate

Array = NDArray[Any]


@lru_cache(maxsize=4096)
def _selection(slate: Slate, names: tuple[str, ...]) -> Array:
    """One for the named species, zero for others, (constituents, 1)."""
    mask = np.zeros((slate.count, 1))
    mask[slate.rows(*names)] = 1.0
    return mask


@lru_cache(maxsize=4096)
def _all_but(slate: Slate, names: tuple[str, ...]) -> Array:
    """Zero for the named species, one for others, (constituents, 1)."""
    return 1.0 - _selection(slate, names)


@lru_cache(maxsize=4096)
def _rows(slate: Slate, names: tuple[str, ...]) -> tuple[NDArray[np.intp], Array]:
    """Rows of the named species, each once, and the mol/kg of each."""
    rows = np.unique(np.array(slate.rows(*names), dtype=np.intp))
    per_mass: Array = 1.0 / slate.molar_mass[rows]
    return rows, per_mass


def _sum(rows: Array) -> Array:
    total: Array = rows.sum(axis=0)
    return total


class Flow:
    """Mass flows of every constituent of a slate; immutable by convention."""

    __slots__ = ("mass", "slate")
    __array_ufunc__ = None  # so that array * flow asks the flow

    def __init__(self, slate: Slate, mass: Array) -> None:
        self.slate = slate
        self.mass = mass

    def __add__(self, other: "Flow") -> "Flow":
        return Flow(self.slate, self.mass + other.mass)

    def __sub__(self, other: "Flow") -> "Flow":
        return Flow(self.slate, self.mass - other.mass)

    def __mul__(self, factor: Any) -> "Flow":
        """Scale by a number, by (scenarios,), by (constituents, 1) or (constituents, scenarios)."""
        return Flow(self.slate, self.mass * factor)

    __rmul__ = __mul__

    def __neg__(self) -> "Flow":
        """The opposite of a change, as what is drawn for what is used up; zero stays +0."""
        return Flow(self.slate, 0.0 - self.mass)

    @property
    def sized(self) -> Array:
        """Mass flows of what comes in size classes, kg/s, (kinds, classes, scenarios); a view."""
        slate = self.slate
        rows = self.mass[len(slate.species) :]
        block: Array = rows.reshape(len(slate.sized), slate.classes, self.mass.shape[1])
        return block

    def with_sized(self, masses: Array) -> "Flow":
        """The same flow with other particles, (kinds, classes, scenarios)."""
        others = self.mass[: len(self.slate.species)]
        rows = masses.reshape(self.slate.count - len(others), masses.shape[2])
        if rows.shape[1] != others.shape[1]:
            columns = max(rows.shape[1], others.shape[1])
            others, rows = (np.broadcast_to(part, (len(part), columns)) for part in (others, rows))
        return Flow(self.slate, np.concatenate([others, rows]))

    def merged(self) -> "Flow":
        """Particles as the plain minerals they are made of, without sizes."""
        alone = self.of_species()
        return self if alone.mass.base is self.mass else alone.on(self.slate)

    def of_species(self) -> "Flow":
        """The same on the slate without particles; they count as the minerals they are made of."""
        slate = self.slate
        if not slate.sized:
            return self
        mass = self.mass[: len(slate.species)]
        if np.count_nonzero(self.mass[len(slate.species) :]):
            mass = mass + slate.minerals_of_sized @ self.sized.sum(axis=1)
        return Flow(slate.unsized, mass)

    def on(self, slate: Slate) -> "Flow":
        """The same flow on a slate that has particles besides; none of them flow."""
        if slate is self.slate:
            return self
        mass = np.zeros((slate.count, self.mass.shape[1]), self.mass.dtype)
        mass[: len(self.mass)] = self.mass
        return Flow(slate, mass)

    def total(self) -> Array:
        """Total mass flow, kg/s, (scenarios,)."""
        return _sum(self.mass)

    def of(self, *names: str) -> Array:
        """Mass flow of the named species together, kg/s, (scenarios,)."""
        rows, _ = _rows(self.slate, names)
        together: Array = self.mass[rows[0]].copy() if rows.size == 1 else _sum(self.mass[rows])
        return together

    def moles(self, *names: str) -> Array:
        """Molar flow of the named species together, mol/s, (scenarios,)."""
        rows, per_mass = _rows(self.slate, names)
        if rows.size == 1:
            alone: Array = self.mass[rows[0]] * per_mass[0]
            return alone
        together: Array = per_mass @ self.mass[rows]
        return together

    def percent_solids(self) -> Array:
        """Mass of solids over that of solids and liquid, zero for neither, (scenarios,)."""
        solids = self.solids.total()
        return ratio(solids, solids + self.liquid.total())

    def dry_gas(self) -> Array:
        """Molar flow of gas without water vapour and oxide vapours, mol/s, (scenarios,)."""
        return self.moles(*self.slate.dry_gases)

    def element(self, symbol: str) -> Array:
        """Mass flow of one element, kg/s, (scenarios,); zero for an element not on the slate."""
        if symbol not in self.slate.elements:
            return np.zeros_like(self.mass[0])
        row: Array = self.slate.element_fractions[self.slate.elements.index(symbol)] @ self.mass
        return row

    def plus(self, masses: Mapping[str, Any]) -> "Flow":
        """The same flow with more of some species, kg/s each, a number or (scenarios,)."""
        numbers = masses.values()
        columns = max(self.mass.shape[1], *(np.size(number) for number in numbers))
        mass = np.empty((self.slate.count, columns), np.result_type(self.mass, *numbers))
        mass[:] = self.mass
        for name, number in masses.items():
            mass[self.slate.row(name)] += number
        return Flow(self.slate, mass)

    def only(self, *names: str) -> "Flow":
        """The same flow with every other species at zero."""
        return self * _selection(self.slate, names)

    def without(self, *names: str) -> "Flow":
        """The same flow with the named species at zero."""
        return self * _all_but(self.slate, names)

    @property
    def solids(self) -> "Flow":
        """Minerals, dust, metal, slag."""
        return self * self.slate.in_phase("solid")

    @property
    def liquid(self) -> "Flow":
        """Water and what it dissolves."""
        return self * self.slate.in_phase("liquid")

    @property
    def gas(self) -> "Flow":
        """Gases and vapours."""
        return self * self.slate.in_phase("gas")

    def has_volume(self) -> bool:
        """Whether every solid and liquid that flows has a density."""
        unknown = self.slate.of_unknown_density
        return not unknown.size or not np.any(self.mass[unknown].real > 0.0)

    def volumetric_flow(self) -> Array:
        """Volume of solids and liquid, m^3/s, (scenarios,).

        Raises InputError when a species that flows has no density.
        """
        if not self.has_volume():
            flowing = self.mass.real.max(axis=1) > 0.0
            unknown = self.slate.of_unknown_density
            lacking = [self.slate.constituents[row] for row in unknown if flowing[row]]
            missing = list(
                dict.fromkeys(name for each in lacking for name in without_density(each))
            )
            raise InputError(
                f"a volumetric flow needs a density of {', '.join(missing)}; "
                f"define Species('{missing[0]}', density=...) in the flowsheet"
            )
        volume: Array = self.slate.volume_per_mass @ self.mass
        return volume


def flow_of(slate: Slate, masses: Mapping[str, Any], columns: int = 1) -> Flow:
    """Build a flow from species -> mass flow in kg/s (a number or (scenarios,))."""
    for name in masses:
        slate.row(name)
    return Flow(slate, per_species(slate, masses, columns))


def per_species(slate: Slate, values: Mapping[str, Any], columns: int = 1) -> Array:
    """One number per constituent, zero for those not named, (constituents, scenarios).

    A value is a number or (scenarios,); species that are not on the slate are left out. Species are
    of no particular size.
    """
    numbers = values.values()
    columns = max(columns, np.broadcast(0.0, *numbers).size)
    table = np.zeros((slate.count, columns), dtype=np.result_type(float, *numbers))
    for name, value in values.items():
        if name in slate:
            table[slate.row(name)] = value
    return table
