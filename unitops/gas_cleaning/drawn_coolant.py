"""What must be drawn into a gas to cool it: cold air, or water that evaporates.

Its amount n follows from the heat balance

    n * (h(T) - h(T_drawn)) = (1 - w) * (H(T_gas) - H(T) + sum of q_i(T) * n_i(n))  (1)

with the share w lost through walls and the heats of condensation q_i of what condenses, n_i. More
gas holds more vapour, so that the right side falls with n in straight pieces: Newton's method
between bounds ends exactly.
"""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.heat import enthalpy
from flowsheet.core.reaction import Reaction, change_by_extent
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Parameters
from flowsheet.core.vapour_pressure import vapour_held
from unitops.gas_cleaning.condensation import (
    ANTIMONY,
    ARSENIC,
    carrier,
    condensed,
    saturation_pressures,
)

_PASSES = 100


def drawn_to_cool(gas: Flow, drawn: Flow, in_gas: Flow, heat: "Drawing", p: Parameters) -> Array:
    """How much must be drawn to cool a gas, in multiples of ``drawn``, by (1), (scenarios,).

    ``in_gas`` is what becomes of ``drawn`` there. Raises InputError where it takes up no heat.
    """
    taken = enthalpy(in_gas, heat.final) - enthalpy(drawn, heat.drawn)
    if np.any(taken.real <= 0.0):
        raise InputError(
            "what is drawn is as warm as the gas is to become, and cools nothing; draw it colder "
            "or raise temperature"
        )
    kept = 1.0 - heat.loss
    balance = _Balance(
        given=kept * (enthalpy(gas, heat.gas) - enthalpy(gas, heat.final)),
        taken=taken,
        antimony_heat=kept * _heat_of_condensation(gas.slate, ANTIMONY, heat.final),
        arsenic_heat=kept * _heat_of_condensation(gas.slate, ARSENIC, heat.final),
        antimony=gas.moles(ANTIMONY.key),
        arsenic=gas.moles(ARSENIC.key),
        carrier=carrier(gas),
        carrier_drawn=carrier(in_gas),
        saturation=saturation_pressures(heat.final),
        pressure=p.pressure,
        mixed=p.arsenic_in_mixed_crystals,
    )
    return _amount(balance)


@dataclass(frozen=True)
class Drawing:
    """Temperatures in K of a cooling with something drawn, and the share of heat lost."""

    gas: Any
    final: Any
    drawn: Any
    loss: Any


@dataclass(frozen=True)
class _Balance:
    """The terms of (1), each a number, (scenarios,), or (2, scenarios) for the saturation."""

    given: Any
    taken: Any
    antimony_heat: Any
    arsenic_heat: Any
    antimony: Any
    arsenic: Any
    carrier: Any
    carrier_drawn: Any
    saturation: Any
    pressure: Any
    mixed: Any

    def surplus(self, amount: Any) -> Array:
        """Heat given less heat taken up with an amount drawn, W; always falls with it."""
        gas = self.carrier + amount * self.carrier_drawn
        held = vapour_held(gas, self.saturation, self.pressure)
        antimony, arsenic = condensed(self.antimony, self.arsenic, held, self.mixed)
        released = self.antimony_heat * antimony + self.arsenic_heat * arsenic
        found: Array = self.given + released - amount * self.taken
        return found

    def still(self) -> "_Balance":
        """The same without derivatives."""
        return _Balance(*(np.real(getattr(self, each.name)) for each in fields(self)))


def _amount(balance: _Balance) -> Array:
    """Where the surplus is zero, with its derivative where there is one."""
    still, step = balance.still(), 1e-30
    # Without what is drawn most condenses, so that this is an upper bound.
    high = np.maximum(still.surplus(0.0) / still.taken, 0.0)
    low, amount, settled = 0.0 * high, high, high == 0.0
    slope = -still.taken + 0.0 * high
    for _ in range(_PASSES):
        probe = still.surplus(amount + 1j * step)
        surplus, slope = probe.real, probe.imag / step
        low, high = np.where(surplus >= 0.0, amount, low), np.where(surplus >= 0.0, high, amount)
        new = amount - surplus / slope
        new = np.where((new >= low) & (new <= high), new, 0.5 * (low + high))
        new = np.where(settled, amount, new)
        settled = settled | (np.abs(new - amount) <= 1e-15 * high)
        amount = new
        if np.all(settled):
            break
    exact = balance.surplus(amount)
    if np.iscomplexobj(exact):
        return np.asarray(amount - 1j * exact.imag / slope)
    return np.asarray(amount)


def _heat_of_condensation(slate: Slate, reaction: Reaction, temperature: Any) -> Any:
    """J released per mole of vapour; zero where the vapour is not carried."""
    if reaction.key not in slate:
        return 0.0
    released: Array = -enthalpy(change_by_extent(slate, (reaction,), (1.0,)), temperature)
    return released
