import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet import Flowsheet, solve
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow, flow_of
from flowsheet.core.heat import enthalpy
from flowsheet.core.slate import Slate
from tests.unitops.properties import check_derivative, check_unit, check_zero_feed, random_masses
from unitops.gas_cleaning.spray_cooler import SprayCooler
from unitops.streams.feed import Feed

SPECIES = [
    *("Sb2O3", "As2O3", "SiO2", "Sb2S3", "H2O"),
    *("N2", "O2", "SO2", "H2O(g)", "Sb4O6(g)", "As4O6(g)"),
]


def cooler(**given_parameters):
    return SprayCooler(
        **{
            "gas": "hot",
            "water": "water",
            "cooled": "cooled",
            "temperature": "400 degC",
            "gas_temperature": "900 degC",
            **given_parameters,
        }
    )


def cool(unit, masses):
    slate = Slate(SPECIES)
    gas = flow_of(slate, masses)
    return {"gas": gas, **unit.run(gas=gas, p=unit.resolve(slate))}


def solved(unit, composition):
    plant = Flowsheet(
        species=SPECIES,
        units={
            "furnace": Feed(
                outlet="hot", flow="10 t/h", composition=composition, temperature="900 degC"
            ),
            "cooler": unit,
        },
    )
    return solve(plant)


@given(
    mass=random_masses(len(SPECIES), 3),
    celsius=st.floats(30.0, 655.0),
    hotter=st.floats(30.0, 700.0),
    loss=st.sampled_from([0.0, 0.15, 1.0]),
    mixed=st.floats(0.0, 1.0),
    pressure=st.floats(5e4, 2e5),
)
def test_any_gas_closes_in_elements_and_heat(*, mass, celsius, hotter, loss, mixed, pressure):
    unit = cooler(
        temperature=f"{celsius} degC",
        gas_temperature=f"{celsius + hotter} degC",
        heat_loss=loss,
        arsenic_in_mixed_crystals=mixed,
        pressure=f"{pressure} Pa",
    )
    check_unit(unit, SPECIES, {"gas": mass})
    slate = Slate(SPECIES)
    gas = Flow(slate, mass)
    made = unit.run(gas=gas, p=unit.resolve(slate))
    final, hot = celsius + 273.15, celsius + hotter + 273.15
    moles = made["water"].moles("H2O")
    steam = flow_of(slate, {"H2O(g)": moles * 18.01528e-3})
    steam = steam * (made["water"].total() / np.maximum(steam.total(), 1e-300))
    taken = enthalpy(steam, final) - enthalpy(made["water"], 298.15)
    given_off = enthalpy(gas, hot) - enthalpy(made["cooled"] - steam, final)
    np.testing.assert_allclose(taken, (1.0 - loss) * given_off, rtol=1e-6, atol=1e-6)


def test_zero_feed_gives_zero():
    check_zero_feed(cooler(), SPECIES)


@pytest.mark.parametrize("celsius", [60, 120, 400, 560])
def test_derivative(celsius):
    mass = np.linspace(1.0, 2.0, len(SPECIES))[:, None]
    check_derivative(cooler(temperature=f"{celsius} degC"), SPECIES, {"gas": mass})


def test_water_per_nitrogen_by_steam_tables():
    # 3,278 kJ/kg of steam at 400 degC and 1 bar, 105 of water at 25; N2 by JANAF as for air.
    flows = cool(cooler(), {"N2": 28.014})
    heat = (27.21 - 11.12) * 1e3
    assert flows["water"].of("H2O")[0] == pytest.approx(heat / (3278.0 - 104.9), rel=0.01)
    assert flows["cooled"].of("H2O(g)")[0] == pytest.approx(flows["water"].total()[0])
    warm = cool(cooler(water_temperature="80 degC"), {"N2": 28.014})
    assert warm["water"].of("H2O")[0] == pytest.approx(heat / (3278.0 - 335.0), rel=0.01)


@pytest.mark.parametrize("celsius", [120, 200, 370, 500, 600])
def test_the_engine_finds_no_heat_or_the_heat_lost(celsius):
    fuming = {"N2": 0.8, "Sb4O6(g)": 0.18, "As4O6(g)": 0.02}
    solution = solved(cooler(temperature=f"{celsius} degC"), fuming)
    water = solution["water"].mass_flow().to("kg/s").magnitude
    exchanged = water * (2545.0 + 1.95 * (celsius - 25.0) - 105.0)  # kW, steam tables
    assert abs(solution.heat("cooler").magnitude) < 1e-6 * exchanged
    warm = solved(cooler(temperature=f"{celsius} degC", water_temperature="80 degC"), fuming)
    assert warm["water"].temperature().magnitude == pytest.approx(80.0)
    assert abs(warm.heat("cooler").magnitude) < 1e-6 * exchanged
    losing = solved(cooler(temperature=f"{celsius} degC", heat_loss=0.2), fuming)
    drawn = losing["water"].mass_flow().to("kg/s").magnitude
    assert drawn < water
    lost = 0.25 * exchanged * drawn / water
    assert losing.heat("cooler").magnitude == pytest.approx(-lost, rel=0.02)


def test_a_colder_gas_draws_nothing_and_stays_as_it_is():
    unit = cooler()
    slate = Slate(SPECIES)
    p = unit.resolve(slate).replaced({"gas_temperature": np.array([500.0, 1173.15])})
    made = unit.run(gas=flow_of(slate, {"N2": 1.0}, 2), p=p)
    assert made["water"].total()[0] == 0.0 < made["water"].total()[1]
    np.testing.assert_allclose(unit.temperatures({}, p)["cooled"], [500.0, 673.15])


def test_figures():
    solution = solved(cooler(), {"N2": 0.8, "SO2": 0.15, "H2O(g)": 0.05})
    found = {figure.label: figure for figure in solution.figures("cooler")}
    water = found["water drawn"].value[0]
    assert water == pytest.approx(solution["water"].mass_flow().to("kg/s").magnitude)
    moles = 0.8 / 28.014 + 0.15 / 64.058 + 0.05 / 18.015
    fed = moles * 1e4 / 3.6
    drawn = water / 18.015e-3
    moisture = 0.05 / 18.015 / moles
    assert found["moisture before, by volume"].value[0] == pytest.approx(moisture, rel=1e-4)
    assert found["moisture after, by volume"].value[0] == pytest.approx(
        (moisture * fed + drawn) / (fed + drawn), rel=1e-4
    )
    strength = 0.15 / 64.058 / moles
    assert found["SO2 before, by volume of wet gas"].value[0] == pytest.approx(strength, rel=1e-4)
    assert found["SO2 after, by volume of wet gas"].value[0] == pytest.approx(
        strength * fed / (fed + drawn), rel=1e-4
    )
    assert not any("vapour" in label for label in found)
    fuming = solved(cooler(), {"N2": 0.8, "Sb4O6(g)": 0.18, "As4O6(g)": 0.02}).figures("cooler")
    assert "arsenic vapour condensed" in {figure.label for figure in fuming}


DRY = {"N2": 1.0}


def refusals(unit, composition):
    flows = cool(unit, composition)
    return unit.refusals(flows, unit.resolve(flows["gas"].slate))


def test_beyond_saturation_is_refused_once_solved():
    # Dry nitrogen of 900 degC is saturated at about 71 degC (by psychrometric charts, roughly).
    text = (
        r"^cooler: temperature of 60 degC cannot be reached by evaporation: the gas would hold "
        r"\d\d% water by volume and can hold 20%; this gas is saturated near (69|7\d) degC, stay "
        r"above that or use a WetScrubber$"
    )
    with pytest.raises(InputError, match=text):
        solved(cooler(temperature="60 degC"), DRY)
    assert refusals(cooler(temperature="85 degC"), DRY) == [""]
    (line,) = refusals(cooler(temperature="85 degC", pressure="2 bar"), DRY)
    assert line.startswith("temperature of 85 degC cannot be reached by evaporation")
    # Nothing is drawn into a gas that loses all its heat, however moist it comes.
    assert refusals(cooler(temperature="60 degC", heat_loss=1.0), {"N2": 0.6, "H2O(g)": 0.4}) == [
        ""
    ]
    assert refusals(cooler(temperature="60 degC"), {}) == [""]


def test_every_scenario_is_judged_by_itself():
    unit, slate = cooler(), Slate(SPECIES)
    p = unit.resolve(slate).replaced({"temperature": np.array([333.15, 673.15, 328.15])})
    gas = flow_of(slate, {"N2": np.array([1.0, 1.0, 0.0])})
    flows = {"gas": gas, **unit.run(gas=gas, p=p)}
    lines = unit.refusals(flows, p)
    assert lines[0].startswith("temperature of 60 degC cannot be reached")
    assert lines[1:] == ["", ""]


def test_warnings():
    assert solved(cooler(), DRY).warnings() == []
    (near,) = solved(cooler(temperature="85 degC"), DRY).warnings()
    assert "85 degC is only" in near
    assert "above the dew point of water in this gas, 7" in near
    assert "keep 25 K before bags" in near
    flows = cool(cooler(temperature="60 degC"), DRY)
    below = cooler().warnings(flows, cooler(temperature="60 degC").resolve(Slate(SPECIES)))
    assert len(below) == 1
    assert "at 60 degC water condenses from the gas" in below[0]
    assert solved(cooler(temperature="110 degC"), DRY).warnings() == []
    acid = solved(cooler(temperature="130 degC"), {"N2": 0.9, "SO2": 0.1}).warnings()
    assert "no SO3 is modelled" in acid[0]


def test_senseless_temperatures_are_refused():
    with pytest.raises(InputError, match="temperature of 700 degC is outside 0 to 655 degC"):
        cooler(temperature="700 degC")
    with pytest.raises(InputError, match="gas_temperature of 300 degC is not above temperature"):
        cooler(gas_temperature="300 degC")
    for celsius in (-5, 105):
        message = f"water_temperature of {celsius} degC is outside 0 to 100 degC"
        with pytest.raises(InputError, match=message):
            cooler(water_temperature=f"{celsius} degC")


def test_water_must_be_on_the_slate():
    with pytest.raises(InputError, match="H2O"):
        Flowsheet(
            species=["N2"],
            units={
                "furnace": Feed(outlet="hot", flow="1 t/h", composition={"N2": 1.0}),
                "cooler": cooler(),
            },
        )
