"""Density of particles above that of the liquor, which drives their settling."""

from functools import lru_cache
from typing import Any

import numpy as np

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array
from flowsheet.core.slate import Slate


def excess_density(slate: Slate, liquor_density: Any) -> Array:
    """Return kg/m^3 for each sized kind, (kinds, 1 or scenarios).

    Raises InputError for a kind without a density, and for one that floats on the liquor.
    """
    densities = sized_densities(slate)
    excess = np.asarray(densities[:, None] - liquor_density)
    floats = (excess.real <= 0.0).any(axis=1)
    if floats.any():
        place = int(floats.argmax())
        raise InputError(
            f"{slate.sized[place].name} of {densities[place]:.0f} kg/m^3 floats on a liquor_density"
            f" of {np.max(np.real(liquor_density)):.0f} kg/m^3; a cyclone needs particles that sink"
        )
    return excess


@lru_cache(maxsize=64)
def sized_densities(slate: Slate) -> Array:
    """Density of each sized kind in kg/m^3, (kinds,); raise InputError where one is unknown."""
    missing = [kind.name for kind in slate.sized if kind.density is None]
    if missing:
        raise InputError(
            f"a separation in water needs a density of {', '.join(missing)}; "
            f"define Species('{missing[0]}', density=...) in the flowsheet"
        )
    return np.array([kind.density for kind in slate.sized])
