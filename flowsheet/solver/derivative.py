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
    rows = circuit.slate.count
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


def _moved(value: Any, step_size: Any) -> Any:
    """A complex parameter moved by a real step along the direction it carries."""
    if isinstance(value, dict):
        return {name: _moved(entry, step_size) for name, entry in value.items()}
    if not np.iscomplexobj(value):
        return value
    return value.real + step_size * value.imag / IMAGINARY_STEP


def _relative_speed(value: Any) -> Any:
    """How fast a complex parameter moves along each direction, relative to its entries."""
    if isinstance(value, dict):
        return np.max(np.broadcast_arrays(*map(_relative_speed, value.values())), axis=0)
    if not np.iscomplexobj(value):
        return 0.0
    size = np.where(value.real == 0.0, 1.0, np.abs(value.real))
    speed = np.abs(value.imag) / IMAGINARY_STEP / size
    return speed if speed.ndim < 2 else speed.max(axis=0)


def _one_column(value: Any) -> Any:
    """A complex parameter without its directions: one value of each."""
    if isinstance(value, dict):
        return {name: _one_column(entry) for name, entry in value.items()}
    real = np.real(value)
    return real if np.ndim(real) == 0 else real[..., :1]


def _along(value: Any) -> Any:
    """A direction to try: each number by itself, one that is 0 and varies by one."""
    if isinstance(value, dict):
        return {name: _along(entry) for name, entry in value.items()}
    here, varies = _one_column(value), np.imag(value) != 0.0
    if np.ndim(varies):
        varies = varies.any(axis=-1, keepdims=True)
    return np.where((here == 0.0) & varies, 1.0, here)


def _stepped(value: Any, step_size: Any, along: Any) -> Any:
    if isinstance(value, dict):
        return {name: _stepped(entry, step_size, along[name]) for name, entry in value.items()}
    return _one_column(value) + step_size * along


def _fullest_column(flows: Mapping[str, Flow]) -> int:
    """Of units side by side the one that gets most: an idle one would show nothing."""
    totals = [flow.mass.real.sum(axis=0) for flow in flows.values()]
    return int(np.argmax(sum(np.broadcast_arrays(*totals)))) if flows else 0


def _only_column(value: Any, column: int) -> Any:
    """One column of what has several, so that a unit meets its own flows and parameters only."""
    if isinstance(value, dict):
        return {name: _only_column(entry, column) for name, entry in value.items()}
    wide = isinstance(value, np.ndarray) and value.ndim > 0 and value.shape[-1] > 1
    return value[..., [column]] if wide else value


def _keeps_imaginary_parts(
    step: Step, flows: Mapping[str, Flow], p: Parameters, slate: Slate
) -> bool:
    """Compare a complex step with a difference along one random direction of all that varies."""
    random = np.random.default_rng(1)
    column = _fullest_column(flows)
    points = {port: _only_column(flow.mass.real, column) for port, flow in flows.items()}
    along = {port: point * random.uniform(0.5, 1.5, point.shape) for port, point in points.items()}
    varying = {n: value for n, value in vars(p).items() if _is_complex(value)}
    directions = {n: _only_column(_along(value), column) for n, value in varying.items()}
    p = p.replaced({n: _only_column(value, column) for n, value in vars(p).items()})
    varying = {n: vars(p)[n] for n in varying}

    def moved(step_size: Any) -> Mapping[str, Flow]:
        at = {port: Flow(slate, points[port] + step_size * along[port]) for port in points}
        parameters = {n: _stepped(v, step_size, directions[n]) for n, v in varying.items()}
        return run_unit(step, at, p.replaced(parameters), slate)

    # A number may stand at its lowest, which 0 is for most, so the difference looks upwards.
    size = 1e-5
    up = moved(size)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", np.exceptions.ComplexWarning)
            # Twice as fast in a second column: directions must not mix.
            exact = moved(1j * IMAGINARY_STEP * np.array([1.0, 2.0]))
    except SolveError:
        return False
    scale = max((float(flow.mass.max()) for flow in up.values()), default=0.0)
    for port in up:
        # The imaginary step is too small to show in real parts: they are those of a plain run.
        difference = (up[port].mass - exact[port].mass[:, :1].real) / size
        difference = difference * np.array([1.0, 2.0])
        derivative = exact[port].mass.imag / IMAGINARY_STEP
        with np.errstate(invalid="ignore"):  # what is not a number is said where it came from
            same = np.allclose(derivative, difference, rtol=1e-3, atol=1e-6 * scale)
        if not same:
            return False
    return True


def _differenced(
    step: Step, flows: Mapping[str, Flow], p: Parameters, slate: Slate
) -> Mapping[str, Flow]:
    """Run a unit on complex flows by forward differences, each direction with its own step."""
    columns = max((flow.mass.shape[1] for flow in flows.values()), default=1)
    for value in vars(p).values():
        for entry in value.values() if isinstance(value, dict) else (value,):
            if np.iscomplexobj(entry):
                columns = max(columns, np.shape(entry)[-1])
    points = {
        port: np.broadcast_to(flow.mass.real, (slate.count, columns))
        for port, flow in flows.items()
    }
    along = {
        port: np.broadcast_to(flow.mass.imag / IMAGINARY_STEP, points[port].shape)
        for port, flow in flows.items()
    }
    varying = {name: value for name, value in vars(p).items() if _is_complex(value)}
    size = max((float(np.max(m)) for m in points.values()), default=0.0)
    speed = np.zeros(columns)
    for direction in along.values():
        speed = np.maximum(speed, np.max(np.abs(direction), axis=0) / max(size, NEARLY_NONE))
    for value in varying.values():
        speed = np.maximum(speed, _relative_speed(value))
    step_size = _DIFFERENCE_STEP / np.where(speed > 0.0, speed, 1.0)
    at_rest = p.replaced({n: _moved(value, 0.0) for n, value in varying.items()})
    still = {n: Flow(slate, m) for n, m in points.items()}
    here = _column_by_column(step, still, at_rest, slate, columns)
    moved_parameters = p.replaced({n: _moved(value, step_size) for n, value in varying.items()})
    moved_flows = {n: Flow(slate, points[n] + step_size * along[n]) for n in points}
    there = _column_by_column(step, moved_flows, moved_parameters, slate, columns)
    return {
        port: Flow(
            slate,
            here[port].mass
            + 1j * IMAGINARY_STEP * (there[port].mass - here[port].mass) / step_size,
        )
        for port in here
    }


def _column_by_column(
    step: Step, flows: Mapping[str, Flow], p: Parameters, slate: Slate, columns: int
) -> Mapping[str, Flow]:
    """Run a unit on many columns; one by one if it does otherwise with the last alone.

    A unit that loses imaginary parts, by a ``float()`` say, often mixes columns as well.
    """

    def alone(column: int) -> Mapping[str, Flow]:
        some = {port: Flow(slate, _only_column(f.mass, column)) for port, f in flows.items()}
        p_alone = p.replaced({n: _only_column(value, column) for n, value in vars(p).items()})
        return run_unit(step, some, p_alone, slate)

    last = alone(columns - 1)
    try:
        together = run_unit(step, flows, p, slate)
    except SolveError:
        together = {}
    if together and all(_ends_as(together[port].mass, flow.mass) for port, flow in last.items()):
        return together
    each = [*(alone(column) for column in range(columns - 1)), last]
    return {port: Flow(slate, np.hstack([made[port].mass for made in each])) for port in last}


def _ends_as(together: Array, last: Array) -> bool:
    """Whether the last of many columns is what it is alone; what is no number is said elsewhere."""
    close = 1e-9 * (np.abs(last) + float(np.max(np.abs(last), initial=0.0)))
    return not (np.abs(together[:, -1:] - last) > close).any()
