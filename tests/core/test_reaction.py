import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from flowsheet.core.flow import flow_of
from flowsheet.core.reaction import Reaction, convert, imbalance
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
