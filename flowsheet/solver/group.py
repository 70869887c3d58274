"""Units of one class evaluated together: their inlets side by side, as if they were scenarios."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from flowsheet.core.errors import FlowsheetError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.unit import Parameters
from flowsheet.solver.circuit import Circuit, Step, run_unit
from flowsheet.solver.derivative import IMAGINARY_STEP, run_complex

LARGEST_BATCH = 8192
"""Columns of one evaluation: enough to hide what Python costs, few enough for the cache."""

Places = NDArray[np.intp]


class Block(NamedTuple):
    """Derivative of one outlet by one inlet, for every unit of a group."""

    outlet: str
    inlet: str
    values: Array
    """(constituents, units) where each constituent depends on itself alone, else
    (constituents out, constituents in, units)."""


@dataclass(frozen=True)
class Group:
    """Units of one class whose choices are alike; ``step`` stands for all of them."""

    step: Step
    names: tuple[str, ...]
    inlets: Mapping[str, Places]
    """Port -> column of each unit's inlet."""
    outlets: Mapping[str, Places]
    """Port -> column of each unit's stream."""
    parameters: Parameters
    """Plain parameters as (units,), those per species as (constituents, units)."""
    is_linear: bool

    def run(self, circuit: Circuit, entering: Array, p: Parameters) -> dict[str, Array]:
        """Run all units on the flows of all inlets, (constituents, inlets)."""
        flows = {
            port: Flow(circuit.slate, entering[:, columns]) for port, columns in self.inlets.items()
        }
        try:
            made = run_unit(self.step, flows, p, circuit.slate)
        except FlowsheetError:
            self._run_alone(circuit, flows, p)
            raise
        return {port: flow.mass for port, flow in made.items()}

    def run_complex(self, circuit: Circuit, entering: Array, p: Parameters) -> dict[str, Array]:
        """Run all units with parameters that carry a direction."""
        flows = {
            port: Flow(circuit.slate, entering[:, columns]) for port, columns in self.inlets.items()
        }
        made = run_complex(circuit, self.step, flows, p, circuit.slate)
        return {port: flow.mass for port, flow in made.items()}

    def _run_alone(self, circuit: Circuit, flows: Mapping[str, Flow], p: Parameters) -> None:
        """Run the units one by one, so that the one that fails is named."""
        steps = {step.name: step for step in circuit.steps}
        for place, name in enumerate(self.names):
            alone = {port: Flow(f.slate, f.mass[:, [place]]) for port, f in flows.items()}
            its_own = _of_units(p, slice(place, place + 1), len(self.names))
            run_unit(steps[name], alone, its_own, circuit.slate)

    def blocks(self, circuit: Circuit, entering: Array, p: Parameters) -> list[Block]:
        """Derivatives of every outlet by every inlet at the given flows."""
        flows = {port: entering[:, columns] for port, columns in self.inlets.items()}
        if self.is_linear:
            return [b for port in flows for b in self._linear_blocks(circuit, port, flows, p)]
        try:
            return self._complex_blocks(circuit, flows, p)
        except FlowsheetError:
            alone = {port: Flow(circuit.slate, mass) for port, mass in flows.items()}
            self._run_alone(circuit, alone, p)
            raise

    def _linear_blocks(
        self, circuit: Circuit, port: str, flows: Mapping[str, Array], p: Parameters
    ) -> Iterator[Block]:
        """Run on two random feeds: if both give the same ratios, nothing depends on another."""
        rows, count = circuit.slate.count, len(self.names)
        feeds = _two_feeds(rows, count)
        p_twice = self._twice if p is self.parameters else tiled(p, 2, count)
        twice = self._made_from(circuit, port, flows, feeds, p_twice)
        dense: dict[str, Array] | None = None
        for outlet, mass in twice.items():
            ratios = mass / feeds
            first, second = ratios[:, :count], ratios[:, count:]
            if (np.abs(first - second) <= 1e-12 * np.abs(first) + 1e-14).all():
                yield Block(outlet, port, first)
                continue
            if dense is None:
                each = np.repeat(np.eye(rows), count, axis=1)
                dense = self._made_from(circuit, port, flows, each, tiled(p, rows, count))
            yield Block(outlet, port, dense[outlet].reshape(rows, rows, count))

    @cached_property
    def _twice(self) -> Parameters:
        """Parameters of all units, two times side by side."""
        return tiled(self.parameters, 2, len(self.names))

    def _made_from(
        self,
        circuit: Circuit,
        port: str,
        flows: Mapping[str, Array],
        feed: Array,
        p: Parameters,
    ) -> dict[str, Array]:
        """What copies of all units make of a feed at one inlet and nothing elsewhere."""
        slate = circuit.slate
        into = {name: Flow(slate, feed if name == port else np.zeros_like(feed)) for name in flows}
        made = run_unit(self.step, into, p, slate)
        return {
            name: flow.mass
            if flow.mass.shape == feed.shape
            else np.broadcast_to(flow.mass, feed.shape)
            for name, flow in made.items()
        }

    def _complex_blocks(
        self, circuit: Circuit, flows: Mapping[str, Array], p: Parameters
    ) -> list[Block]:
        """Push every constituent of every inlet through the units as imaginary parts."""
        slate = circuit.slate
        rows, ports = slate.count, list(flows)
        directions = rows * len(ports)
        size = max(1, LARGEST_BATCH // directions)
        parts: dict[tuple[str, str], list[Array]] = {}
        for first in range(0, len(self.names), size):
            units = slice(first, min(first + size, len(self.names)))
            count = units.stop - units.start
            into = {}
            for place, port in enumerate(ports):
                mass = np.tile(flows[port][:, units], (1, directions)).astype(complex)
                along = np.zeros((rows, directions))
                along[:, place * rows : (place + 1) * rows] = np.eye(rows)
                mass += 1j * IMAGINARY_STEP * np.repeat(along, count, axis=1)
                into[port] = Flow(slate, mass)
            some = tiled(_of_units(p, units, len(self.names)), directions, count)
            made = run_complex(circuit, self.step, into, some, slate)
            for outlet, flow in made.items():
                shape = (rows, directions * count)
                change = np.broadcast_to(flow.mass, shape).imag / IMAGINARY_STEP
                split = change.reshape(rows, len(ports), rows, count)
                for place, port in enumerate(ports):
                    parts.setdefault((outlet, port), []).append(split[:, place])
        return [
            Block(outlet, port, np.concatenate(values, axis=2))
            for (outlet, port), values in parts.items()
        ]


@lru_cache(maxsize=64)
def _two_feeds(rows: int, units: int) -> Array:
    """Two random feeds, each for all units side by side, (constituents, 2 x units)."""
    feeds = np.random.default_rng(1).uniform(0.5, 1.5, (rows, 2))
    repeated: Array = np.repeat(feeds, units, axis=1)
    repeated.setflags(write=False)
    return repeated


def tiled(p: Parameters, times: int, units: int) -> Parameters:
    """Parameters of all units, repeated ``times`` times side by side."""
    if units == 1:
        return p
    return _changed(p, units, lambda value: np.tile(value, times))


def _of_units(p: Parameters, some: slice, units: int) -> Parameters:
    """Parameters of some of the units."""
    if units == 1:
        return p
    return _changed(p, units, lambda value: value[..., some])


def _changed(p: Parameters, units: int, change: Callable[[Array], Array]) -> Parameters:
    """Parameters with every array that holds one number per unit changed."""
    changed: dict[str, Any] = {}
    for name, value in vars(p).items():
        if isinstance(value, dict):
            some = {key: change(each) for key, each in value.items() if _varies(each, units)}
            changed |= {name: {**value, **some}} if some else {}
        elif _varies(value, units):
            changed[name] = change(value)
    return p.replaced(changed)


def _varies(value: Any, units: int) -> bool:
    return isinstance(value, np.ndarray) and value.ndim > 0 and value.shape[-1] == units


def alike(unit: Any, p: Parameters) -> Hashable:
    """What units must share to be evaluated together: class, choices, kinds of parameters."""
    return type(unit), tuple((name, _alike(value)) for name, value in vars(p).items())


def _alike(value: Any) -> Hashable:
    if isinstance(value, float):
        return "number"
    if isinstance(value, np.ndarray):
        return "per species"
    return repr(value)


def stacked(parameters: Sequence[Parameters]) -> Parameters:
    """Parameters of several units side by side."""
    if len(parameters) == 1:
        return parameters[0]
    together: dict[str, Any] = {}
    for name, value in vars(parameters[0]).items():
        values = [vars(p)[name] for p in parameters]
        if isinstance(value, np.ndarray) and value.ndim == 2:
            together[name] = np.concatenate(values, axis=1)
        elif isinstance(value, float | np.ndarray):
            together[name] = _side_by_side(values)
        elif isinstance(value, dict) and any(each is not value for each in values):
            together[name] = {key: _side_by_side([each[key] for each in values]) for key in value}
        else:
            together[name] = value
    return Parameters(together)


def _side_by_side(values: Sequence[Any]) -> Array:
    return np.concatenate([np.atleast_1d(each) for each in values])
