"""Case files that take over what they do not say themselves from the plant they name.

``plant = "ore_smelter"`` under [route] takes over the flowsheet of a built-in route or plant, and
all numbers that the case does not give; ``numbers = ["smelter"]`` takes over numbers alone. A case
that gives one assay of five replaces that one; a section with ``replace = true`` replaces the whole
section of the plant, e.g. an assay by a composition.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flowsheet.case.numbers import is_table
from flowsheet.core.errors import InputError

Find = Callable[[str, str], Path]
"""Name of a plant, and the file that names it -> the plant's case file; InputError without one."""
REPLACE = "replace"
"""Of a section: that it stands in place of the plant's."""
SECTIONS = ("route", "target", "capacity", "deposit", "supply", "correlation", "particles", "units")
_TAKEN_OVER = ("correlation", "particles", "units")
_OWN_WORDS = ("title", "summary", "plant", "numbers", "teaching")
"""Of [route], what describes the case that says it and no other."""


@dataclass(frozen=True)
class Written:
    """What a case file and those that it takes over from say together."""

    content: Mapping[str, Any]
    own: Mapping[str, Any]
    """What the case file itself says."""
    plants: Mapping[str, Any]
    """What it takes over, its own words apart."""
    files: Mapping[str, str]
    """Path of an entry or section -> name of the file that gives it."""

    def file(self, path: str) -> str:
        """Name of the file that gives an entry; of a copied one, of the section it stands in."""
        while path not in self.files:
            path, dot, _ = path.rpartition(".")
            if not dot:
                return self.files[""]
        return self.files[path]


def written(path: Path, find: Find, seen: tuple[Path, ...] = ()) -> Written:
    """Read a case file over the files that it takes over from.

    Raises InputError where a file cannot be read, or takes over from itself.
    """
    own = _read_shared(path) if seen else read_toml(path)
    route = own.get("route", {})
    plants: Mapping[str, Any] = {}
    files = dict(_files("", own, path.name))
    for name in _plants(route):
        source = find(name, path.name)
        if source in (*seen, path):
            raise InputError(
                f"{path.name}: route: takes over its numbers from itself, by way of '{name}'; "
                f"let one of the files give its numbers"
            )
        under = written(source, find, (*seen, path))
        plants = merged(plants, _handed_on(under.content))
        files = {**under.files, **files}
    return Written(merged(own, plants), own, plants, files)


def _plants(route: Any) -> Iterator[str]:
    """Names of what a case takes over from, the first before the others."""
    if not isinstance(route, Mapping):
        return
    if isinstance(route.get("plant"), str):
        yield route["plant"]
    numbers = route.get("numbers", [])
    listed = numbers if isinstance(numbers, list) else [numbers]
    yield from (name for name in listed if isinstance(name, str))  # the header refuses others


def _handed_on(content: Mapping[str, Any]) -> dict[str, Any]:
    """What a plant gives to a case: no target, capacity, deposit or supply, which are its own."""
    route = content.get("route", {})
    words = {name: value for name, value in route.items() if name not in _OWN_WORDS}
    return {"route": words, **{s: content[s] for s in _TAKEN_OVER if s in content}}


def merged(own: Mapping[str, Any], under: Mapping[str, Any]) -> dict[str, Any]:
    """Own entries over those under them; tables of several entries each by itself."""
    both = {**under, **own}
    for name, entry in own.items():
        if name in under and is_table(entry) and is_table(under[name]) and REPLACE not in entry:
            both[name] = merged(entry, under[name])
    return both


def _files(prefix: str, table: Mapping[str, Any], file: str) -> Iterator[tuple[str, str]]:
    yield prefix, file
    for name, entry in table.items():
        path = f"{prefix}.{name}" if prefix else name
        if is_table(entry):
            yield from _files(path, entry, file)
        else:
            yield path, file


def _read_shared(path: Path) -> Mapping[str, Any]:
    """Read a file that many cases take over from, once while it stays as it is."""
    try:
        found = path.stat()
    except OSError:
        return read_toml(path)  # says why
    return _read_once(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=64)
def _read_once(path: Path, *_: int) -> Mapping[str, Any]:
    return read_toml(path)


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file; raise InputError in one line where that cannot be done."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read, {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path.name}: is not valid TOML, {error}") from None
