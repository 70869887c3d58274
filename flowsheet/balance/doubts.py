"""What an engineer should doubt about a two-product balance, one line each."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from flowsheet.balance.measured import Assays, content, read_recovery
from flowsheet.balance.separation import OfElement
from flowsheet.core.errors import InputError, nearest

FAR = 3.0
"""Standard deviations between feed and tailings below which a recovery is hardly known."""
APART = 2.0
"""Standard deviations between two figures that are told apart."""
ROUNDED_RECOVERY = 0.005
"""How far a reported recovery may be off in any case, by rounding of its assays; assumed."""
CHANCE = 0.05
"""How often elements that agree are said to disagree."""
WELL_ASSAYED = 0.05
"""Relative error of assays and samples beyond which elements are said to disagree; assumed."""


def doubtful_assays(assays: Assays) -> Iterator[str]:
    """Where products may be exchanged, and where the feed can hardly be told from the tailings."""
    for column, element in enumerate(assays.elements):
        of = f"{element}: " if element else ""
        feed, concentrate, tailings = assays.values[:, column]
        if concentrate < tailings:
            yield (
                f"{of}the tailings are richer than the concentrate; right for what is rejected, "
                "else the two are exchanged"
            )
        error = float(np.hypot(assays.deviations[0, column], assays.deviations[2, column]))
        if len(assays.elements) == 1 and abs(feed - tailings) < FAR * error:
            yield (
                f"{of}feed and tailings differ by {abs(feed - tailings) / error:.2g} standard "
                "deviations only, so the recovery is hardly known; assay more samples of both"
            )


def disagreement(
    elements: Mapping[str, OfElement], squares: float, implied: float | None
) -> Iterator[str]:
    """Say so where the elements ask for different mass pulls.

    ``squares`` is the sum of squares of the fit, ``implied`` the relative error that explains it
    where none is given.
    """
    if implied is None:
        from scipy.special import chdtrc

        chance = float(chdtrc(len(elements) - 1, squares))
        if chance >= CHANCE:
            return
        why = f"with the errors given that happens in {chance:.2g} of all balances"
    else:
        if implied <= WELL_ASSAYED:
            return
        why = f"it would take errors of {implied:.0%} of the value in every assay"
    own = ", ".join(f"{element} {found.own_mass_pull}" for element, found in elements.items())
    yield f"the elements disagree on the mass pull ({own}); {why}: check assays and samples"


def unlike_reported(given: Any, elements: Mapping[str, OfElement]) -> Iterator[str]:
    """Compare recoveries that somebody states with those of the assays."""
    for element, value in _stated(given, elements).items():
        of = f" of {element}" if element else ""
        said = read_recovery(f"reported_recovery{of}", value)
        recovery = elements[element].recovery
        error = recovery.standard_deviation
        apart = 0.0 if error is None else APART * error.magnitude / 100.0
        if abs(said - recovery.value.magnitude / 100.0) > max(apart, ROUNDED_RECOVERY):
            yield (
                f"the reported recovery{of} is {content(said)}, the assays give {recovery}; "
                "they cannot both be right"
            )


def _stated(given: Any, elements: Mapping[str, OfElement]) -> Mapping[str, Any]:
    if given is None:
        return {}
    first = next(iter(elements))
    if not isinstance(given, Mapping):
        if len(elements) > 1:
            raise InputError(
                f'reported_recovery: of which element? Write e.g. {{"{first}": "{given}"}}'
            )
        return {first: given}
    for element in given:
        if element not in elements:
            raise InputError(
                f"reported_recovery: {element!r} is not assayed{nearest(str(element), elements)}"
            )
    return given
