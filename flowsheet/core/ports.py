"""Ports of a unit operation: where streams enter and leave, by the names on the drawing.

``Inlet``: one stream name or a list of names, which are summed. ``Outlet``: one name.
``Supply``: one name for what is drawn from outside in whatever amount the unit needs (air,
reductant, reagent): the unit's ``run`` decides the flow, and the balances count it as an input.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from flowsheet.core.errors import InputError

PortKind = Literal["inlet", "outlet", "supply"]


class Port:
    """Annotation that marks a pydantic field as a port."""

    def __init__(self, kind: PortKind) -> None:
        self.kind = kind


def _one_name(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InputError(f'needs the name of one stream, got {value!r}; write e.g. "tailings"')
    return value


def _names(value: Any) -> tuple[str, ...]:
    entries = [value] if isinstance(value, str) else value
    if isinstance(entries, Mapping):
        value = {key: getattr(entry, "value", entry) for key, entry in entries.items()}
    if isinstance(entries, Mapping) or not hasattr(entries, "__iter__"):
        raise InputError(f'needs stream names, got {value!r}; write e.g. ["ore", "middlings"]')
    names = tuple(_one_name(entry) for entry in entries)
    if len(set(names)) < len(names):
        raise InputError(f"names a stream twice: {', '.join(names)}")
    return names


StreamNames = Annotated[tuple[str, ...], BeforeValidator(_names)]
"""One name or several, outside a unit."""
Inlet = Annotated[str | tuple[str, ...] | list[str], BeforeValidator(_names), Port("inlet")]
Outlet = Annotated[str, BeforeValidator(_one_name), Port("outlet")]
Supply = Annotated[str, BeforeValidator(_one_name), Port("supply")]
