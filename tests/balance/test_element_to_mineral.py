import itertools

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from flowsheet import InputError, Measured, Species, mineral_content
from flowsheet.core.formula import parse_formula

CONCENTRATE = {"Sb": "28 %", "As": "1.2 %", "Pb": "0.9 %", "Fe": "6 %", "S": "18.5 %"}
MINERALS = ["Sb2S3", "FeAsS", "PbS", "FeS2"]


def percent(quantity):
    return getattr(quantity, "value", quantity).to("percent").magnitude


def share(element, mineral):
    return parse_formula(mineral).mass_fractions().get(element, 0.0)


def assay_of(mixture, elements):
    return {e: sum(x * share(e, name) for name, x in mixture.items()) for e in elements}


# --- as many assays as minerals, or more ---


def test_the_classical_conversion_of_a_concentrate():
    without_sulphur = {symbol: value for symbol, value in CONCENTRATE.items() if symbol != "S"}
    found = mineral_content(assay=without_sulphur, minerals=MINERALS, remainder="SiO2")
    expected = {"Sb2S3": 39.0588, "FeAsS": 2.60794, "PbS": 1.03926, "FeS2": 10.96763}
    for name, content in expected.items():
        assert percent(found.fraction(name)) == pytest.approx(content, rel=1e-4)
        low, high = found.range_of(name)
        assert percent(low) == percent(high) == percent(found.fraction(name))
    assert percent(found.fraction("SiO2")) == pytest.approx(
        100.0 - sum(expected.values()), rel=1e-4
    )
    assert found.known
    assert all(percent(found.misfit(s)) == pytest.approx(0.0, abs=1e-9) for s in without_sulphur)
    assert found.warnings() == []


@given(
    shares=st.lists(st.one_of(st.just(0.0), st.floats(1e-4, 0.2)), min_size=4, max_size=4),
    gangue=st.sampled_from(["SiO2", "FeS", None]),
)
def test_the_assay_of_a_known_mixture_gives_the_mixture_back(shares, gangue):
    mixture = dict(zip(MINERALS, shares, strict=True))
    rest = 1.0 - sum(shares)
    assay = assay_of(mixture if gangue is None else {**mixture, gangue: rest}, CONCENTRATE)
    found = mineral_content(assay=assay, minerals=MINERALS, remainder=gangue)
    for name, content in mixture.items():
        assert percent(found.fraction(name)) == pytest.approx(100.0 * content, abs=1e-7)
    assert percent(found.fraction(gangue or "rest")) == pytest.approx(100.0 * rest, abs=1e-6)
    assert found.warnings() == []


def test_a_mineral_of_your_own():
    own = Species("nadorite", formula="PbSbO2Cl")
    found = mineral_content(assay={"Pb": "5 %"}, minerals=[own], remainder="CaCO3")
    assert percent(found.fraction("nadorite")) == pytest.approx(5.0 / share("Pb", "PbSbO2Cl"))


def test_misfits_weigh_as_the_errors_of_their_assays():
    errors = {"Sb": 0.01, "As": 0.03, "Pb": 0.05, "Fe": 0.02, "S": 0.04}
    values = {"Sb": 0.28, "As": 0.012, "Pb": 0.009, "Fe": 0.06, "S": 0.185}
    measured = {s: Measured(values[s], relative=errors[s]) for s in values}
    found = mineral_content(assay=measured, minerals=MINERALS, remainder="SiO2")
    matrix = np.array([[share(s, name) for name in MINERALS] for s in values])
    scale = np.array([1.0 / (values[s] * errors[s]) for s in values])
    inverse = np.linalg.pinv(scale[:, None] * matrix)
    expected = inverse @ (scale * np.array(list(values.values())))
    # Scaled assays have unit variance, so the covariance of the fractions is that of the inverse.
    spread = np.sqrt((inverse**2).sum(axis=1))
    for name, content, error in zip(MINERALS, expected, spread, strict=True):
        fraction = found.fraction(name)
        assert percent(fraction) == pytest.approx(100.0 * content, rel=1e-9)
        assert percent(fraction.standard_deviation) == pytest.approx(100.0 * error, rel=1e-9)
        assert sum(fraction.shares.values()) == pytest.approx(1.0)
    brought = matrix @ expected
    for symbol, content in zip(values, brought, strict=True):
        expected_misfit = 100.0 * (values[symbol] - content)
        assert percent(found.misfit(symbol)) == pytest.approx(expected_misfit, rel=1e-6)


def test_equal_relative_errors_fit_as_no_errors_do():
    plain = mineral_content(assay=CONCENTRATE, minerals=MINERALS, remainder="SiO2")
    even = mineral_content(
        assay={s: Measured(v, relative="3 %") for s, v in CONCENTRATE.items()},
        minerals=MINERALS,
        remainder="SiO2",
    )
    for name in (*MINERALS, "SiO2"):
        assert percent(plain.fraction(name)) == pytest.approx(percent(even.fraction(name)))
    assert plain.fraction("FeS2").standard_deviation is None


def test_what_the_minerals_miss_is_told():
    found = mineral_content(assay=CONCENTRATE, minerals=MINERALS, remainder="SiO2")
    assert found.warnings()[-1] == (
        "the minerals bring 17.88 % S, the assay says 18.5 %; "
        "check the assay, or the minerals that carry S"
    )
    assert percent(found.misfit("S")) == pytest.approx(0.62, abs=0.01)
    for share_of_value, told in (("1 %", True), ("3 %", False)):
        measured = {s: Measured(v, relative=share_of_value) for s, v in CONCENTRATE.items()}
        fitted = mineral_content(assay=measured, minerals=MINERALS, remainder="SiO2")
        assert bool(fitted.warnings()) is told
        strict = mineral_content(
            assay=measured, minerals=MINERALS, remainder="SiO2", within_deviations=0.1
        )
        assert strict.warnings()


# --- more minerals than assays ---


def test_the_ranges_of_two_antimony_minerals_by_hand():
    found = mineral_content(assay={"Sb": "28 %"}, minerals=["Sb2S3", "Sb2O3"], remainder="SiO2")
    all_sulphide, all_oxide = 28.0 / share("Sb", "Sb2S3"), 28.0 / share("Sb", "Sb2O3")
    expected = {
        "Sb2S3": (0.0, all_sulphide),
        "Sb2O3": (0.0, all_oxide),
        "SiO2": (100.0 - all_sulphide, 100.0 - all_oxide),
    }
    for name, ends in expected.items():
        low, high = found.range_of(name)
        assert (percent(low), percent(high)) == pytest.approx(ends, rel=1e-9, abs=1e-9)
    assert not found.known
    sulphur = {"Sb": "28 %", "S": "4 %"}
    known = mineral_content(assay=sulphur, minerals=["Sb2S3", "Sb2O3"], remainder="SiO2")
    assert percent(known.fraction("Sb2S3")) == pytest.approx(4.0 / share("S", "Sb2S3"))


def corners(matrix, target):
    """Every composition with as many species as there are equations, by brute force."""
    rows, columns = matrix.shape
    for chosen in itertools.combinations(range(columns), rows):
        part = matrix[:, chosen]
        if np.linalg.cond(part) < 1e8:
            x = np.zeros(columns)
            x[list(chosen)] = np.linalg.solve(part, target)
            if x.min() > -1e-9:
                yield x


MANY = ["Sb2S3", "Sb2O3", "FeSb2S4", "FeAsS", "FeS2", "FeS", "PbS"]


@settings(max_examples=30)  # two linear programs for each of eight minerals
@given(st.lists(st.floats(0.005, 0.12), min_size=7, max_size=7), st.booleans())
def test_ranges_are_those_of_all_corners(shares, sulphur):
    elements = ["Sb", "Fe", "As", "S"] if sulphur else ["Sb", "Fe", "As"]
    mixture = {**dict(zip(MANY, shares, strict=True)), "SiO2": 1.0 - sum(shares)}
    assay = assay_of(mixture, elements)
    found = mineral_content(assay=assay, minerals=MANY, remainder="SiO2")
    names = [*MANY, "SiO2"]
    matrix = np.array([*[[share(e, name) for name in names] for e in elements], [1.0] * 8])
    ends = np.array(list(corners(matrix, np.array([*assay.values(), 1.0]))))
    for column, name in enumerate(names):
        low, high = found.range_of(name)
        assert percent(low) == pytest.approx(100.0 * ends[:, column].min(), abs=1e-5)
        assert percent(high) == pytest.approx(100.0 * ends[:, column].max(), abs=1e-5)
        assert percent(low) - 1e-5 <= 100.0 * mixture[name] <= percent(high) + 1e-5


def test_a_mineral_that_is_known_among_others_that_are_not():
    found = mineral_content(
        assay={"Pb": "2 %", "Sb": "10 %", "Au": "5.2 g/t"},
        minerals=["PbS", "Sb2S3", "Sb2O3", "Au"],
        remainder="SiO2",
    )
    assert percent(found.fraction("PbS")) == pytest.approx(2.0 / share("Pb", "PbS"), rel=1e-6)
    assert percent(found.fraction("Au")) == pytest.approx(5.2e-4, rel=1e-5)
    with pytest.raises(InputError, match=r"^Sb2S3: the assays leave a range, 0 % to 13\.95 %; rea"):
        found.fraction("Sb2S3")
    with pytest.raises(InputError, match=r"^Sb: has no misfit, all compositions in the ranges"):
        found.misfit("Sb")


def test_without_a_remainder_the_rest_has_a_range():
    found = mineral_content(assay={"Sb": "28 %"}, minerals=["Sb2S3", "Sb2O3"])
    low, high = found.range_of("rest")
    assert percent(low) == pytest.approx(100.0 - 28.0 / share("Sb", "Sb2S3"))
    assert percent(high) == pytest.approx(100.0 - 28.0 / share("Sb", "Sb2O3"))


def test_errors_of_assays_widen_the_ranges():
    def highest(given, **settings):
        found = mineral_content(
            assay={"Sb": given}, minerals=["Sb2S3", "Sb2O3"], remainder="SiO2", **settings
        )
        return percent(found.range_of("Sb2S3")[1])

    exact, error = highest("28 %"), Measured("28 %", relative="1 %")
    assert highest(error) == pytest.approx(1.02 * exact, rel=1e-9)
    assert highest(error, within_deviations=1) == pytest.approx(1.01 * exact, rel=1e-9)
    assert highest(error, within_deviations=0) == pytest.approx(exact, rel=1e-9)


def test_the_content_is_read_as_text():
    few = mineral_content(assay={"Sb": "28 %"}, minerals=["Sb2S3", "Sb2O3"], remainder="SiO2")
    assert str(few) == (
        "mineral             content\n"
        "Sb2S3        0 % to 39.06 %\n"
        "Sb2O3        0 % to 33.52 %\n"
        "SiO2     60.94 % to 66.48 %"
    )
    fitted = mineral_content(
        assay={"Sb": "28 %", "S": "12 %", "Au": "5 g/t"}, minerals=["Sb2S3", "Au"]
    )
    assert repr(fitted).startswith("<MineralContent: Sb2S3 40.")
    assert "Au         5 g/t        5 g/t" in str(fitted)
    assert str(fitted).splitlines()[-1].startswith("! the minerals bring ")


# --- what is refused ---


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"assay": {"Sb": 28}}, r"^assay, Sb: must lie between 0 and 1, got 28; a bare number is"),
        ({"assay": {"Sb": "-1 %"}}, r"^assay, Sb: must lie between 0 and 1, got \"-1 %\"$"),
        ({"assay": {"Sb": "80 %", "S": "21 %"}}, r"^assay sums to 101 %; at most 100 % is possib"),
        ({"assay": {"Xx": "1 %"}}, r"^'Xx' is not an element; write symbols as in the periodic"),
        ({"assay": {"Pb": "1 %"}}, r"^assay: none of the minerals contains Pb; add one that does"),
        ({"assay": {}}, r"^assay: needs elements, e\.g\. \{\"Sb\": \"28 %\"\}, got \{\}$"),
        ({"assay": "28 %"}, r"^assay: needs elements, e\.g\. "),
        ({"minerals": "Sb2S3"}, r"^minerals: needs a list, e\.g\. \[\"Sb2S3\", \"FeS2\"\], got 'S"),
        ({"minerals": []}, r"^minerals: needs a list"),
        ({"minerals": [3]}, r"^minerals: one is text such as \"Sb2S3\", got 3$"),
        ({"minerals": ["Sb2S"]}, r"^species 'Sb2S' is not one of .*did you mean 'Sb2S3'\?"),
        ({"minerals": ["Sb2S3", "Sb2S3"]}, r"^minerals and remainder: 'Sb2S3' is named twice"),
        ({"remainder": "FeS2"}, r"^minerals and remainder: 'FeS2' is named twice"),
        ({"assay": {"Sb": "72 %", "Fe": "2 %"}}, r"^minerals: what fits the assay sums to 104\.7"),
        (
            {"assay": {"Sb": Measured("28 %", "1 %"), "Fe": "1 %", "S": "9 %"}},
            r"^assay: Fe has no standard deviation, others have; give all or none$",
        ),
        ({"within_deviations": -1.0}, r"^within_deviations: must be 0 or more, got -1\.0$"),
        ({"within_deviations": float("nan")}, r"^within_deviations: must be 0 or more, got nan$"),
    ],
)
def test_what_makes_no_sense_is_refused(given, message):
    usual = {"assay": {"Sb": "28 %", "Fe": "5 %"}, "minerals": ["Sb2S3", "FeS2"]}
    with pytest.raises(InputError, match=message) as refused:
        mineral_content(**{"remainder": "SiO2", **usual, **given})
    assert "\n" not in str(refused.value)


def test_an_assay_that_cannot_be_met_is_named_with_what_can_be():
    unmet = {"Sb": "28 %", "As": "12 %", "Fe": "6 %"}
    minerals = ["Sb2S3", "Sb2O3", "FeAsS", "FeS2", "FeS"]
    most = 6.0 * share("As", "FeAsS") / share("Fe", "FeAsS")
    with pytest.raises(InputError) as refused:
        mineral_content(assay=unmet, minerals=minerals, remainder="SiO2")
    assert str(refused.value) == (
        f"assay: As 12 % cannot be met: beside the other assays the minerals bring 0 % to "
        f"{most:.4g} % As; check the assays, give them errors with Measured, or name other minerals"
    )
    measured = {**unmet, "As": Measured("12 %", "1 %")}
    with pytest.raises(InputError, match=r"^assay: As 12 % cannot be met within 2 %: beside the"):
        mineral_content(assay=measured, minerals=minerals, remainder="SiO2")
    wide = {**unmet, "As": Measured("12 %", "2 %")}
    found = mineral_content(assay=wide, minerals=minerals, remainder="SiO2")
    assert percent(found.range_of("FeAsS")[0]) == pytest.approx(8.0 / share("As", "FeAsS"))


def test_traces_of_gold_are_met_no_less_exactly():
    electrum = Species("electrum", formula="AuAg")
    with pytest.raises(
        InputError, match=r"^assay: (Au 0\.0005|Ag 0\.0001) g/t cannot be met: besi"
    ):
        mineral_content(
            assay={"Sb": "6 %", "Au": "0.0005 g/t", "Ag": "0.0001 g/t"},
            minerals=["Sb2S3", "Sb2O3", electrum],
            remainder="SiO2",
        )


def test_two_assays_that_cannot_be_met_name_the_worse():
    with pytest.raises(InputError, match=r"^assay: (Sb 70|Pb 25) % cannot be met: beside the othe"):
        mineral_content(
            assay={"Sb": "70 %", "Pb": "25 %"}, minerals=["Sb2S3", "Sb2O3", "PbS"], remainder="SiO2"
        )


def test_names_that_were_not_asked_for():
    found = mineral_content(assay={"Sb": "28 %"}, minerals=["Sb2S3"], remainder="SiO2")
    with pytest.raises(InputError, match=r"^'Sb2S' is not asked for; did you mean 'Sb2S3'\?$"):
        found.fraction("Sb2S")
    with pytest.raises(InputError, match=r"^'SiO' is not asked for; did you mean 'SiO2'\?$"):
        found.range_of("SiO")
    with pytest.raises(InputError, match=r"^'S' is not assayed; did you mean 'Sb'\?$"):
        found.misfit("S")


@given(
    st.dictionaries(
        st.sampled_from(["Sb", "Fe", "As", "S", "Pb"]), st.floats(0.0, 0.3), min_size=1
    ),
    st.lists(st.sampled_from([*MANY, "FeAsS"]), min_size=1, max_size=7, unique=True),
    st.booleans(),
)
def test_any_assay_gives_minerals_or_one_line(assay, minerals, with_errors):
    assume(sum(assay.values()) < 1.0)
    given_assay = {
        s: Measured(value, relative=0.05) if with_errors and value > 0.0 else value
        for s, value in assay.items()
    }
    found, refused = None, ""
    try:
        found = mineral_content(assay=given_assay, minerals=minerals, remainder="SiO2")
    except InputError as error:
        refused = str(error)
    assert "\n" not in refused
    if found is not None:
        assert all(0.0 <= found.low[name] <= found.high[name] + 1e-9 for name in found.low)
        assert sum(found.low.values()) <= 1.0 + 1e-6 <= sum(found.high.values()) + 2e-6
        assert str(found)
