"""A charge roasted at a temperature with an amount of carbon: what leaves, and what air it took.

    n(O2) = (1 + excess) * sum of the oxygen used by all reactions and by the fuel  (1)

Leakage is air that joins the gas behind the bed: it dilutes the gas and takes no part.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import ratio
from flowsheet.core.flow import Array, Flow, flow_of
from flowsheet.core.reaction import after_change, change_by_extent
from flowsheet.core.unit import Parameters
from unitops.smelting.antimony_volatilisation import (
    TETROXIDE,
    VAPORISATION,
    factor_of_batches,
    factor_of_unit,
    trioxide_extents,
)
from unitops.smelting.roasting_kinetics import conversion_after, rate_of_core
from unitops.smelting.roasting_reactions import burnt

VAPOURS = ("H2O(g)", "As4O6(g)", "Hg(g)")
"""What carries antimony vapour besides the dry gas."""
_PREDICTED = "Sb2S3"


@dataclass(frozen=True)
class RoastedCharge:
    """All flows of a roaster, before its dust is parted from its calcine."""

    feed: Flow
    temperature: Any
    """K, of the charge and of the gas above it."""
    fuel: Flow
    air: Flow
    """Drawn through the bed."""
    leakage: Flow
    """Air drawn in behind the bed."""
    bed: Flow
    """All that leaves the bed: solids, what was dissolved, and gas without leakage."""
    oxygen_used: Array
    """mol/s of O2."""
    ceiling: Array
    """Share of the antimony trioxide that the gas could hold."""
    predicted_conversion: Any
    """Of stibnite, by the kinetics; None where conversions are given."""
    oxygen_pressure: Array
    """Of the gas that leaves the bed, Pa."""


def roasted(feed: Flow, carbon: Any, temperature: Any, p: Parameters) -> RoastedCharge:
    """Roast a feed with carbon as fuel (kg/s) at a temperature in K."""
    fuel = _fuel(feed, carbon, p)
    charge = feed + fuel
    conversion, predicted = p.sulphide_conversion, None
    if p.conversion == "predicted":
        predicted = _predicted_conversion(charge, temperature, p)
        conversion = _with_row(charge, conversion, predicted)
    before, burning = burnt(charge, conversion, p)
    carrier = _carrier(before, burning, p)
    factor = _factor(temperature, _oxygen_of_bed(before, burning, carrier, p), p)
    amounts = trioxide_extents(before, carrier, factor, temperature, p)
    # Reactions that do not happen ask for no species.
    going = [
        (reaction, extent)
        for reaction, extent in (
            (VAPORISATION, amounts.volatilised),
            (TETROXIDE, amounts.to_tetroxide),
        )
        if np.count_nonzero(extent)
    ]
    antimony = change_by_extent(feed.slate, [r for r, _ in going], [extent for _, extent in going])
    oxygen = burning - antimony.only("O2")
    spare = oxygen * p.excess_air + _nitrogen(oxygen, 1.0 + p.excess_air, p)
    bed = after_change(before + spare, antimony.without("O2"))
    return RoastedCharge(
        feed=feed,
        temperature=temperature,
        fuel=fuel,
        air=oxygen + spare,
        leakage=oxygen * p.leakage_air + _nitrogen(oxygen, p.leakage_air, p, 0.21),
        bed=bed,
        oxygen_used=oxygen.moles("O2"),
        ceiling=amounts.ceiling,
        predicted_conversion=predicted,
        oxygen_pressure=p.pressure * ratio(bed.moles("O2"), wet_gas(bed)),
    )


def wet_gas(flow: Flow) -> Array:
    """All gas with its vapours, mol/s."""
    total: Array = flow.dry_gas() + flow.moles(*VAPOURS, "Sb4O6(g)")
    return total


def outlets(charge: RoastedCharge, p: Parameters) -> dict[str, Flow]:
    """What leaves and what is drawn, by port."""
    solids = charge.bed.solids
    dust = solids * _carried(charge.bed, p)
    return {
        "air": charge.air + charge.leakage,
        "fuel": charge.fuel,
        "calcine": (solids - dust) + charge.bed.liquid,
        "gas": charge.bed.gas + dust + charge.leakage,
    }


def _fuel(feed: Flow, carbon: Any, p: Parameters) -> Flow:
    columns = feed.mass.shape[1]
    if not np.count_nonzero(carbon):
        return flow_of(feed.slate, {}, columns)
    masses = {"C": carbon}
    if np.count_nonzero(p.fuel_ash):
        masses["SiO2"] = carbon * p.fuel_ash / (1.0 - p.fuel_ash)
    return flow_of(feed.slate, masses, columns)


def _carrier(before: Flow, burning: Flow, p: Parameters) -> Array:
    """Gas of the bed without antimony vapour and without the air of tetroxide, mol/s."""
    spare = burning * p.excess_air + _nitrogen(burning, 1.0 + p.excess_air, p)
    total: Array = before.dry_gas() + before.moles(*VAPOURS) + spare.dry_gas()
    return total


def _predicted_conversion(charge: Flow, temperature: Any, p: Parameters) -> Array:
    """Conversion of stibnite by the kinetics, in the gas that its complete roast would leave."""
    complete = _with_row(charge, p.sulphide_conversion, 1.0)
    after, burning = burnt(charge, complete, p)
    spare = burning.moles("O2") * p.excess_air
    leaving = p.pressure * ratio(spare, _carrier(after, burning, p))
    oxygen = leaving
    if p.oxygen_seen == "mean":
        oxygen = 0.5 * (leaving + p.pressure * p.oxygen_in_air)
    rate = rate_of_core(p.oxidation_rate, temperature, oxygen, p.particle_size)
    conversion: Array = conversion_after(rate * p.residence_time, p.solids_mixing == "mixed")
    return conversion


def _with_row(charge: Flow, conversion: Any, value: Any) -> Any:
    """Conversions with that of the species whose rate is known put in."""
    if _PREDICTED not in charge.slate:
        return conversion
    row = np.zeros((charge.slate.count, 1))
    row[charge.slate.row(_PREDICTED)] = 1.0
    return conversion * (1.0 - row) + row * value


def _oxygen_of_bed(before: Flow, burning: Flow, carrier: Array, p: Parameters) -> Array:
    """Volume fraction of O2 in the gas of the bed, before antimony takes up or gives off any."""
    return ratio(before.moles("O2") + burning.moles("O2") * p.excess_air, carrier)


def _factor(temperature: Any, oxygen: Array, p: Parameters) -> Any:
    """Share of what the gas could hold that evaporates."""
    if p.volatilisation == "batch":
        return factor_of_batches(temperature)
    if p.volatilisation == "given":
        return p.antimony_volatilised
    return factor_of_unit(temperature, oxygen, p)


def _nitrogen(oxygen: Flow, times: Any, p: Parameters, share: Any = None) -> Flow:
    """Nitrogen of the air that brings this oxygen so many times."""
    content = p.oxygen_in_air if share is None else share
    moles = oxygen.moles("O2") * times * (1.0 / content - 1.0)
    slate = oxygen.slate
    return flow_of(slate, {"N2": slate.molar_mass[slate.row("N2")] * moles})


def _carried(bed: Flow, p: Parameters) -> Any:
    """Share of each solid that leaves with the gas: dust, and fume of lead."""
    if not np.count_nonzero(p.lead_fumed):
        return p.dust_carry_over
    row = np.zeros((bed.slate.count, 1))
    row[bed.slate.rows("PbO", "PbS")] = 1.0
    return p.dust_carry_over + (1.0 - p.dust_carry_over) * (row * p.lead_fumed)
