import pytest

from unitops.gas_cleaning.dew_point import acid_dew_point, water_dew_point

MMHG = 133.322


@pytest.mark.parametrize(
    ("celsius", "pascal"), [(0.0, 611.2), (20.0, 2339.0), (40.0, 7385.0), (60.0, 19946.0)]
)
def test_water_condenses_at_the_pressures_of_steam_tables(celsius, pascal):
    assert water_dew_point(pascal) - 273.15 == pytest.approx(celsius, abs=0.2)


def test_water_boils_at_about_100_degrees():
    assert water_dew_point(101325.0) - 273.15 == pytest.approx(100.0, abs=1.0)


def test_acid_of_ten_percent_water_and_ten_parts_per_million():
    """137 degC, the value usual in charts."""
    assert acid_dew_point(10132.5, 1.01325) - 273.15 == pytest.approx(137.0, abs=3.0)


def test_more_of_either_condenses_warmer():
    base = acid_dew_point(5000.0, 1.0)
    assert acid_dew_point(10000.0, 1.0) > base
    assert acid_dew_point(5000.0, 10.0) > base + 10.0
