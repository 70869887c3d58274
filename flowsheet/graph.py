"""From connections to an order of calculation: which inlets to tear, and what runs after what.

Nodes are inlets; an edge goes from an inlet to every inlet that takes a stream made by its unit.
Tearing a set of inlets that meets every cycle leaves an order in which each unit runs once.
The result depends on nothing but the order in which units and streams are written.
"""

import heapq
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)
_Graph = dict[int, tuple[set[int], set[int]]]  # node -> (predecessors, successors)

# Beyond this many nodes left after reduction, the choice is greedy instead of exact.
EXACT_UP_TO = 40


def tear_set(nodes: Sequence[Node], edges: Iterable[tuple[Node, Node]]) -> list[Node]:
    """Return a smallest set of nodes that meets every cycle, in the order given.

    Levy and Low, "A contraction algorithm for finding small cycle cutsets", J. Algorithms 9 (1988)
    470-493; what their contractions leave is searched exactly while it is small.
    """
    number = {node: index for index, node in enumerate(nodes)}
    graph: _Graph = {index: (set(), set()) for index in number.values()}
    for start, end in edges:
        graph[number[start]][1].add(number[end])
        graph[number[end]][0].add(number[start])
    return [nodes[index] for index in sorted(_smallest(graph, len(nodes)) or [])]


def _smallest(graph: _Graph, limit: int) -> list[int] | None:
    """Return a smallest cycle cutset of at most ``limit`` nodes, or None. Consumes the graph."""
    forced = _contract(graph)
    if len(forced) > limit:
        return None
    if not graph:
        return forced
    chosen = min(graph, key=lambda node: (-len(graph[node][0]) * len(graph[node][1]), node))
    without = _copy(graph)
    _remove(without, chosen)
    best = _smallest(without, limit - len(forced) - 1)
    best = None if best is None else [chosen, *best]
    if len(graph) <= EXACT_UP_TO:
        room = limit - len(forced) if best is None else len(best) - 1
        _bypass(graph, chosen)
        kept = _smallest(graph, room)
        best = kept if kept is not None else best
    return None if best is None else forced + best


def _contract(graph: _Graph) -> list[int]:
    """Remove what no cycle needs and bypass what any cycle may avoid; return what it must hold."""
    forced: list[int] = []
    changed = True
    while changed:
        changed = False
        for node in sorted(graph):
            before, after = graph[node]
            if node in after:
                forced.append(node)
                _remove(graph, node)
            elif not before or not after:
                _remove(graph, node)
            elif len(before) == 1 or len(after) == 1:
                _bypass(graph, node)
            else:
                continue
            changed = True
    return forced


def _remove(graph: _Graph, node: int) -> None:
    before, after = graph.pop(node)
    for other in before - {node}:
        graph[other][1].discard(node)
    for other in after - {node}:
        graph[other][0].discard(node)


def _bypass(graph: _Graph, node: int) -> None:
    """Take a node out and join each of its predecessors to each of its successors."""
    before, after = graph[node]
    _remove(graph, node)
    for start in before:
        for end in after:
            graph[start][1].add(end)
            graph[end][0].add(start)


def _copy(graph: _Graph) -> _Graph:
    return {node: (set(before), set(after)) for node, (before, after) in graph.items()}


def calculation_order(nodes: Sequence[Node], needs: Mapping[Node, Iterable[Node]]) -> list[Node]:
    """Return the nodes so that each follows all it needs; ties go to the one written first.

    Raises ValueError when there is a cycle.
    """
    number = {node: index for index, node in enumerate(nodes)}
    waiting = {node: set(needs.get(node, ())) for node in nodes}
    followers: dict[Node, list[Node]] = {node: [] for node in nodes}
    for node in nodes:
        for needed in sorted(waiting[node], key=number.__getitem__):
            followers[needed].append(node)
    ready = [number[node] for node in nodes if not waiting[node]]
    order: list[Node] = []
    while ready:
        node = nodes[heapq.heappop(ready)]
        order.append(node)
        for follower in followers[node]:
            waiting[follower].discard(node)
            if not waiting[follower]:
                heapq.heappush(ready, number[follower])
    if len(order) < len(nodes):
        raise ValueError("the graph has a cycle")
    return order
