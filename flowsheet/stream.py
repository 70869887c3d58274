"""A solved stream as an engineer reads it: pint quantities in readable units."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from flowsheet.core.errors import InputError, nearest
from flowsheet.core.flow import Array, Flow
from flowsheet.core.grades import Verdict, grade_of
from flowsheet.core.heat import enthalpy, sensible_heat
from flowsheet.core.parameters import Fraction, ParticleSize, parameter_of
from flowsheet.core.particles import aperture_text
from flowsheet.core.quantities import from_base, quantity
from flowsheet.core.size_distribution import cumulative_passing, share_passing, size_passing
from flowsheet.core.thermochemistry import STANDARD_TEMPERATURE

if TYPE_CHECKING:
    from pint import Quantity


NO_CLASSES = (
    "this flowsheet has no size classes; give it particles=Particles(sieves=..., minerals=...)"
)


class Stream:
    """One named stream of a solution.

    Grades are on dry solids (minerals, dust, metal, slag): water and gas do not count.
    """

    def __init__(
        self,
        name: str,
        start: str,
        end: str,
        flow: Flow,
        temperature: Callable[[], Array] = lambda: np.array([STANDARD_TEMPERATURE]),
    ) -> None:
        self.name = name
        self.start = start
        self.end = end
        self._flow = flow
        self._temperature = temperature  # followed through the plant when it is first asked for

    def __repr__(self) -> str:
        return f"<{self.name}: {self.mass_flow():.4g~P}, {self.start} -> {self.end}>"

    def mass_flow(self, unit: str = "t/h") -> "Quantity[float]":
        """Total mass flow, water included."""
        return quantity(_one(self._flow.total()), unit, "kg/s")

    def dry_flow(self, unit: str = "t/h") -> "Quantity[float]":
        """Mass flow of solids."""
        return quantity(_one(self._flow.solids.total()), unit, "kg/s")

    def species(self, name: str, unit: str = "t/h") -> "Quantity[float]":
        """Mass flow of a species, free and locked, or of a composite.

        Raises InputError if the flowsheet does not carry it.
        """
        slate = self._flow.slate
        slate.rows_of(name)
        flow = self._flow.merged() if name in slate.names else self._flow
        return quantity(_one(flow.of(name)), unit, "kg/s")

    def molar_flow(self, name: str, unit: str = "kmol/h") -> "Quantity[float]":
        """Molar flow of one species, free and locked."""
        self._flow.slate.row(name)
        return quantity(_one(self._flow.merged().moles(name)), unit, "mol/s")

    def element(self, symbol: str, unit: str = "t/h") -> "Quantity[float]":
        """Mass flow of one element, in whatever species it is."""
        self._known(symbol)
        return quantity(_one(self._flow.element(symbol)), unit, "kg/s")

    def grade(self, symbol: str) -> "Quantity[float]":
        """Mass fraction of an element in the dry solids, in percent."""
        self._known(symbol)
        solids = self._flow.solids
        total = _one(solids.total())
        if total == 0.0:
            raise InputError(f"stream '{self.name}' holds no solids, so it has no grade")
        return quantity(_one(solids.element(symbol)) / total, "percent")

    def grade_of(self, product: str | None = None) -> Verdict:
        """Which grade of antimony metal, trioxide or trisulphide it meets, and what stops it.

        ``product`` is one of these three; by default what most of the stream is. Raises InputError
        for a stream that is mostly none of them.
        """
        try:
            return grade_of(self._flow.merged(), product)
        except InputError as error:
            raise InputError(f"stream '{self.name}': {error}") from error

    def percent_solids(self) -> "Quantity[float]":
        """Solids in solids and liquid, by mass, in percent."""
        solids, liquid = _one(self._flow.solids.total()), _one(self._flow.liquid.total())
        if solids + liquid == 0.0:
            raise InputError(f"stream '{self.name}' holds neither solids nor liquid")
        return quantity(solids / (solids + liquid), "percent")

    def volumetric_flow(self, unit: str = "m^3/h") -> "Quantity[float]":
        """Volume of solids and liquid; raise InputError when a density is not known."""
        return quantity(_one(self._flow.volumetric_flow()), unit, "m^3/s")

    def passing(self, size: Any, kind: str | None = None) -> "Quantity[float]":
        """Share of the particles that passes a size, in percent.

        Between sieves it is straight in log-log. ``kind`` picks a composite, or what is free of a
        mineral. Raises InputError without particles, and for a size below the finest sieve.
        """
        aperture = _asked(ParticleSize, size, "passing: size")
        apertures, passing = self._passing(kind)
        share = _one(share_passing(apertures, passing[:, None], aperture))
        if np.isnan(share):
            raise InputError(
                f"passing: {aperture_text(aperture)} is finer than the finest sieve, "
                f"{aperture_text(apertures[-1])}; add finer sieves to the particles"
            )
        return quantity(share, "percent")

    def passing_size(
        self, share: Any = "80 %", kind: str | None = None, unit: str = "um"
    ) -> "Quantity[float]":
        """Size that a share of the particles passes: P80 unless another share is asked for.

        ``kind`` picks a composite, or what is free of a mineral. Raises InputError where more than
        the share passes the finest sieve.
        """
        wanted = _asked(Fraction, share, "passing_size: share")
        apertures, passing = self._passing(kind)
        size = _one(size_passing(apertures, passing[:, None], wanted))
        if np.isnan(size):
            what = f"{kind} in '{self.name}'" if kind else f"'{self.name}'"
            raise InputError(
                f"passing_size: {passing[-1]:.1%} of {what} passes the finest sieve, "
                f"{aperture_text(apertures[-1])}; add finer sieves, or ask for a larger share"
            )
        return quantity(size, unit, "m")

    def size_distribution(self, kind: str | None = None) -> "dict[str, Quantity[float]]":
        """Sieve -> share that passes it, in percent, from coarse to fine."""
        apertures, passing = self._passing(kind)
        both = zip(apertures, passing, strict=True)
        return {aperture_text(sieve): quantity(float(share), "percent") for sieve, share in both}

    def liberation(self, mineral: str) -> "Quantity[float]":
        """Share of a mineral among the particles that is in particles of its own, in percent.

        What has lost its size, as after a furnace, does not count.
        """
        slate = self._flow.slate
        if slate.particles is None:
            raise InputError(NO_CLASSES)
        minerals = slate.particles.minerals
        if mineral not in minerals:
            known = nearest(mineral, minerals)
            raise InputError(f"liberation: '{mineral}' is no mineral of the particles{known}")
        by_kind = self._flow.sized[:, :, 0].sum(axis=1)
        whole = float(slate.minerals_of_sized[slate.row(mineral)] @ by_kind)
        if whole == 0.0:
            raise InputError(f"liberation: '{self.name}' holds no particles with {mineral}")
        return quantity(float(by_kind[minerals.index(mineral)]) / whole, "percent")

    def _passing(self, kind: str | None) -> tuple[Any, Any]:
        """Apertures, and what passes them, (classes,)."""
        slate = self._flow.slate
        if slate.particles is None:
            raise InputError(NO_CLASSES)
        names = [each.name for each in slate.sized]
        if kind is not None and kind not in names:
            raise InputError(f"'{kind}' has no size classes{nearest(kind, names)}")
        masses = self._flow.sized if kind is None else self._flow.sized[[names.index(kind)]]
        by_class = masses.sum(axis=0)
        if by_class.sum() == 0.0:
            raise InputError(
                f"stream '{self.name}' holds no particles{f' of {kind}' if kind else ''}"
            )
        return slate.particles.apertures, cumulative_passing(by_class)[:, 0]

    def gas_flow(self, unit: str = "Nm3/h") -> "Quantity[float]":
        """Dry gas in normal cubic metres (0 degC, 101.325 kPa); water and oxide vapours left out.

        A normal cubic metre is an amount, 44.615 mol: ``"kmol/h"`` works as well.
        """
        return quantity(_one(self._flow.dry_gas()), unit, "mol/s")

    def gas_composition(self) -> "dict[str, Quantity[float]]":
        """Species -> vol-% of the dry gas; water and the oxide vapours are left out."""
        moles = {name: _one(self._flow.moles(name)) for name in self._flow.slate.dry_gases}
        total = sum(moles.values())
        return {name: quantity(part / total, "percent") for name, part in moles.items() if part}

    def temperature(self, unit: str = "degC") -> "Quantity[float]":
        """Temperature, as the units set it and as streams mix; 25 degC where nothing says other."""
        return quantity(_one(self._temperature()), unit, "K")

    def enthalpy(self, unit: str = "kW") -> "Quantity[float]":
        """Enthalpy over that of the stable elements at 25 degC, formation included.

        Raises InputError when a species that flows has no thermochemical data.
        """
        return quantity(_one(enthalpy(self._flow, self._temperature())), unit, "W")

    def sensible_heat(self, unit: str = "kW") -> "Quantity[float]":
        """Enthalpy over that of the same stream at 25 degC, heats of fusion included."""
        return quantity(_one(sensible_heat(self._flow, self._temperature())), unit, "W")

    def to_dict(self) -> dict[str, object]:
        """Return the stream as plain numbers in t/yr and percent, zeros left out."""
        slate, mass = self._flow.slate, self._flow.merged().mass[:, 0]
        elements = {s: _one(self._flow.element(s)) for s in slate.elements}
        solids = self._flow.solids
        dry = _one(solids.total())
        grades = {s: 100.0 * _one(solids.element(s)) / dry for s in slate.elements} if dry else {}
        return {
            "from": self.start,
            "to": self.end,
            "mass_t_yr": _t_yr(float(mass.sum())),
            "temperature_c": from_base(_one(self._temperature()), "degC"),
            "species_t_yr": {
                name: _t_yr(float(m)) for name, m in zip(slate.names, mass, strict=False) if m
            },
            "elements_t_yr": {
                symbol: _t_yr(amount) for symbol, amount in elements.items() if amount
            },
            "grade_percent": {symbol: grade for symbol, grade in grades.items() if grade},
            **({"solids_percent": 100.0 * _one(self._flow.percent_solids())} if dry else {}),
            **self._sizes_to_dict(),
        }

    def _sizes_to_dict(self) -> dict[str, object]:
        """What passes each sieve, and what is free of minerals that may be locked, in percent."""
        slate = self._flow.slate
        if slate.particles is None or not self._flow.sized.any():
            return {}
        found: dict[str, object] = {"passing_percent": _magnitudes(self.size_distribution())}
        apertures, passing = self._passing(None)
        p80 = _one(size_passing(apertures, passing[:, None]))
        if not np.isnan(p80):
            found = {"p80_um": from_base(p80, "um"), **found}
        lockable = {part.name for each in slate.composites for part, _ in each.parts}
        sized = slate.minerals_of_sized @ self._flow.sized[:, :, 0].sum(axis=1)
        held = {name for name in lockable if sized[slate.row(name)] > 0.0}
        if held:
            free = {n: self.liberation(n) for n in slate.particles.minerals if n in held}
            found["liberation_percent"] = _magnitudes(free)
        return found

    def _known(self, symbol: str) -> None:
        known = self._flow.slate.elements
        if symbol not in known:
            raise InputError(
                f"no species of this flowsheet contains '{symbol}'{nearest(symbol, known)}"
            )


def _magnitudes(quantities: "dict[str, Quantity[float]]") -> dict[str, float]:
    return {name: float(quantity.magnitude) for name, quantity in quantities.items()}


def _asked(kind: Any, value: Any, what: str) -> float:
    """A value that was asked for, in SI; raise InputError saying what it is."""
    try:
        return parameter_of(kind).convert(value)
    except InputError as error:
        raise InputError(f"{what}: {error}") from error


def _one(values: Array) -> float:
    return float(values[0])


def _t_yr(kg_s: float) -> float:
    return from_base(kg_s, "t/yr")
