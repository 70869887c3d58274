"""Which steps behind fire refining reach which grade."""

import pytest

from cases.high_purity import build
from flowsheet import Vary, product, solve
from flowsheet.load import load_route

STREAM = "high_purity_antimony"


def purified(*, light_cut=None, **steps):
    data = load_route("high_purity").data
    changes = {"light_still.antimony_evaporated": light_cut} if light_cut else None
    wanted = product(STREAM, "Sb") == "100 t/yr"
    solution = solve(
        build(data, **steps), set=changes, specs=Vary("crude_antimony.flow").until(wanted)
    )
    assert solution.audit.worst[0] < 1e-9
    return solution


@pytest.mark.parametrize(
    ("steps", "grade", "stopped_by"),
    [
        ({"vacuum": False}, "Sb99.70", "As"),
        ({"electrolysis": False}, "5N", "As"),
        ({}, "5N", "As"),
        ({"light_cut": "50 %"}, "6N", "Bi"),
    ],
)
def test_grade_and_what_stops_it(steps, grade, stopped_by):
    verdict = purified(**steps)[STREAM].grade_of()
    assert verdict.grade == grade
    assert stopped_by in str(verdict)


def test_electrolysis_gives_back_the_antimony_of_the_still_residue():
    both, without = purified(), purified(electrolysis=False)
    yields = [plant.recovery("Sb", to=STREAM).magnitude for plant in (both, without)]
    assert yields[0] > yields[1] + 5.0


def test_without_stills_arsenic_stays():
    cathode, ingots = (purified(vacuum=False)[s] for s in ("cathode_metal", STREAM))
    assert ingots.grade("As") > 0.7 * cathode.grade("As")


@pytest.mark.parametrize(
    "name",
    [
        *("stibnite_idaho", "stibnite_trisulphide", "us_antimony_thompson_falls"),
        *("us_antimony_alaska_start", "us_antimony_madero", "costerfield", "hillgrove"),
        *("anzob", "talco_gold", "beaver_brook", "oman", "turkey", "bolivia", "kadamjay"),
        *("pakistan_hand_sorted", "port_pirie", "korea_zinc", "galena_silver_valley"),
    ],
)
def test_the_high_purity_end_goes_behind_any_route_that_makes_metal(name):
    result = load_route(name, {"high_purity": True}).without_target().solve()
    metal = result.solution["antimony_metal"]
    assert metal.grade("Sb").magnitude >= 99.999
    assert result.metrics.closure_max_relative < 1e-9
    plain = load_route(name).without_target().solve().solution["antimony_metal"]
    lost = 1.0 - metal.element("Sb") / plain.element("Sb")
    assert 0.0 < lost.magnitude < 0.1
