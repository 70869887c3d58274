"""Routes side by side: rows in order, draws beside what is as written, and what they refuse."""

import pytest

from flowsheet import InputError
from flowsheet.commands.compare_columns import COMPARE_COLUMNS, MAIN_COLUMNS, column_of
from flowsheet.load import load_route
from flowsheet.routes.compare import METRIC_NAMES, check_sort_key, compare, sort_rows
from tests.small_case import CASE, HEADER, LOSSLESS, ORE, PLANT, TARGET, changed, write
from tests.two_feeds import load

THROUGHPUT = "antimony_to_refinery_t_yr"


@pytest.fixture
def routes(tmp_path):
    load(tmp_path)
    small = write(tmp_path, CASE, name="small")
    loop = write(tmp_path, HEADER + TARGET + ORE + LOSSLESS, name="loop")
    return [load_route(str(path)) for path in (small, loop, tmp_path / "feeds.toml")]


def test_draws_are_those_of_the_route_itself(routes):
    small, loop, feeds = compare(routes, draws=32, seed=3)
    alone = routes[2].scenarios(draws=32, seed=3).spread(THROUGHPUT)
    spread = feeds.draws.summary[THROUGHPUT]
    assert (spread.p10, spread.p50, spread.p90) == (alone.p10, alone.p50, alone.p90)
    assert (feeds.draws.asked, feeds.draws.solved, feeds.draws.reasons) == (32, 32, {})
    assert small.draws is loop.draws is None
    assert small.undrawn == "no number has a range, so nothing was drawn"
    assert loop.metrics is None
    assert loop.undrawn == ""
    assert [row.draws for row in compare(routes)] == [None] * 3


def test_progress_is_that_of_all_routes_together(routes):
    seen = []
    compare(routes, draws=16, progress=lambda done, total: seen.append((done, total)))
    assert {total for _, total in seen} == {48}
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1] == (48, 48)


@pytest.mark.parametrize("draws", [0, 1.5, True, "many"])
def test_draws_and_seed_that_make_no_sense(routes, draws):
    with pytest.raises(InputError, match="draws: needs a whole number, 1 or more, got "):
        compare(routes, draws=draws)
    with pytest.raises(InputError, match="seed: needs a whole number, 0 or more, got -1"):
        compare(routes, draws=1, seed=-1)


def test_rows_without_a_value_come_last_in_either_direction(routes):
    rows = compare(routes)
    names = {
        reverse: [row.route for row in sort_rows(rows, THROUGHPUT, reverse=reverse)]
        for reverse in (False, True)
    }
    assert names == {False: ["feeds", "small", "loop"], True: ["small", "feeds", "loop"]}
    assert [row.route for row in sort_rows(rows, "product")][-1] == "loop"
    assert [row.route for row in sort_rows(rows, "reserve_life_yr")] == ["feeds", "loop", "small"]


def test_a_key_that_there_is_not():
    with pytest.raises(
        InputError, match="there is no metric 'closure_max' to sort by; did you mean "
    ):
        check_sort_key("closure_max")
    with pytest.raises(InputError, match="there is no metric 'status' to sort by"):
        sort_rows([], "status")


def test_every_metric_has_its_column_in_order():
    keys = [column.key for column in COMPARE_COLUMNS]
    assert keys == ["route", "status", *METRIC_NAMES]
    assert [column.key for column in MAIN_COLUMNS] == [
        "route",
        "status",
        "product_t_yr",
        "product_grade_percent",
        "antimony_in_products_t_yr",
        "antimony_recovery_percent",
        "antimony_to_refinery_t_yr",
        "capacity_installed_t_yr",
        "capacity_missing_t_yr",
        "reserve_life_yr",
        "so2_emitted_t_yr",
    ]
    assert column_of("a_new_figure").heading == "a new figure"


def test_draws_that_failed_are_counted_with_their_reason(tmp_path):
    """Above 96 % sulphur there is no room for 4 % stibnite: 4 of 40 parts of the range."""
    sulphur = '{ value = 0.9, low = 0.6, high = 1.0, distribution = "uniform" }'
    case = changed(CASE, "composition.Sb2S3", f"composition.S = {sulphur}\ncomposition.Sb2S3")
    case = case.replace("fraction.SiO2", "fraction.S = 0.1\nfraction.SiO2")
    path = write(tmp_path, case, changed(PLANT, '"SiO2"]', '"SiO2", "S"]'))
    (row,) = compare([load_route(str(path))], draws=64)
    assert row.draws.asked == 64
    assert 64 - row.draws.solved == sum(row.draws.reasons.values())
    assert 64 - row.draws.solved == pytest.approx(6.4, abs=1.0)


STIFF = """\
import math

from flowsheet.core.parameters import Fraction


class Stiff(Splitter):
    wear: Fraction

    def run(self, feed, p):
        math.sqrt(p.wear)
        return super().run(feed, p)


def build(data):"""


def test_a_route_of_which_no_draw_can_be_run_is_compared_as_written(tmp_path):
    """A unit of one's own that takes one number where draws bring many."""
    case = CASE + "wear = { value = 0.1, low = 0.05, high = 0.2 }\n"
    plant = changed(PLANT, "def build(data):", STIFF)
    plant = changed(plant, '"cleaner": Splitter(', '"cleaner": Stiff(')
    (row,) = compare([load_route(str(write(tmp_path, case, plant)))], draws=8)
    assert row.metrics.antimony_to_refinery_t_yr == pytest.approx(5000.0)
    ((reason, count),) = row.draws.reasons.items()
    assert reason.startswith("cleaner: its Stiff failed with TypeError: ")
    assert (row.draws.solved, count) == (0, 8)
    assert row.draws.summary[THROUGHPUT].p50 is None
    assert row.draws.summary[THROUGHPUT].as_written == pytest.approx(5000.0)
