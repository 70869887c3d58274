"""What each cell of a flotation bank adds: recovery and grade along the bank."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flowsheet.core.arithmetic import first
from flowsheet.core.errors import InputError, nearest
from flowsheet.core.flow import Flow
from flowsheet.core.quantities import from_base
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Parameters
from unitops.flotation.bank_recovery import residence_time, water_recovery
from unitops.flotation.entrainment import water_recovery_of_bank, water_recovery_of_cell
from unitops.flotation.flotation_bank import FlotationBank

Floats = NDArray[np.float64]
COMMON = ("H", "O")
"""Elements of water and gangue, left out of a table unless they are asked for."""


@dataclass(frozen=True, repr=False)
class CellByCell:
    """The concentrates of cells 1 to n together, n from one to all; print it for a table."""

    bank: str
    feed: Flow
    concentrates: tuple[Flow, ...]
    """Of the first cell, of the first two, and so on; the last is that of the bank."""
    residence_time: float
    """Of one cell in s."""

    @property
    def time(self) -> Floats:
        """Residence time up to and with each cell, in min, (cells,)."""
        number = np.arange(1, len(self.concentrates) + 1)
        return np.asarray(number * from_base(self.residence_time, "min"))

    @property
    def mass_pull(self) -> Floats:
        """Percent of the feed's solids in the concentrates so far, (cells,)."""
        return self._percent(lambda flow: flow.solids.total(), self.feed)

    def recovery(self, name: str) -> Floats:
        """Percent of an element or species of the feed in the concentrates so far, (cells,)."""
        amount = self._amount_of(name)
        if amount(self.feed)[0] == 0.0:
            raise InputError(f"the feed of '{self.bank}' brings no {name} to recover")
        return self._percent(amount, self.feed)

    def grade(self, name: str) -> Floats:
        """Percent of an element or species in the concentrates so far, on dry solids, (cells,).

        Not-a-number where nothing has floated.
        """
        amount = self._amount_of(name)
        return np.array([_grade(flow.solids, amount) for flow in self.concentrates])

    def cell_grade(self, name: str) -> Floats:
        """Percent of an element or species in the concentrate of each cell alone, (cells,)."""
        amount, before = self._amount_of(name), self.feed * 0.0
        grades = []
        for flow in self.concentrates:
            grades.append(_grade((flow - before).solids, amount))
            before = flow
        return np.array(grades)

    def rows(self, *names: str) -> list[dict[str, float]]:
        """One row per cell: its number, time, mass pull, recovery and grade of each name."""
        columns: dict[str, Sequence[float]] = {
            "cell": range(1, len(self.concentrates) + 1),
            "time min": self.time.tolist(),
            "mass pull %": self.mass_pull.tolist(),
        }
        for name in names or self._elements():
            columns[f"{name} recovery %"] = self.recovery(name).tolist()
            columns[f"{name} grade %"] = self.grade(name).tolist()
            columns[f"{name} grade of cell %"] = self.cell_grade(name).tolist()
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]

    def __str__(self) -> str:
        return self.table()

    def __repr__(self) -> str:
        return f"<CellByCell: {self.bank}, {len(self.concentrates)} cells>"

    def table(self, *names: str) -> str:
        """The rows as text."""
        rows = self.rows(*names)
        lines = [list(rows[0]), *([f"{value:.4g}" for value in row.values()] for row in rows)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return "\n".join(
            "  ".join(text.rjust(width) for text, width in zip(line, widths, strict=True))
            for line in lines
        )

    def _elements(self) -> list[str]:
        solids = self.feed.solids
        found = self.feed.slate.elements
        return [s for s in found if s not in COMMON and solids.element(s)[0] > 0.0]

    def _amount_of(self, name: str) -> Any:
        """What takes the flow of an element, or of a species free and locked, out of a flow.

        ``Au`` is all of the gold, and not native gold alone.
        """
        slate = self.feed.slate
        if name in slate.elements:
            return lambda flow: flow.element(name)
        if name in slate.names:
            return lambda flow: flow.merged().of(name)
        if name in slate:
            return lambda flow: flow.of(name)
        known = (*slate.elements, *slate.kinds)
        raise InputError(f"no element or species '{name}' in this flowsheet{nearest(name, known)}")

    def _percent(self, amount: Any, whole: Flow) -> Floats:
        total = amount(whole)[0]
        parts = [amount(flow)[0] for flow in self.concentrates]
        return 100.0 * np.array(parts) / total if total else np.zeros(len(parts))


def cell_by_cell(solution: Any, bank: str) -> CellByCell:
    """Return what the cells of a FlotationBank of a solved flowsheet make, one after the other.

    Cells share the water that the bank recovers evenly: each has the same water recovery. After
    the last cell everything is as the bank made it.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.flotation.cell_by_cell import cell_by_cell
    >>> from unitops.flotation.flotation_bank import FlotationBank
    >>> from unitops.streams.feed import Feed
    >>> units = {
    ...     "ore": Feed(outlet="ore", flow="9 t/h", composition={"Sb2S3": 0.1, "SiO2": 0.9}),
    ...     "rougher": FlotationBank(
    ...         feed="ore",
    ...         concentrate="concentrate",
    ...         tailings="tailings",
    ...         cells=3,
    ...         residence_time="2 min",
    ...         rate_constant={"Sb2S3": "0.5 1/min", "SiO2": "0.01 1/min"},
    ...     ),
    ... }
    >>> solution = solve(Flowsheet(["Sb2S3", "SiO2"], units))
    >>> print(cell_by_cell(solution, "rougher").table("Sb"))
    cell  time min  mass pull %  Sb recovery %  Sb grade %  Sb grade of cell %
       1         2        6.765             50       52.99               52.99
       2         4        10.99             75        48.9               42.37
       3         6        13.94           87.5       44.99               30.42

    Raises InputError for a unit that is not a FlotationBank.
    """
    units = solution.flowsheet.units
    if bank not in units:
        raise InputError(f"there is no unit '{bank}'{nearest(bank, units)}")
    unit = units[bank]
    if not isinstance(unit, FlotationBank):
        raise InputError(f"'{bank}' is a {type(unit).__name__}, which has no cells to tell apart")
    slate: Slate = solution.flowsheet.slate
    p: Parameters = solution.parameters[bank]
    feed = Flow(slate, sum(solution.flows[name] for name in unit.streams("inlet")["feed"]))
    cells = round(first(p.cells))
    made = tuple(_after(unit, feed, p, number) for number in range(1, cells + 1))
    return CellByCell(bank, feed, made, first(residence_time(feed, p)))


def _after(unit: FlotationBank, feed: Flow, p: Parameters, number: int) -> Flow:
    """The concentrate of the first cells of a bank together."""
    fewer: dict[str, Any] = {"cells": float(number)}
    if p.water_recovery_per_cell is None and number < p.cells:
        per_cell = water_recovery_of_cell(water_recovery(p), p.cells)
        fewer["water_recovery"] = water_recovery_of_bank(per_cell, number)
    return unit.run(feed=feed, p=p.replaced(fewer))["concentrate"]


def _grade(solids: Flow, amount: Any) -> float:
    total = solids.total()[0]
    return 100.0 * float(amount(solids)[0] / total) if total > 0.0 else float("nan")
