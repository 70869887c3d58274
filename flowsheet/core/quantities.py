"""Units of measurement: text or pint quantities in, floats in SI base units inside, and back.

This is the only module that knows pint. A conversion is looked up once per unit and is two floats
afterwards, so that nothing inside the solver ever touches pint.
"""

import csv
import math
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from flowsheet.core.constants import MOLES_PER_NORMAL_CUBIC_METRE
from flowsheet.core.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    import pint
    from numpy.typing import NDArray

_NUMBER_AND_UNIT = re.compile(
    r"^\s*(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(?P<unit>.*?)\s*$"
)

# Spellings of the field that pint would misread or does not know. "kt" is a knot to pint.
_SPELLINGS = {"kt": "kilotonne", "°C": "degC", "%": "percent"}
_POWER = re.compile(r"(?<![A-Za-z_])([cdm]?m)([23])(?![A-Za-z_0-9])")
_SPELLING = re.compile(r"%|°C|(?<![A-Za-z_])kt(?![A-Za-z_0-9])")
_TONNE = "t (metric, 1000 kg) or short_ton (907 kg)"
_AMBIGUOUS = {"oz": "troy_ounce (31.1 g)", "mt": f"{_TONNE}, or Mt (million t)"}
_PLAIN_TONS = {"short_ton", "long_ton", "metric_ton"}


@dataclass(frozen=True)
class Dimension:
    """A kind of quantity: what it is called, its SI base unit, and which values make sense.

    ``low`` and ``high`` are inclusive bounds in ``unit``; ``above`` is an exclusive lower bound.
    """

    word: str
    unit: str
    example: str
    display: str
    low: float = -math.inf
    high: float = math.inf
    above: float = -math.inf
    whole: bool = False

    @property
    def dimensionless(self) -> bool:
        """Whether a bare number is a complete statement of this quantity."""
        return self.unit == ""


@dataclass(frozen=True)
class Entered:
    """A value as it stands in a case file, with the place it came from for error messages."""

    value: Any
    where: str


@lru_cache(maxsize=1)
def registry() -> "pint.UnitRegistry[Any]":
    """The one pint registry of this program, with the units of the field added."""
    import pint

    units: pint.UnitRegistry[Any] = pint.UnitRegistry()
    units.define("kilotonne = 1000 * tonne")
    units.define(f"Nm3 = {MOLES_PER_NORMAL_CUBIC_METRE} mol")
    return units


@lru_cache(maxsize=1)
def _known_conversions() -> "dict[str, tuple[str, float, float]]":
    """Unit -> what pint says of it, from ``units.csv``: pint itself takes longer than a route."""
    text = files("flowsheet.core").joinpath("units.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {
        row["unit"]: (row["dimensionality"], float(row["factor"]), float(row["offset"]))
        for row in rows
    }


@lru_cache(maxsize=1024)
def _conversion(unit: str) -> tuple[str, float, float]:
    """Return (dimensionality, factor, offset) so that SI value = number * factor + offset."""
    return _known_conversions().get(unit) or pint_conversion(unit)


def pint_conversion(unit: str) -> tuple[str, float, float]:
    """Return the same of any unit, as pint says."""
    units = registry()
    parsed = units.Unit(_spelling(unit))
    offset = float(units.Quantity(0.0, parsed).to_base_units().magnitude)
    factor = float(units.Quantity(1.0, parsed).to_base_units().magnitude) - offset
    return str(parsed.dimensionality), factor, offset


def _spelling(unit: str) -> str:
    """Translate the field's spellings, term by term, into ones that pint reads as meant."""
    return _SPELLING.sub(lambda found: _SPELLINGS[found[0]], _POWER.sub(r"\1^\2", unit))


def _refuse_ambiguous(unit: str, shown: str) -> None:
    """Refuse a ton that may be of three kinds, and an ounce of two."""
    for word in re.findall(r"[A-Za-z_]+", unit):
        is_ton = word.lower().removesuffix("s").endswith("ton") and word not in _PLAIN_TONS
        if is_ton or word in _AMBIGUOUS:
            raise InputError(
                f'"{word}" means different masses in different places, got {shown}; '
                f"write {_AMBIGUOUS.get(word, _TONNE)}"
            )


def _factor(unit: str, dimension: Dimension, shown: str) -> tuple[float, float]:
    _refuse_ambiguous(unit, shown)
    try:
        dimensionality, factor, offset = _conversion(unit)
    except Exception as error:  # pint raises AttributeError, TokenError and its own kinds
        raise InputError(
            f'"{unit}" is not a unit known here, got {shown}; write e.g. "{dimension.example}"'
        ) from error
    if dimensionality != _conversion(dimension.unit)[0]:
        raise InputError(
            f'needs a unit of {dimension.word}, got {shown}; write e.g. "{dimension.example}"'
        )
    return factor, offset


def to_base(value: Any, dimension: Dimension) -> float:
    """Convert ``"8 min"``, a pint quantity or (dimensionless only) a number to a float in SI.

    Raises InputError when the unit is missing, unknown or of another dimension, when the number is
    not finite, or when it lies outside the bounds of the dimension.
    """
    shown = f'"{value}"' if isinstance(value, str) else f"{value}"
    if isinstance(value, str):
        if re.search(r"\d,\d", value):
            raise InputError(
                f"needs a number without separators and with a point for decimals, got {shown}; "
                f'write e.g. "{dimension.example}"'
            )
        match = _NUMBER_AND_UNIT.match(value)
        if match is None:
            raise InputError(f'needs a number and a unit, got {shown}; write "{dimension.example}"')
        number, unit = float(match["number"]), match["unit"]
    elif hasattr(value, "magnitude") and hasattr(value, "units"):
        number, unit = float(value.magnitude), f"{value.units:C}"
    elif not _is_number(value):
        raise InputError(f'needs a quantity, got {shown}; write e.g. "{dimension.example}"')
    else:
        number, unit = float(value), ""
    if unit:
        factor, offset = _factor(unit, dimension, shown)
        number = number * factor + offset
    elif not dimension.dimensionless:
        raise InputError(
            f'needs a unit of {dimension.word}, got {shown}; write e.g. "{dimension.example}"'
        )
    return _within_bounds(number, dimension, shown)


def array_to_base(
    values: "NDArray[np.float64]", unit: str, dimension: Dimension
) -> "NDArray[np.float64] | None":
    """Convert an array in ``unit`` to SI, or return None where any value would be refused."""
    if not unit and not dimension.dimensionless:
        return None
    if unit:
        try:
            factor, offset = _factor(unit, dimension, unit)
        except InputError:
            return None
        values = values * factor + offset
    # Written so that what is not a number fails.
    within = (values >= dimension.low) & (values <= dimension.high) & (values > dimension.above)
    whole = not dimension.whole or (values == values.round()).all()
    return values if within.all() and whole and values.max(initial=0.0) < math.inf else None


def _is_number(value: Any) -> bool:
    if type(value).__name__ in ("bool", "bool_"):  # a truth of Python or of numpy
        return False
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


def _within_bounds(number: float, dimension: Dimension, shown: str) -> float:
    """Return the number; one that misses a bound by a rounding is set on it."""
    if not math.isfinite(number):
        raise InputError(f"needs a finite number, got {shown}")
    if dimension.whole and number != round(number):
        raise InputError(f"needs a whole number, got {shown}; write e.g. {dimension.example}")
    if number <= dimension.above:
        raise InputError(f"must be above {_show(dimension.above, dimension)}, got {shown}")
    # "100 %" may come out one rounding above 1.
    slack = 1e-12 if dimension.dimensionless else 0.0
    if not dimension.low - slack <= number <= dimension.high + slack:
        low, high = _show(dimension.low, dimension), _show(dimension.high, dimension)
        if math.isinf(dimension.high) or (number < dimension.low and not dimension.dimensionless):
            raise InputError(f"must be {low} or more, got {shown}")
        unit_interval = (dimension.low, dimension.high) == (0.0, 1.0)
        bare = unit_interval and 2.0 <= number <= 100.0 and "%" not in shown
        hint = f'; a bare number is a fraction, write "{number:g} %"' if bare else ""
        raise InputError(f"must lie between {low} and {high}, got {shown}{hint}")
    return min(max(number, dimension.low), dimension.high)


def _show(number: float, dimension: Dimension) -> str:
    if dimension.dimensionless:
        return f"{number:g}"
    return f"{from_base(number, dimension.display):g} {dimension.display}"


def from_base(value: float, unit: str) -> float:
    """Return a value in SI base units as a plain number in ``unit``."""
    _, factor, offset = _conversion(unit)
    return (value - offset) / factor


def array_in(values: "NDArray[np.float64]", unit: str, base: str) -> "NDArray[np.float64]":
    """Return an array in the SI base unit ``base`` as plain numbers in ``unit``.

    Raises InputError when the unit is not known, or is not one of the same dimension.
    """
    _check_reading(unit, base)
    _, factor, offset = _conversion(unit)
    return (values - offset) / factor


def _check_reading(unit: str, base: str) -> None:
    if not isinstance(unit, str):
        raise InputError(f'a unit is text such as "t/h", got {unit!r}')
    _refuse_ambiguous(unit, f'"{unit}"')
    try:
        same = _conversion(unit)[0] == _conversion(base)[0]
    except Exception as error:
        raise InputError(f'"{unit}" is not a unit known here') from error
    if not same:
        raise InputError(f'"{unit}" does not measure what is in {base or "no unit"}')


def same_dimension(one: str, other: str) -> bool:
    """Whether two known units measure the same kind of quantity; no unit is a pure number."""
    return _conversion(one)[0] == _conversion(other)[0]


def quantity(value: float, unit: str, base: str = "") -> "pint.Quantity[float]":
    """Return a value in the SI base unit ``base`` as a pint quantity in a readable unit.

    Raises InputError when the unit is not known, or is not one of the same dimension.
    """
    _check_reading(unit, base)
    return registry().Quantity(from_base(value, unit), _spelling(unit))
