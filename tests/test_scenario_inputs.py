"""What scenarios are made from: grids, arrays, quantities; and what is told while they run."""

import sys
from itertools import pairwise

import numpy as np
import pytest

from flowsheet import Flowsheet, InputError, grade, parameter, scenarios, solve
from flowsheet.core.flow import Flow
from flowsheet.core.parameters import Fraction, PerElement, PerSpecies, Temperature
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.quantities import registry
from flowsheet.core.unit import Outlets, Parameters, UnitOp
from flowsheet.progress import Bar
from flowsheet.scenario import sweep
from tests.solver.test_specs import circuit, recovered_by
from tests.solver.test_steady import CLEANER, ROUGHER, SCAVENGER, flotation_circuit, rougher_circuit
from tests.test_scenarios import assert_same, columns, only
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter

Quantity = registry().Quantity
RANDOM = np.random.default_rng(11)


class Roaster(UnitOp):
    """Drives off oxides by a share per element that grows with heat and falls with load."""

    feed: Inlet
    gas: Outlet
    calcine: Outlet
    temperature: Temperature
    volatility: PerElement[Fraction] = 0.0
    lifted: PerSpecies[Fraction] = 0.0

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        heat = (p.temperature - 273.15) / 1000.0 / (1.0 + 0.2 * feed.total())
        driven = feed.only("Sb2O3") * (p.volatility["Sb"] * heat)
        driven = driven + feed.only("As2O3") * (p.volatility["As"] * heat)
        gas = driven + (feed - driven) * p.lifted
        return {"gas": gas, "calcine": feed - gas}


def roaster(temperature="600 degC"):
    """The dust of the gas comes back, less what escapes the filter."""
    return Flowsheet(
        ["Sb2O3", "As2O3", "SiO2"],
        {
            "ore": Feed(
                outlet="ore", flow="10 t/h", composition={"Sb2O3": 0.3, "As2O3": 0.1, "SiO2": 0.6}
            ),
            "roaster": Roaster(
                feed=["ore", "dust"],
                gas="gas",
                calcine="calcine",
                temperature=temperature,
                volatility={"Sb": 0.3, "As": 0.6, "others": 0.0},
                lifted={"SiO2": 0.05, "others": 0.02},
            ),
            "filter": Splitter(
                feed="gas", product="dust", remainder="stack", fraction={"SiO2": 0.9, "others": 0.5}
            ),
        },
    )


# Grids.


def test_a_sweep_is_every_combination_with_the_last_varying_fastest():
    found = sweep(
        circuit(), {"rougher.fraction.Sb": [0.2, 0.5], "cleaner.fraction": [0.7, 0.8, 0.9]}
    )
    assert (found.count, found.solved) == (6, 6)
    assert list(found.inputs) == ["rougher.fraction.Sb", "cleaner.fraction"]
    assert found.inputs["rougher.fraction.Sb"].tolist() == [0.2, 0.2, 0.2, 0.5, 0.5, 0.5]
    assert found.inputs["cleaner.fraction"].tolist() == [0.7, 0.8, 0.9, 0.7, 0.8, 0.9]
    expected = [recovered_by(r, c) for r in (0.2, 0.5) for c in (0.7, 0.8, 0.9)]
    assert found.recovery("Sb", to="concentrate") == pytest.approx(np.multiply(100, expected))


def test_a_sweep_of_a_nonlinear_circuit_is_what_solves_find():
    flows = Quantity(np.array([20.0, 60.0]), "t/h")
    found = sweep(
        flotation_circuit(),
        {"ore.flow": flows, "rougher.cells": [3, 6], "cleaner.water_recovery": np.array([0.05])},
    )
    places = [(flow, cells) for flow in ("20 t/h", "60 t/h") for cells in (3, 6)]
    for place, (flow, cells) in enumerate(places):
        changes = {"ore.flow": flow, "rougher.cells": cells, "cleaner.water_recovery": 0.05}
        alone = solve(flotation_circuit(), set=changes)
        assert_same(columns(found, [place]), alone.flows, 1e-9)


@pytest.mark.parametrize(
    ("vary", "complaint"),
    [
        ({}, "vary: needs at least one list, all of one length, got none$"),
        ([1.0], r"vary: needs at least one list, all of one length, got \[1\.0\]$"),
        ({"rougher.fraction.Sb": []}, "vary: needs at least one list, all of one length, got "),
        ({"rougher.fraction.Sb": 0.5}, r"rougher\.fraction\.Sb: needs a list with one value per "),
        ({"rougher.fraction.Sb": [0.5, 2]}, r"rougher\.fraction\.Sb, scenario 1: must lie between"),
        ({"rogher.fraction": [0.5]}, r"rogher\.fraction: there is no unit 'rogher'; did you mean"),
    ],
)
def test_a_sweep_that_makes_no_sense(vary, complaint):
    with pytest.raises(InputError, match=f"^{complaint}"):
        sweep(circuit(), vary)
    with pytest.raises(
        InputError, match=r"^sweep: needs a Flowsheet, got 5; see load_route for a c"
    ):
        sweep(5, {"rougher.fraction.Sb": [0.5]})


# Arrays and quantities.


def same_as_texts(flowsheet, path, values, texts):
    found, expected = (scenarios(flowsheet, {path: some}) for some in (values, texts))
    np.testing.assert_allclose(found.inputs[path], expected.inputs[path], rtol=1e-13)
    assert_same(found.flows, expected.flows, 1e-12)


def test_arrays_of_plain_numbers():
    texts = ["0.2", "50 %", "1.0"]
    for kind in (float, np.float32):
        same_as_texts(circuit(), "rougher.fraction.Sb", np.array([0.2, 0.5, 1.0], kind), [
            str(float(kind(0.2))), *texts[1:],
        ])  # fmt: skip
    same_as_texts(flotation_circuit(), "rougher.cells", np.array([3, 7]), ["3", "7"])
    same_as_texts(flotation_circuit(), "rougher.cells", np.array([3.0, 7.0]), ["3", "7"])
    same_as_texts(circuit(), "rougher.fraction.Sb", np.array(["20 %", "0.5"]), ["20 %", "0.5"])
    same_as_texts(circuit(), "rougher.fraction.Sb", (0.2, np.float64(0.5)), ["20 %", "0.5"])


def test_arrays_of_quantities():
    texts = ["18 t/h", "36 t/h"]
    tonnes = np.array([18.0, 36.0])
    for values in (
        Quantity(tonnes, "t/h"),
        Quantity(tonnes / 3.6, "kg/s"),
        Quantity([18, 36], "t/h"),
        [Quantity(18.0, "t/h"), Quantity(10.0, "kg/s")],
        Quantity(tonnes * 8766.0, "t/year"),
    ):
        same_as_texts(circuit(), "ore.flow", values, texts)
    percent = Quantity(np.array([20.0, 50.0]), "percent")
    same_as_texts(circuit(), "rougher.fraction.Sb", percent, ["20 %", "50 %"])
    plain = Quantity(np.array([0.2, 0.5]), "")
    same_as_texts(circuit(), "rougher.fraction.Sb", plain, ["20 %", "50 %"])
    volumes = Quantity(np.array([5e3, 4e4]), "L")
    same_as_texts(flotation_circuit(), "rougher.cell_volume", volumes, ["5 m^3", "40 m^3"])


def test_temperatures_have_an_offset():
    texts = ["500 degC", "650 degC"]
    celsius = np.array([500.0, 650.0])
    for values in (
        Quantity(celsius, "degC"),
        Quantity(celsius + 273.15, "K"),
        Quantity(celsius * 1.8 + 32.0, "degF"),
        [Quantity(500.0, "degC"), "923.15 K"],
    ):
        same_as_texts(roaster(), "roaster.temperature", values, texts)
    found = sweep(roaster(), {"roaster.temperature": Quantity(celsius, "degC")})
    assert found.inputs["roaster.temperature"] == pytest.approx([773.15, 923.15])
    flowsheet = roaster()
    read = found.values(parameter("roaster.temperature", flowsheet))
    assert read == pytest.approx([500.0, 650.0])


@pytest.mark.parametrize(
    ("path", "values", "complaint"),
    [
        (
            "ore.flow",
            np.array([18.0]),
            r"scenario 0: needs a unit of mass per time, got 18\.0; wri",
        ),
        (
            "ore.flow",
            Quantity(np.array([18.0]), "t"),
            "scenario 0: needs a unit of mass per time, ",
        ),
        ("ore.flow", Quantity(np.array([1.0, -1.0]), "t/h"), "scenario 1: must be 0 t/h or more, "),
        ("ore.flow", Quantity(np.array([1.0, np.nan]), "t/h"), "scenario 1: needs a finite number"),
        ("ore.flow", Quantity(np.array([1.0, np.inf]), "t/h"), "scenario 1: needs a finite number"),
        (
            "rougher.fraction.Sb",
            np.array([0.1, 1.1]),
            "scenario 1: must lie between 0 and 1, got 1",
        ),
        (
            "rougher.fraction.Sb",
            np.array([0.1, np.nan]),
            "scenario 1: needs a finite number, got n",
        ),
        ("rougher.fraction.Sb", np.array([[0.1, 0.2]]), "scenario 0: needs a quantity, got "),
        ("rougher.fraction.Sb", [0.1, True], "scenario 1: needs a quantity, got True"),
        ("rougher.fraction.Sb", [0.1, 0.5j], "scenario 1: needs a quantity, got"),
    ],
)
def test_values_of_arrays_that_make_no_sense(path, values, complaint):
    with pytest.raises(InputError, match=rf"^{path}, {complaint}"):
        scenarios(circuit(), {path: values})


@pytest.mark.parametrize(
    "values",
    [0.5, "0.5", None, np.array(0.5), Quantity(0.5, ""), {0.5, 0.6}, {"a": 0.5}, iter([0.5])],
)
def test_what_is_no_list(values):
    complaint = r"^rougher\.fraction\.Sb: needs a list with one value per scenario, got "
    with pytest.raises(InputError, match=complaint):
        scenarios(circuit(), {"rougher.fraction.Sb": values})


@pytest.mark.parametrize("vary", [None, [], "ore.flow", np.array([1.0, 2.0]), [("ore.flow", [1])]])
def test_what_is_no_mapping(vary):
    with pytest.raises(
        InputError, match=r"^vary: needs at least one list, all of one length, got "
    ):
        scenarios(circuit(), vary)


# What is told while they run.


def test_progress_is_told_what_is_done_and_the_whole():
    told = []
    shares = np.linspace(0.01, 0.99, 9_000)
    vary = {"rougher.fraction.Sb": shares}
    found = scenarios(circuit(), vary, progress=lambda *both: told.append(both))
    assert found.solved == 9_000
    done = [each for each, _ in told]
    assert len(told) > 1
    assert all(later > earlier for earlier, later in pairwise(done))
    assert (done[0] > 0, done[-1]) == (True, 9_000)
    assert {whole for _, whole in told} == {9_000}
    told.clear()
    sweep(circuit(), {"rougher.fraction.Sb": [0.5, 0.6]}, progress=lambda *both: told.append(both))
    assert told == [(2, 2)]


def test_scenarios_that_are_refused_are_no_work():
    told = []
    vary = {"ore.composition.Sb": [0.9, 0.1, 0.2]}
    found = scenarios(circuit(), vary, progress=lambda *both: told.append(both))
    assert (set(found.failed), told[-1]) == ({0}, (2, 2))


def test_what_progress_raises_is_not_swallowed():
    def interrupt(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scenarios(circuit(), {"rougher.fraction.Sb": [0.5]}, progress=interrupt)


class Late(Bar):
    """A bar for work that has gone on for long."""

    def __init__(self, total):
        super().__init__(total)
        self.began -= 100.0


@pytest.mark.parametrize("bar", [Bar, Late])
def test_a_bar_writes_nothing_where_nobody_looks_on(bar, capsys):
    assert not sys.stderr.isatty()
    showing = bar(10)
    for done in (1, 5, 10):
        showing(done, 10)
    showing.close()
    assert capsys.readouterr() == ("", "")


def test_a_bar_on_a_terminal_shows_late_work_only(capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    showing = Bar(10)
    for done in (1, 5, 10):
        showing(done, 10)
    assert capsys.readouterr().err == ""
    showing = Late(10)
    showing(1, 10)
    showing(10, 10)
    assert capsys.readouterr().out == ""


# Ten thousand of them.

MANY = 10_000


def draw(low, high, unit=""):
    return Quantity(RANDOM.uniform(low, high, MANY), unit)


LINEAR = {
    "ore.flow": draw(5.0, 500.0, "t/h"),
    "rougher.fraction.Sb2S3": RANDOM.uniform(0.0, 1.0, MANY),
    "scavenger.fraction.Sb2S3": RANDOM.uniform(0.0, 0.9, MANY),
    "cleaner.fraction.SiO2": RANDOM.uniform(0.01, 1.0, MANY),
    "ore.composition.FeS2": RANDOM.uniform(0.0, 0.05, MANY),
}
NONLINEAR = {
    "ore.flow": draw(1.0, 40.0, "t/h"),
    "roaster.temperature": draw(300.0, 900.0, "degC"),
    "roaster.volatility.As": RANDOM.uniform(0.0, 1.0, MANY),
    "roaster.volatility.others": RANDOM.uniform(0.0, 1.0, MANY),
    "roaster.lifted.SiO2": RANDOM.uniform(0.0, 0.2, MANY),
    "roaster.lifted.others": RANDOM.uniform(0.0, 0.1, MANY),
    "filter.fraction.others": RANDOM.uniform(0.0, 0.95, MANY),
}


def linear():
    units = rougher_circuit(ROUGHER, CLEANER, SCAVENGER).units
    ore = Feed(
        outlet="ore", flow="100 t/h", composition={"Sb2S3": 0.042, "FeS2": 0.02}, remainder="SiO2"
    )
    return Flowsheet(["Sb2S3", "FeS2", "SiO2"], {**units, "ore": ore}, products=["concentrate"])


@pytest.mark.parametrize(("flowsheet", "vary"), [(linear(), LINEAR), (roaster(), NONLINEAR)])
def test_ten_thousand_are_each_what_a_solve_finds(flowsheet, vary):
    found = scenarios(flowsheet, vary)
    assert (found.count, found.failed) == (MANY, {})
    for place in (0, MANY - 1, *RANDOM.choice(MANY, 38, replace=False)):
        changes = {path: values[place] for path, values in vary.items()}
        alone = solve(flowsheet, set=changes)
        assert_same(columns(found, [place]), alone.flows, rtol=1e-9)
    # None depends on those beside it.
    places = RANDOM.permutation(MANY)[:300]
    some = scenarios(flowsheet, only_of(vary, places))
    assert_same(columns(found, places), some.flows, 1e-12)
    one = scenarios(flowsheet, only_of(vary, places[:1]))
    assert_same(columns(found, places[:1]), one.flows, 1e-12)


def only_of(vary, places):
    return {path: values[places] for path, values in vary.items()}


def test_readings_of_many_are_those_of_each():
    found = scenarios(linear(), only(LINEAR, range(500)))
    read = found.values(grade("concentrate", "Sb"))
    for place in (0, 77, 499):
        changes = {path: values[place] for path, values in LINEAR.items()}
        assert read[place] == pytest.approx(
            solve(linear(), set=changes)["concentrate"].grade("Sb").magnitude, rel=1e-9
        )
