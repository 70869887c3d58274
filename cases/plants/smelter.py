"""The antimony smelter that several routes share: roast to fume, reduce to metal, refine.

Sulphide concentrate is roasted so that antimony leaves as oxide fume. A hot collector catches the
antimony oxide, a cold one the arsenic with some antimony; the scrubbed gas goes to the stack. The
oxide is reduced with carbon under soda, the crude metal refined with alkali. Fume, slag and dross
return inside; calcine, arsenical dust, gypsum and alkali slag leave as residues. Mercury of the
ore is washed out of the scrubbed gas as calomel.
"""

from collections.abc import Sequence

from flowsheet.case.data import CaseData
from flowsheet.core.species import Species
from flowsheet.core.unit import UnitOp
from unitops.gas_cleaning.condenser import Condenser
from unitops.gas_cleaning.dust_collector import DustCollector
from unitops.gas_cleaning.mercury_tower import MercuryTower
from unitops.gas_cleaning.wet_scrubber import WetScrubber
from unitops.refining.fire_refining import FireRefining
from unitops.refining.trioxide_furnace import TrioxideFurnace
from unitops.smelting.reduction_furnace import ReductionFurnace
from unitops.smelting.roaster import Roaster
from unitops.streams.splitter import Splitter
from unitops.streams.stockpile import Stockpile

SPECIES = (
    *("O2", "N2", "CO", "CO2", "SO2", "H2O(g)", "Sb4O6(g)", "As4O6(g)"),
    *("Sb2O3", "Sb2O4", "As2O3", "FeAsO4", "Fe2O3", "FeO", "PbO", "CaO"),
    *("Sb", "As", "Pb", "Fe", "S", "C", "FeS"),
    *("Na2CO3", "Na2O", "Na3AsO4", "Na3SbO4", "Na2SO4", "CaCO3", "CaSO4·2H2O"),
)
"""What a smelter needs on the slate beyond the minerals of its feed."""
MERCURY = ("HgS", "Hg(g)", "Cl2", "Hg2Cl2")
"""And where cinnabar comes with the ore."""
EMISSIONS = ("stack_gas", "furnace_gas")


def together(*parts: Sequence[str | Species]) -> tuple[str | Species, ...]:
    """Species of several parts of a plant, each once: as the first part has it."""
    found: dict[str, str | Species] = {}
    for species in (species for part in parts for species in part):
        found.setdefault(species if isinstance(species, str) else species.name, species)
    return tuple(found.values())


def roasting(
    data: CaseData,
    feed: Sequence[str],
    other_gas: Sequence[str] = (),
    *,
    mercury: bool = False,
) -> dict[str, UnitOp]:
    """Roast to fume, collect the oxide hot and the arsenic cold, scrub the gas.

    ``other_gas`` joins behind the hot collector. ``mercury`` sends the scrubbed gas, which is cold
    and clean there, through a tower that takes the mercury as ``calomel``.
    """
    scrubbed = "scrubbed_gas" if mercury else "stack_gas"
    units: dict[str, UnitOp] = {
        "roaster": Roaster(
            feed=[*feed, "cold_returns"],
            air="roaster_air",
            fuel="roaster_fuel",
            calcine="calcine",
            gas="roaster_gas",
            **data.unit("roaster"),
        ),
        "hot_condenser": Condenser(
            gas="roaster_gas", cooled="cooled_gas", **data.unit("hot_condenser")
        ),
        "hot_collector": DustCollector(
            gas="cooled_gas",
            dust="crude_oxide",
            cleaned="dedusted_gas",
            **data.unit("hot_collector"),
        ),
        "cold_condenser": Condenser(
            gas=["dedusted_gas", *other_gas], cooled="cold_gas", **data.unit("cold_condenser")
        ),
        "bag_filter": DustCollector(
            gas="cold_gas", dust="arsenical_dust", cleaned="filtered_gas", **data.unit("bag_filter")
        ),
        "scrubber": WetScrubber(
            gas="filtered_gas",
            reagent="scrubber_reagent",
            oxidation_air="scrubber_air",
            water="scrubber_water",
            cleaned=scrubbed,
            effluent="scrubber_residue",
            **data.unit("scrubber"),
        ),
    }
    if mercury:
        units["mercury_tower"] = MercuryTower(
            gas=scrubbed,
            chlorine="tower_chlorine",
            cleaned="stack_gas",
            calomel="calomel",
            **data.unit("mercury_tower"),
        )
    return units


def refuming(data: CaseData) -> dict[str, UnitOp]:
    """Fume part of ``crude_oxide`` a second time, to ``antimony_trioxide``.

    Makes ``oxide_to_reduction`` and ``refuming_returns`` for the reduction furnace, and
    ``refuming_offgas``, which goes back behind the hot collector.
    """
    return {
        "oxide_splitter": Splitter(
            feed="crude_oxide",
            product="oxide_to_refuming",
            remainder="oxide_to_reduction",
            **data.unit("oxide_splitter"),
        ),
        "refuming": TrioxideFurnace(
            feed="oxide_to_refuming",
            air="refuming_air",
            fuel="refuming_fuel",
            bottom_metal="refuming_metal",
            residue="refuming_residue",
            gas="refuming_gas",
            **data.unit("refuming"),
        ),
        "refuming_yard": Stockpile(
            feed=["refuming_residue", "refuming_metal"], product="refuming_returns"
        ),
        "refuming_condenser": Condenser(
            gas="refuming_gas", cooled="cooled_refuming_gas", **data.unit("refuming_condenser")
        ),
        "refuming_collector": DustCollector(
            gas="cooled_refuming_gas",
            dust="antimony_trioxide",
            cleaned="refuming_offgas",
            **data.unit("refuming_collector"),
        ),
    }


def refining(
    data: CaseData, metal: str, oxide: Sequence[str] = (), other_crude: Sequence[str] = ()
) -> dict[str, UnitOp]:
    """Reduce oxide to crude metal and refine it; cool the gas of both furnaces, collect its fume.

    ``other_crude`` is refined together with the metal of the furnace.
    """
    return {
        "reduction": ReductionFurnace(
            feed=[*oxide, "secondary_oxide"],
            reductant="reduction_coke",
            flux="reduction_soda",
            fuel="reduction_fuel",
            air="reduction_air",
            metal="crude_metal",
            matte="reduction_matte",
            slag="reduction_slag",
            gas="reduction_gas",
            **data.unit("reduction"),
        ),
        "fire_refining": FireRefining(
            crude=["crude_metal", *other_crude],
            alkali="refining_soda",
            air="refining_air",
            sulphide="refining_stibnite",
            phosphate="refining_phosphate",
            metal=metal,
            slag="alkali_slag",
            dross="refining_dross",
            phosphate_slag="phosphate_slag",
            gas="refining_gas",
            **data.unit("fire_refining"),
        ),
        "slag_yard": Stockpile(
            feed=["reduction_slag", "reduction_matte", "refining_dross"], product="cold_returns"
        ),
        "furnace_cooler": Condenser(
            gas=["reduction_gas", "refining_gas"],
            cooled="cooled_furnace_gas",
            **data.unit("furnace_cooler"),
        ),
        "furnace_filter": DustCollector(
            gas="cooled_furnace_gas",
            dust="secondary_oxide",
            cleaned="furnace_gas",
            **data.unit("furnace_filter"),
        ),
    }
