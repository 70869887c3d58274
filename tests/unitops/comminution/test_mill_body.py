"""Size and power of the shell of a ball mill."""

import math

import numpy as np
import pytest

from tests.unitops.comminution.crushed_ore import sieved, told
from unitops.comminution.ball_mill import BallMill
from unitops.comminution.bond_mill import BondMill
from unitops.comminution.mill_body import body_figures, body_of_power, body_of_volume

CHARGE = {"filling": 0.4, "speed": 0.9, "shape": 1.5}


def mill(**parameters):
    return BallMill(
        feed="ore", product="pulp", residence_time="4 min", rate_at_1_mm="0.5 1/min", **parameters
    )


def test_power_of_a_metre_of_mill_by_hand():
    """At 40 % balls and 90 % of the critical speed: 4.879 (3.2 - 1.2) 0.9 0.9 = 7.904 kW/t."""
    body = body_of_volume(math.pi / 4.0 * 1.5, **CHARGE)
    assert body.diameter == pytest.approx(1.0)
    assert body.length == pytest.approx(1.5)
    balls = 4.65 * 0.4 * math.pi / 4.0 * 1.5
    assert body.power / 1e3 == pytest.approx(7.904 * balls, rel=1e-4)


def test_feet_and_short_tons_give_the_same():
    """Bond wrote 3.1 D^0.3 kW per short ton of balls with D in feet: 10 ft, 40 %, 90 %."""
    body = body_of_volume(math.pi / 4.0 * 1.5 * 3.048**3, **CHARGE)
    balls_short_tons = 4650.0 * 0.4 * body.volume / 907.185
    per_short_ton = 3.1 * 10.0**0.3 * (3.2 - 1.2) * 0.9 * 0.9
    assert body.power / 1e3 == pytest.approx(per_short_ton * balls_short_tons, rel=1e-3)


def test_the_mill_of_a_power_draws_it():
    body = body_of_power(1.5e6, **CHARGE)
    assert body_of_volume(body.volume, **CHARGE).power == pytest.approx(1.5e6, rel=1e-12)


def test_mills_side_by_side_share_pulp_and_power():
    """Half the volume in each: 2^(1/3) smaller, and D^0.3 less power per volume."""
    one, _ = told(mill(), sieved("1 mm"))
    two, _ = told(mill(mills=2), sieved("1 mm"))
    width, power = "inside diameter of a mill", "power at the shaft"
    assert two["mills"] == 2.0
    assert two[width] == pytest.approx(one[width] / 2.0 ** (1.0 / 3.0), rel=1e-9)
    assert two[power] == pytest.approx(one[power] * 0.5**0.1, rel=1e-9)


def test_pulp_fills_the_voids_of_the_balls():
    """A mill of 10 m3 with 35 % balls of 40 % voids holds 1.4 m3 of pulp."""
    figures = {
        f.label: f.value[0] for f in body_figures(_p(mill(length_to_diameter=1.0)), pulp=1.4)
    }
    volume = math.pi / 4.0 * figures["inside diameter of a mill"] ** 3
    assert volume == pytest.approx(10.0, rel=1e-9)


def _p(unit):
    return unit.resolve(sieved("1 mm").slate)


@pytest.mark.parametrize("nothing", [0.0, np.zeros(2)])
def test_nothing_to_grind_takes_no_mill(nothing):
    assert body_figures(_p(mill()), pulp=nothing) == []
    assert body_figures(_p(mill()), power=nothing) == []


def test_a_bond_mill_is_as_large_as_its_power_asks():
    """2000 to 75 um at 14 kWh/t is 13.035 kWh/t (Bond), 1303.5 kW of 100 t/h."""
    unit = BondMill(
        feed="ore",
        product="pulp",
        work_index="14 kWh/t",
        p80="75 um",
        size_law="gates_gaudin_schuhmann",
    )
    figures, _ = told(unit, sieved("2 mm"))
    assert figures["power"] == pytest.approx(1303.5e3, rel=2e-3)
    charge = {"filling": 0.35, "speed": 0.72, "shape": 1.4}
    of_power = body_of_power(figures["power"], **charge)
    assert figures["inside diameter of a mill"] == pytest.approx(of_power.diameter, rel=1e-9)
