"""A large plant: flotation banks whose residence time depends on their load, amid splitters."""

import numpy as np

from flowsheet import Flowsheet, Species
from flowsheet.core.unit import UnitOp
from unitops.flotation.flotation_bank import FlotationBank
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter

CONSTITUENTS = 20
PER_MODULE = 10
"""Units of a module: one bank, nine splitters, three recycles."""


def plant(units: int) -> Flowsheet:
    """Modules in a row, each fed with what the one before rejects."""
    random = np.random.default_rng(1)
    minerals = [f"mineral {n}" for n in range(CONSTITUENTS - 1)]
    names = [*minerals, "H2O"]
    species = [
        Species(name, formula="SiO2", density=f"{2.6 + 0.1 * n} t/m^3")
        for n, name in enumerate(minerals)
    ]
    made: dict[str, UnitOp] = {
        "ore": Feed(
            outlet="ore",
            flow="100 t/h",
            composition=dict.fromkeys(names, 1.0 / CONSTITUENTS),
        )
    }
    feed = ["ore"]
    for n in range(units // PER_MODULE):
        made |= _module(f"{n} ", feed, names, random)
        feed = [f"{n} on", f"{n} past"]
    return Flowsheet([*species, "H2O"], made)


def _module(
    here: str, feed: list[str], names: list[str], random: np.random.Generator
) -> dict[str, UnitOp]:
    rates = 10.0 ** random.uniform(-2.0, 0.3, CONSTITUENTS - 1)

    def split(into: list[str], product: str, remainder: str, fraction: object) -> Splitter:
        return Splitter(
            feed=[here + name for name in into],
            product=here + product,
            remainder=here + remainder,
            fraction=fraction,
        )

    def shares() -> dict[str, float]:
        return dict(zip(names, random.uniform(0.05, 0.9, CONSTITUENTS).tolist(), strict=True))

    bank = FlotationBank(
        feed=[*feed, f"{here}back a", f"{here}back b"],
        concentrate=f"{here}froth",
        tailings=f"{here}pulp",
        cells=int(random.integers(2, 8)),
        cell_volume="20 m^3",
        water_recovery=0.1,
        recovery_max={**dict.fromkeys(names[:-1], 0.95), "H2O": 0.0},
        rate_constant={
            **{name: f"{rate} 1/min" for name, rate in zip(names[:-1], rates, strict=True)},
            "H2O": "0 1/min",
        },
    )
    return {
        f"{here}bank": bank,
        f"{here}1": split(["froth"], "concentrate", "back a", shares()),
        f"{here}2": split(["pulp"], "c", "d", shares()),
        f"{here}3": split(["c"], "back b", "e", 0.3),
        f"{here}4": split(["d", "e"], "f", "g", shares()),
        f"{here}5": split(["f"], "h", "i", shares()),
        f"{here}6": split(["g", "i"], "j", "k", shares()),
        f"{here}7": split(["h", "j"], "l", "m", shares()),
        f"{here}8": split(["m"], "past", "waste", shares()),
        f"{here}9": split(["k", "l"], "on", "more waste", 0.6),
    }
