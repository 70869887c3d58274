"""Charge, bleed, voltage and stocks of the tank house, in closed forms and published numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet import Flowsheet, solve
from flowsheet.core.errors import InputError
from flowsheet.core.flow import flow_of
from flowsheet.core.quantities import from_base
from flowsheet.core.slate import Slate
from flowsheet.core.species import Species
from unitops.refining.electrolytic_refining import ElectrolyticRefining
from unitops.streams.feed import Feed

PORTS = {"anodes": "a", "cathode": "c", "slimes": "s", "bleed": "b", "anode_scrap": "r"}
METALS = ["Sb", "As", "Fe", "Pb", "Cu", "Ag", "Au", "Sb2O3"]
SALTS = ["SbF3(aq)", "H3AsO3(aq)", "FeSO4(aq)", "PbSO4(aq)", "CuSO4(aq)", "HF(aq)"]
SPECIES = [*METALS, *SALTS, "H2SO4", "H2O", "O2"]
CHLORIDE = ["SbCl3(aq)", "PbCl2(aq)", "CuCl(aq)", "FeCl2(aq)", "AgCl(aq)", "HCl(aq)", "NaCl(aq)"]


def refining(**parameters):
    return ElectrolyticRefining(**PORTS, reagents="e", air="o", **parameters)


def whole(**parameters):
    """Anodes without scrap that dissolve wholly, iron staying in solution."""
    given = {"dissolved": {"Sb": 1.0, "Fe": 1.0}, "dissolved_to_cathode": {"Fe": 0.0}}
    return refining(anode_scrap_fraction=0.0, **{**given, **parameters})


def ran(unit, masses, species=SPECIES):
    slate = Slate(species)
    anodes = flow_of(slate, masses)
    p = unit.resolve(slate)
    return {"anodes": anodes, **unit.run(anodes, p=p)}, p


def figure(unit, flows, p, label):
    found = {figure.label: figure for figure in unit.figures(flows, p)}[label]
    return float(np.ravel(from_base(found.value, found.unit))[0])


# Charge


def test_what_the_cathode_does_not_take_of_the_charge_leaves_with_the_bleed():
    unit = whole(anodic_efficiency=1.0, current_efficiency=0.976)
    flows, p = ran(unit, {"Sb": 100.0})
    assert flows["cathode"].of("Sb")[0] == pytest.approx(97.6, rel=1e-12)
    assert flows["bleed"].element("Sb")[0] == pytest.approx(2.4, rel=1e-12)
    # Air oxidises it: 3/4 O2 (31.998) per Sb (121.760).
    assert flows["air"].of("O2")[0] == pytest.approx(2.4 * 0.75 * 31.998 / 121.760, rel=1e-6)
    assert figure(unit, flows, p, "electrolyte bled") == pytest.approx(2.4 / 90.0 * 3600.0)
    assert figure(unit, flows, p, "charge of what dissolves, of the charge passed") == 100.0


def test_iron_that_dissolves_takes_antimony_out_of_the_bath_and_trioxide_makes_it_up():
    # 1 kmol Sb, 0.1 kmol Fe, no losses: (3 + 0.2)/3 kmol Sb deposit; 5.5845 kg Fe leave at 8 g/L.
    unit = whole(anodic_efficiency=1.0, current_efficiency=1.0)
    flows, _ = ran(unit, {"Sb": 121.760, "Fe": 5.5845})
    deposit, bled = 121.760 * 3.2 / 3.0, 5.5845 / 8.0 * 90.0
    assert flows["cathode"].of("Sb")[0] == pytest.approx(deposit, rel=1e-5)
    assert flows["bleed"].element("Sb")[0] == pytest.approx(bled, rel=1e-5)
    made_up = bled + deposit - 121.760
    assert flows["reagents"].element("Sb")[0] == pytest.approx(made_up, rel=1e-5)
    assert flows["reagents"].of("Sb2O3")[0] == pytest.approx(made_up * 291.518 / 243.52, rel=1e-4)
    assert flows["air"].total()[0] == pytest.approx(0.0, abs=1e-12)


def test_losses_at_the_cathode_save_trioxide():
    drawn = [
        ran(whole(anodic_efficiency=1.0, current_efficiency=efficiency), {"Sb": 100.0, "Fe": 1.0})[
            0
        ]["reagents"].of("Sb2O3")[0]
        for efficiency in (0.95, 0.97, 0.99)
    ]
    assert drawn[0] < drawn[1] < drawn[2]


def test_without_anodic_efficiency_no_trioxide_is_drawn():
    flows, _ = ran(whole(), {"Sb": 100.0, "Fe": 1.0})
    assert flows["reagents"].of("Sb2O3")[0] == 0.0


def test_current_follows_what_dissolves_where_the_anodic_efficiency_is_given():
    unit = whole(anodic_efficiency=0.98, current_efficiency=0.95)
    flows, p = ran(unit, {"Sb": 1.0 / 3600.0})
    # 660.35 Ah per kg and hour at 100 %
    current = figure(unit, flows, p, "current through all cells together")
    assert current == pytest.approx(0.66035 / 0.98, rel=1e-5)


def test_impurities_on_the_cathode_leave_less_charge_to_antimony_and_this_is_said():
    unit = whole(
        anodic_efficiency=1.0,
        current_efficiency=0.99,
        dissolved={"Sb": 1.0, "Cu": 1.0},
        dissolved_to_cathode={"Cu": 1.0},
    )
    flows, p = ran(unit, {"Sb": 121.760, "Cu": 12.7092})  # 1 and 0.2 kmol: 3 and 0.4 of charge
    assert flows["cathode"].of("Sb")[0] == pytest.approx(121.760, rel=1e-5)
    said = " ".join(unit.warnings(flows, p))
    assert "leave antimony 88.2 % of the charge, less than the current_efficiency of 99 %" in said


def test_an_anode_that_dissolves_more_than_the_charge_is_said():
    unit = whole(current_efficiency=1.0)
    flows, p = ran(unit, {"Sb": 100.0, "Fe": 1.0})
    assert "times the charge passed, so that air has to dissolve the rest" in " ".join(
        unit.warnings(flows, p)
    )
    quiet = whole(current_efficiency=1.0, anodic_efficiency=1.0)
    flows, p = ran(quiet, {"Sb": 100.0, "Fe": 0.1})
    assert not quiet.warnings(flows, p)


# What the bleed carries


def test_the_bleed_carries_acid_fluoride_and_water_that_are_drawn():
    unit = whole()
    flows, _ = ran(unit, {"Sb": 100.0, "Fe": 0.8})  # 0.1 m3
    bleed, reagents = flows["bleed"], flows["reagents"]
    assert bleed.of("H2SO4")[0] == pytest.approx(36.0)
    assert bleed.of("HF(aq)")[0] == pytest.approx(2.1)
    assert bleed.of("H2O")[0] == pytest.approx(85.0)
    for element in ("F", "S"):  # as acid, and bound in SbF3 and FeSO4
        assert reagents.element(element)[0] == pytest.approx(bleed.element(element)[0])
    bound = 9.0 * 3 * 18.998 / 121.760
    assert bleed.element("F")[0] == pytest.approx(bound + 2.1 * 18.998 / 20.006, rel=1e-4)


def test_free_acid_can_be_given():
    flows, _ = ran(whole(reagents_in_electrolyte={"H2SO4": "200 g/L"}), {"Sb": 100.0, "Fe": 0.8})
    assert flows["bleed"].of("H2SO4")[0] == pytest.approx(20.0)
    assert flows["bleed"].of("HF(aq)")[0] == pytest.approx(2.1)


def test_a_smaller_bleed_makes_a_stronger_impurity():
    held = []
    for volume in ("0.2 m^3/t", "0.4 m^3/t"):
        unit = whole(bleed_volume=volume)
        flows, p = ran(unit, {"Sb": 1000.0, "Fe": 1.0})
        held.append(figure(unit, flows, p, "Fe in the electrolyte"))
    assert held == pytest.approx([5.0, 2.5])


def test_a_given_bleed_carries_acid_by_its_volume():
    unit = whole(bleed_volume="0.4 m^3/t")
    flows, p = ran(unit, {"Sb": 1000.0, "Fe": 1.0})
    assert flows["bleed"].of("H2SO4")[0] == pytest.approx(0.4 * 360.0)
    # Beside it fluoride and sulphate of what dissolved: 36 kg Sb take 3 HF each.
    bound = 36.0 * 3 * 20.006 / 121.760
    drawn = figure(unit, flows, p, "HF drawn") / 3600.0
    assert drawn == pytest.approx(0.4 * 21.0 + bound, rel=1e-4)
    assert figure(unit, flows, p, "antimony lost with the bleed") == pytest.approx(36.0 * 3600.0)


def test_no_more_antimony_is_lost_than_dissolves():
    unit = whole()
    flows, p = ran(unit, {"Sb": 10.0, "Fe": 10.0})
    assert figure(unit, flows, p, "antimony lost with the bleed") == pytest.approx(36000.0)


def test_the_tightest_limit_decides():
    unit = whole(impurity_limit={"Fe": "10 g/L", "As": "2 g/L", "others": "8 g/L"})
    flows, p = ran(unit, {"Sb": 100.0, "Fe": 0.1, "As": 1.0})
    assert figure(unit, flows, p, "As in the electrolyte") == pytest.approx(2.0)
    assert figure(unit, flows, p, "Fe in the electrolyte") < 10.0


def plant(**parameters):
    composition = {"Sb": "99 %", "Fe": "1 %"}
    return Flowsheet(
        species=SPECIES,
        units={
            "casting": Feed(outlet="a", flow="1 t/h", composition=composition),
            "tank_house": whole(**parameters),
        },
    )


def test_a_bleed_too_small_for_the_limits_is_refused():
    message = (
        r"bleed_volume lets Fe grow to 101 g/L, above its impurity_limit of 8 g/L; "
        r"give 1.26 m\^3/t or more"
    )
    with pytest.raises(InputError, match=message):
        solve(plant(bleed_volume="0.1 m^3/t"))
    solve(plant(bleed_volume="1.3 m^3/t"))


def test_impurities_without_antimony_have_no_bleed_to_leave_with():
    unit = whole(bleed_volume="1 m^3/t")
    flows, p = ran(unit, {"Fe": 1.0})
    assert "Fe grow to endless g/L" in unit.refusals(flows, p)[0]
    assert "give more antimony" in unit.refusals(flows, p)[0]


def test_one_refusal_per_scenario():
    unit = whole(bleed_volume="0.5 m^3/t")
    slate = Slate(SPECIES)
    anodes = flow_of(slate, {"Sb": np.full(3, 1000.0), "Fe": np.array([1.0, 4.0, 4.1])})
    p = unit.resolve(slate)
    texts = unit.refusals({"anodes": anodes, **unit.run(anodes, p=p)}, p)
    assert [bool(text) for text in texts] == [False, False, True]


def test_time_until_the_limit_without_a_bleed():
    # 1 kg/s Fe into electrolyte at 8 g/L: so many m3 fill up in V * 8 seconds.
    unit = whole(electrolyte_per_cell="10 m^3", current_efficiency=1.0)
    flows, p = ran(unit, {"Sb": 100.0, "Fe": 0.001})
    volume = figure(unit, flows, p, "electrolyte in circulation")
    days = figure(unit, flows, p, "time to the tightest limit without a bleed")
    assert days * 86400.0 == pytest.approx(volume * 8.0 / 0.001)


# Lead and precious metals


def test_lead_of_the_slimes_may_be_counted_as_sulphate():
    species = [*SPECIES, Species("PbSO4")]
    unit = whole(lead_in_slimes="sulphate", dissolved={"Sb": 1.0, "Pb": 0.0})
    flows, _ = ran(unit, {"Sb": 100.0, "Pb": 1.0}, species)
    assert flows["slimes"].of("PbSO4")[0] == pytest.approx(303.26 / 207.2, rel=1e-4)
    assert flows["slimes"].of("Pb")[0] == 0.0
    assert flows["reagents"].of("H2SO4")[0] == pytest.approx(98.072 / 207.2, rel=1e-4)


def test_lead_sulphate_takes_current():
    species = [*SPECIES, Species("PbSO4")]
    masses = {"Sb": 121.76, "Pb": 207.2}  # 3 and 2 of charge
    given = {"dissolved": {"Sb": 1.0, "Pb": 0.0}, "anodic_efficiency": 1.0}
    currents = []
    for lead in ("metal", "sulphate"):
        unit = whole(lead_in_slimes=lead, **given)
        flows, p = ran(unit, masses, species)
        currents.append(figure(unit, flows, p, "current through all cells together"))
    assert currents[1] / currents[0] == pytest.approx(5.0 / 3.0, rel=1e-4)


def test_precious_metals_and_antimony_of_the_slimes():
    unit = refining(dissolved={"Sb": 0.98, "Au": 0.0, "Ag": 0.0})
    flows, p = ran(unit, {"Sb": 100.0, "Au": 0.1, "Ag": 0.5})
    assert figure(unit, flows, p, "gold in the slimes") == pytest.approx(100.0 * 0.1 / 2.6)
    assert figure(unit, flows, p, "silver in the slimes") == pytest.approx(100.0 * 0.5 / 2.6)
    assert figure(unit, flows, p, "antimony in the slimes") == pytest.approx(100.0 * 2.0 / 2.6)
    assert figure(unit, flows, p, "slimes per consumed anode") == pytest.approx(26.0 / 1.006)


def test_a_billionth_of_an_impurity_keeps_six_digits():
    much, _ = ran(refining(), {"Sb": 1.0, "As": 1e-4, "Fe": 1e-3})
    little, _ = ran(refining(), {"Sb": 1.0, "As": 1e-9, "Fe": 1e-3})
    for port in ("cathode", "slimes", "bleed"):
        ratio = little[port].element("As")[0] / much[port].element("As")[0]
        assert ratio == pytest.approx(1e-5, rel=1e-6)


# Nobility


@pytest.mark.parametrize(
    ("metal", "port"), [("Pt", "slimes"), ("Hg", "slimes"), ("Cd", "bleed"), ("Co", "bleed")]
)
def test_metals_outside_the_table_go_where_their_nobility_sends_them(metal, port):
    species = [*SPECIES, Species(metal), Species(f"{metal}(aq)", phase="liquid")]
    flows, _ = ran(refining(), {"Sb": 100.0, metal: 0.1}, species)
    assert flows[port].element(metal)[0] > 0.9 * 0.85 * 0.1


@pytest.mark.parametrize(
    ("metal", "port"), [("Pb", "bleed"), ("Fe", "bleed"), ("Au", "slimes"), ("Cu", "cathode")]
)
def test_in_chloride_lead_stays_dissolved(metal, port):
    unit = refining(bath="chloride")
    flows, _ = ran(unit, {"Sb": 100.0, metal: 0.1}, [*METALS, *CHLORIDE, "H2O", "O2", "H3AsO3(aq)"])
    assert flows[port].element(metal)[0] > 0.7 * 0.85 * 0.1


def test_bath_of_chloride():
    unit = refining(bath="chloride", dissolved={"Sb": 1.0})
    flows, _ = ran(unit, {"Sb": 100.0, "Fe": 0.1}, [*METALS, *CHLORIDE, "H2O", "O2", "H3AsO3(aq)"])
    bleed = flows["bleed"]
    assert bleed.element("Sb")[0] / bleed.of("HCl(aq)")[0] == pytest.approx(0.7)
    assert bleed.of("NaCl(aq)")[0] / bleed.of("HCl(aq)")[0] == pytest.approx(1.5)
    assert set(unit.required_species()) >= {"SbCl3(aq)", "HCl(aq)", "NaCl(aq)"}


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"current_density": "250 A/m^2", "electrolyte_temperature": "50 degC"}, "at 250 A/m^2"),
        ({"electrolyte_temperature": "20 degC"}, "at 110 A/m^2 and 20 degC a chloride bath may"),
    ],
)
def test_explosive_antimony_is_said(parameters, said):
    unit = refining(bath="chloride", **parameters)
    flows, p = ran(unit, {"Sb": 1.0}, [*METALS, *CHLORIDE, "H2O", "O2", "H3AsO3(aq)"])
    assert any("explosive antimony" in text and said in text for text in unit.warnings(flows, p))
    assert any("given up in practice for its cost" in text for text in unit.warnings(flows, p))
    assert not any("published tests" in text for text in unit.warnings(flows, p))


def test_chloride_is_run_up_to_300_amperes():
    unit = refining(bath="chloride", current_density="310 A/m^2")
    flows, p = ran(unit, {"Sb": 1.0}, [*METALS, *CHLORIDE, "H2O", "O2", "H3AsO3(aq)"])
    said = "current_density of 310 A/m^2 is above the 300 A/m^2 of published tests"
    assert any(said in text for text in unit.warnings(flows, p))


def test_warm_chloride_at_low_current_density_is_not_explosive():
    unit = refining(bath="chloride", electrolyte_temperature="50 degC")
    flows, p = ran(unit, {"Sb": 1.0}, [*METALS, *CHLORIDE, "H2O", "O2", "H3AsO3(aq)"])
    assert not any("explosive" in text for text in unit.warnings(flows, p))


# Voltage


def voltages(**parameters):
    unit = refining(**parameters)
    flows, p = ran(unit, {"Sb": 1.0})
    return {f.label: float(np.ravel(f.value)[0]) for f in unit.figures(flows, p) if f.unit == "V"}


def test_the_voltage_is_the_sum_of_its_parts():
    parts = voltages(equilibrium_difference="0.02 V")
    total = parts.pop("cell voltage")
    assert total == pytest.approx(sum(parts.values()))
    assert parts["of it ohmic drop of the electrolyte"] == pytest.approx(0.275)  # 110 * 0.075 / 30
    assert parts["of it busbars and contacts"] == 0.05
    assert parts["of it equilibrium difference"] == 0.02
    assert 0.5 < total < 0.65  # 0.4 to 0.8 V in practice


@pytest.mark.parametrize(
    ("parameters", "volts"),
    [
        ({"electrode_spacing": "40 mm"}, 110 * 0.04 / 30),
        ({"conductivity": "60 S/m"}, 110 * 0.075 / 60),
        ({"conductivity": "0.6 S/cm"}, 110 * 0.075 / 60),
    ],
)
def test_ohmic_drop(parameters, volts):
    assert voltages(**parameters)["of it ohmic drop of the electrolyte"] == pytest.approx(volts)


def test_overpotential_has_the_slope_of_tafel():
    # 2 * 2.302585 * R * T / F is 118.3 mV per decade at 25 degC.
    settings = {
        "electrolyte_temperature": "25 degC",
        "anode_exchange_current_density": "1e-4 A/m^2",
    }
    label = "of it overpotential of the anode"
    low = voltages(current_density="10 A/m^2", **settings)[label]
    high = voltages(current_density="100 A/m^2", **settings)[label]
    assert high - low == pytest.approx(0.1183, abs=1e-4)


def test_overpotential_is_proportional_near_equilibrium():
    settings = {
        "cathode_exchange_current_density": "1000 A/m^2",
        "electrolyte_temperature": "25 degC",
    }
    # R T / F is 25.69 mV at 25 degC
    found = voltages(current_density="10 A/m^2", **settings)["of it overpotential of the cathode"]
    assert found == pytest.approx(0.02569 * 0.01, rel=1e-3)


@given(density=st.floats(1.0, 400.0), more=st.floats(1.01, 3.0))
def test_more_current_density_takes_more_voltage(density, more):
    low, high = (voltages(current_density=f"{d} A/m^2") for d in (density, more * density))
    assert high["cell voltage"] > low["cell voltage"]


def test_a_given_voltage_is_not_parted():
    assert voltages(cell_voltage="0.6 V") == {"cell voltage": 0.6}


def test_outlets_are_as_warm_as_the_bath():
    unit = refining(electrolyte_temperature="40 degC")
    flows, p = ran(unit, {"Sb": 1.0})
    found = unit.temperatures(flows, p)
    assert found == dict.fromkeys(("cathode", "slimes", "bleed", "anode_scrap"), 313.15)


# Cells and stocks


def test_cells_and_metal_in_process():
    unit = whole(current_efficiency=1.0, anode_life="20 d", cathode_life="10 d")
    masses = {"Sb": 1e3 / 86400.0}  # 1 t/d: 660.35 kAh/d are 27.515 kA
    flows, p = ran(unit, masses)
    assert figure(unit, flows, p, "current of a cell") == pytest.approx(3.3)
    assert figure(unit, flows, p, "cells") == 9.0  # 8.34
    cells = 27.515 / 3.3
    assert figure(unit, flows, p, "electrolyte in circulation") == pytest.approx(
        6 * cells, rel=1e-4
    )
    assert figure(unit, flows, p, "antimony in anodes") == pytest.approx(10.0)  # half of 20 t
    assert figure(unit, flows, p, "antimony on cathodes") == pytest.approx(5.0)
    dissolved = figure(unit, flows, p, "antimony in the electrolyte")
    assert dissolved == pytest.approx(6 * cells * 0.09, rel=1e-4)
    residence = figure(unit, flows, p, "residence of antimony")
    assert residence == pytest.approx(15.0 + dissolved)


def test_scrap_makes_the_stock_of_anodes_larger():
    unit = refining(dissolved={"Sb": 1.0}, anode_scrap_fraction=0.2, anode_life="10 d")
    flows, p = ran(unit, {"Sb": 1e3 / 86400.0})
    assert figure(unit, flows, p, "antimony in anodes") == pytest.approx(6.0)


def test_anode_scrap_goes_round():
    anodes = Feed(outlet="cast", flow="1 t/h", composition={"Sb": "99.9 %", "Fe": "0.1 %"})
    ports = {**PORTS, "anodes": ["cast", "r"]}
    house = ElectrolyticRefining(**ports, reagents="e", air="o")
    solved = solve(Flowsheet(species=SPECIES, units={"cast": anodes, "house": house}))
    scrap = solved["r"].mass_flow("t/h").magnitude
    assert scrap == pytest.approx(0.15 / 0.85)


# Published


def test_published_energy():
    unit = refining(cell_voltage="0.6 V")
    flows, p = ran(unit, {"Sb": 1.0})
    assert figure(unit, flows, p, "energy per tonne of antimony") == pytest.approx(406.0, abs=0.1)


def test_voltage_of_the_parts_gives_an_energy_of_practice():
    unit = refining()
    flows, p = ran(unit, {"Sb": 1.0})
    assert 270.0 < figure(unit, flows, p, "energy per tonne of antimony") < 560.0


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"current_efficiency": 1.05}, "current_efficiency: must lie between 0 and 1, got 1.05"),
        ({"anodic_efficiency": 0.9}, "anodic_efficiency of 0.9 is below the current_efficiency"),
        ({"bleed_volume": "0 m^3/t"}, "bleed_volume of 0 m.3/t lets impurities grow without end"),
        ({"antimony_in_electrolyte": "0 g/L"}, "antimony_in_electrolyte of 0 g/L deposits nothing"),
        ({"electrode_spacing": "0 mm"}, "electrode_spacing: must be above 0"),
        ({"conductivity": "0 S/m"}, "conductivity: must be above 0 S/m"),
        ({"conductivity": "3 V"}, "conductivity: needs a unit of conductivity"),
        ({"current_density": "0 A/m^2"}, "current_density: must be above 0 A/m.2"),
        ({"cathode_area_per_cell": "0 m^2"}, "cathode_area_per_cell of 0 m.2 takes endless cells"),
        ({"electrolyte_temperature": "120 degC"}, "electrolyte_temperature of 120 degC freezes or"),
        ({"electrolyte_temperature": "-5 degC"}, "electrolyte_temperature of -5 degC freezes or"),
        (
            {"bath": "chloride", "lead_in_slimes": "sulphate"},
            "lead_in_slimes as sulphate needs the sulphate-fluoride bath",
        ),
        ({"reagents_in_electrolyte": {"HF(aq)": "-1 g/L"}}, "HF.aq.: must be 0 g/L or more"),
    ],
)
def test_nonsense_is_refused(parameters, message):
    with pytest.raises(InputError, match=message):
        refining(**parameters)
