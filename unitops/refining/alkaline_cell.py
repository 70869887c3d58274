"""What happens in a cell of alkaline sulphide solution: antimony out, sulphide oxidised."""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from flowsheet.core.flow import Array, Flow, flow_of
from flowsheet.core.reaction import Reaction, after_change, change_by_extent
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Parameters
from unitops.refining.faraday import FARADAY

THIOANTIMONITE = Reaction("Na3SbS3(aq) + 3 NaOH(aq) -> Sb + 3 Na2S(aq) + 0.75 O2 + 1.5 H2O")
THIOANTIMONATE = Reaction("Na3SbS4(aq) + 5 NaOH(aq) -> Sb + 4 Na2S(aq) + 1.25 O2 + 2.5 H2O")
THIOARSENITE = Reaction("Na3AsS3(aq) + 3 NaOH(aq) -> As + 3 Na2S(aq) + 0.75 O2 + 1.5 H2O")
HYDROGEN = Reaction("H2O -> H2 + 0.5 O2")
POLYSULPHIDE = Reaction("2 Na2S(aq) + 0.5 O2 + H2O -> Na2S2(aq) + 2 NaOH(aq)")
THIOSULPHATE = Reaction("2 Na2S(aq) + 2 O2 + H2O -> Na2S2O3(aq) + 2 NaOH(aq)")
SULPHATE = Reaction("Na2S(aq) + 2 O2 -> Na2SO4(aq)")
ANODE = (POLYSULPHIDE, THIOSULPHATE, SULPHATE)
CATHODE = (THIOANTIMONITE, THIOANTIMONATE, THIOARSENITE, HYDROGEN)
NEEDED = tuple(
    dict.fromkeys(
        name for reaction in (THIOANTIMONITE, HYDROGEN, *ANODE) for name in reaction.coefficients
    )
)
"""Species that every cell may make or use up."""
_SHORT = ("NaOH(aq)", "Na2S(aq)", "H2O")


class Cell(NamedTuple):
    """Solution after the cell, what is deposited, and the charge."""

    deposit: Flow
    solution: Flow
    gas: Flow
    occluded: Flow
    """Salts of the solution caught in the deposit."""
    current: Array
    """Through all cells together, A."""
    efficiency: Array | float
    """Charge that deposits metal over charge passed."""
    supplied: Array
    """Of what was to react, the part that caustic soda, sulphide and water allow."""


def efficiency(p: Parameters) -> Array | float:
    """Charge that deposits metal over charge passed (5)."""
    returning = 0.0 if p.diaphragm == "yes" else p.polysulphide_returned
    share: Array | float = p.current_efficiency - p.polysulphide_share * returning
    return share


def electrolyse(feed: Flow, p: Parameters) -> Cell:
    """Deposit antimony, oxidise sulphide and hydroxide with the same charge."""
    slate = feed.slate
    reactions = _cathode_reactions(slate)
    antimony = p.antimony_deposited * feed.moles("Na3SbS3(aq)")
    of_antimonate = p.antimony_deposited * feed.moles("Na3SbS4(aq)")
    arsenic = p.arsenic_deposited * feed.moles("Na3AsS3(aq)")
    share = efficiency(p)
    reduced = 3.0 * (antimony + arsenic) + 5.0 * of_antimonate
    charge = reduced / share  # mol/s of electrons, (4)
    hydrogen = charge * (1.0 - p.current_efficiency) * p.hydrogen_share / 2.0  # (6)
    wanted = {
        THIOANTIMONITE: antimony,
        THIOANTIMONATE: of_antimonate,
        THIOARSENITE: arsenic,
        HYDROGEN: hydrogen,
    }
    oxygen = 0.25 * reduced + 0.5 * hydrogen
    polysulphide, thiosulphate, sulphate, remaining = _anode_shares(p)
    at_anode = [
        polysulphide * oxygen / 0.5,
        thiosulphate * oxygen / 2.0,
        sulphate * oxygen / 2.0,
    ]  # (7)
    change = change_by_extent(
        slate, (*reactions, *ANODE), [*(wanted[each] for each in reactions), *at_anode]
    )
    supplied = _supplied(feed, change)
    after = after_change(feed, (change * supplied).without("O2"))
    deposit = change.only("Sb", "As") * supplied
    gas = change.only("H2") * supplied + _oxygen(slate, oxygen * remaining * supplied)
    solution = feed.only("Sb", "As", "H2") + after.without("Sb", "As", "H2")
    salts = solution.liquid.without("H2O")
    caught = np.minimum(p.occluded_salts * deposit.total(), salts.total())
    part = caught / np.where(salts.total().real > 0.0, salts.total(), 1.0)
    return Cell(
        deposit=deposit,
        solution=solution,
        gas=gas,
        occluded=salts * part,
        current=FARADAY * charge * supplied,
        efficiency=share,
        supplied=supplied,
    )


@lru_cache(maxsize=64)
def _cathode_reactions(slate: Slate) -> tuple[Reaction, ...]:
    """Those whose key the slate carries."""
    return tuple(reaction for reaction in CATHODE if reaction.key in slate)


def _supplied(feed: Flow, change: Flow) -> Array:
    """Share of all reactions that the feed allows, so that nothing becomes negative."""
    share = np.ones_like(feed.total())
    for name in _SHORT:
        lacking, there = -change.of(name), feed.of(name)
        short = lacking.real > there.real
        share = np.minimum(share, np.where(short, there / np.where(short, lacking, 1.0), 1.0))
    return share


def _anode_shares(p: Parameters) -> tuple[Any, Any, Any, Any]:
    """Shares of the anode's charge that oxidise sulphide, three ways, and hydroxide."""
    shares = (p.polysulphide_share, p.thiosulphate_share, p.sulphate_share)
    together = np.asarray(sum(shares))
    scale = 1.0 / np.where(together.real > 1.0, together, 1.0)  # a rounding, and varied scenarios
    remaining = np.where(together.real < 1.0, 1.0 - together, 0.0)
    first, second, third = (share * scale for share in shares)
    return first, second, third, remaining


def _oxygen(slate: Slate, moles: Array) -> Flow:
    return flow_of(slate, {"O2": moles * slate.molar_mass[slate.row("O2")]})
