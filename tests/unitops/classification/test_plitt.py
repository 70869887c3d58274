import numpy as np
import pytest

from unitops.classification.plitt import (
    CycloneBody,
    plitt_cut_size,
    plitt_pressure,
    plitt_sharpness,
    plitt_split,
)

BODY = CycloneBody(0.50, 0.14, 0.18, 0.10, 1.50)
FLOW = 4000.0 / 60e3
"""4000 L/min in m3/s."""
SOLIDS, PULP = 0.25, 1450.0
"""25 vol-% of solids of 2.8 g/cm3."""


def test_a_cyclone_of_half_a_metre():
    assert plitt_cut_size(BODY, FLOW, SOLIDS, 1800.0, 0.5) * 1e6 == pytest.approx(123.0, abs=0.05)
    assert plitt_pressure(BODY, FLOW, SOLIDS) / 1e3 == pytest.approx(139.5, abs=0.05)


def test_the_split_with_the_constant_of_inches_and_feet_taken_as_metric():
    # A hand calculation with 2.9 where cm and metres need 1.9.
    split = 2.9 / 1.9 * plitt_split(BODY, 139.46e3, SOLIDS, PULP)
    assert split == pytest.approx(0.471, abs=5e-4)
    assert split / (1.0 + split) == pytest.approx(0.320, abs=5e-4)
    assert plitt_sharpness(BODY, FLOW, split) == pytest.approx(2.311, abs=5e-4)


def test_the_split_is_the_same_in_inches_and_feet():
    inch, foot, split = 0.0254, 0.3048, plitt_split(BODY, 139.46e3, SOLIDS, PULP)
    d_c, d_o, d_u, h = (length / inch for length in (0.50, 0.18, 0.10, 1.50))
    head = 139.46e3 / (9.81 * PULP) / foot
    imperial = 2.9 * (d_u / d_o) ** 3.31 * h**0.54 * (d_u**2 + d_o**2) ** 0.36 * np.exp(0.0054 * 25)
    assert split == pytest.approx(imperial / (head**0.24 * d_c**1.11), rel=5e-3)


def test_pressure_is_the_same_in_inches_and_cubic_feet():
    inch, cubic_foot, psi = 0.0254, 0.3048**3, 6894.757
    d_c, d_i, d_o, d_u, h = (length / inch for length in (0.50, 0.14, 0.18, 0.10, 1.50))
    flow = FLOW * 60.0 / cubic_foot  # per minute
    below = d_c**0.37 * d_i**0.94 * h**0.28 * (d_u**2 + d_o**2) ** 0.87
    imperial = 4.7 * flow**1.78 * np.exp(0.0055 * 25) / below
    assert plitt_pressure(BODY, FLOW, SOLIDS) / psi == pytest.approx(imperial, rel=5e-3)


def test_what_makes_the_cut_finer():
    cut = plitt_cut_size(BODY, FLOW, SOLIDS, 1800.0, 0.5)
    assert plitt_cut_size(BODY, 2.0 * FLOW, SOLIDS, 1800.0, 0.5) < cut
    assert plitt_cut_size(BODY, FLOW, 0.15, 1800.0, 0.5) < cut
    assert plitt_cut_size(BODY, FLOW, SOLIDS, 3600.0, 0.5) == pytest.approx(cut / 2.0**0.5)
    smaller = CycloneBody(0.25, 0.07, 0.09, 0.05, 0.75)
    assert plitt_cut_size(smaller, FLOW / 4.0, SOLIDS, 1800.0, 0.5) < cut


def test_at_the_density_of_quartz_the_exponent_does_not_count():
    cuts = [plitt_cut_size(BODY, FLOW, SOLIDS, 1600.0, k) for k in (0.5, 1.0)]
    assert cuts[0] == pytest.approx(cuts[1], rel=1e-15)


def test_a_wider_apex_takes_more_pulp_at_less_pressure():
    wider = CycloneBody(0.50, 0.14, 0.18, 0.12, 1.50)
    assert plitt_split(wider, 139e3, SOLIDS, PULP) > plitt_split(BODY, 139e3, SOLIDS, PULP)
    assert plitt_pressure(wider, FLOW, SOLIDS) < plitt_pressure(BODY, FLOW, SOLIDS)
