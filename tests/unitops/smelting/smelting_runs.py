"""One run of a furnace on masses in kg, as the tests of this room read it."""

from dataclasses import dataclass

import numpy as np

from flowsheet.core.flow import Flow
from flowsheet.core.heat import enthalpy
from flowsheet.core.slate import Slate
from tests.unitops.properties import run


@dataclass(frozen=True)
class Smelt:
    """Ports -> species -> kg; flows, figures by label, and warnings."""

    made: dict
    flows: dict
    figures: dict
    warnings: tuple

    def grade(self, port, symbol):
        flow = self.flows[port]
        return float(flow.element(symbol)[0] / flow.total()[0])

    def share(self, port, symbol):
        return float(self.flows[port].element(symbol)[0] / self.flows["feed"].element(symbol)[0])


def smelt(unit, species, masses):
    slate = Slate(species)
    feed = np.zeros((len(species), 1))
    for name, mass in masses.items():
        feed[slate.row(name)] = mass
    made = run(unit, slate, {"feed": feed})
    flows = {name: Flow(slate, mass) for name, mass in {**made, "feed": feed}.items()}
    p = unit.resolve(slate)
    return Smelt(
        {port: dict(zip(species, mass[:, 0].tolist(), strict=True)) for port, mass in made.items()},
        flows,
        {figure.label: float(np.ravel(figure.value)[0]) for figure in unit.figures(flows, p)},
        tuple(unit.warnings(flows, p)),
    )


def heat(unit, run_, species):
    """Enthalpy of what leaves less that of what enters, W, at the temperatures the unit names."""
    temperatures = unit.temperatures(run_.flows, unit.resolve(Slate(species)))
    total = 0.0
    for port, kind in unit.ports().items():
        sign = 1.0 if kind == "outlet" else -1.0
        total += sign * float(enthalpy(run_.flows[port], temperatures.get(port, 298.15))[0])
    return total
