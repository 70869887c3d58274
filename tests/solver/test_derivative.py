"""Units that lose or refuse derivatives still converge, in a recycle where iterating would not.

The plant: 4 t/h of stibnite enter a bank whose recovery is C / (C + load). With C = 300/97 t/h and
96/97 of the tailings returned, the load is 100 t/h: 3 t/h leave as concentrate, 97 t/h as tailings,
of which 96 t/h return. Plain iteration needs 2000 passes.
"""

import numpy as np
import pytest

from flowsheet import Flowsheet, SolveError, Vary, product, solve
from flowsheet.core.flow import Flow
from flowsheet.core.parameters import MassFlow
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.unit import UnitOp
from flowsheet.solver.circuit import Circuit
from flowsheet.solver.derivative import IMAGINARY_STEP, directional_pass
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter

RETURNED = 96 / 97
FEW = 15
"""Passes and iterations that Newton may need, about twice what it does."""


class Bank(UnitOp):
    """Recovers less of the stibnite the more of it there is."""

    feed: Inlet
    concentrate: Outlet
    tailings: Outlet

    capacity: MassFlow

    def run(self, feed, p):
        load = self.load(feed)
        concentrate = feed.only("Sb2S3") * (p.capacity / (p.capacity + load))
        return {"concentrate": concentrate, "tailings": feed - concentrate}

    def load(self, feed):
        return feed.of("Sb2S3")


class Absolute(Bank):
    def load(self, feed):
        return np.abs(feed.of("Sb2S3"))


class RealPart(Bank):
    def load(self, feed):
        return feed.of("Sb2S3").real.copy()


class Cast(Bank):
    def load(self, feed):
        return np.array([float(load) for load in feed.of("Sb2S3")])


class AbsoluteParameter(Bank):
    def run(self, feed, p):
        return super().run(feed, p.replaced({"capacity": np.abs(p.capacity)}))


class RealParameter(Bank):
    def run(self, feed, p):
        return super().run(feed, p.replaced({"capacity": np.real(p.capacity)}))


class CastParameter(Bank):
    def run(self, feed, p):
        return super().run(feed, p.replaced({"capacity": float(p.capacity)}))


class Indifferent(Bank):
    def run(self, feed, p):
        return super().run(feed, p.replaced({"capacity": 1.0}))


class Curve(Bank):
    """The same recovery from a table, close enough for the solution at its points."""

    def run(self, feed, p):
        tons_per_hour = np.array([0.0, 20.0, 80.0, 99.0, 100.0, 101.0, 150.0, 1000.0]) / 3.6
        concentrate_made = tons_per_hour * (300 / 97 / 3.6) / (300 / 97 / 3.6 + tons_per_hour)
        made = np.interp(feed.of("Sb2S3"), tons_per_hour, concentrate_made)
        concentrate = Flow(feed.slate, np.zeros((2, 1)) + np.array([[1.0], [0.0]]) * made)
        return {"concentrate": concentrate, "tailings": feed - concentrate}


class Limited(Bank):
    """Takes all there is, up to its capacity: a kink."""

    def run(self, feed, p):
        made = np.minimum(0.8 * feed.of("Sb2S3"), p.capacity)
        concentrate = Flow(feed.slate, np.array([[1.0], [0.0]]) * made)
        return {"concentrate": concentrate, "tailings": feed - concentrate}


def recycle(bank, *, capacity=f"{300 / 97} t/h", flow="8 t/h", returned=RETURNED):
    return Flowsheet(
        ["Sb2S3", "SiO2"],
        {
            "ore": Feed(outlet="ore", flow=flow, composition={"Sb2S3": 0.5, "SiO2": 0.5}),
            "bank": bank(
                feed=["ore", "returns"],
                concentrate="concentrate",
                tailings="tailings",
                capacity=capacity,
            ),
            "splitter": Splitter(
                feed="tailings", product="returns", remainder="waste", fraction=returned
            ),
        },
        products=["concentrate"],
    )


def stibnite(solution, stream):
    return solution[stream].species("Sb2S3", "t/h").magnitude


@pytest.mark.parametrize("bank", [Bank, Absolute, RealPart, Cast, Curve])
def test_a_recycle_converges_to_the_right_answer(bank):
    solution = solve(recycle(bank))
    assert stibnite(solution, "concentrate") == pytest.approx(3.0, rel=1e-9)
    assert stibnite(solution, "returns") == pytest.approx(96.0, rel=1e-9)
    assert stibnite(solution, "waste") == pytest.approx(1.0, rel=1e-9)
    assert solution.iterations <= FEW


@pytest.mark.parametrize("bank", [Bank, Absolute, RealPart, Cast, Curve])
def test_the_feed_is_varied_through_a_unit_that_is_differenced(bank):
    spec = Vary("ore.flow").until(product("waste") == f"{1 + 4} t/h")
    solution = solve(recycle(bank, flow="5 t/h"), specs=[spec])
    assert solution["ore"].mass_flow("t/h").magnitude == pytest.approx(8.0, rel=1e-8)
    assert stibnite(solution, "concentrate") == pytest.approx(3.0, rel=1e-8)


@pytest.mark.parametrize("bank", [Bank, Absolute, RealPart, Cast, AbsoluteParameter, RealParameter])
def test_a_parameter_of_a_unit_that_is_differenced_is_varied(bank):
    spec = Vary("bank.capacity").until(product("concentrate", "Sb") == f"{3 * ANTIMONY} t/h")
    solution = solve(recycle(bank, capacity="6 t/h"), specs=[spec])
    assert solution.varied["bank.capacity"] * 3.6 == pytest.approx(300 / 97, rel=1e-6)


def vary_the_capacity(flowsheet):
    spec = Vary("bank.capacity").until(product("concentrate") == "3 t/h")
    return solve(flowsheet, specs=[spec])


def test_a_unit_that_takes_a_varied_parameter_for_one_number_is_named():
    assert stibnite(solve(recycle(CastParameter)), "concentrate") == pytest.approx(3.0, rel=1e-9)
    with pytest.raises(SolveError, match=r"^bank: its CastParameter failed with TypeError: only "):
        vary_the_capacity(recycle(CastParameter, capacity="6 t/h"))


def test_a_parameter_that_its_unit_ignores_is_named():
    with pytest.raises(
        SolveError,
        match=r"^bank\.capacity does not influence 'concentrate'; vary another parameter$",
    ):
        vary_the_capacity(recycle(Indifferent))


ANTIMONY = 2 * 121.76 / (2 * 121.76 + 3 * 32.06)
"""Mass fraction in stibnite, from atomic weights written here."""


@pytest.mark.parametrize(
    ("capacity", "concentrate", "load"),
    [
        # 10 t/h enter, half of the tailings returns. Below its capacity the bank takes 80 %:
        # load = 10 / 0.9. At its capacity of 5 t/h: load = 10 + 0.5 (load - 5).
        ("20 t/h", 80 / 9, 100 / 9),
        ("5 t/h", 5.0, 15.0),
        (f"{80 / 9} t/h", 80 / 9, 100 / 9),
        (f"{80 / 9 - 1e-9} t/h", 80 / 9, 100 / 9),
    ],
)
def test_a_unit_with_a_kink(capacity, concentrate, load):
    solution = solve(recycle(Limited, capacity=capacity, flow="20 t/h", returned=0.5))
    assert stibnite(solution, "concentrate") == pytest.approx(concentrate, rel=1e-8)
    assert stibnite(solution, "ore") + stibnite(solution, "returns") == pytest.approx(
        load, rel=1e-8
    )
    assert solution.iterations <= FEW


def test_a_target_beyond_a_limit_is_not_met():
    spec = Vary("ore.flow").until(product("concentrate") == "6 t/h")
    with pytest.raises(
        SolveError,
        match=r"^target of 'concentrate' is not met: 4\.383e\+04 t/yr of 5\.26e\+04 t/yr are "
        r"reached with ore\.flow at [\d.]+ t/h; vary another parameter or change the target$",
    ):
        solve(recycle(Limited, capacity="5 t/h", flow="4 t/h", returned=0.5), specs=[spec])
    with pytest.raises(SolveError, match=r"^target of 'concentrate' is not met: 4\.383e\+04 t/yr "):
        solve(recycle(Limited, capacity="5 t/h", flow="20 t/h", returned=0.5), specs=[spec])


def test_a_target_below_a_limit_is_met_from_above_it():
    """Full at the feed as written, where more ore changes nothing: 9 t/h of it make 4 t/h."""
    spec = Vary("ore.flow").until(product("concentrate") == "4 t/h")
    flowsheet = recycle(Limited, capacity="5 t/h", flow="20 t/h", returned=0.5)
    assert solve(flowsheet, specs=[spec])["ore"].mass_flow().magnitude == pytest.approx(9)


@pytest.mark.parametrize("bank", [Bank, Absolute, RealPart, Cast, Curve])
def test_directions_agree_with_differences_of_a_whole_pass(bank):
    circuit = Circuit(recycle(bank))
    assert len(circuit.torn) == 1
    # Between two points of Curve, where its slope is one number.
    assumed = np.array([[50.0], [7.0]]) / 3.6
    directions = np.array([[1.0, 0.0, 2.0], [0.0, 1.0, -1.0]])
    streams = directional_pass(circuit, assumed, directions, circuit.parameters)
    step = 1e-4
    for column in range(3):
        along = directions[:, [column]]
        up = circuit.run([assumed + step * along], circuit.parameters)
        down = circuit.run([assumed - step * along], circuit.parameters)
        for name in ("concentrate", "returns", "waste"):
            difference = (up[name] - down[name])[:, 0] / (2 * step)
            found = streams[name].imag[:, column] / IMAGINARY_STEP
            np.testing.assert_allclose(found, difference, rtol=1e-5, atol=1e-7, err_msg=name)


def test_the_real_parts_are_those_of_a_plain_pass():
    circuit = Circuit(recycle(Bank))
    assumed = np.array([[50.0], [7.0]])
    plain = circuit.run([assumed], circuit.parameters)
    streams = directional_pass(circuit, assumed, np.ones((2, 1)), circuit.parameters)
    for name, mass in plain.items():
        np.testing.assert_array_equal(streams[name].real, mass)


class Counting(Bank):
    """A bank that remembers whether it was asked with complex numbers."""

    def run(self, feed, p):
        COMPLEX.append(np.iscomplexobj(feed.mass))
        return super().run(feed, p)


COMPLEX: list[bool] = []


def test_a_unit_that_keeps_derivatives_is_not_differenced():
    COMPLEX.clear()
    solve(recycle(Counting))
    # The probe asks once with complex numbers, and every Jacobian after it.
    assert sum(COMPLEX) >= 3
