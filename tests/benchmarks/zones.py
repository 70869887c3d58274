"""Zone refining: 20 passes along a bar of 1,000 cells for 20 impurities at once, and its limit.

``python -m tests.benchmarks.zones`` prints how long the profiles, and the passes to a target, take.
"""

import time

import numpy as np

from flowsheet.core.flow import flow_of
from flowsheet.core.slate import Slate
from tests.benchmarks.timing import seconds_of
from unitops.refining.distribution_coefficient import distribution_coefficients
from unitops.refining.zone_limit import limit_profile
from unitops.refining.zone_profile import profile
from unitops.refining.zone_refining import ZoneRefining

SPECIES = ["Sb", "As", "Pb", "Fe", "Cu", "Bi", "Ni", "Ag", "Zn", "Sn", "Te", "Se", "S", "Na", "Au"]


def coefficients(count: int = 20) -> np.ndarray:
    """So many different k, those of the table first."""
    known = sorted({each.value for each in distribution_coefficients().values()})
    return np.unique([*known, *np.geomspace(0.011, 0.9, count - len(known))])


def target_seconds(draws: int) -> float:
    """Seconds for the passes to a target, of as many scenarios with a speed of their own."""
    unit = ZoneRefining(feed="metal", ingot="ingot", crop="crop", target_purity="99.999 %")
    slate = Slate(SPECIES)
    metal = flow_of(slate, dict.fromkeys(SPECIES, 3e-06) | {"Sb": 1.0}, columns=draws)
    speeds = np.linspace(0.5, 1.5, draws) * 1e-3 / 60.0
    p = unit.resolve(slate).replaced({"zone_speed": speeds})
    start = time.perf_counter()
    unit.run(metal, p=p)
    return time.perf_counter() - start


if __name__ == "__main__":
    k = coefficients()
    twenty, _ = seconds_of(lambda: profile(k, 20, 0.1), spend=1.0)
    limit, _ = seconds_of(lambda: limit_profile(k, 0.1), spend=0.5)
    print(  # noqa: T201
        f"20 passes, 1,000 cells, {len(k)} impurities: {1e3 * twenty:.1f} ms; "
        f"their limit: {1e3 * limit:.1f} ms"
    )
    for draws in (1, 100):
        print(  # noqa: T201
            f"passes to a target, {len(SPECIES) - 1} impurities, {draws} speeds: "
            f"{1e3 * target_seconds(draws):.0f} ms"
        )
