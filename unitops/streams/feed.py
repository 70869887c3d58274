"""A source of material: a flow with a composition by species, or an assay of elements."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Annotated, Any

import numpy as np
from pydantic import BeforeValidator

from flowsheet.core.errors import InputError, nearest
from flowsheet.core.flow import Array, Flow
from flowsheet.core.mineralogy import (
    ROUNDED_SUM,
    TRACE,
    Assay,
    check_sum,
    explained,
    mineral_fractions,
)
from flowsheet.core.parameters import (
    Fraction,
    MassFlow,
    PerElement,
    PerSpecies,
    Ratio,
    Temperature,
    default,
)
from flowsheet.core.ports import Outlet
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, UnitOp

UNEXPLAINED = 0.01
"""Share of an assay that may stay unexplained before the engineer is told; assumed."""


def _unnamed_is_absent(value: Any) -> Any:
    """Give species that a composition does not name a fraction of zero."""
    if isinstance(value, Mapping) and "others" not in value:
        return {**value, "others": 0.0}
    return value


class Feed(UnitOp):
    """Bring ore, concentrate, air or any other material into the flowsheet.

    Give either the ``composition`` by species, x_i, or the ``assay`` of elements, c_e, with the
    ``minerals`` that carry them. From an assay the minerals are found by least squares over the
    elements, with no mineral below zero and the ``remainder`` r (the gangue) filling up to 1:

        minimise sum_e w_e ((c_e - sum_i a_ei x_i) / c_e)^2,  x_i >= 0              (1)
        x_r = 1 - sum_i x_i                                                         (2)
        water = flow * (s / percent_solids - 1)                                     (3)

    with a_ei the mass fraction of element e in species i, w_e the weight of an assay, and s the
    solids in the composition. With as many minerals as elements of weight above zero the fit is
    the classical element-to-mineral conversion; (1) and (2) are explained, with their sources, in
    ``flowsheet.core.mineralogy``.

    Assumptions: minerals have the ideal formulas of their species; ``flow`` is everything except
    the water of (3): dry solids, or the total of what the composition names.
    Not modelled: moisture apart from (3), particle size. A composition is never normalised: what
    it lacks goes to the remainder or is refused.
    Limits: percent_solids equal to s adds no water; zero flow gives an empty stream.
    """

    outlet: Outlet

    flow: MassFlow
    """Mass flow of everything except the water added for ``percent_solids``."""
    composition: Annotated[PerSpecies[Fraction] | None, BeforeValidator(_unnamed_is_absent)] = None
    """Mass fractions x of the flow; species that are not named are absent."""
    assay: PerElement[Fraction] | None = None
    """Mass fractions c of elements in the flow, as the laboratory reports them."""
    minerals: tuple[str, ...] = ()
    """Species that carry the assayed elements; used with ``assay``."""
    assay_weight: PerElement[Ratio] = 1.0
    """Weight w of an assay in the fit; 0 reports what is left over and does not fit it."""
    remainder: str | None = None
    """Species that takes the rest up to 100 %, usually the gangue; needed with ``assay``."""
    percent_solids: Fraction | None = None
    """Solids in the pulp by mass, reached by adding water; dry if not given."""
    temperature: Temperature = default("25 degC")
    """Temperature at which the stream comes; it counts where heat does."""

    def check(self) -> None:
        """Refuse a feed whose composition is given twice, not at all, or in part."""
        if (self.composition is None) == (self.assay is None):
            raise InputError("give either composition or assay, and not both")
        if self.percent_solids is not None:
            _check_pulp(self.percent_solids)
        if self.composition is not None:
            self._check_composition(self.composition)
        else:
            self._check_assay(self.assay)

    def _check_composition(self, composition: Any) -> None:
        named = composition.by_name
        if composition.others or not named:
            raise InputError(
                'composition must name species, e.g. {"Sb2S3": "5 %"}; '
                "let 'remainder' take the rest instead of 'others'"
            )
        weighted: Any = self.assay_weight
        if self.minerals or weighted.by_name:
            raise InputError("minerals and assay_weight belong to an assay; leave them out")
        if self.remainder in named:
            raise InputError(
                f"remainder '{self.remainder}' has a fraction in composition; drop one"
            )
        check_sum("composition", np.array(sum(named.values())), self.remainder)

    def _check_assay(self, assay: Any) -> None:
        assayed = assay.by_name
        if assay.others is not None or not assayed:
            raise InputError('assay must name elements, e.g. {"Sb": "28 %"}')
        if not self.minerals:
            raise InputError("assay needs minerals that carry it, e.g. minerals = ['Sb2S3']")
        if self.remainder is None:
            raise InputError("assay needs a remainder up to 100 %, e.g. remainder = 'SiO2'")
        if len({*self.minerals, self.remainder}) <= len(self.minerals):
            raise InputError("minerals and remainder name a species twice; keep one")
        weighted: Any = self.assay_weight
        for symbol in weighted.by_name:
            if symbol not in assayed:
                raise InputError(
                    f"assay_weight names {symbol}, which is not assayed{nearest(symbol, assayed)}"
                )
        check_sum("assay", np.array(sum(assayed.values())), self.remainder)

    def required_species(self) -> Iterable[str]:
        """Every species the feed may bring, and water where a pulp is asked for."""
        composition: Any = self.composition
        named = () if composition is None else composition.by_name
        remainder = () if self.remainder is None else (self.remainder,)
        water = () if self.percent_solids is None else ("H2O",)
        return (*named, *self.minerals, *remainder, *water)

    def run(self, slate: Slate, p: Parameters) -> Outlets:
        """Make the stream; a feed has no inlets and is given the slate instead."""
        fractions = _fractions(slate, p)
        if p.percent_solids is not None:
            fractions = fractions + _placed(slate, ("H2O",)) * _added_water(slate, p, fractions)
        return {"outlet": Flow(slate, p.flow * fractions)}

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:  # noqa: ARG002
        """As given."""
        return {"outlet": p.temperature}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Water added; for an assay, the minerals found and what of each element is left over."""
        slate = flows["outlet"].slate
        fractions = _fractions(slate, p)
        found = []
        if p.percent_solids is not None:
            water = p.flow * _added_water(slate, p, fractions)
            found.append(Figure(water, "t/h", "water added"))
        if p.assay is not None:
            for name in (*p.minerals, p.remainder):
                found.append(Figure(fractions[slate.row(name)], "%", f"{name} by fit"))
            for symbol, assayed, brought in zip(p.assay, *explained(_assay(slate, p)), strict=True):
                label = f"assayed {symbol} not in minerals"
                found.append(Figure(assayed - brought, "%", label))
        return found

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Name the elements whose assay the minerals miss by more than 1 % of the assay."""
        if p.assay is None:
            return ()
        told = []
        assays, brings = explained(_assay(flows["outlet"].slate, p))
        for symbol, assayed, brought in zip(p.assay, assays[:, 0], brings[:, 0], strict=True):
            if abs(assayed - brought) > UNEXPLAINED * max(assayed, TRACE):
                told.append(
                    f"the minerals bring {brought * 100:.4g} % {symbol}, "
                    f"the assay says {assayed * 100:.4g} %; "
                    f"check the assay, or the minerals that carry {symbol}"
                )
        return told


def _check_pulp(percent_solids: Any) -> None:
    if np.count_nonzero(percent_solids.real == 0.0):
        raise InputError("percent_solids of 0 would be all water; give more, or leave it out")


@lru_cache(maxsize=1024)
def _placed(slate: Slate, names: tuple[str, ...]) -> Array:
    """One where a constituent is the species of that name, (constituents, names)."""
    places = np.zeros((slate.count, len(names)))
    places[[slate.row(name) for name in names], range(len(names))] = 1.0
    return places


def _assay(slate: Slate, p: Parameters) -> Assay:
    contents, weights = tuple(p.assay.values()), tuple([p.assay_weight[e] for e in p.assay])
    return Assay(slate, p.minerals, p.remainder, tuple(p.assay), contents, weights)


def _fractions(slate: Slate, p: Parameters) -> Array:
    """Mass fractions without the added water, (constituents, 1 or scenarios)."""
    if p.composition is None:
        assay = _assay(slate, p)
        return _placed(slate, assay.names) @ mineral_fractions(assay)
    total = p.composition.sum(axis=0)
    check_sum("composition", total, p.remainder)
    return _filled(slate, p.remainder, p.composition, total)


def _filled(slate: Slate, remainder: str | None, fractions: Array, total: Array) -> Array:
    """Let the remainder take what the fractions lack; above 1 they are only by rounding."""
    if remainder is None:
        return fractions
    rest = np.maximum(1.0 - total, 0.0)
    return np.asarray(fractions + _placed(slate, (remainder,)) * rest)  # (2)


def _added_water(slate: Slate, p: Parameters, fractions: Array) -> Array:
    """Water per mass of flow that makes the pulp asked for, (1 or scenarios,)."""
    _check_pulp(p.percent_solids)
    solids = slate.in_phase("solid")[:, 0] @ fractions
    water = solids / p.percent_solids - 1.0  # (3)
    if water.real.min() < -2.0 * ROUNDED_SUM:
        raise InputError(
            f"percent_solids: the feed holds {solids.real.min():.4%} solids before water is "
            "added; ask for at most that, or change the composition"
        )
    return np.asarray(np.maximum(water, 0.0))
