"""Mercury out of cleaned roaster gas as calomel: the Boliden-Norzink process."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.constants import GAS_CONSTANT
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.formula import parse_formula
from flowsheet.core.parameters import Fraction, GasLoading, Temperature, Velocity, default
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.quantities import from_base
from flowsheet.core.reaction import Reaction, change_by_extent
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, UnitOp
from unitops.gas_cleaning.dust import carried, gas_volume

_CALOMEL = Reaction("2 Hg(g) + Cl2 -> Hg2Cl2")
_MERCURY = parse_formula("Hg").molar_mass
_CHLORIDE_PER_MERCURY = parse_formula("HgCl2").molar_mass / _MERCURY
_SATURATION = 0.246  # Pa at 25 degC
_HEAT = 61.4e3  # J/mol, of evaporation
_ATMOSPHERE = 101325.0
_ROUNDING = 1.0 + 1e-9


class MercuryTower(UnitOp):
    """Wash mercury vapour out of cooled, cleaned gas with mercuric chloride, as calomel.

        in the tower:      Hg(g) + HgCl2(aq) -> Hg2Cl2                              (1)
        regeneration:      1/2 Hg2Cl2 + 1/2 Cl2 -> HgCl2(aq), half of the calomel   (2)
        together:          2 Hg(g) + Cl2 -> Hg2Cl2                                  (3)
        Hg taken = min(E * Hg, max(0, Hg - c * dry gas))                            (4)

    with the efficiency E and c, the mercury that no tower gets below. The solution of HgCl2 goes
    round inside; what is drawn is chlorine, what leaves is the calomel of (3).

    Practice of the Boliden-Norzink process, quoted from memory: behind wet gas cleaning and wet
    electrostatic precipitators at 25 to 40 degC, 99 to 99.9 % taken, 10 to 150 mg/Nm3 down to 0.05
    to 0.2, acid made of the gas below 1 ppm Hg. Saturated vapour as 0.246 Pa at 25 degC (CRC
    Handbook, quoted from memory) with 61.4 kJ/mol: 13 mg/Nm3 at 20 degC, 60 at 38.

    Assumptions: chlorine is all used; the calomel leaves dry; SO2 and other gases pass. Not
    modelled: SO2 reducing HgCl2, HgS and droplets (they pass), electrolytic regeneration, a filter
    of selenium or carbon behind. Limits: no mercury, no chlorine; E = 0 takes none.

    >>> from flowsheet import Flowsheet, solve
    >>> from unitops.streams.feed import Feed
    >>> plant = Flowsheet(
    ...     species=["Hg(g)", "N2", "SO2", "Cl2", "Hg2Cl2"],
    ...     units={
    ...         "gas": Feed(outlet="gas", flow="40 t/h", remainder="N2",
    ...                     composition={"SO2": "10 %", "Hg(g)": "20 ppm"}),
    ...         "tower": MercuryTower(gas="gas", chlorine="chlorine", cleaned="cleaned",
    ...                               calomel="calomel"),
    ...     },
    ... )
    >>> for figure in solve(plant).figures("tower")[:4]:
    ...     print(figure)
    mercury before, in the dry gas 26.49 mg/Nm3
    mercury after, in the dry gas 0.1324 mg/Nm3
    mercury taken 99.5 %
    calomel 8.211 t/yr
    """

    gas: Inlet
    chlorine: Supply
    cleaned: Outlet
    calomel: Outlet

    efficiency: Fraction = default("99.5 %")
    """Of the mercury vapour, what the tower takes, E. 99 to 99.9 % (quoted from memory)."""
    least_mercury: GasLoading = default("0.05 mg/Nm3")
    """Mercury left in the dry gas whatever comes, c. 0.02 to 0.2 mg/Nm3, assumed."""
    mercury_limit: GasLoading | None = None
    """What a permit or an acid plant allows in the dry gas; a warning says where it is exceeded."""
    gas_temperature: Temperature = default("35 degC")
    """Of the gas and all that leaves; 25 to 40 degC (quoted from memory)."""

    gas_velocity: Velocity = default("1.2 m/s")
    """In the empty tower, for its section. Assumed, range 0.8 to 2 m/s."""

    def check(self) -> None:
        """Refuse a tower that boils or freezes."""
        if not 273.15 <= self.gas_temperature <= 353.15:
            raise InputError(
                f"gas_temperature of {self.gas_temperature - 273.15:.4g} degC is none for a tower "
                f"of solution; cool the gas to 25 to 40 degC"
            )
        if self.gas_velocity == 0.0:
            raise InputError("gas_velocity of 0 takes an endless tower; give e.g. 1.2 m/s")

    def required_species(self) -> Iterable[str]:
        """Mercury, chlorine, calomel."""
        return ("Hg(g)", "Cl2", "Hg2Cl2")

    def is_linear(self) -> bool:
        """Where nothing limits the efficiency."""
        return self.least_mercury == 0.0

    def run(self, gas: Flow, p: Parameters) -> Outlets:
        """Take mercury, draw chlorine for it."""
        there = gas.moles("Hg(g)")
        above = there - (p.least_mercury / _MERCURY) * gas.dry_gas()
        taken = np.minimum(p.efficiency * there, np.where(above.real > 0.0, above, 0.0))  # (4)
        change = change_by_extent(gas.slate, (_CALOMEL,), (taken / 2.0,))  # (3)
        return {
            "chlorine": -change.only("Cl2"),
            "cleaned": gas + change.only("Hg(g)"),
            "calomel": change.only("Hg2Cl2"),
        }

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:  # noqa: ARG002
        """Gas and calomel leave as cold as the tower."""
        return {"cleaned": p.gas_temperature, "calomel": p.gas_temperature}

    def figures(self, flows: Flows, p: Parameters) -> Sequence[Figure]:
        """Mercury before and after, calomel, chlorine, solution that goes round, the tower."""
        gas, cleaned, calomel = flows["gas"], flows["cleaned"], flows["calomel"]
        before, taken = gas.of("Hg(g)"), calomel.element("Hg")
        return (
            Figure(_loading(gas), "mg/Nm3", "mercury before, in the dry gas"),
            Figure(_loading(cleaned), "mg/Nm3", "mercury after, in the dry gas"),
            Figure(ratio(taken, before), "%", "mercury taken"),
            Figure(calomel.total(), "t/yr", "calomel"),
            Figure(flows["chlorine"].total(), "t/yr", "chlorine"),
            Figure(taken * _CHLORIDE_PER_MERCURY, "kg/h", "mercuric chloride that goes round"),
            Figure(cleaned.of("Hg(g)"), "kg/yr", "mercury in the cleaned gas"),
            Figure(
                gas_volume(cleaned, p.gas_temperature, _ATMOSPHERE) / p.gas_velocity,
                "m^2",
                "section of the tower",
                "equipment",
            ),
        )

    def warnings(self, flows: Flows, p: Parameters) -> Sequence[str]:
        """Gas that is not clean, mercury above saturation or a limit."""
        gas, cleaned = flows["gas"], flows["cleaned"]
        if first(gas.total()) == 0.0:
            return ()
        lines = []
        before, after = first(_loading(gas)), first(_loading(cleaned))
        most = _saturated(first(p.gas_temperature))
        celsius = first(p.gas_temperature) - 273.15
        if before > most:
            lines.append(
                f"the gas brings {_mg(before)} mg/Nm3 Hg, and holds {_mg(most)} as vapour at "
                f"{celsius:.4g} degC: the rest condenses to droplets before, catch them in the "
                f"wet precipitators"
            )
        efficiency = first(p.efficiency)
        if efficiency > 0.999 * _ROUNDING:
            lines.append(f"efficiency is {efficiency:.2%}; 99 to 99.9 % is usual")
        limit = None if p.mercury_limit is None else first(p.mercury_limit)
        if limit is not None and after > limit * _ROUNDING:
            lines.append(
                f"{_mg(after)} mg/Nm3 Hg is above the limit of {_mg(limit)}; polish the gas with "
                f"selenium or carbon, or raise efficiency"
            )
        dust = first(ratio(carried(gas), gas.dry_gas()))
        if from_base(dust, "mg/Nm3") > 5.0:
            lines.append(
                f"the gas brings {_mg(dust)} mg/Nm3 dust and droplets, which foul the calomel; "
                f"clean it below some 5 first"
            )
        if not 20.0 <= celsius <= 45.0:
            lines.append(f"gas_temperature is {celsius:.4g} degC; 25 to 40 is usual")
        return lines


def _loading(gas: Flow) -> Array:
    """Mercury vapour in the dry gas, kg/mol, (scenarios,)."""
    return ratio(gas.of("Hg(g)"), gas.dry_gas())


def _saturated(temperature: float) -> float:
    """Mercury vapour that dry gas holds, kg/mol."""
    inverse = 1.0 / 298.15 - 1.0 / temperature
    pressure = _SATURATION * np.exp(_HEAT / GAS_CONSTANT * inverse)
    return float(pressure / _ATMOSPHERE * _MERCURY)


def _mg(loading: float) -> str:
    return f"{from_base(loading, 'mg/Nm3'):.3g}"
