"""What every vacuum still has: its settings, and the evaporation of one cut from a melt."""

from functools import lru_cache
from typing import Any, Literal

import numpy as np

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.parameters import (
    Area,
    Fraction,
    Length,
    PerSpecies,
    Ratio,
    Time,
    Velocity,
    default,
)
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Parameters, UnitOp
from flowsheet.core.vapour_pressure import vapour_pressure
from unitops.refining.antimony_vapour import boiling_temperature
from unitops.refining.evaporation_rate import antimony_rate, diffusion_rate, rate_in_gas
from unitops.refining.rayleigh import antimony_left, follow, logarithm_left
from unitops.refining.separation import (
    NEVER_EVAPORATES,
    ConcentratedMelt,
    elements_of,
    molecular_coefficients,
    through_melt,
    with_droplets,
)

Coefficients = Literal["constant", "by_composition"]

MELT_DENSITY = 6490.0
"""Of antimony just above its melting point, kg/m3; quoted from memory."""
MOST_BY_COMPOSITION = 0.999
_COLDEST = 573.15  # K; antimony has 3e-3 Pa there
_GRAVITY = 9.81


class VacuumStill(UnitOp):
    """Settings of a still; the units that inherit from it add ports and cuts."""

    separation_coefficient: PerSpecies[Ratio] = default({})
    """Effective separation coefficient by moles, beta, as measured: it stands as it is, with
    droplets and melt-side transport in it. Species not named are computed. Not for Sb."""
    coefficients: Coefficients = "constant"
    """Coefficients of a dilute melt throughout (``constant``), or followed along the evaporation
    with its composition (``by_composition``), for melts with some percent of other metals."""
    entrainment: Ratio = default("1 %")
    """Droplets per unit of antimony vapour, epsilon. Fitted: 0.8 to 4 % explain the lead of
    Qiu 1996 (0.88 % in the feed, 0.010 to 0.036 % in the distillate)."""
    melt_transfer: Velocity | None = None
    """Transfer coefficient of the boundary layer in the melt, k. Not given, the melt is well mixed.
    Stirred by convection about 1e-5 m/s (assumed, range 1e-6 to 1e-4)."""
    accommodation: Fraction = default("20 %")
    """Rate in a perfect vacuum over the molecular rate, alpha. Assumed, range 5 to 84 %: 84 % is
    what pure metals reach (Safarian and Engh 2013, abstract); a cooled surface and narrow
    passages for the vapour cost most of it."""
    diffusion_length: Length = default("50 mm")
    """Distance from melt to condenser, through which vapour diffuses where residual gas is above
    its pressure. Assumed, range 20 to 300 mm; convection shortens it."""
    melt_depth: Length = default("20 mm")
    """Depth of a fresh charge. Assumed: 5 to 30 mm in a crucible or on trays, 200 mm in a pot."""
    turnaround: Time = default("3 h")
    """Time between two evaporations for charging, pumping, heating, cooling. Assumed, 2 to 6 h."""
    still_area: Area = default("1 m^2")
    """Surface of melt in one still. Assumed."""
    thermal_efficiency: Fraction = default("30 %")
    """Heat of evaporation over the power of the still. Assumed, range 10 to 50 %: the melt also
    radiates to the condenser."""

    def check_settings(self) -> None:
        """Refuse settings with which nothing evaporates, and a coefficient of antimony."""
        for name, usual in (("accommodation", "20 %"), ("thermal_efficiency", "30 %")):
            if getattr(self, name) == 0.0:
                raise InputError(
                    f"{name} of 0 lets nothing evaporate; give more than 0, e.g. {usual}"
                )
        if self.still_area == 0.0:
            raise InputError("still_area of 0 holds no melt; give more than 0, e.g. 1 m^2")
        if self.melt_transfer == 0.0:
            raise InputError(
                "melt_transfer of 0 keeps impurities from the surface; give more, e.g. 1e-5 m/s, "
                "or leave it out for a well mixed melt"
            )
        given: Any = self.separation_coefficient
        if "Sb" in given.by_name:
            raise InputError("separation_coefficient.Sb is 1 by definition; leave it out")

    def check_operation(self, temperature: float, gas: float, named: str = "temperature") -> None:
        """Refuse a melt that boils and one that is much too cold."""
        if reason := boils(temperature, gas, self.melt_depth):
            raise InputError(f"{named} of {reason}")
        if temperature < _COLDEST:
            raise InputError(
                f"{named} of {temperature - 273.15:.0f} degC evaporates no antimony; give more "
                f"than 300 degC, usually 630 to 700 degC"
            )

    def check_cut(self, named: str, evaporated: float | None) -> None:
        """Refuse to follow a composition until nothing is left."""
        if self.coefficients == "by_composition" and (evaporated or 0.0) > MOST_BY_COMPOSITION:
            raise InputError(
                f"{named} of {100.0 * (evaporated or 0.0):g} % leaves nothing to follow "
                f"by_composition; give at most {100.0 * MOST_BY_COMPOSITION:g} %, or coefficients "
                f"constant"
            )

    def resolve(self, slate: Slate) -> Parameters:
        """As for every unit; a coefficient that is not given is not-a-number."""
        return with_missing_coefficients(self, slate)


def with_missing_coefficients(unit: Any, slate: Slate) -> Parameters:
    """Parameters of a unit whose ``separation_coefficient`` is not-a-number where not given."""
    given = unit.separation_coefficient
    column = np.full((slate.count, 1), np.nan if given.others is None else given.others)
    try:
        for name, number in given.by_name.items():
            column[slate.row(name)] = number
    except InputError as error:
        raise InputError(f"separation_coefficient: {error}") from error
    plain = unit.model_copy(update={"separation_coefficient": 0.0})
    return UnitOp.resolve(plain, slate).replaced({"separation_coefficient": column})


def boils(temperature: float, gas: float, depth: float) -> str:
    """Why a melt boils to its bottom, empty where it does not; K, Pa and m."""
    bottom = gas + MELT_DENSITY * _GRAVITY * depth
    if vapour_pressure("Sb", temperature) < bottom:
        return ""
    return (
        f"{temperature - 273.15:.0f} degC is above the boiling temperature of antimony, "
        f"{boiling_temperature(bottom) - 273.15:.0f} degC at the {bottom:.4g} Pa on the bottom of "
        f"the melt (residual gas and {1e3 * depth:g} mm of metal); give less, e.g. 650 degC"
    )


def boiling(p: Parameters, columns: int) -> list[str]:
    """``boils`` for every scenario."""
    each = (p.temperature, p.residual_gas, p.melt_depth)
    settings = np.broadcast_arrays(np.zeros(columns), *(np.real(one) for one in each))
    return [boils(*map(float, one)) for one in zip(*settings[1:], strict=True)]


def boiling_depth(temperature: Any, gas: Any) -> Array:
    """Depth of melt above which bubbles of antimony can grow, m, negative where none can."""
    over = vapour_pressure("Sb", temperature) - gas
    return np.asarray(over / (MELT_DENSITY * _GRAVITY))


def evaporation_rate(p: Parameters) -> Array:
    """Antimony per surface from a nearly pure melt, kg/(m2 s), (scenarios,) or one."""
    largest = antimony_rate(p.temperature, 1.0, p.accommodation)
    pressure = vapour_pressure("Sb", p.temperature)
    diffusion = diffusion_rate(p.temperature, p.diffusion_length)
    return rate_in_gas(largest, pressure, np.asarray(p.residual_gas), diffusion)


def effective_coefficients(slate: Slate, p: Parameters) -> Array:
    """Coefficients with all that spoils them, in a dilute melt, (constituents, scenarios or 1)."""
    beta = or_given(_spoilt(molecular_coefficients(slate, p.temperature), p), p)
    beta[slate.rows("Sb")] = 1.0
    return beta


def evaporate(feed: Flow, p: Parameters) -> tuple[Flow, Flow]:
    """Distillate and residue of one cut: exp of the logarithms of what is left of each species."""
    melts = melting(feed.slate)
    exponent = logarithms_left(feed, p)[0]
    gone = 1.0 - melts - melts * np.expm1(exponent)
    return feed * gone, feed * (melts * np.exp(exponent))


def logarithms_left(feed: Flow, p: Parameters) -> tuple[Array, Array]:
    """ln(n / n_0) of every species after the cut, and the error of its integration."""
    if p.coefficients == "by_composition":
        return _by_composition(feed, p)
    slate = feed.slate
    beta = effective_coefficients(slate, p)
    if p.antimony_evaporated is not None:
        left = logarithm_left(np.asarray(p.antimony_evaporated))
    else:
        moves = _evaporates(slate, p)
        moles = feed.mass / slate.molar_mass[:, None] * moves
        rows = moves.any(axis=1)
        left = antimony_left(moles[rows], beta[rows], np.asarray(p.moles_evaporated))
    return beta * left, np.zeros(1)


def _by_composition(feed: Flow, p: Parameters) -> tuple[Array, Array]:
    """Integrate over the elements of the table; all else has a constant coefficient."""
    slate = feed.slate
    names = elements_of(slate)
    rows = [slate.row(name) for name in names]
    melt = ConcentratedMelt(slate, p.temperature)
    antimony = names.index("Sb")

    def coefficients(moles: Array) -> Array:
        beta = melt.coefficients(moles)
        # What never evaporates stays at zero here: droplets of it come in by the exponent below.
        beta = np.where(beta.real > 0.0, _spoilt(beta, p), 0.0 * beta)
        beta = or_given(beta, p, rows)
        beta[antimony] = 1.0
        return beta

    by_moles = p.antimony_evaporated is None
    cut = p.moles_evaporated if by_moles else p.antimony_evaporated
    moles = feed.mass[rows] / slate.molar_mass[rows, None]
    found = follow(
        moles, coefficients, antimony, logarithm_left(np.asarray(cut)), by_moles=by_moles
    )
    left = found.logarithm[antimony]
    exponent = effective_coefficients(slate, p) * left
    moves = (coefficients(np.ones(moles.shape)).real > 0.0) | np.zeros(left.shape, bool)
    exponent[rows] = np.where(moves, found.logarithm, exponent[rows])
    return exponent, found.error


def _spoilt(beta: Array, p: Parameters) -> Array:
    """Coefficients with melt-side transport and droplets."""
    if p.melt_transfer is not None:
        beta = through_melt(beta, evaporation_rate(p) / MELT_DENSITY, p.melt_transfer)
    return with_droplets(beta, p.entrainment)


def _evaporates(slate: Slate, p: Parameters) -> Array:
    """One for what leaves other than in droplets, (constituents, scenarios or 1)."""
    beta = or_given(molecular_coefficients(slate, p.temperature), p)
    return np.asarray(melting(slate) * (beta.real > 0.0))


def or_given(beta: Array, p: Parameters, rows: Any = slice(None)) -> Array:
    """The coefficients given, else those computed; a given one that is next to nothing is zero."""
    given = np.asarray(p.separation_coefficient)[rows]
    given = np.where(given.real < NEVER_EVAPORATES, 0.0, given)
    return np.where(np.isnan(given), beta, given)


@lru_cache(maxsize=64)
def melting(slate: Slate) -> Array:
    """One for what belongs to the melt, zero for gases and water, (constituents, 1)."""
    melts = 1.0 - slate.in_phase("gas")
    melts[slate.rows("H2O")] = 0.0
    return melts


def melt_of(flow: Flow) -> Flow:
    """What of a flow is in the melt."""
    return flow * melting(flow.slate)
