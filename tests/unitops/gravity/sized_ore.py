"""A slate of particles for the tests of separators that look at sizes, and what they tell."""

import numpy as np
from hypothesis import strategies as st

from flowsheet.core.flow import Flow
from flowsheet.core.particles import Composite, Particles
from flowsheet.core.slate import Slate
from tests.unitops.properties import random_masses, run

SPECIES = ["Sb2S3", "Sb2O4", "SiO2", "CaCO3", "H2O", "Sb(aq)", "O2"]
"""CaCO3 comes without a size."""
PARTICLES = Particles(
    sieves=["4 mm", "500 um", "150 um", "40 um"],
    minerals=["Sb2S3", "Sb2O4", "SiO2"],
    composites=[Composite(name="middlings", minerals={"Sb2S3": "20 %", "SiO2": "80 %"})],
)
ROWS = Slate(SPECIES, PARTICLES).count
SIZES = st.floats(1e-6, 1e-1).map(lambda size: f"{size} m")
DENSITIES = st.floats(1.0, 1e5)
SPREADS = st.floats(1e-3, 1e6).map(lambda spread: f"{spread} kg/m^3")
SHARES = st.floats(0.0, 1.0)


def masses():
    return random_masses(ROWS, columns=2)


def one_of_each(slate):
    return np.ones((slate.count, 1))


def to(outlet, unit, slate, feed=None):
    """Share of every row that reports to an outlet."""
    feed = one_of_each(slate) if feed is None else feed
    return run(unit, slate, {"feed": feed})[outlet][:, 0] / feed[:, 0]


def told(unit, slate, mass):
    """Figures by label, and warnings, for one feed."""
    p, feed = unit.resolve(slate), Flow(slate, mass)
    flows = {"feed": feed, **unit.run(feed=feed, p=p)}
    figures = {figure.label: (figure.value, figure.unit) for figure in unit.figures(flows, p)}
    return figures, list(unit.warnings(flows, p))


def ore(slate, by_class, minerals, water):
    """Masses of an ore whose minerals are spread alike over the classes, (constituents, 1)."""
    sized = np.zeros((len(slate.sized), slate.classes, 1))
    for place, kind in enumerate(slate.sized):
        sized[place, :, 0] = minerals.get(kind.name, 0.0) * np.array(by_class)
    mass = np.zeros((slate.count, 1))
    mass[slate.row("H2O")] = water
    return Flow(slate, mass).with_sized(sized).mass
