"""Where one number stands among the resolved parameters of a flowsheet, and how it is exchanged."""

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from flowsheet.core.errors import InputError, nearest
from flowsheet.core.parameters import Parameter, size_key
from flowsheet.core.particles import aperture_text
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Parameters, UnitOp
from flowsheet.model import Flowsheet, split_path

OTHERS = "others"


@dataclass(frozen=True)
class Place:
    """One number: a plain parameter, or an entry of a parameter per species or per element."""

    path: str
    unit: str
    name: str
    parameter: Parameter
    key: str = ""
    """Species, element or ``others``; empty for a plain parameter, or one value for all."""
    rows: tuple[int, ...] = ()
    """Rows that the number stands for, where there is one value per species."""
    elements: tuple[Any, ...] = ()
    """Elements (or sizes in m) that the number stands for, where there is one value for each."""

    def value(self, parameters: Mapping[str, Parameters]) -> Any:
        """The number in SI, a float or (scenarios,)."""
        held = vars(parameters[self.unit])[self.name]
        if self.elements:
            return held[self.elements[0]]
        if self.rows:
            return held[self.rows[0], 0] if held.shape[1] == 1 else held[self.rows[0]]
        return held

    def put(self, parameters: dict[str, Parameters], value: Any) -> None:
        """Exchange the number in ``parameters`` for a float or an array (scenarios,)."""
        p = parameters[self.unit]
        held = vars(p)[self.name]
        new: Any
        if self.elements:
            new = {**held, **dict.fromkeys(self.elements, value)}
        elif self.rows:
            kind = np.result_type(held, value)
            shape = (held.shape[0], max(held.shape[1], np.size(value)))
            new = np.array(np.broadcast_to(held, shape), dtype=kind)
            new[list(self.rows)] = value
        else:
            new = value
        parameters[self.unit] = p.replaced({self.name: new})

    def setter(self, fields: dict[str, Any]) -> Callable[[float], None]:
        """What exchanges the number in the fields of a unit, whose keyed values are its own."""
        if not self.rows and not self.elements:
            return partial(operator.setitem, fields, self.name)
        held = fields[self.name]
        if self.key in ("", OTHERS):
            return partial(setattr, held, "others")
        return partial(operator.setitem, held.by_name, *(self.elements or (self.key,)))

    def meets(self, other: "Place") -> bool:
        """Whether both are, at least in part, the same number."""
        if (self.unit, self.name) != (other.unit, other.name):
            return False
        mine, others = {*self.rows, *self.elements}, {*other.rows, *other.elements}
        return not mine or not others or bool(mine & others)

    def start(self, flowsheet: Flowsheet) -> float:
        """The number as the flowsheet has it."""
        unit = flowsheet.units[self.unit]
        value = self.value({self.unit: unit.resolve(flowsheet.slate)})
        if value is None:
            raise InputError(f"{self.path}: is not given, so there is nothing to start from")
        return float(value)


def place_of(path: str, flowsheet: Flowsheet) -> Place:
    """Find a number by its path; raise InputError if the path leads to none."""
    unit, name, key = split_path(path, flowsheet.units)
    kind = type(flowsheet.units[unit])
    parameter = kind.physical_parameters().get(name)
    if parameter is None:
        raise InputError(f"{path}: cannot vary, it is a choice and not a number")
    if not kind.has_entries(name):
        if key:
            raise InputError(f"{path}: '{name}' is one value, with no entry for '{key}'")
        return Place(path, unit, name, parameter)
    held = getattr(flowsheet.units[unit], name)
    if held is None:
        raise InputError(f"{path}: '{name}' is not given, so no entry of it can vary")
    if not key and held.by_name:
        raise InputError(f"{path}: is not one number; name one of its entries")
    if kind.entries_by(name) == "size":
        return Place(path, unit, name, parameter, key, elements=(_size(path, key, held.by_name),))
    by_element = kind.entries_by(name) == "element"
    known = _known_keys(kind, name, flowsheet.slate)
    if key in ("", OTHERS):
        meant = tuple(each for each in known if each not in held.by_name)
        if not meant:
            raise InputError(f"{path}: stands for nothing, all entries are named; vary one of them")
    elif key in known:
        meant = (key,)
    else:
        what = "element" if by_element else "species"
        raise InputError(f"{path}: no {what} '{key}' in this flowsheet{nearest(key, known)}")
    if by_element:
        return Place(path, unit, name, parameter, key, elements=meant)
    slate = flowsheet.slate
    rows = tuple(row for each in meant for row in kind.rows_of_entry(slate, each))
    return Place(path, unit, name, parameter, key, rows=rows)


def _size(path: str, key: str, known: Iterable[float]) -> float:
    """The size that a key names; raise InputError if there is no value for it."""
    try:
        size = size_key(key)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
    if size not in known:
        sizes = ", ".join(map(aperture_text, known))
        raise InputError(f"{path}: there is no value for this size; known are {sizes}")
    return size


def _known_keys(kind: type[UnitOp], name: str, slate: Slate) -> tuple[str, ...]:
    """What entries of a parameter may be called; composites only where a unit meets them."""
    if kind.entries_by(name) == "element":
        return slate.elements
    return slate.names if kind.particles == "merged" else slate.kinds


def trial_of(unit: UnitOp, places: Iterable[Place]) -> tuple[UnitOp, list[Callable[[float], None]]]:
    """One copy of a unit, and what exchanges each number in it: a new copy for each is slow."""
    trial = unit.model_copy()
    fields = vars(trial)
    for name in {place.name for place in places if place.rows or place.elements}:
        held = fields[name]
        fields[name] = type(held)(held.others, dict(held.by_name))
    return trial, [place.setter(fields) for place in places]
