import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow
from flowsheet.core.particles import Composite, Particles
from flowsheet.core.slate import Slate
from flowsheet.core.species import Species
from tests.unitops.every_species import (
    SPECIES,
    check_every_species,
    check_with_particles,
)
from tests.unitops.properties import (
    check_derivative,
    check_zero_feed,
    random_masses,
    run,
)
from unitops.dewatering.settling import SettlingTest
from unitops.dewatering.thickener import Thickener

PULP = np.array([[8.0], [2.0], [25.0], [0.5], [4.5], [0.1]])  # 25 % solids
ONE_TONNE_PER_DAY = 1000.0 / 86400.0


def thickener(**given_parameters):
    return Thickener(
        **{
            "feed": "pulp",
            "underflow": "underflow",
            "overflow": "overflow",
            "underflow_percent_solids": "60 %",
            **given_parameters,
        }
    )


def told(unit, mass, slate=None):
    slate = slate or Slate(SPECIES)
    p, feed = unit.resolve(slate), Flow(slate, mass)
    flows = {"feed": feed, **unit.run(feed=feed, p=p)}
    figures = {figure.label: (figure.value, figure.unit) for figure in unit.figures(flows, p)}
    return figures, list(unit.warnings(flows, p))


@given(
    mass=random_masses(6),
    percent_solids=st.floats(1e-6, 1.0 - 1e-6),
    lost=st.floats(0.0, 1.0),
)
def test_any_feed_closes(mass, percent_solids, lost):
    unit = thickener(underflow_percent_solids=percent_solids, solids_to_overflow=lost)
    check_every_species(unit, {"feed": mass})


@given(
    mass=random_masses(6),
    percent_solids=st.floats(0.01, 0.99),
    lost=st.floats(0.0, 0.5),
)
def test_the_underflow_holds_the_solids_asked_for_or_those_of_a_thicker_feed(
    mass, percent_solids, lost
):
    unit = thickener(underflow_percent_solids=percent_solids, solids_to_overflow=lost)
    made = run(unit, Slate(SPECIES), {"feed": mass})
    under, over = made["underflow"], made["overflow"]

    def solids(pulp):
        return pulp[:2].sum(axis=0)

    def liquor(pulp):
        return pulp[2:5].sum(axis=0)

    for column in np.flatnonzero(solids(mass) > 0.0):
        fed = solids(mass)[column] / (solids(mass) + liquor(mass))[column]
        left = solids(under)[column] / (solids(under) + liquor(under))[column]
        assert left == pytest.approx(max(percent_solids, fed), rel=1e-9)
        share_of_solids = solids(over)[column] / solids(mass)[column]
        assert liquor(over)[column] >= (share_of_solids - 1e-12) * liquor(mass)[column], (
            "the overflow is thicker than the feed"
        )


def test_particles_close():
    check_with_particles(thickener(solids_to_overflow="5 %"), ["feed"])


def test_zero_feed_gives_zero_and_figures_without_warnings():
    unit = thickener(unit_area="0.3 m^2/(t/d)", flocculant_dose="20 g/t")
    check_zero_feed(unit, SPECIES)
    figures, warnings = told(unit, np.zeros((6, 2)))
    assert figures["thickener area"][0].tolist() == [0.0, 0.0]
    assert not warnings


@pytest.mark.parametrize("percent_solids", ["60 %", "20 %"])
def test_derivative(percent_solids):
    unit = thickener(underflow_percent_solids=percent_solids, solids_to_overflow="1 %")
    check_derivative(unit, SPECIES, {"feed": PULP})


@pytest.mark.parametrize("parameter", ["underflow_percent_solids", "solids_to_overflow"])
def test_derivative_by_a_parameter(parameter):
    unit, slate, step = thickener(solids_to_overflow="1 %"), Slate(SPECIES), 1e-7
    p, feed = unit.resolve(slate), Flow(slate, PULP)

    def underflow(by):
        moved = p.replaced({parameter: getattr(p, parameter) + by})
        return unit.run(feed=feed, p=moved)["underflow"].mass

    exact = underflow(1e-30j).imag / 1e-30
    np.testing.assert_allclose(exact, (underflow(step) - underflow(-step)) / (2 * step), rtol=1e-6)
    assert np.all(exact[2:5] < 0.0)


def test_water_balance_of_a_concentrate_thickener():
    """10 t/h of solids at 25 % to 60 %: 30 - 10 * 40/60 = 23.33 t/h overflow."""
    made = run(thickener(), Slate(SPECIES), {"feed": PULP})
    np.testing.assert_allclose(made["underflow"][:2], PULP[:2], rtol=1e-15)
    assert made["overflow"][2:5].sum() == pytest.approx(23.333333333333332, rel=1e-12)
    # Dissolved species follow the water: 7/9 of each overflows.
    np.testing.assert_allclose(made["overflow"][2:5], PULP[2:5] * 7.0 / 9.0, rtol=1e-12)
    np.testing.assert_allclose(made["overflow"][[0, 1, 5]], [[0.0], [0.0], [0.1]], atol=1e-300)


def test_solids_lost_take_no_water_from_the_underflow():
    made = run(thickener(solids_to_overflow="2 %"), Slate(SPECIES), {"feed": PULP})
    np.testing.assert_allclose(made["overflow"][:2, 0], [0.16, 0.04], rtol=1e-12)
    assert made["underflow"][2:5].sum() == pytest.approx(9.8 * 2.0 / 3.0, rel=1e-12)


def test_a_feed_thicker_than_the_underflow_keeps_all_its_water():
    made = run(thickener(underflow_percent_solids="20 %"), Slate(SPECIES), {"feed": PULP})
    np.testing.assert_array_equal(made["underflow"][:5], PULP[:5])
    np.testing.assert_array_equal(made["overflow"][:5], 0.0)


def test_solids_lost_from_a_feed_that_is_too_thick_take_their_water_along():
    unit = thickener(underflow_percent_solids="20 %", solids_to_overflow="10 %")
    made = run(unit, Slate(SPECIES), {"feed": PULP})
    np.testing.assert_allclose(made["overflow"][:5], 0.1 * PULP[:5], rtol=1e-12)


def test_the_split_does_not_jump_where_the_feed_becomes_too_thick():
    slate = Slate(SPECIES)
    below, above = (
        run(thickener(underflow_percent_solids=s, solids_to_overflow=0.1), slate, {"feed": PULP})
        for s in (0.25 - 1e-9, 0.25 + 1e-9)
    )
    for name, mass in below.items():
        np.testing.assert_allclose(mass, above[name], atol=1e-6)


def test_minerals_and_middlings_of_the_finest_class_overflow_alike():
    slate = Slate(
        SPECIES,
        Particles(
            sieves=["150 um", "75 um"],
            minerals=["Sb2S3", "SiO2"],
            composites=[Composite(name="middlings", minerals={"Sb2S3": 0.2, "SiO2": 0.8})],
        ),
    )
    mass = np.linspace(1.0, 3.0, slate.count)[:, None]
    mass[slate.row("H2O")] = 40.0
    unit = thickener(solids_to_overflow="5 %")
    made = unit.run(feed=Flow(slate, mass), p=unit.resolve(slate))
    fine = mass[[7, 9, 11]]
    share = 0.05 * mass[6:].sum() / fine.sum()
    np.testing.assert_allclose(made["overflow"].mass[[7, 9, 11]], share * fine, rtol=1e-12)
    np.testing.assert_allclose(made["overflow"].mass[[6, 8, 10]], 0.0, atol=1e-12)
    solids, liquor = made["underflow"].solids.total(), made["underflow"].liquid.total()
    assert solids / (solids + liquor) == pytest.approx(0.6, rel=1e-12)
    np.testing.assert_allclose(made["underflow"].mass + made["overflow"].mass, mass, rtol=1e-12)


def test_scenarios_of_percent_solids():
    slate, unit = Slate(SPECIES), thickener()
    p = unit.resolve(slate).replaced({"underflow_percent_solids": np.array([0.5, 0.6, 0.2])})
    made = unit.run(feed=Flow(slate, PULP), p=p)["underflow"].liquid.total()
    np.testing.assert_allclose(made, [10.0, 20.0 / 3.0, 30.0], rtol=1e-12)


# --- area ---

TEXTBOOK = [(5.0, 0.17), (4.2, 0.10), (3.7, 0.08), (3.1, 0.06), (2.5, 0.042)]
PROBLEM = [(5.0, 0.20), (4.2, 0.12), (3.7, 0.094), (3.1, 0.070), (2.5, 0.050)]


@pytest.mark.parametrize(
    ("tests", "solids", "expected"),
    [
        # Coulson and Richardson, volume 2, chapter 5 (quoted from memory): a pulp of 5 kg water per
        # kg of solids thickened to 1.5; the layer of 3.7 limits. The printed areas have 3 digits.
        (TEXTBOOK, 1.33, 36.6),
        (PROBLEM, 0.6, 14.1),
    ],
)
def test_area_from_settling_tests_of_a_textbook(tests, solids, expected):
    unit = thickener(
        underflow_percent_solids=1.0 / 2.5,
        settling_tests=[[1.0 / (1.0 + water), f"{speed} mm/s"] for water, speed in tests],
    )
    feed = np.array([[solids], [0.0], [5.0 * solids], [0.0], [0.0], [0.0]])
    figures, warnings = told(unit, feed)
    area, display = figures["thickener area"]
    assert area[0] == pytest.approx(expected, rel=5e-3)
    assert display == "m^2"
    assert figures["diameter of one thickener"][0][0] == pytest.approx(
        2.0 * (area[0] / np.pi) ** 0.5
    )
    assert not warnings


def test_area_from_a_given_unit_area():
    unit = thickener(unit_area="0.3 m^2/(t/d)", solids_to_overflow="1 %")
    figures, _ = told(unit, PULP * 100.0 * ONE_TONNE_PER_DAY / 10.0)
    assert figures["thickener area"][0][0] == pytest.approx(0.3 * 99.0, rel=1e-9)
    # 30 t/d of liquor less 99 * 2/3 ... of 300: (300 - 66) m3/d over 29.7 m2.
    assert figures["rise rate of the overflow"][0][0] == pytest.approx(234.0 / 29.7 / 86400.0)


def test_settling_tests_thicker_than_the_underflow_say_nothing():
    tests = [["20 %", "0.3 m/h"], ["70 %", "0.001 m/h"]]
    both, _ = told(thickener(settling_tests=tests), PULP)
    one, _ = told(thickener(settling_tests=tests[:1]), PULP)
    assert both["thickener area"][0] == one["thickener area"][0] > 0.0


def test_dense_liquor_carries_more_solids_per_volume_of_itself():
    tests = [["20 %", "0.3 m/h"]]
    water, _ = told(thickener(settling_tests=tests), PULP)
    dense, _ = told(thickener(settling_tests=tests, liquor_density="1.25 t/m^3"), PULP)
    assert dense["thickener area"][0] == pytest.approx(water["thickener area"][0] / 1.25)


SAND = Slate([Species("sand", formula="SiO2", density="2500 kg/m^3"), "H2O"])


def predicted(feed, underflow, exponent, aggregates=1.0, speed=1.0):
    """Unit area and warnings for volume fractions of solids in feed and underflow."""
    unit = thickener(
        underflow_percent_solids=2.5 * underflow / (2.5 * underflow + 1.0 - underflow),
        free_settling_velocity=f"{speed} mm/s",
        hindrance_exponent=exponent,
        aggregate_volume=aggregates,
    )
    figures, warnings = told(unit, np.array([[2.5 * feed], [1.0 - feed]]), SAND)
    return figures["unit area"][0][0], warnings


@given(
    feed=st.floats(0.002, 0.3),
    thicker=st.floats(0.05, 0.98),
    exponent=st.floats(2.4, 12.0),
    aggregates=st.floats(1.0, 3.0),
)
def test_area_by_hindered_settling_is_that_of_the_layer_that_passes_least(
    feed, thicker, exponent, aggregates
):
    underflow = feed + thicker * (1.0 / aggregates - feed)
    found, _ = predicted(feed, underflow, exponent, aggregates)
    layers = np.linspace(feed, underflow, 20_001)[:-1]
    speed = 1e-3 * (1.0 - aggregates * layers) ** exponent
    needed = (1.0 / layers - 1.0 / underflow) / (2500.0 * speed)
    assert found == pytest.approx(needed.max(), rel=1e-4)
    assert found >= needed.max() * (1.0 - 1e-6)


def test_area_by_hindered_settling_of_bare_grains_is_set_by_the_feed():
    """Below an underflow of 4 n / (n + 1)^2 by volume no layer but the feed limits."""
    limit = 4.0 * 4.65 / 5.65**2
    for underflow, feed_limits in ((limit - 0.01, True), (limit + 0.1, False)):
        feed = 0.1
        at_feed = (1.0 / feed - 1.0 / underflow) / (2500.0 * 1e-3 * 0.9**4.65)
        found, _ = predicted(feed, underflow, 4.65)
        assert (found == pytest.approx(at_feed, rel=1e-9)) == feed_limits


def test_a_dilute_feed_needs_the_area_in_which_its_water_rises_no_faster_than_a_grain_falls():
    found, _ = predicted(1e-6, 0.4, 4.65, speed=2.0)
    water = 1.0 / (1e-6 * 2500.0)  # m3 per kg of solids
    assert found * 2e-3 == pytest.approx(water, rel=1e-4)


def test_flocs_that_fill_the_underflow_need_compression():
    found, warnings = predicted(0.05, 0.4, 4.65, aggregates=3.0)
    assert np.isinf(found)
    assert len(warnings) == 1
    assert "flocs of the underflow would fill 120% of its volume" in warnings[0]


def test_no_area_where_a_density_is_missing():
    unit = thickener(free_settling_velocity="2 m/h")
    slate = Slate(["CaO", "H2O"])
    figures, _ = told(unit, np.array([[1.0], [9.0]]), slate)
    assert "thickener area" not in figures


def test_area_of_a_feed_that_is_not_thickened_is_nothing():
    found, _ = predicted(0.3, 0.2, 4.65)
    assert found == 0.0


# --- figures and warnings ---


def test_figures():
    figures, warnings = told(
        thickener(solids_to_overflow="0.1 %", flocculant_dose="20 g/t"), PULP / 3.6
    )
    assert figures["solids in the underflow"][0][0] == pytest.approx(0.6)
    assert figures["flocculant"][0][0] * 3600.0 == pytest.approx(0.2)  # kg/h, 20 g/t of 10 t/h
    lost, liquor = 0.01, 30.0 - 9.99 * 2.0 / 3.0
    assert figures["solids in the overflow"][0][0] == pytest.approx(lost / (lost + liquor))
    assert figures["water to the overflow"][0][0] == pytest.approx(liquor / 30.0)
    assert not warnings


@pytest.mark.parametrize(
    ("parameters", "mass", "message"),
    [
        (
            {"underflow_percent_solids": "20 %"},
            PULP,
            r"the feed holds 25.0% solids, more than the 20.0% asked of the underflow; nothing is",
        ),
        ({}, PULP * [[0], [0], [1], [1], [1], [1]], "the feed brings no solids; all of it overf"),
        ({"underflow_percent_solids": 0.8}, PULP, r"underflow of 80.0% solids; thickeners reach"),
        ({"solids_to_overflow": "3 %"}, PULP, r"3.00% of the solids leave with the overflow; a "),
        ({"flocculant_dose": "300 g/t"}, PULP, "flocculant_dose of 300 g/t; mineral pulps take"),
        (
            {"settling_tests": [["30 %", "0.2 m/h"]]},
            PULP,
            r"the feed of 25.0% solids is thinner than the thinnest settling test, 30.0%",
        ),
    ],
)
def test_warnings(parameters, mass, message):
    _, warnings = told(thickener(**parameters), mass)
    assert len(warnings) == 1
    assert message in warnings[0]
    assert "\n" not in warnings[0]


def test_a_feed_exactly_as_thick_as_the_underflow_is_no_warning():
    assert not told(thickener(underflow_percent_solids="25 %"), PULP)[1]


# --- what is refused ---


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"underflow_percent_solids": 0.0}, "underflow_percent_solids of 0 % would be all water"),
        ({"underflow_percent_solids": "100 %"}, "underflow_percent_solids of 100 % leaves no wat"),
        ({"underflow_percent_solids": "120 %"}, r"must lie between 0 and 1, got \"120 %\""),
        (
            {"unit_area": "0.3 m^2/(t/d)", "free_settling_velocity": "1 m/h"},
            "give only one of unit_area, settling_tests and free_settling_velocity",
        ),
        ({"unit_area": "0.3 m^2"}, r"Thickener.unit_area: needs a unit of area per mass flow"),
        ({"unit_area": "0 m^2/(t/d)"}, "must be above 0"),
        ({"free_settling_velocity": "0 m/h"}, "free_settling_velocity of 0 never settles"),
        ({"aggregate_volume": 0.5}, "aggregate_volume of 0.5 is less than the solids themselves"),
        (
            {"settling_tests": [["60 %", "1 m/h"], ["70 %", "1 m/h"]]},
            r"settling_tests start at 60.0% solids, no thinner than the underflow of 60.0%",
        ),
        ({"settling_tests": "20 %"}, "settling_tests: needs pairs, got '20 %'; write e.g."),
        ({"settling_tests": [["20 %"]]}, r"needs percent solids and velocity, got \['20 %'\]"),
        ({"settling_tests": [["20 %", "0.3"]]}, "needs a unit of length per time|needs a unit of"),
        ({"settling_tests": [["20 %", "0 m/h"]]}, "velocity of 0 settles never"),
        ({"settling_tests": [[0, "1 m/h"]]}, "percent_solids of 0 % would be all water"),
    ],
)
def test_a_thickener_that_makes_no_sense_is_refused(parameters, message):
    with pytest.raises(InputError, match=message) as refused:
        thickener(**parameters)
    assert "\n" not in str(refused.value)


def test_a_thickener_can_be_copied_with_its_settling_tests():
    unit = thickener(settling_tests=[["20 %", "0.3 m/h"], ("30 %", "0.1 m/h")])
    again = Thickener(**{**dict(unit), "underflow_percent_solids": "55 %"})
    assert again.settling_tests == unit.settling_tests
    assert again.settling_tests[0] == SettlingTest(percent_solids="20 %", velocity="0.3 m/h")


def test_what_overflows_is_the_finest():
    """Of 10, 5, 3 and 2 kg/s from coarse to fine 15 % are 3 kg/s: all of the pan, and more."""
    slate = Slate(
        ["SiO2", "H2O"],
        Particles(sieves=["1 mm", "300 um", "100 um", "30 um"], minerals=["SiO2"]),
    )
    feed = np.array([0.0, 60.0, 10.0, 5.0, 3.0, 2.0])[:, None]
    tank = Thickener(
        feed="a",
        underflow="b",
        overflow="c",
        underflow_percent_solids="50 %",
        solids_to_overflow="15 %",
    )
    overflow = run(tank, slate, {"feed": feed})["overflow"][:, 0]
    np.testing.assert_allclose(overflow[2:], [0.0, 0.0, 1.0, 2.0], rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(overflow[1], 60.0 - 17.0, rtol=1e-12)
