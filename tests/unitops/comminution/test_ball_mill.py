import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import expm

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow
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
from unitops.comminution.ball_mill import BallMill
from unitops.comminution.breakage import two_slopes
from unitops.comminution.selection import austin, fastest_size


def mill(**given_parameters):
    ways = {"residence_time", "pulp_volume", "power"}
    timed = {} if ways & set(given_parameters) else {"residence_time": "4 min"}
    by_energy = "power" in given_parameters
    rate = {"rate_per_energy_at_1_mm": "1 t/kWh"} if by_energy else {"rate_at_1_mm": "0.5 1/min"}
    return BallMill(**{"feed": "ore", "product": "pulp", **timed, **rate, **given_parameters})


STEP = 2.0**0.5
# Fragments and rates that go with the square of size: on sieves in steps of the root of 2, a class
# gives 1/2, 1/4, 1/8 ... to those below it, and the rest to the last, at 1, 1/2, 1/4 1/min.
SIMPLE = {
    "fines_share": 1.0,
    "fines_slope": 2.0,
    "size_exponent": 2.0,
    "rate_at_1_mm": "0.25 1/min",
}


@given(
    mass=random_masses(ROWS, 3),
    tanks=st.integers(1, 6),
    way=st.sampled_from(["residence_time", "pulp_volume", "power"]),
    size=st.one_of(st.just(0.0), st.floats(1e-3, 1e6)),
    rates=st.tuples(*[st.one_of(st.just(0.0), st.floats(1e-3, 1e3))] * 4),
    exponents=st.tuples(*[st.floats(0.1, 5.0)] * 4),
    share=st.floats(0.0, 1.0),
    critical=st.one_of(st.none(), st.floats(10.0, 1e4)),
)
def test_any_feed_closes_and_becomes_no_coarser(
    *, mass, tanks, way, size, rates, exponents, share, critical
):
    units = {"residence_time": "min", "pulp_volume": "m^3", "power": "kW"}
    unit = mill(
        tanks=tanks,
        relative_rate=dict(
            zip(["Sb2S3", "SiO2", "middlings", "fine_grown"], rates, strict=True), others=1.0
        ),
        size_exponent=exponents[0],
        critical_size=None if critical is None else f"{critical} um",
        critical_exponent=exponents[1],
        fines_share=share,
        fines_slope=exponents[2],
        coarse_slope=exponents[3],
        **{way: f"{size} {units[way]}"},
    )
    check_unit(unit, SPECIES, {"feed": mass}, PARTICLES)
    check_mass_moves_down(unit, SPECIES, {"feed": mass}, PARTICLES)
    product = run(unit, SLATE, {"feed": mass})["product"]
    np.testing.assert_array_equal(product[: len(SPECIES)], mass[: len(SPECIES)])


WAYS = [
    {},
    {"tanks": 3, "residence_time": "10 min", "critical_size": "600 um"},
    {"tanks": 2, "pulp_volume": "12 m^3"},
    {"tanks": 2, "power": "400 kW"},
]


@pytest.mark.parametrize("way", WAYS)
def test_zero_feed_gives_zero(way):
    check_zero_feed(mill(**way), SPECIES, PARTICLES)


@pytest.mark.parametrize("way", WAYS)
def test_derivative(way):
    check_derivative(mill(**way), SPECIES, {"feed": some_of_everything()}, PARTICLES)


@pytest.mark.parametrize("way", WAYS)
def test_eight_classes_of_a_known_problem_lose_nothing(way):
    feed = quartz(0.1, 0.3, 0.2, 0.1, 0.1, 0.1, 0.05, 0.05)
    assert broken(mill(**way), feed).total()[0] == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize(
    "way", [{"residence_time": "0 min"}, {"pulp_volume": "0 m^3"}, {"power": "0 W"}]
)
def test_no_time_leaves_the_feed_as_it_is(way):
    feed = Flow(SLATE, some_of_everything())
    np.testing.assert_array_equal(broken(mill(tanks=3, **way), feed).mass, feed.mass)


@pytest.mark.parametrize(
    "way", [{"residence_time": "1e12 min"}, {"pulp_volume": "1e15 m^3"}, {"power": "1e15 kW"}]
)
def test_endless_time_takes_all_through_the_finest_sieve(way):
    feed = Flow(SLATE, some_of_everything())
    sized = broken(mill(**way), feed).sized
    np.testing.assert_allclose(sized[:, :-1], 0.0, atol=1e-6)
    np.testing.assert_allclose(sized.sum(), feed.sized.sum(), rtol=1e-12)


@pytest.mark.parametrize(
    ("tanks", "left"),
    # 0.5 1/min for 4 min at 1 mm: in a mixed tank 1 / (1 + 2), in two 1 / (1 + 1)^2, last exp(-2)
    [(1, 1 / 3), (2, 1 / 4), (4, 1 / 1.5**4), (4000, 0.1353353)],
)
def test_one_size_disappears(tanks, left):
    feed = quartz(0.0, 0.0, 1.0, 0.0, step=STEP)
    assert broken(mill(tanks=tanks), feed).sized[0, 2, 0] == pytest.approx(left, rel=6e-4)


def test_three_classes_by_hand():
    # Classes of 2, 1.41 and 1 mm at 1, 0.5 and 0.25 1/min, 2 min in one tank, fed 9, 4, 2 and 1:
    # 9/3 = 3 and 6 broken; (4 + 3)/2 = 3.5 and 3.5 broken; (2 + 1.5 + 1.75)/1.5 = 3.5 and 1.75
    # broken; 1 + 1.5 + 1.75 + 1.75 = 6.
    unit = mill(residence_time="2 min", **SIMPLE)
    product = broken(unit, quartz(9.0, 4.0, 2.0, 1.0, step=STEP))
    np.testing.assert_allclose(product.mass[1:, 0], [3.0, 3.5, 3.5, 6.0], rtol=1e-12)


def test_fragments_follow_both_slopes():
    # One class broken, B = 0.6 r^2 + 0.4 r^4 passes 0.4 and 0.175 of it below a half and a quarter.
    unit = mill(residence_time="1e9 min", fines_share=0.6, fines_slope=2.0, coarse_slope=4.0)
    slow = mill(residence_time="1e-9 min", fines_share=0.6, fines_slope=2.0, coarse_slope=4.0)
    made = broken(slow, quartz(1.0, 0.0, 0.0, 0.0, step=STEP)).mass[2:, 0]
    np.testing.assert_allclose(made / made.sum(), [0.6, 0.225, 0.175], rtol=1e-6)
    assert broken(unit, quartz(1.0, 0.0, 0.0, 0.0)).mass[4, 0] == pytest.approx(1.0, rel=1e-6)
    assert two_slopes(np.array(1.0), 0.3, 1.1, 5.0) == pytest.approx(1.0, rel=1e-15)


def test_many_tanks_grind_like_a_batch():
    # dm/dt = M m over 4 min, with rates of 1, 0.5, 0.25 1/min for 2, 1.41, 1 mm.
    grinding = np.array(
        [
            [-1.0, 0.0, 0.0, 0.0],
            [0.5, -0.5, 0.0, 0.0],
            [0.25, 0.25, -0.25, 0.0],
            [0.25, 0.25, 0.25, 0.0],
        ]
    )
    batch = expm(4.0 * grinding) @ [9.0, 4.0, 2.0, 1.0]
    feed = quartz(9.0, 4.0, 2.0, 1.0, step=STEP)
    tanks = [broken(mill(tanks=count, **SIMPLE), feed).mass[1:, 0] for count in (400, 800)]
    # The error of many tanks goes with one over their number.
    np.testing.assert_allclose(2.0 * tanks[1] - tanks[0], batch, rtol=5e-5)
    assert np.all(np.diff([np.abs(each - batch).max() for each in tanks]) < 0.0)


@pytest.mark.parametrize("tanks", [1, 3])
def test_what_is_coarser_than_a_sieve_disappears_by_first_order(tanks):
    # Where rates and fragments have one exponent, breakage above a sieve and fragments that stay
    # above it make up for each other: what is retained falls as the class just above it alone.
    unit = mill(
        tanks=tanks, residence_time="3 min", fines_share=1.0, fines_slope=0.9, size_exponent=0.9
    )
    feed = quartz(4.0, 1.0, 3.0, 2.0, 5.0, step=STEP)
    retained = np.cumsum(broken(unit, feed).mass[1:-1, 0])
    rates = 0.5 * np.array([2.0, STEP, 1.0, 1.0 / STEP]) ** 0.9
    expected = np.array([4.0, 5.0, 8.0, 10.0]) / (1.0 + rates * 3.0 / tanks) ** tanks
    np.testing.assert_allclose(retained, expected, rtol=1e-12)


def test_on_coarse_sieves_part_of_the_fragments_stays():
    # On sieves that halve, a class of 2 mm breaks at 1 1/min, and 1 - 1/2 of its fragments, whose
    # B is r^2 of 1.41 mm, leave it: 1 / (1 + 2 * 1/2) after 2 min, and of the rest 1 - 1/4 below.
    unit = mill(residence_time="2 min", relative_rate=1, **SIMPLE)
    slow = mill(residence_time="1e-9 min", **SIMPLE)
    assert broken(unit, quartz(1.0, 0.0, 0.0)).sized[0, 0, 0] == pytest.approx(0.5, rel=1e-12)
    made = broken(slow, quartz(1.0, 0.0, 0.0)).sized[0, 1:, 0]
    np.testing.assert_allclose(made / made.sum(), [0.75, 0.25], rtol=1e-6)


def test_the_product_does_not_depend_on_how_fine_the_sieves_are():
    sizes = []
    for parts in (2, 4, 8):
        sieves = [f"{8000.0 / 2 ** (step / parts)} um" for step in range(11 * parts)]
        unit = mill(tanks=2, residence_time="12 min", critical_size="6 mm")
        sizes.append(told(unit, sieved("1 mm", sieves=sieves))[0]["product P80"])
    np.testing.assert_allclose(sizes, sizes[-1], rtol=0.04)


def test_rates_fall_above_the_critical_size():
    # At mu the rate is half of 0.5 1/min: 1 / (1 + 1).
    left = broken(mill(critical_size="1 mm"), quartz(0.0, 0.0, 1.0, 0.0, step=STEP)).sized[0, 2, 0]
    assert left == pytest.approx(0.5, rel=1e-12)
    # At twice mu 2^0.8 / (1 + 2^3) = 0.193456 of it.
    left = broken(mill(critical_size="1 mm"), quartz(1.0, 0.0, step=STEP)).sized[0, 0, 0]
    assert left == pytest.approx(1.0 / (1.0 + 2.0 * 0.193456), rel=1e-6)


def test_the_fastest_size_is_the_fastest():
    sizes = np.geomspace(5e-3, 5e-4, 2001)
    rates = austin(sizes, 0.8, 2e-3, 3.0)[:, 0]
    assert fastest_size(0.8, 2e-3, 3.0) == pytest.approx(sizes[rates.argmax()], rel=2e-3)


def test_a_soft_mineral_breaks_as_if_it_stayed_longer():
    mass = np.zeros((ROWS, 1))
    feed = Flow(SLATE, mass)
    feed.sized[:2] = np.array([5.0, 4.0, 3.0, 2.0, 1.0])[:, None]
    soft = broken(mill(tanks=2, relative_rate={"Sb2S3": 3}), feed).sized
    longer = broken(mill(tanks=2, residence_time="12 min"), feed).sized
    plain = broken(mill(tanks=2), feed).sized
    np.testing.assert_allclose(soft[0], longer[0], rtol=1e-12)
    np.testing.assert_array_equal(soft[1], plain[1])


def test_composites_take_the_rate_of_their_name():
    feed = Flow(SLATE, some_of_everything(1))
    hard = broken(mill(relative_rate={"fine_grown": 0, "middlings": 0}), feed)
    np.testing.assert_array_equal(hard.sized[2:], feed.sized[2:])
    assert np.all(broken(mill(), feed).sized[2:, 0] < feed.sized[2:, 0])


@pytest.mark.parametrize("tanks", [1, 5])
def test_liberation_depends_on_the_size_reached_and_on_no_path(tanks):
    feed = Flow(SLATE, np.zeros((ROWS, 1)))
    feed.sized[2:, 0, 0] = 10.0
    product = broken(mill(tanks=tanks), feed)
    stibnite, silica, middlings, fine_grown = product.sized[:, :, 0]
    # Mean sizes 707, 354, 177, 88.4 and 31.25 um in grains of 200 um.
    free = [0.0, 0.0, (1 - 0.883883) ** 3, (1 - 0.441942) ** 3, (1 - 0.15625) ** 3]
    np.testing.assert_allclose(stibnite / (stibnite + 0.2 * middlings), free, rtol=2e-5)
    np.testing.assert_allclose(silica, 4.0 * stibnite, rtol=1e-12)
    assert fine_grown.sum() == pytest.approx(10.0, rel=1e-12)
    assert np.all(fine_grown > 0.0)


def test_freed_minerals_break_as_minerals():
    # Once free, stibnite that does not break stays in the class where it came free.
    feed = Flow(SLATE, np.zeros((ROWS, 1)))
    feed.sized[2, 0, 0] = 10.0
    soft = broken(mill(residence_time="1e9 min"), feed).sized[0, :, 0]
    hard = broken(mill(residence_time="1e9 min", relative_rate={"Sb2S3": 0}), feed).sized[0, :, 0]
    assert soft[2] < 1e-6
    assert hard[2] > 1e-4
    assert hard[3] > soft[3]


def test_the_volume_of_pulp_and_the_time_it_gives_are_the_same_mill():
    feed = Flow(SLATE, np.zeros((ROWS, 1)))
    feed.sized[1] = 2.0  # 10 kg/s of quartz, 3.7736 L/s
    feed.mass[SLATE.row("H2O")] = 6.2264  # 10 L/s of pulp
    by_volume = mill(tanks=2, pulp_volume="6 m^3")
    assert told(by_volume, feed)[0]["residence time"] == pytest.approx(600.0, rel=1e-5)
    by_time = mill(tanks=2, residence_time="10 min")
    assert told(by_time, feed)[0]["pulp in the mill"] == pytest.approx(6.0, rel=1e-5)
    np.testing.assert_allclose(broken(by_volume, feed).mass, broken(by_time, feed).mass, rtol=1e-5)
    # Twice the flow stays half as long.
    twice = broken(by_volume, feed * 2.0).mass
    half = broken(mill(tanks=2, residence_time="5 min"), feed).mass
    np.testing.assert_allclose(twice, 2.0 * half, rtol=1e-5)


def test_power_per_mass_of_solids_drives_the_rates():
    # 200 kW on 100 t/h is 2 kWh/t; with 1 t/kWh that is 2, as 0.5 1/min for 4 min.
    feed = sieved("1 mm", flow="100 t/h")
    by_power, by_time = mill(tanks=2, power="200 kW"), mill(tanks=2)
    np.testing.assert_allclose(broken(by_power, feed).mass, broken(by_time, feed).mass, rtol=1e-12)
    figures = told(by_power, feed)[0]
    assert figures["specific energy"] / 3.6e3 == pytest.approx(2.0, rel=1e-12)
    f80, p80 = figures["feed P80"] * 1e6, figures["product P80"] * 1e6
    assert figures["operating work index"] / 3.6e3 == pytest.approx(
        2.0 / (10.0 / p80**0.5 - 10.0 / f80**0.5), rel=1e-9
    )


def test_water_and_solids_without_size_take_no_power():
    feed = Flow(SLATE, some_of_everything(1))
    wet = feed + Flow(SLATE, feed.mass * 0.0)
    wet.mass[: len(SPECIES)] *= 5.0
    unit = mill(power="40 kW")
    np.testing.assert_allclose(broken(unit, wet).sized, broken(unit, feed).sized, rtol=1e-14)


def test_parameters_may_vary_per_scenario():
    feed = Flow(SLATE, some_of_everything(1))
    unit = mill()
    p = unit.resolve(SLATE).replaced(
        {
            "tanks": np.array([1.0, 4.0, 2.0]),
            "residence_time": np.array([60.0, 600.0, 0.0]),
            "fines_slope": np.array([1.0, 1.2, 0.7]),
        }
    )
    together = unit.run(feed=feed, p=p)["product"].mass
    for column in range(3):
        alone = mill(
            tanks=p.tanks[column],
            residence_time=f"{p.residence_time[column]} s",
            fines_slope=p.fines_slope[column],
        )
        np.testing.assert_allclose(together[:, [column]], broken(alone, feed).mass, rtol=1e-12)


def test_figures_of_a_ground_ore():
    figures, warnings = told(mill(residence_time="8 min"), sieved("1 mm"))
    told_at_least = {"feed P80", "product P80", "reduction ratio", "pulp in the mill"}
    assert told_at_least < set(figures)
    assert figures["feed P80"] == pytest.approx(1e-3, rel=1e-9)
    ratio = figures["feed P80"] / figures["product P80"]
    assert figures["reduction ratio"] == pytest.approx(ratio, rel=1e-12)
    assert 1.5 < ratio < 6.0
    assert warnings == []


@pytest.mark.parametrize("way", WAYS)
def test_an_empty_mill_tells_nothing(way):
    figures, warnings = told(mill(**way), Flow(SLATE, np.zeros((ROWS, 1))))
    assert warnings == []
    assert set(figures) <= {"pulp in the mill"}
    assert not any(figures.values())


def test_no_pulp_volume_where_a_density_is_missing():
    from flowsheet.core.slate import Slate

    slate = Slate(
        ["SiO2", "CaO"], PARTICLES.model_copy(update={"minerals": ("SiO2",), "composites": ()})
    )
    feed = Flow(slate, np.ones((slate.count, 1)))
    assert "pulp in the mill" not in told(mill(), feed)[0]


@pytest.mark.parametrize(
    ("parameters", "p80", "expected"),
    [
        (
            {"residence_time": "300 min"},
            "1 mm",
            "residence time of 300 min; pulp stays 2 to 15 min in a ball mill",
        ),
        (
            {"critical_size": "1 mm"},
            "2 mm",
            "feed P80 of 2 mm is coarser than the 713.8 um that breaks fastest: much of it is too "
            "large for the balls; crush finer, or take larger balls",
        ),
        (
            {"pulp_volume": "60 m^3"},
            "1 mm",
            "residence time of 95.4 min; pulp stays 2 to 15 min in a ball mill",
        ),
    ],
)
def test_what_an_engineer_should_know_is_told(parameters, p80, expected):
    assert told(mill(**parameters), sieved(p80))[1] == [expected]


def test_sieves_too_coarse_for_the_product_are_told():
    feed = sieved("1 mm", sieves=[f"{4000 / STEP**step} um" for step in range(7)])
    figures, warnings = told(mill(residence_time="30 min"), feed)
    assert warnings == [
        "94% of the product passes the finest sieve, 500 um, below which nothing is broken "
        "further; add finer sieves to the particles"
    ]
    assert "product P80" not in figures
    feed = sieved("1 mm", sieves=["4 mm", "2.8 mm", "1.4 mm", "1 mm", "400 um", "300 um"])
    assert told(mill(), feed)[1] == [
        "sieves are up to 2.5 times apart, which makes the product too coarse; rates of breakage "
        "belong to steps of 1.41, see sieve_series"
    ]


ONE_WAY = "BallMill: give one of residence_time, pulp_volume and power, and only one"


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"residence_time": None}, ONE_WAY),
        ({"residence_time": "5 min", "pulp_volume": "3 m^3"}, ONE_WAY),
        ({"power": "5 kW", "pulp_volume": "3 m^3"}, ONE_WAY),
        (
            {"rate_at_1_mm": None},
            "with residence_time or pulp_volume give rate_at_1_mm, and not rate_per_energy_at_1_mm",
        ),
        (
            {"rate_per_energy_at_1_mm": "1 t/kWh"},
            "with residence_time or pulp_volume give rate_at_1_mm, and not rate_per_energy_at_1_mm",
        ),
        (
            {"power": "5 kW", "rate_per_energy_at_1_mm": None},
            "with power give rate_per_energy_at_1_mm, and not rate_at_1_mm",
        ),
        (
            {"power": "5 kW", "rate_at_1_mm": "1 1/min"},
            "with power give rate_per_energy_at_1_mm, and not rate_at_1_mm",
        ),
        ({"tanks": 0}, "BallMill.tanks: must be 1 or more"),
        ({"fines_share": 1.2}, "BallMill.fines_share: must lie between 0 and 1"),
        ({"fines_slope": 0}, "BallMill.fines_slope: must be above 0"),
        ({"rate_at_1_mm": "0.5 min"}, "BallMill.rate_at_1_mm: needs a unit of one per time"),
    ],
)
def test_settings_that_make_no_sense_are_refused(parameters, message):
    with pytest.raises(InputError, match=message):
        mill(**parameters)


def test_it_is_linear_only_where_the_residence_time_is_given():
    assert mill().is_linear()
    assert not mill(pulp_volume="5 m^3").is_linear()
    assert not mill(power="5 kW").is_linear()


def test_many_scenarios_are_ground_as_each_alone():
    """Many are solved class by class, few with small matrices: the same product to roundings."""
    slate = Slate(SPECIES, PARTICLES)
    mill = BallMill(
        feed="ore",
        product="pulp",
        tanks=2,
        pulp_volume="5 m^3",
        rate_at_1_mm="0.8 1/min",
        relative_rate={"Sb2S3": 3},
    )
    feeds = np.random.default_rng(1).uniform(0.0, 5.0, (slate.count, 60))
    together = run(mill, slate, {"feed": feeds})["product"]
    for column in range(0, 60, 7):
        alone = run(mill, slate, {"feed": feeds[:, [column]]})["product"]
        np.testing.assert_allclose(together[:, [column]], alone, rtol=1e-12)
