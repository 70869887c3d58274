"""Steady states with known answers, through the public interface."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsheet import Flowsheet, InputError, SolveError, Species, Vary, product, solve
from flowsheet.core.parameters import Fraction
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.unit import UnitOp
from unitops.flotation.flotation_bank import FlotationBank
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter

KNOWN = Path(__file__).parents[1] / "known"
ORE = {"Sb2S3": 0.042, "FeS2": 0.058, "SiO2": 0.9}


def splitter(feed, made, remainder, fraction):
    return Splitter(feed=feed, product=made, remainder=remainder, fraction=fraction)


def rougher_circuit(rougher, cleaner, scavenger=None):
    returns = ["cleaner_tailings"] + (["scavenger_concentrate"] if scavenger else [])
    units = {
        "ore": Feed(outlet="ore", flow="100 t/h", composition=ORE),
        "rougher": splitter(["ore", *returns], "rougher_concentrate", "rougher_tailings", rougher),
        "cleaner": splitter("rougher_concentrate", "concentrate", "cleaner_tailings", cleaner),
    }
    if scavenger:
        units["scavenger"] = splitter(
            "rougher_tailings", "scavenger_concentrate", "tailings", scavenger
        )
    return Flowsheet(species=list(ORE), units=units, products=["concentrate"])


ROUGHER = {"Sb2S3": 0.85, "FeS2": 0.4, "SiO2": 0.06}
CLEANER = {"Sb2S3": 0.9, "FeS2": 0.35, "SiO2": 0.15}
SCAVENGER = {"Sb2S3": 0.6, "FeS2": 0.3, "SiO2": 0.05}


def test_rougher_cleaner_circuit():
    concentrate = solve(rougher_circuit(ROUGHER, CLEANER))["concentrate"]
    assert concentrate.mass_flow("t/h").magnitude == pytest.approx(5.462302738745586, rel=1e-9)
    assert concentrate.grade("Sb").magnitude == pytest.approx(46.08429555099798, rel=2e-5)


def test_rougher_cleaner_scavenger_circuit():
    solution = solve(rougher_circuit(ROUGHER, CLEANER, SCAVENGER))
    concentrate = solution["concentrate"]
    assert concentrate.mass_flow("t/h").magnitude == pytest.approx(6.242549889135255, rel=1e-9)
    assert concentrate.grade("Sb").magnitude == pytest.approx(44.72330020901151, rel=2e-5)
    recovery = solution.recovery("Sb", to="concentrate").to("").magnitude
    assert recovery == pytest.approx(0.9272727272727274, rel=1e-9)
    iron = solution.recovery("Fe", to="concentrate").to("").magnitude
    assert iron == pytest.approx(0.25, rel=1e-9)


@pytest.mark.parametrize(
    ("p", "recovery"),
    [
        (0.1, 0.012195121951219514),
        (0.3, 0.15517241379310345),
        (0.5, 0.5),
        (0.7, 0.8448275862068965),
        (0.9, 0.9878048780487805),
    ],
)
def test_equal_cells_sharpen_the_separation(p, recovery):
    solution = solve(rougher_circuit(p, p, p))
    found = solution.recovery("Sb", to="concentrate").to("").magnitude
    assert found == pytest.approx(recovery, rel=1e-12)


def test_cavett_topology_with_fixed_splits():
    known = json.loads((KNOWN / "cavett_linear.json").read_text())
    formulas = ["N2", "CO2", "H2S", "CH4", "C2H6", "C3H8", "C4H10", "C4H10", "C5H12", "C5H12",
                *(f"C{n}H{2 * n + 2}" for n in range(6, 12))]  # fmt: skip
    names = known["components"]
    total = sum(known["feed"])

    def flash(feed, vapour, liquid, number):
        splits = dict(zip(names, known[f"vapour_split_flash{number}"], strict=True))
        return splitter(feed, vapour, liquid, splits)

    solution = solve(
        Flowsheet(
            species=[
                Species(name, formula=formula, phase="gas")
                for name, formula in zip(names, formulas, strict=True)
            ],
            units={
                "feed": Feed(
                    outlet="feed",
                    flow=f"{total} t/h",
                    composition={
                        name: amount / total
                        for name, amount in zip(names, known["feed"], strict=True)
                    },
                ),
                "flash1": flash("vapour2", "gas", "liquid1", 1),
                "flash2": flash(["feed", "liquid1", "vapour3"], "vapour2", "liquid2", 2),
                "flash3": flash(["liquid2", "vapour4"], "vapour3", "liquid3", 3),
                "flash4": flash("liquid3", "vapour4", "oil", 4),
            },
        )
    )
    for stream, expected in (("gas", known["gas_product"]), ("oil", known["oil_product"])):
        flows = [solution[stream].species(name).magnitude for name in names]
        np.testing.assert_allclose(flows, expected, rtol=1e-7)


def test_antimony_network_of_twelve_units_with_nested_recycles():
    known = json.loads((KNOWN / "antimony_network.json").read_text())
    formulas = {"Gangue": "SiO2"}
    species = [Species(name, formula=formulas.get(name, name)) for name in known["components"]]
    total = sum(known["feed_t_h"].values())
    units = {
        "ore": Feed(
            outlet="ore",
            flow=f"{total} t/h",
            composition={name: amount / total for name, amount in known["feed_t_h"].items()},
        )
    }
    into = {"MIX1": ["ore"]}
    for name, ways in known["splits"].items():
        for way in ways:
            into.setdefault(way["to"], []).append(f"{name}->{way['to']}")
    for name, ways in known["splits"].items():
        _cascade(units, name, into[name], ways)
    solution = solve(Flowsheet(species=species, units=units))
    for stream, flows in known["streams_t_h"].items():
        for component, expected in flows.items():
            found = solution[stream].species(component).magnitude
            assert found == pytest.approx(expected, rel=1e-9, abs=1e-12)
    recovery = solution.recovery("Sb", to="REFINING->METAL").to("").magnitude
    assert recovery == pytest.approx(known["recovery_to_metal"], rel=1e-9)
    grade = solution["REFINING->METAL"].grade("Sb").magnitude
    assert grade == pytest.approx(known["metal_Sb_percent"], rel=1e-9)


def _cascade(units, name, feed, ways):
    """A unit with several outlets as two-way splitters one after another."""
    left = dict.fromkeys(ways[0]["split"], 1.0)
    for number, way in enumerate(ways):
        last = number >= len(ways) - 2
        fraction = {
            c: min(1.0, f / left[c]) if left[c] > 0 else 0.0 for c, f in way["split"].items()
        }
        left = {c: left[c] - way["split"][c] for c in left}
        rest = f"{name}->{ways[-1]['to']}" if last else f"{name} rest {number}"
        made = f"{name}->{way['to']}"
        if len(ways) == 1:
            rest = f"{name} nothing"
        units[f"{name}{number or ''}"] = splitter(feed, made, rest, fraction)
        if last:
            return
        feed = rest


def test_no_way_out_is_said_before_solving():
    flowsheet = Flowsheet(
        species=["N2", "O2"],
        units={
            "feed": Feed(outlet="feed", flow="100 t/h", composition={"N2": 0.95, "O2": 0.05}),
            "separator": splitter(["feed", "recycle"], "product", "loop", {"N2": 0.5, "O2": 0.0}),
            "purge": splitter("loop", "purged", "recycle", 0.0),
        },
    )
    with pytest.raises(SolveError, match=r"no way out for O2 \(in separator, purge\)"):
        solve(flowsheet)


@pytest.mark.parametrize("purge", [0.02, 1e-4, 1e-6])
def test_a_purge_fixes_what_a_loop_holds(purge):
    flowsheet = Flowsheet(
        species=["N2", "O2"],
        units={
            "feed": Feed(outlet="feed", flow="100 t/h", composition={"N2": 0.95, "O2": 0.05}),
            "separator": splitter(["feed", "recycle"], "product", "loop", {"N2": 0.5, "O2": 0.0}),
            "purge": splitter("loop", "purged", "recycle", purge),
        },
    )
    solution = solve(flowsheet)
    # All O2 leaves by the purge, and all that is left of N2 by product and purge.
    assert solution["purged"].species("O2").magnitude == pytest.approx(5.0, rel=1e-6)
    assert solution["recycle"].species("O2").magnitude == pytest.approx(
        5.0 * (1.0 - purge) / purge, rel=1e-6
    )


def test_a_trace_in_a_large_recycle_is_as_exact_as_the_rest():
    trace = 5e-6
    units = {
        "feed": Feed(outlet="feed", flow="10 t/h", composition={"SiO2": 1 - trace, "As": trace}),
        "bleed": splitter(["feed", "recycle"], "bled", "recycle", 0.05),
    }
    solution = solve(Flowsheet(species=["SiO2", "As"], units=units))
    assert solution["recycle"].species("As").magnitude == pytest.approx(
        10 * trace * 0.95 / 0.05, rel=1e-12
    )


def test_a_species_that_no_feed_reaches_stays_at_zero_in_a_lossless_loop():
    units = {
        "feed": Feed(outlet="feed", flow="10 t/h", composition={"SiO2": 1.0}),
        "loop": splitter(["feed", "recycle"], "out", "recycle", {"SiO2": 0.5, "Sb2S3": 0.0}),
    }
    solution = solve(Flowsheet(species=["SiO2", "Sb2S3"], units=units))
    assert solution["recycle"].species("Sb2S3").magnitude == 0.0


def flotation_circuit(volume="40 m^3", k="0.6 1/min", flow="60 t/h"):
    def bank(feed, concentrate, tailings, cells):
        return FlotationBank(
            feed=feed,
            concentrate=concentrate,
            tailings=tailings,
            cells=cells,
            cell_volume=volume,
            rate_constant={"Sb2S3": k, "FeS2": "0.1 1/min", "SiO2": "0.003 1/min",
                           "H2O": "0 1/min"},
            recovery_max={"Sb2S3": 0.95, "FeS2": 0.5, "SiO2": 0.05, "H2O": 0.0},
            water_recovery="8 %",
            entrainment={"SiO2": 0.2, "others": 0.1},
        )  # fmt: skip

    return Flowsheet(
        species=["Sb2S3", "FeS2", "SiO2", "H2O"],
        units={
            "ore": Feed(outlet="ore", flow=flow, composition=ORE, percent_solids="32 %"),
            "rougher": bank(
                ["ore", "cleaner_tailings", "scavenged"], "rougher_concentrate", "t", 6
            ),
            "scavenger": bank("t", "scavenged", "tailings", 6),
            "cleaner": bank("rougher_concentrate", "concentrate", "cleaner_tailings", 3),
        },
        products=["concentrate"],
    )


@settings(max_examples=60)
@given(volume=st.floats(0.5, 200.0), k=st.floats(0.05, 5.0), flow=st.floats(0.1, 500.0))
def test_nonlinear_circuits_solve_and_close_from_a_cold_start(volume, k, flow):
    flowsheet = flotation_circuit(f"{volume} m^3", f"{k} 1/min", f"{flow} t/h")
    solution = solve(flowsheet)
    error, _, _ = solution.audit.worst
    assert error < 1e-12


def test_a_target_is_met_by_varying_the_feed():
    wanted = "3000 t/yr"
    spec = Vary("ore.flow").until(product("concentrate", "Sb") == wanted)
    solution = solve(flotation_circuit(), specs=[spec])
    assert solution["concentrate"].element("Sb", "t/yr").magnitude == pytest.approx(3000, rel=1e-9)
    again = solve(flotation_circuit(), set={"ore.flow": f"{solution.varied['ore.flow']} kg/s"})
    assert again["concentrate"].element("Sb", "t/yr").magnitude == pytest.approx(3000, rel=1e-8)


@pytest.mark.parametrize("wanted", ["1 t/yr", "2000000 t/yr"])
def test_a_target_far_from_the_feed_as_written(wanted):
    spec = Vary("ore.flow").until(product("concentrate", "Sb") == wanted)
    solution = solve(rougher_circuit(ROUGHER, CLEANER, SCAVENGER), specs=[spec])
    found = solution["concentrate"].element("Sb", "t/yr").magnitude
    assert found == pytest.approx(float(wanted.split()[0]), rel=1e-9)


def test_a_parameter_that_changes_nothing_is_named():
    spec = Vary("cleaner.cell_volume").until(product("ore", "Sb") == "3000 t/yr")
    complaint = r"^cleaner\.cell_volume does not influence Sb in 'ore'; vary another parameter$"
    with pytest.raises(SolveError, match=complaint):
        solve(flotation_circuit(), specs=[spec])


def test_a_target_out_of_reach_names_what_is_reached_and_with_what():
    # 60 t/h of ore hold 4.2 % of stibnite with 71.68 % of antimony: 15 834 t/yr, most of it found.
    spec = Vary("rougher.cell_volume").until(product("concentrate", "Sb") == "300000 t/yr")
    with pytest.raises(SolveError) as refused:
        solve(flotation_circuit(), specs=[spec])
    found = re.fullmatch(
        r"target of Sb in 'concentrate' is not met: (?P<reached>\S+) t/yr of 3e\+05 t/yr are "
        r"reached with rougher\.cell_volume at (?P<volume>\S+) m\^3; vary another parameter or "
        r"change the target",
        str(refused.value),
    )
    again = solve(flotation_circuit(), set={"rougher.cell_volume": f"{found['volume']} m^3"})
    reached = again["concentrate"].element("Sb", "t/yr").magnitude
    assert float(found["reached"]) == pytest.approx(reached, rel=1e-3)
    assert 15000 < reached < 15834
    assert float(found["volume"]) > 40.0


def test_a_target_out_of_reach_of_a_parameter_without_a_unit():
    spec = Vary("rougher.water_recovery").until(product("concentrate", "Sb") == "300000 t/yr")
    with pytest.raises(SolveError, match=r" with rougher\.water_recovery at \S+; vary another "):
        solve(flotation_circuit(), specs=[spec])


class Pull(UnitOp):
    """Takes P / (1 + P): half of its feed at the most, unless P is more than a fraction can be."""

    feed: Inlet
    taken: Outlet
    left: Outlet

    pull: Fraction

    def run(self, feed, p):
        taken = feed * (p.pull / (1.0 + p.pull))
        return {"taken": taken, "left": feed - taken}


def test_a_target_that_is_met_only_where_the_parameter_cannot_be():
    units = {
        "ore": Feed(outlet="ore", flow="1 t/h", composition={"SiO2": 1.0}),
        "cell": Pull(feed="ore", taken="taken", left="left", pull=0.5),
    }
    flowsheet = Flowsheet(["SiO2"], units)
    with pytest.raises(
        SolveError,
        match=r"^target of 'taken' is not met: 4383 t/yr of 7889 t/yr are reached with cell\.pull "
        r"at its highest, 1; vary another parameter or change the target$",
    ):
        solve(flowsheet, specs=[Vary("cell.pull").until(product("taken") == "0.9 t/h")])
    solution = solve(flowsheet, specs=[Vary("cell.pull").until(product("taken") == "0.4 t/h")])
    assert solution.varied["cell.pull"] == pytest.approx(2 / 3, rel=1e-9)


def test_a_parameter_that_is_varied_twice():
    spec = Vary("ore.flow").until(product("concentrate", "Sb") == "3000 t/yr")
    complaint = r"^ore\.flow: is varied twice; one parameter meets one target$"
    with pytest.raises(InputError, match=complaint):
        solve(flotation_circuit(), specs=[spec, spec])


@pytest.mark.parametrize(
    ("spec", "complaint"),
    [
        (lambda: Vary("or.flow").until(product("concentrate") == "1 t/h"),
         r"or\.flow: there is no unit 'or'; did you mean 'ore'\?"),
        (lambda: Vary("ore.flow").until(product("concentrat") == "1 t/h"),
         r"there is no stream 'concentrat'; did you mean 'concentrate'\?"),
        (lambda: Vary("ore.flow").until(product("conc") == "1 t/h"),
         "there is no stream 'conc'; known here: cleaner_tailings, concentrate, ore, .*, tailings"),
        (lambda: Vary("ore.flow").until(product("concentrate", "Au") == "1 t/h"),
         "no species of this flowsheet contains 'Au'; known here: Fe, H, O, S, Sb, Si"),
        (lambda: Vary("ore.flow").until(product("concentrate") == "0 t/h"),
         "target of 'concentrate': must be above zero, got 0 t/h"),
        (lambda: Vary("ore.flow").until(product("concentrate") == "1 kg"),
         r'needs a unit of mass per time, got "1 kg"; write e\.g\. "25 t/h"'),
        (lambda: Vary("ore.flow").until("1 t/h"),
         r"Vary\('ore\.flow'\)\.until\(\.\.\.\): needs a target such as .*, got '1 t/h'"),
        (lambda: Vary("ore.composition").until(product("concentrate") == "1 t/h"),
         r"ore\.composition: is not one number; name one of its entries"),
        (lambda: Vary("rougher.cells").until(product("concentrate", "Sb") == "3000 t/yr"),
         r"rougher\.cells: is a count and cannot be varied to meet a target"),
    ],
)  # fmt: skip
def test_a_specification_that_makes_no_sense_is_refused(spec, complaint):
    with pytest.raises(InputError, match=f"^{complaint}$"):
        solve(flotation_circuit(), specs=[spec()])


def test_the_same_result_on_every_run():
    first, second = solve(flotation_circuit()), solve(flotation_circuit())
    for name, mass in first.flows.items():
        np.testing.assert_array_equal(mass, second.flows[name])
