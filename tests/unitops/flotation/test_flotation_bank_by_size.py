"""A bank that floats particles: size, composites, and entrainment by size."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsheet import Composite, Flowsheet, Particles, scenarios, sensitivities, solve
from flowsheet.core.flow import Flow
from flowsheet.core.slate import Slate
from flowsheet.measure import recovery as recovery_of
from tests.random_particles import SPECIES, particles
from tests.unitops.properties import (
    check_classes_close,
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
    run,
)
from unitops.flotation.flotation_bank import FlotationBank
from unitops.streams.sized_feed import SizedFeed

SIEVES = ["150 um", "75 um", "38 um", "20 um", "10 um"]
FREE = Particles(sieves=SIEVES, minerals=["Sb2S3", "SiO2"])
LOCKED = Particles(
    sieves=SIEVES,
    minerals=["Sb2S3", "SiO2"],
    composites=[Composite(name="middlings", minerals={"Sb2S3": "20 %", "SiO2": "80 %"})],
)
NAMES = ["Sb2S3", "SiO2", "H2O"]


def bank(**changes):
    timed = {} if "cell_volume" in changes else {"residence_time": "2 min"}
    return FlotationBank(
        **{
            "feed": "pulp",
            "concentrate": "concentrate",
            "tailings": "tailings",
            "cells": 5,
            "rate_constant": {"Sb2S3": "0.8 1/min", "others": "0 1/min"},
            **timed,
            **changes,
        }
    )


def by_size(unit, among=FREE, kind=0):
    """Recovery of one kind in each class, coarse to fine."""
    slate = Slate(NAMES, among)
    feed = np.ones((slate.count, 1))
    made = run(unit, slate, {"feed": feed})["concentrate"]
    return Flow(slate, made).sized[kind, :, 0]


@settings(max_examples=60)
@given(
    data=st.data(),
    among=particles(),
    optimum=st.none() | st.floats(1.0, 500.0),
    entrained=st.none() | st.floats(1.0, 100.0),
    kinetics=st.sampled_from(["first_order", "klimpel"]),
    form=st.sampled_from(["over_bank", "cell_by_cell"]),
    volume=st.booleans(),
)
def test_any_particles_close(*, data, among, optimum, entrained, kinetics, form, volume):
    mass = data.draw(random_masses(Slate(SPECIES, among).count, columns=2))
    unit = bank(
        optimum_size=optimum and f"{optimum} um",
        entrainment_size=entrained and {"Sb2S3": f"{entrained} um", "others": "20 um"},
        kinetics=kinetics,
        rate_constant={"Sb2S3": "0.8 1/min", "others": "0.1 1/min"},
        water_recovery="20 %",
        entrainment=0.3,
        entrainment_form=form,
        **({"cell_volume": "20 m^3"} if volume else {}),
    )
    check_unit(unit, SPECIES, {"feed": mass}, among)
    check_classes_close(unit, SPECIES, {"feed": mass}, among)


def test_zero_feed_gives_zero():
    check_zero_feed(bank(optimum_size="50 um", entrainment_size="20 um"), NAMES, LOCKED)


@pytest.mark.parametrize("mode", [{}, {"cell_volume": "30 m^3"}])
def test_derivative(mode):
    unit = bank(
        optimum_size="50 um",
        entrainment_size="20 um",
        entrainment_drainage=1.5,
        water_recovery=0.1,
        **mode,
    )
    slate = Slate(NAMES, LOCKED)
    feed = np.linspace(1.0, 5.0, slate.count)[:, None]
    check_derivative(unit, NAMES, {"feed": feed}, LOCKED)


def test_without_a_size_effect_every_class_floats_alike():
    np.testing.assert_allclose(by_size(bank()), 1.0 - 2.6**-5, rtol=1e-13)


def test_the_optimum_size_floats_fastest_at_the_rate_constant_given():
    # the class of 38 to 75 um has the mean of 53.4 um
    mean = float(np.sqrt(38.0 * 75.0))
    found = by_size(bank(optimum_size=f"{mean!r} um"))
    assert found[1] == pytest.approx(1.0 - 2.6**-5, rel=1e-12)
    assert np.all(np.delete(found, 1) < found[1])


def test_a_quarter_of_the_optimum_size():
    # ((1/4) exp(3/4))^(1/2) = 0.72750 of 0.8 1/min, in one cell of 2 min
    among = Particles(sieves=["50 um", "12.5 um"], minerals=["Sb2S3"])
    slate = Slate(["Sb2S3"], among)
    unit = bank(optimum_size="100 um", cells=1)
    made = run(unit, slate, {"feed": np.ones((slate.count, 1))})["concentrate"]
    demand = 0.8 * 2.0 * 0.727496
    assert Flow(slate, made).sized[0, 0, 0] == pytest.approx(demand / (1.0 + demand), rel=1e-5)
    assert made[0, 0] == pytest.approx(1.6 / 2.6)  # stibnite of no size floats as given


def test_each_mineral_has_its_own_optimum():
    rates = {"Sb2S3": "0.8 1/min", "others": "0.8 1/min"}
    unit = bank(optimum_size={"Sb2S3": "15 um", "others": "120 um"}, rate_constant=rates)
    fine, coarse = by_size(unit), by_size(unit, kind=1)
    assert np.argmax(fine) == 3
    assert np.argmax(coarse) == 0


def test_a_steeper_exponent_counts_size_more():
    gentle, steep = (by_size(bank(optimum_size="50 um", size_exponent=n)) for n in (0.3, 2.0))
    assert np.all(steep[[0, 3, 4]] < gentle[[0, 3, 4]])


def test_a_table_of_relative_rates():
    # class means: 106.1, 53.4, 27.6, 14.1 and 5 um
    table = {"10 um": 0.25, "100 um": 1.0}
    found = by_size(bank(relative_rate=table, cells=1))
    demand = found / (1.0 - found) / 1.6
    shares = [1.0, 0.25 + 0.75 * np.log10(5.33854), 0.25 + 0.75 * np.log10(2.75681)]
    np.testing.assert_allclose(demand[:3], shares, rtol=1e-5)
    assert demand[4] == pytest.approx(0.25)  # the end holds


def test_a_table_of_one_size_is_one_factor():
    found = by_size(bank(relative_rate={"50 um": 0.5}))
    np.testing.assert_allclose(found, 1.0 - 1.8**-5, rtol=1e-12)


def test_a_table_counts_in_any_order_and_not_for_solids_of_no_size():
    slate = Slate(NAMES, FREE)
    feed = np.ones((slate.count, 1))
    up, down = (
        run(bank(relative_rate=table), slate, {"feed": feed})["concentrate"]
        for table in (
            {"10 um": 0.1, "50 um": 0.8, "100 um": 0.4},
            {"100 um": 0.4, "10 um": 0.1, "50 um": 0.8},
        )
    )
    np.testing.assert_array_equal(up, down)
    assert up[0, 0] == pytest.approx(1.0 - 2.6**-5)


def test_froth_and_size_both_count():
    found = by_size(bank(relative_rate={"50 um": 0.5}, froth_recovery=0.25))
    np.testing.assert_allclose(found, 1.0 - 1.2**-5, rtol=1e-12)


def test_gangue_follows_the_water_by_its_size():
    among = Particles(
        sieves=["76 um", "74 um", "38.5 um", "37.5 um", "20.5 um", "19.5 um", "10.2 um", "9.8 um"],
        minerals=["Sb2S3", "SiO2"],
    )
    unit = bank(entrainment_size="20 um", entrainment_drainage=1.5, water_recovery=0.1)
    found = by_size(unit, among, kind=1)
    np.testing.assert_allclose(
        10.0 * found[[0, 2, 4, 6]], [0.0003, 0.0216, 0.2001, 0.6647], atol=1e-3
    )


def test_solids_of_no_size_are_entrained_as_given():
    slate = Slate([*NAMES, "CaCO3"], FREE)
    unit = bank(entrainment_size="20 um", entrainment=0.5, water_recovery=0.1)
    made = run(unit, slate, {"feed": np.ones((slate.count, 1))})["concentrate"]
    assert made[slate.row("CaCO3"), 0] == pytest.approx(0.05)


def test_composites_have_their_own_rate_constant():
    rates = {"Sb2S3": "0.8 1/min", "middlings": "0.2 1/min", "others": "0 1/min"}
    unit = bank(rate_constant=rates)
    np.testing.assert_allclose(by_size(unit, LOCKED, kind=2), 1.0 - 1.4**-5, rtol=1e-12)
    np.testing.assert_allclose(by_size(unit, LOCKED, kind=1), 0.0, atol=1e-15)


def plant(**changes):
    return Flowsheet(
        species=NAMES,
        particles=LOCKED,
        units={
            "ore": SizedFeed(
                outlet="ore",
                flow="50 t/h",
                composition={"Sb2S3": "5 %"},
                remainder="SiO2",
                percent_solids="33 %",
                p80="75 um",
                locked={"middlings": "10 %"},
            ),
            "rougher": bank(
                feed=["ore", "cleaner_tailings"],
                concentrate="rougher_concentrate",
                water_recovery="15 %",
                entrainment_size="20 um",
                rate_constant={"Sb2S3": "0.8 1/min", "middlings": "0.3 1/min", "others": "0 1/min"},
                **{"optimum_size": "50 um", **changes},
            ),
            "cleaner": bank(
                feed="rougher_concentrate",
                tailings="cleaner_tailings",
                water_recovery="15 %",
                entrainment_size="20 um",
                cells=3,
                optimum_size="50 um",
            ),
        },
    )


def test_a_circuit_of_particles_solves_and_loses_fines_and_middlings():
    solution = solve(plant())
    assert solution.audit.worst[0] < 1e-12
    concentrate, tailings = solution["concentrate"], solution["tailings"]
    assert concentrate.grade("Sb") > solution["rougher_concentrate"].grade("Sb")
    assert concentrate.liberation("Sb2S3") > solution["ore"].liberation("Sb2S3")
    assert tailings.liberation("Sb2S3") < solution["ore"].liberation("Sb2S3")


def test_sizes_vary_over_scenarios_and_have_sensitivities():
    drawn = scenarios(plant(), {"rougher.optimum_size": ["20 um", "50 um", "200 um"]})
    alone = solve(plant(optimum_size="200 um"))
    assert drawn.recovery("Sb", to="concentrate")[2] == pytest.approx(
        alone.recovery("Sb", to="concentrate").magnitude, rel=1e-9
    )
    by = ["rougher.optimum_size", "rougher.entrainment_size", "rougher.entrainment_drainage"]
    found = sensitivities(solve(plant()), of=recovery_of("Sb", to="concentrate"), by=by)
    for path in by:
        start = 50e-6 if "optimum" in path else 20e-6 if "size" in path else 1.0
        unit = "" if "drainage" in path else " m"
        around = [f"{start * (1.0 + step)!r}{unit}" for step in (-1e-5, 1e-5)]
        low, high = scenarios(plant(), {path: around}).recovery("Sb", to="concentrate")
        slope = (high - low) / 100.0 / (2e-5 * start)
        entry = found.entry(recovery_of("Sb", to="concentrate"), path)
        assert entry.derivative == pytest.approx(slope, rel=1e-4)


def test_a_table_may_vary_by_its_sizes():
    table = {"20 um": 0.5, "100 um": 1.0}
    flowsheet = plant(optimum_size=None, relative_rate=table)
    drawn = scenarios(flowsheet, {"rougher.relative_rate.20 um": [0.2, 0.5, 1.0]})
    recoveries = drawn.recovery("Sb", to="concentrate")
    assert np.all(np.diff(recoveries) > 0.0)
    alone = solve(flowsheet).recovery("Sb", to="concentrate").magnitude
    assert recoveries[1] == pytest.approx(alone, rel=1e-9)
