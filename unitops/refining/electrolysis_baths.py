"""Aqueous baths of antimony refining: how metals dissolve in them, and what they hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from flowsheet.core.reaction import Reaction

BathName = Literal["sulphate-fluoride", "chloride"]
OXIDE = Reaction("Sb2O3 -> 2 Sb + 1.5 O2")
"""Trioxide dissolved in the acid stands in for anode metal that air would have to oxidise."""
LEAD_SULPHATE = Reaction("Pb + H2SO4 + 0.5 O2 -> PbSO4 + H2O")


@dataclass(frozen=True, eq=False)
class Bath:
    """An electrolyte: concentrations in kg/m^3."""

    dissolution: tuple[Reaction, ...]
    """One for each metal, the key: metal, acid and oxygen to salt and water."""
    reagents: Mapping[str, float]
    """Free acid, salt and water that the bleed carries off."""
    antimony: float
    usual_antimony: tuple[float, float]
    highest_current_density: float
    """A/m^2."""
    refuge: str
    """What a bath in trouble is told."""

    @cached_property
    def by_metal(self) -> dict[str, Reaction]:
        """Metal -> its dissolution."""
        return {reaction.key: reaction for reaction in self.dissolution}

    @cached_property
    def electrons(self) -> dict[str, float]:
        """Metal -> electrons given off per atom: four for each O2 that takes them up."""
        return {key: 4.0 * each.reactants.get("O2", 0.0) for key, each in self.by_metal.items()}


BATHS: Mapping[str, Bath] = {
    "sulphate-fluoride": Bath(
        dissolution=(
            Reaction("Sb + 3 HF(aq) + 0.75 O2 -> SbF3(aq) + 1.5 H2O"),
            Reaction("As + 1.5 H2O + 0.75 O2 -> H3AsO3(aq)"),
            Reaction("Bi + 1.5 H2SO4 + 0.75 O2 -> 0.5 Bi2(SO4)3(aq) + 1.5 H2O"),
            Reaction("Cu + H2SO4 + 0.5 O2 -> CuSO4(aq) + H2O"),
            Reaction("Pb + H2SO4 + 0.5 O2 -> PbSO4(aq) + H2O"),
            Reaction("Fe + H2SO4 + 0.5 O2 -> FeSO4(aq) + H2O"),
            Reaction("Ni + H2SO4 + 0.5 O2 -> NiSO4(aq) + H2O"),
            Reaction("Sn + H2SO4 + 0.5 O2 -> SnSO4(aq) + H2O"),
            Reaction("Zn + H2SO4 + 0.5 O2 -> ZnSO4(aq) + H2O"),
            Reaction("Ag + 0.5 H2SO4 + 0.25 O2 -> 0.5 Ag2SO4(aq) + 0.5 H2O"),
            Reaction("Na + 0.5 H2SO4 + 0.25 O2 -> 0.5 Na2SO4(aq) + 0.5 H2O"),
        ),
        reagents={"H2SO4": 360.0, "HF(aq)": 21.0, "H2O": 850.0},
        antimony=90.0,
        usual_antimony=(60.0, 120.0),
        highest_current_density=220.0,
        refuge="with too little the deposit is rough and loose",
    ),
    "chloride": Bath(
        dissolution=(
            Reaction("Sb + 3 HCl(aq) + 0.75 O2 -> SbCl3(aq) + 1.5 H2O"),
            Reaction("As + 1.5 H2O + 0.75 O2 -> H3AsO3(aq)"),
            Reaction("Bi + 3 HCl(aq) + 0.75 O2 -> BiCl3(aq) + 1.5 H2O"),
            Reaction("Cu + HCl(aq) + 0.25 O2 -> CuCl(aq) + 0.5 H2O"),
            Reaction("Pb + 2 HCl(aq) + 0.5 O2 -> PbCl2(aq) + H2O"),
            Reaction("Fe + 2 HCl(aq) + 0.5 O2 -> FeCl2(aq) + H2O"),
            Reaction("Ni + 2 HCl(aq) + 0.5 O2 -> NiCl2(aq) + H2O"),
            Reaction("Sn + 2 HCl(aq) + 0.5 O2 -> SnCl2(aq) + H2O"),
            Reaction("Zn + 2 HCl(aq) + 0.5 O2 -> ZnCl2(aq) + H2O"),
            Reaction("Ag + HCl(aq) + 0.25 O2 -> AgCl(aq) + 0.5 H2O"),
            Reaction("Na + HCl(aq) + 0.25 O2 -> NaCl(aq) + 0.5 H2O"),
        ),
        reagents={"HCl(aq)": 100.0, "NaCl(aq)": 150.0, "H2O": 850.0},
        antimony=70.0,
        usual_antimony=(30.0, 120.0),
        highest_current_density=300.0,
        refuge="with too much, or cold, the deposit is explosive antimony",
    ),
}
