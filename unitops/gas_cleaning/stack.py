"""Stack: what a gas still carries as it leaves the plant, and by how much it exceeds limits."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.parameters import Fraction, GasLoading, PerElement
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.quantities import from_base
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, ParticleUse, UnitOp

AIR = 0.21
"""Oxygen in air by volume, as permits count it."""
_ALWAYS_SHOWN = ("Sb", "As")
_CHANGES = {
    "dust": "catch {missing:.1%} of it, by a bag filter or a tighter one",
    "SO2": "take {missing:.1%} of it out, by a scrubber or an acid plant",
    "SO3": "take {missing:.1%} of it out, by a wet precipitator or a mist filter",
    "CO": "burn {missing:.1%} of it, with more air or in an afterburner",
}
_VAPOUR = (
    "{vapour:.0%} of it is vapour or gas: take {missing:.1%} of all out, by filtering colder or a "
    "scrubber"
)
_IN_DUST = "it is in the dust: catch {missing:.1%} of it, by a bag filter or a tighter one"


class Stack(UnitOp):
    """Let a gas out, tell what it carries, and compare that with what is allowed.

    What enters leaves. For dust, gases and elements j, in the dry gas at 0 degC and 101.325 kPa:

        c_j = m_j / n_dry                                                           (1)

    and, where a permit refers to a content of oxygen O_ref, with the measured one O by volume in
    the dry gas (e.g. Directive 2010/75/EU, annex VI, part 7, quoted from memory):

        c_j,ref = c_j * (21 % - O_ref) / (21 % - O)                                 (2)

    An element counts in dust, droplets, vapour and gas together. Dust is all that is solid.

    Assumptions: ideal gas. Where the gas holds no less oxygen than air, (2) has no meaning: figures
    are then not referred, and a warning says so. Limits of no authority are built in.
    Not modelled: draught, height, plume, averages over hours and days.
    Limits: a limit of zero is exceeded by anything.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.gas_cleaning.stack import Stack
    >>> from unitops.streams.feed import Feed
    >>> plant = Flowsheet(
    ...     species=["Sb2O3", "SO2", "N2"],
    ...     units={
    ...         "filter": Feed(
    ...             outlet="clean_gas",
    ...             flow="10 t/h",
    ...             composition={"SO2": "0.5 %", "Sb2O3": "2 ppm"},
    ...             remainder="N2",
    ...         ),
    ...         "stack": Stack(
    ...             gas="clean_gas",
    ...             emission="stack_gas",
    ...             sulphur_dioxide_limit="500 mg/Nm3",
    ...             element_limit={"Sb": "5 mg/Nm3"},
    ...         ),
    ...     },
    ... )
    >>> (line,) = solve(plant).warnings()
    >>> for part in line.split("; "):
    ...     print(part)
    stack: 6,267 mg/Nm3 SO2 is 5,767 above the limit of 500 (12.5 times as much)
    take 92.0% of it out, by a scrubber or an acid plant
    """

    particles: ClassVar[ParticleUse] = "kept"

    gas: Inlet
    emission: Outlet

    reference_oxygen: Fraction | None = None
    """Oxygen by volume in the dry gas that limits refer to, O_ref. Default: they refer to the gas
    as it is."""
    dust_limit: GasLoading | None = None
    """Dust allowed, in mg/Nm3 of dry gas, as all limits."""
    sulphur_dioxide_limit: GasLoading | None = None
    """SO2 allowed."""
    sulphur_trioxide_limit: GasLoading | None = None
    """SO3 allowed."""
    carbon_monoxide_limit: GasLoading | None = None
    """CO allowed."""
    element_limit: PerElement[GasLoading] | None = None
    """Element allowed in whatever form, e.g. ``{"Sb": "5 mg/Nm3", "As": "1 mg/Nm3"}``."""

    def check(self) -> None:
        """Refuse a reference that is air, and one limit for every element."""
        if self.reference_oxygen is not None and self.reference_oxygen >= AIR:
            raise InputError(
                f"reference_oxygen of {self.reference_oxygen:.3g} is no less than air holds "
                f"({AIR:g}); give e.g. 0.11"
            )
        limits = self.element_limit
        if limits is not None and limits.others is not None:  # type: ignore[union-attr]
            raise InputError(
                "element_limit for all elements would limit nitrogen too; name the elements, "
                'e.g. {"As": "1 mg/Nm3"}'
            )

    def is_linear(self) -> bool:
        """What enters leaves."""
        return True

    def run(self, gas: Flow, p: Parameters) -> Outlets:  # noqa: ARG002
        """Let the gas out."""
        return {"emission": gas}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Gas, concentrations, rates, SO2 and oxygen by volume, and shares of limits."""
        gas = flows["emission"]
        dry, limits = gas.dry_gas(), _limits(p)
        found = [
            Figure(dry, "Nm3/h", "dry gas"),
            Figure(ratio(gas.moles("SO2"), dry), "%", "SO2 by volume, dry"),
            Figure(ratio(gas.moles("O2"), dry), "%", "O2 by volume, dry"),
        ]
        if p.reference_oxygen is not None:
            found.append(Figure(_to_reference(gas, p), "", "factor to the reference oxygen"))
        for name, rate in _contents(gas, p).items():
            concentration = _concentration(gas, p, rate)
            found.append(Figure(concentration, "mg/Nm3", f"{name}, in the dry gas"))
            found.append(Figure(rate, "kg/h", f"{name} emitted"))
            if name in limits:
                used = ratio(concentration, limits[name])
                found.append(Figure(used, "%", f"{name}, of its limit"))
        return found

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Every limit that is exceeded, by how much, and what to change."""
        gas, lines = flows["emission"], []
        oxygen = first(ratio(gas.moles("O2"), gas.dry_gas()))
        if p.reference_oxygen is not None and oxygen >= AIR:
            lines.append(
                f"the gas holds {oxygen:.1%} O2, no less than air, and cannot be referred to "
                f"{first(p.reference_oxygen):.1%}; concentrations are those of the gas as it is"
            )
        contents = _contents(gas, p)
        if first(gas.dry_gas()) == 0.0 and first(gas.total()) > 0.0:
            lines.append("no dry gas leaves, so that there is no concentration; check the gas")
        for name, limit in _limits(p).items():
            found = first(_concentration(gas, p, contents[name]))
            if found > first(limit) * (1.0 + 1e-9):
                lines.append(_exceeded(name, gas, found, first(limit)))
        return lines


def _contents(gas: Flow, p: Parameters) -> dict[str, Array]:
    """Dust, gases and elements -> kg/s, (scenarios,)."""
    limited = p.element_limit or {}
    elements = [
        each for each in _ALWAYS_SHOWN if each in gas.slate.elements and each not in limited
    ]
    found = {"dust": gas.solids.total(), "SO2": gas.of("SO2")}
    found |= {name: gas.of(name) for name in ("SO3", "CO") if name in _limits(p)}
    return found | {symbol: gas.element(symbol) for symbol in (*elements, *limited)}


def _limits(p: Parameters) -> dict[str, Any]:
    """What is limited -> kg/mol."""
    single = {
        "dust": p.dust_limit,
        "SO2": p.sulphur_dioxide_limit,
        "SO3": p.sulphur_trioxide_limit,
        "CO": p.carbon_monoxide_limit,
    }
    elements: Mapping[str, Any] = p.element_limit or {}
    return {name: limit for name, limit in single.items() if limit is not None} | dict(elements)


def _to_reference(gas: Flow, p: Parameters) -> Array:
    """Concentration at the reference oxygen over that in the gas, (scenarios,); (2)."""
    room = AIR - ratio(gas.moles("O2"), gas.dry_gas())
    no_less_than_air = room.real <= 0.0
    reference = AIR - p.reference_oxygen
    return np.where(no_less_than_air, 1.0, reference / np.where(no_less_than_air, 1.0, room))


def _concentration(gas: Flow, p: Parameters, rate: Array) -> Array:
    concentration = ratio(rate, gas.dry_gas())  # (1)
    if p.reference_oxygen is None:
        return concentration
    referred: Array = concentration * _to_reference(gas, p)
    return referred


def _exceeded(name: str, gas: Flow, found: float, limit: float) -> str:
    shown, allowed = from_base(found, "mg/Nm3"), from_base(limit, "mg/Nm3")
    vapour = first(ratio(gas.gas.element(name), gas.element(name)))
    change = _CHANGES.get(name, _VAPOUR if vapour > 0.5 else _IN_DUST)
    times = f" ({shown / allowed:.3g} times as much)" if allowed else ""
    advice = change.format(missing=1.0 - allowed / shown, vapour=vapour)
    return (
        f"{shown:,.4g} mg/Nm3 {name} is {shown - allowed:,.4g} above the limit of {allowed:,.4g}"
        f"{times}; {advice}"
    )
