"""What burns, decomposes and evaporates in a roaster, apart from antimony trioxide.

Sulphides, native elements and arsenides take up oxygen; arsenic leaves as As4O6 or stays as
arsenate; mercury leaves as metal vapour; carbonates lose CO2; carbon burns; water evaporates.
Lime and soda may hold sulphur as sulphate.
"""

from typing import Any, NamedTuple

import numpy as np

from flowsheet.core.arithmetic import ratio
from flowsheet.core.flow import Array, Flow
from flowsheet.core.reaction import Reaction, after_change, change_by_share
from flowsheet.core.unit import Parameters


def _keys(reactions: tuple[Reaction, ...]) -> tuple[str, ...]:
    return tuple(reaction.key for reaction in reactions)


_OXIDATION = tuple(
    Reaction(text)
    for text in (
        "Sb2S3 + 4.5 O2 -> Sb2O3 + 3 SO2",
        "Sb2S2O + 3 O2 -> Sb2O3 + 2 SO2",
        "FeSb2S4 + 6.25 O2 -> 0.5 Fe2O3 + Sb2O3 + 4 SO2",
        "FeSbS + 2.5 O2 -> 0.5 Fe2O3 + 0.5 Sb2O3 + SO2",
        "Pb4FeSb6S14 + 21.25 O2 -> 4 PbO + 0.5 Fe2O3 + 3 Sb2O3 + 14 SO2",
        "Cu12Sb4S13 + 19 O2 -> 6 Cu2O + 2 Sb2O3 + 13 SO2",
        "2 Sb + 1.5 O2 -> Sb2O3",
        "2 FeS2 + 5.5 O2 -> Fe2O3 + 4 SO2",
        "2 FeS + 3.5 O2 -> Fe2O3 + 2 SO2",
        "2 CuFeS2 + 6 O2 -> Cu2O + Fe2O3 + 4 SO2",
        "PbS + 1.5 O2 -> PbO + SO2",
        "ZnS + 1.5 O2 -> ZnO + SO2",
        "HgS + O2 -> Hg(g) + SO2",
        "S + O2 -> SO2",
    )
)
# How arsenic leaves, and how the rest of it stays.
_ARSENIC_DRIVEN_OFF = tuple(
    Reaction(text)
    for text in (
        "2 FeAsS + 5 O2 -> Fe2O3 + 0.5 As4O6(g) + 2 SO2",
        "2 AsS + 3.5 O2 -> 0.5 As4O6(g) + 2 SO2",
        "As2S3 + 4.5 O2 -> 0.5 As4O6(g) + 3 SO2",
        "2 As + 1.5 O2 -> 0.5 As4O6(g)",
    )
)
_ARSENIC_FIXED = tuple(
    Reaction(text)
    for text in (
        "FeAsS + 3 O2 -> FeAsO4 + SO2",
        "2 AsS + 3.5 O2 -> As2O3 + 2 SO2",
        "As2S3 + 4.5 O2 -> As2O3 + 3 SO2",
        "2 As + 1.5 O2 -> As2O3",
    )
)
_ARSENIC_OXIDE = (Reaction("As2O3 -> 0.5 As4O6(g)"),)
_CARBONATES = (
    Reaction("CaCO3 -> CaO + CO2"),
    Reaction("CaMg(CO3)2 -> CaO + MgO + 2 CO2"),
)
_COMPLETE = (Reaction("C + O2 -> CO2"), Reaction("H2O -> H2O(g)"))
_SULPHATION = (
    Reaction("CaO + SO2 + 0.5 O2 -> CaSO4"),
    Reaction("CaCO3 + SO2 + 0.5 O2 -> CaSO4 + CO2"),
    Reaction("Na2CO3 + SO2 + 0.5 O2 -> Na2SO4 + CO2"),
)
_BASES = _keys(_SULPHATION)
_EACH_ITS_OWN = (
    *(*_OXIDATION, *_ARSENIC_DRIVEN_OFF, *_ARSENIC_OXIDE),
    *(*_CARBONATES, *_COMPLETE),
)
"""Reactions of which no two have the same key reactant."""

_ROASTED = {reaction.key for reaction in (*_OXIDATION, *_ARSENIC_DRIVEN_OFF)}
_CARBONATE_DECOMPOSITION = {"dead": 0.0, "volatilising": 1.0}


class Burnt(NamedTuple):
    """A charge after all reactions but those of antimony trioxide."""

    after: Flow
    """What there is, without the oxygen that the reactions drew from the air."""
    oxygen: Array
    """The oxygen they drew, mol/s."""


def burnt(charge: Flow, conversion: Any, p: Parameters) -> Burnt:
    """Burn, decompose and evaporate; antimony trioxide stays what it is.

    ``conversion`` is the share of each sulphide that is oxidised, (constituents, scenarios).
    """
    fixed = conversion * (1.0 - p.arsenic_volatilised)
    change = change_by_share(charge, _EACH_ITS_OWN, _shares(charge, conversion, p))
    change = change + change_by_share(charge, _ARSENIC_FIXED, fixed)
    # What is used of the air is left out, so that no difference of large numbers is formed.
    after, oxygen = after_change(charge, change.without("O2")), -change.moles("O2")
    if not np.count_nonzero(p.sulphation):
        return Burnt(after, oxygen)
    held = _sulphated(after, change.moles("SO2"), p.sulphation)
    return Burnt(after_change(after, held.without("O2")), oxygen - held.moles("O2"))


def _shares(charge: Flow, conversion: Any, p: Parameters) -> Array:
    """Share of every key reactant of ``_EACH_ITS_OWN`` that reacts, (constituents, scenarios)."""
    driven_off, given = p.arsenic_volatilised, p.carbonate_decomposition
    calcined = _CARBONATE_DECOMPOSITION[p.mode] if given is None else given
    columns = max(np.shape(conversion)[-1], np.size(driven_off), np.size(calcined))
    kind = np.result_type(conversion, driven_off, calcined)
    shares: Array = np.empty((charge.slate.count, columns), kind)
    shares[:] = conversion
    rows = charge.slate.rows
    shares[rows(*_keys(_ARSENIC_DRIVEN_OFF))] *= driven_off
    shares[rows(*_keys(_ARSENIC_OXIDE))] = driven_off
    shares[rows(*_keys(_CARBONATES))] = calcined
    shares[rows(*_keys(_COMPLETE))] = 1.0
    return shares


def unknown_sulphides(flow: Flow) -> list[str]:
    """Solids with sulphur that is not sulphite or sulphate and that no reaction here takes."""
    return [
        entry.name
        for entry in flow.slate.species
        if entry.phase == "solid"
        and entry.composition.count("S") > entry.composition.count("O") / 3.0
        and entry.name not in _ROASTED
    ]


def _sulphated(after: Flow, made: Array, share: Any) -> Flow:
    """What lime and soda make as they take up sulphur dioxide, as far as any was made."""
    wanted = share * after.moles(*_BASES)
    enough = wanted.real <= made.real
    limit = np.where(enough, 1.0, ratio(made, np.where(enough, 1.0, wanted)))
    return change_by_share(after, _SULPHATION, share * limit)
