import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow
from flowsheet.core.slate import Slate
from tests.unitops.properties import (
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
    run,
)
from unitops.smelting.reduction_furnace import ReductionFurnace

PORTS = {
    "feed": "oxide",
    "reductant": "coke",
    "soda": "soda",
    "metal": "crude",
    "slag": "slag",
    "gas": "off_gas",
}
PURE = ["Sb2O3", "Sb", "C", "CO", "CO2", "Na2CO3", "Na2O"]
MIXED = [
    *(
        "Sb2O3",
        "Sb2O4",
        "Sb2S3",
        "NaSbO3",
        "Na3AsO4",
        "FeAsO4",
        "As2O3",
        "PbO",
        "Fe2O3",
        "FeO",
        "Cu2O",
    ),
    *("SiO2", "H2O", "H2O(g)", "N2", "H2SO4", "C", "Sb", "As", "Pb", "Fe", "Cu", "Au", "FeS"),
    *("CO", "CO2", "Na2CO3", "Na2O", "Zn"),
]
CRUDE_OXIDE = {"Sb2O3": 940.0, "As2O3": 15.0, "PbO": 5.0, "Fe2O3": 5.0, "SiO2": 20.0, "Sb2S3": 15.0}


def furnace(**given):
    return ReductionFurnace(**PORTS, **given)


def ideal(**given):
    """No losses and no soda, so that the figures of the reduction itself can be read off."""
    return furnace(
        antimony_to_fume=0.0,
        antimony_to_slag=0.0,
        soda_ratio=0.0,
        **{"reductant_fixed_carbon": 1.0, **given},
    )


def smelt(unit, species, **masses):
    """Run on masses in kg (per second); return port -> species -> kg, the flows, and warnings."""
    slate = Slate(species)
    feed = np.zeros((len(species), 1))
    for name, mass in masses.items():
        feed[slate.row(name)] = mass
    made = run(unit, slate, {"feed": feed})
    flows = {name: Flow(slate, mass) for name, mass in {**made, "feed": feed}.items()}
    p = unit.resolve(slate)
    table = {
        port: dict(zip(species, mass[:, 0].tolist(), strict=True)) for port, mass in made.items()
    }
    figures = {figure.label: figure.value[0] for figure in unit.figures(flows, p)}
    return table, figures, unit.warnings(flows, p)


fractions = st.fixed_dictionaries(
    {
        "carbon_monoxide_fraction": st.floats(0.0, 1.0),
        "carbon_excess": st.floats(0.0, 2.0),
        "reductant_fixed_carbon": st.floats(0.5, 1.0),
        "soda_ratio": st.floats(0.0, 0.2),
        "antimony_to_fume": st.floats(0.0, 0.5),
        "antimony_to_slag": st.floats(0.0, 0.5),
        "arsenic_to_metal": st.floats(0.0, 0.6),
        "arsenic_to_fume": st.floats(0.0, 0.4),
        "lead_to_metal": st.floats(0.0, 1.0),
        "iron_to_metal": st.floats(0.0, 0.9),
        "other_metals_to_metal": st.floats(0.0, 1.0),
        "sulphide_to_metal": st.floats(0.0, 1.0),
    }
)


@settings(max_examples=40, deadline=None)
@given(mass=random_masses(len(MIXED), 2), given=fractions)
def test_any_feed_closes_with_carbon(mass, given):
    check_unit(furnace(**given), MIXED, {"feed": mass})


@settings(max_examples=25, deadline=None)
@given(mass=random_masses(len(MIXED), 2), given=fractions)
def test_any_feed_closes_with_iron(mass, given):
    iron = {**given, "carbon_excess": 0.0, "reductant_kind": "iron"}
    check_unit(furnace(**iron), MIXED, {"feed": mass})


@pytest.mark.parametrize("whole", ["antimony_to_fume", "antimony_to_slag", "arsenic_to_metal"])
def test_a_share_of_all_closes(whole):
    others = {"antimony_to_fume": 0.0, "antimony_to_slag": 0.0, "arsenic_to_fume": 0.0}
    unit = furnace(**{**others, whole: 1.0})
    check_unit(unit, MIXED, {"feed": np.full((len(MIXED), 1), 3.7)})


def test_shares_that_make_up_the_whole_leave_nothing_negative():
    unit = furnace(
        antimony_to_fume=0.7, antimony_to_slag=0.3, arsenic_to_metal=0.7, arsenic_to_fume=0.3
    )
    check_unit(unit, MIXED, {"feed": np.full((len(MIXED), 1), 3.7)})


def test_a_slate_of_the_minimum_closes():
    check_unit(furnace(reductant_fixed_carbon=1.0), PURE, {"feed": np.full((len(PURE), 1), 2.0)})


@pytest.mark.parametrize("kind", ["carbon", "iron"])
def test_zero_feed_gives_zero(kind):
    check_zero_feed(furnace(reductant_kind=kind), MIXED)


@pytest.mark.parametrize("given", [{}, {"reductant_kind": "iron"}, {"carbon_excess": 0.3}])
def test_derivative(given):
    feed = np.linspace(1.0, 3.0, len(MIXED))[:, None]
    check_derivative(furnace(**given), MIXED, {"feed": feed})


@pytest.mark.parametrize(
    ("monoxide", "carbon"),
    [
        (0.0, 61.80257069056007),
        (0.25, 70.63150936064008),
        (0.5, 82.40342758741343),
        (0.75, 98.88411310489612),
        (1.0, 123.60514138112013),
    ],
)
def test_carbon_to_reduce_a_tonne_of_oxide(monoxide, carbon):
    made, _, _ = smelt(ideal(carbon_monoxide_fraction=monoxide), PURE, Sb2O3=1000.0)
    assert made["reductant"]["C"] == pytest.approx(carbon, rel=1e-4)
    assert made["metal"]["Sb"] == pytest.approx(835.3543704140754, rel=1e-4)
    assert sum(made["slag"].values()) == 0.0


@pytest.mark.parametrize(
    ("monoxide", "per_tonne"), [(0.0, 73.98365637319316), (1.0, 147.9673127463863)]
)
def test_carbon_per_tonne_of_antimony(monoxide, per_tonne):
    _, figures, _ = smelt(ideal(carbon_monoxide_fraction=monoxide), PURE, Sb2O3=1000.0)
    assert 1000.0 * figures["reductant per metal"] == pytest.approx(per_tonne, rel=1e-4)


@pytest.mark.parametrize("monoxide", [0.0, 0.3, 1.0])
def test_the_gas_has_the_composition_asked_for(monoxide):
    slate = Slate(PURE)
    feed = np.zeros((len(PURE), 1))
    feed[slate.row("Sb2O3")] = 1.0
    made = run(ideal(carbon_monoxide_fraction=monoxide), slate, {"feed": feed})
    gas = Flow(slate, made["gas"])
    share = gas.moles("CO") / gas.moles("CO", "CO2")
    assert share[0] == pytest.approx(monoxide, abs=1e-12)


def test_microwave_optimum_of_reductant():
    """Published optimum 0.123 kg carbon per kg oxide: all the oxygen leaves as CO."""
    _, figures, _ = smelt(ideal(carbon_monoxide_fraction=1.0), PURE, Sb2O3=1.0)
    assert figures["reductant demand"] == pytest.approx(0.123, rel=0.01)


def test_coal_with_defaults_is_what_reverberatories_use():
    """8 to 12 % of the oxide."""
    made, _, _ = smelt(furnace(), MIXED, Sb2O3=1000.0)
    assert 80.0 < sum(made["reductant"].values()) < 120.0


def test_iron_reduces_oxide_to_wuestite():
    species = ["Sb2O3", "Sb", "Fe", "FeO", "CO2", "Na2CO3", "Na2O"]
    made, _, _ = smelt(ideal(reductant_kind="iron", iron_to_metal=0.0), species, Sb2O3=291.52)
    assert made["reductant"]["Fe"] == pytest.approx(3 * 55.845, rel=1e-4)
    assert made["metal"] == {**dict.fromkeys(species, 0.0), "Sb": pytest.approx(243.52, rel=1e-4)}
    assert made["slag"]["FeO"] == pytest.approx(3 * 71.844, rel=1e-4)


def test_iron_that_is_dissolved_is_drawn_beyond():
    made, _, _ = smelt(
        furnace(reductant_kind="iron", iron_to_metal=0.1), MIXED, Sb2O3=1000.0, Fe2O3=20.0
    )
    assert made["metal"]["Fe"] == pytest.approx(0.1 * made["reductant"]["Fe"], rel=1e-12)


def test_excess_carbon_and_ash_go_to_the_slag():
    exact, _, _ = smelt(furnace(), MIXED, Sb2O3=1000.0)
    more, _, _ = smelt(furnace(carbon_excess=0.25), MIXED, Sb2O3=1000.0, C=3.0)
    assert exact["slag"]["C"] == 0.0
    assert more["slag"]["C"] == pytest.approx(0.25 * exact["reductant"]["C"] + 3.0, rel=1e-12)
    coal = sum(more["reductant"].values())
    assert more["slag"]["SiO2"] == pytest.approx(0.15 * coal, rel=1e-12)
    assert more["metal"] == pytest.approx(exact["metal"])


def test_tetroxide_takes_a_third_more_oxygen_out():
    """Sb2O4 + 2 C -> 2 Sb + 2 CO2."""
    made, _, _ = smelt(ideal(carbon_monoxide_fraction=0.0), [*PURE, "Sb2O4"], Sb2O4=307.518)
    assert made["reductant"]["C"] == pytest.approx(24.022, rel=1e-4)
    assert made["metal"]["Sb"] == pytest.approx(243.52, rel=1e-4)


def test_antimony_shares_hold_for_every_oxide():
    made, figures, _ = smelt(
        furnace(antimony_to_fume=0.15, antimony_to_slag=0.05),
        MIXED,
        Sb2O3=5.0,
        Sb2O4=3.0,
        NaSbO3=2.0,
    )
    assert figures["antimony to metal"] == pytest.approx(0.80, rel=1e-9)
    assert figures["antimony to fume"] == pytest.approx(0.15, rel=1e-9)
    assert made["slag"]["Sb2O4"] == made["slag"]["NaSbO3"] == 0.0


def test_shares_of_arsenic_lead_iron_and_gold():
    feed = {"Sb2O3": 900.0, "As2O3": 197.84, "PbO": 223.2, "Fe2O3": 159.69, "Au": 1.0}
    made, _, _ = smelt(
        furnace(
            arsenic_to_metal="50 %",
            arsenic_to_fume="20 %",
            lead_to_metal="90 %",
            iron_to_metal="10 %",
            other_metals_to_metal="98 %",
        ),
        MIXED,
        **feed,
    )
    assert made["metal"]["As"] == pytest.approx(74.92, rel=1e-4)
    assert made["gas"]["As2O3"] == pytest.approx(39.568, rel=1e-4)
    assert made["slag"]["As2O3"] == pytest.approx(59.352, rel=1e-4)
    assert made["metal"]["Pb"] == pytest.approx(186.48, rel=1e-4)
    assert made["slag"]["PbO"] == pytest.approx(22.32, rel=1e-4)
    assert made["metal"]["Fe"] == pytest.approx(11.169, rel=1e-4)
    assert made["slag"]["FeO"] == pytest.approx(129.32, rel=1e-4)
    assert made["metal"]["Au"] == pytest.approx(0.98, rel=1e-12)


def test_what_does_not_react_goes_where_it_belongs():
    made, _, _ = smelt(
        furnace(), MIXED, SiO2=1.0, FeS=2.0, Zn=3.0, N2=4.0, H2O=5.0, H2SO4=6.0, Sb=7.0, Sb2S3=10.0
    )
    slag, gas, metal = made["slag"], made["gas"], made["metal"]
    assert (slag["SiO2"], slag["FeS"], slag["Zn"], slag["H2SO4"]) == (1.0, 2.0, 3.0, 6.0)
    assert gas["N2"] == 4.0
    assert gas["H2O(g)"] == pytest.approx(5.0)
    assert metal["Sb"] == 7.0
    assert (metal["Sb2S3"], slag["Sb2S3"]) == (pytest.approx(3.0), pytest.approx(7.0))


def test_soda_ends_as_sodium_oxide():
    made, _, _ = smelt(furnace(soda_ratio=0.1), MIXED, SiO2=1000.0, H2O=500.0)
    assert made["soda"]["Na2CO3"] == pytest.approx(100.0)
    assert made["slag"]["Na2CO3"] == 0.0
    assert made["gas"]["CO2"] == pytest.approx(100.0 * 44.009 / 105.988, rel=1e-4)


def test_arsenate_gives_its_arsenic_back():
    """2 FeAsO4 + 6 C -> 2 As + 2 FeO + 6 CO, as As2O3 where it is not reduced."""
    unit = ideal(
        carbon_monoxide_fraction=1.0, arsenic_to_metal=1.0, arsenic_to_fume=0.0, iron_to_metal=0.0
    )
    made, _, _ = smelt(unit, MIXED, FeAsO4=194.76)
    assert made["reductant"]["C"] == pytest.approx(3 * 12.011, rel=1e-3)
    assert made["metal"]["As"] == pytest.approx(74.92, rel=1e-3)
    assert made["slag"]["FeO"] == pytest.approx(71.84, rel=1e-3)


def test_limestone_is_calcined():
    made, _, _ = smelt(ideal(), [*PURE, "CaCO3", "CaO"], CaCO3=100.09)
    assert made["slag"]["CaO"] == pytest.approx(56.08, rel=1e-3)
    assert made["gas"]["CO2"] == pytest.approx(44.01, rel=1e-3)


def test_crude_metal_of_a_usual_charge():
    """Crude from oxide: 90 to 98 % Sb, 0.2 to 5 % As, 0.01 to 0.5 % Fe, 0.1 to 1 % S."""
    made, figures, warned = smelt(furnace(), MIXED, **CRUDE_OXIDE)
    total = sum(made["metal"].values())
    assert 0.90 < figures["Sb in crude metal"] < 0.99
    assert 0.002 < made["metal"]["As"] / total < 0.05
    assert 0.0001 < made["metal"]["Fe"] / total < 0.005
    assert 0.001 < 0.2832 * made["metal"]["Sb2S3"] / total < 0.01
    assert 0.85 < figures["antimony to metal"] < 0.93
    assert warned == []


def test_hearth_for_a_daily_charge():
    """1.0 to 1.5 t/(m2 d): 20 t/d need 13 to 20 m2."""
    charge = 20e3 / 86400.0
    _, figures, _ = smelt(furnace(), MIXED, Sb2O3=charge)
    assert 20.0 / 1.5 < figures["hearth at 1.25 t/(m2 d)"] < 20.0 / 1.0


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"reductant_kind": "copper"}, r"reductant_kind: copper cannot reduce Sb2O3: Gibbs .*153"),
        ({"reductant_kind": "coke"}, r"reductant_kind: must be 'carbon' or 'iron', got 'coke'"),
        (
            {"antimony_to_fume": 0.7, "antimony_to_slag": 0.5},
            r"antimony_to_fume \+ antimony_to_slag is 1.2; they share at most 1",
        ),
        ({"arsenic_to_metal": 0.9}, r"arsenic_to_metal \+ arsenic_to_fume is 1.2; they share"),
        ({"reductant_fixed_carbon": 0.0}, r"reductant_fixed_carbon of 0 leaves no reductant"),
        (
            {"reductant_kind": "iron", "carbon_excess": 0.1},
            r"carbon_excess means nothing with iron; leave it out",
        ),
        ({"reductant_kind": "iron", "iron_to_metal": 1.0}, r"iron_to_metal of 1 leaves no iron"),
        ({"soda_ratio": -0.1}, r"soda_ratio: must be 0 or more"),
    ],
)
def test_refused(given, message):
    with pytest.raises(InputError, match=message):
        furnace(**given)


def test_a_missing_product_is_named():
    with pytest.raises(InputError, match="needs species 'Pb'; add it"):
        smelt(furnace(), [*PURE, "SiO2", "PbO"], Sb2O3=1.0)


@pytest.mark.parametrize(
    ("given", "required", "not_required"),
    [
        ({}, {"C", "CO", "CO2", "SiO2", "Na2O", "Sb"}, {"Fe", "FeO"}),
        ({"reductant_fixed_carbon": 1.0}, {"C", "CO"}, {"SiO2"}),
        ({"reductant_kind": "iron"}, {"Fe", "FeO", "CO2"}, {"C", "CO", "SiO2"}),
    ],
)
def test_required_species(given, required, not_required):
    names = set(furnace(**given).required_species())
    assert required <= names
    assert not names & not_required


@pytest.mark.parametrize(
    ("given", "feed", "message"),
    [
        ({}, {"Sb2O3": 800.0, "SiO2": 200.0}, "charge holds 66.8% Sb; designed for more than 75 %"),
        ({}, {"Sb2O3": 930.0, "As2O3": 70.0}, "charge holds 5.3% As; designed for less than 5 %"),
        ({"antimony_to_fume": 0.25}, {"Sb2O3": 1.0}, "25% of the antimony leaves as fume"),
        ({"soda_ratio": 0.02}, {"Sb2O3": 1.0}, "soda is 2.0% of the feed; 4 to 8 % is usual"),
        ({"soda_ratio": 0.1}, {"Sb2O3": 1.0}, "soda is 10.0% of the feed"),
        ({"reductant_fixed_carbon": 0.7}, {"Sb2O3": 1.0}, "reductant holds 70% fixed C"),
        ({}, {"Sb2O3": 900.0, "Pb": 100.0}, "crude metal holds 87.2% Sb; 90 to 98 % is usual"),
    ],
)
def test_warned(given, feed, message):
    _, _, warned = smelt(furnace(**given), MIXED, **feed)
    assert any(message in text for text in warned), warned


def test_nothing_to_warn_of_without_a_feed():
    assert smelt(furnace(soda_ratio=0.5), MIXED)[2] == ()
