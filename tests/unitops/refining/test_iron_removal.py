import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from flowsheet.core.flow import flow_of
from flowsheet.core.slate import Slate
from tests.unitops.properties import check_derivative, check_unit, check_zero_feed, random_masses
from tests.unitops.refining.crude import CRUDE, MIXED, refine
from unitops.refining.iron_removal import IronRemoval

PORTS = {
    "crude": "crude",
    "sulphide": "stibnite",
    "metal": "metal",
    "dross": "dross",
    "gas": "off_gas",
}


def furnace(**given):
    return IronRemoval(**PORTS, **given)


settings_of_step = st.fixed_dictionaries(
    {
        "iron_removal": st.floats(0.0, 1.0),
        "sulphur_per_iron": st.floats(0.58, 3.0),
        "excess_sulphide_dissolved": st.floats(0.0, 1.0),
    }
)


@settings(max_examples=60, deadline=None)
@given(mass=random_masses(len(MIXED), 2), given=settings_of_step)
def test_any_crude_closes(mass, given):
    check_unit(furnace(**given), MIXED, {"crude": mass})


def test_it_is_linear():
    assert furnace().is_linear()


def test_nothing_in_nothing_out():
    check_zero_feed(furnace(), MIXED)


def test_derivative():
    crude = np.linspace(1.0, 3.0, len(MIXED))[:, None]
    check_derivative(furnace(), MIXED, {"crude": crude})


def test_a_slate_without_iron_draws_no_stibnite():
    made = refine(furnace(), ["Sb", "Sb2S3", "FeS", "As"], Sb=3.0, As=1.0)
    assert made.total("sulphide") == 0.0
    assert made["metal"]["As"] == 1.0


def test_theory_is_0_574_kg_sulphur_per_kg_iron():
    """With just that no stibnite is left over; the antimony that it brings joins the metal."""
    made = refine(furnace(iron_removal=1.0, sulphur_per_iron=0.5741), Sb=1000.0, Fe=10.0)
    assert made["metal"]["Fe"] == pytest.approx(0.0, abs=1e-12)
    assert made["dross"]["FeS"] == pytest.approx(15.742, rel=1e-4)
    assert made["dross"]["Sb2S3"] == pytest.approx(0.0, abs=3e-3)
    assert made["metal"]["Sb"] == pytest.approx(1000.0 + 14.535, rel=1e-4)
    assert made.figures["stibnite per refined metal"] == pytest.approx(20.275 / 1014.54, rel=1e-3)


def test_practice_leaves_sulphur_for_the_soda():
    """Of 1.2 kg S per kg Fe about half stays; what dissolves has to be taken out again."""
    made = refine(furnace(iron_removal=0.9, excess_sulphide_dissolved=0.3), Sb=1000.0, Fe=10.0)
    assert made.element("sulphide", "S") == pytest.approx(12.0, rel=1e-9)
    excess = 12.0 - 9.0 * 0.57412
    assert made.element("metal", "S") == pytest.approx(0.3 * excess, rel=1e-4)
    assert made["metal"]["Fe"] == pytest.approx(1.0)
    assert made.figures["S in refined metal"] == pytest.approx(0.3 * excess / 1015.7, rel=1e-2)
    assert made.figures["dross"] == made.total("dross") > 0.0
    assert made.figures["stibnite demand"] == made.total("sulphide")
    entered = 1000.0 + made.element("sulphide", "Sb")
    direct = made.element("metal", "Sb") / entered
    assert made.figures["direct antimony recovery"] == pytest.approx(direct)


def test_nine_tenths_of_the_iron_by_default():
    assert refine(furnace(), Sb=1000.0, Fe=10.0)["metal"]["Fe"] == pytest.approx(1.0)


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_the_excess_is_shared_between_metal_and_dross(share):
    made = refine(furnace(excess_sulphide_dissolved=share), Sb=1000.0, Fe=10.0)
    excess = made["metal"]["Sb2S3"] + made["dross"]["Sb2S3"]
    assert excess > 20.0
    assert made["metal"]["Sb2S3"] == pytest.approx(share * excess)


def test_in_scenarios_with_too_little_stibnite_all_of_it_is_used():
    slate, unit = Slate(MIXED), furnace()
    p = unit.resolve(slate).replaced({"sulphur_per_iron": np.array([0.287, 1.2])})
    made = unit.run(flow_of(slate, {"Sb": 990.0, "Fe": 10.0}, columns=2), p=p)
    np.testing.assert_allclose(made["metal"].of("Fe"), [5.0, 1.0], rtol=1e-3)
    assert made["dross"].of("Sb2S3")[0] == pytest.approx(0.0, abs=1e-9)


def test_other_metals_and_sulphur_stay_and_the_rest_is_skimmed():
    made = refine(furnace(), Sb=100.0, Fe=1.0, Pb=2.0, As=3.0, S=4.0, SiO2=5.0, CO=6.0, H2O=7.0)
    assert (made["metal"]["Pb"], made["metal"]["As"], made["metal"]["S"]) == (2.0, 3.0, 4.0)
    assert made["dross"]["SiO2"] == 5.0
    assert (made["gas"]["CO"], made["gas"]["H2O"]) == (6.0, 7.0)


def test_everything_leaves_as_warm_as_the_bath():
    made = refine(furnace(temperature="720 degC"), **CRUDE)
    assert made.temperatures == pytest.approx(dict.fromkeys(["metal", "dross", "gas"], 993.15))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"iron_removal": 1.0, "sulphur_per_iron": 0.5},
            r"sulphur_per_iron of 0.5 cannot remove 100% of the iron; that takes 0.574 or more",
        ),
        ({"temperature": "630 degC"}, "temperature of 630 degC: antimony melts at 630.6 and"),
        ({"temperature": "1001 degC"}, "evaporates above 1000 degC; give 700 to 850 degC"),
    ],
)
def test_refused(given, message):
    with pytest.raises(InputError, match=message):
        furnace(**given)


@pytest.mark.parametrize("celsius", [631, 1000])
def test_the_ends_of_the_range_are_taken(celsius):
    assert furnace(temperature=f"{celsius} degC").temperature == celsius + 273.15


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"sulphur_per_iron": 0.8},
            "stibnite brings 0.80 kg S per kg Fe; practice is 1.0 to 1.4",
        ),
        (
            {"sulphur_per_iron": 1.5},
            "stibnite brings 1.50 kg S per kg Fe; practice is 1.0 to 1.4",
        ),
        ({"iron_removal": 0.99}, "iron_removal is 99.0%; 80 to 98 % is thought to be usual"),
        ({"temperature": "690 degC"}, "temperature is 690 degC; 700 to 850 is usual"),
        ({"temperature": "860 degC"}, "temperature is 860 degC; 700 to 850 is usual"),
    ],
)
def test_warned(given, message):
    (warning,) = refine(furnace(**given), **CRUDE).warnings
    assert message in warning


def test_antimony_too_good_to_be_true_is_questioned():
    (warning,) = refine(furnace(), Sb=1000.0, SiO2=10.0).warnings
    assert "metal holds 100.000% Sb; fire refining reaches 99.5 to 99.9 %" in warning


@pytest.mark.parametrize("celsius", [700, 850])
def test_practice_is_not_warned_of(celsius):
    assert refine(furnace(temperature=f"{celsius} degC"), **CRUDE).warnings == ()
    assert refine(furnace(sulphur_per_iron=3.0)).warnings == ()


def test_required_species():
    assert set(furnace().required_species()) == {"Sb", "Fe", "Sb2S3", "FeS"}
