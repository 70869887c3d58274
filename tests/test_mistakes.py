"""Mistakes that a user of the library makes with any object at hand: one plain line for each."""
# ruff: noqa: E501

import numpy as np
import pytest

from flowsheet import (
    Correlated,
    Flowsheet,
    InputError,
    Uniform,
    grade,
    optimise,
    product,
    recovery,
    scenarios,
    sensitivities,
    solve,
    sweep,
)
from flowsheet.load import load_route
from tests.solver.test_steady import flotation_circuit

RECOVERED = recovery("Sb", to="concentrate")
GRADE = grade("concentrate", "Sb")
TIME = "rougher.cell_volume"
PLANT = flotation_circuit()
SOLVED = solve(PLANT)


@pytest.mark.parametrize(
    ("mistake", "complaint"),
    [
        (lambda: "60 %" <= RECOVERED <= "99 %", r"^limit of recovery of Sb to 'concentrate': is neither true nor false; write two limits "),
        (lambda: bool(RECOVERED == "60 %"), r"^target of recovery of Sb .* is neither true nor false"),
        (lambda: RECOVERED < "60 %", r"^recovery of Sb .*: a limit includes its end, got < 60 %; write <=$"),
        (lambda: RECOVERED > 0.5, r"got > 0\.5; write >=$"),
        (lambda: RECOVERED != 0.5, r"a target is an equality, got != 0\.5; use ==, >= or <=$"),
        (lambda: RECOVERED >= GRADE, r"a limit is a value; write recovery of Sb .* - grade of Sb .* >= 0$"),
        (lambda: scenarios(PLANT, {3: [1]}), r"^a path is text such as 'rougher\.cells', got 3$"),
        (lambda: solve(PLANT, set=["x"]), r"^changes: needs a dict path -> value, got \['x'\]$"),
        (lambda: scenarios(PLANT, {TIME: Uniform("1 m^3", "2 m^3")}, draws=4, correlated=7), r"^correlated: needs Correlated\(\[path, path\], 0\.8\), got 7$"),
        (lambda: scenarios(PLANT, {TIME: Uniform("1 m^3", "2 m^3")}, draws=4, correlated=Correlated((TIME, "x"), "0.5")), r"^correlation '.*': 'x' is not uncertain"),
        (lambda: scenarios(PLANT, {TIME: Uniform("1 m^3", "2 m^3")}, draws=4, correlated=Correlated(None, 0.5)), r"^correlation: needs a list of paths, got None$"),
        (lambda: scenarios(PLANT, {TIME: Uniform("1 m^3", "2 m^3")}, draws=10**12), r"^draws: 1,000,000,000,000 of 1 numbers are too many to hold at once$"),
        (lambda: scenarios(PLANT, {TIME: ["1 m^3"]}, progress="x"), r"^progress: needs a function of \(done, total\), got 'x'$"),
        (lambda: sweep(PLANT, {TIME: ["1 m^3"] * 10_000, "rougher.cells": [1] * 10_000, "scavenger.cells": [1] * 10_000}), r"^1,000,000,000,000 scenarios of this plant need [\d,]+ GB, more than the "),
        (lambda: optimise(PLANT, {TIME: ("1 m^3", "9 m^3")}, maximise=RECOVERED, subject_to=None), r"^subject_to: needs limits such as .* got None$"),
        (lambda: sensitivities(SOLVED, of=None, by=TIME), r"^of: needs measures such as .* got None$"),
        (lambda: sensitivities(SOLVED, of=RECOVERED, by=3), r"^by: needs paths such as .* got 3$"),
        (lambda: sensitivities(SOLVED, of=RECOVERED, by=TIME).of("50 %"), r"^needs a measure that was named in 'of', got '50 %'$"),
        (lambda: SOLVED[3], r"^there is no stream '3'; known here: "),
        (lambda: SOLVED.element_flow("Sb", ["x"]), r"^there is no stream 'x'"),
        (lambda: SOLVED["ore"].mass_flow(3), r'^a unit is text such as "t/h", got 3$'),
        (lambda: scenarios(PLANT, {TIME: ["9 m^3"]}).values("recovery"), r"^values: needs a measure such as recovery\('Sb', to='concentrate'\), got 'recovery'$"),
        (lambda: load_route(None), r"^load_route: needs a route's name or a path, got None$"),
        (lambda: PLANT.units.update({"x": 1}), r"^a flowsheet never changes; build another, or use with_parameters$"),
        (lambda: PLANT.units.__setitem__("x", 1), r"^a flowsheet never changes; "),
        (lambda: scenarios(PLANT, {"rougher.cells": np.array([True, False])}), r"^rougher\.cells, scenario 0: needs a quantity, got True; "),
    ],
)  # fmt: skip
def test_one_plain_line(mistake, complaint):
    with pytest.raises(InputError, match=complaint) as refused:
        mistake()
    assert "\n" not in str(refused.value)


def test_results_are_short_to_look_at():
    found = scenarios(PLANT, {TIME: ["9 m^3", "8 m^3"]})
    best = optimise(PLANT, {TIME: ("1 m^3", "90 m^3")}, maximise=RECOVERED)
    route = load_route("high_purity")
    things = [PLANT, SOLVED, found, best, route, route.solve(), route.scenarios(draws=2)]
    things.append(sensitivities(SOLVED, of=RECOVERED, by=TIME))
    for thing in things:
        assert repr(thing).startswith(f"<{type(thing).__name__}")
        assert len(repr(thing)) < 300
    assert len(found) == 2
    assert "concentrate" in SOLVED
    assert list(SOLVED) == list(SOLVED.streams)


def test_the_opposite_of_a_measure():
    lost = 1.0 - RECOVERED
    found = scenarios(PLANT, {TIME: ["9 m^3", "8 m^3"]})
    np.testing.assert_allclose(found.values(-RECOVERED), -found.values(RECOVERED))
    np.testing.assert_allclose(found.values(lost), 100.0 - found.values(RECOVERED))


def test_a_plant_whose_recycle_is_empty_as_written():
    flowsheet = Flowsheet(PLANT.slate.species, PLANT.units, ["concentrate"])
    dry = {"ore.flow": ["0 t/h", "5 t/h"]}
    assert scenarios(flowsheet, dry).failed == {}
    still = flowsheet.with_parameters({"ore.flow": "0 t/h"})
    assert scenarios(still, dry).values(product("concentrate"))[1] > 0.0
