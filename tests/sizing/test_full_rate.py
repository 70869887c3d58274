"""What a unit's size is told of the warmth of what enters it, and the rate that it is sized at.

A plant of a unit that states the temperature it is told as its size, so that it can be read.
"""

import pytest

from flowsheet.core.errors import SolveError
from flowsheet.load import load_route
from flowsheet.sizing.size import size
from tests.small_case import changed, write

CASE = """\
[route]
title = "Two streams into one tower"
feed = ["one"]
product = "out"
refinery_feed = ["one"]

[units.one]
flow = "1 t/h"
composition.N2 = 1.0
temperature = "25 degC"

[units.two]
flow = "1 t/h"
composition.SECOND = 1.0
temperature = "526.85 degC"

[units.tower]
"""
PLANT = """\
import numpy as np

from flowsheet import Flowsheet
from flowsheet.core.parameters import Temperature
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.unit import Figure, UnitOp
from unitops.streams.feed import Feed


class Tower(UnitOp):
    gas: Inlet
    out: Outlet

    gas_temperature: Temperature | None = None
    warmest: Temperature = "2000 degC"

    def run(self, gas, p):
        return {"out": gas}

    def figures(self, flows, p):
        if p.gas_temperature is None:
            return []
        if np.any(p.gas_temperature > p.warmest):
            raise ValueError("too warm")
        through = flows["gas"].total()
        return [
            Figure(p.gas_temperature, "K", "gas enters at", kind="equipment"),
            Figure(through, "t/h", "gas enters", kind="equipment"),
        ]


def build(data):
    return Flowsheet(
        species=["N2", "H2O(g)", "SbCl3(aq)"],
        units={
            "one": Feed(outlet="one", **data.unit("one")),
            "two": Feed(outlet="two", **data.unit("two")),
            "tower": Tower(gas=["one", "two"], out="out", **data.unit("tower")),
        },
        products=["out"],
    )
"""
ALONE = changed(
    changed(PLANT, 'gas=["one", "two"]', 'gas=["two"]'),
    'products=["out"]',
    'products=["out", "one"]',
)


def told(folder, case, plant=PLANT, **asked):
    route = load_route(str(write(folder, case, plant)))
    return {row.figure: row.value for row in size(route, **asked).equipment}


def case(second="H2O(g)"):
    return changed(CASE, "composition.SECOND", f'composition."{second}"')


def test_streams_that_enter_together_are_mixed_by_their_enthalpies(tmp_path):
    """JANAF tables, 1 kg of each: H(T) - H(298) of steam at 800 K is 999.3 kJ, of both together
    900.4 kJ at 600 K and 1213.9 kJ at 700 K, so they meet at 631.5 K; the mean of masses is 549 K.
    """
    assert told(tmp_path, case())["gas enters at"] == pytest.approx(631.5, abs=2.0)


def test_one_stream_enters_as_it_comes(tmp_path):
    assert told(tmp_path, case(), ALONE)["gas enters at"] == pytest.approx(800.0, abs=1e-6)


def test_streams_without_heat_capacities_are_mixed_by_mass(tmp_path):
    """1 t/h at 298.15 K and 1 t/h at 800 K of a chloride without a known heat capacity."""
    found = told(tmp_path, case(second="SbCl3(aq)"))["gas enters at"]
    assert found == pytest.approx((298.15 + 800.0) / 2.0, rel=1e-9)


def test_a_temperature_that_the_case_gives_is_kept(tmp_path):
    found = told(tmp_path, case() + 'gas_temperature = "350 K"\n')
    assert found["gas enters at"] == pytest.approx(350.0)


def test_every_feed_runs_faster_while_the_plant_runs(tmp_path):
    always = told(tmp_path, case(), availability=1.0)["gas enters"]
    assert always == pytest.approx(2.0)
    assert told(tmp_path, case(), availability=0.8)["gas enters"] == pytest.approx(2.5, rel=1e-9)


def test_figures_that_fail_are_said_with_the_unit(tmp_path):
    route = load_route(str(write(tmp_path, case() + 'warmest = "400 K"\n', PLANT)))
    line = r"^tower: Tower\.figures failed with ValueError: too warm$"
    with pytest.raises(SolveError, match=line):
        size(route)


PRESSED = """\
[route]
title = "A press that takes less of more"
feed = ["crude"]
product = "cake"
refinery_feed = ["crude"]

[target]
vary = "crude.flow"
flow = "5000 t/yr"

[units.crude]
flow = "1 t/h"
composition.Sb = 1.0

[units.press]
fraction = 1.0
most = "8000 t/yr"
"""
PRESS = """\
from flowsheet import Flowsheet
from flowsheet.core.parameters import MassFlow
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter


class Press(Splitter):
    most: MassFlow

    def is_linear(self):
        return False

    def run(self, feed, p):
        cake = feed * (p.most / (p.most + feed.total()))
        return {"product": cake, "remainder": feed - cake}


def build(data):
    return Flowsheet(
        species=["Sb"],
        units={
            "crude": Feed(outlet="crude", **data.unit("crude")),
            "press": Press(
                feed="crude", product="cake", remainder="spill", **data.unit("press")
            ),
        },
        products=["cake"],
    )
"""


def test_a_rate_that_cannot_be_reached_is_said_with_the_availability(tmp_path):
    """The press makes less than 8000 t/yr of any feed; at half the year 10,000 would be asked."""
    route = load_route(str(write(tmp_path, PRESSED, PRESS)))
    sized = size(route, availability=0.8)
    assert sized.product_antimony_t_yr == pytest.approx(5000.0, rel=1e-9)
    assert sized.steps[0].entering_t_yr == pytest.approx(5000.0 / (1.0 - 5.0 / 8.0), rel=1e-9)
    with pytest.raises(SolveError, match=r"^at the rate of an availability of 50 %: "):
        size(route, availability=0.5)
