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
from unitops.gas_cleaning.acid_plant import AcidPlant
from unitops.streams.feed import Feed

SPECIES = [
    *("Sb2O3", "As2O3", "SiO2", "Fe2O3", "H2O", "H2SO4", "As(aq)"),
    *("N2", "O2", "CO2", "SO2", "SO3", "H2O(g)", "Sb4O6(g)", "As4O6(g)"),
]
KINDS = ["single", "double", "wet_gas"]
STRONG = {"SO2": 16.0, "O2": 8.0, "N2": 50.0, "CO2": 2.0}


def plant(**given_parameters):
    return AcidPlant(
        **{
            "gas": "gas",
            "air": "air",
            "water": "water",
            "acid": "acid",
            "tail_gas": "tail_gas",
            "weak_acid": "weak_acid",
            "contact": "double",
            **given_parameters,
        }
    )


def make(unit, masses, slate=None):
    slate = slate or Slate(SPECIES)
    gas = flow_of(slate, masses)
    return {"gas": gas, **unit.run(gas=gas, p=unit.resolve(slate))}


def warnings(unit, flows):
    return unit.warnings(flows, unit.resolve(flows["gas"].slate))


def told(unit, flows):
    found = unit.figures(flows, unit.resolve(flows["gas"].slate))
    return {figure.label: float(figure.value[0]) for figure in found}


@given(
    mass=random_masses(len(SPECIES), 2),
    contact=st.sampled_from(KINDS),
    conversion=st.one_of(st.none(), st.sampled_from([0.0, 1.0]), st.floats(0.0, 1.0)),
    oxygen=st.floats(0.5, 3.0),
    strength=st.floats(0.7, 1.0),
    design=st.one_of(st.none(), st.floats(0.06, 1.0)),
)
def test_any_gas_closes(*, mass, contact, conversion, oxygen, strength, design):
    unit = plant(
        contact=contact,
        conversion=conversion,
        oxygen_to_sulphur_dioxide=oxygen,
        acid_strength=strength,
        design_strength=design,
    )
    check_unit(unit, SPECIES, {"gas": mass})


@given(mass=random_masses(len(SPECIES), 2), contact=st.sampled_from(KINDS))
def test_any_gas_closes_with_just_enough_oxygen(mass, contact):
    unit = plant(
        contact=contact, conversion=1.0, oxygen_to_sulphur_dioxide=0.5, design_strength=1.0
    )
    check_unit(unit, SPECIES, {"gas": mass})


@pytest.mark.parametrize("contact", KINDS)
def test_zero_feed_gives_zero(contact):
    check_zero_feed(plant(contact=contact), SPECIES)


@pytest.mark.parametrize("contact", KINDS)
@pytest.mark.parametrize(("oxygen", "nitrogen"), [(0.1, 20.0), (100.0, 20.0), (2.0, 1.0)])
def test_derivative(oxygen, nitrogen, contact):
    """With air for its oxygen, with none, with air to dilute."""
    mass = np.linspace(1.0, 2.0, len(SPECIES))[:, None]
    mass[SPECIES.index("O2")], mass[SPECIES.index("N2")] = oxygen, nitrogen
    check_derivative(plant(contact=contact), SPECIES, {"gas": mass})


def test_acid_per_tonne_of_sulphur_dioxide():
    unit = plant(conversion=1.0)
    flows = make(unit, STRONG)
    assert flows["acid"].of("H2SO4")[0] / 16.0 == pytest.approx(1.531, abs=0.0005)
    assert told(unit, flows)["t H2SO4 per t SO2 fed"] == pytest.approx(1.531, abs=0.0005)
    assert flows["tail_gas"].of("SO2")[0] == 0.0


@pytest.mark.parametrize(
    ("contact", "conversion"), [("single", 0.975), ("double", 0.997), ("wet_gas", 0.99)]
)
def test_conversion_follows_the_kind_of_contact(contact, conversion):
    unit = plant(contact=contact)
    flows = make(unit, STRONG)
    assert flows["tail_gas"].of("SO2")[0] / 16.0 == pytest.approx(1.0 - conversion)
    assert told(unit, flows)["SO2 converted"] == pytest.approx(conversion)


@pytest.mark.parametrize("strength", ["93 %", "98.5 %", "100 %"])
def test_acid_has_the_strength_asked_for(strength):
    acid = make(plant(acid_strength=strength), STRONG)["acid"]
    asked = float(strength.split()[0]) / 100.0
    assert acid.of("H2SO4")[0] / acid.total()[0] == pytest.approx(asked)


@pytest.mark.parametrize("contact", KINDS)
def test_acid_of_98_percent_by_default(contact):
    unit = plant(contact=contact)
    flows = make(unit, {**STRONG, "H2O(g)": 1.0})
    assert told(unit, flows)["H2SO4 in the acid"] == pytest.approx(0.98)
    assert told(unit, flows)["acid"] == flows["acid"].total()[0]


def test_water_of_the_acid_comes_from_the_supply():
    unit = plant(conversion=1.0, acid_strength=0.985)
    flows = make(unit, {**STRONG, "H2O(g)": 3.0})
    assert flows["water"].of("H2O")[0] == pytest.approx(
        16.0 * (18.015 / 64.06 + 1.531 * 0.015 / 0.985), rel=1e-3
    )
    assert told(unit, flows)["water drawn"] == flows["water"].total()[0]
    assert flows["weak_acid"].of("H2O")[0] == pytest.approx(3.0)
    assert flows["tail_gas"].of("H2O(g)")[0] == 0.0


@pytest.mark.parametrize("steam", [0.0, 3.0, 30.0])
def test_a_wet_gas_brings_the_water_of_its_acid(steam):
    unit = plant(contact="wet_gas", conversion=1.0, acid_strength=0.985)
    flows = make(unit, {**STRONG, "H2O(g)": steam})
    needed = 16.0 * (18.015 / 64.06 + 1.531 * 0.015 / 0.985)
    assert flows["water"].total()[0] == pytest.approx(max(needed - steam, 0.0), rel=1e-3)
    assert flows["tail_gas"].of("H2O(g)")[0] == pytest.approx(max(steam - needed, 0.0), rel=1e-3)
    assert flows["weak_acid"].total()[0] == 0.0
    assert flows["acid"].of("H2SO4")[0] == pytest.approx(1.531 * 16.0, rel=1e-3)


def test_air_is_drawn_only_where_oxygen_is_short():
    assert make(plant(), {"SO2": 1.0, "O2": 5.0})["air"].total()[0] == 0.0
    unit = plant(oxygen_to_sulphur_dioxide=1.2, design_strength=1.0)
    flows = make(unit, {"SO2": 64.06, "O2": 16.0})
    assert flows["air"].moles("O2")[0] == pytest.approx(700.0, rel=1e-3)
    assert flows["air"].moles("N2")[0] == pytest.approx(700.0 * 79 / 21, rel=1e-3)
    assert told(unit, flows)["O2 per SO2 at the converter"] == pytest.approx(1.2)
    assert told(unit, flows)["air drawn"] == pytest.approx(700.0 / 0.21, rel=1e-3)


@pytest.mark.parametrize(
    ("contact", "strength"), [("single", 0.10), ("double", 0.12), ("wet_gas", 0.065)]
)
def test_strong_gas_is_diluted_to_what_the_plant_is_designed_for(contact, strength):
    rich = {"SO2": 30 * 64.06e-3, "O2": 70 * 31.998e-3}
    unit = plant(contact=contact)
    flows = make(unit, rich)
    assert told(unit, flows)["SO2 at the converter, by dry volume"] == pytest.approx(strength)
    assert told(unit, flows)["gas at the converter, dry"] == pytest.approx(30 / strength, rel=1e-4)
    air = 30 / strength - 100
    assert flows["air"].moles("O2", "N2")[0] == pytest.approx(air, rel=1e-4)
    assert told(unit, flows)["O2 per SO2 at the converter"] == pytest.approx(
        (70 + 0.21 * air) / 30, rel=1e-4
    )
    as_designed = make(plant(contact=contact, design_strength=0.2), rich)
    assert as_designed["air"].moles("O2", "N2")[0] == pytest.approx(50.0, rel=1e-3)


def test_tail_gas_against_strength():
    """10 % SO2 of which 0.3 % are left in the 85 % of the gas that reacts to nothing."""
    unit = plant()
    flows = make(unit, {"SO2": 10 * 64.06e-3, "O2": 12 * 31.998e-3, "N2": 78 * 28.014e-3})
    found = told(unit, flows)
    assert found["SO2 in the dry tail gas"] * 44.615e6 == pytest.approx(1007.0, rel=2e-3)
    figures = unit.figures(flows, unit.resolve(flows["gas"].slate))
    ppm = next(each for each in figures if each.unit == "ppm")
    assert str(ppm).startswith("SO2 in the tail gas, by dry volume 352.")


def test_no_conversion_makes_no_acid():
    flows = make(plant(conversion=0.0), STRONG)
    assert flows["acid"].total()[0] == 0.0
    assert flows["tail_gas"].of("SO2")[0] == 16.0


def test_dust_and_condensables_leave_with_the_weak_acid():
    dirty = {**STRONG, "SiO2": 1.0, "As4O6(g)": 2.0, "Sb4O6(g)": 3.0, "As(aq)": 4.0, "SO3": 8.006}
    unit = plant()
    flows = make(unit, dirty)
    weak = flows["weak_acid"]
    assert [weak.of(name)[0] for name in ("SiO2", "As2O3", "Sb2O3", "As(aq)")] == pytest.approx(
        [1.0, 2.0, 3.0, 4.0]
    )
    assert weak.of("H2SO4")[0] == pytest.approx(9.808, rel=1e-3)
    assert flows["acid"].element("As")[0] == 0.0
    assert flows["acid"].mass == pytest.approx(make(unit, STRONG)["acid"].mass)
    arsenic = 4.0 + 2.0 * 4 * 74.9216 / 395.68
    assert told(unit, flows)["arsenic to the weak acid"] == pytest.approx(arsenic, rel=1e-4)


def test_a_slate_without_vapours():
    unit = plant()
    slate = Slate(sorted(unit.required_species()))
    assert make(unit, {"SO2": 1.0, "O2": 1.0}, slate)["acid"].of("H2SO4")[0] > 1.5


def of_strength(percent):
    return {
        "SO2": percent * 64.06,
        "O2": 2 * percent * 31.998,
        "N2": (100 - 3 * percent) * 28.014,
    }


def refusals(unit, flows):
    return unit.refusals(flows, unit.resolve(flows["gas"].slate))


CURE = "use less excess air or leakage in the roaster, enrich with oxygen, "


@pytest.mark.parametrize(
    ("contact", "percent", "message"),
    [
        (
            "single",
            1.0,
            "gas holds 1 % SO2 at the converter, below the 3 % that a single contact plant needs "
            f"to keep itself hot; {CURE}choose wet_gas, or scrub it",
        ),
        (
            "double",
            4.996,
            "gas holds 4.99 % SO2 at the converter, below the 5 % that a double contact plant "
            f"needs to keep itself hot; {CURE}choose single or wet_gas, or scrub it",
        ),
        (
            "wet_gas",
            0.25,
            "gas holds 0.25 % SO2 at the converter, below the 0.5 % that a wet gas plant needs to "
            f"keep itself hot; {CURE}or scrub it",
        ),
    ],
)
def test_gas_that_is_too_weak_is_refused(contact, percent, message):
    unit = plant(contact=contact)
    flows = make(unit, of_strength(percent))
    assert refusals(unit, flows) == [message]


@pytest.mark.parametrize(("contact", "least"), [("single", 3.0), ("double", 5.0), ("wet_gas", 0.5)])
def test_gas_of_the_least_strength_is_not_refused(contact, least):
    unit = plant(contact=contact)
    flows = make(unit, of_strength(1.001 * least))
    assert (refusals(unit, flows), warnings(unit, flows)) == ([""], [])
    assert refusals(unit, make(unit, of_strength(0.999 * least))) != [""]
    assert refusals(unit, make(unit, {"N2": 1.0})) == [""]
    other = plant(contact=contact, minimum_strength=f"{2 * least} %", design_strength="20 %")
    assert refusals(other, make(other, of_strength(1.9 * least))) != [""]
    assert refusals(other, make(other, of_strength(2.1 * least))) == [""]


def test_gas_diluted_to_just_above_the_least_strength_is_not_refused():
    unit = plant(design_strength=0.05 * (1.0 + 1e-12))
    assert refusals(unit, make(unit, of_strength(20.0))) == [""]


def test_air_for_its_oxygen_may_weaken_the_gas_too_much():
    unit = plant()
    (line,) = refusals(unit, make(unit, {"SO2": 6 * 64.06, "N2": 94 * 28.014}))
    assert "gas holds 4.66 % SO2 at the converter" in line


def test_every_scenario_is_judged_by_itself():
    unit, slate = plant(contact="single"), Slate(SPECIES)
    columns = [of_strength(percent) for percent in (2.0, 4.0, 1.0)]
    gas = flow_of(slate, {name: np.array([c[name] for c in columns]) for name in columns[0]})
    p = unit.resolve(slate)
    flows = {"gas": gas, **unit.run(gas=gas, p=p)}
    assert [bool(line) for line in unit.refusals(flows, p)] == [True, False, True]
    varied = p.replaced({"minimum_strength": np.array([0.01, 0.05, 0.02])})
    assert [bool(line) for line in unit.refusals(flows, varied)] == [False, True, True]


def test_dirty_gas_is_reported():
    unit = plant()
    lines = warnings(unit, make(unit, {**STRONG, "As4O6(g)": 0.01, "Fe2O3": 0.1}))
    assert ["dust in the gas" in lines[0], "arsenic in the gas" in lines[1]] == [True, True]


def test_unusual_conversion_is_reported():
    unit = plant(contact="single", conversion=0.999)
    (line,) = warnings(unit, make(unit, STRONG))
    assert (
        line == "conversion of 0.999 is outside the 0.97 to 0.985 usual for a single contact plant"
    )


def test_conversion_usual_for_a_wet_gas():
    for conversion, lines in ((0.975, 1), (0.985, 0), (0.994, 0), (0.997, 1)):
        unit = plant(contact="wet_gas", conversion=conversion)
        assert len(warnings(unit, make(unit, of_strength(4.0)))) == lines


def test_too_little_oxygen_is_reported_where_it_is_drawn():
    unit = plant(oxygen_to_sulphur_dioxide=0.6)
    (line,) = warnings(unit, make(unit, {**STRONG, "O2": 1.0}))
    assert line == (
        "oxygen_to_sulphur_dioxide of 0.6 at the converter is too little for the conversion "
        "assumed; give 0.8 to 1.3"
    )
    assert warnings(unit, make(unit, STRONG)) == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"design_strength": "5 %"},
            "design_strength of 5 % dilutes the gas to no more than the minimum_strength of 5 %; "
            "give more, or a lower minimum_strength",
        ),
        ({"contact": "single", "minimum_strength": "10 %"}, "than the minimum_strength of 10 %"),
        ({"oxygen_to_sulphur_dioxide": 0.4}, "oxygen_to_sulphur_dioxide of 0.4 is below the 0.5"),
        ({"acid_strength": 0.5}, "acid_strength of 0.5 is below any contact plant's"),
        ({"oxygen_in_air": 0.0}, "oxygen_in_air of 0 brings no oxygen"),
        ({"contact": "triple"}, "AcidPlant.contact: must be 'single', 'double' or 'wet_gas'"),
        ({"conversion": 1.2}, "AcidPlant.conversion: must lie between 0 and 1"),
    ],
)
def test_refused(changed, message):
    with pytest.raises(InputError, match=message):
        plant(**changed)


MOLES = {"SO2": 8.0, "O2": 10.0, "N2": 82.0}
MASSES = {"SO2": 64.064e-3, "O2": 31.998e-3, "N2": 28.0134e-3, "H2O(g)": 18.01528e-3}


def heat_given_off(moles, fed="25 degC", **given_parameters):
    """kJ per second, of a gas of so many mol/s."""
    masses = {name: amount * MASSES[name] for name, amount in moles.items()}
    total = sum(masses.values())
    plant_of = Flowsheet(
        species=["N2", "O2", "SO2", "H2O", "H2O(g)", "H2SO4"],
        units={
            "gas": Feed(
                outlet="gas",
                flow=f"{total} kg/s",
                composition={name: mass / total for name, mass in masses.items()},
                temperature=fed,
            ),
            "acid_plant": plant(**{"conversion": 1.0, "acid_strength": 1.0, **given_parameters}),
        },
    )
    return -solve(plant_of).heat("acid_plant").to("kW").magnitude


COLD = {"acid_temperature": "25 degC", "tail_gas_temperature": "25 degC"}


def test_heat_of_oxidation_and_absorption():
    # -296.8 and -285.8 become -814.0 kJ/mol.
    assert heat_given_off(MOLES, **COLD) == pytest.approx(8.0 * 231.4, rel=1e-3)
    assert heat_given_off(MOLES, **COLD, conversion=0.5) == pytest.approx(4.0 * 231.4, rel=1e-3)


def test_acid_and_tail_gas_carry_heat_away():
    cold = heat_given_off(MOLES, **COLD)
    # H2SO4 139 J/(mol K) by 15 K; N2 29.2, O2 29.6 J/(mol K) by 55 K, 4 of 10 mol O2 are used.
    carried = 8.0 * 0.139 * 15.0 + (82.0 * 0.0292 + 6.0 * 0.0296) * 55.0
    assert cold - heat_given_off(MOLES) == pytest.approx(carried, rel=0.01)
    warm_acid = heat_given_off(MOLES, **{**COLD, "acid_temperature": "60 degC"})
    assert cold - warm_acid == pytest.approx(8.0 * 0.139 * 35.0, rel=0.01)


def test_hot_gas_and_its_steam_give_their_heat():
    # Of 300 degC, by JANAF: SO2 12.2, O2 8.5, N2 8.1 kJ/mol; steam gives 44.0 as it condenses.
    hot = heat_given_off(MOLES, fed="300 degC", **COLD) - heat_given_off(MOLES, **COLD)
    assert hot == pytest.approx(8.0 * 12.2 + 10.0 * 8.5 + 82.0 * 8.1, rel=0.02)
    moist = heat_given_off({**MOLES, "H2O(g)": 5.0}, **COLD)
    assert moist - heat_given_off(MOLES, **COLD) == pytest.approx(5.0 * 44.0, rel=0.001)
    warm = heat_given_off({**MOLES, "H2O(g)": 5.0}, **{**COLD, "acid_temperature": "45 degC"})
    assert moist - warm == pytest.approx((8.0 * 0.139 + 5.0 * 0.0753) * 20.0, rel=0.01)


@pytest.mark.parametrize("celsius", [-5, 340])
def test_acid_that_is_no_liquid_is_refused(celsius):
    message = f"acid_temperature of {celsius} degC is outside 0 to 337 degC, where the acid is liqu"
    with pytest.raises(InputError, match=message):
        plant(acid_temperature=f"{celsius} degC")
