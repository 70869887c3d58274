"""Units of a case file that take over the numbers of another."""

import numpy as np
import pytest

from flowsheet import InputError
from flowsheet.load import load_route
from tests.small_case import CASE, HEADER, ORE, changed, write

ROUGHER = """
[units.rougher]
fraction.Sb2S3 = { value = 0.9, low = 0.8, high = 0.95, basis = "assumed", source = "a test" }
fraction.SiO2 = { value = 0.05, low = 0.02, high = 0.1, basis = "assumed", source = "a test" }
"""
LIKE = HEADER + ORE + ROUGHER + '\n[units.cleaner]\nlike = "rougher"\nfraction.SiO2 = 0.1\n'


def loaded(folder, case):
    return load_route(str(write(folder, case)))


def test_what_is_not_said_is_taken_over(tmp_path):
    route = loaded(tmp_path, LIKE)
    cleaner = route.flowsheet.units["cleaner"].fraction
    assert cleaner.by_name == {"Sb2S3": 0.9, "SiO2": 0.1}
    assert [n.source for n in route.data.numbers if n.path == "cleaner.fraction.Sb2S3"] == [
        "a test"
    ]


def test_it_is_the_case_that_writes_the_numbers_twice(tmp_path):
    once = loaded(tmp_path, CASE).solve()
    taken_over = changed(
        CASE, "[units.cleaner]\nfraction.Sb2S3 = 0.9\n", '[units.cleaner]\nlike = "rougher"\n'
    )
    again = load_route(str(write(tmp_path, taken_over, name="again"))).solve()
    assert again.metrics.antimony_recovery_percent == once.metrics.antimony_recovery_percent
    assert again.metrics.antimony_recovery_percent == pytest.approx(81.0 / 0.91, rel=1e-12)


def test_a_number_and_its_copy_are_drawn_as_one(tmp_path):
    route = loaded(tmp_path, LIKE)
    drawn = route.scenarios(draws=50).inputs
    np.testing.assert_array_equal(drawn["rougher.fraction.Sb2S3"], drawn["cleaner.fraction.Sb2S3"])
    assert np.ptp(drawn["rougher.fraction.Sb2S3"]) > 0.05
    assert "cleaner.fraction.SiO2" not in drawn


def test_a_model_may_be_like_another(tmp_path):
    chain = changed(
        CASE, "[units.cleaner]\nfraction.Sb2S3 = 0.9\n", '[units.cleaner]\nlike = "ore"\n'
    )
    chain = changed(chain, "[units.ore]\n", '[units.ore]\nlike = "rougher"\n')
    with pytest.raises(InputError, match=r"mine.toml: ore.fraction: there is no such parameter"):
        loaded(tmp_path, chain)


def test_copies_join_the_group_of_their_number(tmp_path):
    group = (
        '\n[correlation.sharpness]\nmembers = ["rougher.fraction.Sb2S3", "rougher.fraction.SiO2"]\n'
        'coefficient = { value = 1.0, basis = "assumed", source = "a test" }\n'
    )
    drawn = loaded(tmp_path, LIKE + group).scenarios(draws=50).inputs
    order = np.argsort(drawn["rougher.fraction.SiO2"])
    assert np.all(np.diff(drawn["cleaner.fraction.Sb2S3"][order]) >= 0.0)


def test_a_loose_group_of_numbers_with_copies_is_refused(tmp_path):
    group = (
        '\n[correlation.sharpness]\nmembers = ["rougher.fraction.Sb2S3", "rougher.fraction.SiO2"]\n'
        'coefficient = { value = 0.5, basis = "assumed", source = "a test" }\n'
    )
    message = (
        r"mine.toml: correlation.sharpness: cleaner.fraction.Sb2S3 is a copy of "
        r"rougher.fraction.Sb2S3 by 'like', and copies go together; give the coefficient 1"
    )
    with pytest.raises(InputError, match=message):
        loaded(tmp_path, LIKE + group)


@pytest.mark.parametrize(
    ("like", "message"),
    [
        ("rouger", "cleaner.like: there is no section .units.rouger.; did you mean 'rougher'"),
        ("cleaner", "cleaner.like: 'cleaner' and 'cleaner' are like each other"),
    ],
)
def test_a_wrong_model_is_named(tmp_path, like, message):
    with pytest.raises(InputError, match=message):
        loaded(tmp_path, changed(LIKE, 'like = "rougher"', f'like = "{like}"'))


def test_a_ring_is_refused(tmp_path):
    ring = changed(LIKE, "[units.rougher]\n", '[units.rougher]\nlike = "cleaner"\n')
    with pytest.raises(InputError, match="are like each other; let one of them give its numbers"):
        loaded(tmp_path, ring)


def test_a_copy_of_a_number_with_one_end_is_drawn_with_it(tmp_path):
    """A range may reach to one side alone."""
    one_sided = changed(LIKE, "low = 0.8, high = 0.95, ", "low = 0.8, ")
    drawn = loaded(tmp_path, one_sided).scenarios(draws=50).inputs
    np.testing.assert_array_equal(drawn["rougher.fraction.Sb2S3"], drawn["cleaner.fraction.Sb2S3"])
    assert drawn["rougher.fraction.Sb2S3"].max() <= 0.9
