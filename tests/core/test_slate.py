"""The rows of a slate with particles, and flows read by kind, class and mineral."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow, flow_of
from flowsheet.core.particles import Composite, Particles
from flowsheet.core.slate import Slate
from flowsheet.core.species import Species
from tests.random_particles import SPECIES, particles
from tests.unitops.properties import random_masses

MIDDLINGS = Composite(name="middlings", minerals={"Sb2S3": "20 %", "SiO2": "80 %"})
TWO = Particles(sieves=["300 um", "75 um"], minerals=["SiO2", "Sb2S3"], composites=[MIDDLINGS])
SLATE = Slate(["Sb2S3", "CaCO3", "SiO2", "H2O"], TWO)
# Rows 0 to 3 have no size; then quartz, stibnite and middlings, two classes each.
FLOW = Flow(SLATE, np.array([[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 10.0, 20.0]]).T)


@st.composite
def flows(draw):
    """A flow on a slate with particles, both at random."""
    slate = Slate(SPECIES, draw(particles()))
    return Flow(slate, draw(random_masses(slate.count, 2)))


def refused(complaint):
    return pytest.raises(InputError, match=f"^{re.escape(complaint)}$")


def test_species_come_first_and_then_every_kind_from_coarse_to_fine():
    assert SLATE.labels == (
        "Sb2S3", "CaCO3", "SiO2", "H2O",
        "SiO2 75 um to 300 um", "SiO2 below 75 um",
        "Sb2S3 75 um to 300 um", "Sb2S3 below 75 um",
        "middlings 75 um to 300 um", "middlings below 75 um",
    )  # fmt: skip
    assert SLATE.count == len(SLATE.constituents) == 10
    assert SLATE.classes == 2
    assert [kind.name for kind in SLATE.sized] == ["SiO2", "Sb2S3", "middlings"]
    assert [kind.name for kind in SLATE.composites] == ["middlings"]
    assert SLATE.kinds == ("Sb2S3", "CaCO3", "SiO2", "H2O", "middlings")


def test_rows_by_name():
    assert SLATE.row("SiO2") == 2
    assert SLATE.rows_of("SiO2") == (2, 4, 5)
    assert SLATE.rows_of("H2O") == (3,)
    assert SLATE.rows_of("middlings") == (8, 9)
    assert SLATE.rows("middlings", "CaCO3", "Au") == [8, 9, 1]
    assert "middlings" in SLATE
    assert "Au" not in SLATE


def test_a_slate_without_particles_has_a_row_per_species():
    plain = Slate(["Sb2S3", "H2O"])
    assert (plain.count, plain.classes, plain.sized, plain.composites) == (2, 0, (), ())
    assert plain.labels == ("Sb2S3", "H2O")
    flow = flow_of(plain, {"Sb2S3": 1.0})
    assert flow.merged() is flow
    assert flow.sized.shape == (0, 0, 1)


@pytest.mark.parametrize(
    ("ask", "complaint"),
    [
        (lambda: SLATE.row("Si02"), "no species 'Si02' in this flowsheet; did you mean 'SiO2'?"),
        (lambda: SLATE.rows_of("midlings"), "no species 'midlings' in this flowsheet; did you mean "
                                            "'middlings'?"),
        (lambda: SLATE.rows_of("FeS2"), "no species 'FeS2' in this flowsheet; add it to its "
                                        "species, or leave it out"),
        (lambda: SLATE.row("middlings"), "'middlings' is a composite and no species; name Sb2S3, "
                                         "SiO2"),
        (lambda: flow_of(SLATE, {"middlings": 1.0}), "'middlings' is a composite and no species; "
                                                     "name Sb2S3, SiO2"),
    ],
)  # fmt: skip
def test_a_row_that_there_is_not(ask, complaint):
    with refused(complaint):
        ask()


def kinds(minerals=("Sb2S3", "SiO2"), composites=()):
    return Particles(sieves=["1 mm"], minerals=minerals, composites=composites)


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        (kinds(["Sb2S3", "H2O"]), "particles name H2O, a liquid; only solids have sizes, leave it "
                                  "out"),
        (kinds(["Sb2S3", "FeS2"]), "particles name FeS2, which this flowsheet does not carry; add "
                                   "it to the species"),
        (kinds(["Sb2S", "SiO2"]), "particles name Sb2S, which this flowsheet does not carry; add "
                                  "it to the species; did you mean 'Sb2S3'?"),
        (kinds(["SiO2"], [MIDDLINGS]), "composite 'middlings' holds Sb2S3, which is not one of the "
                                       "minerals of the particles; add it there"),
        (kinds(composites=[Composite(name="H2O", minerals={"Sb2S3": 0.5, "SiO2": 0.5})]),
         "composite 'H2O' has the name of a species; give it another"),
        ({"sieves": ["1 mm"]}, "particles: needs Particles(sieves=..., minerals=...), got "
                               "{'sieves': ['1 mm']}"),
    ],
)  # fmt: skip
def test_particles_that_do_not_fit_the_species(given, complaint):
    with refused(complaint):
        Slate(["Sb2S3", "SiO2", "H2O"], given)


def test_reading_a_flow_of_particles():
    np.testing.assert_array_equal(FLOW.sized[:, :, 0], [[16.0, 32.0], [64.0, 128.0], [10.0, 20.0]])
    assert FLOW.of("SiO2")[0] == 4.0 + 16.0 + 32.0
    assert FLOW.of("middlings")[0] == 30.0
    assert FLOW.total()[0] == 285.0
    assert FLOW.liquid.total()[0] == 8.0
    assert FLOW.solids.total()[0] == 277.0


def test_writing_particles_leaves_the_rest():
    other = FLOW.with_sized(2.0 * FLOW.sized)
    np.testing.assert_array_equal(other.sized, 2.0 * FLOW.sized)
    assert other.of("CaCO3", "H2O")[0] == 10.0
    wide = FLOW.with_sized(np.tile(FLOW.sized, (1, 1, 3)))
    assert wide.mass.shape == (10, 3)
    np.testing.assert_array_equal(wide.mass[:, 2], FLOW.mass[:, 0])


def test_merged_particles_are_plain_minerals():
    # 30 kg/s of middlings hold 6 of stibnite and 24 of quartz.
    merged = FLOW.merged()
    assert merged.mass[:, 0].tolist() == [
        1.0 + 192.0 + 6.0,
        2.0,
        4.0 + 48.0 + 24.0,
        8.0,
        *[0.0] * 6,
    ]
    assert FLOW.mass[0, 0] == 1.0, "the flow itself stays"


@given(flow=flows())
def test_merging_conserves_every_element(flow):
    merged = flow.merged()
    for symbol in flow.slate.elements:
        np.testing.assert_allclose(merged.element(symbol), flow.element(symbol), rtol=1e-12)
    np.testing.assert_allclose(merged.total(), flow.total(), rtol=1e-12)
    assert not merged.sized.any()
    np.testing.assert_array_equal(merged.merged().mass, merged.mass)


@given(flow=flows())
def test_merging_keeps_volume(flow):
    np.testing.assert_allclose(flow.merged().volumetric_flow(), flow.volumetric_flow(), rtol=1e-12)


@given(flow=flows())
def test_particles_that_are_put_back_make_the_same_flow(flow):
    np.testing.assert_array_equal(flow.with_sized(flow.sized).mass, flow.mass)


def test_elements_of_every_constituent_add_up_to_it():
    np.testing.assert_allclose(SLATE.element_fractions.sum(axis=0), np.ones(10), rtol=1e-14)


def test_minerals_of_each_kind():
    np.testing.assert_allclose(
        SLATE.minerals_of_sized,
        [[0.0, 1.0, 0.2], [0.0, 0.0, 0.0], [1.0, 0.0, 0.8], [0.0, 0.0, 0.0]],
    )


def test_composites_count_no_moles():
    # 5 kg/s of calcite, of 100.09 g/mol.
    assert np.isinf(SLATE.molar_mass[8:]).all()
    flow = Flow(SLATE, np.array([[0.0, 5.0, 0, 0, 0, 0, 0, 0, 7.0, 7.0]]).T)
    assert flow.moles("CaCO3", "middlings")[0] == pytest.approx(49.96, rel=1e-3)


def test_a_volume_names_the_mineral_whose_density_is_not_known():
    gangue = Species("gangue", formula="SiO2")
    grown = Composite(name="grown", minerals={"Sb2S3": 0.5, "gangue": 0.5})
    slate = Slate(["Sb2S3", gangue], kinds(["Sb2S3", "gangue"], [grown]))
    flow = Flow(slate, np.array([[0.0, 0.0, 1.0, 0.0, 1.0]]).T)
    assert not flow.has_volume()
    with refused(
        "a volumetric flow needs a density of gangue; define Species('gangue', density=...) in the "
        "flowsheet"
    ):
        flow.volumetric_flow()


def test_without_particles_the_same_minerals_flow():
    alone = FLOW.of_species()
    assert alone.slate is SLATE.unsized
    assert alone.slate.names == SLATE.names
    assert not alone.slate.sized
    np.testing.assert_allclose(alone.on(SLATE).mass, FLOW.merged().mass, rtol=1e-15)
    np.testing.assert_allclose(alone.total(), FLOW.total(), rtol=1e-14)
    assert alone.of_species() is alone


def test_more_of_some_species():
    more = FLOW.plus({"SiO2": np.array([1.0, 2.0])})
    np.testing.assert_allclose(more.total() - FLOW.total(), [1.0, 2.0], rtol=1e-12)
    np.testing.assert_allclose((more - FLOW).of("SiO2"), [1.0, 2.0], rtol=1e-12)
