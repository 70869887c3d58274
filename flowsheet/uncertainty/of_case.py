"""The distributions and correlations that a case file states."""

from collections.abc import Callable, Mapping
from typing import Any

from flowsheet.case.header import CorrelationEntry
from flowsheet.case.numbers import COEFFICIENT, Number
from flowsheet.core.errors import InputError, nearest
from flowsheet.core.parameters import Parameter
from flowsheet.core.quantities import Entered
from flowsheet.uncertainty.correlation import Correlated
from flowsheet.uncertainty.distribution import (
    Distribution,
    LogNormal,
    Normal,
    Pert,
    Triangular,
    Uniform,
)

KINDS: Mapping[str, Callable[[Any, Any, Any], Distribution]] = {
    Triangular.name: Triangular,
    Pert.name: Pert,
    Uniform.name: lambda low, value, high: Uniform(low, high),  # noqa: ARG005
    Normal.name: lambda low, value, high: Normal(value, low, high),
    LogNormal.name: lambda low, value, high: LogNormal(value, low, high),
}
"""What a case file calls a distribution -> how it is made of low, value and high."""
DEFAULT = Pert.name
"""Of a number with a range that names no distribution."""
_NEED_BOTH_ENDS = (Normal.name, LogNormal.name)
"""Symmetrical: a range on one side of the value is none."""


def is_uncertain(number: Number) -> bool:
    """Whether a number of a case file has a range."""
    return number.low is not None or number.high is not None


def distribution_name(number: Number) -> str:
    """What the distribution of a number is called; empty without a range."""
    return (number.distribution or DEFAULT) if is_uncertain(number) else ""


def distribution_of(number: Number, place: str) -> Distribution:
    """Return the distribution of a number with a range.

    The value is its mode, mean or median; where one end is missing, the value is that end too.
    Raises InputError, naming the place, for a distribution that is not known or lacks an end.
    """
    name = distribution_name(number)
    if name not in KINDS:
        raise InputError(
            f"{place}.distribution: there is no distribution '{name}'{nearest(name, KINDS)}"
        )
    if name in _NEED_BOTH_ENDS and None in (number.low, number.high):
        missing = "low" if number.low is None else "high"
        raise InputError(f"{place}: distribution '{name}' needs low and high, {missing} is missing")
    low = number.value if number.low is None else number.low
    high = number.value if number.high is None else number.high
    return KINDS[name](low, number.value, high)


def check_range(number: Number, parameter: Parameter | None, place: str) -> None:
    """Raise InputError, naming the place, for a range that a number of a case cannot have.

    Without a parameter the entry is a name, a list or a choice, and can have none.
    """
    if parameter is None or parameter is COEFFICIENT:
        what = "a correlation coefficient" if parameter else "a name or a choice"
        what = "what describes particles" if number.describes_particles else what
        for field in ("low", "high", "distribution"):
            if getattr(number, field) not in (None, ""):
                raise InputError(f"{place}.{field}: {what} is not sampled; leave it out")
        return
    _check_value_within(number, parameter, place)
    if is_uncertain(number):
        distribution_of(number, place).in_base_units(parameter, place)
    elif number.distribution:
        raise InputError(
            f"{place}: distribution '{number.distribution}' needs a range; add low, high or both"
        )


def _check_value_within(number: Number, parameter: Parameter, place: str) -> None:
    ends = {
        end: parameter.convert(Entered(value, place if end == "value" else f"{place}.{end}"))
        for end, value in (("low", number.low), ("value", number.value), ("high", number.high))
        if value is not None
    }
    value = ends["value"]
    slack = 1e-9 * abs(value)  # ends may be written in other units than the value
    if not ends.get("low", value) - slack <= value <= ends.get("high", value) + slack:
        written = (("low", number.low), ("high", number.high))
        shown = ", ".join(f"{end} {text}" for end, text in written if text is not None)
        raise InputError(f"{place}: value {number.value} lies outside its own range, {shown}")


def correlations_of(entries: Mapping[str, CorrelationEntry]) -> tuple[Correlated, ...]:
    """Return the groups of a case file."""
    return tuple(
        Correlated(entry.members, entry.coefficient, name) for name, entry in entries.items()
    )
