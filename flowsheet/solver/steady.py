"""The steady state of a flowsheet: what flows where, with specifications met."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from flowsheet.core.errors import FlowsheetError, InputError, SolveError
from flowsheet.core.unit import Parameters
from flowsheet.model import Flowsheet
from flowsheet.place import Place, place_of
from flowsheet.solver.accelerated import accelerated
from flowsheet.solver.alone import check_units
from flowsheet.solver.circuit import Circuit, Streams, circuit_of
from flowsheet.solver.diagnosis import check_flows, check_ways_out, explained
from flowsheet.solver.direct import solved_directly
from flowsheet.solver.equations import Equations, Point
from flowsheet.solver.gain import refuse_unsure
from flowsheet.solver.network import Network
from flowsheet.solver.newton import Converged, ConvergenceError
from flowsheet.solver.refusal import refusals
from flowsheet.solver.spec import Spec
from flowsheet.solver.specified import newton_with_specs, scaled_start
from flowsheet.solver.torn import FEW_UNITS, Torn
from flowsheet.solver.transient import newton_or_transient

FEW_UNKNOWNS = 120
"""Unknowns at torn inlets up to which a dense matrix over them is the fastest way."""
FEW_INLETS = 20
"""Torn inlets up to which it is worth counting how many unknowns they really have."""
STILL_DENSE = 1500
"""Unknowns at torn inlets up to which they are tried after the large way has failed."""


@dataclass(frozen=True)
class SteadyState:
    """Flows of every stream in kg/s, (constituents, scenarios), and how they were found."""

    equations: Equations
    point: Point
    streams: Streams
    parameters: Mapping[str, Parameters]
    varied: Mapping[str, float]
    iterations: int


def steady_state(flowsheet: Flowsheet, specs: Sequence[Spec] = ()) -> SteadyState:
    """Solve a flowsheet, with specifications met.

    Raises SolveError with a diagnosis, InputError where a unit could not run at what was found.
    """
    check_specs(flowsheet, specs)
    circuit = circuit_of(flowsheet)
    equations, solved = _once(circuit, specs)
    point = solved.point
    check_flows(circuit, point.streams)
    if isinstance(equations, Network) and not circuit.checked_alone:
        check_units(circuit, point.streams, equations.parameters(point.logs))
        circuit.checked_alone = True
    values = equations.starts * np.exp(point.logs) if specs else np.zeros((0, 1))
    varied = {spec.path: float(value) for spec, value in zip(specs, values[:, 0], strict=True)}
    parameters = equations.parameters(point.logs)
    for reason in refusals(circuit, point.streams, parameters).values():
        raise InputError(reason)
    return SteadyState(equations, point, point.streams, parameters, varied, solved.iterations)


def check_specs(flowsheet: Flowsheet, specs: Sequence[Spec]) -> None:
    """Raise InputError for a specification that makes no sense, alone or beside the others."""
    given: Any = specs
    for spec in given if isinstance(given, list | tuple) else [given]:
        if not isinstance(spec, Spec):
            raise InputError(
                f"specs: needs e.g. Vary('ore.flow').until(product('metal') == '1 t/h'), "
                f"got {spec!r}"
            )
    seen: list[Place] = []
    for spec in specs:
        spec.check(flowsheet)
        place = place_of(spec.path, flowsheet)
        for other in seen:
            if place.meets(other):
                shared = "" if place.path == other.path else f", as {other.path}"
                raise InputError(
                    f"{spec.path}: is varied twice{shared}; one parameter meets one target"
                )
        seen.append(place)


def nominal(circuit: Circuit, specs: Sequence[Spec]) -> tuple[Equations, Converged]:
    """Solve as ``converged`` does, and keep it for whoever asks next for the same."""
    found = converged(circuit, specs)
    circuit.nominal = tuple(specs), found
    return found


def _once(circuit: Circuit, specs: Sequence[Spec]) -> tuple[Equations, Converged]:
    """What scenarios have just started from, if that is the same; else solve."""
    kept, circuit.nominal = circuit.nominal, None
    if kept is not None and list(map(id, kept[0])) == list(map(id, specs)):
        found: tuple[Equations, Converged] = kept[1]
        return found
    return converged(circuit, specs)


def converged(
    circuit: Circuit, specs: Sequence[Spec], *, thorough: bool = True
) -> tuple[Equations, Converged]:
    """Solve by the way that suits the size of the plant; raise SolveError with a diagnosis.

    A ``thorough`` one also searches for what would have had an answer.
    """
    if not specs and circuit.is_linear:
        found = solved_directly(circuit)
        if found is not None:
            return found
    equations, solved = _by_newton(circuit, specs, thorough)
    refuse_unsure(equations, solved.point)
    return equations, solved


def _by_newton(
    circuit: Circuit, specs: Sequence[Spec], thorough: bool
) -> tuple[Equations, Converged]:
    """At the torn inlets of a small plant; at all inlets of a large one, if passes do not do."""
    if not _is_small(circuit):
        if len(circuit.steps) <= FEW_UNITS and len(circuit.torn) <= FEW_INLETS:
            passed = _by_passes(circuit, specs)
            if passed is not None:
                return passed
        network = Network(circuit, specs)
        network.thorough = thorough
        try:
            return network, _solved(network)
        except SolveError:
            if len(circuit.torn) * circuit.slate.count > STILL_DENSE:
                raise
    torn = Torn(circuit, specs)
    torn.thorough = thorough
    return torn, _solved(torn)


def _by_passes(circuit: Circuit, specs: Sequence[Spec]) -> tuple[Equations, Converged] | None:
    """By accelerated passes; None where they do not lead to a solution, which says nothing."""
    torn = Torn(circuit, specs)
    try:
        solved = accelerated(torn, _first_point(torn))
    except FlowsheetError:
        return None
    if solved is not None:
        check_ways_out(torn, solved.point)
        return torn, solved
    return None


def _first_point(torn: Torn) -> Point:
    """The plant after some passes; with targets, as written and then scaled to the first target."""
    flows, logs = torn.start(), np.zeros((len(torn.specs), 1))
    if not torn.specs:
        return torn.evaluate(flows, logs)
    plain = Torn(torn.circuit)
    plain.active = torn.active
    rough = accelerated(plain, plain.evaluate(flows, logs[:0]), roughly=True)
    return scaled_start(torn, flows if rough is None else rough.point.flows, logs)


def _is_small(circuit: Circuit) -> bool:
    """Whether the torn inlets are the fastest way."""
    if len(circuit.steps) > FEW_UNITS:
        return False
    if len(circuit.torn) * circuit.slate.count <= FEW_UNKNOWNS:
        return True
    if len(circuit.torn) > FEW_INLETS:
        return False
    plain = Torn(circuit)
    plain.start()
    return int(plain.active.sum()) <= FEW_UNKNOWNS


def _solved(equations: Equations) -> Converged:
    """Newton's method from the start that suits the equations."""
    flows = equations.start()
    try:
        if equations.specs:
            return newton_with_specs(equations, flows)
        solved = newton_or_transient(equations, flows)
    except ConvergenceError as failure:
        raise explained(equations, failure) from failure
    check_ways_out(equations, solved.point)
    return solved
