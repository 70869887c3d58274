"""What a flotation bank cannot be: settings that contradict each other or say too little."""

from collections.abc import Sequence
from typing import Any

from flowsheet.core.errors import InputError
from flowsheet.core.slate import Slate

ONLY_FOR = {"slow_fraction": "kelsall", "slow_rate_constant": "kelsall", "gamma_shape": "gamma"}
"""Parameters of a distribution of rate constants, and the kinetics they belong to."""
IMPELLER = ("impeller_tip_speed", "impeller_aspect_ratio", "pulp_p80")
BY_SIZE = ("optimum_size", "relative_rate", "entrainment_size")
"""Parameters that need size classes."""
LEAST_DRAINAGE = 0.5
"""Below exp(-1) the finest particles would not be entrained at all."""


def check_settings(unit: Any) -> None:
    """Raise InputError for what is given twice, in part, or not at all."""
    if (unit.residence_time is None) == (unit.cell_volume is None):
        raise InputError("give either residence_time or cell_volume, and not both")
    if unit.gas_holdup == 1.0:
        raise InputError("gas_holdup of 100 % leaves no room for pulp; give less")
    _check_kinetics(unit)
    if (unit.rate_constant is None) == (unit.floatability is None):
        raise InputError("give either rate_constant or floatability, and not both")
    _check_gas(unit)
    _check_froth(unit)
    _check_water(unit)
    if unit.optimum_size is not None and unit.relative_rate is not None:
        raise InputError("give either optimum_size or relative_rate, and not both")


def _check_kinetics(unit: Any) -> None:
    for name, kinetics in ONLY_FOR.items():
        is_given = getattr(unit, name) is not None
        if unit.kinetics == kinetics and not is_given:
            raise InputError(f"kinetics '{kinetics}' needs {name}; give it")
        if unit.kinetics != kinetics and is_given:
            raise InputError(
                f"{name} belongs to kinetics '{kinetics}', and these are '{unit.kinetics}'; "
                "leave it out, or change the kinetics"
            )
    if unit.kinetics == "kelsall" and unit.floatability is not None:
        raise InputError(
            "kinetics 'kelsall' has two rate constants; give rate_constant and slow_rate_constant "
            "instead of floatability"
        )


def _check_gas(unit: Any) -> None:
    """Refuse a floatability without one way to know S_b, and gas that nothing uses."""
    impeller = [name for name in IMPELLER if getattr(unit, name) is not None]
    named = ("bubble_surface_area_flux", "bubble_diameter")
    ways = [name for name in named if getattr(unit, name) is not None] + impeller[:1]
    if unit.floatability is None:
        if ways:
            raise InputError(f"{ways[0]} belongs to a floatability; give one, or leave it out")
        return
    if len(ways) != 1:
        found = f", got {' and '.join(ways)}" if ways else ""
        raise InputError(
            "floatability needs one of bubble_surface_area_flux, bubble_diameter and "
            f"impeller_tip_speed{found}"
        )
    if impeller and len(impeller) < len(IMPELLER):
        raise InputError(
            f"impeller_tip_speed, impeller_aspect_ratio and pulp_p80 go together; "
            f"{', '.join(sorted(set(IMPELLER) - set(impeller)))} is not given"
        )
    if ways[0] != "bubble_surface_area_flux" and unit.superficial_gas_velocity is None:
        raise InputError(f"{ways[0]} needs a superficial_gas_velocity; give it")


def _check_froth(unit: Any) -> None:
    """Refuse a froth described twice or in part."""
    if unit.froth_loss_rate is None:
        for name in ("froth_retention_time", "froth_depth"):
            if getattr(unit, name) is not None:
                raise InputError(f"{name} needs a froth_loss_rate; give one, or leave it out")
        return
    if unit.froth_recovery is not None:
        raise InputError("give either froth_recovery or froth_loss_rate, and not both")
    if (unit.froth_retention_time is None) == (unit.froth_depth is None):
        raise InputError("froth_loss_rate needs either froth_retention_time or froth_depth")
    if unit.froth_depth is not None and not unit.superficial_gas_velocity:
        raise InputError("froth_depth needs a superficial_gas_velocity above zero; give it")


def _check_water(unit: Any) -> None:
    """Refuse a water recovery given twice, and one that leaves nothing in a cell."""
    if unit.water_recovery_per_cell is not None and unit.water_recovery > 0.0:
        raise InputError("give either water_recovery or water_recovery_per_cell, and not both")
    recovered = max(unit.water_recovery, unit.water_recovery_per_cell or 0.0)
    if unit.entrainment_form == "cell_by_cell" and recovered == 1.0:
        raise InputError(
            "a water recovery of 100 % leaves no pulp in a cell; give less, or entrainment_form "
            "'over_bank'"
        )
    if unit.entrainment_drainage < LEAST_DRAINAGE:
        raise InputError(
            f"entrainment_drainage of {unit.entrainment_drainage:g} would drain the finest "
            "particles best; give 0.5 or more, 1 to 2 is usual"
        )


def check_sizes(unit: Any, slate: Slate, by_size: Sequence[str] = BY_SIZE) -> None:
    """Raise InputError for parameters by size where there are no size classes."""
    if slate.particles is not None:
        return
    for name in by_size:
        if getattr(unit, name) is not None:
            raise InputError(
                f"{name}: works on size classes, and this flowsheet has none; give it "
                "particles=Particles(...), or leave this out"
            )
