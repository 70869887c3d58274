"""Routes with their uncertain numbers drawn: how far metrics spread, and what the spread is of."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flowsheet.case.header import OUTSIDE_UNITS, Header
from flowsheet.core.errors import InputError, SolveError, nearest
from flowsheet.core.quantities import array_in, from_base
from flowsheet.measure import Measure, Reading
from flowsheet.model import Flowsheet
from flowsheet.place import place_of
from flowsheet.progress import Bar, Report
from flowsheet.routes.metrics import metric_measures
from flowsheet.scenario import Scenarios, solve_scenarios
from flowsheet.solution import solve
from flowsheet.solver.spec import Spec
from flowsheet.uncertainty.correlation import Correlated
from flowsheet.uncertainty.distribution import Sampled
from flowsheet.uncertainty.indices import Design, Indices, design, indices
from flowsheet.uncertainty.percentiles import Spread, percentiles
from flowsheet.varying import Draws, at_points

Floats = NDArray[np.float64]

TARGET = "target.flow"
_AT_ONCE = 8192
"""Scenarios of a design whose streams are held together; only their metrics are kept."""
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")


def solve_at(  # noqa: PLR0913, PLR0917 - a plant, what varies, and who does the work
    flowsheet: Flowsheet,
    specs: Sequence[Spec],
    inputs: Mapping[str, Floats],
    count: int,
    progress: Report | None = None,
    client: Any = None,
) -> Scenarios:
    """Solve for each value of some numbers, Path -> SI, (scenarios,); the rest stays.

    The target is met in every scenario. Numbers outside of the units change metrics alone: see
    ``metric_measures``.
    """
    values = {
        place_of(path, flowsheet): numbers
        for path, numbers in inputs.items()
        if path not in OUTSIDE_UNITS
    }
    targets = [inputs[TARGET]] if TARGET in inputs else []
    return solve_scenarios(
        flowsheet, values, count, specs=specs, targets=targets, progress=progress, client=client
    )


@dataclass(frozen=True)
class UncertainRoute:
    """A route as it is drawn and solved."""

    name: str
    flowsheet: Flowsheet
    header: Header
    specs: Sequence[Spec]
    sampled: Mapping[str, Sampled]
    """Path -> uncertain number in SI; paths are those of units and of ``OUTSIDE_UNITS``."""
    groups: Sequence[Correlated]

    def __post_init__(self) -> None:
        if not self.sampled:
            raise InputError(
                f"{self.name}: no number of the case has a range, so there is nothing to draw; "
                f"give one low and high"
            )

    def solve(
        self, inputs: Mapping[str, Floats], count: int, progress: Report | None, client: Any
    ) -> Scenarios:
        """Solve one scenario for each value of the inputs, Path -> SI, (scenarios,)."""
        return solve_at(self.flowsheet, self.specs, inputs, count, progress, client)

    def measures(self, inputs: Mapping[str, Floats]) -> Mapping[str, Measure]:
        """Metric -> how it is computed, with the capacity and reserve of each scenario."""
        return metric_measures(self.flowsheet, self.header, inputs)

    def as_written(self) -> dict[str, float | None]:
        """Every metric at the values of the case; None where it has no value."""
        solution = solve(self.flowsheet, specs=self.specs)
        reading = Reading(self.flowsheet, solution.flows, solution.parameters)
        found: dict[str, float | None] = {}
        for name, measure in self.measures({}).items():
            value = float(measure.value(reading)[0])
            found[name] = None if np.isnan(value) else from_base(value, measure.display)
        return found


@dataclass(frozen=True)
class SummaryRow:
    """One metric over all draws; numbers are None where no draw has a value."""

    metric: str
    as_written: float | None
    """At the values of the case."""
    p10: float | None
    p50: float | None
    p90: float | None
    mean: float | None
    solved: int
    """Draws with a steady state."""
    failed: int
    """Draws without one, in no figure."""
    no_value: int
    """Draws with a steady state in which the metric is a share of nothing, in no figure either."""

    def to_dict(self) -> dict[str, Any]:
        """Return the row as plain values."""
        return asdict(self)


@dataclass(frozen=True)
class RouteScenarios:
    """A route solved for many draws of its uncertain numbers."""

    route: str
    scenarios: Scenarios
    inputs: Mapping[str, Floats]
    """Path -> what was drawn, in SI, (scenarios,)."""
    as_written: Mapping[str, float | None]
    """Metric -> its value at the numbers of the case."""
    measures: Mapping[str, Measure]

    def __repr__(self) -> str:
        return f"<RouteScenarios of {self.route}: {self.scenarios!r}>"

    @property
    def failed(self) -> Mapping[int, str]:
        """Scenario -> why it has no steady state."""
        return self.scenarios.failed

    @property
    def reasons(self) -> dict[str, int]:
        """Why scenarios failed, and how many for each reason, most frequent first."""
        return reasons(self.failed)

    @cached_property
    def _metrics(self) -> Mapping[str, Floats]:
        return metric_values(self.scenarios, self.measures)

    def metric(self, name: str) -> Floats:
        """Return a metric in every scenario, (scenarios,), in the unit of its name.

        Not-a-number where the scenario failed, and where the metric is a share of nothing. Raises
        InputError with the nearest name for a metric that there is not.
        """
        _check_metric(name, self._metrics)
        return self._metrics[name]

    def spread(self, name: str) -> Spread:
        """Return P10, P50, P90 and mean of a metric, and the draws with and without a value.

        Raises SolveError when no draw has a value.
        """
        return percentiles(self.metric(name), name)

    def summary(self) -> list[SummaryRow]:
        """Return one row per metric."""
        return [self._row(name) for name in self._metrics]

    def _row(self, name: str) -> SummaryRow:
        solved, failed = self.scenarios.solved, len(self.failed)
        try:
            spread = self.spread(name)
        except SolveError:  # the counts of the row say so
            written = self.as_written[name]
            return SummaryRow(name, written, None, None, None, None, solved, failed, solved)
        return SummaryRow(
            name,
            self.as_written[name],
            spread.p10,
            spread.p50,
            spread.p90,
            spread.mean,
            solved,
            failed,
            spread.failed - failed,
        )


@dataclass(frozen=True)
class IndexRow:
    """How much of the spread of one metric comes from one uncertain number, with its interval."""

    number: str
    """Path of the number, or the name of a correlated group."""
    first: float
    first_low: float
    first_high: float
    total: float
    total_low: float
    total_high: float
    rows: int
    """Rows of the design that are counted for this number."""
    left_out: int
    """Rows that failed."""

    def to_dict(self) -> dict[str, Any]:
        """Return the row as plain values."""
        return asdict(self)


@dataclass(frozen=True)
class RouteIndices:
    """The metrics of a route at the points of a design, and their Sobol indices."""

    route: str
    design: Design
    values: Mapping[str, Floats]
    """Metric -> its value at every point, (points,), in the unit of its name."""
    failed: Mapping[int, str]
    """Point -> why it has no steady state."""
    confidence: float
    seed: int

    @property
    def reasons(self) -> dict[str, int]:
        """Why points failed, and how many for each reason, most frequent first."""
        return reasons(self.failed)

    def of(self, metric: str) -> Indices:
        """Return the indices of one metric, by uncertain number or correlated group.

        Raises InputError for a metric that there is not, SolveError when more than half of the
        rows of a number are left out.
        """
        _check_metric(metric, self.values)
        results = {metric: self.values[metric]}
        return indices(results, self.design, confidence=self.confidence, seed=self.seed)[metric]

    def rows(self, metric: str) -> list[IndexRow]:
        """Return the indices of one metric by number, the largest total index first."""
        found = self.of(metric)
        rows = [
            IndexRow(
                factor,
                *(first.value, first.low, first.high),
                *(total.value, total.low, total.high),
                found.rows[factor],
                found.left_out[factor],
            )
            for factor, first in found.first.items()
            for total in [found.total[factor]]
        ]
        return sorted(rows, key=lambda row: -row.total)


def draw_route(
    route: UncertainRoute, draws: Draws, progress: Report | None, client: Any
) -> RouteScenarios:
    """Draw the uncertain numbers of a route and solve it for each draw."""
    inputs = draws.of(route.sampled)
    solved = route.solve(inputs, draws.count, progress, client)
    return RouteScenarios(route.name, solved, inputs, route.as_written(), route.measures(inputs))


def route_indices(  # noqa: PLR0913 - options of Route.indices
    route: UncertainRoute,
    draws: int,
    seed: int,
    *,
    confidence: float,
    progress: Report | None,
    client: Any,
) -> RouteIndices:
    """Solve a route at the points of a design and keep its metrics."""
    plan = design(draws, list(route.sampled), route.groups, seed)
    total = len(plan.points)
    failed: dict[int, str] = {}
    parts: list[Mapping[str, Floats]] = []
    with Bar(total) as bar:
        report = progress or bar
        for first in range(0, total, _AT_ONCE):
            points = plan.points[first : first + _AT_ONCE]
            inputs = at_points(route.sampled, points)
            solved = route.solve(inputs, len(points), _later(report, first, total), client)
            parts.append(metric_values(solved, route.measures(inputs)))
            failed |= {first + place: reason for place, reason in solved.failed.items()}
            report(first + len(points), total)
    values = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return RouteIndices(route.name, plan, values, failed, confidence, seed)


def metric_values(scenarios: Scenarios, measures: Mapping[str, Measure]) -> Mapping[str, Floats]:
    """Return every metric in every scenario in the unit of its name, (scenarios,).

    Not-a-number where a scenario failed.
    """
    reading = Reading(scenarios.flowsheet, scenarios.flows, {})  # metrics are read from streams
    failed = np.zeros(scenarios.count, dtype=bool)
    failed[list(scenarios.failed)] = True
    return {
        name: array_in(
            np.where(failed, np.nan, measure.value(reading)), measure.display, measure.unit
        )
        for name, measure in measures.items()
    }


def reasons(failed: Mapping[int, str]) -> dict[str, int]:
    """Count reasons that differ in their figures only, most frequent first, each by one example."""
    examples: dict[str, str] = {}
    counts: dict[str, int] = {}
    for reason in failed.values():
        example = examples.setdefault(_NUMBER.sub("#", reason), reason)
        counts[example] = counts.get(example, 0) + 1
    return dict(sorted(counts.items(), key=lambda each: -each[1]))


def _later(report: Report, before: int, total: int) -> Report:
    """Report on a part of the work, of which so much was done before."""
    return lambda done, part: report(before + done, total)  # noqa: ARG005 - the part's own total


def _check_metric(name: str, known: Mapping[str, Any]) -> None:
    if name not in known:
        raise InputError(f"there is no metric '{name}'{nearest(name, known)}")
