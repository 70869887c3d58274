"""Groups of uncertain numbers that go up and down together, by a Gaussian copula.

Every number keeps its own distribution; only the order in which its values meet those of the others
changes. With z = inverse normal distribution function of the columns of a group of n, independent,

    z' = sqrt(1 - c) z + (sqrt(1 + (n - 1) c) - sqrt(1 - c)) mean(z)    (1)

has the correlation c between any two, and the columns are the normal distribution function of z'.
(1) is the symmetrical square root of the matrix of correlations; for the copula see Nelsen, An
Introduction to Copulas (2006). The coefficient is that of the normal scores z': the rank
correlation (Spearman) is slightly smaller, 6/pi asin(c/2), as 0.786 for 0.8.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flowsheet.core.errors import InputError, nearest

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Correlated:
    """Uncertain numbers, any two of which have the same correlation of their normal scores.

    ``coefficient`` lies above -1/(n - 1) for n numbers, below which no such numbers exist, and is
    at most 1; 1 means that all are at the same quantile in every draw.
    """

    paths: tuple[str, ...]
    coefficient: float
    name: str = ""

    @property
    def label(self) -> str:
        """What it is called in tables and errors: its name, or else its members."""
        return self.name or " + ".join(map(str, self.paths))


def check_groups(names: Iterable[str], groups: Sequence[Correlated]) -> None:
    """Raise InputError for a group that cannot be, or that does not fit the uncertain numbers."""
    known = set(names)
    group_of: dict[str, Correlated] = {}
    for group in groups:
        if isinstance(group.paths, str) or not isinstance(group.paths, list | tuple):
            raise InputError(f"correlation: needs a list of paths, got {group.paths!r}")
        where = f"correlation '{group.label}'"
        for path in group.paths:
            if path not in known:
                raise InputError(f"{where}: '{path}' is not uncertain{nearest(path, known)}")
            if path in group_of:
                other = group_of[path]
                twice = "itself" if other is group else f"correlation '{other.label}'"
                raise InputError(
                    f"{where}: '{path}' belongs to {twice} already; a number is in one group, once"
                )
            group_of[path] = group
        _check_coefficient(group, where)


def _check_coefficient(group: Correlated, where: str) -> None:
    count = len(group.paths)
    if isinstance(group.coefficient, bool) or not isinstance(group.coefficient, int | float):
        raise InputError(
            f"{where}: coefficient must be a plain number such as 0.8, got {group.coefficient!r}"
        )
    if count < 2:
        raise InputError(f"{where}: needs two members or more, got {count}")
    least = -1.0 / (count - 1)
    if not least < group.coefficient <= 1.0:
        raise InputError(
            f"{where}: coefficient of {count} members must lie above {least:.3g} and be at most 1, "
            f"got {group.coefficient:g}"
        )


def correlated(cube: Floats, names: Sequence[str], groups: Sequence[Correlated]) -> Floats:
    """Return the points, (draws, numbers), with the columns of every group correlated by (1).

    ``cube`` holds independent points, one column per name; columns in no group stay as they are.
    Raises InputError for an unknown path, a path in two groups or a coefficient out of range.
    """
    check_groups(names, groups)
    if cube.ndim != 2 or cube.shape[1] != len(names):
        raise InputError(f"cube: needs one column for each of {len(names)} names, got {cube.shape}")
    points = cube.copy()
    for group in groups:
        columns = [names.index(path) for path in group.paths]
        points[:, columns] = _joined(cube[:, columns], group.coefficient)
    return points


def _joined(columns: Floats, coefficient: float) -> Floats:
    from scipy.special import ndtr, ndtri

    if coefficient == 1.0:  # the first column keeps how evenly it was drawn, which a mean would not
        return np.repeat(columns[:, :1], columns.shape[1], axis=1)
    scores = ndtri(columns)
    own = math.sqrt(1.0 - coefficient)
    common = math.sqrt(1.0 + (columns.shape[1] - 1) * coefficient)
    together = scores.mean(axis=1, keepdims=True)
    return np.asarray(ndtr(own * scores + (common - own) * together))  # (1)


def factors(names: Sequence[str], groups: Sequence[Correlated]) -> Mapping[str, tuple[int, ...]]:
    """Return what varies on its own -> its columns: a group counts as one, under its label.

    In the order of the names, a group at its first member. Raises InputError as ``correlated``
    does, and for two factors of one name.
    """
    check_groups(names, groups)
    group_of = {path: group for group in groups for path in group.paths}
    found: dict[str, list[int]] = {}
    owners: dict[str, Correlated | None] = {}
    for column, name in enumerate(names):
        group = group_of.get(name)
        label = group.label if group else name
        if owners.setdefault(label, group) is not group or (group is None and label in found):
            raise InputError(f"two factors are named '{label}'; give one of them another name")
        found.setdefault(label, []).append(column)
    return {label: tuple(columns) for label, columns in found.items()}
