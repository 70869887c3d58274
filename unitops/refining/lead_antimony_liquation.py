"""Liquation of lead-antimony alloy: cooled or held at a temperature, crystals part from liquor."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow, per_species
from flowsheet.core.parameters import Fraction, PerSpecies, Ratio, Temperature, default
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, UnitOp
from unitops.refining.lead_antimony_phases import (
    EUTECTIC_ANTIMONY,
    EUTECTIC_TEMPERATURE,
    crystallised,
    liquidus_temperature,
)

METALS = ("Pb", "Sb")
USUAL_ENTRAINMENT = (0.3, 0.5)
ROUNDING = 1e-9
"""Of a temperature that was given in another unit, K."""
MOST_OTHERS = 0.05
"""Other elements by mass up to which the diagram of two metals is trusted."""


class LeadAntimonyLiquation(UnitOp):
    """Hold lead-antimony alloy between liquidus and eutectic, and part crystals from liquor.

    The diagram of ``lead_antimony_phases.py`` gives the antimony in crystals and liquor, c_s and
    c_l, at the temperature, and the lever rule how much of either there is:

        f = (c - c_l) / (c_s - c_l)                                                 (1)

    Above 11.1 wt-% Sb it is antimony that freezes: its crystals are lighter than the liquor and
    float, and the liquor comes down to 11.1 % Sb as the temperature comes down to 251.7 degC.
    Below 11.1 % lead freezes, with at most 3.5 % Sb, and the liquor rises to 11.1 % Sb and never
    beyond: no antimony-rich melt can be decanted off lead crystals.

    What else is in the alloy is shared by its distribution coefficient k between the two:

        share in the crystals = k f / (k f + 1 - f)                                 (2)

    and the crystals are taken off wet, with liquor that makes up the share e of their mass:

        liquor held = e / (1 - e) * crystals, at most all liquor                    (3)

    (1) and (2) are mass balances with equilibrium; the diagram names its publications.

    Assumptions: slow cooling to equilibrium; other elements do not move the curves; gas and
    water fed with the alloy leave with the liquor, as dross does that is given no k.
    Not modelled: heat, undercooling, cored crystals, ternary phases (Cu2Sb, SbSn, AsSb), oxidation.
    Limits: above the liquidus all is liquor; an alloy within a solid solution is all crystals; at
    and below the eutectic temperature there is no liquor, which is refused.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.refining.lead_antimony_liquation import LeadAntimonyLiquation
    >>> from unitops.streams.feed import Feed
    >>> plant = Flowsheet(
    ...     species=["Pb", "Sb"],
    ...     units={
    ...         "alloy": Feed(
    ...             outlet="alloy",
    ...             flow="1 t/h",
    ...             composition={"Sb": "40 %"},
    ...             remainder="Pb",
    ...         ),
    ...         "kettle": LeadAntimonyLiquation(
    ...             alloy="alloy",
    ...             crystals="crystals",
    ...             liquor="liquor",
    ...             temperature="300 degC",
    ...         ),
    ...     },
    ... )
    >>> solution = solve(plant)
    >>> for stream in ("crystals", "liquor"):
    ...     print(f"{solution[stream].grade('Sb'):.1f~P}")
    64.5 %
    16.3 %
    """

    alloy: Inlet
    crystals: Outlet
    liquor: Outlet

    temperature: Temperature
    """Temperature at which crystals and liquor part, T. Above 251.7 degC."""
    entrained_liquor: Fraction = default("40 %")
    """Liquor in the crystals as they are taken off, by mass, e. Assumed, range 30 to 50 %; presses
    and centrifuges reach 10 to 20 %."""
    distribution_coefficient: PerSpecies[Ratio] = 0.0
    """Content in the crystals over that in the liquor, k, of what is neither lead nor antimony.
    Default 0, with the liquor, assumed. Arsenic forms solid solutions with antimony: where
    antimony freezes, 0.3 to 1 (assumed) comes nearer for As."""

    def check(self) -> None:
        """Refuse solid alloy, crystals that are all liquor, and k of the metals themselves."""
        _check_temperature(self.temperature)
        if self.entrained_liquor == 1.0:
            raise InputError("entrained_liquor of 1 leaves no crystals; 30 to 50 % is usual")
        given: Any = self.distribution_coefficient
        for name in METALS:
            if name in given.by_name:
                raise InputError(
                    f"distribution_coefficient names {name}, which the phase diagram decides; "
                    "leave it out"
                )

    def required_species(self) -> Iterable[str]:
        """The two metals."""
        return METALS

    def run(self, alloy: Flow, p: Parameters) -> Outlets:
        """Freeze by the lever rule, and let the crystals hold liquor."""
        _check_temperature(p.temperature)
        share = _frozen(alloy, p)
        frozen, melt = alloy.solids * share, alloy.solids * (1.0 - share)
        wet = p.entrained_liquor * frozen.total()
        drained = (1.0 - p.entrained_liquor) * melt.total()
        all_held = wet.real >= drained.real
        held = np.where(all_held, 1.0, wet / np.where(all_held, 1.0, drained))  # (3)
        return {
            "crystals": frozen + melt * held,
            "liquor": melt * (1.0 - held) + alloy.liquid + alloy.gas,
        }

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:  # noqa: ARG002
        """Crystals and liquor leave at the temperature at which they part."""
        return {"crystals": p.temperature, "liquor": p.temperature}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Where the alloy stands in the diagram, and what the two products are."""
        alloy, crystals, liquor = flows["alloy"], flows["crystals"], flows["liquor"]
        antimony = ratio(alloy.of("Sb"), alloy.of(*METALS))
        share, content = crystallised(antimony, p.temperature)
        began = liquidus_temperature(antimony)
        return (
            Figure(began, "degC", "liquidus of the alloy"),
            Figure(share, "%", "crystals in the alloy, without liquor"),
            Figure(content, "%", "Sb in crystals without liquor"),
            Figure(ratio(crystals.total(), alloy.total()), "%", "crystals taken off"),
            Figure(_grade(crystals), "%", "Sb in crystals taken off"),
            Figure(_grade(liquor), "%", "Sb in liquor"),
            Figure(ratio(crystals.of("Sb"), alloy.of("Sb")), "%", "antimony to crystals"),
            Figure(ratio(liquor.of("Pb"), alloy.of("Pb")), "%", "lead to liquor"),
        )

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Nothing freezes, or all, or lead instead of antimony; and what the diagram lacks."""
        alloy = flows["alloy"]
        if first(alloy.of(*METALS)) == 0.0:
            return ()
        antimony = ratio(alloy.of("Sb"), alloy.of(*METALS))
        held, content = first(p.entrained_liquor), first(antimony)
        share = first(crystallised(antimony, p.temperature)[0])
        celsius = first(p.temperature) - 273.15
        began = first(liquidus_temperature(antimony)) - 273.15
        others = 1.0 - first(alloy.of(*METALS) / alloy.total())
        found = (
            (
                share == 0.0,
                f"nothing freezes at {celsius:.0f} degC: an alloy of {content:.1%} Sb begins to "
                f"at {began:.0f} degC; cool further",
            ),
            (
                share == 1.0,
                f"an alloy of {content:.2%} Sb is all crystals at {celsius:.0f} degC: no liquor "
                "runs off",
            ),
            (
                share > 0.0 and content < EUTECTIC_ANTIMONY,
                f"the alloy holds {content:.1%} Sb, less than the eutectic: lead freezes first, "
                f"and the liquor can reach {EUTECTIC_ANTIMONY:.1%} Sb at most",
            ),
            (
                not USUAL_ENTRAINMENT[0] <= held <= USUAL_ENTRAINMENT[1],
                f"crystals are taken off with {held:.0%} liquor; 30 to 50 % is usual, less only "
                "where they are pressed or centrifuged",
            ),
            (
                others > MOST_OTHERS,
                f"{others:.0%} of the alloy is neither lead nor antimony: the diagram of the two "
                "is not meant for it",
            ),
        )
        return [text for holds, text in found if holds]


def _check_temperature(temperature: Any) -> None:
    lowest = np.min(np.real(temperature))
    if lowest < EUTECTIC_TEMPERATURE - ROUNDING:
        raise InputError(
            f"temperature of {lowest - 273.15:.1f} degC is below the eutectic at "
            f"{EUTECTIC_TEMPERATURE - 273.15:.1f} degC, where the alloy is all solid; "
            "give e.g. 260 degC"
        )


def _grade(flow: Flow) -> Array:
    return ratio(flow.of("Sb"), flow.total())


def _frozen(alloy: Flow, p: Parameters) -> Array:
    """Share of every constituent that crystallises, (constituents, scenarios)."""
    lead, antimony = alloy.of("Pb"), alloy.of("Sb")
    both = lead + antimony
    content = ratio(antimony, both)
    share, crystals = crystallised(content, p.temperature)
    # What is all crystals has their composition, but for a rounding.
    whole = share.real == 1.0
    of_antimony = np.where(whole, 1.0, np.minimum(1.0, ratio(share * crystals, content)))
    of_lead = np.where(whole, 1.0, np.minimum(1.0, ratio(share * (1.0 - crystals), 1.0 - content)))
    weight = p.distribution_coefficient * share
    others = ratio(weight, weight + (1.0 - share), empty=1.0)  # (2)
    metals = per_species(alloy.slate, {"Sb": of_antimony, "Pb": of_lead}, alloy.mass.shape[1])
    beside = alloy.slate.in_phase("solid") - per_species(alloy.slate, dict.fromkeys(METALS, 1.0))
    chosen: Array = metals + others * beside
    return chosen
