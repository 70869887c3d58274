"""What a unit operation sees of a stream: mass flows as one array, and views of it.

Shapes: ``mass`` is (constituents, scenarios) in kg/s; whatever sums over constituents is
(scenarios,). Values may be complex while the solver takes derivatives (see docs/solver.md), so the
code of a unit avoids ``abs``, ``sign`` and casts to float.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flowsheet.core.errors import InputError
from flowsheet.core.slate import Slate

Array = NDArray[Any]


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

    def total(self) -> Array:
        """Total mass flow, kg/s, (scenarios,)."""
        return _sum(self.mass)

    def of(self, *names: str) -> Array:
        """Mass flow of the named species together, kg/s, (scenarios,)."""
        return _sum(self.mass[self.slate.rows(*names)])

    def moles(self, *names: str) -> Array:
        """Molar flow of the named species together, mol/s, (scenarios,)."""
        rows = self.slate.rows(*names)
        if len(rows) == 1:
            one: Array = self.mass[rows[0]] / self.slate.molar_mass[rows[0]]
            return one
        return _sum(self.mass[rows] / self.slate.molar_mass[rows, None])

    def dry_gas(self) -> Array:
        """Molar flow of gas without water vapour and oxide vapours, mol/s, (scenarios,)."""
        return self.moles(*self.slate.dry_gases)

    def element(self, symbol: str) -> Array:
        """Mass flow of one element, kg/s, (scenarios,); zero for an element not on the slate."""
        if symbol not in self.slate.elements:
            return np.zeros_like(self.mass[0])
        row: Array = self.slate.element_fractions[self.slate.elements.index(symbol)] @ self.mass
        return row

    def only(self, *names: str) -> "Flow":
        """The same flow with every other species at zero."""
        keep = np.zeros((len(self.slate.names), 1))
        keep[self.slate.rows(*names)] = 1.0
        return self * keep

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
        rows = self.slate.condensed_rows
        unknown = rows[np.isnan(self.slate.density[rows])]
        return not np.any(self.mass[unknown].real > 0.0)

    def volumetric_flow(self) -> Array:
        """Volume of solids and liquid, m^3/s, (scenarios,).

        Raises InputError when a species that flows has no density.
        """
        rows = self.slate.condensed_rows
        density = self.slate.density[rows]
        unknown = np.isnan(density)
        if not self.has_volume():
            flowing = self.mass.real.max(axis=1) > 0.0
            missing = [self.slate.names[row] for row in rows[unknown] if flowing[row]]
            raise InputError(
                f"a volumetric flow needs a density of {', '.join(missing)}; "
                f"define Species('{missing[0]}', density=...) in the flowsheet"
            )
        known = rows[~unknown]
        return _sum(self.mass[known] / self.slate.density[known, None])


def flow_of(slate: Slate, masses: Mapping[str, Any], columns: int = 1) -> Flow:
    """Build a flow from species -> mass flow in kg/s (a number or (scenarios,))."""
    values = [np.asarray(value) for value in masses.values()]
    columns = max([columns, *(value.size for value in values)])
    dtype = np.result_type(float, *values)
    mass = np.zeros((len(slate.names), columns), dtype=dtype)
    for name, value in zip(masses, values, strict=True):
        mass[slate.row(name)] = value
    return Flow(slate, mass)
