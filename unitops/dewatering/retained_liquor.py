"""How much liquor solids keep when they are thickened or filtered to a percent solids asked for.

Shared by the thickener and the filter:

    L_kept = (1 - l) * min(S * (1 - s) / s, L)

with S and L the solids and the liquor fed, s the mass fraction of solids asked for and l the share
of the solids that is lost with the clear liquor. Of particles the finest are lost first, as they
settle last and pass a cloth; solids without a size are lost all alike. A feed that is thicker than
asked for loses no liquor but what carries the lost solids: it is divided, not separated, and
nothing is invented. The clear product is never thicker than the feed.
"""

from typing import Any

import numpy as np

from flowsheet.core.arithmetic import ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow


def thickened(feed: Flow, percent_solids: Any, solids_lost: Any) -> Flow:
    """Return the solids that are kept, with their liquor; gas and the rest are left over."""
    solids, liquor = feed.solids.total(), feed.liquid.total()
    # Both sides are multiplied by s, which also holds for no liquor and for s of 0.
    kept = np.minimum(solids * (1.0 - percent_solids), percent_solids * liquor)
    share = ratio(kept, percent_solids * liquor)
    solid, liquid = feed.slate.in_phase("solid"), feed.slate.in_phase("liquid")
    kept_shares: Array = (solid + liquid * share) * (1.0 - solids_lost)
    kept_flow = feed * kept_shares
    if not feed.slate.sized:
        return kept_flow
    return kept_flow.with_sized(feed.sized * (1.0 - _finest_first(feed, solids_lost)))


def _finest_first(feed: Flow, solids_lost: Any) -> Array:
    """Share of each class that is lost, all kinds alike, (classes, scenarios)."""
    by_class = feed.sized.sum(axis=0)
    finer = np.cumsum(by_class[::-1], axis=0)[::-1] - by_class
    left_to_lose = solids_lost * by_class.sum(axis=0) - finer
    some = np.where(left_to_lose.real > 0.0, left_to_lose, 0.0)
    share = ratio(some, by_class)
    return np.asarray(np.where(share.real < 1.0, share, 1.0))


def check_percent_solids(name: str, value: float) -> None:
    """Refuse a pulp that would be all water or no water."""
    if value == 0.0:
        raise InputError(f'{name} of 0 % would be all water; give more, e.g. "60 %"')
    if value == 1.0:
        raise InputError(f'{name} of 100 % leaves no water in the pulp; give less, e.g. "60 %"')
