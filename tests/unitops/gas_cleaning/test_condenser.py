import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet import Flowsheet, Species, solve
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow, flow_of
from flowsheet.core.slate import Slate
from tests.unitops.properties import (
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
)
from unitops.gas_cleaning.condensation_chamber import CondensationChamber
from unitops.gas_cleaning.condenser import Condenser
from unitops.gas_cleaning.dust_collector import DustCollector
from unitops.streams.feed import Feed

SPECIES = [
    *("Sb2O3", "As2O3", "SiO2", "Sb2S3", "H2O", "As(aq)"),
    *("N2", "O2", "SO2", "H2O(g)", "Sb4O6(g)", "As4O6(g)"),
]
NORMAL = 44.615  # mol/Nm3


def condenser(**given_parameters):
    return Condenser(
        **{"gas": "hot", "cooled": "cooled", "temperature": "400 degC", **given_parameters}
    )


def cool(unit, masses, slate=None):
    slate = slate or Slate(SPECIES)
    gas = flow_of(slate, masses)
    return {"gas": gas, **unit.run(gas=gas, p=unit.resolve(slate))}


def nitrogen(cubic_metres):
    """kg of N2 in that many Nm3."""
    return cubic_metres * NORMAL * 28.014e-3


def vapour_left(flows, symbol, cubic_metres):
    """mg/Nm3."""
    name = {"Sb": "Sb4O6(g)", "As": "As4O6(g)"}[symbol]
    return 1e6 * flows["cooled"].only(name).element(symbol)[0] / cubic_metres


@given(
    mass=random_masses(len(SPECIES), 3),
    celsius=st.floats(0.0, 655.0),
    mixed=st.floats(0.0, 1.0),
    pressure=st.floats(5e4, 2e5),
)
def test_any_gas_closes(mass, celsius, mixed, pressure):
    unit = condenser(
        temperature=f"{celsius} degC",
        arsenic_in_mixed_crystals=mixed,
        pressure=f"{pressure} Pa",
    )
    check_unit(unit, SPECIES, {"gas": mass})


def test_vapour_without_gas_closes():
    mass = np.zeros((len(SPECIES), 1))
    mass[-2:] = 1.0
    check_unit(condenser(temperature="650 degC"), SPECIES, {"gas": mass})


def test_zero_feed_gives_zero():
    check_zero_feed(condenser(), SPECIES)


@pytest.mark.parametrize("celsius", [60, 120, 400, 600])
def test_derivative(celsius):
    mass = np.linspace(1.0, 2.0, len(SPECIES))[:, None]
    check_derivative(condenser(temperature=f"{celsius} degC"), SPECIES, {"gas": mass})


@pytest.mark.parametrize(
    ("symbol", "celsius", "milligrams"),
    [
        ("Sb", 400, 18.0),
        ("Sb", 350, 1.0),
        ("As", 300, 7e5),
        ("As", 200, 9000.0),
        ("As", 150, 480.0),
        ("As", 120, 57.0),
        ("As", 100, 11.0),
        ("As", 80, 2.0),
    ],
)
def test_vapour_left_at_saturation(symbol, celsius, milligrams):
    unit = condenser(temperature=f"{celsius} degC")
    flows = cool(unit, {"N2": nitrogen(1000.0), "Sb4O6(g)": 50.0, "As4O6(g)": 1500.0})
    assert vapour_left(flows, symbol, 1000.0) == pytest.approx(milligrams, rel=0.15)


def test_below_300_degrees_no_antimony_is_left():
    flows = cool(condenser(temperature="300 degC"), {"N2": nitrogen(1.0), "Sb4O6(g)": 0.1})
    assert vapour_left(flows, "Sb", 1.0) < 0.04
    unit = condenser()
    told = unit.figures(flows, unit.resolve(flows["gas"].slate))
    assert [figure.label for figure in told] == [  # no surface without temperature of the gas
        "antimony vapour condensed",
        "antimony left as vapour in dry gas",
    ]
    assert told[0].value[0] == pytest.approx(1.0, abs=1e-6)
    assert told[1].unit == "mg/Nm3"
    assert told[1].value[0] * 1e6 * NORMAL == pytest.approx(vapour_left(flows, "Sb", 1.0), rel=1e-3)


def test_unsaturated_vapour_stays():
    masses = {"N2": nitrogen(1000.0), "Sb4O6(g)": 0.001, "As4O6(g)": 0.1}
    flows = cool(condenser(temperature="450 degC"), masses)
    np.testing.assert_allclose(flows["cooled"].mass, flows["gas"].mass)


def test_hot_collector_takes_antimony_and_a_fifth_of_the_arsenic():
    flows = cool(condenser(), {"N2": nitrogen(1000.0), "Sb4O6(g)": 50.0, "As4O6(g)": 5.0})
    assert flows["cooled"].of("Sb2O3")[0] == pytest.approx(50.0, rel=1e-3)
    assert flows["cooled"].of("As2O3")[0] == pytest.approx(1.0)
    assert flows["cooled"].of("As4O6(g)")[0] == pytest.approx(4.0)


def test_arsenic_condenses_with_antimony_only_mole_for_mole():
    scarce = cool(condenser(), {"N2": nitrogen(100.0), "Sb4O6(g)": 0.1, "As4O6(g)": 5.0})
    antimony = scarce["cooled"].moles("Sb2O3")[0]
    assert scarce["cooled"].moles("As2O3")[0] == pytest.approx(antimony)
    none = cool(condenser(), {"N2": nitrogen(100.0), "As4O6(g)": 5.0})
    assert none["cooled"].of("As2O3")[0] == 0.0


def test_cold_collector_takes_the_rest_of_the_arsenic():
    unit = condenser(temperature="90 degC", arsenic_in_mixed_crystals=0.0)
    flows = cool(unit, {"N2": nitrogen(1000.0), "As4O6(g)": 5.0, "H2O(g)": 1.0, "Sb2S3": 2.0})
    assert flows["cooled"].of("As2O3")[0] == pytest.approx(5.0, rel=2e-3)
    assert flows["cooled"].of("H2O(g)")[0] == 1.0
    assert flows["cooled"].of("Sb2S3")[0] == 2.0


def test_more_gas_holds_more_vapour():
    masses = {"Sb4O6(g)": 10.0, "As4O6(g)": 10.0}
    unit = condenser(temperature="150 degC", arsenic_in_mixed_crystals=0.0)
    little = cool(unit, {**masses, "N2": nitrogen(100.0)})["cooled"].of("As4O6(g)")[0]
    much = cool(unit, {**masses, "N2": nitrogen(300.0)})["cooled"].of("As4O6(g)")[0]
    assert much == pytest.approx(3.0 * little)


def test_vacuum_above_the_boiling_point_condenses_nothing():
    flows = cool(
        condenser(temperature="650 degC", pressure="500 Pa"),
        {"N2": nitrogen(1.0), "Sb4O6(g)": 1.0, "As4O6(g)": 1.0},
    )
    np.testing.assert_allclose(flows["cooled"].mass, flows["gas"].mass)


def test_a_slate_without_vapours_passes():
    slate = Slate(["N2", "SO2", "SiO2"])
    flows = cool(condenser(), {"N2": 1.0, "SiO2": 2.0}, slate)
    np.testing.assert_array_equal(flows["cooled"].mass, flows["gas"].mass)
    with pytest.raises(InputError, match="needs species 'Sb2O3'; add it"):
        cool(condenser(), {"N2": 1.0, "Sb4O6(g)": 2.0}, Slate(["N2", "Sb4O6(g)"]))


def told(masses, slate=None, **given_parameters):
    unit = condenser(**given_parameters)
    flows = cool(unit, masses, slate)
    return unit.warnings(flows, unit.resolve(flows["gas"].slate))


RICH = {"N2": nitrogen(100.0), "Sb4O6(g)": 5.0, "As4O6(g)": 5.0}


def test_warnings_of_the_oxides():
    assert told(RICH) == []
    assert told({"N2": 1.0}, temperature="100 degC", arsenic_in_mixed_crystals=0.6) == []
    assert told(RICH, arsenic_in_mixed_crystals=0.6) == [
        "arsenic_in_mixed_crystals of 0.6 is outside the known range 0.1 to 0.3"
    ]
    cold = told(RICH, temperature="100 degC")
    assert cold == [
        "arsenic left at 100 degC is uncertain by a factor of 3: its vapour pressure is "
        "extrapolated below 177 degC",
        "100% of the arsenic vapour condenses together with the antimony at 100 degC; collect the "
        "antimony at 350 to 400 degC first",
    ]
    assert len(told({**RICH, "Sb4O6(g)": 0.1}, temperature="100 degC")) == 1
    assert "extrapolated" in told(RICH, temperature="170 degC")[0]
    assert "extrapolated" not in "".join(told(RICH, temperature="185 degC"))
    lean = {"N2": nitrogen(100.0), "Sb4O6(g)": 0.0215}  # 180 mg Sb/Nm3, of which 18 stay
    (line,) = told(lean)
    assert "10% of the antimony vapour is left at 400 degC" in line
    assert told({**lean, "Sb4O6(g)": 0.06}) == []
    assert told({**RICH, "Sb4O6(g)": 0.02}, temperature="480 degC")[0] == (
        "100% of the antimony vapour is left at 480 degC; cool to 350 to 400 degC"
    )


def test_warnings_of_water_and_acid():
    slate = Slate([*SPECIES, "SO3"])
    # A tenth of the gas is water: dew point 46 degC by steam tables.
    moist = {"N2": 9.0 * 28.014, "H2O(g)": 18.015}
    (line,) = told(moist, temperature="40 degC")
    assert "at 40 degC water condenses from the gas, whose dew point is 46 degC" in line
    assert told(moist, temperature="50 degC") == []
    # 10 % water and 10 ppm SO3: 137 degC, Verhoff and Banchero.
    acid = {**moist, "SO3": 80.06e-4}
    (line,) = told(acid, slate, temperature="130 degC")
    assert "at 130 degC sulphuric acid condenses" in line
    assert told(acid, slate, temperature="145 degC") == []
    # 1,000 ppm SO2, of which one part in a hundred may be SO3.
    sulphurous = {**moist, "SO2": 64.06e-2}
    (line,) = told(sulphurous, slate, temperature="130 degC")
    assert "no SO3 is modelled; were 1% of the SO2 SO3, sulphuric acid would condense" in line
    assert "below 137 degC, and this gas has 130 degC" in line
    assert told(sulphurous, temperature="145 degC") == []
    assert len(told(sulphurous, temperature="40 degC")) == 1  # water alone
    assert len(told({**sulphurous, "SO3": 80.06e-4}, slate, temperature="130 degC")) == 1


@given(
    mass=random_masses(len(SPECIES), 1),
    cold=st.floats(0.0, 655.0),
    warmer=st.floats(0.0, 300.0),
    mixed=st.floats(0.0, 1.0),
)
def test_hotter_never_condenses_more(mass, cold, warmer, mixed):
    slate = Slate(SPECIES)

    def left(celsius):
        unit = condenser(temperature=f"{celsius} degC", arsenic_in_mixed_crystals=mixed)
        cooled = unit.run(gas=Flow(slate, mass), p=unit.resolve(slate))["cooled"]
        return cooled.of("Sb4O6(g)"), cooled.of("As4O6(g)")

    for less, more in zip(left(cold), left(min(cold + warmer, 655.0)), strict=True):
        assert np.all(more >= less * (1.0 - 1e-12) - 1e-15)


def plant_of(cooler, species=(), **composition):
    made_of = {"N2": 1.0, **composition}
    made_of["N2"] -= sum(composition.values())
    return Flowsheet(
        species=[*{**made_of, "Sb4O6(g)": 0.0, "As4O6(g)": 0.0}, "Sb2O3", "As2O3", *species],
        units={
            "furnace": Feed(
                outlet="hot", flow="10 t/h", composition=made_of, temperature="900 degC"
            ),
            "cooler": cooler,
        },
    )


def surface(**given_parameters):
    unit = condenser(gas_temperature="900 degC", **given_parameters)
    (found,) = [f for f in solve(plant_of(unit)).figures("cooler") if f.label == "cooling surface"]
    return found.value[0]


def test_cooling_surface_of_nitrogen():
    # JANAF: 27.21 and 11.12 kJ/mol over 25 degC at 900 and 400 degC.
    watts = 10e3 / 3.6 / 28.014 * (27.21 - 11.12) * 1e3
    mean = 500.0 / np.log(870.0 / 370.0)
    assert surface() == pytest.approx(watts / (15.0 * mean), rel=0.01)
    assert surface(heat_transfer_coefficient="30 W/m^2/K") == pytest.approx(0.5 * surface())
    boiler = 500.0 / np.log(700.0 / 200.0)
    assert surface(coolant_temperature="200 degC") == pytest.approx(surface() * mean / boiler)


def test_heat_is_that_of_cooling_and_condensation():
    dry = solve(plant_of(condenser())).heat("cooler").magnitude
    assert dry == pytest.approx(-10e3 / 3.6 / 28.014 * (27.21 - 11.12), rel=0.01)
    # 1 t/h of vapour: about 790 J/g released at 400 degC (Hincke: 198 kJ per mole of Sb4O6).
    unit = condenser(gas_temperature="900 degC")
    fuming = solve(plant_of(unit, **{"Sb4O6(g)": 0.1}))
    vapour = 1e3 / 3.6 / 583.04
    sensible = vapour * 0.22 * 500.0
    expected = 0.9 * dry - vapour * 198.0 - sensible
    assert fuming.heat("cooler").magnitude == pytest.approx(expected, rel=0.02)
    assert fuming["cooled"].temperature().magnitude == pytest.approx(400.0)
    # The surface takes exactly this heat.
    (area,) = [f.value[0] for f in fuming.figures("cooler") if f.label == "cooling surface"]
    given_off = area * 15.0 * 500.0 / np.log(870.0 / 370.0)
    assert given_off == pytest.approx(-1e3 * fuming.heat("cooler").magnitude)


def test_gas_that_comes_at_another_temperature_is_told():
    (line,) = solve(plant_of(condenser(gas_temperature="700 degC"))).warnings()
    assert "counts on gas at 700 degC, but hot arrives at 900 degC; set gas_temperature" in line


def test_without_data_there_is_no_surface():
    xenon = Species("Xe", formula="Xe", phase="gas")
    plant = plant_of(condenser(gas_temperature="900 degC"), [xenon])
    assert solve(plant).warnings() == []  # it does not flow
    made_of = {"N2": 0.9, "Xe": 0.1}
    slate = Slate([*SPECIES, xenon])
    (line,) = told(made_of, slate, gas_temperature="900 degC")
    assert line == "the cooling surface is not known: no thermochemical data of Xe"
    assert told(made_of, slate) == []
    unit = condenser(gas_temperature="900 degC")
    flows = cool(unit, made_of, slate)
    assert unit.figures(flows, unit.resolve(slate)) == []


def test_a_train_parts_antimony_from_arsenic():
    made_of = {"N2": 0.85, "SO2": 0.1, "Sb4O6(g)": 0.045, "As4O6(g)": 0.005}
    plant = Flowsheet(
        species=[*made_of, "Sb2O3", "As2O3"],
        units={
            "roaster": Feed(outlet="gas", flow="10 t/h", composition=made_of),
            "hot_cooler": Condenser(gas="gas", cooled="fume", temperature="370 degC"),
            "hot_collector": DustCollector(
                gas="fume", dust="oxide", cleaned="dedusted", collection_efficiency="99 %"
            ),
            "cold_cooler": Condenser(gas="dedusted", cooled="cold", temperature="90 degC"),
            "bag": DustCollector(gas="cold", dust="arsenic", cleaned="clean"),
        },
    )
    solution = solve(plant)

    def share(stream, symbol):
        return float(solution[stream].element(symbol) / solution["gas"].element(symbol))

    assert 0.98 <= share("oxide", "Sb") <= 0.995
    assert 0.1 <= share("oxide", "As") <= 0.3
    arriving = share("dedusted", "As")
    assert share("arsenic", "As") >= 0.98 * arriving
    assert share("clean", "As") < 0.01


@pytest.mark.parametrize("celsius", [-5, 700])
def test_temperatures_refused(celsius):
    with pytest.raises(InputError, match=f"temperature of {celsius} degC is outside 0 to 655 degC"):
        condenser(temperature=f"{celsius} degC")


def test_a_surface_without_a_difference_of_temperature_is_refused():
    with pytest.raises(InputError, match="gas_temperature of 400 degC is not above temperature, 4"):
        condenser(gas_temperature="400 degC")
    with pytest.raises(
        InputError, match="coolant_temperature of 450 degC cannot cool a gas to 400"
    ):
        condenser(gas_temperature="900 degC", coolant_temperature="450 degC")
    condenser(temperature="20 degC")  # no surface is asked for


def figures_of(masses, **given_parameters):
    unit = condenser(**given_parameters)
    flows = cool(unit, masses)
    return {f.label: f.value for f in unit.figures(flows, unit.resolve(flows["gas"].slate))}


def test_no_share_condensed_where_no_vapour_comes():
    assert figures_of({"N2": 1.0}) == {}
    assert list(figures_of({"N2": 1.0, "As4O6(g)": 1e-4})) == [
        "arsenic vapour condensed",
        "arsenic left as vapour in dry gas",
    ]


def test_no_load_where_less_than_anybody_measures_is_left():
    cold = figures_of(RICH, temperature="110 degC")
    assert "antimony left as vapour in dry gas" not in cold
    assert cold["antimony vapour condensed"][0] > 0.999999
    assert "arsenic left as vapour in dry gas" in cold
    # 1 mg/Nm3 of antimony, or a millionth of that, in a gas too warm to drop it.
    for milligrams, told_of in ((2e-6, True), (0.5e-6, False)):
        vapour = milligrams * 1e-6 / 44.615 * 583.04 / 487.04  # kg per mol of N2
        found = figures_of({"N2": 28.0134e-3, "Sb4O6(g)": vapour}, temperature="600 degC")
        assert ("antimony left as vapour in dry gas" in found) is told_of


@pytest.mark.parametrize(("kind", "ports"), [(Condenser, {}), (CondensationChamber, {"dust": "d"})])
def test_a_cooler_that_would_have_to_heat_is_told(kind, ports):
    for fed, lines in (("600 degC", 0), ("25 degC", 1)):
        units = {
            "furnace": Feed(outlet="hot", flow="1 t/h", composition={"N2": 1.0}, temperature=fed),
            "cooler": kind(gas="hot", cooled="cooled", temperature="400 degC", **ports),
        }
        found = solve(Flowsheet(species=["N2"], units=units)).warnings()
        assert len(found) == lines
        assert all("cooler: what enters is colder than it is said to leave" in f for f in found)
