"""Sulphuric acid from roaster gas: wet gas cleaning, contact conversion and absorption."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow, flow_of
from flowsheet.core.parameters import Fraction, PositiveRatio, Temperature, default
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.reaction import Reaction, after_change, change_by_share
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, UnitOp

Contact = Literal["single", "double", "wet_gas"]

_ACID = Reaction("SO2 + 0.5 O2 + H2O -> H2SO4")
_MIST = Reaction("SO3 + H2O -> H2SO4")
_VAPOURS = (Reaction("Sb4O6(g) -> 2 Sb2O3"), Reaction("As4O6(g) -> 2 As2O3"))
_STEAM = Reaction("H2O(g) -> H2O")
_CONVERSION = {"single": 0.975, "double": 0.997, "wet_gas": 0.99}
_USUAL_CONVERSION = {"single": (0.97, 0.985), "double": (0.995, 0.999), "wet_gas": (0.98, 0.995)}
_LEAST_STRENGTH = {"single": 0.03, "double": 0.05, "wet_gas": 0.005}
_DESIGN_STRENGTH = {"single": 0.10, "double": 0.12, "wet_gas": 0.065}
_NAME = {
    "single": "a single contact plant",
    "double": "a double contact plant",
    "wet_gas": "a wet gas plant",
}
_CHOOSE = {
    "single": "choose wet_gas, or scrub it",
    "double": "choose single or wet_gas, or scrub it",
    "wet_gas": "or scrub it",
}
_FREEZING = 273.15
_ACID_BOILS = 610.0
_CLEAN_ENOUGH = 1e-6 * 22.414e-3  # 1 mg/Nm3 in kg/mol


class AcidPlant(UnitOp):
    """Turn the SO2 of a gas into sulphuric acid by the contact process.

    Wet gas cleaning sends dust, droplets, oxide vapours (as Sb2O3, As2O3) and SO3 (as acid mist)
    to the weak acid, and the water vapour too where the gas is dried for contact. Air is drawn
    until there is enough oxygen and the gas is not stronger than the plant is designed for:

        n(O2) >= r * n(SO2)                                                         (1)
        n(SO2) <= d * n(dry gas)                                                    (2)

    and the share X of the SO2 is converted and absorbed, or condensed as acid from a wet gas:

        SO2 + 0.5 O2 + H2O -> H2SO4                                                 (3)

    Water is needed for (3) and to dilute the acid to its strength s:

        m(H2O) = m(H2SO4) * (1 - s) / s                                             (4)

    and is drawn; of a wet gas its own vapour is taken first.

    1.531 t H2SO4 comes from one t SO2. Davenport and King, Sulfuric Acid Manufacture (2006), and
    the wet gas process as offered by its makers, quoted from memory:

        contact     SO2 at the converter, by volume            share converted
        single      3 to 3.5 % and more, 7 to 10 % usual       97 to 98.5 %
        double      5 to 6 % and more, 8 to 12 % usual         99.5 to 99.9 %
        wet_gas     0.5 to 1 % and more, up to 6.5 %           about 99 %

    The heat that the engine tells of the unit holds that of (3), 231 kJ per mol SO2 at 25 degC, of
    the steam that condenses and of all that cools from the gas; boilers and acid coolers take it.

    Weaker gas does not keep the converter hot: ``refusals`` says so of a settled steady state.

    Assumptions: all dust and condensables are caught before the converter, no SO2 dissolves in
    the weak acid, other gases leave with the tail gas.
    Not modelled: wash water and dilution of the weak acid, heat of diluting the acid (some 4 kJ/mol
    at 98 %, assumed), which parts of the plant give off the heat, equilibrium of the catalyst beds,
    acid mist in the tail gas; conversion does not follow from strength and oxygen.
    Limits: conversion 0 makes no acid; conversion 1 leaves no SO2.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.streams.feed import Feed
    >>> gas = {"N2": "72 %", "O2": "12 %", "SO2": "16 %"}
    >>> plant = Flowsheet(
    ...     species=["N2", "O2", "SO2", "H2O", "H2SO4"],
    ...     units={
    ...         "gas": Feed(outlet="gas", flow="100 t/h", composition=gas),
    ...         "acid_plant": AcidPlant(
    ...             gas="gas", air="air", water="water", acid="acid", tail_gas="tail_gas",
    ...             weak_acid="weak_acid", contact="double",
    ...         ),
    ...     },
    ... )
    >>> for figure in solve(plant).figures("acid_plant")[:4]:
    ...     print(figure)
    acid 24.92 t/h
    H2SO4 in the acid 98 %
    t H2SO4 per t SO2 fed 1.526
    SO2 at the converter, by dry volume 7.818 %
    """

    gas: Inlet
    air: Supply
    water: Supply
    acid: Outlet
    tail_gas: Outlet
    weak_acid: Outlet

    contact: Contact
    """Dried gas absorbed once (single contact) or twice (double contact), or acid condensed from a
    gas that stays wet (wet_gas)."""
    conversion: Fraction | None = None
    """Share of the SO2 that becomes acid, X. Default 0.975 for single and 0.997 for double contact,
    0.99 for wet gas (assumed, within the ranges above)."""
    minimum_strength: Fraction | None = None
    """Least SO2 at the converter that keeps it hot, by dry volume. Default 3 % for single contact
    (3 to 3.5), 5 % for double (5 to 6), 0.5 % for wet gas (0.5 to 1), the lower ends of what is
    said above; a preheater that burns fuel may go lower."""
    design_strength: Fraction | None = None
    """Most SO2 at the converter, by dry volume, d; stronger gas is diluted with air. Default 10 %
    for single contact, 12 % for double, 6.5 % for wet gas (the upper ends of what is usual)."""
    oxygen_to_sulphur_dioxide: PositiveRatio = 1.0
    """Least molar ratio of O2 to SO2 at the converter, r; 0.5 is stoichiometric. Default assumed,
    range 0.8 to 1.3."""
    acid_strength: Fraction = 0.98
    """Mass fraction of H2SO4 in the acid, s. Usual: 0.93 to 0.985."""
    oxygen_in_air: Fraction = 0.21
    """Volume fraction of O2 in the dry air; the rest is N2."""
    acid_temperature: Temperature = default("40 degC")
    """Temperature of the acid behind its coolers, and of the weak acid. Default assumed, range 30
    to 60 degC."""
    tail_gas_temperature: Temperature = default("80 degC")
    """Temperature of the tail gas. Default assumed, range 60 to 100 degC."""

    def check(self) -> None:
        """Refuse too little oxygen, acid that is weak or no liquid, and limits that cross."""
        if self.oxygen_to_sulphur_dioxide < 0.5:
            raise InputError(
                f"oxygen_to_sulphur_dioxide of {self.oxygen_to_sulphur_dioxide:g} is below the "
                f"0.5 that the reaction needs; give 0.8 to 1.3"
            )
        if self.acid_strength < 0.7:
            raise InputError(
                f"acid_strength of {self.acid_strength:g} is below any contact plant's; give 0.7 "
                f"to 1 (usual: 0.93 to 0.985)"
            )
        if self.oxygen_in_air == 0.0:
            raise InputError("oxygen_in_air of 0 brings no oxygen; air has 0.21")
        if not _FREEZING <= self.acid_temperature <= _ACID_BOILS:
            raise InputError(
                f"acid_temperature of {self.acid_temperature - _FREEZING:.0f} degC is outside 0 to "
                f"{_ACID_BOILS - _FREEZING:.0f} degC, where the acid is liquid; give e.g. 40 degC"
            )
        least = _or(_LEAST_STRENGTH[self.contact], self.minimum_strength)
        design = _or(_DESIGN_STRENGTH[self.contact], self.design_strength)
        if design <= least:
            raise InputError(
                f"design_strength of {100.0 * design:g} % dilutes the gas to no more than the "
                f"minimum_strength of {100.0 * least:g} %; give more, or a lower minimum_strength"
            )

    def required_species(self) -> Iterable[str]:
        """Gases of the converter, water and the acid."""
        return ("SO2", "O2", "N2", "H2O", "H2SO4")

    def run(self, gas: Flow, p: Parameters) -> Outlets:
        """Clean the gas, convert and absorb its SO2, dilute the acid."""
        slate = gas.slate
        steam = gas.only("H2O(g)") * (1.0 if p.contact == "wet_gas" else 0.0)
        clean = gas.only(*_converter_gases(slate)) + steam
        mist = change_by_share(gas, (_MIST,))
        mist_water = (-mist).only("H2O")
        caught = gas - clean
        weak_acid = caught + change_by_share(caught, (*_VAPOURS, _STEAM)) + (mist + mist_water)

        air = _air(clean, p)
        share = _or(_CONVERSION[p.contact], p.conversion)
        change = change_by_share(clean, (_ACID,), share)  # (3)
        reaction_water = (-change).only("H2O")
        converted = after_change(clean + air, change + reaction_water)
        diluting_water = _flowing(slate, "H2O") * (
            converted.of("H2SO4") * ((1.0 - p.acid_strength) / p.acid_strength)  # (4)
        )
        needed = reaction_water.total() + diluting_water.total()
        own = np.minimum(needed, steam.total())
        return {
            "air": air,
            "water": mist_water + _flowing(slate, "H2O") * (needed - own),
            "acid": converted.liquid + diluting_water,
            "tail_gas": converted.gas - _steam(slate) * own,
            "weak_acid": weak_acid,
        }

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:  # noqa: ARG002
        """Both acids behind their coolers, and the tail gas."""
        return {
            "acid": p.acid_temperature,
            "weak_acid": p.acid_temperature,
            "tail_gas": p.tail_gas_temperature,
        }

    def refusals(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Per scenario, why this plant could not run on such gas; an empty text where it could."""
        least = _or(_LEAST_STRENGTH[p.contact], p.minimum_strength)
        strengths, leasts, fed = np.broadcast_arrays(
            _strength(flows), least, flows["gas"].of("SO2")
        )
        return [
            f"gas holds {_percent(strength)} % SO2 at the converter, below the {_percent(low)} % "
            f"that {_NAME[p.contact]} needs to keep itself hot; use less excess air or leakage in "
            f"the roaster, enrich with oxygen, {_CHOOSE[p.contact]}"
            if some > 0.0 and strength < low * (1.0 - 1e-9)
            else ""
            for strength, low, some in zip(strengths, leasts, fed, strict=True)
        ]

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:  # noqa: ARG002
        """Acid made, gas at the converter, SO2 left, arsenic to the weak acid."""
        fed = flows["gas"] + flows["air"]
        came, left = fed.of("SO2"), flows["tail_gas"].of("SO2")
        tail = flows["tail_gas"].dry_gas()
        acid = flows["acid"].total()
        dry = fed.moles(*_converter_gases(fed.slate))
        return (
            Figure(acid, "t/h", "acid"),
            Figure(ratio(flows["acid"].of("H2SO4"), acid), "%", "H2SO4 in the acid"),
            Figure(ratio(flows["acid"].of("H2SO4"), came), "", "t H2SO4 per t SO2 fed"),
            Figure(_strength(flows), "%", "SO2 at the converter, by dry volume"),
            Figure(ratio(fed.moles("O2"), fed.moles("SO2")), "", "O2 per SO2 at the converter"),
            Figure(dry, "Nm3/h", "gas at the converter, dry"),
            Figure(flows["air"].dry_gas(), "Nm3/h", "air drawn"),
            Figure(ratio(came - left, came), "%", "SO2 converted"),
            Figure(
                ratio(flows["tail_gas"].moles("SO2"), tail),
                "ppm",
                "SO2 in the tail gas, by dry volume",
            ),
            Figure(ratio(left, tail), "mg/Nm3", "SO2 in the dry tail gas"),
            Figure(flows["water"].total(), "t/h", "water drawn"),
            Figure(flows["weak_acid"].element("As"), "kg/h", "arsenic to the weak acid"),
        )

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Gas too weak or too dirty, conversion or oxygen outside practice."""
        lines = []
        gas = flows["gas"]
        dry = gas.moles(*_converter_gases(gas.slate))
        for what, load in (
            ("dust", gas.solids.total()),
            ("arsenic", gas.gas.element("As") + gas.solids.element("As")),
        ):
            carried = first(ratio(load, dry))
            if carried > _CLEAN_ENOUGH:
                lines.append(
                    f"{carried / _CLEAN_ENOUGH:,.1f} mg/Nm3 {what} in the gas poisons or blinds "
                    f"the catalyst unless wet gas cleaning takes all of it, as assumed; collect "
                    f"it before"
                )
        low, high = _USUAL_CONVERSION[p.contact]
        if p.conversion is not None and not low <= first(p.conversion) <= high:
            lines.append(
                f"conversion of {first(p.conversion):.3g} is outside the {low:g} to {high:g} "
                f"usual for {_NAME[p.contact]}"
            )
        if first(p.oxygen_to_sulphur_dioxide) < 0.8 and first(flows["air"].total()) > 0.0:
            lines.append(
                f"oxygen_to_sulphur_dioxide of {first(p.oxygen_to_sulphur_dioxide):.3g} at the "
                f"converter is too little for the conversion assumed; give 0.8 to 1.3"
            )
        return lines


def _or(default: float, value: Any) -> Any:
    """The value given, else the default of the kind of contact."""
    return default if value is None else value


def _percent(share: Any) -> str:
    """In percent, rounded down, so that what is below a limit reads as below it."""
    return f"{np.floor(1e4 * share * (1.0 + 1e-12)) / 100.0:g}"


def _air(gas: Flow, p: Parameters) -> Flow:
    """Air drawn for the oxygen and to dilute the gas."""
    slate, sulphur_dioxide = gas.slate, gas.moles("SO2")
    short = (p.oxygen_to_sulphur_dioxide * sulphur_dioxide - gas.moles("O2")) / p.oxygen_in_air
    design = _or(_DESIGN_STRENGTH[p.contact], p.design_strength)
    too_strong = sulphur_dioxide / design - gas.moles(*_converter_gases(slate))
    drawn = np.maximum(np.maximum(short, too_strong), 0.0)  # (1), (2)
    oxygen: Flow = _flowing(slate, "O2", "mol") * (p.oxygen_in_air * drawn)
    nitrogen: Flow = _flowing(slate, "N2", "mol") * ((1.0 - p.oxygen_in_air) * drawn)
    return oxygen + nitrogen


@lru_cache(maxsize=64)
def _flowing(slate: Slate, name: str, amount: Literal["kg", "mol"] = "kg") -> Flow:
    """One kg/s or mol/s of a species, (constituents, 1)."""
    return flow_of(slate, {name: 1.0 if amount == "kg" else slate.molar_mass[slate.row(name)]})


def _steam(slate: Slate) -> Flow:
    """One kg/s of steam; nothing where it is not on the slate."""
    return _flowing(slate, "H2O(g)") if "H2O(g)" in slate else _flowing(slate, "H2O") * 0.0


@lru_cache(maxsize=64)
def _converter_gases(slate: Slate) -> tuple[str, ...]:
    """Gases that reach the converter, without steam."""
    caught = {reaction.key for reaction in (*_VAPOURS, _STEAM, _MIST)}
    return tuple(e.name for e in slate.species if e.phase == "gas" and e.name not in caught)


def _strength(flows: Flows) -> Any:
    """SO2 at the converter, by dry volume."""
    fed = flows["gas"] + flows["air"]
    return ratio(fed.moles("SO2"), fed.moles(*_converter_gases(fed.slate)))
