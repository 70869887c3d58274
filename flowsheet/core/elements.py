"""The one table of atomic weights: IUPAC standard atomic weights as kept by periodictable."""

from functools import lru_cache

from flowsheet.core.errors import InputError


@lru_cache(maxsize=1)
def atomic_weights() -> dict[str, float]:
    """Return symbol -> standard atomic weight in g/mol.

    Source: IUPAC standard atomic weights (2021), through the library ``periodictable``.
    """
    import periodictable

    return {element.symbol: float(element.mass) for element in periodictable.elements if element}


def atomic_weight(symbol: str) -> float:
    """Return the standard atomic weight of an element in g/mol; raise InputError if unknown."""
    try:
        return atomic_weights()[symbol]
    except KeyError:
        raise InputError(
            f"'{symbol}' is not an element; write symbols as in the periodic table, e.g. Sb"
        ) from None
