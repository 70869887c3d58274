"""Trioxide furnace: molten antimony blown, or crude oxide evaporated again, to white trioxide."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.constants import MOLES_PER_NORMAL_CUBIC_METRE, OXYGEN_IN_AIR
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow, flow_of, per_species
from flowsheet.core.formula import parse_formula
from flowsheet.core.grades import breaches, content
from flowsheet.core.parameters import (
    Area,
    Fraction,
    MassFlux,
    PerSpecies,
    Pressure,
    Ratio,
    Temperature,
    VolumePerMass,
    default,
)
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.reaction import Reaction, change_by_share
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, UnitOp
from flowsheet.core.vapour_pressure import antimony_trioxide_vapour_pressure, vapour_held

METALS = ("Sb", "As", "Pb", "Fe", "Cu", "Bi", "Ni", "Sn", "Zn", "Ag", "Au", "Se", "Te")
_BURNING = Reaction("4 Sb + 3 O2 -> 2 Sb2O3")
_ARSENIC_BURNING = Reaction("4 As + 3 O2 -> As4O6(g)")
_LEAD_BURNING = Reaction("2 Pb + O2 -> 2 PbO")
_OF_METAL = (_BURNING, _ARSENIC_BURNING, _LEAD_BURNING)
_ARSENIC_VAPOUR = (Reaction("2 As2O3 -> As4O6(g)"),)
_ANTIMONY_VAPOUR = (Reaction("2 Sb2O3 -> Sb4O6(g)"),)
_FUEL_BURNING = (Reaction("C + O2 -> CO2"),)
_DRYING = (Reaction("H2O -> H2O(g)"),)
_OWN_SHARES = ("Sb2O3", "As2O3", "PbO")
"""What has shares of its own to leave, and is not carried over besides."""
_LOCKED = ("Sb2O4", "Sb2O5", "Sb3O6(OH)", "NaSbO3", "Na3SbO4")

_MOLAR_MASS = {name: parse_formula(name).molar_mass for name in ("O2", "N2")}
ANTIMONY_OXIDISED = 0.95
USUAL_TEMPERATURE = (650.0, 1000.0)  # degC
LEAST_BOTTOM_ANTIMONY = 0.11
MOST_ARSENIC = 0.0002
LEAST_GRADE = "99.50"


class TrioxideFurnace(UnitOp):
    """Blow molten antimony or antimonial lead with air, or refume crude oxide, to white fume.

        4 Sb + 3 O2 -> 2 Sb2O3          share given, or until the bottom metal holds c_b Sb (1)
        4 As + 3 O2 -> As4O6            share a, of As2O3 fed as well                   (2)
        2 Pb + O2 -> 2 PbO              share l of lead, which all becomes fume         (3)
        2 Sb2O3 -> Sb4O6                share f of all trioxide, n <= n_gas p / (P - p) (4)

    p is the vapour pressure of Sb4O6 over Sb2O3 (Hincke 1930, see
    ``flowsheet.core.vapour_pressure``), n_gas all other gas: what the gas cannot hold stays in the
    residue. Where oxygen is short, (1) to (3) are cut back alike. The gas goes to a Condenser and
    a collector; ``flowsheet.core.grades`` judges what they catch.

    Practice: lead-antimony alloy of 39 % Sb and 58 % Pb, freed of arsenic (0.009 %), blown at
    650 degC to trioxide of 99.5 %, until 83 % Pb (TMS 2009, abstract: Principle and practice of
    producing qualified antimony white from lead-antimony alloy); arsenic below 0.02 % before the
    blow, bottom alloy not below 11 % Sb (GB 51445-2021, explanatory notes, 8.2).

    Assumptions: antimony melts of any metal give Sb2O3 and no Sb2O4; metal that is not oxidised
    stays below; fuel burns to CO2 with air of its own, drawn besides; other solids of the residue
    are carried over in small given shares; water evaporates.
    Not modelled: rates, heat, size and whiteness of the fume, Sb2O4 formed over crude oxide in
    free oxygen (a warning says when), PbO and Sb2O4 fed that metal would reduce, vapours of
    selenium and bismuth oxides; l does not depend on the bottom metal.
    Limits: no air and no fuel, no fume; the share of oxide above saturation stays.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.refining.trioxide_furnace import TrioxideFurnace
    >>> from unitops.streams.feed import Feed
    >>> plant = Flowsheet(
    ...     species=["Sb", "Pb", "Sb2O3", "PbO", "O2", "N2", "Sb4O6(g)"],
    ...     units={
    ...         "alloy": Feed(
    ...             outlet="alloy",
    ...             flow="1 t/h",
    ...             composition={"Sb": "40 %"},
    ...             remainder="Pb",
    ...         ),
    ...         "furnace": TrioxideFurnace(
    ...             feed="alloy",
    ...             air="air",
    ...             fuel="fuel",
    ...             gas="fume",
    ...             bottom_metal="lead_alloy",
    ...             residue="skimmings",
    ...             temperature="650 degC",
    ...             bottom_antimony="17 %",
    ...         ),
    ...     },
    ... )
    >>> solution = solve(plant)
    >>> print(f"{solution.recovery('Sb', to='fume'):.1f~P}")
    67.2 %
    """

    feed: Inlet
    air: Supply
    fuel: Supply
    gas: Outlet
    bottom_metal: Outlet
    residue: Outlet

    temperature: Temperature
    """Temperature of the bath and of the gas that leaves it, T; 650 to 1000 degC."""
    air_blown: VolumePerMass = default("5000 m^3/t")
    """Air at 0 degC and 101325 Pa per mass of solids fed, beside that of the fuel. Assumed, range
    1000 (hot) to 10000 (650 degC): burning a tonne of antimony takes 660 m^3, carrying its fume
    4600 m^3 at 650 degC and 1200 at 800."""
    oxygen_utilisation: Fraction = default("60 %")
    """Of the oxygen blown, what (1) to (3) can use. Assumed, range 20 to 90 %."""
    antimony_oxidised: Fraction | None = None
    """Of metallic antimony, what (1) takes. Default 95 %, assumed, range 70 to 99 %."""
    bottom_antimony: Fraction | None = None
    """Sb in the bottom metal at the end of the blow, c_b, instead; 11 to 17 % for lead alloy."""
    antimony_volatilised: Fraction = default("97 %")
    """Of the trioxide fed and made, what leaves as vapour where the gas can hold it, f. Assumed,
    range 90 to 99 %."""
    arsenic_volatilised: Fraction = default("90 %")
    """Of metallic As and of As2O3, what leaves as vapour, a. Assumed, range 30 to 99 %."""
    lead_to_fume: Fraction = default("0.03 %")
    """Of metallic lead, what becomes PbO in the fume, l. Assumed, range 0.01 to 1 %: the alloy
    above, blown to 83 % Pb, makes trioxide with 0.10 % PbO when it loses 0.05 %."""
    lead_oxide_to_fume: Fraction = default("2 %")
    """Of PbO in the feed, what leaves with the fume. Assumed, range 0.5 to 20 %, more if hot."""
    carry_over: PerSpecies[Fraction] = 0.001
    """Of other solids of the residue, what the gas carries off. Assumed, range 0.01 to 1 %."""
    fuel_ratio: Ratio = 0.0
    """Fixed carbon burnt in the furnace per mass of solids fed; 0 where it is heated from outside
    or by the burning antimony. Refuming oxide in the flame: 0.04 to 0.2, assumed."""
    bath_load: MassFlux = default("2 t/m^2/d")
    """Solids fed per surface of the bath, for its size. Assumed, range 1 to 4 t/(m2 d)."""
    largest_bath: Area = default("4 m^2")
    """Largest usual surface of one furnace. Assumed, range 2 to 8 m2."""
    pressure: Pressure = default("101325 Pa")
    """Total pressure of the gas, P."""

    def check(self) -> None:
        """Refuse temperatures of no such furnace, two ends of the blow, and lost oxygen."""
        celsius = self.temperature - 273.15
        if not 549.99 <= celsius <= 1200.01:
            raise InputError(
                f"temperature of {celsius:.0f} degC is outside 550 to 1200 degC; trioxide is made "
                "at 650 to 1000 degC"
            )
        if self.antimony_oxidised is not None and self.bottom_antimony is not None:
            raise InputError("give either antimony_oxidised or bottom_antimony, and not both")
        if self.bottom_antimony == 1.0:
            raise InputError(
                "bottom_antimony of 1 blows no lead alloy; give 11 to 17 %, or antimony_oxidised"
            )

    def required_species(self) -> Iterable[str]:
        """Air, trioxide and its vapour, and fuel where it is burnt; others as they are fed."""
        fuel = ("C", "CO2") if self.fuel_ratio else ()
        return ("Sb2O3", "Sb4O6(g)", "O2", "N2", *fuel)

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Burn metal as far as oxygen goes, drive off oxides, part gas, metal and residue."""
        blown = _air(feed, p.air_blown * feed.solids.total() * MOLES_PER_NORMAL_CUBIC_METRE)
        fuel, fuel_air, exhaust = _fired(feed, p)
        metal, made, spent_air = _blow(feed, blown, p)
        made = made + change_by_share(feed, _ARSENIC_VAPOUR, p.arsenic_volatilised).gas
        carrier = feed.gas + spent_air + exhaust + made.gas + change_by_share(feed, _DRYING).gas
        trioxide = feed.only("Sb2O3") + made.only("Sb2O3")
        risen = _share_risen(trioxide, carrier, p)
        fed_lead = feed.only("PbO")
        fume = fed_lead * p.lead_oxide_to_fume + made.only("PbO")
        others = feed.solids.without(*METALS, *_OWN_SHARES)
        left = (
            trioxide * (1.0 - risen)
            + feed.only("As2O3") * (1.0 - p.arsenic_volatilised)
            + fed_lead * (1.0 - p.lead_oxide_to_fume)
            + others * (1.0 - p.carry_over)
        )
        vapour = change_by_share(trioxide, _ANTIMONY_VAPOUR, risen).gas
        return {
            "air": blown + fuel_air,
            "fuel": fuel,
            "gas": carrier + vapour + fume + others * p.carry_over,
            "bottom_metal": metal,
            "residue": left + feed.liquid.without("H2O"),
        }

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:  # noqa: ARG002
        """Everything leaves as warm as the bath."""
        return dict.fromkeys(("gas", "bottom_metal", "residue"), p.temperature)

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Where antimony goes, how full the gas is, and what the fume would be if all is caught."""
        feed, gas, metal = flows["feed"], flows["gas"], flows["bottom_metal"]
        antimony = feed.element("Sb")
        vapour = gas.only("Sb4O6(g)").element("Sb")
        return (
            Figure(ratio(vapour, antimony), "%", "antimony volatilised"),
            Figure(ratio(metal.element("Sb"), antimony), "%", "antimony in bottom metal"),
            Figure(ratio(metal.of("Sb"), metal.total()), "%", "Sb in bottom metal"),
            Figure(ratio(metal.of("Pb"), metal.total()), "%", "Pb in bottom metal"),
            Figure(_saturation(gas, p), "%", "saturation of the gas with Sb4O6"),
            Figure(ratio(gas.of("Sb4O6(g)"), gas.dry_gas()), "g/Nm3", "oxide in the dry gas"),
            Figure(flows["air"].moles("O2", "N2"), "Nm3/h", "air"),
            Figure(content(gas, "As2O3"), "%", "As2O3 in all fume"),
            Figure(content(gas, "PbO"), "%", "PbO in all fume"),
            Figure(content(gas, "Fe2O3"), "%", "Fe2O3 in all fume"),
            *_baths(feed, p),
        )

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """What limits the furnace, and what spoils the trioxide."""
        feed, gas, metal = flows["feed"], flows["gas"], flows["bottom_metal"]
        if first(feed.element("Sb")) == 0.0:
            return ()
        celsius = first(p.temperature) - 273.15
        lead = first(ratio(metal.of("Pb"), metal.total()))
        bottom = first(ratio(metal.of("Sb"), metal.total()))
        arsenic = first(ratio(feed.of("As"), feed.only(*METALS).total()))
        reached, wanted = first(_antimony_burnt(flows)), 1.0 - first(_antimony_kept(feed, p))
        oxygen = first(ratio(gas.moles("O2"), gas.dry_gas()))
        oxide = first(feed.of("Sb2O3"))
        locked = first(feed.only(*_LOCKED).element("Sb") / feed.element("Sb"))
        spoilt = breaches(gas, "trioxide", LEAST_GRADE)
        found = (
            (
                not USUAL_TEMPERATURE[0] - 0.5 <= celsius <= USUAL_TEMPERATURE[1] + 0.5,
                f"{celsius:.0f} degC; trioxide is made at 650 to 1000 degC, where lead stays back",
            ),
            (
                first(_saturation(gas, p)) > 0.999,
                f"the gas is saturated with antimony oxide at {celsius:.0f} degC: the rest of "
                f"the {first(p.antimony_volatilised):.0%} asked for stays in the residue; blow "
                "more air or go hotter",
            ),
            (
                reached < wanted * (1.0 - 1e-9),
                f"air is short: {reached:.0%} of the metallic antimony burns instead of "
                f"{wanted:.0%}; blow more air",
            ),
            (
                lead > 0.5 and bottom < LEAST_BOTTOM_ANTIMONY,
                f"the bottom alloy holds {bottom:.1%} Sb: below 11 % lead burns into the "
                "trioxide, which lead_to_fume does not follow (GB 51445-2021, 8.2)",
            ),
            (
                arsenic > MOST_ARSENIC,
                f"the metal brings {arsenic:.2%} As; below 0.02 % is asked for before the blow "
                "(GB 51445-2021, 8.2)",
            ),
            (
                locked > 0.05,
                f"{locked:.0%} of the antimony fed is above Sb(III), as in Sb2O4: it is not "
                "volatile and stays in the residue; reduce it first",
            ),
            (
                oxide > first(feed.of("Sb")) and oxygen > 0.10,
                f"the gas holds {oxygen:.0%} O2 over crude oxide: above about 10 % antimony is "
                "locked as Sb2O4 (Zhong 2017), which is not modelled; use less air or more fuel",
            ),
            (
                bool(spoilt) and first(gas.element("Sb")) > 0.0,
                f"caught in one collector, this fume is below trioxide of {LEAST_GRADE} %: "
                f"{', '.join(map(str, spoilt))}; a hot collector lets part of the arsenic pass",
            ),
        )
        return [text for holds, text in found if holds]


def _baths(feed: Flow, p: Parameters) -> Sequence[Figure]:
    """Surface of the baths, and number of furnaces."""
    if np.any(np.real(p.bath_load) <= 0.0) or np.any(np.real(p.largest_bath) <= 0.0):
        return ()
    surface = feed.solids.total() / p.bath_load
    number = np.ceil(np.real(surface / p.largest_bath) * (1.0 - 1e-12))
    return (
        Figure(surface, "m^2", "surface of the bath", "equipment"),
        Figure(number, "", f"furnaces of at most {first(p.largest_bath):.3g} m2", "equipment"),
    )


def _air(feed: Flow, moles: Any) -> Flow:
    """Air of so many mol/s."""
    oxygen = moles * OXYGEN_IN_AIR
    masses = {
        "O2": oxygen * _MOLAR_MASS["O2"],
        "N2": (moles - oxygen) * _MOLAR_MASS["N2"],
    }
    return flow_of(feed.slate, masses, feed.mass.shape[1])


def _fired(feed: Flow, p: Parameters) -> tuple[Flow, Flow, Flow]:
    """Fuel, the air that burns it wholly, and the exhaust."""
    if not np.count_nonzero(p.fuel_ratio):
        nothing = feed * 0.0
        return nothing, nothing, nothing
    fuel = flow_of(feed.slate, {"C": p.fuel_ratio * feed.solids.total()})
    change = change_by_share(fuel, _FUEL_BURNING)
    air = _air(feed, -change.moles("O2") / OXYGEN_IN_AIR)
    return fuel, air, air.only("N2") + change.only("CO2")


def _antimony_kept(feed: Flow, p: Parameters) -> Array:
    """Share of the metallic antimony that is not to burn, if there is oxygen for the rest."""
    if p.bottom_antimony is None:
        given = ANTIMONY_OXIDISED if p.antimony_oxidised is None else p.antimony_oxidised
        return np.asarray(1.0 - given + 0.0 * feed.total())
    others = feed.only(*METALS).without("Sb")
    beside = others.without("As", "Pb").total()
    beside = beside + others.of("As") * (1.0 - p.arsenic_volatilised)
    beside = beside + others.of("Pb") * (1.0 - p.lead_to_fume)
    return _at_most_one(beside * p.bottom_antimony / (1.0 - p.bottom_antimony), feed.of("Sb"))


def _antimony_burnt(flows: Flows) -> Array:
    """Share of the metallic antimony that did burn."""
    fed = flows["feed"].of("Sb")
    return ratio(fed - flows["bottom_metal"].of("Sb"), fed, empty=np.inf)


def _blow(feed: Flow, blown: Flow, p: Parameters) -> tuple[Flow, Flow, Flow]:
    """Metal that is left, oxides made by (1) to (3), and the air after them.

    What is left is formed of shares and not by subtraction, so that no trace of it drowns in the
    rounding of what is gone.
    """
    kept = {
        "Sb": _antimony_kept(feed, p),
        "As": 1.0 - p.arsenic_volatilised,
        "Pb": 1.0 - p.lead_to_fume,
    }
    burnt = [change_by_share(feed, (reaction,), 1.0 - kept[reaction.key]) for reaction in _OF_METAL]
    wanted = -sum((change.of("O2") for change in burnt), 0.0 * feed.total())
    oxygen = blown.of("O2")
    usable = oxygen * p.oxygen_utilisation
    reached = _at_most_one(usable, wanted)
    spare = oxygen * (1.0 - p.oxygen_utilisation) + np.maximum(0.0, usable - wanted)
    left = {name: 1.0 - reached + reached * share for name, share in kept.items()}
    shares = {**dict.fromkeys(METALS, 1.0), **left}
    made = sum((change * reached for change in burnt), feed * 0.0)
    return (
        feed * per_species(feed.slate, shares, feed.mass.shape[1]),
        made.without("O2", *kept),
        blown.only("N2") + flow_of(feed.slate, {"O2": spare}),
    )


def _at_most_one(part: Array, whole: Array) -> Array:
    """Part over whole, and one where the part is the larger or both are zero."""
    enough = part.real >= whole.real
    return np.where(enough, 1.0, part / np.where(enough, 1.0, whole))


def _share_risen(trioxide: Flow, carrier: Flow, p: Parameters) -> Array:
    """Share of the trioxide that leaves as vapour, as far as the gas can hold it (4)."""
    held = np.maximum(0.0, _held(carrier, p) - carrier.moles("Sb4O6(g)"))
    room = _at_most_one(2.0 * held, trioxide.moles("Sb2O3"))
    return np.asarray(np.minimum(p.antimony_volatilised, room))


def _held(gas: Flow, p: Parameters) -> Array:
    """Moles of Sb4O6 that all other gas holds."""
    carrier = gas.dry_gas() + gas.moles("H2O(g)", "As4O6(g)")
    return vapour_held(carrier, antimony_trioxide_vapour_pressure(p.temperature), p.pressure)


def _saturation(gas: Flow, p: Parameters) -> Array:
    return ratio(gas.moles("Sb4O6(g)"), _held(gas, p))
