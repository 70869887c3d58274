"""Passes that a target of purity takes, and why some targets take more than there are."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.flow import Array, Flow
from flowsheet.core.quantities import from_base
from flowsheet.core.unit import Parameters
from unitops.refining.zone_shares import effective, shares, shares_at_limit, shares_by_pass

_FEW = 12
"""Passes tried before all that are allowed."""
_ROUNDING = 1e-12
REMEDY = {
    "As": "take arsenic out before, with soda or by distillation",
    "Pb": "take lead out before, by distillation or with phosphate",
    "Bi": "take bismuth out before, by distillation",
    "Sn": "take tin out before, with soda",
    "S": "take sulphur out before, with soda",
    "Fe": "take iron out before, with stibnite",
}


class Division(NamedTuple):
    """What stays in the ingot and what is cropped, after how many passes."""

    ingot: Array
    """Part of each constituent, (constituents, scenarios or 1)."""
    crop: Array
    passes: Any
    """Mean of the bars; where a target decides, part of the bars gets one pass more."""
    reached: Any
    """Whether the target is met, (scenarios,); true where passes are given."""


def division(feed: Flow, p: Parameters) -> Division:
    """Divide the feed after the passes that are given, or after as many as the target takes.

    The passes needed are counted on as if a part of the bars gets one more than the others, so
    that the ingots together just meet the target: whole passes would jump with the feed.
    """
    if p.passes is not None:
        return Division(*shares(p), p.passes, np.True_)
    most = round(first(np.max(np.real(p.most_passes))))
    for count in (min(_FEW, most), most):
        ingots, crops = shares_by_pass(p, count)
        excess = _excess(ingots, feed, p)
        meets = np.all(excess.real <= _ROUNDING * feed.total().real, axis=1)
        allowed = np.arange(1, count + 1)[:, None] <= np.real(p.most_passes)
        meets &= allowed
        reached = meets.any(axis=0)
        if reached.all():
            break
    last = np.where(reached, meets.argmax(axis=0), allowed.sum(axis=0) - 1)
    before = np.maximum(last - 1, 0)
    part = _part_with_one_more(_at(excess, before), _at(excess, last))
    part = np.where(reached & (last > 0), part, 1.0)

    def mixed(by_pass: Array) -> Array:
        blend: Array = _at(by_pass, before) * (1.0 - part) + _at(by_pass, last) * part
        return blend

    return Division(mixed(ingots), mixed(crops), before + 1.0 + part * (last - before), reached)


def _at(by_pass: Array, row: Array) -> Array:
    """Rows of the first axis, one per scenario, (others, scenarios)."""
    if by_pass.shape[-1] == 1:
        return np.asarray(by_pass[row, :, 0].T)
    return np.asarray(by_pass[row, :, np.arange(len(row))].T)


def _part_with_one_more(before: Array, after: Array) -> Array:
    """Part of the bars that takes one pass more for every limit to be met; both linear in it."""
    fails = before.real > 0.0
    drop = np.where(fails, before - after, 1.0)
    parts = np.where(fails, before / np.where(drop == 0.0, 1.0, drop), 0.0)
    most = parts.real.argmax(axis=0)
    return np.asarray(parts[most, np.arange(parts.shape[1])])


def _excess(ingots: Array, feed: Flow, p: Parameters) -> Array:
    """How far ingots are above each limit, kg/s, (passes, limits, scenarios); met below zero."""
    ingot = ingots * feed.mass
    total = ingot.sum(axis=1, keepdims=True)
    found = []
    if p.target_purity is not None:
        others = np.delete(np.arange(feed.slate.count), feed.slate.row("Sb"))
        impurities = ingot[:, others].sum(axis=1, keepdims=True)
        found.append(impurities - (1.0 - p.target_purity) * total)
    if p.impurity_limit is not None:
        limited = np.isfinite(np.real(p.impurity_limit)).any(axis=1)
        limits = np.where(np.isfinite(np.real(p.impurity_limit)), p.impurity_limit, 1.0)
        found.append((ingot - limits * total)[:, limited])
    columns = max(part.shape[-1] for part in found)
    return np.concatenate(
        [np.broadcast_to(part, (*part.shape[:-1], columns)) for part in found], axis=1
    )


def not_reached(flows: Any, p: Parameters) -> Sequence[str]:
    """Per scenario, why the target is not met, and an empty text where it is."""
    feed = flows["feed"]
    columns = feed.mass.shape[1]
    if p.passes is not None:
        return [""] * columns
    found = division(feed, p)
    reached = np.broadcast_to(found.reached, (columns,))
    if reached.all():
        return [""] * columns
    limit, _ = shares_at_limit(p)
    endless = (_excess(limit[None], feed, p)[0].real < 0.0).all(axis=0)
    kept = np.broadcast_to(np.where(endless, found.ingot, limit) * feed.mass, feed.mass.shape).real
    k = np.broadcast_to(effective(p).real, feed.mass.shape)
    many = np.broadcast_to(p.most_passes, (columns,))
    return [
        ""
        if reached[n]
        else _reason(Flow(feed.slate, kept[:, [n]]), k[:, n], _of(p, n), endless[n], many[n])
        for n in range(columns)
    ]


def _of(p: Parameters, n: int) -> tuple[Any, Any]:
    """Purity and limits asked for in one scenario."""

    def column(values: Any) -> Any:
        array = np.atleast_1d(values)
        return array[..., min(n, array.shape[-1] - 1)]

    purity = None if p.target_purity is None else float(column(p.target_purity))
    return purity, None if p.impurity_limit is None else column(p.impurity_limit)


def _reason(ingot: Flow, k: Array, asked: tuple[Any, Any], endless: Any, most: Any) -> str:
    """Name the impurity that stops the target, and what to do."""
    purity, limits = asked
    total = ingot.total()
    held = ratio(ingot.mass, total)[:, 0]
    over = held > limits if limits is not None else np.zeros(len(held), bool)
    if over.any():
        row = int(np.argmax(np.where(over, held / np.where(over, limits, 1.0), 0.0)))
        target = f"{_ppm(limits[row])} ppm {ingot.slate.labels[row]}"
    else:
        others = held.copy()
        others[ingot.slate.row("Sb")] = 0.0
        row = int(np.argmax(others))
        target = f"{100.0 * purity:.8g} % purity"
    name = ingot.slate.labels[row]
    left = f"{_ppm(held[row])} ppm {name} (effective k {k[row]:.3g})"
    remedy = REMEDY.get(name, f"take {name} out before")
    if endless:
        return (
            f"{target} takes more than most_passes of {most:g}: they leave {left}; allow more "
            f"passes, crop more, or {remedy}"
        )
    return (
        f"no number of passes reaches {target}: without end they leave {left}; {remedy}, or crop "
        "more, or move the zone more slowly"
    )


def _ppm(share: float) -> str:
    return f"{from_base(float(share), 'ppm'):.3g}"
