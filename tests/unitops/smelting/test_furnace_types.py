"""Types of furnace: their numbers, what they fill in, and what they warn of."""

from typing import get_args

import pytest

from flowsheet.core.errors import InputError
from flowsheet.core.flow import flow_of
from flowsheet.core.slate import Slate
from unitops.smelting.furnace_types import Furnace, furnace_type, furnace_types
from unitops.smelting.roaster import Roaster

SPECIES = [
    *("Sb2S3", "Pb4FeSb6S14", "SiO2", "C", "Sb2O3", "Sb2O4", "PbO", "Fe2O3"),
    *("O2", "N2", "CO2", "SO2", "Sb4O6(g)"),
]
FILLED = ("excess_air", "leakage_air", "heat_loss", "antimony_volatilised", "dust_carry_over")


def roaster(furnace, **changed):
    dead = furnace_types()[furnace].modes[0] == "dead" and furnace != "rotary_kiln"
    fixed = {"mode": "dead" if dead else "volatilising"}
    fixed["temperature"] = "450 degC" if dead else "950 degC"
    ports = {"feed": "ore", "air": "air", "fuel": "coke", "calcine": "calcine", "gas": "gas"}
    return Roaster(**ports, furnace=furnace, **{**fixed, **changed})


def roast(unit, masses):
    slate = Slate(SPECIES)
    feed = flow_of(slate, masses)
    return {"feed": feed, **unit.run(feed=feed, p=unit.resolve(slate))}


def warnings(furnace, masses, **changed):
    unit = roaster(furnace, **changed)
    flows = roast(unit, masses)
    return unit.warnings(flows, unit.resolve(flows["feed"].slate))


def warned(text, lines):
    return any(text in line for line in lines)


def test_every_type_has_its_numbers_with_range_basis_and_source():
    assert set(furnace_types()) == set(get_args(Furnace))
    for kind in furnace_types().values():
        assert set(kind.modes) <= {"dead", "volatilising"}
        assert kind.title
        assert set(FILLED) | {"temperature"} <= set(kind.settings)
        for name, setting in kind.settings.items():
            assert setting.source
            assert setting.basis in {"published", "estimated", "assumed"}
            assert setting.low < setting.high
            if name in FILLED:
                assert setting.low <= setting.value <= setting.high


def test_unknown_type():
    with pytest.raises(InputError, match="no furnace type 'rotary_kilm'; did you mean"):
        furnace_type("rotary_kilm")


@pytest.mark.parametrize("furnace", get_args(Furnace))
def test_what_is_not_given_is_that_of_the_type(furnace):
    masses = {"Sb2S3": 0.25, "SiO2": 0.75}
    explicit = {name: furnace_types()[furnace].settings[name].value for name in FILLED}
    found, same = roast(roaster(furnace), masses), roast(roaster(furnace, **explicit), masses)
    for port in ("air", "calcine", "gas"):
        assert found[port].mass == pytest.approx(same[port].mass)
    solved = {"heat_balance": "solved_temperature", "temperature": None, "fuel_ratio": 0.05}
    found, same = (roast(roaster(furnace, **solved, **x), masses) for x in ({}, explicit))
    assert found["gas"].mass == pytest.approx(same["gas"].mass)


def test_explicit_values_win():
    masses = {"Sb2S3": 0.25, "SiO2": 0.75}
    unit = roaster("rotary_kiln", excess_air=0.1, dust_carry_over=0.2, leakage_air=0.0)
    flows = roast(unit, masses)
    assert flows["gas"].of("SiO2")[0] == pytest.approx(0.15)
    used = flows["air"].moles("O2")[0] - flows["gas"].moles("O2")[0]
    assert flows["air"].moles("O2")[0] == pytest.approx(1.1 * used)


def test_fluid_bed_is_for_lead_antimony_or_dilute_feed():
    rich = {"Sb2S3": 0.7, "SiO2": 0.3}
    text = "70% stibnite melts and agglomerates in a fluid bed"
    assert warned(text, warnings("fluid_bed", rich))
    assert not warned("melts", warnings("fluid_bed", {"Pb4FeSb6S14": 0.7, "SiO2": 0.3}))
    assert not warned("melts", warnings("fluid_bed", {"Sb2S3": 0.05, "SiO2": 0.95}))
    assert not warned("melts", warnings("multiple_hearth", rich))


def test_wrong_mode():
    lines = warnings("blast_furnace", {"Sb2S3": 0.4, "SiO2": 0.6}, mode="dead")
    assert warned("blast furnace for volatilisation is no furnace for a dead roast", lines)
    assert not warned("no furnace for", warnings("rotary_kiln", {"Sb2S3": 0.2, "SiO2": 0.8}))


@pytest.mark.parametrize(
    ("furnace", "grade", "advice"),
    [
        ("rotary_kiln", 0.02, "below 5 % is concentrated first"),
        ("rotary_kiln", 0.35, "25 to 45 % goes to a blast furnace"),
        ("rotary_kiln", 0.55, "above 45 % is liquated or precipitated with iron"),
        ("blast_furnace", 0.10, "5 to 25 % is volatilised in a kiln or shaft"),
        ("rotary_kiln", 0.15, None),
        ("blast_furnace", 0.35, None),
        ("herrenschmidt_shaft", 0.18, None),
        ("bottom_blowing", 0.50, None),
    ],
)
def test_ore_grade(furnace, grade, advice):
    stibnite = grade / 0.7168
    lines = warnings(furnace, {"Sb2S3": stibnite, "SiO2": 1.0 - stibnite})
    found = [line for line in lines if "Sb in the dry feed is not usual" in line]
    assert len(found) == (advice is not None)
    assert advice is None or advice in found[0]


def test_fuel_and_gas_of_a_blast_furnace():
    ore = {"Sb2S3": 0.5, "SiO2": 0.5}
    inside = warnings("blast_furnace", ore, fuel_ratio=0.30, leakage_air=3.0)
    assert not warned("not usual", inside)
    outside = warnings("blast_furnace", ore, fuel_ratio=0.05)
    assert warned("5.0% carbon per dry solids is not usual", outside)
    assert warned("SO2 in the dry gas is not usual", outside)


def test_enriched_bottom_blowing():
    ore = {"Sb2S3": 0.6, "SiO2": 0.4}
    lean = warnings("bottom_blowing", ore, temperature="1200 degC")
    assert warned("oxygen-enriched bottom blowing on air of 21% O2", lean)
    assert warned("SO2 in the dry gas is not usual", lean) is False
    rich = warnings("bottom_blowing", ore, temperature="1200 degC", oxygen_in_air=0.6)
    assert not warned("bottom blowing on air", rich)
    assert not warned("SO2 in the dry gas is not usual", rich)


def test_temperature_and_doubtful_types():
    ore = {"Sb2S3": 0.2, "SiO2": 0.8}
    assert warned("1100 degC is not usual", warnings("rotary_kiln", ore, temperature="1100 degC"))
    assert warned("trials rather than practice", warnings("flash_cyclone", ore))
