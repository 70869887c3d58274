"""Reduction smelting of antimony oxide to crude metal with carbon (or iron) under a slag."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow, flow_of
from flowsheet.core.parameters import (
    Area,
    Count,
    Fraction,
    MassFlux,
    PerElement,
    PerSpecies,
    PositiveRatio,
    Ratio,
    Temperature,
    default,
)
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, UnitOp
from unitops.smelting.combustion import burnt
from unitops.smelting.furnace_heat import heat_figures
from unitops.smelting.furnace_practice import FurnaceKind
from unitops.smelting.reductant import ReductantKind, check_reduces, is_carbon
from unitops.smelting.reduction_bath import smelted, soda_by_ratio
from unitops.smelting.reduction_report import figures_of, warnings_of
from unitops.smelting.reduction_settings import settled
from unitops.smelting.slag_fluxes import (
    check_target,
    flux_species,
    is_fluxed,
    missed_targets,
    to_target,
)


class ReductionFurnace(UnitOp):
    """Reduce antimony oxide to crude metal under a slag, at 900 to 1200 degC.

    Antimony above Sb(III), arsenate and Fe(III) first become Sb2O3, As2O3 and FeO. Of the oxides,
    given fractions are then reduced to metal; every oxygen atom removed leaves with carbon:

        MO_n + n C -> M + n CO    and    MO_n + n/2 C -> M + n/2 CO2                (1)
        n_C = n_O / (2 - x),      x = CO / (CO + CO2) by volume                     (2)
        x given, or from C + CO2 -> 2 CO at the furnace's temperature and 1 bar     (3)
        fixed carbon drawn = (1 + e) * n_C                                          (4)
        MO_n + n Fe -> M + n FeO                      (iron as the reductant)       (5)
        Na2CO3 -> Na2O + CO2,     CaCO3 -> CaO + CO2                                (6)
        Sb2S3 + 3 Na2O + 3 C -> 2 Sb + 3 Na2S + 3 CO  (share sulphide_by_soda)      (7)
        CO + 1/2 O2 -> CO2 over the bath, fuel + O2 -> CO2, with air drawn          (8)

    Whether a reductant can reduce Sb2O3 is computed at the furnace's temperature (module
    ``reductant``): copper cannot, +154 kJ at 1200 K; carbon cannot below about 705 K.

    Slag: ``soda_ratio`` alone; or the least flux of iron ore, lime, silica and soda that gives the
    slag a composition, by the equations of ``slag_target``. Where the charge already holds too
    much of one oxide, the others are raised to match. Antimony stays in the slag as a share of what
    is charged, or as a grade of the slag.

    Practice of four kinds of furnace, with sources: ``furnace_practice.csv``; what of temperature,
    soda, fume, hearth load, fuel and burning is not given is taken from there. Main source:
    Chinese design code GB 51445-2021, 5.11 (charge above 75 % Sb and below 5 % As, reductant above
    80 % fixed carbon, crude above 95 % Sb, secondary oxide below 20 % of the charge).

    Fume: Sb2O3 and As2O3 that evaporate leave in ``gas`` as vapour,

        Sb2O3 -> 1/2 Sb4O6(g),     As2O3 -> 1/2 As4O6(g)                            (9)

    to be cooled, caught in a dust collector and returned. Where the flowsheet's species lack
    Sb4O6(g), Sb2O3 leaves as solid dust in the gas, likewise As2O3 without As4O6(g): what follows
    then sees no vapour that a collector lets pass, and a warning says so.

    Where the rest goes: metals charged as metal settle into ``metal``. Of Sb2S3 a share
    dissolves in the metal; of the other sulphides, and of each metal, a share leaves as ``matte``
    (FeS, Na2S; speiss of Fe and As). All other solids and salts, and carbon that is in the feed or
    in excess, go to the slag. Soda is reported as Na2O bound in the slag.

    Assumptions: ash is SiO2; volatile matter is not in the balance, only in what is bought; fuel is
    carbon, its ash does not reach the slag. Iron is drawn so that, beyond (5), ``iron_to_metal`` of
    it dissolves in the metal. Heat follows from the temperatures of what leaves.
    Not modelled: rates, dust carried over, evaporation of lead and zinc, slag-metal equilibrium.
    Limits: no oxide, no reductant; ``antimony_to_fume`` + ``antimony_to_slag`` = 1 makes no
    antimony. Every oxide on the slate needs its products there too.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.streams.feed import Feed
    >>> furnace = ReductionFurnace(
    ...     feed="oxide", reductant="coke", flux="soda", fuel="coal", air="air",
    ...     metal="crude", matte="matte", slag="slag", gas="off_gas",
    ... )
    >>> plant = Flowsheet(
    ...     species=[
    ...         *("Sb2O3", "Sb4O6(g)", "Sb", "SiO2", "C", "CO", "CO2", "O2", "N2"),
    ...         *("Na2CO3", "Na2O"),
    ...     ],
    ...     units={
    ...         "oxide": Feed(outlet="oxide", flow="1 t/h", composition={"Sb2O3": "98 %"},
    ...                       remainder="SiO2"),
    ...         "furnace": furnace,
    ...     },
    ... )
    >>> solution = solve(plant)
    >>> f"{solution.recovery('Sb', to='crude').magnitude:.1f} %"
    '91.0 %'
    """

    feed: Inlet
    reductant: Supply
    flux: Supply
    fuel: Supply
    air: Supply
    metal: Outlet
    matte: Outlet
    slag: Outlet
    gas: Outlet

    furnace: FurnaceKind = "reverberatory"
    """What stands for settings that are not given: see ``furnace_practice.csv``."""
    temperature: Temperature | None = None
    """Of the bath, T; metal, matte, slag and gas leave with it. Default by furnace."""
    gas_temperature: Temperature | None = None
    """Of the off-gas, where it is not that of the bath."""
    feed_temperature: Temperature = default("25 degC")
    """Of the charge, for the heat in the figures."""

    reductant_kind: ReductantKind = "coke"
    """``coke``, ``coal`` or ``charcoal``, equation (1), or ``iron``, equation (5)."""
    reductant_fixed_carbon: Fraction | None = None
    """Fixed carbon of the dry reductant. Default coke 85 %, coal 81 %, charcoal 80 % (assumed;
    GB 51445-2021 asks for more than 80 %)."""
    reductant_volatile_matter: Fraction | None = None
    """Volatile matter of the dry reductant, which drives off and reduces nothing; the rest is ash.
    Default coke 2 %, coal 7 %, charcoal 17 %, or nothing where fixed carbon is given; assumed."""
    gas_composition: Literal["given", "equilibrium"] = "given"
    """Whether x of (2) is ``carbon_monoxide_fraction``, or follows from (3)."""
    carbon_monoxide_fraction: Fraction = default("50 %")
    """CO / (CO + CO2) of the gas made, x. Assumed, range 0.2 to 1: with fixed carbon of 85 % it
    gives 9.7 % reductant on Sb2O3, inside the 8 to 12 % usual in reverberatories (from memory)."""
    carbon_excess: Ratio = 0.0
    """Fixed carbon beyond (2), e; it goes to the slag unburnt. Assumed, range 0 to 0.5."""

    soda_ratio: Ratio | None = None
    """Na2CO3 per dry solids of the feed, kg/kg. Default by furnace; 0 where the target of the slag
    names Na2O."""
    slag_target: PerSpecies[Fraction] = 0.0
    """Mass fractions of FeO, SiO2, CaO, Na2O (those named) in the slag they make up together;
    antimony and other oxides come on top. Default: no target."""
    iron_to_silica: PositiveRatio | None = None
    """Fe / SiO2 of the slag by mass, instead of ``slag_target``. 1.1 published (direct smelting of
    jamesonite, Trans. Nonferrous Met. Soc. China 2020, abstract)."""
    lime_to_silica: PositiveRatio | None = None
    """CaO / SiO2 of the slag by mass, instead of ``slag_target``. 0.9 published, same source."""
    soda_to_silica: PositiveRatio | None = None
    """Na2O / SiO2 of the slag by mass, instead of ``slag_target``. Assumed, range 0.3 to 1."""
    iron_flux: Literal["Fe2O3", "FeO", "none"] = "Fe2O3"
    """Iron offered as flux: ore, scale, or none."""
    lime_flux: Literal["CaCO3", "CaO", "none"] = "CaCO3"
    """Lime offered as flux: limestone, burnt lime, or none."""
    silica_flux: Literal["SiO2", "none"] = "SiO2"
    """Silica offered as flux."""

    antimony_to_fume: Fraction | None = None
    """Of the antimony charged as oxide, what evaporates, (9). Default by furnace, 5 to 13 %."""
    antimony_to_slag: Fraction | None = None
    """Of the antimony charged as oxide, what the slag keeps as Sb2O3. Default 1 %; assumed, range
    0.2 to 5 %."""
    antimony_in_slag: Fraction | None = None
    """Mass fraction of antimony in the slag, instead of a share. 3 to 10 % from memory; 0.97 %
    under a soda-iron slag (abstract); about 15 % in old soda smelting (Wang 1919, p. 107)."""
    arsenic_to_metal: Fraction = default("60 %")
    """Of the arsenic charged as oxide, what is reduced to metal. Assumed, range 40 to 80 %."""
    arsenic_to_fume: Fraction = default("30 %")
    """Of the arsenic charged as oxide, what evaporates, (9); the rest stays in the slag.
    Assumed, range 10 to 50 %."""
    lead_to_metal: Fraction = default("95 %")
    """Of PbO, what is reduced into the metal; the rest stays in the slag. Assumed, 90 to 99 %."""
    iron_to_metal: Fraction = default("3 %")
    """Of iron charged as oxide (with iron as reductant: of the iron drawn), what ends in the metal.
    Assumed, range 0.5 to 10 %."""
    other_metals_to_metal: PerElement[Fraction] = 0.97
    """Of Cu, Bi, Sn oxide and of Cu, Bi, Ni, Sn, Ag, Au metal, what the metal collects; the rest
    stays in the slag. Assumed, range 95 to 99.5 %."""
    reduced_to_matte: PerElement[Fraction] = 0.0
    """Of each metal that was reduced or charged, what leaves with matte and speiss instead. Zero
    where none separates; arsenic 30 to 60 % where a speiss does (assumed)."""
    sulphide_to_metal: Fraction = default("30 %")
    """Of Sb2S3 in the feed, what dissolves in the metal. Assumed, range 0 to 60 %; crude metal
    from oxide carries 0.1 to 1 % S."""
    sulphide_by_soda: Fraction = default("0 %")
    """Of the other Sb2S3, what (7) reduces, with soda drawn for it. Assumed, 0 to 90 %."""
    sulphide_to_matte: Fraction = default("0 %")
    """Of sulphides that are left, what separates as matte. A little sulphide dissolves in soda
    slag: 0; 80 to 95 % where there is much (assumed)."""

    carbon_monoxide_burnt: Fraction | None = None
    """Of the CO from the bath, what burns above it, (8). Default by furnace, 1 or 0."""
    fuel_ratio: Ratio | None = None
    """Fuel carbon burnt per dry solids of the feed, kg/kg. Default by furnace: 0 but for the
    water-jacket furnace."""
    excess_air: Ratio = 0.1
    """Air beyond what burns, over that. Assumed, range 0.05 to 0.3."""
    thermal_efficiency: Fraction = default("25 %")
    """Of the heat of coal, what reaches the bath, for the coal in the figures. Assumed, 15 to
    35 % in coal-fired reverberatories."""
    hearth_load: MassFlux | None = None
    """Charge per hearth area and time. Default by furnace, 1.25 t/(m2 d) (GB 51445-2021: 1.0 to
    1.5 on a hearth above 10 m2); none for rotary and bath furnaces."""
    largest_hearth: Area = default("20 m^2")
    """Largest usual hearth of one furnace, for their number. Assumed, range 10 to 30 m^2."""
    furnaces: Count = 1
    """Least number of furnaces that share the charge; where ``largest_hearth`` asks for more,
    these share it."""

    def check(self) -> None:
        """Refuse shares above the whole, what does not reduce, and a target that no flux meets."""
        given = settled(Parameters(dict(self)))
        for pair in (
            ("antimony_to_fume", "antimony_to_slag"),
            ("arsenic_to_metal", "arsenic_to_fume"),
            ("reductant_fixed_carbon", "reductant_volatile_matter"),
        ):
            total = sum(getattr(given, name) for name in pair)
            if total > 1.0 + 1e-12:
                raise InputError(f"{' + '.join(pair)} is {total:.3g}; they share at most 1")
        check_reduces(self.reductant_kind, given.temperature)
        if self.reductant_fixed_carbon == 0.0:
            raise InputError("reductant_fixed_carbon of 0 leaves no reductant; give e.g. 85 %")
        if self.thermal_efficiency == 0.0:
            raise InputError("thermal_efficiency of 0 heats nothing; give e.g. 25 %")
        by_iron = not is_carbon(self.reductant_kind)
        if by_iron and self.carbon_excess > 0.0:
            raise InputError("carbon_excess means nothing with iron; leave it out")
        if by_iron and self.iron_to_metal == 1.0:
            raise InputError("iron_to_metal of 1 leaves no iron to reduce with; give less")
        check_target(self, given)

    def required_species(self) -> Iterable[str]:
        """What is always made or drawn; the oxides of other metals need their metals too."""
        p = settled(Parameters(dict(self)))
        always = ["Sb2O3", "Sb", "Na2CO3", "Na2O", "CO2", *flux_species(self)]
        if not is_carbon(self.reductant_kind):
            always += ["Fe", "FeO"]
        else:
            always += ["C", "CO"]
            ash = p.reductant_fixed_carbon + p.reductant_volatile_matter < 1.0
            always += ["SiO2"] if ash else []
        if p.carbon_monoxide_burnt > 0.0 or p.fuel_ratio > 0.0:
            always += ["C", "O2", "N2"]
        return dict.fromkeys([*always, *(["Na2S"] if self.sulphide_by_soda > 0.0 else [])])

    def is_linear(self) -> bool:
        """Unless the slag is held to a composition or a grade: then the least flux has corners."""
        return self.antimony_in_slag is None and not is_fluxed(self)

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Flux and reduce the charge, share it out, and burn what burns above the bath."""
        p = settled(p, feed.slate)
        soda = soda_by_ratio(feed, p)
        if p.antimony_in_slag is None and not is_fluxed(p):
            fluxes, kept = soda, p.antimony_to_slag
        else:
            fluxes, kept = to_target(feed, soda, p)
        bath = smelted(feed, fluxes, kept, p)
        fuel = feed * 0.0
        if np.count_nonzero(p.fuel_ratio):
            fuel = flow_of(feed.slate, {"C": p.fuel_ratio * feed.solids.total()})
        gas, air = burnt(bath.gas, fuel, p.carbon_monoxide_burnt, p.excess_air)
        return {
            "reductant": bath.reductant,
            "flux": fluxes,
            "fuel": fuel,
            "air": air,
            "metal": bath.metal,
            "matte": bath.matte,
            "slag": bath.slag,
            "gas": gas,
        }

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:  # noqa: ARG002
        """Metal, matte and slag as warm as the bath; the charge as the figures count it."""
        p = settled(p)
        bath = dict.fromkeys(("metal", "matte", "slag"), p.temperature)
        return {**bath, "gas": p.gas_temperature, "feed": p.feed_temperature}

    def refusals(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Per scenario, an oxide of which the slag holds more than its target says."""
        return missed_targets(self, flows["slag"], p)

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Recoveries, slag, reagents per tonne of metal, hearth, and heat."""
        p = settled(p)
        heat = heat_figures(self, flows, self.temperatures(flows, p), p.thermal_efficiency, "metal")
        return (*figures_of(flows, p), *heat)

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Charge, settings and products outside what the design code and practice cover."""
        return warnings_of(flows, settled(p, flows["feed"].slate))
