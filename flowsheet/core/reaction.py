"""Reactions written as text, refused when they do not balance, limited by the scarcest reactant."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.formula import parse_formula
from flowsheet.core.slate import Slate

_ARROW = re.compile(r"\s*(?:<?-+>|→|=)\s*")
_TERM = re.compile(r"^(?:(?P<count>\d+/\d+|\d*\.?\d+)\s+)?(?P<name>\S.*)$")
# A coefficient may touch the formula only if no formula could start so: "2Sb2S3", not "0.5 H2O".
_TIGHT = re.compile(r"^(?P<count>\d*\.?\d+)(?P<name>[A-Z(\[].*)$")


@dataclass(frozen=True, eq=False)
class Reaction:
    """A balanced reaction, e.g. ``Reaction("Sb2S3 + 4.5 O2 -> Sb2O3 + 3 SO2")``.

    Names are those of the species of the flowsheet. A name is read as a formula (a state such as
    ``(g)`` is not part of it) unless ``formulas`` gives another. The first reactant is the key that
    a conversion refers to, unless ``key`` names another. A reaction equals only itself, so that
    what was worked out for it is found again quickly: write it once, outside of ``run``.

    Raises InputError when the text is not a reaction, or with the imbalance (left minus right)
    when an element or the charge does not balance.
    """

    text: str
    key: str = ""
    formulas: tuple[tuple[str, str], ...] = ()
    coefficients: Mapping[str, float] = field(init=False)
    """Species -> stoichiometric coefficient, negative for what is consumed."""

    def __post_init__(self) -> None:
        coefficients = _coefficients(self.text)
        object.__setattr__(self, "coefficients", coefficients)
        if not self.key:
            object.__setattr__(self, "key", next(iter(coefficients), ""))
        if coefficients.get(self.key, 0.0) >= 0.0:
            raise InputError(f"reaction '{self.text}': key '{self.key}' is not consumed")
        wrong = self.imbalance()
        if wrong:
            shown = ", ".join(f"{symbol} {amount:+g}" for symbol, amount in wrong.items())
            raise InputError(
                f"reaction '{self.text}': does not balance, left minus right is {shown}"
            )

    def imbalance(self) -> dict[str, float]:
        """Element (or ``charge``) -> left minus right, for those that do not balance."""
        return _imbalance(self.coefficients, dict(self.formulas))

    @cached_property
    def reactants(self) -> dict[str, float]:
        """Species -> positive coefficient of what is consumed."""
        return {name: -count for name, count in self.coefficients.items() if count < 0.0}

    @cached_property
    def products(self) -> dict[str, float]:
        """Species -> coefficient of what is made."""
        return {name: count for name, count in self.coefficients.items() if count > 0.0}


def imbalance(text: str) -> dict[str, float]:
    """Return element (or ``charge``) -> left minus right of a reaction that need not balance."""
    return _imbalance(_coefficients(text), {})


def terms_of(text: str) -> list[tuple[float, str, float]]:
    """Side (-1 for reactants, 1 for products), species and coefficient of every term, in order.

    Raises InputError when the text is not a reaction.
    """
    sides = _ARROW.split(text.strip())
    if len(sides) != 2 or not all(sides):
        raise InputError(
            f"reaction '{text}': needs reactants -> products, "
            f"e.g. 'Sb2S3 + 4.5 O2 -> Sb2O3 + 3 SO2'"
        )
    return [
        (sign, name, count)
        for sign, side in zip((-1.0, 1.0), sides, strict=True)
        for name, count in _terms(side, text)
    ]


def _coefficients(text: str) -> dict[str, float]:
    """Species -> coefficient, negative for what is consumed, the first reactant first."""
    coefficients: dict[str, float] = {}
    for sign, name, count in terms_of(text):
        coefficients[name] = coefficients.get(name, 0.0) + sign * count
    return coefficients


def _imbalance(coefficients: Mapping[str, float], formulas: Mapping[str, str]) -> dict[str, float]:
    difference: dict[str, float] = {}
    for name, count in coefficients.items():
        formula = parse_formula(formulas.get(name, name))
        for symbol, atoms in formula.atoms:
            difference[symbol] = difference.get(symbol, 0.0) - count * atoms
        difference["charge"] = difference.get("charge", 0.0) - count * formula.charge
    # Coefficients are decimals such as 0.333333: a balance to 1e-9 is meant as exact.
    return {what: round(amount, 9) for what, amount in difference.items() if abs(amount) > 1e-9}


def _terms(side: str, whole: str) -> list[tuple[str, float]]:
    terms = []
    for term in re.split(r"\s+\+\s+", side.strip()):
        match = _TERM.match(term.strip()) or _TIGHT.match(term.strip())
        if match and not match["count"]:
            match = _TIGHT.match(term.strip()) or match
        if match is None:
            raise InputError(f"reaction '{whole}': cannot read '{term}'")
        numerator, _, denominator = (match["count"] or "1").partition("/")
        terms.append((match["name"].strip(), float(numerator) / float(denominator or 1.0)))
    return terms


@lru_cache(maxsize=4096)
def _made_per_mole(reaction: Reaction, slate: Slate) -> NDArray[np.float64]:
    """Mass made (negative: consumed) per mole of reaction, kg/mol, (constituents, 1)."""
    column = np.zeros((slate.count, 1))
    for name, count in reaction.coefficients.items():
        if name not in slate:
            raise InputError(
                f"'{reaction.text}' needs species '{name}'; add it to those of the flowsheet"
            )
        row = slate.row(name)
        column[row] = count * slate.molar_mass[row]
    return column


@dataclass(frozen=True)
class _Stoichiometry:
    """Reactions on a slate, those left out whose key reactant it does not carry."""

    keys: NDArray[np.intp]
    """Rows of the key reactants, (reactions,)."""
    made: NDArray[np.float64]
    """Mass made (negative: consumed) per mass of key reactant, (constituents, reactions)."""
    incomplete: dict[int, Reaction]
    """Column -> reaction of which the slate lacks another species; its column is zero."""


@lru_cache(maxsize=4096)
def _stoichiometry(reactions: tuple[Reaction, ...], slate: Slate) -> _Stoichiometry:
    present = [reaction for reaction in reactions if reaction.key in slate]
    keys = np.array([slate.row(reaction.key) for reaction in present], dtype=np.intp)
    made = np.zeros((slate.count, len(present)))
    incomplete = {}
    for column, reaction in enumerate(present):
        if all(name in slate for name in reaction.coefficients):
            per_mole = _made_per_mole(reaction, slate)[:, 0]
            made[:, column] = per_mole / -per_mole[keys[column]]
        else:
            incomplete[column] = reaction
    return _Stoichiometry(keys, made, incomplete)


def change_by_share(flow: Flow, reactions: tuple[Reaction, ...], share: Any = 1.0) -> Flow:
    """What reactions make (negative: use up), kg/s, as each converts a share of its key reactant.

    ``share`` is a number or (scenarios,) for all of them, or (constituents, 1) or (constituents,
    scenarios), of which each reaction takes the row of its key reactant. A reaction whose key
    reactant is not on the slate makes nothing. What else a reaction uses need not be in the flow:
    where it is drawn from outside, the change says how much.

    Raises InputError when the slate lacks another species of a reaction whose share is not zero.
    """
    known = _stoichiometry(reactions, flow.slate)
    if getattr(share, "ndim", 0) == 2:
        share = share.take(known.keys, axis=0)
    for column, reaction in known.incomplete.items():
        if np.any(share[column] if np.ndim(share) == 2 else share):
            _made_per_mole(reaction, flow.slate)  # names the species
    return Flow(flow.slate, _times(known.made, flow.mass.take(known.keys, axis=0) * share))


def _times(matrix: NDArray[np.float64], columns: Array) -> Array:
    """Product with real or complex columns, whose two parts a real product takes side by side."""
    if columns.dtype.kind != "c":
        return matrix @ columns
    both: Array = matrix @ columns.view(float)
    return both.view(complex)


def change_by_extent(slate: Slate, reactions: Sequence[Reaction], extents: Sequence[Any]) -> Flow:
    """What reactions make (negative: use up), kg/s, at their extents in mol/s.

    Raises InputError when the slate lacks a species of a reaction.
    """
    made = np.zeros((slate.count, 1))
    for reaction, extent in zip(reactions, extents, strict=True):
        made = made + _made_per_mole(reaction, slate) * extent
    return Flow(slate, made)


def after_change(flow: Flow, change: Flow) -> Flow:
    """The flow and its change together; what is used up completely is exactly zero."""
    after = flow.mass + change.mass
    # Complete consumption leaves a rounding of either sign; a rounding is not a flow.
    after[np.abs(after.real) < 1e-14 * flow.mass.real] = 0.0
    return Flow(flow.slate, after)


def extents(reactions: Sequence[Reaction], flow: Flow, conversions: Sequence[Any]) -> list[Array]:
    """Extents in mol/s of reactions that run side by side, each (scenarios,).

    Each runs to its conversion (0 to 1) of its own key reactant. Where the flow holds less of a
    reactant than all of them want together, every reaction that consumes it is cut back in the
    same proportion, so that nothing is used twice and nothing becomes negative.
    """
    wanted = [
        np.asarray(conversion) * flow.moles(reaction.key) / reaction.reactants[reaction.key]
        for reaction, conversion in zip(reactions, conversions, strict=True)
    ]
    demand: dict[str, Array] = {}
    for reaction, extent in zip(reactions, wanted, strict=True):
        for name, count in reaction.reactants.items():
            demand[name] = demand.get(name, np.zeros_like(extent)) + count * extent
    supplied = {name: _supplied(flow.moles(name), amount) for name, amount in demand.items()}
    limited = []
    for reaction, extent in zip(reactions, wanted, strict=True):
        share = np.ones_like(extent)
        for name in reaction.reactants:
            share = np.minimum(share, supplied[name])
        limited.append(extent * share)
    return limited


def _supplied(available: Array, wanted: Array) -> Array:
    """Share of what is wanted that is there, at most 1."""
    enough = available.real >= wanted.real
    return np.where(enough, 1.0, available / np.where(enough, 1.0, wanted))


def react(flow: Flow, reactions: Sequence[Reaction], amounts: Sequence[Any]) -> Flow:
    """Return the flow after each reaction has run to its extent (mol/s)."""
    return after_change(flow, change_by_extent(flow.slate, reactions, amounts))


def convert(flow: Flow, reactions: Sequence[Reaction], conversions: Sequence[Any]) -> Flow:
    """Return the flow after reactions side by side, each to its conversion where supply allows."""
    return react(flow, reactions, extents(reactions, flow, conversions))
