"""The coefficients that make a reaction balance, where the elements leave only one choice."""

from fractions import Fraction

import numpy as np

from flowsheet.core.formula import parse_formula
from flowsheet.core.reaction import terms_of

_LARGEST_DENOMINATOR = 1000


def balanced(text: str) -> str | None:
    """Return the reaction with coefficients that balance, the first as written.

    None where none do with every species on its side, or where more than one choice does. Raises
    InputError when the text is not a reaction.
    """
    terms = terms_of(text)
    formulas = [parse_formula(name) for _, name, _ in terms]
    symbols = sorted({symbol for formula in formulas for symbol, _ in formula.atoms})
    rows = [[formula.count(symbol) for formula in formulas] for symbol in symbols]
    rows.append([float(formula.charge) for formula in formulas])
    signs = np.array([sign for sign, _, _ in terms])
    _, sizes, directions = np.linalg.svd(np.array(rows) * signs)
    rank = int((sizes > 1e-9 * sizes.max(initial=1.0)).sum())
    if len(terms) - rank != 1:
        return None
    counts = directions[-1] / directions[-1][0] * terms[0][2]
    if not np.all(counts > 1e-9):
        return None
    sides = {sign: [] for sign in (-1.0, 1.0)}  # type: dict[float, list[str]]
    for (sign, name, _), count in zip(terms, counts, strict=True):
        sides[sign].append(_term(float(count), name))
    return " -> ".join(" + ".join(sides[sign]) for sign in (-1.0, 1.0))


def _term(count: float, name: str) -> str:
    exact = Fraction(count).limit_denominator(_LARGEST_DENOMINATOR)
    if exact == 1:
        return name
    decimals = exact.denominator in (1, 2, 4, 5, 8, 10)
    return f"{float(exact):g} {name}" if decimals else f"{exact} {name}"
