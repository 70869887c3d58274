"""The equations at all inlets of a plant at once, for plants of linear units and for large ones.

Units of one class are evaluated together, whatever their place. The Newton matrix is sparse; its
pattern is found once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flowsheet.columns import Columns
from flowsheet.core.errors import FlowsheetError
from flowsheet.core.flow import Array
from flowsheet.core.unit import Parameters
from flowsheet.solver.circuit import Circuit, Streams
from flowsheet.solver.derivative import IMAGINARY_STEP, run_complex
from flowsheet.solver.equations import MADE_INSIDE, Booleans, Equations, Floats, Point
from flowsheet.solver.group import Block, Group, stacked
from flowsheet.solver.layout import Pattern, layout_of, pattern_of
from flowsheet.solver.spec import Spec

FIRST_PASSES = 30
"""Passes from empty that tell what a plant takes which cannot take all of its feed everywhere."""


class Network(Equations):
    """The equations of a circuit at all of its inlets."""

    def __init__(
        self, circuit: Circuit, specs: Sequence[Spec] = (), feed_share: float = 1.0
    ) -> None:
        self.layout = layout_of(circuit)
        self._written: Array | None = None
        super().__init__(circuit, self.layout.inlets, specs, feed_share)

    @property
    def is_linear(self) -> bool:
        """Whether all units are linear."""
        return self.circuit.is_linear

    def evaluate(self, flows: Floats, logs: Floats) -> Point:
        """Run every unit once, all on the flows assumed at their inlets."""
        layout, parameters = self.layout, self.parameters(logs)
        made = self._sources(parameters)
        entering = flows.reshape(-1, self.rows).T
        for group in layout.groups:
            for port, mass in group.run(
                self.circuit, entering, self._of(group, parameters)
            ).items():
                made[:, group.outlets[port]] = mass
        residual = layout.gather(made).T.reshape(-1, 1) - flows
        streams = Columns(layout.column, made)
        return Point(flows, logs, streams, residual, self.misses(streams, parameters))

    def _of(self, group: Group, parameters: Mapping[str, Parameters]) -> Parameters:
        """Parameters of a group; put together anew only if one of its units has others."""
        written = self.circuit.parameters
        if parameters is written or all(parameters[n] is written[n] for n in group.names):
            return group.parameters
        return stacked([parameters[name] for name in group.names])

    def fed(self, streams: Streams, count: int = 1) -> Floats:
        """What enters the plant, (constituents, scenarios)."""
        if isinstance(streams, Columns):
            total: Floats = streams.mass[:, self.layout.entering].sum(axis=1, keepdims=True)
            return total
        return super().fed(streams, count)

    def fed_inlets(self) -> Floats:
        """What the units without inlets bring to each inlet, (unknowns, 1)."""
        return self.layout.gather(self._sources(self.given)).T.reshape(-1, 1)

    def _sources(self, parameters: Mapping[str, Parameters]) -> Array:
        """What units without inlets bring, among streams that are zero else, a new array."""
        as_written = parameters is self.circuit.parameters and self.feed_share == 1.0
        if as_written and self._written is not None:
            return self._written.copy()
        made = np.zeros((self.rows, len(self.layout.column)))
        for step in self.circuit.sources:
            brought = self.circuit.source(step, parameters[step.name], self.feed_share)
            for stream, mass in brought.items():
                made[:, self.layout.column[stream]] = mass[:, 0]
        if as_written:
            self._written = made.copy()
        return made

    def start(self) -> Floats:
        """The whole feed at every inlet; every constituent that some feed may reach is active.

        Of linear units nothing need be known: constituents that no feed reaches come out as zero.
        """
        self.active = np.ones(len(self.inlets) * self.rows, dtype=bool)
        fed_inlets = self.fed_inlets()
        if self.is_linear:
            return np.zeros_like(fed_inlets)
        by_row = fed_inlets.reshape(-1, self.rows)
        fed = by_row.sum(axis=0)
        guess = np.maximum(fed, MADE_INSIDE * fed.max())
        flows = np.tile(guess[:, None], (len(self.inlets), 1))
        try:
            self.active = self._reached(flows, fed_inlets)
        except FlowsheetError:
            # A unit that refuses the whole feed may well take what really reaches it.
            flows = self._after_passes(fed_inlets)
            self.active = self._reached(flows, fed_inlets)
        if self.given is self.circuit.parameters and self.circuit.reached is not None:
            # Where a unit's volume couples all that flows, derivatives tell less than passes.
            self.active &= np.tile(self.circuit.reached.constituents, len(self.inlets))
        return np.where(self.active[:, None], flows, 0.0)

    def _after_passes(self, fed_inlets: Floats) -> Floats:
        """What stands at the inlets some passes after the feeds are let into an empty plant."""
        plain = Network(self.circuit, feed_share=self.feed_share)
        plain.given = self.given
        flows = fed_inlets
        for _ in range(FIRST_PASSES):
            flows = flows + plain.evaluate(flows, np.zeros((0, 1))).residual
        return flows

    def only_reached(self) -> None:
        """Take what no feed reaches out of the equations."""
        fed = self.fed_inlets()
        self.active = self._reached(np.zeros_like(fed), fed)

    def _reached(self, flows: Floats, fed: Floats) -> Booleans:
        """Which unknowns the feeds reach, from what returns where."""
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import breadth_first_order

        pattern, data, _ = self._returned(flows, self.given)
        size = len(flows)
        into = np.flatnonzero(fed[:, 0] > 0.0)
        flowing = data != 0.0
        rows = np.concatenate([pattern.columns[flowing], np.full(into.size, size)])
        columns = np.concatenate([pattern.rows[flowing], into])
        graph = csr_array((np.ones(rows.size), (rows, columns)), shape=(size + 1, size + 1))
        order = breadth_first_order(graph, size, return_predecessors=False)
        reached = np.zeros(size + 1, dtype=bool)
        reached[order] = True
        return reached[:size]

    def _returned(
        self, flows: Floats, parameters: Mapping[str, Parameters]
    ) -> tuple["Pattern", Floats, list[tuple[Group, list[Block]]]]:
        """What comes back at each unknown per unit of each, in the order of the pattern."""
        layout = self.layout
        entering = flows.reshape(-1, self.rows).T
        found = [
            (group, group.blocks(self.circuit, entering, self._of(group, parameters)))
            for group in layout.groups
        ]
        key = tuple(block.values.ndim for _, blocks in found for block in blocks)
        if key not in layout.patterns:
            layout.patterns[key] = pattern_of(layout, found)
        parts = []
        for group, blocks in found:
            for block in blocks:
                values = block.values
                taken = layout.taken[group.names[0], block.outlet]
                if taken is not None:
                    values = values[..., taken]
                parts.append((values.T if values.ndim == 2 else values.transpose(2, 0, 1)).ravel())
        data = np.concatenate(parts) if parts else np.zeros(0)
        return layout.patterns[key], data, found

    def linearised(self, point: Point, damping: float = 0.0) -> "Sparse":
        """The Newton matrix at a point, factorised."""
        parameters = self.parameters(point.logs)
        pattern, data, found = self._returned(point.flows, parameters)
        if not self.active.all():
            data = np.where(self.active[pattern.columns], data, 0.0)
        return Sparse(self, point, pattern, data, found, damping)

    def change_of_streams(self, found: list[tuple[Group, list[Block]]], change: Floats) -> Array:
        """What a change of all inlets, (unknowns,), does to the streams, as (rows, streams)."""
        moved = change.reshape(-1, self.rows).T
        made = np.zeros((self.rows, len(self.layout.column)))
        for group, blocks in found:
            for block in blocks:
                into = moved[:, group.inlets[block.inlet]]
                if block.values.ndim == 2:
                    made[:, group.outlets[block.outlet]] += block.values * into
                else:
                    out = np.einsum("oiu,iu->ou", block.values, into)
                    made[:, group.outlets[block.outlet]] += out
        return made

    def change_by_log(self, point: Point, place: int) -> Array:
        """What one varied parameter does to the streams at once, (constituents, streams)."""
        logs = point.logs.astype(complex)
        logs[place] += 1j * IMAGINARY_STEP
        parameters = self.parameters(logs)
        name = self.places[place].unit
        made = np.zeros((self.rows, len(self.layout.column)))
        for step in self.circuit.sources:
            if step.name == name:
                flows = run_complex(self.circuit, step, {}, parameters[name], self.circuit.slate)
                for port, stream in step.made.items():
                    change = self.feed_share * flows[port].mass.imag[:, 0] / IMAGINARY_STEP
                    made[:, self.layout.column[stream]] = change
        entering = point.flows.reshape(-1, self.rows).T
        for group in self.layout.groups:
            if name in group.names:
                p = self._of(group, parameters)
                changed = group.run_complex(self.circuit, entering, p)
                for port, mass in changed.items():
                    made[:, group.outlets[port]] = mass.imag / IMAGINARY_STEP
        return made


@dataclass
class Sparse:
    """The Newton matrix of a network at one point, factorised when first used."""

    network: Network
    point: Point
    pattern: "Pattern"
    data: Floats
    found: list[tuple[Group, list[Block]]]
    damping: float = 0.0

    @cached_property
    def matrix(self) -> Any:
        """(1 + damping) I - dG/dx, dense or compressed by columns."""
        return self.pattern.matrix(self.data, 1.0 + self.damping)

    @cached_property
    def solve(self) -> Any:
        """Function that solves (I - dG/dx) y = right, or None where it cannot."""
        matrix = self.matrix
        if isinstance(matrix, np.ndarray):
            return lambda right: np.linalg.solve(matrix, right)
        from scipy.sparse.linalg import splu

        return splu(matrix).solve

    @cached_property
    def _by_logs(self) -> tuple[list[Floats], list[Array]]:
        """Per varied parameter: what it does to the flows and to the streams in the end."""
        flows, streams = [], []
        for place in range(len(self.network.specs)):
            at_once = self.network.change_by_log(self.point, place)
            moved = self.solve(self.network.layout.gather(at_once).T.ravel())
            flows.append(moved)
            streams.append(at_once + self.network.change_of_streams(self.found, moved))
        return flows, streams

    def _change_of_misses(self, change: Array, place: int | None) -> Floats:
        """How the misses change with a change of the streams (and of one varied parameter)."""
        network = self.network
        mass = self.point.streams.mass + 1j * IMAGINARY_STEP * change  # type: ignore[attr-defined]
        logs = self.point.logs.astype(complex)
        if place is not None:
            logs[place] += 1j * IMAGINARY_STEP
        streams = Columns(network.layout.column, mass)
        misses = network.misses(streams, network.parameters(logs))
        changed: Floats = misses[:, 0].imag / IMAGINARY_STEP
        return changed

    def correction(
        self, residual: Floats, misses: Floats, held: Booleans
    ) -> tuple[Floats, Floats] | None:
        """Solve (I - dG/dx) dx = G - x, then what the specifications take."""
        right = np.where(self.network.active, residual[:, 0], 0.0)
        try:
            flows = self.solve(right)
            matrix = self.influence() if self.network.specs else None
        except (np.linalg.LinAlgError, RuntimeError):
            return None
        if matrix is None:
            return flows[:, None], np.zeros((0, 1))
        there = self.network.change_of_streams(self.found, flows)
        wanted = -misses[:, 0] - self._change_of_misses(there, None)
        matrix, wanted = matrix.copy(), np.where(held, 0.0, wanted)
        matrix[held] = 0.0
        matrix[held, held] = 1.0
        try:
            logs = np.asarray(np.linalg.solve(matrix, wanted), dtype=float)
        except np.linalg.LinAlgError:
            return None
        for log, moved in zip(logs, self._by_logs[0], strict=True):
            flows = flows + log * moved
        return flows[:, None], logs[:, None]

    def influence(self) -> Floats | None:
        """Misses by logs, by way of the recycles too."""
        try:
            streams = self._by_logs[1]
        except (np.linalg.LinAlgError, RuntimeError):
            return None
        each = [self._change_of_misses(change, place) for place, change in enumerate(streams)]
        return np.stack(each, axis=1)

    def returned(self) -> tuple[Any, NDArray[np.intp]]:
        """What comes back at each unknown per unit of each, as a sparse matrix."""
        from scipy.sparse import csr_array

        size = self.pattern.size
        entries = (self.data, (self.pattern.rows, self.pattern.columns))
        kept = np.flatnonzero(self.network.active)
        whole = csr_array(entries, shape=(size, size))
        return whole[kept][:, kept], kept
