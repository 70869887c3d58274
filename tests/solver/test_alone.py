"""Units that mix scenarios, or units side by side, are found out; alone they are right."""

import numpy as np
import pytest

from flowsheet import Flowsheet, SolveError, recovery, scenarios, sensitivities, solve
from flowsheet.core.parameters import Fraction
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.unit import UnitOp
from unitops.streams.feed import Feed


class Share(UnitOp):
    """Takes a share of its feed; the units below find the share in forbidden ways."""

    feed: Inlet
    taken: Outlet
    left: Outlet
    share: Fraction

    def run(self, feed, p):
        taken = feed * self.found(feed, p)
        return {"taken": taken, "left": feed - taken}

    def found(self, feed, p):
        return p.share


class OfSelf(Share):
    def found(self, feed, p):
        return self.share


class FirstParameter(Share):
    def found(self, feed, p):
        return float(np.ravel(np.real(p.share))[0])


class FirstFlow(Share):
    def found(self, feed, p):
        load = float(feed.total().real[0])
        return load / (load + 10.0)


class MeanFlow(Share):
    def found(self, feed, p):
        load = feed.total().mean()
        return load / (load + 10.0)


class LargestFlow(Share):
    def found(self, feed, p):
        return 1.0 / (1.0 + feed.total().max())


class Branching(Share):
    def found(self, feed, p):
        return 0.5 if feed.total()[0] > 8.0 else 0.1


def one(kind, share=0.4):
    unit = kind(feed="ore", taken="taken", left="left", share=share)
    ore = Feed(outlet="ore", flow="36 t/h", composition={"Sb": 0.1, "SiO2": 0.9})
    return Flowsheet(["Sb", "SiO2"], {"ore": ore, "cell": unit}, products=["taken"])


def chain(kind, count):
    """Units in counter-flow, their shares in turn 0.3 and 0.6."""
    units = {}
    for i in range(count):
        feed = [f"taken {i - 1}"] if i else ["ore"]
        feed += [f"left {i + 1}"] if i + 1 < count else []
        units[f"cell {i}"] = kind(
            feed=feed, taken=f"taken {i}", left=f"left {i}", share=0.6 if i % 2 else 0.3
        )
    ore = Feed(outlet="ore", flow="36 t/h", composition={"Sb": 0.1, "SiO2": 0.9})
    return Flowsheet(["Sb", "SiO2"], {"ore": ore, **units})


COMPLAINT = (
    r"^cell: its {} gives \S+ t/h of SiO2 in '(taken|left)' for a scenario alone and \S+ t/h among "
    r"others; run must treat arrays scenario by scenario: parameters from p and not from self, "
)


@pytest.mark.parametrize("kind", [OfSelf, FirstParameter])
def test_a_parameter_of_another_scenario_is_found_out(kind):
    with pytest.raises(SolveError, match=COMPLAINT.format(kind.__name__)):
        scenarios(one(kind), {"cell.share": [0.3, 0.4, 0.5, 0.6]})


@pytest.mark.parametrize("kind", [FirstFlow, MeanFlow, LargestFlow, Branching])
def test_a_flow_of_another_scenario_is_found_out(kind):
    with pytest.raises(SolveError, match=COMPLAINT.format(kind.__name__)):
        scenarios(one(kind), {"ore.flow": ["10 t/h", "60 t/h", "36 t/h"]})


@pytest.mark.parametrize("kind", [OfSelf, FirstParameter])
def test_a_parameter_of_another_unit_is_found_out(kind):
    right = solve(chain(kind, 20))["left 0"].mass_flow("t/h").magnitude
    assert right == pytest.approx(solve(chain(Share, 20))["left 0"].mass_flow("t/h").magnitude)
    with pytest.raises(SolveError, match=rf"^cell \d+: its {kind.__name__} gives .* for a unit al"):
        solve(chain(kind, 300))


@pytest.mark.parametrize("kind", [FirstFlow, MeanFlow])
def test_sensitivities_of_a_unit_that_mixes_columns_are_right_all_the_same(kind):
    measure = recovery("Sb", to="taken")
    up, down = (
        solve(one(kind), set={"ore.flow": f"{flow} t/h"}).recovery("Sb", to="taken").m
        for flow in (36.01, 35.99)
    )
    found = sensitivities(solve(one(kind)), of=measure, by=["cell.share", "ore.flow"])
    entry = found.entry(measure, "ore.flow")
    assert entry.readable == pytest.approx((up - down) / 0.02, rel=1e-5)
    assert found.entry(measure, "cell.share").derivative == pytest.approx(0.0, abs=1e-9)
