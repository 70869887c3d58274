"""Fluxes of a reduction furnace: which are offered, and how much brings the slag to its target."""

from typing import Any

import numpy as np

from flowsheet.core.arithmetic import ratio
from flowsheet.core.errors import InputError, closest
from flowsheet.core.flow import Array, Flow, flow_of
from flowsheet.core.formula import parse_formula
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Parameters
from unitops.smelting.reductant import is_carbon
from unitops.smelting.reduction_bath import ash_per_carbon, monoxide_fraction, smelted
from unitops.smelting.slag_target import (
    FLUXED,
    CarbonResidue,
    SlagTarget,
    oxides_of,
    target_weights,
)

_OFFERED = {"FeO": "iron_flux", "SiO2": "silica_flux", "CaO": "lime_flux"}
"""Oxide -> parameter that says what is offered for it; soda always is."""
_RATIOS = {"FeO": "iron_to_silica", "CaO": "lime_to_silica", "Na2O": "soda_to_silica"}
_MISSED = 0.01
"""Of a target, by how much the slag may miss it; where it is 0, of the oxides named."""
_IRON_TO_OXIDE = 1.0 / parse_formula("FeO").mass_fractions()["Fe"]


def is_fluxed(p: Any) -> bool:
    """Whether a unit, or its parameters, hold the slag to a composition."""
    target = p.slag_target
    if hasattr(target, "by_name"):
        target = [*target.by_name.values(), target.others or 0.0]
    return bool(np.count_nonzero(target)) or _by_ratio(p)


def _by_ratio(p: Any) -> bool:
    return any(getattr(p, name) is not None for name in _RATIOS.values())


def _named(unit: Any) -> list[str]:
    """Oxides that a unit's slag is held to."""
    if _by_ratio(unit):
        return ["SiO2", *(o for o, name in _RATIOS.items() if getattr(unit, name) is not None)]
    return [oxide for oxide, share in unit.slag_target.by_name.items() if share > 0.0]


def held_to(p: Parameters, slate: Slate) -> dict[str, Array]:
    """Oxide -> weight among the oxides that the slag is held to, those with one only."""
    if not is_fluxed(p):
        return {}
    weights = target_weights(_targets(p, slate))
    return {oxide: weight for oxide, weight in weights.items() if np.count_nonzero(weight)}


def missed_targets(unit: Any, slag: Flow, p: Parameters) -> list[str]:
    """Per scenario, an oxide of which the slag holds more than ``slag_target``; empty where none.

    Where one is short another is in excess: that one is named.
    """
    named, weights = unit.slag_target.by_name, target_weights(_targets(p, slag.slate))
    held = oxides_of(slag)
    total = sum((held[oxide] for oxide in named), np.zeros(slag.mass.shape[1]))
    texts = [""] * len(total)
    for oxide in () if _by_ratio(p) else named:
        found, asked = np.broadcast_arrays(ratio(held[oxide], total), weights[oxide])
        for scenario, (share, weight) in enumerate(zip(found, asked, strict=True)):
            if total[scenario] > 0.0 and share - weight > _MISSED * (weight or 1.0):
                texts[scenario] = (
                    f"slag_target asks for {weight:.1%} {oxide}, but of the oxides named there the "
                    f"slag holds {share:.1%}: a flux takes nothing out; leave {oxide} out, or name "
                    f"the share that the slag may hold"
                )
    return texts


def check_target(unit: Any, p: Parameters) -> None:
    """Refuse a target that is no composition, or that the fluxes offered cannot meet.

    ``p`` are the parameters of the unit with their defaults.
    """
    if unit.antimony_in_slag is not None and unit.antimony_to_slag is not None:
        raise InputError(
            "antimony_in_slag and antimony_to_slag say the same twice; give one of them"
        )
    held = is_fluxed(unit) or unit.antimony_in_slag is not None
    if held and not is_carbon(unit.reductant_kind):
        raise InputError(
            "a target of the slag needs carbon as the reductant: iron makes FeO as it reduces; "
            "give antimony_to_slag and soda_ratio instead"
        )
    if (unit.antimony_in_slag or 0.0) > 0.5:
        raise InputError(
            f"antimony_in_slag of {unit.antimony_in_slag:.0%} is no slag; 0.5 to 15 % is known"
        )
    if is_fluxed(unit) or unit.slag_target.by_name:
        _check_zeros(unit, p)
        _check_oxides(unit)
        _check_offers(unit)


def _check_oxides(unit: Any) -> None:
    target = unit.slag_target.by_name
    if unit.slag_target.others:
        raise InputError("slag_target needs a share for each oxide; name FeO, SiO2, CaO, Na2O")
    for oxide in target:
        if oxide not in FLUXED:
            raise InputError(
                f"slag_target names {oxide}, for which there is no flux; name FeO, SiO2, CaO or "
                f"Na2O{closest(oxide, FLUXED)}"
            )
    total = sum(target.values())
    if _by_ratio(unit) and total > 0.0:
        raise InputError("slag_target and ratios to silica are both given; give one of them")
    if not _by_ratio(unit) and not 0.995 <= total <= 1.005:
        raise InputError(
            f"slag_target adds up to {total:.1%}; the oxides named make up the slag between them: "
            f"let them add up to 100 %, or give ratios to silica"
        )


def _check_zeros(unit: Any, p: Parameters) -> None:
    """Refuse a share of 0 for what the slag of any charge holds, from ash or from soda."""
    drawn = {
        "SiO2": (
            "the ash of the reductant",
            ash_per_carbon(p) if is_carbon(p.reductant_kind) else 0.0,
        ),
        "Na2O": ("soda, see soda_ratio,", p.soda_ratio),
    }
    for oxide, (source, amount) in drawn.items():
        if unit.slag_target.by_name.get(oxide) == 0.0 and amount > 1e-9:
            raise InputError(
                f"slag_target of 0 for {oxide}: {source} brings it into any slag, and a flux takes "
                f"nothing out; leave {oxide} out, or name the share that the slag may hold"
            )


def _check_offers(unit: Any) -> None:
    for oxide in _named(unit):
        parameter = _OFFERED.get(oxide)
        if parameter and getattr(unit, parameter) == "none":
            raise InputError(
                f"the slag is to hold {oxide}, but {parameter} is 'none'; offer it, or leave "
                f"{oxide} out of the target"
            )
    if "Na2O" in _named(unit) and unit.soda_ratio is not None:
        raise InputError(
            "soda_ratio and a target for Na2O both say how much soda; leave out soda_ratio"
        )
    if "FeO" in _named(unit) and unit.iron_to_metal == 1.0:
        raise InputError("iron_to_metal of 1 leaves no FeO for the slag; give less")


def flux_species(unit: Any) -> list[str]:
    """What the fluxes of a unit are, and what they become."""
    if not is_fluxed(unit):
        return []
    offered = {"FeO": unit.iron_flux, "SiO2": unit.silica_flux, "CaO": unit.lime_flux}
    named = _named(unit)
    iron = ["Fe"] if "FeO" in named and unit.iron_to_metal > 0.0 else []
    return [*named, *iron, *(offered[oxide] for oxide in named if oxide in offered)]


def asks_for_soda(p: Parameters, slate: Slate) -> bool:
    """Whether the target names Na2O, so that soda is drawn for it and by no ratio."""
    return bool(np.count_nonzero(_targets(p, slate)["Na2O"]))


def _targets(p: Parameters, slate: Slate) -> dict[str, Any]:
    """Oxide -> weight in the slag, of no particular sum; (scenarios,) or one number each."""
    if _by_ratio(p):
        given = {oxide: getattr(p, name) for oxide, name in _RATIOS.items()}
        weights = {oxide: 0.0 if value is None else value for oxide, value in given.items()}
        iron = weights["FeO"] * _IRON_TO_OXIDE
        return {"FeO": iron, "SiO2": 1.0, "CaO": weights["CaO"], "Na2O": weights["Na2O"]}
    rows = {oxide: slate.row(oxide) if oxide in slate else None for oxide in FLUXED}
    return {
        oxide: np.zeros(1) if row is None else p.slag_target[row] for oxide, row in rows.items()
    }


def to_target(feed: Flow, soda: Flow, p: Parameters) -> tuple[Flow, Any]:
    """Fluxes, soda included, and the share of the Sb2O3 that the slag keeps."""
    bare = smelted(feed, soda, 0.0, p)
    target = _target(bare.slag, p)
    if p.antimony_in_slag is not None:
        most = bare.trioxide * np.maximum(0.0, 1.0 - p.antimony_to_fume)
        kept = np.minimum(target.antimony_kept(p.antimony_in_slag), most)
        share = ratio(kept, bare.trioxide)
    else:
        share, kept = p.antimony_to_slag, p.antimony_to_slag * bare.trioxide
    return soda + _as_charged(feed.slate, target.fluxes(kept), p), share


def _target(slag: Flow, p: Parameters) -> SlagTarget:
    per_oxygen = 1.0 / (2.0 - monoxide_fraction(p))  # mol C per mol O
    carbon = parse_formula("C").molar_mass
    trioxide = 3.0 * per_oxygen * carbon / parse_formula("Sb2O3").molar_mass
    from_ore = 0.5 if p.iron_flux == "Fe2O3" else 0.0
    oxygen = (from_ore + p.iron_to_metal) / (1.0 - p.iron_to_metal)
    iron = oxygen * per_oxygen * carbon / parse_formula("FeO").molar_mass
    ash, unburnt = (1.0 + p.carbon_excess) * ash_per_carbon(p), p.carbon_excess
    residue = CarbonResidue(
        ash_per_iron=ash * iron,
        unburnt_per_iron=unburnt * iron,
        ash_spared=ash * trioxide,
        unburnt_spared=unburnt * trioxide,
    )
    weights = target_weights(_targets(p, slag.slate))
    return SlagTarget(slag, weights, residue)


def _as_charged(slate: Slate, oxides: dict[str, Array], p: Parameters) -> Flow:
    """Fluxes as they are bought: FeO as ore, of which some is reduced to metal, and so on."""
    iron = oxides["FeO"] / (1.0 - p.iron_to_metal)
    masses = {
        **_bought(p.iron_flux, "FeO", 0.5, iron),
        **_bought(p.lime_flux, "CaO", 1.0, oxides["CaO"]),
        **_bought("Na2CO3", "Na2O", 1.0, oxides["Na2O"]),
        "SiO2": oxides["SiO2"],
    }
    return flow_of(slate, {name: mass for name, mass in masses.items() if name in slate})


def _bought(flux: str, oxide: str, moles: float, mass: Array) -> dict[str, Array]:
    """Mass of a flux that gives a mass of oxide; ``moles`` of it per mole unless it is oxide."""
    if flux in (oxide, "none"):
        return {oxide: mass}
    per_mass = moles * parse_formula(flux).molar_mass / parse_formula(oxide).molar_mass
    return {flux: mass * per_mass}
