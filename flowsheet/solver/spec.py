"""Design specifications: vary a parameter until a measure of the plant has a given value."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from flowsheet.core.errors import InputError, PlacedError, SolveError
from flowsheet.core.flow import Array
from flowsheet.core.quantities import Entered, from_base
from flowsheet.measure import Reading, Target
from flowsheet.model import Flowsheet, split_path
from flowsheet.place import place_of


@dataclass(frozen=True)
class Vary:
    """A parameter that is free, by its path ``unit.parameter``, within bounds if any are given."""

    path: str
    low: Any = None
    high: Any = None

    def until(self, target: Any) -> "Spec":
        """Vary the parameter until the target is met."""
        if not isinstance(target, Target):
            raise InputError(
                f"Vary('{self.path}').until(...): needs a target such as "
                f"product('metal', 'Sb') == '5000 t/yr', got {target!r}"
            )
        return Spec(self, target)


@dataclass(frozen=True)
class Spec:
    """One free parameter and the target that fixes it."""

    vary: Vary
    target: Target

    @property
    def path(self) -> str:
        """The free parameter."""
        return self.vary.path

    def check(self, flowsheet: Flowsheet) -> None:
        """Raise InputError if the path, a bound, the stream or the element makes no sense."""
        unit, parameter, _ = split_path(self.path, flowsheet.units)
        physical = flowsheet.units[unit].physical_parameters().get(parameter)
        if physical is not None and physical.dimension.whole:
            raise InputError(f"{self.path}: is a count and cannot be varied to meet a target")
        value = place_of(self.path, flowsheet).start(flowsheet)
        if value <= 0.0:
            raise InputError(f"{self.path}: only a number above zero can be varied, this one is 0")
        low, high = self.bounds(flowsheet)
        ends = self.shown(flowsheet, low), self.shown(flowsheet, high)
        if low >= high:
            raise InputError(
                f"{self.path}: its lowest value, {ends[0]}, must be below its highest, {ends[1]}"
            )
        if not low <= value <= high:
            bound = f"below its lowest value, {ends[0]}"
            if value > high:
                bound = f"above its highest value, {ends[1]}"
            raise InputError(
                f"{self.path}: starts at {self.shown(flowsheet, value)}, {bound}; "
                f"set it within its bounds"
            )
        self.target.measure.check(flowsheet)
        self.target.measure.check_value(flowsheet, self.target.value)

    def bounds(self, flowsheet: Flowsheet) -> tuple[float, float]:
        """Lowest and highest value in SI: as given, else what the parameter can be at all."""
        unit, name, _ = split_path(self.path, flowsheet.units)
        parameter = flowsheet.units[unit].physical_parameters()[name]
        dimension = parameter.dimension
        ends = [max(dimension.low, dimension.above, 0.0), dimension.high]
        for place, (end, given) in enumerate((("low", self.vary.low), ("high", self.vary.high))):
            if given is not None:
                try:
                    ends[place] = float(parameter.convert(Entered(given, f"{self.path}, {end}")))
                except PlacedError as error:
                    raise InputError(str(error)) from error
        return ends[0], ends[1]

    def with_value(self, value: float) -> "Spec":
        """The same parameter with another value of the target, in SI."""
        return Spec(self.vary, Target(self.target.measure, value))

    def shown(self, flowsheet: Flowsheet, value: float) -> str:
        """Write a value of the free parameter as people read it."""
        unit, name, _ = split_path(self.path, flowsheet.units)
        display = flowsheet.units[unit].physical_parameters()[name].dimension.display
        return f"{from_base(value, display):.4g} {display}".strip()

    def miss(self, reading: Reading, wanted: Any = None) -> Array:
        """Logarithm of value over target, (scenarios,): zero when met, exact for scaling.

        ``wanted`` (scenarios,) replaces the target's own value.
        """
        value = self.target.measure.value(reading)
        if not np.all(value.real > 0.0):
            raise SolveError(f"target of {self.target.measure} cannot be met: nothing flows there")
        logarithm: Array = np.log(value / (self.target.value if wanted is None else wanted))
        return logarithm
