"""Figures of a solved plant that can be aimed at, limited, differentiated and sampled.

A measure is computed from the streams of all scenarios at once, as (scenarios,) in SI. Streams may
be complex while derivatives are taken, so a measure is differentiated by the same code that
computes it. Measures add, subtract, multiply and divide like numbers::

    recovery("Sb", to="concentrate")
    product("metal", "Sb") - 0.2 * product("ore")
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any, NamedTuple

import numpy as np

from flowsheet.core.arithmetic import ratio
from flowsheet.core.errors import InputError, nearest
from flowsheet.core.flow import Array, Flow
from flowsheet.core.parameters import Fraction, MassFlow, parameter_of
from flowsheet.core.quantities import Dimension, from_base, same_dimension, to_base
from flowsheet.core.unit import Parameters
from flowsheet.model import Flowsheet
from flowsheet.place import place_of


class Reading(NamedTuple):
    """What a measure is computed from."""

    plant: Flowsheet
    streams: Mapping[str, Array]
    """Stream -> mass flows in kg/s, (constituents, scenarios)."""
    parameters: Mapping[str, Parameters]

    def flow(self, stream: str) -> Flow:
        """One stream."""
        return Flow(self.plant.slate, self.streams[stream])


class Measure:
    """The base of measures; see the functions of this module."""

    unit: str = ""
    """SI unit of the value; empty for a ratio."""
    display: str = ""
    """Unit in which people read it."""

    def value(self, reading: Reading) -> Array:
        """Return the value in SI, (scenarios,)."""
        raise NotImplementedError

    def check(self, plant: Flowsheet) -> None:
        """Raise InputError for a stream, element or parameter that the plant does not have."""

    def check_value(self, plant: Flowsheet, value: float) -> None:
        """Raise InputError for a target, in SI, that this measure can never have in the plant."""

    @property
    def dimension(self) -> Dimension:
        """Kind of quantity, for values that are compared with this measure."""
        example = f"1 {self.display}".strip()
        return Dimension(self.unit or "a number", self.unit, example, self.display)

    def convert(self, value: Any) -> float:
        """Return a value as a case would write it in SI."""
        return to_base(value, self.dimension)

    def shown(self, value: float) -> str:
        """Write a value in SI as people read it."""
        return f"{from_base(value, self.display):.4g} {self.display}".strip()

    def equals(self, value: Any) -> "Target":
        """Return the target that this measure has a value, e.g. ``"5000 t/yr"``."""
        wanted = self.convert(value)
        if not wanted > 0.0:
            raise InputError(f"target of {self}: must be above zero, got {value}")
        return Target(self, wanted)

    def __eq__(self, value: object) -> Any:
        """Read ``product("metal", "Sb") == "5000 t/yr"`` as a target."""
        if isinstance(value, Measure):
            return self is value or (type(self) is type(value) and vars(self) == vars(value))
        return self.equals(value)

    def __hash__(self) -> int:
        return hash((type(self).__name__, str(self)))

    def __ne__(self, value: object) -> bool:
        """Whether this is another measure; a target cannot be a value that is not wanted."""
        if isinstance(value, Measure):
            return not self == value
        raise InputError(f"{self}: a target is an equality, got != {value}; use ==, >= or <=")

    def __lt__(self, value: Any) -> "Limit":
        raise InputError(f"{self}: a limit includes its end, got < {value}; write <=")

    def __gt__(self, value: Any) -> "Limit":
        raise InputError(f"{self}: a limit includes its end, got > {value}; write >=")

    def __neg__(self) -> "Measure":
        return _combined("*", -1.0, self)

    def __ge__(self, value: Any) -> "Limit":
        _refuse_measure(self, ">=", value)
        return Limit(self, self.convert(value), 1.0)

    def __le__(self, value: Any) -> "Limit":
        _refuse_measure(self, "<=", value)
        return Limit(self, self.convert(value), -1.0)

    def __add__(self, other: Any) -> "Measure":
        return _combined("+", self, other)

    def __radd__(self, other: Any) -> "Measure":
        return _combined("+", other, self)

    def __sub__(self, other: Any) -> "Measure":
        return _combined("-", self, other)

    def __rsub__(self, other: Any) -> "Measure":
        return _combined("-", other, self)

    def __mul__(self, other: Any) -> "Measure":
        return _combined("*", self, other)

    def __rmul__(self, other: Any) -> "Measure":
        return _combined("*", other, self)

    def __truediv__(self, other: Any) -> "Measure":
        return _combined("/", self, other)

    def __rtruediv__(self, other: Any) -> "Measure":
        return _combined("/", other, self)


@dataclass(frozen=True)
class Target:
    """A measure and the value it must have, in SI."""

    measure: Measure
    value: float

    def __bool__(self) -> bool:
        raise InputError(f"target of {self.measure}: is neither true nor false; hand it over alone")


@dataclass(frozen=True)
class Limit:
    """A measure that must not fall below a value (sign 1) or rise above it (sign -1)."""

    measure: Measure
    value: float
    sign: float

    def __bool__(self) -> bool:
        raise InputError(
            f"limit of {self.measure}: is neither true nor false; write two limits in place of a "
            f"<= b <= c, and a list in place of 'and'"
        )

    def __str__(self) -> str:
        relation = ">=" if self.sign > 0.0 else "<="
        return f"{self.measure} {relation} {self.measure.shown(self.value)}"


@dataclass(frozen=True, eq=False)
class StreamFlow(Measure):
    """The mass flow of a stream, or of one element, species (free and locked) or composite."""

    stream: str
    part: str | None = None
    unit = "kg/s"
    display = "t/yr"
    dimension = parameter_of(MassFlow).dimension

    def __str__(self) -> str:
        return f"{self.part} in '{self.stream}'" if self.part else f"'{self.stream}'"

    def value(self, reading: Reading) -> Array:
        """Return kg/s."""
        flow = reading.flow(self.stream)
        if self.part is None:
            return flow.total()
        if self.part in flow.slate.elements:
            return flow.element(self.part)
        return (flow.merged() if self.part in flow.slate.names else flow).of(self.part)

    def check(self, plant: Flowsheet) -> None:
        """Refuse an unknown stream, element or species."""
        check_stream(plant, self.stream)
        if self.part is not None and self.part not in plant.slate:
            _check_element(plant, self.part)


@dataclass(frozen=True, eq=False)
class Grade(Measure):
    """The mass fraction of an element in the dry solids of a stream."""

    stream: str
    element: str
    display = "percent"
    dimension = parameter_of(Fraction).dimension

    def __str__(self) -> str:
        return f"grade of {self.element} in '{self.stream}'"

    def value(self, reading: Reading) -> Array:
        """Return the fraction; not-a-number where the stream holds no solids."""
        solids = reading.flow(self.stream).solids
        return ratio(solids.element(self.element), solids.total(), empty=np.nan)

    def check(self, plant: Flowsheet) -> None:
        """Refuse an unknown stream or element."""
        check_stream(plant, self.stream)
        _check_element(plant, self.element)


@dataclass(frozen=True, eq=False)
class Recovery(Measure):
    """The share of all of an element that enters the plant that leaves by one stream."""

    element: str
    to: str
    display = "percent"
    dimension = parameter_of(Fraction).dimension

    def __str__(self) -> str:
        return f"recovery of {self.element} to '{self.to}'"

    def value(self, reading: Reading) -> Array:
        """Return the share; not-a-number where none enters."""
        entering = sum(reading.flow(name).element(self.element) for name in reading.plant.entering)
        return ratio(reading.flow(self.to).element(self.element), entering, empty=np.nan)

    def check(self, plant: Flowsheet) -> None:
        """Refuse an unknown stream or element."""
        check_stream(plant, self.to)
        _check_element(plant, self.element)


@dataclass(frozen=True, eq=False)
class ParameterValue(Measure):
    """A parameter of a unit, by its path: what an objective may charge for."""

    path: str
    unit: str = ""
    display: str = ""

    def __str__(self) -> str:
        return self.path

    def value(self, reading: Reading) -> Array:
        """Return the parameter in SI."""
        value: Array = np.atleast_1d(place_of(self.path, reading.plant).value(reading.parameters))
        return value

    def check(self, plant: Flowsheet) -> None:
        """Refuse a path that leads to no number, or to one that is not given."""
        place_of(self.path, plant).start(plant)


@dataclass(frozen=True, eq=False)
class _Combined(Measure):
    """Two measures joined by an operator."""

    sign: str
    left: Measure
    right: Measure
    unit: str
    display: str

    def __str__(self) -> str:
        return f"({self.left} {self.sign} {self.right})"

    def value(self, reading: Reading) -> Array:
        """Return the combination of both values."""
        value: Array = _OPERATORS[self.sign](self.left.value(reading), self.right.value(reading))
        return value

    def check(self, plant: Flowsheet) -> None:
        """Check both."""
        self.left.check(plant)
        self.right.check(plant)


@dataclass(frozen=True, eq=False)
class _Number(Measure):
    """A plain number in a combination."""

    number: float

    def __str__(self) -> str:
        return f"{self.number:g}"

    def value(self, reading: Reading) -> Array:  # noqa: ARG002 - the same for all
        """Return the number."""
        return np.array([self.number])


_OPERATORS: dict[str, Callable[[Array, Array], Array]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": ratio,
}


def _refuse_measure(measure: Measure, sign: str, value: Any) -> None:
    if isinstance(value, Measure):
        raise InputError(
            f"{measure} {sign} {value}: a limit is a value; write {measure} - {value} {sign} 0"
        )


def _combined(sign: str, left: Any, right: Any) -> Measure:
    first, second = _as_measure(left), _as_measure(right)
    if sign in "+-":
        for one, other in ((first, second), (second, first)):
            if isinstance(one, _Number) and one.number == 0.0:
                return other if sign == "+" or one is second else -1.0 * other
        if not same_dimension(first.unit, second.unit):
            raise InputError(
                f"({first} {sign} {second}): {first} is in {first.unit or 'no unit'}, {second} in "
                f"{second.unit or 'no unit'}; multiply one by what makes them alike"
            )
        display = second.display if isinstance(first, _Number) else first.display
        return _Combined(sign, first, second, first.unit, display)
    if isinstance(first, _Number) and sign == "*":
        return _Combined(sign, first, second, second.unit, second.display)
    if isinstance(second, _Number):
        return _Combined(sign, first, second, first.unit, first.display)
    unit, display = _joined(sign, first, second)
    return _Combined(sign, first, second, unit, display)


def _joined(sign: str, first: Measure, second: Measure) -> tuple[str, str]:
    """SI unit of a product or quotient of two measures, and the unit in which people read it."""
    if not second.unit and (first.unit or sign == "*"):
        return first.unit, first.display
    if not first.unit and sign == "*":
        return second.unit, second.display
    if sign == "/" and same_dimension(first.unit, second.unit):
        return "", ""
    unit = f"({first.unit}){sign}({second.unit})" if first.unit else f"1/({second.unit})"
    return unit, unit


def _as_measure(value: Any) -> Measure:
    if isinstance(value, Measure):
        return value
    if isinstance(value, bool) or not isinstance(value, Real):
        raise InputError(
            f"a measure can be combined with measures and plain numbers, got {value!r}"
        )
    return _Number(float(value))


def product(stream: str, part: str | None = None) -> StreamFlow:
    """Mass flow of a stream, or of one element (else species) in it."""
    return StreamFlow(stream, part)


def grade(stream: str, element: str) -> Grade:
    """Mass fraction of an element in the dry solids of a stream."""
    return Grade(stream, element)


def recovery(element: str, *, to: str) -> Recovery:
    """Share of all of an element that enters the plant that leaves by one stream."""
    return Recovery(element, to)


def parameter(path: str, flowsheet: Flowsheet) -> ParameterValue:
    """Return a parameter of a flowsheet as a measure, for an objective that charges for it."""
    ParameterValue(path).check(flowsheet)
    dimension = place_of(path, flowsheet).parameter.dimension
    return ParameterValue(path, dimension.unit, dimension.display)


def check_stream(plant: Flowsheet, stream: str) -> None:
    """Raise InputError, with the nearest name, for a stream that the plant does not have."""
    known = [*plant.made_by, *plant.supplied_to]
    if stream not in known:
        raise InputError(f"there is no stream '{stream}'{nearest(stream, known)}")


def _check_element(plant: Flowsheet, element: str) -> None:
    known = plant.slate.elements
    if element not in known:
        raise InputError(
            f"no species of this flowsheet contains '{element}'{nearest(element, known)}"
        )
