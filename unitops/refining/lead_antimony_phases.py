"""The phase diagram of lead and antimony: what freezes out of the melt, and what stays molten.

A simple eutectic at 11.1 wt-% (17.5 at-%) Sb and 251.7 degC. On the side of metal i, of which the
melt holds the mole fraction 1 - y, the melt is in equilibrium with crystals that hold the mole
fraction s of the other metal when

    ln((1 - y) / (1 - s)) + w y^2 = -(H_i / R) (1 / T - 1 / T_i)                    (1)
    s = k y (1 - b y)                                                               (2)

(1) is the equilibrium of metal i between crystals and a melt that mixes without heat, H_i its heat
of fusion, T_i its melting point, w an interaction that makes the curve pass through the eutectic.
It gives the liquidus temperature directly, and by Newton's method the composition at a temperature.

Eutectic, and (Pb) that holds 0.6 at-% Sb at 322 degC and 5.8 at-% (3.5 wt-%) at the eutectic:
Ashtakala, Pelton and Bale, Bull. Alloy Phase Diagrams 2 (1981), abstract. (Sb) with 1.8 at-% Pb at
420 degC (Oelsen 1956) and 2.0 at-% at the eutectic (Moser 1976), as quoted there; measurements
go from 1.5 to 2.7 at-%. These four points fix k and b of both sides. Heats of fusion: Dinsdale,
CALPHAD 15 (1991) 317, as used in public databases. That the metals mix almost without heat:
-70 J/mol at most (Hassam et al., J. Alloys Compd. 476 (2009) 74, abstract).

How far to trust it: lead side within 3 K of the handbook (ASM) at 1 to 8 wt-% Sb; antimony side
fixed at both ends and by the heat of fusion between, 329 degC at 20 and 490 degC at 50 wt-%,
where older measurements quoted from memory say 320 to 330 and 470 to 480. Below the eutectic
temperature the curves go on, as those of an undercooled melt.

>>> from unitops.refining.lead_antimony_phases import antimony_side, liquidus_temperature
>>> print(f"{liquidus_temperature(0.30) - 273.15:.0f} degC")
394 degC
>>> liquor, crystals = antimony_side(300.0 + 273.15)
>>> print(f"{liquor:.3f} {crystals:.3f}")
0.163 0.966
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from flowsheet.core.constants import GAS_CONSTANT
from flowsheet.core.flow import Array
from flowsheet.core.formula import parse_formula

EUTECTIC_TEMPERATURE = 251.7 + 273.15  # K
EUTECTIC_ANTIMONY = 0.111  # mass fraction
_MOLAR_MASS = {symbol: parse_formula(symbol).molar_mass for symbol in ("Pb", "Sb")}
_STEPS = 8  # of Newton's method, which doubles the digits; 5 reach rounding


@dataclass(frozen=True)
class _Side:
    """The liquidus on the side of one metal; compositions are mole fractions of the other."""

    melting_point: float
    """Of the metal that freezes, K."""
    heat_of_fusion: float
    """J/mol."""
    eutectic: float
    """y of the eutectic melt."""
    distribution: float
    """k, of (2)."""
    bend: float
    """b, of (2)."""

    @cached_property
    def interaction(self) -> float:
        """Return w of (1), for which the liquidus ends in the eutectic point."""
        y = self.eutectic
        ideal = np.log((1.0 - y) / (1.0 - self.solid(y)))
        return float((self.drive(EUTECTIC_TEMPERATURE) - ideal) / y**2)

    def drive(self, temperature: Any) -> Any:
        """Right side of (1)."""
        tau = 1.0 / temperature - 1.0 / self.melting_point
        return -self.heat_of_fusion / GAS_CONSTANT * tau

    def solid(self, y: Any) -> Any:
        """Return s by (2)."""
        return self.distribution * y * (1.0 - self.bend * y)

    def freezing_temperature(self, y: Any) -> Any:
        """T of (1)."""
        left = np.log((1.0 - y) / (1.0 - self.solid(y))) + self.interaction * y**2
        return 1.0 / (1.0 / self.melting_point - left * GAS_CONSTANT / self.heat_of_fusion)

    def melt(self, temperature: Any) -> Any:
        """Return y of (1); zero at and above the melting point."""
        drive = np.minimum(self.drive(temperature), 0.0)
        y = 1.0 - np.exp(drive)
        for _ in range(_STEPS):
            left = np.log((1.0 - y) / (1.0 - self.solid(y))) + self.interaction * y**2
            slope_of_solid = self.distribution * (1.0 - 2.0 * self.bend * y)
            slope = slope_of_solid / (1.0 - self.solid(y)) - 1.0 / (1.0 - y)
            y = y - (left - drive) / (slope + 2.0 * self.interaction * y)
        return y


def atom_fraction(antimony: Any) -> Array:
    """Mole fraction of antimony in an alloy with lead, from its mass fraction."""
    moles = antimony / _MOLAR_MASS["Sb"]
    return np.asarray(moles / (moles + (1.0 - antimony) / _MOLAR_MASS["Pb"]))


def mass_fraction(antimony: Any) -> Array:
    """Mass fraction of antimony in an alloy with lead, from its mole fraction."""
    mass = antimony * _MOLAR_MASS["Sb"]
    return np.asarray(mass / (mass + (1.0 - antimony) * _MOLAR_MASS["Pb"]))


_EUTECTIC = float(atom_fraction(EUTECTIC_ANTIMONY))
# k and b pass through the two published contents of either solid, see above.
LEAD = _Side(600.61, 4774.0, _EUTECTIC, distribution=0.417, bend=1.176)
ANTIMONY = _Side(903.78, 19822.0, 1.0 - _EUTECTIC, distribution=0.0518, bend=0.645)


def lead_side(temperature: Any) -> tuple[Array, Array]:
    """Mass fractions of antimony in liquor and lead crystals at a temperature in K.

    Both are zero at and above the melting point of lead.
    """
    y = LEAD.melt(temperature)
    return mass_fraction(y), mass_fraction(LEAD.solid(y))


def antimony_side(temperature: Any) -> tuple[Array, Array]:
    """Mass fractions of antimony in liquor and antimony crystals at a temperature in K.

    Both are one at and above the melting point of antimony.
    """
    y = ANTIMONY.melt(temperature)
    return mass_fraction(1.0 - y), mass_fraction(1.0 - ANTIMONY.solid(y))


def liquidus_temperature(antimony: Any) -> Array:
    """Temperature in K at which a melt of this mass fraction of antimony begins to freeze."""
    x = atom_fraction(antimony)
    poor = x.real < _EUTECTIC
    # Each curve is asked only where it is one: the other metal alone has no logarithm.
    lead = LEAD.freezing_temperature(np.where(poor, x, _EUTECTIC))
    rich = ANTIMONY.freezing_temperature(1.0 - np.where(poor, _EUTECTIC, x))
    return np.asarray(np.where(poor, lead, rich))


def crystallised(antimony: Any, temperature: Any) -> tuple[Array, Array]:
    """Share of an alloy that is crystals, by the lever rule, and the mass fraction of Sb in them.

        f = (c - c_liquor) / (c_crystals - c_liquor)                                (3)

    c is the mass fraction of antimony. None below the liquidus composition, all beyond the
    solidus, where the crystals have the composition of the alloy.
    """
    antimony = np.asarray(antimony)
    rich = antimony.real >= EUTECTIC_ANTIMONY
    sides = zip(antimony_side(temperature), lead_side(temperature), strict=True)
    liquor, crystals = (np.where(rich, high, low) for high, low in sides)
    lever = crystals - liquor
    # Above the melting point of its metal a side has no lever, and nothing freezes there.
    none = lever == 0.0
    share = np.where(none, 0.0, (antimony - liquor) / np.where(none, 1.0, lever))
    share = np.minimum(np.maximum(share, 0.0), 1.0)
    return share, np.where(share.real < 1.0, crystals, antimony)
