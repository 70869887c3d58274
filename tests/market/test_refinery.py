"""What is read of the refinery of a solved route."""

import pytest

from flowsheet.core.errors import InputError
from flowsheet.load import load_route
from flowsheet.market.refinery import refinery, yields
from tests.sieved_case import SIEVED_CASE, SIEVED_PLANT
from tests.sizing.test_size import DEWATERING, DEWATERING_PLANT
from tests.small_case import CASE as CONCENTRATOR
from tests.small_case import write
from tests.smelter_case import CASE, write_route


@pytest.fixture(scope="module")
def idaho():
    route = load_route("stibnite_idaho")
    return refinery(route, route.solve())


def test_losses_in_front_of_the_refinery_are_not_its_own(idaho):
    assert not [stream for stream in idaho.losses if "tailings" in stream]
    assert next(iter(idaho.losses)) == "calcine"


def test_what_the_refinery_is_fed_is_sold_or_lost(idaho):
    # Reagents bring a little antimony more.
    kept = idaho.antimony_yield + sum(idaho.losses.values())
    assert kept == pytest.approx(1.0, abs=5e-4)


def test_slag_dross_and_dust_go_round(idaho):
    assert 0.05 < idaho.returned < 1.0


def test_sulphide_goes_in_and_metal_comes_out(idaho):
    assert idaho.takes_sulphide
    assert idaho.makes_metal
    assert idaho.feed_grade == pytest.approx(0.60, abs=0.05)
    assert 0.75 < idaho.so2_per_antimony < 0.95  # 0.789 from stibnite alone


def test_a_concentrator_makes_no_metal(tmp_path):
    route = load_route(str(write(tmp_path, CONCENTRATOR)))
    found = refinery(route, route.solve())
    assert found.takes_sulphide
    assert not found.makes_metal
    assert found.losses == {}


def test_antimony_that_does_not_come_makes_no_refinery(tmp_path):
    empty = CASE.replace('"80 %"', '"0 %"')
    route = load_route(str(write_route(tmp_path, case=empty)))
    assert refinery(route, route.solve()) is None


def test_the_yield_is_drawn(tmp_path):
    route = load_route(str(write_route(tmp_path, case=CASE)))
    spread = yields(route, 64, 1)
    assert 0.8 < spread.p10 < spread.p50 < spread.p90 < 0.95
    assert (spread.solved, spread.failed) == (64, 0)


def test_without_ranges_no_yield_is_drawn(tmp_path):
    certain = CASE.replace(", low = 0.8, high = 0.95", "")
    route = load_route(str(write_route(tmp_path, case=certain)))
    with pytest.raises(InputError, match="no number of the case has a range"):
        yields(route, 16, 1)


def test_the_grade_of_the_feed_is_that_of_its_solids(tmp_path):
    """Filter cake of stibnite, 10 % of it water."""
    route = load_route(str(write(tmp_path, DEWATERING, DEWATERING_PLANT)))
    assert refinery(route, route.solve()).feed_grade == pytest.approx(0.71685, rel=1e-4)


def test_stibnite_that_is_locked_is_sulphide_too(tmp_path):
    """Of the antimony in this ore 90 % are in middlings."""
    case = SIEVED_CASE.replace('{ value = "30 %", low = "20 %", high = "40 %" }', '"90 %"').replace(
        'refinery_feed = ["concentrate"]', 'refinery_feed = ["ore"]'
    )
    route = load_route(str(write(tmp_path, case, SIEVED_PLANT)))
    found = refinery(route, route.solve())
    assert found.takes_sulphide
    assert list(found.losses) == ["tailings"]
