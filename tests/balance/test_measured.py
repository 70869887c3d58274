import pytest

from flowsheet import InputError, Measured, two_product
from flowsheet.balance.measured import aligned, content, with_deviation
from flowsheet.core.quantities import quantity


@pytest.mark.parametrize(
    ("given", "fraction", "deviation"),
    [
        (Measured("0.8 %", "0.02 %"), 0.008, 0.0002),
        (Measured("0.8 %", relative="2.5 %"), 0.008, 0.0002),
        (Measured("0.8 %", relative=0.025), 0.008, 0.0002),
        (Measured("5 g/t", "200 mg/t"), 5e-6, 2e-7),
        (Measured(quantity(0.008, "percent"), quantity(0.0002, "ppm")), 0.008, 0.0002),
        (Measured(0.008, 0.0002), 0.008, 0.0002),
        (Measured(0, "0.01 %"), 0.0, 1e-4),
    ],
)
def test_an_assay_and_its_standard_deviation(given, fraction, deviation):
    assert given.fraction == pytest.approx(fraction, rel=1e-12)
    assert given.deviation == pytest.approx(deviation, rel=1e-12)


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        (lambda: Measured("0.8 %"), r"^Measured: give the standard deviation, as \"0\.02 %\" in "),
        (lambda: Measured("0.8 %", "0.1 %", relative="2 %"), r", and not both$"),
        (
            lambda: Measured("0.8 %", "2.5 %"),
            r"^Measured: the standard deviation 2\.5 % is larger than the value 0\.8 %; for a "
            r"share of the value write relative=\"2\.5 %\"$",
        ),
        (lambda: Measured("0.8 %", relative=2.5), r"standard deviation 2 % is larger than the va"),
        (lambda: Measured(25, 1), r"^Measured, standard deviation|^Measured: must lie between 0 "),
        (lambda: Measured("25 t/h", "1 %"), r"^Measured: needs a unit of a fraction, got \"25 t/h"),
        (lambda: Measured("25 %", "-1 %"), r"^Measured, standard deviation: must lie between 0 "),
        (lambda: Measured("25 %", relative="-1 %"), r"^Measured, relative: must be 0 or more, got"),
        (lambda: Measured(Measured("1 %", 0), "1 %"), r"^Measured: needs a quantity, got Measured"),
    ],
)
def test_what_is_no_measured_value_is_refused(mistake, message):
    with pytest.raises(InputError, match=message) as refused:
        mistake()
    assert "\n" not in str(refused.value)


def test_a_measured_value_never_changes_and_is_what_it_says():
    one = Measured("0.8 %", "0.02 %")
    with pytest.raises(AttributeError):
        one.value = "0.9 %"
    assert repr(one) == "Measured(value='0.8 %', standard_deviation='0.02 %', relative=None)"
    assert one == Measured("0.8 %", "0.02 %")


def test_an_estimate_is_a_quantity_with_its_deviation():
    exact = two_product(feed="1 %", concentrate="10 %", tailings="0.2 %").recovery()
    assert exact.value.to("").magnitude == pytest.approx(0.81632653, rel=1e-8)
    assert exact.standard_deviation is None
    assert dict(exact.shares) == {}
    assert (str(exact), repr(exact)) == ("81.63 %", "<81.63 %>")


@pytest.mark.parametrize(
    ("value", "deviation", "text"),
    [
        (81.7404, 1.3167, "81.7 ± 1.3"),
        (81.7404, 0.013167, "81.740 ± 0.013"),
        (81.7404, 13.167, "82 ± 13"),
        (243.2, 171.4, "243 ± 171"),
        (81.7404, 0.0, "81.74 ± 0"),
    ],
)
def test_the_deviation_says_how_many_digits_count(value, deviation, text):
    assert with_deviation(value, deviation) == text


@pytest.mark.parametrize(
    ("fraction", "text"),
    [(0.25, "25 %"), (1.2e-4, "0.012 %"), (5.2e-6, "5.2 g/t"), (0.0, "0 %"), (1.0, "100 %")],
)
def test_small_contents_are_written_in_grams_per_tonne(fraction, text):
    assert content(fraction) == text


def test_columns_are_as_wide_as_their_widest_cell():
    assert aligned(["", "mass"], [["lead", "5 %"], ["z", "12.5 %"]]) == (
        "        mass\nlead     5 %\nz     12.5 %"
    )
