"""Liberation against Gaudin's picture: cubic grains in a lattice, cut into cubes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet.core.liberation import liberated, liberated_by_breakage
from flowsheet.core.particles import Composite, Particles
from flowsheet.core.slate import Slate
from tests.random_particles import MINERALS, particles

GRAIN = 80e-6


def slate(sieves, grain_size="80 um"):
    middlings = Composite(
        name="middlings", minerals={"Sb2S3": "20 %", "SiO2": "80 %"}, grain_size=grain_size
    )
    return Slate(MINERALS, Particles(sieves=sieves, minerals=MINERALS, composites=[middlings]))


@pytest.mark.parametrize(
    ("cuts", "free"),
    [(1, 0.0), (2, 0.125), (4, 0.4219), (8, 0.6699), (10, 0.729), (100, 0.9703)],
)
def test_gaudins_table(cuts, free):
    # Of the k^3 cubes that a grain is cut into, (k - 1)^3 are inside: 1 of 8, 729 of 1000.
    assert liberated(GRAIN / cuts, GRAIN) == pytest.approx(free, abs=5e-5)


def test_nothing_is_free_in_particles_larger_than_a_grain():
    np.testing.assert_array_equal(liberated(np.array([1.0, 1.001, 50.0]) * GRAIN, GRAIN), 0.0)


def test_everything_is_free_in_the_finest_dust():
    assert liberated(1e-9 * GRAIN, GRAIN) == pytest.approx(1.0, abs=1e-8)


def test_one_breakage_of_what_is_all_locked():
    # Mean sizes of 113, 40, 8 and 1.6 um: 2.8 grains, a half, a tenth and a fiftieth of one.
    made = liberated_by_breakage(slate(["160 um", "80 um", "20 um", "3.2 um"]))
    assert made.shape == (1, 4, 4)
    np.testing.assert_allclose(made[0, :, 0], [0.0, 0.125, 0.729, 0.941192], rtol=1e-6)


def test_breakage_within_a_class_frees_nothing():
    made = liberated_by_breakage(slate(["160 um", "80 um", "20 um", "3.2 um"]))
    np.testing.assert_array_equal(np.diagonal(made[0]), 0.0)


def test_what_does_not_become_finer_frees_nothing():
    made = liberated_by_breakage(slate(["160 um", "80 um", "20 um", "3.2 um"]))
    np.testing.assert_array_equal(np.triu(made[0]), 0.0)


def test_breakage_by_way_of_another_size_frees_as_much():
    made = liberated_by_breakage(slate(["160 um", "80 um", "20 um", "3.2 um"]))[0]
    still_locked = (1.0 - made[1, 0]) * (1.0 - made[2, 1]) * (1.0 - made[3, 2])
    assert 1.0 - still_locked == pytest.approx(0.941192, rel=1e-6)


@given(
    sizes=st.lists(st.floats(1.2, 3.0), min_size=4, max_size=4),
    breakages=st.lists(
        st.lists(st.floats(0.01, 1.0), min_size=15, max_size=15), min_size=1, max_size=4
    ),
)
def test_whatever_the_mill_a_size_holds_what_gaudin_says(sizes, breakages):
    """Rock is broken again and again, free and locked alike; the path leaves no trace."""
    sieves = 300.0 / np.cumprod([1.0, *sizes])
    ore = slate([f"{size!r} um" for size in sieves.tolist()])
    made, means = liberated_by_breakage(ore)[0], ore.particles.mean_sizes
    whole, locked = np.array([1.0, 0, 0, 0, 0]), np.array([1.0, 0, 0, 0, 0])
    for breakage in breakages:
        to = np.zeros((5, 5))
        to[np.tril_indices(5)] = breakage
        to /= to.sum(axis=0)
        whole, locked = to @ whole, (to * (1.0 - made)) @ locked
    k = GRAIN / means
    inside = np.where(k > 1.0, ((k - 1.0) / k) ** 3, 0.0)  # cubes inside, of all that are cut
    np.testing.assert_allclose(1.0 - locked / whole, inside, atol=1e-12)


@given(particles())
def test_shares_set_free_are_shares(random):
    made = liberated_by_breakage(Slate(MINERALS, random))
    assert made.shape == (len(random.composites), len(random.sieves), len(random.sieves))
    assert ((made >= 0.0) & (made <= 1.0)).all()
    for place, composite in enumerate(random.composites):
        if composite.grain_size is None:
            assert not made[place].any()


def test_grains_beyond_measure_are_free_at_once():
    made = liberated_by_breakage(slate(["1 mm", "1e-12 um", "1e-13 um"], grain_size="1e6 m"))
    assert np.isfinite(made).all()


def test_a_slate_without_composites():
    assert liberated_by_breakage(Slate(MINERALS)).shape == (0, 0, 0)
