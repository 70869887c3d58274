"""Figures of particles as targets, limits, derivatives and spreads."""

import re

import numpy as np
import pytest

from flowsheet import (
    Composite,
    Flowsheet,
    InputError,
    Particles,
    SolveError,
    Vary,
    liberation,
    passing,
    passing_size,
    scenarios,
    sensitivities,
    sieve_series,
    solve,
)
from unitops.classification.hydrocyclone import Hydrocyclone
from unitops.comminution.ball_mill import BallMill
from unitops.streams.mixer import Mixer
from unitops.streams.sized_feed import SizedFeed
from unitops.streams.water_addition import WaterAddition

SIEVES = sieve_series("2 mm", 14)
MIDDLINGS = Composite(name="middlings", minerals={"Sb2S3": 0.2, "SiO2": 0.8}, grain_size="300 um")


def feed(p80="400 um"):
    return SizedFeed(
        outlet="ore",
        flow="10 t/h",
        composition={"Sb2S3": "5 %", "H2O": "10 %"},
        remainder="SiO2",
        p80=p80,
        size_modulus=0.8,
        size_law="gates_gaudin_schuhmann",
    )


def plant(**units):
    return Flowsheet(
        species=["Sb2S3", "SiO2", "H2O"],
        particles=Particles(sieves=SIEVES, minerals=["Sb2S3", "SiO2"], composites=[MIDDLINGS]),
        units={"ore": feed(), **units},
    )


def mill(**given):
    return BallMill(feed="ore", product="ground", rate_at_1_mm="0.8 1/min", **given)


def test_a_law_given_by_its_p80_has_it():
    found = scenarios(plant(), vary={"ore.p80": ["300 um", "400 um", "500 um"]})
    np.testing.assert_allclose(found.values(passing_size("ore")), [300.0, 400.0, 500.0], rtol=1e-9)
    # F(x) = 0.8 (x / P80)^0.8
    share = 80.0 * (200.0 / np.array([300.0, 400.0, 500.0])) ** 0.8
    np.testing.assert_allclose(found.values(passing("ore", "200 um")), share, rtol=1e-9)
    fifty = np.array([300.0, 400.0, 500.0]) * (50.0 / 80.0) ** 1.25
    np.testing.assert_allclose(found.values(passing_size("ore", "50 %")), fifty, rtol=1e-9)


def test_they_say_what_streams_say():
    flowsheet = plant(mill=mill(residence_time="4 min"))
    solution, found = solve(flowsheet), scenarios(flowsheet, vary={"ore.flow": ["10 t/h"]})
    ground = solution["ground"]
    for measure, read in (
        (passing_size("ground"), ground.passing_size("80 %")),
        (passing_size("ground", kind="middlings"), ground.passing_size("80 %", "middlings")),
        (passing("ground", "75 um", "SiO2"), ground.passing("75 um", "SiO2")),
        (liberation("ground", "Sb2S3"), ground.liberation("Sb2S3")),
    ):
        assert found.values(measure)[0] == pytest.approx(read.magnitude, rel=1e-9)


def test_a_mill_is_set_for_a_grind():
    flowsheet = plant(mill=mill(residence_time="4 min"))
    target = passing_size("ground") == "150 um"
    solution = solve(flowsheet, specs=Vary("mill.residence_time").until(target))
    assert solution["ground"].passing_size("80 %").magnitude == pytest.approx(150.0, rel=1e-9)
    finer = solve(
        flowsheet, specs=Vary("mill.residence_time").until(passing("ground", "75 um") == "70 %")
    )
    assert finer["ground"].passing("75 um").magnitude == pytest.approx(70.0, rel=1e-9)
    assert finer.varied["mill.residence_time"] > solution.varied["mill.residence_time"]


def test_their_derivatives_are_those_of_a_closed_form():
    """P80 of the law moves with p80 one to one; what passes 200 um falls with its power 0.8."""
    of = [passing_size("ore"), passing("ore", "200 um")]
    found = sensitivities(solve(plant()), of=of, by="ore.p80")
    size, share = (found.entry(measure, "ore.p80").elasticity for measure in found.measures)
    assert size == pytest.approx(1.0, rel=1e-9)
    assert share == pytest.approx(-0.8, rel=1e-9)


def test_liberation_follows_the_grain_size():
    coarse, fine = (solve(plant(mill=mill(residence_time=t)))["ground"] for t in ("1 min", "8 min"))
    assert coarse.liberation("Sb2S3") < fine.liberation("Sb2S3")


@pytest.mark.parametrize(
    ("measure", "message"),
    [
        (passing_size("oar"), "there is no stream 'oar'; did you mean 'ore'"),
        (passing_size("ore", kind="H2O"), "P80 of H2O in 'ore': 'H2O' has no size classes"),
        (
            passing("ore", "5 um"),
            "share of 'ore' finer than 5 um: 5 um is below the finest sieve, 22.1 um; add finer",
        ),
        (liberation("ore", "middlings"), "'middlings' is no mineral of the particles"),
    ],
)
def test_what_cannot_be_read_is_refused(measure, message):
    wanted = "50 um" if str(measure).startswith("P80") else "50 %"
    with pytest.raises(InputError, match=message):
        solve(plant(), specs=Vary("ore.flow").until(measure == wanted))


def test_a_flowsheet_without_particles_has_none():
    bare = Flowsheet(species=["H2O"], units={"pump": Mixer(feed=[], product="water")})
    for measure in (passing_size("water"), passing("water", "75 um")):
        with pytest.raises(
            InputError, match="this flowsheet has no size classes; give it particles="
        ):
            measure.check(bare)


def test_sizes_are_lengths_and_shares_fractions():
    with pytest.raises(InputError, match='needs a unit of length, got "75"'):
        passing("ore", "75")
    with pytest.raises(InputError, match=r'must lie between 0 and 1, got "120 %"'):
        passing_size("ore", "120 %")


def test_a_target_that_needs_sizes_beyond_the_sieves_is_met_if_it_can_be():
    """On the way the feed would be coarser than the top sieve, which it refuses."""
    rosin = plant().with_parameters({"ore.size_law": "rosin_rammler", "ore.p80": "300 um"})
    solution = solve(rosin, specs=Vary("ore.p80").until(passing("ore", "75 um") == "22 %"))
    assert solution["ore"].passing("75 um").magnitude == pytest.approx(22.0, rel=1e-9)
    with pytest.raises(SolveError, match="target of share of 'ore' finer than 75 um"):
        solve(rosin, specs=Vary("ore.p80").until(passing("ore", "75 um") == "2 %"))


def test_a_grind_finer_than_the_sieves_is_refused():
    message = "P80 of 'ore': 5 um is below the finest sieve, 22.1 um; add finer sieves"
    with pytest.raises(InputError, match=message):
        solve(plant(), specs=Vary("ore.p80").until(passing_size("ore") == "5 um"))


def closed_circuit(time="6 min"):
    """A mill closed by cyclones, which holds two states where the mill is overloaded."""
    return Flowsheet(
        species=["Sb2S3", "SiO2", "H2O"],
        particles=Particles(
            sieves=sieve_series("9.5 mm", 7, ratio=2.0),
            minerals=["Sb2S3", "SiO2"],
            composites=[MIDDLINGS],
        ),
        units={
            "ore": SizedFeed(
                outlet="ore",
                flow="80 t/h",
                composition={"Sb2S3": "3.5 %"},
                remainder="SiO2",
                percent_solids="96 %",
                p80="5 mm",
                size_law="gates_gaudin_schuhmann",
            ),
            "mill": BallMill(
                feed=["ore", "coarse"],
                product="discharge",
                residence_time=time,
                rate_at_1_mm="0.8 1/min",
            ),
            "sump": WaterAddition(
                feed="discharge", water="water", product="pulp", percent_solids="50 %"
            ),
            "cyclones": Hydrocyclone(
                feed="pulp",
                underflow="coarse",
                overflow="fine",
                cyclones=3,
                cyclone_diameter="38 cm",
                inlet_diameter="10 cm",
                vortex_finder_diameter="13 cm",
                apex_diameter="8 cm",
                free_vortex_height="115 cm",
            ),
        },
    )


def test_the_nearest_value_that_a_message_names_is_what_a_solve_there_gives():
    unreachable = Vary("mill.residence_time").until(liberation("fine", "Sb2S3") == "99 %")
    with pytest.raises(SolveError, match="is not met") as caught:
        solve(closed_circuit(), specs=unreachable)
    told = re.search(r"not met: (\S+) percent .* at (\S+ min);", str(caught.value))
    there = solve(closed_circuit(told[2]))["fine"].liberation("Sb2S3").magnitude
    assert there == pytest.approx(float(told[1]), rel=1e-3)
