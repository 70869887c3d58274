"""Closure of every element over every unit and over the plant.

Shares no code with the solver: it starts from the named streams of a result and the drawing of the
flowsheet, and counts atoms anew from the formulas.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flowsheet.core.errors import SolveError
from flowsheet.model import Flowsheet

Floats = NDArray[np.float64]

LIMIT = 1e-9
"""Largest closure error of a result that is returned, relative to the input of the element."""
_TRACE = 1e-6
"""A unit that holds less than this share of the plant's input is judged against that share."""


@dataclass(frozen=True)
class Audit:
    """Closure errors, |out - in| / in, largest over scenarios."""

    plant: Mapping[str, float]
    """Element -> closure over the whole plant."""
    units: Mapping[str, Mapping[str, float]]
    """Unit -> element -> closure over that unit."""

    @property
    def worst(self) -> tuple[float, str, str]:
        """The largest closure error, where (``plant`` or a unit), and in which element."""
        plant = [(error, "plant", element) for element, error in self.plant.items()]
        return max([*plant, *self._of_units()], default=(0.0, "plant", "nothing"))

    def check(self) -> None:
        """Raise SolveError if anything closes worse than LIMIT; name a unit if one is to blame."""
        unit = max(self._of_units(), default=(0.0, "", ""))
        error, where, element = self.worst if unit[0] <= LIMIT else unit
        if not error <= LIMIT:
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
    content = _element_content(flowsheet)
    elements = list(content)

    def count(names: Iterable[str]) -> Floats:
        total = np.zeros((len(elements), 1))
        for name in names:
            mass = streams[name]
            atoms = np.stack([(content[symbol][:, None] * mass).sum(axis=0) for symbol in elements])
            total = total + atoms
        return total

    entering = [*flowsheet.supplied_to]
    leaving = [name for name in flowsheet.made_by if name not in flowsheet.taken_by]
    sources = [
        name for name, unit in flowsheet.units.items() if "inlet" not in unit.ports().values()
    ]
    for name in sources:
        entering += [stream for stream, end in flowsheet.made_by.items() if end.unit == name]
    plant_in, plant_out = count(entering), count(leaving)
    units = {}
    for name, unit in flowsheet.units.items():
        if name in sources:
            continue
        supplies = [s for s, end in flowsheet.supplied_to.items() if end.unit == name]
        inlets = [stream for streams_in in unit.streams("inlet").values() for stream in streams_in]
        unit_in = count([*inlets, *supplies])
        unit_out = count(s for s, end in flowsheet.made_by.items() if end.unit == name)
        units[name] = _errors(elements, unit_in, unit_out, _TRACE * plant_in)
    return Audit(_errors(elements, plant_in, plant_out, 0.0 * plant_in), units)


def _errors(elements: list[str], into: Floats, out: Floats, floor: Floats) -> dict[str, float]:
    errors = {}
    for row, symbol in enumerate(elements):
        gap = np.abs(out[row] - into[row])
        against = np.maximum(into[row], floor[row])
        # What never came in but goes out was made from nothing: an error without bound.
        relative = np.where(gap == 0.0, 0.0, gap / np.where(against > 0.0, against, 1e-300))
        errors[symbol] = float(np.max(np.where(np.isnan(relative), np.inf, relative)))
    return errors


def _element_content(flowsheet: Flowsheet) -> dict[str, Floats]:
    """Element -> mass of it per mass of each constituent."""
    content: dict[str, Floats] = {}
    for row, species in enumerate(flowsheet.slate.species):
        for symbol, fraction in species.composition.mass_fractions().items():
            column = content.setdefault(symbol, np.zeros(len(flowsheet.slate.species)))
            column[row] += fraction
    return dict(sorted(content.items()))
