"""What the bowl of a centrifugal concentrator catches, and how much room it has.

Equations (1) to (6) of ``CentrifugalConcentrator``.
"""

from typing import Any

import numpy as np

from flowsheet.core.arithmetic import ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.particles import aperture_text
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Parameters
from unitops.gravity.particle_density import check_densities, densities, sizes
from unitops.gravity.partition import whiten

SAME = 1e-6
"""How far two sizes may differ, relative, and be the same sieve."""


def catch(feed: Flow, p: Parameters) -> Array:
    """Share of every solid that the bowl would catch if it had room, (constituents, scenarios)."""
    slate = feed.slate
    size = sizes(slate)
    falls = np.where(np.isnan(size), 0.0, p.fine_limit / np.where(np.isnan(size), 1.0, size))
    by_size = (1.0 + falls**2) ** (-0.5 * p.fine_exponent)  # (2)
    by_density = whiten(densities(slate), p.cut_density, p.ecart_probable)  # (3)
    return np.asarray(
        recoverable_shares(feed, p) * p.stage_efficiency * by_size * by_density
    )  # (1)


def recoverable_shares(feed: Flow, p: Parameters) -> Array:
    """Gravity-recoverable share of every row, (constituents, 1 or scenarios)."""
    return _recoverable(feed.slate, p.gravity_recoverable, p.heavy, p.recoverable_by_size)


def to_concentrate(feed: Flow, p: Parameters) -> Array:
    """Recovery of every solid to the concentrate, (constituents, scenarios)."""
    if feed.slate.particles is None:
        raise InputError(
            "cut_density needs the sizes of particles; give the flowsheet "
            "particles=Particles(...), or give this unit a recovery instead"
        )
    check_densities(feed)
    caught, solids = catch(feed, p), feed.solids
    wanted, room = (solids * caught).total(), p.mass_yield * solids.total()
    overloaded = wanted.real > room.real
    caught = caught * ratio(room, np.where(overloaded, wanted, room), empty=1.0)  # (4)
    filling = np.where(overloaded, 0.0, ratio(room - wanted, solids.total() - wanted))  # (5)
    return np.asarray(caught + (1.0 - caught) * filling)  # (6)


def _recoverable(slate: Slate, by_species: Array, heavy: str, by_size: Any) -> Array:
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
