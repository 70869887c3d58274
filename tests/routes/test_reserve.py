"""How long a reserve lasts, and what is said where a plan is longer."""

import pytest

from flowsheet import InputError
from flowsheet.load import load_route
from tests.small_case import CASE, PLANT, write

YEAR = 5000.0 / (0.81 / 0.91)
"""Antimony mined in a year, t: the circuit recovers 0.81 / 0.91 of it."""


def load(tmp_path, deposit):
    return load_route(str(write(tmp_path, f"{CASE}\n[deposit]\n{deposit}", PLANT)))


def refused(complaint):
    return pytest.raises(InputError, match=complaint)


@pytest.mark.parametrize("deposit", ['antimony = "40 kt"', 'ore = "2 Mt"\ngrade = "2 %"'])
def test_life_is_the_reserve_over_what_is_mined(tmp_path, deposit):
    life = load(tmp_path, deposit).solve().metrics.reserve_life_yr
    assert life == pytest.approx(40_000.0 / YEAR, rel=1e-9)


def test_no_deposit_no_life(tmp_path):
    assert load_route(str(write(tmp_path, CASE, PLANT))).solve().metrics.reserve_life_yr is None


def test_a_mine_at_rest_has_no_life_either(tmp_path):
    route = load(tmp_path, 'antimony = "40 kt"').without_target()
    assert route.with_changes({"ore.flow": "0 t/h"}).solve().metrics.reserve_life_yr is None


def test_a_plan_that_outlives_its_reserve(tmp_path):
    notes = load(tmp_path, 'antimony = "40 kt"\nplan = "10 years"').solve().warnings
    assert (
        "the reserve of 40,000 t Sb lasts 7.1 years at this throughput, and 10 years are planned: "
        "the last 2.9 need ore that is no reserve yet, or a lower rate"
    ) in notes
    assert not load(tmp_path, 'antimony = "40 kt"\nplan = "7 years"').solve().warnings
    (same,) = load(tmp_path, 'ore = "2 Mt"\ngrade = "2 %"\nplan = "10 years"').solve().warnings
    assert same.startswith("the reserve of 40,000 t Sb lasts 7.1 years")


def test_the_reserve_is_drawn_with_the_rest(tmp_path):
    given = 'value = "40 kt", low = "20 kt", high = "60 kt", basis = "assumed", source = "a test"'
    route = load(tmp_path, f"antimony = {{ {given} }}")
    drawn = route.scenarios(draws=64)
    life = drawn.metric("reserve_life_yr")
    tonnes = drawn.inputs["deposit.antimony"] / 1000.0
    assert tonnes.min() < 26_000.0
    assert tonnes.max() > 54_000.0
    assert life == pytest.approx(tonnes / YEAR, rel=1e-9)


@pytest.mark.parametrize(
    ("deposit", "complaint"),
    [
        ('ore = "2 Mt"', r"deposit: needs either antimony, or ore and grade"),
        ('antimony = "1 kt"\ngrade = "2 %"', r"deposit: needs either antimony, or ore and"),
        ('antimony = "40 km"', r'deposit\.antimony: needs a unit of mass, got "40 km"'),
        ('plan = "8 t"\nantimony = "1 kt"', r'deposit\.plan: needs a unit of time, got "8 t"'),
        ('ores = "2 Mt"', r"deposit\.ores: there is no such parameter; did you mean 'ore'\?"),
    ],
)
def test_mistakes_in_a_deposit(tmp_path, deposit, complaint):
    with refused(rf"^mine\.toml: {complaint}"):
        load(tmp_path, deposit)


SUPPLY = """
[supply]
status = "planned"
control = "bloc"
missing = "a smelter"
evidence = "a test"
antimony_to_refinery = { value = "2 kt/yr", low = "1 kt/yr", high = "5 kt/yr" }
"""


def test_supply_has_a_range(tmp_path):
    route = load_route(str(write(tmp_path, CASE + SUPPLY, PLANT)))
    supply = route.data.supply
    per_second = 1e6 / (365.25 * 86400.0)
    found = supply.antimony_to_refinery
    assert (found.low, found.mid, found.high) == pytest.approx(
        (per_second, 2 * per_second, 5 * per_second)
    )
    assert supply.counted.high == 0.0
    assert supply.kind == "primary"
    assert not [path for path in route.uncertain() if path.startswith("supply")]


def test_supply_without_a_range_is_its_value_at_both_ends(tmp_path):
    given = 'antimony_to_refinery = "2 kt/yr"\n'
    certain = SUPPLY.partition("antimony_to_refinery")[0] + given
    found = load_route(str(write(tmp_path, CASE + certain, PLANT))).data.supply
    assert found.antimony_to_refinery.low == found.antimony_to_refinery.high
    assert found.antimony_to_refinery.low == pytest.approx(2e6 / (365.25 * 86400.0))


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('"planned"', '"hoped"', r"supply\.status: must be 'operating', 'commissioning', "),
        ('"2 kt/yr"', '"6 kt/yr"', r"supply\.antimony_to_refinery: value 6 kt/yr lies outside "),
        (
            'value = "2 kt/yr", ',
            "",
            r"supply\.antimony_to_refinery: needs a value beside low, high",
        ),
        (
            '"1 kt/yr"',
            '"1 kt"',
            r"supply\.antimony_to_refinery\.low: needs a unit of mass per time",
        ),
        ('"2 kt/yr"', '"2 kt"', r"supply\.antimony_to_refinery: needs a unit of mass per time"),
        ('missing = "a smelter"\n', "", r"supply\.missing: is needed but not given"),
    ],
)
def test_mistakes_in_a_supply(tmp_path, old, new, complaint):
    assert old in SUPPLY
    with refused(rf"^mine\.toml: {complaint}"):
        load_route(str(write(tmp_path, CASE + SUPPLY.replace(old, new), PLANT)))
