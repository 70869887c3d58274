"""Plants with particles: against calculation by hand, and against the same plant without sizes."""

from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsheet import (
    Composite,
    Flowsheet,
    InputError,
    Particles,
    Vary,
    grade,
    product,
    recovery,
    scenarios,
    sensitivities,
    sieve_series,
    solve,
)
from flowsheet.core.flow import Flow
from flowsheet.core.parameters import Fraction
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.unit import Figure, ParticleUse, UnitOp
from unitops.flotation.flotation_bank import FlotationBank
from unitops.gravity.hand_sorting import HandSorting
from unitops.smelting.roaster import Roaster
from unitops.streams.feed import Feed
from unitops.streams.sized_feed import SizedFeed
from unitops.streams.splitter import Splitter

KINDS = ("Sb2S3", "SiO2", "middlings")
MIDDLINGS = Composite(
    name="middlings", minerals={"Sb2S3": "20 %", "SiO2": "80 %"}, grain_size="80 um"
)
SIEVES = ["300 um", "150 um", "75 um", "38 um"]
PARTICLES = Particles(sieves=SIEVES, minerals=["Sb2S3", "SiO2"], composites=[MIDDLINGS])
ORE = {
    "outlet": "ore",
    "flow": "100 t/h",
    "composition": {"Sb2S3": "4 %"},
    "remainder": "SiO2",
}
SIZES = {"passing": {"150 um": "90 %", "75 um": "60 %", "38 um": "35 %"}, "locked": "30 %"}
fractions = st.fixed_dictionaries({kind: st.floats(0.0, 0.95) for kind in KINDS})


def percent(quantity):
    return quantity.to("percent").magnitude


def tonnes(quantity):
    return quantity.to("t/h").magnitude


def circuit(rougher, cleaner, ore=None):
    """A rougher and a cleaner whose tailings come back."""
    return Flowsheet(
        ["Sb2S3", "SiO2"],
        {
            "ore": ore or SizedFeed(**ORE, **SIZES),
            "rougher": Splitter(
                feed=["ore", "cleaner_tailings"],
                product="rougher_concentrate",
                remainder="tailings",
                fraction=rougher,
            ),
            "cleaner": Splitter(
                feed="rougher_concentrate",
                product="concentrate",
                remainder="cleaner_tailings",
                fraction=cleaner,
            ),
        },
        products=["concentrate"],
        particles=PARTICLES,
    )


def by_hand(rougher, cleaner):
    """Share of each kind in the ore that reaches the concentrate."""
    return {
        kind: rougher[kind] * cleaner[kind] / (1.0 - rougher[kind] * (1.0 - cleaner[kind]))
        for kind in KINDS
    }


@settings(max_examples=25)
@given(rougher=fractions, cleaner=fractions)
def test_a_circuit_splits_every_kind_and_class_as_by_hand(rougher, cleaner):
    solution = solve(circuit(rougher, cleaner))
    ore, concentrate = (Flow(solution.flowsheet.slate, solution.flows[s]).sized
                        for s in ("ore", "concentrate"))  # fmt: skip
    reached = by_hand(rougher, cleaner)
    expected = np.array([reached[kind] for kind in KINDS])[:, None, None] * ore
    np.testing.assert_allclose(concentrate, expected, rtol=1e-9, atol=1e-13)
    # 30 % of the stibnite is locked.
    recovered = 0.7 * reached["Sb2S3"] + 0.3 * reached["middlings"]
    assert percent(solution.recovery("Sb", to="concentrate")) == pytest.approx(
        100.0 * recovered, rel=1e-9, abs=1e-9
    )
    assert solution.audit.worst[0] < 1e-12


ROUGHER = {"Sb2S3": 0.9, "SiO2": 0.05, "middlings": 0.5}
CLEANER = {"Sb2S3": 0.9, "SiO2": 0.1, "middlings": 0.4}


def test_what_an_engineer_reads_of_the_concentrate():
    solution = solve(circuit(ROUGHER, CLEANER))
    concentrate = solution["concentrate"]
    # 2.8 t/h free stibnite, 6 t/h middlings (1.2 of stibnite), 91.2 t/h free quartz.
    free, locked, quartz = 2.8 * 0.81 / 0.91, 6.0 * 0.2 / 0.7, 91.2 * 0.005 / 0.955
    assert tonnes(concentrate.mass_flow()) == pytest.approx(free + locked + quartz)
    assert tonnes(concentrate.species("Sb2S3")) == pytest.approx(free + 0.2 * locked)
    assert tonnes(concentrate.species("middlings")) == pytest.approx(locked)
    assert percent(concentrate.liberation("Sb2S3")) == pytest.approx(
        100.0 * free / (free + 0.2 * locked)
    )
    # Every kind has the sizes of the ore and is split alike in all of them.
    sizes = [percent(share) for share in concentrate.size_distribution().values()]
    assert sizes == pytest.approx([100.0, 90.0, 60.0, 35.0])
    assert solution.species_flow("Sb2S3", ["ore"]) * 3.6 == pytest.approx(4.0)


def test_a_measure_of_a_species_counts_what_is_locked():
    flowsheet = circuit(ROUGHER, CLEANER)
    paths = {"rougher.fraction.middlings": [0.5]}
    found = scenarios(flowsheet, paths)
    stream = solve(flowsheet)["concentrate"]
    for part in ("Sb2S3", "SiO2", "middlings"):
        assert found.values(product("concentrate", part))[0] == pytest.approx(
            stream.species(part, "t/yr").magnitude
        )


def test_scenarios_as_by_hand():
    floated = np.linspace(0.0, 0.9, 7)
    found = scenarios(circuit(ROUGHER, CLEANER), {"rougher.fraction.middlings": floated})
    reached = 0.7 * 0.81 / 0.91 + 0.3 * floated * 0.4 / (1.0 - floated * 0.6)
    np.testing.assert_allclose(found.values(recovery("Sb", to="concentrate")), 100.0 * reached)


def test_sensitivities_as_by_hand():
    flowsheet = circuit(ROUGHER, CLEANER)
    of = recovery("Sb", to="concentrate")
    paths = ["rougher.fraction.middlings", "rougher.fraction.Sb2S3", "ore.locked", "ore.flow"]
    found = sensitivities(solve(flowsheet), of=of, by=paths)
    # d/df of f g / (1 - f (1 - g)) is g / (1 - f (1 - g))^2.
    expected = [0.3 * 0.4 / 0.7**2, 0.7 * 0.9 / 0.91**2, 0.2 / 0.7 - 0.81 / 0.91, 0.0]
    derivatives = [found.entry(of, path).derivative for path in paths]
    np.testing.assert_allclose(derivatives, expected, rtol=1e-9, atol=1e-15)


def test_a_grind_that_meets_a_recovery():
    """Finer ore has less locked in it; the P80 that reaches a recovery is found."""
    flowsheet = circuit(ROUGHER, CLEANER, SizedFeed(**ORE, p80="100 um"))
    wanted = recovery("Sb", to="concentrate")
    before = percent(solve(flowsheet).recovery("Sb", to="concentrate"))
    solution = solve(flowsheet, specs=[Vary("ore.p80").until(wanted == "50 %")])
    assert before < 45.0
    assert percent(solution.recovery("Sb", to="concentrate")) == pytest.approx(50.0)
    assert 20e-6 < solution.varied["ore.p80"] < 75e-6


# --- the same plant with and without sizes ---

SPECIES = [
    "Sb2S3", "FeAsS", "SiO2", "CaCO3", "H2O", "H2O(g)", "O2", "N2", "SO2", "CO2", "C", "Sb2O3",
    "Sb2O4", "Sb4O6(g)", "As4O6(g)", "As2O3", "FeAsO4", "Fe2O3", "CaO",
]  # fmt: skip
MINERALS = ["Sb2S3", "FeAsS", "SiO2"]
MIXED = {
    "flow": "80 t/h",
    "composition": {"Sb2S3": "5 %", "FeAsS": "1 %", "CaCO3": "10 %"},
    "remainder": "SiO2",
    "percent_solids": "35 %",
}
CLASSES = {
    "no sizes": None,
    "one class": Particles(sieves=["1 mm"], minerals=MINERALS),
    "six classes": Particles(sieves=sieve_series("600 um", 6), minerals=MINERALS),
}


def bank(feed, name, volume):
    return FlotationBank(
        feed=feed,
        concentrate=f"{name}_concentrate",
        tailings=f"{name}_tailings",
        cells=4,
        cell_volume=volume,
        rate_constant={"Sb2S3": "1.2 1/min", "FeAsS": "0.4 1/min", "others": "0.02 1/min"},
        water_recovery=0.1,
        entrainment=0.3,
    )


def roasting_plant(particles, circuits=1):
    """Flotation with a recycle, and a roaster, which sees plain minerals, on the concentrates."""
    units = {}
    for number in range(circuits):
        ore = {"outlet": f"ore{number}", **MIXED}
        feed = [f"ore{number}", f"cleaner{number}_tailings"]
        feed += [f"rougher{number - 1}_tailings"] if number else []
        units |= {
            f"ore{number}": SizedFeed(**ore, p80="90 um") if particles else Feed(**ore),
            f"rougher{number}": bank(feed, f"rougher{number}", "40 m^3"),
            f"cleaner{number}": bank(f"rougher{number}_concentrate", f"cleaner{number}", "5 m^3"),
            f"roaster{number}": Roaster(
                feed=f"cleaner{number}_concentrate",
                air=f"air{number}",
                fuel=f"fuel{number}",
                calcine=f"calcine{number}",
                gas=f"gas{number}",
                mode="volatilising",
                temperature="550 degC",
                excess_air=0.5,
            ),
        }
    return Flowsheet(SPECIES, units, particles=particles)


@pytest.mark.parametrize("circuits", [1, 12])
@pytest.mark.parametrize("classes", ["one class", "six classes"])
def test_a_plant_that_cares_for_no_size_is_the_plant_without_sizes(classes, circuits):
    plain = solve(roasting_plant(None, circuits))
    sized = solve(roasting_plant(CLASSES[classes], circuits))
    slate = sized.flowsheet.slate
    for name, mass in plain.flows.items():
        merged = Flow(slate, sized.flows[name]).merged().mass[: len(SPECIES)]
        np.testing.assert_allclose(merged, mass, rtol=1e-8, atol=1e-10, err_msg=name)
    assert sized.audit.worst[0] < 1e-9
    for unit in plain.flowsheet.units:
        told = {figure.label: figure.value for figure in plain.figures(unit)}
        again = {figure.label: figure.value for figure in sized.figures(unit)}
        assert set(again) - set(told) <= {"P80"}
        for label, value in told.items():
            np.testing.assert_allclose(again[label], value, rtol=1e-8, err_msg=label)
    assert plain.warnings() == sized.warnings()


def test_what_a_furnace_makes_has_no_size():
    solution = solve(roasting_plant(CLASSES["six classes"]))
    slate = solution.flowsheet.slate
    assert Flow(slate, solution.flows["cleaner0_concentrate"]).sized.sum() > 0.1
    for stream in ("calcine0", "gas0", "air0"):
        assert not Flow(slate, solution.flows[stream]).sized.any()
    with pytest.raises(InputError, match=r"^stream 'calcine0' holds no particles$"):
        solution["calcine0"].passing_size()
    assert "passing_percent" not in solution["calcine0"].to_dict()


def test_locked_minerals_are_roasted_like_free_ones():
    grown = Particles(sieves=SIEVES, minerals=MINERALS, composites=[MIDDLINGS])
    concentrate = {**MIXED, "composition": {"Sb2S3": "60 %", "FeAsS": "2 %"}}

    def plant(particles, source):
        roaster = Roaster(
            feed="ore", air="air", fuel="fuel", calcine="calcine", gas="gas", mode="dead",
            temperature="400 degC", excess_air=0.5,
        )  # fmt: skip
        return Flowsheet(SPECIES, {"ore": source, "roaster": roaster}, particles=particles)

    sized = SizedFeed(outlet="ore", **concentrate, p80="90 um", locked=0.1)
    locked = solve(plant(grown, sized))
    plain = solve(plant(None, Feed(outlet="ore", **concentrate)))
    assert tonnes(locked["ore"].species("middlings")) > 20.0
    for stream in ("calcine", "gas", "air"):
        np.testing.assert_allclose(
            locked.flows[stream][: len(SPECIES)], plain.flows[stream], rtol=1e-10, atol=1e-12
        )
    assert locked.audit.worst[0] < 1e-12
    for figure, again in zip(plain.figures("roaster"), locked.figures("roaster"), strict=True):
        assert figure.label == again.label
        np.testing.assert_allclose(again.value, figure.value, rtol=1e-9)
    assert plain.warnings() == locked.warnings()


# --- merged, kept and needed units beside each other ---


class Agitator(UnitOp):
    """Says nothing of particles, and so sees plain minerals; linear."""

    feed: Inlet
    left: Outlet
    right: Outlet
    share: Fraction

    def is_linear(self):
        return True

    def run(self, feed, p):
        assert not feed.sized.any(), "sizes reached a unit that knows nothing of them"
        left = feed * p.share
        return {"left": left, "right": feed - left}

    def figures(self, flows, p):
        sized = sum(flow.sized.sum(axis=(0, 1)) for flow in flows.values())
        return [Figure(sized, "kg/s", "with a size")]


class Screen(UnitOp):
    """Keeps the coarsest class back; what has no size is pulp, and passes."""

    particles: ClassVar[ParticleUse] = "needed"
    feed: Inlet
    oversize: Outlet
    undersize: Outlet

    def is_linear(self):
        return True

    def run(self, feed, p):
        coarse = np.zeros_like(feed.sized)
        coarse[:, 0] = feed.sized[:, 0]
        oversize = Flow(feed.slate, 0.0 * feed.mass).with_sized(coarse)
        return {"oversize": oversize, "undersize": feed - oversize}


def screened(units, particles=PARTICLES):
    return Flowsheet(["Sb2S3", "SiO2"], units, particles=particles)


def test_a_stream_without_sizes_reaches_a_unit_that_works_on_them():
    solution = solve(
        screened(
            {
                "ore": SizedFeed(**ORE, **SIZES),
                "dust": Feed(outlet="dust", flow="10 t/h", composition={"SiO2": 1.0}),
                "tank": Agitator(feed="ore", left="stirred", right="spilt", share=0.4),
                "again": SizedFeed(**{**ORE, "outlet": "fresh"}, **SIZES),
                "screen": Screen(
                    feed=["stirred", "dust", "fresh"], oversize="coarse", undersize="fine"
                ),
            }
        )
    )
    assert solution.figures("tank")[0].value.tolist() == [0.0]
    # Of 100 t/h with sizes a tenth stays on the screen; 40 + 10 t/h have none and pass.
    assert tonnes(solution["coarse"].mass_flow()) == pytest.approx(10.0)
    assert tonnes(solution["fine"].mass_flow()) == pytest.approx(140.0)
    assert percent(solution["fine"].passing("75 um")) == pytest.approx(60.0 / 0.9)
    assert tonnes(solution["fine"].species("Sb2S3")) == pytest.approx(3.6 + 1.6)
    assert solution.audit.worst[0] < 1e-14


@pytest.mark.parametrize("circuits", [1, 20])
def test_sizes_forgotten_in_a_recycle(circuits):
    """Half of the undersize is stirred, loses its size, and passes the screen when it is back."""
    units = {}
    for number in range(circuits):
        units |= {
            f"ore{number}": SizedFeed(**{**ORE, "outlet": f"ore{number}"}, **SIZES),
            f"screen{number}": Screen(
                feed=[f"ore{number}", f"back{number}"],
                oversize=f"coarse{number}",
                undersize=f"fine{number}",
            ),
            f"tank{number}": Agitator(
                feed=f"fine{number}", left=f"back{number}", right=f"out{number}", share=0.5
            ),
        }
    solution = solve(screened(units))
    for number in (0, circuits - 1):
        assert tonnes(solution[f"coarse{number}"].mass_flow()) == pytest.approx(10.0)
        assert tonnes(solution[f"fine{number}"].mass_flow()) == pytest.approx(180.0)
        assert tonnes(solution[f"out{number}"].species("Sb2S3")) == pytest.approx(3.6)
        # 90 t/h with sizes, as they came; 90 t/h without.
        slate = solution.flowsheet.slate
        sized = Flow(slate, solution.flows[f"fine{number}"]).sized
        assert sized.sum() * 3.6 == pytest.approx(90.0)
        assert percent(solution[f"fine{number}"].liberation("Sb2S3")) == pytest.approx(70.0)


def test_many_circuits_of_particles_as_by_hand():
    units = {"ore": SizedFeed(**ORE, **SIZES)}
    taken = "ore"
    for number in range(25):
        units[f"rougher{number}"] = Splitter(
            feed=[taken, f"back{number}"],
            product=f"rough{number}",
            remainder=f"tailings{number}",
            fraction=ROUGHER,
        )
        units[f"cleaner{number}"] = Splitter(
            feed=f"rough{number}",
            product=f"clean{number}",
            remainder=f"back{number}",
            fraction=CLEANER,
        )
        taken = f"tailings{number}"
    solution = solve(screened(units))
    reached = by_hand(ROUGHER, CLEANER)
    for number in (0, 1, 24):
        stream = solution[f"clean{number}"]
        first = {kind: reached[kind] * (1.0 - reached[kind]) ** number for kind in KINDS}
        expected = 2.8 * first["Sb2S3"] + 1.2 * first["middlings"]
        assert tonnes(stream.species("Sb2S3")) == pytest.approx(expected, rel=1e-9)


def test_a_unit_that_needs_particles_is_refused_without_them():
    units = {
        "ore": Feed(**ORE),
        "screen": Screen(feed="ore", oversize="coarse", undersize="fine"),
    }
    with pytest.raises(InputError, match=r"^screen: a Screen works on size classes, and this flow"):
        screened(units, None)


def test_a_merging_unit_has_no_value_for_a_composite():
    class Washer(Agitator):
        share: Fraction = 0.5

    flowsheet = screened(
        {
            "ore": SizedFeed(**ORE, **SIZES),
            "tank": Washer(feed="ore", left="a", right="b"),
        }
    )
    assert tonnes(solve(flowsheet)["a"].species("Sb2S3")) == pytest.approx(2.0)
    assert tonnes(solve(flowsheet)["a"].species("middlings")) == 0.0


def test_other_particles_are_other_results():
    """The slate is no part of what is remembered of a flowsheet with other sieves."""
    coarse = Particles(sieves=["1 mm", "38 um"], minerals=["Sb2S3", "SiO2"], composites=[MIDDLINGS])
    fine = Particles(sieves=["76 um", "38 um"], minerals=["Sb2S3", "SiO2"], composites=[MIDDLINGS])
    ore = SizedFeed(**ORE, passing={"38 um": 0.5})
    found = [
        percent(solve(screened({"ore": ore}, kinds))["ore"].liberation("Sb2S3"))
        for kinds in (coarse, fine)
    ]
    # Means of 195 and 53.7 um of a grain of 80 um: (1 - 0.672)^3 = 3.5 % more is free.
    below = 50.0 * (1.0 - 19.0 / 80.0) ** 3
    assert found == pytest.approx([below, below + 50.0 * (1.0 - 53.74 / 80.0) ** 3], rel=1e-3)


def test_grades_and_limits_of_particles_can_be_aimed_at():
    flowsheet = circuit(ROUGHER, CLEANER)
    wanted = grade("concentrate", "Sb") == "35 %"
    solution = solve(flowsheet, specs=[Vary("rougher.fraction.middlings").until(wanted)])
    assert percent(solution["concentrate"].grade("Sb")) == pytest.approx(35.0)


def test_classes_that_flow_in_some_scenarios_only():
    """Lumps above 40 mm reach the fines only where the smallest lump picked is larger."""
    flowsheet = Flowsheet(
        species=["Sb2S3", "SiO2"],
        particles=Particles(
            sieves=["160 mm", "63 mm", "40 mm", "10 mm", "2 mm"], minerals=["Sb2S3", "SiO2"]
        ),
        units={
            "ore": SizedFeed(
                outlet="ore",
                flow="10 t/h",
                composition={"Sb2S3": "10 %"},
                remainder="SiO2",
                p80="60 mm",
            ),
            "sorting": HandSorting(
                feed="ore",
                sorted="lumps",
                rejects="rejects",
                fines="fines",
                minimum_size="40 mm",
                recovery={"Sb2S3": 0.9, "SiO2": 0.1},
            ),
            "bin": Splitter(
                feed=["fines", "returned"], product="returned", remainder="out", fraction=0.3
            ),
        },
    )
    sizes = ["40 mm", "45 mm", "60 mm"]
    found = scenarios(flowsheet, vary={"sorting.minimum_size": sizes})
    assert not found.failed
    coarse = flowsheet.slate.rows_of("SiO2")[2]
    for column, size in enumerate(sizes):
        alone = solve(flowsheet, set={"sorting.minimum_size": size})
        for name, mass in alone.flows.items():
            np.testing.assert_allclose(found.flows[name][:, [column]], mass, rtol=1e-9, atol=1e-12)
    assert found.flows["out"][coarse, 0] == 0.0
    assert found.flows["returned"][coarse, 2] == pytest.approx(
        3.0 / 7.0 * found.flows["fines"][coarse, 2], rel=1e-9
    )
