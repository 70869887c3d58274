"""Thickener: settle the solids of a pulp to a given percent solids, and size the tank."""

from collections.abc import Sequence
from typing import Annotated, ClassVar

import numpy as np
from pydantic import BeforeValidator

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.parameters import Density, Fraction, PositiveRatio, Velocity, default
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, ParticleUse, UnitOp
from unitops.dewatering.retained_liquor import (
    check_percent_solids,
    thickened,
)
from unitops.dewatering.settling import (
    SettlingTest,
    UnitArea,
    as_settling_tests,
    hindered_unit_area,
    tested_unit_area,
)

DENSEST_UNDERFLOW = 0.75
"""Percent solids that thickeners reach at most: paste, or heavy concentrate."""
CLOUDY_OVERFLOW = 0.01
"""Share of the solids in the overflow above which the thickener does not work."""
HIGHEST_DOSE = 1e-4
"""Flocculant per solids above what mineral pulps take, 5 to 60 g/t."""
ROUNDING = 1.0 + 1e-9


class Thickener(UnitOp):
    """Settle a pulp to an underflow of given percent solids; the clear liquor overflows.

    With S solids, L liquor (water and what it dissolves), s the percent solids of the underflow and
    l the share of the solids lost:

        solids to underflow = (1 - l) * S                                           (1)
        liquor to underflow = (1 - l) * min(S * (1 - s) / s, L)                     (2)

    Dissolved species follow the water. A feed that is thicker than the underflow asked for is not
    thickened: it leaves with the underflow as it is (with l > 0: in proportion), and a warning
    says so. The area of the tank is reported where one of three is given:

        unit_area                 A = unit area * (1 - l) * S                       (3)
        settling_tests            unit area by Coe and Clevenger from tests
        free_settling_velocity    unit area by the law of Richardson and Zaki

    with the equations and sources of the last two in ``unitops/dewatering/settling.py``.

    Unit areas in m2 per t/d of dry solids, quoted from memory from handbooks (Perry; Wills), not
    re-read; take a settling test where there is one: flotation tailings 0.1 to 0.5 without
    flocculant, 0.02 to 0.1 in high-rate thickeners; sulphide concentrates 0.2 to 0.7; hydroxide
    and gypsum sludges 0.5 to 5.

    Assumptions: steady bed; gas leaves with the overflow; flocculant has no mass worth a stream.
    Not modelled: compression of the bed, its depth and yield stress, chemistry of flocculation.
    Limits: no solids, all of the liquor overflows; l = 1 all of the feed overflows. With bare
    grains (k = 1, n = 4.65) the law has no limiting layer below y_u = 0.58, and the feed limits.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.dewatering.thickener import Thickener
    >>> from unitops.streams.feed import Feed
    >>> plant = Flowsheet(
    ...     species=["Sb2S3", "SiO2", "H2O"],
    ...     units={
    ...         "concentrate": Feed(
    ...             outlet="concentrate",
    ...             flow="5 t/h",
    ...             composition={"Sb2S3": "80 %"},
    ...             remainder="SiO2",
    ...             percent_solids="25 %",
    ...         ),
    ...         "thickener": Thickener(
    ...             feed="concentrate",
    ...             underflow="thickened",
    ...             overflow="process_water",
    ...             underflow_percent_solids="60 %",
    ...             unit_area="0.3 m^2/(t/d)",
    ...         ),
    ...     },
    ... )
    >>> print(f"{solve(plant)['process_water'].mass_flow():.2f~P}")
    11.67 t/h
    """

    particles: ClassVar[ParticleUse] = "kept"

    feed: Inlet
    underflow: Outlet
    overflow: Outlet

    underflow_percent_solids: Fraction
    """Solids in the underflow by mass, s; 45 to 65 % is usual for concentrates and tailings."""
    solids_to_overflow: Fraction = 0.0
    """Share of the solids lost with the overflow, l. A clear overflow holds 20 to 200 mg/L, which
    is 0.01 to 0.1 % of the solids of a usual feed; default a perfect overflow."""
    flocculant_dose: Fraction | None = None
    """Flocculant per dry solids fed, e.g. "20 g/t", for the report; usual are 5 to 60 g/t."""
    unit_area: UnitArea | None = None
    """Settling area per mass flow of solids. Give this, settling_tests, free_settling_velocity or
    none of them."""
    settling_tests: Annotated[tuple[SettlingTest, ...], BeforeValidator(as_settling_tests)] = ()
    """Pairs of percent solids and initial settling velocity, from the feed to almost the underflow:
    [["15 %", "0.4 m/h"], ["25 %", "0.2 m/h"]]."""
    free_settling_velocity: Velocity | None = None
    """Settling velocity of one grain or floc alone, v_0."""
    hindrance_exponent: PositiveRatio = 4.65
    """Exponent n of the law of settling; 4.65 for grains settling slowly (Richardson and Zaki)."""
    aggregate_volume: PositiveRatio = 1.0
    """Volume of a floc with the water it holds, per volume of its solids, k. 1 for bare grains;
    flocs of fine minerals 2 to 20 (assumed)."""
    liquor_density: Density = default("1000 kg/m^3")
    """Density of the liquor, used for settling only; water by default."""

    def check(self) -> None:
        """Refuse an underflow of all water or none, and two ways to know the area."""
        check_percent_solids("underflow_percent_solids", self.underflow_percent_solids)
        ways = (self.unit_area, self.settling_tests or None, self.free_settling_velocity)
        if sum(way is not None for way in ways) > 1:
            raise InputError(
                "give only one of unit_area, settling_tests and free_settling_velocity, or none"
            )
        if self.free_settling_velocity == 0.0:
            raise InputError(
                'free_settling_velocity of 0 never settles; give e.g. "2 m/h", or leave it out'
            )
        if self.aggregate_volume < 1.0:
            raise InputError(
                f"aggregate_volume of {self.aggregate_volume:g} is less than the solids themselves "
                "take; give 1 or more"
            )
        tested = [test.percent_solids for test in self.settling_tests]
        if tested and min(tested) >= self.underflow_percent_solids:
            raise InputError(
                f"settling_tests start at {min(tested):.1%} solids, no thinner than the underflow "
                f"of {self.underflow_percent_solids:.1%}; add tests from the feed upwards"
            )

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Split the pulp; see the class for the equations."""
        underflow = thickened(feed, p.underflow_percent_solids, p.solids_to_overflow)  # (1), (2)
        return {"underflow": underflow, "overflow": feed - underflow}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Percent solids, water recovered, clarity, flocculant, and the tank where it is known."""
        feed, underflow, overflow = flows["feed"], flows["underflow"], flows["overflow"]
        recovered = ratio(overflow.of("H2O"), feed.of("H2O"))
        found = [
            Figure(underflow.percent_solids(), "%", "solids in the underflow"),
            Figure(overflow.percent_solids(), "g/t", "solids in the overflow"),
            Figure(recovered, "%", "water to the overflow"),
        ]
        if p.flocculant_dose is not None:
            drawn = p.flocculant_dose * feed.solids.total()
            found.append(Figure(drawn, "kg/h", "flocculant", "reagent"))
        unit_area = _unit_area(flows, p)
        if unit_area is not None:
            area = unit_area * underflow.solids.total()  # (3)
            rise = ratio(overflow.liquid.total(), area * p.liquor_density)
            found += [
                Figure(unit_area, "m^2/(t/d)", "unit area"),
                Figure(area, "m^2", "thickener area", "equipment"),
                Figure(np.sqrt(4.0 * area / np.pi), "m", "diameter of one thickener", "equipment"),
                Figure(rise, "m/h", "rise rate of the overflow"),
            ]
        return found

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Feeds that cannot be thickened, and settings no thickener reaches."""
        feed, told = flows["feed"], []
        fed, asked = first(feed.percent_solids()), first(p.underflow_percent_solids)
        if fed > asked * ROUNDING:
            told.append(
                f"the feed holds {fed:.1%} solids, more than the {asked:.1%} asked of the "
                "underflow; nothing is thickened, the underflow leaves as thick as the feed"
            )
        if fed == 0.0 and first(feed.total()) > 0.0:
            told.append("the feed brings no solids; all of it overflows")
        if asked > DENSEST_UNDERFLOW:
            told.append(
                f"underflow of {asked:.1%} solids; thickeners reach 45 to 75 %, a filter more"
            )
        lost = first(p.solids_to_overflow)
        if lost > CLOUDY_OVERFLOW:
            told.append(
                f"{lost:.2%} of the solids leave with the overflow; a thickener that works loses "
                "less than 1 %"
            )
        if p.flocculant_dose is not None and first(p.flocculant_dose) > HIGHEST_DOSE:
            told.append(
                f"flocculant_dose of {first(p.flocculant_dose) * 1e6:.4g} g/t; mineral pulps take "
                "5 to 60 g/t"
            )
        if 0.0 < fed <= asked:
            told.extend(_settling_warnings(flows, p, fed))
        return told


def _settling_warnings(flows: Flows, p: Parameters, fed: float) -> Sequence[str]:
    told = []
    if p.settling_tests:
        thinnest = min(test.percent_solids for test in p.settling_tests)
        if fed < thinnest / ROUNDING:
            told.append(
                f"the feed of {fed:.1%} solids is thinner than the thinnest settling test, "
                f"{thinnest:.1%}; test the feed as well, it may need more area"
            )
    if p.free_settling_velocity is not None and flows["feed"].solids.has_volume():
        aggregates = first(_aggregates(flows["underflow"], p))
        if aggregates >= 1.0:
            told.append(
                f"the flocs of the underflow would fill {aggregates:.0%} of its volume; settling "
                "alone does not press them together, so no area is enough; give settling tests, "
                "or a lower underflow_percent_solids"
            )
    return told


def _unit_area(flows: Flows, p: Parameters) -> Array | None:
    """Unit area in m^2 s/kg as it is given, tested or predicted, (1 or scenarios,)."""
    if p.unit_area is not None:
        return np.atleast_1d(p.unit_area)
    if p.settling_tests:
        tested = tested_unit_area(p.settling_tests, p.underflow_percent_solids, p.liquor_density)
        return np.atleast_1d(tested)
    if p.free_settling_velocity is None or not flows["feed"].solids.has_volume():
        return None
    solids = flows["feed"].solids
    density = ratio(solids.total(), solids.volumetric_flow(), empty=1.0)
    return hindered_unit_area(
        _aggregates(flows["feed"], p),
        _aggregates(flows["underflow"], p),
        p.free_settling_velocity,
        p.hindrance_exponent,
        density / p.aggregate_volume,
    )


def _aggregates(flow: Flow, p: Parameters) -> Array:
    """Volume fraction of settling aggregates, y, in a pulp."""
    solids = flow.solids.volumetric_flow()
    liquor = flow.liquid.total() / p.liquor_density
    return np.asarray(p.aggregate_volume * ratio(solids, solids + liquor))
