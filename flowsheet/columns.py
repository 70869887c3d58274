"""Streams as columns of one array."""

from collections.abc import Iterator, Mapping, Sequence

from flowsheet.core.flow import Array


class Columns(Mapping[str, Array]):
    """Streams of one scenario as columns of one array, (constituents, streams)."""

    def __init__(self, column: Mapping[str, int], mass: Array) -> None:
        self.column = column
        self.mass = mass

    def __getitem__(self, name: str) -> Array:
        place = self.column[name]
        return self.mass[:, place : place + 1]

    def rows_of(self, names: Sequence[str]) -> Array:
        """Some streams as rows, (streams, constituents)."""
        rows: Array = self.mass.T[[self.column[name] for name in names]]
        return rows

    def __iter__(self) -> Iterator[str]:
        return iter(self.column)

    def __len__(self) -> int:
        return len(self.column)
