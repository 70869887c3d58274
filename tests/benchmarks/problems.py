"""The problems that are timed: their figures, their exact answers, and how an answer is judged.

Flows are in t/h and arrays are (scenarios, species) or (products, species); nothing here imports a
program that is timed.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SPECIES = ("Sb2S3", "FeAsS", "SiO2")
MOLAR_MASS = (339.70, 162.83, 60.08)
FEED = np.array([2.0, 1.0, 97.0])
UNITS = ("rougher", "scavenger", "cleaner")
RECOVERY = np.array([[0.80, 0.60, 0.05], [0.60, 0.50, 0.05], [0.85, 0.50, 0.10]])
"""To concentrate, (units, species)."""
RETURNED = 0.05
"""Part of the last tailings of a series that goes back to the first feed."""
SPREAD = 0.05
"""Largest relative change of a parameter in a scenario."""
SEED = 1
ACCURACY = 1e-10
"""An answer worse than this does not count."""
TRACE = 1e-9
"""Flows below this part of the feed of their species are judged as if they were this large."""


def circuit_shares(recovery: Floats) -> tuple[Floats, Floats]:
    """Parts of the feed of one circuit that leave in concentrate and tailings.

    ``recovery`` is (units, species) or (scenarios, units, species). Per species the rougher's
    inlet is x = 1 + (1 - r) s x + r (1 - c) x.
    """
    rougher, scavenger, cleaner = np.moveaxis(recovery, -2, 0)
    inlet = 1.0 / (1.0 - (1.0 - rougher) * scavenger - rougher * (1.0 - cleaner))
    return inlet * rougher * cleaner, inlet * (1.0 - rougher) * (1.0 - scavenger)


def exact_series(circuits: int) -> Floats:
    """Concentrates of a series of circuits, then its tailings, (circuits + 1, species).

    One circuit alone returns nothing of its tailings.
    """
    concentrate, tailings = circuit_shares(RECOVERY)
    returned = RETURNED if circuits > 1 else 0.0
    entering = FEED / (1.0 - returned * tailings**circuits)
    entering = entering * tailings ** np.arange(circuits + 1)[:, None]
    return np.vstack([entering[:-1] * concentrate, entering[-1] * (1.0 - returned)])


def moved(count: int) -> Floats:
    """Recoveries of the first ``count`` scenarios, (scenarios, units, species)."""
    factors = np.random.default_rng(SEED).uniform(1.0 - SPREAD, 1.0 + SPREAD, (count, 3, 3))
    return RECOVERY * factors


def exact_scenarios(recovery: Floats) -> Floats:
    """Concentrates of the scenarios, (scenarios, species)."""
    return FEED * circuit_shares(recovery)[0]


@dataclass(frozen=True)
class Banks:
    """Three banks of flotation cells whose residence time depends on what they are fed."""

    density: Floats
    """t/m^3, (species,); the last species is water."""
    feed: Floats
    """t/h, (species,)."""
    rate_constant: Floats
    """1/h, (units, species)."""
    cells: tuple[int, int, int]
    cell_volume: tuple[float, float, float]
    """m^3."""
    gas_holdup: Floats
    """(scenarios, units)."""
    water_recovery: Floats
    """(scenarios, units)."""


def banks(count: int, species: int = 40) -> Banks:
    """Minerals that float at rates between 0.001 and 1 per minute, and water, as a 30 % pulp."""
    minerals = species - 1
    solids = 100.0 / np.arange(1, minerals + 1)
    solids *= 100.0 / solids.sum()
    rate = 60.0 * np.append(np.logspace(0.0, -3.0, minerals), 0.0)
    generator = np.random.default_rng(SEED)
    factors = generator.uniform(1.0 - SPREAD, 1.0 + SPREAD, (2, count, 3))
    return Banks(
        density=np.append(np.linspace(7.5, 2.6, minerals), 1.0),
        feed=np.append(solids[::-1], solids.sum() * 0.7 / 0.3),
        rate_constant=rate * np.array([[1.0], [0.8], [0.6]]),
        cells=(6, 8, 4),
        cell_volume=(20.0, 20.0, 5.0),
        gas_holdup=0.15 * factors[0],
        water_recovery=np.array([0.10, 0.12, 0.20]) * factors[1],
    )


def largest_error(found: Floats, exact: Floats, feed: Floats) -> float:
    """Largest relative error of a product flow; traces are judged against ``TRACE``."""
    errors = np.abs(found - exact) / np.maximum(exact, TRACE * feed)
    return float(np.max(errors, initial=0.0))


def wrong(found: Floats, exact: Floats, limit: float) -> int:
    """Scenarios of which some flow is wrong by more than ``limit``."""
    return int(np.sum((np.abs(found / exact - 1.0) > limit).any(axis=-1)))
