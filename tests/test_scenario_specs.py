"""Specifications met in every scenario: each is what its own solve finds, and fails alone."""

import numpy as np
import pytest

from flowsheet import (
    Flowsheet,
    InputError,
    SolveError,
    Vary,
    grade,
    parameter,
    product,
    recovery,
    scenarios,
    solve,
)
from flowsheet.scenario import sweep
from tests.solver.test_recycles import press
from tests.solver.test_specs import Hump, Pulled, circuit, recovered_by, rougher_for, row, tank
from tests.solver.test_steady import flotation_circuit
from tests.test_scenarios import assert_failed, assert_same, at, columns, only
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter

RANDOM = np.random.default_rng(4)


def assert_each_as_alone(flowsheet, vary, specs, places=None):
    """Scenarios are what ``solve`` finds for them, streams and varied parameters."""
    found = scenarios(flowsheet, vary, specs=specs)
    assert found.failed == {}
    for place in range(found.count) if places is None else places:
        alone = solve(flowsheet, set=at(vary, place), specs=specs)
        assert_same(columns(found, [place]), alone.flows, 1e-9)
        for path, value in alone.varied.items():
            assert found.varied[path][place] == pytest.approx(value, rel=1e-9)
    return found


def test_a_closed_form():
    spec = Vary("rougher.fraction.Sb").until(recovery("Sb", to="concentrate") == "80 %")
    cleaners = [0.9, 0.7, 0.85, 1.0]
    vary = {"cleaner.fraction": cleaners, "ore.flow": ["1 t/h", "500 t/h", "20 t/h", "3 kg/h"]}
    found = assert_each_as_alone(circuit(), vary, spec)
    assert list(found.varied) == ["rougher.fraction.Sb"]
    expected = [rougher_for(0.8, cleaner) for cleaner in cleaners]
    assert found.varied["rougher.fraction.Sb"] == pytest.approx(expected, rel=1e-9)
    assert found.recovery("Sb", to="concentrate") == pytest.approx([80.0] * 4, rel=1e-9)
    assert found.inputs["cleaner.fraction"].tolist() == cleaners


def test_a_nonlinear_circuit_with_three_targets():
    specs = [
        Vary("ore.flow").until(product("concentrate", "Sb") == "10000 t/yr"),
        Vary("rougher.recovery_max.FeS2").until(grade("concentrate", "Sb") == "42 %"),
        Vary("cleaner.water_recovery", high=0.5).until(product("concentrate", "H2O") == "1 t/h"),
    ]
    count = 400
    vary = {
        "rougher.rate_constant.Sb2S3": [f"{k} 1/min" for k in RANDOM.uniform(0.4, 1.5, count)],
        "scavenger.cell_volume": [f"{v} m^3" for v in RANDOM.uniform(20.0, 80.0, count)],
        "ore.percent_solids": RANDOM.uniform(0.25, 0.4, count),
    }
    found = assert_each_as_alone(flotation_circuit(), vary, specs, range(0, count, 40))
    np.testing.assert_allclose(found.values(specs[0].target.measure), 10_000.0, rtol=1e-9)
    np.testing.assert_allclose(found.values(specs[1].target.measure), 42.0, rtol=1e-9)
    np.testing.assert_allclose(found.values(specs[2].target.measure, "t/h"), 1.0, rtol=1e-9)
    # No scenario depends on those beside it.
    places = RANDOM.permutation(count)[:60]
    some = scenarios(flotation_circuit(), only(vary, places), specs=specs)
    assert_same(columns(found, places), some.flows, 1e-12)
    for path, values in some.varied.items():
        np.testing.assert_allclose(found.varied[path][places], values, rtol=1e-12)
    one = scenarios(flotation_circuit(), only(vary, places[:1]), specs=specs)
    assert_same(columns(found, places[:1]), one.flows, 1e-12)


def test_far_from_the_plant_as_written():
    specs = Vary("ore.flow").until(product("concentrate", "Sb") == "1 t/h")
    vary = {
        "rougher.fraction.Sb": [1e-4, 0.99, 0.5, 1.0],
        "ore.composition.Sb": ["5 ppm", "79 %", "1 %", 0.1],
    }
    found = assert_each_as_alone(circuit(), vary, specs)
    fed = 1.0 / np.array([recovered_by(share) for share in vary["rougher.fraction.Sb"]])
    tonnage = fed / np.array([5e-6, 0.79, 0.01, 0.1]) / 3.6
    np.testing.assert_allclose(found.varied["ore.flow"], tonnage, rtol=1e-9)


def test_a_target_out_of_reach_fails_alone():
    spec = Vary("tank.size").until(product("taken") == "6 t/h")
    flowsheet = tank(Hump, 0.1)
    vary = {"ore.flow": ["10 t/h", "6 t/h", "8 t/h", "0 t/h"]}
    found = scenarios(flowsheet, vary, specs=spec)
    assert_failed(found, {1: found.failed[1], 3: found.failed[3]})
    # 0.75 / (1 - 0.25 / 2) of 6 t/h at the most.
    assert found.failed[1].startswith(
        "target of 'taken' is not met: 4.508e+04 t/yr of 5.26e+04 t/yr"
    )
    assert found.failed[3] == "target of 'taken' cannot be met: nothing flows there"
    assert np.isnan(found.varied["tank.size"]).tolist() == [False, True, False, True]
    for place in (0, 2):
        alone = solve(flowsheet, set=at(vary, place), specs=spec)
        assert_same(columns(found, [place]), alone.flows, 1e-9)
    for place in (1, 3):
        with pytest.raises(SolveError) as refused:
            solve(flowsheet, set=at(vary, place), specs=spec)
        assert str(refused.value).partition(" at ")[0] == found.failed[place].partition(" at ")[0]


def test_a_parameter_at_its_bound_fails_alone():
    spec = Vary("rougher.fraction.Sb", low=0.2, high=0.9).until(
        recovery("Sb", to="concentrate") == "80 %"
    )
    cleaners = [0.9, 0.1, 0.7, 0.9, 0.05]
    found = scenarios(circuit(), {"cleaner.fraction": cleaners}, specs=spec)
    assert_failed(found, {1: found.failed[1], 4: found.failed[4]})
    for place, cleaner in ((1, 0.1), (4, 0.05)):
        assert found.failed[place] == (
            f"target of recovery of Sb to 'concentrate' is not met: "
            f"{100 * recovered_by(0.9, cleaner):.4g} percent of 80 percent are reached with "
            f"rougher.fraction.Sb at its highest, 0.9; vary another parameter or change the target"
        )
    good = [0, 2, 3]
    expected = [rougher_for(0.8, cleaners[place]) for place in good]
    assert found.varied["rougher.fraction.Sb"][good] == pytest.approx(expected, rel=1e-9)


def test_an_overloaded_scenario_fails_alone_beside_those_that_meet_the_target():
    # The press is overloaded at 50 t/h; the target sets the feed, and its capacity varies.
    spec = Vary("feed.flow").until(product("out") == "30 t/h")
    vary = {"press.capacity": ["50 t/h", "45 t/h", "20 t/h", "35 t/h"]}
    found = scenarios(press("40 t/h"), vary, specs=spec)
    assert_failed(found, {2: found.failed[2]})
    assert found.varied["feed.flow"][[0, 1, 3]] * 3.6 == pytest.approx([30.0] * 3, rel=1e-9)


def test_the_plant_as_written_that_cannot_meet_the_target():
    spec = Vary("tank.size").until(product("taken") == "9.5 t/h")
    with pytest.raises(SolveError, match=r"^target of 'taken' is not met: "):
        scenarios(tank(Hump), {"ore.flow": ["100 t/h"]}, specs=spec)


def test_what_a_target_sets_cannot_be_given():
    spec = Vary("rougher.fraction.Sb").until(recovery("Sb", to="concentrate") == "80 %")
    complaint = r"^rougher\.fraction\.Sb: varies already; give each number once$"
    with pytest.raises(InputError, match=complaint):
        scenarios(circuit(), {"rougher.fraction.Sb": [0.5]}, specs=spec)


def test_one_number_under_two_names_cannot_be_given():
    one = Splitter(feed="ore", product="concentrate", remainder="tailings", fraction=0.5)
    ore = Feed(outlet="ore", flow="1 t/h", composition={"Sb": 0.1, "SiO2": 0.9})
    flowsheet = Flowsheet(["Sb", "SiO2"], {"ore": ore, "cell": one})
    complaint = r"^cell\.fraction\.Sb: varies already together with cell\.fraction; give each "
    with pytest.raises(InputError, match=complaint):
        scenarios(flowsheet, {"cell.fraction": [0.5], "cell.fraction.Sb": [0.6]})
    spec = Vary("cell.fraction").until(recovery("Sb", to="concentrate") == "80 %")
    with pytest.raises(InputError, match=complaint):
        scenarios(flowsheet, {"cell.fraction.Sb": [0.6]}, specs=spec)
    other = Vary("cell.fraction.Sb").until(product("concentrate", "SiO2") == "0.1 t/h")
    complaint = r"^cell\.fraction\.Sb: is varied twice, as cell\.fraction; one parameter meets one "
    with pytest.raises(InputError, match=complaint):
        solve(flowsheet, specs=[spec, other])


def test_one_entry_is_varied_and_another_meets_the_target():
    spec = Vary("rougher.fraction.SiO2").until(product("concentrate", "SiO2") == "7 t/h")
    vary = {"rougher.fraction.FeS2": [0.1, 0.5], "rougher.fraction.Sb": [0.6, 0.7]}
    found = assert_each_as_alone(circuit(), vary, spec)
    assert found.varied["rougher.fraction.SiO2"] == pytest.approx([rougher_for(0.1)] * 2, rel=1e-9)
    assert found.recovery("Sb", to="concentrate") == pytest.approx(
        [100 * recovered_by(0.6), 100 * recovered_by(0.7)], rel=1e-9
    )
    flowsheet = circuit()
    read = found.values(parameter("rougher.fraction.SiO2", flowsheet))
    np.testing.assert_array_equal(read, found.varied["rougher.fraction.SiO2"])


def test_a_large_plant():
    flowsheet = row(Pulled)
    specs = [
        Vary("rougher 3.fraction.Sb").until(product("made 3", "Sb") == "2 t/h"),
        Vary("ore.flow").until(product("feed 0", "SiO2") == "160 t/h"),
    ]
    vary = {"cleaner 3.fraction": [0.5, 0.4], "rougher 79.fraction.Sb": [0.05, 0.3]}
    found = assert_each_as_alone(flowsheet, vary, specs)
    before = 40.0 * (1.0 - recovered_by(0.05, 0.5)) ** 3
    expected = [rougher_for(2.0 / before, 0.5), rougher_for(2.0 / before, 0.4)]
    assert found.varied["rougher 3.fraction.Sb"] == pytest.approx(expected, rel=1e-9)


def test_a_sweep_with_a_target():
    spec = Vary("rougher.fraction.Sb").until(recovery("Sb", to="concentrate") == "80 %")
    found = sweep(circuit(), {"cleaner.fraction": [0.9, 0.7], "ore.flow": ["1 t/h"]}, specs=[spec])
    expected = [rougher_for(0.8, 0.9), rougher_for(0.8, 0.7)]
    assert found.varied["rougher.fraction.Sb"] == pytest.approx(expected, rel=1e-9)
