"""Units of a case file that are like another: what they do not say themselves is taken from it.

``like = "rougher"`` in a section takes over every number of [units.rougher] that the section
does not give. What is taken over stays one number: its copies are drawn together.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flowsheet.case.inheritance import merged
from flowsheet.case.numbers import is_table
from flowsheet.core.errors import InputError, nearest

LIKE = "like"
Tables = Mapping[str, Mapping[str, Any]]


def filled_in(units: Tables, file: str) -> dict[str, Mapping[str, Any]]:
    """Return the section of every unit with what it takes over from others."""
    return {name: _filled_in(name, units, file, ()) for name in units}


def copies(units: Tables, file: str) -> dict[str, list[str]]:
    """Return path of a number -> itself and its copies, for numbers that others take over."""
    found: dict[str, list[str]] = {}
    for name in units:
        for path in _paths(_filled_in(name, units, file, ())):
            found.setdefault(_origin(name, path, units), []).append(f"{name}.{path}")
    return {origin: paths for origin, paths in found.items() if len(paths) > 1}


def _filled_in(name: str, units: Tables, file: str, seen: Sequence[str]) -> Mapping[str, Any]:
    own = {entry: value for entry, value in units[name].items() if entry != LIKE}
    if LIKE not in units[name]:
        return own
    model = units[name][LIKE]
    if model not in units:
        raise InputError(
            f"{file}: {name}.like: there is no section [units.{model}]{nearest(str(model), units)}"
        )
    if model in (*seen, name):
        raise InputError(
            f"{file}: {name}.like: '{name}' and '{model}' are like each other; let one of them "
            "give its numbers itself"
        )
    return merged(own, _filled_in(model, units, file, (*seen, name)))


def _paths(table: Mapping[str, Any]) -> Iterator[str]:
    for entry, value in table.items():
        if is_table(value):
            yield from (f"{entry}.{key}" for key in value)
        else:
            yield entry


def _origin(name: str, path: str, units: Tables) -> str:
    """The number that a unit's number is a copy of, or that number itself."""
    entry, _, key = path.partition(".")
    given = units[name].get(entry)
    own = given is not None and (not key or not is_table(given) or key in given)
    return f"{name}.{path}" if own else _origin(units[name][LIKE], path, units)
