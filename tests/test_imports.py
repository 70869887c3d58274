"""Who may import whom, proved from the source."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from flowsheet.graph import calculation_order

ROOT = Path(__file__).parents[1]
PACKAGES = ("flowsheet", "unitops", "cases")


@dataclass(frozen=True)
class Import:
    """One imported name: ``from module import name`` or ``import module``."""

    module: str
    name: str | None
    typing_only: bool

    @property
    def target(self) -> str:
        """The module that is loaded: a submodule where the name is one."""
        if self.name and f"{self.module}.{self.name}" in MODULES:
            return f"{self.module}.{self.name}"
        return self.module


def _modules() -> dict[str, Path]:
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def _imports(source: str) -> Iterator[Import]:
    tree = ast.parse(source)
    typing_only = {
        inside
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) in TYPE_CHECKING
        for statement in node.body
        for inside in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, None, node in typing_only)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "write imports in full"
            for alias in node.names:
                yield Import(str(node.module), alias.name, node in typing_only)


TYPE_CHECKING = {"TYPE_CHECKING", "typing.TYPE_CHECKING"}
MODULES = _modules()
IMPORTS = {name: list(_imports(path.read_text(encoding="utf-8"))) for name, path in MODULES.items()}


def inside(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def ours(module: str) -> bool:
    return any(inside(module, package) for package in PACKAGES)


ALLOWED = {
    "flowsheet.core": ("flowsheet.core",),
    "flowsheet": ("flowsheet",),
    "unitops": ("flowsheet.core",),
    "cases": ("flowsheet", "unitops", "cases"),
}
"""What the modules of a package may import of this project; the first that fits counts."""


def room(module: str) -> tuple[str, ...]:
    """The room of a unit operation, whose modules may share equations: ``unitops.gravity``."""
    parts = module.split(".")
    return (".".join(parts[:2]),) if parts[0] == "unitops" and len(parts) == 3 else ()


def test_the_sources_are_found():
    known = {"flowsheet", "flowsheet.core.flow", "flowsheet.solver.steady"}
    assert known | {"unitops.smelting.roaster", "cases.stibnite_idaho"} <= set(MODULES)
    assert len(MODULES) > 40
    assert any(found.typing_only for found in IMPORTS["flowsheet.stream"])


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_what_its_package_may(module):
    package = next(package for package in ALLOWED if inside(module, package))
    for found in IMPORTS[module]:
        if ours(found.target):
            may = (*ALLOWED[package], *room(module))
            assert any(inside(found.target, allowed) for allowed in may), (
                f"{module} imports {found.target}; it may import {may}"
            )


@pytest.mark.parametrize("module", MODULES)
def test_no_module_imports_the_root_of_a_package(module):
    for found in IMPORTS[module]:
        assert found.target not in PACKAGES, f"{module} imports the package {found.target} itself"


def test_what_is_imported_exists():
    for module, imports in IMPORTS.items():
        for found in imports:
            assert not ours(found.target) or found.target in MODULES, f"{module}: {found.target}"


def _reach(start: str, needs: dict[str, list[str]]) -> set[str]:
    reached, waiting = set(), [start]
    while waiting:
        for following in needs[waiting.pop()]:
            if following not in reached:
                reached.add(following)
                waiting.append(following)
    return reached


def test_no_import_cycle():
    needs = {
        module: sorted({f.target for f in imports if not f.typing_only and ours(f.target)})
        for module, imports in IMPORTS.items()
    }
    circular = [module for module in needs if module in _reach(module, needs)]
    assert circular == []
    assert len(calculation_order(list(needs), needs)) == len(MODULES)


def test_only_quantities_knows_pint():
    knowing = {
        module
        for module, imports in IMPORTS.items()
        for found in imports
        if inside(found.module, "pint") and not found.typing_only
    }
    assert knowing == {"flowsheet.core.quantities"}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import flowsheet.core.flow", [("flowsheet.core.flow", False)]),
        ("from flowsheet.core import flow", [("flowsheet.core.flow", False)]),
        ("from flowsheet import solve", [("flowsheet", False)]),
        ("import flowsheet as f", [("flowsheet", False)]),
        ("def late():\n    from cases.plants import smelter", [("cases.plants.smelter", False)]),
        ("if TYPE_CHECKING:\n    from pint import Quantity", [("pint", True)]),
        ("if TYPE_CHECKING:\n    pass\nelse:\n    import pint", [("pint", False)]),
    ],
)
def test_imports_are_read_as_meant(source, expected):
    assert [(found.target, found.typing_only) for found in _imports(source)] == expected
