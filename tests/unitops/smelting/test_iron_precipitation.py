import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow
from flowsheet.core.reaction import Reaction
from flowsheet.core.reaction_energy import reaction_energy
from flowsheet.core.slate import Slate
from tests.unitops.properties import (
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
    run,
)
from unitops.smelting.iron_precipitation import TO_ANTIMONY, IronPrecipitation

PORTS = {
    "feed": "concentrate",
    "scrap": "scrap",
    "metal": "crude",
    "matte": "matte",
    "slag": "slag",
    "gas": "off_gas",
}
PURE = ["Sb2S3", "Fe", "Sb", "FeS"]
MIXED = [
    *("Sb2S3", "FeSb2S4", "Pb4FeSb6S14", "Sb2O3", "Sb2O4", "PbS", "PbO", "As2S3", "As2O3", "FeS2"),
    *("FeAsS", "CuFeS2", "S", "SiO2", "H2O", "H2O(g)", "N2", "Na2SO4(aq)", "Fe", "Sb", "Pb", "As"),
    *("Au", "Cu", "FeS", "FeO"),
]


def furnace(**given):
    return IronPrecipitation(**PORTS, **given)


def ideal(**given):
    """Complete conversion and no losses, so that the iron itself can be read off."""
    exact = {"conversion": 1.0, "antimony_to_fume": 0.0, "antimony_to_matte": 0.0}
    return furnace(**{**exact, "scrap_iron": 1.0, **given})


def smelt(unit, species, **masses):
    """Run on masses in kg (per second); return port -> species -> kg, figures and warnings."""
    slate = Slate(species)
    feed = np.zeros((len(species), 1))
    for name, mass in masses.items():
        feed[slate.row(name)] = mass
    made = run(unit, slate, {"feed": feed})
    flows = {name: Flow(slate, mass) for name, mass in {**made, "feed": feed}.items()}
    p = unit.resolve(slate)
    table = {
        port: dict(zip(species, mass[:, 0].tolist(), strict=True)) for port, mass in made.items()
    }
    figures = {figure.label: figure.value[0] for figure in unit.figures(flows, p)}
    return table, figures, unit.warnings(flows, p)


fractions = st.fixed_dictionaries(
    {
        "iron_excess": st.floats(0.0, 1.0),
        "scrap_iron": st.floats(0.5, 1.0),
        "conversion": st.floats(0.0, 1.0),
        "antimony_to_fume": st.floats(0.0, 1.0),
        "antimony_to_matte": st.floats(0.0, 1.0),
        "excess_iron_to_metal": st.floats(0.0, 1.0),
        "arsenic_to_metal": st.floats(0.0, 0.6),
        "arsenic_to_fume": st.floats(0.0, 0.4),
        "lead_to_metal": st.floats(0.0, 1.0),
        "other_metals_to_metal": st.floats(0.0, 1.0),
    }
)


@settings(max_examples=40, deadline=None)
@given(mass=random_masses(len(MIXED), 2), given=fractions)
def test_any_feed_closes(mass, given):
    check_unit(furnace(**given), MIXED, {"feed": mass})


@settings(max_examples=20, deadline=None)
@given(mass=random_masses(len(MIXED), 2))
def test_any_feed_closes_with_all_iron_taken_up(mass):
    unit = ideal(iron_excess=0.0, arsenic_to_metal=0.7, arsenic_to_fume=0.3, lead_to_metal=1.0)
    check_unit(unit, MIXED, {"feed": mass})


def test_a_slate_of_the_minimum_closes():
    check_unit(furnace(scrap_iron=1.0), PURE, {"feed": np.full((len(PURE), 1), 2.0)})


def test_zero_feed_gives_zero():
    check_zero_feed(furnace(), MIXED)


@pytest.mark.parametrize("given", [{}, {"iron_excess": 0.0, "conversion": 1.0}])
def test_derivative(given):
    feed = np.linspace(1.0, 3.0, len(MIXED))[:, None]
    check_derivative(furnace(**given), MIXED, {"feed": feed})


def test_a_tonne_of_stibnite_with_scrap_of_97_percent_and_10_percent_excess():
    species = [*PURE, "SiO2"]
    unit = ideal(iron_excess="10 %", scrap_iron="97 %", excess_iron_to_metal=0.0)
    made, figures, _ = smelt(unit, species, Sb2S3=1000.0)
    assert sum(made["scrap"].values()) == pytest.approx(559.2821440385543, rel=1e-4)
    assert made["metal"]["Sb"] == pytest.approx(716.8678245510745, rel=1e-4)
    assert made["matte"]["FeS"] == pytest.approx(776.317338828378, rel=1e-4)
    assert made["matte"]["Fe"] == pytest.approx(49.31851633794524, rel=1e-4)
    assert figures["Sb in crude metal"] == pytest.approx(1.0)


def test_stoichiometric_iron_per_stibnite_and_per_antimony():
    made, figures, _ = smelt(ideal(iron_excess=0.0), PURE, Sb2S3=1000.0)
    assert made["scrap"]["Fe"] == pytest.approx(493.1851633794524, rel=1e-4)
    assert made["metal"]["Fe"] == made["matte"]["Fe"] == 0.0
    assert figures["scrap per metal"] == pytest.approx(0.6879722404730617, rel=1e-4)


def test_matte_per_antimony():
    """1.083 kg FeS per kg Sb."""
    made, _, _ = smelt(ideal(iron_excess=0.0), PURE, Sb2S3=1000.0)
    assert made["matte"]["FeS"] / made["metal"]["Sb"] == pytest.approx(1.083, rel=1e-3)


def test_excess_iron_spoils_the_metal():
    _, little, _ = smelt(furnace(iron_excess=0.0), MIXED, Sb2S3=1000.0)
    _, much, _ = smelt(furnace(iron_excess=0.2), MIXED, Sb2S3=1000.0)
    assert much["Fe in crude metal"] > little["Fe in crude metal"] + 0.05
    assert much["Sb in crude metal"] < little["Sb in crude metal"] - 0.05


def test_defaults_give_what_practice_gives():
    """80 to 95 % Sb, 3 to 15 % Fe in the crude, 8 to 15 % of the antimony lost."""
    made, figures, warned = smelt(
        furnace(), MIXED, Sb2S3=850.0, FeAsS=10.0, PbS=5.0, FeS2=15.0, SiO2=120.0
    )
    assert 0.80 < figures["Sb in crude metal"] < 0.95
    assert 0.03 < figures["Fe in crude metal"] < 0.15
    assert 0.85 < figures["antimony to metal"] < 0.92
    assert 0.002 < made["metal"]["As"] / sum(made["metal"].values()) < 0.03
    assert warned == []


def test_losses_add_up():
    """Of 1000 kg: 100 evaporate, 10 % of the rest stays sulphide, 5 % of the metal is matte."""
    unit = ideal(antimony_to_fume=0.1, conversion=0.9, antimony_to_matte=0.05)
    made, figures, _ = smelt(unit, PURE, Sb2S3=1000.0)
    assert made["gas"]["Sb2S3"] == pytest.approx(100.0)
    assert made["matte"]["Sb2S3"] == pytest.approx(90.0)
    assert figures["antimony to metal"] == pytest.approx(0.9 * 0.9 * 0.95)
    assert figures["antimony to fume"] == pytest.approx(0.1)
    assert figures["antimony to matte"] == pytest.approx(0.09 + 0.81 * 0.05)


def test_no_conversion_makes_no_antimony_and_keeps_the_iron():
    made, _, _ = smelt(ideal(conversion=0.0, iron_excess=0.0), PURE, Sb2S3=1000.0)
    assert made["metal"]["Sb"] == 0.0
    assert made["metal"]["Fe"] + made["matte"]["Fe"] == pytest.approx(493.185, rel=1e-4)


@pytest.mark.parametrize(
    ("mineral", "mass", "iron"),
    [
        ("FeSb2S4", 427.61, 167.54),
        ("FeS2", 119.98, 55.845),
        ("As2S3", 246.02, 167.54),
        ("Sb2O3", 291.52, 167.54),
        ("Sb2O4", 307.52, 223.38),
        ("FeAsS", 162.83, 0.0),
        ("CuFeS2", 183.5, 0.0),
    ],
)
def test_iron_that_other_minerals_take(mineral, mass, iron):
    made, _, _ = smelt(ideal(iron_excess=0.0), MIXED, **{mineral: mass})
    assert made["scrap"]["Fe"] == pytest.approx(iron, rel=1e-3)
    assert made["metal"]["Fe"] + made["matte"]["Fe"] == pytest.approx(0.0, abs=1e-9)


def test_arsenic_of_arsenopyrite_is_shared():
    made, _, _ = smelt(ideal(arsenic_to_metal=0.5, arsenic_to_fume=0.3), MIXED, FeAsS=162.83)
    arsenic = [made[port]["As"] for port in ("metal", "gas", "matte")]
    assert arsenic == pytest.approx([37.46, 22.48, 14.98], rel=1e-3)
    assert made["matte"]["FeS"] == pytest.approx(87.91, rel=1e-3)


def test_what_does_not_react_goes_where_it_belongs():
    made, _, _ = smelt(
        furnace(other_metals_to_metal=0.9),
        MIXED,
        **{"SiO2": 1.0, "CuFeS2": 2.0, "N2": 3.0, "Na2SO4(aq)": 4.0, "Au": 5.0, "H2O": 6.0},
    )
    assert made["slag"]["SiO2"] == 1.0
    assert made["matte"]["CuFeS2"] == 2.0
    assert made["gas"]["N2"] == 3.0
    assert made["slag"]["Na2SO4(aq)"] == 4.0
    assert (made["metal"]["Au"], made["matte"]["Au"]) == pytest.approx((4.5, 0.5))
    assert made["gas"]["H2O(g)"] == pytest.approx(6.0)


def test_temperatures_of_all_that_leaves():
    unit = furnace(temperature="1080 degC", feed_temperature="60 degC")
    found = unit.temperatures({}, unit.resolve(Slate(MIXED)))
    assert found == {
        **dict.fromkeys(("metal", "matte", "slag", "gas"), pytest.approx(1353.15)),
        "feed": pytest.approx(333.15),
    }


def test_the_reaction_itself_gives_heat_off():
    """Sb2S3 + 3 Fe -> 2 Sb + 3 FeS: -150 kJ at 25 degC, less than warming to 1050 degC takes."""
    _, hot, _ = smelt(ideal(iron_excess=0.0), PURE, Sb2S3=1.0)
    _, cold, _ = smelt(ideal(iron_excess=0.0, temperature="26 degC"), PURE, Sb2S3=1.0)
    label = "heat to be supplied per metal"
    assert cold["heat given off per metal"] == pytest.approx(150e3 / 0.24352, rel=0.01)
    assert label not in cold
    assert 100.0 < hot[label] / 3.6e3 < 400.0
    coal = hot["standard coal per metal at 25 % efficiency"]
    assert coal == pytest.approx(hot[label] / 0.25 / 29.3e6, rel=1e-9)
    assert not any("standard coal" in label for label in cold)


def test_matte_in_the_figures():
    _, figures, _ = smelt(ideal(iron_excess=0.0), PURE, Sb2S3=1000.0)
    assert figures["matte per metal"] == pytest.approx(1.083, rel=1e-3)


@pytest.mark.parametrize(
    ("kelvin", "kilojoules"),
    [(900.0, -176.0), (1000.0, -179.0), (1200.0, -184.0), (1400.0, -187.0)],
)
def test_iron_takes_the_sulphur_of_stibnite_at_any_heat(kelvin, kilojoules):
    energy = reaction_energy(TO_ANTIMONY[0], kelvin).gibbs_energy[0]
    assert energy / 1e3 == pytest.approx(kilojoules, abs=1.5)
    furnace(temperature=f"{kelvin} K")


def test_a_reaction_that_does_not_go_is_refused(monkeypatch):
    backwards = (Reaction("2 Sb + 3 FeS -> Sb2S3 + 3 Fe"), *TO_ANTIMONY[1:])
    monkeypatch.setattr("unitops.smelting.iron_precipitation.TO_ANTIMONY", backwards)
    with pytest.raises(InputError, match=r"does not go at 1323 K: .* use another reductant"):
        furnace()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"thermal_efficiency": 0.0}, r"thermal_efficiency of 0 heats nothing; give e.g. 25 %"),
        ({"arsenic_to_metal": 0.9}, r"arsenic_to_metal \+ arsenic_to_fume is 1.1; they share"),
        ({"scrap_iron": 0.0}, r"scrap_iron of 0 brings no iron; give e.g. 95 %"),
        ({"conversion": 1.1}, r"conversion: must lie between 0 and 1"),
        ({"iron_excess": -0.1}, r"iron_excess: must be 0 or more"),
    ],
)
def test_refused(given, message):
    with pytest.raises(InputError, match=message):
        furnace(**given)


def test_a_missing_product_is_named():
    with pytest.raises(InputError, match="needs species 'Pb'; add it"):
        smelt(ideal(), [*PURE, "PbS"], Sb2S3=1.0)


def test_required_species():
    assert set(furnace().required_species()) == {*PURE, "SiO2"}
    assert set(furnace(scrap_iron=1.0).required_species()) == set(PURE)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"temperature": "900 degC"}, "bath of 900 degC; 1000 to 1100 degC is usual"),
        ({"temperature": "1150 degC"}, "bath of 1150 degC; 1000 to 1100 degC is usual"),
        ({"iron_excess": 0.15}, "iron excess is 15%; practice is 0 to 10 %"),
        ({"iron_excess": 0.5}, "crude metal holds 18.4% Fe; 3 to 15 % is usual"),
        ({"conversion": 0.8}, "27% of the antimony misses the metal; 8 to 15 % is usual"),
    ],
)
def test_warned(given, message):
    _, _, warned = smelt(furnace(**given), MIXED, Sb2S3=1000.0)
    assert any(message in text for text in warned), warned


def test_nothing_to_warn_of_without_antimony():
    assert smelt(furnace(iron_excess=1.0), MIXED, SiO2=1.0)[2] == ()
