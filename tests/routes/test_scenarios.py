"""Routes with their uncertain numbers drawn, against the closed form of a small circuit.

With r and c the shares of antimony that rougher and cleaner pass on, the circuit of
``tests.small_case`` recovers r c / (1 - r (1 - c)). Silica goes the same way with its own shares,
so grades, feed and throughput are known for every draw as well.
"""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import spearmanr

from flowsheet import InputError, SolveError, Uniform
from flowsheet.core.formula import parse_formula
from flowsheet.core.quantities import from_base
from flowsheet.load import load_route
from flowsheet.routes.metrics import Metrics
from flowsheet.uncertainty.correlation import correlated
from flowsheet.uncertainty.sampling import unit_cube
from tests.small_case import CAPACITY, CASE, CIRCUIT, HEADER, ORE, TARGET, changed, write

RANGES = """
[units.rougher]
fraction.Sb2S3 = { value = 0.9, low = 0.8, high = 0.95, distribution = "uniform" }
fraction.SiO2 = { value = 0.05, low = 0.02, high = 0.1, distribution = "uniform" }

[units.cleaner]
fraction.Sb2S3 = { value = 0.9, low = 0.85, high = 0.99, distribution = "uniform" }
fraction.SiO2 = 0.1
"""
UNCERTAIN = HEADER + TARGET + ORE + RANGES
AT_ITS_FEED = HEADER + ORE + RANGES
R, G, C = "rougher.fraction.Sb2S3", "rougher.fraction.SiO2", "cleaner.fraction.Sb2S3"
FLOWS = """
[target]
vary = "ore.flow"
flow = { value = "5000 t/yr", low = "4 kt/yr", high = "9 kt/yr", distribution = "uniform" }

[capacity]
installed = { value = "5 kt/yr", low = "2 kt/yr", high = "6 kt/yr", distribution = "uniform" }
"""
SB = parse_formula("Sb2S3").mass_fractions()["Sb"]


def load(tmp_path, case=UNCERTAIN, **options):
    return load_route(str(write(tmp_path, case, **options)))


def column(low, high, shares):
    return low + (high - low) * shares


def recovered(rougher, cleaner):
    return rougher * cleaner / (1.0 - rougher * (1.0 - cleaner))


def drawn(count, seed=1):
    """The same points as the route draws, as the values of its three uncertain shares."""
    cube = unit_cube(count, 3, seed=seed)
    return column(0.8, 0.95, cube[:, 0]), column(0.02, 0.1, cube[:, 1]), column(
        0.85, 0.99, cube[:, 2]
    )  # fmt: skip


def assert_spread(found, values, rel=1e-9):
    p10, p50, p90 = np.percentile(values, [10, 50, 90])
    assert (found.p10, found.p50, found.p90) == pytest.approx((p10, p50, p90), rel=rel)
    assert found.mean == pytest.approx(values.mean(), rel=rel)


def test_spreads_are_those_of_the_closed_form_at_the_same_draws(tmp_path):
    found = load(tmp_path).scenarios(draws=500)
    rougher, gangue, cleaner = drawn(500)
    recovery, silica = recovered(rougher, cleaner), recovered(gangue, 0.1)
    assert_spread(found.spread("antimony_recovery_percent"), 100 * recovery)
    sulphide = 5000.0 / SB
    ore = sulphide / recovery / 0.04  # t/yr; 4 % of it is sulphide
    assert_spread(found.spread("feed_t_yr"), ore)
    concentrate = sulphide + 0.96 * ore * silica
    assert_spread(found.spread("product_t_yr"), concentrate)
    assert_spread(found.spread("product_grade_percent"), 100 * 5000.0 / concentrate)
    assert found.metric("antimony_to_refinery_t_yr") == pytest.approx(5000.0, rel=1e-9)
    np.testing.assert_allclose(found.scenarios.varied["ore.flow"] * 31557.6, ore, rtol=1e-9)


def test_what_was_drawn_is_in_the_result(tmp_path):
    found = load(tmp_path).scenarios(draws=64)
    for path, values in zip((R, G, C), drawn(64), strict=True):
        np.testing.assert_allclose(found.inputs[path], values, rtol=1e-12)
    assert list(found.inputs) == [R, G, C]
    assert found.scenarios.count == len(found.metric("feed_t_yr")) == 64


def test_without_a_target_the_feed_is_drawn(tmp_path):
    for route in (load(tmp_path, AT_ITS_FEED), load(tmp_path).without_target()):
        found = route.scenarios(draws=32)
        assert list(found.inputs) == ["ore.flow", R, G, C]
        feed = found.inputs["ore.flow"]
        np.testing.assert_allclose(found.metric("feed_t_yr"), feed * 31557.6, rtol=1e-9)
        antimony = 0.04 * SB * feed * 31557.6 * recovered(found.inputs[R], found.inputs[C])
        np.testing.assert_allclose(found.metric("antimony_to_refinery_t_yr"), antimony, rtol=1e-9)


def test_the_target_and_the_capacity_are_drawn(tmp_path):
    found = load(tmp_path, HEADER + FLOWS + ORE + CIRCUIT).scenarios(draws=128)
    cube = unit_cube(128, 2, seed=1)
    wanted, installed = column(4000, 9000, cube[:, 0]), column(2000, 6000, cube[:, 1])
    np.testing.assert_allclose(found.metric("antimony_to_refinery_t_yr"), wanted, rtol=1e-9)
    np.testing.assert_allclose(found.metric("capacity_installed_t_yr"), installed, rtol=1e-9)
    missing = np.maximum(wanted - installed, 0.0)
    assert 0 < np.count_nonzero(missing) < 128
    np.testing.assert_allclose(found.metric("capacity_missing_t_yr"), missing, rtol=1e-9, atol=1e-6)
    assert found.as_written["capacity_missing_t_yr"] == pytest.approx(0.0, abs=1e-6)


def test_a_capacity_measured_on_the_product_takes_the_yield_of_each_draw(tmp_path):
    header = changed(HEADER, 'refinery_feed = ["concentrate"]', 'refinery_feed = ["ore"]')
    capacity = FLOWS + 'measured_on = "product"\n'
    found = load(tmp_path, header + capacity + ORE + RANGES).scenarios(draws=32)
    installed = from_base(found.inputs["capacity.installed"], "t/yr")
    expected = installed / recovered(found.inputs[R], found.inputs[C])
    np.testing.assert_allclose(found.metric("capacity_installed_t_yr"), expected, rtol=1e-9)


def test_every_draw_is_what_the_route_gives_with_its_numbers(tmp_path):
    route = load(tmp_path, HEADER + FLOWS + ORE + RANGES)
    found = route.scenarios(draws=8)
    for draw in (0, 5):
        numbers = {path: found.inputs[path][draw] for path in (R, G, C)}
        flow = f"{from_base(found.inputs['target.flow'][draw], 't/yr')} t/yr"
        alone = route.with_changes({**numbers, "target.flow": flow}).solve().metrics
        for row in found.summary():
            if not row.metric.startswith("capacity"):
                value = found.metric(row.metric)[draw]
                assert value == pytest.approx(getattr(alone, row.metric), rel=1e-9), row.metric


def test_the_same_seed_gives_the_same_draws_and_another_one_others(tmp_path):
    route = load(tmp_path)
    first, again, other = (route.scenarios(draws=64, seed=seed) for seed in (7, 7, 8))
    for row in first.summary():
        np.testing.assert_array_equal(first.metric(row.metric), again.metric(row.metric))
    assert (first.metric("feed_t_yr") != other.metric("feed_t_yr")).all()


@pytest.mark.parametrize("method", ["latin hypercube", "random"])
def test_other_ways_of_drawing(tmp_path, method):
    found = load(tmp_path).scenarios(draws=50, seed=3, method=method)
    cube = unit_cube(50, 3, method=method, seed=3)
    np.testing.assert_allclose(found.inputs[R], column(0.8, 0.95, cube[:, 0]), rtol=1e-12)


GROUP = f"""
[correlation.tests]
members = ["{R}", "{C}"]
coefficient = 0.9
"""


def test_a_correlated_group_goes_up_and_down_together(tmp_path):
    alone = load(tmp_path).scenarios(draws=512)
    found = load(tmp_path, UNCERTAIN + GROUP).scenarios(draws=512)
    names = [R, G, C]
    route = load(tmp_path, UNCERTAIN + GROUP)
    points = correlated(unit_cube(512, 3, seed=1), names, route.correlations())
    rougher, cleaner = column(0.8, 0.95, points[:, 0]), column(0.85, 0.99, points[:, 2])
    assert_spread(found.spread("antimony_recovery_percent"), 100 * recovered(rougher, cleaner))
    assert spearmanr(found.inputs[R], found.inputs[C]).statistic == pytest.approx(0.89, abs=0.02)
    widths = [
        each.spread("feed_t_yr").p90 - each.spread("feed_t_yr").p10 for each in (alone, found)
    ]
    assert widths[1] > 1.1 * widths[0]


ASSAYED = """
[units.ore]
flow = "100 t/h"
composition.Sb2S3 = { value = "40 %", low = "20 %", high = "60 %", distribution = "uniform" }
composition.SiO2 = { value = "40 %", low = "20 %", high = "60 %", distribution = "uniform" }
remainder = "H2O"
"""
WET = """\
from flowsheet import Flowsheet
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter


def build(data):
    return Flowsheet(
        species=["Sb2S3", "SiO2", "H2O"],
        units={
            "ore": Feed(outlet="ore", **data.unit("ore")),
            "cleaner": Splitter(
                feed="ore", product="concentrate", remainder="tailings", **data.unit("cleaner")
            ),
        },
        products=["concentrate"],
    )
"""
HALF = """
[units.cleaner]
fraction = { value = 0.5, low = 0.25, high = 1, distribution = "uniform" }
"""


def test_draws_that_cannot_be_are_counted_with_their_reason(tmp_path):
    found = load(tmp_path, HEADER + TARGET + ASSAYED + HALF, plant=WET).scenarios(draws=256)
    sums = found.inputs["ore.composition.Sb2S3"] + found.inputs["ore.composition.SiO2"]
    impossible = np.flatnonzero(sums > 1.0)
    assert 20 < impossible.size < 50
    assert list(found.failed) == impossible.tolist()
    ((reason, count),) = found.reasons.items()
    assert reason.startswith("ore: composition sums to 10")
    assert count == impossible.size
    for row in found.summary():
        assert (row.solved, row.failed, row.no_value) == (256 - count, count, 0)
        assert (np.flatnonzero(np.isnan(found.metric(row.metric))) == impossible).all()
    spread = found.spread("feed_t_yr")
    assert (spread.solved, spread.failed) == (256 - count, count)
    kept = np.delete(found.inputs["ore.composition.Sb2S3"], impossible)
    share = np.delete(found.inputs["cleaner.fraction"], impossible)
    solids = np.delete(sums, impossible)
    assert_spread(spread, 5000.0 / SB / kept / share * solids)


def test_all_draws_failed(tmp_path):
    case = changed(ASSAYED, 'Sb2S3 = { value = "40 %", low = "20 %", high = "60 %"',
                            'Sb2S3 = { value = "60 %", low = "60 %", high = "99 %"')  # fmt: skip
    case = changed(case, 'SiO2 = { value = "40 %", low = "20 %", high = "60 %"',
                         'SiO2 = { value = "40 %", low = "40 %", high = "60 %"')  # fmt: skip
    found = load(tmp_path, HEADER + TARGET + case + HALF, plant=WET).scenarios(draws=4)
    assert [(row.solved, row.failed, row.p50, row.mean) for row in found.summary()] == [
        (0, 4, None, None)
    ] * 15
    with pytest.raises(
        SolveError, match=r"^feed_t_yr: no value in any of 4 draws, so no percentile$"
    ):
        found.spread("feed_t_yr")


def test_a_metric_without_a_value_in_any_draw(tmp_path):
    # Water only: there are no dry solids of which antimony could be a share.
    wet = changed(ORE, 'composition.Sb2S3 = "4 %"\nremainder = "SiO2"', "composition.H2O = 1")
    found = load(tmp_path, HEADER + wet + HALF, plant=WET).scenarios(draws=16)
    rows = {row.metric: row for row in found.summary()}
    grade, feed = rows["product_grade_percent"], rows["feed_t_yr"]
    assert (grade.solved, grade.failed, grade.no_value) == (16, 0, 16)
    assert (grade.as_written, grade.p10, grade.p50, grade.p90, grade.mean) == (None,) * 5
    assert (feed.solved, feed.failed, feed.no_value, feed.p50) == (16, 0, 0, 0.0)


GATE = """\
import numpy as np

from flowsheet.core.parameters import Count
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.unit import UnitOp


class Gate(UnitOp):
    feed: Inlet
    product: Outlet
    remainder: Outlet
    size: Count

    def run(self, feed, p):
        passed = feed * np.where(np.real(p.size) > 1.0, 1.0, 0.0)
        return {"product": passed, "remainder": feed - passed}


"""


def test_a_metric_without_a_value_in_some_draws(tmp_path):
    plant = GATE + changed(WET, "Splitter(", "Gate(")
    size = changed(HALF, "fraction = { value = 0.5, low = 0.25, high = 1,",
                         "size = { value = 2, low = 1, high = 2,")  # fmt: skip
    found = load(tmp_path, HEADER + ASSAYED + size, plant=plant).scenarios(draws=64)
    failed, shut = len(found.failed), found.inputs["cleaner.size"] == 1.0
    shut[list(found.failed)] = False
    assert failed > 0
    assert shut.sum() > 20
    rows = {row.metric: row for row in found.summary()}
    grade, feed = rows["product_grade_percent"], rows["feed_t_yr"]
    assert (grade.solved, grade.failed, grade.no_value) == (64 - failed, failed, shut.sum())
    assert (feed.solved, feed.failed, feed.no_value) == (64 - failed, failed, 0)
    spread = found.spread("product_grade_percent")
    assert (spread.solved, spread.failed) == (64 - failed - shut.sum(), failed + shut.sum())


def test_a_summary_has_every_metric_as_written_and_drawn(tmp_path):
    route = load(tmp_path, CAPACITY + UNCERTAIN)
    found = route.scenarios(draws=16)
    written = route.solve().metrics
    rows = found.summary()
    figures = set(Metrics.__annotations__) - {"product", "closure_max_relative", "reserve_life_yr"}
    assert {row.metric for row in rows} == figures
    for row in rows:
        assert row.as_written == pytest.approx(getattr(written, row.metric), rel=1e-12)
        assert row.to_dict() == {
            "metric": row.metric,
            "as_written": row.as_written,
            "p10": found.spread(row.metric).p10,
            "p50": found.spread(row.metric).p50,
            "p90": found.spread(row.metric).p90,
            "mean": found.spread(row.metric).mean,
            "solved": 16,
            "failed": 0,
            "no_value": 0,
        }


def test_reasons_that_differ_in_their_figures_are_one(tmp_path):
    found = load(tmp_path, HEADER + TARGET + ASSAYED + HALF, plant=WET).scenarios(draws=64)
    assert len(set(found.failed.values())) > len(found.reasons) == 1


def test_drawing_leaves_the_route_as_it_is(tmp_path):
    route = load(tmp_path, HEADER + TARGET + ASSAYED + HALF, plant=WET)
    before = route.solve().metrics
    route.scenarios(draws=16)
    assert route.solve().metrics == before


def test_progress_is_reported(tmp_path):
    seen = []
    load(tmp_path).scenarios(draws=450, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (450, 450)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_a_case_without_ranges_has_nothing_to_draw(tmp_path):
    for ask in ("scenarios", "indices"):
        with pytest.raises(InputError, match=(
            r"^mine: no number of the case has a range, so there is nothing to draw; give one low "
            r"and high$"
        )):  # fmt: skip
            getattr(load(tmp_path, CASE), ask)()


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"draws": 0}, r"^draws: needs a whole number, 1 or more, got 0$"),
        ({"seed": -1}, r"^seed: needs a whole number, 0 or more, got -1$"),
        ({"method": "sobel"}, r"^method: there is no way of sampling 'sobel'; did you mean"),
    ],
)
def test_ways_of_drawing_that_make_no_sense(tmp_path, options, complaint):
    with pytest.raises(InputError, match=complaint):
        load(tmp_path).scenarios(**options)


def test_a_metric_that_there_is_not(tmp_path):
    route = load(tmp_path)
    complaint = r"^there is no metric 'feed_t_y'; did you mean 'feed_t_yr'\?$"
    for ask in (route.scenarios(draws=4).metric, route.scenarios(draws=4).spread,
                route.indices(draws=4).of, route.indices(draws=4).rows):  # fmt: skip
        with pytest.raises(InputError, match=complaint):
            ask("feed_t_y")


def variance_shares():
    """First and total shares of the variance of the recovery, r over 0.8-0.95, c over 0.85-0.99.

    By integration: first order is the variance of the mean over the other number; of two numbers,
    the total of one is what the first order of the other leaves.
    """

    def mean_over(low, high, function):
        return quad(function, low, high, epsabs=1e-12)[0] / (high - low)

    def over_cleaner(r, power=1):
        return mean_over(0.85, 0.99, lambda c: recovered(r, c) ** power)

    def over_rougher(c):
        return mean_over(0.8, 0.95, lambda r: recovered(r, c))

    mean = mean_over(0.8, 0.95, over_cleaner)
    variance = mean_over(0.8, 0.95, lambda r: over_cleaner(r, 2)) - mean**2
    of_rougher = mean_over(0.8, 0.95, lambda r: over_cleaner(r) ** 2) - mean**2
    of_cleaner = mean_over(0.85, 0.99, lambda c: over_rougher(c) ** 2) - mean**2
    first = {R: of_rougher / variance, C: of_cleaner / variance}
    return first, {R: 1.0 - first[C], C: 1.0 - first[R]}


def test_indices_of_the_recovery_are_those_of_the_closed_form(tmp_path):
    found = load(tmp_path).indices(draws=1024)
    first, total = variance_shares()
    assert first[R] + first[C] < 1.0
    recovery = found.of("antimony_recovery_percent")
    for path in (R, C):
        assert recovery.first[path].value == pytest.approx(first[path], abs=0.01)
        assert recovery.total[path].value == pytest.approx(total[path], abs=0.01)
    assert recovery.total[G].value == pytest.approx(0.0, abs=1e-9)
    rows = found.rows("antimony_recovery_percent")
    assert [row.number for row in rows] == [R, C, G]
    top = rows[0]
    assert top.total_low < top.total < top.total_high
    assert top.first_low < top.first < top.first_high
    assert (top.rows, top.left_out) == (1024, 0)
    assert rows[0].to_dict()["number"] == R


def test_the_target_decides_the_throughput_and_the_capacity_what_is_missing(tmp_path):
    found = load(tmp_path, HEADER + FLOWS + ORE + RANGES).indices(draws=512)
    throughput = found.of("antimony_to_refinery_t_yr")
    assert throughput.first["target.flow"].value == pytest.approx(1.0, abs=0.02)
    assert throughput.total["capacity.installed"].value == pytest.approx(0.0, abs=1e-9)
    installed = found.of("capacity_installed_t_yr")
    assert installed.first["capacity.installed"].value == pytest.approx(1.0, abs=0.02)
    missing = found.of("capacity_missing_t_yr").total
    assert missing["target.flow"].value > missing["capacity.installed"].value > 0.1
    assert missing[R].value == pytest.approx(0.0, abs=1e-9)


def test_a_correlated_group_is_one_factor(tmp_path):
    found = load(tmp_path, UNCERTAIN + GROUP).indices(draws=128)
    (first, *rest) = found.rows("antimony_recovery_percent")
    assert first.number == "tests"
    assert first.total == pytest.approx(1.0, abs=0.05)
    assert [row.number for row in rest] == [G]


def test_a_metric_that_does_not_vary_is_constant(tmp_path):
    found = load(tmp_path).indices(draws=16)
    assert found.of("so2_generated_t_yr").constant
    assert not found.of("feed_t_yr").constant


def test_indices_where_some_draws_fail(tmp_path):
    found = load(tmp_path, HEADER + TARGET + ASSAYED + HALF, plant=WET).indices(draws=256)
    share, assay = "cleaner.fraction", "ore.composition.Sb2S3"
    failed = len(found.failed)
    assert failed == sum(found.reasons.values()) == np.isnan(found.values["feed_t_yr"]).sum()
    indices = found.of("feed_t_yr")
    # The share has no part in what fails: its rows are those of A and B.
    assert indices.left_out[share] < indices.left_out[assay]
    assert indices.rows[share] == 256 - indices.left_out[share]
    counts = {row.number: row.left_out for row in found.rows("feed_t_yr")}
    assert counts == indices.left_out


def test_indices_are_the_same_however_many_scenarios_are_held_at_once(tmp_path, monkeypatch):
    route = load(tmp_path, HEADER + FLOWS + ASSAYED + HALF, plant=WET)
    seen = []
    whole = route.indices(draws=64)
    monkeypatch.setattr("flowsheet.routes.scenarios._AT_ONCE", 100)
    parts = route.indices(draws=64, progress=lambda *counts: seen.append(counts))
    for name, values in whole.values.items():
        np.testing.assert_allclose(parts.values[name], values, rtol=1e-9, atol=1e-9)
    assert len(whole.failed) > 20
    assert parts.failed == whole.failed
    assert {total for _, total in seen} == {7 * 64}
    assert seen[-1] == (7 * 64, 7 * 64)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_draws_of_the_library_are_those_of_the_route(tmp_path):
    from flowsheet import scenarios

    route = load(tmp_path)
    vary = {R: Uniform(0.8, 0.95), G: Uniform(0.02, 0.1), C: Uniform(0.85, 0.99)}
    same = scenarios(route.flowsheet, vary, draws=32, specs=route.specs())
    found = route.scenarios(draws=32)
    for name, mass in same.flows.items():
        np.testing.assert_allclose(found.scenarios.flows[name], mass, rtol=1e-9)


@pytest.mark.parametrize("name", ["stibnite_idaho", "us_antimony_thompson_falls", "high_purity"])
def test_nearly_all_draws_of_the_built_in_routes_have_an_answer(name):
    found = load_route(name).scenarios(draws=200)
    assert len(found.failed) <= 2, found.reasons
    for row in found.summary():
        assert row.no_value == 0
        assert row.p10 <= row.p50 <= row.p90


def test_sensitivities_of_a_route_are_the_first_order_of_its_ranges():
    route = load_route("stibnite_idaho")
    found = route.sensitivities()
    by_name = {str(measure): measure for measure in found.measures}
    made = by_name["product_t_yr"]
    # The target decides what is made; cyclones of a given size hardly change with the flow.
    entry = found.of(made)[0]
    assert entry.number.path == "target of Sb in 'antimony_metal'"
    assert entry.elasticity == pytest.approx(1.0, rel=1e-4)
    recovered = by_name["antimony_recovery_percent"]
    path = "rougher.rate_constant.middlings"
    up, down = (
        route.with_changes({path: value}).solve().metrics.antimony_recovery_percent
        for value in ("0.05001 1/min", "0.04999 1/min")
    )
    slope = found.entry(recovered, path).readable
    assert slope == pytest.approx((up - down) / 0.00002, rel=1e-4)
    assert "rougher.cells" not in {number.path for number in found.numbers}
