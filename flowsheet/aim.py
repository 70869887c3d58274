"""What ``optimise`` is asked for: numbers to choose, an objective and limits, all checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from flowsheet.core.errors import InputError
from flowsheet.core.quantities import from_base
from flowsheet.measure import Limit, Measure, Target
from flowsheet.model import Flowsheet
from flowsheet.place import Place, place_of
from flowsheet.sensitivity import range_of
from flowsheet.solver.spec import Spec
from flowsheet.solver.steady import check_specs

RANGE_BY_LOGARITHM = 100.0
"""High over low above which a number is searched by its logarithm."""


@dataclass(frozen=True)
class FreeNumber:
    """A number that the search may choose between low and high, in SI."""

    place: Place
    low: float
    high: float

    @property
    def by_logarithm(self) -> bool:
        """Whether it runs by its logarithm."""
        return self.low > 0.0 and self.high / self.low > RANGE_BY_LOGARITHM

    def value(self, share: float) -> float:
        """The number at a share, 0 to 1, of its range."""
        if self.by_logarithm:
            found = self.low * (self.high / self.low) ** share
        else:
            found = self.low + share * (self.high - self.low)
        return float(min(max(found, self.low), self.high))  # roundings must not pass an end

    def share(self, value: float) -> float:
        """The share of its range at which the number has a value."""
        if self.by_logarithm:
            return float(np.log(value / self.low) / np.log(self.high / self.low))
        return (value - self.low) / (self.high - self.low)

    def slope(self, value: float) -> float:
        """Change of the number per change of the share."""
        if self.by_logarithm:
            return float(value * np.log(self.high / self.low))
        return self.high - self.low


@dataclass(frozen=True)
class Aim:
    """What is searched for."""

    flowsheet: Flowsheet
    numbers: tuple[FreeNumber, ...]
    objective: Measure
    sense: float
    """1 to maximise, -1 to minimise."""
    limits: tuple[Limit, ...]
    specs: tuple[Spec, ...]


def aim_of(  # noqa: PLR0913 - options by name
    flowsheet: Flowsheet,
    *,
    vary: Any,
    maximise: Any,
    minimise: Any,
    subject_to: Any,
    specs: Spec | Sequence[Spec],
) -> Aim:
    """Check what is asked for; raise InputError for what makes no sense."""
    objective, sense = _objective(maximise, minimise, flowsheet)
    limits = _limits(subject_to, flowsheet)
    listed_specs = (specs,) if isinstance(specs, Spec) else tuple(specs)
    check_specs(flowsheet, listed_specs)
    numbers = _numbers(vary, flowsheet, [spec.path for spec in listed_specs])
    return Aim(flowsheet, numbers, objective, sense, limits, listed_specs)


def _objective(maximise: Any, minimise: Any, flowsheet: Flowsheet) -> tuple[Measure, float]:
    if (maximise is None) == (minimise is None):
        raise InputError("optimise: give either maximise= or minimise=, and not both")
    objective, word = (minimise, "minimise") if maximise is None else (maximise, "maximise")
    if not isinstance(objective, Measure):
        raise InputError(
            f"{word}: needs a measure such as recovery('Sb', to='concentrate'), got {objective!r}"
        )
    objective.check(flowsheet)
    return objective, 1.0 if maximise is not None else -1.0


def _limits(subject_to: Any, flowsheet: Flowsheet) -> tuple[Limit, ...]:
    listed = isinstance(subject_to, list | tuple)
    limits = tuple(subject_to) if listed else (subject_to,)
    for limit in limits:
        if isinstance(limit, Target):
            raise InputError(
                f"subject_to: {limit.measure} == {limit.measure.shown(limit.value)} is a target; "
                f"give it to specs, as Vary('unit.parameter').until(...)"
            )
        if not isinstance(limit, Limit):
            raise InputError(
                f"subject_to: needs limits such as grade('concentrate', 'Sb') >= '50 %', "
                f"got {limit!r}"
            )
        limit.measure.check(flowsheet)
    return limits


def _numbers(vary: Any, flowsheet: Flowsheet, met: Sequence[str]) -> tuple[FreeNumber, ...]:
    if not isinstance(vary, Mapping) or not vary:
        raise InputError(
            f"vary: needs bounds by path, e.g. {{'rougher.residence_time': ('1 min', '5 min')}}, "
            f"got {vary!r}"
        )
    places: list[Place] = []
    for path in vary:
        place = place_of(path, flowsheet)
        if path in met:
            raise InputError(f"{path}: is varied to meet a target; it cannot be chosen as well")
        for other in places:
            if _overlap(place, other):
                raise InputError(f"{path}: is the same number as {other.path}; vary one of them")
        places.append(place)
    return tuple(_free(place, vary[place.path], flowsheet) for place in places)


def _overlap(one: Place, other: Place) -> bool:
    if (one.unit, one.name) != (other.unit, other.name):
        return False
    parts = {*one.rows, *one.elements}
    return not parts or not parts.isdisjoint({*other.rows, *other.elements})


def _free(place: Place, given: Any, flowsheet: Flowsheet) -> FreeNumber:
    path, dimension = place.path, place.parameter.dimension
    if dimension.whole:
        raise InputError(f"{path}: is a count; optimise the rest for each whole number instead")
    low, high = range_of(path, given, place.parameter)
    if low is None or high is None:
        raise InputError(f"{path}: needs bounds (low, high), got {given!r}")
    value = place.start(flowsheet)
    shown = [
        f"{from_base(number, dimension.display):.4g} {dimension.display}".strip()
        for number in (low, high, value)
    ]
    if low == high:
        raise InputError(f"{path}: low and high are both {shown[0]}; nothing is left to choose")
    if not low <= value <= high:
        raise InputError(
            f"{path}: starts at {shown[2]}, outside its bounds {shown[0]} to {shown[1]}; "
            f"set it within"
        )
    return FreeNumber(place, low, high)
