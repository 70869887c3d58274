"""What an alkaline sulphide solution dissolves, and what it turns into sulphide on the way."""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from flowsheet.core.flow import Flow, per_species
from flowsheet.core.reaction import Reaction, after_change, change_by_extent, change_by_share
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Parameters

STIBNITE = (
    Reaction("Sb2S3 + 3 Na2S(aq) -> 2 Na3SbS3(aq)"),
    Reaction("Sb2S2O + 4 Na2S(aq) + H2O -> 2 Na3SbS3(aq) + 2 NaOH(aq)"),
)
TETRAHEDRITE = (Reaction("Cu12Sb4S13 + 6 Na2S(aq) -> 5 Cu2S + 2 CuS + 4 Na3SbS3(aq)"),)
SULPHOSALTS = (
    Reaction("FeSb2S4 + 3 Na2S(aq) -> FeS + 2 Na3SbS3(aq)"),
    Reaction("Pb4FeSb6S14 + 9 Na2S(aq) -> 4 PbS + FeS + 6 Na3SbS3(aq)"),
)
TRIOXIDE = (Reaction("Sb2O3 + 6 Na2S(aq) + 3 H2O -> 2 Na3SbS3(aq) + 6 NaOH(aq)"),)
ANTIMONATES = (
    Reaction("Sb2O4 + 7 Na2S(aq) + 4 H2O -> Na3SbS3(aq) + Na3SbS4(aq) + 8 NaOH(aq)"),
    Reaction("Sb3O6(OH) + 11 Na2S(aq) + 6 H2O -> Na3SbS3(aq) + 2 Na3SbS4(aq) + 13 NaOH(aq)"),
    Reaction("Sb2O5 + 8 Na2S(aq) + 5 H2O -> 2 Na3SbS4(aq) + 10 NaOH(aq)"),
    Reaction("NaSbO3 + 4 Na2S(aq) + 3 H2O -> Na3SbS4(aq) + 6 NaOH(aq)"),
    Reaction("Na3SbO4 + 4 Na2S(aq) + 4 H2O -> Na3SbS4(aq) + 8 NaOH(aq)"),
)
ARSENIC = (
    Reaction("As2S3 + 3 Na2S(aq) -> 2 Na3AsS3(aq)"),
    Reaction("As2O3 + 6 Na2S(aq) + 3 H2O -> 2 Na3AsS3(aq) + 6 NaOH(aq)"),
)
OTHER_METALS = (
    Reaction("PbO + Na2S(aq) + H2O -> PbS + 2 NaOH(aq)"),
    Reaction("PbSO4 + Na2S(aq) -> PbS + Na2SO4(aq)"),
    Reaction("Cu2O + Na2S(aq) + H2O -> Cu2S + 2 NaOH(aq)"),
    Reaction("ZnO + Na2S(aq) + H2O -> ZnS + 2 NaOH(aq)"),
)
GOLD = (Reaction("Au -> Au(aq)"),)
POLYSULPHIDE = Reaction("Na3SbS3(aq) + Na2S2(aq) -> Na3SbS4(aq) + Na2S(aq)")

EXTRACTED = {
    "stibnite_extraction": STIBNITE,
    "tetrahedrite_extraction": TETRAHEDRITE,
    "sulphosalt_extraction": SULPHOSALTS,
    "trioxide_extraction": TRIOXIDE,
    "antimonate_extraction": ANTIMONATES,
    "arsenic_extraction": ARSENIC,
    "oxides_sulphidised": OTHER_METALS,
    "gold_dissolved": GOLD,
}
"""Parameter -> the reactions whose key reactant it is the share of."""
DISSOLVING = tuple(reaction for group in EXTRACTED.values() for reaction in group)
ANTIMONY_IN_SOLUTION = ("Na3SbS3(aq)", "Na3SbS4(aq)")


class Leached(NamedTuple):
    """The pulp after the leach, what was drawn for it, and what it took."""

    pulp: Flow
    sulphide: Flow
    caustic: Flow
    water: Flow
    sulphide_taken: Any
    """Na2S(aq) that dissolving and sulphidising took, kg/s."""


def leach(feed: Flow, p: Parameters) -> Leached:
    """Dissolve to the given extractions, draw what is short of sulphide, caustic and water."""
    slate = feed.slate
    change = change_by_share(feed, DISSOLVING, _shares(slate, p))
    taken = -change.of("Na2S(aq)")
    lacking = (1.0 + p.sulphide_excess) * taken - feed.of("Na2S(aq)")
    sulphide = _one(slate, "Na2S(aq)") * np.maximum(lacking, 0.0)
    dissolved = after_change(feed + sulphide, change)
    # Polysulphide that came back with the electrolyte oxidises thioantimonite.
    extent = np.minimum(
        p.polysulphide_used * dissolved.moles("Na2S2(aq)"), dissolved.moles("Na3SbS3(aq)")
    )
    pulp = after_change(dissolved, change_by_extent(slate, (POLYSULPHIDE,), (extent,)))
    antimony = pulp.only(*ANTIMONY_IN_SOLUTION).element("Sb")
    lacking = p.caustic_ratio * antimony - pulp.of("NaOH(aq)")
    caustic = _one(slate, "NaOH(aq)") * np.maximum(lacking, 0.0)
    pulp = pulp + caustic
    water = _one(slate, "H2O") * np.maximum(
        antimony / p.antimony_in_solution - pulp.liquid.total(), 0.0
    )
    # Water that oxides take is drawn too where the pulp is dry, so that it never runs short.
    short = np.maximum(-(pulp + water).of("H2O"), 0.0)
    water = water + _one(slate, "H2O") * short
    return Leached(after_change(pulp, water), sulphide, caustic, water, taken)


def _shares(slate: Slate, p: Parameters) -> Any:
    """Share of each key reactant that reacts, (constituents, scenarios)."""
    named = {
        reaction.key: getattr(p, name)
        for name, group in EXTRACTED.items()
        for reaction in group
        if reaction.key in slate
    }
    return per_species(slate, named)


@lru_cache(maxsize=64)
def _unit_flows(slate: Slate) -> dict[str, Flow]:
    return {
        name: Flow(slate, per_species(slate, {name: 1.0}))
        for name in ("Na2S(aq)", "NaOH(aq)", "H2O")
    }


def _one(slate: Slate, name: str) -> Flow:
    """1 kg/s of a species."""
    return _unit_flows(slate)[name]
