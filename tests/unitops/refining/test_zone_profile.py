import itertools

import numpy as np
import pytest

from tests.unitops.refining.zone_bars import kept
from unitops.refining.zone_profile import profile

# Pfann 1952, bar of ten zones: C/C0 after one pass at these x/l, and in the last zone at these
# fractions frozen.
PLACES = [0, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 7, 8, 8.5, 9]


FROZEN_OF_LAST_ZONE = [0.25, 0.5, 0.75, 0.9]


SINGLE_PASS = {
    0.01: [
        0.010000000000000009,
        0.014937645599244487,
        0.01985066458832374,
        0.024739179792968025,
        0.029603313426312283,
        0.039258921786976986,
        0.04881845523920003,
        0.05828286974429309,
        0.06765311175159383,
        0.07693011829311136,
        0.08611481707723057,
        0.09067283844255725,
        0.09520812658148414,
    ],
    0.1: [
        0.09999999999999998,
        0.14389351794935734,
        0.18564632376763646,
        0.225362821217448,
        0.26314232222981637,
        0.33326360138645394,
        0.3967119585679246,
        0.4541224062586299,
        0.5060695275153763,
        0.5530732265877314,
        0.5956039322945006,
        0.615326561246146,
        0.6340873062334608,
    ],
    0.3: [
        0.30000000000000004,
        0.3975044165024596,
        0.4814272455227975,
        0.5536602938647587,
        0.6158318547341816,
        0.7154012381815806,
        0.7891640516614585,
        0.8438088878960992,
        0.8842907782448894,
        0.9142805002229126,
        0.9364974326974113,
        0.9453428337991928,
        0.9529561410821752,
    ],
    0.5: [
        0.5,
        0.6105996084642975,
        0.6967346701436833,
        0.7638167236294926,
        0.8160602794142788,
        0.888434919925785,
        0.9323323583816936,
        0.9589575006880506,
        0.9751064658160681,
        0.9849013082888407,
        0.9908421805556329,
        0.9928678830455003,
        0.9944455017308789,
    ],
    0.8: [
        0.8,
        0.8659359907928722,
        0.9101342071765557,
        0.9397611576175596,
        0.959620696401069,
        0.9818564093421175,
        0.9918475592043268,
        0.9963368722222532,
        0.998354050590196,
        0.9992604272567034,
        0.9996676885453653,
        0.9997772449704311,
        0.9998506828383247,
    ],
    1.5: [
        1.5,
        1.2361832763705074,
        1.111565080074215,
        1.0526996122809322,
        1.024893534183932,
        1.0055544982691211,
        1.0012393760883331,
        1.000276542185074,
        1.0000617049020433,
        1.0000137682246748,
        1.0000030721061766,
        1.0000014511602042,
        1.0000006854795431,
    ],
    3: [
        3.0,
        1.4462603202968596,
        1.099574136735728,
        1.0222179930764845,
        1.0049575043533328,
        1.0002468196081733,
        1.0000122884247067,
        1.000000611804641,
        1.0000000304599594,
        1.000000001516512,
        1.0000000000755027,
        1.000000000016847,
        1.000000000003759,
    ],
}


LAST_ZONE = {
    0.01: [0.12657949795751006, 0.18910095202538255, 0.37558947267281273, 0.9304092503289862],
    0.1: [0.8214741886114802, 1.1832487524610433, 2.208020246481845, 5.036734506214999],
    0.3: [1.165547638322354, 1.5480818184327751, 2.514866333555081, 4.77609452117096],
    0.5: [1.1482867562374706, 1.4063583155887263, 1.9888910034617577, 3.144712794378494],
    0.8: [1.059065680751288, 1.1485268346190456, 1.3193108855968494, 1.5846565407080566],
    1.5: [0.8660259974271367, 0.7071072658937809, 0.5000003427397716, 0.3162279827845025],
    3: [0.5625000000021144, 0.25000000000093975, 0.06250000000023494, 0.010000000000037585],
}


NORMAL_FREEZING = {
    0.01: [
        0.01,
        0.01329503084478578,
        0.01986184990874072,
        0.03944930817973437,
        0.09772372209558108,
    ],
    0.1: [0.1, 0.1295522210484098, 0.18660659830736148, 0.34822022531844965, 0.7943282347242817],
    0.3: [0.3, 0.36692590185696067, 0.48735143781374124, 0.7917047464637365, 1.5035617008818167],
    0.5: [0.5, 0.5773502691896257, 0.7071067811865476, 1.0, 1.5811388300841898],
    0.8: [0.8, 0.8473790728390498, 0.9189586839976279, 1.0556063286183155, 1.2679145539688907],
    1.5: [1.5, 1.299038105676658, 1.0606601717798214, 0.75, 0.47434164902525683],
    3: [3.0, 1.6875, 0.75, 0.1875, 0.029999999999999985],
}


FIRST_80_PERCENT = {
    0.01: 0.019956945795678027,
    0.1: 0.18582509684901924,
    0.3: 0.47870767159998784,
    0.5: 0.6909830056250527,
    0.8: 0.9050675846346963,
    1.5: 1.1381966011250104,
    3: 1.24,
}


LEADING_EDGE = {
    0.01: [0.01, 0.00014933541167627684, 2.6376890900428414e-06],
    0.1: [0.1, 0.01435367623236361, 0.002393120241745544],
    0.3: [0.3, 0.1185727544772025, 0.052395952534150254],
    0.5: [0.5, 0.3032653298563167, 0.19850052000549398],
    0.8: [0.8, 0.6898657928234444, 0.612035028526034],
    1.5: [1.5, 1.888434919925785, 2.2395295385756717],
}


# C/C0 in the first and in the middle cell of 1000, and the mean of the first 80 %, after 1, 2, 5,
# 10 and 20 passes; zone a tenth of the bar, last zone normally frozen. Computed independently.
PASSES = [1, 2, 5, 10, 20]


MANY_PASSES = {
    0.04: [
        (".0402", ".214", ".178"),
        ("2.4e-3", ".0322", ".0267"),
        ("1.0e-6", "5.5e-5", "7.5e-5"),
        ("5e-12", "1.4e-9", "2.2e-5"),
        (None, "6.5e-10", "2.2e-5"),
    ],
    0.1: [
        (".1004", ".454", ".381"),
        (".0144", ".155", ".127"),
        ("8.3e-5", "3.4e-3", "3.4e-3"),
        ("3.2e-8", "3.4e-6", "3.9e-4"),
        ("1.4e-14", "2.5e-7", "3.9e-4"),
    ],
    0.2: [
        (".2008", ".706", ".601"),
        (".0553", ".412", ".334"),
        ("2.1e-3", ".0503", ".0452"),
        ("1.6e-5", "9.3e-4", "4.5e-3"),
        ("2.1e-9", "2.9e-5", "3.7e-3"),
    ],
    0.3: [
        (".301", ".844", ".735"),
        (".119", ".630", ".517"),
        (".0121", ".182", ".154"),
        ("4.7e-4", ".0153", ".0266"),
        ("1.3e-6", "5.7e-4", ".0147"),
    ],
    0.5: [
        (".501", ".959", ".877"),
        (".304", ".881", ".760"),
        (".0956", ".575", ".475"),
        (".0204", ".223", ".224"),
        ("1.5e-3", ".0411", ".103"),
    ],
    0.64: [
        (".641", ".985", ".930"),
        (".471", ".954", ".861"),
        (".237", ".796", ".680"),
        (".098", ".517", ".472"),
        (".0236", ".233", ".290"),
    ],
}


def unit_of_last_digit(text):
    digits, _, exponent = text.partition("e")
    return 10.0 ** (int(exponent or 0) - len(digits.partition(".")[2]))


@pytest.mark.parametrize("k", SINGLE_PASS)
def test_single_pass(k):
    bar = profile([k], 1, 0.1)
    at = [round(100 * x) for x in PLACES]
    np.testing.assert_allclose(bar.at_edges[at, 0], SINGLE_PASS[k], rtol=1e-9)
    at = [900 + round(100 * g) for g in FROZEN_OF_LAST_ZONE]
    np.testing.assert_allclose(bar.at_edges[at, 0], LAST_ZONE[k], rtol=1e-9)
    np.testing.assert_allclose(10.0 * bar.edges[at], 9.0 + np.array(FROZEN_OF_LAST_ZONE))


@pytest.mark.parametrize("k", NORMAL_FREEZING)
def test_normal_freezing(k):
    bar = profile([k], 1, 1.0)
    at = [0, 250, 500, 750, 900]
    np.testing.assert_allclose(bar.at_edges[at, 0], NORMAL_FREEZING[k], rtol=1e-10)
    mean = kept(k, passes=1, zone_to_bar=1.0, crop_fraction=0.2) / 0.8
    assert mean == pytest.approx(FIRST_80_PERCENT[k], rel=1e-10)


def test_a_long_zone_is_nearly_normal_freezing():
    assert kept(0.1, passes=1, zone_to_bar=0.99) == pytest.approx(0.8 * 0.18582509684, rel=0.01)


@pytest.mark.parametrize("k", LEADING_EDGE)
def test_leading_edge_after_three_passes(k):
    found = [profile([k], passes, 0.1).at_edges[0, 0] for passes in (1, 2, 3)]
    np.testing.assert_allclose(found, LEADING_EDGE[k], rtol=1e-9)


@pytest.mark.parametrize(("k", "expected"), [(0.01, 2), (0.1, 5), (0.3, 12)])
def test_passes_to_a_thousandth_at_two_zones_from_the_head(k, expected):
    needed = next(n for n in itertools.count(1) if profile([k], n, 0.1).at_edges[200, 0] <= 1e-3)
    assert needed == expected


@pytest.mark.parametrize("passes", PASSES)
@pytest.mark.parametrize("k", MANY_PASSES)
def test_many_passes_along_a_finite_bar(k, passes):
    expected = MANY_PASSES[k][PASSES.index(passes)]
    bar = profile([k], passes, 0.1)
    found = (bar.means[0, 0], bar.means[500, 0], kept(k, passes=passes) / 0.8)
    for value, text in zip(found, expected, strict=True):
        if text is not None:
            assert value == pytest.approx(float(text), abs=unit_of_last_digit(text))
    assert bar.means.mean() == pytest.approx(1.0, rel=1e-12)


@pytest.mark.parametrize("k", [0.01, 0.1, 0.64, 1.5])
def test_more_cells_change_little(k):
    def mean(cells):
        bar = profile([k], 10, 0.1, cells)
        return bar.divided(np.array([0]), np.array([0.2]), np.array([0.0]))[0][0]

    assert mean(1000) == pytest.approx(mean(4000), rel=2e-4)


def test_a_steep_profile_along_many_zones():
    """k = 10 and a hundred zones: C = 1 + 9 exp(-10 x / l) all along."""
    bar = profile([10.0, 0.01], 1, 0.01)
    x = bar.edges[bar.edges <= 0.99] * 100.0
    found = bar.at_edges[: len(x)]
    np.testing.assert_allclose(found[:, 0], 1.0 + 9.0 * np.exp(-10.0 * x), rtol=1e-9)
    np.testing.assert_allclose(found[:, 1], 1.0 - 0.99 * np.exp(-0.01 * x), rtol=1e-9)


@pytest.mark.parametrize("crop", [0.0503, 0.0003])
def test_a_crop_inside_the_last_zone_holds_what_was_molten_then(crop):
    """After one pass S(L - l) = C(9) / k zone lengths of feed; of it (z / l)^k is still molten."""
    in_crop = SINGLE_PASS[0.1][-1] / 0.1 / 10.0 * (crop / 0.1) ** 0.1
    found = kept(0.1, passes=1, crop_fraction=crop, zone_speed="0 mm/min")
    assert found == pytest.approx(1.0 - in_crop, rel=1e-6)


def test_zones_along_the_bar_start_with_the_front_one():
    """Where the front zone started, at 2.5 zone lengths, the rear one comes with S = 2.25363 from
    1.5, and takes up 1 - 0.9 exp(-0.1 t) over the length t: S = 2.03917 + 0.95163 - 0.81435."""
    bar = profile([0.1], 1, 0.1, starts=(0.25, 0.0))
    assert bar.at_edges[250, 0] == pytest.approx(0.217644, rel=1e-5)


def test_between_crops_a_trace_is_no_difference_of_large_numbers():
    """k = 10 sweeps to the head: what is left in the middle is far below the rounding of 1."""
    bar = profile([10.0], 40, 0.1)
    middle, ends = bar.divided(np.array([0]), np.array([0.2]), np.array([0.5]))
    assert 0.0 < middle[0] < 1e-15
    expected = bar.content[500:800].sum() / bar.content.sum()
    assert middle[0] == pytest.approx(expected, rel=1e-6)
    assert ends[0] == 1.0
