import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

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

SPECIES = ["Sb2S3", "FeS2", "SiO2", "H2O", "O2"]


def bank(**given_parameters):
    timed = {} if "cell_volume" in given_parameters else {"residence_time": "2.5 min"}
    return FlotationBank(
        **{
            "feed": "pulp",
            "concentrate": "concentrate",
            "tailings": "tailings",
            "cells": 6,
            "rate_constant": {"Sb2S3": "1.2 1/min", "others": "0.02 1/min"},
            **timed,
            **given_parameters,
        }
    )


def recovery(unit, mass=None):
    slate = Slate(SPECIES)
    feed = np.ones((5, 1)) if mass is None else mass
    return run(unit, slate, {"feed": feed})["concentrate"] / feed


def told(unit, slate, mass):
    p = unit.resolve(slate)
    feed = Flow(slate, mass)
    flows = {"feed": feed, **unit.run(feed=feed, p=p)}
    return {figure.label: (figure.value, figure.unit) for figure in unit.figures(flows, p)}


@given(
    mass=random_masses(5),
    cells=st.integers(1, 40),
    rates=st.tuples(*[st.one_of(st.just(0.0), st.floats(1e-6, 1e3))] * 2),
    highest=st.floats(0.0, 1.0),
    water=st.floats(0.0, 1.0),
    entrainment=st.floats(0.0, 1.0),
    size=st.one_of(st.just(0.0), st.floats(1e-3, 1e6)),
    holdup=st.floats(0.0, 0.9),
    by_volume=st.booleans(),
)
def test_any_feed_closes(
    *, mass, cells, rates, highest, water, entrainment, size, holdup, by_volume
):
    mode = (
        {"cell_volume": f"{size} m^3", "gas_holdup": holdup}
        if by_volume
        else {"residence_time": f"{size} s"}
    )
    unit = bank(
        cells=cells,
        rate_constant={"Sb2S3": f"{rates[0]} 1/min", "others": f"{rates[1]} 1/min"},
        recovery_max={"Sb2S3": highest, "others": 0.3},
        water_recovery=water,
        entrainment={"SiO2": entrainment, "others": 0.1},
        **mode,
    )
    check_unit(unit, SPECIES, {"feed": mass})


@pytest.mark.parametrize("mode", [{}, {"cell_volume": "30 m^3"}, {"cell_volume": "0 m^3"}])
def test_zero_feed_gives_zero(mode):
    check_zero_feed(bank(**mode), SPECIES)


@pytest.mark.parametrize("mode", [{}, {"cell_volume": "30 m^3", "gas_holdup": 0.1}])
def test_derivative(mode):
    unit = bank(recovery_max=0.9, water_recovery=0.1, entrainment=0.5, **mode)
    feed = np.array([[1.0], [2.0], [30.0], [60.0], [0.1]])
    check_derivative(unit, SPECIES, {"feed": feed})


def test_a_bank_of_six_cells_with_three_minerals():
    slate = Slate(["Sb2S3", "FeS2", "SiO2"])
    unit = bank(
        rate_constant={"Sb2S3": "1.2 1/min", "FeS2": "0.3 1/min", "SiO2": "0.02 1/min"},
        recovery_max={"Sb2S3": 0.95, "FeS2": 0.8, "SiO2": 0.6},
    )
    feed = np.array([[4.2], [5.8], [90.0]]) / 3.6
    p = unit.resolve(slate)
    concentrate = unit.run(feed=Flow(slate, feed), p=p)["concentrate"]
    np.testing.assert_allclose(
        (concentrate.mass / feed)[:, 0],
        [0.94976806640625, 0.7721476595636173, 0.1522707620180235],
        rtol=1e-9,
    )
    total = concentrate.total()[0]
    assert total * 3.6 == pytest.approx(22.171850885997344, rel=1e-9)
    assert 100.0 * concentrate.of("Sb2S3")[0] / total == pytest.approx(17.99139773858719, rel=1e-9)
    assert 100.0 * concentrate.element("Sb")[0] / total == pytest.approx(
        12.897454157494119, rel=2e-5
    )
    pull, display = told(unit, slate, feed)["mass pull"]
    assert 100.0 * pull[0] == pytest.approx(22.171850885997344, rel=1e-9)
    assert display == "%"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (1, 0.8275862068965517),
        (2, 0.9134948096885813),
        (4, 0.9573116590396831),
        (8, 0.976716935634613),
        (16, 0.9849718208683199),
    ],
)
def test_more_cells_at_the_same_total_time(cells, expected):
    unit = bank(rate_constant="0.8 1/min", cells=cells, residence_time=f"{6.0 / cells} min")
    assert recovery(unit)[0, 0] == pytest.approx(expected, rel=1e-10)


def test_very_many_cells_float_like_a_batch():
    unit = bank(rate_constant="0.8 1/min", cells=1_000_000, residence_time="6e-6 min")
    assert recovery(unit)[0, 0] == pytest.approx(0.99177025295098, rel=1e-6)


@pytest.mark.parametrize(
    ("rate", "time", "cells", "highest", "expected"),
    [(0.5, 2.0, 6, 0.95, 0.935156), (1.2, 1.5, 8, 0.97, 0.969743)],
)
def test_hand_values_of_two_banks(rate, time, cells, highest, expected):
    unit = bank(
        rate_constant=f"{rate} 1/min",
        residence_time=f"{time} min",
        cells=cells,
        recovery_max=highest,
    )
    assert recovery(unit)[0, 0] == pytest.approx(expected, abs=5e-7)


def test_entrainment_adds_to_what_floats():
    # 72 % float, 40 % of the rest would follow all of the water, 15 % of the water follows.
    unit = bank(residence_time="1e9 min", recovery_max=0.72, entrainment=0.4, water_recovery=0.15)
    np.testing.assert_allclose(recovery(unit)[:3, 0], 0.7368, rtol=1e-9)


def test_the_volume_of_a_cell_and_the_time_it_gives_are_the_same_bank():
    slate = Slate(SPECIES)
    feed = np.array([[1.0], [2.0], [30.0], [60.0], [5.0]])
    by_volume = bank(cell_volume="20 m^3", gas_holdup="15 %")
    figures = told(by_volume, slate, feed)
    minutes = figures["residence time per cell"][0][0] / 60.0
    # 17 m3 of pulp room for 1/4.63 + 2/5.01 + 30/2.65 + 60 = 71.936 L/s of pulp
    assert minutes == pytest.approx(17.0 / 0.071936 / 60.0, rel=1e-4)
    assert figures["residence time per cell"][1] == "min"
    by_time = bank(residence_time=f"{minutes} min")
    np.testing.assert_allclose(recovery(by_volume, feed), recovery(by_time, feed), rtol=1e-12)
    assert told(by_time, slate, feed)["pulp volume per cell"][0] == pytest.approx(17.0)


def test_a_smaller_flow_stays_longer_in_the_same_cells():
    unit = bank(cell_volume="20 m^3")
    feed = np.array([[1.0, 0.1], [2.0, 0.2], [30.0, 3.0], [60.0, 6.0], [0.0, 0.0]])
    made = run(unit, Slate(SPECIES), {"feed": feed})["concentrate"]
    assert np.all(made[:3, 1] / feed[:3, 1] > made[:3, 0] / feed[:3, 0])


@pytest.mark.parametrize("mode", [{"residence_time": "0 min"}, {"cell_volume": "0 m^3"}])
def test_no_time_recovers_only_what_is_entrained(mode):
    unit = bank(**mode, water_recovery=0.2, entrainment={"SiO2": 0.5, "others": 0.0})
    np.testing.assert_allclose(recovery(unit)[:, 0], [0.0, 0.0, 0.1, 0.2, 0.0], atol=1e-15)


@pytest.mark.parametrize("mode", [{"residence_time": "1e12 min"}, {"cell_volume": "1e15 m^3"}])
def test_endless_time_recovers_all_that_can_float(mode):
    unit = bank(**mode, cells=1, recovery_max={"Sb2S3": 0.97, "others": 0.4})
    np.testing.assert_allclose(recovery(unit)[:, 0], [0.97, 0.4, 0.4, 0.0, 0.0], rtol=1e-9)


def test_gas_leaves_with_the_tailings_and_salts_follow_the_water():
    slate = Slate(["Sb2S3", "H2O", "Sb(aq)", "O2"])
    made = run(bank(water_recovery=0.15), slate, {"feed": np.ones((4, 1))})
    np.testing.assert_allclose(made["concentrate"][1:, 0], [0.15, 0.15, 0.0], rtol=1e-15)


def test_parameters_may_vary_per_scenario():
    slate = Slate(SPECIES)
    unit = bank(cell_volume="20 m^3")
    feed = Flow(slate, np.array([[1.0], [2.0], [30.0], [60.0], [0.0]]))
    volumes, cells = np.array([10.0, 20.0, 40.0]), np.array([2.0, 6.0, 8.0])
    p = unit.resolve(slate).replaced({"cell_volume": volumes, "cells": cells})
    together = unit.run(feed=feed, p=p)["concentrate"].mass
    for column in range(3):
        alone = bank(cell_volume=f"{volumes[column]} m^3", cells=cells[column])
        np.testing.assert_allclose(
            together[:, [column]], run(alone, slate, {"feed": feed.mass})["concentrate"], rtol=1e-13
        )


def test_no_volume_where_a_density_is_missing():
    slate = Slate(["Sb2S3", "CaO", "H2O"])
    lime = np.array([[1.0], [1.0], [1.0]])
    assert set(told(bank(), slate, lime)) == {"mass pull"}
    with pytest.raises(InputError, match="a volumetric flow needs a density of CaO"):
        run(bank(cell_volume="5 m^3"), slate, {"feed": lime})


def test_figures_of_an_empty_bank():
    figures = told(bank(cell_volume="5 m^3"), Slate(SPECIES), np.zeros((5, 1)))
    assert figures["mass pull"][0][0] == 0.0
    assert np.isinf(figures["residence time per cell"][0][0])


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"residence_time": None}, "give either residence_time or cell_volume, and not both"),
        (
            {"residence_time": "2 min", "cell_volume": "5 m^3"},
            "give either residence_time or cell_volume, and not both",
        ),
        ({"cell_volume": "5 m^3", "gas_holdup": 1.0}, "gas_holdup of 100 % leaves no room"),
        ({"cells": 2.5}, "FlotationBank.cells: needs a whole number"),
        ({"cells": 0}, "FlotationBank.cells: must be 1 or more"),
        ({"residence_time": "8 kg"}, "FlotationBank.residence_time: needs a unit of time"),
        ({"recovery_max": 1.2}, "FlotationBank.recovery_max: must lie between 0 and 1"),
    ],
)
def test_settings_that_make_no_sense_are_refused(parameters, message):
    with pytest.raises(InputError, match=message):
        bank(**parameters)


def test_a_mineral_without_a_rate_constant_is_refused():
    unit = bank(rate_constant={"Sb2S3": "1 1/min"})
    with pytest.raises(InputError, match="rate_constant: no value for FeS2, SiO2, H2O, O2"):
        unit.resolve(Slate(SPECIES))


def test_it_is_linear_only_where_the_residence_time_is_given():
    assert bank(residence_time="3 min").is_linear()
    assert not bank(cell_volume="50 m^3", residence_time=None).is_linear()


def test_dry_ore_does_not_float_without_a_word():
    slate = Slate(["Sb2S3", "SiO2", "H2O"])
    unit = FlotationBank(
        feed="a",
        concentrate="b",
        tailings="c",
        cells=2,
        residence_time="2 min",
        rate_constant="1 1/min",
    )
    flow, p = Flow(slate, np.array([[1.0], [9.0], [0.0]])), unit.resolve(slate)
    told = unit.warnings({"feed": flow, **unit.run(feed=flow, p=p)}, p)
    assert told == ["the feed brings no water; flotation works on pulp of 10 to 45 % solids"]
    wet = Flow(slate, np.array([[1.0], [9.0], [20.0]]))
    (dry_froth,) = unit.warnings({"feed": wet, **unit.run(feed=wet, p=p)}, p)
    assert dry_froth.startswith("the concentrate holds 100% solids, and froths 10 to 50 %")
