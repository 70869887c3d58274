"""An ore in size classes, as the tests of machines that break particles feed it."""

import numpy as np

from flowsheet.core.flow import Flow
from flowsheet.core.particles import Composite, Particles
from flowsheet.core.slate import Slate
from unitops.streams.sized_feed import SizedFeed

SPECIES = ["Sb2S3", "SiO2", "CaCO3", "H2O", "O2"]
"""Calcite comes without sizes."""
PARTICLES = Particles(
    sieves=["1 mm", "500 um", "250 um", "125 um", "62.5 um"],
    minerals=["Sb2S3", "SiO2"],
    composites=(
        Composite(
            name="middlings", minerals={"Sb2S3": "20 %", "SiO2": "80 %"}, grain_size="200 um"
        ),
        Composite(name="fine_grown", minerals={"SiO2": "90 %", "Sb2S3": "10 %"}),
    ),
)
SLATE = Slate(SPECIES, PARTICLES)
ROWS = SLATE.count


def some_of_everything(columns=2):
    """A feed with a bit of each row, different in each."""
    row, column = np.indices((ROWS, columns))
    return 3.0 + 2.0 * np.sin(1.7 * row + column) + 0.1 * row


def quartz(*by_class, step=2.0):
    """Particles of quartz alone, in kg/s by class, on sieves from 2 mm down by steps."""
    sieves = [f"{2000.0 / step**place} um" for place in range(len(by_class))]
    slate = Slate(["SiO2"], Particles(sieves=sieves, minerals=["SiO2"]))
    return Flow(slate, np.array([0.0, *by_class])[:, None])


def sieved(p80, flow="100 t/h", sieves=None, size_law="gates_gaudin_schuhmann"):
    """Quartz of a given P80 in many classes."""
    series = sieves or [f"{8000.0 / 2 ** (step / 2)} um" for step in range(22)]
    slate = Slate(["SiO2"], Particles(sieves=series, minerals=["SiO2"]))
    feed = SizedFeed(
        outlet="ore", flow=flow, composition={"SiO2": "100 %"}, p80=p80, size_law=size_law
    )
    return feed.run(slate=slate, p=feed.resolve(slate))["outlet"]


def broken(unit, feed):
    """Product of a unit for a flow."""
    return unit.run(feed=feed, p=unit.resolve(feed.slate))["product"]


def told(unit, feed):
    """Figures by label in SI, first scenario, and warnings."""
    p = unit.resolve(feed.slate)
    flows = {"feed": feed, "product": unit.run(feed=feed, p=p)["product"]}
    figures = {figure.label: float(figure.value[0]) for figure in unit.figures(flows, p)}
    return figures, list(unit.warnings(flows, p))
