"""A case small enough to solve by hand, for the tests of case files, routes and the command line.

Of the antimony in the ore the circuit recovers 0.9 * 0.9 / (1 - 0.9 * 0.1) = 89.01 %.
"""

from pathlib import Path

HEADER = """\
[route]
title = "Rougher and cleaner"
feed = ["ore"]
product = "concentrate"
refinery_feed = ["concentrate"]
"""
TARGET = """
[target]
vary = "ore.flow"
flow = "5000 t/yr"
"""
CAPACITY = """
[capacity]
installed = "2000 t/yr"
"""
ORE = """
[units.ore]
flow = { value = "100 t/h", low = "80 t/h", high = "120 t/h", basis = "design", source = "a test" }
composition.Sb2S3 = "4 %"
remainder = "SiO2"
"""
CIRCUIT = """
[units.rougher]
fraction.Sb2S3 = 0.9
fraction.SiO2 = 0.05

[units.cleaner]
fraction.Sb2S3 = 0.9
fraction.SiO2 = 0.1
"""
LOSSLESS = """
[units.rougher]
fraction = 1.0

[units.cleaner]
fraction = 0.0
"""
"""In place of CIRCUIT: nothing that enters can leave."""
CASE = HEADER + TARGET + ORE + CIRCUIT
PLANT = """\
from flowsheet import Flowsheet
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter


def build(data):
    return Flowsheet(
        species=["Sb2S3", "SiO2"],
        units={
            "ore": Feed(outlet="ore", **data.unit("ore")),
            "rougher": Splitter(
                feed=["ore", "cleaner_tailings"],
                product="rougher_concentrate",
                remainder="tailings",
                **data.unit("rougher"),
            ),
            "cleaner": Splitter(
                feed="rougher_concentrate",
                product="concentrate",
                remainder="cleaner_tailings",
                **data.unit("cleaner"),
            ),
        },
        products=["concentrate"],
    )
"""


def changed(text: str, old: str, new: str) -> str:
    """Replace what must occur exactly once."""
    assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times"
    return text.replace(old, new)


def write(folder: Path, case: str = CASE, plant: str | None = PLANT, name: str = "mine") -> Path:
    """Write a case file, and its Python file beside it unless there is none; return its path."""
    path = folder / f"{name}.toml"
    path.write_text(case, encoding="utf-8")
    if plant is not None:
        path.with_suffix(".py").write_text(plant, encoding="utf-8")
    return path
