import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow, flow_of
from flowsheet.core.slate import Slate
from tests.unitops.properties import (
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
)
from unitops.smelting.stibnite_liquation import StibniteLiquation

SPECIES = [
    *("Sb2S3", "As2S3", "AsS", "FeS", "FeS2", "FeAsS", "PbS", "Bi2S3", "FeSb2S4", "Sb2O3"),
    *("HgS", "SiO2", "Au", "H2O", "Sb(aq)", "H2O(g)", "N2"),
]
ORE = {"Sb2S3": 70.0, "As2S3": 0.2, "FeS": 3.0, "PbS": 0.1, "SiO2": 26.7}


def liquation(**given_parameters):
    how = {} if "recovery" in given_parameters else {"residue_stibnite": "16 %"}
    return StibniteLiquation(
        **{
            "feed": "ore",
            "trisulphide": "needle_antimony",
            "residue": "residue",
            "gas": "fume",
            "temperature": "580 degC",
            **how,
            **given_parameters,
        }
    )


def lossless(**given_parameters):
    """Only stibnite melts, and nothing evaporates."""
    names = ("arsenic_taken_up", "iron_taken_up", "lead_taken_up", "bismuth_taken_up")
    nothing = dict.fromkeys((*names, "double_sulphides_taken_up", "fume_loss"), 0.0)
    nothing |= {"arsenic_evaporated": 0.0, "mercury_evaporated": 0.0}
    return liquation(**{**nothing, **given_parameters})


def melt(unit, masses):
    """All flows by port, figures by label and warnings."""
    slate = Slate(SPECIES)
    feed = flow_of(slate, masses)
    p = unit.resolve(slate)
    flows = {"feed": feed, **unit.run(feed=feed, p=p)}
    figures = {figure.label: figure.value[0] for figure in unit.figures(flows, p)}
    return flows, figures, unit.warnings(flows, p)


def test_the_residue_of_kerl_by_hand():
    """A residue of 20.4 % Sb2S3 (Wang 1919, p. 77) from ore of 70 %: 76.9 of 700 kg stay."""
    flows, figures, _ = melt(lossless(residue_stibnite="20.40 %"), {"Sb2S3": 700.0, "SiO2": 300.0})
    assert flows["residue"].of("Sb2S3")[0] == pytest.approx(76.88, abs=0.01)
    assert flows["trisulphide"].of("Sb2S3")[0] == pytest.approx(623.12, abs=0.01)
    assert figures["recovery of Sb2S3"] == pytest.approx(0.8902, abs=1e-4)
    assert figures["Sb2S3 in residue"] == pytest.approx(0.204)
    assert figures["Sb in residue"] == pytest.approx(0.204 * 0.7169, rel=1e-3)


@pytest.mark.parametrize("content", ["12 %", "16 %", "20 %"])
def test_the_residue_holds_what_is_asked_for_whatever_the_losses(content):
    unit = liquation(residue_stibnite=content, fume_loss=0.05, others_taken_up=0.01)
    _, figures, _ = melt(unit, ORE)
    assert 100.0 * figures["Sb2S3 in residue"] == pytest.approx(float(content.split()[0]))


def test_recovery_falls_with_the_grade_and_ends_where_ore_is_residue():
    def recovery(stibnite):
        return melt(lossless(), {"Sb2S3": stibnite, "SiO2": 100.0 - stibnite})[1]

    shares = [recovery(percent)["recovery of Sb2S3"] for percent in (90.0, 60.0, 30.0, 16.0, 5.0)]
    assert shares[0] > shares[1] > shares[2] > 0.5
    assert shares[3] == pytest.approx(0.0, abs=1e-12)
    assert shares[4] == 0.0
    assert recovery(100.0)["recovery of Sb2S3"] == pytest.approx(1.0)


def test_a_given_recovery():
    flows, figures, _ = melt(liquation(recovery="80 %", fume_loss="5 %"), {"Sb2S3": 100.0})
    assert flows["trisulphide"].of("Sb2S3")[0] == pytest.approx(80.0)
    assert flows["gas"].of("Sb2S3")[0] == pytest.approx(5.0)
    assert flows["residue"].of("Sb2S3")[0] == pytest.approx(15.0)
    assert figures["recovery of Sb2S3"] == pytest.approx(0.8)


def test_pure_stibnite_is_71_7_percent_antimony():
    _, figures, told = melt(lossless(), {"Sb2S3": 100.0})
    assert 100.0 * figures["Sb in product"] == pytest.approx(71.68, abs=0.01)
    assert 100.0 * figures["S in product"] == pytest.approx(28.32, abs=0.01)
    assert figures["limits broken by the product"] == 0.0
    assert told == ["the ore holds 100% Sb2S3; above 90 % it is crude antimony as it is"]


def test_usual_ore_gives_the_crude_antimony_of_wang():
    """1 to 4 % FeS and 0.2 to 3.4 % As2S3 in the product (Wang 1919, p. 77)."""
    for iron, arsenic in ((5.0, 0.2), (15.0, 2.5)):
        _, figures, _ = melt(
            liquation(), {"Sb2S3": 70.0, "FeS": iron, "As2S3": arsenic, "SiO2": 27.0 - iron}
        )
        assert 0.01 < figures["Fe in product as FeS"] < 0.04
        assert 0.002 < figures["As in product as As2S3"] < 0.034


@pytest.mark.parametrize(
    ("species", "parameter"),
    [
        ("As2S3", "arsenic_taken_up"),
        ("AsS", "arsenic_taken_up"),
        ("FeS", "iron_taken_up"),
        ("FeS2", "iron_taken_up"),
        ("FeAsS", "iron_taken_up"),
        ("PbS", "lead_taken_up"),
        ("Bi2S3", "bismuth_taken_up"),
        ("FeSb2S4", "double_sulphides_taken_up"),
        ("SiO2", "others_taken_up"),
        ("Sb2O3", "others_taken_up"),
    ],
)
def test_each_sulphide_has_its_share(species, parameter):
    flows, _, _ = melt(lossless(**{parameter: 0.25}), {"Sb2S3": 60.0, species: 8.0})
    assert flows["trisulphide"].of(species)[0] == pytest.approx(2.0)
    assert flows["residue"].of(species)[0] == pytest.approx(6.0)


def test_arsenic_sulphides_evaporate_and_arsenopyrite_does_not():
    unit = lossless(arsenic_evaporated=0.3)
    flows, _, _ = melt(unit, {"Sb2S3": 50.0, "As2S3": 10.0, "AsS": 10.0, "FeAsS": 10.0})
    gas = flows["gas"]
    assert [gas.of(name)[0] for name in ("As2S3", "AsS", "FeAsS")] == pytest.approx([3.0, 3.0, 0.0])


@pytest.mark.parametrize(
    ("given_parameters", "left"),
    [
        ({}, 0.5),
        ({"mercury_evaporated": "70 %"}, 3.0),
        ({"mercury_evaporated": 1.0}, 0.0),
        ({"others_taken_up": 0.02}, 0.5),  # the melt takes up none
    ],
)
def test_cinnabar_sublimes_into_the_fume(given_parameters, left):
    flows, _, _ = melt(liquation(**given_parameters), {**ORE, "HgS": 10.0})
    assert flows["residue"].of("HgS")[0] == pytest.approx(left, abs=1e-12)
    assert flows["gas"].of("HgS")[0] == pytest.approx(10.0 - left)
    assert flows["trisulphide"].of("HgS")[0] == 0.0


def test_equivalents_are_of_the_elements():
    unit = lossless(iron_taken_up=1.0)
    _, figures, _ = melt(unit, {"Sb2S3": 50.0, "FeAsS": 1.0})
    total = 51.0  # no residue is left to hold stibnite
    assert figures["Fe in product as FeS"] == pytest.approx(87.91 / 162.83 / total, rel=1e-3)
    assert figures["As in product as As2S3"] == pytest.approx(
        0.5 * 246.04 / 162.83 / total, rel=1e-3
    )


def test_moisture_evaporates_and_salts_stay():
    flows, _, _ = melt(liquation(), {**ORE, "H2O": 5.0, "Sb(aq)": 1.0, "N2": 2.0})
    assert flows["gas"].of("H2O(g)")[0] == pytest.approx(5.0)
    assert flows["gas"].of("N2")[0] == 2.0
    assert flows["residue"].of("Sb(aq)")[0] == 1.0
    assert flows["trisulphide"].of("H2O", "Sb(aq)", "N2")[0] == 0.0


def test_gold_stays_in_the_residue():
    flows, _, _ = melt(liquation(), {**ORE, "Au": 0.001})
    assert flows["residue"].of("Au")[0] == 0.001


def test_all_leaves_as_warm_as_the_charge():
    unit = liquation()
    warm = unit.temperatures({}, unit.resolve(Slate(SPECIES)))
    assert set(warm) == {"trisulphide", "residue", "gas"}
    assert all(kelvin == pytest.approx(853.15) for kelvin in warm.values())


shares = st.fixed_dictionaries(
    {
        "arsenic_taken_up": st.floats(0.0, 0.7),
        "arsenic_evaporated": st.floats(0.0, 0.3),
        "iron_taken_up": st.floats(0.0, 1.0),
        "lead_taken_up": st.floats(0.0, 1.0),
        "bismuth_taken_up": st.floats(0.0, 1.0),
        "mercury_evaporated": st.floats(0.0, 1.0),
        "double_sulphides_taken_up": st.floats(0.0, 1.0),
        "others_taken_up": st.floats(0.0, 1.0),
    }
)
by_residue = st.fixed_dictionaries(
    {"residue_stibnite": st.floats(0.0, 0.99), "fume_loss": st.floats(0.0, 1.0)}
)
by_recovery = st.floats(0.0, 1.0).map(lambda r: {"recovery": r, "fume_loss": 1.0 - r})


@settings(max_examples=60, deadline=None)
@given(
    mass=random_masses(len(SPECIES)), given_shares=shares, how=st.one_of(by_residue, by_recovery)
)
def test_any_ore_closes(mass, given_shares, how):
    check_unit(liquation(**given_shares, **how), SPECIES, {"feed": mass})


@settings(max_examples=20, deadline=None)
@given(mass=random_masses(len(SPECIES)))
def test_only_water_reacts(mass):
    slate = Slate(SPECIES)
    unit = liquation()
    made = unit.run(feed=Flow(slate, mass), p=unit.resolve(slate))
    water = slate.rows("H2O", "H2O(g)")
    out = sum(flow.mass for flow in made.values())
    np.testing.assert_allclose(
        np.delete(out, water, axis=0), np.delete(mass, water, axis=0), rtol=1e-12
    )


def test_a_slate_of_stibnite_and_quartz():
    check_unit(liquation(), ["Sb2S3", "SiO2"], {"feed": np.array([[7.0, 0.0], [3.0, 1.0]])})
    assert set(liquation().required_species()) == {"Sb2S3"}


def test_zero_feed():
    check_zero_feed(liquation(), SPECIES)
    check_zero_feed(liquation(recovery=0.9), SPECIES)


@pytest.mark.parametrize("how", [{}, {"recovery": 0.8}, {"residue_stibnite": 0.9}])
def test_derivative(how):
    feed = np.linspace(1.0, 2.0, len(SPECIES))[:, None]
    check_derivative(liquation(**how), SPECIES, {"feed": feed})


def test_linear_only_with_a_given_recovery():
    assert liquation(recovery=0.9).is_linear()
    assert not liquation().is_linear()


def test_scenarios_in_parameters():
    slate = Slate(SPECIES)
    unit = liquation()
    feed = Flow(slate, np.repeat(flow_of(slate, ORE).mass, 2, axis=1))
    p = unit.resolve(slate).replaced(
        {"residue_stibnite": np.array([0.12, 0.2]), "iron_taken_up": np.array([0.1, 0.4])}
    )
    product = unit.run(feed=feed, p=p)["trisulphide"].mass
    alone = melt(liquation(residue_stibnite=0.2, iron_taken_up=0.4), ORE)[0]["trisulphide"].mass
    np.testing.assert_allclose(product[:, [1]], alone, rtol=1e-12)
    with pytest.raises(InputError, match=r"temperature of 527 degC melts no stibnite"):
        unit.run(feed=feed, p=p.replaced({"temperature": np.array([900.0, 800.0])}))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"temperature": "540 degC"}, r"temperature of 540 degC melts no stibnite, .* 550 degC"),
        ({"recovery": 0.8, "residue_stibnite": 0.1}, r"give either residue_stibnite or recovery"),
        ({"residue_stibnite": None}, r"give either residue_stibnite or recovery, and not both"),
        ({"residue_stibnite": 1.0}, r"residue_stibnite of 1 leaves no product; 12 to 20 %"),
        ({"recovery": 0.9, "fume_loss": 0.2}, r"recovery \+ fume_loss is 1.1; they share at most"),
        (
            {"arsenic_taken_up": 0.9, "arsenic_evaporated": 0.2},
            r"arsenic_taken_up \+ evaporated is 1.1; they share at most 1",
        ),
        (
            {"others_taken_up": {"FeS": 0.1, "others": 0.0}},
            r"others_taken_up names FeS, which has a parameter of its own; use that",
        ),
        (
            {"others_taken_up": {"HgS": 0.1, "others": 0.0}},
            r"others_taken_up names HgS, which has a parameter of its own; use that",
        ),
        (
            {"lowest_antimony": "72 %"},
            r"lowest_antimony of 72.00% is above highest_antimony of 71.70%; swap them",
        ),
        ({"lowest_sulphur": "29 %"}, r"lowest_sulphur of 29.00% is above highest_sulphur"),
    ],
)
def test_refused(changed, message):
    with pytest.raises(InputError, match=message):
        liquation(**changed)


@pytest.mark.parametrize(
    ("changed", "masses", "message"),
    [
        (
            {},
            {"Sb2S3": 30.0, "SiO2": 70.0},
            "the ore holds 22% Sb: liquation takes 45 to 60 %, of poorer ore the residue keeps too "
            "much (55% of the stibnite runs off)",
        ),
        (
            {"residue_stibnite": "5 %"},
            {"Sb2S3": 70.0, "SiO2": 30.0},
            "the residue holds 5% Sb2S3; 12 to 20 % is usual",
        ),
        (
            {"temperature": "800 degC"},
            {"Sb2S3": 70.0, "SiO2": 30.0},
            "at 800 degC stibnite evaporates, and decomposes above 850 degC: fume_loss of 1.0% is "
            "hardly true; keep 550 to 600 degC",
        ),
        (
            {"others_taken_up": 0.1},
            {"Sb2S3": 70.0, "SiO2": 30.0},
            "the product holds 68.48% Sb; its limits are 69.50% to 71.70%",
        ),
        (
            {"arsenic_taken_up": 0.9},
            {"Sb2S3": 70.0, "SiO2": 29.0, "As2S3": 1.0},
            "the product holds 0.85% As; its limits are at most 0.20%",
        ),
        (
            {},
            {"Sb2S3": 70.0, "SiO2": 28.0, "PbS": 2.0},
            "the product holds 1.86% Pb; its limits are at most 0.50%",
        ),
        (
            {"highest_sulphur": "28 %"},
            {"Sb2S3": 70.0, "SiO2": 30.0},
            "the product holds 28.31% S; its limits are 25.00% to 28.00%",
        ),
    ],
)
def test_warned(changed, masses, message):
    assert melt(liquation(**changed), masses)[2] == [message]


def test_limits_are_counted():
    masses = {"Sb2S3": 70.0, "SiO2": 25.0, "As2S3": 1.0, "PbS": 4.0}
    assert melt(liquation(), masses)[1]["limits broken by the product"] == 3.0
    assert melt(liquation(highest_lead=1.0), masses)[1]["limits broken by the product"] == 2.0


def test_no_product_breaks_no_limits():
    assert melt(liquation(), {"SiO2": 1.0})[1]["limits broken by the product"] == 0.0


def test_nothing_to_warn_of():
    assert melt(liquation(), ORE)[2] == []
    assert melt(liquation(), {"SiO2": 1.0})[2] == ()
    poor = melt(liquation(), {"Sb2S3": 5.0, "SiO2": 95.0})[2]
    assert len(poor) == 1
    assert "(0% of the stibnite runs off)" in poor[0]
