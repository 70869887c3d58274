"""The alkali slags that take arsenic and sulphur out of molten antimony, one after another.

Numbers in brackets are the equations of `ArsenicRemoval`.
"""

from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

import numpy as np

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.parameters import Count, Fraction, Ratio, default
from flowsheet.core.reaction import (
    Reaction,
    after_change,
    change_by_extent,
    change_by_share,
)
from flowsheet.core.unit import Flows, Parameters
from unitops.refining.molten_antimony import BATH, BlownAntimony, air_blown, charge_of

ALKALI = {"soda": "Na2CO3", "caustic": "NaOH"}
OFF_GAS = {"soda": "CO2", "caustic": "H2O(g)"}
ARSENATE = {
    "soda": (Reaction("4 As + 5 O2 + 6 Na2CO3 -> 4 Na3AsO4 + 6 CO2"),),
    "caustic": (Reaction("4 As + 5 O2 + 12 NaOH -> 4 Na3AsO4 + 6 H2O(g)"),),
}
ANTIMONATE = {
    "soda": (Reaction("4 Sb + 5 O2 + 6 Na2CO3 -> 4 Na3SbO4 + 6 CO2"),),
    "caustic": (Reaction("4 Sb + 5 O2 + 12 NaOH -> 4 Na3SbO4 + 6 H2O(g)"),),
}
SULPHATE = {
    "soda": (
        Reaction("Sb2S3 + 4.5 O2 + 3 Na2CO3 -> 2 Sb + 3 Na2SO4 + 3 CO2"),
        Reaction("2 S + 3 O2 + 2 Na2CO3 -> 2 Na2SO4 + 2 CO2"),
    ),
    "caustic": (
        Reaction("Sb2S3 + 4.5 O2 + 6 NaOH -> 2 Sb + 3 Na2SO4 + 3 H2O(g)"),
        Reaction("2 S + 3 O2 + 4 NaOH -> 2 Na2SO4 + 2 H2O(g)"),
    ),
}
SECONDARY_OXIDE = (Reaction("4 Sb + 3 O2 -> 2 Sb2O3"),)
ARSENIC_FUME = (Reaction("4 As + 3 O2 -> 2 As2O3"),)
SODIUM = {"Na3AsO4": 3.0, "Na3SbO4": 3.0, "Na2SO4": 2.0}
"""Salts of the slag, and the sodium atoms each takes from the alkali."""
SALTS = tuple(SODIUM)


class AlkaliStep(BlownAntimony):
    """Settings of the alkali slags."""

    alkali_kind: Literal["soda", "caustic"] = "soda"
    """Na2CO3 or NaOH."""
    stages: Count | None = None
    """Number of times the slag is renewed, N. Give it, or ``arsenic_target``."""
    arsenic_target: Fraction | None = None
    """Mass fraction of arsenic in the refined metal, w, in place of ``stages``: as many slags as
    it takes, the last cut short."""
    stages_at_most: Count = 5.0
    """Most slags that are drawn for a target, N. Assumed, range 2 to 6."""
    arsenic_removal_per_stage: Fraction = default("85 %")
    """Fraction of the arsenic that one slag takes out, r. Assumed, range 80 to 90 %."""
    alkali_excess: Ratio = 0.2
    """Alkali beyond what (1) to (3) take, e. Assumed, range 0 to 1.5, so that in all 1.5 to 3
    times what (1) takes is drawn; GB 51445-2021 says only that practice takes more than theory."""
    antimony_oxidised: Fraction = default("1 %")
    """Of the antimony, what all slags together take up by (2). Assumed, range 0.2 to 3 %: slag of
    5.0 to 7.5 % with 3 to 30 % Sb (GB 51445-2021) holds 0.2 to 2.3 %."""
    secondary_oxide: Fraction = default("20 %")
    """Of the antimony, what burns by (4) and leaves with the gas. 22 to 30 % returns from a
    reverberatory in all, as oxide and as slag (GB 51445-2021); less from a covered pot. Range 2 to
    28 %."""
    arsenic_to_fume: Fraction = default("0 %")
    """Of the arsenic, what burns by (5) and leaves with the gas before the slags see it. No figure
    was found: assumed, range 0 to 10 %, as air alone burns antimony before arsenic."""
    sulphur_removal: Fraction = default("99 %")
    """Of the sulphur dissolved in the bath, what the first slag takes by (3). Assumed, range 90 to
    99.5 %; soda brings S to about 0.002 % (GB 51445-2021)."""

    def check(self) -> None:
        """Refuse no or two ways to know the arsenic, and shares above the whole."""
        super().check()
        if (self.stages is None) == (self.arsenic_target is None):
            raise InputError("give either stages or arsenic_target, and not both")
        if self.stages is not None and "stages_at_most" in self.model_fields_set:
            raise InputError("stages_at_most belongs to arsenic_target; with stages leave it out")
        if self.arsenic_target == 1.0:
            raise InputError("arsenic_target of 1 is no antimony; give e.g. 500 ppm")
        if self.arsenic_target is not None and self.arsenic_removal_per_stage == 0.0:
            raise InputError(
                "arsenic_removal_per_stage of 0 never reaches arsenic_target; give e.g. 85 %"
            )
        oxidised = self.antimony_oxidised + self.secondary_oxide
        if oxidised > 1.0 + 1e-12:
            raise InputError(
                f"antimony_oxidised + secondary_oxide is {oxidised:.3g}; they share at most 1"
            )


def alkali_species(unit: AlkaliStep) -> Iterable[str]:
    """What the slags always need; arsenic and sulphur on the slate need Na3AsO4 and Na2SO4."""
    kind = unit.alkali_kind
    return ("Sb", ALKALI[kind], "O2", "N2", OFF_GAS[kind], "Na3SbO4", "Sb2O3")


class Blow(NamedTuple):
    """What the slags leave, draw and make."""

    bath: Flow
    alkali: Flow
    air: Flow
    slag: Flow
    gas: Flow


def blow(bath: Flow, p: Parameters) -> Blow:
    """Take sulphur and arsenic into alkali slags, with the antimony that burns beside them."""
    change = _change(bath, p)
    consumed = -change.only(ALKALI[p.alkali_kind])
    air, spent = air_blown(-change.only("O2"), p)
    unused = consumed * p.alkali_excess  # (7)
    return Blow(
        bath=after_change(bath, change.only(*BATH)),
        alkali=consumed + unused,
        air=air,
        slag=change.only(*SALTS) + unused,
        gas=change.only("Sb2O3", "As2O3", OFF_GAS[p.alkali_kind]) + spent,
    )


def _change(bath: Flow, p: Parameters) -> Flow:
    """What (1) to (5) make and use up."""
    kind = p.alkali_kind
    change = (
        change_by_share(bath, SULPHATE[kind], p.sulphur_removal)  # (3)
        + change_by_share(bath, ANTIMONATE[kind], p.antimony_oxidised)  # (2)
        + change_by_share(bath, SECONDARY_OXIDE, p.secondary_oxide)  # (4)
        + change_by_share(bath, ARSENIC_FUME, p.arsenic_to_fume)  # (5)
    )
    if "As" not in bath.slate:
        return change
    before = after_change(bath, change.only(*BATH))
    arsenic, others = before.of("As"), before.without("As").total()
    removed = arsenic - _arsenic_left(arsenic, others, p)
    extent = removed / bath.slate.molar_mass[bath.slate.row("As")] / 4.0
    return change + change_by_extent(bath.slate, ARSENATE[kind], [extent])  # (1)


def _arsenic_left(arsenic: Array, others: Array, p: Parameters) -> Array:
    """Arsenic that the last slag leaves in metal with ``others`` beside it, kg/s; (6)."""
    remaining = 1.0 - p.arsenic_removal_per_stage
    if p.arsenic_target is None:
        return np.asarray(arsenic * remaining**p.stages)
    wanted = others * p.arsenic_target / (1.0 - p.arsenic_target)
    least = arsenic * remaining**p.stages_at_most
    return np.asarray(np.where(wanted.real > least.real, np.minimum(arsenic, wanted), least))


class SlagOfStage(NamedTuple):
    """One slag, and the metal under it."""

    arsenic_in_metal: Array
    """Mass fraction."""
    slag: Flow


def stages_used(flows: Flows, p: Parameters) -> Array:
    """Slags drawn: those given, or those that a target takes, one at least where alkali is."""
    if p.arsenic_target is None:
        return np.asarray(p.stages + 0.0 * flows["metal"].total())
    arsenic, left = _arsenic_before(flows, p), flows["metal"].of("As") * (1.0 + 1e-9)
    used = np.zeros_like(left)
    for stage in range(_most(p.stages_at_most)):
        used = used + np.where(arsenic * _remaining(stage, p) > left, 1.0, 0.0)
    return np.where(flows["alkali"].total() > 0.0, np.maximum(used, 1.0), used)


def slags(flows: Flows, p: Parameters) -> list[SlagOfStage]:
    """The slags one by one, from the flows of the ports; what is skimmed is in none of them.

    Each takes its arsenic by (6), an equal part of the antimonate, and alkali for both by (7); the
    first takes the sulphur. Metal is that of the last stage with the arsenic, and the antimony of
    the slags, that is still to go.
    """
    before, final = _arsenic_before(flows, p), flows["metal"].of("As")
    made = flows["slag"] - charge_of(flows["crude"]).skimmings
    salts, unused = made.only(*SALTS), made.only(ALKALI[p.alkali_kind])
    sodium = _sodium(salts)
    used = stages_used(flows, p)
    per_stage = np.where(used > 0.0, 1.0 / np.maximum(used, 1.0), 0.0)
    found, arsenic, antimony = [], before, salts.element("Sb")
    for stage in range(1, _most(used) + 1):
        left = np.where(stage < used, np.maximum(final, before * _remaining(stage, p)), final)
        part = np.where(stage <= used, per_stage, 0.0)
        taken = (
            salts.only("Na3AsO4") * _share(arsenic - left, before - final)
            + salts.only("Na3SbO4") * part
            + salts.only("Na2SO4") * float(stage == 1)
        )
        arsenic, antimony = left, antimony - part * salts.element("Sb")
        metal = flows["metal"].total() - final + left + antimony
        found.append(
            SlagOfStage(
                arsenic_in_metal=_share(left, metal),
                slag=taken + unused * _share(_sodium(taken), sodium),
            )
        )
    return found


def _arsenic_before(flows: Flows, p: Parameters) -> Array:
    if "As" not in flows["metal"].slate:
        return np.zeros_like(flows["metal"].total())
    return np.asarray(flows["crude"].of("As") * (1.0 - p.arsenic_to_fume))


def _sodium(salts: Flow) -> Array:
    return np.asarray(sum(count * salts.moles(name) for name, count in SODIUM.items()))


def _remaining(stage: int, p: Parameters) -> Any:
    return (1.0 - p.arsenic_removal_per_stage) ** stage


def _share(part: Array, whole: Array) -> Array:
    """A part of the whole; nothing, not a rounding, where the whole is nothing."""
    there = whole > 0.0
    return np.where(there, part / np.where(there, whole, 1.0), 0.0)


def _most(stages: Any) -> int:
    return int(np.max(stages))
