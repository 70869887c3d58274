"""Devices of dense medium separation: what size they take, how sharp they are, how size tells.

Typical settings in t/m3, as Wills' Mineral Processing Technology has them (quoted from memory, not
re-read; take test work where there is any):

    device               particles, mm   rho_50     Ep
    drum, bath           6-300           2.6-3.2    0.02-0.05, hardly dependent on size
    cyclone              0.5-40          2.6-3.2    0.02-0.03 above 4 mm, 0.03-0.05 at 1-4 mm,
                                                    0.05-0.08 below 1 mm
    coal bath, cyclone   0.5-100         1.3-1.8    0.02-0.10

Ep of a size d is taken as Ep * (d / d_ref)^-n: for cyclones n = 0.5 and d_ref = 2 mm, which with an
Ep of 0.04 reproduces the table; for drums 0.25 and 25 mm (assumed); for any other device n = 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import first
from flowsheet.core.flow import Flow
from flowsheet.core.particles import aperture_text
from flowsheet.core.unit import Parameters
from unitops.gravity.particle_density import share_of_sizes


@dataclass(frozen=True)
class Device:
    """What is usual for a device: law of sizes, sizes it takes in m, and sharpness in kg/m^3."""

    size_exponent: float
    reference_size: float
    least_size: float
    largest_size: float
    dullest: float


DEVICES = {
    "any": Device(0.0, 2e-3, 0.0, float("inf"), 600.0),
    "drum": Device(0.25, 25e-3, 6e-3, 0.3, 100.0),
    "cyclone": Device(0.5, 2e-3, 0.5e-3, 40e-3, 100.0),
}
SHARPEST = 20.0
"""Ecart probable of the sharpest dense-medium separators in use, kg/m^3."""
CUTS = (1300.0, 4000.0)
"""Cut densities in use, from coal baths to the heaviest media and mineral jigs, kg/m^3."""
MISFIT = 0.05
"""Share of the solids outside the sizes of a device from which it is worth a warning; assumed."""


def size_law(p: Parameters) -> tuple[Any, Any]:
    """Exponent n and reference size: those given, or those of the device."""
    device = DEVICES[p.device]
    exponent = device.size_exponent if p.size_exponent is None else p.size_exponent
    size = device.reference_size if p.reference_size is None else p.reference_size
    return exponent, size


def setting_warnings(p: Parameters) -> Sequence[str]:
    """Warn of cuts and sharpnesses that no device reaches."""
    told = []
    cut, spread, device = first(p.cut_density), first(p.ecart_probable), DEVICES[p.device]
    if not CUTS[0] <= cut <= CUTS[1]:
        told.append(f"cut density {cut:.0f} kg/m^3; devices in use cut from 1300 to 4000")
    if spread < SHARPEST:
        told.append(
            f"ecart probable {spread:.3g} kg/m^3 is sharper than devices in use (20 or more)"
        )
    if spread > device.dullest:
        least = "even spirals stay" if p.device == "any" else f"a dense-medium {p.device} stays"
        told.append(f"ecart probable {spread:.0f} kg/m^3; {least} below {device.dullest:.0f}")
    return told


def size_warnings(feed: Flow, p: Parameters) -> Sequence[str]:
    """Warn of particles that are too fine or too coarse for the device."""
    told, device = [], DEVICES[p.device]
    fine = first(share_of_sizes(feed, 0.0, device.least_size))
    coarse = first(share_of_sizes(feed, device.largest_size, np.inf))
    if fine > MISFIT:
        told.append(
            f"{fine:.0%} of the solids are finer than {aperture_text(device.least_size)}, too fine "
            f"for a dense-medium {p.device}; screen them out before, they foul the medium"
        )
    if coarse > MISFIT:
        told.append(
            f"{coarse:.0%} of the solids are coarser than {aperture_text(device.largest_size)}, "
            f"too coarse for a dense-medium {p.device}; crush the feed finer"
        )
    return told
