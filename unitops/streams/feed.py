"""A source of material: a flow with a composition by species, or an assay of elements."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Annotated, Any, NamedTuple

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
NEGLIGIBLE, ROUNDING = 1e-12, 1e-14
"""Relative to an assay: minerals below zero that count as zero, and gains that are none."""
MOST_MOVES = 1000
"""Of minerals in and out of the fit; a few are usual, so many only where rounding decides."""
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
        _check_sum("composition", np.array(sum(named.values())), self.remainder)

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
        _check_sum("assay", np.array(sum(assayed.values())), self.remainder)

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
            fractions = fractions + _only(slate, "H2O") * _added_water(slate, p, fractions)
        return {"outlet": Flow(slate, p.flow * fractions)}

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


def _check_sum(what: str, total: Array, remainder: str | None) -> None:
    """Refuse fractions above 1, or below 1 where nothing takes the rest; any scenario counts."""
    highest = total.real.max()
    if highest > 1.0 + ROUNDED_SUM:
        raise InputError(f"{what} sums to {highest:.6%}; at most 100 % is possible, give less")
    if remainder is None and total.real.min() < 1.0 - ROUNDED_SUM:
        raise InputError(
            f"{what} sums to {total.real.min():.6%}; "
            "name a 'remainder' that takes the rest up to 100 %"
        )


def _check_pulp(percent_solids: Any) -> None:
    if np.count_nonzero(percent_solids.real == 0.0):
        raise InputError("percent_solids of 0 would be all water; give more, or leave it out")


@lru_cache(maxsize=1024)
def _only(slate: Slate, name: str) -> Array:
    """One for a species and zero for all others, (constituents, 1)."""
    column = np.zeros((len(slate.names), 1))
    column[slate.row(name)] = 1.0
    return column


def _fractions(slate: Slate, p: Parameters) -> Array:
    """Mass fractions without the added water, (constituents, 1 or scenarios)."""
    if p.composition is None:
        return _fitted(slate, p)
    total = p.composition.sum(axis=0)
    _check_sum("composition", total, p.remainder)
    return _filled(slate, p.remainder, p.composition, total)


def _filled(slate: Slate, remainder: str | None, fractions: Array, total: Array) -> Array:
    """Let the remainder take what the fractions lack; above 1 they are only by rounding."""
    if remainder is None:
        return fractions
    return np.asarray(fractions + _only(slate, remainder) * np.maximum(1.0 - total, 0.0))  # (2)


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


def _per_scenario(values: Iterable[Any]) -> Array:
    """Stack numbers and (scenarios,) arrays to (entries, 1 or scenarios)."""
    return np.stack(np.broadcast_arrays(*[np.atleast_1d(value) for value in values]))


def _explained(slate: Slate, p: Parameters) -> tuple[Array, Array]:
    """What is assayed and what the species bring of it, (elements assayed, scenarios)."""
    rows = [slate.elements.index(symbol) for symbol in p.assay]
    brought = slate.element_fractions[rows] @ _fractions(slate, p)
    assayed, brought = np.broadcast_arrays(_per_scenario(p.assay.values()), brought)
    return assayed, brought


class _Assay(NamedTuple):
    """What the fit depends on; numbers can be remembered, arrays (scenarios,) cannot."""

    slate: Slate
    minerals: tuple[str, ...]
    remainder: str
    elements: tuple[str, ...]
    contents: tuple[Any, ...]
    weights: tuple[Any, ...]


def _fitted(slate: Slate, p: Parameters) -> Array:
    """Fractions of minerals and remainder that fit the assay best, zero for others."""
    contents, weights = tuple(p.assay.values()), tuple([p.assay_weight[e] for e in p.assay])
    assay = _Assay(slate, p.minerals, p.remainder, tuple(p.assay), contents, weights)
    varies = any(isinstance(value, np.ndarray) for value in contents + weights)
    return _fit(assay) if varies else _fit_of_numbers(assay)


def _fit(assay: _Assay) -> Array:
    """Fit (1) with (2), which leaves the minerals as the only unknowns."""
    slate, minerals = assay.slate, assay.minerals
    contents, weights = _per_scenario(assay.contents), _per_scenario(assay.weights)
    _check_sum("assay", contents.sum(axis=0), assay.remainder)
    elements = [slate.elements.index(symbol) for symbol in assay.elements]
    rows = [slate.row(name) for name in minerals]
    gangue = slate.element_fractions[elements, slate.row(assay.remainder)][:, None]
    brought = slate.element_fractions[np.ix_(elements, rows)]
    for fitted in dict.fromkeys(map(tuple, (weights.real > 0.0).T)):
        _check_minerals(assay, brought, gangue, np.array(fitted))
    scale = (np.sqrt(weights) / np.where(contents.real > TRACE, contents, TRACE)).T
    matrix = scale[:, :, None] * (brought - gangue)
    length = np.sqrt((matrix * matrix).sum(axis=1, keepdims=True))
    try:
        shares = _non_negative_least_squares(matrix / length, scale * (contents - gangue).T)
    except np.linalg.LinAlgError:
        raise _not_told_apart(minerals, assay.elements) from None
    fractions = np.zeros((len(slate.names), len(shares)), dtype=shares.dtype)
    fractions[rows] = (shares / length[:, 0]).T
    total = fractions.sum(axis=0)
    if total.real.max() > 1.0 + ROUNDED_SUM:
        worst = int(total.real.argmax())
        listed = [f"{name} {fractions[slate.row(name), worst].real:.4%}" for name in minerals]
        raise InputError(
            f"minerals: what fits the assay sums to {total[worst].real:.4%} ({', '.join(listed)}); "
            "check the assay, or name minerals that hold more of its elements"
        )
    return _filled(slate, assay.remainder, fractions, total)


_fit_of_numbers = lru_cache(maxsize=256)(_fit)
"""The same, remembered: a feed is asked for its minerals in every pass."""


def _check_minerals(assay: _Assay, brought: Array, gangue: Array, fitted: Array) -> None:
    """Refuse an element that nothing can carry, and minerals that the assay cannot tell apart."""
    carried = (brought > 0.0).any(axis=1) | (gangue[:, 0] > 0.0)
    for symbol, without in zip(assay.elements, fitted & ~carried, strict=True):
        if without:
            raise InputError(
                f"assay: none of the minerals contains {symbol}; "
                f"add one that does, or set assay_weight.{symbol} = 0"
            )
    if np.linalg.matrix_rank((brought - gangue)[fitted]) < len(assay.minerals):
        known = [symbol for symbol, fits in zip(assay.elements, fitted, strict=True) if fits]
        raise _not_told_apart(assay.minerals, known)


def _not_told_apart(minerals: Sequence[str], elements: Sequence[str]) -> InputError:
    return InputError(
        f"minerals: {', '.join(minerals)} cannot be told apart by fitting "
        f"{', '.join(elements) or 'nothing'}; assay more elements, or name fewer minerals"
    )


def _non_negative_least_squares(matrix: Array, target: Array) -> Array:
    """Solve min |matrix x - target|, x >= 0, for (scenarios, rows, columns): (scenarios, columns).

    Starts with all unknowns above zero and moves, in each scenario, the first that is on the wrong
    side: it is negative, or would lessen the misfit. Complex values keep their derivatives.

    Murty (1974), Mathematical Programming 7, 44-53: no set of unknowns comes twice. The columns of
    the matrix have the length 1. Raises LinAlgError where they are too alike.
    """
    turned = matrix.swapaxes(1, 2)
    normal, wanted = turned @ matrix, turned @ target[:, :, None]
    present = np.ones(wanted.shape, dtype=bool)
    alone = np.eye(matrix.shape[2])
    for _ in range(MOST_MOVES):
        among = np.where(present & present.swapaxes(1, 2), normal, alone)
        x = np.linalg.solve(among, np.where(present, wanted, 0.0))
        gain = wanted - normal @ x
        wrong = np.where(present, x.real < -NEGLIGIBLE, gain.real > ROUNDING)
        if not wrong.any():
            return np.where(x.real > 0.0, x, 0.0)[:, :, 0]
        present ^= wrong & (np.cumsum(wrong, axis=1) == 1)
    raise np.linalg.LinAlgError("columns too alike")
