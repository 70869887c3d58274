"""What a case file says of its uncertainty: ranges, distributions, correlations, and refusals."""

import pytest

from flowsheet import InputError
from flowsheet.load import load_route, route_names
from flowsheet.uncertainty.correlation import Correlated, correlated
from flowsheet.uncertainty.distribution import LogNormal, Normal, Pert, Triangular, Uniform
from flowsheet.uncertainty.sampling import unit_cube
from tests.small_case import CAPACITY, CASE, CIRCUIT, HEADER, ORE, TARGET, changed, write

UNCERTAIN = """
[units.rougher]
fraction.Sb2S3 = { value = 0.9, low = 0.8, high = 0.95, distribution = "pert" }
fraction.SiO2 = { value = 0.05, low = "2 %", high = "8 %" }

[units.cleaner]
fraction.Sb2S3 = { value = "90 %", low = 0.85, high = 0.95, distribution = "normal" }
fraction.SiO2 = 0.1
"""
CORRELATION = """
[correlation.mill]
members = ["rougher.fraction.Sb2S3", "cleaner.fraction.Sb2S3"]
coefficient = 0.8
"""
WITHOUT_TARGET = HEADER + ORE + UNCERTAIN
UNCERTAIN_CASE = HEADER + TARGET + ORE + UNCERTAIN
FRACTION = 'low = 0.8, high = 0.95, distribution = "pert"'


def load(tmp_path, case):
    return load_route(str(write(tmp_path, case)))


def refused(complaint):
    return pytest.raises(InputError, match=complaint)


def test_numbers_with_a_range_are_uncertain(tmp_path):
    assert load(tmp_path, WITHOUT_TARGET).uncertain() == {
        "ore.flow": Pert("80 t/h", "100 t/h", "120 t/h"),
        "rougher.fraction.Sb2S3": Pert(0.8, 0.9, 0.95),
        "rougher.fraction.SiO2": Pert("2 %", 0.05, "8 %"),
        "cleaner.fraction.Sb2S3": Normal("90 %", 0.85, 0.95),
    }


def test_numbers_without_a_range_are_not(tmp_path):
    assert load(tmp_path, CASE).uncertain() == {}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("low = 0.8, high = 0.95", Pert(0.8, 0.9, 0.95)),
        ('low = 0.8, high = 0.95, distribution = "triangular"', Triangular(0.8, 0.9, 0.95)),
        ('low = 0.8, high = 0.95, distribution = "uniform"', Uniform(0.8, 0.95)),
        ('low = 0.8, high = 1.0, distribution = "normal"', Normal(0.9, 0.8, 1.0)),
        ('low = 0.81, high = 1.0, distribution = "lognormal"', LogNormal(0.9, 0.81, 1.0)),
        ("low = 0.8", Pert(0.8, 0.9, 0.9)),
        ("high = 0.95", Pert(0.9, 0.9, 0.95)),
        ('high = 0.95, distribution = "triangular"', Triangular(0.9, 0.9, 0.95)),
        ('low = 0.8, distribution = "uniform"', Uniform(0.8, 0.9)),
        ("low = 0.9, high = 0.9", Pert(0.9, 0.9, 0.9)),
    ],
)
def test_each_distribution(tmp_path, fields, expected):
    route = load(tmp_path, changed(UNCERTAIN_CASE, FRACTION, fields))
    assert route.uncertain()["rougher.fraction.Sb2S3"] == expected


FLOWS = changed(
    UNCERTAIN_CASE + CAPACITY,
    '"5000 t/yr"',
    '{ value = "5000 t/yr", low = "4 kt/yr", high = "6 kt/yr" }',
).replace('"2000 t/yr"', '{ value = "2000 t/yr", high = "3 kt/yr" }')


def test_the_target_and_the_capacity_are_uncertain_and_the_feed_that_is_varied_is_not(tmp_path):
    route = load(tmp_path, FLOWS)
    found = route.uncertain()
    assert found["target.flow"] == Pert("4 kt/yr", "5000 t/yr", "6 kt/yr")
    assert found["capacity.installed"] == Pert("2000 t/yr", "2000 t/yr", "3 kt/yr")
    assert "ore.flow" not in found
    assert set(route.without_target().uncertain()) == {*found, "ore.flow"} - {"target.flow"}


def test_what_has_been_set_is_no_longer_uncertain(tmp_path):
    route = load(tmp_path, FLOWS)
    before = set(route.uncertain())
    set_ = route.with_changes({"rougher.fraction.Sb2S3": "0.85", "target.flow": "5 kt/yr"})
    assert before - set(set_.uncertain()) == {"rougher.fraction.Sb2S3", "target.flow"}
    whole = set_.with_changes({"cleaner.fraction": "0.9"})
    assert before - set(whole.uncertain()) == {
        "rougher.fraction.Sb2S3", "target.flow", "cleaner.fraction.Sb2S3",
    }  # fmt: skip
    assert set(route.uncertain()) == before


def test_numbers_in_base_units(tmp_path):
    numbers = load(tmp_path, FLOWS).sampled()
    assert numbers["rougher.fraction.Sb2S3"].bounds() == (0.8, 0.95)
    assert numbers["cleaner.fraction.Sb2S3"].bounds() == (0.0, 1.0)
    year = 365.25 * 86400.0
    assert numbers["target.flow"].quantile(0.5) == pytest.approx(5e6 / year)


def test_a_correlation(tmp_path):
    assert load(tmp_path, UNCERTAIN_CASE).correlations() == ()
    route = load(tmp_path, UNCERTAIN_CASE + CORRELATION)
    members = ("rougher.fraction.Sb2S3", "cleaner.fraction.Sb2S3")
    assert route.correlations() == (Correlated(members, 0.8, "mill"),)
    names = list(route.uncertain())
    assert correlated(unit_cube(8, len(names), seed=1), names, route.correlations()).shape == (8, 3)


def test_a_member_that_has_been_set_leaves_its_group(tmp_path):
    three = changed(CORRELATION, '["', '["rougher.fraction.SiO2", "')
    route = load(tmp_path, UNCERTAIN_CASE + three)
    two = route.with_changes({"rougher.fraction.SiO2": "0.04"})
    assert two.correlations()[0].paths == ("rougher.fraction.Sb2S3", "cleaner.fraction.Sb2S3")
    assert two.with_changes({"cleaner.fraction.Sb2S3": "0.9"}).correlations() == ()


def test_a_coefficient_should_have_a_source(tmp_path):
    route = load(tmp_path, UNCERTAIN_CASE + CORRELATION)
    assert "correlation.mill.coefficient" in [number.path for number in route.unsourced]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (FRACTION, 'low = 0.8, high = 0.95, distribution = "peert"',
         r"rougher\.fraction\.Sb2S3\.distribution: there is no distribution 'peert'; did you mean "
         r"'pert'\?$"),
        (FRACTION, 'low = 0.8, distribution = "beta"',
         r"rougher\.fraction\.Sb2S3\.distribution: there is no distribution 'beta'; known here: "
         r"lognormal, normal, pert, triangular, uniform$"),
        (FRACTION, 'distribution = "pert"',
         r"rougher\.fraction\.Sb2S3: distribution 'pert' needs a range; add low, high or both$"),
        (FRACTION, 'low = 0.8, distribution = "normal"',
         r"rougher\.fraction\.Sb2S3: distribution 'normal' needs low and high, high is missing$"),
        (FRACTION, 'high = 0.95, distribution = "lognormal"',
         r"rougher\.fraction\.Sb2S3: distribution 'lognormal' needs low and high, low is missing$"),
        (FRACTION, 'low = 0.8, high = 0.95, distribution = "normal"',
         r"rougher\.fraction\.Sb2S3: normal needs its mean midway between low \(P10\) and high "
         r"\(P90\), got mean 0\.9, low 0\.8, high 0\.95; move an end"),
        (FRACTION, 'low = 0.0, high = 0.95, distribution = "lognormal"',
         r"rougher\.fraction\.Sb2S3: lognormal needs values above zero, got low 0\.0"),
        (FRACTION, "low = 0.8, high = 1.2",
         r"rougher\.fraction\.Sb2S3\.high: must lie between 0 and 1, got 1\.2$"),
        (FRACTION, 'low = 0.8, high = "1 t"',
         r'rougher\.fraction\.Sb2S3\.high: needs a unit of a fraction, got "1 t"'),
        (FRACTION, "low = 0.92, high = 0.95",
         r"rougher\.fraction\.Sb2S3: value 0\.9 lies outside its own range, low 0\.92, high "
         r"0\.95$"),
        ('remainder = "SiO2"', 'remainder = { value = "SiO2", low = "Sb2S3" }',
         r"ore\.remainder\.low: a name or a choice is not sampled; leave it out$"),
        ('remainder = "SiO2"', 'remainder = { value = "SiO2", distribution = "uniform" }',
         r"ore\.remainder\.distribution: a name or a choice is not sampled; leave it out$"),
        ("coefficient = 0.8", "coefficient = { value = 0.8, low = 0.5, high = 0.9 }",
         r"correlation\.mill\.coefficient\.low: a correlation coefficient is not sampled; leave it "
         r"out$"),
        ('"cleaner.fraction.Sb2S3"]', '"cleaner.fraction.Sb2S"]',
         r"correlation 'mill': 'cleaner\.fraction\.Sb2S' is not uncertain; did you mean "
         r"'cleaner\.fraction\.Sb2S3'\?$"),
        ('"cleaner.fraction.Sb2S3"]', '"cleaner.fraction.SiO2"]',
         r"correlation 'mill': 'cleaner\.fraction\.SiO2' is not uncertain; did you mean "),
        ('"cleaner.fraction.Sb2S3"]', '"ore.flow"]',
         r"correlation 'mill': 'ore\.flow' is not uncertain; known here: "),
        (', "cleaner.fraction.Sb2S3"]', "]",
         r"correlation 'mill': needs two members or more, got 1$"),
        ("coefficient = 0.8", "coefficient = -1.0",
         r"correlation 'mill': coefficient of 2 members must lie above -1 and be at most 1, got "
         r"-1$"),
        ("coefficient = 0.8",
         "coefficient = 0.8\n[correlation.two]\n"
         'members = ["rougher.fraction.SiO2", "rougher.fraction.Sb2S3"]\ncoefficient = 0.1\n',
         r"correlation 'two': 'rougher\.fraction\.Sb2S3' belongs to correlation 'mill' already; a "
         r"number is in one group, once$"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_case_file(tmp_path, old, new, complaint):
    with refused(rf"^mine\.toml: {complaint}"):
        load(tmp_path, changed(UNCERTAIN_CASE + CORRELATION, old, new))


@pytest.mark.parametrize("name", route_names())
def test_all_numbers_of_the_built_in_routes_can_be_sampled(name):
    route = load_route(name)
    numbers = route.sampled()
    assert numbers.keys() == route.uncertain().keys()
    assert len(numbers) > 10
    for number in numbers.values():
        low, middle, high = number.quantile([0.01, 0.5, 0.99])
        assert number.low <= low <= middle <= high <= number.high


def test_a_plain_case_is_not_uncertain_without_its_ranges(tmp_path):
    assert load(tmp_path, HEADER + changed(ORE, 'low = "80 t/h", high = "120 t/h", ', "") + CIRCUIT
                ).uncertain() == {}  # fmt: skip
