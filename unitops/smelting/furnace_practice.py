"""What each kind of furnace is run at: values, ranges and their sources from one table.

``furnace_practice.csv`` beside this file. A parameter that a unit is not given is taken from there.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, get_args

from flowsheet.core.parameters import MassFlux, Ratio, Temperature, parameter_of

FurnaceKind = Literal["reverberatory", "short_rotary", "water_jacket", "bath"]
FURNACES: tuple[str, ...] = get_args(FurnaceKind)
_MEASURES = {"temperature": Temperature, "hearth_load": MassFlux}


@dataclass(frozen=True)
class Practice:
    """One setting of one kind of furnace, in SI units."""

    value: float
    low: float
    high: float
    basis: str
    source: str


@lru_cache(maxsize=1)
def furnace_practice() -> Mapping[str, Mapping[str, Practice]]:
    """Furnace -> setting -> its value and range."""
    text = files("unitops.smelting").joinpath("furnace_practice.csv").read_text(encoding="utf-8")
    found: dict[str, dict[str, Practice]] = {}
    for row in csv.DictReader(line for line in text.splitlines() if not line.startswith("#")):
        measure = parameter_of(_MEASURES.get(row["setting"], Ratio))
        value, low, high = (
            float(measure.convert(f"{row[part]} {row['unit']}".strip()))
            for part in ("value", "low", "high")
        )
        settings = found.setdefault(row["furnace"], {})
        settings[row["setting"]] = Practice(value, low, high, row["basis"], row["source"])
    return MappingProxyType({name: MappingProxyType(each) for name, each in found.items()})
