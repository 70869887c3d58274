"""Which part of every impurity stays in the ingot: of each k, crop and number of passes once."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

import numpy as np

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array
from flowsheet.core.unit import Parameters
from unitops.refining.distribution_coefficient import effective_coefficient
from unitops.refining.zone_limit import limit_profile
from unitops.refining.zone_profile import BarProfile, after_each_pass

_TOGETHER = 256  # profiles computed at once: fits in the cache
_REMEMBERED = 4096
"""Bars whose shares are remembered: those of all scenarios that are solved together, if each has a
zone of its own length, so that passes through the plant ask for each once. A kB or two each."""
_LIMIT = 0
"""Stands for the limit of endless passes."""
_COUNTS = ("passes", "zone_to_bar", "zones", "zone_pitch")
"""Parameters that change the profile in steps, or in a way that is not differentiated."""


def effective(p: Parameters) -> Array:
    """Coefficients at the speed of the zone, (constituents, scenarios or 1)."""
    k = effective_coefficient(
        p.distribution_coefficient, np.asarray(p.zone_speed), p.diffusion_layer, p.diffusivity
    )
    return np.asarray(k)


def zone_starts(start: str, zones: float, pitch: float, zone_to_bar: float) -> tuple[float, ...]:
    """Where the zones of one pass begin, as fractions of the bar, the front one first."""
    count = round(zones)
    if start == "before_the_bar":
        return (0.0,) * count
    return tuple(zone * pitch * zone_to_bar for zone in range(count - 1, -1, -1))


def check_zones(start: str, zones: Any, pitch: Any, zone_to_bar: Any) -> None:
    """Refuse zones that overlap, mix the whole bar again, or do not fit into it."""
    zones, pitch, zone_to_bar = np.broadcast_arrays(zones, pitch, zone_to_bar)
    several = zones.real > 1.0
    if np.any(several & (pitch.real <= 1.0)):
        raise InputError(
            f"zone_pitch of {np.min(pitch[several].real):g} zone lengths: zones that follow each "
            "other at one length or less overlap; give more than 1, 2 to 3 is usual"
        )
    row = zone_to_bar.real * (1.0 + (zones.real - 1.0) * pitch.real)
    if start == "along_the_bar" and np.any(row > 1.0 + 1e-9):
        raise InputError(
            f"{np.max(zones.real):g} zones along the bar take {np.max(row):.3g} of its length; use "
            "fewer or shorter zones, a smaller zone_pitch, or zones that start before_the_bar"
        )


def check_crops(tail: Any, head: Any) -> None:
    """Refuse crops that meet."""
    both = np.real(tail) + np.real(head)
    if np.any((np.real(head) > 0.0) & (both > 1.0 - 1e-6)):
        raise InputError(
            f"crop_fraction and head_crop_fraction together take {np.max(both):.3g} of the bar; "
            "leave a part of it for the ingot"
        )


def shares(p: Parameters) -> tuple[Array, Array]:
    """Parts in ingot and crop after the passes given, (constituents, scenarios or 1)."""
    whole = np.asarray(p.passes)
    if np.count_nonzero(whole.real % 1.0):
        raise InputError("passes must be a whole number")

    def one(bars: "_Bars", passes: float) -> tuple[Array, Array]:
        ingot, crop = bars.after([round(passes)])
        return ingot[0], crop[0]

    return _by_setting(p, p.passes, one)


def shares_by_pass(p: Parameters, most: int) -> tuple[Array, Array]:
    """The same after one pass, two ... ``most``, (passes, constituents, scenarios or 1)."""
    return _by_setting(p, 1.0, lambda bars, _: bars.after(range(1, most + 1)))


def shares_at_limit(p: Parameters) -> tuple[Array, Array]:
    """The same after passes without end, (constituents, scenarios or 1)."""

    def limit(bars: "_Bars", _: float) -> tuple[Array, Array]:
        ingot, crop = bars.after([_LIMIT])
        return ingot[0], crop[0]

    return _by_setting(p, 1.0, limit)


_Exact = tuple[bytes, str, tuple[int, ...]]
"""An array as what can be remembered: the same only if every bit is."""


class _Bars:
    """Bars with these coefficients, crops, zone length and starts, of which shares are asked."""

    def __init__(self, each: Sequence[Array], zone_to_bar: float, starts: tuple[float, ...]):
        self.arrays = tuple((a.tobytes(), a.dtype.char, a.shape) for a in each)
        self.zone_to_bar, self.starts = zone_to_bar, starts

    def after(self, counts: Sequence[int]) -> tuple[Array, Array]:
        """Parts in ingot and crop after these counts of passes, rising, counts first."""
        return _divided(self.arrays, self.zone_to_bar, self.starts, tuple(counts))


def _by_setting(
    p: Parameters, passes: Any, asked: Callable[[_Bars, float], tuple[Array, Array]]
) -> tuple[Array, Array]:
    """Ask scenarios that share passes, zones and their length together."""
    for name in _COUNTS:
        if getattr(p, name) is not None and np.any(np.imag(getattr(p, name)) != 0.0):
            raise InputError(f"{name} cannot be varied to meet a target; compare a few values")
    if np.count_nonzero(np.real(p.zones) % 1.0):
        raise InputError("zones must be a whole number")
    check_zones(p.zones_start, p.zones, p.zone_pitch, p.zone_to_bar)
    check_crops(p.crop_fraction, p.head_crop_fraction)
    k, tail, head = effective(p), np.asarray(p.crop_fraction), np.asarray(p.head_crop_fraction)
    given = (passes, p.zone_to_bar, p.zones, p.zone_pitch)
    if p.zones_start == "before_the_bar":  # whole passes one after another, whatever the pitch
        given = (passes, p.zone_to_bar, p.zones, 2.0)

    def bars(arrays: Sequence[Array], setting: Sequence[float]) -> _Bars:
        _, zone_to_bar, zones, pitch = setting
        starts = zone_starts(p.zones_start, zones, pitch, zone_to_bar)
        return _Bars(arrays, float(zone_to_bar), starts)

    if not any(isinstance(value, np.ndarray) for value in given):
        return asked(bars((k, tail, head), given), passes)
    k, tail, head, *columns = np.broadcast_arrays(k, tail, head, *(np.real(v) for v in given))
    settings = list(zip(*(column[0].tolist() for column in columns), strict=True))
    sharing: dict[tuple[float, ...], list[int]] = {}
    for scenario, setting in enumerate(settings):
        sharing.setdefault(setting, []).append(scenario)
    found: tuple[Array, Array] | None = None
    for setting, here in sharing.items():
        parts = asked(bars([a[:, here] for a in (k, tail, head)], setting), setting[0])
        if found is None:
            shape = (*parts[0].shape[:-1], len(settings))
            found = np.empty(shape, parts[0].dtype), np.empty(shape, parts[0].dtype)
        for whole, part in zip(found, parts, strict=True):
            whole[..., here] = part
    assert found is not None
    return found


@lru_cache(maxsize=_REMEMBERED)
def _divided(
    arrays: tuple[_Exact, ...],
    zone_to_bar: float,
    starts: tuple[float, ...],
    counts: tuple[int, ...],
) -> tuple[Array, Array]:
    """Parts of impurities between crops and in them; profiles a few k at a time."""
    each_k, tails, heads = np.broadcast_arrays(
        *(np.frombuffer(bits, kind).reshape(shape) for bits, kind, shape in arrays)
    )
    shape = each_k.shape
    different, column = np.unique(each_k.ravel(), return_inverse=True)
    tails, heads = tails.ravel(), heads.ravel()
    kind = np.result_type(different, tails, heads)
    ingot, crop = np.empty((2, len(counts), tails.size), kind)
    for start in range(0, len(different), _TOGETHER):
        here = (column >= start) & (column < start + _TOGETHER)
        some = different[start : start + _TOGETHER]
        for row, bar in enumerate(_bars_after(some, zone_to_bar, starts, counts)):
            ingot[row, here], crop[row, here] = bar.divided(
                column[here] - start, tails[here], heads[here]
            )
    return ingot.reshape(-1, *shape), crop.reshape(-1, *shape)


def _bars_after(
    k: Array, zone_to_bar: float, starts: tuple[float, ...], counts: tuple[int, ...]
) -> list[BarProfile]:
    """Profiles after these counts of passes, rising, or at the limit."""
    if counts == (_LIMIT,):
        return [limit_profile(k, zone_to_bar)]
    every = islice(after_each_pass(k, zone_to_bar, starts), counts[-1])
    return [bar for count, bar in enumerate(every, 1) if count in counts]
