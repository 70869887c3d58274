"""What is told of centrifugal concentration: what is recoverable, overloads, unusual settings."""

from collections.abc import Sequence

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.flow import Array, Flow
from flowsheet.core.unit import Figure, Flows, Parameters
from unitops.gravity.centrifugal_bowl import catch, recoverable_shares
from unitops.gravity.concentration_criterion import INSEPARABLE, criterion_of
from unitops.gravity.particle_density import share_of_sizes
from unitops.gravity.partition import WATER

USUAL_YIELD = {"batch": (1e-4, 5e-3), "continuous": (0.01, 0.4)}
"""Solids to the concentrate of machines in use; assumed."""
USUAL_RECOVERY = 0.6
"""Most of the gravity-recoverable gold that one machine in a plant takes out of its feed."""
COARSEST = 2e-3
"""Size to which the feed is screened, m."""
MUCH_TOO_COARSE = 0.1
"""Share of the solids coarser than that from which it is worth a warning; assumed."""


def heavy_figures(flows: Flows, p: Parameters) -> Sequence[Figure]:
    """What is recoverable of the heavy mineral, and what share of that is recovered."""
    fed, recoverable_flow, won = _heavy_flows(flows, p)
    return (
        Figure(ratio(recoverable_flow, fed), "%", f"gravity-recoverable {p.heavy} in the feed"),
        Figure(ratio(won, recoverable_flow), "%", f"gravity-recoverable {p.heavy} recovered"),
    )


def _heavy_flows(flows: Flows, p: Parameters) -> tuple[Array, Array, Array]:
    """The heavy mineral fed, of it recoverable, and won free of others, kg/s, (scenarios,)."""
    feed = flows["feed"]
    locked_too = feed.merged() if p.heavy in feed.slate.names else feed
    return (
        locked_too.of(p.heavy),
        (feed * recoverable_shares(feed, p)).of(p.heavy),
        flows["concentrate"].of(p.heavy),
    )


def yield_warnings(feed: Flow, p: Parameters) -> Sequence[str]:
    """Warn of a yield that is not usual, and of more heavies than there is room for."""
    told, taken = [], first(p.mass_yield)
    low, high = USUAL_YIELD[p.mode]
    if not low <= taken <= high:
        told.append(
            f"mass_yield of {taken:.3%}; {p.mode} machines take {low:.2%} to {high:.1%} of the feed"
        )
    wanted = first(ratio((feed.solids * catch(feed, p)).total(), feed.solids.total()).real)
    if wanted > taken:
        told.append(
            f"heavies of {wanted:.3%} of the feed compete for a mass_yield of {taken:.3%}; flush "
            "more often or raise the cut_density"
        )
    return told


def size_warnings(feed: Flow) -> Sequence[str]:
    """Warn of a feed that was not screened."""
    coarse = first(share_of_sizes(feed, COARSEST, np.inf))
    if coarse < MUCH_TOO_COARSE:
        return ()
    return (f"{coarse:.0%} of the solids fed are coarser than 2 mm; screen them off",)


def heavy_warnings(flows: Flows, p: Parameters) -> Sequence[str]:
    """Warn of more recovery than plants have, and of minerals too alike."""
    told = []
    _, recoverable_flow, won = _heavy_flows(flows, p)
    recovered = first(ratio(won, recoverable_flow).real)
    if recovered > USUAL_RECOVERY:
        told.append(
            f"{recovered:.0%} of the gravity-recoverable {p.heavy} is recovered; machines in "
            "plants take 20 to 60 % out of their feed"
        )
    if p.light is not None:
        criterion = first(criterion_of(flows["feed"].slate, p.heavy, p.light, WATER))
        if criterion < INSEPARABLE:
            told.append(
                f"concentration criterion {criterion:.2f} for {p.heavy} and {p.light}; below "
                f"{INSEPARABLE} they do not separate by gravity, spinning or not"
            )
    return told
