"""Many scenarios at once are what each of them is alone, and one that fails stops no other."""

import numpy as np
import pytest

from flowsheet import Flowsheet, InputError, SolveError, scenarios, solve
from flowsheet.core.flow import Flow
from flowsheet.core.quantities import registry
from flowsheet.load import load_route
from tests.solver.test_derivative import Bank, Limited, recycle
from tests.solver.test_recycles import crystalliser_circuit, inert_loop, press
from tests.solver.test_steady import (
    CLEANER,
    ROUGHER,
    SCAVENGER,
    flotation_circuit,
    rougher_circuit,
)
from tests.test_audit import Pipe
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter

RANDOM = np.random.default_rng(20)


def draws(low, high, unit="", count=10_000):
    return [f"{number} {unit}" for number in RANDOM.uniform(low, high, count)]


MANY = {
    "ore.flow": draws(5.0, 200.0, "t/h"),
    "rougher.cell_volume": draws(5.0, 80.0, "m^3"),
    "rougher.rate_constant.Sb2S3": draws(0.1, 3.0, "1/min"),
    "rougher.rate_constant.SiO2": draws(0.001, 0.02, "1/min"),
    "scavenger.cells": [int(cells) for cells in RANDOM.integers(1, 12, 10_000)],
    "cleaner.water_recovery": draws(0.0, 0.5),
}


@pytest.fixture(scope="module")
def many():
    return scenarios(flotation_circuit(), MANY)


def at(vary, place):
    """One scenario, as ``solve`` takes it."""
    return {path: values[place] for path, values in vary.items()}


def only(vary, places):
    return {path: [values[place] for place in places] for path, values in vary.items()}


def columns(found, places):
    return {name: mass[:, places] for name, mass in found.flows.items()}


def assert_same(flows, others, rtol):
    assert flows.keys() == others.keys()
    for name, mass in flows.items():
        np.testing.assert_allclose(mass, others[name], rtol=rtol, atol=0.0, err_msg=name)


def assert_each_as_alone(flowsheet, vary, rtol=1e-9):
    """All scenarios are solved, each as a cold solve would."""
    found = scenarios(flowsheet, vary)
    assert found.failed == {}
    for place in range(found.count):
        alone = solve(flowsheet, set=at(vary, place))
        assert_same(columns(found, [place]), alone.flows, rtol)
    return found


def assert_failed(found, reasons):
    """Just these scenarios are not a number, in every stream, for these reasons."""
    assert dict(found.failed) == reasons
    for mass in found.flows.values():
        assert mass.shape == (found.flowsheet.slate.count, found.count)
        assert set(np.flatnonzero(np.isnan(mass).any(axis=0))) == set(reasons)
        assert set(np.flatnonzero(np.isnan(mass).all(axis=0))) == set(reasons)


def t_h(found, stream):
    return (found.flow(stream).total() * 3.6).tolist()


def test_ten_thousand_scenarios_are_each_what_a_solve_finds(many):
    assert (many.count, many.failed) == (10_000, {})
    flowsheet = flotation_circuit()
    for place in (0, 9_999, *RANDOM.choice(10_000, 38, replace=False)):
        alone = solve(flowsheet, set=at(MANY, place))
        assert_same(columns(many, [place]), alone.flows, rtol=1e-9)


def test_a_scenario_does_not_depend_on_those_beside_it(many):
    places = RANDOM.permutation(10_000)[:200]
    assert_same(
        columns(many, places), scenarios(flotation_circuit(), only(MANY, places)).flows, 1e-12
    )
    for place in places[:3]:
        alone = scenarios(flotation_circuit(), only(MANY, [place]))
        assert_same(columns(many, [place]), alone.flows, 1e-12)


def test_the_order_of_scenarios_and_of_parameters_does_not_matter(many):
    places = np.arange(2_600)[::-1]
    turned = dict(reversed(only(MANY, places).items()))
    found = scenarios(flotation_circuit(), turned)
    assert_same(columns(many, places), found.flows, 1e-12)


def test_the_same_result_on_every_run():
    first, again = (scenarios(flotation_circuit(), only(MANY, range(50))) for _ in range(2))
    for name, mass in first.flows.items():
        np.testing.assert_array_equal(mass, again.flows[name])


def test_the_flowsheet_as_written_is_the_start_and_nothing_else():
    vary = only(MANY, range(20))
    near = scenarios(flotation_circuit(), vary)
    far = scenarios(flotation_circuit("2 m^3", "5 1/min", "900 t/h"), {
        **vary,
        "scavenger.cell_volume": ["40 m^3"] * 20,
        "cleaner.cell_volume": ["40 m^3"] * 20,
        "scavenger.rate_constant.Sb2S3": ["0.6 1/min"] * 20,
        "cleaner.rate_constant.Sb2S3": ["0.6 1/min"] * 20,
    })  # fmt: skip
    assert_same(near.flows, far.flows, 1e-9)


def test_scenarios_far_from_the_flowsheet_as_written():
    assert_each_as_alone(
        flotation_circuit(),
        {
            "ore.flow": ["1e-6 t/h", "0.01 t/h", "60 t/h", "5000 t/h", "1e6 t/h"],
            "rougher.rate_constant.Sb2S3": [
                "9 1/min",
                "0 1/min",
                "1e-3 1/min",
                "50 1/min",
                "1 1/h",
            ],
            "cleaner.cell_volume": ["1 L", "4000 m^3", "0 L", "40 m^3", "3 m^3"],
        },
    )


def test_equal_cells_of_a_linear_circuit_sharpen_the_separation():
    shares = [0.1, 0.3, 0.5, 0.7, 0.9]
    paths = [f"{unit}.fraction.Sb2S3" for unit in ("rougher", "cleaner", "scavenger")]
    flowsheet = rougher_circuit(ROUGHER, CLEANER, SCAVENGER)
    found = scenarios(flowsheet, dict.fromkeys(paths, shares))
    # p^2 / (1 - 2 p (1 - p)), Meloy's formula for three equal cells.
    assert found.recovery("Sb", to="concentrate") == pytest.approx(
        [1.2195121951219514, 15.517241379310345, 50.0, 84.48275862068965, 98.78048780487805],
        rel=1e-12,
    )
    # The other species stay as they are written.
    np.testing.assert_allclose(found.recovery("Fe", to="concentrate"), 25.0, rtol=1e-12)


def test_two_entries_of_one_parameter_are_varied_and_the_others_stay():
    vary = {
        "rougher.fraction.FeS2": [0.1, "20 %", 0.3],
        "cleaner.fraction.SiO2": [0.5, 0.0, 1.0],
        "rougher.fraction.Sb2S3": [0.99, 0.5, 0.7],
    }
    found = assert_each_as_alone(rougher_circuit(ROUGHER, CLEANER, SCAVENGER), vary)
    feed, concentrate = found.flow("ore"), found.flow("rougher_concentrate")
    all_fed = feed + found.flow("cleaner_tailings") + found.flow("scavenger_concentrate")
    shares = concentrate.mass / all_fed.mass
    np.testing.assert_allclose(shares, [[0.99, 0.5, 0.7], [0.1, 0.2, 0.3], [0.06] * 3], rtol=1e-12)


def test_a_circuit_without_a_recycle():
    units = {
        "ore": Feed(outlet="ore", flow="10 t/h", composition={"Sb2S3": 0.5, "SiO2": 0.5}),
        "screen": Splitter(feed="ore", product="fines", remainder="coarse", fraction=0.5),
    }
    flowsheet = Flowsheet(["Sb2S3", "SiO2"], units)
    found = assert_each_as_alone(
        flowsheet,
        {"screen.fraction.Sb2S3": [0.0, 0.25, 1.0], "ore.flow": ["10 t/h", "20 t/h", "0 t/h"]},
    )
    np.testing.assert_allclose(t_h(found, "fines"), [2.5, 2.5 + 5.0, 0.0], rtol=1e-12)
    # What only the other parameter changes is there for every scenario as well.
    unchanged = scenarios(flowsheet, {"screen.fraction.Sb2S3": [0.25, 0.75]})
    assert t_h(unchanged, "ore") == pytest.approx([10.0, 10.0])
    assert unchanged.flow("ore").mass.shape == (2, 2)


def test_a_kink_between_scenarios():
    # 10 t/h enter, half of the tailings returns; the bank takes 80 % up to its capacity.
    flowsheet = recycle(Limited, capacity="20 t/h", flow="20 t/h", returned=0.5)
    vary = {"bank.capacity": ["20 t/h", "5 t/h", f"{80 / 9} t/h", "1 t/h"]}
    found = assert_each_as_alone(flowsheet, vary)
    made = found.flow("concentrate").of("Sb2S3") * 3.6
    np.testing.assert_allclose(made, [80 / 9, 5.0, 80 / 9, 1.0], rtol=1e-9)


def test_a_recycle_in_which_plain_iteration_takes_2000_passes():
    capacity = 300 / 97
    vary = {"bank.capacity": [f"{capacity} t/h", f"{capacity / 2} t/h"], "ore.flow": ["8 t/h"] * 2}
    found = assert_each_as_alone(recycle(Bank), vary)
    assert found.flow("concentrate").total()[0] * 3.6 == pytest.approx(3.0, rel=1e-9)


def test_values_of_every_kind_that_a_case_may_write():
    units = registry()
    values = [units.Quantity(50.0, "t/h"), "50 t/h", "50000 kg/h", units.Quantity(1000, "kg/min")]
    found = scenarios(press("40 t/h"), {"feed.flow": values[:2], "press.capacity": values[2:]})
    assert t_h(found, "out") == pytest.approx([50.0, 50.0])
    shares = scenarios(rougher_circuit(0.5, 0.5), {"rougher.fraction.SiO2": np.array([0.1, 0.2])})
    assert shares.count == 2


def test_readings_are_those_of_a_solution(many):
    flowsheet = flotation_circuit()
    for place in (3, 777, 5_000):
        solution = solve(flowsheet, set=at(MANY, place))
        for element, stream in (("Sb", "concentrate"), ("Fe", "tailings"), ("O", "t")):
            read = solution[stream]
            readings = [
                (many.element_flow(element, stream), read.element(element, "t/yr").magnitude),
                (many.element_flow(element, stream, "kg/h"),
                 read.element(element, "kg/h").magnitude),
                (many.grade(element, stream), read.grade(element).magnitude),
                (many.recovery(element, to=stream),
                 solution.recovery(element, to=stream).magnitude),
            ]  # fmt: skip
            for found, expected in readings:
                assert found.shape == (10_000,)
                assert found[place] == pytest.approx(expected, rel=1e-9)


def test_a_stream_of_all_scenarios(many):
    flow = many.flow("concentrate")
    assert isinstance(flow, Flow)
    np.testing.assert_array_equal(flow.mass, many.flows["concentrate"])
    for read in (
        lambda: many.flow("concentrat"),
        lambda: many.grade("Sb", "concentrat"),
        lambda: many.recovery("Sb", to="concentrat"),
        lambda: many.element_flow("Sb", "concentrat"),
    ):
        with pytest.raises(
            InputError, match=r"^there is no stream 'concentrat'; did you mean 'concentrate'\?$"
        ):
            read()


def arsenic_loop(arsenic, returned=0.95):
    units = {
        "ore": Feed(outlet="ore", flow="10 t/h", composition={"As": arsenic}, remainder="SiO2"),
        "bleed": Splitter(
            feed=["ore", "back"],
            product="back",
            remainder="bled",
            fraction={"As": returned, "others": 0.5},
        ),
    }
    return Flowsheet(["SiO2", "As"], units)


@pytest.mark.parametrize("nominal", [1e-2, 1e-9])
def test_traces_in_a_large_recycle_are_as_exact_as_the_rest(nominal):
    shares = [1e-9, 1e-2, 1e-7, 1e-12]
    returned = [0.95, 0.5, 0.99, 0.0]
    found = scenarios(
        arsenic_loop(nominal), {"ore.composition.As": shares, "bleed.fraction.As": returned}
    )
    fed = 10.0 * np.array(shares)
    np.testing.assert_allclose(found.flow("bled").of("As") * 3.6, fed, rtol=1e-6)
    np.testing.assert_allclose(
        found.flow("back").of("As") * 3.6, fed * [19.0, 1.0, 99.0, 0.0], rtol=1e-6
    )


def test_traces_in_a_circuit_that_is_not_linear_are_as_exact_as_the_rest():
    shares = [1e-9, 0.05, 1e-7]
    vary = {
        "ore.composition.FeS2": shares,
        "ore.composition.SiO2": [1.0 - 0.042 - share for share in shares],
        "rougher.cell_volume": ["40 m^3", "3 m^3", "100 m^3"],
    }
    assert_each_as_alone(flotation_circuit(), vary, rtol=1e-6)


def test_a_species_that_flows_in_some_scenarios_only():
    found = scenarios(arsenic_loop(0.0), {"ore.composition.As": [1e-5, 0.0, 1e-3]})
    assert found.failed == {}
    np.testing.assert_allclose(
        found.flow("back").of("As") * 3.6, [19e-4, 0.0, 19e-2], rtol=1e-9, atol=0.0
    )


def overloaded(by):
    return f"no steady state: SiO2 builds up at 'press', by {by} t/h each pass"


def test_an_overloaded_loop_fails_alone():
    flows = ["40 t/h", "51 t/h", "10 t/h", "50 t/h"]
    found = scenarios(press("40 t/h"), {"feed.flow": flows})
    assert_failed(found, {1: found.failed[1]})
    assert found.failed[1].startswith(overloaded(1))
    for stream, expected in (("out", [40.0, 10.0, 50.0]), ("left", [10.0, 2.5, 12.5])):
        solved = np.array(t_h(found, stream))[[0, 2, 3]]
        assert solved == pytest.approx(expected, rel=1e-9), stream


def test_several_overloaded_loops_fail_alone():
    flows = ["60 t/h", "40 t/h", "500 t/h", "49.9 t/h", "52 t/h"]
    found = scenarios(press("40 t/h"), {"feed.flow": flows})
    assert_failed(found, {place: found.failed[place] for place in (0, 2, 4)})
    solved = np.array(t_h(found, "out"))[[1, 3]]
    assert solved == pytest.approx([40.0, 49.9], rel=1e-9)


def test_a_loop_with_no_way_out_fails_alone():
    purges = [0.02, 0.0, 0.5, 1.0]
    found = scenarios(inert_loop(0.02), {"purge.fraction.I": purges})
    assert_failed(found, {1: found.failed[1]})
    # All of the inert leaves by the purge, which holds this share of it.
    purged = found.flow("purged").of("I")[[0, 2, 3]]
    back = found.flow("recycle").of("I")[[0, 2, 3]]
    np.testing.assert_allclose(purged, found.flow("feed").of("I")[[0, 2, 3]], rtol=1e-9)
    np.testing.assert_allclose(back, purged * [49.0, 1.0, 0.0], rtol=1e-9)


@pytest.mark.parametrize("recycled", [False, True])
def test_a_scenario_with_a_flow_that_cannot_be_fails_alone(recycled):
    flowsheet = crystalliser_circuit(recycled=recycled)
    salts = [0.494, 0.2, 0.5]
    found = scenarios(flowsheet, {"evaporator.salt": salts})
    with pytest.raises(SolveError, match=r"^evaporator: H2O in 'vapour' is -\S+ t/h, ") as refused:
        solve(flowsheet, set={"evaporator.salt": 0.2})
    assert_failed(found, {1: str(refused.value)})
    for place in (0, 2):
        alone = solve(flowsheet, set={"evaporator.salt": salts[place]})
        assert_same(columns(found, [place]), alone.flows, 1e-9)


def test_a_composition_beyond_100_percent_fails_alone():
    shares = [0.01, 0.042, 0.0421, 0.03]
    rest = [1.0 - 0.058 - 0.01, 0.9, 0.9, 1.0 - 0.058 - 0.03]
    vary = {"ore.composition.Sb2S3": shares, "ore.composition.SiO2": rest}
    found = scenarios(flotation_circuit(), vary)
    reason = "ore: composition sums to 100.010000%; at most 100 % is possible, give less"
    assert_failed(found, {2: reason})
    for place in (0, 1, 3):
        alone = solve(flotation_circuit(), set=at(vary, place))
        assert_same(columns(found, [place]), alone.flows, 1e-9)
    without = scenarios(flotation_circuit(), only(vary, [0, 1, 3]))
    assert_same(columns(found, [0, 1, 3]), without.flows, 1e-12)


def test_scenarios_that_all_fail():
    found = scenarios(flotation_circuit(), {"ore.composition.Sb2S3": [0.05, 0.06]})
    reason = "ore: composition sums to 10{}.800000%; at most 100 % is possible, give less"
    assert_failed(found, {0: reason.format(0), 1: reason.format(1)})


def test_values_that_a_unit_refuses_together_fail_alone():
    vary = {"rougher.residence_time": ["5 min", "6 min"], "ore.flow": ["60 t/h", "50 t/h"]}
    reason = "give either residence_time or cell_volume, and not both"
    found = scenarios(flotation_circuit(), vary)
    assert_failed(found, found.failed)
    assert [text.endswith(reason) for text in found.failed.values()] == [True, True]
    solids = {"ore.percent_solids": ["30 %", "0 %", "100 %"]}
    found = scenarios(flotation_circuit(), solids)
    assert_failed(found, {1: found.failed[1]})
    assert "percent_solids of 0 would be all water; give more, or leave it out" in found.failed[1]


class Choosy(Pipe):
    """Refuses what it finds in its feed only when it runs."""

    def run(self, feed, p):
        if np.any(feed.of("FeS2").real > 2.0):
            raise InputError("takes 2 kg/s of pyrite at the most")
        return super().run(feed, p)


def test_a_scenario_that_a_unit_refuses_when_it_runs_fails_alone():
    units = flotation_circuit().units
    flowsheet = Flowsheet(
        ["Sb2S3", "FeS2", "SiO2", "H2O"],
        {**units, "thickener": Choosy(feed="concentrate", product="thickened")},
    )
    flows = ["60 t/h", "900 t/h", "20 t/h", "40 t/h"]
    found = scenarios(flowsheet, {"ore.flow": flows})
    assert_failed(found, {1: "thickener: takes 2 kg/s of pyrite at the most"})
    without = scenarios(flowsheet, {"ore.flow": [flows[place] for place in (0, 2, 3)]})
    assert without.failed == {}
    assert_same(columns(found, [0, 2, 3]), without.flows, 1e-12)
    # Beside one whose values do not go together, which is said before anything is solved.
    shares = {"ore.composition.Sb2S3": [0.05, 0.042, 0.042, 0.042], "ore.flow": flows}
    found = scenarios(flowsheet, shares)
    assert_failed(found, {0: found.failed[0], 1: "thickener: takes 2 kg/s of pyrite at the most"})
    assert_same(columns(found, [2, 3]), columns(without, [1, 2]), 1e-12)


def test_failed_scenarios_have_no_readings():
    found = scenarios(flotation_circuit(), {"ore.composition.Sb2S3": [0.05, 0.042]})
    for reading in (
        found.grade("Sb", "concentrate"),
        found.recovery("Sb", to="concentrate"),
        found.element_flow("Sb", "concentrate"),
    ):
        assert np.isnan(reading).tolist() == [True, False]


def test_a_flowsheet_that_does_not_solve_as_written():
    with pytest.raises(SolveError, match=f"^{overloaded(10)}"):
        scenarios(press("60 t/h"), {"feed.flow": ["40 t/h"]})
    with pytest.raises(SolveError, match=r"^no way out for I \(in reactor, separator, purge\)"):
        scenarios(inert_loop(0.0), {"purge.fraction.I": [0.02]})


class Spill(Pipe):
    """Loses a millionth."""

    def changed(self, mass, rows):
        return mass * (1.0 - 1e-6)


def test_a_scenario_that_does_not_close_fails_alone():
    units = {
        "ore": Feed(outlet="ore", flow="10 t/h", composition={"Sb": 1.0}),
        "bypass": Splitter(feed="ore", product="past", remainder="through", fraction=1.0),
        "pipe": Spill(feed="through", product="out"),
    }
    found = scenarios(Flowsheet(["Sb"], units), {"bypass.fraction.Sb": [0.5, 1.0, 0.0]})
    assert_failed(found, {place: found.failed[place] for place in (0, 2)})
    for place in (0, 2):
        assert found.failed[place].startswith(
            "pipe: Sb does not close, out and in differ by 1.0e-06"
        )
    assert t_h(found, "past")[1] == pytest.approx(10.0)


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        ("ore.flow", "50 t", r'needs a unit of mass per time, got "50 t"; write e\.g\. "25 t/h"'),
        ("ore.flow", 50.0, r'needs a unit of mass per time, got 50\.0; write e\.g\. "25 t/h"'),
        ("ore.flow", None, r'needs a quantity, got None; write e\.g\. "25 t/h"'),
        ("ore.flow", "-1 t/h", r'must be 0 t/h or more, got "-1 t/h"'),
        ("rougher.cells", 2.5, r"needs a whole number, got 2\.5; write e\.g\. 6"),
        ("rougher.cells", 0, "must be 1 or more, got 0"),
        ("cleaner.recovery_max.FeS2", "101 %", r'must lie between 0 and 1, got "101 %"'),
        ("cleaner.recovery_max.FeS2", float("nan"), "needs a finite number, got nan"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_with_path_and_scenario(path, value, complaint):
    good = {"ore.flow": "9 t/h", "rougher.cells": 4, "cleaner.recovery_max.FeS2": 0.1}[path]
    with pytest.raises(InputError, match=rf"^{path}, scenario 2: {complaint}$"):
        scenarios(flotation_circuit(), {path: [good, good, value, good]})


LISTS = "vary: needs at least one list, all of one length, got "


@pytest.mark.parametrize(
    ("vary", "complaint"),
    [
        ({}, LISTS + "none$"),
        ({"ore.flow": []}, LISTS + r"\{'ore\.flow': 0\}$"),
        ({"ore.flow": ["1 t/h"], "rougher.cells": [4, 5]},
         LISTS + r"\{'ore\.flow': 1, 'rougher\.cells': 2\}$"),
        ({"or.flow": ["1 t/h"]}, r"or\.flow: there is no unit 'or'; did you mean 'ore'\?$"),
        ({"rougher": [1]}, r"rougher: 'rougher' \(FlotationBank\) has no parameter ''"),
        ({"rougher.cels": [1]}, r"rougher\.cels: 'rougher' \(FlotationBank\) has no parameter "
                                r"'cels'; did you mean 'cells'\?$"),
        ({"rougher.feed": ["ore"]}, r"rougher\.feed: 'rougher' \(FlotationBank\) has no "),
        ({"rougher.recovery_max": [0.5]}, r"rougher\.recovery_max: is not one number; name one "),
        ({"rougher.cells.FeS2": [5]}, r"rougher\.cells\.FeS2: 'cells' is one value, with no "),
        ({"ore.remainder": ["SiO2"]}, r"ore\.remainder: cannot vary, it is a choice "),
        ({"ore.assay.Sb": [0.1]}, r"ore\.assay\.Sb: 'assay' is not given, so no entry of it can "),
    ],
)  # fmt: skip
def test_what_cannot_vary_is_refused(vary, complaint):
    with pytest.raises(InputError, match=f"^{complaint}"):
        scenarios(flotation_circuit(), vary)


def test_a_species_that_the_flowsheet_does_not_carry():
    with pytest.raises(InputError, match=r"no species 'Sb2S' in this flowsheet; did .* 'Sb2S3'\?$"):
        scenarios(flotation_circuit(), {"rougher.recovery_max.Sb2S": [0.5]})


@pytest.mark.parametrize("flow", ["52 t/h", "60 t/h", "100 t/h"])
def test_an_overloaded_loop_among_others_says_what_builds_up(flow):
    found = scenarios(press("40 t/h"), {"feed.flow": ["40 t/h", flow]})
    assert set(found.failed) == {1}
    assert found.failed[1].startswith("no steady state: SiO2 builds up at 'press'")


def test_a_closed_loop_among_others_says_what_has_no_way_out():
    found = scenarios(inert_loop(0.02), {"purge.fraction.I": [0.02, 0.0, 0.5]})
    assert set(found.failed) == {1}
    assert found.failed[1].startswith("no way out for I (in reactor, separator, purge)")


def test_no_feed_at_all_in_one_scenario():
    assert_each_as_alone(flotation_circuit(), {"ore.flow": ["60 t/h", "0 t/h"]})


def test_a_species_that_is_absent_from_one_scenario():
    found = scenarios(arsenic_loop(1e-5), {"ore.composition.As": [1e-5, 0.0]})
    assert found.failed == {}
    assert found.flow("back").of("As")[1] == 0.0


@pytest.mark.parametrize(
    ("unit", "complaint"),
    [
        ("m", '^"m" does not measure what is in kg/s$'),
        ("foo", '^"foo" is not a unit known here$'),
        ("ton/h", '^"ton" means different masses in different places'),
    ],
)
def test_a_reading_in_a_wrong_unit(unit, complaint):
    found = scenarios(flotation_circuit(), {"ore.flow": ["60 t/h"]})
    with pytest.raises(InputError, match=complaint):
        found.element_flow("Sb", "concentrate", unit)


def test_a_reading_of_an_element_that_is_not_carried():
    found = scenarios(flotation_circuit(), {"ore.flow": ["60 t/h"]})
    for read in (
        lambda: found.element_flow("Au", "ore"),
        lambda: found.grade("Au", "ore"),
        lambda: found.recovery("Au", to="ore"),
    ):
        with pytest.raises(InputError, match=r"^no species of this flowsheet contains 'Au'"):
            read()


def test_a_stream_without_solids_has_no_grade_in_that_scenario():
    flowsheet = rougher_circuit(ROUGHER, CLEANER)
    found = scenarios(flowsheet, {f"cleaner.fraction.{s}": [0.0, 0.5] for s in ROUGHER})
    assert np.isnan(found.grade("Sb", "concentrate")).tolist() == [True, False]


def test_what_does_not_enter_has_no_recovery_in_that_scenario():
    found = scenarios(arsenic_loop(0.0), {"ore.composition.As": [1e-5, 0.0]})
    assert np.isnan(found.recovery("As", to="bled")).tolist() == [False, True]


@pytest.mark.parametrize(
    ("vary", "complaint"),
    [
        ({"rougher.recovery_max.Sb2S": [0.5]}, r"^rougher\.recovery_max\.Sb2S: no species 'Sb2S'"),
        ({"rougher.recovery_max.others": [0.5]}, r"^rougher\.recovery_max\.others: stands for "),
        ({"ore.flow": 8}, r"^ore\.flow: needs a list with one value per scenario, got 8$"),
        ({"rougher.cells": "12"}, r"^rougher\.cells: needs a list with one value per scenario"),
    ],
)
def test_lists_and_paths_that_make_no_sense(vary, complaint):
    with pytest.raises(InputError, match=complaint):
        scenarios(flotation_circuit(), vary)


def test_assays_vary():
    ore = Feed(outlet="ore", flow="1 t/h", assay={"Sb": "5 %"}, minerals=["Sb2S3"],
               remainder="SiO2")  # fmt: skip
    flowsheet = Flowsheet(["Sb2S3", "SiO2"], {"ore": ore})
    found = scenarios(flowsheet, {"ore.assay.Sb": ["4 %", "6 %", "80 %"]})
    assert found.grade("Sb", "ore")[:2] == pytest.approx([4.0, 6.0], rel=1e-12)
    assert set(found.failed) == {2}


def test_the_entry_for_all_others_and_one_value_for_all_vary():
    one = rougher_circuit(0.6, 0.9)
    found = scenarios(one, {"rougher.fraction": np.array([0.5, 0.6])})
    assert_same(columns(found, [1]), solve(one).flows, 1e-12)
    some = rougher_circuit({"Sb2S3": 0.85, "others": 0.3}, 0.9)
    found = scenarios(some, {"rougher.fraction.others": np.array([0.3, 0.5])})
    again = solve(rougher_circuit({"Sb2S3": 0.85, "others": 0.5}, 0.9))
    assert_same(columns(found, [1]), again.flows, 1e-12)


def test_values_that_are_right_alone_but_not_together_fail_with_their_reason():
    vary = {"purge.fraction.I": [0.02, 0.5]}
    assert scenarios(inert_loop(0.02), vary).failed == {}
    route = load_route("us_antimony_thompson_falls").flowsheet
    shares = {
        "reduction.arsenic_to_metal": ["60 %", "80 %", "50 %"],
        "reduction.arsenic_to_fume": ["30 %", "50 %", "40 %"],
    }
    found = scenarios(route, shares)
    assert found.failed == {
        1: "reduction: arsenic_to_metal + arsenic_to_fume is 1.3; they share at most 1"
    }
    assert np.isfinite(found.recovery("Sb", to="antimony_metal")).tolist() == [True, False, True]
