import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow
from flowsheet.core.particles import Composite, Particles, sieve_series
from flowsheet.core.slate import Slate
from tests.unitops.properties import (
    check_classes_close,
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
    run,
)
from unitops.classification.screen import Screen

SPECIES = ["Sb2S3", "SiO2", "CaCO3", "H2O", "Sb(aq)", "O2"]
PARTICLES = Particles(
    sieves=["40 mm", "20 mm", "10 mm", "5 mm"],
    minerals=["Sb2S3", "SiO2"],
    composites=[Composite(name="middlings", minerals={"Sb2S3": "20 %", "SiO2": "80 %"})],
)
SLATE = Slate(SPECIES, PARTICLES)
ROWS = SLATE.count
PORTS = {"feed": "ore", "oversize": "coarse", "undersize": "fine", "water_to_oversize": "10 %"}
EFFICIENCY = {"aperture": "10 mm", "efficiency": "90 %"}
CUT = {"cut_size": "10 mm", "sharpness": 5.0}
TRIALS = {"aperture": "10 mm", "wire_diameter": "3 mm", "trials": 100.0}
AREA = {"aperture": "10 mm", "wire_diameter": "3 mm", "area": "10 m^2"}
WAYS = [EFFICIENCY, CUT, TRIALS, AREA]
NAMES = ["efficiency", "cut size", "trials", "area"]


def screen(**given_parameters):
    return Screen(**{**PORTS, **given_parameters})


def ore(solids=40.0, water=4.0, slate=SLATE):
    """Solids in kg/s, one share of each class of each mineral, and water."""
    mass = np.zeros((slate.count, 1))
    mass[slate.row("H2O")] = water
    unsized = len(slate.species)
    mass[unsized:] = solids / (slate.count - unsized)
    return mass


def fine_series(top="40 mm", classes=60, ratio=1.1):
    sieves = sieve_series(top, classes, ratio)
    return Slate(["SiO2", "H2O"], Particles(sieves=sieves, minerals=["SiO2"]))


def solved(unit, mass, slate=SLATE):
    feed = Flow(slate, mass)
    return {"feed": feed, **unit.run(feed=feed, p=unit.resolve(slate))}


def passed(unit, mass=None, slate=SLATE):
    """Share of each class that passes, (classes,), the same for all minerals."""
    flows = solved(unit, ore(slate=slate) if mass is None else mass, slate)
    shares = (flows["undersize"].sized / flows["feed"].sized)[:, :, 0]
    np.testing.assert_allclose(shares, shares[:1].repeat(len(shares), axis=0), rtol=1e-12)
    return shares[0]


def figures(unit, mass, slate=SLATE):
    found = unit.figures(solved(unit, mass, slate), unit.resolve(slate))
    return {figure.label: figure.value for figure in found}


def warnings(unit, mass, slate=SLATE):
    return list(unit.warnings(solved(unit, mass, slate), unit.resolve(slate)))


@given(
    mass=random_masses(ROWS),
    aperture=st.floats(3e-3, 0.1),
    wire=st.floats(0.02, 1.0),
    number=st.floats(1e-3, 1e6),
    share=st.floats(0.0, 1.0),
    water=st.floats(0.0, 1.0),
    slope=st.floats(0.0, 25.0),
    mode=st.sampled_from(["dry", "wet"]),
    way=st.sampled_from(NAMES),
)
def test_any_feed_closes(*, mass, aperture, wire, number, share, water, slope, mode, way):
    size, rod = f"{aperture} m", f"{aperture * wire} m"
    given_parameters = {
        "efficiency": {"aperture": size, "efficiency": share},
        "cut size": {"cut_size": size, "sharpness": number % 100.0 + 1e-3, "carryover": share},
        "trials": {
            "aperture": size,
            "wire_diameter": rod,
            "trials": number,
            "carryover": share,
        },
        "area": {
            "aperture": size,
            "wire_diameter": rod,
            "area": f"{number} m^2",
            "inclination": f"{slope} deg",
            "mode": mode,
            "carryover": share,
        },
    }[way]
    unit = screen(**{**given_parameters, "water_to_oversize": water})
    check_unit(unit, SPECIES, {"feed": mass}, PARTICLES)
    check_classes_close(unit, SPECIES, {"feed": mass}, PARTICLES)


@pytest.mark.parametrize("way", WAYS, ids=NAMES)
def test_zero_feed_gives_zero(way):
    check_zero_feed(screen(**way), SPECIES, PARTICLES)
    told = figures(screen(**way), np.zeros((ROWS, 1)))
    assert all(np.isfinite(value).all() for value in told.values())
    assert warnings(screen(**way), np.zeros((ROWS, 1))) == []


@pytest.mark.parametrize("way", [*WAYS, {**AREA, "mode": "wet"}], ids=[*NAMES, "wet"])
def test_derivative(way):
    mass = ore() + np.linspace(0.5, 1.5, ROWS)[:, None]
    check_derivative(screen(**way), SPECIES, {"feed": mass}, PARTICLES)


@pytest.mark.parametrize("way", WAYS, ids=NAMES)
def test_coarser_particles_pass_no_more(way):
    shares = passed(screen(**way), slate=fine_series())
    assert np.all(np.diff(shares) >= -1e-12)  # from coarse to fine
    assert shares.min() >= 0.0
    assert shares.max() <= 1.0 + 1e-12


def test_an_efficiency_is_the_share_of_what_is_finer_than_the_aperture():
    np.testing.assert_allclose(passed(screen(**EFFICIENCY)), [0.0, 0.0, 0.9, 0.9], rtol=1e-12)
    told = figures(screen(**EFFICIENCY), ore())
    assert told["undersize efficiency"][0] == pytest.approx(0.9, rel=1e-12)
    assert told["solids to the undersize"][0] == pytest.approx(0.45, rel=1e-12)


def test_an_aperture_inside_a_class_divides_it():
    # 14.14 mm is half way from 10 to 20 mm by logarithm; a tenth of a decade is 10^0.1.
    shares = passed(screen(aperture=f"{10.0 * 2.0**0.5} mm", efficiency=1.0))
    np.testing.assert_allclose(shares, [0.0, 0.5, 1.0, 1.0], rtol=1e-12)
    shares = passed(screen(aperture=f"{10.0 * 2.0**0.25} mm", efficiency=1.0))
    np.testing.assert_allclose(shares, [0.0, 0.25, 1.0, 1.0], rtol=1e-12)


@pytest.mark.parametrize(
    "way",
    [
        {"aperture": "10 mm", "efficiency": 1.0},
        {**TRIALS, "trials": 1e9},
        {**AREA, "area": "1e30 m^2"},
        {**CUT, "sharpness": 1e6},
    ],
    ids=NAMES,
)
def test_the_limit_is_a_perfect_screen(way):
    np.testing.assert_allclose(passed(screen(**way)), [0.0, 0.0, 1.0, 1.0], atol=1e-6)


def test_one_trial_of_a_tiny_particle_finds_the_open_area():
    # 10 mm of every 13 mm are open, both ways.
    slate = fine_series("40 mm", 3, 1e3)
    shares = passed(screen(**{**TRIALS, "trials": 1.0}), slate=slate)
    assert shares[-1] == pytest.approx((10.0 / 13.0) ** 2, rel=5e-3)


def test_two_trials_leave_the_square_of_what_one_leaves():
    slate = fine_series(classes=200, ratio=1.02)
    one = 1.0 - passed(screen(**{**TRIALS, "trials": 1.0}), slate=slate)
    two = 1.0 - passed(screen(**{**TRIALS, "trials": 2.0}), slate=slate)
    # The finest class is too wide for its mean to be squared.
    np.testing.assert_allclose(two[:-1], one[:-1] ** 2, atol=2e-4)
    assert np.all(one[slate.particles.apertures > 0.0102] == 1.0)


def test_the_cut_size_splits_in_half():
    slate = fine_series(f"{10.0 * 1.01**100.5} mm", 300, 1.01)  # a class has the mean 10 mm
    shares = passed(screen(**CUT), slate=slate)
    assert shares[np.abs(slate.particles.mean_sizes - 0.010).argmin()] == pytest.approx(
        0.5, abs=1e-4
    )


def test_a_class_is_judged_by_the_sizes_in_it():
    # Averaged over many narrow classes, a wide class passes what they pass.
    narrow = fine_series("40 mm", 500, 1.005)
    shares = passed(screen(**CUT), slate=narrow)
    apertures = narrow.particles.apertures
    inside = (apertures <= 0.010 * 1.0001) & (apertures > 0.005 * 1.0001)
    assert passed(screen(**CUT))[2] == pytest.approx(shares[inside].mean(), abs=2e-3)


def test_carryover_holds_back_every_size():
    plain = passed(screen(**TRIALS))
    held = passed(screen(**{**TRIALS, "carryover": "20 %"}))
    np.testing.assert_allclose(held, 0.8 * plain, rtol=1e-12)


def test_what_has_no_size():
    mass = ore()
    mass[:6] = 1.0
    made = run(screen(**EFFICIENCY), SLATE, {"feed": mass})
    expected = [0.1, 0.1, 0.1, 0.1, 0.1, 0.0]
    np.testing.assert_allclose(made["oversize"][:6, 0], expected, atol=1e-12)


def test_load_of_a_deck_by_hand():
    # Horizontal deck, 10 mm: A 14.82 t/h/m2. Of the feed half is coarser (B 1.0), a quarter is
    # finer than 5 mm (C 1.0); 7.5 to 12.5 mm are 41.5 + 32.2 % of a quarter each, 18.4 % (G 0.418);
    # top deck (D 1.0), dry (E 1.0), bulk density 1.6 t/m3 (F 0.999).
    told = figures(screen(**AREA, inclination="0 deg"), ore(40.0))
    assert told["near-size particles in the feed"][0] == pytest.approx(0.184, abs=5e-4)
    capacity = told["undersize that the deck can pass"][0] * 3.6
    assert capacity == pytest.approx(10.0 * 14.82 * 0.418 * 0.999, rel=2e-3)
    assert told["load of the deck"][0] == pytest.approx(72.0 / capacity, rel=1e-9)
    assert told["d50"][0] == pytest.approx(0.010 * (capacity / 72.0) ** 0.148, rel=1e-9)


def test_a_busier_deck_cuts_finer_and_passes_a_smaller_share():
    idle, busy = (figures(screen(**AREA), ore(solids)) for solids in (20.0, 200.0))
    assert busy["d50"][0] == pytest.approx(idle["d50"][0] * 10.0**-0.148, rel=1e-9)
    assert busy["undersize efficiency"][0] < idle["undersize efficiency"][0]
    wider = figures(screen(**{**AREA, "area": "100 m^2"}), ore(200.0))
    assert wider["d50"][0] == pytest.approx(idle["d50"][0], rel=1e-12)


@pytest.mark.parametrize(
    ("changed", "factor"),
    [
        ({"deck": 2}, 0.9),
        ({"deck": 3}, 0.8),
        ({"bulk_density": "2.4 t/m^3"}, 1.5),
        ({"mode": "wet", "inclination": "0 deg"}, 1.4625 / 1.0),
    ],
)
def test_what_changes_the_capacity(changed, factor):
    label = "undersize that the deck can pass"
    base = {**AREA, **({"inclination": "0 deg"} if "inclination" in changed else {})}
    plain = figures(screen(**base), ore())[label][0]
    now = figures(screen(**{**base, **changed}), ore())[label][0]
    # Wet at 10 mm: 1.26 * 10 = 12.6, between 1.5 at 12 and 1.3 at 16.
    expected = 1.5 - 0.2 * 0.6 / 4.0 if "mode" in changed else factor
    assert now / plain == pytest.approx(expected, rel=1e-9)


def test_a_steeper_deck_shows_smaller_openings():
    flat, steep = (figures(screen(**AREA, inclination=f"{a} deg"), ore()) for a in (0, 25))
    assert steep["d50"][0] < flat["d50"][0]


def test_the_cut_size_can_be_calibrated():
    plain = figures(screen(**AREA), ore())["d50"][0]
    assert figures(screen(**AREA, cut_size_factor=1.1), ore())["d50"][0] == pytest.approx(
        1.1 * plain
    )


def test_nothing_coarser_than_the_opening_passes_whatever_the_area():
    slate = fine_series()
    shares = passed(screen(**{**AREA, "area": "1000 m^2"}), slate=slate)
    assert np.all(shares[slate.particles.apertures > 0.0115] == 0.0)


def test_size_of_the_undersize_is_told_where_the_sieves_reach_it():
    slate = fine_series()
    told = figures(screen(**EFFICIENCY), ore(slate=slate), slate)
    assert 1e-3 < told["P80 of the undersize"][0] < 0.010
    assert "P80 of the undersize" in figures(screen(**CUT), ore(slate=slate), slate)
    assert "undersize efficiency" not in figures(screen(**CUT), ore())
    coarse = fine_series("40 mm", 2, 4.0)
    assert "P80 of the undersize" not in figures(screen(**EFFICIENCY), ore(slate=coarse), coarse)


@pytest.mark.parametrize("way", WAYS, ids=NAMES)
def test_parameters_may_vary_per_scenario(way):
    feed, unit = Flow(SLATE, ore()), screen(**way)
    name = {"cut_size": "cut_size"}.get(next(iter(way)), "aperture")
    sizes, water = np.array([8e-3, 11e-3, 15e-3]), np.array([0.0, 0.1, 0.3])
    p = unit.resolve(SLATE).replaced({name: sizes, "water_to_oversize": water})
    together = unit.run(feed=feed, p=p)["undersize"].mass
    for place in range(3):
        changed = {**way, name: f"{sizes[place]} m", "water_to_oversize": water[place]}
        alone = run(screen(**changed), SLATE, {"feed": feed.mass})["undersize"]
        np.testing.assert_allclose(together[:, [place]], alone, rtol=1e-12)


def test_nothing_to_warn_of_on_a_usual_screen():
    for way in (EFFICIENCY, CUT, TRIALS):
        assert warnings(screen(**way), ore()) == []
    assert warnings(screen(**AREA), ore(15.0)) == []


@pytest.mark.parametrize(
    ("unit", "mass", "message"),
    [
        (
            screen(aperture="50 mm", efficiency=0.9),
            ore(),
            "aperture of 50 mm is not finer than the top sieve, 40 mm; choose sieves",
        ),
        (
            screen(cut_size="2 mm", sharpness=5.0),
            ore(),
            "cut_size of 2 mm is finer than the finest sieve, 5 mm; choose sieves",
        ),
        (
            screen(**AREA),
            ore(100.0),
            r"brings \S+ t/h of undersize, and the deck passes \S+; .* take \S+ m\^2 or a wider",
        ),
        (
            screen(**AREA, mode="wet"),
            ore(water=0.0),
            "mode is wet and the feed brings no water",
        ),
    ],
)
def test_what_looks_wrong_is_told(unit, mass, message):
    told = warnings(unit, mass)
    assert any(re.search(message, line) for line in told), told


def test_a_feed_of_near_size_particles_is_told():
    slate = fine_series("12 mm", 4, 1.1)
    (told,) = warnings(screen(**{**AREA, "area": "1e6 m^2"}), ore(slate=slate), slate)
    assert re.search(r"7\d% of the feed is near the size of the openings", told)


def test_minerals_that_lost_their_size_are_named():
    mass = ore()
    mass[SLATE.row("Sb2S3")] = 10.0
    (told,) = warnings(screen(**EFFICIENCY), mass)
    assert told.startswith("Sb2S3 arrives without a size (20.00% of the solids) and is taken to")


def test_openings_too_fine_for_a_known_capacity_are_refused():
    unit = screen(**{**AREA, "aperture": "0.9 mm"})
    with pytest.raises(InputError, match=r"throughfall aperture is 0\.767 mm; the capacity of a"):
        solved(unit, ore())


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({}, "give one of efficiency, cut_size, trials and area, got None"),
        ({**EFFICIENCY, **CUT}, "give one of .* got efficiency, cut_size"),
        ({"efficiency": 0.9}, "efficiency needs aperture beside it; give both"),
        ({"cut_size": "10 mm"}, "cut_size needs sharpness beside it; give both"),
        ({"trials": 100.0, "aperture": "10 mm"}, "trials needs wire_diameter beside it"),
        ({"area": "10 m^2", "aperture": "10 mm"}, "area needs wire_diameter beside it"),
        ({**CUT, "aperture": "10 mm"}, "aperture is not used with cut_size; leave it out"),
        ({**EFFICIENCY, "sharpness": 3.0}, "sharpness is not used with efficiency; leave it out"),
        ({**EFFICIENCY, "carryover": 0.1}, "carryover of 0.1 is part of the efficiency; leave it"),
        ({**AREA, "area": "0 m^2"}, "area of 0 screens nothing"),
        ({**AREA, "deck": 11}, "deck 11 has no capacity left"),
        ({**AREA, "inclination": "80 deg"}, "Screen.inclination: must lie between 0 deg and 45"),
        ({**AREA, "inclination": 15}, "Screen.inclination: needs a unit of angle"),
        ({**AREA, "mode": "moist"}, "Screen.mode: must be 'dry' or 'wet'"),
    ],
)
def test_settings_that_make_no_sense_are_refused(parameters, message):
    with pytest.raises(InputError, match=message):
        screen(**parameters)


def test_it_is_linear_unless_the_load_moves_the_cut():
    assert all(screen(**way).is_linear() for way in (EFFICIENCY, CUT, TRIALS))
    assert not screen(**AREA).is_linear()
