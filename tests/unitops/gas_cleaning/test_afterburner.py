import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet import Flowsheet, Species, solve
from flowsheet.core.errors import InputError
from flowsheet.core.flow import flow_of
from flowsheet.core.slate import Slate
from tests.unitops.properties import check_derivative, check_unit, check_zero_feed, random_masses
from unitops.gas_cleaning.afterburner import AfterBurner
from unitops.streams.feed import Feed

SPECIES = [
    *("Sb2O3", "As2O3", "SiO2", "Sb2S3", "H2O", "C", "S", "As(aq)"),
    *("N2", "O2", "CO", "CO2", "SO2", "H2", "S2(g)", "H2O(g)", "Sb4O6(g)", "As4O6(g)"),
]
FURNACE_GAS = {"N2": 0.75, "CO2": 0.15, "CO": 0.1}


def burner(**given_parameters):
    return AfterBurner(
        **{
            "gas": "hot",
            "air": "air",
            "burnt": "burnt",
            "gas_temperature": "800 degC",
            "share_burnt": 1.0,
            **given_parameters,
        }
    )


def burn(unit, masses):
    slate = Slate(SPECIES)
    gas = flow_of(slate, masses)
    return {"gas": gas, **unit.run(gas=gas, p=unit.resolve(slate))}


def solved(unit, composition, species=()):
    plant = Flowsheet(
        species=[*dict.fromkeys(["N2", "O2", "CO", "CO2", *composition]), *species],
        units={
            "furnace": Feed(
                outlet="hot", flow="1 t/h", composition=composition, temperature="800 degC"
            ),
            "burner": unit,
        },
    )
    return solve(plant)


@given(
    mass=random_masses(len(SPECIES), 3),
    share=st.sampled_from([0.0, 0.7, 1.0]),
    excess=st.sampled_from([0.0, 0.3, 2.0]),
    oxygen=st.floats(0.05, 1.0),
)
def test_any_gas_closes(mass, share, excess, oxygen):
    unit = burner(share_burnt=share, excess_air=excess, oxygen_in_air=oxygen)
    check_unit(unit, SPECIES, {"gas": mass})


def test_zero_feed_gives_zero():
    check_zero_feed(burner(), SPECIES)


@pytest.mark.parametrize("oxygen", [0.01, 50.0])
def test_derivative(oxygen):
    mass = np.linspace(1.0, 2.0, len(SPECIES))[:, None]
    mass[SPECIES.index("O2")] = oxygen
    check_derivative(burner(), SPECIES, {"gas": mass})


@pytest.mark.parametrize(
    ("fuel", "molar_mass", "oxygen", "product", "product_mass"),
    [
        ("CO", 28.010, 0.5, "CO2", 44.009),
        ("C", 12.011, 1.0, "CO2", 44.009),
        ("S", 32.06, 1.0, "SO2", 64.058),
        ("S2(g)", 64.12, 2.0, "SO2", 2 * 64.058),
        ("H2", 2.016, 0.5, "H2O(g)", 18.015),
    ],
)
def test_each_fuel_takes_its_oxygen(fuel, molar_mass, oxygen, product, product_mass):
    flows = burn(burner(excess_air=0.2), {fuel: molar_mass})
    assert flows["burnt"].of(product)[0] == pytest.approx(product_mass, rel=1e-3)
    assert flows["burnt"].of(fuel)[0] == 0.0
    drawn = flows["air"].moles("O2")[0] / 1e3
    assert drawn == pytest.approx(1.2 * oxygen, rel=1e-3)
    assert flows["burnt"].moles("O2")[0] / 1e3 == pytest.approx(0.2 * oxygen, rel=1e-3)
    assert flows["air"].moles("N2")[0] / 1e3 == pytest.approx(drawn * 79.0 / 21.0)
    flows = burn(burner(share_burnt={fuel: 0.7, "others": 0.0}), {fuel: molar_mass, "N2": 1.0})
    assert flows["burnt"].of(fuel)[0] == pytest.approx(0.3 * molar_mass)
    assert flows["burnt"].of(product)[0] == pytest.approx(0.7 * product_mass, rel=1e-3)


def test_oxygen_in_the_gas_is_used_first():
    enough = burn(burner(excess_air=0.0), {"CO": 28.010, "O2": 20.0, "N2": 50.0})
    assert enough["air"].total()[0] == 0.0
    assert enough["burnt"].of("O2")[0] == pytest.approx(20.0 - 16.0, rel=1e-3)
    half = burn(burner(excess_air=0.0), {"CO": 28.010, "O2": 8.0, "N2": 50.0})
    assert half["air"].of("O2")[0] == pytest.approx(8.0, rel=1e-3)
    assert half["burnt"].of("O2")[0] == pytest.approx(0.0, abs=1e-12)


def test_oxides_and_dust_go_through():
    passing = {"Sb4O6(g)": 1.0, "As4O6(g)": 2.0, "As2O3": 3.0, "Sb2O3": 4.0, "Sb2S3": 5.0}
    flows = burn(burner(), {**passing, "CO": 10.0})
    for name, mass in passing.items():
        assert flows["burnt"].of(name)[0] == mass


def test_heat_of_combustion_and_no_heat_of_the_engine():
    solution = solved(burner(), FURNACE_GAS)
    found = {figure.label: figure.value[0] for figure in solution.figures("burner")}
    # 282.98 kJ/mol of CO (JANAF).
    released = 282.98e3 * 100.0 / 3600.0 / 28.010e-3
    assert found["heat of combustion"] == pytest.approx(released, rel=1e-3)
    assert abs(solution.heat("burner").magnitude) < 1e-6 * released / 1e3
    assert found["air drawn"] == pytest.approx(solution["air"].gas_flow("mol/s").magnitude)
    losing = solved(burner(heat_loss=0.1), FURNACE_GAS)
    assert losing.heat("burner").magnitude == pytest.approx(-0.1e-3 * released, rel=1e-3)
    assert losing["burnt"].temperature() < solution["burnt"].temperature()


def test_preheated_air_makes_the_gas_hotter():
    cold, warm = (
        solved(burner(), FURNACE_GAS),
        solved(burner(air_temperature="300 degC"), FURNACE_GAS),
    )
    assert warm["air"].temperature().magnitude == pytest.approx(300.0)
    assert abs(warm.heat("burner").magnitude) < 1e-6 * 282.98 * 100.0 / 3.6 / 28.010
    gained = warm["burnt"].sensible_heat() - cold["burnt"].sensible_heat()
    # 29.5 J/(mol K), air between 25 and 300 degC.
    brought = warm["air"].gas_flow("mol/s").magnitude * 29.5e-3 * 275.0
    assert gained.magnitude == pytest.approx(brought, rel=0.01)


def test_temperature_by_hand():
    # CO in twice its air from 25 degC gives CO2 + 0.5 O2 + 3.762 N2, which by JANAF take up 73.5,
    # 24.0 and 170.9 kJ to 1,700 K and 79.4, 25.8 and 184.3 to 1,800 K: 283 kJ reach 1,769 K.
    made_of = {"N2": 0.001, "CO": 0.999}
    cold = burner(excess_air=1.0, gas_temperature="25 degC")
    plant = Flowsheet(
        species=["N2", "O2", "CO", "CO2"],
        units={
            "furnace": Feed(outlet="hot", flow="1 t/h", composition=made_of),
            "burner": cold,
        },
    )
    kelvin = solve(plant)["burnt"].temperature("K").magnitude
    assert kelvin == pytest.approx(1769.0, abs=12.0)


def test_given_temperature():
    solution = solved(burner(temperature="1000 degC", gas_temperature=None), FURNACE_GAS)
    assert solution["burnt"].temperature().magnitude == pytest.approx(1000.0)
    assert solution.heat("burner").magnitude < 0.0  # what the walls take
    both = solved(burner(temperature="1000 degC"), FURNACE_GAS)
    assert both.heat("burner").magnitude == pytest.approx(solution.heat("burner").magnitude)


def test_gas_that_comes_at_another_temperature_is_told():
    solution = solved(burner(gas_temperature="700 degC"), FURNACE_GAS)
    assert "counts on gas at 700 degC, but hot arrives at 800 degC" in solution.warnings()[0]


def test_figures_of_what_is_left():
    solution = solved(burner(share_burnt=0.9), FURNACE_GAS)
    found = {figure.label: figure for figure in solution.figures("burner")}
    dry = solution["burnt"].gas_flow("mol/s").magnitude
    left = found["CO left in dry gas"]
    assert left.unit == "mg/Nm3"
    assert left.value[0] * dry == pytest.approx(10.0 / 3600.0)
    oxygen = found["O2 left, by volume of dry gas"].value[0] * dry
    used = 0.5 * 90.0 / 3600.0 / 28.010e-3
    assert oxygen == pytest.approx(0.3 * used, rel=1e-3)


def test_without_data_there_is_no_heat():
    xenon = Species("Xe", formula="Xe", phase="gas")
    slate = Slate(["N2", "O2", "CO", "CO2", xenon])
    unit = burner(temperature="900 degC")
    gas = flow_of(slate, {"CO": 1.0, "Xe": 1.0})
    p = unit.resolve(slate)
    flows = {"gas": gas, **unit.run(gas=gas, p=p)}
    labels = [figure.label for figure in unit.figures(flows, p)]
    assert "heat of combustion" not in labels
    assert len(labels) == 3


def warnings(composition, **given_parameters):
    return solved(burner(**given_parameters), composition).warnings()


def test_warnings():
    assert warnings(FURNACE_GAS) == []
    assert warnings({"N2": 1.0}) == [
        "burner: nothing to burn: the gas holds none of CO, C, S2(g), S, H2; leave this out"
    ]
    (cold,) = warnings(FURNACE_GAS, excess_air=8.0)
    assert "degC CO and carbon do not burn dependably (above about 650 degC)" in cold
    (hot,) = warnings({"N2": 0.85, "CO": 0.15}, excess_air=0.0)
    assert "degC is more than a chamber stands (up to about 1300 degC); draw more air" in hot
    assert solved(burner(temperature="700 degC"), FURNACE_GAS).warnings() == []
    unit, slate = burner(), Slate(SPECIES)
    empty = burn(unit, {})
    assert unit.warnings(empty, unit.resolve(slate)) == []


def test_senseless_parameters_are_refused():
    with pytest.raises(InputError, match=r"oxygen_in_air of 0 burns nothing; air has 0\.21"):
        burner(oxygen_in_air=0.0)
    with pytest.raises(InputError, match="neither temperature nor gas_temperature is given"):
        burner(gas_temperature=None)
    with pytest.raises(InputError, match=r"heat_loss of 0\.1 does not count where temperature"):
        burner(temperature="900 degC", heat_loss=0.1)
    with pytest.raises(InputError, match="O2"):
        Flowsheet(
            species=["N2", "CO"],
            units={
                "furnace": Feed(outlet="hot", flow="1 t/h", composition={"CO": 1.0}),
                "burner": burner(),
            },
        )
