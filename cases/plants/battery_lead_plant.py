"""Antimony of battery lead: softened out, the slag reduced to antimonial lead, or on to trioxide.

Lead of scrapped batteries and antimony-rich residues is softened with air; the slag is reduced with
coke and soda to an alloy of lead with much antimony, which makers of battery and cable lead dilute.
Its antimony is counted in the alloy and is no metal of its own. Fume returns to the reduction; the
softened lead leaves.

Options: ``to = "trioxide"`` takes arsenic out of the alloy with soda and blows it to white
trioxide; a poorer alloy is left.
"""

from typing import Literal

from cases.plants.lead_bullion_plant import softening
from flowsheet.case.data import CaseData
from flowsheet.core.unit import UnitOp
from flowsheet.model import Flowsheet
from unitops.gas_cleaning.condenser import Condenser
from unitops.gas_cleaning.dust_collector import DustCollector
from unitops.refining.arsenic_removal import ArsenicRemoval
from unitops.refining.trioxide_furnace import TrioxideFurnace
from unitops.smelting.reduction_furnace import ReductionFurnace

SPECIES = (
    *("Pb", "Sb", "As", "Sn", "Ag", "Bi", "Cu", "PbO", "Sb2O3", "As2O3", "SnO2"),
    *("C", "CO", "CO2", "O2", "N2", "Na2CO3", "Na2O", "SiO2", "Sb4O6(g)", "As4O6(g)"),
)
ALKALI = ("Na3AsO4", "Na3SbO4")


def build(data: CaseData, *, to: Literal["alloy", "trioxide"] = "alloy") -> Flowsheet:
    """Return the flowsheet with the numbers of a case file."""
    blown = to == "trioxide"
    returns = ["reduction_fume", *(["blowing_residue"] if blown else [])]
    fume = ["reduction_gas", *(["dearsenicating_gas"] if blown else [])]
    return Flowsheet(
        species=(*SPECIES, *(ALKALI if blown else ())),
        units={
            **softening(data, "battery_lead"),
            "reduction": ReductionFurnace(
                feed=["softening_slag", *returns],
                reductant="reduction_coke",
                flux="reduction_soda",
                fuel="reduction_fuel",
                air="reduction_air",
                metal="crude_alloy" if blown else "antimonial_lead",
                matte="reduction_matte",
                slag="reduction_slag",
                gas="reduction_gas",
                **data.unit("reduction"),
            ),
            "reduction_cooler": Condenser(
                gas=fume, cooled="cooled_gas", **data.unit("reduction_cooler")
            ),
            "reduction_filter": DustCollector(
                gas="cooled_gas",
                dust="reduction_fume",
                cleaned="reduction_offgas",
                **data.unit("reduction_filter"),
            ),
            **(_blowing(data) if blown else {}),
        },
        products=["antimonial_lead", *(["antimony_trioxide"] if blown else [])],
        emissions=["softening_gas", "reduction_offgas", *(["blowing_offgas"] if blown else [])],
    )


def _blowing(data: CaseData) -> dict[str, UnitOp]:
    """Free ``crude_alloy`` of arsenic, blow ``antimony_trioxide``, leave ``antimonial_lead``."""
    return {
        "dearsenicating": ArsenicRemoval(
            crude="crude_alloy",
            alkali="dearsenicating_soda",
            air="dearsenicating_air",
            metal="clean_alloy",
            slag="alkali_slag",
            gas="dearsenicating_gas",
            **data.unit("dearsenicating"),
        ),
        "blowing": TrioxideFurnace(
            feed="clean_alloy",
            air="blowing_air",
            fuel="blowing_fuel",
            gas="blowing_gas",
            bottom_metal="antimonial_lead",
            residue="blowing_residue",
            **data.unit("blowing"),
        ),
        "blowing_cooler": Condenser(
            gas="blowing_gas", cooled="cooled_blowing_gas", **data.unit("blowing_cooler")
        ),
        "blowing_filter": DustCollector(
            gas="cooled_blowing_gas",
            dust="antimony_trioxide",
            cleaned="blowing_offgas",
            **data.unit("blowing_filter"),
        ),
    }
