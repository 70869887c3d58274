"""A closed mill and flotation with four recycles: 8 minerals in 20 size classes at every inlet.

``python -m tests.benchmarks.milling`` prints how long it takes to solve from cold.
"""

import time

import numpy as np

from flowsheet import Flowsheet, Particles, Solution, sieve_series, solve
from unitops.classification.hydrocyclone import Hydrocyclone
from unitops.comminution.ball_mill import BallMill
from unitops.flotation.flotation_bank import FlotationBank
from unitops.streams.sized_feed import SizedFeed
from unitops.streams.water_addition import WaterAddition

MINERALS = (
    *("Sb2S3", "FeAsS", "FeS2", "PbS"),
    *("SiO2", "CaCO3", "KAlSi3O8", "KAl3Si3O10(OH)2"),
)
RATES = {
    "Sb2S3": "0.5 1/min",
    "PbS": "0.5 1/min",
    "FeAsS": "0.05 1/min",
    "FeS2": "0.05 1/min",
    "others": "0.003 1/min",
}


def plant(classes: int = 20) -> Flowsheet:
    """Mill and cyclones, rougher, scavenger, cleaner, recleaner; all by volume or dimensions."""
    return Flowsheet(
        species=[*MINERALS, "H2O"],
        particles=Particles(sieves=sieve_series("3.35 mm", classes), minerals=MINERALS),
        units={
            "ore": SizedFeed(
                outlet="ore",
                flow="200 t/h",
                composition={
                    "Sb2S3": "2 %",
                    "FeAsS": "0.5 %",
                    "FeS2": "2 %",
                    "PbS": "0.1 %",
                    "CaCO3": "10 %",
                    "KAlSi3O8": "20 %",
                    "KAl3Si3O10(OH)2": "5 %",
                },
                remainder="SiO2",
                percent_solids="96 %",
                p80="1 mm",
                size_modulus=0.8,
            ),
            "mill_water": WaterAddition(
                feed="ore", water="water_to_mill", product="mill_feed", percent_solids="70 %"
            ),
            "mill": BallMill(
                feed=["mill_feed", "cyclone_underflow"],
                product="mill_discharge",
                pulp_volume="24 m^3",
                tanks=2,
                rate_at_1_mm="1.2 1/min",
                relative_rate={"Sb2S3": 3, "others": 1},
            ),
            "sump": WaterAddition(
                feed="mill_discharge",
                water="water_to_sump",
                product="cyclone_feed",
                percent_solids="48 %",
            ),
            "cyclones": Hydrocyclone(
                feed="cyclone_feed",
                underflow="cyclone_underflow",
                overflow="cyclone_overflow",
                cyclones=5,
                cyclone_diameter="50.8 cm",
                inlet_diameter="12.7 cm",
                vortex_finder_diameter="15 cm",
                apex_diameter="10 cm",
                free_vortex_height="150 cm",
            ),
            "rougher": _bank(
                ["cyclone_overflow", "scavenger_concentrate", "cleaner_tailings"],
                ("rougher_concentrate", "rougher_tailings"),
                (6, "30 m^3", "1.5 %"),
            ),
            "scavenger": _bank(
                "rougher_tailings", ("scavenger_concentrate", "tailings"), (6, "30 m^3", "1.5 %")
            ),
            "cleaner": _bank(
                ["rougher_concentrate", "recleaner_tailings"],
                ("cleaner_concentrate", "cleaner_tailings"),
                (4, "8 m^3", "5 %"),
            ),
            "recleaner": _bank(
                "cleaner_concentrate", ("concentrate", "recleaner_tailings"), (3, "3 m^3", "8 %")
            ),
        },
    )


def _bank(
    feed: str | list[str], products: tuple[str, str], size: tuple[int, str, str]
) -> FlotationBank:
    concentrate, tailings = products
    cells, volume, water = size
    return FlotationBank(
        feed=feed,
        concentrate=concentrate,
        tailings=tailings,
        cells=cells,
        cell_volume=volume,
        gas_holdup="12 %",
        rate_constant=RATES,
        optimum_size="45 um",
        water_recovery_per_cell=water,
        entrainment_size="20 um",
        entrainment_drainage=1.5,
    )


def cold_solves(count: int) -> list[float]:
    """Seconds that each solve of a newly built plant takes."""
    times = []
    for _ in range(count):
        flowsheet = plant()
        start = time.perf_counter()
        solve(flowsheet)
        times.append(time.perf_counter() - start)
    return times


def described(solution: Solution) -> str:
    """What the plant does, in one line."""
    over, under = solution["cyclone_overflow"], solution["cyclone_underflow"]
    load = float((under.dry_flow() / over.dry_flow()).magnitude)
    return (
        f"P80 {over.passing_size():.0f~P}, circulating load {load:.0%}, "
        f"concentrate {solution['concentrate'].grade('Sb'):.1f~P} Sb, "
        f"recovery {solution.recovery('Sb', to='concentrate'):.1f~P}"
    )


if __name__ == "__main__":
    print(described(solve(plant())))  # noqa: T201
    seconds = np.array(cold_solves(15))
    print(  # noqa: T201
        f"cold solve of {plant().slate.count} constituents, 10 units, four recycles: "
        f"{1e3 * seconds.min():.1f} ms at best, {1e3 * np.median(seconds):.1f} ms median"
    )
