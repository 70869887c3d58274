"""Finding routes: built in by name, or a case of the user's own by the path of its file."""

import ast
import importlib
import importlib.util
import inspect
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

from flowsheet.case.data import CaseData
from flowsheet.case.inheritance import read_toml
from flowsheet.core.errors import FlowsheetError, InputError, nearest
from flowsheet.model import Flowsheet
from flowsheet.routes.route import Route

CASES = "cases"
"""The package of built-in routes; imported by name, never by an import statement."""
PLANTS = f"{CASES}.plants"
"""The package of plants that routes share: flowsheets with numbers, without an ore."""


def route_names(*, teaching: bool = True) -> list[str]:
    """Names of the built-in routes; without teaching cases if asked for."""
    names = _names_in(CASES)
    if teaching:
        return names
    headers = {name: read_toml(_file(CASES, name, ".toml"))["route"] for name in names}
    return [name for name in names if not headers[name].get("teaching")]


def plant_names() -> list[str]:
    """Names of the plants that a case may name beside the built-in routes.

    The package holds parts of plants too, which have no ``build``.
    """
    sources = {name: _file(PLANTS, name, ".py") for name in _names_in(PLANTS)}
    return [
        name
        for name, path in sources.items()
        if path.exists() and "\ndef build(" in path.read_text(encoding="utf-8")
    ]


def _names_in(package: str) -> list[str]:
    found = (Path(str(entry)) for entry in files(package).iterdir())
    return sorted(path.stem for path in found if path.suffix == ".toml")


def _file(package: str, name: str, suffix: str) -> Path:
    return Path(str(files(package).joinpath(f"{name}{suffix}")))


def _find(name: str, file: str) -> Path:
    """The case file of a built-in route or plant that another case file names."""
    for package in (CASES, PLANTS):
        if name in _names_in(package):
            return _file(package, name, ".toml")
    raise InputError(
        f"{file}: route: there is no built-in route or plant '{name}'"
        f"{nearest(name, [*route_names(), *_names_in(PLANTS)])}"
    )


def load_route(name_or_path: str, options: Mapping[str, Any] | None = None) -> Route:
    """Find a route by name, or a case of the user's own by the path of its .toml or .py file.

    ``options`` replace those of the case: what its plant lets it choose, e.g. ``high_purity``.

    Raises InputError when there is no such route or file, or when anything in it is wrong.
    """
    if not isinstance(name_or_path, str | Path):
        raise InputError(f"load_route: needs a route's name or a path, got {name_or_path!r}")
    name_or_path = str(name_or_path)
    if name_or_path in route_names():
        data = CaseData(_file(CASES, name_or_path, ".toml"), _find)
        route = _built(data, _plant(data), options)
        _require_sources(route)
        return route
    path = Path(name_or_path)
    if path.name and path.with_suffix(".toml").exists() and path.suffix not in (".toml", ".py"):
        raise InputError(
            f"there is no route '{name_or_path}'; did you mean {path.with_suffix('.toml')}?"
        )
    if path.suffix not in (".toml", ".py"):
        raise InputError(
            f"there is no route '{name_or_path}'{nearest(name_or_path, route_names())} "
            f"(or give the path of a .toml or .py file)"
        )
    if not path.exists():
        raise InputError(f"{path}: there is no such file")
    data = CaseData(path.with_suffix(".toml"), _find)
    beside = path.with_suffix(".py").resolve()
    if not beside.exists():
        return _built(data, _plant(data), options)
    if data.header.plant:
        raise InputError(
            f"{data.path.name}: route.plant names a built-in route, but {beside.name} stands "
            f"beside the file; remove one of them"
        )
    with _importing_from(beside.parent):
        return _built(data, _execute(beside), options)


def _plant(data: CaseData) -> ModuleType:
    """The module with the flowsheet of a case without Python of its own.

    That of the plant it names, which may itself be a case that names a plant; a copy of a built-in
    case file keeps its plant.
    """
    name = data.header.plant or data.name
    for package in (CASES, PLANTS):
        if _file(package, name, ".py").exists():
            return importlib.import_module(f"{package}.{name}")
    if data.header.plant and name in route_names():
        return _plant(CaseData(_file(CASES, name, ".toml"), _find))
    raise InputError(
        f"{data.path.name}: needs {data.name}.py beside it, or route.plant naming a plant "
        f"({', '.join(plant_names())}) or a built-in route ('flowsheet list')"
    )


def _built(data: CaseData, module: ModuleType, asked: Mapping[str, Any] | None) -> Route:
    """Call ``build`` and check what comes of it."""
    file = Path(str(module.__file__))
    if not hasattr(module, "build"):
        raise InputError(f"{file.name}: needs a function build(data) that returns a Flowsheet")
    options = {**data.header.options, **(asked or {})}
    options = _read_options(options, data.path.name, module)
    try:
        with _errors_of(file):
            flowsheet = module.build(data, **options)
    except InputError:
        data.check_misspelt()  # says better why a number is missing
        raise
    if not isinstance(flowsheet, Flowsheet):
        raise InputError(f"{file.name}: build(data) must return a Flowsheet")
    data.check_all_used()
    route = Route(data.name, data, flowsheet, data.header.target)
    route.check()
    return route


def _read_options(options: Mapping[str, Any], file: str, module: ModuleType) -> dict[str, Any]:
    """Options as the plant's ``build`` takes them; refuse what it does not know, or another kind.

    The command line writes whole numbers as text.
    """
    parameters = list(inspect.signature(module.build).parameters.values())[1:]
    known = {each.name: each.default for each in parameters}
    read = {}
    for option, value in options.items():
        place = f"{file}: options.{option}"
        if not known:
            raise InputError(f"{place}: this plant has no options; leave it out")
        if option not in known:
            raise InputError(f"{place}: this plant has no such option{nearest(option, known)}")
        kind = type(known[option])
        read[option] = int(value) if kind is int and str(value).isdigit() else value
        if type(read[option]) is not kind:
            words = {bool: "true or false", int: "a whole number"}.get(kind, "text")
            raise InputError(f"{place}: needs {words}, got {value!r}")
    return read


def _execute(path: Path) -> ModuleType:
    """Run a user's case file as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise InputError(f"{path}: cannot be read as Python")
    module = importlib.util.module_from_spec(spec)
    with _errors_of(path):
        _refuse_repeated_names(path)
        spec.loader.exec_module(module)
    return module


@contextmanager
def _importing_from(folder: Path) -> Iterator[None]:
    """Let a case import what stands beside it, as a script can.

    What it imported is forgotten afterwards: another case may have a module of the same name.
    """
    before = set(sys.modules)
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name in set(sys.modules) - before:
            place = getattr(sys.modules[name], "__file__", None)
            if place and Path(place).is_relative_to(folder):
                del sys.modules[name]


@contextmanager
def _errors_of(path: Path) -> Iterator[None]:
    """Turn whatever a user's own code raises into one line with its place in the file."""
    try:
        yield
    except FlowsheetError:
        raise
    except (Exception, SystemExit) as error:
        where = _place_of(error, path)
        raise InputError(f"{where}: {type(error).__name__}: {error}") from error


def _place_of(error: BaseException, path: Path) -> str:
    """File and line of the innermost frame that is the user's: the case or a module beside it."""
    where = path.name
    trace = error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.parent == path.parent:
            where = f"{file.name} line {trace.tb_lineno}"
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and error.lineno:
        where = f"{Path(error.filename or path).name} line {error.lineno}"
    return where


def _refuse_repeated_names(path: Path) -> None:
    """Refuse a key written twice in one dict: Python would silently drop the first unit."""
    source = path.read_text(encoding="utf-8-sig")
    for node in ast.walk(ast.parse(source, filename=str(path))):
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


def _require_sources(route: Route) -> None:
    for number in route.unsourced:
        raise InputError(
            f"{route.data.path.name}: {number.path}: has no source and basis; a number in "
            f"{CASES}/ needs both"
        )
