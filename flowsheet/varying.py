"""Numbers that vary from scenario to scenario: what a user writes, as arrays in SI base units."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flowsheet.core.errors import InputError
from flowsheet.core.parameters import Parameter
from flowsheet.core.quantities import array_to_base
from flowsheet.core.record import Record
from flowsheet.model import Flowsheet
from flowsheet.place import Place, place_of, trial_of
from flowsheet.solver.batch import Values
from flowsheet.uncertainty.correlation import Correlated, check_groups, correlated
from flowsheet.uncertainty.distribution import Distribution, Sampled
from flowsheet.uncertainty.sampling import Method, unit_cube

Floats = NDArray[np.float64]


def listed(flowsheet: Flowsheet, vary: Mapping[str, Sequence[Any]]) -> tuple[Values, int]:
    """Convert lists of values, one per scenario; return them and how many scenarios there are.

    Raises InputError for a path or a value that makes no sense, or lists of different lengths.
    """
    lengths = {}
    for path, values in vary.items():
        if isinstance(values, Distribution):
            raise InputError(f"{path}: is a distribution; say how many draws, e.g. draws=1000")
        if isinstance(values, str | Mapping | Set) or not _is_list(values):
            raise InputError(f"{path}: needs a list with one value per scenario, got {values!r}")
        lengths[path] = len(values)
    if not lengths or len(set(lengths.values())) > 1 or 0 in lengths.values():
        raise InputError(
            f"vary: needs at least one list, all of one length, got {lengths or 'none'}"
        )
    converted = {
        place: _converted(place, values)
        for path, values in vary.items()
        for place in [place_of(path, flowsheet)]
    }
    return converted, next(iter(lengths.values()))


def _is_list(values: Any) -> bool:
    """Whether values can be counted; a quantity or an array of one number alone cannot."""
    try:
        len(values)
    except TypeError:
        return False
    return True


@dataclass(frozen=True)
class Draws:
    """How uncertain numbers are drawn."""

    count: int
    seed: int
    method: Method
    groups: Sequence[Correlated]

    def of(self, sampled: Mapping[str, Sampled]) -> dict[str, Floats]:
        """Path -> drawn values in SI, (draws,)."""
        if not sampled:
            return {}
        cube = unit_cube(self.count, len(sampled), method=self.method, seed=self.seed)
        return at_points(sampled, correlated(cube, list(sampled), self.groups))


def drawn(vary: Mapping[str, Any], flowsheet: Flowsheet, draws: Draws) -> Values:
    """Draw every distribution; lists beside them must hold one value per draw."""
    uncertain = {path: value for path, value in vary.items() if isinstance(value, Distribution)}
    rest = {path: value for path, value in vary.items() if path not in uncertain}
    check_groups(uncertain, draws.groups)
    values: dict[Place, Floats] = {}
    if rest:
        given, count = listed(flowsheet, rest)
        if count != draws.count:
            raise InputError(f"vary: lists hold {count} values, but draws is {draws.count}")
        values |= given
    columns = draws.of(in_base_units(uncertain, flowsheet))
    return values | {place_of(path, flowsheet): column for path, column in columns.items()}


def in_base_units(
    uncertain: Mapping[str, Distribution], flowsheet: Flowsheet
) -> dict[str, Sampled]:
    """Path -> the same distribution in SI; raise InputError for a path or an end that is wrong."""
    return {
        path: distribution.in_base_units(place_of(path, flowsheet).parameter, path)
        for path, distribution in uncertain.items()
    }


def at_points(sampled: Mapping[str, Sampled], cube: Floats) -> dict[str, Floats]:
    """Path -> values in SI at points of the unit cube, (points, numbers)."""
    return {
        path: number.quantile(cube[:, column])
        for column, (path, number) in enumerate(sampled.items())
    }


def check_apart(given: Iterable[Place], aimed: Iterable[Place]) -> None:
    """Raise InputError where two of the numbers that vary are in part the same.

    ``aimed`` are varied to meet targets.
    """
    seen = list(aimed)
    for place in given:
        for other in seen:
            if place.meets(other):
                shared = "" if place.path == other.path else f" together with {other.path}"
                raise InputError(f"{place.path}: varies already{shared}; give each number once")
        seen.append(place)


def refused(flowsheet: Flowsheet, values: Values) -> dict[int, str]:
    """Scenarios whose values are right one by one but not together, as the unit itself says."""
    by_unit: dict[str, dict[Place, Floats]] = {}
    for place, numbers in values.items():
        by_unit.setdefault(place.unit, {})[place] = numbers
    failed: dict[int, str] = {}
    for name, some in by_unit.items():
        unit = flowsheet.units[name]
        if type(unit).check is Record.check:
            continue  # it has no such rule
        trial, setters = trial_of(unit, some)
        columns = [numbers.tolist() for numbers in some.values()]
        for scenario, row in enumerate(zip(*columns, strict=True)):
            for exchange, number in zip(setters, row, strict=True):
                exchange(number)
            try:
                trial.check()
            except InputError as error:
                failed.setdefault(scenario, f"{name}: {error}")
    return failed


def _converted(place: Place, values: Sequence[Any]) -> Floats:
    """Values of one number in SI; arrays of plain numbers and of pint quantities go as a whole."""
    whole = _as_array(place.parameter, values)
    if whole is not None:
        return whole
    numbers = []
    for scenario, value in enumerate(values):
        try:
            numbers.append(float(place.parameter.convert(value)))
        except InputError as error:
            raise InputError(f"{place.path}, scenario {scenario}: {error}") from error
    return np.array(numbers)


def _as_array(parameter: Parameter, values: Any) -> Floats | None:
    """An array in SI, or None where its values must be looked at one by one."""
    unit = f"{values.units:C}" if hasattr(values, "units") else ""
    numbers = values.magnitude if unit else values
    if not isinstance(numbers, np.ndarray) or numbers.ndim != 1 or numbers.dtype.kind not in "fiu":
        return None
    return array_to_base(np.asarray(numbers, dtype=float), unit, parameter.dimension)
