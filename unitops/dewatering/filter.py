"""Filter: cake of a given moisture, washed or not, and the area it takes."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Annotated, Any, ClassVar

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow, flow_of
from flowsheet.core.parameters import Fraction, Parameter, Ratio, default
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.quantities import Dimension
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, ParticleUse, UnitOp
from unitops.dewatering.retained_liquor import thickened

USUAL_MOISTURE = (0.05, 0.4)
"""Of cakes in use, from pressed coarse concentrates to fine sludges."""
USUAL_EFFICIENCY = (0.35, 0.86)
"""Of displacement washing, the range of Choudhury and Dahlstrom."""
MOST_WASH = 5.0
"""Displacements above which more wash hardly cleans the cake."""
LOSSY_CLOTH = 0.01
"""Share of the solids in the filtrate above which the cloth is wrong or torn."""
ROUNDING = 1.0 + 1e-9

FiltrationRate = Annotated[
    float,
    Parameter(
        Dimension(
            "mass per area and time",
            "kg/(m^2*s)",
            "300 kg/(m^2*h)",
            "kg/(m^2*h)",
            above=0.0,
        )
    ),
]
"""Dry solids per filter area and time."""

FiltrateFlux = Annotated[
    float,
    Parameter(
        Dimension("volume per area and time", "m/s", "0.5 m^3/(m^2*h)", "m^3/(m^2*h)", above=0.0)
    ),
]
"""Filtrate per filter area and time."""
WATER = 1000.0
"""Density that the filtrate is counted with, kg/m^3."""


class Filter(UnitOp):
    """Filter a pulp to a cake of given moisture; wash the cake if asked to.

    With S solids, L liquor (water and what it dissolves), m the moisture (liquor in the wet cake)
    and l the share of the solids lost to the filtrate, the cake holds before washing

        solids = (1 - l) * S                                                        (1)
        liquor = (1 - l) * min(S * m / (1 - m), L)                                  (2)

    Wash water, N times the liquor of the cake by mass, displaces some of it and stays in its place:

        displaced share of the liquor = min(N, 1 - (1 - E)^N)                       (3)
        area = max((1 - l) * S / filtration rate, filtrate / filtrate flux)         (4)

    (3) Choudhury and Dahlstrom (1957), AIChE Journal 3, 433-438, as in Perry's handbook, quoted
    from memory: (1 - E)^N of the dissolved matter is left in the cake. The minimum is a bound: no
    wash removes more liquor than there is wash (plug flow), which counts where E is above 0.63.

    Usual, quoted from memory (Wills; Perry) and not re-read: moisture of sulphide concentrates 12
    to 18 % from vacuum filters, 7 to 11 % from pressure filters; tailings 15 to 25 %; hydroxide
    and gypsum sludges 30 to 60 %. Filtration rate of concentrates 200 to 600 kg/(m2 h), of fine
    tailings 50 to 200. Filtrate of pressure filters 0.3 to 1.5 m3/(m2 h): of a thin pulp, such as
    a leach residue, the liquid decides on the area and not the solids.

    Assumptions: the cake stays as wet as asked for while it is washed; water is drawn for washing;
    filtrate and wash filtrate leave together and both load the cloth, at 1000 kg/m3 (of a strong
    salt solution this asks for up to a quarter too much area); gas leaves with the filtrate.
    Not modelled: cake resistance and pressure, cycle times, blowing, sorption of dissolved matter.
    Limits: N = 0 does not wash; a feed drier than the cake stays as it is, and a warning says so.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.dewatering.filter import Filter
    >>> from unitops.streams.feed import Feed
    >>> plant = Flowsheet(
    ...     species=["Sb2S3", "SiO2", "H2O"],
    ...     units={
    ...         "thickened": Feed(
    ...             outlet="thickened",
    ...             flow="5 t/h",
    ...             composition={"Sb2S3": "80 %"},
    ...             remainder="SiO2",
    ...             percent_solids="60 %",
    ...         ),
    ...         "filter": Filter(
    ...             feed="thickened",
    ...             wash_water="wash_water",
    ...             cake="cake",
    ...             filtrate="filtrate",
    ...             moisture="9 %",
    ...             filtration_rate="400 kg/(m^2*h)",
    ...         ),
    ...     },
    ... )
    >>> solution = solve(plant)
    >>> print(f"{solution['cake'].mass_flow():.3f~P}, {solution['filtrate'].mass_flow():.3f~P}")
    5.495 t/h, 2.839 t/h
    """

    particles: ClassVar[ParticleUse] = "kept"

    feed: Inlet
    wash_water: Supply
    cake: Outlet
    filtrate: Outlet

    moisture: Fraction
    """Liquor in the wet cake by mass, m."""
    solids_to_filtrate: Fraction = 0.0
    """Share of the solids lost to the filtrate, l; usual 0.01 to 0.5 %, default a tight cloth."""
    wash_ratio: Ratio = 0.0
    """Wash water per liquor in the cake by mass, N; 1 to 3 is usual. Default no washing."""
    displacement_efficiency: Fraction = 0.7
    """Share of the dissolved matter that a wash ratio of 1 removes, E. Default assumed, range 0.35
    to 0.86 (Choudhury and Dahlstrom)."""
    filtration_rate: FiltrationRate = default("300 kg/(m^2*h)")
    """Dry solids filtered per area and time of the whole cycle. Default assumed for a sulphide
    concentrate, range 100 to 600; see above for others."""
    filtrate_flux: FiltrateFlux = default("0.5 m^3/(m^2*h)")
    """Filtrate, wash filtrate with it, per area and time of the whole cycle. Default assumed,
    range 0.3 to 1.5, usual for pressure filters (quoted from memory); clear fast liquors take
    more."""

    def check(self) -> None:
        """Refuse a cake that is all water."""
        if self.moisture == 1.0:
            raise InputError('moisture of 100 % would be all water; give less, e.g. "9 %"')

    def required_species(self) -> Iterable[str]:
        """Water, for washing."""
        return ("H2O",)

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Filter and wash; see the class for the equations."""
        cake = thickened(feed, 1.0 - p.moisture, p.solids_to_filtrate)  # (1), (2)
        liquor = cake.liquid
        displaced = _displaced(p)
        water = _one_of_water(feed.slate) * liquor.total()
        staying, wash = water * displaced, water * p.wash_ratio
        return {
            "wash_water": wash,
            "cake": cake.solids + liquor * (1.0 - displaced) + staying,
            "filtrate": (feed - cake) + liquor * displaced + (wash - staying),
        }

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Moisture, share of the dissolved matter recovered, wash water, and area."""
        feed, cake = flows["feed"], flows["cake"]
        wet = cake.solids.total() + cake.liquid.total()
        left = ratio(cake.liquid.total(), feed.liquid.total()) * (1.0 - _displaced(p))
        by_solids = cake.solids.total() / p.filtration_rate
        by_filtrate = flows["filtrate"].liquid.total() / (WATER * p.filtrate_flux)
        return [
            Figure(ratio(cake.liquid.total(), wet), "%", "moisture of the cake"),
            Figure(1.0 - left, "%", "dissolved matter to the filtrate"),
            Figure(flows["wash_water"].total(), "t/h", "wash water"),
            Figure(np.maximum(by_solids, by_filtrate), "m^2", "filter area", "equipment"),  # (4)
        ]

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Feeds that need no filter, and settings that no filter reaches."""
        feed, told = flows["feed"], []
        fed, moisture = first(feed.percent_solids()), first(p.moisture)
        if fed > (1.0 - moisture) * ROUNDING:
            told.append(
                f"the feed holds {1.0 - fed:.1%} moisture, less than the {moisture:.1%} asked of "
                "the cake; it leaves as it is"
            )
        if fed == 0.0 and first(feed.total()) > 0.0:
            told.append("the feed brings no solids; all of it is filtrate")
        if moisture < USUAL_MOISTURE[0]:
            told.append(f"moisture of {moisture:.1%}; below 5 % takes a dryer")
        if moisture > USUAL_MOISTURE[1]:
            told.append(f"moisture of {moisture:.1%}; cakes of minerals hold 5 to 40 %")
        lost = first(p.solids_to_filtrate)
        if lost > LOSSY_CLOTH:
            told.append(f"{lost:.2%} of the solids pass the cloth; a tight one loses less than 1 %")
        wash, efficiency = first(p.wash_ratio), first(p.displacement_efficiency)
        if wash > MOST_WASH:
            told.append(f"wash_ratio of {wash:.3g}; more than 5 hardly cleans the cake, 1 to 3 do")
        low, high = USUAL_EFFICIENCY
        if wash > 0.0 and not low <= efficiency <= high:
            told.append(
                f"displacement_efficiency of {efficiency:.3g} is outside the {low:g} to {high:g} "
                "of published washing tests"
            )
        return told


def _displaced(p: Parameters) -> Array:
    """Share of the cake's liquor that wash water takes the place of."""
    left = 1.0 - p.displacement_efficiency
    none_left = left == 0.0
    left = np.where(none_left, 0.0, np.where(none_left, 1.0, left) ** p.wash_ratio)
    return np.asarray(np.minimum(p.wash_ratio, 1.0 - left))  # (3)


@lru_cache(maxsize=64)
def _one_of_water(slate: Slate) -> Any:
    """One kg/s of water, (constituents, 1)."""
    return flow_of(slate, {"H2O": 1.0})
