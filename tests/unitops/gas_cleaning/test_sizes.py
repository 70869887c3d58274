"""Fans, cloth and plates of collectors, towers and pumps of scrubbers."""

import math

import pytest

from flowsheet.core.flow import flow_of
from flowsheet.core.slate import Slate
from unitops.gas_cleaning.condenser import Condenser
from unitops.gas_cleaning.dust_collector import DustCollector
from unitops.gas_cleaning.wet_scrubber import WetScrubber

NITROGEN = 28.014e-3  # kg/mol
MOLAR_VOLUME = 8.314462618 * 373.15 / 101325.0  # m3/mol at 100 degC
SLATE = Slate(["N2", "Sb2O3"])


def collected(**parameters):
    """Figures for 1000 mol/s of nitrogen with dust, as value in SI by label."""
    unit = DustCollector(gas="gas", dust="dust", cleaned="cleaned", **parameters)
    gas = flow_of(SLATE, {"N2": 1000.0 * NITROGEN, "Sb2O3": 1.0})
    p = unit.resolve(SLATE)
    return {f.label: f for f in unit.figures({"gas": gas, **unit.run(gas=gas, p=p)}, p)}


def test_cloth_by_hand():
    """Gas of 100 degC at 0.9 m/min, and a fan of 60 % against 1500 Pa."""
    told = collected(gas_temperature="100 degC")
    volume = 1000.0 * MOLAR_VOLUME
    assert told["cloth area"].value[0] == pytest.approx(volume / 0.015, rel=1e-6)
    assert told["power of the fan"].value[0] == pytest.approx(volume * 1500.0 / 0.6, rel=1e-6)
    assert told["cloth area"].kind == "equipment"
    assert told["power of the fan"].kind == "power"
    assert "corona power" not in told


def test_plates_by_deutsch_and_anderson():
    """99 % caught at 4 cm/s: ln 100 / 0.04 = 115.1 s/m; 0.25 mA/m2 at 50 kV are 12.5 W/m2."""
    told = collected(
        gas_temperature="100 degC",
        collector="electrostatic_precipitator",
        collection_efficiency=0.99,
    )
    area = 115.129 * 1000.0 * MOLAR_VOLUME
    assert told["collecting area"].value[0] == pytest.approx(area, rel=1e-5)
    assert told["corona power"].value[0] == pytest.approx(12.5 * area, rel=1e-5)
    assert told["power of the fan"].value[0] == pytest.approx(
        1000.0 * MOLAR_VOLUME * 300.0 / 0.6, rel=1e-6
    )


def test_a_gas_too_hot_for_bags_goes_between_plates():
    assert "cloth area" in collected(gas_temperature="260 degC")
    assert "collecting area" in collected(gas_temperature="261 degC")
    named = collected(gas_temperature="400 degC", collector="bag_filter")
    assert "cloth area" in named


def test_all_dust_caught_takes_no_endless_plates():
    told = collected(gas_temperature="400 degC", collection_efficiency=1.0)
    assert math.isfinite(told["collecting area"].value[0])


def test_no_size_where_the_temperature_is_not_known():
    assert not [figure for figure in collected().values() if figure.kind]


def test_a_size_changes_no_flow():
    gas = flow_of(SLATE, {"N2": 1.0, "Sb2O3": 1.0})
    plain, sized = (
        DustCollector(gas="gas", dust="dust", cleaned="cleaned", **more)
        for more in ({}, {"gas_temperature": "400 degC", "pressure_drop": "9 kPa"})
    )
    one, other = (unit.run(gas=gas, p=unit.resolve(SLATE)) for unit in (plain, sized))
    assert (one["dust"].mass == other["dust"].mass).all()


def test_a_cooler_that_gets_no_warmer_gas_has_no_surface():
    """The temperature of the gas may be filled in from a heat balance, where it is anything."""
    unit = Condenser(gas="gas", cooled="cooled", temperature="100 degC")
    slate = Slate(["N2", "Sb2O3", "Sb4O6(g)", "As2O3", "As4O6(g)"])
    gas = flow_of(slate, {"N2": 1000.0 * NITROGEN})
    p = unit.resolve(slate)
    flows = {"gas": gas, **unit.run(gas=gas, p=p)}
    cold = {f.label: f for f in unit.figures(flows, p.replaced({"gas_temperature": 350.0}))}
    assert "cooling surface" not in cold
    warm = {f.label: f for f in unit.figures(flows, p.replaced({"gas_temperature": 500.0}))}
    assert warm["cooling surface"].value[0] > 0.0
    fan = 1000.0 * MOLAR_VOLUME * 500.0 / 0.6
    assert warm["power of the fan"].value[0] == pytest.approx(fan, rel=1e-6)


def test_tower_by_continuity_and_pumps_by_lift():
    """The gas leaves at 3 m/s in each of two towers; the liquid is lifted 20 m at 65 %."""
    slate = Slate(
        [
            *("N2", "O2", "CO2", "SO2", "SO3", "H2O", "H2O(g)", "CaCO3", "CaSO4·2H2O"),
            *("CaSO3·0.5H2O", "Sb2O3", "As2O3", "Sb4O6(g)", "As4O6(g)"),
        ]
    )
    unit = WetScrubber(
        gas="gas",
        reagent="reagent",
        oxidation_air="air",
        water="water",
        cleaned="cleaned",
        effluent="effluent",
        reagent_kind="limestone",
        efficiency="95 %",
        stages=2,
        gas_temperature="120 degC",
    )
    gas = flow_of(slate, {"N2": 28.0, "SO2": 0.5})
    p = unit.resolve(slate)
    flows = {"gas": gas, **unit.run(gas=gas, p=p)}
    told = {f.label: f for f in unit.figures(flows, p)}
    warm = told["temperature of the cleaned gas"].value[0]
    moles = sum(flows["cleaned"].moles(name)[0] for name in ("N2", "O2", "CO2", "SO2", "H2O(g)"))
    volume = moles * 8.314462618 * warm / 101325.0
    tower = told["diameter of a tower"].value[0]
    assert math.pi / 4.0 * tower**2 * 3.0 == pytest.approx(volume, rel=1e-6)
    assert told["towers, one per stage"].value[0] == 2.0
    lifted = 1100.0 * 9.80665 * 20.0 * told["circulation, all stages"].value[0] / 0.65
    assert told["power of the circulation pumps"].value[0] == pytest.approx(lifted, rel=1e-9)
    fan = told["power of the fan"].value[0]
    assert fan == pytest.approx(volume * 2.0 * 1000.0 / 0.6, rel=1e-6)
