"""Metrics of a small smelter that can be reckoned by hand."""

import numpy as np
import pytest

from flowsheet import Flowsheet, scenarios, solve
from flowsheet.case.header import CapacityEntry, Header
from flowsheet.load import load_route
from flowsheet.measure import Reading
from flowsheet.routes.metrics import Metrics, metric_measures, metrics
from tests import small_case, smelter_case, two_feeds
from tests.sizing.test_size import DEWATERING, DEWATERING_PLANT
from unitops.gas_cleaning.dust_collector import DustCollector
from unitops.gas_cleaning.wet_scrubber import WetScrubber
from unitops.smelting.roaster import Roaster
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter

SPECIES = ("Sb2S3", "FeAsS", "SiO2", "O2", "N2", "SO2", "Sb2O3", "Sb2O4", "Sb4O6(g)", "As4O6(g)",
           "As2O3", "FeAsO4", "Fe2O3", "H2O", "CO2", "CaCO3", "CaO", "CaSO4·2H2O",
           "H2O(g)")  # fmt: skip


def plant():
    return Flowsheet(
        species=SPECIES,
        units={
            "concentrate": Feed(
                outlet="concentrate",
                flow="10000 t/yr",
                composition={"Sb2S3": 0.7, "FeAsS": 0.05},
                remainder="SiO2",
            ),
            "roaster": Roaster(
                feed="concentrate",
                air="air",
                fuel="fuel",
                calcine="calcine",
                gas="gas",
                mode="dead",
                temperature="450 degC",
                excess_air=1.0,
                sulphide_conversion=1.0,
                arsenic_volatilised=0.8,
                dust_carry_over=0.0,
            ),
            "filter": DustCollector(gas="gas", dust="dust", cleaned="cleaned"),
            "scrubber": WetScrubber(
                gas="cleaned",
                reagent="limestone",
                oxidation_air="more_air",
                water="water",
                cleaned="stack",
                effluent="gypsum",
                reagent_kind="limestone",
                efficiency="90 %",
                vapour_efficiency="75 %",
            ),
            "sales": Splitter(
                feed="calcine", product="sold", remainder="kept", fraction={"others": 0.6}
            ),
        },
        products=["sold"],
        emissions=["stack"],
    )


def header(**capacity):
    return Header(
        title="a dead roast",
        feed="concentrate",
        product="sold",
        refinery_feed="concentrate",
        capacity=CapacityEntry(**capacity) if capacity else None,
    )


def smelter(**capacity):
    return metrics(solve(plant()), header(**capacity))


def test_flows_of_the_feed_and_the_refinery():
    found = smelter()
    assert found.feed_t_yr == pytest.approx(10000)
    assert found.antimony_to_refinery_t_yr == pytest.approx(7000 * 0.7168678, rel=1e-6)
    assert found.antimony_recovery_percent == pytest.approx(60, rel=1e-9)
    assert found.closure_max_relative < 1e-12


def test_sulphur_dioxide_is_made_captured_and_emitted():
    found = smelter()
    # 3 mol SO2 per mol Sb2S3 and 1 per mol FeAsS, in kmol/yr, of 64.058 kg.
    made = (3 * 7000e3 / 339.70 + 500e3 / 162.83) * 64.058 / 1000
    assert found.so2_generated_t_yr == pytest.approx(made, rel=1e-4)
    assert found.so2_captured_t_yr == pytest.approx(0.9 * made, rel=1e-4)
    assert found.so2_emitted_t_yr == pytest.approx(0.1 * made, rel=1e-4)


def test_arsenic_by_where_it_leaves():
    found = smelter()
    arsenic = 500 * 0.4601325
    # 80 % leaves as vapour, of which the scrubber holds three quarters; 60 % of the rest is sold.
    assert found.arsenic_emitted_t_yr == pytest.approx(0.8 * 0.25 * arsenic, rel=1e-4)
    assert found.arsenic_to_product_t_yr == pytest.approx(0.2 * 0.6 * arsenic, rel=1e-4)
    rest = arsenic - found.arsenic_emitted_t_yr - found.arsenic_to_product_t_yr
    assert found.arsenic_to_residue_t_yr == pytest.approx(rest, rel=1e-4)


def test_capacity_counted_at_the_refinery_feed():
    found = smelter(installed="2000 t/yr")
    assert found.capacity_installed_t_yr == pytest.approx(2000)
    assert found.capacity_missing_t_yr == pytest.approx(7000 * 0.7168678 - 2000, rel=1e-6)


def test_capacity_published_as_product_is_divided_by_the_yield():
    found = smelter(installed="1200 t/yr", measured_on="product")
    assert found.capacity_installed_t_yr == pytest.approx(1200 / 0.6, rel=1e-9)


def test_more_capacity_than_needed_leaves_none_missing():
    assert smelter(installed="20000 t/yr").capacity_missing_t_yr == 0.0


def test_no_capacity_stated_counts_as_none():
    found = smelter()
    assert found.capacity_installed_t_yr == 0.0
    assert found.capacity_missing_t_yr == found.antimony_to_refinery_t_yr


def test_the_measures_are_the_metrics_but_for_the_name_and_the_closure():
    found = metric_measures(plant(), header())
    assert [*found] == [
        name
        for name in Metrics.__annotations__
        if name not in ("product", "closure_max_relative", "reserve_life_yr")
    ]
    for name, measure in found.items():
        measure.check(plant())
        assert str(measure) == name
        assert name.endswith(measure.display.replace("/", "_"))


VARY = {
    "concentrate.flow": ["8000 t/yr", "10000 t/yr", "15000 t/yr"],
    "roaster.arsenic_volatilised": ["60 %", "80 %", "90 %"],
    "scrubber.efficiency": ["95 %", "90 %", "50 %"],
    "sales.fraction": [0.9, 0.6, 0.3],
}


@pytest.mark.parametrize(
    "capacity",
    [
        {"installed": "3000 t/yr", "measured_on": "product"},
        {"installed": "5500 t/yr", "measured_on": "refinery feed"},
    ],
)
def test_metrics_of_many_scenarios_are_those_of_each_alone(capacity):
    found = scenarios(plant(), VARY)
    measures = metric_measures(plant(), header(**capacity))
    missing = found.values(measures["capacity_missing_t_yr"])
    assert 0 < np.count_nonzero(missing) < 3
    for place in range(3):
        alone = solve(plant(), set={path: values[place] for path, values in VARY.items()})
        expected = metrics(alone, header(**capacity))
        for name, measure in measures.items():
            value = found.values(measure)[place]
            assert value == pytest.approx(getattr(expected, name), rel=1e-9, abs=1e-9), name


def test_the_installed_capacity_may_differ_from_scenario_to_scenario():
    found = scenarios(plant(), {"sales.fraction": [0.6, 0.3]})
    installed = np.array([1200.0, 900.0]) * 1000.0 / (365.25 * 86400.0)
    on_product = header(installed="1 t/yr", measured_on="product")
    drawn = {"capacity.installed": installed}
    measure = metric_measures(plant(), on_product, drawn)["capacity_installed_t_yr"]
    assert found.values(measure) == pytest.approx([2000.0, 3000.0], rel=1e-9)
    at_refinery = metric_measures(plant(), header(installed="1 t/yr"), drawn)
    assert found.values(at_refinery["capacity_installed_t_yr"]) == pytest.approx([1200.0, 900.0])


def test_metrics_can_be_differentiated():
    # A flow grows as the streams do, a share not at all (Euler), and a capacity does not either.
    solution = solve(plant())
    growing = {name: mass * (1.0 + 1e-30j) for name, mass in solution.flows.items()}
    reading = Reading(solution.flowsheet, growing, solution.parameters)
    for installed in ("2000 t/yr", "9000 t/yr"):
        values = metric_measures(solution.flowsheet, header(installed=installed))
        slope = {name: np.imag(measure.value(reading))[0] for name, measure in values.items()}
        level = {name: np.real(measure.value(reading))[0] for name, measure in values.items()}
        assert slope.pop("capacity_installed_t_yr") == 0.0
        missing = slope.pop("capacity_missing_t_yr") / 1e-30
        enough = installed == "9000 t/yr"
        assert missing == pytest.approx(0.0 if enough else level["antimony_to_refinery_t_yr"])
        for name, value in slope.items():
            expected = level[name] if name.endswith("_t_yr") else 0.0
            assert value / 1e-30 == pytest.approx(expected, rel=1e-9, abs=1e-12), name


def test_a_share_of_nothing_has_no_value_and_is_shown_as_zero():
    unsold = solve(plant(), set={"sales.fraction": 0.0})
    on_product = header(installed="1200 t/yr", measured_on="product")
    found = metrics(unsold, on_product)
    reading = Reading(unsold.flowsheet, unsold.flows, unsold.parameters)
    measures = metric_measures(unsold.flowsheet, on_product)
    assert np.isnan(measures["product_grade_percent"].value(reading)).all()
    assert (found.product_grade_percent, found.antimony_recovery_percent) == (0.0, 0.0)
    # No throughput makes the product in which the capacity is stated: all of it is missing.
    assert found.capacity_installed_t_yr == 0.0
    assert found.capacity_missing_t_yr == found.antimony_to_refinery_t_yr > 0.0


def found(folder, case, plant=small_case.PLANT):
    return load_route(str(small_case.write(folder, case, plant))).solve().metrics


def test_recovery_is_of_all_antimony_that_enters_and_the_feed_what_the_case_names(tmp_path):
    """30 t/h and 40 t/h of stibnite enter, half of which is kept; 30 t/h are called the feed."""
    case = small_case.changed(two_feeds.HEADER, '["one", "two"]', '["one"]') + two_feeds.UNITS
    figures = found(tmp_path, case, two_feeds.PLANT)
    assert figures.antimony_recovery_percent == pytest.approx(50.0, rel=1e-9)
    assert figures.feed_t_yr == pytest.approx(30.0 * 8766.0, rel=1e-9)


def test_the_yield_of_the_refinery_counts_all_products(tmp_path):
    """What is no concentrate is tailings; with both sold nothing is lost of what is fed."""
    case = small_case.changed(small_case.CASE, '["concentrate"]', '["ore"]')
    sold = small_case.changed(
        small_case.PLANT, 'products=["concentrate"]', 'products=["concentrate", "tailings"]'
    )
    assert found(tmp_path, case, sold).refinery_yield_percent == pytest.approx(100.0, rel=1e-9)
    alone = found(tmp_path, case).refinery_yield_percent
    assert alone == pytest.approx(100.0 * 0.81 / 0.91, rel=1e-9)


def test_water_is_in_no_figure_of_solids(tmp_path):
    """10,000 t/yr of stibnite in a pulp of 25 % solids become a cake of 10 % moisture."""
    figures = found(tmp_path, DEWATERING, DEWATERING_PLANT)
    assert figures.feed_t_yr == pytest.approx(10_000.0, rel=1e-4)
    assert figures.product_t_yr == pytest.approx(10_000.0, rel=1e-4)
    assert figures.product_grade_percent == pytest.approx(71.685, abs=0.01)


def test_sulphur_dioxide_is_emitted_by_whatever_leaves(tmp_path):
    """A gas that the flowsheet does not call an emission is in the air all the same."""
    unsaid = small_case.changed(smelter_case.PLANT, '        emissions=["gas"],\n', "")
    figures = found(tmp_path, smelter_case.CASE, unsaid)
    assert figures.so2_emitted_t_yr == pytest.approx(figures.so2_generated_t_yr, rel=1e-9)
    assert figures.so2_emitted_t_yr > 20_000.0


def test_capacity_on_the_product_is_carried_to_the_refinery_feed_and_no_further(tmp_path):
    """The cleaner, called the refinery, is fed 10/9 of what it makes; the rougher feed is more."""
    refinery = small_case.changed(small_case.CASE, '["concentrate"]', '["rougher_concentrate"]')
    capacity = small_case.CAPACITY + 'measured_on = "product"\n'
    figures = found(tmp_path, refinery + capacity)
    assert figures.capacity_installed_t_yr == pytest.approx(2000.0 / 0.9, rel=1e-9)
    assert figures.capacity_missing_t_yr == pytest.approx(3000.0 / 0.9, rel=1e-9)
