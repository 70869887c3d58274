"""Flotation in a bank of cells: kinetics, froth, size, water recovery and entrainment."""

from collections.abc import Sequence
from typing import ClassVar, Literal

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.flow import Flow
from flowsheet.core.parameters import (
    Count,
    Fraction,
    Length,
    ParticleSize,
    PerSize,
    PerSpecies,
    PerTime,
    PositiveRatio,
    PowerPerVolume,
    Ratio,
    Time,
    Velocity,
    Volume,
    default,
)
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, ParticleUse, UnitOp
from unitops.flotation.bank_recovery import total_recovery, water_recovery
from unitops.flotation.bank_settings import check_settings, check_sizes
from unitops.flotation.flotation_rate import surface_flux

USUAL_FLUX = (20.0, 120.0)
"""Bubble surface area flux of cells in use, 1/s."""
USUAL_FROTH = (0.03, 0.6)
"""Solids by mass in froths that flow."""
MOST_GAS = 0.3
"""Gas hold-up above which pulp turns to froth."""


class FlotationBank(UnitOp):
    """Float minerals from a pulp in N equal, perfectly mixed cells in series.

    Of mineral i, with residence time tau in a cell, there floats by default

        R_i = R_max,i * (1 - (1 + k_i * tau)^-N)                                    (1)
        tau = V * (1 - gas hold-up) / Q        when the cell volume is given        (2)

    and what did not float is entrained in proportion to the water that reports to the froth:

        R_total,i = R_i + (1 - R_i) * ENT_i * R_w                                   (3)

    More is modelled where more is given, in the equations of the file named:

        kinetics           distributions of k: Klimpel, Kelsall, gamma          kinetics.py
        floatability P     k = P * S_b instead of a rate constant               (4)
                           S_b from bubbles or impeller     bubble_surface_area_flux.py
        froth              k * R_f; R_f given, or exp(-beta * tau_f)            froth.py
        size               k * s(d)                                             rate_by_size.py
        entrainment        ENT by size; Savassi's form cell by cell             entrainment.py

    (1) e.g. Yianatos (2008, abstract), perfect mixers in series; (3) Johnson (1972) and Warren
    (1985) as given in Wills' Mineral Processing Technology, chapter 12; (4) Gorain, Franzidis and
    Manlapig (1997), Minerals Engineering 10, 367-379. The others: see the files.

    Rate constants and recovery of a composite are named like those of a mineral.

    Assumptions: Q is the pulp fed to the bank, the same in all cells; water and dissolved salts
    follow the water recovery, and no rate constant given for them counts; gas leaves with the
    tailings. Solids of no particular size float at k itself.
    Not modelled: reagents, loading of bubbles and froth, how air and froth depth change the water.
    Limits: zero residence time recovers only what is entrained; infinite time recovers R_max;
    an empty feed gives empty products.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.flotation.flotation_bank import FlotationBank
    >>> from unitops.streams.feed import Feed
    >>> plant = Flowsheet(
    ...     species=["Sb2S3", "SiO2", "H2O"],
    ...     units={
    ...         "pulp": Feed(
    ...             outlet="pulp",
    ...             flow="100 t/h",
    ...             composition={"Sb2S3": "4 %"},
    ...             remainder="SiO2",
    ...             percent_solids="33 %",
    ...         ),
    ...         "rougher": FlotationBank(
    ...             feed="pulp",
    ...             concentrate="concentrate",
    ...             tailings="tailings",
    ...             cells=6,
    ...             residence_time="2 min",
    ...             rate_constant={"Sb2S3": "0.5 1/min", "others": "0 1/min"},
    ...             recovery_max=0.95,
    ...             water_recovery="15 %",
    ...             entrainment={"SiO2": "20 %", "others": "0 %"},
    ...         ),
    ...     },
    ... )
    >>> solution = solve(plant)
    >>> print(f"{solution.recovery('Sb', to='concentrate'):.2f~P}")
    93.52 %
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
    """Fraction of the cell volume that is air, 8 to 15 % usual; used with ``cell_volume``."""

    kinetics: Literal["first_order", "klimpel", "kelsall", "gamma"] = "first_order"
    """How the rate constants of one mineral are distributed."""
    rate_constant: PerSpecies[PerTime] | None = None
    """Flotation rate constant, k: of all (first_order), the largest (klimpel), of the fast
    fraction (kelsall), the mean (gamma). Give this or ``floatability``."""
    slow_rate_constant: PerSpecies[PerTime] | None = None
    """Rate constant of the slow fraction (kelsall)."""
    slow_fraction: PerSpecies[Fraction] | None = None
    """Share of what can float that floats slowly (kelsall)."""
    gamma_shape: PerSpecies[PositiveRatio] | None = None
    """Shape a of the distribution of rate constants (gamma), 0.5 to 5 usual; large is one k."""
    recovery_max: PerSpecies[Fraction] = 1.0
    """Recovery of true flotation at infinite time, R_max."""

    floatability: PerSpecies[Ratio] | None = None
    """Rate constant per bubble surface area flux, P; 1e-5 to 1e-3."""
    bubble_surface_area_flux: PerTime | None = None
    """S_b itself, 30 to 80 1/s usual. Give this, ``bubble_diameter`` or ``impeller_tip_speed``."""
    superficial_gas_velocity: Velocity | None = None
    """Air per cross-section of the cell, J_g; 0.8 to 1.5 cm/s usual."""
    bubble_diameter: Length | None = None
    """Sauter mean diameter of the bubbles, d_32; 0.8 to 1.5 mm usual."""
    impeller_tip_speed: Velocity | None = None
    """Speed of the impeller's tip, N_s; 4 to 8 m/s usual."""
    impeller_aspect_ratio: PositiveRatio | None = None
    """Width of the impeller over its height, A_s."""
    pulp_p80: ParticleSize | None = None
    """80 % passing size of the pulp, P_80; used with ``impeller_tip_speed``."""

    froth_recovery: PerSpecies[Fraction] | None = None
    """Share of what enters the froth that reaches the concentrate, R_f; 10 to 90 %."""
    froth_loss_rate: PerSpecies[PerTime] | None = None
    """Rate of dropping back from the froth, beta; 0.5 to 2 1/min. Or give ``froth_recovery``."""
    froth_retention_time: Time | None = None
    """Time in the froth, tau_f; used with ``froth_loss_rate``. Or give ``froth_depth``."""
    froth_depth: Length | None = None
    """Depth of the froth, H_f; with ``superficial_gas_velocity`` it gives the time."""

    optimum_size: PerSpecies[ParticleSize] | None = None
    """Size that floats fastest, d_m, at the rate constant given; needs size classes."""
    size_exponent: PositiveRatio = 0.5
    """How strongly size counts, n. Assumed, range 0.3 to 2."""
    relative_rate: PerSize[Ratio] | None = None
    """Rate constant by size over the one given, e.g. ``{"20 um": 0.5, "75 um": 1}``."""

    water_recovery: Fraction = 0.0
    """Fraction of the feed water that reports to the concentrate of the bank, R_w."""
    water_recovery_per_cell: Fraction | None = None
    """The same of each cell instead; assumed 3 to 8 % in roughers, 8 to 20 % in cleaners."""
    entrainment: PerSpecies[Fraction] = 0.0
    """Degree of entrainment of solids relative to water, ENT, where no size decides it."""
    entrainment_size: PerSpecies[ParticleSize] | None = None
    """Size entrained at 20 % of the water, xi, 10 to 30 um usual; needs size classes."""
    entrainment_drainage: PositiveRatio = 1.0
    """Drainage parameter delta, 1 to 2 usual; used with ``entrainment_size``."""
    entrainment_form: Literal["over_bank", "cell_by_cell"] = "over_bank"
    """By (3) for the bank, or in every cell after Savassi, (4) in ``entrainment.py``."""

    agitation_power: PowerPerVolume = default("1 kW/m^3")
    """Power of the impellers per volume of the cells. Assumed, 0.7 kW/m^3 of large cells to
    2 kW/m^3 of small ones is usual; blowers not counted."""

    def check(self) -> None:
        """Refuse what is given twice, in part or not at all."""
        check_settings(self)

    def resolve(self, slate: Slate) -> Parameters:
        """Refuse parameters by size where there are no size classes."""
        check_sizes(self, slate)
        return super().resolve(slate)

    def is_linear(self) -> bool:
        """With a given residence time; cells of a given volume hold a larger flow less long."""
        return self.residence_time is not None

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Split the pulp between concentrate and tailings."""
        solid, liquid = feed.slate.in_phase("solid"), feed.slate.in_phase("liquid")
        concentrate = feed * (solid * total_recovery(feed, p) + liquid * water_recovery(p))
        return {"concentrate": concentrate, "tailings": feed - concentrate}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Mass pull, time or volume of a cell, solids in the froth, and the bubble surface.

        A volume is left out where a species that flows has no density.
        """
        feed, concentrate = flows["feed"], flows["concentrate"]
        found = [Figure(ratio(concentrate.solids.total(), feed.solids.total()), "%", "mass pull")]
        if p.residence_time is None:
            volume = p.cell_volume * (1.0 - p.gas_holdup)
            tau = ratio(volume, feed.volumetric_flow(), empty=np.inf)
            found.append(Figure(tau, "min", "residence time per cell"))
        elif feed.has_volume():
            pulp = feed.volumetric_flow() * p.residence_time
            found.append(Figure(pulp, "m^3", "pulp volume per cell"))
        found.extend(_cells(feed, p))
        if np.any(concentrate.liquid.total() > 0.0):
            found.append(Figure(concentrate.percent_solids(), "%", "solids in the concentrate"))
        if p.water_recovery_per_cell is not None:
            found.append(Figure(np.atleast_1d(water_recovery(p)), "%", "water recovery"))
        if p.floatability is not None:
            flux = np.atleast_1d(surface_flux(p))
            found.append(Figure(flux, "1/s", "bubble surface area flux"))
        return found

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Froths that do not flow, and air that no cell takes."""
        told = []
        concentrate = flows["concentrate"]
        solids = first(concentrate.percent_solids())
        if solids > 0.0:
            if first(flows["feed"].liquid.total()) == 0.0:
                told.append(
                    "the feed brings no water; flotation works on pulp of 10 to 45 % solids"
                )
            elif solids > USUAL_FROTH[1]:
                told.append(
                    f"the concentrate holds {solids:.0%} solids, and froths 10 to 50 %; "
                    "more water follows so much solids, raise the water recovery"
                )
            if solids < USUAL_FROTH[0]:
                told.append(
                    f"the concentrate holds {solids:.1%} solids, and froths 10 to 50 %; check the "
                    "water recovery, which entrains gangue"
                )
        if p.residence_time is None and first(p.gas_holdup) > MOST_GAS:
            told.append(f"gas_holdup of {first(p.gas_holdup):.0%}; cells hold 5 to 20 %")
        if p.floatability is not None:
            flux = first(surface_flux(p))
            if not USUAL_FLUX[0] <= flux <= USUAL_FLUX[1]:
                told.append(
                    f"bubble surface area flux of {flux:.3g} 1/s; cells reach 20 to 120, check "
                    "the gas velocity and the bubbles"
                )
        return told


def _cells(feed: Flow, p: Parameters) -> Sequence[Figure]:
    """Number and volume of the cells, air included, and the power of their impellers."""
    if p.cell_volume is None and not feed.has_volume():
        return ()
    if p.cell_volume is None:
        volume = feed.volumetric_flow() * p.residence_time / (1.0 - np.minimum(p.gas_holdup, 0.9))
    else:
        volume = p.cell_volume + 0.0 * feed.total()
    number = p.cells + 0.0 * volume
    return (
        Figure(number, "", "cells", "equipment"),
        Figure(volume, "m^3", "volume of a cell, air included", "equipment"),
        Figure(number * volume * p.agitation_power, "kW", "power of the impellers", "power"),
    )
