import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from flowsheet.core.slate import Slate
from tests.unitops.properties import (
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
    run,
)
from unitops.streams.splitter import Splitter

SPECIES = ["Sb2S3", "SiO2", "H2O"]


def splitter(fraction: object) -> Splitter:
    return Splitter(feed="feed", product="product", remainder="remainder", fraction=fraction)


@given(mass=random_masses(3), fraction=st.floats(0.0, 1.0))
def test_any_feed_closes(mass, fraction):
    check_unit(splitter({"Sb2S3": fraction, "others": 0.3}), SPECIES, {"feed": mass})


def test_zero_feed_gives_zero():
    check_zero_feed(splitter(0.5), SPECIES)


def test_derivative():
    check_derivative(splitter(0.5), SPECIES, {"feed": np.array([[1.0], [2.0], [3.0]])})


@pytest.mark.parametrize(("fraction", "taken"), [(0.0, 0.0), (1.0, 1.0), ("25 %", 0.25)])
def test_fraction_of_each_species(fraction, taken):
    feed = np.array([[1.0], [2.0], [3.0]])
    made = run(splitter(fraction), Slate(SPECIES), {"feed": feed})
    np.testing.assert_allclose(made["product"], taken * feed, rtol=1e-15)


def test_a_fraction_above_one_is_refused():
    with pytest.raises(InputError, match=r"Splitter.fraction: Sb2S3: must lie between 0 and 1"):
        splitter({"Sb2S3": 1.2, "others": 0.0})
