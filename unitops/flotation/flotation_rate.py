"""The rate constants that a bank floats with, put together from what is given, row by row."""

from typing import Any

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
