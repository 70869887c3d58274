"""Each picture shows the numbers it is given, and every text whole and apart from the others."""

import numpy as np
import pytest

from flowsheet import SolveError
from flowsheet.load import load_route
from flowsheet.pictures.curves import sweep_picture
from flowsheet.pictures.reaction import reaction_picture
from flowsheet.pictures.routes import routes_picture
from flowsheet.pictures.style import BLUE, ORANGE, save
from flowsheet.pictures.uncertain_figure import uncertainty_picture
from flowsheet.routes.compare import compare, sort_rows
from flowsheet.routes.sweep import sweep_route
from flowsheet.routes.tornado import tornado
from tests.pictures.texts import cut_off, overlapping, svg_texts, texts
from tests.small_case import CAPACITY, CASE, HEADER, LOSSLESS, ORE, TARGET, write
from tests.two_feeds import TO_ANTIMONY, load

ROUGHER, CLEANER = "rougher.fraction.Sb2S3", "cleaner.fraction.Sb2S3"
RECOVERY, THROUGHPUT = "antimony_recovery_percent", "antimony_to_refinery_t_yr"
FULL = ["feed_t_yr", RECOVERY, "capacity_missing_t_yr"]


@pytest.fixture
def route(tmp_path):
    return load_route(str(write(tmp_path, CASE + CAPACITY)))


def assert_readable(figure):
    found = texts(figure)
    assert overlapping(found) == []
    assert cut_off(found, figure) == []


def words(figure):
    return [text for text, _ in texts(figure)]


def test_curves_of_one_number(route):
    found = sweep_route(route, {ROUGHER: "80 %:95 %:4"}, FULL)
    figure = sweep_picture(found)
    assert_readable(figure)
    for axes, name in zip(figure.axes, FULL, strict=True):
        (line,) = axes.get_lines()
        np.testing.assert_array_equal(line.get_xdata(), found.at(ROUGHER))
        np.testing.assert_array_equal(line.get_ydata(), found.values(name))
    assert f"{ROUGHER}, %" in words(figure)
    assert "feed, dry, t/yr" in words(figure)


def test_curves_of_two_numbers(route):
    vary = {ROUGHER: "80 %:95 %:4", CLEANER: "70 %:90 %:7"}
    found = sweep_route(route, vary, [RECOVERY])
    figure = sweep_picture(found)
    assert_readable(figure)
    lines = figure.axes[0].get_lines()
    assert len(lines) == 7
    np.testing.assert_array_equal(lines[2].get_ydata(), found.values(RECOVERY)[2::7])
    assert f"{CLEANER}, %" in words(figure)
    assert "76.7" in words(figure)  # the third of them, in the legend


def test_a_map_of_two_numbers(route):
    vary = {ROUGHER: "80 %:95 %:4", CLEANER: "70 %:90 %:8"}
    found = sweep_route(route, vary, [RECOVERY, "feed_t_yr"])
    figure = sweep_picture(found)
    assert_readable(figure)
    (mesh,) = figure.axes[0].collections
    np.testing.assert_array_equal(mesh.get_array(), found.values(RECOVERY).reshape(4, 8).T)


def test_points_without_a_value_are_marked_and_not_joined(route):
    closed = route.without_target().with_changes({CLEANER: 0.0})
    found = sweep_route(closed, {ROUGHER: "80 %:100 %:3"}, ["feed_t_yr"])
    figure = sweep_picture(found)
    assert_readable(figure)
    curve, marks = figure.axes[0].get_lines()
    assert np.isnan(curve.get_ydata()).tolist() == [False, False, True]
    assert marks.get_xdata().tolist() == [100.0]
    assert "no value" in words(figure)


def test_a_sweep_without_any_value_has_no_picture(route):
    closed = route.without_target().with_changes({CLEANER: 0.0})
    found = sweep_route(closed, {ROUGHER: [1.0, 1.0]}, [RECOVERY])
    with pytest.raises(SolveError, match="sweep of mine: no point has a value, so there is no pic"):
        sweep_picture(found)


def test_a_tornado_and_a_distribution(tmp_path):
    route = load(tmp_path)
    drawn = route.scenarios(draws=256)
    figure = uncertainty_picture(tornado(route, drawn), THROUGHPUT)
    assert_readable(figure)
    left, right, share = figure.axes
    bars = [(bar.get_x() + bar.get_width(), bar.get_facecolor()) for bar in left.patches]
    ends = np.array([end for end, _ in bars]) / TO_ANTIMONY
    assert sorted(ends) == pytest.approx([66.0, 67.0, 73.0, 74.0], rel=1e-9)
    from matplotlib.colors import to_rgba

    assert {colour for end, colour in bars if end < 70.0 * TO_ANTIMONY} == {to_rgba(BLUE)}
    assert {colour for end, colour in bars if end > 70.0 * TO_ANTIMONY} == {to_rgba(ORANGE)}
    assert sum(bar.get_height() for bar in right.patches) == 256.0
    (curve,) = share.get_lines()
    np.testing.assert_array_equal(curve.get_xdata(), np.sort(drawn.metric(THROUGHPUT)))
    assert np.all(np.diff(curve.get_ydata()) > 0.0)
    found = words(figure)
    assert "two.flow\n36 to 44 t/h" in found
    assert "split.fraction.SiO2\n6.5 to 18.5 %" not in found  # does not move it
    spread = drawn.spread(THROUGHPUT)
    assert f"P10  {spread.p10:,.0f}" in found
    assert f"P90  {spread.p90:,.0f}" in found


def test_a_figure_that_nothing_moves(tmp_path):
    route = load(tmp_path)
    figure = uncertainty_picture(tornado(route, route.scenarios(draws=16)), "product_grade_percent")
    assert_readable(figure)
    assert "no number moves it" in words(figure)


def test_a_figure_without_a_value(tmp_path):
    """Without ore no antimony enters: a recovery is a share of nothing."""
    case = HEADER + ORE.replace('"100 t/h", low = "80 t/h"', '"0 t/h", low = "0 t/h"')
    case += "\n[units.rougher]\nfraction = 0.9\n[units.cleaner]\nfraction = 0.5\n"
    route = load_route(str(write(tmp_path, case)))
    found = tornado(route, route.scenarios(draws=8))
    with pytest.raises(SolveError, match=f"{RECOVERY}: has no value as written, so there is not"):
        uncertainty_picture(found, RECOVERY)


@pytest.mark.parametrize("name", ["stibnite_idaho", "us_antimony_thompson_falls"])
def test_built_in_routes_are_readable(name, tmp_path):
    route = load_route(name)
    found = tornado(route, route.scenarios(draws=16))
    for watched in (THROUGHPUT, "antimony_metal.Pb"):
        figure = uncertainty_picture(found, watched)
        assert_readable(figure)
        lines = svg_texts(save(figure, tmp_path / "a.svg"))
        for row in found.of(watched)[:12]:
            assert {row.label, row.range_text} <= lines or not row.swing


def test_routes_as_bars(route, tmp_path):
    (tmp_path / "more").mkdir()
    feeds = load(tmp_path / "more").with_changes({"one.flow": "1 t/h", "two.flow": "1 t/h"})
    loop = load_route(
        str(write(tmp_path, HEADER + TARGET + ORE + LOSSLESS, name="a_route_of_a_long_name"))
    )
    rows = sort_rows(compare([loop, route, feeds], draws=16), THROUGHPUT)
    figure = routes_picture(rows)
    assert_readable(figure)
    (axes,) = figure.axes
    assert [text.get_text() for text in axes.get_yticklabels()] == [
        "feeds", "mine", "a_route_of_a_long_name",
    ]  # fmt: skip
    widths = [bar.get_width() for bar in axes.patches]
    assert widths == pytest.approx([0.0, 2.0 * TO_ANTIMONY, 2000.0, 3000.0], rel=1e-9)
    assert "not solved" in words(figure)


def test_many_routes_are_readable(tmp_path):
    few = load_route("gravity_plant")
    rows = compare([few], draws=8) * 20
    assert_readable(routes_picture(rows))


def test_no_route_solved(tmp_path):
    loop = load_route(str(write(tmp_path, HEADER + TARGET + ORE + LOSSLESS)))
    with pytest.raises(SolveError, match="no route solved, so there is no picture"):
        routes_picture(compare([loop]))


def test_a_reaction():
    figure = reaction_picture("Sb2S3 + 4.5 O2 -> Sb2O3 + 3 SO2", {}, [300.0, 1500.0])
    assert_readable(figure)
    assert "temperature, degC" in words(figure)
