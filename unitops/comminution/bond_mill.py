"""Mill to a given fineness, or with a given power, by Bond's law."""

from collections.abc import Sequence
from typing import ClassVar, Literal

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.parameters import ParticleSize, PositiveRatio, Power, SpecificEnergy
from flowsheet.core.particles import aperture_text
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.size_distribution import (
    cumulative_passing,
    gates_gaudin_schuhmann,
    rosin_rammler,
    size_passing,
)
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, ParticleUse
from unitops.comminution.bond import energy, product_p80
from unitops.comminution.limits import lacking_power, solids_without_size
from unitops.comminution.mill_body import MillBody, body_figures
from unitops.comminution.reduction import known, p80, particles, power_figures, size_figures
from unitops.comminution.target_size import ground_to

USUAL_WORK_INDEX = (5.0 * 3.6e3, 25.0 * 3.6e3)
"""Work indices of ores in ball mills, J/kg."""
FINEST_BY_BOND = 40e-6
"""P80 in m below which the law tells too little energy."""
COARSEST_FEED, AT_WORK_INDEX = 4000e-6, 13.0 * 3.6e3
"""Rowland's feed size for ball mills, at a work index of 13 kWh/t."""


class BondMill(MillBody):
    """Grind particles to a given P80, or as far as a given power reaches.

    Of each mineral and composite, the mass that passes a sieve of aperture x becomes

        passing'(x) = max(passing(x), T(x) * total)                                 (1)

        rosin_rammler            T(x) = 1 - 0.2^((x / P80)^n)                       (2)
        gates_gaudin_schuhmann   T(x) = 0.8 (x / P80)^n, at most 1                  (3)

    so that nothing leaves coarser than it came. The particles of a kind keep their order of size:
    the coarsest of the feed become the coarsest of the product, which says what went from which
    class to which, and what a broken composite sets free on the way (``core.liberation``, after
    Gaudin 1939). Energy per mass of particles, and power, follow from Bond's law

        W = 10 Wi EF (1 / sqrt(P80) - 1 / sqrt(F80)), sizes in um                   (4)

    with F80 and P80 of the streams. With ``power`` in place of ``p80`` the P80 of (2) or (3) is
    that of (4) for W = power / particles; below the finest sieve F80 is found with the slope n.

    (2) Rosin and Rammler (1933), Journal of the Institute of Fuel 7, 29-36. (3) Schuhmann (1940),
    AIME Technical Publication 1189. (4) Bond (1952), Transactions AIME 193, 484-494, with Rowland's
    efficiency factor EF (Rowland and Kjos 1980, quoted from memory).

    Work indices, kWh per metric ton, quoted from memory from Bond's tables: quartz 13.6, gold ore
    14.8, limestone 11.6, granite 14.4; stibnite in quartz veins 13 to 17 estimated, no source
    found. From a grindability test: ``bond.work_index_from_test``.

    Assumptions: all minerals are ground to one distribution; solids without size, water, gas pass
    unchanged and take no energy. Not modelled: how the mill, its balls and its water set the
    distribution (``BallMill``), softer minerals that end finer.
    Limits: a feed finer than T at every sieve passes unchanged. A T that is flatter than the feed
    makes fines even at no power. P80 and energy are left out of the figures where the sieves do not
    show them.

    >>> from flowsheet import Flowsheet, Particles, sieve_series, solve
    >>> from unitops.comminution.bond_mill import BondMill
    >>> from unitops.streams.sized_feed import SizedFeed
    >>> plant = Flowsheet(
    ...     species=["Sb2S3", "SiO2"],
    ...     particles=Particles(sieves=sieve_series("4 mm", 16), minerals=["Sb2S3", "SiO2"]),
    ...     units={
    ...         "ore": SizedFeed(
    ...             outlet="ore",
    ...             flow="50 t/h",
    ...             composition={"Sb2S3": "4 %"},
    ...             remainder="SiO2",
    ...             p80="2 mm",
    ...         ),
    ...         "mill": BondMill(
    ...             feed="ore",
    ...             product="pulp",
    ...             p80="75 um",
    ...             size_law="gates_gaudin_schuhmann",
    ...             work_index="14 kWh/t",
    ...         ),
    ...     },
    ... )
    >>> solution = solve(plant)
    >>> print(f"{solution['pulp'].passing_size():.0f~P}")
    75 µm
    >>> spent = {figure.label: figure for figure in solution.figures("mill")}["specific energy"]
    >>> print(f"{spent.value[0] / 3.6e3:.1f} kWh/t")
    13.0 kWh/t
    """

    particles: ClassVar[ParticleUse] = "needed"

    feed: Inlet
    product: Outlet

    work_index: SpecificEnergy
    """Bond work index of the ore, Wi, per metric ton (a short ton's is 1.1023 times less)."""
    p80: ParticleSize | None = None
    """Size that 80 % of the product passes, P80. Give this or ``power``."""
    power: Power | None = None
    """Power spent on grinding, at the pinion. Give this or ``p80``."""
    size_modulus: PositiveRatio = 1.0
    """Steepness n of the size law; 0.7 to 1.2 is usual for ground ore, assumed 1."""
    size_law: Literal["rosin_rammler", "gates_gaudin_schuhmann"] = "rosin_rammler"
    """Form of the product's size distribution."""
    efficiency_factor: PositiveRatio = 1.0
    """EF, all of Rowland's factors multiplied: 1.3 for dry grinding, 1.2 for an open circuit judged
    at 80 %, (2.44 m / D)^0.2 for mills of another diameter, (P80 + 10.3) / (1.145 P80) for P80
    below 75 um. Default 1: wet, closed circuit, 2.44 m mill."""
    installed_power: Power | None = None
    """Power of the motor that is there, to compare with."""

    def check(self) -> None:
        """Refuse a mill without an aim, or with two, and ore that resists nothing."""
        if (self.p80 is None) == (self.power is None):
            raise InputError("give either p80 or power, and not both")
        if self.work_index == 0.0:
            raise InputError("work_index of 0 kWh/t would grind for nothing; ores take 5 to 25")
        if self.installed_power == 0.0:
            raise InputError("installed_power of 0 kW is no mill; leave it out if it is not known")

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Grind; see the class for the equations."""
        assert feed.slate.particles is not None
        law = rosin_rammler if p.size_law == "rosin_rammler" else gates_gaudin_schuhmann
        wanted = _reached_by_power(feed, p) if p.p80 is None else p.p80
        target = law(feed.slate.particles.apertures, wanted, p.size_modulus)  # (2), (3)
        return {"product": feed.with_sized(ground_to(feed.slate, feed.sized, target))}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """F80, P80, reduction ratio, energy per mass of particles and power."""
        spent = _spent(flows, p)
        if spent is None or np.any(np.real(spent) < 0.0):
            energies = () if spent is None else power_figures(spent, flows, p.installed_power)
            return [*size_figures(flows), *energies]
        drawn = spent * particles(flows["feed"])
        return [
            *size_figures(flows),
            *power_figures(spent, flows, p.installed_power),
            *body_figures(p, power=drawn),
        ]

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Feeds and aims outside the law, sieves too coarse to see the product, lack of power."""
        unsized = solids_without_size(flows["feed"])
        if first(particles(flows["feed"])) == 0.0:
            return unsized
        return [*unsized, *_size_warnings(flows, p), *_energy_warnings(flows, p)]


def _reached_by_power(feed: Flow, p: Parameters) -> Array:
    """P80 in m that the power grinds the particles to, (scenarios,)."""
    spent = ratio(p.power, particles(feed)) / p.efficiency_factor
    return product_p80(p.work_index, _feed_p80(feed, p), spent)  # (4)


def _feed_p80(feed: Flow, p: Parameters) -> Array:
    """F80 in m, also where it is below the finest sieve, (scenarios,)."""
    assert feed.slate.particles is not None
    apertures = feed.slate.particles.apertures
    passing = cumulative_passing(feed.sized.sum(axis=0))
    seen = size_passing(apertures, passing)
    finest = np.where(passing[-1] > 0.0, passing[-1], 1.0)
    below = apertures[-1] * (0.8 / finest) ** (1.0 / p.size_modulus)
    return np.where(np.isnan(seen), below, seen)


def _spent(flows: Flows, p: Parameters) -> Array | None:
    """Energy per mass of particles in J/kg; None where the sieves do not show it."""
    if p.power is not None:
        fed = particles(flows["feed"])
        return None if np.any(fed == 0.0) else np.asarray(p.power / fed)
    feed, product = p80(flows["feed"]), p80(flows["product"])
    if not known(feed, product):
        return None
    return energy(p.work_index * p.efficiency_factor, feed, product)


def _size_warnings(flows: Flows, p: Parameters) -> Sequence[str]:
    told = []
    feed, product = first(p80(flows["feed"])), first(p80(flows["product"]))
    slate = flows["feed"].slate
    assert slate.particles is not None
    finest = aperture_text(slate.particles.sieves[-1])
    if not known(product):
        told.append(
            f"more than 80 % of the product passes the finest sieve, {finest}: P80 and Bond's "
            "energy are not known; add finer sieves to the particles"
        )
    elif product < FINEST_BY_BOND:
        told.append(
            f"product P80 of {aperture_text(product)}; below "
            f"{aperture_text(FINEST_BY_BOND)} Bond's law tells too little energy, a fine mill is "
            "sized by its own test"
        )
    if p.p80 is not None and known(feed) and feed <= first(p.p80):
        told.append(
            f"the feed, of P80 {aperture_text(feed)}, is already finer than the "
            f"{aperture_text(first(p.p80))} asked for"
        )
    coarsest = COARSEST_FEED * (AT_WORK_INDEX / first(p.work_index)) ** 0.5
    if known(feed) and feed > coarsest:
        told.append(
            f"feed P80 of {aperture_text(feed)} is coarser than the {aperture_text(coarsest)} that "
            "ball mills take well at this work index; crush finer, or raise efficiency_factor"
        )
    return told


def _energy_warnings(flows: Flows, p: Parameters) -> Sequence[str]:
    told = []
    low, high = USUAL_WORK_INDEX
    work_index = first(p.work_index)
    if not low <= work_index <= high:
        told.append(
            f"work_index of {work_index / 3.6e3:.3g} kWh/t; ores take {low / 3.6e3:.0f} to "
            f"{high / 3.6e3:.0f}"
        )
    spent = _spent(flows, p)
    if p.installed_power is not None and spent is not None:
        told.extend(lacking_power(spent, flows["feed"], p.installed_power))
    return told
