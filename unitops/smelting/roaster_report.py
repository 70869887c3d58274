"""What an engineer wants to know of a roaster: figures, and warnings in one line each."""

from collections.abc import Iterator

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.flow import Flow
from flowsheet.core.quantities import from_base
from flowsheet.core.unit import Figure, Flows, Parameters
from flowsheet.core.vapour_pressure import antimony_trioxide_vapour_pressure
from unitops.smelting.antimony_volatilisation import oxygen_over_tetroxide
from unitops.smelting.autothermal_grade import autothermal_grade, has_autothermal_grade
from unitops.smelting.furnace_types import furnace_type, with_defaults
from unitops.smelting.roasted_charge import RoastedCharge, wet_gas
from unitops.smelting.roaster_heat import heat_of_reaction, port_temperatures, roast, surplus
from unitops.smelting.roaster_size import hearth_figures
from unitops.smelting.roasting_kinetics import MEASURED_CELSIUS, MEASURED_OXYGEN
from unitops.smelting.roasting_reactions import unknown_sulphides

_LOCKED = ("Sb2O4", "Sb2O5", "Sb3O6(OH)", "NaSbO3", "Na3SbO4")
"""Antimony above Sb(III): hardly volatile, and left as it is."""
_MELTS = (
    (485.0, "Sb2S3-Sb2O3 eutectic at 485 to 520"),
    (550.0, "Sb2S3 at 550"),
    (650.0, "Sb2O3-Sb2O4 at about 650"),
    (656.0, "Sb2O3 at 656"),
)
_STICKY_STIBNITE = 0.10
"""Mass fraction of stibnite from which a fluid bed is taken to agglomerate; assumed."""
_ENRICHED = 0.30


def figures(flows: Flows, p: Parameters) -> list[Figure]:
    """Gas strength and volume, oxygen, what left the solids, and heat where it was solved."""
    p = with_defaults(p)
    charge = roast(flows["feed"], p)
    return [
        *_gas_figures(flows, charge),
        *_antimony_figures(flows, charge, p),
        *_heat(charge, p),
        *hearth_figures(flows, p),
    ]


def warnings(flows: Flows, p: Parameters) -> list[str]:
    """What leaves the range of the model, or looks wrong to a metallurgist."""
    p = with_defaults(p)
    charge = roast(flows["feed"], p)
    return [
        *_temperature_warnings(p, _celsius(charge)),
        *_heat_warnings(charge, p),
        *_antimony_warnings(flows, charge, p),
        *_leakage_warnings(flows, charge, p),
        *_kinetics_warnings(charge, p),
        *_furnace_warnings(flows, charge, p),
        *_unroasted(flows),
    ]


def refusals(flows: Flows, p: Parameters) -> list[str]:
    """Per scenario, a temperature found by the heat balance at which this is no roast."""
    if p.heat_balance != "solved_temperature" or not np.any(flows["feed"].total()):
        return []
    temperature = np.atleast_1d(roast(flows["feed"], with_defaults(p)).temperature)
    found, _ = np.broadcast_arrays(temperature - 273.15, flows["feed"].total())
    return [
        ""
        if 300.0 <= celsius <= 1500.0
        else f"the heat balance puts the charge at {celsius:.0f} degC, outside 300 to 1500 degC, "
        f"where nothing here holds; change fuel_ratio or excess_air"
        for celsius in found
    ]


def _gas_figures(flows: Flows, charge: RoastedCharge) -> Iterator[Figure]:
    feed, gas, bed = flows["feed"], flows["gas"], charge.bed
    dry = gas.dry_gas()
    yield Figure(ratio(gas.moles("SO2"), dry), "%", "SO2 in the dry gas, by volume")
    yield Figure(
        ratio(bed.moles("SO2"), bed.dry_gas()), "%", "SO2 in the dry gas of the bed, by volume"
    )
    yield Figure(dry, "Nm3/h", "dry gas")
    yield Figure(wet_gas(gas), "Nm3/h", "gas with its vapours")
    yield Figure(charge.oxygen_used * 31.998e-3, "t/h", "stoichiometric oxygen")
    yield Figure(flows["air"].moles("O2", "N2"), "Nm3/h", "air")
    sulphur = flows["calcine"].element("S") + gas.solids.element("S")
    eliminated = 1.0 - ratio(sulphur, feed.element("S"), empty=1.0)
    yield Figure(eliminated, "%", "sulphur eliminated")


def _antimony_figures(flows: Flows, charge: RoastedCharge, p: Parameters) -> Iterator[Figure]:
    feed, calcine = flows["feed"], flows["calcine"]
    vapour = flows["gas"].only("Sb4O6(g)").element("Sb")
    fed, left = feed.element("Sb"), calcine.element("Sb")
    yield Figure(ratio(vapour, fed), "%", "antimony volatilised")
    yield Figure(charge.ceiling, "%", "antimony trioxide the gas could hold")
    yield Figure(ratio(left, fed), "%", "antimony left in the calcine")
    yield Figure(ratio(left, calcine.total()), "%", "grade of the calcine, Sb")
    if charge.predicted_conversion is not None:
        yield Figure(charge.predicted_conversion, "%", "predicted conversion of stibnite")
    yield Figure(charge.oxygen_pressure, "Pa", "oxygen pressure leaving the bed")
    limit = oxygen_over_tetroxide(charge.temperature)
    yield Figure(limit, "Pa", "oxygen pressure above which antimony becomes Sb2O4")
    slate = feed.slate
    if has_autothermal_grade(slate):
        grade = autothermal_grade(slate, p, charge.temperature)
        if np.all(np.isfinite(grade)):
            yield Figure(grade, "%", "stibnite in quartz that needs no fuel")


def _heat(charge: RoastedCharge, p: Parameters) -> Iterator[Figure]:
    carbon = charge.fuel.of("C")
    yield Figure(ratio(carbon, charge.feed.solids.total()), "%", "carbon per dry solids")
    yield Figure(_wide(charge.temperature, carbon), "degC", "temperature of the charge")
    if p.heat_balance == "given":
        return
    released = heat_of_reaction(charge)
    yield Figure(released * p.heat_loss, "kW", "heat lost")
    if p.heat_balance == "solved_fuel":
        # Where fuel was found, what the search leaves of either sign is a rounding.
        spare = surplus(charge, p)
        spare = np.where(spare > 1e-9 * np.maximum(released, 1.0), spare, 0.0)
        yield Figure(spare, "kW", "heat to be taken out")


def _wide(value: object, like: np.ndarray) -> np.ndarray:
    return np.asarray(value) + 0.0 * like


def _celsius(charge: RoastedCharge) -> float:
    return first(charge.temperature) - 273.15


def _temperature_warnings(p: Parameters, celsius: float) -> Iterator[str]:
    sticky = ", ".join(text for melts, text in _MELTS if celsius > melts)
    if p.mode == "dead" and celsius > 500.5:
        yield (
            f"a dead roast at {celsius:.0f} degC goes sticky (melting: {sticky} degC); "
            f"keep 350 to 500 degC"
        )
    if p.mode == "dead" and celsius < 349.5:
        yield f"a dead roast at {celsius:.0f} degC is slow; keep 350 to 500 degC"
    if p.mode == "volatilising" and celsius < 849.5:
        melting = f"the charge is sticky, melting: {sticky} degC" if sticky else "nothing melts"
        yield (
            f"volatilising at {celsius:.0f} degC is slow and incomplete (20 % at 700, 60 % at "
            f"900 degC in free oxygen, Padilla 2010; {melting}); keep 850 to 1100 degC"
        )
    if p.mode == "volatilising" and celsius > 1100.5 and not p.furnace:
        yield f"volatilising at {celsius:.0f} degC is hotter than a kiln stands; 850 to 1100 degC"


def _heat_warnings(charge: RoastedCharge, p: Parameters) -> Iterator[str]:
    if p.heat_balance == "given":
        return
    left, released = first(surplus(charge, p)), first(heat_of_reaction(charge))
    if left > 1e-6 * released and p.heat_balance == "solved_fuel":
        yield (
            f"{left / 1e3:.4g} kW more than the charge needs at {_celsius(charge):.0f} degC: no "
            f"fuel; take the heat out by cooling or more excess_air"
        )
    if left < -1e-6 * max(released, 1.0):
        yield (
            f"{-left / 1e3:.4g} kW are missing: neither charge nor fuel brings them; "
            f"give more fuel_ratio"
        )


def _antimony_warnings(flows: Flows, charge: RoastedCharge, p: Parameters) -> Iterator[str]:
    celsius, feed, gas = _celsius(charge), flows["feed"], flows["gas"]
    wanted, batch = first(p.antimony_volatilised), p.volatilisation == "batch"
    if wanted > 0.97 and not batch:
        yield (f"antimony_volatilised of {wanted:.3g} is more than good units reach (0.90 to 0.97)")
    if p.mode == "volatilising" and not batch and wanted < 0.5:
        yield (
            f"antimony_volatilised of {wanted:.3g} is hardly a volatilising roast; good units "
            f"reach 0.90 to 0.97, give more or mode 'dead'"
        )
    mercury = first(gas.of("Hg(g)"))
    if mercury > 0.0:
        yield (
            f"{from_base(mercury, 'kg/yr'):,.4g} kg/yr of mercury leave as vapour and pass dust "
            f"collectors; a MercuryTower behind the scrubber takes it up"
        )
    if batch and not 699.5 <= celsius <= 900.5:
        yield (
            f"volatilisation 'batch' is a line through tests at 700 to 900 degC; {celsius:.0f} "
            f"degC is outside"
        )
    vapour, ceiling = gas.only("Sb4O6(g)").element("Sb"), first(charge.ceiling)
    if first(vapour) > 0.0 and ceiling < 0.999:
        reached = first(ratio(vapour, feed.element("Sb")))
        yield (
            f"the gas is saturated with antimony oxide at {celsius:.0f} degC: it could hold "
            f"{ceiling:.1%} of the trioxide, {reached:.1%} of the antimony leaves as vapour; "
            f"raise the temperature or the gas flow"
        )
    locked = first(ratio(feed.only(*_LOCKED).element("Sb"), feed.element("Sb")))
    if p.mode == "volatilising" and locked > 0.05:
        yield (
            f"{locked:.0%} of the antimony fed is above Sb(III), as in Sb2O4: it is not "
            f"volatile and stays in the calcine; reduce it first"
        )
    oxygen = first(ratio(charge.bed.moles("O2"), charge.bed.dry_gas()))
    if p.mode == "volatilising" and oxygen > 0.10 and celsius < 1050.0:
        yield (
            f"the gas of the bed holds {oxygen:.0%} O2: above about 10 % antimony is locked as "
            f"Sb2O4 below 1050 degC (Zhong 2017); use less air or more fuel"
        )
    yield from _tetroxide_warnings(charge)


def _leakage_warnings(flows: Flows, charge: RoastedCharge, p: Parameters) -> Iterator[str]:
    """Fume that condenses where leakage cools the gas, whose heat is not counted."""
    gas = flows["gas"]
    warm = first(port_temperatures(charge, gas, p)["gas"])
    if warm >= first(charge.temperature) - 1.0:
        return
    saturated = first(antimony_trioxide_vapour_pressure(warm)) / first(p.pressure)
    share = first(ratio(gas.moles("Sb4O6(g)"), wet_gas(gas)))
    if share > 1.05 * saturated:
        yield (
            f"leakage air cools the gas to {warm - 273.15:.0f} degC, where antimony oxide "
            f"condenses: here it stays vapour until the next cooler, and its heat, which would "
            f"keep the gas some tens of kelvin warmer, is not counted"
        )


def _tetroxide_warnings(charge: RoastedCharge) -> Iterator[str]:
    """Where Sb2O4 is made that would not be stable, or trioxide left that would be oxidised."""
    bed, fed = charge.bed, charge.feed
    antimony = first(fed.element("Sb"))
    formed = first((bed - fed).only("Sb2O4").element("Sb"))
    left = first(bed.only("Sb2O3").element("Sb"))
    oxygen = first(charge.oxygen_pressure)
    limit = first(oxygen_over_tetroxide(charge.temperature))
    if oxygen < limit and formed > 0.02 * antimony:
        yield (
            f"{formed / antimony:.0%} of the antimony is taken to become Sb2O4 in {oxygen:.2g} Pa "
            f"O2, which needs {limit:.2g} Pa at this temperature; lower antimony_to_tetroxide"
        )
    if oxygen > limit and left > 0.10 * antimony:
        yield (
            f"{left / antimony:.0%} of the antimony stays Sb2O3 in {oxygen:.2g} Pa O2, where it "
            f"is Sb2O4 above {limit:.2g} Pa; raise antimony_to_tetroxide"
        )


def _kinetics_warnings(charge: RoastedCharge, p: Parameters) -> Iterator[str]:
    if charge.predicted_conversion is None:
        return
    low, high = MEASURED_CELSIUS
    celsius = _celsius(charge)
    if not low - 0.5 <= celsius <= high + 0.5:
        yield (
            f"the rate of stibnite was measured at {low:.0f} to {high:.0f} degC; {celsius:.0f} "
            f"degC is outside"
        )
    lean, rich = MEASURED_OXYGEN
    supplied = first(p.oxygen_in_air * p.pressure)
    if supplied > 1.05 * rich or (
        p.oxygen_seen == "leaving" and first(charge.oxygen_pressure) < lean
    ):
        yield (
            f"the rate of stibnite was measured in {lean / 1e3:.3g} to {rich / 1e3:.3g} kPa O2; "
            f"here {first(charge.oxygen_pressure) / 1e3:.3g} to {supplied / 1e3:.3g} kPa"
        )
    conversion = first(charge.predicted_conversion)
    if conversion < 0.9 and first(charge.feed.of("Sb2S3")) > 0.0:
        yield (
            f"only {conversion:.0%} of the stibnite is oxidised; give it more residence_time, "
            f"finer particles or more oxygen"
        )


def _furnace_warnings(flows: Flows, charge: RoastedCharge, p: Parameters) -> Iterator[str]:
    if not p.furnace:
        return
    kind = furnace_type(p.furnace)
    feed, gas = flows["feed"], flows["gas"]
    solids = feed.solids.total()
    if p.mode not in kind.modes:
        yield (
            f"{kind.title} is no furnace for a {p.mode} roast; it is for a {kind.modes[0]} roast"
        )
    if p.furnace == "flash_cyclone":
        yield f"{kind.title}: {kind.note}"
    if p.furnace == "bottom_blowing" and first(p.oxygen_in_air) < _ENRICHED:
        yield f"{kind.title} on air of {first(p.oxygen_in_air):.0%} O2: {kind.note}"
    stibnite = first(ratio(feed.of("Sb2S3"), solids))
    if p.furnace == "fluid_bed" and stibnite > _STICKY_STIBNITE:
        yield (f"{stibnite:.0%} stibnite melts and agglomerates in a fluid bed; it is {kind.note}")
    readings = {
        "antimony_grade": (first(ratio(feed.element("Sb"), solids)), "Sb in the dry feed"),
        "fuel_ratio": (first(ratio(charge.fuel.of("C"), solids)), "carbon per dry solids"),
        "sulphur_dioxide": (first(ratio(gas.moles("SO2"), gas.dry_gas())), "SO2 in the dry gas"),
    }
    for name, (reading, meaning) in readings.items():
        usual = kind.settings.get(name)
        if usual and first(solids) > 0.0 and not usual.holds(reading):
            advice = _grade_advice(reading) if name == "antimony_grade" else ""
            yield (
                f"{reading:.1%} {meaning} is not usual for the type {kind.title} "
                f"({usual.low:.3g} to {usual.high:.3g}: {usual.source}){advice}"
            )
    usual, celsius = kind.settings["temperature"], _celsius(charge)
    if p.mode in kind.modes[-1:] and not usual.low - 0.5 <= celsius <= usual.high + 0.5:
        yield (
            f"{celsius:.0f} degC is not usual for the type {kind.title} ({usual.low:.0f} to "
            f"{usual.high:.0f} degC: {usual.source})"
        )


def _grade_advice(grade: float) -> str:
    if 0.05 <= grade < 0.25:
        return "; 5 to 25 % is volatilised in a kiln or shaft"
    if 0.25 <= grade < 0.45:
        return "; 25 to 45 % goes to a blast furnace for volatilisation"
    if grade >= 0.45:
        return "; above 45 % is liquated or precipitated with iron"
    return "; below 5 % is concentrated first"


def _unroasted(flows: Flows) -> Iterator[str]:
    passed = [n for n in unknown_sulphides(flows["gas"]) if _flows(flows["feed"], n)]
    if passed:
        yield f"{', '.join(passed)} passes unroasted: this roaster has no reaction for it"


def _flows(flow: Flow, name: str) -> bool:
    return first(flow.of(name)) > 0.0
