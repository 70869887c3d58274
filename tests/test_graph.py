import itertools
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from flowsheet.graph import calculation_order, tear_set


def has_cycle(nodes, edges):
    remaining, found = set(nodes), True
    while found:
        found = {n for n in remaining if not any(a in remaining for a, b in edges if b == n)}
        remaining -= found
    return bool(remaining)


def without(edges, torn):
    return [(a, b) for a, b in edges if a not in torn and b not in torn]


KNOWN = {
    "cascade of four": (["F1", "F2", "F3", "F4"], [("F1", "F2"), ("F2", "F1"), ("F2", "F3"),
                        ("F3", "F2"), ("F3", "F4"), ("F4", "F3")], 2),
    "loop of seven": (list(range(7)), [(i, (i + 1) % 7) for i in range(7)], 1),
    "self-recycle": (list("ABC"), [("A", "A"), ("A", "B"), ("B", "C"), ("C", "A")], 1),
    "rougher, cleaner, scavenger": (["MIX", "R", "C", "S"], [("MIX", "R"), ("R", "C"),
                                    ("R", "S"), ("C", "MIX"), ("S", "MIX")], 1),
    "cleaner train": (["M1", "C1", "M2", "C2", "M3", "C3", "M4", "C4"],
                      [("M1", "C1"), ("M2", "C2"), ("M3", "C3"), ("M4", "C4"), ("C1", "M2"),
                       ("C2", "M3"), ("C3", "M4"), ("C2", "M1"), ("C3", "M2"), ("C4", "M3")], 2),
    "no cycle": (list("ABC"), [("A", "B"), ("B", "C"), ("A", "C")], 0),
}  # fmt: skip


@pytest.mark.parametrize("name", KNOWN)
def test_smallest_set_that_meets_every_cycle(name):
    nodes, edges, count = KNOWN[name]
    torn = tear_set(nodes, edges)
    assert len(torn) == count
    assert not has_cycle([n for n in nodes if n not in torn], without(edges, torn))


def test_random_graphs_against_trying_every_set():
    rng = random.Random(7)
    for _ in range(150):
        nodes = list(range(rng.randint(2, 8)))
        edges = [(a, b) for a in nodes for b in nodes if rng.random() < 0.3]
        torn = tear_set(nodes, edges)
        assert not has_cycle([n for n in nodes if n not in torn], without(edges, torn))
        best = next(
            size
            for size in range(len(nodes) + 1)
            if any(
                not has_cycle([n for n in nodes if n not in chosen], without(edges, chosen))
                for chosen in itertools.combinations(nodes, size)
            )
        )
        assert len(torn) == best


STREAMS = json.loads((Path(__file__).parent / "known" / "recycle_graphs.json").read_text())


def meetings(streams):
    """The same drawing with streams as nodes: s leads to t if s enters the unit that makes t.

    The program tears inlets of units. Published counts are of streams, and are often larger: an
    inlet that several recycles enter is torn once, and each of them is a stream of its own.
    """
    pairs = itertools.product(enumerate(streams), repeat=2)
    return [(s, t) for (s, (_, entered)), (t, (makes, _)) in pairs if entered == makes]


def cycles(streams):
    """How many ways lead from a unit back to it through no unit twice; parallel streams count."""

    def back(first, at, passed):
        return sum(
            1 if end == first else back(first, end, passed | {end})
            for start, end in streams
            if start == at and (end == first or (end > first and end not in passed))
        )

    return sum(back(unit, unit, {unit}) for unit in {end for stream in streams for end in stream})


@pytest.mark.parametrize("name", STREAMS)
def test_fewest_streams_that_meet_every_cycle(name):
    known = STREAMS[name]
    streams = [tuple(stream) for stream in known["streams"]]
    assert cycles(streams) == known["cycles"]  # the drawing is the one meant
    torn = tear_set(range(len(streams)), meetings(streams))
    assert len(torn) == known["fewest_torn_streams"]
    left = [stream for number, stream in enumerate(streams) if number not in torn]
    assert cycles(left) == 0
    units = sorted({end for stream in streams for end in stream})
    order = calculation_order(units, {unit: [a for a, b in left if b == unit] for unit in units})
    assert all(order.index(start) < order.index(end) for start, end in left)
    if "only_choice" in known:
        assert [list(streams[number]) for number in torn] == known["only_choice"]


@pytest.mark.parametrize("name", STREAMS)
def test_torn_units_are_never_more_than_torn_streams(name):
    streams = [tuple(stream) for stream in STREAMS[name]["streams"]]
    units = sorted({end for stream in streams for end in stream})
    torn = tear_set(units, streams)
    assert cycles(without(streams, torn)) == 0
    assert len(torn) <= STREAMS[name]["fewest_torn_streams"]
    for unit in torn:  # none of them is there for nothing
        assert cycles(without(streams, [other for other in torn if other != unit])) > 0


def test_an_antimony_network_with_nested_recycles():
    known = json.loads((Path(__file__).parent / "known" / "antimony_network.json").read_text())
    streams = [(unit, way["to"]) for unit, ways in known["splits"].items() for way in ways]
    torn = tear_set(range(len(streams)), meetings(streams))
    assert len(torn) == 4
    assert cycles([stream for number, stream in enumerate(streams) if number not in torn]) == 0


TEARS = """
import sys
from flowsheet.graph import calculation_order, tear_set
streams = [tuple(stream.split()) for stream in sys.argv[1:]]
units = list(dict.fromkeys(end for stream in streams for end in stream))
torn = tear_set(units, streams)
needs = {unit: [a for a, b in streams if b == unit and unit not in torn] for unit in units}
print(hash("a text"))
print(torn, calculation_order(units, needs))
"""


def test_the_same_tears_and_order_in_every_process():
    streams = [" ".join(stream) for stream in STREAMS["cleaner train"]["streams"]]
    told = [
        subprocess.run(
            [sys.executable, "-c", TEARS, *streams],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[1],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
        for seed in ("1", "2", "3")
    ]
    hashes, found = zip(*told, strict=True)
    assert len(set(hashes)) == 3  # else the processes would not differ in what the test is about
    assert len(set(found)) == 1


def test_the_order_in_which_edges_are_given_does_not_matter():
    nodes, edges, _ = KNOWN["cleaner train"]
    expected = tear_set(nodes, edges)
    for seed in range(10):
        shuffled = random.Random(seed).sample(edges, len(edges))
        assert tear_set(nodes, shuffled) == expected


def test_calculation_order_follows_needs_and_else_the_order_written():
    order = calculation_order(["d", "c", "b", "a"], {"d": ["a"], "c": ["a"]})
    assert order == ["b", "a", "d", "c"]


def test_a_cycle_has_no_order():
    with pytest.raises(ValueError, match="cycle"):
        calculation_order(["a", "b"], {"a": ["b"], "b": ["a"]})
