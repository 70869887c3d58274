"""A cyclone, or a screen, that sends its coarse product back through a mill."""

from typing import ClassVar

import numpy as np
import pytest

from flowsheet import Flowsheet, Particles, Species, scenarios, sieve_series, solve
from flowsheet.core.parameters import Fraction
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.unit import ParticleUse, UnitOp
from unitops.classification.hydrocyclone import Hydrocyclone
from unitops.classification.screen import Screen
from unitops.streams.feed import Feed
from unitops.streams.sized_feed import SizedFeed


class StandInMill(UnitOp):
    """Break a fixed share of each class into the next finer one; the finest stays."""

    particles: ClassVar[ParticleUse] = "needed"

    feed: Inlet
    discharge: Outlet
    broken: Fraction

    def is_linear(self):
        return True

    def run(self, feed, p):
        sized = feed.sized
        moved = sized * p.broken
        moved = np.concatenate([moved[:, :-1], np.zeros_like(moved[:, :1])], axis=1)
        arrived = np.concatenate([np.zeros_like(moved[:, :1]), moved[:, :-1]], axis=1)
        return {"discharge": feed.with_sized(sized - moved + arrived)}


def circuit(classifier, *, sieves, ore=None, p80="500 um", flow="100 t/h", broken="60 %"):
    coarse, fine = [port for port, kind in classifier.ports().items() if kind == "outlet"]
    return Flowsheet(
        species=["Sb2S3", "SiO2", "H2O"],
        particles=Particles(sieves=sieves, minerals=["Sb2S3", "SiO2"]),
        units={
            "ore": SizedFeed(
                outlet="ore",
                flow=flow,
                composition={"Sb2S3": "4 %"},
                remainder="SiO2",
                percent_solids="40 %",
                **(ore or {"p80": p80}),
            ),
            "water": Feed(outlet="dilution", flow="100 t/h", composition={"H2O": 1.0}),
            "classifier": classifier.model_copy(
                update={
                    "feed": ("ore", "dilution", "mill_discharge"),
                    coarse: "to_mill",
                    fine: "product",
                }
            ),
            "mill": StandInMill(feed="to_mill", discharge="mill_discharge", broken=broken),
        },
    )


PORTS = {"feed": "x", "underflow": "y", "overflow": "z"}
SERIES = sieve_series("1.2 mm", 12)
GIVEN = Hydrocyclone(
    **PORTS, cut_size="106 um", sharpness=2.2, water_to_underflow="30 %", density_exponent=0.0
)
PREDICTED = Hydrocyclone(
    **PORTS,
    cyclones=4,
    cyclone_diameter="38 cm",
    inlet_diameter="10 cm",
    vortex_finder_diameter="13 cm",
    apex_diameter="10 cm",
    free_vortex_height="115 cm",
)


def figure(solution, label, unit="classifier"):
    return {f.label: f.value[0] for f in solution.figures(unit)}[label]


def test_circulating_load_of_two_classes_by_hand():
    # Means of 300 and 75 um; what arrives coarse is caught by E1, what arrives fine by E2, and
    # 60 % of what is caught coarse comes back fine: m1 = E1 (f1 + 0.4 m1), m2 = E2 (f2 + 0.6 m1
    # + m2).
    plant = circuit(GIVEN, sieves=["600 um", "150 um"], ore={"passing": {"150 um": "30 %"}})
    solution = solve(plant)
    caught = [0.3 + 0.7 * (1.0 - 2.0 ** -((size / 106.0) ** 2.2)) for size in (300.0, 75.0)]
    coarse = caught[0] * 70.0 / (1.0 - 0.4 * caught[0])
    fine = caught[1] * (30.0 + 0.6 * coarse) / (1.0 - caught[1])
    to_mill = solution["to_mill"].dry_flow().magnitude
    assert to_mill == pytest.approx(coarse + fine, rel=1e-9)
    load = figure(solution, "circulating load, underflow over overflow")
    assert load == pytest.approx((coarse + fine) / 100.0, rel=1e-9)
    assert solution["product"].dry_flow().magnitude == pytest.approx(100.0, rel=1e-9)
    # All of the water leaves with the overflow: W = 250 t/h fresh, 250 / 0.7 through the cyclone.
    water = solution["to_mill"].species("H2O").magnitude
    assert water == pytest.approx(0.3 * 250.0 / 0.7, rel=1e-9)


def test_circulating_load_of_many_classes_against_the_matrix():
    plant = circuit(GIVEN, sieves=SERIES)
    solution = solve(plant)
    particles = plant.slate.particles
    caught = 0.3 + 0.7 * (1.0 - 2.0 ** -((particles.mean_sizes / 106e-6) ** 2.2))
    broken = np.diag([0.4] * 11 + [1.0]) + np.diag([0.6] * 11, -1)
    ore = np.array(
        [solution.flows["ore"][list(plant.slate.rows_of("SiO2"))[1:], 0]]  # the first has no size
    )[0]
    caught = np.diag(caught)
    expected = np.linalg.solve(np.eye(12) - caught @ broken, caught @ ore)
    found = solution.flows["to_mill"][list(plant.slate.rows_of("SiO2"))[1:], 0]
    np.testing.assert_allclose(found, expected, rtol=1e-9)


@pytest.mark.parametrize("broken", ["20 %", "60 %", "95 %"])
def test_predicted_cyclones_and_a_mill_find_their_balance(broken):
    plant = circuit(PREDICTED, sieves=SERIES, broken=broken)
    solution = solve(plant)
    assert solution["product"].dry_flow().magnitude == pytest.approx(100.0, rel=1e-9)
    assert solution["product"].species("Sb2S3").magnitude == pytest.approx(4.0, rel=1e-9)
    load = figure(solution, "circulating load, underflow over overflow")
    assert load == pytest.approx(solution["to_mill"].dry_flow().magnitude / 100.0, rel=1e-9)
    assert 0.2 < load < 20.0
    assert solution["product"].passing_size("80 %") < solution["to_mill"].passing_size("80 %")


def test_heavy_minerals_go_round_more_often():
    solution = solve(circuit(PREDICTED, sieves=SERIES))
    stibnite, quartz = (
        solution["to_mill"].species(name) / solution["product"].species(name)
        for name in ("Sb2S3", "SiO2")
    )
    assert stibnite > 1.2 * quartz
    assert solution["product"].passing_size(kind="Sb2S3") < solution["product"].passing_size(
        kind="SiO2"
    )


def test_scenarios_of_a_closed_circuit_equal_single_solutions():
    plant = circuit(PREDICTED, sieves=SERIES)
    apexes = ["9 cm", "10 cm", "11 cm"]
    found = scenarios(plant, {"classifier.apex_diameter": apexes})
    assert found.solved == 3
    for place, apex in enumerate(apexes):
        alone = solve(plant, set={"classifier.apex_diameter": apex})
        np.testing.assert_allclose(
            found.flow("to_mill").total()[place], alone.flows["to_mill"].sum(), rtol=1e-8
        )


def test_a_screen_closes_a_crusher():
    classifier = Screen(
        feed="x",
        oversize="y",
        undersize="z",
        aperture="12 mm",
        wire_diameter="4 mm",
        area="12 m^2",
        water_to_oversize="20 %",
    )
    plant = circuit(classifier, sieves=sieve_series("64 mm", 12), p80="25 mm")
    solution = solve(plant)
    assert solution["product"].dry_flow().magnitude == pytest.approx(100.0, rel=1e-9)
    assert solution["product"].passing("16 mm").magnitude == pytest.approx(100.0, abs=1e-9)
    assert figure(solution, "undersize efficiency") < 1.0


def test_a_mineral_without_a_size_is_told_by_the_plant():
    plant = Flowsheet(
        species=[Species("ore", formula="SiO2", density="2650 kg/m^3"), "H2O"],
        particles=Particles(sieves=SERIES, minerals=["ore"]),
        units={
            "ore": Feed(
                outlet="ore", flow="10 t/h", composition={"ore": 1.0}, percent_solids="50 %"
            ),
            "cyclones": GIVEN.model_copy(
                update={"feed": ("ore",), "underflow": "coarse", "overflow": "fine"}
            ),
        },
    )
    solution = solve(plant)
    assert any(
        "ore arrives without a size (100.00% of the solids)" in w for w in solution.warnings()
    )
    assert solution["coarse"].dry_flow().magnitude == pytest.approx(3.0, rel=1e-9)
