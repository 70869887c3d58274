"""Figures and warnings of a reduction furnace, from its solved flows."""

from collections.abc import Sequence

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.flow import Array, Flow
from flowsheet.core.unit import Figure, Flows, Parameters
from unitops.smelting.furnace_practice import furnace_practice
from unitops.smelting.reductant import equilibrium_monoxide, is_carbon, least_monoxide_ratio
from unitops.smelting.reduction_bath import monoxide_fraction
from unitops.smelting.slag_fluxes import held_to, is_fluxed
from unitops.smelting.slag_target import oxides_of
from unitops.smelting.smelting_reactions import EVAPORATIONS

_LEAST_IN_SLAG = 0.005
_MOST_FLUX = 0.5
_MOST_UNNAMED = 0.2
_NAMES = {
    "reverberatory": "a reverberatory furnace",
    "short_rotary": "a short rotary furnace",
    "water_jacket": "a water-jacket furnace",
    "bath": "bath smelting",
}


def grade(flow: Flow, symbol: str) -> Array:
    """Mass fraction of an element in a flow."""
    return ratio(flow.element(symbol), flow.total())


def reductant_bought(flows: Flows, p: Parameters) -> Array:
    """Reductant with its volatile matter, kg/s."""
    if not is_carbon(p.reductant_kind):
        return flows["reductant"].total()
    bought: Array = flows["reductant"].of("C") / p.reductant_fixed_carbon
    return bought


def figures_of(flows: Flows, p: Parameters) -> Sequence[Figure]:
    """Recovery, grades, slag, reagents per tonne of metal and the hearth this takes."""
    feed, metal, slag = flows["feed"], flows["metal"], flows["slag"]
    made, charged, fed = metal.total(), feed.solids.total(), feed.element("Sb")
    reductant = reductant_bought(flows, p)
    figures = [
        Figure(ratio(metal.element("Sb"), fed), "%", "antimony to metal"),
        Figure(ratio(flows["gas"].element("Sb"), fed), "%", "antimony to fume"),
        Figure(ratio(slag.element("Sb"), fed), "%", "antimony to slag"),
        Figure(ratio(flows["matte"].element("Sb"), fed), "%", "antimony to matte"),
        *(Figure(grade(metal, of), "%", f"{of} in crude metal") for of in ("Sb", "As", "S", "Fe")),
        Figure(grade(slag, "Sb"), "%", "Sb in slag"),
        *(
            Figure(ratio(mass, slag.total()), "%", f"{oxide} in slag")
            for oxide, mass in oxides_of(slag).items()
        ),
        Figure(ratio(slag.total(), charged), "%", "slag of dry feed"),
        Figure(reductant, "t/h", "reductant demand"),
        Figure(ratio(reductant, made), "kg/t", "reductant per metal"),
        Figure(ratio(reductant, charged), "%", "reductant of dry feed"),
        Figure(ratio(flows["flux"].of("Na2CO3"), made), "kg/t", "soda per metal"),
        Figure(ratio(flows["flux"].without("Na2CO3").total(), made), "kg/t", "flux per metal"),
    ]
    if is_carbon(p.reductant_kind):
        figures += [
            Figure(np.atleast_1d(monoxide_fraction(p)), "%", "CO of the carbon oxides of the bath"),
            Figure(least_monoxide_ratio(p.temperature), "", "least CO/CO2 that reduces"),
        ]
    if p.hearth_load is not None:
        figures += _hearths(ratio(charged, p.hearth_load), p)
    return figures


def _hearths(hearth: Array, p: Parameters) -> list[Figure]:
    """Hearth in all, (scenarios,); how many furnaces share it, and what each has if several do."""
    load = 86.4 * first(p.hearth_load)
    figures = [Figure(hearth, "m^2", f"hearth at {load:.3g} t/(m2 d)", "equipment")]
    number = np.zeros_like(np.real(hearth))
    if np.all(np.real(p.largest_hearth) > 0.0):
        number = np.ceil(np.real(hearth / p.largest_hearth) * (1.0 - 1e-12))
        label = f"furnaces of at most {first(p.largest_hearth):.3g} m2"
        figures.append(Figure(number, "", label, "equipment"))
    sharing = np.maximum(number, np.real(p.furnaces))
    if np.any(sharing > 1.0):
        figures.append(Figure(hearth / sharing, "m^2", "hearth of each furnace"))
    return figures


def warnings_of(flows: Flows, p: Parameters) -> list[str]:
    """What a metallurgist would ask about."""
    if first(flows["feed"].solids.total()) == 0.0:
        return []
    return [
        *_of_charge(flows, p),
        *_of_settings(flows, p),
        *_of_fluxes(flows, p),
        *_of_products(flows, p),
        *solid_fume(flows["gas"]),
    ]


def solid_fume(gas: Flow) -> list[str]:
    """Fume that leaves as solids for want of its vapour among the species."""
    lacking = [
        (reaction.key, vapour)
        for reaction in EVAPORATIONS
        for vapour in reaction.products
        if vapour not in gas.slate and first(gas.of(reaction.key)) > 0.0
    ]
    if not lacking:
        return []
    solids, vapours = (" and ".join(names) for names in zip(*lacking, strict=True))
    return [
        f"fume leaves as solid {solids}, of which a cooler or filter behind sees no vapour; add "
        f"{vapours} to the species of the flowsheet"
    ]


def _of_charge(flows: Flows, p: Parameters) -> list[str]:
    feed = flows["feed"].solids
    antimony, arsenic = (first(grade(feed, of)) for of in ("Sb", "As"))
    carbon = first(p.reductant_fixed_carbon)
    found = (
        (antimony < 0.75, f"charge holds {antimony:.1%} Sb; designed for more than 75 %"),
        (arsenic > 0.05, f"charge holds {arsenic:.1%} As; designed for less than 5 %"),
        (carbon < 0.8, f"reductant holds {carbon:.0%} fixed C; use 80 % or more"),
    )
    return [text for holds, text in found if holds]


def _of_settings(flows: Flows, p: Parameters) -> list[str]:
    practice, name = furnace_practice()[p.furnace], _NAMES[p.furnace]
    warm, usual = first(p.temperature), practice["temperature"]
    lines = []
    if not usual.low - 0.5 <= warm <= usual.high + 0.5:
        lines.append(
            f"bath of {warm - 273.15:.0f} degC; {usual.low - 273.15:.0f} to "
            f"{usual.high - 273.15:.0f} degC is usual in {name}"
        )
    soda, range_ = first(p.soda_ratio), practice["soda_ratio"]
    if not is_fluxed(p) and not range_.low <= soda <= range_.high:
        lines.append(
            f"soda is {soda:.1%} of the feed; {100 * range_.low:.0f} to "
            f"{100 * range_.high:.0f} % is usual in {name}"
        )
    if p.antimony_in_slag is not None and first(p.antimony_in_slag) < _LEAST_IN_SLAG - 1e-9:
        lines.append(
            f"slag is to hold {first(p.antimony_in_slag):.2%} Sb; 0.5 to 15 % is usual: ask for "
            f"more, and clean the slag in a unit of its own"
        )
    if not is_carbon(p.reductant_kind) or first(flows["reductant"].of("C")) == 0.0:
        return lines
    monoxide, most = first(monoxide_fraction(p)), first(equilibrium_monoxide(p.temperature))
    needed = first(least_monoxide_ratio(p.temperature))
    least = needed / (1.0 + needed)
    if monoxide > most + 1e-6:
        lines.append(
            f"CO fraction of {monoxide:.1%} is more than carbon can give at "
            f"{warm - 273.15:.0f} degC: {most:.1%} at equilibrium"
        )
    if monoxide < least:
        lines.append(
            f"CO fraction of {monoxide:.1%} does not reduce antimony oxide at "
            f"{warm - 273.15:.0f} degC; it takes {least:.1%} or more"
        )
    return lines


def _of_fluxes(flows: Flows, p: Parameters) -> list[str]:
    """Flux beyond what a furnace is charged with, and slag that the target says nothing of."""
    flux, slag = flows["flux"], flows["slag"]
    weights = {oxide: first(weight) for oxide, weight in held_to(p, slag.slate).items()}
    targets = {oxide: weight for oxide, weight in weights.items() if weight > 0.0}
    lines = []
    per_charge = first(ratio(flux.total(), flows["feed"].solids.total()))
    if per_charge > _MOST_FLUX:
        instead = "draw less soda: see soda_ratio and sulphide_by_soda"
        if targets:
            added = {oxide: first(mass) for oxide, mass in oxides_of(flux).items()}
            scarce = min(targets, key=lambda oxide: added[oxide] / targets[oxide])
            instead = (
                f"{scarce} is diluted to {targets[scarce]:.1%} of the oxides held to a target; "
                f"give {scarce} a larger share"
            )
        lines.append(
            f"flux is {per_charge:.2f} t per t of charge, more than {_MOST_FLUX:g}: {instead}"
        )
    found = {oxide: first(ratio(mass, slag.total())) for oxide, mass in oxides_of(slag).items()}
    others = 1.0 - sum(found[oxide] for oxide in targets)
    if targets and others > _MOST_UNNAMED and first(slag.total()) > 0.0:
        unnamed = {oxide: share for oxide, share in found.items() if oxide not in targets}
        unnamed["Sb"] = first(grade(slag, "Sb"))
        held = [f"{share:.0%} {name}" for name, share in unnamed.items() if share > 0.01]
        lines.append(
            f"{others:.0%} of the slag is none of the oxides held to a target "
            f"({', '.join(targets)}), whose shares are among themselves; it holds "
            f"{', '.join(held) or 'other oxides'}: name more of FeO, SiO2, CaO, Na2O"
        )
    return lines


def _of_products(flows: Flows, p: Parameters) -> list[str]:
    feed, slag, metal = flows["feed"], flows["slag"], flows["metal"]
    crude, left = first(grade(metal, "Sb")), first(grade(slag, "Sb"))
    fume = first(ratio(flows["gas"].element("Sb"), feed.element("Sb")))
    most = furnace_practice()[p.furnace]["antimony_to_fume"].high
    lines = []
    if fume > most + 1e-9:
        lines.append(
            f"{fume:.0%} of the antimony leaves as fume; {100 * most:.0f} % or less is usual in "
            f"{_NAMES[p.furnace]}"
        )
    if crude < 0.9:
        lines.append(f"crude metal holds {crude:.1%} Sb; 90 to 98 % is usual from oxide")
    if crude > 0.995:
        lines.append(
            f"crude metal holds {crude:.2%} Sb; 90 to 98 % is usual from oxide: the charge carries "
            f"fewer impurities than real ones do"
        )
    if p.antimony_in_slag is not None:
        asked = first(p.antimony_in_slag)
        if left < asked - 1e-6:
            lines.append(
                f"slag holds {left:.2%} Sb, not the {asked:.2%} asked for: the charge has no more"
            )
        if left > asked + 1e-6:
            lines.append(
                f"slag holds {left:.2%} Sb, not the {asked:.2%} asked for: the rest is sulphide or "
                f"metal in it; see sulphide_to_matte and sulphide_by_soda"
            )
    if left > 0.15:
        lines.append(f"slag holds {left:.0%} Sb; 0.5 to 15 % is known: return it, or clean it")
    return lines
