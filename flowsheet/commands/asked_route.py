"""The route that a command is asked for, with what ``--set`` and ``--no-target`` say."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from flowsheet.core.errors import InputError

if TYPE_CHECKING:
    from flowsheet.routes.route import Route

OPTIONS = "options."


def asked_route(name: str, changes: Sequence[str] = (), *, no_target: bool = False) -> "Route":
    """Load a route and change it; ``options.`` before a name chooses among what its plant offers.

    Raises InputError for a change that is not PATH=VALUE.
    """
    from flowsheet.load import load_route

    parsed = dict(_change(change) for change in changes)
    options = {
        path.removeprefix(OPTIONS): parsed.pop(path)
        for path in [*parsed]
        if path.startswith(OPTIONS)
    }
    route = load_route(name, options)
    if no_target:
        route = route.without_target()
    return route.with_changes(parsed)


def _change(text: str) -> tuple[str, Any]:
    path, equals, value = text.partition("=")
    if not equals or not path.strip() or not value.strip():
        raise InputError(f"--set {text}: needs PATH=VALUE, e.g. rougher.cells=8")
    return path.strip(), _plain(value.strip())


def _plain(text: str) -> Any:
    """Read true and false as such; numbers and quantities stay text and are read with units."""
    return {"true": True, "false": False, "none": None}.get(text.lower(), text)
