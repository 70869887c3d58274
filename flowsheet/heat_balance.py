"""Temperature of every stream of a solved plant, and the heat of every unit.

Masses do not depend on what is found here: a unit that works at a temperature has it as a
parameter, or finds it in its own heat balance. So temperatures are followed from unit to unit
afterwards, in the order of calculation and round the recycles until nothing changes:

    outlet whose temperature the unit sets      that temperature
    any other outlet                            what enters, mixed without loss of heat
    heat of a unit = enthalpy of outlets - enthalpy of inlets and supplies          (1)

with the enthalpies of formation in (1), so that it holds the heats of reaction.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from flowsheet.core.errors import FlowsheetError, SolveError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.heat import (
    enthalpy,
    highest_temperature,
    temperature_at,
    without_data,
    without_formation,
)
from flowsheet.core.thermochemistry import STANDARD_TEMPERATURE
from flowsheet.core.unit import Parameters, UnitOp, seen
from flowsheet.model import Flowsheet
from flowsheet.solver.circuit import Streams, circuit_of

SETTLED = 1e-6  # K
PASSES = 500
NOTICED = 20.0
"""K between what a unit counts on and what arrives, from which the engineer is told; assumed."""

LEAST_HEAT = 0.1
"""kW from which a cooler that would have to heat is told of."""


@dataclass(frozen=True)
class HeatBalance:
    """Temperatures in K by stream, heats in W by unit, (scenarios,) each.

    Both are not-a-number in scenarios without a steady state.
    """

    temperature: Mapping[str, Array]
    heat: Mapping[str, Array]
    """Of units that set a temperature; above zero what must be supplied, below what is given off.
    Units whose heat is not known are left out."""
    unknown: Mapping[str, str]
    """Unit -> why its heat is not known."""
    warnings: tuple[str, ...]


def heat_balance(
    flowsheet: Flowsheet, flows: Streams, parameters: Mapping[str, Parameters]
) -> HeatBalance:
    """Follow temperatures through a solved plant, then add up enthalpies.

    Raises SolveError where a recycle does not settle, or a unit's ``temperatures`` fails.
    """
    return _Balance(flowsheet, flows, parameters).result()


class _Balance:
    def __init__(
        self, flowsheet: Flowsheet, flows: Streams, parameters: Mapping[str, Parameters]
    ) -> None:
        self.flowsheet = flowsheet
        self.lost = np.logical_or.reduce(
            np.broadcast_arrays(*(np.isnan(mass).any(axis=0) for mass in flows.values()))
        )
        """Scenarios without a steady state, (scenarios,)."""
        self.flows = {
            name: Flow(flowsheet.slate, np.where(self.lost, 0.0, mass) if self.lost.any() else mass)
            for name, mass in flows.items()
        }
        self.order = circuit_of(flowsheet).order
        self.set = {
            name: _asked(name, unit, self._ports(unit), parameters[name])
            for name, unit in flowsheet.units.items()
        }
        """Unit -> port -> temperature, where the unit sets or counts on one."""
        self.temperature: dict[str, Array] = {
            name: np.full(flow.mass.shape[1], STANDARD_TEMPERATURE)
            for name, flow in self.flows.items()
        }

    def result(self) -> HeatBalance:
        self._follow()
        heat: dict[str, Array] = {}
        unknown: dict[str, str] = {}
        for name, unit in self.flowsheet.units.items():
            if self.set[name] and unit.streams("inlet"):
                if reason := self._unknown(unit):
                    unknown[name] = reason
                else:
                    heat[name] = self._enthalpy(unit, "outlet") - self._entering(unit)
        warnings = (*self._warnings(), *self._warmed(heat))
        if self.lost.any():
            for found in (self.temperature, heat):
                found.update({name: np.where(self.lost, np.nan, v) for name, v in found.items()})
        return HeatBalance(self.temperature, heat, unknown, warnings)

    def _follow(self) -> None:
        for _ in range(PASSES):
            before = dict(self.temperature)
            for name in self.order:
                self._warm(name)
            moved = max((_moved(before[s], self.temperature[s]) for s in before), default=0.0)
            if moved < SETTLED:
                return
        raise SolveError(f"temperatures still move by {moved:.2g} K after {PASSES} passes")

    def _warm(self, name: str) -> None:
        unit, given = self.flowsheet.units[name], self.set[name]
        for port, streams in (*unit.streams("supply").items(), *unit.streams("outlet").items()):
            stream = streams[0]
            if port in given:
                self.temperature[stream] = self._as_wide(stream, given[port])
        unset = [s[0] for port, s in unit.streams("outlet").items() if port not in given]
        if unset and unit.streams("inlet"):
            mixed = self._mixed([*_streams(unit, "inlet"), *_streams(unit, "supply")])
            for stream in unset:
                self.temperature[stream] = self._as_wide(stream, mixed)

    def _mixed(self, streams: Sequence[str]) -> Array:
        """Temperature of several streams when mixed, (scenarios,)."""
        warmth = [self.temperature[stream] for stream in streams]
        if all(np.array_equal(one, warmth[0]) for one in warmth):
            return warmth[0] if warmth else np.array([STANDARD_TEMPERATURE])
        mixed = sum((self.flows[s] for s in streams[1:]), start=self.flows[streams[0]])
        if without_data(mixed):  # without heat capacities, all that flows is taken to hold alike
            weights = np.array([self.flows[stream].total() for stream in streams])
            total = weights.sum(axis=0)
            mean: Array = (weights * np.array(warmth)).sum(axis=0) / np.where(total, total, 1.0)
            return np.where(total > 0.0, mean, STANDARD_TEMPERATURE)
        content = sum(
            (enthalpy(self.flows[s], t) for s, t in zip(streams, warmth, strict=True)),
            start=np.zeros_like(mixed.mass[0]),
        )
        return temperature_at(mixed, content)

    def _entering(self, unit: UnitOp) -> Array:
        return self._enthalpy(unit, "inlet") + self._enthalpy(unit, "supply")

    def _enthalpy(self, unit: UnitOp, kind: str) -> Array:
        total: Array = np.zeros(1)
        for stream in _streams(unit, kind):
            total = total + enthalpy(self.flows[stream], self.temperature[stream])
        return total

    def _unknown(self, unit: UnitOp) -> str:
        """Why the heat of a unit cannot be told; empty where it can."""
        through = self._sum(unit, "outlet") + self._sum(unit, "inlet") + self._sum(unit, "supply")
        if lacking := without_data(through):
            return f"no thermochemical data of {', '.join(lacking)}"
        change = self._sum(unit, "outlet") - self._sum(unit, "inlet") - self._sum(unit, "supply")
        changed = Flow(change.slate, np.abs(change.merged().mass.real))
        small = 1e-9 * through.merged().mass.real
        changed = Flow(change.slate, np.where(changed.mass > small, changed.mass, 0.0))
        if lacking := without_formation(changed):
            return f"no enthalpy of formation of {', '.join(lacking)}"
        return ""

    def _sum(self, unit: UnitOp, kind: str) -> Flow:
        slate = self.flowsheet.slate
        flows = (self.flows[stream] for stream in _streams(unit, kind))
        return sum(flows, start=Flow(slate, np.zeros((slate.count, 1))))

    def _warnings(self) -> Iterator[str]:
        for name, unit in self.flowsheet.units.items():
            if not self.set[name]:
                continue
            for kind in ("supply", "outlet"):
                for stream in _streams(unit, kind):
                    limit, species = highest_temperature(self.flows[stream])
                    warm = float(self.temperature[stream][0].real)
                    if warm > limit:
                        yield (
                            f"{name}: heat of {stream} at {warm - 273.15:.0f} degC is beyond the "
                            f"data of {species}, which end at {limit - 273.15:.0f} degC"
                        )
            for port, streams in unit.streams("inlet").items():
                if port in self.set[name]:
                    yield from self._differing(name, port, streams)

    def _warmed(self, heat: Mapping[str, Array]) -> Iterator[str]:
        """Coolers whose gas comes colder than it is said to leave."""
        for name, taken in heat.items():
            kilowatts = float(taken[0].real) / 1e3
            if self.flowsheet.units[name].only_cools and kilowatts > LEAST_HEAT:
                yield (
                    f"{name}: what enters is colder than it is said to leave: {kilowatts:.4g} kW "
                    f"would have to be supplied; lower its temperature, or leave it out"
                )

    def _differing(self, name: str, port: str, streams: tuple[str, ...]) -> Iterator[str]:
        """What a unit counts on in its heat balance and what arrives, where they differ."""
        assumed = float(np.ravel(self.set[name][port])[0].real)
        warm = float(self._mixed(streams)[0].real)
        if abs(warm - assumed) > NOTICED and any(self.flows[s].total()[0] for s in streams):
            yield (
                f"{name}: its heat balance counts on {port} at {assumed - 273.15:.0f} degC, but "
                f"{' with '.join(streams)} arrives at {warm - 273.15:.0f} degC; set "
                f"{port}_temperature, or cool what arrives"
            )

    def _ports(self, unit: UnitOp) -> dict[str, Flow]:
        slate = self.flowsheet.slate
        ports = {}
        for port, kind in unit.ports().items():
            nothing = Flow(slate, np.zeros((slate.count, 1)))
            ports[port] = sum((self.flows[s] for s in unit.streams(kind)[port]), start=nothing)
        return dict(seen(unit, ports))

    def _as_wide(self, stream: str, value: Array | float) -> Array:
        return np.broadcast_to(np.asarray(value), self.temperature[stream].shape)


def _moved(before: Array, after: Array) -> float:
    """Largest change in K; of derivatives in parts of the largest, on the same scale."""
    real = float(np.max(np.abs(after.real - before.real)))
    if not np.iscomplexobj(after):
        return real
    largest = float(np.max(np.abs(after.imag)))
    imaginary = float(np.max(np.abs(after.imag - before.imag)))
    return max(real, imaginary / largest if largest else 0.0)


def _streams(unit: UnitOp, kind: str) -> list[str]:
    return [s for names in unit.streams(kind).values() for s in names]  # type: ignore[arg-type]


def _asked(
    name: str, unit: UnitOp, ports: Mapping[str, Flow], p: Parameters
) -> dict[str, Array | float]:
    try:
        return dict(unit.temperatures(ports, p))
    except FlowsheetError:
        raise
    except Exception as error:
        raise SolveError(
            f"{name}: {type(unit).__name__}.temperatures failed with {type(error).__name__}: "
            f"{error}"
        ) from error
