"""What a tank house is worth: figures, refusals and warnings from its balance."""

from collections.abc import Sequence

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.flow import Array, Flow
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, Flows, Parameters
from unitops.refining.cell_voltage import cell_figures, cells_needed, voltage, voltage_figures
from unitops.refining.electrolysis_baths import BATHS
from unitops.refining.electrolytic_tank import Tank
from unitops.refining.faraday import energy_per_mass

CATHODE_LIMITS_PPM = {"As": 100.0, "Cu": 50.0, "Pb": 100.0, "Bi": 10.0}  # GB/T 1599-2014, Sb99.90
_USUAL_VOLTAGE = (0.4, 0.8)
_EXPLOSIVE_CURRENT_DENSITY = 200.0  # A/m^2, assumed
_EXPLOSIVE_BELOW = 313.15  # K, assumed
_CHARGE_GAP = 0.05


def figures(flows: Flows, tank: Tank, p: Parameters) -> Sequence[Figure]:
    """All derived figures, the most asked for first."""
    cathode, slimes = flows["cathode"], flows["slimes"]
    consumed = flows["anodes"] - flows["anode_scrap"]
    energy = np.asarray(energy_per_mass(voltage(p), p.current_efficiency))
    direct = ratio(cathode.of("Sb"), consumed.of("Sb"))
    return (
        Figure(energy, "kWh/t", "energy per tonne of antimony"),
        Figure(ratio(cathode.of("Sb"), cathode.total()), "%", "purity of the cathode"),
        Figure(direct, "%", "antimony of the consumed anode on the cathode"),
        *cell_figures(tank.current, p),
        *voltage_figures(p),
        Figure(tank.volume, "m^3/h", "electrolyte bled"),
        Figure(tank.antimony_bled, "kg/h", "antimony lost with the bleed"),
        *_concentrations(flows["anodes"].slate, tank),
        Figure(_days_to_the_limit(tank, p), "d", "time to the tightest limit without a bleed"),
        *_reagents(flows["reagents"]),
        Figure(
            ratio(tank.dissolving_charge, tank.current),
            "%",
            "charge of what dissolves, of the charge passed",
        ),
        Figure(ratio(slimes.total(), consumed.total()), "kg/t", "slimes per consumed anode"),
        *(
            Figure(ratio(slimes.of(metal), slimes.total()), "%", f"{name} in the slimes")
            for metal, name in (("Au", "gold"), ("Ag", "silver"), ("Sb", "antimony"))
        ),
        *_in_process(flows, tank, p),
    )


def _concentrations(slate: Slate, tank: Tank) -> list[Figure]:
    """Impurities in the electrolyte, where there are any."""
    shown = []
    for row, name in enumerate(slate.names):
        if np.any(tank.staying[row] > 0.0):
            held = ratio(tank.staying[row], np.asarray(tank.volume))
            shown.append(Figure(held, "g/L", f"{name} in the electrolyte"))
    return shown


def _electrolyte(tank: Tank, p: Parameters) -> Array:
    """Volume of electrolyte, m^3, (scenarios,)."""
    return np.asarray(cells_needed(tank.current, p) * p.electrolyte_per_cell)


def _days_to_the_limit(tank: Tank, p: Parameters) -> Array:
    return ratio(_electrolyte(tank, p), tank.least_volume)


def _reagents(drawn: Flow) -> list[Figure]:
    return [
        Figure(drawn.of(name), "kg/h", f"{name.removesuffix('(aq)')} drawn")
        for name in drawn.slate.names
        if np.any(drawn.of(name) > 0.0)
    ]


def _in_process(flows: Flows, tank: Tank, p: Parameters) -> Sequence[Figure]:
    """Antimony that lies in the tank house, on the mean over time."""
    anodes = flows["anodes"].of("Sb") * (p.anode_life * (1.0 + p.anode_scrap_fraction) / 2.0)
    cathodes = flows["cathode"].of("Sb") * (p.cathode_life / 2.0)
    electrolyte = _electrolyte(tank, p)
    dissolved = electrolyte * p.antimony_in_electrolyte
    through = (flows["anodes"] - flows["anode_scrap"]).of("Sb")
    return (
        Figure(electrolyte, "m^3", "electrolyte in circulation", "equipment"),
        Figure(anodes, "t", "antimony in anodes"),
        Figure(dissolved, "t", "antimony in the electrolyte"),
        Figure(cathodes, "t", "antimony on cathodes"),
        Figure(ratio(anodes + dissolved + cathodes, through), "d", "residence of antimony"),
    )


def bleed_refusals(slate: Slate, tank: Tank, p: Parameters) -> list[str]:
    """One text per scenario: the impurity that a given bleed lets grow above its limit."""
    limits = np.broadcast_to(p.impurity_limit, tank.staying.shape)
    texts = []
    for column in range(tank.staying.shape[1]):
        given = np.broadcast_to(tank.volume, tank.least_volume.shape)[column]
        least = tank.least_volume[column]
        if not given * (1.0 + 1e-9) < least:
            texts.append("")
            continue
        row = int(np.argmax(tank.staying[:, column] / limits[:, column]))
        held = "endless" if given == 0.0 else f"{tank.staying[row, column] / given:.3g}"
        dissolved = tank.antimony_dissolved[column]
        needed = f"{1e3 * least / dissolved:.3g} m^3/t" if dissolved > 0.0 else "more antimony"
        texts.append(
            f"bleed_volume lets {slate.names[row]} grow to {held} g/L, above its impurity_limit of "
            f"{limits[row, column]:.3g} g/L; give {needed} or more, or leave it out"
        )
    return texts


def warnings(flows: Flows, tank: Tank, p: Parameters) -> list[str]:
    """One line for each thing an engineer should know."""
    return [
        *_setting_warnings(p),
        *_chloride_warnings(p),
        *_bleed_warnings(tank),
        *_charge_warnings(tank, p),
        *_cathode_warnings(flows["cathode"]),
    ]


def _setting_warnings(p: Parameters) -> list[str]:
    bath, found = BATHS[p.bath], []
    volts, density = first(voltage(p)), first(p.current_density)
    antimony = first(p.antimony_in_electrolyte)
    low, high = _USUAL_VOLTAGE
    if not low <= volts <= high:
        found.append(f"cell_voltage of {volts:.3g} V is outside the 0.4 to 0.8 V of refining")
    if density > bath.highest_current_density:
        found.append(
            f"current_density of {density:g} A/m^2 is above the {bath.highest_current_density:g} "
            f"A/m^2 of published tests"
        )
    low, high = bath.usual_antimony
    if not low <= antimony <= high:
        found.append(
            f"antimony_in_electrolyte of {antimony:g} g/L is outside {low:g} to {high:g} g/L; "
            f"{bath.refuge}"
        )
    return found


def _chloride_warnings(p: Parameters) -> list[str]:
    if p.bath != "chloride":
        return []
    density, warmth = first(p.current_density), first(p.electrolyte_temperature)
    found = [
        "the chloride bath was given up in practice for its cost (Lixa, Portugal); its splits are "
        "guesses from nobility"
    ]
    if density > _EXPLOSIVE_CURRENT_DENSITY or warmth < _EXPLOSIVE_BELOW:
        found.append(
            f"explosive antimony: at {density:g} A/m^2 and {warmth - 273.15:.3g} degC a chloride "
            f"bath may deposit it; stay below {_EXPLOSIVE_CURRENT_DENSITY:g} A/m^2 and above "
            f"{_EXPLOSIVE_BELOW - 273.15:g} degC (both assumed)"
        )
    return found


def _bleed_warnings(tank: Tank) -> list[str]:
    wanted, dissolved = 3.6 * first(tank.antimony_wanted), 3.6 * first(tank.antimony_dissolved)
    if wanted > dissolved:
        return [
            f"the bleed would carry {wanted:.4g} t/h Sb but only {dissolved:.4g} t/h dissolve: "
            f"remove As and Fe before casting"
        ]
    if wanted > 0.1 * dissolved > 0.0:
        return [
            f"the bleed takes {100.0 * wanted / dissolved:.3g} % of the dissolved antimony; remove "
            f"As and Fe before casting, or win it back from the bleed"
        ]
    return []


def _charge_warnings(tank: Tank, p: Parameters) -> list[str]:
    current = first(tank.current)
    if p.anodic_efficiency is None:
        share = first(ratio(tank.dissolving_charge, tank.current))
        if current > 0.0 and share > 1.0 + _CHARGE_GAP:
            return [
                f"what dissolves gives off {share:.3g} times the charge passed, so that air has to "
                f"dissolve the rest; give anodic_efficiency to make up the bleed with trioxide"
            ]
        return []
    possible = first(tank.efficiency_possible)
    if current > 0.0 and possible < first(p.current_efficiency) * (1.0 - 1e-9):
        return [
            f"impurities that deposit leave antimony {100.0 * possible:.3g} % of the charge, less "
            f"than the current_efficiency of {100.0 * first(p.current_efficiency):.3g} %"
        ]
    return []


def _cathode_warnings(cathode: Flow) -> list[str]:
    ppm = {s: 1e6 * first(ratio(cathode.of(s), cathode.total())) for s in CATHODE_LIMITS_PPM}
    high = [f"{s} {ppm[s]:.3g} ppm" for s, limit in CATHODE_LIMITS_PPM.items() if ppm[s] > limit]
    if not high:
        return []
    return [
        f"the cathode holds {', '.join(high)}, more than grade Sb99.90 allows; electrolysis hardly "
        f"removes As, Bi and Cu, take them out before casting"
    ]
