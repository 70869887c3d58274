"""Burning of fuel and of the carbon monoxide over a bath, with air drawn for it."""

from typing import Any

import numpy as np

from flowsheet.core.constants import OXYGEN_IN_AIR
from flowsheet.core.flow import Flow, flow_of
from flowsheet.core.reaction import after_change, change_by_share
from unitops.smelting.smelting_reactions import BURNING_CARBON, BURNING_MONOXIDE

"""Volume fraction in dry air; the rest is written as N2."""


def burnt(gas: Flow, fuel: Flow, monoxide_burnt: Any, excess_air: Any) -> tuple[Flow, Flow]:
    """Off-gas after fuel and a share of its CO have burnt, and the air this draws."""
    nothing = not (np.count_nonzero(monoxide_burnt) or np.count_nonzero(fuel.mass))
    if nothing:
        return gas, gas * 0.0
    slate = gas.slate
    over_bath = change_by_share(gas, BURNING_MONOXIDE, monoxide_burnt)
    of_fuel = change_by_share(fuel, BURNING_CARBON)
    oxygen = -(over_bath + of_fuel).only("O2")
    nitrogen = oxygen.moles("O2") * (1.0 + excess_air) * (1.0 / OXYGEN_IN_AIR - 1.0)
    nitrogen = flow_of(slate, {"N2": slate.molar_mass[slate.row("N2")] * nitrogen})
    spare = oxygen * excess_air + nitrogen
    # What is used of the air is left out, so that no difference of large numbers is formed.
    after = after_change(gas + spare, over_bath.without("O2")) + of_fuel.only("CO2")
    return after, oxygen + spare
