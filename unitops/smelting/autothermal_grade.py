"""How much stibnite in quartz burns hot enough to need no fuel.

Per kg of stibnite the roast leaves over the heat s, a kg of quartz takes up the heat q, so that

    w s = (1 - w) q,  w = q / (q + s)                                               (1)

at the temperature, excess air, preheat and loss of a roaster.
"""

from typing import Any

import numpy as np

from flowsheet.core.flow import Array, flow_of
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Parameters
from unitops.smelting.furnace_types import with_defaults
from unitops.smelting.roasted_charge import roasted
from unitops.smelting.roaster_heat import surplus

_NEEDED = ("Sb2S3", "SiO2", "Sb2O3", "Sb2O4", "Sb4O6(g)", "SO2", "O2", "N2")


def has_autothermal_grade(slate: Slate) -> bool:
    """Whether a flowsheet carries what the roast of stibnite in quartz needs."""
    return all(name in slate for name in _NEEDED)


def autothermal_grade(slate: Slate, given: Parameters, temperature: Any) -> Array:
    """Mass fraction of stibnite in quartz that needs no fuel, w; infinite where none suffices.

    Parameters are those of a Roaster, resolved on the slate; temperature in K.
    """
    p = with_defaults(given)
    left, taken = (
        surplus(roasted(flow_of(slate, {name: 1.0}), 0.0, temperature, p), p)
        for name in ("Sb2S3", "SiO2")
    )
    burns = left > 0.0
    grade: Array = np.where(burns, taken / np.where(burns, taken - left, 1.0), np.inf)  # (1)
    return grade
