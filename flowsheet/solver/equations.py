"""The equations of a steady state, as Newton's method sees them.

Unknowns are the flows of every constituent at some inlets, stacked inlet after inlet, and the
logarithm of every varied parameter. Equations are ``found(assumed) = assumed`` at these inlets and
``log(value / target) = 0`` for every specification. Every array is (unknowns, scenarios).
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from flowsheet.core.flow import Array
from flowsheet.core.unit import Parameters
from flowsheet.measure import Reading
from flowsheet.model import End
from flowsheet.place import Place, place_of
from flowsheet.solver.circuit import Circuit, Streams
from flowsheet.solver.spec import Spec

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

MADE_INSIDE = 1e-3
"""Measure of a constituent that no feed holds, as a share of the largest feed."""


class Point(NamedTuple):
    """Unknowns and what one pass makes of them."""

    flows: Floats
    logs: Floats
    streams: Streams
    residual: Floats
    """Found minus assumed, kg/s."""
    misses: Floats
    """Logarithm of value over target, per specification."""


class Linear(Protocol):
    """The Newton matrix at one point, factorised."""

    def correction(
        self, residual: Floats, misses: Floats, held: Booleans
    ) -> tuple[Floats, Floats] | None:
        """Correction of flows and logs, with the logs of held specifications at zero.

        Returns None where the matrix is singular: more of something can neither leave nor be used.
        """

    def influence(self) -> Floats | None:
        """Misses by logs, by way of the recycles too; None where the matrix is singular."""

    def returned(self) -> tuple[Any, NDArray[np.intp]]:
        """What comes back at each unknown per unit of each, and which unknowns these are."""


class Equations(ABC):
    """The equations of one circuit; see the text of this module."""

    def __init__(
        self, circuit: Circuit, inlets: Sequence[End], specs: Sequence[Spec], feed_share: float
    ) -> None:
        self.circuit = circuit
        self.inlets = inlets
        self.specs = specs
        self.feed_share = feed_share
        self.thorough = True
        """Whether a failure is worth a search for what would have had an answer."""
        self.rows = circuit.slate.count
        self.given: Mapping[str, Parameters] = circuit.parameters
        """Parameters, before specifications change them."""
        self.active: Booleans = np.zeros(len(inlets) * self.rows, dtype=bool)
        """Unknowns that some feed reaches; the others are zero."""
        self._scaled: tuple[Streams, Floats] = {}, np.zeros((0, 1))

    @cached_property
    def places(self) -> list[Place]:
        """Where the varied parameters stand."""
        return [place_of(spec.path, self.circuit.flowsheet) for spec in self.specs]

    @cached_property
    def starts(self) -> Floats:
        """Values of the varied parameters at the start, (specs, 1)."""
        values = [place.start(self.circuit.flowsheet) for place in self.places]
        return np.array(values, dtype=float)[:, None]

    @cached_property
    def log_bounds(self) -> tuple[Floats, Floats]:
        """Lowest and highest logarithm of each varied parameter over its start, (specs, 1)."""
        bounds = [spec.bounds(self.circuit.flowsheet) for spec in self.specs]
        ends = np.array(bounds, dtype=float).reshape(-1, 2) / self.starts
        with np.errstate(divide="ignore"):
            logs = np.log(ends)
        return logs[:, :1], logs[:, 1:]

    def parameters(self, logs: Any) -> Mapping[str, Parameters]:
        """Parameters with the varied ones exchanged; ``logs`` is (specs, scenarios)."""
        if not self.specs:
            return self.given
        parameters = dict(self.given)
        for place, start, log in zip(self.places, self.starts, logs, strict=True):
            place.put(parameters, start * np.exp(log))
        return parameters

    def misses(self, streams: Streams, parameters: Mapping[str, Parameters]) -> Floats:
        """How far each specification is from its target, (specs, scenarios)."""
        if not self.specs:
            return np.zeros((0, 1))
        reading = Reading(self.circuit.flowsheet, streams, parameters)
        return np.stack([spec.miss(reading) for spec in self.specs])

    def fed(self, streams: Streams, count: int = 1) -> Floats:
        """What enters the plant, (constituents, scenarios)."""
        total = np.zeros((self.rows, count))
        for name in self.circuit.flowsheet.entering:
            total = total + streams[name].real
        return total

    def scale(self, streams: Streams, count: int = 1) -> Floats:
        """What a mismatch is compared with: the feed of that constituent, see docs/solver.md."""
        known, scale = self._scaled
        if known is not streams:  # asked several times at each point
            fed = self.fed(streams, count)
            largest = fed.max(axis=0)
            inside = MADE_INSIDE * np.where(largest > 0.0, largest, 1.0)
            scale = np.tile(np.where(fed > 0.0, fed, inside), (len(self.inlets), 1))
            self._scaled = streams, scale
        return scale

    @abstractmethod
    def start(self) -> Floats:
        """Flows to start from, (unknowns, 1); finds which constituents flow."""

    @abstractmethod
    def evaluate(self, flows: Floats, logs: Floats) -> Point:
        """One pass through the units."""

    @abstractmethod
    def linearised(self, point: Point, damping: float = 0.0) -> Linear:
        """The Newton matrix at a point of one scenario, with ``damping`` added to its diagonal."""


def split(flows: Floats, rows: int) -> list[Array]:
    """The vector of flows as one array (constituents, scenarios) per inlet."""
    return [flows[place : place + rows] for place in range(0, len(flows), rows)]
