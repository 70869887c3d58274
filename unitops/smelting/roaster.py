"""Roasting of sulphide concentrates: dead, to oxide calcine, or volatilising, to oxide fume."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow, flow_of
from flowsheet.core.parameters import Fraction, PerSpecies, Pressure, Ratio, Temperature, default
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.reaction import (
    Reaction,
    after_change,
    change_by_extent,
    change_by_share,
)
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, UnitOp
from flowsheet.core.vapour_pressure import antimony_trioxide_vapour_pressure, vapour_held

_OXIDATION = tuple(
    Reaction(text)
    for text in (
        "Sb2S3 + 4.5 O2 -> Sb2O3 + 3 SO2",
        "Sb2S2O + 3 O2 -> Sb2O3 + 2 SO2",
        "FeSb2S4 + 6.25 O2 -> 0.5 Fe2O3 + Sb2O3 + 4 SO2",
        "FeSbS + 2.5 O2 -> 0.5 Fe2O3 + 0.5 Sb2O3 + SO2",
        "Pb4FeSb6S14 + 21.25 O2 -> 4 PbO + 0.5 Fe2O3 + 3 Sb2O3 + 14 SO2",
        "Cu12Sb4S13 + 19 O2 -> 6 Cu2O + 2 Sb2O3 + 13 SO2",
        "2 Sb + 1.5 O2 -> Sb2O3",
        "2 FeS2 + 5.5 O2 -> Fe2O3 + 4 SO2",
        "2 FeS + 3.5 O2 -> Fe2O3 + 2 SO2",
        "2 CuFeS2 + 6 O2 -> Cu2O + Fe2O3 + 4 SO2",
        "PbS + 1.5 O2 -> PbO + SO2",
        "ZnS + 1.5 O2 -> ZnO + SO2",
        "S + O2 -> SO2",
    )
)
# How arsenic leaves, and how the rest of it stays.
_ARSENIC_DRIVEN_OFF = tuple(
    Reaction(text)
    for text in (
        "2 FeAsS + 5 O2 -> Fe2O3 + 0.5 As4O6(g) + 2 SO2",
        "2 AsS + 3.5 O2 -> 0.5 As4O6(g) + 2 SO2",
        "As2S3 + 4.5 O2 -> 0.5 As4O6(g) + 3 SO2",
        "2 As + 1.5 O2 -> 0.5 As4O6(g)",
    )
)
_ARSENIC_FIXED = tuple(
    Reaction(text)
    for text in (
        "FeAsS + 3 O2 -> FeAsO4 + SO2",
        "2 AsS + 3.5 O2 -> As2O3 + 2 SO2",
        "As2S3 + 4.5 O2 -> As2O3 + 3 SO2",
        "2 As + 1.5 O2 -> As2O3",
    )
)
_ARSENIC_OXIDE = (Reaction("As2O3 -> 0.5 As4O6(g)"),)
_CARBONATES = (
    Reaction("CaCO3 -> CaO + CO2"),
    Reaction("CaMg(CO3)2 -> CaO + MgO + 2 CO2"),
)
_COMPLETE = (Reaction("C + O2 -> CO2"), Reaction("H2O -> H2O(g)"))
_ANTIMONY_VAPOUR = (Reaction("Sb2O3 -> 0.5 Sb4O6(g)"),)
_TETROXIDE = (Reaction("Sb2O3 + 0.5 O2 -> Sb2O4"),)

_ROASTED = {reaction.key for reaction in (*_OXIDATION, *_ARSENIC_DRIVEN_OFF)}
_ANTIMONY_VOLATILISED = {"dead": 0.0, "volatilising": 0.95}
_CARBONATE_DECOMPOSITION = {"dead": 0.0, "volatilising": 1.0}

_LOCKED = ("Sb2O4", "Sb2O5", "Sb3O6(OH)", "NaSbO3", "Na3SbO4")
"""Antimony above Sb(III): hardly volatile, and left as it is."""


class Roaster(UnitOp):
    """Roast sulphides with air to oxides, SO2 and, as wanted, antimony and arsenic vapour.

    Every mineral reacts to its conversion, e.g.

        Sb2S3 + 4.5 O2 -> Sb2O3 + 3 SO2                                             (1)
        2 FeS2 + 5.5 O2 -> Fe2O3 + 4 SO2                                            (2)
        2 FeAsS + 5 O2 -> Fe2O3 + 0.5 As4O6(g) + 2 SO2    share driven off          (3)
        FeAsS + 3 O2 -> FeAsO4 + SO2                      share fixed as arsenate   (4)

    Of the antimony trioxide then present, fed or formed, the share f leaves as vapour and the
    share t of the rest takes up oxygen:

        Sb2O3 -> 0.5 Sb4O6(g)                f,  n(Sb4O6) <= n_gas * p / (P - p)    (5)
        Sb2O3 + 0.5 O2 -> Sb2O4              (1 - f) * t                            (6)

    p is the vapour pressure over Sb2O3 (Hincke 1930, see ``flowsheet.core.vapour_pressure``) and
    n_gas all other off-gas: what the gas cannot hold stays in the calcine as Sb2O3. Air brings

        n(O2) = (1 + excess) * sum of the oxygen used in (1) to (6) and by the fuel (7)

    Dead roasting at 350-500 degC leaves antimony as Sb2O4 (Wang, Antimony, 1919, p. 78);
    volatilising at 850-1100 degC sends it to the fume. Between 500 and 700 degC the charge melts.

    Assumptions: uniform temperature, ideal gas; the fuel and carbon in the feed burn to CO2, water
    evaporates; copper becomes Cu2O; arsenic of other than arsenopyrite that is not driven off
    is written As2O3 and stands for arsenates; gases fed with the solids take no part, dissolved
    salts stay with the calcine. Minerals without a reaction here pass to the calcine unchanged.
    Not modelled: heat, rates, SO3 and sulphates (lime and soda hold part of the sulphur),
    CO, saturation with arsenic, vapours of lead, zinc or unroasted Sb2S3 (see dust_carry_over).
    Limits: conversion 0 leaves the minerals as they are; no excess air leaves no free oxygen.
    """

    feed: Inlet
    air: Supply
    fuel: Supply
    calcine: Outlet
    gas: Outlet

    mode: Literal["dead", "volatilising"]
    """Whether antimony is to stay in the calcine or to leave with the gas."""
    temperature: Temperature
    """Temperature of the charge and of the gas above it, T."""
    excess_air: Ratio
    """Air beyond the stoichiometric demand of all reactions, over that demand."""
    sulphide_conversion: PerSpecies[Fraction] = 0.98
    """Share of each sulphide, and of native Sb, As and S, that is oxidised. Default assumed;
    95 to 99.5 % of the sulphur is eliminated in practice."""
    antimony_volatilised: Fraction | None = None
    """Share of the antimony trioxide that leaves as vapour, f, unless the gas is saturated before.
    Default 0 in a dead roast, 0.95 in a volatilising one (assumed, good units 0.90 to 0.97;
    95.4 % is published for a Chinese blast furnace for volatilisation)."""
    antimony_to_tetroxide: Fraction = 1.0
    """Share of the antimony oxide left behind that is Sb2O4, t. Default assumed: Sb2O4 is the
    stable oxide wherever oxygen is free below about 1050 degC; 0 leaves Sb2O3."""
    arsenic_volatilised: Fraction = 0.85
    """Share of the oxidised arsenic that leaves as As4O6. Default assumed, range 0.80 to 0.95."""
    carbonate_decomposition: Fraction | None = None
    """Share of calcite and dolomite that loses its CO2. Default 0 in a dead roast, 1 in a
    volatilising one: calcite decomposes in air above about 700 degC."""
    fuel_ratio: Ratio = 0.0
    """Fixed carbon drawn as fuel, kg per kg of dry solids fed."""
    dust_carry_over: PerSpecies[Fraction] = 0.05
    """Share of each solid of the calcine carried out with the gas. Default assumed, kiln or hearth
    0.03 to 0.10; fluid bed 0.2 to 0.4. Lead, which partly leaves as fume of PbS and PbO, is given
    a share of its own here."""
    oxygen_in_air: Fraction = 0.21
    """Volume fraction of O2 in the dry air; the rest is N2."""
    pressure: Pressure = default("101325 Pa")
    """Total pressure of the gas, P."""

    def check(self) -> None:
        """Refuse a temperature outside every roast, and a dead roast that drives antimony off."""
        celsius = self.temperature - 273.15
        if not 299.99 <= celsius <= 1500.01:
            raise InputError(
                f"temperature of {celsius:.0f} degC is outside 300 to 1500 degC; use 350 to "
                f"500 degC for a dead roast, 850 to 1100 degC for a volatilising one"
            )
        if self.mode == "dead" and (self.antimony_volatilised or 0.0) > 0.1:
            raise InputError(
                f"antimony_volatilised of {self.antimony_volatilised:g} is no dead roast; give 0 "
                f"to 0.1, or mode 'volatilising'"
            )
        if self.oxygen_in_air == 0.0:
            raise InputError("oxygen_in_air of 0 roasts nothing; air has 0.21")

    def required_species(self) -> Iterable[str]:
        """Air, and fuel where it is burnt; products are asked for as their minerals are present."""
        return ("O2", "N2", "C", "CO2") if self.fuel_ratio else ("O2", "N2")

    def is_linear(self) -> bool:
        """Where no antimony is to volatilise, so that the gas cannot be saturated with it."""
        return self.mode == "dead" and self.antimony_volatilised is None

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Burn the charge, volatilise and oxidise its antimony, and part calcine from gas."""
        fuel = _fuel(feed, p)
        charge = feed + fuel
        burnt = _burnt(charge, p)
        volatilised = _antimony_volatilised(p)
        tetroxide_share = (1.0 - volatilised) * p.antimony_to_tetroxide
        tetroxide = change_by_share(charge + burnt, _TETROXIDE, tetroxide_share)  # (6)
        oxygen = -(burnt + tetroxide).only("O2")
        spare = oxygen * p.excess_air + _nitrogen(oxygen, p)
        # What is used of the air is left out, so that no difference of large numbers is formed.
        oxidised = after_change(charge + spare, burnt.without("O2"))
        vapour = _antimony_vapour(oxidised, volatilised, p)
        roasted = after_change(oxidised, vapour + tetroxide.without("O2"))
        solids = roasted.solids
        return {
            "air": oxygen + spare,  # (7)
            "fuel": fuel,
            "calcine": solids * (1.0 - p.dust_carry_over) + roasted.liquid,
            "gas": roasted.gas + solids * p.dust_carry_over,
        }

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Gas strength and volume, oxygen demand, and what left the solids."""
        feed, gas = flows["feed"], flows["gas"]
        dry = gas.dry_gas()
        vapour = gas.only("Sb4O6(g)").element("Sb")
        sulphur_left = flows["calcine"].element("S") + gas.solids.element("S")
        eliminated = 1.0 - ratio(sulphur_left, feed.element("S"), empty=1.0)
        return (
            Figure(ratio(gas.moles("SO2"), dry), "%", "SO2 in the dry gas, by volume"),
            Figure(dry, "Nm3/h", "dry gas"),
            Figure(flows["air"].of("O2") / (1.0 + p.excess_air), "t/h", "stoichiometric oxygen"),
            Figure(flows["air"].moles("O2", "N2"), "Nm3/h", "air"),
            Figure(ratio(vapour, feed.element("Sb")), "%", "antimony volatilised"),
            Figure(eliminated, "%", "sulphur eliminated"),
        )

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Temperature windows, saturation of the gas, and minerals that are not roasted here."""
        celsius = first(p.temperature) - 273.15
        lines = _temperature_warnings(p.mode, celsius)
        wanted = first(_antimony_volatilised(p))
        if wanted > 0.97:
            lines.append(
                f"antimony_volatilised of {wanted:.3g} is more than good units reach (0.90 to 0.97)"
            )
        gas = flows["gas"]
        saturated = antimony_trioxide_vapour_pressure(p.temperature) / p.pressure
        vapour = gas.only("Sb4O6(g)")
        share = ratio(
            vapour.moles("Sb4O6(g)"), gas.dry_gas() + gas.moles("H2O(g)", "As4O6(g)", "Sb4O6(g)")
        )
        if first(vapour.total()) > 0.0 and first(share) >= 0.999 * first(saturated):
            reached = first(ratio(vapour.element("Sb"), flows["feed"].element("Sb")))
            lines.append(
                f"the gas is saturated with antimony oxide at {celsius:.0f} degC: {reached:.1%} of "
                f"the antimony leaves as vapour, the rest of the {wanted:.0%} asked for stays as "
                f"Sb2O3; raise the temperature or the gas flow"
            )
        fed = flows["feed"]
        locked = first(ratio(fed.only(*_LOCKED).element("Sb"), fed.element("Sb")))
        if p.mode == "volatilising" and locked > 0.05:
            lines.append(
                f"{locked:.0%} of the antimony fed is above Sb(III), as in Sb2O4: it is not "
                f"volatile and stays in the calcine; reduce it first"
            )
        oxygen = first(ratio(gas.moles("O2"), gas.dry_gas()))
        if p.mode == "volatilising" and oxygen > 0.10 and celsius < 1050.0:
            lines.append(
                f"the off-gas holds {oxygen:.0%} O2: above about 10 % antimony is locked as Sb2O4 "
                f"below 1050 degC (Zhong 2017); use less air or more fuel"
            )
        passed = [n for n in _unknown_sulphides(gas) if first(flows["feed"].of(n)) > 0.0]
        if passed:
            lines.append(
                f"{', '.join(passed)} passes unroasted: this roaster has no reaction for it"
            )
        return lines


def _antimony_volatilised(p: Parameters) -> Any:
    given = p.antimony_volatilised
    return _ANTIMONY_VOLATILISED[p.mode] if given is None else given


def _fuel(feed: Flow, p: Parameters) -> Flow:
    if not np.count_nonzero(p.fuel_ratio):
        return flow_of(feed.slate, {}, feed.mass.shape[1])
    return flow_of(feed.slate, {"C": p.fuel_ratio * feed.solids.total()})


def _burnt(charge: Flow, p: Parameters) -> Flow:
    """What all reactions but (5) and (6) make and use up, kg/s."""
    oxidised, driven_off = p.sulphide_conversion, p.arsenic_volatilised
    given = p.carbonate_decomposition
    calcined = _CARBONATE_DECOMPOSITION[p.mode] if given is None else given
    return (
        change_by_share(charge, _OXIDATION, oxidised)
        + change_by_share(charge, _ARSENIC_DRIVEN_OFF, oxidised * driven_off)
        + change_by_share(charge, _ARSENIC_FIXED, oxidised * (1.0 - driven_off))
        + change_by_share(charge, _ARSENIC_OXIDE, driven_off)
        + change_by_share(charge, _CARBONATES, calcined)
        + change_by_share(charge, _COMPLETE)
    )


def _nitrogen(oxygen: Flow, p: Parameters) -> Flow:
    """Nitrogen of the air that brings this oxygen and the excess."""
    moles = oxygen.moles("O2") * (1.0 + p.excess_air) * (1.0 - p.oxygen_in_air) / p.oxygen_in_air
    slate = oxygen.slate
    return flow_of(slate, {"N2": slate.molar_mass[slate.row("N2")] * moles})


def _antimony_vapour(oxidised: Flow, share: Any, p: Parameters) -> Flow:
    """What volatilising a share of the Sb2O3, as far as the gas holds it, makes and uses up."""
    if "Sb2O3" not in oxidised.slate or not np.count_nonzero(share):
        return oxidised * 0.0
    carrier = oxidised.dry_gas() + oxidised.moles("H2O(g)", "As4O6(g)")
    saturated = antimony_trioxide_vapour_pressure(p.temperature)
    held = vapour_held(carrier, saturated, p.pressure) - oxidised.moles("Sb4O6(g)")
    wanted = 0.5 * share * oxidised.moles("Sb2O3")
    extent = 2.0 * np.minimum(wanted, np.maximum(held, 0.0))  # (5)
    return change_by_extent(oxidised.slate, _ANTIMONY_VAPOUR, [extent])


def _unknown_sulphides(flow: Flow) -> list[str]:
    """Solids with sulphur that is not sulphite or sulphate and that no reaction here takes."""
    return [
        entry.name
        for entry in flow.slate.species
        if entry.phase == "solid"
        and entry.composition.count("S") > entry.composition.count("O") / 3.0
        and entry.name not in _ROASTED
    ]


def _temperature_warnings(mode: str, celsius: float) -> list[str]:
    if mode == "dead" and celsius > 500.5:
        return [
            f"a dead roast at {celsius:.0f} degC goes sticky (Sb2S3-Sb2O3 eutectic at 485 to 520, "
            f"Sb2S3 melts at 550, Sb2O3 at 656 degC); keep 350 to 500 degC"
        ]
    if mode == "dead" and celsius < 349.5:
        return [f"a dead roast at {celsius:.0f} degC is slow; keep 350 to 500 degC"]
    if mode == "volatilising" and celsius < 849.5:
        return [
            f"volatilising at {celsius:.0f} degC is slow and incomplete (20 % at 700, 60 % at "
            f"900 degC in free oxygen, Padilla 2010; the charge melts from 500 to 700 degC); "
            f"keep 850 to 1100 degC"
        ]
    if mode == "volatilising" and celsius > 1100.5:
        return [
            f"volatilising at {celsius:.0f} degC is hotter than a kiln stands; 850 to 1100 degC"
        ]
    return []
