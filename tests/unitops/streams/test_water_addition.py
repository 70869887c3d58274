import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet import Flowsheet, solve
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow
from flowsheet.core.slate import Slate
from tests.unitops.every_species import SPECIES, check_every_species, check_with_particles
from tests.unitops.properties import check_derivative, check_zero_feed, random_masses, run
from unitops.dewatering.thickener import Thickener
from unitops.streams.feed import Feed
from unitops.streams.water_addition import WaterAddition

PULP = np.array([[10.0], [30.0], [15.0], [1.0], [4.0], [0.1]])  # 40 t of solids, 20 of liquor


def addition(percent_solids="25 %"):
    return WaterAddition(
        feed="feed", water="water", product="product", percent_solids=percent_solids
    )


def told(unit, mass):
    slate = Slate(SPECIES)
    p, feed = unit.resolve(slate), Flow(slate, mass)
    flows = {"feed": feed, **unit.run(feed=feed, p=p)}
    figures = {figure.label: (figure.value, figure.unit) for figure in unit.figures(flows, p)}
    return figures, list(unit.warnings(flows, p))


@given(mass=random_masses(6), percent_solids=st.floats(1e-6, 1.0 - 1e-6))
def test_any_feed_closes(mass, percent_solids):
    check_every_species(addition(percent_solids), {"feed": mass})


@given(mass=random_masses(6), percent_solids=st.floats(0.01, 0.99))
def test_the_product_is_as_dilute_as_asked_for_or_as_the_feed(mass, percent_solids):
    product = run(addition(percent_solids), Slate(SPECIES), {"feed": mass})["product"]
    solids, liquor = product[:2].sum(axis=0), product[2:5].sum(axis=0)
    for column in np.flatnonzero(solids > 0.0):
        fed = mass[:2, column].sum() / mass[:5, column].sum()
        made = solids[column] / (solids + liquor)[column]
        assert made == pytest.approx(min(percent_solids, fed), rel=1e-9)


def test_particles_close():
    check_with_particles(addition(), ["feed"])


def test_zero_feed_gives_zero():
    check_zero_feed(addition(), SPECIES)
    assert not told(addition(), np.zeros((6, 1)))[1]


@pytest.mark.parametrize("percent_solids", ["25 %", "80 %"])
def test_derivative(percent_solids):
    check_derivative(addition(percent_solids), SPECIES, {"feed": PULP})


def test_water_drawn():
    """40 t/h of solids at 25 % stand in 120 t/h of liquor, of which 20 are there."""
    made = run(addition(), Slate(SPECIES), {"feed": PULP})
    np.testing.assert_allclose(made["water"][:, 0], [0, 0, 100, 0, 0, 0], rtol=1e-12)
    figures, warnings = told(addition(), PULP)
    assert figures["solids in the feed"][0][0] == pytest.approx(2.0 / 3.0)
    assert figures["solids in the product"][0][0] == pytest.approx(0.25)
    assert figures["t water added per t solids"][0][0] == pytest.approx(2.5)
    assert not warnings


def test_a_feed_more_dilute_than_asked_for_gets_nothing_and_a_warning():
    made = run(addition("80 %"), Slate(SPECIES), {"feed": PULP / 3.6})
    assert np.all(made["water"] == 0.0)
    np.testing.assert_array_equal(made["product"], PULP / 3.6)
    _, warnings = told(addition("80 %"), PULP / 3.6)
    assert warnings == [
        "the feed holds 66.7% solids, less than the 80.0% asked for: no water is added, 10 t/h of "
        "water are too much"
    ]


def test_a_feed_just_as_dilute_as_asked_for_is_no_warning():
    assert not told(addition(2.0 / 3.0), PULP)[1]


def test_scenarios_of_percent_solids():
    slate, unit = Slate(SPECIES), addition()
    p = unit.resolve(slate).replaced({"percent_solids": np.array([0.25, 0.5, 0.8])})
    water = unit.run(feed=Flow(slate, PULP), p=p)["water"].total()
    np.testing.assert_allclose(water, [100.0, 20.0, 0.0], rtol=1e-12)


@pytest.mark.parametrize(("overflow_to_mill", "fresh"), [(False, 100.0), (True, 100.0 * 0.4 / 0.6)])
def test_returned_water_is_used_before_fresh_water(overflow_to_mill, fresh):
    """100 t/h of dry ore at 50 %: without return 100 t/h; with it what the tailings keep."""
    feed = ["ore", "overflow"] if overflow_to_mill else "ore"
    plant = Flowsheet(
        species=["SiO2", "H2O"],
        units={
            "ore": Feed(outlet="ore", flow="100 t/h", composition={"SiO2": 1.0}),
            "mill": WaterAddition(feed=feed, water="fresh", product="pulp", percent_solids="50 %"),
            "thickener": Thickener(
                feed="pulp",
                underflow="tailings",
                overflow="overflow",
                underflow_percent_solids="60 %",
            ),
        },
    )
    solution = solve(plant)
    assert solution["fresh"].mass_flow("t/h").magnitude == pytest.approx(fresh, rel=1e-9)
    assert solution["pulp"].percent_solids().magnitude == pytest.approx(50.0, rel=1e-9)


@pytest.mark.parametrize(
    ("percent_solids", "message"),
    [
        ("0 %", "percent_solids of 0 % would be all water"),
        ("100 %", "percent_solids of 100 % takes no water"),
        ("35", "must lie between 0 and 1"),
    ],
)
def test_percent_solids_that_make_no_sense_are_refused(percent_solids, message):
    with pytest.raises(InputError, match=message) as refused:
        addition(percent_solids)
    assert "\n" not in str(refused.value)


def test_species_it_needs():
    assert tuple(addition().required_species()) == ("H2O",)
