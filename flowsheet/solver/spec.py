"""Design specifications: vary a parameter until a flow has a given value."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from flowsheet.core.errors import InputError, SolveError, nearest
from flowsheet.core.flow import Array, Flow
from flowsheet.core.parameters import MassFlow, parameter_of
from flowsheet.core.quantities import from_base
from flowsheet.core.slate import Slate
from flowsheet.model import Flowsheet, split_path


@dataclass(frozen=True)
class StreamFlow:
    """The mass flow of a stream, or of one element in it."""

    stream: str
    element: str | None = None

    def __str__(self) -> str:
        return f"{self.element} in '{self.stream}'" if self.element else f"'{self.stream}'"

    def value(self, slate: Slate, streams: dict[str, Array]) -> Array:
        """kg/s, (scenarios,)."""
        flow = Flow(slate, streams[self.stream])
        return flow.element(self.element) if self.element else flow.total()

    def equals(self, value: Any) -> "Target":
        """Return the target that this flow has a value, e.g. ``"5000 t/yr"``."""
        wanted = parameter_of(MassFlow).convert(value)
        if wanted <= 0.0:
            raise InputError(f"target of {self}: must be above zero, got {value}")
        return Target(self, wanted)

    def __eq__(self, value: object) -> Any:
        """Read ``product("metal", "Sb") == "5000 t/yr"`` as a target."""
        if isinstance(value, StreamFlow):
            return (self.stream, self.element) == (value.stream, value.element)
        return self.equals(value)

    def __hash__(self) -> int:
        return hash((self.stream, self.element))


def product(stream: str, element: str | None = None) -> StreamFlow:
    """Name the flow of a stream, or of an element in it, for a specification."""
    return StreamFlow(stream, element)


@dataclass(frozen=True)
class Target:
    """A flow and the value it must have, in kg/s."""

    flow: StreamFlow
    value: float


@dataclass(frozen=True)
class Vary:
    """A parameter that is free, by its path ``unit.parameter``."""

    path: str

    def until(self, target: Any) -> "Spec":
        """Vary the parameter until the target is met."""
        if not isinstance(target, Target):
            raise InputError(
                f"Vary('{self.path}').until(...): needs a target such as "
                f"product('metal', 'Sb') == '5000 t/yr', got {target!r}"
            )
        return Spec(self.path, target)


@dataclass(frozen=True)
class Spec:
    """One free parameter and the target that fixes it."""

    path: str
    target: Target

    def check(self, flowsheet: Flowsheet) -> None:
        """Raise InputError if the path, the stream or the element does not exist."""
        unit, parameter, key = split_path(self.path, flowsheet.units)
        value = getattr(flowsheet.units[unit], parameter)
        physical = flowsheet.units[unit].physical_parameters().get(parameter)
        whole = physical is not None and physical.dimension.whole
        if whole:
            raise InputError(f"{self.path}: is a count and cannot be varied to meet a target")
        if key or not isinstance(value, float) or value <= 0.0:
            raise InputError(
                f"{self.path}: only a plain parameter with a value above zero can be varied"
            )
        stream, element = self.target.flow.stream, self.target.flow.element
        if stream not in flowsheet.made_by and stream not in flowsheet.supplied_to:
            known = nearest(stream, [*flowsheet.made_by, *flowsheet.supplied_to])
            raise InputError(f"there is no stream '{stream}'{known}")
        if element and element not in flowsheet.slate.elements:
            known = nearest(element, flowsheet.slate.elements)
            raise InputError(f"no species of this flowsheet contains '{element}'{known}")

    def check_reached(self, flowsheet: Flowsheet, value: float) -> None:
        """Raise SolveError if the target is met only where the parameter cannot be."""
        unit, name, _ = split_path(self.path, flowsheet.units)
        dimension = flowsheet.units[unit].physical_parameters()[name].dimension
        if not dimension.low <= value <= dimension.high:
            at, low, high = (
                f"{from_base(number, dimension.display):.4g} {dimension.display}".strip()
                for number in (value, dimension.low, dimension.high)
            )
            raise SolveError(
                f"target of {self.target.flow} would need {self.path} at {at}, which must lie "
                f"between {low} and {high}; lower the target or vary another parameter"
            )

    def miss(self, slate: Slate, streams: dict[str, Array]) -> Array:
        """Logarithm of value over target, (scenarios,): zero when met, exact for scaling."""
        value = self.target.flow.value(slate, streams)
        if np.any(value.real <= 0.0):
            raise SolveError(f"target of {self.target.flow} cannot be met: nothing flows there")
        logarithm: Array = np.log(value / self.target.value)
        return logarithm
