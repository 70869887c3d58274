"""A sweep is what single solves give, point by point; what cannot be swept is one line."""

import numpy as np
import pytest

from flowsheet import InputError
from flowsheet.load import load_route
from flowsheet.routes.sweep import MOST_VALUES, sweep_route
from tests.small_case import CAPACITY, CASE, PLANT, write

RECOVERY = "antimony_recovery_percent"
ROUGHER, CLEANER = "rougher.fraction.Sb2S3", "cleaner.fraction.Sb2S3"
LOOP = "no way out"


@pytest.fixture
def route(tmp_path):
    return load_route(str(write(tmp_path, CASE + CAPACITY)))


def test_a_sweep_is_the_same_as_single_solves(route):
    watch = ["antimony_to_refinery_t_yr", RECOVERY, "capacity_missing_t_yr", "feed_t_yr"]
    found = sweep_route(
        route, {"target.flow": "3000 t/yr:6000 t/yr:4", ROUGHER: "80 %:95 %:3"}, watch
    )
    rows = found.rows()
    assert len(rows) == 12
    assert [row[ROUGHER] for row in rows[:4]] == [80.0, 87.5, 95.0, 80.0]  # the last fastest
    assert [row["target.flow"] for row in rows[::3]] == [3000.0, 4000.0, 5000.0, 6000.0]
    for row in rows:
        changes = {"target.flow": f"{row['target.flow']} t/yr", ROUGHER: f"{row[ROUGHER]} %"}
        alone = route.with_changes(changes).solve().metrics
        assert row["status"] == "solved"
        for name in watch:
            assert row[name] == pytest.approx(getattr(alone, name), rel=1e-9)


def test_the_closed_form(route):
    found = sweep_route(route.without_target(), {ROUGHER: [0.5, "90 %", 1.0]}, [RECOVERY])
    r = np.array([0.5, 0.9, 1.0])
    expected = 100.0 * r * 0.9 / (1.0 - r * 0.1)
    np.testing.assert_allclose(found.values(RECOVERY), expected, rtol=1e-9)


def test_a_built_in_route(tmp_path):
    route = load_route("us_antimony_thompson_falls")
    watch = ["so2_emitted_t_yr", "antimony_metal.Pb", "antimony_metal.Pb.t_yr"]
    found = sweep_route(route, {"roaster.temperature": "900 degC:1000 degC:3"}, watch)
    assert found.at("roaster.temperature").tolist() == [900.0, 950.0, 1000.0]
    assert found.axes[0].heading == "roaster.temperature, degC"
    for place, row in enumerate(found.rows()):
        changed = route.with_changes({"roaster.temperature": f"{row['roaster.temperature']} degC"})
        alone = changed.solve()
        assert row["so2_emitted_t_yr"] == pytest.approx(alone.metrics.so2_emitted_t_yr, rel=1e-9)
        metal = alone.solution["antimony_metal"]
        lead = metal.grade("Pb").to("percent").magnitude
        assert found.values("antimony_metal.Pb")[place] == pytest.approx(lead, rel=1e-9)
        tonnes = lead / 100.0 * alone.metrics.product_t_yr
        assert row["antimony_metal.Pb.t_yr"] == pytest.approx(tonnes, rel=1e-9)


def test_a_point_without_a_steady_state_keeps_its_row(route):
    """With nothing from the cleaner, all that the rougher takes must leave by its tailings."""
    closed = route.without_target().with_changes({CLEANER: 0.0})
    found = sweep_route(closed, {ROUGHER: "80 %:100 %:3"}, [RECOVERY])
    rows = found.rows()
    assert [row["status"].partition(":")[0] for row in rows] == ["solved", "solved", "not solved"]
    assert rows[2][RECOVERY] is None
    assert LOOP in rows[2]["status"]
    assert list(found.failed) == [2]
    assert np.isnan(found.values(RECOVERY)[2])


def test_numbers_outside_of_units(route):
    found = sweep_route(
        route, {"capacity.installed": "1000 t/yr:9 kt/yr:3"}, ["capacity_missing_t_yr"]
    )
    assert found.values("capacity_missing_t_yr") == pytest.approx([4000.0, 0.0, 0.0], abs=1e-6)
    assert found.axes[0].unit == "t/yr"


@pytest.mark.parametrize("swept", ["deposit.ore", "deposit.grade"])
def test_a_reserve_of_ore_and_grade(tmp_path, swept):
    """Twice the ore or twice the grade last twice as long; 5617.3 t/yr Sb are mined."""
    deposit = '\n[deposit]\nore = "2 Mt"\ngrade = "2 %"\n'
    route = load_route(str(write(tmp_path, CASE + deposit)))
    values = {"deposit.ore": "1 Mt:4 Mt:4", "deposit.grade": "1 %:4 %:4"}[swept]
    found = sweep_route(route, {swept: values}, ["reserve_life_yr"])
    year = 5000.0 / (0.81 / 0.91)
    expected = [20e3 / year, 40e3 / year, 60e3 / year, 80e3 / year]
    assert found.values("reserve_life_yr") == pytest.approx(expected, rel=1e-9)
    assert found.watched[0].heading == "life of the reserve, years"


def test_a_unit_may_be_called_as_a_section_is(tmp_path):
    """A deposit in the plant is no [deposit] of the mine."""
    case, plant = (text.replace("rougher", "deposit") for text in (CASE, PLANT))
    route = load_route(str(write(tmp_path, case, plant)))
    found = sweep_route(route, {"deposit.fraction.Sb2S3": "0.5:1:2"}, [RECOVERY])
    expected = [100.0 * r * 0.9 / (1.0 - r * 0.1) for r in (0.5, 1.0)]
    np.testing.assert_allclose(found.values(RECOVERY), expected, rtol=1e-9)


def test_counts_stay_whole():
    route = load_route("stibnite_idaho")
    found = sweep_route(route, {"rougher.cells": "4:8:3"}, [RECOVERY])
    assert found.at("rougher.cells").tolist() == [4.0, 6.0, 8.0]
    assert np.all(np.diff(found.values(RECOVERY)) > 0.0)  # more cells recover more
    with pytest.raises(
        InputError, match=r"rougher.cells=4:9:3: is a whole number, but the values "
    ):
        sweep_route(route, {"rougher.cells": "4:9:3"})


def test_units_are_kept_as_they_were_written(route):
    axes = sweep_route(route, {ROUGHER: "0.8:0.9:2", CLEANER: ["90 %"]}, [RECOVERY]).axes
    assert [axis.unit for axis in axes] == ["", "%"]
    assert [axis.heading for axis in axes] == [ROUGHER, f"{CLEANER}, %"]
    listed = sweep_route(route, {"target.flow": ["1 kt/yr", "2000 t/yr"], ROUGHER: ["0.8"]})
    assert [axis.unit for axis in listed.axes] == ["kt/yr", ""]
    assert listed.at("target.flow").tolist() == [1.0, 2.0]


def test_what_is_the_same_for_all_points(route):
    plain = sweep_route(route, {ROUGHER: "80 %:90 %:2"}).to_dict()
    assert plain["vary"] == [{"path": ROUGHER, "unit": "%"}]
    assert [each["name"] for each in plain["watch"]] == [
        "antimony_to_refinery_t_yr", "product_grade_percent", RECOVERY,
    ]  # fmt: skip
    assert [each["unit"] for each in plain["watch"]] == ["t/yr", "%", "%"]
    assert len(plain["points"]) == 2


def test_values_and_axes_that_there_are_not(route):
    found = sweep_route(route, {ROUGHER: "80 %:90 %:2"}, [RECOVERY])
    assert repr(found) == f"<RouteSweep of mine: {ROUGHER} (2); 0 points failed>"
    with pytest.raises(InputError, match="'antimony_recovery' was not watched; did you mean 'ant"):
        found.values("antimony_recovery")
    with pytest.raises(InputError, match=r"cleaner\.fraction.Sb2S3: was not swept; did you mean"):
        found.at(CLEANER)


@pytest.mark.parametrize(
    ("vary", "message"),
    [
        ({}, "vary: one or two numbers can be swept at once, got 0"),
        ({ROUGHER: "80 %:90 %"}, f"{ROUGHER}=80 %:90 %: needs first:last:count with units, e.g. "),
        ({ROUGHER: "80 %:90 %:"}, f"{ROUGHER}=80 %:90 %:: needs first:last:count with units"),
        ({ROUGHER: "80 %:90 %:1"}, f"{ROUGHER}=80 %:90 %:1: the count must be a whole number from"),
        ({ROUGHER: "80 %:90 %:x"}, "the count must be a whole number from 2 to 10,000, got 'x'"),
        ({ROUGHER: f"0:1:{MOST_VALUES + 1}"}, "whole number from 2 to 10,000, got '10001'"),
        ({ROUGHER: "0.3:60 %:4"}, "one end has a unit and the other has none; write it at both"),
        ({ROUGHER: "80 t:90 t:3"}, f'{ROUGHER}: needs a unit of a fraction, got "80 t"'),
        ({ROUGHER: "0.5:1.5:3"}, f'{ROUGHER}: must lie between 0 and 1, got "1.5"'),
        ({ROUGHER: []}, f"{ROUGHER}: needs a list of values or 'first:last:count', got "),
        ({ROUGHER: 0.5}, f"{ROUGHER}: needs a list of values or 'first:last:count', got 0.5"),
        ({"rougher.fractoin.Sb2S3": "0:1:3"}, "did you mean 'fraction'"),
        ({"ore.flow": "1 t/h:2 t/h:2"}, "ore.flow: is varied to meet the target of 5000 t/yr Sb; "),
        ({"target.flow": "1 t:2 t:2"}, 'target.flow: needs a unit of mass per time, got "1 t"'),
        ({"target.element": "1:2:2"}, "target.element: is no number of this route that can vary"),
        ({"deposit.ore": "1 t:2 t:2"}, "deposit.ore: is no number of this route that can vary"),
    ],
)
def test_what_cannot_be_swept(route, vary, message):
    with pytest.raises(InputError) as refused:
        sweep_route(route, vary)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_target_that_there_is_not(route):
    with pytest.raises(InputError, match=r"target.flow: this route is solved without a target"):
        sweep_route(route.without_target(), {"target.flow": "1 t/yr:2 t/yr:2"})
