"""A sized route as one long list of figures, a row each: for csv, Markdown and spreadsheets."""

from collections.abc import Iterator
from typing import Any

from flowsheet.sizing.sized_route import Sizing

Row = dict[str, Any]


def sized_rows(sized: Sizing) -> list[Row]:
    """Return rows of ``section``, ``unit``, ``item``, ``value`` and ``in_unit``."""
    return [
        {"section": section, "unit": unit, "item": item, "value": value, "in_unit": in_unit}
        for section, unit, item, value, in_unit in _rows(sized)
    ]


def _rows(sized: Sizing) -> Iterator[tuple[str, str, str, float | None, str]]:
    metrics, capacity = sized.metrics, sized.capacity
    yield "route", "", "availability", 100.0 * sized.availability, "%"
    yield "route", "", "feed, dry", metrics.feed_t_yr, "t/yr"
    yield "route", "", "Sb in products", sized.product_antimony_t_yr, "t/yr"
    for step in sized.steps:
        yield "step", step.unit, "entering, wet, while it runs", step.entering_t_h, "t/h"
        yield "step", step.unit, "entering, wet", step.entering_t_yr, "t/yr"
        yield "step", step.unit, "entering, dry solids", step.solids_t_yr, "t/yr"
        yield "step", step.unit, "entering, Sb", step.antimony_t_yr, "t/yr"
    for machine in sized.equipment:
        yield "equipment", machine.unit, machine.figure, machine.value, machine.in_unit
    for section, drawn in (("reagent", sized.reagents), ("fuel", sized.fuels)):
        for each in drawn:
            yield section, each.unit, each.name, each.t_yr, "t/yr"
            yield section, each.unit, f"{each.name}, per t Sb in products", each.kg_per_t, "kg/t"
    for power in sized.power:
        yield "power", power.unit, "power while it runs", power.kw, "kW"
        yield "power", power.unit, "energy", power.mwh_yr, "MWh/yr"
    yield "power", "", "all that is counted", sized.power_kw, "kW"
    yield "power", "", "all that is counted", sized.mwh_yr, "MWh/yr"
    yield "power", "", "all that is counted, per t Sb in products", sized.kwh_per_t, "kWh/t"
    yield "SO2", "", "made", metrics.so2_generated_t_yr, "t/yr"
    yield "SO2", "", "captured", metrics.so2_captured_t_yr, "t/yr"
    yield "SO2", "", "emitted", metrics.so2_emitted_t_yr, "t/yr"
    for place in sized.arsenic:
        yield "arsenic", place.stream, f"As to {place.kind}", place.arsenic_t_yr, "t/yr"
    for back in sized.returns:
        item = f"{back.stream}, Sb to {back.to_unit}"
        yield "return", back.from_unit, item, back.antimony_t_yr, "t/yr"
        yield "return", back.from_unit, f"{item}, of Sb fed", back.of_fed_percent, "%"
    yield "capacity", "", "Sb to refinery", capacity.throughput_t_yr, "t/yr"
    yield "capacity", "", "nameplate", capacity.nameplate_t_yr, "t/yr"
    yield "capacity", "", "installed", capacity.installed_t_yr, "t/yr"
    yield "capacity", "", "missing", capacity.missing_t_yr, "t/yr"
    yield "capacity", "", "utilisation of what is installed", capacity.utilisation_percent, "%"
