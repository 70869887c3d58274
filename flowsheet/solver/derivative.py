"""Derivatives of a pass: all directions at once, pushed through the units as imaginary parts.

The author of a unit writes no derivative. A direction d travels as the imaginary part of
``m + i h d`` with h so small that its square vanishes (Squire and Trapp, SIAM Rev. 40 (1998)
110-112): exact to rounding, with no step size to choose. A unit whose ``run`` loses imaginary parts
is found by comparing one random direction with a difference, and is differenced from then on.
"""

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from flowsheet.core.errors import SolveError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Parameters
from flowsheet.solver.circuit import Circuit, Step, Streams, run_unit

IMAGINARY_STEP = 1e-40
"""h: its square is below the smallest float, so real parts are exactly those of a plain pass."""
_DIFFERENCE_STEP = 1e-7


class Derivatives:
    """Pushes directions through a circuit; remembers which units must be differenced."""

    def __init__(self, circuit: Circuit) -> None:
        self.circuit = circuit
        self._by_difference: dict[tuple[str, frozenset[str]], bool] = {}

    def run(
        self,
        assumed: Sequence[Array],
        directions: Sequence[Array],
        parameters: Mapping[str, Parameters],
    ) -> Streams:
        """One pass; the imaginary part of every stream, over IMAGINARY_STEP, is its derivative.

        ``assumed`` are (constituents, 1), ``directions`` (constituents, directions); parameters
        that vary are complex (directions,) already.
        """
        values = [
            value + 1j * IMAGINARY_STEP * direction
            for value, direction in zip(assumed, directions, strict=True)
        ]
        return self.circuit.run(values, parameters, self._run_step)

    def _run_step(
        self, step: Step, flows: Mapping[str, Flow], p: Parameters, slate: Slate
    ) -> Mapping[str, Flow]:
        varying = frozenset(n for n, value in vars(p).items() if np.iscomplexobj(value))
        if not varying and not any(np.iscomplexobj(flow.mass) for flow in flows.values()):
            return run_unit(step, flows, p, slate)
        probed = (step.name, varying)
        if probed not in self._by_difference:
            self._by_difference[probed] = not _keeps_imaginary_parts(step, flows, p, slate)
        if self._by_difference[probed]:
            return _differenced(step, flows, p, slate)
        return run_unit(step, flows, p, slate)


def _real(p: Parameters) -> Parameters:
    """Parameters without their directions; a varying scalar keeps one value."""
    values = {n: _one_column(v.real) for n, v in vars(p).items() if np.iscomplexobj(v)}
    return p.replaced(values)


def _one_column(value: Any) -> Any:
    return value if np.ndim(value) == 0 else value[..., :1]


def _keeps_imaginary_parts(
    step: Step, flows: Mapping[str, Flow], p: Parameters, slate: Slate
) -> bool:
    """Compare a complex step with a difference along one random direction of all that varies."""
    random = np.random.default_rng(1)
    points = {port: flow.mass.real[:, :1] for port, flow in flows.items()}
    along = {port: point * random.uniform(0.5, 1.5, point.shape) for port, point in points.items()}
    real = _real(p)
    varying = {n: vars(real)[n] for n, value in vars(p).items() if np.iscomplexobj(value)}

    def moved(step_size: Any) -> Mapping[str, Flow]:
        at = {port: Flow(slate, points[port] + step_size * along[port]) for port in points}
        parameters = real.replaced({n: v * (1.0 + step_size) for n, v in varying.items()})
        return run_unit(step, at, parameters, slate)

    size = 1e-5
    up, down = moved(size), moved(-size)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", np.exceptions.ComplexWarning)
            exact = moved(1j * IMAGINARY_STEP)
    except SolveError:
        return False
    scale = max((float(flow.mass.max()) for flow in up.values()), default=0.0)
    for port in up:
        difference = (up[port].mass - down[port].mass) / (2.0 * size)
        derivative = exact[port].mass.imag / IMAGINARY_STEP
        if not np.allclose(derivative, difference, rtol=1e-3, atol=1e-6 * scale):
            return False
    return True


def _differenced(
    step: Step, flows: Mapping[str, Flow], p: Parameters, slate: Slate
) -> Mapping[str, Flow]:
    """Run a unit on complex flows by forward differences along each direction."""
    columns = max(flow.mass.shape[1] for flow in flows.values()) if flows else 1
    for value in vars(p).values():
        if np.iscomplexobj(value):
            columns = max(columns, np.shape(value)[-1])
    points = {
        port: np.broadcast_to(flow.mass.real, (len(slate.names), columns))
        for port, flow in flows.items()
    }
    along = {
        port: np.broadcast_to(flow.mass.imag / IMAGINARY_STEP, points[port].shape)
        for port, flow in flows.items()
    }
    largest = max((float(np.max(np.abs(d))) for d in along.values()), default=0.0)
    size = max((float(np.max(m)) for m in points.values()), default=0.0)
    step_size = _DIFFERENCE_STEP * (size / largest if largest > 0.0 and size > 0.0 else 1.0)
    moved_parameters = p.replaced(
        {
            name: value.real + step_size * value.imag / IMAGINARY_STEP
            for name, value in vars(p).items()
            if np.iscomplexobj(value)
        }
    )
    here = run_unit(step, {n: Flow(slate, m) for n, m in points.items()}, _real(p), slate)
    there = run_unit(
        step,
        {n: Flow(slate, points[n] + step_size * along[n]) for n in points},
        moved_parameters,
        slate,
    )
    return {
        port: Flow(
            slate,
            here[port].mass
            + 1j * IMAGINARY_STEP * (there[port].mass - here[port].mass) / step_size,
        )
        for port in here
    }
