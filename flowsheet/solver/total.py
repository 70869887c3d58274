"""Total derivatives at a solution: what a number changes once the whole plant has settled anew.

With x the flows assumed at the torn inlets and the logarithms of the parameters that meet the
specifications, the steady state is F(x, p) = 0, and a measure m(x, p) moves with a number p by

    dx/dp = -(@F/@x)^-1 @F/@p                                                           (1)
    dm/dp = @m/@x dx/dp + @m/@p                                                         (2)

with @ for partial derivatives. @F/@p of all numbers is one pass through the units with the tears
fixed, (2) a second one that carries dx/dp as well; both take the complex step of ``derivative``, so
there is no step size to choose, and specifications stay met. (1) is the implicit function theorem;
for derivatives of a design e.g. Martins and Ning, Engineering Design Optimization (2021), 6.7.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from flowsheet.core.errors import SolveError
from flowsheet.core.quantities import from_base
from flowsheet.core.unit import Parameters
from flowsheet.measure import Measure, Reading
from flowsheet.place import Place
from flowsheet.solver.circuit import Streams
from flowsheet.solver.derivative import IMAGINARY_STEP, directional_pass
from flowsheet.solver.equations import Booleans, Equations, Floats, Point
from flowsheet.solver.torn import Torn


@dataclass(frozen=True)
class Number:
    """A number of the plant by which measures are differentiated: a parameter or a target."""

    path: str
    """Its path, or what the target is of."""
    value: float
    """In SI."""
    display: str
    """Unit in which people read it."""
    low: float | None = None
    high: float | None = None
    """The range to judge it by, in SI, if one is given."""
    place: Place | None = None
    """Where a parameter stands; None for a target."""
    spec: int = -1
    """Which specification a target belongs to."""

    @property
    def scale(self) -> float:
        """The change that counts as one: the number itself, or one of its unit where it is 0."""
        return abs(self.value) or size_of_unit(self.display)


def size_of_unit(display: str) -> float:
    """One of a unit in SI, of a temperature one degree."""
    return 1.0 / (from_base(1.0, display) - from_base(0.0, display))


def derivatives(
    equations: Equations,
    point: Point,
    reading: Reading,
    measures: Sequence[Measure],
    numbers: Sequence[Number],
) -> tuple[Floats, Floats]:
    """Values of measures in SI, (measures,), and derivatives by numbers, (measures, numbers).

    ``point`` solves ``equations``, and ``reading`` is that solution. Raises SolveError for a
    measure that has no value there, and where the recycles have no unique solution.
    """
    values = np.array([measure.value(reading)[0] for measure in measures], dtype=float)
    for measure, value in zip(measures, values, strict=True):
        if not np.isfinite(value):
            raise SolveError(f"{measure} has no value in this solution: nothing flows there")
    moved = _Moved(equations, point, numbers).reading()
    scales = np.array([number.scale for number in numbers])
    found = np.stack([_directions(measure.value(moved), len(numbers)) for measure in measures])
    by_numbers = found / scales
    if not np.isfinite(by_numbers).all():
        row, column = np.argwhere(~np.isfinite(by_numbers))[0]
        raise SolveError(f"{measures[row]} has no derivative by {numbers[column].path} here")
    return values, by_numbers


def _directions(value: Any, count: int) -> Floats:
    """The derivatives that complex values carry, one per direction in the last axis."""
    carried = np.imag(value) / IMAGINARY_STEP
    return np.asarray(np.broadcast_to(carried, (*np.shape(value)[:-1], count)))


class _Moved:
    """A solution and the directions into which it moves with each number, by its ``scale``."""

    def __init__(self, equations: Equations, point: Point, numbers: Sequence[Number]) -> None:
        self.point = point
        self.numbers = numbers
        self.torn = Torn(equations.circuit, equations.specs, equations.feed_share)
        self.torn.given = equations.given
        self.flows = self.torn.found(self.point.streams, 1)

    def reading(self) -> Reading:
        """Streams and parameters with their total derivatives, one direction per number."""
        count, specs = len(self.numbers), len(self.torn.specs)
        still = np.zeros((len(self.flows), count)), np.zeros((specs, count))
        at_once = self._pass(*still)
        if not self.flows.size and not specs:
            return at_once
        found = _directions(self.torn.found(at_once.streams, count), count)
        misses = np.zeros((specs, count))
        for row, spec in enumerate(self.torn.specs):
            misses[row] = _directions(spec.miss(at_once), count)
        for column, number in enumerate(self.numbers):
            if number.spec >= 0:
                misses[number.spec, column] -= 1.0  # of log(value / target)
        self.torn.active = self._reached(found)
        here = self.torn.evaluate(self.flows, self.point.logs)
        held = np.zeros(specs, dtype=bool)
        change = self.torn.linearised(here).correction(found, misses, held)
        if change is None:
            raise SolveError("the recycles have no unique solution here, so no derivatives either")
        return self._pass(*change)

    def _pass(self, flows: Floats, logs: Floats) -> Reading:
        """One pass that carries directions of the tears and of the specs, and each number's own."""
        torn = self.torn
        parameters = dict(torn.parameters(self.point.logs + 1j * IMAGINARY_STEP * logs))
        for column, number in enumerate(self.numbers):
            if number.place is not None:
                self._move(parameters, number.place, column, number.scale)
        streams: Streams = directional_pass(
            torn.circuit, self.flows, flows, parameters, feed_share=torn.feed_share
        )
        return Reading(torn.circuit.flowsheet, streams, parameters)

    def _move(
        self, parameters: dict[str, Parameters], place: Place, column: int, scale: float
    ) -> None:
        step = np.zeros(len(self.numbers), dtype=complex)
        step[column] = 1j * IMAGINARY_STEP * scale
        place.put(parameters, place.value(parameters) + step)

    def _reached(self, found: Floats) -> Booleans:
        """Unknowns that flow, and those that would begin to flow if a number moved."""
        reached: Booleans = (self.flows[:, 0] != 0.0) | (found != 0.0).any(axis=1)
        while (reached & (self.flows[:, 0] == 0.0)).any():
            along = np.where(reached, 1.0, 0.0)[:, None]
            streams = directional_pass(
                self.torn.circuit,
                self.flows,
                along,
                self.torn.parameters(self.point.logs),
                feed_share=self.torn.feed_share,
            )
            further = reached | (_directions(self.torn.found(streams, 1), 1)[:, 0] != 0.0)
            if (further == reached).all():
                break
            reached = further
        return reached
