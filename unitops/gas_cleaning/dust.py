"""Dust in a gas: parting it, what a normal cubic metre holds of it, and the volume of the gas.

Dust is all that a gas carries condensed, droplets among it; gases and vapours are not collected. Of
species i the share eta_i is taken:

    dust_i = eta_i * gas_i                                                          (1)

and gas at temperature T and pressure P fills, as an ideal gas,

    Q = n * R * T / P                                                               (2)
"""

from functools import lru_cache
from typing import Any

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.constants import GAS_CONSTANT
from flowsheet.core.flow import Array, Flow
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, Flows

_VAPOURS = {"Sb": "Sb4O6(g)", "As": "As4O6(g)"}


def parted(gas: Flow, share: Any) -> dict[str, Flow]:
    """Dust and cleaned gas, where a share (0 to 1) of each condensed species is collected."""
    collected = share * (1.0 - gas.slate.in_phase("gas"))
    return {"dust": gas * collected, "cleaned": gas * (1.0 - collected)}  # (1)


def carried(flow: Flow) -> Array:
    """Solids and droplets together, kg/s, (scenarios,)."""
    return flow.solids.total() + flow.liquid.total()


def gas_moles(flow: Flow) -> Array:
    """All gases and vapours together, mol/s, (scenarios,)."""
    return flow.moles(*_gases(flow.slate))


def gas_volume(flow: Flow, temperature: Any, pressure: Any) -> Array:
    """Volume of the gas as it flows, vapours among it, m3/s, (scenarios,)."""
    volume: Array = gas_moles(flow) * (GAS_CONSTANT * temperature / pressure)  # (2)
    return volume


def overall_efficiency(flows: Flows) -> Array:
    """Share of all dust that is collected, zero where none comes, (scenarios,)."""
    return ratio(carried(flows["dust"]), carried(flows["gas"]))


def vapour_loading(flow: Flow, symbol: str) -> Array:
    """Antimony or arsenic that the dry gas carries as oxide vapour, kg/mol, (scenarios,)."""
    return ratio(flow.only(_VAPOURS[symbol]).element(symbol), flow.dry_gas())


def collection_figures(flows: Flows) -> list[Figure]:
    """Overall efficiency, dust before and after in the dry gas, and what passes as vapour."""
    cleaned = flows["cleaned"]
    dry = cleaned.dry_gas()
    return [
        Figure(overall_efficiency(flows), "%", "dust collected"),
        Figure(ratio(carried(flows["gas"]), dry), "g/Nm3", "dust before, in the dry gas"),
        Figure(ratio(carried(cleaned), dry), "mg/Nm3", "dust after, in the dry gas"),
        *(
            Figure(vapour_loading(cleaned, symbol), "mg/Nm3", f"{symbol} passing as vapour")
            for symbol, vapour in _VAPOURS.items()
            if vapour in cleaned.slate
        ),
    ]


def droplet_warnings(flows: Flows, harm: str) -> list[str]:
    """One line where the gas carries liquid."""
    if first(flows["gas"].liquid.total()) > 0.0:
        return [f"the gas carries liquid, which {harm}; collected here like dust"]
    return []


@lru_cache(maxsize=64)
def _gases(slate: Slate) -> tuple[str, ...]:
    return tuple(entry.name for entry in slate.species if entry.phase == "gas")
