"""What a reduction furnace runs at: what it is given, else what is usual in such a furnace."""

from flowsheet.core.slate import Slate
from flowsheet.core.unit import Parameters
from unitops.smelting.furnace_practice import furnace_practice
from unitops.smelting.reductant import FUELS
from unitops.smelting.slag_fluxes import asks_for_soda

FROM_PRACTICE = (
    *("temperature", "hearth_load", "soda_ratio", "antimony_to_fume"),
    *("carbon_monoxide_burnt", "fuel_ratio"),
)
"""Settings that ``furnace_practice.csv`` gives where the unit does not."""
_ANTIMONY_TO_SLAG = 0.01  # assumed, range 0.002 to 0.05


def settled(p: Parameters, slate: Slate | None = None) -> Parameters:
    """The same parameters with what is not given taken from practice."""
    practice, carbon = furnace_practice()[p.furnace], FUELS.get(p.reductant_kind)
    found = {
        name: practice[name].value
        for name in FROM_PRACTICE
        if getattr(p, name) is None and name in practice
    }
    if p.soda_ratio is None and slate is not None and asks_for_soda(p, slate):
        found["soda_ratio"] = 0.0
    if carbon is None:
        found |= {"reductant_fixed_carbon": 1.0, "reductant_volatile_matter": 0.0}
        found |= {"carbon_monoxide_burnt": 0.0}
    elif p.reductant_fixed_carbon is None:
        found["reductant_fixed_carbon"] = carbon.fixed_carbon
        if p.reductant_volatile_matter is None:
            found["reductant_volatile_matter"] = carbon.volatile_matter
    elif p.reductant_volatile_matter is None:
        found["reductant_volatile_matter"] = 0.0
    if p.antimony_to_slag is None:
        found["antimony_to_slag"] = _ANTIMONY_TO_SLAG if p.antimony_in_slag is None else 0.0
    if p.gas_temperature is None:
        found["gas_temperature"] = found.get("temperature", p.temperature)
    return p.replaced(found)
