"""The base of every unit operation: ports, parameters with dimensions, and one pure ``run``.

A unit operation is a class with annotated fields and a method::

    class Thickener(UnitOp):
        feed: Inlet
        underflow: Outlet
        overflow: Outlet

        solids_recovery: Fraction = default("99 %")

        def run(self, feed: Flow, p: Parameters) -> Outlets:
            underflow = feed.solids * p.solids_recovery
            return {"underflow": underflow, "overflow": feed - underflow}

``run`` takes one Flow per inlet, by the inlet's name, and the parameters as floats or arrays that
broadcast against (constituents, scenarios). It returns one Flow per outlet and per supply. It
reads parameters from ``p`` and nowhere else, keeps no state, and conserves every element.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Literal, get_args, get_origin

import numpy as np
from pydantic_core import PydanticUndefined

from flowsheet.core import parameters as parameter_types
from flowsheet.core.errors import InputError, nearest
from flowsheet.core.flow import Array, Flow
from flowsheet.core.parameters import Parameter
from flowsheet.core.ports import Port, PortKind
from flowsheet.core.quantities import from_base
from flowsheet.core.record import Record
from flowsheet.core.slate import Slate

ParticleUse = Literal["merged", "kept", "needed"]
FigureKind = Literal["", "equipment", "power", "reagent"]
Outlets = Mapping[str, Flow]
Flows = Mapping[str, Flow]


class Parameters:
    """Parameters of one unit as numbers in SI base units, as ``run`` sees them.

    A plain parameter is a float or (scenarios,); one per species is (constituents, 1) or
    (constituents, scenarios); one per element is a dict element -> float; a choice is itself.
    """

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.__dict__.update(values)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"no parameter '{name}'{nearest(name, self.__dict__)}")

    def replaced(self, values: Mapping[str, Any]) -> "Parameters":
        """The same parameters with some of them exchanged."""
        return Parameters({**self.__dict__, **values})


def seen(unit: "UnitOp", flows: Flows) -> Flows:
    """Flows as the code of a unit sees them: without sizes, unless it keeps particles."""
    if unit.particles != "merged":
        return flows
    return {port: flow.merged() for port, flow in flows.items()}


@dataclass(frozen=True)
class Figure:
    """A derived figure of a unit (energy, reagent, recovery) in SI, and the unit to show it in."""

    value: Array
    unit: str
    label: str
    kind: FigureKind = ""
    """``equipment``: number or size of what has to be built; ``power``: electric power drawn;
    ``reagent``: mass drawn that no stream carries, such as the collector of a flotation."""

    def __str__(self) -> str:
        """As people read it, of the first scenario: ``pressure drop 112.8 kPa``."""
        shown = from_base(float(np.ravel(self.value)[0]), self.unit)
        return f"{self.label} {shown:.4g} {self.unit}".strip()

    def __repr__(self) -> str:
        return f"<Figure: {self}>"


class UnitOp(Record):
    """Base class of unit operations; see the module's text for how to write one."""

    run: ClassVar[Callable[..., Outlets]]

    particles: ClassVar[ParticleUse] = "merged"
    """What ``run`` makes of particles, where a flowsheet has them.

    ``merged``: it sees plain minerals, whose size is then forgotten. ``kept``: it treats every row
    alike, size classes and composites among them, and knows nothing of sizes. ``needed``: it works
    on size classes, and a flowsheet without them is refused.
    """

    only_cools: ClassVar[bool] = False
    """Whether it can only give heat off: the engine says so where it would have to take heat up."""

    @classmethod
    def unwrapped(cls, data: dict[str, Any]) -> dict[str, Any]:
        """Keep the place of physical parameters, whose own conversion reports it."""
        physical = {n for n, kind in _fields(cls).items() if _is_physical(kind)}
        plain = super().unwrapped(data)
        return {n: data[n] if n in physical else v for n, v in plain.items()}

    def required_species(self) -> Iterable[str]:
        """Names of species this unit makes or looks for; a flowsheet without them is refused."""
        return ()

    def is_linear(self) -> bool:
        """Whether outlets and supplies are proportional to the inlets while parameters stay.

        Say so only where ``run(a * x + b * y) == a * run(x) + b * run(y)`` for all inlets x and y:
        the solver then differentiates the unit once and trusts the result everywhere.
        """
        return False

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:  # noqa: ARG002
        """Derived figures, from the solved flows of all ports by port name."""
        return ()

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:  # noqa: ARG002
        """What an engineer should know about this solution, one line each, no unit's name."""
        return ()

    def refusals(self, flows: Flows, p: Parameters) -> Sequence[str]:  # noqa: ARG002
        """Why this unit could not run on such flows, one text per scenario, empty where it could.

        Asked of steady states only: ``run`` must not refuse flows that have not settled yet.
        """
        return ()

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:  # noqa: ARG002
        """Port -> temperature in K of what leaves there, or is drawn there; (scenarios,) or one.

        Outlets that are not named leave as warm as what enters, mixed; supplies are drawn at
        25 degC. The heat of the unit, reactions included, follows from the enthalpies.
        """
        return {}

    @classmethod
    def ports(cls) -> Mapping[str, PortKind]:
        """Port name -> kind, in the order they are declared."""
        return _ports(cls)

    def streams(self, kind: PortKind) -> dict[str, tuple[str, ...]]:
        """Port name -> names of the streams connected to it, for ports of one kind."""
        connected = {}
        for name, its_kind in self.ports().items():
            if its_kind == kind:
                value = getattr(self, name)
                connected[name] = (value,) if isinstance(value, str) else tuple(value)
        return connected

    @classmethod
    def physical_parameters(cls) -> Mapping[str, Parameter]:
        """Parameter name -> its Parameter, also where there is one value per species or element."""
        return _physical_parameters(cls)

    @classmethod
    def parameters(cls) -> Mapping[str, Any]:
        """Parameter name -> its type (Parameter, keyed type, or a choice), in declared order."""
        return {name: kind for name, kind in _fields(cls).items() if not isinstance(kind, Port)}

    @classmethod
    def has_entries(cls, parameter: str) -> bool:
        """Whether a parameter holds one value per species, element or size."""
        return _origin(_fields(cls)[parameter]) is not None

    @classmethod
    def entries_by(cls, parameter: str) -> str:
        """``species``, ``element`` or ``size``, for a parameter that holds one value for each."""
        return str(_origin(_fields(cls)[parameter]).keyed_by)

    @classmethod
    def rows_of_entry(cls, slate: Slate, species: str) -> tuple[int, ...]:
        """Rows that one entry of a parameter per species stands for."""
        return (slate.row(species),) if cls.particles == "merged" else slate.rows_of(species)

    def resolve(self, slate: Slate) -> Parameters:
        """Return the parameters as numbers for a slate; raise InputError for unknown species."""
        values = {}
        for name in self.parameters():
            value = getattr(self, name)
            try:
                values[name] = self._resolved(name, value, slate)
            except InputError as error:
                raise InputError(f"{name}: {error}") from error
        return Parameters(values)

    def _resolved(self, name: str, value: Any, slate: Slate) -> Any:
        if isinstance(value, parameter_types.PerSpecies):  # type: ignore[arg-type]
            others = value.others if value.others is not None else self._default_of_others(name)
            column = np.full((slate.count, 1), np.nan if others is None else others)
            for species, number in value.by_name.items():
                column[list(self.rows_of_entry(slate, species))] = number
            if self.particles == "merged":  # it never sees the rows of particles
                column[len(slate.species) :] = 0.0
            if np.isnan(column).any():
                lacking = np.flatnonzero(np.isnan(column[:, 0]))
                missing = dict.fromkeys(slate.constituents[row].name for row in lacking)
                raise InputError(
                    f"no value for {', '.join(missing)}; name them or give 'others' a value"
                )
            return column
        if isinstance(value, parameter_types.PerElement):  # type: ignore[arg-type]
            for symbol in value.by_name:
                if symbol not in slate.elements:
                    raise InputError(
                        f"no element '{symbol}' in this flowsheet{nearest(symbol, slate.elements)}"
                    )
            others = value.others if value.others is not None else self._default_of_others(name)
            named = {} if others is None else dict.fromkeys(slate.elements, others)
            return {**named, **value.by_name}
        if isinstance(value, parameter_types.PerSize):
            return dict(value.by_name)  # type: ignore[attr-defined]
        return float(value) if isinstance(value, float) else value

    @classmethod
    def _default_of_others(cls, name: str) -> float | None:
        """What those that are not named take: the field's own default, if it has one."""
        field = cls.model_fields[name]
        if field.default is PydanticUndefined or field.default is None:
            return None
        others: float | None = _keyed_default(cls, name)
        return others


@cache
def _keyed_default(cls: type[UnitOp], name: str) -> float | None:
    """The ``others`` of a keyed field's default, converted to SI."""
    from pydantic import TypeAdapter

    field = cls.model_fields[name]
    adapter: TypeAdapter[Any] = TypeAdapter(field.annotation)  # type: ignore[arg-type]
    value = adapter.validate_python(field.default)
    return getattr(value, "others", None)


@cache
def _fields(cls: type[UnitOp]) -> Mapping[str, Any]:
    """Field name -> Port, Parameter, keyed type or plain annotation."""
    kinds: dict[str, Any] = {}
    for name, field in cls.model_fields.items():
        marks = [mark for mark in field.metadata if isinstance(mark, Port | Parameter)]
        if marks:
            kinds[name] = marks[0]
        else:
            kinds[name] = _inner(field.annotation)
    return kinds


@cache
def _physical_parameters(cls: type[UnitOp]) -> Mapping[str, Parameter]:
    found = {}
    for name, kind in _fields(cls).items():
        if isinstance(kind, Parameter):
            found[name] = kind
        elif _is_physical(kind):
            found[name] = _entry_parameter(kind)
    return found


def _is_physical(kind: Any) -> bool:
    """Whether a field holds a number with a dimension, or one per species or element."""
    return isinstance(kind, Parameter) or _origin(kind) is not None


def _entry_parameter(kind: Any) -> Parameter:
    """The Parameter of one entry of a keyed type."""
    for candidate in (kind, *get_args(kind)):
        if hasattr(get_origin(candidate), "keyed_by"):
            return parameter_types.parameter_of(get_args(candidate)[0])
    raise TypeError(f"{kind} has no entries")


def _origin(kind: Any) -> Any:
    """The keyed class of ``PerSpecies[X]`` or of ``PerSpecies[X] | None``."""
    for candidate in (kind, *get_args(kind)):
        origin = get_origin(candidate)
        if hasattr(origin, "keyed_by"):
            return origin
    return None


def _inner(annotation: Any) -> Any:
    """Look through ``X | None`` for a Parameter; return other annotations as they are."""
    if _origin(annotation) is not None:
        return annotation
    for argument in (annotation, *get_args(annotation)):
        for mark in getattr(argument, "__metadata__", ()):
            if isinstance(mark, Parameter):
                return mark
    return annotation


@cache
def _ports(cls: type[UnitOp]) -> Mapping[str, PortKind]:
    return {name: kind.kind for name, kind in _fields(cls).items() if isinstance(kind, Port)}
