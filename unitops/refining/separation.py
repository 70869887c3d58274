"""Separation coefficients of elements in molten antimony: ideal, molecular, effective.

A separation coefficient beta says how much faster an element leaves the melt than antimony,
relative to what the melt holds of both, by moles: d ln n_i = beta_i d ln n_Sb. Three are in use:

    ideal        gamma_i p_i / p_Sb                                                 (1)
    molecular    gamma_i (nu_i p_i / sqrt(M_i)) / sum over Sb4, Sb2 of (nu p / sqrt(M)) (2)
    effective    what a still shows

(1) is what handbooks tabulate (Dai and Yang; Olette with the root of the molar masses). (2) counts
atoms: antimony leaves four at a time, so that it is 2 to 4 times smaller for lead. Elements that
leave in molecules with antimony (As in tetramers, S, Se and Te) have the coefficient of
``vapour_elements.csv`` in place of (1) and (2): arsenic mixed at random into tetramers,
p(As_n Sb_4-n) = C(4, n) (q_As a_As)^n (q_Sb a_Sb)^(4-n) with q the fourth root of the pressure
over the pure element, leaves with beta = q_As / q_Sb at every content, and not as its fourth power.

The effective coefficient adds what spoils the separation. Transport through the melt, with the
velocity v at which the surface recedes and the transfer coefficient k of the boundary layer (the
film of Burton, Prim and Slichter, with evaporation in place of freezing):

    beta' = beta / (beta + (1 - beta) exp(-v / k))                                  (3)

and droplets in the vapour, epsilon per unit of antimony vapour, that have the melt's composition:

    beta'' = (beta' + epsilon) / (1 + epsilon)                                      (4)

In a concentrated melt (2) is divided by the change of antimony's volatility and multiplied by that
of the activity coefficient:

    beta_i(x) = beta_i gamma_i(x) / gamma_i * x_Sb / (w4 a_Sb^4 + w2 a_Sb^2)        (5)

with w4 and w2 the shares of atoms that leave pure antimony as Sb4 and Sb2: as antimony becomes
dilute it leaves more slowly, and lead and tin overtake it.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import column_sums
from flowsheet.core.flow import Array
from flowsheet.core.formula import parse_formula
from flowsheet.core.slate import Slate
from flowsheet.core.vapour_pressure import vapour_molecule, vapour_pressure, vapour_pressures
from unitops.refining.antimony_vapour import atoms_evaporating
from unitops.refining.melt_activity import (
    activity_coefficient,
    dissolved,
    dissolved_elements,
    in_concentrated_melt,
    logarithms,
)

LEAST_ANTIMONY = 0.01
"""Mole fraction of antimony below which (5) stays what it is there."""
NEVER_EVAPORATES = 1e-12
"""A separation coefficient below this counts as zero."""


def ideal_coefficient(element: str, temperature: Any) -> Array:
    """Separation coefficient by (1); temperature in K."""
    share = vapour_pressure(element, temperature) / vapour_pressure("Sb", temperature)
    return np.asarray(activity_coefficient(element, temperature) * share)


def molecular_coefficient(element: str, temperature: Any) -> Array:
    """Separation coefficient by (2), or the table's; temperature in K.

    >>> print(f"{molecular_coefficient('Pb', 923.0):.4f}")
    0.0030
    """
    found = _molecular([element], np.ravel(temperature))[0]
    return np.asarray(found.reshape(np.shape(temperature)))


def through_melt(beta: Any, recession: Any, transfer: Any) -> Array:
    """Coefficient with a boundary layer in the melt by (3); velocities in m/s."""
    left = np.exp(-recession / transfer)
    return np.asarray(beta / (beta + (1.0 - beta) * left))


def with_droplets(beta: Any, droplets: Any) -> Array:
    """Coefficient with droplets in the vapour by (4)."""
    return np.asarray((beta + droplets) / (1.0 + droplets))


def molecular_coefficients(slate: Slate, temperature: Any) -> Array:
    """Coefficients by (2) of a slate, zero for what is not in the table, (constituents, n)."""
    if np.ndim(temperature) == 0 and not np.iscomplexobj(temperature):
        return _at_one_temperature(slate, float(temperature))
    return _of_slate(slate, np.ravel(temperature))


@lru_cache(maxsize=256)
def elements_of(slate: Slate) -> list[str]:
    """Elements of the table on a slate, in its order."""
    return [name for name in slate.names if name in dissolved_elements()]


class ConcentratedMelt:
    """Coefficients by (5) of the elements of a slate at one temperature, or one per scenario."""

    def __init__(self, slate: Slate, temperature: Any) -> None:
        self.names = elements_of(slate)
        self.dilute = logarithms(self.names, temperature)
        self.beta = _molecular(self.names, np.ravel(temperature))
        as_tetramer, as_dimer = atoms_evaporating(np.ravel(temperature))
        self.tetramer_atoms = as_tetramer / (as_tetramer + as_dimer)
        rides = [np.isfinite(dissolved(name).separation_coefficient) for name in self.names]
        self.rides = np.array(rides)[:, None]
        """Elements that keep to antimony's own vapour, antimony among them."""

    def coefficients(self, moles: Array) -> Array:
        """Coefficients of (5) from the moles of each element, (elements, scenarios)."""
        at = self.names.index("Sb")
        fractions, activity, change = self._state(moles)
        slowed = fractions[at] / self._leaving(activity) * np.exp(change)
        return np.where(self.rides, self.beta, self.beta * slowed)  # (5)

    def rate(self, moles: Array) -> Array:
        """Antimony leaving over that which leaves pure antimony, (scenarios,)."""
        return self._leaving(self._state(moles)[1])

    def _leaving(self, activity: Array) -> Array:
        tetramer = self.tetramer_atoms * activity**4
        return np.asarray(tetramer + (1.0 - self.tetramer_atoms) * activity**2)

    def _state(self, moles: Array) -> tuple[Array, Array, Array]:
        """Mole fractions, activity of antimony, and ln gamma over that at high dilution."""
        at = self.names.index("Sb")
        fractions = moles / column_sums(moles)
        rest = 1.0 - fractions[at]
        low = fractions[at].real < LEAST_ANTIMONY
        # Below the least antimony the others shrink to make room for it.
        shrunk = np.where(low, (1.0 - LEAST_ANTIMONY) / np.where(low, rest, 1.0), 1.0)
        fractions = fractions * shrunk
        fractions[at] = np.where(low, LEAST_ANTIMONY, fractions[at])
        logarithm = in_concentrated_melt(self.dilute, fractions, at)
        return fractions, fractions[at] * np.exp(logarithm[at]), logarithm - self.dilute


def _molecular(elements: Sequence[str], temperature: Array) -> Array:
    """Coefficients by (2) or the table's, (elements, temperatures)."""
    molecules = [parse_formula(vapour_molecule(element)) for element in elements]
    atoms = np.array([sum(count for _, count in each.atoms) for each in molecules])
    masses = np.array([each.molar_mass for each in molecules])
    leaving = (atoms / masses**0.5)[:, None] * vapour_pressures(elements, temperature)
    computed = (
        np.exp(logarithms(elements, temperature)) * leaving / sum(atoms_evaporating(temperature))
    )
    given = np.array([[dissolved(element).separation_coefficient] for element in elements])
    found = np.where(np.isnan(given), computed, given)  # (2)
    return np.where(found.real < NEVER_EVAPORATES, 0.0, found)


def _of_slate(slate: Slate, temperature: Array) -> Array:
    names = elements_of(slate)
    found = _molecular(names, temperature)
    column = np.zeros((slate.count, found.shape[1]), found.dtype)
    column[[slate.row(name) for name in names]] = found
    return column


@lru_cache(maxsize=256)
def _at_one_temperature(slate: Slate, temperature: float) -> Array:
    return _of_slate(slate, np.array([temperature]))
