"""Chemical formulas: atoms, charge and molar mass from text.

Read are brackets of both kinds, nested groups, decimals (``Fe0.947O``), hydrates after a raised
dot, ``*`` or a full stop (``CuSO4·5H2O``), charges (``SbS3^3-``, ``NH4^+``, the electron ``e^-``),
and a state at the end (``Sb4O6(g)``), which is not part of the composition.

Neither of the light libraries for this reads all of them (see docs/dependencies.md).
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from flowsheet.core.elements import atomic_weight, atomic_weights
from flowsheet.core.errors import InputError

_STATE = re.compile(r"\((s|l|g|aq)\)$")
_CHARGE = re.compile(r"\^(\d*)([+-])$")
_NUMBER = re.compile(r"\d+\.\d+|\d+")
_TOKEN = re.compile(rf"(?:([A-Z][a-z]?)|([(\[])(?!\d)|([)\]]))({_NUMBER.pattern})?")
_CLOSING = {"(": ")", "[": "]"}


@dataclass(frozen=True)
class Formula:
    """A parsed formula: atoms per formula unit, and charge in elementary charges."""

    text: str
    atoms: tuple[tuple[str, float], ...]
    charge: int = 0

    @property
    def molar_mass(self) -> float:
        """Molar mass in kg/mol; an electron weighs nothing here."""
        return sum(count * atomic_weight(symbol) for symbol, count in self.atoms) / 1000.0

    def count(self, symbol: str) -> float:
        """Atoms of one element per formula unit."""
        return dict(self.atoms).get(symbol, 0.0)

    def mass_fractions(self) -> dict[str, float]:
        """Element -> mass fraction of the formula."""
        return {
            symbol: count * atomic_weight(symbol) / 1000.0 / self.molar_mass
            for symbol, count in self.atoms
        }


@lru_cache(maxsize=4096)
def parse_formula(text: str) -> Formula:
    """Parse a formula; raise InputError that says which character is wrong."""
    body = _STATE.sub("", text)
    charge = 0
    if found := _CHARGE.search(body):
        charge = int(found[1] or 1) * (1 if found[2] == "+" else -1)
        body = body[: found.start()]
    if body == "e" and charge == -1:
        return Formula(text, (), -1)
    atoms: dict[str, float] = {}
    for position, part in enumerate(_hydrate_parts(body)):
        number = _NUMBER.match(part) if position else None  # only water is counted in front
        factor = float(number[0]) if number else 1.0
        _add(atoms, _group(part[number.end() if number else 0 :], text), factor)
    return Formula(text, tuple(atoms.items()), charge)


def _hydrate_parts(body: str) -> list[str]:
    """Split at a raised dot, an asterisk, or a full stop that starts a hydrate.

    A full stop is a decimal point unless water ends the formula: ``CuSO4.5H2O`` is read as a
    pentahydrate, ``Fe0.947O`` as a decimal.
    """
    if not re.search(r"[·*]", body):
        body = re.sub(r"\.(?=\d*(?:\.\d+)?H2O$)", "·", body, count=1)
    return re.split(r"[·*]", body)


def _group(text: str, whole: str) -> dict[str, float]:
    """Count the atoms of one hydrate part, with its nested brackets."""
    if not text:
        raise InputError(f"formula '{whole}': empty; write e.g. Sb2S3")
    stack: list[tuple[str, dict[str, float]]] = [("", {})]
    position = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            raise InputError(f"formula '{whole}': '{text[position]}' is not allowed there")
        symbol, opening, closing, number = token.groups()
        count = float(number or 1.0)
        if count == 0.0:
            raise InputError(f"formula '{whole}': a count of zero")
        if symbol:
            if symbol not in atomic_weights():
                raise InputError(f"formula '{whole}': '{symbol}' is not an element")
            _add(stack[-1][1], {symbol: 1.0}, count)
        elif opening:
            stack.append((opening, {}))
        else:
            bracket, inner = stack.pop()
            if not bracket or _CLOSING[bracket] != closing or not inner:
                raise InputError(f"formula '{whole}': '{closing}' closes no matching bracket")
            _add(stack[-1][1], inner, count)
        position = token.end()
    if len(stack) > 1:
        raise InputError(f"formula '{whole}': '{stack[-1][0]}' is not closed")
    return stack[0][1]


def _add(into: dict[str, float], atoms: dict[str, float], factor: float) -> None:
    for symbol, count in atoms.items():
        into[symbol] = into.get(symbol, 0.0) + factor * count
