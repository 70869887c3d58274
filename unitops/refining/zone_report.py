"""Figures and warnings of zone refining."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.flow import Array, Flow
from flowsheet.core.unit import Figure, Flows, Parameters
from unitops.refining.distribution_coefficient import distribution_coefficients
from unitops.refining.zone_furnace import furnace_figures
from unitops.refining.zone_shares import effective, shares_at_limit
from unitops.refining.zone_target import division

FASTEST_IN_PRACTICE = 2e-3 / 60.0  # m/s
DILUTE = 0.01  # mass fraction of all impurities up to which k is taken as constant
ENOUGH = 1.01
"""Of the impurities at the limit: passes that come this near leave nothing more to do."""


def zone_figures(flows: Flows, p: Parameters) -> Sequence[Figure]:
    """Yield and purity on the basis of all that is not antimony, its limit, and the furnaces."""
    feed, ingot = flows["feed"], flows["ingot"]
    passes = division(feed, p).passes + 0.0 * feed.total()
    limit, _ = shares_at_limit(p)
    return (
        Figure(ratio(ingot.of("Sb"), feed.of("Sb")), "%", "antimony to the ingot"),
        Figure(impurity(feed), "ppm", "impurities in the feed"),
        Figure(impurity(ingot), "ppm", "impurities in the ingot"),
        Figure(impurity(feed * limit), "ppm", "impurities after endless passes"),
        Figure(ratio(ingot.of("As"), ingot.total()), "ppm", "arsenic in the ingot"),
        Figure(ratio(ingot.of("Sb"), ingot.total()), "%", "purity of the ingot"),
        Figure(impurity(flows["crop"]), "ppm", "impurities in the crop"),
        Figure(passes, "", "passes"),
        Figure(passes * p.zones, "", "zones led through a bar"),
        *furnace_figures(feed, ingot, passes, p),
    )


def zone_warnings(flows: Flows, p: Parameters, named: Any) -> list[str]:
    """Impurities that this unit cannot remove, and settings beyond its assumptions."""
    return [*_of_impurities(flows, p, named), *_of_passes(flows, p), *_of_settings(p)]


def _of_impurities(flows: Flows, p: Parameters, named: Any) -> list[str]:
    slate, feed, ingot = flows["feed"].slate, flows["feed"], flows["ingot"]
    k = {name: effective(p)[slate.row(name), 0].real for name in slate.names}
    flowing = [name for name in slate.names if first(feed.of(name)) > 0.0 and name != "Sb"]
    known = {*distribution_coefficients(), *named.by_name}
    unknown = [name for name in flowing if name not in known and named.others is None]
    gathered = [f"{name} ({k[name]:.3g})" for name in flowing if k[name] > 1.0]
    arsenic, others = first(ingot.of("As")), first((ingot - ingot.only("Sb")).total())
    dirt = first(impurity(feed))
    found = []
    if unknown:
        found.append(f"{', '.join(unknown)}: no distribution coefficient, taken as 1")
    if gathered and first(p.head_crop_fraction) == 0.0:
        found.append(
            f"{', '.join(gathered)}: k above 1 gathers at the head, in the ingot; give a "
            "head_crop_fraction"
        )
    if arsenic > 0.5 * others:
        found.append(
            f"arsenic is {100.0 * arsenic / others:.3g} % of the impurities left: with an "
            f"effective k of {k['As']:.3g} it is hardly removed; distil it off or treat the "
            f"metal with soda first"
        )
    if dirt > DILUTE:
        found.append(
            f"the feed holds {100.0 * dirt:.3g} % impurities; coefficients are those of dilute "
            f"impurities, up to about {100.0 * DILUTE:.0f} %"
        )
    return found


def _of_passes(flows: Flows, p: Parameters) -> list[str]:
    """Passes that change nothing any more."""
    if p.passes is None or first(p.passes) < 2.0:
        return []
    feed = flows["feed"]
    fewer, *_ = division(feed, p.replaced({"passes": np.maximum(p.passes - 1.0, 1.0)}))
    limit, _ = shares_at_limit(p)
    least = first(impurity(feed * limit))
    if not 0.0 < first(impurity(feed * fewer)) < ENOUGH * least:
        return []
    return [
        f"{first(p.passes) - 1.0:.0f} passes already come within 1 % of the {1e6 * least:.3g} ppm "
        f"that no number of passes goes below; {first(p.passes):.0f} are more than needed"
    ]


def _of_settings(p: Parameters) -> list[str]:
    found = []
    speed = first(np.real(p.zone_speed))
    length, diameter = first(p.zone_to_bar) * first(p.bar_length), first(p.bar_diameter)
    if speed > FASTEST_IN_PRACTICE * 1.001:
        found.append(
            f"zone_speed of {speed * 6e4:.3g} mm/min is above the 2 mm/min of practice; "
            f"little is separated"
        )
    if length < diameter * (1.0 - 1e-9):
        found.append(
            f"a zone of {1e3 * length:.3g} mm is shorter than the {1e3 * diameter:.3g} mm of the "
            "bar's diameter, which heaters hardly hold; give a longer bar or zone, or a thinner bar"
        )
    if first(p.zones) > 1.0 and first(p.zone_pitch) < 1.5:
        found.append(
            f"zone_pitch of {first(p.zone_pitch):.3g} leaves {first(p.zone_pitch) - 1.0:.2g} zone "
            "lengths of solid between zones, which may melt through; 2 to 3 is usual"
        )
    return found


def impurity(flow: Flow) -> Array:
    """Mass fraction of all that is not antimony."""
    return ratio((flow - flow.only("Sb")).total(), flow.total())
