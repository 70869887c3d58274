import pytest

from unitops.comminution.bond import (
    energy,
    operating_work_index,
    product_p80,
    work_index_from_test,
)


def test_the_work_index_is_what_endless_size_to_100_um_takes():
    assert energy(14.0, 1e30, 100e-6) == pytest.approx(14.0, rel=1e-12)


@pytest.mark.parametrize(
    ("work_index", "feed", "product", "expected"),
    [
        (14.0, 2000e-6, 75e-6, 13.035),
        (12.0, 10e-3, 100e-6, 10.8),  # 10 * 12 * (1/10 - 1/100)
        (15.0, 100e-6, 100e-6, 0.0),
    ],
)
def test_energy_of_known_problems(work_index, feed, product, expected):
    assert energy(work_index, feed, product) == pytest.approx(expected, abs=5e-4)


def test_product_size_and_work_index_come_back_from_the_energy():
    assert product_p80(14.0, 2000e-6, 13.0353124) == pytest.approx(75e-6, rel=1e-5)
    assert product_p80(14.0, 2000e-6, 0.0) == pytest.approx(2000e-6, rel=1e-12)
    assert operating_work_index(10.8, 10e-3, 100e-6) == pytest.approx(12.0, rel=1e-12)


def test_work_index_of_the_grindability_test():
    # With a 200 mesh closing sieve and Bond's mean product and feed, of 50 and 2200 um, the
    # formula is published as 13.76 / Gbp^0.82 kWh per short ton.
    for undersize, expected in [(1.0, 13.76), (2.0, 13.76 / 1.76541), (0.5, 13.76 * 1.76541)]:
        tested = work_index_from_test(74e-6, undersize, 2200e-6, 50e-6)
        per_short_ton = tested / 3.6e3 / 1.102311
        assert per_short_ton == pytest.approx(expected, rel=2e-3)
    # 106^0.23 = 2.92294, 1.5^0.82 = 1.39442, 1.118034 - 0.204124 = 0.913910
    assert work_index_from_test(106e-6, 1.5, 2400e-6, 80e-6) / 3.6e3 == pytest.approx(
        11.947 * 1.102311, rel=1e-4
    )
