"""Wet scrubbing of SO2, dust and oxide vapours with limestone, lime or soda."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow, flow_of
from flowsheet.core.parameters import Fraction, PositiveRatio, Ratio
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.reaction import Reaction, change_by_share
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, UnitOp

ReagentKind = Literal["limestone", "lime", "soda"]

_ABSORPTION = {
    kind: Reaction(text, key="SO2")
    for kind, text in {
        ("limestone", True): "CaCO3 + SO2 + 0.5 O2 + 2 H2O -> CaSO4·2H2O + CO2",
        ("limestone", False): "CaCO3 + SO2 + 0.5 H2O -> CaSO3·0.5H2O + CO2",
        ("lime", True): "Ca(OH)2 + SO2 + 0.5 O2 + H2O -> CaSO4·2H2O",
        ("lime", False): "Ca(OH)2 + SO2 -> CaSO3·0.5H2O + 0.5 H2O",
        ("soda", True): "Na2CO3 + SO2 + 0.5 O2 -> Na2SO4(aq) + CO2",
        ("soda", False): "Na2CO3 + SO2 -> Na2SO3(aq) + CO2",
    }.items()
}
_VAPOURS = (Reaction("Sb4O6(g) -> 2 Sb2O3"), Reaction("As4O6(g) -> 2 As2O3"))
_REAGENT = {"limestone": "CaCO3", "lime": "Ca(OH)2", "soda": "Na2CO3"}
_EFFLUENT_WATER = {"limestone": 0.10, "lime": 0.10, "soda": 0.85}
_BEST_EFFICIENCY = {"limestone": 0.99, "lime": 0.99, "soda": 0.995}
_USUAL_RATIO = {"limestone": (1.02, 1.07), "lime": (1.02, 1.05), "soda": (1.01, 1.03)}


class WetScrubber(UnitOp):
    """Absorb SO2 in a slurry or solution of a base, and wash out dust and oxide vapours.

    The share of the SO2 removed is given, or follows from the number of transfer units, or (rough)
    from the ratio of liquid to gas in a spray tower with limestone:

        eta = 1 - exp(-NTU)                                                         (1)
        NTU = 0.30 * (L/G in L/m3)^0.88                                             (2)

    Reactions, with the sulphite instead where nothing is oxidised:

        CaCO3 + SO2 + 0.5 O2 + 2 H2O -> CaSO4·2H2O + CO2                            (3)
        Ca(OH)2 + SO2 + 0.5 O2 + H2O -> CaSO4·2H2O                                  (4)
        Na2CO3 + SO2 -> Na2SO3(aq) + CO2                                            (5)

    Reagent drawn is the stoichiometric amount times a ratio; what does not react leaves with the
    effluent, as do the dust, the vapours washed out (as Sb2O3 and As2O3) and droplets in the gas.
    Oxygen for (3) and (4) comes with oxidation air; its N2 and spare O2 leave with the gas. Water
    is drawn for the reaction and to give the effluent its water content.

    (1) transfer with a fast reaction, constant per stage; (2) a fit to the ranges usual for power
    plants (EPRI, quoted from memory): 85, 90, 95, 98 % at 8, 10, 14, 18 L/m3, low confidence.

    Assumptions: oxygen in the gas itself oxidises nothing; the removed arsenic stays a solid.
    Not modelled: evaporation of water into hot gas, chemistry of the slurry (pH, magnesium),
    absorption of SO3 and CO2, which pass with the gas.
    Limits: NTU 0 removes nothing and draws no reagent.
    """

    gas: Inlet
    reagent: Supply
    oxidation_air: Supply
    water: Supply
    cleaned: Outlet
    effluent: Outlet

    reagent_kind: ReagentKind
    """The base: limestone CaCO3, hydrated lime Ca(OH)2 or soda ash Na2CO3."""
    efficiency: Fraction | None = None
    """Share of the SO2 removed, eta. Practice: limestone and lime 0.90 to 0.98, soda 0.95 to
    0.995. Give this, ``transfer_units`` or ``liquid_to_gas``."""
    transfer_units: Ratio | None = None
    """Number of transfer units, NTU."""
    liquid_to_gas: Ratio | None = None
    """Liquid circulated per gas, L/G, with its unit: "12 L/m^3"."""
    stoichiometric_ratio: PositiveRatio = 1.03
    """Reagent drawn over reagent needed, 1 or more. Default assumed; practice 1.02 to 1.07 for
    limestone, 1.02 to 1.05 for lime, 1.01 to 1.03 for soda (EPA and EPRI, quoted from memory)."""
    forced_oxidation: bool | None = None
    """Whether air oxidises the sulphite to sulphate. Default yes with limestone and lime, no with
    soda."""
    oxidation_air_ratio: PositiveRatio = 2.0
    """Oxygen brought by the oxidation air over oxygen needed, 1 or more. Default assumed, range 1.5
    to 3."""
    oxygen_in_air: Fraction = 0.21
    """Volume fraction of O2 in the dry oxidation air; the rest is N2."""
    effluent_water: Fraction | None = None
    """Mass fraction of water in the effluent, before water that droplets bring or the reaction
    releases. Default 0.10 for filtered gypsum (assumed, 0.08 to 0.15), 0.85 for a soda liquor
    (assumed, 0.75 to 0.95)."""
    dust_efficiency: Fraction = 0.9
    """Share of the dust washed out. Default assumed, range 0.7 to 0.99."""
    vapour_efficiency: Fraction = 0.95
    """Share of antimony and arsenic oxide vapour washed out. Default assumed, 0.8 to 0.99."""

    def check(self) -> None:
        """Refuse no or two ways to state the removal, too little reagent or air, all water."""
        given = (self.efficiency, self.transfer_units, self.liquid_to_gas)
        if sum(value is not None for value in given) != 1:
            raise InputError("give exactly one of efficiency, transfer_units and liquid_to_gas")
        if (self.liquid_to_gas or 0.0) > 0.2:
            raise InputError(
                f"liquid_to_gas of {self.liquid_to_gas:g} m3/m3 is no scrubber (0.001 to 0.04); "
                f'give its unit: "12 L/m^3"'
            )
        if self.liquid_to_gas is not None and self.reagent_kind == "soda":
            raise InputError(
                "liquid_to_gas holds for limestone and lime only; give efficiency or "
                "transfer_units for soda"
            )
        for name in ("stoichiometric_ratio", "oxidation_air_ratio"):
            if getattr(self, name) < 1.0:
                raise InputError(f"{name} of {getattr(self, name):g} is below 1; give 1 or more")
        if self.oxygen_in_air == 0.0:
            raise InputError("oxygen_in_air of 0 oxidises nothing; air has 0.21")
        if self.effluent_water == 1.0:
            raise InputError("effluent_water of 1 leaves no effluent but water; give less")

    def required_species(self) -> Iterable[str]:
        """Everything in the reaction, and N2 with oxidation air."""
        oxidised = _oxidised(self.reagent_kind, self.forced_oxidation)
        names = tuple(_absorption(self.reagent_kind, self.forced_oxidation).coefficients)
        return ("H2O", *names, "N2") if oxidised else ("H2O", *names)

    def is_linear(self) -> bool:
        """What is removed and drawn is proportional to the gas."""
        return True

    def run(self, gas: Flow, p: Parameters) -> Outlets:
        """Absorb SO2, wash out dust and vapours, and draw what that needs."""
        slate = gas.slate
        solid, liquid = slate.in_phase("solid"), slate.in_phase("liquid")
        reaction = _absorption(p.reagent_kind, p.forced_oxidation)
        change, used = _per_sulphur_dioxide(slate, reaction)
        reagent = used.only(_REAGENT[p.reagent_kind]) * p.stoichiometric_ratio
        water = used.only("H2O")
        air = used.only("O2") * p.oxidation_air_ratio
        if "O2" in reaction.reactants:
            air = air + _nitrogen(air, p)

        absorbed = gas.of("SO2") * _removal(p)
        condensed = change_by_share(gas, _VAPOURS, p.vapour_efficiency)
        made = (change + reagent + air + water) * absorbed + condensed
        sludge = gas * (solid * p.dust_efficiency + liquid) + made * (solid + liquid)
        share = _EFFLUENT_WATER[p.reagent_kind] if p.effluent_water is None else p.effluent_water
        moisture = sludge.without("H2O").total() * (share / (1.0 - share))
        makeup = _one(slate, "H2O") * moisture
        passing = gas * (slate.in_phase("gas") + solid * (1.0 - p.dust_efficiency))
        return {
            "reagent": reagent * absorbed,
            "oxidation_air": air * absorbed,
            "water": water * absorbed + makeup,
            "cleaned": passing + made.gas,
            "effluent": sludge + makeup,
        }

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:  # noqa: ARG002
        """Removal, transfer units, reagent and product per SO2 removed, SO2 left."""
        came, left = flows["gas"].of("SO2"), flows["cleaned"].of("SO2")
        removal = ratio(came - left, came)
        dry = flows["cleaned"].dry_gas()
        units = -np.log(np.maximum(1.0 - removal, 1e-300))
        per_so2 = ratio(flows["reagent"].total(), came - left)
        return (
            Figure(removal, "%", "SO2 removed"),
            Figure(units, "", "transfer units"),
            Figure(flows["reagent"].total(), "t/h", "reagent"),
            Figure(per_so2, "", "t reagent per t SO2 removed"),
            Figure(ratio(flows["effluent"].total(), came - left), "", "t effluent per t SO2"),
            Figure(ratio(left, dry), "mg/Nm3", "SO2 left in the dry gas"),
        )

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Where removal, gas strength or reagent excess are outside practice."""
        lines = []
        gas, kind = flows["gas"], p.reagent_kind
        strength = first(ratio(gas.moles("SO2"), gas.dry_gas()))
        removal = first(_removal(p))
        if kind == "limestone" and strength > 0.003:
            lines.append(
                f"{strength:.2%} SO2 by volume is too strong for one stage with limestone (up to "
                f"0.3 %); use two stages, 20 to 40 L/m3, or soda"
            )
        if removal > _BEST_EFFICIENCY[kind] + 1e-9:
            lines.append(
                f"{removal:.2%} removal is more than {kind} reaches ({_BEST_EFFICIENCY[kind]:.1%})"
            )
        low, high = _USUAL_RATIO[kind]
        excess = first(p.stoichiometric_ratio)
        if not low - 1e-9 <= excess <= high + 1e-9:
            lines.append(
                f"stoichiometric_ratio of {excess:.3g} is outside the {low:g} to {high:g} usual "
                f"for {kind}"
            )
        return lines


def _oxidised(kind: ReagentKind, forced: bool | None) -> bool:
    return kind != "soda" if forced is None else forced


def _absorption(kind: ReagentKind, forced: bool | None) -> Reaction:
    return _ABSORPTION[kind, _oxidised(kind, forced)]


def _removal(p: Parameters) -> Any:
    """Share of the SO2 removed, eta."""
    if p.efficiency is not None:
        return p.efficiency
    if p.transfer_units is not None:
        return 1.0 - np.exp(-p.transfer_units)  # (1)
    return 1.0 - np.exp(-0.30 * (1000.0 * p.liquid_to_gas) ** 0.88)  # (1), (2)


@lru_cache(maxsize=64)
def _one(slate: Slate, name: str) -> Flow:
    """One kg/s of a species, (constituents, 1)."""
    return flow_of(slate, {name: 1.0})


@lru_cache(maxsize=64)
def _per_sulphur_dioxide(slate: Slate, reaction: Reaction) -> tuple[Flow, Flow]:
    """What a reaction makes (negative: uses up), and what it uses, per kg/s of SO2 absorbed."""
    change = change_by_share(_one(slate, "SO2"), (reaction,))
    return change, (-change).only(*reaction.reactants)


def _nitrogen(oxygen: Flow, p: Parameters) -> Flow:
    """The N2 that comes with oxygen as air."""
    slate = oxygen.slate
    moles = oxygen.moles("O2") * ((1.0 - p.oxygen_in_air) / p.oxygen_in_air)
    nitrogen: Flow = _one(slate, "N2") * (moles * slate.molar_mass[slate.row("N2")])
    return nitrogen
