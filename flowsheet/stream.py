"""A solved stream as an engineer reads it: pint quantities in readable units."""

from typing import TYPE_CHECKING

from flowsheet.core.errors import InputError, nearest
from flowsheet.core.flow import Array, Flow
from flowsheet.core.quantities import from_base, quantity

if TYPE_CHECKING:
    from pint import Quantity


class Stream:
    """One named stream of a solution.

    Grades are on dry solids (minerals, dust, metal, slag): water and gas do not count.
    """

    def __init__(self, name: str, start: str, end: str, flow: Flow) -> None:
        self.name = name
        self.start = start
        self.end = end
        self._flow = flow

    def __repr__(self) -> str:
        return f"<{self.name}: {self.mass_flow():.4g~P}, {self.start} -> {self.end}>"

    def mass_flow(self, unit: str = "t/h") -> "Quantity[float]":
        """Total mass flow, water included."""
        return quantity(_one(self._flow.total()), unit, "kg/s")

    def dry_flow(self, unit: str = "t/h") -> "Quantity[float]":
        """Mass flow of solids."""
        return quantity(_one(self._flow.solids.total()), unit, "kg/s")

    def species(self, name: str, unit: str = "t/h") -> "Quantity[float]":
        """Mass flow of one species; raise InputError if the flowsheet does not carry it."""
        return quantity(float(self._flow.mass[self._flow.slate.row(name), 0]), unit, "kg/s")

    def molar_flow(self, name: str, unit: str = "kmol/h") -> "Quantity[float]":
        """Molar flow of one species."""
        self._flow.slate.row(name)
        return quantity(_one(self._flow.moles(name)), unit, "mol/s")

    def element(self, symbol: str, unit: str = "t/h") -> "Quantity[float]":
        """Mass flow of one element, in whatever species it is."""
        self._known(symbol)
        return quantity(_one(self._flow.element(symbol)), unit, "kg/s")

    def grade(self, symbol: str) -> "Quantity[float]":
        """Mass fraction of an element in the dry solids, in percent."""
        self._known(symbol)
        solids = self._flow.solids
        total = _one(solids.total())
        if total == 0.0:
            raise InputError(f"stream '{self.name}' holds no solids, so it has no grade")
        return quantity(_one(solids.element(symbol)) / total, "percent")

    def percent_solids(self) -> "Quantity[float]":
        """Solids in solids and liquid, by mass, in percent."""
        solids, liquid = _one(self._flow.solids.total()), _one(self._flow.liquid.total())
        if solids + liquid == 0.0:
            raise InputError(f"stream '{self.name}' holds neither solids nor liquid")
        return quantity(solids / (solids + liquid), "percent")

    def volumetric_flow(self, unit: str = "m^3/h") -> "Quantity[float]":
        """Volume of solids and liquid; raise InputError when a density is not known."""
        return quantity(_one(self._flow.volumetric_flow()), unit, "m^3/s")

    def gas_flow(self, unit: str = "Nm3/h") -> "Quantity[float]":
        """Dry gas in normal cubic metres (0 degC, 101.325 kPa); water and oxide vapours left out.

        A normal cubic metre is an amount, 44.615 mol: ``"kmol/h"`` works as well.
        """
        return quantity(_one(self._flow.dry_gas()), unit, "mol/s")

    def gas_composition(self) -> "dict[str, Quantity[float]]":
        """Species -> vol-% of the dry gas; water and the oxide vapours are left out."""
        moles = {name: _one(self._flow.moles(name)) for name in self._flow.slate.dry_gases}
        total = sum(moles.values())
        return {name: quantity(part / total, "percent") for name, part in moles.items() if part}

    def to_dict(self) -> dict[str, object]:
        """Return the stream as plain numbers in t/yr and percent, zeros left out."""
        slate, mass = self._flow.slate, self._flow.mass[:, 0]
        elements = {s: _one(self._flow.element(s)) for s in slate.elements}
        solids = self._flow.solids
        dry = _one(solids.total())
        grades = {s: 100.0 * _one(solids.element(s)) / dry for s in slate.elements} if dry else {}
        return {
            "from": self.start,
            "to": self.end,
            "mass_t_yr": _t_yr(float(mass.sum())),
            "species_t_yr": {
                name: _t_yr(float(m)) for name, m in zip(slate.names, mass, strict=True) if m
            },
            "elements_t_yr": {
                symbol: _t_yr(amount) for symbol, amount in elements.items() if amount
            },
            "grade_percent": {symbol: grade for symbol, grade in grades.items() if grade},
        }

    def _known(self, symbol: str) -> None:
        known = self._flow.slate.elements
        if symbol not in known:
            raise InputError(
                f"no species of this flowsheet contains '{symbol}'{nearest(symbol, known)}"
            )


def _one(values: Array) -> float:
    return float(values[0])


def _t_yr(kg_s: float) -> float:
    return from_base(kg_s, "t/yr")
