"""The bath of a refining furnace: what it holds, how warm it is, the air blown into it."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.constants import OXYGEN_IN_AIR
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow, flow_of
from flowsheet.core.formula import parse_formula
from flowsheet.core.parameters import Fraction, Temperature, default
from flowsheet.core.unit import Figure, Flows, Parameters, UnitOp

METALS = ("Sb", "As", "Pb", "Fe", "Cu", "Bi", "Ni", "Sn", "Zn", "Ag", "Au", "Se", "Te")
DISSOLVED_SULPHUR = ("Sb2S3", "S")
BATH = (*METALS, *DISSOLVED_SULPHUR)
"""What is in liquid antimony; all other solids of the crude float on it."""
MELTING_POINT = 903.78  # K, antimony
HOTTEST = 1273.15  # K
USUAL = (973.15, 1123.15)  # K
NITROGEN_PER_OXYGEN = (  # kg/kg
    (1.0 / OXYGEN_IN_AIR - 1.0) * parse_formula("N2").molar_mass / parse_formula("O2").molar_mass
)


class MoltenAntimony(UnitOp):
    """What every furnace of molten antimony has: a temperature, which all outlets leave at."""

    temperature: Temperature = default("750 degC")
    """Of the bath, and of all that leaves. Casting is at 700 to 800 degC (GB 51445-2021), refining
    at 700 to 850 degC (quoted from memory)."""

    def check(self) -> None:
        """Refuse a bath that is frozen or evaporates."""
        if not MELTING_POINT <= self.temperature <= HOTTEST:
            raise InputError(
                f"temperature of {self.temperature - 273.15:.4g} degC: antimony melts at 630.6 and "
                f"evaporates above 1000 degC; give 700 to 850 degC"
            )

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:  # noqa: ARG002
        """Everything leaves as warm as the bath; what is drawn is cold."""
        return {port: p.temperature for port, kind in self.ports().items() if kind == "outlet"}


class BlownAntimony(MoltenAntimony):
    """A bath that air is blown into, or on."""

    oxygen_utilisation: Fraction = default("30 %")
    """Of the oxygen blown (or set free by nitrate), what reacts. Assumed, range 10 to 60 %."""

    def check(self) -> None:
        """Refuse endless air."""
        super().check()
        if self.oxygen_utilisation == 0.0:
            raise InputError("oxygen_utilisation of 0 takes endless air; give e.g. 30 %")


class Charge(NamedTuple):
    """The crude, by where it goes in the furnace."""

    bath: Flow
    skimmings: Flow
    """Solids that float: oxides, salts, sulphides of other metals, gangue."""
    vapours: Flow
    """Gas and moisture."""


def charge_of(crude: Flow) -> Charge:
    """Share out what the crude brings."""
    return Charge(crude.only(*BATH), crude.solids.without(*BATH), crude.liquid + crude.gas)


def air_blown(used: Flow, p: Parameters) -> tuple[Flow, Flow]:
    """Air that offers the oxygen used, and what of it is left."""
    oxygen = used * (1.0 / p.oxygen_utilisation)
    nitrogen = flow_of(used.slate, {"N2": oxygen.of("O2") * NITROGEN_PER_OXYGEN})
    return oxygen + nitrogen, used * (1.0 / p.oxygen_utilisation - 1.0) + nitrogen


def direct_recovery(flows: Flows) -> Array:
    """Antimony of the metal over that of the crude and the stibnite."""
    charged = flows["crude"].element("Sb")
    if "sulphide" in flows:
        charged = charged + flows["sulphide"].element("Sb")
    return ratio(flows["metal"].element("Sb"), charged)


def metal_figures(flows: Flows, *impurities: str) -> list[Figure]:
    """What the metal is worth: recovery, purity, and the impurities a step is there for."""
    metal = flows["metal"]
    direct = direct_recovery(flows)
    returns = ratio(direct, direct) - direct  # of nothing, nothing returns
    return [
        Figure(direct, "%", "direct antimony recovery"),
        Figure(returns, "%", "antimony in returns (oxide, slag, dross)"),
        *(
            Figure(ratio(metal.element(symbol), metal.total()), "%", f"{symbol} in refined metal")
            for symbol in ("Sb", *impurities)
        ),
    ]


def bath_warnings(flows: Flows, p: Parameters) -> list[str]:
    """Said of any furnace: a bath too cold or too hot, and antimony too good to be true."""
    metal = flows["metal"]
    celsius = first(p.temperature) - 273.15
    purity = first(ratio(metal.element("Sb"), metal.total()))
    impure = first(ratio(flows["crude"].element("Sb"), flows["crude"].total())) < 0.999
    return said(
        (
            not USUAL[0] - 1e-6 <= first(p.temperature) <= USUAL[1] + 1e-6,
            f"temperature is {celsius:.4g} degC; 700 to 850 is usual: below it slag is stiff, "
            f"above it antimony evaporates",
        ),
        (
            impure and purity > 0.9995,
            f"metal holds {purity:.3%} Sb; fire refining reaches 99.5 to 99.9 %: is every impurity "
            f"of the crude on the species list?",
        ),
    )


def said(*cases: tuple[bool, str]) -> list[str]:
    """The lines whose condition holds."""
    return [text for holds, text in cases if holds]


def refuse_without(unit: UnitOp, step: str, *names: str) -> None:
    """Refuse settings of a step that is left out."""
    given: Sequence[str] = [name for name in names if name in unit.model_fields_set]
    if getattr(unit, step) is None and given:
        raise InputError(
            f"{given[0]} is given, but without {step} there is no such step; give {step} too, or "
            f"leave {given[0]} out"
        )
