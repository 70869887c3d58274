"""Routes: a flowsheet in Python with its numbers in TOML beside it, found by name or by path."""

import ast
import importlib
import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

from flowsheet.case import CaseData, Number, TargetEntry
from flowsheet.core.errors import FlowsheetError, InputError, nearest
from flowsheet.core.parameters import MassFlow, parameter_of
from flowsheet.core.quantities import Entered
from flowsheet.metrics import Metrics, metrics
from flowsheet.model import Flowsheet
from flowsheet.solution import Solution, solve
from flowsheet.solver.spec import Spec, Vary, product

CASES = "cases"
"""The package of built-in routes; imported by name, never by an import statement."""


@dataclass(frozen=True)
class RouteResult:
    """A solved route: the solution and its metrics."""

    route: str
    solution: Solution
    metrics: Metrics

    @property
    def warnings(self) -> list[str]:
        """What an engineer should know about this result, one line each."""
        return self.solution.warnings()

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain numbers, as ``flowsheet run --format json`` prints it."""
        return {
            "route": self.route,
            "status": self.solution.status,
            "metrics": asdict(self.metrics),
            "closure": dict(self.solution.audit.plant),
            "streams": {name: s.to_dict() for name, s in self.solution.streams.items()},
            "warnings": self.warnings,
        }


@dataclass(frozen=True)
class Route:
    """A case that has been read, built and checked; not solved yet."""

    name: str
    data: CaseData
    flowsheet: Flowsheet
    target: TargetEntry | None

    def with_changes(self, changes: Mapping[str, Any]) -> "Route":
        """Return the route with parameters (``unit.parameter``) or ``target.flow`` changed."""
        target = self.target
        plain = {}
        for path, value in changes.items():
            section, _, field = path.partition(".")
            if section != "target":
                plain[path] = value
            elif target is None or field not in TargetEntry.model_fields:
                known = nearest(field, TargetEntry.model_fields)
                raise InputError(f"{path}: this route has no such target{known}")
            else:
                target = TargetEntry(**{**target.model_dump(), field: str(value)})
        if target and target.vary in plain:
            raise InputError(
                f"{target.vary}: is varied to meet the target of {target.flow} "
                f"{target.element}; set target.flow, or solve without the target"
            )
        return replace(self, flowsheet=self.flowsheet.with_parameters(plain), target=target)

    def without_target(self) -> "Route":
        """Return the route at its feed as written, with no target to scale it to."""
        return replace(self, target=None)

    def specs(self) -> list[Spec]:
        """The target as a specification; raise InputError when it cannot be one."""
        if self.target is None:
            return []
        wanted = product(self.data.header.product, self.target.element)
        spec = Vary(self.target.vary).until(wanted.equals(self.target.flow))
        spec.check(self.flowsheet)
        return [spec]

    def solve(self) -> RouteResult:
        """Scale the feed so that the target is met, and solve."""
        solution = solve(self.flowsheet, specs=self.specs())
        return RouteResult(self.name, solution, metrics(solution, self.data.header))

    @property
    def unsourced(self) -> list[Number]:
        """Numbers of the case file that state no source."""
        return [number for number in self.data.numbers if self._needs_source(number)]

    def _needs_source(self, number: Number) -> bool:
        return self.is_physical(number) and not (number.source.strip() and number.basis)

    def is_physical(self, number: Number) -> bool:
        """Whether an entry of the case file is a number, rather than a name or a choice."""
        unit, _, rest = number.path.partition(".")
        if unit in ("target", "capacity"):
            return rest in ("flow", "installed")
        return rest.partition(".")[0] in self.flowsheet.units[unit].physical_parameters()


def route_names() -> list[str]:
    """Names of the built-in routes."""
    found = (Path(str(entry)) for entry in files(CASES).iterdir())
    return sorted(path.stem for path in found if path.suffix == ".toml")


def load_route(name_or_path: str) -> Route:
    """Find a route by name, or a case of the user's own by the path of its .toml or .py file.

    Raises InputError when there is no such route or file, or when anything in it is wrong.
    """
    if name_or_path in route_names():
        path = Path(str(files(CASES).joinpath(f"{name_or_path}.toml")))
        return _require_sources(_build(path, importlib.import_module(f"{CASES}.{name_or_path}")))
    path = Path(name_or_path)
    if path.suffix not in (".toml", ".py"):
        raise InputError(
            f"there is no route '{name_or_path}'{nearest(name_or_path, route_names())} "
            f"(or give the path of a .toml or .py file)"
        )
    if not path.exists():
        raise InputError(f"{path}: there is no such file")
    beside = path.with_suffix(".py")
    return _build(path.with_suffix(".toml"), _execute(beside) if beside.exists() else None)


def _build(path: Path, module: ModuleType | None) -> Route:
    data = CaseData(path)
    if module is None:
        plant = data.header.plant or path.stem  # a copy of a built-in case file keeps its plant
        if plant not in route_names():
            raise InputError(
                f"{path.name}: needs {path.stem}.py beside it, or route.plant naming a built-in "
                f"route: {', '.join(route_names())}"
            )
        module = importlib.import_module(f"{CASES}.{plant}")
    if not hasattr(module, "build"):
        raise InputError(f"{path.stem}.py: needs a function build(data) that returns a Flowsheet")
    flowsheet = _called(module, data)
    data.check_all_used()
    route = Route(path.stem, data, flowsheet, data.header.target)
    _check(route)
    return route


def _called(module: ModuleType, data: CaseData) -> Flowsheet:
    """Call ``build``; what a user's own code raises becomes one line with its place."""
    try:
        flowsheet = module.build(data)
    except FlowsheetError:
        raise
    except Exception as error:
        raise InputError(_user_error(Path(str(module.__file__)), error)) from error
    if not isinstance(flowsheet, Flowsheet):
        raise InputError(f"{module.__name__}.py: build(data) must return a Flowsheet")
    return flowsheet


def _execute(path: Path) -> ModuleType:
    """Run a user's case file as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise InputError(f"{path}: cannot be read as Python")
    module = importlib.util.module_from_spec(spec)
    try:
        _refuse_repeated_names(path)
        spec.loader.exec_module(module)
    except FlowsheetError:
        raise
    except Exception as error:
        raise InputError(_user_error(path, error)) from error
    return module


def _user_error(path: Path, error: Exception) -> str:
    """Say where in the user's file an exception came from."""
    line = getattr(error, "lineno", None)
    trace = error.__traceback__
    while trace is not None:
        if Path(trace.tb_frame.f_code.co_filename) == path:
            line = trace.tb_lineno
        trace = trace.tb_next
    where = f"{path.name} line {line}" if line else path.name
    return f"{where}: {type(error).__name__}: {error}"


def _refuse_repeated_names(path: Path) -> None:
    """Refuse a key written twice in one dict: Python would silently drop the first unit."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Dict):
            seen: set[object] = set()
            for key in node.keys:
                if isinstance(key, ast.Constant):
                    if key.value in seen:
                        raise InputError(
                            f"{path.name} line {key.lineno}: two units or entries are named "
                            f"{key.value!r}; give one of them another name"
                        )
                    seen.add(key.value)


def _check(route: Route) -> None:
    """Check the header against the flowsheet, and every range against its parameter."""
    header, plant, file = route.data.header, route.flowsheet, route.data.path.name
    streams = {*plant.made_by, *plant.supplied_to}
    for field, names in (
        ("feed", header.feed),
        ("refinery_feed", header.refinery_feed),
        ("product", (header.product,)),
    ):
        for name in names:
            if name not in streams:
                raise InputError(
                    f"{file}: route.{field}: there is no stream '{name}'{nearest(name, streams)}"
                )
    if header.product not in plant.products:
        raise InputError(
            f"{file}: route.product: '{header.product}' is not among the products of the "
            f"flowsheet{nearest(header.product, plant.products)}"
        )
    for number in route.data.numbers:
        _check_range(route, number)
    if route.target:
        _placed(f"{file}: target", route.specs)
    if header.capacity:
        stated = Entered(header.capacity.installed, f"{file}: capacity.installed")
        parameter_of(MassFlow).convert(stated)


def _placed(place: str, specs: Callable[[], list[Spec]]) -> None:
    """Build the specifications once to see that they can be met at all."""
    try:
        specs()
    except InputError as error:
        raise InputError(f"{place}: {error}") from error


def _check_range(route: Route, number: Number) -> None:
    unit, _, rest = number.path.partition(".")
    if unit not in route.flowsheet.units:
        return
    parameter = route.flowsheet.units[unit].physical_parameters().get(rest.partition(".")[0])
    if parameter is None:
        return
    ends = {
        end: parameter.convert(Entered(value, f"{route.data.path.name}: {number.path}.{end}"))
        for end, value in (("low", number.low), ("value", number.value), ("high", number.high))
        if value is not None
    }
    if not ends.get("low", ends["value"]) <= ends["value"] <= ends.get("high", ends["value"]):
        raise InputError(
            f"{route.data.path.name}: {number.path}: value {number.value} lies outside its own "
            f"range {number.low} to {number.high}"
        )


def _require_sources(route: Route) -> Route:
    for number in route.unsourced:
        raise InputError(
            f"{route.data.path.name}: {number.path}: has no source and basis; a number in "
            f"{CASES}/ needs both"
        )
    return route
