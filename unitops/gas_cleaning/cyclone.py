"""Cyclone for dust in gas: given efficiencies, or Lapple's cut over the sizes of the dust."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.parameters import (
    Count,
    Density,
    Fraction,
    Length,
    ParticleSize,
    PerSpecies,
    PositiveRatio,
    Pressure,
    Ratio,
    Temperature,
    Viscosity,
    default,
)
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, UnitOp
from unitops.gas_cleaning.cyclone_efficiency import air_viscosity, cut_per_diameter, share_caught
from unitops.gas_cleaning.dust import (
    carried,
    collection_figures,
    gas_volume,
    overall_efficiency,
    parted,
)
from unitops.gas_cleaning.fan import WithFan, fan_figure

FUME = ("Sb2O3", "As2O3")
"""What condenses from furnace gas in grains of 0.1 to 1 um."""
FINE = 1e-6
"""Size in m below which a cyclone catches next to nothing."""
MOST_FUME = 0.3
"""Share of a fume above which a given efficiency is doubted."""
MOST_DUST = 0.95
"""Share of all dust above which a given efficiency is doubted."""
USUAL_VELOCITY = (10.0, 30.0)
"""Inlet velocity of cyclones in use, m/s."""
GREATEST_SPREAD = 5.0
_UNKNOWN_DENSITY = 4000.0


class Cyclone(WithFan):
    """Throw the coarse dust out of a gas; fume, vapours and gases pass.

    Each species i that is solid or a droplet is caught with a given efficiency, or with the one
    that follows from its sizes and from the dimensions, by Lapple (1951):

        dust_i = eta_i * gas_i                                                      (1)
        v = Q / (n * a * b)                                                         (2)
        d50_i^2 = 9 mu b / (2 pi N v rho_i)                                         (3)
        eta_i = mean of 1 / (1 + (d50_i / d)^2) over log-normal sizes d             (4)
        pressure drop = N_H * rho_gas * v^2 / 2                                     (5)

    where Q is the gas at its temperature, a and b height and width of the inlet and n the number
    of cyclones side by side. Equations, publications: ``cyclone_efficiency.py``; (5) Shepherd and
    Lapple (1940), Ind. Eng. Chem. 32, 1246, quoted from memory.

    Usual efficiencies: 50 to 80 % of the dust carried over from a furnace (European reference
    document on non-ferrous metals, quoted from memory), under 10 % of a fume, whose grains of 0.1
    to 1 um follow the gas.

    Assumptions: every grain is of one species, the gas has the viscosity of air, and dust behaves
    alone. Predicted efficiencies are good to 10 points around the cut, less well far from it.
    Not modelled: clusters of grains (a load above 20 g/m3 catches more), re-entrainment, leaks at
    the dust outlet, sticky dust.
    Limits: no gas, no velocity, nothing caught; a median at the cut is caught by half.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.gas_cleaning.cyclone import Cyclone
    >>> from unitops.streams.feed import Feed
    >>> plant = Flowsheet(
    ...     species=["Sb2O3", "SiO2", "N2"],
    ...     units={
    ...         "furnace": Feed(
    ...             outlet="off_gas",
    ...             flow="10 t/h",
    ...             composition={"Sb2O3": "3 %", "SiO2": "2 %"},
    ...             remainder="N2",
    ...         ),
    ...         "cyclone": Cyclone(
    ...             gas="off_gas",
    ...             dust="flue_dust",
    ...             cleaned="fume",
    ...             body_diameter="1.4 m",
    ...             temperature="500 degC",
    ...             median_size={"Sb2O3": "0.5 um", "others": "30 um"},
    ...         ),
    ...     },
    ... )
    >>> solution = solve(plant)
    >>> for element in ("Si", "Sb"):
    ...     print(element, f"{solution.recovery(element, to='flue_dust'):.1f~P}")
    Si 88.0 %
    Sb 4.1 %
    """

    gas: Inlet
    dust: Outlet
    cleaned: Outlet

    collection_efficiency: PerSpecies[Fraction] | None = None
    """Share of each solid or droplet that is caught, eta; does not apply to gases. Give this or
    ``median_size``."""

    median_size: PerSpecies[ParticleSize] | None = None
    """Median diameter by mass of each solid or droplet; gases need none. Usual: fume 0.2 to 1 um,
    dust carried over from a bed 10 to 60 um (assumed)."""
    size_spread: PerSpecies[PositiveRatio] = 2.5
    """Geometric standard deviation of the sizes, s: 84 % finer over 50 % finer, 1 to 5. Default
    assumed, range 1.8 to 4."""
    particle_density: PerSpecies[Density] | None = None
    """Density of the grains, rho. Default: that of the species; without one 4000 kg/m3 of solids
    and 1000 kg/m3 of droplets (assumed, solids 2500 to 6600). Porous grains are lighter."""

    body_diameter: Length | None = None
    """Diameter of the cylinder of one cyclone, D; needed with ``median_size``. With given
    efficiencies it tells velocity and pressure drop."""
    cyclones: Count = 1
    """Number of equal cyclones side by side, n."""
    temperature: Temperature | None = None
    """Temperature of the gas in the cyclone; needed with ``body_diameter``. If given, dust and gas
    leave at it."""
    pressure: Pressure = default("101325 Pa")
    """Pressure of the gas in the cyclone."""
    inlet_height: PositiveRatio = 0.5
    """Height of the inlet over the diameter of the body, a/D. Default: Lapple's cyclone."""
    inlet_width: PositiveRatio = 0.25
    """Width of the inlet over the diameter of the body, b/D. Default: Lapple's cyclone."""
    turns: PositiveRatio = 6.0
    """Turns of the gas in the body, N. Default: (cylinder + half the cone) over the inlet's height
    of Lapple's cyclone, both 2 D long; 5 to 10 is usual."""
    gas_viscosity: Viscosity | None = None
    """Viscosity of the gas, mu. Default: that of air at the temperature (Sutherland)."""
    velocity_heads: Ratio = 8.0
    """Pressure drop in velocity heads of the inlet, N_H. Default: 16 a b / D_e^2 of Lapple's
    cyclone, whose outlet D_e is half of D (Shepherd and Lapple); 4 to 10 is usual."""

    def check(self) -> None:
        """Refuse two ways or none to state the efficiency, and dimensions that do not fit."""
        if (self.collection_efficiency is None) == (self.median_size is None):
            raise InputError("give collection_efficiency or median_size, and not both")
        if self.median_size is not None and self.body_diameter is None:
            raise InputError("median_size needs a body_diameter to find the cut; give it")
        if self.body_diameter is not None and self.temperature is None:
            raise InputError("body_diameter needs the temperature of the gas; give it")
        if self.pressure == 0.0:
            raise InputError('pressure of 0 leaves no gas; give e.g. "101325 Pa"')
        for name in ("inlet_height", "inlet_width"):
            limit = {"inlet_height": 1.0, "inlet_width": 0.5}[name]
            if getattr(self, name) > limit:
                raise InputError(
                    f"{name} of {getattr(self, name):g} of the body's diameter does not fit; give "
                    f"up to {limit:g}"
                )
        spread = self.size_spread
        for value in (spread.others, *spread.by_name.values()):  # type: ignore[union-attr]
            if value is not None and not 1.0 <= value <= GREATEST_SPREAD:
                raise InputError(
                    f"size_spread of {value:g} is outside 1 (all grains alike) to "
                    f"{GREATEST_SPREAD:g}; give the 84 % finer size over the median"
                )

    def is_linear(self) -> bool:
        """With given efficiencies; else the velocity changes with the gas."""
        return self.collection_efficiency is not None

    def resolve(self, slate: Slate) -> Parameters:
        """Gases need neither a size nor an efficiency nor a density: they are never caught."""
        gases = {entry.name: 1.0 for entry in slate.species if entry.phase == "gas"}
        changed = {}
        for name in ("collection_efficiency", "median_size", "particle_density"):
            value = getattr(self, name)
            if value is not None and value.others is None:
                changed[name] = type(value)(None, {**gases, **value.by_name})
        return UnitOp.resolve(self.model_copy(update=changed), slate)

    def run(self, gas: Flow, p: Parameters) -> Outlets:
        """Part what is caught from the gas."""
        share = _caught(gas, p) if p.collection_efficiency is None else p.collection_efficiency
        return parted(gas, share)  # (1)

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:  # noqa: ARG002
        """Dust and gas leave as warm as the cyclone, if that is known."""
        return {} if p.temperature is None else dict.fromkeys(("dust", "cleaned"), p.temperature)

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """What is caught, and velocity, cut and pressure drop where there are dimensions."""
        gas, found = flows["gas"], collection_figures(flows)
        if p.body_diameter is None:
            return found
        drop = _pressure_drop(gas, p)
        volume = gas_volume(gas, p.temperature, p.pressure)
        found += [
            Figure(_inlet_velocity(gas, p), "m/s", "inlet velocity"),
            Figure(drop, "Pa", "pressure drop"),
            Figure(volume * drop, "kW", "gas power, pressure drop times volume"),
            fan_figure(volume, drop, p),
        ]
        if p.median_size is not None:
            cut = np.sqrt(ratio(1.0, _cut_per_diameter(gas, p, _UNKNOWN_DENSITY)))
            found.append(Figure(cut, "um", "cut size of grains of 4000 kg/m3"))
        return found

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Fume that passes or that a given efficiency keeps, and velocities out of use."""
        lines = _given_too_high(flows) if p.median_size is None else _fume_that_passes(flows, p)
        if p.body_diameter is not None:
            velocity = first(_inlet_velocity(flows["gas"], p))
            low, high = USUAL_VELOCITY
            if velocity > 0.0 and not low <= velocity <= high:
                change = "larger" if velocity > high else "smaller"
                lines.append(
                    f"inlet velocity of {velocity:.3g} m/s is outside the usual {low:g} to "
                    f"{high:g}; take {change} cyclones, or {'more' if velocity > high else 'fewer'}"
                )
        return lines


def _inlet_velocity(gas: Flow, p: Parameters) -> Array:
    inlets = p.cyclones * p.inlet_height * p.inlet_width * p.body_diameter**2
    velocity: Array = gas_volume(gas, p.temperature, p.pressure) / inlets  # (2)
    return velocity


def _cut_per_diameter(gas: Flow, p: Parameters, density: Any) -> Any:
    """(d / d50)^2 over d^2, (3)."""
    viscosity = air_viscosity(p.temperature) if p.gas_viscosity is None else p.gas_viscosity
    return cut_per_diameter(
        turns=p.turns,
        velocity=_inlet_velocity(gas, p),
        density=density,
        viscosity=viscosity,
        width=p.inlet_width * p.body_diameter,
    )


def _caught(gas: Flow, p: Parameters) -> Array:
    """Share of each constituent that is caught by its sizes, (constituents, scenarios)."""
    density = _densities(gas.slate) if p.particle_density is None else p.particle_density
    return share_caught(_cut_per_diameter(gas, p, density) * p.median_size**2, p.size_spread)  # (4)


def _pressure_drop(gas: Flow, p: Parameters) -> Array:
    gas_density = ratio(gas.gas.total(), gas_volume(gas, p.temperature, p.pressure))
    drop: Array = p.velocity_heads * gas_density * _inlet_velocity(gas, p) ** 2 / 2.0  # (5)
    return drop


@lru_cache(maxsize=64)
def _densities(slate: Slate) -> Array:
    """kg/m3, assumed where none is known, (constituents, 1)."""
    assumed = np.where(slate.in_phase("liquid") == 1.0, 1000.0, _UNKNOWN_DENSITY)
    return np.where(np.isnan(slate.density[:, None]), assumed, slate.density[:, None])


def _given_too_high(flows: Flows) -> list[str]:
    """What given efficiencies claim and cyclones do not do."""
    gas, lines = flows["gas"], []
    for name in FUME:
        share = first(ratio(flows["dust"].of(name), gas.of(name)))
        if share > MOST_FUME:
            lines.append(
                f"{share:.1%} of the {name} is caught, and of a fume of 0.1 to 1 um a cyclone "
                f"catches less than 10 %; give it an efficiency of its own, or a bag filter behind"
            )
    overall = first(overall_efficiency(flows))
    if overall > MOST_DUST and first(carried(gas)) > 0.0:
        lines.append(
            f"{overall:.1%} of the dust is caught, and cyclones catch 50 to 80 % of what a furnace "
            "carries over; check the efficiency"
        )
    return lines


def _fume_that_passes(flows: Flows, p: Parameters) -> list[str]:
    gas, lines = flows["gas"], []
    for row, species in enumerate(gas.slate.species):
        came = gas.mass[row, 0].real
        size = np.broadcast_to(p.median_size, (gas.slate.count, 1))[row, 0]
        if species.phase != "gas" and came > 0.0 and size < FINE:
            share = flows["dust"].mass[row, 0].real / came
            lines.append(
                f"{species.name} of {size * 1e6:.2g} um passes, {share:.1%} of it is caught; put "
                "a bag filter or an electrostatic precipitator behind"
            )
    return lines
