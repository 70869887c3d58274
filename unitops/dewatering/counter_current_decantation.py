"""Counter-current decantation: a train of thickeners that washes dissolved matter out of solids."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow, flow_of
from flowsheet.core.parameters import Count, Fraction, Ratio
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, ParticleUse, UnitOp
from unitops.dewatering.retained_liquor import check_percent_solids
from unitops.dewatering.settling import UnitArea

LONGEST_TRAIN = 10
"""Stages of trains in use."""
POOREST_MIXING = 0.8
"""Mixing efficiency below which the pulp is hardly mixed between stages."""
ROUNDING = 1.0 + 1e-9


class CounterCurrentDecantation(UnitOp):
    """Wash solids in N thickeners: solids go down the train, wash liquor comes up against them.

    The feed enters stage 1 and the wash stage N; the overflow of stage 1 is the product liquor, the
    underflow of stage N the washed solids. With S solids, F liquor in the feed, W wash liquor, all
    by mass, and s the percent solids of every underflow, the liquor in an underflow is

        U = min(S * (1 - s) / s, F + W)                                             (1)

    and wash water is drawn on top of the wash liquor that comes, up to W = wash ratio * S(1 - s)/s.
    What overflows follows from stage N upwards: O_i = O_(i+1) + U_(i-1) - U_i.

    In every stage, a share of the incoming liquor passes unmixed with the solids:

        b_i = (1 - E) * min(U_i, U_(i-1))                                           (2)

    the rest mixes with the overflow of the next stage to one composition, m_i by mass of a species,
    and leaves as overflow and underflow. With beta_i = b_i / U_(i-1), alpha_i = O_i / (O_i + U_i -
    b_i), and y_i the mass of the species in the underflow:

        m_i = (1 - beta_i) y_(i-1) + alpha_(i+1) m_(i+1)                            (3)
        y_i = (1 - alpha_i) m_i + beta_i y_(i-1)                                    (4)

    These are linear, the same for all species, and solved exactly by elimination from stage N
    upwards, with positive terms only. With E = 1, F = U and pure water (3) and (4) give the
    classical soluble loss (w - 1) / (w^(N + 1) - 1) for the wash ratio w.

    (3), (4): stage balances as of old (Dorr and Bosqui, Cyanidation and Concentration of Gold and
    Silver Ores, quoted from memory; Counselman (1950), Transactions AIME 187, read in part).

    Assumptions: clear overflows; nothing dissolves or precipitates in the train; solids that come
    with the wash liquor settle in stage N with no more liquor than they bring; gas overflows.
    Not modelled: settling (see Thickener), flocculant, evaporation, adsorption.
    Limits: one stage without wash is a thickener; E = 0 washes nothing; feed and wash that bring
    less liquor than the underflow holds leave with it, and a warning says so.

    >>> from flowsheet import Flowsheet, Species, solve
    >>> from unitops.dewatering.counter_current_decantation import CounterCurrentDecantation
    >>> from unitops.streams.feed import Feed
    >>> plant = Flowsheet(
    ...     species=["SiO2", "H2O", "Sb(aq)"],
    ...     units={
    ...         "leached": Feed(
    ...             outlet="leached",
    ...             flow="20 t/h",
    ...             composition={"SiO2": "50 %", "Sb(aq)": "1 %", "H2O": "49 %"},
    ...         ),
    ...         "washing": CounterCurrentDecantation(
    ...             feed="leached",
    ...             wash_water="wash_water",
    ...             overflow="pregnant_solution",
    ...             underflow="washed_residue",
    ...             stages=4,
    ...             underflow_percent_solids="50 %",
    ...             wash_ratio=2.0,
    ...         ),
    ...     },
    ... )
    >>> print(f"{solve(plant).recovery('Sb', to='pregnant_solution'):.2f~P}")
    96.77 %
    """

    particles: ClassVar[ParticleUse] = "kept"

    feed: Inlet
    wash_liquor: Inlet = ()
    wash_water: Supply
    overflow: Outlet
    underflow: Outlet

    stages: Count
    """Number of thickeners, N; trains have 2 to 10."""
    underflow_percent_solids: Fraction
    """Solids in every underflow by mass, s; 45 to 60 % is usual for leach residues."""
    wash_ratio: Ratio
    """Wash liquor over liquor in the underflow by mass, w; 1.5 to 4 is usual. Wash water is drawn
    for what ``wash_liquor`` does not bring."""
    mixing_efficiency: Fraction = 1.0
    """Share of the liquor entering a stage with the solids that mixes there, E. Default perfect;
    practice 0.9 to 1 (quoted from memory)."""
    unit_area: UnitArea | None = None
    """Settling area of one thickener per mass flow of solids; the area is reported if given."""

    def check(self) -> None:
        """Refuse an underflow of all water or none."""
        check_percent_solids("underflow_percent_solids", self.underflow_percent_solids)

    def required_species(self) -> Iterable[str]:
        """Water, for washing."""
        return ("H2O",)

    def run(self, feed: Flow, wash_liquor: Flow, p: Parameters) -> Outlets:
        """Wash the solids; see the class for the equations."""
        asked = p.wash_ratio * _held(feed, p)
        fresh = np.maximum(asked - wash_liquor.liquid.total(), 0.0)
        water = _one_of_water(feed.slate) * fresh
        entering = wash_liquor + water
        left = _shares_left(feed, entering, p)
        solids = feed.solids + entering.solids
        underflow = solids + feed.liquid * left.of_feed + entering.liquid * left.of_wash
        return {
            "wash_water": water,
            "overflow": (feed + entering) - underflow,
            "underflow": underflow,
        }

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Soluble recovery, wash ratio, wash water, percent solids, and the area if known."""
        feed, underflow = flows["feed"], flows["underflow"]
        entering = flows["wash_liquor"] + flows["wash_water"]
        recovered = 1.0 - _shares_left(feed, entering, p).of_feed
        wash = ratio(entering.liquid.total(), underflow.liquid.total())
        found = [
            Figure(recovered, "%", "dissolved matter of the feed to the overflow"),
            Figure(wash, "", "wash liquor over underflow liquor"),
            Figure(flows["wash_water"].total(), "t/h", "wash water"),
            Figure(underflow.percent_solids(), "%", "solids in the underflow"),
        ]
        if p.unit_area is not None:
            area = p.unit_area * underflow.solids.total()
            found.append(Figure(area, "m^2", "area of each thickener", "equipment"))
            found.append(Figure(area * p.stages, "m^2", "area of all thickeners", "equipment"))
        return found

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Trains that cannot wash, and settings outside practice."""
        told = []
        thick, asked = first(flows["underflow"].percent_solids()), p.underflow_percent_solids
        if thick > first(asked) * ROUNDING:
            told.append(
                f"feed and wash bring too little liquor: the underflow leaves at {thick:.1%} "
                f"solids instead of {first(asked):.1%}"
            )
        if thick == 0.0 and first(flows["feed"].total()) > 0.0:
            told.append("the feed brings no solids; all of it overflows")
        brought, due = flows["wash_liquor"].liquid.total(), p.wash_ratio * _held(flows["feed"], p)
        if first(brought) > first(due) * ROUNDING:
            told.append(
                f"wash_liquor brings {first(brought) * 3.6:.4g} t/h, more than the "
                f"{first(due) * 3.6:.4g} of the wash ratio; all of it is used"
            )
        wash = first(p.wash_ratio)
        if wash < 1.0:
            told.append(
                f"wash_ratio of {wash:.3g}; below 1 more stages do not help, 1.5 to 4 is usual"
            )
        if first(p.stages) > LONGEST_TRAIN:
            told.append(f"{first(p.stages):.0f} stages; trains in use have 2 to 10")
        mixing = first(p.mixing_efficiency)
        if mixing < POOREST_MIXING:
            told.append(f"mixing_efficiency of {mixing:.3g}; practice is 0.9 to 1")
        return told


class _Left(NamedTuple):
    """Shares of the liquors that end in the last underflow, (1 or scenarios,)."""

    of_feed: Array
    of_wash: Array


class _Train(NamedTuple):
    """What a train makes of one unit of a species in its feed, and in its wash."""

    feed_to_overflow: Any
    wash_to_overflow: Any
    feed_to_underflow: Any
    wash_to_underflow: Any


def _held(feed: Flow, p: Parameters) -> Array:
    """Liquor in an underflow of the percent solids asked for, where there is enough."""
    solids = feed.solids.total()
    return np.asarray(solids * ((1.0 - p.underflow_percent_solids) / p.underflow_percent_solids))


def _shares_left(feed: Flow, entering: Flow, p: Parameters) -> _Left:
    """Liquor flows between the stages, and the elimination of (3) and (4) from stage N upwards."""
    _check_stages(p.stages)
    fed, wash = feed.liquid.total(), entering.liquid.total()
    settled = np.minimum(_held(entering, p), wash)  # with solids that come with the wash
    rising = wash - settled
    underflow = np.minimum(_held(feed, p), fed + rising)  # (1)
    product = (fed + rising) - underflow
    train = _Train(0.0, 1.0, 1.0, 0.0)  # no stage: wash overflows, feed is the underflow
    # Scenarios may differ in stages; each stops growing at its own, so none sees another.
    for stage in range(1, int(np.max(np.real(p.stages))) + 1):  # counted from the wash end
        is_first = np.equal(stage, np.real(p.stages))
        into = np.where(is_first, fed, underflow)
        out = underflow + settled if stage == 1 else underflow
        over = np.where(is_first, product, rising)
        longer = _with_stage_in_front(train, into, out, over, p.mixing_efficiency)
        grows = np.less_equal(stage, np.real(p.stages))
        train = _Train(*(np.where(grows, *pair) for pair in zip(longer, train, strict=True)))
    # Rounding may leave 1 + 1e-16, or 1 - 1e-16 where nothing overflows.
    nothing = product.real == 0.0
    shares = (train.feed_to_underflow, train.wash_to_underflow)
    return _Left(*(np.where(nothing, 1.0, np.minimum(share, 1.0)) for share in shares))


def _with_stage_in_front(train: _Train, into: Any, out: Any, over: Any, mixing: Any) -> _Train:
    """Put a stage before a train; ``into``, ``out``, ``over`` are its liquors U_(i-1), U_i, O_i."""
    unmixed = (1.0 - mixing) * np.minimum(into, out)  # (2)
    beta = ratio(unmixed, into)
    alpha = ratio(over, over + (out - unmixed), empty=1.0)
    settles = 1.0 - alpha
    # (3) with (4) put into the overflow of the train behind: m = of_feed * y + of_wash * wash.
    returned = 1.0 - train.feed_to_overflow * settles
    of_feed = ((1.0 - beta) + train.feed_to_overflow * beta) / returned
    of_wash = train.wash_to_overflow / returned
    feed_on, wash_on = settles * of_feed + beta, settles * of_wash  # (4)
    return _Train(
        alpha * of_feed,
        alpha * of_wash,
        train.feed_to_underflow * feed_on,
        train.feed_to_underflow * wash_on + train.wash_to_underflow,
    )


def _check_stages(stages: Any) -> None:
    if np.count_nonzero(np.real(stages) % 1.0):
        raise InputError("stages must be a whole number; give e.g. 4")


@lru_cache(maxsize=64)
def _one_of_water(slate: Slate) -> Any:
    """One kg/s of water, (constituents, 1)."""
    return flow_of(slate, {"H2O": 1.0})
