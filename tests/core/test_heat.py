import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow, flow_of
from flowsheet.core.heat import (
    chain_of,
    enthalpy,
    heat_capacity,
    highest_temperature,
    sensible_heat,
    temperature_at,
    without_data,
    without_formation,
)
from flowsheet.core.slate import Slate
from flowsheet.core.species import Species
from flowsheet.core.thermochemistry import known_species
from tests.unitops.properties import random_masses

SPECIES = ["Sb2S3", "Sb2O3", "FeS", "SiO2", "H2O", "O2", "N2", "SO2", "Sb4O6(g)"]
SLATE = Slate(SPECIES)


def test_enthalpy_of_a_kilogram_of_antimony_oxide_is_that_of_its_formation():
    found = enthalpy(flow_of(SLATE, {"Sb2O3": 1.0}), 298.15)
    assert found[0] == pytest.approx(-720.3e3 / 0.29152, rel=1e-4)


def test_heat_to_warm_water_by_sixty_degrees():
    water = flow_of(SLATE, {"H2O": 1.0})
    warmed = enthalpy(water, 358.15) - enthalpy(water, 298.15)
    assert warmed[0] == pytest.approx(4.186e3 * 60.0, rel=5e-3)
    assert sensible_heat(water, 358.15)[0] == warmed[0]


def test_melting_takes_its_heat():
    stibnite = flow_of(SLATE, {"Sb2S3": 1.0})
    across = (enthalpy(stibnite, 823.0) - enthalpy(stibnite, 822.0))[0]
    assert across == pytest.approx(47.9e3 / 0.33970, rel=5e-3)


@given(
    mass=random_masses(len(SPECIES), 3),
    celsius=st.lists(st.floats(-10.0, 1500.0), min_size=3, max_size=3),
)
def test_temperature_is_found_from_enthalpy(mass, celsius):
    flow = Flow(SLATE, mass)
    at = np.array(celsius) + 273.15
    found = temperature_at(flow, enthalpy(flow, at))
    empty = mass.sum(axis=0) == 0.0
    np.testing.assert_allclose(found[~empty], at[~empty], rtol=1e-9)
    np.testing.assert_array_equal(found[empty], 298.15)


@given(mass=random_masses(len(SPECIES), 1), celsius=st.floats(0.0, 1500.0))
def test_hotter_holds_more(mass, celsius):
    flow = Flow(SLATE, mass)
    cooler, hotter = (enthalpy(flow, t + 273.15)[0] for t in (celsius, celsius + 1.0))
    assert hotter > cooler or mass.sum() == 0.0


def test_mixing_lies_between():
    hot, cold = flow_of(SLATE, {"SO2": 1.0, "N2": 4.0}), flow_of(SLATE, {"N2": 3.0, "O2": 1.0})
    together = enthalpy(hot, 1200.0) + enthalpy(cold, 298.15)
    mixed = temperature_at(hot + cold, together)[0]
    # Gases of 0.7 to 1.1 kJ/(kg K): five parts of nine are hot.
    assert mixed == pytest.approx(298.15 + 5.0 / 9.0 * (1200.0 - 298.15), abs=40.0)


@pytest.mark.parametrize("kelvin", [400.0, 822.5, 822.99, 928.7, 1234.0])
def test_derivative_of_the_temperature(kelvin):
    flow = flow_of(SLATE, {"Sb2S3": 1.0, "Sb2O3": 0.5, "N2": 3.0})
    heat = enthalpy(flow, kelvin)
    step = 1e-3 * heat_capacity(flow, kelvin)
    exact = (temperature_at(flow, heat + 1e-30j).imag / 1e-30)[0]
    up, down = temperature_at(flow, heat + step), temperature_at(flow, heat - step)
    assert exact == pytest.approx(((up - down) / (2.0 * step))[0], rel=1e-5)
    moved = Flow(SLATE, flow.mass * (1.0 + 1e-30j))  # twice the flow at twice the heat: no change
    assert (temperature_at(moved, heat * (1.0 + 1e-30j)).imag / 1e-30)[0] == pytest.approx(
        0.0, abs=1e-6
    )


def test_many_temperatures_at_once_are_those_of_each():
    flow = flow_of(SLATE, {"Sb2S3": np.linspace(0.1, 2.0, 7), "N2": 3.0})
    at = np.linspace(300.0, 1500.0, 7)
    together = enthalpy(flow, at)
    alone = [enthalpy(Flow(SLATE, flow.mass[:, [i]]), at[i])[0] for i in range(7)]
    np.testing.assert_array_equal(together, alone)
    np.testing.assert_allclose(temperature_at(flow, together), at, rtol=1e-12)


def test_a_species_of_the_users_own_is_found_by_its_formula():
    gangue = Species("gangue", formula="SiO2")
    assert chain_of(gangue).species == "SiO2"
    assert chain_of(Species("Mine", formula="BaSO4")) is None


def test_a_dataset_named_by_the_species_counts():
    older = Slate([Species("Sb2S3", thermochemistry="NBS82")])
    found = enthalpy(flow_of(older, {"Sb2S3": 0.3397}), 298.15)
    assert found[0] == pytest.approx(-174.9e3, rel=1e-3)


def test_species_without_data_are_named():
    slate = Slate(["Sb(aq)", "H2O"])
    flow = flow_of(slate, {"Sb(aq)": 1.0, "H2O": 1.0})
    assert without_data(flow) == without_formation(flow) == ("Sb(aq)",)
    assert without_data(flow_of(slate, {"H2O": 1.0})) == ()
    with pytest.raises(
        InputError, match=r"^a heat balance needs thermochemical data of Sb\(aq\), which"
    ):
        enthalpy(flow, 300.0)


def test_the_species_that_ends_the_range_is_named():
    limit, species = highest_temperature(flow_of(SLATE, {"FeS": 1.0, "N2": 1.0}))
    assert species in known_species()
    assert 1200.0 < limit <= 2000.0
    assert highest_temperature(flow_of(SLATE, {})) == (4000.0, "")


def test_a_heat_that_no_temperature_has_is_refused():
    flow = flow_of(SLATE, {"N2": 1.0})
    for heat in (1e9, -1e9):
        with pytest.raises(InputError, match=r"^no temperature between 250 and 4000 K closes"):
            temperature_at(flow, np.array([heat]))


def test_a_dataset_that_does_not_exist_is_refused():
    slate = Slate([Species("Sb2S3", thermochemistry="mine")])
    with pytest.raises(InputError, match="Sb2S3: no thermochemical dataset 'mine'; there is RH95"):
        enthalpy(flow_of(slate, {"Sb2S3": 1.0}), 300.0)
