"""The numbers of a case file one by one: value, range, distribution, basis, source."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from flowsheet.core.errors import InputError, nearest
from flowsheet.core.parameters import Parameter
from flowsheet.core.quantities import Dimension

Basis = Literal["measured", "design", "published", "estimated", "assumed"]
FIELDS = ("value", "low", "high", "distribution", "basis", "source")
"""What a number may say of itself."""
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
    file: str = ""
    """Name of the file that gives it: the case's own, or that of the plant it takes it from."""

    @property
    def place(self) -> str:
        """File and path, as messages say it."""
        return f"{self.file}: {self.path}"

    @property
    def describes_particles(self) -> bool:
        """Whether it is a number of [particles]: what a composite is made of, or its grain size.

        Sieves are a choice of how finely to look.
        """
        return self.path.startswith("particles.composites.")


def is_table(entry: Any) -> bool:
    """Whether an entry is a table of several numbers, and not one number with what it says."""
    return isinstance(entry, Mapping) and "value" not in entry


def value_of(entry: Any) -> Any:
    """The value of an entry that may say more than that."""
    return entry["value"] if isinstance(entry, Mapping) and "value" in entry else entry


def numbers(
    prefix: str, table: Mapping[str, Any], file_of: Callable[[str], str]
) -> Iterator[Number]:
    """Yield every number of a section; raise InputError for what no number can be.

    ``file_of`` returns the name of the file that gives the number of a path.
    """
    for name, entry in table.items():
        path = f"{prefix}.{name}"
        place = f"{file_of(path)}: {path}"
        if is_table(entry):
            if not set(entry).isdisjoint(FIELDS):
                raise InputError(f"{place}: needs a value beside {', '.join(entry)}")
            yield from numbers(path, entry, file_of)
        else:
            fields = entry if isinstance(entry, Mapping) else {"value": entry}
            _check(fields, place)
            yield Number(path, **fields, file=file_of(path))


def _check(fields: Mapping[str, Any], place: str) -> None:
    for field in fields:
        if field not in FIELDS:
            raise InputError(f"{place}: there is no field '{field}'{nearest(field, FIELDS)}")
    for field in ("source", "distribution"):
        if not isinstance(fields.get(field, ""), str):
            raise InputError(f"{place}.{field}: needs text, got {fields[field]!r}")
    if fields.get("basis", "assumed") not in get_args(Basis):
        raise InputError(
            f"{place}: basis must be one of {', '.join(get_args(Basis))}, got '{fields['basis']}'"
        )
