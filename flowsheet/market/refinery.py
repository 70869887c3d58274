"""What the refinery of a solved route makes of the antimony that it is fed, and what it loses.

The refinery is all that lies downstream of the streams that a case names as refinery feed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

from flowsheet.core.arithmetic import ratio
from flowsheet.core.flow import Array, Flow
from flowsheet.measure import Measure, Reading, product
from flowsheet.model import Flowsheet
from flowsheet.progress import Report
from flowsheet.routes.route import Route, RouteResult
from flowsheet.sizing.returns import returns
from flowsheet.solution import Solution
from flowsheet.uncertainty.percentiles import Spread, percentiles

_MOSTLY = 0.5
"""Share of the antimony that decides what a feed or a product is."""


@dataclass(frozen=True)
class Refinery:
    """One refinery, per antimony in its feed."""

    antimony_yield: float
    """Antimony in all products of the route over antimony in the refinery feed."""
    so2_per_antimony: float
    """SO2 that is made, t/t."""
    feed_grade: float
    """Antimony in the dry refinery feed."""
    losses: Mapping[str, float]
    """Residue or emission -> antimony that leaves with it, over that in the feed; largest first."""
    returned: float
    """Antimony in streams that go back to an earlier unit, over that in the feed."""
    takes_sulphide: bool
    """Whether most of the antimony in its feed is bound to sulphur."""
    makes_metal: bool
    """Whether most of the antimony in the main product is metal."""
    makes_lead_alloy: bool
    """Whether the main product is mostly lead."""


def refinery(route: Route, result: RouteResult) -> Refinery | None:
    """Read the refinery off a solved route; None where no antimony reaches it."""
    header, solution = route.data.header, result.solution
    plant, figures = solution.flowsheet, result.metrics
    fed = solution.element_flow("Sb", header.refinery_feed)
    if fed <= 0.0:
        return None
    inside = _downstream(plant, header.refinery_feed)
    back = [stream for stream in returns(plant) if stream in inside]
    lost = {
        stream: solution.element_flow("Sb", [stream]) / fed
        for stream in (*plant.residues, *plant.emissions)
        if stream in inside
    }
    solids = sum(float(solution.flow(name).solids.total()[0]) for name in header.refinery_feed)
    return Refinery(
        antimony_yield=solution.element_flow("Sb", plant.products) / fed,
        so2_per_antimony=figures.so2_generated_t_yr / figures.antimony_to_refinery_t_yr,
        feed_grade=float(ratio(fed, solids)),
        losses=dict(sorted(lost.items(), key=lambda each: -each[1])),
        returned=solution.element_flow("Sb", back) / fed,
        takes_sulphide=_share(solution, header.refinery_feed, _sulphides(plant)) > _MOSTLY,
        makes_metal=_share(solution, [header.product], ["Sb"]) > _MOSTLY,
        makes_lead_alloy=_is_lead(solution.flow(header.product)),
    )


def yields(route: Route, draws: int, seed: int, progress: Report | None = None) -> Spread:
    """Draw the route's uncertain numbers and return how far the yield of its refinery spreads.

    Raises InputError where no number has a range, SolveError where no draw has a steady state.
    """
    plant, feed = route.flowsheet, route.data.header.refinery_feed
    made, fed = _antimony(plant.products), _antimony(feed)
    drawn = route.scenarios(draws, seed, progress=progress).scenarios
    reading = Reading(drawn.flowsheet, drawn.flows, {})  # flows alone are read
    share: Array = ratio(made.value(reading), fed.value(reading))
    share[list(drawn.failed)] = float("nan")
    return percentiles(share, f"{route.name}: yield of the refinery")


def _antimony(streams: Iterable[str]) -> Measure:
    measures: list[Measure] = [product(name, "Sb") for name in streams]
    return reduce(add, measures)


def _downstream(plant: Flowsheet, streams: Sequence[str]) -> set[str]:
    """Streams that can hold what the given ones bring, without these."""
    found: set[str] = set()
    waiting = [plant.taken_by[name].unit for name in streams if name in plant.taken_by]
    seen: set[str] = set()
    while waiting:
        unit = waiting.pop()
        if unit in seen:
            continue
        seen.add(unit)
        for names in plant.units[unit].streams("outlet").values():
            found.update(names)
            waiting.extend(plant.taken_by[name].unit for name in names if name in plant.taken_by)
    return found


def _sulphides(plant: Flowsheet) -> list[str]:
    """Species that hold antimony and sulphur."""
    return [
        species.name
        for species in plant.slate.species
        if {"Sb", "S"} <= set(species.mass_fractions())
    ]


def _is_lead(flow: Flow) -> bool:
    if "Pb" not in flow.slate.elements:
        return False
    return bool(flow.element("Pb")[0] > _MOSTLY * flow.total()[0])


def _share(solution: Solution, streams: Sequence[str], species: Sequence[str]) -> float:
    """Share of the antimony in streams that the named species hold, free or locked."""
    whole = solution.element_flow("Sb", streams)
    named = sum(
        float(solution.flow(name).merged().only(*species).element("Sb")[0])
        for name in streams
        if species
    )
    return named / whole if whole > 0.0 else 0.0
