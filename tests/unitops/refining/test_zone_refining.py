import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from flowsheet.core.flow import flow_of
from flowsheet.core.quantities import from_base
from flowsheet.core.slate import Slate
from tests.unitops.properties import (
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
    run,
)
from unitops.refining.zone_refining import ZoneRefining, profile

SPECIES = ["Sb", "As", "Pb", "Fe", "Cu", "Bi", "Zn", "Sn", "Te", "Au", "SiO2", "H2O", "N2"]

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
FIXED = {"zone_speed": "0 mm/min"}


def refining(**parameters):
    settings = {"passes": 10, **parameters}
    return ZoneRefining(feed="f", ingot="i", crop="c", **settings)


def flows_of(unit, species, masses):
    slate = Slate(species)
    feed = flow_of(slate, masses)
    p = unit.resolve(slate)
    return {"feed": feed, **unit.run(feed, p=p)}, p


def kept(k, **parameters):
    """Part of an impurity, here lead, that stays in the ingot."""
    unit = refining(distribution_coefficient={"Pb": k}, **{**FIXED, **parameters})
    flows, _ = flows_of(unit, ["Sb", "Pb"], {"Sb": 1.0, "Pb": 1e-9})
    return flows["ingot"].of("Pb")[0] / 1e-9


def shown(unit, flows, p, label):
    found = {figure.label: figure for figure in unit.figures(flows, p)}[label]
    return float(np.ravel(from_base(found.value, found.unit))[0])


@given(
    mass=random_masses(len(SPECIES)),
    passes=st.integers(1, 6),
    zone=st.floats(0.01, 0.99),
    crop=st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0.0, 1.0)),
    lead=st.floats(1e-5, 10.0),
    speed=st.floats(0.0, 10.0),
)
def test_any_feed_closes(*, mass, passes, zone, crop, lead, speed):
    unit = refining(
        passes=passes,
        zone_to_bar=zone,
        crop_fraction=crop,
        distribution_coefficient={"Pb": lead},
        zone_speed=f"{speed:.6f} mm/min",
    )
    check_unit(unit, SPECIES, {"feed": mass})


def test_zero_feed_gives_zero():
    check_zero_feed(refining(), SPECIES)


def test_derivative():
    check_derivative(refining(), SPECIES, {"feed": np.linspace(1.0, 2.0, 13).reshape(-1, 1)})


@pytest.mark.parametrize("crop", [0.03, 0.2, 0.35])
def test_derivative_by_parameters(crop):
    slate = Slate(SPECIES)
    unit = refining(crop_fraction=crop)
    feed = flow_of(slate, dict.fromkeys(SPECIES, 1.0))
    p = unit.resolve(slate)

    def ingot(**changes):
        return unit.run(feed, p=p.replaced(changes))["ingot"].mass

    for name in ("crop_fraction", "zone_speed", "diffusivity"):
        value = getattr(p, name)
        exact = ingot(**{name: np.array([value + 1e-40j])}).imag / 1e-40
        step = 1e-6 * value
        difference = (ingot(**{name: value + step}) - ingot(**{name: value - step})) / step / 2
        scale = np.max(np.abs(difference))
        np.testing.assert_allclose(exact, difference, rtol=1e-5, atol=1e-8 * scale)


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


def unit_of_last_digit(text):
    digits, _, exponent = text.partition("e")
    return 10.0 ** (int(exponent or 0) - len(digits.partition(".")[2]))


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
        return bar.divided(np.array([0]), np.array([0.2]))[0][0]

    assert mean(1000) == pytest.approx(mean(4000), rel=2e-4)


@pytest.mark.parametrize(
    ("k", "exponent"), [(0.1, 3.615), (0.2, 2.660), (0.3, 2.065), (0.5, 1.256)]
)
def test_ultimate_distribution_far_from_the_tail(k, exponent):
    # After very many passes C = A exp(B x), B l = exponent, except near the tail of a finite bar.
    bar = profile([k], 150, 0.1)
    slope = np.log(bar.at_edges[250, 0] / bar.at_edges[150, 0])
    assert slope == pytest.approx(exponent, rel=2e-3)


@given(
    passes=st.integers(1, 8),
    zone=st.floats(0.01, 0.9),
    crop=st.floats(0.0, 1.0),
)
def test_a_coefficient_of_one_changes_nothing(passes, zone, crop):
    found = kept(1.0, passes=passes, zone_to_bar=zone, crop_fraction=crop)
    assert found == pytest.approx(1.0 - crop, rel=1e-11, abs=1e-12)


@given(k=st.floats(1e-5, 10.0), crops=st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0)))
def test_a_larger_crop_takes_more(k, crops):
    low, high = sorted(crops)
    at_low = kept(k, passes=3, crop_fraction=low)
    at_high = kept(k, passes=3, crop_fraction=high)
    assert at_low >= at_high - 1e-14


@pytest.mark.parametrize("k", [0.01, 0.64, 3.0])
def test_no_crop_and_nothing_but_crop(k):
    assert kept(k, crop_fraction=0.0) == 1.0
    assert kept(k, crop_fraction=1.0) == 0.0


@pytest.mark.parametrize("k", [0.05, 0.64, 2.0])
@pytest.mark.parametrize("crop", [0.1, 0.2, 0.2005, 0.5])
def test_the_part_kept_has_no_jump_between_cells(k, crop):
    below, at, above = (kept(k, crop_fraction=crop + step) for step in (-1e-9, 0.0, 1e-9))
    assert below == pytest.approx(at, rel=1e-6)
    assert above == pytest.approx(at, rel=1e-6)
    assert below >= at >= above


@pytest.mark.parametrize(
    ("symbol", "speed", "expected"),
    [
        ("Pb", "0 mm/min", 0.04),
        ("Pb", "0.3 mm/min", 0.053),
        ("Pb", "1 mm/min", 0.10),
        ("Pb", "2 mm/min", 0.24),
        ("As", "0 mm/min", 0.64),
        ("As", "0.3 mm/min", 0.71),
        ("As", "1 mm/min", 0.83),
        ("As", "2 mm/min", 0.93),
    ],
)
def test_effective_coefficient(symbol, speed, expected):
    # The head of a bar after one pass, with next to nothing kept, has k times the feed.
    unit = refining(passes=1, zone_speed=speed, crop_fraction=0.99999)
    flows, _ = flows_of(unit, SPECIES, {"Sb": 1.0, symbol: 1e-9})
    head = flows["ingot"].of(symbol) / flows["ingot"].of("Sb") / 1e-9
    assert head[0] == pytest.approx(expected, abs=0.006)


def test_a_fast_zone_separates_nothing():
    assert kept(0.1, zone_speed="1 m/min") == pytest.approx(0.8, rel=1e-9)


def test_antimony_and_unknown_species_are_shared_by_length():
    feed = np.ones((len(SPECIES), 1))
    made = run(refining(crop_fraction=0.3), Slate(SPECIES), {"feed": feed})
    for name in ("Sb", "SiO2", "H2O", "N2"):
        assert made["ingot"][SPECIES.index(name), 0] == pytest.approx(0.7, rel=1e-12)


def test_named_coefficients_override_the_table_and_the_others_keep_it():
    slate = Slate(SPECIES)
    p = refining(distribution_coefficient={"Pb": 0.5}).resolve(slate)
    found = {name: p.distribution_coefficient[slate.row(name), 0] for name in SPECIES}
    assert (found["Pb"], found["As"], found["Sb"], found["SiO2"]) == (0.5, 0.64, 1.0, 1.0)
    p = refining(distribution_coefficient={"Pb": 0.5, "others": 0.2}).resolve(slate)
    found = {name: p.distribution_coefficient[slate.row(name), 0] for name in SPECIES}
    assert (found["Pb"], found["As"], found["Sb"], found["SiO2"]) == (0.5, 0.2, 1.0, 0.2)


def test_four_of_five_impurities_are_reduced_and_arsenic_hardly():
    # Tanenbaum, Goss and Pfann 1954: 99.8 % Sb, 9.5 inch bar, 2 inch zone, 7 passes. Four of the
    # five impurities fell markedly; only that is in the abstract. Speed assumed.
    unit = refining(passes=7, zone_to_bar=2.0 / 9.5)
    masses = {"Sb": 99.8, "As": 0.04, "Pb": 0.04, "Fe": 0.04, "Cu": 0.04, "Bi": 0.04}
    flows, _ = flows_of(unit, SPECIES, masses)

    def left(name):
        return (flows["ingot"].of(name) / flows["ingot"].of("Sb") * 99.8 / 0.04)[0]

    assert left("As") > 0.6
    assert max(left(name) for name in ("Pb", "Fe", "Cu")) < 0.1
    assert left("Bi") < 0.4


def test_trace_impurities_keep_their_digits():
    unit = refining()
    large, _ = flows_of(unit, SPECIES, {"Sb": 1.0, "Pb": 1.0, "Fe": 1.0})
    masses = {"Sb": 1.0, "Pb": 1e-9, "Fe": 1e-9}
    small, p = flows_of(unit, SPECIES, masses)
    for port in ("ingot", "crop"):
        for name in ("Pb", "Fe"):
            assert small[port].of(name)[0] * 1e9 == pytest.approx(large[port].of(name)[0])
    lead = large["ingot"].of("Pb", "Fe")[0] / 0.8 * 1e-9 * 1e6
    assert shown(unit, small, p, "impurities in the ingot") == pytest.approx(lead, rel=1e-8)


def test_figures():
    unit = refining()
    flows, p = flows_of(unit, SPECIES, {"Sb": 0.999, "As": 0.0006, "Pb": 0.0004})
    assert shown(unit, flows, p, "antimony to the ingot") == pytest.approx(80.0)
    assert shown(unit, flows, p, "impurities in the feed") == pytest.approx(1000.0)
    ingot = shown(unit, flows, p, "impurities in the ingot")
    assert 400.0 < shown(unit, flows, p, "arsenic in the ingot") < ingot < 600.0
    assert shown(unit, flows, p, "purity of the ingot") == pytest.approx(100.0 - ingot / 1e4)


def test_parameters_may_differ_between_scenarios():
    slate = Slate(SPECIES)
    unit = refining()
    feed = flow_of(slate, {"Sb": 1.0, "Pb": 1e-6}, columns=4)
    changes = {
        "passes": np.array([1.0, 5.0, 5.0, 5.0]),
        "zone_to_bar": np.array([0.1, 0.1, 0.3, 0.3]),
        "crop_fraction": np.array([0.2, 0.2, 0.2, 0.05]),
        "distribution_coefficient": np.full((len(SPECIES), 4), 0.1),
    }
    p = unit.resolve(slate).replaced({**changes, "zone_speed": 0.0})
    lead = unit.run(feed, p=p)["ingot"].of("Pb") / 1e-6
    one = [
        kept(0.1, passes=n, zone_to_bar=z, crop_fraction=c)
        for n, z, c in [(1, 0.1, 0.2), (5, 0.1, 0.2), (5, 0.3, 0.2), (5, 0.3, 0.05)]
    ]
    np.testing.assert_allclose(lead, one, rtol=1e-12)


def test_many_different_coefficients():
    slate = Slate(["Sb", "Pb"])
    unit = refining(passes=1)
    k = np.stack([np.ones(600), np.linspace(0.01, 2.0, 600)])
    p = unit.resolve(slate).replaced({"distribution_coefficient": k, "zone_speed": 0.0})
    lead = unit.run(flow_of(slate, {"Sb": 1.0, "Pb": 1.0}, columns=600), p=p)["ingot"].of("Pb")
    assert np.all(np.diff(lead) > 0.0)
    assert lead[299] == pytest.approx(kept(float(k[1, 299]), passes=1), rel=1e-12)


@pytest.mark.parametrize(
    ("parameters", "masses", "said"),
    [
        ({}, {"As": 1e-5, "Pb": 1e-5}, "arsenic is 99.9 % of the impurities left"),
        ({}, {"SiO2": 1e-6, "Pb": 1e-6}, "SiO2: no distribution coefficient, taken as 1"),
        ({"distribution_coefficient": {"Te": 3.0}}, {"Te": 1e-6}, "Te (1.32): k above 1 gathers"),
        ({}, {"Pb": 0.05}, "the feed holds 4.76 % impurities; coefficients are those of dilute"),
        ({"zone_speed": "5 mm/min"}, {}, "zone_speed of 5 mm/min is above the 2 mm/min"),
    ],
)
def test_what_is_outside_the_model_is_said(parameters, masses, said):
    unit = refining(**parameters)
    flows, p = flows_of(unit, SPECIES, {"Sb": 1.0, **masses})
    (warning,) = unit.warnings(flows, p)
    assert said in warning


def test_what_is_inside_the_model_is_not_said():
    unit = refining(distribution_coefficient={"SiO2": 1.0}, zone_speed="2 mm/min")
    flows, p = flows_of(unit, SPECIES, {"Sb": 1.0, "SiO2": 1e-6, "Pb": 1e-6})
    assert not unit.warnings(flows, p)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"zone_to_bar": 0.0}, "zone_to_bar of 0 is too short; give 0.01 to 1"),
        ({"zone_to_bar": 1.0, "passes": 2}, "zone_to_bar of 1 melts the whole bar"),
        ({"distribution_coefficient": {"Sb": 0.5}}, "distribution_coefficient.Sb is 1 by defin"),
        ({"distribution_coefficient": {"Pb": 0.0}}, "Pb: must be above 0"),
        ({"distribution_coefficient": {"Pb": 1e-6}}, "of Pb must lie between 1e-05 and 10"),
        ({"distribution_coefficient": 50.0}, "of others must lie between 1e-05 and 10"),
        ({"passes": 2.5}, "passes: needs a whole number"),
    ],
)
def test_nonsense_is_refused(parameters, message):
    with pytest.raises(InputError, match=message):
        refining(**parameters)


def test_a_species_that_is_not_in_the_flowsheet_is_refused():
    with pytest.raises(InputError, match="distribution_coefficient: no species 'Pd'"):
        refining(distribution_coefficient={"Pd": 0.1}).resolve(Slate(SPECIES))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"passes": np.array([10.0 + 1e-40j])}, "passes cannot be varied"),
        ({"zone_to_bar": np.array([0.1 + 1e-40j])}, "zone_to_bar cannot be varied"),
        ({"passes": np.array([2.5])}, "passes must be a whole number"),
    ],
)
def test_counts_cannot_be_varied_to_meet_a_target(changes, message):
    slate = Slate(SPECIES)
    unit = refining()
    p = unit.resolve(slate).replaced(changes)
    with pytest.raises(InputError, match=message):
        unit.run(flow_of(slate, {"Sb": 1.0}), p=p)


def test_species_needed():
    assert set(refining().required_species()) == {"Sb"}


def test_it_is_linear():
    assert refining(passes=3).is_linear()
