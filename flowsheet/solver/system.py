"""The equations of a steady state as a vector function with a Jacobian.

Unknowns are the flows of every constituent that reaches a torn inlet, and the logarithm of every
varied parameter. Equations are ``found(assumed) = assumed`` and ``log(value / target) = 0``.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from flowsheet.core.errors import SolveError
from flowsheet.core.flow import Array
from flowsheet.core.unit import Parameters
from flowsheet.model import split_path
from flowsheet.solver.circuit import Circuit, Streams
from flowsheet.solver.derivative import IMAGINARY_STEP, Derivatives
from flowsheet.solver.diagnosis import check_flows
from flowsheet.solver.spec import Spec

Floats = NDArray[np.float64]

MAX_FIRST_PASSES = 200


class Point(NamedTuple):
    """Unknowns and what one pass makes of them."""

    flows: Floats
    logs: Floats
    streams: Streams
    residual: Floats
    """Found minus assumed at the torn inlets, kg/s."""
    misses: Floats
    """Logarithm of value over target, per specification."""


class System:
    """The equations of one circuit as a vector function with a Jacobian."""

    def __init__(self, circuit: Circuit, specs: Sequence[Spec]) -> None:
        self.circuit = circuit
        self.specs = specs
        self.derivatives = Derivatives(circuit)
        self.rows = len(circuit.slate.names)
        self.active = np.zeros(len(circuit.torn) * self.rows, dtype=bool)
        self.start_values = {
            spec.path: float(getattr(circuit.flowsheet.units[unit], parameter))
            for spec in specs
            for unit, parameter, _ in [split_path(spec.path, circuit.flowsheet.units)]
        }

    def tears(self, flows: Floats) -> list[Array]:
        """The vector of flows as one array (constituents, 1) per torn inlet."""
        return [
            flows[i * self.rows : (i + 1) * self.rows, None] for i in range(len(flows) // self.rows)
        ]

    def parameters(self, logs: Any) -> dict[str, Parameters]:
        """Parameters with the varied ones replaced; ``logs`` is (specs,) or (specs, directions)."""
        parameters = dict(self.circuit.parameters)
        for spec, log in zip(self.specs, logs, strict=True):
            unit, name, _ = split_path(spec.path, self.circuit.flowsheet.units)
            value = self.start_values[spec.path] * np.exp(log)
            parameters[unit] = parameters[unit].replaced({name: value})
        return parameters

    def evaluate(self, flows: Floats, logs: Floats) -> tuple[Streams, Floats, Floats]:
        """One pass: streams, found minus assumed at the tears, misses of the specifications."""
        streams = self.circuit.run(self.tears(flows), self.parameters(logs))
        return streams, self.found(streams) - flows, self.misses(streams)

    def found(self, streams: Streams) -> Floats:
        """What a pass found at the torn inlets, as a vector."""
        found = self.circuit.found(streams)
        return np.concatenate([mass[:, 0] for mass in found]) if found else np.zeros(0)

    def misses(self, streams: Streams) -> Floats:
        """How far each specification is from its target."""
        misses = [spec.miss(self.circuit.slate, streams)[0] for spec in self.specs]
        return np.array(misses, dtype=float)

    def first_passes(self) -> tuple[Floats, int]:
        """Pass from empty recycles until no new constituent turns up; mark those that flow.

        A constituent that no feed reaches stays out of the equations: its flow is zero, and a
        lossless loop would make the matrix singular although zero is the answer. Returns the flows
        reached and the number of passes.
        """
        flows = np.zeros(self.active.size)
        logs = np.zeros(len(self.specs))
        for count in range(1, MAX_FIRST_PASSES + 1):
            streams, change, _ = self.evaluate(flows, logs)
            check_flows(self.circuit, streams)
            flows = flows + change
            reached = flows != 0.0
            if np.array_equal(reached, self.active):
                return flows, count
            self.active = reached | self.active
        raise SolveError("new species keep turning up in the recycles; no steady state was tried")

    def jacobian(self, flows: Floats, logs: Floats) -> tuple[Floats, Floats]:
        """Derivatives of found and of misses by the active flows and the logs."""
        unknowns = np.flatnonzero(self.active)
        columns = len(unknowns) + len(self.specs)
        directions = np.zeros((len(flows), columns))
        directions[unknowns, np.arange(len(unknowns))] = 1.0
        log_directions = np.zeros((len(self.specs), columns))
        log_directions[np.arange(len(self.specs)), len(unknowns) + np.arange(len(self.specs))] = 1.0
        parameters = self.parameters(logs[:, None] + 1j * IMAGINARY_STEP * log_directions)
        each = [
            directions[i * self.rows : (i + 1) * self.rows] for i in range(len(self.circuit.torn))
        ]
        streams = self.derivatives.run(self.tears(flows), each, parameters)
        found = self.circuit.found(streams)
        by_flows = np.zeros((len(flows), columns))
        for i, mass in enumerate(found):
            by_flows[i * self.rows : (i + 1) * self.rows] = np.imag(mass) / IMAGINARY_STEP
        by_misses = np.zeros((len(self.specs), columns))
        for i, spec in enumerate(self.specs):
            by_misses[i] = np.imag(spec.miss(self.circuit.slate, streams)) / IMAGINARY_STEP
        return by_flows[unknowns], by_misses

    def fed(self, streams: Streams, count: int = 1) -> Floats:
        """What enters the plant, (constituents, scenarios)."""
        total = np.zeros((self.rows, count))
        for name in self.circuit.flowsheet.entering:
            total = total + streams[name].real
        return total

    def scale(self, streams: Streams) -> Floats:
        """What a mismatch is compared with: the feed of that constituent, see docs/solver.md."""
        fed = self.fed(streams)[:, 0]
        largest = float(fed.max()) or 1.0
        return np.tile(np.maximum(fed, 1e-3 * largest), len(self.circuit.torn))
