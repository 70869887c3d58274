"""A route at the rate it runs at while it runs: the mean of the year over the availability.

Flows of a solved route are means of the year. A plant that stands still part of the time must run
faster while it runs, and what is built is built for that. `at_full_rate` returns the route with its
target, and every feed of its own, over the availability; `warm_figures` are the figures of a unit
with the temperature of its inlets filled in from the heat balance, as its size asks for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flowsheet.core.arithmetic import ratio
from flowsheet.core.errors import SolveError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.heat import enthalpy, temperature_at, without_data
from flowsheet.core.parameters import MassFlow, parameter_of
from flowsheet.core.thermochemistry import STANDARD_TEMPERATURE
from flowsheet.core.unit import Figure, seen
from flowsheet.model import Flowsheet
from flowsheet.routes.route import Route
from flowsheet.solution import Solution

_FEED = "flow"
"""Parameter of a unit that brings material from outside: how much."""
_AVAILABILITY = "availability"
"""Parameter of a unit that counts its own standstill; the route's takes its place."""


def at_full_rate(route: Route, availability: float) -> Route:
    """Return the route with target and feeds over the availability."""
    plant, changes = route.flowsheet, dict[str, Any]()
    varied = route.target.vary if route.target else ""
    for name, unit in plant.units.items():
        parameters = unit.physical_parameters()
        path = f"{name}.{_FEED}"
        if plant.is_source(name) and _FEED in parameters and path != varied:
            changes[path] = f"{getattr(unit, _FEED) / availability!r} kg/s"
        if _AVAILABILITY in parameters:
            changes[f"{name}.{_AVAILABILITY}"] = "100 %"
    if route.target is not None:
        flow = parameter_of(MassFlow).convert(route.target.flow) / availability
        changes["target.flow"] = f"{flow!r} kg/s"
    # What was changed here is the rate, not a number of the case: its ranges stay.
    return replace(route.with_changes(changes), changed=route.changed)


def warm_figures(solution: Solution, name: str) -> Sequence[Figure]:
    """Figures of a unit that may ask for the temperature of what enters it.

    A parameter ``<inlet>_temperature`` that the case leaves out, such as ``gas_temperature`` of a
    condenser, is taken from the heat balance. Raises SolveError where the figures fail.
    """
    plant, p = solution.flowsheet, solution.parameters[name]
    unit = plant.units[name]
    found = {
        f"{port}_temperature": _arriving(solution, streams)
        for port, streams in unit.streams("inlet").items()
        if streams and vars(p).get(f"{port}_temperature", "") is None
    }
    if not found:
        return solution.figures(name)
    flows = seen(unit, _ports(plant, solution.flows, name))
    try:
        return list(unit.figures(flows, p.replaced(found)))
    except Exception as error:
        raise SolveError(
            f"{name}: {type(unit).__name__}.figures failed with {type(error).__name__}: {error}"
        ) from error


def _arriving(solution: Solution, streams: Sequence[str]) -> Array:
    """Temperature of several streams mixed, K, (scenarios,)."""
    warm = [solution.heat_balance.temperature[stream] for stream in streams]
    flows = [solution.flow(stream) for stream in streams]
    mixed = sum(flows[1:], start=flows[0])
    if len(streams) == 1:
        return warm[0]
    if without_data(mixed):
        nothing = 0.0 * warm[0]
        held = [flow.total() * t for flow, t in zip(flows, warm, strict=True)]
        return ratio(sum(held, start=nothing), mixed.total(), empty=STANDARD_TEMPERATURE)
    content = [enthalpy(flow, t) for flow, t in zip(flows, warm, strict=True)]
    return temperature_at(mixed, sum(content[1:], start=content[0]))


def _ports(plant: Flowsheet, flows: Mapping[str, Array], name: str) -> dict[str, Flow]:
    unit, slate = plant.units[name], plant.slate
    nothing = Flow(slate, 0.0 * next(iter(flows.values())))
    return {
        port: sum((Flow(slate, flows[s]) for s in unit.streams(kind)[port]), start=nothing)
        for port, kind in unit.ports().items()
    }
