"""Specifications: several at once, bounds, targets far away or out of reach, large plants."""

import re

import numpy as np
import pytest

from flowsheet import (
    Flowsheet,
    InputError,
    SolveError,
    Vary,
    grade,
    parameter,
    product,
    recovery,
    scenarios,
    solve,
)
from flowsheet.core.flow import Flow
from flowsheet.core.parameters import Fraction, PerElement, PerSpecies, Ratio
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.unit import Outlets, Parameters, UnitOp
from flowsheet.solver.network import Network
from tests.solver.test_steady import flotation_circuit
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter

SPECIES = ["Sb", "FeS2", "SiO2"]


def circuit(rougher=None, cleaner=0.9):
    """100 t/h with 10 % Sb and 20 % pyrite through a rougher and a cleaner in closed circuit."""
    return Flowsheet(
        SPECIES,
        {
            "ore": Feed(
                outlet="ore", flow="100 t/h", composition={"Sb": 0.1, "FeS2": 0.2}, remainder="SiO2"
            ),
            "rougher": Splitter(
                feed=["ore", "back"],
                product="rough",
                remainder="tailings",
                fraction=rougher or {"Sb": 0.5, "FeS2": 0.3, "SiO2": 0.1},
            ),
            "cleaner": Splitter(
                feed="rough", product="concentrate", remainder="back", fraction=cleaner
            ),
        },
    )


def rougher_for(recovered, cleaner=0.9):
    """The rougher's share r that recovers R = r c / (1 - r (1 - c))."""
    return recovered / (cleaner + recovered * (1.0 - cleaner))


def recovered_by(rougher, cleaner=0.9):
    return rougher * cleaner / (1.0 - rougher * (1.0 - cleaner))


def meets(specs, flowsheet=None, **wanted):
    """The varied numbers are these, to 1e-9, and solving with them gives the same streams."""
    flowsheet = flowsheet or circuit()
    solution = solve(flowsheet, specs=specs)
    for path, value in solution.varied.items():
        assert value == pytest.approx(wanted[path.replace(".", "_")], rel=1e-9), path
    assert len(wanted) == len(solution.varied)
    return solution


# Closed forms.


def test_a_recovery_by_one_entry_of_a_parameter():
    spec = Vary("rougher.fraction.Sb").until(recovery("Sb", to="concentrate") == "80 %")
    solution = meets(spec, rougher_fraction_Sb=rougher_for(0.8))
    assert solution["concentrate"].mass_flow("t/h").magnitude == pytest.approx(
        8.0 + 20.0 * recovered_by(0.3) + 70.0 * recovered_by(0.1), rel=1e-9
    )


def test_a_grade_by_one_entry_of_a_parameter():
    spec = Vary("rougher.fraction.SiO2").until(grade("concentrate", "Sb") == "40 %")
    sb, pyrite = 10.0 * recovered_by(0.5), 20.0 * recovered_by(0.3)
    quartz = sb / 0.4 - sb - pyrite
    meets(spec, rougher_fraction_SiO2=rougher_for(quartz / 70.0))


def test_an_entry_that_is_not_named_leaves_the_others_where_they_are():
    flowsheet = circuit(rougher={"Sb": 0.5, "others": 0.2})
    spec = Vary("rougher.fraction.SiO2").until(product("concentrate", "SiO2") == "7 t/h")
    solution = meets(spec, flowsheet, rougher_fraction_SiO2=rougher_for(0.1))
    pyrite = solution["concentrate"].species("FeS2", "t/h").magnitude
    assert pyrite == pytest.approx(20.0 * recovered_by(0.2), rel=1e-9)
    spec = Vary("rougher.fraction.others").until(product("concentrate", "SiO2") == "7 t/h")
    solution = meets(spec, flowsheet, rougher_fraction_others=rougher_for(0.1))
    pyrite = solution["concentrate"].species("FeS2", "t/h").magnitude
    assert pyrite == pytest.approx(2.0, rel=1e-9)


def test_three_targets_at_once():
    specs = [
        Vary("ore.flow").until(product("concentrate", "Sb") == "30 t/h"),
        Vary("rougher.fraction.Sb").until(recovery("Sb", to="concentrate") == "90 %"),
        Vary("rougher.fraction.SiO2").until(grade("concentrate", "Sb") == "45 %"),
    ]
    tonnage = 30.0 / 0.1 / 0.9
    quartz = 30.0 / 0.45 - 30.0 - 0.2 * tonnage * recovered_by(0.3)
    for some in (specs, specs[::-1], [specs[1], specs[2], specs[0]]):
        meets(
            some,
            ore_flow=tonnage / 3.6,
            rougher_fraction_Sb=rougher_for(0.9),
            rougher_fraction_SiO2=rougher_for(quartz / (0.7 * tonnage)),
        )


def test_targets_that_pull_at_both_parameters():
    """Both units' shares move both recoveries: R1 = r c / (1 - r (1 - c)) for each species."""
    flowsheet = circuit(rougher=0.4, cleaner=0.5)
    specs = [
        Vary("rougher.fraction").until(recovery("Sb", to="concentrate") == "60 %"),
        Vary("cleaner.fraction").until(product("rough", "Sb") == "8 t/h"),
    ]
    # 6 t/h leave of the 8 that the rougher sends, which gets 12: the cleaner takes 3/4 of them.
    meets(specs, flowsheet, rougher_fraction=8.0 / 12.0, cleaner_fraction=0.75)


def test_a_target_that_is_met_as_written():
    spec = Vary("rougher.fraction.Sb").until(recovery("Sb", to="concentrate") == recovered_by(0.5))
    meets(spec, rougher_fraction_Sb=0.5)


# Bounds.

RECOVERY = "recovery of Sb to 'concentrate'"


def test_a_target_within_bounds():
    wanted = recovery("Sb", to="concentrate") == "80 %"
    right = rougher_for(0.8)
    for low, high in ((0.1, 0.9), ("50 %", 1.0), (0.0, None), (None, right * (1 + 1e-6))):
        spec = Vary("rougher.fraction.Sb", low=low, high=high).until(wanted)
        meets(spec, rougher_fraction_Sb=right)


def test_a_target_beyond_a_bound():
    wanted = recovery("Sb", to="concentrate") == "80 %"
    spec = Vary("rougher.fraction.Sb", high="60 %").until(wanted)
    reached = f"{100 * recovered_by(0.6):.4g}"
    with pytest.raises(
        SolveError,
        match=rf"^target of {RECOVERY} is not met: {reached} percent of 80 percent are reached "
        r"with rougher\.fraction\.Sb at its highest, 0\.6; vary another parameter or change the "
        r"target$",
    ):
        solve(circuit(), specs=spec)
    wanted = product("concentrate", "Sb") == "1 t/h"
    spec = Vary("ore.flow", low="36 t/h", high="200 t/h").until(wanted)
    reached = re.escape(f"{3.6 * recovered_by(0.5) * 8766.0:.4g}")
    with pytest.raises(
        SolveError,
        match=rf"^target of Sb in 'concentrate' is not met: {reached} t/yr of 8766 t/yr are "
        r"reached with ore\.flow at its lowest, 36 t/h; vary",
    ):
        solve(circuit(), specs=spec)


def test_of_several_the_one_at_its_bound_is_named_and_the_others_are_met():
    specs = [
        Vary("ore.flow").until(product("concentrate", "Sb") == "30 t/h"),
        Vary("rougher.fraction.Sb", high=0.8).until(recovery("Sb", to="concentrate") == "90 %"),
    ]
    reached = f"{100 * recovered_by(0.8):.4g}"
    for some in (specs, specs[::-1]):
        with pytest.raises(
            SolveError,
            match=rf"^target of {RECOVERY} is not met: {reached} percent of 90 percent are reached "
            r"with rougher\.fraction\.Sb at its highest, 0\.8; ",
        ):
            solve(circuit(), specs=some)


def test_a_bound_that_is_passed_on_the_way_and_left_again():
    """A start at the bound itself, from where the way leads inwards."""
    wanted = recovery("Sb", to="concentrate") == "80 %"
    spec = Vary("rougher.fraction.Sb", low=0.5).until(wanted)
    meets(spec, rougher_fraction_Sb=rougher_for(0.8))
    lower = recovery("Sb", to="concentrate") == "20 %"
    spec = Vary("rougher.fraction.Sb", high=0.5).until(lower)
    meets(spec, rougher_fraction_Sb=rougher_for(0.2))


@pytest.mark.parametrize(
    ("low", "high", "complaint"),
    [
        ("200 t/h", None, "starts at 100 t/h, below its lowest value, 200 t/h; set it within its "),
        (None, "50 t/h", "starts at 100 t/h, above its highest value, 50 t/h; set it within its "),
        ("200 t/h", "50 t/h", "its lowest value, 200 t/h, must be below its highest, 50 t/h$"),
        ("100 t/h", "100 t/h", "its lowest value, 100 t/h, must be below its highest, 100 t/h$"),
    ],
)
def test_bounds_that_make_no_sense(low, high, complaint):
    spec = Vary("ore.flow", low=low, high=high).until(product("concentrate") == "1 t/h")
    with pytest.raises(InputError, match=rf"^ore\.flow: {complaint}"):
        solve(circuit(), specs=spec)


@pytest.mark.parametrize(
    ("bounds", "complaint"),
    [
        ({"low": "5 t"}, r'ore\.flow, low: needs a unit of mass per time, got "5 t"; write e\.g'),
        ({"high": 5.0}, r"ore\.flow, high: needs a unit of mass per time, got 5\.0; write e\.g"),
        ({"low": "-1 t/h"}, r'ore\.flow, low: must be 0 t/h or more, got "-1 t/h"$'),
        ({"high": "inf"}, r"ore\.flow, high: needs a number and a unit, got \"inf\"; write"),
    ],
)
def test_bounds_in_a_wrong_unit(bounds, complaint):
    spec = Vary("ore.flow", **bounds).until(product("concentrate") == "1 t/h")
    with pytest.raises(InputError, match=f"^{complaint}"):
        solve(circuit(), specs=spec)


# Refusals.


@pytest.mark.parametrize(
    "specs",
    [
        "ore.flow",
        None,
        ["ore.flow"],
        Vary("ore.flow"),
        [Vary("ore.flow")],
        [product("concentrate") == "1 t/h"],
    ],
)
def test_what_is_no_specification(specs):
    complaint = (
        r"^specs: needs e\.g\. Vary\('ore\.flow'\)\.until\(product\('metal'\) == '1 t/h'\), "
    )
    with pytest.raises(InputError, match=complaint):
        solve(circuit(), specs=specs)
    with pytest.raises(InputError, match=complaint):
        scenarios(circuit(), {"rougher.fraction.Sb": [0.5]}, specs=specs)


def test_a_limit_and_a_plain_truth_are_no_targets():
    for wrong in (product("concentrate") >= "1 t/h", True, 5.0):
        with pytest.raises(
            InputError, match=r"^Vary\('ore\.flow'\)\.until\(\.\.\.\): needs a targ"
        ):
            Vary("ore.flow").until(wrong)


def test_a_parameter_that_is_zero_cannot_be_varied():
    spec = Vary("rougher.fraction.SiO2").until(grade("concentrate", "Sb") == "50 %")
    flowsheet = circuit(rougher={"Sb": 0.5, "FeS2": 0.3, "SiO2": 0.0})
    with pytest.raises(
        InputError, match=r"^rougher\.fraction\.SiO2: only a number above zero can be varied, this"
    ):
        solve(flowsheet, specs=spec)


def test_of_several_the_parameter_without_influence_is_named():
    silent = Vary("cleaner.fraction.FeS2").until(product("tailings", "Sb") == "1 t/h")
    works = Vary("rougher.fraction.Sb").until(recovery("Sb", to="concentrate") == "80 %")
    flowsheet = circuit(cleaner={"Sb": 0.9, "FeS2": 0.9, "SiO2": 0.9})
    for specs in ([silent, works], [works, silent]):
        with pytest.raises(
            SolveError,
            match=r"^cleaner\.fraction\.FeS2 does not influence Sb in 'tailings'; vary another par",
        ):
            solve(flowsheet, specs=specs)


def test_two_targets_that_say_the_same_with_other_numbers():
    specs = [
        Vary("ore.flow").until(product("concentrate", "Sb") == "5 t/h"),
        Vary("rougher.fraction.FeS2").until(product("concentrate", "Sb") == "6 t/h"),
    ]
    with pytest.raises(SolveError, match=r"Sb in 'concentrate'"):
        solve(circuit(), specs=specs)


# Far away, and out of reach.


class Tank(UnitOp):
    """Takes V / (1 + V) of its feed: first order in one mixed tank."""

    feed: Inlet
    taken: Outlet
    left: Outlet
    size: Ratio

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        taken = feed * (p.size / (1.0 + p.size))
        return {"taken": taken, "left": feed - taken}


class Hump(Tank):
    """Takes 3 V / (1 + V)^2 of its feed: 3/4 at the most, with V = 1."""

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        taken = feed * (3.0 * p.size / (1.0 + p.size) ** 2)
        return {"taken": taken, "left": feed - taken}


def tank(kind=Tank, size=1.0, back=0.5):
    return Flowsheet(
        ["SiO2"],
        {
            "ore": Feed(outlet="ore", flow="10 t/h", composition={"SiO2": 1.0}),
            "tank": kind(feed=["ore", "back"], taken="taken", left="left", size=size),
            "bleed": Splitter(feed="left", product="back", remainder="out", fraction=back),
        },
    )


@pytest.mark.parametrize("size", [1e-6, 1e-3, 1e3, 1e6])
@pytest.mark.parametrize("start", [1e-2, 1.0, 1e4])
def test_a_parameter_that_has_a_long_way_to_go(size, start):
    # R = s / (1 - (1 - s) b), and s = V / (1 + V). Near 1 the waste tells sizes apart.
    share = size / (1.0 + size)
    lost = (1.0 - share) * 0.5 / (1.0 - (1.0 - share) * 0.5)
    target = product("out") == f"{10.0 * lost!r} t/h"
    if size < 1.0:
        target = product("taken") == f"{10.0 * (1.0 - lost)!r} t/h"
    solution = solve(tank(size=start), specs=Vary("tank.size").until(target))
    assert solution.varied["tank.size"] == pytest.approx(size, rel=1e-8)


def test_the_nearest_value_is_named_where_a_target_is_out_of_reach():
    # 3/4 go out of the tank at the most: 0.75 / (1 - 0.25 / 2) of 10 t/h.
    most = 10.0 * 0.75 / (1.0 - 0.125) * 8766.0
    spec = Vary("tank.size").until(product("taken") == "9.5 t/h")
    for start in (0.01, 0.9, 50.0):
        with pytest.raises(SolveError) as refused:
            solve(tank(Hump, start), specs=spec)
        found = re.fullmatch(
            r"target of 'taken' is not met: (\S+) t/yr of 8\.328e\+04 t/yr are reached with "
            r"tank\.size at (\S+); vary another parameter or change the target",
            str(refused.value),
        )
        assert float(found[1]) == pytest.approx(most, rel=1e-3)
        assert float(found[2]) == pytest.approx(1.0, rel=0.05)


@pytest.mark.parametrize(
    ("path", "unit", "target"),
    [
        ("rougher.cell_volume", "m^3", recovery("Sb", to="concentrate") == "99.9 %"),
        ("cleaner.cell_volume", "m^3", grade("concentrate", "Sb") == "70 %"),
        ("scavenger.rate_constant.Sb2S3", "1/min", recovery("Sb", to="tailings") == "0.01 %"),
    ],
)
def test_nothing_that_a_fine_sweep_finds_is_nearer_than_what_is_named(path, unit, target):
    flowsheet = flotation_circuit()
    with pytest.raises(SolveError, match="is not met") as refused:
        solve(flowsheet, specs=Vary(path).until(target))
    found = re.search(r"is not met: (\S+) percent of \S+ percent .* at (\S+)", str(refused.value))
    start = float(scenarios(flowsheet, {"ore.flow": ["60 t/h"]}).values(
        parameter(path, flowsheet), unit)[0])  # fmt: skip
    tried = start * np.exp(np.linspace(-7.0, 7.0, 1500))
    swept = scenarios(flowsheet, {path: [f"{value} {unit}" for value in tried]})
    assert swept.failed == {}
    wanted = 100.0 * target.value
    far = np.abs(np.log(swept.values(target.measure) / wanted))
    nearest = np.min(far)
    assert abs(np.log(float(found[1]) / wanted)) <= nearest + 2e-3
    again = solve(flowsheet, set={path: f"{found[2].rstrip(';')} {unit}"})
    reading = scenarios(again.flowsheet, {"ore.flow": ["60 t/h"]}).values(target.measure)[0]
    assert float(found[1]) == pytest.approx(reading, rel=2e-3)


# Large plants.


class Pulled(Splitter):
    """A splitter that does not say that it is linear."""

    def is_linear(self) -> bool:
        return False


class Sorter(UnitOp):
    """A splitter whose share is written per element, of which it looks at antimony and silicon."""

    feed: Inlet
    product: Outlet
    remainder: Outlet
    fraction: PerElement[Fraction]

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        made = sum(
            (
                feed.only(name) * p.fraction[symbol]
                for name, symbol in (("Sb", "Sb"), ("SiO2", "Si"))
            ),
            start=feed * 0.0,
        )
        return {"product": made, "remainder": feed - made}


CIRCUITS = 80


def row(kind, key="{}.fraction.Sb"):
    """Circuits of rougher and cleaner in series: 160 unknowns at torn inlets."""
    units = {"ore": Feed(outlet="feed 0", flow="100 t/h", composition={"Sb": 0.2, "SiO2": 0.8})}
    fractions = {"Sb": 0.05, "SiO2" if kind is not Sorter else "Si": 0.01}
    if kind is Sorter:
        fractions["others"] = 0.5
    for i in range(CIRCUITS):
        units[f"rougher {i}"] = kind(
            feed=[f"feed {i}", f"back {i}"],
            product=f"rough {i}",
            remainder=f"feed {i + 1}",
            fraction=fractions,
        )
        units[f"cleaner {i}"] = Splitter(
            feed=f"rough {i}", product=f"made {i}", remainder=f"back {i}", fraction=0.5
        )
    return Flowsheet(["Sb", "SiO2"], units)


@pytest.mark.parametrize("kind", [Splitter, Pulled, Sorter])
def test_specifications_of_a_large_plant(kind):
    flowsheet = row(kind)
    specs = [
        Vary("rougher 0.fraction.Sb").until(product("made 0", "Sb") == "5 t/h"),
        Vary("rougher 7.fraction.Sb").until(product("feed 8", "Sb") == "6 t/h"),
        Vary("rougher 79.fraction.Sb").until(product("feed 80", "Sb") == "0.1 t/h"),
        Vary("ore.flow").until(product("feed 0", "SiO2") == "160 t/h"),
    ]
    plain = recovered_by(0.05, 0.5)
    first = 5.0 / 40.0
    before_seven = 35.0 * (1.0 - plain) ** 6
    before_last = 6.0 * (1.0 - plain) ** 71
    solution = solve(flowsheet, specs=specs)
    assert isinstance(solution.equations, Network)
    assert solution.varied == pytest.approx(
        {
            "rougher 0.fraction.Sb": rougher_for(first, 0.5),
            "rougher 7.fraction.Sb": rougher_for(1.0 - 6.0 / before_seven, 0.5),
            "rougher 79.fraction.Sb": rougher_for(1.0 - 0.1 / before_last, 0.5),
            "ore.flow": 200.0 / 3.6,
        },
        rel=1e-9,
    )
    # The other circuits are as they were.
    made = solution["made 3"].species("Sb", "t/h").magnitude
    assert made == pytest.approx(35.0 * (1.0 - plain) ** 2 * plain, rel=1e-9)
    quartz = solution["feed 80"].species("SiO2", "t/h").magnitude
    assert quartz == pytest.approx(160.0 * (1.0 - recovered_by(0.01, 0.5)) ** 80, rel=1e-9)


def test_a_bound_and_a_silent_parameter_in_a_large_plant():
    flowsheet = row(Pulled)
    bound = Vary("rougher 2.fraction.Sb", high=0.1).until(product("made 2", "Sb") == "15 t/h")
    reached = 20.0 * (1.0 - recovered_by(0.05, 0.5)) ** 2 * recovered_by(0.1, 0.5) * 8766.0
    with pytest.raises(SolveError) as refused:
        solve(flowsheet, specs=bound)
    found = re.fullmatch(
        r"target of Sb in 'made 2' is not met: (\S+) t/yr of 1\.315e\+05 t/yr are reached with "
        r"rougher 2\.fraction\.Sb at its highest, 0\.1; vary another parameter or change the "
        r"target",
        str(refused.value),
    )
    assert float(found[1]) == pytest.approx(reached, rel=1e-3)
    silent = Vary("rougher 5.fraction.SiO2").until(product("made 2", "Sb") == "1 t/h")
    with pytest.raises(SolveError, match=r"^rougher 5\.fraction\.SiO2 does not influence Sb in 'm"):
        solve(flowsheet, specs=silent)


class Saturating(UnitOp):
    """Takes a share of each species that falls with the load: share / (1 + load / 50 t/h)."""

    feed: Inlet
    product: Outlet
    remainder: Outlet
    fraction: PerSpecies[Fraction]

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        made = feed * (p.fraction / (1.0 + feed.total() * 3.6 / 50.0))
        return {"product": made, "remainder": feed - made}


def test_specifications_of_a_large_plant_that_saturates():
    flowsheet = row(Saturating)
    specs = [
        Vary("rougher 0.fraction.Sb").until(product("made 0", "Sb") == "2 t/h"),
        Vary("rougher 40.fraction.SiO2").until(grade("made 40", "Sb") == "70 %"),
    ]
    solution = solve(flowsheet, specs=specs)
    assert isinstance(solution.equations, Network)
    again = solve(flowsheet, set=dict(solution.varied))
    assert again["made 0"].species("Sb", "t/h").magnitude == pytest.approx(2.0, rel=1e-9)
    assert again["made 40"].grade("Sb").magnitude == pytest.approx(70.0, rel=1e-9)
    for name, mass in solution.flows.items():
        np.testing.assert_allclose(mass, again.flows[name], rtol=1e-9, atol=0.0)
