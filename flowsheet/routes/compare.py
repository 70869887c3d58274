"""Routes side by side; a route that does not solve keeps its row, with the reason."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from flowsheet.core.errors import FlowsheetError, InputError, nearest
from flowsheet.progress import Bar, Report
from flowsheet.routes.metrics import Metrics
from flowsheet.routes.route import Route
from flowsheet.routes.scenarios import SummaryRow
from flowsheet.routes.side_by_side import side_by_side

METRIC_NAMES = tuple(field.name for field in fields(Metrics))
PERCENTILES = ("p10", "p50", "p90")


@dataclass(frozen=True)
class Draws:
    """One route over the draws of its uncertain numbers."""

    asked: int
    solved: int
    reasons: Mapping[str, int]
    """Why draws failed, and how many for each reason."""
    summary: Mapping[str, SummaryRow]
    """Metric -> its percentiles."""

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        spreads = {
            name: {key: getattr(row, key) for key in (*PERCENTILES, "mean")}
            for name, row in self.summary.items()
        }
        counts = {"asked": self.asked, "solved": self.solved, "reasons": dict(self.reasons)}
        return {**counts, "metrics": spreads}


@dataclass(frozen=True)
class Row:
    """One route in the comparison; without metrics when it did not solve."""

    route: str
    status: str
    metrics: Metrics | None
    draws: Draws | None = None
    undrawn: str = ""
    """Why there are no draws though they were asked for."""

    def value(self, key: str) -> Any:
        """The name of the route, or a metric; None where the route has none."""
        return self.route if key == "route" else getattr(self.metrics, key, None)

    def to_dict(self) -> dict[str, Any]:
        """Return the row as plain values; every metric is None when the route did not solve."""
        values: Mapping[str, Any] = (
            asdict(self.metrics) if self.metrics else dict.fromkeys(METRIC_NAMES)
        )
        return {"route": self.route, "status": self.status, **values}

    def draws_dict(self, asked: int) -> dict[str, Any]:
        """Return the draws as plain values; those that were not solved with the reason."""
        if self.draws is not None:
            return self.draws.to_dict()
        return Draws(asked, 0, {self.undrawn or self.status: asked}, {}).to_dict()

    def drawn(self) -> dict[str, Any]:
        """Return ``METRIC_p10`` and so on for every metric with draws, flat."""
        summary = self.draws.summary if self.draws else {}
        return {
            f"{name}_{key}": getattr(row, key)
            for name, row in summary.items()
            for key in PERCENTILES
        }


def compare(
    routes: Iterable[Route],
    draws: int | None = None,
    seed: int = 1,
    progress: Report | None = None,
    processes: int = 1,
) -> list[Row]:
    """Solve every route and return one row each, in the order given.

    With ``draws``, every route is also solved for that many draws of its uncertain numbers, as
    ``Route.scenarios`` does. ``progress(done, total)`` is told of the draws of all routes together.
    Up to so many ``processes`` draw routes side by side, with the same results; a script that asks
    for more than one must begin under ``if __name__ == "__main__":``.
    """
    listed = list(routes)
    if draws is not None:
        _check_whole("draws", draws, 1)
        _check_whole("seed", seed, 0)
        _check_whole("processes", processes, 1)
    if draws is None:
        return [_solved(route) for route in listed]
    with Bar(draws * len(listed), "draws") as bar:
        return _all_drawn(listed, Drawing(draws, seed), processes, progress or bar)


def _all_drawn(
    routes: Sequence[Route], drawing: "Drawing", processes: int, report: Report
) -> list[Row]:
    """Rows with draws: side by side what can be, and the rest here."""
    draws, total = drawing.draws, drawing.draws * len(routes)
    rows: dict[int, Row] = {}
    if processes > 1 and len(routes) > 1:
        found = side_by_side(
            dict(enumerate(routes)),
            drawing,
            processes,
            lambda done: report(min(sum(done.values()), total - 1), total),
        )
        for place, row in found.items():
            if isinstance(row, str):
                row = Row(routes[place].name, f"not solved: {row}", None)  # noqa: PLW2901
            rows[place] = row
    for place, route in enumerate(routes):
        if place not in rows:
            rows[place] = drawing(route, _later(report, len(rows) * draws, total))
            report(len(rows) * draws, total)
    report(total, total)
    return [rows[place] for place in range(len(routes))]


@dataclass(frozen=True)
class Drawing:
    """How routes are drawn: called with a route, it returns its row."""

    draws: int
    seed: int

    def __call__(self, route: Route, progress: Report) -> Row:
        """Solve the route as written, and draw it if that can be solved."""
        row = _solved(route)
        if row.metrics is None:
            return row
        return _drawn(row, route, self.draws, self.seed, progress)


def sort_rows(rows: Iterable[Row], key: str, *, reverse: bool = False) -> list[Row]:
    """Return rows by a metric, the largest first, or by ``route``, from A to Z.

    Routes without a value come last in either direction. Raises InputError, with the nearest name,
    for a key that there is not.
    """
    check_sort_key(key)
    listed = sorted(rows, key=lambda row: row.route)
    valued = [row for row in listed if row.value(key) is not None]
    largest_first = not isinstance(valued[0].value(key), str) if valued else False
    ordered = sorted(valued, key=lambda row: row.value(key), reverse=largest_first != reverse)
    return [*ordered, *(row for row in listed if row.value(key) is None)]


def check_sort_key(key: str) -> None:
    """Raise InputError, with the nearest name, for what rows cannot be sorted by."""
    known = ("route", *METRIC_NAMES)
    if key not in known:
        raise InputError(f"there is no metric '{key}' to sort by{nearest(key, known)}")


def _check_whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise InputError(f"{name}: needs a whole number, {least} or more, got {value!r}")


def _solved(route: Route) -> Row:
    try:
        result = route.solve()
    except FlowsheetError as error:
        return Row(route.name, f"not solved: {error}", None)
    return Row(route.name, result.solution.status, result.metrics)


def _drawn(row: Row, route: Route, draws: int, seed: int, progress: Report) -> Row:
    if not route.uncertain():
        return replace(row, undrawn="no number has a range, so nothing was drawn")
    try:
        found = route.scenarios(draws=draws, seed=seed, progress=progress)
    except FlowsheetError as error:
        return replace(row, undrawn=f"not drawn: {error}")
    summary = {each.metric: each for each in found.summary()}
    return replace(row, draws=Draws(draws, found.scenarios.solved, found.reasons, summary))


def _later(report: Report, before: int, total: int) -> Report:
    """Report on a part of the work, of which so much was done before."""
    return lambda done, part: report(before + done, total)  # noqa: ARG005 - the part's own total
