"""Why there is no steady state, in one line with the unit, the species and the number."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flowsheet.columns import Columns
from flowsheet.core.errors import FlowsheetError, SolveError
from flowsheet.core.flow import Array
from flowsheet.solver.circuit import Circuit, Step, Streams
from flowsheet.solver.equations import Equations, Floats, Linear, Point, split
from flowsheet.solver.newton import Converged, ConvergenceError
from flowsheet.solver.transient import newton_or_transient

LEAK = 1e-12
"""A loop that returns all but this share of what it is given has no way out."""
SUSPECT = 1e6
"""A loop that holds more than this many times the feed is asked whether anything leaves it."""
GROWTH_PASSES = 60
HALVINGS = 12
"""Of the interval in which the largest feed that can be treated is sought."""


SAME_MISS = 1e-6
"""Difference of the logarithm of a value over its target that makes no other value."""


def explained(equations: Equations, failure: ConvergenceError) -> SolveError:
    """Say why Newton's method did not converge, and how much of the feed would have an answer."""
    try:
        _refuse_no_way_out(equations, failure.first)
        check_flows(equations.circuit, failure.last.streams, _assumed(equations, failure.last))
        text = _growth(equations, failure.last)
    except SolveError as reason:
        return reason
    share = steady_share(equations) if equations.thorough else 0.0
    if share:
        text += f"; steady up to {100.0 * share:.3g} % of the feed"
    return SolveError(text)


def check_ways_out(equations: Equations, point: Point) -> None:
    """Raise SolveError if a solution holds so much of something because it can never leave."""
    held = np.max(np.abs(point.flows) / equations.scale(point.streams), initial=0.0)
    if held > SUSPECT:
        _refuse_no_way_out(equations, point)


def _refuse_no_way_out(equations: Equations, point: Point) -> None:
    """Refuse a loop that keeps all it is given, if it does so with little and with much in it.

    A unit that is full, or saturated with something else, passes on nothing more just there.
    """
    reason = None
    for factor in (1.0, 1e-3, 3.0):
        # With little in the loop and much fed a unit may be full all the same.
        part = _with_feed(equations, min(factor, 1.0) * equations.feed_share)
        part.given, part.active = equations.parameters(point.logs), equations.active
        there = point._replace(flows=factor * point.flows, logs=np.zeros((0, 1)))
        reason = _no_way_out(part, part.linearised(there))
        if reason is None:
            return
    raise SolveError(reason)


def _no_way_out(equations: Equations, linear: Linear) -> str | None:
    """Name the constituents that flow in a loop and can never leave the plant, if there are any.

    With what comes back at unknown i per unit of unknown j, an unknown leaks if an element in it
    does not come back whole, or if some of it comes back as one that leaks.
    """
    circuit = equations.circuit
    returned, unknowns = linear.returned()
    back, given, amounts = _entries(returned)
    species = unknowns % equations.rows
    caught = np.zeros(len(unknowns), dtype=bool)
    for content in circuit.slate.element_fractions[:, species]:
        holds = content > 0.0
        carried = (amounts != 0.0) & holds[back] & holds[given]
        to, of = back[carried], given[carried]
        moved = np.bincount(of, content[to] * amounts[carried], minlength=len(unknowns))
        leaks = ~holds
        leaks[holds] = np.abs(1.0 - moved[holds] / content[holds]) > LEAK
        while True:
            reaches = leaks.copy()
            reaches[of[leaks[to]]] = True
            if np.array_equal(reaches, leaks):
                break
            leaks = reaches
        caught |= _where_it_ends(~leaks, to, of)
    if not caught.any():
        return None
    kept = unknowns[caught]
    names = _few(circuit.slate.labels[index % equations.rows] for index in sorted(kept))
    units = _unique(equations.inlets[index // equations.rows].unit for index in kept)
    sized = all(index % equations.rows >= len(circuit.slate.species) for index in kept)
    what = "what breaks them or lets them pass" if sized else "a bleed, a purge or a loss"
    return (
        f"no way out for {', '.join(names)} (in {', '.join(_few(_loop(circuit, units), 12))}): "
        f"all of it comes back; add {what}"
    )


def _where_it_ends(
    kept: NDArray[np.bool_], to: NDArray[np.intp], of: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """Of the unknowns that keep what they get, those that nothing passes on from to others.

    What merely leads into a closed loop is not to blame for it.
    """
    if not kept.any():
        return kept
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    inside = kept[of] & kept[to]
    size = len(kept)
    ones = np.ones(int(inside.sum()))
    graph = csr_array((ones, (of[inside], to[inside])), shape=(size, size))
    _, part = connected_components(graph, connection="strong")
    passes_on = np.zeros(size, dtype=bool)
    passes_on[part[of[inside]][part[of[inside]] != part[to[inside]]]] = True
    return kept & ~passes_on[part]


def _entries(matrix: Any) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """Rows, columns and values of a dense or a sparse matrix."""
    if isinstance(matrix, np.ndarray):
        rows, columns = np.nonzero(matrix)
        return rows, columns, matrix[rows, columns]
    listed = matrix.tocoo()
    return listed.coords[0], listed.coords[1], listed.data


def _loop(circuit: Circuit, torn_units: Sequence[str]) -> list[str]:
    """Units that a torn unit feeds and that feed it in turn."""
    after: dict[str, set[str]] = {name: set() for name in circuit.order}
    for stream, end in circuit.flowsheet.taken_by.items():
        after[circuit.flowsheet.made_by[stream].unit].add(end.unit)

    def reach(start: str) -> set[str]:
        seen: set[str] = set()
        waiting = [start]
        while waiting:
            for follower in after[waiting.pop()] - seen:
                seen.add(follower)
                waiting.append(follower)
        return seen

    return [
        name
        for name in circuit.flowsheet.units
        if any(name in reach(unit) and unit in reach(name) for unit in torn_units)
    ]


def _growth(equations: Equations, last: Point) -> str:
    """Say what grows, where and how fast, by following the recycles pass after pass.

    From where Newton's method stood, and from empty recycles if nothing grows from there. Raises
    SolveError for a flow on the way that cannot be.
    """
    circuit = equations.circuit
    empty = [np.zeros((equations.rows, 1)) for _ in circuit.torn]
    stood = _assumed(equations, last)
    for start in ([np.array(tear) for tear in stood], empty) if stood else (empty,):
        before, flows = _followed(equations, start, last)
        gained = [now - then for now, then in zip(flows, before, strict=True)]
        inlet = int(np.argmax([float(gain.max()) for gain in gained]))
        row = int(np.argmax(gained[inlet][:, 0]))
        amount, was = float(gained[inlet][row, 0]), float(before[inlet][row, 0])
        name, unit = circuit.slate.labels[row], circuit.torn[inlet].unit
        if amount > 1e-9 * max(was, 1e-300):
            return (
                f"no steady state: {name} builds up at '{unit}', by {amount * 3.6:.3g} t/h each "
                f"pass at {was * 3.6:.3g} t/h; more comes back than leaves: add a bleed or relieve "
                f"the loop"
            )
    return f"no steady state found: the flows at '{unit}' do not settle (largest in {name})"


def _assumed(equations: Equations, point: Point) -> list[Array]:
    """What a pass assumed at the torn inlets; nothing where all inlets were unknowns."""
    if list(equations.inlets) != equations.circuit.torn:
        return []
    return split(point.flows, equations.rows)


def _followed(
    equations: Equations, start: list[Array], last: Point
) -> tuple[list[Array], list[Array]]:
    """What stands at the torn inlets after many passes, and one pass before."""
    circuit, flows = equations.circuit, start
    parameters = equations.parameters(last.logs)
    before = flows
    for _ in range(GROWTH_PASSES):
        before = flows
        streams = circuit.run(flows, parameters, feed_share=equations.feed_share)
        check_flows(circuit, streams, flows)
        flows = circuit.found(streams)
    return before, flows


def steady_share(equations: Equations) -> float:
    """Largest share of the feed that still has a steady state, or 0 if none was found.

    Continuation: from a share that solves, halve the way to one that does not.
    """
    solved, flows = 0.0, None
    failed = equations.feed_share
    share = 0.5 * failed
    for _ in range(HALVINGS + 4):
        part = _with_feed(equations, share)
        try:
            start = part.start()
            if flows is not None:
                start = np.where(part.active[:, None], flows * (share / solved), 0.0)
            reached = newton_or_transient(part, start).point
            if (reached.flows > SUSPECT * part.scale(reached.streams)).any():
                failed = share  # so full that it is on the way to no end
            else:
                flows, solved = reached.flows, share
        except FlowsheetError:
            failed = share
        share = 0.5 * (solved + failed)
        if solved and failed - solved < 2e-4 * failed:
            break
    return solved / equations.feed_share


def _with_feed(equations: Equations, share: float) -> Equations:
    part: Equations = type(equations)(equations.circuit, feed_share=share)  # type: ignore[call-arg]
    part.given = equations.parameters(np.zeros((len(equations.specs), 1)))
    return part


def check_flows(circuit: Circuit, streams: Streams, assumed: Sequence[Array] = ()) -> None:
    """Raise SolveError for a flow that is negative or not a number, with the unit that made it.

    To blame is the first unit with a bad outlet that nothing bad enters. ``assumed`` is what stood
    at the torn inlets, if that is known.
    """
    together = (
        streams.mass
        if isinstance(streams, Columns)
        else np.concatenate(list(streams.values()), axis=1)
    )
    if (together >= 0.0).all() and together.max(initial=0.0) < np.inf:
        return
    blamed: list[tuple[bool, SolveError]] = []
    for step in circuit.steps:
        for stream in step.made.values():
            mass = streams[stream]
            bad = ~np.isfinite(mass) | (mass < 0.0)
            if bad.any():
                row, column = np.argwhere(bad)[0]
                reason = SolveError(
                    f"{step.name}: {circuit.slate.labels[row]} in '{stream}' is "
                    f"{mass[row, column] * 3.6:.3g} t/h, which cannot be; "
                    f"{_inlets(circuit, step, streams, int(column))}"
                )
                blamed.append((_has_sound_inlets(circuit, step, streams, assumed), reason))
    raise next((reason for sound, reason in blamed if sound), blamed[0][1])


def _has_sound_inlets(
    circuit: Circuit, step: Step, streams: Streams, assumed: Sequence[Array]
) -> bool:
    """Whether nothing wrong enters a unit, so that it is itself to blame."""
    entering = [
        assumed[step.torn[port]] if assumed and port in step.torn else circuit.inlet(names, streams)
        for port, names in step.inlets.items()
    ]
    return all(bool((np.isfinite(mass) & (mass >= 0.0)).all()) for mass in entering)


def _inlets(circuit: Circuit, step: Step, streams: Streams, column: int) -> str:
    """The largest constituents that enter a unit."""
    parts = []
    for port, names in step.inlets.items():
        mass = circuit.inlet(names, streams)
        mass = mass[:, min(column, mass.shape[1] - 1)]
        largest = [row for row in np.argsort(-mass)[:4] if mass[row] > 0.0]
        inside = ", ".join(f"{circuit.slate.labels[row]} {mass[row] * 3.6:.3g}" for row in largest)
        parts.append(f"{port} brings {inside or 'nothing'} t/h")
    return "; ".join(parts) or "it has no inlet"


def at_bound(equations: Equations, solved: Converged) -> str:
    """Say which specification sits at a bound of its parameter, and what is reached there."""
    place = int(np.flatnonzero(solved.at_bound)[0])
    low, _ = equations.log_bounds
    end = "lowest" if solved.point.logs[place, 0] <= low[place, 0] else "highest"
    flowsheet, spec = equations.circuit.flowsheet, equations.specs[place]
    bounds = spec.bounds(flowsheet)
    bound = spec.shown(flowsheet, bounds[0] if end == "lowest" else bounds[1])
    return _missed(equations, place, solved.point, f"its {end}, {bound}")


def unmet(equations: Equations, last: Point) -> str:
    """Say which target was not met, the nearest value that is reached, and with what."""
    place = int(np.argmax(np.abs(last.misses[:, 0])))
    nearest = _nearest(equations, place, last) if equations.thorough else last
    spec = equations.specs[place]
    value = float(equations.starts[place, 0] * np.exp(nearest.logs[place, 0]))
    return _missed(equations, place, nearest, spec.shown(equations.circuit.flowsheet, value))


def _missed(equations: Equations, place: int, point: Point, where: str) -> str:
    spec = equations.specs[place]
    measure, wanted = spec.target.measure, spec.target.value
    reached = measure.shown(wanted * float(np.exp(point.misses[place, 0])))
    return (
        f"target of {measure} is not met: {reached} of {measure.shown(wanted)} are reached with "
        f"{spec.path} at {where}; vary another parameter or change the target"
    )


def _nearest(equations: Equations, place: int, last: Point) -> Point:
    """The steady state that comes nearest to one target, as a solve at its parameter finds it."""
    nearest = _searched(equations, place, last, go_on=True)
    again = _settled(equations, nearest.logs, None)
    if again is not None and np.allclose(again.misses, nearest.misses, rtol=0.0, atol=SAME_MISS):
        return nearest
    # A plant may have a second state, which is only reached from an overloaded one.
    return _searched(equations, place, last, go_on=False)


def _searched(equations: Equations, place: int, last: Point, *, go_on: bool) -> Point:
    """The nearest over a wide range of the parameter; solving may go on from value to value."""
    best = last
    closest = np.inf
    low, high = (float(end[place, 0]) for end in equations.log_bounds)
    centre, width = float(np.clip(0.0, low, high)), 7.0
    flows: Floats | None = None
    for _ in range(4):
        for log in np.linspace(max(centre - width, low), min(centre + width, high), 15):
            logs = last.logs.copy()
            logs[place] = log
            tried = _settled(equations, logs, flows)
            if tried is None:
                continue
            flows = tried.flows if go_on else None
            miss = abs(float(tried.misses[place, 0]))
            if miss < closest:
                closest, best = miss, tried
        centre, width = float(best.logs[place, 0]), width / 6.0
    return best


def _settled(equations: Equations, logs: Floats, flows: Floats | None) -> Point | None:
    """The steady state with the varied parameters held, from some flows; None if there is none."""
    held = _with_feed(equations, equations.feed_share)
    held.given = equations.parameters(logs)
    try:
        start = held.start()
        if flows is not None:
            start = np.where(held.active[:, None], flows, 0.0)
        return equations.evaluate(newton_or_transient(held, start).point.flows, logs)
    except FlowsheetError:
        return None


def _few(names: Iterable[str], most: int = 4) -> list[str]:
    """Names, each once; of many the first ones and how many there are besides."""
    unique = _unique(names)
    if len(unique) <= most + 1:
        return unique
    return [*unique[:most], f"and {len(unique) - most} more"]


def _unique(names: object) -> list[str]:
    return list(dict.fromkeys(names))  # type: ignore[call-overload]
