"""The large plant of the benchmarks: every unit does alone what it does among others."""

from flowsheet import solve
from tests.benchmarks.large import plant


def test_a_thousand_units_with_traces_far_down_the_row():
    solution = solve(plant(1000))
    assert solution.audit.worst[0] < 1e-10
    smallest = min(float(mass[mass > 0.0].min()) for mass in solution.flows.values())
    assert smallest < 1e-20
