"""The numbers of a route by path, those of units and those outside of them, and what they do."""

import numpy as np
from numpy.typing import NDArray

from flowsheet.case.header import OUTSIDE_UNITS
from flowsheet.core.errors import InputError, nearest
from flowsheet.core.parameters import MassFlow, Parameter, parameter_of
from flowsheet.place import place_of
from flowsheet.routes.route import Route
from flowsheet.routes.scenarios import TARGET

Floats = NDArray[np.float64]

_SECTIONS = {path.partition(".")[0] for path in OUTSIDE_UNITS}


def parameter_at(path: str, route: Route) -> Parameter:
    """Return what kind of number stands at a path; raise InputError where no metric hangs on it."""
    if route.target is not None and path == route.target.vary:
        raise InputError(
            f"{path}: is varied to meet the target of {route.target.flow} {route.target.element}; "
            f"vary {TARGET}, or solve without the target"
        )
    section = path.partition(".")[0]
    if section not in _SECTIONS or section in route.flowsheet.units:
        return place_of(path, route.flowsheet).parameter
    known = _outside(route)
    if path == TARGET and path not in known:
        raise InputError(f"{path}: this route is solved without a target")
    if path not in known:
        raise InputError(f"{path}: is no number of this route that can vary{nearest(path, known)}")
    return parameter_of(OUTSIDE_UNITS[path])


def value_at(path: str, route: Route) -> float:
    """Return the value of a number in the route as it is, in SI."""
    known = _outside(route)
    return known[path] if path in known else place_of(path, route.flowsheet).start(route.flowsheet)


def unit_at(path: str, route: Route) -> str:
    """Return the unit in which people read the number at a path; empty for a plain number."""
    if OUTSIDE_UNITS.get(path) is MassFlow:
        return "t/yr"
    dimension = parameter_at(path, route).dimension
    is_share = dimension.dimensionless and (dimension.low, dimension.high) == (0.0, 1.0)
    return "%" if is_share and not dimension.display else dimension.display


def _outside(route: Route) -> dict[str, float]:
    """Path -> SI of the numbers outside of units that change a metric of this route."""
    header, found = route.data.header, {}
    if route.target is not None:
        found[TARGET] = route.specs()[0].target.value
    if header.capacity is not None:
        installed = parameter_of(MassFlow).convert(header.capacity.installed)
        found["capacity.installed"] = float(installed)
    for name in ("antimony", "ore", "grade"):
        value = getattr(header.deposit, name, None)
        if value is not None:
            found[f"deposit.{name}"] = float(value)
    return found
