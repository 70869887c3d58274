"""What a route has to be built for: throughputs, equipment, reagents, power, returns, capacity.

Flows of a route are means of the year. Everything per year is taken from that solution, and its
rates over the availability are the t/h while the plant runs. Machines are sized at that rate: the
route is solved a second time with its target and its feeds over the availability, and equipment and
power are those of that second solution. Machines of a given size (a mill of a given volume) work
a little differently there than at the mean rate.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import first
from flowsheet.core.errors import InputError, SolveError
from flowsheet.core.flow import Flow
from flowsheet.core.parameters import Fraction, MassFlow, Parameter, parameter_of
from flowsheet.core.quantities import from_base
from flowsheet.routes.route import Route, RouteResult
from flowsheet.sizing.full_rate import at_full_rate, warm_figures
from flowsheet.sizing.grade_check import GradeCheck, check_grade, product_of_grade
from flowsheet.sizing.returns import returns
from flowsheet.sizing.sized_route import (
    Capacity,
    Destination,
    Drawn,
    Equipment,
    Power,
    Return,
    Sizing,
    Step,
    per,
)
from flowsheet.solution import Solution

_HOURS = from_base(1.0, "t/yr") / from_base(1.0, "t/h")  # of a year
_AIR = ("N2", "O2")
_LEAST_AVAILABILITY = 0.01
"""Below it a plant would be sized for more than a hundred times what it makes."""
_PRODUCT = Parameter(replace(parameter_of(MassFlow).dimension, example="5000 t/yr"))
"""A flow of product, which is told in other units than one of ore."""


def size(
    route: Route,
    product: str | None = None,
    availability: float | str = 0.85,
    grade: str | None = None,
) -> Sizing:
    """Size a route for a flow of product and the share of the year that it runs.

    ``product`` is a mass per time of the target's element in the product, e.g. ``"5000 t/yr"``,
    instead of the target of the case; ``availability`` is a share from 1 %; ``grade`` is one of the
    known grades, to hold the product against. Raises InputError for what is not such a thing or a
    route without a target to change, SolveError where the route has no steady state at either rate.
    """
    share = _availability(availability)
    if grade is not None:
        product_of_grade(grade)
    if product is not None:
        route = _for_product(route, product)
    result = route.solve()
    full = result if share == 1.0 else _at_full_rate(route, share)
    judged = check_grade(result, grade) if grade is not None else None
    return _sizing(result, full, share, judged)


def _availability(value: float | str) -> float:
    try:
        share = float(parameter_of(Fraction).convert(value))
    except InputError as error:
        raise InputError(f"availability: {error}") from error
    if share == 0.0:
        raise InputError('availability of 0 never runs; give a share such as "85 %"')
    if share < _LEAST_AVAILABILITY:
        raise InputError(
            f"availability: must lie between 1 and 100 %, got {value}; give the share of the year "
            f'that the plant runs, such as "85 %"'
        )
    return share


def _for_product(route: Route, product: str) -> Route:
    try:
        flow = _PRODUCT.convert(product)
    except InputError as error:
        raise InputError(f"product: {error}") from error
    if flow == 0.0:
        raise InputError(f"product of {product} is nothing to size for; give more")
    return route.with_product(product)


def _at_full_rate(route: Route, availability: float) -> RouteResult:
    try:
        return at_full_rate(route, availability).solve()
    except (InputError, SolveError) as error:  # a unit may refuse what the mean of the year allows
        raise type(error)(
            f"at the rate of an availability of {100.0 * availability:.4g} %: {error}"
        ) from error


def _sizing(
    result: RouteResult, full: RouteResult, availability: float, grade: GradeCheck | None
) -> Sizing:
    solution, plant = result.solution, result.solution.flowsheet
    made = _t_yr(solution.element_flow("Sb", plant.products))
    drawn = _drawn(solution, made)
    figures = {name: warm_figures(full.solution, name) for name in plant.units}
    kilowatts = {
        name: sum(_value(f, "kW") for f in figures[name] if f.kind == "power")
        for name in plant.units
        if any(f.kind == "power" for f in figures[name])
    }
    equipment = tuple(
        Equipment(name, f.label, _value(f, f.unit), f.unit)
        for name in plant.units
        for f in figures[name]
        if f.kind == "equipment"
    )
    sized = {each.unit for each in equipment}
    machines = [name for name in plant.units if not plant.is_source(name)]
    metrics = result.metrics
    hours = _HOURS * availability
    return Sizing(
        route=result.route,
        availability=availability,
        product_antimony_t_yr=made,
        metrics=metrics,
        steps=tuple(_step(solution, name, hours) for name in machines),
        equipment=equipment,
        reagents=tuple(each for each in drawn if each.mainly != "C"),
        fuels=tuple(each for each in drawn if each.mainly == "C"),
        power=tuple(
            Power(name, kw, kw * hours / 1e3, per(kw * hours, made))
            for name, kw in kilowatts.items()
        ),
        returns=_returns(solution),
        arsenic=_arsenic(solution),
        capacity=Capacity(
            throughput_t_yr=metrics.antimony_to_refinery_t_yr,
            nameplate_t_yr=metrics.antimony_to_refinery_t_yr / availability,
            installed_t_yr=metrics.capacity_installed_t_yr,
            missing_t_yr=metrics.capacity_missing_t_yr,
            utilisation_percent=per(
                100.0 * metrics.antimony_to_refinery_t_yr, metrics.capacity_installed_t_yr
            ),
        ),
        without_equipment=tuple(name for name in machines if name not in sized),
        without_power=tuple(name for name in machines if name not in kilowatts),
        grade=grade,
        warnings=tuple(result.warnings),
    )


def _step(solution: Solution, name: str, hours: float) -> Step:
    unit = solution.flowsheet.units[name]
    streams = [s for names in unit.streams("inlet").values() for s in names]
    nothing = Flow(solution.flowsheet.slate, 0.0 * next(iter(solution.flows.values())))
    entering = sum((solution.flow(s) for s in streams), start=nothing)
    total = _t_yr(first(entering.total()))
    return Step(
        name,
        type(unit).__name__,
        entering_t_h=total / hours,
        entering_t_yr=total,
        solids_t_yr=_t_yr(first(entering.solids.total())),
        antimony_t_yr=_t_yr(first(entering.element("Sb"))),
    )


def _drawn(solution: Solution, made: float) -> list[Drawn]:
    """Supply streams that flow, and the reagents that no stream carries, unit by unit."""
    found = []
    for name, unit in solution.flowsheet.units.items():
        for streams in unit.streams("supply").values():
            for stream in streams:
                flow = solution.flow(stream).merged()
                total = _t_yr(first(flow.total()))
                if total > 0.0:
                    most = flow.slate.names[int(np.argmax(flow.mass[:, 0]))]
                    mainly = "air" if most in _AIR else most
                    found.append(Drawn(name, stream, mainly, total, per(1e3 * total, made)))
        for figure in solution.figures(name):
            if figure.kind == "reagent" and (total := _value(figure, "t/yr")) > 0.0:
                found.append(Drawn(name, figure.label, "", total, per(1e3 * total, made)))
    return found


def _returns(solution: Solution) -> tuple[Return, ...]:
    plant = solution.flowsheet
    fed = _t_yr(solution.element_flow("Sb", plant.entering))
    found = []
    for stream in returns(plant):
        antimony = _t_yr(solution.element_flow("Sb", [stream]))
        ends = plant.made_by[stream].unit, plant.taken_by[stream].unit
        found.append(Return(stream, *ends, antimony, per(100.0 * antimony, fed)))
    return tuple(found)


def _arsenic(solution: Solution) -> tuple[Destination, ...]:
    """Arsenic by leaving stream; nothing where the flowsheet carries none."""
    plant = solution.flowsheet
    if "As" not in plant.slate.elements:
        return ()
    entering = solution.element_flow("As", plant.entering)
    kinds: Mapping[str, Sequence[str]] = {
        "product": plant.products,
        "residue": plant.residues,
        "emission": plant.emissions,
    }
    rows = [
        (stream, kind, solution.element_flow("As", [stream]))
        for kind, streams in kinds.items()
        for stream in streams
    ]
    return tuple(
        Destination(stream, kind, _t_yr(flow), per(100.0 * flow, entering))
        for stream, kind, flow in rows
        if flow > 0.0
    )


def _value(figure: Any, unit: str) -> float:
    return from_base(first(figure.value), unit)


def _t_yr(flow: float) -> float:
    return from_base(float(flow), "t/yr")
