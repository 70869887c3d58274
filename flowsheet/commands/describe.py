"""Routes, results and comparisons in words and tables for the command line."""

from dataclasses import asdict
from typing import Any

from flowsheet.commands.compare_columns import COMPARE_COLUMNS
from flowsheet.core.errors import InputError
from flowsheet.core.particles import aperture_text
from flowsheet.core.quantities import from_base
from flowsheet.core.slate import Slate
from flowsheet.core.thermochemistry import STANDARD_TEMPERATURE
from flowsheet.core.unit import UnitOp
from flowsheet.routes.route import Route, RouteResult
from flowsheet.stream import Stream
from flowsheet.tables import Column, number, print_table
from flowsheet.uncertainty.of_case import distribution_name

_IN_PERCENT = ("Sb", "As", "Pb", "Fe", "S", "Cu", "Bi")
_IN_GRAMS_PER_TONNE = ("Au", "Ag", "Hg")
SOURCE_COLUMNS = (
    Column("number", "number", text=True),
    Column("value", "value", text=True),
    Column("low", "low", text=True),
    Column("high", "high", text=True),
    Column("distribution", "distribution", text=True),
    Column("basis", "basis", text=True),
    Column("source", "source", text=True),
)


def print_route(route: Route) -> None:
    """Print what a route is made of."""
    header = route.data.header
    _say(f"{route.name}: {header.title}")
    if header.summary:
        _say(header.summary)
    if route.target:
        target, stream = route.target, route.target.stream or header.product
        _say(f"Target: {target.flow} {target.element} in {stream}, by varying {target.vary}")
    if header.capacity:
        _say(f"Installed: {header.capacity.installed} Sb, as {header.capacity.measured_on}")
    for line in _particles(route.flowsheet.slate):
        _say(line)
    _say("")
    for name, unit in route.flowsheet.units.items():
        _say(f"{name}  ({type(unit).__name__})")
        for line in (*_connections(unit), *_parameters(unit)):
            _say(f"    {line}")


def print_result(result: RouteResult) -> None:
    """Print the metrics, the streams, the closure and the warnings of a solved route."""
    streams, figures, notes = stream_rows(result), _figure_rows(result), result.warnings
    _say(f"{result.route}: {result.solution.status} in {result.solution.iterations} passes\n")
    if result.target:
        target, stream = result.target, result.target.stream or result.metrics.product
        met = ", ".join(f"{path} = {value}" for path, value in result.varied.items())
        _say(f"Target of {target.flow} {target.element} in {stream}: met with {met}\n")
    values = asdict(result.metrics)
    named = [c for c in COMPARE_COLUMNS if c.key in values]
    rows = [{"metric": c.heading, "value": number(values[c.key], percent=c.percent)} for c in named]
    print_table(rows, (Column("metric", "metric", text=True), Column("value", "value")))
    print_table(streams, stream_columns(result), "Streams (% of dry solids or metal)")
    if figures:
        columns = [Column("unit", "unit", text=True), Column("figure", "figure", text=True)]
        print_table(figures, [*columns, Column("value", "value")], "Figures of the units")
    closures = [{"element": e, "closure": c} for e, c in result.solution.audit.plant.items()]
    print_table(
        closures,
        (Column("element", "element", text=True), Column("closure", "|out - in| / in")),
        "Closure over the plant",
    )
    error, where, element = result.solution.audit.worst
    _say(f"Worst closure of any unit: {error:.1e} ({element} in {where})")
    for line in notes:
        _say(f"Note: {line}")


def stream_columns(result: RouteResult) -> tuple[Column, ...]:
    """Columns for the streams of a plant: grades only of elements that it carries."""
    carried = result.solution.flowsheet.slate.elements
    return (
        Column("stream", "stream", text=True),
        Column("from", "from", text=True),
        Column("to", "to", text=True),
        Column("mass_t_yr", "mass t/yr wet"),
        *((Column("temperature_c", "degC"),) if _is_warm_somewhere(result) else ()),
        *((Column("P80_um", "P80 um"),) if result.solution.flowsheet.slate.particles else ()),
        Column("Sb_t_yr", "Sb t/yr"),
        Column("As_t_yr", "As t/yr"),
        Column("S_t_yr", "S t/yr"),
        Column("SO2_t_yr", "SO2 t/yr"),
        *(
            Column(f"{element}_percent", f"% {element}", percent=element == "Sb")
            for element in _IN_PERCENT
            if element in carried
        ),
        *(
            Column(f"{element}_g_t", f"{element} g/t")
            for element in _IN_GRAMS_PER_TONNE
            if element in carried
        ),
    )


def stream_rows(result: RouteResult) -> list[dict[str, Any]]:
    """One row per stream: flows in t/yr, grades of dry solids."""
    rows = []
    for name, stream in result.solution.streams.items():
        plain: dict[str, Any] = stream.to_dict()
        row = {"stream": name, **{key: plain[key] for key in ("from", "to", "mass_t_yr")}}
        row["temperature_c"] = plain["temperature_c"]
        row["P80_um"] = _p80(stream)
        row |= {f"{e}_t_yr": plain["elements_t_yr"].get(e, 0.0) for e in ("Sb", "As", "S")}
        row["SO2_t_yr"] = plain["species_t_yr"].get("SO2", 0.0)
        grades = plain["grade_percent"]
        for element in _IN_PERCENT:
            row[f"{element}_percent"] = grades.get(element, 0.0) if grades else None
        for element in _IN_GRAMS_PER_TONNE:
            row[f"{element}_g_t"] = 1e4 * grades.get(element, 0.0) if grades else None
        rows.append(row)
    return rows


def _is_warm_somewhere(result: RouteResult) -> bool:
    """Whether any stream is at another temperature than 25 degC."""
    temperatures = result.solution.heat_balance.temperature.values()
    return any(abs(float(each[0]) - STANDARD_TEMPERATURE) > 0.5 for each in temperatures)


def _p80(stream: Stream) -> float | None:
    """P80 in um; None without particles, and where the sieves do not say."""
    try:
        return float(stream.passing_size().magnitude)
    except InputError:
        return None


def source_rows(route: Route) -> list[dict[str, Any]]:
    """One row per number of the case file."""
    return [
        {
            "number": entry.path,
            "value": _text(entry.value),
            "low": _text(entry.low),
            "high": _text(entry.high),
            "distribution": distribution_name(entry),
            "basis": entry.basis,
            "source": entry.source,
        }
        for entry in route.data.numbers
        if route.is_physical(entry) or entry.source
    ]


def print_check(route: Route) -> None:
    """Say what a case is made of, solve it, and list its numbers without a source."""
    result = route.solve()
    notes = result.warnings
    plant = route.flowsheet
    error, where, element = result.solution.audit.worst
    _say(
        f"{route.name}: {len(plant.units)} units, {len(plant.made_by)} streams, "
        f"{len(plant.slate.names)} species"
    )
    _say(f"solved; worst closure {error:.1e} ({element} in {where})")
    for line in notes:
        _say(f"Note: {line}")
    for entry in route.unsourced:
        _say(f"Note: {entry.path} = {entry.value} has no source or no basis")


def _particles(slate: Slate) -> list[str]:
    """The sieve series, the minerals in size classes and the composites."""
    if slate.particles is None:
        return []
    sieves = ", ".join(aperture_text(sieve) for sieve in slate.particles.sieves)
    lines = [f"Particles: {', '.join(slate.particles.minerals)} on sieves of {sieves}"]
    for each in slate.particles.composites:
        size = f", grain size {aperture_text(each.grain_size)}" if each.grain_size else ""
        lines.append(f"Composite {each.name}: {_in_display(each.minerals, '%')}{size}")
    return lines


def _connections(unit: UnitOp) -> list[str]:
    inlets = [s for names in unit.streams("inlet").values() for s in names]
    supplies = [f"{s} (as needed)" for n in unit.streams("supply").values() for s in n]
    outlets = [f"{port}: {n[0]}" for port, n in unit.streams("outlet").items()]
    return [f"{', '.join([*inlets, *supplies]) or 'from outside'} -> {', '.join(outlets)}"]


def _parameters(unit: UnitOp) -> list[str]:
    lines = []
    physical = unit.physical_parameters()
    for name in unit.parameters():
        value = getattr(unit, name)
        if value is None:
            continue
        display = physical[name].dimension.display if name in physical else ""
        if shown := _in_display(value, display):
            lines.append(f"{name} = {shown}")
    return lines


def _in_display(value: Any, display: str) -> str:
    if hasattr(value, "by_name"):
        named = {
            aperture_text(k) if isinstance(k, float) else k: v for k, v in value.by_name.items()
        }
        entries = [f"{key} {_in_display(v, display)}" for key, v in named.items()]
        if value.others is not None:
            entries.append(f"others {_in_display(value.others, display)}")
        return ", ".join(entries)
    if isinstance(value, float):
        if display == "um":  # sizes are said in mm where they are coarse
            return aperture_text(value)
        return f"{from_base(value, display):.5g} {display}".strip()
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _figure_rows(result: RouteResult) -> list[dict[str, Any]]:
    rows = []
    for name in result.solution.flowsheet.units:
        for figure in result.solution.figures(name):
            value = from_base(float(figure.value.ravel()[0]), figure.unit)
            shown = f"{number(value, percent=figure.unit == '%')} {figure.unit}".strip()
            rows.append({"unit": name, "figure": figure.label, "value": shown})
        rows.extend(_heat_row(result, name))
    return rows


def _heat_row(result: RouteResult, unit: str) -> list[dict[str, Any]]:
    """Heat that a unit needs or gives off, where it has a temperature."""
    found = result.solution.heat_balance
    if unit in found.unknown:
        return [{"unit": unit, "figure": "heat", "value": f"not known: {found.unknown[unit]}"}]
    if unit not in found.heat:
        return []
    kilowatts = from_base(float(found.heat[unit][0]), "kW")
    label = "heat to be supplied" if kilowatts > 0.0 else "heat given off, losses included"
    return [{"unit": unit, "figure": label, "value": f"{number(abs(kilowatts))} kW"}]


def _text(value: Any) -> str:
    if value is None:
        return ""
    return ", ".join(str(v) for v in value) if isinstance(value, list) else str(value)


def _say(line: str) -> None:
    import click

    click.echo(line)
