import pytest

from flowsheet.core.errors import InputError
from unitops.classification.cyclone_selection import (
    cut_size_for_overflow,
    cut_size_of_cyclone,
    cyclone_diameter,
    cyclones_needed,
    pulp_per_cyclone,
)

FEED = {"solids_by_volume": "30 %", "pressure": "50 kPa", "density": "2900 kg/m^3"}


def test_cut_size_of_a_cyclone_of_25_cm_on_heavy_solids():
    cut = cut_size_of_cyclone("25 cm", **{**FEED, "density": "4800 kg/m^3"})
    assert cut.to("um").magnitude == pytest.approx(56.5, abs=0.05)


def test_diameter_for_an_overflow_of_60_percent_below_74_um():
    diameter = cyclone_diameter(cut_size_for_overflow("74 um", "60 %"), **FEED)
    # A worked example of the method picks 26 in, 66 cm, from its chart.
    assert diameter.to("cm").magnitude == pytest.approx(67.5, abs=0.05)


def test_diameter_and_cut_size_are_each_others_inverse():
    diameter = cyclone_diameter("80 um", **FEED)
    assert cut_size_of_cyclone(diameter, **FEED).to("um").magnitude == pytest.approx(80.0)


@pytest.mark.parametrize(
    ("passing", "factor"), [("98.8 %", 0.54), ("95 %", 0.73), ("80 %", 1.25), ("50 %", 2.78)]
)
def test_factors_of_the_overflow(passing, factor):
    needed = cut_size_for_overflow("100 um", passing).to("um").magnitude
    assert needed == pytest.approx(100.0 * factor)


def test_between_two_factors_it_is_straight():
    assert cut_size_for_overflow("100 um", "85 %").to("um").magnitude == pytest.approx(108.0)


def test_a_finer_cut_takes_a_smaller_cyclone_more_pressure_or_water():
    def cut(**changed):
        return cut_size_of_cyclone(changed.pop("diameter", "50 cm"), **{**FEED, **changed})

    assert cut(diameter="25 cm") < cut()
    assert cut(pressure="150 kPa") < cut()
    assert cut(solids_by_volume="15 %") < cut()
    assert cut(density="4630 kg/m^3") < cut()
    assert cut(liquor_density="1200 kg/m^3") > cut()


def test_number_of_cyclones():
    # 0.0095 * 50^2 * 10 = 237.5 m3/h at 100 kPa
    assert pulp_per_cyclone("50 cm", "100 kPa").to("m^3/h").magnitude == pytest.approx(237.5)
    assert cyclones_needed("475 m^3/h", "50 cm", "100 kPa") == 2
    assert cyclones_needed("476 m^3/h", "50 cm", "100 kPa") == 3


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"solids_by_volume": "53 %"}, "solids_by_volume of 53.0%; a feed of 53 % by volume"),
        ({"pressure": "0 kPa"}, "pressure of 0 drives nothing through"),
        ({"density": "900 kg/m^3"}, "density of the solids is 0.9 of that of the liquor"),
        ({"density": "2.9"}, "needs a unit of mass per volume"),
    ],
)
def test_feeds_that_no_cyclone_cuts_are_refused(changed, message):
    with pytest.raises(InputError, match=message):
        cut_size_of_cyclone("50 cm", **{**FEED, **changed})


def test_shares_outside_the_table_are_refused():
    with pytest.raises(InputError, match=r"passing: 40\.0% of the overflow is outside the table"):
        cut_size_for_overflow("74 um", "40 %")
    with pytest.raises(InputError, match="pressure of 0 drives nothing through"):
        cyclones_needed("900 m^3/h", "50 cm", "0 kPa")
