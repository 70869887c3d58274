"""Semi-dry absorption of SO2: slaked lime slurry sprayed into a warm gas, which dries it."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow, flow_of
from flowsheet.core.parameters import (
    Fraction,
    PositiveRatio,
    Temperature,
    TemperatureDifference,
    default,
)
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.reaction import Reaction, after_change, change_by_extent, change_by_share
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, UnitOp
from unitops.gas_cleaning.adiabatic_saturation import saturation_temperature, water_evaporated

_LIME = "Ca(OH)2"
_SULPHITE = Reaction("SO2 + Ca(OH)2 -> CaSO3·0.5H2O + 0.5 H2O")
_OXIDATION = {
    "gypsum": Reaction("CaSO3·0.5H2O + 0.5 O2 + 1.5 H2O -> CaSO4·2H2O"),
    "anhydrite": Reaction("CaSO3·0.5H2O + 0.5 O2 -> CaSO4 + 0.5 H2O"),
}
_TRIOXIDE = {
    "gypsum": Reaction("SO3 + Ca(OH)2 + H2O -> CaSO4·2H2O"),
    "anhydrite": Reaction("SO3 + Ca(OH)2 -> CaSO4 + H2O"),
}
_VAPOURS = (Reaction("Sb4O6(g) -> 2 Sb2O3"), Reaction("As4O6(g) -> 2 As2O3"))
_USUAL_APPROACH = 15.0
_APPROACH_SCALE = 30.0
_STRONG_GAS = 0.002
_THICK_SLURRY = 0.35


class SprayDryerAbsorber(UnitOp):
    """Absorb SO2 in a fine spray of slaked lime that dries in flight to a powder.

    The gas cools to dT above saturation and evaporates the water of the slurry with the heat it
    gives off; ``adiabatic_saturation`` holds the equations of the saturation temperature Ts and of
    the water:

        T_out = min(Ts + dT, T_in)                                                  (1)

    The share of the SO2 removed is given, or (form and constants assumed) that of SO2 and lime
    which react side by side, at a rate proportional to what is left of both:

        eta = R f / (1 + R f),   f = K (e^x - 1) / x,   x = K (R - 1)               (2)
        K = k exp(-(dT - 15 K) / 30 K)                                              (3)

    with R = Ca/S, the moles of lime drawn per mole of SO2 and SO3 that enter. (2) cannot use more
    lime than there is, and k = 2.5 gives 0.83 at R = 1.3 and 0.90 at 1.6, within the 0.80 to 0.92
    of practice at these R (EPA and EPRI, quoted from memory).

        SO2 + Ca(OH)2 -> CaSO3·0.5H2O + 0.5 H2O                                     (4)
        CaSO3·0.5H2O + 0.5 O2 + 1.5 H2O -> CaSO4·2H2O                               (5)
        SO3 + Ca(OH)2 + H2O -> CaSO4·2H2O                                           (6)

    (5) with oxygen of the gas, as far as there is some; with ``sulphate`` "anhydrite", CaSO4 comes
    instead of gypsum. Salts, lime that did not react and dust leave with the gas, for a baghouse
    to collect, but for a share that falls to the bottom.

    Assumptions: the product is dry; oxide vapours caught become Sb2O3 and As2O3; droplets in the
    gas pass; pressure 1 atm; the bags behind remove no SO2 beyond eta.
    Not modelled: recycle of product to the slurry, chloride (which helps), carbonation of lime,
    loss of heat.
    Limits: efficiency 0 wets the gas and draws lime that leaves unchanged.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.streams.feed import Feed
    >>> gas = {"N2": "74.6 %", "O2": "10 %", "CO2": "15 %", "SO2": "0.4 %"}
    >>> salts = ["Ca(OH)2", "CaSO3·0.5H2O", "CaSO4·2H2O"]
    >>> plant = Flowsheet(
    ...     species=["N2", "O2", "CO2", "SO2", "H2O(g)", "H2O", *salts],
    ...     units={
    ...         "gas": Feed(outlet="gas", flow="50 t/h", composition=gas),
    ...         "absorber": SprayDryerAbsorber(
    ...             gas="gas", lime="lime", water="water", treated="to_baghouse",
    ...             bottom_product="grits", gas_temperature="160 degC", calcium_to_sulphur=1.4,
    ...         ),
    ...     },
    ... )
    >>> for figure in solve(plant).figures("absorber")[:4]:
    ...     print(figure)
    SO2 removed 85.74 %
    SO2 left in the dry gas 767.1 mg/Nm3
    SO2 left, by dry volume 0.02684 %
    slaked lime 0.3239 t/h
    """

    gas: Inlet
    lime: Supply
    water: Supply
    treated: Outlet
    bottom_product: Outlet

    gas_temperature: Temperature
    """Temperature of the gas as it comes, T_in. Practice 120 to 200 degC."""
    calcium_to_sulphur: PositiveRatio
    """Ca/S, R: moles of Ca(OH)2 drawn per mole of SO2 and SO3 that enter, 1 or more. Practice 1.3
    to 1.6 (EPA and EPRI, quoted from memory)."""
    efficiency: Fraction | None = None
    """Share of the SO2 removed, eta. Practice 0.80 to 0.92. Default by (2)."""
    reactivity: PositiveRatio = 2.5
    """k of (3): at 15 K above saturation. Default assumed, range 1.8 to 3.5; fit it to a test."""
    approach_to_saturation: TemperatureDifference = default("15 K")
    """dT of (1), a difference, with its unit: "15 K". Default assumed, practice 10 to 25 K."""
    share_oxidised: Fraction = 0.2
    """Share of the sulphite that becomes sulphate. Default assumed, range 0.1 to 0.4."""
    sulphate: Literal["gypsum", "anhydrite"] = "gypsum"
    """What sulphate counts as: CaSO4·2H2O, or CaSO4."""
    bottom_share: Fraction = 0.15
    """Share of the solids that fall to the bottom. Default assumed, range 0.05 to 0.3."""
    vapour_efficiency: Fraction = 0.8
    """Share of antimony and arsenic oxide vapour caught. Default assumed, range 0.5 to 0.95."""
    sulphur_trioxide_efficiency: Fraction = 0.95
    """Share of the SO3 caught. Default assumed, range 0.9 to 0.99."""

    def check(self) -> None:
        """Refuse less lime than sulphur."""
        if self.calcium_to_sulphur < 1.0:
            raise InputError(
                f"calcium_to_sulphur of {self.calcium_to_sulphur:g} is below 1, less lime than "
                f"sulphur; give 1 or more (usual: 1.3 to 1.6)"
            )

    def required_species(self) -> Iterable[str]:
        """Everything in the reactions, and steam."""
        reactions = (_SULPHITE, _OXIDATION[self.sulphate])
        return ("H2O(g)", "H2O", *(name for each in reactions for name in each.coefficients))

    def run(self, gas: Flow, p: Parameters) -> Outlets:
        """Absorb, oxidise, dry; see the class for the equations."""
        slate = gas.slate
        trioxide = _TRIOXIDE[p.sulphate]
        absorbed = change_by_share(gas, (_SULPHITE,), _removal(p))
        neutralised = change_by_share(gas, (trioxide,), p.sulphur_trioxide_efficiency)
        condensed = change_by_share(gas, _VAPOURS, p.vapour_efficiency)
        oxidation = _OXIDATION[p.sulphate]
        extent = np.minimum(
            p.share_oxidised * absorbed.moles(oxidation.key),
            gas.moles("O2") / oxidation.reactants["O2"],
        )
        oxidised = change_by_extent(slate, (oxidation,), (extent,))

        lime = _one(slate, _LIME) * (
            p.calcium_to_sulphur * gas.moles("SO2", "SO3") * slate.molar_mass[slate.row(_LIME)]
        )
        released = (absorbed + neutralised + oxidised).of("H2O")  # below 0: bound in salts
        water = np.maximum(_evaporated(gas, p) - released, 0.0)
        reacted = after_change(gas + lime, (absorbed + neutralised + condensed).without("H2O"))
        reacted = after_change(reacted, oxidised.without("H2O"))
        bottom_product = reacted.solids * p.bottom_share
        return {
            "lime": lime,
            "water": _one(slate, "H2O") * water,
            "treated": reacted - bottom_product + _one(slate, "H2O(g)") * (water + released),
            "bottom_product": bottom_product,
        }

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:
        """What the gas is taken to come at, and both outlets by (1)."""
        outlet = _outlet_temperature(flows["gas"], p)
        return {"gas": p.gas_temperature, "treated": outlet, "bottom_product": outlet}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Removal, lime, water and temperatures; what is left in the gas."""
        gas, treated, lime = flows["gas"], flows["treated"], flows["lime"]
        came, left = gas.of("SO2"), treated.of("SO2")
        removed = came - left
        product = treated + flows["bottom_product"]
        spare = product.of(_LIME) - gas.of(_LIME)
        return (
            Figure(ratio(removed, came), "%", "SO2 removed"),
            Figure(ratio(left, treated.dry_gas()), "mg/Nm3", "SO2 left in the dry gas"),
            Figure(ratio(treated.moles("SO2"), treated.dry_gas()), "%", "SO2 left, by dry volume"),
            Figure(lime.total(), "t/h", "slaked lime"),
            Figure(ratio(lime.total(), removed), "kg/t", "slaked lime per SO2 removed"),
            Figure(ratio(lime.total() - spare, lime.total()), "%", "lime used"),
            Figure(product.solids.total(), "t/h", "dry solids, dust included"),
            Figure(product.of("CaSO3·0.5H2O"), "t/h", "calcium sulphite"),
            Figure(flows["water"].total(), "t/h", "water drawn"),
            Figure(_slurry_solids(flows), "%", "lime in the slurry sprayed"),
            Figure(saturation_temperature(gas, p.gas_temperature), "degC", "gas is saturated at"),
            Figure(_outlet_temperature(gas, p), "degC", "gas leaves at"),
        )

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Where gas, lime or removal are outside of practice."""
        gas = flows["gas"]
        if first(gas.of("SO2")) == 0.0:
            return ()
        lines = []
        strength = first(ratio(gas.moles("SO2"), gas.dry_gas()))
        if strength > _STRONG_GAS:
            lines.append(
                f"{strength:.2%} SO2 by volume is above the {_STRONG_GAS:.1%} to which spray "
                f"dryers are used; use a wet scrubber"
            )
        removal, lime = first(_removal(p)), first(p.calcium_to_sulphur)
        if not 0.80 - 1e-9 <= removal <= 0.92 + 1e-9:
            lines.append(f"{removal:.1%} SO2 removed is outside the 80 to 92 % of spray dryers")
        if not 1.3 - 1e-9 <= lime <= 1.6 + 1e-9:
            lines.append(f"calcium_to_sulphur of {lime:.3g} is outside the usual 1.3 to 1.6")
        return [*lines, *_drying_warnings(flows, p)]


def _drying_warnings(flows: Flows, p: Parameters) -> list[str]:
    """Where the spray would not dry, or could not be pumped."""
    lines = []
    entering, approach = first(p.gas_temperature), first(p.approach_to_saturation)
    outlet = first(saturation_temperature(flows["gas"], p.gas_temperature)) + approach
    slurry = first(_slurry_solids(flows))
    if entering <= outlet:
        lines.append(
            f"gas of {entering - 273.15:.0f} degC dries nothing: it would have to leave at "
            f"{outlet - 273.15:.0f} degC; bring it warmer, or use a wet scrubber"
        )
    elif slurry > _THICK_SLURRY:
        lines.append(
            f"slurry of {slurry:.0%} solids is too thick to spray (up to {_THICK_SLURRY:.0%}): the "
            f"gas evaporates too little water for its SO2; bring it warmer, or use a wet scrubber"
        )
    if not 10.0 - 1e-9 <= approach <= 25.0 + 1e-9:
        lines.append(
            f"approach_to_saturation of {approach:.3g} K is outside 10 to 25 K: closer the product "
            f"cakes on walls and bags, further away lime dries before it reacts"
        )
    return lines


def _removal(p: Parameters) -> Any:
    """Share of the SO2 removed, eta."""
    if p.efficiency is not None:
        return p.efficiency
    rate = p.reactivity * np.exp((_USUAL_APPROACH - p.approach_to_saturation) / _APPROACH_SCALE)
    excess = rate * (p.calcium_to_sulphur - 1.0)
    lime = p.calcium_to_sulphur * rate * ratio(np.expm1(excess), excess, empty=1.0)  # (3), (2)
    return lime / (1.0 + lime)


def _outlet_temperature(gas: Flow, p: Parameters) -> Any:
    saturated = saturation_temperature(gas, p.gas_temperature)
    return np.minimum(saturated + p.approach_to_saturation, p.gas_temperature)  # (1)


def _evaporated(gas: Flow, p: Parameters) -> Any:
    """Water that the heat of the gas evaporates, kg/s."""
    return water_evaporated(gas, p.gas_temperature, _outlet_temperature(gas, p))


def _slurry_solids(flows: Flows) -> Any:
    lime = flows["lime"].total()
    return ratio(lime, lime + flows["water"].total())


@lru_cache(maxsize=64)
def _one(slate: Slate, name: str) -> Flow:
    """One kg/s of a species, (constituents, 1)."""
    return flow_of(slate, {name: 1.0})
