"""How little and how much there can be of each mineral where assays do not tell them apart.

All compositions that meet the assays form a polyhedron; how far it reaches along each mineral is
found by linear programming:

    x_i -> min and max,   sum_i x_i = 1,   x_i >= 0,
    c_e - k s_e <= sum_i a_ei x_i <= c_e + k s_e                                    (1)

with c_e the assay of element e, s_e its standard deviation (zero: met exactly) and k how many of
them it may be missed by.

Posch and Kurz (2007), Computers and Geosciences 33, 563-572, who list all corners of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flowsheet.balance.measured import content
from flowsheet.core.errors import InputError, SolveError
from flowsheet.core.mineralogy import TRACE

Floats = NDArray[np.float64]

_TOLERANCE = 1e-9
"""Of the linear programs; relative to an assay, for rows are scaled by it."""
_SOLVED, _INFEASIBLE = 0, 2


@dataclass(frozen=True)
class Polyhedron:
    """The compositions (1): fractions of species that sum to 1 and meet the assays."""

    elements: Sequence[str]
    contents: Floats
    """Mass of element per mass of species, (elements, species)."""
    assays: Floats
    missable: Floats
    """How far each assay may be missed, k s_e."""

    def ranges(self) -> tuple[Floats, Floats]:
        """The least and the most of every species, (species,) each.

        Raises InputError that names an assay which cannot be met, if there is one.
        """
        ends = []
        for one in np.eye(self.contents.shape[1]):
            least, most = self._smallest(one), self._smallest(-one)
            if least is None or most is None:
                raise self._unmet()
            ends.append((least, -most))
        low, high = np.clip(np.array(ends).T, 0.0, 1.0)  # beyond only by the tolerance
        return low, high

    def _smallest(self, objective: Floats) -> float | None:
        """The smallest value of an objective over the polyhedron; None where it is empty."""
        found = self._program(objective, self.contents)
        return None if found is None else float(found @ objective)

    def _program(self, objective: Floats, contents: Floats) -> Floats | None:
        """Solve for species and, after them, anything else that ``contents`` has columns for."""
        from scipy.optimize import linprog

        scale = 1.0 / np.maximum(self.assays, TRACE)
        rows = contents * scale[:, None]
        upper, lower = (
            (self.assays + self.missable) * scale,
            (self.assays - self.missable) * scale,
        )
        exact = self.missable == 0.0
        whole = (np.arange(contents.shape[1]) < self.contents.shape[1]).astype(float)
        found = linprog(
            objective,
            A_ub=np.concatenate([rows[~exact], -rows[~exact]]),
            b_ub=np.concatenate([upper[~exact], -lower[~exact]]),
            A_eq=np.concatenate([rows[exact], whole[None]]),
            b_eq=np.concatenate([upper[exact], [1.0]]),
            method="highs",
            options={
                "primal_feasibility_tolerance": _TOLERANCE,
                "dual_feasibility_tolerance": _TOLERANCE,
            },
        )
        if found.status == _INFEASIBLE:
            return None
        if found.status != _SOLVED:
            raise SolveError(f"the range of a mineral was not found: {found.message}")
        return np.asarray(found.x)

    def _unmet(self) -> InputError:
        """Name the assay that is missed most where all are met as well as they can be."""
        count, (elements, species) = len(self.elements), self.contents.shape
        free = np.maximum(self.assays, TRACE)[:, None] * np.eye(elements)
        misses = np.concatenate([np.zeros(species), np.ones(2 * count)])
        closest = self._program(misses, np.concatenate([self.contents, free, -free], axis=1))
        if closest is None:
            raise SolveError("no composition at all was found; this is a fault of the program")
        missed = closest[species : species + count] + closest[species + count :]
        row = int(missed.argmax())
        low, high = self._reach(row, self.contents @ closest[:species])
        symbol = self.elements[row]
        within = f" within {content(self.missable[row])}" if self.missable[row] else ""
        return InputError(
            f"assay: {symbol} {content(self.assays[row])} cannot be met{within}: beside the other "
            f"assays the minerals bring {low} to {high} {symbol}; "
            "check the assays, give them errors with Measured, or name other minerals"
        )

    def _reach(self, row: int, closest: Floats) -> tuple[str, str]:
        """What compositions that meet all other assays bring of one element."""
        others = np.arange(len(self.elements)) != row
        rest = Polyhedron(
            [symbol for symbol, other in zip(self.elements, others, strict=True) if other],
            self.contents[others],
            self.assays[others],
            self.missable[others],
        )
        low, high = rest._smallest(self.contents[row]), rest._smallest(-self.contents[row])
        if low is None or high is None:  # more than this one cannot be met
            return content(closest[row]), content(closest[row])
        return content(low), content(-high)
