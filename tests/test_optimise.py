"""Optima known in closed form, prices of limits by solving again, and what is refused."""

import numpy as np
import pytest

from flowsheet import (
    Flowsheet,
    InputError,
    SolveError,
    Vary,
    grade,
    optimise,
    parameter,
    product,
    recovery,
)
from flowsheet.core.parameters import BaseUnits, Fraction, Ratio
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.unit import UnitOp
from unitops.flotation.flotation_bank import FlotationBank
from unitops.streams.feed import Feed

METHODS = ("SLSQP", "trust-constr")
RECOVERY = recovery("Sb", to="concentrate")
GRADE = grade("concentrate", "Sb")


def bank(feed="ore", concentrate="concentrate", tailings="tailings", **changes):
    given = {
        "cells": 1,
        "residence_time": "1 min",
        "rate_constant": {"Sb2S3": "1 1/min", "others": "0 1/min"},
    }
    ports = {"feed": feed, "concentrate": concentrate, "tailings": tailings}
    return FlotationBank(**ports, **given | changes)


def plant(**units):
    ore = Feed(outlet="ore", flow="10 t/h", composition={"Sb2S3": 0.1}, remainder="SiO2")
    return Flowsheet(["Sb2S3", "SiO2"], {"ore": ore, **units})


ONE = plant(bank=bank())
TIME = {"bank.residence_time": ("0.1 min", "20 min")}


@pytest.mark.parametrize("method", METHODS)
def test_recovery_against_the_cost_of_volume(method):
    """k tau / (1 + k tau) value - cost tau is largest at tau = (sqrt(value k / cost) - 1) / k."""
    worth = RECOVERY - 0.02 * (
        parameter("bank.residence_time", ONE) * parameter("bank.rate_constant.Sb2S3", ONE)
    )
    found = optimise(ONE, vary=TIME, maximise=worth, method=method)
    exact = np.sqrt(1.0 / 0.02) - 1.0
    assert found.values["bank.residence_time"] / 60.0 == pytest.approx(exact, rel=1e-6)
    assert found.objective == pytest.approx(exact / (1.0 + exact) - 0.02 * exact, rel=1e-10)
    assert (found.status, found.bounds, found.limits) == ("optimal", (), ())
    assert found.shown == {"bank.residence_time": "6.07107 min"}
    assert found.solution.audit.worst[0] < 1e-12
    # Turned round it is the same search.
    same = optimise(ONE, vary=TIME, minimise=-1.0 * worth, method=method)
    assert same.values == pytest.approx(found.values, rel=1e-6)
    assert same.objective == pytest.approx(-found.objective)


@pytest.mark.parametrize("method", METHODS)
def test_two_banks_share_a_volume_equally(method):
    """With tau minutes in each (1 + tau)^-2 is lost; a minute more in all saves (1 + tau)^-3."""
    two = plant(
        first=bank(concentrate="first_froth", tailings="between"),
        second=bank("between", "second_froth", residence_time="6 min"),
    )
    times = ["first.residence_time", "second.residence_time"]
    together = parameter(times[0], two) + parameter(times[1], two)
    found = optimise(
        two,
        vary=dict.fromkeys(times, ("0.1 min", "20 min")),
        minimise=recovery("Sb", to="tailings"),
        subject_to=together <= "8 min",
        method=method,
    )
    assert found.status == "optimal"
    assert list(found.values.values()) == pytest.approx([240.0, 240.0], rel=1e-5)
    (kept,) = found.limits
    assert kept.active
    assert kept.value == pytest.approx(480.0, rel=1e-5)
    assert kept.price == pytest.approx(-1.0 / 5.0**3 / 60.0, rel=1e-5)
    assert found.shown_price(kept) == "-0.8 percent per min"
    assert found.bounds == ()


@pytest.mark.parametrize("method", METHODS)
def test_as_much_recovery_as_the_grade_allows(method):
    """Gangue floats slowly: grade falls with time. The price is that of solving again."""
    gangue = plant(bank=bank(cells=3, rate_constant={"Sb2S3": "1 1/min", "SiO2": "0.02 1/min"}))

    def best(least):
        limit = GRADE >= least  # noqa: SIM300 - a limit, not a condition
        return optimise(gangue, vary=TIME, maximise=RECOVERY, subject_to=limit, method=method)

    found = best(0.55)
    (kept,) = found.limits
    assert found.status == "optimal"
    assert kept.active
    assert kept.value == pytest.approx(0.55, rel=1e-5 if method == "trust-constr" else 1e-9)
    by_solving = (best(0.5501).objective - best(0.5499).objective) / 2e-4
    assert by_solving < 0.0
    assert kept.price == pytest.approx(by_solving, rel=1e-4)
    loose = best(0.1).limits[0]
    assert (loose.active, loose.price) == (False, 0.0)


def test_a_bound_that_holds_the_objective_back_has_a_price():
    found = optimise(ONE, vary=TIME, maximise=RECOVERY)
    (at,) = found.bounds
    assert (at.path, at.at, at.value) == ("bank.residence_time", "high", 1200.0)
    assert at.price == pytest.approx(1.0 / 21.0**2 / 60.0, rel=1e-9)
    assert found.shown_objective == "95.24 percent"
    lowest = optimise(ONE, vary=TIME, minimise=RECOVERY).bounds[0]
    assert (lowest.at, lowest.value) == ("low", pytest.approx(6.0))
    assert lowest.price == pytest.approx(1.0 / 1.1**2 / 60.0, rel=1e-9)


def test_specifications_stay_met_on_the_way():
    spec = Vary("ore.flow").until(product("concentrate", "Sb") == "5000 t/yr")
    ore = product("ore")
    found = optimise(ONE, vary=TIME, minimise=ore, specs=spec)
    assert found.values["bank.residence_time"] == pytest.approx(1200.0)
    made = found.solution["concentrate"].element("Sb", "t/yr").magnitude
    assert made == pytest.approx(5000.0, rel=1e-9)
    assert found.objective == pytest.approx(found.solution.varied["ore.flow"], rel=1e-9)


def test_a_closed_circuit_against_a_fine_grid():
    """Two times in a rougher and a cleaner that returns its tailings, with a grade to keep."""
    rates = {"Sb2S3": "1 1/min", "SiO2": "0.03 1/min"}
    loop = plant(
        rougher=bank(["ore", "back"], "froth", cells=3, rate_constant=rates),
        cleaner=bank("froth", tailings="back", cells=2, rate_constant=rates),
    )
    bounds = ("0.2 min", "5 min")
    found = optimise(
        loop,
        vary={"rougher.residence_time": bounds, "cleaner.residence_time": bounds},
        maximise=RECOVERY,
        subject_to=[GRADE >= "66 %"],
    )
    assert found.status == "optimal"
    # In closed form, with shares r and c of each species: r c / (1 - r (1 - c)).
    rougher, cleaner = np.meshgrid(*[np.linspace(0.2, 5.0, 961)] * 2)

    def share(rate):
        r, c = 1.0 - (1.0 + rate * rougher) ** -3, 1.0 - (1.0 + rate * cleaner) ** -2
        return r * c / (1.0 - r * (1.0 - c))

    stibnite, quartz = 0.1 * share(1.0), 0.9 * share(0.03)
    content = 2 * 121.76 / (2 * 121.76 + 3 * 32.06)
    reached = np.where(content * stibnite / (stibnite + quartz) >= 0.66, share(1.0), 0.0)
    assert found.objective == pytest.approx(reached.max(), abs=2e-3)
    assert found.objective >= reached.max() - 1e-6


class Touchy(UnitOp):
    """Recovers most at x = 1.5; cannot be calculated in between, or beyond some x."""

    feed: Inlet
    concentrate: Outlet
    tailings: Outlet

    x: Ratio
    island: Ratio = 0.0
    beyond: Ratio = 1000.0
    rising: Fraction = 0.0

    def run(self, feed, p):
        x = np.real(p.x)
        if np.any((x > p.beyond) | ((x > p.island) & (x < 1.5 * p.island))):
            raise ValueError(f"x of {np.max(x):.2g} is out of reach")
        share = (1.0 - p.rising) / (1.0 + (p.x - 1.5) ** 2) + p.rising * p.x / (1.0 + p.x)
        return {"concentrate": feed * share, "tailings": feed * (1.0 - share)}


def touchy(**changes):
    ports = {"feed": "ore", "concentrate": "concentrate", "tailings": "tailings"}
    return plant(unit=Touchy(**ports, **{"x": 0.1} | changes))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("trouble", [{"beyond": 2.0}, {"beyond": 1.51}, {"island": 3.0}])
def test_the_search_steps_back_from_what_cannot_be_solved(trouble, method):
    found = optimise(touchy(**trouble), vary={"unit.x": (0, 10)}, maximise=RECOVERY, method=method)
    assert found.status == "optimal"
    assert found.values["unit.x"] == pytest.approx(1.5, abs=1e-4)
    assert found.objective == pytest.approx(1.0, abs=1e-7)


def test_the_best_lies_where_the_plant_can_no_longer_be_solved():
    edge = touchy(rising=1.0, beyond=2.0)
    found = optimise(edge, vary={"unit.x": (0, 10)}, maximise=RECOVERY)
    assert found.values["unit.x"] == pytest.approx(2.0, abs=1e-3)
    assert found.values["unit.x"] <= 2.0
    assert "left, next to where the plant cannot be solved: unit: its Touchy" in found.status
    assert "out of reach" in found.status


def test_a_plant_that_cannot_be_solved_as_written():
    with pytest.raises(SolveError, match=r"unit: its Touchy failed .*x of 5 is out of reach"):
        optimise(touchy(x=5, beyond=2.0), vary={"unit.x": (0, 10)}, maximise=RECOVERY)


def test_a_wide_range_is_searched_by_its_logarithm():
    """(1 - R) R of one cell is largest where half is recovered: k tau = 1."""
    worth = (1.0 - RECOVERY) * RECOVERY
    wide = {"bank.residence_time": ("0.001 min", "10000 min")}
    found = optimise(ONE, vary=wide, maximise=worth, subject_to=RECOVERY <= 0.9)
    assert found.values["bank.residence_time"] == pytest.approx(60.0, rel=1e-5)


def test_limits_that_cannot_be_met_are_named():
    with pytest.raises(
        SolveError,
        match=r"^recovery of Sb to 'concentrate' >= 99 percent: cannot be met within the bounds of "
        r"bank\.residence_time; the nearest found is 95\.24 percent; widen the bounds or move a l",
    ):
        optimise(ONE, vary=TIME, maximise=GRADE + RECOVERY, subject_to=RECOVERY >= "99 %")
    gangue = plant(bank=bank(cells=3, rate_constant={"Sb2S3": "1 1/min", "SiO2": "0.02 1/min"}))
    with pytest.raises(SolveError, match=r"^grade of Sb .* >= 60 percent: .* missing recovery of "):
        optimise(gangue, vary=TIME, maximise=RECOVERY, subject_to=[RECOVERY >= 0.99, GRADE >= 0.6])


def test_limits_that_are_missed_at_the_start_are_met_in_the_end():
    gangue = plant(bank=bank(cells=3, rate_constant={"Sb2S3": "1 1/min", "SiO2": "0.02 1/min"}))
    limits = [RECOVERY >= 0.9, GRADE >= 0.42]
    found = optimise(gangue, vary=TIME, maximise=GRADE, subject_to=limits)
    assert [kept.active for kept in found.limits] == [True, False]
    assert found.limits[0].value == pytest.approx(0.9, abs=1e-9)
    assert found.limits[0].price < 0.0


def test_what_nothing_varied_influences_is_named():
    with pytest.raises(
        SolveError, match=r"^'ore': is not influenced by bank\.residence_time; .*tive"
    ):
        optimise(ONE, vary=TIME, maximise=product("ore"))
    with pytest.raises(
        SolveError, match=r"^'ore': is not .* change the limit 'ore' >= 8\.766e\+04"
    ):
        optimise(ONE, vary=TIME, maximise=RECOVERY, subject_to=product("ore") >= "10 t/h")


PATH = "bank.residence_time"


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        (
            {"vary": {PATH: ("5 min", "2 min")}},
            r"^bank\.residence_time: low 5 min is above high 2 m",
        ),
        (
            {"vary": {PATH: ("2 min", "2 min")}},
            "low and high are both 2 min; nothing is left to ch",
        ),
        (
            {"vary": {PATH: ("2 min", "5 min")}},
            "starts at 1 min, outside its bounds 2 min to 5 min",
        ),
        ({"vary": {PATH: None}}, r"needs bounds \(low, high\), got None$"),
        ({"vary": {PATH: (1, 2)}}, r"^bank\.residence_time, low: needs a unit of time, got 1;"),
        ({"vary": {"bank.residence": (1, 2)}}, "did you mean 'residence_time'"),
        ({"vary": {"bank.cells": (1, 5)}}, r"^bank\.cells: is a count; optimise the rest for each"),
        ({"vary": {"bank.cell_volume": ("1 m^3", "5 m^3")}}, "cell_volume: is not given, so there"),
        ({"vary": {}}, r"^vary: needs bounds by path, e\.g\. .* got \{\}$"),
        (
            {"vary": {"bank.recovery_max": (0, 1), "bank.recovery_max.others": (0, 1)}},
            r"^bank\.recovery_max\.others: is the same number as bank\.recovery_max; vary one",
        ),
        ({"maximise": None}, "^optimise: give either maximise= or minimise=, and not both$"),
        ({"minimise": GRADE}, "^optimise: give either maximise= or minimise=, and not both$"),
        ({"maximise": "Sb"}, r"^maximise: needs a measure such as .*, got 'Sb'$"),
        ({"maximise": recovery("Sb", to="x")}, "^there is no stream 'x'"),
        (
            {"subject_to": RECOVERY == "80 %"},
            r"^subject_to: recovery of Sb to 'concentrate' == 80 percent is a target; give it",
        ),
        ({"subject_to": [0.8]}, r"^subject_to: needs limits such as .*, got 0\.8$"),
        ({"subject_to": grade("x", "Sb") >= 0.1}, "^there is no stream 'x'"),
        ({"method": "BFGS"}, "^method: must be one of SLSQP, trust-constr, got 'BFGS'$"),
        (
            {"specs": Vary(PATH).until(RECOVERY == "80 %")},
            r"^bank\.residence_time: is varied to meet a target; it cannot be chosen as well$",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(changes, complaint):
    with pytest.raises(InputError, match=complaint):
        optimise(ONE, **{"vary": TIME, "maximise": RECOVERY} | changes)


def test_only_a_flowsheet_can_be_optimised():
    with pytest.raises(
        InputError, match=r"^optimise: needs a Flowsheet, got 'plant'; see load_route"
    ):
        optimise("plant", vary=TIME, maximise=RECOVERY)


def test_bounds_may_be_given_in_base_units():
    bounds = (BaseUnits(6.0), BaseUnits(1200.0))
    found = optimise(ONE, vary={PATH: bounds}, maximise=RECOVERY)
    assert found.values[PATH] == pytest.approx(1200.0)
