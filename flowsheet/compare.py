"""Routes side by side; a route that does not solve keeps its row, with the reason."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from flowsheet.core.errors import FlowsheetError
from flowsheet.metrics import Metrics
from flowsheet.route import Route


@dataclass(frozen=True)
class Row:
    """One route in the comparison; without metrics when it did not solve."""

    route: str
    status: str
    metrics: Metrics | None
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the row as plain values; every metric is None when the route did not solve."""
        values: Mapping[str, Any] = (
            asdict(self.metrics)
            if self.metrics
            else dict.fromkeys(field.name for field in fields(Metrics))
        )
        return {"route": self.route, "status": self.status, **values}


def compare(routes: Iterable[Route]) -> list[Row]:
    """Solve every route and return one row each, in the order given."""
    rows = []
    for route in routes:
        try:
            result = route.solve()
        except FlowsheetError as error:
            rows.append(Row(route.name, f"not solved: {error}", None))
        else:
            notes = tuple(result.warnings)
            rows.append(Row(route.name, result.solution.status, result.metrics, notes))
    return rows
