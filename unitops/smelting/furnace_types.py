"""Types of furnace that roast antimony, as sets of usual settings with their sources.

``furnace_types.toml`` beside this file holds the numbers, each with range, basis and source.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from flowsheet.core.errors import InputError, nearest
from flowsheet.core.unit import Parameters

Furnace = Literal[
    "rotary_kiln",
    "hearth",
    "multiple_hearth",
    "fluid_bed",
    "blast_furnace",
    "herrenschmidt_shaft",
    "bottom_blowing",
    "flash_cyclone",
]

_WITHOUT_FURNACE: Mapping[str, float] = {
    "leakage_air": 0.0,
    "heat_loss": 0.2,
    "antimony_volatilised": 0.95,
    "dust_carry_over": 0.05,
}
_FILLED = ("excess_air", *_WITHOUT_FURNACE)


@dataclass(frozen=True)
class Setting:
    """A usual setting of a furnace, its range, and where it comes from."""

    low: float
    high: float
    basis: str
    source: str
    value: float | None = None
    """None where only the range is known."""

    def holds(self, number: float) -> bool:
        """Whether a number is within the range, but for a rounding."""
        return self.low * (1.0 - 1e-9) <= number <= self.high * (1.0 + 1e-9)


@dataclass(frozen=True)
class FurnaceType:
    """One type of furnace."""

    title: str
    modes: tuple[str, ...]
    note: str
    settings: Mapping[str, Setting]


def furnace_type(name: str) -> FurnaceType:
    """Settings of one type of furnace; raise InputError with the nearest name."""
    known = furnace_types()
    if name not in known:
        raise InputError(f"no furnace type '{name}'{nearest(name, known)}")
    return known[name]


@lru_cache(maxsize=1)
def furnace_types() -> Mapping[str, FurnaceType]:
    """Every type of furnace by name."""
    text = files("unitops.smelting").joinpath("furnace_types.toml").read_text(encoding="utf-8")
    return {name: _furnace_type(entry) for name, entry in tomllib.loads(text).items()}


def with_defaults(p: Parameters) -> Parameters:
    """The parameters of a roaster with what was not given taken from its furnace type."""
    chosen = furnace_type(p.furnace).settings if p.furnace else {}
    filled: dict[str, Any] = {}
    for name in _FILLED:
        if getattr(p, name) is None:
            usual = chosen.get(name)
            filled[name] = usual.value if usual else _WITHOUT_FURNACE[name]
    if p.mode == "dead" and p.antimony_volatilised is None:
        filled["antimony_volatilised"] = 0.0
    if p.fuel_ratio is None:
        filled["fuel_ratio"] = 0.0
    return p.replaced(filled)


def _furnace_type(entry: Mapping[str, Any]) -> FurnaceType:
    settings = {name: Setting(**value) for name, value in entry.items() if isinstance(value, dict)}
    return FurnaceType(entry["title"], tuple(entry["modes"]), entry["note"], settings)
