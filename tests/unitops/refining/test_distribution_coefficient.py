import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unitops.refining.distribution_coefficient import (
    distribution_coefficients,
    effective_coefficient,
)

MM_PER_MIN = 1e-3 / 60.0


# Layer 0.3 mm, diffusivity 5e-9 m^2/s; computed independently.
@pytest.mark.parametrize(
    ("k", "speed", "expected"),
    [
        (0.04, 0.3, 0.053),
        (0.04, 1.0, 0.10),
        (0.04, 2.0, 0.24),
        (0.64, 0.3, 0.71),
        (0.64, 1.0, 0.83),
        (0.64, 2.0, 0.93),
    ],
)
def test_burton_prim_and_slichter(k, speed, expected):
    found = effective_coefficient(k, speed * MM_PER_MIN, 0.3e-3, 5e-9)
    assert found == pytest.approx(expected, abs=0.005)


@given(k=st.floats(1e-5, 10.0), speeds=st.tuples(st.floats(0.0, 20.0), st.floats(0.0, 20.0)))
def test_a_faster_zone_separates_less(k, speeds):
    slow, fast = (effective_coefficient(k, v * MM_PER_MIN, 0.3e-3, 5e-9) for v in sorted(speeds))
    assert abs(np.log(fast)) <= abs(np.log(slow)) + 1e-12


def test_limits():
    assert effective_coefficient(0.04, 0.0, 0.3e-3, 5e-9) == pytest.approx(0.04, rel=1e-15)
    assert effective_coefficient(0.04, 1.0, 0.3e-3, 5e-9) == 1.0
    assert effective_coefficient(1.0, 1e-5, 0.3e-3, 5e-9) == pytest.approx(1.0)


def test_the_table_has_ranges_and_sources():
    table = distribution_coefficients()
    assert {"As", "Pb", "Sn", "Zn", "Bi", "Cu", "Fe", "Ni", "S", "Na"} <= set(table)
    for each in table.values():
        assert each.low <= each.value <= each.high
        assert each.source
    assert (table["As"].value, table["Pb"].value, table["Sn"].value) == (0.64, 0.04, 0.23)
