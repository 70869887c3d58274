"""Where nothing reacts, every species closes by itself, and not only the elements."""

import numpy as np

from flowsheet.core.flow import Array
from flowsheet.core.particles import Composite, Particles
from flowsheet.core.slate import Slate
from flowsheet.core.unit import UnitOp
from tests.unitops.properties import CLOSURE, check_unit, run

SPECIES = ["Sb2S3", "SiO2", "H2O", "Sb(aq)", "H2SO4", "O2"]
PARTICLES = Particles(
    sieves=["150 um", "75 um"],
    minerals=["Sb2S3", "SiO2"],
    composites=[Composite(name="middlings", minerals={"Sb2S3": "20 %", "SiO2": "80 %"})],
)


def check_every_species(
    unit: UnitOp, feeds: dict[str, Array], particles: Particles | None = None
) -> None:
    """The harness for any unit, and the balance of every row."""
    check_unit(unit, SPECIES, feeds, particles)
    made, ports = run(unit, Slate(SPECIES, particles), feeds), unit.ports()
    out = sum(mass for name, mass in made.items() if ports[name] == "outlet")
    supplied = sum(mass for name, mass in made.items() if ports[name] == "supply")
    into = sum(feeds.values()) + supplied
    np.testing.assert_allclose(out, into, rtol=CLOSURE, atol=0.0)


def check_with_particles(unit: UnitOp, inlets: list[str]) -> None:
    """Size classes and middlings close as well."""
    rows = Slate(SPECIES, PARTICLES).count
    random = np.random.default_rng(1)
    feeds = {name: random.uniform(0.0, 2.0, (rows, 3)) for name in inlets}
    check_every_species(unit, feeds, PARTICLES)
