import numpy as np
import pytest
from hypothesis import given

from flowsheet import Flowsheet, solve
from tests.unitops.properties import check_derivative, check_unit, check_zero_feed, random_masses
from unitops.streams.feed import Feed
from unitops.streams.stockpile import Stockpile

SPECIES = ["Sb2S3", "SiO2", "H2O", "O2"]


def stockpile(**given_parameters):
    return Stockpile(feed=["slag", "dross"], product="cold", **given_parameters)


@given(mass=random_masses(4))
def test_any_feed_closes(mass):
    check_unit(stockpile(), SPECIES, {"feed": mass})


def test_zero_feed_gives_zero():
    check_zero_feed(stockpile(), SPECIES)


def test_derivative():
    check_derivative(stockpile(), SPECIES, {"feed": np.array([[1.0], [2.0], [3.0], [4.0]])})


@pytest.mark.parametrize(
    ("given_parameters", "celsius"), [({}, 25.0), ({"temperature": "80 degC"}, 80.0)]
)
def test_what_lies_there_cools_and_gives_off_its_heat(given_parameters, celsius):
    plant = Flowsheet(
        species=["SiO2", "Sb2O3"],
        units={
            "slag": Feed(
                outlet="slag", flow="1 t/h", composition={"SiO2": 1.0}, temperature="1150 degC"
            ),
            "dross": Feed(
                outlet="dross", flow="1 t/h", composition={"Sb2O3": 1.0}, temperature="700 degC"
            ),
            "yard": stockpile(**given_parameters),
        },
    )
    solution = solve(plant)
    assert solution["cold"].temperature().magnitude == pytest.approx(celsius)
    brought = sum(solution[name].sensible_heat().magnitude for name in ("slag", "dross"))
    left = solution["cold"].sensible_heat().magnitude
    assert solution.heat("yard").magnitude == pytest.approx(left - brought, rel=1e-9)
    assert solution["cold"].mass_flow().magnitude == pytest.approx(2.0)
