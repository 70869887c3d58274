"""The result of a two-product balance: recovery and mass pull, element by element."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowsheet.balance.measured import Assays, Estimate, aligned
from flowsheet.core.errors import InputError, nearest

if TYPE_CHECKING:
    from pint import Quantity

STREAMS = ("feed", "concentrate", "tailings")


@dataclass(frozen=True)
class OfElement:
    """What the balance says of one element."""

    recovery: Estimate
    enrichment_ratio: Estimate
    own_mass_pull: Estimate
    """The mass pull that this element alone would give."""
    imbalance: "Quantity[float]"
    """Feed less products at the common mass pull, as assayed, in percent of the feed."""
    imbalance_in_deviations: float | None
    """The same in its standard deviations, where they are known."""
    adjusted: Mapping[str, float]
    """Stream -> assay that balances, a mass fraction; as given where there is one element."""


@dataclass(frozen=True, repr=False)
class TwoProduct:
    """A balance over feed, concentrate and tailings; print it for a table."""

    mass_pull: Estimate
    """Concentrate per feed, also called mass yield."""
    ratio_of_concentration: Estimate
    """Feed per concentrate."""
    elements: Mapping[str, OfElement]
    implied_deviation: float | None
    """Relative error of all assays that would explain how far the elements disagree.

    Only where there are several elements and no standard deviations.
    """
    assays: Assays
    doubts: tuple[str, ...]
    """See ``warnings``."""

    def __repr__(self) -> str:
        recovered = ", ".join(
            f"recovery {f'of {element} ' if element else ''}{found.recovery}"
            for element, found in self.elements.items()
        )
        return f"<TwoProduct: mass pull {self.mass_pull}, {recovered}>"

    def __str__(self) -> str:
        return self.table()

    def of(self, element: str | None = None) -> OfElement:
        """What is known of an element; it need not be named where there is one."""
        if element is None and len(self.elements) == 1:
            return next(iter(self.elements.values()))
        if element is None or element not in self.elements:
            raise InputError(
                f"no element {element!r} in this balance{nearest(str(element), self.elements)}"
            )
        return self.elements[element]

    def recovery(self, element: str | None = None) -> Estimate:
        """Share of an element in the feed that is in the concentrate."""
        return self.of(element).recovery

    def enrichment_ratio(self, element: str | None = None) -> Estimate:
        """Grade of the concentrate over grade of the feed."""
        return self.of(element).enrichment_ratio

    def warnings(self) -> list[str]:
        """What an engineer should doubt, one line each."""
        return list(self.doubts)

    def table(self) -> str:
        """The balance as text."""
        headings = ["", *STREAMS, "recovery", "enrichment", "own mass pull", "imbalance"]
        rows = [
            [
                element or "assay",
                *(self.assays.shown(stream, column) for stream in range(3)),
                str(found.recovery),
                str(found.enrichment_ratio),
                str(found.own_mass_pull),
                f"{found.imbalance.magnitude:.3g} %",
            ]
            for column, (element, found) in enumerate(self.elements.items())
        ]
        if len(rows) == 1:
            headings, rows = headings[:-2], [rows[0][:-2]]
        lines = [
            aligned(headings, rows),
            f"mass pull {self.mass_pull}, ratio of concentration {self.ratio_of_concentration}",
        ]
        return "\n".join([*lines, *(f"! {line}" for line in self.doubts)])
