"""Crude antimony, and what a furnace makes of it."""

import numpy as np

from flowsheet.core.flow import Flow
from flowsheet.core.slate import Slate
from tests.unitops.properties import run

MIXED = [
    *("Sb", "As", "Fe", "Pb", "Cu", "Au", "Sn", "S", "Sb2S3", "FeS", "FeO", "SiO2", "H2O", "CO"),
    *("Na2CO3", "NaOH", "Na3AsO4", "Na3SbO4", "Na2SO4", "Sb2O3", "As2O3", "O2", "N2", "CO2"),
    *("H2O(g)", "NaPO3", "Na3PO4", "NH4H2PO4", "P2O5", "NH3", "Pb3(PO4)2", "NaNO3", "Na2O"),
]
"""All that the furnaces know, and what they do not."""
CRUDE = {"Sb": 9800.0, "As": 80.0, "Fe": 30.0, "Pb": 10.0, "Cu": 5.0, "Sb2S3": 40.0, "SiO2": 5.0}


class Refined:
    """Masses in kg (per second) by port and species, figures by label, warnings."""

    def __init__(self, unit, species, **masses):
        slate = Slate(species)
        crude = np.zeros((len(species), 1))
        for name, mass in masses.items():
            crude[slate.row(name)] = mass
        made = run(unit, slate, {"crude": crude})
        self.flows = {name: Flow(slate, mass) for name, mass in {**made, "crude": crude}.items()}
        p = unit.resolve(slate)
        self.by_port = {
            port: dict(zip(species, flow.mass[:, 0].tolist(), strict=True))
            for port, flow in self.flows.items()
        }
        self.figures = {figure.label: figure.value[0] for figure in unit.figures(self.flows, p)}
        self.warnings = unit.warnings(self.flows, p)
        self.temperatures = unit.temperatures(self.flows, p)

    def __getitem__(self, port):
        return self.by_port[port]

    def total(self, port):
        return sum(self.by_port[port].values())

    def element(self, port, symbol):
        return self.flows[port].element(symbol)[0]


def refine(unit, species=MIXED, **masses):
    return Refined(unit, species, **masses)
