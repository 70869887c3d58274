"""Flotation in a bank of cells: first-order kinetics, water recovery and entrainment."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from flowsheet.core.arithmetic import ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.parameters import Count, Fraction, PerSpecies, PerTime, Time, Volume, default
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, ParticleUse, UnitOp


class FlotationBank(UnitOp):
    """Float minerals from a pulp in N equal, perfectly mixed cells in series.

    True flotation of species i, with residence time tau per cell:

        R_i = R_max,i * (1 - (1 + k_i * tau)^-N)                                    (1)
        tau = V * (1 - gas hold-up) / Q        when the cell volume is given        (2)

    Entrainment of what did not float, in proportion to the water that reports to the froth:

        R_total,i = R_i + (1 - R_i) * ENT_i * R_w                                   (3)

    (1) e.g. Yianatos (2008, abstract), perfect mixers in series; (3) Johnson (1972) and Warren
    (1985) as given in Wills' Mineral Processing Technology, chapter 12.

    Assumptions: one floatable fraction per species, Q is the pulp fed to the bank, the froth is
    not modelled apart, water and dissolved salts follow the water recovery, gas leaves with the
    tailings.
    Not modelled: size, rate distributions, froth recovery, reagents.
    Limits: zero residence time recovers only what is entrained; infinite time recovers R_max;
    an empty feed gives empty products.
    """

    particles: ClassVar[ParticleUse] = "kept"

    feed: Inlet
    concentrate: Outlet
    tailings: Outlet

    cells: Count
    """Number of equal cells in series, N."""
    residence_time: Time | None = None
    """Residence time of the pulp in one cell, tau. Give this or ``cell_volume``."""
    cell_volume: Volume | None = None
    """Volume of one cell, V. Give this or ``residence_time``."""
    gas_holdup: Fraction = default("0 %")
    """Fraction of the cell volume that is air; used with ``cell_volume``."""
    rate_constant: PerSpecies[PerTime]
    """First-order flotation rate constant, k."""
    recovery_max: PerSpecies[Fraction] = 1.0
    """Recovery of true flotation at infinite time, R_max."""
    water_recovery: Fraction = 0.0
    """Fraction of the feed water that reports to the concentrate, R_w."""
    entrainment: PerSpecies[Fraction] = 0.0
    """Degree of entrainment of solids relative to water, ENT."""

    def check(self) -> None:
        """Refuse a bank with no way, or two ways, to know its residence time."""
        if (self.residence_time is None) == (self.cell_volume is None):
            raise InputError("give either residence_time or cell_volume, and not both")
        if self.gas_holdup == 1.0:
            raise InputError("gas_holdup of 100 % leaves no room for pulp; give less")

    def is_linear(self) -> bool:
        """With a given residence time; cells of a given volume hold a larger flow less long."""
        return self.residence_time is not None

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Split the pulp between concentrate and tailings."""
        solid, liquid = feed.slate.in_phase("solid"), feed.slate.in_phase("liquid")
        concentrate = feed * (solid * self._recovery(feed, p) + liquid * p.water_recovery)
        return {"concentrate": concentrate, "tailings": feed - concentrate}

    def _recovery(self, feed: Flow, p: Parameters) -> Array:
        """Total recovery of solids, (constituents, scenarios)."""
        if p.residence_time is not None:
            left_per_cell = 1.0 / (1.0 + p.rate_constant * p.residence_time)
        else:
            # 1 / (1 + k V/Q) written as Q / (Q + k V), which also holds for an empty feed.
            pulp = feed.volumetric_flow()
            volume = p.cell_volume * (1.0 - p.gas_holdup)
            left_per_cell = ratio(pulp, pulp + p.rate_constant * volume, empty=1.0)  # (2)
        floated = p.recovery_max * (1.0 - left_per_cell**p.cells)  # (1)
        return np.asarray(floated + (1.0 - floated) * p.entrainment * p.water_recovery)  # (3)

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Mass pull, and the residence time or the cell volume that the other implies.

        A volume is left out where a species that flows has no density.
        """
        feed, concentrate = flows["feed"], flows["concentrate"]
        pull = Figure(ratio(concentrate.solids.total(), feed.solids.total()), "%", "mass pull")
        if p.residence_time is None:
            volume = p.cell_volume * (1.0 - p.gas_holdup)
            tau = ratio(volume, feed.volumetric_flow(), empty=np.inf)
            return (pull, Figure(tau, "min", "residence time per cell"))
        if not feed.has_volume():
            return (pull,)
        pulp = feed.volumetric_flow() * p.residence_time
        return (pull, Figure(pulp, "m^3", "pulp volume per cell"))
