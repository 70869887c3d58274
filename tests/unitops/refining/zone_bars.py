"""A unit of zone refining, and what becomes of an impurity in it."""

import numpy as np

from flowsheet.core.flow import flow_of
from flowsheet.core.quantities import from_base
from flowsheet.core.slate import Slate
from unitops.refining.zone_refining import ZoneRefining

SPECIES = ["Sb", "As", "Pb", "Fe", "Cu", "Bi", "Zn", "Sn", "Te", "Au", "SiO2", "H2O", "N2"]


FIXED = {"zone_speed": "0 mm/min"}


def refining(**parameters):
    targets = {"target_purity", "impurity_limit"} & set(parameters)
    settings = parameters if targets else {"passes": 10, **parameters}
    return ZoneRefining(feed="f", ingot="i", crop="c", **settings)


def flows_of(unit, species, masses):
    slate = Slate(species)
    feed = flow_of(slate, masses)
    p = unit.resolve(slate)
    return {"feed": feed, **unit.run(feed, p=p)}, p


def kept(k, **parameters):
    """Part of an impurity, here lead, that stays in the ingot."""
    unit = refining(distribution_coefficient={"Pb": k}, **{**FIXED, **parameters})
    flows, _ = flows_of(unit, ["Sb", "Pb"], {"Sb": 1.0, "Pb": 1e-9})
    return flows["ingot"].of("Pb")[0] / 1e-9


def shown(unit, flows, p, label):
    found = {figure.label: figure for figure in unit.figures(flows, p)}[label]
    return float(np.ravel(from_base(found.value, found.unit))[0])
