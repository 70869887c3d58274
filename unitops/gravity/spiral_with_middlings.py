"""Spiral concentrator with two splitters: concentrate, middlings and tailings."""

from flowsheet.core.flow import Flow
from flowsheet.core.parameters import Density, Fraction, PerSpecies, default
from flowsheet.core.ports import Outlet
from flowsheet.core.unit import Outlets, Parameters
from unitops.gravity.flowing_film import check_middlings, share
from unitops.gravity.spiral import Spiral


class SpiralWithMiddlings(Spiral):
    """A ``Spiral`` with a second splitter, which cuts middlings out of the outer stream.

    With R(rho_50, w) the share of (1) to (3) of ``Spiral``:

        concentrate = R(rho_50, w)                                                  (1)
        concentrate + middlings = R(rho_50,m, w + w_m)                              (2)

    Both cuts have the same Ep and limits of size. Middlings usually go back to the feed, are
    ground again, or pass a second spiral.

    Assumptions, limits, sources: as ``Spiral``. Equal cuts leave the middlings only slimes.

    >>> from flowsheet import Flowsheet, Particles, sieve_series, solve
    >>> from unitops.streams.sized_feed import SizedFeed
    >>> plant = Flowsheet(
    ...     species=["Sb2O4", "SiO2", "H2O"],
    ...     particles=Particles(sieves=sieve_series("1 mm", 10), minerals=["Sb2O4", "SiO2"]),
    ...     units={
    ...         "sand": SizedFeed(
    ...             outlet="sand",
    ...             flow="20 t/h",
    ...             composition={"Sb2O4": "3 %"},
    ...             remainder="SiO2",
    ...             p80="300 um",
    ...             percent_solids="30 %",
    ...         ),
    ...         "spiral": SpiralWithMiddlings(
    ...             feed=["sand", "middlings"],
    ...             concentrate="concentrate",
    ...             middlings="middlings",
    ...             tailings="tailings",
    ...             cut_density="3.5 t/m^3",
    ...             middlings_cut_density="3.0 t/m^3",
    ...             ecart_probable="0.4 t/m^3",
    ...         ),
    ...     },
    ... )
    >>> solution = solve(plant)
    >>> print(f"{solution.recovery('Sb', to='concentrate'):.1f~P}")
    70.3 %
    >>> print(f"{solution['concentrate'].grade('Sb'):.1f~P}")
    13.5 %
    """

    middlings: Outlet

    middlings_cut_density: Density | None = None
    """Density that splits in half between middlings and tailings, rho_50,m; at most
    ``cut_density``, and needed with it."""
    recovery_to_middlings: PerSpecies[Fraction] = 0.0
    """Recovery of each solid to the middlings, used with ``recovery``."""
    water_to_middlings: Fraction = default("10 %")
    """Share w_m of the water, and of what it dissolves. Default assumed, range 5 to 30 %."""

    def check(self) -> None:
        """Refuse what a spiral refuses, and middlings that are negative."""
        super().check()
        check_middlings(self)

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Split the feed twice; see the class for the equations."""
        both_recovered = None if p.recovery is None else p.recovery + p.recovery_to_middlings
        both_water = p.water_to_concentrate + p.water_to_middlings
        concentrate = feed * share(
            feed, p, p.cut_density, p.recovery, p.water_to_concentrate
        )  # (1)
        both = feed * share(feed, p, p.middlings_cut_density, both_recovered, both_water)  # (2)
        return {
            "concentrate": concentrate,
            "middlings": both - concentrate,
            "tailings": feed - both,
        }
