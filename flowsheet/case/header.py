"""What a case file says beside the numbers of its units: header, target, deposit, supply ..."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from flowsheet.case.numbers import COEFFICIENT
from flowsheet.core.errors import InputError
from flowsheet.core.parameters import Fraction, Mass, MassFlow, Parameter, Time
from flowsheet.core.ports import StreamNames
from flowsheet.core.quantities import Entered
from flowsheet.core.record import Record

OUTSIDE_UNITS: Mapping[str, Any] = {
    "target.flow": MassFlow,
    "capacity.installed": MassFlow,
    "deposit.antimony": Mass,
    "deposit.ore": Mass,
    "deposit.grade": Fraction,
    "deposit.plan": Time,
    "supply.antimony_to_refinery": MassFlow,
    "supply.counted": MassFlow,
}
"""Numbers of a case file that belong to no unit, by path, and what they are."""
Status = Literal["operating", "commissioning", "construction", "planned", "idle", "prospect"]
"""How certain a supply is, the most certain first."""


def _paths(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(path, str) for path in value):
        raise InputError(
            f"needs a list of numbers of this case by their paths, got {value!r}; write e.g. "
            f'["rougher.rate_constant.Sb2S3", "cleaner.rate_constant.Sb2S3"]'
        )
    return tuple(value)


def _names(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list | tuple) or not all(isinstance(name, str) for name in value):
        raise InputError(f'needs a name or a list of names, got {value!r}; write e.g. ["smelter"]')
    return tuple(value)


def _options(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise InputError(f"needs a table, got {value!r}; write e.g. {{ high_purity = true }}")
    return value


class CorrelationEntry(Record):
    """Numbers that go up and down together."""

    members: Annotated[tuple[str, ...], BeforeValidator(_paths)]
    """Paths of uncertain numbers, e.g. ``rougher.rate_constant.Sb2S3``."""
    coefficient: Annotated[float, COEFFICIENT]
    """Correlation of the normal scores of any two of them; 1 moves them as one."""


class TargetEntry(Record):
    """What the feed is scaled for: the flow of an element in a stream, the product or another."""

    flow: str
    """The flow to reach, e.g. ``5000 t/yr``."""
    element: str = "Sb"
    stream: str | None = None
    """The stream that is to hold it; the product where none is named."""
    vary: str
    """The parameter that is free, e.g. ``ore.flow``."""


class CapacityEntry(Record):
    """Refining capacity that exists for this route, as antimony per year."""

    installed: str
    measured_on: Literal["refinery feed", "product"] = "refinery feed"
    """Whether the published figure counts antimony into the refinery or in its product."""


class DepositEntry(Record):
    """What the mine can draw on: its antimony, or its ore and the grade of that."""

    antimony: Mass | None = None
    """Contained in the reserve."""
    ore: Mass | None = None
    """Dry tonnes of the reserve."""
    grade: Fraction | None = None
    """Antimony in that ore."""
    plan: Time | None = None
    """For how long it is planned to be mined."""

    def check(self) -> None:
        """Refuse a reserve that is not said, or said twice."""
        both = self.ore is not None and self.grade is not None
        either = self.ore is not None or self.grade is not None
        if (self.antimony is None) != both or (self.antimony is not None and either):
            given = [
                name for name in ("antimony", "ore", "grade") if getattr(self, name) is not None
            ]
            raise InputError(
                f"needs either antimony, or ore and grade; got {', '.join(given) or 'neither'}"
            )

    def contained(self, drawn: Mapping[str, Any] | None = None) -> Any:
        """Antimony in the reserve, kg; ``drawn`` gives ``deposit.ore`` and so on other values."""
        values = {
            name: (drawn or {}).get(f"deposit.{name}", getattr(self, name))
            for name in ("antimony", "ore", "grade")
        }
        if values["antimony"] is not None:
            return values["antimony"]
        return values["ore"] * values["grade"]


@dataclass(frozen=True)
class Range:
    """A number with its range, in SI base units; both ends are the value where none is given."""

    low: float
    mid: float
    high: float


def range_of(entry: Any, parameter: Parameter, place: str) -> Range:
    """Convert an entry of a case file and its low and high; the place is for messages."""
    fields = entry if isinstance(entry, Mapping) else {"value": entry}
    if "value" not in fields:
        raise InputError(f"{place}: needs a value beside {', '.join(fields)}")
    mid = parameter.convert(Entered(fields["value"], place))
    ends = {
        end: parameter.convert(Entered(fields[end], f"{place}.{end}")) if end in fields else mid
        for end in ("low", "high")
    }
    return Range(ends["low"], mid, ends["high"])


class SupplyEntry(Record):
    """What a route can be counted on for in the year that the market is looked at."""

    status: Status
    """How far it has come."""
    control: Literal["bloc", "third country"]
    """Whether its antimony is the bloc's own to buy."""
    kind: Literal["primary", "by-product", "recycling", "conversion"] = "primary"
    """Conversion brings no antimony: it is capacity for what others mine."""
    antimony_to_refinery: Range
    """Antimony into the refinery, kg/s."""
    counted: Range = Range(0.0, 0.0, 0.0)
    """Of it, as product, what already counts as today's refined supply, kg/s."""
    missing: str
    """What it lacks, in words."""
    evidence: str
    """Where its status is from."""


class Header(Record):
    """What a case file says about the route as a whole."""

    title: str
    summary: str = ""
    plant: str | None = None
    """A built-in route or plant whose flowsheet, and numbers, this case takes over."""
    numbers: Annotated[tuple[str, ...], BeforeValidator(_names)] = ()
    """Built-in routes or plants of which this case takes over numbers alone."""
    teaching: bool = False
    """Whether it stands for no mine or plant, and is left out where all routes are compared."""
    options: Annotated[Mapping[str, Any], BeforeValidator(_options)] = Field(default_factory=dict)
    """What the plant lets a case choose: keyword arguments of its ``build``."""
    feed: StreamNames
    """Streams that count as the feed."""
    product: str
    """The main product."""
    refinery_feed: StreamNames
    """Streams whose antimony is the refining throughput."""
    target: TargetEntry | None = None
    capacity: CapacityEntry | None = None
    deposit: DepositEntry | None = None

    def check(self) -> None:
        """Refuse a route without a feed or without a refinery to count."""
        for field in ("feed", "refinery_feed"):
            if not getattr(self, field):
                raise InputError(f"{field} names no stream; name at least one")
