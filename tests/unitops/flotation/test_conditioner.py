import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet import Flowsheet, InputError, Species, solve
from flowsheet.core.flow import Flow
from flowsheet.core.slate import Slate
from tests.random_particles import SPECIES as SIZED_SPECIES
from tests.random_particles import particles
from tests.unitops.properties import (
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
    run,
)
from unitops.flotation.conditioner import Conditioner
from unitops.streams.feed import Feed

SPECIES = ["Sb2S3", "SiO2", "H2O", "O2"]
REAGENTS = [
    "lead_nitrate",
    "copper_sulphate",
    "collector",
    "second_collector",
    "frother",
    "depressant",
    "ph_modifier",
]


def conditioner(**changes):
    return Conditioner(
        **{
            "feed": "pulp",
            "solution_water": "reagent_water",
            "conditioned": "conditioned",
            **changes,
        }
    )


def told(unit, masses=(2.0, 48.0, 100.0, 0.0), species=SPECIES):
    slate = Slate(species)
    p = unit.resolve(slate)
    feed = Flow(slate, np.array(masses)[:, None])
    flows = {"feed": feed, **unit.run(feed=feed, p=p)}
    figures = {figure.label: (figure.value[0], figure.unit) for figure in unit.figures(flows, p)}
    return figures, unit.warnings(flows, p)


@given(
    mass=random_masses(4),
    doses=st.lists(st.none() | st.floats(0.0, 0.02), min_size=7, max_size=7),
    strength=st.floats(0.01, 1.0),
)
def test_any_feed_closes(mass, doses, strength):
    given_doses = {n: d for n, d in zip(REAGENTS, doses, strict=True) if d is not None}
    unit = conditioner(**given_doses, solution_strength=strength)
    check_unit(unit, SPECIES, {"feed": mass})


@given(data=st.data(), among=particles())
def test_particles_pass_as_they_are(data, among):
    slate = Slate(SIZED_SPECIES, among)
    mass = data.draw(random_masses(slate.count, columns=2))
    unit = conditioner(collector="100 g/t")
    check_unit(unit, SIZED_SPECIES, {"feed": mass}, among)
    made = run(unit, slate, {"feed": mass})["conditioned"]
    others = np.delete(np.arange(slate.count), slate.row("H2O"))
    np.testing.assert_array_equal(made[others], mass[others])


def test_zero_feed_gives_zero():
    check_zero_feed(conditioner(collector="100 g/t", tank_volume="5 m^3"), SPECIES)


def test_derivative():
    feed = np.array([[1.0], [30.0], [60.0], [0.1]])
    check_derivative(conditioner(collector="100 g/t"), SPECIES, {"feed": feed})


def test_reagents_by_hand():
    # 50 kg/s of solids are 180 t/h
    unit = conditioner(lead_nitrate="200 g/t", collector="100 g/t", frother="30 g/t")
    figures, warned = told(unit)
    per_hour = {label: value * 3600.0 for label, (value, unit) in figures.items()}
    assert per_hour["lead nitrate"] == pytest.approx(36.0)
    assert per_hour["collector"] == pytest.approx(18.0)
    assert per_hour["frother"] == pytest.approx(5.4)
    assert figures["collector"][1] == "kg/h"
    # 59.4 kg/h in a solution of 10 %: nine times as much water
    assert per_hour["solution water"] == pytest.approx(534.6)
    assert warned == []


def test_the_water_is_drawn_and_stays_with_the_pulp():
    plant = Flowsheet(
        ["SiO2", "H2O"],
        {
            "pulp": Feed(outlet="pulp", flow="100 t/h", composition={"SiO2": 0.4, "H2O": 0.6}),
            "conditioner": conditioner(collector="100 g/t", solution_strength="5 %"),
        },
    )
    solution = solve(plant)
    # 40 t/h of solids, 4 kg/h, 19 times that
    assert solution["reagent_water"].mass_flow("kg/h").magnitude == pytest.approx(76.0)
    assert solution["conditioned"].species("H2O").magnitude == pytest.approx(60.076)


def test_dry_reagents_bring_no_water():
    unit = conditioner(collector="100 g/t", solution_strength="100 %")
    made = run(unit, Slate(SPECIES), {"feed": np.ones((4, 1))})
    assert np.all(made["solution_water"] == 0.0)


def test_retention_time_and_tank_volume_are_two_ways_to_say_it():
    # 2 / 4630 + 48 / 2650 + 100 / 1000 of pulp: 118.545 L/s
    figures, warned = told(conditioner(tank_volume="71.127 m^3"))
    assert figures["retention time"] == (pytest.approx(600.0, rel=1e-4), "min")
    assert warned == []
    figures, _ = told(conditioner(retention_time="10 min"))
    assert figures["tank volume"] == (pytest.approx(71.127, rel=1e-4), "m^3")


def test_no_tank_where_a_density_is_missing_or_nothing_flows():
    unknown = [Species("ore", formula="SiO2"), "H2O"]
    assert set(told(conditioner(tank_volume="5 m^3"), (1.0, 1.0), unknown)[0]) == {"solution water"}
    figures, warned = told(conditioner(tank_volume="5 m^3"), (0.0, 0.0, 0.0, 0.0))
    assert set(figures) == {"solution water"}
    assert warned == []


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"lead_nitrate": "3 kg/t"}, "lead_nitrate of 3000 g/t is more than plants use, 1000 g/t"),
        ({"frother": 0.03}, r"frother of 3e\+04 g/t is more than plants use, 200 g/t at most"),
        ({"tank_volume": "5 m^3"}, "retention time of 0.703 min; conditioning takes 2 to 15 min"),
        ({"retention_time": "2 h"}, "retention time of 120 min; conditioning takes 2 to 15 min"),
    ],
)
def test_warnings(parameters, message):
    (line,) = told(conditioner(**parameters))[1]
    assert re.search(message, line)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"solution_strength": 0.0}, "solution_strength of 0 % would be all water; give more"),
        (
            {"tank_volume": "5 m^3", "retention_time": "10 min"},
            "give tank_volume or retention_time, and not both",
        ),
        ({"colector": "100 g/t"}, "there is no such parameter; did you mean 'collector'?"),
    ],
)
def test_settings_that_make_no_sense_are_refused(parameters, message):
    with pytest.raises(InputError, match=re.escape(message)):
        conditioner(**parameters)


def test_water_has_to_be_carried():
    units = {
        "pulp": Feed(outlet="pulp", flow="1 t/h", composition={"SiO2": 1.0}),
        "conditioner": conditioner(),
    }
    with pytest.raises(InputError, match="a Conditioner needs species 'H2O'"):
        Flowsheet(["SiO2"], units)
