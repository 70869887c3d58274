"""Recovery and mass pull of concentrate and tailings, from their assays and that of the feed."""

from typing import Any

import numpy as np

from flowsheet.balance.common_pull import Array, Floats, adjusted, closure, common_pull
from flowsheet.balance.doubts import FAR, disagreement, doubtful_assays, unlike_reported
from flowsheet.balance.measured import Assays, estimate, read_assays
from flowsheet.balance.propagation import propagated
from flowsheet.balance.separation import STREAMS, OfElement, TwoProduct
from flowsheet.core.errors import InputError
from flowsheet.core.quantities import quantity


def two_product(
    *, feed: Any, concentrate: Any, tailings: Any, reported_recovery: Any = None
) -> TwoProduct:
    """Balance one concentrate and tailings against their feed, by their assays f, c and t.

        Y = (f - t) / (c - t)                           mass pull                   (1)
        R = Y c / f                                     recovery                    (2)
        K = 1 / Y,  E = c / f                           ratio of concentration, enrichment ratio

    Each stream has one assay, or a mapping element -> assay. An assay is ``"0.8 %"``, ``"5 g/t"``,
    a fraction, a pint quantity, or Measured with a standard deviation; then every figure has one,
    to first order. Where some assays have one, those without count as exact.

    Several elements share one mass pull, which fits them by least squares, each assay weighted by
    its error (see ``flowsheet.balance.common_pull``). Without errors, all assays are taken to be
    equally well known relative to their values. What each element misses is reported, and its
    recovery is that of the assays adjusted to balance. With ``reported_recovery``, as an assay or
    element -> recovery, a recovery that somebody states is compared.

    Assumptions: steady state, dry mass, no other product. Errors are independent of each other.

    (1), (2): Wills and Finch (2016), Wills' Mineral Processing Technology, 8th ed. (quoted from
    memory).

    >>> from flowsheet import Measured, two_product
    >>> two_product(feed="0.8 %", concentrate="25 %", tailings="0.15 %")
    <TwoProduct: mass pull 2.616 %, recovery 81.74 %>
    >>> uncertain = Measured("0.15 %", "0.02 %")
    >>> balance = two_product(feed="0.8 %", concentrate="25 %", tailings=uncertain)
    >>> balance.recovery(), balance.mass_pull
    (<81.7 ± 2.4 %>, <2.616 ± 0.078 %>)

    Raises InputError for assays that no two products can have.
    """
    assays = read_assays({"feed": feed, "concentrate": concentrate, "tailings": tailings})
    _check(assays)
    weights = _weights(assays)
    values, effects = propagated(
        lambda changed: _figures(changed, weights), assays.values, assays.deviations
    )
    _check_found(values, assays.elements)
    count = len(assays.elements)
    units = ["percent", "", *["percent"] * count, *[""] * count, *["percent"] * count]
    found = [
        estimate(value, effect if assays.with_errors else None, assays.names, unit)
        for value, effect, unit in zip(values, effects, units, strict=True)
    ]
    at = closure(assays.values[:, :, None], weights, values[:1])
    matched = adjusted(assays.values[:, :, None], weights, values[:1])
    elements = {
        element: OfElement(
            recovery=found[2 + row],
            enrichment_ratio=found[2 + count + row],
            own_mass_pull=found[2 + 2 * count + row],
            imbalance=quantity(float(at.miss[row, 0] / assays.values[0, row]), "percent"),
            imbalance_in_deviations=(
                float(at.miss[row, 0] / at.variance[row, 0] ** 0.5) if assays.with_errors else None
            ),
            adjusted=dict(zip(STREAMS, matched[:, row, 0].tolist(), strict=True)),
        )
        for row, element in enumerate(assays.elements)
    }
    squares, surplus = float(at.squares[0]), count - 1
    implied = (squares / surplus) ** 0.5 if surplus and not assays.with_errors else None
    doubts = [
        *doubtful_assays(assays),
        *(disagreement(elements, squares, implied) if surplus else ()),
        *unlike_reported(reported_recovery, elements),
    ]
    return TwoProduct(found[0], found[1], elements, implied, assays, tuple(doubts))


def _figures(assays: Array, weights: Floats) -> Array:
    """Mass pull, ratio of concentration; of each element recovery, enrichment, own mass pull."""
    pull = common_pull(assays, weights)
    feed, concentrate, _ = adjusted(assays, weights, pull)
    enrichment = concentrate / feed
    own = (assays[0] - assays[2]) / (assays[1] - assays[2])  # (1)
    return np.concatenate([pull[None], 1.0 / pull[None], pull * enrichment, enrichment, own])


def _weights(assays: Assays) -> Floats:
    """Standard deviations of the fit: those given, else all the same relative to their values."""
    if not assays.with_errors:
        return assays.values
    for element, deviations in zip(assays.elements, assays.deviations.T, strict=True):
        if not deviations.any():
            raise InputError(
                f"{element}: none of its assays has a standard deviation, others have; "
                "give one, or none at all"
            )
    return assays.deviations


def _check(assays: Assays) -> None:
    """Refuse assays that no concentrate and tailings of this feed can have."""
    for column, element in enumerate(assays.elements):
        of = f"{element}: " if element else ""
        feed, concentrate, tailings = assays.values[:, column]
        shown = dict(zip(STREAMS, (assays.shown(row, column) for row in range(3)), strict=True))
        if feed == 0.0:
            raise InputError(f"{of}the feed holds none of it, so nothing can be recovered")
        if concentrate == tailings:
            raise InputError(
                f"{of}concentrate and tailings both assay {shown['tailings']}, so nothing was "
                "separated; give assays that differ"
            )
        low, high = sorted((concentrate, tailings))
        if low < feed < high:
            continue
        nearer = 1 if abs(feed - concentrate) < abs(feed - tailings) else 2
        off = abs(feed - assays.values[nearer, column])
        error = float(np.hypot(assays.deviations[0, column], assays.deviations[nearer, column]))
        if len(assays.elements) == 1 or off >= FAR * error:
            raise InputError(
                f"{of}the feed assays {shown['feed']}, which does not lie between the concentrate "
                f"with {shown['concentrate']} and the tailings with {shown['tailings']}; "
                "check the assays"
            )


def _check_found(values: Floats, elements: tuple[str, ...]) -> None:
    """Refuse a fit that makes no sense, which elements that contradict each other may have."""
    pull, recoveries = values[0], values[2 : 2 + len(elements)]
    # Without tailings assays all is recovered, but for a rounding.
    if not (0.0 < pull < 1.0 and recoveries.min() > 0.0 and recoveries.max() < 1.0 + 1e-12):
        raise InputError(
            f"the elements contradict each other: no mass pull suits {', '.join(elements)}; "
            "balance them one by one to see which is off"
        )
