"""Bought antimony metal to antimony trioxide: melted, blown with air, cooled, collected.

The fume is caught warm, where arsenic oxide is still a vapour; what passes is caught cold with the
arsenic and leaves as a residue, for a smelter to buy. Metal and oxide that stay in the furnace are
charged again, but for a bleed by which lead, copper and iron leave. Nothing but the metal and
these numbers is of one converter: a case gives its ``bought_metal`` and takes the rest from here.
"""

from flowsheet.case.data import CaseData
from flowsheet.model import Flowsheet
from unitops.gas_cleaning.condenser import Condenser
from unitops.gas_cleaning.dust_collector import DustCollector
from unitops.refining.trioxide_furnace import TrioxideFurnace
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter
from unitops.streams.stockpile import Stockpile

METALS = ("Sb", "As", "Pb", "Fe", "Cu", "Bi", "Se")
OXIDES = ("Sb2O3", "As2O3", "PbO")
GASES = ("O2", "N2", "CO2", "Sb4O6(g)", "As4O6(g)")


def build(data: CaseData) -> Flowsheet:
    """Return the flowsheet with the numbers of a case file."""
    return Flowsheet(
        species=(*METALS, *OXIDES, "C", *GASES),
        units={
            "bought_metal": Feed(outlet="bought_metal", **data.unit("bought_metal")),
            "furnace": TrioxideFurnace(
                feed=["bought_metal", "returned_metal"],
                air="furnace_air",
                fuel="furnace_fuel",
                gas="fume",
                bottom_metal="bottom_metal",
                residue="skimmings",
                **data.unit("furnace"),
            ),
            "furnace_yard": Stockpile(feed=["bottom_metal", "skimmings"], product="cold_returns"),
            "bleed": Splitter(
                feed="cold_returns",
                product="furnace_bleed",
                remainder="returned_metal",
                **data.unit("bleed"),
            ),
            "warm_condenser": Condenser(
                gas="fume", cooled="warm_gas", **data.unit("warm_condenser")
            ),
            "warm_collector": DustCollector(
                gas="warm_gas",
                dust="antimony_trioxide",
                cleaned="dedusted_gas",
                **data.unit("warm_collector"),
            ),
            "cold_condenser": Condenser(
                gas="dedusted_gas", cooled="cold_gas", **data.unit("cold_condenser")
            ),
            "bag_filter": DustCollector(
                gas="cold_gas",
                dust="arsenical_oxide",
                cleaned="filtered_gas",
                **data.unit("bag_filter"),
            ),
        },
        products=["antimony_trioxide"],
        emissions=["filtered_gas"],
    )
