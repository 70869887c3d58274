import numpy as np
import pytest

from flowsheet.core.errors import InputError
from flowsheet.core.mineralogy import (
    Assay,
    check_sum,
    element_contents,
    explained,
    mineral_fractions,
)
from flowsheet.core.slate import Slate

MINERALS = ("Sb2S3", "FeAsS", "FeS2")
ELEMENTS = ("Sb", "As", "Fe")
SLATE = Slate(["H2O", *MINERALS, "SiO2"])


def assay(contents, *, remainder="SiO2", weights=(1.0, 1.0, 1.0)):
    return Assay(SLATE, MINERALS, remainder, ELEMENTS, tuple(contents), weights)


def test_fractions_come_in_the_order_of_the_names():
    fit = assay((0.28, 0.012, 0.06))
    assert fit.names == ("Sb2S3", "FeAsS", "FeS2", "SiO2")
    found = mineral_fractions(fit)
    assert found.shape == (4, 1)
    np.testing.assert_allclose(found[:3, 0], [0.390588, 0.0260794, 0.1096763], rtol=1e-5)
    assert found.sum() == pytest.approx(1.0, rel=1e-14)


def test_without_a_remainder_there_is_a_rest_that_is_nobodys():
    fit = assay((0.28, 0.012, 0.06), remainder=None)
    assert fit.names == MINERALS
    # Quartz holds none of the elements, so that the minerals are the same with it.
    np.testing.assert_allclose(
        mineral_fractions(fit), mineral_fractions(assay((0.28, 0.012, 0.06)))[:3], rtol=1e-14
    )


def test_what_is_explained_is_what_the_minerals_bring():
    assayed, brought = explained(assay((0.28, 0.12, 0.06)))
    np.testing.assert_array_equal(assayed[:, 0], [0.28, 0.12, 0.06])
    contents = element_contents(SLATE, ELEMENTS, MINERALS)
    fractions = mineral_fractions(assay((0.28, 0.12, 0.06)))[:3]
    np.testing.assert_allclose(brought, contents @ fractions, rtol=1e-14)
    assert brought[1, 0] < 0.12  # there is too little iron for that much arsenopyrite


def test_scenarios_and_derivatives_go_through():
    arsenic = np.array([0.012, 0.02])
    found = mineral_fractions(assay((0.28, arsenic, 0.06)))
    assert found.shape == (4, 2)
    for column, content in enumerate(arsenic.tolist()):
        alone = mineral_fractions(assay((0.28, content, 0.06)))
        np.testing.assert_allclose(found[:, [column]], alone, rtol=1e-13)
    moved = mineral_fractions(assay((0.28 + 1e-30j * np.ones(1), 0.012, 0.06)))
    slope = moved.imag[:, 0] / 1e-30
    per_antimony = 1.0 / element_contents(SLATE, ["Sb"], ["Sb2S3"])[0, 0]
    np.testing.assert_allclose(slope, [per_antimony, 0.0, 0.0, -per_antimony], atol=1e-12)


def test_a_sum_is_checked_by_its_worst_scenario():
    check_sum("assay", np.array([0.4, 1.0 + 1e-7]), "SiO2")
    with pytest.raises(InputError, match=r"^assay sums to 110\.0+%; at most 100 % is possible"):
        check_sum("assay", np.array([0.4, 1.1]), "SiO2")
    with pytest.raises(InputError, match=r"^assay sums to 40\.0+%; name a 'remainder'"):
        check_sum("assay", np.array([0.4, 1.0]), None)
