"""What a reader of a gap should know of single routes, a line each."""

from collections.abc import Iterator, Sequence

from flowsheet.market.smelters import Smelter
from flowsheet.market.supply import SolvedSupply, kilotonnes


def route_notes(
    found: Sequence[SolvedSupply],
    smelters: Sequence[Smelter],
    *,
    draws: int,
    lead_from_scrap: bool,
) -> list[str]:
    """Return what is odd about routes: not solved, counted twice, of no use here, not drawn."""
    return [
        *_unsolved(found),
        *_below_counted(found),
        *_same_plant(found),
        *(_lead_alloys(found) if lead_from_scrap else ()),
        *_undrawn(smelters, draws),
    ]


def _unsolved(found: Sequence[SolvedSupply]) -> Iterator[str]:
    for each in found:
        if each.refinery is None:
            yield f"{each.route.name}: {each.solved}; it adds nothing here"


def _below_counted(found: Sequence[SolvedSupply]) -> Iterator[str]:
    for each in found:
        counted = kilotonnes(each.supply.counted)
        if each.metal is not None and each.metal.mid < counted.mid:
            yield (
                f"{each.route.name}: makes {each.metal.mid:.3g} kt/yr, less than the "
                f"{counted.mid:.3g} that already count as existing; it adds nothing"
            )


def _same_plant(found: Sequence[SolvedSupply]) -> Iterator[str]:
    """A variant beside the route that it is made of: often the same mine."""
    names = {each.route.name for each in found}
    for each in found:
        plant = each.route.data.header.plant
        if plant in names and plant != each.route.name:
            yield (
                f"{each.route.name}: is made of {plant}, which is counted here too; both may count "
                f"the same antimony"
            )


def _lead_alloys(found: Sequence[SolvedSupply]) -> Iterator[str]:
    """What makes lead alloys adds to a demand that scrap is said to have met."""
    for each in found:
        counted = kilotonnes(each.supply.counted).mid
        if each.refinery is None or not each.refinery.makes_lead_alloy:
            continue
        if each.adds.mid > 0.0 or counted > 0.0:
            yield (
                f"{each.route.name}: makes lead alloys, all demand for which scrap meets here; the "
                f"{each.adds.mid:.2g} kt/yr that it adds and the {counted:.2g} that count as "
                f"existing close a gap only if they are made trioxide or metal instead"
            )


def _undrawn(smelters: Sequence[Smelter], draws: int) -> Iterator[str]:
    for smelter in smelters:
        if draws and smelter.weight and smelter.spread is None:
            yield (
                f"{smelter.route}: cannot be drawn (no ranges, or no draw has a steady state), so "
                f"its yield as written counts in all columns"
            )
        elif smelter.spread and smelter.spread.failed:
            drawn = smelter.spread.failed + smelter.spread.solved
            yield (
                f"{smelter.route}: {smelter.spread.failed} of {drawn} draws have no steady state "
                f"and are in no percentile"
            )
