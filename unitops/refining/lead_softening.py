"""Softening of lead bullion: antimony, arsenic and tin blown out of molten lead with air."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow, flow_of
from flowsheet.core.parameters import Fraction, MassFlux, PositiveRatio, Temperature, default
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.reaction import Reaction, after_change, change_by_extent
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, UnitOp
from unitops.refining.molten_antimony import air_blown, charge_of, said

_OXIDISING = {
    "Sb": Reaction("2 Sb + 1.5 O2 -> Sb2O3"),
    "As": Reaction("2 As + 1.5 O2 -> As2O3"),
    "Sn": Reaction("Sn + O2 -> SnO2"),
}
_LEAD = Reaction("2 Pb + O2 -> 2 PbO")
_RESIDUALS = {"Sb": "antimony_left", "As": "arsenic_left", "Sn": "tin_left"}
_MOST_LEFT = 0.02
_MOST_LEAD_OXIDE = 10.0
_PASSES = 5  # three kinks, and one pass each beyond the first


class Softened(NamedTuple):
    """What the furnace draws and makes."""

    lead: Flow
    slag: Flow
    air: Flow
    gas: Flow


class LeadSoftening(UnitOp):
    """Soften lead bullion: oxidise antimony, arsenic and tin with air, and skim the slag.

        2 Sb + 3/2 O2 -> Sb2O3                                                      (1)
        2 As + 3/2 O2 -> As2O3                                                      (2)
        Sn + O2 -> SnO2                                                             (3)
        2 Pb + O2 -> 2 PbO                                                          (4)
        metal i left = min(fed, x_i * lead left)                                    (5)
        PbO = r * (Sb2O3 + As2O3 + SnO2 made)                                       (6)

    (5) and (6) are linear between the kinks of (5) and are solved together in closed form. In the
    furnace litharge does it, 2 Sb + 3 PbO -> Sb2O3 + 3 Pb: written with air the sum is the same.

    Practice of lead smelters, quoted from memory (Sinclair, The Extractive Metallurgy of Lead,
    2009): reverberatory or continuous furnace at 700 to 750 degC, lead left with 0.02 to 0.05 % Sb,
    slag of 10 to 35 % Sb with 50 to 75 % Pb; bullion freed of copper before.

    Where things go: Cu, Ag, Au, Bi, Ni, Zn, Fe and S stay in the lead; solids of the bullion that
    are no metal, and antimony sulphide dissolved in it, to ``slag``; gas and moisture to ``gas``.
    Assumptions: tin, arsenic and antimony go side by side, though tin goes first. Lead runs out
    before the slag has its r only where the bullion is more antimony than lead.
    Not modelled: lead arsenate and antimonate (arsenic leaves as As2O3, at its mass of oxygen),
    lead prills in the slag, fume, the reverberatory's fuel, softening with caustic and nitre
    (Harris), whose antimonate hardly dissolves in a sulphide leach.
    Limits: no metal above its x, no air.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.streams.feed import Feed
    >>> species = ["Pb", "Sb", "As", "Sn", "Ag", "PbO", "Sb2O3", "As2O3", "SnO2", "O2", "N2"]
    >>> plant = Flowsheet(
    ...     species=species,
    ...     units={
    ...         "bullion": Feed(outlet="bullion", flow="20 t/h", remainder="Pb",
    ...                         composition={"Sb": "1.3 %", "As": "0.3 %", "Ag": "0.2 %"}),
    ...         "softening": LeadSoftening(bullion="bullion", air="air", lead="soft_lead",
    ...                                    slag="slag", gas="gas"),
    ...     },
    ... )
    >>> for figure in solve(plant).figures("softening")[:5]:
    ...     print(figure)
    antimony to slag 97.81 %
    Sb in softened lead 0.02993 %
    As in softened lead 0.004988 %
    Sn in softened lead 0 %
    Sb in slag 23.75 %
    """

    bullion: Inlet
    air: Supply
    lead: Outlet
    slag: Outlet
    gas: Outlet

    antimony_left: Fraction = default("0.03 %")
    """Antimony per lead in the softened lead, x_Sb. 0.02 to 0.05 % (quoted from memory)."""
    arsenic_left: Fraction = default("0.005 %")
    """Arsenic per lead, x_As. Assumed, range 0.001 to 0.02 %."""
    tin_left: Fraction = default("0.005 %")
    """Tin per lead, x_Sn. Assumed, range 0.001 to 0.02 %."""
    lead_oxide_ratio: PositiveRatio = 1.8
    """PbO per Sb2O3, As2O3 and SnO2 together in the slag, kg/kg, r. Assumed, range 1 to 5; 1.8
    makes a slag of some 25 % Sb and 60 % Pb."""
    oxygen_utilisation: Fraction = default("50 %")
    """Of the oxygen blown or drawn in, what reacts. Assumed, range 20 to 80 %."""
    temperature: Temperature = default("725 degC")
    """Of the bath, and of all that leaves. 700 to 750 degC (quoted from memory)."""

    bath_load: MassFlux = default("10 t/m^2/d")
    """Bullion per area of the bath and time, for its size. Assumed, range 4 to 30 t/(m2 d)."""

    def check(self) -> None:
        """Refuse residuals that are no soft lead, endless slag and air, and a frozen bath."""
        for name in _RESIDUALS.values():
            left = getattr(self, name)
            if left > _MOST_LEFT:
                raise InputError(
                    f"{name} of {left:.3g} is no softened lead; give at most 2 %, e.g. 0.03 %"
                )
        if self.lead_oxide_ratio > _MOST_LEAD_OXIDE:
            raise InputError(
                f"lead_oxide_ratio of {self.lead_oxide_ratio:g} is litharge, no softening slag; "
                f"give 1 to 5, at most 10"
            )
        if self.oxygen_utilisation == 0.0:
            raise InputError("oxygen_utilisation of 0 takes endless air; give e.g. 50 %")
        if self.bath_load == 0.0:
            raise InputError("bath_load of 0 takes an endless furnace; give e.g. 10 t/m^2/d")
        if not 600.65 < self.temperature < 1273.15:
            raise InputError(
                f"temperature of {self.temperature - 273.15:.4g} degC: lead melts at 327.5 and "
                f"fumes above 1000 degC; give 700 to 750 degC"
            )

    def required_species(self) -> Iterable[str]:
        """Lead, antimony, their oxides, and air."""
        return ("Pb", "Sb", "PbO", "Sb2O3", "O2", "N2")

    def run(self, bullion: Flow, p: Parameters) -> Outlets:
        """Blow; what the bullion carries beside metal is skimmed."""
        softened = _soften(bullion, p)
        return {
            "air": softened.air,
            "lead": softened.lead,
            "slag": softened.slag,
            "gas": softened.gas,
        }

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:  # noqa: ARG002
        """Everything leaves as warm as the bath."""
        return dict.fromkeys(("lead", "slag", "gas"), p.temperature)

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Where antimony goes, both products, air, and the size of the furnace."""
        bullion, lead, slag = flows["bullion"], flows["lead"], flows["slag"]
        fed = bullion.total()
        symbols = [symbol for symbol in _OXIDISING if symbol in bullion.slate.elements]
        return (
            Figure(ratio(slag.element("Sb"), bullion.element("Sb")), "%", "antimony to slag"),
            *(
                Figure(ratio(lead.element(symbol), lead.total()), "%", f"{symbol} in softened lead")
                for symbol in symbols
            ),
            Figure(ratio(slag.element("Sb"), slag.total()), "%", "Sb in slag"),
            Figure(ratio(slag.of("PbO"), slag.total()), "%", "PbO in slag"),
            Figure(ratio(slag.element("As"), slag.total()), "%", "As in slag"),
            Figure(ratio(slag.total(), fed), "kg/t", "slag per bullion"),
            Figure(ratio(slag.element("Pb"), bullion.element("Pb")), "%", "lead to slag"),
            Figure(ratio(flows["air"].moles("O2", "N2"), fed), "Nm3/t", "air per bullion"),
            Figure(fed / p.bath_load, "m^2", "area of the bath", "equipment"),
        )

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Bullion that is not what softening is for, and settings outside practice."""
        bullion, slag = flows["bullion"], flows["slag"]
        fed = first(bullion.total())
        if fed == 0.0:
            return ()
        antimony = first(bullion.of("Sb")) / fed
        copper = first(bullion.of("Cu")) / fed
        residual = {name: first(getattr(p, name)) for name in _RESIDUALS.values()}
        grade = first(ratio(slag.element("Sb"), slag.total()))
        celsius = first(p.temperature) - 273.15
        return said(
            (
                0.0 < antimony < residual["antimony_left"],
                f"the bullion holds {antimony:.4%} Sb, no more than antimony_left: none is removed",
            ),
            (
                first(flows["lead"].of("Pb")) == 0.0,
                "all lead goes to the slag, which then holds less PbO than asked for: this is no "
                "lead bullion; part it by liquation or in a trioxide furnace",
            ),
            (
                copper > 0.001,
                f"the bullion holds {copper:.2%} Cu; decopper it below 0.1 % first",
            ),
            (
                not 1e-4 <= residual["antimony_left"] <= 1e-3,
                f"antimony_left is {residual['antimony_left']:.4%}; 0.02 to 0.05 % is usual",
            ),
            (
                first(slag.of("Sb2O3")) > 0.0 and not 0.08 <= grade <= 0.4,
                f"the slag holds {grade:.1%} Sb; 10 to 35 % is usual",
            ),
            (
                not 650.0 <= celsius <= 800.0,
                f"temperature is {celsius:.4g} degC; 700 to 750 is usual",
            ),
        )


def _soften(bullion: Flow, p: Parameters) -> Softened:
    charge = charge_of(bullion)
    bath = charge.bath.without("Sb2S3")
    slate = bath.slate
    left = _lead_left(bath, p)
    removed = {symbol: _removed(bath, symbol, left, p) for symbol in _present(slate)}
    oxidised = [removed[symbol] / _molar_mass(slate, symbol) for symbol in removed]
    extents = [
        moles / _OXIDISING[symbol].reactants[symbol]
        for symbol, moles in zip(removed, oxidised, strict=True)
    ]
    lead_moles = (bath.of("Pb") - left) / _molar_mass(slate, "Pb")
    reactions = [*(_OXIDISING[symbol] for symbol in removed), _LEAD]
    change = change_by_extent(slate, reactions, [*extents, lead_moles / 2.0])
    oxides = change.solids.without("Pb", *_OXIDISING)
    used = flow_of(slate, {"O2": -change.of("O2")})
    air, spent = air_blown(used, p)
    return Softened(
        lead=after_change(bath, change.only("Pb", *_OXIDISING)),
        slag=oxides + charge.skimmings + charge.bath.only("Sb2S3"),
        air=air,
        gas=charge.vapours + spent,
    )


def _lead_left(bath: Flow, p: Parameters) -> Array:
    """Lead that stays metal by (5) and (6), kg/s, (scenarios,).

    Newton's method on a concave function of straight pieces, from the right: exact in a pass more
    than it has kinks.
    """
    slate, fed = bath.slate, bath.of("Pb")
    left = fed
    for _ in range(_PASSES):
        lacking, slope = left - fed, np.ones_like(fed)
        for symbol in _present(slate):
            share = getattr(p, _RESIDUALS[symbol])
            per_metal = p.lead_oxide_ratio * _lead_per_metal(slate, symbol)
            removed = bath.of(symbol) - share * left
            some = removed.real > 0.0
            lacking = lacking + np.where(some, per_metal * removed, 0.0)
            slope = slope - np.where(some, per_metal * share, 0.0)
        left = left - lacking / slope
    return np.where(left.real > 0.0, left, 0.0)


def _removed(bath: Flow, symbol: str, left: Array, p: Parameters) -> Array:
    """Metal oxidised by (5), kg/s."""
    removed = bath.of(symbol) - getattr(p, _RESIDUALS[symbol]) * left
    return np.where(removed.real > 0.0, removed, 0.0)


def _lead_per_metal(slate: Slate, symbol: str) -> float:
    """Lead in the PbO of (6) with r of 1, per metal oxidised, kg/kg."""
    reaction = _OXIDISING[symbol]
    (oxide,) = reaction.products
    oxide_per_metal = (
        reaction.products[oxide]
        * _molar_mass(slate, oxide)
        / (reaction.reactants[symbol] * _molar_mass(slate, symbol))
    )
    return oxide_per_metal * _molar_mass(slate, "Pb") / _molar_mass(slate, "PbO")


def _present(slate: Slate) -> list[str]:
    """Metals of (1) to (3) that the slate carries."""
    return [symbol for symbol in _OXIDISING if symbol in slate]


def _molar_mass(slate: Slate, name: str) -> float:
    return float(slate.molar_mass[slate.row(name)])
