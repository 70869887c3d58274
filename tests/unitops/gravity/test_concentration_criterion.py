import re

import numpy as np
import pytest

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow
from flowsheet.core.particles import Composite, Particles
from flowsheet.core.slate import Slate
from unitops.gravity.concentration_criterion import (
    concentration_criterion,
    criterion_of,
    criterion_warnings,
    smallest_size,
    too_fine,
)

SPECIES = ["Sb2S3", "FeS2", "AsS", "Sb2O3", "SiO2", "H2O"]


def sized(*composites):
    """Classes of mean size 245, 61 and 12.5 um."""
    return Slate(
        SPECIES,
        Particles(
            sieves=["400 um", "150 um", "25 um"],
            minerals=["Sb2S3", "SiO2"],
            composites=composites,
        ),
    )


@pytest.mark.parametrize(
    ("density", "expected"),
    [
        (4.63, 2.2),
        (5.69, 2.8424242424242427),
        (5.5, 2.7272727272727275),
        (6.64, 3.418181818181818),
        (6.69, 3.4484848484848487),
    ],
)
def test_antimony_minerals_against_quartz_in_water(density, expected):
    assert concentration_criterion(density, 2.65, 1.0) == pytest.approx(expected, rel=1e-10)


def test_a_light_mineral_that_floats_sets_no_limit():
    made = concentration_criterion(4630.0, 2650.0, np.array([1000.0, 2650.0, 2800.0]))
    np.testing.assert_allclose(made, [2.2, np.inf, np.inf])


@pytest.mark.parametrize(
    ("criterion", "size"),
    [
        (2.6, 75e-6),
        (2.5, 75e-6),
        (2.49, 0.1e-3),
        (1.75, 0.1e-3),
        (1.74, 1e-3),
        (1.5, 1e-3),
        (1.49, 6e-3),
        (1.25, 6e-3),
        (1.24, None),
        (float("inf"), 75e-6),
    ],
)
def test_how_fine_gravity_works(criterion, size):
    assert smallest_size(criterion) == size


def test_criterion_of_a_composite():
    """30 % stibnite: 1 / (0.3 / 4.63 + 0.7 / 2.65) = 3.0399 t/m3."""
    middlings = Composite(name="middlings", minerals={"Sb2S3": 0.3, "SiO2": 0.7})
    made = criterion_of(sized(middlings), "middlings", "SiO2", 1000.0)
    assert made[0] == pytest.approx((3.0399 - 1.0) / 1.65, rel=1e-4)


def test_minerals_too_alike_are_told():
    flow = Flow(Slate(SPECIES), np.ones((6, 1)))
    (told,) = criterion_warnings(flow, "FeS2", "Sb2S3", 1000.0)
    assert "concentration criterion 1.10 for FeS2 and Sb2S3; below 1.25 they do not" in told
    assert criterion_warnings(flow, "Sb2S3", "SiO2", 1000.0) == ()


def feed(slate, name, masses):
    mass = np.zeros((slate.count, 1))
    mass[list(slate.rows_of(name))[-slate.classes :], 0] = masses
    return Flow(slate, mass)


def test_a_heavy_mineral_too_fine_for_gravity_is_told():
    """Stibnite in quartz works down to 0.1 mm: classes of 61 and 12.5 um are lost."""
    slate = sized()
    (told,) = criterion_warnings(feed(slate, "Sb2S3", [6.0, 3.0, 1.0]), "Sb2S3", "SiO2", 1000.0)
    assert "2.20 for Sb2S3 and SiO2 works down to about 100 um; 40% of the Sb2S3 fed is" in told
    assert criterion_warnings(feed(slate, "Sb2S3", [9.0, 1.0, 0.5]), "Sb2S3", "SiO2", 1000.0) == ()


def test_an_oxide_is_won_finer_than_the_sulphide():
    """Above 2.5 the class of 50 um is lost, but one of 100 um is not."""
    slate = Slate(SPECIES, Particles(sieves=["160 um", "50 um"], minerals=["Sb2O3", "AsS"]))
    assert criterion_warnings(feed(slate, "Sb2O3", [6.0, 1.0]), "Sb2O3", "SiO2", 1000.0) == ()
    (told,) = criterion_warnings(feed(slate, "AsS", [6.0, 1.0]), "AsS", "SiO2", 1000.0)
    assert "works down to about 1 mm; 100% of the AsS" in told


def test_what_is_locked_counts_as_well():
    middlings = Composite(name="middlings", minerals={"Sb2S3": 0.3, "SiO2": 0.7})
    slate = sized(middlings)
    both = feed(slate, "Sb2S3", [7.0, 0.0, 0.0]) + feed(slate, "middlings", [0.0, 0.0, 10.0])
    assert too_fine(both, "Sb2S3", 100e-6)[0] == pytest.approx(0.3)
    assert too_fine(both, "middlings", 100e-6)[0] == pytest.approx(1.0)
    assert too_fine(Flow(slate, np.zeros((slate.count, 1))), "Sb2S3", 1e-4)[0] == 0.0


def test_unknown_densities_and_names_are_refused():
    slate = Slate(["CaO", "SiO2"])
    with pytest.raises(InputError, match="needs a density of CaO; define Species"):
        criterion_of(slate, "CaO", "SiO2", 1000.0)
    with pytest.raises(InputError, match=r"no species 'Sb2S'.*did you mean 'Sb2S3'"):
        criterion_of(Slate(SPECIES), "Sb2S", "SiO2", 1000.0)


@pytest.mark.parametrize(
    ("heavy", "light", "fluid", "message"),
    [
        (
            "SiO2",
            "Sb2S3",
            1000.0,
            "SiO2 is named heavy at 2650 kg/m.3 and Sb2S3 light at 4630; ",
        ),
        ("SiO2", "SiO2", 1000.0, "SiO2 is named heavy at 2650 kg/m.3 and SiO2 light at 2650; "),
        ("Sb2S3", "SiO2", 5000.0, "Sb2S3, named heavy, does not sink in a fluid of 5000 kg/m.3"),
    ],
)
def test_minerals_exchanged_and_a_fluid_too_heavy(heavy, light, fluid, message):
    feed = Flow(Slate(["Sb2S3", "SiO2"]), np.ones((2, 1)))
    (told,) = criterion_warnings(feed, heavy, light, fluid)
    assert re.match(message, told)
