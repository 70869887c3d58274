"""The problems as a careful engineer would write them by hand: numpy and scipy, nothing else.

Each function returns the product flows, as ``problems.exact_series`` or ``exact_scenarios`` do.
There is no flowsheet here: whoever wants another circuit writes another matrix.
"""

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.problems import FEED, RECOVERY, RETURNED, Banks, Floats

Places = NDArray[np.int_]


def one_circuit() -> Floats:
    """Three linear equations per species, all species at once."""
    scavenger, cleaner = RECOVERY[1:]
    inlets = np.linalg.solve(_matrices(RECOVERY), _right(FEED))[..., 0]
    concentrate = inlets[:, 2] * cleaner
    return np.stack([concentrate, inlets[:, 1] * (1.0 - scavenger)])


def scenarios(recovery: Floats) -> Floats:
    """The same for (scenarios, units, species): one small matrix per scenario and species."""
    inlets = np.linalg.solve(_matrices(recovery), _right(FEED))[..., 0]
    return inlets[..., 2] * recovery[..., 2, :]


def _matrices(recovery: Floats) -> Floats:
    """Unknowns are what enters rougher, scavenger and cleaner: (..., species, 3, 3)."""
    rougher, scavenger, cleaner = np.moveaxis(recovery, -2, 0)
    matrix = np.zeros((*rougher.shape, 3, 3))
    matrix[..., [0, 1, 2], [0, 1, 2]] = 1.0
    matrix[..., 0, 1], matrix[..., 0, 2] = -scavenger, cleaner - 1.0
    matrix[..., 1, 0], matrix[..., 2, 0] = rougher - 1.0, -rougher
    return matrix


def _right(feed: Floats) -> Floats:
    right = np.zeros((*feed.shape, 3, 1))
    right[..., 0, 0] = feed
    return right


def _entries(circuits: int, species: int) -> tuple[Places, Places, Floats]:
    """Rows, columns and values of the matrix of a series for one species."""
    rougher, scavenger, cleaner = RECOVERY[:, species]
    first = 3 * np.arange(circuits)
    into = [first, first, first + 1, first + 2, first[1:], first[:1]]
    out_of = [first + 1, first + 2, first, first, first[:-1] + 1, first[-1:] + 1]
    parts = [scavenger, 1.0 - cleaner, 1.0 - rougher, rougher, 1.0 - scavenger]
    parts.append(RETURNED * (1.0 - scavenger))
    values = [np.full(len(rows), -part) for rows, part in zip(into, parts, strict=True)]
    diagonal = np.arange(3 * circuits)
    return (
        np.concatenate([diagonal, *into]),
        np.concatenate([diagonal, *out_of]),
        np.concatenate([np.ones(3 * circuits), *values]),
    )


def _products(inlets: Floats) -> Floats:
    """Concentrates and tailings from (species, 3 * circuits)."""
    concentrates = inlets[:, 2::3].T * RECOVERY[2]
    tailings = (1.0 - RETURNED) * inlets[:, -2] * (1.0 - RECOVERY[1])
    return np.vstack([concentrates, tailings])


def series_by_species(circuits: int) -> Floats:
    """One sparse matrix per species."""
    from scipy.sparse import csc_array
    from scipy.sparse.linalg import spsolve

    size = 3 * circuits
    inlets: Floats = np.empty((len(FEED), size))
    for species in range(len(FEED)):
        rows, columns, values = _entries(circuits, species)
        right = np.zeros(size)
        right[0] = FEED[species]
        inlets[species] = spsolve(csc_array((values, (rows, columns)), (size, size)), right)
    return _products(inlets)


def series_stacked(circuits: int) -> Floats:
    """One sparse matrix with a block per species, factorised once."""
    from scipy.sparse import csc_array
    from scipy.sparse.linalg import splu

    size = 3 * circuits
    blocks = [_entries(circuits, species) for species in range(len(FEED))]
    rows = np.concatenate([block[0] + n * size for n, block in enumerate(blocks)])
    columns = np.concatenate([block[1] + n * size for n, block in enumerate(blocks)])
    values = np.concatenate([block[2] for block in blocks])
    whole = len(FEED) * size
    right = np.zeros(whole)
    right[::size] = FEED
    solved = splu(csc_array((values, (rows, columns)), (whole, whole))).solve(right)
    return _products(solved.reshape(len(FEED), size))


def series_dense(circuits: int) -> Floats:
    """Full matrices, all species at once."""
    size = 3 * circuits
    matrix = np.zeros((len(FEED), size, size))
    for species in range(len(FEED)):
        rows, columns, values = _entries(circuits, species)
        matrix[species, rows, columns] = values
    right = np.zeros((len(FEED), size, 1))
    right[:, 0, 0] = FEED
    return _products(np.asarray(np.linalg.solve(matrix, right)[..., 0], dtype=float))


def flotation(problem: Banks, chunk: int | None = None, tolerance: float = 1e-11) -> Floats:
    """Concentrates of all scenarios of the banks, by fixed point from empty returns.

    With ``chunk`` so many scenarios at a time, which keeps their arrays in the processor's cache.
    The tolerance is on one pass, over the feed; it leaves the concentrates good to 1e-10.
    """
    count = len(problem.gas_holdup)
    chunk = chunk or count
    found = np.empty((count, len(problem.feed)))
    for start in range(0, count, chunk):
        some = slice(start, start + chunk)
        holdup, water = problem.gas_holdup[some], problem.water_recovery[some]
        found[some] = _fixed_point(problem, holdup, water, tolerance).T
    return found


def _fixed_point(problem: Banks, holdup: Floats, water: Floats, tolerance: float) -> Floats:
    """Concentrates, (species, scenarios)."""
    feed = problem.feed[:, None]
    returned = np.zeros((len(feed), len(holdup)))
    for _ in range(10_000):
        concentrate, tailings = _bank(problem, 0, feed + returned, holdup, water)
        scavenged = _bank(problem, 1, tailings, holdup, water)[0]
        cleaned, middlings = _bank(problem, 2, concentrate, holdup, water)
        change = scavenged + middlings - returned
        returned = returned + change
        if np.max(np.abs(change) / feed) < tolerance:
            return cleaned
    raise RuntimeError("the fixed point has not converged")


def _bank(
    problem: Banks, unit: int, entering: Floats, holdup: Floats, water: Floats
) -> tuple[Floats, Floats]:
    pulp = (entering / problem.density[:, None]).sum(axis=0)
    residence = problem.cell_volume[unit] * (1.0 - holdup[:, unit]) / pulp
    rate = problem.rate_constant[unit][:, None]
    recovery = 1.0 - (1.0 + rate * residence) ** -problem.cells[unit]
    recovery[-1] = water[:, unit]
    concentrate = entering * recovery
    return concentrate, entering - concentrate
