"""What a charge becomes in the bath of a reduction furnace: metal, matte, slag and gas."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import ratio
from flowsheet.core.flow import Array, Flow, flow_of, per_species
from flowsheet.core.reaction import after_change, change_by_share
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Parameters
from unitops.smelting.reductant import equilibrium_monoxide, is_carbon
from unitops.smelting.smelting_reactions import (
    BY_SODA,
    COLLECTED,
    DECOMPOSITIONS,
    EVAPORATIONS,
    METALS,
    SULPHIDES,
    TO_LOWER_OXIDE,
    TO_METAL,
    Reduction,
    reduced_by_carbon,
    reduced_by_iron,
)


@dataclass(frozen=True)
class Bath:
    """Where a charge went, and the reductant drawn for it."""

    metal: Flow
    matte: Flow
    slag: Flow
    gas: Flow
    reductant: Flow
    trioxide: Array
    """Sb2O3 of the charge, with that from higher oxides, kg/s: what the shares refer to."""


def monoxide_fraction(p: Parameters) -> Any:
    """CO / (CO + CO2) of the gas made, given or at equilibrium with carbon."""
    if p.gas_composition == "equilibrium":
        return equilibrium_monoxide(p.temperature)
    return p.carbon_monoxide_fraction


def ash_per_carbon(p: Parameters) -> Any:
    """Ash of the reductant, as SiO2, per kg of its fixed carbon."""
    ash = remainder(p.reductant_fixed_carbon, p.reductant_volatile_matter)
    return ash / p.reductant_fixed_carbon


def soda_by_ratio(feed: Flow, p: Parameters) -> Flow:
    """Na2CO3 per dry solids, and what takes the sulphur of Sb2S3, which needs three of it."""
    by_ratio = p.soda_ratio * feed.solids.total()
    if not np.count_nonzero(p.sulphide_by_soda):
        return flow_of(feed.slate, {"Na2CO3": by_ratio})
    share = (1.0 - p.sulphide_to_metal) * p.sulphide_by_soda
    moles = 3.0 * feed.moles("Sb2S3") * share
    slate = feed.slate
    mass = by_ratio + slate.molar_mass[slate.row("Na2CO3")] * moles
    return flow_of(slate, {"Na2CO3": mass})


def smelted(feed: Flow, fluxes: Flow, antimony_kept: Any, p: Parameters) -> Bath:
    """Reduce feed and fluxes; of Sb2O3 the share ``antimony_kept`` stays in the slag.

    Fume is vapour, see ``evaporated``. Proportional to feed and fluxes together.
    """
    reductant = "C" if is_carbon(p.reductant_kind) else "Fe"
    entrained = feed.only(*COLLECTED) * _not_collected(feed.slate, p)
    charge = feed.without("C") + fluxes - entrained
    lowering = change_by_share(charge, DECOMPOSITIONS) + _change(charge, TO_LOWER_OXIDE, 1.0, p)
    lowered = after_change(charge, lowering.without(reductant))
    dissolved = lowered.only("Sb2S3") * p.sulphide_to_metal
    bath = lowered - dissolved
    smelting = _change(bath, TO_METAL, _to_metal(feed.slate, antimony_kept, p), p)
    if np.count_nonzero(p.sulphide_by_soda):
        only_stibnite = BY_SODA[:1]
        smelting = smelting + _change(bath, only_stibnite, p.sulphide_by_soda, p)
    after = after_change(bath, smelting.without(reductant))
    drawn, unused = _drawn(-(lowering + smelting).only(reductant), p)

    reduced = after.only(*METALS)
    speiss = reduced * _to_matte(feed.slate, p)
    rest = after - reduced
    antimony_gone = ratio(p.antimony_to_fume, p.antimony_to_fume + antimony_kept)
    arsenic_kept = remainder(p.arsenic_to_metal, p.arsenic_to_fume)
    arsenic_gone = ratio(p.arsenic_to_fume, p.arsenic_to_fume + arsenic_kept)
    fume = rest.only("Sb2O3") * antimony_gone + rest.only("As2O3") * arsenic_gone
    condensed = rest - rest.gas - fume
    matte = rest.only(*SULPHIDES) * p.sulphide_to_matte
    return Bath(
        metal=reduced - speiss + dissolved + unused.only("Fe"),
        matte=speiss + matte,
        slag=condensed - matte + entrained + feed.only("C") + unused.without("Fe"),
        gas=rest.gas + evaporated(fume),
        reductant=drawn,
        trioxide=lowered.of("Sb2O3"),
    )


def evaporated(fume: Flow) -> Flow:
    """Fume as Sb4O6(g) and As4O6(g); as solid Sb2O3 and As2O3 where the slate lacks the vapour."""
    possible = tuple(r for r in EVAPORATIONS if all(name in fume.slate for name in r.products))
    return after_change(fume, change_by_share(fume, possible)) if possible else fume


def _change(charge: Flow, steps: tuple[Reduction, ...], share: Any, p: Parameters) -> Flow:
    if is_carbon(p.reductant_kind):
        return reduced_by_carbon(charge, steps, share, monoxide_fraction(p))
    return reduced_by_iron(charge, steps, share)


def _to_metal(slate: Slate, antimony_kept: Any, p: Parameters) -> Array:
    """Share of every oxide that becomes metal, (constituents, scenarios)."""
    collected = {"Cu2O": "Cu", "Bi2O3": "Bi", "SnO2": "Sn"}
    shares = p.other_metals_to_metal
    return per_species(
        slate,
        {
            "Sb2O3": remainder(p.antimony_to_fume, antimony_kept),
            "As2O3": p.arsenic_to_metal,
            "PbO": p.lead_to_metal,
            "FeO": p.iron_to_metal,
            **{oxide: shares.get(metal, 0.0) for oxide, metal in collected.items()},
        },
    )


def _not_collected(slate: Slate, p: Parameters) -> Array:
    shares = p.other_metals_to_metal
    return per_species(slate, {name: 1.0 - shares.get(name, 1.0) for name in COLLECTED})


def _to_matte(slate: Slate, p: Parameters) -> Array:
    return per_species(slate, {name: p.reduced_to_matte.get(name, 0.0) for name in METALS})


def _drawn(consumed: Flow, p: Parameters) -> tuple[Flow, Flow]:
    """What is drawn from outside, and what of it no oxide consumes."""
    if not is_carbon(p.reductant_kind):
        iron = consumed * (1.0 / (1.0 - p.iron_to_metal))
        return iron, iron - consumed
    carbon = consumed * (1.0 + p.carbon_excess)
    ash = ash_per_carbon(p)
    if not np.count_nonzero(np.real(ash)):
        return carbon, carbon - consumed
    drawn = carbon + flow_of(consumed.slate, {"SiO2": carbon.of("C") * ash})
    return drawn, drawn - consumed


def remainder(*shares: Any) -> Array:
    """What given shares leave of the whole; a rounding below zero is nothing."""
    left: Array = np.maximum(0.0, 1.0 - sum(shares))
    return left
