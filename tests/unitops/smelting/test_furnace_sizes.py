"""Hearths of roasters and reduction furnaces, baths of trioxide furnaces, kettles of refining."""

from typing import get_args

import pytest

from flowsheet.core.flow import flow_of
from flowsheet.core.slate import Slate
from unitops.refining.fire_refining import FireRefining
from unitops.refining.trioxide_furnace import TrioxideFurnace
from unitops.smelting.furnace_types import Furnace, furnace_types
from unitops.smelting.reduction_furnace import ReductionFurnace
from unitops.smelting.roaster import Roaster

DAY = 86400.0
ROAST = Slate(["Sb2S3", "SiO2", "Sb2O3", "Sb2O4", "O2", "N2", "SO2", "Sb4O6(g)", "C", "CO2"])
REDUCTION = Slate(
    ["Sb2O3", "Sb", "Sb4O6(g)", "C", "CO", "CO2", "O2", "N2", "Na2CO3", "Na2O", "SiO2"]
)
REFINING = Slate(
    ["Sb", "As", "Sb2O3", "Na2CO3", "Na2O", "Na3AsO4", "Na3SbO4", "Na2SO4", "O2", "N2", "CO2", "S"]
)


def equipment(unit, slate, port, masses):
    feed = flow_of(slate, {name: 1000.0 * tonnes / DAY for name, tonnes in masses.items()})
    p = unit.resolve(slate)
    flows = {port: feed, **unit.run(**{port: feed}, p=p)}
    return {f.label: f.value[0] for f in unit.figures(flows, p) if f.kind == "equipment"}


def roaster(**parameters):
    ports = {"feed": "ore", "air": "air", "fuel": "coke", "calcine": "calcine", "gas": "gas"}
    fixed = {"mode": "volatilising", "temperature": "950 degC", "excess_air": 0.5}
    return Roaster(**ports, **{**fixed, **parameters})


def test_kilns_by_hand():
    """300 t/d at 0.5 t/(m2 d) are 600 m2, in three kilns of 250 m2 at most."""
    told = equipment(roaster(), ROAST, "feed", {"Sb2S3": 100.0, "SiO2": 200.0})
    assert told["hearth of rotary kiln, 0.5 t/(m2 d)"] == pytest.approx(600.0, rel=1e-9)
    assert told["furnaces of at most 250 m2"] == 3.0


def test_what_is_given_goes_before_what_is_usual():
    unit = roaster(furnace="blast_furnace", hearth_load="30 t/m^2/d", largest_hearth="10 m^2")
    told = equipment(unit, ROAST, "feed", {"Sb2S3": 300.0})
    assert told["hearth of blast furnace for volatilisation, 30 t/(m2 d)"] == pytest.approx(10.0)
    assert told["furnaces of at most 10 m2"] == 1.0


@pytest.mark.parametrize("furnace", get_args(Furnace))
def test_every_furnace_has_a_load_and_a_largest_hearth(furnace):
    for name in ("hearth_load", "largest_hearth"):
        usual = furnace_types()[furnace].settings[name]
        assert 0.0 < usual.low < usual.value < usual.high
        assert usual.basis == "assumed"


def test_a_dead_roast_is_sized_as_multiple_hearths():
    unit = roaster(mode="dead", temperature="450 degC", antimony_volatilised=0.0)
    told = equipment(unit, ROAST, "feed", {"Sb2S3": 40.0})
    assert told["hearth of multiple hearth, 0.4 t/(m2 d)"] == pytest.approx(100.0)


def test_no_hearth_where_nothing_is_carried():
    assert not equipment(roaster(hearth_load="0 t/m^2/d"), ROAST, "feed", {"Sb2S3": 1.0})


def test_reverberatory_furnaces_by_hand():
    """50 t/d at 1.25 t/(m2 d) are 40 m2: two furnaces of 20 m2, and three of 15."""
    ports = dict.fromkeys(("metal", "matte", "slag", "gas", "flux", "fuel", "air"))
    ports = {name: name for name in ports} | {"feed": "oxide", "reductant": "coke"}
    charge = {"Sb2O3": 50.0}
    told = equipment(ReductionFurnace(**ports), REDUCTION, "feed", charge)
    assert told["hearth at 1.25 t/(m2 d)"] == pytest.approx(40.0, rel=1e-9)
    assert told["furnaces of at most 20 m2"] == 2.0
    small = ReductionFurnace(**ports, largest_hearth="15 m^2")
    assert equipment(small, REDUCTION, "feed", charge)["furnaces of at most 15 m2"] == 3.0


def test_refining_furnaces_by_hand():
    """24 t/d for 30 hours are 30 t in furnaces of 20 t."""
    ports = {
        name: name
        for name in ("alkali", "air", "sulphide", "phosphate", "metal", "slag", "dross", "gas")
    }
    unit = FireRefining(crude="crude", phosphate_slag="phosphate_slag", stages=1, **ports)
    told = equipment(unit, REFINING, "crude", {"Sb": 23.9, "As": 0.1})
    assert told["metal in furnaces at once"] == pytest.approx(30_000.0, rel=1e-9)
    assert told["furnaces of 20 t"] == 2.0


def test_trioxide_baths_by_hand():
    """10 t/d at 2 t/(m2 d): 5 m2, two furnaces of 4 m2."""
    ports = {name: name for name in ("air", "fuel", "gas", "bottom_metal", "residue")}
    unit = TrioxideFurnace(feed="oxide", temperature="800 degC", **ports)
    told = equipment(unit, ROAST, "feed", {"Sb2O3": 10.0})
    assert told["surface of the bath"] == pytest.approx(5.0, rel=1e-9)
    assert told["furnaces of at most 4 m2"] == 2.0
