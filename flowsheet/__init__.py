"""Steady-state mass balances of metallurgical flowsheets, made first for antimony.

The names below are imported when first used, so that ``import flowsheet`` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flowsheet.core.errors import FlowsheetError, InputError, SolveError
    from flowsheet.core.reaction import Reaction
    from flowsheet.core.species import Species
    from flowsheet.measure import grade, parameter, product, recovery
    from flowsheet.model import Flowsheet
    from flowsheet.scenario import Scenarios, scenarios
    from flowsheet.solution import Solution, solve
    from flowsheet.solver.spec import Vary

_PLACES = {
    "FlowsheetError": "flowsheet.core.errors",
    "InputError": "flowsheet.core.errors",
    "SolveError": "flowsheet.core.errors",
    "Reaction": "flowsheet.core.reaction",
    "Species": "flowsheet.core.species",
    "Flowsheet": "flowsheet.model",
    "Scenarios": "flowsheet.scenario",
    "scenarios": "flowsheet.scenario",
    "Solution": "flowsheet.solution",
    "solve": "flowsheet.solution",
    "Vary": "flowsheet.solver.spec",
    "grade": "flowsheet.measure",
    "parameter": "flowsheet.measure",
    "product": "flowsheet.measure",
    "recovery": "flowsheet.measure",
}

__all__ = [
    "Flowsheet",
    "FlowsheetError",
    "InputError",
    "Reaction",
    "Scenarios",
    "Solution",
    "SolveError",
    "Species",
    "Vary",
    "grade",
    "parameter",
    "product",
    "recovery",
    "scenarios",
    "solve",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'flowsheet' has no attribute '{name}'")
    return getattr(import_module(_PLACES[name]), name)
