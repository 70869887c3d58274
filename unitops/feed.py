"""A source of material: a flow with a composition by species, or an assay of elements."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

import numpy as np
from pydantic import BeforeValidator

from flowsheet.core.errors import InputError, nearest
from flowsheet.core.flow import Array, Flow
from flowsheet.core.parameters import Fraction, MassFlow, PerElement, PerSpecies, Ratio
from flowsheet.core.ports import Outlet
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, UnitOp

ROUNDED_SUM = 1e-6
"""How far a composition may miss 1: the rounding of a table of percentages is not this large."""
TRACE = 1e-6
"""Assays below 1 g/t weigh in the fit as if they were 1 g/t."""
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

    with a_ei the mass fraction of element e in species i (the remainder included: what it brings
    of an assayed element is counted), w_e the weight of an assay, and s the solids in the
    composition. Misfits are relative to the assay, so that 5 g/t of gold are met as well as 28 %
    of antimony; assays below 1 g/t count as 1 g/t. With as many minerals as elements of weight
    above zero the fit is the classical element-to-mineral conversion.

    (1) Whiten (2007), Mineral Processing and Extractive Metallurgy Review 29, 83-97, with the
    non-negative least squares of Lawson and Hanson (1974), Solving Least Squares Problems.

    Assumptions: minerals have the ideal formulas of their species; ``flow`` is everything except
    the water of (3): dry solids, or the total of what the composition names.
    Not modelled: moisture apart from (3), particle size, temperature. A composition is never
    normalised: what it lacks goes to the remainder or is refused.
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

    def check(self) -> None:
        """Refuse a feed whose composition is given twice, not at all, or in part."""
        if (self.composition is None) == (self.assay is None):
            raise InputError("give either composition or assay, and not both")
        if self.percent_solids == 0.0:
            raise InputError("percent_solids of 0 would be all water; give more, or leave it out")
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
        _check_sum("composition", sum(named.values()), self.remainder)

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
        _check_sum("assay", sum(assayed.values()), self.remainder)

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
        mass = p.flow * fractions
        if p.percent_solids is not None:
            water = np.zeros((len(slate.names), 1))
            water[slate.row("H2O")] = 1.0
            mass = mass + water * p.flow * _added_water(slate, p, fractions)
        return {"outlet": Flow(slate, mass)}

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
            for symbol, assayed, brought in zip(p.assay, *_explained(slate, p), strict=True):
                label = f"assayed {symbol} not in minerals"
                found.append(Figure(assayed - brought, "%", label))
        return found

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Name the elements whose assay the minerals miss by more than 1 % of the assay."""
        if p.assay is None:
            return ()
        told = []
        assays, brings = _explained(flows["outlet"].slate, p)
        for symbol, assayed, brought in zip(p.assay, assays[:, 0], brings[:, 0], strict=True):
            if abs(assayed - brought) > UNEXPLAINED * max(assayed, TRACE):
                told.append(
                    f"the minerals bring {brought * 100:.4g} % {symbol}, "
                    f"the assay says {assayed * 100:.4g} %; "
                    f"check the assay, or the minerals that carry {symbol}"
                )
        return told


def _check_sum(what: str, total: Any, remainder: str | None) -> None:
    """Refuse fractions above 1, or below 1 where nothing takes the rest; any scenario counts."""
    totals = np.atleast_1d(total).real
    highest, lowest = float(np.max(totals)), float(np.min(totals))
    if highest > 1.0 + ROUNDED_SUM:
        raise InputError(f"{what} sums to {highest:.6%}; at most 100 % is possible, give less")
    if remainder is None and lowest < 1.0 - ROUNDED_SUM:
        raise InputError(
            f"{what} sums to {lowest:.6%}; name a 'remainder' that takes the rest up to 100 %"
        )


def _fractions(slate: Slate, p: Parameters) -> Array:
    """Mass fractions without the added water, (constituents, 1 or scenarios)."""
    fractions = p.composition if p.composition is not None else _fitted(slate, p)
    total = fractions.sum(axis=0)
    if p.assay is None:
        _check_sum("composition", total, p.remainder)
    elif np.any(total.real > 1.0 + ROUNDED_SUM):
        worst = int(np.argmax(total.real))
        shares = [f"{name} {fractions[slate.row(name), worst].real:.4%}" for name in p.minerals]
        raise InputError(
            f"minerals: what fits the assay sums to {total[worst].real:.4%} ({', '.join(shares)}); "
            "check the assay, or name minerals that hold more of its elements"
        )
    if p.remainder is None:
        return np.asarray(fractions)
    takes_rest = np.zeros((len(slate.names), 1))
    takes_rest[slate.row(p.remainder)] = 1.0
    rest = np.where(total.real < 1.0, 1.0 - total, 0.0)  # (2); above 1 only by rounding
    return np.asarray(fractions + takes_rest * rest)


def _added_water(slate: Slate, p: Parameters, fractions: Array) -> Array:
    """Water per mass of flow that makes the pulp asked for, (1 or scenarios,)."""
    solids = (fractions * slate.in_phase("solid")).sum(axis=0)
    water = solids / p.percent_solids - 1.0  # (3)
    if np.any(water.real < -2.0 * ROUNDED_SUM):
        raise InputError(
            f"percent_solids: the feed holds {np.min(solids.real):.4%} solids before water is "
            "added; ask for at most that, or change the composition"
        )
    return np.where(water.real > 0.0, water, 0.0)


def _per_scenario(values: Iterable[Any]) -> Array:
    """Stack numbers and (scenarios,) arrays to (entries, scenarios)."""
    return np.stack(np.broadcast_arrays(*[np.atleast_1d(value) for value in values]))


def _explained(slate: Slate, p: Parameters) -> tuple[Array, Array]:
    """What is assayed and what the species bring of it, (elements assayed, scenarios)."""
    rows = [slate.elements.index(symbol) for symbol in p.assay]
    brought = slate.element_fractions[rows] @ _fractions(slate, p)
    assayed, brought = np.broadcast_arrays(_per_scenario(p.assay.values()), brought)
    return assayed, brought


def _fitted(slate: Slate, p: Parameters) -> Array:
    """Fractions of the minerals that fit the assay best, zero for others."""
    elements = [slate.elements.index(symbol) for symbol in p.assay]
    rows = [slate.row(name) for name in p.minerals]
    gangue = slate.element_fractions[elements, slate.row(p.remainder)]
    content = slate.element_fractions[np.ix_(elements, rows)]
    weights = _per_scenario(p.assay_weight[symbol] for symbol in p.assay)
    _check_minerals(p, content, gangue, weights)
    assay = _per_scenario(p.assay.values())
    scale = (np.sqrt(weights) / np.where(assay.real > TRACE, assay, TRACE)).T
    # Putting (2) into (1) leaves the minerals as the only unknowns.
    matrix = scale[:, :, None] * (content - gangue[:, None])
    length = np.sqrt((matrix * matrix).sum(axis=1, keepdims=True))
    shares = _non_negative_least_squares(matrix / length, scale * (assay.T - gangue))
    fractions = np.zeros((len(slate.names), len(shares)), dtype=shares.dtype)
    fractions[rows] = (shares / length[:, 0]).T
    return fractions


def _check_minerals(p: Parameters, content: Array, gangue: Array, weights: Array) -> None:
    """Refuse an element that nothing can carry, and minerals that the assay cannot tell apart."""
    fitted = weights.real.max(axis=1) > 0.0
    carried = (content > 0.0).any(axis=1) | (gangue > 0.0)
    for symbol, without in zip(p.assay, fitted & ~carried, strict=True):
        if without:
            raise InputError(
                f"assay: none of the minerals contains {symbol}; "
                f"add one that does, or set assay_weight.{symbol} = 0"
            )
    if np.linalg.matrix_rank((content - gangue[:, None])[fitted]) < len(p.minerals):
        known = [symbol for symbol, fits in zip(p.assay, fitted, strict=True) if fits]
        raise InputError(
            f"minerals: {', '.join(p.minerals)} cannot be told apart by fitting "
            f"{', '.join(known) or 'nothing'}; assay more elements, or name fewer minerals"
        )


def _non_negative_least_squares(matrix: Array, target: Array) -> Array:
    """Solve min |matrix x - target|, x >= 0, for (scenarios, rows, columns): (scenarios, columns).

    Scenarios with the same set of minerals above zero are solved together, which is exact and
    keeps derivatives; one scenario finds the set, the others are tested for it.
    """
    from scipy.optimize import nnls

    solution = np.zeros(matrix.shape[::2], dtype=np.result_type(matrix, target))
    unsolved = np.ones(len(matrix), dtype=bool)
    while unsolved.any():
        first = int(np.argmax(unsolved))
        present = nnls(matrix[first].real, target[first].real)[0] > 0.0
        part = matrix[:, :, present]
        turned = part.swapaxes(1, 2)
        trial = np.zeros_like(solution)
        trial[:, present] = np.linalg.solve(turned @ part, turned @ target[:, :, None])[:, :, 0]
        misfit = target[:, :, None] - matrix @ trial[:, :, None]
        wanted = (matrix.swapaxes(1, 2) @ misfit)[:, ~present, 0].real > 1e-9
        solved = unsolved & (trial.real > -1e-12).all(axis=1) & ~wanted.any(axis=1)
        solved[first] = True
        solution[solved] = trial[solved]
        unsolved &= ~solved
    return np.where(solution.real > 0.0, solution, 0.0)
