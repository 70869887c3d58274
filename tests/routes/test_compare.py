"""Routes side by side: rows in order, draws beside what is as written, and what they refuse."""

import pytest

from flowsheet import InputError
from flowsheet.commands.compare_columns import COMPARE_COLUMNS, MAIN_COLUMNS, column_of
from flowsheet.load import load_route
from flowsheet.routes.compare import METRIC_NAMES, check_sort_key, compare, sort_rows
from tests.small_case import CASE, HEADER, LOSSLESS, ORE, TARGET, write
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
        "antimony_recovery_percent",
        "antimony_to_refinery_t_yr",
        "capacity_installed_t_yr",
        "capacity_missing_t_yr",
        "reserve_life_yr",
        "so2_emitted_t_yr",
    ]
    assert column_of("a_new_figure").heading == "a new figure"
