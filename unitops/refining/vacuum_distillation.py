"""Vacuum distillation of antimony: Rayleigh evaporation with constant separation coefficients."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.formula import parse_formula
from flowsheet.core.parameters import (
    Fraction,
    PerSpecies,
    Pressure,
    Ratio,
    Temperature,
    Time,
    default,
)
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, UnitOp

GAS_CONSTANT = 8.31446261815324  # J/(mol K)
PASCAL_PER_MMHG = 133.322368
MELTING_POINT = 903.8  # K, of antimony
BOILING_POINT = 1860.0  # K, of antimony at 1 atm
DILUTE = 0.05  # mole fraction up to which coefficients are taken as constant
_NOTHING_LEFT = -1e15  # logarithm that stands for no antimony left
_MOST_STEPS = 100
_NEVER_EVAPORATES = 1e-12  # a separation coefficient below this counts as zero


class VacuumDistillation(UnitOp):
    """Evaporate part of an antimony melt; impurities follow or stay by separation coefficients.

    With n the moles in the melt, and subscript 0 for the feed, species i evaporates as

        n_i / n_i,0 = (n_Sb / n_Sb,0)^beta_i                                        (1)

    The cut is given as the antimony evaporated, or as the moles evaporated, f, from which

        sum_i(n_i) = (1 - f) * sum_i(n_i,0)        over species that evaporate       (2)

    For molecular evaporation of molecules of nu atoms and molar mass M, with activity coefficient
    gamma in dilute solution,

        beta_i = gamma_i * (nu_i p_i / sqrt(M_i)) / (nu_Sb p_Sb / sqrt(M_Sb))       (3)
        log10 p(mmHg) = A / T + B * log10 T + D                                     (4)

    Droplets carried into the distillate, epsilon per unit of antimony vapour, have the composition
    of the melt:

        beta_i' = (beta_i + epsilon) / (1 + epsilon)                                (5)

    Rate of evaporation from a free surface, with accommodation alpha (Hertz, Knudsen, Langmuir):

        J = alpha * p * sqrt(M / (2 pi R T))                                        (6)

    (1) and (3) Rayleigh and Olette, e.g. Dai and Yang, Vacuum Metallurgy of Nonferrous Metals.
    Constants, activity coefficients and their sources: ``vapour_elements.csv`` beside this file.
    Arsenic leaves in mixed tetramers with a coefficient of 9 to 15 that is given there, as are
    those of S, Se and Te: (3) does not hold for vapours of several atoms of the impurity.

    One unit is one cut. Light cut: evaporate some 20 %, the residue is the product, freed of As,
    Zn and Na. Heart cut: evaporate some 90 %, the distillate is the product, freed of Pb, Bi, Fe
    and Cu. The two in series give high purity (Xu et al., Sep. Purif. Technol. 2025, 129675).

    Assumptions: a dilute, well mixed melt; antimony evaporates as Sb4; nothing reacts. What has no
    coefficient (oxides, unknown metals) has beta = 0 and leaves the melt with droplets only. Gases
    and water go to the distillate.
    Not modelled: melt-side transport, losses to the pump, condensation in stages.
    Limits: beta = 1 changes no composition; nothing evaporated, no distillate.
    """

    feed: Inlet
    distillate: Outlet
    residue: Outlet

    antimony_evaporated: Fraction | None = None
    """Fraction of the antimony that leaves the melt. Give this or ``moles_evaporated``."""
    moles_evaporated: Fraction | None = None
    """Fraction of all moles of volatile species that leaves, f. Or ``antimony_evaporated``."""
    temperature: Temperature = default("650 degC")
    """Temperature of the melt: 650 to 700 degC in Qiu 1996, 630 and 655 in Xu 2025 (abstracts)."""
    residual_gas: Pressure = default("10 Pa")
    """Pressure left by the pump: 1 to 50 Pa in Xu 2025, below 150 in Qiu 1996 (abstracts)."""
    separation_coefficient: PerSpecies[Ratio] = default({})
    """Separation coefficient by moles, beta; species not named take (3). Not for Sb."""
    entrainment: Ratio = default("1 %")
    """Droplets per unit of antimony vapour, epsilon. Fitted: 0.8 to 4 % explain the lead of
    Qiu 1996 (0.88 % in the feed, 0.010 to 0.036 % in the distillate)."""
    accommodation: Fraction = default("5 %")
    """Real rate over the molecular rate, alpha. Assumed, 1 to 20 % because of residual gas."""
    duration: Time = default("60 min")
    """Time that a charge is under vacuum: 30 and 60 min in Xu 2025 (abstract)."""

    def check(self) -> None:
        """Refuse no cut or two cuts, a boiling melt, and a surface that nothing leaves."""
        if (self.antimony_evaporated is None) == (self.moles_evaporated is None):
            raise InputError("give either antimony_evaporated or moles_evaporated, and not both")
        if self.temperature >= BOILING_POINT:
            raise InputError(
                f"temperature of {self.temperature:.0f} K is above the boiling point of antimony, "
                f"{BOILING_POINT:.0f} K; give less, e.g. 650 degC"
            )
        if self.accommodation == 0.0:
            raise InputError("accommodation of 0 lets nothing evaporate; give more, e.g. 5 %")
        given: Any = self.separation_coefficient
        if "Sb" in given.by_name:
            raise InputError("separation_coefficient.Sb is 1 by definition; leave it out")

    def required_species(self) -> Iterable[str]:
        """Antimony."""
        return ("Sb",)

    def resolve(self, slate: Slate) -> Parameters:
        """As for every unit; a coefficient that is not given is not-a-number, for eq. (3)."""
        given: Any = self.separation_coefficient
        column = np.full((slate.count, 1), np.nan if given.others is None else given.others)
        try:
            for name, number in given.by_name.items():
                column[slate.row(name)] = number
        except InputError as error:
            raise InputError(f"separation_coefficient: {error}") from error
        plain = self.model_copy(update={"separation_coefficient": 0.0})
        return UnitOp.resolve(plain, slate).replaced({"separation_coefficient": column})

    def is_linear(self) -> bool:
        """With a given part of the antimony; the moles to evaporate depend on all species."""
        return self.antimony_evaporated is not None

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Evaporate the cut; see the class for the equations."""
        melts = _melting(feed.slate)
        beta = _coefficients(feed.slate, p)
        effective = (beta + p.entrainment) / (1.0 + p.entrainment)  # (5)
        if p.antimony_evaporated is not None:
            logarithm = _logarithm_left(np.asarray(p.antimony_evaporated))
        else:
            volatile = melts * (beta.real > 0.0)
            moles = feed.mass / feed.slate.molar_mass[:, None] * volatile
            rows = volatile.any(axis=1)
            logarithm = _solve_for_moles(
                moles[rows], effective[rows], np.asarray(p.moles_evaporated)
            )
        exponent = effective * logarithm
        return {
            "distillate": feed * (1.0 - melts - melts * np.expm1(exponent)),  # (1)
            "residue": feed * (melts * np.exp(exponent)),
        }

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Yield, purities, and the surface and the charge that the duty needs."""
        feed, distillate, residue = flows["feed"], flows["distillate"], flows["residue"]
        antimony = VAPOURS["Sb"]
        rate = evaporation_rate(
            antimony.pressure(p.temperature), antimony.molar_mass, p.temperature, p.accommodation
        )
        return (
            Figure(ratio(distillate.of("Sb"), feed.of("Sb")), "%", "antimony to the distillate"),
            Figure(ratio(distillate.of("Sb"), distillate.total()), "%", "purity of the distillate"),
            Figure(ratio(residue.of("Sb"), residue.total()), "%", "purity of the residue"),
            Figure(antimony.pressure(p.temperature), "Pa", "vapour pressure of antimony"),
            Figure(rate, "kg/m^2/h", "evaporation per surface"),
            Figure(distillate.of("Sb") / rate, "m^2", "surface of melt"),
            Figure(feed.total() * p.duration, "t", "charge under vacuum"),
        )

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Where sublimation, residual gas, concentration or missing data break the model."""
        found = []
        temperature, gas = first(p.temperature), first(p.residual_gas)
        pressure = float(VAPOURS["Sb"].pressure(temperature))
        if temperature < MELTING_POINT:
            found.append(
                f"temperature of {temperature - 273.15:.1f} degC is below the melting point of "
                f"antimony (630.6): the solid sublimes slowly and does not mix, separations are "
                f"too optimistic"
            )
        if gas > pressure:
            found.append(
                f"residual gas of {gas:.3g} Pa exceeds the vapour pressure of antimony "
                f"({pressure:.3g} Pa): vapour leaves by diffusion only, the surface is too small"
            )
        melt = flows["feed"] * _melting(flows["feed"].slate)
        return (*found, *_concentration_warnings(melt), *_unknown_warnings(melt, p))


class Vapour(NamedTuple):
    """One row of the table of elements, or columns of several rows."""

    a: Any
    b: Any
    d: Any
    atoms: Any
    """In one molecule of the vapour."""
    molar_mass: Any
    """Of that molecule, kg/mol."""
    activity_coefficient: Any
    separation_coefficient: Any
    """Not-a-number where (3) gives it."""

    def pressure(self, temperature: Any) -> Array:
        """Vapour pressure of the pure element, Pa."""
        absolute = np.asarray(temperature)
        exponent = self.a / absolute + self.b * np.log10(absolute) + self.d  # (4)
        return np.asarray(PASCAL_PER_MMHG * 10.0**exponent)

    def atoms_per_time(self, temperature: Any) -> Array:
        """Proportional to the atoms that leave a surface of the pure element."""
        return np.asarray(self.atoms * self.pressure(temperature) / np.sqrt(self.molar_mass))

    def coefficient(self, temperature: Any) -> Array:
        """Separation coefficient of the table, else by eq. (3)."""
        antimony = VAPOURS["Sb"].atoms_per_time(temperature)
        computed = self.activity_coefficient * self.atoms_per_time(temperature) / antimony  # (3)
        given = self.separation_coefficient
        return np.asarray(np.where(np.isnan(given), computed, given))


def _read_vapours() -> Mapping[str, Vapour]:
    text = files("unitops.refining").joinpath("vapour_elements.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {
        row["element"]: Vapour(
            float(row["A"]),
            float(row["B"]),
            float(row["D"]),
            sum(atoms for _, atoms in parse_formula(row["vapour"]).atoms),
            parse_formula(row["vapour"]).molar_mass,
            float(row["activity_coefficient"] or 1.0),
            float(row["separation_coefficient"] or np.nan),
        )
        for row in rows
    }


VAPOURS = _read_vapours()
"""Element -> vapour pressure and behaviour in molten antimony."""


def vapour_pressure(element: str, temperature: Any) -> Array:
    """Vapour pressure of a pure element in Pa; temperature in K, a number or an array.

    Raises InputError for an element that is not in the table.
    """
    if element not in VAPOURS:
        raise InputError(f"no vapour pressure of '{element}'; known: {', '.join(VAPOURS)}")
    return VAPOURS[element].pressure(temperature)


def evaporation_rate(
    pressure: Any, molar_mass: Any, temperature: Any, accommodation: Any = 1.0
) -> Array:
    """Evaporation from a free surface by eq. (6), kg/(m^2 s); Pa, kg/mol and K."""
    speed = np.sqrt(molar_mass / (2.0 * np.pi * GAS_CONSTANT * np.asarray(temperature)))
    return np.asarray(accommodation * pressure * speed)


def separation_coefficient(element: str, temperature: Any) -> Array:
    """Separation coefficient by eq. (3), or the table's; zero for what is not in the table."""
    if element not in VAPOURS:
        return np.zeros(np.shape(temperature))
    return VAPOURS[element].coefficient(np.asarray(temperature))


@lru_cache(maxsize=64)
def _melting(slate: Slate) -> Array:
    """One for what belongs to the melt, zero for gases and water, (constituents, 1)."""
    melts = 1.0 - slate.in_phase("gas")
    melts[slate.rows("H2O")] = 0.0
    return melts


@lru_cache(maxsize=64)
def _vapours(slate: Slate) -> tuple[list[int], Vapour]:
    """Rows of the elements in the table, and their vapours as columns (elements, 1)."""
    known = [name for name in slate.names if name in VAPOURS]
    columns = zip(*(VAPOURS[name] for name in known), strict=True)
    return slate.rows(*known), Vapour(*(np.array(column)[:, None] for column in columns))


def _tabled(slate: Slate, temperature: Any) -> Array:
    """Coefficients of elements in the table, zero for others, (constituents, scenarios or 1)."""
    rows, vapours = _vapours(slate)
    coefficients = vapours.coefficient(temperature)
    column = np.zeros((slate.count, coefficients.shape[1]), coefficients.dtype)
    column[rows] = coefficients
    return column


_tabled_at_one_temperature = lru_cache(maxsize=64)(_tabled)


def _coefficients(slate: Slate, p: Parameters) -> Array:
    """The user's coefficient, else that of the table, (constituents, scenarios or 1)."""
    varies = isinstance(p.temperature, np.ndarray)
    tabled = (_tabled if varies else _tabled_at_one_temperature)(slate, p.temperature)
    beta = np.where(np.isnan(p.separation_coefficient), tabled, p.separation_coefficient)
    beta[slate.rows("Sb")] = 1.0
    return np.where(beta.real < _NEVER_EVAPORATES, 0.0, beta)


def _logarithm_left(evaporated: Array) -> Array:
    """ln(1 - evaporated), and a very low number where all has evaporated."""
    some = evaporated.real < 1.0
    return np.where(some, np.log1p(-np.where(some, evaporated, 0.0)), _NOTHING_LEFT)


def _solve_for_moles(moles: Array, beta: Array, evaporated: Array) -> Array:
    """Solve (2) for u = ln(n_Sb / n_Sb,0) by Newton on the logarithm of the moles left.

    That logarithm increases with u and is convex, so that Newton from u = 0 cannot overshoot. One
    step after convergence makes derivatives (imaginary parts) exact as well.
    """
    start = moles.sum(axis=0)
    shares = ratio(moles, start, empty=1.0 / len(moles))
    some = (start.real > 0.0) & (evaporated.real < 1.0)
    wanted = np.where(some, _logarithm_left(evaporated), 0.0)
    u = np.zeros(wanted.shape)
    for _ in range(_MOST_STEPS):
        change = _newton_step(u, shares.real, beta.real, wanted.real)
        u = u - change
        if (np.abs(change) <= 1e-13 * np.abs(u)).all():
            break
    u = u - _newton_step(u, shares, beta, wanted)
    return np.where(evaporated.real < 1.0, u, _NOTHING_LEFT)


def _newton_step(u: Array, shares: Array, beta: Array, wanted: Array) -> Array:
    exponent = beta * u
    parts = shares * np.exp(exponent)
    left = parts.sum(axis=0)
    gone = (shares * np.expm1(exponent)).sum(axis=0)
    logarithm = np.where(gone.real < -0.5, np.log(left), np.log1p(np.maximum(gone, -0.5)))
    return np.asarray((logarithm - wanted) * left / (parts * beta).sum(axis=0))


def _concentration_warnings(melt: Flow) -> list[str]:
    moles = sum(melt.moles(name)[0] for name in melt.slate.names)
    shares = {s: melt.moles(s)[0] / moles for s in VAPOURS if s != "Sb" and moles > 0.0}
    return [
        f"{name} is {100.0 * share:.3g} mol-% of the melt; constant separation coefficients hold "
        f"up to about {100.0 * DILUTE:.0f} %"
        for name, share in shares.items()
        if share > DILUTE
    ]


def _unknown_warnings(melt: Flow, p: Parameters) -> list[str]:
    slate = melt.slate
    unknown = [
        name
        for name in slate.names
        if name not in VAPOURS
        and np.isnan(p.separation_coefficient[slate.row(name), 0])
        and melt.of(name)[0] > 0.0
    ]
    if not unknown:
        return []
    return [f"no vapour pressure of {', '.join(unknown)}: counted as not volatile"]
