"""The frozen result of a solve, and the function that makes it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flowsheet.audit import Audit, audit
from flowsheet.core.errors import InputError, SolveError, nearest
from flowsheet.core.flow import Flow
from flowsheet.core.quantities import quantity
from flowsheet.core.unit import Figure, Flows, Parameters, seen
from flowsheet.heat_balance import HeatBalance, heat_balance
from flowsheet.model import Flowsheet
from flowsheet.solver.circuit import Streams
from flowsheet.solver.equations import Equations, Point
from flowsheet.solver.gain import HIGH_GAIN, Gain, gain
from flowsheet.solver.spec import Spec
from flowsheet.solver.steady import steady_state
from flowsheet.stream import Stream

if TYPE_CHECKING:
    from pint import Quantity


@dataclass(frozen=True)
class Balance:
    """One element over the plant: flows in and out in kg/s by stream, and the closure."""

    element: str
    entering: Mapping[str, float]
    leaving: Mapping[str, float]
    closure: float


@dataclass(frozen=True)
class Solution:
    """A steady state that closes; streams are read with ``solution["name"]``."""

    flowsheet: Flowsheet
    flows: Streams
    """Stream -> mass flows in kg/s, (constituents, scenarios)."""
    parameters: Mapping[str, Parameters]
    varied: Mapping[str, float]
    """Path -> value in SI that met a specification."""
    audit: Audit
    iterations: int
    equations: Equations
    point: Point
    """What was solved, and where: for derivatives and the loop gain."""
    status: str = "solved"

    def __repr__(self) -> str:
        units, streams = len(self.flowsheet.units), len(self.flows)
        error, where, element = self.audit.worst
        return (
            f"<Solution: {self.status}, {units} units, {streams} streams, worst closure "
            f"{error:.0e} ({element}, {where})>"
        )

    def __contains__(self, name: object) -> bool:
        return name in self.flows

    def __iter__(self) -> Iterator[str]:
        return iter(self.streams)

    def __getitem__(self, name: str) -> Stream:
        """Return a stream by name; raise InputError with the nearest name."""
        if name not in self.flows:
            raise InputError(f"there is no stream '{name}'{nearest(name, self.flows)}")
        start = self.flowsheet.made_by.get(name)
        end = self.flowsheet.taken_by.get(name) or self.flowsheet.supplied_to.get(name)
        return Stream(
            name,
            start.unit if start else "outside",
            end.unit if end else "outside",
            Flow(self.flowsheet.slate, self.flows[name]),
            lambda: self.heat_balance.temperature[name],
        )

    @property
    def streams(self) -> dict[str, Stream]:
        """Every stream by name, in the order in which the units are written."""
        units = self.flowsheet.units.values()
        names = [
            name
            for unit in units
            for port in (*unit.streams("supply").values(), *unit.streams("outlet").values())
            for name in port
        ]
        return {name: self[name] for name in names}

    def flow(self, name: str) -> Flow:
        """What a unit sees of a stream: mass flows in SI, (constituents, 1)."""
        return Flow(self.flowsheet.slate, self.flows[name])

    def element_flow(self, element: str, names: Sequence[str]) -> float:
        """Mass flow of an element in several streams together, kg/s."""
        for name in names:
            self[name]
        return sum(float(self.flow(name).element(element)[0]) for name in names)

    def species_flow(self, species: str, names: Sequence[str]) -> float:
        """Mass flow of a species in several streams together, kg/s, locked or free."""
        return sum(float(self.flow(name).merged().of(species)[0]) for name in names)

    def recovery(self, element: str, *, to: str) -> "Quantity[float]":
        """Share of all of an element that enters the plant that leaves by one stream."""
        self[to].element(element)
        entering = self.element_flow(element, self.flowsheet.entering)
        if entering == 0.0:
            raise InputError(f"no {element} enters this plant, so nothing of it can be recovered")
        return quantity(self.element_flow(element, [to]) / entering, "percent")

    def balance(self, element: str) -> Balance:
        """Where an element comes from and goes to."""
        if element not in self.audit.plant:
            raise InputError(
                f"no species of this flowsheet contains '{element}'"
                f"{nearest(element, self.audit.plant)}"
            )
        entering, leaving = (
            {name: self.element_flow(element, [name]) for name in names}
            for names in (self.flowsheet.entering, self.flowsheet.leaving)
        )
        return Balance(element, entering, leaving, self.audit.plant[element])

    def figures(self, unit: str) -> Sequence[Figure]:
        """Derived figures of one unit: energy, reagents, recoveries."""
        if unit not in self.flowsheet.units:
            raise InputError(f"there is no unit '{unit}'{nearest(unit, self.flowsheet.units)}")
        figures: Sequence[Figure] = self._ask(unit, "figures")
        return figures

    @cached_property
    def heat_balance(self) -> HeatBalance:
        """Temperature of every stream and heat of every unit that has one."""
        return heat_balance(self.flowsheet, self.flows, self.parameters)

    def heat(self, unit: str, unit_of_power: str = "kW") -> "Quantity[float]":
        """Heat that a unit must be given; below zero what it gives off, losses included.

        Raises InputError for a unit that has no temperature, or whose heat is not known.
        """
        if unit not in self.flowsheet.units:
            raise InputError(f"there is no unit '{unit}'{nearest(unit, self.flowsheet.units)}")
        found = self.heat_balance
        if unit not in found.heat:
            reason = found.unknown.get(unit, "it sets no temperature")
            known = f"; known here: {', '.join(found.heat)}" if found.heat else ""
            raise InputError(f"the heat of '{unit}' is not known: {reason}{known}")
        return quantity(float(found.heat[unit][0]), unit_of_power, "W")

    def warnings(self) -> list[str]:
        """What an engineer should know about this solution, one line each."""
        units = self.flowsheet.units
        lines = [f"{name}: {line}" for name in units for line in self._ask(name, "warnings")]
        return [*lines, *self.heat_balance.warnings, *self._warnings_of_loops()]

    @cached_property
    def _gain(self) -> Gain:
        return gain(self.equations, self.point)

    @property
    def loop_gain(self) -> float:
        """Share of a disturbance that one pass through the recycles leaves; 0 without recycles."""
        return self._gain.loop

    @property
    def true_error(self) -> float:
        """Estimate of the largest relative error of any recycled flow, roundings included.

        Flows below a millionth of what is fed of their constituent are judged against that.
        """
        return self._gain.error

    def _warnings_of_loops(self) -> list[str]:
        if self.loop_gain <= HIGH_GAIN:
            return []
        found = self._gain
        return [
            f"{found.unit}: {found.species} comes back but for {1.0 - found.loop:.2g} of it each "
            f"pass (loop gain {found.loop:.10g}), so a small change of what lets it out changes "
            f"what the loop holds a thousandfold; relative error of the recycled flows about "
            f"{found.error:.0e}"
        ]

    def _ask(self, name: str, what: str) -> Any:
        """Call a unit's ``figures`` or ``warnings``; a failure is raised with the unit's name."""
        unit = self.flowsheet.units[name]
        try:
            return list(getattr(unit, what)(self._ports(name), self.parameters[name]))
        except Exception as error:
            raise SolveError(
                f"{name}: {type(unit).__name__}.{what} failed with {type(error).__name__}: {error}"
            ) from error

    def _ports(self, name: str) -> Flows:
        """Flows of all ports of a unit."""
        unit, slate = self.flowsheet.units[name], self.flowsheet.slate
        flows = {}
        for port, kind in unit.ports().items():
            mass = sum(
                (Flow(slate, self.flows[s]) for s in unit.streams(kind)[port]),
                start=Flow(slate, 0.0 * next(iter(self.flows.values()))),
            )
            flows[port] = mass
        return seen(unit, flows)


def solve(
    flowsheet: Flowsheet,
    *,
    set: Mapping[str, Any] | None = None,  # noqa: A002 - reads as in the command line's --set
    specs: Spec | Sequence[Spec] = (),
) -> Solution:
    """Find the steady state of a flowsheet and prove that it closes.

    ``set`` changes parameters for this solve (``{"rougher.cells": 8}``); each of ``specs`` frees a
    parameter to meet a target. Raises InputError for a wrong description, SolveError when there is
    no steady state or a result does not close to 1e-9.
    """
    if not isinstance(flowsheet, Flowsheet):
        raise InputError(f"solve: needs a Flowsheet, got {flowsheet!r}; see load_route for a case")
    if set:
        flowsheet = flowsheet.with_parameters(set)
    state = steady_state(flowsheet, (specs,) if isinstance(specs, Spec) else specs)
    proof = audit(flowsheet, state.streams)
    proof.check()
    return Solution(
        flowsheet,
        state.streams,
        state.parameters,
        state.varied,
        proof,
        state.iterations,
        state.equations,
        state.point,
    )
