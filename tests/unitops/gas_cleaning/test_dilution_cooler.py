import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet import Flowsheet, solve
from flowsheet.core.errors import InputError, SolveError
from flowsheet.core.flow import Flow, flow_of
from flowsheet.core.heat import enthalpy
from flowsheet.core.slate import Slate
from tests.unitops.properties import check_derivative, check_unit, check_zero_feed, random_masses
from unitops.gas_cleaning.condenser import Condenser
from unitops.gas_cleaning.dilution_cooler import DilutionCooler
from unitops.streams.feed import Feed
from unitops.streams.mixer import Mixer

SPECIES = [
    *("Sb2O3", "As2O3", "SiO2", "Sb2S3", "H2O"),
    *("N2", "O2", "SO2", "CO", "H2O(g)", "Sb4O6(g)", "As4O6(g)"),
]
FUMING = {"N2": 0.7, "SO2": 0.1, "Sb4O6(g)": 0.18, "As4O6(g)": 0.02}


def cooler(**given_parameters):
    return DilutionCooler(
        **{
            "gas": "hot",
            "air": "air",
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


def solved(unit, composition, extra=()):
    plant = Flowsheet(
        species=[*SPECIES, *extra],
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
    celsius=st.floats(60.0, 655.0),
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
    given_off = enthalpy(gas + made["air"], final) - enthalpy(made["cooled"], final)
    given_off += enthalpy(gas, hot) - enthalpy(gas, final)
    taken = enthalpy(made["air"], final) - enthalpy(made["air"], 298.15)
    np.testing.assert_allclose(taken, (1.0 - loss) * given_off, rtol=1e-9, atol=1e-9)


def test_zero_feed_gives_zero():
    check_zero_feed(cooler(), SPECIES)


@pytest.mark.parametrize("celsius", [60, 120, 400, 560])
def test_derivative(celsius):
    mass = np.linspace(1.0, 2.0, len(SPECIES))[:, None]
    check_derivative(cooler(temperature=f"{celsius} degC"), SPECIES, {"gas": mass})


def test_air_per_nitrogen_by_published_enthalpies():
    # JANAF, N2 over 25 degC: 27.21 kJ/mol at 900 and 11.12 at 400 degC; air without oxygen is N2.
    flows = cool(cooler(oxygen_in_air=0.0), {"N2": 2.0})
    assert flows["air"].of("N2")[0] / 2.0 == pytest.approx((27.21 - 11.12) / 11.12, rel=0.01)
    assert flows["air"].of("O2")[0] == 0.0


def test_mixing_the_air_gives_the_temperature_asked_for():
    dry = {"N2": 0.8, "SO2": 0.15, "SiO2": 0.05}
    air = solved(cooler(), dry)["air"]
    tonnes = air.mass_flow().to("t/h").magnitude
    oxygen = float(air.species("O2") / air.mass_flow())
    assert oxygen == pytest.approx(0.233, abs=5e-4)  # 21 % by volume
    plant = Flowsheet(
        species=SPECIES,
        units={
            "furnace": Feed(outlet="hot", flow="10 t/h", composition=dry, temperature="900 degC"),
            "fan": Feed(
                outlet="air",
                flow=f"{tonnes!r} t/h",
                composition={"O2": oxygen, "N2": 1.0 - oxygen},
            ),
            "duct": Mixer(feed=["hot", "air"], product="mixed"),
        },
    )
    assert solve(plant)["mixed"].temperature().magnitude == pytest.approx(400.0, abs=1e-3)


@pytest.mark.parametrize("celsius", [80, 150, 370, 500, 600, 640, 645, 650])
def test_the_engine_finds_no_heat_or_the_heat_lost(celsius):
    unit = {"temperature": f"{celsius} degC"}
    solution = solved(cooler(**unit), FUMING)
    walls = solved(Condenser(gas="hot", cooled="cooled", **unit), FUMING)
    exchanged = -walls.heat("cooler").magnitude
    assert abs(solution.heat("cooler").magnitude) < 1e-6 * exchanged
    warm = solved(cooler(air_temperature="60 degC", **unit), FUMING)
    assert warm["air"].temperature().magnitude == pytest.approx(60.0)
    assert warm["air"].mass_flow() > solution["air"].mass_flow()
    assert abs(warm.heat("cooler").magnitude) < 1e-6 * exchanged
    losing = solved(cooler(heat_loss=0.2, **unit), FUMING)
    air = losing["air"].mass_flow().to("kg/s").magnitude / 28.85
    taken = air * 29.5 * (celsius - 25.0)  # kW, by a mean heat capacity of air
    assert losing.heat("cooler").magnitude == pytest.approx(-0.25 * taken, rel=0.05)


@pytest.mark.parametrize("celsius", [255, 260, 262, 265])
def test_vapour_that_condenses_with_little_air_only(celsius):
    solution = solved(cooler(temperature=f"{celsius} degC"), {"N2": 0.5, "As4O6(g)": 0.5})
    assert abs(solution.heat("cooler").magnitude) < 1e-3


def test_air_holds_more_vapour_than_walls_leave():
    hot = cool(cooler(temperature="500 degC"), {"N2": 1.0, "Sb4O6(g)": 0.1})
    walls = Condenser(gas="hot", cooled="cooled", temperature="500 degC")
    alone = walls.run(gas=hot["gas"], p=walls.resolve(hot["gas"].slate))["cooled"]
    gas = (hot["gas"] + hot["air"]).dry_gas() / hot["gas"].dry_gas()
    left = hot["cooled"].of("Sb4O6(g)")[0]
    assert left == pytest.approx(alone.of("Sb4O6(g)")[0] * gas[0])
    assert left < 0.1


def test_all_heat_lost_is_a_cooler_with_walls():
    flows = cool(cooler(heat_loss=1.0), {"N2": 1.0, "Sb4O6(g)": 0.1, "As4O6(g)": 0.02})
    assert flows["air"].total()[0] == 0.0
    walls = Condenser(gas="hot", cooled="cooled", temperature="400 degC")
    alone = walls.run(gas=flows["gas"], p=walls.resolve(flows["gas"].slate))["cooled"]
    np.testing.assert_allclose(flows["cooled"].mass, alone.mass)


def test_a_colder_gas_draws_nothing_and_stays_as_it_is():
    unit = cooler()
    slate = Slate(SPECIES)
    p = unit.resolve(slate).replaced({"gas_temperature": np.array([500.0, 1173.15])})
    made = unit.run(gas=flow_of(slate, {"N2": 1.0}, 2), p=p)
    assert made["air"].total()[0] == 0.0 < made["air"].total()[1]
    np.testing.assert_allclose(unit.temperatures({}, p)["cooled"], [500.0, 673.15])


def test_figures():
    solution = solved(cooler(), {"N2": 0.85, "SO2": 0.15})
    found = {figure.label: figure for figure in solution.figures("cooler")}
    air, before, after = list(found.values())[:3]
    moles = 0.85 / 28.014 + 0.15 / 64.058
    strength = 0.15 / 64.058 / moles
    assert before.value[0] == pytest.approx(strength, rel=1e-4)
    fed = moles * 1e4 / 3.6
    assert after.value[0] == pytest.approx(strength * fed / (fed + air.value[0]), rel=1e-4)
    assert found["air drawn per dry gas, by volume"].value[0] == pytest.approx(
        air.value[0] / fed, rel=1e-4
    )
    assert air.unit == "Nm3/h"
    fuming = solved(cooler(), {"N2": 0.9, "Sb4O6(g)": 0.1}).figures("cooler")
    assert "antimony vapour condensed" in {figure.label for figure in fuming}


def test_warnings():
    assert solved(cooler(), {"N2": 0.97, "SO2": 0.03}).warnings() == []
    (weak,) = solved(cooler(), {"N2": 0.85, "SO2": 0.15}).warnings()
    assert "dilution takes the SO2 from 7.2% to" in weak
    assert "below the 3% of an acid plant; cool through walls or spray water" in weak
    (fire,) = solved(cooler(), {"N2": 0.95, "CO": 0.05}).warnings()
    assert "5.0% CO, hydrogen and sulphur in the gas would burn with the air" in fire
    calm = cooler(gas_temperature="500 degC")
    assert "burn" not in " ".join(solved(calm, {"N2": 0.95, "CO": 0.05}).warnings())
    (cold,) = solved(cooler(gas_temperature="700 degC"), {"N2": 1.0}).warnings()
    assert "counts on gas at 700 degC, but hot arrives at 900 degC" in cold


def test_senseless_temperatures_are_refused():
    with pytest.raises(InputError, match="temperature of 700 degC is outside 0 to 655 degC"):
        cooler(temperature="700 degC")
    with pytest.raises(InputError, match="gas_temperature of 300 degC is not above temperature"):
        cooler(gas_temperature="300 degC")
    with pytest.raises(InputError, match="air_temperature of 500 degC cannot cool a gas to 400"):
        cooler(air_temperature="500 degC")
    unit = cooler()
    slate = Slate(SPECIES)
    p = unit.resolve(slate).replaced({"air_temperature": np.array([300.0, 700.0])})
    with pytest.raises(InputError, match="what is drawn is as warm as the gas is to become"):
        unit.run(gas=flow_of(slate, {"N2": 1.0}, 2), p=p)


def test_air_must_be_on_the_slate():
    with pytest.raises((InputError, SolveError), match="O2"):
        Flowsheet(
            species=["N2"],
            units={
                "furnace": Feed(outlet="hot", flow="1 t/h", composition={"N2": 1.0}),
                "cooler": cooler(),
            },
        )


@pytest.mark.parametrize("parameter", ["temperature", "gas_temperature", "air_temperature"])
@pytest.mark.parametrize("kelvin", [400.0, 780.0])
def test_derivative_by_temperatures(parameter, kelvin):
    unit, slate = cooler(temperature=f"{kelvin} K"), Slate(SPECIES)
    gas = flow_of(slate, {"N2": 1.0, "Sb4O6(g)": 0.2, "As4O6(g)": 0.05})
    p = unit.resolve(slate)

    def air(change):
        values = {parameter: np.array([getattr(p, parameter) + change])}
        return unit.run(gas=gas, p=p.replaced(values))["air"].total()[0]

    slope = (air(1e-3) - air(-1e-3)) / 2e-3
    assert air(1e-30j).imag / 1e-30 == pytest.approx(slope, rel=1e-5)
