"""A route with its uncertain numbers drawn: how metrics spread, and which numbers matter."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flowsheet.core.errors import SolveError
from flowsheet.progress import Report
from flowsheet.routes.metrics import metric_measures
from flowsheet.routes.route import Route
from flowsheet.routes.scenarios import RouteScenarios, SummaryRow
from flowsheet.routes.tornado import Tornado, drawn_values, tornado
from flowsheet.routes.watch import Watched, watched
from flowsheet.uncertainty.percentiles import percentiles

THROUGHPUT = "antimony_to_refinery_t_yr"


@dataclass(frozen=True)
class UncertaintyReport:
    """Draws and swings of one route, and what is watched of them."""

    drawn: RouteScenarios
    tornado: Tornado
    watched: tuple[Watched, ...]
    seed: int

    def __repr__(self) -> str:
        return f"<UncertaintyReport of {self.drawn.route}: {self.drawn.scenarios!r}>"

    @cached_property
    def summary(self) -> list[SummaryRow]:
        """One row per metric, and one for each measure of a stream that is watched."""
        rows = self.drawn.summary()
        return [*rows, *(self._row(w) for w in self.watched if w.name not in self.drawn.measures)]

    def _row(self, watched: Watched) -> SummaryRow:
        """The row of a measure of a stream."""
        written = self.tornado.as_written(watched.name)
        solved, failed = self.drawn.scenarios.solved, len(self.drawn.failed)
        try:
            spread = percentiles(drawn_values(self.drawn, watched), watched.name)
        except SolveError:  # the counts of the row say so
            return SummaryRow(watched.name, written, None, None, None, None, solved, failed, solved)
        return SummaryRow(
            watched.name,
            written,
            *(spread.p10, spread.p50, spread.p90, spread.mean),
            *(solved, failed, spread.failed - failed),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, as ``flowsheet uncertainty --format json`` prints them."""
        return {
            "route": self.drawn.route,
            "draws": len(self.drawn.scenarios),
            "seed": self.seed,
            "solved": self.drawn.scenarios.solved,
            "failed": len(self.drawn.failed),
            "reasons": self.drawn.reasons,
            "summary": [row.to_dict() for row in self.summary],
            "tornado": {
                each.name: [row.to_dict() for row in self.tornado.of(each.name)]
                for each in self.watched
            },
        }


def uncertainty_report(
    route: Route,
    watch: Sequence[str] = (THROUGHPUT,),
    draws: int = 1000,
    seed: int = 1,
    progress: Report | None = None,
) -> UncertaintyReport:
    """Draw the uncertain numbers of a route, and move each alone from its P10 to its P90.

    ``watch`` names metrics and measures of streams, see ``watch``. Raises InputError for
    what makes no sense or when no number has a range, SolveError when the route as written has no
    steady state.
    """
    seen = watched_of(route, watch)
    drawn = route.scenarios(draws=draws, seed=seed, progress=progress)
    return UncertaintyReport(drawn, tornado(route, drawn), seen, seed)


def watched_of(route: Route, watch: Sequence[str]) -> tuple[Watched, ...]:
    """Return what is meant by the texts; raise InputError with the nearest name."""
    return watched(watch, route.flowsheet, metric_measures(route.flowsheet, route.data.header))
