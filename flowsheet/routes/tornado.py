"""How far a metric swings as each uncertain number of a route goes from low to high, one by one.

Low and high are P10 and P90 of the number; all others stay as written. The numbers of a correlated
group move as one. With a positive coefficient all of them stand at P10, then all at P90. With a
negative one the first stands there, and each other at the normal score

    z' = coefficient * z    (1)

that is to be expected then: where the first has risen, the others have fallen.

A swing says what one number does alone, around the values as written. What it does in company is
seen in its rank correlation with the metric over many draws (Spearman, 1904).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flowsheet.core.errors import InputError
from flowsheet.core.particles import aperture_text
from flowsheet.core.quantities import from_base
from flowsheet.measure import Measure
from flowsheet.progress import Report
from flowsheet.routes.metrics import metric_measures
from flowsheet.routes.number import unit_at, value_at
from flowsheet.routes.route import Route
from flowsheet.routes.scenarios import RouteScenarios, solve_at
from flowsheet.routes.watch import Watched, watched
from flowsheet.scenario import Scenarios
from flowsheet.tables import number
from flowsheet.uncertainty.correlation import factors

Floats = NDArray[np.float64]

_SHARES = (0.1, 0.9)
_ROUNDING = 1e-9
"""A swing below this share of the metric is what solving leaves over, and shown as none."""


@dataclass(frozen=True)
class Swing:
    """One uncertain number, or correlated group, and what it does to one figure."""

    number: str
    """Path of the number, or the name of the group."""
    members: tuple[str, ...]
    """Paths; one where it is no group."""
    input_low: float
    """P10 of the (first) number in ``unit``."""
    input_high: float
    unit: str
    low: float | None
    """The figure with the number at P10; None where it has no value."""
    high: float | None
    swing: float | None
    """High less low."""
    rank_correlation: float | None
    """Over the draws, of the (first) number; None where it or the figure does not vary."""
    reason: str = ""
    """Why there is no swing."""

    @property
    def label(self) -> str:
        """The number, and how many go with it."""
        count = len(self.members)
        if count == 1:
            return self.number
        if self.number in self.members:
            return f"{self.number} and {count - 1} more"
        return f"{self.number} ({count} numbers)"

    @property
    def range_text(self) -> str:
        """P10 and P90 of the number, as people read them."""
        ends = (self.input_low, self.input_high)
        if self.unit == "um":  # sizes are said in mm where they are coarse
            low, high = (aperture_text(end * 1e-6) for end in ends)
            return f"{low} to {high}"
        low, high = (number(end, percent=self.unit == "%") for end in ends)
        return f"{low} to {high} {self.unit}".strip()

    def to_dict(self) -> dict[str, Any]:
        """Return the row as plain values."""
        return {**asdict(self), "members": list(self.members)}


@dataclass(frozen=True)
class Tornado:
    """A route at P10 and at P90 of each of its uncertain numbers, and as written."""

    route: str
    factors: Mapping[str, tuple[str, ...]]
    """Number or group -> its paths."""
    inputs: Mapping[str, Floats]
    """Path -> value in SI, (scenarios,): a pair for each factor, and as written at the end."""
    scenarios: Scenarios
    drawn: RouteScenarios
    units: Mapping[str, str]
    """Path -> unit in which people read it."""
    metrics: Mapping[str, Measure]
    """Metrics of these scenarios, each with its own capacity."""

    def __repr__(self) -> str:
        return f"<Tornado of {self.route}: {len(self.factors)} numbers>"

    def of(self, name: str) -> list[Swing]:
        """Return the swings of a metric, or of what ``watch`` reads, the widest first.

        Numbers without a swing stand at the end, with the reason. Raises InputError for a figure
        that there is not.
        """
        (here,) = watched([name], self.scenarios.flowsheet, self.metrics)
        values = self.scenarios.values(here.measure)
        draws = drawn_values(self.drawn, here)
        rows = [
            self._swing(factor, 2 * place, values, draws)
            for place, factor in enumerate(self.factors)
        ]
        return sorted(rows, key=lambda row: 1.0 if row.swing is None else -abs(row.swing))

    def as_written(self, name: str) -> float | None:
        """Return the figure with all numbers as written; None where it has no value."""
        (here,) = watched([name], self.scenarios.flowsheet, self.metrics)
        value = float(self.scenarios.values(here.measure)[-1])
        return None if np.isnan(value) else value

    def _swing(self, factor: str, place: int, values: Floats, draws: Floats) -> Swing:
        paths = self.factors[factor]
        unit = self.units[paths[0]]
        p10, p90 = (from_base(float(v), unit) for v in self.inputs[paths[0]][place : place + 2])
        low, high = (None if np.isnan(v) else float(v) for v in values[place : place + 2])
        reasons = [self.scenarios.failed.get(place + end, "no value") for end in (0, 1)]
        swing, reason = None, ""
        if low is None or high is None:
            missing = 0 if low is None else 1
            reason = f"at P{(10, 90)[missing]}: {reasons[missing]}"
        else:
            swing = high - low
            if abs(swing) <= _ROUNDING * max(abs(low), abs(high)):
                swing = 0.0
        ranked = _rank_correlation(self.drawn.inputs[paths[0]], draws)
        return Swing(factor, paths, p10, p90, unit, low, high, swing, ranked, reason)


def tornado(
    route: Route, drawn: RouteScenarios, progress: Report | None = None, client: Any = None
) -> Tornado:
    """Solve a route at P10 and P90 of each uncertain number, in one batch.

    ``drawn`` are draws of the same route, for the rank correlations. Raises InputError when no
    number has a range, SolveError when the route as written has no steady state.
    """
    sampled, groups = route.sampled(), route.correlations()
    if not sampled:
        raise InputError(f"{route.name}: no number of the case has a range; give one low and high")
    if set(sampled) != set(drawn.inputs):
        raise InputError(f"{route.name}: these are draws of other numbers; draw this route anew")
    paths = list(sampled)
    members = {
        label: tuple(paths[column] for column in columns)
        for label, columns in factors(paths, groups).items()
    }
    count = 2 * len(members) + 1
    inputs = {path: np.full(count, value_at(path, route)) for path in paths}
    coefficients = {group.label: group.coefficient for group in groups}
    for place, (label, inside) in enumerate(members.items()):
        for end, share in enumerate(_SHARES):
            shares = _group_shares(share, len(inside), coefficients.get(label, 1.0))
            for path, its_share in zip(inside, shares, strict=True):
                inputs[path][2 * place + end] = float(sampled[path].quantile(its_share))
    solved = solve_at(route.flowsheet, route.specs(), inputs, count, progress, client)
    measures = metric_measures(route.flowsheet, route.data.header, inputs)
    units = {path: unit_at(path, route) for path in paths}
    return Tornado(route.name, members, inputs, solved, drawn, units, measures)


def drawn_values(drawn: RouteScenarios, of: Watched) -> Floats:
    """Return what is watched in every draw, (draws,), in its unit; not-a-number without value."""
    if of.name in drawn.measures:
        return drawn.metric(of.name)
    return drawn.scenarios.values(of.measure)


def _group_shares(share: float, count: int, coefficient: float) -> list[float]:
    """At which share each member of a group stands when the group is at ``share``."""
    if count == 1 or coefficient >= 0.0:
        return [share] * count
    from scipy.special import ndtr, ndtri

    others = float(ndtr(coefficient * ndtri(share)))  # (1)
    return [share, *([others] * (count - 1))]


def _rank_correlation(inputs: Floats, values: Floats) -> float | None:
    """Spearman's coefficient over the draws with a value; None where one of both is constant."""
    from scipy.stats import rankdata

    known = ~np.isnan(values)
    inputs, values = inputs[known], values[known]
    if values.size < 3 or any(np.ptp(v) <= _ROUNDING * np.abs(v).max() for v in (inputs, values)):
        return None
    return float(np.corrcoef(rankdata(inputs), rankdata(values))[0, 1])
