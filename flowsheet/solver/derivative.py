"""Derivatives of a pass: all directions at once, pushed through the units as imaginary parts.

The author of a unit writes no derivative. A direction d travels as the imaginary part of
``m + i h d`` with h so small that its square vanishes (Squire and Trapp, SIAM Rev. 40 (1998)
110-112): exact to rounding, with no step size to choose. A unit whose ``run`` loses imaginary parts
is found by comparing one random direction with a difference, and is differenced from then on.
"""

import warnings
from collections.abc import Mapping
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
NEARLY_NONE = 1e-100
"""kg/s: less than an atom in the age of the world, and large enough to calculate with."""


def directional_pass(
    circuit: Circuit,
    flows: Array,
    directions: Array,
    parameters: Mapping[str, Parameters],
    *,
    feed_share: float = 1.0,
) -> Streams:
    """One pass; the imaginary part of every stream, over IMAGINARY_STEP, is its derivative.

    ``flows`` at the torn inlets are (unknowns, 1), ``directions`` (unknowns, directions);
    parameters that vary are complex (directions,) already.
    """
    rows = len(circuit.slate.names)
    moved = flows + 1j * IMAGINARY_STEP * directions
    assumed = [moved[place : place + rows] for place in range(0, len(moved), rows)]

    def run_step(
        step: Step, entering: Mapping[str, Flow], p: Parameters, slate: Slate
    ) -> Mapping[str, Flow]:
        return run_complex(circuit, step, entering, p, slate)

    return circuit.run(assumed, parameters, feed_share=feed_share, run_step=run_step)


def run_complex(
    circuit: Circuit, step: Step, flows: Mapping[str, Flow], p: Parameters, slate: Slate
) -> Mapping[str, Flow]:
    """Run a unit on flows that carry directions; difference it if it loses them.

    Tried once per unit and set of varying parameters, and remembered by the circuit.
    """
    varying = frozenset(n for n, value in vars(p).items() if _is_complex(value))
    if not varying and not any(np.iscomplexobj(flow.mass) for flow in flows.values()):
        return run_unit(step, flows, p, slate)
    if flows and not any((flow.mass.real > NEARLY_NONE).any() for flow in flows.values()):
        return run_unit(step, flows, p, slate)  # too little to tell by a difference
    probed = (step.name, varying)
    if probed not in circuit.by_difference:
        circuit.by_difference[probed] = not _keeps_imaginary_parts(step, flows, p, slate)
    if circuit.by_difference[probed]:
        return _differenced(step, flows, p, slate)
    return run_unit(step, flows, p, slate)


def _is_complex(value: Any) -> bool:
    if isinstance(value, dict):
        return any(np.iscomplexobj(entry) for entry in value.values())
    return np.iscomplexobj(value)


def _moved(value: Any, step_size: float) -> Any:
    """A complex parameter moved by a real step along the direction it carries."""
    if isinstance(value, dict):
        return {name: _moved(entry, step_size) for name, entry in value.items()}
    if not np.iscomplexobj(value):
        return value
    return value.real + step_size * value.imag / IMAGINARY_STEP


def _one_column(value: Any) -> Any:
    """A complex parameter without its directions: one value of each."""
    if isinstance(value, dict):
        return {name: _one_column(entry) for name, entry in value.items()}
    real = np.real(value)
    return real if np.ndim(real) == 0 else real[..., :1]


def _scaled(value: Any, factor: Any) -> Any:
    if isinstance(value, dict):
        return {name: entry * factor for name, entry in value.items()}
    return value * factor


def _keeps_imaginary_parts(
    step: Step, flows: Mapping[str, Flow], p: Parameters, slate: Slate
) -> bool:
    """Compare a complex step with a difference along one random direction of all that varies."""
    random = np.random.default_rng(1)
    points = {port: flow.mass.real[:, :1] for port, flow in flows.items()}
    along = {port: point * random.uniform(0.5, 1.5, point.shape) for port, point in points.items()}
    varying = {n: _one_column(value) for n, value in vars(p).items() if _is_complex(value)}

    def moved(step_size: Any) -> Mapping[str, Flow]:
        at = {port: Flow(slate, points[port] + step_size * along[port]) for port in points}
        parameters = p.replaced({n: _scaled(v, 1.0 + step_size) for n, v in varying.items()})
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
    columns = max((flow.mass.shape[1] for flow in flows.values()), default=1)
    for value in vars(p).values():
        for entry in value.values() if isinstance(value, dict) else (value,):
            if np.iscomplexobj(entry):
                columns = max(columns, np.shape(entry)[-1])
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
    size = max(size, NEARLY_NONE)
    step_size = _DIFFERENCE_STEP * (size / largest if largest > 0.0 else 1.0)
    varying = {name: value for name, value in vars(p).items() if _is_complex(value)}
    here = run_unit(
        step,
        {n: Flow(slate, m) for n, m in points.items()},
        p.replaced({name: _one_column(value) for name, value in varying.items()}),
        slate,
    )
    moved_parameters = p.replaced({n: _moved(value, step_size) for n, value in varying.items()})
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
