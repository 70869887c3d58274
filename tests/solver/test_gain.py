"""Loop gain and true error, against products of fractions and exact inventories."""

import re
from fractions import Fraction as Exact

import numpy as np
import pytest

from flowsheet import Flowsheet, SolveError, Species, scenarios, solve
from flowsheet.core.flow import Flow
from flowsheet.core.parameters import Fraction, MassFlow, Ratio
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.unit import Outlets, Parameters, UnitOp
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter


def feed(flow="36 t/h", **composition):
    return Feed(outlet="feed", flow=flow, composition=composition or {"SiO2": 1.0})


def ring(*returned, species=("SiO2",)):
    """Splitters in a ring, each of which sends a share on to the next."""
    count = len(returned)
    units = {"feed": feed()}
    for i, share in enumerate(returned):
        units[f"unit {i}"] = Splitter(
            feed=[f"on {i}", "feed"] if i == 0 else f"on {i}",
            product=f"on {(i + 1) % count}",
            remainder=f"out {i}",
            fraction=share,
        )
    return Flowsheet(species, units)


@pytest.mark.parametrize("returned", [(0.5,), (0.9, 0.8), (0.3, 0.99, 0.7, 1.0), (0.0, 0.9)])
def test_the_gain_of_one_loop_is_the_product_of_what_its_units_return(returned):
    solution = solve(ring(*returned))
    assert solution.loop_gain == pytest.approx(np.prod(returned), rel=1e-12, abs=1e-15)
    assert solution.true_error < 1e-13
    assert solution.warnings() == []


def test_without_a_recycle_there_is_no_gain():
    units = {
        "feed": feed(),
        "screen": Splitter(feed="feed", product="fine", remainder="coarse", fraction=0.5),
    }
    solution = solve(Flowsheet(["SiO2"], units))
    assert (solution.loop_gain, solution.true_error) == (0.0, 0.0)
    assert solution.warnings() == []


def test_of_several_species_and_loops_the_strongest_counts():
    plant = ring({"SiO2": 0.5, "Au": 0.99}, {"SiO2": 0.5, "Au": 0.9}, species=("SiO2", "Au"))
    units = {
        **plant.units,
        "feed": feed(SiO2=0.9, Au=0.1),
        "other": Splitter(feed=["out 0", "again"], product="again", remainder="end", fraction=0.7),
    }
    assert solve(Flowsheet(["SiO2", "Au"], units)).loop_gain == pytest.approx(0.99 * 0.9)
    # Of a species that does not flow there is nothing to come back.
    units["feed"] = feed()
    assert solve(Flowsheet(["SiO2", "Au"], units)).loop_gain == pytest.approx(0.7)


def test_two_loops_through_one_unit_add_up():
    units = {
        "feed": feed(),
        "mill": Splitter(
            feed=["feed", "coarse", "water"], product="x", remainder="o", fraction=1.0
        ),
        "screen": Splitter(feed="x", product="coarse", remainder="fine", fraction=0.3),
        "bowl": Splitter(feed="fine", product="water", remainder="mud", fraction=0.8),
    }
    solution = solve(Flowsheet(["SiO2"], units))
    assert solution.loop_gain == pytest.approx(0.3 + 0.7 * 0.8, rel=1e-12)


class Saturating(UnitOp):
    """Takes share / (1 + load / capacity) of its feed."""

    feed: Inlet
    taken: Outlet
    left: Outlet
    share: Fraction
    capacity: MassFlow

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        taken = feed * (p.share / (1.0 + feed.total() / p.capacity))
        return {"taken": taken, "left": feed - taken}


def test_a_loop_that_saturates():
    units = {
        "feed": feed("36 t/h"),
        "cell": Saturating(
            feed=["feed", "left"], taken="taken", left="left", share=0.5, capacity="108 t/h"
        ),
    }
    solution = solve(Flowsheet(["SiO2"], units))
    # 10 kg/s leave of a load x as x / 2 / (1 + x / 30): x is 60, and 1 - 1/2 / (1 + 2)^2 returns.
    assert solution["left"].mass_flow("kg/s").magnitude == pytest.approx(50.0, rel=1e-9)
    assert solution.loop_gain == pytest.approx(1.0 - 0.5 / 9.0, rel=1e-9)


class Throttle(UnitOp):
    """Sends on less, the more it gets: 1 / (1 + k load) of it."""

    feed: Inlet
    on: Outlet
    off: Outlet
    k: Ratio

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        sent = feed * (1.0 / (1.0 + p.k * feed.total() ** 2))
        return {"on": sent, "off": feed - sent}


def test_a_loop_that_answers_the_other_way():
    """Where more gives less, the gain is the size of a negative derivative."""
    units = {
        "feed": feed("36 t/h"),
        "gate": Throttle(feed=["feed", "on"], on="on", off="off", k=0.05),
    }
    solution = solve(Flowsheet(["SiO2"], units))
    x = solution["on"].mass_flow("kg/s").magnitude + 10.0
    assert x / (1.0 + 0.05 * x**2) == pytest.approx(x - 10.0, rel=1e-9)
    slope = (1.0 - 0.05 * x**2) / (1.0 + 0.05 * x**2) ** 2
    assert slope < 0.0
    assert solution.loop_gain == pytest.approx(-slope, rel=1e-9)


# Loops that lose little.


def purged(purge, flow="36 t/h"):
    return Flowsheet(
        ["SiO2"],
        {
            "feed": feed(flow),
            "purge": Splitter(
                feed=["feed", "back"], product="out", remainder="back", fraction=purge
            ),
        },
    )


@pytest.mark.parametrize("purge", [1e-2, 1.1e-3])
def test_no_warning_up_to_a_gain_of_0_999(purge):
    solution = solve(purged(purge))
    assert solution.loop_gain == pytest.approx(1.0 - purge, rel=1e-12)
    assert solution.warnings() == []


@pytest.mark.parametrize(
    ("purge", "lost", "gain"),
    [(9e-4, "0.0009", "0.9991"), (1e-6, "1e-06", "0.999999"), (2e-9, "2e-09", "0.999999998")],
)
def test_a_warning_beyond(purge, lost, gain):
    (warning,) = solve(purged(purge)).warnings()
    found = re.fullmatch(
        r"purge: SiO2 comes back but for (?P<lost>\S+) of it each pass \(loop gain "
        r"(?P<gain>\S+)\), so a small change of what lets it out changes what "
        r"the loop holds a thousandfold; relative error of the recycled flows about (?P<error>\S+)",
        warning,
    )
    assert (found["lost"], found["gain"]) == (lost, gain)
    assert 1e-16 / purge < float(found["error"]) < 1e-14 / purge


RANDOM = np.random.default_rng(7)
PURGES = [float(10.0**exponent) for exponent in RANDOM.uniform(-9.0, -3.0, 30)]


def test_the_true_error_bounds_the_error():
    """Against exact inventories; and it is no empty bound."""
    share = []
    for purge in PURGES:
        solution = solve(purged(purge))
        fed = Exact(float(solution["feed"].mass_flow("kg/s").magnitude))
        exact = fed / Exact(purge) - fed
        found = Exact(float(solution.flows["back"][0, 0]))
        error = float(abs(found - exact) / exact)
        assert error <= solution.true_error, purge
        assert solution.true_error < 1e-14 / purge
        share.append(error / solution.true_error)
    assert max(share) > 1e-3


def test_the_true_error_of_two_units_in_the_loop():
    share = []
    for first, second in zip(PURGES[:15], PURGES[15:], strict=True):
        solution = solve(ring(1.0 - first, 1.0 - second))
        fed = Exact(float(solution.flows["feed"][0, 0]))
        back = Exact(1.0 - first) * Exact(1.0 - second)
        exact = fed / (1 - back) * Exact(1.0 - first)
        found = Exact(float(solution.flows["on 1"][0, 0]))
        error = float(abs(found - exact) / exact)
        assert error <= solution.true_error, (first, second)
        share.append(error / solution.true_error)
    assert max(share) > 1e-3


def two_purges(nested, purge=1e-9):
    """A loop with two purges one after the other, or in an inner and an outer loop."""
    units = {"feed": feed()}
    into = ["feed", "back", "inner"] if nested else ["feed", "back"]
    units["first"] = Splitter(feed=into, product="out 1", remainder="on", fraction=purge)
    if nested:
        units["split"] = Splitter(feed="on", product="inner", remainder="outer", fraction=0.5)
    units["second"] = Splitter(
        feed="outer" if nested else "on", product="out 2", remainder="back", fraction=purge
    )
    return Flowsheet(["SiO2"], units)


@pytest.mark.parametrize("nested", [False, True])
def test_two_purges_of_a_billionth(nested):
    solution = solve(two_purges(nested))
    p = Exact(1e-9)
    # Of x, p leaves first, and p of what is left of it, or of half of that.
    leaves = p + (1 - p) * p / (2 if nested else 1)
    exact = float(10 / leaves)
    inside = float(solution.flows["on"][0, 0])
    assert inside == pytest.approx(exact, rel=1e-6)
    assert abs(inside - exact * (1.0 - 1e-9)) / exact <= solution.true_error + 1e-15
    (warning,) = solution.warnings()
    assert "SiO2 comes back but for " in warning
    assert solution.loop_gain == pytest.approx(1.0 - float(leaves), abs=1e-15)


class Spill(UnitOp):
    """Loses a hundred-millionth of its feed."""

    feed: Inlet
    product: Outlet

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        return {"product": feed * (1.0 - 1e-8)}


@pytest.mark.parametrize("purge", [1e-3, 1e-9])
def test_a_unit_that_loses_a_little_in_such_a_loop_is_caught(purge):
    units = {
        "feed": feed(),
        "purge": Splitter(feed=["feed", "back"], product="out", remainder="on", fraction=purge),
        "leak": Spill(feed="on", product="back"),
    }
    with pytest.raises(
        SolveError, match=r"^leak: (O|Si) does not close, out and in differ by 1\.0e-08 of the inp"
    ):
        solve(Flowsheet(["SiO2"], units))


def test_scenarios_of_a_loop_that_loses_a_billionth():
    purges = [1e-2, 1e-9, 3e-7, 1e-4]
    found = scenarios(purged(1e-3), {"purge.fraction": purges})
    assert found.failed == {}
    inventory = found.flow("back").total() / 10.0 + 1.0
    np.testing.assert_allclose(inventory, 1.0 / np.array(purges), rtol=1e-6)


def test_a_large_plant_has_its_gain_in_reasonable_time():
    """200 loops of 20 species, 4000 unknowns at torn inlets, none of them alike."""
    random = np.random.default_rng(3)
    returned = random.uniform(0.1, 0.9, (200, 20))
    species = [Species(f"S{i}", formula="SiO2") for i in range(20)]
    names = [each.name for each in species]
    units = {"feed": feed(**dict.fromkeys(names, 0.05))}
    for i, shares in enumerate(returned):
        units[f"unit {i}"] = Splitter(
            feed=[f"back {i}", "feed" if i == 0 else f"on {i - 1}"],
            product=f"back {i}",
            remainder=f"on {i}",
            fraction=dict(zip(names, shares.tolist(), strict=True)),
        )
    solution = solve(Flowsheet(species, units))
    assert solution.loop_gain == pytest.approx(returned.max(), rel=1e-9)
    assert solution.warnings() == []


@pytest.mark.parametrize("count", [20, 400])
def test_many_like_loops_in_a_row_have_the_gain_of_one(count):
    """What each passes on to the next is much more than what comes back, and must not count."""
    units = {"feed": feed()}
    for i in range(count):
        units[f"rougher {i}"] = Splitter(
            feed=[f"back {i}", "feed" if i == 0 else f"on {i - 1}"],
            product=f"rough {i}",
            remainder=f"on {i}",
            fraction=0.05,
        )
        units[f"cleaner {i}"] = Splitter(
            feed=f"rough {i}", product=f"made {i}", remainder=f"back {i}", fraction=0.5
        )
    solution = solve(Flowsheet(["SiO2"], units))
    assert solution.loop_gain == pytest.approx(0.05 * 0.5, rel=1e-9)
