"""Distributions of uncertain numbers: written with units, sampled in SI base units.

Ends are written as in a case (``"8 min"``, ``0.85``, ``"3 %"``). What they mean depends on the
distribution: ``Uniform``, ``Triangular`` and ``Pert`` never leave [low, high]; ``Normal`` and
``LogNormal`` take low and high as P10 and P90, the values that 10 % and 90 % of all draws lie
below, and are cut off where the parameter's dimension ends (a fraction at 0 and 1, a flow at 0).
What is cut off is spread over the rest in proportion (probability rescaled); none of it piles up
at the bound, so P10 and P90 of a distribution that is cut move inwards.

Counts are whole numbers: the distribution is widened by half at both ends and then rounded, so
that every number, the ends included, stands for a stretch of the same width.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from flowsheet.core.errors import InputError
from flowsheet.core.parameters import Parameter
from flowsheet.core.quantities import Dimension, Entered

Floats = NDArray[np.float64]
Quantile = Callable[[Floats], Floats]

_ROUNDING = 1e-9
"""Relative; ends may be written in other units than the value between them."""
_MANY = 1000
"""Shares from which it is worth making a table of quantiles."""
_FAR = 6.5
"""Normal score beyond which no table reaches."""
_OFF_THE_MIDDLE = 0.05
"""Of P90 - P10: how far a mean or median may lie from their middle, for figures are rounded."""


@dataclass(frozen=True)
class Sampled:
    """One uncertain number in SI base units."""

    low: float
    """The smallest value it takes."""
    high: float
    """The largest value it takes; infinite where the dimension has no end."""
    _continuous: Quantile
    _whole: bool = False

    def bounds(self) -> tuple[float, float]:
        """The smallest and the largest value it takes."""
        return self.low, self.high

    def quantile(self, share: Any) -> Floats:
        """Return the values that the given shares of all draws lie below; same shape.

        Raises InputError for a share outside 0 to 1, or for one of which there is no such value
        (the share 1 of a number without an upper end).
        """
        shares = np.asarray(share, dtype=float)
        wrong = shares[~((shares >= 0.0) & (shares <= 1.0))]
        if wrong.size:
            raise InputError(f"quantile: a share must lie between 0 and 1, got {wrong[0]:g}")
        values = self._continuous(shares)
        if self._whole:
            values = np.floor(values + 0.5)
        # Inverse distribution functions may miss an end by a rounding.
        values = np.minimum(np.maximum(values, self.low), self.high)
        if not np.isfinite(values).all():
            raise InputError("quantile: no value is above all draws; ask for a share below 1")
        return values


@dataclass(frozen=True)
class Distribution(ABC):
    """Base class of distributions; fields hold values as a case would write them."""

    name: ClassVar[str]
    """What a case file calls it."""

    def in_base_units(self, parameter: Parameter, where: str) -> Sampled:
        """Return the number in SI base units; ``where`` names its place in errors.

        Raises InputError for an end with the wrong unit or outside of the parameter's dimension,
        and for ends that are not in order.
        """
        ends = {
            field.name: float(
                parameter.convert(Entered(getattr(self, field.name), f"{where}.{field.name}"))
            )
            for field in fields(self)
        }
        self._check_order(ends, where)
        low, high = ends["low"], ends["high"]
        middle = self._middle(ends)
        if high - low <= _ROUNDING * abs(middle):
            return Sampled(middle, middle, lambda share: np.full_like(share, middle))
        self._check(ends, where)
        return self._sampled(ends, parameter.dimension)

    def _middle(self, ends: Mapping[str, float]) -> float:
        """The value between low and high; the one that counts where there is no range."""
        between = [value for end, value in ends.items() if end not in ("low", "high")]
        return between[0] if between else ends["low"]

    def _check_order(self, ends: Mapping[str, float], where: str) -> None:
        """Refuse ends that are not in order."""
        low, middle, high = ends["low"], self._middle(ends), ends["high"]
        slack = _ROUNDING * abs(middle)
        if low - slack <= middle <= high + slack and low <= high + slack:
            return
        written = {field.name: getattr(self, field.name) for field in fields(self)}
        shown = ", ".join(f"{end} {value}" for end, value in written.items())
        order = " <= ".join(sorted(ends, key=("low", "mode", "mean", "median", "high").index))
        raise InputError(f"{where}: {self.name} needs {order}, got {shown}")

    def _check(self, ends: Mapping[str, float], where: str) -> None:  # noqa: B027 - most need none
        """Refuse ends that are in order but make no such distribution."""

    @abstractmethod
    def _sampled(self, ends: Mapping[str, float], dimension: Dimension) -> Sampled:
        """The distribution of ends in SI base units that differ from each other."""


class _Bounded(Distribution):
    """A distribution that never leaves [low, high]."""

    def _sampled(self, ends: Mapping[str, float], dimension: Dimension) -> Sampled:
        half = 0.5 if dimension.whole else 0.0
        low, high = ends["low"], ends["high"]
        # The value between may miss an end by a rounding of units.
        mode = min(max(self._middle(ends), low), high)
        quantile = self._between(low - half, mode, high + half)
        return Sampled(low, high, quantile, dimension.whole)

    @abstractmethod
    def _between(self, low: float, mode: float, high: float) -> Quantile:
        """The inverse distribution function between two ends."""


@dataclass(frozen=True)
class Uniform(_Bounded):
    """Every value between low and high is equally likely."""

    low: Any
    high: Any
    name: ClassVar[str] = "uniform"

    def _between(self, low: float, mode: float, high: float) -> Quantile:  # noqa: ARG002
        def quantile(share: Floats) -> Floats:
            from scipy.stats import uniform

            return np.asarray(uniform.ppf(share, loc=low, scale=high - low))

        return quantile


@dataclass(frozen=True)
class Triangular(_Bounded):
    """Most likely at the mode, less likely in a straight line down to zero at low and high."""

    low: Any
    mode: Any
    high: Any
    name: ClassVar[str] = "triangular"

    def _between(self, low: float, mode: float, high: float) -> Quantile:
        def quantile(share: Floats) -> Floats:
            from scipy.stats import triang

            peak = (mode - low) / (high - low)
            return np.asarray(triang.ppf(share, peak, loc=low, scale=high - low))

        return quantile


@dataclass(frozen=True)
class Pert(_Bounded):
    """A smooth bell between low and high: more weight near the mode than a triangle has.

    A beta distribution of mean (low + 4 mode + high) / 6    (1)

    with a = 1 + 4 (mode - low) / (high - low), b = 1 + 4 (high - mode) / (high - low); its variance
    is (mean - low) (high - mean) / 7. (1) is the estimate of Malcolm, Roseboom, Clark and Fazar,
    Operations Research 7 (1959) 646; the beta distribution that has it everywhere is that of Vose,
    Risk Analysis (2000).
    """

    low: Any
    mode: Any
    high: Any
    name: ClassVar[str] = "pert"

    def _between(self, low: float, mode: float, high: float) -> Quantile:
        peak = (mode - low) / (high - low)
        shapes = 1.0 + 4.0 * peak, 1.0 + 4.0 * (1.0 - peak)

        def quantile(share: Floats) -> Floats:
            return low + (high - low) * _beta_quantile(share, *shapes)

        return quantile


def _beta_quantile(share: Floats, a: float, b: float) -> Floats:
    """Inverse of the beta distribution; of many shares by a spline over the normal score.

    Over the score the inverse is smooth, also at its ends: the spline is off by 2e-10 at the most,
    and ten times as fast.
    """
    from scipy.special import betaincinv, ndtr, ndtri

    if share.size <= _MANY:
        return np.asarray(betaincinv(a, b, share))
    from scipy.interpolate import CubicSpline

    knots = np.linspace(-_FAR, _FAR, 401)
    spline = CubicSpline(knots, betaincinv(a, b, ndtr(knots)))
    scores = ndtri(share)
    within = np.abs(scores) < _FAR
    values = np.asarray(spline(np.where(within, scores, 0.0)))
    values[~within] = betaincinv(a, b, share[~within])
    return values


def _half_spread() -> float:
    """P90 of the standard normal distribution, 1.2816."""
    from scipy.special import ndtri

    return float(ndtri(0.9))


def _normal(middle: float, low: float, high: float, cut: tuple[float, float]) -> Quantile:
    """Normal around a middle, its spread from P10 and P90, cut at two bounds."""

    def quantile(share: Floats) -> Floats:
        from scipy.stats import truncnorm

        spread = (high - low) / (2.0 * _half_spread())
        bounds = ((end - middle) / spread for end in cut)
        return np.asarray(truncnorm.ppf(share, *bounds, loc=middle, scale=spread))

    return quantile


def _limits(dimension: Dimension) -> tuple[float, float]:
    """Least and greatest value of a dimension; the least one is left out where it is open."""
    return max(dimension.low, dimension.above), dimension.high


def _widened(dimension: Dimension) -> tuple[float, float]:
    half = 0.5 if dimension.whole else 0.0
    low, high = _limits(dimension)
    return low - half, high + half


@dataclass(frozen=True)
class Normal(Distribution):
    """Symmetrical around its mean; low and high are P10 and P90.

    The spread comes from low and high alone; a mean further from their middle than a twentieth of
    their distance is refused, for no normal distribution has such ends.
    """

    mean: Any
    low: Any
    high: Any
    name: ClassVar[str] = "normal"

    def _check(self, ends: Mapping[str, float], where: str) -> None:
        middle, width = (ends["low"] + ends["high"]) / 2.0, ends["high"] - ends["low"]
        if abs(ends["mean"] - middle) > _OFF_THE_MIDDLE * width:
            raise InputError(
                f"{where}: normal needs its mean midway between low (P10) and high (P90), got "
                f"mean {self.mean}, low {self.low}, high {self.high}; move an end, or use "
                f"lognormal, pert or triangular"
            )

    def _sampled(self, ends: Mapping[str, float], dimension: Dimension) -> Sampled:
        quantile = _normal(ends["mean"], ends["low"], ends["high"], _widened(dimension))
        return Sampled(*_limits(dimension), quantile, dimension.whole)


@dataclass(frozen=True)
class LogNormal(Distribution):
    """A normal distribution of the logarithm: half and double are equally likely.

    Low and high are P10 and P90. The spread comes from them alone; the median must be their
    geometric mean, high / median = median / low, within a twentieth of the logarithm of high / low.
    """

    median: Any
    low: Any
    high: Any
    name: ClassVar[str] = "lognormal"

    def _check(self, ends: Mapping[str, float], where: str) -> None:
        if ends["low"] <= 0.0:
            raise InputError(
                f"{where}: lognormal needs values above zero, got low {self.low}; raise it, or use "
                f"pert or triangular"
            )
        low, median, high = (math.log(ends[end]) for end in ("low", "median", "high"))
        if abs(median - (low + high) / 2.0) > _OFF_THE_MIDDLE * (high - low):
            raise InputError(
                f"{where}: lognormal needs high / median = median / low (P90 and P10), got median "
                f"{self.median}, low {self.low}, high {self.high}; move an end, or use pert or "
                f"triangular"
            )

    def _sampled(self, ends: Mapping[str, float], dimension: Dimension) -> Sampled:
        low, median, high = (math.log(ends[end]) for end in ("low", "median", "high"))
        least, greatest = _widened(dimension)
        cut = (math.log(least) if least > 0.0 else -math.inf, math.log(greatest))
        of_logarithm = _normal(median, low, high, cut)
        return Sampled(
            max(_limits(dimension)[0], 0.0),
            dimension.high,
            lambda share: np.exp(of_logarithm(share)),
            dimension.whole,
        )
