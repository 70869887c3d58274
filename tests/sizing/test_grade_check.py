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
