import numpy as np
import pytest

from unitops.flotation.bubble_surface_area_flux import flux_of_bubbles, flux_of_impeller
from unitops.flotation.froth import froth_recovery, froth_retention_time


def test_bubbles_of_a_millimetre_at_a_centimetre_per_second():
    assert flux_of_bubbles(0.01, 1e-3) == pytest.approx(60.0, rel=1e-12)


def test_smaller_bubbles_have_more_surface():
    assert flux_of_bubbles(0.01, 0.5e-3) == pytest.approx(120.0, rel=1e-12)


def test_flux_of_an_impeller():
    # by hand: 123 * 6^0.44 * 1^0.75 * 0.15^-0.1 * 75^-0.42
    found = flux_of_impeller(0.01, 6.0, 0.15, 75e-6)
    assert found == pytest.approx(123.0 * 2.19977 * 1.20891 * 0.163105, rel=1e-4)
    assert 30.0 < found < 80.0


def test_a_faster_impeller_more_air_and_finer_pulp_make_more_surface():
    base = flux_of_impeller(0.01, 6.0, 0.15, 75e-6)
    assert flux_of_impeller(0.01, 12.0, 0.15, 75e-6) / base == pytest.approx(1.3566, rel=1e-4)
    assert flux_of_impeller(0.02, 6.0, 0.15, 75e-6) / base == pytest.approx(1.6818, rel=1e-4)
    assert flux_of_impeller(0.01, 6.0, 0.30, 75e-6) / base == pytest.approx(0.9330, rel=1e-4)
    assert flux_of_impeller(0.01, 6.0, 0.15, 150e-6) / base == pytest.approx(0.7474, rel=1e-4)


def test_a_froth_of_no_depth_loses_nothing():
    assert froth_recovery(1.0 / 60.0, 0.0) == 1.0
    assert froth_recovery(0.0, 100.0) == 1.0


def test_half_is_lost_in_a_half_life():
    # 30 cm of froth at 1 cm/s stay 30 s; ln 2 per 30 s
    time = froth_retention_time(0.3, 0.01)
    assert time == pytest.approx(30.0)
    assert froth_recovery(np.log(2.0) / 30.0, time) == pytest.approx(0.5, rel=1e-12)
