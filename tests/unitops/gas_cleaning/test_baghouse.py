import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet import Flowsheet, scenarios, solve
from flowsheet.core.errors import InputError
from flowsheet.core.flow import flow_of
from flowsheet.core.slate import Slate
from tests.unitops.properties import (
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
)
from unitops.gas_cleaning.baghouse import Baghouse
from unitops.gas_cleaning.dust_collector import DustCollector
from unitops.gas_cleaning.stack import Stack
from unitops.streams.feed import Feed

SPECIES = [
    *("Sb2O3", "As2O3", "SiO2", "H2O"),
    *("N2", "O2", "SO2", "SO3", "H2O(g)", "Sb4O6(g)", "As4O6(g)"),
]
NORMAL = 44.615  # mol/Nm3
CUBIC_METRES = 1000.0  # Nm3 of N2 per second in most tests
NITROGEN = {"N2": CUBIC_METRES * NORMAL * 28.014e-3}


def baghouse(**given_parameters):
    known = {"collection_efficiency", "outlet_loading"} & set(given_parameters)
    return Baghouse(
        **{
            "gas": "gas",
            "dust": "dust",
            "cleaned": "cleaned",
            "cloth": "polyester",
            "temperature": "100 degC",
            **({} if known else {"outlet_loading": "5 mg/Nm3"}),
            **given_parameters,
        }
    )


def filtered(unit, masses):
    slate = Slate(SPECIES)
    gas = flow_of(slate, {**NITROGEN, **masses})
    return {"gas": gas, **unit.run(gas=gas, p=unit.resolve(slate))}


def told(unit, masses):
    flows = filtered(unit, masses)
    found = unit.figures(flows, unit.resolve(flows["gas"].slate))
    return {figure.label: figure for figure in found}


def shown(figure):
    """As people read it."""
    number, _, unit = str(figure).removeprefix(figure.label).strip().partition(" ")
    return float(number), unit


def warnings(unit, masses):
    flows = filtered(unit, masses)
    return unit.warnings(flows, unit.resolve(flows["gas"].slate))


@given(mass=random_masses(len(SPECIES)), efficiency=st.floats(0.0, 1.0))
def test_any_gas_closes_with_given_efficiencies(mass, efficiency):
    unit = baghouse(collection_efficiency={"Sb2O3": efficiency, "others": 0.999})
    assert unit.is_linear()
    check_unit(unit, SPECIES, {"gas": mass})


@given(
    mass=random_masses(len(SPECIES)),
    loading=st.one_of(st.just(0.0), st.floats(1e-3, 1e6)),
    celsius=st.floats(0.0, 130.0),
    pressure=st.floats(5e4, 2e5),
)
def test_any_gas_closes_with_a_load_left(mass, loading, celsius, pressure):
    unit = baghouse(
        outlet_loading=f"{loading} mg/Nm3",
        temperature=f"{celsius} degC",
        pressure=f"{pressure} Pa",
    )
    assert not unit.is_linear()
    check_unit(unit, SPECIES, {"gas": mass})


@pytest.mark.parametrize(
    "unit", [baghouse(), baghouse(collection_efficiency=0.99), baghouse(cloth_area="9 m^2")]
)
def test_zero_feed_gives_zero_and_figures(unit):
    check_zero_feed(unit, SPECIES)
    slate = Slate(SPECIES)
    flows = {name: flow_of(slate, {}) for name in ("gas", "dust", "cleaned")}
    p = unit.resolve(slate)
    assert all(np.isfinite(figure.value).all() for figure in unit.figures(flows, p))
    assert unit.warnings(flows, p) == []


@pytest.mark.parametrize("loading", ["5 mg/Nm3", "1 kg/Nm3", "1000 kg/Nm3"])
def test_derivative(loading):
    mass = np.linspace(1.0, 2.0, len(SPECIES))[:, None]
    check_derivative(baghouse(outlet_loading=loading), SPECIES, {"gas": mass})


def test_first_dust_in_a_clean_gas_passes():
    """The derivative where no dust comes: what comes first is below the load left."""
    slate, unit = Slate(SPECIES), baghouse()
    gas = flow_of(slate, {**NITROGEN, "SiO2": 1e-30j})
    made = unit.run(gas=gas, p=unit.resolve(slate))
    assert made["cleaned"].of("SiO2")[0] == 1e-30j
    assert made["dust"].of("SiO2")[0] == 0.0


def test_known_chain_of_condenser_bag_and_stack():
    """920 kg/h Sb as fume and 4 as dust: 896.28 in the hot collector, 27.5814 in the bags."""
    oxide = 291.518 / 243.52  # Sb2O3 per Sb
    plant = Flowsheet(
        species=["Sb2O3", "N2"],
        units={
            "roaster": Feed(
                outlet="off_gas",
                flow=f"{20000.0 + 924.0 * oxide} kg/h",
                composition={"Sb2O3": 924.0 * oxide / (20000.0 + 924.0 * oxide)},
                remainder="N2",
            ),
            "hot_collector": DustCollector(
                gas="off_gas",
                dust="condensed",
                cleaned="to_bags",
                collection_efficiency="97 %",
            ),
            "bags": Baghouse(
                gas="to_bags",
                dust="bag_dust",
                cleaned="to_stack",
                collection_efficiency="99.5 %",
                cloth="polyester",
                temperature="100 degC",
            ),
            "stack": Stack(gas="to_stack", emission="emission"),
        },
    )
    solution = solve(plant)
    for stream, kilograms in (("condensed", 896.28), ("bag_dust", 27.5814), ("emission", 0.1386)):
        antimony = solution[stream].element("Sb").to("kg/h").magnitude
        assert antimony == pytest.approx(kilograms, rel=2e-5), stream
    (emitted,) = (f for f in solution.figures("stack") if f.label == "Sb emitted")
    assert shown(emitted) == (0.1386, "kg/h")


@pytest.mark.parametrize("milligrams", [0.0, 3.0, 40.0])
def test_load_left_in_the_dry_gas(milligrams):
    unit = baghouse(outlet_loading=f"{milligrams} mg/Nm3")
    masses = {"Sb2O3": 12.0, "As2O3": 4.0, "SiO2": 4.0, "H2O(g)": 50.0}
    flows = filtered(unit, masses)
    left = flows["cleaned"].solids
    assert left.total()[0] * 1e6 / CUBIC_METRES == pytest.approx(milligrams, rel=1e-6)
    assert left.of("Sb2O3")[0] == pytest.approx(0.6 * left.total()[0])
    assert shown(told(unit, masses)["dust after, in the dry gas"])[0] == pytest.approx(milligrams)


def test_droplets_count_in_the_load_left():
    cleaned = filtered(baghouse(), {"SiO2": 6.0, "H2O": 4.0})["cleaned"]
    assert cleaned.of("SiO2", "H2O")[0] * 1e6 / CUBIC_METRES == pytest.approx(5.0, rel=1e-6)


def test_a_gas_cleaner_than_the_load_passes_as_it_is():
    flows = filtered(baghouse(), {"SiO2": 0.004})
    assert flows["dust"].total()[0] == 0.0
    np.testing.assert_array_equal(flows["cleaned"].mass, flows["gas"].mass)


def test_dust_without_gas_is_all_kept():
    slate = Slate(SPECIES)
    unit = baghouse()
    made = unit.run(gas=flow_of(slate, {"SiO2": 1.0}), p=unit.resolve(slate))
    assert made["dust"].total()[0] == 1.0


def test_vapours_pass_whatever_the_efficiency():
    flows = filtered(baghouse(collection_efficiency=1.0), {"As4O6(g)": 1.0, "SO2": 2.0})
    assert flows["dust"].total()[0] == 0.0


@pytest.mark.parametrize(
    ("celsius", "milligrams"), [(150, 480.0), (120, 57.0), (100, 11.0), (80, 2.0)]
)
def test_arsenic_held_as_vapour(celsius, milligrams):
    unit = baghouse(temperature=f"{celsius} degC", cloth="PTFE")
    held, shown_in = shown(told(unit, {})["As as vapour at saturation"])
    assert held == pytest.approx(milligrams, rel=0.15)
    assert shown_in == "mg/Nm3"


def test_oxide_vapour_carries_no_vapour():
    label = "As as vapour at saturation"
    thick = told(baghouse(), {"As4O6(g)": 2e4, "Sb4O6(g)": 2e4})[label].value[0]
    assert thick == pytest.approx(told(baghouse(), {})[label].value[0], rel=1e-12)


def test_arsenic_that_passes():
    """57 mg As/Nm3, as 4 As in 395.68 of vapour."""
    figures = told(baghouse(), {"As4O6(g)": CUBIC_METRES * 57e-6 * 395.68 / 299.69})
    assert shown(figures["As passing as vapour"]) == (pytest.approx(57.0, rel=1e-3), "mg/Nm3")


def test_cloth_for_a_gas():
    """1000 Nm3/s at 100 degC fill 1366.1 m3/s: at 0.9 m/min 91 075 m2."""
    figures = told(baghouse(), {})
    hot = CUBIC_METRES * 373.15 / 273.15
    assert shown(figures["gas at the bags"]) == (pytest.approx(hot * 3600.0, rel=1e-3), "m^3/h")
    area = shown(figures["cloth area"])
    assert area == (pytest.approx(hot * 60.0 / 0.9, rel=1e-3), "m^2")
    stated = told(baghouse(air_to_cloth_ratio="1.2 m/min"), {})
    assert shown(stated["cloth area"])[0] == pytest.approx(hot * 60.0 / 1.2, rel=1e-3)
    assert shown(stated["air-to-cloth ratio"])[0] == pytest.approx(1.2)
    given_area = told(baghouse(cloth_area="100000 m^2"), {})
    ratio = shown(given_area["air-to-cloth ratio"])
    assert ratio == (pytest.approx(hot * 60.0 / 1e5, rel=1e-3), "m/min")
    assert shown(given_area["cloth area"])[0] == 1e5


def test_water_vapour_takes_cloth_and_less_pressure_takes_more():
    dry = told(baghouse(), {})["cloth area"].value[0]
    wet = told(baghouse(), {"H2O(g)": CUBIC_METRES * NORMAL * 18.015e-3})["cloth area"].value[0]
    assert wet == pytest.approx(2.0 * dry, rel=1e-3)
    assert told(baghouse(pressure="50662.5 Pa"), {})["cloth area"].value[0] == pytest.approx(
        2 * dry
    )


def test_pressure_drop_of_a_cake():
    """Cooper and Alley: 5 g/m3 at 0.9 m/min for 60 min leave 270 g/m2 (quoted from memory)."""
    gas_at_bags = CUBIC_METRES * 373.15 / 273.15
    unit = baghouse(
        outlet_loading="0 mg/Nm3",
        air_to_cloth_ratio="0.9 m/min",
        cleaning_interval="60 min",
        residual_pressure_drop="300 Pa",
        cake_resistance="5e4 1/s",
    )
    masses = {"SiO2": gas_at_bags * 5e-3}
    drop = told(unit, masses)["pressure drop before cleaning"]
    assert shown(drop) == (pytest.approx(300.0 + 5e4 * 0.27 * 0.9 / 60.0, rel=1e-3), "Pa")
    power = told(unit, masses)["gas power, pressure drop times volume"]
    assert shown(power) == (pytest.approx(drop.value[0] * gas_at_bags / 1e3, rel=1e-3), "kW")


def test_pressure_drop_by_the_defaults():
    """10 kg/s of dust on 91 075 m2 for 15 min: 98.8 g/m2, times 2e5 1/s and 15 mm/s."""
    drop = told(baghouse(), {"Sb2O3": 10.0})["pressure drop before cleaning"]
    assert shown(drop) == (pytest.approx(1000.0 + 296.4, abs=1.0), "Pa")


def test_clean_gas_leaves_the_residual_drop():
    drop = told(baghouse(residual_pressure_drop="700 Pa"), {})["pressure drop before cleaning"]
    assert shown(drop) == (700.0, "Pa")


def test_what_leaves_is_as_warm_as_the_bags():
    unit = baghouse()
    warm = unit.temperatures({}, unit.resolve(Slate(SPECIES)))
    assert warm == {"dust": pytest.approx(373.15), "cleaned": pytest.approx(373.15)}


FUME = {"Sb2O3": 10.0}  # 10 g/Nm3


@pytest.mark.parametrize(
    ("changed", "masses", "message"),
    [
        (
            {"outlet_loading": "50 mg/Nm3"},
            {"SiO2": 0.02},
            r"nothing is collected: the gas carries 20 mg/Nm3 dust, not more than the 50 of",
        ),
        (
            {"outlet_loading": "0.1 mg/Nm3"},
            FUME,
            r"^0.1 mg/Nm3 dust left is less than bags leave \(1 to 10\); check the outlet_loading",
        ),
        (
            {"collection_efficiency": 1.0},
            FUME,
            r"^0 mg/Nm3 dust left .* check the collection_efficiency",
        ),
        (
            {"collection_efficiency": 0.99},
            FUME,
            r"^100 mg/Nm3 dust left is more than whole bags leave .* torn bags",
        ),
        (
            {},
            {**FUME, "As4O6(g)": 1.0},
            r"carries 757 mg As/Nm3 as vapour and holds 11.* at 100 degC; .* put a Condenser",
        ),
        (
            {"temperature": "120 degC"},
            {**FUME, "As4O6(g)": 0.05},
            r"^37.9 mg As/Nm3 passes the bags as vapour, of which the gas holds \d\d\.?\d? at 120",
        ),
        ({}, {**FUME, "H2O": 1.0}, "the gas carries liquid, which blinds bags"),
        (
            {"temperature": "40 degC"},
            {**FUME, "H2O(g)": 200.0},
            r"at 40 degC water condenses from the gas, whose dew point is 60 degC; keep it",
        ),
        (
            {},
            {**FUME, "H2O(g)": 50.0, "SO3": 0.1},
            r"at 100 degC sulphuric acid condenses .* acid dew point is 14\d degC; keep it warmer",
        ),
        (
            {"cloth_area": "10000 m^2", "cleaning_interval": "1 min"},
            FUME,
            r"air-to-cloth ratio of 8.2 m/min is outside the 0.3 to 2 of bags; add cloth",
        ),
        (
            {"cloth_area": "1 km^2"},
            FUME,
            r"air-to-cloth ratio of 0.082 m/min is outside the 0.3 to 2 of bags; take away cloth",
        ),
        (
            {"cleaning_interval": "5 hour"},
            FUME,
            r"pressure drop of 6,926 Pa is above the 3,000 that bags and fans bear; clean more",
        ),
    ],
)
def test_warnings(changed, masses, message):
    lines = warnings(baghouse(**changed), masses)
    assert len(lines) == 1, lines
    assert re.search(message, lines[0]), lines


@pytest.mark.parametrize(
    ("changed", "masses"),
    [
        ({}, FUME),
        ({"collection_efficiency": 0.999}, FUME),
        ({"temperature": "90 degC"}, {**FUME, "As4O6(g)": 0.001, "H2O(g)": 50.0}),
        ({"cloth": "PTFE", "temperature": "180 degC"}, {**FUME, "H2O(g)": 50.0, "SO3": 0.1}),
    ],
)
def test_no_warning(changed, masses):
    assert warnings(baghouse(**changed), masses) == []


@pytest.mark.parametrize(
    ("cloth", "bears"), [("polyester", 130), ("aramid", 200), ("PTFE", 250), ("glass", 260)]
)
def test_cloth_bears_its_temperature_and_no_more(cloth, bears):
    baghouse(cloth=cloth, temperature=f"{bears} degC")
    hot = f"temperature of {bears + 5} degC burns {cloth} bags, which bear {bears} degC; cool"
    with pytest.raises(InputError, match=hot):
        baghouse(cloth=cloth, temperature=f"{bears + 5} degC")


def test_cloth_that_would_bear_it_is_named():
    with pytest.raises(InputError, match=r"cool the gas, or take PTFE \(250\) or glass \(260\)$"):
        baghouse(temperature="210 degC")
    with pytest.raises(InputError, match=r"cool the gas$"):
        baghouse(temperature="300 degC")


def test_bags_that_become_too_hot_in_a_scenario_are_reported():
    unit, slate = baghouse(), Slate(SPECIES)
    p = unit.resolve(slate).replaced({"temperature": np.array([273.15 + 150.0])})
    lines = unit.warnings(filtered(unit, FUME), p)
    assert lines == [
        "150 degC burns polyester bags, which bear 130 degC; cool the gas, or take aramid (200) "
        "or PTFE (250) or glass (260)"
    ]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"outlet_loading": None}, "give collection_efficiency or outlet_loading, and not both"),
        (
            {"outlet_loading": "5 mg/Nm3", "collection_efficiency": 0.9},
            "give collection_efficiency or outlet_loading, and not both",
        ),
        (
            {"air_to_cloth_ratio": "1 m/min", "cloth_area": "100 m^2"},
            "give air_to_cloth_ratio or cloth_area, and not both",
        ),
        ({"cloth_area": "0 m^2"}, "cloth_area of 0 lets no gas through; give more"),
        ({"air_to_cloth_ratio": "0 m/min"}, "air_to_cloth_ratio of 0 lets no gas through"),
        ({"pressure": "0 Pa"}, "pressure of 0 lets no gas through"),
        ({"outlet_loading": "5 mg/m^3"}, r'outlet_loading: needs a unit of .* "10 mg/Nm3"'),
        ({"cloth": "wool"}, "cloth: must be 'polyester', 'aramid', 'PTFE' or 'glass'"),
    ],
)
def test_refused(changed, message):
    with pytest.raises(InputError, match=message):
        baghouse(**changed)


def test_loads_and_temperatures_may_differ_by_scenario():
    plant = Flowsheet(
        species=["Sb2O3", "N2", "As4O6(g)"],
        units={
            "cooler": Feed(
                outlet="fume", flow="10 t/h", composition={"Sb2O3": "3 %"}, remainder="N2"
            ),
            "bags": baghouse(gas="fume", dust="oxide"),
        },
    )
    many = scenarios(
        plant,
        {
            "bags.outlet_loading": ["5 mg/Nm3", "10 mg/Nm3"],
            "bags.temperature": ["100 degC", "120 degC"],
        },
    )
    left = many.flows["cleaned"][plant.slate.row("Sb2O3")]
    assert left[1] == pytest.approx(2.0 * left[0])
    p = (
        plant.units["bags"]
        .resolve(plant.slate)
        .replaced(
            {"temperature": np.array([373.15, 393.15]), "cloth_area": np.array([100.0, 200.0])}
        )
    )
    flows = {name: flow_of(plant.slate, {"N2": 1.0}, 2) for name in ("gas", "dust", "cleaned")}
    figures = {f.label: f.value for f in plant.units["bags"].figures(flows, p)}
    assert figures["As as vapour at saturation"][1] > 4.0 * figures["As as vapour at saturation"][0]
    assert figures["cloth area"].tolist() == [100.0, 200.0]
