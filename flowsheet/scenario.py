"""Many scenarios of one flowsheet: named parameters vary, everything else stays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flowsheet.audit import audit
from flowsheet.core.arithmetic import ratio
from flowsheet.core.errors import InputError, SolveError, nearest
from flowsheet.core.flow import Flow
from flowsheet.core.quantities import array_in
from flowsheet.core.record import Record
from flowsheet.model import Flowsheet, split_path
from flowsheet.solver.batch import pick, solve_batch
from flowsheet.solver.circuit import Circuit, Streams

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Scenarios:
    """The steady states of many scenarios; those that failed are not-a-number everywhere."""

    flowsheet: Flowsheet
    flows: Streams
    """Stream -> mass flows in kg/s, (constituents, scenarios)."""
    failed: Mapping[int, str]
    """Scenario -> why it has no steady state."""
    count: int

    def flow(self, stream: str) -> Flow:
        """Return all scenarios of one stream; raise InputError with the nearest name."""
        if stream not in self.flows:
            raise InputError(f"there is no stream '{stream}'{nearest(stream, self.flows)}")
        return Flow(self.flowsheet.slate, self.flows[stream])

    def element_flow(self, element: str, stream: str, unit: str = "t/yr") -> Floats:
        """Mass flow of an element in a stream, (scenarios,)."""
        self._known(element)
        return array_in(self.flow(stream).element(element), unit, "kg/s")

    def grade(self, element: str, stream: str) -> Floats:
        """Percent of an element in the dry solids of a stream, (scenarios,).

        Not-a-number where a stream holds no solids.
        """
        self._known(element)
        solids = self.flow(stream).solids
        return 100.0 * ratio(solids.element(element), solids.total(), empty=np.nan)

    def recovery(self, element: str, *, to: str) -> Floats:
        """Percent of all of an element that enters that leaves by one stream, (scenarios,).

        Not-a-number where none enters.
        """
        self._known(element)
        entering = sum(self.flow(name).element(element) for name in self.flowsheet.entering)
        return 100.0 * ratio(self.flow(to).element(element), entering, empty=np.nan)

    def _known(self, element: str) -> None:
        known = self.flowsheet.slate.elements
        if element not in known:
            raise InputError(
                f"no species of this flowsheet contains '{element}'{nearest(element, known)}"
            )


def scenarios(flowsheet: Flowsheet, vary: Mapping[str, Sequence[Any]]) -> Scenarios:
    """Solve one scenario per place in the lists of ``vary``, all at once.

    ``vary`` maps a path (``"rougher.cell_volume"``, ``"rougher.rate_constant.Sb2S3"``) to one
    value per scenario, each as a case would write it; all lists have the same length. A scenario
    that has no steady state does not stop the others: see ``Scenarios.failed``. Every other one is
    audited. Raises InputError for a path or a value that makes no sense, SolveError when the
    flowsheet as written has no steady state.
    """
    for path, values in vary.items():
        if isinstance(values, str) or not hasattr(values, "__len__"):
            raise InputError(f"{path}: needs a list with one value per scenario, got {values!r}")
    lengths = {path: len(values) for path, values in vary.items()}
    if not lengths or len(set(lengths.values())) > 1 or 0 in lengths.values():
        raise InputError(
            f"vary: needs at least one list, all of one length, got {lengths or 'none'}"
        )
    count = next(iter(lengths.values()))
    circuit = Circuit(flowsheet)
    varied: dict[str, dict[str, Floats]] = {}
    for path, values in vary.items():
        unit, name, key = split_path(path, flowsheet.units)
        numbers = _converted(flowsheet, path, values)
        parameters = varied.setdefault(unit, {})
        if key:
            column = parameters.get(name, vars(circuit.parameters[unit])[name])
            table = np.array(np.broadcast_to(column, (len(flowsheet.slate.names), count)))
            try:
                table[flowsheet.slate.row(key)] = numbers
            except InputError as error:
                raise InputError(f"{path}: {error}") from error
            parameters[name] = table
        else:
            parameters[name] = numbers
    failed = _refused(flowsheet, vary, count)
    tried = np.array([place for place in range(count) if place not in failed], dtype=int)
    names = [*flowsheet.made_by, *flowsheet.supplied_to]
    flows = {name: np.full((len(flowsheet.slate.names), count), np.nan) for name in names}
    if tried.size:
        batch = solve_batch(circuit, pick(varied, tried), tried.size)
        failed |= {int(tried[place]): reason for place, reason in batch.failed.items()}
        for name, mass in batch.streams.items():
            flows[name][:, tried] = mass
        failed |= _open_balances(flowsheet, flows, [int(p) for p in tried if p not in failed])
    for mass in flows.values():
        mass[:, list(failed)] = np.nan
    return Scenarios(flowsheet, flows, dict(sorted(failed.items())), count)


def _refused(flowsheet: Flowsheet, vary: Mapping[str, Sequence[Any]], count: int) -> dict[int, str]:
    """Scenarios whose values are right one by one but not together, as the unit itself says."""
    by_unit: dict[str, list[str]] = {}
    for path in vary:
        by_unit.setdefault(split_path(path, flowsheet.units)[0], []).append(path)
    failed: dict[int, str] = {}
    for name, paths in by_unit.items():
        if type(flowsheet.units[name]).check is Record.check:
            continue  # it has no such rule
        for place in range(count):
            try:
                flowsheet.changed_unit(name, {path: vary[path][place] for path in paths})
            except InputError as error:
                failed.setdefault(place, str(error))
    return failed


def _open_balances(flowsheet: Flowsheet, flows: Streams, solved: list[int]) -> dict[int, str]:
    """Scenarios that do not close, with what does not."""
    if not solved:
        return {}
    try:
        audit(flowsheet, {name: mass[:, solved] for name, mass in flows.items()}).check()
    except SolveError:
        reasons = {}
        for place in solved:
            try:
                audit(flowsheet, {name: m[:, [place]] for name, m in flows.items()}).check()
            except SolveError as error:
                reasons[place] = str(error)
        return reasons
    return {}


def _converted(flowsheet: Flowsheet, path: str, values: Sequence[Any]) -> Floats:
    unit, name, key = split_path(path, flowsheet.units)
    kind = type(flowsheet.units[unit])
    parameter = kind.physical_parameters().get(name)
    if parameter is None:
        raise InputError(f"{path}: cannot vary from scenario to scenario; it is a choice")
    if kind.has_entries(name) != bool(key):
        entry = "name one of its entries" if not key else "it has no entries"
        raise InputError(f"{path}: cannot vary from scenario to scenario; {entry}")
    if key and isinstance(vars(flowsheet.units[unit].resolve(flowsheet.slate))[name], dict):
        raise InputError(f"{path}: values by element cannot vary from scenario to scenario yet")
    numbers = []
    for place, value in enumerate(values):
        try:
            numbers.append(float(parameter.convert(value)))
        except InputError as error:
            raise InputError(f"{path}, scenario {place}: {error}") from error
    return np.array(numbers)
