"""Vacuum distillation of antimony into three: light cut, heart cut and residue, in one still."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flowsheet.core.arithmetic import ratio
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
from unitops.refining.vacuum_still import VacuumStill, boiling, evaporate


class VacuumCuts(VacuumStill):
    """Evaporate a light cut, then the heart cut, and leave a residue: the heart is the product.

    Each cut obeys the equations of ``VacuumDistillation``; the heart cut starts from the melt that
    the light cut left:

        light:  share e1 of the antimony of the feed
        heart:  share e2 of the antimony left, (1 - e1) e2 of that of the feed      (1)

    An element of constant coefficient beta comes into the heart cut with, per antimony and
    relative to the feed,

        (1 - e1)^(beta1 - 1) * (1 - (1 - e2)^beta2) / e2                            (2)

    small for beta far above one by the first factor, and far below one by the second. One charge
    goes through both cuts, without cooling in between: its time is the sum of the two.

    Assumptions, what is not modelled, limits: as for ``VacuumDistillation``. Gases and water go to
    the light cut.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.streams.feed import Feed
    >>> plant = Flowsheet(
    ...     species=["Sb", "As", "Pb"],
    ...     units={
    ...         "metal": Feed(
    ...             outlet="metal", flow="1 t/d", remainder="Sb",
    ...             composition={"As": "100 ppm", "Pb": "100 ppm"},
    ...         ),
    ...         "still": VacuumCuts(
    ...             feed="metal", light_cut="light", heart_cut="heart", residue="residue",
    ...         ),
    ...     },
    ... )
    >>> heart = solve(plant)["heart"]
    >>> for element in ("As", "Pb"):
    ...     print(f"{heart.grade(element).to('ppm').magnitude:.2f} ppm {element}")
    7.84 ppm As
    4.09 ppm Pb
    """

    feed: Inlet
    light_cut: Outlet
    heart_cut: Outlet
    residue: Outlet

    light_evaporated: Fraction = default("20 %")
    """Antimony of the feed that goes to the light cut, e1. Assumed, range 5 to 40 %: 0.069 of the
    arsenic content stays at 20 % and a coefficient of 13."""
    heart_evaporated: Fraction = default("90 %")
    """Antimony left by the light cut that goes to the heart cut, e2. Assumed, range 70 to 95 %."""
    light_temperature: Temperature = default("635 degC")
    """Temperature of the melt in the light cut: 630 in Xu 2025 (abstract), raised to be molten."""
    heart_temperature: Temperature = default("655 degC")
    """Temperature of the melt in the heart cut: 655 in Xu 2025 (abstract)."""
    light_residual_gas: Pressure = default("50 Pa")
    """Pressure left by the pump in the light cut: 50 Pa in Xu 2025 (abstract). Gas keeps antimony
    back, and impurities whose own vapour pressure is far higher less; that is not modelled."""
    heart_residual_gas: Pressure = default("5 Pa")
    """Pressure left by the pump in the heart cut: 1 to 10 Pa in Xu 2025 (abstract)."""
    condenser_temperature: Temperature = default("450 degC")
    """Temperature at which both condensates leave. Assumed, range 200 to 650 degC."""

    def check(self) -> None:
        """Refuse a boiling melt, and settings with which nothing evaporates."""
        self.check_settings()
        for cut in ("light", "heart"):
            self.check_cut(f"{cut}_evaporated", getattr(self, f"{cut}_evaporated"))
            temperature, gas = (getattr(self, f"{cut}_{what}") for what in _SETTINGS)
            self.check_operation(temperature, gas, f"{cut}_temperature")

    def required_species(self) -> Iterable[str]:
        """Antimony."""
        return ("Sb",)

    def is_linear(self) -> bool:
        """With constant coefficients."""
        return self.coefficients == "constant"

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        """Evaporate one cut after the other."""
        light, stripped = evaporate(feed, _cut(p, "light"))
        heart, residue = evaporate(stripped, _cut(p, "heart"))
        return {"light_cut": light, "heart_cut": heart, "residue": residue}

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:  # noqa: ARG002
        """The residue leaves as hot as the melt, condensates as they come off the condenser."""
        condensed = p.condenser_temperature
        return {"light_cut": condensed, "heart_cut": condensed, "residue": p.heart_temperature}

    def refusals(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """A melt that boils, where temperature or residual gas differ between scenarios."""
        columns = flows["feed"].mass.shape[1]
        reasons = {cut: boiling(_cut(p, cut), columns) for cut in ("light", "heart")}
        return [
            f"light_temperature of {light}"
            if light
            else f"heart_temperature of {heart}"
            if heart
            else ""
            for light, heart in zip(reasons["light"], reasons["heart"], strict=True)
        ]

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Yields, purities, stills, and rates and separation coefficients of both cuts."""
        feed = flows["feed"]
        ports = (("light_cut", "light cut"), ("heart_cut", "heart cut"), ("residue", "residue"))
        found = []
        for port, name in ports:
            share = ratio(flows[port].of("Sb"), feed.of("Sb"))
            found += [
                Figure(share, "%", f"antimony to the {name}"),
                Figure(purity(flows[port]), "%", f"purity of the {name}"),
            ]
        cuts = [(name, _cut(p, name), flows[f"{name}_cut"].of("Sb")) for name in ("light", "heart")]
        light, heart = (time_of_cut(cut, feed, evaporated) for _, cut, evaporated in cuts)
        found += still_figures(p, feed, light + heart)
        for name, cut, evaporated in cuts:
            found += rate_figures(cut, evaporated, f"{name} cut: ")
            found += coefficient_figures(feed.slate, cut, f"{name} cut: ")
        return found

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Where sublimation, residual gas, concentration or missing data break the model."""
        return (
            *operation_warnings(_cut(p, "light"), "light cut: "),
            *operation_warnings(_cut(p, "heart"), "heart cut: "),
            *melt_warnings(flows["feed"], flows["residue"], _cut(p, "heart")),
        )


_SETTINGS = ("temperature", "residual_gas")


def _cut(p: Parameters, name: str) -> Parameters:
    """Parameters of one cut under the names that the still knows."""
    own = {what: getattr(p, f"{name}_{what}") for what in _SETTINGS}
    evaporated = getattr(p, f"{name}_evaporated")
    return p.replaced({**own, "antimony_evaporated": evaporated, "moles_evaporated": None})
