"""A sieve analysis as the laboratory reports it, on the sieves of a flowsheet."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array
from flowsheet.core.particles import Particles, aperture_text

ALL = 1.0 - 1e-6
"""Share that must pass the top sieve; less is no rounding of a report."""
SAME = 1e-6
"""Two sieves are the same up to this rounding, relative."""


def check_analysis(passing: Mapping[float, float]) -> None:
    """Refuse a sieve analysis, size in m -> share that passes, that falls from fine to coarse."""
    for fine, coarse in pairwise(sorted(passing)):
        if passing[fine] > passing[coarse]:
            raise InputError(
                f"passing: {passing[fine]:.4%} passes {aperture_text(fine)} and only "
                f"{passing[coarse]:.4%} the coarser {aperture_text(coarse)}; passing is "
                "cumulative, and grows with the aperture"
            )


def passing_at_sieves(particles: Particles, given: Mapping[float, Any]) -> Array:
    """The share that passes each sieve of the series, (classes, scenarios).

    The top sieve may be left out: it passes all. Raises InputError for any other that is missing,
    for a sieve that is not in the series, and where the top sieve keeps something back.
    """
    rest = dict(given)
    passing = [rest.pop(_nearest(sieve, rest), None) for sieve in particles.sieves]
    if rest:
        series = ", ".join(map(aperture_text, particles.sieves))
        raise InputError(
            f"passing: {aperture_text(next(iter(rest)))} is no sieve of the particles, which are "
            f"{series}; give what passes these"
        )
    if passing[0] is None:
        passing[0] = 1.0
    for sieve, share in zip(particles.sieves, passing, strict=True):
        if share is None:
            raise InputError(
                f"passing: says nothing of {aperture_text(sieve)}, a sieve of the particles; name "
                "all of them"
            )
    top = np.min(np.real(passing[0]))
    if top < ALL:
        raise InputError(
            f"passing: only {top:.4%} passes the top sieve {aperture_text(particles.sieves[0])}, "
            "and the rest would have no size; add a coarser sieve that all of it passes"
        )
    return np.stack(np.broadcast_arrays(*[np.atleast_1d(share) for share in passing]))


def _nearest(sieve: float, known: Mapping[float, Any]) -> float:
    """The given size that is this sieve but for rounding, or the sieve itself."""
    return next((size for size in known if abs(size / sieve - 1.0) < SAME), sieve)
