"""The minerals that an assay of elements stands for."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flowsheet.balance.measured import Estimate, content, estimate, read_assay
from flowsheet.balance.mineral_content import LEAST, NO_RANGE, REST, MineralContent
from flowsheet.balance.mineral_ranges import Polyhedron
from flowsheet.balance.propagation import propagated
from flowsheet.core.elements import atomic_weight
from flowsheet.core.errors import InputError
from flowsheet.core.mineralogy import (
    ROUNDED_SUM,
    TRACE,
    Assay,
    element_contents,
    explained,
    mineral_fractions,
)
from flowsheet.core.slate import Slate
from flowsheet.core.species import Species

Floats = NDArray[np.float64]
Array = NDArray[Any]

UNEXPLAINED = 0.01
"""Share of an assay that may stay unexplained before the engineer is told; assumed."""


def mineral_content(
    *,
    assay: Mapping[str, Any],
    minerals: Sequence[str | Species],
    remainder: str | Species | None = None,
    within_deviations: float = 2.0,
) -> MineralContent:
    """Find how much of each mineral an assay of elements stands for.

    ``minerals`` are standard species or your own Species. The ``remainder``, usually the gangue,
    takes the rest up to 100 %, and what it brings of an assayed element counts; without it the
    rest holds none of them and is reported as ``rest``. Assays are given as for two_product.

    With at least as many independent assays as minerals, the fractions are those that fit best,
    none below zero (``flowsheet.core.mineralogy``): misfits are weighted by the errors of the
    assays, or relative to the assays where none has one. What each element misses is reported.
    The standard deviations of the fractions follow from those of the assays, to first order.

    With more minerals than that, the least and the most that there can be of each is found, with
    every assay met: exactly, or within so many of its standard deviations
    (``flowsheet.balance.mineral_ranges``).

    Assumptions: minerals have the ideal formulas of their species.

    >>> from flowsheet import mineral_content
    >>> mineral_content(
    ...     assay={"Sb": "28 %", "As": "1.2 %", "Fe": "6 %"},
    ...     minerals=["Sb2S3", "FeAsS", "FeS2"],
    ...     remainder="SiO2",
    ... )
    <MineralContent: Sb2S3 39.06 %, FeAsS 2.608 %, FeS2 10.97 %, SiO2 47.37 %>
    >>> mineral_content(assay={"Sb": "28 %"}, minerals=["Sb2S3", "Sb2O3"], remainder="SiO2")
    <MineralContent: Sb2S3 0 % to 39.06 %, Sb2O3 0 % to 33.52 %, SiO2 60.94 % to 66.48 %>

    Raises InputError for assays that sum above 100 %, that nothing carries or that cannot be met.
    """
    if not within_deviations >= 0.0:
        raise InputError(f"within_deviations: must be 0 or more, got {within_deviations}")
    slate, named, rest = _species(minerals, remainder)
    values, deviations = _assays(assay, slate)
    elements = tuple(values)
    fit = Assay(slate, named, rest, elements, tuple(values.values()), (1.0,) * len(elements))
    contents = element_contents(slate, elements, fit.names)
    if rest is None:
        contents = np.concatenate([contents, np.zeros((len(elements), 1))], axis=1)
    rank = np.linalg.matrix_rank(contents[:, :-1] - contents[:, -1:])
    errors = np.array(list(deviations.values()))
    if rank < len(named):
        return _in_ranges(fit, contents, within_deviations * errors)
    return _fitted(fit, errors, within_deviations)


def _species(
    minerals: Any, remainder: str | Species | None
) -> tuple[Slate, tuple[str, ...], str | None]:
    if isinstance(minerals, str | Species) or not isinstance(minerals, Sequence) or not minerals:
        raise InputError(f'minerals: needs a list, e.g. ["Sb2S3", "FeS2"], got {minerals!r}')
    listed = [*minerals] if remainder is None else [*minerals, remainder]
    names = [entry.name if isinstance(entry, Species) else entry for entry in listed]
    for name in names:
        if not isinstance(name, str):
            raise InputError(f'minerals: one is text such as "Sb2S3", got {name!r}')
        if names.count(name) > 1 or name == REST:
            raise InputError(f"minerals and remainder: '{name}' is named twice, or not a mineral")
    slate = Slate(listed)
    count = len(minerals)
    return slate, tuple(names[:count]), names[count] if remainder is not None else None


def _assays(assay: Any, slate: Slate) -> tuple[dict[str, float], dict[str, float]]:
    """Values and standard deviations by element; refuse what nothing carries."""
    if not isinstance(assay, Mapping) or not assay:
        raise InputError(f'assay: needs elements, e.g. {{"Sb": "28 %"}}, got {assay!r}')
    for symbol in assay:
        atomic_weight(str(symbol))
        if symbol not in slate.elements:
            raise InputError(
                f"assay: none of the minerals contains {symbol}; add one that does, or leave "
                f"{symbol} out"
            )
    read = {symbol: read_assay(f"assay, {symbol}", given) for symbol, given in assay.items()}
    total = sum(value for value, _ in read.values())
    if total > 1.0 + ROUNDED_SUM:
        raise InputError(f"assay sums to {total * 100.0:.6g} %; at most 100 % is possible")
    return {s: value for s, (value, _) in read.items()}, {
        s: error for s, (_, error) in read.items()
    }


def _in_ranges(fit: Assay, contents: Floats, missable: Floats) -> MineralContent:
    assays = np.array(fit.contents)
    low, high = Polyhedron(fit.elements, contents, assays, missable).ranges()
    names = (*fit.names, REST) if fit.remainder is None else fit.names
    known = {
        name: estimate((least + most) / 2.0, None, (), "percent")
        for name, least, most in zip(names, low.tolist(), high.tolist(), strict=True)
        if most - least <= NO_RANGE * max(most, LEAST)
    }
    return MineralContent(
        dict(zip(names, low.tolist(), strict=True)),
        dict(zip(names, high.tolist(), strict=True)),
        known,
        dict(zip(fit.elements, fit.contents, strict=True)),
        {},
        (),
    )


def _fitted(fit: Assay, errors: Floats, within: float) -> MineralContent:
    """Fit and propagate errors; fractions of fit.names, and of the rest where nothing takes it."""
    with_errors = bool(errors.any())
    if with_errors and not errors.all():
        symbol = fit.elements[int((errors == 0.0).argmax())]
        raise InputError(
            f"assay: {symbol} has no standard deviation, others have; give all or none"
        )

    def weighted(contents: Array) -> Assay:
        """The fit to other assays; misfits count relative to the errors, where there are any."""
        scale = np.where(contents.real > TRACE, contents, TRACE)
        weights = (scale / errors[:, None]) ** 2 if with_errors else np.ones(contents.shape)
        return fit._replace(contents=tuple(contents), weights=tuple(weights))

    def fractions(assays: Array) -> Array:
        found = mineral_fractions(weighted(assays[0]))
        if fit.remainder is not None:
            return found
        return np.concatenate([found, 1.0 - found.sum(axis=0, keepdims=True)])

    assays = np.array([fit.contents])
    values, effects = propagated(fractions, assays, errors[None])
    names = (*fit.names, REST) if fit.remainder is None else fit.names
    estimates: dict[str, Estimate] = {
        name: estimate(value, effect if with_errors else None, fit.elements, "percent")
        for name, value, effect in zip(names, values.tolist(), effects, strict=True)
    }
    brought = explained(weighted(assays[0][:, None]))[1][:, 0]
    by_name = dict(zip(names, values.tolist(), strict=True))
    allowed = within * errors if with_errors else UNEXPLAINED * np.maximum(assays[0], TRACE)
    doubts = [
        f"the minerals bring {content(found)} {symbol}, the assay says {content(assayed)}; "
        f"check the assay, or the minerals that carry {symbol}"
        for symbol, assayed, found, most in zip(
            fit.elements, fit.contents, brought.tolist(), allowed, strict=True
        )
        if abs(assayed - found) > most
    ]
    return MineralContent(
        by_name,
        by_name,
        estimates,
        dict(zip(fit.elements, fit.contents, strict=True)),
        dict(zip(fit.elements, brought.tolist(), strict=True)),
        tuple(doubts),
    )
