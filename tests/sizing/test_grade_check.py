"""Grades of what a route makes: contents too high, too low, and locked in other grains."""

import pytest

from flowsheet.core.errors import InputError
from flowsheet.load import load_route
from flowsheet.sizing.size import size
from tests.small_case import changed, write

CASE = """\
[route]
title = "Bagged as it comes"
feed = ["crude"]
product = "bagged"
refinery_feed = ["crude"]

[units.crude]
flow = "1000 t/yr"
composition.Sb2S3 = "98 %"
remainder = "SiO2"

[units.split]
fraction = 1.0
"""
PLANT = """\
from flowsheet import Flowsheet
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter


def build(data):
    return Flowsheet(
        species=["Sb2S3", "S", "SiO2", "Sb2O3", "N2"],
        units={
            "crude": Feed(outlet="crude", **data.unit("crude")),
            "split": Splitter(
                feed="crude", product="bagged", remainder="rest", **data.unit("split")
            ),
        },
        products=["bagged"],
    )
"""
SULPHIDE = "GB 5236 grade 2"
LOCKED = """
[particles]
sieves = ["300 um", "75 um"]
minerals = ["Sb2S3", "SiO2"]

[particles.composites.middlings]
minerals.Sb2S3 = "50 %"
minerals.SiO2 = "50 %"
"""


def judged(folder, case, grade, plant=PLANT):
    return size(load_route(str(write(folder, case, plant))), grade=grade).grade


def test_a_product_with_too_much_and_one_with_too_little(tmp_path):
    """Trisulphide of grade 2 holds 69 to 73 % Sb and 25 to 28.3 % S; stibnite 71.68 and 28.32."""
    assert judged(tmp_path, CASE, SULPHIDE).met  # 70.25 % Sb, 27.75 % S
    poor = judged(tmp_path, changed(CASE, "98 %", "80 %"), SULPHIDE)  # 57.35 % Sb, 22.65 % S
    assert str(poor) == (
        "bagged does not meet trisulphide GB 5236 grade 2: Sb 57.349 % is below 69 %; "
        "S 22.7 % is below 25 %"
    )
    assert [each["limit_percent"] for each in poor.to_dict()["breaches"]] == pytest.approx(
        [69.0, 25.0]
    )
    rich = judged(
        tmp_path, changed(CASE, '"98 %"\n', '"96.5 %"\ncomposition.S = "3 %"\n'), SULPHIDE
    )
    assert str(rich).endswith("S 30.3 % is above 28.3 %")  # 27.33 and 3
    assert rich.to_dict()["breaches"][-1]["limit_percent"] == pytest.approx(28.3)


def test_what_is_locked_counts_with_what_is_free(tmp_path):
    """Half of the stibnite in composites is still 98 % stibnite."""
    plant = changed(
        PLANT, "        units={", "        particles=data.particles(),\n        units={"
    )
    plant = plant.replace(
        "unitops.streams.feed import Feed", "unitops.streams.sized_feed import SizedFeed"
    )
    plant = changed(plant, ": Feed(outlet", ": SizedFeed(outlet")
    ore = 'remainder = "SiO2"\npassing."75 um" = "60 %"\nlocked.middlings = "2 %"\n'
    case = changed(CASE, 'remainder = "SiO2"\n', ore)
    assert judged(tmp_path, case + LOCKED, SULPHIDE, plant).met


def test_gas_has_no_grade(tmp_path):
    gas = changed(CASE, 'composition.Sb2S3 = "98 %"\nremainder = "SiO2"', "composition.N2 = 1.0")
    line = r"^grade: nothing of 'bagged' is solid, so it has no grade$"
    with pytest.raises(InputError, match=line):
        judged(tmp_path, gas, SULPHIDE)


def test_a_grade_of_metal_is_refused_for_trisulphide(tmp_path):
    with pytest.raises(InputError) as refused:
        judged(tmp_path, CASE, "Sb99.90")
    assert str(refused.value) == (
        "grade: Sb99.90 is a grade of metal, and the antimony of 'bagged' is mostly trisulphide "
        "(Sb2S3); grades of trisulphide are GB 5236 grade 2, GB 5236 grade 1, GB 5236 grade 0, "
        "like MIL-A-159"
    )


@pytest.mark.parametrize(
    ("route", "grade", "line"),
    [
        (
            "japan_trioxide",
            "Sb99.90",
            "Sb99.90 is a grade of metal, and the antimony of 'antimony_trioxide' is mostly "
            "trioxide (Sb2O3); grades of trioxide are 99.50, 99.80, 99.90, catalyst",
        ),
        (
            "costerfield",
            "99.80",
            "99.80 is a grade of trioxide, and the antimony of 'antimony_metal' is mostly metal "
            "(Sb); grades of metal are Sb99.50, Sb99.65, Sb99.70, Sb99.90, 5N, 6N, 7N",
        ),
    ],
)
def test_a_grade_of_another_form_is_refused(route, grade, line):
    with pytest.raises(InputError) as refused:
        size(load_route(route), grade=grade)
    assert str(refused.value) == f"grade: {line}"


def test_a_product_without_antimony_in_a_graded_form(tmp_path):
    sand = changed(CASE, "composition.Sb2S3", "composition.S")
    line = (
        r"^grade: Sb99\.65 is a grade of metal, and the antimony of 'bagged' is mostly in none of "
        r"the forms that have grades \(metal, trioxide, trisulphide\); leave the grade out$"
    )
    with pytest.raises(InputError, match=line):
        judged(tmp_path, sand, "Sb99.65")


def test_what_enters_nowhere_is_said_not_to_be_judged(tmp_path):
    """Grade like MIL-A-159 limits As and Pb beside Sb and S; here only sand comes with them."""
    held = judged(tmp_path, changed(CASE, "98 %", "99.5 %"), "like MIL-A-159")
    assert held.not_judged == ("As", "Pb")
    assert str(held) == (
        "bagged meets trisulphide like MIL-A-159; As, Pb are not carried here and so not judged"
    )
    assert held.to_dict()["not_judged"] == ["As", "Pb"]


def test_an_element_of_the_slate_that_nothing_brings_is_not_judged(tmp_path):
    plant = changed(PLANT, '"N2"]', '"N2", "As"]')
    fed = changed(CASE, 'remainder = "SiO2"', 'composition.As = "0.1 %"\nremainder = "SiO2"')
    fed, bare = (changed(case, "98 %", "99.5 %") for case in (fed, CASE))
    assert judged(tmp_path, bare, "like MIL-A-159", plant).not_judged == ("As", "Pb")
    with_arsenic = judged(tmp_path, fed, "like MIL-A-159", plant)
    assert with_arsenic.met
    assert str(with_arsenic).endswith("like MIL-A-159; Pb is not carried here and so not judged")


def test_a_sum_on_the_metals_basis_names_what_was_summed_up():
    held = size(load_route("high_purity"), grade="5N").grade
    assert held.met
    assert held.not_judged == ()
    assert str(held).startswith("high_purity_antimony meets 5N (counted: Ag, As, Bi, ")
