"""Case files: the numbers of a flowsheet in TOML, each with unit, source, basis and range."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from flowsheet.case.header import (
    CapacityEntry,
    CorrelationEntry,
    DepositEntry,
    Header,
    SupplyEntry,
    TargetEntry,
    range_of,
)
from flowsheet.case.inheritance import REPLACE, SECTIONS, Find, written
from flowsheet.case.like import copies, filled_in
from flowsheet.case.numbers import Number, is_table, numbers, value_of
from flowsheet.core.errors import InputError, PlacedError, closest, nearest
from flowsheet.core.parameters import MassFlow, parameter_of
from flowsheet.core.particles import Composite, Particles
from flowsheet.core.quantities import Entered
from flowsheet.core.record import Record

T = TypeVar("T", bound=Record)


_NO_UNIT = ("route", "target", "options", "particles", "correlation")
"""What paths of numbers begin with that belong to no unit."""


def _no_plants(name: str, file: str) -> Path:
    raise InputError(f"{file}: route: there is no plant '{name}' here to take numbers from")


class CaseData:
    """A case file, read: the header, and the parameters of each unit by name.

    ``find`` returns the case file of the plant that a case takes over from.
    """

    def __init__(self, path: Path, find: Find = _no_plants) -> None:
        self.path = path
        self.name = path.stem
        self._written = written(path, find)
        content = self._written.content
        for section, table in self._written.own.items():
            if section not in SECTIONS:
                raise InputError(
                    f"{path.name}: there is no section '{section}'{nearest(section, SECTIONS)}"
                )
            _table(table, section, path.name)
        if "route" not in self._written.own:
            raise InputError(f"{path.name}: needs a section [route] with title, feed and product")
        sections = {
            name: _table(section, f"units.{name}", path.name)
            for name, section in content.get("units", {}).items()
        }
        for name in sections:
            if name in _NO_UNIT:
                raise InputError(
                    f"{path.name}: [units.{name}]: '{name}' is a section of case files; give the "
                    f"unit another name"
                )
        self._units = filled_in(sections, path.name)
        self._particles: Mapping[str, Any] | None = content.get("particles")
        self._used: set[str] = set()
        self._particles_used = False
        self._numbers = tuple(self._all_numbers(content))  # says first what is no number
        self.header = self._header(content)
        self.supply = self._supply(content)
        self._groups = self._all_correlations(content, copies(sections, path.name))

    @property
    def numbers(self) -> tuple[Number, ...]:
        """Every number of this case, without those of a plant's units that it does not have."""
        left_out = self._left_out()
        return tuple(n for n in self._numbers if n.path.partition(".")[0] not in left_out)

    @property
    def correlations(self) -> Mapping[str, CorrelationEntry]:
        """Numbers that go together, without groups of a plant's units that it does not have."""
        left_out = self._left_out()
        return {
            name: group
            for name, group in self._groups.items()
            if left_out.isdisjoint(path.partition(".")[0] for path in group.members)
        }

    def _left_out(self) -> set[str]:
        """Units of a plant that no unit of the flowsheet has asked for."""
        return set(self._units) - self._used - set(self._written.own.get("units", {}))

    def _header(self, content: Mapping[str, Any]) -> Header:
        header = self._entries("route", content["route"])
        if "options" in header:
            header["options"] = content["route"]["options"]
        for name, kind in (
            ("target", TargetEntry),
            ("capacity", CapacityEntry),
            ("deposit", DepositEntry),
        ):
            if name in content:
                header[name] = self._record(kind, name, content[name])
        return self._placed(Header, "route", header)

    def _supply(self, content: Mapping[str, Any]) -> SupplyEntry | None:
        if "supply" not in content:
            return None
        table = content["supply"]
        entries = self._entries("supply", table)
        for name in ("antimony_to_refinery", "counted"):
            if name in table:
                place = self._place(f"supply.{name}")
                entries[name] = range_of(table[name], parameter_of(MassFlow), place)
        return self._placed(SupplyEntry, "supply", entries)

    def _all_numbers(self, content: Mapping[str, Any]) -> Sequence[Number]:
        """The numbers of all sections; those of units by the unit's name, others by the section."""
        tables = {
            s: content[s]
            for s in ("target", "capacity", "deposit", "supply", "particles")
            if s in content
        }
        found = [n for s, table in tables.items() for n in self._numbers_of(s, s, table)]
        for unit, section in self._units.items():
            table = _table(section, f"units.{unit}", self.path.name)
            found.extend(self._numbers_of(unit, f"units.{unit}", table))
        for name, table in content.get("correlation", {}).items():
            path = f"correlation.{name}"
            found.extend(self._numbers_of(path, path, _table(table, path, self.path.name)))
        return found

    def _numbers_of(self, prefix: str, section: str, table: Mapping[str, Any]) -> list[Number]:
        """Numbers of a section; each may come from another file."""
        inside = section.removesuffix(prefix)  # "units." before the name of a unit
        return [*numbers(prefix, table, lambda path: self._written.file(f"{inside}{path}"))]

    def _all_correlations(
        self, content: Mapping[str, Any], copied: Mapping[str, Sequence[str]]
    ) -> dict[str, CorrelationEntry]:
        """Groups of the file, and groups taken over with those members that still have a range."""
        ranged = {n.path for n in self._numbers if n.low is not None or n.high is not None}
        own = self._written.own.get("correlation", {})
        groups = {}
        for name, table in content.get("correlation", {}).items():
            section = f"correlation.{name}"
            group = self._record(CorrelationEntry, section, _table(table, section, self.path.name))
            if name not in own:
                members = tuple(path for path in group.members if path in ranged)
                group = group.model_copy(update={"members": members})
            if len(group.members) > 1 or name in own:
                groups[name] = group
        return self._together(groups, copied, ranged)

    def _together(
        self,
        entered: Mapping[str, CorrelationEntry],
        copied: Mapping[str, Sequence[str]],
        ranged: set[str],
    ) -> dict[str, CorrelationEntry]:
        """The groups of the file with the copies of their members, and those of copies alone."""
        groups: dict[str, CorrelationEntry] = {}
        grouped: set[str] = set()
        for name, group in entered.items():
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
        return self._entries(f"units.{name}", self._units[name])

    def check_misspelt(self) -> None:
        """Raise InputError for a section whose name is nearly that of a section of the plant."""
        theirs = self._written.plants.get("units", {})
        for name in self._written.own.get("units", {}):
            if name not in theirs and name not in self._used and (hint := closest(name, theirs)):
                raise InputError(
                    f"{self.path.name}: [units.{name}] belongs to no unit of the plant{hint}"
                )

    def check_all_used(self) -> None:
        """Raise InputError for a section of this file that no unit of the flowsheet has read."""
        own = self._written.own
        if "particles" in own and not self._particles_used:
            raise InputError(
                f"{self.path.name}: [particles] is not used; give the flowsheet "
                "particles=data.particles()"
            )
        for name in own.get("units", {}):
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
        entries: dict[str, Any] = {}
        for name, value in table.items():
            path = f"{section}.{name}"
            if name == REPLACE:
                if value is not True:
                    raise InputError(f"{self._place(path)}: needs true, or leave it out")
                continue
            if is_table(value):
                entries[name] = {
                    key: Entered(value_of(entry), self._place(f"{path}.{key}"))
                    for key, entry in value.items()
                }
            else:
                entries[name] = Entered(value_of(value), self._place(path))
        return entries

    def _place(self, path: str) -> str:
        """A path in this file, without [units], and the file that it is taken over from if any."""
        file = self._written.file(path)
        taken_over = "" if file == self.path.name else f" (from {file})"
        return f"{self.path.name}: {path.removeprefix('units.')}{taken_over}"


def _table(section: Any, name: str, file: str) -> Mapping[str, Any]:
    if not isinstance(section, Mapping):
        raise InputError(f"{file}: {name}: needs a section [{name}], got {section!r}")
    return section
