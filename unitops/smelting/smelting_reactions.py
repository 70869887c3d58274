"""What oxides and sulphides become in a reducing furnace, as tables of the oxygen they give up."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from flowsheet.core.flow import Flow
from flowsheet.core.reaction import Reaction, change_by_share

COLLECTED = ("Cu", "Bi", "Ni", "Sn", "Ag", "Au")
"""Metals besides antimony, arsenic, lead and iron that molten antimony collects."""
METALS = ("Sb", "As", "Pb", "Fe", *COLLECTED)
SULPHIDES = ("Sb2S3", "FeS", "Na2S", "PbS", "ZnS", "Cu2S", "CuFeS2", "FeSb2S4", "FeSbS", "Sb2S2O")
"""What may separate from a slag as matte."""
DECOMPOSITIONS = (
    Reaction("H2O -> H2O(g)"),
    Reaction("Na2CO3 -> Na2O + CO2"),
    Reaction("CaCO3 -> CaO + CO2"),
    Reaction("CaMg(CO3)2 -> CaO + MgO + 2 CO2"),
)
EVAPORATIONS = (Reaction("Sb2O3 -> 0.5 Sb4O6(g)"), Reaction("As2O3 -> 0.5 As4O6(g)"))
BURNING_MONOXIDE = (Reaction("CO + 0.5 O2 -> CO2"),)
BURNING_CARBON = (Reaction("C + O2 -> CO2"),)

# One mole of an oxide (or of a sulphide and soda), what it becomes, and the oxygen atoms removed.
Reduction = tuple[str, str, float]
TO_LOWER_OXIDE: tuple[Reduction, ...] = (
    ("Sb2O4", "Sb2O3", 1),
    ("Sb2O5", "Sb2O3", 2),
    ("Sb3O6(OH)", "1.5 Sb2O3 + 0.5 H2O(g)", 2),
    ("NaSbO3", "0.5 Sb2O3 + 0.5 Na2O", 1),
    ("Na3SbO4", "0.5 Sb2O3 + 1.5 Na2O", 1),
    ("Na3AsO4", "0.5 As2O3 + 1.5 Na2O", 1),
    ("FeAsO4", "0.5 As2O3 + FeO", 1.5),
    ("Fe2O3", "2 FeO", 1),
    ("Fe3O4", "3 FeO", 1),
)
TO_METAL: tuple[Reduction, ...] = (
    ("Sb2O3", "2 Sb", 3),
    ("As2O3", "2 As", 3),
    ("PbO", "Pb", 1),
    ("FeO", "Fe", 1),
    ("Cu2O", "2 Cu", 1),
    ("Bi2O3", "2 Bi", 3),
    ("SnO2", "Sn", 2),
)
BY_SODA: tuple[Reduction, ...] = (
    ("Sb2S3 + 3 Na2O", "2 Sb + 3 Na2S", 3),
    ("PbS + Na2O", "Pb + Na2S", 1),
    ("As2S3 + 3 Na2O", "2 As + 3 Na2S", 3),
)
BY_IRON_OXIDE: tuple[Reduction, ...] = (
    ("Sb2S3 + 3 FeO", "2 Sb + 3 FeS", 3),
    ("PbS + FeO", "Pb + FeS", 1),
    ("As2S3 + 3 FeO", "2 As + 3 FeS", 3),
)


@cache
def _reactions(
    steps: tuple[Reduction, ...], reductant: str, becomes: str, atoms: float
) -> tuple[Reaction, ...]:
    """Reduction of oxides other than ``becomes``, in which the reductant takes up oxygen atoms."""
    return tuple(
        Reaction(f"{oxide} + {n / atoms} {reductant} -> {products} + {n / atoms} {becomes}")
        for oxide, products, n in steps
        if oxide != becomes
    )


def reduced_by_carbon(
    charge: Flow, steps: tuple[Reduction, ...], share: Any, monoxide: Any
) -> Flow:
    """What reducing a share of every oxide makes and uses up, kg/s; ``monoxide`` is CO/(CO+CO2)."""
    as_monoxide = monoxide / (2.0 - monoxide)  # of the oxygen
    with_monoxide = _reactions(steps, "C", "CO", 1.0)
    with_dioxide = _reactions(steps, "C", "CO2", 2.0)
    by_monoxide = change_by_share(charge, with_monoxide, share * as_monoxide)
    return by_monoxide + change_by_share(charge, with_dioxide, share * (1.0 - as_monoxide))


def reduced_by_iron(charge: Flow, steps: tuple[Reduction, ...], share: Any) -> Flow:
    """What reducing a share of every oxide but FeO makes and uses up, kg/s."""
    return change_by_share(charge, _reactions(steps, "Fe", "FeO", 1.0), share)


def oxides_of(steps: Sequence[Reduction]) -> tuple[str, ...]:
    """Names of what a table reduces."""
    return tuple(oxide.split(" + ")[0] for oxide, _, _ in steps)
