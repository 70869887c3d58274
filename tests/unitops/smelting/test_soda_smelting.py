import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from flowsheet.core.slate import Slate
from tests.unitops.properties import (
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
    run,
)
from tests.unitops.smelting.smelting_runs import heat, smelt
from unitops.smelting.soda_smelting import SodaSmelting

PORTS = {
    "feed": "concentrate",
    "soda": "soda",
    "iron_oxide": "iron_ore",
    "reductant": "coke",
    "metal": "crude",
    "matte": "matte",
    "slag": "slag",
    "gas": "off_gas",
}
BY_SODA = ["Sb2S3", "Sb", "Na2CO3", "Na2O", "Na2S", "C", "CO", "CO2"]
BY_IRON = ["Sb2S3", "Sb", "Fe2O3", "FeO", "FeS", "Fe", "C", "CO", "CO2"]
SPECIES = [
    *("Sb2S3", "FeSb2S4", "Pb4FeSb6S14", "FeSbS", "Sb2S2O", "Sb2O3", "Sb2O4", "As2S3", "AsS"),
    *("FeAsS", "FeS2", "PbS", "PbO", "ZnS", "CuFeS2", "S", "As2O3", "SiO2", "CaCO3", "CaO"),
    *("H2O", "H2O(g)", "N2", "C", "Sb", "As", "Pb", "Fe", "Au", "FeS", "Fe2O3", "FeO", "Na2CO3"),
    *("Na2O", "Na2S", "CO", "CO2", "Sb(aq)"),
]
CONCENTRATE = {"Sb2S3": 850.0, "FeAsS": 10.0, "PbS": 5.0, "FeS2": 20.0, "SiO2": 115.0}


def furnace(**given):
    return SodaSmelting(**PORTS, **given)


def ideal(**given):
    """Complete, without losses, ash or excess."""
    none = ("antimony_to_fume", "antimony_to_slag", "soda_excess", "iron_oxide_excess")
    exact = dict.fromkeys((*none, "carbon_excess"), 0.0)
    return furnace(**{**exact, "conversion": 1.0, "reductant_fixed_carbon": 1.0, **given})


fractions = st.fixed_dictionaries(
    {
        "sulphur_to_iron": st.floats(0.0, 1.0),
        "soda_excess": st.floats(0.0, 1.0),
        "iron_oxide_excess": st.floats(0.0, 1.0),
        "flux_soda_ratio": st.floats(0.0, 0.3),
        "gas_composition": st.sampled_from(["given", "equilibrium"]),
        "carbon_monoxide_fraction": st.floats(0.0, 1.0),
        "carbon_excess": st.floats(0.0, 1.0),
        "reductant_fixed_carbon": st.floats(0.5, 1.0),
        "conversion": st.floats(0.0, 1.0),
        "antimony_to_fume": st.floats(0.0, 1.0),
        "antimony_to_slag": st.floats(0.0, 1.0),
        "sulphide_to_matte": st.floats(0.0, 1.0),
        "arsenic_to_metal": st.floats(0.0, 0.6),
        "arsenic_to_fume": st.floats(0.0, 0.4),
        "iron_to_metal": st.floats(0.0, 1.0),
        "other_metals_to_metal": st.floats(0.0, 1.0),
    }
)


@settings(max_examples=40, deadline=None)
@given(mass=random_masses(len(SPECIES), 2), given=fractions)
def test_any_feed_closes(mass, given):
    check_unit(furnace(**given), SPECIES, {"feed": mass})


@settings(max_examples=20, deadline=None)
@given(mass=random_masses(len(SPECIES), 2), iron=st.sampled_from([0.0, 0.3, 1.0]))
def test_any_feed_closes_with_nothing_to_spare(mass, iron):
    unit = ideal(sulphur_to_iron=iron, arsenic_to_metal=0.7, arsenic_to_fume=0.3)
    check_unit(unit, SPECIES, {"feed": mass})


@settings(max_examples=20, deadline=None)
@given(mass=random_masses(len(SPECIES), 1), shares=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_more_monoxide_takes_more_carbon(mass, shares):
    slate = Slate(SPECIES)
    drawn = [
        run(furnace(carbon_monoxide_fraction=share), slate, {"feed": mass})["reductant"]
        for share in sorted(shares)
    ]
    low, high = (made[slate.row("C"), 0] for made in drawn)
    assert 0.0 <= low <= high * (1.0 + 1e-12)


@pytest.mark.parametrize(
    ("given", "species"),
    [({"reductant_fixed_carbon": 1.0}, BY_SODA), ({"sulphur_to_iron": 1.0}, [*BY_IRON, "SiO2"])],
)
def test_a_slate_of_the_minimum_closes(given, species):
    check_unit(furnace(**given), species, {"feed": np.full((len(species), 1), 2.0)})


@pytest.mark.parametrize("iron", [0.0, 1.0])
def test_zero_feed_gives_zero(iron):
    check_zero_feed(furnace(sulphur_to_iron=iron), SPECIES)


@pytest.mark.parametrize("given", [{}, {"sulphur_to_iron": 0.95}])
def test_derivative(given):
    feed = np.linspace(1.0, 3.0, len(SPECIES))[:, None]
    check_derivative(furnace(**given), SPECIES, {"feed": feed})


@pytest.mark.parametrize(("monoxide", "carbon"), [(1.0, 6.0), (0.5, 3.0), (0.0, 1.5)])
def test_soda_and_carbon_of_a_mole_of_stibnite(monoxide, carbon):
    """Sb2S3 + 3 Na2CO3 + 6 C -> 2 Sb + 3 Na2S + 9 CO, and 1.5 C -> 4.5 CO2."""
    found = smelt(ideal(carbon_monoxide_fraction=monoxide), BY_SODA, {"Sb2S3": 339.70})
    assert found.made["soda"]["Na2CO3"] == pytest.approx(3 * 105.988, rel=1e-4)
    assert found.made["reductant"]["C"] == pytest.approx(carbon * 12.011, rel=1e-4)
    assert found.made["metal"]["Sb"] == pytest.approx(2 * 121.76, rel=1e-4)
    assert found.made["slag"]["Na2S"] == pytest.approx(3 * 78.04, rel=1e-3)
    gas = found.made["gas"]
    moles = gas["CO"] / 28.010, gas["CO2"] / 44.009
    assert sum(moles) == pytest.approx(carbon + 3.0, rel=1e-4)
    assert moles[0] / sum(moles) == pytest.approx(monoxide, abs=1e-9)


def test_iron_oxide_and_carbon_of_a_mole_of_stibnite():
    """Sb2S3 + 1.5 Fe2O3 + 4.5 C -> 2 Sb + 3 FeS + 4.5 CO."""
    unit = ideal(sulphur_to_iron=1.0, carbon_monoxide_fraction=1.0, sulphide_to_matte=1.0)
    found = smelt(unit, BY_IRON, {"Sb2S3": 339.70})
    assert found.made["iron_oxide"]["Fe2O3"] == pytest.approx(1.5 * 159.688, rel=1e-4)
    assert found.made["reductant"]["C"] == pytest.approx(4.5 * 12.011, rel=1e-4)
    assert found.made["matte"]["FeS"] == pytest.approx(3 * 87.91, rel=1e-3)
    assert sum(found.made["soda"].values()) == sum(found.made["slag"].values()) == 0.0


@pytest.mark.parametrize(
    ("mineral", "mass", "soda", "carbon"),
    [
        ("FeSb2S4", 427.61, 3.0, 6.0),
        ("Pb4FeSb6S14", 2064.0, 13.0, 26.0),
        ("Sb2S2O", 323.64, 2.0, 5.0),
        ("FeSbS", 209.67, 0.0, 0.0),
        ("FeAsS", 162.83, 0.0, 0.0),
        ("PbS", 239.27, 1.0, 2.0),
        ("FeS2", 119.98, 1.0, 2.0),
        ("As2S3", 246.02, 3.0, 6.0),
        ("S", 32.06, 1.0, 2.0),
        ("Sb2O3", 291.52, 0.0, 3.0),
        ("Sb2O4", 307.52, 0.0, 4.0),
        ("ZnS", 97.44, 0.0, 0.0),
    ],
)
def test_what_other_minerals_take(mineral, mass, soda, carbon):
    """Moles of soda and of carbon to CO, of which one per soda turns its CO2 to CO."""
    unit = ideal(carbon_monoxide_fraction=1.0, iron_to_metal=0.0)
    found = smelt(unit, SPECIES, {mineral: mass})
    assert found.made["soda"]["Na2CO3"] / 105.988 == pytest.approx(soda, rel=1e-3)
    assert found.made["reductant"]["C"] / 12.011 == pytest.approx(carbon, rel=1e-3)
    assert found.made["slag"]["Na2O"] == pytest.approx(0.0, abs=1e-9)


def test_losses_add_up():
    """Of 1000 kg: 50 evaporate, 10 % of the rest stays, 2 % of the metal is in the slag."""
    unit = ideal(antimony_to_fume=0.05, conversion=0.9, antimony_to_slag=0.02)
    found = smelt(unit, BY_SODA, {"Sb2S3": 1000.0})
    assert found.made["gas"]["Sb2S3"] == pytest.approx(50.0)
    assert found.made["slag"]["Sb2S3"] == pytest.approx(95.0)
    assert found.figures["antimony to metal"] == pytest.approx(0.95 * 0.9 * 0.98)
    assert found.figures["antimony to slag"] == pytest.approx(0.095 + 0.95 * 0.9 * 0.02)
    assert found.figures["antimony to fume"] == pytest.approx(0.05)


def test_excesses_stay_in_the_slag():
    unit = furnace(
        sulphur_to_iron=0.5, flux_soda_ratio=0.1, iron_to_metal=0.1, sulphide_to_matte=0.8
    )
    found = smelt(unit, SPECIES, {"Sb2S3": 1000.0, "C": 2.0})
    drawn = found.made
    exact = 1000.0 * 0.97 * 0.5 / 339.70  # mol of stibnite by each, in 1000
    assert drawn["soda"]["Na2CO3"] == pytest.approx(100.2 + 1.1 * 3 * exact * 105.988, rel=1e-4)
    assert drawn["iron_oxide"]["Fe2O3"] == pytest.approx(1.1 * 1.5 * exact * 159.688, rel=1e-4)
    spare_iron = (1.1 - 0.93) * 3 * exact
    assert drawn["slag"]["FeO"] == pytest.approx(0.9 * spare_iron * 71.844, rel=1e-4)
    assert drawn["metal"]["Fe"] == pytest.approx(0.1 * spare_iron * 55.845, rel=1e-4)
    assert drawn["slag"]["C"] == pytest.approx(2.0 + drawn["reductant"]["C"] / 11.0, rel=1e-9)
    assert drawn["slag"]["SiO2"] == pytest.approx(drawn["reductant"]["C"] * 0.15 / 0.85, rel=1e-9)
    assert drawn["slag"]["FeS"] == pytest.approx(0.25 * drawn["matte"]["FeS"], rel=1e-9)


def test_arsenic_and_gold():
    unit = furnace(arsenic_to_metal=0.5, arsenic_to_fume=0.2, other_metals_to_metal=0.9)
    found = smelt(unit, SPECIES, {"FeAsS": 162.83, "Au": 1.0})
    arsenic = [found.made[port]["As"] for port in ("metal", "gas", "matte", "slag")]
    assert arsenic == pytest.approx([37.46, 14.98, 22.48, 0.0], rel=1e-3)
    assert (found.made["metal"]["Au"], found.made["matte"]["Au"]) == pytest.approx((0.9, 0.1))


def test_old_soda_slag_by_choice_of_conversion():
    """About 15 % Sb in the slag of soda smelting (Wang 1919): a conversion of 78 % gives it."""
    found = smelt(furnace(conversion="78 %"), SPECIES, CONCENTRATE)
    assert found.figures["Sb in slag"] == pytest.approx(0.15, abs=0.02)


def test_sulphur_fixed_by_iron_oxide_as_published():
    """850 degC: 91.48 % to metal of 96.00 % Sb, 95.31 % of the sulphur as FeS.

    Fitted: the conversion and the share of sulphur. Predicted: the metal's grade.
    """
    unit = furnace(
        temperature="850 degC",
        sulphur_to_iron="95.31 %",
        flux_soda_ratio=0.2,
        conversion="94.6 %",
        antimony_to_fume="2.3 %",
        gas_composition="equilibrium",
    )
    found = smelt(unit, SPECIES, CONCENTRATE)
    assert found.figures["antimony to metal"] == pytest.approx(0.9148, abs=0.005)
    assert 0.94 < found.figures["Sb in crude metal"] < 0.99
    assert 0.85 < found.figures["sulphur as FeS"] < 0.96
    assert found.warnings == ()


def test_heat():
    unit = furnace(temperature="950 degC", feed_temperature="50 degC")
    found = smelt(unit, SPECIES, CONCENTRATE)
    made = sum(found.made["metal"].values())
    at_ports = unit.temperatures(found.flows, unit.resolve(Slate(SPECIES)))
    assert at_ports == {
        **dict.fromkeys(("metal", "matte", "slag", "gas"), pytest.approx(1223.15)),
        "feed": pytest.approx(323.15),
    }
    label = "heat to be supplied per metal"
    assert found.figures[label] * made == pytest.approx(heat(unit, found, SPECIES), rel=1e-9)
    assert 1500.0 < found.figures[label] / 3.6e3 < 3000.0  # kWh/t; the reaction alone takes 1660


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"arsenic_to_metal": 0.9}, r"arsenic_to_metal \+ arsenic_to_fume is 1.05; they share"),
        ({"reductant_fixed_carbon": 0.0}, r"reductant_fixed_carbon of 0 leaves no reductant"),
        ({"thermal_efficiency": 0.0}, r"thermal_efficiency of 0 heats nothing"),
        (
            {"temperature": "600 degC"},
            r"3 Na2CO3 .* does not go at 873 K: its Gibbs energy is \+\d+ kJ .* smelt hotter, at",
        ),
        (
            {"temperature": "400 degC", "sulphur_to_iron": 1.0},
            r"1.5 Fe2O3 .* does not go at 673 K: its Gibbs energy is \+\d+ kJ .*; smelt hotter",
        ),
    ],
)
def test_refused(given, message):
    with pytest.raises(InputError, match=message):
        furnace(**given)


def test_iron_oxide_works_where_soda_does_not():
    furnace(temperature="650 degC", sulphur_to_iron=1.0)
    with pytest.raises(InputError, match="does not go at 923 K"):
        furnace(temperature="650 degC", sulphur_to_iron=0.99)


@pytest.mark.parametrize(
    ("given", "feed", "message"),
    [
        ({"temperature": "850 degC"}, CONCENTRATE, "bath of 850 degC; 900 to 1100 degC is usual"),
        ({"conversion": 0.6}, CONCENTRATE, "slag holds 23% Sb; about 15 % is known of soda slag"),
        ({}, {**CONCENTRATE, "Pb": 300.0}, "crude metal holds 64.0% Sb; 80 to 97 % is usual"),
        ({}, {"Sb2S3": 1.0}, "crude metal holds 100.00% Sb; 80 to 97 % is usual: the charge"),
    ],
)
def test_warned(given, feed, message):
    species = SPECIES
    warned = smelt(furnace(**given), species, feed).warnings
    assert any(message in text for text in warned), warned


def test_nothing_to_warn_of():
    assert smelt(furnace(), SPECIES, CONCENTRATE).warnings == ()
    assert smelt(furnace(temperature="500 degC", sulphur_to_iron=1.0), SPECIES, {}).warnings == ()


@pytest.mark.parametrize(
    ("given", "required", "not_required"),
    [
        ({}, {*BY_SODA, "SiO2"}, {"Fe2O3", "FeS"}),
        ({"sulphur_to_iron": 1.0}, set(BY_IRON), {"Na2CO3"}),
        ({"sulphur_to_iron": 1.0, "flux_soda_ratio": 0.1}, {*BY_IRON, "Na2CO3", "Na2O"}, set()),
        ({"reductant_fixed_carbon": 1.0}, set(BY_SODA), {"SiO2"}),
    ],
)
def test_required_species(given, required, not_required):
    names = set(furnace(**given).required_species())
    assert required <= names
    assert not names & not_required


def test_oxide_is_reduced_to_the_same_conversion():
    found = smelt(ideal(conversion=0.9), SPECIES, {"Sb2O3": 291.52})
    assert found.made["metal"]["Sb"] == pytest.approx(0.9 * 243.52, rel=1e-4)
    assert found.made["slag"]["Sb2O3"] == pytest.approx(29.152, rel=1e-4)


@pytest.mark.parametrize(("mineral", "mass"), [("PbS", 239.27), ("FeS2", 119.98)])
def test_other_sulphides_by_iron_oxide_share_the_gas_asked_for(mineral, mass):
    """Half Fe2O3 to FeO and one sulphur give up 1.5 oxygen, to CO2 here: 0.75 C."""
    unit = ideal(sulphur_to_iron=1.0, carbon_monoxide_fraction=0.0, iron_to_metal=0.0)
    found = smelt(unit, SPECIES, {mineral: mass})
    assert found.made["reductant"]["C"] / 12.011 == pytest.approx(0.75, rel=1e-3)
    assert found.made["gas"]["CO"] == 0.0
