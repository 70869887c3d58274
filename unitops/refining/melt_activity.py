"""Activity coefficients of elements dissolved in molten antimony, by temperature and composition.

At high dilution, between and beyond the two temperatures of ``vapour_elements.csv``,

    ln gamma = a + b / T                                                            (1)

with a = 0 (a regular solution) where the table has one temperature only. In a concentrated melt
the elements interact with antimony only (regular solution, w = ln gamma of (1)):

    ln gamma_i  = w_i x_Sb - x_Sb S,    S = sum of w_j x_j over all but antimony    (2)
    ln gamma_Sb = S (1 - x_Sb)                                                      (3)

(2) and (3) obey the equation of Gibbs and Duhem; (2) becomes (1) at high dilution.
"""

import csv
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np

from flowsheet.core.arithmetic import column_sums
from flowsheet.core.errors import InputError, nearest
from flowsheet.core.flow import Array

COLD, HOT = 923.0, 1073.0
"""Temperatures of the table, K."""


class Dissolved(NamedTuple):
    """One row of the table: an element in molten antimony."""

    constant: float
    """a of (1)."""
    slope: float
    """b of (1), K."""
    separation_coefficient: float
    """Not-a-number where it follows from vapour pressure and activity coefficient."""
    source: str


def dissolved(element: str) -> Dissolved:
    """What the table has of an element; raise InputError with the nearest name."""
    table = dissolved_elements()
    if element not in table:
        raise InputError(f"no behaviour in molten antimony of '{element}'{nearest(element, table)}")
    return table[element]


def activity_coefficient(element: str, temperature: Any) -> Array:
    """Activity coefficient at high dilution in molten antimony by (1); temperature in K."""
    row = dissolved(element)
    return np.asarray(np.exp(row.constant + row.slope / np.asarray(temperature)))


def logarithms(elements: Sequence[str], temperature: Any) -> Array:
    """Logarithms of the coefficients at high dilution by (1), (elements, temperatures)."""
    rows = [dissolved(element) for element in elements]
    constant, slope = (np.array([row[at] for row in rows])[:, None] for at in (0, 1))
    found: Array = constant + slope / np.ravel(temperature)
    return found


def in_concentrated_melt(dilute: Array, fractions: Array, antimony: int) -> Array:
    """Logarithms by (2) and (3) from those at high dilution and mole fractions, row by row."""
    together = column_sums(dilute * fractions)  # antimony's own w is zero
    x = fractions[antimony]
    found: Array = dilute * x - x * together  # (2)
    found[antimony] = together * (1.0 - x)  # (3)
    return found


@lru_cache(maxsize=1)
def dissolved_elements() -> Mapping[str, Dissolved]:
    """Every element of the table."""
    text = files("unitops.refining").joinpath("vapour_elements.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {row["element"]: _read(row) for row in rows}


def _read(row: Mapping[str, str]) -> Dissolved:
    cold = np.log(float(row["activity_coefficient"] or 1.0))
    if row["activity_coefficient_1073"]:
        hot = np.log(float(row["activity_coefficient_1073"]))
        slope = (cold - hot) / (1.0 / COLD - 1.0 / HOT)
    else:
        slope = cold * COLD
    given = float(row["separation_coefficient"] or np.nan)
    return Dissolved(float(cold - slope / COLD), float(slope), given, row["source"])
