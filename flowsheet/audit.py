"""Closure of every element over every unit and over the plant.

Shares no code with the solver: it starts from the named streams of a result and the drawing of the
flowsheet, and counts atoms anew from the formulas.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from flowsheet.columns import Columns
from flowsheet.core.errors import SolveError
from flowsheet.model import Flowsheet

Floats = NDArray[np.float64]

LIMIT = 1e-9
"""Largest closure error of a result that is returned, relative to the input of the element."""
ROUNDINGS = 16.0
"""Roundings of all that passes through the units that a plant's closure may show besides: where a
loop holds a million times its feed, no arithmetic of 16 digits closes the plant to 1e-9 of it."""
_TRACE = 1e-6
"""A unit that holds less than this share of the plant's input is judged against that share."""
_SMALL = 60_000
"""Units times streams up to which a full table of who takes what is faster than a sparse one."""


@dataclass(frozen=True)
class Audit:
    """Closure of every element over every unit and over the plant."""

    elements: tuple[str, ...]
    names: tuple[str, ...]
    """Units that have inlets."""
    plant_gap: Floats
    """|out - in| in kg/s, (elements, scenarios)."""
    plant_in: Floats
    unit_gap: Floats
    """|out - in| in kg/s, (units, elements, scenarios)."""
    unit_in: Floats

    @cached_property
    def plant(self) -> Mapping[str, float]:
        """Element -> closure over the whole plant, |out - in| / in, largest over scenarios."""
        errors = _relative(self.plant_gap, self.plant_in).max(axis=1)
        return dict(zip(self.elements, errors.tolist(), strict=True))

    @cached_property
    def units(self) -> Mapping[str, Mapping[str, float]]:
        """Unit -> element -> closure over that unit, largest over scenarios."""
        errors = _relative(self.unit_gap, self._unit_measure).max(axis=2, initial=0.0).tolist()
        return {
            name: dict(zip(self.elements, line, strict=True))
            for name, line in zip(self.names, errors, strict=True)
        }

    @property
    def _unit_measure(self) -> Floats:
        measure: Floats = np.maximum(self.unit_in, _TRACE * self.plant_in)
        return measure

    @property
    def worst(self) -> tuple[float, str, str]:
        """The largest closure error, where (``plant`` or a unit), and in which element."""
        plant = [(error, "plant", element) for element, error in self.plant.items()]
        return max([*plant, *self._of_units()], default=(0.0, "plant", "nothing"))

    @cached_property
    def broken(self) -> NDArray[np.bool_]:
        """Scenarios in which something does not close, (scenarios,)."""
        units = self.unit_gap <= LIMIT * self._unit_measure
        plant = self.plant_gap <= LIMIT * self.plant_in
        if not plant.all():
            passing = self.unit_in.sum(axis=0)
            rounding = ROUNDINGS * float(np.finfo(float).eps) * passing
            plant = self.plant_gap <= LIMIT * self.plant_in + rounding
        if plant.all() and units.all():
            return np.zeros(plant.shape[1], dtype=bool)
        return ~np.asarray(plant.all(axis=0) & units.all(axis=(0, 1)), dtype=bool)

    def check(self) -> None:
        """Raise SolveError if anything closes worse than LIMIT; name a unit if one is to blame."""
        if not self.broken.any():
            return
        unit = max(self._of_units(), default=(0.0, "", ""))
        error, where, element = self.worst if unit[0] <= LIMIT else unit
        raise SolveError(
            f"{where}: {element} does not close, out and in differ by {error:.1e} of the input "
            f"(allowed {LIMIT:.0e}); a unit operation makes or loses matter"
        )

    def _of_units(self) -> list[tuple[float, str, str]]:
        return [
            (e, unit, symbol) for unit, found in self.units.items() for symbol, e in found.items()
        ]


def audit(flowsheet: Flowsheet, streams: Mapping[str, Floats]) -> Audit:
    """Count every element into and out of every unit and the plant.

    ``streams`` maps a name to mass flows in kg/s, (constituents, scenarios).
    """
    ledger = _ledger_of(flowsheet)
    together, count = _together(streams, ledger.streams)
    rows = len(flowsheet.slate.constituents)
    species = np.asarray(ledger.table @ together).reshape(-1, rows, count)
    totals = np.matmul(ledger.content, species)
    units = len(ledger.units)
    plant_in, unit_in = totals[0], totals[2 : 2 + units]
    return Audit(
        ledger.elements,
        ledger.units,
        np.abs(totals[1] - plant_in),
        plant_in,
        np.abs(totals[2 + units :] - unit_in),
        unit_in,
    )


def _together(streams: Mapping[str, Floats], names: Sequence[str]) -> tuple[Floats, int]:
    """All streams as (streams, constituents x scenarios), and how many scenarios there are."""
    if isinstance(streams, Columns):
        return streams.rows_of(names), 1
    masses = [streams[name] for name in names]
    count = max((mass.shape[1] for mass in masses), default=1)
    if count > 1:
        masses = [np.broadcast_to(mass, (len(mass), count)) for mass in masses]
    return np.concatenate(masses).reshape(len(masses), -1), count


def _relative(gap: Floats, against: Floats) -> Floats:
    """Gap over input; what never came in but goes out was made from nothing: beyond any bound."""
    safe = np.where(against > 0.0, against, 1e-300)
    with np.errstate(over="ignore"):
        relative = np.where(gap == 0.0, 0.0, gap / safe)
    return np.where(np.isnan(relative), np.inf, relative)


class _Ledger(NamedTuple):
    """Who takes and who makes which stream, and what the constituents hold."""

    elements: tuple[str, ...]
    content: Floats
    """Mass of element per mass of constituent, (elements, constituents)."""
    streams: tuple[str, ...]
    units: tuple[str, ...]
    table: Any
    """One where a stream enters the plant, leaves it, enters a unit, leaves a unit: one row for
    each end of the plant, one per unit and end, (2 + 2 x units, streams)."""


@lru_cache(maxsize=16)
def _ledger_of(flowsheet: Flowsheet) -> _Ledger:
    """Read the drawing of a flowsheet once."""
    streams = (*flowsheet.made_by, *flowsheet.supplied_to)
    column = {name: place for place, name in enumerate(streams)}
    sources = {
        name for name, unit in flowsheet.units.items() if "inlet" not in unit.ports().values()
    }
    units = tuple(name for name in flowsheet.units if name not in sources)
    first = {name: 2 + place for place, name in enumerate(units)}
    second = {name: 2 + len(units) + place for place, name in enumerate(units)}
    ones = [(0, column[s]) for s, end in flowsheet.made_by.items() if end.unit in sources]
    ones += [(0, column[s]) for s in flowsheet.supplied_to]
    ones += [(1, column[s]) for s in flowsheet.made_by if s not in flowsheet.taken_by]
    ones += [(first[end.unit], column[s]) for s, end in flowsheet.taken_by.items()]
    ones += [(first[end.unit], column[s]) for s, end in flowsheet.supplied_to.items()]
    ones += [(second[e.unit], column[s]) for s, e in flowsheet.made_by.items() if e.unit in second]
    elements, content = _element_content(flowsheet)
    table = _table(ones, (2 + 2 * len(units), len(streams)))
    return _Ledger(elements, content, streams, units, table)


def _table(ones: list[tuple[int, int]], shape: tuple[int, int]) -> Any:
    """A table of ones at the given places, and of zeros."""
    places = np.array(ones, dtype=int).reshape(-1, 2).T
    if shape[0] * shape[1] <= _SMALL:
        table = np.zeros(shape)
        table[places[0], places[1]] = 1.0
        return table
    from scipy.sparse import csr_array

    return csr_array((np.ones(places.shape[1]), (places[0], places[1])), shape=shape)


def _element_content(flowsheet: Flowsheet) -> tuple[tuple[str, ...], Floats]:
    """Elements, and the mass of each per mass of each constituent, from the formulas."""
    fractions = [each.mass_fractions() for each in flowsheet.slate.constituents]
    elements = tuple(sorted({symbol for each in fractions for symbol in each}))
    content = np.zeros((len(elements), len(fractions)))
    for place, each in enumerate(fractions):
        for symbol, fraction in each.items():
            content[elements.index(symbol), place] = fraction
    return elements, content
