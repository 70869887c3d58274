import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet import Composite, Flowsheet, InputError, Particles, scenarios, solve, two_product
from flowsheet.core.flow import Flow
from flowsheet.core.slate import Slate
from tests.unitops.properties import (
    check_classes_close,
    check_derivative,
    check_unit,
    check_zero_feed,
    run,
)
from unitops.flotation.two_product_separator import TwoProductSeparator
from unitops.streams.feed import Feed

SPECIES = ["Sb2S3", "Sb2O3", "FeS2", "SiO2", "H2O", "Sb(aq)", "O2"]
PULP = np.array([[4.0], [1.0], [3.0], [92.0], [200.0], [0.1], [1.0]])
STIBNITE = 0.7168675  # antimony in it


def separator(**changes):
    given_all = {
        "feed": "pulp",
        "concentrate": "concentrate",
        "tailings": "tailings",
        "element": "Sb",
        "concentrate_grade": "58 %",
        "water_recovery": "2 %",
        **changes,
    }
    recovery = {} if "tailings_grade" in changes else {"recovery": "90 %"}
    return TwoProductSeparator(**{**recovery, **given_all})


def split(unit, mass=PULP, species=SPECIES, particles=None):
    slate = Slate(species, particles)
    made = run(unit, slate, {"feed": mass})
    return {name: Flow(slate, each) for name, each in made.items()}


def grade(flow):
    return (flow.solids.element("Sb") / flow.solids.total())[0]


def told(unit, mass=PULP):
    slate = Slate(SPECIES)
    p = unit.resolve(slate)
    feed = Flow(slate, mass)
    flows = {"feed": feed, **unit.run(feed=feed, p=p)}
    figures = {figure.label: (figure.value[0], figure.unit) for figure in unit.figures(flows, p)}
    return figures, unit.warnings(flows, p)


@st.composite
def reachable(draw):
    """Feeds of four scenarios and the grade and recovery that all of them can have."""

    def masses(low, high):
        return np.array([draw(st.floats(low, high)) for _ in range(4)])

    feed = np.zeros((7, 4))
    feed[0] = masses(1e-3, 10.0)
    feed[1] = feed[0] * draw(st.floats(0.0, 2.0))
    gangue = feed[0] * masses(0.5, 50.0)
    pyrite = draw(st.floats(0.0, 1.0))
    feed[2], feed[3] = pyrite * gangue, (1.0 - pyrite) * gangue
    feed[4], feed[5], feed[6] = masses(0.0, 100.0), masses(0.0, 1.0), masses(0.0, 1.0)
    recovery = draw(st.just(1.0) | st.floats(0.0, 1.0))
    carriers = feed[:2].sum(axis=0)
    antimony = Flow(Slate(SPECIES), feed).solids.element("Sb")
    richest = (antimony / carriers).min()
    poorest = (recovery * antimony / (recovery * carriers + gangue)).max()
    share = draw(st.sampled_from([0.0, 1.0]) | st.floats(0.0, 1.0))
    return feed, recovery, max(1e-3, richest * share + poorest * (1.0 - share))


@given(drawn=reachable(), percent=st.none() | st.floats(0.05, 1.0))
def test_any_reachable_assay_closes(drawn, percent):
    feed, recovery, wanted = drawn
    water = {"water_recovery": 0.1}
    if percent is not None:
        water = {"water_recovery": None, "concentrate_percent_solids": percent}
    unit = separator(concentrate_grade=wanted, recovery=recovery, **water)
    check_unit(unit, SPECIES, {"feed": feed})
    made = split(unit, feed)["concentrate"]
    fed = Flow(Slate(SPECIES), feed).solids.element("Sb")
    np.testing.assert_allclose(made.solids.element("Sb"), recovery * fed, rtol=1e-9, atol=1e-300)
    np.testing.assert_allclose(
        made.solids.element("Sb"), wanted * made.solids.total(), rtol=1e-7, atol=1e-15
    )


@pytest.mark.parametrize("mode", [{}, {"tailings_grade": "0.3 %"}])
def test_zero_feed_gives_zero(mode):
    check_zero_feed(separator(**mode), SPECIES)


@pytest.mark.parametrize("mode", [{}, {"tailings_grade": "0.3 %"}])
@pytest.mark.parametrize("water", [{}, {"water_recovery": None, "concentrate_percent_solids": 0.2}])
def test_derivative(mode, water):
    unit = separator(relative_recovery={"FeS2": 3, "others": 1}, **mode, **water)
    check_derivative(unit, SPECIES, {"feed": PULP})


def test_grade_and_recovery_are_those_asked_for():
    made = split(separator())
    assert grade(made["concentrate"]) == pytest.approx(0.58, rel=1e-12)
    figures, warned = told(separator())
    assert figures["Sb recovery"] == (pytest.approx(0.9, rel=1e-12), "%")
    assert warned == []


def test_a_published_balance_of_feed_concentrate_and_tailings():
    # 1.78 % Sb to 24.29 % with 0.28 % left: 85.25 % recovered (state mines of China, 1996)
    stibnite = 1.78 / 100.0 / STIBNITE
    feed = np.zeros((7, 1))
    feed[[0, 3], 0] = stibnite, 1.0 - stibnite
    unit = separator(concentrate_grade="24.29 %", tailings_grade="0.28 %")
    made = split(unit, feed)
    assert grade(made["tailings"]) == pytest.approx(0.0028, rel=1e-10)
    recovered = made["concentrate"].mass[0, 0] / stibnite
    assert recovered == pytest.approx(0.8525, abs=5e-5)
    balance = two_product(feed="1.78 %", concentrate="24.29 %", tailings="0.28 %")
    assert 100.0 * recovered == pytest.approx(balance.recovery().value.magnitude, rel=1e-5)
    assert 100.0 * made["concentrate"].solids.total()[0] == pytest.approx(
        balance.mass_pull.value.magnitude, rel=1e-5
    )


def test_gangue_follows_by_its_relative_recovery():
    unit = separator(relative_recovery={"FeS2": 5, "others": 1})
    recoveries = split(unit)["concentrate"].mass[:4, 0] / PULP[:4, 0]
    assert recoveries[2] == pytest.approx(5.0 * recoveries[3], rel=1e-12)
    assert recoveries[0] == pytest.approx(recoveries[1], rel=1e-12)


def test_one_carrier_may_float_worse_than_another():
    unit = separator(relative_recovery={"Sb2O3": 0.2, "others": 1}, recovery="75 %")
    recoveries = split(unit)["concentrate"].mass[:4, 0] / PULP[:4, 0]
    assert recoveries[1] == pytest.approx(0.2 * recoveries[0], rel=1e-12)
    assert told(unit)[0]["Sb recovery"][0] == pytest.approx(0.75, rel=1e-12)


def test_water_and_what_it_dissolves_and_gas():
    made = split(separator())["concentrate"].mass[:, 0]
    np.testing.assert_allclose(made[4:], [4.0, 0.002, 0.0], rtol=1e-12)
    wet = separator(water_recovery=None, concentrate_percent_solids="25 %")
    assert split(wet)["concentrate"].percent_solids()[0] == pytest.approx(0.25)


def test_a_grade_of_pure_mineral_takes_no_gangue():
    feed = PULP.copy()
    feed[1] = 0.0
    pure = float(Slate(["Sb2S3"]).element_fractions[1, 0])
    made = split(separator(concentrate_grade=pure), feed)["concentrate"].mass[:, 0]
    np.testing.assert_allclose(made[2:4], 0.0, atol=1e-12)
    assert made[0] == pytest.approx(3.6)


def test_particles_are_recovered_alike_in_all_sizes_and_locked_ones_by_what_they_hold():
    middlings = Composite(name="middlings", minerals={"Sb2S3": "20 %", "SiO2": "80 %"})
    among = Particles(
        sieves=["150 um", "75 um"], minerals=["Sb2S3", "SiO2"], composites=[middlings]
    )
    names = ["Sb2S3", "SiO2", "H2O"]
    slate = Slate(names, among)
    feed = np.array([0.0, 0.0, 50.0, 2.0, 3.0, 40.0, 50.0, 1.0, 4.0])[:, None]
    unit = separator(
        concentrate_grade="40 %", recovery="80 %", relative_recovery={"middlings": 0.3, "others": 1}
    )
    check_unit(unit, names, {"feed": feed}, among)
    check_classes_close(unit, names, {"feed": feed}, among)
    made = split(unit, feed, names, among)["concentrate"]
    assert grade(made) == pytest.approx(0.4, rel=1e-12)
    recoveries = (made.mass / np.where(feed > 0.0, feed, 1.0))[3:, 0]
    assert recoveries[0] == pytest.approx(recoveries[1], rel=1e-12)
    assert recoveries[4] == pytest.approx(0.3 * recoveries[0], rel=1e-12)
    assert slate.sized[2].name == "middlings"


def ore():
    return Feed(
        outlet="ore",
        flow="100 t/h",
        composition={"Sb2S3": 0.04, "FeS2": 0.03},
        remainder="SiO2",
        percent_solids="33 %",
    )


def circuit(**changes):
    def made_by(feed, concentrate, tailings, **kind):
        return separator(feed=feed, concentrate=concentrate, tailings=tailings, **kind)

    return Flowsheet(
        ["Sb2S3", "FeS2", "SiO2", "H2O"],
        {
            "ore": ore(),
            "rougher": made_by(
                ["ore", "cleaner_tailings"],
                "rougher_concentrate",
                "tailings",
                concentrate_grade="20 %",
                recovery="92 %",
            ),
            "cleaner": made_by(
                "rougher_concentrate",
                "concentrate",
                "cleaner_tailings",
                **{"concentrate_grade": "60 %", "recovery": "85 %", **changes},
            ),
        },
    )


def test_a_circuit_of_assays_solves():
    solution = solve(circuit())
    assert solution.audit.worst[0] < 1e-12
    assert solution["concentrate"].grade("Sb").magnitude == pytest.approx(60.0)
    # of what enters the rougher 92 %, of that 85 %, with what comes back: 0.782 / (1 - 0.138)
    found = solution.recovery("Sb", to="concentrate").magnitude
    assert found == pytest.approx(100.0 * 0.782 / (1.0 - 0.138), rel=1e-9)


def test_scenarios_that_cannot_be_are_told_one_by_one():
    drawn = scenarios(circuit(), {"cleaner.concentrate_grade": ["50 %", "75 %"]})
    assert set(drawn.failed) == {1}
    assert "concentrate_grade of 75.00% Sb cannot be reached" in drawn.failed[1]
    assert drawn.grade("Sb", "concentrate")[0] == pytest.approx(50.0)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (
            {"concentrate_grade": "76 %"},
            "concentrate_grade of 76.00% Sb cannot be reached: the minerals that hold it have "
            "74.06% without any gangue; ask for less",
        ),
        (
            {"concentrate_grade": "2 %"},
            "the concentrate would need 171% of the FeS2 in the feed; ask for a higher "
            "concentrate_grade, or give it a lower relative_recovery",
        ),
        (
            {"concentrate_grade": "3 %", "tailings_grade": "0.1 %"},
            "the feed holds 3.70% Sb, which is not between the grades of tailings and concentrate "
            "(the concentrate with 3.00%); check the assays",
        ),
        (
            {"tailings_grade": "5 %"},
            "the feed holds 3.70% Sb, which is not between the grades of tailings and concentrate "
            "(the tailings with 5.00%); check the assays",
        ),
        (
            {"relative_recovery": 0.0},
            "relative_recovery is 0 for every mineral in the feed that holds Sb",
        ),
        (
            {"relative_recovery": {"Sb2S3": 1, "Sb2O3": 1, "others": 0}},
            "the feed holds no gangue that could dilute the concentrate to its grade",
        ),
        (
            {"relative_recovery": {"Sb2O3": 4, "others": 1}},
            "of the Sb2O3 in the feed; ask for a higher concentrate_grade, or give it a lower",
        ),
    ],
)
def test_assays_that_cannot_be_are_refused(parameters, message):
    with pytest.raises(InputError, match=re.escape(message)):
        split(separator(**parameters))


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"recovery": None}, "give either recovery or tailings_grade, and not both"),
        (
            {"recovery": 0.9, "tailings_grade": 0.01},
            "give either recovery or tailings_grade, and not both",
        ),
        ({"concentrate_grade": 0.0}, "concentrate_grade of 0 % is no concentrate; give more"),
        (
            {"tailings_grade": "58 %"},
            "tailings_grade of 58.00% is not below the concentrate_grade of 58.00%",
        ),
        (
            {"water_recovery": None},
            "give either water_recovery or concentrate_percent_solids, and not both",
        ),
    ],
)
def test_settings_that_make_no_sense_are_refused(parameters, message):
    with pytest.raises(InputError, match=re.escape(message)):
        separator(**parameters)


def test_an_element_that_nothing_holds_is_refused():
    with pytest.raises(InputError, match="element: no species contains 'Sn'"):
        separator(element="Sn").resolve(Slate(SPECIES))


def test_a_feed_without_the_element_makes_no_concentrate():
    barren = PULP.copy()
    barren[:2] = 0.0
    made = split(separator(), barren)["concentrate"]
    assert made.solids.total()[0] == 0.0
    _, warned = told(separator(), barren)
    assert warned == ["the feed holds no Sb; all of it leaves with the tailings"]


def test_a_concentrate_poorer_than_the_feed_is_told():
    _, warned = told(separator(concentrate_grade="3 %", recovery="60 %"))
    (line,) = warned
    assert re.search(r"of the gangue but 60\.0% of the Sb reach the concentrate, which is", line)


def test_too_little_water_is_told():
    thick = PULP.copy()
    thick[4] = 1.0
    unit = separator(water_recovery=None, concentrate_percent_solids="20 %")
    (line,) = told(unit, thick)[1]
    assert re.search(r"takes all of the water and holds \d\d\.\d% solids, where 20\.0%", line)


def test_figures():
    figures, _ = told(separator())
    assert figures["mass pull"][0] == pytest.approx(0.9 * 0.037027 / 0.58, rel=1e-4)
    assert figures["Sb in the feed"][0] == pytest.approx(0.037027, rel=1e-4)
    assert figures["Sb in the tailings"][0] == pytest.approx(0.1 * 0.037027 / 0.94254, rel=1e-3)
    assert set(figures) == {
        "mass pull",
        "water recovery",
        "solids in the concentrate",
        "Sb recovery",
        "Sb in the feed",
        "Sb in the tailings",
        "gangue recovery",
    }
