"""The problems as a user of this program writes them."""

import numpy as np

from flowsheet import Flowsheet, Solution, Species, scenarios
from flowsheet.core.unit import UnitOp
from tests.benchmarks.problems import (
    FEED,
    RECOVERY,
    RETURNED,
    SPECIES,
    UNITS,
    Banks,
    Floats,
)
from unitops.flotation.flotation_bank import FlotationBank
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter


def series(circuits: int) -> Flowsheet:
    """Circuits in a row, each fed with the tailings of the one before."""
    units: dict[str, UnitOp] = {
        "ore": Feed(
            outlet="ore",
            flow="100 t/h",
            composition=dict(zip(SPECIES, FEED / 100.0, strict=True)),
        )
    }
    feed = ["ore", "returned"] if circuits > 1 else ["ore"]
    for n in range(circuits):
        tailings = f"tailings_{n}"
        streams = {
            "rougher": ([*feed, f"scavenged_{n}", f"middlings_{n}"], f"froth_{n}", f"pulp_{n}"),
            "scavenger": (f"pulp_{n}", f"scavenged_{n}", tailings),
            "cleaner": (f"froth_{n}", f"concentrate_{n}", f"middlings_{n}"),
        }
        for unit, recovery in zip(UNITS, RECOVERY, strict=True):
            inlet, product, remainder = streams[unit]
            fraction = dict(zip(SPECIES, recovery, strict=True))
            units[f"{unit}_{n}"] = Splitter(
                feed=inlet, product=product, remainder=remainder, fraction=fraction
            )
        feed = [tailings]
    if circuits > 1:
        units["return"] = Splitter(
            feed=feed, product="returned", remainder="final", fraction=RETURNED
        )
    return Flowsheet(species=SPECIES, units=units)


def products(solution: Solution, circuits: int) -> Floats:
    """Concentrates and tailings of a solved series, t/h."""
    last = "final" if circuits > 1 else "tailings_0"
    streams = [solution[f"concentrate_{n}"] for n in range(circuits)] + [solution[last]]
    return np.array([[s.species(name).magnitude for name in SPECIES] for s in streams])


def solve_scenarios(flowsheet: Flowsheet, recovery: Floats) -> Floats:
    """Concentrates of scenarios of one circuit, t/h; every recovery is varied by its path."""
    vary = {
        f"{unit}_0.fraction.{name}": recovery[:, row, column]
        for row, unit in enumerate(UNITS)
        for column, name in enumerate(SPECIES)
    }
    return _concentrates(flowsheet, vary, "concentrate_0")


def flotation(problem: Banks) -> Flowsheet:
    """Rougher, scavenger and cleaner of cells with a volume, both returns to the rougher."""
    names = [f"mineral_{n}" for n in range(len(problem.feed) - 1)] + ["H2O"]
    minerals = [
        Species(name, formula="SiO2", density=f"{density!r} t/m^3")
        for name, density in zip(names[:-1], problem.density.tolist(), strict=False)
    ]
    total = float(problem.feed.sum())
    streams = {
        "rougher": (["ore", "scavenged", "middlings"], "froth", "pulp"),
        "scavenger": ("pulp", "scavenged", "tailings"),
        "cleaner": ("froth", "concentrate", "middlings"),
    }
    units: dict[str, UnitOp] = {
        "ore": Feed(
            outlet="ore",
            flow=f"{total!r} t/h",
            composition=dict(zip(names, problem.feed / total, strict=True)),
        )
    }
    for row, unit in enumerate(UNITS):
        inlet, concentrate, tailings = streams[unit]
        rates = problem.rate_constant[row].tolist()
        units[unit] = FlotationBank(
            feed=inlet,
            concentrate=concentrate,
            tailings=tailings,
            cells=problem.cells[row],
            cell_volume=f"{problem.cell_volume[row]} m^3",
            gas_holdup=float(problem.gas_holdup[:, row].mean()),
            water_recovery=float(problem.water_recovery[:, row].mean()),
            rate_constant={name: f"{rate!r} 1/h" for name, rate in zip(names, rates, strict=True)},
        )
    return Flowsheet(species=[*minerals, "H2O"], units=units)


def solve_flotation(flowsheet: Flowsheet, problem: Banks) -> Floats:
    """Concentrates of scenarios of the banks, t/h."""
    vary = {
        f"{unit}.{name}": values[:, row]
        for row, unit in enumerate(UNITS)
        for name, values in (
            ("gas_holdup", problem.gas_holdup),
            ("water_recovery", problem.water_recovery),
        )
    }
    return _concentrates(flowsheet, vary, "concentrate")


def _concentrates(flowsheet: Flowsheet, vary: dict[str, Floats], stream: str) -> Floats:
    found = scenarios(flowsheet, vary=vary)
    if found.failed:
        raise RuntimeError(f"{len(found.failed)} scenarios failed: {dict(found.failed)}")
    return found.flow(stream).mass.T * 3.6
