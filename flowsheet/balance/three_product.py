"""Mass splits and recoveries of three products, from assays of two elements."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flowsheet.balance.measured import Assays, Estimate, aligned, estimate, read_assays
from flowsheet.balance.propagation import propagated
from flowsheet.core.errors import InputError, nearest

Array = NDArray[Any]

_ALIKE = 1e-9
"""Sine of the angle between two differences of products below which they are proportional."""
NEARLY_ALIKE = 0.05
"""The same, below which small errors of assays make large ones of splits; assumed."""


@dataclass(frozen=True, repr=False)
class ThreeProduct:
    """A balance over a feed and three products; print it for a table."""

    splits: Mapping[str, Estimate]
    """Product -> its mass per mass of feed."""
    recoveries: Mapping[str, Mapping[str, Estimate]]
    """Element -> product -> share of the element in the feed."""
    assays: Assays
    doubts: tuple[str, ...]
    """See ``warnings``."""

    def __repr__(self) -> str:
        shown = ", ".join(f"{product} {split}" for product, split in self.splits.items())
        return f"<ThreeProduct: {shown}>"

    def __str__(self) -> str:
        return self.table()

    def mass_split(self, product: str) -> Estimate:
        """Mass of a product per mass of feed."""
        if product not in self.splits:
            raise InputError(f"there is no product {product!r}{nearest(str(product), self.splits)}")
        return self.splits[product]

    def recovery(self, element: str, *, to: str) -> Estimate:
        """Share of an element in the feed that is in a product."""
        self.mass_split(to)
        if element not in self.recoveries:
            raise InputError(
                f"no element {element!r} in this balance{nearest(str(element), self.recoveries)}"
            )
        return self.recoveries[element][to]

    def warnings(self) -> list[str]:
        """What an engineer should doubt, one line each."""
        return list(self.doubts)

    def table(self) -> str:
        """The balance as text."""
        elements = self.assays.elements
        headings = ["", "mass", *elements, *(f"{element} recovery" for element in elements)]
        rows = [["feed", "100 %", *(self.assays.shown(0, c) for c in (0, 1)), "", ""]]
        for row, (product, split) in enumerate(self.splits.items(), start=1):
            recovered = [str(self.recoveries[element][product]) for element in elements]
            assayed = [self.assays.shown(row, column) for column in (0, 1)]
            rows.append([product, str(split), *assayed, *recovered])
        return "\n".join([aligned(headings, rows), *(f"! {line}" for line in self.doubts)])


def three_product(*, feed: Mapping[str, Any], products: Mapping[str, Any]) -> ThreeProduct:
    """Balance three products against their feed, by the assays of two elements in all four.

    With a_ep the assay of element e in product p and f_e that of the feed, the mass splits Y_p and
    the recoveries R_ep are

        sum_p Y_p = 1,   sum_p a_ep Y_p = f_e                                       (1)
        R_ep = Y_p a_ep / f_e                                                       (2)

    ``products`` maps the names of the products to their assays, element -> assay; these are given
    as for two_product, with a standard deviation where one is known. All figures have one then, to
    first order; where some assays have one, those without count as exact.

    Assumptions: steady state, dry mass, no other product. Errors are independent of each other.
    Limits: two of the products should be rich in one element each, else the splits are hardly
    known; a product that holds little of both may be the third.

    (1), (2): Wills and Finch (2016), Wills' Mineral Processing Technology, 8th ed. (quoted from
    memory).

    >>> from flowsheet import three_product
    >>> balance = three_product(
    ...     feed={"Pb": "3 %", "Zn": "6 %"},
    ...     products={
    ...         "lead": {"Pb": "50 %", "Zn": "8 %"},
    ...         "zinc": {"Pb": "2 %", "Zn": "55 %"},
    ...         "tailings": {"Pb": "0.2 %", "Zn": "0.5 %"},
    ...     },
    ... )
    >>> balance
    <ThreeProduct: lead 5.284 %, zinc 9.365 %, tailings 85.35 %>
    >>> balance.recovery("Zn", to="zinc")
    <85.84 %>

    Raises InputError for assays that three products of the feed cannot have, and where the two
    elements go together, so that they count as one.
    """
    assays = read_assays({"feed": feed, **_three(products)})
    elements, names = assays.elements, assays.streams[1:]
    if len(elements) != 2:
        raise InputError(
            f"three products need the assays of two elements, got {', '.join(elements) or 'one'}; "
            "choose the two that are told apart best"
        )
    for element, of_feed in zip(elements, assays.values[0], strict=True):
        if of_feed == 0.0:
            raise InputError(f"feed, {element}: the feed holds none of it; assay another element")
    sine = _difference(assays)
    values, effects = propagated(_figures, assays.values, assays.deviations)
    _check_splits(names, values[:3])
    found = [
        estimate(value, effect if assays.with_errors else None, assays.names, "percent")
        for value, effect in zip(values, effects, strict=True)
    ]
    recoveries = {
        element: dict(zip(names, found[3 + 3 * row : 6 + 3 * row], strict=True))
        for row, element in enumerate(elements)
    }
    return ThreeProduct(
        dict(zip(names, found[:3], strict=True)), recoveries, assays, tuple(_doubts(elements, sine))
    )


def _three(products: Any) -> Mapping[str, Any]:
    if not isinstance(products, Mapping) or len(products) != 3:
        got = ", ".join(map(str, products)) if isinstance(products, Mapping) else repr(products)
        raise InputError(f"products: needs three, name -> assays, got {got or 'none'}")
    for name in products:
        if not isinstance(name, str) or name in ("", "feed"):
            raise InputError(f'products: a name is text such as "tailings", got {name!r}')
    return products


def _figures(assays: Array) -> Array:
    """Splits by (1), recoveries by (2), element by element: (9, scenarios)."""
    enriched = (assays[1:] / assays[0]).transpose(2, 1, 0)  # (scenarios, elements, products)
    mass = np.ones_like(enriched[:, :1])
    matrix = np.concatenate([mass, enriched], axis=1)
    splits = np.linalg.solve(matrix, np.ones((3, 1)))  # (1), divided by the assays of the feed
    recoveries = enriched * splits.swapaxes(1, 2)  # (2)
    return np.concatenate([splits[:, :, 0], recoveries.reshape(-1, 6)], axis=1).T


def _difference(assays: Assays) -> float:
    """Sine of the angle at which the products are least different; refuse where they are alike."""
    places = assays.values[1:] / assays.values[0]
    names, elements = assays.streams[1:], assays.elements
    sines = []
    for one, other, third in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
        first, second = places[other] - places[one], places[third] - places[one]
        if not first.any():
            raise InputError(
                f"{names[one]} and {names[other]} have the same assays; take them as one product"
            )
        length = float(np.hypot(*first) * np.hypot(*second)) or 1.0
        sines.append(abs(float(first[0] * second[1] - first[1] * second[0])) / length)
    if min(sines) < _ALIKE:
        raise InputError(
            f"{' and '.join(elements)} change in proportion from product to product, so they count "
            "as one element; assay another, or balance two products"
        )
    return min(sines)


def _check_splits(names: tuple[str, ...], splits: Array) -> None:
    if splits.min() <= 0.0:
        shown = ", ".join(
            f"{name} {split * 100.0:.3g} %" for name, split in zip(names, splits, strict=True)
        )
        raise InputError(
            f"the feed does not lie between the three products: they would take {shown} of it; "
            "check the assays"
        )


def _doubts(elements: tuple[str, ...], sine: float) -> list[str]:
    if sine >= NEARLY_ALIKE:
        return []
    return [
        f"{' and '.join(elements)} change almost in proportion from product to product (sine of "
        f"the angle {sine:.2g}), so small errors of assays make large ones of splits; "
        "give standard deviations to see how large"
    ]
