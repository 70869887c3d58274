"""Distribution coefficients of impurities in antimony: at equilibrium, and at a speed of freezing.

At the speed v of the freezing front, with a boundary layer delta and diffusivity D in the melt, the
effective coefficient follows from the one at equilibrium, k0:

    k = k0 / (k0 + (1 - k0) * exp(-v * delta / D))                                  (1)

(1) Burton, Prim and Slichter, J. Chem. Phys. 21 (1953) 1987. Coefficients at equilibrium come from
``distribution_coefficients.csv`` beside this file, with their ranges and sources.

>>> from unitops.refining.distribution_coefficient import effective_coefficient
>>> speed, layer, diffusivity = 1e-3 / 60.0, 0.3e-3, 5e-9  # 1 mm/min
>>> print(f"{effective_coefficient(0.04, speed, layer, diffusivity):.3f}")
0.102
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array
from flowsheet.core.slate import Slate

SMALLEST, LARGEST = 1e-5, 10.0  # of k


@dataclass(frozen=True)
class Coefficient:
    """Distribution coefficient at equilibrium, k0, with the range of the literature."""

    value: float
    low: float
    high: float
    source: str


def effective_coefficient(k: Any, speed: Any, layer: Any, diffusivity: Any) -> Any:
    """Coefficient at a speed of the zone, (1); k itself at no speed."""
    stays = np.exp(-speed * layer / diffusivity)
    return k / (k + (1.0 - k) * stays)  # (1)


@lru_cache(maxsize=1)
def distribution_coefficients() -> Mapping[str, Coefficient]:
    """Element -> coefficient in antimony at equilibrium, from the table."""
    table = files("unitops.refining").joinpath("distribution_coefficients.csv")
    text = table.read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {
        row["element"]: Coefficient(
            float(row["distribution_coefficient"]),
            float(row["low"]),
            float(row["high"]),
            row["source"],
        )
        for row in rows
    }


def coefficient_column(given: Any, slate: Slate) -> Array:
    """What is given by name, else its ``others``, else the table, else 1, (constituents, 1)."""
    column = np.ones((slate.count, 1))
    known = {} if given.others is not None else distribution_coefficients()
    for name in (name for name in slate.names if name != "Sb"):
        value = known[name].value if name in known else 1.0
        column[slate.row(name)] = given.others or value
    for name, number in given.by_name.items():
        column[slate.row(name)] = number
    return column


def check_coefficients(given: Any) -> None:
    """Refuse a coefficient of antimony, and those too far from any that is known."""
    if "Sb" in given.by_name:
        raise InputError("distribution_coefficient.Sb is 1 by definition; leave it out")
    for name, k in {**given.by_name, "others": given.others or 1.0}.items():
        if not SMALLEST <= k <= LARGEST:
            raise InputError(
                f"distribution_coefficient of {name} must lie between {SMALLEST:g} and "
                f"{LARGEST:g}, got {k:g}"
            )
