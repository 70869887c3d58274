"""The audit finds what a wrong unit loses or makes, and counts by itself."""

import ast
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import flowsheet.audit
from flowsheet import Flowsheet, SolveError, solve
from flowsheet.audit import audit
from flowsheet.core.flow import Flow, flow_of
from flowsheet.core.parameters import MassFlow
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.unit import UnitOp
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter

SPECIES = ("Sb", "Sb2S3", "SiO2", "Au")
ROOT = Path(__file__).parents[1]


class Pipe(UnitOp):
    """Passes its feed on; the units below do it wrongly, each in its own way."""

    feed: Inlet
    product: Outlet

    def run(self, feed, p):
        mass = self.changed(feed.mass, {name: row for row, name in enumerate(feed.slate.names)})
        return {"product": Flow(feed.slate, mass)}

    def changed(self, mass, rows):
        return mass


class Leak(Pipe):
    def changed(self, mass, rows):
        kept = np.ones((len(rows), 1))
        kept[rows["Sb"]] = 1.0 - 1e-6
        return mass * kept


class Spring(Pipe):
    def changed(self, mass, rows):
        made = np.zeros((len(rows), 1))
        made[rows["Au"]] = 1e-9
        return mass + made


class Alchemy(Pipe):
    def changed(self, mass, rows):
        swapped = np.array(mass)
        swapped[rows["SiO2"]] = mass[rows["SiO2"]] + mass[rows["Sb2S3"]]
        swapped[rows["Sb2S3"]] = 0.0
        return swapped


class Loss(Pipe):
    def changed(self, mass, rows):
        kept = np.ones((len(rows), 1))
        kept[rows["Sb"]] = 0.5
        return mass * kept


class Gain(Pipe):
    def changed(self, mass, rows):
        kept = np.ones((len(rows), 1))
        kept[rows["Sb"]] = 2.0
        return mass * kept


class Burner(UnitOp):
    """Blows in air; reports less of it than it uses if it hides some."""

    feed: Inlet
    air: Supply
    gas: Outlet

    blown: MassFlow
    hidden: MassFlow = "0 t/h"

    def run(self, feed, p):
        used = flow_of(feed.slate, {"N2": p.blown})
        return {"gas": feed + used, "air": used - flow_of(feed.slate, {"N2": p.hidden})}


FEED = {"Sb": 0.1, "Sb2S3": 0.3, "SiO2": 0.6}


def line(*units, share=0.5):
    """Units one after another, which get a share of the ore; the rest goes past them."""
    described = {
        "ore": Feed(outlet="ore", flow="10 t/h", composition=FEED),
        "bypass": Splitter(feed="ore", product="stream 0", remainder="past", fraction=share),
    }
    for number, (name, unit) in enumerate(units):
        described[name] = unit(feed=f"stream {number}", product=f"stream {number + 1}")
    return Flowsheet(SPECIES, described)


def loop(unit):
    """One unit with half of what it makes coming back."""
    return Flowsheet(
        SPECIES,
        {
            "ore": Feed(outlet="ore", flow="10 t/h", composition=FEED),
            "cell": unit(feed=["ore", "returns"], product="made"),
            "split": Splitter(feed="made", product="out", remainder="returns", fraction=0.5),
        },
    )


def test_a_clean_flowsheet_closes():
    for clean in (line(("first", Pipe), ("second", Pipe)), loop(Pipe)):
        proof = solve(clean).audit
        assert set(proof.plant) == {"Au", "O", "S", "Sb", "Si"}
        assert max(proof.plant.values()) < 1e-14
        assert proof.worst[0] < 1e-14
        assert "ore" not in proof.units
        assert all(set(errors) == set(proof.plant) for errors in proof.units.values())


REASON = r" of the input \(allowed 1e-09\); a unit operation makes or loses matter$"


@pytest.mark.parametrize(
    ("unit", "in_a_line", "in_a_loop"),
    [
        # Metal holds 0.1 of 0.1 + 0.3 * 0.7168 t of antimony, and loses a millionth of it.
        (Leak, r"Sb does not close, out and in differ by 3\.2e-07",
               r"Sb does not close, out and in differ by 3\.2e-07"),
        # A nanogram of gold per gram in a plant without any; in a loop half of it comes back.
        (Spring, r"Au does not close, out and in differ by \d\.\de\+\d\d\d",
                 r"Au does not close, out and in differ by 1\.0e\+00"),
        (Alchemy, r"S does not close, out and in differ by 1\.0e\+00",
                  r"S does not close, out and in differ by 1\.0e\+00"),
    ],
)  # fmt: skip
def test_a_unit_that_makes_or_loses_matter_is_named_with_the_element(unit, in_a_line, in_a_loop):
    with pytest.raises(SolveError, match=f"^cell: {in_a_line}{REASON}"):
        solve(line(("cell", unit)))
    with pytest.raises(SolveError, match=f"^cell: {in_a_loop}{REASON}"):
        solve(loop(unit))


def test_a_unit_with_an_inlet_that_nothing_enters_makes_nothing():
    idle = Flowsheet(SPECIES, {"cell": Pipe(feed=[], product="made")})
    assert solve(idle)["made"].mass_flow().magnitude == 0.0
    spring = Flowsheet(SPECIES, {"cell": Spring(feed=[], product="made")})
    with pytest.raises(SolveError, match=f"^cell: Au does not close, .*{REASON}"):
        solve(spring)


def test_what_one_unit_loses_and_another_makes_is_found_though_the_plant_closes():
    # The gain doubles what the loss halved: of the two, it errs by more.
    with pytest.raises(SolveError, match=f"^gain: Sb does not close, .*{REASON}"):
        solve(line(("loss", Loss), ("gain", Gain)))


def test_a_loss_too_small_to_show_over_the_plant_is_found_over_the_unit():
    with pytest.raises(SolveError, match=f"^loss: Sb does not close, .*{REASON}"):
        solve(line(("loss", Loss), share=1e-10))


def streams(flowsheet, **masses):
    """Streams by hand, in kg/s: species -> one number per scenario."""
    return {name: flow_of(flowsheet.slate, mass).mass for name, mass in masses.items()}


TWO_WAYS = Flowsheet(
    ["SiO2", "Sb"],
    {
        "ore": Feed(outlet="ore", flow="10 t/h", composition={"SiO2": 0.5, "Sb": 0.5}),
        "split": Splitter(feed="ore", product="a", remainder="b", fraction=0.5),
    },
)


def test_the_worst_of_many_scenarios_counts():
    ore = {"Sb": np.array([10.0, 10.0, 10.0])}
    half = {"Sb": np.array([5.0, 4.0, 5.0])}
    proof = audit(TWO_WAYS, streams(TWO_WAYS, ore=ore, a=half, b={"Sb": np.full(3, 5.0)}))
    assert proof.plant["Sb"] == pytest.approx(0.1)
    assert proof.units["split"]["Sb"] == pytest.approx(0.1)
    assert proof.plant["Si"] == 0.0
    assert proof.worst[0] == pytest.approx(0.1)
    assert proof.worst[2] == "Sb"
    with pytest.raises(SolveError, match=f"^split: Sb does not close, .* 1\\.0e-01{REASON}"):
        proof.check()


def test_atoms_are_counted_and_not_mass():
    made = streams(TWO_WAYS, ore={"SiO2": 1.0}, a={"Sb": 0.5}, b={"SiO2": 0.5})
    proof = audit(TWO_WAYS, made)
    assert proof.plant["Si"] == pytest.approx(0.5)
    assert proof.plant["O"] == pytest.approx(0.5)
    assert proof.plant["Sb"] > 1e100


@pytest.mark.parametrize(("left", "closes"), [(1.0 - 5e-10, True), (1.0 - 2e-9, False)])
def test_the_limit(left, closes):
    made = streams(TWO_WAYS, ore={"Sb": 1.0}, a={"Sb": left}, b={"Sb": 0.0})
    proof = audit(TWO_WAYS, made)
    if closes:
        proof.check()
    else:
        with pytest.raises(SolveError, match=f"^split: Sb does not close, .* 2\\.0e-09{REASON}"):
            proof.check()


def test_a_rounding_in_a_unit_that_holds_almost_nothing_is_no_loss():
    trace = Flowsheet(
        ["Sb"],
        {
            "ore": Feed(outlet="ore", flow="10 t/h", composition={"Sb": 1.0}),
            "split": Splitter(feed="ore", product="a", remainder="b", fraction=0.0),
            "pipe": Pipe(feed="a", product="c"),
        },
    )
    known = {"ore": {"Sb": 1.0}, "a": {"Sb": 0.0}, "b": {"Sb": 1.0}}
    proof = audit(trace, streams(trace, **known, c={"Sb": 1e-17}))
    proof.check()
    # Against a millionth of what enters the plant.
    assert proof.units["pipe"]["Sb"] == pytest.approx(1e-11)
    with pytest.raises(SolveError, match=f"^pipe: Sb does not close, .* 1\\.0e-08{REASON}"):
        audit(trace, streams(trace, **known, c={"Sb": 1e-14})).check()


def test_an_error_of_the_plant_alone_names_the_plant():
    # Two units that each lose 0.9e-9 of what they get: neither is wrong by itself.
    plant = line(("first", Pipe), ("second", Pipe), share=1.0)
    ends = {"ore": {"Sb": 1.0}, "stream 0": {"Sb": 1.0}, "past": {}}
    lost = {"stream 1": {"Sb": 1.0 - 9e-10}, "stream 2": {"Sb": 1.0 - 18e-10}}
    with pytest.raises(SolveError, match=f"^plant: Sb does not close, .* 1\\.8e-09{REASON}"):
        audit(plant, streams(plant, **ends, **lost)).check()
    worse = {"stream 1": {"Sb": 1.0 - 9e-10}, "stream 2": {"Sb": 1.0 - 29e-10}}
    with pytest.raises(SolveError, match=f"^second: Sb does not close, .* 2\\.0e-09{REASON}"):
        audit(plant, streams(plant, **ends, **worse)).check()


def test_a_loop_that_holds_much_may_show_its_roundings_over_the_plant():
    # A loop of 1e9 times the feed: 1e-7 of the feed is a rounding of what goes round.
    plant = line(("first", Pipe), ("second", Pipe), share=1.0)
    round_about = {"ore": {"Sb": 1.0}, "stream 0": {"Sb": 1.0}, "past": {}}
    held = {"stream 1": {"Sb": 1.0}, "stream 2": {"Sb": 1.0 + 1e-7}}
    with pytest.raises(SolveError, match=r"^second: Sb does not close"):
        audit(plant, streams(plant, **round_about, **held)).check()


def test_what_is_not_a_number_does_not_close():
    made = streams(TWO_WAYS, ore={"Sb": 1.0}, a={"Sb": np.nan}, b={"Sb": 0.0})
    with pytest.raises(SolveError, match=f"^split: (O|Sb|Si) does not close, .* inf{REASON}"):
        audit(TWO_WAYS, made).check()


def test_what_is_not_a_number_inside_the_plant_does_not_close():
    inside = line(("first", Pipe), ("second", Pipe), share=1.0)
    known = {"ore": {"Sb": 1.0}, "stream 0": {"Sb": 1.0}, "past": {}, "stream 2": {"Sb": 1.0}}
    made = streams(inside, **known, **{"stream 1": {"Sb": np.nan}})
    with pytest.raises(SolveError, match=f"^(first|second): .* does not close, .* inf{REASON}"):
        audit(inside, made).check()


def burner(**parameters):
    return Flowsheet(
        ["C", "N2"],
        {
            "coke": Feed(outlet="coke", flow="1 t/h", composition={"C": 1.0}),
            "burner": Burner(feed="coke", air="air", gas="gas", blown="4 t/h", **parameters),
        },
        emissions=["gas"],
    )


def test_supplies_are_counted_as_input():
    solution = solve(burner())
    assert solution["gas"].mass_flow().magnitude == pytest.approx(5.0)
    assert solution.audit.plant["N"] < 1e-15
    assert solution.balance("N").entering["air"] == pytest.approx(4000 / 3600)


def test_a_supply_that_is_reported_too_small_is_found():
    with pytest.raises(SolveError, match=f"^burner: N does not close, .* 3\\.3e-01{REASON}"):
        solve(burner(hidden="1 t/h"))


def test_the_audit_shares_no_code_with_the_solver():
    source = ast.parse(Path(flowsheet.audit.__file__).read_text(encoding="utf-8"))
    named = {node.module for node in ast.walk(source) if isinstance(node, ast.ImportFrom)}
    assert not any(name.startswith("flowsheet.solver") for name in named)
    program = (
        "import sys, flowsheet.audit;"
        "print([name for name in sys.modules if name.startswith('flowsheet.solver')])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"
