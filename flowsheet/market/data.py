"""Market files: demand, scrap and plants of one year in TOML, each number with its source."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

from pydantic import BeforeValidator

from flowsheet.case.inheritance import read_toml
from flowsheet.case.numbers import Basis
from flowsheet.core.errors import InputError, PlacedError, nearest
from flowsheet.core.parameters import Fraction, MassFlow, PositiveRatio
from flowsheet.core.quantities import Entered, from_base
from flowsheet.core.record import Record
from flowsheet.market.low_mid_high import NOTHING, LowMidHigh, total

BUILT_IN = "market/allied_2030.toml"
"""The market file that comes with the program, in the package of cases."""
ROUNDING = 1e-9
"""By how much ends may miss a value, or shares the whole, since they may be in other units."""


class Figure(Record):
    """One number of a market file: value, range, basis and source."""

    value: float
    low: float | None = None
    high: float | None = None
    basis: Basis
    source: str

    def check(self) -> None:
        """Refuse a number without a source, outside its range, or assumed without one."""
        if not self.source.strip():
            raise InputError("source: says nothing; name the publication, or what was assumed")
        if self.basis == "assumed" and (self.low is None or self.high is None):
            raise InputError("is assumed, so it needs low and high")
        low, value, high = self.ends()
        slack = ROUNDING * abs(value)
        if not low - slack <= value <= high + slack:
            raise InputError("its value lies outside its own range of low to high")

    def ends(self) -> LowMidHigh:
        """The three figures in SI; an end that is not given is the value."""
        low = self.value if self.low is None else self.low
        high = self.value if self.high is None else self.high
        return LowMidHigh(low, self.value, high)


class AntimonyFlow(Figure):
    """Contained antimony a year."""

    value: MassFlow
    low: MassFlow | None = None
    high: MassFlow | None = None

    def kilotonnes(self) -> LowMidHigh:
        """Low, middle and high figure in kt/yr."""
        return LowMidHigh(*(from_base(each, "kt/yr") for each in self.ends()))


class Share(Figure):
    """A part of a whole."""

    value: Fraction
    low: Fraction | None = None
    high: Fraction | None = None


class Quotient(Figure):
    """Mass of one thing per mass of another."""

    value: PositiveRatio
    low: PositiveRatio | None = None
    high: PositiveRatio | None = None


class Sector(Record):
    """What one sector uses, by product grade."""

    title: str
    product: str
    """The product of all that is not given as a share of another."""
    antimony: AntimonyFlow
    share: Mapping[str, Share] = {}
    """Product -> its share of the sector's antimony."""

    def check(self) -> None:
        """Refuse shares of more than the whole."""
        parts = self._parts()
        if any(each > 1.0 + ROUNDING for each in parts):
            highest = max(parts)
            raise InputError(f"share: the shares add up to {highest:.3g} of the sector; 1 at most")

    def _parts(self) -> LowMidHigh:
        return total(share.ends() for share in self.share.values())

    def by_product(self) -> dict[str, LowMidHigh]:
        """Product -> kt/yr of antimony; what they add up to is the sector's in every column."""
        whole = self.antimony.kilotonnes()
        parts = {name: whole * share.ends() for name, share in self.share.items()}
        return {**parts, self.product: whole - total(parts.values())}


class Plant(Record):
    """Antimony that is there without any route: a plant, or the scrap of a region."""

    title: str
    product: str
    antimony: AntimonyFlow


class Refining(Record):
    """What turns missing antimony into plants and their feed."""

    utilisation: Share
    """What a smelter makes in a year over its nameplate."""
    concentrate_grade: Share
    """Antimony in bought sulphide concentrate."""


class StepYields(Record):
    """Yields of single steps that a desk study multiplies."""

    fuming: Share
    reduction: Share
    refining: Share

    def multiplied(self) -> LowMidHigh:
        """Antimony in metal over antimony in concentrate."""
        return self.fuming.ends() * self.reduction.ends() * self.refining.ends()


class SulphurDioxide(Record):
    """SO2 of a desk study."""

    per_antimony: Quotient


def _year(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError(f"needs a year, a whole number without quotes, got {value!r}; write 2030")
    return value


def _names(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(name, str) for name in value):
        raise InputError(f'needs a list of names, got {value!r}; write e.g. ["Japan", "Canada"]')
    return tuple(value)


class Heading(Record):
    """What a market file says of itself."""

    title: str
    year: Annotated[int, BeforeValidator(_year)]
    bloc: Annotated[tuple[str, ...], BeforeValidator(_names)]


@dataclass(frozen=True)
class Market:
    """A market file, read and checked."""

    name: str
    heading: Heading
    products: Mapping[str, str]
    """Product -> what it is."""
    demand: Mapping[str, Sector]
    secondary: Mapping[str, Plant]
    """Antimony in scrap that goes back into its own product."""
    existing: Mapping[str, Plant]
    """Refined antimony of plants that run, by plant."""
    refining: Refining
    step_yield: StepYields
    sulphur_dioxide: SulphurDioxide

    def __repr__(self) -> str:
        return f"<Market {self.name}: {self.heading.title}, {len(self.demand)} sectors>"

    def demand_by_product(self) -> dict[str, LowMidHigh]:
        """Product -> kt/yr of antimony that all sectors ask for."""
        found = dict.fromkeys(self.products, NOTHING)
        for sector in self.demand.values():
            for product, amount in sector.by_product().items():
                found[product] += amount
        return found


T = TypeVar("T", bound=Record)
_SECTIONS = ("market", "products", "demand", "secondary", "existing", "refining", "reference")


def load_market(path: str | Path | None = None) -> Market:
    """Read a market file; the one that comes with the program where none is named.

    Raises InputError, in one line, for a file that is not there or anything wrong in it.
    """
    place = Path(str(files("cases").joinpath(BUILT_IN))) if path is None else Path(path)
    content, file = read_toml(place), place.name
    for section, table in content.items():
        if section not in _SECTIONS:
            known = nearest(section, _SECTIONS)
            raise InputError(f"{file}: there is no section '{section}'{known}")
        _table(table, file, section)
    for section in _SECTIONS:
        if not content.get(section):
            raise InputError(f"{file}: needs a section [{section}] with at least one entry")
    reference = content["reference"]
    market = Market(
        place.stem,
        _heading(content["market"], file),
        {name: str(text) for name, text in content["products"].items()},
        _records(Sector, file, content, "demand"),
        _records(Plant, file, content, "secondary"),
        _records(Plant, file, content, "existing"),
        _record(Refining, f"{file}: refining", content["refining"]),
        _record(StepYields, f"{file}: reference.step_yield", reference.get("step_yield")),
        _record(
            SulphurDioxide, f"{file}: reference.sulphur_dioxide", reference.get("sulphur_dioxide")
        ),
    )
    _check_products(market, file)
    return market


def _records(kind: type[T], file: str, content: Mapping[str, Any], section: str) -> dict[str, T]:
    """Build one record for each entry of a section."""
    return {
        name: _record(kind, f"{file}: {section}.{name}", entries)
        for name, entries in content[section].items()
    }


def _table(entry: Any, file: str, section: str) -> Mapping[str, Any]:
    if not isinstance(entry, Mapping):
        raise InputError(f"{file}: {section}: needs a section [{section}], got {entry!r}")
    return entry


def _heading(entries: Mapping[str, Any], file: str) -> Heading:
    wrapped = {name: Entered(value, f"{file}: market.{name}") for name, value in entries.items()}
    return Heading(**wrapped)


def _record(kind: type[T], place: str, entries: Any) -> T:
    """Build a record of a section; numbers in it are tables with value, basis and source."""
    if not isinstance(entries, Mapping):
        raise InputError(f"{place}: needs a section of its own, got {entries!r}")
    given: dict[str, Any] = {}
    for name, entry in entries.items():
        where = f"{place}.{name}"
        field = kind.model_fields.get(name)
        number = _number_of(field.annotation if field else None)
        if number is None:
            given[name] = Entered(entry, where)
        elif name == "share":
            shares = _table(entry, *place.split(": ", 1)).items()
            given[name] = {each: _figure(number, f"{where}.{each}", part) for each, part in shares}
        else:
            given[name] = _figure(number, where, entry)
    return _placed(kind, place, given)


def _number_of(annotation: Any) -> type[Figure] | None:
    """The kind of number that a field holds, alone or by name; None for text."""
    for each in (annotation, *get_args(annotation)):
        if isinstance(each, type) and issubclass(each, Figure):
            return each
    return None


def _figure(kind: type[Figure], place: str, entry: Any) -> Figure:
    if not isinstance(entry, Mapping) or "value" not in entry:
        raise InputError(
            f"{place}: needs value, basis and source, got {entry!r}; write e.g. "
            '{ value = "5 kt/yr", low = "2 kt/yr", high = "10 kt/yr", basis = "assumed", '
            'source = "..." }'
        )
    wrapped = {name: Entered(value, f"{place}.{name}") for name, value in entry.items()}
    return _placed(kind, place, wrapped)


def _placed(kind: type[T], place: str, entries: Mapping[str, Any]) -> T:
    """Build a record; what is wrong with it as a whole is said with its place in the file."""
    try:
        return kind(**entries)
    except PlacedError:
        raise
    except InputError as error:
        message = str(error).removeprefix(kind.__name__).lstrip(".: ")
        raise PlacedError(f"{place}: {message}") from error


def _check_products(market: Market, file: str) -> None:
    """Refuse a product that the file does not describe."""
    named = [
        *(
            (f"demand.{name}", product)
            for name, sector in market.demand.items()
            for product in (sector.product, *sector.share)
        ),
        *((f"secondary.{name}", plant.product) for name, plant in market.secondary.items()),
        *((f"existing.{name}", plant.product) for name, plant in market.existing.items()),
    ]
    for place, product in named:
        if product not in market.products:
            raise InputError(
                f"{file}: {place}: there is no product '{product}' in [products]"
                f"{nearest(product, market.products)}"
            )
