"""Cleaning of antimony slag: its antimony reduced to metal, or fumed off as oxide."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow, flow_of
from flowsheet.core.formula import parse_formula
from flowsheet.core.parameters import Fraction, Ratio, Temperature, default
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, UnitOp
from flowsheet.core.vapour_pressure import antimony_trioxide_vapour_pressure
from unitops.smelting.combustion import burnt
from unitops.smelting.furnace_heat import heat_figures
from unitops.smelting.reductant import ReductantKind, check_reduces, is_carbon
from unitops.smelting.reduction_bath import ash_per_carbon, monoxide_fraction, smelted
from unitops.smelting.reduction_report import grade, solid_fume
from unitops.smelting.slag_target import CarbonResidue, SlagTarget, target_weights
from unitops.smelting.smelting_reactions import COLLECTED

_METHODS: Mapping[str, Mapping[str, float]] = {
    "reduction": {
        "temperature": 1473.15,
        "antimony_to_fume": 0.15,
        "sulphide_to_fume": 0.2,
        "iron_to_metal": 0.005,
        "fuel_ratio": 0.0,
    },
    "fuming": {
        "temperature": 1523.15,
        "antimony_to_fume": 0.95,
        "sulphide_to_fume": 0.9,
        "iron_to_metal": 0.0,
        "fuel_ratio": 0.2,
    },
}
"""Defaults by method; all assumed, see the parameters."""
_CLEAN = 0.01
_ATMOSPHERE = 101325.0


class SlagCleaning(UnitOp):
    """Take antimony out of a slag down to a grade, as metal (``reduction``) or fume (``fuming``).

    Antimony above Sb(III), arsenate and Fe(III) become Sb2O3, As2O3 and FeO as in
    ``ReductionFurnace``. Of the Sb2O3 then there the part y stays; of what leaves, the share v
    evaporates and the rest is reduced by carbon or iron:

        Sb2O3 + 3 C -> 2 Sb + 3 CO,    Sb2O3 + 3/2 C -> 2 Sb + 3/2 CO2              (1)
        Sb2O3 + 3 Fe -> 2 Sb + 3 FeO                                                (2)
        0.8353 y + n = g T        (Sb of the cleaned slag T at its grade g)         (3)

    T holds the ash of the carbon that (1) takes, or the FeO of (2), and n is antimony that is not
    oxide; y follows in closed form (module ``slag_target``). Or ``recovery`` gives y.

    Practice: soda-iron slag left with 0.97 % Sb (bath smelting of oxide, abstract), below 1 % Sb
    after reduction of slag from bottom blowing (Liu 2014, abstract); 0.5 to 1 % is a usual aim.
    Metals that the slag carries as prills settle into ``metal``. Whether the reductant reduces is
    computed at the temperature. Sb2S3 evaporates in part; the rest stays: give it iron before.

    Oxide that evaporates leaves as Sb4O6(g) and As4O6(g). Where the flowsheet's species lack
    Sb4O6(g), it leaves as solid Sb2O3 in the gas, likewise As2O3 without As4O6(g): a cooler or
    filter behind then sees no vapour, and a warning says so.

    Assumptions: oxides of lead, copper, bismuth and tin follow ``others_to_metal``; fuel is carbon
    and burns with its air; ash of it is not counted. A slag below the grade is left as it is.
    Not modelled: rates (a grade below 0.5 % takes hours), saturation of the gas, about which a
    warning says how far it is from it; iron drawn beyond (2).

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.streams.feed import Feed
    >>> cleaning = SlagCleaning(
    ...     feed="slag", reductant="coke", fuel="coal", air="air",
    ...     metal="metal", slag="cleaned", gas="gas",
    ... )
    >>> plant = Flowsheet(
    ...     species=[
    ...         *("Sb2O3", "Sb4O6(g)", "Sb", "SiO2", "FeO", "Fe", "C", "CO", "CO2", "O2", "N2"),
    ...     ],
    ...     units={
    ...         "slag": Feed(outlet="slag", flow="1 t/h", remainder="SiO2",
    ...                      composition={"Sb2O3": "12 %", "FeO": "40 %"}),
    ...         "cleaning": cleaning,
    ...     },
    ... )
    >>> f"{solve(plant)['cleaned'].grade('Sb').magnitude:.2f} %"
    '1.00 %'
    """

    feed: Inlet
    reductant: Supply
    fuel: Supply
    air: Supply
    metal: Outlet
    slag: Outlet
    gas: Outlet

    method: Literal["reduction", "fuming"] = "reduction"
    """Whether the antimony is to leave as metal or as fume."""
    antimony_in_slag: Fraction | None = None
    """Mass fraction of antimony in the cleaned slag, g. Default 1 %, where no recovery is given;
    0.5 to 1 % is a usual aim, below 1 % published."""
    recovery: Fraction | None = None
    """Of the antimony that is oxide, what leaves the slag, instead of a grade."""
    antimony_to_fume: Fraction | None = None
    """Of the antimony that leaves the slag, what evaporates, v. Default 15 % in reduction (assumed,
    5 to 30 %), 95 % in fuming (assumed, 85 to 99 %)."""
    sulphide_to_fume: Fraction | None = None
    """Of Sb2S3 in the slag, what evaporates. Default 20 % in reduction, 90 % in fuming; assumed."""
    temperature: Temperature | None = None
    """Of the bath. Default 1200 degC in reduction, 1250 degC in fuming; assumed, 1100 to 1300."""
    feed_temperature: Temperature = default("25 degC")
    """Of the slag as charged, for the heat in the figures; 1100 to 1200 degC where it is molten."""

    reductant_kind: ReductantKind = "coke"
    """``coke``, ``coal``, ``charcoal`` by (1), or ``iron`` by (2)."""
    reductant_fixed_carbon: Fraction = default("85 %")
    """Fixed carbon; the rest is ash, as SiO2. GB 51445-2021 asks for more than 80 %."""
    gas_composition: Literal["given", "equilibrium"] = "given"
    """Whether CO / (CO + CO2) is given, or that of equilibrium with carbon."""
    carbon_monoxide_fraction: Fraction = default("70 %")
    """CO / (CO + CO2) of the gas from (1). Assumed, range 0.5 to 1: little oxide is left."""
    carbon_excess: Ratio = 0.2
    """Fixed carbon beyond (1), which stays in the slag. Assumed, range 0 to 1."""
    arsenic_to_metal: Fraction = default("40 %")
    """Of arsenic as oxide, what is reduced to metal. Assumed, range 20 to 60 %."""
    arsenic_to_fume: Fraction = default("50 %")
    """Of arsenic as oxide, what evaporates; the rest stays. Assumed, range 30 to 80 %."""
    iron_to_metal: Fraction | None = None
    """Of iron oxide (with iron as reductant: of the iron drawn), what ends in the metal. Default
    0.5 % in reduction (assumed, 0 to 2 %: metal of less than 3 % Fe is published), 0 in fuming."""
    others_to_metal: Fraction = default("95 %")
    """Of the oxides of Pb, Cu, Bi, Sn, what is reduced to metal, and of prills of Cu, Bi, Ni, Sn,
    Ag, Au in the slag, what settles. Assumed, range 80 to 99 %."""
    fuel_ratio: Ratio | None = None
    """Fuel carbon burnt per dry slag, kg/kg. Default 0 in reduction; 0.2 in fuming (assumed, 0.15
    to 0.30, as zinc slag is fumed)."""
    carbon_monoxide_burnt: Fraction = 1.0
    """Of the CO, what burns above the bath. Assumed."""
    excess_air: Ratio = 0.1
    """Air beyond what burns, over that. Assumed, range 0.05 to 0.3."""
    thermal_efficiency: Fraction = default("30 %")
    """Of the heat of coal, what reaches the bath, for the coal in the figures. Assumed."""

    def check(self) -> None:
        """Refuse a grade beside a recovery, and what cannot reduce."""
        if self.antimony_in_slag is not None and self.recovery is not None:
            raise InputError("antimony_in_slag and recovery say the same twice; give one of them")
        if (self.antimony_in_slag or 0.0) > 0.5:
            raise InputError(
                f"antimony_in_slag of {self.antimony_in_slag:.0%} is no clean slag; give 0.5 to 2 %"
            )
        total = self.arsenic_to_metal + self.arsenic_to_fume
        if total > 1.0 + 1e-12:
            raise InputError(
                f"arsenic_to_metal + arsenic_to_fume is {total:.3g}; they share at most 1"
            )
        if self.reductant_fixed_carbon == 0.0:
            raise InputError("reductant_fixed_carbon of 0 leaves no reductant; give e.g. 85 %")
        if self.thermal_efficiency == 0.0:
            raise InputError("thermal_efficiency of 0 heats nothing; give e.g. 30 %")
        if self.reductant_kind == "iron" and self.iron_to_metal == 1.0:
            raise InputError("iron_to_metal of 1 leaves no iron to reduce with; give less")
        check_reduces(self.reductant_kind, _settled(Parameters(dict(self))).temperature)

    def required_species(self) -> Iterable[str]:
        """What reduces, what is made, and what burns."""
        p = _settled(Parameters(dict(self)))
        names = ["Sb2O3", "Sb"]
        by_carbon = is_carbon(self.reductant_kind)
        names += ["C", "CO", "CO2"] if by_carbon else ["Fe", "FeO"]
        names += ["SiO2"] if by_carbon and self.reductant_fixed_carbon < 1.0 else []
        burning = p.fuel_ratio > 0.0 or (by_carbon and p.carbon_monoxide_burnt > 0.0)
        return [*names, *(["C", "CO2", "O2", "N2"] if burning else [])]

    def is_linear(self) -> bool:
        """With a recovery; a grade is no demand on a slag that is below it already."""
        return self.recovery is not None

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Evaporate sulphide, find what stays, reduce and fume the rest, and burn the gas."""
        p = _settled(p)
        evaporated = feed.only("Sb2S3") * p.sulphide_to_fume
        charge, nothing = feed - evaporated, feed * 0.0
        kept = 1.0 - p.recovery if p.recovery is not None else _kept(charge, nothing, p)
        bath = smelted(charge, nothing, kept, _with_fume(p, kept))
        fuel = nothing
        if np.count_nonzero(p.fuel_ratio):
            fuel = flow_of(feed.slate, {"C": p.fuel_ratio * feed.solids.total()})
        gas, air = burnt(bath.gas, fuel, p.carbon_monoxide_burnt, p.excess_air)
        return {
            "reductant": bath.reductant,
            "fuel": fuel,
            "air": air,
            "metal": bath.metal,
            "slag": bath.slag,
            "gas": gas + evaporated,
        }

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:  # noqa: ARG002
        """Everything leaves as warm as the bath."""
        p = _settled(p)
        warm = dict.fromkeys(("metal", "slag", "gas"), p.temperature)
        return {**warm, "feed": p.feed_temperature}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Grades, recovery, reductant per tonne of slag, and heat."""
        feed, slag, metal = flows["feed"], flows["slag"], flows["metal"]
        fed, charged = feed.element("Sb"), feed.solids.total()
        gone = metal.element("Sb") + flows["gas"].element("Sb")
        return (
            Figure(grade(slag, "Sb"), "%", "Sb in cleaned slag"),
            Figure(ratio(gone, fed), "%", "antimony recovered"),
            Figure(ratio(metal.element("Sb"), fed), "%", "antimony to metal"),
            Figure(ratio(flows["gas"].element("Sb"), fed), "%", "antimony to fume"),
            Figure(grade(metal, "Sb"), "%", "Sb in metal"),
            Figure(grade(metal, "Fe"), "%", "Fe in metal"),
            Figure(ratio(flows["reductant"].total(), charged), "kg/t", "reductant per slag"),
            Figure(ratio(flows["fuel"].total(), charged), "kg/t", "fuel carbon per slag"),
            *heat_figures(self, flows, self.temperatures(flows, p), p.thermal_efficiency, "feed"),
        )

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """A grade not reached, or below what is known, and a gas that cannot hold the fume."""
        if first(flows["feed"].solids.total()) == 0.0:
            return ()
        p = _settled(p)
        left, fed = first(grade(flows["slag"], "Sb")), first(grade(flows["feed"].solids, "Sb"))
        lines = []
        if p.recovery is None and left > first(p.antimony_in_slag) + 1e-6:
            lines.append(
                f"cleaned slag holds {left:.2%} Sb, not the {first(p.antimony_in_slag):.2%} asked "
                f"for: the rest is sulphide; reduce it with iron or soda first"
            )
        if p.recovery is None and fed < first(p.antimony_in_slag):
            lines.append(f"the slag holds {fed:.2%} Sb already: there is nothing to clean")
        if left < 0.003:
            lines.append(f"cleaned slag holds {left:.2%} Sb; 0.5 to 1 % is what practice reaches")
        iron = first(grade(flows["metal"], "Fe"))
        if iron > 0.2:
            lines.append(f"metal holds {iron:.0%} Fe; below about 3 % is usual: reduce less")
        return [*lines, *_saturation(flows["gas"], p), *solid_fume(flows["gas"])]


def _saturation(gas: Flow, p: Parameters) -> list[str]:
    """How the fume compares with what the gas can hold as Sb4O6."""
    vapour = gas.moles("Sb4O6(g)") + 0.5 * gas.moles("Sb2O3")
    share = first(ratio(vapour, vapour + gas.dry_gas()))
    most = first(antimony_trioxide_vapour_pressure(p.temperature) / _ATMOSPHERE)
    if share <= most:
        return []
    return [
        f"the fume would be {share:.0%} Sb4O6 of the gas, which holds {most:.0%} at "
        f"{first(p.temperature) - 273.15:.0f} degC; burn more fuel, or take less to the fume"
    ]


def _kept(charge: Flow, nothing: Flow, p: Parameters) -> Array:
    """Share of the Sb2O3 that brings the slag to its grade, at most all of it."""
    bare = smelted(charge, nothing, 0.0, _with_fume(p, 0.0))
    reduced = (1.0 - p.antimony_to_fume) * 3.0 / parse_formula("Sb2O3").molar_mass  # mol O per kg
    if is_carbon(p.reductant_kind):
        carbon = reduced * parse_formula("C").molar_mass / (2.0 - monoxide_fraction(p))
        residue = CarbonResidue(
            ash_spared=carbon * (1.0 + p.carbon_excess) * ash_per_carbon(p),
            unburnt_spared=carbon * p.carbon_excess,
        )
    else:
        residue = CarbonResidue(unburnt_spared=reduced * parse_formula("FeO").molar_mass)
    none = target_weights({"FeO": 0.0, "SiO2": 0.0, "CaO": 0.0, "Na2O": 0.0})
    kept = SlagTarget(bare.slag, none, residue).antimony_kept(p.antimony_in_slag)
    return ratio(np.minimum(kept, bare.trioxide), bare.trioxide)


def _with_fume(p: Parameters, kept: Any) -> Parameters:
    """Shares of all Sb2O3, as the bath counts them, from shares of what leaves the slag."""
    return p.replaced({"antimony_to_fume": (1.0 - kept) * p.antimony_to_fume})


def _settled(p: Parameters) -> Parameters:
    """The same parameters with the defaults of the method, and what this bath has none of."""
    usual = _METHODS[p.method]
    found: dict[str, Any] = {name: usual[name] for name in usual if getattr(p, name) is None}
    if p.antimony_in_slag is None and p.recovery is None:
        found["antimony_in_slag"] = _CLEAN
    if not is_carbon(p.reductant_kind):
        found["carbon_monoxide_burnt"] = 0.0
    others = dict.fromkeys(COLLECTED, p.others_to_metal)
    not_here = ("sulphide_to_metal", "sulphide_by_soda", "sulphide_to_matte")
    return p.replaced(
        {
            **found,
            **dict.fromkeys(not_here, 0.0),
            "reductant_volatile_matter": 0.0,
            "lead_to_metal": p.others_to_metal,
            "other_metals_to_metal": others,
            "reduced_to_matte": {},
        }
    )
