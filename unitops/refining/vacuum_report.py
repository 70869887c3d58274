"""Figures and warnings of vacuum stills: rates, surfaces, time, heat, coefficients, doubts."""

from collections.abc import Sequence

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.flow import Array, Flow
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, FigureKind, Parameters
from flowsheet.core.vapour_pressure import vapour_pressure
from unitops.refining.antimony_vapour import MELTING_POINT, evaporation_enthalpy, tetramer_share
from unitops.refining.evaporation_rate import antimony_rate
from unitops.refining.melt_activity import dissolved_elements
from unitops.refining.separation import (
    ConcentratedMelt,
    elements_of,
    ideal_coefficient,
    molecular_coefficients,
)
from unitops.refining.vacuum_still import (
    MELT_DENSITY,
    boiling_depth,
    effective_coefficients,
    evaporation_rate,
    melt_of,
)

DILUTE = 0.05
"""Mole fraction of an element up to which coefficients are taken as constant; assumed."""
_SLOWED = 0.8  # of the rate of pure antimony, assumed
_DEEP_BOILING = 0.010  # m, assumed
_IDEAL_FROM = 1e-3  # K that a melt may lie below the melting point before it counts as solid


def purity(flow: Flow) -> Array:
    """Antimony over the whole flow, (scenarios,)."""
    return ratio(flow.of("Sb"), flow.total())


def rate_figures(p: Parameters, evaporated: Array, prefix: str = "") -> list[Figure]:
    """Rates, surface and heat of one cut; ``evaporated`` in kg/s of antimony."""
    rate = evaporation_rate(p)
    heat = evaporation_enthalpy(p.temperature)
    figures = (
        (vapour_pressure("Sb", p.temperature), "Pa", "vapour pressure of antimony"),
        (tetramer_share(p.temperature), "%", "Sb4 in its vapour"),
        (antimony_rate(p.temperature), "kg/m^2/h", "molecular rate of evaporation"),
        (rate, "kg/m^2/h", "evaporation per surface"),
        (evaporated / rate, "m^2", "surface of melt that evaporates"),
        (evaporated * heat, "kW", "heat of evaporation"),
        (evaporated * heat / p.thermal_efficiency, "kW", "power of the stills"),
        (heat / p.thermal_efficiency, "kWh/t", "energy per antimony evaporated"),
    )
    kinds: dict[str, FigureKind] = {
        "surface of melt that evaporates": "equipment",
        "power of the stills": "power",
    }
    return [
        Figure(np.asarray(value), unit, prefix + label, kinds.get(label, ""))
        for value, unit, label in figures
    ]


def time_of_cut(p: Parameters, feed: Flow, evaporated: Array) -> Array:
    """Time in s that a charge takes to evaporate its share of antimony, (scenarios,)."""
    charge = MELT_DENSITY * p.melt_depth
    return ratio(charge * evaporated, feed.total() * evaporation_rate(p))


def still_figures(p: Parameters, feed: Flow, time: Array) -> list[Figure]:
    """Time of evaporation, charge, and how many stills take the feed."""
    charge = MELT_DENSITY * p.melt_depth * p.still_area
    return [
        Figure(time, "h", "time of evaporation of a charge"),
        Figure(np.asarray(charge), "t", "charge of one still", "equipment"),
        Figure(feed.total() * (time + p.turnaround) / charge, "", "stills", "equipment"),
    ]


def coefficient_figures(slate: Slate, p: Parameters, prefix: str = "") -> list[Figure]:
    """Ideal, molecular and effective coefficient of every impurity on the slate."""
    molecular = molecular_coefficients(slate, p.temperature)
    effective = effective_coefficients(slate, p)
    figures = []
    for name in impurities(slate):
        row = slate.row(name)
        kinds: list[tuple[str, Array]] = [
            ("molecular", molecular[row]),
            ("effective", effective[row]),
        ]
        if np.isnan(dissolved_elements()[name].separation_coefficient):
            kinds.insert(0, ("ideal", ideal_coefficient(name, p.temperature)))
        figures += [
            Figure(np.asarray(value), "", f"{prefix}{kind} separation coefficient of {name}")
            for kind, value in kinds
        ]
    return figures


def impurities(slate: Slate) -> list[str]:
    """Elements of the slate, other than antimony, whose behaviour is in the table."""
    return [name for name in slate.names if name in dissolved_elements() and name != "Sb"]


def operation_warnings(p: Parameters, named: str = "") -> list[str]:
    """What the temperature and the residual gas of a cut do to it."""
    found = []
    temperature, gas = first(p.temperature), first(p.residual_gas)
    pressure = float(vapour_pressure("Sb", temperature))
    if temperature < MELTING_POINT - _IDEAL_FROM:
        found.append(
            f"{named}temperature of {temperature - 273.15:.1f} degC is below the melting point of "
            f"antimony (630.6): the solid sublimes slowly and does not mix, separations are "
            f"too optimistic"
        )
    if gas > pressure:
        share = first(evaporation_rate(p)) / first(
            antimony_rate(p.temperature, 1.0, p.accommodation)
        )
        found.append(
            f"{named}residual gas of {gas:.3g} Pa exceeds the vapour pressure of antimony "
            f"({pressure:.3g} Pa): vapour leaves by diffusion, at {100.0 * share:.2g} % of the "
            f"rate without gas"
        )
    depth = first(boiling_depth(temperature, gas))
    if depth > _DEEP_BOILING:
        found.append(
            f"{named}temperature of {temperature - 273.15:.0f} degC boils the upper "
            f"{1e3 * depth:.0f} mm of the melt: it splashes, droplets are more than the "
            f"entrainment of {100.0 * first(p.entrainment):.2g} %"
        )
    return found


def melt_warnings(feed: Flow, residue: Flow, p: Parameters, named: str = "") -> list[str]:
    """Melts that are not dilute, and species of which nothing is known."""
    found = []
    if p.coefficients == "constant":
        for name in impurities(feed.slate):
            shares = [(_mole_share(flow, name), where) for flow, where in _places(feed, residue)]
            share, where = max(shares)
            if share > DILUTE:
                found.append(
                    f"{named}{name} is {100.0 * share:.3g} mol-% of the {where}; constant "
                    f"separation coefficients hold up to about {100.0 * DILUTE:.0f} %: take "
                    f"coefficients by_composition"
                )
    else:
        slowest = first(_rate_at_the_end(residue, p))
        if slowest < _SLOWED:
            found.append(
                f"{named}rate, surface and stills are of pure antimony; the residue evaporates at "
                f"{100.0 * slowest:.2g} % of it"
            )
        share = _mole_share(residue, "Sb")
        if 0.0 < share < DILUTE:
            found.append(
                f"{named}antimony is {100.0 * share:.3g} mol-% of the residue: it is no longer "
                f"the solvent, activity coefficients are far out of their range"
            )
    return found + _unknown_warnings(melt_of(feed), p)


def _rate_at_the_end(residue: Flow, p: Parameters) -> Array:
    """Rate of the residue over that of pure antimony, one where nothing is left."""
    slate = residue.slate
    rows = slate.rows(*elements_of(slate))
    moles = residue.mass[rows] / slate.molar_mass[rows, None]
    some = moles.sum(axis=0) > 0.0
    rate = ConcentratedMelt(slate, p.temperature).rate(np.where(some, moles, 1.0))
    return np.where(some, rate, 1.0)


def _places(feed: Flow, residue: Flow) -> Sequence[tuple[Flow, str]]:
    return ((melt_of(feed), "melt"), (residue, "residue"))


def _mole_share(flow: Flow, name: str) -> float:
    """Of an element in all moles of metal of a flow, first scenario."""
    metals = [each for each in flow.slate.names if each in dissolved_elements()]
    return first(ratio(flow.moles(name), flow.moles(*metals)))


def _unknown_warnings(melt: Flow, p: Parameters) -> list[str]:
    slate = melt.slate
    unknown = [
        name
        for name in slate.names
        if name not in dissolved_elements()
        and np.isnan(p.separation_coefficient[slate.row(name), 0])
        and first(melt.of(name)) > 0.0
    ]
    if not unknown:
        return []
    return [f"no vapour pressure of {', '.join(unknown)}: counted as not volatile"]
