import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsheet import Composite, Flowsheet, Particles, recovery, sieve_series, solve, sweep
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow
from flowsheet.core.slate import Slate
from tests.unitops.gravity.sized_ore import (
    DENSITIES,
    SHARES,
    SIZES,
    SPREADS,
    one_of_each,
    ore,
    told,
)
from tests.unitops.properties import (
    check_classes_close,
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
    run,
)
from unitops.gravity.centrifugal_concentrator import CentrifugalConcentrator
from unitops.streams.sized_feed import SizedFeed

SPECIES = ["Au", "Sb2S3", "SiO2", "CaCO3", "H2O", "O2"]
SIEVES = ["20 mm", "500 um", "150 um", "40 um"]
PARTICLES = Particles(
    sieves=SIEVES,
    minerals=["Au", "Sb2S3", "SiO2"],
    composites=[Composite(name="locked_gold", minerals={"Au": "1 %", "Sb2S3": "99 %"})],
)
SLATE = Slate(SPECIES, PARTICLES)
ROWS = SLATE.count
WATER = SLATE.row("H2O")
PORTS = {"feed": "ore", "fluidisation_water": "w", "concentrate": "c", "tailings": "t"}


def bowl(**given_parameters):
    chosen = {"cut_density": "8 t/m^3", **given_parameters}
    if "recovery" in chosen:
        del chosen["cut_density"]
    return CentrifugalConcentrator(**PORTS, **chosen)


def gold_ore(by_class=(0.05, 0.45, 0.3, 0.2), gold=1e-4, locked=0.0, water=20.0):
    """10 kg/s of solids, 36 t/h, with 10 g/t of gold."""
    minerals = {"Au": gold, "locked_gold": locked, "Sb2S3": 0.5, "SiO2": 9.5 - gold - locked}
    return ore(SLATE, by_class, minerals, water)


def won(unit, feed, name, slate=SLATE):
    """Recovery of a mineral to the concentrate, by class."""
    fed = Flow(slate, feed)
    made = Flow(slate, run(unit, slate, {"feed": feed})["concentrate"])
    rows = [row for row in slate.rows_of(name) if row >= len(slate.species)]
    return made.mass[rows, 0] / fed.mass[rows, 0]


@settings(deadline=None)
@given(
    mass=random_masses(ROWS, columns=2),
    cut=DENSITIES,
    spread=SPREADS,
    limit=SIZES,
    exponent=st.floats(0.0, 3.0),
    efficiency=SHARES,
    content=SHARES,
    taken=SHARES,
    wash=st.floats(0.0, 100.0),
)
def test_any_feed_closes(*, mass, cut, spread, limit, exponent, efficiency, content, taken, wash):
    unit = bowl(
        cut_density=f"{cut} kg/m^3",
        ecart_probable=spread,
        fine_limit=limit,
        fine_exponent=exponent,
        stage_efficiency=efficiency,
        mass_yield=taken,
        gravity_recoverable=content,
        water_ratio=f"{wash} m^3/t",
        water_to_concentrate=content,
    )
    check_unit(unit, SPECIES, {"feed": mass}, PARTICLES)
    check_classes_close(unit, SPECIES, {"feed": mass}, PARTICLES)


@settings(deadline=None)
@given(mass=random_masses(ROWS, columns=2), share=SHARES)
def test_any_feed_closes_with_given_recoveries(mass, share):
    unit = bowl(recovery={"Au": share, "others": 0.01}, mode="continuous")
    check_unit(unit, SPECIES, {"feed": mass}, PARTICLES)


@pytest.mark.parametrize("unit", [bowl(), bowl(mode="continuous"), bowl(recovery=0.2)])
def test_zero_feed_gives_zero(unit):
    check_zero_feed(unit, SPECIES, PARTICLES)


@pytest.mark.parametrize("taken", ["0.1 %", "20 %"])
def test_derivative(taken):
    # With room to spare, and overloaded with gold.
    unit = bowl(mass_yield=taken, recoverable_by_size=dict.fromkeys(SIEVES, 0.7), heavy="Au")
    feed = np.linspace(0.5, 3.0, ROWS)[:, None]
    check_derivative(unit, SPECIES, {"feed": feed}, PARTICLES)


@given(taken=st.floats(1e-6, 1.0))
def test_the_concentrate_takes_its_share_of_the_solids(taken):
    made = run(bowl(mass_yield=taken), SLATE, {"feed": gold_ore()})["concentrate"]
    solids = made.sum() - made[WATER, 0]
    assert solids == pytest.approx(10.0 * taken, rel=1e-12)


@settings(deadline=None, max_examples=50)
@given(cut=DENSITIES, spread=SPREADS, taken=st.floats(1e-6, 1.0))
def test_denser_particles_of_a_size_never_go_less_to_the_concentrate(cut, spread, taken):
    unit = bowl(cut_density=f"{cut} kg/m^3", ecart_probable=spread, mass_yield=taken)
    feed = one_of_each(SLATE)
    recovered = [won(unit, feed, name) for name in ("SiO2", "Sb2S3", "locked_gold", "Au")]
    assert np.all(np.diff(recovered, axis=0) >= -1e-15)


def test_average_ore_of_laplante_in_an_average_machine():
    # 38 ores hold 63 % of their gold as gravity-recoverable; a machine that takes 50 % of that out
    # of what it treats wins 31.5 %, plus its share of what the bed holds, here nothing.
    unit = bowl(
        gravity_recoverable={"Au": "63 %"},
        stage_efficiency="50 %",
        fine_exponent=0.0,
        mass_yield="0.00315001 %",
        cut_density="8 t/m^3",
        ecart_probable="1 kg/m^3",
    )
    feed = gold_ore(gold=1e-3)
    np.testing.assert_allclose(won(unit, feed, "Au"), 0.315, rtol=1e-5)
    np.testing.assert_allclose(won(unit, feed, "SiO2"), 0.0, atol=1e-8)


def test_content_by_size_as_a_test_reports_it():
    # Gold spread 10, 40, 30, 20 % over the classes, recoverable to 90, 80, 60 and 20 % of each:
    # 63 % in all.
    unit = bowl(
        heavy="Au",
        recoverable_by_size={"20 mm": "90 %", "500 um": "80 %", "0.15 mm": "60 %", "40 um": "20 %"},
        stage_efficiency="50 %",
        fine_exponent=0.0,
        mass_yield="0.1 %",
        cut_density="10 t/m^3",
        ecart_probable="10 kg/m^3",
    )
    feed = gold_ore(by_class=(0.1, 0.4, 0.3, 0.2))
    figures, _ = told(unit, SLATE, feed)
    label = "gravity-recoverable Au in the feed"
    np.testing.assert_allclose(figures[label][0], 0.9 * 0.1 + 0.8 * 0.4 + 0.6 * 0.3 + 0.2 * 0.2)
    filling = (1e-3 - 0.5 * 0.63 * 1e-5) / (1.0 - 0.5 * 0.63 * 1e-5)
    caught = np.array([0.45, 0.4, 0.3, 0.1])
    expected = caught + (1.0 - caught) * filling
    np.testing.assert_allclose(won(unit, feed, "Au"), expected, rtol=1e-9)
    share = figures["gravity-recoverable Au recovered"][0]
    np.testing.assert_allclose(share * 0.63, expected @ [0.1, 0.4, 0.3, 0.2])


@pytest.mark.parametrize("exponent", [0.3, 0.45, 0.6])
def test_recovery_falls_as_a_power_of_size_below_the_limit(exponent):
    slate = Slate(
        ["Au", "SiO2", "H2O"],
        Particles(sieves=sieve_series("10 mm", 12, ratio=4.0), minerals=["Au", "SiO2"]),
    )
    unit = bowl(fine_exponent=exponent, mass_yield="20 %", ecart_probable="0.3 t/m^3")
    feed = one_of_each(slate)
    caught = won(unit, feed, "Au", slate)
    quartz = won(unit, feed, "SiO2", slate)
    free_of_bed = (caught - quartz) / (1.0 - quartz)
    sizes = slate.particles.mean_sizes
    fine = sizes < 5e-6
    slope = np.diff(np.log(free_of_bed[fine])) / np.diff(np.log(sizes[fine]))
    np.testing.assert_allclose(slope, exponent, rtol=0.02)
    np.testing.assert_allclose(free_of_bed[sizes > 1e-3], 0.4, rtol=0.01)


def test_without_heavies_the_concentrate_is_a_sample_of_the_feed():
    feed = one_of_each(SLATE)
    unit = bowl(cut_density="60 t/m^3", mass_yield="7 %", mode="continuous")
    made = run(unit, SLATE, {"feed": feed})["concentrate"][:, 0]
    solid = SLATE.in_phase("solid")[:, 0] > 0.0
    np.testing.assert_allclose(made[solid], 0.07, rtol=1e-6)


def test_an_overloaded_bowl_holds_heavies_only_and_loses_the_rest():
    # Gold of 9 % by mass in a bowl with room for 1 %.
    feed = gold_ore(gold=0.9)
    unit = bowl(mass_yield="1 %", ecart_probable="10 kg/m^3", fine_exponent=0.0)
    np.testing.assert_allclose(won(unit, feed, "Au"), 1.0 / 9.0, rtol=1e-9)
    np.testing.assert_allclose(won(unit, feed, "SiO2"), 0.0, atol=1e-12)
    _, warned = told(unit, SLATE, feed)
    assert warned == [
        "mass_yield of 1.000%; batch machines take 0.01% to 0.5% of the feed",
        "heavies of 3.600% of the feed compete for a mass_yield of 1.000%; flush more often or "
        "raise the cut_density",
    ]


def test_fluidisation_water_is_drawn_per_solids():
    made = run(
        bowl(water_ratio="0.5 m^3/t", water_to_concentrate="1 %"), SLATE, {"feed": gold_ore()}
    )
    assert made["fluidisation_water"].sum() == pytest.approx(5.0)
    assert made["concentrate"][WATER, 0] == pytest.approx(0.25)
    assert made["tailings"][WATER, 0] == pytest.approx(24.75)


def test_given_recoveries_need_no_sizes():
    slate = Slate(["Au", "SiO2", "H2O"])
    unit = bowl(recovery={"Au": "30 %", "others": "0.1 %"}, water_to_concentrate="2 %")
    made = run(unit, slate, {"feed": np.array([[1.0], [1000.0], [700.0]])})
    np.testing.assert_allclose(made["concentrate"][:, 0], [0.3, 1.0, 0.02 * (700.0 + 300.3)])


def test_solids_without_a_size_are_caught_as_coarse_ones():
    feed = one_of_each(SLATE)
    made = run(bowl(cut_density="2710 kg/m^3", mass_yield="100 %"), SLATE, {"feed": feed})
    assert made["concentrate"][SLATE.row("CaCO3"), 0] == pytest.approx(1.0)
    unit = bowl(cut_density="2710 kg/m^3", fine_exponent=3.0, mass_yield="50 %")
    made = run(unit, SLATE, {"feed": feed})["concentrate"]
    fine_quartz = won(unit, feed, "SiO2")[-1]
    assert made[SLATE.row("CaCO3"), 0] > fine_quartz


def test_machine_in_a_grinding_circuit():
    # More gold is won where the machine sees it again: in a flowsheet with a recycle.
    plant = Flowsheet(
        species=["Au", "SiO2", "H2O"],
        particles=Particles(sieves=sieve_series("1 mm", 8), minerals=["Au", "SiO2"]),
        units={
            "ore": SizedFeed(
                outlet="ore",
                flow="36 t/h",
                composition={"Au": "10 g/t"},
                remainder="SiO2",
                p80="200 um",
                percent_solids="50 %",
            ),
            "knelson": bowl(),
        },
    )
    found = sweep(plant, {"knelson.stage_efficiency": ["20 %", "40 %", "60 %"]})
    recovered = found.values(recovery("Au", to="c"))
    assert np.all(np.diff(recovered) > 5.0)
    assert np.all((recovered > 10.0) & (recovered < 60.0))
    assert solve(plant).warnings() == []


def test_figures():
    unit = bowl(
        heavy="Au",
        light="SiO2",
        gravity_recoverable={"Au": "60 %"},
        capacity_per_machine="20 t/h",
        cycle_time="30 min",
    )
    figures, warned = told(unit, SLATE, gold_ore(locked=0.01))
    assert warned == []
    np.testing.assert_allclose(figures["solids to concentrate"][0], 5e-4)
    np.testing.assert_allclose(figures["fluidisation water"][0] * 3600.0, 10.8)
    np.testing.assert_allclose(figures["machines needed"][0], 2.0)
    label = "concentrate of one cycle, all machines"
    np.testing.assert_allclose(figures[label][0], 36000.0 * 5e-4 / 2.0)
    assert figures[label][1] == "kg"
    # Half of the gold is locked, and 60 % of the free gold is recoverable.
    np.testing.assert_allclose(figures["gravity-recoverable Au in the feed"][0], 0.3)
    np.testing.assert_allclose(figures["concentration criterion Au / SiO2"][0], 10.0)


def test_zero_feed_has_figures_and_no_warnings():
    figures, warned = told(bowl(heavy="Au"), SLATE, np.zeros((ROWS, 1)))
    assert figures["solids to concentrate"][0] == 0.0
    assert warned == []


@pytest.mark.parametrize(
    ("parameters", "feed", "message"),
    [
        (
            {"mode": "continuous", "mass_yield": "60 %"},
            gold_ore(),
            "mass_yield of 60.000%; continuous machines take 1.00% to 40.0% of the feed",
        ),
        (
            {},
            gold_ore(by_class=(0.4, 0.2, 0.2, 0.2)),
            "40% of the solids fed are coarser than 2 mm; screen them off",
        ),
        (
            {"heavy": "Au", "stage_efficiency": "80 %"},
            gold_ore(),
            "of the gravity-recoverable Au is recovered; machines in plants take 20 to 60 % out of "
            "their feed",
        ),
        (
            {"heavy": "CaCO3", "light": "SiO2"},
            gold_ore(),
            "concentration criterion 1.04 for CaCO3 and SiO2; below 1.25 they do not separate by "
            "gravity, spinning or not",
        ),
    ],
)
def test_warnings(parameters, feed, message):
    _, warned = told(bowl(**parameters), SLATE, feed)
    assert len(warned) == 1
    assert message in warned[0]


BY_SIZE = dict.fromkeys(SIEVES, "50 %")


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"cut_density": None}, "give either cut_density (with particles in size classes) or"),
        ({"recovery": 0.5, "mass_yield": "1 %"}, "mass_yield follows from recovery; give one"),
        ({"light": "SiO2"}, "light says something of the heavy mineral; give heavy as well"),
        (
            {"recoverable_by_size": BY_SIZE},
            "recoverable_by_size says something of the heavy mineral; give heavy as well",
        ),
        (
            {"mode": "continuous", "cycle_time": "30 min"},
            "cycle_time belongs to a batch machine; leave it out",
        ),
        ({"capacity_per_machine": "0 t/h"}, "capacity_per_machine of 0 treats nothing"),
    ],
)
def test_senseless_settings_are_refused(parameters, message):
    with pytest.raises(InputError) as error:
        bowl(**parameters)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("heavy", "by_size", "message"),
    [
        (
            "Au",
            {"20 mm": 0.5, "500 um": 0.5, "150 um": 0.5},
            "recoverable_by_size: says nothing of the class that passes 40 um; name every sieve",
        ),
        (
            "Au",
            {**BY_SIZE, "75 um": 0.5},
            "recoverable_by_size: 75 um is no sieve of the series, which are 20 mm, 500 um, "
            "150 um, 40 um",
        ),
        (
            "CaCO3",
            BY_SIZE,
            "recoverable_by_size: CaCO3 has no size classes; list it among the minerals of the",
        ),
    ],
)
def test_contents_by_size_that_do_not_fit_are_refused(heavy, by_size, message):
    with pytest.raises(InputError) as error:
        run(bowl(heavy=heavy, recoverable_by_size=by_size), SLATE, {"feed": gold_ore()})
    assert message in str(error.value)


def test_a_cut_needs_sizes():
    with pytest.raises(InputError, match="cut_density needs the sizes of particles"):
        run(bowl(), Slate(["Au", "H2O"]), {"feed": np.ones((2, 1))})


def test_a_mineral_without_density_is_named():
    slate = Slate(["CaO", "H2O"], Particles(sieves=["1 mm"], minerals=["CaO"]))
    with pytest.raises(InputError, match="a separation by density needs a density of CaO"):
        run(bowl(), slate, {"feed": np.ones((slate.count, 1))})
