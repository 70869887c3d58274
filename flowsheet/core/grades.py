"""Grades of antimony metal, trioxide and trisulphide: which one a flow meets, and what stops it.

The limits are those of ``grades.csv`` beside this file, each with its source. Metal: Sb99.50 to
Sb99.90 of GB/T 1599-2014, then 5N, 6N and 7N. Trioxide: 99.50 to 99.90, and a catalyst grade beside
the order. Trisulphide: GB 5236-85, and limits like those of MIL-A-159 beside the order. Size,
colour, acidity and free sulphur are not judged.

What is judged is all that is solid (molten metal and slag among it), with vapours of antimony and
arsenic oxide, so that a furnace gas may be asked about before it is cooled. Elements count in
whatever form they are in. 5N, 6N and 7N are on the metals basis: every element but antimony and
C, H, N, O counts, as far as the flowsheet carries it; a verdict names these elements.

>>> from flowsheet.core.flow import flow_of
>>> from flowsheet.core.grades import grade_of
>>> from flowsheet.core.slate import Slate
>>> metal = flow_of(Slate(["Sb", "As", "Pb"]), {"Sb": 99.97, "As": 0.008, "Pb": 0.022})
>>> print(grade_of(metal))
Sb99.70; not Sb99.90: Pb 0.022 % instead of at most 0.01 %
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Protocol

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError, nearest
from flowsheet.core.flow import Array, Flow
from flowsheet.core.formula import parse_formula

ASSAYS = {"metal": ("Sb",), "trioxide": ("Sb2O3", "Sb4O6(g)"), "trisulphide": ("Sb2S3",)}
"""Product -> the species it is made of."""
VAPOURS = ("Sb4O6(g)", "As4O6(g)")
IMPURITIES = "impurities"
ON_METALS_BASIS = "impurities, metals basis"
NOT_COUNTED = ("C", "H", "N", "O")
"""Elements that purities on the metals basis leave out."""
_ROUNDING = 1e-9


class Graded(Protocol):
    """Anything that knows its grade, as a stream of a solution does."""

    def grade_of(self, product: str | None = None) -> "Verdict":
        """Say which grade it meets."""
        ...


@dataclass(frozen=True)
class Limit:
    """What a grade allows of one substance, as mass fractions."""

    substance: str
    lowest: float = 0.0
    highest: float | None = None
    source: str = ""


@dataclass(frozen=True)
class Grade:
    """A grade of a product; grades of rank 1 and more follow one another."""

    product: str
    name: str
    rank: int
    limits: tuple[Limit, ...]

    @property
    def on_metals_basis(self) -> bool:
        """Whether it limits the sum of the counted elements, as 5N does."""
        return any(limit.substance == ON_METALS_BASIS for limit in self.limits)


@dataclass(frozen=True)
class Breach:
    """A limit that is not met."""

    limit: Limit
    content: float
    mostly: str = ""
    """Where a sum of impurities is limited: the largest of them, with its content."""

    def __str__(self) -> str:
        """As people read it: ``Pb 0.022 % instead of at most 0.01 %``."""
        limit, mostly = self.limit, f", mostly {self.mostly}," if self.mostly else ""
        too_little = self.content < limit.lowest
        word, bound = ("least", limit.lowest) if too_little else ("most", limit.highest or 0.0)
        shown = _share(self.content, 4 if limit.lowest > 0.0 else 3)
        return f"{limit.substance} {shown}{mostly} instead of at {word} {_share(bound, 6)}"


@dataclass(frozen=True)
class Verdict:
    """The best grade of the order that is met, and what stops the product from the next."""

    product: str
    grade: str
    """Empty where none is met."""
    next_grade: str
    """Empty where the best is met."""
    stopped_by: tuple[Breach, ...]
    counted: tuple[str, ...]
    """Elements that the flowsheet carries and that purities on the metals basis count."""

    def __str__(self) -> str:
        """As people read it."""
        met = self.grade or "no grade"
        if self.grade and grades(self.product)[self.grade].on_metals_basis:
            met = f"{met} (counted: {', '.join(self.counted)})"
        if not self.next_grade:
            return met
        return f"{met}; not {self.next_grade}: {', '.join(map(str, self.stopped_by))}"


@lru_cache(maxsize=8)
def grades(product: str) -> Mapping[str, Grade]:
    """Return name -> grade of a product, from the table, in rising order."""
    if product not in ASSAYS:
        raise InputError(f"no product '{product}' with grades{nearest(product, ASSAYS)}")
    text = files("flowsheet.core").joinpath("grades.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    found: dict[str, tuple[int, list[Limit]]] = {}
    for row in rows:
        if row["product"] != product:
            continue
        _, limits = found.setdefault(row["grade"], (int(row["rank"]), []))
        highest = float(row["highest"]) if row["highest"] else None
        lowest = float(row["lowest"] or 0.0)
        limits.append(Limit(row["substance"], lowest, highest, row["source"]))
    return {name: Grade(product, name, rank, tuple(ls)) for name, (rank, ls) in found.items()}


def content(flow: Flow, substance: str) -> Array:
    """Mass fraction of a substance of the table in what is judged, (scenarios,)."""
    judged = _judged(flow)
    if substance in (IMPURITIES, ON_METALS_BASIS):
        left_out = NOT_COUNTED if substance == ON_METALS_BASIS else ()
        symbols = [s for s in flow.slate.elements if s != "Sb" and s not in left_out]
        impurities = sum((judged.element(s) for s in symbols), 0.0 * judged.total())
        return ratio(impurities, impurities + judged.element("Sb"))
    if substance == "Sb2O3":
        return ratio(judged.of("Sb2O3", "Sb4O6(g)"), judged.total())
    fractions = parse_formula(substance).mass_fractions()
    symbol = next(name for name in fractions if name != "O" or len(fractions) == 1)
    return ratio(judged.element(symbol) / fractions[symbol], judged.total())


def breaches(flow: Flow, product: str, grade: str) -> tuple[Breach, ...]:
    """Limits of a grade that a flow does not meet, of the first scenario."""
    known = grades(product)
    if grade not in known:
        raise InputError(f"no {product} grade '{grade}'{nearest(grade, known)}")
    found = []
    for limit in known[grade].limits:
        held = first(content(flow, limit.substance))
        too_little = held < limit.lowest * (1.0 - _ROUNDING)
        too_much = limit.highest is not None and held > limit.highest * (1.0 + _ROUNDING)
        if too_little or too_much:
            found.append(Breach(limit, held, _largest(flow, limit.substance)))
    return tuple(found)


def limited_elements(product: str, grade: str) -> tuple[str, ...]:
    """Elements that a grade limits one by one; sums of impurities name none."""
    known = grades(product)
    if grade not in known:
        raise InputError(f"no {product} grade '{grade}'{nearest(grade, known)}")
    single = [
        limit.substance
        for limit in known[grade].limits
        if limit.substance not in (IMPURITIES, ON_METALS_BASIS)
    ]
    found = (symbol for name in single for symbol in parse_formula(name).mass_fractions())
    return tuple(dict.fromkeys(symbol for symbol in found if symbol != "O"))


def form_of_antimony(flow: Flow) -> str:
    """The product whose species hold most of the antimony of a flow; empty where none does."""
    held = {
        product: first(flow.only(*species).element("Sb")) for product, species in ASSAYS.items()
    }
    product = max(held, key=lambda name: held[name])
    return product if held[product] > 0.5 * first(flow.element("Sb")) else ""


def grade_of(flow: Flow | Graded, product: str | None = None) -> Verdict:
    """Return the best grade that a flow meets with all below it, of the first scenario.

    ``product`` is metal, trioxide or trisulphide; by default what most of the flow is. A stream of
    a solution may be given in place of a flow.
    """
    if not isinstance(flow, Flow):
        return flow.grade_of(product)
    kind = _product(flow) if product is None else product
    ordered = sorted((g for g in grades(kind).values() if g.rank > 0), key=lambda g: g.rank)
    if first(_judged(flow).total()) == 0.0:
        raise InputError("nothing flows that is solid, so it has no grade")
    met, stopped = "", tuple[Breach, ...]()
    for grade in ordered:
        stopped = breaches(flow, kind, grade.name)
        if stopped:
            return Verdict(kind, met, grade.name, stopped, counted_elements(flow))
        met = grade.name
    return Verdict(kind, met, "", (), counted_elements(flow))


def counted_elements(flow: Flow) -> tuple[str, ...]:
    """Elements of the flowsheet that purities on the metals basis count."""
    return tuple(s for s in flow.slate.elements if s != "Sb" and s not in NOT_COUNTED)


def _judged(flow: Flow) -> Flow:
    return flow.solids + flow.only(*VAPOURS)


def _product(flow: Flow) -> str:
    """What most of the flow is."""
    held = {product: first(flow.of(*species)) for product, species in ASSAYS.items()}
    product = max(held, key=lambda name: held[name])
    if held[product] <= 0.5 * first(_judged(flow).total()):
        raise InputError(
            "it is mostly none of antimony metal, Sb2O3 and Sb2S3, so it has no grade; name the "
            "product to have it judged as such: metal, trioxide or trisulphide"
        )
    return product


def _largest(flow: Flow, substance: str) -> str:
    """The largest element of a sum of impurities, with its content; nothing for other limits."""
    if substance not in (IMPURITIES, ON_METALS_BASIS):
        return ""
    left_out = NOT_COUNTED if substance == ON_METALS_BASIS else ()
    symbols = [s for s in flow.slate.elements if s != "Sb" and s not in left_out]
    held = {symbol: first(content(flow, symbol)) for symbol in symbols}
    largest = max(held, key=lambda symbol: held[symbol])
    return f"{largest} {_share(held[largest], 3)}"


def _share(value: float, digits: int) -> str:
    """A mass fraction in percent, or in ppm where that is small."""
    if value < 2e-5:
        return f"{value * 1e6:.{digits}g} ppm"
    return f"{value * 100.0:.{digits}g} %"
