"""Area of jigs by their load."""

import pytest

from flowsheet.core.flow import flow_of
from flowsheet.core.particles import Particles
from flowsheet.core.slate import Slate
from unitops.gravity.jig import Jig

SLATE = Slate(["SiO2", "H2O"], Particles(sieves=["4 mm", "1 mm"], minerals=["SiO2"]))


def area(**parameters):
    ports = {"feed": "ore", "concentrate": "heavy", "tailings": "light"}
    unit = Jig(**ports, cut_density="3 t/m^3", water_to_concentrate="30 %", **parameters)
    p = unit.resolve(SLATE)
    feed = flow_of(SLATE, {"SiO2": 20.0 / 3.6})
    figures = unit.figures({"feed": feed, **unit.run(feed=feed, p=p)}, p)
    return [f.value[0] for f in figures if f.kind == "equipment"]


def test_area_by_hand():
    """20 t/h at 10 t/(m2 h), and at 4."""
    assert area() == pytest.approx([2.0], rel=1e-9)
    assert area(bed_load="4 t/m^2/h") == pytest.approx([5.0], rel=1e-9)


def test_no_area_at_no_load():
    assert area(bed_load="0 t/m^2/h") == []
