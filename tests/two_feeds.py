"""A plant without recycles whose answers are sums: two feeds, of which a splitter keeps a share.

Antimony in the product is the share times both flows together, so swings and rank correlations of
normally distributed flows are known in closed form.
"""

from pathlib import Path

from flowsheet.core.formula import parse_formula
from flowsheet.load import load_route

HEADER = """\
[route]
title = "Two feeds"
feed = ["one", "two"]
product = "concentrate"
refinery_feed = ["concentrate"]
"""
UNITS = """
[units.one]
flow = { value = "30 t/h", low = "27 t/h", high = "33 t/h", distribution = "normal" }
composition.Sb2S3 = 1.0

[units.two]
flow = { value = "40 t/h", low = "36 t/h", high = "44 t/h", distribution = "normal" }
composition.Sb2S3 = 1.0

[units.split]
fraction.Sb2S3 = 0.5
fraction.SiO2 = { value = 0.1, low = 0.05, high = 0.2, distribution = "uniform" }
"""
TOGETHER = """
[correlation.feeds]
members = ["one.flow", "two.flow"]
coefficient = {coefficient}
"""
PLANT = """\
from flowsheet import Flowsheet
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter


def build(data):
    return Flowsheet(
        species=["Sb2S3", "SiO2"],
        units={
            "one": Feed(outlet="one", **data.unit("one")),
            "two": Feed(outlet="two", **data.unit("two")),
            "split": Splitter(
                feed=["one", "two"],
                product="concentrate",
                remainder="tailings",
                **data.unit("split"),
            ),
        },
        products=["concentrate"],
    )
"""
TO_ANTIMONY = 0.5 * 8766.0 * parse_formula("Sb2S3").mass_fractions()["Sb"]
"""From t/h of both feeds to t/yr of antimony in the product."""


def load(folder: Path, coefficient: float | None = None):
    """Load the route, its flows independent or with a correlation."""
    case = HEADER + UNITS
    if coefficient is not None:
        case += TOGETHER.format(coefficient=coefficient)
    path = folder / "feeds.toml"
    path.write_text(case, encoding="utf-8")
    path.with_suffix(".py").write_text(PLANT, encoding="utf-8")
    return load_route(str(path))
