"""How a large plant is laid out: inlets, streams, and which units are evaluated together."""

from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from flowsheet.core.flow import Array
from flowsheet.model import End
from flowsheet.solver.circuit import Circuit, Step
from flowsheet.solver.equations import Floats
from flowsheet.solver.group import Block, Group, alike, stacked

DENSE_UP_TO = 250
"""Unknowns up to which a dense matrix is solved faster than a sparse one."""


class Layout:
    """Which inlets and streams a plant has, and which units are evaluated together."""

    def __init__(self, circuit: Circuit) -> None:
        flowsheet = circuit.flowsheet
        self.circuit = circuit
        names = [stream for step in circuit.steps for stream in step.made.values()]
        self.column = {name: place for place, name in enumerate(names)}
        self.inlets = [End(step.name, port) for step in circuit.steps for port in step.inlets]
        place = {end: number for number, end in enumerate(self.inlets)}
        self.entering_of = [names for step in circuit.steps for names in step.inlets.values()]
        """Streams of each inlet."""
        self.taker = np.full(len(names), -1)
        """Column of each stream -> place of the inlet it enters, or -1."""
        for stream, end in flowsheet.taken_by.items():
            self.taker[self.column[stream]] = place[end]
        members: dict[Any, list[Step]] = {}
        for step in circuit.steps:
            if step.inlets:
                key = alike(step.unit, circuit.parameters[step.name]), step.unit.is_linear()
                members.setdefault(key, []).append(step)
        self.groups = [self._group(steps, place) for steps in members.values()]
        self.taken = {
            (group.names[0], port): None if (self.taker[columns] >= 0).all() else taken
            for group in self.groups
            for port, columns in group.outlets.items()
            for taken in [np.flatnonzero(self.taker[columns] >= 0)]
        }
        """First unit of a group, port -> which units' streams are taken; None for all."""
        self.entering = np.array([self.column[name] for name in flowsheet.entering], dtype=int)
        """Columns of what enters the plant."""
        self.patterns: dict[tuple[int, ...], Pattern] = {}

    def _group(self, steps: list[Step], place: Mapping[End, int]) -> Group:
        first = steps[0]
        return Group(
            first,
            tuple(step.name for step in steps),
            {p: np.array([place[End(s.name, p)] for s in steps]) for p in first.inlets},
            {p: np.array([self.column[s.made[p]] for s in steps]) for p in first.made},
            stacked([self.circuit.parameters[step.name] for step in steps]),
            first.unit.is_linear(),
        )

    @cached_property
    def collect(self) -> Any:
        """Streams into inlets, (streams, inlets): one where a stream enters an inlet."""
        taken = np.flatnonzero(self.taker >= 0)
        shape = (len(self.taker), len(self.inlets))
        if shape[0] * shape[1] <= DENSE_UP_TO**2:
            dense = np.zeros(shape)
            dense[taken, self.taker[taken]] = 1.0
            return dense
        from scipy.sparse import csr_array

        return csr_array((np.ones(taken.size), (taken, self.taker[taken])), shape=shape)

    def gather(self, made: Array) -> Array:
        """What enters each inlet, (constituents, inlets), from all streams."""
        if isinstance(self.collect, np.ndarray):
            gathered: Array = made @ self.collect
            return gathered
        return np.asarray((self.collect.T @ made.T).T)


@lru_cache(maxsize=8)
def layout_of(circuit: Circuit) -> Layout:
    """Lay a circuit out once."""
    return Layout(circuit)


class Pattern(NamedTuple):
    """Where the derivatives of all blocks stand in the matrix; several may stand in one place."""

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    size: int
    place: NDArray[np.intp]
    """Of each derivative, and then of each diagonal entry, among the entries of the matrix."""
    indices: NDArray[np.intp]
    """Row of each entry, column after column."""
    starts: NDArray[np.intp]
    """First entry of each column."""

    def matrix(self, data: Floats, diagonal: float = 1.0) -> Any:
        """``diagonal`` I - dG/dx, dense when small, else compressed by columns."""
        ones = np.full(self.size, diagonal)
        entries = np.bincount(
            self.place, np.concatenate([-data, ones]), minlength=len(self.indices)
        )
        if self.size <= DENSE_UP_TO:
            dense = np.zeros((self.size, self.size))
            dense[self.indices, np.repeat(np.arange(self.size), np.diff(self.starts))] = entries
            return dense
        from scipy.sparse import csc_array

        return csc_array((entries, self.indices, self.starts), shape=(self.size, self.size))


def pattern_of(layout: Layout, found: list[tuple[Group, list[Block]]]) -> Pattern:
    """Rows and columns of every derivative, in the order in which they are laid out."""
    count = layout.circuit.slate.count
    each = np.arange(count)
    rows: list[NDArray[np.intp]] = []
    columns: list[NDArray[np.intp]] = []
    for group, blocks in found:
        for block in blocks:
            into = layout.taker[group.outlets[block.outlet]]
            taken = into >= 0
            start = group.inlets[block.inlet][taken, None] * count
            end = into[taken, None] * count
            if block.values.ndim == 2:
                rows.append((end + each).ravel())
                columns.append((start + each).ravel())
            else:
                shape = (int(taken.sum()), count, count)
                rows.append(np.broadcast_to((end + each)[:, :, None], shape).ravel())
                columns.append(np.broadcast_to((start + each)[:, None, :], shape).ravel())
    size = len(layout.inlets) * count
    row = np.concatenate(rows) if rows else np.zeros(0, dtype=int)
    column = np.concatenate(columns) if columns else np.zeros(0, dtype=int)
    diagonal = np.arange(size)
    flat = np.concatenate([column, diagonal]) * size + np.concatenate([row, diagonal])
    entries, place = np.unique(flat, return_inverse=True)
    starts = np.searchsorted(entries // size, np.arange(size + 1))
    return Pattern(row, column, size, place, entries % size, starts)
