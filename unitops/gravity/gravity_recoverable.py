"""The share of each mineral that is gravity-recoverable, as one number or by size class."""

from typing import Any

import numpy as np

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array
from flowsheet.core.particles import aperture_text
from flowsheet.core.slate import Slate

SAME = 1e-6
"""How far two sizes may differ, relative, and be the same sieve."""


def recoverable(slate: Slate, by_species: Array, heavy: str, by_size: Any) -> Array:
    """Return the gravity-recoverable share of every row, (constituents, 1 or scenarios).

    ``by_size`` maps sieve in m -> share, for the class of ``heavy`` that passes the sieve and stays
    on the next; None leaves ``by_species`` as it is.
    """
    if by_size is None:
        return by_species
    of_classes = _of_classes(slate, by_size)
    rows = [row for row in slate.rows_of(heavy) if row >= len(slate.species)]
    if not rows:
        raise InputError(
            f"recoverable_by_size: {heavy} has no size classes; list it among the minerals of the "
            "particles, or use gravity_recoverable"
        )
    columns = max(of_classes.shape[1], by_species.shape[1])
    kind = np.result_type(of_classes, by_species)
    found = np.array(np.broadcast_to(by_species, (slate.count, columns)), dtype=kind)
    found[rows] = of_classes
    return found


def _of_classes(slate: Slate, by_size: dict[float, Any]) -> Array:
    """Share of every class, (classes, 1 or scenarios)."""
    assert slate.particles is not None
    known, shares = dict(by_size), []
    for sieve in slate.particles.sieves:
        size = next((each for each in known if abs(each / sieve - 1.0) < SAME), None)
        if size is None:
            raise InputError(
                f"recoverable_by_size: says nothing of the class that passes "
                f"{aperture_text(sieve)}; name every sieve of the particles"
            )
        shares.append(known.pop(size))
    if known:
        raise InputError(
            f"recoverable_by_size: {aperture_text(next(iter(known)))} is no sieve of the series, "
            f"which are {', '.join(map(aperture_text, slate.particles.sieves))}"
        )
    return np.stack(np.broadcast_arrays(*[np.atleast_1d(share) for share in shares]))
