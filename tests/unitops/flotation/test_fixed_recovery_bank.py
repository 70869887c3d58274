import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet import Composite, InputError, Particles
from flowsheet.core.flow import Flow
from flowsheet.core.slate import Slate
from tests.random_particles import SPECIES as SIZED_SPECIES
from tests.random_particles import particles
from tests.unitops.properties import (
    check_classes_close,
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
    run,
)
from unitops.flotation.fixed_recovery_bank import FixedRecoveryBank

SPECIES = ["Sb2S3", "FeS2", "SiO2", "H2O", "O2"]
PULP = np.array([[4.0], [3.0], [93.0], [200.0], [1.0]])


def bank(**changes):
    water = {} if "concentrate_percent_solids" in changes else {"water_recovery": "5 %"}
    return FixedRecoveryBank(
        **{
            "feed": "pulp",
            "concentrate": "concentrate",
            "tailings": "tailings",
            "recovery": {"Sb2S3": "90 %", "FeS2": "40 %", "others": "3 %"},
            **water,
            **changes,
        }
    )


def told(unit, mass=PULP):
    slate = Slate(SPECIES)
    p = unit.resolve(slate)
    feed = Flow(slate, mass)
    flows = {"feed": feed, **unit.run(feed=feed, p=p)}
    figures = {figure.label: (figure.value[0], figure.unit) for figure in unit.figures(flows, p)}
    return figures, unit.warnings(flows, p)


@given(
    mass=random_masses(5),
    first=st.floats(0.0, 1.0),
    others=st.floats(0.0, 1.0),
    water=st.floats(0.0, 1.0),
    percent=st.none() | st.floats(0.01, 1.0),
)
def test_any_feed_closes(mass, first, others, water, percent):
    mode = {"water_recovery": water} if percent is None else {"concentrate_percent_solids": percent}
    check_unit(bank(recovery={"Sb2S3": first, "others": others}, **mode), SPECIES, {"feed": mass})


@given(data=st.data(), among=particles(), least=st.floats(0.0, 1.0))
def test_any_particles_close(data, among, least):
    mass = data.draw(random_masses(Slate(SIZED_SPECIES, among).count, columns=2))
    unit = bank(
        recovery={"Sb2S3": "90 %", "others": "3 %"},
        relative_recovery={"10 um": least, "50 um": 1.0, "300 um": 0.5},
    )
    check_unit(unit, SIZED_SPECIES, {"feed": mass}, among)
    check_classes_close(unit, SIZED_SPECIES, {"feed": mass}, among)


@pytest.mark.parametrize("mode", [{}, {"concentrate_percent_solids": "25 %"}])
def test_zero_feed_gives_zero(mode):
    check_zero_feed(bank(**mode), SPECIES)


@pytest.mark.parametrize("mode", [{}, {"concentrate_percent_solids": "25 %"}])
def test_derivative(mode):
    check_derivative(bank(**mode), SPECIES, {"feed": PULP})


def test_recoveries_are_those_given():
    made = run(bank(), Slate(SPECIES), {"feed": PULP})["concentrate"]
    np.testing.assert_allclose(made[:, 0], [3.6, 1.2, 2.79, 10.0, 0.0], rtol=1e-14)


def test_water_as_the_percent_solids_ask():
    unit = bank(concentrate_percent_solids="25 %")
    made = run(unit, Slate(SPECIES), {"feed": PULP})["concentrate"]
    assert made[3, 0] == pytest.approx(3.0 * 7.59)  # three times the solids
    figures, warned = told(unit)
    assert figures["mass pull"] == (pytest.approx(0.0759), "%")
    assert figures["water recovery"] == (pytest.approx(0.11385), "%")
    assert figures["solids in the concentrate"] == (pytest.approx(0.25), "%")
    assert warned == []


def test_a_dry_feed_makes_no_wetter_concentrate():
    thick = np.array([[4.0], [3.0], [93.0], [10.0], [0.0]])
    figures, warned = told(bank(concentrate_percent_solids="25 %"), thick)
    assert figures["water recovery"][0] == 1.0
    (line,) = warned
    assert re.search(r"takes all of the water and holds 43\.1% solids, where 25\.0% is asked", line)


def test_no_figures_of_water_without_water():
    dry = np.array([[4.0], [3.0], [93.0], [0.0], [0.0]])
    assert set(told(bank(), dry)[0]) == {"mass pull"}


def test_recovery_by_size():
    among = Particles(
        sieves=["200 um", "50 um", "12.5 um"],
        minerals=["Sb2S3", "SiO2"],
        composites=[Composite(name="middlings", minerals={"Sb2S3": "20 %", "SiO2": "80 %"})],
    )
    slate = Slate(["Sb2S3", "SiO2", "H2O"], among)
    unit = bank(
        recovery={"Sb2S3": 0.9, "middlings": 0.6, "others": 0.0},
        relative_recovery={"25 um": 0.5, "100 um": 1.0},
    )
    made = run(unit, slate, {"feed": np.ones((slate.count, 1))})["concentrate"]
    # class means 100, 25 and 6.25 um
    sized = Flow(slate, made).sized[:, :, 0]
    np.testing.assert_allclose(sized[0], [0.9, 0.45, 0.45], rtol=1e-12)
    np.testing.assert_allclose(sized[2], [0.6, 0.3, 0.3], rtol=1e-12)
    assert made[0, 0] == pytest.approx(0.9)


def test_it_is_linear_where_the_water_is_a_share():
    assert bank().is_linear()
    assert not bank(concentrate_percent_solids="25 %").is_linear()


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (
            {"water_recovery": None},
            "give either water_recovery or concentrate_percent_solids, and not both",
        ),
        (
            {"water_recovery": 0.1, "concentrate_percent_solids": 0.3},
            "give either water_recovery or concentrate_percent_solids, and not both",
        ),
        (
            {"concentrate_percent_solids": 0.0},
            "concentrate_percent_solids of 0 would be all water; give more",
        ),
        ({"recovery": 1.2}, "FixedRecoveryBank.recovery: must lie between 0 and 1"),
    ],
)
def test_settings_that_make_no_sense_are_refused(parameters, message):
    with pytest.raises(InputError, match=message):
        bank(**parameters)


def test_sizes_without_size_classes_are_refused():
    unit = bank(relative_recovery={"50 um": 1.0})
    with pytest.raises(InputError, match="relative_recovery: works on size classes, and this"):
        unit.resolve(Slate(SPECIES))
