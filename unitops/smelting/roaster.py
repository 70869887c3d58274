"""Roasting of sulphide concentrates: dead, to oxide calcine, or volatilising, to oxide fume."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow
from flowsheet.core.parameters import (
    Fraction,
    ParticleSize,
    PerSpecies,
    PerTime,
    PositiveRatio,
    Pressure,
    Ratio,
    Temperature,
    Time,
    default,
)
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters
from unitops.smelting import roaster_report
from unitops.smelting.furnace_types import Furnace, with_defaults
from unitops.smelting.roasted_charge import outlets
from unitops.smelting.roaster_heat import port_temperatures, roast
from unitops.smelting.roaster_size import RoasterHearth


class Roaster(RoasterHearth):
    """Roast sulphides with air to oxides, SO2 and, as wanted, antimony and arsenic vapour.

    Every mineral reacts to its conversion, given, or for stibnite predicted by a shrinking core:

        Sb2S3 + 4.5 O2 -> Sb2O3 + 3 SO2                                             (1)
        2 FeS2 + 5.5 O2 -> Fe2O3 + 4 SO2                                            (2)
        2 FeAsS + 5 O2 -> Fe2O3 + 0.5 As4O6(g) + 2 SO2    share driven off          (3)
        FeAsS + 3 O2 -> FeAsO4 + SO2                      share fixed as arsenate   (4)
        1 - (1 - X)^(1/3) = k t,  k = k_ref exp(-Ea/R (1/T - 1/T_ref)) (p/p_ref)^0.6 d_ref/d  (5)

    Of the antimony trioxide then there, the gas could hold a part at saturation; the share f of
    that evaporates, and the share t of the rest takes up oxygen:

        Sb2O3 -> 0.5 Sb4O6(g)                f * min(all, n_gas * 2 p / (P - p))    (6)
        f: more when hotter, less the more free oxygen the bed has
        Sb2O3 + 0.5 O2 -> Sb2O4              t * what stays                         (7)

    Air brings oxygen for (1) to (7) and the fuel with an excess, and more air leaks in behind the
    bed. The heat balance, with enthalpies H that hold those of formation, is

        H_in - H_out(T) = loss * (H_in - H_out at 25 degC)                          (8)

    and is solved for the fuel or for the temperature, or left to the engine to add up. Equations
    with their sources: ``roasting_reactions``, ``roasting_kinetics``, ``antimony_volatilisation``,
    ``roasted_charge``, ``roaster_heat`` beside this file.

    Dead roasting at 350-500 degC leaves antimony as Sb2O4 (Wang, Antimony, 1919, p. 78);
    volatilising at 850-1100 degC sends it to the fume. Between 500 and 700 degC the charge melts.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.streams.feed import Feed
    >>> plant = Flowsheet(
    ...     ["Sb2S3", "SiO2", "Sb2O3", "Sb2O4", "Sb4O6(g)", "SO2", "C", "CO2", "O2", "N2"],
    ...     {
    ...         "ore": Feed(outlet="ore", flow="1 t/h", composition={"Sb2S3": 0.25, "SiO2": 0.75}),
    ...         "roaster": Roaster(
    ...             feed="ore", air="air", fuel="charcoal", calcine="calcine", gas="gas",
    ...             mode="volatilising", temperature="950 degC", excess_air=0.3,
    ...             heat_balance="solved_fuel",
    ...         ),
    ...     },
    ... )
    >>> round(solve(plant)["charcoal"].mass_flow("kg/h").magnitude, 1)
    65.9

    Assumptions: uniform temperature, ideal gas; the fuel and carbon in the feed burn to CO2, water
    evaporates; copper becomes Cu2O; arsenic of other than arsenopyrite that is not driven off
    is written As2O3 and stands for arsenates; gases fed with the solids take no part, dissolved
    salts stay with the calcine. Minerals without a reaction here pass to the calcine unchanged.
    Not modelled: SO3, CO, saturation with arsenic (As4O6 boils at about 465 degC), vapours of zinc
    or unroasted Sb2S3 (see dust_carry_over), temperatures that differ along the furnace, rates of
    other minerals than stibnite, fume that condenses as leakage air cools the gas (a warning).
    Limits: conversion 0 leaves the minerals as they are; no excess air leaves no free oxygen.
    """

    feed: Inlet
    air: Supply
    fuel: Supply
    calcine: Outlet
    gas: Outlet

    mode: Literal["dead", "volatilising"]
    """Whether antimony is to stay in the calcine or to leave with the gas."""
    furnace: Furnace | None = None
    """Type of furnace, whose usual excess_air, leakage_air, heat_loss, antimony_volatilised and
    dust_carry_over are taken where they are not given, and whose limits are watched; the numbers
    with ranges and sources are in ``furnace_types.toml``."""
    heat_balance: Literal["given", "solved_fuel", "solved_temperature"] = "given"
    """Whether temperature and fuel are both given, or one follows from the heat balance."""
    temperature: Temperature | None = None
    """Temperature of the charge and of the gas above it, T; none where it is solved."""
    fuel_ratio: Ratio | None = None
    """Fixed carbon drawn as fuel, kg per kg of dry solids fed; none where it is solved, else 0."""
    excess_air: Ratio | None = None
    """Air beyond the stoichiometric demand of all reactions, over that demand; needed unless a
    furnace is named."""
    leakage_air: Ratio | None = None
    """Air of 21 % O2 at 25 degC drawn in behind the bed, over the same demand. Default 0; plants
    come to 0.5 to 3 % SO2 by it (quoted from memory)."""
    conversion: Literal["given", "predicted"] = "given"
    """Whether the conversion of stibnite is given or found by (5)."""
    sulphide_conversion: PerSpecies[Fraction] = 0.98
    """Share of each sulphide, and of native Sb, As and S, that is oxidised. Default assumed;
    95 to 99.5 % of the sulphur is eliminated in practice."""
    oxidation_rate: PerTime = default("0.05 1/min")
    """Rate k_ref at 450 degC, in air of 21.3 kPa O2, of a particle of 75 um: one over the time it
    takes to burn through. Default assumed, range 0.01 to 0.3 1/min: fit it to a test."""
    particle_size: ParticleSize = default("75 um")
    """Diameter of the stibnite particles, d. Default assumed."""
    residence_time: Time | None = None
    """Time of the solids in the furnace, t; needed where the conversion is predicted."""
    solids_mixing: Literal["plug", "mixed"] = "plug"
    """Whether all solids stay equally long (kiln, hearth) or are mixed (fluid bed)."""
    oxygen_seen: Literal["mean", "leaving"] = "mean"
    """Oxygen pressure p of (5): mean of air and leaving gas, or that of well-mixed gas."""
    volatilisation: Literal["unit", "given", "batch"] = "unit"
    """Whether f follows from ``antimony_volatilised`` at the temperature and oxygen at which it was
    reached, is given, or is a line in temperature through batch tests with free oxygen (20 % at
    700, 60 % at 900 degC; Padilla 2010, abstract)."""
    antimony_volatilised: Fraction | None = None
    """Share of the antimony trioxide the gas could hold that evaporates. Default 0 in a dead
    roast, else of the furnace, else 0.95 (assumed, good units 0.90 to 0.97)."""
    volatilised_at: Temperature = default("950 degC")
    """Temperature at which ``antimony_volatilised`` was reached, T_0. Assumed, 850 to 1100 degC."""
    volatilised_in_oxygen: Fraction = 0.05
    """Oxygen in the gas of the bed there, x_0. Default assumed, range 0.01 to 0.10."""
    oxygen_of_half_rate: PositiveRatio = 0.10
    """Free oxygen, as a volume fraction, that halves the rate, h. Default assumed, range 0.03 to
    0.3: above 10 % inhibits (Zhong 2017)."""
    antimony_to_tetroxide: Fraction = 1.0
    """Share of the antimony oxide left behind that is Sb2O4, t. Default assumed: Sb2O4 is the
    stable oxide wherever oxygen is free below about 1050 degC; 0 leaves Sb2O3."""
    arsenic_volatilised: Fraction = 0.85
    """Share of the oxidised arsenic that leaves as As4O6. Default assumed, range 0.80 to 0.95;
    10 to 30 % of that of arsenopyrite is fixed as arsenate in excess air (assumed)."""
    carbonate_decomposition: Fraction | None = None
    """Share of calcite and dolomite that loses its CO2. Default 0 in a dead roast, 1 in a
    volatilising one: calcite decomposes in air above about 700 degC."""
    sulphation: Fraction = 0.0
    """Share of lime, calcite and soda that takes up SO2 and oxygen to sulphate, where there is
    SO2. Default assumed; up to 1 below about 800 degC where lime is added to hold sulphur."""
    lead_fumed: Fraction = 0.0
    """Share of PbO and PbS that leaves with the gas as fume, besides dust. Default assumed; 0.1 to
    0.8 when volatilising."""
    fuel_ash: Fraction = 0.0
    """Ash of the fuel, as SiO2, over fuel as drawn. Default assumed; coke 0.1 to 0.15."""
    dust_carry_over: PerSpecies[Fraction] | None = None
    """Share of each solid of the calcine carried out with the gas. Default of the furnace, else
    0.05 (assumed, kiln or hearth 0.03 to 0.10; fluid bed 0.2 to 0.4)."""
    heat_loss: Fraction | None = None
    """Heat lost through walls over the heat of reaction at 25 degC, fuel included. Default of the
    furnace, else 0.2 (assumed, range 0.1 to 0.3); not used where temperature and fuel are given."""
    feed_temperature: Temperature = default("25 degC")
    """Temperature at which the heat balance takes the feed to arrive."""
    air_temperature: Temperature = default("25 degC")
    """Temperature of the air through the bed, with preheat."""
    oxygen_in_air: Fraction = 0.21
    """Volume fraction of O2 in the dry air through the bed; the rest is N2. Up to 1."""
    pressure: Pressure = default("101325 Pa")
    """Total pressure of the gas, P."""

    def check(self) -> None:
        """Refuse what contradicts itself, a temperature outside every roast, and no air."""
        self._check_heat()
        if self.excess_air is None and self.furnace is None:
            raise InputError(
                "excess_air is not given; give a ratio such as 0.5, or a furnace, which has one"
            )
        if self.oxygen_in_air == 0.0:
            raise InputError("oxygen_in_air of 0 roasts nothing; air has 0.21")
        if self.fuel_ash == 1.0:
            raise InputError("fuel_ash of 1 leaves no carbon to burn; coke has 0.1 to 0.15")
        self._check_conversion()
        self._check_volatilisation()

    def _check_heat(self) -> None:
        solved = self.heat_balance
        if solved == "solved_temperature" and self.temperature is not None:
            raise InputError(
                f"temperature of {self.temperature - 273.15:.0f} degC is given, but heat_balance "
                f"'solved_temperature' finds it; leave one out"
            )
        if solved != "solved_temperature" and self.temperature is None:
            raise InputError(
                f"temperature is not given, which heat_balance '{solved}' needs; give one, or let "
                f"'solved_temperature' find it"
            )
        if solved == "solved_fuel" and self.fuel_ratio is not None:
            raise InputError(
                f"fuel_ratio of {self.fuel_ratio:g} is given, but heat_balance 'solved_fuel' finds "
                f"it; leave one out"
            )
        if self.heat_loss is not None and self.heat_loss > 0.9:
            raise InputError(f"heat_loss of {self.heat_loss:g} heats no charge; use 0.1 to 0.3")
        for name in ("feed_temperature", "air_temperature"):
            warm = getattr(self, name) - 273.15
            if not -20.01 <= warm <= 1300.01:
                raise InputError(f"{name} of {warm:.0f} degC is outside -20 to 1300 degC")
        if self.temperature is None:
            return
        celsius = self.temperature - 273.15
        if not 299.99 <= celsius <= 1500.01:
            raise InputError(
                f"temperature of {celsius:.0f} degC is outside 300 to 1500 degC; use 350 to "
                f"500 degC for a dead roast, 850 to 1100 degC for a volatilising one"
            )

    def _check_conversion(self) -> None:
        named = getattr(self.sulphide_conversion, "by_name", {})
        if self.conversion == "given":
            if self.residence_time is not None:
                raise InputError(
                    "residence_time is given, but conversion is 'given' too; leave one out, or "
                    "set conversion = 'predicted'"
                )
            return
        if "Sb2S3" in named:
            raise InputError(
                f"sulphide_conversion of Sb2S3 of {named['Sb2S3']:g} is given, but conversion "
                f"'predicted' finds it; leave one out"
            )
        if self.residence_time is None:
            raise InputError(
                "residence_time is not given, which conversion 'predicted' needs; "
                "give e.g. '60 min'"
            )

    def _check_volatilisation(self) -> None:
        volatilised = self.antimony_volatilised
        if self.mode == "dead" and (volatilised or 0.0) > 0.1:
            raise InputError(
                f"antimony_volatilised of {volatilised:g} is no dead roast; give 0 to 0.1, or "
                f"mode 'volatilising'"
            )
        if self.volatilisation == "batch" and volatilised is not None:
            raise InputError(
                f"antimony_volatilised of {volatilised:g} is given, but volatilisation 'batch' "
                f"finds it; leave one out"
            )
        if self.volatilisation == "batch" and self.mode == "dead":
            raise InputError("volatilisation 'batch' is for mode 'volatilising'")

    def required_species(self) -> Iterable[str]:
        """Air, and fuel where it is burnt; products are asked for as their minerals are present."""
        fired = self.fuel_ratio or self.heat_balance == "solved_fuel"
        ash = ("SiO2",) if fired and self.fuel_ash else ()
        return ("O2", "N2", *(("C", "CO2") if fired else ()), *ash)

    def is_linear(self) -> bool:
        """Where all conversions and shares are given and no gas can be saturated or used up."""
        return (
            self.mode == "dead"
            and not self.antimony_volatilised
            and self.heat_balance == "given"
            and self.conversion == "given"
            and not self.sulphation
        )

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Burn the charge, volatilise and oxidise its antimony, and part calcine from gas."""
        return outlets(roast(feed, p), with_defaults(p))

    def refusals(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """A temperature found at which this is no roast."""
        return roaster_report.refusals(flows, p)

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:
        """Calcine leaves at that of the charge, the gas cooled by leakage."""
        return port_temperatures(roast(flows["feed"], p), flows["gas"], with_defaults(p))

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Gas strength and volume, oxygen, what left the solids, and heat where it was solved."""
        return roaster_report.figures(flows, p)

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """What leaves the range of the model, or looks wrong to a metallurgist."""
        return roaster_report.warnings(flows, p)
