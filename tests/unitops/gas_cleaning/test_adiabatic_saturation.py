import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet.core.flow import flow_of
from flowsheet.core.heat import enthalpy
from flowsheet.core.slate import Slate
from unitops.gas_cleaning.adiabatic_saturation import (
    ATMOSPHERE,
    mixed_temperature,
    saturation_temperature,
    water_evaporated,
    water_vapour_pressure,
)

SLATE = Slate(["N2", "O2", "CO2", "SO2", "H2O(g)", "H2O", "As4O6(g)", "SiO2"])
STEAM = 18.015e-3


def gas_of(**moles):
    rows = {name.replace("steam", "H2O(g)"): amount for name, amount in moles.items()}
    return flow_of(SLATE, {n: SLATE.molar_mass[SLATE.row(n)] * m for n, m in rows.items()})


@pytest.mark.parametrize(
    ("celsius", "pascal"),
    [(5, 872.6), (20, 2339.0), (40, 7384.0), (60, 19946.0), (80, 47414.0), (100, 101420.0)],
)
def test_vapour_pressure_of_steam_tables(celsius, pascal):
    assert water_vapour_pressure(celsius + 273.15) == pytest.approx(pascal, rel=0.008)


@pytest.mark.parametrize(("celsius", "wet_bulb"), [(40.0, 14.0), (60.0, 20.9), (93.3, 29.4)])
def test_dry_air_reaches_its_wet_bulb_temperature(celsius, wet_bulb):
    """Psychrometric chart; it has the water come as cold as the air becomes, here at 25 degC."""
    air = gas_of(N2=79.0, O2=21.0)
    found = saturation_temperature(air, celsius + 273.15) - 273.15
    assert found[0] == pytest.approx(wet_bulb, abs=1.0)


def test_heat_capacities_of_tables():
    """1 kg air from 227 to 127 degC gives off 102 kJ, CO2 100 kJ, steam 198 kJ."""
    for gas, heat in (
        (gas_of(N2=27.27, O2=7.25), 102.5),
        (gas_of(CO2=22.72), 97.6),
        (gas_of(steam=55.5), 197.0),
    ):
        water = water_evaporated(gas, 500.0, 400.0)
        assert water[0] * 2706.0 == pytest.approx(heat + water[0] * 104.9, rel=0.06)


@pytest.mark.parametrize("celsius", [80, 160, 400])
def test_heat_closes_with_the_enthalpies_of_the_engine(celsius):
    gas = flow_of(SLATE, {"N2": 70.0, "O2": 8.0, "CO2": 15.0, "SO2": 2.0, "H2O(g)": 5.0})
    came, left = celsius + 273.15, saturation_temperature(gas, celsius + 273.15)
    water = flow_of(SLATE, {"H2O(g)": water_evaporated(gas, came, left)})
    liquid = flow_of(SLATE, {"H2O": water.total()})
    given_off = enthalpy(gas, came) - enthalpy(gas, left)
    taken_up = enthalpy(water, left) - enthalpy(liquid, 298.15)
    assert given_off[0] == pytest.approx(taken_up[0], rel=0.035)


@given(
    moles=st.lists(st.one_of(st.just(0.0), st.floats(1e-4, 1e4)), min_size=4, max_size=4),
    kelvin=st.floats(240.0, 2500.0),
)
def test_it_is_saturated_or_as_warm_as_it_came(moles, kelvin):
    gas = gas_of(N2=moles[0], SO2=moles[1], CO2=moles[2], steam=moles[3])
    found = saturation_temperature(gas, kelvin)
    water = water_evaporated(gas, kelvin, found) / STEAM
    total = sum(moles)
    assert np.all(found <= (kelvin if total > 0.0 else 298.15))
    assert np.all(water >= 0.0)
    if total == 0.0:
        assert water[0] == 0.0
        return
    share = (moles[3] + water) / (total + water)
    held = water_vapour_pressure(found) / ATMOSPHERE
    if found[0] == kelvin:
        assert share >= held - 1e-9
    else:
        assert share == pytest.approx(held, rel=1e-6, abs=5e-4 if found > 373.1 else 0.0)


def test_other_vapours_count_as_gas_and_dust_does_not():
    with_dust = flow_of(SLATE, {"N2": 1.0, "SiO2": 5.0})
    without = flow_of(SLATE, {"N2": 1.0})
    assert saturation_temperature(with_dust, 400.0) == saturation_temperature(without, 400.0)
    vapour = flow_of(SLATE, {"N2": 1.0, "As4O6(g)": 5.0})
    assert water_evaporated(vapour, 400.0, 320.0) > water_evaporated(without, 400.0, 320.0)


def test_scenarios_stand_beside_each_other():
    gas = flow_of(SLATE, {"N2": np.array([1.0, 0.0, 5.0]), "H2O(g)": np.array([0.1, 0.0, 0.0])})
    kelvin = np.array([400.0, 450.0, 500.0])
    together = saturation_temperature(gas, kelvin)
    for column, alone in enumerate(((1.0, 0.1), (0.0, 0.0), (5.0, 0.0))):
        one = flow_of(SLATE, {"N2": alone[0], "H2O(g)": alone[1]})
        assert together[column] == pytest.approx(saturation_temperature(one, kelvin[column])[0])


def test_other_gas_of_25_degrees_cools_and_less_gas_does_not_warm():
    gas = gas_of(N2=1.0)
    assert mixed_temperature(gas, 498.15, gas_of(N2=2.0))[0] == pytest.approx(398.15)
    assert mixed_temperature(gas, 498.15, gas_of(N2=0.5))[0] == pytest.approx(498.15)
    assert mixed_temperature(gas, 498.15, gas_of(N2=0.0))[0] == pytest.approx(498.15)
