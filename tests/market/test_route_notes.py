"""What a reader is told of single routes beside the figures."""

from pathlib import Path

from flowsheet.load import load_route
from flowsheet.market.data import load_market
from flowsheet.market.gap import gap
from tests.small_case import changed
from tests.smelter_case import SUPPLY


def case_of(folder: Path, name: str, text: str) -> Path:
    """Write a case that has no Python of its own."""
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_case_beside_the_built_in_route_that_it_is_made_of(market, tmp_path):
    text = f'[route]\ntitle = "A variant"\nplant = "costerfield"\n{SUPPLY}'
    variant = load_route(str(case_of(tmp_path, "variant", text)))
    both = gap(market, [load_route("costerfield"), variant], draws=0)
    assert both.notes == [
        "variant: is made of costerfield, which is counted here too; both may count the same "
        "antimony"
    ]
    assert gap(market, [variant], draws=0).notes == []


def test_lead_alloys_close_no_gap_where_scrap_meets_all_demand_for_them():
    market = load_market()
    routes = [load_route(name) for name in ("campine_recycling", "stibnite_idaho")]
    (note,) = gap(market, routes, draws=0, lead_from_scrap=True).notes
    assert note == (
        "campine_recycling: makes lead alloys, all demand for which scrap meets here; the 0.94 "
        "kt/yr that it adds and the 1 that count as existing close a gap only if they are made "
        "trioxide or metal instead"
    )
    assert gap(market, routes, draws=0).notes == []


def test_lead_alloys_that_add_nothing_are_not_noted(market, route, tmp_path):
    idle = changed(SUPPLY, '"primary"', '"conversion"')
    text = f'[route]\ntitle = "An alloy maker"\nplant = "campine_recycling"\n{idle}'
    maker = load_route(str(case_of(tmp_path, "maker", text)))
    assert gap(market, [route(), maker], draws=0, lead_from_scrap=True).notes == []
