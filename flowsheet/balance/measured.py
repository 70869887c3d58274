"""Assays as they are given, with or without a standard deviation, and figures made of them."""

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from functools import cached_property
from math import floor, log10
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from flowsheet.core.errors import InputError
from flowsheet.core.parameters import Fraction, Ratio, parameter_of
from flowsheet.core.quantities import Dimension, quantity, to_base

if TYPE_CHECKING:
    from pint import Quantity

Floats = NDArray[np.float64]

ROUNDED_SUM = 1e-6
"""How far assays may exceed 100 % together."""
LEAST_IN_PERCENT = 1e-4
"""Smaller contents are written in g/t."""

LEAST_ASSAY = 1e-15
"""Mass fraction that nothing can be assayed below."""

_FRACTION = parameter_of(Fraction).dimension
_RATIO = parameter_of(Ratio).dimension


@dataclass(frozen=True)
class Measured:
    """An assay with its standard deviation: absolute, or relative to the value.

    >>> Measured("0.8 %", "0.02 %").deviation == Measured("0.8 %", relative="2.5 %").deviation
    True
    """

    value: Any
    """``"0.8 %"``, ``"5 g/t"``, ``0.008`` or a pint quantity."""
    standard_deviation: Any = None
    """One standard deviation, in units of an assay as the value."""
    _: KW_ONLY
    relative: Any = None
    """In place of ``standard_deviation``: its share of the value, ``"2.5 %"``."""

    def __post_init__(self) -> None:
        """Refuse what cannot be a value with its error."""
        if (self.standard_deviation is None) == (self.relative is None):
            raise InputError(
                'Measured: give the standard deviation, as "0.02 %" in units of an assay or as '
                'relative="2.5 %" of the value, and not both'
            )
        if self.deviation > self.fraction > 0.0:
            raise InputError(
                f"Measured: the standard deviation {content(self.deviation)} is larger than the "
                f'value {content(self.fraction)}; for a share of the value write relative="2.5 %"'
            )

    @cached_property
    def fraction(self) -> float:
        """The value as a mass fraction."""
        return _read("Measured", self.value)

    @cached_property
    def deviation(self) -> float:
        """The standard deviation as a mass fraction."""
        if self.relative is None:
            return _read("Measured, standard deviation", self.standard_deviation)
        return self.fraction * _read("Measured, relative", self.relative, _RATIO)


@dataclass(frozen=True)
class Assays:
    """Assays of several elements in several streams as numbers, (streams, elements)."""

    streams: tuple[str, ...]
    elements: tuple[str, ...]
    values: Floats
    deviations: Floats
    """Zero where none is given."""

    @property
    def with_errors(self) -> bool:
        """Whether any assay has a standard deviation; those without count as exact then."""
        return bool(self.deviations.any())

    @property
    def names(self) -> list[str]:
        """Of every assay, stream by stream: ``feed Sb``."""
        return [f"{s} {e}".strip() for s in self.streams for e in self.elements]

    def shown(self, stream: int, element: int) -> str:
        """One assay as text."""
        return content(float(self.values[stream, element]))


def read_assays(streams: Mapping[str, Any]) -> Assays:
    """Read what is given for each stream: one assay, or a mapping element -> assay.

    Raises InputError for a value that is no assay, for streams with different elements, and for
    assays of one stream that sum above 100 %.
    """
    listed = {stream: _by_element(stream, given) for stream, given in streams.items()}
    (first, of_first), *others = listed.items()
    for stream, given in others:
        if missing := sorted(set(of_first) ^ set(given), reverse=True):
            with_it, without = (first, stream) if missing[0] in of_first else (stream, first)
            nameless = "; one assay without a name is there" if "" in missing else ""
            raise InputError(
                f"{without}: has no assay of {missing[0]}, {with_it} has{nameless}; "
                "assay the same elements in all streams"
            )
    elements = tuple(of_first)
    pairs = np.array([[given[element] for element in elements] for given in listed.values()])
    for stream, total in zip(listed, pairs[:, :, 0].sum(axis=1), strict=True):
        if total > 1.0 + ROUNDED_SUM:
            raise InputError(
                f"{stream}: assays sum to {total * 100.0:.6g} %; at most 100 % is possible"
            )
    return Assays(tuple(listed), elements, pairs[:, :, 0], pairs[:, :, 1])


def _by_element(stream: str, given: Any) -> dict[str, tuple[float, float]]:
    if not isinstance(given, Mapping):
        return {"": read_assay(stream, given)}
    if not given:
        raise InputError(f'{stream}: needs assays, e.g. {{"Sb": "1.8 %"}}')
    for element in given:
        if not isinstance(element, str) or not element:
            raise InputError(f'{stream}: an element is text such as "Sb", got {element!r}')
    return {element: read_assay(f"{stream}, {element}", a) for element, a in given.items()}


def read_assay(where: str, given: Any) -> tuple[float, float]:
    """Return (value, standard deviation or zero) as mass fractions."""
    measured = isinstance(given, Measured)
    value = given.fraction if measured else _read(where, given)
    if 0.0 < value < LEAST_ASSAY:
        raise InputError(f"{where}: {value:.3g} is less than can be assayed; give 0")
    return value, given.deviation if measured else 0.0


def read_recovery(where: str, given: Any) -> float:
    """Return a stated recovery as a fraction."""
    return _read(where, given)


def _read(where: str, given: Any, dimension: Dimension = _FRACTION) -> float:
    try:
        return to_base(given, dimension)
    except InputError as error:
        raise InputError(f"{where}: {error}") from error


@dataclass(frozen=True, repr=False)
class Estimate:
    """A figure worked out of assays, with its standard deviation where theirs are known."""

    value: "Quantity[float]"
    standard_deviation: "Quantity[float] | None"
    shares: Mapping[str, float] = field(default_factory=dict)
    """Assay -> its share of the variance; they sum to 1."""

    def __repr__(self) -> str:
        return f"<{self}>"

    def __str__(self) -> str:
        unit = f" {self.value.units:~P}".rstrip()
        if self.standard_deviation is None:
            return f"{self.value.magnitude:.4g}{unit}"
        return with_deviation(self.value.magnitude, self.standard_deviation.magnitude) + unit


def estimate(value: float, effects: Floats | None, names: Sequence[str], unit: str) -> Estimate:
    """Make an estimate from its value and what one standard deviation of each assay does to it."""
    shown = quantity(float(value), unit)
    if effects is None:
        return Estimate(shown, None)
    variance = float(effects @ effects)
    shares = {
        name: float(effect**2) / variance
        for name, effect in zip(names, effects, strict=True)
        if effect != 0.0
    }
    return Estimate(shown, quantity(variance**0.5, unit), shares)


def with_deviation(value: float, deviation: float) -> str:
    """Write ``81.7 ± 1.2``: the deviation with two digits, the value as far as it."""
    if deviation == 0.0:
        return f"{value:.4g} ± 0"
    digits = 1 - floor(log10(deviation))
    return f"{value:.{max(digits, 0)}f} ± {deviation:.{max(digits, 0)}f}"


def content(fraction: float) -> str:
    """Write a mass fraction in percent, or in g/t where it is small."""
    if 0.0 < abs(fraction) < LEAST_IN_PERCENT:
        return f"{fraction * 1e6:.4g} g/t"
    return f"{fraction * 100.0:.4g} %"


def aligned(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows as a table of plain text: the first column to the left, the others to the right."""
    lines = [headings, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(headings))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
