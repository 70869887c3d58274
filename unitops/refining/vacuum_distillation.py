"""Vacuum distillation of antimony, one cut: a part evaporates, impurities follow or stay."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flowsheet.core.arithmetic import ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow
from flowsheet.core.parameters import Fraction, Pressure, Temperature, default
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters
from unitops.refining.vacuum_report import (
    coefficient_figures,
    melt_warnings,
    operation_warnings,
    purity,
    rate_figures,
    still_figures,
    time_of_cut,
)
from unitops.refining.vacuum_still import VacuumStill, boiling, evaporate, logarithms_left


class VacuumDistillation(VacuumStill):
    """Evaporate part of an antimony melt; impurities follow or stay by separation coefficients.

    With n the moles in the melt, and subscript 0 for the feed, species i evaporates as

        d ln n_i = beta_i d ln n_Sb                                                 (1)
        n_i / n_i,0 = (n_Sb / n_Sb,0)^beta_i      for constant beta (Rayleigh)      (2)

    The cut is given as the antimony evaporated, or as the moles evaporated, f, from which

        sum_i(n_i) = (1 - f) * sum_i(n_i,0)        over species that evaporate       (3)

    beta follows from vapour pressures, activity coefficients, droplets and transport in the melt
    (``separation.py``, with arsenic in mixed tetramers), or is given. ``constant`` coefficients
    are those of a dilute melt; ``by_composition`` integrates (1) while antimony runs out
    (``rayleigh.py``, error checked by half steps and shown). Rates follow from Hertz, Knudsen and
    Langmuir and the residual gas (``evaporation_rate.py``); with the rate J, and a charge of the
    depth d and density rho,

        surface = antimony evaporated per time / J                                  (4)
        time of a charge = rho d * antimony evaporated per feed / J                 (5)
        stills = feed * (time + turnaround) / (rho d * surface of one still)        (6)

    (1) Rayleigh and Olette, e.g. Dai and Yang, Vacuum Metallurgy of Nonferrous Metals. Activity
    coefficients and their sources: ``vapour_elements.csv`` beside this file.

    One unit is one cut. Light cut: evaporate some 20 %, the residue is the product, freed of As,
    Zn and Na. Heart cut: evaporate some 90 %, the distillate is the product, freed of Pb, Bi, Fe
    and Cu. The two in series give high purity (Xu et al., Sep. Purif. Technol. 2025, 129675);
    ``VacuumCuts`` is both in one still, ``VapourCondenser`` condenses in stages.

    Assumptions: a melt that is mixed but for a boundary layer; nothing reacts. What has no
    coefficient (oxides, unknown metals) has beta = 0 and leaves the melt with droplets only. Gases
    and water go to the distillate. Heat of evaporation of impurities is left out of the figures.
    Not modelled: cooling of the surface, losses to the pump, the rate in a melt poor in antimony.
    Limits: beta = 1 changes no composition; nothing evaporated, no distillate.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.streams.feed import Feed
    >>> plant = Flowsheet(
    ...     species=["Sb", "As", "Pb"],
    ...     units={
    ...         "metal": Feed(
    ...             outlet="metal", flow="1 t/d", remainder="Sb",
    ...             composition={"As": "100 ppm", "Pb": "1000 ppm"},
    ...         ),
    ...         "still": VacuumDistillation(
    ...             feed="metal", distillate="light_cut", residue="stripped",
    ...             antimony_evaporated="20 %",
    ...         ),
    ...     },
    ... )
    >>> stripped = solve(plant)["stripped"]
    >>> print(f"{stripped.grade('As').to('ppm').magnitude:.2f} ppm As")
    7.06 ppm As
    """

    feed: Inlet
    distillate: Outlet
    residue: Outlet

    antimony_evaporated: Fraction | None = None
    """Fraction of the antimony that leaves the melt. Give this or ``moles_evaporated``."""
    moles_evaporated: Fraction | None = None
    """Fraction of all moles of volatile species that leaves, f. Or ``antimony_evaporated``."""
    temperature: Temperature = default("650 degC")
    """Temperature of the melt: 650 to 700 degC in Qiu 1996, 630 and 655 in Xu 2025 (abstracts)."""
    residual_gas: Pressure = default("10 Pa")
    """Pressure left by the pump: 1 to 50 Pa in Xu 2025, below 150 in Qiu 1996 (abstracts)."""
    condenser_temperature: Temperature = default("450 degC")
    """Temperature at which the condensed distillate leaves. Assumed, range 200 to 650 degC."""

    def check(self) -> None:
        """Refuse no cut or two cuts, a boiling melt, and a surface that nothing leaves."""
        if (self.antimony_evaporated is None) == (self.moles_evaporated is None):
            raise InputError("give either antimony_evaporated or moles_evaporated, and not both")
        self.check_cut("antimony_evaporated", self.antimony_evaporated)
        self.check_cut("moles_evaporated", self.moles_evaporated)
        self.check_settings()
        self.check_operation(self.temperature, self.residual_gas)

    def required_species(self) -> Iterable[str]:
        """Antimony."""
        return ("Sb",)

    def is_linear(self) -> bool:
        """With constant coefficients and a given part of the antimony."""
        return self.antimony_evaporated is not None and self.coefficients == "constant"

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Evaporate the cut; see the class for the equations."""
        distillate, residue = evaporate(feed, p)
        return {"distillate": distillate, "residue": residue}

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:  # noqa: ARG002
        """The residue leaves as hot as the melt, the distillate as it comes off the condenser."""
        return {"distillate": p.condenser_temperature, "residue": p.temperature}

    def refusals(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """A melt that boils, where temperature or residual gas differ between scenarios."""
        reasons = boiling(p, flows["feed"].mass.shape[1])
        return [f"temperature of {reason}" if reason else "" for reason in reasons]

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Yield, purities, rates, surface, stills, heat and separation coefficients."""
        feed, distillate, residue = flows["feed"], flows["distillate"], flows["residue"]
        evaporated = distillate.of("Sb")
        found = [
            Figure(ratio(evaporated, feed.of("Sb")), "%", "antimony to the distillate"),
            Figure(purity(distillate), "%", "purity of the distillate"),
            Figure(purity(residue), "%", "purity of the residue"),
            *rate_figures(p, evaporated),
            *still_figures(p, feed, time_of_cut(p, feed, evaporated)),
            *coefficient_figures(feed.slate, p),
        ]
        if p.coefficients == "by_composition":
            error = logarithms_left(feed, p)[1]
            found.append(Figure(error, "", "error of ln n from half steps, at most"))
        return found

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Where sublimation, residual gas, concentration or missing data break the model."""
        return (
            *operation_warnings(p),
            *melt_warnings(flows["feed"], flows["residue"], p),
        )
