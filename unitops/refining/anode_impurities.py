"""Where the elements of an antimony anode go: published splits, and nobility for the rest."""

import csv
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array
from flowsheet.core.slate import Slate
from unitops.refining.electrolysis_baths import BATHS, BathName

NOBILITY_BAND = 0.15
"""V: metals this near to antimony dissolve and deposit with it. Assumed, range 0.1 to 0.25."""


class Split(NamedTuple):
    """Fraction that dissolves, and fraction of what dissolved that deposits."""

    dissolved: float
    dissolved_to_cathode: float


SPLIT_BY_NOBILITY = {
    "nobler": Split(0.02, 1.0),
    "near": Split(0.85, 0.85),
    "baser": Split(0.95, 0.02),
}
"""Nobler metals stay in the slimes, baser ones in solution. Numbers assumed, range 5 to 10 %."""


def nobility(element: str, bath: BathName = "sulphate-fluoride") -> float | None:
    """Standard potential of a metal less that of antimony in a bath, V; None where not known."""
    potentials = _potentials()[bath]
    return potentials[element] - potentials["Sb"] if element in potentials else None


def predicted_split(element: str, bath: BathName) -> Split | None:
    """Split that the nobility of a metal suggests; None for what is not a metal known here."""
    difference = nobility(element, bath)
    if difference is None:
        return None
    if difference > NOBILITY_BAND:
        return SPLIT_BY_NOBILITY["nobler"]
    return SPLIT_BY_NOBILITY["near" if difference >= -NOBILITY_BAND else "baser"]


def default_splits(bath: BathName = "sulphate-fluoride") -> dict[str, Split]:
    """Element -> split: of the table for the bath it was made for, else by nobility."""
    table = _table()
    predicted = {name: predicted_split(name, bath) for name in _potentials()[bath]}
    splits = {name: split for name, split in predicted.items() if split is not None}
    if bath == "sulphate-fluoride":
        return {**splits, **table}
    return {**splits, "Sb": table["Sb"], "S": table["S"]}


def completed(given: Any, known: Mapping[str, float], slate: Slate) -> Array:
    """Column of what the user named, else the user's ``others``, else what is known, else zero."""
    column = np.full((slate.count, 1), given.others or 0.0)
    if given.others is None:
        for name in known:
            if name in slate:
                column[slate.row(name)] = known[name]
    for name, number in given.by_name.items():
        column[slate.row(name)] = number
    return column


class DissolvedForms(NamedTuple):
    """Metals of a slate that have a salt in the bath, and those that have only "X(aq)"."""

    salted: tuple[str, ...]
    bare: tuple[str, ...]
    others: list[int]
    """Rows of all that cannot stay dissolved."""


@lru_cache(maxsize=64)
def dissolved_forms(slate: Slate, bath: BathName) -> DissolvedForms:
    """Which species of the slate can stay in the electrolyte, and as what."""
    reactions = BATHS[bath].by_metal
    salted = tuple(
        name
        for name in slate.names
        if name in reactions and all(product in slate for product in reactions[name].products)
    )
    bare = tuple(n for n in slate.names if n not in reactions and f"{n}(aq)" in slate)
    others = [slate.row(name) for name in slate.names if name not in (*salted, *bare)]
    return DissolvedForms(salted, bare, others)


def check_dissolved(slate: Slate, bath: BathName, dissolved: Array, to_cathode: Array) -> None:
    """Refuse what would stay in the electrolyte and has no dissolved form on the slate."""
    rows = dissolved_forms(slate, bath).others
    staying = (dissolved * (1.0 - to_cathode)).real[rows]
    for row, amount in zip(rows, staying.max(axis=1, initial=0.0), strict=True):
        if amount > 0.0:
            name = slate.names[row]
            raise InputError(
                f"dissolved: {name} leaves with the bleed as '{_form(name, bath)}', which this "
                f"flowsheet does not carry; add it to its species, or give dissolved.{name} = 0 or "
                f"dissolved_to_cathode.{name} = 1"
            )


def _form(name: str, bath: BathName) -> str:
    reaction = BATHS[bath].by_metal.get(name)
    if reaction is None:
        return f"{name}(aq)"
    return next(product for product in reaction.products if product != "H2O")


def _rows(file: str) -> list[dict[str, str]]:
    text = files("unitops.refining").joinpath(file).read_text(encoding="utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


@lru_cache(maxsize=1)
def _table() -> dict[str, Split]:
    return {
        row["element"]: Split(float(row["dissolved"]), float(row["dissolved_to_cathode"] or 0.0))
        for row in _rows("electrolytic_splits.csv")
    }


@lru_cache(maxsize=1)
def _potentials() -> dict[str, dict[str, float]]:
    rows = _rows("standard_potentials.csv")
    return {
        "sulphate-fluoride": {row["element"]: float(row["fluoride_V"]) for row in rows},
        "chloride": {row["element"]: float(row["chloride_V"]) for row in rows},
    }
