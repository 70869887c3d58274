"""The equations at the torn inlets, for plants with few of them: everything else is calculated.

All directions of the Jacobian are pushed through the units in one pass, in order.
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from flowsheet.measure import Reading
from flowsheet.solver.circuit import Circuit, Reached, Streams
from flowsheet.solver.derivative import IMAGINARY_STEP, directional_pass
from flowsheet.solver.diagnosis import check_flows
from flowsheet.solver.equations import Booleans, Equations, Floats, Point, split
from flowsheet.solver.spec import Spec

FEW_UNITS = 40
"""Units up to which running them one after the other is no slower than all of a class at once."""


class Torn(Equations):
    """The equations of a circuit at its torn inlets."""

    def __init__(
        self, circuit: Circuit, specs: Sequence[Spec] = (), feed_share: float = 1.0
    ) -> None:
        super().__init__(circuit, circuit.torn, specs, feed_share)

    def evaluate(self, flows: Floats, logs: Floats) -> Point:
        """One pass: streams, found minus assumed at the tears, misses of the specifications."""
        parameters = self.parameters(logs)
        streams = self.circuit.run(split(flows, self.rows), parameters, feed_share=self.feed_share)
        residual = self.found(streams, flows.shape[1]) - flows
        return Point(flows, logs, streams, residual, self.misses(streams, parameters))

    def found(self, streams: Streams, count: int) -> Floats:
        """What a pass found at the torn inlets, (unknowns, scenarios)."""
        found = self.circuit.found(streams)
        if not found:
            return np.zeros((0, count))
        if count > 1:
            found = [np.broadcast_to(mass, (self.rows, count)) for mass in found]
        return np.concatenate(found)

    def start(self) -> Floats:
        """Flows after the passes from empty recycles that it takes to reach all there is."""
        as_written = self.given is self.circuit.parameters and self.feed_share == 1.0
        reached = self.circuit.reached if as_written else None
        if reached is None:
            reached = self._reached()
            if as_written:
                self.circuit.reached = reached
        self.active = reached.active
        return reached.flows

    def _reached(self) -> Reached:
        """Which unknowns a feed reaches, and the flows after the passes that this takes.

        A constituent that no feed reaches stays out of the equations: its flow is zero, and a
        lossless loop would make the matrix singular although zero is the answer.
        """
        flows = np.zeros((self.active.size, 1))
        reached = np.zeros(self.active.size, dtype=bool)
        while True:
            point = self._pass(flows)
            check_flows(self.circuit, point.streams)
            flows = flows + point.residual
            flowing = flows[:, 0] != 0.0
            if not (flowing & ~reached).any():
                somewhere = [(mass != 0.0).any(axis=1) for mass in point.streams.values()]
                return Reached(reached, flows, np.any(somewhere, axis=0))
            reached = flowing | reached

    def _pass(self, flows: Floats) -> Point:
        """One pass at the parameters as given; what specifications miss is not asked yet."""
        streams = self.circuit.run(split(flows, self.rows), self.given, feed_share=self.feed_share)
        residual = self.found(streams, 1) - flows
        return Point(flows, np.zeros((0, 1)), streams, residual, np.zeros((0, 1)))

    def linearised(self, point: Point, damping: float = 0.0) -> "Dense":
        """Derivatives of found and of misses by the active flows and the logs, factorised."""
        unknowns = np.flatnonzero(self.active)
        columns = len(unknowns) + len(self.specs)
        if not columns:
            nothing = np.zeros((0, 0))
            return Dense(nothing, nothing, unknowns)
        flows = np.zeros((len(point.flows), columns))
        flows[unknowns, np.arange(len(unknowns))] = 1.0
        logs = np.zeros((len(self.specs), columns))
        logs[np.arange(len(self.specs)), len(unknowns) + np.arange(len(self.specs))] = 1.0
        parameters = self.parameters(point.logs + 1j * IMAGINARY_STEP * logs)
        streams = directional_pass(
            self.circuit, point.flows, flows, parameters, feed_share=self.feed_share
        )
        by_flows = self.found(streams, columns)[unknowns].imag / IMAGINARY_STEP
        reading = Reading(self.circuit.flowsheet, streams, parameters)
        by_misses = np.zeros((len(self.specs), columns))
        for row, spec in enumerate(self.specs):
            by_misses[row] = np.imag(spec.miss(reading)) / IMAGINARY_STEP
        return Dense(by_flows, by_misses, unknowns, damping)


class Dense:
    """The Newton matrix at one point: (I - dG/dx, -dG/dlog) above the rows of the misses."""

    def __init__(
        self,
        by_flows: Floats,
        by_misses: Floats,
        unknowns: NDArray[np.intp],
        damping: float = 0.0,
    ) -> None:
        self.by_flows = by_flows
        """Found by active flows and logs, (active, active + specs)."""
        self.unknowns = unknowns
        self.matrix = np.vstack([(1.0 + damping) * np.eye(*by_flows.shape) - by_flows, by_misses])

    def correction(
        self, residual: Floats, misses: Floats, held: Booleans
    ) -> tuple[Floats, Floats] | None:
        """Solve (I - dG/dx) dx = G - x, with the rows of the specifications below."""
        count = len(self.unknowns)
        right = np.concatenate([residual[self.unknowns], -misses])
        try:
            solved = self._solved_held(right, held) if held.any() else self._inverse @ right
        except np.linalg.LinAlgError:
            return None
        flows = np.zeros_like(residual)
        flows[self.unknowns] = solved[:count]
        return flows, solved[count:]

    @cached_property
    def _inverse(self) -> Floats:
        """A matrix is used for several corrections, each of which makes up for the roundings."""
        return np.asarray(np.linalg.inv(self.matrix), dtype=float)

    def _solved_held(self, right: Floats, held: Booleans) -> Floats:
        """Solve with the logarithms of some parameters at zero."""
        fixed = len(self.unknowns) + np.flatnonzero(held)
        matrix = self.matrix.copy()
        matrix[fixed] = 0.0
        matrix[fixed, fixed] = 1.0
        right[fixed] = 0.0
        return np.asarray(np.linalg.solve(matrix, right), dtype=float)

    def influence(self) -> Floats | None:
        """Misses by logs, by way of the recycles too; None where the matrix is singular."""
        count = len(self.unknowns)
        matrix = self.matrix
        try:
            returned = np.linalg.solve(matrix[:count, :count], matrix[:count, count:])
        except np.linalg.LinAlgError:
            return None
        influence: Floats = matrix[count:, count:] - matrix[count:, :count] @ returned
        return influence

    def returned(self) -> tuple[Floats, NDArray[np.intp]]:
        """What comes back at each unknown per unit of each."""
        return self.by_flows[:, : len(self.unknowns)], self.unknowns
