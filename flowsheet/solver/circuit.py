"""A flowsheet made ready to calculate: units in order, torn inlets, parameters as numbers."""

from collections.abc import Hashable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from flowsheet.core.errors import FlowsheetError, InputError, SolveError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Parameters, UnitOp
from flowsheet.graph import calculation_order, tear_set
from flowsheet.model import End, Flowsheet

Streams = Mapping[str, Array]
"""Stream -> mass flows in kg/s, (constituents, scenarios)."""


@dataclass(frozen=True)
class Step:
    """One unit in the order of calculation."""

    name: str
    unit: UnitOp
    inlets: Mapping[str, tuple[str, ...]]
    """Port -> streams that enter it."""
    made: Mapping[str, str]
    """Port -> stream, for outlets and supplies."""
    torn: Mapping[str, int]
    """Port -> place among the torn inlets, for inlets that are torn."""


class Reached(NamedTuple):
    """What the feeds reach in passes from empty recycles."""

    active: NDArray[np.bool_]
    """Which unknowns at the torn inlets flow, (unknowns,)."""
    flows: NDArray[np.float64]
    """Flows there after these passes, (unknowns, 1)."""
    constituents: NDArray[np.bool_]
    """Which constituents flow anywhere in the plant, (constituents,)."""


class Circuit:
    """The order of calculation of a flowsheet, and one pass through it.

    ``torn`` lists the inlets whose flows are assumed at the start of a pass; the pass returns what
    it found for them. Every array is (constituents, scenarios).
    """

    def __init__(self, flowsheet: Flowsheet) -> None:
        self.flowsheet = flowsheet
        self.slate: Slate = flowsheet.slate
        edges = list(_edges(flowsheet))
        inlets = [End(n, p) for n, u in flowsheet.units.items() for p in u.streams("inlet")]
        self.torn: list[End] = tear_set(inlets, edges)
        among = set(self.torn)
        needs: dict[str, list[str]] = {name: [] for name in flowsheet.units}
        for start, end in edges:
            if end not in among:
                needs[end.unit].append(start.unit)
        for stream, end in flowsheet.taken_by.items():
            maker = flowsheet.made_by[stream].unit
            if flowsheet.is_source(maker):
                needs[end.unit].append(maker)
        self.order = calculation_order(list(flowsheet.units), needs)
        self._place = {end: place for place, end in enumerate(self.torn)}
        self.steps = [self._step(name) for name in self.order]
        self.parameters: dict[str, Parameters] = {
            name: unit.resolve(self.slate) for name, unit in flowsheet.units.items()
        }
        self.entering: list[tuple[str, ...]] = [
            flowsheet.units[end.unit].streams("inlet")[end.port] for end in self.torn
        ]
        """Streams of each torn inlet."""
        self.by_difference: dict[Hashable, bool] = {}
        """Which units the complex step fails, once that has been tried."""
        self.reached: Reached | None = None
        """What the feeds reach, once that is known."""
        self.nominal: tuple[tuple[Any, ...], Any] | None = None
        """The targets of the solution that scenarios started from last, and that solution."""
        self.checked_alone = False
        """Whether units that were evaluated together have been compared with each alone."""
        self._fixed: dict[str, Mapping[str, Flow]] = {}

    def _step(self, name: str) -> Step:
        unit = self.flowsheet.units[name]
        outlets = {**unit.streams("outlet"), **unit.streams("supply")}
        made = {port: streams[0] for port, streams in outlets.items()}
        inlets = unit.streams("inlet")
        torn = {
            port: self._place[End(name, port)] for port in inlets if End(name, port) in self._place
        }
        return Step(name, unit, inlets, made, torn)

    def with_parameters(self, parameters: Mapping[str, Parameters]) -> "Circuit":
        """The same order of calculation with other parameters."""
        other = copy(self)
        other.parameters = dict(parameters)
        other.reached = None
        other.nominal = None
        other._fixed = {}
        return other

    @cached_property
    def is_linear(self) -> bool:
        """Whether all units with inlets are."""
        return all(step.unit.is_linear() for step in self.steps if step.inlets)

    @cached_property
    def sources(self) -> list[Step]:
        """Units without inlets."""
        return [step for step in self.steps if not step.inlets]

    def run(
        self,
        assumed: Sequence[Array],
        parameters: Mapping[str, Parameters],
        *,
        feed_share: float = 1.0,
        run_step: Any = None,
    ) -> Streams:
        """Calculate every stream once, with the torn inlets as assumed.

        ``feed_share`` scales what the units without inlets bring. ``run_step(step, flows,
        parameters, slate)`` replaces the plain call of a unit (for derivatives).
        """
        run_step = run_step or run_unit
        for mass in assumed:
            mass.setflags(write=False)
        streams: dict[str, Array] = {}
        for step in self.steps:
            if not step.inlets:
                streams.update(self.source(step, parameters[step.name], feed_share, run_step))
                continue
            flows = {}
            for port, names in step.inlets.items():
                mass = assumed[step.torn[port]] if port in step.torn else self.inlet(names, streams)
                flows[port] = Flow(self.slate, mass)
            made = run_step(step, flows, parameters[step.name], self.slate)
            for port, stream in step.made.items():
                mass = made[port].mass
                mass.setflags(write=False)  # a unit that changed its feed in place would hide it
                streams[stream] = mass
        return streams

    def source(
        self, step: Step, p: Parameters, feed_share: float = 1.0, run_step: Any = None
    ) -> dict[str, Array]:
        """What a unit without inlets brings; calculated once while its parameters stay."""
        if p is self.parameters[step.name]:
            if step.name not in self._fixed:
                self._fixed[step.name] = run_unit(step, {}, p, self.slate)
            made = self._fixed[step.name]
        else:
            made = (run_step or run_unit)(step, {}, p, self.slate)
        brought = {}
        for port, stream in step.made.items():
            mass = made[port].mass if feed_share == 1.0 else feed_share * made[port].mass
            mass.setflags(write=False)
            brought[stream] = mass
        return brought

    def inlet(self, names: Sequence[str], streams: Streams) -> Array:
        """Sum of the streams that enter an inlet; zero when none is connected."""
        if not names:
            return np.zeros((self.slate.count, 1))
        total = streams[names[0]]
        for name in names[1:]:
            total = total + streams[name]
        return total

    def found(self, streams: Streams) -> list[Array]:
        """What a pass found for each torn inlet."""
        return [self.inlet(names, streams) for names in self.entering]


@lru_cache(maxsize=16)
def circuit_of(flowsheet: Flowsheet) -> Circuit:
    """Make a flowsheet ready to calculate, once: a flowsheet never changes."""
    return Circuit(flowsheet)


def run_unit(
    step: Step, flows: Mapping[str, Flow], p: Parameters, slate: Slate
) -> Mapping[str, Flow]:
    """Run one unit; whatever goes wrong is raised with the unit's name.

    One that does not care about sizes is spared the rows of particles.
    """
    if slate.sized and flows and step.unit.particles == "merged":
        plain = {port: flow.of_species() for port, flow in flows.items()}
        made = run_unit(step, plain, _of_species(p, slate), slate.unsized)
        return {port: flow.on(slate) for port, flow in made.items()}
    try:
        made = step.unit.run(**flows, p=p) if flows else step.unit.run(slate=slate, p=p)
    except InputError as error:
        raise InputError(f"{step.name}: {error}") from error
    except FlowsheetError:
        raise
    except (Exception, SystemExit) as error:
        raise SolveError(
            f"{step.name}: its {type(step.unit).__name__} failed with "
            f"{type(error).__name__}: {error}; inlet {_shown(flows)}"
        ) from error
    if not _plainly_right(step, made, flows):
        _check_returned(step, made, flows, p)
    return made


def _of_species(p: Parameters, slate: Slate) -> Parameters:
    """The parameters on the slate without particles."""
    rows, species = slate.count, len(slate.species)
    shorter = {
        name: value[:species]
        for name, value in vars(p).items()
        if type(value) is np.ndarray and value.ndim == 2 and value.shape[0] == rows
    }
    return p.replaced(shorter) if shorter else p


def _plainly_right(step: Step, made: Any, flows: Mapping[str, Flow]) -> bool:
    """Whether what a unit returned needs no closer look: the quick way past _check_returned."""
    if type(made) is not dict or made.keys() != step.made.keys() or not flows:
        return False
    columns, kind = 1, "f"
    for flow in flows.values():
        columns = max(columns, flow.mass.shape[1])
        kind = max(kind, flow.mass.dtype.kind, key="fc".find)
    for flow in made.values():
        mass = flow.mass if type(flow) is Flow else None
        if type(mass) is not np.ndarray or mass.dtype.kind not in ("f", kind) or mass.ndim != 2:
            return False
        if mass.shape[0] != flow.slate.count or mass.shape[1] not in (1, columns):
            return False
    return True


def _check_returned(step: Step, made: Any, flows: Mapping[str, Flow], p: Parameters) -> None:
    """Raise SolveError unless ``run`` returned one flow of the right shape and kind per port."""
    where = f"{step.name}: {type(step.unit).__name__}.run returned"
    ports = ", ".join(step.made)
    if not isinstance(made, Mapping):
        raise SolveError(f"{where} {type(made).__name__}; return a dict with a Flow for {ports}")
    if set(made) != set(step.made):
        keys = ", ".join(map(str, made)) or "nothing"
        raise SolveError(f"{where} {keys}, but its outlets and supplies are {ports}")
    arrays = [flow.mass for flow in flows.values()]
    for value in vars(p).values():
        entries = value.values() if isinstance(value, Mapping) else (value,)
        arrays += [entry for entry in entries if isinstance(entry, np.ndarray)]
    columns = max((array.shape[-1] for array in arrays if array.ndim), default=1)
    may_be_complex = any(np.iscomplexobj(array) for array in arrays)
    for port, flow in made.items():
        if not isinstance(flow, Flow):
            raise SolveError(f"{where} {type(flow).__name__} for '{port}'; return a Flow")
        mass = flow.mass
        if not isinstance(mass, np.ndarray) or mass.dtype.kind not in "fiuc":
            raise SolveError(f"{where} a Flow for '{port}' whose mass is no array of numbers")
        if np.iscomplexobj(mass) and not may_be_complex:
            raise SolveError(f"{where} complex numbers for '{port}' from real ones")
        rows = flow.slate.count
        if mass.ndim != 2 or mass.shape[0] != rows or mass.shape[1] not in (1, columns):
            raise SolveError(
                f"{where} an array of shape {mass.shape} for '{port}'; it must be "
                f"(constituents, scenarios), here ({rows}, {columns})"
            )


def _shown(flows: Mapping[str, Flow]) -> str:
    """The largest constituents of the inlets, for an error message."""
    parts = []
    for port, flow in flows.items():
        mass = flow.mass.real[:, 0]
        largest = np.argsort(-mass)[:4]
        inside = ", ".join(f"{flow.slate.labels[i]} {mass[i]:.3g}" for i in largest if mass[i] > 0)
        parts.append(f"{port}: {inside or 'empty'} kg/s")
    return "; ".join(parts) or "none"


def _edges(flowsheet: Flowsheet) -> list[tuple[End, End]]:
    """Inlet -> inlet, where a stream made by the first one's unit enters the second."""
    edges = []
    for stream, end in flowsheet.taken_by.items():
        maker = flowsheet.made_by[stream].unit
        edges += [(End(maker, port), end) for port in flowsheet.units[maker].streams("inlet")]
    return edges
