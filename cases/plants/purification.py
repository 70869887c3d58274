"""From crude metal to 99.65 %, or on to 5N: electrolysis, two vacuum cuts, zone refining.

What a step rejects goes back to where its impurities have a way out: arsenic with the light cut
or, without stills, with the ends of the bars to the alkali of fire refining; lead, copper and
bismuth with the residue of the stills to the anodes or, without electrolysis, out of the plant.
"""

from collections.abc import Sequence

from cases.plants import smelter
from flowsheet.case.data import CaseData
from flowsheet.core.unit import UnitOp
from unitops.refining.electrolytic_refining import ElectrolyticRefining
from unitops.refining.vacuum_distillation import VacuumDistillation
from unitops.refining.zone_refining import ZoneRefining

METALS = ("Sb", "As", "Pb", "Fe", "Cu", "Bi", "Ni", "Ag", "S")
ELECTROLYTE = ("SbF3(aq)", "HF(aq)", "H2SO4", "H2O")
DISSOLVED = ("H3AsO3(aq)", "PbSO4(aq)", "FeSO4(aq)", "NiSO4(aq)")
SALTS = (
    *("Sb2S3", "FeS", "Sb2O3", "As2O3", "PbO", "Na2CO3", "Na2O", "Na3AsO4", "Na3SbO4"),
    *("Na2SO4", "FeO"),
)
OTHERS = ("SiO2", "C", "Cu2O", "CO", "CO2", "O2", "N2", "H2O(g)", "Sb4O6(g)", "As4O6(g)")
SPECIES = (*METALS, *ELECTROLYTE, *DISSOLVED, *SALTS, *OTHERS)
"""What fire refining and purification need on the slate."""
FIRE_REFINED = "fire_refined_metal"
"""The metal between fire refining and purification."""


def refining(
    data: CaseData,
    metal: str,
    oxide: Sequence[str] = (),
    other_crude: Sequence[str] = (),
    *,
    high_purity: bool,
) -> dict[str, UnitOp]:
    """Make ``metal`` of oxide and crude metal by fire refining, or by all steps to 5N."""
    if not high_purity:
        return smelter.refining(data, metal, oxide, other_crude)
    return {
        **smelter.refining(data, FIRE_REFINED, oxide, [*other_crude, *back_to_fire()]),
        **purification(data, metal),
    }


def back_to_fire(*, vacuum: bool = True) -> list[str]:
    """What goes back to fire refining, where arsenic has its way out."""
    return ["light_cut"] if vacuum else ["ingot_ends"]


def purification(
    data: CaseData, metal: str, *, electrolysis: bool = True, vacuum: bool = True
) -> dict[str, UnitOp]:
    """Purify ``FIRE_REFINED`` metal by electrolysis, vacuum cuts (each or both) and zones."""
    units: dict[str, UnitOp] = {}
    refined = FIRE_REFINED
    if electrolysis:
        residue = ["still_residue"] if vacuum else []
        units |= _electrolysis(data, [refined, "anode_scrap", *residue])
        refined = "cathode_metal"
    if vacuum:
        units |= _stills(data, [refined, "ingot_ends"])
        refined = "distilled_metal"
    zone = ZoneRefining(feed=refined, ingot=metal, crop="ingot_ends", **data.unit("zone_refining"))
    return {**units, "zone_refining": zone}


def _electrolysis(data: CaseData, anodes: list[str]) -> dict[str, UnitOp]:
    return {
        "electrolysis": ElectrolyticRefining(
            anodes=anodes,
            reagents="electrolyte_reagents",
            air="electrolyte_air",
            cathode="cathode_metal",
            slimes="anode_slimes",
            bleed="electrolyte_bleed",
            anode_scrap="anode_scrap",
            **data.unit("electrolysis"),
        )
    }


def _stills(data: CaseData, feed: list[str]) -> dict[str, UnitOp]:
    """A light cut that takes arsenic off, then a heart cut that leaves lead and copper behind."""
    return {
        "light_still": VacuumDistillation(
            feed=feed,
            distillate="light_cut",
            residue="stripped_metal",
            **data.unit("light_still"),
        ),
        "heart_still": VacuumDistillation(
            feed="stripped_metal",
            distillate="distilled_metal",
            residue="still_residue",
            **data.unit("heart_still"),
        ),
    }
