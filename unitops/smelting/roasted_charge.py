"""A charge roasted at a temperature with an amount of carbon: what leaves, and what air it took.

    n(O2) = (1 + excess) * sum of the oxygen used by all reactions and by the fuel  (1)

Leakage is air that joins the gas behind the bed: it dilutes the gas and takes no part.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import ratio
from flowsheet.core.flow import Array, Flow, flow_of
from flowsheet.core.reaction import change_by_extent
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Parameters
from unitops.smelting.antimony_volatilisation import (
    OXYGEN_OF_TETROXIDE,
    TETROXIDE,
    VAPORISATION,
    Volatilisation,
    gas_per_oxygen,
    volatilisation,
)
from unitops.smelting.roasting_kinetics import conversion_after, rate_of_core
from unitops.smelting.roasting_reactions import Burnt, burnt

OXYGEN_IN_LEAKAGE = 0.21
"""Volume fraction of O2 in the air that leaks in."""
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
    predicted_conversion: Any
    """Of stibnite, by the kinetics; None where conversions are given."""
    pressure: Any
    """Of the gas, Pa."""
    find_ceiling: Callable[[], Array]

    @property
    def ceiling(self) -> Array:
        """Share of the antimony trioxide that the gas could hold."""
        return self.find_ceiling()

    @property
    def oxygen_pressure(self) -> Array:
        """Of the gas that leaves the bed, Pa."""
        found: Array = self.pressure * ratio(self.bed.moles("O2"), wet_gas(self.bed))
        return found


def roasted(feed: Flow, carbon: Any, temperature: Any, p: Parameters) -> RoastedCharge:
    """Roast a feed with carbon as fuel (kg/s) at a temperature in K."""
    fuel = fuel_of(feed, carbon, p)
    charge = feed + fuel
    conversion, predicted = p.sulphide_conversion, None
    if p.conversion == "predicted":
        predicted = _predicted_conversion(charge, temperature, p)
        conversion = _with_row(charge, conversion, predicted)
    fired = burnt(charge, conversion, p)
    return volatilised(feed, fuel, fired, temperature, p, predicted=predicted)


def volatilised(  # noqa: PLR0913 - all that a roasted charge consists of
    feed: Flow,
    fuel: Flow,
    fired: Burnt,
    temperature: Any,
    p: Parameters,
    *,
    predicted: Any = None,
    settled: Volatilisation | None = None,
) -> RoastedCharge:
    """Volatilise and oxidise the trioxide of a charge that has burnt, and draw its air.

    ``settled`` is what temperature and settings decide, where that is known already.
    """
    before, slate = fired.after, feed.slate
    settled = settled or volatilisation(temperature, p)
    trioxide, vapour = before.moles("Sb2O3"), before.moles("Sb4O6(g)")
    carrier = carrier_of(fired, p)
    amounts = settled.extents(trioxide, vapour, carrier, oxygen_of_bed(fired, carrier, p))
    oxygen = fired.oxygen + amounts.to_tetroxide * OXYGEN_OF_TETROXIDE
    change = _air(slate, oxygen, p.excess_air, p.oxygen_in_air, 1.0)
    # Reactions that do not happen ask for no species.
    for (name, moles), reaction, extent in (
        (("Sb4O6(g)", 0.5), VAPORISATION, amounts.volatilised),
        (("Sb2O4", 1.0), TETROXIDE, amounts.to_tetroxide),
    ):
        if np.count_nonzero(extent):
            change_by_extent(slate, [reaction], [0.0])  # refuses a slate without its product
            change[name] = _mass(slate, name) * moles * extent
    if np.count_nonzero(trioxide):
        # What is used up completely is exactly zero.
        left = _mass(slate, "Sb2O3") * amounts.left
        change["Sb2O3"] = left - before.mass[slate.row("Sb2O3")]
    columns = feed.mass.shape[1]
    return RoastedCharge(
        feed=feed,
        temperature=temperature,
        fuel=fuel,
        air=flow_of(slate, _air(slate, oxygen, 1.0 + p.excess_air, p.oxygen_in_air), columns),
        leakage=flow_of(slate, _air(slate, oxygen, p.leakage_air, OXYGEN_IN_LEAKAGE), columns),
        bed=before.plus(change),
        oxygen_used=oxygen,
        predicted_conversion=predicted,
        pressure=p.pressure,
        find_ceiling=lambda: settled.ceiling(
            trioxide, vapour, carrier, trioxide - amounts.volatilised
        ),
    )


def _mass(slate: Slate, name: str) -> float:
    """kg/mol."""
    return float(slate.molar_mass[slate.row(name)])


def _air(
    slate: Slate, oxygen: Array, times: Any, content: Any, besides: float = 0.0
) -> dict[str, Any]:
    """Oxygen so many times, kg/s, and the nitrogen of it and of so much oxygen ``besides``."""
    nitrogen = (times + besides) * (1.0 / content - 1.0)
    return {
        "O2": _mass(slate, "O2") * times * oxygen,
        "N2": _mass(slate, "N2") * nitrogen * oxygen,
    }


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


def fuel_of(feed: Flow, carbon: Any, p: Parameters) -> Flow:
    """Fuel with so much carbon, kg/s, and its ash."""
    columns = feed.mass.shape[1]
    if not np.count_nonzero(carbon):
        return flow_of(feed.slate, {}, columns)
    masses = {"C": carbon}
    if np.count_nonzero(p.fuel_ash):
        masses["SiO2"] = carbon * p.fuel_ash / (1.0 - p.fuel_ash)
    return flow_of(feed.slate, masses, columns)


def carrier_of(fired: Burnt, p: Parameters) -> Array:
    """Gas of the bed without antimony vapour and without the air of tetroxide, mol/s."""
    after = fired.after
    total: Array = after.dry_gas() + after.moles(*VAPOURS) + fired.oxygen * gas_per_oxygen(p)
    return total


def oxygen_of_bed(fired: Burnt, carrier: Array, p: Parameters) -> Array:
    """Volume fraction of O2 in the gas of the bed, before antimony takes up or gives off any."""
    return ratio(fired.after.moles("O2") + fired.oxygen * p.excess_air, carrier)


def _predicted_conversion(charge: Flow, temperature: Any, p: Parameters) -> Array:
    """Conversion of stibnite by the kinetics, in the gas that its complete roast would leave."""
    fired = burnt(charge, _with_row(charge, p.sulphide_conversion, 1.0), p)
    leaving = p.pressure * ratio(fired.oxygen * p.excess_air, carrier_of(fired, p))
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


def _carried(bed: Flow, p: Parameters) -> Any:
    """Share of each solid that leaves with the gas: dust, and fume of lead."""
    if not np.count_nonzero(p.lead_fumed):
        return p.dust_carry_over
    row = np.zeros((bed.slate.count, 1))
    row[bed.slate.rows("PbO", "PbS")] = 1.0
    return p.dust_carry_over + (1.0 - p.dust_carry_over) * (row * p.lead_fumed)
