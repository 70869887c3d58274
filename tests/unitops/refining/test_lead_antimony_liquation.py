import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow, flow_of
from flowsheet.core.slate import Slate
from tests.unitops.properties import (
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
)
from unitops.refining.lead_antimony_liquation import LeadAntimonyLiquation
from unitops.refining.lead_antimony_phases import (
    ANTIMONY,
    EUTECTIC_TEMPERATURE,
    LEAD,
    antimony_side,
    atom_fraction,
    crystallised,
    lead_side,
    liquidus_temperature,
    mass_fraction,
)

KELVIN = 273.15
SPECIES = ["Pb", "Sb", "As", "Cu", "Sb2O3", "H2O", "O2"]


def kettle(celsius=300.0, **given_parameters):
    return LeadAntimonyLiquation(
        alloy="alloy",
        crystals="crystals",
        liquor="liquor",
        temperature=f"{celsius} degC",
        **given_parameters,
    )


def part(unit, **masses):
    """All flows by port, figures by label and warnings."""
    slate = Slate(SPECIES)
    alloy = flow_of(slate, masses)
    p = unit.resolve(slate)
    flows = {"alloy": alloy, **unit.run(alloy=alloy, p=p)}
    figures = {figure.label: figure.value[0] for figure in unit.figures(flows, p)}
    return flows, figures, unit.warnings(flows, p)


# The diagram


@pytest.mark.parametrize(
    ("percent", "celsius", "within"),
    [
        (0.0, 327.5, 0.1),
        (1.0, 322.0, 3.0),  # antimonial leads, ASM handbook, quoted from memory
        (4.0, 299.0, 3.0),
        (6.0, 285.0, 3.0),
        (8.0, 271.0, 3.0),
        (9.0, 265.0, 3.0),
        (11.1, 251.7, 1e-6),
        (20.0, 325.0, 5.0),  # quoted from memory as 320 to 330
        (50.0, 475.0, 20.0),  # quoted from memory as 470 to 480
        (100.0, 630.6, 0.1),
    ],
)
def test_liquidus_against_published_points(percent, celsius, within):
    assert liquidus_temperature(percent / 100.0) - KELVIN == pytest.approx(celsius, abs=within)


def test_melts_mix_almost_without_heat():
    """Curves of both sides, fixed by one point each, ask for the same small interaction."""
    for side in (LEAD, ANTIMONY):
        energy = 8.314 * EUTECTIC_TEMPERATURE * side.interaction
        assert -1500.0 < energy < 0.0  # J/mol; demixing or compounds would take 5 kJ and more


@pytest.mark.parametrize(("celsius", "atoms"), [(322.0, 0.6), (251.7, 5.8)])
def test_antimony_in_solid_lead(celsius, atoms):
    solid = atom_fraction(lead_side(celsius + KELVIN)[1])
    assert 100.0 * solid == pytest.approx(atoms, abs=0.02)


def test_solid_lead_holds_3_5_percent_at_the_eutectic():
    liquor, crystals = lead_side(EUTECTIC_TEMPERATURE)
    assert 100.0 * crystals == pytest.approx(3.5, abs=0.05)
    assert liquor == pytest.approx(0.111, abs=1e-9)


@pytest.mark.parametrize(("celsius", "atoms"), [(420.0, 1.8), (251.7, 2.0)])
def test_lead_in_solid_antimony(celsius, atoms):
    solid = 1.0 - atom_fraction(antimony_side(celsius + KELVIN)[1])
    assert 100.0 * solid == pytest.approx(atoms, abs=0.01)


def test_lead_parts_from_nearly_pure_antimony_as_zone_refining_finds():
    """Distribution coefficient of lead 0.024 to 0.06, from zone refining."""
    liquor, crystals = (1.0 - atom_fraction(side) for side in antimony_side(630.0 + KELVIN))
    assert 0.024 < crystals / liquor < 0.06


@pytest.mark.parametrize("antimony", [0.001, 0.05, 0.1, 0.12, 0.3, 0.6, 0.95, 0.999])
def test_composition_at_the_liquidus_temperature_is_that_of_the_melt(antimony):
    side = lead_side if antimony < 0.111 else antimony_side
    liquor, _ = side(liquidus_temperature(antimony))
    assert liquor == pytest.approx(antimony, rel=1e-9)


def test_eutectic_in_atoms():
    assert 100.0 * atom_fraction(0.111) == pytest.approx(17.5, abs=0.05)
    assert mass_fraction(atom_fraction(0.3)) == pytest.approx(0.3, rel=1e-12)


def test_composition_carries_a_derivative_in_temperature():
    for side in (lead_side, antimony_side):
        exact = side(np.array([290.0 + KELVIN + 1e-30j]))
        up, down = side(290.0 + KELVIN + 1e-4), side(290.0 + KELVIN - 1e-4)
        for value, high, low in zip(exact, up, down, strict=True):
            assert value.imag[0] / 1e-30 == pytest.approx((high - low) / 2e-4, rel=1e-6)


@given(antimony=st.floats(0.0, 1.0), cold=st.floats(252.0, 640.0), hot=st.floats(252.0, 640.0))
def test_hotter_never_freezes_more(antimony, cold, hot):
    cold, hot = sorted((cold, hot))
    colder, _ = crystallised(antimony, cold + KELVIN)
    hotter, _ = crystallised(antimony, hot + KELVIN)
    assert hotter <= colder + 1e-12


# The unit


def test_antimony_side_by_hand():
    """At the eutectic liquor has 11.1 %, crystals 2.0 at-% Pb, which is 3.36 wt-%."""
    flows, figures, _ = part(kettle(251.7, entrained_liquor=0.0), Pb=70.0, Sb=30.0)
    crystals = 100.0 * (30.0 - 11.1) / (96.64 - 11.1)
    assert flows["crystals"].total()[0] == pytest.approx(crystals, rel=1e-3)
    assert flows["crystals"].of("Pb")[0] == pytest.approx(0.0336 * crystals, rel=5e-3)
    assert figures["Sb in liquor"] == pytest.approx(0.111, abs=1e-6)
    assert figures["crystals in the alloy, without liquor"] == pytest.approx(0.2209, abs=2e-4)
    assert figures["antimony to crystals"] == pytest.approx(0.2209 * 0.9664 / 0.30, abs=1e-3)


def test_alloy_a_little_above_the_eutectic_freezes_antimony():
    _, figures, _ = part(kettle(251.7), Pb=85.0, Sb=15.0)
    share = figures["crystals in the alloy, without liquor"]
    assert share == pytest.approx((15.0 - 11.1) / (96.64 - 11.1), rel=2e-3)
    assert figures["Sb in crystals without liquor"] > 0.96


def test_lead_side_by_hand():
    """Below 11.1 % lead freezes first, with 3.5 % Sb, and the liquor rises to 11.1 %."""
    flows, figures, told = part(kettle(251.7, entrained_liquor=0.0), Pb=94.0, Sb=6.0)
    assert flows["crystals"].total()[0] == pytest.approx(100 * (11.1 - 6) / (11.1 - 3.5), rel=1e-3)
    assert figures["Sb in crystals without liquor"] == pytest.approx(0.035, abs=1e-4)
    assert figures["Sb in liquor"] == pytest.approx(0.111, abs=1e-6)
    assert figures["lead to liquor"] == pytest.approx(0.329 * 0.889 / 0.94, abs=2e-3)
    assert any("lead freezes first, and the liquor can reach 11.1% Sb at most" in t for t in told)


@given(antimony=st.floats(0.001, 0.999), celsius=st.floats(251.7, 640.0))
def test_no_liquor_of_rich_alloy_is_purer_than_the_eutectic(antimony, celsius):
    flows, _, _ = part(kettle(celsius), Pb=1.0 - antimony, Sb=antimony)
    liquor = flows["liquor"]
    if liquor.total()[0] > 1e-6:
        content = liquor.of("Sb")[0] / liquor.total()[0]
        assert content >= min(antimony, 0.111) - 1e-9
        assert content <= max(antimony, 0.111) + 1e-9


@pytest.mark.parametrize("celsius", [251.71, 260.0, 330.0, 700.0])
def test_eutectic_alloy_never_freezes_above_the_eutectic(celsius):
    flows, _, told = part(kettle(celsius), Pb=88.9, Sb=11.1)
    assert flows["crystals"].total()[0] == pytest.approx(0.0, abs=1e-9)
    assert any("nothing freezes" in text for text in told)


def test_no_melt_richer_than_the_alloy_runs_off_antimony():
    flows, figures, _ = part(kettle(400.0), Pb=50.0, Sb=50.0)
    assert figures["Sb in liquor"] < 0.5 < figures["Sb in crystals taken off"]
    assert flows["liquor"].of("Sb")[0] < flows["crystals"].of("Sb")[0]


def test_entrained_liquor_is_its_share_of_what_is_taken_off():
    dry, _, _ = part(kettle(entrained_liquor=0.0), Pb=60.0, Sb=40.0)
    wet, figures, _ = part(kettle(entrained_liquor="30 %"), Pb=60.0, Sb=40.0)
    crystals = dry["crystals"].total()[0]
    assert wet["crystals"].total()[0] == pytest.approx(crystals / 0.7)
    assert figures["crystals taken off"] == pytest.approx(crystals / 70.0)
    held = wet["crystals"] - dry["crystals"]
    content = dry["liquor"].of("Sb")[0] / dry["liquor"].total()[0]
    assert held.of("Sb")[0] / held.total()[0] == pytest.approx(content)
    assert figures["Sb in liquor"] == pytest.approx(content)
    assert figures["Sb in crystals taken off"] < figures["Sb in crystals without liquor"]


def test_crystals_hold_no_more_liquor_than_there_is():
    flows, _, _ = part(kettle(260.0, entrained_liquor="50 %"), Pb=30.0, Sb=70.0)
    assert flows["liquor"].total()[0] == pytest.approx(0.0, abs=1e-12)
    assert flows["crystals"].total()[0] == pytest.approx(100.0)


@pytest.mark.parametrize(
    ("metal", "celsius", "frozen"),
    [("Pb", 320, 1.0), ("Pb", 330, 0.0), ("Sb", 600, 1.0), ("Sb", 635, 0.0)],
)
def test_pure_metals_freeze_at_their_melting_points(metal, celsius, frozen):
    flows, figures, told = part(kettle(float(celsius)), **{metal: 10.0})
    assert flows["crystals"].total()[0] == pytest.approx(10.0 * frozen, abs=1e-12)
    assert figures["crystals in the alloy, without liquor"] == frozen
    assert any(("all crystals" if frozen else "nothing freezes") in text for text in told)


def test_solid_solutions_give_no_liquor():
    flows, figures, told = part(kettle(270.0), Pb=99.0, Sb=1.0)
    assert flows["liquor"].total()[0] == 0.0
    assert figures["Sb in crystals without liquor"] == pytest.approx(0.01)
    assert "an alloy of 1.00% Sb is all crystals at 270 degC: no liquor runs off" in told


def test_what_else_is_in_the_alloy_goes_with_the_liquor():
    flows, _, _ = part(kettle(entrained_liquor=0.0), Pb=60.0, Sb=40.0, As=1.0, Cu=0.5, O2=2.0)
    for name, mass in (("As", 1.0), ("Cu", 0.5), ("O2", 2.0)):
        assert flows["liquor"].of(name)[0] == mass


def test_distribution_coefficient_is_the_ratio_of_contents():
    unit = kettle(entrained_liquor=0.0, distribution_coefficient={"As": 0.5, "H2O": 3.0})
    flows, figures, _ = part(unit, Pb=60.0, Sb=40.0, As=1.0, H2O=1.0)
    share = figures["crystals in the alloy, without liquor"]
    contents = flows["crystals"].of("As")[0] / share, flows["liquor"].of("As")[0] / (1.0 - share)
    assert contents[0] / contents[1] == pytest.approx(0.5)
    assert flows["liquor"].of("H2O")[0] == 1.0


def test_gas_and_water_leave_with_the_liquor_of_solid_alloy():
    flows, _, _ = part(kettle(260.0, entrained_liquor=0.0), Pb=1.0, Cu=0.1, O2=2.0, H2O=3.0)
    assert flows["crystals"].total()[0] == pytest.approx(1.1)
    assert flows["liquor"].total()[0] == 5.0


def test_both_leave_at_the_temperature():
    unit = kettle(300.0)
    p = unit.resolve(Slate(SPECIES))
    assert set(unit.temperatures({}, p)) == {"crystals", "liquor"}
    assert all(kelvin == pytest.approx(573.15) for kelvin in unit.temperatures({}, p).values())


parameters = st.fixed_dictionaries(
    {
        "celsius": st.floats(251.7, 700.0),
        "entrained_liquor": st.floats(0.0, 0.99),
        "distribution_coefficient": st.floats(0.0, 5.0),
    }
)


@settings(max_examples=60, deadline=None)
@given(mass=random_masses(len(SPECIES)), given_parameters=parameters)
def test_any_alloy_closes(mass, given_parameters):
    check_unit(kettle(**given_parameters), SPECIES, {"alloy": mass})


@settings(max_examples=20, deadline=None)
@given(mass=random_masses(6), given_parameters=parameters)
def test_every_species_closes(mass, given_parameters):
    unit = kettle(**given_parameters)
    species = ["Pb", "Sb", "Bi", "SiO2", "H2O", "O2"]
    check_unit(unit, species, {"alloy": mass})
    slate = Slate(species)
    made = unit.run(alloy=Flow(slate, mass), p=unit.resolve(slate))
    np.testing.assert_allclose(sum(f.mass for f in made.values()), mass, rtol=1e-12, atol=0.0)


def test_zero_feed():
    check_zero_feed(kettle(), SPECIES)


@pytest.mark.parametrize(("lead", "antimony"), [(60.0, 40.0), (95.0, 5.0), (88.0, 12.0)])
def test_derivative(lead, antimony):
    mass = np.array([[lead], [antimony], [0.5], [0.2], [0.3], [0.1], [0.1]])
    unit = kettle(256.0, distribution_coefficient={"As": 0.4})
    check_derivative(unit, SPECIES, {"alloy": mass})


def test_scenarios_in_parameters():
    slate = Slate(SPECIES)
    unit = kettle()
    alloy = Flow(slate, np.repeat(flow_of(slate, {"Pb": 60.0, "Sb": 40.0}).mass, 3, axis=1))
    celsius = np.array([260.0, 350.0, 600.0])
    p = unit.resolve(slate).replaced({"temperature": celsius + KELVIN})
    crystals = unit.run(alloy=alloy, p=p)["crystals"].total()
    alone = [part(kettle(float(c)), Pb=60.0, Sb=40.0)[0]["crystals"].total()[0] for c in celsius]
    np.testing.assert_allclose(crystals, alone, rtol=1e-9)
    with pytest.raises(InputError, match=r"temperature of 240.0 degC is below the eutectic"):
        unit.run(alloy=alloy, p=p.replaced({"temperature": celsius - 20.0 + KELVIN}))


def test_the_liquor_depends_on_all_metals_together():
    assert not kettle().is_linear()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"celsius": 251.6}, r"251.6 degC is below the eutectic at 251.7 degC, where .* all solid"),
        ({"entrained_liquor": 1.0}, r"entrained_liquor of 1 leaves no crystals; 30 to 50 %"),
        (
            {"distribution_coefficient": {"Sb": 0.5, "others": 0.0}},
            r"distribution_coefficient names Sb, which the phase diagram decides; leave it out",
        ),
    ],
)
def test_refused(changed, message):
    with pytest.raises(InputError, match=message):
        kettle(**changed)


def test_a_flowsheet_needs_both_metals():
    assert set(kettle().required_species()) == {"Pb", "Sb"}


@pytest.mark.parametrize(
    ("changed", "masses", "message"),
    [
        (
            {"celsius": 460.0},
            {"Pb": 60.0, "Sb": 40.0},
            "nothing freezes at 460 degC: an alloy of 40.0% Sb begins to at 447 degC; cool further",
        ),
        (
            {"entrained_liquor": "10 %"},
            {"Pb": 60.0, "Sb": 40.0},
            "crystals are taken off with 10% liquor; 30 to 50 % is usual, less only where they "
            "are pressed or centrifuged",
        ),
        (
            {},
            {"Pb": 50.0, "Sb": 40.0, "Cu": 10.0},
            "10% of the alloy is neither lead nor antimony: the diagram of the two is not meant "
            "for it",
        ),
    ],
)
def test_warned(changed, masses, message):
    assert part(kettle(**changed), **masses)[2] == [message]


def test_nothing_to_warn_of():
    assert part(kettle(), Pb=60.0, Sb=40.0)[2] == []
    assert part(kettle())[2] == ()
    assert part(kettle(), Cu=1.0)[2] == ()
