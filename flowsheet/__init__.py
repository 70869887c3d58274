"""Steady-state mass balances of metallurgical flowsheets, made first for antimony.

The names below are imported when first used, so that ``import flowsheet`` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flowsheet.balance.element_to_mineral import mineral_content
    from flowsheet.balance.measured import Estimate, Measured
    from flowsheet.balance.mineral_content import MineralContent
    from flowsheet.balance.separation import TwoProduct
    from flowsheet.balance.three_product import ThreeProduct, three_product
    from flowsheet.balance.two_product import two_product
    from flowsheet.core.errors import FlowsheetError, InputError, SolveError
    from flowsheet.core.grades import grade_of
    from flowsheet.core.particles import Composite, Particles, sieve_series
    from flowsheet.core.reaction import Reaction
    from flowsheet.core.species import Species
    from flowsheet.heat_measure import heat, temperature, volume_share
    from flowsheet.measure import grade, parameter, product, recovery
    from flowsheet.model import Flowsheet
    from flowsheet.optimum import Optimum, optimise
    from flowsheet.particle_measure import liberation, passing, passing_size
    from flowsheet.scenario import Scenarios, scenarios, sweep
    from flowsheet.sensitivity import Sensitivities, sensitivities
    from flowsheet.solution import Solution, solve
    from flowsheet.solver.spec import Vary
    from flowsheet.uncertainty.correlation import Correlated
    from flowsheet.uncertainty.distribution import LogNormal, Normal, Pert, Triangular, Uniform

_PLACES = {
    "mineral_content": "flowsheet.balance.element_to_mineral",
    "Estimate": "flowsheet.balance.measured",
    "Measured": "flowsheet.balance.measured",
    "MineralContent": "flowsheet.balance.mineral_content",
    "TwoProduct": "flowsheet.balance.separation",
    "ThreeProduct": "flowsheet.balance.three_product",
    "three_product": "flowsheet.balance.three_product",
    "two_product": "flowsheet.balance.two_product",
    "FlowsheetError": "flowsheet.core.errors",
    "InputError": "flowsheet.core.errors",
    "SolveError": "flowsheet.core.errors",
    "Composite": "flowsheet.core.particles",
    "Particles": "flowsheet.core.particles",
    "sieve_series": "flowsheet.core.particles",
    "Reaction": "flowsheet.core.reaction",
    "Species": "flowsheet.core.species",
    "Flowsheet": "flowsheet.model",
    "Optimum": "flowsheet.optimum",
    "optimise": "flowsheet.optimum",
    "Scenarios": "flowsheet.scenario",
    "scenarios": "flowsheet.scenario",
    "sweep": "flowsheet.scenario",
    "Sensitivities": "flowsheet.sensitivity",
    "sensitivities": "flowsheet.sensitivity",
    "Solution": "flowsheet.solution",
    "solve": "flowsheet.solution",
    "Vary": "flowsheet.solver.spec",
    "Correlated": "flowsheet.uncertainty.correlation",
    "LogNormal": "flowsheet.uncertainty.distribution",
    "Normal": "flowsheet.uncertainty.distribution",
    "Pert": "flowsheet.uncertainty.distribution",
    "Triangular": "flowsheet.uncertainty.distribution",
    "Uniform": "flowsheet.uncertainty.distribution",
    "grade_of": "flowsheet.core.grades",
    "heat": "flowsheet.heat_measure",
    "temperature": "flowsheet.heat_measure",
    "volume_share": "flowsheet.heat_measure",
    "grade": "flowsheet.measure",
    "liberation": "flowsheet.particle_measure",
    "passing": "flowsheet.particle_measure",
    "passing_size": "flowsheet.particle_measure",
    "parameter": "flowsheet.measure",
    "product": "flowsheet.measure",
    "recovery": "flowsheet.measure",
}

__all__ = [
    "Composite",
    "Correlated",
    "Estimate",
    "Flowsheet",
    "FlowsheetError",
    "InputError",
    "LogNormal",
    "Measured",
    "MineralContent",
    "Normal",
    "Optimum",
    "Particles",
    "Pert",
    "Reaction",
    "Scenarios",
    "Sensitivities",
    "Solution",
    "SolveError",
    "Species",
    "ThreeProduct",
    "Triangular",
    "TwoProduct",
    "Uniform",
    "Vary",
    "grade",
    "grade_of",
    "heat",
    "liberation",
    "mineral_content",
    "optimise",
    "parameter",
    "passing",
    "passing_size",
    "product",
    "recovery",
    "scenarios",
    "sensitivities",
    "sieve_series",
    "solve",
    "sweep",
    "temperature",
    "three_product",
    "two_product",
    "volume_share",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'flowsheet' has no attribute '{name}'")
    return getattr(import_module(_PLACES[name]), name)
