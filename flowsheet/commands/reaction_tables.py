"""``flowsheet reaction``: what was asked in text, and the answer in tables or as json."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import click
import numpy as np

from flowsheet.core.balancing import balanced
from flowsheet.core.errors import InputError
from flowsheet.core.parameters import Temperature, parameter_of
from flowsheet.core.reaction import imbalance
from flowsheet.core.thermochemistry import STANDARD_TEMPERATURE
from flowsheet.pictures.style import check_picture_file, save
from flowsheet.reaction_report import (
    OTHER_COLUMNS,
    POINT_COLUMNS,
    SPECIES_COLUMNS,
    ReactionReport,
    reaction_report,
)
from flowsheet.tables import as_csv, as_json, as_markdown, print_table

_POINTS = 13
_MOST_POINTS = 10_000


@dataclass(frozen=True)
class Asked:
    """The command's argument and options as they were typed."""

    text: str
    at: Sequence[str]
    over: str | None
    data: Sequence[str]
    plot: str | None
    form: str


def print_reaction(asked: Asked) -> None:
    """Print what is known of a reaction; raise InputError for what cannot be read or balanced."""
    text, form = asked.text, asked.form
    if asked.plot:
        check_picture_file(asked.plot)
    span = _span(asked.over) if asked.over else []
    wanted = [_temperature(each, "--at") for each in asked.at] + span
    chosen = _chosen(asked.data)
    if wrong := imbalance(text):
        if form == "json":
            unknown = dict.fromkeys(("delta_h_kj", "delta_g_kj", "log10_k"))
            told = {"reaction": text, "balanced": False, "imbalance": wrong, **unknown}
            click.echo(as_json({**told, "balances_as": balanced(text)}))
        raise InputError(_does_not_balance(text, wrong))
    report = reaction_report(text, wanted or [STANDARD_TEMPERATURE], chosen)
    if asked.plot:
        _draw(text, chosen, span, asked.plot)
    if form == "json":
        click.echo(as_json(report.to_dict()))
    elif form == "table":
        _print(report)
    else:
        write = as_csv if form == "csv" else as_markdown
        click.echo(write(report.points, POINT_COLUMNS))


def _draw(text: str, chosen: Mapping[str, str], span: Sequence[float], file: str) -> None:
    from flowsheet.pictures.reaction import reaction_picture

    save(reaction_picture(text, chosen, span), file)


def _print(report: ReactionReport) -> None:
    click.echo(f"{report.reaction.text}: balanced\n{report.verdict}\n")
    print_table(report.points, POINT_COLUMNS, "Per mole of the reaction as written")
    print_table(report.species(), SPECIES_COLUMNS, "Data")
    if others := report.others():
        warm = float(report.energy.temperature[0])
        print_table(others, OTHER_COLUMNS, f"With other datasets, at {warm:.0f} K")


def _does_not_balance(text: str, wrong: Mapping[str, float]) -> str:
    shown = ", ".join(f"{symbol} {amount:+g}" for symbol, amount in wrong.items())
    right = balanced(text)
    hint = f"; '{right}' would" if right else ""
    return f"reaction '{text}': does not balance, left minus right is {shown}{hint}"


def _chosen(data: Sequence[str]) -> dict[str, str]:
    chosen = {}
    for each in data:
        species, equals, dataset = each.partition("=")
        if not equals or not species.strip() or not dataset.strip():
            raise InputError(f"--data {each}: needs SPECIES=DATASET, e.g. Sb2S3=NBS82")
        chosen[species.strip()] = dataset.strip()
    return chosen


def _span(over: str) -> list[float]:
    low, *rest = over.split(":")
    if not 1 <= len(rest) <= 2:
        raise InputError(f"--over {over}: needs LOW:HIGH or LOW:HIGH:N, e.g. '300 K:1500 K:13'")
    count = rest[1].strip() if len(rest) == 2 else str(_POINTS)
    if not count.isdigit() or not 2 <= int(count) <= _MOST_POINTS:
        raise InputError(f"--over {over}: N must be a whole number from 2 to {_MOST_POINTS:,}")
    ends = _temperature(low, "--over"), _temperature(rest[0], "--over")
    return [float(each) for each in np.linspace(*ends, int(count))]


def _temperature(text: str, option: str) -> float:
    try:
        return parameter_of(Temperature).convert(text)
    except InputError as error:
        raise InputError(f"{option} {text}: {error}") from error
