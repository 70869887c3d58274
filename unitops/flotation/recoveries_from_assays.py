"""Recoveries of minerals that meet the assays of one element; equations in TwoProductSeparator."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from flowsheet.core.arithmetic import ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Parameters

ROUNDING = 1e-9
"""How far a recovery may miss 0 or 1 and still be the rounding of one that does not."""


@lru_cache(maxsize=64)
def carriers_and_gangue(slate: Slate, element: str) -> tuple[Array, Array]:
    """Mass fraction of an element in every row; one where a solid holds none, (rows, 1)."""
    fractions = slate.element_fractions[slate.elements.index(element)][:, None]
    solid = slate.in_phase("solid")
    return solid * fractions, solid * (fractions == 0.0)


class _Split(NamedTuple):
    """What (1) to (4) lead to, each (scenarios,) but the recoveries, in kg/s."""

    fed: Array
    """Element in the feed, M."""
    recovered: Array
    """Element in the concentrate, R M."""
    concentrate: Array
    """Solids in the concentrate, C."""
    carriers: Array
    """Minerals in the concentrate that hold the element."""
    recoveries: Array
    """Share of every solid that reaches the concentrate, (rows, scenarios)."""


def _split(feed: Flow, p: Parameters) -> _Split:
    """Find the recoveries that the assays ask for, possible or not."""
    fractions, is_gangue = carriers_and_gangue(feed.slate, p.element)
    fed = (fractions * feed.mass).sum(axis=0)
    if p.tailings_grade is None:
        recovered = p.recovery * fed
    else:
        above = fed - p.tailings_grade * feed.solids.total()
        recovered = p.concentrate_grade * above / (p.concentrate_grade - p.tailings_grade)  # (1)
    concentrate = recovered / p.concentrate_grade  # (2)
    weighted = p.relative_recovery * feed.mass
    is_carrier = fractions > 0.0
    of_carriers = ratio(recovered, (fractions * weighted).sum(axis=0))  # (3)
    carriers = of_carriers * (is_carrier * weighted).sum(axis=0)
    of_gangue = ratio(concentrate - carriers, (is_gangue * weighted).sum(axis=0))  # (4)
    recoveries = p.relative_recovery * (is_carrier * of_carriers + is_gangue * of_gangue)
    return _Split(fed, recovered, concentrate, carriers, recoveries)


def recoveries_from_assays(feed: Flow, p: Parameters) -> Array:
    """Share of every solid that reaches the concentrate; refuse assays that cannot be."""
    split = _split(feed, p)
    _check_element(feed, p, split)
    _check_gangue(feed, p, split)
    # What is left outside 0 and 1 are roundings.
    recoveries = np.where(split.recoveries.real < 0.0, 0.0, split.recoveries)
    return np.asarray(np.where(recoveries.real > 1.0, 1.0, recoveries))


def _check_element(feed: Flow, p: Parameters, split: _Split) -> None:
    """Refuse a feed outside of the two grades, and carriers that are not to be recovered."""
    fed, recovered = split.fed.real, split.recovered.real
    poor = np.flatnonzero(recovered < -ROUNDING * p.concentrate_grade * feed.solids.total().real)
    rich = np.flatnonzero(recovered > (1.0 + ROUNDING) * fed)
    for place, side in ((poor, "tailings"), (rich, "concentrate")):
        if place.size:
            at = place[0]
            grade = fed[at] / feed.solids.total().real[at]
            asked = np.ravel(np.broadcast_to(getattr(p, f"{side}_grade"), fed.shape))[at].real
            raise InputError(
                f"the feed holds {grade:.2%} {p.element}, which is not between the grades of "
                f"tailings and concentrate (the {side} with {asked:.2%}); check the assays"
            )
    if np.any((split.carriers.real == 0.0) & (recovered > 0.0)):
        raise InputError(
            f"relative_recovery is 0 for every mineral in the feed that holds {p.element}, so "
            "none can be recovered; give one of them more"
        )


def _check_gangue(feed: Flow, p: Parameters, split: _Split) -> None:
    """Refuse a concentrate richer than its minerals, or one that takes more than there is."""
    room = split.concentrate.real - split.carriers.real
    short = np.flatnonzero(room < -ROUNDING * split.concentrate.real)
    if short.size:
        at = short[0]
        grade = split.recovered.real[at] / split.carriers.real[at]
        asked = np.ravel(np.broadcast_to(p.concentrate_grade, room.shape))[at].real
        raise InputError(
            f"concentrate_grade of {asked:.2%} {p.element} cannot be reached: the minerals that "
            f"hold it have {grade:.2%} without any gangue; ask for less"
        )
    flows = feed.mass.real > 0.0
    over = flows & (split.recoveries.real > 1.0 + ROUNDING)
    if over.any():
        row, at = np.argwhere(over)[0]
        raise InputError(
            f"the concentrate would need {split.recoveries.real[row, at]:.0%} of the "
            f"{feed.slate.labels[row]} in the feed; ask for a higher concentrate_grade, or give "
            "it a lower relative_recovery"
        )
    missing = split.concentrate.real - (split.recoveries.real * feed.mass.real).sum(axis=0)
    # where next to nothing is recovered, roundings of the feed
    negligible = ROUNDING * split.concentrate.real + 1e-12 * feed.solids.total().real
    if np.any(missing > negligible):
        raise InputError(
            "the feed holds no gangue that could dilute the concentrate to its grade; ask for a "
            "higher concentrate_grade"
        )
