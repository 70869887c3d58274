"""Conversions in ``units.csv``: what pint says, and all that the built-in routes need."""

import subprocess
import sys

import pytest

from flowsheet.core.quantities import _known_conversions, pint_conversion

ALL_ROUTES = """
import sys
from flowsheet.load import load_route, route_names
from flowsheet.routes.compare import compare
for row in compare([load_route(name) for name in route_names()]):
    assert row.metrics is not None, row
sys.exit("pint" in sys.modules)
"""


def test_the_table_says_what_pint_says():
    assert len(_known_conversions()) > 80
    for unit, (dimensionality, factor, offset) in _known_conversions().items():
        dimension, *numbers = pint_conversion(unit)
        assert (unit, dimensionality) == (unit, dimension)
        assert (factor, offset) == pytest.approx(tuple(numbers), rel=1e-15, abs=0.0)


def test_known_answers():
    known = _known_conversions()
    assert known["t/h"] == ("[mass] / [time]", pytest.approx(1000.0 / 3600.0, rel=1e-15), 0.0)
    assert known["degC"] == ("[temperature]", 1.0, 273.15)
    assert known["kt"] == ("[mass]", 1e6, 0.0)


def test_built_in_routes_do_not_wait_for_pint():
    assert subprocess.run([sys.executable, "-c", ALL_ROUTES], check=False).returncode == 0
