"""A route at several values of one or two of its numbers, with the target met at each."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product as combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flowsheet.core.errors import InputError, nearest
from flowsheet.core.parameters import Parameter
from flowsheet.core.quantities import Dimension, Entered, array_in
from flowsheet.progress import Report
from flowsheet.routes.metrics import metric_measures
from flowsheet.routes.number import parameter_at, unit_at
from flowsheet.routes.route import Route
from flowsheet.routes.scenarios import solve_at
from flowsheet.routes.watch import DEFAULT_WATCH, Watched, watched
from flowsheet.scenario import Scenarios

Floats = NDArray[np.float64]

MOST_VALUES = 10_000
"""Of one number."""
_NUMBER = re.compile(r"^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*")


@dataclass(frozen=True)
class Axis:
    """A number that is swept."""

    path: str
    unit: str
    """In which people read it; empty for a plain number."""
    dimension: Dimension
    base: Floats
    """Its values in SI, in the order given."""

    @property
    def values(self) -> Floats:
        """Its values in ``unit``."""
        shown = array_in(self.base, self.unit, self.dimension.unit)
        return np.array([float(f"{value:.12g}") for value in shown])  # 0.6, no 0.6000000000000001

    @property
    def heading(self) -> str:
        """Path and unit, for an axis or a column."""
        return f"{self.path}, {self.unit}" if self.unit else self.path


@dataclass(frozen=True)
class RouteSweep:
    """A route solved at every combination of the values of its axes, the last varying fastest."""

    route: str
    axes: tuple[Axis, ...]
    watched: tuple[Watched, ...]
    scenarios: Scenarios
    inputs: Mapping[str, Floats]
    """Path -> value in SI at every point, (points,)."""

    def __repr__(self) -> str:
        swept = ", ".join(f"{axis.path} ({axis.base.size})" for axis in self.axes)
        failed = len(self.scenarios.failed)
        return f"<RouteSweep of {self.route}: {swept}; {failed} points failed>"

    @property
    def failed(self) -> Mapping[int, str]:
        """Point -> why it has no steady state."""
        return self.scenarios.failed

    def at(self, path: str) -> Floats:
        """Value of a swept number at every point, (points,), in the unit of its axis."""
        axes = {axis.path: place for place, axis in enumerate(self.axes)}
        if path not in axes:
            raise InputError(f"{path}: was not swept{nearest(path, axes)}")
        grid = np.meshgrid(*(axis.values for axis in self.axes), indexing="ij")
        return np.asarray(grid[axes[path]].ravel())

    def values(self, name: str) -> Floats:
        """Values of what was watched, (points,); not-a-number where there is none.

        Raises InputError with the nearest name for what was not watched.
        """
        if name not in self._values:
            raise InputError(f"'{name}' was not watched{nearest(name, self._values)}")
        return self._values[name]

    @cached_property
    def _values(self) -> Mapping[str, Floats]:
        return {each.name: self.scenarios.values(each.measure) for each in self.watched}

    def rows(self) -> list[dict[str, Any]]:
        """One row per point: swept numbers, status, and what is watched (None: no value)."""
        swept = {axis.path: self.at(axis.path).tolist() for axis in self.axes}
        seen = {name: values.tolist() for name, values in self._values.items()}
        return [
            {
                **{path: values[point] for path, values in swept.items()},
                "status": f"not solved: {self.failed[point]}" if point in self.failed else "solved",
                **{name: _or_none(values[point]) for name, values in seen.items()},
            }
            for point in range(len(self.scenarios))
        ]

    def to_dict(self) -> dict[str, Any]:
        """Return the sweep as plain values, as ``flowsheet sweep --format json`` prints it."""
        return {
            "route": self.route,
            "vary": [{"path": axis.path, "unit": axis.unit} for axis in self.axes],
            "watch": [{"name": each.name, "unit": each.unit} for each in self.watched],
            "points": self.rows(),
        }


def sweep_route(
    route: Route,
    vary: Mapping[str, str | Sequence[Any]],
    watch: Sequence[str] = DEFAULT_WATCH,
    progress: Report | None = None,
    client: Any = None,
) -> RouteSweep:
    """Solve a route at every combination of the values of one or two numbers.

    ``vary`` maps a path (``"rougher.cells"``, ``"target.flow"``, ``"capacity.installed"``) to
    ``"4:12:5"``, first and last value and how many evenly between, or to a list of values as a case
    would write them. ``watch`` names metrics and measures of streams, see ``watch``.

    A point without a steady state stops no other: see ``RouteSweep.failed``. Raises InputError for
    what makes no sense, SolveError when the route as it is has no steady state.
    """
    if not 1 <= len(vary) <= 2:
        raise InputError(f"vary: one or two numbers can be swept at once, got {len(vary)}")
    axes = tuple(axis_of(path, values, route) for path, values in vary.items())
    grid = np.array(list(combinations(*(axis.base for axis in axes)))).reshape(-1, len(axes))
    inputs = {axis.path: grid[:, place] for place, axis in enumerate(axes)}
    metrics = metric_measures(route.flowsheet, route.data.header, inputs)
    seen = watched(watch, route.flowsheet, metrics)
    solved = solve_at(route.flowsheet, route.specs(), inputs, len(grid), progress, client)
    return RouteSweep(route.name, axes, seen, solved, inputs)


def axis_of(path: str, values: str | Sequence[Any], route: Route) -> Axis:
    """Return a number of a route with the values it is swept over; see ``sweep_route``.

    Raises InputError for a number that cannot be swept, and for values it cannot have.
    """
    parameter = parameter_at(path, route)
    if isinstance(values, str):
        low, high, count = _ends(path, values)
        first, last = (_converted(path, end, parameter) for end in (low, high))
        base = np.linspace(first, last, count)
        if parameter.dimension.whole:
            _check_whole(path, values, base)
            base = base.round()
        return Axis(path, _unit(low), parameter.dimension, base)
    if not isinstance(values, list | tuple | np.ndarray) or not len(values):
        raise InputError(f"{path}: needs a list of values or 'first:last:count', got {values!r}")
    listed = np.array([_converted(path, value, parameter) for value in values])
    unit = _unit(values[0]) if isinstance(values[0], str) else unit_at(path, route)
    return Axis(path, unit, parameter.dimension, listed)


def _ends(path: str, text: str) -> tuple[str, str, int]:
    """First and last value and how many, as written ``first:last:count``."""
    parts = [part.strip() for part in text.split(":")]
    if len(parts) != 3 or not all(parts):
        raise InputError(
            f"{path}={text}: needs first:last:count with units, e.g. '0.3 %:0.6 %:7' or '4:12:5'"
        )
    low, high, count = parts
    if not count.isdecimal() or not 2 <= int(count) <= MOST_VALUES:
        raise InputError(
            f"{path}={text}: the count must be a whole number from 2 to {MOST_VALUES:,}, "
            f"got '{count}'"
        )
    if bool(_unit(low)) != bool(_unit(high)):
        raise InputError(
            f"{path}={text}: one end has a unit and the other has none; write it at both"
        )
    return low, high, int(count)


def _unit(text: str) -> str:
    return _NUMBER.sub("", text).strip()


def _converted(path: str, value: Any, parameter: Parameter) -> float:
    return float(parameter.convert(Entered(value, path)))


def _check_whole(path: str, text: str, base: Floats) -> None:
    if np.abs(base - base.round()).max() > 1e-9:
        shown = ", ".join(f"{value:g}" for value in base[:4])
        raise InputError(
            f"{path}={text}: is a whole number, but the values would be {shown} ...; "
            f"choose a count that divides the span"
        )


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else value
