"""Metrics of a small smelter that can be reckoned by hand."""

import pytest

from flowsheet import Flowsheet, solve
from flowsheet.case import CapacityEntry, Header
from flowsheet.metrics import metrics
from unitops.dust_collector import DustCollector
from unitops.feed import Feed
from unitops.roaster import Roaster
from unitops.splitter import Splitter
from unitops.wet_scrubber import WetScrubber

SPECIES = ("Sb2S3", "FeAsS", "SiO2", "O2", "N2", "SO2", "Sb2O3", "Sb2O4", "Sb4O6(g)", "As4O6(g)",
           "As2O3", "FeAsO4", "Fe2O3", "H2O", "CO2", "CaCO3", "CaO", "CaSO4·2H2O",
           "H2O(g)")  # fmt: skip


def smelter(**capacity):
    plant = Flowsheet(
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
    header = Header(
        title="a dead roast",
        feed="concentrate",
        product="sold",
        refinery_feed="concentrate",
        capacity=CapacityEntry(**capacity) if capacity else None,
    )
    return metrics(solve(plant), header)


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
