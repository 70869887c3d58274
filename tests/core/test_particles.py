"""The sieve series, the minerals in size classes, and what composites are made of."""

import re

import numpy as np
import pytest

from flowsheet.core.errors import InputError
from flowsheet.core.particles import (
    Composite,
    LockedMinerals,
    Particles,
    aperture_text,
    locked_minerals,
    sieve_series,
    without_density,
)
from flowsheet.core.species import Species, find_species

STIBNITE, QUARTZ = find_species("Sb2S3"), find_species("SiO2")


def particles(**changes):
    described = {"sieves": ["300 um", "150 um", "75 um"], "minerals": ["Sb2S3", "SiO2"]}
    return Particles(**{**described, **changes})


def middlings(**changes):
    described = {"name": "middlings", "minerals": {"Sb2S3": "20 %", "SiO2": "80 %"}}
    return Composite(**{**described, **changes})


def refused(complaint):
    return pytest.raises(InputError, match=f"^{re.escape(complaint)}$")


def test_a_class_passes_one_sieve_and_stays_on_the_next():
    assert particles().class_names == ("150 um to 300 um", "75 um to 150 um", "below 75 um")
    np.testing.assert_allclose(particles().apertures, [300e-6, 150e-6, 75e-6])


def test_the_mean_size_is_geometric_and_half_the_finest_sieve_below_it():
    # sqrt(400 * 100) = 200, sqrt(100 * 25) = 50, 25 / 2 = 12.5
    means = particles(sieves=["400 um", "0.1 mm", "25 um"]).mean_sizes
    np.testing.assert_allclose(means, [200e-6, 50e-6, 12.5e-6], rtol=1e-12)


def test_one_sieve_alone_is_one_class():
    assert particles(sieves=["1 mm"]).class_names == ("below 1 mm",)


def test_one_mineral_need_not_be_in_a_list():
    assert particles(minerals="SiO2").minerals == ("SiO2",)


def test_one_composite_need_not_be_in_a_list():
    assert particles(composites=middlings()).composites == (middlings(),)


def test_sizes_as_they_are_said():
    sizes = {75e-6: "75 um", 3.8e-5: "38 um", 1e-3: "1 mm", 0.0127: "12.7 mm", 4.5e-7: "0.45 um"}
    assert {metres: aperture_text(metres) for metres in sizes} == sizes


def test_a_series_of_sieves():
    # The series of ASTM E11 in steps of the square root of two: 300, 212, 150, 106, 75 um.
    series = sieve_series("300 um", 5)
    np.testing.assert_allclose(series, [300e-6, 212e-6, 150e-6, 106e-6, 75e-6], rtol=2e-3)
    assert sieve_series("8 mm", 4, 2) == pytest.approx([8e-3, 4e-3, 2e-3, 1e-3])
    assert particles(sieves=series).sieves == series


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((300, 5), 'sieve_series: needs a unit of length, got 300; write e.g. "75 um"'),
        (("300 um", 5, 1.0), "a sieve series needs a ratio above 1 and one class or more, got 1 "
                             "and 5; the usual ratio is 1.414"),
        (("300 um", 0), "a sieve series needs a ratio above 1 and one class or more, got 1.41421 "
                        "and 0; the usual ratio is 1.414"),
        (("300 um", 5.5), "a sieve series needs a whole number of classes and a ratio, got 5.5 and "
                          "1.4142135623730951"),
        (("300 um", 5, "2"), "a sieve series needs a whole number of classes and a ratio, got 5 "
                             "and '2'"),
    ],
)  # fmt: skip
def test_a_series_that_cannot_be(arguments, complaint):
    with refused(complaint):
        sieve_series(*arguments)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"sieves": ["75 um", "150 um"]}, "Particles: sieves must go from coarse to fine, got 150 "
         "um after 75 um; sort them and name each once"),
        ({"sieves": ["150 um", "150 um"]}, "Particles: sieves must go from coarse to fine, got 150 "
         "um after 150 um; sort them and name each once"),
        ({"sieves": []}, "Particles: sieves names no aperture; write e.g. [\"300 um\", \"150 um\", "
         "\"75 um\"]"),
        ({"sieves": [300, 150]}, 'Particles.sieves: needs a unit of length, got 300; write e.g. '
         '"75 um"'),
        ({"sieves": ["300 um", "150"]}, 'Particles.sieves: needs a unit of length, got "150"; '
         'write e.g. "75 um"'),
        ({"sieves": ["300 kg"]}, 'Particles.sieves: needs a unit of length, got "300 kg"; write '
         'e.g. "75 um"'),
        ({"sieves": ["300 um", "0 um"]}, 'Particles.sieves: must be above 0 um, got "0 um"'),
        ({"sieves": "300 um"}, "Particles.sieves: needs a list of apertures, got '300 um'; e.g. "
         '["300 um", "75 um"]'),
        ({"minerals": []}, 'Particles: minerals names no species; write e.g. ["Sb2S3", "SiO2"]'),
        ({"minerals": 5}, 'Particles.minerals: needs names of minerals, got 5; write e.g. '
         '["Sb2S3", "SiO2"]'),
        ({"minerals": ["SiO2", "SiO2"]}, "Particles: particles name 'SiO2' twice; keep one"),
        ({"composites": [middlings(), middlings()]}, "Particles: particles name 'middlings' twice; "
         "keep one"),
        ({"composites": [middlings(name="SiO2")]}, "Particles: particles name 'SiO2' twice; keep "
         "one"),
        ({"composites": ["middlings"]}, "Particles.composites: needs a list of composites, got "
         "['middlings']; write e.g. [Composite(name=\"middlings\", minerals={\"Sb2S3\": \"20 %\", "
         "\"SiO2\": \"80 %\"})]"),
        ({"sieve": ["1 mm"]}, "Particles.sieve: there is no such parameter; did you mean 'sieves'?"
         ),
    ],
)  # fmt: skip
def test_particles_that_make_no_sense(changes, complaint):
    with refused(complaint):
        particles(**changes)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"minerals": {"Sb2S3": "20 %", "SiO2": "79 %"}}, "Composite: minerals of composite "
         "'middlings' sum to 99.0000%; give fractions that sum to 100 %"),
        ({"minerals": {"Sb2S3": "0 %", "SiO2": "100 %"}}, "Composite: composite 'middlings' holds "
         "0 % Sb2S3; leave it out"),
        ({"minerals": {"Sb2S3": "100 %"}}, "Composite: composite 'middlings' needs two minerals or "
         'more, each with its fraction, e.g. {"Sb2S3": "20 %", "SiO2": "80 %"}'),
        ({"minerals": {"Sb2S3": "20 %", "others": "80 %"}}, "Composite: composite 'middlings' "
         'needs two minerals or more, each with its fraction, e.g. {"Sb2S3": "20 %", "SiO2": '
         '"80 %"}'),
        ({"minerals": {"Sb2S3": "20 um", "SiO2": "80 %"}}, "Composite.minerals: Sb2S3: needs a "
         'unit of a fraction, got "20 um"; write e.g. "0.85"'),
        ({"name": " "}, "Composite: a composite cannot be named ' '; write e.g. 'middlings'"),
        ({"name": "others"}, "Composite: a composite cannot be named 'others'; write e.g. "
         "'middlings'"),
        ({"grain_size": 80}, 'Composite.grain_size: needs a unit of length, got 80; write e.g. '
         '"75 um"'),
        ({"grain": "80 um"}, "Composite.grain: there is no such parameter; did you mean "
         "'grain_size'?"),
    ],
)  # fmt: skip
def test_a_composite_that_makes_no_sense(changes, complaint):
    with refused(complaint):
        middlings(**changes)


def locked(stibnite, *, of=STIBNITE, **changes):
    shares = {of.name: stibnite, "SiO2": 1.0 - stibnite}
    return locked_minerals(middlings(minerals=shares, **changes), [of, QUARTZ])


def test_half_a_particle_by_volume_has_the_mean_density():
    # Of 4.63 and 2.65 g/cm3: by mass the stibnite is 4.63 / (4.63 + 2.65) of it.
    half = locked(4.63 / (4.63 + 2.65))
    assert half.density == pytest.approx((4630.0 + 2650.0) / 2.0, rel=1e-12)


@pytest.mark.parametrize(
    ("share", "density"), [(0.02, 2673), (0.05, 2708), (0.10, 2768), (0.20, 2898), (0.50, 3371)]
)
def test_the_density_of_stibnite_locked_in_quartz(share, density):
    # A cut at 2.70 to 2.75 g/cm3 is one at 4 to 9 % stibnite.
    assert locked(share).density == pytest.approx(density, abs=0.5)


def test_elements_of_a_composite():
    # Stibnite is 71.68 % Sb and 28.32 % S, quartz 46.74 % Si and 53.26 % O.
    held = locked(0.2).mass_fractions()
    assert held == pytest.approx(
        {"Sb": 0.14337, "S": 0.05663, "Si": 0.37394, "O": 0.42606}, abs=1e-5
    )


def test_the_first_named_mineral_comes_first():
    assert [species.name for species, _ in locked(0.2).parts] == ["Sb2S3", "SiO2"]
    assert locked(0.2).grain_size is None
    assert locked(0.2, grain_size="80 um").grain_size == pytest.approx(80e-6)


def test_fractions_that_miss_100_percent_by_a_rounding_are_put_right():
    third = middlings(minerals={"Sb2S3": 0.3333333333, "SiO2": 0.6666666666})
    parts = locked_minerals(third, [STIBNITE, QUARTZ]).parts
    assert sum(share for _, share in parts) == pytest.approx(1.0, abs=1e-15)


def test_a_mineral_of_unknown_density_leaves_the_composite_without_one():
    mystery = Species("gangue", formula="SiO2")
    kind = LockedMinerals("middlings", ((STIBNITE, 0.2), (mystery, 0.8)), None)
    assert kind.density is None
    assert without_density(kind) == ("gangue",)
    assert without_density(mystery) == ("gangue",)
    assert without_density(locked(0.2)) == ()


def test_a_composite_of_what_is_no_mineral_of_the_particles():
    with refused(
        "composite 'middlings' holds Sb2S, which is not one of the minerals of the particles; add "
        "it there; did you mean 'Sb2S3'?"
    ):
        locked_minerals(middlings(minerals={"Sb2S": 0.2, "SiO2": 0.8}), [STIBNITE, QUARTZ])
