"""Kinetics, froth, gas, water and entrainment of a bank, beyond its default."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsheet import Flowsheet, solve
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow
from flowsheet.core.slate import Slate
from tests.unitops.properties import (
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
    run,
)
from unitops.flotation.flotation_bank import FlotationBank
from unitops.streams.feed import Feed

SPECIES = ["Sb2S3", "FeS2", "SiO2", "H2O", "O2"]
DISTRIBUTIONS = {
    "first_order": {},
    "klimpel": {},
    "kelsall": {
        "slow_fraction": {"Sb2S3": 0.2, "others": 0.5},
        "slow_rate_constant": {"Sb2S3": "0.1 1/min", "others": "0.002 1/min"},
    },
    "gamma": {"gamma_shape": {"Sb2S3": 2.0, "others": 0.7}},
}
FROTHS = [
    {},
    {"froth_recovery": {"Sb2S3": 0.6, "others": 0.3}},
    {"froth_loss_rate": "1 1/min", "froth_retention_time": "20 s"},
    {
        "froth_loss_rate": {"SiO2": "3 1/min", "others": "1 1/min"},
        "froth_depth": "20 cm",
        "superficial_gas_velocity": "1 cm/s",
    },
]
PULP = np.array([[1.0], [2.0], [30.0], [60.0], [0.1]])


def bank(**changes):
    timed = {} if "cell_volume" in changes else {"residence_time": "2.5 min"}
    rate = (
        {}
        if "floatability" in changes
        else {"rate_constant": {"Sb2S3": "1.2 1/min", "others": "0.02 1/min"}}
    )
    given_all = {
        "feed": "pulp",
        "concentrate": "concentrate",
        "tailings": "tailings",
        "cells": 6,
        **timed,
        **rate,
        **changes,
    }
    return FlotationBank(**given_all)


def recovery(unit, feed=PULP):
    return run(unit, Slate(SPECIES), {"feed": feed})["concentrate"] / feed


def told(unit, mass=PULP):
    """Figures as label -> (value, unit), and warnings."""
    slate = Slate(SPECIES)
    p = unit.resolve(slate)
    feed = Flow(slate, mass)
    flows = {"feed": feed, **unit.run(feed=feed, p=p)}
    figures = {figure.label: (figure.value, figure.unit) for figure in unit.figures(flows, p)}
    return figures, unit.warnings(flows, p)


each_kinetics = pytest.mark.parametrize("kinetics", DISTRIBUTIONS)
each_froth = pytest.mark.parametrize("froth", FROTHS, ids=["", "given", "time", "depth"])


@each_kinetics
@settings(max_examples=40)
@given(
    mass=random_masses(5),
    cells=st.integers(1, 30),
    rate=st.one_of(st.just(0.0), st.floats(1e-6, 1e3)),
    highest=st.floats(0.0, 1.0),
    water=st.floats(0.0, 0.99),
    entrainment=st.floats(0.0, 1.0),
    size=st.one_of(st.just(0.0), st.floats(1e-3, 1e6)),
    froth=st.sampled_from(FROTHS),
    by_volume=st.booleans(),
    per_cell=st.booleans(),
    form=st.sampled_from(["over_bank", "cell_by_cell"]),
)
def test_any_feed_closes(
    *,
    kinetics,
    mass,
    cells,
    rate,
    highest,
    water,
    entrainment,
    size,
    froth,
    by_volume,
    per_cell,
    form,
):
    mode = {"cell_volume": f"{size} m^3"} if by_volume else {"residence_time": f"{size} s"}
    unit = bank(
        cells=cells,
        kinetics=kinetics,
        rate_constant={"Sb2S3": f"{rate} 1/min", "others": "0.3 1/min"},
        recovery_max={"Sb2S3": highest, "others": 0.9},
        entrainment={"SiO2": entrainment, "others": 0.1},
        entrainment_form=form,
        **{"water_recovery_per_cell" if per_cell else "water_recovery": water},
        **DISTRIBUTIONS[kinetics],
        **froth,
        **mode,
    )
    check_unit(unit, SPECIES, {"feed": mass})


@each_kinetics
@each_froth
@pytest.mark.parametrize("mode", [{}, {"cell_volume": "30 m^3"}])
def test_zero_feed_gives_zero(kinetics, froth, mode):
    check_zero_feed(bank(kinetics=kinetics, **DISTRIBUTIONS[kinetics], **froth, **mode), SPECIES)


@each_kinetics
@pytest.mark.parametrize("form", ["over_bank", "cell_by_cell"])
@pytest.mark.parametrize("mode", [{}, {"cell_volume": "30 m^3", "gas_holdup": 0.1}])
def test_derivative(kinetics, form, mode):
    unit = bank(
        kinetics=kinetics,
        recovery_max=0.9,
        water_recovery=0.1,
        entrainment=0.5,
        entrainment_form=form,
        **DISTRIBUTIONS[kinetics],
        **mode,
    )
    check_derivative(unit, SPECIES, {"feed": PULP})


def test_batch_kinetics_of_a_laboratory_lead_to_a_bank():
    # 0.92 of even rates up to 1.6 1/min in 4 cells of 2 min
    unit = bank(
        kinetics="klimpel",
        rate_constant="1.6 1/min",
        recovery_max=0.92,
        cells=4,
        residence_time="2 min",
    )
    assert recovery(unit)[0, 0] == pytest.approx(0.825460, abs=5e-7)


def test_fast_and_slow_fractions_in_five_cells():
    unit = bank(
        kinetics="kelsall",
        rate_constant="1.1 1/min",
        slow_rate_constant="0.05 1/min",
        slow_fraction=0.15,
        cells=5,
        residence_time="2 min",
    )
    assert recovery(unit)[0, 0] == pytest.approx(0.9043286041381726, rel=1e-10)


def test_a_wide_distribution_floats_less_than_its_mean_rate_constant():
    found = [
        recovery(bank(kinetics="gamma", gamma_shape=shape, rate_constant="0.4 1/min"))[0, 0]
        for shape in (0.5, 1.0, 4.0, 1e8)
    ]
    assert found == sorted(found)
    assert found[-1] == pytest.approx(recovery(bank(rate_constant="0.4 1/min"))[0, 0], abs=1e-6)


def test_rate_constant_of_a_floatability():
    unit = bank(
        floatability=2e-4,
        superficial_gas_velocity="1 cm/s",
        bubble_diameter="1 mm",
        froth_recovery=0.5,
    )
    # 2e-4 * 60 1/s * 0.5 = 0.36 1/min
    np.testing.assert_allclose(
        recovery(unit), recovery(bank(rate_constant="0.36 1/min")), rtol=1e-12
    )
    flux, display = told(unit)[0]["bubble surface area flux"]
    assert flux[0] == pytest.approx(60.0)
    assert display == "1/s"


@pytest.mark.parametrize(
    ("gas", "flux"),
    [
        ({"bubble_surface_area_flux": "45 1/s"}, 45.0),
        (
            {
                "superficial_gas_velocity": "1 cm/s",
                "impeller_tip_speed": "6 m/s",
                "impeller_aspect_ratio": 0.15,
                "pulp_p80": "75 um",
            },
            123.0 * 2.19977 * 1.20891 * 0.163105,
        ),
    ],
)
def test_ways_to_know_the_bubble_surface(gas, flux):
    found = told(bank(floatability=1e-4, **gas))[0]["bubble surface area flux"][0][0]
    assert found == pytest.approx(flux, rel=1e-4)
    rate = f"{1e-4 * found} 1/s"
    np.testing.assert_allclose(
        recovery(bank(floatability=1e-4, **gas)), recovery(bank(rate_constant=rate)), rtol=1e-12
    )


@pytest.mark.parametrize("kinetics", DISTRIBUTIONS)
def test_half_of_the_froth_is_half_of_the_time(kinetics):
    distribution = {"kinetics": kinetics, **DISTRIBUTIONS[kinetics]}
    lossy = bank(froth_recovery=0.5, **distribution)
    brief = bank(residence_time="1.25 min", **distribution)
    np.testing.assert_allclose(recovery(lossy), recovery(brief), rtol=1e-12)


def test_a_deeper_froth_loses_more():
    settings_of = {"froth_loss_rate": "1.386294361 1/min", "superficial_gas_velocity": "1 cm/s"}
    # ln 4 a minute: half a minute, 30 cm at 1 cm/s, halves the rate
    deep = bank(froth_depth="30 cm", **settings_of)
    given_share = bank(froth_recovery=0.5)
    np.testing.assert_allclose(recovery(deep), recovery(given_share), rtol=1e-8)
    by_time = bank(froth_loss_rate="1.386294361 1/min", froth_retention_time="30 s")
    np.testing.assert_allclose(recovery(deep), recovery(by_time), rtol=1e-12)


def test_one_cell_that_floats_and_entrains_at_once():
    unit = bank(
        cells=1,
        rate_constant="0.5 1/min",
        residence_time="2 min",
        froth_recovery=0.6,
        water_recovery=0.05,
        entrainment=0.6,
        entrainment_form="cell_by_cell",
    )
    found = recovery(unit)[:, 0]
    np.testing.assert_allclose(found[:3], 0.387097, atol=5e-7)
    assert found[3] == pytest.approx(0.05)


@each_kinetics
def test_a_bank_of_cells_in_series_is_one_cell_after_the_other(kinetics):
    """One rate constant: cell after cell. Distributions remember, so only their first cell does."""
    shared = {
        "kinetics": kinetics,
        "entrainment": 0.4,
        "entrainment_form": "cell_by_cell",
        "water_recovery_per_cell": 0.04,
        **DISTRIBUTIONS[kinetics],
    }
    three = recovery(bank(cells=3, **shared))[:3, 0]
    chained = 1.0 - (1.0 - recovery(bank(cells=1, **shared))[:3, 0]) ** 3
    if kinetics == "first_order":
        np.testing.assert_allclose(three, chained, rtol=1e-12)
    else:
        assert np.all(three < chained)


@pytest.mark.parametrize("form", ["over_bank", "cell_by_cell"])
def test_water_of_the_bank_or_of_each_cell_is_the_same_bank(form):
    shared = {"entrainment": 0.4, "entrainment_form": form}
    whole = bank(water_recovery=0.264908109375, **shared)
    each = bank(water_recovery_per_cell=0.05, **shared)  # 1 - 0.95^6
    np.testing.assert_allclose(recovery(each), recovery(whole), rtol=1e-11)
    figures, _ = told(each)
    assert figures["water recovery"][0][0] == pytest.approx(0.264908109375)


def test_solids_in_the_concentrate():
    # nothing but gangue entrained with a tenth of the water: 0.5 * 0.1 * 30 in 6 of water
    unit = bank(rate_constant="0 1/min", water_recovery=0.1, entrainment={"SiO2": 0.5, "others": 0})
    solids, display = told(unit)[0]["solids in the concentrate"]
    assert solids[0] == pytest.approx(1.5 / 7.5)
    assert display == "%"


@given(
    more=st.floats(1.0, 20.0), cells=st.integers(1, 12), kinetics=st.sampled_from([*DISTRIBUTIONS])
)
def test_recovery_rises_with_time_and_cells_and_falls_with_feed(more, cells, kinetics):
    shared = {"kinetics": kinetics, "water_recovery": 0.1, "entrainment": 0.3}
    shared |= DISTRIBUTIONS[kinetics]
    here = recovery(bank(cells=cells, residence_time="1 min", **shared))[:3]
    longer = recovery(bank(cells=cells, residence_time=f"{more} min", **shared))[:3]
    larger = recovery(bank(cells=cells + 1, residence_time="1 min", **shared))[:3]
    assert np.all(longer >= here - 1e-15)
    assert np.all(larger >= here - 1e-15)
    tank = {"cells": cells, "cell_volume": "50 m^3", **shared}
    light, heavy = recovery(bank(**tank)), recovery(bank(**tank), more * PULP)
    assert np.all(heavy[:3] <= light[:3] + 1e-15)


def test_parameters_may_vary_per_scenario():
    slate = Slate(SPECIES)
    unit = bank(kinetics="gamma", gamma_shape=1.0, froth_recovery=0.5, water_recovery=0.1)
    p = unit.resolve(slate)
    shapes = np.array([0.5, 1.0, 3.0]) * np.ones((5, 1))
    froths = np.array([0.2, 0.5, 0.9]) * np.ones((5, 1))
    varied = p.replaced({"gamma_shape": shapes, "froth_recovery": froths})
    together = unit.run(feed=Flow(slate, PULP), p=varied)["concentrate"].mass
    for column in range(3):
        alone = bank(
            kinetics="gamma",
            gamma_shape=shapes[0, column],
            froth_recovery=froths[0, column],
            water_recovery=0.1,
        )
        made = run(alone, slate, {"feed": PULP})["concentrate"]
        np.testing.assert_allclose(together[:, [column]], made, rtol=1e-12)


def test_it_stays_linear_with_all_of_it_where_the_residence_time_is_given():
    unit = bank(kinetics="klimpel", froth_recovery=0.5, entrainment_form="cell_by_cell")
    assert unit.is_linear()
    assert not bank(kinetics="klimpel", cell_volume="5 m^3").is_linear()


def circuit(**changes):
    """Rougher and cleaner with a recycle, cells of given volumes."""
    rates = {"rate_constant": {"Sb2S3": "0.8 1/min", "others": "0.02 1/min"}, **changes}
    return Flowsheet(
        ["Sb2S3", "SiO2", "H2O"],
        {
            "ore": Feed(
                outlet="ore",
                flow="100 t/h",
                composition={"Sb2S3": 0.04},
                remainder="SiO2",
                percent_solids="33 %",
            ),
            "rougher": FlotationBank(
                feed=["ore", "cleaner_tailings"],
                concentrate="rougher_concentrate",
                tailings="tailings",
                cells=6,
                cell_volume="20 m^3",
                water_recovery=0.1,
                **rates,
            ),
            "cleaner": FlotationBank(
                feed="rougher_concentrate",
                concentrate="concentrate",
                tailings="cleaner_tailings",
                cells=3,
                cell_volume="5 m^3",
                water_recovery=0.3,
                **rates,
            ),
        },
    )


@each_kinetics
def test_circuits_of_every_kinetics_solve(kinetics):
    solution = solve(circuit(kinetics=kinetics, **DISTRIBUTIONS[kinetics]))
    assert solution.audit.worst[0] < 1e-12
    assert 50.0 < solution.recovery("Sb", to="concentrate").magnitude < 100.0


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"rate_constant": None}, "give either rate_constant or floatability, and not both"),
        (
            {"rate_constant": "1 1/min", "floatability": 1e-4},
            "give either rate_constant or floatability, and not both",
        ),
        ({"kinetics": "kelsall"}, "kinetics 'kelsall' needs slow_fraction; give it"),
        (
            {"kinetics": "kelsall", "slow_fraction": 0.1},
            "kinetics 'kelsall' needs slow_rate_constant; give it",
        ),
        ({"kinetics": "gamma"}, "kinetics 'gamma' needs gamma_shape; give it"),
        (
            {"gamma_shape": 2.0},
            "gamma_shape belongs to kinetics 'gamma', and these are 'first_order'; leave it out",
        ),
        (
            {"kinetics": "zeroth"},
            "kinetics: must be 'first_order', 'klimpel', 'kelsall' or 'gamma'",
        ),
        (
            {
                "kinetics": "kelsall",
                "slow_fraction": 0.1,
                "slow_rate_constant": "1 1/h",
                "floatability": 1e-4,
            },
            "kinetics 'kelsall' has two rate constants; give rate_constant and slow_rate_constant",
        ),
        ({"bubble_diameter": "1 mm"}, "bubble_diameter belongs to a floatability; give one"),
        (
            {"floatability": 1e-4},
            "floatability needs one of bubble_surface_area_flux, bubble_diameter and "
            "impeller_tip_speed$",
        ),
        (
            {
                "floatability": 1e-4,
                "bubble_diameter": "1 mm",
                "bubble_surface_area_flux": "50 1/s",
            },
            "impeller_tip_speed, got bubble_surface_area_flux and bubble_diameter",
        ),
        (
            {"floatability": 1e-4, "bubble_diameter": "1 mm"},
            "bubble_diameter needs a superficial_gas_velocity; give it",
        ),
        (
            {"floatability": 1e-4, "impeller_tip_speed": "6 m/s"},
            "go together; impeller_aspect_ratio, pulp_p80 is not given",
        ),
        ({"froth_depth": "30 cm"}, "froth_depth needs a froth_loss_rate; give one, or leave it"),
        ({"froth_retention_time": "30 s"}, "froth_retention_time needs a froth_loss_rate"),
        (
            {"froth_recovery": 0.5, "froth_loss_rate": "1 1/min"},
            "give either froth_recovery or froth_loss_rate, and not both",
        ),
        (
            {"froth_loss_rate": "1 1/min"},
            "froth_loss_rate needs either froth_retention_time or froth_depth",
        ),
        (
            {"froth_loss_rate": "1 1/min", "froth_depth": "30 cm"},
            "froth_depth needs a superficial_gas_velocity above zero; give it",
        ),
        (
            {
                "froth_loss_rate": "1 1/min",
                "froth_depth": "30 cm",
                "superficial_gas_velocity": "0 cm/s",
            },
            "froth_depth needs a superficial_gas_velocity above zero; give it",
        ),
        (
            {"water_recovery": 0.1, "water_recovery_per_cell": 0.1},
            "give either water_recovery or water_recovery_per_cell, and not both",
        ),
        (
            {"water_recovery": 1.0, "entrainment_form": "cell_by_cell"},
            "a water recovery of 100 % leaves no pulp in a cell; give less, or entrainment_form",
        ),
        (
            {"entrainment_drainage": 0.2},
            "entrainment_drainage of 0.2 would drain the finest particles best; give 0.5 or more",
        ),
        (
            {"optimum_size": "50 um", "relative_rate": {"50 um": 1}},
            "give either optimum_size or relative_rate, and not both",
        ),
    ],
)
def test_settings_that_make_no_sense_are_refused(parameters, message):
    with pytest.raises(InputError, match=message):
        bank(**parameters)


@pytest.mark.parametrize(
    "parameters",
    [{"optimum_size": "50 um"}, {"relative_rate": {"50 um": 1}}, {"entrainment_size": "20 um"}],
)
def test_sizes_without_size_classes_are_refused(parameters):
    (name,) = parameters
    message = f"{name}: works on size classes, and this flowsheet has none; give it particles="
    with pytest.raises(InputError, match=message):
        bank(**parameters).resolve(Slate(SPECIES))
    with pytest.raises(InputError, match=rf"rougher\.{message}"):
        circuit(**parameters)


def test_a_slow_constant_is_needed_for_every_mineral():
    unit = bank(kinetics="gamma", gamma_shape={"Sb2S3": 2.0})
    with pytest.raises(InputError, match="gamma_shape: no value for FeS2, SiO2, H2O, O2"):
        unit.resolve(Slate(SPECIES))


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"water_recovery": 0.01}, r"holds 67% solids, and froths 10 to 50 %; more water"),
        (
            {"water_recovery": 0.9, "rate_constant": "0.001 1/min"},
            r"holds 0\.9% solids, and froths 10 to 50 %; check the water recovery",
        ),
        (
            {"cell_volume": "30 m^3", "gas_holdup": "40 %", "water_recovery": 0.1},
            "gas_holdup of 40%; cells hold 5 to 20 %",
        ),
        (
            {"floatability": 1e-7, "bubble_surface_area_flux": "500 1/s", "water_recovery": 0.1},
            r"bubble surface area flux of 500 1/s; cells reach 20 to 120",
        ),
    ],
)
def test_warnings(parameters, message):
    slow_gangue = {"Sb2S3": "1 1/min", "others": "0.0005 1/min"}
    rate = {} if "floatability" in parameters else {"rate_constant": slow_gangue}
    warned = told(bank(**{**rate, **parameters}))[1]
    assert len(warned) == 1
    assert re.search(message, warned[0])


def test_a_usual_bank_gives_no_warning():
    usual = bank(
        cell_volume="30 m^3",
        gas_holdup="12 %",
        floatability={"Sb2S3": 4e-4, "others": 1e-6},
        bubble_surface_area_flux="50 1/s",
        water_recovery=0.15,
    )
    assert told(usual)[1] == []
    assert told(usual, np.zeros((5, 1)))[1] == []
