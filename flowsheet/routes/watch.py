"""What a sweep or a run with uncertain numbers watches: metrics, and measures of streams by text.

A text is one of four::

    so2_emitted_t_yr            a metric
    antimony_metal.As           grade: percent of an element in the dry solids of a stream
    roaster_gas.SO2.t_yr        flow: t/yr of an element or a species in a stream
    slag.Sb.recovery            recovery: percent of all of an element that enters, in a stream
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from flowsheet.core.errors import InputError, nearest
from flowsheet.measure import Measure, check_stream, grade, product, recovery
from flowsheet.model import Flowsheet

DEFAULT_WATCH = (
    "antimony_to_refinery_t_yr",
    "product_grade_percent",
    "antimony_recovery_percent",
)
_KINDS: Mapping[str, Callable[[str, str], Measure]] = {
    "t_yr": product,
    "recovery": lambda stream, element: recovery(element, to=stream),
}
_WORDS = {
    "product_t_yr": "product, dry",
    "product_grade_percent": "Sb in the product",
    "antimony_recovery_percent": "Sb recovery",
    "feed_t_yr": "feed, dry",
    "antimony_to_refinery_t_yr": "Sb into the refinery",
    "refinery_yield_percent": "Sb yield of the refinery",
    "capacity_installed_t_yr": "refining capacity installed, Sb",
    "capacity_missing_t_yr": "refining capacity missing, Sb",
    "so2_generated_t_yr": "SO2 made",
    "so2_captured_t_yr": "SO2 captured",
    "so2_emitted_t_yr": "SO2 emitted",
    "arsenic_to_product_t_yr": "As to the product",
    "arsenic_to_residue_t_yr": "As to residue",
    "arsenic_emitted_t_yr": "As emitted",
    "reserve_life_yr": "life of the reserve",
}
"""Metric -> what a picture calls it; other metrics go by their names."""
_SHOWN_UNITS = {"percent": "%", "year": "years", "a": "years", "yr": "years"}


@dataclass(frozen=True)
class Watched:
    """One figure that is watched: a measure, and what it is called."""

    name: str
    """As it was asked for."""
    measure: Measure
    words: str
    """What a picture calls it."""

    @property
    def unit(self) -> str:
        """Unit of its values, as people write it; empty for a plain number."""
        return _SHOWN_UNITS.get(self.measure.display, self.measure.display)

    @property
    def heading(self) -> str:
        """Words and unit, for an axis or a column."""
        return f"{self.words}, {self.unit}" if self.unit else self.words


def watched(
    names: Iterable[str], plant: Flowsheet, metrics: Mapping[str, Measure]
) -> tuple[Watched, ...]:
    """Return what is meant by each text, see above; ``metrics`` are those of the route.

    A text that is repeated counts once. Raises InputError, with the nearest name, for a text that
    is no metric and no measure of a stream of the plant.
    """
    return tuple(_watched(name, plant, metrics) for name in dict.fromkeys(names))


def _watched(name: str, plant: Flowsheet, metrics: Mapping[str, Measure]) -> Watched:
    if name in metrics:
        return Watched(name, metrics[name], _WORDS.get(name, name.replace("_", " ")))
    stream, *rest = name.split(".")
    if not 1 <= len(rest) <= 2 or not all((stream, *rest)):
        raise InputError(
            f"watch {name}: there is no metric '{name}' (of a stream write {_example(plant)}, "
            f"{_example(plant)}.t_yr or {_example(plant)}.recovery){nearest(name, metrics)}"
        )
    part = rest[0]
    if len(rest) == 2 and rest[1] not in _KINDS:
        raise InputError(
            f"watch {name}: '{rest[1]}' is not watched of a stream (leave it out for the grade)"
            f"{nearest(rest[1], _KINDS)}"
        )
    if len(rest) == 2:
        words = f"{part} in {stream}" if rest[1] == "t_yr" else f"recovery of {part} to {stream}"
        measure = _KINDS[rest[1]](stream, part)
    else:
        words, measure = f"{part} in {stream}", grade(stream, part)
    try:
        check_stream(plant, stream)
        if rest[-1] != "t_yr" and part in plant.slate and part not in plant.slate.elements:
            raise InputError(f"'{part}' is a species, not an element; write {stream}.{part}.t_yr")
        measure.check(plant)
    except InputError as error:
        raise InputError(f"watch {name}: {error}") from error
    return Watched(name, measure, words)


def _example(plant: Flowsheet) -> str:
    stream = next(iter(plant.products), next(iter(plant.made_by)))
    element = "Sb" if "Sb" in plant.slate.elements else plant.slate.elements[0]
    return f"{stream}.{element}"
