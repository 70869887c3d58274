"""Electrolytic refining of antimony: anodes to cathodes, slimes and an electrolyte bleed."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.formula import parse_formula
from flowsheet.core.parameters import (
    Concentration,
    CurrentDensity,
    Fraction,
    PerSpecies,
    Voltage,
    default,
)
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, UnitOp

FARADAY = 96485.33212  # C/mol
VALENCE = 3  # Sb(III) in the fluoride bath
CATHODE_LIMITS_PPM = {"As": 100.0, "Cu": 50.0, "Pb": 100.0, "Bi": 10.0}  # GB/T 1599-2014, Sb99.90
_REFUSED_BATHS = {
    "hydroxide melt": "antimony anodes are not refined in it, a caustic melt is a chemical "
    "scavenger of As and Sn",
    "chloride melt": "molten chloride has been run on pilot scale only; there lead dissolves and "
    "antimony stays at the anode, and bismuth hardly parts from it",
}


class ElectrolyticRefining(UnitOp):
    """Dissolve antimony anodes in an aqueous SbF3-H2SO4 bath and deposit antimony.

    Species i of the anodes, with the scrap left over going back to casting:

        scrap_i = s * anode_i                                                       (1)
        slimes_i = (1 - s) * anode_i * (1 - d_i)                                    (2)
        deposit_i = (1 - s) * anode_i * d_i * c_i               for all but antimony (3)

    At steady state what dissolved leaves by the cathode or by the bleed. The bleed, V in m^3/s, is
    as large as the most demanding impurity asks for, and carries antimony with it:

        V = max_i((1 - s) * anode_i * d_i * (1 - c_i) / limit_i)                    (4)
        bleed_Sb = V * concentration of antimony, at most what dissolved            (5)
        cathode_Sb = (1 - s) * anode_Sb * d_Sb - bleed_Sb                           (6)

    Faraday's law for the antimony deposited, with current efficiency CE and cell voltage U:

        I = n * F * cathode_Sb / (M * CE),   energy per mass = n * F * U / (M * CE) (7)

    (1) to (6) are element balances of the tank house. Splits d and c that are not given come from
    ``electrolytic_splits.csv`` beside this file, which names its sources and ranges.

    Assumptions: splits do not depend on composition or current. The current is that of antimony
    alone; impurities that deposit count as lost efficiency. Dissolved metals leave as "Sb(aq)",
    "As(aq)" ... What is not dissolved or not known here (oxides, sulphides, and any water or gas,
    which an anode does not hold) falls into the slimes.
    Not modelled: the bath itself (SbF3, H2SO4, water), which circulates; acid in the bleed;
    drag-out; passivation; removal of Cu and Ag by cementation on antimony powder.
    Limits: no impurity that stays dissolved, no bleed. Arsenic, bismuth and copper have nearly the
    potential of antimony and follow it to the cathode: take them out before casting the anodes.
    """

    anodes: Inlet
    cathode: Outlet
    slimes: Outlet
    bleed: Outlet
    anode_scrap: Outlet

    bath: Literal["sulphate-fluoride", "hydroxide melt", "chloride melt"] = "sulphate-fluoride"
    """Electrolyte. Only the aqueous bath is modelled; the melts are refused, with the reason."""
    anode_scrap_fraction: Fraction = default("15 %")
    """Part of the anode that is left when it is pulled, s. Assumed, range 10 to 25 %."""
    dissolved: PerSpecies[Fraction] = default({})
    """Fraction of the consumed anode that dissolves, d; species not named take the table's."""
    dissolved_to_cathode: PerSpecies[Fraction] = default({})
    """Fraction of the dissolved impurity that deposits, c; not named: the table's. Not for Sb."""
    impurity_limit: PerSpecies[Concentration] = default("8 g/L")
    """Highest concentration of an impurity in the electrolyte. Assumed, range 2 to 15 g/L."""
    antimony_in_electrolyte: Concentration = default("90 g/L")
    """Antimony in the electrolyte: 80 to 100 g/L in plants, 90 to 120 in Gold 2014 (abstract)."""
    current_efficiency: Fraction = default("97.6 %")
    """Current efficiency, CE: 97.60 % in Gold 2014 (abstract); about 99 % in the bullion tests."""
    cell_voltage: Voltage = default("0.6 V")
    """Cell voltage, U. Literature value quoted from memory, range 0.4 to 0.8 V."""
    current_density: CurrentDensity = default("110 A/m^2")
    """At the cathode: 100 to 110 A/m^2 in plants (vendor's text), up to 220 in tests."""

    def check(self) -> None:
        """Refuse the melts, and values that make the bleed or the current endless."""
        if self.bath in _REFUSED_BATHS:
            raise InputError(
                f"bath '{self.bath}' is not offered: {_REFUSED_BATHS[self.bath]}; "
                f"use 'sulphate-fluoride'"
            )
        if self.current_efficiency == 0.0:
            raise InputError("current_efficiency of 0 deposits nothing; give more, e.g. 97 %")
        if "Sb" in _named(self.dissolved_to_cathode):
            raise InputError(
                "dissolved_to_cathode.Sb follows from the bleed; leave it out, and set "
                "antimony_in_electrolyte instead"
            )
        limits: Any = self.impurity_limit
        for name, limit in {**_named(limits), "others": limits.others}.items():
            if limit == 0.0:
                raise InputError(
                    f"impurity_limit of 0 g/L for {name} asks for an endless bleed; give more"
                )

    def required_species(self) -> Iterable[str]:
        """Antimony, as metal and in the bleed."""
        return ("Sb", "Sb(aq)")

    def resolve(self, slate: Slate) -> Parameters:
        """As for every unit, with splits of the table for species that are not named."""
        table = default_splits()
        columns = {}
        for position, name in enumerate(("dissolved", "dissolved_to_cathode")):
            known = {element: split[position] for element, split in table.items()}
            try:
                columns[name] = _completed(getattr(self, name), known, slate)
            except InputError as error:
                raise InputError(f"{name}: {error}") from error
        columns["dissolved"] *= slate.in_phase("solid")
        columns["dissolved_to_cathode"][slate.rows("Sb")] = 0.0
        _check_dissolved(slate, **columns)
        plain = self.model_copy(update=dict.fromkeys(columns, 0.0))
        return UnitOp.resolve(plain, slate).replaced(columns)

    def run(self, anodes: Flow, p: Parameters) -> Outlets:
        """Share the anodes between cathode, slimes, bleed and scrap."""
        slate = anodes.slate
        tank = _balance(anodes, p)
        _check_dissolved(slate, p.dissolved, p.dissolved_to_cathode)
        metals, dissolved, _ = _dissolved_forms(slate)
        bleed = np.zeros_like(tank.staying)
        bleed[dissolved] = tank.staying[metals]
        return {
            "cathode": Flow(slate, tank.deposited),
            "slimes": Flow(slate, tank.slimes),
            "bleed": Flow(slate, bleed),
            "anode_scrap": anodes * p.anode_scrap_fraction,  # (1)
        }

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Energy, current, cathode area, bleed, and what the cathode is worth."""
        cathode = flows["cathode"]
        tank = _balance(flows["anodes"], p)
        charge = VALENCE * FARADAY / (parse_formula("Sb").molar_mass * p.current_efficiency)
        current = charge * cathode.of("Sb")  # (7)
        consumed = (flows["anodes"] - flows["anode_scrap"]).of("Sb")
        gold = ratio(flows["slimes"].of("Au"), flows["slimes"].total())
        return (
            Figure(np.asarray(charge * p.cell_voltage), "kWh/t", "energy per tonne of antimony"),
            Figure(current * p.cell_voltage, "kW", "power of the cells"),
            Figure(current, "kA", "current through all cells together"),
            Figure(current / p.current_density, "m^2", "cathode area"),
            Figure(tank.volume, "m^3/h", "electrolyte bled"),
            Figure(ratio(cathode.of("Sb"), cathode.total()), "%", "purity of the cathode"),
            Figure(
                ratio(cathode.of("Sb"), consumed),
                "%",
                "antimony of the consumed anode on the cathode",
            ),
            Figure(gold, "%", "gold in the slimes"),
        )

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Settings outside practice, a bleed that takes the antimony, an impure cathode."""
        found = []
        voltage, density = first(p.cell_voltage), first(p.current_density)
        antimony = first(p.antimony_in_electrolyte)
        if not 0.4 <= voltage <= 0.8:
            found.append(f"cell_voltage of {voltage:g} V is outside the 0.4 to 0.8 V of refining")
        if density > 220.0:
            found.append(
                f"current_density of {density:g} A/m^2 is above the 220 A/m^2 of published tests"
            )
        if not 60.0 <= antimony <= 120.0:
            found.append(
                f"antimony_in_electrolyte of {antimony:g} g/L is outside 60 to 120 g/L; with too "
                f"little the deposit is rough and loose"
            )
        return (*found, *_bleed_warnings(flows, p), *_cathode_warnings(flows["cathode"]))


class _Tank(NamedTuple):
    """Mass flows, (constituents, scenarios), and the bleed in m^3/s."""

    slimes: Array
    deposited: Array
    staying: Array
    volume: Array
    antimony_wanted: Array
    antimony_dissolved: Array


def _balance(anodes: Flow, p: Parameters) -> _Tank:
    antimony, impurities = _antimony_and_others(anodes.slate)
    consumed = 1.0 - p.anode_scrap_fraction
    dissolved = consumed * p.dissolved
    slimes = anodes * (consumed * (1.0 - p.dissolved))  # (2)
    deposited = anodes * (dissolved * impurities * p.dissolved_to_cathode)  # (3)
    staying = anodes * (dissolved * impurities * (1.0 - p.dissolved_to_cathode))
    volume = (staying.mass / p.impurity_limit).max(axis=0)  # (4)
    wanted = volume * p.antimony_in_electrolyte
    available = anodes.of("Sb") * dissolved[anodes.slate.row("Sb")]
    bled = np.minimum(wanted, available)  # (5)
    return _Tank(
        slimes=slimes.mass,
        deposited=deposited.mass + antimony * (available - bled),  # (6)
        staying=staying.mass + antimony * bled,
        volume=volume,
        antimony_wanted=wanted,
        antimony_dissolved=available,
    )


@lru_cache(maxsize=64)
def _antimony_and_others(slate: Slate) -> tuple[Array, Array]:
    """One for antimony, and one for everything else, (constituents, 1)."""
    antimony = np.zeros((slate.count, 1))
    antimony[slate.row("Sb")] = 1.0
    return antimony, 1.0 - antimony


@lru_cache(maxsize=64)
def _dissolved_forms(slate: Slate) -> tuple[list[int], list[int], list[int]]:
    """Rows of species with a dissolved form on the slate, of these forms, and of all others."""
    names = [name for name in slate.names if f"{name}(aq)" in slate]
    others = [name for name in slate.names if name not in names]
    solid, dissolved = [slate.row(n) for n in names], [slate.row(f"{n}(aq)") for n in names]
    return solid, dissolved, slate.rows(*others)


def _check_dissolved(slate: Slate, dissolved: Array, dissolved_to_cathode: Array) -> None:
    """Refuse what would stay in the electrolyte and has no dissolved form on the slate."""
    *_, others = _dissolved_forms(slate)
    stays = (dissolved[others].real > 0.0) & (dissolved_to_cathode[others].real < 1.0)
    if stays.any():
        name = slate.labels[others[int(stays.any(axis=1).argmax())]]
        raise InputError(
            f"dissolved: {name} leaves with the bleed as '{name}(aq)', which this flowsheet does "
            f"not carry; add it to its species, or give dissolved.{name} = 0"
        )


def _bleed_warnings(flows: Flows, p: Parameters) -> list[str]:
    tank = _balance(flows["anodes"], p)
    wanted, dissolved = tank.antimony_wanted[0] * 3.6, tank.antimony_dissolved[0] * 3.6
    if wanted > dissolved:
        return [
            f"the bleed would carry {wanted:.4g} t/h Sb but only {dissolved:.4g} t/h dissolve; all "
            f"of it leaves with the bleed and nothing deposits: remove As and Fe before casting"
        ]
    if wanted > 0.1 * dissolved > 0.0:
        return [
            f"the bleed takes {100.0 * wanted / dissolved:.3g} % of the dissolved antimony; remove "
            f"As and Fe before casting, or win it back from the bleed"
        ]
    return []


def _cathode_warnings(cathode: Flow) -> list[str]:
    ppm = {s: 1e6 * ratio(cathode.of(s), cathode.total())[0] for s in CATHODE_LIMITS_PPM}
    high = [f"{s} {ppm[s]:.3g} ppm" for s, limit in CATHODE_LIMITS_PPM.items() if ppm[s] > limit]
    if not high:
        return []
    return [
        f"the cathode holds {', '.join(high)}, more than grade Sb99.90 allows; electrolysis hardly "
        f"removes As, Bi and Cu, take them out before casting"
    ]


def _named(keyed: Any) -> dict[str, float]:
    return dict(keyed.by_name)


def _completed(given: Any, known: Mapping[str, float], slate: Slate) -> Array:
    """Column of what the user named, else the user's ``others``, else the table, else zero."""
    column = np.full((slate.count, 1), given.others or 0.0)
    if given.others is None:
        column[slate.rows(*known), 0] = [known[name] for name in known if name in slate]
    for name, number in given.by_name.items():
        column[slate.row(name)] = number
    return column


@lru_cache(maxsize=1)
def default_splits() -> dict[str, tuple[float, float]]:
    """Element -> (fraction dissolved, fraction of the dissolved that deposits), from the table."""
    text = files("unitops.refining").joinpath("electrolytic_splits.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {
        row["element"]: (float(row["dissolved"]), float(row["dissolved_to_cathode"] or 0.0))
        for row in rows
    }
