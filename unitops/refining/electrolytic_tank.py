"""Balance of an electrolytic tank house at steady state, in charge and in every element."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from flowsheet.core.arithmetic import ratio
from flowsheet.core.flow import Array, Flow, flow_of
from flowsheet.core.reaction import Reaction, change_by_extent, change_by_share
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Parameters
from unitops.refining.anode_impurities import dissolved_forms
from unitops.refining.electrolysis_baths import BATHS, LEAD_SULPHATE, OXIDE, Bath, BathName
from unitops.refining.faraday import ANTIMONY_ELECTRONS, FARADAY, charge_per_mass


class Tank(NamedTuple):
    """Flows of a tank house; arrays are (scenarios,) unless said otherwise."""

    cathode: Flow
    slimes: Flow
    bleed: Flow
    drawn: Flow
    """Acid, water and trioxide, and the oxygen that air brings."""
    staying: Array
    """Impurities that dissolve and do not deposit, kg/s, (constituents, scenarios)."""
    volume: Array
    """Bleed, m^3/s."""
    least_volume: Array
    """Bleed that holds the most demanding impurity at its limit, m^3/s."""
    antimony_dissolved: Array
    """From the anodes, kg/s."""
    antimony_wanted: Array
    """Antimony of the bleed at the concentration asked for, kg/s."""
    antimony_bled: Array
    current: Array
    """Through all cells together, A."""
    dissolving_charge: Array
    """What the dissolving metals give off, A."""
    efficiency_possible: Array
    """The part of the charge that impurities leave to antimony."""


def tank_balance(anodes: Flow, p: Parameters) -> Tank:
    """Share the anodes out, size the bleed, and draw what it carries off."""
    slate, bath = anodes.slate, BATHS[p.bath]
    antimony, impurities = _antimony_and_others(slate)
    consumed = anodes * (1.0 - p.anode_scrap_fraction)
    slimes = consumed * (1.0 - p.dissolved)  # (2)
    dissolved = consumed * p.dissolved
    codeposit = dissolved * (impurities * p.dissolved_to_cathode)  # (3)
    staying = dissolved * (impurities * (1.0 - p.dissolved_to_cathode))
    available = dissolved.of("Sb")
    in_slimes = _lead_sulphate(slimes, p)
    lead = _charge_of_lead(slimes, p)
    charge = charge_of(dissolved, bath) + lead
    species = slice(len(slate.species))  # rows of particles have no limit, and are never seen here
    least = (staying.mass[species] / p.impurity_limit[species]).max(axis=0)  # (4)
    volume = least if p.bleed_volume is None else p.bleed_volume * available
    wanted = volume * p.antimony_in_electrolyte
    per_antimony = charge_per_mass("Sb", ANTIMONY_ELECTRONS)
    if p.anodic_efficiency is None:
        bled = np.minimum(wanted, available)  # (5)
        deposit, oxide = available - bled, 0.0 * available  # (6)
        current = per_antimony * deposit / p.current_efficiency
        left = current
    else:
        current = charge / p.anodic_efficiency  # (8)
        codeposited = charge_of(codeposit, bath)
        left = charge - codeposited
        deposit = np.minimum(p.current_efficiency * current, left) / per_antimony  # (9)
        to_oxygen = _to_oxygen(charge, codeposited, p)
        surplus = (to_oxygen - charge_of(staying, bath) - lead) / per_antimony  # (10)
        bled = np.maximum(wanted, surplus)
        oxide = np.maximum(wanted - surplus, 0.0)  # (11)
        if p.bleed_volume is None:
            volume = bled / p.antimony_in_electrolyte

    salts = _salts_of(staying + Flow(slate, antimony * bled), p)
    change = salts + _from_oxide(slate, oxide) + in_slimes.without("Pb", "PbSO4")
    if p.anodic_efficiency is not None:
        change = change.without("O2") - _oxygen(slate, to_oxygen)
    content = p.reagents_in_electrolyte * volume
    bleed = np.maximum(content, change.mass)
    drawn = np.maximum(content - change.mass, 0.0)
    return Tank(
        cathode=codeposit + Flow(slate, antimony * deposit),
        slimes=slimes + in_slimes.only("Pb", "PbSO4"),
        bleed=Flow(slate, bleed + _bare_forms(staying, p)),
        drawn=Flow(slate, drawn),
        staying=staying.mass,
        volume=volume,
        least_volume=least,
        antimony_dissolved=available,
        antimony_wanted=wanted,
        antimony_bled=bled,
        current=current,
        dissolving_charge=charge,
        efficiency_possible=ratio(left, current, 1.0),
    )


def _to_oxygen(charge: Array, codeposited: Array, p: Parameters) -> Array:
    """Charge that deposits nothing and is taken up by oxygen of the air, A.

    It is what antimony in solution and impurities that stay there differ by; taken from the
    charges, not from these, it is exactly zero where nothing is lost.
    """
    lost = charge * (1.0 - p.current_efficiency / p.anodic_efficiency)
    return np.asarray(np.maximum(lost - codeposited, 0.0))


def _oxygen(slate: Slate, charge: Array) -> Flow:
    moles = charge / (4.0 * FARADAY)
    return flow_of(slate, {"O2": moles * slate.molar_mass[slate.row("O2")]})


def charge_of(metals: Flow, bath: Bath) -> Array:
    """Charge that metals give off as they dissolve, A, (scenarios,); others are left out."""
    charge: Array = _charges(metals.slate, bath) @ metals.mass
    return charge


@lru_cache(maxsize=64)
def _charges(slate: Slate, bath: Bath) -> Array:
    """C/kg, (constituents,)."""
    charges = np.zeros(slate.count)
    for name, electrons in bath.electrons.items():
        if name in slate:
            charges[slate.row(name)] = electrons * FARADAY / slate.molar_mass[slate.row(name)]
    return charges


@lru_cache(maxsize=64)
def _antimony_and_others(slate: Slate) -> tuple[Array, Array]:
    """One for antimony, and one for everything else, (constituents, 1)."""
    antimony = np.zeros((slate.count, 1))
    antimony[slate.row("Sb")] = 1.0
    return antimony, 1.0 - antimony


@lru_cache(maxsize=64)
def _salt_reactions(slate: Slate, bath: BathName) -> tuple[Reaction, ...]:
    return tuple(BATHS[bath].by_metal[name] for name in dissolved_forms(slate, bath).salted)


def _salts_of(metals: Flow, p: Parameters) -> Flow:
    """What metals that stay dissolved make (salts, water) and use up (acid, oxygen)."""
    reactions = _salt_reactions(metals.slate, p.bath)
    return change_by_share(metals, reactions).without(*(reaction.key for reaction in reactions))


def _from_oxide(slate: Slate, antimony: Array) -> Flow:
    """Trioxide used up, and the oxygen that it saves, for antimony in kg/s that it brings."""
    if "Sb2O3" not in slate:
        return Flow(slate, np.zeros((slate.count, 1)))
    moles = antimony / (2.0 * slate.molar_mass[slate.row("Sb")])
    return change_by_extent(slate, (OXIDE,), (moles,)).without("Sb")


def _lead_sulphate(slimes: Flow, p: Parameters) -> Flow:
    """What the lead of the slimes makes and uses up as it becomes sulphate."""
    if p.lead_in_slimes == "metal":
        return slimes * 0.0
    return change_by_share(slimes, (LEAD_SULPHATE,))


def _charge_of_lead(slimes: Flow, p: Parameters) -> Array:
    if p.lead_in_slimes == "metal":
        return 0.0 * slimes.total()
    return charge_of(slimes.only("Pb"), BATHS[p.bath])


def _bare_forms(staying: Flow, p: Parameters) -> Array:
    """Metals without a salt in the bath, as "X(aq)", (constituents, scenarios)."""
    slate = staying.slate
    bare = dissolved_forms(slate, p.bath).bare
    forms = np.zeros_like(staying.mass)
    rows = [slate.row(name) for name in bare]
    forms[[slate.row(f"{name}(aq)") for name in bare]] = staying.mass[rows]
    return forms
