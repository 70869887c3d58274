"""The minerals that an assay of elements stands for, or the range in which each must lie."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowsheet.balance.measured import Estimate, aligned, content
from flowsheet.core.errors import InputError, nearest
from flowsheet.core.quantities import quantity

if TYPE_CHECKING:
    from pint import Quantity

REST = "rest"
"""What is in none of the minerals, where no mineral takes the remainder."""
NO_RANGE = 1e-5
"""Relative width of a range that is a number."""
LEAST = 1e-6
"""Contents below 1 g/t count as 1 g/t where they are compared."""


@dataclass(frozen=True, repr=False)
class MineralContent:
    """Mass fractions of minerals; print it for a table."""

    low: Mapping[str, float]
    high: Mapping[str, float]
    """Mineral -> the least and the most of it, mass fractions; the same where it is known."""
    estimates: Mapping[str, Estimate]
    """Of the minerals that are known, with their standard deviations if the assays have any."""
    assayed: Mapping[str, float]
    """Element -> its assay, a mass fraction."""
    brought: Mapping[str, float]
    """Element -> what the minerals bring of it; empty where only ranges are known."""
    doubts: tuple[str, ...]
    """See ``warnings``."""

    def __repr__(self) -> str:
        shown = ", ".join(f"{name} {self._shown(name)}" for name in self.low)
        return f"<MineralContent: {shown}>"

    def __str__(self) -> str:
        return self.table()

    @property
    def known(self) -> bool:
        """Whether the assays tell how much there is of every mineral."""
        return len(self.estimates) == len(self.low)

    def fraction(self, mineral: str) -> Estimate:
        """Mass fraction of a mineral; raise InputError where the assays leave a range."""
        self._check(mineral)
        if mineral not in self.estimates:
            raise InputError(
                f"{mineral}: the assays leave a range, {self._shown(mineral)}; read it with "
                f"range_of('{mineral}'), or assay another element"
            )
        return self.estimates[mineral]

    def range_of(self, mineral: str) -> "tuple[Quantity[float], Quantity[float]]":
        """The least and the most that there can be of a mineral."""
        self._check(mineral)
        return quantity(self.low[mineral], "percent"), quantity(self.high[mineral], "percent")

    def misfit(self, element: str) -> "Quantity[float]":
        """What is assayed of an element and not in the minerals.

        Raises InputError where there are ranges: every composition in them meets the assays.
        """
        if element not in self.assayed:
            raise InputError(f"{element!r} is not assayed{nearest(str(element), self.assayed)}")
        if not self.brought:
            raise InputError(f"{element}: has no misfit, all compositions in the ranges meet it")
        return quantity(self.assayed[element] - self.brought[element], "percent")

    def warnings(self) -> list[str]:
        """What an engineer should doubt, one line each."""
        return list(self.doubts)

    def table(self) -> str:
        """Minerals, and below them what of each element is not in them, as text."""
        minerals = aligned(["mineral", "content"], [[name, self._shown(name)] for name in self.low])
        if not self.brought:
            return minerals
        elements = aligned(
            ["element", "assayed", "in minerals"],
            [
                [element, content(assayed), content(self.brought[element])]
                for element, assayed in self.assayed.items()
            ],
        )
        return "\n".join([minerals, "", elements, *(f"! {line}" for line in self.doubts)])

    def _check(self, mineral: str) -> None:
        if mineral not in self.low:
            raise InputError(f"{mineral!r} is not asked for{nearest(str(mineral), self.low)}")

    def _shown(self, name: str) -> str:
        if name in self.estimates:
            return str(self.estimates[name])
        return f"{content(self.low[name])} to {content(self.high[name])}"
