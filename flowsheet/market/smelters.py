"""The smelters among routes: those that turn sulphide feed into metal, and their common yield."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flowsheet.core.errors import InputError, SolveError
from flowsheet.market.low_mid_high import LowMidHigh
from flowsheet.market.refinery import Refinery, yields
from flowsheet.market.supply import SolvedSupply
from flowsheet.progress import Bar
from flowsheet.routes.route import Route
from flowsheet.uncertainty.percentiles import Spread


@dataclass(frozen=True)
class Smelter:
    """A route that turns sulphide feed into metal, and what it counts for in the yield."""

    route: str
    weight: float
    """Its share of the antimony that all such routes take in."""
    refinery: Refinery
    spread: Spread | None
    """Of its yield over the draws; None where none were made."""


def smelters_of(found: Sequence[SolvedSupply], draws: int, seed: int) -> list[Smelter]:
    """The routes that say what a smelter of sulphide makes of its feed."""
    taken = [each for each in found if each.is_sulphide_smelter]
    if not taken:
        named = ", ".join(f"{each.route.name} ({each.solved})" for each in found)
        raise InputError(
            f"gap: no route here turns sulphide feed into metal, so there is no yield to take; "
            f"got {named or 'none with a section [supply]'}; add one, such as stibnite_idaho"
        )
    whole = sum(each.antimony.mid for each in taken)
    smelters = []
    with Bar(len(taken) * draws, "draws") as bar:
        for place, each in enumerate(taken):
            weight = each.antimony.mid / whole if whole > 0.0 else 1.0 / len(taken)
            spread = _spread(each.route, draws, seed, place, bar) if draws and weight else None
            assert each.refinery is not None
            smelters.append(Smelter(each.route.name, weight, each.refinery, spread))
    return smelters


def _spread(route: Route, draws: int, seed: int, before: int, bar: Bar) -> Spread | None:
    try:
        return yields(route, draws, seed, lambda done, _: bar(before * draws + done, bar.total))
    except (InputError, SolveError):  # no range, or no draw that solves: as written
        return None


def best_to_worst(smelters: Sequence[Smelter], draws: int) -> LowMidHigh:
    """Best, middle and worst yield."""
    mid = mean(smelters, lambda each: each.refinery.antimony_yield)
    if not draws:
        written = [each.refinery.antimony_yield for each in smelters]
        return LowMidHigh(max(written), mid, min(written))
    return LowMidHigh(mean(smelters, _best), mid, mean(smelters, _worst))


def _best(smelter: Smelter) -> float:
    """P90, or as written where that is better: draws of skewed ranges may lie all to one side."""
    written = smelter.refinery.antimony_yield
    return max(smelter.spread.p90, written) if smelter.spread else written


def _worst(smelter: Smelter) -> float:
    """P10, or as written where that is worse."""
    written = smelter.refinery.antimony_yield
    return min(smelter.spread.p10, written) if smelter.spread else written


def mean(smelters: Sequence[Smelter], figure: Callable[[Smelter], float]) -> float:
    """A figure of all smelters, weighted by the antimony that they take in."""
    return sum(each.weight * figure(each) for each in smelters)
