"""Swings and rank correlations against the closed forms of ``tests.two_feeds``.

The flows are normal, P10 and P90 of the first 3 t/h off its mean and of the second 4 t/h. Antimony
is proportional to their sum, which the first explains by the share 3/5 (correlation coefficient).
"""

import math
import re

import pytest
from scipy.special import ndtr, ndtri

from flowsheet import InputError
from flowsheet.load import load_route
from flowsheet.routes.tornado import tornado
from tests.sieved_case import SIEVED_CASE, SIEVED_PLANT
from tests.small_case import CIRCUIT, HEADER, ORE, PLANT, changed, write
from tests.two_feeds import TO_ANTIMONY, load

THROUGHPUT = "antimony_to_refinery_t_yr"
AT_THE_FEED = HEADER + ORE + CIRCUIT
FIRST, SECOND, SILICA = "one.flow", "two.flow", "split.fraction.SiO2"


def swings(route, name=THROUGHPUT, draws=2048):
    found = tornado(route, route.scenarios(draws=draws, seed=1))
    return found, {row.number: row for row in found.of(name)}


def test_swings_of_a_sum(tmp_path):
    found, rows = swings(load(tmp_path))
    assert list(rows) == [SECOND, FIRST, SILICA]  # the widest first
    assert found.as_written(THROUGHPUT) == pytest.approx(70.0 * TO_ANTIMONY, rel=1e-12)
    for path, ends in ((FIRST, (67.0, 73.0)), (SECOND, (66.0, 74.0))):
        row = rows[path]
        assert (row.low, row.high) == pytest.approx([end * TO_ANTIMONY for end in ends], rel=1e-9)
        assert row.swing == pytest.approx((ends[1] - ends[0]) * TO_ANTIMONY, rel=1e-8)
    assert (rows[FIRST].input_low, rows[FIRST].input_high) == pytest.approx((27.0, 33.0), rel=1e-9)
    assert rows[FIRST].range_text == "27 to 33 t/h"


def test_what_does_not_move_a_figure_swings_by_nothing(tmp_path):
    _, rows = swings(load(tmp_path), draws=64)
    assert rows[SILICA].swing == 0.0
    assert rows[SILICA].range_text == "6.5 to 18.5 %"


def test_rank_correlations_of_a_sum(tmp_path):
    """Spearman's coefficient of normal numbers is 6/pi asin(r/2)."""
    _, rows = swings(load(tmp_path))
    for path, share in ((FIRST, 3.0 / 5.0), (SECOND, 4.0 / 5.0)):
        expected = 6.0 / math.pi * math.asin(share / 2.0)
        assert rows[path].rank_correlation == pytest.approx(expected, abs=0.01)
    assert abs(rows[SILICA].rank_correlation) < 0.05


def test_a_figure_of_one_number_has_a_rank_correlation_of_one(tmp_path):
    _, rows = swings(load(tmp_path), "one.Sb2S3.t_yr", draws=64)
    assert rows[FIRST].rank_correlation == pytest.approx(1.0)
    assert next(iter(rows)) == FIRST


def test_a_figure_that_does_not_vary_has_no_rank_correlation(tmp_path):
    found, rows = swings(load(tmp_path), "product_grade_percent", draws=64)
    assert found.as_written("product_grade_percent") == pytest.approx(71.68, abs=0.01)
    assert {row.rank_correlation for row in rows.values()} == {None}
    assert {row.swing for row in rows.values()} == {0.0}


def test_a_group_moves_together(tmp_path):
    for coefficient in (1, 0.5):
        _, rows = swings(load(tmp_path, coefficient), draws=64)
        assert list(rows) == ["feeds", SILICA]
        assert rows["feeds"].members == (FIRST, SECOND)
        assert rows["feeds"].label == "feeds (2 numbers)"
        assert rows["feeds"].swing == pytest.approx(14.0 * TO_ANTIMONY, rel=1e-8)


def test_numbers_that_go_against_each_other(tmp_path):
    """With r = -0.9 the second is expected 0.9 * 4 t/h lower where the first is 3 t/h higher."""
    _, rows = swings(load(tmp_path, -0.9), draws=64)
    assert rows["feeds"].swing == pytest.approx(2.0 * (3.0 - 0.9 * 4.0) * TO_ANTIMONY, rel=1e-8)
    assert ndtr(-0.9 * ndtri(0.1)) == pytest.approx(0.8756, abs=1e-4)


def test_numbers_outside_of_units_swing_too(tmp_path):
    case = (
        AT_THE_FEED
        + """
[capacity]
installed = { value = "3000 t/yr", low = "2500 t/yr", high = "3500 t/yr", distribution = "normal" }

[deposit]
antimony = { value = "50 kt", low = "40 kt", high = "60 kt", distribution = "normal" }
"""
    )
    route = load_route(str(write(tmp_path, case)))
    found = tornado(route, route.scenarios(draws=64))
    capacity = {row.number: row for row in found.of("capacity_installed_t_yr")}
    assert capacity["capacity.installed"].swing == pytest.approx(1000.0, rel=1e-9)
    assert capacity["capacity.installed"].range_text == "2,500 to 3,500 t/yr"
    life = {row.number: row for row in found.of("reserve_life_yr")}
    as_written = found.as_written("reserve_life_yr")
    assert life["deposit.antimony"].low == pytest.approx(0.8 * as_written, rel=1e-9)
    assert life["deposit.antimony"].high == pytest.approx(1.2 * as_written, rel=1e-9)
    assert life["ore.flow"].swing < 0.0


def test_the_target_swings_and_is_met(tmp_path):
    target = 'flow = { value = "5000 t/yr", low = "4 kt/yr", high = "6 kt/yr", '
    case = AT_THE_FEED + f'\n[target]\nvary = "ore.flow"\n{target}distribution = "normal" }}\n'
    route = load_route(str(write(tmp_path, case)))
    (row,) = tornado(route, route.scenarios(draws=64)).of(THROUGHPUT)
    assert (row.number, row.unit) == ("target.flow", "t/yr")
    assert (row.low, row.high) == pytest.approx((4000.0, 6000.0), rel=1e-9)


def test_what_rounding_leaves_over_is_no_swing(tmp_path):
    """A grade does not hang on how much is fed, but for its last digit."""
    route = load_route(str(write(tmp_path, AT_THE_FEED)))
    found = tornado(route, route.scenarios(draws=64))
    (row,) = found.of("tailings.Sb")
    assert row.low != row.high
    assert row.low == pytest.approx(row.high, rel=1e-14)
    assert row.swing == 0.0
    assert row.rank_correlation is None


def test_a_number_whose_end_does_not_solve_keeps_its_row(tmp_path):
    """At its P90, 96 %, sulphur and stibnite are more than the whole."""
    sulphur = '{ value = "70 %", low = "65 %", high = "100 %", distribution = "uniform" }'
    case = changed(
        AT_THE_FEED, "composition.Sb2S3", f"composition.S = {sulphur}\ncomposition.Sb2S3"
    )
    case = case.replace("fraction.SiO2", "fraction.S = 0.1\nfraction.SiO2")
    path = write(tmp_path, case, changed(PLANT, '"SiO2"]', '"SiO2", "S"]'))
    route = load_route(str(path))
    found = tornado(route, route.scenarios(draws=64))
    last = found.of(THROUGHPUT)[-1]
    assert last.number == "ore.composition.S"
    assert last.low is not None
    assert last.high is last.swing is None
    assert last.reason.startswith("at P90: ore: ")


def test_draws_of_another_route_are_refused(tmp_path):
    route = load(tmp_path)
    changed = route.with_changes({FIRST: "31 t/h"})
    with pytest.raises(InputError, match="feeds: these are draws of other numbers; draw"):
        tornado(changed, route.scenarios(draws=8))
    fixed = changed.with_changes({SECOND: "40 t/h", SILICA: 0.1})
    with pytest.raises(InputError, match="feeds: no number of the case has a range; give one low"):
        tornado(fixed, route.scenarios(draws=8))


def test_an_unknown_figure_is_refused_with_the_nearest_name(tmp_path):
    found, _ = swings(load(tmp_path), draws=8)
    message = "watch so2_emited_t_yr: there is no metric 'so2_emited_t_yr' (of a stream write "
    with pytest.raises(InputError, match=re.escape(message)):
        found.of("so2_emited_t_yr")


def test_a_row_as_plain_values(tmp_path):
    _, rows = swings(load(tmp_path, 1), draws=8)
    plain = rows["feeds"].to_dict()
    assert plain["members"] == [FIRST, SECOND]
    assert plain["unit"] == "t/h"
    assert set(plain) >= {"number", "low", "high", "swing", "rank_correlation", "reason"}


def test_the_widest_comes_first_whether_up_or_down(tmp_path):
    """Silica that follows into the concentrate lowers its grade; more stibnite lifts it."""
    case = changed(AT_THE_FEED, "SiO2 = 0.1", "SiO2 = { value = 0.1, low = 0.02, high = 0.3 }")
    case = changed(
        case,
        "Sb2S3 = 0.9\nfraction.SiO2 = 0.05",
        "Sb2S3 = { value = 0.9, low = 0.88, high = 0.91 }\nfraction.SiO2 = 0.05",
    )
    route = load_route(str(write(tmp_path, case)))
    rows = tornado(route, route.scenarios(draws=16)).of("product_grade_percent")
    assert [row.number for row in rows[:2]] == ["cleaner.fraction.SiO2", "rougher.fraction.Sb2S3"]
    assert rows[0].swing < 0.0 < rows[1].swing < -rows[0].swing


def test_a_number_and_its_copies_are_one_row(tmp_path):
    ranged = "Sb2S3 = { value = 0.9, low = 0.8, high = 0.95 }\nfraction.SiO2 = 0.05"
    case = changed(AT_THE_FEED, "Sb2S3 = 0.9\nfraction.SiO2 = 0.05", ranged)
    case = changed(case, "fraction.Sb2S3 = 0.9\nfraction.SiO2 = 0.1", 'like = "rougher"')
    route = load_route(str(write(tmp_path, case)))
    rows = tornado(route, route.scenarios(draws=16)).of("antimony_recovery_percent")
    assert rows[0].label == "rougher.fraction.Sb2S3 and 1 more"
    assert rows[0].members == ("rougher.fraction.Sb2S3", "cleaner.fraction.Sb2S3")


@pytest.mark.parametrize(
    ("low", "high", "shown"), [(80, 100, "80 um to 100 um"), (800, 1200, "800 um to 1.2 mm")]
)
def test_sizes_are_shown_as_sieves_are(tmp_path, low, high, shown):
    ends = f'low = "{low} um", high = "{high} um"'
    ground = f'p80 = {{ value = "{(low + high) / 2} um", {ends}, distribution = "normal" }}'
    case = SIEVED_CASE.replace('passing."150 um" = "90 %"\n', "").replace('"300 um"', '"5 mm"')
    case = changed(
        case, 'passing."75 um" = { value = "60 %", low = "50 %", high = "65 %" }', ground
    )
    route = load_route(str(write(tmp_path, case, SIEVED_PLANT)))
    rows = {
        row.number: row for row in tornado(route, route.scenarios(draws=8)).of("ore.Sb2S3.t_yr")
    }
    assert rows["ore.p80"].range_text == shown
