"""Number, volume and power of flotation cells, and of the tanks of a conditioner."""

import pytest

from flowsheet.core.flow import flow_of
from flowsheet.core.slate import Slate
from unitops.flotation.conditioner import Conditioner
from unitops.flotation.flotation_bank import FlotationBank

SLATE = Slate(["SiO2", "H2O"])
PULP = flow_of(SLATE, {"H2O": 100_000.0 / 3600.0})  # 100 m3/h


def built(unit, port="feed"):
    p = unit.resolve(SLATE)
    flows = {port: PULP, **unit.run(**{port: PULP}, p=p)}
    return {f.label: f.value[0] for f in unit.figures(flows, p) if f.kind}


def bank(**parameters):
    ports = {"feed": "pulp", "concentrate": "froth", "tailings": "tailings"}
    return FlotationBank(**ports, cells=4, rate_constant="0 1/min", **parameters)


def test_cells_for_a_time_hold_the_air_too():
    """100 m3/h for 3 min are 5 m3 of pulp, in 6.25 m3 where a fifth is air; 1 kW/m3."""
    told = built(bank(residence_time="3 min", gas_holdup="20 %"))
    assert told["cells"] == 4.0
    assert told["volume of a cell, air included"] == pytest.approx(6.25, rel=1e-3)
    assert told["power of the impellers"] == pytest.approx(25e3, rel=1e-3)


def test_cells_that_are_given_are_those_that_are_built():
    told = built(bank(cell_volume="8 m^3", gas_holdup="20 %", agitation_power="2 kW/m^3"))
    assert told["volume of a cell, air included"] == 8.0
    assert told["power of the impellers"] == pytest.approx(4 * 8.0 * 2e3)


@pytest.mark.parametrize("way", [{"tank_volume": "5 m^3"}, {"retention_time": "3 min"}])
def test_tanks_of_a_conditioner(way):
    ports = {"feed": "pulp", "solution_water": "water", "conditioned": "conditioned"}
    told = built(Conditioner(**ports, collector="0 g/t", **way))
    assert told["power of the agitators"] == pytest.approx(5.0 * 300.0, rel=1e-3)


def test_doses_are_reagents():
    ports = {"feed": "pulp", "solution_water": "water", "conditioned": "conditioned"}
    assert "collector" in built(Conditioner(**ports, collector="50 g/t"))
