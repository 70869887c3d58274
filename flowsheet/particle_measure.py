"""Figures of particles that can be aimed at, limited, differentiated and sampled.

``passing_size("cyclone_overflow") == "85 um"`` is a grind to aim at, ``passing("cyclone_overflow",
"75 um")`` the same as operators say it, ``liberation("concentrate", "Sb2S3")`` what a regrind is
for.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import ratio
from flowsheet.core.errors import InputError, nearest
from flowsheet.core.flow import Array
from flowsheet.core.parameters import Fraction, ParticleSize, parameter_of
from flowsheet.core.particles import aperture_text
from flowsheet.core.size_distribution import cumulative_passing, share_passing, size_passing
from flowsheet.measure import Measure, Reading, check_stream
from flowsheet.model import Flowsheet


@dataclass(frozen=True, eq=False)
class _OfParticles(Measure):
    """A figure of the size distribution of one stream, or of one mineral or composite in it."""

    stream: str
    kind: str | None

    def check(self, plant: Flowsheet) -> None:
        """Refuse an unknown stream, and a kind without size classes."""
        check_stream(plant, self.stream)
        if plant.slate.particles is None:
            raise InputError(
                f"{self}: this flowsheet has no size classes; give it "
                "particles=Particles(sieves=..., minerals=...)"
            )
        known = [kind.name for kind in plant.slate.sized]
        if self.kind is not None and self.kind not in known:
            raise InputError(
                f"{self}: '{self.kind}' has no size classes{nearest(self.kind, known)}"
            )

    @property
    def _where(self) -> str:
        return f"{self.kind} in '{self.stream}'" if self.kind else f"'{self.stream}'"

    def distribution(self, reading: Reading) -> tuple[Array, Array]:
        """Apertures, (classes,), and what passes them, (classes, scenarios)."""
        slate, sized = reading.plant.slate, reading.flow(self.stream).sized
        assert slate.particles is not None
        if self.kind is not None:
            sized = sized[[[each.name for each in slate.sized].index(self.kind)]]
        by_class = sized.sum(axis=0)
        passing = cumulative_passing(by_class)
        empty = by_class.sum(axis=0).real == 0.0
        return slate.particles.apertures, np.where(empty, np.nan, passing)


@dataclass(frozen=True, eq=False)
class PassingSize(_OfParticles):
    """The size that a share of the particles passes; P80 unless another share is asked for."""

    share: float = 0.8
    unit = "m"
    display = "um"
    dimension = parameter_of(ParticleSize).dimension

    def __str__(self) -> str:
        return f"P{self.share * 100:g} of {self._where}"

    def value(self, reading: Reading) -> Array:
        """Return m; not-a-number where the sieves do not say, or nothing flows."""
        apertures, passing = self.distribution(reading)
        return size_passing(apertures, passing, self.share)

    def check_value(self, plant: Flowsheet, value: float) -> None:
        """Refuse a target below the finest sieve."""
        _check_above_finest(self, plant, value)


@dataclass(frozen=True, eq=False)
class Passing(_OfParticles):
    """The share of the particles that passes a size."""

    size: float
    display = "percent"
    dimension = parameter_of(Fraction).dimension

    def __str__(self) -> str:
        return f"share of {self._where} finer than {aperture_text(self.size)}"

    def value(self, reading: Reading) -> Array:
        """Return the fraction; not-a-number where nothing flows."""
        return share_passing(*self.distribution(reading), self.size)

    def check(self, plant: Flowsheet) -> None:
        """Refuse also a size below the finest sieve."""
        super().check(plant)
        _check_above_finest(self, plant, self.size)


def _check_above_finest(measure: Measure, plant: Flowsheet, size: float) -> None:
    assert plant.slate.particles is not None
    finest = plant.slate.particles.sieves[-1]
    if size < finest * (1.0 - 1e-9):
        raise InputError(
            f"{measure}: {aperture_text(size)} is below the finest sieve, {aperture_text(finest)}; "
            "add finer sieves to the particles"
        )


@dataclass(frozen=True, eq=False)
class Liberation(Measure):
    """The share of a mineral's particles in a stream that is free and not locked."""

    stream: str
    mineral: str
    display = "percent"
    dimension = parameter_of(Fraction).dimension

    def __str__(self) -> str:
        return f"liberation of {self.mineral} in '{self.stream}'"

    def value(self, reading: Reading) -> Array:
        """Return the fraction; not-a-number where no particle holds the mineral."""
        slate, sized = reading.plant.slate, reading.flow(self.stream).sized
        place = [kind.name for kind in slate.sized].index(self.mineral)
        masses = sized.sum(axis=1)
        held = slate.minerals_of_sized[slate.row(self.mineral)] @ masses
        return ratio(masses[place], held, empty=np.nan)

    def check(self, plant: Flowsheet) -> None:
        """Refuse an unknown stream, and what is no mineral of the particles."""
        check_stream(plant, self.stream)
        known = () if plant.slate.particles is None else plant.slate.particles.minerals
        if self.mineral not in known:
            raise InputError(
                f"{self}: '{self.mineral}' is no mineral of the particles"
                f"{nearest(self.mineral, known)}"
            )


def passing_size(stream: str, share: Any = "80 %", kind: str | None = None) -> PassingSize:
    """Size that a share of a stream's particles passes, of all or of one mineral or composite."""
    return PassingSize(stream, kind, parameter_of(Fraction).convert(share))


def passing(stream: str, size: Any, kind: str | None = None) -> Passing:
    """Share of a stream's particles that passes a size, of all or of one mineral or composite."""
    return Passing(stream, kind, parameter_of(ParticleSize).convert(size))


def liberation(stream: str, mineral: str) -> Liberation:
    """Share of a mineral's particles that is free and not locked in composites."""
    return Liberation(stream, mineral)
