"""Units that were evaluated side by side, looked at alone: each must do the same by itself.

The code of a unit sees all scenarios at once. One that reads a parameter from ``self``, or takes
the first, the mean or the largest of an array, gives a scenario what belongs to another, and
nothing else would show it: every balance still closes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from flowsheet.core.errors import SolveError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.unit import Parameters
from flowsheet.place import Place, trial_of
from flowsheet.solver.circuit import Circuit, Step, Streams, run_unit
from flowsheet.solver.equations import Floats

TOLERANCE = 1e-6
"""Difference over the largest flow of the unit that only another rule of calculation makes."""
NOTHING = 1e-9
"""Share of the plant's feed that a solution leaves open, and that shows nothing."""


def check_scenarios(
    circuit: Circuit, streams: Streams, values: Mapping[Place, Floats], columns: Iterable[int]
) -> None:
    """Run every unit alone on some scenarios; raise SolveError for one that does otherwise.

    ``values`` holds all numbers that vary, (scenarios,).
    """
    for column in columns:
        one = {name: mass[:, [min(column, mass.shape[1] - 1)]] for name, mass in streams.items()}
        for step in circuit.steps:
            step_alone, p = step, circuit.parameters[step.name]
            changed = [place for place in values if place.unit == step.name]
            if changed:
                unit, setters = trial_of(step.unit, changed)
                for place, exchange in zip(changed, setters, strict=True):
                    exchange(float(values[place][column]))
                step_alone, p = replace(step, unit=unit), unit.resolve(circuit.slate)
            _compare(circuit, step_alone, p, one, "a scenario")


def check_units(circuit: Circuit, streams: Streams, parameters: Mapping[str, Parameters]) -> None:
    """Run every unit alone on what enters it; raise SolveError for one that does otherwise."""
    for step in circuit.steps:
        if step.inlets:
            _compare(circuit, step, parameters[step.name], streams, "a unit")


def _compare(
    circuit: Circuit, step: Step, p: Parameters, streams: Mapping[str, Array], what: str
) -> None:
    slate = circuit.slate
    flows = {port: Flow(slate, circuit.inlet(n, streams)) for port, n in step.inlets.items()}
    made = run_unit(step, flows, p, slate)
    together = {port: streams[stream] for port, stream in step.made.items()}
    scale = max((float(np.max(mass)) for mass in together.values()), default=0.0)
    fed = sum(float(streams[name].sum()) for name in circuit.flowsheet.entering)
    for port, mass in together.items():
        apart = made[port].mass
        difference = np.abs(apart - mass)[:, 0]
        row = int(np.argmax(difference))
        if difference[row] > TOLERANCE * scale + NOTHING * fed:
            raise SolveError(
                f"{step.name}: its {type(step.unit).__name__} gives {apart[row, 0] * 3.6:.4g} t/h "
                f"of {slate.labels[row]} in '{step.made[port]}' for {what} alone and "
                f"{mass[row, 0] * 3.6:.4g} t/h among others; run must treat arrays scenario by "
                f"scenario: parameters from p and not from self, np.where and np.minimum in place "
                f"of if and min, and no float(), [0], mean or max of an array"
            )
