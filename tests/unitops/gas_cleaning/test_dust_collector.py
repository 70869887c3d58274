import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet import Flowsheet, solve
from flowsheet.core.errors import InputError
from flowsheet.core.flow import flow_of
from flowsheet.core.slate import Slate
from tests.unitops.properties import (
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
)
from unitops.gas_cleaning.dust_collector import DustCollector
from unitops.streams.feed import Feed

SPECIES = ["Sb2O3", "As2O3", "SiO2", "H2O", "N2", "SO2", "H2O(g)", "Sb4O6(g)", "As4O6(g)"]


def collector(**given_parameters):
    return DustCollector(gas="gas", dust="dust", cleaned="cleaned", **given_parameters)


def collect(unit, masses):
    slate = Slate(SPECIES)
    gas = flow_of(slate, masses)
    return {"gas": gas, **unit.run(gas=gas, p=unit.resolve(slate))}


def warnings(unit, flows):
    return unit.warnings(flows, unit.resolve(flows["gas"].slate))


@given(mass=random_masses(len(SPECIES)), efficiency=st.floats(0.0, 1.0))
def test_any_gas_closes(mass, efficiency):
    unit = collector(collection_efficiency={"Sb2O3": efficiency, "others": 0.8})
    check_unit(unit, SPECIES, {"gas": mass})


def test_zero_feed_gives_zero():
    check_zero_feed(collector(), SPECIES)


def test_derivative():
    mass = np.linspace(1.0, 2.0, len(SPECIES))[:, None]
    check_derivative(collector(), SPECIES, {"gas": mass})


def test_bag_filter_leaves_milligrams():
    unit = collector(collection_efficiency="99.9 %")
    flows = collect(unit, {"N2": 1250.0, "Sb2O3": 5.0})  # 1000 Nm3 with 5 g/Nm3
    assert flows["dust"].of("Sb2O3")[0] == pytest.approx(4.995)
    told = unit.figures(flows, unit.resolve(flows["gas"].slate))[:3]
    assert [figure.unit for figure in told] == ["%", "g/Nm3", "mg/Nm3"]
    values = [float(figure.value[0]) for figure in told]
    assert values[0] == pytest.approx(0.999)
    normal_cubic_metre = 44.615
    assert values[1] * normal_cubic_metre == pytest.approx(5e-3, rel=0.01)
    assert values[2] * normal_cubic_metre == pytest.approx(5e-6, rel=0.01)
    assert warnings(unit, flows) == []


@pytest.mark.parametrize("efficiency", [0.0, 1.0])
def test_nothing_or_all(efficiency):
    flows = collect(collector(collection_efficiency=efficiency), {"Sb2O3": 2.0, "N2": 1.0})
    assert flows["dust"].total()[0] == 2.0 * efficiency
    assert flows["cleaned"].of("Sb2O3")[0] == 2.0 * (1.0 - efficiency)


def test_gases_and_vapours_pass_whatever_the_efficiency():
    flows = collect(collector(collection_efficiency=1.0), {"SO2": 1.0, "As4O6(g)": 2.0})
    assert flows["dust"].total()[0] == 0.0
    assert flows["cleaned"].total()[0] == 3.0


def test_collectors_in_series():
    cyclone = collect(collector(collection_efficiency="70 %"), {"SiO2": 1.0})
    bag = collector()
    rest = bag.run(gas=cyclone["cleaned"], p=bag.resolve(Slate(SPECIES)))["cleaned"]
    assert rest.total()[0] == pytest.approx(0.3 * 0.005)


def test_vapour_that_passes_is_a_figure():
    """57 mg As/Nm3, the saturation at 120 degC."""
    flows = collect(collector(), {"N2": 1250.0, "As4O6(g)": 0.057 * 395.68 / 299.69})
    unit = collector()
    p = unit.resolve(flows["gas"].slate)
    figures = {f.label: f for f in unit.figures(flows, p)}
    found = figures["As passing as vapour"]
    assert found.unit == "mg/Nm3"
    assert found.value[0] * 44.615 == pytest.approx(57e-6, rel=0.01)


def test_liquid_is_reported_and_collected():
    unit = collector()
    flows = collect(unit, {"N2": 1.0, "H2O": 1.0})
    assert flows["dust"].of("H2O")[0] == pytest.approx(0.995)
    assert warnings(unit, flows) == [
        "the gas carries liquid, which blinds bags; collected here like dust"
    ]


def test_an_efficiency_above_one_is_refused():
    with pytest.raises(InputError, match=r"collection_efficiency: must lie between 0 and 1"):
        collector(collection_efficiency="101 %")


def test_it_is_linear():
    assert collector().is_linear()


def test_dust_cools_in_its_bin():
    def plant(**given):
        gas = {"N2": 0.8, "Sb2O3": 0.2}
        return Flowsheet(
            species=["N2", "Sb2O3"],
            units={
                "gas": Feed(outlet="gas", flow="1 kg/s", composition=gas, temperature="370 degC"),
                "collector": collector(collection_efficiency=1.0, **given),
            },
        )

    hot, cool = solve(plant()), solve(plant(dust_temperature="25 degC"))
    assert hot["dust"].temperature().magnitude == pytest.approx(370.0)
    assert cool["dust"].temperature().magnitude == pytest.approx(25.0)
    assert cool["cleaned"].temperature().magnitude == pytest.approx(370.0)
    given_off = -cool.heat("collector").magnitude
    assert given_off == pytest.approx(hot["dust"].sensible_heat().magnitude, rel=1e-9)
    # 0.2 kg/s of an oxide of about 0.4 kJ/(kg K).
    assert given_off == pytest.approx(0.2 * 0.42 * 345.0, rel=0.15)
