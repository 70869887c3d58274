"""Case files: the numbers of a flowsheet in TOML, each with unit, source, basis and range."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import BeforeValidator

from flowsheet.core.errors import InputError, PlacedError, nearest
from flowsheet.core.parameters import Parameter
from flowsheet.core.particles import Composite, Particles
from flowsheet.core.ports import StreamNames
from flowsheet.core.quantities import Dimension, Entered
from flowsheet.core.record import Record
from flowsheet.like import copies, filled_in

Basis = Literal["measured", "design", "published", "estimated", "assumed"]
T = TypeVar("T", bound=Record)
_NUMBER_FIELDS = ("value", "low", "high", "distribution", "basis", "source")
COEFFICIENT = Parameter(Dimension("a coefficient", "", "0.8", "", low=-1.0, high=1.0))
"""Of a correlation."""


@dataclass(frozen=True)
class Number:
    """One number of a case file as it is written, with where it comes from."""

    path: str
    value: Any
    low: Any = None
    high: Any = None
    basis: str = ""
    source: str = ""
    distribution: str = ""
    """How it is spread between low and high; the default where it is empty."""

    @property
    def describes_particles(self) -> bool:
        """Whether it is a number of [particles]: what a composite is made of, or its grain size.

        Sieves are a choice of how finely to look.
        """
        return self.path.startswith("particles.composites.")


def _paths(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(path, str) for path in value):
        raise InputError(
            f"needs a list of numbers of this case by their paths, got {value!r}; write e.g. "
            f'["rougher.rate_constant.Sb2S3", "cleaner.rate_constant.Sb2S3"]'
        )
    return tuple(value)


class CorrelationEntry(Record):
    """Numbers that go up and down together."""

    members: Annotated[tuple[str, ...], BeforeValidator(_paths)]
    """Paths of uncertain numbers, e.g. ``rougher.rate_constant.Sb2S3``."""
    coefficient: Annotated[float, COEFFICIENT]
    """Correlation of the normal scores of any two of them; 1 moves them as one."""


class TargetEntry(Record):
    """What the feed is scaled for: the flow of an element in the product."""

    flow: str
    """The flow to reach, e.g. ``5000 t/yr``."""
    element: str = "Sb"
    vary: str
    """The parameter that is free, e.g. ``ore.flow``."""


class CapacityEntry(Record):
    """Refining capacity that exists for this route, as antimony per year."""

    installed: str
    measured_on: Literal["refinery feed", "product"] = "refinery feed"
    """Whether the published figure counts antimony into the refinery or in its product."""


class Header(Record):
    """What a case file says about the route as a whole."""

    title: str
    summary: str = ""
    plant: str | None = None
    """A built-in route whose flowsheet this case uses with its own numbers."""
    feed: StreamNames
    """Streams that count as the feed."""
    product: str
    """The main product."""
    refinery_feed: StreamNames
    """Streams whose antimony is the refining throughput."""
    target: TargetEntry | None = None
    capacity: CapacityEntry | None = None

    def check(self) -> None:
        """Refuse a route without a feed or without a refinery to count."""
        for field in ("feed", "refinery_feed"):
            if not getattr(self, field):
                raise InputError(f"{field} names no stream; name at least one")


class CaseData:
    """A case file, read: the header, and the parameters of each unit by name."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.stem
        content = _read(path)
        sections = {"route", "target", "capacity", "correlation", "particles", "units"}
        for section, table in content.items():
            if section not in sections:
                raise InputError(
                    f"{path.name}: there is no section '{section}'{nearest(section, sections)}"
                )
            _table(table, section, path.name)
        if "route" not in content:
            raise InputError(f"{path.name}: needs a section [route] with title, feed and product")
        written = {
            name: _table(section, f"units.{name}", path.name)
            for name, section in content.get("units", {}).items()
        }
        self._units = filled_in(written, path.name)
        self._particles: Mapping[str, Any] | None = content.get("particles")
        header = self._entries("route", content["route"])
        if "target" in content:
            header["target"] = self._record(TargetEntry, "target", content["target"])
        if "capacity" in content:
            header["capacity"] = self._record(CapacityEntry, "capacity", content["capacity"])
        self.header = self._placed(Header, "route", header)
        groups = {
            f"correlation.{name}": _table(table, f"correlation.{name}", path.name)
            for name, table in content.get("correlation", {}).items()
        }
        self.correlations: Mapping[str, CorrelationEntry] = {
            section.partition(".")[2]: self._record(CorrelationEntry, section, table)
            for section, table in groups.items()
        }
        self.numbers: tuple[Number, ...] = (
            *_numbers("target", content.get("target", {}), path.name),
            *_numbers("capacity", content.get("capacity", {}), path.name),
            *_numbers("particles", content.get("particles", {}), path.name),
            *(
                number
                for unit, section in self._units.items()
                for number in _numbers(unit, _table(section, f"units.{unit}", path.name), path.name)
            ),
            *(
                number
                for section, table in groups.items()
                for number in _numbers(section, table, path.name)
            ),
        )
        self.correlations = self._together(copies(written, path.name))
        self._used: set[str] = set()
        self._particles_used = False

    def _together(self, copied: Mapping[str, Sequence[str]]) -> dict[str, CorrelationEntry]:
        """The groups of the file with the copies of their members, and those of copies alone."""
        ranged = {n.path for n in self.numbers if n.low is not None or n.high is not None}
        groups, grouped = {}, set()
        for name, group in self.correlations.items():
            copies_of = [path for member in group.members for path in copied.get(member, ())]
            if copies_of and group.coefficient < 1.0:
                raise InputError(
                    f"{self.path.name}: correlation.{name}: {copies_of[1]} is a copy of "
                    f"{copies_of[0]} by 'like', and copies go together; give the coefficient 1"
                )
            members = tuple(dict.fromkeys((*group.members, *copies_of)))
            groups[name] = CorrelationEntry(members=members, coefficient=group.coefficient)
            grouped |= set(members)
        for origin, paths in copied.items():
            if ranged.issuperset(paths) and grouped.isdisjoint(paths):
                groups[origin] = CorrelationEntry(members=tuple(paths), coefficient=1.0)
        return groups

    def particles(self) -> Particles:
        """Return the sieve series, the sized minerals and the composites of [particles]."""
        if self._particles is None:
            raise InputError(
                f"{self.path.name}: needs a section [particles] with sieves and minerals"
            )
        self._particles_used = True
        table = dict(self._particles)
        composites = _table(table.pop("composites", {}), "particles.composites", self.path.name)
        built = []
        for name, entries in composites.items():
            section = f"particles.composites.{name}"
            fields = self._entries(section, _table(entries, section, self.path.name))
            if "name" in fields:
                raise InputError(
                    f"{self.path.name}: {section}.name: the section has the name; leave this out"
                )
            built.append(self._placed(Composite, section, {"name": name, **fields}))
        fields = self._entries("particles", table)
        return self._placed(Particles, "particles", {**fields, "composites": tuple(built)})

    def unit(self, name: str) -> dict[str, Any]:
        """Return the parameters of one unit, to be passed to its class with ``**``."""
        if name not in self._units:
            raise InputError(
                f"{self.path.name}: needs a section [units.{name}]{nearest(name, self._units)}"
            )
        self._used.add(name)
        return self._entries(name, self._units[name])

    def check_all_used(self) -> None:
        """Raise InputError for a section that no unit of the flowsheet has read."""
        if self._particles is not None and not self._particles_used:
            raise InputError(
                f"{self.path.name}: [particles] is not used; give the flowsheet "
                "particles=data.particles()"
            )
        for name in self._units:
            if name not in self._used:
                raise InputError(
                    f"{self.path.name}: [units.{name}] belongs to no unit of the flowsheet"
                    f"{nearest(name, self._used)}"
                )

    def _record(self, kind: type[T], section: str, table: Mapping[str, Any]) -> T:
        return self._placed(kind, section, self._entries(section, table))

    def _placed(self, kind: type[T], section: str, entries: dict[str, Any]) -> T:
        """Build a record; what is wrong with it as a whole is said with the file and section."""
        try:
            return kind(**entries)
        except PlacedError:
            raise
        except InputError as error:
            message = str(error).removeprefix(kind.__name__).lstrip(".: ")
            raise InputError(f"{self.path.name}: [{section}]: {message}") from error

    def _entries(self, section: str, table: Mapping[str, Any]) -> dict[str, Any]:
        """Wrap every value with the place it stands at."""
        place = f"{self.path.name}: {section}"
        entries: dict[str, Any] = {}
        for name, value in table.items():
            if isinstance(value, Mapping) and "value" not in value:
                entries[name] = {
                    key: Entered(_value(entry), f"{place}.{name}.{key}")
                    for key, entry in value.items()
                }
            else:
                entries[name] = Entered(_value(value), f"{place}.{name}")
        return entries


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read, {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path.name}: is not valid TOML, {error}") from None


def _table(section: Any, name: str, file: str) -> Mapping[str, Any]:
    if not isinstance(section, Mapping):
        raise InputError(f"{file}: {name}: needs a section [{name}], got {section!r}")
    return section


def _value(entry: Any) -> Any:
    return entry["value"] if isinstance(entry, Mapping) and "value" in entry else entry


def _numbers(prefix: str, table: Mapping[str, Any], file: str) -> Iterator[Number]:
    for name, entry in table.items():
        path = f"{prefix}.{name}"
        if isinstance(entry, Mapping) and "value" not in entry:
            if not set(entry).isdisjoint(_NUMBER_FIELDS):
                raise InputError(f"{file}: {path}: needs a value beside {', '.join(entry)}")
            yield from _numbers(path, entry, file)
            continue
        fields = entry if isinstance(entry, Mapping) else {"value": entry}
        for field in fields:
            if field not in _NUMBER_FIELDS:
                raise InputError(
                    f"{file}: {path}: there is no field '{field}'{nearest(field, _NUMBER_FIELDS)}"
                )
        for field in ("source", "distribution"):
            if not isinstance(fields.get(field, ""), str):
                raise InputError(f"{file}: {path}.{field}: needs text, got {fields[field]!r}")
        if fields.get("basis", "assumed") not in get_args(Basis):
            raise InputError(
                f"{file}: {path}: basis must be one of {', '.join(get_args(Basis))}, "
                f"got '{fields['basis']}'"
            )
        yield Number(path, **fields)
