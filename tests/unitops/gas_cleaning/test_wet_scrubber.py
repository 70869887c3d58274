import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from flowsheet.core.flow import flow_of
from flowsheet.core.slate import Slate
from tests.unitops.properties import (
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
)
from unitops.gas_cleaning.wet_scrubber import WetScrubber

SPECIES = [
    *("CaCO3", "CaO", "Ca(OH)2", "Na2CO3", "NaOH", "CaSO4·2H2O", "CaSO3·0.5H2O"),
    *("Sb2O3", "As2O3", "SiO2", "H2O", "H2SO4", "Na2SO3(aq)", "Na2SO4(aq)"),
    *("N2", "O2", "CO2", "SO2", "SO3", "H2O(g)", "Sb4O6(g)", "As4O6(g)"),
]
BASE = {
    "limestone": "CaCO3",
    "lime": "CaO",
    "slaked_lime": "Ca(OH)2",
    "soda": "Na2CO3",
    "caustic": "NaOH",
}
KINDS = sorted(BASE)
CALCIUM = ["limestone", "lime", "slaked_lime"]
NM3 = 44.615  # mol
STAYS_DRY = (
    "neither gas_temperature nor evaporated_water is given: no water evaporates, and the gas "
    "leaves as dry as it comes and is not cooled by it; give gas_temperature, or "
    'evaporated_water of "0 g/Nm3" for a gas that comes saturated'
)


def scrubber(**given_parameters):
    known = {"efficiency", "transfer_units", "liquid_to_gas"} & set(given_parameters)
    return WetScrubber(
        **{
            "gas": "gas",
            "reagent": "reagent",
            "oxidation_air": "air",
            "water": "water",
            "cleaned": "cleaned",
            "effluent": "effluent",
            "reagent_kind": "limestone",
            **({} if known else {"efficiency": 0.95}),
            **given_parameters,
        }
    )


def scrub(unit, masses, slate=None):
    slate = slate or Slate(SPECIES)
    gas = flow_of(slate, masses)
    return {"gas": gas, **unit.run(gas=gas, p=unit.resolve(slate))}


def removed(flows):
    return 1.0 - flows["cleaned"].of("SO2")[0] / flows["gas"].of("SO2")[0]


def told(unit, flows):
    found = unit.figures(flows, unit.resolve(flows["gas"].slate))
    return {figure.label: float(np.ravel(figure.value)[0]) for figure in found}


def warnings(unit, flows):
    """What is told beside that the gas stays dry, which most scrubbers here leave it."""
    return [line for line in all_warnings(unit, flows) if line != STAYS_DRY]


def all_warnings(unit, flows):
    return list(unit.warnings(flows, unit.resolve(flows["gas"].slate)))


WATER = st.one_of(
    st.just({}),
    st.floats(200.0, 1500.0).map(lambda kelvin: {"gas_temperature": f"{kelvin} K"}),
    st.floats(0.0, 500.0).map(lambda grams: {"evaporated_water": f"{grams} g/Nm3"}),
)


@given(
    mass=random_masses(len(SPECIES), 2),
    kind=st.sampled_from(KINDS),
    forced=st.sampled_from([None, True, False]),
    efficiency=st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0.0, 1.0)),
    excess=st.one_of(st.none(), st.floats(1.0, 2.0)),
    air=st.floats(1.0, 5.0),
    solids=st.one_of(st.none(), st.floats(0.05, 1.0)),
    washed=st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 1.0)),
    water=WATER,
)
def test_any_gas_closes(*, mass, kind, forced, efficiency, excess, air, solids, washed, water):
    unit = scrubber(
        reagent_kind=kind,
        forced_oxidation=forced,
        efficiency=efficiency,
        stoichiometric_ratio=excess,
        oxidation_air_ratio=air,
        percent_solids=solids,
        dust_efficiency=washed[0],
        vapour_efficiency=washed[1],
        sulphur_trioxide_efficiency=washed[2],
        **water,
    )
    check_unit(unit, SPECIES, {"gas": mass})


@pytest.mark.parametrize("water", [{}, {"gas_temperature": "150 degC"}])
@pytest.mark.parametrize("kind", KINDS)
def test_zero_feed_gives_zero(kind, water):
    check_zero_feed(scrubber(reagent_kind=kind, **water), SPECIES)


@pytest.mark.parametrize("water", [{}, {"gas_temperature": "400 degC"}])
@pytest.mark.parametrize("kind", KINDS)
def test_derivative(kind, water):
    mass = np.linspace(1.0, 2.0, len(SPECIES))[:, None]
    check_derivative(scrubber(reagent_kind=kind, **water), SPECIES, {"gas": mass})


def test_only_saturation_is_not_linear():
    assert scrubber().is_linear()
    assert scrubber(evaporated_water="80 g/Nm3").is_linear()
    assert not scrubber(gas_temperature="150 degC").is_linear()


@pytest.mark.parametrize(
    ("kind", "tonnes"),
    [
        ("limestone", 1.562),
        ("lime", 0.875),
        ("slaked_lime", 1.156),
        ("soda", 1.654),
        ("caustic", 1.249),
    ],
)
def test_reagent_per_tonne_of_sulphur_dioxide(kind, tonnes):
    unit = scrubber(reagent_kind=kind, stoichiometric_ratio=1.0)
    flows = scrub(unit, {"SO2": 2.0, "N2": 50.0})
    taken = 0.95 * 2.0
    assert flows["reagent"].total()[0] / taken == pytest.approx(tonnes, abs=0.001)
    assert flows["reagent"].of(BASE[kind])[0] == flows["reagent"].total()[0]
    assert told(unit, flows)["reagent per SO2 removed"] == pytest.approx(tonnes, abs=0.001)
    assert told(unit, flows)[BASE[kind]] == flows["reagent"].total()[0]
    for base in BASE.values():
        assert flows["effluent"].of(base)[0] == 0.0


@pytest.mark.parametrize("kind", CALCIUM)
def test_gypsum_and_sulphite_per_tonne_of_sulphur_dioxide(kind):
    unit = scrubber(reagent_kind=kind)
    flows = scrub(unit, {"SO2": 1.0})
    assert flows["effluent"].of("CaSO4·2H2O")[0] / 0.95 == pytest.approx(2.687, abs=0.001)
    assert told(unit, flows)["gypsum"] / 0.95 == pytest.approx(2.687, abs=0.001)
    unit = scrubber(reagent_kind=kind, forced_oxidation=False)
    flows = scrub(unit, {"SO2": 1.0})
    assert flows["effluent"].of("CaSO3·0.5H2O")[0] / 0.95 == pytest.approx(2.016, abs=0.001)
    assert told(unit, flows)["calcium sulphite"] / 0.95 == pytest.approx(2.016, abs=0.001)
    assert flows["oxidation_air"].total()[0] == 0.0


@pytest.mark.parametrize("kind", ["soda", "caustic"])
def test_sodium_makes_a_sulphite_liquor_without_air(kind):
    unit = scrubber(reagent_kind=kind, stoichiometric_ratio=1.0)
    flows = scrub(unit, {"SO2": 1.0, "N2": 10.0})
    assert flows["effluent"].solids.total()[0] == 0.0
    assert flows["effluent"].of("Na2SO3(aq)")[0] == pytest.approx(0.95 * 126.04 / 64.06, rel=1e-3)
    assert told(unit, flows)["sodium sulphite"] == flows["effluent"].of("Na2SO3(aq)")[0]
    assert flows["oxidation_air"].total()[0] == 0.0
    oxidised = scrub(scrubber(reagent_kind=kind, forced_oxidation=True), {"SO2": 1.0})
    assert oxidised["effluent"].of("Na2SO4(aq)")[0] == pytest.approx(
        0.95 * 142.04 / 64.06, rel=1e-3
    )


@pytest.mark.parametrize(
    ("kind", "gives_off"),
    [("limestone", 1.0), ("soda", 1.0), ("lime", 0.0), ("slaked_lime", 0.0), ("caustic", 0.0)],
)
def test_carbonates_give_off_their_carbon_dioxide(kind, gives_off):
    flows = scrub(scrubber(reagent_kind=kind), {"SO2": 1.0, "N2": 10.0})
    assert flows["cleaned"].moles("CO2")[0] == pytest.approx(gives_off * 0.95 / 64.06e-3, rel=1e-3)


@pytest.mark.parametrize(
    ("efficiency", "units"),
    [(0.90, 2.30), (0.95, 3.00), (0.98, 3.91), (0.99, 4.61), (0.995, 5.30)],
)
def test_transfer_units(efficiency, units):
    flows = scrub(scrubber(transfer_units=units), {"SO2": 1.0, "N2": 10.0})
    assert removed(flows) == pytest.approx(efficiency, abs=0.0005)
    given_efficiency = scrubber(efficiency=efficiency)
    flows = scrub(given_efficiency, {"SO2": 1.0, "N2": 10.0})
    assert told(given_efficiency, flows)["transfer units"] == pytest.approx(units, abs=0.005)


@pytest.mark.parametrize(("litres", "efficiency"), [(8, 0.85), (10, 0.90), (14, 0.95), (18, 0.98)])
def test_liquid_to_gas(litres, efficiency):
    unit = scrubber(liquid_to_gas=f"{litres} L/m^3")
    flows = scrub(unit, {"SO2": 1.0, "N2": 1e4})
    assert removed(flows) == pytest.approx(efficiency, abs=0.012)
    assert told(unit, flows)["liquid to gas, each stage"] == pytest.approx(litres / 1000.0)
    assert warnings(unit, flows) == []


@pytest.mark.parametrize("kind", KINDS)
def test_soda_takes_less_liquid_than_lime_and_lime_than_limestone(kind):
    flows = scrub(scrubber(reagent_kind=kind, liquid_to_gas="3 L/m^3"), {"SO2": 1.0, "N2": 1e4})
    low, high = {"limestone": (0.4, 0.6), "soda": (0.95, 0.995), "caustic": (0.95, 0.995)}.get(
        kind, (0.6, 0.8)
    )
    assert low < removed(flows) < high


def test_the_law_can_be_fitted():
    flows = scrub(
        scrubber(liquid_to_gas="5 L/m^3", transfer_coefficient=0.6, transfer_exponent=1.0),
        {"SO2": 1.0},
    )
    assert removed(flows) == pytest.approx(0.950, abs=0.0003)  # 3.0 transfer units


@pytest.mark.parametrize("how", [{"transfer_units": 2.3026}, {"liquid_to_gas": "10.137 L/m^3"}])
def test_two_stages_of_90_percent_take_99(how):
    one, two = scrubber(**how), scrubber(**how, stages=2)
    assert removed(scrub(one, {"SO2": 1.0, "N2": 1e4})) == pytest.approx(0.90, abs=1e-4)
    flows = scrub(two, {"SO2": 1.0, "N2": 1e4})
    assert removed(flows) == pytest.approx(0.99, abs=1e-4)
    assert told(two, flows)["liquid to gas, each stage"] == pytest.approx(10.137e-3, rel=1e-3)
    volume = flows["cleaned"].gas.dry_gas()[0] / NM3
    assert told(two, flows)["circulation, all stages"] == pytest.approx(
        2 * 10.137e-3 * volume, rel=1e-3
    )


def test_steam_counts_in_the_gas_that_the_liquid_meets():
    unit = scrubber(liquid_to_gas="10 L/m^3", gas_temperature="300 degC")
    flows = scrub(unit, {"SO2": 1.0, "N2": 100.0})
    cleaned = flows["cleaned"]
    assert cleaned.moles("H2O(g)")[0] > 0.1 * cleaned.dry_gas()[0]
    wet = (cleaned.dry_gas() + cleaned.moles("H2O(g)"))[0] / NM3
    assert told(unit, flows)["circulation, all stages"] == pytest.approx(0.010 * wet)


def test_stages_beside_an_efficiency_change_no_flow():
    one, two = scrubber(efficiency=0.95), scrubber(efficiency=0.95, stages=2)
    gas = {"SO2": 1.0, "N2": 100.0}
    for port, flow in scrub(one, gas).items():
        np.testing.assert_array_equal(scrub(two, gas)[port].mass, flow.mass)
    figures = [told(unit, scrub(unit, gas))["liquid to gas, each stage"] for unit in (one, two)]
    assert figures[0] / figures[1] == pytest.approx(2.0 ** (1.0 / 0.88))


def test_no_transfer_removes_and_draws_nothing():
    flows = scrub(scrubber(transfer_units=0.0), {"SO2": 1.0, "N2": 10.0})
    assert flows["cleaned"].of("SO2")[0] == 1.0
    for port in ("reagent", "oxidation_air", "water", "effluent"):
        assert flows[port].total()[0] == 0.0


def test_excess_reagent_and_moisture_leave_with_the_effluent():
    unit = scrubber(stoichiometric_ratio=1.05, percent_solids="88 %")
    flows = scrub(unit, {"SO2": 1.0, "N2": 10.0, "SiO2": 0.2})
    effluent = flows["effluent"]
    assert effluent.of("CaCO3")[0] == pytest.approx(flows["reagent"].total()[0] * 0.05 / 1.05)
    assert effluent.of("H2O")[0] / effluent.total()[0] == pytest.approx(0.12)
    assert effluent.of("SiO2")[0] == pytest.approx(0.18)
    assert flows["cleaned"].of("SiO2")[0] == pytest.approx(0.02)
    assert told(unit, flows)["effluent, wet"] == effluent.total()[0]


@pytest.mark.parametrize(
    ("kind", "ratio", "solids"),
    [
        ("limestone", 1.04, 0.9),
        ("lime", 1.03, 0.9),
        ("slaked_lime", 1.03, 0.9),
        ("soda", 1.02, 0.15),
        ("caustic", 1.02, 0.15),
    ],
)
def test_defaults_follow_the_reagent(kind, ratio, solids):
    gas = {"SO2": 1.0, "N2": 1e4}
    default = scrub(scrubber(reagent_kind=kind), gas)
    exact = scrub(scrubber(reagent_kind=kind, stoichiometric_ratio=1.0), gas)
    assert default["reagent"].total()[0] == pytest.approx(ratio * exact["reagent"].total()[0])
    dry = exact["effluent"].without("H2O").total()[0] / exact["effluent"].total()[0]
    released = 0.95 * 18.015 / 64.06 if kind == "caustic" else 0.0
    if not released:
        assert dry == pytest.approx(solids)
    assert warnings(scrubber(reagent_kind=kind), default) == []


def test_spare_lime_leaves_slaked():
    flows = scrub(scrubber(reagent_kind="lime", stoichiometric_ratio=1.5), {"SO2": 1.0})
    assert flows["effluent"].of("CaO")[0] == 0.0
    spare = 0.5 * 0.95 / 64.06e-3
    assert flows["effluent"].moles("Ca(OH)2")[0] == pytest.approx(spare, rel=1e-4)
    # 2 mol water for each gypsum, 1 for each lime that is slaked, and the moisture of the cake
    water = 2 * 0.95 / 64.06e-3 + spare
    assert flows["water"].total()[0] - flows["effluent"].of("H2O")[0] == pytest.approx(
        water * 18.015e-3, rel=1e-3
    )


def test_oxidation_air_brings_spare_oxygen_to_the_gas():
    flows = scrub(scrubber(oxidation_air_ratio=3.0), {"SO2": 1.0, "O2": 0.5})
    needed = 0.5 * 0.95 / 64.06e-3
    assert flows["oxidation_air"].moles("O2")[0] == pytest.approx(3.0 * needed, rel=1e-4)
    assert flows["cleaned"].moles("O2")[0] == pytest.approx(
        2.0 * needed + 0.5 / 31.998e-3, rel=1e-4
    )
    assert flows["oxidation_air"].moles("N2")[0] == pytest.approx(3.0 * needed * 79 / 21, rel=1e-4)
    assert flows["cleaned"].of("N2")[0] == flows["oxidation_air"].of("N2")[0]


def test_vapours_are_washed_out_as_solids_and_arsenic_is_told():
    unit = scrubber()
    flows = scrub(unit, {"As4O6(g)": 1.0, "Sb4O6(g)": 2.0, "N2": 10.0})
    assert flows["effluent"].of("As2O3")[0] == pytest.approx(0.95)
    assert flows["effluent"].of("Sb2O3")[0] == pytest.approx(1.9)
    assert flows["cleaned"].of("As4O6(g)")[0] == pytest.approx(0.05)
    arsenic = 0.95 * 2 * 74.92 / 197.84
    assert told(unit, flows)["As in the effluent"] == pytest.approx(
        arsenic / flows["effluent"].total()[0], rel=1e-3
    )


@pytest.mark.parametrize("kind", KINDS)
def test_trioxide_is_neutralised_to_sulphate_in_part(kind):
    unit = scrubber(reagent_kind=kind, stoichiometric_ratio=1.0, forced_oxidation=False)
    flows = scrub(unit, {"SO3": 80.06, "N2": 100.0})
    assert flows["cleaned"].of("SO3")[0] == pytest.approx(0.6 * 80.06)
    made = flows["effluent"].moles("CaSO4·2H2O", "Na2SO4(aq)")[0]
    assert made == pytest.approx(400.0, rel=1e-3)
    per_mole = 2.0 if kind == "caustic" else 1.0
    assert flows["reagent"].moles(BASE[kind])[0] == pytest.approx(per_mole * 400.0, rel=1e-3)
    assert flows["oxidation_air"].total()[0] == 0.0
    caught = scrubber(reagent_kind=kind, sulphur_trioxide_efficiency=1.0)
    assert scrub(caught, {"SO3": 1.0, "N2": 1.0})["cleaned"].of("SO3")[0] == 0.0


def test_steam_passes_and_droplets_go_to_the_effluent():
    flows = scrub(scrubber(), {"H2O(g)": 2.0, "H2O": 3.0, "H2SO4": 4.0})
    assert flows["cleaned"].of("H2O(g)")[0] == 2.0
    assert flows["effluent"].of("H2SO4")[0] == 4.0
    assert flows["effluent"].of("H2O")[0] >= 3.0


def test_what_is_left_in_the_dry_gas():
    unit = scrubber(reagent_kind="caustic", efficiency=0.9, gas_temperature="200 degC")
    flows = scrub(unit, {"SO2": 10 * 64.06e-3, "N2": 999 * 28.014e-3})
    found = told(unit, flows)
    assert found["SO2 left, by dry volume"] == pytest.approx(1e-3, rel=1e-3)
    assert found["SO2 left in the dry gas"] * NM3 == pytest.approx(2.858e-3, rel=1e-3)  # kg/Nm3
    assert found["water drawn"] == flows["water"].total()[0]


def test_water_evaporated_as_given():
    unit = scrubber(evaporated_water="80 g/Nm3", transfer_units=0.0)
    flows = scrub(unit, {"N2": 100.0 * NM3 * 28.014e-3, "H2O(g)": 5.0})
    assert flows["water"].of("H2O")[0] == pytest.approx(8.0, rel=1e-4)
    assert flows["cleaned"].of("H2O(g)")[0] == pytest.approx(13.0, rel=1e-4)
    assert told(unit, flows)["water evaporated"] == pytest.approx(8.0, rel=1e-4)
    assert unit.temperatures(flows, unit.resolve(Slate(SPECIES))) == {}


def test_hot_gas_is_cooled_to_saturation():
    """Dry nitrogen of 200 degC, against steam tables: 7.384 kPa at 40, 12.35 kPa at 50 degC."""
    unit = scrubber(gas_temperature="200 degC", transfer_units=0.0)
    flows = scrub(unit, {"N2": 100.0})
    kelvin = told(unit, flows)["temperature of the cleaned gas"]
    celsius = kelvin - 273.15
    assert 40.0 < celsius < 50.0
    pressure = 7384.0 * (12350.0 / 7384.0) ** ((celsius - 40.0) / 10.0)
    steam = flows["cleaned"].moles("H2O(g)")[0]
    dry = flows["cleaned"].moles("N2")[0]
    assert steam / (steam + dry) == pytest.approx(pressure / 101325.0, rel=0.01)
    heat_given_off = 100.0 * 1.045 * (200.0 - celsius)  # kJ/s
    assert flows["water"].total()[0] * (2583.0 - 104.9) == pytest.approx(heat_given_off, rel=0.02)
    assert unit.temperatures(flows, unit.resolve(Slate(SPECIES))) == {
        "gas": 473.15,
        "cleaned": pytest.approx(kelvin),
        "effluent": pytest.approx(kelvin),
    }


def test_oxidation_air_leaves_saturated_too():
    """By steam tables as above; 4 mol/s O2 in 38 mol/s of air of 25 degC are used for SO2."""
    unit = scrubber(gas_temperature="200 degC", efficiency=1.0, oxidation_air_ratio=2.0)
    flows = scrub(unit, {"N2": 2.8, "SO2": 8 * 64.064e-3})
    cleaned, air = flows["cleaned"], flows["oxidation_air"].total()[0]
    assert air == pytest.approx(8 / 0.21 * 28.85e-3, rel=1e-3)
    celsius = told(unit, flows)["temperature of the cleaned gas"] - 273.15
    pressure = 5629.0 * (7384.0 / 5629.0) ** ((celsius - 35.0) / 5.0)  # 35 and 40 degC
    steam = cleaned.moles("H2O(g)")[0]
    assert steam / (steam + cleaned.dry_gas()[0]) == pytest.approx(pressure / 101325.0, rel=0.01)
    heat = (2.8 * 1.045 + 8 * 0.041) * (200.0 - celsius) - air * 1.01 * (celsius - 25.0)
    evaporated = told(unit, flows)["water evaporated"]
    assert evaporated == pytest.approx(cleaned.of("H2O(g)")[0])
    assert evaporated * (2501.0 + 1.86 * celsius - 104.9) == pytest.approx(heat, rel=0.03)


def test_a_gas_that_stays_dry_is_told():
    gas = {"SO2": 0.1, "N2": 100.0}
    assert all_warnings(scrubber(), scrub(scrubber(), gas)) == [STAYS_DRY]
    assert scrub(scrubber(), gas)["cleaned"].of("H2O(g)")[0] == 0.0
    for water in ({"gas_temperature": "150 degC"}, {"evaporated_water": "0 g/Nm3"}):
        assert all_warnings(scrubber(**water), scrub(scrubber(**water), gas)) == []
    assert all_warnings(scrubber(), scrub(scrubber(), {})) == []


def test_where_no_gas_flows_it_is_as_warm_as_the_water():
    unit, slate = scrubber(gas_temperature="150 degC"), Slate(SPECIES)
    gas = flow_of(slate, {"N2": np.array([0.0, 100.0]), "SO2": np.array([0.0, 0.1])})
    p = unit.resolve(slate)
    flows = {"gas": gas, **unit.run(gas=gas, p=p)}
    alone = told(unit, scrub(unit, {"N2": 100.0, "SO2": 0.1}))["temperature of the cleaned gas"]
    (found,) = [f for f in unit.figures(flows, p) if f.label == "temperature of the cleaned gas"]
    np.testing.assert_allclose(found.value, [298.15, alone])
    for port in ("cleaned", "effluent"):
        np.testing.assert_allclose(unit.temperatures(flows, p)[port], [298.15, alone])


def test_only_species_of_its_reaction_are_required():
    unit = scrubber(reagent_kind="soda")
    slate = Slate(sorted(set(unit.required_species())))
    assert "N2" not in slate.names
    assert "H2O(g)" not in slate.names
    assert removed(scrub(unit, {"SO2": 1.0}, slate)) == pytest.approx(0.95)
    for kind in CALCIUM:
        unit = scrubber(reagent_kind=kind, gas_temperature="150 degC")
        slate = Slate(sorted(set(unit.required_species())))
        flows = scrub(unit, {"SO2": 1.0, "N2": 1.0}, slate)
        assert removed(flows) == pytest.approx(0.95)
        assert flows["cleaned"].of("H2O(g)")[0] > 0.0


@pytest.mark.parametrize("kind", KINDS)
def test_other_species_on_the_slate_do_not_matter(kind):
    """CaO is there without Ca(OH)2, SO3 without what it would become where none is caught."""
    unit = scrubber(reagent_kind=kind, sulphur_trioxide_efficiency=0.0, forced_oxidation=False)
    slate = Slate(sorted({*unit.required_species(), "CaO", "SO3", "CaCO3", "NaOH"}))
    flows = scrub(unit, {"SO2": 1.0, "N2": 1.0} if "N2" in slate else {"SO2": 1.0}, slate)
    assert removed(flows) == pytest.approx(0.95)


STRONG = {"SO2": 2.0, "N2": 50.0}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"efficiency": 0.95},
            "1.72% SO2 by volume is too strong for one stage with limestone (up to 0.3 %); "
            "use two stages, 20 to 40 L/m3, or soda",
        ),
        (
            {"liquid_to_gas": "6 L/m^3", "stages": 2, "reagent_kind": "lime"},
            "1.72% SO2 by volume is above the 0.3 % to which removal follows from liquid_to_gas: "
            "the alkalinity of the drops limits it; use two stages with 20 to 40 L/m3 and give "
            "efficiency, or use soda",
        ),
        ({"efficiency": 0.95, "stages": 2}, None),
        ({"efficiency": 0.995, "reagent_kind": "soda"}, None),
        ({"liquid_to_gas": "3 L/m^3", "reagent_kind": "caustic"}, None),
        (
            {"efficiency": 0.995, "stages": 2},
            "99.50% removal is more than limestone reaches (99.0%); give less, or use soda",
        ),
        (
            {"efficiency": 0.999, "reagent_kind": "soda"},
            "99.90% removal is more than soda reaches (99.5%); give less",
        ),
        (
            {"stoichiometric_ratio": 1.3, "stages": 2},
            "stoichiometric_ratio of 1.3 is outside the 1.02 to 1.07 usual for limestone",
        ),
        (
            {"stoichiometric_ratio": 1.07, "reagent_kind": "lime", "stages": 2},
            "stoichiometric_ratio of 1.07 is outside the 1.02 to 1.05 usual for lime",
        ),
        (
            {"stoichiometric_ratio": 1.0, "reagent_kind": "soda"},
            "stoichiometric_ratio of 1 is outside the 1.01 to 1.03 usual for soda",
        ),
    ],
)
def test_warnings(changed, message):
    unit = scrubber(**changed)
    lines = list(warnings(unit, scrub(unit, STRONG)))
    assert lines == ([] if message is None else [message])


@pytest.mark.parametrize(("share", "lines"), [(0.0029, 0), (0.0031, 1)])
def test_weak_gas_suits_one_stage(share, lines):
    unit = scrubber()
    flows = scrub(unit, {"SO2": share * 64.06, "N2": (1.0 - share) * 28.014})
    assert len(warnings(unit, flows)) == lines


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"efficiency": None}, "give exactly one of efficiency, transfer_units and liquid_to_gas"),
        ({"efficiency": 0.9, "transfer_units": 3.0}, "give exactly one of efficiency"),
        ({"liquid_to_gas": 12.0}, r'liquid_to_gas of 12 m3/m3 is no scrubber .* "12 L/m\^3"'),
        ({"stages": 0.5}, "WetScrubber.stages: needs a whole number"),
        ({"stoichiometric_ratio": 0.9}, "stoichiometric_ratio of 0.9 is below 1; give 1 or more"),
        ({"oxidation_air_ratio": 0.5}, "oxidation_air_ratio of 0.5 is below 1; give 1 or more"),
        ({"oxygen_in_air": 0.0}, "oxygen_in_air of 0 oxidises nothing; air has 0.21"),
        ({"percent_solids": 0.0}, "percent_solids of 0 leaves no effluent but water; give more"),
        (
            {"gas_temperature": "150 degC", "evaporated_water": "80 g/Nm3"},
            "gas_temperature and evaporated_water both say how much water evaporates; give one",
        ),
        (
            {"reagent_kind": "magnesia"},
            "must be 'limestone', 'lime', 'slaked_lime', 'soda' or 'caustic'",
        ),
    ],
)
def test_refused(changed, message):
    with pytest.raises(InputError, match=message):
        scrubber(**changed)
