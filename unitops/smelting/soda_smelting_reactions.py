"""Sulphides that soda or iron oxide and carbon smelt to metal, and the gas that they make.

Soda stands as Na2O and iron oxide as FeO, which they become first. Sulphur ends as Na2S or FeS.
"""

from typing import Any

from flowsheet.core.flow import Flow
from flowsheet.core.reaction import Reaction, change_by_share
from unitops.smelting.smelting_reactions import Reduction

BY_SODA: tuple[Reduction, ...] = (
    ("Sb2S3 + 3 Na2O", "2 Sb + 3 Na2S", 3),
    ("FeSb2S4 + 3 Na2O", "2 Sb + FeS + 3 Na2S", 3),
    ("Pb4FeSb6S14 + 13 Na2O", "6 Sb + 4 Pb + FeS + 13 Na2S", 13),
    ("Sb2S2O + 2 Na2O", "2 Sb + 2 Na2S", 3),
)
BY_IRON_OXIDE: tuple[Reduction, ...] = (
    ("Sb2S3 + 3 FeO", "2 Sb + 3 FeS", 3),
    ("FeSb2S4 + 3 FeO", "2 Sb + 4 FeS", 3),
    ("Pb4FeSb6S14 + 13 FeO", "6 Sb + 4 Pb + 14 FeS", 13),
    ("Sb2S2O + 2 FeO", "2 Sb + 2 FeS", 3),
)
BESIDE_BY_SODA: tuple[Reduction, ...] = (
    ("As2S3 + 3 Na2O", "2 As + 3 Na2S", 3),
    ("AsS + Na2O", "As + Na2S", 1),
    ("PbS + Na2O", "Pb + Na2S", 1),
    ("FeS2 + Na2O", "FeS + Na2S", 1),
    ("S + Na2O", "Na2S", 1),
)
BESIDE_BY_IRON_OXIDE: tuple[Reduction, ...] = (
    ("As2S3 + 3 FeO", "2 As + 3 FeS", 3),
    ("AsS + FeO", "As + FeS", 1),
    ("PbS + FeO", "Pb + FeS", 1),
    ("FeS2 + FeO", "2 FeS", 1),
    ("S + FeO", "FeS", 1),
)
WHOLLY = (
    Reaction("H2O -> H2O(g)"),
    Reaction("FeAsS -> FeS + As"),
    Reaction("FeSbS -> FeS + Sb"),
    Reaction("CaCO3 -> CaO + CO2"),
    Reaction("CaMg(CO3)2 -> CaO + MgO + 2 CO2"),
)
_SODA_TO_DIOXIDE = (Reaction("Na2CO3 -> Na2O + CO2"),)
_SODA_TO_MONOXIDE = (Reaction("Na2CO3 + C -> Na2O + 2 CO"),)
OVERALL = {
    "soda": Reaction("Sb2S3 + 3 Na2CO3 + 6 C -> 2 Sb + 3 Na2S + 9 CO"),
    "iron oxide": Reaction("Sb2S3 + 1.5 Fe2O3 + 4.5 C -> 2 Sb + 3 FeS + 4.5 CO"),
}
"""What must go at the temperature of the bath."""


def soda_decomposed(charge: Flow, monoxide: Any) -> Flow:
    """What all soda makes and uses up as its CO2 comes to the same share of CO as other gas."""
    as_monoxide = monoxide / (2.0 - monoxide)
    by_carbon = change_by_share(charge, _SODA_TO_MONOXIDE, as_monoxide)
    return by_carbon + change_by_share(charge, _SODA_TO_DIOXIDE, 1.0 - as_monoxide)
