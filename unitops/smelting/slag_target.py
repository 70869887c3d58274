"""Fluxes that give a slag the composition aimed at, and the antimony it then holds.

Of the oxides FeO, SiO2, CaO and Na2O those with a target weight w are held to it. With m the mass
of each that charge, reductant and soda bring, the slag of them weighs

    S = max over oxides of m / w,      flux of each = S w - m                       (1)

which is the least flux: one oxide at least needs none. Two things feed back into it. Iron ore takes
carbon, whose ash is SiO2, a kg per kg of FeO, so that for SiO2, with f = S w_FeO - m_FeO,

    S w >= m + a f - b y,      S >= (m - a m_FeO - b y) / (w - a w_FeO)             (2)

and antimony that stays as y of Sb2O3 spares carbon, with b kg of SiO2 per kg. A grade g of the
slag, of mass T, of which other species hold n of antimony, then asks for

    0.8353 y + n = g T,      T = t + s y                                            (3)

in each of two branches: S set by SiO2, or by another oxide. The larger y is the answer, because T
is the larger of the two. Oxides are counted by element: all calcium of the slag as CaO.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.formula import parse_formula

FLUXED = {"FeO": "Fe", "SiO2": "Si", "CaO": "Ca", "Na2O": "Na"}
"""Oxides that a target may name, and the element each is counted by."""
ANTIMONY_IN_TRIOXIDE = parse_formula("Sb2O3").mass_fractions()["Sb"]


@dataclass(frozen=True)
class CarbonResidue:
    """What carbon leaves in the slag, kg per kg of FeO from iron flux or of Sb2O3 kept."""

    ash_per_iron: Any = 0.0
    """a of (2)."""
    unburnt_per_iron: Any = 0.0
    ash_spared: Any = 0.0
    """b of (2)."""
    unburnt_spared: Any = 0.0


def oxides_of(slag: Flow) -> dict[str, Array]:
    """Mass flow of each oxide that a target may name, counted by its element, kg/s."""
    return {
        oxide: slag.element(symbol) / parse_formula(oxide).mass_fractions()[symbol]
        for oxide, symbol in FLUXED.items()
    }


def target_weights(targets: Mapping[str, Any]) -> dict[str, Array]:
    """Weights w of the oxides held to a target, together 1; all 0 where there is none."""
    total = sum(targets.values())
    return {oxide: ratio(weight, total) for oxide, weight in targets.items()}


class SlagTarget:
    """A slag before fluxes are added and antimony is kept in it, and what it is to become."""

    def __init__(
        self, slag: Flow, weights: Mapping[str, Array], residue: CarbonResidue | None = None
    ) -> None:
        self.weights = weights
        self.residue = residue or CarbonResidue()
        self.held = oxides_of(slag)
        self.is_held = {oxide: np.real(weight) > 0.0 for oxide, weight in weights.items()}
        self.antimony = slag.element("Sb")
        self.others = slag.total() - sum(
            np.where(self.is_held[oxide], mass, 0.0) for oxide, mass in self.held.items()
        )
        self.iron = np.where(self.is_held["FeO"], self.held["FeO"], 0.0)
        slope = weights["SiO2"] - self.residue.ash_per_iron * weights["FeO"]
        if np.any(self.is_held["SiO2"] & (np.real(slope) <= 0.0)):
            raise InputError(
                "slag_target: the iron ore takes carbon whose ash is more SiO2 than the slag may "
                "hold; ask for more SiO2, use iron_flux 'FeO', or a reductant with less ash"
            )
        self._slope = np.where(self.is_held["SiO2"], slope, 1.0)

    def antimony_kept(self, grade: Any) -> Array:
        """Sb2O3 that brings the slag to a mass fraction of antimony, y of (3), kg/s."""
        residue, kept = self.residue, self.weights["FeO"]
        by_silica, others = self.is_held["SiO2"], self._set_by_others()
        left = np.where(by_silica, 0.0, 1.0)  # ash outside the target counts with the others
        flux = others * kept - self.iron
        per_iron = residue.unburnt_per_iron + left * residue.ash_per_iron
        spared = residue.unburnt_spared + left * residue.ash_spared
        first = self._kept(grade, self.others + others + per_iron * flux, 1.0 - spared)

        silica, shrinks = self._set_by_silica(0.0), residue.ash_spared / self._slope
        flux = silica * kept - self.iron
        slag = self.others + silica + residue.unburnt_per_iron * flux
        slope = 1.0 - residue.unburnt_spared - shrinks * (1.0 + residue.unburnt_per_iron * kept)
        second = self._kept(grade, slag, slope)
        larger: Array = np.maximum(0.0, np.where(by_silica, np.maximum(first, second), first))
        return larger

    def _kept(self, grade: Any, slag: Array, slope: Any) -> Array:
        found: Array = (grade * slag - self.antimony) / (ANTIMONY_IN_TRIOXIDE - grade * slope)
        return found

    def fluxes(self, antimony_kept: Any) -> dict[str, Array]:
        """FeO, SiO2, CaO and Na2O to be added as flux, by (1) and (2), kg/s."""
        size = np.maximum(self._set_by_others(), self._set_by_silica(antimony_kept))
        wanted = {oxide: size * weight for oxide, weight in self.weights.items()}
        there = dict(self.held)
        iron = self._added("FeO", wanted["FeO"], there["FeO"])
        ash = self.residue.ash_per_iron * iron - self.residue.ash_spared * antimony_kept
        there["SiO2"] = there["SiO2"] + ash
        return {oxide: self._added(oxide, wanted[oxide], there[oxide]) for oxide in wanted}

    def _added(self, oxide: str, wanted: Array, there: Array) -> Array:
        """What lacks of an oxide; that which sets the slag needs none but for a rounding."""
        lacking = wanted - there
        some = self.is_held[oxide] & (lacking.real > 1e-13 * np.real(wanted))
        added: Array = np.where(some, lacking, 0.0)
        return added

    def _set_by_others(self) -> Array:
        """S as FeO, CaO and Na2O ask for it, zero without targets for them."""
        size: Array = np.zeros_like(self.antimony)
        for oxide in ("FeO", "CaO", "Na2O"):
            weight = np.where(self.is_held[oxide], self.weights[oxide], 1.0)
            size = np.maximum(size, np.where(self.is_held[oxide], self.held[oxide] / weight, 0.0))
        return size

    def _set_by_silica(self, antimony_kept: Any) -> Array:
        """S as SiO2 asks for it, by (2)."""
        ash = self.residue.ash_per_iron * self.iron + self.residue.ash_spared * antimony_kept
        size = (self.held["SiO2"] - ash) / self._slope
        found: Array = np.where(self.is_held["SiO2"], size, 0.0)
        return found
