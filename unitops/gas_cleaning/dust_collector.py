"""Collection of dust from a gas by cyclone, electrostatic precipitator or bag filter."""

from collections.abc import Mapping, Sequence
from typing import Any

from flowsheet.core.flow import Flow
from flowsheet.core.parameters import Fraction, PerSpecies, Temperature
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters
from unitops.gas_cleaning.collector_size import CollectorSize, size_figures
from unitops.gas_cleaning.dust import collection_figures, droplet_warnings, parted


class DustCollector(CollectorSize):
    """Take a given share of the dust out of a gas; vapours and gases pass.

    Per species i that is solid or a droplet:

        dust_i = efficiency_i * gas_i                                               (1)

    Usual efficiencies (EPA and European reference documents on non-ferrous metals, quoted from
    memory): cyclone 50 to 80 % of a carry-over, hot electrostatic precipitator 98 to 99.5 %, bag
    filter 99 to 99.9 % of a fume (bags up to 110 or 120 degC), leaving 1 to 10 mg/Nm3. Condensation
    chambers that settle a fume are collectors too.

    Assumptions: one efficiency per species stands for its size distribution. Nothing condenses:
    put a Condenser in front, at the temperature of this collector.
    Cloth, plates and the fan follow from ``collector_size.py``.
    Not modelled: size of the dust, re-entrainment, blinding by droplets.
    Limits: efficiency 0 collects nothing, 1 all dust.
    """

    gas: Inlet
    dust: Outlet
    cleaned: Outlet

    collection_efficiency: PerSpecies[Fraction] = 0.995
    """Share of each solid or droplet that is collected. Default assumed for a bag filter on fume,
    range 0.99 to 0.999; does not apply to gases."""
    dust_temperature: Temperature | None = None
    """Temperature at which the dust is handed on, as when a bin or a cooled screw lets it cool.
    Default: as warm as the gas."""

    def is_linear(self) -> bool:
        """Every species is collected in a fixed proportion."""
        return True

    def run(self, gas: Flow, p: Parameters) -> Outlets:
        """Part the dust from the gas."""
        return parted(gas, p.collection_efficiency)  # (1)

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:  # noqa: ARG002
        """Of the dust, where it is given; the gas keeps its own."""
        return {} if p.dust_temperature is None else {"dust": p.dust_temperature}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Overall efficiency, dust before and after, and the size where the gas is known."""
        return [*collection_figures(flows), *size_figures(flows, p)]

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:  # noqa: ARG002
        """Droplets that blind a filter."""
        return droplet_warnings(flows, "blinds bags")
