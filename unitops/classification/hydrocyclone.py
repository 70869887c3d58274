"""Hydrocyclone: split a pulp by size and density, at a given cut or by Plitt's model."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from flowsheet.core.arithmetic import first
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow
from flowsheet.core.parameters import (
    Count,
    Density,
    Fraction,
    Length,
    ParticleSize,
    PositiveRatio,
    Pressure,
    Ratio,
    default,
)
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, ParticleUse, UnitOp
from unitops.classification.cyclone_operation import Operation, as_given, from_dimensions
from unitops.classification.cyclone_report import (
    battery_figures,
    operation_figures,
    operation_warnings,
    product_figures,
    product_warnings,
)
from unitops.classification.unsized_solids import lost_sizes, with_the_water

DIMENSIONS = (
    "cyclones",
    "cyclone_diameter",
    "inlet_diameter",
    "vortex_finder_diameter",
    "apex_diameter",
    "free_vortex_height",
)


class Hydrocyclone(UnitOp):
    """Split a pulp into a coarse underflow and a fine overflow.

    Particles of kind i (a mineral or composite) and size d report to the underflow by

        E_i(d) = R_f + (1 - R_f) * E_c(d / d50c_i)                                  (1)

    with R_f the share of the water that goes there: the finest solids go where the water goes.
    E_c is one of the efficiency curves of ``unitops/classification/efficiency.py``. A heavy mineral
    is cut finer than a light one:

        d50c_i = d50c * ((rho_ref - rho_liquor) / (rho_i - rho_liquor))^k           (2)

    There are two levels. With ``cut_size``, the cut, the sharpness and R_f are given. With the
    dimensions of the cyclones they follow from the feed by Plitt's model, whose equations stand in
    ``unitops/classification/plitt.py``: pulp per cyclone and its solids by volume give d50c (with
    each kind's own density in place of (2)), pressure, sharpness m and the volume split S. As the
    underflow takes the share S / (1 + S) of the pulp, solids included,

        R_f = (S / (1 + S) - Y_c) / (1 - Y_c),  Y_c = sum_i,d E_c v / V             (3)

    with v the volume flow of particles and V that of all pulp. Each of Plitt's four results has a
    calibration factor, as in Flintoff, Plitt and Turak (1987): fit them to a survey.

    (1) Kelsall (1953); Lynch and Rao (1975). (2) and (3) Plitt (1976), k as in Flintoff et al.

    Assumptions: one size stands for a class, its geometric mean. Dissolved species, and solids
    without a size such as lime, follow the water; so do minerals that lost their size, and a
    warning names them. Gas leaves with the overflow.
    Not modelled: viscosity, roping (a warning tells of it), hindering of one mineral by another.
    Limits: R_f = 1 sends all to the underflow. Where Plitt's split leaves less room than the coarse
    solids take, R_f is held at 0 and a warning says so; where a fish-hook would recover less than
    nothing, the recovery is held at 0, with a warning as well.

    >>> from flowsheet import Flowsheet, Particles, sieve_series, solve
    >>> from unitops.classification.hydrocyclone import Hydrocyclone
    >>> from unitops.streams.sized_feed import SizedFeed
    >>> plant = Flowsheet(
    ...     species=["Sb2S3", "SiO2", "H2O"],
    ...     particles=Particles(sieves=sieve_series("600 um", 9), minerals=["Sb2S3", "SiO2"]),
    ...     units={
    ...         "mill": SizedFeed(
    ...             outlet="mill_discharge",
    ...             flow="100 t/h",
    ...             composition={"Sb2S3": "4 %"},
    ...             remainder="SiO2",
    ...             percent_solids="50 %",
    ...             p80="200 um",
    ...         ),
    ...         "cyclones": Hydrocyclone(
    ...             feed="mill_discharge",
    ...             underflow="coarse",
    ...             overflow="fine",
    ...             cut_size="100 um",
    ...             sharpness=2.2,
    ...             water_to_underflow="30 %",
    ...         ),
    ...     },
    ... )
    >>> print(f"{solve(plant)['fine'].passing_size('80 %'):.0f~P}")
    80 µm
    """

    particles: ClassVar[ParticleUse] = "needed"

    feed: Inlet
    underflow: Outlet
    overflow: Outlet

    cut_size: ParticleSize | None = None
    """Corrected cut size d50c of particles of the reference density. Give this, or the dimensions
    of the cyclones."""
    water_to_underflow: Fraction | None = None
    """Share of the water that goes to the underflow, R_f, with ``cut_size``; 10 to 50 % is usual.
    The dimensions give it by the split."""
    curve: Literal["rosin_rammler", "lynch_rao", "whiten_beta"] = "rosin_rammler"
    """Form of the efficiency curve."""
    sharpness: PositiveRatio | None = None
    """Sharpness of the curve: m of rosin_rammler, 1.5 to 3.5, which the dimensions give if it is
    not given; alpha of the others, 2 to 5, near 1.54 m - 0.47 (quoted from memory)."""
    fish_hook: Ratio = 0.0
    """Size of the fish-hook, beta of whiten_beta; 0 none, 0.1 to 0.5 where fines are seen to
    return (assumed)."""
    density_exponent: Ratio = 0.5
    """Exponent k of the density: 0.5 for laminar settling (Plitt 1976), up to 1 in turbulence."""
    reference_density: Density = default("2650 kg/m^3")
    """Density of the particles that ``cut_size`` belongs to, rho_ref; quartz by default."""
    liquor_density: Density = default("1000 kg/m^3")
    """Density of water with what it dissolves, rho_liquor."""

    cyclones: Count | None = None
    """Number of equal cyclones that share the feed."""
    cyclone_diameter: Length | None = None
    """Diameter of the cylinder, D_c."""
    inlet_diameter: Length | None = None
    """Diameter of a round inlet of the same area, D_i; about a fifth to a quarter of D_c."""
    vortex_finder_diameter: Length | None = None
    """Inner diameter of the vortex finder, D_o; 0.3 to 0.4 of D_c is usual."""
    apex_diameter: Length | None = None
    """Diameter of the apex (spigot), D_u; 0.1 to 0.35 of D_c is usual."""
    free_vortex_height: Length | None = None
    """From the lower end of the vortex finder to the apex, h; about three times D_c."""
    cut_size_factor: PositiveRatio = 1.0
    """Calibration of Plitt's d50c, F1."""
    sharpness_factor: PositiveRatio = 1.0
    """Calibration of Plitt's m, F2."""
    pressure_factor: PositiveRatio = 1.0
    """Calibration of Plitt's pressure, F3."""
    split_factor: PositiveRatio = 1.0
    """Calibration of Plitt's split, F4: the weakest of the four, rarely within 30 % uncalibrated
    (assumed)."""

    feed_pressure: Pressure = default("80 kPa")
    """Pressure with which cyclones are chosen where only the cut is given, for their number and
    diameter alone (``cyclone_selection.py``). Assumed, 50 to 120 kPa is usual."""
    pump_efficiency: Fraction = default("60 %")
    """Of the feed pump with its motor; for its power. Assumed, range 50 to 75 %."""

    def check(self) -> None:
        """Refuse none or two ways to know the cut, and dimensions that do not fit together."""
        given = [name for name in DIMENSIONS if getattr(self, name) is not None]
        if (self.cut_size is None) == (not given):
            raise InputError(
                "give either cut_size or the dimensions of the cyclones (cyclone_diameter and the "
                "others), and not both"
            )
        if self.fish_hook > 0.0 and self.curve != "whiten_beta":
            raise InputError(
                f"fish_hook of {self.fish_hook:g} belongs to the curve whiten_beta, and the curve "
                f"is {self.curve}; set curve to whiten_beta, or fish_hook to 0"
            )
        if self.reference_density <= self.liquor_density:
            raise InputError(
                f"reference_density of {self.reference_density:g} kg/m^3 is not above the "
                f"liquor_density of {self.liquor_density:g}; 2650 is that of quartz"
            )
        if given:
            self._check_dimensions(given)
        elif self.sharpness is None or self.water_to_underflow is None:
            raise InputError("cut_size needs sharpness and water_to_underflow beside it; give both")

    def _check_dimensions(self, given: Sequence[str]) -> None:
        missing = [name for name in DIMENSIONS if name not in given]
        if missing:
            raise InputError(
                f"{given[0]} is given without {', '.join(missing)}; Plitt's model needs all of them"
            )
        if self.water_to_underflow is not None:
            raise InputError(
                "water_to_underflow follows from the dimensions; leave it out, and adjust the "
                "split with split_factor"
            )
        if self.curve != "rosin_rammler" and self.sharpness is None:
            raise InputError(
                f"the dimensions give the sharpness of rosin_rammler only; give the sharpness of "
                f"{self.curve} (2 to 5), or leave out curve"
            )
        assert self.cyclone_diameter is not None
        for name in ("inlet_diameter", "vortex_finder_diameter", "apex_diameter"):
            if getattr(self, name) >= self.cyclone_diameter:
                raise InputError(
                    f"{name} of {getattr(self, name):g} m is not smaller than the cyclone_diameter "
                    f"of {self.cyclone_diameter:g} m; check its unit"
                )

    def is_linear(self) -> bool:
        """With a given cut; cyclones of given dimensions cut finer the more they are fed."""
        return self.cut_size is not None

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Split the pulp; see the class for the equations."""
        operation, slate = _operation(feed, p), feed.slate
        split = operation.actual()  # (1)
        wet = operation.water_to_overflow
        unsized = feed * (with_the_water(slate) * wet + slate.in_phase("gas"))
        return {
            "underflow": (feed - unsized).with_sized(feed.sized * split.coarse),
            "overflow": unsized.with_sized(feed.sized * split.fine),
        }

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Cuts, splits, densities and, from the dimensions, pressure and flow per cyclone."""
        operation = _operation(flows["feed"], p)
        feed = flows["feed"]
        return [
            *operation_figures(feed, operation),
            *product_figures(flows, p),
            *battery_figures(feed, operation, p),
        ]

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Roping, cuts outside the sieves, and feeds and pressures beyond what cyclones take."""
        feed = flows["feed"]
        if first(feed.solids.total()) == 0.0:
            return ()
        operation = _operation(feed, p)
        return [
            *lost_sizes(feed),
            *operation_warnings(feed, operation),
            *product_warnings(flows, p, 1.0 - operation.water_to_overflow),
        ]


def _operation(feed: Flow, p: Parameters) -> Operation:
    return from_dimensions(feed, p) if p.cut_size is None else as_given(feed.slate, p)
