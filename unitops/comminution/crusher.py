"""Crusher: particles break until they fit through, by Whiten's model."""

from collections.abc import Sequence
from typing import ClassVar, Literal

import numpy as np

from flowsheet.core.arithmetic import first
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.parameters import (
    Fraction,
    ParticleSize,
    PositiveRatio,
    Power,
    SpecificEnergy,
)
from flowsheet.core.particles import aperture_text
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, ParticleUse, UnitOp
from unitops.comminution.bond import energy
from unitops.comminution.breakage import (
    breakdown,
    broadbent_callcott,
    relative_sizes,
    two_slopes,
)
from unitops.comminution.limits import lacking_power, solids_without_size
from unitops.comminution.reduction import known, p80, particles, power_figures, size_figures
from unitops.comminution.selection import whiten

ONE_STAGE = 8.0
"""Reduction of P80 that one jaw or cone crusher does at most."""


class Crusher(UnitOp):
    """Crush in a jaw, gyratory or cone crusher of given closed side setting.

    Particles fall from nip to nip; of those of size x the share C(x) does not fit through, is
    broken, and its fragments meet the same choice again:

        p = (I - C) (I - B C)^-1 f                                                  (1)
        C(x) = 0                                   x < K1
        C(x) = 1 - ((K2 - x) / (K2 - K1))^K3       K1 < x < K2                      (2)
        C(x) = 1                                   x > K2

    C of a class is the average over its sizes. Of the fragments, the share B is finer than r times
    the geometric mean size of the class that broke; those that stay in it meet its C again:

        broadbent_callcott   B(r) = (1 - exp(-r)) / (1 - exp(-1))                   (3)
        two_slopes           B(r) = phi r^gamma + (1 - phi) r^beta                  (4)

    Fragments of a composite are in part free minerals (``core.liberation``, after Gaudin 1939).
    Energy per mass of particles is given, or that of Bond's law for a crushing work index,

        W = 10 Wi (1 / sqrt(P80) - 1 / sqrt(F80)), sizes in um                      (5)

    (1), (2) Whiten (1972), Journal of the South African Institute of Mining and Metallurgy 72,
    257-264. (3) Broadbent and Callcott (1956), Philosophical Transactions of the Royal Society A
    249, 99-123. (4) Austin, Klimpel and Luckie (1984), Process Engineering of Size Reduction.
    (5) Bond (1961), British Chemical Engineering 6, 378-385.

    Assumptions: all minerals break alike; solids without size, water and gas pass unchanged and
    take no energy. Not modelled: capacity, the feed's effect on K2, wear, choke feeding. What
    passes the finest sieve is broken no more.
    Limits: a feed finer than K1 passes unchanged; above K2 nothing leaves.

    >>> from flowsheet import Flowsheet, Particles, sieve_series, solve
    >>> from unitops.comminution.crusher import Crusher
    >>> from unitops.streams.sized_feed import SizedFeed
    >>> plant = Flowsheet(
    ...     species=["Sb2S3", "SiO2"],
    ...     particles=Particles(sieves=sieve_series("150 mm", 16), minerals=["Sb2S3", "SiO2"]),
    ...     units={
    ...         "ore": SizedFeed(
    ...             outlet="ore",
    ...             flow="100 t/h",
    ...             composition={"Sb2S3": "4 %"},
    ...             remainder="SiO2",
    ...             p80="60 mm",
    ...         ),
    ...         "cone": Crusher(feed="ore", product="crushed", closed_side_setting="13 mm"),
    ...     },
    ... )
    >>> print(f"{solve(plant)['crushed'].passing_size(unit='mm'):.1f~P}")
    11.9 mm
    """

    particles: ClassVar[ParticleUse] = "needed"

    feed: Inlet
    product: Outlet

    closed_side_setting: ParticleSize
    """Narrowest gap at the discharge as the crusher closes."""
    unbroken_below: PositiveRatio = 0.67
    """K1 over the closed side setting. Default of a 7 ft cone (Whiten 1972, quoted from memory);
    0.5 to 0.95 (King 2001, quoted from memory)."""
    broken_above: PositiveRatio = 2.5
    """K2 over the closed side setting. Assumed, range 1.7 to 3.5 (King 2001, quoted from memory);
    some 85 % of the product then passes the closed side setting. Fit it first."""
    classification_exponent: PositiveRatio = 2.3
    """K3. Default of Whiten 1972, quoted from memory; 1 to 3."""
    breakage: Literal["broadbent_callcott", "two_slopes"] = "broadbent_callcott"
    """Form of the breakage function."""
    fines_share: Fraction | None = None
    """phi, with ``two_slopes``."""
    fines_slope: PositiveRatio | None = None
    """gamma, with ``two_slopes``."""
    coarse_slope: PositiveRatio | None = None
    """beta, with ``two_slopes``."""
    work_index: SpecificEnergy | None = None
    """Bond work index for crushing, Wi, per metric ton. Give this, ``specific_energy`` or none."""
    specific_energy: SpecificEnergy | None = None
    """Energy per mass of particles; 0.2 to 1 kWh/t per stage is usual (estimated)."""
    installed_power: Power | None = None
    """Power of the motor that is there, to compare with."""

    def check(self) -> None:
        """Refuse sizes in the wrong order, slopes without their form, energy given twice."""
        if self.broken_above <= self.unbroken_below:
            raise InputError(
                f"broken_above of {self.broken_above:g} must lie above unbroken_below of "
                f"{self.unbroken_below:g}; usual are 1.7 to 3.5 and 0.5 to 0.95"
            )
        slopes = (self.fines_share, self.fines_slope, self.coarse_slope)
        if self.breakage == "two_slopes" and any(slope is None for slope in slopes):
            raise InputError("two_slopes needs fines_share, fines_slope and coarse_slope")
        if self.breakage != "two_slopes" and any(slope is not None for slope in slopes):
            raise InputError(
                "fines_share, fines_slope and coarse_slope belong to breakage 'two_slopes'; "
                f"leave them out with '{self.breakage}'"
            )
        if self.work_index is not None and self.specific_energy is not None:
            raise InputError("give either work_index or specific_energy, or none of them")
        if self.installed_power == 0.0:
            raise InputError(
                "installed_power of 0 kW is no crusher; leave it out if it is not known"
            )

    def is_linear(self) -> bool:
        """Every particle is broken by its size alone."""
        return True

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Crush; see the class for the equations."""
        assert feed.slate.particles is not None
        apertures = feed.slate.particles.apertures
        relative = relative_sizes(apertures, feed.slate.particles.mean_sizes)
        if p.breakage == "two_slopes":
            finer = two_slopes(relative, p.fines_share, p.fines_slope, p.coarse_slope)  # (4)
        else:
            finer = broadbent_callcott(relative)  # (3)
        unbroken = _unbroken(apertures, p)[None]
        broken = breakdown(feed.slate, unbroken, finer, feed.mass.shape[1])
        sized = broken(feed.sized)  # (1)
        return {"product": feed.with_sized(sized)}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """F80, P80, reduction ratio; energy and power where they are known."""
        spent = _spent(flows, p)
        energies = () if spent is None else power_figures(spent, flows, p.installed_power)
        return [*size_figures(flows), *energies]

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Feeds that fall through, too much reduction for one stage, sieves too coarse, power."""
        told = list(solids_without_size(flows["feed"]))
        if first(particles(flows["feed"])) == 0.0:
            return told
        told += _size_warnings(flows, p)
        spent = _spent(flows, p)
        if p.installed_power is not None and spent is not None:
            told.extend(lacking_power(spent, flows["feed"], p.installed_power))
        return told


def _unbroken(apertures: Array, p: Parameters) -> Array:
    """1 - C of each class, (classes, scenarios)."""
    smallest = p.unbroken_below * p.closed_side_setting
    largest = p.broken_above * p.closed_side_setting
    if np.any(largest <= smallest):
        raise InputError(
            f"broken_above of {first(p.broken_above):g} must lie above unbroken_below of "
            f"{first(p.unbroken_below):g}; usual are 1.7 to 3.5 and 0.5 to 0.95"
        )
    return whiten(apertures, smallest, largest, p.classification_exponent)  # (2)


def _spent(flows: Flows, p: Parameters) -> Array | None:
    """Energy per mass of particles in J/kg; None where it is not given or not known."""
    if p.specific_energy is not None:
        return np.broadcast_to(p.specific_energy, particles(flows["feed"]).shape)
    feed, product = p80(flows["feed"]), p80(flows["product"])
    if p.work_index is None or not known(feed, product):
        return None
    return energy(p.work_index, feed, product)  # (5)


def _size_warnings(flows: Flows, p: Parameters) -> Sequence[str]:
    told = []
    feed, product = flows["feed"], flows["product"]
    slate = feed.slate
    assert slate.particles is not None
    sieves = slate.particles.sieves
    smallest = first(p.unbroken_below * p.closed_side_setting)
    setting = aperture_text(first(p.closed_side_setting))
    if smallest <= sieves[-1]:
        told.append(
            f"a closed side setting of {setting} breaks down to {aperture_text(smallest)}, and the "
            f"finest sieve is {aperture_text(sieves[-1])}; add finer sieves to the particles"
        )
    changed = (product.sized - feed.sized)[:, :, 0]
    if not np.any(changed != 0.0):
        told.append(
            f"nothing is crushed: all of the feed is finer than {aperture_text(smallest)}, and "
            f"falls through a closed side setting of {setting}"
        )
    reduction = first(p80(feed) / p80(product))
    if reduction > ONE_STAGE:
        told.append(
            f"P80 is reduced {reduction:.1f} times; one jaw or cone crusher does 3 to "
            f"{ONE_STAGE:.0f}, so crush in stages"
        )
    return told
