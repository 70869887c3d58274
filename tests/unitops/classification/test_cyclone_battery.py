"""Number and diameter of cyclones, and the power of their pump."""

import numpy as np
import pytest

from flowsheet.core.particles import Particles
from flowsheet.core.slate import Slate
from unitops.classification.cyclone_selection import cyclone_diameter, pulp_per_cyclone
from unitops.classification.hydrocyclone import Hydrocyclone
from unitops.streams.sized_feed import SizedFeed

SLATE = Slate(["SiO2", "H2O"], Particles(sieves=["500 um", "100 um"], minerals=["SiO2"]))
PORTS = {"feed": "pulp", "underflow": "coarse", "overflow": "fine"}
GIVEN = {"cut_size": "50 um", "sharpness": 2.5, "water_to_underflow": "30 %"}
PLITT = {
    "cyclones": 4,
    "cyclone_diameter": "50 cm",
    "inlet_diameter": "12 cm",
    "vortex_finder_diameter": "17 cm",
    "apex_diameter": "10 cm",
    "free_vortex_height": "150 cm",
}


def told(percent_solids="40 %", **parameters):
    pulp = SizedFeed(
        outlet="pulp",
        flow="300 t/h",
        composition={"SiO2": "100 %"},
        percent_solids=percent_solids,
        p80="200 um",
    )
    feed = pulp.run(slate=SLATE, p=pulp.resolve(SLATE))["outlet"]
    unit = Hydrocyclone(**PORTS, **parameters)
    p = unit.resolve(SLATE)
    figures = unit.figures({"feed": feed, **unit.run(feed=feed, p=p)}, p)
    return feed, {f.label: f.value[0] for f in figures}


def test_cyclones_for_a_cut_are_those_of_the_selection():
    feed, figures = told(**GIVEN, feed_pressure="100 kPa")
    pulp = feed.volumetric_flow()[0]
    solids = 300.0 / 3.6 / 2650.0 / pulp
    diameter = cyclone_diameter(
        "50 um", solids_by_volume=solids, pressure="100 kPa", density="2650 kg/m^3"
    )
    assert figures["diameter of a cyclone"] == pytest.approx(diameter.to("m").magnitude, rel=1e-3)
    each = pulp_per_cyclone(diameter, "100 kPa").to("m^3/s").magnitude
    assert figures["cyclones"] == np.ceil(pulp / each)
    assert figures["power of the feed pump, pressure drop alone"] == pytest.approx(
        pulp * 100e3 / 0.6, rel=1e-9
    )


def test_cyclones_that_are_given_are_those_that_are_built():
    feed, figures = told(**PLITT, pump_efficiency="50 %")
    assert figures["cyclones"] == 4.0
    assert figures["diameter of a cyclone"] == pytest.approx(0.5)
    assert figures["power of the feed pump, pressure drop alone"] == pytest.approx(
        2.0 * figures["pressure drop"] * feed.volumetric_flow()[0], rel=1e-9
    )


def test_no_cyclones_for_a_pulp_too_thick_to_cut():
    """53 % solids by volume is 75 % by mass."""
    assert "cyclones" not in told("80 %", **GIVEN)[1]
