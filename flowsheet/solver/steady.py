"""The steady state of a flowsheet: what flows where, then Newton, then the specifications."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from flowsheet.core.errors import SolveError
from flowsheet.core.unit import Parameters
from flowsheet.model import Flowsheet
from flowsheet.solver.circuit import Circuit, Streams
from flowsheet.solver.diagnosis import check_flows
from flowsheet.solver.newton import newton
from flowsheet.solver.spec import Spec
from flowsheet.solver.system import Floats, System

MAX_FIRST_PASSES = 200


@dataclass(frozen=True)
class SteadyState:
    """Flows of every stream in kg/s, (constituents, scenarios), and how they were found."""

    streams: Streams
    parameters: Mapping[str, Parameters]
    varied: Mapping[str, float]
    iterations: int
    mismatch: float
    """Largest difference left at a torn inlet, relative to the feed of that constituent."""


def steady_state(flowsheet: Flowsheet, specs: Sequence[Spec] = ()) -> SteadyState:
    """Solve a flowsheet, with specifications met; raise SolveError with a diagnosis."""
    for spec in specs:
        spec.check(flowsheet)
    circuit = Circuit(flowsheet)
    plain = System(circuit, ())
    flows, passes = _first_passes(plain)
    flows, none, iterations = newton(plain, flows, np.zeros(0))
    system = plain
    logs = none
    if specs:
        system = System(circuit, specs)
        system.active, system.derivatives = plain.active, plain.derivatives
        flows, logs = _scaled_start(system, flows)
        flows, logs, more = newton(system, flows, logs)
        iterations += more
    streams, residual, _ = system.evaluate(flows, logs)
    mismatch = np.max(np.abs(residual) / system.scale(streams)) if residual.size else 0.0
    varied = {
        spec.path: system.start_values[spec.path] * float(np.exp(log))
        for spec, log in zip(specs, logs, strict=True)
    }
    check_flows(circuit, streams)
    return SteadyState(
        streams, system.parameters(logs), varied, passes + iterations, float(mismatch)
    )


def _first_passes(system: System) -> tuple[Floats, int]:
    """Pass from empty recycles until no new constituent turns up; mark those that flow.

    A constituent that no feed reaches stays out of the equations: its flow is zero, and a lossless
    loop would make the matrix singular although zero is the answer.
    """
    flows = np.zeros(system.active.size)
    logs = np.zeros(len(system.specs))
    for count in range(1, MAX_FIRST_PASSES + 1):
        streams, change, _ = system.evaluate(flows, logs)
        check_flows(system.circuit, streams)
        flows = flows + change
        reached = flows != 0.0
        if np.array_equal(reached, system.active):
            return flows, count
        system.active = reached | system.active
    raise SolveError("new species keep turning up in the recycles; no steady state was tried")


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
