import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow, flow_of
from flowsheet.core.reaction import (
    Reaction,
    after_change,
    change_by_extent,
    change_by_share,
    convert,
    imbalance,
    react,
)
from flowsheet.core.slate import Slate

ROAST = Reaction("Sb2S3 + 4.5 O2 -> Sb2O3 + 3 SO2")
PYRITE = Reaction("2 FeS2 + 5.5 O2 -> Fe2O3 + 4 SO2")
SLATE = Slate(["Sb2S3", "FeS2", "O2", "SO2", "Sb2O3", "Fe2O3", "SiO2"])


@pytest.mark.parametrize(
    ("text", "left_minus_right"),
    [
        ("2 Sb2S3 + 9 O2 = 2 Sb2O3 + 5 SO2", {"S": 1, "O": 2}),
        ("Sb2O3 + 2 C = 2 Sb + 3 CO", {"C": -1}),
        ("SbS3^3- + 2 e^- = Sb + 3 S^2-", {"charge": 1}),
        ("CuSO4·5H2O = CuSO4 + 4 H2O", {"H": 2, "O": 1}),
        ("4 FeS2 + 11 O2 = 2 Fe2O3 + 8 SO2", {}),
    ],
)
def test_imbalance_is_left_minus_right(text, left_minus_right):
    assert imbalance(text) == left_minus_right


def test_an_unbalanced_reaction_is_refused_with_its_imbalance():
    with pytest.raises(InputError, match=r"does not balance, left minus right is S \+1, O \+2"):
        Reaction("2 Sb2S3 + 9 O2 -> 2 Sb2O3 + 5 SO2")


def test_an_unbalanced_charge_is_refused():
    with pytest.raises(InputError, match=r"left minus right is charge \+1"):
        Reaction("SbS3^3- + 2 e^- -> Sb + 3 S^2-")


@pytest.mark.parametrize("text", ["Sb2S3", "-> Sb", "Sb2S3 + 4.5 O2 ->", "a -> b -> c"])
def test_what_is_not_a_reaction_is_refused(text):
    with pytest.raises(InputError, match="needs reactants -> products"):
        Reaction(text)


def test_a_key_must_be_consumed():
    with pytest.raises(InputError, match="key 'SO2' is not consumed"):
        Reaction("Sb2S3 + 4.5 O2 -> Sb2O3 + 3 SO2", key="SO2")


@pytest.mark.parametrize(
    ("text", "coefficients"),
    [
        ("2Sb2S3 + 9O2 -> 2Sb2O3 + 6SO2", {"Sb2S3": -2, "O2": -9, "Sb2O3": 2, "SO2": 6}),
        ("2/3 Sb2O3 -> 4/3 Sb + O2", {"Sb2O3": -2 / 3, "Sb": 4 / 3, "O2": 1}),
        ("0.5 Sb4O6(g) → Sb2O3", {"Sb4O6(g)": -0.5, "Sb2O3": 1}),
        ("NH4^+ + OH^- = NH3 + H2O", {"NH4^+": -1, "OH^-": -1, "NH3": 1, "H2O": 1}),
    ],
)
def test_coefficients(text, coefficients):
    assert Reaction(text).coefficients == pytest.approx(coefficients)


def test_a_name_may_stand_for_a_formula():
    named = Reaction("stibnite + 4.5 O2 -> Sb2O3 + 3 SO2", formulas=(("stibnite", "Sb2S3"),))
    assert named.key == "stibnite"


def test_conversion_of_the_key_reactant():
    after = convert(flow_of(SLATE, {"Sb2S3": 339.7, "O2": 1000.0}), [ROAST], [0.9])
    assert after.of("Sb2S3")[0] == pytest.approx(33.97)
    # 0.9 kmol Sb2S3 makes 2.7 kmol SO2 of 64.058 kg.
    assert after.of("SO2")[0] == pytest.approx(172.957, rel=1e-4)


def test_the_scarcest_reactant_limits_all_that_want_it_alike():
    # 9 + 2.75 mol O2 per mol are wanted of 1 mol of each key, half of it is there.
    feed = flow_of(SLATE, {"Sb2S3": 0.3397, "FeS2": 0.11997, "O2": 0.5 * 7.25 * 0.031998})
    after = convert(feed, [ROAST, PYRITE], [1.0, 1.0])
    assert after.of("O2")[0] == 0.0
    assert after.of("Sb2S3")[0] == pytest.approx(0.5 * 0.3397, rel=1e-4)
    assert after.of("FeS2")[0] == pytest.approx(0.5 * 0.11997, rel=1e-4)


amounts = st.one_of(st.just(0.0), st.floats(1e-9, 1e6))


@given(masses=st.lists(amounts, min_size=7, max_size=7), share=st.floats(0, 1))
def test_elements_close_and_nothing_becomes_negative(masses, share):
    feed = flow_of(SLATE, dict(zip(SLATE.names, masses, strict=True)))
    after = convert(feed, [ROAST, PYRITE], [share, 1.0])
    assert np.all(after.mass >= 0.0)
    for symbol in SLATE.elements:
        before = feed.element(symbol)[0]
        assert after.element(symbol)[0] == pytest.approx(before, rel=1e-12, abs=1e-300)


def test_a_change_says_what_is_made_and_what_must_be_drawn():
    # 1 mol Sb2S3 (339.7 g) and 2 mol FeS2 (240.0 g), with no oxygen in the feed.
    feed = flow_of(SLATE, {"Sb2S3": 0.3397, "FeS2": 0.24})
    change = change_by_share(feed, (ROAST, PYRITE), 0.5)
    assert change.moles("Sb2S3", "FeS2")[0] == pytest.approx(-1.5, rel=1e-3)
    assert change.moles("O2")[0] == pytest.approx(-0.5 * (4.5 + 5.5), rel=1e-3)
    assert change.moles("SO2")[0] == pytest.approx(0.5 * (3 + 4), rel=1e-3)
    assert change.total()[0] == pytest.approx(0.0, abs=1e-16)


def test_each_reaction_takes_the_share_of_its_key_reactant():
    share = np.zeros((7, 3))
    share[SLATE.row("Sb2S3")] = [0.0, 0.5, 1.0]
    share[SLATE.row("FeS2")] = 0.25
    share[SLATE.row("SiO2")] = 0.9
    feed = flow_of(SLATE, {"Sb2S3": 2.0, "FeS2": 4.0, "SiO2": 1.0})
    change = change_by_share(feed, (PYRITE, ROAST), share)
    np.testing.assert_allclose(change.of("Sb2S3"), [0.0, -1.0, -2.0])
    np.testing.assert_allclose(change.of("FeS2"), [-1.0, -1.0, -1.0])
    np.testing.assert_array_equal(change.of("SiO2"), 0.0)


def test_a_change_carries_directions():
    feed = flow_of(SLATE, {"Sb2S3": np.array([2.0, 3.0]), "FeS2": 4.0})
    along = flow_of(SLATE, {"Sb2S3": np.array([1.0, 5.0])})
    both = Flow(SLATE, feed.mass + 1e-40j * along.mass)
    change = change_by_share(both, (ROAST, PYRITE), np.array([0.3, 0.6]))
    plain = change_by_share(feed, (ROAST, PYRITE), np.array([0.3, 0.6]))
    np.testing.assert_allclose(change.mass.real, plain.mass, rtol=1e-15)
    # 291.52 g of Sb2O3 from 339.7 g of Sb2S3.
    expected = np.array([0.3, 3.0]) * 291.52 / 339.7
    np.testing.assert_allclose(change.of("Sb2O3").imag, 1e-40 * expected, rtol=1e-4)


def test_what_is_not_on_the_slate_does_not_react():
    slate = Slate(["Sb2S3", "SiO2"])
    feed = flow_of(slate, {"Sb2S3": 1.0})
    assert np.all(change_by_share(feed, (PYRITE,)).mass == 0.0)
    assert np.all(change_by_share(feed, (ROAST,), 0.0).mass == 0.0)
    for share in (0.5, np.array([0.0, 0.5]), np.full((2, 1), 0.5)):
        with pytest.raises(InputError, match=r"'Sb2S3 \+ 4.5 O2 .*' needs species 'O2'; add it"):
            change_by_share(feed, (ROAST,), share)
    with pytest.raises(InputError, match="needs species 'O2'"):
        change_by_extent(slate, [ROAST], [0.0])


def test_shares_and_extents_say_the_same():
    feed = flow_of(SLATE, {"Sb2S3": 0.3397, "O2": 9.0}, columns=2)
    extent = 0.4 * feed.moles("Sb2S3")
    after = after_change(feed, change_by_share(feed, (ROAST,), 0.4))
    np.testing.assert_allclose(after.mass, react(feed, [ROAST], [extent]).mass, rtol=1e-14)
    np.testing.assert_array_equal(react(feed, [], []).mass, feed.mass)


@given(mass=st.floats(1e-9, 1e9), share=st.floats(0.0, 1.0))
def test_what_is_used_up_in_parts_is_exactly_zero(mass, share):
    feed = flow_of(SLATE, {"Sb2S3": mass})
    parts = [change_by_share(feed, (ROAST,), part).only("Sb2S3") for part in (share, 1.0 - share)]
    assert after_change(feed, parts[0] + parts[1]).of("Sb2S3")[0] == 0.0
