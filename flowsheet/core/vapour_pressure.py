"""Vapour pressures of elements and of the oxides that roasters drive off and coolers condense.

Every curve of ``vapour_pressures.csv`` beside this file is

    log10 p(mmHg) = A / T + B log10 T + D                                           (1)

for one phase and the molecule that it evaporates as (Sb4O6 from Sb2O3, Sb4 from antimony). The
stable phase at a temperature is the one with the lowest vapour pressure, so that the lowest curve
of a substance counts and the result has no jumps. Sources and trust stand in the table.

Outside its range a curve is extrapolated and nothing is refused: ``vapour_range`` tells how far the
measurements reach. That of Sb2O3 is extrapolated below 742 K, that of As2O3 below 450 K.
"""

import csv
from collections.abc import Mapping, Sequence
from functools import lru_cache, reduce
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from flowsheet.core.errors import InputError, nearest

PASCAL_PER_MMHG = 133.322368


class VapourCurve(NamedTuple):
    """One row of the table: constants of (1) for one phase of a substance."""

    phase: str
    molecule: str
    """What the vapour is taken to consist of."""
    a: float
    b: float
    d: float
    low: float
    """K; below it the curve is extrapolated."""
    high: float
    trust: str
    source: str

    def exponent(self, temperature: NDArray[Any]) -> NDArray[Any]:
        """log10 of the pressure in mmHg."""
        return np.asarray(self.a / temperature + self.b * np.log10(temperature) + self.d)  # (1)


def vapour_pressure(substance: str, temperature: Any) -> NDArray[Any]:
    """Vapour pressure in Pa of a substance, e.g. "Pb" or "Sb2O3", over its stable phase.

    Temperature in K, a number or an array, also complex. Raises InputError with the nearest name
    for a substance that is not in the table.

    >>> print(f"{vapour_pressure('Sb2O3', 1273.15):.0f} Pa")
    15799 Pa
    """
    absolute = np.asarray(temperature)
    exponents = (curve.exponent(absolute) for curve in vapour_curves(substance))
    return np.asarray(PASCAL_PER_MMHG * 10.0 ** reduce(np.minimum, exponents))


def vapour_pressures(substances: Sequence[str], temperature: Any) -> NDArray[Any]:
    """Vapour pressures in Pa of several substances, (substances, temperatures)."""
    absolute = np.ravel(temperature)
    rows = [vapour_pressure(substance, absolute) for substance in substances]
    return np.array(rows).reshape(len(rows), absolute.size)


def vapour_range(substance: str) -> tuple[float, float]:
    """Temperatures in K between which a vapour pressure is not extrapolated."""
    curves = vapour_curves(substance)
    return min(curve.low for curve in curves), max(curve.high for curve in curves)


def vapour_molecule(substance: str) -> str:
    """What the vapour of a substance is taken to consist of, e.g. Sb4 for Sb."""
    return vapour_curves(substance)[0].molecule


def vapour_curves(substance: str) -> tuple[VapourCurve, ...]:
    """Curves of a substance, with source and trust; raise InputError with the nearest name."""
    known = _table()
    if substance not in known:
        raise InputError(f"no vapour pressure of '{substance}'{nearest(substance, known)}")
    return known[substance]


def vapour_substances() -> tuple[str, ...]:
    """Every substance of the table."""
    return tuple(_table())


def antimony_trioxide_vapour_pressure(temperature: Any) -> NDArray[Any]:
    """Vapour pressure of Sb4O6 over Sb2O3 in Pa; temperature in K, a number or an array."""
    return vapour_pressure("Sb2O3", temperature)


def arsenic_trioxide_vapour_pressure(temperature: Any) -> NDArray[Any]:
    """Vapour pressure of As4O6 over As2O3 in Pa; temperature in K, a number or an array."""
    return vapour_pressure("As2O3", temperature)


def vapour_held(carrier: Any, vapour_pressure: Any, pressure: Any) -> NDArray[Any]:
    """Moles of vapour that ``carrier`` moles of other gas hold at saturation.

    With ideal gases

        n_vapour = n_carrier * p / (P - p)                                          (2)

    and any amount (infinity) at and above the boiling point.
    """
    room = np.asarray(pressure - vapour_pressure)
    boils = room.real <= 0.0
    held = carrier * vapour_pressure / np.where(boils, 1.0, room)  # (2)
    return np.where(boils, np.inf, held)


@lru_cache(maxsize=1)
def _table() -> Mapping[str, tuple[VapourCurve, ...]]:
    text = files("flowsheet.core").joinpath("vapour_pressures.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    table: dict[str, tuple[VapourCurve, ...]] = {}
    for row in rows:
        curve = VapourCurve(
            row["phase"],
            row["vapour"],
            float(row["A"]),
            float(row["B"]),
            float(row["D"]),
            float(row["low_K"]),
            float(row["high_K"]),
            row["trust"],
            row["source"],
        )
        table[row["substance"]] = (*table.get(row["substance"], ()), curve)
    return table
