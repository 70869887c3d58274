import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from flowsheet.core.flow import flow_of
from flowsheet.core.quantities import from_base
from flowsheet.core.slate import Slate
from tests.unitops.properties import (
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
)
from unitops.refining.alkaline_electrowinning import AlkalineElectrowinning

SALTS = ["Na3SbS3(aq)", "Na3SbS4(aq)", "Na3AsS3(aq)", "NaOH(aq)", "Na2S(aq)", "Na2S2(aq)"]
SALTS += ["Na2S2O3(aq)", "Na2SO4(aq)"]
SPECIES = ["Sb", "As", *SALTS, "H2O", "O2", "H2", "SiO2", "Au"]
PREGNANT = {"Na3SbS3(aq)": 90.0, "NaOH(aq)": 100.0, "Na2S(aq)": 60.0, "H2O": 900.0}
FRACTION = st.floats(0.0, 1.0)
NO_SULPHUR = {"polysulphide_share": 0.0, "thiosulphate_share": 0.0, "sulphate_share": 0.0}
MOLE = {"Na3SbS3(aq)": 286.91, "Na3SbS4(aq)": 318.97, "Na3AsS3(aq)": 240.07}  # kg/kmol


def cells(**parameters):
    ports = {"electrolyte": "p", "cathode": "c", "spent_electrolyte": "s", "gas": "g"}
    return AlkalineElectrowinning(**ports, **parameters)


def ran(unit, masses):
    slate = Slate(SPECIES)
    solution = flow_of(slate, masses)
    p = unit.resolve(slate)
    return {"electrolyte": solution, **unit.run(solution, p=p)}, p


def figure(unit, flows, p, label):
    found = {figure.label: figure for figure in unit.figures(flows, p)}[label]
    return float(np.ravel(from_base(found.value, found.unit))[0])


@given(
    mass=random_masses(len(SPECIES)),
    deposited=FRACTION,
    efficiency=st.floats(0.3, 1.0),
    anode=st.tuples(st.floats(0.0, 0.25), st.floats(0.0, 0.3), st.floats(0.0, 0.45)),
    others=st.tuples(FRACTION, FRACTION, FRACTION, st.floats(0.0, 2.0)),
    diaphragm=st.sampled_from(["yes", "no"]),
)
def test_any_feed_closes(*, mass, deposited, efficiency, anode, others, diaphragm):
    unit = cells(
        antimony_deposited=deposited,
        current_efficiency=efficiency,
        polysulphide_share=anode[0],
        thiosulphate_share=anode[1],
        sulphate_share=anode[2],
        polysulphide_returned=others[0],
        hydrogen_share=others[1],
        arsenic_deposited=others[2],
        occluded_salts=others[3],
        diaphragm=diaphragm,
    )
    check_unit(unit, SPECIES, {"electrolyte": mass})


@given(mass=random_masses(len(SPECIES)))
def test_any_feed_closes_when_the_anode_makes_no_oxygen(mass):
    unit = cells(polysulphide_share=0.3, thiosulphate_share=0.3, sulphate_share=0.4)
    check_unit(unit, SPECIES, {"electrolyte": mass})


def test_zero_feed_gives_zero():
    check_zero_feed(cells(), SPECIES)
    flows, p = ran(cells(), {})
    assert not cells().warnings(flows, p)


@pytest.mark.parametrize("caustic", [100.0, 0.5])
def test_derivative_with_and_without_enough_caustic_soda(caustic):
    mass = np.linspace(1.0, 2.0, len(SPECIES)).reshape(-1, 1)
    mass[SPECIES.index("NaOH(aq)")] = caustic
    check_derivative(cells(), SPECIES, {"electrolyte": mass})


# Stoichiometry, by hand


def test_oxygen_leaves_where_no_sulphide_is_oxidised():
    # 1 kmol: Na3SbS3 + 3 NaOH -> Sb + 3 Na2S + 3/4 O2 + 3/2 H2O
    unit = cells(antimony_deposited=1.0, hydrogen_share=0.0, occluded_salts=0.0, **NO_SULPHUR)
    flows, p = ran(unit, {"Na3SbS3(aq)": MOLE["Na3SbS3(aq)"], "NaOH(aq)": 200.0})
    spent = flows["spent_electrolyte"]
    assert flows["cathode"].of("Sb")[0] == pytest.approx(121.76, rel=1e-4)
    assert flows["gas"].of("O2")[0] == pytest.approx(24.0, rel=1e-3)
    shown = figure(unit, flows, p, "oxygen given off")
    assert shown == pytest.approx(0.75 * 22.414 * 3600.0, rel=1e-3)  # Nm3/h of 0.75 kmol/s
    assert spent.of("NaOH(aq)")[0] == pytest.approx(200.0 - 3 * 39.997, rel=1e-3)
    assert spent.of("Na2S(aq)")[0] == pytest.approx(3 * 78.04, rel=1e-3)
    assert spent.of("H2O")[0] == pytest.approx(1.5 * 18.015, rel=1e-3)
    assert spent.of("Na3SbS3(aq)")[0] == 0.0


@pytest.mark.parametrize(
    ("share", "product", "mole", "per_electron"),
    [
        ("polysulphide_share", "Na2S2(aq)", 110.10, 1 / 2),
        ("thiosulphate_share", "Na2S2O3(aq)", 158.10, 1 / 8),
        ("sulphate_share", "Na2SO4(aq)", 142.04, 1 / 8),
    ],
)
def test_the_anode_oxidises_sulphide_instead(share, product, mole, per_electron):
    given = {**NO_SULPHUR, share: 1.0}
    unit = cells(antimony_deposited=1.0, hydrogen_share=0.0, occluded_salts=0.0, **given)
    flows, _ = ran(unit, {"Na3SbS3(aq)": MOLE["Na3SbS3(aq)"], "NaOH(aq)": 500.0, "H2O": 100.0})
    made = flows["spent_electrolyte"].of(product)[0]
    assert made == pytest.approx(3.0 * per_electron * mole, rel=1e-3)
    assert flows["gas"].of("O2")[0] == 0.0


def test_thioantimonate_takes_five_electrons():
    given = {"antimony_deposited": 1.0, "occluded_salts": 0.0, "arsenic_deposited": 1.0}
    current = {}
    for name, mole in MOLE.items():
        unit = cells(**given)
        flows, p = ran(unit, {name: mole, "NaOH(aq)": 900.0, "H2O": 900.0})
        current[name] = figure(unit, flows, p, "current through all cells together")
    assert current["Na3SbS4(aq)"] / current["Na3SbS3(aq)"] == pytest.approx(5 / 3, rel=1e-3)
    assert current["Na3AsS3(aq)"] / current["Na3SbS3(aq)"] == pytest.approx(1.0, rel=1e-3)


def test_hydrogen_takes_part_of_what_is_lost():
    unit = cells(
        antimony_deposited=1.0, current_efficiency=0.8, hydrogen_share=0.5, occluded_salts=0.0
    )
    flows, p = ran(unit, {"Na3SbS3(aq)": MOLE["Na3SbS3(aq)"], "NaOH(aq)": 900.0, "H2O": 900.0})
    # 3 kmol of electrons are 80 %; 10 % of 3.75 make hydrogen, two for each.
    assert flows["gas"].of("H2")[0] == pytest.approx(0.375 / 2 * 2.016, rel=1e-3)
    assert figure(unit, flows, p, "hydrogen given off") > 0.0


def test_without_enough_caustic_soda_less_is_deposited_and_this_is_said():
    unit = cells(antimony_deposited=1.0, hydrogen_share=0.0, **NO_SULPHUR)
    flows, p = ran(unit, {"Na3SbS3(aq)": MOLE["Na3SbS3(aq)"], "NaOH(aq)": 1.5 * 39.997})
    assert flows["cathode"].of("Sb")[0] == pytest.approx(121.76 / 2.0, rel=1e-3)
    assert flows["spent_electrolyte"].of("NaOH(aq)")[0] == pytest.approx(0.0, abs=1e-9)
    assert "allow only 50 % of what was to react" in " ".join(unit.warnings(flows, p))


def test_polysulphide_takes_antimony_off_again_without_a_diaphragm():
    # Each coulomb that makes polysulphide which comes back is lost: 87 % - 30 % * 20 %.
    found = {}
    for diaphragm in ("yes", "no"):
        unit = cells(diaphragm=diaphragm)
        flows, p = ran(unit, PREGNANT)
        found[diaphragm] = figure(unit, flows, p, "current efficiency")
    assert found == {"yes": pytest.approx(87.0), "no": pytest.approx(81.0)}


def test_salts_caught_in_the_deposit():
    unit = cells(occluded_salts=0.03)
    flows, p = ran(unit, PREGNANT)
    assert figure(unit, flows, p, "antimony in the cathode") == pytest.approx(100.0 / 1.03)
    cathode = flows["cathode"]
    for element, name in (("Na", "sodium"), ("S", "sulphur")):
        shown = figure(unit, flows, p, f"{name} in the cathode")
        assert shown == pytest.approx(100.0 * (cathode.element(element) / cathode.total())[0])
        assert shown > 0.2
    assert cathode.of("H2O")[0] == 0.0


def test_what_it_does_not_know_passes():
    flows, _ = ran(cells(), {**PREGNANT, "SiO2": 1.0, "Au": 0.1, "O2": 2.0, "Sb": 0.5})
    for name, mass in (("SiO2", 1.0), ("Au", 0.1), ("O2", 2.0), ("Sb", 0.5)):
        assert flows["spent_electrolyte"].of(name)[0] == pytest.approx(mass)


def test_arsenic_reaches_the_cathode_in_its_share():
    flows, p = ran(cells(), {**PREGNANT, "Na3AsS3(aq)": 1.0})
    share = flows["cathode"].of("As")[0] / flows["electrolyte"].element("As")[0]
    assert share == pytest.approx(0.05)
    assert figure(cells(), flows, p, "arsenic in the cathode") > 0.0


def test_a_billionth_of_arsenic_keeps_six_digits():
    much, _ = ran(cells(), {**PREGNANT, "Na3AsS3(aq)": 1e-3})
    little, _ = ran(cells(), {**PREGNANT, "Na3AsS3(aq)": 1e-9})
    for name in ("cathode", "spent_electrolyte"):
        ratio = little[name].element("As")[0] / much[name].element("As")[0]
        assert ratio == pytest.approx(1e-6, rel=1e-5)


# Published and known


@pytest.mark.parametrize(
    ("voltage", "efficiency", "expected"),
    [("2.8 V", 0.82, 2254.8600366708333), ("3.2 V", 0.65, 3250.9630418814645)],
)
def test_energy_per_tonne(voltage, efficiency, expected):
    unit = cells(cell_voltage=voltage, current_efficiency=efficiency)
    flows, p = ran(unit, PREGNANT)
    assert figure(unit, flows, p, "energy per tonne of antimony") == pytest.approx(expected)


def test_cassagnes():
    # 80 A/m2, 1.6 V, 76 %: calculated 0.72 kg/kWh; 0.55 to 0.62 were found (Wang 1919, p. 130).
    unit = cells(
        cell_voltage="1.6 V",
        current_efficiency="76 %",
        current_density="80 A/m^2",
        hydrogen_share=0.0,
    )
    flows, p = ran(unit, PREGNANT)
    calculated = figure(unit, flows, p, "antimony per energy")
    assert calculated == pytest.approx(0.72, abs=0.005)
    assert calculated > 0.62
    assert not unit.warnings(flows, p)


@pytest.mark.parametrize("diaphragm", ["yes", "no"])
def test_defaults_lie_in_the_published_ranges(diaphragm):
    unit = cells(diaphragm=diaphragm)
    flows, p = ran(unit, {**PREGNANT, "Na3AsS3(aq)": 5.0})
    assert 80.0 <= figure(unit, flows, p, "current efficiency") <= 87.0 + 1e-9
    assert 2.5 <= figure(unit, flows, p, "cell voltage") <= 3.0
    assert 2000.0 <= figure(unit, flows, p, "energy per tonne of antimony") <= 2500.0
    assert 96.0 <= figure(unit, flows, p, "antimony in the cathode") <= 99.0
    assert not unit.warnings(flows, p)


@given(density=st.floats(10.0, 400.0), more=st.floats(1.01, 3.0))
def test_more_current_density_takes_more_voltage_and_less_area(density, more):
    found = []
    for each in (density, density * more):
        unit = cells(current_density=f"{each} A/m^2")
        flows, p = ran(unit, PREGNANT)
        found.append([figure(unit, flows, p, name) for name in ("cell voltage", "cathode area")])
    assert found[1][0] > found[0][0]
    assert found[1][1] == pytest.approx(found[0][1] / more, rel=1e-9)


def test_caustic_soda_and_thiosulphate_per_tonne():
    unit = cells(hydrogen_share=0.0, polysulphide_share=0.0, sulphate_share=0.0, occluded_salts=0.0)
    flows, p = ran(unit, PREGNANT)
    # With t = 30 %: 3 * 0.3 / 8 mol thiosulphate; it gives back two NaOH of the three used.
    moles = 3 * 0.3 / 8
    per_antimony = 1e3 / 121.76
    made = figure(unit, flows, p, "thiosulphate made per antimony")
    assert made == pytest.approx(moles * 158.10 * per_antimony, rel=1e-3)
    used = figure(unit, flows, p, "caustic soda used up per antimony")
    assert used == pytest.approx((3 - 2 * moles) * 39.997 * per_antimony, rel=1e-3)
    assert figure(unit, flows, p, "sulphate made per antimony") == 0.0


@pytest.mark.parametrize(
    ("parameters", "masses", "said"),
    [
        ({"cell_voltage": "5 V"}, {}, "cell voltage of 5 V is outside the 1.5 to 3.5 V"),
        ({"current_density": "600 A/m^2"}, {}, "current_density of 600 A/m^2 is outside 50 to 400"),
        ({"current_efficiency": 0.99}, {}, "current efficiency of 99 % is outside the 70 to 90 %"),
        ({"occluded_salts": 0.1}, {}, "the cathode holds 90.9 % Sb; 96 to 99 % is usual"),
        ({"hydrogen_share": 0.5}, {}, "% hydrogen in oxygen, above the 4 % that burns"),
        ({}, {"Na2S2O3(aq)": 500.0}, "holds more thiosulphate and sulphate than sulphide"),
    ],
)
def test_what_leaves_practice_is_said(parameters, masses, said):
    unit = cells(**parameters)
    flows, p = ran(unit, {**PREGNANT, **masses})
    assert any(said in text for text in unit.warnings(flows, p))


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"current_efficiency": 1.2}, "current_efficiency: must lie between 0 and 1, got 1.2"),
        ({"current_efficiency": 0.0}, "current_efficiency of 0 deposits nothing"),
        ({"electrode_spacing": "0 m"}, "electrode_spacing: must be above 0"),
        (
            {"thiosulphate_share": 0.8},
            "polysulphide_share, thiosulphate_share and sulphate_share add up to 120 %",
        ),
        (
            {
                "diaphragm": "no",
                "current_efficiency": 0.3,
                "polysulphide_returned": 1.0,
            },
            "polysulphide dissolves 30 % times 100 % of the charge again",
        ),
        ({"diaphragm": "perhaps"}, "must be 'yes' or 'no'"),
    ],
)
def test_nonsense_is_refused(parameters, message):
    with pytest.raises(InputError, match=message):
        cells(**parameters)


def test_a_missing_species_is_named():
    assert {"Na3SbS3(aq)", "NaOH(aq)", "Na2S2(aq)", "H2"} <= set(cells().required_species())


def test_outlets_are_as_warm_as_the_solution():
    flows, p = ran(cells(), PREGNANT)
    assert cells().temperatures(flows, p)["cathode"] == pytest.approx(323.15)


def test_hydrogen_comes_from_the_loss_that_is_not_polysulphide():
    made = [
        ran(cells(diaphragm=diaphragm, hydrogen_share=1.0), PREGNANT)[0]["gas"].of("H2")[0]
        for diaphragm in ("yes", "no")
    ]
    assert made[1] / made[0] == pytest.approx(0.87 / 0.81)  # by the charge, not by the loss


def test_without_enough_sulphide_less_reacts():
    # Na3SbS4 sets 4 Na2S free and an anode of polysulphide takes 5: one must come with it.
    unit = cells(
        antimony_deposited=1.0,
        polysulphide_share=1.0,
        thiosulphate_share=0.0,
        sulphate_share=0.0,
        hydrogen_share=0.0,
    )
    masses = {"Na3SbS4(aq)": MOLE["Na3SbS4(aq)"], "NaOH(aq)": 900.0, "H2O": 900.0}
    flows, p = ran(unit, {**masses, "Na2S(aq)": 0.5 * 78.04})
    assert flows["cathode"].of("Sb")[0] == pytest.approx(121.76 / 2.0, rel=1e-3)
    half = figure(unit, flows, p, "current through all cells together")
    flows, p = ran(unit, {**masses, "Na2S(aq)": 500.0})
    assert flows["cathode"].of("Sb")[0] == pytest.approx(121.76, rel=1e-4)
    whole = figure(unit, flows, p, "current through all cells together")
    assert half / whole == pytest.approx(0.5, rel=1e-3)


def test_no_more_salts_are_caught_than_there_are():
    flows, _ = ran(cells(occluded_salts=1000.0), PREGNANT)
    spent = flows["spent_electrolyte"]
    assert np.all(spent.mass >= 0.0)
    assert spent.of(*SALTS)[0] == pytest.approx(0.0, abs=1e-9)
