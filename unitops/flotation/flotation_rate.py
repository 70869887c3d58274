"""The rate constants that a bank floats with, put together from what is given, row by row."""

from typing import Any

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Parameters
from unitops.flotation.bubble_surface_area_flux import flux_of_bubbles, flux_of_impeller
from unitops.flotation.froth import froth_recovery, froth_retention_time
from unitops.flotation.kinetics import (
    first_order_bank,
    gamma_bank,
    kelsall_bank,
    klimpel_bank,
)
from unitops.flotation.rate_by_size import relative_rate, value_by_size

ONLY_FOR = {"slow_fraction": "kelsall", "slow_rate_constant": "kelsall", "gamma_shape": "gamma"}
"""Parameters of a distribution of rate constants, and the kinetics they belong to."""
IMPELLER = ("impeller_tip_speed", "impeller_aspect_ratio", "pulp_p80")


def floated(slate: Slate, p: Parameters, time_per_cell: Any) -> Array:
    """Share of what can float that floats in the bank, (rows, 1 or scenarios)."""
    scale = _scale(slate, p)
    rate = p.rate_constant if p.floatability is None else p.floatability * surface_flux(p)
    rate = rate if scale is None else rate * scale
    if p.kinetics == "klimpel":
        return klimpel_bank(rate, time_per_cell, p.cells)
    if p.kinetics == "gamma":
        return gamma_bank(rate, p.gamma_shape, time_per_cell, p.cells)
    if p.kinetics == "kelsall":
        slow = p.slow_rate_constant if scale is None else p.slow_rate_constant * scale
        return kelsall_bank(rate, slow, p.slow_fraction, time_per_cell, p.cells)
    return first_order_bank(rate, time_per_cell, p.cells)


def surface_flux(p: Parameters) -> Any:
    """Bubble surface area flux, S_b, in 1/s."""
    if p.bubble_surface_area_flux is not None:
        return p.bubble_surface_area_flux
    if p.bubble_diameter is not None:
        return flux_of_bubbles(p.superficial_gas_velocity, p.bubble_diameter)
    return flux_of_impeller(
        p.superficial_gas_velocity, p.impeller_tip_speed, p.impeller_aspect_ratio, p.pulp_p80
    )


def _scale(slate: Slate, p: Parameters) -> Any:
    """What all rate constants are multiplied by: froth recovery and size; None if by nothing."""
    factors = []
    if p.froth_recovery is not None:
        factors.append(p.froth_recovery)
    if p.froth_loss_rate is not None:
        time = p.froth_retention_time
        if time is None:
            time = froth_retention_time(p.froth_depth, p.superficial_gas_velocity)
        factors.append(froth_recovery(p.froth_loss_rate, time))
    if p.optimum_size is not None:
        factors.append(relative_rate(slate, p.optimum_size, p.size_exponent))
    if p.relative_rate is not None:
        factors.append(value_by_size(slate, p.relative_rate))
    if not factors:
        return None
    scale = factors[0]
    for factor in factors[1:]:
        scale = scale * factor
    return scale


def check_rate(unit: Any) -> None:
    """Refuse rate constants that are given twice, in part, or not at all."""
    _check_kinetics(unit)
    if (unit.rate_constant is None) == (unit.floatability is None):
        raise InputError("give either rate_constant or floatability, and not both")
    _check_gas(unit)
    _check_froth(unit)
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
