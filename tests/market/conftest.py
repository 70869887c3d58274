"""The market of ``tests.smelter_case``, and its smelter with another [supply] or case."""

import pytest

from flowsheet.load import load_route
from flowsheet.market.data import load_market
from tests.small_case import changed
from tests.smelter_case import CASE, SUPPLY, write_market, write_route


@pytest.fixture
def market(tmp_path):
    return load_market(write_market(tmp_path))


@pytest.fixture
def route(tmp_path):
    """Make a route with another [supply], or another case."""

    def make(name="smelter", case=CASE, **supply):
        text = SUPPLY
        for field, value in supply.items():
            old = next(line for line in SUPPLY.splitlines() if line.startswith(f"{field} = "))
            text = changed(text, old, f"{field} = {value}")
        return load_route(str(write_route(tmp_path, name, case + text)))

    return make
