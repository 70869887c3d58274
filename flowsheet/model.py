"""The flowsheet: units joined by named streams. Topology and parameters, and no flows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flowsheet.core.errors import InputError, PlacedError, closest, nearest
from flowsheet.core.particles import Particles
from flowsheet.core.quantities import Entered
from flowsheet.core.slate import Slate
from flowsheet.core.species import Species, standard_species
from flowsheet.core.unit import UnitOp


@dataclass(frozen=True)
class End:
    """One end of a stream: a port of a unit."""

    unit: str
    port: str


class _Units(dict[str, UnitOp]):
    """Units by name; what is calculated once for a flowsheet counts on their not changing."""

    def _refuse(self, *_: Any, **__: Any) -> Any:
        raise InputError("a flowsheet never changes; build another, or use with_parameters")

    __setitem__ = __delitem__ = update = pop = popitem = clear = setdefault = __ior__ = _refuse

    def __reduce__(self) -> Any:
        return _Units, (dict(self),)


class Flowsheet:
    """Units by name, joined by the names of their streams; checked when built, then immutable.

    ``units`` maps a name to a unit (or lists such pairs). A stream made by one unit and named by
    another flows between them; one that nobody takes leaves the plant. ``products`` and
    ``emissions`` say which of the leaving streams are sold and which go to the air: all others
    count as residues. ``particles`` gives the sieve series and says which solids come in size
    classes.

    Raises InputError, with the names concerned, when a stream is made twice, taken twice, or taken
    and not made, when units share a name, or when a species that a unit needs is missing.
    """

    def __init__(
        self,
        species: Iterable[Species | str],
        units: Mapping[str, UnitOp] | Iterable[tuple[str, UnitOp]],
        products: Sequence[str] = (),
        emissions: Sequence[str] = (),
        particles: Particles | None = None,
    ) -> None:
        self.slate = Slate(species, particles)
        self.units: Mapping[str, UnitOp] = _Units(_named_once(units))
        self.made_by: Mapping[str, End] = self._makers("outlet")
        self.supplied_to: Mapping[str, End] = self._makers("supply")
        self.taken_by: Mapping[str, End] = self._takers()
        self.products = self._leaving(products, "products")
        self.emissions = self._leaving(emissions, "emissions")
        self._check_species()

    def __repr__(self) -> str:
        streams = len(self.made_by) + len(self.supplied_to)
        species = len(self.slate.names)
        return f"<Flowsheet: {len(self.units)} units, {streams} streams, {species} species>"

    @cached_property
    def leaving(self) -> tuple[str, ...]:
        """Streams that no unit takes, in the order they are made."""
        return tuple(name for name in self.made_by if name not in self.taken_by)

    @cached_property
    def entering(self) -> tuple[str, ...]:
        """Streams that come from outside: those of units without inlets, and supplies."""
        sources = [s for s, end in self.made_by.items() if self.is_source(end.unit)]
        return (*sources, *self.supplied_to)

    @cached_property
    def residues(self) -> tuple[str, ...]:
        """Leaving streams that are neither products nor emissions."""
        return tuple(s for s in self.leaving if s not in (*self.products, *self.emissions))

    def is_source(self, unit: str) -> bool:
        """Whether a unit brings material from outside: it has no inlet at all."""
        return "inlet" not in self.units[unit].ports().values()

    def with_parameters(self, changes: Mapping[str, Any]) -> "Flowsheet":
        """Return this flowsheet with some parameters changed.

        ``changes`` maps ``"unit.parameter"`` (or ``"unit.parameter.species"``) to a value as a
        case would write it. Raises InputError for a path that does not exist.
        """
        if not isinstance(changes, Mapping):
            raise InputError(f"changes: needs a dict path -> value, got {changes!r}")
        by_unit: dict[str, dict[str, Any]] = {}
        for path, value in changes.items():
            by_unit.setdefault(split_path(path, self.units)[0], {})[path] = value
        changed = {name: self.changed_unit(name, some) for name, some in by_unit.items()}
        return Flowsheet(
            self.slate.species,
            {**self.units, **changed},
            self.products,
            self.emissions,
            self.slate.particles,
        )

    def changed_unit(self, name: str, changes: Mapping[str, Any]) -> UnitOp:
        """Return one unit with some parameters changed, all checked together.

        ``changes`` are as for ``with_parameters``, all of this unit.
        """
        unit = self.units[name]
        fields = {field: getattr(unit, field) for field in unit.model_fields_set}
        for path, value in changes.items():
            _, parameter, key = split_path(path, self.units)
            if key and not unit.has_entries(parameter):
                raise InputError(f"{path}: '{parameter}' is one value, with no entry for '{key}'")
            entry = Entered(value, path)
            fields[parameter] = _with_entry(fields.get(parameter), key, entry) if key else entry
        try:
            return type(unit)(**fields)
        except PlacedError:
            raise
        except InputError as error:
            raise InputError(f"{name}: {error}") from error

    def _makers(self, kind: Any) -> dict[str, End]:
        made: dict[str, End] = {}
        for name, unit in self.units.items():
            for port, streams in unit.streams(kind).items():
                for stream in streams:
                    first = made.get(stream) or getattr(self, "made_by", {}).get(stream)
                    if first:
                        raise InputError(
                            f"stream '{stream}' is made twice, by '{first.unit}' ({first.port}) "
                            f"and by '{name}' ({port}); give one of them another name"
                        )
                    made[stream] = End(name, port)
        return made

    def _takers(self) -> dict[str, End]:
        taken: dict[str, End] = {}
        for name, unit in self.units.items():
            for port, streams in unit.streams("inlet").items():
                for stream in streams:
                    if stream in self.supplied_to:
                        raise InputError(
                            f"stream '{stream}' enters '{name}' but is drawn from outside by "
                            f"'{self.supplied_to[stream].unit}'; use a Feed for one they share"
                        )
                    if stream not in self.made_by:
                        raise InputError(
                            f"stream '{stream}' enters '{name}' but no unit makes it"
                            f"{nearest(stream, self.made_by)}"
                        )
                    if stream in taken:
                        raise InputError(
                            f"stream '{stream}' is taken twice, by '{taken[stream].unit}' and by "
                            f"'{name}'; split it with a Splitter first"
                        )
                    taken[stream] = End(name, port)
        return taken

    def _leaving(self, names: Sequence[str], what: str) -> tuple[str, ...]:
        names = (names,) if isinstance(names, str) else names
        for name in names:
            if name not in self.leaving:
                taker = self.taken_by.get(name)
                reason = f"'{taker.unit}' takes it" if taker else "no unit makes it"
                raise InputError(
                    f"{what}: '{name}' does not leave the plant, {reason}"
                    f"{'' if taker else nearest(name, self.leaving)}"
                )
            if names.count(name) > 1 or name in getattr(self, "products", ()):
                raise InputError(f"{what}: '{name}' is named twice; a stream leaves once")
        return tuple(names)

    def _check_species(self) -> None:
        for name, unit in self.units.items():
            missing = [s for s in unit.required_species() if s not in self.slate]
            if missing:
                misspelt = len(missing) == 1 and missing[0] not in standard_species()
                hint = closest(missing[0], self.slate.kinds) if misspelt else ""
                raise InputError(
                    f"{name}: a {type(unit).__name__} needs species "
                    f"{', '.join(repr(species) for species in dict.fromkeys(missing))}, which this "
                    f"flowsheet does not carry; add to its species{hint}"
                )
            if unit.particles == "needed" and self.slate.particles is None:
                raise InputError(
                    f"{name}: a {type(unit).__name__} works on size classes, and this flowsheet "
                    f'has none; give it particles=Particles(sieves=["300 um", ...], minerals=[...])'
                )
            try:
                unit.resolve(self.slate)
            except InputError as error:
                raise InputError(f"{name}.{error}") from error


def split_path(path: str, units: Mapping[str, UnitOp]) -> tuple[str, str, str]:
    """Split ``unit.parameter[.key]``; raise InputError with the nearest name if it leads nowhere.

    Keys may hold dots, as ``Fe0.947O`` does.
    """
    if not isinstance(path, str):
        raise InputError(f"a path is text such as 'rougher.cells', got {path!r}")
    name, _, rest = path.partition(".")
    parameter, _, key = rest.partition(".")
    if name == "particles" and name not in units:
        raise InputError(
            f"{path}: sieves and composites belong to the whole flowsheet, not to a unit; change "
            "them in the case file, or build the flowsheet with other particles"
        )
    if name not in units:
        raise InputError(f"{path}: there is no unit '{name}'{nearest(name, units)}")
    known = units[name].parameters()
    if parameter not in known:
        raise InputError(
            f"{path}: '{name}' ({type(units[name]).__name__}) has no parameter "
            f"'{parameter}'{nearest(parameter, known)}"
        )
    return name, parameter, key


def _with_entry(keyed: Any, key: str, value: Any) -> dict[str, Any]:
    """Return a per-species or per-element parameter with one entry changed."""
    if isinstance(keyed, Entered):  # changed as a whole just before
        return {"others": keyed, key: value}
    if isinstance(keyed, dict):
        return {**keyed, key: value}
    by_name = dict(getattr(keyed, "by_name", {}))
    if getattr(keyed, "others", None) is not None:
        by_name["others"] = keyed.others
    return {**by_name, key: value}


def _named_once(
    units: Mapping[str, UnitOp] | Iterable[tuple[str, UnitOp]],
) -> dict[str, UnitOp]:
    named: dict[str, UnitOp] = {}
    for pair in units.items() if isinstance(units, Mapping) else units:
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise InputError(f"units: needs a dict name -> unit, or such pairs, got {pair!r}")
        name, unit = pair
        if name in named:
            raise InputError(f"two units are named '{name}'; give one of them another name")
        if not isinstance(name, str) or not name.strip():
            raise InputError(f"a unit needs a name, got {name!r}")
        if "." in name:
            raise InputError(f"unit name '{name}' holds a dot; write e.g. {name.replace('.', '_')}")
        if not isinstance(unit, UnitOp):
            raise InputError(f"{name}: needs a unit operation, got {unit!r}")
        named[name] = unit
    if not named:
        raise InputError("a flowsheet needs at least one unit")
    return named
