"""Electrolysis of antimonial lead in molten chloride: an experiment, not a plant's practice."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.parameters import Fraction, PositiveRatio, Temperature, Voltage, default
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, UnitOp
from unitops.refining.faraday import charge_per_mass

WITH_LEAD = ("Na", "Zn", "Fe", "Sn")
"""Metals about as base as lead in molten chloride, or baser (Plambeck, Encyclopedia of
Electrochemistry of the Elements 10, 1976, quoted from memory): they leave with it."""
LEAD_ELECTRONS = 2
HIGHEST_ANTIMONY = 0.57
"""Mass fraction in the anode alloy of the tests (Arkhipov and Zaykov 2020, abstract)."""


class MoltenChlorideRefining(UnitOp):
    """Take lead out of liquid antimonial metal through a melt of KCl and PbCl2.

    The metal is the anode. Lead, the baser metal, dissolves and deposits at a liquid lead cathode;
    antimony stays. With a the separation factor, the ratio of lead to antimony in what deposits
    over that in the anode at the moment,

        Sb left / Sb fed = (Pb left / Pb fed)^(1/a)                                 (1)
        Bi left / Bi fed = (Sb left / Sb fed)^(1/b)                                 (2)

    with b that of antimony to bismuth. (1) and (2) are Rayleigh's law for a well mixed anode.

        I = 2 F * n_Pb that deposits / CE                                           (3)

    a = 6.5e6 to 1.5e8, b = 5.5 to 6.5 (Arkhipov and Zaykov 2020, abstract; that bismuth
    is the nobler one is taken from potentials in LiCl-KCl, quoted from memory). So lead parts
    completely, and bismuth from antimony hardly: if antimony were dissolved to leave bismuth
    behind, half of the antimony would take 11 % of the bismuth along.

    Sodium, zinc, iron and tin leave with the lead, in its share; all else stays with the antimony.

    Not modelled: the melt, which circulates; vapour of PbCl2; metal that dissolves in the melt;
    metals exchanged with the melt; lead that gets slow to dissolve as the anode runs out of it.
    Limits: no lead taken out leaves the metal as it was. Experimental: a warning says so.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.streams.feed import Feed
    >>> bullion = {"Sb": "30 %", "Pb": "69 %", "Bi": "1 %"}
    >>> plant = Flowsheet(
    ...     species=["Sb", "Pb", "Bi"],
    ...     units={
    ...         "bullion": Feed(outlet="bullion", flow="1 t/h", composition=bullion),
    ...         "cell": MoltenChlorideRefining(metal="bullion", cathode="lead", anode="antimony"),
    ...     },
    ... )
    >>> for figure in solve(plant).figures("cell")[:2]:
    ...     print(figure)
    antimony in the anode metal 94.67 %
    lead left in the anode metal 2.177 %
    """

    metal: Inlet
    cathode: Outlet
    anode: Outlet

    lead_to_cathode: Fraction = default("99 %")
    """Of the lead, what dissolves and deposits. Assumed, range 90 to 99.9 %."""
    lead_to_antimony_separation: PositiveRatio = 3e7
    """Separation factor of lead to antimony, a: 6.5e6 to 1.5e8 (Arkhipov and Zaykov 2020,
    abstract)."""
    antimony_to_bismuth_separation: PositiveRatio = 6.0
    """Separation factor of antimony to bismuth, b: 5.5 to 6.5 (Arkhipov and Zaykov 2020,
    abstract)."""
    current_efficiency: Fraction = default("95 %")
    """Charge that deposits lead over charge passed, CE. Assumed, range 85 to 99 %."""
    cell_voltage: Voltage = default("1.5 V")
    """Of a cell. Assumed, range 0.7 to 3 V."""
    temperature: Temperature = default("700 degC")
    """Of the cell, and of all that leaves: above the 631 degC at which antimony melts. Assumed,
    range 640 to 750 degC."""

    def check(self) -> None:
        """Refuse a cell without deposit, a frozen anode, and factors that separate nothing."""
        if self.current_efficiency == 0.0:
            raise InputError("current_efficiency of 0 deposits nothing; give more, e.g. 95 %")
        if self.lead_to_antimony_separation < 1.0 or self.antimony_to_bismuth_separation < 1.0:
            raise InputError(
                f"separation factors of {self.lead_to_antimony_separation:g} and "
                f"{self.antimony_to_bismuth_separation:g}: below 1 the nobler metal would dissolve "
                f"first; give 1 or more"
            )
        if self.lead_to_cathode > 1.0 - 1e-12:
            raise InputError(
                "lead_to_cathode of 100 % would dissolve the antimony too; give 99.99 % or less"
            )
        if not 773.15 <= self.temperature <= 1223.15:
            raise InputError(
                f"temperature of {self.temperature - 273.15:.4g} degC freezes the metal or boils "
                f"the melt; give 640 to 750 degC"
            )

    def is_linear(self) -> bool:
        """Always: shares of each metal."""
        return True

    def required_species(self) -> Iterable[str]:
        """The metals parted."""
        return ("Sb", "Pb")

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:  # noqa: ARG002
        """Both metals leave as warm as the cell."""
        return {"cathode": p.temperature, "anode": p.temperature}

    def run(self, metal: Flow, p: Parameters) -> Outlets:
        """Share every metal between cathode and anode."""
        lead, antimony, bismuth = _masks(metal.slate)
        per_lead = p.lead_to_cathode
        # Shares dissolved are as small as 1e-8: the logarithm keeps their digits.
        left = np.log1p(-per_lead)
        per_antimony = -np.expm1(left / p.lead_to_antimony_separation)
        per_bismuth = -np.expm1(
            left / (p.lead_to_antimony_separation * p.antimony_to_bismuth_separation)
        )  # (1), (2)
        share = lead * per_lead + antimony * per_antimony + bismuth * per_bismuth
        return {"cathode": metal * share, "anode": metal * (1.0 - share)}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Grades, antimony lost, current and energy."""
        anode, cathode = flows["anode"], flows["cathode"]
        current = charge_per_mass("Pb", LEAD_ELECTRONS) * cathode.of("Pb") / p.current_efficiency
        antimony = anode.of("Sb")
        return (
            Figure(ratio(antimony, anode.total()), "%", "antimony in the anode metal"),
            Figure(ratio(anode.of("Pb"), anode.total()), "%", "lead left in the anode metal"),
            Figure(ratio(anode.of("Bi"), anode.total()), "%", "bismuth in the anode metal"),
            Figure(ratio(cathode.of("Sb"), cathode.total()), "ppm", "antimony in the lead"),
            Figure(current, "kA", "current through all cells together"),
            Figure(current * p.cell_voltage, "kW", "power of the cells", "power"),
            Figure(
                ratio(current * p.cell_voltage, antimony), "kWh/t", "energy per tonne of antimony"
            ),
        )

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Experimental; purer than ever shown; bismuth stays; the anode freezes."""
        lines = [
            "refining in molten chloride is experimental: tests since the 1970s, no plant's figures"
        ]
        antimony = first(ratio(flows["anode"].of("Sb"), flows["anode"].total()))
        if antimony > HIGHEST_ANTIMONY:
            lines.append(
                f"the anode metal holds {100.0 * antimony:.3g} % Sb; the tests read of ended at "
                f"{100.0 * HIGHEST_ANTIMONY:g} %"
            )
        bismuth = first(ratio(flows["anode"].of("Bi"), flows["anode"].total()))
        if bismuth > 1e-5:
            lines.append(
                f"{1e6 * bismuth:.3g} ppm Bi stays in the antimony; the melt parts them by a "
                f"factor of {first(p.antimony_to_bismuth_separation):g} only"
            )
        if first(p.temperature) < 903.78:
            lines.append(
                f"at {first(p.temperature) - 273.15:.4g} degC antimony freezes as the lead leaves "
                f"it; it melts at 630.6 degC"
            )
        return lines


@lru_cache(maxsize=64)
def _masks(slate: Slate) -> tuple[Array, Array, Array]:
    """One for lead and what leaves with it, for antimony, for bismuth, (constituents, 1)."""
    groups = (("Pb", *WITH_LEAD), ("Sb",), ("Bi",))
    masks = []
    for group in groups:
        mask = np.zeros((slate.count, 1))
        mask[slate.rows(*group)] = 1.0
        masks.append(mask)
    return masks[0], masks[1], masks[2]
