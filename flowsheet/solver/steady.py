"""The steady state of a flowsheet: what flows where, then Newton, then the specifications."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from flowsheet.core.errors import InputError, SolveError
from flowsheet.core.unit import Parameters
from flowsheet.model import Flowsheet
from flowsheet.solver.circuit import Circuit, Streams
from flowsheet.solver.diagnosis import check_flows
from flowsheet.solver.newton import newton
from flowsheet.solver.spec import Spec
from flowsheet.solver.system import Floats, System


@dataclass(frozen=True)
class SteadyState:
    """Flows of every stream in kg/s, (constituents, scenarios), and how they were found."""

    streams: Streams
    parameters: Mapping[str, Parameters]
    varied: Mapping[str, float]
    iterations: int


def steady_state(flowsheet: Flowsheet, specs: Sequence[Spec] = ()) -> SteadyState:
    """Solve a flowsheet, with specifications met; raise SolveError with a diagnosis."""
    for spec in specs:
        spec.check(flowsheet)
        if [other.path for other in specs].count(spec.path) > 1:
            raise InputError(f"{spec.path}: is varied twice; one parameter meets one target")
    circuit = Circuit(flowsheet)
    plain = System(circuit, ())
    flows, passes = plain.first_passes()
    flows, none, iterations = newton(plain, flows, np.zeros(0))
    system = plain
    logs = none
    if specs:
        system = System(circuit, specs)
        system.active, system.derivatives = plain.active, plain.derivatives
        flows, logs = _scaled_start(system, flows)
        flows, logs, more = newton(system, flows, logs)
        iterations += more
    streams, _, _ = system.evaluate(flows, logs)
    varied = {
        spec.path: system.start_values[spec.path] * float(np.exp(log))
        for spec, log in zip(specs, logs, strict=True)
    }
    for spec in specs:
        spec.check_reached(flowsheet, varied[spec.path])
    check_flows(circuit, streams)
    return SteadyState(streams, system.parameters(logs), varied, passes + iterations)


def _scaled_start(system: System, flows: Floats) -> tuple[Floats, Floats]:
    """Start a specification from scaling the whole plant, if that comes closer."""
    logs = np.zeros(len(system.specs))
    _, _, misses = system.evaluate(flows, logs)
    factor = float(np.exp(-misses[0]))
    scaled_logs = logs - misses[0]
    try:
        _, residual, scaled_misses = system.evaluate(flows * factor, scaled_logs)
    except SolveError:
        return flows, logs
    closer = np.max(np.abs(scaled_misses)) < np.max(np.abs(misses))
    steady = residual.size == 0 or np.max(np.abs(residual)) <= 1e-3 * np.max(flows * factor)
    return (flows * factor, scaled_logs) if closer and steady else (flows, logs)
