import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow
from flowsheet.core.particles import Particles
from flowsheet.core.slate import Slate
from tests.unitops.comminution.crushed_ore import (
    PARTICLES,
    ROWS,
    SLATE,
    SPECIES,
    broken,
    sieved,
    some_of_everything,
    told,
)
from tests.unitops.properties import (
    check_derivative,
    check_mass_moves_down,
    check_unit,
    check_zero_feed,
    random_masses,
    run,
)
from unitops.comminution.crusher import Crusher
from unitops.comminution.selection import whiten

SIEVES = [f"{160 / 2 ** (step / 2)} mm" for step in range(18)]


def crusher(**given_parameters):
    return Crusher(
        **{
            "feed": "ore",
            "product": "crushed",
            "closed_side_setting": "400 um",
            **given_parameters,
        }
    )


SLOPES = {"breakage": "two_slopes", "fines_share": 0.4, "fines_slope": 0.6, "coarse_slope": 4.0}


@given(
    mass=random_masses(ROWS, 3),
    setting=st.floats(10.0, 3000.0),
    smallest=st.floats(0.1, 2.0),
    width=st.floats(1e-3, 4.0),
    exponent=st.floats(0.2, 6.0),
    slopes=st.one_of(st.none(), st.tuples(st.floats(0, 1), *[st.floats(0.1, 6.0)] * 2)),
)
def test_any_feed_closes_and_becomes_no_coarser(
    *, mass, setting, smallest, width, exponent, slopes
):
    named = dict(zip(["fines_share", "fines_slope", "coarse_slope"], slopes or (), strict=False))
    unit = crusher(
        closed_side_setting=f"{setting} um",
        unbroken_below=smallest,
        broken_above=smallest + width,
        classification_exponent=exponent,
        breakage="two_slopes" if slopes else "broadbent_callcott",
        **named,
    )
    check_unit(unit, SPECIES, {"feed": mass}, PARTICLES)
    check_mass_moves_down(unit, SPECIES, {"feed": mass}, PARTICLES)
    product = run(unit, SLATE, {"feed": mass})["product"]
    np.testing.assert_array_equal(product[: len(SPECIES)], mass[: len(SPECIES)])


@pytest.mark.parametrize("form", [{}, SLOPES])
def test_zero_feed_and_derivative(form):
    check_zero_feed(crusher(**form), SPECIES, PARTICLES)
    check_derivative(crusher(**form), SPECIES, {"feed": some_of_everything()}, PARTICLES)


HALVING = Slate(["SiO2"], Particles(sieves=["16 mm", "8 mm", "4 mm", "2 mm"], minerals=["SiO2"]))


def crushed(*by_class, **parameters):
    """Of a crusher that breaks nothing below 4 mm and all above 16 mm, by a square."""
    sizes = {
        "closed_side_setting": "4 mm",
        "unbroken_below": 1.0,
        "broken_above": 4.0,
        "classification_exponent": 2.0,
    }
    feed = Flow(HALVING, np.array([0.0, *by_class])[:, None])
    return broken(crusher(**{**sizes, **parameters}), feed).mass[1:, 0]


def test_four_classes_by_hand():
    # C averages 23/27 from 8 to 16 mm and 8/27 from 4 to 8 mm. Of fragments 0.801953, 0.471131 and
    # 0.256332 pass 0.7071, 0.3536 and 0.1768 of the mean size of what broke. 16 mm: held 1 / (1 -
    # 0.198047 * 23/27) = 1.202945, and 4/27 of it leaves; 1.024731 are broken. 8 mm: held 0.330822
    # * 1.024731 / (1 - 0.198047 * 8/27) = 0.360137, and 19/27 leaves; 0.106707 are broken. 4 mm:
    # 0.214799 * 1.024731 + 0.330822 * 0.106707. 2 mm: 0.256332 * 1.024731 + 0.471131 * 0.106707.
    np.testing.assert_allclose(
        crushed(1.0, 0.0, 0.0, 0.0), [0.178214, 0.253430, 0.255412, 0.312945], atol=2e-6
    )


def test_fragments_follow_both_slopes():
    # B = 0.5 r + 0.5 r^2 is 0.603553, 0.239277 and 0.104014 at 0.7071, 0.3536 and 0.1768; in a
    # crusher that breaks all above 8 mm, again and again, and nothing below.
    product = crushed(
        1.0,
        0.0,
        0.0,
        0.0,
        breakage="two_slopes",
        fines_share=0.5,
        fines_slope=1.0,
        coarse_slope=2.0,
        closed_side_setting="7.9999 mm",
        broken_above=1.00001,
    )
    np.testing.assert_allclose(product, [0.0, 0.603553, 0.224111, 0.172336], atol=1e-4)


@pytest.mark.parametrize("exponent", [0.7, 2.3])
def test_a_class_is_classified_by_the_average_of_its_sizes(exponent):
    apertures = np.array([30.0, 22.0, 11.0, 9.0, 4.0, 1.0]) * 1e-3
    smallest, largest = 6e-3, 20e-3
    averages = whiten(apertures, smallest, largest, exponent)[:, 0]
    for place in range(5):
        sizes = np.linspace(apertures[place + 1], apertures[place], 20001)
        middles = 0.5 * (sizes[1:] + sizes[:-1])
        between = np.clip((largest - middles) / (largest - smallest), 0.0, 1.0)
        assert averages[place] == pytest.approx(np.mean(between**exponent), abs=1e-6)
    assert list(averages[[0, 4, 5]]) == [0.0, 1.0, 1.0]


def test_a_fine_feed_falls_through():
    np.testing.assert_array_equal(crushed(0.0, 0.0, 3.0, 2.0), [0.0, 0.0, 3.0, 2.0])


def test_nothing_leaves_that_is_too_large_for_the_gap():
    feed = sieved("100 mm", sieves=SIEVES)
    product = broken(crusher(closed_side_setting="16 mm", broken_above=2.5), feed)
    apertures = product.slate.particles.apertures
    wholly_above = np.append(apertures[1:], 0.0) >= 0.04
    assert np.all(product.sized[0, wholly_above] == 0.0)
    assert np.all(product.sized[0, ~wholly_above] > 0.0)


def test_a_wider_gap_crushes_coarser():
    feed = sieved("100 mm", sieves=SIEVES)
    sizes = [
        told(crusher(closed_side_setting=f"{gap} mm"), feed)[0]["product P80"]
        for gap in (10, 13, 20, 30, 45)
    ]
    assert np.all(np.diff(sizes) > 0.0)
    # Makers' tables: 75 to 90 % of what a cone makes passes its closed side setting.
    for gap in (10, 20, 30):
        product = broken(crusher(closed_side_setting=f"{gap} mm"), feed)
        sieve = gap * 1e-3
        passing = product.sized[0, product.slate.particles.apertures <= sieve].sum()
        assert 0.7 < passing / product.sized.sum() < 0.92


def test_liberation_depends_on_the_size_reached_and_on_no_path():
    feed = Flow(SLATE, np.zeros((ROWS, 1)))
    feed.sized[2:, 0, 0] = 10.0
    stibnite, silica, middlings, fine_grown = broken(
        crusher(closed_side_setting="150 um"), feed
    ).sized[:, :, 0]
    # Mean sizes 707, 354, 177, 88.4 and 31.25 um in grains of 200 um.
    free = [0.0, (1 - 0.883883) ** 3, (1 - 0.441942) ** 3, (1 - 0.15625) ** 3]
    found = stibnite[1:] / (stibnite + 0.2 * middlings)[1:]
    np.testing.assert_allclose(found, free, rtol=2e-5)
    np.testing.assert_allclose(silica, 4.0 * stibnite, rtol=1e-12)
    assert fine_grown.sum() == pytest.approx(10.0, rel=1e-12)


def test_parameters_may_vary_per_scenario():
    feed = Flow(SLATE, some_of_everything(1))
    unit = crusher(**SLOPES)
    changed = {
        "closed_side_setting": np.array([200e-6, 400e-6]),
        "broken_above": np.array([2.0, 3.0]),
        "fines_slope": np.array([0.5, 1.0]),
        "classification_exponent": np.array([1.0, 2.3]),
    }
    p = unit.resolve(SLATE).replaced(changed)
    together = unit.run(feed=feed, p=p)["product"].mass
    for column, setting in enumerate(["200 um", "400 um"]):
        others = {name: values[column] for name, values in changed.items()}
        alone = crusher(**{**SLOPES, **others, "closed_side_setting": setting})
        np.testing.assert_allclose(together[:, [column]], broken(alone, feed).mass, rtol=1e-12)


def test_sizes_in_the_wrong_order_are_refused_per_scenario():
    p = crusher().resolve(SLATE).replaced({"unbroken_below": np.array([3.0, 0.5])})
    feed = Flow(SLATE, some_of_everything())
    with pytest.raises(
        InputError, match=r"broken_above of 2\.5 must lie above unbroken_below of 3"
    ):
        crusher().run(feed=feed, p=p)


def test_fragments_as_large_as_what_broke_are_refused():
    unit = crusher(**{**SLOPES, "fines_share": 0.0, "coarse_slope": 1e4})
    with pytest.raises(InputError, match="so steep that no fragment leaves its size class; usual"):
        broken(unit, Flow(SLATE, some_of_everything()))


def test_energy_and_power():
    feed = sieved("100 mm", flow="100 t/h", sieves=SIEVES)
    unit = crusher(
        closed_side_setting="25 mm", specific_energy="0.5 kWh/t", installed_power="80 kW"
    )
    figures, warnings = told(unit, feed)
    assert figures["power"] == pytest.approx(50e3, rel=1e-12)
    assert figures["load of the installed power"] == pytest.approx(0.625, rel=1e-12)
    assert warnings == []
    figures, _ = told(crusher(closed_side_setting="25 mm", work_index="12 kWh/t"), feed)
    f80, p80 = figures["feed P80"] * 1e6, figures["product P80"] * 1e6
    assert figures["specific energy"] / 3.6e3 == pytest.approx(
        12.0 * (10.0 / p80**0.5 - 10.0 / f80**0.5), rel=1e-9
    )
    assert 0.3 < figures["specific energy"] / 3.6e3 < 0.6
    assert "power" not in told(crusher(closed_side_setting="25 mm"), feed)[0]


def test_an_empty_crusher_tells_nothing():
    figures, warnings = told(crusher(work_index="12 kWh/t"), Flow(SLATE, np.zeros((ROWS, 1))))
    assert (figures, warnings) == ({}, [])


@pytest.mark.parametrize(
    ("parameters", "p80", "expected"),
    [
        (
            {"closed_side_setting": "300 mm"},
            "80 mm",
            "nothing is crushed: all of the feed is finer than 201 mm, and falls through a closed "
            "side setting of 300 mm",
        ),
        (
            {"closed_side_setting": "8 mm"},
            "80 mm",
            "P80 is reduced 10.8 times; one jaw or cone crusher does 3 to 8, so crush in stages",
        ),
        (
            {
                "closed_side_setting": "25 mm",
                "specific_energy": "0.9 kWh/t",
                "installed_power": "75 kW",
            },
            "80 mm",
            "needs 90 kW, and 75 kW are installed; take a coarser product, feed less, or install "
            "more",
        ),
    ],
)
def test_what_an_engineer_should_know_is_told(parameters, p80, expected):
    assert told(crusher(**parameters), sieved(p80, sieves=SIEVES))[1] == [expected]


def test_sieves_too_coarse_for_the_product_are_told():
    warnings = told(
        crusher(closed_side_setting="20 mm"),
        sieved("80 mm", sieves=["160 mm", "80 mm", "40 mm", "20 mm"]),
    )[1]
    assert warnings == [
        "a closed side setting of 20 mm breaks down to 13.4 mm, and the finest sieve is 20 mm; add "
        "finer sieves to the particles"
    ]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (
            {"broken_above": 0.6},
            "Crusher: broken_above of 0.6 must lie above unbroken_below of 0.67; usual are 1.7",
        ),
        ({"breakage": "two_slopes"}, "two_slopes needs fines_share, fines_slope and coarse_slope"),
        (
            {"fines_share": 0.5},
            "belong to breakage 'two_slopes'; leave them out with 'broadbent_callcott'",
        ),
        (
            {"work_index": "12 kWh/t", "specific_energy": "0.5 kWh/t"},
            "Crusher: give either work_index or specific_energy, or none of them",
        ),
        ({"installed_power": "0 kW"}, "installed_power of 0 kW is no crusher; leave it out"),
        ({"closed_side_setting": "0 mm"}, "Crusher.closed_side_setting: must be above 0 um"),
        ({"breakage": "hammer"}, "Crusher.breakage: must be 'broadbent_callcott' or 'two_slopes'"),
    ],
)
def test_settings_that_make_no_sense_are_refused(parameters, message):
    with pytest.raises(InputError, match=message):
        crusher(**parameters)


def test_it_is_linear():
    assert crusher().is_linear()


def test_ore_without_sizes_is_told_of():
    crusher = Crusher(feed="ore", product="crushed", closed_side_setting="100 um")
    bulk = np.zeros((ROWS, 1))
    bulk[SLATE.row("SiO2")] = 9.0
    bulk[SLATE.row("H2O")] = 5.0
    flow = Flow(SLATE, bulk)
    p = crusher.resolve(SLATE)
    told = crusher.warnings({"feed": flow, **crusher.run(feed=flow, p=p)}, p)
    assert told == [
        "SiO2 without a size, 100.0% of the solids, passes unbroken and takes no energy; bring it "
        "with SizedFeed and name it among the minerals of the particles"
    ]
