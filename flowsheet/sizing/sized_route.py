"""A sized route: what each part of a `Sizing` is; `flowsheet.sizing.size.size` makes one."""

from dataclasses import asdict, dataclass
from typing import Any

from flowsheet.routes.metrics import Metrics
from flowsheet.sizing.grade_check import GradeCheck


@dataclass(frozen=True)
class Step:
    """What enters one unit by its inlets; supplies are counted with the reagents."""

    unit: str
    kind: str
    entering_t_h: float
    """While the plant runs, wet."""
    entering_t_yr: float
    """Wet."""
    solids_t_yr: float
    """Dry."""
    antimony_t_yr: float


@dataclass(frozen=True)
class Equipment:
    """Number or size of something that has to be built for a unit."""

    unit: str
    figure: str
    value: float
    in_unit: str


@dataclass(frozen=True)
class Drawn:
    """What a unit draws: a supply stream, or a reagent that no stream carries."""

    unit: str
    name: str
    """Of the stream, or of the reagent."""
    mainly: str
    """The species it holds most of; air where that is nitrogen."""
    t_yr: float
    kg_per_t: float | None
    """Per tonne of antimony in all products; None where there is none."""


@dataclass(frozen=True)
class Power:
    """Electric power of one unit while it runs, and over the year."""

    unit: str
    kw: float
    mwh_yr: float
    kwh_per_t: float | None
    """Per tonne of antimony in all products."""


@dataclass(frozen=True)
class Return:
    """A stream that goes back to an earlier unit."""

    stream: str
    from_unit: str
    to_unit: str
    antimony_t_yr: float
    of_fed_percent: float | None
    """Its antimony over all that enters the plant."""


@dataclass(frozen=True)
class Destination:
    """Arsenic that leaves by one stream."""

    stream: str
    kind: str
    """Product, residue or emission."""
    arsenic_t_yr: float
    share_percent: float | None


@dataclass(frozen=True)
class Capacity:
    """Refining throughput of the route against what is installed; t/yr antimony to refinery."""

    throughput_t_yr: float
    nameplate_t_yr: float
    """Throughput over the availability."""
    installed_t_yr: float
    missing_t_yr: float
    """Throughput beyond what is installed."""
    utilisation_percent: float | None
    """Throughput over installed; None where nothing is installed."""


@dataclass(frozen=True)
class Sizing:
    """A route sized; see the module for which solution each part comes from."""

    route: str
    availability: float
    product_antimony_t_yr: float
    """In all products."""
    metrics: Metrics
    steps: tuple[Step, ...]
    equipment: tuple[Equipment, ...]
    reagents: tuple[Drawn, ...]
    """Supplies without fuel and reductants."""
    fuels: tuple[Drawn, ...]
    """Supplies that are mostly carbon: fuel and reductants."""
    power: tuple[Power, ...]
    returns: tuple[Return, ...]
    arsenic: tuple[Destination, ...]
    capacity: Capacity
    without_equipment: tuple[str, ...]
    """Units that say nothing of their size; feeds are left out."""
    without_power: tuple[str, ...]
    """Units whose power is not counted; feeds are left out."""
    grade: GradeCheck | None
    warnings: tuple[str, ...]
    """Of the solution of the year."""

    def __repr__(self) -> str:
        return (
            f"<Sizing {self.route}: {len(self.steps)} steps, {len(self.equipment)} figures of "
            f"equipment, {self.power_kw:.4g} kW>"
        )

    @property
    def power_kw(self) -> float:
        """Power of all units that state one, while the plant runs."""
        return sum(each.kw for each in self.power)

    @property
    def mwh_yr(self) -> float:
        """Their energy over the year."""
        return sum(each.mwh_yr for each in self.power)

    @property
    def kwh_per_t(self) -> float | None:
        """Their energy per tonne of antimony in all products; None where there is none."""
        return per(1e3 * self.mwh_yr, self.product_antimony_t_yr)

    def to_dict(self) -> dict[str, Any]:
        """Return the sizing as plain values."""
        parts = ("steps", "equipment", "reagents", "fuels", "power", "returns", "arsenic")
        return {
            "route": self.route,
            "availability_percent": 100.0 * self.availability,
            "product_antimony_t_yr": self.product_antimony_t_yr,
            "metrics": asdict(self.metrics),
            **{part: [asdict(row) for row in getattr(self, part)] for part in parts},
            "capacity": asdict(self.capacity),
            "power_kw": self.power_kw,
            "energy_mwh_yr": self.mwh_yr,
            "energy_kwh_per_t": self.kwh_per_t,
            "without_equipment": list(self.without_equipment),
            "without_power": list(self.without_power),
            "grade": self.grade.to_dict() if self.grade else None,
            "warnings": list(self.warnings),
        }


def per(part: float, whole: float) -> float | None:
    """Part over whole; None where that is nothing."""
    return part / whole if whole > 0.0 else None
