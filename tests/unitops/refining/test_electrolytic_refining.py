import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow, flow_of
from flowsheet.core.quantities import from_base
from flowsheet.core.slate import Slate
from flowsheet.core.species import Species
from tests.unitops.properties import (
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
    run,
)
from unitops.refining.anode_impurities import default_splits
from unitops.refining.electrolytic_refining import ElectrolyticRefining

METALS = ["Sb", "As", "Pb", "Cu", "Bi", "Fe", "Ni", "Sn", "Au", "Ag", "Zn", "Na", "S", "Te", "SiO2"]
SALT = {
    "Sb": "SbF3(aq)",
    "As": "H3AsO3(aq)",
    "Pb": "PbSO4(aq)",
    "Cu": "CuSO4(aq)",
    "Bi": "Bi2(SO4)3(aq)",
    "Fe": "FeSO4(aq)",
    "Ni": "NiSO4(aq)",
    "Sn": "SnSO4(aq)",
    "Zn": "ZnSO4(aq)",
    "Na": "Na2SO4(aq)",
    "Ag": "Ag2SO4(aq)",
}
BATH = ["HF(aq)", "H2SO4", "H2O", "O2"]
SPECIES = [*METALS, *SALT.values(), *BATH, "Sb2O3", "SO2", Species("PbSO4")]
BARE = ["Sb", "SbF3(aq)", *BATH]
CHLORIDES = ["SbCl3(aq)", "BiCl3(aq)", "CuCl(aq)", "PbCl2(aq)", "FeCl2(aq)", "NiCl2(aq)"]
CHLORIDES += ["SnCl2(aq)", "ZnCl2(aq)", "NaCl(aq)", "AgCl(aq)", "HCl(aq)", "H3AsO3(aq)"]
IN_CHLORIDE = [*METALS, *CHLORIDES, "H2O", "O2", "Sb2O3"]
FRACTION = st.floats(0.0, 1.0)
TANK_HOUSE = ["Sb", "As", "Cu", "Pb", "Bi", "Au", "SiO2", *SALT.values(), *BATH]
ANODE = {"Sb": 0.965, "As": 0.01, "Cu": 0.006, "Pb": 0.012, "Bi": 0.004, "Au": 0.0002}

SHARE_DISSOLVED = {"Sb": 0.99, "As": 0.85, "Cu": 0.1, "Pb": 0.05, "Bi": 0.15, "Au": 0, "SiO2": 0}
SLIMES = {
    "Sb": 0.8202500000000015,
    "As": 0.12750000000000006,
    "Cu": 0.459,
    "Pb": 0.969,
    "Bi": 0.28900000000000003,
    "Au": 0.017,
    "SiO2": 0.2380000000000021,
}


def refining(**parameters):
    ports = {"anodes": "a", "cathode": "c", "slimes": "s", "bleed": "b", "anode_scrap": "r"}
    return ElectrolyticRefining(**ports, reagents="e", air="o", **parameters)


def tank_house(**parameters):
    """A tank house whose bleed is set by arsenic; 100 kg of anodes."""
    settings = {
        "anode_scrap_fraction": "15 %",
        "dissolved": SHARE_DISSOLVED,
        "dissolved_to_cathode": {"As": 0.02, "Cu": 0.5, "Pb": 0.01, "Bi": 0.05},
        "impurity_limit": {"As": "8 g/L"},
        "antimony_in_electrolyte": "80 g/L",
        **parameters,
    }
    return refining(**settings)


def flows_of(unit, species, masses):
    """Solved flows of all ports, for 1 kg/s meaning 1 kg."""
    slate = Slate(species)
    feed = flow_of(slate, masses)
    p = unit.resolve(slate)
    made = unit.run(feed, p=p)
    return {"anodes": feed, **made}, p


def shown(unit, flows, p, label):
    """A figure as the report would show it."""
    found = {figure.label: figure for figure in unit.figures(flows, p)}[label]
    return float(np.ravel(from_base(found.value, found.unit))[0])


@given(
    mass=random_masses(len(SPECIES)),
    scrap=FRACTION,
    dissolved=FRACTION,
    antimony=FRACTION,
    deposited=FRACTION,
    limit=st.floats(0.01, 100.0),
    concentration=st.floats(0.1, 300.0),
    anodic=st.one_of(st.none(), st.floats(0.9, 1.0)),
    bleed=st.one_of(st.none(), st.floats(0.01, 10.0)),
    lead=st.sampled_from(["metal", "sulphate"]),
)
def test_any_feed_closes(
    *, mass, scrap, dissolved, antimony, deposited, limit, concentration, anodic, bleed, lead
):
    unit = refining(
        anode_scrap_fraction=scrap,
        dissolved={"As": dissolved, "Sb": antimony, "Fe": dissolved},
        dissolved_to_cathode={"As": deposited, "Cu": 0.5},
        impurity_limit={"As": f"{limit:.6f} g/L"},
        antimony_in_electrolyte=f"{concentration:.6f} g/L",
        anodic_efficiency=anodic,
        current_efficiency=0.9,
        bleed_volume=None if bleed is None else f"{bleed:.6f} m^3/t",
        lead_in_slimes=lead,
    )
    check_unit(unit, SPECIES, {"anodes": mass})


@given(mass=random_masses(len(SPECIES)))
def test_any_feed_closes_with_splits_of_the_table(mass):
    check_unit(refining(), SPECIES, {"anodes": mass})


@given(mass=random_masses(len(IN_CHLORIDE)), anodic=st.sampled_from([None, 1.0]))
def test_any_feed_closes_in_chloride(mass, anodic):
    unit = refining(bath="chloride", anodic_efficiency=anodic)
    check_unit(unit, IN_CHLORIDE, {"anodes": mass})


@given(mass=random_masses(len(TANK_HOUSE)))
def test_one_fraction_for_all_others_also_closes(mass):
    unit = tank_house(dissolved_to_cathode={"As": 0.02, "others": 1.0})
    check_unit(unit, TANK_HOUSE, {"anodes": mass})


def test_zero_feed_gives_zero():
    check_zero_feed(refining(), SPECIES)
    check_zero_feed(refining(anodic_efficiency=1.0, bleed_volume="1 m^3/t"), SPECIES)


@pytest.mark.parametrize("arsenic", [0.01, 30.0])
def test_derivative_with_and_without_antimony_left_for_the_cathode(arsenic):
    mass = np.linspace(0.03, 0.07, len(SPECIES)).reshape(-1, 1)
    mass[0], mass[1] = 10.0, arsenic
    check_derivative(refining(), SPECIES, {"anodes": mass})
    check_derivative(refining(anodic_efficiency=0.99), SPECIES, {"anodes": mass})
    check_derivative(refining(bleed_volume="0.1 m^3/t"), SPECIES, {"anodes": mass})


def test_tank_house_with_the_bleed_set_by_arsenic():
    masses = {name: 100.0 * part for name, part in ANODE.items()}
    masses["SiO2"] = 100.0 - sum(masses.values())
    unit = tank_house()
    flows, p = flows_of(unit, TANK_HOUSE, masses)
    for name, expected in SLIMES.items():
        assert flows["slimes"].of(name)[0] == pytest.approx(expected, rel=1e-9)
    cathode, bleed = flows["cathode"], flows["bleed"]
    assert flows["slimes"].total()[0] == pytest.approx(2.9197500000000036, rel=1e-9)
    assert bleed.element("Sb")[0] == pytest.approx(7.0805, rel=1e-9)
    assert bleed.element("Sb")[0] / 80.0 * 1e3 == pytest.approx(88.50625, rel=1e-9)
    assert cathode.of("Sb")[0] == pytest.approx(74.12424999999999, rel=1e-9)
    assert cathode.total()[0] == pytest.approx(74.16725999999998, rel=1e-9)
    ppm = {name: 1e6 * cathode.of(name)[0] / cathode.total()[0] for name in ("As", "Cu")}
    assert ppm["As"] == pytest.approx(194.82990203494106, rel=1e-9)
    assert ppm["Cu"] == pytest.approx(343.8174741793078, rel=1e-9)
    assert shown(unit, flows, p, "purity of the cathode") == pytest.approx(99.94200945268844)
    assert shown(unit, flows, p, "gold in the slimes") == pytest.approx(0.5822416302765641)
    assert shown(unit, flows, p, "electrolyte bled") == pytest.approx(0.08850625 * 3600.0)
    assert flows["anode_scrap"].mass == pytest.approx(0.15 * flows["anodes"].mass)
    assert shown(unit, flows, p, "As in the electrolyte") == pytest.approx(8.0)


def test_bleed_holds_every_impurity_at_or_below_its_limit():
    limits = {"As": "8 g/L", "Fe": "2 g/L", "Sn": "5 g/L", "others": "10 g/L"}
    unit = refining(impurity_limit=limits)
    masses = {"Sb": 98.0, "As": 0.2, "Fe": 0.3, "Sn": 0.1, "Pb": 0.3}
    flows, _ = flows_of(unit, SPECIES, masses)
    volume = flows["bleed"].element("Sb")[0] / 90.0
    held = {name: flows["bleed"].element(name)[0] / volume for name in ("As", "Fe", "Sn", "Pb")}
    assert held["Fe"] == pytest.approx(2.0, rel=1e-12)
    assert held["As"] < 8.0
    assert held["Sn"] < 5.0
    assert held["Pb"] < 10.0


def test_no_impurity_needs_no_bleed():
    flows, _ = flows_of(refining(dissolved={"Sb": 1.0}), SPECIES, {"Sb": 100.0})
    assert flows["bleed"].total()[0] == 0.0
    assert flows["slimes"].total()[0] == 0.0
    assert flows["cathode"].total()[0] == pytest.approx(85.0, rel=1e-15)


@pytest.mark.parametrize("impurity", ["Fe", "Zn", "Sn"])
def test_less_noble_metals_leave_with_the_bleed_and_gold_with_the_slimes(impurity):
    flows, _ = flows_of(refining(), SPECIES, {"Sb": 98.0, impurity: 0.1, "Au": 0.01, "Ag": 0.01})
    consumed = 0.85 * 0.1
    assert flows["bleed"].element(impurity)[0] > 0.6 * consumed
    assert flows["slimes"].of("Au")[0] > 0.99 * 0.85 * 0.01
    assert flows["slimes"].of("Ag")[0] > 0.8 * 0.85 * 0.01


@pytest.mark.parametrize("impurity", ["As", "Bi", "Cu"])
def test_electrolysis_does_not_remove_arsenic_bismuth_and_copper(impurity):
    flows, _ = flows_of(refining(), SPECIES, {"Sb": 98.0, impurity: 0.5})
    before = flows["anodes"].of(impurity) / flows["anodes"].of("Sb")
    after = flows["cathode"].of(impurity) / flows["cathode"].of("Sb")
    assert 0.5 < (after / before)[0] < 1.0


def test_published_share_of_antimony_on_the_cathode():
    # Sulphate-fluoride bath, anodes of 99.56 % Sb: 97.9 % of the antimony deposits directly.
    masses = {"Sb": 99.56, "As": 0.05, "Pb": 0.2, "Fe": 0.02, "Ni": 0.05, "Sn": 0.02, "Cu": 0.1}
    unit = refining()
    flows, p = flows_of(unit, SPECIES, masses)
    share = shown(unit, flows, p, "antimony of the consumed anode on the cathode")
    assert share == pytest.approx(97.9, abs=1.0)


def test_a_slate_with_antimony_alone_works():
    flows, _ = flows_of(refining(), BARE, {"Sb": 1.0})
    assert flows["cathode"].of("Sb")[0] == pytest.approx(0.85 * 0.985)


def test_named_species_override_the_table_and_the_others_keep_it():
    p = refining(dissolved={"As": 0.33}).resolve(Slate(SPECIES))
    slate = Slate(SPECIES)
    assert p.dissolved[slate.row("As"), 0] == 0.33
    assert p.dissolved[slate.row("Pb"), 0] == default_splits()["Pb"][0]
    assert p.dissolved[slate.row("SiO2"), 0] == 0.0


@pytest.mark.parametrize("efficiency", [0.5, 0.95, 1.0])
def test_ten_kiloampere_for_a_day(efficiency):
    # 10 kA, 24 h, 95 %: 345.27047 kg; theory 1.51434417 g/Ah.
    unit = refining(current_efficiency=efficiency, dissolved={"Sb": 1.0})
    mass = 345.2704703194424 * efficiency / 0.95
    flows, p = flows_of(unit, BARE, {"Sb": mass / 86400.0 / 0.85})
    assert shown(unit, flows, p, "current through all cells together") == pytest.approx(10.0)
    assert shown(unit, flows, p, "cathode area") == pytest.approx(10_000.0 / 110.0)


def test_grams_per_ampere_hour():
    unit = refining(current_efficiency=1.0, dissolved={"Sb": 1.0}, anode_scrap_fraction=0.0)
    flows, p = flows_of(unit, BARE, {"Sb": 1.5143441680677296e-3 / 3600.0})
    current = shown(unit, flows, p, "current through all cells together")
    assert current == pytest.approx(1e-3, rel=1e-5)


@pytest.mark.parametrize(
    ("voltage", "efficiency", "expected"),
    [
        ("0.35 V", 0.97, 238.27129253480453),
        ("0.8 V", 0.9, 586.9794381174867),
        ("2.8 V", 0.82, 2254.8600366708333),
        ("3.2 V", 0.65, 3250.9630418814645),
        ("0.6 V", 0.976, 406.0),
    ],
)
def test_energy_per_tonne(voltage, efficiency, expected):
    unit = refining(cell_voltage=voltage, current_efficiency=efficiency)
    flows, p = flows_of(unit, BARE, {"Sb": 1.0})
    tolerance = 1e-5 if expected != 406.0 else 1e-3
    energy = shown(unit, flows, p, "energy per tonne of antimony")
    assert energy == pytest.approx(expected, rel=tolerance)
    power = shown(unit, flows, p, "power of the cells")
    assert power == pytest.approx(energy * 3600.0 * flows["cathode"].of("Sb")[0] / 1e3)


def test_parameters_may_differ_between_scenarios():
    slate = Slate(SPECIES)
    unit = refining()
    feed = flow_of(slate, {"Sb": 98.0, "As": 1.0}, columns=2)
    p = unit.resolve(slate).replaced({"anode_scrap_fraction": np.array([0.0, 0.2])})
    cathode = unit.run(Flow(slate, feed.mass), p=p)["cathode"]
    assert cathode.total()[1] == pytest.approx(0.8 * cathode.total()[0], rel=1e-12)


def test_antimony_in_the_bleed_is_never_more_than_dissolved_and_this_is_said():
    unit = refining(impurity_limit="1 g/L")
    flows, p = flows_of(unit, SPECIES, {"Sb": 90.0, "As": 10.0})
    assert flows["cathode"].of("Sb")[0] == 0.0
    assert flows["bleed"].element("Sb")[0] == pytest.approx(0.85 * 90.0 * 0.985)
    warning = " ".join(unit.warnings(flows, p))
    assert "but only 271.3 t/h dissolve" in warning


def test_a_large_bleed_is_said():
    unit = tank_house(antimony_in_electrolyte="100 g/L")
    flows, p = flows_of(unit, TANK_HOUSE, {"Sb": 96.5, "As": 1.0})
    assert "the bleed takes 10.9 % of the dissolved antimony" in " ".join(unit.warnings(flows, p))


def test_an_impure_cathode_is_said_and_a_pure_one_is_not():
    unit = refining()
    flows, p = flows_of(unit, SPECIES, {"Sb": 99.0, "As": 0.3, "Bi": 0.01})
    (warning,) = unit.warnings(flows, p)
    assert "As 2.17e+03 ppm, Bi 82.4 ppm, more than grade Sb99.90 allows" in warning
    flows, p = flows_of(unit, SPECIES, {"Sb": 99.9, "Fe": 0.01})
    assert not unit.warnings(flows, p)


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"cell_voltage": "2.8 V"}, "cell_voltage of 2.8 V is outside the 0.4 to 0.8 V"),
        ({"current_density": "300 A/m^2"}, "current_density of 300 A/m^2 is above the 220 A/m^2"),
        ({"antimony_in_electrolyte": "20 g/L"}, "antimony_in_electrolyte of 20 g/L is outside 60"),
    ],
)
def test_settings_outside_practice_are_said(parameters, said):
    unit = refining(**parameters)
    flows, p = flows_of(unit, SPECIES, {"Sb": 1.0})
    assert any(said in warning for warning in unit.warnings(flows, p))


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"bath": "hydroxide melt"}, "not refined in it, a caustic melt is a chemical scavenger"),
        ({"bath": "molten chloride"}, "there lead dissolves and antimony stays at the anode"),
        ({"bath": "vinegar"}, "must be 'sulphate-fluoride'"),
        ({"current_efficiency": 0.0}, "current_efficiency of 0 deposits nothing"),
        ({"dissolved_to_cathode": {"Sb": 0.9}}, "dissolved_to_cathode.Sb follows from the bleed"),
        ({"impurity_limit": {"As": "0 g/L"}}, "impurity_limit of 0 g/L for As"),
        ({"impurity_limit": "0 g/L"}, "impurity_limit of 0 g/L for others"),
        ({"dissolved": {"As": 1.5}}, "dissolved: As: must lie between 0 and 1"),
    ],
)
def test_nonsense_is_refused(parameters, message):
    with pytest.raises(InputError, match=message):
        refining(**parameters)


def test_a_species_that_is_not_in_the_flowsheet_is_refused():
    with pytest.raises(InputError, match="dissolved: no species 'Ass' in this flowsheet"):
        refining(dissolved={"Ass": 0.5}).resolve(Slate(SPECIES))


def test_a_metal_without_its_dissolved_form_is_refused():
    with pytest.raises(InputError, match=r"dissolved: As leaves with the bleed as 'H3AsO3\(aq\)'"):
        refining().resolve(Slate([*BARE, "As"]))


def test_only_solids_dissolve():
    feed = np.ones((len(SPECIES), 1))
    made = run(refining(), Slate(SPECIES), {"anodes": feed})
    slate = Slate(SPECIES)
    for name in ("H2O", "SO2", "SbF3(aq)", "Sb2O3"):
        assert made["slimes"][slate.row(name), 0] == pytest.approx(0.85)


def test_species_needed():
    assert set(refining().required_species()) == set(BARE)
    assert set(refining(anodic_efficiency=1.0).required_species()) == {*BARE, "Sb2O3"}
    assert "PbSO4" in refining(lead_in_slimes="sulphate").required_species()
