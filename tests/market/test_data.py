"""Market files: what is read of them, what is refused, and what the built-in one says."""

import pytest

from flowsheet.core.errors import InputError
from flowsheet.market.data import load_market
from flowsheet.market.low_mid_high import LowMidHigh, total
from tests.small_case import changed
from tests.smelter_case import MARKET, write_market

CABLES = '[demand.cables]\ntitle = "Cables"'
SHARE = "share.metal = {"


def read(tmp_path, text=MARKET):
    return load_market(write_market(tmp_path, text))


def close(figures, low, mid, high):
    assert list(figures) == pytest.approx([low, mid, high], rel=1e-9)


def test_figures_of_three_are_calculated_one_by_one():
    one, two = LowMidHigh(1.0, 2.0, 4.0), LowMidHigh(2.0, 4.0, 16.0)
    assert one + two == LowMidHigh(3.0, 6.0, 20.0)
    assert two - one == LowMidHigh(1.0, 2.0, 12.0)
    assert one * two == LowMidHigh(2.0, 8.0, 64.0)
    assert two / one == LowMidHigh(2.0, 2.0, 4.0)
    assert one.turned == LowMidHigh(4.0, 2.0, 1.0)
    assert one.at_most(LowMidHigh(3.0, 1.0, 3.0)) == LowMidHigh(1.0, 1.0, 3.0)
    assert total([]) == LowMidHigh(0.0, 0.0, 0.0)
    assert one.to_dict() == {"low": 1.0, "mid": 2.0, "high": 4.0}


def test_a_market_file_is_read(tmp_path):
    market = read(tmp_path)
    assert (market.name, market.heading.year) == ("somewhere", 2040)
    close(market.demand["cables"].antimony.kilotonnes(), 10.0, 20.0, 30.0)
    assert market.secondary["scrap"].antimony.source == "a test"
    close(market.step_yield.multiplied(), 0.1, 0.4, 1.0)
    assert "2 sectors" in repr(market)


def test_products_add_up_to_their_sector_in_every_column(tmp_path):
    found = read(tmp_path).demand_by_product()
    close(found["metal"], 3.0, 10.0, 20.0)
    close(found["trioxide"], 27.0, 30.0, 30.0)
    close(found["lead"], 10.0, 20.0, 30.0)


def test_an_end_that_is_not_given_is_the_value(tmp_path):
    assert read(tmp_path).refining.concentrate_grade.ends() == LowMidHigh(0.5, 0.5, 0.5)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (
            "[demand.cables]",
            "[demands.cables]",
            "somewhere.toml: there is no section 'demands'; did you mean 'demand'?",
        ),
        (
            CABLES,
            CABLES.replace("title", "titel"),
            "somewhere.toml: demand.cables.titel: there is no such parameter; did you mean "
            "'title'? (and 1 more)",
        ),
        (
            '"20 kt/yr"',
            '"20 kt"',
            'somewhere.toml: demand.cables.antimony.value: needs a unit of mass per time, got "20 '
            'kt"; write e.g. "25 t/h"',
        ),
        (
            '"20 kt/yr"',
            '"40 kt/yr"',
            "somewhere.toml: demand.cables.antimony: its value lies outside its own range of low "
            "to high",
        ),
        (
            '{ value = "50 %", basis = "design", source = "a test" }',
            '{ value = "50 %", basis = "assumed", source = "a test" }',
            "somewhere.toml: refining.concentrate_grade: is assumed, so it needs low and high",
        ),
        (
            '{ value = "50 %", basis = "design", source = "a test" }',
            '{ value = "50 %", basis = "design", source = " " }',
            "somewhere.toml: refining.concentrate_grade: source: says nothing; name the "
            "publication, or what was assumed",
        ),
        (
            '{ value = "50 %", basis = "design", source = "a test" }',
            '{ value = "50 %", basis = "designed", source = "a test" }',
            "somewhere.toml: refining.concentrate_grade.basis: must be 'measured', 'design', "
            "'published', 'estimated' or 'assumed', got 'designed'",
        ),
        (
            'concentrate_grade = { value = "50 %", basis = "design", source = "a test" }',
            'concentrate_grade = "50 %"',
            "somewhere.toml: refining.concentrate_grade: needs value, basis and source, got "
            '\'50 %\'; write e.g. { value = "5 kt/yr", low = "2 kt/yr", high = "10 kt/yr", basis '
            '= "assumed", source = "..." }',
        ),
        (
            'product = "trioxide"',
            'product = "trioxyde"',
            "somewhere.toml: demand.plastics: there is no product 'trioxyde' in [products]; did "
            "you mean 'trioxide'?",
        ),
        (
            SHARE,
            'share.lead = { value = "70 %", basis = "design", source = "a test" }\n' + SHARE,
            "somewhere.toml: demand.plastics: share: the shares add up to 1.1 of the sector; 1 at "
            "most",
        ),
        (
            SHARE,
            SHARE.replace("metal", "metall"),
            "somewhere.toml: demand.plastics: there is no product 'metall' in [products]; did you "
            "mean 'metal'?",
        ),
        (
            'title = "Scrap"\nproduct = "lead"',
            'title = "Scrap"\nproduct = "led"',
            "somewhere.toml: secondary.scrap: there is no product 'led' in [products]; did you "
            "mean 'lead'?",
        ),
        (
            'title = "Plant"\nproduct = "metal"',
            'title = "Plant"\nproduct = "mettal"',
            "somewhere.toml: existing.plant: there is no product 'mettal' in [products]; did you "
            "mean 'metal'?",
        ),
        (
            'low = "4 kt/yr", high = "9 kt/yr"',
            'low = "4 kt/yr"',
            "somewhere.toml: existing.plant.antimony: is assumed, so it needs low and high",
        ),
        (
            "year = 2040",
            'year = "soon"',
            "somewhere.toml: market.year: needs a year, a whole number without quotes, got 'soon'; "
            "write 2030",
        ),
        (
            "year = 2040",
            "year = true",
            "somewhere.toml: market.year: needs a year, a whole number without quotes, got True; "
            "write 2030",
        ),
        (
            'bloc = ["Somewhere"]',
            'bloc = "Somewhere"',
            "somewhere.toml: market.bloc: needs a list of names, got 'Somewhere'; write e.g. "
            '["Japan", "Canada"]',
        ),
        (
            MARKET[MARKET.index("[existing") : MARKET.index("[refining]")],
            "",
            "somewhere.toml: needs a section [existing] with at least one entry",
        ),
        (
            MARKET[MARKET.index("[reference.sulphur") :],
            "",
            "somewhere.toml: reference.sulphur_dioxide: needs a section of its own, got None",
        ),
        (
            MARKET[MARKET.index("[demand.cables") : MARKET.index("[demand.plastics")],
            "[demand]\ncables = 5\n\n",
            "somewhere.toml: demand.cables: needs a section of its own, got 5",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path, old, new, line):
    text = changed(MARKET, old, new)
    with pytest.raises(InputError) as refused:
        read(tmp_path, text)
    assert str(refused.value) == line


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(InputError, match=r"nowhere\.toml: there is no such file$"):
        load_market(tmp_path / "nowhere.toml")
    with pytest.raises(InputError, match=r"^somewhere\.toml: is not valid TOML, "):
        read(tmp_path, "[market")


def test_the_built_in_market_is_that_of_2030():
    market = load_market()
    assert market.heading.year == 2030
    demand = total(sector.antimony.kilotonnes() for sector in market.demand.values())
    close(demand, 37.65, 54.6, 74.2)
    close(total(p.antimony.kilotonnes() for p in market.secondary.values()), 7.0, 10.0, 12.0)
    close(total(p.antimony.kilotonnes() for p in market.existing.values()), 4.1, 5.2, 6.5)
    close(market.step_yield.multiplied(), 0.81282, 0.88464, 0.950796)
    by_product = market.demand_by_product()
    assert by_product["antimony_trioxide"].mid == pytest.approx(33.0)
    assert by_product["sodium_antimonate"].mid == pytest.approx(3.0)
    assert by_product["antimony_metal"].mid == pytest.approx(2.4, abs=0.01)
    assert total(by_product.values()).high == pytest.approx(74.2)


@pytest.mark.parametrize("low", ["20000 t/yr", "20e6 kg/yr", "54.757015742642025 t/d"])
def test_an_end_may_be_the_value_in_another_unit(tmp_path, low):
    given = changed(
        MARKET, 'value = "20 kt/yr", low = "10 kt/yr"', f'value = "20 kt/yr", low = "{low}"'
    )
    close(read(tmp_path, given).demand["cables"].antimony.kilotonnes(), 20.0, 20.0, 30.0)
