"""Why there is no steady state, in one line with the unit, the species and the number."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from flowsheet.core.errors import SolveError
from flowsheet.core.flow import Array
from flowsheet.core.quantities import from_base
from flowsheet.core.unit import Parameters
from flowsheet.model import split_path
from flowsheet.solver.circuit import Circuit, Step, Streams
from flowsheet.solver.spec import Spec

LEAK = 1e-12
"""A loop that returns all but this share of what it is given has no way out."""
GROWTH_PASSES = 60


def no_way_out(circuit: Circuit, active: NDArray[np.bool_], returned: NDArray[np.float64]) -> None:
    """Raise SolveError if a constituent that flows in a loop can never leave the plant.

    ``returned[i, j]`` is what comes back at unknown i per unit of unknown j. An unknown leaks if
    an element in it does not come back whole, or if some of it comes back as one that leaks.
    """
    unknowns = np.flatnonzero(active)
    rows = len(circuit.slate.names)
    fractions = circuit.slate.element_fractions[:, unknowns % rows]
    for content in fractions:
        with_element = np.flatnonzero(content > 0.0)
        flow = content[with_element, None] * returned[np.ix_(with_element, with_element)]
        back = flow.sum(axis=0) / content[with_element]
        leaks = np.abs(1.0 - back) > LEAK
        while True:
            reaches = leaks | (np.abs(flow[leaks]).sum(axis=0) > 0.0)
            if np.array_equal(reaches, leaks):
                break
            leaks = reaches
        if not leaks.all():
            kept = unknowns[with_element[~leaks]]
            names = _unique(circuit.slate.names[index % rows] for index in kept)
            units = _unique(circuit.torn[index // rows].unit for index in kept)
            raise SolveError(
                f"no way out for {', '.join(names)} (in {', '.join(_loop(circuit, units))}): "
                f"all of it comes back; add a bleed, a purge or a loss"
            )


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


def growth(circuit: Circuit, tears: Sequence[Array], parameters: Mapping[str, Parameters]) -> str:
    """Say what grows, where and how fast, by following the recycles pass after pass."""
    flows = [np.array(tear) for tear in tears]
    before = flows
    for _ in range(GROWTH_PASSES):
        before = flows
        flows = circuit.found(circuit.run(flows, parameters))
    gained = [now - then for now, then in zip(flows, before, strict=True)]
    inlet = int(np.argmax([float(gain.max()) for gain in gained]))
    row = int(np.argmax(gained[inlet][:, 0]))
    amount, was = float(gained[inlet][row, 0]), float(before[inlet][row, 0])
    name, unit = circuit.slate.names[row], circuit.torn[inlet].unit
    if amount <= 1e-9 * max(was, 1e-300):
        return f"no steady state found: the flows at '{unit}' do not settle (largest in {name})"
    return (
        f"no steady state: {name} builds up at '{unit}', by {amount * 3.6:.3g} t/h each pass at "
        f"{was * 3.6:.3g} t/h; more comes back than leaves: add a bleed or relieve the loop"
    )


def check_flows(circuit: Circuit, streams: Streams) -> None:
    """Raise SolveError for a flow that is negative or not a number, with the unit that made it.

    Units run in order from flows that exist, so the first one with a bad outlet is to blame.
    """
    for step in circuit.steps:
        for stream in step.made.values():
            mass = streams[stream]
            bad = ~np.isfinite(mass) | (mass < 0.0)
            if bad.any():
                row, column = np.argwhere(bad)[0]
                raise SolveError(
                    f"{step.name}: {circuit.slate.names[row]} in '{stream}' is "
                    f"{mass[row, column] * 3.6:.3g} t/h, which cannot be; "
                    f"{_inlets(circuit, step, streams, int(column))}"
                )


def _inlets(circuit: Circuit, step: Step, streams: Streams, column: int) -> str:
    """The largest constituents that enter a unit."""
    parts = []
    for port, names in step.inlets.items():
        mass = circuit.inlet(names, streams)
        mass = mass[:, min(column, mass.shape[1] - 1)]
        largest = [row for row in np.argsort(-mass)[:4] if mass[row] > 0.0]
        inside = ", ".join(f"{circuit.slate.names[row]} {mass[row] * 3.6:.3g}" for row in largest)
        parts.append(f"{port} brings {inside or 'nothing'} t/h")
    return "; ".join(parts) or "it has no inlet"


def unmet(circuit: Circuit, specs: Sequence[Spec], logs: Array, streams: Streams) -> str:
    """Say which target was not met, what was reached and where the parameter stood."""
    spec, log = max(
        zip(specs, logs, strict=True), key=lambda each: abs(each[0].miss(circuit.slate, streams)[0])
    )
    unit, name, _ = split_path(spec.path, circuit.flowsheet.units)
    parameter = circuit.flowsheet.units[unit].physical_parameters()[name]
    display = parameter.dimension.display
    value = from_base(getattr(circuit.flowsheet.units[unit], name) * float(np.exp(log)), display)
    reached = from_base(float(spec.target.flow.value(circuit.slate, streams)[0]), "t/yr")
    wanted = from_base(spec.target.value, "t/yr")
    return (
        f"target of {spec.target.flow} is not met: {reached:.4g} of {wanted:.4g} t/yr are reached "
        f"with {spec.path} at {f'{value:.4g} {display}'.strip()}; vary another parameter or lower "
        f"the target"
    )


def _unique(names: object) -> list[str]:
    return list(dict.fromkeys(names))  # type: ignore[call-overload]
