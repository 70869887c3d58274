import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet import Flowsheet, solve
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow
from flowsheet.core.slate import Slate
from tests.unitops.every_species import SPECIES, check_every_species, check_with_particles
from tests.unitops.properties import check_derivative, check_zero_feed, random_masses, run
from unitops.dewatering.filter import Filter
from unitops.dewatering.thickener import Thickener
from unitops.flotation.flotation_bank import FlotationBank
from unitops.streams.feed import Feed
from unitops.streams.process_water_addition import ProcessWaterAddition
from unitops.streams.water_addition import WaterAddition

PULP = np.array([[10.0], [30.0], [15.0], [1.0], [4.0], [0.1]])  # lacks 100 of liquor at 25 %
INLETS = ["feed", "process_water"]


def addition(percent_solids="25 %"):
    return ProcessWaterAddition(
        feed="feed",
        process_water="returned",
        water="fresh",
        product="product",
        surplus="surplus",
        percent_solids=percent_solids,
    )


def returned(water, solids=0.0):
    return np.array([[0.0], [solids], [0.98 * water], [0.02 * water], [0.0], [0.0]])


def told(unit, feed, process_water):
    slate = Slate(SPECIES)
    p = unit.resolve(slate)
    flows = {"feed": Flow(slate, feed), "process_water": Flow(slate, process_water)}
    flows |= unit.run(**flows, p=p)
    figures = {figure.label: (figure.value, figure.unit) for figure in unit.figures(flows, p)}
    return figures, list(unit.warnings(flows, p))


@given(
    feed=random_masses(6), process_water=random_masses(6), percent_solids=st.floats(0.001, 0.999)
)
def test_any_feed_closes(feed, process_water, percent_solids):
    check_every_species(addition(percent_solids), {"feed": feed, "process_water": process_water})


@given(feed=random_masses(6), process_water=random_masses(6), percent_solids=st.floats(0.01, 0.99))
def test_the_product_is_as_dilute_as_asked_for_or_as_the_feed(feed, process_water, percent_solids):
    made = run(
        addition(percent_solids), Slate(SPECIES), {"feed": feed, "process_water": process_water}
    )
    solids, liquor = made["product"][:2].sum(axis=0), made["product"][2:5].sum(axis=0)
    for column in np.flatnonzero(feed[:2].sum(axis=0) > 0.0):
        fed = feed[:2, column].sum() / feed[:5, column].sum()
        found = solids[column] / (solids + liquor)[column]
        assert found == pytest.approx(min(percent_solids, fed), rel=1e-9)
        # Fresh water is drawn only where no process water that could dilute is passed on.
        passed_on = made["surplus"][:5, column]
        if made["water"][2, column] > 0.0 and passed_on.any():
            assert passed_on[:2].sum() >= percent_solids * passed_on.sum() * (1.0 - 1e-9)


def test_particles_close():
    check_with_particles(addition(), INLETS)


def test_zero_feed_gives_zero():
    check_zero_feed(addition(), SPECIES)
    assert not told(addition(), np.zeros((6, 1)), np.zeros((6, 1)))[1]


@pytest.mark.parametrize("water", [30.0, 300.0])
@pytest.mark.parametrize("percent_solids", ["25 %", "80 %"])
def test_derivative(percent_solids, water):
    feeds = {"feed": PULP, "process_water": returned(water, 1.0)}
    check_derivative(addition(percent_solids), SPECIES, feeds)


def test_without_process_water_it_is_a_water_addition():
    slate = Slate(SPECIES)
    made = run(addition(), slate, {"feed": PULP, "process_water": np.zeros((6, 1))})
    other = WaterAddition(feed="f", water="w", product="p", percent_solids="25 %")
    for name, mass in run(other, slate, {"feed": PULP}).items():
        np.testing.assert_array_equal(made[name], mass)


@pytest.mark.parametrize(
    ("water", "taken", "fresh"), [(0.0, 0.0, 100.0), (60.0, 60.0, 40.0), (250.0, 100.0, 0.0)]
)
def test_process_water_is_taken_first(water, taken, fresh):
    made = run(addition(), Slate(SPECIES), {"feed": PULP, "process_water": returned(water)})
    np.testing.assert_allclose(made["water"][2, 0], fresh, rtol=1e-12)
    np.testing.assert_allclose(made["surplus"], returned(water - taken), atol=1e-12)
    np.testing.assert_allclose(made["product"][3, 0], 1.0 + 0.02 * taken, rtol=1e-12)
    figures, _ = told(addition(), PULP / 3.6, returned(water) / 3.6)
    assert figures["process water used"][0][0] * 3.6 == pytest.approx(taken)
    assert figures["fresh water"][0][0] * 3.6 == pytest.approx(fresh)
    assert figures["fresh of the water added"][0][0] == pytest.approx(fresh / 100.0)
    assert figures["process water passed on"][0][0] * 3.6 == pytest.approx(water - taken)


def test_solids_of_the_process_water_need_water_of_their_own():
    """5 t/h of solids in 40 t/h of process water hold 15 at 25 %: 25 are left for the feed."""
    made = run(addition(), Slate(SPECIES), {"feed": PULP, "process_water": returned(40.0, 5.0)})
    assert made["water"][2, 0] == pytest.approx(75.0, rel=1e-12)
    assert made["product"][:2].sum() == pytest.approx(45.0, rel=1e-12)
    assert made["product"][2:5].sum() == pytest.approx(135.0, rel=1e-12)


@pytest.mark.parametrize("mine_water", [0.0, 20.0, 46.0, 300.0])
def test_a_row_of_demands_balances_the_water_of_a_concentrator(mine_water):
    """60 t/h of ore at 4 % moisture; water leaves with tailings at 55 % and cake at 9 %.

    Whatever the pulps inside, fresh water makes up what leaves with both, less the moisture and the
    mine water; if mine water is more than that, the surplus is bled.
    """
    plant = Flowsheet(
        species=["Sb2S3", "SiO2", "H2O"],
        units={
            "ore": Feed(
                outlet="ore",
                flow="60 t/h",
                composition={"Sb2S3": "5 %", "H2O": "4 %"},
                remainder="SiO2",
            ),
            "mine": Feed(
                outlet="mine_water", flow=f"{mine_water} t/h", composition={"H2O": "100 %"}
            ),
            "mill_water": ProcessWaterAddition(
                feed="ore",
                process_water=[
                    "mine_water",
                    "tailings_overflow",
                    "concentrate_overflow",
                    "filtrate",
                ],
                water="fresh_to_mill",
                product="mill_pulp",
                surplus="left_by_mill",
                percent_solids="65 %",
            ),
            "flotation_water": ProcessWaterAddition(
                feed="mill_pulp",
                process_water="left_by_mill",
                water="fresh_to_flotation",
                product="flotation_feed",
                surplus="bleed",
                percent_solids="30 %",
            ),
            "flotation": FlotationBank(
                feed="flotation_feed",
                concentrate="concentrate",
                tailings="tailings",
                cells=6,
                residence_time="3 min",
                rate_constant={"Sb2S3": "1 1/min", "others": "0.003 1/min"},
                water_recovery="12 %",
            ),
            "tailings_thickener": Thickener(
                feed="tailings",
                underflow="final_tailings",
                overflow="tailings_overflow",
                underflow_percent_solids="55 %",
            ),
            "concentrate_thickener": Thickener(
                feed="concentrate",
                underflow="thick_concentrate",
                overflow="concentrate_overflow",
                underflow_percent_solids="60 %",
                solids_to_overflow="0.1 %",
            ),
            "concentrate_filter": Filter(
                feed="thick_concentrate",
                wash_water="no_wash",
                cake="cake",
                filtrate="filtrate",
                moisture="9 %",
            ),
        },
        products=["cake"],
    )
    solution = solve(plant)

    def tonnes(*names):
        return sum(solution[name].species("H2O").magnitude for name in names)

    dry_tailings = solution["final_tailings"].dry_flow().magnitude
    dry_cake = solution["cake"].dry_flow().magnitude
    dry_bleed = solution["bleed"].dry_flow().magnitude  # lost from the concentrate thickener
    assert dry_tailings + dry_cake + dry_bleed == pytest.approx(57.6, rel=1e-9)
    lacks = dry_tailings * 45.0 / 55.0 + dry_cake * 9.0 / 91.0 - 2.4 - mine_water
    fresh = tonnes("fresh_to_mill", "fresh_to_flotation")
    assert fresh == pytest.approx(max(lacks, 0.0), abs=1e-7)
    assert tonnes("bleed") == pytest.approx(max(-lacks, 0.0), abs=1e-7)
    assert tonnes("fresh_to_mill") == pytest.approx(0.0, abs=1e-9)
    assert solution["flotation_feed"].percent_solids().magnitude == pytest.approx(30.0, rel=1e-9)


@pytest.mark.parametrize(
    ("percent_solids", "process_water", "message"),
    [
        ("80 %", returned(10.0), "the feed holds 66.7% solids, less than the 80.0% asked for: no"),
        ("25 %", returned(1.0, 1.0), "the process water holds 50.0% solids, no less than the 25"),
    ],
)
def test_warnings(percent_solids, process_water, message):
    _, warnings = told(addition(percent_solids), PULP, process_water)
    assert len(warnings) == 1
    assert message in warnings[0]
    assert "\n" not in warnings[0]


@pytest.mark.parametrize("percent_solids", [0, 1])
def test_percent_solids_that_make_no_sense_are_refused(percent_solids):
    with pytest.raises(InputError, match=r"percent_solids of \d+ % (would be all|takes no) water"):
        addition(percent_solids)


def test_species_it_needs():
    assert tuple(addition().required_species()) == ("H2O",)
