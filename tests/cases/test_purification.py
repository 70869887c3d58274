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
