"""Reading a case file: what it holds, and every refusal with file and place."""

import pytest

from flowsheet import InputError
from flowsheet.case.data import CaseData
from flowsheet.case.numbers import Number
from flowsheet.core.particles import Composite, Particles
from flowsheet.core.quantities import Entered
from tests.sieved_case import PARTICLES, SIEVED_CASE
from tests.small_case import CAPACITY, CASE, CIRCUIT, HEADER, ORE, TARGET, changed, write


def read(tmp_path, case):
    return CaseData(write(tmp_path, case, plant=None))


def refused(complaint):
    return pytest.raises(InputError, match=complaint)


def test_the_header(tmp_path):
    data = read(tmp_path, CASE + CAPACITY)
    assert data.name == "mine"
    header = data.header
    assert header.title == "Rougher and cleaner"
    assert header.feed == ("ore",)
    assert header.product == "concentrate"
    assert header.refinery_feed == ("concentrate",)
    assert (header.target.flow, header.target.element, header.target.vary) == (
        "5000 t/yr",
        "Sb",
        "ore.flow",
    )
    assert (header.capacity.installed, header.capacity.measured_on) == (
        "2000 t/yr",
        "refinery feed",
    )


def test_one_stream_may_be_named_without_brackets(tmp_path):
    case = changed(CASE, 'feed = ["ore"]', 'feed = "ore"')
    header = read(tmp_path, changed(case, '["concentrate"]', '"concentrate"')).header
    assert (header.feed, header.refinery_feed) == (("ore",), ("concentrate",))


def test_target_and_capacity_may_be_left_out(tmp_path):
    header = read(tmp_path, HEADER + ORE + CIRCUIT).header
    assert header.target is None
    assert header.capacity is None


def test_parameters_of_a_unit_know_where_they_stand(tmp_path):
    ore = read(tmp_path, CASE).unit("ore")
    assert ore == {
        "flow": Entered("100 t/h", "mine.toml: ore.flow"),
        "composition": {"Sb2S3": Entered("4 %", "mine.toml: ore.composition.Sb2S3")},
        "remainder": Entered("SiO2", "mine.toml: ore.remainder"),
    }


def test_numbers_with_range_basis_and_source(tmp_path):
    numbers = {number.path: number for number in read(tmp_path, CASE + CAPACITY).numbers}
    assert numbers["ore.flow"] == Number(
        "ore.flow", "100 t/h", "80 t/h", "120 t/h", "design", "a test", file="mine.toml"
    )
    assert numbers["rougher.fraction.SiO2"] == Number(
        "rougher.fraction.SiO2", 0.05, file="mine.toml"
    )
    assert {"target.flow", "capacity.installed", "ore.composition.Sb2S3"} < set(numbers)
    assert len(numbers) == 10


def test_the_distribution_of_a_number(tmp_path):
    case = changed(CASE, 'high = "120 t/h"', 'high = "120 t/h", distribution = "pert"')
    data = read(tmp_path, case)
    assert [n.distribution for n in data.numbers if n.low is not None] == ["pert"]
    assert data.unit("ore") == read(tmp_path, CASE).unit("ore")


CORRELATION = """
[correlation.mill]
members = ["rougher.fraction.Sb2S3", "cleaner.fraction.Sb2S3"]
coefficient = { value = 0.8, basis = "assumed", source = "one ore" }
"""


def test_a_correlation(tmp_path):
    assert dict(read(tmp_path, CASE).correlations) == {}
    data = read(tmp_path, CASE + CORRELATION)
    (name, entry), *others = data.correlations.items()
    assert (name, others) == ("mill", [])
    assert entry.members == ("rougher.fraction.Sb2S3", "cleaner.fraction.Sb2S3")
    assert entry.coefficient == 0.8
    coefficient = Number(
        "correlation.mill.coefficient", 0.8, basis="assumed", source="one ore", file="mine.toml"
    )
    assert coefficient in data.numbers


def test_two_correlations_one_with_its_coefficient_alone(tmp_path):
    second = '[correlation.town]\nmembers = ["a", "b"]\ncoefficient = "50 %"\n'
    found = read(tmp_path, CASE + CORRELATION + second).correlations
    assert {name: entry.coefficient for name, entry in found.items()} == {"mill": 0.8, "town": 0.5}


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("[correlation.mill]", "[corelation.mill]", r"there is no section 'corelation'; did you "
                                                    r"mean 'correlation'\?$"),
        ("[correlation.mill]", "[correlation]", r"correlation\.members: needs a section "
                                                r"\[correlation\.members\], got \['rougher"),
        ("value = 0.8", "value = 1.2", r"correlation\.mill\.coefficient: must lie between -1 and "
                                       r"1, got 1\.2$"),
        ("value = 0.8", 'value = "0.8 t"', r"correlation\.mill\.coefficient: needs a unit of a "
                                           r'coefficient, got "0\.8 t"; write e\.g\. "0\.8"$'),
        ("coefficient =", "coeficient =", r"correlation\.mill\.coeficient: there is no such "
                                          r"parameter; did you mean 'coefficient'\? \(and 1 "),
        ("members =", "member =", r"correlation\.mill\.member: there is no such parameter; did you "
                                  r"mean 'members'\? \(and 1 more\)$"),
        ('["rougher.fraction.Sb2S3", "cleaner.fraction.Sb2S3"]', '"rougher.cells"',
         r"correlation\.mill\.members: needs a list of numbers of this case by their paths, got "
         r"'rougher\.cells'; write e\.g\. \[\"rougher\.rate_constant\.Sb2S3\", "
         r"\"cleaner\.rate_constant\.Sb2S3\"\]$"),
        ('"cleaner.fraction.Sb2S3"]', "5]", r"correlation\.mill\.members: needs a list of numbers "
                                            r"of this case by their paths, got \['rougher"),
        ('"assumed"', '"assume"', r"correlation\.mill\.coefficient: basis must be one of"),
    ],
)  # fmt: skip
def test_a_correlation_that_makes_no_sense(tmp_path, old, new, complaint):
    with refused(rf"^mine\.toml: {complaint}"):
        read(tmp_path, CASE + changed(CORRELATION, old, new))


def test_a_number_that_is_written_alone_is_the_same_as_one_with_its_value(tmp_path):
    long = changed(CASE, 'composition.Sb2S3 = "4 %"', 'composition.Sb2S3 = { value = "4 %" }')
    assert read(tmp_path, long).unit("ore") == read(tmp_path, CASE).unit("ore")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("[target]", "[tarket]", r"^mine\.toml: there is no section 'tarket'; .* 'target'\?$"),
        ("[units.ore]", "[unit.ore]", r"^mine\.toml: there is no section 'unit'; .* 'units'\?$"),
        ("title =", "titel =", r"^mine\.toml: route\.titel: there is no such parameter; did you "
                               r"mean 'title'\?"),
        ('title = "Rougher and cleaner"\n', "", r"^mine\.toml: route\.title: is needed but not"),
        ('product = "concentrate"\n', "", r"^mine\.toml: route\.product: is needed but not given"),
        ('vary = "ore.flow"\n', "", r"^mine\.toml: target\.vary: is needed but not given"),
        ('vary = "ore.flow"', 'vray = "ore.flow"', r"^mine\.toml: target\.vray: .* 'vary'\?"),
        ('feed = ["ore"]', "feed = 5", r"^mine\.toml: route\.feed: needs stream names, got 5; "
                                       r"write e\.g\. \[\"ore\", \"middlings\"\]$"),
        ('feed = ["ore"]', 'feed = { a = "ore" }',
         r"^mine\.toml: route\.feed: needs stream names, got \{'a': 'ore'\}; write e\.g\. "
         r"\[\"ore\", \"middlings\"\]$"),
        ('\nfeed = ["ore"]', "\nfeed = []", r"^mine\.toml: route: feed names no stream; name at "
                                            r"least one$"),
        ('["concentrate"]', "[]", r"^mine\.toml: route: refinery_feed names no stream; name at "
                                  r"least one$"),
        ('"Rougher and cleaner"', "5", r"^mine\.toml: route\.title: needs text, got 5; put it in "
                                       r"quotes$"),
        ('feed = ["ore"]', 'feed = ["ore", 5]', r"^mine\.toml: route\.feed: needs the name of one "
                                                r"stream, got 5; write e\.g\. \"tailings\"$"),
        ('feed = ["ore"]', 'feed = ["ore", "ore"]',
         r"^mine\.toml: route\.feed: names a stream twice: ore, ore$"),
        ('value = "100 t/h", ', "", r"^mine\.toml: ore\.flow: needs a value beside low, high, "
                                    r"basis, source$"),
        ('value = "100 t/h", low = "80 t/h", high = "120 t/h", ', "",
         r"^mine\.toml: ore\.flow: needs a value beside basis, source$"),
        ('"a test"', "5", r"^mine\.toml: ore\.flow\.source: needs text, got 5$"),
        ('flow = "5000 t/yr"', "flow = 5000", r"^mine\.toml: target\.flow: needs text, got 5000; "
                                               r"put it in quotes$"),
        ('"a test"', '"a test", distribution = 5', r"^mine\.toml: ore\.flow\.distribution: needs "
                                                  r"text, got 5$"),
        ('low = "80', 'lwo = "80', r"^mine\.toml: ore\.flow: there is no field 'lwo'; .* 'low'\?$"),
        ('"design"', '"desing"', r"^mine\.toml: ore\.flow: basis must be one of measured, design, "
                                 r"published, estimated, assumed, got 'desing'$"),
        ("title =", "title = =", r"^mine\.toml: is not valid TOML, .*line 2"),
        ('remainder = "SiO2"', 'remainder = "SiO2"\nremainder = "Au"',
         r"^mine\.toml: is not valid TOML, .*line 15"),
        ("[units.cleaner]", "[units.rougher]", r"^mine\.toml: is not valid TOML, .*line 20"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_with_file_and_place(tmp_path, old, new, complaint):
    with refused(complaint) as caught:
        read(tmp_path, changed(CASE, old, new))
    assert "\n" not in str(caught.value)


def test_a_case_needs_a_route(tmp_path):
    with refused(r"^mine\.toml: needs a section \[route\] with title, feed and product$"):
        read(tmp_path, TARGET + ORE)
    with refused(r"needs a section \[route\]"):
        read(tmp_path, "")


@pytest.mark.parametrize(
    ("case", "complaint"),
    [
        ("route = 3\n", r"route: needs a section \[route\], got 3"),
        ("route = []\n", r"route: needs a section \[route\], got \[\]"),
        ("units = 5\n" + HEADER, r"units: needs a section \[units\], got 5"),
        ("target = '5 t/yr'\n" + HEADER, r"target: needs a section \[target\], got '5 t/yr'"),
        ("capacity = 5\n" + HEADER, r"capacity: needs a section \[capacity\], got 5"),
        ("correlation = 5\n" + HEADER, r"correlation: needs a section \[correlation\], got 5"),
        (HEADER + "[units]\npond = 5\n", r"units\.pond: needs a section \[units\.pond\], got 5"),
    ],
)
def test_a_section_that_is_no_section(tmp_path, case, complaint):
    with refused(rf"^mine\.toml: {complaint}$"):
        read(tmp_path, case)


@pytest.mark.parametrize(
    ("case", "complaint"),
    [
        ("[route]\n", r"\[route\]: title: is needed but not given \(and 3 more\)"),
        (HEADER + "[target]\n", r"\[target\]: flow: is needed but not given \(and 1 more\)"),
        (HEADER + "[capacity]\n", r"\[capacity\]: installed: is needed but not given"),
    ],
)
def test_an_empty_section(tmp_path, case, complaint):
    with refused(rf"^mine\.toml: {complaint}$"):
        read(tmp_path, case)


def test_capacity_is_measured_on_one_of_two_things(tmp_path):
    wrong = CAPACITY + 'measured_on = "refinery"\n'
    with refused(r"^mine\.toml: capacity\.measured_on: must be 'refinery feed' or 'product'"):
        read(tmp_path, CASE + wrong)
    right = read(tmp_path, CASE + CAPACITY + 'measured_on = "product"\n')
    assert right.header.capacity.measured_on == "product"


def test_a_missing_file(tmp_path):
    with refused(r"nowhere\.toml: there is no such file$"):
        CaseData(tmp_path / "nowhere.toml")


def test_a_file_that_is_not_text(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xff\xfe\x00 = 1")
    with refused(r"mine\.toml: cannot be read, .*utf-8"):
        CaseData(path)
    with refused(r"cannot be read"):
        CaseData(tmp_path)


def test_a_file_that_a_windows_editor_saved(tmp_path):
    """A byte order mark in front is no part of the first word."""
    path = tmp_path / "mine.toml"
    path.write_text(CASE, encoding="utf-8-sig")
    assert CaseData(path).header.title == "Rougher and cleaner"


def test_a_section_that_a_unit_needs(tmp_path):
    data = read(tmp_path, CASE)
    with refused(r"^mine\.toml: needs a section \[units\.roughr\]; did you mean 'rougher'\?$"):
        data.unit("roughr")


def test_a_section_that_no_unit_has_read(tmp_path):
    data = read(tmp_path, CASE)
    data.unit("ore")
    data.unit("rougher")
    with refused(r"^mine\.toml: \[units\.cleaner\] belongs to no unit of the flowsheet"):
        data.check_all_used()
    data.unit("cleaner")
    data.check_all_used()


def test_particles(tmp_path):
    assert read(tmp_path, SIEVED_CASE).particles() == Particles(
        sieves=["300 um", "150 um", "75 um"],
        minerals=["Sb2S3", "SiO2"],
        composites=[
            Composite(
                name="middlings",
                minerals={"Sb2S3": "20 %", "SiO2": "80 %"},
                grain_size="80 um",
            )
        ],
    )


def test_particles_without_composites(tmp_path):
    plain = PARTICLES.partition("[particles.composites")[0]
    assert read(tmp_path, HEADER + plain).particles().composites == ()


def test_numbers_of_particles(tmp_path):
    numbers = {number.path: number for number in read(tmp_path, SIEVED_CASE).numbers}
    sieves = ["300 um", "150 um", "75 um"]
    assert numbers["particles.sieves"] == Number(
        "particles.sieves", sieves, basis="design", source="a mill", file="mine.toml"
    )
    assert numbers["ore.passing.75 um"] == Number(
        "ore.passing.75 um", "60 %", "50 %", "65 %", file="mine.toml"
    )
    described = [path for path, number in numbers.items() if number.describes_particles]
    assert described == [
        "particles.composites.middlings.minerals.Sb2S3",
        "particles.composites.middlings.minerals.SiO2",
        "particles.composites.middlings.grain_size",
    ]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("sieves =", "sieve =", r"particles\.sieve: there is no such parameter; did you mean "
                                r"'sieves'\? \(and 1 more\)$"),
        ('minerals = ["Sb2S3", "SiO2"]', "", r"particles\.minerals: is needed but not given$"),
        ('"75 um"]', '"75"]', r'particles\.sieves: needs a unit of length, got "75"; write e\.g\. '
                              r'"75 um"$'),
        ('"300 um", "150 um"', '"150 um", "300 um"', r"particles: sieves must go from coarse to "
         r"fine, got 300 um after 150 um; sort them and name each once$"),
        ('["300 um", "150 um", "75 um"]', "[]", r"particles: sieves names no aperture; "),
        ('["Sb2S3", "SiO2"]', "5", r"particles\.minerals: needs names of minerals, got 5; "),
        ('"80 %"', '"79 %"', r"particles\.composites\.middlings: minerals of composite 'middlings' "
         r"sum to 99\.0000%; give fractions that sum to 100 %$"),
        ('"80 %"', '"80 um"', r"particles\.composites\.middlings\.minerals\.SiO2: needs a unit of "
         r'a fraction, got "80 um"; '),
        ("grain_size", "grain", r"particles\.composites\.middlings\.grain: there is no such "
         r"parameter; did you mean 'grain_size'\?$"),
        ('"80 um"', '"80"', r"particles\.composites\.middlings\.grain_size: needs a unit of "
         r'length, got "80"; write e\.g\. "75 um"$'),
        ("[particles.composites.middlings]", "[particles.composites.SiO2]", r"particles: particles "
         r"name 'SiO2' twice; keep one$"),
        ("[particles.composites.middlings]", "[particles.composites]", r"particles\.composites"
         r"\.minerals\.Sb2S3: there is no such parameter; known here: grain_size, minerals, name"),
        ("[particles.composites.middlings]", "[particles.composite.middlings]",
         r"particles\.composite: there is no such parameter; did you mean 'composites'\?$"),
        ("grain_size", 'name = "x"\ngrain_size', r"particles\.composites\.middlings\.name: the "
         r"section has the name; leave this out$"),
    ],
)  # fmt: skip
def test_particles_that_make_no_sense(tmp_path, old, new, complaint):
    with refused(rf"^mine\.toml: {complaint}"):
        read(tmp_path, HEADER + changed(PARTICLES, old, new)).particles()


def test_particles_that_are_needed_and_not_given(tmp_path):
    with refused(r"^mine\.toml: needs a section \[particles\] with sieves and minerals$"):
        read(tmp_path, CASE).particles()


def test_particles_that_are_given_and_not_used(tmp_path):
    data = read(tmp_path, HEADER + PARTICLES)
    with refused(
        r"^mine\.toml: \[particles\] is not used; give the flowsheet particles=data\.particles\(\)$"
    ):
        data.check_all_used()
    data.particles()
    data.check_all_used()


@pytest.mark.parametrize("name", ["target", "options", "particles"])
def test_a_unit_may_not_be_called_like_a_section(tmp_path, name):
    case = CASE.replace("[units.rougher]", f"[units.{name}]")
    with refused(
        rf"^mine\.toml: \[units\.{name}\]: '{name}' is a section of case files; give the unit "
        r"another name$"
    ):
        read(tmp_path, case)


def test_a_target_without_its_value(tmp_path):
    case = CASE.replace('flow = "5000 t/yr"', 'flow = { low = "3 t/yr" }')
    with refused(r"^mine\.toml: target\.flow: needs a value beside low$"):
        read(tmp_path, case)
