import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow
from flowsheet.core.particles import Composite, Particles
from flowsheet.core.slate import Slate
from tests.unitops.comminution.crushed_ore import (
    PARTICLES,
    ROWS,
    SLATE,
    SPECIES,
    broken,
    quartz,
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
from unitops.comminution.bond_mill import BondMill

STRAIGHT = "gates_gaudin_schuhmann"


def mill(**given_parameters):
    aim = {} if "power" in given_parameters else {"p80": "75 um"}
    return BondMill(
        **{"feed": "ore", "product": "pulp", "work_index": "14 kWh/t", **aim, **given_parameters}
    )


@given(
    mass=random_masses(ROWS, 3),
    law=st.sampled_from(["rosin_rammler", STRAIGHT]),
    modulus=st.floats(0.2, 4.0),
    aim=st.one_of(
        st.builds(lambda size: {"p80": f"{size} um"}, st.floats(1.0, 1e4)),
        st.builds(
            lambda power: {"power": f"{power} kW"}, st.one_of(st.just(0.0), st.floats(1, 1e6))
        ),
    ),
    work_index=st.floats(1.0, 50.0),
    factor=st.floats(0.5, 3.0),
)
def test_any_feed_closes_and_becomes_no_coarser(*, mass, law, modulus, aim, work_index, factor):
    unit = mill(
        size_law=law,
        size_modulus=modulus,
        work_index=f"{work_index} kWh/t",
        efficiency_factor=factor,
        **aim,
    )
    check_unit(unit, SPECIES, {"feed": mass}, PARTICLES)
    check_mass_moves_down(unit, SPECIES, {"feed": mass}, PARTICLES)
    product = run(unit, SLATE, {"feed": mass})["product"]
    np.testing.assert_array_equal(product[: len(SPECIES)], mass[: len(SPECIES)])


AIMS = [{}, {"power": "20 kW"}, {"size_law": STRAIGHT, "p80": "300 um"}]


@pytest.mark.parametrize("aim", AIMS)
def test_zero_feed_gives_zero(aim):
    check_zero_feed(mill(**aim), SPECIES, PARTICLES)


@pytest.mark.parametrize("aim", AIMS)
def test_derivative(aim):
    check_derivative(mill(**aim), SPECIES, {"feed": some_of_everything()}, PARTICLES)


def test_energy_of_a_known_problem():
    figures, warnings = told(
        mill(size_law=STRAIGHT, installed_power="2000 kW"), sieved("2 mm", flow="100 t/h")
    )
    assert figures["specific energy"] / 3.6e3 == pytest.approx(13.035, abs=5e-4)
    assert figures["power"] / 1e3 == pytest.approx(1303.5, abs=0.05)
    assert figures["load of the installed power"] == pytest.approx(0.65175, abs=3e-5)
    assert figures["feed P80"] == pytest.approx(2e-3, rel=1e-9)
    assert figures["product P80"] == pytest.approx(75e-6, rel=1e-9)
    assert figures["reduction ratio"] == pytest.approx(26.6667, rel=1e-5)
    assert warnings == []


def test_an_inefficient_mill_takes_more_energy():
    feed = sieved("2 mm")
    plain = told(mill(), feed)[0]["specific energy"]
    dry = told(mill(efficiency_factor=1.3), feed)[0]["specific energy"]
    assert dry == pytest.approx(1.3 * plain, rel=1e-12)


def test_a_known_power_reaches_the_known_size():
    unit = mill(power="1303.53124 kW", size_law=STRAIGHT)
    feed = sieved("2 mm", flow="100 t/h")
    figures, _ = told(unit, feed)
    assert figures["product P80"] == pytest.approx(75e-6, rel=1e-5)
    assert figures["power"] == pytest.approx(1303.53124e3, rel=1e-12)
    by_size = broken(mill(size_law=STRAIGHT, p80=f"{figures['product P80']} m"), feed)
    np.testing.assert_allclose(broken(unit, feed).mass, by_size.mass, rtol=1e-9)
    # A mill that wastes a third of its power grinds as one with three quarters of the power.
    wasteful = broken(mill(power="1200 kW", efficiency_factor=4 / 3), feed)
    np.testing.assert_allclose(wasteful.mass, broken(mill(power="900 kW"), feed).mass, rtol=1e-9)


def test_no_power_leaves_the_feed_of_the_same_law_as_it_is():
    feed = sieved("2 mm")
    same = broken(mill(power="0 kW", size_law=STRAIGHT), feed)
    np.testing.assert_allclose(same.mass, feed.mass, rtol=1e-9, atol=1e-12)


def test_power_grinds_on_where_the_sieves_no_longer_show_the_feed():
    # 79.9999 % and 80.0001 % through the finest sieve, 250 um. 50 J/kg at 50.4 kJ/kg take F80 of
    # 250 um to 249.22 um, so that 0.8 * 250 / 249.22 pass.
    for share in (79.9999, 80.0001):
        feed = quartz(0.0, 0.0, 100.0 - share, share)
        product = broken(mill(power="5 kW", size_law=STRAIGHT), feed)
        assert product.mass[-1, 0] == pytest.approx(80.25, abs=0.01)
    # A slope of 2 puts F80 at 250 um * (0.8 / 0.9)^(1/2) = 235.70 um where 90 % pass 250 um;
    # 500 J/kg take that to 100 um / (sqrt(100 / 235.70) + 0.0099206)^2 = 228.68 um, and
    # 0.8 * (250 / 228.68)^2 = 0.9561 pass.
    unit = mill(power="50 kW", size_law=STRAIGHT, size_modulus=2.0)
    product = broken(unit, quartz(0.0, 0.0, 10.0, 90.0))
    assert product.mass[-1, 0] == pytest.approx(95.61, abs=0.02)


def test_a_coarse_feed_takes_the_size_law():
    # 0.8 (x / 500 um)^1 passes 2000, 1000, 500, 250 um: 1, 1, 0.8, 0.4
    ground = broken(mill(p80="500 um", size_law=STRAIGHT), quartz(10.0, 0.0, 0.0, 0.0))
    np.testing.assert_allclose(ground.mass[1:, 0], [0.0, 2.0, 4.0, 4.0], rtol=1e-12)
    # 1 - 0.2^(x / 500 um): 0.96 and 0.8 and 0.552786
    ground = broken(mill(p80="500 um"), quartz(10.0, 0.0, 0.0, 0.0))
    np.testing.assert_allclose(ground.mass[1:, 0], [0.4, 1.6, 2.472136, 5.527864], rtol=1e-6)


def test_a_fine_feed_passes_unchanged():
    feed = quartz(0.0, 0.5, 1.0, 8.5)
    unchanged = broken(mill(p80="500 um", size_law=STRAIGHT), feed)
    np.testing.assert_allclose(unchanged.mass, feed.mass, rtol=1e-14)


def test_each_sieve_passes_the_larger_of_feed_and_aim():
    # Feed passes 1, 0.7, 0.65, 0.3; aim 1, 1, 0.8, 0.4 and, coarser, 0.4, 0.2, 0.1.
    feed = quartz(3.0, 0.5, 3.5, 3.0)
    fine = broken(mill(p80="500 um", size_law=STRAIGHT), feed)
    np.testing.assert_allclose(fine.mass[1:, 0], [0.0, 2.0, 4.0, 4.0], rtol=1e-12)
    # 0.8 (x / 1 mm) with a coarse tail: 0.8, 0.4, 0.2 against 0.7, 0.65, 0.3
    coarse = broken(mill(p80="1 mm", size_law=STRAIGHT), feed)
    np.testing.assert_allclose(coarse.mass[1:, 0], [2.0, 1.5, 3.5, 3.0], rtol=1e-12)


LOCKED = Slate(
    ["Sb2S3", "SiO2"],
    Particles(
        sieves=["400 um", "200 um", "100 um"],
        minerals=["Sb2S3", "SiO2"],
        composites=(
            Composite(
                name="middlings", minerals={"Sb2S3": "20 %", "SiO2": "80 %"}, grain_size="200 um"
            ),
        ),
    ),
)
# Mean sizes 282.8, 141.4 and 50 um in grains of 200 um are free to 0, 0.0251263 and 0.421875.


def ground_middlings(*by_class):
    mass = np.zeros((LOCKED.count, 1))
    mass[-3:, 0] = by_class
    # 0.8 (x / 266.7 um): 60 % pass 200 um and 30 % pass 100 um
    unit = mill(p80="266.6666666667 um", size_law=STRAIGHT)
    return broken(unit, Flow(LOCKED, mass)).sized[:, :, 0]


def test_composites_liberate_as_far_as_they_are_ground():
    stibnite, silica, locked = ground_middlings(10.0, 0.0, 0.0)
    freed = np.array([0.0, 3.0 * 0.0251263, 3.0 * 0.421875])
    np.testing.assert_allclose(locked, [4.0, 3.0, 3.0] - freed, rtol=1e-6)
    np.testing.assert_allclose(stibnite, 0.2 * freed, rtol=1e-5)
    np.testing.assert_allclose(silica, 0.8 * freed, rtol=1e-5)


def test_the_coarsest_stay_the_coarsest():
    # 4 stay above 200 um; of the 6 below, the finer half is ground from 100-200 um to below 100,
    # where (0.421875 - 0.0251263) / (1 - 0.0251263) = 0.406975 of it comes free.
    _, _, locked = ground_middlings(4.0, 6.0, 0.0)
    np.testing.assert_allclose(locked, [4.0, 3.0, 3.0 * (1.0 - 0.406975)], rtol=1e-6)


def test_what_is_not_ground_frees_nothing():
    stibnite, _, locked = ground_middlings(1.0, 1.0, 8.0)
    np.testing.assert_allclose(locked, [1.0, 1.0, 8.0], rtol=1e-14)
    np.testing.assert_array_equal(stibnite, 0.0)


def test_kinds_are_ground_each_for_itself():
    mass = np.zeros((ROWS, 1))
    feed = Flow(SLATE, mass)
    feed.sized[0, 4] = 2.0  # stibnite below 62.5 um
    feed.sized[1, 0] = 8.0  # quartz of 0.5 to 1 mm
    sized = broken(mill(p80="500 um", size_law=STRAIGHT), feed).sized[:, :, 0]
    np.testing.assert_allclose(sized[0], [0.0, 0.0, 0.0, 0.0, 2.0], rtol=1e-14)
    np.testing.assert_allclose(sized[1], [1.6, 3.2, 1.6, 0.8, 0.8], rtol=1e-12)


def test_parameters_may_vary_per_scenario():
    feed = Flow(SLATE, some_of_everything(1))
    for name, texts, values in [
        ("p80", ["75 um", "300 um"], [75e-6, 300e-6]),
        ("power", ["5 kW", "50 kW"], [5e3, 50e3]),
    ]:
        p = mill(**{name: texts[0]}).resolve(SLATE)
        p = p.replaced({name: np.array(values), "size_modulus": np.array([0.8, 1.1])})
        together = mill(**{name: texts[0]}).run(feed=feed, p=p)["product"].mass
        for column, (text, modulus) in enumerate(zip(texts, [0.8, 1.1], strict=True)):
            alone = broken(mill(**{name: text}, size_modulus=modulus), feed)
            np.testing.assert_allclose(together[:, [column]], alone.mass, rtol=1e-12)


def test_figures_leave_out_what_the_sieves_do_not_show():
    figures, warnings = told(mill(p80="20 um"), sieved("1 mm", sieves=["4 mm", "1 mm", "75 um"]))
    assert set(figures) == {"feed P80"}
    assert warnings == [
        "more than 80 % of the product passes the finest sieve, 75 um: P80 and Bond's energy are "
        "not known; add finer sieves to the particles"
    ]


def test_an_empty_mill_tells_nothing():
    for aim in AIMS:
        assert told(mill(**aim), Flow(SLATE, np.zeros((ROWS, 1)))) == ({}, [])


@pytest.mark.parametrize(
    ("parameters", "p80", "expected"),
    [
        (
            {"p80": "38 um"},
            "1 mm",
            "product P80 of 38.56 um; below 40 um Bond's law tells too little energy, a fine mill "
            "is sized by its own test",
        ),
        (
            {"p80": "300 um"},
            "200 um",
            "the feed, of P80 200 um, is already finer than the 300 um asked for",
        ),
        (
            {"work_index": "20 kWh/t"},
            "3.5 mm",
            "feed P80 of 3.5 mm is coarser than the 3.225 mm that ball mills take well at this "
            "work index; crush finer, or raise efficiency_factor",
        ),
        (
            {"work_index": "2 kWh/t"},
            "1 mm",
            "work_index of 2 kWh/t; ores take 5 to 25",
        ),
        (
            {"installed_power": "900 kW", "size_law": STRAIGHT},
            "2 mm",
            "needs 1304 kW, and 900 kW are installed; take a coarser product, feed less, or "
            "install more",
        ),
        (
            {"power": "1 MW", "installed_power": "900 kW"},
            "2 mm",
            "needs 1000 kW, and 900 kW are installed; take a coarser product, feed less, or "
            "install more",
        ),
    ],
)
def test_what_an_engineer_should_know_is_told(parameters, p80, expected):
    _, warnings = told(mill(**parameters), sieved(p80))
    pytest.importorskip("re")
    assert warnings == [expected]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"p80": None}, "BondMill: give either p80 or power, and not both"),
        ({"p80": "75 um", "power": "1 MW"}, "BondMill: give either p80 or power, and not both"),
        ({"work_index": "0 kWh/t"}, "work_index of 0 kWh/t would grind for nothing; ores take 5"),
        ({"installed_power": "0 kW"}, "installed_power of 0 kW is no mill; leave it out"),
        ({"p80": "0 um"}, "BondMill.p80: must be above 0 um"),
        ({"work_index": "14 kW"}, "BondMill.work_index: needs a unit of energy per mass"),
        ({"size_law": "normal"}, "BondMill.size_law: must be 'rosin_rammler' or 'gates_gau"),
    ],
)
def test_settings_that_make_no_sense_are_refused(parameters, message):
    with pytest.raises(InputError, match=message):
        mill(**parameters)


def test_it_is_not_linear():
    assert not mill().is_linear()
