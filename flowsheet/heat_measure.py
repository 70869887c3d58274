"""Figures of heat and gas that can be aimed at, limited, differentiated and sampled.

``temperature("off_gas") <= "1000 degC"`` is a limit, ``heat("roaster")`` what a roaster must be
given, ``volume_share("SO2", "off_gas") == "5 %"`` a strength of gas to aim at.
"""

from dataclasses import dataclass

from flowsheet.core.arithmetic import ratio
from flowsheet.core.errors import InputError, nearest
from flowsheet.core.flow import Array
from flowsheet.core.parameters import Fraction, Power, Temperature, parameter_of
from flowsheet.heat_balance import heat_balance
from flowsheet.measure import Measure, Reading, check_stream
from flowsheet.model import Flowsheet


@dataclass(frozen=True, eq=False)
class StreamTemperature(Measure):
    """The temperature of a stream, followed through the plant."""

    stream: str
    unit = "K"
    display = "degC"
    dimension = parameter_of(Temperature).dimension

    def __str__(self) -> str:
        return f"temperature of '{self.stream}'"

    def value(self, reading: Reading) -> Array:
        """Return K."""
        found = heat_balance(reading.plant, reading.streams, reading.parameters)
        return found.temperature[self.stream]

    def check(self, plant: Flowsheet) -> None:
        """Refuse an unknown stream."""
        check_stream(plant, self.stream)


@dataclass(frozen=True, eq=False)
class UnitHeat(Measure):
    """The heat that a unit must be given; below zero what it gives off."""

    of: str
    unit = "W"
    display = "kW"
    dimension = parameter_of(Power).dimension

    def __str__(self) -> str:
        return f"heat of '{self.of}'"

    def value(self, reading: Reading) -> Array:
        """Return W; raise InputError where it is not known."""
        found = heat_balance(reading.plant, reading.streams, reading.parameters)
        if self.of not in found.heat:
            reason = found.unknown.get(self.of, "it sets no temperature")
            raise InputError(f"{self}: is not known: {reason}")
        return found.heat[self.of]

    def check(self, plant: Flowsheet) -> None:
        """Refuse an unknown unit."""
        if self.of not in plant.units:
            raise InputError(f"{self}: there is no such unit{nearest(self.of, plant.units)}")


@dataclass(frozen=True, eq=False)
class VolumeShare(Measure):
    """The share of a gas in the dry gas of a stream, by volume."""

    gas: str
    stream: str
    display = "percent"
    dimension = parameter_of(Fraction).dimension

    def __str__(self) -> str:
        return f"{self.gas} in the dry gas of '{self.stream}'"

    def value(self, reading: Reading) -> Array:
        """Return the fraction; zero where no gas flows."""
        flow = reading.flow(self.stream)
        return ratio(flow.moles(self.gas), flow.dry_gas())

    def check(self, plant: Flowsheet) -> None:
        """Refuse an unknown stream, and what is not counted with the dry gas."""
        check_stream(plant, self.stream)
        if self.gas not in plant.slate.dry_gases:
            raise InputError(
                f"{self}: '{self.gas}' is no gas of this flowsheet"
                f"{nearest(self.gas, plant.slate.dry_gases)}"
            )


def temperature(stream: str) -> StreamTemperature:
    """Temperature of a stream."""
    return StreamTemperature(stream)


def heat(unit: str) -> UnitHeat:
    """Heat that a unit must be given, losses included; below zero what it gives off."""
    return UnitHeat(unit)


def volume_share(gas: str, stream: str) -> VolumeShare:
    """Share of a gas in the dry gas of a stream, by volume."""
    return VolumeShare(gas, stream)
