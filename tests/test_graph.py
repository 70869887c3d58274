import itertools
import random

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
