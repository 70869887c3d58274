"""Sizes of what a machine takes and makes, and the figures that follow from them."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from flowsheet.core.flow import Array, Flow
from flowsheet.core.size_distribution import cumulative_passing, size_passing
from flowsheet.core.unit import Figure, Flows


def p80(flow: Flow) -> Array:
    """80 % passing size of the particles in m, (scenarios,).

    Not-a-number where the finest sieve passes more, or nothing flows.
    """
    assert flow.slate.particles is not None
    passing = cumulative_passing(flow.sized.sum(axis=0))
    return size_passing(flow.slate.particles.apertures, passing)


def particles(flow: Flow) -> Array:
    """Mass flow of all particles in kg/s, (scenarios,)."""
    return np.asarray(flow.sized.sum(axis=(0, 1)))


def known(*values: Any) -> bool:
    """Whether every number is one: sizes that the sieves do not show are not."""
    return not any(np.isnan(value).any() for value in values)


def size_figures(flows: Flows) -> Sequence[Figure]:
    """F80, P80 and reduction ratio, as far as the sieves show them."""
    feed, product = p80(flows["feed"]), p80(flows["product"])
    found = []
    if known(feed):
        found.append(Figure(feed, "um", "feed P80"))
    if known(product):
        found.append(Figure(product, "um", "product P80"))
    if known(feed, product):
        found.append(Figure(feed / product, "", "reduction ratio"))
    return found


def power_figures(spent: Any, flows: Flows, installed: Any | None) -> Sequence[Figure]:
    """Energy per mass of particles, power, and the share of what is installed; J/kg, W."""
    power = spent * particles(flows["feed"])
    found = [
        Figure(np.asarray(spent), "kWh/t", "specific energy"),
        Figure(power, "kW", "power", "power"),
    ]
    if installed is not None:
        found.append(Figure(power / installed, "%", "load of the installed power"))
    return found
