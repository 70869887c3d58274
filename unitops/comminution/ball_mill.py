"""Ball mill: rates of breakage by size and mineral, and fragments, in tanks in series."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.parameters import (
    Count,
    Fraction,
    MassPerEnergy,
    ParticleSize,
    PerSpecies,
    PerTime,
    PositiveRatio,
    Power,
    Ratio,
    Time,
    Volume,
)
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, ParticleUse
from unitops.comminution.bond import operating_work_index
from unitops.comminution.breakage import breakdown, relative_sizes, two_slopes
from unitops.comminution.limits import (
    coarse_feed,
    coarse_steps,
    long_residence,
    solids_without_size,
    unseen_product,
)
from unitops.comminution.mill_body import MillBody, body_figures
from unitops.comminution.reduction import known, p80, particles, size_figures
from unitops.comminution.selection import austin, fastest_size

STEP = 2.0**0.5
"""Between sieves, to which rates of breakage refer: who breaks is smaller by so much."""


class BallMill(MillBody):
    """Break particles at rates by size and mineral: the population balance of a ball mill.

    In a perfectly mixed tank, class i of a mineral k is fed, made from coarser classes and broken:

        p_ik = f_ik + tau * (sum over j <= i of b_ij S_jk p_jk) - tau * S_ik p_ik   (1)
        S_ik = relative rate_k * a * (x_i / 1 mm)^alpha / (1 + (x_i / mu)^Lambda)   (2)
        B_ij = phi (x_i / y_j)^gamma + (1 - phi) (x_i / y_j)^beta, at most 1        (3)

    with x the upper sieve of a class, y = x / sqrt(2), B_ij the share of the fragments of class j
    that passes x_i, and b_ij = B_ij - B_i+1,j. A particle counts as broken once it is smaller than
    y: out of its class on sieves in steps of sqrt(2), as rates are measured. Finer steps give the
    same product within some percent; on coarser ones part of the fragments stays in the class. What
    passes the finest sieve is broken no more. N equal tanks in series stand for the mill, each with
    tau = residence time / N; many tanks grind like a batch:

        residence_time   tau = residence time / N
        pulp_volume      tau = V / (N Q), Q the volume of solids and water fed      (4)
        power            S tau = S^E P / (N M), M the mass flow of particles        (5)

    The shell that this takes follows from the pulp or the power: ``mill_body.py``.

    In (5), of Herbst and Fuerstenau, rates are proportional to power per mass of solids held, and
    (2) gives S^E with ``rate_per_energy_at_1_mm`` in place of a: what is held does not matter.

    Fragments of a composite are in part free minerals (``core.liberation``, after Gaudin 1939),
    which from then on break as these do.

    (1) to (3) Austin, Klimpel and Luckie (1984), Process Engineering of Size Reduction: Ball
    Milling. (5) Herbst and Fuerstenau (1980), International Journal of Mineral Processing 7, 1-31.

    Assumptions: first-order rates that do not depend on the rest of the charge; one breakage
    function for all minerals; solids stay as long as the water. Solids without size, water and gas
    pass unchanged. Not modelled: mill size, balls, speed and pulp density, which set a and mu;
    transport and overfilling.
    Limits: no time leaves the feed as it is, endless time takes all of it through the finest sieve.

    >>> from flowsheet import Flowsheet, Particles, sieve_series, solve
    >>> from unitops.comminution.ball_mill import BallMill
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
    ...             p80="1 mm",
    ...         ),
    ...         "mill": BallMill(
    ...             feed="ore",
    ...             product="pulp",
    ...             tanks=3,
    ...             residence_time="8 min",
    ...             rate_at_1_mm="0.8 1/min",
    ...             relative_rate={"Sb2S3": 3},
    ...         ),
    ...     },
    ... )
    >>> pulp = solve(plant)["pulp"]
    >>> for mineral in ["SiO2", "Sb2S3"]:
    ...     print(f"{mineral}: P80 {pulp.passing_size(kind=mineral):.0f~P}")
    SiO2: P80 219 µm
    Sb2S3: P80 79 µm
    """

    particles: ClassVar[ParticleUse] = "needed"

    feed: Inlet
    product: Outlet

    tanks: Count = 1.0
    """Number of equal mixed tanks in series that stand for the mill, N. Assumed 1; long mills 2 to
    4, and in the hundreds a batch."""
    residence_time: Time | None = None
    """Residence time of the pulp in the mill, all tanks together; 2 to 15 min is usual. Give this,
    ``pulp_volume`` or ``power``."""
    pulp_volume: Volume | None = None
    """Volume of pulp in the mill, V: the voids of the balls, about 40 % of their bed, when they are
    just filled. Give this, ``residence_time`` or ``power``."""
    power: Power | None = None
    """Net power drawn by the charge, P. Give this, ``residence_time`` or ``pulp_volume``."""
    rate_at_1_mm: PerTime | None = None
    """Rate of breakage at 1 mm, a, with ``residence_time`` or ``pulp_volume``. In a laboratory mill
    0.4 to 0.6 1/min for quartz (Austin 1984, quoted from memory); fit it to the mill."""
    rate_per_energy_at_1_mm: MassPerEnergy | None = None
    """Rate of breakage at 1 mm over power per mass held, with ``power``; about 0.5 to 2 t/kWh
    (estimated; fit it to a batch test or to the mill)."""
    relative_rate: PerSpecies[Ratio] = 1.0
    """How much faster a mineral or composite breaks than the rate says. Default 1; stibnite, soft
    and cleaving, 2 to 4 times quartz (estimated). Composites are named like minerals."""
    size_exponent: PositiveRatio = 0.8
    """alpha. Default for quartz (Austin 1984, quoted from memory); 0.6 to 1.3 for ores."""
    critical_size: ParticleSize | None = None
    """mu, above which particles are too large for the balls; without it rates grow with all sizes.
    It grows with the square of the ball size: some 2 to 10 mm in plants (estimated)."""
    critical_exponent: PositiveRatio = 3.0
    """Lambda: how fast rates fall above the critical size. Default for quartz (Austin 1984, quoted
    from memory)."""
    fines_share: Fraction = 0.55
    """phi: share of fragments that follows the flat slope. Quartz 0.5 to 0.6 (Austin 1984, quoted
    from memory, as the next two)."""
    fines_slope: PositiveRatio = 1.2
    """gamma: slope of the fines. Quartz 1.1 to 1.25; lower makes more slimes."""
    coarse_slope: PositiveRatio = 5.8
    """beta: slope of the coarse fragments. Quartz 5.8."""

    def check(self) -> None:
        """Refuse a mill whose breakage per pass is not given once, and by its own rate."""
        ways = (self.residence_time, self.pulp_volume, self.power)
        if sum(way is not None for way in ways) != 1:
            raise InputError("give one of residence_time, pulp_volume and power, and only one")
        needed, other = "rate_at_1_mm", "rate_per_energy_at_1_mm"
        if self.power is not None:
            needed, other = other, needed
        if getattr(self, needed) is None or getattr(self, other) is not None:
            way = "power" if self.power is not None else "residence_time or pulp_volume"
            raise InputError(f"with {way} give {needed}, and not {other}")

    def is_linear(self) -> bool:
        """With a given residence time; else a larger flow is ground less."""
        return self.residence_time is not None

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Grind in one tank after the other; see the class for the equations."""
        slate = feed.slate
        assert slate.particles is not None
        apertures = slate.particles.apertures
        relative = relative_sizes(apertures, apertures / STEP)
        finer = two_slopes(relative, p.fines_share, p.fines_slope, p.coarse_slope)  # (3)
        grind = breakdown(slate, _unbroken(feed, p), finer, feed.mass.shape[1])
        sized = feed.sized
        tanks = np.real(p.tanks)
        for tank in range(int(np.max(tanks))):  # scenarios with fewer tanks are done before
            sized = np.where(tank < tanks, grind(sized), sized)  # (1)
        return {"product": feed.with_sized(sized)}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """F80, P80, reduction ratio, and what the way of giving the breakage implies."""
        feed = flows["feed"]
        found = list(size_figures(flows))
        if p.power is not None:
            if np.any(feed.total() == 0.0):
                return found
            drawn = p.power + 0.0 * feed.total()
            net = Figure(drawn, "kW", "net power", "power")
            return [*found, *_energy_figures(flows, p), *body_figures(p, power=drawn), net]
        if not feed.has_volume():
            return found
        pulp = feed.volumetric_flow()
        if p.pulp_volume is None:
            held = pulp * p.residence_time
            return [
                *found,
                Figure(held, "m^3", "pulp in the mill"),
                *body_figures(p, pulp=held),
            ]
        if np.any(pulp == 0.0):
            return found
        found.append(Figure(p.pulp_volume / pulp, "min", "residence time"))
        return [*found, *body_figures(p, pulp=p.pulp_volume + 0.0 * pulp)]

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Sieves too far apart or too coarse, a feed too coarse for the balls, endless grinding."""
        feed = flows["feed"]
        told = list(solids_without_size(feed))
        if first(particles(feed)) == 0.0:
            return told
        told += [*unseen_product(flows["product"]), *coarse_steps(feed)]
        time = _residence_time(feed, p)
        if time is not None:
            told.extend(long_residence(time))
        if p.critical_size is not None and first(p.critical_exponent) > first(p.size_exponent):
            fastest = fastest_size(p.size_exponent, p.critical_size, p.critical_exponent)
            told.extend(coarse_feed(feed, first(fastest)))
        return told


def _unbroken(feed: Flow, p: Parameters) -> Array:
    """Share of each class that leaves a tank as it was held, 1 / (1 + S tau)."""
    rate = _rate(feed, p)
    if p.residence_time is not None:
        return np.asarray(1.0 / (1.0 + rate * (p.residence_time / p.tanks)))
    # 1 / (1 + S V/Q) written as Q / (Q + S V), which also holds for an empty feed.
    if p.pulp_volume is not None:
        through, held = feed.volumetric_flow(), p.pulp_volume / p.tanks  # (4)
    else:
        through, held = particles(feed), p.power / p.tanks  # (5)
    return ratio(through, through + rate * held, empty=1.0)


def _rate(feed: Flow, p: Parameters) -> Array:
    """S or S^E of each kind and class, (kinds, classes, scenarios)."""
    slate = feed.slate
    assert slate.particles is not None
    by_size = austin(
        slate.particles.apertures, p.size_exponent, p.critical_size, p.critical_exponent
    )
    of_rows = p.relative_rate[len(slate.species) :]
    relative = of_rows.reshape(len(slate.sized), slate.classes, of_rows.shape[1])
    at_1_mm = p.rate_per_energy_at_1_mm if p.power is not None else p.rate_at_1_mm
    return np.asarray(relative * by_size * at_1_mm)  # (2)


def _residence_time(feed: Flow, p: Parameters) -> float | None:
    """Of the first scenario, in s; None where the power is given."""
    if p.pulp_volume is not None:
        return first(ratio(p.pulp_volume, feed.volumetric_flow()))
    return None if p.residence_time is None else first(p.residence_time)


def _energy_figures(flows: Flows, p: Parameters) -> Sequence[Figure]:
    """Energy per mass of particles, and the work index that the mill shows with it."""
    feed, product = p80(flows["feed"]), p80(flows["product"])
    fed = particles(flows["feed"])
    if np.any(fed == 0.0):
        return ()
    spent = np.asarray(p.power / fed)
    found = [Figure(spent, "kWh/t", "specific energy")]
    if known(feed, product) and np.all(product < feed):
        found.append(
            Figure(operating_work_index(spent, feed, product), "kWh/t", "operating work index")
        )
    return found
