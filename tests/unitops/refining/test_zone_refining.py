import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from flowsheet.core.flow import flow_of
from flowsheet.core.slate import Slate
from tests.unitops.properties import (
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
    run,
)
from tests.unitops.refining.zone_bars import FIXED, SPECIES, flows_of, kept, refining, shown
from unitops.refining.zone_profile import profile


@given(
    mass=random_masses(len(SPECIES)),
    passes=st.integers(1, 4),
    zone=st.floats(0.01, 0.99),
    zones=st.integers(1, 3),
    crop=st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0.0, 0.7)),
    head=st.one_of(st.just(0.0), st.floats(0.0, 0.25)),
    lead=st.floats(1e-5, 10.0),
    speed=st.floats(0.0, 10.0),
)
def test_any_feed_closes(*, mass, passes, zone, zones, crop, head, lead, speed):
    along = zone * (1.0 + 1.5 * (zones - 1)) <= 1.0
    unit = refining(
        passes=passes,
        zone_to_bar=zone,
        zones=zones,
        zone_pitch=1.5,
        zones_start="along_the_bar" if along else "before_the_bar",
        crop_fraction=crop,
        head_crop_fraction=head if crop < 1.0 else 0.0,
        distribution_coefficient={"Pb": lead},
        zone_speed=f"{speed:.6f} mm/min",
    )
    check_unit(unit, SPECIES, {"feed": mass})


@given(
    mass=random_masses(len(SPECIES)),
    nines=st.floats(1.0, 8.0),
    lead=st.floats(1e-5, 10.0),
    limit=st.one_of(st.none(), st.floats(1e-9, 1.0)),
)
def test_any_feed_closes_with_a_target(mass, nines, lead, limit):
    mass = mass * (1e-5 + (np.array(SPECIES) == "Sb")[:, None])
    unit = refining(
        target_purity=1.0 - 10.0**-nines,
        impurity_limit=None if limit is None else {"Pb": limit},
        distribution_coefficient={"Pb": lead},
        most_passes=15,
    )
    check_unit(unit, SPECIES, {"feed": mass})


TARGETS = [
    {},
    {"target_purity": "99.99 %"},
    {"target_purity": "99 %", "impurity_limit": {"Pb": "5 ppm", "Bi": "20 ppm"}},
    {"impurity_limit": {"others": "30 ppm"}},
]


@pytest.mark.parametrize("parameters", TARGETS)
def test_zero_feed_gives_zero(parameters):
    unit = refining(**parameters)
    check_zero_feed(unit, SPECIES)
    flows, p = flows_of(unit, SPECIES, {})
    assert not unit.warnings(flows, p)
    assert unit.refusals(flows, p) == [""]
    assert all(np.isfinite(figure.value).all() for figure in unit.figures(flows, p))


@pytest.mark.parametrize("parameters", TARGETS)
def test_derivative(parameters):
    dirt = np.linspace(1.0, 2.0, len(SPECIES)).reshape(-1, 1) * 1e-5
    dirt[0] = 1.0
    check_derivative(refining(**parameters), SPECIES, {"feed": dirt})


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
    crop = shown(unit, flows, p, "impurities in the crop")
    assert 0.8 * ingot + 0.2 * crop == pytest.approx(1000.0, rel=2e-3)
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
        ({"bar_diameter": "80 mm"}, {}, "a zone of 60 mm is shorter than the 80 mm of the bar's"),
        ({"zones": 2, "zone_pitch": 1.2}, {}, "zone_pitch of 1.2 leaves 0.2 zone lengths of solid"),
        (
            {"passes": 30},
            {"Pb": 1e-4},
            "29 passes already come within 1 % of the 0.0",
        ),
    ],
)
def test_what_is_outside_the_model_is_said(parameters, masses, said):
    unit = refining(**parameters)
    flows, p = flows_of(unit, SPECIES, {"Sb": 1.0, **masses})
    assert [warning for warning in unit.warnings(flows, p) if said in warning]


def test_what_is_inside_the_model_is_not_said():
    unit = refining(distribution_coefficient={"SiO2": 0.5}, zone_speed="2 mm/min")
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
        ({"passes": None}, "give either passes, or target_purity and impurity_limit or one"),
        ({"passes": 5, "target_purity": 0.99}, "give either passes, or target_purity"),
        ({"target_purity": 1.0}, "target_purity of 100 % is reached by nothing"),
        ({"impurity_limit": {"Sb": 0.5}}, "impurity_limit.Sb limits the metal itself"),
        ({"impurity_limit": {"As": 0.0}}, "impurity_limit of 0 for As: no pass removes all"),
        ({"impurity_limit": {}}, "impurity_limit names no species"),
        ({"distribution_coefficient": {"Pb": -1.0}}, "Pb: must be above 0"),
        ({"zone_to_bar": 1.0, "target_purity": 0.999}, "zone_to_bar of 1 melts the whole bar"),
        ({"zone_to_bar": 1.5}, "zone_to_bar: must lie between 0 and 1, got 1.5"),
        ({"zones": 3, "zone_pitch": 0.9}, "zone_pitch of 0.9 zone lengths: zones that follow each"),
        ({"zones": 3, "zone_pitch": 1.0}, "other at one length or less overlap; give more than 1"),
        (
            {"zones": 5, "zones_start": "along_the_bar"},
            "5 zones along the bar take 1.1 of its length; use fewer or shorter zones",
        ),
        (
            {"crop_fraction": 0.6, "head_crop_fraction": 0.5},
            "crop_fraction and head_crop_fraction together take 1.1 of the bar",
        ),
        ({"availability": 0.0}, "availability of 0 runs no furnace"),
    ],
)
def test_nonsense_is_refused(parameters, message):
    with pytest.raises(InputError, match=message):
        refining(**parameters)


def test_one_zone_has_no_pitch_and_a_head_crop_takes_what_gathers():
    unit = refining(
        zone_pitch=0.5, head_crop_fraction=0.1, distribution_coefficient={"Te": 3.0}, passes=2
    )
    flows, p = flows_of(unit, SPECIES, {"Sb": 1.0, "Te": 1e-6, "Pb": 1e-6})
    assert not unit.warnings(flows, p)


def test_a_species_that_is_not_in_the_flowsheet_is_refused():
    with pytest.raises(InputError, match="impurity_limit: no species 'Pd'"):
        refining(impurity_limit={"Pd": 1e-6}).resolve(Slate(SPECIES))
    with pytest.raises(InputError, match="distribution_coefficient: no species 'Pd'"):
        refining(distribution_coefficient={"Pd": 0.1}).resolve(Slate(SPECIES))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"passes": np.array([10.0 + 1e-40j])}, "passes cannot be varied"),
        ({"zone_to_bar": np.array([0.1 + 1e-40j])}, "zone_to_bar cannot be varied"),
        ({"passes": np.array([2.5])}, "passes must be a whole number"),
        ({"zones": np.array([1.5])}, "zones must be a whole number"),
        ({"zones": np.array([2.0]), "zone_pitch": 0.5}, "zones that follow each other at one"),
        ({"head_crop_fraction": np.array([0.9])}, "together take 1.1 of the bar"),
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


def test_it_is_linear_only_with_given_passes():
    assert refining(passes=3).is_linear()
    assert not refining(target_purity=0.999).is_linear()
    assert not refining(impurity_limit={"As": 1e-6}).is_linear()


@given(
    k=st.floats(0.01, 0.9),
    passes=st.integers(1, 12),
    zone=st.sampled_from([0.05, 0.1, 0.15, 0.2]),
    crop=st.floats(0.1, 0.4),
)
def test_one_pass_more_never_makes_the_ingot_dirtier(k, passes, zone, crop):
    fewer = kept(k, passes=passes, zone_to_bar=zone, crop_fraction=crop)
    more = kept(k, passes=passes + 1, zone_to_bar=zone, crop_fraction=crop)
    assert more <= fewer * (1.0 + 1e-6)


def test_ingot_and_figures_come_to_the_limit():
    unit = refining(passes=200, **FIXED)
    flows, p = flows_of(unit, SPECIES, {"Sb": 1.0, "Pb": 1e-5, "Sn": 1e-5, "As": 1e-7})
    least = shown(unit, flows, p, "impurities after endless passes")
    assert shown(unit, flows, p, "impurities in the ingot") == pytest.approx(least, rel=2e-3)
    few = refining(passes=5, **FIXED)
    flows, p = flows_of(few, SPECIES, {"Sb": 1.0, "Pb": 1e-5, "Sn": 1e-5, "As": 1e-7})
    assert shown(few, flows, p, "impurities after endless passes") == pytest.approx(least)
    assert shown(few, flows, p, "impurities in the ingot") > 1.5 * least


def test_a_head_crop_takes_what_gathers_at_the_head():
    """One pass with k = 3: the first zone length holds 3 to 1.1, mean 1 + 2 (1 - exp(-3)) / 3."""
    share = 0.1 * (1.0 + 2.0 * (1.0 - np.exp(-3.0)) / 3.0)
    whole = kept(3.0, passes=1, crop_fraction=0.0)
    rest = kept(3.0, passes=1, crop_fraction=0.0, head_crop_fraction=0.1)
    assert whole - rest == pytest.approx(share, rel=1e-6)
    feed = np.ones((len(SPECIES), 1))
    unit = refining(head_crop_fraction=0.1, crop_fraction=0.3)
    assert run(unit, Slate(SPECIES), {"feed": feed})["ingot"][0, 0] == pytest.approx(0.6)


def test_a_trace_between_the_crops_keeps_its_digits():
    """With k = 0.01 and ten passes nearly all of it is in the tail; the middle holds 1e-9 of it."""
    between = kept(0.01, passes=10, crop_fraction=0.5, head_crop_fraction=0.2)
    tails = [kept(0.01, passes=10, crop_fraction=c) for c in (0.5, 0.8)]
    assert between == pytest.approx(tails[0] - tails[1], rel=1e-6)
    # Mirrored: k = 10 leaves a trace behind a head crop.
    middle = kept(10.0, passes=3, crop_fraction=0.2, head_crop_fraction=0.6)
    assert 0.0 < middle < 0.5


def test_zones_one_after_another_are_passes():
    for k in (0.05, 0.64, 1.5):
        assert kept(k, passes=3, zones=4) == pytest.approx(kept(k, passes=12), rel=1e-12)


def test_zones_that_start_along_the_bar_refine_the_head_less():
    """In front of the second start, at 0.25, the head has seen one zone only: 1 - (1 - k) e^-kx."""
    along = {"zones": 2, "zones_start": "along_the_bar", "passes": 1}
    head = kept(0.1, **along, crop_fraction=0.85) / 0.15
    one = 1.0 - 0.9 * (1.0 - np.exp(-0.15)) / 0.15
    assert head == pytest.approx(one, rel=1e-6)
    both = kept(0.1, passes=1, zones=2)
    assert both < kept(0.1, **along) < kept(0.1, passes=1)


def test_a_train_of_zones_comes_to_the_same_limit():
    along = {"zones": 3, "zones_start": "along_the_bar", "zone_to_bar": 0.12}
    limit = kept(0.3, passes=200, zone_to_bar=0.12)
    assert kept(0.3, passes=200, **along) == pytest.approx(limit, rel=1e-3)


def furnace(**parameters):
    settings = {
        "passes": 10,
        "bar_length": "1 m",
        "bar_diameter": "40 mm",
        "zone_speed": "1 mm/min",
        "time_between_passes": "0 min",
        "loading_time": "0 h",
        "availability": "100 %",
        "bars_per_furnace": 2,
        "heater_power": "2 kW",
        "crop_fraction": "20 %",
        **parameters,
    }
    unit = refining(**settings)
    flows, p = flows_of(unit, SPECIES, {"Sb": 1e-3})
    return {figure.label: shown(unit, flows, p, figure.label) for figure in unit.figures(flows, p)}


def test_furnaces():
    """A bar of 1 m and 40 mm is 1.2566 l of 6690 kg/m^3; ten passes at 1 mm/min take 10,000 min."""
    found = furnace()
    assert found["mass of a bar"] == pytest.approx(8.407, rel=1e-3)
    assert found["time of a bar in the furnace"] == pytest.approx(166.67, rel=1e-4)
    assert found["furnace time per ingot"] == pytest.approx(166.67 / (0.8 * 8.407), rel=1e-3)
    assert found["metal in process"] == pytest.approx(600.0)  # 1 g/s for 600,000 s
    assert found["bars in furnaces at once"] == pytest.approx(600.0 / 8.407, rel=1e-3)
    assert found["furnaces"] == pytest.approx(300.0 / 8.407, rel=1e-3)
    assert found["energy per ingot, heaters"] == pytest.approx(333.3 / (0.8 * 8.407), rel=1e-3)
    assert found["power of the heaters, mean"] == pytest.approx(2.0 * 600.0 / 8.407, rel=1e-3)
    slow = furnace(loading_time="10 h", time_between_passes="30 min", availability="80 %")
    assert slow["time of a bar in the furnace"] == pytest.approx(166.67 + 10.0 + 5.0, rel=1e-4)
    assert slow["bars in furnaces at once"] == pytest.approx(
        3.6 * (166.67 + 15.0) / 0.8 / 8.407, rel=1e-3
    )
    assert slow["energy per ingot, heaters"] == pytest.approx(found["energy per ingot, heaters"])
    assert slow["metal in process"] == pytest.approx(3.6 * (166.67 + 15.0) / 0.8, rel=1e-4)


def test_several_zones_save_time():
    """Five passes of two zones, the rear one 0.25 m behind, or starting beside the other."""
    apart = furnace(passes=5, zones=2)
    assert apart["zones led through a bar"] == 10.0
    assert apart["time of a bar in the furnace"] == pytest.approx(5 * 1250 / 60.0, rel=1e-6)
    beside = furnace(passes=5, zones=2, zones_start="along_the_bar")
    assert beside["time of a bar in the furnace"] == pytest.approx(5 * 1000 / 60.0, rel=1e-6)
    ratio = apart["energy per ingot, heaters"] / beside["energy per ingot, heaters"]
    assert ratio == pytest.approx(1.25)
    assert beside["energy per ingot, heaters"] == pytest.approx(333.3 / (0.8 * 8.407), rel=1e-3)


def test_a_zone_that_stands_still_needs_no_furnaces():
    assert "furnaces" not in furnace(zone_speed="0 mm/min")


def test_bars_leave_cold():
    flows, p = flows_of(refining(), SPECIES, {"Sb": 1.0})
    assert refining().temperatures(flows, p) == {"ingot": 298.15, "crop": 298.15}


def test_the_front_zone_along_the_bar_goes_first():
    """It has left its place before the rear one comes; the other way round less is removed."""
    front_first = profile([0.1], 1, 0.1, starts=(0.5, 0.25, 0.0))
    found = kept(0.1, passes=1, zones=3, zones_start="along_the_bar", **FIXED)
    assert found == pytest.approx(front_first.content[:800].sum() / 10.0, rel=1e-9)
    rear_first = profile([0.1], 1, 0.1, starts=(0.0, 0.25, 0.5))
    assert found != pytest.approx(rear_first.content[:800].sum() / 10.0, rel=1e-3)
