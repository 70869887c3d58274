"""Faraday's law, and the units of what flows through a cell beside matter."""

from typing import Annotated, Any

from flowsheet.core.formula import parse_formula
from flowsheet.core.parameters import Parameter
from flowsheet.core.quantities import Dimension

FARADAY = 96485.33212  # C/mol
ANTIMONY_ELECTRONS = 3
"""Per atom, from Sb(III)."""

Conductivity = Annotated[
    float, Parameter(Dimension("conductivity", "S/m", "30 S/m", "S/m", above=0.0))
]


def charge_per_mass(substance: str, electrons: float) -> float:
    """Charge in C/kg that turns over a substance: n F / M.

    Antimony of valence three takes 660.35 kAh/t, so that an ampere-hour deposits 1.5143 g.
    """
    return electrons * FARADAY / parse_formula(substance).molar_mass


def energy_per_mass(voltage: Any, current_efficiency: Any) -> Any:
    """Energy in J/kg of antimony deposited: n F U / (M CE)."""
    return charge_per_mass("Sb", ANTIMONY_ELECTRONS) * voltage / current_efficiency
