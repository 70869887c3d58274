"""Wet scrubbing of SO2, SO3, dust and oxide vapours with limestone, lime, soda or caustic."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.constants import MOLES_PER_NORMAL_CUBIC_METRE
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow, flow_of
from flowsheet.core.parameters import Count, Fraction, GasLoading, PositiveRatio, Ratio, Temperature
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.reaction import Reaction, after_change, change_by_share, convert
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters
from unitops.gas_cleaning.adiabatic_saturation import (
    ATMOSPHERE,
    mixed_temperature,
    saturation_temperature,
    water_evaporated,
)
from unitops.gas_cleaning.dust import gas_volume
from unitops.gas_cleaning.scrubber_tower import ScrubberTower, tower_figures
from unitops.gas_cleaning.sulphur_reagents import REAGENTS, SALTS, SLAKING

ReagentKind = Literal["limestone", "lime", "slaked_lime", "soda", "caustic"]

_VAPOURS = (Reaction("Sb4O6(g) -> 2 Sb2O3"), Reaction("As4O6(g) -> 2 As2O3"))
_STRONG_GAS = 0.003


class WetScrubber(ScrubberTower):
    """Absorb SO2 and SO3 in a slurry or solution of a base, and wash out dust and vapours.

    The share of the SO2 removed is given, for all stages together, or follows from the transfer
    units of each of N equal stages in series, or (rough) from the ratio of liquid to gas in each:

        eta = 1 - exp(-N * NTU)                                                     (1)
        NTU = c * (L/G in L/m3)^b                                                   (2)

    Reactions, with limestone as example; (4) instead of (3) where nothing is oxidised:

        CaCO3 + SO2 + 0.5 O2 + 2 H2O -> CaSO4·2H2O + CO2                            (3)
        CaCO3 + SO2 + 0.5 H2O -> CaSO3·0.5H2O + CO2                                 (4)
        CaCO3 + SO3 + 2 H2O -> CaSO4·2H2O + CO2                                     (5)

    Lime and slaked lime make the same salts, soda and caustic Na2SO4(aq) or Na2SO3(aq). Reagent
    drawn is the stoichiometric amount times a ratio; what does not react leaves with the effluent
    (lime slaked), as do the dust, the vapours washed out (as Sb2O3 and As2O3) and droplets in the
    gas. Oxygen for (3) comes with oxidation air; its N2 and spare O2 leave with the gas.

    Water is drawn for the reactions, for the percent solids of the effluent and for what the gas
    evaporates. With ``gas_temperature`` the gas leaves saturated, as warm as the equations in
    ``adiabatic_saturation`` say of all that leaves; oxidation air and CO2 come at 25 degC.

    (1) transfer with a fast reaction, constant in each stage; (2) c = 0.30, b = 0.88 is a fit to
    the ranges usual for limestone spray towers of power plants (EPRI, quoted from memory): 85, 90,
    95, 98 % at 8, 10, 14, 18 L/m3, low to fair trust, up to 0.3 % SO2. More SO2 uses up the
    alkalinity of the drops.

    Assumptions: oxygen in the gas itself oxidises nothing; the removed arsenic stays a solid; one
    N m3 of cleaned gas stands for one m3 in (2); pressure 1 atm.
    Not modelled: condensation of water from a gas that comes oversaturated, chemistry of the slurry
    (pH, magnesium, chloride), absorption of CO2. Spare soda or caustic counts as a solid.
    Limits: NTU 0 removes no SO2 and draws no reagent for it.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.streams.feed import Feed
    >>> gas = {"N2": "77 %", "O2": "13.33 %", "CO2": "9 %", "SO2": "0.67 %"}
    >>> plant = Flowsheet(
    ...     species=["N2", "O2", "CO2", "SO2", "H2O(g)", "H2O", "CaCO3", "CaSO4·2H2O"],
    ...     units={
    ...         "gas": Feed(outlet="gas", flow="50 t/h", composition=gas),
    ...         "scrubber": WetScrubber(
    ...             gas="gas", reagent="limestone", oxidation_air="air", water="water",
    ...             cleaned="stack", effluent="gypsum", reagent_kind="limestone",
    ...             liquid_to_gas="14 L/m^3", gas_temperature="120 degC",
    ...         ),
    ...     },
    ... )
    >>> for figure in solve(plant).figures("scrubber")[:4]:
    ...     print(figure)
    SO2 removed 95.31 %
    transfer units 3.06
    liquid to gas, each stage 14 L/m^3
    circulation, all stages 567.8 m^3/h
    """

    gas: Inlet
    reagent: Supply
    oxidation_air: Supply
    water: Supply
    cleaned: Outlet
    effluent: Outlet

    reagent_kind: ReagentKind
    """The base: limestone CaCO3, lime CaO (slaked with the water drawn), slaked lime Ca(OH)2, soda
    Na2CO3 or caustic NaOH."""
    efficiency: Fraction | None = None
    """Share of the SO2 removed by all stages, eta. Practice: limestone and lime 0.90 to 0.98, soda
    0.95 to 0.995 (EPA, quoted from memory). Give this, ``transfer_units`` or ``liquid_to_gas``."""
    transfer_units: Ratio | None = None
    """Number of transfer units of each stage, NTU."""
    liquid_to_gas: Ratio | None = None
    """Liquid circulated per gas in each stage, L/G, with its unit: "12 L/m^3"."""
    stages: Count = 1.0
    """Stages in series, N. Beside ``efficiency``, which is of all of them, it changes no flow."""
    transfer_coefficient: PositiveRatio | None = None
    """c of (2). Default 0.30 for limestone (see above), 0.40 for lime (assumed, 0.30 to 0.9), 1.5
    for soda and caustic (assumed, 1 to 2.5, so that 2 to 4 L/m3 give the usual 95 to 99.5 %)."""
    transfer_exponent: PositiveRatio = 0.88
    """b of (2); see above."""
    stoichiometric_ratio: PositiveRatio | None = None
    """Reagent drawn over reagent needed, 1 or more. Default 1.04 for limestone, 1.03 for lime, 1.02
    for soda and caustic; practice 1.02 to 1.07, 1.02 to 1.05 and 1.01 to 1.03 (EPA and EPRI, quoted
    from memory)."""
    forced_oxidation: bool | None = None
    """Whether air oxidises the sulphite to sulphate, so that the product is gypsum or Na2SO4.
    Default yes with limestone and lime, no with soda and caustic."""
    oxidation_air_ratio: PositiveRatio = 2.0
    """Oxygen brought by the oxidation air over oxygen needed, 1 or more. Default assumed, range 1.5
    to 3."""
    oxygen_in_air: Fraction = 0.21
    """Volume fraction of O2 in the dry oxidation air; the rest is N2."""
    percent_solids: Fraction | None = None
    """Mass fraction of everything but water in the effluent, before water that droplets bring or
    the reaction releases. Default 0.90 for filtered gypsum (assumed, 0.85 to 0.92; a bleed of
    slurry holds 0.10 to 0.20), 0.15 for a soda or caustic liquor (assumed, 0.05 to 0.25)."""
    gas_temperature: Temperature | None = None
    """Temperature of the gas as it comes; it evaporates water until it is saturated. Without this
    and ``evaporated_water`` nothing evaporates, as if the gas came saturated; a warning says so."""
    evaporated_water: GasLoading | None = None
    """Water evaporated per dry gas fed, instead: "80 g/Nm3"."""
    dust_efficiency: Fraction = 0.9
    """Share of the dust washed out. Default assumed, range 0.7 to 0.99."""
    vapour_efficiency: Fraction = 0.95
    """Share of antimony and arsenic oxide vapour washed out. Default assumed, 0.8 to 0.99."""
    sulphur_trioxide_efficiency: Fraction = 0.4
    """Share of the SO3 absorbed; it becomes a mist too fine to be washed out whole. Default
    assumed, 0.3 to 0.6; 0.9 and more in a venturi."""

    def check(self) -> None:
        """Refuse no or two ways to state removal or water, too little reagent or air, all water."""
        given = (self.efficiency, self.transfer_units, self.liquid_to_gas)
        if sum(value is not None for value in given) != 1:
            raise InputError("give exactly one of efficiency, transfer_units and liquid_to_gas")
        if (self.liquid_to_gas or 0.0) > 0.2:
            raise InputError(
                f"liquid_to_gas of {self.liquid_to_gas:g} m3/m3 is no scrubber (0.001 to 0.04); "
                f'give its unit: "12 L/m^3"'
            )
        for name in ("stoichiometric_ratio", "oxidation_air_ratio"):
            value = getattr(self, name)
            if value is not None and value < 1.0:
                raise InputError(f"{name} of {value:g} is below 1; give 1 or more")
        if self.oxygen_in_air == 0.0:
            raise InputError("oxygen_in_air of 0 oxidises nothing; air has 0.21")
        if self.percent_solids == 0.0:
            raise InputError("percent_solids of 0 leaves no effluent but water; give more")
        if self.gas_temperature is not None and self.evaporated_water is not None:
            raise InputError(
                "gas_temperature and evaporated_water both say how much water evaporates; give one"
            )

    def required_species(self) -> Iterable[str]:
        """Everything in the reactions, N2 with oxidation air, and steam where water evaporates."""
        reaction = _absorption(self.reagent_kind, self.forced_oxidation)
        air = ("N2",) if "O2" in reaction.reactants else ()
        slaked = ("Ca(OH)2",) if self.reagent_kind == "lime" else ()
        dry = self.gas_temperature is None and self.evaporated_water is None
        return ("H2O", *reaction.coefficients, *air, *slaked, *(() if dry else ("H2O(g)",)))

    def is_linear(self) -> bool:
        """What is removed and drawn is proportional to the gas, but for water to saturate it."""
        return self.gas_temperature is None

    def run(self, gas: Flow, p: Parameters) -> Outlets:
        """Absorb SO2 and SO3, wash out dust and vapours, and draw what that needs."""
        slate, kind, base = gas.slate, p.reagent_kind, REAGENTS[p.reagent_kind]
        solid, liquid = slate.in_phase("solid"), slate.in_phase("liquid")
        absorption, neutralisation = _absorption(kind, p.forced_oxidation), base.neutralisation
        absorbed = change_by_share(gas, (absorption,), _removal(p))
        neutralised = change_by_share(gas, (neutralisation,), p.sulphur_trioxide_efficiency)
        used = _taken(absorbed, absorption) + _taken(neutralised, neutralisation)

        needed, water = used.only(base.species), used.only("H2O")
        spare = needed * (_or(base.stoichiometric_ratio, p.stoichiometric_ratio) - 1.0)
        slaking = (SLAKING,) if kind == "lime" else ()
        slaking_water = (-change_by_share(spare, slaking)).only("H2O")
        air = _air(used.only("O2") * p.oxidation_air_ratio, p)
        condensed = change_by_share(gas, _VAPOURS, p.vapour_efficiency)
        made = (absorbed + neutralised) + (needed + water + air) + condensed
        left_over = convert(spare + slaking_water, slaking, (1.0,) * len(slaking))

        washed_out = gas * (solid * p.dust_efficiency + liquid)
        sludge = washed_out + made * (solid + liquid) + left_over
        solids = _or(base.percent_solids, p.percent_solids)
        makeup = _one(slate, "H2O") * (sludge.without("H2O").total() * ((1.0 - solids) / solids))
        passing = gas * (slate.in_phase("gas") + solid * (1.0 - p.dust_efficiency))
        leaving = after_change(passing, made.gas)
        evaporated = _evaporated(gas, leaving, p)
        return {
            "reagent": needed + spare,
            "oxidation_air": air,
            "water": water + slaking_water + makeup + _amount(slate, "H2O", evaporated),
            "cleaned": leaving + _amount(slate, "H2O(g)", evaporated),
            "effluent": sludge + makeup,
        }

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:
        """Both outlets are as warm as the saturated gas, if ``gas_temperature`` is given."""
        if p.gas_temperature is None:
            return {}
        saturated = _saturated(flows["gas"], _before_evaporation(flows), p)
        return {"gas": p.gas_temperature, "cleaned": saturated, "effluent": saturated}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Removal and what it takes: transfer units, circulation, reagent, water; what is left."""
        gas, cleaned, effluent = flows["gas"], flows["cleaned"], flows["effluent"]
        came, left, leaving = gas.of("SO2"), cleaned.of("SO2"), _before_evaporation(flows)
        base, absorption = REAGENTS[p.reagent_kind], _absorption(p.reagent_kind, p.forced_oxidation)
        removal, removed = ratio(came - left, came), came - left
        units = -np.log(np.maximum(1.0 - removal, 1e-300))
        coefficient = _or(base.transfer_coefficient, p.transfer_coefficient)
        per_gas = (units / p.stages / coefficient) ** (1.0 / p.transfer_exponent) / 1000.0  # (2)
        volume = cleaned.moles(*_gases(gas.slate)) / MOLES_PER_NORMAL_CUBIC_METRE
        salt = next(name for name in absorption.products if name in SALTS)
        found = [
            Figure(removal, "%", "SO2 removed"),
            Figure(units, "", "transfer units"),
            Figure(per_gas, "L/m^3", "liquid to gas, each stage"),
            Figure(per_gas * volume * p.stages, "m^3/h", "circulation, all stages"),
            Figure(flows["reagent"].total(), "t/h", base.species),
            Figure(ratio(flows["reagent"].total(), removed), "kg/t", "reagent per SO2 removed"),
            Figure(effluent.of(salt), "t/h", SALTS[salt]),
            Figure(effluent.total(), "t/h", "effluent, wet"),
            Figure(ratio(effluent.element("As"), effluent.total()), "%", "As in the effluent"),
            Figure(ratio(cleaned.moles("SO2"), cleaned.dry_gas()), "%", "SO2 left, by dry volume"),
            Figure(ratio(left, cleaned.dry_gas()), "mg/Nm3", "SO2 left in the dry gas"),
            Figure(flows["water"].total(), "t/h", "water drawn"),
            Figure(_evaporated(gas, leaving, p) + 0.0 * came, "t/h", "water evaporated"),
        ]
        if p.gas_temperature is not None:
            saturated = _saturated(gas, leaving, p)
            found.append(Figure(saturated, "degC", "temperature of the cleaned gas"))
            wet = gas_volume(cleaned, saturated, ATMOSPHERE)
            found += tower_figures(wet, per_gas * volume * p.stages, p)
        return found

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """A gas left dry; where removal, gas strength or reagent excess are outside practice."""
        gas, kind, base = flows["gas"], p.reagent_kind, REAGENTS[p.reagent_kind]
        lines = _dry_gas_warnings(gas, p)
        strength = first(ratio(gas.moles("SO2"), gas.dry_gas()))
        if strength > _STRONG_GAS and base.makes_slurry:
            if p.liquid_to_gas is not None:
                lines.append(
                    f"{strength:.2%} SO2 by volume is above the 0.3 % to which removal follows "
                    f"from liquid_to_gas: the alkalinity of the drops limits it; use two stages "
                    f"with 20 to 40 L/m3 and give efficiency, or use soda"
                )
            elif first(p.stages) == 1.0:
                lines.append(
                    f"{strength:.2%} SO2 by volume is too strong for one stage with {kind} (up to "
                    f"0.3 %); use two stages, 20 to 40 L/m3, or soda"
                )
        removal, best = first(_removal(p)), base.best_efficiency
        if removal > best + 1e-9:
            lines.append(
                f"{removal:.2%} removal is more than {kind} reaches ({best:.1%})"
                f"{'; give less, or use soda' if base.makes_slurry else '; give less'}"
            )
        low, high = base.usual_ratio
        excess = first(_or(base.stoichiometric_ratio, p.stoichiometric_ratio))
        if not low - 1e-9 <= excess <= high + 1e-9:
            lines.append(
                f"stoichiometric_ratio of {excess:.3g} is outside the {low:g} to {high:g} usual "
                f"for {kind}"
            )
        return lines


def _or(default: float, value: Any) -> Any:
    """The value given, else the default of the reagent."""
    return default if value is None else value


def _absorption(kind: ReagentKind, forced: bool | None) -> Reaction:
    """Of SO2, with oxygen where it is oxidised."""
    base = REAGENTS[kind]
    oxidised = base.makes_slurry if forced is None else forced
    return base.to_sulphate if oxidised else base.to_sulphite


def _removal(p: Parameters) -> Any:
    """Share of the SO2 removed, eta."""
    if p.efficiency is not None:
        return p.efficiency
    units = p.transfer_units
    if units is None:
        coefficient = _or(REAGENTS[p.reagent_kind].transfer_coefficient, p.transfer_coefficient)
        units = coefficient * (1000.0 * p.liquid_to_gas) ** p.transfer_exponent  # (2)
    return 1.0 - np.exp(-p.stages * units)  # (1)


def _before_evaporation(flows: Flows) -> Flow:
    """What leaves as cleaned gas, with the steam that came and no other."""
    return flows["cleaned"].without("H2O(g)") + flows["gas"].only("H2O(g)")


def _saturated(gas: Flow, leaving: Flow, p: Parameters) -> Any:
    """Temperature in K of the saturated gas that leaves."""
    return saturation_temperature(leaving, mixed_temperature(gas, p.gas_temperature, leaving))


def _evaporated(gas: Flow, leaving: Flow, p: Parameters) -> Any:
    """Water that the gas evaporates, kg/s."""
    if p.evaporated_water is not None:
        return gas.dry_gas() * p.evaporated_water
    if p.gas_temperature is None:
        return 0.0
    mixed = mixed_temperature(gas, p.gas_temperature, leaving)
    return water_evaporated(leaving, mixed, saturation_temperature(leaving, mixed))


def _dry_gas_warnings(gas: Flow, p: Parameters) -> list[str]:
    """One line where nothing says how much water evaporates."""
    if p.gas_temperature is not None or p.evaporated_water is not None:
        return []
    if first(gas.dry_gas()) == 0.0:
        return []
    return [
        "neither gas_temperature nor evaporated_water is given: no water evaporates, and the gas "
        "leaves as dry as it comes and is not cooled by it; give gas_temperature, or "
        'evaporated_water of "0 g/Nm3" for a gas that comes saturated'
    ]


def _taken(change: Flow, reaction: Reaction) -> Flow:
    """What a reaction uses beside its key, the gas that is absorbed."""
    return (-change).only(*(name for name in reaction.reactants if name != reaction.key))


def _air(oxygen: Flow, p: Parameters) -> Flow:
    """Oxygen with the N2 that comes with it."""
    slate = oxygen.slate
    if "N2" not in slate:
        return oxygen
    moles = oxygen.moles("O2") * ((1.0 - p.oxygen_in_air) / p.oxygen_in_air)
    return oxygen + _amount(slate, "N2", moles * slate.molar_mass[slate.row("N2")])


def _amount(slate: Slate, name: str, mass: Any) -> Flow:
    """A mass flow of one species; nothing of one that is not on the slate."""
    flow: Flow = (_one(slate, name) if name in slate else _one(slate, "H2O") * 0.0) * mass
    return flow


@lru_cache(maxsize=64)
def _one(slate: Slate, name: str) -> Flow:
    """One kg/s of a species, (constituents, 1)."""
    return flow_of(slate, {name: 1.0})


@lru_cache(maxsize=64)
def _gases(slate: Slate) -> tuple[str, ...]:
    return tuple(entry.name for entry in slate.species if entry.phase == "gas")
