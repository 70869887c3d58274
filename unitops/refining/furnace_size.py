"""Furnaces that refine molten antimony in batches: how many, and how large.

    metal in the furnaces = crude * time of a batch                                 (1)
    furnaces = metal in the furnaces / charge of one, rounded up                    (2)

Charge and time are assumed: refining furnaces of 10 to 50 t are worked one to two days a batch.
"""

import numpy as np

from flowsheet.core.arithmetic import first
from flowsheet.core.flow import Flow
from flowsheet.core.parameters import Mass, Time, default
from flowsheet.core.unit import Figure, Parameters, UnitOp


class BatchFurnaces(UnitOp):
    """What number and size of the furnaces follow from; it changes no flow."""

    furnace_charge: Mass = default("20 t")
    """Metal charged to one furnace. Assumed, range 10 to 50 t."""
    batch_time: Time = default("30 h")
    """From charge to charge: melting, blowing, casting. Assumed, range 20 to 48 h."""


def furnace_figures(crude: Flow, p: Parameters) -> list[Figure]:
    """Metal in the furnaces at once and their number, by (1) and (2)."""
    if np.any(np.real(p.furnace_charge) <= 0.0):
        return []
    held = crude.total() * p.batch_time
    number = np.ceil(np.real(held / p.furnace_charge) * (1.0 - 1e-12))
    label = f"furnaces of {first(p.furnace_charge) / 1000.0:.3g} t"
    return [
        Figure(held, "t", "metal in furnaces at once", "equipment"),
        Figure(number, "", label, "equipment"),
    ]
