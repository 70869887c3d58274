"""Plants without an answer, and faults that show only in a recycle: who, what and how much."""

import re

import numpy as np
import pytest

from flowsheet import Flowsheet, Reaction, SolveError, Species, scenarios, solve
from flowsheet.core.flow import Array, Flow
from flowsheet.core.parameters import MassFlow
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.reaction import convert
from flowsheet.core.unit import Outlets, Parameters, UnitOp
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter


def ore(flow="10 t/h", outlet="ore", **composition):
    return Feed(outlet=outlet, flow=flow, composition=composition or {"SiO2": 1.0})


def splitter(feed, made, remainder, fraction):
    return Splitter(feed=feed, product=made, remainder=remainder, fraction=fraction)


def fails(complaint):
    return pytest.raises(SolveError, match=complaint)


# No way out.


def two_loops(inner, outer):
    """An inner loop of mill and screen inside an outer one that a thickener closes."""
    return Flowsheet(
        ["Sb2S3", "SiO2", "Au"],
        {
            "ore": ore(Sb2S3=0.1, SiO2=0.9 - 1e-6, Au=1e-6),
            "mill": splitter(["ore", "water", "coarse"], "ground", "dust", 1.0),
            "screen": splitter("ground", "coarse", "fine", inner),
            "thickener": splitter("fine", "water", "mud", outer),
        },
    )


LEAKS = {"Sb2S3": 0.5, "SiO2": 0.5, "Au": 0.5}


def test_a_trace_that_an_inner_loop_keeps():
    with fails(r"^no way out for Au \(in mill, screen(, thickener)?\): all of it comes back; add"):
        solve(two_loops({**LEAKS, "Au": 1.0}, LEAKS))


def test_a_trace_that_an_outer_loop_keeps():
    with fails(r"^no way out for Au \(in mill, screen, thickener\): all of it comes back; add a b"):
        solve(two_loops(LEAKS, {**LEAKS, "Au": 1.0}))


def test_several_species_without_a_way_out():
    with fails(r"^no way out for SiO2, Au \(in mill, screen, thickener\): all of it comes back"):
        solve(two_loops(LEAKS, {"Sb2S3": 0.5, "others": 1.0}))


def test_only_the_loop_that_keeps_it_is_named():
    plain = two_loops(LEAKS, LEAKS)
    kiln = splitter(["mud", "fume"], "gas", "clinker", {"Au": 1.0, "others": 0.0})
    cooler = splitter("gas", "fume", "stack", 1.0)
    flowsheet = Flowsheet(plain.slate.species, {**plain.units, "kiln": kiln, "cooler": cooler})
    with fails(r"^no way out for Au \(in kiln, cooler\): all of it comes back"):
        solve(flowsheet)


def converter(back):
    """A turns into its isomer B, of which a share comes back, and nothing turns it into A."""
    species = [Species(name, formula="C4H10", phase="gas") for name in "AB"]

    class Converter(UnitOp):
        feed: Inlet
        outlet: Outlet

        def run(self, feed: Flow, p: Parameters) -> Outlets:
            formulas = (("A", "C4H10"), ("B", "C4H10"))
            return {"outlet": convert(feed, [Reaction("A -> B", formulas=formulas)], [0.5])}

    return Flowsheet(
        species,
        {
            "gas": ore(outlet="gas", A=1.0),
            "converter": Converter(feed=["gas", "back"], outlet="converted"),
            "still": splitter("converted", "back", "out", {"A": 0.0, "B": back}),
        },
    )


def test_a_species_that_is_made_in_the_loop_and_cannot_leave_it():
    with fails(r"^no way out for B \(in converter, still\): all of it comes back"):
        solve(converter(1.0))
    out = solve(converter(0.9))["out"]
    assert out.species("B").magnitude == pytest.approx(5.0, rel=1e-9)


# Build-up.


class Filter(UnitOp):
    """Presses out four fifths, and no more than its capacity."""

    feed: Inlet
    cake: Outlet
    left: Outlet
    capacity: MassFlow

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        load = feed.total()
        full = 0.8 * load.real > p.capacity
        share = np.where(full, p.capacity / np.where(full, load, 1.0), 0.8)
        return {"cake": feed * share, "left": feed * (1.0 - share)}


def two_filters(flow):
    """The first holds a loop of 50 t/h at most, the second of 30."""
    return Flowsheet(
        ["SiO2"],
        {
            "ore": ore(flow),
            "first": Filter(feed=["ore", "left 1"], cake="cake 1", left="left 1", capacity="5 t/h"),
            "belt": splitter("cake 1", "sold", "kept", 0.5),
            "other": ore("3 t/h", "other ore"),
            "second": Filter(
                feed=["kept", "other ore", "left 2"],
                cake="cake 2",
                left="left 2",
                capacity="5 t/h",
            ),
        },
    )


def test_of_two_full_units_the_one_that_is_fed_too_much_is_named():
    with fails(r"^no steady state: SiO2 builds up at 'first', by 1 t/h each pass at \d"):
        solve(two_filters("6 t/h"))
    with fails(r"^no steady state: SiO2 builds up at 'second', by 0\.25 t/h each pass at \d"):
        solve(two_filters("4.5 t/h"))
    solution = solve(two_filters("3.5 t/h"))
    assert solution["cake 2"].mass_flow("t/h").magnitude == pytest.approx(4.75, rel=1e-9)


def test_what_builds_up_is_named_beside_what_does_not():
    """The belt takes the stibnite on, so that only quartz fills the filter."""
    units = {
        "ore": ore("20 t/h", Sb2S3=0.6, SiO2=0.4),
        "belt": splitter(["ore", "left"], "sold", "rest", {"Sb2S3": 0.9, "SiO2": 0.0}),
        "filter": Filter(feed="rest", cake="cake", left="left", capacity="6 t/h"),
    }
    with fails(r"^no steady state: SiO2 builds up at '(belt|filter)', by \d"):
        solve(Flowsheet(["Sb2S3", "SiO2"], units))


# Faults that show only once the recycle has filled.


class Recycling(UnitOp):
    """Passes on what enters, but goes wrong above 50 t/h; the feed alone is 10 t/h."""

    feed: Inlet
    product: Outlet

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        full = feed.total().real * 3.6 > 50.0
        return {"product": self.wrong(feed) if full.any() else feed}

    def wrong(self, feed: Flow) -> Flow:
        raise NotImplementedError


class Raises(Recycling):
    def wrong(self, feed: Flow) -> Flow:
        raise ValueError("no more than 50 t/h")


class NotANumber(Recycling):
    def wrong(self, feed: Flow) -> Flow:
        return Flow(feed.slate, self.column(feed, np.nan))

    def column(self, feed: Flow, value: float) -> Array:
        mass = feed.mass.copy()
        mass[feed.slate.row("Sb2S3")] = value
        return mass


class Negative(NotANumber):
    def wrong(self, feed: Flow) -> Flow:
        return Flow(feed.slate, self.column(feed, -1.0 / 3.6))


def loop_of(kind, back=0.9):
    """10 t/h enter a loop that holds 10 / (1 - back) of them."""
    return Flowsheet(
        ["Sb2S3", "SiO2"],
        {
            "ore": ore(Sb2S3=0.1, SiO2=0.9),
            "mill": kind(feed=["ore", "coarse"], product="ground"),
            "screen": splitter("ground", "coarse", "fine", back),
        },
    )


@pytest.mark.parametrize(
    ("kind", "complaint"),
    [
        (Raises, r"^mill: its Raises failed with ValueError: no more than 50 t/h; inlet feed: "
                 r"SiO2 \d+(\.\d+)?, Sb2S3 \d+(\.\d+)? kg/s$"),
        (NotANumber, r"^mill: Sb2S3 in 'ground' is nan t/h, which cannot be; feed brings SiO2 \d"),
        (Negative, r"^mill: Sb2S3 in 'ground' is -1 t/h, which cannot be; feed brings SiO2 \d"),
    ],
)  # fmt: skip
def test_a_fault_that_shows_only_in_a_full_recycle(kind, complaint):
    with fails(complaint):
        solve(loop_of(kind))
    # Where the loop stays below it, the fault is never met.
    ground = solve(loop_of(kind, back=0.5))["ground"]
    assert ground.mass_flow("t/h").magnitude == pytest.approx(20.0, rel=1e-9)


# Species that no feed brings.


def with_species(*names):
    """Two nested loops that lose nothing but quartz, carrying other species that nothing brings."""
    quartz_only = {"SiO2": 0.5, "others": 1.0}
    species = ["SiO2", *names]
    return Flowsheet(
        species,
        {
            "ore": ore(SiO2=1.0, **dict.fromkeys(names, 0.0)),
            "mill": splitter(["ore", "water", "coarse"], "ground", "dust", 1.0),
            "screen": splitter("ground", "coarse", "fine", quartz_only),
            "thickener": splitter("fine", "water", "mud", quartz_only),
        },
    )


@pytest.mark.parametrize("names", [("Sb2S3",), ("Au", "Sb2S3", "As2S3", "H2O")])
def test_species_that_no_feed_brings_change_nothing(names):
    plain, more = solve(with_species()), solve(with_species(*names))
    assert more.warnings() == plain.warnings() == []
    row = more.flowsheet.slate.row
    for stream, mass in more.flows.items():
        np.testing.assert_array_equal(mass[[row(name) for name in names]], 0.0)
        np.testing.assert_array_equal(mass[row("SiO2")], plain.flows[stream][0])


def test_nothing_at_all_flows_where_nothing_is_fed():
    solution = solve(with_species("Au"), set={"ore.flow": "0 t/h"})
    assert all(not mass.any() for mass in solution.flows.values())


def test_a_species_of_a_loop_that_only_another_feed_would_reach():
    """Arsenic goes round in the roaster's loop for ever, but the ore with it stays where it is."""

    def plant(share):
        return Flowsheet(
            ["SiO2", "As2O3"],
            {
                "ore": ore(),
                "arsenic": ore("1 t/h", "dump", As2O3=1.0),
                "gate": splitter("dump", "let in", "kept out", share),
                "roaster": splitter(
                    ["ore", "let in", "fume"], "gas", "calcine", {"As2O3": 1.0, "SiO2": 0.01}
                ),
                "bag": splitter("gas", "fume", "stack", {"As2O3": 1.0, "SiO2": 0.5}),
            },
        )

    assert solve(plant(0.0))["fume"].species("As2O3").magnitude == 0.0
    with fails(r"^no way out for As2O3 \(in roaster, bag\)"):
        solve(plant(1e-9))


# Up to which share of the feed there is a steady state.


def one_filter(flow, capacity="44.95 t/h", back=1.0):
    """All that leaves is the cake, and that is the capacity at the most."""
    return Flowsheet(
        ["SiO2"],
        {
            "ore": ore(flow),
            "filter": Filter(feed=["ore", "back"], cake="cake", left="left", capacity=capacity),
            "pump": splitter("left", "back", "spilt", back),
        },
    )


def share_of(text):
    """The number at the end of the message."""
    found = re.search(r"; steady up to (\S+) % of the feed$", text)
    assert found, text
    return float(found[1])


@pytest.mark.parametrize(
    ("flow", "capacity", "share"),
    [
        ("50 t/h", "44.95 t/h", 89.9),
        ("50 t/h", "49.5 t/h", 99.0),
        ("50 t/h", "25 t/h", 50.0),
        ("50 t/h", "1 t/h", 2.0),
        ("5 kg/h", "2.5 kg/h", 50.0),
    ],
)
def test_an_overloaded_loop_says_how_much_it_can_take(flow, capacity, share):
    with fails(
        r"^no steady state: SiO2 builds up at '(filter|pump)', by \S+ t/h each pass"
    ) as refused:
        solve(one_filter(flow, capacity))
    assert share_of(str(refused.value)) == pytest.approx(share, abs=0.1)


def test_of_several_limits_the_lowest_counts():
    # The first takes 5 of 6 t/h; the second would take 5 of 3 + 2.5.
    with fails("builds up at 'first'") as refused:
        solve(two_filters("6 t/h"))
    # At a share s of both feeds the second gets s (6 / 2 + 3): 5 at 5/6, as the first does.
    assert share_of(str(refused.value)) == pytest.approx(100 * 5 / 6, abs=0.1)
    with fails("builds up at 'second'") as refused:
        solve(two_filters("4.5 t/h"))
    # s (4.5 / 2 + 3) = 5.
    assert share_of(str(refused.value)) == pytest.approx(100 * 5 / 5.25, abs=0.1)


def test_a_feed_at_its_limit_and_just_beyond():
    # What returns of a load x below the limit is x / 5, so there is an answer up to the capacity.
    flow = solve(one_filter("44.94 t/h"))["cake"].mass_flow("t/h")
    assert flow.magnitude == pytest.approx(44.94, rel=1e-9)
    at_limit = solve(one_filter("44.95 t/h", "44.95 t/h"))
    assert at_limit["cake"].mass_flow("t/h").magnitude == pytest.approx(44.95, rel=1e-9)
    with fails("SiO2 builds up at '(filter|pump)'") as refused:
        solve(one_filter("44.96 t/h"))
    assert 99.8 <= share_of(str(refused.value)) <= 100.0


class Leaking(Filter):
    """Adds a tenth of a ton per hour of what it likes, whatever enters."""

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        made = super().run(feed, p)
        return {**made, "left": feed * 1.0}


def test_a_plant_without_a_steady_state_at_any_feed_names_no_share():
    """All of the feed comes back and cake is made besides: it grows with any feed."""
    units = {
        "ore": ore("10 t/h"),
        "filter": Leaking(feed=["ore", "back"], cake="cake", left="left", capacity="5 t/h"),
        "pump": splitter("left", "back", "spilt", 1.0),
    }
    with pytest.raises(SolveError) as refused:
        solve(Flowsheet(["SiO2"], units))
    assert "of the feed" not in str(refused.value)


def test_an_overloaded_scenario_says_what_builds_up_and_leaves_the_share_to_a_solve():
    flows = ["40 t/h", "50 t/h", "44.95 t/h", "89.9 t/h"]
    found = scenarios(one_filter("40 t/h"), {"ore.flow": flows})
    assert set(found.failed) == {1, 3}
    for place, share in ((1, 89.9), (3, 50.0)):
        with pytest.raises(SolveError) as refused:
            solve(one_filter(flows[place]))
        assert share_of(str(refused.value)) == pytest.approx(share, abs=0.1)
        assert str(refused.value).partition("; steady up to")[0] == found.failed[place]
    capacities = scenarios(one_filter("40 t/h"), {"filter.capacity": ["50 t/h", "30 t/h"]})
    assert set(capacities.failed) == {1}
    assert capacities.failed[1].startswith("no steady state: SiO2 builds up at ")
