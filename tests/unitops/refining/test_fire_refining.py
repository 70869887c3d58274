import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow
from flowsheet.core.slate import Slate
from tests.unitops.properties import (
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
    run,
)
from unitops.refining.fire_refining import FireRefining

PORTS = {
    "crude": "crude",
    "alkali": "alkali",
    "air": "air",
    "sulphide": "stibnite",
    "metal": "refined",
    "slag": "alkali_slag",
    "dross": "dross",
    "gas": "off_gas",
}
MADE = ["Sb", "As", "Na2CO3", "Na3AsO4", "Na3SbO4", "Sb2O3", "O2", "N2", "CO2"]
MADE_BY_CAUSTIC = ["Sb", "As", "NaOH", "Na3AsO4", "Na3SbO4", "Sb2O3", "O2", "N2", "H2O(g)"]
MIXED = [
    *("Sb", "As", "Fe", "Pb", "Cu", "Au", "Sn", "S", "Sb2S3", "FeS", "FeO", "SiO2", "H2O", "CO"),
    *("Na2CO3", "NaOH", "Na3AsO4", "Na3SbO4", "Sb2O3", "O2", "N2", "CO2", "H2O(g)"),
]
CRUDE = {"Sb": 9800.0, "As": 80.0, "Fe": 30.0, "Pb": 10.0, "Cu": 5.0, "Sb2S3": 40.0, "SiO2": 5.0}


def refinery(**given):
    by_target = (
        {}
        if "stages" in given or "arsenic_removal_per_stage" in given
        else {"arsenic_target": "500 ppm"}
    )
    return FireRefining(**PORTS, **{**by_target, **given})


def arsenic_only(**given):
    """The arsenic blow with no antimony loss and all the oxygen used."""
    lossless = {"antimony_oxidised": 0.0, "secondary_oxide": 0.0, "oxygen_utilisation": 1.0}
    return refinery(**{**lossless, **given})


def refine(unit, species, **masses):
    """Run on masses in kg (per second); return port -> species -> kg, figures and warnings."""
    slate = Slate(species)
    crude = np.zeros((len(species), 1))
    for name, mass in masses.items():
        crude[slate.row(name)] = mass
    made = run(unit, slate, {"crude": crude})
    flows = {name: Flow(slate, mass) for name, mass in {**made, "crude": crude}.items()}
    p = unit.resolve(slate)
    table = {
        port: dict(zip(species, mass[:, 0].tolist(), strict=True)) for port, mass in made.items()
    }
    figures = {figure.label: figure.value[0] for figure in unit.figures(flows, p)}
    return table, figures, unit.warnings(flows, p)


fractions = st.fixed_dictionaries(
    {
        "alkali_kind": st.sampled_from(["soda", "caustic"]),
        "alkali_excess": st.floats(0.0, 3.0),
        "antimony_oxidised": st.floats(0.0, 0.5),
        "secondary_oxide": st.floats(0.0, 0.5),
        "oxygen_utilisation": st.floats(0.05, 1.0),
        "sulphur_removal": st.floats(0.0, 1.0),
        "iron_removal": st.one_of(st.none(), st.floats(0.0, 1.0)),
        "sulphur_per_iron": st.floats(0.58, 3.0),
    }
)
by_stages = st.fixed_dictionaries(
    {"stages": st.integers(1, 5), "arsenic_removal_per_stage": st.floats(0.0, 1.0)}
)
by_target = st.fixed_dictionaries({"arsenic_target": st.floats(0.0, 0.99)})


@settings(max_examples=60, deadline=None)
@given(mass=random_masses(len(MIXED), 2), given=fractions, arsenic=st.one_of(by_stages, by_target))
def test_any_crude_closes(mass, given, arsenic):
    check_unit(refinery(**given, **arsenic), MIXED, {"crude": mass})


def test_antimony_shares_that_make_up_the_whole_leave_nothing_negative():
    unit = refinery(antimony_oxidised=0.7, secondary_oxide=0.3, oxygen_utilisation=1.0)
    check_unit(unit, MIXED, {"crude": np.full((len(MIXED), 1), 3.7)})


def test_a_slate_of_the_minimum_closes():
    species = [name for name in MADE if name not in ("As", "Na3AsO4")]
    check_unit(refinery(iron_removal=0.9), species, {"crude": np.full((len(species), 1), 2.0)})


@pytest.mark.parametrize("kind", ["soda", "caustic"])
def test_zero_crude_gives_zero(kind):
    check_zero_feed(refinery(alkali_kind=kind, iron_removal=0.9), MIXED)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"arsenic_target": 0.9},
        {"stages": 3, "arsenic_removal_per_stage": 0.8, "iron_removal": 0.9},
        {"stages": 1, "arsenic_removal_per_stage": 1.0, "alkali_kind": "caustic"},
    ],
)
def test_derivative(given):
    crude = np.linspace(1.0, 3.0, len(MIXED))[:, None]
    check_derivative(refinery(**given), MIXED, {"crude": crude})


@pytest.mark.parametrize(
    ("kind", "species", "alkali", "mass"),
    [
        ("soda", MADE, "Na2CO3", 222.8065187795307),
        ("caustic", MADE_BY_CAUSTIC, "NaOH", 168.16228878033155),
    ],
)
def test_ten_tonnes_of_crude_from_0_80_to_0_05_percent_arsenic(kind, species, alkali, mass):
    """75 kg As of 80 kg removed; 40 % more alkali than theory."""
    unit = arsenic_only(
        alkali_kind=kind, stages=1, arsenic_removal_per_stage="93.75 %", alkali_excess=0.4
    )
    made, figures, _ = refine(unit, species, Sb=9920.0, As=80.0)
    assert 80.0 - made["metal"]["As"] == pytest.approx(75.0, rel=1e-9)
    assert made["alkali"][alkali] == pytest.approx(mass, rel=1e-4)
    assert made["slag"]["Na3AsO4"] == pytest.approx(208.10442860575, rel=1e-4)
    oxygen = 22.414 * made["air"]["O2"] / 31.998
    assert oxygen == pytest.approx(28.04666853527669, rel=1e-4)
    assert made["metal"]["Sb"] == 9920.0
    assert figures["As in refined metal"] == pytest.approx(5.0 / 9925.0)


@pytest.mark.parametrize(
    ("kind", "species", "theory"), [("soda", MADE, 2.12), ("caustic", MADE_BY_CAUSTIC, 1.60)]
)
def test_published_theory_of_alkali_per_arsenic(kind, species, theory):
    unit = arsenic_only(alkali_kind=kind, alkali_excess=0.0)
    made, figures, _ = refine(unit, species, Sb=9920.0, As=80.0)
    assert figures["alkali per arsenic removed, kg/kg"] == pytest.approx(theory, rel=2e-3)
    assert made["slag"][{"soda": "Na2CO3", "caustic": "NaOH"}[kind]] == 0.0


@pytest.mark.parametrize("target", ["0.10 %", "500 ppm", "0 %"])
def test_the_target_holds_in_the_refined_metal(target):
    made, figures, _ = refine(refinery(arsenic_target=target, iron_removal=0.9), MIXED, **CRUDE)
    wanted = {"0.10 %": 1e-3, "500 ppm": 5e-4, "0 %": 0.0}[target]
    assert made["metal"]["As"] / sum(made["metal"].values()) == pytest.approx(wanted, rel=1e-9)
    assert figures["As in refined metal"] == pytest.approx(wanted, rel=1e-9)


def test_crude_better_than_the_target_keeps_its_arsenic():
    made, _, warned = refine(refinery(arsenic_target="1 %"), MIXED, Sb=9990.0, As=10.0)
    assert made["metal"]["As"] == 10.0
    assert any("below arsenic_target of 1.0000%: none is removed" in text for text in warned)


def test_stages_remove_the_same_share_each():
    """Three slags at 80 %: 0.8 % of what came in is left."""
    made, figures, _ = refine(
        refinery(stages=3, arsenic_removal_per_stage=0.8), MIXED, Sb=9900.0, As=100.0
    )
    assert made["metal"]["As"] == pytest.approx(0.8)
    assert figures["arsenic removal"] == pytest.approx(0.992)


@pytest.mark.parametrize(("removal", "left"), [(0.0, 80.0), (1.0, 0.0)])
def test_limits_of_removal(removal, left):
    made, _, _ = refine(
        arsenic_only(stages=2, arsenic_removal_per_stage=removal), MADE, Sb=9920.0, As=80.0
    )
    assert made["metal"]["As"] == pytest.approx(left, abs=1e-12)


def test_stibnite_takes_iron_out():
    """0.574 kg S per kg Fe is just enough; the antimony it brings joins the metal."""
    unit = arsenic_only(iron_removal=1.0, sulphur_per_iron=0.5741)
    made, _, _ = refine(unit, MIXED, Sb=1000.0, Fe=10.0)
    assert made["metal"]["Fe"] == pytest.approx(0.0, abs=1e-12)
    assert made["dross"]["FeS"] == pytest.approx(15.742, rel=1e-4)
    assert made["dross"]["Sb2S3"] == pytest.approx(0.0, abs=1e-3)
    assert made["metal"]["Sb"] == pytest.approx(1000.0 + 14.535, rel=1e-4)


def test_stibnite_in_practice_is_about_twice_theory():
    made, _, _ = refine(refinery(iron_removal=0.9), MIXED, **CRUDE)
    sulphur = 0.28313 * made["sulphide"]["Sb2S3"]
    assert 1.0 < sulphur / 30.0 < 1.4
    assert made["metal"]["Fe"] == pytest.approx(3.0)
    assert made["dross"]["Sb2S3"] > 0.0


def test_without_iron_removal_no_stibnite_is_drawn():
    made, _, _ = refine(refinery(), MIXED, **CRUDE)
    assert sum(made["sulphide"].values()) == sum(made["dross"].values()) == 0.0
    assert made["metal"]["Fe"] == 30.0


def test_antimony_losses_are_the_shares_given():
    unit = refinery(antimony_oxidised=0.02, secondary_oxide=0.1)
    made, figures, _ = refine(unit, MADE, Sb=1000.0)
    assert figures["direct antimony recovery"] == pytest.approx(0.88)
    assert made["slag"]["Na3SbO4"] == pytest.approx(20.0 * 254.727 / 121.76, rel=1e-4)
    assert made["gas"]["Sb2O3"] == pytest.approx(100.0 * 291.517 / 243.52, rel=1e-4)


def test_alkali_per_antimony_oxidised():
    """1.306 kg soda per kg Sb, which adds to what arsenic takes."""
    unit = arsenic_only(antimony_oxidised=0.05, alkali_excess=0.0)
    made, _, _ = refine(unit, MADE, Sb=1000.0)
    assert made["alkali"]["Na2CO3"] == pytest.approx(50.0 * 1.306, rel=1e-3)


def test_air_carries_its_nitrogen_and_what_oxygen_is_left():
    unit = refinery(oxygen_utilisation=0.25)
    made, _, _ = refine(unit, MADE, Sb=1000.0, As=10.0)
    assert made["gas"]["O2"] == pytest.approx(0.75 * made["air"]["O2"], rel=1e-9)
    assert made["gas"]["N2"] == made["air"]["N2"]
    assert made["air"]["N2"] / made["air"]["O2"] == pytest.approx(3.30, rel=0.01)


def test_a_usual_crude_gives_the_slag_of_the_design_code():
    """Slag 5.0 to 7.5 % of the metal with 3 to 30 % Sb, soda 1.5 to 3 times theory."""
    made, figures, warned = refine(refinery(iron_removal=0.9), MIXED, **CRUDE)
    assert 0.050 < figures["alkali slag of refined metal"] < 0.075
    assert 0.03 < figures["Sb in alkali slag"] < 0.30
    assert 1.5 * 2.122 < figures["alkali per arsenic removed, kg/kg"] < 3.0 * 2.122
    assert made["metal"]["Sb"] / sum(made["metal"].values()) > 0.9965
    assert warned == []


def test_what_is_no_metal_is_skimmed():
    made, _, _ = refine(
        refinery(sulphur_removal=0.9),
        MIXED,
        Sb=100.0,
        SiO2=1.0,
        FeO=2.0,
        FeS=3.0,
        Sb2O3=4.0,
        S=5.0,
        CO=6.0,
        Na2CO3=7.0,
        H2O=8.0,
        Pb=9.0,
    )
    assert (made["slag"]["SiO2"], made["slag"]["FeO"], made["slag"]["Sb2O3"]) == (1.0, 2.0, 4.0)
    assert made["dross"]["FeS"] == 3.0
    assert (made["metal"]["S"], made["slag"]["S"]) == pytest.approx((0.5, 4.5))
    assert (made["gas"]["CO"], made["gas"]["H2O"], made["metal"]["Pb"]) == (6.0, 8.0, 9.0)
    assert made["slag"]["Na2CO3"] > 7.0


ONE_WAY = r"give either stages with arsenic_removal_per_stage, or arsenic_target, not both"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, ONE_WAY),
        ({"stages": 2}, ONE_WAY),
        ({"arsenic_removal_per_stage": 0.8}, ONE_WAY),
        ({"stages": 2, "arsenic_target": 0.001}, ONE_WAY),
        ({"stages": 2, "arsenic_removal_per_stage": 0.8, "arsenic_target": 0.001}, ONE_WAY),
        ({"arsenic_target": 1.0}, r"arsenic_target of 1 is no antimony; give e.g. 500 ppm"),
        (
            {"arsenic_target": 0.0, "antimony_oxidised": 0.6, "secondary_oxide": 0.5},
            r"antimony_oxidised \+ secondary_oxide is 1.1; they share at most 1",
        ),
        (
            {"arsenic_target": 0.0, "oxygen_utilisation": 0.0},
            r"oxygen_utilisation of 0 takes endless air; give e.g. 30 %",
        ),
        (
            {"arsenic_target": 0.0, "iron_removal": 1.0, "sulphur_per_iron": 0.5},
            r"sulphur_per_iron of 0.5 cannot remove 100% of the iron; that takes 0.574 or more",
        ),
        (
            {"arsenic_target": 0.0, "alkali_kind": "lime"},
            r"alkali_kind: must be 'soda' or 'caustic', got 'lime'",
        ),
    ],
)
def test_refused(given, message):
    with pytest.raises(InputError, match=message):
        FireRefining(**PORTS, **given)


def test_a_missing_product_is_named():
    species = [name for name in MADE if name != "Na3AsO4"]
    with pytest.raises(InputError, match="needs species 'Na3AsO4'; add it"):
        refine(refinery(), species, Sb=1.0)


def test_required_species():
    assert {"Na2CO3", "CO2"} <= set(refinery().required_species())
    caustic = set(refinery(alkali_kind="caustic").required_species())
    assert {"NaOH", "H2O(g)"} <= caustic
    assert not {"Na2CO3", "CO2"} & caustic


@pytest.mark.parametrize(
    ("given", "changed", "message"),
    [
        (
            {"antimony_oxidised": 0.0, "alkali_excess": 0.1},
            {},
            "alkali is 2.33 kg per kg As removed; 3.2 to 6.4 (1.5 to 3 times theory) is usual",
        ),
        ({"alkali_excess": 2.0}, {}, "alkali slag is 11.2% of the metal; 5.0 to 7.5 % is usual"),
        ({"antimony_oxidised": 0.05}, {}, "alkali slag holds 36% Sb; 3 to 30 % is usual"),
        ({"secondary_oxide": 0.4}, {}, "direct antimony recovery is 59%; 70 % or more is usual"),
        (
            {"iron_removal": 0.9, "sulphur_per_iron": 0.8},
            {},
            "stibnite brings 0.80 kg S per kg Fe; practice is 1.0 to 1.4",
        ),
        ({}, {}, "0.32% Fe stays in the metal; give iron_removal"),
        ({}, {"Pb": 100.0}, "Pb stays in the metal: alkali does not remove lead, phosphate does"),
    ],
)
def test_warned(given, changed, message):
    _, _, warned = refine(refinery(**given), MIXED, **{**CRUDE, **changed})
    assert any(message in text for text in warned), warned


def test_nothing_to_warn_of_without_crude():
    assert refine(refinery(secondary_oxide=0.9), MIXED)[2] == ()


def test_an_arsenic_target_is_not_linear():
    assert refinery(stages=2, arsenic_removal_per_stage=0.8, iron_removal=0.9).is_linear()
    assert not refinery(arsenic_target="500 ppm").is_linear()
