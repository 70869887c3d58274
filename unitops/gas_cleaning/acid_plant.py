"""Sulphuric acid from roaster gas: wet gas cleaning, contact conversion and absorption."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow, flow_of
from flowsheet.core.parameters import Fraction, PositiveRatio
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.reaction import Reaction, after_change, change_by_share
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, UnitOp

_ACID = Reaction("SO2 + 0.5 O2 + H2O -> H2SO4")
_MIST = Reaction("SO3 + H2O -> H2SO4")
_CLEANING = (
    Reaction("Sb4O6(g) -> 2 Sb2O3"),
    Reaction("As4O6(g) -> 2 As2O3"),
    Reaction("H2O(g) -> H2O"),
)
_CONVERSION = {"single": 0.975, "double": 0.997}
_USUAL_CONVERSION = {"single": (0.97, 0.985), "double": (0.995, 0.999)}
_LEAST_STRENGTH = {"single": 0.03, "double": 0.05}
_CLEAN_ENOUGH = 1e-6 * 22.414e-3  # 1 mg/Nm3 in kg/mol


class AcidPlant(UnitOp):
    """Turn the SO2 of a gas into sulphuric acid by the contact process.

    Wet gas cleaning sends dust, droplets, oxide vapours (as Sb2O3, As2O3), SO3 (as acid mist) and
    water vapour to the weak acid. Air is drawn where the gas is short of oxygen:

        n(O2) >= r * n(SO2)                                                         (1)

    and the share X of the SO2 is converted and absorbed:

        SO2 + 0.5 O2 + H2O -> H2SO4                                                 (2)

    Water is drawn for (2) and to dilute the acid to its strength s:

        m(H2O) = m(H2SO4) * (1 - s) / s                                             (3)

    1.531 t H2SO4 comes from one t SO2. Single contact (one absorption) works from about 3 vol-%
    SO2 and converts 97 to 98.5 %, double contact from about 5 % (designed for 8 to 12 %) and
    converts 99.5 to 99.9 % (Davenport and King, Sulfuric Acid Manufacture, 2006, quoted from
    memory).

    Assumptions: all dust and condensables are caught before the converter, all water vapour
    condenses there, no SO2 dissolves in the weak acid. Other gases leave with the tail gas.
    Not modelled: wash water and dilution of the weak acid, heat, equilibrium of the catalyst beds,
    acid mist in the tail gas.
    Limits: conversion 0 makes no acid; conversion 1 leaves no SO2.
    """

    gas: Inlet
    air: Supply
    water: Supply
    acid: Outlet
    tail_gas: Outlet
    weak_acid: Outlet

    contact: Literal["single", "double"]
    """Whether the gas is absorbed once (single contact) or twice (double contact)."""
    conversion: Fraction | None = None
    """Share of the SO2 that becomes acid, X. Default 0.975 for single, 0.997 for double contact
    (assumed, the middle of the ranges above)."""
    oxygen_to_sulphur_dioxide: PositiveRatio = 1.0
    """Least molar ratio of O2 to SO2 at the converter, r; 0.5 is stoichiometric. Default assumed,
    range 0.8 to 1.3."""
    acid_strength: Fraction = 0.985
    """Mass fraction of H2SO4 in the acid, s. Default: the 98.5 % of absorption towers."""
    oxygen_in_air: Fraction = 0.21
    """Volume fraction of O2 in the dry air; the rest is N2."""

    def check(self) -> None:
        """Refuse too little oxygen, and an acid that is mostly water."""
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

    def required_species(self) -> Iterable[str]:
        """Gases of the converter, water and the acid."""
        return ("SO2", "O2", "N2", "H2O", "H2SO4")

    def run(self, gas: Flow, p: Parameters) -> Outlets:
        """Clean the gas, convert and absorb its SO2, dilute the acid."""
        slate = gas.slate
        clean = gas.only(*_converter_gases(slate))
        mist = change_by_share(gas, (_MIST,))
        mist_water = (-mist).only("H2O")
        weak_acid = gas - clean + change_by_share(gas, _CLEANING) + (mist + mist_water)

        sulphur_dioxide = clean.moles("SO2")
        missing = p.oxygen_to_sulphur_dioxide * sulphur_dioxide - clean.moles("O2")
        drawn = np.maximum(missing, 0.0)  # (1)
        nitrogen = drawn * ((1.0 - p.oxygen_in_air) / p.oxygen_in_air)
        air = _flowing(slate, "O2", "mol") * drawn + _flowing(slate, "N2", "mol") * nitrogen

        share = _CONVERSION[p.contact] if p.conversion is None else p.conversion
        change = change_by_share(clean, (_ACID,), share)  # (2)
        reaction_water = (-change).only("H2O")
        converted = after_change(clean + air, change + reaction_water)
        dilution = (1.0 - p.acid_strength) / p.acid_strength  # (3)
        diluting_water = _flowing(slate, "H2O") * (converted.of("H2SO4") * dilution)
        return {
            "air": air,
            "water": mist_water + reaction_water + diluting_water,
            "acid": converted.liquid + diluting_water,
            "tail_gas": converted.gas,
            "weak_acid": weak_acid,
        }

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:  # noqa: ARG002
        """Acid made, gas strength at the converter, SO2 left, arsenic to the weak acid."""
        came, left = flows["gas"].of("SO2"), flows["tail_gas"].of("SO2")
        tail = flows["tail_gas"].moles(*_converter_gases(flows["tail_gas"].slate))
        acid = flows["acid"].total()
        return (
            Figure(acid, "t/h", "acid"),
            Figure(ratio(flows["acid"].of("H2SO4"), came), "", "t H2SO4 per t SO2 fed"),
            Figure(_strength(flows), "%", "SO2 at the converter, by volume"),
            Figure(ratio(came - left, came), "%", "SO2 converted"),
            Figure(ratio(left, tail), "mg/Nm3", "SO2 in the tail gas"),
            Figure(flows["weak_acid"].element("As"), "kg/h", "arsenic to the weak acid"),
        )

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Gas too weak or too dirty, conversion outside practice."""
        lines = []
        gas = flows["gas"]
        strength, least = first(_strength(flows)), _LEAST_STRENGTH[p.contact]
        if first(gas.of("SO2")) > 0.0 and strength < least:
            lines.append(
                f"{strength:.2%} SO2 by volume at the converter is below the {least:.0%} that "
                f"{p.contact} contact needs; use a scrubber or strengthen the gas"
            )
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
                f"usual for {p.contact} contact"
            )
        return lines


@lru_cache(maxsize=64)
def _flowing(slate: Slate, name: str, amount: Literal["kg", "mol"] = "kg") -> Flow:
    """One kg/s or mol/s of a species, (constituents, 1)."""
    return flow_of(slate, {name: 1.0 if amount == "kg" else slate.molar_mass[slate.row(name)]})


@lru_cache(maxsize=64)
def _converter_gases(slate: Slate) -> tuple[str, ...]:
    """Gases that reach the converter."""
    caught = {reaction.key for reaction in (*_CLEANING, _MIST)}
    return tuple(e.name for e in slate.species if e.phase == "gas" and e.name not in caught)


def _strength(flows: Flows) -> Any:
    fed = flows["gas"] + flows["air"]
    return ratio(fed.moles("SO2"), fed.moles(*_converter_gases(fed.slate)))
