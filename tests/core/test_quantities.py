import math

import pint
import pytest

from flowsheet.core.errors import InputError
from flowsheet.core.parameters import (
    Count,
    CurrentDensity,
    Fraction,
    MassFlow,
    Ratio,
    Temperature,
    Time,
    Volume,
    parameter_of,
)
from flowsheet.core.quantities import from_base, quantity, registry


def read(kind, value):
    return parameter_of(kind).convert(value)


@pytest.mark.parametrize(
    ("kind", "written", "base"),
    [
        (Time, "8 min", 480.0),
        (Time, "1e2 s", 100.0),
        (Volume, "50 m3", 50.0),
        (Volume, "50 m^3", 50.0),
        (Temperature, "500 degC", 773.15),
        (Temperature, "500 °C", 773.15),
        (Temperature, "900 K", 900.0),
        (Fraction, "85 %", 0.85),
        (Fraction, "100 %", 1.0),
        (Fraction, 0.25, 0.25),
        (Fraction, "120 ppm", 120e-6),
        (Fraction, "3 g/t", 3e-6),
        (Fraction, "0.5", 0.5),
        (Ratio, 2, 2.0),
        (Count, 6, 6.0),
        (MassFlow, "36 t/h", 10.0),
        (MassFlow, "700 kt/yr", 700e6 / 31557600),
        (CurrentDensity, "110 A/m2", 110.0),
        (MassFlow, "1 Mt/yr", 1e9 / 31557600),
        (MassFlow, "1 short_ton/day", 907.18474 / 86400),
    ],
)
def test_written_with_units_is_read_into_base_units(kind, written, base):
    assert read(kind, written) == pytest.approx(base, rel=1e-12)


def test_a_pint_quantity_of_any_registry_is_read():
    assert read(Time, registry().Quantity(8, "min")) == pytest.approx(480.0)
    assert read(Time, pint.UnitRegistry().Quantity(8, "min")) == pytest.approx(480.0)


@pytest.mark.parametrize(
    ("kind", "written", "complaint"),
    [
        (Time, "8 kg", 'needs a unit of time, got "8 kg"; write e.g. "8 min"'),
        (Time, 8, 'needs a unit of time, got 8; write e.g. "8 min"'),
        (Time, "8", 'needs a unit of time, got "8"; write e.g. "8 min"'),
        (Time, "8 minn", '"minn" is not a unit known here, got "8 minn"; write e.g. "8 min"'),
        (Time, "eight min", "needs a number and a unit"),
        (Time, "-3 min", 'must be 0 min or more, got "-3 min"'),
        (Time, None, "needs a quantity, got None"),
        (Time, [8], "needs a quantity"),
        (Fraction, True, "needs a quantity, got True"),
        (Fraction, 1.2, "must lie between 0 and 1, got 1.2"),
        (Fraction, "120 %", 'must lie between 0 and 1, got "120 %"'),
        (Fraction, math.nan, "needs a finite number, got nan"),
        (Fraction, "nan", "needs a number and a unit"),
        (Ratio, math.inf, "needs a finite number, got inf"),
        (Count, 2.5, "needs a whole number, got 2.5"),
        (Count, 0, "must be 1 or more, got 0"),
        (Temperature, "-300 degC", "must be above -273.15 degC"),
        (MassFlow, "5 ton/yr", '"ton" means different masses in different places'),
        (MassFlow, "5 ktons/yr", '"ktons" means different masses in different places'),
        (MassFlow, "5 Mton/yr", '"Mton" means different masses in different places'),
        (MassFlow, "5 mt/yr", '"mt" means different masses'),
    ],
)
def test_what_makes_no_sense_is_refused(kind, written, complaint):
    with pytest.raises(InputError) as refused:
        read(kind, written)
    assert complaint in str(refused.value)


def test_what_misses_a_bound_by_a_rounding_is_set_on_it():
    assert read(Fraction, math.nextafter(1.0, 2.0)) == 1.0
    assert read(Fraction, -1e-13) == 0.0
    with pytest.raises(InputError, match=r"^must lie between 0 and 1, got 1\.00000000001$"):
        read(Fraction, 1.00000000001)


def test_back_to_readable_units():
    assert from_base(773.15, "degC") == pytest.approx(500.0)
    assert quantity(10.0, "t/h", "kg/s").magnitude == pytest.approx(36.0)
    assert f"{quantity(0.25, 'percent'):.1f~P}" == "25.0 %"


def test_a_normal_cubic_metre_is_an_amount():
    # One kilomole of an ideal gas at 0 degC and 101.325 kPa fills 22.414 m3.
    assert quantity(1000.0, "Nm3", "mol").magnitude == pytest.approx(22.414, rel=1e-6)
    assert quantity(44.615, "Nm3", "mol").magnitude == pytest.approx(1.0, rel=1e-12)


@pytest.mark.parametrize(
    ("unit", "base", "complaint"),
    [
        ("m", "kg/s", r'^"m" does not measure what is in kg/s$'),
        ("t", "kg/s", r'^"t" does not measure what is in kg/s$'),
        ("t/h", "", r'^"t/h" does not measure what is in no unit$'),
        ("foo", "kg/s", r'^"foo" is not a unit known here$'),
        ("t/", "kg/s", r'^"t/" is not a unit known here$'),
    ],
)
def test_a_reading_in_a_unit_that_does_not_fit(unit, base, complaint):
    with pytest.raises(InputError, match=complaint):
        quantity(1.0, unit, base)
