"""Electrowinning of antimony from alkaline sulphide solution."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow
from flowsheet.core.parameters import (
    CurrentDensity,
    Fraction,
    Length,
    Ratio,
    Temperature,
    Voltage,
    default,
)
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters
from unitops.refining.alkaline_cell import NEEDED, efficiency, electrolyse
from unitops.refining.cell_voltage import Cells, cell_figures, voltage, voltage_figures
from unitops.refining.faraday import Conductivity


class AlkalineElectrowinning(Cells):
    """Deposit crude antimony from a solution of thioantimonite in caustic soda.

    Written for the whole cell, antimony is deposited and hydroxide becomes oxygen:

        Na3SbS3 + 3 NaOH -> Sb + 3 Na2S + 3/4 O2 + 3/2 H2O                          (1)
        Na3SbS4 + 5 NaOH -> Sb + 4 Na2S + 5/4 O2 + 5/2 H2O                          (2)
        Na3AsS3 + 3 NaOH -> As + 3 Na2S + 3/4 O2 + 3/2 H2O                          (3)

    each with its share of what the solution brings. The charge q, mol of electrons, and what of it
    is lost, are

        q = (3 * n(1) + 5 * n(2) + 3 * n(3)) / CE                                   (4)
        CE = CE_0 - w * r                                                           (5)
        H2 = q * (1 - CE_0) * h / 2                                                 (6)

    The anode oxidises sulphide rather than hydroxide with a share of the charge, written with the
    oxygen that would else leave:

        2 Na2S + 1/2 O2 + H2O -> Na2S2 + 2 NaOH                           share w   (7)
        2 Na2S + 2 O2 + H2O -> Na2S2O3 + 2 NaOH                           share t
        Na2S + 2 O2 -> Na2SO4                                             share u

    Without a diaphragm the part r of the polysulphide reaches the cathode and dissolves it again,
    2 Sb + 3 Na2S2 -> 2 Na3SbS3: charge that goes round and changes nothing, which is (5).
    So does the rest of the loss, 1 - CE_0 less the hydrogen. Voltage: ``Cells``, with oxygen at the
    anode.

    Shares w, t, u are of the charge that makes a net change. Plant values and ranges: current
    efficiency 80 to 87 %, 2.5 to 3.0 V, 200 to 300 A/m^2, 2000 to 2500 kWh/t, metal of 96 to 99 %
    Sb (quoted from memory); Cassagnes: 80 A/m^2, 1.6 V, 76 % (Wang, Antimony, 1919, p. 130).
    The best solution without a diaphragm held 45 g/L Sb, 100 NaOH, 60 Na2S (Morcali 2022,
    abstract).

    Assumptions: arsenic as Na3AsS3 deposits to its share; salts of the spent solution are caught in
    the deposit as they are. Other species pass to the spent solution. One solution, also with a
    diaphragm: anolyte and catholyte are not told apart. Where caustic soda, sulphide or water run
    out, all reactions stop together.
    Not modelled: mercury, tin and gold in the deposit, carbonate from the air, evaporation, the
    bleed that takes out thiosulphate and sulphate (a ``Splitter`` on the spent solution).
    Limits: a share of 1 deposits all; with w = t = u = 0 no sulphide is oxidised.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.refining.alkaline_cell import NEEDED
    >>> from unitops.streams.feed import Feed
    >>> salts = {"Na3SbS3(aq)": "9 %", "NaOH(aq)": "9 %", "Na2S(aq)": "5 %", "H2O": "77 %"}
    >>> plant = Flowsheet(
    ...     species=NEEDED,
    ...     units={
    ...         "leaching": Feed(outlet="pregnant", flow="10 t/h", composition=salts),
    ...         "cells": AlkalineElectrowinning(
    ...             electrolyte="pregnant", cathode="cathode", spent_electrolyte="spent", gas="gas",
    ...         ),
    ...     },
    ... )
    >>> for figure in solve(plant).figures("cells")[:3]:
    ...     print(figure)
    energy per tonne of antimony 2044 kWh/t
    antimony per energy 0.4892 kg/kWh
    current efficiency 87 %
    """

    electrolyte: Inlet
    cathode: Outlet
    spent_electrolyte: Outlet
    gas: Outlet

    diaphragm: Literal["yes", "no"] = "yes"
    """Whether a diaphragm keeps the polysulphide of the anode from the cathode."""
    antimony_deposited: Fraction = default("60 %")
    """Of the antimony in solution, in one pass. Assumed, range 30 to 80 %."""
    current_efficiency: Fraction = default("87 %")
    """Without polysulphide at the cathode, CE_0: upper end of 80 to 87 % (quoted from memory)."""
    polysulphide_share: Fraction = default("30 %")
    """Of the anode's charge, w. Assumed, range 5 to 50 %."""
    thiosulphate_share: Fraction = default("30 %")
    """Of the anode's charge, t. Assumed, range 10 to 60 %."""
    sulphate_share: Fraction = default("10 %")
    """Of the anode's charge, u. Assumed, range 0 to 30 %. The rest makes oxygen."""
    polysulphide_returned: Fraction = default("20 %")
    """Of the polysulphide made, what reaches the cathode without a diaphragm, r. Fitted: with w of
    30 % it brings 87 % down to 81 %, in the range of plants. Assumed, range 10 to 50 %."""
    hydrogen_share: Fraction = default("2 %")
    """Of the charge lost otherwise, 1 - CE_0, what makes hydrogen, h. Assumed, range 0 to 20 %."""
    arsenic_deposited: Fraction = default("5 %")
    """Of the arsenic in solution, in one pass. Assumed, range 0 to 20 %."""
    occluded_salts: Ratio = 0.02
    """Salts caught in the deposit, per mass of it. Default assumed from 96 to 99 % Sb in cathodes,
    range 0.01 to 0.04."""
    current_density: CurrentDensity = default("250 A/m^2")
    """At the cathode, J: 200 to 300 A/m^2 (quoted from memory)."""
    electrolyte_temperature: Temperature = default("50 degC")
    """Of the solution, T, and of all that leaves: 40 to 60 degC; 40 in Morcali 2022."""
    equilibrium_difference: Voltage = default("1.25 V")
    """Oxygen in caustic soda (0.40 V) less antimony in sulphide (-0.85 V), E; 0.4 V for an anode
    that makes polysulphide (-0.48 V). CRC Handbook, quoted from memory."""
    anode_exchange_current_density: CurrentDensity = default("0.1 A/m^2")
    """Oxygen on steel or nickel, J_anode. Assumed, range 0.001 to 1 A/m^2."""
    cathode_exchange_current_density: CurrentDensity = default("1 A/m^2")
    """Antimony from thioantimonite, J_cathode. Assumed, range 0.1 to 10 A/m^2."""
    electrode_spacing: Length = default("40 mm")
    """Gap that the current crosses, L. Assumed, range 30 to 75 mm."""
    conductivity: Conductivity = default("25 S/m")
    """Of the solution, k. Assumed, range 15 to 40 S/m."""
    busbar_voltage: Voltage = default("0.3 V")
    """Drop in busbars, contacts and the diaphragm. Assumed, range 0.1 to 0.6 V."""

    def check(self) -> None:
        """Refuse shares beyond the whole, and a cell that redissolves all it deposits."""
        super().check()
        shares = self.polysulphide_share + self.thiosulphate_share + self.sulphate_share
        if shares > 1.0 + 1e-12:
            raise InputError(
                f"polysulphide_share, thiosulphate_share and sulphate_share add up to "
                f"{100.0 * shares:.4g} %; they are parts of the anode's charge, give at most 100 %"
            )
        left = efficiency(self)  # type: ignore[arg-type]
        if left <= 0.0:
            raise InputError(
                f"polysulphide dissolves {100.0 * self.polysulphide_share:.4g} % times "
                f"{100.0 * self.polysulphide_returned:.4g} % of the charge again, no less than the "
                f"current_efficiency of {100.0 * self.current_efficiency:.4g} %; use a diaphragm "
                f"or give less"
            )

    def required_species(self) -> Iterable[str]:
        """What the cell makes and uses up."""
        return NEEDED

    def run(self, electrolyte: Flow, p: Parameters) -> Outlets:
        """Deposit, oxidise, part metal, solution and gas."""
        cell = electrolyse(electrolyte, p)
        return {
            "cathode": cell.deposit + cell.occluded,
            "spent_electrolyte": cell.solution - cell.occluded,
            "gas": cell.gas,
        }

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Energy, efficiency, cells, purity, what the anode makes."""
        cell = electrolyse(flows["electrolyte"], p)
        cathode, spent = flows["cathode"], flows["spent_electrolyte"]
        antimony = cathode.of("Sb")
        energy = ratio(cell.current * voltage(p), antimony)
        caustic = flows["electrolyte"].of("NaOH(aq)") - spent.of("NaOH(aq)")
        return (
            Figure(energy, "kWh/t", "energy per tonne of antimony"),
            Figure(ratio(antimony, cell.current * voltage(p)), "kg/kWh", "antimony per energy"),
            Figure(np.asarray(cell.efficiency), "%", "current efficiency"),
            Figure(antimony, "t/h", "antimony deposited"),
            Figure(ratio(antimony, cathode.total()), "%", "antimony in the cathode"),
            Figure(ratio(cathode.element("As"), cathode.total()), "%", "arsenic in the cathode"),
            Figure(ratio(cathode.element("Na"), cathode.total()), "%", "sodium in the cathode"),
            Figure(ratio(cathode.element("S"), cathode.total()), "%", "sulphur in the cathode"),
            *cell_figures(cell.current, p),
            *voltage_figures(p),
            Figure(flows["gas"].moles("O2"), "Nm3/h", "oxygen given off"),
            Figure(flows["gas"].moles("H2"), "Nm3/h", "hydrogen given off"),
            Figure(ratio(caustic, antimony), "kg/t", "caustic soda used up per antimony"),
            *(
                Figure(
                    ratio(spent.of(name) - flows["electrolyte"].of(name), antimony),
                    "kg/t",
                    f"{word} made per antimony",
                )
                for name, word in (("Na2S2O3(aq)", "thiosulphate"), ("Na2SO4(aq)", "sulphate"))
            ),
        )

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Settings outside practice, reagents that run out, explosive gas, poor metal."""
        if first(flows["electrolyte"].total()) == 0.0:
            return ()
        return _warnings(flows, p)


def _warnings(flows: Flows, p: Parameters) -> list[str]:
    cell, cathode = electrolyse(flows["electrolyte"], p), flows["cathode"]
    volts, density = first(voltage(p)), first(p.current_density)
    share, supplied = first(cell.efficiency), first(cell.supplied)
    grade = first(ratio(cathode.of("Sb"), cathode.total()))
    oxygen, hydrogen = (first(flows["gas"].moles(name)) for name in ("O2", "H2"))
    spent = flows["spent_electrolyte"]
    oxidised = first(spent.moles("Na2S2O3(aq)", "Na2SO4(aq)"))
    lines: list[tuple[Any, str]] = [
        (
            not 1.5 <= volts <= 3.5,
            f"cell voltage of {volts:.3g} V is outside the 1.5 to 3.5 V of electrowinning",
        ),
        (
            not 50.0 <= density <= 400.0,
            f"current_density of {density:g} A/m^2 is outside 50 to 400 A/m^2; 200 to 300 is usual",
        ),
        (
            not 0.7 <= share <= 0.9,
            f"current efficiency of {100.0 * share:.3g} % is outside the 70 to 90 % of practice",
        ),
        (
            supplied < 1.0 - 1e-9,
            f"caustic soda, sulphide or water allow only {100.0 * supplied:.3g} % of what was to "
            f"react; bring more NaOH or Na2S with the solution",
        ),
        (
            0.0 < grade < 0.96,
            f"the cathode holds {100.0 * grade:.3g} % Sb; 96 to 99 % is usual",
        ),
        (
            hydrogen > 0.04 * (oxygen + hydrogen) > 0.0,
            f"the gas holds {100.0 * hydrogen / (oxygen + hydrogen or 1.0):.3g} % hydrogen in "
            f"oxygen, above the 4 % that burns; ventilate the cells",
        ),
        (
            oxidised > first(spent.moles("Na2S(aq)")),
            "the spent solution holds more thiosulphate and sulphate than sulphide; bleed it",
        ),
    ]
    return [text for wrong, text in lines if wrong]
