"""How much each number of a plant matters: derivatives of its measures at a solution.

They are exact, see ``solver/total``. At a kink, such as a capacity that is just full, a derivative
is that of one of its sides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flowsheet.core.errors import InputError, PlacedError, nearest
from flowsheet.core.parameters import Parameter
from flowsheet.core.quantities import Entered, from_base
from flowsheet.measure import Measure, Reading, Target
from flowsheet.place import place_of
from flowsheet.solution import Solution
from flowsheet.solver.equations import Floats
from flowsheet.solver.total import Number, derivatives, size_of_unit
from flowsheet.tables import Column
from flowsheet.uncertainty.distribution import Distribution

COLUMNS = (
    Column("measure", "measure", text=True),
    Column("number", "number", text=True),
    Column("at", "at"),
    Column("at_unit", "unit", text=True),
    Column("derivative", "change per unit"),
    Column("derivative_unit", "in", text=True),
    Column("elasticity", "% per %"),
    Column("change_at_low", "change at low"),
    Column("change_at_high", "change at high"),
    Column("change_unit", "in", text=True),
)
"""Of ``Sensitivities.rows``."""


@dataclass(frozen=True)
class Sensitivity:
    """What one number does to one measure, to first order."""

    measure: Measure
    value: float
    """Of the measure, in SI."""
    number: Number
    derivative: float
    """Change of the measure per change of the number, both in SI."""

    @property
    def elasticity(self) -> float | None:
        """Relative change of the measure per relative change of the number; None where it is 0.

        Of a temperature relative to absolute zero.
        """
        return self.derivative * self.number.value / self.value if self.value else None

    @property
    def readable(self) -> float:
        """The derivative in the units in which people read both."""
        return self.derivative * size_of_unit(self.number.display) / self._size

    @property
    def readable_unit(self) -> str:
        """Unit of ``readable``, e.g. ``percent per min``."""
        return f"{self.measure.display or 1} per {self.number.display or 1}"

    @property
    def changes(self) -> tuple[float, float] | None:
        """Change of the measure, in SI, if the number goes to its low and to its high."""
        number = self.number
        if number.low is None or number.high is None:
            return None
        ends = (number.low, number.high)
        low, high = (self.derivative * (end - number.value) for end in ends)
        return low, high

    @property
    def size(self) -> float:
        """What entries are sorted by: the largest change over the range, else the elasticity.

        Where the measure is 0, the change for as much as the number itself.
        """
        if self.changes is not None:
            return max(map(abs, self.changes))
        elasticity = self.elasticity
        return abs(self.derivative * self.number.scale if elasticity is None else elasticity)

    def row(self) -> dict[str, Any]:
        """Plain values, in readable units; None for what is not known."""
        low, high = self.changes or (None, None)
        return {
            "measure": str(self.measure),
            "number": self.number.path,
            "at": from_base(self.number.value, self.number.display),
            "at_unit": self.number.display,
            "derivative": self.readable,
            "derivative_unit": self.readable_unit,
            "elasticity": self.elasticity,
            "change_at_low": None if low is None else low / self._size,
            "change_at_high": None if high is None else high / self._size,
            "change_unit": self.measure.display,
        }

    @property
    def _size(self) -> float:
        return size_of_unit(self.measure.display)


@dataclass(frozen=True)
class Sensitivities:
    """Every measure by every number, at one solution."""

    measures: tuple[Measure, ...]
    numbers: tuple[Number, ...]
    values: Floats
    """Of the measures, in SI, (measures,)."""
    derivatives: Floats
    """In SI, (measures, numbers)."""

    @cached_property
    def _columns(self) -> dict[str, int]:
        return {number.path: column for column, number in enumerate(self.numbers)}

    def __repr__(self) -> str:
        return f"<Sensitivities of {len(self.measures)} measures by {len(self.numbers)} numbers>"

    def entry(self, measure: Measure, path: str) -> Sensitivity:
        """One measure by one number; raise InputError for what was not asked for."""
        if path not in self._columns:
            raise InputError(f"{path}: was not differentiated by{nearest(path, self._columns)}")
        return self._entry(self._row(measure), self._columns[path])

    def of(self, measure: Measure) -> list[Sensitivity]:
        """What every number does to a measure, the largest first."""
        row = self._row(measure)
        entries = [self._entry(row, column) for column in range(len(self.numbers))]
        return sorted(entries, key=lambda entry: -entry.size)

    def rows(self) -> list[dict[str, Any]]:
        """Every entry as plain values for tables, measure by measure, the largest first."""
        return [entry.row() for measure in self.measures for entry in self.of(measure)]

    def _row(self, measure: Measure) -> int:
        if not isinstance(measure, Measure):
            raise InputError(f"needs a measure that was named in 'of', got {measure!r}")
        for row, known in enumerate(self.measures):
            if known == measure:
                return row
        raise InputError(f"{measure}: was not differentiated; name it in 'of'")

    def _entry(self, row: int, column: int) -> Sensitivity:
        value, derivative = float(self.values[row]), float(self.derivatives[row, column])
        return Sensitivity(self.measures[row], value, self.numbers[column], derivative)


def sensitivities(
    solution: Solution,
    *,
    of: Measure | Sequence[Measure],
    by: str | Target | Sequence[str | Target] | Mapping[Any, Any],
) -> Sensitivities:
    """Differentiate measures of a solution by numbers of its plant, with specifications kept met.

    ``by`` names parameters by their paths (``"rougher.rate_constant.Sb2S3"``), or maps them to
    ranges, ``(low, high)`` as a case would write them, None or a distribution; the target of a
    specification of the solution may stand in place of a path. Exact to rounding; a unit that
    cannot carry derivatives is differenced.

    Raises InputError for a path, a range or a measure that makes no sense, and for a count, which
    has no derivative: solve with the next whole number instead. Raises SolveError for a measure
    that has no value at the solution, and where the recycles have no unique solution.
    """
    if not isinstance(solution, Solution):
        raise InputError(f"sensitivities: needs a Solution, as solve() returns, got {solution!r}")
    measures = checked_measures(of, solution)
    ranges = by if isinstance(by, Mapping) else dict.fromkeys(_as_list(by))
    numbers = tuple(_number(key, given, solution) for key, given in ranges.items())
    if not numbers:
        raise InputError("by: needs at least one path, e.g. 'rougher.residence_time'")
    reading = Reading(solution.flowsheet, solution.flows, solution.parameters)
    found = derivatives(solution.equations, solution.point, reading, measures, numbers)
    return Sensitivities(measures, numbers, *found)


def checked_measures(of: Any, solution: Solution) -> tuple[Measure, ...]:
    """One measure or several as a tuple; raise InputError for what is none."""
    measures = tuple(_as_list(of))
    for measure in measures:
        if not isinstance(measure, Measure):
            raise InputError(
                f"of: needs measures such as recovery('Sb', to='concentrate'), got {measure!r}"
            )
        measure.check(solution.flowsheet)
    if not measures:
        raise InputError("of: needs at least one measure, e.g. recovery('Sb', to='concentrate')")
    return measures


def _as_list(given: Any) -> list[Any]:
    return list(given) if isinstance(given, list | tuple | set | Mapping) else [given]


def _number(key: Any, given: Any, solution: Solution) -> Number:
    if isinstance(key, Target):
        return _of_target(key, given, solution)
    if not isinstance(key, str):
        raise InputError(f"by: needs paths such as 'rougher.residence_time', got {key!r}")
    place = place_of(key, solution.flowsheet)
    if key in solution.varied:
        raise InputError(
            f"{key}: is varied to meet a target, so it follows from the others; "
            f"differentiate by the target instead"
        )
    if place.parameter.dimension.whole:
        raise InputError(
            f"{key}: is a count and has no derivative; solve with the next whole number instead"
        )
    value = place.value(solution.parameters)
    if value is None:
        raise InputError(f"{key}: is not given, so there is nothing to differentiate by")
    dimension = place.parameter.dimension
    low, high = range_of(key, given, place.parameter)
    return Number(key, float(value), dimension.display, low, high, place)


def _of_target(target: Target, given: Any, solution: Solution) -> Number:
    specs = [spec.target for spec in solution.equations.specs]
    if target not in specs:
        raise InputError(f"by: the solution meets no target of {target.measure}; see its specs")
    path = f"target of {target.measure}"
    low, high = range_of(path, given, Parameter(target.measure.dimension))
    display = target.measure.display
    return Number(path, target.value, display, low, high, spec=specs.index(target))


def range_of(path: str, given: Any, parameter: Parameter) -> tuple[float | None, float | None]:
    """Return a range in SI, (None, None) for None; raise InputError for one that is none."""
    if given is None:
        return None, None
    if isinstance(given, Distribution):
        given = tuple(getattr(given, end, None) for end in ("low", "high"))
    if isinstance(given, str) or not isinstance(given, Sequence) or len(given) != 2:
        raise InputError(f"{path}: needs a range (low, high), got {given!r}")
    try:
        low, high = (
            float(parameter.convert(Entered(value, f"{path}, {end}")))
            for end, value in zip(("low", "high"), given, strict=True)
        )
    except PlacedError as error:
        raise InputError(str(error)) from error
    if low > high:
        raise InputError(f"{path}: low {given[0]} is above high {given[1]}; exchange them")
    return low, high
