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
from unitops.gas_cleaning.acid_plant import AcidPlant

SPECIES = [
    *("Sb2O3", "As2O3", "SiO2", "Fe2O3", "H2O", "H2SO4", "As(aq)"),
    *("N2", "O2", "CO2", "SO2", "SO3", "H2O(g)", "Sb4O6(g)", "As4O6(g)"),
]
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
    contact=st.sampled_from(["single", "double"]),
    conversion=st.one_of(st.none(), st.sampled_from([0.0, 1.0]), st.floats(0.0, 1.0)),
    oxygen=st.floats(0.5, 3.0),
    strength=st.floats(0.7, 1.0),
)
def test_any_gas_closes(mass, contact, conversion, oxygen, strength):
    unit = plant(
        contact=contact,
        conversion=conversion,
        oxygen_to_sulphur_dioxide=oxygen,
        acid_strength=strength,
    )
    check_unit(unit, SPECIES, {"gas": mass})


@given(mass=random_masses(len(SPECIES), 2))
def test_any_gas_closes_with_just_enough_oxygen(mass):
    check_unit(plant(conversion=1.0, oxygen_to_sulphur_dioxide=0.5), SPECIES, {"gas": mass})


def test_zero_feed_gives_zero():
    check_zero_feed(plant(), SPECIES)


@pytest.mark.parametrize("oxygen", [0.1, 100.0])
def test_derivative(oxygen):
    """With and without dilution air."""
    mass = np.linspace(1.0, 2.0, len(SPECIES))[:, None]
    mass[SPECIES.index("O2")] = oxygen
    check_derivative(plant(), SPECIES, {"gas": mass})


def test_acid_per_tonne_of_sulphur_dioxide():
    unit = plant(conversion=1.0)
    flows = make(unit, STRONG)
    assert flows["acid"].of("H2SO4")[0] / 16.0 == pytest.approx(1.531, abs=0.0005)
    assert told(unit, flows)["t H2SO4 per t SO2 fed"] == pytest.approx(1.531, abs=0.0005)
    assert flows["tail_gas"].of("SO2")[0] == 0.0


@pytest.mark.parametrize(("contact", "conversion"), [("single", 0.975), ("double", 0.997)])
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


def test_water_of_the_acid_comes_from_the_supply():
    flows = make(plant(conversion=1.0), {**STRONG, "H2O(g)": 3.0})
    assert flows["water"].of("H2O")[0] == pytest.approx(
        16.0 * (18.015 / 64.06 + 1.531 * 0.015 / 0.985), rel=1e-3
    )
    assert flows["weak_acid"].of("H2O")[0] == pytest.approx(3.0)


def test_air_is_drawn_only_where_oxygen_is_short():
    assert make(plant(), {"SO2": 1.0, "O2": 5.0})["air"].total()[0] == 0.0
    flows = make(plant(oxygen_to_sulphur_dioxide=1.2), {"SO2": 64.06, "O2": 16.0})
    assert flows["air"].moles("O2")[0] == pytest.approx(700.0, rel=1e-3)
    assert flows["air"].moles("N2")[0] == pytest.approx(700.0 * 79 / 21, rel=1e-3)


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


@pytest.mark.parametrize(("contact", "least"), [("single", "3%"), ("double", "5%")])
def test_weak_gas_is_reported(contact, least):
    unit = plant(contact=contact)
    (line,) = warnings(unit, make(unit, {"SO2": 2.0, "O2": 5.0, "N2": 45.0}))
    assert f"is below the {least} that {contact} contact needs; use a scrubber" in line
    assert warnings(unit, make(unit, STRONG)) == []
    assert warnings(unit, make(unit, {"N2": 1.0})) == []


def test_gas_between_the_two_limits_suits_single_contact_only():
    middling = {"SO2": 4.5, "O2": 4.0, "N2": 45.0}
    single, double = plant(contact="single"), plant(contact="double")
    assert warnings(single, make(single, middling)) == []
    assert len(warnings(double, make(double, middling))) == 1


def test_dirty_gas_is_reported():
    unit = plant()
    lines = warnings(unit, make(unit, {**STRONG, "As4O6(g)": 0.01, "Fe2O3": 0.1}))
    assert ["dust in the gas" in lines[0], "arsenic in the gas" in lines[1]] == [True, True]


def test_unusual_conversion_is_reported():
    unit = plant(contact="single", conversion=0.999)
    (line,) = warnings(unit, make(unit, STRONG))
    assert line == "conversion of 0.999 is outside the 0.97 to 0.985 usual for single contact"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"oxygen_to_sulphur_dioxide": 0.4}, "oxygen_to_sulphur_dioxide of 0.4 is below the 0.5"),
        ({"acid_strength": 0.5}, "acid_strength of 0.5 is below any contact plant's"),
        ({"oxygen_in_air": 0.0}, "oxygen_in_air of 0 brings no oxygen"),
        ({"contact": "triple"}, "AcidPlant.contact: must be 'single' or 'double'"),
        ({"conversion": 1.2}, "AcidPlant.conversion: must lie between 0 and 1"),
    ],
)
def test_refused(changed, message):
    with pytest.raises(InputError, match=message):
        plant(**changed)
