"""What absorbs SO2 in a wet scrubber: reactions, and figures usual for each reagent.

Ratios, efficiencies and percent solids are those of flue gas desulphurisation (EPA and EPRI, quoted
from memory); what is assumed is said to be so where ``WetScrubber`` explains the parameter.
"""

from dataclasses import dataclass, replace

from flowsheet.core.reaction import Reaction

SALTS = {
    "CaSO4·2H2O": "gypsum",
    "CaSO3·0.5H2O": "calcium sulphite",
    "Na2SO4(aq)": "sodium sulphate",
    "Na2SO3(aq)": "sodium sulphite",
}
"""What the reactions make, species -> name."""
SLAKING = Reaction("CaO + H2O -> Ca(OH)2")


@dataclass(frozen=True, kw_only=True, eq=False)
class Reagent:
    """A base: its reactions, of which SO2 or SO3 is the key, and its usual figures."""

    species: str
    to_sulphate: Reaction
    to_sulphite: Reaction
    neutralisation: Reaction
    """Of SO3."""
    makes_slurry: bool
    """Whether its salts are solids, which air usually oxidises to gypsum."""
    transfer_coefficient: float
    """Transfer units at 1 L/m3."""
    best_efficiency: float
    stoichiometric_ratio: float
    usual_ratio: tuple[float, float]
    percent_solids: float


def _limestone() -> Reagent:
    return Reagent(
        species="CaCO3",
        to_sulphate=Reaction("SO2 + CaCO3 + 0.5 O2 + 2 H2O -> CaSO4·2H2O + CO2"),
        to_sulphite=Reaction("SO2 + CaCO3 + 0.5 H2O -> CaSO3·0.5H2O + CO2"),
        neutralisation=Reaction("SO3 + CaCO3 + 2 H2O -> CaSO4·2H2O + CO2"),
        makes_slurry=True,
        transfer_coefficient=0.30,
        best_efficiency=0.99,
        stoichiometric_ratio=1.04,
        usual_ratio=(1.02, 1.07),
        percent_solids=0.90,
    )


def _lime() -> Reagent:
    return replace(
        _limestone(),
        species="CaO",
        to_sulphate=Reaction("SO2 + CaO + 0.5 O2 + 2 H2O -> CaSO4·2H2O"),
        to_sulphite=Reaction("SO2 + CaO + 0.5 H2O -> CaSO3·0.5H2O"),
        neutralisation=Reaction("SO3 + CaO + 2 H2O -> CaSO4·2H2O"),
        transfer_coefficient=0.40,
        stoichiometric_ratio=1.03,
        usual_ratio=(1.02, 1.05),
    )


def _slaked_lime() -> Reagent:
    return replace(
        _lime(),
        species="Ca(OH)2",
        to_sulphate=Reaction("SO2 + Ca(OH)2 + 0.5 O2 + H2O -> CaSO4·2H2O"),
        to_sulphite=Reaction("SO2 + Ca(OH)2 -> CaSO3·0.5H2O + 0.5 H2O"),
        neutralisation=Reaction("SO3 + Ca(OH)2 + H2O -> CaSO4·2H2O"),
    )


def _soda() -> Reagent:
    return Reagent(
        species="Na2CO3",
        to_sulphate=Reaction("SO2 + Na2CO3 + 0.5 O2 -> Na2SO4(aq) + CO2"),
        to_sulphite=Reaction("SO2 + Na2CO3 -> Na2SO3(aq) + CO2"),
        neutralisation=Reaction("SO3 + Na2CO3 -> Na2SO4(aq) + CO2"),
        makes_slurry=False,
        transfer_coefficient=1.5,
        best_efficiency=0.995,
        stoichiometric_ratio=1.02,
        usual_ratio=(1.01, 1.03),
        percent_solids=0.15,
    )


def _caustic() -> Reagent:
    return replace(
        _soda(),
        species="NaOH",
        to_sulphate=Reaction("SO2 + 2 NaOH + 0.5 O2 -> Na2SO4(aq) + H2O"),
        to_sulphite=Reaction("SO2 + 2 NaOH -> Na2SO3(aq) + H2O"),
        neutralisation=Reaction("SO3 + 2 NaOH -> Na2SO4(aq) + H2O"),
    )


REAGENTS = {
    "limestone": _limestone(),
    "lime": _lime(),
    "slaked_lime": _slaked_lime(),
    "soda": _soda(),
    "caustic": _caustic(),
}
"""Kind of reagent -> what is known of it."""
