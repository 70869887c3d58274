"""The figures by which routes are compared, for one solution or for all scenarios at once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from flowsheet.case.header import Header
from flowsheet.core.arithmetic import ratio
from flowsheet.core.flow import Array
from flowsheet.core.parameters import MassFlow, parameter_of
from flowsheet.core.quantities import from_base
from flowsheet.measure import Measure, Reading
from flowsheet.model import Flowsheet
from flowsheet.solution import Solution

LIFE = "reserve_life_yr"
"""The one metric that a route may lack."""


@dataclass(frozen=True)
class Metrics:
    """One route in numbers; t/yr unless the name says otherwise, solids dry.

    ``antimony_to_refinery_t_yr`` is the refining throughput: antimony in the streams that the case
    names as refinery feed; the refinery's yield is antimony in all products over it. Capacities are
    antimony into the refinery as well: one published as product is divided by that yield. The life
    of the reserve is None where the case states no deposit, or nothing is mined.
    """

    product: str
    product_t_yr: float
    product_grade_percent: float
    antimony_in_products_t_yr: float
    antimony_recovery_percent: float
    feed_t_yr: float
    antimony_to_refinery_t_yr: float
    refinery_yield_percent: float
    capacity_installed_t_yr: float
    capacity_missing_t_yr: float
    reserve_life_yr: float | None
    so2_generated_t_yr: float
    so2_captured_t_yr: float
    so2_emitted_t_yr: float
    arsenic_to_product_t_yr: float
    arsenic_to_residue_t_yr: float
    arsenic_emitted_t_yr: float
    closure_max_relative: float


@dataclass(frozen=True, eq=False)
class Metric(Measure):
    """One of the figures above, computed for all scenarios at once."""

    name: str
    compute: Callable[[Reading], Any]
    unit: str = ""
    display: str = ""

    def __str__(self) -> str:
        return self.name

    def value(self, reading: Reading) -> Array:
        """Return the figure in SI; not-a-number for a share of nothing."""
        return np.atleast_1d(self.compute(reading))


def metrics(solution: Solution, header: Header) -> Metrics:
    """Compute the metrics of a solved route; a share of nothing is shown as zero."""
    reading = Reading(solution.flowsheet, solution.flows, solution.parameters)
    found: dict[str, Any] = {LIFE: None}
    for name, measure in metric_measures(solution.flowsheet, header).items():
        value = float(measure.value(reading)[0])
        if not np.isnan(value):
            found[name] = from_base(value, measure.display)
        elif name != LIFE:
            found[name] = 0.0
    return Metrics(product=header.product, closure_max_relative=solution.audit.worst[0], **found)


def metric_measures(
    plant: Flowsheet, header: Header, drawn: Mapping[str, Any] | None = None
) -> Mapping[str, Measure]:
    """Return the metrics as measures by name, to be sampled, limited or differentiated.

    ``drawn`` holds what replaces numbers of the header (``capacity.installed``, ``deposit.ore``),
    in SI, each a number or (scenarios,). The closure is not among the metrics: it is the proof of a
    solution, and no figure of the route. The life of a reserve is there where a deposit is stated.
    """
    drawn = drawn or {}
    capacity = _capacity(plant, header, _installed(header, drawn))
    so2 = _sulphur_dioxide(plant)

    def to_refinery(reading: Reading) -> Any:
        return _element(reading, "Sb", header.refinery_feed)

    def in_products(reading: Reading) -> Any:
        return _element(reading, "Sb", plant.products)

    def main_solids(reading: Reading) -> Any:
        return reading.flow(header.product).solids

    def recovery(reading: Reading) -> Any:
        entering = _element(reading, "Sb", plant.entering)
        return ratio(in_products(reading), entering, empty=np.nan)

    def refinery_yield(reading: Reading) -> Any:
        return ratio(in_products(reading), to_refinery(reading), empty=np.nan)

    def grade(reading: Reading) -> Any:
        solids = main_solids(reading)
        return ratio(solids.element("Sb"), solids.total(), empty=np.nan)

    def feed(reading: Reading) -> Any:
        return sum(reading.flow(name).solids.total() for name in header.feed)

    flows: dict[str, Callable[[Reading], Any]] = {
        "product_t_yr": lambda reading: main_solids(reading).total(),
        "antimony_in_products_t_yr": in_products,
        "feed_t_yr": feed,
        "antimony_to_refinery_t_yr": to_refinery,
        "capacity_installed_t_yr": capacity,
        "capacity_missing_t_yr": lambda r: _above_zero(to_refinery(r) - capacity(r)),
        "so2_generated_t_yr": lambda r: sum(_above_zero(net) for net in so2(r)),
        "so2_captured_t_yr": lambda r: sum(_above_zero(-net) for net in so2(r)),
        "so2_emitted_t_yr": lambda r: sum(r.flow(name).of("SO2") for name in plant.leaving),
        "arsenic_to_product_t_yr": lambda r: _element(r, "As", plant.products),
        "arsenic_to_residue_t_yr": lambda r: _element(r, "As", plant.residues),
        "arsenic_emitted_t_yr": lambda r: _element(r, "As", plant.emissions),
    }
    shares = {
        "product_grade_percent": grade,
        "antimony_recovery_percent": recovery,
        "refinery_yield_percent": refinery_yield,
    }
    found = {name: Metric(name, compute, "kg/s", "t/yr") for name, compute in flows.items()}
    found |= {name: Metric(name, compute, "", "percent") for name, compute in shares.items()}
    if header.deposit is not None:
        reserve = header.deposit.contained(drawn)
        found[LIFE] = Metric(LIFE, lambda r: _life(r, reserve, header.feed), "s", "year")
    return {name: found[name] for name in Metrics.__annotations__ if name in found}


def _life(reading: Reading, reserve: Any, feed: Iterable[str]) -> Any:
    """How long a reserve lasts, s; not-a-number where nothing is mined."""
    return ratio(reserve, _element(reading, "Sb", feed), empty=np.nan)


def _installed(header: Header, drawn: Mapping[str, Any]) -> Any:
    """Installed capacity as it is published, kg/s."""
    if header.capacity is None:
        return 0.0
    written = parameter_of(MassFlow).convert(header.capacity.installed)
    return drawn.get("capacity.installed", written)


def _capacity(plant: Flowsheet, header: Header, installed: Any) -> Callable[[Reading], Any]:
    """Installed capacity as antimony into the refinery, kg/s; none where nothing is made of it."""
    if header.capacity is None or header.capacity.measured_on != "product":
        return lambda reading: installed  # noqa: ARG005 - the same for all

    def into_refinery(reading: Reading) -> Any:
        taken = _element(reading, "Sb", header.refinery_feed)
        made = _element(reading, "Sb", plant.products)
        return installed * ratio(taken, made)

    return into_refinery


def _sulphur_dioxide(plant: Flowsheet) -> Callable[[Reading], list[Any]]:
    """SO2 that units give off, less what they take in, one by one, kg/s."""
    ends = []
    for unit in plant.units.values():
        streams = {kind: unit.streams(kind) for kind in ("inlet", "supply", "outlet")}
        into = [
            s for kind in ("inlet", "supply") for names in streams[kind].values() for s in names
        ]
        out = [s for names in streams["outlet"].values() for s in names]
        ends.append((into, out))

    def net_of_units(reading: Reading) -> list[Any]:
        held = {name: reading.flow(name).of("SO2") for name in reading.streams}
        return [sum(held[s] for s in out) - sum(held[s] for s in into) for into, out in ends]

    return net_of_units


def _element(reading: Reading, element: str, streams: Iterable[str]) -> Any:
    """Mass flow of an element in several streams together, kg/s."""
    return sum(reading.flow(name).element(element) for name in streams)


def _above_zero(value: Any) -> Any:
    """The value, and zero where it is below; complex numbers go by their real part."""
    return np.where(np.real(value) < 0.0, 0.0, value)
