"""Steady states that balance but that a unit says it could not run at."""

from collections.abc import Mapping

from flowsheet.core.flow import Flow
from flowsheet.core.unit import Parameters, UnitOp, seen
from flowsheet.solver.circuit import Circuit, Streams


def refusals(
    circuit: Circuit, streams: Streams, parameters: Mapping[str, Parameters]
) -> dict[int, str]:
    """Scenario -> the first reason that a unit gives, with the unit's name."""
    found: dict[int, str] = {}
    for step in circuit.steps:
        if type(step.unit).refusals is UnitOp.refusals:
            continue
        slate = circuit.slate
        flows = {port: Flow(slate, circuit.inlet(n, streams)) for port, n in step.inlets.items()}
        flows |= {port: Flow(slate, streams[name]) for port, name in step.made.items()}
        lines = step.unit.refusals(seen(step.unit, flows), parameters[step.name])
        for scenario, line in enumerate(lines):
            if line:
                found.setdefault(scenario, f"{step.name}: {line}")
    return found
