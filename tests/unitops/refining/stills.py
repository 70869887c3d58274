"""Vacuum stills of the tests, and what is read from them."""

import numpy as np

from flowsheet.core.flow import Flow, flow_of
from flowsheet.core.quantities import from_base
from flowsheet.core.slate import Slate
from unitops.refining.vacuum_cuts import VacuumCuts
from unitops.refining.vacuum_distillation import VacuumDistillation

SPECIES = ["Sb", "As", "Pb", "Fe", "Cu", "Bi", "Zn", "Na", "S", "Te", "Au", "Sn", "Ni"]
EVERYTHING = [*SPECIES, "SiO2", "Sb2O3", "H2O", "N2", "Sb(aq)"]


def distillation(**parameters):
    return VacuumDistillation(feed="f", distillate="d", residue="r", **parameters)


def cuts(**parameters):
    return VacuumCuts(feed="f", light_cut="l", heart_cut="h", residue="r", **parameters)


def ideal(beta, **cut):
    """One impurity, here lead, with a given coefficient and without droplets."""
    return distillation(separation_coefficient={"Pb": beta}, entrainment=0.0, **cut)


def flows_of(unit, species, masses, inlet="feed"):
    slate = Slate(species)
    feed = flow_of(slate, masses)
    p = unit.resolve(slate)
    return {inlet: feed, **unit.run(feed, p=p)}, p


def shown(unit, flows, p, label):
    found = {figure.label: figure for figure in unit.figures(flows, p)}[label]
    return float(np.ravel(from_base(found.value, found.unit))[0])


def per_antimony(flow: Flow, name):
    return (flow.of(name) / flow.of("Sb"))[0]
