"""Recycles through units that are not linear, with steady states in closed form."""

import math

import numpy as np
import pytest

from flowsheet import Flowsheet, Reaction, SolveError, Species, solve
from flowsheet.core.flow import Flow, flow_of
from flowsheet.core.parameters import Fraction, MassFlow, Ratio
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.reaction import convert
from flowsheet.core.unit import Outlets, Parameters, UnitOp
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter


def t_h(solution, stream, species=None):
    found = solution[stream]
    return (found.species(species, "t/h") if species else found.mass_flow("t/h")).magnitude


class Adsorber(UnitOp):
    """Takes uptake * K x / (1 + K x) with x the load in t/h (Langmuir 1918): never more than it."""

    feed: Inlet
    taken: Outlet
    left: Outlet
    uptake: MassFlow
    half_load: MassFlow

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        taken = feed * (p.uptake / (p.half_load + feed.total()))
        return {"taken": taken, "left": feed - taken}


def adsorption(fed, uptake=10.0, half_load=20.0):
    return Flowsheet(
        ["SiO2"],
        {
            "feed": Feed(outlet="feed", flow=f"{fed} t/h", composition={"SiO2": 1.0}),
            "column": Adsorber(
                feed=["feed", "left"],
                taken="taken",
                left="left",
                uptake=f"{uptake} t/h",
                half_load=f"{half_load} t/h",
            ),
        },
    )


@pytest.mark.parametrize("fed", [1e-6, 0.1, 5.0, 9.0, 9.9, 9.99])
def test_what_an_adsorber_leaves_comes_back_until_it_is_taken(fed):
    # All that is fed is taken: fed = uptake x / (half load + x).
    load = 20.0 * fed / (10.0 - fed)
    assert t_h(solve(adsorption(fed)), "left") == pytest.approx(load - fed, rel=1e-9)


@pytest.mark.parametrize("fed", [10.01, 11.0, 100.0])
def test_an_adsorber_that_is_fed_more_than_it_can_ever_take(fed):
    with pytest.raises(SolveError, match=r"^no steady state: SiO2 builds up at 'column', by \d"):
        solve(adsorption(fed))


class StirredReactor(UnitOp):
    """2 A -> B at the rate k m_A^2: mixed, so it sees the A that leaves it."""

    feed: Inlet
    outlet: Outlet
    rate: Ratio
    """k, per kg/s of A that leaves."""

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        fed = feed.of("A")
        left = 2.0 * fed / (1.0 + np.sqrt(1.0 + 4.0 * p.rate * fed))
        share = 1.0 - left / np.where(fed.real > 0.0, fed, 1.0)
        formulas = (("A", "C2H4"), ("B", "C4H8"))
        return {"outlet": convert(feed, [Reaction("2 A -> B", formulas=formulas)], [share])}


@pytest.mark.parametrize("rate", [1e-4, 1e-2, 1.0, 1e3])
@pytest.mark.parametrize("returned", [0.0, 0.9, 1.0])
def test_a_second_order_reaction_whose_reactant_comes_back(rate, returned):
    # With a the A that leaves the reactor and r the share of it that returns, 1 kg/s fed:
    # 1 + r a = a + k a^2.
    lost = 1.0 - returned
    leaves = 2.0 / (lost + math.sqrt(lost**2 + 4.0 * rate))
    units = {
        "feed": Feed(outlet="feed", flow="1 kg/s", composition={"A": 1.0}),
        "reactor": StirredReactor(feed=["feed", "back"], outlet="reacted", rate=rate),
        "still": Splitter(
            feed="reacted", product="back", remainder="out", fraction={"A": returned, "B": 0.0}
        ),
    }
    species = [Species("A", formula="C2H4", phase="gas"), Species("B", formula="C4H8", phase="gas")]
    solution = solve(Flowsheet(species, units))
    assert t_h(solution, "reacted", "A") == pytest.approx(3.6 * leaves, rel=1e-9)
    assert t_h(solution, "out", "B") == pytest.approx(3.6 * (1.0 - lost * leaves), rel=1e-9)


class Flash(UnitOp):
    """Two species in phase equilibrium y = K x (Rachford and Rice 1952, here in closed form)."""

    feed: Inlet
    vapour: Outlet
    liquid: Outlet
    light: Ratio
    """K of the light one, above 1."""
    heavy: Fraction
    """K of the heavy one, below 1."""

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        light, heavy = feed.moles("N2"), feed.moles("Ar")
        total = np.where((light + heavy).real > 0.0, light + heavy, 1.0)
        a, b = p.light - 1.0, p.heavy - 1.0
        share = -(light * a + heavy * b) / (total * a * b)
        share = np.where(share.real < 0.0, 0.0, np.where(share.real > 1.0, 1.0, share))
        vapour = flow_of(
            feed.slate,
            {
                "N2": feed.of("N2") * share * p.light / (1.0 + share * a),
                "Ar": feed.of("Ar") * share * p.heavy / (1.0 + share * b),
            },
        )
        return {"vapour": vapour, "liquid": feed - vapour}


@pytest.mark.parametrize("purge", [1.0, 0.5, 0.05, 1e-3])
@pytest.mark.parametrize("light", [0.25, 0.4, 0.55])
def test_a_flash_whose_liquid_comes_back(purge, light):
    # Two phases of two species: x and y follow from K = 3 and 0.5 alone, so V and L from balances.
    x = (1.0 - 0.5) / (3.0 - 0.5)
    y = 3.0 * x
    species = [Species("N2", phase="gas"), Species("Ar", phase="gas")]
    molar = {each.name: 1000.0 * each.molar_mass for each in species}
    moles = {"N2": light, "Ar": 1.0 - light}
    total = sum(moles[name] * molar[name] for name in molar)
    units = {
        "feed": Feed(
            outlet="feed",
            flow=f"{total} kg/h",
            composition={name: moles[name] * molar[name] / total for name in molar},
        ),
        "flash": Flash(
            feed=["feed", "back"], vapour="vapour", liquid="liquid", light=3.0, heavy=0.5
        ),
        "purge": Splitter(feed="liquid", product="purged", remainder="back", fraction=purge),
    }
    vapour = (light - x) / (y - x)
    purged = 1.0 - vapour
    solution = solve(Flowsheet(species, units))
    kmol_h = {
        (stream, name): solution[stream].molar_flow(name).magnitude
        for stream in ("vapour", "purged", "back")
        for name in molar
    }
    expected = {
        ("vapour", "N2"): vapour * y,
        ("vapour", "Ar"): vapour * (1.0 - y),
        ("purged", "N2"): purged * x,
        ("purged", "Ar"): purged * (1.0 - x),
        ("back", "N2"): purged * x * (1.0 - purge) / purge,
        ("back", "Ar"): purged * (1.0 - x) * (1.0 - purge) / purge,
    }
    assert kmol_h == pytest.approx(expected, rel=1e-9)
